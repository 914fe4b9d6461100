//! The OpenAPI 3.1 document: what the routes declare, and what is true of all of them.

mod everywhere;
pub(crate) mod schemas;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

use crate::http::cors;
use crate::state::backend::Shared;

/// Name of the security scheme of API keys.
pub(crate) const API_KEY: &str = "apiKey";
/// Name of the security scheme of the dashboard's session.
pub(crate) const SESSION: &str = "dashboardSession";

/// What stands above all routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ansdev API (mock)",
        description = "The Ansdev API as its mock backend speaks it. Every JSON answer is an envelope: `data` where \
                       `success` is true, else `error`. Pages for people (the dashboard, the hosted player) and the \
                       control plane under `/_mock/` (described at `/_mock/openapi.json`) are not part of the API."
    ),
    tags(
        (name = "Videos", description = "With an API key."),
        (name = "Playback", description = "With a playback token, in the path."),
        (name = "Dashboard", description = "With the dashboard's session.")
    )
)]
struct ApiDocument;

#[derive(OpenApi)]
#[openapi(info(
    title = "Control plane of the Ansdev mock backend",
    description = "What tests can do to a running mock. Only there with `--control`. A page of another origin gets 403 \
                   `CROSS_ORIGIN`; a request under a name that is neither loopback's nor one of `--allow-host` gets 421 \
                   `HOST_NOT_ALLOWED`."
))]
struct ControlDocument;

/// The document that the API's routes are added to.
pub(crate) fn api_document(session_cookie: &str) -> utoipa::openapi::OpenApi {
    let mut document = ApiDocument::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    let components = document.components.get_or_insert_default();
    let key = ApiKeyValue::with_description(
        ansdev_player::api::endpoints::KEY_HEADER,
        "ak_live_ or ak_test_ and 32 hexadecimal digits",
    );
    let cookie = ApiKeyValue::with_description(session_cookie, "set by /dashboard/api-keys");
    components.add_security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
    components.add_security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document
}

/// The document that the control plane's routes are added to.
pub(crate) fn control_document() -> utoipa::openapi::OpenApi {
    let mut document = ControlDocument::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    document
}

/// The API's document at `/openapi.json`.
pub(crate) fn router(mut api: utoipa::openapi::OpenApi) -> Router<Shared> {
    everywhere::describe(&mut api);
    document("/openapi.json", &api).layer(cors::layer())
}

/// The page to browse it at `/docs`. It is ten times as large as all the rest of a mock in WebAssembly, which goes without.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn page(has_control: bool) -> Router<Shared> {
    let mut addresses = vec![utoipa_swagger_ui::Url::from("/openapi.json")];
    if has_control {
        addresses.push("/_mock/openapi.json".into());
    }
    let config = utoipa_swagger_ui::Config::new(addresses).try_it_out_enabled(true);
    utoipa_swagger_ui::SwaggerUi::new("/docs").config(config).into()
}

/// A document at an address.
pub(crate) fn document(address: &str, document: &utoipa::openapi::OpenApi) -> Router<Shared> {
    let text: std::sync::Arc<str> = document.to_json().expect("a document of texts and numbers").into();
    let media_type = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    Router::new().route(address, get(move || async move { (media_type, text.to_string()) }))
}
