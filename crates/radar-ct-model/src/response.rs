//! Answers: the envelope, the frames of values in it, and the errors in place of both.

pub(crate) mod de;
pub(crate) mod envelope;
pub(crate) mod error_body;
pub(crate) mod fast_path;
pub(crate) mod frame;
pub(crate) mod meta;
pub(crate) mod record;
pub(crate) mod series;
pub(crate) mod timestamp;
