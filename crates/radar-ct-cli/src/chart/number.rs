//! Numbers for readers: four digits and a metric prefix.

const PREFIXES: [(f64, &str); 4] = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];

/// Formats a number with four significant digits: `555.1 k`, `1.5 M`, `0.06777`.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if needs_exponent(size) {
        return scientific(value);
    }
    // Rounded first, so that 999,999 is 1 M and not 1000 k.
    let scale = 10_f64.powi(3 - exponent(size));
    let rounded = (size * scale).round() / scale;
    let (factor, prefix) = prefix(rounded);
    let decimals = usize::try_from(3 - exponent(rounded / factor)).unwrap_or(0);
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}{prefix}", without_zeros(format!("{:.decimals$}", rounded / factor)))
}

/// Formats a number like [`number`], but always with a sign.
pub(crate) fn signed(value: f64) -> String {
    let text = number(value);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// Returns whether a number of this size is too small or too large to be written out.
pub(super) fn needs_exponent(size: f64) -> bool {
    !(1e-4..1e15).contains(&size)
}

/// Formats a number as `1.4e-5`.
pub(super) fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}e{exponent}", without_zeros(digits.to_owned()))
}

/// The metric prefix for a size, and its factor.
pub(super) fn prefix(size: f64) -> (f64, &'static str) {
    PREFIXES.into_iter().find(|(factor, _)| size >= *factor).unwrap_or((1.0, ""))
}

/// The power of ten of the first digit.
#[expect(clippy::cast_possible_truncation, reason = "the logarithm of an f64 is within 400")]
pub(super) fn exponent(size: f64) -> i32 {
    size.log10().floor() as i32
}

fn without_zeros(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_have_four_digits_and_a_prefix() {
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

    proptest! {
        #[test]
        fn numbers_are_short_and_within_a_thousandth(
            value in prop_oneof![
                any::<f64>().prop_filter("finite", |value| value.is_finite()),
                -1e9..1e9_f64,
                0.0..1.0_f64,
                (0..2_000_000_i32).prop_map(f64::from),
            ],
        ) {
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
