//! Videos: whose they are, how far they are, and what media stands behind them.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use ansdev_player::api::{Video, VideoStatus};
use rusqlite::{OptionalExtension, Row};
use serde_json::value::{RawValue, to_raw_value};

use super::cache::Cache;
use super::{Store, StoreError, UserId};
use crate::clock::rfc3339;
use crate::media::SEGMENT_SECONDS;

const COLUMNS: &str = "id, uuid, owner, title, job, created_at, settled_at, outcome, renditions, segments, wrapped_key,
                       segments_per_key_uri, iv, on_cdn";

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
    /// As the API tells it once it has its outcome, when somebody has asked. Lists would otherwise be made of little else
    /// than the same texts again and again.
    pub(crate) settled: OnceLock<Box<RawValue>>,
}

impl VideoRow {
    /// Before every moment of the clock, which can be moved back.
    pub(crate) const ALWAYS: i64 = i64::MIN;

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            uuid: row.get(1)?,
            owner: row.get(2)?,
            title: row.get(3)?,
            job: row.get(4)?,
            created_at: row.get(5)?,
            settled_at: row.get(6)?,
            outcome: VideoStatus::from(row.get_ref(7)?.as_str()?),
            renditions: row.get(8)?,
            segments: row.get(9)?,
            wrapped_key: row.get(10)?,
            segments_per_key_uri: row.get(11)?,
            iv: row.get(12)?,
            on_cdn: row.get(13)?,
            settled: OnceLock::new(),
        })
    }

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

    /// The same as JSON.
    pub(crate) fn json(&self, now_ms: i64) -> Cow<'_, RawValue> {
        let json = || to_raw_value(&self.described(now_ms)).expect("texts and numbers are JSON");
        if now_ms >= self.settled_at { Cow::Borrowed(self.settled.get_or_init(json)) } else { Cow::Owned(json()) }
    }

    /// Names of its renditions, the best first.
    pub(crate) fn renditions(&self) -> impl Iterator<Item = &str> {
        self.renditions.split(' ')
    }
}

impl Store {
    /// One video, by its public id or its UUID, whoever owns it.
    pub(crate) fn video(&self, id: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        self.one_video(&self.videos, "id = ?1 OR uuid = ?1", id)
    }

    /// The video that a job made.
    pub(crate) fn video_of_job(&self, job: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        self.one_video(&self.jobs, "job = ?1", job)
    }

    fn one_video(
        &self,
        cache: &Cache<String, Arc<VideoRow>>,
        condition: &str,
        name: &str,
    ) -> Result<Option<Arc<VideoRow>>, StoreError> {
        let stamp = self.stamp()?;
        let kept = cache.get(name, stamp);
        if kept.is_some() {
            return Ok(kept);
        }
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM video WHERE {condition}"))?;
        let video = statement.query_row([name], VideoRow::read).optional()?.map(Arc::new);
        if let Some(video) = &video {
            cache.put(name.to_owned(), video.clone(), stamp);
        }
        Ok(video)
    }

    /// A user's videos, the newest first, and of those of one moment by their ids.
    pub(crate) fn videos_of(&self, owner: UserId) -> Result<Arc<[VideoRow]>, StoreError> {
        let stamp = self.stamp()?;
        if let Some(kept) = self.lists.get(&owner, stamp) {
            return Ok(kept);
        }
        let connection = self.connection();
        let sql = format!("SELECT {COLUMNS} FROM video WHERE owner = ?1 ORDER BY created_at DESC, id");
        let videos: Arc<[VideoRow]> =
            connection.prepare_cached(&sql)?.query_map([owner], VideoRow::read)?.collect::<Result<_, _>>()?;
        self.lists.put(owner, videos.clone(), stamp);
        Ok(videos)
    }

    /// Puts a video into the store; one with this id stays as it is.
    pub(crate) fn put_video(&self, video: &VideoRow) -> Result<(), StoreError> {
        self.writing().execute(
            &format!(
                "INSERT INTO video ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                 ON CONFLICT (id) DO NOTHING"
            ),
            rusqlite::params![
                video.id,
                video.uuid,
                video.owner,
                video.title,
                video.job,
                video.created_at,
                video.settled_at,
                video.outcome.as_str(),
                video.renditions,
                video.segments,
                video.wrapped_key,
                video.segments_per_key_uri,
                video.iv,
                video.on_cdn,
            ],
        )?;
        Ok(())
    }
}
