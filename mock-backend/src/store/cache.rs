//! Rows that were read, for as long as nobody has written since. Nothing has to be flushed: a key that is revoked, also
//! by another process on the file, is refused by the very next request.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// A state of the store: it changes whenever a row that is cached could have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    /// Writes of this process.
    pub(super) own: u64,
    /// `SQLite`'s `data_version`, which changes with the writes of other processes.
    pub(super) others: i64,
}

/// What was read at one stamp. Only what is there is kept, so its size is bounded by the store's.
#[derive(Debug)]
pub(super) struct Cache<K, V>(RwLock<(Stamp, HashMap<K, V>)>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// What was kept, if it was read at this stamp.
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q, now: Stamp) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (kept.0 == now).then(|| kept.1.get(key).cloned()).flatten()
    }

    /// Keeps what was read after the stamp was taken, and forgets what is of another one.
    pub(super) fn put(&self, key: K, value: V, stamp: Stamp) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != stamp {
            *kept = (stamp, HashMap::new());
        }
        kept.1.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_write_is_forgotten() {
        let cache = Cache::<String, u32>::default();
        let (before, after) = (Stamp { own: 1, others: 7 }, Stamp { own: 1, others: 8 });
        cache.put("a".to_owned(), 1, before);
        assert_eq!(cache.get("a", before), Some(1));
        assert_eq!(cache.get("a", after), None);
        cache.put("b".to_owned(), 2, after);
        assert_eq!((cache.get("a", after), cache.get("b", after)), (None, Some(2)));
        // A slow reader brings what it read long ago: it is never taken for what is there now.
        cache.put("a".to_owned(), 1, before);
        assert_eq!(cache.get("a", after), None);
    }
}
