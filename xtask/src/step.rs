//! Steps, and a plan of them: what runs, in which order, and what a failure stops.
//!
//! A step that fails does not hide the later ones; it stops only those that need it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};

use crate::{
    command::Command,
    outcome::{Outcome, Record},
    progress::Progress,
    summary::Summary,
};

type Action = Box<dyn FnOnce(&Progress) -> Result<String>>;

/// Something to do, under a name that is unique in its plan.
pub(crate) struct Step {
    name: &'static str,
    needs: Vec<&'static str>,
    action: Action,
}

/// Steps in the order they run in.
pub(crate) struct Plan {
    steps: Vec<Step>,
}

impl Step {
    /// A step that calls a function; the text it gives back stands beside its name.
    pub(crate) fn new(name: &'static str, action: impl FnOnce(&Progress) -> Result<String> + 'static) -> Self {
        Self { name, needs: Vec::new(), action: Box::new(action) }
    }

    /// A step that runs a command line.
    pub(crate) fn command(name: &'static str, command: Command) -> Self {
        Self::new(name, move |progress| command.run(progress).map(|_| String::new()))
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

    /// Runs every step that can run.
    pub(crate) fn run(self) -> Summary {
        let mut passed = BTreeMap::new();
        let records = self.steps.into_iter().map(|step| {
            let name = step.name;
            let blocker = step.needs.iter().find(|need| passed.get(*need) == Some(&false));
            let record = match blocker {
                Some(blocker) => Record { name, outcome: Outcome::Blocked(blocker), took: Duration::ZERO },
                None => run(step),
            };
            passed.insert(name, matches!(record.outcome, Outcome::Passed(_)));
            println!("{record}");
            record
        });
        Summary::new(records.collect())
    }
}

fn run(step: Step) -> Record {
    let began = Instant::now();
    let progress = Progress::start(step.name);
    let result = (step.action)(&progress);
    progress.finish();
    let outcome = match result {
        Ok(detail) => Outcome::Passed(detail),
        Err(error) => {
            let message = format!("{error:#}");
            println!("\n{message}\n");
            Outcome::Failed(message)
        }
    };
    Record { name: step.name, outcome, took: began.elapsed() }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

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
        let ran = Rc::new(RefCell::new(Vec::new()));
        let step = |name| {
            let ran = Rc::clone(&ran);
            Step::new(name, move |_| {
                ran.borrow_mut().push(name);
                Ok(String::new())
            })
        };
        Plan::new([step("b"), step("a").needs(&["b"]), step("c")]).unwrap().run();
        assert_eq!(*ran.borrow(), ["b", "a", "c"]);
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
