//! Writing text from a server, so that a terminal shows it and does not obey it.

use std::io::{self, Write};

pub(crate) use radar_ct::sanitize;

/// Writes bytes. Unsafe characters are escaped if the output is a terminal.
pub(crate) fn write(out: &mut impl Write, bytes: &[u8], to_terminal: bool) -> io::Result<()> {
    if !to_terminal {
        return out.write_all(bytes);
    }
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    out.write_all(sanitize::lines(&text).as_bytes())
}

/// Writes JSON with unsafe characters as JSON escapes. Line feeds stay: JSON allows them between tokens only.
pub(crate) fn write_json(out: &mut (impl Write + ?Sized), json: &str) -> io::Result<()> {
    let mut rest = json;
    while let Some(at) = rest.find(|c| c != '\n' && sanitize::is_unsafe(c)) {
        let (before, after) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        let mut after = after.chars();
        if let Some(c) = after.next() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        rest = after.as_str();
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_characters_in_json_become_json_escapes() {
        let mut out = Vec::new();
        write_json(&mut out, "{\"a\":\"\u{9b}31m\u{202e}ß\"}\n").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"a\":\"\\u009b31m\\u202eß\"}\n");
    }

    #[test]
    fn bytes_are_escaped_on_a_terminal_only() {
        let written = |to_terminal| {
            let mut out = Vec::new();
            write(&mut out, b"a\r\n\x1b[2J\xff", to_terminal).unwrap();
            out
        };
        assert_eq!(written(true), "a\n\\u{1b}[2J\u{fffd}".as_bytes());
        assert_eq!(written(false), b"a\r\n\x1b[2J\xff");
    }
}
