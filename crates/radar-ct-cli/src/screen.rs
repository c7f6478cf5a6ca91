//! Text that somebody else wrote, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;
use std::io;

/// Whether a character makes a terminal do something other than show it: the controls, C1 included, and those that
/// change the direction or the line of what is around them.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with such characters escaped; lines stay lines.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c == '\n' || !is_harmful(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c == '\n' || !is_harmful(c) {
            shown.push(c);
        } else {
            // Writing to a string does not fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
    }
    Cow::Owned(shown)
}

/// As [`harmless`], for a cell: lines become escapes too.
pub(crate) fn harmless_cell(text: &str) -> String {
    harmless(text).replace('\n', "\\n")
}

/// Writes bytes, harmless if they go to a terminal and as they are if not.
pub(crate) fn write(out: &mut impl io::Write, bytes: &[u8], to_terminal: bool) -> io::Result<()> {
    if to_terminal {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        out.write_all(harmless(&text).as_bytes())
    } else {
        out.write_all(bytes)
    }
}

/// Writes JSON with what a terminal would obey escaped, as JSON allows, wherever it goes. Lines stay lines: within JSON text
/// there is none to be seen.
pub(crate) fn write_json(out: &mut impl io::Write, json: &str) -> io::Result<()> {
    let mut rest = json;
    while let Some(at) = rest.find(|c| c != '\n' && is_harmful(c)) {
        let (before, from) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        let mut after = from.chars();
        for unit in after.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = after.as_str();
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_the_rest_is_kept() {
        assert_eq!(harmless("\u{1b}]0;owned\u{7}"), "\\u{1b}]0;owned\\u{7}");
        assert_eq!(harmless("\u{9b}31m\r\u{7f}\t"), "\\u{9b}31m\\u{d}\\u{7f}\\u{9}");
        assert_eq!(harmless("a\u{202e}b"), "a\\u{202e}b");
        assert!(matches!(harmless("Let's Encrypt – ß 漢\nnext"), Cow::Borrowed(_)));
        assert_eq!(harmless_cell("a\nb"), "a\\nb");
    }
}
