//! `tokentriage decode`: header and payload as they stand.

use crate::engine::{Options, analyze};
use crate::output::Failure;
use crate::{exit, input, output};
use clap::ArgMatches;
use serde::Serialize;
use std::ffi::OsString;
use tokentriage::render;
use tokentriage::report::{RawJson, Status};

/// A token taken apart.
#[derive(Serialize)]
struct Decoded<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a RawJson>,
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let argument = matches.get_one::<OsString>("PASTE").map(OsString::as_os_str);
    let Some((paste, origin)) = input::paste(argument)? else {
        return Err(Failure("there is nothing to read: name a file, or pipe the paste to standard input".to_owned()));
    };
    // Nothing is judged, so any moment will do.
    let options = Options::at(0);
    let mut report = analyze(&paste, &options);
    if matches.get_flag("redact") {
        report.redact();
    }
    input::note_on_argument(origin, report.verdict.status != Status::Unreadable);
    let mut text = String::new();
    for artefact in &report.artefacts {
        if artefact.header.is_some() || artefact.payload.is_some() {
            let decoded = Decoded { header: artefact.header.as_ref(), payload: artefact.payload.as_ref() };
            text.push_str(&render::json(&decoded, !matches.get_flag("compact")));
            text.push('\n');
        }
    }
    if text.is_empty() {
        output::message("nothing that can be decoded was recognised");
        return Ok(exit::UNREADABLE);
    }
    output::print(&text, exit::FINE)
}
