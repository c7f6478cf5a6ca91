//! Names of the API as the command line spells them.

use heck::{ToKebabCase, ToShoutySnakeCase};

/// Returns the flag of a parameter: `--ca-owner` for `caOwner`.
pub(crate) fn flag(parameter: &str) -> String {
    format!("--{}", kebab(parameter))
}

/// Returns the placeholder of a positional argument: `CA_SLUG` for `ca_slug`.
pub(crate) fn placeholder(parameter: &str) -> String {
    parameter.to_shouty_snake_case()
}

/// Returns a name in kebab case: `ca-owner` for `caOwner` and for `CA_OWNER`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_kebab_case()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_api_become_kebab_case() {
        for (name, expected) in [
            ("caOwner", "ca-owner"),
            ("hasIps", "has-ips"),
            ("limitPerGroup", "limit-per-group"),
            ("timeseries_groups", "timeseries-groups"),
            ("CA_OWNER", "ca-owner"),
        ] {
            assert_eq!(kebab(name), expected);
        }
        assert_eq!((flag("logApi"), placeholder("ca_slug")), ("--log-api".to_owned(), "CA_SLUG".to_owned()));
    }
}
