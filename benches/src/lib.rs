//! What is measured, each as a task that can be repeated, and what it is measured against.
//!
//! The programs do little: one repeats a task for whoever counts its instructions, others count its allocations, its memory
//! or its time. `cargo xtask bench` puts them together and holds the numbers against their limits.

pub mod body;
pub mod call;
pub mod decode;
pub mod encode;
pub mod obvious;

/// Something that can be done again and again.
pub type Task = Box<dyn FnMut()>;

/// The task that some words name: `decode DECODER FILE`, `encode HOW SERIES` or `call BACKEND URL`.
pub fn task(words: &[&str]) -> Task {
    match words {
        ["decode", decoder, file] => decode::task(decoder, file),
        ["encode", how, series] => encode::task(how, series),
        ["call", backend, url] => call::task(backend, url),
        other => panic!("no such task: {other:?}"),
    }
}

/// What was given behind the name of the program.
pub fn arguments() -> Vec<String> {
    std::env::args().skip(1).collect()
}

/// Does it so many times.
pub fn repeat(mut task: Task, times: &str) {
    for _ in 0..times.parse().unwrap() {
        task();
    }
}
