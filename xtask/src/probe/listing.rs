//! The list of videos, and what it says of each.

use ansdev_player::api::{VideoId, endpoints::LIST_LIMIT_DEFAULT, endpoints::LIST_LIMIT_MAX, endpoints::VIDEOS};
use anyhow::Result;
use serde_json::Value;

use super::{
    assumption::Assumption,
    backend::{Backend, Heard},
    verdict::{Verdict, Verdicts},
};

/// What the rest of the probe needs of the list.
#[derive(Default)]
pub(super) struct Listing {
    /// Ids of videos that play, the encrypted ones first: they show more.
    pub(super) playable: Vec<String>,
    /// The id of one that does not.
    pub(super) unready: Option<String>,
}

/// What the list shows.
const ALL: [Assumption; 5] = [
    Assumption::ListPage,
    Assumption::ListLimit,
    Assumption::ListDefault,
    Assumption::ListCursor,
    Assumption::VideoFields,
];

/// Reads the list in several ways.
pub(super) fn probe(backend: &mut Backend, verdicts: &mut Verdicts) -> Result<Listing> {
    let whole = match page(backend, "")? {
        Ok(page) => page,
        Err(why) => {
            verdicts.unseen(&ALL, &why);
            return Ok(Listing::default());
        }
    };
    verdicts.compare(Assumption::ListPage, whole.form());
    if let Some(videos) = whole.videos() {
        let (count, default) = (videos.len(), LIST_LIMIT_DEFAULT as usize);
        let (is_so, more) = match whole.cursor() {
            Some(_) => (count == default, "and a cursor"),
            None => (count <= default, "and no cursor"),
        };
        verdicts.compare(Assumption::ListDefault, if is_so { Ok(()) } else { Err(format!("{count} videos {more}")) });
        verdicts.note(Assumption::ListCursor, cursor(backend, &whole)?);
        verdicts.note(Assumption::VideoFields, fields(backend, videos)?);
    }
    verdicts.note(Assumption::ListLimit, limits(backend)?);
    verdicts.unseen(&ALL, "the list has no `videos`");
    Ok(whole.listing())
}

/// The `data` of a page of the list.
struct Page(Value);

/// A page, or why there is none.
fn page(backend: &mut Backend, query: &str) -> Result<std::result::Result<Page, String>> {
    Ok(list(backend, query)?.and_then(|answer| {
        if !answer.is_success() {
            return Err(format!("the list answers {}", answer.shown()));
        }
        Ok(Page(answer.json()["data"].take()))
    }))
}

fn list(backend: &mut Backend, query: &str) -> Result<Heard> {
    let url = [backend.base().as_str(), VIDEOS, query].concat();
    backend.get(&url)
}

impl Page {
    fn videos(&self) -> Option<&Vec<Value>> {
        self.0["videos"].as_array()
    }

    fn cursor(&self) -> Option<&str> {
        self.0["nextCursor"].as_str()
    }

    fn ids(&self) -> Vec<&str> {
        self.videos().into_iter().flatten().filter_map(|video| video["id"].as_str()).collect()
    }

    fn form(&self) -> std::result::Result<(), String> {
        let is_cursor = self.cursor().is_some() || self.0.get("nextCursor").is_none_or(Value::is_null);
        if self.videos().is_some() && is_cursor {
            return Ok(());
        }
        Err(members(&self.0))
    }

    fn listing(&self) -> Listing {
        let id = |video: &Value| video["id"].as_str().filter(|id| VideoId::parse(id).is_ok()).map(str::to_owned);
        let is_ready = |video: &&Value| video["status"] == "COMPLETED";
        let videos = || self.videos().into_iter().flatten();
        let ready = |is_encrypted: bool| {
            videos().filter(is_ready).filter(move |video| (video["encrypted"] == true) == is_encrypted).filter_map(id)
        };
        let playable = ready(true).chain(ready(false)).collect();
        // One that failed stays as it is while the probe looks at it.
        let failed = videos().filter(|video| video["status"] == "FAILED");
        let unready = videos().filter(|video| video["status"].is_string() && !is_ready(video));
        Listing { playable, unready: failed.chain(unready).find_map(id) }
    }
}

/// Every limit from 1 to 100 is taken, and no other.
fn limits(backend: &mut Backend) -> Result<Verdict> {
    for (limit, is_taken) in [(1, true), (LIST_LIMIT_MAX, true), (0, false), (LIST_LIMIT_MAX + 1, false)] {
        let answer = match list(backend, &format!("?limit={limit}"))? {
            Ok(answer) => answer,
            Err(why) => return Ok(Verdict::Unseen(why)),
        };
        let is_refused = (400..500).contains(&answer.status);
        if answer.is_success() != is_taken || is_refused == is_taken {
            return Ok(Verdict::Differs(format!("limit={limit} answers {}", answer.shown())));
        }
        let count = Page(answer.json()["data"].take()).ids().len();
        if limit == 1 && count > 1 {
            return Ok(Verdict::Differs(format!("limit=1 answers {count} videos")));
        }
    }
    Ok(Verdict::Holds)
}

/// The cursor of a page of one video leads to the second video.
fn cursor(backend: &mut Backend, whole: &Page) -> Result<Verdict> {
    let [first, second, ..] = whole.ids()[..] else {
        return Ok(Verdict::Unseen("there are not two videos".to_owned()));
    };
    let one = match page(backend, "?limit=1")? {
        Err(why) => return Ok(Verdict::Unseen(why)),
        Ok(one) if one.ids() != [first] => {
            return Ok(Verdict::Unseen("limit=1 does not give the first video alone".to_owned()));
        }
        Ok(one) => one,
    };
    let Some(cursor) = one.cursor() else {
        return Ok(Verdict::Differs("a page that is not the last has no `nextCursor`".to_owned()));
    };
    let url = backend.base().videos(Some(1), Some(cursor)).map_err(|error| anyhow::anyhow!("{}", error.message))?;
    Ok(match backend.get(&url)? {
        Err(why) => Verdict::Unseen(why),
        Ok(answer) if !answer.is_success() => Verdict::Differs(format!("it answers {}", answer.shown())),
        Ok(answer) if Page(answer.json()["data"].take()).ids() == [second] => Verdict::Holds,
        Ok(_) => Verdict::Differs("it does not lead to the next video".to_owned()),
    })
}

/// Every video of the list, and the first one asked for by its id, has the fields.
fn fields(backend: &mut Backend, videos: &[Value]) -> Result<Verdict> {
    let Some(first) = videos.first() else { return Ok(Verdict::Unseen("there is no video".to_owned())) };
    let mut outcome = videos.iter().try_for_each(wrong_fields);
    if let Some(id) = first["id"].as_str().and_then(|id| VideoId::parse(id).ok()) {
        let url = backend.base().video(&id);
        if let Ok(answer) = backend.get(&url)?
            && answer.is_success()
        {
            outcome = outcome.and_then(|()| wrong_fields(&answer.json()["data"]));
        }
    }
    Ok(outcome.map_or_else(Verdict::Differs, |()| Verdict::Holds))
}

/// The fields of a video.
const FIELDS: [&str; 7] = ["id", "title", "status", "quality", "durationSeconds", "encrypted", "createdAt"];

fn wrong_fields(video: &Value) -> std::result::Result<(), String> {
    for name in FIELDS {
        let value = video.get(name).ok_or_else(|| format!("no `{name}`; {}", members(video)))?;
        let is_right = match name {
            "quality" => value.is_string() || value.is_null(),
            "durationSeconds" => value.is_number() || value.is_null(),
            "encrypted" => value.is_boolean(),
            "createdAt" => value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
            _ => value.is_string(),
        };
        if !is_right {
            return Err(format!("`{name}` is {value}"));
        }
    }
    Ok(())
}

/// The names of an object's members, and nothing of what they hold.
pub(super) fn members(value: &Value) -> String {
    match value.as_object() {
        Some(object) => format!("there are {}", object.keys().cloned().collect::<Vec<_>>().join(", ")),
        None => "it is no object".to_owned(),
    }
}
