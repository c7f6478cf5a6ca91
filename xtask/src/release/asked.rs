//! What was asked for on the command line.

use super::version::Wanted;

/// The steps that a rehearsal may leave out, for when one of them is what is being worked on.
const MAY_BE_SKIPPED: &[&str] = &["ci", "semver", "api", "packages", "consumers", "dist"];

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) wanted: Wanted,
    /// To do it, where otherwise it is only rehearsed.
    pub(super) execute: bool,
    /// A step that cannot be done here is a failure.
    pub(super) strict: bool,
    /// Somebody has read which public items are gone or changed, and answers for them.
    pub(super) api_reviewed: bool,
    /// The name of a registry in cargo's configuration; crates-io without one.
    pub(super) registry: Option<String>,
    pub(super) skip: Vec<String>,
}

pub(super) const USAGE: &str = "usage: cargo xtask release <patch|minor|major|VERSION> [--execute] [--strict] \
    [--api-reviewed] [--registry NAME] [--skip STEP]...\n       cargo xtask release --self-test";

/// Reads the arguments; `None` for the test of itself.
pub(super) fn parse(args: &[String]) -> Result<Option<Asked>, String> {
    if args == ["--self-test"] {
        return Ok(None);
    }
    let mut wanted = None;
    let (mut execute, mut strict, mut api_reviewed) = (false, false, false);
    let mut registry = None;
    let mut skip = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--execute" => execute = true,
            "--strict" => strict = true,
            "--api-reviewed" => api_reviewed = true,
            "--registry" => registry = Some(args.next().ok_or("`--registry` wants a name")?.clone()),
            "--skip" => {
                let step = args.next().filter(|step| MAY_BE_SKIPPED.contains(&step.as_str()));
                let wants = || format!("`--skip` wants one of: {}", MAY_BE_SKIPPED.join(", "));
                skip.push(step.ok_or_else(wants)?.clone());
            }
            word if wanted.is_none() && !word.starts_with('-') => wanted = Some(word.parse()?),
            word => return Err(format!("`release` does not know `{word}`\n{USAGE}")),
        }
    }
    if execute && !skip.is_empty() {
        return Err("with `--execute` no step is left out".to_owned());
    }
    let wanted = wanted.ok_or(USAGE)?;
    // What could not be checked is not published.
    Ok(Some(Asked { wanted, execute, strict: strict || execute, api_reviewed, registry, skip }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Option<Asked>, String> {
        parse(&args.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn it_is_a_rehearsal_unless_it_is_executed() {
        let asked = parsed(&["patch"]).unwrap().unwrap();
        assert_eq!((asked.wanted, asked.execute, asked.strict), (Wanted::Patch, false, false));
        let asked = parsed(&["0.2.0", "--execute", "--registry", "mine"]).unwrap().unwrap();
        assert!(asked.execute && asked.strict);
        assert_eq!(asked.registry.as_deref(), Some("mine"));
        assert_eq!(parsed(&["--self-test"]), Ok(None));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for args in [
            &[][..],
            &["small"],
            &["patch", "minor"],
            &["patch", "--registry"],
            &["patch", "--skip", "publish"],
            &["patch", "--skip", "ground"],
            &["patch", "--allow-dirty"],
            &["patch", "--no-verify"],
            &["patch", "--self-test"],
        ] {
            assert!(parsed(args).is_err(), "{args:?}");
        }
    }

    #[test]
    fn nothing_is_left_out_of_what_is_executed() {
        assert!(parsed(&["patch", "--skip", "ci"]).is_ok());
        assert!(parsed(&["patch", "--skip", "ci", "--execute"]).is_err());
    }
}
