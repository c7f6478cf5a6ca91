//! Sizes that all drawings share.

/// The width of a drawing.
pub(super) const WIDTH: f64 = 960.0;
/// The margin.
pub(super) const EDGE: f64 = 20.0;
/// The font size.
pub(super) const TEXT: f64 = 12.0;
/// The distance of two lines of text.
pub(super) const LINE: f64 = 19.0;
/// The largest width of a name.
pub(super) const NAME: f64 = 340.0;
