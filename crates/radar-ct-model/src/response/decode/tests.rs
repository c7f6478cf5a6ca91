//! Comparison of the fast path with the general path.

use chrono::DateTime;

use super::*;
use crate::{Timeseries, TimeseriesGroups};

/// Where the fast path returns anything, the general path returns the same, to the sign of a zero. Returns
/// whether the fast path did.
fn agree(body: &[u8], layout: Layout) -> bool {
    let Some(fast) = scan(body, layout) else { return false };
    let general = decode_generally(body, layout).unwrap_or_else(|error| {
        panic!("the fast path took what the general path refuses: {error}\n{}", body.escape_ascii())
    });
    assert_eq!(format!("{fast:?}"), format!("{general:?}"), "{}", body.escape_ascii());
    true
}

/// Compares the paths for every layout. Returns whether the fast path took any.
fn both_agree(body: &[u8]) -> bool {
    let taken = [Layout::Series, Layout::Groups, Layout::Summary].map(|layout| agree(body, layout));
    taken.contains(&true)
}

/// A generator of bodies, most of them well-formed, with an odd detail now and then.
struct Maker {
    chance: fastrand::Rng,
    /// One of so many details is odd.
    odd: u32,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut chance = fastrand::Rng::with_seed(seed);
        let odd = *chance.choice(&[10, 100, 1000, 10_000]).unwrap();
        Self { chance, odd }
    }

    fn is_odd(&mut self) -> bool {
        self.chance.u32(..self.odd) == 0
    }

    /// Returns `usual`, or now and then one of `odd`.
    fn pick<'t>(&mut self, usual: &'t str, odd: &[&'t str]) -> &'t str {
        if self.is_odd() { self.chance.choice(odd).unwrap() } else { usual }
    }

    fn value(&mut self) -> String {
        const ODD: &[&str] = &[
            "null",
            "\"\"",
            "\"NaN\"",
            "\"1.4e-05\"",
            "\"-0\"",
            "\"0\"",
            "\"1.0\"",
            "\"00\"",
            "\".5\"",
            "\"5.\"",
            "\".\"",
            "\"1.2.3\"",
            "\"1 \"",
            "\"+1\"",
            "\"1_0\"",
            "\"inf\"",
            "\"1e999\"",
            "12",
            "-0.5",
            "1e3",
            "true",
            "\"12\\u0033\"",
            "\"٣\"",
            "\"1\u{a0}\"",
            "[]",
            "{}",
            "\"9007199254740993\"",
            "\"0.1234567\"",
            "\"12345678\"",
            "\"1234567\"",
            "\"1:2\"",
            "\"1/2\"",
            "\"1;2\"",
            "nul",
            "\"12345678901234567890123.5\"",
            "\"0.30000000000000004\"",
            "\"1\t\"",
            "nan",
            "\"-1.5\"",
        ];
        if self.is_odd() {
            return (*self.chance.choice(ODD).unwrap()).to_owned();
        }
        let digits = self.chance.u32(1..9);
        let number = self.chance.u32(..10_u32.pow(digits));
        match self.chance.u32(..4) {
            0 => format!("\"{number}\""),
            1 => format!("\"0.{number}\""),
            2 => format!("\"{}.{}\"", number / 1000, number % 1000),
            _ => format!("\"{}\"", f64::from(number) / 1e6),
        }
    }

    fn timestamp(&mut self, at: i64) -> String {
        const ODD: &[&str] = &[
            "\"0000-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"2024-02-29T00:00:00Z\"",
            "\"2023-02-29T00:00:00Z\"",
            "\"2026-01-01T23:59:60Z\"",
            "\"2026-01-01T24:00:00Z\"",
            "\"2026-01-01T00:00:00.5Z\"",
            "\"2026-01-01T00:00:00+00:00\"",
            "\"2026-01-01t00:00:00z\"",
            "\"2026-01-01 00:00:00Z\"",
            "\"+026-01-01T00:00:00Z\"",
            "null",
            "\"2026-01-01T0:000:00Z\"",
            "\"2026-01-01T00;00:00Z\"",
            "\"2026-01-01T00:0/:00Z\"",
            "\"2026-01-01T00:00:0:Z\"",
            "\"2026-13-01T00:00:00Z\"",
            "\"2026-00-01T00:00:00Z\"",
            "\"2026-01-00T00:00:00Z\"",
            "\"2O26-01-01T00:00:00Z\"",
            "7",
            "\"2026-01-01T00:00:00Z",
        ];
        if self.is_odd() {
            return (*self.chance.choice(ODD).unwrap()).to_owned();
        }
        DateTime::from_timestamp(at, 0).unwrap().format("\"%Y-%m-%dT%H:%M:%SZ\"").to_string()
    }

    fn column(&mut self, length: usize, mut one: impl FnMut(&mut Self, i64) -> String) -> String {
        let length = if self.is_odd() { self.chance.usize(..length + 2) } else { length };
        let mut column = String::from("[");
        for place in 0..length {
            if place > 0 {
                column.push_str(self.pick(",", &[", ", ",,", "", "]", " ,"]));
            }
            column.push_str(&one(self, i64::try_from(place).unwrap()));
        }
        column.push_str(self.pick("]", &["", ",]", " ]", "}"]));
        column
    }

    /// The groups of a summary.
    fn groups(&mut self) -> String {
        let mut groups = String::from("{");
        for number in 0..self.chance.usize(1..6) {
            let key = format!("group {number}");
            let key = self.pick(&key, &["group 0", "timestamps", "tab\tinside", "a\\\"b", "", "é"]);
            let separator = if number == 0 { "" } else { self.pick(",", &[", ", ",,", "", " ,\n"]) };
            let colon = self.pick(":", &[" : ", "", ","]);
            groups.extend([separator, "\"", key, "\"", colon, &self.value()]);
        }
        groups.push_str(self.pick("}", &["", ",}", " }", "]"]));
        groups
    }

    fn series(&mut self, length: usize) -> String {
        let (start, step) = (
            self.chance.i64(-1_000_000_000..4_000_000_000),
            *self.chance.choice(&[900, 3600, 86_400, 1]).unwrap(),
        );
        let first = self.pick("timestamps", &["values", "timestamp\\u0073", "RSA"]);
        let second = if self.chance.bool() { "values" } else { "RSA" };
        let second = self.pick(second, &["timestamps", "v\u{7f}é", "a\\\"b"]);
        let instants = self.column(length, |maker, place| maker.timestamp(start + place * step));
        let values = self.column(length, |maker, _| maker.value());
        let more = self.pick("", &[",\"values\":[]", ",\"new\":{\"a\":[1]}", ",", ",\"ECDSA\":[\"1\"]"]);
        format!("{{\"{first}\":{instants},\"{second}\":{values}{more}}}")
    }

    /// A body whose series have the same timestamps or each their own.
    fn body(&mut self) -> Vec<u8> {
        const META: &str = r#","meta":{"dateRange":[{"startTime":"2026-01-01T00:00:00Z","endTime":"2026-01-02T00:00:00Z"}],"units":[]}"#;
        let length = self.chance.usize(..40);
        let mut body = self
            .pick(
                r#"{"success":true,"errors":[],"result":{"#,
                &[
                    r#"{"result":{"#,
                    r#"{"success":false,"result":{"#,
                    "{ \"success\" : true ,\n\t\"result\": {",
                    r#"{"success":null,"result":{"#,
                    r#"{"success":trues,"result":{"#,
                    r#"{"success":true,"success":true,"result":{"#,
                    "\u{feff}{\"success\":true,\"result\":{",
                    " {\"success\":true,\"messages\":[{\"a\":\"\\ud83d\"}],\"result\":{",
                ],
            )
            .to_owned();
        let is_summary = self.chance.u32(..3) == 0;
        let same = (!is_summary && self.chance.bool()).then(|| self.series(length));
        for number in 0..self.chance.usize(1..4) {
            let label = format!("series {number}");
            let label = self.pick(&label, &["meta", "a\\\"b", "tab\tinside", "series 0", "", "é"]);
            let series = match &same {
                Some(same) => same.clone(),
                None if is_summary => self.groups(),
                None => self.series(length),
            };
            let comma = if number > 0 { "," } else { "" };
            body = format!("{body}{comma}\"{label}\":{series}");
        }
        body.push_str(self.pick(
            META,
            &[
                "",
                r#","meta":null"#,
                r#","meta":{},"meta":{}"#,
                r#","meta":{"dateRange":7}"#,
                r#","meta":[]"#,
                r#","other":1"#,
                r#","meta":{}"#,
            ],
        ));
        body.push_str(self.pick(
            "}}",
            &[
                "}} \n",
                "}}x",
                "}",
                "}},",
                "},\"result\":{}}",
                "},\"more\":[1,2e5,\"x\"]}",
                "},\"more\":\"\\ud83d\"}",
                "}}\u{b}",
            ],
        ));
        body.into_bytes()
    }

    /// Changes, inserts or removes a byte, or repeats a piece.
    fn change(&mut self, body: &mut Vec<u8>) {
        if body.is_empty() {
            return;
        }
        let at = self.chance.usize(..body.len());
        let until = (at + self.chance.usize(1..30)).min(body.len());
        let byte = *self.chance.choice(b"\",:[]{}0129.-+eEnulTZ \n\\\x00\x1f\x7f\x80\xff").unwrap();
        match self.chance.u32(..4) {
            0 => body[at] = byte,
            1 => body.insert(at, byte),
            2 => drop(body.drain(at..until)),
            _ => {
                let piece = body[at..until].to_vec();
                drop(body.splice(at..at, piece));
            }
        }
    }
}

/// The number of generated bodies.
const BODIES: u64 = 20_000;

#[test]
fn both_paths_agree_on_generated_bodies() {
    let (mut taken, mut taken_changed) = (0, 0);
    for seed in 0..BODIES {
        let mut maker = Maker::new(seed);
        let mut body = maker.body();
        taken += u64::from(both_agree(&body));
        for _ in 0..2 {
            maker.change(&mut body);
            taken_changed += u64::from(both_agree(&body));
        }
    }
    // Enough of both kinds to be meaningful: well-formed bodies, and changed ones that still are.
    assert!(taken > BODIES / 3 && taken < BODIES, "{taken}");
    assert!(taken_changed > BODIES / 20, "{taken_changed}");
}

/// Changes every byte of a good body to every other byte, one after the other, leaves it out and writes it
/// twice. Returns how many of these bodies the fast path takes.
fn change_every_byte(body: &[u8]) -> usize {
    let mut taken = 0;
    for at in 0..body.len() {
        for byte in 0..=u8::MAX {
            let mut changed = body.to_vec();
            changed[at] = byte;
            taken += usize::from(both_agree(&changed));
        }
        let mut shorter = body.to_vec();
        shorter.remove(at);
        both_agree(&shorter);
        let mut longer = body.to_vec();
        longer.insert(at, body[at]);
        both_agree(&longer);
        assert!(!both_agree(&body[..at]), "cut at {at}");
    }
    taken
}

#[test]
fn both_paths_agree_on_series_with_any_byte_changed() {
    let body = br#"{"success":true,"errors":[],"result":{"a":{"timestamps":["2026-01-01T00:00:00Z","2026-01-01T00:15:00Z"],"values":["0.5","412"]},"b":{"timestamps":["2026-01-01T00:00:00Z","2026-01-01T00:15:00Z"],"values":[null,"1.4e-05"]},"meta":{"units":[{"name":"*","value":"x"}]}}}"#;
    assert!(agree(body, Layout::Series) && agree(body, Layout::Groups));
    // Digits, and the letters of labels and texts: much of it is another good body.
    let taken = change_every_byte(body);
    assert!(taken > 3000, "{taken}");
}

#[test]
fn both_paths_agree_on_a_summary_with_any_byte_changed() {
    let body =
        br#"{"success":true,"result":{"a":{"RSA":"60.5","DSA":null,"x":"1.4e-05"},"meta":{"units":[]}}}"#;
    assert!(agree(body, Layout::Summary));
    let taken = change_every_byte(body);
    assert!(taken > 500, "{taken}");
}

/// The fast path must take what the server writes, which no comparison with the general path can show.
#[test]
fn the_fast_path_takes_bodies_of_the_server() {
    let series = r#"{"timestamps":["2026-10-01T00:00:00Z","2026-10-01T01:00:00Z"],"values":["0.06777","1"]}"#;
    let groups = r#"{"timestamps":["2026-10-01T00:00:00Z","2026-10-01T01:00:00Z"],"RSA":["60","59.5"],"ECDSA":["40","40.5"]}"#;
    let summary = r#"{"RSA":"60.5","ECDSA": null , "other":"1.4e-05"}"#;
    let meta = r#""meta":{"dateRange":[{"startTime":"2026-10-01T00:00:00Z","endTime":"2026-10-01T02:00:00Z"}],"aggInterval":"ONE_HOUR","confidenceInfo":{"annotations":[],"level":null},"lastUpdated":"2026-10-01T02:00:00Z","normalization":"MIN0_MAX","units":[{"name":"*","value":"certificates"}]}"#;
    for head in [
        "{\"success\":true,\"errors\":[],\"result\":{",
        "{\"result\":{",
        " {\n\"success\": true,\r\n\t\"errors\" : [ ],  \"result\":\n{ ",
    ] {
        let tail = if head.len() > 12 { "}}" } else { "},\"success\":true,\"errors\":[],\"messages\":[]}" };
        let body = |series: &str| format!("{head}\"a\":{series},\"b\":{series},{meta}{tail}\n");
        assert!(agree(body(series).as_bytes(), Layout::Series));
        assert!(agree(body(groups).as_bytes(), Layout::Groups));
        assert!(agree(body(summary).as_bytes(), Layout::Summary));
    }
    let body = format!("{{\"success\":true,\"result\":{{\"a\":{series},\"b\":{series},{meta}}}}}");
    let answer = Timeseries::from_slice(body.as_bytes()).unwrap();
    assert!(
        std::ptr::eq(answer.series[0].timestamps(), answer.series[1].timestamps()),
        "one column for both"
    );
    let body = body.replace("values", "RSA");
    let answer = TimeseriesGroups::from_slice(body.as_bytes()).unwrap();
    assert!(
        std::ptr::eq(answer.series[0].timestamps(), answer.series[1].timestamps()),
        "one column for both"
    );
}

/// Every source file of the crate that mentions the module.
fn files_that_mention_it(folder: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_that_mention_it(&path, found);
        } else if std::fs::read_to_string(&path).unwrap().contains(concat!("fast_path", "::")) {
            found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn only_the_decoder_imports_the_fast_path() {
    let mut found = Vec::new();
    files_that_mention_it(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert_eq!(found, ["decode.rs"]);
}
