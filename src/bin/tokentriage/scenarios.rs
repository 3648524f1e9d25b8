//! `tokentriage scenarios`: what a flow has to request, and what its token must look like.

use crate::engine::{Options, analyze};
use crate::output::Failure;
use crate::{exit, output};
use clap::ArgMatches;
use tokentriage::render::{self, Page};
use tokentriage::report::Guide;
use tokentriage::scenario::{Flow, Scenario};

pub(crate) fn run(matches: &ArgMatches) -> Result<u8, Failure> {
    let named = matches.get_one::<String>("FLOW").and_then(|name| Flow::from_name(name));
    let flows = named.as_ref().map_or(Flow::ALL, std::slice::from_ref);
    let guides: Vec<Guide> = flows.iter().filter_map(|&flow| guide(flow)).collect();
    if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
        return output::print(&(render::json(&guides, true) + "\n"), exit::FINE);
    }
    let options = output::layout(matches);
    let mut page = Page::new(options.width, options.colour);
    if named.is_some() {
        guides.iter().for_each(|guide| render::guide_text(&mut page, guide));
    } else {
        page.blank();
        for guide in &guides {
            page.hanging(guide.flow, 24, guide.name, render::Style::Bold, render::Style::Plain);
        }
    }
    page.blank();
    output::print(&page.finish(), exit::FINE)
}

/// The guide of a flow: the one part of a report that needs no paste.
fn guide(flow: Flow) -> Option<Guide> {
    let scenario = Scenario { flow: Some(flow), ..Scenario::default() };
    analyze(b"", &Options { scenario, ..Options::at(0) }).guide
}
