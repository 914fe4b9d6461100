//! The dashboard without JavaScript: what a browser's plain forms do.

use std::time::Duration;

use ansdev_mock_backend::{MAX_ACTIVE_KEYS, seed};
use reqwest::Method;

use crate::client::{Answer, Client};

const PAGE: &str = "/dashboard/api-keys";

/// Somebody at the dashboard, with the cookie that the first page set.
struct Visitor {
    client: Client,
    cookie: String,
}

impl Visitor {
    async fn arrive() -> Self {
        let client = Client::start().await;
        let cookie = client.get(PAGE).await.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { client, cookie }
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::of(self.client.request(Method::GET, path).header("cookie", &self.cookie)).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.client.request(Method::POST, path).header("cookie", &self.cookie).form(fields)).await
    }

    /// The hidden token of a page's form.
    async fn form_token(&self, path: &str) -> String {
        let page = self.get(path).await.text();
        between(&page, "name=\"form_token\" value=\"", "\"").to_owned()
    }

    /// Creates a key through the form, and gives its text from the page that shows it.
    async fn create(&self, name: &str) -> String {
        let token = self.form_token(PAGE).await;
        let answer = self.post(PAGE, &[("form_token", &token), ("name", name), ("scope", "video:read")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(PAGE)), "{}", answer.text());
        let page = self.get(PAGE).await.text();
        between(&page, "aria-label=\"New API key\">", "<").to_owned()
    }
}

#[track_caller]
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let text = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    text.split_once(end).unwrap().0
}

#[tokio::test]
async fn a_new_key_works_and_is_shown_exactly_once() {
    let visitor = Visitor::arrive().await;
    let key = visitor.create("Web shop").await;
    assert_eq!(visitor.client.mint_with(seed::CLEAR, &key).await.status, 200);
    let page = visitor.get(PAGE).await.text();
    assert!(!page.contains(&key[12..]) && page.contains(&format!("{}…", &key[..12])), "{page}");
    assert!(page.contains("Web shop") && page.contains("1 of 1000 tokens minted today"), "{page}");
    assert!(!serde_json::to_string(&visitor.client.mock.journal()).unwrap().contains(&key));
}

#[tokio::test]
async fn another_session_does_not_see_the_new_key() {
    let visitor = Visitor::arrive().await;
    let token = visitor.form_token(PAGE).await;
    visitor.post(PAGE, &[("form_token", &token), ("name", "a"), ("scope", "video:read")]).await;
    assert!(!visitor.client.get(PAGE).await.text().contains("New API key"));
    assert!(visitor.get(PAGE).await.text().contains("New API key"));
}

#[tokio::test]
async fn revoking_asks_first_and_the_key_stays_visible() {
    let visitor = Visitor::arrive().await;
    let key = visitor.create("Old shop").await;
    let page = visitor.get(PAGE).await.text();
    let address = between(&page, "href=\"/dashboard/api-keys/", "\"");
    let address = format!("{PAGE}/{address}");
    let question = visitor.get(&address).await;
    assert!(question.text().contains("Revoke this key?") && question.text().contains("Old shop"));
    assert_eq!(visitor.client.get_with("/v1/video", &key).await.status, 200, "asking does nothing");

    let token = visitor.form_token(&address).await;
    assert_eq!(visitor.post(&address, &[("form_token", &token)]).await.status, 303);
    visitor.client.get_with("/v1/video", &key).await.assert_error(401, "INVALID_API_KEY");
    let page = visitor.get(PAGE).await.text();
    assert!(
        page.contains("is revoked") && page.contains("data-state=\"revoked\"") && page.contains(&key[..12]),
        "{page}"
    );
    assert_eq!(visitor.post(&address, &[("form_token", &token)]).await.status, 404, "it is revoked once");
    for id in ["0", "99999", "-1", "x", "9999999999999999999999"] {
        assert_eq!(visitor.get(&format!("{PAGE}/{id}/revoke")).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn the_eleventh_active_key_is_refused_until_one_is_revoked() {
    let visitor = Visitor::arrive().await;
    let mut last = String::new();
    for number in 1..MAX_ACTIVE_KEYS {
        last = visitor.create(&format!("Key {number}")).await;
    }
    let token = visitor.form_token(PAGE).await;
    let fields = [("form_token", token.as_str()), ("name", "Eleventh"), ("scope", "video:read")];
    let refused = visitor.post(PAGE, &fields).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("10 active keys") && refused.text().contains("Revoke one to free a slot"));
    assert!(refused.text().contains("value=\"Eleventh\""), "what was typed is still there");
    visitor.client.mock.revoke_key(&last[..12]);
    assert_eq!(visitor.post(PAGE, &fields).await.status, 303);
}

#[tokio::test]
async fn ten_places_hold_ten_keys_however_many_ask_at_once() {
    let visitor = Visitor::arrive().await;
    let token = visitor.form_token(PAGE).await;
    let mut forms = tokio::task::JoinSet::new();
    for number in 0..30 {
        let fields =
            [("form_token", token.clone()), ("name", format!("Key {number}")), ("scope", "video:read".to_owned())];
        let request = visitor.client.request(Method::POST, PAGE).header("cookie", &visitor.cookie);
        forms.spawn(request.form(&fields).send());
    }
    let mut created = 0;
    while let Some(answer) = forms.join_next().await {
        created += usize::from(answer.unwrap().unwrap().status() == 303);
    }
    assert_eq!(created, MAX_ACTIVE_KEYS - 1, "the seed's key has the first place");
}

#[tokio::test]
async fn a_key_can_expire_and_then_frees_its_place() {
    let visitor = Visitor::arrive().await;
    let tomorrow = jiff::Timestamp::from_millisecond(visitor.client.mock.now_ms() + 86_400_000).unwrap();
    let tomorrow = tomorrow.strftime("%Y-%m-%d").to_string();
    let token = visitor.form_token(PAGE).await;
    let fields = [("form_token", token.as_str()), ("name", "Short"), ("expires", &tomorrow), ("scope", "video:read")];
    assert_eq!(visitor.post(PAGE, &fields).await.status, 303);
    let page = visitor.get(PAGE).await.text();
    let key = between(&page, "aria-label=\"New API key\">", "<").to_owned();
    assert_eq!(visitor.client.get_with("/v1/video", &key).await.status, 200);
    visitor.client.mock.advance(Duration::from_hours(48));
    visitor.client.get_with("/v1/video", &key).await.assert_error(401, "API_KEY_EXPIRED");
    let page = visitor.get(PAGE).await.text();
    assert!(page.contains("data-state=\"expired\"") && page.contains("1 of 10 active"), "{page}");
}

#[tokio::test]
async fn an_invalid_form_shows_why() {
    let visitor = Visitor::arrive().await;
    let token = visitor.form_token(PAGE).await;
    for (name, expires, scope, sentence) in [
        ("", "", "video:read", "The key needs a name"),
        (&"x".repeat(65), "", "video:read", "The key needs a name"),
        ("a", "2001-01-01", "video:read", "The expiry must be a day"),
        ("a", "", "video:write", "The key needs at least one scope"),
    ] {
        let fields = [("form_token", token.as_str()), ("name", name), ("expires", expires), ("scope", scope)];
        let answer = visitor.post(PAGE, &fields).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(sentence) && answer.text().contains("role=\"alert\""), "{}", answer.text());
    }
    let answer = visitor.post(PAGE, &[("form_token", &token), ("name", "<script>alert(1)</script>")]).await;
    assert!(!answer.text().contains("<script>alert"), "{}", answer.text());
    let request = visitor.client.request(Method::POST, PAGE).header("cookie", &visitor.cookie).body("name=%ff");
    assert_eq!(
        Answer::of(request.header("content-type", "application/x-www-form-urlencoded")).await.status.as_u16() / 100,
        4
    );
}

#[tokio::test]
async fn hidden_scopes_are_accepted_and_not_offered() {
    let visitor = Visitor::arrive().await;
    let page = visitor.get(PAGE).await.text();
    for scope in ["vault:read", "vault:write", "ai:compute", "billing:read"] {
        assert!(!page.contains(scope), "{scope}");
    }
    let token = visitor.form_token(PAGE).await;
    let fields =
        [("form_token", token.as_str()), ("name", "Bills"), ("scope", "billing:read"), ("scope", "ai:compute")];
    assert_eq!(visitor.post(PAGE, &fields).await.status, 303);
    let page = visitor.get(PAGE).await.text();
    let key = between(&page, "aria-label=\"New API key\">", "<");
    visitor.client.get_with("/v1/video", key).await.assert_error(403, "INSUFFICIENT_SCOPE");
}

#[tokio::test]
async fn a_form_needs_its_sessions_token() {
    let visitor = Visitor::arrive().await;
    let (own, foreign) = (visitor.form_token(PAGE).await, Visitor::arrive().await.form_token(PAGE).await);
    let other_session = visitor.client.get(PAGE).await.text();
    let other_session = between(&other_session, "name=\"form_token\" value=\"", "\"");
    let cookie_value = visitor.cookie.split_once('=').unwrap().1;
    for token in ["", "nonsense", &foreign, other_session, cookie_value] {
        let fields = [("form_token", token), ("name", "a"), ("scope", "video:read")];
        assert_eq!(visitor.post(PAGE, &fields).await.status, 403, "{token}");
    }
    let fields = [("form_token", own.as_str()), ("name", "a"), ("scope", "video:read")];
    let without_cookie = Answer::of(visitor.client.request(Method::POST, PAGE).form(&fields)).await;
    assert_eq!(without_cookie.status, 403);
    assert_eq!(visitor.post(PAGE, &fields).await.status, 303);
}

#[tokio::test]
async fn pages_are_guarded() {
    let visitor = Visitor::arrive().await;
    for path in [
        PAGE,
        "/dashboard/videos",
        "/dashboard/videos/vid_clear",
        "/dashboard/api-keys/1/revoke",
        "/dashboard/videos/vid_none",
    ] {
        let page = visitor.get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        let text = page.text();
        assert!(!text.contains(" style=") && !text.contains("<style") && !text.contains(" onclick="), "{path}");
        assert!(text.contains("<html lang=\"en\">") && text.contains("<main id=\"content\">"));
    }
    let cookie = visitor.client.get(PAGE).await;
    let cookie = cookie.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"), "{cookie}");
}

#[tokio::test]
async fn the_dashboards_player_opens_its_keys_with_the_cookie() {
    let visitor = Visitor::arrive().await;
    let playlist = visitor.get("/dashboard/playlists/vid_single_key").await;
    assert_eq!(playlist.header("content-type"), Some("application/vnd.apple.mpegurl"));
    assert!(playlist.text().contains("URI=\"/video/key/job_single_key\""));
    assert_eq!(visitor.get("/video/key/job_single_key").await.body.len(), 16);
    let master = visitor.get("/dashboard/playlists/vid_two_renditions").await.text();
    assert!(master.contains("\nvid_two_renditions/720p.m3u8\n"), "{master}");
    assert_eq!(visitor.get("/dashboard/playlists/vid_two_renditions/480p.m3u8").await.status, 200);

    visitor.client.get("/video/key/job_single_key").await.assert_error(401, "SESSION_REQUIRED");
    let forged = visitor
        .client
        .request(Method::GET, "/video/key/job_single_key")
        .header("cookie", format!("{}x", visitor.cookie));
    Answer::of(forged).await.assert_error(401, "SESSION_REQUIRED");
    visitor.get("/video/key/job_clear").await.assert_error(404, "NO_KEY");
    visitor.get("/video/key/job_damaged_key").await.assert_error(500, "KEY_DECRYPT_FAILED");
    visitor.get("/video/key/job_other_owner").await.assert_error(404, "VIDEO_NOT_FOUND");
    visitor.get("/video/key/..%2Fx").await.assert_error(404, "VIDEO_NOT_FOUND");
}
