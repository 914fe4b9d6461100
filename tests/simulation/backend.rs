//! The backend of the virtual world: mints tokens by true time, counts a quota, and has bad days.

use std::collections::HashMap;

use ansdev_player::api::{Error, ErrorCode, PlaybackToken, Quota};
use fastrand::Rng;

use super::world::DAY;

/// What the network and the backend are like for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    Storm,
    Offline,
    /// The key was revoked, and is put back when the weather changes.
    Revoked,
}

/// One answer: when it arrives, and how often.
pub(crate) struct Answer {
    pub(crate) at: u64,
    pub(crate) outcome: Result<PlaybackToken, Error>,
    pub(crate) quota: Option<(Quota, u64)>,
    pub(crate) twice: bool,
}

/// Ansdev, as far as a token session can tell.
pub(crate) struct Backend {
    pub(crate) life_ms: u64,
    pub(crate) weather: Weather,
    limit: u32,
    day: u64,
    minted_today: u32,
    tokens: HashMap<String, u64>,
    last_token: u32,
}

impl Backend {
    pub(crate) fn new(life_ms: u64, limit: u32) -> Self {
        Self { life_ms, weather: Weather::Fine, limit, day: 0, minted_today: 0, tokens: HashMap::new(), last_token: 0 }
    }

    /// Whether the backend accepts the token at that moment.
    pub(crate) fn accepts(&self, token: &str, at: u64) -> bool {
        self.tokens.get(token).is_some_and(|expires_at| at < *expires_at)
    }

    /// When the token expires by the backend's own clock; 0 where it was revoked.
    pub(crate) fn expiry(&self, token: &str) -> u64 {
        self.tokens.get(token).copied().unwrap_or(0)
    }

    /// New signing secret: no token issued so far is accepted any more.
    pub(crate) fn rotate(&mut self) {
        self.tokens.clear();
    }

    /// What a mint request sent at `now` brings; `None` where no answer ever comes.
    pub(crate) fn mint(&mut self, now: u64, rng: &mut Rng) -> Option<Answer> {
        let quick = now + rng.u64(20..300);
        match self.weather {
            Weather::Offline => Some(plain(now + rng.u64(1..50), Err(Error::new(ErrorCode::Network, "")))),
            Weather::Revoked => Some(plain(quick, Err(Error::new(ErrorCode::InvalidApiKey, "").with_status(401)))),
            Weather::Fine => Some(self.issue(now, quick, false)),
            Weather::Storm => match rng.u32(0..10) {
                0 | 1 => None,
                2 => Some(plain(quick, Err(Error::new(ErrorCode::Network, "")))),
                3 => Some(plain(quick, Err(Error::new(ErrorCode::Other("BUSY".into()), "").with_status(503)))),
                4 => {
                    let wait = Some(rng.u64(0..60) * 1_000);
                    let error = Error::new(ErrorCode::Other("BUSY".into()), "").with_status(503);
                    Some(plain(quick, Err(error.with_retry_after_ms(wait))))
                }
                5 => {
                    let expires_in = *rng.choice(&[0.0, -1.0, f64::NAN, f64::INFINITY]).unwrap_or(&0.0);
                    let token = PlaybackToken { token: "rubbish".into(), expires_in, player_url: None };
                    Some(plain(quick, Ok(token)))
                }
                6 => Some(plain(quick, Err(Error::bad_response("").with_status(200)))),
                7 => Some(self.issue(now, now + rng.u64(1_000..12_000), false)),
                8 => Some(self.issue(now, quick, true)),
                _ => Some(self.issue(now, quick, false)),
            },
        }
    }

    fn issue(&mut self, now: u64, at: u64, twice: bool) -> Answer {
        let day = now / DAY;
        if day != self.day {
            (self.day, self.minted_today) = (day, 0);
        }
        let reset_in_ms = (day + 1) * DAY - now;
        let outcome = if self.minted_today >= self.limit {
            let error = Error::new(ErrorCode::RateLimitExceeded, "").with_status(429);
            Err(error.with_retry_after_ms(Some(reset_in_ms)))
        } else {
            self.minted_today += 1;
            self.last_token += 1;
            let token = format!("t{}", self.last_token);
            // Signed on its way: later than it was sent, and earlier than it arrives.
            self.tokens.retain(|_, expires_at| *expires_at > now);
            self.tokens.insert(token.clone(), now + (at - now) / 2 + self.life_ms);
            Ok(PlaybackToken { token, expires_in: self.life_ms as f64 / 1000.0, player_url: None })
        };
        let remaining = self.limit - self.minted_today;
        let quota = Quota { limit: self.limit, remaining, reset: (day + 1) * DAY / 1000 };
        Answer { at, outcome, quota: Some((quota, reset_in_ms)), twice }
    }
}

fn plain(at: u64, outcome: Result<PlaybackToken, Error>) -> Answer {
    Answer { at, outcome, quota: None, twice: false }
}
