//! Removes keys and tokens from texts that are logged or kept, however they are escaped.

use std::ops::Range;

use ansdev_player::api::ApiKey;

/// Characters of a token that stay: enough to tell two journals apart, too few to be of use.
const TOKEN_SHOWN: usize = 8;
/// Maximum length of a word that is certainly no token.
const WORD_LENGTH: usize = 64;

/// A byte as it is meant, and where it stands in the text: `%5f`, and `%255f`, are one.
struct Unit {
    byte: u8,
    at: Range<usize>,
}

/// The text with every API key cut to its prefix, and every token, or other overlong word, to its first characters.
/// A key counts in capitals and behind percent escapes too. Everything else stays as it was written.
pub(crate) fn redact(text: &str) -> String {
    let units = unescaped(text);
    let mut redacted = String::with_capacity(text.len());
    let mut rest = &units[..];
    let mut told = 0;
    while let Some(start) = rest.iter().position(|unit| is_word(unit.byte)) {
        let length = rest[start..].iter().position(|unit| !is_word(unit.byte)).unwrap_or(rest.len() - start);
        let word = &rest[start..start + length];
        rest = &rest[start + length..];
        if let (Some(shown), Some(last)) = (shown_of(word), word.last()) {
            redacted.push_str(&text[told..word[shown - 1].at.end]);
            redacted.push('…');
            told = last.at.end;
        }
    }
    redacted.push_str(&text[told..]);
    redacted
}

/// The bytes that percent escapes stand for; for escapes of escapes too, in one pass.
fn unescaped(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        units.push(Unit { byte, at: at..at + 1 });
        while let [.., Unit { byte: b'%', at }, high, low] = &units[..]
            && let (Some(high), Some(low_digit)) = (digit(high.byte), digit(low.byte))
        {
            let unit = Unit { byte: high * 16 + low_digit, at: at.start..low.at.end };
            units.truncate(units.len() - 3);
            units.push(unit);
        }
    }
    units
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// How many bytes of a word may be shown, where that is not all of it.
fn shown_of(word: &[Unit]) -> Option<usize> {
    // A key or a token may stand in the middle: of an address, or of a method, that somebody put together wrongly.
    let starting = |start: &str, is_same: fn(&u8, &u8) -> bool, shown: usize| {
        let starts = |units: &[Unit]| units.iter().zip(start.as_bytes()).all(|(unit, byte)| is_same(&unit.byte, byte));
        word.windows(start.len()).position(starts).map(|at| at + shown)
    };
    let key = |kind: &&str| starting(kind, u8::eq_ignore_ascii_case, ApiKey::PREFIX_LENGTH);
    let token = starting("eyJ", u8::eq, TOKEN_SHOWN);
    let overlong = (word.len() > WORD_LENGTH).then_some(TOKEN_SHOWN);
    ApiKey::KINDS.iter().filter_map(key).chain(token).chain(overlong).min().filter(|shown| *shown < word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_tokens_are_cut_and_the_rest_stays() {
        for (text, shown) in [
            ("/v1/video/vid_8fk2m9", "/v1/video/vid_8fk2m9"),
            (
                "/v1/video/3f0f8c1e-0a55-4f39-9c53-0b1f0c5a1a11/playback-token",
                "/v1/video/3f0f8c1e-0a55-4f39-9c53-0b1f0c5a1a11/playback-token",
            ),
            ("/v1/video/playback/key/eyJhbGciOiJI.eyJzdWIi.sig-_/job_1", "/v1/video/playback/key/eyJhbGci…/job_1"),
            ("?k=ak_live_7c1b1865ed225cf47377e7d21fdec972&n=2", "?k=ak_live_7c1b…&n=2"),
            ("ak_test_7c1b1865ed225cf47377e7d21fdec972x", "ak_test_7c1b…"),
            ("vid_ak_test_7c1b1865ed225cf47377e7d21fdec972", "vid_ak_test_7c1b…"),
            ("GETak_live_7c1b1865ed225cf47377e7d21fdec972GET /x", "GETak_live_7c1b… /x"),
            ("AK_LIVE_7C1B1865ED225CF47377E7D21FDEC972", "AK_LIVE_7C1B…"),
            ("k=ak%5Flive%5f7c1b%31865ed&n", "k=ak%5Flive%5f7c1b…&n"),
            ("%2561%6b_live_7c1b1865", "%2561%6b_live_7c1b…"),
            ("token.eyJhbGciOiJI.eyJzdWIi", "token.eyJhbGci…"),
            ("ak_live_", "ak_live_"),
            ("a%20b%2Fc%", "a%20b%2Fc%"),
            ("%", "%"),
            ("%%%41", "%%%41"),
            ("", ""),
            ("é/é%C3%A9", "é/é%C3%A9"),
        ] {
            assert_eq!(redact(text), shown);
        }
        assert_eq!(redact(&"x".repeat(65)), "xxxxxxxx…");
        assert_eq!(redact(&"é".repeat(65)), "é".repeat(65));
    }

    #[test]
    fn escapes_of_escapes_take_no_longer_than_they_are_long() {
        let text = format!("%{}61k_live_7c1b1865", "25".repeat(100_000));
        assert!(redact(&text).ends_with("61k_live_7c1b…"));
    }
}
