//! A row of styled text that is cut to the width of the terminal.

use unicode_width::UnicodeWidthStr;

const RESET: &str = "\u{1b}[0m";
/// The colours that every terminal has and every theme keeps legible; those that are harder to see come last.
const COLOURS: [&str; 6] =
    ["\u{1b}[36m", "\u{1b}[33m", "\u{1b}[35m", "\u{1b}[32m", "\u{1b}[31m", "\u{1b}[34m"];

/// The style of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Strong,
    Faint,
    Colour(usize),
}

impl Paint {
    /// The number of different colours.
    pub(super) const COLOURS: usize = COLOURS.len();

    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\u{1b}[1m",
            Self::Faint => "\u{1b}[2m",
            Self::Colour(index) => COLOURS.get(index % COLOURS.len()).copied().unwrap_or(""),
        }
    }
}

/// Pieces of text with their styles.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Row(Vec<(Paint, String)>);

impl Row {
    pub(super) fn new(paint: Paint, text: impl Into<String>) -> Self {
        let mut row = Self::default();
        row.push(paint, text);
        row
    }

    pub(super) fn push(&mut self, paint: Paint, text: impl Into<String>) {
        let text = text.into();
        match self.0.last_mut() {
            Some((last, before)) if *last == paint => before.push_str(&text),
            _ => self.0.push((paint, text)),
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        for (paint, text) in other.0 {
            self.push(paint, text);
        }
    }

    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }

    /// Cuts the row to a width.
    pub(super) fn cut(self, width: usize) -> Self {
        let mut left = width;
        let mut row = Self::default();
        for (paint, text) in self.0 {
            let text = fit(&text, left);
            left -= text.width();
            row.push(paint, text);
        }
        row
    }

    /// Writes the row as a line, cut to a width and without trailing spaces.
    pub(super) fn write(&self, out: &mut String, width: usize, colour: bool) {
        let row = self.clone().cut(width);
        let last = row.0.len().saturating_sub(1);
        for (index, (paint, text)) in row.0.iter().enumerate() {
            let text = if index == last { text.trim_end() } else { text.as_str() };
            let code = if colour { paint.code() } else { "" };
            if code.is_empty() || text.is_empty() {
                out.push_str(text);
            } else {
                out.extend([code, text, RESET]);
            }
        }
        out.push('\n');
    }
}

/// Cuts a text that is too wide, and marks the cut with an ellipsis.
pub(super) fn fit(text: &str, width: usize) -> String {
    // The length is checked first: a text of a million characters without a width is not measured to its end.
    if text.len() <= 8 * width && text.width() <= width {
        return text.to_owned();
    }
    let mut shown = String::new();
    if width == 0 {
        return shown;
    }
    for c in text.chars().take(4 * width) {
        shown.push(c);
        // The width of the whole, since characters may join.
        if shown.width() + 1 > width {
            shown.pop();
            break;
        }
    }
    shown.push('…');
    shown
}

/// Cuts a text or fills it up with spaces, so that it has a width.
pub(super) fn padded(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let spaces = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(spaces))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_text_is_cut_with_an_ellipsis() {
        assert_eq!(fit("certificates", 12), "certificates");
        assert_eq!(fit("certificates", 6), "certi…");
        assert_eq!(fit("漢字漢字", 6), "漢字…");
        assert_eq!(fit("漢字漢字", 1), "…");
        assert_eq!(fit("x", 0), "");
        assert_eq!(padded("漢", 4), "漢  ");
    }

    #[test]
    fn colours_are_optional() {
        let mut row = Row::new(Paint::Plain, "a ");
        row.push(Paint::Colour(0), "b");
        row.push(Paint::Colour(0), "c ");
        let written = |colour| {
            let mut out = String::new();
            row.write(&mut out, 80, colour);
            out
        };
        assert_eq!(written(false), "a bc\n");
        assert_eq!(written(true), "a \u{1b}[36mbc\u{1b}[0m\n");
    }
}
