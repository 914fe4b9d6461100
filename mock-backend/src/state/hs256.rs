//! HMAC-SHA-256 for `jsonwebtoken`. Its own providers bring RSA and elliptic curves as well, which are not needed here.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use sha2::Sha256;

/// Hands this out to all of the process that signs and checks JWTs.
pub(crate) fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| Ok(Box::new(Hs256::new(*algorithm, key.as_bytes())?)),
        verifier_factory: |algorithm, key| Ok(Box::new(Hs256::new(*algorithm, key.try_get_as_bytes()?)?)),
        key_utils: KeyUtils::new_unimplemented(),
    };
    // It fails where somebody was here before: another mock, or the program around it with a provider of its own.
    let _ = PROVIDER.install_default();
}

struct Hs256(Hmac<Sha256>);

impl Hs256 {
    fn new(algorithm: Algorithm, secret: &[u8]) -> Result<Self> {
        match algorithm {
            Algorithm::HS256 => Ok(Self(Hmac::new_from_slice(secret).map_err(|_| ErrorKind::InvalidKeyFormat)?)),
            _ => Err(ErrorKind::InvalidAlgorithm.into()),
        }
    }
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        // In constant time.
        self.0.clone().chain_update(message).verify_slice(signature).map_err(Error::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::crypto::{sign, verify};
    use jsonwebtoken::{DecodingKey, EncodingKey};

    use super::*;

    // The example of RFC 7515, appendix A.1.
    const KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==";
    const MESSAGE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
         eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const SIGNATURE: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn it_signs_and_checks_as_the_rfc_does() {
        install();
        let key = EncodingKey::from_urlsafe_base64_secret(KEY).unwrap();
        assert_eq!(sign(MESSAGE.as_bytes(), &key, Algorithm::HS256).unwrap(), SIGNATURE);
        let check = |signature: &str, message: &str, secret: &[u8]| {
            verify(signature, message.as_bytes(), &DecodingKey::from_secret(secret), Algorithm::HS256).unwrap()
        };
        assert!(check(SIGNATURE, MESSAGE, key.as_bytes()));
        assert!(!check(&SIGNATURE[..40], MESSAGE, key.as_bytes()));
        assert!(!check(SIGNATURE, &MESSAGE[1..], key.as_bytes()));
        assert!(!check(SIGNATURE, MESSAGE, b"another secret"));
    }

    #[test]
    fn rejects_other_algorithms() {
        install();
        let key = EncodingKey::from_secret(b"secret");
        assert!(sign(b"message", &key, Algorithm::HS512).is_err());
        assert!(verify("", b"message", &DecodingKey::from_secret(b"secret"), Algorithm::HS384).is_err());
    }
}
