//! Equal requests have equal answers.

use std::thread;

use crate::http_client::{builder, emulator, get};

const QUERIES: [&str; 4] = [
    "",
    "dateRange=30d&aggInterval=15m&caOwner=Sectigo",
    "name=a&name=b&dateRange=7d&dateRange=7dcontrol&hasIps=true",
    "dateRange=2w&format=csv",
];

#[test]
fn equal_seeds_give_equal_answers() {
    let (one, other) = (emulator(), emulator());
    for query in QUERIES {
        let first = get(&one, query).body;
        assert!(first.len() > 1000, "{query}");
        assert_eq!(first, get(&other, query).body, "{query}");
        assert_eq!(first, get(&one, query).body, "{query}");
    }
}

#[test]
fn other_seeds_give_other_data_of_about_the_same_size() {
    let of_seed = |seed| {
        let emulator = builder().seed(seed).start().unwrap();
        crate::http_client::values(&get(&emulator, "dateRange=28d&aggInterval=1d").result(), "serie_0")
    };
    let (zero, one) = (of_seed(0), of_seed(1));
    assert_eq!(zero, of_seed(0));
    assert!(zero.iter().zip(&one).all(|(zero, one)| zero != one));
    let [zero, one] = [zero, one].map(|days| days.iter().sum::<u64>());
    assert!((95..=105).contains(&(zero * 100 / one)), "{zero} {one}");
    assert_ne!(of_seed(u64::MAX).len(), 0);
}

#[test]
fn concurrent_requests_do_not_affect_answers() {
    let emulator = emulator();
    let expected = QUERIES.map(|query| get(&emulator, query).body);
    thread::scope(|scope| {
        for worker in 0..16 {
            let (emulator, expected) = (&emulator, &expected);
            scope.spawn(move || {
                for step in 0..8 {
                    let which = (worker + step) % QUERIES.len();
                    assert_eq!(get(emulator, QUERIES[which]).body, expected[which]);
                }
            });
        }
    });
    assert_eq!(emulator.request_count(), 4 + 16 * 8);
}
