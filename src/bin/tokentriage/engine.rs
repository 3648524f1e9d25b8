//! Where the command meets the library's analysis.

use tokentriage::report::{Fixer, JoinKeys, Report, SCHEMA, Severity, Status, Tool, Verdict};
use tokentriage::scenario::Scenario;

pub(crate) struct Options {
    pub(crate) now: i64,
    pub(crate) leeway: i64,
    pub(crate) scenario: Scenario,
}

pub(crate) fn analyze(_paste: &[u8], options: &Options) -> Report {
    let _ = (options.leeway, &options.scenario);
    Report {
        schema: SCHEMA,
        tool: Tool { name: "tokentriage", version: env!("CARGO_PKG_VERSION"), catalog_date: "2026-11-22" },
        judged_at: options.now.to_string(),
        verdict: Verdict {
            status: Status::Unreadable,
            finding: None,
            headline: "Nothing was recognised.".to_owned(),
            checked: String::new(),
            signature: String::new(),
        },
        artefacts: vec![],
        findings: vec![],
        checks: vec![],
        permission: None,
        timeline: vec![],
        join_keys: JoinKeys::default(),
        guide: None,
        links: vec![],
    }
}

#[derive(serde::Serialize)]
pub(crate) struct Explanation {
    pub(crate) term: String,
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) details: Vec<(String, String)>,
    pub(crate) links: Vec<String>,
}

pub(crate) fn explain(_term: &str) -> Vec<Explanation> {
    Vec::new()
}

pub(crate) struct Rule {
    pub(crate) id: &'static str,
    pub(crate) group: Group,
    pub(crate) severity: Severity,
    pub(crate) fixer: Fixer,
    pub(crate) means: &'static str,
    pub(crate) sources: &'static [&'static str],
}

pub(crate) struct Group;

impl Group {
    pub(crate) fn name(&self) -> &'static str {
        ""
    }
}

pub(crate) fn rules() -> &'static [Rule] {
    &[]
}
