//! Prints an answer of a number of series and points: `body 8x35040`.

use std::io::Write;

use radar_ct_benches::arguments;
use radar_ct_benches::body::{Size, body};

fn main() {
    let arguments = arguments();
    let [size] = arguments.as_slice() else { panic!("body SERIESxPOINTS") };
    std::io::stdout().write_all(&body(Size::parse(size))).unwrap();
}
