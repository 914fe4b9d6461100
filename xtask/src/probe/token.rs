//! What a token says of itself, and the page that plays with it.

use ansdev_player::api::token::Claims;
use anyhow::Result;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    assumption::Assumption,
    backend::Backend,
    http::Answer,
    listing::members,
    verdict::{Verdict, Verdicts},
};

/// Looks at a token of this video; `data` is what the mint answered.
pub(super) fn probe(
    backend: &mut Backend,
    video: &str,
    token: &str,
    data: &Value,
    verdicts: &mut Verdicts,
) -> Result<()> {
    verdicts.compare(Assumption::Claims, claims(video, token));
    let page = data["playerUrl"].as_str().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let verdict = match page {
        None => Verdict::Differs("`playerUrl` is no http(s) address".to_owned()),
        Some(url) => match backend.open(url)? {
            Err(why) => Verdict::Unseen(why),
            Ok(answer) => framed(&answer).map_or_else(Verdict::Differs, |()| Verdict::Holds),
        },
    };
    verdicts.note(Assumption::PlayerPage, verdict);
    Ok(())
}

/// Names only: what a token holds is nobody's business.
fn claims(video: &str, token: &str) -> Result<(), String> {
    let parts: Vec<_> = token.split('.').collect();
    let [_, claims, _] = parts[..] else { return Err("it is no JWT of three parts".to_owned()) };
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let claims: Value = claims.ok_or("its second part is no JSON")?;
    let read: Claims = serde_json::from_value(claims.clone()).map_err(|_| members(&claims))?;
    if read.sub != video {
        return Err("`sub` is not the video's id".to_owned());
    }
    if read.scope == Claims::SCOPE { Ok(()) } else { Err("`scope` is another".to_owned()) }
}

fn framed(answer: &Answer) -> Result<(), String> {
    if !answer.is_success() || !answer.header("content-type").starts_with("text/html") {
        return Err(format!("it answers {}, {:?}", answer.shown(), answer.header("content-type")));
    }
    if !answer.header("x-frame-options").is_empty() {
        return Err(format!("x-frame-options: {}", answer.header("x-frame-options")));
    }
    let policies = answer.header("content-security-policy").split([';', ',']).map(str::trim);
    match policies.filter_map(|directive| directive.strip_prefix("frame-ancestors ")).find(|sources| *sources != "*") {
        Some(sources) => Err(format!("frame-ancestors {sources}")),
        None => Ok(()),
    }
}
