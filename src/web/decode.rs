//! Reads untrusted values member by member: the API's answers, and the results of the page's `getToken`.
//!
//! `serde_wasm_bindgen` could do it, but its errors can print any value, and the code that prints numbers and texts is
//! as large as the rest of the core. The models are those of [`crate::api`], so a member that is added there is missed
//! here by the compiler; that the two also agree on names and on what may be missing is tested below.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::api::{Envelope, ErrorBody, PlaybackToken};

/// What is wrong, and what was expected: "`expiresIn` is undefined; expected a number".
pub(super) struct Mismatch(pub(super) String);

/// The envelope, with its data left as the JavaScript value that it is.
pub(super) fn envelope(answer: &JsValue) -> Result<Envelope<JsValue>, Mismatch> {
    let members = Members::of(answer, "the answer")?;
    let error = members.get("error");
    Ok(Envelope {
        success: members.flag("success")?,
        data: Some(members.get("data")).filter(is_there),
        error: is_there(&error).then(|| error_body(&error)).transpose()?,
    })
}

fn error_body(error: &JsValue) -> Result<ErrorBody, Mismatch> {
    let members = Members::of(error, "`error`")?;
    Ok(ErrorBody {
        code: members.text("code")?.into(),
        message: members.optional("message", Members::text)?.unwrap_or_default(),
        // Nothing depends on it: the status that counts is the one of the response.
        status: members.get("status").as_f64().unwrap_or_default() as u16,
    })
}

pub(super) fn playback_token(data: &JsValue) -> Result<PlaybackToken, Mismatch> {
    let members = Members::of(data, "the token")?;
    Ok(PlaybackToken {
        token: members.text("token")?,
        expires_in: members.number("expiresIn")?,
        player_url: members.nullable("playerUrl", Members::text)?,
    })
}

/// Whether this is a page of videos. Nothing is read out of it: the page gets the API's own object.
pub(super) fn check_video_page(data: &JsValue) -> Result<(), Mismatch> {
    let members = Members::of(data, "the page of videos")?;
    members.nullable("nextCursor", Members::text)?;
    members.array("videos")?.iter().try_for_each(|entry| check_video(&entry))
}

/// Whether this is a video.
pub(super) fn check_video(data: &JsValue) -> Result<(), Mismatch> {
    use Kind::{Flag, Number, Text};

    let members = Members::of(data, "the video")?;
    for (name, kind, may_be) in [
        ("id", Text, Absence::Never),
        ("title", Text, Absence::Missing),
        ("status", Text, Absence::Never),
        ("quality", Text, Absence::Null),
        ("durationSeconds", Number, Absence::Null),
        ("encrypted", Flag, Absence::Missing),
        ("createdAt", Text, Absence::Missing),
    ] {
        members.check(name, kind, may_be)?;
    }
    Ok(())
}

/// What a member must be.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
}

/// How a member may be absent.
#[derive(Clone, Copy, PartialEq)]
enum Absence {
    Never,
    /// It may be missing.
    Missing,
    /// It may be missing or `null`.
    Null,
}

/// The members of an object.
struct Members<'a>(&'a JsValue);

impl<'a> Members<'a> {
    /// `what` names it in the error.
    fn of(value: &'a JsValue, what: &str) -> Result<Self, Mismatch> {
        if value.is_object() { Ok(Self(value)) } else { Err(mismatch(what, value, "an object")) }
    }

    /// `undefined` where there is none, or where its getter throws.
    fn get(&self, name: &str) -> JsValue {
        Reflect::get(self.0, &JsValue::from_str(name)).unwrap_or_default()
    }

    fn text(&self, name: &str) -> Result<String, Mismatch> {
        self.read(name, JsValue::as_string, "a string")
    }

    fn number(&self, name: &str) -> Result<f64, Mismatch> {
        self.read(name, JsValue::as_f64, "a number")
    }

    fn flag(&self, name: &str) -> Result<bool, Mismatch> {
        self.read(name, JsValue::as_bool, "a boolean")
    }

    fn array(&self, name: &str) -> Result<Array, Mismatch> {
        self.read(name, |value| value.dyn_ref().cloned(), "an array")
    }

    /// A member that may be missing.
    fn optional<T>(&self, name: &str, read: fn(&Self, &str) -> Result<T, Mismatch>) -> Result<Option<T>, Mismatch> {
        if self.get(name).is_undefined() { Ok(None) } else { read(self, name).map(Some) }
    }

    /// A member that may be missing or `null`.
    fn nullable<T>(&self, name: &str, read: fn(&Self, &str) -> Result<T, Mismatch>) -> Result<Option<T>, Mismatch> {
        if is_there(&self.get(name)) { read(self, name).map(Some) } else { Ok(None) }
    }

    fn check(&self, name: &str, kind: Kind, may_be: Absence) -> Result<(), Mismatch> {
        let value = self.get(name);
        let is_absent = match may_be {
            Absence::Never => false,
            Absence::Missing => value.is_undefined(),
            Absence::Null => !is_there(&value),
        };
        let (is_right, expected) = match kind {
            Kind::Text => (value.is_string(), "a string"),
            Kind::Number => (value.as_f64().is_some(), "a number"),
            Kind::Flag => (value.as_bool().is_some(), "a boolean"),
        };
        if is_absent || is_right { Ok(()) } else { Err(mismatch(&["`", name, "`"].concat(), &value, expected)) }
    }

    fn read<T>(&self, name: &str, read: fn(&JsValue) -> Option<T>, expected: &str) -> Result<T, Mismatch> {
        let value = self.get(name);
        read(&value).ok_or_else(|| mismatch(&["`", name, "`"].concat(), &value, expected))
    }
}

fn is_there(value: &JsValue) -> bool {
    !value.is_undefined() && !value.is_null()
}

fn mismatch(what: &str, value: &JsValue, expected: &str) -> Mismatch {
    let found = if value.is_null() { None } else { value.js_typeof().as_string() };
    Mismatch([what, " is ", found.as_deref().unwrap_or("null"), "; expected ", expected].concat())
}

#[cfg(test)]
mod tests {
    use js_sys::{JSON, Object};
    use serde::{Serialize, de::DeserializeOwned};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;
    use crate::api::{ErrorCode, Video, VideoPage, VideoStatus};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    fn a_video() -> Video {
        Video {
            id: "vid_8fk2m9".into(),
            title: "Sea".into(),
            status: VideoStatus::Completed,
            quality: Some("1080p".into()),
            duration_seconds: Some(24.5),
            encrypted: true,
            created_at: "2026-01-02T03:04:05Z".into(),
        }
    }

    fn a_token() -> PlaybackToken {
        PlaybackToken { token: "aa.bb.cc".into(), expires_in: 300.0, player_url: Some("https://play/aa.bb.cc".into()) }
    }

    fn plain(value: &impl Serialize) -> JsValue {
        value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap()
    }

    fn set(object: &JsValue, name: &JsValue, value: &JsValue) {
        Reflect::set(object, name, value).unwrap();
    }

    fn json(value: &JsValue) -> String {
        JSON::stringify(value).unwrap().into()
    }

    /// What could stand in place of the right value.
    fn other_values() -> Vec<JsValue> {
        let texts = ["", "text", "5", "true"].map(JsValue::from_str);
        let objects = [Object::<JsValue>::new().into(), Array::new().into(), Array::of1(&5.into()).into()];
        let plain = [JsValue::NULL, JsValue::TRUE, 5.into(), 0.5.into(), f64::NAN.into()];
        texts.into_iter().chain(objects).chain(plain).collect()
    }

    /// Takes each member of `whole` away in turn and puts every other value in its place.
    fn spoilt(whole: &JsValue) -> Vec<JsValue> {
        let names: Vec<_> = Object::keys::<JsValue>(whole.unchecked_ref()).iter().collect();
        assert!(names.len() > 1);
        let copy = || JsValue::from(Object::assign(&Object::<JsValue>::new(), whole.unchecked_ref()));
        let mut spoilt = vec![copy()];
        for name in &names {
            let object = copy();
            Reflect::delete_property::<JsValue>(object.unchecked_ref(), name).unwrap();
            spoilt.push(object);
            for other in other_values() {
                let object = copy();
                set(&object, name, &other);
                spoilt.push(object);
            }
        }
        spoilt
    }

    /// `read` must give what serde gives, and refuse what serde refuses. So a member that is renamed, added or made
    /// optional in `api` and not here is found.
    fn reads_as_serde_does<T>(whole: &T, read: fn(&JsValue) -> Result<T, Mismatch>)
    where
        T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        assert_eq!(read(&plain(whole)).ok().as_ref(), Some(whole));
        for object in spoilt(&plain(whole)) {
            let (ours, serdes) = (read(&object).ok(), serde_wasm_bindgen::from_value::<T>(object.clone()).ok());
            // Compared as JSON, because NaN differs from itself.
            assert_eq!(json(&plain(&ours)), json(&plain(&serdes)), "{}", json(&object));
        }
    }

    /// The same for what is only looked at.
    fn accepts_what_serde_does<T>(whole: &T, check: fn(&JsValue) -> Result<(), Mismatch>)
    where
        T: Serialize + DeserializeOwned,
    {
        assert!(check(&plain(whole)).is_ok());
        for object in spoilt(&plain(whole)) {
            let serde_accepts = serde_wasm_bindgen::from_value::<T>(object.clone()).is_ok();
            assert_eq!(check(&object).is_ok(), serde_accepts, "{}", json(&object));
        }
    }

    #[wasm_bindgen_test]
    fn the_models_are_read_as_serde_reads_them() {
        accepts_what_serde_does(&a_video(), check_video);
        accepts_what_serde_does(
            &VideoPage { videos: vec![a_video()], next_cursor: Some("c".into()) },
            check_video_page,
        );
        reads_as_serde_does(&a_token(), playback_token);
        reads_as_serde_does(&Envelope::<()>::error(ErrorCode::NoKey, 404, "Clear."), |answer| {
            let Envelope { success, data, error } = envelope(answer)?;
            Ok(Envelope { success, data: data.map(drop), error })
        });
    }

    #[wasm_bindgen_test]
    fn keeps_data_unchanged() {
        let answer = plain(&Envelope::data(a_token()));
        let data = envelope(&answer).ok().and_then(|envelope| envelope.data).unwrap();
        assert_eq!(data, Reflect::get(&answer, &"data".into()).unwrap());
    }

    #[wasm_bindgen_test]
    fn a_mismatch_names_the_member_what_it_is_and_what_was_expected() {
        let message = |name: &str, value: JsValue| {
            let object = plain(&a_token());
            set(&object, &name.into(), &value);
            playback_token(&object).err().map(|mismatch| mismatch.0).unwrap()
        };
        assert_eq!(message("expiresIn", "300".into()), "`expiresIn` is string; expected a number");
        assert_eq!(message("expiresIn", JsValue::UNDEFINED), "`expiresIn` is undefined; expected a number");
        assert_eq!(message("token", JsValue::NULL), "`token` is null; expected a string");
        let nothing = playback_token(&JsValue::UNDEFINED).err().unwrap();
        assert_eq!(nothing.0, "the token is undefined; expected an object");
    }
}
