//! The AES-128 keys of videos: kept wrapped (RFC 3394), unwrapped to be handed to players and to encrypt segments.

use aes_kw::{KeyInit, KwAes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeEncrypt, KeyIvInit};

use super::random::Random;

/// A video's 16-byte key.
pub(crate) type ContentKey = [u8; 16];

/// Bytes that wrapping adds to a key.
const OVERHEAD: usize = aes_kw::IV_LEN;

/// A new key, wrapped for the store.
pub(crate) fn generate_wrapped(wrapping: &[u8; 32], random: &Random) -> Vec<u8> {
    let mut wrapped = vec![0; size_of::<ContentKey>() + OVERHEAD];
    KwAes256::new(&(*wrapping).into())
        .wrap_key(&random.bytes::<16>(), &mut wrapped)
        .expect("a key of 16 bytes wraps into 24");
    wrapped
}

/// The key, unless what is stored is not what was wrapped.
pub(crate) fn unwrap(wrapped: &[u8], wrapping: &[u8; 32]) -> Option<ContentKey> {
    let mut buffer = [0; size_of::<ContentKey>() + OVERHEAD];
    let key = KwAes256::new(&(*wrapping).into()).unwrap_key(wrapped, buffer.get_mut(..wrapped.len())?).ok()?;
    key.try_into().ok()
}

/// A segment as the CDN serves it: AES-128-CBC with PKCS#7 padding (RFC 8216, section 4.3.2.4).
pub(crate) fn encrypt_segment(clear: &[u8], key: &ContentKey, iv: &[u8; 16]) -> Vec<u8> {
    cbc::Encryptor::<aes::Aes128>::new(&(*key).into(), &(*iv).into()).encrypt_padded_vec::<Pkcs7>(clear)
}

/// The IV of a segment whose playlist names none: its media sequence number, big-endian (RFC 8216, section 5.2).
pub(crate) fn sequence_iv(media_sequence: u32) -> [u8; 16] {
    u128::from(media_sequence).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use cbc::cipher::BlockModeDecrypt;

    use super::*;

    #[test]
    fn a_key_comes_back_and_a_damaged_one_does_not() {
        let wrapping = [7; 32];
        let mut wrapped = generate_wrapped(&wrapping, &Random::default());
        let key = unwrap(&wrapped, &wrapping).unwrap();
        assert!(!wrapped.windows(16).any(|window| window == key));
        assert_eq!(unwrap(&wrapped, &[8; 32]), None);
        wrapped[5] ^= 1;
        assert_eq!(unwrap(&wrapped, &wrapping), None);
        assert_eq!(unwrap(&[], &wrapping), None);
        assert_eq!(unwrap(&[0; 48], &wrapping), None);
    }

    #[test]
    fn a_segment_opens_with_its_key_and_iv() {
        let (key, iv) = ([1; 16], sequence_iv(258));
        assert_eq!(iv[14..], [1, 2]);
        let encrypted = encrypt_segment(b"a segment", &key, &iv);
        let opened =
            cbc::Decryptor::<aes::Aes128>::new(&key.into(), &iv.into()).decrypt_padded_vec::<Pkcs7>(&encrypted);
        assert_eq!(opened.unwrap(), b"a segment");
    }
}
