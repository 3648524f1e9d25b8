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
    sources: &'static [&'static str],
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let rows: Vec<Row> = rules()
        .iter()
        .map(|rule| Row {
            id: rule.id,
            group: rule.group.name(),
            severity: rule.severity.name(),
            fixer: rule.fixer.name(),
            means: rule.means,
            sources: rule.sources,
        })
        .collect();
    match matches.get_one::<String>("format").map(String::as_str) {
        Some("json") => return output::print(&(render::json(&rows, true) + "\n"), exit::FINE),
        Some("csv") => return output::print(&table(&rows), exit::FINE),
        _ => {}
    }
    let options = output::layout(matches);
    let mut page = Page::new(options.width, options.colour);
    // The registry is in order of rank; a reader looks for a family.
    let mut groups: Vec<&str> = Vec::new();
    for row in &rows {
        if !groups.contains(&row.group) {
            groups.push(row.group);
        }
    }
    for group in groups {
        page.blank();
        page.paragraph(group, Style::Bold);
        for row in rows.iter().filter(|row| row.group == group) {
            page.blank();
            page.hanging("", 4, &format!("{} ({}, {})", row.id, row.severity, row.fixer), Style::Plain, Style::Bold);
            page.hanging("", 4, row.means, Style::Plain, Style::Plain);
        }
    }
    page.blank();
    output::print(&page.finish(), exit::FINE)
}

/// The rules for a spreadsheet.
fn table(rows: &[Row]) -> String {
    let columns = ["id", "group", "severity", "fixer", "means", "sources"];
    let cells =
        |row: &Row| [row.id, row.group, row.severity, row.fixer, row.means, &row.sources.join(" ")].map(str::to_owned);
    render::csv_table(columns, rows.iter().map(cells))
}
