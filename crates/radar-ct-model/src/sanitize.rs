//! Makes text from a server safe to show in a terminal or to write to a log.
//!
//! A label, a name or an error message can hold characters that a terminal obeys instead of showing them:
//! escape sequences that change colours, the title or what was printed before, line breaks that forge a line
//! of a log, and marks that reverse the direction of the text around them.
//!
//! ```
//! use radar_ct_model::sanitize;
//! assert_eq!(sanitize::line("\u{1b}[2Jname\nforged line"), r"\u{1b}[2Jname\nforged line");
//! assert_eq!(sanitize::lines("first\nsecond\u{202e}"), "first\nsecond\\u{202e}");
//! assert_eq!(sanitize::line("Let's Encrypt – ß 漢"), "Let's Encrypt – ß 漢");
//! ```

use std::borrow::Cow;

/// Returns whether a character can change how the text around it is shown.
///
/// These are the control characters (C0, DEL and C1), the line and paragraph separators, the marks,
/// embeddings, overrides and isolates of the bidirectional algorithm, and the byte order mark.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Escapes every unsafe character, including line breaks, as in a Rust string: `\n`, `\t`, `\u{1b}`.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_unsafe)
}

/// Escapes like [`line()`], but keeps line feeds.
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && is_unsafe(c))
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_escaped(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_direction_marks_are_escaped() {
        assert_eq!(line("\u{1b}]0;title\u{7}"), "\\u{1b}]0;title\\u{7}");
        assert_eq!(line("\0\u{9b}31m\r\u{7f}\t\n"), "\\u{0}\\u{9b}31m\\r\\u{7f}\\t\\n");
        assert_eq!(line("a\u{202e}b\u{2028}\u{2066}\u{200e}\u{feff}"), {
            "a\\u{202e}b\\u{2028}\\u{2066}\\u{200e}\\u{feff}"
        });
    }

    #[test]
    fn other_text_is_borrowed() {
        for text in ["", "Let's \"Encrypt\" – ß 漢 e\u{301} \\n"] {
            assert!(matches!(line(text), Cow::Borrowed(_)), "{text}");
        }
        assert!(matches!(lines("first\nsecond"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_keeps_line_feeds_only() {
        assert_eq!(lines("a\nb\r\u{85}c"), "a\nb\\r\\u{85}c");
    }

    /// The boundaries of each range.
    #[test]
    fn the_set_of_unsafe_characters_is_exact() {
        let is_unsafe = |c: &u32| char::from_u32(*c).is_some_and(is_unsafe);
        let expected = (0..0x20).chain(0x7f..0xa0).chain([0x200e, 0x200f]).chain(0x2028..0x202f);
        let expected: Vec<u32> = expected.chain(0x2066..0x206a).chain([0xfeff]).collect();
        assert_eq!((0..=0x10_ffff).filter(is_unsafe).collect::<Vec<u32>>(), expected);
    }
}
