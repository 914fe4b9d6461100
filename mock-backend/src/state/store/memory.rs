//! The store in memory: plain collections behind one lock, gone with the process.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ansdev_player::api::ApiKey;

use super::interface::{Keys, Secrets, Store, StoreError, TokenCounts, Videos};
use super::key::{Digest, KeyRow, NewKey, UserId, digest};
use super::video::VideoRow;
use crate::state::api_key::{self, KeySpec, MAX_ACTIVE_KEYS};
use crate::state::random::Random;

/// A store in memory.
pub(crate) struct Memory {
    random: Random,
    secrets: Secrets,
    tables: Mutex<Tables>,
}

#[derive(Default)]
struct Tables {
    /// Signs playback tokens.
    token_secret: [u8; 32],
    users: HashMap<String, UserId>,
    /// By their numbers, the newest last.
    keys: BTreeMap<i64, KeyRow>,
    /// A map does not compare in constant time; what it compares are digests, which nobody can steer.
    keys_by_digest: HashMap<Digest, i64>,
    /// Tokens taken, by key and UTC day.
    minted: HashMap<(i64, i64), u32>,
    videos: Vec<Arc<VideoRow>>,
}

impl Memory {
    /// An empty store.
    pub(crate) fn new(random: Random) -> Self {
        let secrets = Secrets { dashboard: random.bytes(), wrapping: random.bytes() };
        let tables = Mutex::new(Tables { token_secret: random.bytes(), ..Tables::default() });
        Self { random, secrets, tables }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn active_keys(&self, owner: UserId, now_ms: i64) -> usize {
        self.keys.values().filter(|key| key.owner == owner && key.is_active(now_ms)).count()
    }

    fn insert_key(&mut self, owner: UserId, spec: &KeySpec, text: &str, now_ms: i64) {
        let digest = digest(text.as_bytes());
        if self.keys_by_digest.contains_key(&digest) {
            return;
        }
        let id = self.keys.last_key_value().map_or(1, |(last, _)| last + 1);
        let key = KeyRow {
            id,
            owner,
            name: spec.name.clone(),
            prefix: text[..ApiKey::PREFIX_LENGTH].to_owned(),
            scopes: spec.scopes_text(),
            quota: spec.quota,
            created_at: now_ms,
            expires_at: spec.expires_at_ms,
            revoked_at: None,
            last_used_at: None,
        };
        self.keys.insert(id, key);
        self.keys_by_digest.insert(digest, id);
    }

    /// Makes a key with a prefix that no other has: two keys would look alike.
    fn create_key(&mut self, owner: UserId, spec: &KeySpec, random: &Random, now_ms: i64) -> NewKey {
        let text = api_key::generate_unlike(random, |prefix| self.keys.values().any(|key| key.prefix == prefix));
        self.insert_key(owner, spec, &text, now_ms);
        NewKey { prefix: text[..ApiKey::PREFIX_LENGTH].to_owned(), text }
    }

    /// Revokes the keys that are meant and not revoked yet; says whether there was one.
    fn revoke(&mut self, now_ms: i64, is_meant: impl Fn(&KeyRow) -> bool) -> bool {
        let mut was_one = false;
        for key in self.keys.values_mut().filter(|key| key.revoked_at.is_none() && is_meant(key)) {
            key.revoked_at = Some(now_ms);
            was_one = true;
        }
        was_one
    }
}

impl Store for Memory {
    fn secrets(&self) -> Result<Secrets, StoreError> {
        Ok(self.secrets.clone())
    }

    fn token_secret(&self) -> Result<[u8; 32], StoreError> {
        Ok(self.tables().token_secret)
    }

    fn clear(&self) -> Result<(), StoreError> {
        *self.tables() = Tables { token_secret: self.random.bytes(), ..Tables::default() };
        Ok(())
    }

    fn user(&self, name: &str) -> Result<UserId, StoreError> {
        let mut tables = self.tables();
        let next = tables.users.values().max().map_or(1, |last| last + 1);
        Ok(*tables.users.entry(name.to_owned()).or_insert(next))
    }
}

impl Keys for Memory {
    fn key(&self, text: &[u8]) -> Result<Option<KeyRow>, StoreError> {
        let tables = self.tables();
        Ok(tables.keys_by_digest.get(&digest(text)).and_then(|id| tables.keys.get(id)).cloned())
    }

    fn key_of(&self, owner: UserId, id: i64) -> Result<Option<KeyRow>, StoreError> {
        Ok(self.tables().keys.get(&id).filter(|key| key.owner == owner).cloned())
    }

    fn keys_of(&self, owner: UserId) -> Result<Vec<KeyRow>, StoreError> {
        let mut keys: Vec<_> = self.tables().keys.values().filter(|key| key.owner == owner).cloned().collect();
        // The clock can be moved back, so the newest number need not be the newest key.
        keys.sort_by_key(|key| std::cmp::Reverse((key.created_at, key.id)));
        Ok(keys)
    }

    fn touch_key(&self, key: &KeyRow, now_ms: i64) -> Result<(), StoreError> {
        if key.is_use_unnoted(now_ms)
            && let Some(key) = self.tables().keys.get_mut(&key.id)
        {
            key.last_used_at = Some(now_ms);
        }
        Ok(())
    }

    fn create_key(&self, owner: UserId, spec: &KeySpec, now_ms: i64) -> Result<NewKey, StoreError> {
        Ok(self.tables().create_key(owner, spec, &self.random, now_ms))
    }

    fn create_key_within_limit(
        &self,
        owner: UserId,
        spec: &KeySpec,
        now_ms: i64,
    ) -> Result<Option<NewKey>, StoreError> {
        let mut tables = self.tables();
        let has_room = tables.active_keys(owner, now_ms) < MAX_ACTIVE_KEYS;
        Ok(has_room.then(|| tables.create_key(owner, spec, &self.random, now_ms)))
    }

    fn put_key(&self, owner: UserId, spec: &KeySpec, text: &str, now_ms: i64) -> Result<(), StoreError> {
        self.tables().insert_key(owner, spec, text, now_ms);
        Ok(())
    }

    fn keep_for_run(&self, _: UserId, _: &str, _: i64) -> Result<(), StoreError> {
        // There is one run: memory ends with it.
        Ok(())
    }

    fn revoke_prefix(&self, prefix: &str, now_ms: i64) -> Result<bool, StoreError> {
        Ok(self.tables().revoke(now_ms, |key| key.prefix == prefix))
    }

    fn revoke_key(&self, owner: UserId, id: i64, now_ms: i64) -> Result<bool, StoreError> {
        Ok(self.tables().revoke(now_ms, |key| key.owner == owner && key.id == id))
    }
}

impl TokenCounts for Memory {
    fn take_token(&self, key: i64, day: i64, limit: u32) -> Result<Option<u32>, StoreError> {
        let mut tables = self.tables();
        let taken = tables.minted.entry((key, day)).or_default();
        if *taken >= limit {
            return Ok(None);
        }
        *taken += 1;
        Ok(Some(*taken))
    }

    fn taken_tokens(&self, key: i64, day: i64) -> Result<u32, StoreError> {
        Ok(self.tables().minted.get(&(key, day)).copied().unwrap_or_default())
    }
}

impl Videos for Memory {
    fn video(&self, id: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        Ok(self.tables().videos.iter().find(|video| video.id == id || video.uuid == id).cloned())
    }

    fn video_of_job(&self, job: &str) -> Result<Option<Arc<VideoRow>>, StoreError> {
        Ok(self.tables().videos.iter().find(|video| video.job == job).cloned())
    }

    fn videos_of(&self, owner: UserId) -> Result<Vec<Arc<VideoRow>>, StoreError> {
        let mut videos: Vec<_> = self.tables().videos.iter().filter(|video| video.owner == owner).cloned().collect();
        videos.sort_by(|one, other| (other.created_at, &one.id).cmp(&(one.created_at, &other.id)));
        Ok(videos)
    }

    fn put_video(&self, video: VideoRow) -> Result<(), StoreError> {
        let mut tables = self.tables();
        if tables.videos.iter().all(|known| known.id != video.id) {
            tables.videos.push(Arc::new(video));
        }
        Ok(())
    }
}
