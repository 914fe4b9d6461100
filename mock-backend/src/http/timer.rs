//! Timers: Tokio's, or the host's.

use std::time::Duration;

/// Waits for so long.
pub(super) async fn sleep(length: Duration) {
    #[cfg(not(target_arch = "wasm32"))]
    tokio::time::sleep(length).await;
    #[cfg(target_arch = "wasm32")]
    crate::state::host::Sleep::new(length.as_secs_f64() * 1000.0).await;
}

/// Lets a server send what it has; the host sends an answer in one piece.
#[cfg(not(target_arch = "wasm32"))]
pub(super) use tokio::task::yield_now;

/// See above: there is nothing to let go first.
#[cfg(target_arch = "wasm32")]
pub(super) fn yield_now() -> std::future::Ready<()> {
    std::future::ready(())
}

/// The outcome of the work, if it comes within this time.
pub(super) async fn within<T>(length: Duration, work: impl Future<Output = T>) -> Option<T> {
    #[cfg(not(target_arch = "wasm32"))]
    return tokio::time::timeout(length, work).await.ok();
    #[cfg(target_arch = "wasm32")]
    {
        use futures_util::future::{Either, select};
        match select(std::pin::pin!(work), std::pin::pin!(sleep(length))).await {
            Either::Left((outcome, _)) => Some(outcome),
            Either::Right(_) => None,
        }
    }
}
