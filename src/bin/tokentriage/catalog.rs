//! `tokentriage catalog`: how old the embedded facts are, and where they come from.

use crate::output::Failure;
use crate::{exit, output};
use clap::ArgMatches;
use serde::Serialize;
use tokentriage::catalog;
use tokentriage::render::{self, Page, Style};

/// A table as it is published.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    rows: usize,
    date: &'static str,
    source: &'static str,
}

/// Everything embedded.
#[derive(Serialize)]
struct Embedded {
    catalog_date: &'static str,
    tables: Vec<Row>,
}

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let tables = catalog::tables()
        .iter()
        .map(|table| Row { name: table.name, rows: table.rows(), date: table.date, source: table.source })
        .collect();
    let embedded = Embedded { catalog_date: catalog::date(), tables };
    if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
        return output::print(&(render::json(&embedded, true) + "\n"), exit::FINE);
    }
    let options = output::layout(matches);
    let mut page = Page::new(options.width, options.colour);
    page.blank();
    page.paragraph(&format!("Nothing in the facts is newer than {}.", embedded.catalog_date), Style::Plain);
    page.blank();
    for table in &embedded.tables {
        let text = format!("{} rows, {}: {}", table.rows, table.date, table.source);
        page.hanging(table.name, 22, &text, Style::Bold, Style::Plain);
    }
    page.blank();
    output::print(&page.finish(), exit::FINE)
}
