//! `tokentriage rules`: everything that is checked.

use crate::engine::rules;
use crate::output::Failure;
use crate::{exit, output};
use clap::ArgMatches;
use serde::Serialize;
use tokentriage::render::{self, Page, Style};

/// A rule as it is published.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    group: &'static str,
    severity: &'static str,
    fixer: &'static str,
    means: &'static str,
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let rows: Vec<Row> = rules()
        .iter()
        .map(|rule| Row {
            id: rule.id,
            group: rule.group,
            severity: rule.severity.name(),
            fixer: rule.fixer.name(),
            means: rule.means,
        })
        .collect();
    if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
        return output::print(&(render::json(&rows, true) + "\n"), exit::FINE);
    }
    let options = output::layout(matches);
    let mut page = Page::new(options.width, options.colour);
    let mut group = "";
    for row in &rows {
        if row.group != group {
            page.blank();
            page.paragraph(row.group, Style::Bold);
            group = row.group;
        }
        page.hanging("", 2, &format!("{} ({})", row.id, row.severity), Style::Plain, Style::Plain);
        page.hanging("", 6, row.means, Style::Plain, Style::Plain);
    }
    page.blank();
    output::print(&page.finish(), exit::FINE)
}
