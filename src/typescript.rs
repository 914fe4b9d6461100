//! The TypeScript declarations of the data, made from the Rust so that the two cannot differ.
//!
//! `cargo xtask build` writes them to `js/src/protocol/models.ts`; `cargo xtask check` fails where the committed file differs.

use ts_rs::{Config, TS};

use crate::api::{ErrorCode, Quota, Video, VideoPage, VideoStatus};
use crate::detail::{
    ErrorDetail, OpenedSession, StateDetail, TokenErrorDetail, TokenRefreshedDetail, TokenRefreshingDetail,
};
use crate::session::{Reason, State};

/// The whole of `models.ts`.
pub fn declarations() -> String {
    let (catalogued, own): (Vec<_>, Vec<_>) = ErrorCode::ALL.iter().partition(|code| code.is_catalogued());
    let blocks = [
        "// Made from the Rust sources by `cargo xtask build`. Do not edit.".to_owned(),
        literals("Codes that the API sends.", "ApiErrorCode", catalogued.into_iter().map(ErrorCode::as_str)),
        literals("Codes that the SDK adds.", "SdkErrorCode", own.into_iter().map(ErrorCode::as_str)),
        "/** A stable name for what went wrong. A code that this version does not know is passed on as it came. */\n\
         export type ErrorCode = ApiErrorCode | SdkErrorCode | (string & {});"
            .to_owned(),
        literals(
            "How far a video is processed. Only a `COMPLETED` video plays.",
            "KnownVideoStatus",
            VideoStatus::ALL.iter().map(VideoStatus::as_str),
        ),
        "/** A status; one that this version does not know is passed on as it came. */\n\
         export type VideoStatus = KnownVideoStatus | (string & {});"
            .to_owned(),
        declaration::<Video>("Video"),
        declaration::<VideoPage>("VideoPage"),
        declaration::<Quota>("Quota"),
        declaration::<State>("SessionState"),
        declaration::<Reason>("TokenReason"),
        declaration::<ErrorDetail>("ErrorDetail"),
        declaration::<StateDetail>("StateDetail"),
        declaration::<OpenedSession>("OpenedSession"),
        declaration::<TokenRefreshingDetail>("TokenRefreshingDetail"),
        declaration::<TokenRefreshedDetail>("TokenRefreshedDetail"),
        declaration::<TokenErrorDetail>("TokenErrorDetail"),
    ];
    blocks.join("\n\n") + "\n"
}

fn literals<'a>(doc: &str, name: &str, values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<_> = values.map(|value| format!("\n  | \"{value}\"")).collect();
    format!("/** {doc} */\nexport type {name} ={};", values.concat())
}

fn declaration<T: TS>(name: &str) -> String {
    let config = Config::default();
    format!("{}export type {name} = {};", T::docs().unwrap_or_default(), T::inline(&config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_status_is_declared() {
        let text = declarations();
        for code in ErrorCode::ALL {
            assert!(text.contains(&format!("| \"{code}\"")), "{code}");
        }
        for status in VideoStatus::ALL {
            assert!(text.contains(&format!("| \"{}\"", status.as_str())));
        }
    }

    #[test]
    fn fields_have_their_javascript_names_and_their_documentation() {
        let text = declarations();
        for part in ["durationSeconds: number | null", "nextCursor: string | null", "Length in seconds", "retryAfter:"]
        {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
