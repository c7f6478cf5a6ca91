//! Endpoints that answer series.

use clap::{ArgMatches, Command};
use radar_ct::endpoints::{EndpointInfo, SeriesOptions, SeriesView};
use radar_ct::{Kind, Parameter, SeriesParams, SeriesRequest};

use super::call::{call, refuse_output_of_server_csv};
use super::examples::{examples, first_flag, first_value};
use super::table::{command_line, row};
use crate::exit::Failure;
use crate::flags::{labels, parameter, series};
use crate::names::{flag, kebab};
use crate::output::format::OutputFormat;
use crate::output::write::write;
use crate::report::Reporter;
use crate::theme::Theme;
use crate::watch::{self, Watch};

/// Defines the command of an endpoint.
pub(super) fn command<O: SeriesOptions>(endpoint: &EndpointInfo) -> Command {
    // The global flags follow the flags that are defined here, and so does the order of the headings.
    Command::new(kebab(endpoint.name))
        .about(endpoint.about)
        .args(series::own_flags())
        .defer(with_arguments::<O>)
}

/// Adds the arguments and examples, which are needed once the command is chosen.
fn with_arguments<O: SeriesOptions>(command: Command) -> Command {
    let path_parameter = row(O::PATH).and_then(|endpoint| endpoint.path_parameter);
    let parameters = SeriesRequest::<O>::request_parameters();
    let segment = path_parameter.map(|parameter| format!(" {}", first_value(parameter))).unwrap_or_default();
    let line = command_line(O::PATH) + &segment;
    let range = flag(SeriesParams::DATE_RANGE.name);
    let option = first_flag(&parameters).map(|flag| format!("{flag} ")).unwrap_or_default();
    command
        .args(path_parameter.map(parameter::argument))
        .args(series::parameter_flags(&parameters))
        .args(<O::Series as SeriesView>::HAS_TIMESTAMPS.then(watch::flag))
        .after_help(examples(&[
            format!("{line} --emulator {range} 7d"),
            format!("{line} {range} 7d --vs {range} 7dcontrol"),
            format!("{line} {range} 4w {option}-o csv > data.csv"),
        ]))
}

/// Calls an endpoint and writes its answer.
pub(super) fn run<O: SeriesOptions>(endpoint: &EndpointInfo, flags: &ArgMatches) -> Result<(), Failure> {
    let request = series::request::<O>(endpoint.path_parameter, flags)?;
    let is_server_csv = request.is_csv();
    refuse_output_of_server_csv(OutputFormat::given(flags).is_some(), is_server_csv)?;
    let theme = Theme::from_flags(flags);
    let format = OutputFormat::for_series(flags, theme.to_terminal);
    let watch = Watch::from_flags(flags, format, is_server_csv)?;
    let title = title(endpoint.path_parameter, &request);
    call(flags, request, is_server_csv, theme, |client, request| {
        let fetch = || client.call(request).map(|answer| answer.data);
        match watch {
            Some(watch) => watch.run(&Reporter::from_flags(flags), theme, &title, fetch),
            None => write(&fetch()?, format, theme, &title),
        }
    })
}

/// Returns the part of a title that describes the request: its segment, and the filters that all series
/// share.
fn title<O: SeriesOptions>(path_parameter: Option<Parameter>, request: &SeriesRequest<O>) -> String {
    let segment = match (path_parameter, request.segment()) {
        (Some(Parameter { kind: Kind::Enum(_), .. }), Some(segment)) => format!(" by {}", kebab(segment)),
        (_, Some(segment)) => format!(", {segment}"),
        (_, None) => String::new(),
    };
    let filters = labels::shared_filters(request).into_iter();
    filters.fold(segment, |title, filter| format!("{title}, {filter}"))
}
