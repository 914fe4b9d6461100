//! The least number of tokens with which all of a view's requests can be served at once.

use crate::viewer::LIFE_MS;

/// What an oracle needs that knows when each request will come: it has a token signed in the moment of the first request
/// that none serves yet, and uses it to the last millisecond. `requests` are in order, in milliseconds.
pub(crate) fn tokens(requests: &[u64]) -> u64 {
    let mut tokens = 0;
    let mut good_until = 0;
    for at in requests {
        if tokens == 0 || *at >= good_until {
            tokens += 1;
            good_until = at + LIFE_MS;
        }
    }
    tokens
}
