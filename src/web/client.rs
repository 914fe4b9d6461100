//! The one exported class: takes calls, keeps the key, and knows the sessions.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Url;

use super::callbacks::{Callbacks, rejection};
use super::context::{Context, Owner, parse_key};
use super::decode::{self, Mismatch};
use super::plain::plain;
use super::reads::Reads;
use super::registry::Registry;
use super::transport::{self, QuotaResponse};
use super::video_tokens::{VideoTokens, Wanted};
use crate::api::{BaseUrl, Error, ErrorCode, PlaybackToken, Quota, VideoId};
use crate::gated_url::GatedUrl;
use crate::session::budget::Budget;
use crate::session::{Event, Refresh};

/// A client: one key or one token provider, and the sessions opened with it.
///
/// Nothing that it exports gives the key back; its prefix alone can be read.
#[wasm_bindgen]
pub struct Core {
    state: Rc<State>,
}

/// The client's videos, and who uses them.
struct State {
    context: Context,
    quota: Cell<Option<Quota>>,
    budget: Cell<Budget>,
    videos: Registry<VideoId, Rc<VideoTokens<State>>>,
    /// By the number of the call that opened them.
    sessions: Registry<u32, Rc<VideoTokens<State>>>,
    reads: Rc<Reads>,
    is_online: Cell<bool>,
}

#[wasm_bindgen]
impl Core {
    /// `key` is the API key's text in UTF-8, or nothing where `callbacks.provide` gives the tokens. `base_url` must have been
    /// normalised by `URL`. With `video_ids` the client is for these videos alone.
    ///
    /// # Errors
    /// An `ErrorDetail` with `INVALID_KEY_FORMAT` or `INVALID_OPTIONS`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        key: Option<Uint8Array>,
        base_url: &str,
        on_demand: bool,
        share_across_tabs: bool,
        #[wasm_bindgen(unchecked_param_type = "readonly string[] | undefined")] video_ids: Option<Array>,
        callbacks: Callbacks,
    ) -> Result<Core, JsValue> {
        let key = key.map(|bytes| parse_key(&bytes)).transpose().map_err(|error| rejection(&error, None))?;
        let base = BaseUrl::parse(base_url).map_err(|error| rejection(&error, None))?;
        let refresh = if on_demand { Refresh::OnDemand } else { Refresh::Eager };
        let context = Context::new(base, callbacks, refresh, share_across_tabs, video_ids, key);
        let state = Rc::new(State {
            context,
            quota: Cell::default(),
            budget: Cell::new(Budget::of_a_client()),
            videos: Registry::default(),
            sessions: Registry::default(),
            reads: Rc::default(),
            is_online: Cell::new(true),
        });
        Ok(Self { state })
    }

    /// The key's first 12 characters; nothing in provider mode and after `destroy`.
    #[wasm_bindgen(getter, js_name = keyPrefix)]
    pub fn key_prefix(&self) -> Option<String> {
        self.state.context.key_prefix()
    }

    /// One page of the list of videos: `limit` of them, 1 to 100, after `cursor`.
    #[wasm_bindgen(js_name = listVideos, unchecked_return_type = "Promise<VideoPage>")]
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands over an owned text")]
    pub fn list_videos(&self, call: u32, limit: Option<f64>, cursor: Option<String>) -> Promise {
        // What is no whole number is out of range as 0 is.
        let limit = limit.map(|limit| if limit.fract() == 0.0 { limit as u32 } else { 0 });
        let context = &self.state.context;
        let url = context.check_lists().and_then(|()| context.base.videos(limit, cursor.as_deref()));
        self.read(call, url, None, decode::check_video_page)
    }

    /// One video.
    #[wasm_bindgen(js_name = getVideo, unchecked_return_type = "Promise<Video>")]
    pub fn get_video(&self, call: u32, id: &str) -> Promise {
        let url = self.state.context.permitted(id).map(|id| self.state.context.base.video(&id));
        self.read(call, url, Some(id), decode::check_video)
    }

    /// Opens a session for a video; its number is that of the call. Mints nothing: the first token is
    /// fetched when something asks for it.
    ///
    /// # Errors
    /// An `ErrorDetail` with `INVALID_OPTIONS` where `video_id` is no id, or `DESTROYED`.
    #[wasm_bindgen(js_name = openSession, unchecked_return_type = "OpenedSession")]
    pub fn open_session(&self, call: u32, video_id: &str) -> Result<JsValue, JsValue> {
        let state = &self.state;
        if state.context.is_destroyed() {
            return Err(rejection(&Error::client_destroyed(), None));
        }
        let id = state.context.permitted(video_id).map_err(|error| rejection(&error, Some(video_id)))?;
        state.forget_unused_videos();
        let known = state.videos.with(&id, |video| video.clone());
        let video = known.unwrap_or_else(|| {
            let video = VideoTokens::new(id.clone(), state);
            state.videos.insert(id, video.clone());
            video.feed(Event::Online(state.is_online.get()));
            video
        });
        let opened = video.opened(call);
        state.sessions.insert(call, video);
        Ok(opened)
    }

    /// A token that is valid now.
    #[wasm_bindgen(js_name = getToken, unchecked_return_type = "Promise<string>")]
    pub fn get_token(&self, call: u32, session: u32) -> Promise {
        self.ask(call, session, Wanted::Token)
    }

    /// `url` with the current token where it needs one, else unchanged. A relative one counts from the base URL.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn resolve(&self, call: u32, session: u32, url: &str) -> Promise {
        let absolute = Url::new_with_base(url, self.state.context.base.as_str()).map(|absolute| absolute.href());
        match absolute {
            Ok(absolute) if GatedUrl::parse(&absolute, &self.state.context.base).is_some() => {
                self.ask(call, session, Wanted::Url(absolute))
            }
            _ => match self.state.video_of(session) {
                Ok(_) => Promise::resolve(&JsValue::from_str(url)),
                Err(error) => Promise::reject(&rejection(&error, None)),
            },
        }
    }

    /// Address of the video's playlist, with a token that is valid now.
    #[wasm_bindgen(js_name = manifestUrl, unchecked_return_type = "Promise<string>")]
    pub fn manifest_url(&self, call: u32, session: u32) -> Promise {
        self.ask(call, session, Wanted::ManifestUrl)
    }

    /// Address of the hosted player page, with a token that is valid now.
    #[wasm_bindgen(js_name = playerUrl, unchecked_return_type = "Promise<string>")]
    pub fn player_url(&self, call: u32, session: u32) -> Promise {
        self.ask(call, session, Wanted::PlayerUrl)
    }

    /// Takes back a call: it rejects with `ABORTED`. Of one that has been answered only an opened session is closed: the
    /// page no longer waits for it.
    pub fn cancel(&self, call: u32) {
        self.close_session(call);
        self.state.reads.end(call, ErrorCode::Aborted);
        for video in self.state.all_videos() {
            video.cancel(call);
        }
    }

    /// Whether something plays in this session that can be seen or heard.
    #[wasm_bindgen(js_name = setActive)]
    pub fn set_active(&self, session: u32, active: bool) {
        if let Ok(video) = self.state.video_of(session) {
            video.set_active(session, active);
        }
    }

    /// Whether a request of what is left of this session's film can still need a token. A session that was never told
    /// counts as one that can.
    #[wasm_bindgen(js_name = setNeeded)]
    pub fn set_needed(&self, session: u32, needed: bool) {
        if let Ok(video) = self.state.video_of(session) {
            video.set_needed(session, needed);
        }
    }

    /// A playlist or key request was refused with 401 or 403. `rejected` is the token or the address that was refused;
    /// without it the current token is meant.
    #[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands over an owned text")]
    pub fn invalidate(&self, session: u32, rejected: Option<String>) {
        if let Ok(video) = self.state.video_of(session) {
            video.reject(rejected.as_deref());
        }
    }

    /// Closes a session; what it still waits for rejects with `DESTROYED`.
    #[wasm_bindgen(js_name = closeSession)]
    pub fn close_session(&self, session: u32) {
        if let Some(closed) = self.state.sessions.remove(&session) {
            closed.close(session);
        }
    }

    /// The page woke, was seen or was shown again: reads the clocks again.
    pub fn wake(&self) {
        for video in self.state.all_videos() {
            video.feed(Event::Wake);
        }
    }

    /// Whether the browser has a network.
    #[wasm_bindgen(js_name = setOnline)]
    pub fn set_online(&self, online: bool) {
        self.state.is_online.set(online);
        for video in self.state.all_videos() {
            video.feed(Event::Online(online));
        }
    }

    /// Another tab says that it has a token for a video, which lives `expires_in` seconds in all and was asked for `age`
    /// seconds ago.
    pub fn adopt(&self, video_id: &str, token: String, expires_in: f64, age: f64) {
        if let Some(video) = self.state.video(video_id) {
            let token = PlaybackToken { token, expires_in, player_url: None };
            video.feed(Event::Shared { token, age_ms: (age * 1000.0) as u64 });
        }
    }

    /// A video's token as another tab can use it; `undefined` where there is none that is valid.
    #[wasm_bindgen(unchecked_return_type = "SharedToken | undefined")]
    pub fn shareable(&self, video_id: &str) -> JsValue {
        self.state.video(video_id).map_or(JsValue::UNDEFINED, |video| video.shareable())
    }

    /// Wipes the key, and ends every session and call. A second time it does nothing.
    pub fn destroy(&self) {
        self.state.context.destroy();
        self.state.reads.end_all(&ErrorCode::Destroyed);
        self.state.sessions.take();
        for (_, video) in self.state.videos.take() {
            video.feed(Event::Destroy);
        }
    }

    fn ask(&self, call: u32, session: u32, wanted: Wanted) -> Promise {
        match self.state.video_of(session) {
            Ok(video) => video.ask(call, session, wanted),
            Err(error) => Promise::reject(&rejection(&error, None)),
        }
    }

    fn read(
        &self,
        call: u32,
        url: Result<String, Error>,
        video_id: Option<&str>,
        check: fn(&JsValue) -> Result<(), Mismatch>,
    ) -> Promise {
        let reads = self.state.reads.clone();
        let video_id = video_id.map(str::to_owned);
        let request = url.and_then(|url| self.state.context.read_request(&url, &reads.start(call)?));
        future_to_promise(async move {
            let outcome = match request {
                Ok(request) => transport::read(request, check).await,
                Err(error) => Err(error),
            };
            let outcome = reads.finish(call).map_or(outcome, Err);
            outcome.map_err(|error| rejection(&error, video_id.as_deref()))
        })
    }
}

impl Owner for State {
    fn context(&self) -> &Context {
        &self.context
    }

    fn budget(&self) -> &Cell<Budget> {
        &self.budget
    }

    fn on_quota(&self, response: &QuotaResponse) {
        let quota = response.quota;
        let before = self.quota.replace(Some(quota));
        let was = |is: fn(&Quota) -> bool| before.as_ref().is_some_and(is);
        for (name, is_news) in [
            ("quotachange", before != Some(quota)),
            ("quotalow", quota.is_low() && !was(Quota::is_low)),
            ("quotaexceeded", quota.is_exceeded() && !was(Quota::is_exceeded)),
        ] {
            if is_news {
                self.context.callbacks.emit(name, None, plain(&quota));
            }
        }
        for video in self.all_videos() {
            let reset_in_ms = response.reset_in_ms;
            video.feed(Event::Quota { is_low: quota.is_low(), is_exceeded: quota.is_exceeded(), reset_in_ms });
        }
    }
}

impl State {
    fn video_of(&self, session: u32) -> Result<Rc<VideoTokens<State>>, Error> {
        self.sessions.with(&session, |video| video.clone()).ok_or_else(Error::session_destroyed)
    }

    fn video(&self, id: &str) -> Option<Rc<VideoTokens<State>>> {
        self.videos.with(&VideoId::parse(id).ok()?, |video| video.clone())
    }

    /// A copy, so that the machines can be fed while nothing is borrowed.
    fn all_videos(&self) -> Vec<Rc<VideoTokens<State>>> {
        self.videos.collect(|_, video| Some(video.clone()))
    }

    /// A video without sessions is kept while its token lives: a player that is removed and inserted again costs no token.
    fn forget_unused_videos(&self) {
        // Sessions, and a mint under way, hold a video too.
        self.videos.retain(|video| Rc::strong_count(video) > 1 || video.is_useful());
    }
}
