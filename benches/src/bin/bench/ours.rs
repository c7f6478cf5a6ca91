//! Measurements of radar-ct, beside other decoders and the bare HTTP clients.

use std::process::Command;

use anyhow::Result;

use crate::measure::{Bench, Body, median};

/// A day, a week and half a year of quarter-hours; a year of eight series; and one series as long as those.
pub(crate) const DAY: &str = "1x96";
pub(crate) const WEEK: &str = "1x672";
const HALF_YEAR: &str = "1x17472";
const YEAR_OF_EIGHT: &str = "8x35040";
const LONG: &str = "1x280320";

/// Other decoders, and two passes over the bytes that decode nothing.
#[rustfmt::skip]
const DECODERS: [&str; 8] = [
    "ours-general", "obvious", "sonic-rs", "simd-json", "sonic-rs-into-ours", "simd-json-into-ours", "memchr", "utf-8",
];
/// Each client and its backend.
const CLIENTS: [(&str, &str); 2] = [("ours-blocking", "bare-ureq"), ("ours-async", "bare-reqwest")];

pub(crate) fn decode(bench: &Bench, decoder: &str, body: &Body) -> Result<f64> {
    // Often enough for a small answer, and once for a large one.
    let times = if body.points < 100.0 {
        208
    } else if body.points < 1000.0 {
        29
    } else {
        1
    };
    bench.count(&["decode", decoder, &body.file], 1, times)
}

pub(crate) fn call(bench: &Bench, backend: &str, url: &str) -> Result<f64> {
    bench.count(&["call", backend, url], 10, 200)
}

pub(crate) fn measure(bench: &mut Bench) -> Result<()> {
    let [day, week, half, year, long] =
        [DAY, WEEK, HALF_YEAR, YEAR_OF_EIGHT, LONG].map(|size| bench.body(size));
    let (day, week, half, year, long) = (day?, week?, half?, year?, long?);
    if bench.counts {
        decoding(bench, &[&day, &week, &half, &year], &long)?;
        bench.report.heading("Instructions of a query; `naive` checks nothing");
        for (how, series) in [("ours", "1"), ("ours", "8"), ("naive", "1"), ("naive", "8")] {
            let count = bench.count(&["encode", how, series], 10, 1000)?;
            bench.report.add(&format!("query of {series} series, {how}: instructions"), count);
        }
    }
    times(bench, &half, &long, &year)?;
    memory(bench, &[&day, &week, &half, &long, &year])?;
    calls(bench, &week, &year)?;
    compressed(bench, &[&week, &half])?;
    start(bench)
}

fn decoding(bench: &mut Bench, bodies: &[&Body], long: &Body) -> Result<()> {
    bench.report.heading("Instructions of a decode");
    for body in bodies {
        let (ours, points) = (decode(bench, "ours", body)?, body.points);
        bench.report.add(&format!("decode {points}: instructions"), ours);
        bench.report.add(&format!("decode {points}: instructions per point"), ours / points);
        for other in DECODERS {
            let ratio = decode(bench, other, body)? / ours;
            bench.report.add(&format!("decode {points}: instructions of {other} / ours"), ratio);
        }
    }
    if let [.., half, _] = bodies {
        let growth =
            decode(bench, "ours", long)? / long.points / (decode(bench, "ours", half)? / half.points);
        bench.report.add("decode: instructions per point, 280320 / 17472 points", growth);
    }
    Ok(())
}

fn times(bench: &mut Bench, half: &Body, long: &Body, year: &Body) -> Result<()> {
    bench.report.heading("Time of a decode");
    let decoders = ["ours", "obvious", "sonic-rs", "simd-json", "utf-8", "memchr"];
    let tasks = decoders.map(|decoder| ["decode", decoder, &year.file]);
    let [ours, others @ ..] = bench.race("30", tasks.each_ref().map(|task| &task[..]))?;
    bench.report.add("decode of 9.5 MB: ns per point", ours / year.points);
    for (other, time) in decoders.iter().skip(1).zip(others) {
        bench.report.add(&format!("decode of 9.5 MB: time of {other} / ours"), time / ours);
    }
    bench.report.add("decode of 9.5 MB: time in passes of memchr", ours / others[4]);
    let tasks = [half, long].map(|body| ["decode", "ours", &body.file]);
    let [short, long_time] = bench.race("200", tasks.each_ref().map(|task| &task[..]))?;
    let growth = (long_time / long.points) / (short / half.points);
    bench.report.add("decode: time per point, 280320 / 17472 points", growth);
    Ok(())
}

fn memory(bench: &mut Bench, bodies: &[&Body]) -> Result<()> {
    bench.report.heading("Memory of a decode, without the body");
    for body in bodies {
        let task = ["decode", "ours", &body.file];
        let what = format!("decode {} series of {}", body.series, body.points);
        let (allocations, peak) = (bench.number("allocations", &task)?, bench.number("peak", &task)?);
        bench.report.add(&format!("{what}: allocations"), allocations);
        bench.report.add(&format!("{what}: peak memory / body"), peak / body.bytes);
    }
    Ok(())
}

fn calls(bench: &mut Bench, week: &Body, year: &Body) -> Result<()> {
    bench.report.heading("A whole call over loopback, on a connection that is kept");
    let (server, large) = (bench.serve(week, None)?, bench.serve(year, None)?);
    let decoding = bench.number("allocations", &["decode", "ours", &week.file])?;
    for (ours, bare) in CLIENTS {
        let (of_ours, of_bare) = (["call", ours, &server.url], ["call", bare, &server.url]);
        if bench.counts {
            let (whole, backend) = (call(bench, ours, &server.url)?, call(bench, bare, &server.url)?);
            let beside = (whole - decode(bench, "ours", week)?) / backend;
            bench.report.add(&format!("call, {ours}: instructions"), whole);
            bench.report.add(&format!("call, {ours}: instructions beside decoding / {bare}"), beside);
        }
        let beside =
            bench.number("allocations", &of_ours)? - bench.number("allocations", &of_bare)? - decoding;
        bench.report.add(&format!("call, {ours}: allocations beside decoding and {bare}"), beside);
        let [time, bare_time] = bench.race("100", [&of_ours, &of_bare])?;
        bench.report.add(&format!("call, {ours}: time, us"), time / 1e3);
        bench.report.add(&format!("call, {bare}: time, us"), bare_time / 1e3);
        let peak = bench.number("peak", &["call", ours, &large.url])?;
        bench.report.add(&format!("call, {ours}: peak memory / body"), peak / year.bytes);
    }
    Ok(())
}

/// Compares compressed answers with plain ones. On a link slower than the last value gzip saves time.
fn compressed(bench: &mut Bench, bodies: &[&Body]) -> Result<()> {
    bench.report.heading("A compressed answer");
    for body in bodies {
        let (plain, packed) = (bench.serve(body, None)?, bench.serve(body, Some("gzip"))?);
        let task = |url| ["call", "ours-blocking", url];
        let [time, of_packed] = bench.race("100", [&task(&plain.url), &task(&packed.url)])?;
        bench.report.add(&format!("gzip {}: bytes / plain", body.points), packed.bytes / plain.bytes);
        // Bits per nanosecond are thousands of megabits per second.
        let megabits = 8e3 * (plain.bytes - packed.bytes) / (of_packed - time).max(1.0);
        bench.report.add(&format!("gzip {}: Mbit/s below which it pays", body.points), megabits);
    }
    Ok(())
}

fn start(bench: &mut Bench) -> Result<()> {
    bench.report.heading("The program");
    let dry_run = ["timeseries", "--date-range", "7d", "--dry-run"];
    let mut command = Command::new(&bench.client);
    command.args(dry_run);
    bench.report.add("dry run: ms", median(31, command)?);
    if bench.counts {
        let count = bench.instructions(&bench.client, &dry_run, None)?;
        bench.report.add("dry run: instructions", count);
    }
    let size = u32::try_from(bench.client.metadata()?.len())?;
    bench.report.add("size of the program, bytes", size.into());
    Ok(())
}
