//! Calls the API so many times: `call BACKEND URL TIMES`. A whole process, for whoever counts its instructions.

use radar_ct_benches::{arguments, call, repeat};

fn main() {
    let arguments = arguments();
    let [backend, url, times] = arguments.as_slice() else { panic!("call BACKEND URL TIMES") };
    repeat(call::task(backend, url), times);
}
