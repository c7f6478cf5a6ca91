//! A canvas of Braille characters: each cell is two dots wide and four dots high.

use super::row::{Paint, Row};

const EMPTY: u32 = 0x2800;
/// The bits of a cell's dots, row by row.
const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Dash patterns; the first is a solid line.
const DASHES: [&str; 5] = ["-", "-  ", "----   ", "------  -  ", "--------     "];

/// A dot, counted from the left and from the top.
pub(super) type Dot = (usize, usize);

#[derive(Debug, Clone, Copy)]
struct Cell {
    dots: u32,
    /// The style of the last line that was drawn here.
    paint: Paint,
    /// A letter that replaces the dots.
    letter: Option<char>,
}

#[derive(Debug, Clone)]
pub(super) struct Canvas {
    columns: usize,
    rows: usize,
    cells: Vec<Cell>,
}

impl Canvas {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        let cell = Cell { dots: 0, paint: Paint::Plain, letter: None };
        Self { columns, rows, cells: vec![cell; columns * rows] }
    }

    /// The width and the height in dots.
    pub(super) fn size(&self) -> (usize, usize) {
        (2 * self.columns, 4 * self.rows)
    }

    pub(super) fn set(&mut self, (x, y): Dot, paint: Paint) {
        let bit = BITS.get(y % 4).and_then(|row| row.get(x % 2)).copied().unwrap_or(0);
        if let Some(cell) = self.cell((x, y)) {
            cell.dots |= bit;
            cell.paint = paint;
        }
    }

    /// Puts a letter over the cell of a dot.
    pub(super) fn letter(&mut self, dot: Dot, letter: char, paint: Paint) {
        if let Some(cell) = self.cell(dot) {
            cell.letter = Some(letter);
            cell.paint = paint;
        }
    }

    fn cell(&mut self, (x, y): Dot) -> Option<&mut Cell> {
        let (column, row) = (x / 2, y / 4);
        if column >= self.columns { None } else { self.cells.get_mut(row * self.columns + column) }
    }

    /// The rows of text; empty cells of the row `ruled` form a faint line.
    pub(super) fn rows(&self, ruled: Option<usize>) -> impl Iterator<Item = Row> {
        self.cells.chunks(self.columns.max(1)).enumerate().map(move |(index, cells)| {
            let mut row = Row::default();
            for cell in cells {
                match cell.letter.or(char::from_u32(EMPTY + cell.dots)) {
                    Some(letter) if cell.letter.is_some() || cell.dots > 0 => {
                        row.push(cell.paint, letter.to_string());
                    }
                    _ if ruled == Some(index) => row.push(Paint::Faint, "┄"),
                    _ => row.push(Paint::Plain, " "),
                }
            }
            row
        })
    }
}

/// Draws connected lines in a dash pattern.
pub(super) struct Pen {
    pattern: std::iter::Cycle<std::str::Chars<'static>>,
    paint: Paint,
}

impl Pen {
    pub(super) fn new(dash: usize, paint: Paint) -> Self {
        let pattern = DASHES.get(dash % DASHES.len()).map_or("-", |pattern| pattern);
        Self { pattern: pattern.chars().cycle(), paint }
    }

    /// Draws from dot to dot, without the first one, at which the previous line ended.
    pub(super) fn line(&mut self, canvas: &mut Canvas, from: Dot, to: Dot) {
        let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
        for step in 1..=steps {
            self.dot(canvas, (between(from.0, to.0, step, steps), between(from.1, to.1, step, steps)));
        }
    }

    pub(super) fn dot(&mut self, canvas: &mut Canvas, at: Dot) {
        if self.pattern.next() == Some('-') {
            canvas.set(at, self.paint);
        }
    }
}

/// The coordinate after `step` of `steps` steps.
fn between(from: usize, to: usize, step: usize, steps: usize) -> usize {
    let part = (from.abs_diff(to) * step * 2 + steps) / (2 * steps).max(1);
    if to >= from { from + part } else { from - part.min(from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(dash: usize) -> Vec<String> {
        let mut canvas = Canvas::new(6, 1);
        let mut pen = Pen::new(dash, Paint::Plain);
        pen.dot(&mut canvas, (0, 0));
        pen.line(&mut canvas, (0, 0), (11, 0));
        let write = |row: Row| {
            let mut out = String::new();
            row.write(&mut out, 6, false);
            out
        };
        canvas.rows(None).map(write).collect()
    }

    #[test]
    fn dash_patterns_differ() {
        let mut all: Vec<_> = (0..DASHES.len()).map(drawn).collect();
        assert_eq!(all[0], ["⠉⠉⠉⠉⠉⠉\n"]);
        assert_eq!(all[1], ["⠁⠈ ⠁⠈\n"]);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), DASHES.len());
    }

    #[test]
    fn lines_run_from_corner_to_corner_in_every_direction() {
        for (from, to) in [((0, 0), (3, 7)), ((3, 7), (0, 0)), ((0, 7), (3, 0)), ((3, 0), (0, 7))] {
            let mut canvas = Canvas::new(2, 2);
            let mut pen = Pen::new(0, Paint::Plain);
            pen.dot(&mut canvas, from);
            pen.line(&mut canvas, from, to);
            let dots: u32 = canvas.cells.iter().map(|cell| cell.dots.count_ones()).sum();
            assert_eq!(dots, 8);
        }
        let mut canvas = Canvas::new(2, 2);
        canvas.set((100, 0), Paint::Plain);
        canvas.set((0, 100), Paint::Plain);
        assert!(canvas.cells.iter().all(|cell| cell.dots == 0), "dots outside are ignored");
    }
}
