//! What the project is made of beside its own code: whether it may be used, whether it is known to be broken, and a bill
//! of it all.

mod advisories;
mod npm_audit;
pub(crate) mod sbom;

use console::style;

use crate::{setup::cargo_tool::CargoTool, step::Step};

const DENY: CargoTool = CargoTool { name: "cargo-deny", version: "0.20.2" };

/// The steps; they need those of [`crate::setup::build_tools`] before them.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = vec![
        Step::new("cargo-deny", |progress| DENY.prepare(progress)).needs(&["rust"]),
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

/// Stands where a check's result would. Nobody must take it for a result.
fn not_checked(what: &str, why: &str) -> String {
    style(format!("NOT CHECKED: {what}: {why}")).yellow().bold().to_string()
}
