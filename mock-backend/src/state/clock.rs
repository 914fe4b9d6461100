//! The mock's clock: the system's, and an offset that a test can move. Tokens, keys, quotas and the processing of
//! videos use it, so a test does not wait for five minutes or a UTC day.

use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds in a UTC day.
const DAY_MS: i64 = 86_400_000;

/// How far the clock can be from where it started, in milliseconds: a hundred years, which keeps every date writable.
const FURTHEST_MS: i64 = 100 * 365 * DAY_MS;

/// Milliseconds since the Unix epoch, by a clock that can be moved.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// The fixed time, if it does not follow the system's clock.
    standing_ms: Option<i64>,
    offset_ms: AtomicI64,
}

impl Clock {
    /// A clock that only moves when it is advanced.
    pub(crate) fn standing_at(ms: i64) -> Self {
        Self { standing_ms: Some(ms), offset_ms: AtomicI64::default() }
    }

    /// Now, in milliseconds since the Unix epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        self.standing_ms.unwrap_or_else(system_ms).saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Moves the clock by so many milliseconds, forwards or backwards; it stops a hundred years from now.
    pub(crate) fn advance_ms(&self, milliseconds: i64) {
        let moved = |offset: i64| offset.saturating_add(milliseconds).clamp(-FURTHEST_MS, FURTHEST_MS);
        self.offset_ms.update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }

    /// Back to where it started: the system's time, or where it stands.
    pub(crate) fn reset(&self) {
        self.offset_ms.store(0, Ordering::Relaxed);
    }
}

/// The system's time, in milliseconds since the Unix epoch.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn system_ms() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// The host's time, in milliseconds since the Unix epoch.
#[cfg(target_arch = "wasm32")]
pub(crate) fn system_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// The UTC day of a moment, counted from the Unix epoch.
pub(crate) fn utc_day(now_ms: i64) -> i64 {
    now_ms.div_euclid(DAY_MS)
}

/// The end of a moment's UTC day, in seconds since the Unix epoch.
pub(crate) fn end_of_utc_day(now_ms: i64) -> i64 {
    (utc_day(now_ms) + 1) * (DAY_MS / 1000)
}

/// A moment as RFC 3339 text.
pub(crate) fn rfc3339(ms: i64) -> String {
    // The clamp of `advance_ms` keeps every moment of the mock far inside what a timestamp can hold.
    jiff::Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_midnight_utc() {
        // 2026-01-02T23:59:59.999Z and the millisecond after it.
        let last = 1_767_398_399_999;
        assert_eq!(end_of_utc_day(last), 1_767_398_400);
        assert_eq!(end_of_utc_day(last + 1), 1_767_398_400 + 86_400);
        assert_eq!(utc_day(last) + 1, utc_day(last + 1));
        assert_eq!(rfc3339(last), "2026-01-02T23:59:59.999Z");
    }

    #[test]
    fn it_moves_and_comes_back() {
        let clock = Clock::default();
        let before = clock.now_ms();
        clock.advance_ms(3_600_000);
        assert!(clock.now_ms() >= before + 3_600_000);
        clock.advance_ms(i64::MAX);
        clock.advance_ms(i64::MAX);
        assert!(clock.now_ms() < before + 2 * FURTHEST_MS);
        clock.reset();
        assert!(clock.now_ms() < before + 3_600_000);
    }
}
