//! Decodes a body so many times: `decode DECODER FILE TIMES`. A whole process, for whoever counts its instructions.

use radar_ct_benches::{arguments, decode, repeat};

fn main() {
    let arguments = arguments();
    let [decoder, file, times] = arguments.as_slice() else { panic!("decode DECODER FILE TIMES") };
    repeat(decode::task(decoder, file), times);
}
