//! How many tokens a key may still mint today (API page, "Playback tokens").

use serde::{Deserialize, Serialize};

/// Header with the number of tokens a key may mint in a UTC day.
pub const LIMIT_HEADER: &str = "X-RateLimit-Limit";
/// Header with the number of tokens left today.
pub const REMAINING_HEADER: &str = "X-RateLimit-Remaining";
/// Header with the end of the UTC day, in seconds since the Unix epoch.
pub const RESET_HEADER: &str = "X-RateLimit-Reset";

/// The day's tokens of one key, as every answer of the mint route tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Quota {
    /// Tokens that the key may mint in a UTC day.
    pub limit: u32,
    /// Tokens left today.
    pub remaining: u32,
    /// When the day's count starts again, in seconds since the Unix epoch, by the server's clock.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub reset: u64,
}

impl Quota {
    /// Tokens that a key may mint in a UTC day unless support set another number.
    pub const DEFAULT_LIMIT: u32 = 1000;

    /// Reads the three headers; `header` looks one up by name.
    ///
    /// `None` where one is missing or not a whole number: an answer without a quota is no error, it only tells
    /// nothing.
    pub fn from_headers(header: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Self {
            limit: header(LIMIT_HEADER)?.trim_ascii().parse().ok()?,
            remaining: header(REMAINING_HEADER)?.trim_ascii().parse().ok()?,
            reset: header(RESET_HEADER)?.trim_ascii().parse().ok()?,
        })
    }

    /// Whether so few are left that none should be spent ahead of need: 5 % of the limit or less.
    pub fn is_low(&self) -> bool {
        u64::from(self.remaining) * 20 <= u64::from(self.limit)
    }

    /// Whether none is left.
    pub fn is_exceeded(&self) -> bool {
        self.remaining == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(limit: &str, remaining: &str, reset: &str) -> Option<Quota> {
        Quota::from_headers(|name| {
            let value = match name {
                LIMIT_HEADER => limit,
                REMAINING_HEADER => remaining,
                RESET_HEADER => reset,
                _ => panic!("asked for {name}"),
            };
            (value != "missing").then(|| value.to_owned())
        })
    }

    #[test]
    fn the_three_headers_are_read() {
        let quota = Quota { limit: 1000, remaining: 993, reset: 1_790_000_000 };
        assert_eq!(read("1000", "993", "1790000000"), Some(quota));
        assert_eq!(read(" 1000 ", "993", "1790000000"), Some(quota));
    }

    #[test]
    fn ignores_a_missing_or_malformed_header() {
        for bad in ["missing", "", "-1", "1.5", "many", "99999999999999999999999"] {
            assert_eq!(read(bad, "993", "1790000000"), None, "{bad}");
            assert_eq!(read("1000", bad, "1790000000"), None, "{bad}");
            assert_eq!(read("1000", "993", bad), None, "{bad}");
        }
    }

    #[test]
    fn five_percent_left_is_low_and_none_is_exceeded() {
        let left = |remaining| Quota { limit: 1000, remaining, reset: 0 };
        assert!(!left(51).is_low());
        assert!(left(50).is_low());
        assert!(left(0).is_low() && left(0).is_exceeded());
        assert!(!left(1).is_exceeded());
        assert!(Quota { limit: u32::MAX, remaining: 1, reset: 0 }.is_low());
    }
}
