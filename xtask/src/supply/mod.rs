//! Checks of the dependencies: licences, advisories, and bills of materials.

mod advisories;
mod npm_audit;
pub(crate) mod sbom;

use console::style;

use crate::{setup::cargo_tool::CargoTool, step::Step};

const DENY: CargoTool = CargoTool { name: "cargo-deny", version: "0.20.2" };

/// The steps; they need those of [`crate::setup::build_tools`] before them.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = vec![
        DENY.step().needs(&["rust"]),
        // Its configuration is deny.toml; all but the advisories, which are not part of the repository.
        Step::new("deny", |progress| {
            DENY.command()?
                .args(["--workspace", "--all-features", "check", "bans", "licenses", "sources"])
                .run(progress)?;
            Ok(String::new())
        })
        .needs(&["cargo-deny"]),
        Step::new("advisories", advisories::check).needs(&["cargo-deny"]),
        Step::new("npm-audit", npm_audit::check).needs(&["node"]),
    ];
    steps.extend(sbom::steps());
    steps
}

/// Stands in for the result of a check that could not run.
fn not_checked(what: &str, why: &str) -> String {
    style(format!("NOT CHECKED: {what}: {why}")).yellow().bold().to_string()
}
