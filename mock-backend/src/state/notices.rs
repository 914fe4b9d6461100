//! What the next page shows once: a new key, or that one was revoked. A form answers with a redirect, so that loading
//! the page again does not send it again; this is what waits in between.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Sessions that can have a notice waiting. A redirect is followed at once; more than this are abandoned ones.
const CAPACITY: usize = 1000;

/// Something to show once.
pub(crate) enum Notice {
    /// A key was made; this is its text, here for the last time.
    Created { text: String },
    /// A key was revoked.
    Revoked { prefix: String },
}

/// Notices that wait, by session.
#[derive(Default)]
pub(crate) struct Notices(Mutex<HashMap<String, Notice>>);

impl Notices {
    pub(crate) fn put(&self, session: &str, notice: Notice) {
        let mut notices = self.lock();
        if notices.len() >= CAPACITY {
            notices.clear();
        }
        notices.insert(session.to_owned(), notice);
    }

    pub(crate) fn take(&self, session: &str) -> Option<Notice> {
        self.lock().remove(session)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Notice>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
