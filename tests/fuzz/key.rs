//! API keys: a text is one, or the error says truly why not, and repeats nothing of it.

use ansdev_player::api::ApiKey;
use ansdev_player::api::key::KeyFormatError;
use bolero::check;

use crate::near_miss::near_miss;

const KEYS: [&str; 3] = [
    "ak_live_7c1b1865ed225cf47377e7d21fdec972",
    "ak_test_94b1e0c2d57f4a68835c6de0217f9ba3",
    "ak_live_ABCDEFabcdef0123456789ABCDEFabcd",
];

/// Every message there is, without its numbers. One that held anything of the text would be none of these.
const MESSAGES: [&str; 5] = [
    "The API key is empty; expected ak_live_ or ak_test_ and  hexadecimal digits,  characters in all",
    "The API key has white space around it; expected ak_live_ or ak_test_ and  hexadecimal digits,  characters in all",
    "The API key does not start with ak_live_ or ak_test_; \
     expected ak_live_ or ak_test_ and  hexadecimal digits,  characters in all",
    "The API key has  characters; expected ak_live_ or ak_test_ and  hexadecimal digits,  characters in all",
    "The API key has a character that is not hexadecimal at position ; \
     expected ak_live_ or ak_test_ and  hexadecimal digits,  characters in all",
];

#[test]
fn key() {
    check!(name = "key").for_each(|input: &[u8]| {
        holds(input);
        holds(&near_miss(&KEYS, input));
    });
}

fn holds(text: &[u8]) {
    let shown = String::from_utf8_lossy(text);
    match ApiKey::parse(text) {
        Ok(key) => {
            assert!(is_key(text), "{shown:?} was taken");
            assert_eq!(key.expose().as_bytes(), text);
            assert_eq!(key.prefix().as_bytes(), &text[..12]);
            assert_eq!(format!("{key:?}"), format!("ApiKey({}…)", &shown[..12]));
        }
        Err(error) => {
            assert!(!is_key(text), "{shown:?} was refused: {error}");
            assert!(is_true(error, text), "{shown:?}: {error}");
            let message: String = error.to_string().chars().filter(|c| !c.is_ascii_digit()).collect();
            assert!(MESSAGES.contains(&message.as_str()), "{message}");
        }
    }
}

/// `ak_live_` or `ak_test_` and 32 hexadecimal digits (API page, "Keys").
fn is_key(text: &[u8]) -> bool {
    text.len() == 40
        && (text.starts_with(b"ak_live_") || text.starts_with(b"ak_test_"))
        && text[8..].iter().all(|byte| b"0123456789abcdefABCDEF".contains(byte))
}

/// Whether an error says the truth.
fn is_true(error: KeyFormatError, text: &[u8]) -> bool {
    let has_prefix = text.starts_with(b"ak_live_") || text.starts_with(b"ak_test_");
    match error {
        KeyFormatError::Empty => text.is_empty(),
        KeyFormatError::Whitespace => text.trim_ascii().len() < text.len(),
        KeyFormatError::Prefix => !has_prefix,
        KeyFormatError::Length { found } => has_prefix && found == text.len() && found != 40,
        KeyFormatError::Digit { position } => {
            let (before, from) = text.split_at(position - 1);
            has_prefix && before[8..].iter().all(u8::is_ascii_hexdigit) && !from[0].is_ascii_hexdigit()
        }
        _ => false,
    }
}
