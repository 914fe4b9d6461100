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
    outcome::{Outcome, Record},
    progress::{self, Progress},
    summary::Summary,
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
        for name in names {
            if !self.steps.iter().any(|step| step.name.contains(name.as_str())) {
                let known: Vec<_> = self.steps.iter().map(|step| step.name).collect();
                bail!("no step is called {name}; there are {}", known.join(", "));
            }
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
        Summary::new(records)
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
        ended.add(name, matches!(record.outcome, Outcome::Passed(_)));
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
    use std::sync::{Arc, mpsc};

    use super::*;

    fn passes(name: &'static str) -> Step {
        Step::new(name, |_| Ok(String::new()))
    }

    fn fails(name: &'static str) -> Step {
        Step::new(name, |_| bail!("broken"))
    }

    fn outcomes(summary: &Summary) -> Vec<(&str, &str)> {
        let word = |outcome: &Outcome| match outcome {
            Outcome::Passed(_) => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Blocked(need) => need,
        };
        summary.records().iter().map(|record| (record.name, word(&record.outcome))).collect()
    }

    #[test]
    fn a_failure_stops_only_what_needs_it() {
        let steps = [
            fails("build"),
            passes("lint"),
            passes("pack").needs(&["build"]),
            passes("browser").needs(&["pack", "lint"]),
        ];
        let summary = Plan::new(steps).unwrap().run();
        assert_eq!(
            outcomes(&summary),
            [("build", "failed"), ("lint", "passed"), ("pack", "build"), ("browser", "pack")]
        );
    }

    #[test]
    fn steps_run_in_the_order_they_are_given() {
        let ran = Arc::new(Mutex::new(Vec::new()));
        let step = |name| {
            let ran = Arc::clone(&ran);
            Step::new(name, move |_| {
                ran.lock().unwrap().push(name);
                Ok(String::new())
            })
        };
        Plan::new([step("b"), step("a").needs(&["b"]), step("c")]).unwrap().run();
        assert_eq!(*ran.lock().unwrap(), ["b", "a", "c"]);
    }

    #[test]
    fn a_step_that_waits_runs_beside_the_others_once_its_needs_have_passed() {
        let (say, hear) = mpsc::channel();
        let steps = [
            passes("build"),
            Step::new("browser", move |_| Ok(hear.recv()?)).needs(&["build"]).waits(),
            Step::new("lint", move |_| Ok(say.send("lint runs".to_owned()).map(|()| String::new())?)),
            fails("pack"),
            passes("engines").needs(&["pack"]).waits(),
        ];
        let summary = Plan::new(steps).unwrap().run();
        assert_eq!(
            outcomes(&summary),
            [("build", "passed"), ("browser", "passed"), ("lint", "passed"), ("pack", "failed"), ("engines", "pack")]
        );
    }

    #[test]
    fn a_filter_keeps_the_named_steps_and_all_they_need() {
        let steps =
            || [passes("node"), passes("lint"), passes("pack").needs(&["node"]), passes("e2e").needs(&["pack"])];
        let kept = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let plan = Plan::new(steps()).unwrap().only(&names)?;
            Ok::<_, anyhow::Error>(plan.steps.iter().map(|step| step.name).collect::<Vec<_>>())
        };
        assert_eq!(kept(&["e2"]).unwrap(), ["node", "pack", "e2e"]);
        assert_eq!(kept(&["lint"]).unwrap(), ["lint"]);
        assert_eq!(kept(&[]).unwrap().len(), 4);
        assert_eq!(kept(&["nope"]).unwrap_err().to_string(), "no step is called nope; there are node, lint, pack, e2e");
    }

    #[test]
    fn a_plan_with_a_need_that_does_not_come_before_is_refused() {
        let error = Plan::new([passes("a").needs(&["b"]), passes("b")]).err().unwrap().to_string();
        assert_eq!(error, "a needs b before it");
        let error = Plan::new([passes("a"), passes("a")]).err().unwrap().to_string();
        assert_eq!(error, "two steps are called a");
    }
}
