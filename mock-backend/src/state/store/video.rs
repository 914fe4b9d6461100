//! A stored video: its owner, its progress and its media.

use ansdev_player::api::{Video, VideoStatus};

use super::key::UserId;
use crate::state::clock::rfc3339;
use crate::state::media::SEGMENT_SECONDS;

/// A video.
#[derive(Debug, Clone)]
pub(crate) struct VideoRow {
    /// The public `vid_…` id.
    pub(crate) id: String,
    /// The internal UUID, which the API takes as well.
    pub(crate) uuid: String,
    pub(crate) owner: UserId,
    pub(crate) title: String,
    /// The transcoding job that made it; its AES key goes by this.
    pub(crate) job: String,
    /// Unix milliseconds.
    pub(crate) created_at: i64,
    /// When it reaches its outcome, in Unix milliseconds; [`VideoRow::ALWAYS`] where it has it whatever the clock says.
    pub(crate) settled_at: i64,
    /// `COMPLETED` or `FAILED`.
    pub(crate) outcome: VideoStatus,
    /// Names of its renditions, the best first, separated by spaces.
    pub(crate) renditions: String,
    /// How many segments each rendition has.
    pub(crate) segments: u32,
    /// Its AES key, wrapped (RFC 3394); none where it is clear.
    pub(crate) wrapped_key: Option<Vec<u8>>,
    /// After how many segments the playlist names the next key URI; none where one is enough.
    pub(crate) segments_per_key_uri: Option<u32>,
    /// The IV that the playlist names; none where it is the media sequence number.
    pub(crate) iv: Option<[u8; 16]>,
    /// Whether its playlist lies on the CDN, to which the API redirects; else the API answers it itself.
    pub(crate) on_cdn: bool,
}

impl VideoRow {
    /// Before every moment of the clock, which can be moved back.
    pub(crate) const ALWAYS: i64 = i64::MIN;

    /// How far it is: evenly through the stages of its making, then its outcome. One that fails, fails in transcoding.
    pub(crate) fn status(&self, now_ms: i64) -> VideoStatus {
        if now_ms >= self.settled_at {
            return self.outcome.clone();
        }
        let last = if self.outcome == VideoStatus::Failed { VideoStatus::Transcoding } else { VideoStatus::Migrating };
        let stages = VideoStatus::ALL.iter().position(|status| *status == last).unwrap_or_default() + 1;
        let stage_ms = ((self.settled_at - self.created_at) / stages.cast_signed() as i64).max(1);
        let stage = usize::try_from((now_ms - self.created_at) / stage_ms).unwrap_or_default();
        VideoStatus::ALL[stage.min(stages - 1)].clone()
    }

    /// As the API tells it.
    pub(crate) fn described(&self, now_ms: i64) -> Video {
        let status = self.status(now_ms);
        let is_known = status == VideoStatus::Completed;
        Video {
            id: self.id.clone(),
            title: self.title.clone(),
            status,
            quality: is_known.then(|| self.renditions().next().unwrap_or_default().to_owned()),
            duration_seconds: is_known.then(|| f64::from(self.segments) * SEGMENT_SECONDS),
            encrypted: self.wrapped_key.is_some(),
            created_at: rfc3339(self.created_at),
        }
    }

    /// Names of its renditions, the best first.
    pub(crate) fn renditions(&self) -> impl Iterator<Item = &str> {
        self.renditions.split(' ')
    }
}
