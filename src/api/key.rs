//! API keys: their format, their public prefix, and a holder that wipes them.
//!
//! A key is `ak_live_` or `ak_test_` and 32 hexadecimal digits, 40 characters in all; after its creation only the
//! first 12 characters identify it (API page, "Keys").

use core::fmt;

use zeroize::Zeroizing;

/// An API key, held in one heap allocation that is wiped when it is dropped.
///
/// `Debug` shows the prefix alone. There is no `Display`, no `Clone` and no serialisation.
///
/// ```
/// use ansdev_player::api::ApiKey;
///
/// let key = ApiKey::parse("ak_live_7c1b1865ed225cf47377e7d21fdec972").unwrap();
/// assert_eq!(key.prefix(), "ak_live_7c1b");
/// assert_eq!(format!("{key:?}"), "ApiKey(ak_live_7c1b…)");
/// ```
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Characters in a key: the kind (`ak_live_`) and the digits.
    pub const LENGTH: usize = 40;
    /// Characters of the public prefix, by which a key is known after its creation.
    pub const PREFIX_LENGTH: usize = 12;
    /// What a key can start with: keys for production, and keys for tests.
    pub const KINDS: [&str; 2] = ["ak_live_", "ak_test_"];

    /// Takes a copy of `text`, which must be a whole key and nothing else.
    ///
    /// # Errors
    /// [`KeyFormatError`] says what is wrong, and never repeats any part of the text.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, KeyFormatError> {
        let text = text.as_ref();
        if text.is_empty() {
            return Err(KeyFormatError::Empty);
        }
        if text.first().is_some_and(u8::is_ascii_whitespace) || text.last().is_some_and(u8::is_ascii_whitespace) {
            return Err(KeyFormatError::Whitespace);
        }
        let digits =
            Self::KINDS.iter().find_map(|kind| text.strip_prefix(kind.as_bytes())).ok_or(KeyFormatError::Prefix)?;
        if text.len() != Self::LENGTH {
            return Err(KeyFormatError::Length { found: text.len() });
        }
        if let Some(offset) = digits.iter().position(|digit| !digit.is_ascii_hexdigit()) {
            return Err(KeyFormatError::Digit { position: text.len() - digits.len() + offset + 1 });
        }
        // As large as it will be before it is filled: growing would leave a copy behind.
        let mut held = Zeroizing::new(String::with_capacity(Self::LENGTH));
        // Every byte was checked to be ASCII.
        held.extend(text.iter().copied().map(char::from));
        Ok(Self(held))
    }

    /// The first 12 characters, which may be shown.
    pub fn prefix(&self) -> &str {
        self.expose().get(..Self::PREFIX_LENGTH).unwrap_or_default()
    }

    /// The whole key, for the request header and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}…)", self.prefix())
    }
}

/// Why a text is not an API key. The text itself is never part of the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFormatError {
    /// Nothing was given.
    Empty,
    /// White space before or after it, for example after copying it from a page.
    Whitespace,
    /// It starts with neither `ak_live_` nor `ak_test_`.
    Prefix,
    /// Not 40 characters.
    Length {
        /// Bytes given.
        found: usize,
    },
    /// Something other than a hexadecimal digit after the prefix.
    Digit {
        /// Which character it is, counted from 1.
        position: usize,
    },
}

impl KeyFormatError {
    /// What is wrong with the key, and what was expected.
    pub fn message(self) -> String {
        let wrong = match self {
            Self::Empty => "is empty".to_owned(),
            Self::Whitespace => "has white space around it".to_owned(),
            Self::Prefix => "does not start with ak_live_ or ak_test_".to_owned(),
            Self::Length { found } => ["has ", &found.to_string(), " characters"].concat(),
            Self::Digit { position } => {
                ["has a character that is not hexadecimal at position ", &position.to_string()].concat()
            }
        };
        let expected = "; expected ak_live_ or ak_test_ and 32 hexadecimal digits, 40 characters in all";
        ["The API key ", &wrong, expected].concat()
    }
}

impl fmt::Display for KeyFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for KeyFormatError {}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ak_live_7c1b1865ed225cf47377e7d21fdec972";

    #[test]
    fn keys_of_both_kinds_are_accepted() {
        for key in [KEY, "ak_test_7c1b1865ed225cf47377e7d21fdec972", "ak_test_7C1B1865ED225CF47377E7D21FDEC972"] {
            let parsed = ApiKey::parse(key).unwrap();
            assert_eq!(parsed.expose(), key);
            assert_eq!(parsed.prefix(), &key[..12]);
        }
    }

    #[test]
    fn the_error_names_the_mistake() {
        for (text, error) in [
            ("", KeyFormatError::Empty),
            (" ak_live_7c1b1865ed225cf47377e7d21fdec972", KeyFormatError::Whitespace),
            ("ak_live_7c1b1865ed225cf47377e7d21fdec972\n", KeyFormatError::Whitespace),
            ("sk_live_7c1b1865ed225cf47377e7d21fdec972", KeyFormatError::Prefix),
            ("AK_LIVE_7c1b1865ed225cf47377e7d21fdec972", KeyFormatError::Prefix),
            ("ak_live_", KeyFormatError::Length { found: 8 }),
            ("ak_live_7c1b1865ed225cf47377e7d21fdec97", KeyFormatError::Length { found: 39 }),
            ("ak_live_7c1b1865ed225cf47377e7d21fdec9721", KeyFormatError::Length { found: 41 }),
            ("ak_live_7c1b1865ed225cf47377e7d21fdec97g", KeyFormatError::Digit { position: 40 }),
            ("ak_live_-c1b1865ed225cf47377e7d21fdec972", KeyFormatError::Digit { position: 9 }),
            ("ak_live_7c1b1865ed225cf47377e7d21fdec9é", KeyFormatError::Digit { position: 39 }),
        ] {
            assert_eq!(ApiKey::parse(text).unwrap_err(), error, "{text:?}");
        }
    }

    #[test]
    fn neither_debug_nor_an_error_repeats_the_key() {
        let shown = format!("{:?}", ApiKey::parse(KEY).unwrap());
        assert_eq!(shown, "ApiKey(ak_live_7c1b…)");
        let shown = ApiKey::parse(format!("{KEY}0")).unwrap_err().to_string();
        assert!(!shown.contains("7c1b"), "{shown}");
        assert_eq!(
            shown,
            "The API key has 41 characters; expected ak_live_ or ak_test_ and 32 hexadecimal digits, 40 characters in all"
        );
    }
}
