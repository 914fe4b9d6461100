//! What a run of steps prints: a line as each ends, and at the end all of them, with every failure once more, because a
//! log is often kept by its end only.

use std::{fmt, process::ExitCode, time::Duration};

use anyhow::{Result, ensure};
use console::style;

/// How many lines of a failure are printed again. A test runner ends with the names of the tests that failed.
const REPEATED_LINES: usize = 60;

/// How a step ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// With what there is to say about it, if anything.
    Passed(String),
    /// With the message, which has been printed already.
    Failed(String),
    /// It did not run, because this step before it did not pass.
    Blocked(&'static str),
}

/// One line of the summary.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) name: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
}

/// How every step of a plan ended.
pub(crate) struct Summary {
    pub(crate) records: Vec<Record>,
    /// Less than the steps' times together: some run side by side.
    pub(crate) took: Duration,
}

impl Summary {
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
        self.records.iter().try_for_each(|record| writeln!(f, "{record:width$}"))?;
        let passed = self.records.iter().filter(|record| record.passed()).count();
        writeln!(f, "in {}", seconds(self.took))?;
        write!(f, "{passed} passed, {} failed", self.records.len() - passed)
    }
}

impl Record {
    pub(crate) fn passed(&self) -> bool {
        matches!(self.outcome, Outcome::Passed(_))
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = seconds(self.took);
        let (mark, took, detail) = match &self.outcome {
            Outcome::Passed(detail) => (style("✓").green(), &*took, detail.clone()),
            Outcome::Failed(_) => (style("✗").red(), &*took, "failed".to_owned()),
            Outcome::Blocked(need) => (style("–").yellow(), "", format!("not run: needs {need}")),
        };
        let line = format!("{mark} {:width$} {took:>9}  {detail}", self.name, width = f.width().unwrap_or(0));
        f.write_str(line.trim_end())
    }
}

/// The last lines of a message, and how many there are before them.
fn end_of(message: &str) -> String {
    let lines: Vec<&str> = message.lines().collect();
    match lines.len().checked_sub(REPEATED_LINES) {
        None | Some(0) => message.to_owned(),
        Some(omitted) => format!("({omitted} more lines above)\n{}", lines[omitted..].join("\n")),
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

    #[test]
    fn the_table_has_every_step_and_ends_with_the_counts() {
        let record = |name, outcome, millis| Record { name, outcome, took: Duration::from_millis(millis) };
        let records = vec![
            record("lint", Outcome::Passed(String::new()), 1_240),
            record("native-tests", Outcome::Passed("42 tests".into()), 125_000),
            record("build", Outcome::Failed("no space left".into()), 300),
            record("browser", Outcome::Blocked("build"), 0),
        ];
        let summary = Summary { records, took: Duration::from_secs(126) };
        let table = [
            "✓ lint             1.2 s",
            "✓ native-tests 2 min 05 s  42 tests",
            "✗ build            0.3 s  failed",
            "– browser                 not run: needs build",
            "in 2 min 06 s",
            "2 passed, 2 failed",
        ];
        assert_eq!(console::strip_ansi_codes(&summary.to_string()).lines().collect::<Vec<_>>(), table);
        assert_eq!(summary.require().unwrap_err().to_string(), "did not pass: build, browser");
    }

    #[test]
    fn prints_the_end_of_a_long_failure_again() {
        assert_eq!(end_of("one\ntwo"), "one\ntwo");
        let end = "line\n".repeat(REPEATED_LINES);
        assert_eq!(end_of(&format!("one\ntwo\n{end}")), format!("(2 more lines above)\n{}", end.trim_end()));
    }
}
