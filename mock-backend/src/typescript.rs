//! The TypeScript declarations of faults, keys and the journal, made from the Rust so that the two cannot differ:
//! `mock-backend/npm/src/models.ts`.

use ts_rs::{Config, TS};

use crate::routes::{CreatedKey, KeyRequest};
use crate::state::api_key::Scope;
use crate::state::faults::{Fault, FaultKind, FaultRoute};
use crate::state::journal::JournalEntry;
use crate::state::route::Route;

/// The whole of `models.ts`.
pub fn declarations() -> String {
    let blocks = [
        "// Made from the Rust sources: `WRITE_MODELS=1 cargo test -p ansdev-mock-backend --features typescript models`.\n\
         // Do not edit."
            .to_owned(),
        declaration::<ansdev_player::api::Video>("Video"),
        // What the video's declaration names; the mock knows no other.
        "/** How far the making of a video is. */\nexport type VideoStatus = string;".to_owned(),
        declaration::<FaultRoute>("FaultRoute"),
        declaration::<FaultKind>("FaultKind"),
        declaration::<Fault>("Fault"),
        declaration::<Route>("Route"),
        declaration::<JournalEntry>("JournalEntry"),
        declaration::<Scope>("Scope"),
        declaration::<KeyRequest>("KeyRequest"),
        declaration::<CreatedKey>("CreatedKey"),
    ];
    blocks.join("\n\n") + "\n"
}

fn declaration<T: TS>(name: &str) -> String {
    let config = Config::default();
    format!("{}export type {name} = {};", T::docs().unwrap_or_default(), T::inline(&config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_of_the_npm_package_are_these() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/npm/src/models.ts");
        if std::env::var_os("WRITE_MODELS").is_some() {
            std::fs::write(file, declarations()).unwrap();
        }
        let committed = std::fs::read_to_string(file).unwrap();
        assert!(committed == declarations(), "{file} differs; its first line says how it is written");
    }
}
