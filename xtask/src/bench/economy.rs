//! Tokens spent per hour of watching: natively with the real session, in tabs of a real browser, and by what pages do by
//! hand today.

use anyhow::{Context, Result};

use super::{Group, figure::Figure, viewers};
use crate::progress::Progress;

pub(super) const GROUP: Group = Group {
    name: "economy",
    about: "tokens spent, beside the least possible: ceil(watched / (300 s − lead))",
    measure,
};

fn measure(progress: &Progress) -> Result<Vec<Figure>> {
    let habits = viewers::economy(progress)?;
    let spent = |habit: &str| habits.get(habit).with_context(|| format!("no viewer has the habit {habit}"));
    let per_hour = |name: &str, habit: &str| {
        let spent = spent(habit)?;
        let hourly = Figure::new(name, spent.tokens / spent.watched_hours, "per hour");
        Ok::<_, anyhow::Error>(hourly.against("the least possible", spent.least / spent.watched_hours))
    };
    let eager = spent("eager")?.tokens;
    Ok(vec![
        per_hour("eager", "eager")?.ratio_at_most(1.02),
        per_hour("on-demand, a key a minute", "onDemand")?,
        per_hour("paused half of the time", "pausedHalf")?.ratio_at_most(1.02),
        Figure::new("while paused", spent("pausedHalf")?.tokens_while_paused, "tokens").at_most(0.0),
        Figure::new("four players of one video, two hours", spent("fourPlayers")?.tokens, "tokens")
            .against("one player", eager)
            .ratio_at_most(1.0),
        Figure::new("on-demand, a film of two hours with one key", spent("onDemandOneKey")?.tokens, "tokens")
            .at_most(1.0),
    ])
}
