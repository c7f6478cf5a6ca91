//! The fuzz targets on a stable toolchain, in seconds: replays every input in `fuzz/corpus`, and some hundred
//! deterministic mutations of each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use radar_ct_tests::fixtures::read_all;
use radar_ct_tests::fuzz::TARGETS;

/// The number of mutations per target, so that the time does not grow with the corpus.
const MUTATIONS: usize = 12_000;
/// The maximum length of a mutated input. Longer ones take longer, and rarely find more.
const MAX_LENGTH: usize = 4096;

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fuzz")
}

fn corpus(target: &str) -> BTreeMap<String, Vec<u8>> {
    read_all(&fuzz_folder().join("corpus").join(target))
}

/// Runs a target on an input, and prints the input if the property does not hold.
fn check(target: fn(&[u8]), name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        eprintln!("{name} fails on b\"{}\"", input.escape_ascii());
        std::panic::resume_unwind(panic);
    }
}

/// Replays a corpus and mutations of it. Returns the number of inputs.
fn smoke(target: fn(&[u8]), name: &str, corpus: &BTreeMap<String, Vec<u8>>, seed: u64) -> usize {
    for (file, input) in corpus {
        check(target, &format!("{name}/{file}"), input);
    }
    let inputs: Vec<_> = corpus.values().map(Vec::as_slice).collect();
    let mut random = PseudoRandom(seed);
    let each = MUTATIONS.div_ceil(inputs.len());
    for (file, input) in corpus {
        for _ in 0..each {
            let mut mutated = input.clone();
            for _ in 0..=random.below(4) {
                mutate(&mut mutated, &inputs, &mut random);
            }
            mutated.truncate(MAX_LENGTH);
            check(target, &format!("{name}/{file}, mutated,"), &mutated);
        }
    }
    corpus.len() * (each + 1)
}

/// Makes one small change, of the kinds that find bugs in parsers.
fn mutate(input: &mut Vec<u8>, inputs: &[&[u8]], random: &mut PseudoRandom) {
    /// Tokens that are special to one of the parsers.
    const TOKENS: &[&[u8]] = &[
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
    let at = random.below(input.len() + 1);
    let end = at + random.below((input.len() - at).min(64) + 1);
    match random.below(8) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 if at < input.len() => input[at] = random.byte(),
        2 => input.insert(at, random.byte()),
        3 => drop(input.drain(at..end)),
        4 => {
            let copied = input[at..end].to_vec();
            let target = random.below(input.len() + 1);
            input.splice(target..target, copied);
        }
        5 => {
            let token = TOKENS[random.below(TOKENS.len())];
            input.splice(at..at, token.iter().copied());
        }
        6 => {
            let token = TOKENS[random.below(TOKENS.len())];
            input.splice(at..end, token.iter().copied());
        }
        _ => {
            let other = inputs[random.below(inputs.len())];
            let from = random.below(other.len() + 1);
            let to = from + random.below((other.len() - from).min(64) + 1);
            input.splice(at..end, other[from..to].iter().copied());
        }
    }
}

/// `SplitMix64`: the same numbers on every machine, so that a failure can be reproduced.
struct PseudoRandom(u64);

impl PseudoRandom {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to `end - 1`.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

fn run(name: &str) {
    let (_, target) = TARGETS.into_iter().find(|(other, _)| *other == name).expect("a target with this name");
    let count = smoke(target, name, &corpus(name), 0x5eed);
    println!("{name}: {count} inputs");
}

// One test per target, so that they run in parallel.

#[test]
fn queries() {
    run("query");
}

#[test]
fn answers() {
    run("timeseries");
}

#[test]
fn errors() {
    run("error_body");
}

#[test]
fn retries() {
    run("retry_after");
}

#[test]
fn date_ranges() {
    run("date_range");
}

/// Targets, programs, corpus folders and the tests above are the same five.
#[test]
fn every_target_has_a_program_a_corpus_and_a_test() {
    let mut names: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    let manifest = std::fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    let this = include_str!("fuzz_smoke.rs");
    for name in &names {
        assert!(corpus(name).len() >= 20, "{name}");
        assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
        assert!(this.contains(&format!("run({name:?})")), "{name} is not run");
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

/// Only inputs worth keeping are committed, not everything that a fuzzer finds.
#[test]
fn the_corpus_is_small() {
    let bytes: usize =
        TARGETS.iter().flat_map(|(name, _)| corpus(name).into_values()).map(|input| input.len()).sum();
    assert!(bytes < 300_000, "{bytes} bytes");
}

/// Bugs that only a mutation reveals are found, every time.
#[test]
fn mutations_find_bugs_that_the_corpus_does_not() {
    fn refuses_two_escapes(input: &[u8]) {
        assert!(input.windows(3).filter(|window| *window == b"%zz").count() < 2);
    }
    fn refuses_a_flipped_bit(input: &[u8]) {
        assert!(!input.contains(&(b'7' ^ 0x40)));
    }
    fn refuses_short_inputs(input: &[u8]) {
        assert!(input.len() > 3);
    }
    let corpus = BTreeMap::from([("one".to_owned(), b"dateRange=7d&ca=%zz".to_vec())]);
    for faulty in [refuses_two_escapes, refuses_a_flipped_bit, refuses_short_inputs] {
        check(faulty, "the corpus", &corpus["one"]);
        assert!(catch_unwind(|| smoke(faulty, "faulty", &corpus, 1)).is_err());
    }
    assert_eq!(smoke(|_| {}, "fine", &corpus, 1), MUTATIONS + 1);
}
