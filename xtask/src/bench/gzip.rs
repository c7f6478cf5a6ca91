//! Whether a compressed answer is worth what unpacking it costs.

use super::ours::of_calling;
use super::programs::{Body, Programs};
use super::report::{Gate, Table, count, micros, short};

/// Slower than most links between a machine and the API are; were this missed, gzip should not be asked for.
const LEAST_MEGABITS: f64 = 100.0;

const CLIENT: &str = "ours-blocking";

pub(super) fn measure(
    programs: &Programs,
    bodies: &[&Body],
    counts: bool,
    gates: &mut Vec<Gate>,
) -> Result<Table, String> {
    println!("==> compressed answers");
    let mut table = Table::new(
        "A compressed answer",
        "A whole call, blocking, of the same answer as it is and packed by gzip. A link that is slower than the last column takes \
         longer for the bytes that gzip saves than the processor takes for unpacking them.",
        &[
            "points",
            "bytes",
            "gzip's",
            "instructions",
            "gzip's",
            "time, us",
            "gzip's",
            "it pays below, Mbit/s",
        ],
    );
    for body in bodies {
        let (plain, packed) = (programs.serve(body)?, programs.serve_gzip(body)?);
        let points = count(f64::from(body.points));
        let mut row = vec![points.clone(), count(plain.bytes.into()), count(packed.bytes.into())];
        for server in [&plain, &packed] {
            row.push(if counts {
                count(of_calling(programs, CLIENT, &server.base_url)?)
            } else {
                "not counted".to_owned()
            });
        }
        let call = |url| ["call", CLIENT, url];
        let [time, of_packed] = programs.race("100", [&call(&plain.base_url), &call(&packed.base_url)])?;
        let bits_saved = 8.0 * (f64::from(plain.bytes) - f64::from(packed.bytes));
        // Bits in a nanosecond are thousands of megabits in a second.
        let megabits = 1e3 * bits_saved / (of_packed - time).max(1.0);
        gates.push(Gate::at_least(
            format!("link in Mbit/s below which gzip pays, {points} points"),
            megabits,
            LEAST_MEGABITS,
        ));
        row.extend([micros(time), micros(of_packed), short(megabits)]);
        table.row(row);
    }
    Ok(table)
}
