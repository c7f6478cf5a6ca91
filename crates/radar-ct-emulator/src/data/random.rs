//! Pseudo-random numbers that are the same on every machine and in every version.

/// Hashes words into a number that looks random.
pub(crate) fn mix(words: &[u64]) -> u64 {
    words.iter().fold(0, |state, word| mix_in(state, *word))
}

/// Hashes a text into a number that looks random.
pub(crate) fn mix_text(text: &str) -> u64 {
    text.bytes().fold(0, |hash, byte| mix(&[hash, u64::from(byte)]))
}

/// Adds a word to a state, which then goes through the finalizer of `SplitMix64` (Steele, Lea and Flood,
/// 2014).
pub(crate) fn mix_in(state: u64, word: u64) -> u64 {
    let mut z = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
