//! A small map: a list of pairs, looked through from the start.
//!
//! A page has a handful of sessions and of calls under way. `BTreeMap` takes 8 KB of code for each kind of key and
//! value; this takes next to none, and finds one of a thousand in a microsecond.

use std::cell::RefCell;

/// Values by their keys, borrowed only inside its methods.
pub(super) struct Registry<K, V>(RefCell<Vec<(K, V)>>);

impl<K, V> Default for Registry<K, V> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<K: PartialEq, V> Registry<K, V> {
    /// Adds a value under a key that is not in use.
    pub(super) fn insert(&self, key: K, value: V) {
        self.0.borrow_mut().push((key, value));
    }

    pub(super) fn remove(&self, key: &K) -> Option<V> {
        let mut entries = self.0.borrow_mut();
        let at = entries.iter().position(|(other, _)| other == key)?;
        Some(entries.swap_remove(at).1)
    }

    /// What `read` makes of the value under a key. It must not come back to this registry.
    pub(super) fn with<T>(&self, key: &K, read: impl FnOnce(&mut V) -> T) -> Option<T> {
        let mut entries = self.0.borrow_mut();
        entries.iter_mut().find(|(other, _)| other == key).map(|(_, value)| read(value))
    }

    pub(super) fn retain(&self, keep: impl Fn(&V) -> bool) {
        self.0.borrow_mut().retain(|(_, value)| keep(value));
    }

    /// Takes every value out.
    pub(super) fn take(&self) -> Vec<(K, V)> {
        self.0.take()
    }

    /// What `read` makes of each entry, where it makes anything. It must not come back to this registry.
    pub(super) fn collect<T>(&self, read: impl Fn(&K, &V) -> Option<T>) -> Vec<T> {
        // `collect` first reckons how many there will be: a hundred bytes of code for each kind.
        let mut made = Vec::new();
        made.extend(self.0.borrow().iter().filter_map(|(key, value)| read(key, value)));
        made
    }
}
