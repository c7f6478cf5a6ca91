//! Text within XML and HTML, and how wide it will be.

use unicode_width::UnicodeWidthChar;

use super::scale::float;

/// The text as it may stand between tags and in attributes. What XML cannot say at all is replaced.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c < ' ' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// About how wide a text is: nobody knows the font, so as in one of the wider ones.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(of_char).sum::<f64>() * size
}

/// In heights of the font.
fn of_char(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | ' ' | '|' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.98,
        'A'..='Z' | '&' => 0.74,
        c if c.is_ascii() => 0.63,
        c => float(c.width().unwrap_or(0)) * if c.is_uppercase() { 0.74 } else { 0.63 },
    }
}

/// The text, or as much of its beginning as there is room for, with a sign that there was more.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut wide = width("…", size);
    // Marks without a width end somewhere too.
    for c in text.chars().take(500) {
        wide += of_char(c) * size;
        if wide > room {
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
    fn nothing_is_left_that_means_something() {
        assert_eq!(
            escaped("<a b=\"c\">&'\u{1b}\u{ffff}é"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn a_text_is_cut_where_the_room_ends() {
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
