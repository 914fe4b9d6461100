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
const WHOLE: [&str; 4] = ["worker.js", "hls.light.js", "player.global.js", "ansdev-player.wasm"];

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

    #[test]
    fn rejects_a_byte_of_the_other_side() {
        let check = |file: &str, source: &str| {
            let server = vec!["src/entries/server.ts".to_owned(), COMMON.to_owned()];
            let mut inputs = Inputs::from([(SERVER.to_owned(), server)]);
            inputs.entry(file.to_owned()).or_default().push(source.to_owned());
            compare(&inputs).map_err(|error| error.to_string())
        };
        assert_eq!(check("index.js", COMMON), Ok(()));
        assert!(
            check("chunk.js", "src/server/cross-site.ts").unwrap_err().starts_with("chunk.js has bytes of src/ser")
        );
        assert!(
            check(SERVER, "src/platform/natives.ts").unwrap_err().starts_with("server.js has bytes of src/platform")
        );
        assert!(compare(&Inputs::new()).is_err(), "a list without the server proves nothing");
    }
}
