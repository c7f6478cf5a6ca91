//! Answers: the envelope, the series in it, and the errors in place of both.

pub(crate) mod de;
mod decode;
pub(crate) mod envelope;
pub(crate) mod error_body;
mod fast_path;
pub(crate) mod frame;
pub(crate) mod meta;
pub(crate) mod record;
pub(crate) mod series;
pub(crate) mod series_answer;
pub(crate) mod timestamp;
pub(crate) mod values;
