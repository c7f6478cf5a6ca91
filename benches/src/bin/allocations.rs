//! How often a task allocates, once it has been done before: `allocations TASK...`.

use std::alloc::System;

use radar_ct_benches::{arguments, task};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What happens now and then, as when a buffer grows that is kept, comes to less than one in each.
const TIMES: usize = 100;

fn main() {
    let arguments = arguments();
    let mut task = task(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    task();
    let region = Region::new(HEAP);
    for _ in 0..TIMES {
        task();
    }
    let change = region.change();
    println!("{}", (change.allocations + change.reallocations) / TIMES);
}
