//! The properties that the fuzz targets check.
//!
//! The files are included, instead of a dependency on their package: that one has both clients and the emulator, so
//! that every target would take minutes longer to build.
#![allow(clippy::missing_panics_doc, reason = "a property that does not hold panics")]

#[path = "../../tests/src/fuzz.rs"]
pub mod fuzz;
#[path = "../../tests/src/wire.rs"]
pub mod wire;
