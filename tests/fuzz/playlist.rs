//! Addresses of playlists: which of them get the token, and what becomes of them. Judged by the URL standard's own view
//! of every address, which is a browser's.

use ansdev_player::api::{BaseUrl, VideoId};
use ansdev_player::gated_url::GatedUrl;
use bolero::check;
use url::Url;

use crate::near_miss::near_miss;

const TOKEN: &str = "new.to-ken_~";
const OTHER: &str = "another.token";

const BASES: [&str; 5] = [
    "https://api.ansdev.cloud",
    "http://127.0.0.1:8080",
    "https://example.com/ansdev",
    "https://example.com/v1/video/playback/manifest",
    "http://[::1]:8080/a/b/",
];

const ADDRESSES: [&str; 20] = [
    "https://api.ansdev.cloud/v1/video/playback/manifest/old.to.ken",
    "https://api.ansdev.cloud/v1/video/playback/manifest/old/720p.m3u8?x=1#f",
    "https://api.ansdev.cloud/video/key/job_1?n=2",
    "https://api.ansdev.cloud/video/key/job_1?u=https://x/y?z#/video/key/x",
    "https://api.ansdev.cloud/v1/video/playback/key/old/job_1?n=2#f",
    "http://127.0.0.1:8080/video/key/job_1",
    "http://127.0.0.1:8080/v1/video/playback/manifest/old/480p.m3u8",
    "https://example.com/ansdev/video/key/job_1",
    "https://example.com/video/key/job_1",
    "https://example.com/v1/video/playback/manifest/video/key/job_1",
    "https://example.com/v1/video/playback/manifest/v1/video/playback/manifest/old",
    "http://[::1]:8080/a/b/v1/video/playback/key/old/job_1",
    "https://api.ansdev.cloud@evil.example/video/key/job_1",
    "https://api.ansdev.cloud.evil.example/video/key/job_1",
    "https://cdn.example/job_1/720p/0.ts",
    "/video/key/job_1?n=2",
    "720p.m3u8",
    "//evil.example/video/key/job_1",
    "skd://key/1",
    "data:text/plain,/video/key/job_1",
];

/// The first byte picks the base URL, the others are the address.
#[test]
fn playlist() {
    check!(name = "playlist").for_each(|input: &[u8]| {
        let (base, address) = input.split_first().unwrap_or((&0, &[]));
        let base = BASES[usize::from(*base) % BASES.len()];
        for bytes in [address, &near_miss(&ADDRESSES, address)] {
            let Ok(address) = std::str::from_utf8(bytes) else { continue };
            rewriting_holds(base, address);
            base_url_holds(address);
            video_id_holds(base, address);
        }
    });
}

fn rewriting_holds(base: &str, address: &str) {
    let base_url = Url::parse(base).unwrap();
    let base = BaseUrl::parse(base_url.as_str()).unwrap();
    // As a script may pass it on, whatever it is; and as a browser does, which normalises first (`Core::resolve`).
    never_elsewhere(address, &base, &base_url);
    let Ok(url) = base_url.join(address) else { return };
    never_elsewhere(url.as_str(), &base, &base_url);
    let gated = GatedUrl::parse(url.as_str(), &base);
    let expected = expected(&url, &base, &base_url);
    assert_eq!(gated.map(|gated| gated.with_token(&base, TOKEN)), expected, "{url} under {}", base.as_str());
}

/// Whatever the address is, the token stays on the base's origin, in the one segment where it belongs; and what was
/// rewritten can be rewritten again.
fn never_elsewhere(address: &str, base: &BaseUrl, base_url: &Url) {
    let Some(gated) = GatedUrl::parse(address, base) else { return };
    let rewritten = gated.with_token(base, TOKEN);
    let url = Url::parse(&rewritten).unwrap_or_else(|error| panic!("{address} became {rewritten}: {error}"));
    assert_eq!(url.origin(), base_url.origin(), "{address} became {rewritten}");
    assert!(url.username().is_empty() && url.password().is_none(), "{rewritten}");
    let at = base.path().split('/').skip(1).count() + 4;
    let segment = url.path_segments().and_then(|mut segments| segments.nth(at));
    assert_eq!(segment, Some(TOKEN), "{address} became {rewritten}");
    // Query and fragment keep every byte.
    let suffix = |text: &str| text.find(['?', '#']).map(|start| text[start..].to_owned());
    assert_eq!(suffix(&rewritten), suffix(address), "{address} became {rewritten}");

    let again = GatedUrl::parse(&rewritten, base).unwrap_or_else(|| panic!("{rewritten} is not known again"));
    assert_eq!(again.with_token(base, TOKEN), rewritten, "{address}");
    assert_eq!(again.with_token(base, OTHER), gated.with_token(base, OTHER), "{address}");
}

/// What becomes of a normalised address, by its segments.
fn expected(url: &Url, base: &BaseUrl, base_url: &Url) -> Option<String> {
    if url.origin() != base_url.origin() || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let segments: Vec<&str> = url.path_segments()?.collect();
    let proxied: Vec<&str> = base.path().split('/').skip(1).collect();
    // Behind a reverse proxy the playlist may name the API's own paths, or those under the proxy's.
    let behind_proxy = segments.strip_prefix(proxied.as_slice()).and_then(behind_token);
    let path = behind_proxy.or_else(|| behind_token(&segments))?;
    let suffix = &url[url::Position::AfterPath..];
    Some(format!("{}{path}{suffix}", base.as_str()))
}

fn behind_token(segments: &[&str]) -> Option<String> {
    // The standard has resolved every dot segment, so none is left to be refused; a backslash became a slash.
    if segments.last() == Some(&"") {
        return None;
    }
    match segments {
        ["video", "key", job] => Some(format!("/v1/video/playback/key/{TOKEN}/{job}")),
        ["v1", "video", "playback", "key", token, job] if !token.is_empty() => {
            Some(format!("/v1/video/playback/key/{TOKEN}/{job}"))
        }
        ["v1", "video", "playback", "manifest", _] => Some(format!("/v1/video/playback/manifest/{TOKEN}")),
        ["v1", "video", "playback", "manifest", token, rendition] if !token.is_empty() => {
            Some(format!("/v1/video/playback/manifest/{TOKEN}/{rendition}"))
        }
        _ => None,
    }
}

/// A base URL that is taken means what a browser reads in it.
fn base_url_holds(text: &str) {
    let Ok(url) = Url::parse(text) else { return };
    let base = BaseUrl::parse(url.as_str());
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let Ok(base) = base else {
        // Besides what is not plain, it refuses an `@` in the path, which no API has.
        assert!(!is_plain || url.path().contains('@'), "{url} was refused");
        return;
    };
    assert!(is_plain, "{url} was taken");
    assert_eq!(base.origin(), url.origin().ascii_serialization());
    assert_eq!(base.path(), url.path().trim_end_matches('/'));
    assert_eq!(base.as_str(), format!("{}{}", base.origin(), base.path()));
}

/// An id stays one segment of the address, and can be read out of it.
fn video_id_holds(base: &str, text: &str) {
    let base = BaseUrl::parse(base).unwrap();
    let is_id = (1..=64).contains(&text.chars().count()) && text != "." && text != "..";
    match VideoId::parse(text) {
        Ok(id) => {
            assert!(is_id, "{text:?} was taken");
            let address = base.playback_token(&id);
            let url = Url::parse(&address).unwrap();
            assert_eq!(url.as_str(), address, "a browser changes nothing");
            let mut from_the_end = url.path_segments().unwrap().rev();
            assert_eq!(from_the_end.next(), Some("playback-token"));
            let decoded = percent_decoded(from_the_end.next().unwrap());
            assert_eq!(decoded, text.as_bytes());
            assert!(address.starts_with(&format!("{}/v1/video/", base.as_str())));
        }
        Err(error) => assert!(!is_id, "{text:?} was refused: {error}"),
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut rest = text.bytes();
    std::iter::from_fn(|| {
        let byte = rest.next()?;
        let mut nibble = || char::from(rest.next().unwrap()).to_digit(16).unwrap() as u8;
        Some(if byte == b'%' { nibble() << 4 | nibble() } else { byte })
    })
    .collect()
}
