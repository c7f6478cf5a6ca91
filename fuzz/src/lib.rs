//! The properties that the fuzz targets check.
//!
//! The files are included, since their package would add both clients and the emulator to every target, and
//! minutes to its build.
#![allow(clippy::missing_panics_doc, reason = "a violated property panics")]

#[path = "../../tests/src/fuzz.rs"]
pub mod fuzz;
#[path = "../../tests/src/wire.rs"]
pub mod wire;
