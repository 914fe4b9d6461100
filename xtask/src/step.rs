//! Steps, and a plan of them: what runs, in which order, and what a failure stops.
//!
//! A step that fails does not hide the later ones; it stops only those that need it. Steps that mostly wait, such as tests
//! in a browser, run beside the others.

use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    sync::{Condvar, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail, ensure};

use crate::{
    command::Command,
    progress::{self, Progress},
    summary::{Outcome, Record, Summary},
};

type Action = Box<dyn FnOnce(&Progress) -> Result<String> + Send>;

/// Something to do, under a name that is unique in its plan.
pub(crate) struct Step {
    name: &'static str,
    needs: Vec<&'static str>,
    waits: bool,
    action: Action,
}

/// Steps in the order they run in.
pub(crate) struct Plan {
    steps: Vec<Step>,
}

impl Step {
    /// A step that calls a function; the text it gives back stands beside its name.
    pub(crate) fn new(name: &'static str, action: impl FnOnce(&Progress) -> Result<String> + Send + 'static) -> Self {
        Self { name, needs: Vec::new(), waits: false, action: Box::new(action) }
    }

    /// A step that runs a command line.
    pub(crate) fn command(name: &'static str, command: Command) -> Self {
        Self::new(name, move |progress| command.run(progress).map(|_| String::new()))
    }

    /// This one mostly waits: it runs beside those that do not.
    pub(crate) fn waits(mut self) -> Self {
        self.waits = true;
        self
    }

    /// The steps that must have passed before this one.
    pub(crate) fn needs(mut self, names: &[&'static str]) -> Self {
        self.needs.extend(names);
        self
    }
}

impl Plan {
    /// A plan in which every step's needs come before it.
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Result<Self> {
        let steps: Vec<Step> = steps.into_iter().collect();
        for (index, step) in steps.iter().enumerate() {
            let earlier = &steps[..index];
            ensure!(earlier.iter().all(|other| other.name != step.name), "two steps are called {}", step.name);
            for need in &step.needs {
                ensure!(earlier.iter().any(|other| other.name == *need), "{} needs {need} before it", step.name);
            }
        }
        Ok(Self { steps })
    }

    /// Keeps the steps whose name contains one of `names`, and all that these need. No names: every step.
    pub(crate) fn only(mut self, names: &[String]) -> Result<Self> {
        if names.is_empty() {
            return Ok(self);
        }
        let known: Vec<_> = self.steps.iter().map(|step| step.name).collect();
        if let Some(unknown) = names.iter().find(|name| !known.iter().any(|step| step.contains(name.as_str()))) {
            bail!("no step is called {unknown}; there are {}", known.join(", "));
        }
        let mut wanted = Vec::new();
        for step in self.steps.iter().rev() {
            if wanted.contains(&step.name) || names.iter().any(|name| step.name.contains(name.as_str())) {
                wanted.push(step.name);
                wanted.extend(&step.needs);
            }
        }
        self.steps.retain(|step| wanted.contains(&step.name));
        Ok(self)
    }

    /// Runs every step that can run: in the order they are given, those that wait beside the others.
    pub(crate) fn run(self) -> Summary {
        let began = Instant::now();
        let order: Vec<_> = self.steps.iter().map(|step| step.name).collect();
        let (waiting, computing): (Vec<_>, Vec<_>) = self.steps.into_iter().partition(|step| step.waits);
        let ended = Ended::default();
        let mut records = thread::scope(|scope| {
            let beside = scope.spawn(|| run_all(waiting, &ended));
            let mut records = run_all(computing, &ended);
            records.extend(beside.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
            records
        });
        records.sort_by_key(|record| order.iter().position(|name| *name == record.name));
        Summary { records, took: began.elapsed() }
    }
}

/// Which steps have ended, and whether they passed.
#[derive(Default)]
struct Ended {
    steps: Mutex<BTreeMap<&'static str, bool>>,
    changed: Condvar,
}

impl Ended {
    fn add(&self, name: &'static str, passed: bool) {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).insert(name, passed);
        self.changed.notify_all();
    }

    /// Waits until all of them have ended; gives back the first that did not pass.
    fn first_failed(&self, names: &[&'static str]) -> Option<&'static str> {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let is_pending = |steps: &mut BTreeMap<_, _>| names.iter().any(|name| !steps.contains_key(name));
        let steps = self.changed.wait_while(steps, is_pending).unwrap_or_else(PoisonError::into_inner);
        names.iter().copied().find(|name| steps.get(name) == Some(&false))
    }
}

fn run_all(steps: Vec<Step>, ended: &Ended) -> Vec<Record> {
    let records = steps.into_iter().map(|step| {
        let name = step.name;
        let record = match ended.first_failed(&step.needs) {
            Some(blocker) => Record { name, outcome: Outcome::Blocked(blocker), took: Duration::ZERO },
            None => run(step),
        };
        progress::print(&record);
        ended.add(name, record.passed());
        record
    });
    records.collect()
}

fn run(step: Step) -> Record {
    let began = Instant::now();
    let progress = Progress::start(step.name);
    // Or the steps beside it would wait for its end forever.
    let result = panic::catch_unwind(AssertUnwindSafe(|| (step.action)(&progress)));
    let result = result.unwrap_or_else(|_| Err(anyhow!("the step panicked")));
    progress.finish();
    let outcome = match result {
        Ok(detail) => Outcome::Passed(detail),
        Err(error) => {
            let message = format!("{error:#}");
            progress::print(&format_args!("\n{message}\n"));
            Outcome::Failed(message)
        }
    };
    Record { name: step.name, outcome, took: began.elapsed() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn passes(name: &'static str) -> Step {
        Step::new(name, |_| Ok(String::new()))
    }

    fn outcomes(steps: impl IntoIterator<Item = Step>) -> Vec<&'static str> {
        let Summary { records, .. } = Plan::new(steps).unwrap().run();
        let word = |record: Record| match record.outcome {
            Outcome::Passed(_) => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Blocked(need) => need,
        };
        records.into_iter().map(word).collect()
    }

    #[test]
    fn a_failure_stops_only_what_needs_it() {
        let steps = [
            Step::new("build", |_| bail!("broken")),
            passes("lint"),
            passes("pack").needs(&["build"]),
            passes("browser").needs(&["pack", "lint"]),
        ];
        assert_eq!(outcomes(steps), ["failed", "passed", "build", "pack"]);
    }

    #[test]
    fn a_step_that_waits_runs_beside_the_others_once_its_needs_have_passed() {
        let (say, hear) = mpsc::channel();
        let steps = [
            passes("build"),
            Step::new("browser", move |_| Ok(hear.recv()?)).needs(&["build"]).waits(),
            Step::new("lint", move |_| Ok(say.send("lint runs".to_owned()).map(|()| String::new())?)),
            Step::new("pack", |_| bail!("broken")),
            passes("engines").needs(&["pack"]).waits(),
        ];
        assert_eq!(outcomes(steps), ["passed", "passed", "passed", "failed", "pack"]);
    }

    #[test]
    fn a_filter_keeps_the_named_steps_and_what_they_need() {
        let kept = |name: &str| {
            let steps =
                [passes("node"), passes("lint"), passes("pack").needs(&["node"]), passes("e2e").needs(&["pack"])];
            let plan = Plan::new(steps).unwrap().only(&[name.to_owned()])?;
            Ok::<_, anyhow::Error>(plan.steps.iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert_eq!(kept("e2").unwrap(), ["node", "pack", "e2e"]);
        assert_eq!(kept("nope").unwrap_err().to_string(), "no step is called nope; there are node, lint, pack, e2e");
    }

    #[test]
    fn rejects_a_step_that_comes_before_what_it_needs() {
        let error = Plan::new([passes("a").needs(&["b"]), passes("b")]).err().unwrap().to_string();
        assert_eq!(error, "a needs b before it");
    }
}
