//! `tokentriage diff`: two tokens side by side.

use crate::engine::{Options, analyze};
use crate::output::Failure;
use crate::{exit, input, output};
use clap::ArgMatches;
use std::ffi::OsString;
use tokentriage::render;
use tokentriage::report::{Report, Status};

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let names = ["A", "B"].map(|side| matches.get_one::<OsString>(side).map(OsString::as_os_str));
    if names == [Some("-".as_ref()); 2] {
        return Err(Failure("only one of the two can be standard input".to_owned()));
    }
    let now = input::now(matches);
    let leeway = matches.get_one::<i64>("leeway").copied().unwrap_or(300);
    let read = |name| -> Result<Report, Failure> {
        let (paste, origin) = input::paste(name)?.unwrap_or((Vec::new(), input::Origin::Stream));
        let report = analyze(&paste, &Options { leeway, ..Options::at(now) });
        input::note_on_argument(origin, report.verdict.status != Status::Unreadable);
        Ok(report)
    };
    let [before, after] = names;
    let difference = tokentriage::diff::diff(&read(before)?, &read(after)?);
    for (name, side) in [("first", &difference.before), ("second", &difference.after)] {
        if side.is_none() {
            output::message(&format!("the {name} holds no token that can be read"));
        }
    }
    if difference.before.is_none() || difference.after.is_none() {
        return Ok(exit::UNREADABLE);
    }
    let text = if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
        render::json(&difference, true) + "\n"
    } else {
        let mut options = output::layout(matches);
        options.all = matches.get_flag("all");
        render::difference_text(&difference, &options)
    };
    output::print(&text, exit::FINE)
}
