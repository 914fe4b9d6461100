//! One video's machine at work: carries out its commands, settles callers, tells the page.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

use super::callbacks::rejection;
use super::clocks;
use super::context::Owner;
use super::plain::plain;
use super::registry::Registry;
use super::transport::{self, MintResponse, abort};
use crate::api::{Error, ErrorCode, PlaybackToken, VideoId};
use crate::detail::{ErrorDetail, StateDetail, TokenErrorDetail, TokenRefreshedDetail, TokenRefreshingDetail};
use crate::gated_url::GatedUrl;
use crate::session::{Command, Event, Machine, Notice, Reason, State, WaiterId};

/// What a caller wants, once there is a token.
pub(super) enum Wanted {
    Token,
    /// This absolute address, with the token in it.
    Url(String),
    ManifestUrl,
    PlayerUrl,
}

struct Caller {
    handle: u32,
    wanted: Wanted,
    resolve: Function,
    reject: Function,
}

/// The token session of one video, shared by all players of it.
pub(super) struct VideoTokens<C> {
    id: VideoId,
    client: Weak<C>,
    machine: RefCell<Machine>,
    callers: Registry<WaiterId, Caller>,
    /// The sessions in which something plays.
    active: RefCell<Vec<u32>>,
    /// The sessions that have said that nothing of theirs can need a token any more.
    satisfied: RefCell<Vec<u32>>,
    timer: RefCell<Option<Timeout>>,
    mint: RefCell<Option<(u32, AbortController)>>,
    told_state: Cell<State>,
}

impl<C: Owner + 'static> VideoTokens<C> {
    pub(super) fn new(id: VideoId, client: &Rc<C>) -> Rc<Self> {
        let context = client.context();
        let seed = (js_sys::Math::random() * 2_f64.powi(53)) as u64;
        Rc::new(Self {
            id,
            client: Rc::downgrade(client),
            machine: RefCell::new(Machine::new(context.refresh, context.source, seed, clocks::now())),
            callers: Registry::default(),
            active: RefCell::default(),
            satisfied: RefCell::default(),
            timer: RefCell::default(),
            mint: RefCell::default(),
            told_state: Cell::new(State::Idle),
        })
    }

    /// Feeds the machine, and does what it says.
    pub(super) fn feed(self: &Rc<Self>, event: Event) {
        let commands = self.machine.borrow_mut().step(clocks::now(), event);
        let is_new_token = commands.iter().any(|command| matches!(command, Command::Emit(Notice::Refreshed { .. })));
        // The state first: whoever hears of a new token, or gets it, finds the session up to date.
        self.tell_state(is_new_token);
        for command in commands {
            self.carry_out(command);
        }
    }

    /// Answers with what is wanted as soon as there is a token that is valid now.
    pub(super) fn ask(self: &Rc<Self>, call: WaiterId, handle: u32, wanted: Wanted) -> Promise {
        let mut wanted = Some(wanted);
        Promise::new(&mut |resolve, reject| {
            if let Some(wanted) = wanted.take() {
                self.callers.insert(call, Caller { handle, wanted, resolve, reject });
                self.feed(Event::Request { waiter: call });
            }
        })
    }

    /// Takes back a call, if it waits here.
    pub(super) fn cancel(self: &Rc<Self>, call: WaiterId) {
        let error = Error::new(ErrorCode::Aborted, "The call was aborted by its signal");
        self.dismiss(call, &error);
    }

    /// Takes back every call of one session that the page closed.
    pub(super) fn close(self: &Rc<Self>, handle: u32) {
        let calls = self.callers.collect(|call, caller| (caller.handle == handle).then_some(*call));
        for call in calls {
            self.dismiss(call, &Error::session_destroyed());
        }
        include(&self.satisfied, handle, false);
        self.set_active(handle, false);
    }

    /// Whether something plays in a session; the video is watched while it does in any.
    pub(super) fn set_active(self: &Rc<Self>, handle: u32, active: bool) {
        include(&self.active, handle, active);
        self.tell_audience();
    }

    /// Whether a request of what is left of a session's film can need a token; nothing said counts as needed.
    pub(super) fn set_needed(self: &Rc<Self>, handle: u32, needed: bool) {
        include(&self.satisfied, handle, !needed);
        self.tell_audience();
    }

    /// The video is watched while any session is, and needs tokens while any that is watched does.
    fn tell_audience(self: &Rc<Self>) {
        let (watched, needed) = {
            let (active, satisfied) = (self.active.borrow(), self.satisfied.borrow());
            (!active.is_empty(), active.iter().any(|handle| !satisfied.contains(handle)))
        };
        // What is needed first: whoever begins to watch, with nothing left to ask for, has nothing minted.
        self.feed(Event::Needed(needed));
        self.feed(Event::Watched(watched));
    }

    /// The token or address `rejected` was refused; `None` means the current one.
    pub(super) fn reject(self: &Rc<Self>, rejected: Option<&str>) {
        let is_old = {
            let machine = self.machine.borrow();
            rejected.zip(machine.token()).is_some_and(|(rejected, current)| !current.is_in(rejected))
        };
        // Another request has already brought a newer token: that one was not refused.
        if !is_old {
            self.feed(Event::Rejected);
        }
    }

    /// The token as another tab can use it, with what is left of its life; `undefined` where there is none.
    pub(super) fn shareable(&self) -> JsValue {
        let machine = self.machine.borrow();
        let shared = machine.token().zip(machine.expires_in_ms());
        shared.map_or(JsValue::UNDEFINED, |(token, ms)| {
            plain(&PlaybackToken { expires_in: ms as f64 / 1000.0, ..token.clone() })
        })
    }

    /// Whether its token could still serve somebody.
    pub(super) fn is_useful(&self) -> bool {
        self.machine.borrow().token().is_some()
    }

    fn dismiss(self: &Rc<Self>, call: WaiterId, error: &Error) {
        if let Some(caller) = self.callers.remove(&call) {
            settle(&caller.reject, &rejection(error, Some(self.id.as_str())));
            self.feed(Event::Cancel { waiter: call });
        }
    }

    fn carry_out(self: &Rc<Self>, command: Command) {
        match command {
            Command::Mint { id, reason } => self.mint(id, reason),
            Command::AbortMint { id } => self.abort_mint(id),
            Command::SetTimer { after_ms } => {
                let session = Rc::downgrade(self);
                let timeout = Timeout::new(u32::try_from(after_ms).unwrap_or(u32::MAX), move || {
                    if let Some(session) = session.upgrade() {
                        session.feed(Event::Timer);
                    }
                });
                self.timer.replace(Some(timeout));
            }
            Command::CancelTimer => {
                self.timer.take();
            }
            Command::Settle { waiter, outcome } => self.settle(waiter, &outcome),
            Command::Emit(notice) => self.tell(notice),
        }
    }

    fn mint(self: &Rc<Self>, id: u32, reason: Reason) {
        let Some(client) = self.client.upgrade() else { return };
        let Ok(controller) = AbortController::new() else { return };
        let signal = controller.signal();
        self.mint.replace(Some((id, controller)));
        let session = self.clone();
        spawn_local(async move {
            let context = client.context();
            if context.shares_across_tabs {
                let turn = context.callbacks.before_mint(session.id.as_str(), reason.as_str(), &signal);
                // Rejected: the mint was aborted while it waited, and the machine has forgotten it.
                if let Ok(turn) = turn
                    && JsFuture::from(turn).await.is_err()
                {
                    return;
                }
                session.feed(Event::Sent { id });
            }
            let response = match context.mint_request(&session.id, &signal) {
                Ok(Some(request)) => transport::mint(request).await,
                Ok(None) => {
                    let outcome = transport::provide(&context.callbacks, session.id.as_str(), reason, &signal).await;
                    MintResponse { outcome, quota: None }
                }
                Err(error) => MintResponse { outcome: Err(error), quota: None },
            };
            session.mint.borrow_mut().take_if(|(current, _)| *current == id);
            if let Some(quota) = response.quota {
                client.on_quota(&quota);
            }
            session.feed(Event::Minted { id, outcome: response.outcome });
            if context.shares_across_tabs {
                context.callbacks.after_mint(session.id.as_str(), session.shareable());
            }
        });
    }

    fn abort_mint(&self, id: u32) {
        let mint = self.mint.borrow_mut().take_if(|(current, _)| *current == id);
        if let Some((_, controller)) = mint {
            abort(&controller);
        }
    }

    fn settle(&self, call: WaiterId, outcome: &Result<(), Error>) {
        let Some(caller) = self.callers.remove(&call) else { return };
        match outcome.clone().and_then(|()| self.fulfil(&caller.wanted)) {
            Ok(text) => settle(&caller.resolve, &JsValue::from_str(&text)),
            Err(error) => settle(&caller.reject, &rejection(&error, Some(self.id.as_str()))),
        }
    }

    fn fulfil(&self, wanted: &Wanted) -> Result<String, Error> {
        let client = self.client.upgrade().ok_or_else(Error::client_destroyed)?;
        let base = &client.context().base;
        let machine = self.machine.borrow();
        let current = machine.token().ok_or_else(Error::client_destroyed)?;
        match wanted {
            Wanted::Token => Ok(current.token.clone()),
            Wanted::ManifestUrl => Ok(base.manifest(&current.token)),
            Wanted::Url(url) => {
                let rewritten = GatedUrl::parse(url, base).map(|url| url.with_token(base, &current.token));
                Ok(rewritten.unwrap_or_else(|| url.clone()))
            }
            Wanted::PlayerUrl => current.player_address().map(str::to_owned).ok_or_else(|| {
                Error::new(
                    ErrorCode::Unsupported,
                    "The token came without a `playerUrl`, or with one that is no http(s) address; play with manifestUrl() instead",
                )
            }),
        }
    }

    fn tell(&self, notice: Notice) {
        let video_id = self.id.as_str();
        match notice {
            Notice::Refreshing { reason } => {
                self.emit("tokenrefreshing", plain(&TokenRefreshingDetail { video_id, reason }));
            }
            Notice::Refreshed { reason } => {
                let expires_at = self.expires_at().unwrap_or_default();
                self.emit("tokenrefreshed", plain(&TokenRefreshedDetail { video_id, reason, expires_at }));
            }
            Notice::Failed { error, will_retry } => {
                let error = ErrorDetail::new(&error, Some(video_id));
                self.emit("tokenerror", plain(&TokenErrorDetail { error, will_retry }));
            }
        }
    }

    fn tell_state(&self, is_new_token: bool) {
        let state = self.machine.borrow().state();
        if is_new_token || self.told_state.get() != state {
            self.told_state.set(state);
            self.emit("statechange", plain(&StateDetail { state, expires_at: self.expires_at() }));
        }
    }

    fn expires_at(&self) -> Option<f64> {
        self.machine.borrow().expires_in_ms().map(|ms| js_sys::Date::now() + ms as f64)
    }

    fn emit(&self, name: &str, detail: JsValue) {
        if let Some(client) = self.client.upgrade() {
            client.context().callbacks.emit(name, Some(self.id.as_str()), detail);
        }
    }
}

/// Puts a session into a list, or takes it out.
fn include(list: &RefCell<Vec<u32>>, handle: u32, is_in: bool) {
    let mut handles = list.borrow_mut();
    match handles.iter().position(|other| *other == handle) {
        Some(at) if !is_in => drop(handles.swap_remove(at)),
        None if is_in => handles.push(handle),
        _ => {}
    }
}

/// Calls the `resolve` or `reject` of a promise, which never throw.
fn settle(function: &Function, value: &JsValue) {
    let _ = function.call1(&JsValue::UNDEFINED, value);
}
