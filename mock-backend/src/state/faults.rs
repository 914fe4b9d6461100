//! Faults: answers that are late, wrong, or missing.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::random::Random;
use super::route::Route;

/// Something that goes wrong, on purpose, for the requests of a route.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// For which route.
    pub route: FaultRoute,
    /// What goes wrong.
    pub kind: FaultKind,
    /// Milliseconds for `latency`, at most 600,000; the HTTP status, 400 to 599, for `status`; ignored by the other kinds.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub value: Option<u32>,
    /// How many requests it applies to; `null` means all of them.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub times: Option<u32>,
    /// How likely it applies to a request, from 0 to 1.
    #[serde(default = "certain")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<f64>", optional))]
    pub probability: f64,
    /// With the same seed it applies to the same requests, counted from when it was set.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(as = "Option<f64>", optional = nullable))]
    pub seed: Option<u64>,
}

/// The routes a fault is for.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FaultRoute {
    /// `GET /v1/video`
    List,
    /// `GET /v1/video/{videoId}`
    Get,
    /// `POST /v1/video/{videoId}/playback-token`
    Mint,
    /// Playlists.
    Manifest,
    /// AES keys.
    Key,
    /// Segments.
    Segment,
    /// Each of these.
    #[serde(rename = "*")]
    Every,
}

/// What goes wrong.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// The answer comes `value` milliseconds late. Goes together with the other kinds.
    Latency,
    /// The answer is an error with the HTTP status `value` and the code `MOCK_FAULT`; the route is not reached.
    Status,
    /// The connection is closed without an answer; the route is not reached.
    Drop,
    /// The answer breaks off in the middle of its body.
    Truncate,
    /// The answer's body is a login page in HTML.
    Garbage,
}

fn certain() -> f64 {
    1.0
}

impl Fault {
    /// A fault for every request of a route.
    pub fn new(route: FaultRoute, kind: FaultKind) -> Self {
        Self { route, kind, value: None, times: None, probability: 1.0, seed: None }
    }

    /// The same fault, with its value: milliseconds for `latency`, the HTTP status for `status`.
    #[must_use]
    pub fn value(mut self, value: u32) -> Self {
        self.value = Some(value);
        self
    }

    /// The same fault, for so many requests only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// The same fault, met by chance.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// The same fault, met by the same requests each time.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// What is wrong with it, if anything.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match (self.kind, self.value) {
            (FaultKind::Latency, Some(..=600_000)) | (FaultKind::Status, Some(400..=599)) => {}
            (FaultKind::Latency, _) => return Err("`value` of a latency is expected to be 0 to 600000 milliseconds."),
            (FaultKind::Status, _) => return Err("`value` of a status is expected to be an HTTP status, 400 to 599."),
            _ => {}
        }
        if (0.0..=1.0).contains(&self.probability) {
            Ok(())
        } else {
            Err("`probability` is expected to be a number from 0 to 1.")
        }
    }

    fn applies_to(&self, route: Route) -> bool {
        match self.route {
            FaultRoute::List => route == Route::List,
            FaultRoute::Get => route == Route::Get,
            FaultRoute::Mint => route == Route::Mint,
            FaultRoute::Manifest => route == Route::Manifest,
            FaultRoute::Key => route == Route::Key,
            FaultRoute::Segment => route == Route::Segment,
            FaultRoute::Every => route != Route::Other,
        }
    }
}

/// The faults that are set, each with the chance that decides for it.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    random: Random,
    set: Mutex<Vec<(Fault, fastrand::Rng)>>,
}

/// What a single request meets.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fate {
    pub(crate) latency: Duration,
    pub(crate) failing: Option<Fault>,
}

impl Faults {
    /// No faults; those that are set without a seed get one from here.
    pub(crate) fn new(random: Random) -> Self {
        Self { random, set: Mutex::default() }
    }

    pub(crate) fn set(&self, fault: Fault) {
        let seed = fault.seed.unwrap_or_else(|| u64::from_be_bytes(self.random.bytes()));
        self.lock().push((fault, fastrand::Rng::with_seed(seed)));
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// What the next request of a route meets: every latency, and the first of the other faults.
    pub(crate) fn next_fate(&self, route: Route) -> Fate {
        let mut faults = self.lock();
        let mut fate = Fate::default();
        for (fault, chance) in faults.iter_mut() {
            let is_latency = fault.kind == FaultKind::Latency;
            let is_due = fault.applies_to(route) && fault.times != Some(0) && (is_latency || fate.failing.is_none());
            if !is_due || chance.f64() >= fault.probability {
                continue;
            }
            fault.times = fault.times.map(|times| times - 1);
            if is_latency {
                fate.latency += Duration::from_millis(fault.value.unwrap_or_default().into());
            } else {
                fate.failing = Some(fault.clone());
            }
        }
        faults.retain(|(fault, _)| fault.times != Some(0));
        fate
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Fault, fastrand::Rng)>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_add_up_and_one_other_fault_comes_first() {
        let faults = Faults::default();
        faults.set(Fault::new(FaultRoute::Every, FaultKind::Latency).value(100));
        faults.set(Fault::new(FaultRoute::Mint, FaultKind::Status).value(503).times(1));
        faults.set(Fault::new(FaultRoute::Mint, FaultKind::Drop).times(1));
        faults.set(Fault::new(FaultRoute::Mint, FaultKind::Latency).value(50));
        let kinds: Vec<_> = (0..3).map(|_| faults.next_fate(Route::Mint).failing.map(|fault| fault.kind)).collect();
        assert_eq!(kinds, [Some(FaultKind::Status), Some(FaultKind::Drop), None]);
        assert_eq!(faults.next_fate(Route::Mint).latency, Duration::from_millis(150));
        assert_eq!(faults.next_fate(Route::Key).latency, Duration::from_millis(100));
        assert_eq!(faults.next_fate(Route::Other), Fate::default());
        faults.clear();
        assert_eq!(faults.next_fate(Route::Mint), Fate::default());
    }

    #[test]
    fn the_same_seed_affects_the_same_requests() {
        let met = |seed| {
            let faults = Faults::default();
            faults.set(Fault::new(FaultRoute::Mint, FaultKind::Drop).probability(0.3).seed(seed));
            (0..100).map(|_| faults.next_fate(Route::Mint).failing.is_some()).collect::<Vec<_>>()
        };
        let seven = met(7);
        assert_eq!(seven, met(7));
        assert_ne!(seven, met(8));
        let count = seven.iter().filter(|met| **met).count();
        assert!((15..45).contains(&count), "{count}");
    }

    #[test]
    fn rejects_invalid_values() {
        let latency = Fault::new(FaultRoute::Every, FaultKind::Latency);
        let status = Fault::new(FaultRoute::Every, FaultKind::Status);
        for fault in [
            latency.clone(),
            latency.clone().value(600_001),
            status.clone(),
            status.clone().value(200),
            status.clone().value(600),
            status.clone().value(503).probability(1.5),
            status.clone().value(503).probability(f64::NAN),
        ] {
            assert!(fault.check().is_err(), "{fault:?}");
        }
        assert!(latency.value(0).check().is_ok());
        assert!(status.value(503).probability(0.5).check().is_ok());
    }
}
