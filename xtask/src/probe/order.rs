//! The order of the checks that come before a token, asked with a video that there is not or that is not ready: nothing
//! is spent.

use anyhow::Result;

use super::{
    assumption::Assumption,
    backend::{Backend, EXPIRED, Heard, SPENT, WITHOUT_SCOPE},
    verdict::{Verdict, Verdicts},
};

/// A key of the right form that nobody has.
const UNKNOWN_KEY: &str = "ak_test_00000000000000000000000000000000";

pub(super) fn probe(backend: &mut Backend, unready: Option<&str>, verdicts: &mut Verdicts) -> Result<()> {
    let verdict = match expect(backend.mint_nothing(Some(""))?, "no key", "API_KEY_REQUIRED") {
        Verdict::Holds => expect(backend.mint_nothing(Some(UNKNOWN_KEY))?, "an unknown key", "INVALID_API_KEY"),
        other => other,
    };
    verdicts.note(Assumption::OrderKey, verdict);
    for (assumption, variable, key, code) in [
        (Assumption::OrderExpiry, EXPIRED, "that key", "API_KEY_EXPIRED"),
        (Assumption::OrderScope, WITHOUT_SCOPE, "that key", "INSUFFICIENT_SCOPE"),
    ] {
        let verdict = match backend.other_key(variable)? {
            None => Verdict::Unseen(format!("{variable} names no key to try it with")),
            Some(other) => expect(backend.mint_nothing(Some(other.expose()))?, key, code),
        };
        verdicts.note(assumption, verdict);
    }
    quota(backend, unready, verdicts)
}

/// What a mint for no video says.
fn expect(heard: Heard, key: &str, code: &str) -> Verdict {
    match heard {
        Err(why) => Verdict::Unseen(why),
        Ok(answer) if answer.is_error(code) => Verdict::Holds,
        Ok(answer) => Verdict::Differs(format!("{key} and no such video: {}; expected {code}", answer.shown())),
    }
}

fn quota(backend: &mut Backend, unready: Option<&str>, verdicts: &mut Verdicts) -> Result<()> {
    let verdict = match (backend.other_key(SPENT)?, unready) {
        (None, _) => Verdict::Unseen(format!("{SPENT} names no key whose day is spent")),
        (_, None) => Verdict::Unseen("there is no video that is not ready".to_owned()),
        (Some(key), Some(video)) => match backend.mint_unready(video, &key)? {
            Err(why) => Verdict::Unseen(why),
            Ok(answer) if answer.is_error("VIDEO_NOT_READY") && answer.header("x-ratelimit-remaining") == "0" => {
                Verdict::Holds
            }
            Ok(answer) if answer.is_error("VIDEO_NOT_READY") => Verdict::Unseen(format!("{SPENT} has tokens left")),
            Ok(answer) => Verdict::Differs(format!("no quota and a video that is not ready: {}", answer.shown())),
        },
    };
    verdicts.note(Assumption::OrderQuota, verdict);
    Ok(())
}
