//! `cargo xtask drift`: does the API still look like our model?
//!
//! The official SDKs are made from the API's own description, which is not public. So what their sources declare is compared
//! with what the model declares and does. Differences that are known are in a list, with reasons.

mod allowed;
mod compare;
mod fact;
mod model;
mod source;

use std::path::Path;

use allowed::Allowed;
use compare::{Comparison, Difference};
use source::{Language, Source};

use anyhow::{Context, Error, Result, bail, ensure};
use xshell::Shell;

use crate::python::Environment;
use crate::shell::Skip;

const HELP: &str = "usage: cargo xtask drift [--python VERSION] [--typescript VERSION]\n       \
                    cargo xtask drift --between SDK@VERSION SDK@VERSION\n\n\
                    Without arguments: the model against the newest of both. SDK is python or typescript; VERSION may be \
                    newest.";

const ENVIRONMENT: Environment =
    Environment { folder: "drift-venv", requirements: "xtask/surface/requirements.txt", minor: 9 };
const ALLOWED: &str = "xtask/drift_allowed.txt";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// The model against these.
    Model(Vec<Source>),
    /// The model against the newest of both, after which the list of what is accepted has to be used up.
    Newest,
    Between(Source, Source),
}

pub(crate) fn run(sh: &Shell, args: &[String]) -> Result<()> {
    // Even where it is nobody's fault: nothing was compared, and that must not look as if nothing had changed.
    ensure!(drift(sh, &parse(args).map_err(Error::msg)?)?, "the model and the SDKs differ");
    Ok(())
}

fn parse(args: &[String]) -> Result<Asked, String> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match *args.as_slice() {
        [] => return Ok(Asked::Newest),
        ["--between", one, other] => return Ok(Asked::Between(Source::parse(one)?, Source::parse(other)?)),
        _ => {}
    }
    let mut sources = Vec::new();
    for pair in args.chunks(2) {
        sources.push(match *pair {
            ["--python", version] => Source::of(Language::Python, version)?,
            ["--typescript", version] => Source::of(Language::TypeScript, version)?,
            _ => return Err(HELP.to_owned()),
        });
    }
    Ok(Asked::Model(sources))
}

/// Whether there is nothing that is not accepted.
fn drift(sh: &Shell, asked: &Asked) -> Result<bool> {
    let python = ENVIRONMENT.interpreter(sh)?;
    match asked {
        Asked::Between(one, other) => {
            let (old, known) = one.read(sh, &python)?;
            let (new, said) = other.read(sh, &python)?;
            println!("==> from the {old} ({} facts) to the {new} ({} facts)", known.count(), said.count());
            let comparison = Comparison { exact: one.language == other.language, lenient: false };
            let found = comparison.of(&known, &said);
            print(&found);
            println!("\n{}", if found.is_empty() { "no difference" } else { "that is what differs" });
            Ok(found.is_empty())
        }
        Asked::Model(sources) => against_model(sh, &python, sources, false),
        Asked::Newest => {
            let both = [Language::Python, Language::TypeScript].map(Source::newest);
            against_model(sh, &python, &both, true)
        }
    }
}

fn against_model(sh: &Shell, python: &Path, sources: &[Source], used_up: bool) -> Result<bool> {
    let known = model::facts().map_err(Error::msg)?;
    let mut allowed = Allowed::parse(&sh.read_file(ALLOWED)?).map_err(Error::msg).context(ALLOWED)?;
    let (mut skipped, mut new) = (Vec::new(), 0);
    for source in sources {
        let (name, said) = match source.read(sh, python) {
            Ok(read) => read,
            Err(why) if why.is::<Skip>() => {
                println!("\n!!!!!!!! SKIPPED: the {} SDK was NOT compared", source.language);
                println!("!!!!!!!! because {why}");
                skipped.push(source);
                continue;
            }
            Err(broken) => return Err(broken),
        };
        // What appeared is what only the SDK says, and what vanished what only the model does.
        println!("\n==> the model ({} facts) against the {name} ({} facts)", known.count(), said.count());
        let all = Comparison { exact: false, lenient: true }.of(&known, &said);
        let count = all.len();
        let found: Vec<Difference> =
            all.into_iter().filter(|difference| !allowed.accepts(difference)).collect();
        print(&found);
        println!("  {} differences are accepted in {ALLOWED}, {} are not", count - found.len(), found.len());
        new += found.len();
    }
    if skipped.len() == sources.len() {
        bail!(Skip("no SDK was compared".to_owned()));
    }
    // What only the SDK that was skipped says may have been accepted, too.
    let stale: Vec<String> =
        if used_up && skipped.is_empty() { allowed.stale().collect() } else { Vec::new() };
    for entry in &stale {
        println!("\naccepted, but no difference any more: {ALLOWED}, {entry}");
    }
    let fine = new == 0 && stale.is_empty();
    println!("\n{}", if fine { "no drift" } else { "DRIFT: change the model, or accept it with a reason" });
    for source in skipped {
        println!("!!!!!!!! but the {} SDK was NOT compared, see above", source.language);
    }
    Ok(fine)
}

/// By endpoint, in the form in which they can be accepted.
fn print(found: &[Difference]) {
    let mut endpoint = "";
    for one in found {
        if one.endpoint != endpoint {
            endpoint = &one.endpoint;
            println!("{endpoint}");
        }
        println!("  {}: {endpoint}: {}", one.change.word(), one.what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(args: &[&str]) -> Result<Asked, String> {
        parse(&args.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn without_arguments_the_newest_are_meant() {
        assert_eq!(asked(&[]), Ok(Asked::Newest));
    }

    #[test]
    fn versions_can_be_named() {
        let python = Source::of(Language::Python, "5.4.0").unwrap();
        let typescript = Source::of(Language::TypeScript, "7.0.0").unwrap();
        assert_eq!(
            asked(&["--python", "5.4.0", "--typescript", "7.0.0"]),
            Ok(Asked::Model(vec![python.clone(), typescript.clone()]))
        );
        assert_eq!(
            asked(&["--between", "python@5.4.0", "typescript@7.0.0"]),
            Ok(Asked::Between(python, typescript))
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for args in [
            &["--python"][..],
            &["5.4.0"],
            &["--between", "python@5.4.0"],
            &["--python", "x"],
            &["--go", "6"],
        ] {
            assert!(asked(args).is_err(), "{args:?}");
        }
    }
}
