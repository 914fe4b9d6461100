//! What was found out about the assumptions.

use std::{collections::BTreeMap, fmt};

use console::{Style, pad_str};

use super::{assumption::Assumption, secrets::Secrets};

/// What was found out about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is so.
    Holds,
    /// It is not; this was seen.
    Differs(String),
    /// Nothing was seen, for this reason.
    Unseen(String),
}

/// What was found out about all of them.
#[derive(Default)]
pub(super) struct Verdicts(BTreeMap<Assumption, Verdict>);

impl Verdicts {
    /// Notes what was found out. What differs for one video differs, whatever others show; and the first reason for
    /// which something could not be seen stays.
    pub(super) fn note(&mut self, assumption: Assumption, verdict: Verdict) {
        match (self.0.get(&assumption), &verdict) {
            (Some(Verdict::Differs(_)), _) | (Some(_), Verdict::Unseen(_)) => {}
            _ => drop(self.0.insert(assumption, verdict)),
        }
    }

    /// Notes that it is so, or else what was seen in its place.
    pub(super) fn compare(&mut self, assumption: Assumption, outcome: Result<(), String>) {
        self.note(assumption, outcome.map_or_else(Verdict::Differs, |()| Verdict::Holds));
    }

    /// Notes for several that nothing was seen.
    pub(super) fn unseen(&mut self, assumptions: &[Assumption], why: &str) {
        for assumption in assumptions {
            self.note(*assumption, Verdict::Unseen(why.to_owned()));
        }
    }

    /// Whether something was found out about it.
    pub(super) fn is_seen(&self, assumption: Assumption) -> bool {
        matches!(self.0.get(&assumption), Some(Verdict::Holds | Verdict::Differs(_)))
    }

    /// Whether something was seen, and nothing differs.
    pub(super) fn is_good(&self) -> bool {
        let [holds, differs, _] = self.counts();
        holds > 0 && differs == 0
    }

    /// How many hold, differ, and could not be seen.
    fn counts(&self) -> [usize; 3] {
        let count = |kind: fn(Option<&Verdict>) -> bool| {
            Assumption::ALL.iter().filter(|assumption| kind(self.0.get(assumption))).count()
        };
        let holds = count(|verdict| matches!(verdict, Some(Verdict::Holds)));
        let differs = count(|verdict| matches!(verdict, Some(Verdict::Differs(_))));
        [holds, differs, Assumption::ALL.len() - holds - differs]
    }

    /// A line for each, and one that counts them. Whatever came from the backend is cleaned of secrets.
    pub(super) fn report(&self, secrets: &Secrets) -> String {
        let lines = Assumption::ALL.iter().map(|assumption| {
            let nothing = Verdict::Unseen("the probe did not come to it".to_owned());
            let verdict = self.0.get(assumption).unwrap_or(&nothing);
            let (style, seen) = match verdict {
                Verdict::Holds => (Style::new().green(), None),
                Verdict::Differs(seen) => (Style::new().red().bold(), Some(seen)),
                Verdict::Unseen(why) => (Style::new().yellow(), Some(why)),
            };
            let word = style.apply_to(pad_str(&verdict.to_string(), 18, console::Alignment::Left, None).into_owned());
            let seen = seen.map_or_else(String::new, |seen| format!("\n{:18}  {:17}  {}", "", "", secrets.clean(seen)));
            format!("{word}  {:17}  {}{seen}\n", assumption.name(), assumption.claim())
        });
        let [holds, differs, unseen] = self.counts();
        lines.collect::<String>() + &format!("{holds} hold, {differs} differ, {unseen} could not be seen")
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Holds => "holds",
            Self::Differs(_) => "differs",
            Self::Unseen(_) => "could not be seen",
        })
    }
}
