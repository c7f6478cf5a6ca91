//! What a query parameter is, and what can be wrong with one.

use std::borrow::Cow;
use std::fmt;

/// One query parameter of an endpoint: the table of these is the only list of wire names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire, such as `caOwner`.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// One line of help.
    pub help: &'static str,
}

impl Parameter {
    pub(crate) const fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self { name, kind, help }
    }

    /// The name in kebab case, as command lines write it: `caOwner` is `ca-owner`.
    pub fn kebab_name(&self) -> String {
        let mut kebab = String::with_capacity(self.name.len() + 3);
        for letter in self.name.chars() {
            if letter.is_ascii_uppercase() {
                kebab.push('-');
            }
            kebab.push(letter.to_ascii_lowercase());
        }
        kebab
    }
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// A relative range of dates such as `7d` or `2wcontrol`; see [`DateRange`](crate::DateRange).
    DateRange,
    /// An instant, RFC 3339.
    DateTime,
    /// A whole number.
    Integer {
        /// The least it can be.
        least: u32,
    },
}

/// The values that a filter can have, and how they are written.
pub(crate) trait WireValue: Sized {
    const KIND: Kind;
    fn parse(text: &str) -> Result<Self, Problem>;
    fn wire(&self) -> &str;
    /// Whether this stands for no value at all: an empty text on the wire is an unfiltered position.
    fn is_absent(&self) -> bool {
        false
    }
    /// What cannot be wrong by type but is wrong by the documentation.
    fn check(&self) -> Result<(), Problem> {
        Ok(())
    }
}

impl WireValue for String {
    const KIND: Kind = Kind::Text;

    fn parse(text: &str) -> Result<Self, Problem> {
        Ok(text.to_owned())
    }

    fn wire(&self) -> &str {
        self
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl WireValue for bool {
    const KIND: Kind = Kind::Boolean;

    fn parse(text: &str) -> Result<Self, Problem> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(Problem::NotBoolean(other.into())),
        }
    }

    fn wire(&self) -> &str {
        if *self { "true" } else { "false" }
    }
}

/// A request that the API would refuse: which parameter, of which series, and what rule it breaks.
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
    /// Whether there is any other series that could be meant.
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

    /// The parameter, by its name on the wire.
    pub fn parameter(&self) -> &str {
        &self.parameter
    }

    /// The position of the series, from 0, where the parameter belongs to one.
    pub fn series(&self) -> Option<usize> {
        self.series
    }

    /// The rule that is broken.
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

/// The rule that a parameter breaks. Its text goes behind the parameter's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not one of the documented values.
    #[error("cannot be `{}`: it is one of {}{}", .value.escape_debug(), .known.join(", "), did_you_mean(.value, .known))]
    UnknownValue {
        /// What was given.
        value: Box<str>,
        /// What is documented.
        known: &'static [&'static str],
    },
    /// Neither `true` nor `false`.
    #[error("cannot be `{}`: it is true or false{}", .0.escape_debug(), did_you_mean(.0, &["true", "false"]))]
    NotBoolean(Box<str>),
    /// Not a relative range of dates, or out of its bounds.
    #[error(
        "cannot be `{}`: it is 1d to 364d or 1w to 52w, optionally followed by `control` for the equivalent earlier period",
        .0.escape_debug()
    )]
    NotDateRange(Box<str>),
    /// Not an instant as RFC 3339 writes it.
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
    /// The end of a window is not after its start.
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
        /// Minutes of this series.
        minutes: i64,
        /// Minutes of the first series that has a window.
        first: i64,
    },
    /// `tld` together with a filter on logs.
    #[error("cannot be combined with `{with}`: data by top-level domain is not kept by log")]
    TldWithLog {
        /// The other parameter.
        with: &'static str,
    },
    /// A filter that does not go with the dimension of the groups.
    #[error("cannot be combined with the dimension {dimension}: data by top-level domain is not kept by log")]
    WithDimension {
        /// The dimension.
        dimension: Box<str>,
    },
    /// Not a whole number, or too small a one.
    #[error("cannot be `{}`: it is a whole number, at least {least}", .value.escape_debug())]
    NotInteger {
        /// What was given.
        value: Box<str>,
        /// The least it can be.
        least: u32,
    },
    /// Not the fingerprint of a certificate.
    #[error("cannot be `{}`: it is a SHA-256 fingerprint, 64 hexadecimal digits", .0.escape_debug())]
    NotFingerprint(Box<str>),
    /// Not the slug of a log.
    #[error("cannot be `{}`: it is a log's slug, such as argon2026h1, of 1 to 100 characters", .0.escape_debug())]
    NotLogSlug(Box<str>),
    /// Two series would be answered under one label.
    #[error("gives the label `{}`, which series {} has already: every label must be unique", .label.escape_debug(), .other + 1)]
    DuplicateLabel {
        /// The label.
        label: Box<str>,
        /// The other series, from 0.
        other: usize,
    },
    /// The label of the answer's own member.
    #[error("cannot be `meta`: the answer keeps its metadata under that label")]
    ReservedLabel,
    /// A named series behind one without a name.
    #[error("is missing: a later series has a name, and a name cannot be left empty between others")]
    UnnamedBeforeNamed,
    /// A parameter of the whole request given more than once.
    #[error("is given {0} times: it holds for the whole request and is given once")]
    Repeated(usize),
    /// A known parameter among the extra ones.
    #[error("is a parameter of its own: set it by its method, so that it keeps its position")]
    NotExtra,
    /// A text that is not UTF-8 once its percent-encoding is undone.
    #[error("holds percent-encoded bytes that are not UTF-8")]
    NotUtf8,
    /// CSV asked for in a call that decodes JSON.
    #[error("is `{0}`, but this call decodes JSON: leave it out, or make the call that returns CSV")]
    NotJson(Box<str>),
}

fn span(minutes: i64) -> String {
    let (days, rest) = (minutes / 1440, minutes % 1440);
    let (hours, minutes) = (rest / 60, rest % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min")];
    let text: Vec<String> =
        parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if text.is_empty() { "0 min".to_owned() } else { text.join(" ") }
}

/// Suggests the documented value that differs only in case or separators.
fn did_you_mean(value: &str, known: &[&str]) -> String {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = plain(value);
    known
        .iter()
        .find(|candidate| !wanted.is_empty() && plain(candidate) == wanted)
        .map(|candidate| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_kebab_case_has_the_same_words() {
        for (name, kebab) in
            [("ca", "ca"), ("caOwner", "ca-owner"), ("publicKeyAlgorithm", "public-key-algorithm")]
        {
            assert_eq!(Parameter::new(name, Kind::Text, "").kebab_name(), kebab);
        }
    }
}
