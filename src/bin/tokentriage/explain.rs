//! `tokentriage explain`: what a code, claim, permission or GUID means.

use crate::engine::{explain, unknown};
use crate::output::Failure;
use crate::{exit, output};
use clap::ArgMatches;
use tokentriage::render::{self, Page, Style};

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let terms: Vec<&str> = matches.get_many::<String>("TERM").into_iter().flatten().map(String::as_str).collect();
    let mut explanations = Vec::new();
    let mut code = exit::FINE;
    for term in terms {
        let found = explain(term);
        if found.is_empty() {
            output::message(&unknown(term));
        }
        if !found.iter().any(|explanation| explanation.known) {
            code = exit::UNREADABLE;
        }
        explanations.extend(found);
    }
    if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
        return output::print(&(render::json(&explanations, true) + "\n"), code);
    }
    let options = output::layout(matches);
    let mut page = Page::new(options.width, options.colour);
    for explanation in &explanations {
        page.blank();
        page.hanging(
            &explanation.term,
            2 + explanation.term.chars().count() + 2,
            explanation.kind,
            Style::Bold,
            Style::Plain,
        );
        if explanation.name != explanation.term {
            page.paragraph(&explanation.name, Style::Plain);
        }
        page.blank();
        if !explanation.text.is_empty() {
            page.paragraph(&explanation.text, Style::Plain);
            page.blank();
        }
        let mut label = "Do this";
        for (number, step) in explanation.fix.iter().enumerate() {
            page.hanging(label, 18, &format!("{}. {step}", number + 1), Style::Bold, Style::Plain);
            label = "";
        }
        let widest = explanation.details.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        // Names in place of labels stand in a column of their own.
        let column = (widest + 4).clamp(18, 40);
        for (label, text) in &explanation.details {
            page.hanging(label, column, text, Style::Bold, Style::Plain);
        }
        let mut label = "Read on";
        for link in &explanation.links {
            page.hanging(label, 18, link, Style::Bold, Style::Plain);
            label = "";
        }
    }
    if !explanations.is_empty() {
        page.blank();
    }
    output::print(&page.finish(), code)
}
