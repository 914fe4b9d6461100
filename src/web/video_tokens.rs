//! Runs one video's machine: carries out its commands, settles callers, sends events to the page.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal};

use super::callbacks::rejection;
use super::clocks;
use super::context::{Owner, too_many};
use super::plain::plain;
use super::registry::Registry;
use super::transport::{self, MintResponse, abort};
use crate::api::{Error, ErrorCode, VideoId};
use crate::detail::{
    ErrorDetail, OpenedSession, SharedToken, StateDetail, TokenErrorDetail, TokenRefreshedDetail, TokenRefreshingDetail,
};
use crate::gated_url::GatedUrl;
use crate::session::budget::{self, Budget};
use crate::session::{Command, Event, Machine, Notice, Reading, Reason, State, WaiterId};

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
    /// Outlives sessions: closing and opening again makes no new one.
    budget: Cell<Budget>,
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
            budget: Cell::new(Budget::of_a_video()),
        })
    }

    /// Feeds the machine, and does what it says.
    pub(super) fn feed(self: &Rc<Self>, event: Event) {
        // One reading for all that follows: a token may expire between two.
        let now = clocks::now();
        let commands = self.machine.borrow_mut().step(now, event);
        let is_new_token = commands.iter().any(|command| matches!(command, Command::Emit(Notice::Refreshed { .. })));
        // The state first: callers and listeners that get the new token find the session up to date.
        self.tell_state(now, is_new_token);
        for command in commands {
            self.carry_out(now, command);
        }
    }

    /// Answers with what is wanted as soon as there is a token that is valid now.
    pub(super) fn ask(self: &Rc<Self>, call: WaiterId, handle: u32, wanted: Wanted) -> Promise {
        let mut wanted = Some(wanted);
        Promise::new(&mut |resolve, reject| {
            if let Some(wanted) = wanted.take() {
                // The address of another tab's token is not ours to hand out (12).
                let own = matches!(wanted, Wanted::PlayerUrl);
                self.callers.insert(call, Caller { handle, wanted, resolve, reject });
                self.feed(Event::Request { waiter: call, own });
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
        // What is needed first: a viewer who begins to watch with nothing left to ask for mints nothing.
        self.feed(Event::Needed(needed));
        self.feed(Event::Watched(watched));
    }

    /// The token or address `rejected` was refused; `None` means the current one.
    pub(super) fn reject(self: &Rc<Self>, rejected: Option<&str>) {
        let is_old = {
            let machine = self.machine.borrow();
            rejected.zip(machine.token(clocks::now())).is_some_and(|(rejected, current)| !current.is_in(rejected))
        };
        // Another request has already brought a newer token: that one was not refused.
        if !is_old {
            self.feed(Event::Rejected);
        }
    }

    /// The token as another tab can use it; `undefined` where there is none.
    pub(super) fn shareable(&self) -> JsValue {
        let now = clocks::now();
        let machine = self.machine.borrow();
        let shared = machine.token(now).zip(machine.age_ms(now));
        shared.map_or(JsValue::UNDEFINED, |(token, age_ms)| {
            plain(&SharedToken { token: &token.token, expires_in: token.expires_in, age: age_ms as f64 / 1000.0 })
        })
    }

    /// What a session of it gets when it is opened.
    pub(super) fn opened(&self, handle: u32) -> JsValue {
        let now = clocks::now();
        let state = self.machine.borrow().state(now);
        plain(&OpenedSession { handle, state, expires_at: self.expires_at(now) })
    }

    /// Whether to keep it without sessions: its token is still valid, or it delays the next mint.
    pub(super) fn is_useful(&self) -> bool {
        let now = clocks::now();
        !self.machine.borrow().is_spent(now) || !self.budget.get().is_full(now.monotonic_ms)
    }

    /// Takes one mint out of the video's and the client's budget.
    fn spend(&self, client: &C) -> Result<(), Error> {
        let now = clocks::now().monotonic_ms;
        let life_ms = self.machine.borrow().own_life_ms();
        let mut own = self.budget.get();
        let taken = own.take(now, budget::video_pace_ms(life_ms)).and_then(|()| {
            let all = client.budget();
            let mut left = all.get();
            left.take(now, budget::client_pace_ms(life_ms))?;
            all.set(left);
            Ok(())
        });
        taken.map_err(too_many)?;
        self.budget.set(own);
        Ok(())
    }

    /// Puts it back: the answer was an error, and no token was minted.
    fn refund(&self, client: &C) {
        let life_ms = self.machine.borrow().own_life_ms();
        for (left, pace_ms) in
            [(&self.budget, budget::video_pace_ms(life_ms)), (client.budget(), budget::client_pace_ms(life_ms))]
        {
            let mut refunded = left.get();
            refunded.give_back(pace_ms);
            left.set(refunded);
        }
    }

    fn dismiss(self: &Rc<Self>, call: WaiterId, error: &Error) {
        if let Some(caller) = self.callers.remove(&call) {
            settle(&caller.reject, &rejection(error, Some(self.id.as_str())));
            self.feed(Event::Cancel { waiter: call });
        }
    }

    fn carry_out(self: &Rc<Self>, now: Reading, command: Command) {
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
            Command::Settle { waiter, outcome } => self.settle(now, waiter, &outcome),
            Command::Emit(notice) => self.tell(now, notice),
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
                if let Ok(turn) = turn {
                    // Whatever else stands in the way of taking turns, this tab mints alone.
                    let _ = JsFuture::from(turn).await;
                }
                // Aborted while it waited: the machine has forgotten it.
                if signal.aborted() {
                    return;
                }
                session.feed(Event::Sent { id });
            }
            let response = match session.spend(&client) {
                Ok(()) => session.request_token(&client, reason, &signal).await,
                Err(error) => MintResponse { outcome: Err(error), quota: None },
            };
            session.mint.borrow_mut().take_if(|(current, _)| *current == id);
            if let Some(quota) = response.quota {
                client.on_quota(&quota);
            }
            let is_minted = response.outcome.is_ok();
            session.feed(Event::Minted { id, outcome: response.outcome });
            if context.shares_across_tabs {
                let token = if is_minted { session.shareable() } else { JsValue::UNDEFINED };
                context.callbacks.after_mint(session.id.as_str(), token, &signal);
            }
        });
    }

    async fn request_token(&self, client: &C, reason: Reason, signal: &AbortSignal) -> MintResponse {
        let context = client.context();
        let response = match context.mint_request(&self.id, signal) {
            Ok(Some(request)) => transport::mint(request).await,
            Ok(None) => {
                let outcome = transport::provide(&context.callbacks, self.id.as_str(), reason, signal).await;
                MintResponse { outcome, quota: None }
            }
            Err(error) => MintResponse { outcome: Err(error), quota: None },
        };
        // One that was aborted may have been minted all the same.
        if response.outcome.is_err() && !signal.aborted() {
            self.refund(client);
        }
        response
    }

    fn abort_mint(&self, id: u32) {
        let mint = self.mint.borrow_mut().take_if(|(current, _)| *current == id);
        if let Some((_, controller)) = mint {
            abort(&controller);
        }
    }

    fn settle(&self, now: Reading, call: WaiterId, outcome: &Result<(), Error>) {
        let Some(caller) = self.callers.remove(&call) else { return };
        match outcome.clone().and_then(|()| self.fulfil(now, &caller.wanted)) {
            Ok(text) => settle(&caller.resolve, &JsValue::from_str(&text)),
            Err(error) => settle(&caller.reject, &rejection(&error, Some(self.id.as_str()))),
        }
    }

    fn fulfil(&self, now: Reading, wanted: &Wanted) -> Result<String, Error> {
        let client = self.client.upgrade().ok_or_else(Error::client_destroyed)?;
        let base = &client.context().base;
        let machine = self.machine.borrow();
        let current = machine.token(now).ok_or_else(Error::client_destroyed)?;
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

    fn tell(&self, now: Reading, notice: Notice) {
        let video_id = self.id.as_str();
        match notice {
            Notice::Refreshing { reason } => {
                self.emit("tokenrefreshing", plain(&TokenRefreshingDetail { video_id, reason }));
            }
            Notice::Refreshed { reason } => {
                let expires_at = self.expires_at(now).unwrap_or_default();
                self.emit("tokenrefreshed", plain(&TokenRefreshedDetail { video_id, reason, expires_at }));
            }
            Notice::Failed { error, will_retry } => {
                let error = ErrorDetail::new(&error, Some(video_id));
                self.emit("tokenerror", plain(&TokenErrorDetail { error, will_retry }));
            }
        }
    }

    fn tell_state(&self, now: Reading, is_new_token: bool) {
        let state = self.machine.borrow().state(now);
        if is_new_token || self.told_state.get() != state {
            self.told_state.set(state);
            self.emit("statechange", plain(&StateDetail { state, expires_at: self.expires_at(now) }));
        }
    }

    fn expires_at(&self, now: Reading) -> Option<f64> {
        self.machine.borrow().expires_in_ms(now).map(|ms| now.wall_ms as f64 + ms as f64)
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
