//! Videos.

use std::sync::Arc;

use ansdev_player::api::VideoStatus;
use rusqlite::{OptionalExtension, Row};

use super::connection::Sqlite;
use crate::state::store::interface::{StoreError, Videos};
use crate::state::store::key::UserId;
use crate::state::store::video::VideoRow;

const COLUMNS: &str = "id, uuid, owner, title, job, created_at, settled_at, outcome, renditions, segments, wrapped_key,
                       segments_per_key_uri, iv, on_cdn";

fn read(row: &Row<'_>) -> rusqlite::Result<VideoRow> {
    Ok(VideoRow {
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
    })
}

impl Videos for Sqlite {
    fn video(&self, id: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        self.one_video("id = ?1 OR uuid = ?1", id)
    }

    fn video_of_job(&self, job: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        self.one_video("job = ?1", job)
    }

    fn videos_of(&self, owner: UserId) -> Result<Vec<Arc<VideoRow>>, StoreError> {
        let connection = self.connection();
        let sql = format!("SELECT {COLUMNS} FROM video WHERE owner = ?1 ORDER BY created_at DESC, id");
        let mut statement = connection.prepare_cached(&sql)?;
        let videos = statement.query_map([owner], |row| Ok(Arc::new(read(row)?)))?;
        Ok(videos.collect::<Result<_, _>>()?)
    }

    fn put_video(&self, video: VideoRow) -> Result<(), StoreError> {
        self.connection().execute(
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

impl Sqlite {
    fn one_video(&self, condition: &str, name: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM video WHERE {condition}"))?;
        Ok(statement.query_row([name], read).optional()?.map(Arc::new))
    }
}
