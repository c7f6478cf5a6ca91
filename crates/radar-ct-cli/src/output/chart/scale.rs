//! Round steps of an axis of values, and numbers as people read them.

/// Beyond this nothing is told apart on an axis any more, and differences still are numbers.
const LARGEST: f64 = 1e300;
/// Below this a range is no range.
const SMALLEST: f64 = 1e-300;

const PREFIXES: [(f64, &str); 4] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];

/// An axis of values: zero is on it, and it begins and ends with a tick.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    /// From low to high.
    pub(super) ticks: Vec<f64>,
}

impl Scale {
    /// An axis for values from `low` to `high` with about so many steps at most; of whole numbers alone where the values
    /// are.
    pub(super) fn new(low: f64, high: f64, most: usize, whole: bool) -> Self {
        let (low, high) = (low.clamp(-LARGEST, 0.0), high.clamp(0.0, LARGEST));
        let high = if high - low < SMALLEST { 1.0 } else { high };
        // Where the values are on both sides of zero there are two steps at least.
        let most = most.max(2);
        let mut step = Step::at_least((high - low) / float(most), whole);
        while step.count(low, high) > float(most) {
            step = step.next();
        }
        let (first, last) = ((low / step.size()).floor(), (high / step.size()).ceil());
        let mut ticks = Vec::new();
        let mut number = first;
        while number <= last {
            ticks.push(step.times(number));
            number += 1.0;
        }
        let ends = (ticks.first().copied(), ticks.last().copied());
        let (low, high) = (ends.0.unwrap_or(low), ends.1.unwrap_or(high));
        Self { low, high, ticks }
    }

    /// An axis for values from `low` to `high` that nobody sees.
    pub(super) fn bare(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, ticks: Vec::new() }
    }

    /// Where a value is, from 0 at the low end to 1 at the high one.
    pub(super) fn place(&self, value: f64) -> f64 {
        // Halved, since the difference of the largest numbers is none.
        let (low, high, value) = (self.low / 2.0, self.high / 2.0, value / 2.0);
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The text of a tick; all ticks of an axis share a prefix.
    pub(super) fn text(&self, tick: f64) -> String {
        let largest = self.low.abs().max(self.high.abs());
        if tick == 0.0 {
            return "0".to_owned();
        }
        if !(1e-4..1e15).contains(&largest) {
            return scientific(tick);
        }
        let (factor, prefix) = prefix_of(largest);
        format!("{}{prefix}", tick / factor)
    }
}

/// One, two or five times a power of ten.
#[derive(Debug, Clone, Copy)]
struct Step {
    mantissa: f64,
    exponent: i32,
}

impl Step {
    /// The smallest that is no smaller than that, or a tenth too small where logarithms are not exact.
    fn at_least(size: f64, whole: bool) -> Self {
        let mut step = Self { mantissa: 1.0, exponent: exponent_of(size) };
        if whole && step.exponent < 0 {
            step.exponent = 0;
        }
        while step.size() < size {
            step = step.next();
        }
        step
    }

    fn next(self) -> Self {
        let Self { mantissa, exponent } = self;
        if mantissa < 2.0 {
            Self { mantissa: 2.0, exponent }
        } else if mantissa < 5.0 {
            Self { mantissa: 5.0, exponent }
        } else {
            Self { mantissa: 1.0, exponent: exponent + 1 }
        }
    }

    fn size(self) -> f64 {
        self.times(1.0)
    }

    /// So many steps. Divided by a whole power of ten rather than multiplied by a broken one: three times 0.1 is 0.3.
    fn times(self, number: f64) -> f64 {
        let whole = number * self.mantissa;
        let power = 10_f64.powi(self.exponent.abs());
        if self.exponent < 0 { whole / power } else { whole * power }
    }

    fn count(self, low: f64, high: f64) -> f64 {
        (high / self.size()).ceil() - (low / self.size()).floor()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the logarithm of an f64 is within 400")]
fn exponent_of(size: f64) -> i32 {
    size.log10().floor() as i32
}

#[expect(clippy::cast_precision_loss, reason = "a count of steps, or of cells on a screen")]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}

/// The nearest whole number between 0 and `most`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before; NaN becomes 0")]
pub(super) fn whole(number: f64, most: usize) -> usize {
    (number.round().clamp(0.0, float(most)) as usize).min(most)
}

fn prefix_of(size: f64) -> (f64, &'static str) {
    PREFIXES.into_iter().find(|(factor, _)| size >= *factor).unwrap_or((1.0, ""))
}

/// A number to read, with four digits: `555.1 k`, `1.5 M`, `0.06777`.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e15).contains(&size) {
        return scientific(value);
    }
    // Rounded first, so that 999,999 is 1 M and not 1000 k.
    let scale = 10_f64.powi(3 - exponent_of(size));
    let rounded = (size * scale).round() / scale;
    let (factor, prefix) = prefix_of(rounded);
    let decimals = usize::try_from(3 - exponent_of(rounded / factor)).unwrap_or(0);
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}{prefix}", trimmed(format!("{:.decimals$}", rounded / factor)))
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}e{exponent}", trimmed(digits.to_owned()))
}

/// As [`number`], with a sign in any case.
pub(super) fn signed(value: f64) -> String {
    let text = number(value);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ticks(low: f64, high: f64, most: usize) -> Vec<String> {
        let scale = Scale::new(low, high, most, false);
        scale.ticks.iter().map(|tick| scale.text(*tick)).collect()
    }

    #[test]
    fn steps_are_round_and_share_a_prefix() {
        assert_eq!(
            ticks(300_000.0, 584_000.0, 6),
            ["0", "100 k", "200 k", "300 k", "400 k", "500 k", "600 k"]
        );
        assert_eq!(ticks(0.0, 1.4e6, 4), ["0", "0.5 M", "1 M", "1.5 M"]);
        assert_eq!(ticks(0.0, 0.3, 3), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(ticks(-12.0, 30.0, 5), ["-20", "-10", "0", "10", "20", "30"]);
        assert_eq!(ticks(0.0, 0.0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(Scale::new(0.0, 1.0, 6, true).ticks, [0.0, 1.0]);
    }

    #[test]
    fn numbers_are_short() {
        let cases = [
            (0.0, "0"),
            (7.0, "7"),
            (999.0, "999"),
            (1000.0, "1 k"),
            (555_128.0, "555.1 k"),
            (999_999.0, "1 M"),
            (1_500_000.0, "1.5 M"),
            (-76_824_113.0, "-76.82 M"),
            (8.96266, "8.963"),
            (0.06777, "0.06777"),
            (1.4e-5, "1.4e-5"),
            (2.5e20, "2.5e20"),
            (f64::MAX, "1.798e308"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
        assert_eq!((signed(0.35), signed(-2.0)), ("+0.35".to_owned(), "-2".to_owned()));
    }

    fn any_value() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<f64>().prop_filter("a number", |value| value.is_finite()),
            -1e9..1e9_f64,
            0.0..1.0_f64,
            (0..2_000_000_i32).prop_map(f64::from),
        ]
    }

    proptest! {
        #[test]
        fn ticks_are_round_ascending_distinct_and_hold_the_values(
            one in any_value(), other in any_value(), most in 0_usize..30, whole: bool,
        ) {
            let scale = Scale::new(one.min(other), one.max(other), most, whole);
            prop_assert!(scale.ticks.len() >= 2 && scale.ticks.len() <= most.max(2) + 1);
            prop_assert!(scale.ticks.windows(2).all(|pair| pair[0] < pair[1]), "{scale:?}");
            prop_assert!(scale.ticks.contains(&0.0));
            prop_assert_eq!(Some(&scale.low), scale.ticks.first());
            prop_assert_eq!(Some(&scale.high), scale.ticks.last());
            for value in [one, other] {
                let place = scale.place(value);
                prop_assert!((0.0..=1.0).contains(&place), "{place}");
            }
            let sizes = scale.ticks.iter().map(|tick| tick.abs()).filter(|size| *size > 0.0);
            let step = sizes.fold(f64::INFINITY, f64::min);
            if (1e-15..1e15).contains(&step) {
                let digits = format!("{step:e}");
                let is_round = ["1e", "2e", "5e"].iter().any(|round| digits.starts_with(round));
                prop_assert!(is_round && (!whole || step >= 1.0), "{digits}");
            }
            let texts: Vec<String> = scale.ticks.iter().map(|tick| scale.text(*tick)).collect();
            let mut distinct = texts.clone();
            distinct.dedup();
            prop_assert_eq!(&texts, &distinct);
            if (1e-4..1e15).contains(&scale.high.max(-scale.low)) && step > 1e-9 {
                prop_assert!(texts.iter().all(|text| text.len() <= 9), "{texts:?}");
            }
        }

        #[test]
        fn a_number_is_within_a_part_in_a_thousand_and_short(value in any_value()) {
            let text = number(value);
            prop_assert!(text.len() <= 11, "{text}");
            let (digits, factor) = match text.split_once(' ') {
                None => (text.as_str(), 1.0),
                Some((digits, prefix)) => {
                    (digits, PREFIXES.iter().find(|(_, known)| known.trim() == prefix).unwrap().0)
                }
            };
            let read: f64 = digits.parse::<f64>().unwrap() * factor;
            prop_assert!((read / 2.0 - value / 2.0).abs() <= value.abs() / 1000.0 + 1e-320, "{value} {text}");
        }
    }
}
