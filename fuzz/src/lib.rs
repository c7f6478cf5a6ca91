//! What the fuzz targets run, which is what the tests run too.
//!
//! The files themselves and not the package that they belong to: that one is made of both clients and the emulator, and
//! with it every target would take minutes longer to build and carry a TLS stack that it never reaches.
#![allow(clippy::missing_panics_doc, reason = "a property that does not hold is a panic")]

#[path = "../../tests/src/fuzz.rs"]
pub mod fuzz;
#[path = "../../tests/src/wire.rs"]
pub mod wire;
