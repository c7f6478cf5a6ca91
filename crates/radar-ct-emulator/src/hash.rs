//! Chance that is the same every time.

/// Mixes words into one that looks random.
pub(crate) fn mix(words: &[u64]) -> u64 {
    words.iter().fold(0, |state, word| mix_in(state, *word))
}

/// Mixes one more word in: it is added to the state, which then goes through the finaliser of `SplitMix64` (Steele, Lea
/// and Flood, 2014).
pub(crate) fn mix_in(state: u64, word: u64) -> u64 {
    let mut z = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
