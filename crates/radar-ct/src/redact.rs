//! Redaction: replacing a secret in a text that a server sent.

/// The text that replaces a secret.
const REDACTED: &str = "[redacted]";

/// The length of the shortest secret that is redacted. Shorter ones would match all over the text.
const MIN_SECRET_LEN: usize = 4;

/// Redacts all occurrences of a secret, with any of its characters escaped as JSON allows. Returns `None` if
/// there are none.
pub(crate) fn redact(text: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let first = *secret.first().filter(|_| secret.len() >= MIN_SECRET_LEN)?;
    // An occurrence begins with the first character or an escape, so all other positions can be skipped.
    let may_start = |byte: &u8| *byte == first || *byte == b'\\';
    let mut redacted: Option<Vec<u8>> = None;
    let (mut rest, mut kept) = (text, 0);
    while let Some(skipped) = rest.get(kept..).and_then(|from| from.iter().position(may_start)) {
        kept += skipped;
        let from = rest.get(kept..).unwrap_or_default();
        if let Some(length) = match_length(from, secret) {
            let out = redacted.get_or_insert_default();
            out.extend_from_slice(rest.get(..kept).unwrap_or_default());
            out.extend_from_slice(REDACTED.as_bytes());
            rest = from.get(length..).unwrap_or_default();
            kept = 0;
        } else {
            kept += 1;
        }
    }
    let mut out = redacted?;
    out.extend_from_slice(rest);
    Some(out)
}

/// Returns the number of bytes of the secret at the start of a text, if it is there.
///
/// JSON may escape any character (RFC 8259, section 7), and a parser would restore the secret from the
/// escapes.
fn match_length(text: &[u8], secret: &[u8]) -> Option<usize> {
    let mut rest = text;
    for byte in secret {
        rest = match rest {
            [b'\\', b'u', b'0', b'0', high, low, after @ ..] if is_hex(*byte, *high, *low) => after,
            [b'\\', escaped, after @ ..] if escaped == byte && b"\"\\/".contains(byte) => after,
            [plain, after @ ..] if plain == byte => after,
            _ => return None,
        };
    }
    Some(text.len() - rest.len())
}

fn is_hex(byte: u8, high: u8, low: u8) -> bool {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    digit(high).zip(digit(low)).is_some_and(|(high, low)| high * 16 + low == u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_redacted_in_every_json_spelling() {
        let secret = b"k3y/k\\3\"y<";
        for spelled in [
            r#"k3y/k\3"y<"#,
            r#"k3y\/k\\3\"y\u003c"#,
            r"\u006b\u0033\u0079\u002F\u006b\u005c\u0033\u0022y\u003C",
        ] {
            let text = format!("a{spelled}b\\u003");
            assert_eq!(redact(text.as_bytes(), secret).unwrap(), b"a[redacted]b\\u003", "{text}");
        }
        for other in [r"k3y/k\\4", r"\u006b\u0033\u007", r"k3y\u002g", "k3y"] {
            assert_eq!(redact(other.as_bytes(), secret), None, "{other}");
        }
    }

    #[test]
    fn secrets_of_three_bytes_are_not_redacted() {
        assert_eq!(redact(b"a key", b"key"), None);
        assert_eq!(redact(b"a key4", b"key4").unwrap(), b"a [redacted]");
    }
}
