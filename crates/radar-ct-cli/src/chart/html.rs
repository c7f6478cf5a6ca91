//! Pictures as HTML pages with their data, complete without scripts or other files.

use std::fmt::Write;

use super::markup::escaped;
use super::picture::{Picture, Text};
use super::svg::figure;

const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, Helvetica, Arial, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; \
background: #fff; color: #1b1f24; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; }
.wide { overflow-x: auto; margin: 1.2rem 0; } svg { display: block; width: 100%; min-width: 40rem; height: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; font-size: .9rem; }
dt { color: #57606a; } dd { margin: 0; overflow-wrap: anywhere; }
.data { overflow: auto; max-height: 32rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .8rem; border-bottom: 1px solid #e3e6ea; text-align: left; white-space: nowrap; }
th { position: sticky; top: 0; background: #fff; }
.number { text-align: right; }
footer { margin-top: 1.5rem; font-size: .85rem; color: #57606a; }
a { color: #0969da; }
@media (prefers-color-scheme: dark) {
body, th { background: #15181e; color: #e8eaed; } th, td { border-color: #2c323b; }
dt, footer { color: #a9b0ba; } a { color: #58a6ff; }
}";

/// Draws a page with a picture and the table of its data, as HTML that is also well-formed XML. Cells for
/// which `is_number` is true are aligned to the right; `footer` is markup.
pub(crate) fn page(
    picture: &Picture,
    header: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    is_number: fn(&str) -> bool,
    footer: &str,
) -> String {
    let (title, summary) = (escaped(&picture.title), escaped(&picture.summary));
    let mut body = format!("<h1>{title}</h1>\n<p>{summary}</p>\n");
    for note in &picture.notes {
        let _ = writeln!(body, "<p><strong>{}</strong></p>", escaped(note));
    }
    let _ = write!(body, "<div class=\"wide\">\n{}</div>\n<dl>\n", figure(picture));
    for (name, value) in &picture.facts {
        let _ = writeln!(body, "<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value));
    }
    body.push_str("</dl>\n");
    table(&mut body, header, rows, is_number);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         <footer><p>{footer}</p></footer>\n</body>\n</html>\n"
    )
}

fn table(
    body: &mut String,
    header: &[String],
    rows: impl Iterator<Item = Vec<String>>,
    is_number: fn(&str) -> bool,
) {
    let class = |cell: &str| if is_number(cell) { " class=\"number\"" } else { "" };
    let cell = |text: &str| escaped(&Text::from(text));
    body.push_str("<div class=\"data\" tabindex=\"0\">\n<table>\n<thead><tr>");
    let mut rows = rows.peekable();
    let first = rows.peek();
    for (index, name) in header.iter().enumerate() {
        // A column is aligned as its first row is.
        let class = class(first.and_then(|row| row.get(index)).map_or("", String::as_str));
        let _ = write!(body, "<th scope=\"col\"{class}>{}</th>", cell(name));
    }
    body.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let cells = row.iter().map(|text| format!("<td{}>{}</td>", class(text), cell(text)));
        let _ = writeln!(body, "<tr>{}</tr>", cells.collect::<String>());
    }
    body.push_str("</tbody>\n</table>\n</div>\n");
}
