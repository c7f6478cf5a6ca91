//! The limits. `*` stands for any text. A measurement without a limit is only reported.

pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}
use Limit::{AtLeast, AtMost};

#[rustfmt::skip]
pub(crate) const LIMITS: &[(&str, Limit)] = &[
    ("decode 672: instructions per point", AtMost(160.0)),
    ("decode 17472: instructions per point", AtMost(160.0)),
    ("decode 280320: instructions per point", AtMost(160.0)),
    ("decode 96: instructions of obvious / ours", AtLeast(10.0)),
    ("decode 672: instructions of obvious / ours", AtLeast(19.0)),
    ("decode *: instructions of sonic-rs / ours", AtLeast(3.5)),
    ("decode *: instructions of simd-json / ours", AtLeast(3.5)),
    ("decode *: instructions of sonic-rs-into-ours / ours", AtLeast(3.5)),
    ("decode *: instructions of simd-json-into-ours / ours", AtLeast(3.5)),
    ("decode: instructions per point, 280320 / 17472 points", AtMost(1.3)),
    ("decode: time per point, 280320 / 17472 points", AtMost(1.3)),
    ("decode of 9.5 MB: time in passes of memchr", AtMost(10.0)),
    // 8 for the answer, and 4 for each series.
    ("decode 1 series of *: allocations", AtMost(12.0)),
    ("decode 8 series of *: allocations", AtMost(40.0)),
    ("decode *: peak memory / body", AtMost(0.9)),
    ("call, ours-*: peak memory / body", AtMost(3.0)),
    ("call, ours-blocking: instructions beside decoding / bare-ureq", AtMost(1.05)),
    ("call, ours-async: instructions beside decoding / bare-reqwest", AtMost(1.05)),
    ("call, ours-blocking: allocations beside decoding and bare-ureq", AtMost(4.0)),
    ("call, ours-async: allocations beside decoding and bare-reqwest", AtMost(4.0)),
    // Slower than most links: below this, gzip would have to go.
    ("gzip *: Mbit/s below which it pays", AtLeast(100.0)),
    ("dry run: ms", AtMost(5.0)),
    ("size of the program, bytes", AtMost(8_000_000.0)),
    // With `--peers` alone.
    ("SDK, Python, decode 96: instructions / ours", AtLeast(330.0)),
    ("SDK, Python, decode 672: instructions / ours", AtLeast(580.0)),
    ("SDK, Python, call 672: instructions / ours", AtLeast(330.0)),
    ("SDK, Python: time of importing it / a dry run", AtLeast(100.0)),
];
