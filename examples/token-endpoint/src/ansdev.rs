//! Asks Ansdev for tokens. The key is in here, and goes nowhere but into one header.

use std::{
    sync::Once,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use reqwest::{Client, Response, Url, redirect::Policy};
use serde_json::{Value, json};

pub(crate) struct Ansdev {
    http: Client,
    base: Url,
    key: String,
    told: Once,
}

/// Why there is no token.
pub(crate) struct NoToken {
    /// `None` where no answer came, or half of one.
    pub(crate) status: Option<StatusCode>,
    /// A code of Ansdev's catalogue; `None` where the answer is not the API's.
    pub(crate) code: Option<String>,
    /// Seconds.
    pub(crate) retry_after: Option<u64>,
}

impl NoToken {
    const UNREACHED: Self = Self { status: None, code: None, retry_after: None };
}

impl Ansdev {
    pub(crate) fn new(base: &str, key: String) -> Result<Self, Box<dyn std::error::Error>> {
        // A redirect would take the key along.
        let http = Client::builder().redirect(Policy::none()).build()?;
        let base: Url = base.parse()?;
        if base.cannot_be_a_base() {
            return Err("ANSDEV_BASE_URL should be an http(s) address".into());
        }
        Ok(Self { http, base, key, told: Once::new() })
    }

    /// The `data` of a mint: `token`, `expiresIn`, `playerUrl`.
    pub(crate) async fn mint(&self, video_id: &str) -> Result<Value, NoToken> {
        let mut url = self.base.clone();
        // Segment by segment: an id with a slash in it stays one.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v1", "video", video_id, "playback-token"]);
        }
        let request = self.http.post(url).header("x-ansdev-key", &self.key).header("content-length", 0);
        let sent = Instant::now();
        let response = request.send().await.map_err(|_| NoToken::UNREACHED)?;
        let status = response.status();
        let retry_after = retry_after(&response);
        let mut answer: Value = response.json().await.unwrap_or_default();
        if !status.is_success() {
            let code = answer["error"]["code"].as_str().map(str::to_owned);
            return Err(NoToken { status: Some(status), code, retry_after });
        }
        let data = answer["data"].take();
        // The life began somewhere in between; counted from the earlier, it is never too long.
        let life = data["expiresIn"].as_f64().map(|life| life - sent.elapsed().as_secs_f64());
        let (Some(token), Some(life @ 0.0..)) = (data["token"].as_str(), life) else { return Err(NoToken::UNREACHED) };
        Ok(json!({ "token": token, "expiresIn": life, "playerUrl": data["playerUrl"] }))
    }

    /// Tells the owner, once: of what is wrong with the key the viewer learns nothing.
    pub(crate) fn complain(&self, code: Option<&str>) {
        let what = match code {
            Some("INVALID_API_KEY") => "is unknown or was revoked",
            Some("API_KEY_EXPIRED") => "has expired",
            Some("INSUFFICIENT_SCOPE") => "lacks the scope video:read",
            _ => "is not answered as the API does; is ANSDEV_BASE_URL right?",
        };
        let prefix = self.key.get(..12).unwrap_or_default();
        self.told.call_once(|| eprintln!("No viewer gets a token: the API key {prefix}… {what}"));
    }
}

fn retry_after(response: &Response) -> Option<u64> {
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    // Nothing that Ansdev counts takes longer than a day.
    Some(Duration::from_secs(seconds).min(Duration::from_hours(24)).as_secs())
}
