//! Requests as curl commands for a POSIX shell.

use radar_ct::Credentials;

/// Returns the command that sends a request to this URL. The credentials are variables of the shell.
pub(crate) fn command(url: &str) -> String {
    command_with(url, |name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn command_with(url: &str, is_set: impl Fn(&str) -> bool) -> String {
    const TOKEN: &str = Credentials::TOKEN_VARIABLE;
    const EMAIL: &str = Credentials::EMAIL_VARIABLE;
    const KEY: &str = Credentials::KEY_VARIABLE;
    let mut words = vec!["curl".to_owned()];
    // curl expands brackets and braces, and resolves dots in a path.
    if url.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    if has_dot_segments(url) {
        words.push("--path-as-is".to_owned());
    }
    if !is_set(TOKEN) && is_set(EMAIL) && is_set(KEY) {
        words.push(format!("--header \"X-Auth-Email: ${EMAIL}\""));
        words.push(format!("--header \"X-Auth-Key: ${KEY}\""));
    } else {
        words.push(format!("--header \"Authorization: Bearer ${TOKEN}\""));
    }
    words.push(quote(url));
    words.join(" ")
}

fn has_dot_segments(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    path.split('/')
        .any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | ".."))
}

/// Quotes a word for a POSIX shell. Between single quotes, only the closing quote is special.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_preferred_to_a_key() {
        const TOKEN: &str = Credentials::TOKEN_VARIABLE;
        const EMAIL: &str = Credentials::EMAIL_VARIABLE;
        const KEY: &str = Credentials::KEY_VARIABLE;
        let with = |set: &[&str]| command_with("https://h/", |name| set.contains(&name));
        let by_token = "curl --header \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\" 'https://h/'";
        let by_key = "curl --header \"X-Auth-Email: $CLOUDFLARE_EMAIL\" --header \"X-Auth-Key: $CLOUDFLARE_API_KEY\" \
                      'https://h/'";
        for set in [&[][..], &[TOKEN], &[TOKEN, EMAIL, KEY], &[EMAIL], &[KEY]] {
            assert_eq!(with(set), by_token, "{set:?}");
        }
        assert_eq!(with(&[EMAIL, KEY]), by_key);
    }

    #[test]
    fn characters_that_are_special_to_the_shell_or_to_curl_are_literal() {
        let with = |url: &str| command_with(url, |_| false);
        assert!(with("https://h/$(x)`y`'z").ends_with(r" 'https://h/$(x)`y`'\''z'"));
        assert!(with("http://[::1]:1/{a,b}").contains(" --globoff "));
        for url in ["https://h/a/../b", "https://h/.", "https://h/%2E%2e/x?y"] {
            assert!(with(url).contains(" --path-as-is "), "{url}");
        }
        for url in ["https://h/a..b/...", "https://h/a?b=/../c"] {
            assert!(!with(url).contains(" --path-as-is "), "{url}");
        }
    }
}
