//! A naive model: `flatten`, and an instant and a text for each point.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The envelope.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is decoded to be decoded")]
pub struct Answer {
    success: bool,
    result: Outcome,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is decoded to be decoded")]
struct Outcome {
    meta: serde_json::Value,
    #[serde(flatten)]
    series: HashMap<String, Series>,
}

/// One series.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "it is decoded to be decoded")]
struct Series {
    timestamps: Vec<DateTime<Utc>>,
    values: Vec<String>,
}
