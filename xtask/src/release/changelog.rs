//! `CHANGELOG.md`: what is unreleased becomes a version.

use super::version::Version;

const UNRELEASED: &str = "## [Unreleased]";

/// The text with everything unreleased under a version and a date, below a fresh heading.
pub(super) fn released(text: &str, version: Version, date: &str) -> Result<String, String> {
    if is_fresh(text)? {
        return Err(format!("{UNRELEASED} in CHANGELOG.md is empty: write down what is new for its users"));
    }
    if text.lines().any(|line| version_of(line) == Some(version)) {
        return Err(format!("CHANGELOG.md has a section for {version} already"));
    }
    Ok(text.replacen(UNRELEASED, &format!("{UNRELEASED}\n\n## [{version}] - {date}"), 1))
}

/// Whether nothing is unreleased.
pub(super) fn is_fresh(text: &str) -> Result<bool, String> {
    let (_, behind) = text.split_once(UNRELEASED).ok_or(format!("CHANGELOG.md has no {UNRELEASED}"))?;
    Ok(!behind.lines().take_while(|line| !line.starts_with("## ")).any(|line| line.starts_with("- ")))
}

/// What is written about a version.
pub(super) fn notes(text: &str, version: Version) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| version_of(line) != Some(version));
    lines.next()?;
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with("## ")).collect();
    Some(lines.join("\n").trim().to_owned())
}

fn version_of(line: &str) -> Option<Version> {
    line.strip_prefix("## [")?.split_once(']')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n## [0.1.0] - 2026-01-02\n\n- Old.\n";

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_unreleased_gets_a_version_and_a_date() {
        let text = released(TEXT, version("0.1.1"), "2026-02-03").unwrap();
        let wanted =
            "## [Unreleased]\n\n## [0.1.1] - 2026-02-03\n\n### Added\n\n- New.\n\n## [0.1.0] - 2026-01-02";
        assert!(text.contains(wanted), "{text}");
        assert_eq!(notes(&text, version("0.1.1")).unwrap(), "### Added\n\n- New.");
        assert_eq!(notes(&text, version("0.1.0")).unwrap(), "- Old.");
        assert_eq!(notes(&text, version("0.1.2")), None);
    }

    #[test]
    fn nothing_new_is_no_release() {
        assert_eq!(is_fresh(TEXT), Ok(false));
        let text = released(TEXT, version("0.1.1"), "2026-02-03").unwrap();
        assert_eq!(is_fresh(&text), Ok(true));
        assert!(released(&text, version("0.1.2"), "2026-02-03").is_err());
        // Headings alone are nothing either.
        assert!(released(&TEXT.replace("- New.", ""), version("0.1.1"), "2026-02-03").is_err());
    }

    #[test]
    fn a_version_is_released_once_and_the_heading_is_needed() {
        assert!(released(TEXT, version("0.1.0"), "2026-02-03").is_err());
        assert!(is_fresh("# Changelog\n").is_err());
    }
}
