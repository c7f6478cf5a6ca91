//! Writes a query so many times: `encode HOW SERIES TIMES`. A whole process, for whoever counts its instructions.

use radar_ct_benches::{arguments, encode, repeat};

fn main() {
    let arguments = arguments();
    let [how, series, times] = arguments.as_slice() else { panic!("encode HOW SERIES TIMES") };
    repeat(encode::task(how, series), times);
}
