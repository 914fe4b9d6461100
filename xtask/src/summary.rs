//! What a run of steps says: a line as each ends, and at the end the whole of it.
//!
//! Many steps may follow one that fails, and a log is often kept by its end only: what went wrong is said again there.

use std::{fmt, process::ExitCode, time::Duration};

use anyhow::{Result, ensure};
use console::style;

use crate::outcome::{Outcome, Record};

/// So many lines of a failure are said again. A test runner ends with the names of the tests that failed.
const SAID_AGAIN: usize = 60;

/// How every step of a plan ended.
pub(crate) struct Summary {
    records: Vec<Record>,
}

impl Summary {
    pub(crate) fn new(records: Vec<Record>) -> Self {
        Self { records }
    }

    #[cfg(test)]
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    /// Prints what failed, the table and its closing line, after which nothing more is to be printed.
    pub(crate) fn conclude(&self) -> ExitCode {
        for record in &self.records {
            if let Outcome::Failed(message) = &record.outcome {
                println!("\n{} {}\n{}", style("✗").red(), record.name, end_of(message));
            }
        }
        println!("\n{self}");
        if self.records.iter().all(Record::passed) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// An error if a step did not pass.
    pub(crate) fn require(&self) -> Result<()> {
        let failed: Vec<_> = self.records.iter().filter(|record| !record.passed()).map(|record| record.name).collect();
        ensure!(failed.is_empty(), "did not pass: {}", failed.join(", "));
        Ok(())
    }
}

/// A step that could not run counts as failed: what it would have shown is not shown.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.records.iter().map(|record| record.name.len()).max().unwrap_or(0);
        for record in &self.records {
            writeln!(f, "{record:width$}")?;
        }
        let total: Duration = self.records.iter().map(|record| record.took).sum();
        let passed = self.records.iter().filter(|record| record.passed()).count();
        writeln!(f, "in {}", seconds(total))?;
        write!(f, "{passed} passed, {} failed", self.records.len() - passed)
    }
}

impl Record {
    fn passed(&self) -> bool {
        matches!(self.outcome, Outcome::Passed(_))
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, width) = (self.name, f.width().unwrap_or(0));
        match &self.outcome {
            Outcome::Passed(detail) => {
                let line = format!("{} {name:width$} {:>9}  {detail}", style("✓").green(), seconds(self.took));
                write!(f, "{}", line.trim_end())
            }
            Outcome::Failed(_) => write!(f, "{} {name:width$} {:>9}  failed", style("✗").red(), seconds(self.took)),
            Outcome::Blocked(need) => {
                write!(f, "{} {name:width$} {:>9}  not run: needs {need}", style("–").yellow(), "")
            }
        }
    }
}

/// The last lines of a message, and that there are more.
fn end_of(message: &str) -> String {
    let lines: Vec<&str> = message.lines().collect();
    match lines.len().checked_sub(SAID_AGAIN) {
        None | Some(0) => message.to_owned(),
        Some(left_out) => format!("({left_out} more lines above)\n{}", lines[left_out..].join("\n")),
    }
}

fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..120 => format!("{:.1} s", duration.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        let record = |name, outcome, millis| Record { name, outcome, took: Duration::from_millis(millis) };
        Summary::new(vec![
            record("lint", Outcome::Passed(String::new()), 1_240),
            record("native-tests", Outcome::Passed("42 tests".into()), 125_000),
            record("build", Outcome::Failed("no space left".into()), 300),
            record("browser", Outcome::Blocked("build"), 0),
        ])
    }

    #[test]
    fn the_table_says_how_each_step_ended_and_closes_with_the_counts() {
        let table = console::strip_ansi_codes(&summary().to_string()).into_owned();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(
            lines,
            [
                "✓ lint             1.2 s",
                "✓ native-tests 2 min 05 s  42 tests",
                "✗ build            0.3 s  failed",
                "– browser                 not run: needs build",
                "in 2 min 06 s",
                "2 passed, 2 failed",
            ]
        );
    }

    #[test]
    fn of_a_long_failure_the_end_is_said_again() {
        assert_eq!(end_of("one\ntwo"), "one\ntwo");
        let long: Vec<String> = (1..=SAID_AGAIN + 2).map(|line| line.to_string()).collect();
        let lines: Vec<_> = long.iter().skip(2).map(String::as_str).collect();
        assert_eq!(end_of(&long.join("\n")), format!("(2 more lines above)\n{}", lines.join("\n")));
    }

    #[test]
    fn a_step_that_could_not_run_is_no_success() {
        assert_eq!(summary().require().unwrap_err().to_string(), "did not pass: build, browser");
        assert!(Summary::new(Vec::new()).require().is_ok());
    }
}
