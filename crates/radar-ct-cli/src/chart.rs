//! Charts: a [`Picture`] in, text for a terminal, SVG or HTML out.
//!
//! The modules below know nothing about certificates or the API: `output/picture.rs` converts an answer into
//! a picture.
//!
//! No chart library: plotters and ratatui drew worse and brought ticks of their own; textplots and
//! rasciigraph have no calendar ticks, charts-rs and poloto no terminal, and charming needs JavaScript.

mod html;
mod markup;
mod number;
mod picture;
mod scale;
mod svg;
mod text;
mod time;

pub(crate) use html::page;
pub(crate) use number::{number, signed};
pub(crate) use picture::{
    BarChart, Body, Group, LegendEntry, Line, LineChart, Measure, Picture, Point, Style, Text,
};
pub(crate) use svg::document;
pub(crate) use text::{Screen, text};
pub(crate) use time::{DAY, HOUR, MINUTE, WEEK, date_range, duration, moment, moment_with_year};

#[cfg(test)]
mod tests;
