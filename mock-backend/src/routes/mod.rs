//! The routes, and the layers around them.

mod api;
mod control;
mod dashboard;
mod demo;
mod openapi;
mod player;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::{Failure, in_the_envelope, nothing_at};
use crate::http::{cors, fault, files, hosts, journal, limits};
use crate::state::backend::Shared;
use api::{cdn, key, manifest, mint, videos};

#[cfg(feature = "typescript")]
pub(crate) use control::CreatedKey;
#[cfg(any(target_arch = "wasm32", feature = "typescript"))]
pub(crate) use control::KeyRequest;

/// The whole mock, without a socket.
pub(crate) fn router(backend: &Shared) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(openapi::api_document(&dashboard::cookie_name(backend)))
        .routes(routes!(videos::list))
        .routes(routes!(videos::get))
        .routes(routes!(mint::mint))
        .routes(routes!(manifest::manifest))
        .routes(routes!(manifest::rendition))
        .routes(routes!(key::for_player))
        .routes(routes!(key::for_dashboard))
        .routes(routes!(cdn::playlist))
        .routes(routes!(cdn::rendition))
        .routes(routes!(cdn::chunk_beside))
        .routes(routes!(cdn::segment))
        .split_for_parts();
    let api = api
        .fallback(|uri: Uri| async move { nothing_at(&uri) })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(backend.clone(), fault::inflict))
        .layer(cors::layer());

    let has_control = backend.options.control;
    // What acts for the developer who runs the mock.
    let mut local = Router::new().merge(demo::router()).merge(dashboard::router(backend));
    #[cfg(not(target_arch = "wasm32"))]
    {
        local = local.merge(openapi::page(has_control));
    }
    if has_control {
        local = local.merge(control::router());
    }
    // A 405 is an answer too, so it has to be there before the guard.
    let local =
        local.method_not_allowed_fallback(method_not_allowed).layer(from_fn_with_state(backend.clone(), hosts::guard));

    let pages = Router::new()
        .route("/player/{token}", get(player::player))
        .route("/theme.css", get(|| async { files::css(include_str!("../../pages/theme.css")) }))
        .route("/player.css", get(|| async { files::css(include_str!("../../pages/player/player.css")) }))
        .route("/player.js", get(|| async { files::javascript(include_str!("../../pages/player/player.js")) }))
        .merge(demo::sdk())
        .merge(openapi::router(document))
        .method_not_allowed_fallback(method_not_allowed)
        .merge(local)
        // The API reads no bodies.
        .layer(DefaultBodyLimit::max(limits::MAX_BODY))
        .layer(from_fn(limits::enforce))
        .layer(map_response(in_the_envelope));

    api.merge(pages).layer(from_fn_with_state(backend.clone(), journal::record)).with_state(backend.clone())
}

async fn method_not_allowed() -> Failure {
    Failure::method_not_allowed()
}
