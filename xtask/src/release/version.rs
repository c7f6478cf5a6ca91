//! Versions of the workspace: three numbers, nothing behind them.

use std::fmt;
use std::str::FromStr;

/// A version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

/// Which one is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Patch,
    Minor,
    Major,
    Exactly(Version),
}

impl Version {
    pub(super) fn next(self, wanted: Wanted) -> Self {
        let Self { major, minor, patch } = self;
        match wanted {
            Wanted::Patch => Self { major, minor, patch: patch.saturating_add(1) },
            Wanted::Minor => Self { major, minor: minor.saturating_add(1), patch: 0 },
            Wanted::Major => Self { major: major.saturating_add(1), minor: 0, patch: 0 },
            Wanted::Exactly(version) => version,
        }
    }

    /// Whether who asks for `earlier` is never given this one: before 1.0 the second number is the one that breaks.
    pub(super) fn breaks(self, earlier: Self) -> bool {
        if self.major == 0 { self.short() != earlier.short() } else { self.major != earlier.major }
    }

    /// As users write it in their manifests.
    pub(super) fn short(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    pub(super) fn tag(self) -> String {
        format!("v{self}")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no version like 1.2.3");
        let mut numbers = text.split('.').map(|part| {
            // `parse` would take a sign and leading zeros.
            let plain =
                part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            part.parse().ok().filter(|_| plain)
        });
        let mut number = || numbers.next().flatten().ok_or_else(wrong);
        let version = Self { major: number()?, minor: number()?, patch: number()? };
        if numbers.next().is_none() { Ok(version) } else { Err(wrong()) }
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "patch" => Self::Patch,
            "minor" => Self::Minor,
            "major" => Self::Major,
            other => Self::Exactly(other.parse()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn a_version_is_three_numbers() {
        assert_eq!(version("1.20.3").to_string(), "1.20.3");
        assert_eq!(version("1.20.3").tag(), "v1.20.3");
        for wrong in ["", "1", "1.2", "1.2.3.4", "1.2.x", "v1.2.3", "1.2.3-rc.1", "01.2.3", "1.+2.3", "1..2"]
        {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_level_resets_what_is_below_it() {
        let next = |wanted: &str| version("1.2.3").next(wanted.parse().unwrap()).to_string();
        assert_eq!([next("patch"), next("minor"), next("major")], ["1.2.4", "1.3.0", "2.0.0"]);
        assert_eq!(next("7.0.0"), "7.0.0");
    }

    #[test]
    fn what_breaks_depends_on_the_first_number_that_is_not_zero() {
        for (earlier, later, breaks) in [
            ("0.1.0", "0.1.9", false),
            ("0.1.0", "0.2.0", true),
            ("0.9.0", "1.0.0", true),
            ("1.2.3", "1.9.0", false),
            ("1.2.3", "2.0.0", true),
        ] {
            assert_eq!(version(later).breaks(version(earlier)), breaks, "{earlier} {later}");
        }
    }
}
