//! What is measured without anybody else's SDK: decoding, encoding, whole calls.

use super::count::{Times, instructions};
use super::gzip;
use super::programs::{Body, Programs};
use super::report::{Gate, Table, count, micros, short, times};

/// A day of quarters of an hour, a week of them, half a year; eight series over a year of them, and one as long as those.
pub(super) const DAY: &str = "1x96";
pub(super) const WEEK: &str = "1x672";
const HALF_YEAR: &str = "1x17472";
const YEAR_OF_EIGHT: &str = "8x35040";
const LONG: &str = "1x280320";

/// Decoders beside ours: others that fill a model, and single passes over the bytes, which nobody can undercut.
const OTHERS: [&str; 6] =
    ["ours-general", "obvious", "sonic-rs", "simd-json", "sonic-rs-into-ours", "simd-json-into-ours"];
const PASSES: [&str; 2] = ["memchr", "utf-8"];

const OURS: &str = "ours";
const ROUNDS: &str = "30";

/// Everything but the instructions where there is no valgrind.
pub(super) fn measure(programs: &Programs, counts: bool) -> Result<(Vec<Table>, Vec<Gate>), String> {
    let (mut tables, mut gates) = (Vec::new(), Vec::new());
    let bodies = [DAY, WEEK, HALF_YEAR, YEAR_OF_EIGHT].map(|size| programs.body(size));
    let [day, week, half_year, year] = bodies;
    let (day, week, half_year, year) = (day?, week?, half_year?, year?);
    let long = programs.body(LONG)?;
    if counts {
        tables.push(decoding(programs, &[&day, &week, &half_year, &year], &mut gates)?);
        gates.push(growth(programs, &half_year, &long)?);
        tables.push(encoding(programs)?);
    }
    tables.push(decoding_time(programs, &[&half_year, &long, &year], &mut gates)?);
    tables.push(memory(programs, &[&day, &week, &half_year, &long, &year], &mut gates)?);
    tables.push(calls(programs, &week, counts, &mut gates)?);
    tables.push(gzip::measure(programs, &[&week, &half_year], counts, &mut gates)?);
    tables.push(memory_of_calls(programs, &year, &mut gates)?);
    Ok((tables, gates))
}

/// Often enough for a small body, and no more than once for a large one.
fn repetitions(body: &Body) -> Times {
    Times { before: 1, counted: (20_000 / body.points).max(1) }
}

pub(super) fn of_decoding(programs: &Programs, decoder: &str, body: &Body) -> Result<f64, String> {
    instructions(repetitions(body), || {
        let mut command = programs.command("decode");
        command.args([decoder, body.path()]);
        command
    })
}

fn decoding(programs: &Programs, bodies: &[&Body], gates: &mut Vec<Gate>) -> Result<Table, String> {
    let mut table = Table::new(
        "Instructions of a decode",
        "`obvious` is serde_json into a model as one would write it first; sonic-rs and simd-json fill the same one, and ours \
         in the columns `into-ours`. `memchr` and `utf-8` are a single pass over the body that keeps nothing.",
        &["points", "ours", "per point"],
    );
    table.columns.extend(OTHERS.iter().chain(&PASSES).map(ToString::to_string));
    for body in bodies {
        println!("==> decoding {} points", body.points);
        let ours = of_decoding(programs, OURS, body)?;
        let per_point = ours / f64::from(body.points);
        let points = count(f64::from(body.points));
        let mut row = vec![points.clone(), count(ours), short(per_point)];
        if body.points >= 672 {
            gates.push(Gate::at_most(format!("instructions a point, {points} points"), per_point, 160.0));
        }
        for other in OTHERS {
            let ratio = of_decoding(programs, other, body)? / ours;
            row.push(times(ratio));
            let least = match (other, body.points) {
                ("obvious", 96) => 10.0,
                ("obvious", 672) => 19.0,
                ("obvious" | "ours-general", _) => continue,
                _ => 3.5,
            };
            gates.push(Gate::at_least(
                format!("{other}, instructions to ours, {points} points"),
                ratio,
                least,
            ));
        }
        for pass in PASSES {
            row.push(times(of_decoding(programs, pass, body)? / ours));
        }
        table.row(row);
    }
    Ok(table)
}

/// A point of a long answer takes no more than one of a shorter one. By the clock it may for a while: memory has to come from
/// somewhere.
fn growth(programs: &Programs, shorter: &Body, longer: &Body) -> Result<Gate, String> {
    let a_point = |body: &Body| Ok::<_, String>(of_decoding(programs, OURS, body)? / f64::from(body.points));
    let what = format!("instructions a point at {} points to those at {}", longer.points, shorter.points);
    Ok(Gate::at_most(what, a_point(longer)? / a_point(shorter)?, 1.3))
}

fn encoding(programs: &Programs) -> Result<Table, String> {
    println!("==> encoding");
    let note = "`naive` writes the same query with a loop for each parameter, and checks nothing.";
    let mut table = Table::new("Instructions of a query", note, &["series", "ours", "naive"]);
    for series in ["1", "8"] {
        let of = |how: &str| {
            instructions(Times { before: 10, counted: 1000 }, || {
                let mut command = programs.command("encode");
                command.args([how, series]);
                command
            })
        };
        table.row([series.to_owned(), count(of(OURS)?), count(of("naive")?)]);
    }
    Ok(table)
}

fn decoding_time(programs: &Programs, bodies: &[&Body; 3], gates: &mut Vec<Gate>) -> Result<Table, String> {
    println!("==> decoding by turns");
    let decoders = ["ours", "obvious", "sonic-rs", "simd-json", "utf-8", "memchr"];
    let mut table = Table::new(
        "Time of a decode",
        "The shortest of many, in microseconds of a processor, taken by turns; the others as ratios to ours.",
        &["points", "series", "ours", "ns a point", "obvious", "sonic-rs", "simd-json", "utf-8", "memchr"],
    );
    for body in bodies {
        let best = programs.race(
            ROUNDS,
            decoders.map(|decoder| [DECODE, decoder, body.path()]).each_ref().map(|task| &task[..]),
        )?;
        let [ours, others @ ..] = best;
        let points = f64::from(body.points);
        let mut row = vec![count(points), body.series.to_string(), micros(ours), short(ours / points)];
        row.extend(others.map(|other| times(other / ours)));
        table.row(row);
        if body.series > 1 {
            let memchr = others.last().copied().unwrap_or(f64::NAN);
            let megabytes = f64::from(body.bytes) / 1e6;
            let what = format!("time of a decode in passes of memchr over {megabytes:.1} MB");
            gates.push(Gate::at_most(what, ours / memchr, 10.0));
        }
    }
    let [shorter, longer, _] = bodies;
    let both = [shorter, longer].map(|body| [DECODE, OURS, body.path()]);
    let [of_shorter, of_longer] = programs.race("200", both.each_ref().map(|task| &task[..]))?;
    let growth = (of_longer / f64::from(longer.points)) / (of_shorter / f64::from(shorter.points));
    let what = format!("time a point at {} points to that at {}", longer.points, shorter.points);
    gates.push(Gate::at_most(what, growth, 1.3));
    Ok(table)
}

const DECODE: &str = "decode";

fn memory(programs: &Programs, bodies: &[&Body], gates: &mut Vec<Gate>) -> Result<Table, String> {
    println!("==> allocations and memory of a decode");
    let columns =
        ["points", "series", "allocations", "obvious", "peak, bytes", "of the body", "obvious, of the body"];
    let mut table = Table::new("Memory of a decode", "The body itself not counted.", &columns);
    for body in bodies {
        let of = |program: &str, decoder: &str| programs.number(program, &[DECODE, decoder, body.path()]);
        let allocations = of("allocations", OURS)?;
        let (peak, bytes) = (of("peak", OURS)?, f64::from(body.bytes));
        let (points, series) = (count(f64::from(body.points)), body.series.to_string());
        gates.push(Gate::at_most(
            format!("allocations of a decode, {series} series of {points} points in all"),
            allocations,
            8.0 + 4.0 * f64::from(body.series),
        ));
        gates.push(Gate::at_most(
            format!("peak memory of a decode to its body, {series} series of {points}"),
            peak / bytes,
            0.9,
        ));
        let obvious = of("peak", "obvious")? / bytes;
        table.row([
            points,
            series,
            count(allocations),
            count(of("allocations", "obvious")?),
            count(peak),
            times(peak / bytes),
            times(obvious),
        ]);
    }
    Ok(table)
}

/// Each client with the backend that it is built on.
const CLIENTS: [(&str, &str); 2] = [("ours-blocking", "bare-ureq"), ("ours-async", "bare-reqwest")];

pub(super) fn of_calling(programs: &Programs, backend: &str, url: &str) -> Result<f64, String> {
    instructions(Times { before: 10, counted: 200 }, || {
        let mut command = programs.command("call");
        command.args([backend, url]);
        command
    })
}

fn calls(programs: &Programs, body: &Body, counts: bool, gates: &mut Vec<Gate>) -> Result<Table, String> {
    println!("==> whole calls");
    let mut table = Table::new(
        "A whole call over loopback",
        format!(
            "Of {} points, on a connection that is kept. What is beside decoding is the client's own part and its backend's; \
             the bare backend reads the same bytes and does nothing with them. Times are of a processor, and not of waiting for \
             the server.",
            body.points
        ),
        &[
            "client",
            "instructions",
            "decoding",
            "bare backend",
            "beside decoding",
            "allocations",
            "decoding's",
            "bare's",
            "time, us",
            "bare's",
        ],
    );
    let server = programs.serve(body)?;
    let url = server.base_url.as_str();
    let allocations = |task: &[&str]| programs.number("allocations", task);
    let of_decode = allocations(&[DECODE, OURS, body.path()])?;
    for (ours, bare) in CLIENTS {
        let mut row = vec![ours.to_owned()];
        if counts {
            let (whole, decoding) = (of_calling(programs, ours, url)?, of_decoding(programs, OURS, body)?);
            let backend = of_calling(programs, bare, url)?;
            let beside = (whole - decoding) / backend;
            gates.push(Gate::at_most(
                format!("{ours}, instructions beside decoding to {bare}"),
                beside,
                1.05,
            ));
            row.extend([count(whole), count(decoding), count(backend), times(beside)]);
        } else {
            row.extend(["not counted"; 4].map(str::to_owned));
        }
        let (whole, backend) = (allocations(&["call", ours, url])?, allocations(&["call", bare, url])?);
        let what = format!("{ours}, allocations of a call beside decoding and {bare}");
        gates.push(Gate::at_most(what, whole - of_decode - backend, 4.0));
        let [time, of_backend] = programs.race("100", [&["call", ours, url], &["call", bare, url]])?;
        row.extend([count(whole), count(of_decode), count(backend), micros(time), micros(of_backend)]);
        table.row(row);
    }
    Ok(table)
}

fn memory_of_calls(programs: &Programs, body: &Body, gates: &mut Vec<Gate>) -> Result<Table, String> {
    println!("==> memory of a call");
    let bytes = f64::from(body.bytes);
    let note = format!("Of a body of {} bytes, that body counted too.", count(bytes));
    let mut table = Table::new("Memory of a whole call", note, &["client", "peak, bytes", "of the body"]);
    let server = programs.serve(body)?;
    for backend in CLIENTS.into_iter().flat_map(|(ours, bare)| [ours, bare]) {
        let peak = programs.number("peak", &["call", backend, &server.base_url])?;
        if backend.starts_with(OURS) {
            gates.push(Gate::at_most(
                format!("{backend}, peak memory of a call to its body"),
                peak / bytes,
                3.0,
            ));
        }
        table.row([backend.to_owned(), count(peak), times(peak / bytes)]);
    }
    Ok(table)
}
