//! Pending requests: each is a task that the host polls.

use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake};

use wasm_bindgen::prelude::*;

use crate::state::host;

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static TASKS: RefCell<HashMap<u32, Task>> = RefCell::default();
}

/// Wakes a task by asking the host to poll it.
struct Waker(u32);

impl Wake for Waker {
    fn wake(self: Arc<Self>) {
        host::wake(self.0);
    }
}

/// Begins a task, by the host's number for it.
pub(super) fn begin(id: u32, work: impl Future<Output = ()> + 'static) {
    TASKS.with_borrow_mut(|tasks| tasks.insert(id, Box::pin(work)));
    poll(id);
}

/// Goes on with a task as far as it goes.
#[wasm_bindgen]
pub fn poll(task: u32) {
    // Taken out while it runs: it may wake itself, or end another one.
    let Some(mut work) = TASKS.with_borrow_mut(|tasks| tasks.remove(&task)) else { return };
    let waker = Arc::new(Waker(task)).into();
    if work.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
        TASKS.with_borrow_mut(|tasks| tasks.insert(task, work));
    }
}

/// Ends a task whose client has gone.
#[wasm_bindgen]
pub fn cancel(task: u32) {
    // Dropped outside of the borrow: it may take its timer with it.
    let work = TASKS.with_borrow_mut(|tasks| tasks.remove(&task));
    drop(work);
}

/// A timer's time has come.
#[wasm_bindgen]
pub fn fire(timer: u32) {
    host::fire(timer);
}
