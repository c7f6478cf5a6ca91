//! A naive model with `flatten`, and a `DateTime` and a `String` for each point.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The envelope.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoding is measured")]
pub struct Answer {
    success: bool,
    result: Outcome,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoding is measured")]
struct Outcome {
    meta: serde_json::Value,
    #[serde(flatten)]
    series: HashMap<String, Series>,
}

/// One series.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoding is measured")]
struct Series {
    timestamps: Vec<DateTime<Utc>>,
    values: Vec<String>,
}
