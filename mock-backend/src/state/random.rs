//! Random bytes from the system, for keys and secrets.

/// So many random bytes.
///
/// # Panics
/// Where the system has no randomness to give, which no supported system does: there is no safe way on.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's random numbers");
    bytes
}
