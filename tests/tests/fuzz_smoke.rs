//! The properties that are fuzzed, on a stable toolchain and in seconds: every input in `fuzz/corpus`, and each of them
//! changed some hundreds of times, always in the same ways.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use radar_ct_tests::fixtures::read_all;
use radar_ct_tests::fuzz::TARGETS;

/// How often the inputs of each target are changed, all in all: the time that it takes does not grow with the corpus.
const CHANGED: usize = 12_000;
/// A long input takes as much longer as it has more to be changed, and seldom shows more.
const LONGEST: usize = 4096;

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fuzz")
}

fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    read_all(&fuzz_folder().join("corpus").join(target))
}

/// Runs a target on an input, and says what the input was where the property does not hold.
fn check(target: fn(&[u8]), name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        eprintln!("{name} fails on b\"{}\"", input.escape_ascii());
        std::panic::resume_unwind(panic);
    }
}

/// Replays a corpus, then what becomes of it.
fn smoke(target: fn(&[u8]), name: &str, corpus: &BTreeMap<String, Vec<u8>>, seed: u64) -> usize {
    for (file, input) in corpus {
        check(target, &format!("{name}/{file}"), input);
    }
    let inputs: Vec<_> = corpus.values().map(Vec::as_slice).collect();
    let mut chance = Chance(seed);
    let each = CHANGED.div_ceil(inputs.len());
    for (file, input) in corpus {
        for _ in 0..each {
            let mut changed = input.clone();
            for _ in 0..=chance.below(4) {
                change(&mut changed, &inputs, &mut chance);
            }
            changed.truncate(LONGEST);
            check(target, &format!("{name}/{file}, changed,"), &changed);
        }
    }
    corpus.len() * (each + 1)
}

/// One small change, of the kinds that have found faults in parsers ever since there are any.
fn change(input: &mut Vec<u8>, inputs: &[&[u8]], chance: &mut Chance) {
    /// What means something to one of the parsers, or to what they are made of.
    const ODD: &[&[u8]] = &[
        b"",
        b"\0",
        b"\x7f",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xEF\xBB\xBF",
        b"\xe2\x80\xa8",
        b"\xe2\x80\xae",
        b"\x1b[",
        b"\n",
        b"\x0c",
        b" ",
        b"+",
        b"%",
        b"%zz",
        b"%ff",
        b"&",
        b"=",
        b"&&",
        b"\"",
        b"\\",
        b"\\u",
        b"\\ud83d",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"null",
        b"true",
        b"false",
        b"-",
        b"-0",
        b"1e999",
        b"NaN",
        b"inf",
        b"Infinity",
        b"0",
        b"00",
        b"9",
        b"99999999999999999999",
        b"18446744073709551615",
        b"-9223372036854775808",
        b"d",
        b"w",
        b"control",
        b"meta",
        b"serie_1",
        b"<title>",
        b"9999-12-31T23:59:59-23:59",
        b"0000-01-01T00:00:00+23:59",
        b":60",
        b".999999999",
        b"GMT",
    ];
    let at = chance.below(input.len() + 1);
    let end = at + chance.below((input.len() - at).min(64) + 1);
    match chance.below(8) {
        0 if at < input.len() => input[at] ^= 1 << chance.below(8),
        1 if at < input.len() => input[at] = chance.byte(),
        2 => input.insert(at, chance.byte()),
        3 => drop(input.drain(at..end)),
        4 => {
            let again = input[at..end].to_vec();
            let there = chance.below(input.len() + 1);
            input.splice(there..there, again);
        }
        5 => {
            let odd = ODD[chance.below(ODD.len())];
            input.splice(at..at, odd.iter().copied());
        }
        6 => {
            let odd = ODD[chance.below(ODD.len())];
            input.splice(at..end, odd.iter().copied());
        }
        _ => {
            let other = inputs[chance.below(inputs.len())];
            let from = chance.below(other.len() + 1);
            let to = from + chance.below((other.len() - from).min(64) + 1);
            input.splice(at..end, other[from..to].iter().copied());
        }
    }
}

/// `SplitMix64`: the same numbers everywhere and for ever, so that a failure on one machine is one on all.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to one less than `end`.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

fn smoke_of(name: &str) {
    let (_, target) = TARGETS.into_iter().find(|(other, _)| *other == name).expect("a target of that name");
    let ran = smoke(target, name, &corpus(name), 0x5eed);
    println!("{name}: {ran} inputs");
}

// One test for each, so that they run side by side.

#[test]
fn queries() {
    smoke_of("query");
}

#[test]
fn answers() {
    smoke_of("timeseries");
}

#[test]
fn errors() {
    smoke_of("error_body");
}

#[test]
fn waits() {
    smoke_of("retry_after");
}

#[test]
fn ranges_of_dates() {
    smoke_of("date_range");
}

/// The targets, their programs, the folders of their corpora and the tests above are the same five.
#[test]
fn nothing_is_left_out() {
    let mut names: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    let manifest = std::fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    let this = include_str!("fuzz_smoke.rs");
    for name in &names {
        assert!(corpus(name).len() >= 20, "{name}");
        assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
        assert!(this.contains(&format!("smoke_of({name:?})")), "{name} is not run");
        let program = std::fs::read_to_string(fuzz_folder().join(format!("targets/{name}.rs"))).unwrap();
        assert!(program.contains(&format!("fuzz::{name}(bytes)")), "{name}");
    }
    let folders = std::fs::read_dir(fuzz_folder().join("corpus")).unwrap();
    let mut folders: Vec<_> =
        folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    folders.sort();
    assert_eq!(folders, names);
    assert_eq!(manifest.matches("[[bin]]").count(), names.len());
}

/// What is committed stays small: what a fuzzer finds in an hour is for that machine alone.
#[test]
fn the_corpus_is_small() {
    let bytes: usize =
        TARGETS.iter().flat_map(|(name, _)| corpus(name).into_values()).map(|input| input.len()).sum();
    assert!(bytes < 300_000, "{bytes} bytes");
}

/// Faults that only a change brings to light are found, and the same ones every time.
#[test]
fn the_changes_reach_what_is_not_in_the_corpus() {
    fn refuses_two_escapes(input: &[u8]) {
        assert!(input.windows(3).filter(|window| *window == b"%zz").count() < 2);
    }
    fn refuses_a_flipped_bit(input: &[u8]) {
        assert!(!input.contains(&(b'7' ^ 0x40)));
    }
    fn refuses_what_is_short(input: &[u8]) {
        assert!(input.len() > 3);
    }
    let corpus = BTreeMap::from([("one".to_owned(), b"dateRange=7d&ca=%zz".to_vec())]);
    for faulty in [refuses_two_escapes, refuses_a_flipped_bit, refuses_what_is_short] {
        check(faulty, "the corpus itself", &corpus["one"]);
        assert!(catch_unwind(|| smoke(faulty, "faulty", &corpus, 1)).is_err());
    }
    assert_eq!(smoke(|_| {}, "fine", &corpus, 1), CHANGED + 1);
}
