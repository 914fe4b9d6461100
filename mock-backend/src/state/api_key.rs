//! API keys before they are stored: what they may do, and how they are made.

use ansdev_player::api::ApiKey;
use serde::{Deserialize, Serialize};

use super::random::Random;

/// Most active keys that a user can have (API page, "Keys").
pub const MAX_ACTIVE_KEYS: usize = 10;

/// What a key may do.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Scope {
    /// List, get, mint: the only scope that is generally available.
    #[serde(rename = "video:read")]
    VideoRead,
    /// On the roadmap: accepted by the API, hidden from the dashboard.
    #[serde(rename = "vault:read")]
    VaultRead,
    /// On the roadmap.
    #[serde(rename = "vault:write")]
    VaultWrite,
    /// On the roadmap.
    #[serde(rename = "ai:compute")]
    AiCompute,
    /// On the roadmap.
    #[serde(rename = "billing:read")]
    BillingRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] = [Self::VideoRead, Self::VaultRead, Self::VaultWrite, Self::AiCompute, Self::BillingRead];

    /// The scope as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VideoRead => "video:read",
            Self::VaultRead => "vault:read",
            Self::VaultWrite => "vault:write",
            Self::AiCompute => "ai:compute",
            Self::BillingRead => "billing:read",
        }
    }
}

/// What a new key shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySpec {
    /// What its user calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it expires, in Unix milliseconds by the mock's clock; `None` is never.
    pub expires_at_ms: Option<i64>,
    /// Tokens a UTC day; `None` is the backend's default.
    pub quota: Option<u32>,
}

impl Default for KeySpec {
    fn default() -> Self {
        Self { name: "Unnamed key".to_owned(), scopes: vec![Scope::VideoRead], expires_at_ms: None, quota: None }
    }
}

impl KeySpec {
    /// The key that a mock has from the start.
    pub(crate) fn of_seed() -> Self {
        Self { name: "Seed".to_owned(), ..Self::default() }
    }

    pub(crate) fn scopes_text(&self) -> String {
        self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// A new key's text: of the kind for tests, because that is what a mock is for.
pub(super) fn generate(random: &Random) -> String {
    format!("ak_test_{}", hex::encode(random.bytes::<16>()))
}

/// A new key's text whose prefix is not taken. Prefixes hold 16 random bits; a user with very many keys gets one that
/// is taken all the same.
pub(super) fn generate_unlike(random: &Random, mut is_taken: impl FnMut(&str) -> bool) -> String {
    let mut texts = std::iter::repeat_with(|| generate(random));
    let unlike = texts.by_ref().take(100).find(|text| !is_taken(&text[..ApiKey::PREFIX_LENGTH]));
    unlike.unwrap_or_else(|| generate(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_key_has_the_contracts_form() {
        let random = Random::default();
        let key = generate(&random);
        ApiKey::parse(&key).unwrap();
        assert_ne!(key, generate(&random));
    }

    #[test]
    fn scopes_are_written_as_the_contract_names_them() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_string(&scope).unwrap(), format!("\"{}\"", scope.as_str()));
        }
    }
}
