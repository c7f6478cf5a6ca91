//! Calls the API repeatedly: `call BACKEND URL TIMES`.

use radar_ct_benches::{arguments, call, repeat};

fn main() {
    let arguments = arguments();
    let [backend, url, times] = arguments.as_slice() else { panic!("call BACKEND URL TIMES") };
    repeat(call::task(backend, url), times);
}
