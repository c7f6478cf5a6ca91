//! Times tasks in turns, so that a busy moment affects all of them: `race CLOCK ROUNDS TASK -- TASK...`.
//!
//! Prints the shortest time of each in nanoseconds, since disturbances only lengthen a task. The clock is
//! `cpu`, the processor time of this process, or `wall`, to compare with programs that can only measure that.

#![allow(clippy::disallowed_methods, reason = "benchmarks measure real time")]

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use radar_ct_benches::{Task, arguments, task};

/// Much longer than reading a clock, and shorter than a time slice of the scheduler.
const TURN: Duration = Duration::from_millis(2);

fn main() {
    let arguments = arguments();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [clock, rounds, words @ ..] = words.as_slice() else { panic!("race CLOCK ROUNDS TASK -- TASK...") };
    let clock = Clock::named(clock);
    let mut runners: Vec<Runner> =
        words.split(|word| *word == "--").map(|words| Runner::new(clock, task(words))).collect();
    for _ in 0..rounds.parse().unwrap() {
        for runner in &mut runners {
            runner.turn();
        }
    }
    for runner in &runners {
        println!("{}", runner.best);
    }
}

#[derive(Clone, Copy)]
enum Clock {
    Cpu,
    Wall,
}

impl Clock {
    fn named(name: &str) -> Self {
        match name {
            "cpu" => Self::Cpu,
            "wall" => Self::Wall,
            other => panic!("no clock {other}"),
        }
    }

    fn time(self, work: impl FnOnce()) -> Duration {
        match self {
            Self::Cpu => {
                let began = ProcessTime::now();
                work();
                began.elapsed()
            }
            Self::Wall => {
                let began = Instant::now();
                work();
                began.elapsed()
            }
        }
    }
}

struct Runner {
    clock: Clock,
    task: Task,
    times: u32,
    best: u128,
}

impl Runner {
    fn new(clock: Clock, mut task: Task) -> Self {
        task();
        let once = clock.time(&mut task).max(Duration::from_nanos(1));
        let times = u32::try_from(TURN.as_nanos() / once.as_nanos()).unwrap().max(1);
        Self { clock, task, times, best: u128::MAX }
    }

    fn turn(&mut self) {
        let (task, times) = (&mut self.task, self.times);
        let took = self.clock.time(|| (0..times).for_each(|_| task()));
        self.best = self.best.min(took.as_nanos() / u128::from(times));
    }
}
