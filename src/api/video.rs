//! Videos as the API lists them (API page, "Videos"; the fields are *assumed*).

use serde::{Deserialize, Serialize};

/// One video.
///
/// Fields that this version does not know are left alone: the SDK hands on the object that the API sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Video {
    /// The public id, `vid_…`.
    pub id: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// How far its making has come. Only a `COMPLETED` video plays.
    #[cfg_attr(feature = "typescript", ts(type = "VideoStatus"))]
    pub status: VideoStatus,
    /// The highest rendition, such as `1080p`; `null` before it is known.
    #[serde(default)]
    pub quality: Option<String>,
    /// Length in seconds; `null` before it is known.
    #[serde(default)]
    pub duration_seconds: Option<f64>,
    /// Whether its segments are encrypted with AES-128.
    #[serde(default)]
    pub encrypted: bool,
    /// When it was created, as RFC 3339 text.
    #[serde(default)]
    pub created_at: String,
}

/// One page of the list of videos.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct VideoPage {
    /// The page's videos.
    pub videos: Vec<Video>,
    /// What to pass as `cursor` for the next page; `null` on the last one.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// How far a video is processed. Statuses that this version does not know are kept as text.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum VideoStatus {
            $($(#[$doc])* $name,)*
            /// A status that this version does not know.
            Other(Box<str>),
        }

        impl VideoStatus {
            /// Every known status, in the order in which a video passes through them; `FAILED` last.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The status as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for VideoStatus {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    _ => Self::Other(text.into()),
                }
            }
        }
    };
}

statuses! {
    /// Its price is being worked out.
    Pricing = "PRICING";
    /// The payment is set aside.
    EscrowLocked = "ESCROW_LOCKED";
    /// The source is being uploaded.
    Uploading = "UPLOADING";
    /// It waits for a transcoder.
    Queued = "QUEUED";
    /// It is being transcoded.
    Transcoding = "TRANSCODING";
    /// It is on its way to the CDN.
    Migrating = "MIGRATING";
    /// It can be played.
    Completed = "COMPLETED";
    /// It will never be playable.
    Failed = "FAILED";
}

impl VideoStatus {
    /// Whether it will not change any more.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }
}

impl From<String> for VideoStatus {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<VideoStatus> for String {
    fn from(status: VideoStatus) -> Self {
        status.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_video_with_unknown_fields() {
        let video: Video = serde_json::from_str(
            r#"{"id":"vid_8fk2m9","title":"Sea","status":"COMPLETED","quality":"1080p","durationSeconds":24.5,
                "encrypted":true,"createdAt":"2026-01-02T03:04:05Z","thumbnail":{"url":"https://x"}}"#,
        )
        .unwrap();
        assert_eq!(video.status, VideoStatus::Completed);
        assert_eq!(video.duration_seconds, Some(24.5));
    }

    #[test]
    fn a_video_in_processing_has_no_duration_and_no_quality() {
        let video: Video = serde_json::from_str(r#"{"id":"vid_1","status":"PRICING","quality":null}"#).unwrap();
        assert_eq!((video.quality, video.duration_seconds), (None, None));
    }

    #[test]
    fn an_unknown_status_passes_through() {
        let status: VideoStatus = serde_json::from_str(r#""DREAMING""#).unwrap();
        assert_eq!(status, VideoStatus::Other("DREAMING".into()));
        assert_eq!(serde_json::to_string(&status).unwrap(), r#""DREAMING""#);
        assert!(!status.is_final());
    }

    #[test]
    fn every_status_of_the_contract_is_known() {
        let texts: Vec<_> = VideoStatus::ALL.iter().map(VideoStatus::as_str).collect();
        assert_eq!(
            texts,
            ["PRICING", "ESCROW_LOCKED", "UPLOADING", "QUEUED", "TRANSCODING", "MIGRATING", "COMPLETED", "FAILED"]
        );
        for status in VideoStatus::ALL {
            assert_eq!(&VideoStatus::from(status.as_str()), status);
            assert_eq!(status.is_final(), matches!(status.as_str(), "COMPLETED" | "FAILED"));
        }
    }

    #[test]
    fn a_page_without_a_cursor_is_the_last() {
        let page: VideoPage = serde_json::from_str(r#"{"videos":[]}"#).unwrap();
        assert_eq!(page.next_cursor, None);
    }
}
