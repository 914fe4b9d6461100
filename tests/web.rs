//! The wasm boundary in a real browser, with tokens from a provider: what goes in, what comes out, and what bad input
//! gets. The whole path with the mock backend is tested in `tests/browser`.

#![cfg(all(feature = "web", target_arch = "wasm32"))]

use std::sync::atomic::{AtomicU32, Ordering};

use ansdev_player::web::{Callbacks, Core};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const BASE: &str = "https://api.ansdev.cloud";
const KEY: &str = "ak_live_7c1b1865ed225cf47377e7d21fdec972";
/// Nothing listens on this port of loopback: a connection is refused at once.
const NOBODY: &str = "http://127.0.0.1:9";

/// A page that records the events it gets; `provide` is the body of `(videoId, reason, signal) => …`.
fn page(provide: &str) -> (Callbacks, Array) {
    let events = Array::new();
    let callbacks = Object::new();
    let record = Function::new_with_args("name, videoId, detail", "this.events.push([name, videoId, detail])");
    set(&callbacks, "events", &events);
    set(&callbacks, "emit", &record);
    set(&callbacks, "provide", &Function::new_with_args("videoId, reason, signal", provide));
    (callbacks.unchecked_into(), events)
}

/// Opens a session under a number of its own.
fn open(core: &Core, video_id: &str) -> Result<u32, JsValue> {
    static LAST: AtomicU32 = AtomicU32::new(1_000);
    let opened = core.open_session(LAST.fetch_add(1, Ordering::Relaxed) + 1, video_id)?;
    Ok(get(&opened, "handle").as_f64().unwrap() as u32)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(value: &JsValue, name: &str) -> String {
    get(value, name).as_string().unwrap_or_else(|| panic!("{name} is no text in {}", json(value)))
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn bytes(text: &str) -> Uint8Array {
    Uint8Array::from(text.as_bytes())
}

fn provided(body: &str) -> (Core, Array) {
    let (callbacks, events) = page(body);
    (Core::new(None, BASE, false, false, None, callbacks).unwrap(), events)
}

const TOKEN: &str = "return Promise.resolve({ token: 'aa.bb.cc', expiresIn: 300, playerUrl: 'https://play/aa.bb.cc' })";

async fn resolved(promise: Promise) -> String {
    match JsFuture::from(promise).await {
        Ok(value) => value.as_string().expect("a text"),
        Err(error) => panic!("rejected with {}", json(&error)),
    }
}

async fn rejected(promise: Promise) -> JsValue {
    match JsFuture::from(promise).await {
        Ok(value) => panic!("resolved with {value:?}"),
        Err(error) => error,
    }
}

fn names(events: &Array) -> Vec<String> {
    events.iter().map(|event| event.unchecked_into::<Array>().get(0).as_string().unwrap()).collect()
}

#[wasm_bindgen_test]
fn the_error_for_a_malformed_key_does_not_contain_it() {
    for (key, part) in [
        ("", "is empty"),
        ("ak_live_7c1b1865ed225cf47377e7d21fdec97", "has 39 characters"),
        ("ak_live_7c1b1865ed225cf47377e7d21fdec97g", "not hexadecimal at position 40"),
        ("sk_live_7c1b1865ed225cf47377e7d21fdec972", "ak_live_ or ak_test_"),
        (" ak_live_7c1b1865ed225cf47377e7d21fdec972", "white space"),
    ] {
        let error = Core::new(Some(bytes(key)), BASE, false, false, None, page(TOKEN).0).err().expect("refused");
        assert_eq!(text(&error, "code"), "INVALID_KEY_FORMAT");
        assert!(text(&error, "message").contains(part), "{}", json(&error));
        assert!(!json(&error).contains("1865ed"));
    }
}

#[wasm_bindgen_test]
fn rejects_an_invalid_base_url() {
    let error = Core::new(Some(bytes(KEY)), "ftp://x", false, false, None, page(TOKEN).0).err().expect("refused");
    assert_eq!(text(&error, "code"), "INVALID_OPTIONS");
}

#[wasm_bindgen_test]
fn only_the_prefix_of_the_key_can_be_read_and_destroy_forgets_it() {
    let core = Core::new(Some(bytes(KEY)), BASE, false, false, None, page(TOKEN).0).unwrap();
    assert_eq!(core.key_prefix().as_deref(), Some("ak_live_7c1b"));
    core.destroy();
    core.destroy();
    assert_eq!(core.key_prefix(), None);
}

#[wasm_bindgen_test]
fn a_video_id_must_have_1_to_64_characters() {
    let (core, _) = provided(TOKEN);
    for id in ["", &"v".repeat(65), ".."] {
        let error = open(&core, id).expect_err("refused");
        assert_eq!(text(&error, "code"), "INVALID_OPTIONS");
    }
}

#[wasm_bindgen_test]
async fn nothing_is_minted_before_somebody_asks_and_then_only_once() {
    let (core, events) = provided(TOKEN);
    let session = open(&core, "vid_1").unwrap();
    let other = open(&core, "vid_1").unwrap();
    core.set_active(session, true);
    assert_eq!(names(&events), Vec::<String>::new());
    assert_eq!(resolved(core.get_token(1, session)).await, "aa.bb.cc");
    assert_eq!(resolved(core.manifest_url(2, other)).await, format!("{BASE}/v1/video/playback/manifest/aa.bb.cc"));
    assert_eq!(resolved(core.player_url(3, other)).await, "https://play/aa.bb.cc");
    assert_eq!(names(&events), ["statechange", "tokenrefreshing", "statechange", "tokenrefreshed"]);
    let shown = json(&events);
    assert!(!shown.contains("aa.bb.cc"), "an event holds the token: {shown}");
}

#[wasm_bindgen_test]
async fn addresses_behind_the_token_are_rewritten_and_others_are_not() {
    let (core, _) = provided(TOKEN);
    let session = open(&core, "vid_1").unwrap();
    let key = format!("{BASE}/v1/video/playback/key/aa.bb.cc/job_1?n=2");
    for url in [
        "https://api.ansdev.cloud/video/key/job_1?n=2",
        "/video/key/job_1?n=2",
        "HTTPS://API.ansdev.cloud:443/x/../video/key/job_1?n=2",
        "https://api.ansdev.cloud/v1/video/playback/key/old/job_1?n=2",
    ] {
        assert_eq!(resolved(core.resolve(1, session, url)).await, key, "{url}");
    }
    for url in ["https://cdn.example/1.ts", "1.ts", "", "https://", "https://evil.example/video/key/job_1", "\0"] {
        assert_eq!(resolved(core.resolve(2, session, url)).await, url);
    }
}

#[wasm_bindgen_test]
async fn a_refused_token_is_replaced_and_an_old_one_is_not_held_against_the_new() {
    let (core, _) = provided(
        "this.n = (this.n ?? 0) + 1; this.reasons = [...(this.reasons ?? []), reason];
         return Promise.resolve({ token: 't' + this.n + '.' + reason, expiresIn: 300 })",
    );
    let session = open(&core, "vid_1").unwrap();
    assert_eq!(resolved(core.get_token(1, session)).await, "t1.initial");
    core.invalidate(session, Some(format!("{BASE}/v1/video/playback/manifest/t1.initial")));
    assert_eq!(resolved(core.get_token(2, session)).await, "t2.rejected");
    core.invalidate(session, Some("t1.initial".into()));
    assert_eq!(resolved(core.get_token(3, session)).await, "t2.rejected");
    core.invalidate(session, None);
    let error = rejected(core.get_token(4, session)).await;
    assert_eq!(text(&error, "code"), "PLAYBACK_TOKEN_INVALID");
    assert_eq!(get(&error, "retryable"), JsValue::FALSE);
}

#[wasm_bindgen_test]
async fn a_provider_that_fails_is_named_and_its_message_kept() {
    for (body, part) in [
        ("throw new Error('no session cookie')", "no session cookie"),
        ("return Promise.reject(new TypeError('offline'))", "offline"),
        ("return Promise.reject('just a text')", "expected { token, expiresIn }"),
        ("return Promise.resolve(undefined)", "the token is undefined; expected an object"),
        ("return Promise.resolve({ token: 5, expiresIn: 300 })", "`token` is number; expected a string"),
        ("return Promise.resolve({ token: 'a/b', expiresIn: 300 })", "not a token"),
        ("return Promise.resolve({ token: 'aa', expiresIn: 0 })", "greater than 0"),
        ("return Promise.resolve({ token: 'aa', expiresIn: -1 })", "greater than 0"),
        ("return Promise.resolve({ token: 'aa', expiresIn: NaN })", "greater than 0"),
        ("return Promise.resolve({ token: 'aa', expiresIn: '300' })", "`expiresIn` is string; expected a number"),
        ("return Promise.resolve({ token: 'aa' })", "`expiresIn` is undefined; expected a number"),
    ] {
        let (core, events) = provided(body);
        let session = open(&core, "vid_1").unwrap();
        let answer = core.get_token(1, session);
        // The machine would try again for ten seconds; the first failure is told at once.
        JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
        while !names(&events).contains(&"tokenerror".to_owned()) {
            JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
        }
        let shown = json(&events);
        assert!(shown.contains("TOKEN_PROVIDER_FAILED") && shown.contains(part), "{body}: {shown}");
        core.destroy();
        assert_eq!(text(&rejected(answer).await, "code"), "DESTROYED");
    }
}

#[wasm_bindgen_test]
async fn cancelling_affects_only_that_call_and_the_last_one_aborts_the_fetch() {
    let (core, _) = provided("this.signal = signal; globalThis.lastSignal = signal; return new Promise(() => {})");
    let session = open(&core, "vid_1").unwrap();
    let (first, second) = (core.get_token(1, session), core.get_token(2, session));
    let is_aborted = || get(&get(&js_sys::global(), "lastSignal"), "aborted");
    core.cancel(1);
    assert_eq!(text(&rejected(first).await, "code"), "ABORTED");
    assert_eq!(is_aborted(), JsValue::FALSE);
    core.cancel(2);
    core.cancel(2);
    core.cancel(99);
    assert_eq!(text(&rejected(second).await, "code"), "ABORTED");
    assert_eq!(is_aborted(), JsValue::TRUE);
}

#[wasm_bindgen_test]
async fn closing_a_session_ends_its_calls_and_no_others() {
    let (core, _) = provided(TOKEN);
    let (closed, open) = (open(&core, "vid_1").unwrap(), open(&core, "vid_1").unwrap());
    let (lost, kept) = (core.get_token(1, closed), core.get_token(2, open));
    core.close_session(closed);
    core.close_session(closed);
    assert_eq!(text(&rejected(lost).await, "code"), "DESTROYED");
    assert_eq!(resolved(kept).await, "aa.bb.cc");
    assert_eq!(text(&rejected(core.get_token(3, closed)).await, "code"), "DESTROYED");
    assert_eq!(text(&rejected(core.resolve(4, closed, "x")).await, "code"), "DESTROYED");
}

#[wasm_bindgen_test]
async fn a_session_that_is_opened_again_finds_the_token_of_the_one_before() {
    let (core, _) =
        provided("this.n = (this.n ?? 0) + 1; return Promise.resolve({ token: 't' + this.n, expiresIn: 300 })");
    let first = open(&core, "vid_1").unwrap();
    assert_eq!(resolved(core.get_token(1, first)).await, "t1");
    core.close_session(first);
    let second = open(&core, "vid_1").unwrap();
    assert_eq!(resolved(core.get_token(2, second)).await, "t1");
}

#[wasm_bindgen_test]
async fn after_destroy_everything_rejects_with_destroyed() {
    let (core, _) = provided(TOKEN);
    let session = open(&core, "vid_1").unwrap();
    let waiting = core.get_token(1, session);
    core.destroy();
    assert_eq!(text(&rejected(waiting).await, "code"), "DESTROYED");
    assert_eq!(text(&rejected(core.get_token(2, session)).await, "code"), "DESTROYED");
    assert_eq!(text(&open(&core, "vid_1").expect_err("refused"), "code"), "DESTROYED");
    core.wake();
    core.set_online(false);
    core.set_active(session, true);
    core.invalidate(session, None);
}

#[wasm_bindgen_test]
async fn an_unreachable_base_url_is_a_network_error() {
    let core = Core::new(Some(bytes(KEY)), NOBODY, false, false, None, page(TOKEN).0).unwrap();
    let error = rejected(core.list_videos(1, None, None)).await;
    assert_eq!(text(&error, "code"), "NETWORK");
    assert_eq!(get(&error, "retryable"), JsValue::TRUE);
    let session = open(&core, "vid_1").unwrap();
    let error = rejected(core.get_token(2, session)).await;
    assert_eq!((text(&error, "code"), text(&error, "videoId")), ("NETWORK".into(), "vid_1".into()));
}

#[wasm_bindgen_test]
async fn a_read_can_be_cancelled_at_once() {
    let core = Core::new(Some(bytes(KEY)), NOBODY, false, false, None, page(TOKEN).0).unwrap();
    let read = core.get_video(1, "vid_1");
    core.cancel(1);
    assert_eq!(text(&rejected(read).await, "code"), "ABORTED");
    let read = core.get_video(2, "vid_1");
    core.destroy();
    assert_eq!(text(&rejected(read).await, "code"), "DESTROYED");
    assert_eq!(text(&rejected(core.get_video(3, "vid_1")).await, "code"), "DESTROYED");
}

#[wasm_bindgen_test]
async fn rejects_an_invalid_limit_without_a_request() {
    let core = Core::new(Some(bytes(KEY)), NOBODY, false, false, None, page(TOKEN).0).unwrap();
    for limit in [0.0, 101.0, -1.0, 1.5, f64::NAN, f64::INFINITY] {
        let error = rejected(core.list_videos(1, Some(limit), None)).await;
        assert_eq!(text(&error, "code"), "INVALID_OPTIONS", "{limit}");
    }
}

#[wasm_bindgen_test]
async fn videos_cannot_be_listed_without_a_key() {
    let (core, _) = provided(TOKEN);
    assert_eq!(text(&rejected(core.list_videos(1, None, None)).await, "code"), "UNSUPPORTED");
}

#[wasm_bindgen_test]
async fn a_client_with_video_ids_rejects_other_videos_and_lists_none() {
    let only = Array::of1(&"vid_1".into());
    let core = Core::new(Some(bytes(KEY)), NOBODY, false, false, Some(only), page(TOKEN).0).unwrap();
    for id in ["vid_2", "VID_1", " vid_1", ""] {
        assert_eq!(text(&open(&core, id).expect_err(id), "code"), "INVALID_OPTIONS", "{id}");
        assert_eq!(text(&rejected(core.get_video(1, id)).await, "code"), "INVALID_OPTIONS", "{id}");
    }
    assert_eq!(text(&rejected(core.list_videos(2, None, None)).await, "code"), "INVALID_OPTIONS");
    assert!(open(&core, "vid_1").is_ok());
    assert_eq!(text(&rejected(core.get_video(3, "vid_1")).await, "code"), "NETWORK", "it was asked for");
}

#[wasm_bindgen_test]
async fn what_is_opened_again_and_again_mints_no_more_than_the_budget_of_its_video() {
    let (core, _) = provided(
        "globalThis.mints = (globalThis.mints ?? 0) + 1; return Promise.resolve({ token: 'b' + mints, expiresIn: 300 })",
    );
    let mut refused = 0;
    for call in 0..30 {
        let session = open(&core, "vid_1").unwrap();
        match JsFuture::from(core.get_token(2 * call, session)).await {
            Ok(_) => core.invalidate(session, None),
            Err(_) => refused += 1,
        }
        core.close_session(session);
    }
    let mints = get(&js_sys::global(), "mints").as_f64().unwrap();
    assert!(mints <= 10.0, "{mints} mints");
    assert!(refused >= 20, "{refused} were refused");
}

#[wasm_bindgen_test]
async fn a_session_is_opened_with_the_state_of_its_video() {
    let (core, _) = provided(TOKEN);
    let opened = core.open_session(1, "vid_1").unwrap();
    assert_eq!((text(&opened, "state"), get(&opened, "expiresAt")), ("idle".into(), JsValue::NULL));
    assert_eq!(resolved(core.get_token(2, 1)).await, "aa.bb.cc");
    let opened = core.open_session(3, "vid_1").unwrap();
    assert_eq!(text(&opened, "state"), "live");
    assert!(get(&opened, "expiresAt").as_f64().unwrap() > js_sys::Date::now());
    // The page gave up before the answer came: the session is closed.
    core.cancel(3);
    assert_eq!(text(&rejected(core.get_token(4, 3)).await, "code"), "DESTROYED");
}

#[wasm_bindgen_test]
async fn a_mint_waits_for_its_turn_among_the_tabs_and_another_tabs_token_ends_the_waiting() {
    let (callbacks, events) = page("throw new Error('must not be asked')");
    let turn = "globalThis.turn = signal; return new Promise((_, reject) => signal.addEventListener('abort', reject))";
    set(callbacks.unchecked_ref(), "beforeMint", &Function::new_with_args("videoId, reason, signal", turn));
    let core = Core::new(None, BASE, false, true, None, callbacks).unwrap();
    let session = open(&core, "vid_1").unwrap();
    let waiting = core.get_token(1, session);
    assert!(core.shareable("vid_1").is_undefined());
    core.adopt("vid_2", "tt".into(), 300.0, 0.0);
    core.adopt("vid_1", "tt".into(), 300.0, 0.0);
    assert_eq!(resolved(waiting).await, "tt");
    assert_eq!(text(&core.shareable("vid_1"), "token"), "tt");
    assert_eq!(get(&get(&js_sys::global(), "turn"), "aborted"), JsValue::TRUE);
    assert!(!json(&events).contains("tokenerror"));
}

#[wasm_bindgen_test]
async fn a_token_that_was_minted_in_turn_is_told_to_the_other_tabs() {
    let (callbacks, _) = page(TOKEN);
    set(callbacks.unchecked_ref(), "beforeMint", &Function::new_with_args("", "return Promise.resolve()"));
    let tell = "globalThis.told = { videoId, token }";
    set(callbacks.unchecked_ref(), "afterMint", &Function::new_with_args("videoId, token", tell));
    let core = Core::new(None, BASE, false, true, None, callbacks).unwrap();
    let session = open(&core, "vid_1").unwrap();
    assert_eq!(resolved(core.get_token(1, session)).await, "aa.bb.cc");
    let told = get(&js_sys::global(), "told");
    assert_eq!(text(&told, "videoId"), "vid_1");
    let left = get(&get(&told, "token"), "expiresIn").as_f64().unwrap();
    assert!((290.0..=300.0).contains(&left), "{left}");
}

#[wasm_bindgen_test]
async fn memory_of_what_has_ended_is_used_again() {
    let cycles = async |count: u32| {
        for _ in 0..count {
            let (core, _) = provided(TOKEN);
            for id in ["vid_1", "vid_2", "vid_3"] {
                let session = open(&core, id).unwrap();
                resolved(core.get_token(1, session)).await;
                core.close_session(session);
            }
            core.destroy();
        }
        core::arch::wasm32::memory_size::<0>()
    };
    let pages = cycles(50).await;
    assert_eq!(cycles(500).await, pages);
}
