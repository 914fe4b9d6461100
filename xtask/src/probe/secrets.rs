//! What must not be printed.

/// Longest word that is printed whole: no key and no token is as short.
const WORD: usize = 24;
/// What is left of a longer one.
const STUMP: usize = 4;
/// Longest text that is printed.
const TEXT: usize = 200;

/// The keys and the tokens that the probe has to do with.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn add(&mut self, secret: &str) {
        if !secret.is_empty() {
            self.0.push(secret.to_owned());
        }
    }

    /// A text from outside, fit to be printed: without the secrets, without any word that could be one, without queries,
    /// which hold signatures, and without control characters, which terminals obey.
    pub(super) fn clean(&self, text: &str) -> String {
        let text = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"));
        let (mut clean, mut word) = (String::new(), String::new());
        for character in text.chars().map(|character| if character.is_control() { ' ' } else { character }).chain([' '])
        {
            if character.is_alphanumeric() || matches!(character, '_' | '-' | '%' | '+' | '=') {
                word.push(character);
                continue;
            }
            if word.chars().count() > WORD {
                word = word.chars().take(STUMP).chain(['…']).collect();
            }
            clean.push_str(&word);
            clean.push(character);
            word.clear();
        }
        let clean = clean.trim();
        if clean.chars().count() > TEXT { clean.chars().take(TEXT).chain(['…']).collect() } else { clean.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_known_secret_nor_what_could_be_one_is_left() {
        let mut secrets = Secrets::default();
        secrets.add("short.secret");
        secrets.add("");
        assert_eq!(secrets.clean("see short.secret and\u{1b}[31m vid_clear"), "see … and [31m vid_clear");
        let token =
            ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJzdWIiOiJ2aWRfY2xlYXIiLCJqb2IiOiIxIn0", &"s".repeat(43)];
        assert_eq!(secrets.clean(&format!("/manifest/{}", token.join("."))), "/manifest/eyJh….eyJz….ssss…");
        assert_eq!(secrets.clean("ak_live_7c1b1865ed225cf47377e7d21fdec972"), "ak_l…");
        assert_eq!(secrets.clean(&"ab ".repeat(100)).chars().count(), TEXT + 1);
    }
}
