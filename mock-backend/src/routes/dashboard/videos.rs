//! The user's videos, and the dashboard's own player: plain hls.js, whose key requests carry the session's cookie.

use std::sync::Arc;

use ansdev_player::api::VideoStatus;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;

use super::page::{Section, page, refusal};
use super::session::user;
use crate::http::answer::{Failure, Playlist, no_such_rendition};
use crate::http::base::Base;
use crate::state::backend::{Backend, Shared};
use crate::state::playlist::{self, Place};
use crate::state::store::VideoRow;

pub(super) async fn list(State(backend): State<Shared>) -> Result<Response, Failure> {
    let videos = backend.seeded_videos()?;
    let content = html! {
        div.heading { h1 { "Videos" } p.muted { (videos.len()) " in all" } }
        @if videos.is_empty() { p.empty { "There are no videos. Start the mock with --seed demo." } }
        ul.cards {
            @for video in &videos {
                li {
                    article.card {
                        header {
                            h2 { (video.title) }
                            span.badge.(if video.status == VideoStatus::Completed { "active" } else { "expired" }) {
                                (video.status.as_str())
                            }
                        }
                        code.prefix { (video.id) }
                        dl {
                            dt { "Length" }
                            dd { @if let Some(seconds) = video.duration_seconds { (seconds) " s" } @else { "Not known yet" } }
                            dt { "Encrypted" } dd { @if video.encrypted { "AES-128" } @else { "No" } }
                        }
                        @if video.status == VideoStatus::Completed {
                            a.button href=(format!("/dashboard/videos/{}", video.id)) aria-label=(format!("Play {}", video.title)) {
                                "Play"
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page("Videos", Some(Section::Videos), &content).into_response())
}

pub(super) async fn player(State(backend): State<Shared>, id: Result<Path<String>, PathRejection>) -> Response {
    let id = id.map_or_else(|_| String::new(), |Path(id)| id);
    let video = match playable_video(&backend, &id) {
        Ok(video) => video,
        Err(failure) => return refusal(failure.status(), failure.message()).into_response(),
    };
    let content = html! {
        h1 { (video.title) }
        video #video controls muted playsinline data-playlist=(format!("/dashboard/playlists/{}", video.id)) {}
        p #playing role="status" {}
        script src="/dashboard-player.js" type="module" {}
        p { a href="/dashboard/videos" { "All videos" } }
    };
    page(&video.title, Some(Section::Videos), &content).into_response()
}

pub(super) async fn manifest(
    State(backend): State<Shared>,
    Base(base): Base,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let id = id.map_or_else(|_| String::new(), |Path(id)| id);
    let video = playable_video(&backend, &id)?;
    Ok(Playlist(playlist::of_video(&video, Place::Api { own_name: &id, base: &base })).into_response())
}

pub(super) async fn rendition(
    State(backend): State<Shared>,
    Base(base): Base,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (id, file) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let video = playable_video(&backend, &id)?;
    let place = Place::Api { own_name: &id, base: &base };
    let text = playlist::of_rendition(&video, file.strip_suffix(".m3u8"), place).ok_or_else(no_such_rendition)?;
    Ok(Playlist(text).into_response())
}

/// A video of the user's that is ready.
fn playable_video(backend: &Backend, id: &str) -> Result<Arc<VideoRow>, Failure> {
    let owner = backend.store.user(user())?;
    let video = backend.store.video(id)?.filter(|video| video.owner == owner);
    let video = video.ok_or_else(|| Failure::not_found("There is no such video."))?;
    if video.status(backend.clock.now_ms()) == VideoStatus::Completed {
        Ok(video)
    } else {
        Err(Failure::other("VIDEO_NOT_READY", StatusCode::BAD_REQUEST, "The video is not ready to be played."))
    }
}
