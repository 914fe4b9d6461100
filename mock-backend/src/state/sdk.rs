//! The built SDK: its files, which pages of the mock load from `/sdk/`.

use std::fmt;
use std::sync::Arc;

type Read = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// Where the files come from.
#[derive(Clone)]
pub(crate) struct SdkFiles(Arc<Read>);

impl SdkFiles {
    /// The files of a folder.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn in_folder(folder: std::path::PathBuf) -> Self {
        // A file of the SDK is read in less time than a hop to another thread takes.
        Self(Arc::new(move |path| std::fs::read(folder.join(path)).ok()))
    }

    /// The files that the host has.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn of_host() -> Self {
        Self(Arc::new(super::host::sdk_file))
    }

    /// The file at this path below `/sdk/`.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let is_name = |name: &str| !name.starts_with('.') && !name.is_empty() && !name.contains(['\\', ':', '\0']);
        path.split('/').all(is_name).then(|| (self.0)(path)).flatten()
    }
}

impl fmt::Debug for SdkFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SdkFiles")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let files = SdkFiles::in_folder(std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"));
        assert!(files.read("lib.rs").is_some() && files.read("state/sdk.rs").is_some());
        for path in
            ["../Cargo.toml", "state/../../Cargo.toml", "/etc/passwd", "", "state", "state/", "state//sdk.rs", "..\\x"]
        {
            assert_eq!(files.read(path), None, "{path}");
        }
    }
}
