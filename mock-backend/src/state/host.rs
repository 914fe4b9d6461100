//! The JavaScript around the WebAssembly: timers, wake-ups, the log and files. There is one mock in each instance of the
//! module, so its state is thread-local.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the module is given when it starts.
    pub(crate) type Host;

    /// Calls `fire(timer)` after so many milliseconds.
    #[wasm_bindgen(method, js_name = setTimer)]
    fn set_timer(this: &Host, timer: u32, ms: f64);

    #[wasm_bindgen(method, js_name = clearTimer)]
    fn clear_timer(this: &Host, timer: u32);

    /// Calls `poll(task)`, soon and not from within.
    #[wasm_bindgen(method)]
    fn wake(this: &Host, task: u32);

    /// A file of the built SDK.
    #[wasm_bindgen(method, js_name = sdkFile)]
    fn sdk_file(this: &Host, path: &str) -> Option<Vec<u8>>;

    #[wasm_bindgen(method)]
    fn log(this: &Host, level: &str, text: &str);

    /// The answer of a task's request. `ending`: `whole`, `cut` after these bytes, or `dropped` without an answer.
    #[wasm_bindgen(method)]
    fn answer(this: &Host, task: u32, status: u16, headers: Vec<String>, body: Vec<u8>, ending: &str);
}

thread_local! {
    static HOST: OnceCell<Host> = const { OnceCell::new() };
    static TIMERS: RefCell<Timers> = RefCell::default();
}

#[derive(Default)]
struct Timers {
    last: u32,
    /// Who waits for each; `None` once it has fired.
    waiting: HashMap<u32, Option<Waker>>,
}

/// Takes the host, once.
pub(crate) fn install(host: Host) {
    HOST.with(|installed| {
        // A second one changes nothing.
        let _ = installed.set(host);
    });
}

fn with<T>(ask: impl FnOnce(&Host) -> T) -> Option<T> {
    HOST.with(|host| host.get().map(ask))
}

pub(crate) fn wake(task: u32) {
    with(|host| host.wake(task));
}

pub(crate) fn sdk_file(path: &str) -> Option<Vec<u8>> {
    with(|host| host.sdk_file(path)).flatten()
}

pub(crate) fn log(level: &str, text: &str) {
    with(|host| host.log(level, text));
}

pub(crate) fn answer(task: u32, status: u16, headers: Vec<String>, body: Vec<u8>, ending: &str) {
    with(|host| host.answer(task, status, headers, body, ending));
}

/// A time that passes. Letting go of it takes the timer away.
pub(crate) struct Sleep(u32);

impl Sleep {
    pub(crate) fn new(ms: f64) -> Self {
        let timer = TIMERS.with_borrow_mut(|timers| {
            timers.last = timers.last.wrapping_add(1);
            timers.waiting.insert(timers.last, Some(Waker::noop().clone()));
            timers.last
        });
        with(|host| host.set_timer(timer, ms));
        Self(timer)
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        TIMERS.with_borrow_mut(|timers| match timers.waiting.get_mut(&self.0) {
            Some(Some(waker)) => {
                waker.clone_from(context.waker());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        })
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let has_fired = TIMERS.with_borrow_mut(|timers| matches!(timers.waiting.remove(&self.0), Some(None) | None));
        if !has_fired {
            with(|host| host.clear_timer(self.0));
        }
    }
}

/// A timer's time has come.
pub(crate) fn fire(timer: u32) {
    let waiting = TIMERS.with_borrow_mut(|timers| timers.waiting.get_mut(&timer).and_then(Option::take));
    if let Some(waker) = waiting {
        waker.wake();
    }
}
