//! Playback tokens: JWTs signed with HS256, which expire by the mock's clock.

use ansdev_player::api::token::Claims;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

use super::hs256;
use super::store::StoreError;

/// Why a token opens nothing.
#[derive(Debug)]
pub(crate) enum TokenError {
    /// Malformed, tampered with, from before a reset, or of another scope.
    Invalid,
    Expired,
    /// Unknown: the store, which has the secret, failed.
    Store(StoreError),
}

/// Signs tokens, and checks them, with a secret of the store's.
pub(crate) struct Tokens {
    header: Header,
    validation: Validation,
    life_seconds: u32,
}

impl Tokens {
    pub(crate) fn new(life_seconds: u32) -> Self {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would look at the system's clock; ours can be moved.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self { header: Header::new(Algorithm::HS256), validation, life_seconds }
    }

    /// Seconds that a token lives.
    pub(crate) fn life_seconds(&self) -> u32 {
        self.life_seconds
    }

    /// A token for one video.
    pub(super) fn issue(&self, secret: &[u8; 32], video: &str, job: &str, now_ms: i64) -> String {
        // JWT times are whole seconds, and `exp - iat` is the life: both are rounded up, so that a token never lives
        // shorter than its `expiresIn` says.
        let iat = now_ms.max(0).cast_unsigned().div_ceil(1000);
        let claims = Claims {
            sub: video.to_owned(),
            job: job.to_owned(),
            scope: Claims::SCOPE.to_owned(),
            iat,
            exp: iat + u64::from(self.life_seconds),
        };
        self.sign(secret, &claims)
    }

    fn sign(&self, secret: &[u8; 32], claims: &Claims) -> String {
        let key = EncodingKey::from_secret(secret);
        jsonwebtoken::encode(&self.header, claims, &key).expect("claims of text and numbers can be signed")
    }

    /// # Errors
    /// [`TokenError`]
    pub(super) fn check(&self, secret: &[u8; 32], token: &str, now_ms: i64) -> Result<Claims, TokenError> {
        let key = DecodingKey::from_secret(secret);
        let decoded = jsonwebtoken::decode::<Claims>(token, &key, &self.validation);
        let claims = decoded.map_err(|_| TokenError::Invalid)?.claims;
        if claims.scope != Claims::SCOPE {
            return Err(TokenError::Invalid);
        }
        if now_ms.max(0).cast_unsigned() >= claims.exp * 1000 { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_767_225_600_500;
    const SECRET: [u8; 32] = [3; 32];

    fn issued() -> String {
        Tokens::new(6).issue(&SECRET, "vid_a", "job_a", NOW)
    }

    fn signed(secret: &[u8; 32], scope: &str) -> String {
        let (sub, job, scope) = ("vid_a".into(), "job_a".into(), scope.into());
        Tokens::new(6).sign(secret, &Claims { sub, job, scope, iat: 0, exp: 99_999_999_999 })
    }

    fn check(token: &str, now_ms: i64) -> Result<Claims, TokenError> {
        Tokens::new(6).check(&SECRET, token, now_ms)
    }

    /// Whether it is refused as expired, and not as invalid.
    fn is_expired(result: Result<Claims, TokenError>) -> bool {
        matches!(result.unwrap_err(), TokenError::Expired)
    }

    #[test]
    fn a_token_lives_at_least_its_life_and_under_a_second_more() {
        let token = issued();
        let claims = check(&token, NOW + 6000).unwrap();
        assert_eq!((claims.sub.as_str(), claims.job.as_str()), ("vid_a", "job_a"));
        assert!(is_expired(check(&token, NOW + 7000)));
    }

    #[test]
    fn its_end_is_exactly_its_life_after_its_beginning() {
        for now_ms in [NOW, NOW - 500, NOW - 499, NOW + 499, 0, -1] {
            let token = Tokens::new(6).issue(&SECRET, "vid_a", "job_a", now_ms);
            let claims = check(&token, now_ms).unwrap();
            assert_eq!(claims.exp - claims.iat, 6, "{now_ms}");
        }
    }

    #[test]
    fn a_changed_token_is_invalid() {
        let token = issued();
        for position in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(!is_expired(check(&changed, NOW)), "{position}");
        }
        for text in ["", ".", "..", "a.b.c", "é", &"x".repeat(100_000)] {
            assert!(!is_expired(check(text, NOW)));
        }
    }

    #[test]
    fn another_scope_another_algorithm_and_another_secret_are_invalid() {
        assert!(check(&signed(&SECRET, "playback"), NOW).is_ok());
        let download = signed(&SECRET, "download");
        let foreign = signed(&[4; 32], "playback");
        // The first of them, signed with the same secret.
        let hs384 = concat!(
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzM4NCJ9.",
            "eyJzdWIiOiJ2aWRfYSIsImpvYiI6ImpvYl9hIiwic2NvcGUiOiJwbGF5YmFjayIsImlhdCI6MCwiZXhwIjo5OTk5OTk5OTk5OX0.",
            "ga0dbzDdLA-YA88gdhzHCpBUFPNtrv9NW0ESRPxGFpVxTNWtPgzyWPAaNJIA36Xy",
        )
        .to_owned();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", download.split('.').nth(1).unwrap());
        for token in [download, foreign, hs384, unsigned] {
            assert!(!is_expired(check(&token, NOW)));
        }
    }
}
