//! The command: arguments, files, streams, the clock and exit codes. What it says comes from the library.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "files, streams and the clock belong to the command")]

mod arguments;
mod catalog;
mod compare;
mod decode;
mod engine;
mod explain;
mod input;
mod inspect;
mod output;
mod permit;
mod rules;
mod scenarios;

use clap::ArgMatches;
use output::Failure;
use std::process::ExitCode;

/// Exit codes: what a script may rely on.
mod exit {
    /// Nothing at or above `--fail-on` was found.
    pub(crate) const FINE: u8 = 0;
    /// Findings at or above `--fail-on`.
    pub(crate) const FOUND: u8 = 1;
    /// Wrong usage, or a file that cannot be read.
    pub(crate) const USAGE: u8 = 2;
    /// Nothing was recognised.
    pub(crate) const UNREADABLE: u8 = 3;
}

/// The published JSON Schema of a report.
const SCHEMA: &str = include_str!("../../report/schema.json");

fn main() -> ExitCode {
    let result = match arguments::read() {
        Ok(matches) => run(&matches),
        Err(error) => output::print_usage(&error),
    };
    ExitCode::from(result.unwrap_or_else(|failure| {
        output::message(&failure.0);
        exit::USAGE
    }))
}

fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    match matches.subcommand() {
        None => inspect::run(matches, true),
        Some(("inspect", matches)) => inspect::run(matches, false),
        Some(("decode", matches)) => decode::run(matches),
        Some(("explain", matches)) => explain::run(matches),
        Some(("permit", matches)) => permit::run(matches),
        Some(("catalog", matches)) => catalog::run(matches),
        Some(("diff", matches)) => compare::run(matches),
        Some(("rules", matches)) => rules::run(matches),
        Some(("scenarios", matches)) => scenarios::run(matches),
        Some(("schema", _)) => output::print(SCHEMA, exit::FINE),
        Some(("completions", matches)) => completions(matches),
        Some(("man", matches)) => manual(matches),
        Some((name, _)) => Err(Failure(format!("the command {name} is not built in"))),
    }
}

fn completions(matches: &ArgMatches) -> Result<u8, Failure> {
    let Some(shell) = matches.get_one::<clap_complete::Shell>("SHELL") else {
        return Err(Failure("no shell was named".to_owned()));
    };
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut arguments::command(), arguments::NAME, &mut script);
    output::print_bytes(&script, exit::FINE)
}

fn manual(matches: &ArgMatches) -> Result<u8, Failure> {
    let mut command = arguments::command();
    if let Some(name) = matches.get_one::<String>("COMMAND") {
        // Built first, so that the page names the program too.
        command.build();
        let found = command.find_subcommand(name).cloned();
        command = found.ok_or_else(|| Failure(format!("there is no command {name}")))?;
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered.map_err(|error| Failure(format!("the manual page could not be written: {error}")))?;
    output::print_bytes(&page, exit::FINE)
}
