//! As much of a `Cargo.toml` as the checks ask for: not TOML, but the one way in which ours are written.

/// The text of a manifest.
pub(crate) struct Manifest {
    text: String,
}

impl Manifest {
    pub(crate) fn new(text: String) -> Self {
        Self { text }
    }

    /// What stands behind `key =` in `[section]`, without quotes.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&str> {
        let mut current = "";
        for line in self.text.lines().map(str::trim) {
            if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                current = header;
            } else if current == section
                && let Some((name, value)) = line.split_once('=')
                && name.trim() == key
            {
                return Some(value.trim().trim_matches('"'));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_its_own_section() {
        let manifest =
            Manifest::new("[package]\nreadme = \"README.md\"\n\n[lints]\nworkspace = true\n".into());
        assert_eq!(manifest.get("package", "readme"), Some("README.md"));
        assert_eq!(manifest.get("lints", "workspace"), Some("true"));
        assert_eq!(manifest.get("package", "workspace"), None);
        assert_eq!(manifest.get("package", "description"), None);
    }
}
