//! What we depend on: whether we use it, and whether we may.

use super::Outcome;
use crate::process::{capture, program, run, text};
use crate::tools::{Missing, Tool};
use crate::workspace::Workspace;

const MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2" };
const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// In the folder of xtask, since it is of use to no one else.
const DENY_RULES: &str = "xtask/deny.toml";

pub(super) fn unused(workspace: &Workspace) -> Outcome {
    let look = || {
        let machete = MACHETE.program(workspace)?;
        let mut command = program(machete.as_os_str(), workspace.root());
        // Where cargo has started us, it takes its first argument for its own name, and passes over that folder.
        command.args(["benches", "crates", "tests", "xtask"]).env_remove("CARGO");
        Ok(run(command).map_err(|problem| format!("{problem}: take out of the manifest what is listed"))?)
    };
    let outcome: Result<(), Missing> = look();
    outcome.into()
}

pub(super) fn deny(workspace: &Workspace) -> Outcome {
    let deny = match DENY.program(workspace) {
        Ok(deny) => deny,
        Err(missing) => return Err::<(), _>(missing).into(),
    };
    let check = |what: &[&str]| {
        let mut command = program(deny.as_os_str(), workspace.root());
        command.args(["--all-features", "--config", DENY_RULES, "check"]).args(what);
        command
    };
    let rules = run(check(&["licenses", "bans", "sources"]));
    let rules = rules.map_err(|problem| format!("{problem}: the rules are in {DENY_RULES}"));
    let advisories = || {
        let output = capture(check(&["advisories"]))?;
        if output.status.success() { Ok(()) } else { Err(why_no_advisories(&text(&output))) }
    };
    Outcome::from(rules).and(advisories())
}

/// The database of advisories is a repository that has to be fetched. That it is out of reach says nothing of us.
fn why_no_advisories(said: &str) -> Missing {
    if ["failed to fetch advisory database", "failed to open advisory database"]
        .iter()
        .any(|sign| said.contains(sign))
    {
        let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        Missing::Skip(format!("the database of advisories cannot be fetched: {first}"))
    } else {
        Missing::Broken(format!("an advisory is about one of our dependencies:\n{said}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_out_of_reach_is_told_from_an_advisory() {
        let away = "ERROR failed to fetch advisory database https://host.example: no route";
        assert!(matches!(why_no_advisories(away), Missing::Skip(_)));
        assert!(matches!(why_no_advisories("error[vulnerability]: a crate"), Missing::Broken(_)));
    }
}
