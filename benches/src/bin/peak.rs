//! Prints the peak memory of a task in bytes, beyond what was allocated before: `peak TASK...`.

use peak_alloc::PeakAlloc;
use radar_ct_benches::{arguments, task};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() {
    let arguments = arguments();
    let mut task = task(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    // Neither the answer in memory nor the connection counts.
    task();
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    task();
    println!("{}", HEAP.peak_usage() - before);
}
