//! Runs the cases of `tests/corpus` and says of all of them at once what is missing and what is unexpected.

mod mint;

use mint::case::{Case, all};
use serde::de::IgnoredAny;
use serde_json::Value;
use std::collections::BTreeMap;
use tokentriage::report::{Outcome, Report, Severity};

#[test]
fn every_case_gets_the_report_it_expects() {
    let cases = all();
    assert!(cases.len() > 100, "only {} cases: is tests/corpus complete?", cases.len());
    let mut names = BTreeMap::new();
    let mut failures = Vec::new();
    for case in &cases {
        if let Some(file) = names.insert(&case.name, &case.file) {
            failures.push(format!("{}: the name {} is taken by {file}", case.file, case.name));
        }
        let analysed = std::panic::catch_unwind(|| tokentriage::analyze(&case.paste(), &case.options()));
        let Ok(report) = analysed else {
            failures.push(format!("{} {}: it panics", case.file, case.name));
            continue;
        };
        let differences = differences(case, &report);
        if !differences.is_empty() {
            let found: Vec<_> = report.findings.iter().map(|finding| (finding.id, finding.severity)).collect();
            failures.push(format!(
                "{} {}: {}\n    {}\n    found: {found:?}",
                case.file,
                case.name,
                case.why,
                differences.join("\n    ")
            ));
        }
    }
    let (failed, all) = (failures.len(), cases.len());
    assert!(
        failures.is_empty(),
        "{failed} of {all} cases differ\n{}\n{failed} of {all} cases differ",
        failures.join("\n")
    );
}

/// Everything in which a report differs from what its case expects.
fn differences(case: &Case, report: &Report) -> Vec<String> {
    let expect = &case.expect;
    let mut out = Vec::new();
    let first = report.findings.first();
    match expect.first.as_deref() {
        None => {}
        Some("nothing") => {
            let worse = report.findings.iter().filter(|finding| finding.severity != Severity::Note);
            out.extend(worse.map(|finding| format!("unexpected: {} ({})", finding.id, finding.because)));
        }
        Some(expected) if first.map(|finding| finding.id) != Some(expected) => {
            let (id, because) = first.map_or(("nothing", ""), |finding| (finding.id, finding.because.as_str()));
            out.push(format!("first: expected {expected}, got {id} ({because})"));
        }
        Some(_) => {}
    }
    let because = first.map_or("", |finding| finding.because.as_str());
    if let Some(expected) = expect.because.as_deref().filter(|expected| *expected != because) {
        out.push(format!("because: expected {expected}, got {because}"));
    }
    let asked = first.and_then(|finding| finding.fix.last()?.strip_prefix("To be sure: ")).unwrap_or_default();
    if let Some(expected) = expect.question.as_deref().filter(|expected| *expected != asked) {
        out.push(format!("question: expected {expected}, got {asked}"));
    }
    let has = |id: &str| report.findings.iter().find(|finding| finding.id == id);
    out.extend(expect.includes.iter().filter(|id| has(id).is_none()).map(|id| format!("missing: {id}")));
    let unexpected = expect.excludes.iter().filter_map(|id| has(id));
    out.extend(unexpected.map(|finding| format!("unexpected: {} ({})", finding.id, finding.because)));
    for (ids, wanted) in [(&expect.passes, Outcome::Pass), (&expect.not_applicable, Outcome::NotApplicable)] {
        for id in ids {
            match report.checks.iter().find(|check| check.id == id) {
                Some(check) if check.outcome == wanted => {}
                Some(check) => {
                    out.push(format!("check {id}: expected {wanted:?}, got {:?} {}", check.outcome, check.reason))
                }
                None => out.push(format!("check {id}: no such rule")),
            }
        }
    }
    for (kind, &count) in &expect.artefacts {
        let found = report.artefacts.iter().filter(|artefact| artefact.kind.name() == kind).count();
        if found != count {
            let kinds: Vec<_> = report.artefacts.iter().map(|artefact| artefact.kind.name()).collect();
            out.push(format!("artefacts: expected {count} of kind {kind}, got {kinds:?}"));
        }
    }
    let text = tokentriage::render::json(report, false);
    if let Err(error) = serde_json::from_str::<IgnoredAny>(&text) {
        out.push(format!("the report is no JSON: {error}"));
    }
    // Number texts of a token are kept as they stand, and `Value` takes none that a double cannot hold.
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    compare(&mut out, &json, "/verdict/status", expect.status.as_ref().map(|status| Value::from(status.as_str())));
    compare(
        &mut out,
        &json,
        "/permission/verdict",
        expect.permission.as_ref().map(|verdict| Value::from(verdict.as_str())),
    );
    compare(&mut out, &json, "/permission/least", expect.least.as_ref().map(|least| Value::from(least.clone())));
    for (pointer, value) in &expect.json {
        compare(&mut out, &json, pointer, serde_json::to_value(value).ok());
    }
    out
}

fn compare(out: &mut Vec<String>, json: &Value, pointer: &str, expected: Option<Value>) {
    let Some(expected) = expected else { return };
    let found = json.pointer(pointer);
    if found != Some(&expected) {
        let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
        out.push(format!("{pointer}: expected {expected}, got {found}"));
    }
}
