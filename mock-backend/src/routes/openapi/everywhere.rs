//! Answers that all routes share: the errors of the limits, and the headers of CORS, caching and dates.

use ansdev_player::api::quota;
use utoipa::ToSchema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, Header, HeaderBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use super::schemas::Failed;

/// Answers of the layers before the routes: status, when, and whether only a `POST` meets it.
const LIMITS: [(&str, &str, bool); 4] = [
    ("408", "`REQUEST_TIMEOUT`: the body did not come within 10 seconds.", false),
    ("411", "`LENGTH_REQUIRED`: a `POST` without `Content-Length`; the service is not reached.", true),
    ("413", "`PAYLOAD_TOO_LARGE`: a body over 64 KiB.", false),
    ("503", "`STORE_UNAVAILABLE`: another process holds the database; try again.", false),
];

/// Adds all of it to every operation.
pub(super) fn describe(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (operation, is_post) in
            [(&mut item.get, false), (&mut item.post, true)].into_iter().filter_map(|(o, p)| Some((o.as_mut()?, p)))
        {
            if operation.operation_id.as_deref() == Some("mintPlaybackToken") {
                add_quota(operation);
            }
            add_limits(operation, is_post);
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    add_headers(response);
                }
            }
        }
    }
}

fn add_limits(operation: &mut Operation, is_post: bool) {
    for (status, when, post_only) in LIMITS {
        if is_post || !post_only {
            let body = Content::new(Some(Ref::from_schema_name(Failed::name())));
            let mut response = ResponseBuilder::new().description(when).content("application/json", body).build();
            if status == "503" {
                let seconds = "Seconds to wait before the next try.";
                response.headers.insert("Retry-After".to_owned(), header(Type::Integer, seconds));
            }
            operation.responses.responses.entry(status.to_owned()).or_insert(response.into());
        }
    }
}

/// The mint route tells the quota whatever it answers; the limits before it do not reach it.
fn add_quota(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            for (name, meaning) in [
                (quota::LIMIT_HEADER, "Tokens that the key can mint in a UTC day."),
                (quota::REMAINING_HEADER, "Tokens left today."),
                (quota::RESET_HEADER, "End of the UTC day, in Unix seconds."),
            ] {
                response.headers.insert(name.to_owned(), header(Type::Integer, meaning));
            }
        }
    }
}

fn add_headers(response: &mut Response) {
    for (name, meaning) in [
        ("Access-Control-Allow-Origin", "Any origin: `*`."),
        ("Access-Control-Expose-Headers", "The rate-limit headers, `Retry-After` and `Date`."),
        ("Cache-Control", "`no-store`."),
        ("Date", "The time by the mock's clock."),
    ] {
        response.headers.insert(name.to_owned(), header(Type::String, meaning));
    }
}

fn header(of: Type, meaning: &str) -> RefOr<Header> {
    let schema = ObjectBuilder::new().schema_type(of);
    HeaderBuilder::new().schema(Some(schema)).description(Some(meaning)).build().into()
}
