//! Random bytes, for keys and secrets: the system's, or the same ones in every run.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// A source of random bytes; its clones go on where it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Random(Option<Arc<Mutex<Sequence>>>);

/// A number that the bytes come from, and how many blocks of them were taken.
#[derive(Debug)]
struct Sequence {
    seed: u64,
    blocks: u64,
}

impl Random {
    /// The same bytes in the same order for the same number: anyone who knows it knows every key and secret.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(Sequence { seed, blocks: 0 }))))
    }

    /// So many random bytes.
    ///
    /// # Panics
    /// Where the system has no randomness to give, which no supported system does: there is no safe way on.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            None => getrandom::fill(&mut bytes).expect("the system's random numbers"),
            Some(sequence) => sequence.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut bytes),
        }
        bytes
    }
}

impl Sequence {
    fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let block = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(self.blocks.to_be_bytes());
            self.blocks += 1;
            part.copy_from_slice(&block.finalize()[..part.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_again_and_none_gives_others() {
        let [one, same, other] = [7, 7, 8].map(Random::seeded);
        let first: [u8; 40] = one.bytes();
        assert_eq!(first, same.bytes());
        assert_ne!(first, other.bytes());
        assert_ne!(first, one.clone().bytes(), "a clone goes on");
        let system = Random::default();
        assert_ne!(system.bytes::<16>(), system.bytes::<16>());
    }
}
