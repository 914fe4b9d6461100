//! The version and the hashes in the script tags of our documentation, which readers copy.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace;

/// Files with a script tag. The package's own README is a copy of the first.
const TEXTS: [&str; 3] = ["README.md", "examples/script-tag/index.html", "js/README.md"];

/// What comes before the version in the address of a file.
const PACKAGE: &str = "https://cdn.jsdelivr.net/npm/@ansdev/player@";

/// What the build has written into `js/dist/integrity.json`.
#[derive(Deserialize)]
struct Built {
    version: String,
    files: BTreeMap<String, String>,
}

/// Writes the version and the hashes of the built files into the texts.
pub(crate) fn write() -> Result<String> {
    let built = built()?;
    let mut written = Vec::new();
    for text in TEXTS {
        let path = workspace::path(text);
        let before = fs::read_to_string(&path).with_context(|| format!("reading {text}"))?;
        let after = updated(&before, &built).with_context(|| format!("reading {text}"))?;
        if before != after {
            fs::write(path, after).with_context(|| format!("writing {text}"))?;
            written.push(text);
        }
    }
    Ok(if written.is_empty() { "up to date".to_owned() } else { format!("wrote {}; commit it", written.join(", ")) })
}

/// An error if a text names another version, or another hash than the built file has.
pub(crate) fn check() -> Result<String> {
    let built = built()?;
    for text in TEXTS.iter().filter(|text| !text.starts_with("js/")) {
        let committed = fs::read_to_string(workspace::path(text)).with_context(|| format!("reading {text}"))?;
        if updated(&committed, &built)? != committed {
            bail!("the script tag in {text} is not that of the built files; `cargo xtask build` writes it");
        }
    }
    Ok(String::new())
}

fn built() -> Result<Built> {
    let text =
        fs::read_to_string(workspace::path("js/dist/integrity.json")).context("reading js/dist/integrity.json")?;
    serde_json::from_str(&text).context("reading js/dist/integrity.json")
}

/// The text with the version of each address, and the hash in the `integrity` attribute after it, as they were built.
fn updated(text: &str, built: &Built) -> Result<String> {
    let mut parts = text.split(PACKAGE);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once("/dist/").context("an address without /dist/")?;
        let (file, rest) = rest.split_once('"').context("an address without an end")?;
        let hash = built.files.get(file).with_context(|| format!("{file} is not in integrity.json"))?;
        let (before, rest) = rest.split_once("integrity=\"").context("a script tag without integrity")?;
        let (_, rest) = rest.split_once('"').context("an integrity without an end")?;
        let address = [PACKAGE, &built.version, "/dist/", file, "\""].concat();
        result.push_str(&[&address, before, "integrity=\"", hash, "\"", rest].concat());
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_gets_the_version_and_its_own_hash() {
        let files = [("a.js", "sha384-A"), ("b.js", "sha384-B")].map(|(file, hash)| (file.into(), hash.into()));
        let built = Built { version: "1.2.3".to_owned(), files: files.into() };
        let text = |version: &str, [a, b]: [&str; 2]| {
            format!(
                "x <script src=\"{PACKAGE}{version}/dist/a.js\"\n  integrity=\"{a}\"></script> y \
                 <link href=\"{PACKAGE}{version}/dist/b.js\" integrity=\"{b}\" /> z"
            )
        };
        let expected = text("1.2.3", ["sha384-A", "sha384-B"]);
        assert_eq!(updated(&text("0.0.1", ["sha384-old", ""]), &built).unwrap(), expected);
        for (tag, complaint) in [("a.js\">", "a script tag without integrity"), ("c.js\">", "c.js is not in")] {
            let error = updated(&format!("<script src=\"{PACKAGE}1.2.3/dist/{tag}"), &built).unwrap_err();
            assert!(error.to_string().contains(complaint), "{error}");
        }
    }
}
