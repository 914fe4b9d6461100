//! Every error a caller can get: the API's catalogue, codes that this version does not know, and the SDK's own.

use core::fmt;
use core::ops::Deref;
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What to do about an error (API page, "Error catalogue", last column).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The same request will fail again: the key, the video or the options must change first.
    Permanent,
    /// The same request may succeed a little later.
    Transient,
    /// The day's tokens are spent: nothing helps before the quota's reset.
    AfterReset,
    /// The token is invalid: mint another, and retry the request once.
    MintAgain,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:expr, $recovery:expr;)*) => {
        /// A stable, machine-readable name for what went wrong.
        ///
        /// Codes that this version does not know are kept as text, never dropped.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
            /// A code that this version does not know; its HTTP status decides what to do.
            Other(Box<str>),
        }

        impl ErrorCode {
            /// Every known code: first the API's catalogue, in its order, then the SDK's own.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it stands in answers and in JavaScript.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }

            /// The HTTP status the API sends with it; `None` for the SDK's own codes and for unknown ones.
            pub fn http_status(&self) -> Option<u16> {
                match self {
                    $(Self::$name => $status,)*
                    Self::Other(_) => None,
                }
            }

            fn known_recovery(&self) -> Option<Recovery> {
                match self {
                    $(Self::$name => $recovery,)*
                    Self::Other(_) => None,
                }
            }
        }
    };
}

codes! {
    /// No key was sent.
    ApiKeyRequired = "API_KEY_REQUIRED", Some(401), Some(Recovery::Permanent);
    /// The key is unknown or was revoked.
    InvalidApiKey = "INVALID_API_KEY", Some(401), Some(Recovery::Permanent);
    /// The key's `expiresAt` has passed.
    ApiKeyExpired = "API_KEY_EXPIRED", Some(401), Some(Recovery::Permanent);
    /// The key lacks the scope that the route needs.
    InsufficientScope = "INSUFFICIENT_SCOPE", Some(403), Some(Recovery::Permanent);
    /// The day's tokens are spent.
    RateLimitExceeded = "RATE_LIMIT_EXCEEDED", Some(429), Some(Recovery::AfterReset);
    /// No such video, or another owner's.
    VideoNotFound = "VIDEO_NOT_FOUND", Some(404), Some(Recovery::Permanent);
    /// The video's status is not `COMPLETED`.
    VideoNotReady = "VIDEO_NOT_READY", Some(400), Some(Recovery::Permanent);
    /// The token's five minutes are over.
    PlaybackTokenExpired = "PLAYBACK_TOKEN_EXPIRED", Some(401), Some(Recovery::MintAgain);
    /// The token is malformed, was tampered with, or has the wrong scope.
    PlaybackTokenInvalid = "PLAYBACK_TOKEN_INVALID", Some(401), Some(Recovery::MintAgain);
    /// The token was issued for another video.
    PlaybackTokenMismatch = "PLAYBACK_TOKEN_MISMATCH", Some(403), Some(Recovery::Permanent);
    /// An AES key was asked for, and the video is not encrypted.
    NoKey = "NO_KEY", Some(404), Some(Recovery::Permanent);
    /// The server could not decrypt the AES key: its own fault.
    KeyDecryptFailed = "KEY_DECRYPT_FAILED", Some(500), Some(Recovery::Transient);

    /// The backend could not be reached.
    Network = "NETWORK", None, Some(Recovery::Transient);
    /// The backend did not answer in time.
    Timeout = "TIMEOUT", None, Some(Recovery::Transient);
    /// The caller's signal was aborted.
    Aborted = "ABORTED", None, Some(Recovery::Permanent);
    // A proxy's page in the API's place, say: the status that it came with is all there is to go by.
    /// The answer is not what the API promises: not JSON, cut short, or with invalid values.
    BadResponse = "BAD_RESPONSE", None, None;
    /// The text is not an API key.
    InvalidKeyFormat = "INVALID_KEY_FORMAT", None, Some(Recovery::Permanent);
    /// An argument or an option is wrong.
    InvalidOptions = "INVALID_OPTIONS", None, Some(Recovery::Permanent);
    /// The client or the session was destroyed.
    Destroyed = "DESTROYED", None, Some(Recovery::Permanent);
    /// The browser, or a policy of the page, lacks something that is needed.
    Unsupported = "UNSUPPORTED", None, Some(Recovery::Permanent);
    /// The page's `getToken` threw, did not answer, or answered with something that is not a token.
    TokenProviderFailed = "TOKEN_PROVIDER_FAILED", None, None;
    /// The client's Worker ended, as phones do with what is in the background; the page must make another client.
    WorkerLost = "WORKER_LOST", None, Some(Recovery::Permanent);
}

impl ErrorCode {
    /// Whether the API sends this code; the others are the SDK's own.
    pub fn is_catalogued(&self) -> bool {
        self.http_status().is_some()
    }
}

impl From<&str> for ErrorCode {
    fn from(text: &str) -> Self {
        Self::ALL.iter().find(|code| code.as_str() == text).cloned().unwrap_or_else(|| Self::Other(text.into()))
    }
}

impl From<String> for ErrorCode {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<ErrorCode> for String {
    fn from(code: ErrorCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What went wrong, in a form that every layer passes on unchanged.
///
/// Holds no key and no token. One pointer wide: errors are handed on in many places, and each would move them whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Facts>);

/// The parts of an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, what was expected and what to do, for people.
    pub message: Cow<'static, str>,
    /// The HTTP status, where an answer came.
    pub status: Option<u16>,
    /// Milliseconds that the server asked to wait before the next try.
    pub retry_after_ms: Option<u64>,
}

impl Error {
    /// An error that no HTTP answer brought.
    pub fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Facts { code, message: message.into(), status: None, retry_after_ms: None }))
    }

    /// `BAD_RESPONSE`: the answer is not what the API promises.
    pub fn bad_response(message: &'static str) -> Self {
        Self::new(ErrorCode::BadResponse, message)
    }

    /// `INVALID_OPTIONS`: an argument is wrong.
    pub fn invalid_options(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidOptions, message)
    }

    /// `DESTROYED`: the client is gone, and all that came from it.
    pub fn client_destroyed() -> Self {
        Self::new(ErrorCode::Destroyed, "The client was destroyed; make another with createClient()")
    }

    /// `DESTROYED`: the session is gone.
    pub fn session_destroyed() -> Self {
        Self::new(ErrorCode::Destroyed, "The session was destroyed; open another with openSession()")
    }

    /// The same error, with the HTTP status that it came with.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The same error, with the wait that the server asked for, in milliseconds.
    #[must_use]
    pub fn with_retry_after_ms(mut self, milliseconds: Option<u64>) -> Self {
        self.0.retry_after_ms = milliseconds;
        self
    }

    /// What to do about it. A code that is not known is judged by its HTTP status: 5xx, 408 and 429 are transient,
    /// every other one permanent.
    pub fn recovery(&self) -> Recovery {
        // Said by no server: the client's own budget is spent for the moment.
        if self.code == ErrorCode::RateLimitExceeded && self.status.is_none() {
            return Recovery::Transient;
        }
        if let Some(recovery) = self.code.known_recovery() {
            return recovery;
        }
        match self.status {
            Some(408 | 429 | 500..) => Recovery::Transient,
            // Rubbish under a 2xx status: a connection cut short, or a portal that wants a login first.
            None | Some(..300) if self.code == ErrorCode::BadResponse => Recovery::Transient,
            // A function that threw without saying why: the page's server may be back in a moment.
            None if self.code == ErrorCode::TokenProviderFailed => Recovery::Transient,
            _ => Recovery::Permanent,
        }
    }

    /// Whether the same call may succeed later with nothing changed. A refused token is not: when a caller sees that
    /// error, one other token has been minted and one retry made.
    pub fn is_retryable(&self) -> bool {
        matches!(self.recovery(), Recovery::Transient | Recovery::AfterReset)
    }

    /// Whether nothing can succeed until the key, the video or the options change. An abort
    /// is neither retryable nor fatal.
    pub fn is_fatal(&self) -> bool {
        !self.is_retryable() && self.code != ErrorCode::Aborted
    }
}

impl Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The catalogue of the API page, row by row.
    const CATALOGUE: [(&str, u16, Recovery); 12] = [
        ("API_KEY_REQUIRED", 401, Recovery::Permanent),
        ("INVALID_API_KEY", 401, Recovery::Permanent),
        ("API_KEY_EXPIRED", 401, Recovery::Permanent),
        ("INSUFFICIENT_SCOPE", 403, Recovery::Permanent),
        ("RATE_LIMIT_EXCEEDED", 429, Recovery::AfterReset),
        ("VIDEO_NOT_FOUND", 404, Recovery::Permanent),
        ("VIDEO_NOT_READY", 400, Recovery::Permanent),
        ("PLAYBACK_TOKEN_EXPIRED", 401, Recovery::MintAgain),
        ("PLAYBACK_TOKEN_INVALID", 401, Recovery::MintAgain),
        ("PLAYBACK_TOKEN_MISMATCH", 403, Recovery::Permanent),
        ("NO_KEY", 404, Recovery::Permanent),
        ("KEY_DECRYPT_FAILED", 500, Recovery::Transient),
    ];

    #[test]
    fn the_catalogue_is_whole() {
        let catalogued: Vec<_> = ErrorCode::ALL.iter().filter(|code| code.is_catalogued()).collect();
        assert_eq!(catalogued.len(), CATALOGUE.len());
        for (code, (text, status, recovery)) in catalogued.into_iter().zip(CATALOGUE) {
            assert_eq!(code.as_str(), text);
            assert_eq!(code.http_status(), Some(status));
            assert_eq!(Error::new(code.clone(), "").with_status(status).recovery(), recovery, "{text}");
        }
    }

    #[test]
    fn every_code_survives_the_wire() {
        for code in ErrorCode::ALL.iter().chain([&ErrorCode::Other("TEAPOT".into())]) {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{code}\""));
            assert_eq!(&serde_json::from_str::<ErrorCode>(&json).unwrap(), code);
        }
    }

    #[test]
    fn an_unknown_code_is_judged_by_its_status() {
        for (status, recovery) in [
            (400, Recovery::Permanent),
            (401, Recovery::Permanent),
            (404, Recovery::Permanent),
            (407, Recovery::Permanent),
            (408, Recovery::Transient),
            (409, Recovery::Permanent),
            (428, Recovery::Permanent),
            (429, Recovery::Transient),
            (499, Recovery::Permanent),
            (500, Recovery::Transient),
            (503, Recovery::Transient),
            (599, Recovery::Transient),
        ] {
            for code in [ErrorCode::Other("TEAPOT".into()), ErrorCode::BadResponse] {
                assert_eq!(Error::new(code, "").with_status(status).recovery(), recovery, "{status}");
            }
        }
        let teapot = || Error::new(ErrorCode::Other("TEAPOT".into()), "");
        assert_eq!(teapot().recovery(), Recovery::Permanent);
        assert_eq!(teapot().with_status(200).recovery(), Recovery::Permanent);
    }

    #[test]
    fn garbage_with_a_200_is_transient() {
        assert_eq!(Error::bad_response("").with_status(200).recovery(), Recovery::Transient);
        assert_eq!(Error::bad_response("").recovery(), Recovery::Transient);
        assert_eq!(Error::bad_response("").with_status(304).recovery(), Recovery::Permanent);
    }

    #[test]
    fn a_token_function_is_judged_by_the_status_that_it_throws() {
        let failed = || Error::new(ErrorCode::TokenProviderFailed, "");
        assert_eq!(failed().recovery(), Recovery::Transient);
        assert_eq!(failed().with_status(503).recovery(), Recovery::Transient);
        assert_eq!(failed().with_status(429).recovery(), Recovery::Transient);
        assert_eq!(failed().with_status(403).recovery(), Recovery::Permanent);
    }

    #[test]
    fn in_a_log_an_error_is_its_code_and_its_sentence() {
        assert_eq!(Error::new(ErrorCode::Network, "Gone.").to_string(), "NETWORK: Gone.");
    }

    #[test]
    fn fatal_errors_need_a_change() {
        let fatal = |code| Error::new(code, "").is_fatal();
        assert!(fatal(ErrorCode::InvalidApiKey));
        assert!(fatal(ErrorCode::Destroyed));
        assert!(fatal(ErrorCode::VideoNotReady));
        assert!(!fatal(ErrorCode::Aborted));
        assert!(!fatal(ErrorCode::RateLimitExceeded));
        assert!(!fatal(ErrorCode::Network));
    }
}
