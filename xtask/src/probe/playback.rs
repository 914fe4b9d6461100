//! What a token opens: playlists and AES keys.

use ansdev_player::api::endpoints::{DASHBOARD_KEY, MANIFEST};
use anyhow::{Context, Result};
use url::Url;

use super::{
    assumption::Assumption,
    backend::{Backend, ORIGIN, TOKENS},
    http::Answer,
    playlist::{Playlist, shown},
    token,
    verdict::{Verdict, Verdicts},
};

/// What needs a token to be seen.
const ALL: [Assumption; 9] = [
    Assumption::Claims,
    Assumption::PlayerPage,
    Assumption::Manifest,
    Assumption::Layout,
    Assumption::Segments,
    Assumption::Rendition,
    Assumption::KeyQuery,
    Assumption::CorsPlayback,
    Assumption::Reuse,
];

/// Mints for one video after another, while there is something that the next one may show.
pub(super) fn probe(backend: &mut Backend, videos: &[String], verdicts: &mut Verdicts) -> Result<()> {
    let mut why = "no video that is COMPLETED shows it".to_owned();
    for video in videos.iter().take(TOKENS) {
        if ALL.iter().all(|assumption| verdicts.is_seen(*assumption)) {
            break;
        }
        if let Err(reason) = look(backend, video, verdicts)? {
            why = reason;
            break;
        }
    }
    verdicts.unseen(&ALL, &why);
    Ok(())
}

/// Mints for a video, and reads everything that its token opens. `Ok(Err(…))`: no other video would show more.
fn look(backend: &mut Backend, video: &str, verdicts: &mut Verdicts) -> Result<std::result::Result<(), String>> {
    let minted = match backend.mint(video)? {
        Err(why) => return Ok(Err(why)),
        Ok(answer) if !answer.is_success() => return Ok(Err(format!("the mint answers {}", answer.shown()))),
        Ok(answer) => answer.json()["data"].take(),
    };
    let Some(token) = minted["token"].as_str() else { return Ok(Err("the mint's answer has no token".to_owned())) };
    token::probe(backend, video, token, &minted, verdicts)?;

    let address = Url::parse(&backend.base().manifest(token)).context("the playlist's address")?;
    let first = match backend.read(address.as_str())? {
        Err(why) => return Ok(Err(why)),
        Ok(answer) => answer,
    };
    readable(&first, "the playlist", verdicts);
    let Some(playlist) = followed(backend, &first, address.clone())? else {
        verdicts.note(Assumption::Manifest, Verdict::Differs(format!("it answers {}", first.shown())));
        return Ok(Err("there is no playlist".to_owned()));
    };
    verdicts.note(Assumption::Manifest, Verdict::Holds);
    match redirected(&first, &address) {
        None => {
            verdicts.note(Assumption::Layout, Verdict::Holds);
            here(backend, token, playlist, verdicts)?;
        }
        Some(elsewhere) => {
            verdicts.note(Assumption::Layout, Verdict::Differs(format!("{} to {}", first.status, shown(&elsewhere))));
            verdicts.unseen(&[Assumption::Segments, Assumption::Rendition], "the playlist is elsewhere");
            aes_key(backend, token, &playlist, verdicts)?;
        }
    }
    let verdict = match backend.read(address.as_str())? {
        Err(why) => Verdict::Unseen(why),
        Ok(second) if second.status == first.status => Verdict::Holds,
        Ok(second) => Verdict::Differs(format!("the second time it answers {}", second.shown())),
    };
    verdicts.note(Assumption::Reuse, verdict);
    Ok(Ok(()))
}

/// Reads a playlist of the API's own, and the first rendition where it names some.
fn here(backend: &mut Backend, token: &str, playlist: Playlist, verdicts: &mut Verdicts) -> Result<()> {
    let media = if playlist.is_master() {
        let (verdict, media) = rendition(backend, token, &playlist)?;
        verdicts.note(Assumption::Rendition, verdict);
        media
    } else {
        Some(playlist)
    };
    let Some(media) = media else { return Ok(()) };
    let named = media.addresses().find(|named| Url::parse(named).is_err());
    let seen = named.map(|named| format!("it names {}", named.split('?').next().unwrap_or(named)));
    verdicts.compare(Assumption::Segments, seen.map_or(Ok(()), Err));
    aes_key(backend, token, &media, verdicts)
}

/// Notes whether pages can read an answer.
fn readable(answer: &Answer, what: &str, verdicts: &mut Verdicts) {
    let outcome = if answer.is_readable_by(ORIGIN) { Ok(()) } else { Err(format!("not {what}")) };
    verdicts.compare(Assumption::CorsPlayback, outcome);
}

/// Where an answer sends whoever asked.
fn redirected(answer: &Answer, address: &Url) -> Option<Url> {
    (300..400).contains(&answer.status).then(|| address.join(answer.header("location")).ok()).flatten()
}

/// The playlist that an answer is, or that it redirects to, once.
fn followed(backend: &mut Backend, answer: &Answer, address: Url) -> Result<Option<Playlist>> {
    Ok(match redirected(answer, &address) {
        None => answer.is_success().then(|| Playlist::new(answer.text(), address)).flatten(),
        Some(elsewhere) => {
            backend.read(elsewhere.as_str())?.ok().and_then(|answer| Playlist::new(answer.text(), elsewhere))
        }
    })
}

/// The playlist of the first rendition, and whether it is where it is expected.
fn rendition(backend: &mut Backend, token: &str, master: &Playlist) -> Result<(Verdict, Option<Playlist>)> {
    let Some(address) = master.addresses().next().and_then(|named| master.resolve(named)) else {
        return Ok((Verdict::Unseen("the playlist names no rendition".to_owned()), None));
    };
    let ours = [backend.base().as_str(), MANIFEST, token, "/"].concat();
    let name = address.as_str().strip_prefix(&ours);
    let is_ours = name.and_then(|name| name.strip_suffix(".m3u8")).is_some_and(|name| !name.contains('/'));
    let answer = match backend.read(address.as_str())? {
        Err(why) => return Ok((Verdict::Unseen(why), None)),
        Ok(answer) => answer,
    };
    let seen = format!("{} answers {}", shown(&address), answer.shown());
    let playlist = answer.is_success().then(|| Playlist::new(answer.text(), address)).flatten();
    let is_so = is_ours && playlist.is_some();
    Ok((if is_so { Verdict::Holds } else { Verdict::Differs(seen) }, playlist))
}

/// Asks for the AES key that has a query, or for the first one with a query that we make up.
fn aes_key(backend: &mut Backend, token: &str, media: &Playlist, verdicts: &mut Verdicts) -> Result<()> {
    let keys: Vec<_> = media.keys().collect();
    let key = keys.iter().find(|key| key.query().is_some()).or(keys.first());
    let verdict = match key.map(|key| (key, key.path().rsplit_once(DASHBOARD_KEY))) {
        None => Verdict::Unseen("no playlist names an AES key".to_owned()),
        Some((key, None)) => Verdict::Unseen(format!("the playlist names the AES key {}", shown(key))),
        Some((key, Some((_, job)))) => {
            match backend.aes_key(token, &format!("{job}?{}", key.query().unwrap_or("n=2")))? {
                Err(why) => Verdict::Unseen(why),
                Ok(answer) => {
                    readable(&answer, "the AES key", verdicts);
                    let seen = format!("it answers {}, {} bytes", answer.shown(), answer.body.len());
                    let is_key = answer.is_success() && answer.body.len() == 16;
                    if is_key { Verdict::Holds } else { Verdict::Differs(seen) }
                }
            }
        }
    };
    verdicts.note(Assumption::KeyQuery, verdict);
    Ok(())
}
