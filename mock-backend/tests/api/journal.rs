//! What the journal keeps: no key, in whatever spelling, and no more bytes than it may.

use reqwest::Method;

use crate::client::{Answer, Client};
use crate::mock::Wanted;

const KEY: &str = "ak_test_0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// Every byte of a text as `%xx`, with small or capital digits.
fn escaped(text: &str, is_capital: bool) -> String {
    text.bytes().map(|byte| if is_capital { format!("%{byte:02X}") } else { format!("%{byte:02x}") }).collect()
}

#[tokio::test]
async fn an_escaped_key_is_hidden_wherever_it_stands() {
    let client = Client::with(Wanted::default().api_key(KEY)).await;
    let spellings = [
        KEY.to_uppercase(),
        KEY.replace('_', "%5f"),
        KEY.replace('_', "%5F"),
        KEY.replacen("ak", "%61k", 1),
        KEY.replacen("ak", "a%6B", 1),
        escaped(KEY, false),
        escaped(KEY, true),
        // Twice, as a link within a link is.
        KEY.replace('_', "%255f"),
        escaped(&escaped(KEY, true), false),
    ];
    for spelling in &spellings {
        let origin = format!("https://{spelling}.example");
        let path = format!("/v1/video/vid_{spelling}?cursor={spelling}&k=c{spelling}");
        Answer::of(client.request(Method::GET, &path).header("origin", origin)).await;
    }
    let entries = client.mock.journal();
    assert_eq!(entries.len(), spellings.len());
    for (entry, spelling) in entries.iter().zip(&spellings) {
        let told = format!("{entry:?}").to_lowercase();
        // More of it than the public prefix, however it is written.
        for digits in ["2d3c4b5a69788796", "d2e1f0"].into_iter().flat_map(|digits| {
            [digits.to_owned(), escaped(digits, false), escaped(&escaped(digits, true), false).to_lowercase()]
        }) {
            assert!(!told.contains(&digits), "{spelling}: {told}");
        }
        assert_eq!(told.matches('…').count(), 4, "{told}");
    }
}

#[tokio::test]
async fn other_escapes_stay_as_they_were() {
    let client = Client::start().await;
    for (asked, path, query) in [
        ("/v1/video/a%20b%2Fc?q=%C3%A9%25&r=100%", "/v1/video/a%20b%2Fc", Some("q=%C3%A9%25&r=100%")),
        ("/v1/video/%ff?", "/v1/video/%ff", Some("")),
        ("/v1/video/%65%79J0eXAiOiJKV1Qi", "/v1/video/%65%79J0eXAi…", None),
    ] {
        client.get(asked).await;
        let entry = client.mock.journal().pop().unwrap();
        assert_eq!((entry.path.as_str(), entry.query.as_deref()), (path, query));
    }
}

#[tokio::test]
async fn long_texts_are_cut() {
    let client = Client::start().await;
    let long = "a/".repeat(10_000);
    let request =
        client.request(Method::GET, &format!("/v1/{long}?{long}")).header("origin", format!("https://{long}"));
    assert_eq!(Answer::of(request).await.status, 404);
    let entry = client.mock.journal().pop().unwrap();
    for text in [entry.path, entry.query.unwrap(), entry.origin.unwrap()] {
        assert!(text.ends_with('…') && text.len() <= 1100, "{} bytes", text.len());
    }
}
