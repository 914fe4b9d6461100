//! What browsers let a page of another origin do (Fetch standard, "CORS").

use ansdev_player::api::{endpoints::KEY_HEADER, quota};
use anyhow::Result;

use super::{
    assumption::Assumption,
    backend::{Backend, ORIGIN},
    verdict::{Verdict, Verdicts},
};

/// What a page must be able to read of a mint's answer.
const EXPOSED: [&str; 5] = [quota::LIMIT_HEADER, quota::REMAINING_HEADER, quota::RESET_HEADER, "Retry-After", "Date"];

pub(super) fn probe(backend: &mut Backend, verdicts: &mut Verdicts) -> Result<()> {
    let verdict = match backend.preflight()? {
        Err(why) => Verdict::Unseen(why),
        Ok(answer) if !answer.is_success() => Verdict::Differs(format!("the preflight answers {}", answer.shown())),
        Ok(answer) if !answer.is_readable_by(ORIGIN) => {
            let allowed = answer.header("access-control-allow-origin");
            Verdict::Differs(format!("the preflight allows the origin {allowed:?}"))
        }
        Ok(answer) if !answer.lists("access-control-allow-headers", KEY_HEADER) => {
            let allowed = answer.header("access-control-allow-headers");
            Verdict::Differs(format!("the preflight allows the headers {allowed:?}"))
        }
        Ok(_) => Verdict::Holds,
    };
    verdicts.note(Assumption::CorsPreflight, verdict);

    let verdict = match backend.mint_nothing(None)? {
        Err(why) => Verdict::Unseen(why),
        Ok(answer) if !answer.is_readable_by(ORIGIN) => Verdict::Differs("pages cannot read the answer".to_owned()),
        Ok(answer) => {
            let hidden = EXPOSED.iter().filter(|name| !answer.lists("access-control-expose-headers", name));
            match hidden.copied().collect::<Vec<_>>()[..] {
                [] => Verdict::Holds,
                ref hidden => Verdict::Differs(format!("not {}", hidden.join(", "))),
            }
        }
    };
    verdicts.note(Assumption::CorsExposed, verdict);
    Ok(())
}
