//! A command line: run with its output captured and shown only where it helps, and printable so that a person can
//! paste it into a shell.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    io::{BufRead, BufReader, ErrorKind},
    path::{Path, PathBuf},
    process::ExitStatus,
};

use anyhow::{Context, Result};
use duct::Expression;

use crate::{progress::Progress, workspace};

/// A program, its arguments and what it gets from the environment. It runs at the repository's root unless told else.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    dir: PathBuf,
}

/// A command that ended with a failure, and all that it printed.
#[derive(Debug)]
pub(crate) struct CommandFailed {
    command: Command,
    status: ExitStatus,
    output: String,
}

impl Command {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            dir: workspace::root().to_owned(),
        }
    }

    /// npm with these arguments.
    pub(crate) fn npm<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        Self::new(npm_script("npm", cfg!(windows))).args(args)
    }

    /// A program that an npm package brings.
    pub(crate) fn from_npm(name: &str) -> Self {
        Self::new(workspace::path("node_modules/.bin").join(npm_script(name, cfg!(windows))))
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        dir.as_ref().clone_into(&mut self.dir);
        self
    }

    /// Runs it to its end and gives back stdout and stderr in the order they were written. Every line goes to
    /// `progress` as it comes.
    pub(crate) fn run(&self, progress: &Progress) -> Result<String> {
        let mut expression = self.expression();
        if console::colors_enabled() {
            expression = expression.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        let reader = expression.stdin_null().stderr_to_stdout().unchecked().reader();
        let reader = reader.map_err(|error| self.not_started(&error))?;
        let mut lines = BufReader::new(&reader);
        let (mut output, mut line) = (String::new(), Vec::new());
        while lines.read_until(b'\n', &mut line).with_context(|| format!("reading what {self} prints"))? > 0 {
            let text = String::from_utf8_lossy(&line);
            progress.line(&text);
            output.push_str(&text);
            line.clear();
        }
        let status = reader.try_wait()?.context("output ended before the program did")?.status;
        if status.success() { Ok(output) } else { Err(CommandFailed { command: self.clone(), status, output }.into()) }
    }

    /// Runs it to its end and gives back what it wrote to stdout; stderr is kept for the error.
    pub(crate) fn read(&self) -> Result<String> {
        let output = self.expression().stdin_null().stdout_capture().stderr_capture().unchecked().run();
        let output = output.map_err(|error| self.not_started(&error))?;
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(CommandFailed { command: self.clone(), status: output.status, output: printed }.into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it to its end and gives back what it wrote to stdout, whether it succeeded or not: for programs that fail
    /// to say that there is something to read.
    pub(crate) fn read_either_way(&self) -> Result<String> {
        let output = self.expression().stdin_null().stdout_capture().stderr_null().unchecked().run();
        let output = output.map_err(|error| self.not_started(&error))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The command for `duct`, for those who need to hold on to the running program.
    pub(crate) fn expression(&self) -> Expression {
        let command = duct::cmd(&self.program, &self.args).dir(&self.dir);
        self.env.iter().fold(command, |command, (name, value)| command.env(name, value))
    }

    fn not_started(&self, error: &std::io::Error) -> anyhow::Error {
        let program = self.program.to_string_lossy();
        if error.kind() == ErrorKind::NotFound {
            return anyhow::anyhow!("{program} is not installed, or not in PATH");
        }
        anyhow::anyhow!("{program} could not be started: {error}")
    }
}

/// On Windows npm and the programs of its packages are batch files, which are started by their whole names only.
fn npm_script(name: &str, is_windows: bool) -> String {
    if is_windows { format!("{name}.cmd") } else { name.to_owned() }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = |text: &OsStr| {
            let text = text.to_string_lossy();
            shlex::try_quote(&text).map_or_else(|_| format!("{text:?}"), std::borrow::Cow::into_owned)
        };
        if self.dir != workspace::root() {
            write!(f, "cd {} && ", quote(self.dir.as_os_str()))?;
        }
        for (name, value) in &self.env {
            write!(f, "{}={} ", name.to_string_lossy(), quote(value))?;
        }
        write!(f, "{}", quote(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quote(arg)))
    }
}

impl fmt::Display for CommandFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.output.trim().is_empty() {
            writeln!(f, "{}", self.output.trim_end())?;
        }
        write!(f, "$ {}\nended with {}", self.command, self.status)
    }
}

impl std::error::Error for CommandFailed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npm_programs_are_batch_files_on_windows() {
        assert_eq!([true, false].map(|is_windows| npm_script("npm", is_windows)), ["npm.cmd", "npm"]);
    }

    #[test]
    fn output_of_both_streams_is_captured_in_order() {
        let script = "echo one; echo two >&2; echo three";
        let output = Command::new("sh").args(["-c", script]).run(&Progress::hidden()).unwrap();
        assert_eq!(output, "one\ntwo\nthree\n");
    }

    #[test]
    fn a_failure_shows_the_output_the_status_and_a_line_to_paste() {
        let failing = Command::new("sh").args(["-c", "echo broken; exit 3"]).env("A", "b c");
        let error = failing.run(&Progress::hidden()).unwrap_err().to_string();
        assert_eq!(error, "broken\n$ A='b c' sh -c 'echo broken; exit 3'\nended with exit status: 3");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Command::new("no-such-program-here").read().unwrap_err().to_string();
        assert_eq!(error, "no-such-program-here is not installed, or not in PATH");
    }
}
