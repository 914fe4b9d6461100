//! The envelope around every JSON answer (API page, "Envelope").

use serde::{Deserialize, Serialize};

use super::error::{Error, ErrorCode};

/// `{"success": true, "data": …}` or `{"success": false, "error": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// Whether [`data`](Self::data) is there; otherwise [`error`](Self::error) is.
    pub success: bool,
    /// What was asked for.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
}

// `#[serde(default)]` alone would ask for `T: Default`.
fn none<T>() -> Option<T> {
    None
}

/// The `error` member of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// A code of the catalogue, or one that this version does not know.
    pub code: ErrorCode,
    /// A sentence for people.
    #[serde(default)]
    pub message: String,
    /// Equals the HTTP status.
    #[serde(default)]
    pub status: u16,
}

impl<T> Envelope<T> {
    /// An answer that succeeded.
    pub fn data(data: T) -> Self {
        Self { success: true, data: Some(data), error: None }
    }

    /// An answer that failed.
    pub fn error(code: ErrorCode, status: u16, message: impl Into<String>) -> Self {
        Self { success: false, data: None, error: Some(ErrorBody { code, message: message.into(), status }) }
    }

    /// The data, or the error with the HTTP status that the answer really had.
    ///
    /// # Errors
    /// The answer's own error, or `BAD_RESPONSE` where the envelope contradicts itself.
    pub fn into_result(self, http_status: u16) -> Result<T, Error> {
        match self {
            Self { success: true, data: Some(data), .. } if (200..300).contains(&http_status) => Ok(data),
            Self { success: false, error: Some(error), .. } => {
                Err(Error::new(error.code, error.message).with_status(http_status))
            }
            _ => Err(Error::bad_response(
                "The answer is not Ansdev's envelope; expected {\"success\": true, \"data\": …} with a 2xx status, \
                 or {\"success\": false, \"error\": {…}}",
            )
            .with_status(http_status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, status: u16) -> Result<u32, Error> {
        serde_json::from_str::<Envelope<u32>>(json).unwrap().into_result(status)
    }

    #[test]
    fn success_gives_the_data() {
        assert_eq!(read(r#"{"success":true,"data":7}"#, 200), Ok(7));
        assert_eq!(read(r#"{"success":true,"data":7,"later":{}}"#, 201), Ok(7));
    }

    #[test]
    fn failure_gives_the_code_and_the_status_of_the_wire() {
        let error = read(
            r#"{"success":false,"error":{"code":"VIDEO_NOT_FOUND","message":"No such video.","status":404}}"#,
            404,
        )
        .unwrap_err();
        assert_eq!(error.code, ErrorCode::VideoNotFound);
        assert_eq!(error.status, Some(404));
        assert_eq!(error.message, "No such video.");
    }

    #[test]
    fn an_unknown_code_is_kept_as_text() {
        let error = read(r#"{"success":false,"error":{"code":"TEAPOT"}}"#, 418).unwrap_err();
        assert_eq!(error.code, ErrorCode::Other("TEAPOT".into()));
        assert_eq!(error.status, Some(418));
    }

    #[test]
    fn rejects_a_contradictory_envelope() {
        for (json, status) in [
            (r#"{"success":true}"#, 200),
            (r#"{"success":false}"#, 500),
            (r#"{"success":true,"data":1}"#, 500),
            (r#"{"success":false,"data":1}"#, 200),
        ] {
            assert_eq!(read(json, status).unwrap_err().code, ErrorCode::BadResponse, "{json}");
        }
    }

    #[test]
    fn it_is_written_as_the_contract_shows_it() {
        assert_eq!(serde_json::to_string(&Envelope::data(1)).unwrap(), r#"{"success":true,"data":1}"#);
        assert_eq!(
            serde_json::to_string(&Envelope::<u32>::error(ErrorCode::NoKey, 404, "Clear.")).unwrap(),
            r#"{"success":false,"error":{"code":"NO_KEY","message":"Clear.","status":404}}"#
        );
    }
}
