//! `tokentriage permit`: which permissions a call needs, and what a permission opens.

use crate::output::Failure;
use crate::{exit, input, output};
use clap::ArgMatches;
use std::ffi::OsString;
use tokentriage::permission::{self, Catalogue, Needs};
use tokentriage::render;

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let loaded = input::permissions(matches)?;
    let catalogue = loaded.as_deref().unwrap_or_else(|| permission::embedded());
    let json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
    if let Some(names) = matches.get_many::<String>("with") {
        return opened(matches, catalogue, names.map(String::as_str), json);
    }
    let words: Vec<&String> = matches.get_many::<String>("CALL").into_iter().flatten().collect();
    // Unquoted, a call comes as two words: `permit GET /me`.
    let given = words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let list = matches.get_one::<OsString>("calls").map(|name| input::calls(name)).transpose()?;
    let alone = list.is_none();
    let mut calls: Vec<Needs> = Vec::new();
    if !words.is_empty() {
        calls.push(catalogue.needs(&given).map_err(|error| Failure(error.to_string()))?);
    }
    calls.extend(list.into_iter().flat_map(|list| list.needs(catalogue)));
    let code = if calls.iter().all(Needs::is_found) { exit::FINE } else { exit::UNREADABLE };
    let options = output::layout(matches);
    let text = match (calls.as_slice(), json) {
        (calls, true) if matches.get_flag("cover") => render::json(&catalogue.covering(calls), true) + "\n",
        (calls, false) if matches.get_flag("cover") => render::covering_text(&catalogue.covering(calls), &options),
        ([only], true) if alone => render::json(only, true) + "\n",
        ([only], false) if alone => render::needs_text(only, &options),
        (calls, true) => calls.iter().map(|needs| render::json(needs, false) + "\n").collect(),
        (calls, false) => render::calls_text(calls, &catalogue.covering(calls), &options),
    };
    output::print(&text, code)
}

/// What permissions open.
fn opened<'a>(
    matches: &ArgMatches,
    catalogue: &Catalogue,
    names: impl Iterator<Item = &'a str>,
    json: bool,
) -> Result<u8, Failure> {
    let options = output::layout(matches);
    let (mut text, mut code) = (String::new(), exit::FINE);
    let mut all = Vec::new();
    for name in names {
        match catalogue.opens(name) {
            Some(opens) => all.push(opens),
            None => {
                output::message(&crate::engine::unknown(name));
                code = exit::UNREADABLE;
            }
        }
    }
    for opens in &all {
        text.push_str(&if json {
            render::json(opens, all.len() == 1) + "\n"
        } else {
            render::opens_text(opens, &options)
        });
    }
    output::print(&text, code)
}
