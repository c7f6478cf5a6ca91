//! Text in XML and HTML, and an estimate of its width.

use unicode_width::UnicodeWidthChar;

use super::scale::float;

/// Escapes text for elements and attributes, and replaces characters that XML does not allow.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The estimated width of a text. The font is unknown, so this assumes a wide one.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(char_width).sum::<f64>() * size
}

/// The width of a character, relative to the size of the font.
fn char_width(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | ' ' | '|' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.98,
        'A'..='Z' | '&' => 0.74,
        c if c.is_ascii() => 0.63,
        c => float(c.width().unwrap_or(0)) * if c.is_uppercase() { 0.74 } else { 0.63 },
    }
}

/// Cuts a text that is too wide, and marks the cut with an ellipsis.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut total = width("…", size);
    // Limited, since a text may consist of a million characters without a width.
    for c in text.chars().take(500) {
        total += char_width(c) * size;
        if total > room {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_forbidden_characters_are_replaced() {
        assert_eq!(
            escaped("<a b=\"c\">&'\u{1b}\u{ffff}é"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn wide_text_is_cut_to_fit() {
        assert_eq!(fitted("DigiCert", 10.0, 100.0), "DigiCert");
        for text in
            ["INTERNET SECURITY RESEARCH GROUP", "漢字漢字漢字漢字漢字", "llllllllllllllllllllllllllllllllll"]
        {
            let shown = fitted(text, 10.0, 100.0);
            assert!(shown.ends_with('…') && width(&shown, 10.0) <= 100.0, "{shown}");
            assert!(width(&shown, 10.0) > 80.0, "{shown}");
        }
    }
}
