//! Playback tokens: JWTs signed with HS256, which expire by the mock's clock.

use ansdev_player::api::ErrorCode;
use ansdev_player::api::token::Claims;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

use crate::answer::Failure;
use crate::hs256;

/// Signs tokens, and checks them.
pub(crate) struct Tokens {
    header: Header,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    life_seconds: u32,
}

impl Tokens {
    pub(crate) fn new(secret: &[u8; 32], life_seconds: u32) -> Self {
        hs256::install();
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would look at the system's clock; ours can be moved.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Self {
            header: Header::new(Algorithm::HS256),
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
            validation,
            life_seconds,
        }
    }

    /// Seconds that a token lives.
    pub(crate) fn life_seconds(&self) -> u32 {
        self.life_seconds
    }

    /// A token for one video.
    pub(crate) fn issue(&self, video: &str, job: &str, now_ms: i64) -> String {
        // JWT times are whole seconds: rounded up, so that a token never lives shorter than its `expiresIn` says.
        let now = now_ms.max(0).cast_unsigned();
        self.sign(&Claims {
            sub: video.to_owned(),
            job: job.to_owned(),
            scope: Claims::SCOPE.to_owned(),
            iat: now / 1000,
            exp: now.div_ceil(1000) + u64::from(self.life_seconds),
        })
    }

    fn sign(&self, claims: &Claims) -> String {
        jsonwebtoken::encode(&self.header, claims, &self.signing).expect("claims of text and numbers can be signed")
    }

    /// What a token says, if it can be believed and is still alive.
    ///
    /// # Errors
    /// `PLAYBACK_TOKEN_INVALID` where it is malformed, tampered with or has another scope; `PLAYBACK_TOKEN_EXPIRED`.
    pub(crate) fn check(&self, token: &str, now_ms: i64) -> Result<Claims, Failure> {
        let invalid = || {
            Failure::catalogued(
                ErrorCode::PlaybackTokenInvalid,
                "The playback token is not one of ours; expected the `token` of a playback-token answer, unchanged.",
            )
        };
        let claims =
            jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation).map_err(|_| invalid())?.claims;
        if claims.scope != Claims::SCOPE {
            return Err(invalid());
        }
        if now_ms.max(0).cast_unsigned() >= claims.exp * 1000 {
            return Err(Failure::catalogued(
                ErrorCode::PlaybackTokenExpired,
                "The playback token has expired; mint another one.",
            ));
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    const NOW: i64 = 1_767_225_600_500;

    fn tokens() -> Tokens {
        Tokens::new(&[3; 32], 6)
    }

    fn status(result: Result<Claims, Failure>) -> (StatusCode, bool) {
        let failure = result.unwrap_err();
        (failure.status(), failure.message().contains("expired"))
    }

    #[test]
    fn a_token_lives_at_least_its_life_and_under_a_second_more() {
        let token = tokens().issue("vid_a", "job_a", NOW);
        let claims = tokens().check(&token, NOW + 6000).unwrap();
        assert_eq!((claims.sub.as_str(), claims.job.as_str()), ("vid_a", "job_a"));
        assert_eq!(status(tokens().check(&token, NOW + 7000)), (StatusCode::UNAUTHORIZED, true));
    }

    #[test]
    fn a_changed_token_is_invalid() {
        let token = tokens().issue("vid_a", "job_a", NOW);
        for position in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(status(tokens().check(&changed, NOW)), (StatusCode::UNAUTHORIZED, false), "{position}");
        }
        for text in ["", ".", "..", "a.b.c", "é", &"x".repeat(100_000)] {
            assert_eq!(status(tokens().check(text, NOW)), (StatusCode::UNAUTHORIZED, false));
        }
    }

    #[test]
    fn another_scope_another_algorithm_and_another_secret_are_invalid() {
        let claims = |scope: &str| Claims {
            sub: "vid_a".into(),
            job: "job_a".into(),
            scope: scope.into(),
            iat: 0,
            exp: 99_999_999_999,
        };
        assert!(tokens().check(&tokens().sign(&claims("playback")), NOW).is_ok());
        let download = tokens().sign(&claims("download"));
        let foreign = Tokens::new(&[4; 32], 6).sign(&claims("playback"));
        // The first of them, signed with the same secret.
        let hs384 = concat!(
            "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzM4NCJ9.",
            "eyJzdWIiOiJ2aWRfYSIsImpvYiI6ImpvYl9hIiwic2NvcGUiOiJwbGF5YmFjayIsImlhdCI6MCwiZXhwIjo5OTk5OTk5OTk5OX0.",
            "ga0dbzDdLA-YA88gdhzHCpBUFPNtrv9NW0ESRPxGFpVxTNWtPgzyWPAaNJIA36Xy",
        )
        .to_owned();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", download.split('.').nth(1).unwrap());
        for token in [download, foreign, hs384, unsigned] {
            assert_eq!(status(tokens().check(&token, NOW)), (StatusCode::UNAUTHORIZED, false));
        }
    }
}
