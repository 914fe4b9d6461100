//! `GET /cdn/{jobId}/…`: the CDN, which asks for no token, because what it serves is encrypted. Of some videos it has the
//! playlists too.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::answer::{Failure, Playlist, no_such_rendition};
use crate::http::base::{Base, other_origin};
use crate::routes::openapi::schemas::Failed;
use crate::state::backend::{Backend, Shared};
use crate::state::media::Rendition;
use crate::state::playlist::{self, Place, chunk};
use crate::state::store::VideoRow;
use crate::state::{content_key, media};

/// The playlist of a video that lies on the CDN.
#[utoipa::path(
    get,
    path = "/cdn/{jobId}/master.m3u8",
    operation_id = "getCdnManifest",
    tag = "Playback",
    params(("jobId" = String, Path, min_length = 1, description = "The job that made the video.", example = "job_on_cdn")),
    responses(
        (status = 200, body = String, content_type = "application/vnd.apple.mpegurl", description = "The playlist."),
        (status = 404, body = Failed, description = "`NOT_FOUND`: no video has its playlist there."),
    )
)]
pub(in crate::routes) async fn playlist(
    State(backend): State<Shared>,
    Base(base): Base,
    job: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let video = video_on_cdn(&backend, job.ok().map(|Path(job)| job))?;
    let api = other_origin(&backend, &base);
    Ok(Playlist(playlist::of_video(&video, Place::Cdn { api: &api })).into_response())
}

/// The playlist of one rendition of a video that lies on the CDN.
#[utoipa::path(
    get,
    path = "/cdn/{jobId}/{rendition}/playlist.m3u8",
    operation_id = "getCdnRendition",
    tag = "Playback",
    params(
        ("jobId" = String, Path, min_length = 1, description = "The job that made the video.", example = "job_two_on_cdn"),
        ("rendition" = String, Path, min_length = 1, description = "Such as `720p`.", example = "720p"),
    ),
    responses(
        (status = 200, body = String, content_type = "application/vnd.apple.mpegurl", description = "The playlist."),
        (status = 404, body = Failed, description = "`NOT_FOUND`: no master playlist names it."),
    )
)]
pub(in crate::routes) async fn rendition(
    State(backend): State<Shared>,
    Base(base): Base,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let (job, name) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let video = video_on_cdn(&backend, Some(job))?;
    let api = other_origin(&backend, &base);
    let place = Place::Cdn { api: &api };
    let text = playlist::of_rendition(&video, Some(&name), place).ok_or_else(no_such_rendition)?;
    Ok(Playlist(text).into_response())
}

/// A segment beside the playlist of a video that lies on the CDN and has one rendition.
#[utoipa::path(
    get,
    path = "/cdn/{jobId}/{segment}",
    operation_id = "getChunk",
    tag = "Playback",
    params(
        ("jobId" = String, Path, min_length = 1, description = "The job that made the video.", example = "job_on_cdn"),
        ("segment" = String, Path, min_length = 1, description = "Such as `chunk_0000.ts`.", example = "chunk_0000.ts"),
    ),
    responses(
        (status = 200, content_type = "video/mp2t", description = "The segment."),
        (status = 404, body = Failed, description = "`NOT_FOUND`: no playlist names it."),
    )
)]
pub(in crate::routes) async fn chunk_beside(
    State(backend): State<Shared>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let Path((job, file)) = path.map_err(|_| no_segment())?;
    let video = video_on_cdn(&backend, Some(job)).map_err(|_| no_segment())?;
    let mut renditions = video.renditions().filter_map(media::rendition);
    let (Some(only), None) = (renditions.next(), renditions.next()) else { return Err(no_segment()) };
    segment_answer(&backend, &video, only, number_of_chunk(&file))
}

/// A segment of a video, as the CDN serves it: no token, but encrypted.
#[utoipa::path(
    get,
    path = "/cdn/{jobId}/{rendition}/{segment}",
    operation_id = "getSegment",
    tag = "Playback",
    params(
        ("jobId" = String, Path, min_length = 1, description = "The job that made the video.", example = "job_single_key"),
        ("rendition" = String, Path, min_length = 1, description = "Such as `720p`.", example = "720p"),
        ("segment" = String, Path, min_length = 1, description = "Such as `0.ts`.", example = "0.ts"),
    ),
    responses(
        (status = 200, content_type = "video/mp2t", description = "The segment."),
        (status = 404, body = Failed, description = "`NOT_FOUND`: no playlist names it."),
    )
)]
pub(in crate::routes) async fn segment(
    State(backend): State<Shared>,
    path: Result<Path<(String, String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let Path((job, rendition, file)) = path.map_err(|_| no_segment())?;
    let video = backend.store.video_of_job(&job)?.ok_or_else(no_segment)?;
    let is_its_own = video.renditions().any(|known| known == rendition);
    let rendition = media::rendition(&rendition).filter(|_| is_its_own).ok_or_else(no_segment)?;
    let number = file.strip_suffix(".ts").and_then(|number| number.parse().ok());
    segment_answer(&backend, &video, rendition, number.or_else(|| number_of_chunk(&file).filter(|_| video.on_cdn)))
}

fn number_of_chunk(file: &str) -> Option<u32> {
    let number = file.strip_prefix("chunk_")?.strip_suffix(".ts")?.parse().ok()?;
    (file == chunk(number)).then_some(number)
}

fn no_segment() -> Failure {
    Failure::not_found("There is no such segment; expected one that a playlist names.")
}

/// The video that a job made, if its playlist lies on the CDN.
fn video_on_cdn(backend: &Backend, job: Option<String>) -> Result<Arc<VideoRow>, Failure> {
    let video = job.map(|job| backend.store.video_of_job(&job)).transpose()?.flatten();
    let message = "There is no such playlist; expected an address that the API redirects to.";
    video.filter(|video| video.on_cdn).ok_or_else(|| Failure::not_found(message))
}

fn segment_answer(
    backend: &Backend,
    video: &VideoRow,
    rendition: &Rendition,
    number: Option<u32>,
) -> Result<Response, Failure> {
    let number = number.filter(|number| *number < video.segments).ok_or_else(no_segment)?;
    let clear = rendition.segment(number);
    let bytes = match video.wrapped_key.as_deref() {
        None => clear.to_vec(),
        Some(wrapped) => {
            // A segment whose key is damaged can be opened by nobody, so any key that nobody has will do.
            let key = content_key::unwrap(wrapped, &backend.secrets.wrapping).unwrap_or_else(|| backend.random.bytes());
            let iv = video.iv.unwrap_or_else(|| content_key::sequence_iv(number));
            content_key::encrypt_segment(clear, &key, &iv)
        }
    };
    // Not kept by the browser: another mock on this port has other keys for the same addresses.
    Ok(([(header::CONTENT_TYPE, "video/mp2t"), (header::CACHE_CONTROL, "no-store")], bytes).into_response())
}
