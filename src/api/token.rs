//! Playback tokens: JWTs that open one video for five minutes (API page, "Playback tokens").
//!
//! The SDK treats the token's text as opaque. [`Claims`] is what the mock backend puts into it.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::error::Error;

/// `data` of the mint route's answer.
///
/// `Debug` omits the token, and the address that contains it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaybackToken {
    /// The token, to be put into playlist and AES-key addresses.
    pub token: String,
    /// Seconds that the token lives, counted from the moment its request was sent. More than 0.
    pub expires_in: f64,
    /// Address of a hosted page that plays the video with this token, fit for an `<iframe>` (*assumed*).
    #[serde(default)]
    pub player_url: Option<String>,
}

impl PlaybackToken {
    /// Seconds that a token lives unless the backend says otherwise.
    pub const DEFAULT_LIFE_SECONDS: u32 = 300;

    /// The token's life in milliseconds.
    ///
    /// # Errors
    /// `BAD_RESPONSE` where the token is empty or cannot stand in an address, or `expiresIn` is not a positive,
    /// finite number of seconds.
    pub fn life_ms(&self) -> Result<u64, Error> {
        // Base64url and dots are all that a JWT has (RFC 7515, section 3.1); the rest of RFC 3986's unreserved
        // characters do no harm. Anything else could change the address that the token is put into.
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        if self.token.is_empty() || !self.token.bytes().all(fits) || self.token.bytes().all(|byte| byte == b'.') {
            return Err(Error::bad_response(
                "The answer's `token` is not a token; expected a JWT: letters, digits, `-`, `_` and `.`",
            ));
        }
        if !(self.expires_in.is_finite() && self.expires_in > 0.0) {
            return Err(Error::bad_response(
                "The answer's `expiresIn` is not a token life; expected a number of seconds greater than 0",
            ));
        }
        // A float's conversion to an integer saturates; a life under a millisecond is still a life.
        Ok(((self.expires_in * 1000.0) as u64).max(1))
    }

    /// The address of the hosted page, if it is one that may be put into a frame or a link: http or https. Anything
    /// else, such as `javascript:`, would run a script from the answer.
    pub fn player_address(&self) -> Option<&str> {
        let url = self.player_url.as_deref()?;
        let begins_with =
            |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        (begins_with("https://") || begins_with("http://")).then_some(url)
    }

    /// A hash of its text (FNV-1a), to remember tokens without keeping them.
    pub fn fingerprint(&self) -> u64 {
        self.token
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    }

    /// Whether this text is the token, or contains it.
    pub fn is_in(&self, text: &str) -> bool {
        // `str::contains` does the same with an algorithm for long texts, whose code is ten times as large.
        (0..text.len()).any(|at| text.get(at..).is_some_and(|rest| rest.starts_with(&self.token)))
    }
}

impl fmt::Debug for PlaybackToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaybackToken").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The claims in the token (*assumed*). The SDK never reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The video's id.
    pub sub: String,
    /// The id of the transcoding job that made the video, to which its AES key belongs.
    pub job: String,
    /// Always [`Claims::SCOPE`].
    pub scope: String,
    /// When it was issued, in seconds since the Unix epoch.
    pub iat: u64,
    /// When it expires, in seconds since the Unix epoch.
    pub exp: u64,
}

impl Claims {
    /// The one scope that playlist and key routes accept.
    pub const SCOPE: &str = "playback";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorCode;

    fn minted(token: &str, expires_in: f64) -> PlaybackToken {
        PlaybackToken { token: token.into(), expires_in, player_url: None }
    }

    #[test]
    fn the_answer_of_the_contract_is_read() {
        let token: PlaybackToken =
            serde_json::from_str(r#"{"token":"aa.bb.cc","expiresIn":300,"playerUrl":"https://x/y","new":1}"#).unwrap();
        assert_eq!(token.life_ms().unwrap(), 300_000);
        assert_eq!(token.player_url.as_deref(), Some("https://x/y"));
    }

    #[test]
    fn rejects_a_non_positive_expires_in() {
        for expires_in in [0.0, -0.0, -5.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = minted("aa.bb.cc", expires_in).life_ms().unwrap_err();
            assert_eq!(error.code, ErrorCode::BadResponse, "{expires_in}");
            assert!(error.message.contains("greater than 0"));
        }
        assert_eq!(minted("aa.bb.cc", 0.0001).life_ms().unwrap(), 1);
        assert_eq!(minted("aa.bb.cc", 1e300).life_ms().unwrap(), u64::MAX);
    }

    #[test]
    fn a_token_that_would_change_the_address_is_a_bad_response() {
        for token in ["", "a/b", "a?b", "a#b", "a%2fb", "a b", "..", ".", "a\nb", "é"] {
            assert_eq!(minted(token, 300.0).life_ms().unwrap_err().code, ErrorCode::BadResponse, "{token:?}");
        }
    }

    #[test]
    fn debug_shows_no_token() {
        let shown = format!("{:?}", minted("secret", 300.0));
        assert_eq!(shown, "PlaybackToken { expires_in: 300.0, .. }");
    }

    #[test]
    fn a_token_is_found_in_an_address_and_as_the_text_itself() {
        let token = minted("aa.bb.cc", 300.0);
        for text in ["aa.bb.cc", "https://x/key/aa.bb.cc/job", "é/aa.bb.cc"] {
            assert!(token.is_in(text), "{text}");
        }
        for text in ["", "aa.bb.c", "https://x/key/aa.bb.cd/job"] {
            assert!(!token.is_in(text), "{text}");
        }
    }

    #[test]
    fn only_web_addresses_are_addresses_of_the_player() {
        let with = |url: &str| PlaybackToken { player_url: Some(url.into()), ..minted("aa.bb.cc", 300.0) };
        for url in ["https://play/aa.bb.cc", "http://127.0.0.1:1/x", "HTTPS://PLAY/"] {
            assert_eq!(with(url).player_address(), Some(url));
        }
        for url in
            ["javascript:alert(1)", " https://x", "\thttps://x", "//x", "/x", "data:text/html,x", "", "http:", "é"]
        {
            assert_eq!(with(url).player_address(), None, "{url}");
        }
    }
}
