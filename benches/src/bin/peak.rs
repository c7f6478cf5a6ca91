//! The most memory that a task has at a time, beyond what is there before it: `peak TASK...`, in bytes.

use peak_alloc::PeakAlloc;
use radar_ct_benches::{arguments, task};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() {
    let arguments = arguments();
    let mut task = task(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    // The body that is decoded is there before; what a call connects with is not counted against it either.
    task();
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    task();
    println!("{}", HEAP.peak_usage() - before);
}
