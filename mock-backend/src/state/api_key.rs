//! API keys before they are stored: what they may do, and how they are made.

use serde::{Deserialize, Serialize};

/// Most active keys that a user can have (API page, "Keys").
pub const MAX_ACTIVE_KEYS: usize = 10;

/// What a key may do.
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
    /// When it stops working, in Unix milliseconds by the mock's clock; never, where there is none.
    pub expires_at_ms: Option<i64>,
    /// Tokens a UTC day; the backend's default, where there is none.
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
pub(crate) fn generate() -> String {
    format!("ak_test_{}", hex::encode(crate::random::bytes::<16>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ansdev_player::api::ApiKey;

    #[test]
    fn a_generated_key_has_the_contracts_form() {
        let key = generate();
        ApiKey::parse(&key).unwrap();
        assert_ne!(key, generate());
    }

    #[test]
    fn scopes_are_written_as_the_contract_names_them() {
        for scope in Scope::ALL {
            assert_eq!(serde_json::to_string(&scope).unwrap(), format!("\"{}\"", scope.as_str()));
        }
    }
}
