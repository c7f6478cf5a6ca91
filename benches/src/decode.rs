//! Decoding an answer with our decoder and with others.

use std::fs;
use std::hint::black_box;

use radar_ct_model::Timeseries;
use serde::Deserialize;

use crate::{Task, obvious};

/// The envelope around our own model, for other parsers.
#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only decoding is measured")]
struct Enveloped {
    success: bool,
    result: Timeseries,
}

/// Returns a task that decodes the answer in a file.
pub fn task(decoder: &str, file: &str) -> Task {
    let body = fs::read(file).unwrap();
    match decoder {
        "ours" => on(body, |body| Timeseries::from_slice(body).unwrap()),
        "ours-general" => on(body, |body| Timeseries::from_slice_generally(body).unwrap()),
        "obvious" => on(body, |body| serde_json::from_slice::<obvious::Answer>(body).unwrap()),
        "sonic-rs" => on(body, |body| sonic_rs::from_slice::<obvious::Answer>(body).unwrap()),
        "sonic-rs-into-ours" => on(body, |body| sonic_rs::from_slice::<Enveloped>(body).unwrap()),
        // It overwrites its input, so each run decodes a copy. Copying is a ten-thousandth of the work.
        "simd-json" => on(body, |body| simd_json::from_slice::<obvious::Answer>(&mut body.to_vec()).unwrap()),
        "simd-json-into-ours" => {
            on(body, |body| simd_json::from_slice::<Enveloped>(&mut body.to_vec()).unwrap())
        }
        // No answer has this byte, so this is one pass over the body.
        "memchr" => on(body, |body| memchr::memchr(0, body)),
        "utf-8" => on(body, |body| std::str::from_utf8(body).unwrap().len()),
        other => panic!("no decoder {other}"),
    }
}

fn on<R>(body: Vec<u8>, decode: impl Fn(&[u8]) -> R + 'static) -> Task {
    Box::new(move || drop(black_box(decode(black_box(&body)))))
}
