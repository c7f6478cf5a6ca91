//! Counts the allocations of a task after its first run: `allocations TASK...`.

use std::alloc::System;

use radar_ct_benches::{arguments, task};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Enough runs that occasional allocations, such as for a growing buffer, amount to less than one per run.
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
