//! What a machine must have. Each step is quick when everything is there, installs what is missing where that can be
//! done without asking, and says in one sentence what to type where it cannot.

pub(crate) mod cargo_tool;
pub(crate) mod chromium;
pub(crate) mod engines;
pub(crate) mod node;
mod program;
pub(crate) mod redis;
mod rust;
mod system_packages;

use crate::{step::Step, workspace};

/// The compiler's target and tools, Node and the npm packages: all that a build needs.
pub(crate) fn build_tools() -> Vec<Step> {
    vec![
        Step::new("rust", rust::prepare),
        Step::new("node", |_| node::require()),
        Step::new("npm-packages", |progress| node::install_packages(workspace::root(), node::LOCKED, progress))
            .needs(&["node"]),
    ]
}

/// Chromium and its driver, which the tests in the browser need besides.
pub(crate) fn browser() -> Step {
    Step::new("chromium", chromium::prepare)
}

/// The other two engines. Where they cannot be installed, their steps pass without them and say so.
pub(crate) fn other_engines() -> [Step; 2] {
    [Step::new("firefox", engines::prepare_firefox).needs(&["rust"]), Step::new("webkit", engines::prepare_webkit)]
}
