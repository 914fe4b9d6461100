//! Details as plain JavaScript objects.
//!
//! `serde_wasm_bindgen` writes them, but not by their derived `Serialize`: that is 6 KB of code for a handful of
//! structs, and a cache of member names besides. Every detail is first a list of members, and there is one way to write
//! a list. That the two ways agree is tested below.

use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

use crate::api::Quota;
use crate::detail::{
    ErrorDetail, OpenedSession, SharedToken, StateDetail, TokenErrorDetail, TokenRefreshedDetail, TokenRefreshingDetail,
};

/// Names and values, in the order in which they are shown.
type Members<'a> = Vec<(&'static str, Value<'a>)>;

/// What a member may be.
pub(super) enum Value<'a> {
    Null,
    Flag(bool),
    Number(f64),
    Text(&'a str),
    Object(Members<'a>),
}

/// Has members that JavaScript may see.
pub(super) trait Plain {
    fn members(&self) -> Members<'_>;
}

/// A plain object.
pub(super) fn plain(value: &impl Plain) -> JsValue {
    object(value.members())
}

fn object(members: Members<'_>) -> JsValue {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);
    // Numbers and texts: nothing in them can fail to be serialised.
    Value::Object(members).serialize(&serializer).unwrap_or(JsValue::NULL)
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

fn number(number: Option<f64>) -> Value<'static> {
    number.map_or(Value::Null, Value::Number)
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

impl Plain for ErrorDetail<'_> {
    fn members(&self) -> Members<'_> {
        vec![
            ("code", Value::Text(self.code.as_str())),
            ("message", Value::Text(self.message)),
            ("status", number(self.status.map(f64::from))),
            ("retryable", Value::Flag(self.retryable)),
            ("retryAfter", number(self.retry_after)),
            ("fatal", Value::Flag(self.fatal)),
            ("videoId", text(self.video_id)),
            ("docsUrl", text(self.docs_url.as_deref())),
        ]
    }
}

impl Plain for StateDetail {
    fn members(&self) -> Members<'_> {
        vec![("state", Value::Text(self.state.as_str())), ("expiresAt", number(self.expires_at))]
    }
}

impl Plain for OpenedSession {
    fn members(&self) -> Members<'_> {
        vec![
            ("handle", Value::Number(self.handle.into())),
            ("state", Value::Text(self.state.as_str())),
            ("expiresAt", number(self.expires_at)),
        ]
    }
}

impl Plain for SharedToken<'_> {
    fn members(&self) -> Members<'_> {
        vec![
            ("token", Value::Text(self.token)),
            ("expiresIn", Value::Number(self.expires_in)),
            ("age", Value::Number(self.age)),
        ]
    }
}

impl Plain for TokenRefreshingDetail<'_> {
    fn members(&self) -> Members<'_> {
        vec![("videoId", Value::Text(self.video_id)), ("reason", Value::Text(self.reason.as_str()))]
    }
}

impl Plain for TokenRefreshedDetail<'_> {
    fn members(&self) -> Members<'_> {
        vec![
            ("videoId", Value::Text(self.video_id)),
            ("reason", Value::Text(self.reason.as_str())),
            ("expiresAt", Value::Number(self.expires_at)),
        ]
    }
}

impl Plain for TokenErrorDetail<'_> {
    fn members(&self) -> Members<'_> {
        vec![("error", Value::Object(self.error.members())), ("willRetry", Value::Flag(self.will_retry))]
    }
}

impl Plain for Quota {
    fn members(&self) -> Members<'_> {
        vec![
            ("limit", Value::Number(self.limit.into())),
            ("remaining", Value::Number(self.remaining.into())),
            ("reset", Value::Number(self.reset as f64)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use js_sys::JSON;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;
    use crate::api::{Error, ErrorCode};
    use crate::session::{Reason, State};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    fn written_as_serde_does(value: &(impl Plain + Serialize)) {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        let json = |value: &JsValue| String::from(JSON::stringify(value).unwrap());
        assert_eq!(json(&plain(value)), json(&value.serialize(&serializer).unwrap()));
    }

    #[wasm_bindgen_test]
    fn every_detail_is_written_as_serde_writes_it() {
        let bare = Error::new(ErrorCode::Other("TEAPOT".into()), "Short.");
        let whole = Error::new(ErrorCode::RateLimitExceeded, "Spent.");
        let whole = whole.with_status(429).with_retry_after_ms(Some(1_500));
        for error in [ErrorDetail::new(&bare, None), ErrorDetail::new(&whole, Some("vid_1"))] {
            written_as_serde_does(&error);
            written_as_serde_does(&TokenErrorDetail { error, will_retry: true });
        }
        for state in State::ALL {
            written_as_serde_does(&StateDetail { state, expires_at: None });
            written_as_serde_does(&StateDetail { state, expires_at: Some(1_800_000_000_000.0) });
            written_as_serde_does(&OpenedSession { handle: 7, state, expires_at: None });
            written_as_serde_does(&OpenedSession { handle: 7, state, expires_at: Some(1_800_000_000_000.0) });
        }
        for reason in [Reason::Initial, Reason::Refresh, Reason::Rejected] {
            written_as_serde_does(&TokenRefreshingDetail { video_id: "vid_1", reason });
            written_as_serde_does(&TokenRefreshedDetail { video_id: "vid_1", reason, expires_at: 1.5 });
        }
        written_as_serde_does(&Quota { limit: 1000, remaining: 999, reset: 1_800_000_000 });
        written_as_serde_does(&SharedToken { token: "aa.bb.cc", expires_in: 300.0, age: 0.5 });
    }
}
