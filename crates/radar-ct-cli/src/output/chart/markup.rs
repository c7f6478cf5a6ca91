//! Text within XML and HTML, and how wide it will be.

use unicode_width::UnicodeWidthStr;

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

/// About how wide a text is: nobody knows the font, so rather too wide.
pub(super) fn width(text: &str, size: f64) -> f64 {
    float(text.width()) * size * 0.56
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
}
