//! Writes a query repeatedly: `encode HOW SERIES TIMES`.

use radar_ct_benches::{arguments, encode, repeat};

fn main() {
    let arguments = arguments();
    let [how, series, times] = arguments.as_slice() else { panic!("encode HOW SERIES TIMES") };
    repeat(encode::task(how, series), times);
}
