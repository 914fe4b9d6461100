//! `GET /cdn/{jobId}/{rendition}/{segment}`: the CDN, which asks for no token, because what it serves is encrypted.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::answer::Failure;
use crate::routes::openapi::schemas::Failed;
use crate::state::backend::Shared;
use crate::state::{content_key, media};

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
    let not_found = || Failure::not_found("There is no such segment; expected one that a playlist names.");
    let Path((job, rendition, file)) = path.map_err(|_| not_found())?;
    let video = backend.store.video_of_job(&job)?.ok_or_else(not_found)?;
    let is_its_own = video.renditions().any(|known| known == rendition);
    let rendition = media::rendition(&rendition).filter(|_| is_its_own).ok_or_else(not_found)?;
    let number =
        file.strip_suffix(".ts").and_then(|number| number.parse().ok()).filter(|number| *number < video.segments);
    let number = number.ok_or_else(not_found)?;

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
