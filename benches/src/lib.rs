//! Benchmarks as tasks that can be repeated.
//!
//! Some programs repeat a task, so that valgrind can count its instructions; others measure its allocations,
//! memory or time. The program `bench` runs them all and compares the results with their limits.

pub mod body;
pub mod call;
pub mod decode;
pub mod encode;
pub mod obvious;

/// A repeatable piece of work.
pub type Task = Box<dyn FnMut()>;

/// Returns the task with this description: `decode DECODER FILE`, `encode HOW SERIES` or `call BACKEND URL`.
pub fn task(words: &[&str]) -> Task {
    match words {
        ["decode", decoder, file] => decode::task(decoder, file),
        ["encode", how, series] => encode::task(how, series),
        ["call", backend, url] => call::task(backend, url),
        other => panic!("no such task: {other:?}"),
    }
}

/// Returns the arguments of the program.
pub fn arguments() -> Vec<String> {
    std::env::args().skip(1).collect()
}

/// Repeats a task.
pub fn repeat(mut task: Task, times: &str) {
    for _ in 0..times.parse().unwrap() {
        task();
    }
}
