//! The machine itself. Numbers in comments are the rules of ARCHITECTURE.md, "The token session".

use core::mem;

use fastrand::Rng;

use super::clock::{Clock, Reading};
use super::event::{Command, Event, Notice, Reason, State, WaiterId};
use super::lease::Lease;
use super::policy;
use crate::api::{Error, ErrorCode, PlaybackToken};

/// When tokens are renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// Before they expire, as long as somebody watches: no request ever waits for a mint.
    Eager,
    /// When a request needs one: a film whose playlist and key are loaded costs one token.
    OnDemand,
}

/// Where tokens come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Ansdev's mint route, with an API key.
    ApiKey,
    /// The page's own `getToken`.
    Provider,
}

/// The token session of one video: decides when to mint, and who gets what.
///
/// Decisions are made from the state and the time, not from the event: after every event [`step`](Self::step) looks
/// at all of it again. So a timer that fires late, twice or never changes when a decision is made, not what it is.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the page")]
pub struct Machine {
    refresh: Refresh,
    source: Source,
    clock: Clock,
    rng: Rng,
    lease: Option<Lease>,
    mint: Option<Mint>,
    last_mint_id: u32,
    last_success: Option<Success>,
    /// When the last mint was asked for, successful or not.
    last_try: Option<u64>,
    /// Whether a caller has got a token: before that, there is nothing to renew.
    has_begun: bool,
    /// How long tokens of our own live.
    own_life_ms: u64,
    /// Fingerprints of the last tokens that were refused.
    refused: [u64; policy::REFUSED_KEPT],
    /// Until when tokens of other tabs are ignored.
    ignores_tabs_until: u64,
    hold: Hold,
    failures: u32,
    quota: Option<QuotaHold>,
    waiters: Vec<Waiter>,
    timer_at: Option<u64>,
    next_reason: Reason,
    watched: bool,
    needed: bool,
    online: bool,
}

#[derive(Debug, Clone)]
struct Mint {
    id: u32,
    reason: Reason,
    sent_at: u64,
    /// Whether its request was sent: until then it waits for other tabs.
    is_sent: bool,
}

/// The last mint that gave a token.
#[derive(Debug, Clone)]
struct Success {
    least_gap_until: u64,
    forced: bool,
}

#[derive(Debug, Clone)]
struct Waiter {
    id: WaiterId,
    deadline: u64,
    own: bool,
}

/// Why the next mint must wait, after one that failed.
#[derive(Debug, Clone)]
enum Hold {
    None,
    /// For a while.
    Backoff {
        until: u64,
        error: Error,
    },
    /// Until somebody asks again; callers before `until` get the error at once.
    Failed {
        until: u64,
        error: Error,
    },
    /// For good.
    Destroyed,
}

/// Why the next mint must wait, by the key's quota.
#[derive(Debug, Clone, Copy)]
struct QuotaHold {
    until: u64,
    is_exceeded: bool,
}

impl Machine {
    /// A session that has not been asked for anything. `seed` makes its random choices repeatable.
    pub fn new(refresh: Refresh, source: Source, seed: u64, now: Reading) -> Self {
        Self {
            refresh,
            source,
            clock: Clock::new(now),
            rng: Rng::with_seed(seed),
            lease: None,
            mint: None,
            last_mint_id: 0,
            last_success: None,
            last_try: None,
            has_begun: false,
            own_life_ms: u64::from(PlaybackToken::DEFAULT_LIFE_SECONDS) * 1000,
            refused: [0; policy::REFUSED_KEPT],
            ignores_tabs_until: 0,
            hold: Hold::None,
            failures: 0,
            quota: None,
            waiters: Vec::new(),
            timer_at: None,
            next_reason: Reason::Initial,
            watched: false,
            needed: true,
            online: true,
        }
    }

    /// Takes one event and the clocks, and returns what is to be done, in order.
    pub fn step(&mut self, now: Reading, event: Event) -> Vec<Command> {
        let now = self.clock.advance(now);
        let mut commands = Vec::new();
        if matches!(self.hold, Hold::Destroyed) {
            if let Event::Request { waiter, .. } = event {
                commands.push(Command::Settle { waiter, outcome: Err(Error::session_destroyed()) });
            }
            return commands;
        }
        match event {
            Event::Request { waiter, own } => self.request(now, waiter, own),
            Event::Cancel { waiter } => self.cancel(now, waiter, &mut commands),
            Event::Minted { id, outcome } => self.minted(now, id, outcome, &mut commands),
            Event::Sent { id } => {
                if let Some(mint) = self.mint.as_mut().filter(|mint| mint.id == id) {
                    mint.sent_at = now;
                    mint.is_sent = true;
                }
            }
            Event::Shared { token, age_ms } => self.shared(now, token, age_ms, &mut commands),
            Event::Rejected => self.rejected(now, &mut commands),
            Event::Watched(watched) => self.watched = watched,
            Event::Needed(needed) => self.needed = needed,
            Event::Online(online) => self.set_online(now, online),
            Event::Quota { is_low, is_exceeded, reset_in_ms } => {
                self.quota = is_low.then(|| self.quota_hold(now, reset_in_ms, is_exceeded));
            }
            Event::Timer => self.timer_at = None,
            Event::Wake => {}
            Event::Destroy => {
                self.destroy(&mut commands);
                return commands;
            }
        }
        self.decide(now, &mut commands);
        commands
    }

    /// The token to hand out; `None` if it has expired, or will before it arrives.
    pub fn token(&self, now: Reading) -> Option<&PlaybackToken> {
        self.usable(self.clock.at(now)).map(|lease| &lease.token)
    }

    /// Milliseconds until the token expires; `None` where there is none to hand out.
    pub fn expires_in_ms(&self, now: Reading) -> Option<u64> {
        let now = self.clock.at(now);
        self.usable(now).map(|lease| lease.expires_at.saturating_sub(now))
    }

    /// Milliseconds since the request for the token was sent; `None` where there is none to hand out.
    pub fn age_ms(&self, now: Reading) -> Option<u64> {
        let now = self.clock.at(now);
        self.usable(now).map(|lease| lease.life_ms.saturating_sub(lease.expires_at.saturating_sub(now)))
    }

    /// Whether a machine without callers could be replaced by a new one: its token has expired, and nothing keeps it
    /// from minting or from using other tabs' tokens.
    pub fn is_spent(&self, now: Reading) -> bool {
        let now = self.clock.at(now);
        let held_until = match &self.hold {
            Hold::None => 0,
            Hold::Backoff { until, .. } | Hold::Failed { until, .. } => *until,
            Hold::Destroyed => return true,
        };
        let gap_until = self.last_try.map_or(0, |at| at.saturating_add(policy::least_gap_ms(self.own_life_ms)));
        self.usable(now).is_none() && now >= held_until.max(gap_until).max(self.ignores_tabs_until)
    }

    /// How long tokens of our own live, in milliseconds; a guess before the first.
    pub fn own_life_ms(&self) -> u64 {
        self.own_life_ms
    }

    /// What the machine is doing.
    pub fn state(&self, now: Reading) -> State {
        let now = self.clock.at(now);
        let is_usable = self.usable(now).is_some();
        match (&self.mint, &self.hold) {
            (_, Hold::Destroyed) => State::Destroyed,
            (Some(_), _) if is_usable => State::Refreshing,
            (None, _) if is_usable => State::Live,
            (Some(_), _) => State::Minting,
            _ if self.is_exhausted(now) => State::Exhausted,
            (None, Hold::Failed { .. }) => State::Failed,
            (None, _) if self.wants_token(now) => State::Retrying,
            (None, _) => State::Idle,
        }
    }

    fn request(&mut self, now: u64, waiter: WaiterId, own: bool) {
        self.waiters.push(Waiter { id: waiter, deadline: now.saturating_add(policy::CALLER_TIMEOUT_MS), own });
        // Asking again is what ends a permanent failure (5), but not inside the least gap (6).
        let is_served = self.usable(now).is_some_and(|lease| !(own && lease.is_shared));
        if !is_served && matches!(&self.hold, Hold::Failed { until, .. } if *until <= now) {
            self.hold = Hold::None;
        }
    }

    fn cancel(&mut self, now: u64, waiter: WaiterId, commands: &mut Vec<Command>) {
        let Some(at) = self.waiters.iter().position(|other| other.id == waiter) else { return };
        self.waiters.remove(at);
        // A mint that is wanted anyway, because somebody watches and the token is due, goes on (4).
        if self.waiters.is_empty()
            && !self.is_refresh_due(now)
            && let Some(mint) = self.mint.take()
        {
            commands.push(Command::AbortMint { id: mint.id });
        }
    }

    fn minted(&mut self, now: u64, id: u32, outcome: Result<PlaybackToken, Error>, commands: &mut Vec<Command>) {
        // Late, answered twice, or aborted: only the mint under way may change anything (4).
        let Some(mint) = self.mint.take_if(|mint| mint.id == id) else { return };
        let lease =
            outcome.and_then(|token| Lease::new(token, mint.sent_at, &mut self.rng)).map(|lease| self.known(lease));
        let lease = match lease {
            Ok(lease) if lease.is_usable(now) => lease,
            Ok(_) => return self.failed(now, expired_on_arrival(), commands),
            Err(error) => return self.failed(now, error, commands),
        };
        self.own_life_ms = lease.life_ms;
        self.last_success = Some(Success {
            least_gap_until: mint.sent_at.saturating_add(lease.least_gap_ms),
            forced: mint.reason == Reason::Rejected,
        });
        self.renewed(lease, mint.reason, commands);
    }

    /// A `getToken` that keeps its answers may give the same token again: it lives as long as it did the first time, and
    /// is asked for again when it can no longer be handed out (12).
    fn known(&self, lease: Lease) -> Lease {
        match &self.lease {
            Some(known) if !known.is_shared && known.token.token == lease.token.token => {
                Lease { refresh_at: known.usable_until, ..known.clone() }
            }
            _ => lease,
        }
    }

    /// Another tab has a token. It is used where ours is missing or due, for no longer than ours live, and without its
    /// `playerUrl`; a mint whose request was sent goes on (12).
    fn shared(&mut self, now: u64, token: PlaybackToken, age_ms: u64, commands: &mut Vec<Command>) {
        let is_due = self.lease.as_ref().is_none_or(|lease| lease.refresh_at <= now);
        let is_known = self.lease.as_ref().is_some_and(|lease| lease.token.token == token.token);
        if !is_due || is_known || now < self.ignores_tabs_until || self.refused.contains(&token.fingerprint()) {
            return;
        }
        let expires_in = token.expires_in.min(self.own_life_ms as f64 / 1000.0);
        let token = PlaybackToken { expires_in, player_url: None, ..token };
        let Ok(mut lease) = Lease::new(token, now, &mut self.rng) else { return };
        lease.age(age_ms);
        lease.is_shared = true;
        if lease.refresh_at <= now {
            return;
        }
        if let Some(mint) = self.mint.take_if(|mint| !mint.is_sent) {
            commands.push(Command::AbortMint { id: mint.id });
        }
        self.renewed(lease, self.next_reason, commands);
    }

    fn renewed(&mut self, lease: Lease, reason: Reason, commands: &mut Vec<Command>) {
        self.lease = Some(lease);
        self.has_begun |= self.last_try.is_some();
        self.hold = Hold::None;
        self.failures = 0;
        self.next_reason = Reason::Refresh;
        commands.push(Command::Emit(Notice::Refreshed { reason }));
    }

    /// A mint failed. A token that is still valid survives any error (5).
    fn failed(&mut self, now: u64, error: Error, commands: &mut Vec<Command>) {
        use crate::api::error::Recovery;

        let error = if is_long_refusal(&error) { refused_by_provider(error.retry_after_ms) } else { error };
        match error.recovery() {
            Recovery::Transient => {
                self.failures = self.failures.saturating_add(1);
                let is_live = self.lease.as_ref().is_some_and(|lease| now < lease.expires_at);
                let cap = if is_live { policy::BACKOFF_CAP_LIVE_MS } else { policy::BACKOFF_CAP_EXPIRED_MS };
                let backoff = policy::backoff_ms(self.failures, cap, &mut self.rng);
                let mut wait = backoff.max(error.retry_after_ms.unwrap_or(0));
                // A page's server tells all its viewers the same wait; they must not retry at the same moment. The later of
                // two draws, because viewers with a short wait crowd the first seconds.
                if self.source == Source::Provider {
                    let jitter = self.rng.u64(..=wait / 2).max(self.rng.u64(..=wait / 2));
                    wait = wait.saturating_add(jitter);
                }
                self.hold = Hold::Backoff { until: now.saturating_add(wait), error: error.clone() };
            }
            Recovery::AfterReset => {
                let reset_in_ms = error.retry_after_ms.unwrap_or(policy::QUOTA_RETRY_MS);
                self.quota = Some(self.quota_hold(now, reset_in_ms, true));
            }
            Recovery::Permanent | Recovery::MintAgain => {
                self.hold = Hold::Failed { until: now, error: error.clone() };
                self.settle_all(&Err(error.clone()), commands);
            }
        }
        let will_retry = error.is_retryable() && self.wants_token(now);
        commands.push(Command::Emit(Notice::Failed { error, will_retry }));
    }

    /// The backend refused the current token: one forced mint, and inside the least gap no second one (6). A shared one
    /// counts as none, and ends the listening for a while (12).
    fn rejected(&mut self, now: u64, commands: &mut Vec<Command>) {
        let Some(lease) = self.lease.take() else { return };
        self.refused.rotate_right(1);
        if let Some(last) = self.refused.first_mut() {
            *last = lease.token.fingerprint();
        }
        self.next_reason = Reason::Rejected;
        if lease.is_shared {
            self.ignores_tabs_until = now.saturating_add(self.own_life_ms);
        }
        if let Some(last) = &self.last_success
            && last.forced
            && now < last.least_gap_until
        {
            let error = rejected_again().with_retry_after_ms(Some(last.least_gap_until - now));
            self.hold = Hold::Failed { until: last.least_gap_until, error: error.clone() };
            commands.push(Command::Emit(Notice::Failed { error, will_retry: false }));
        }
    }

    fn set_online(&mut self, now: u64, online: bool) {
        // The network is back: what failed before says nothing any more. But a wait that the server asked for does (5).
        if online
            && !self.online
            && let Hold::Backoff { until, error } = &mut self.hold
            && error.retry_after_ms.is_none()
        {
            self.failures = 0;
            *until = now.saturating_add(policy::backoff_ms(1, policy::BACKOFF_CAP_LIVE_MS, &mut self.rng));
        }
        self.online = online;
    }

    fn destroy(&mut self, commands: &mut Vec<Command>) {
        self.hold = Hold::Destroyed;
        self.lease = None;
        if let Some(mint) = self.mint.take() {
            commands.push(Command::AbortMint { id: mint.id });
        }
        if self.timer_at.take().is_some() {
            commands.push(Command::CancelTimer);
        }
        self.settle_all(&Err(Error::session_destroyed()), commands);
    }

    /// Everything that follows from the state and the time.
    fn decide(&mut self, now: u64, commands: &mut Vec<Command>) {
        if let Some(mint) = self.mint.take_if(|mint| mint.sent_at.saturating_add(policy::MINT_TIMEOUT_MS) <= now) {
            commands.push(Command::AbortMint { id: mint.id });
            self.failed(now, timed_out(self.source), commands);
        }
        if let Some(lease) = self.usable(now) {
            let is_shared = lease.is_shared;
            self.settle_served(is_shared, commands);
        }
        self.turn_away(now, commands);
        if self.mint.is_none() && self.may_mint(now) && (!self.waiters.is_empty() || self.is_refresh_due(now)) {
            self.start_mint(now, commands);
        }
        self.set_timer(now, commands);
    }

    /// Answers the callers for whom waiting has no point, with the error that says why.
    fn turn_away(&mut self, now: u64, commands: &mut Vec<Command>) {
        if self.waiters.is_empty() {
            return;
        }
        // A mint under way may yet bring the last token of the day.
        if let Some(quota) = self.quota
            && self.is_exhausted(now)
            && self.mint.is_none()
        {
            let wait = quota.until - now;
            let error = match self.source {
                Source::ApiKey => exhausted(wait),
                Source::Provider => refused_by_provider(Some(wait)),
            };
            return self.settle_all(&Err(error), commands);
        }
        let (next_try, error) = match &self.hold {
            Hold::Failed { error, .. } => return self.settle_all(&Err(error.clone()), commands),
            Hold::Backoff { until, error } => (*until, error.clone()),
            Hold::None if !self.online => (now, offline()),
            Hold::None | Hold::Destroyed => (now, timed_out(self.source)),
        };
        self.waiters.retain(|waiter| {
            let stays = next_try.max(now) < waiter.deadline;
            if !stays {
                commands.push(Command::Settle { waiter: waiter.id, outcome: Err(error.clone()) });
            }
            stays
        });
    }

    fn start_mint(&mut self, now: u64, commands: &mut Vec<Command>) {
        self.last_mint_id = self.last_mint_id.wrapping_add(1);
        let mint = Mint { id: self.last_mint_id, reason: self.next_reason, sent_at: now, is_sent: false };
        self.last_try = Some(now);
        commands.push(Command::Emit(Notice::Refreshing { reason: mint.reason }));
        commands.push(Command::Mint { id: mint.id, reason: mint.reason });
        self.mint = Some(mint);
    }

    /// Asks for a wake-up at the next moment that changes anything, and leaves a timer alone that fires early enough.
    fn set_timer(&mut self, now: u64, commands: &mut Vec<Command>) {
        match self.next_change(now) {
            Some(at) => {
                if self.timer_at.is_none_or(|timer| timer > at || timer <= now) {
                    let after_ms = at.saturating_sub(now).clamp(1, policy::MAX_TIMER_MS);
                    self.timer_at = Some(now.saturating_add(after_ms));
                    commands.push(Command::SetTimer { after_ms });
                }
            }
            None => {
                if self.timer_at.take().is_some() {
                    commands.push(Command::CancelTimer);
                }
            }
        }
    }

    fn next_change(&self, now: u64) -> Option<u64> {
        let patience = self.waiters.iter().map(|waiter| waiter.deadline).min();
        let mint = match &self.mint {
            Some(mint) => Some(mint.sent_at.saturating_add(policy::MINT_TIMEOUT_MS)),
            None if !self.online => self.next_mint(now).filter(|_| !self.waiters.is_empty()),
            None => self.next_mint(now),
        };
        patience.into_iter().chain(mint).min()
    }

    fn next_mint(&self, now: u64) -> Option<u64> {
        let backoff = match &self.hold {
            Hold::None => now,
            Hold::Backoff { until, .. } => *until,
            Hold::Failed { .. } | Hold::Destroyed => return None,
        };
        if !self.waiters.is_empty() {
            return Some(backoff.max(self.offline_until()));
        }
        let quota = self.quota.map_or(now, |quota| quota.until);
        self.is_renewing().then(|| self.refresh_at(now).max(backoff).max(quota))
    }

    fn settle_all(&mut self, outcome: &Result<(), Error>, commands: &mut Vec<Command>) {
        for waiter in mem::take(&mut self.waiters) {
            commands.push(Command::Settle { waiter: waiter.id, outcome: outcome.clone() });
        }
    }

    /// Answers the callers whom the token serves.
    fn settle_served(&mut self, is_shared: bool, commands: &mut Vec<Command>) {
        for waiter in mem::take(&mut self.waiters) {
            if waiter.own && is_shared {
                self.waiters.push(waiter);
            } else {
                self.has_begun = true;
                commands.push(Command::Settle { waiter: waiter.id, outcome: Ok(()) });
            }
        }
    }

    fn usable(&self, now: u64) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| lease.is_usable(now))
    }

    /// Until when a browser that says it is offline is believed (7).
    fn offline_until(&self) -> u64 {
        let last_try = self.last_try.filter(|_| !self.online);
        last_try.map_or(0, |at| at.saturating_add(policy::OFFLINE_RETRY_MS))
    }

    /// Whether tokens are renewed ahead of need: nobody watching (7), or nothing left to ask for (10), nothing minted.
    /// There is nothing to renew before somebody asked and got a first token.
    fn is_renewing(&self) -> bool {
        self.refresh == Refresh::Eager && self.watched && self.needed && self.has_begun
    }

    fn refresh_at(&self, now: u64) -> u64 {
        // A renewal that brought the same text again does not follow at once (6).
        let gap_until = self.last_success.as_ref().map_or(0, |last| last.least_gap_until);
        self.lease.as_ref().map_or(now, |lease| lease.refresh_at.max(gap_until))
    }

    fn is_refresh_due(&self, now: u64) -> bool {
        self.is_renewing() && !self.is_low(now) && self.refresh_at(now) <= now
    }

    fn wants_token(&self, now: u64) -> bool {
        !self.waiters.is_empty() || self.is_renewing() && !self.is_low(now)
    }

    /// Whether what is left of the quota is kept for those who really need it (8).
    fn is_low(&self, now: u64) -> bool {
        self.quota.is_some_and(|quota| now < quota.until)
    }

    fn may_mint(&self, now: u64) -> bool {
        let is_held = match &self.hold {
            Hold::None => false,
            Hold::Backoff { until, .. } => now < *until,
            Hold::Failed { .. } | Hold::Destroyed => true,
        };
        !is_held && (self.online || !self.waiters.is_empty() && self.offline_until() <= now)
    }

    fn is_exhausted(&self, now: u64) -> bool {
        self.quota.is_some_and(|quota| quota.is_exceeded && now < quota.until)
    }

    fn quota_hold(&mut self, now: u64, reset_in_ms: u64, is_exceeded: bool) -> QuotaHold {
        let spread = policy::quota_spread_ms(&mut self.rng);
        QuotaHold { until: now.saturating_add(reset_in_ms).saturating_add(spread), is_exceeded }
    }
}

fn expired_on_arrival() -> Error {
    Error::bad_response("The token had expired when it arrived; expected a longer `expiresIn`")
}

fn timed_out(source: Source) -> Error {
    match source {
        Source::ApiKey => Error::new(ErrorCode::Timeout, "Ansdev did not answer within 8 seconds"),
        Source::Provider => Error::new(
            ErrorCode::TokenProviderFailed,
            "getToken did not answer within 8 seconds; its signal was aborted",
        ),
    }
}

fn offline() -> Error {
    Error::new(ErrorCode::Network, "The browser is offline; the token is fetched when it is online again")
}

fn rejected_again() -> Error {
    Error::new(
        ErrorCode::PlaybackTokenInvalid,
        "Ansdev rejected the replacement token as well; no other is minted for a while. Is `baseUrl` the backend that \
         issued it?",
    )
}

/// Whether a page's server asks for a wait so long that it counts as a spent quota.
fn is_long_refusal(error: &Error) -> bool {
    error.code == ErrorCode::TokenProviderFailed
        && error.status == Some(429)
        && error.retry_after_ms.is_some_and(|wait| wait >= policy::LONG_REFUSAL_MS)
}

fn refused_by_provider(retry_after_ms: Option<u64>) -> Error {
    Error::new(
        ErrorCode::RateLimitExceeded,
        "The page's server answered 429; getToken is not called again before its `retryAfter`",
    )
    .with_status(429)
    .with_retry_after_ms(retry_after_ms)
}

fn exhausted(retry_after_ms: u64) -> Error {
    Error::new(
        ErrorCode::RateLimitExceeded,
        "The API key has no tokens left for this UTC day; the next can be minted after the reset",
    )
    .with_status(429)
    .with_retry_after_ms(Some(retry_after_ms))
}
