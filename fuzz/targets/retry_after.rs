//! Fuzzes `radar_ct_fuzz::fuzz::retry_after`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| radar_ct_fuzz::fuzz::retry_after(bytes));
