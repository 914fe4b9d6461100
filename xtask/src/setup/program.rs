//! Programs of this machine.

use std::{
    env::{self, consts::EXE_EXTENSION},
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use crate::command::Command;

/// The program that the environment variable names, or else the first of `names`: names in PATH, or whole paths.
///
/// Ubuntu's snaps are left out: a snap sees neither `/tmp` nor hidden folders, where tests have their profiles.
pub(crate) fn locate(variable: &str, names: &[&str]) -> Result<PathBuf> {
    if let Some(named) = env::var_os(variable) {
        ensure!(Path::new(&named).is_file(), "{variable} names {}, which is not a file", named.display());
        return Ok(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    // A whole path stays what it is when it is joined to a folder.
    let candidates = names.iter().flat_map(|name| env::split_paths(&path).map(move |dir| dir.join(name)));
    let found = candidates.map(|file| file.with_extension(EXE_EXTENSION)).filter(|file| file.is_file());
    let (snaps, mut programs): (Vec<_>, Vec<_>) = found.partition(|file| is_snap(file));
    match (programs.is_empty(), snaps.first()) {
        (false, _) => Ok(programs.swap_remove(0)),
        (true, Some(snap)) => bail!("{} starts a snap, which cannot read the files of tests", snap.display()),
        (true, None) => bail!("{} is not in PATH", names[0]),
    }
}

/// Whether a program is a link to snap, or Ubuntu's script in its place, which starts or asks for one.
fn is_snap(program: &Path) -> bool {
    let Ok(real) = fs::canonicalize(program) else { return false };
    let mut start = Vec::new();
    let is_read = File::open(&real).is_ok_and(|file| file.take(4096).read_to_end(&mut start).is_ok());
    real.starts_with("/snap")
        || real.file_name().is_some_and(|name| name == "snap")
        || is_read && start.starts_with(b"#!") && String::from_utf8_lossy(&start).contains("/snap/bin/")
}

/// The version number that a program prints about itself.
pub(crate) fn version(program: &Path) -> Result<String> {
    let printed = Command::new(program).args(["--version"]).read()?;
    let number =
        printed.split_whitespace().find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()));
    Ok(number.with_context(|| format!("{} --version printed {printed:?}", program.display()))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_the_scripts_that_start_a_snap() {
        let script = env::temp_dir().join(format!("xtask-snap-{}", std::process::id()));
        let is_snap_with = |text: &str| {
            fs::write(&script, text).unwrap();
            is_snap(&script)
        };
        // As in Ubuntu's package chromium-browser, and as in Debian's chromium.
        let results = [
            is_snap_with(
                "#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then\n  exit 1\nfi\nexec /snap/bin/chromium \"$@\"\n",
            ),
            is_snap_with("#!/bin/sh\nexec /usr/lib/chromium/chromium \"$@\"\n"),
        ];
        fs::remove_file(script).unwrap();
        assert_eq!(results, [true, false]);
    }
}
