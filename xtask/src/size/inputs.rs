//! Which sources each file of the package is made of, as the bundler says.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, bail, ensure};

use super::built_files;
use crate::workspace;

/// Name of a built file → the sources that it has bytes of. `js/scripts/build.mjs` writes it.
type Inputs = BTreeMap<String, Vec<String>>;

const FILE: &str = "target/npm-inputs.json";

/// The file for servers; whatever else the bundler makes, browsers load.
const SERVER: &str = "server.js";
const SERVERS_SOURCES: [&str; 2] = ["src/server/", "src/entries/server.ts"];
/// What both may have.
const COMMON: &str = "src/protocol/errors.ts";
/// Not made of modules, or in another file as a whole.
const WHOLE: [&str; 3] = ["worker.js", "hls.light.js", "ansdev-player.wasm"];

/// An error if a file that browsers load has a byte of the server's sources, or the server's one of theirs.
pub(crate) fn server_is_apart() -> Result<()> {
    let inputs = fs::read_to_string(workspace::path(FILE)).with_context(|| format!("reading {FILE}"))?;
    let inputs: Inputs =
        serde_json::from_str(&inputs).with_context(|| format!("{FILE} should map files to sources"))?;
    for file in built_files()? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ensure!(
            WHOLE.contains(&&*name) || inputs.contains_key(&name),
            "{FILE} does not say what {name} is made of; build it again"
        );
    }
    compare(&inputs)
}

fn compare(inputs: &Inputs) -> Result<()> {
    let is_servers = |source: &String| SERVERS_SOURCES.iter().any(|own| source.starts_with(own));
    let server = inputs.get(SERVER).with_context(|| format!("{SERVER} is not among the files"))?;
    ensure!(server.iter().any(is_servers), "{SERVER} has none of its sources");
    for (file, sources) in inputs {
        let is_out_of_place = |source: &&String| {
            if file == SERVER { !is_servers(source) && *source != COMMON } else { is_servers(source) }
        };
        if let Some(source) = sources.iter().find(is_out_of_place) {
            bail!("{file} has bytes of {source}: browsers and servers should have none of each other's");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(files: &[(&str, &[&str])]) -> Inputs {
        let sources = |sources: &[&str]| sources.iter().map(ToString::to_string).collect();
        files.iter().map(|(file, of)| ((*file).to_owned(), sources(of))).collect()
    }

    const SERVERS: (&str, &[&str]) = ("server.js", &["src/entries/server.ts", "src/server/mint.ts", COMMON]);

    #[test]
    fn the_two_may_share_their_errors() {
        compare(&inputs(&[SERVERS, ("index.js", &["src/entries/index.ts", COMMON])])).unwrap();
    }

    #[test]
    fn a_chunk_for_browsers_with_bytes_of_the_servers_fails() {
        let error = compare(&inputs(&[SERVERS, ("chunk.js", &["src/server/cross-site.ts"])])).unwrap_err().to_string();
        assert!(error.starts_with("chunk.js has bytes of src/server/cross-site.ts"), "{error}");
    }

    #[test]
    fn a_server_with_bytes_of_a_browsers_fails() {
        let server = ("server.js", &["src/server/mint.ts", "src/platform/natives.ts"] as &[&str]);
        assert!(compare(&inputs(&[server])).is_err());
    }

    #[test]
    fn a_list_without_the_servers_sources_proves_nothing() {
        assert!(compare(&inputs(&[("index.js", &["src/entries/index.ts"])])).is_err());
        assert!(compare(&inputs(&[("server.js", &[])])).is_err());
    }
}
