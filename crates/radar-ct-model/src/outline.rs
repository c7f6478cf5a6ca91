//! What this version knows of the API, as data: for tools that compare it with another description of the API.
//!
//! Nothing here is told twice. Parameters come from the tables by which queries are written, and members of answers are
//! recorded while the code that decodes answers asks for them.

mod recorder;
mod vocabulary;

use serde::de::DeserializeOwned;

use crate::endpoint::Endpoint;
use crate::endpoints::authorities::{Authorities, AuthorityParams, OneAuthority};
use crate::endpoints::logs::{LogParams, Logs, OneLog};
use crate::endpoints::summary::SummaryParams;
use crate::endpoints::timeseries::{TimeseriesOptions, TimeseriesParams};
use crate::endpoints::timeseries_groups::TimeseriesGroupsParams;
use crate::enums::Dimension;
use crate::request::grouping::Grouped;
use crate::request::page::{ListParams, Listing};
use crate::request::parameter::Parameter;
use crate::request::series_params::SeriesParams;
use crate::request::series_request::{RequestOptions, SeriesRequest};
use crate::response::envelope::DecodeError;
use crate::response::frame::{TIMESTAMPS, VALUES};
use crate::response::meta::META;
use crate::response::series::{Distribution, GroupedSeries, Series, SeriesView};
use crate::response::series_answer::SeriesAnswer;
use recorder::{Reading, record};
pub use vocabulary::Vocabulary;

/// In the path of a member: the label of a series, whatever it is.
const LABEL: &str = "<label>";
/// In the path of a member: the key of a group, whatever it is.
const GROUP: &str = "<group>";

/// One endpoint, as this version knows it.
///
/// ```
/// use radar_ct_model::Outline;
/// let outlines = Outline::all()?;
/// let timeseries = outlines.iter().find(|outline| outline.path == "/radar/ct/timeseries").unwrap();
/// assert_eq!(timeseries.of_series.len() + timeseries.of_request.len(), 21);
/// assert!(timeseries.members.iter().any(|member| member.path == "meta.units[].name"));
/// # Ok::<(), radar_ct_model::DecodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outline {
    /// The path below the base URL, with the name of what varies in braces.
    pub path: String,
    /// What the dimension in the path can be, where there is one.
    pub dimension: Option<Vocabulary>,
    /// The parameters that each series has: arrays on the wire.
    pub of_series: Vec<Parameter>,
    /// The parameters that the request has once.
    pub of_request: Vec<Parameter>,
    /// What is read of the answer's `result`. Anything else in it is passed over.
    pub members: Vec<Member>,
}

/// A member of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Where it is: `meta.units[].name` is the member `name` of each element of `units`. `<label>` and `<group>` stand
    /// for any name.
    pub path: String,
    /// As what it is read.
    pub form: Form,
    /// Whether a null is read, too.
    pub nullable: bool,
}

/// What a member is on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Text.
    Text,
    /// A word of a vocabulary; others are kept.
    Word(Vocabulary),
    /// A number.
    Number,
    /// A number, as one or as text.
    TextOrNumber,
    /// `true` or `false`.
    Boolean,
    /// An object, whose members follow.
    Object,
    /// A list, whose element follows.
    List,
}

impl Outline {
    /// Every endpoint.
    ///
    /// # Errors
    /// Where an answer is read in a way that cannot be recorded, which is a mistake of this crate.
    pub fn all() -> Result<Vec<Self>, DecodeError> {
        let (summary, groups) = (SummaryParams::by(Dimension::Ca), TimeseriesGroupsParams::by(Dimension::Ca));
        Ok(vec![
            Self::of_series::<TimeseriesOptions, Series>(
                TimeseriesParams::new().path(),
                &[TIMESTAMPS, VALUES],
            )?,
            Self::grouped::<_, Distribution>(&summary, &summary.path(), &[GROUP])?,
            Self::grouped::<_, GroupedSeries>(&groups, &groups.path(), &[TIMESTAMPS, GROUP])?,
            Self::listing::<Authorities>()?,
            Self::one::<OneAuthority>(
                format!("{}/{{ca_slug}}", Authorities::PATH),
                AuthorityParams::parameters(),
            )?,
            Self::listing::<Logs>()?,
            Self::one::<OneLog>(format!("{}/{{log_slug}}", Logs::PATH), LogParams::parameters())?,
        ])
    }

    fn of_series<O: RequestOptions, T: SeriesView>(
        path: String,
        columns: &[&'static str],
    ) -> Result<Self, DecodeError> {
        let members = record::<SeriesAnswer<T>>(&[
            ("", Reading::Members(&[META, LABEL])),
            (LABEL, Reading::Members(columns)),
            // It is also read without the list, as it was once.
            ("meta.dateRange", Reading::List),
        ])?;
        Ok(Self {
            path,
            dimension: None,
            of_series: SeriesParams::parameters().collect(),
            of_request: SeriesRequest::<O>::request_parameters().collect(),
            members,
        })
    }

    fn grouped<O: RequestOptions, T: SeriesView>(
        request: &SeriesRequest<Grouped<O>>,
        path: &str,
        columns: &[&'static str],
    ) -> Result<Self, DecodeError> {
        let name = path.strip_suffix(request.dimension().as_str()).unwrap_or(path);
        let outline = Self::of_series::<Grouped<O>, T>(format!("{name}{{dimension}}"), columns)?;
        Ok(Self { dimension: Vocabulary::find("Dimension"), ..outline })
    }

    fn listing<L: Listing>() -> Result<Self, DecodeError> {
        Self::one::<L>(L::PATH.to_owned(), ListParams::<L>::parameters())
    }

    fn one<A: DeserializeOwned>(
        path: String,
        parameters: impl Iterator<Item = Parameter>,
    ) -> Result<Self, DecodeError> {
        Ok(Self {
            path,
            dimension: None,
            of_series: Vec::new(),
            of_request: parameters.collect(),
            members: record::<A>(&[])?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(path: &str) -> Outline {
        Outline::all().unwrap().into_iter().find(|outline| outline.path == path).unwrap()
    }

    fn paths(outline: &Outline) -> Vec<&str> {
        outline.members.iter().map(|member| member.path.as_str()).collect()
    }

    fn form(outline: &Outline, path: &str) -> Form {
        outline.members.iter().find(|member| member.path == path).unwrap().form
    }

    #[test]
    fn every_endpoint_is_there_with_its_parameters() {
        let counts: Vec<(String, usize, usize)> = Outline::all()
            .unwrap()
            .into_iter()
            .map(|one| (one.path, one.of_series.len(), one.of_request.len()))
            .collect();
        let expected = [
            ("/radar/ct/timeseries", 19, 2),
            ("/radar/ct/summary/{dimension}", 19, 3),
            ("/radar/ct/timeseries_groups/{dimension}", 19, 4),
            ("/radar/ct/authorities", 0, 3),
            ("/radar/ct/authorities/{ca_slug}", 0, 1),
            ("/radar/ct/logs", 0, 3),
            ("/radar/ct/logs/{log_slug}", 0, 1),
        ];
        assert_eq!(counts, expected.map(|(path, series, request)| (path.to_owned(), series, request)));
    }

    #[test]
    fn what_is_read_of_a_time_series_is_recorded() {
        let outline = outline("/radar/ct/timeseries");
        assert_eq!(
            paths(&outline),
            [
                "meta",
                "meta.dateRange",
                "meta.dateRange[]",
                "meta.dateRange[].startTime",
                "meta.dateRange[].endTime",
                "meta.aggInterval",
                "meta.confidenceInfo",
                "meta.confidenceInfo.level",
                "meta.confidenceInfo.annotations",
                "meta.confidenceInfo.annotations[]",
                "meta.confidenceInfo.annotations[].dataSource",
                "meta.confidenceInfo.annotations[].description",
                "meta.confidenceInfo.annotations[].eventType",
                "meta.confidenceInfo.annotations[].startDate",
                "meta.confidenceInfo.annotations[].endDate",
                "meta.confidenceInfo.annotations[].startTime",
                "meta.confidenceInfo.annotations[].endTime",
                "meta.confidenceInfo.annotations[].isInstantaneous",
                "meta.confidenceInfo.annotations[].linkedUrl",
                "meta.confidenceInfo.annotations[].tags",
                "meta.confidenceInfo.annotations[].tags[]",
                "meta.normalization",
                "meta.lastUpdated",
                "meta.units",
                "meta.units[]",
                "meta.units[].name",
                "meta.units[].value",
                "<label>",
                "<label>.timestamps",
                "<label>.timestamps[]",
                "<label>.values",
                "<label>.values[]",
            ]
        );
        assert_eq!(form(&outline, "<label>.values[]"), Form::TextOrNumber);
        assert_eq!(form(&outline, "meta.confidenceInfo.level"), Form::Number);
        let nullable =
            |path: &str| outline.members.iter().find(|member| member.path == path).unwrap().nullable;
        assert!(nullable("meta.confidenceInfo.level") && nullable("meta.dateRange"));
        assert!(!nullable("<label>.timestamps"));
    }

    #[test]
    fn a_word_is_told_from_text() {
        let outline = outline("/radar/ct/timeseries");
        let Form::Word(words) = form(&outline, "meta.confidenceInfo.annotations[].eventType") else {
            panic!()
        };
        assert_eq!((words.name, words.values), ("EventType", crate::EventType::VALUES));
        assert_eq!(form(&outline, "meta.confidenceInfo.annotations[].description"), Form::Text);
    }

    #[test]
    fn groups_and_rows_are_recorded() {
        let summary = outline("/radar/ct/summary/{dimension}");
        assert_eq!(form(&summary, "<label>.<group>"), Form::TextOrNumber);
        assert_eq!(summary.dimension.unwrap().values, Dimension::VALUES);
        let groups = outline("/radar/ct/timeseries_groups/{dimension}");
        assert_eq!(form(&groups, "<label>.timestamps[]"), Form::Text);
        assert_eq!(form(&groups, "<label>.<group>[]"), Form::TextOrNumber);
        let log = outline("/radar/ct/logs/{log_slug}");
        assert_eq!(form(&log, "certificateLog.performance.endpoints[].uptime"), Form::Number);
        assert_eq!(form(&log, "certificateLog.submittedCertCount"), Form::TextOrNumber);
        let authorities = outline("/radar/ct/authorities");
        assert_eq!(form(&authorities, "certificateAuthorities[]"), Form::Object);
        assert!(matches!(form(&authorities, "certificateAuthorities[].revocationStatus"), Form::Word(_)));
    }
}
