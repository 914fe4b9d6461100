//! The schemas of answers, without additional properties: `cargo xtask contract` finds a field that only the API's models
//! or only these have.

#![expect(dead_code, reason = "these describe answers; `ansdev_player::api` holds the types that write them")]

use ansdev_player::api::{ErrorCode, VideoStatus};
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// Codes of the mock that the contract's catalogue does not name.
pub(crate) const OTHER_CODES: [&str; 11] = [
    "INVALID_REQUEST",
    "NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "LENGTH_REQUIRED",
    "PAYLOAD_TOO_LARGE",
    "REQUEST_TIMEOUT",
    "STORE_UNAVAILABLE",
    "SESSION_REQUIRED",
    "CROSS_ORIGIN",
    "HOST_NOT_ALLOWED",
    "MOCK_FAULT",
];

/// An answer that failed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Failed {
    /// Always false.
    success: bool,
    error: ErrorBody,
}

/// What went wrong.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ErrorBody {
    #[schema(inline)]
    code: Code,
    /// A sentence for people.
    #[schema(min_length = 1)]
    message: String,
    /// Equals the HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
}

/// A page of videos.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListAnswer {
    /// Always true.
    success: bool,
    data: VideoPage,
}

/// One video.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VideoAnswer {
    /// Always true.
    success: bool,
    data: Video,
}

/// A playback token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenAnswer {
    /// Always true.
    success: bool,
    data: PlaybackToken,
}

/// One page of the list of videos.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VideoPage {
    #[schema(max_items = 100)]
    videos: Vec<Video>,
    /// What to pass as `cursor` for the next page; `null` on the last one.
    #[schema(required, pattern = r"^[0-9]{1,15}\.[A-Za-z0-9_-]{1,64}$")]
    next_cursor: Option<String>,
}

/// A video.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Video {
    /// The public id.
    #[schema(pattern = "^vid_[a-z0-9_]+$", max_length = 64, example = "vid_rotating_keys")]
    id: String,
    title: String,
    #[schema(inline)]
    status: Status,
    /// The highest rendition; `null` before it is known.
    #[schema(required, example = "720p")]
    quality: Option<String>,
    /// Length in seconds; `null` before it is known.
    #[schema(required, minimum = 0)]
    duration_seconds: Option<f64>,
    /// Whether its segments are encrypted with AES-128.
    encrypted: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

/// A playback token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlaybackToken {
    /// A JWT, to be put into playlist and AES-key addresses.
    #[schema(pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]
    token: String,
    /// Seconds that the token lives.
    #[schema(exclusive_minimum = 0)]
    expires_in: f64,
    /// A page that plays the video with this token, fit for an `<iframe>`.
    #[schema(pattern = "^https?://")]
    player_url: String,
}

/// Every code, out of the catalogue that the SDK reads them with.
#[derive(Deserialize)]
struct Code(String);

/// Every status, out of the SDK's model.
#[derive(Deserialize)]
struct Status(String);

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let catalogued = ErrorCode::ALL.iter().filter(|code| code.is_catalogued()).map(ErrorCode::as_str);
        one_of(catalogued.chain(OTHER_CODES))
    }
}

impl PartialSchema for Status {
    fn schema() -> RefOr<Schema> {
        one_of(VideoStatus::ALL.iter().map(VideoStatus::as_str))
    }
}

impl ToSchema for Code {}
impl ToSchema for Status {}

fn one_of(texts: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(texts)).into()
}
