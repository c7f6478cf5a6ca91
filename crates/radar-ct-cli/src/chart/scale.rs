//! The axis of values: round steps.

use super::number::{exponent, needs_exponent, prefix, scientific};

/// The largest value on an axis: differences of larger ones would be infinite.
const LARGEST: f64 = 1e300;
/// The smallest range of an axis; a smaller one counts as empty.
const SMALLEST: f64 = 1e-300;

/// An axis that includes zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Ticks in ascending order, the first at `low` and the last at `high`.
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// Creates an axis that covers `low` to `high` with at most about `steps` steps; `whole` allows whole
    /// numbers only.
    pub(super) fn new(low: f64, high: f64, steps: usize, whole: bool) -> Self {
        let (low, high) = (low.clamp(-LARGEST, 0.0), high.clamp(0.0, LARGEST));
        let high = if high - low < SMALLEST { 1.0 } else { high };
        // An axis with values on both sides of zero has at least two steps.
        let steps = float(steps.max(2));
        let mut step = Step::at_least((high - low) / steps, whole);
        let (mut first, mut last) = step.ends(low, high);
        while last - first > steps {
            step = step.next();
            (first, last) = step.ends(low, high);
        }
        let counts =
            std::iter::successors(Some(first), |count| Some(count + 1.0)).take_while(|count| *count <= last);
        Self {
            low: step.times(first),
            high: step.times(last),
            ticks: counts.map(|count| step.times(count)).collect(),
        }
    }

    /// Creates an axis that is not drawn.
    pub(super) fn without_ticks(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, ticks: Vec::new() }
    }

    /// The position of a value, from 0 at the low end to 1 at the high end.
    pub(super) fn position(&self, value: f64) -> f64 {
        // Halved, since the difference of the largest numbers is infinite.
        let (low, high, value) = (self.low / 2.0, self.high / 2.0, value / 2.0);
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The label of a tick; all ticks of an axis share a prefix.
    pub(super) fn label(&self, tick: f64) -> String {
        let largest = self.low.abs().max(self.high.abs());
        if tick == 0.0 {
            return "0".to_owned();
        }
        if needs_exponent(largest) {
            return scientific(tick);
        }
        let (factor, prefix) = prefix(largest);
        format!("{}{prefix}", tick / factor)
    }
}

/// One, two or five times a power of ten, counted in thirds of a power.
#[derive(Debug, Clone, Copy)]
struct Step(i32);

impl Step {
    /// The smallest step of at least that size.
    fn at_least(size: f64, whole: bool) -> Self {
        let exponent = if whole { exponent(size).max(0) } else { exponent(size) };
        let mut step = Self(3 * exponent);
        while step.times(1.0) < size {
            step = step.next();
        }
        step
    }

    fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// A multiple of the step. Divides by a power of ten instead of multiplying by a fraction, so that three
    /// times 0.1 is 0.3.
    fn times(self, count: f64) -> f64 {
        let mantissa = match self.0.rem_euclid(3) {
            0 => 1.0,
            1 => 2.0,
            _ => 5.0,
        };
        let (whole, exponent) = (count * mantissa, self.0.div_euclid(3));
        let power = 10_f64.powi(exponent.abs());
        if exponent < 0 { whole / power } else { whole * power }
    }

    /// The first and the last step of an axis from `low` to `high`, counted from zero.
    fn ends(self, low: f64, high: f64) -> (f64, f64) {
        ((low / self.times(1.0)).floor(), (high / self.times(1.0)).ceil())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of steps, or of cells on a screen")]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}

/// Rounds to a whole number between 0 and `most`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before; NaN becomes 0")]
pub(super) fn whole(number: f64, most: usize) -> usize {
    (number.round().clamp(0.0, float(most)) as usize).min(most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(low: f64, high: f64, steps: usize) -> Vec<String> {
        let scale = Scale::new(low, high, steps, false);
        scale.ticks.iter().map(|tick| scale.label(*tick)).collect()
    }

    #[test]
    fn steps_are_round_and_share_a_prefix() {
        assert_eq!(
            labels(300_000.0, 584_000.0, 6),
            ["0", "100 k", "200 k", "300 k", "400 k", "500 k", "600 k"]
        );
        assert_eq!(labels(0.0, 1.4e6, 4), ["0", "0.5 M", "1 M", "1.5 M"]);
        assert_eq!(labels(0.0, 0.3, 3), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(-12.0, 30.0, 5), ["-20", "-10", "0", "10", "20", "30"]);
        assert_eq!(labels(0.0, 0.0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(Scale::new(0.0, 1.0, 6, true).ticks, [0.0, 1.0]);
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<f64>().prop_filter("finite", |value| value.is_finite()),
            -1e9..1e9_f64,
            0.0..1.0_f64,
            (0..2_000_000_i32).prop_map(f64::from),
        ]
    }

    proptest! {
        #[test]
        fn ticks_are_round_ascending_distinct_and_cover_the_values(
            one in value(), other in value(), steps in 0_usize..30, whole: bool,
        ) {
            let scale = Scale::new(one.min(other), one.max(other), steps, whole);
            prop_assert!(scale.ticks.len() >= 2 && scale.ticks.len() <= steps.max(2) + 1);
            prop_assert!(scale.ticks.windows(2).all(|pair| pair[0] < pair[1]), "{scale:?}");
            prop_assert!(scale.ticks.contains(&0.0));
            prop_assert_eq!(Some(&scale.low), scale.ticks.first());
            prop_assert_eq!(Some(&scale.high), scale.ticks.last());
            for value in [one, other] {
                let position = scale.position(value);
                prop_assert!((0.0..=1.0).contains(&position), "{position}");
            }
            let sizes = scale.ticks.iter().map(|tick| tick.abs()).filter(|size| *size > 0.0);
            let step = sizes.fold(f64::INFINITY, f64::min);
            if (1e-15..1e15).contains(&step) {
                let digits = format!("{step:e}");
                let is_round = ["1e", "2e", "5e"].iter().any(|round| digits.starts_with(round));
                prop_assert!(is_round && (!whole || step >= 1.0), "{digits}");
            }
            let labels: Vec<String> = scale.ticks.iter().map(|tick| scale.label(*tick)).collect();
            let mut distinct = labels.clone();
            distinct.dedup();
            prop_assert_eq!(&labels, &distinct);
            if (1e-4..1e15).contains(&scale.high.max(-scale.low)) && step > 1e-9 {
                prop_assert!(labels.iter().all(|label| label.len() <= 9), "{labels:?}");
            }
        }
    }
}
