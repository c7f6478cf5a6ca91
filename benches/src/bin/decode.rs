//! Decodes an answer repeatedly: `decode DECODER FILE TIMES`.

use radar_ct_benches::{arguments, decode, repeat};

fn main() {
    let arguments = arguments();
    let [decoder, file, times] = arguments.as_slice() else { panic!("decode DECODER FILE TIMES") };
    repeat(decode::task(decoder, file), times);
}
