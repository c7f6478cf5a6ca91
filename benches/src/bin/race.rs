//! Tasks by turns, so that a machine that is busy for a while is so for all of them: `race ROUNDS TASK -- TASK...`.
//!
//! Prints the shortest time of each, in nanoseconds, a line each: what disturbs a task only ever makes it longer.

#![allow(
    clippy::disallowed_methods,
    reason = "the rule is for what is tested in virtual time; this measures"
)]

use std::time::{Duration, Instant};

use radar_ct_benches::{Task, arguments, task};

/// Long beside reading a clock, short beside what a scheduler gives at a time.
const TURN: Duration = Duration::from_millis(2);

fn main() {
    let arguments = arguments();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (rounds, words) = words.split_first().unwrap();
    let mut runners: Vec<Runner> =
        words.split(|word| *word == "--").map(|words| Runner::new(task(words))).collect();
    for _ in 0..rounds.parse().unwrap() {
        for runner in &mut runners {
            runner.turn();
        }
    }
    for runner in &runners {
        println!("{}", runner.best);
    }
}

struct Runner {
    task: Task,
    times: u32,
    best: u128,
}

impl Runner {
    fn new(mut task: Task) -> Self {
        task();
        let began = Instant::now();
        task();
        let once = began.elapsed().max(Duration::from_nanos(1));
        let times = u32::try_from(TURN.as_nanos() / once.as_nanos()).unwrap().max(1);
        Self { task, times, best: u128::MAX }
    }

    fn turn(&mut self) {
        let began = Instant::now();
        for _ in 0..self.times {
            (self.task)();
        }
        self.best = self.best.min(began.elapsed().as_nanos() / u128::from(self.times));
    }
}
