//! `tokentriage [inspect]`: what is wrong, and what to do.

use crate::engine::{Options, analyze};
use crate::input::Origin;
use crate::output::Failure;
use crate::{arguments, exit, input, output};
use clap::ArgMatches;
use std::ffi::OsString;
use tokentriage::render;
use tokentriage::report::{Report, Severity, Status};

/// Judges the paste. `bare` is true where no command was named: help is then due where there is nothing to read.
pub(crate) fn run(matches: &ArgMatches, bare: bool) -> Result<u8, Failure> {
    let argument = matches.get_one::<OsString>("PASTE").map(OsString::as_os_str);
    let calls = matches.get_one::<OsString>("calls").into_iter();
    let scenarios = matches.get_one::<OsString>("scenario").into_iter();
    let named = calls.chain(scenarios).chain(matches.get_many::<OsString>("jwks").into_iter().flatten());
    let streams = named.filter(|name| *name == "-").count();
    if streams > 1 || streams == 1 && argument.is_none_or(|argument| argument == "-") {
        return Err(Failure("only one of paste, --scenario, --calls and --jwks can be standard input".to_owned()));
    }
    let scenario = input::scenario(matches)?;
    let Some((paste, origin)) = input::paste(argument)? else {
        return nothing_to_read(bare);
    };
    let leeway = matches.get_one::<i64>("leeway").copied().unwrap_or(300);
    let permissions = input::permissions(matches)?;
    let keys = input::keys(matches)?;
    let options = Options { leeway, scenario, permissions, keys, ..Options::at(input::now(matches)) };
    let mut report = analyze(&paste, &options);
    let format = matches.get_one::<String>("format").map(String::as_str);
    // What is made to be passed on tells nothing of a person unless that is asked for.
    let passed_on = matches!(format, Some("markdown" | "html" | "csv" | "sarif"));
    let mut file = argument.filter(|_| origin == Origin::File).map(|name| name.to_string_lossy().into_owned());
    if matches.get_flag("redact") || passed_on && !matches.get_flag("no-redact") {
        report.redact_with(&mut file);
    }
    input::note_on_argument(origin, report.verdict.status != Status::Unreadable);
    let code = exit_code(&report, matches.get_one::<String>("fail-on").map(String::as_str));
    let text = match format {
        Some("json") => render::json(&report, !matches.get_flag("compact")) + "\n",
        Some("markdown") => render::markdown(&report),
        Some("html") => render::html(&report),
        Some("csv") => render::csv(&report),
        Some("sarif") => render::sarif(&report, file.as_deref()),
        _ => {
            let mut options = output::layout(matches);
            options.claims = matches.get_flag("claims");
            options.checks = matches.get_flag("checks");
            options.timeline = matches.get_flag("timeline");
            options.all = matches.get_flag("all");
            render::text(&report, &options)
        }
    };
    output::print(&text, code)
}

fn nothing_to_read(bare: bool) -> Result<u8, Failure> {
    if bare && std::env::args_os().len() == 1 {
        let help = arguments::command().render_help();
        eprint!("{help}");
        return Ok(exit::USAGE);
    }
    Err(Failure("there is nothing to read: name a file, or pipe the paste to standard input".to_owned()))
}

fn exit_code(report: &Report, fail_on: Option<&str>) -> u8 {
    let least = match fail_on {
        Some("never") => None,
        Some("note") => Some(Severity::Note),
        Some("warning") => Some(Severity::Warning),
        _ => Some(Severity::Error),
    };
    if report.verdict.status == Status::Unreadable {
        exit::UNREADABLE
    } else if least.is_some_and(|least| report.findings.iter().any(|finding| finding.severity >= least)) {
        exit::FOUND
    } else {
        exit::FINE
    }
}
