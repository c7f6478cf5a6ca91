//! `cargo xtask drift`: compares the model with the official SDKs.
//!
//! The SDKs are generated from the API's own description, which is not public. Their types become JSON
//! Schema, as those of the model do, and the facts in these schemas are compared. `xtask/drift/accepted.toml`
//! lists the accepted differences with their reasons.

mod accepted;
mod compare;
mod facts;
mod model;
mod sdk;

use anyhow::{Context, Result, ensure};
use xshell::Shell;

use accepted::Accepted;
use compare::{differences, model_differences};
use facts::{count, facts};
use sdk::Sdk;

const ACCEPTED: &str = "xtask/drift/accepted.toml";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Compares with this version of the Python SDK.
    #[arg(long, value_name = "VERSION", value_parser = |v: &str| format!("python@{v}").parse::<Sdk>())]
    python: Option<Sdk>,
    /// Compares with this version of the TypeScript SDK.
    #[arg(long, value_name = "VERSION", value_parser = |v: &str| format!("typescript@{v}").parse::<Sdk>())]
    typescript: Option<Sdk>,
    /// Compares two SDKs with each other, such as `python@5.8.0 python@newest`.
    #[arg(long, num_args = 2, value_name = "SDK@VERSION", conflicts_with_all = ["python", "typescript"])]
    between: Vec<Sdk>,
}

pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    if let [old, new] = options.between.as_slice() {
        return compare_sdks(sh, old, new);
    }
    let named: Vec<Sdk> = options.python.iter().chain(&options.typescript).cloned().collect();
    if !named.is_empty() {
        return compare_model(sh, &named, false);
    }
    compare_model(sh, &[Sdk::newest(true), Sdk::newest(false)], true)
}

fn compare_sdks(sh: &Shell, old: &Sdk, new: &Sdk) -> Result<()> {
    let (old_name, known) = old.facts(sh)?;
    let (new_name, found) = new.facts(sh)?;
    println!("==> from the {old_name} ({} facts) to the {new_name} ({} facts)", count(&known), count(&found));
    let differences = differences(&known, &found, old.is_python == new.is_python);
    for difference in &differences {
        println!("  {difference}");
    }
    ensure!(differences.is_empty(), "the SDKs differ in {} facts", differences.len());
    println!("no difference");
    Ok(())
}

/// Compares the model with SDKs. If the check is `complete`, every accepted difference must occur.
fn compare_model(sh: &Shell, sdks: &[Sdk], complete: bool) -> Result<()> {
    let known = facts(&model::endpoints()?)?;
    let mut accepted = Accepted::parse(&sh.read_file(ACCEPTED)?).context(ACCEPTED)?;
    let mut stale = accepted.wrong_requests()?;
    let mut drift = false;
    for sdk in sdks {
        let (name, found) = sdk.facts(sh)?;
        println!("\n==> the model ({} facts) and the {name} ({} facts)", count(&known), count(&found));
        let mut new = model_differences(&known, &found);
        let all = new.len();
        new.retain(|difference| !accepted.accepts(difference));
        for difference in &new {
            println!("  {difference}");
        }
        println!("{} differences are accepted, {} are not", all - new.len(), new.len());
        drift |= !new.is_empty();
    }
    if complete {
        stale.extend(accepted.unused().map(|difference| format!("no difference any more: {difference}")));
    }
    for entry in &stale {
        println!("\nwrong in {ACCEPTED}: {entry}");
    }
    ensure!(!drift && stale.is_empty(), "change the model, or {ACCEPTED}: each entry has its reason");
    println!("\nno drift");
    Ok(())
}
