//! The journal of requests and their answers. Keys and tokens are shortened before they get here.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::redact::redact;
use super::route::Route;

/// Maximum number of entries; the oldest are dropped, so that a mock can run for weeks.
const CAPACITY: usize = 100_000;
/// Bytes that the entries may take together; older ones make room. So many usual entries take about half of it.
const MAX_BYTES: usize = 64 << 20;
/// Maximum bytes of a text of a request.
const MAX_TEXT: usize = 1024;
/// Bytes of a text that are looked at: more, because what is shown of a secret is shorter than it.
const MAX_READ: usize = 8 * MAX_TEXT;

/// A request and its answer.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// When it came, in Unix milliseconds by the mock's clock.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub at: i64,
    /// The HTTP method.
    pub method: String,
    /// The path, with tokens shortened.
    pub path: String,
    /// The query, with tokens shortened; `null` where there is none.
    pub query: Option<String>,
    /// The route of the API.
    pub route: Route,
    /// The HTTP status; `null` where the connection was closed without an answer.
    pub status: Option<u16>,
    /// The error's code; `null` where it succeeded.
    pub error_code: Option<String>,
    /// The first 12 characters of the API key; `null` where none of a key's form was sent.
    pub key_prefix: Option<String>,
    /// The `Origin` header.
    pub origin: Option<String>,
}

/// The latest entries.
#[derive(Debug)]
pub(crate) struct Journal {
    /// Whether there is one; where not, nothing is written into it.
    pub(crate) is_kept: bool,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<JournalEntry>,
    /// What they take together.
    bytes: usize,
}

impl JournalEntry {
    /// The memory that it takes.
    fn bytes(&self) -> usize {
        let texts = [&self.query, &self.error_code, &self.key_prefix, &self.origin].into_iter().flatten();
        size_of::<Self>() + texts.chain([&self.method, &self.path]).map(String::capacity).sum::<usize>()
    }
}

impl Journal {
    /// A journal that records, or one that does not.
    pub(crate) fn new(is_kept: bool) -> Self {
        Self { is_kept, kept: Mutex::default() }
    }

    /// The entries, the oldest first.
    pub(crate) fn entries(&self) -> Vec<JournalEntry> {
        self.lock().entries.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    pub(crate) fn write(&self, entry: JournalEntry) {
        let mut kept = self.lock();
        let bytes = entry.bytes();
        while kept.entries.len() >= CAPACITY || kept.bytes + bytes > MAX_BYTES {
            let Some(oldest) = kept.entries.pop_front() else { break };
            kept.bytes -= oldest.bytes();
        }
        kept.bytes += bytes;
        kept.entries.push_back(entry);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text as the journal has it: without secrets, and cut to the maximum.
pub(crate) fn shortened(text: &str) -> String {
    // A secret is known by its start, so one that this cuts in two is hidden too.
    let read = &text[..text.floor_char_boundary(MAX_READ)];
    let mut kept = redact(read);
    if read.len() < text.len() || kept.len() > MAX_TEXT {
        kept.truncate(kept.floor_char_boundary(MAX_TEXT));
        kept.push('…');
    }
    kept.shrink_to_fit();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> JournalEntry {
        JournalEntry {
            at: 0,
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: None,
            route: Route::Other,
            status: Some(404),
            error_code: None,
            key_prefix: None,
            origin: None,
        }
    }

    #[test]
    fn it_keeps_the_latest_entries_in_the_bytes_that_it_may_take() {
        let journal = Journal::new(true);
        let long = "x".repeat(10_000);
        for number in 0..10_000 {
            journal.write(entry(&format!("{long}{number}")));
        }
        let (entries, bytes) = (journal.entries(), journal.lock().bytes);
        assert!(bytes <= MAX_BYTES && bytes > MAX_BYTES - 11_000, "{bytes}");
        assert_eq!(bytes, entries.iter().map(|entry| size_of_val(entry) + entry.path.len() + 3).sum::<usize>());
        assert!(entries.last().is_some_and(|last| last.path.ends_with("x9999")));
        assert!(entries.len() > 5_000 && entries.len() < 10_000, "{}", entries.len());
        journal.clear();
        assert_eq!((journal.entries().len(), journal.lock().bytes), (0, 0));
    }

    #[test]
    fn of_usual_entries_it_keeps_the_whole_count() {
        let journal = Journal::new(true);
        for number in 0..=CAPACITY {
            journal.write(entry(&format!("/v1/video/playback/key/eyJ0eXAi…/job_rotating_keys/{number}")));
        }
        assert_eq!(journal.lock().entries.len(), CAPACITY);
    }

    #[test]
    fn a_key_on_the_edge_of_what_is_read_is_hidden() {
        for before in MAX_READ - 50..MAX_READ + 5 {
            // What is before it is hidden too, so that the key could be among what is kept.
            let text = format!("{}/ak_test_0f1e2d3c4b5a69788796a5b4c3d2e1f0", "x".repeat(before));
            let kept = shortened(&text);
            assert!(!kept.contains("2d3c"), "{kept}");
            let escaped = format!("{}/%61k%5ftest_0f1e2d3c4b5a69788796a5b4c3d2e1f0", "x".repeat(before));
            assert!(!shortened(&escaped).contains("2d3c"));
        }
    }
}
