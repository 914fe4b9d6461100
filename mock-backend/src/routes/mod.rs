//! The routes, and the layers around them.

mod demo;
mod key;
mod manifest;
mod mint;
mod segment;
mod videos;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::answer::Failure;
use crate::backend::Shared;
use crate::control::{self, inflict, record};
use crate::{cors, limits, route};

/// The whole mock, without a socket.
pub(crate) fn router(backend: &Shared) -> Router {
    let api = Router::new()
        .route(route::LIST, get(videos::list))
        .route(route::GET, get(videos::get))
        .route(route::MINT, post(mint::mint))
        .route(route::MANIFEST, get(manifest::manifest))
        .route(route::RENDITION, get(manifest::rendition))
        .route(route::PLAYBACK_KEY, get(key::for_player))
        .route(route::SEGMENT, get(segment::segment))
        .fallback(|uri: Uri| async move { not_found(&uri) })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(limits::enforce))
        .layer(from_fn_with_state(backend.clone(), inflict))
        .layer(cors::layer())
        .layer(from_fn(cors::plain_options));

    let mut pages = demo::router(&backend.options.sdk);
    if backend.options.control {
        pages = pages.merge(control::routes::router());
    }
    let pages = pages.method_not_allowed_fallback(method_not_allowed).layer(from_fn(limits::enforce));

    api.merge(pages)
        .layer(DefaultBodyLimit::max(limits::LARGEST_BODY))
        .layer(from_fn_with_state(backend.clone(), record))
        .with_state(backend.clone())
}

/// 404, in the envelope.
pub(crate) fn not_found(uri: &Uri) -> Failure {
    let hint = if uri.path().starts_with(control::routes::PREFIX) { " The control plane needs --control." } else { "" };
    Failure::not_found(format!("There is nothing at this address.{hint}"))
}

async fn method_not_allowed() -> Failure {
    let message = "The address is there, but not for this method; the header Allow names those that it takes.";
    Failure::other("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED, message)
}
