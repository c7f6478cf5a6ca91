//! Rules that a request can break, as data and in words.

use std::borrow::Cow;
use std::fmt;

/// A request that the API would refuse: the parameter, its series and the broken rule.
///
/// ```
/// use radar_ct_model::TimeseriesParams;
/// let error = TimeseriesParams::new().tld("com").log("argon2026h1").validate().unwrap_err();
/// assert_eq!(error.parameter(), "tld");
/// assert_eq!(error.series(), Some(0));
/// assert_eq!(
///     error.to_string(),
///     "parameter `tld` cannot be combined with `log`: data by top-level domain is not kept by log",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamError {
    parameter: Cow<'static, str>,
    series: Option<usize>,
    /// Set if the request has several series, so that the message must number them.
    several: bool,
    problem: Problem,
}

impl ParamError {
    pub(crate) fn new(parameter: impl Into<Cow<'static, str>>, problem: Problem) -> Self {
        Self { parameter: parameter.into(), series: None, several: false, problem }
    }

    pub(crate) fn in_series(self, index: usize, count: usize) -> Self {
        Self { series: Some(index), several: count > 1, ..self }
    }

    /// Returns the wire name of the parameter.
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// Returns the position of the series, from 0, if the parameter belongs to one.
    pub fn series(&self) -> Option<usize> {
        self.series
    }

    /// Returns whether the request has several series, so that a message has to say which one is meant.
    pub fn has_several_series(&self) -> bool {
        self.several
    }

    /// Returns the broken rule.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for ParamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter `{}`", self.parameter.escape_debug())?;
        if let (Some(series), true) = (self.series, self.several) {
            write!(f, " of series {}", series + 1)?;
        }
        write!(f, " {}", self.problem)
    }
}

impl std::error::Error for ParamError {}

/// A rule that a parameter breaks.
///
/// The text continues a sentence that begins with the parameter's name. A program that shows parameters under
/// other names (flags, form fields) makes its own sentence from the fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not one of the documented values.
    #[error("cannot be `{}`: it is one of {}{}", .value.escape_debug(), .known.join(", "), Suggestion(self))]
    UnknownValue {
        /// The value given.
        value: Box<str>,
        /// The documented values.
        known: &'static [&'static str],
    },
    /// Neither `true` nor `false`.
    #[error("cannot be `{}`: it is true or false{}", .0.escape_debug(), Suggestion(self))]
    NotBoolean(Box<str>),
    /// Not a relative date range, or out of bounds.
    #[error(
        "cannot be `{}`: it is 1d to 364d or 1w to 52w, optionally followed by `control` for the equivalent earlier period",
        .0.escape_debug()
    )]
    NotDateRange(Box<str>),
    /// Not an RFC 3339 instant.
    #[error(
        "cannot be `{}`: it is an instant with its offset (RFC 3339), such as 2026-01-31T00:00:00Z",
        .0.escape_debug()
    )]
    NotDateTime(Box<str>),
    /// A relative range and a window in one series.
    #[error("cannot be combined with `{with}`: a series has either a date range or a start and an end")]
    RangeAndWindow {
        /// The other parameter.
        with: &'static str,
    },
    /// One end of a window without the other.
    #[error("needs `{missing}` beside it: a window has a start and an end")]
    HalfWindow {
        /// The end that is missing.
        missing: &'static str,
    },
    /// A window that ends before it starts, or is empty.
    #[error("({end}) must be later than `dateStart` ({start})")]
    EndBeforeStart {
        /// The start given.
        start: Box<str>,
        /// The end given.
        end: Box<str>,
    },
    /// Two series whose windows differ in length.
    #[error(
        "spans {} where series 1 spans {}: all series must cover equally long windows, \
         once each start and end is floored to 15 minutes",
        span(*.minutes), span(*.first)
    )]
    UnequalDurations {
        /// Minutes that this series covers.
        minutes: i64,
        /// Minutes that the first series with a window covers.
        first: i64,
    },
    /// The filter `tld` together with a filter on logs.
    #[error("cannot be combined with `{with}`: data by top-level domain is not kept by log")]
    TldWithLog {
        /// The other parameter.
        with: &'static str,
    },
    /// A filter that excludes the dimension of the groups.
    #[error("cannot be combined with the dimension {dimension}: data by top-level domain is not kept by log")]
    WithDimension {
        /// The dimension.
        dimension: Box<str>,
    },
    /// Not an integer, or below the minimum.
    #[error("cannot be `{}`: it is a whole number, at least {min}", .value.escape_debug())]
    NotInteger {
        /// The value given.
        value: Box<str>,
        /// The smallest accepted value.
        min: u32,
    },
    /// Not the fingerprint of a certificate.
    #[error("cannot be `{}`: it is a SHA-256 fingerprint, 64 hexadecimal digits", .0.escape_debug())]
    NotFingerprint(Box<str>),
    /// Not the slug of a log.
    #[error("cannot be `{}`: it is a log's slug, such as argon2026h1, of 1 to 100 characters", .0.escape_debug())]
    NotLogSlug(Box<str>),
    /// Two series that would share one label in the answer.
    #[error("gives the label `{}`, which series {} has already: every label must be unique", .label.escape_debug(), .other + 1)]
    DuplicateLabel {
        /// The label.
        label: Box<str>,
        /// The position of the other series, from 0.
        other: usize,
    },
    /// The label `meta`, which the answer uses for its metadata.
    #[error("cannot be `meta`: the answer keeps its metadata under that label")]
    ReservedLabel,
    /// A series without a name before one with a name.
    #[error("is missing: a later series has a name, and a name cannot be left empty between others")]
    UnnamedBeforeNamed,
    /// A parameter of the whole request given more than once.
    #[error("is given {0} times: it holds for the whole request and is given once")]
    Repeated(usize),
    /// A known parameter given as an extra one.
    #[error("is a parameter of its own: set it by its method, so that it keeps its position")]
    NotExtra,
    /// Percent-encoded bytes that are not UTF-8.
    #[error("holds percent-encoded bytes that are not UTF-8")]
    NotUtf8,
    /// CSV requested in a call that decodes JSON.
    #[error("is `{0}`, but this call decodes JSON: leave it out, or make the call that returns CSV")]
    NotJson(Box<str>),
}

impl Problem {
    /// Returns the documented value that a misspelt one resembles most.
    ///
    /// ```
    /// use radar_ct_model::{EntryType, TimeseriesParams};
    /// let error = TimeseriesParams::new().entry_type("precertificat").validate().unwrap_err();
    /// assert_eq!(error.problem().suggestion(), Some("PRECERTIFICATE"));
    /// ```
    pub fn suggestion(&self) -> Option<&'static str> {
        /// Similarity from 0 to 1: one typo in four letters passes, one in three does not.
        const MIN_SIMILARITY: f64 = 0.7;
        /// Comparing takes quadratic time, and a typo is made in a word, not in a long text.
        const MAX_LENGTH: usize = 64;
        let (value, known): (&str, &[&str]) = match self {
            Self::UnknownValue { value, known } => (value, known),
            Self::NotBoolean(value) => (value, &["true", "false"]),
            _ => return None,
        };
        if value.len() > MAX_LENGTH {
            return None;
        }
        // Case and separators are the likeliest mistakes, so they do not count.
        let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
        let wanted = plain(value);
        let similarity = |known: &str| strsim::normalized_damerau_levenshtein(&plain(known), &wanted);
        let candidates = known.iter().map(|known| (similarity(known), *known));
        let similar =
            candidates.filter(|(similarity, _)| *similarity >= MIN_SIMILARITY && !wanted.is_empty());
        similar.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
    }
}

/// The end of a message: the suggestion, if there is one.
struct Suggestion<'p>(&'p Problem);

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.suggestion() {
            Some(known) => write!(f, "; did you mean `{known}`?"),
            None => Ok(()),
        }
    }
}

/// Writes minutes as days, hours and minutes: `1 d 15 min`.
fn span(minutes: i64) -> String {
    let (days, rest) = (minutes / 1440, minutes % 1440);
    let (hours, minutes) = (rest / 60, rest % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min")];
    let text: Vec<String> =
        parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if text.is_empty() { "0 min".to_owned() } else { text.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_gets_a_suggestion_and_another_word_does_not() {
        let suggestion = |value: &str| {
            let known = &["PRECERTIFICATE", "CERTIFICATE", "LTE_3D"];
            Problem::UnknownValue { value: value.into(), known }.suggestion()
        };
        for (value, meant) in [
            ("PRECERTIFICAT", "PRECERTIFICATE"),
            ("certificaet", "CERTIFICATE"),
            ("pre-certificate", "PRECERTIFICATE"),
            ("lte3d", "LTE_3D"),
        ] {
            assert_eq!(suggestion(value), Some(meant), "{value}");
        }
        for value in ["", "-", "final", "GT_200D", "é", &"PRECERTIFICATE".repeat(9)] {
            assert_eq!(suggestion(value), None, "{value}");
        }
        assert_eq!(Problem::NotBoolean("ture".into()).suggestion(), Some("true"));
        assert!(Problem::NotBoolean("ture".into()).to_string().ends_with("; did you mean `true`?"));
    }
}
