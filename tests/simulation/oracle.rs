//! The invariants, checked against what is really so in the virtual world, not against what the machine believes.

use std::collections::HashMap;

use ansdev_player::api::ErrorCode;
use ansdev_player::api::error::Recovery;
use ansdev_player::session::{Command, Event, Machine, Reading, Reason, State, WaiterId, policy};

use super::backend::Backend;

/// Longest that a watched session may be without a token once nothing stands in its way: the longest backoff, a
/// `Retry-After` of a minute, a mint that hangs, and the timer's 30 s.
const RECOVERY_MS: u64 = 30_000 + 60_000 + policy::MINT_TIMEOUT_MS + policy::MAX_TIMER_MS;

/// What is so, at the moment of a step.
pub(crate) struct Facts {
    pub(crate) seed: u64,
    pub(crate) now: u64,
    pub(crate) clocks: Reading,
    pub(crate) eager: bool,
    pub(crate) watched: bool,
    /// Whether the film has anything left that needs a token, as far as its player knows.
    pub(crate) needed: bool,
    /// How often the wall clock was set: a token looks older than it is after each.
    pub(crate) clock_steps: u64,
    /// Since when nothing has been in the way of a token: fine weather, awake, watched.
    pub(crate) unhindered_since: Option<u64>,
}

struct Mint {
    id: u32,
    reason: Reason,
    sent_at: u64,
    clock_steps: u64,
}

/// Remembers what a session did, and what it may therefore do next.
#[derive(Default)]
pub(crate) struct Oracle {
    mint_in_flight: Option<Mint>,
    /// When it was sent, whether it was forced, and how often the clock had been set by then.
    last_success: Option<(u64, bool, u64)>,
    /// Until when none is left, and how often the clock had been set when that was said.
    quota_spent_until: (u64, u64),
    /// Until when the quota is so low that nothing is minted ahead of need.
    quota_low_until: u64,
    /// Until when the server asked to be left alone, and how often the clock had been set when it did.
    retry_after: (u64, u64),
    /// When the session last had a token, or a reason of its own not to mint one.
    last_in_order: u64,
    waiting: HashMap<WaiterId, u64>,
    destroyed: bool,
}

impl Oracle {
    /// To be told before the step.
    pub(crate) fn before(&mut self, facts: &Facts, event: &Event) {
        match event {
            Event::Request { waiter, .. } => {
                self.waiting.insert(*waiter, facts.now);
            }
            Event::Cancel { waiter } => {
                self.waiting.remove(waiter);
            }
            Event::Minted { id, outcome } => {
                if let Some(mint) = self.mint_in_flight.take_if(|mint| mint.id == *id) {
                    match outcome {
                        Ok(token) if token.life_ms().is_ok() => {
                            self.last_success = Some((mint.sent_at, mint.reason == Reason::Rejected, mint.clock_steps));
                        }
                        Ok(_) => {}
                        Err(error) => {
                            let wait = error.retry_after_ms.filter(|_| error.recovery() == Recovery::Transient);
                            self.retry_after = (facts.now + wait.unwrap_or(0), facts.clock_steps);
                        }
                    }
                }
            }
            Event::Quota { is_low, is_exceeded, reset_in_ms } => {
                self.quota_low_until = if *is_low { facts.now + reset_in_ms + 60_000 } else { 0 };
                let until = if *is_exceeded { facts.now + reset_in_ms } else { 0 };
                self.quota_spent_until = (until, facts.clock_steps);
            }
            _ => {}
        }
    }

    /// To be told after the step: panics where a rule is broken. `kept` is the token that this step may not lose.
    pub(crate) fn after(
        &mut self,
        facts: &Facts,
        event: &Event,
        kept: Option<&str>,
        commands: &[Command],
        machine: &Machine,
        backend: &Backend,
    ) {
        let now = facts.now;
        let rule = |holds: bool, what: &str| {
            assert!(
                holds,
                "seed {}, at {now} ms: {what}\nevent {event:?}\ncommands {commands:?}\n{machine:#?}",
                facts.seed
            );
        };
        if self.destroyed {
            let only_refusals = commands.iter().all(|command| {
                matches!(command, Command::Settle { outcome: Err(error), .. } if error.code == ErrorCode::Destroyed)
            });
            rule(only_refusals, "nothing happens after destroy");
        }
        if let Some(token) = kept {
            rule(
                machine.token(facts.clocks).is_some_and(|kept| kept.token == token),
                "a valid token outlives any error",
            );
        }
        let mut minted_for_waiters = !self.waiting.is_empty();
        for command in commands {
            match command {
                Command::Mint { id, reason } => {
                    rule(self.mint_in_flight.is_none(), "at most one mint in flight");
                    let (spent_until, clock_steps) = self.quota_spent_until;
                    let is_spent = now < spent_until && clock_steps == facts.clock_steps;
                    rule(!is_spent, "no mint while the quota is spent");
                    let (left_alone_until, clock_steps) = self.retry_after;
                    let is_early = now < left_alone_until && clock_steps == facts.clock_steps;
                    rule(!is_early, "no mint before the server's Retry-After");
                    rule(facts.watched && facts.eager || minted_for_waiters, "no mint while nobody watches or asks");
                    rule(facts.needed || minted_for_waiters, "no mint when nothing is left to ask for");
                    if let Some((sent_at, was_forced, clock_steps)) = self.last_success
                        && clock_steps == facts.clock_steps
                    {
                        let is_first_forced = *reason == Reason::Rejected && !was_forced;
                        let gap = policy::least_gap_ms(backend.life_ms);
                        rule(is_first_forced || now >= sent_at + gap, "never two mints closer than the least gap");
                    }
                    let clock_steps = facts.clock_steps;
                    self.mint_in_flight = Some(Mint { id: *id, reason: *reason, sent_at: now, clock_steps });
                }
                Command::AbortMint { id } => {
                    let aborted = self.mint_in_flight.take();
                    rule(aborted.is_some_and(|mint| mint.id == *id), "only the mint in flight is aborted");
                }
                Command::Settle { waiter, outcome } => {
                    rule(self.waiting.remove(waiter).is_some(), "a caller is answered once, and only if it asked");
                    minted_for_waiters |= outcome.is_err();
                    if outcome.is_ok() {
                        let token = machine.token(facts.clocks);
                        rule(token.is_some(), "there is a token behind the answer");
                        let expiry = token.map_or(0, |token| backend.expiry(&token.token));
                        // 0: the backend changed its secret, which nobody can know before it refuses the token.
                        rule(expiry == 0 || now < expiry, "no token is handed out past its expiry");
                    }
                }
                Command::SetTimer { after_ms } => {
                    rule((1..=policy::MAX_TIMER_MS).contains(after_ms), "timers are at most 30 s long");
                }
                Command::CancelTimer | Command::Emit(_) => {}
            }
        }
        let is_overdue = self.waiting.values().any(|asked_at| now > asked_at + policy::CALLER_TIMEOUT_MS);
        rule(!is_overdue, "every caller is answered within its patience");
        if matches!(event, Event::Destroy) {
            rule(self.waiting.is_empty(), "destroy answers every caller");
            self.destroyed = true;
        }
        let is_blocked = matches!(machine.state(facts.clocks), State::Failed | State::Exhausted | State::Destroyed);
        if machine.token(facts.clocks).is_some() || is_blocked || now < self.quota_low_until {
            self.last_in_order = now;
        }
        if facts.eager
            && self.last_success.is_some()
            && let Some(since) = facts.unhindered_since
        {
            let is_soon = now <= since.max(self.last_in_order) + RECOVERY_MS;
            rule(is_soon, "a watched session has a token soon after the trouble ends");
        }
    }

    /// Callers that wait, and since when.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (WaiterId, u64)> + '_ {
        self.waiting.iter().map(|(waiter, asked_at)| (*waiter, *asked_at))
    }
}
