//! What a fresh mock holds: a user, a key, and videos of every kind. Their ids never change.

use ansdev_player::api::VideoStatus;

use super::content_key;
use super::random::Random;
use super::store::{Store, StoreError, UserId, VideoRow};

/// 24 s, encrypted; a new key URI every two segments, so it needs a valid token to its very end.
pub const ROTATING_KEYS: &str = "vid_rotating_keys";
/// 24 s, encrypted; one key URI, and an IV in the playlist.
pub const SINGLE_KEY: &str = "vid_single_key";
/// The internal UUID of the same video, which the API takes as well.
pub const SINGLE_KEY_UUID: &str = "3f0f8c1e-0a55-4f39-9c53-967d0da8ba0b";
/// 24 s, not encrypted.
pub const CLEAR: &str = "vid_clear";
/// 24 s, encrypted; a master playlist with two renditions.
pub const TWO_RENDITIONS: &str = "vid_two_renditions";
/// Two hours, encrypted; a new key URI every minute.
pub const TWO_HOURS: &str = "vid_two_hours";
/// Ten minutes, encrypted; a new key URI every two segments.
pub const TEN_MINUTES: &str = "vid_ten_minutes";
/// In the making: one stage a minute, `COMPLETED` after six minutes of the mock's clock.
pub const IN_THE_MAKING: &str = "vid_in_the_making";
/// In the making: one stage a minute, `FAILED` after five minutes of the mock's clock.
pub const FAILING: &str = "vid_failing";
/// 24 s, encrypted; its AES key is damaged, so the key routes answer `KEY_DECRYPT_FAILED`.
pub const DAMAGED_KEY: &str = "vid_damaged_key";
/// 24 s, encrypted, one key URI; its playlist lies on the CDN, as Ansdev publishes it: the API redirects to
/// `master.m3u8`, whose segments are named relative to it.
pub const ON_CDN: &str = "vid_on_cdn";
/// 24 s, encrypted, a new key URI every two segments; a master playlist with two renditions, all on the CDN.
pub const TWO_ON_CDN: &str = "vid_two_on_cdn";
/// Another user's.
pub const OTHER_OWNER: &str = "vid_other_owner";

/// The user whom the seed's key and videos belong to, and as whom the dashboard logs in.
pub(crate) const USER: &str = "demo";
const OTHER_USER: &str = "somebody else";

/// Milliseconds that a video spends in each stage of its making.
const STAGE_MS: i64 = 60_000;
/// Segments of the film.
const FILM: u32 = 12;

/// What a fresh mock holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(clap::ValueEnum))]
pub enum Seed {
    /// A user, a key, and a video of every kind.
    #[default]
    Demo,
    /// A user and a key.
    Empty,
}

impl Seed {
    /// Puts the seed's users and videos into the store; what is there already stays. The answer is the key's owner.
    pub(crate) fn write(self, store: &dyn Store, random: &Random, now_ms: i64) -> Result<UserId, StoreError> {
        let user = store.user(USER)?;
        if self == Self::Demo {
            let wrapping = store.secrets()?.wrapping;
            for (video, age) in videos(user, store.user(OTHER_USER)?, &wrapping, random).into_iter().zip(0..) {
                // A millisecond apart, so that the list, newest first, keeps this order.
                let created_at = now_ms - age;
                let settled_at = match video.settled_at {
                    VideoRow::ALWAYS => VideoRow::ALWAYS,
                    after => created_at + after,
                };
                store.put_video(VideoRow { created_at, settled_at, ..video })?;
            }
        }
        Ok(user)
    }
}

/// The videos in the list's order. Their `settled_at` counts from their creation, where it is a time at all.
fn videos(user: UserId, other: UserId, wrapping: &[u8; 32], random: &Random) -> Vec<VideoRow> {
    let film = |id: &str, title: &str| VideoRow {
        id: id.to_owned(),
        uuid: format!("3f0f8c1e-0a55-4f39-9c53-{}", hex::encode(&digest(id)[..6])),
        owner: user,
        title: title.to_owned(),
        job: id.replacen("vid_", "job_", 1),
        created_at: 0,
        settled_at: VideoRow::ALWAYS,
        outcome: VideoStatus::Completed,
        renditions: "720p".to_owned(),
        segments: FILM,
        wrapped_key: Some(content_key::generate_wrapped(wrapping, random)),
        segments_per_key_uri: None,
        iv: None,
        on_cdn: false,
    };
    let damaged = |mut wrapped: Vec<u8>| {
        wrapped[0] ^= 1;
        wrapped
    };
    let making = film(IN_THE_MAKING, "In the making");
    let damaged_key = film(DAMAGED_KEY, "Its key cannot be decrypted");
    vec![
        VideoRow { segments_per_key_uri: Some(2), ..film(ROTATING_KEYS, "A key URI every four seconds") },
        VideoRow { iv: Some(*b"an IV is no key!"), ..film(SINGLE_KEY, "One key for all of it") },
        VideoRow { wrapped_key: None, ..film(CLEAR, "Not encrypted") },
        VideoRow {
            renditions: "720p 480p".to_owned(),
            segments_per_key_uri: Some(2),
            ..film(TWO_RENDITIONS, "Two renditions")
        },
        VideoRow { segments: FILM * 300, segments_per_key_uri: Some(30), ..film(TWO_HOURS, "Two hours") },
        VideoRow { segments: FILM * 25, segments_per_key_uri: Some(2), ..film(TEN_MINUTES, "Ten minutes") },
        VideoRow { settled_at: 6 * STAGE_MS, ..making },
        VideoRow { settled_at: 5 * STAGE_MS, outcome: VideoStatus::Failed, ..film(FAILING, "Will fail") },
        VideoRow { wrapped_key: damaged_key.wrapped_key.clone().map(damaged), ..damaged_key },
        VideoRow { on_cdn: true, ..film(ON_CDN, "Playlist on the CDN") },
        VideoRow {
            renditions: "720p 480p".to_owned(),
            segments_per_key_uri: Some(2),
            on_cdn: true,
            ..film(TWO_ON_CDN, "Two renditions on the CDN")
        },
        VideoRow { owner: other, ..film(OTHER_OWNER, "Another user's") },
    ]
}

/// Stable bytes of an id, for its UUID.
fn digest(id: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(id.as_bytes()).into()
}
