//! Bytes as brotli 11: what a viewer's browser downloads, beside what other players have it download.

use std::path::Path;

use anyhow::Result;

use super::{Group, PEERS, figure::Figure};
use crate::{
    progress::Progress,
    size::{
        self,
        page_load::{INLINE, SCRIPT_TAG, SLIM, WASM},
    },
    workspace,
};

pub(super) const GROUP: Group = Group { name: "size", about: "what a page downloads, as brotli 11", measure };

fn measure(_: &Progress) -> Result<Vec<Figure>> {
    let iframe = peer("@api.video/player-sdk/dist/index.js")?;
    let mux = peer("@mux/mux-player/dist/mux-player.js")?;
    Ok(vec![
        Figure::bytes(WASM.name, WASM.measure()?.brotli).at_most(28_000.0),
        Figure::bytes(SLIM.name, SLIM.measure()?.brotli)
            .at_most(38_000.0)
            .against("@api.video/player-sdk, which only drives an iframe", iframe),
        Figure::bytes(INLINE.name, INLINE.measure()?.brotli)
            .at_most(48_000.0)
            .against("@api.video/player-sdk, which only drives an iframe", iframe),
        Figure::bytes(SCRIPT_TAG.name, SCRIPT_TAG.measure()?.brotli).at_most(150_000.0).against("@mux/mux-player", mux),
    ])
}

fn peer(file: &str) -> Result<u64> {
    let file = workspace::path(PEERS).join("node_modules").join(Path::new(file));
    Ok(size::of_files(&[file])?.iter().map(|(_, size)| size.brotli).sum())
}
