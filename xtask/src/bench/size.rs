//! Bytes as brotli 11: what a viewer's browser downloads, beside what other players have it download.

use anyhow::{Context, Result};

use super::{Group, PEERS, figure::Figure};
use crate::{
    build::wasm::Wasm,
    progress::Progress,
    size::{brotli, of_package},
    workspace,
};

pub(super) const GROUP: Group = Group { name: "size", about: "what a page downloads, as brotli 11", measure };

/// One route of the API in the usual ways, of `benches/sketches/`: a feature of that crate, and what it stands for.
const SKETCHES: [(Wasm, &str); 3] = [
    sketch("gloo-json", "target/sketches/gloo-json", "one route: gloo-net with json, serde-wasm-bindgen"),
    sketch("web-sys-fetch", "target/sketches/web-sys-fetch", "one route: web-sys, serde-wasm-bindgen"),
    sketch("gloo-externs", "target/sketches/gloo-externs", "one route: gloo-net without json, typed externs"),
];

const fn sketch(features: &'static str, out: &'static str, about: &'static str) -> (Wasm, &'static str) {
    (Wasm { package: "sketches", features, out, traps: false, is_nameless: true, stack_bytes: 64 << 10 }, about)
}

fn measure(progress: &Progress) -> Result<Vec<Figure>> {
    let loads = of_package()?.loads;
    let load = |name: &str| {
        let bytes = loads.get(name).with_context(|| format!("{name} is not measured"))?;
        Ok::<_, anyhow::Error>(Figure::bytes(name, *bytes))
    };
    let mut figures = Vec::new();
    let wasm = load("wasm")?.at_most(28_000.0);
    for (sketch, about) in SKETCHES {
        sketch.compile(progress)?;
        sketch.bind()?;
        sketch.optimise()?;
        figures.push(wasm.clone().against(about, brotli(sketch.module())? as f64));
    }

    let peer = |file| brotli(workspace::path(PEERS).join("node_modules").join(file)).map(|bytes| bytes as f64);
    let (iframe, iframe_about) =
        (peer("@api.video/player-sdk/dist/index.js")?, "@api.video/player-sdk, which only drives an iframe");
    let mux = peer("@mux/mux-player/dist/mux-player.js")?;
    figures.extend([
        load("slim")?.at_most(38_000.0).against(iframe_about, iframe),
        load("inline")?.at_most(48_000.0).against(iframe_about, iframe),
        load("script-tag-with-hls-light")?.at_most(150_000.0).against("@mux/mux-player", mux),
    ]);
    Ok(figures)
}
