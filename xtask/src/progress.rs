//! What a person sees while a step runs: a spinner with the program's last line; in a log, a line now and then.

use std::{
    cell::Cell,
    fmt::Display,
    sync::LazyLock,
    time::{Duration, Instant},
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// The spinners of the steps that run.
static SPINNERS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// In a log, at most one line of a running step's output in this time.
const BETWEEN_LINES: Duration = Duration::from_secs(15);

/// One running step's sign of life.
pub(crate) struct Progress {
    bar: ProgressBar,
    last_line: Cell<Instant>,
}

impl Progress {
    /// Shows that the step has begun.
    pub(crate) fn start(name: &str) -> Self {
        let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg:.dim}");
        let bar = SPINNERS.add(ProgressBar::new_spinner());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(name.to_owned());
        if bar.is_hidden() {
            println!("· {name}");
        } else {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, last_line: Cell::new(Instant::now()) }
    }

    /// Shows nothing.
    #[cfg(test)]
    pub(crate) fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), last_line: Cell::new(Instant::now()) }
    }

    /// What the running program last printed.
    pub(crate) fn line(&self, line: &str) {
        let line = console::strip_ansi_codes(line.trim());
        if line.is_empty() {
            return;
        }
        if !self.bar.is_hidden() {
            self.bar.set_message(line.into_owned());
        } else if self.last_line.get().elapsed() >= BETWEEN_LINES {
            println!("    {}: {line}", self.bar.prefix());
            self.last_line.set(Instant::now());
        }
    }

    /// Takes the spinner away.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// Prints text that is to stay.
pub(crate) fn print(text: &dyn Display) {
    SPINNERS.suspend(|| println!("{text}"));
}
