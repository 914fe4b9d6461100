//! Takes keys and tokens out of texts that are logged or kept.

use ansdev_player::api::ApiKey;

/// Characters of a token that stay: enough to tell two journals apart, too few to be of use.
const TOKEN_SHOWN: usize = 8;
/// Words up to this length are no tokens.
const WORD_LENGTH: usize = 64;

/// The text with every API key cut to its prefix, and every token, or other overlong word, to its first characters.
pub(crate) fn redact(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        push_word(&mut redacted, word);
        let separators = after.find(is_word).unwrap_or(after.len());
        redacted.push_str(&after[..separators]);
        rest = &after[separators..];
    }
    redacted
}

fn push_word(redacted: &mut String, word: &str) {
    // A key or a token may stand in the middle: of an address, or of a method, that somebody put together wrongly.
    let secret = |start: &str, shown: usize| word.find(start).map(|at| at + shown);
    let keys = ApiKey::KINDS.iter().filter_map(|kind| secret(kind, ApiKey::PREFIX_LENGTH));
    let overlong = (word.len() > WORD_LENGTH).then_some(TOKEN_SHOWN);
    match keys.chain(secret("eyJ", TOKEN_SHOWN)).chain(overlong).min().and_then(|shown| word.get(..shown)) {
        Some(start) if start.len() < word.len() => {
            redacted.push_str(start);
            redacted.push('…');
        }
        _ => redacted.push_str(word),
    }
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
            ("token.eyJhbGciOiJI.eyJzdWIi", "token.eyJhbGci…"),
            ("ak_live_", "ak_live_"),
            ("", ""),
            ("é/é", "é/é"),
        ] {
            assert_eq!(redact(text), shown);
        }
        assert_eq!(redact(&"x".repeat(65)), "xxxxxxxx…");
    }
}
