//! What must hold for every report, and for everything that is made of one.

use super::output;
use serde_json::Value;
use std::collections::BTreeSet;
use tokentriage::catalog::{self, ClaimPart};
use tokentriage::extract::Span;
use tokentriage::jose::json::Document;
use tokentriage::render::{self, TextOptions};
use tokentriage::report::{Outcome, REDACTED, Report, Severity, Status};
use tokentriage::rules;

/// Asserts that spans are in order, do not overlap, and lie inside a paste of that length.
pub(crate) fn check_spans(spans: impl IntoIterator<Item = Span>, length: usize) {
    let mut end = 0;
    for span in spans {
        assert!(end <= span.start && span.start < span.end && span.end <= length, "{span:?} behind {end} of {length}");
        end = span.end;
    }
}

/// Asserts what holds for the report on a paste of that length, and gives every output of it.
pub(crate) fn check(report: &Report, length: usize) -> Vec<String> {
    check_spans(report.artefacts.iter().map(|artefact| artefact.span), length);
    assert!(report.artefacts.iter().filter(|artefact| artefact.judged).count() <= 1);
    let leading = report.findings.first().filter(|finding| finding.severity > Severity::Note);
    assert_eq!(report.verdict.finding, leading.map(|finding| finding.id));
    match report.verdict.status {
        Status::Problem => {}
        Status::NoProblemFound | Status::Unreadable => assert!(leading.is_none()),
    }
    assert!(!report.verdict.headline.is_empty());

    let checked: Vec<_> = report.checks.iter().map(|check| check.id).collect();
    let ids: BTreeSet<_> = checked.iter().collect();
    assert_eq!(ids.len(), checked.len(), "a rule was applied twice");
    for finding in &report.findings {
        let applied = report.checks.iter().find(|check| check.id == finding.id);
        assert!(applied.is_some_and(|check| check.outcome == Outcome::Found), "{}", finding.id);
        assert!(rules::rule(finding.id).is_some(), "{} is no rule", finding.id);
        assert!(!finding.title.is_empty());
        let places = finding.evidence.iter().filter_map(|evidence| evidence.artefact);
        assert!(places.into_iter().all(|index| index < report.artefacts.len()), "{}", finding.id);
    }
    for check in &report.checks {
        assert_eq!(check.outcome == Outcome::NotApplicable, !check.reason.is_empty(), "{}: {}", check.id, check.reason);
    }
    assert!(report.timeline.is_sorted_by_key(|moment| moment.time.seconds));
    assert!(report.timeline.iter().all(|moment| moment.artefact.is_none_or(|index| index < report.artefacts.len())));
    outputs(report)
}

/// Every output of a report, after asserting what holds for it.
fn outputs(report: &Report) -> Vec<String> {
    let mut all = vec![output::json("the report", report).0];
    let markdown = render::markdown(report);
    // The mark in front of the headline is two characters of which one is a variation selector.
    output::shows("Markdown", &markdown.replacen("## ⚠️", "##", 1), &['\n']);
    all.push(markdown);
    let html = render::html(report);
    output::shows("HTML", &html, &['\n']);
    output::markup(&html);
    all.push(html);
    let csv = render::csv(report);
    output::shows("CSV", &csv, &['\r', '\n']);
    output::table(&csv);
    all.push(csv);
    // Most of it are the rules, which no paste changes.
    if output::is_turn_of(usize::MAX, all.iter().map(String::len).sum()) {
        let sarif = render::sarif(report, Some("a paste.txt"));
        output::shows("SARIF", &sarif, &['\n']);
        serde_json::from_str::<Value>(&sarif).unwrap_or_else(|error| panic!("SARIF is no JSON: {error}"));
        all.push(sarif);
    }
    for (index, width) in output::WIDTHS.into_iter().enumerate() {
        for everything in [false, true] {
            if everything && !output::is_turn_of(width, all.iter().map(String::len).sum()) {
                continue;
            }
            let colour = index == 0;
            let options = TextOptions { width, colour, all: everything, unicode: index != 1, ..TextOptions::default() };
            let text = render::text(report, &options);
            output::page("text", &text, width, colour);
            all.push(text);
        }
    }
    all
}

/// Asserts that a redacted report has no personal value left, can be shown like any other, and stays as it is when it is
/// redacted again.
pub(crate) fn check_redaction(report: &Report) {
    let mut redacted = report.clone();
    redacted.redact();
    let (text, shown) = output::json("the redacted report", &redacted);
    if output::is_turn_of(usize::MAX, text.len()) {
        outputs(&redacted);
    }
    let personal = personal_values(report);
    each_text_of_the_paste(&shown, &mut |text| {
        let mut text = text.to_lowercase();
        // As it stands, and as who follows an address reads it.
        for _ in 0..3 {
            if let Some(value) = personal.iter().find(|value| text.contains(value.as_str())) {
                panic!("{value:?} is in the redacted report: {text:?}");
            }
            assert!(!names_somebody(&text), "an address is in the redacted report: {text:?}");
            if !text.contains('%') {
                break;
            }
            text = percent_decoded(&text).to_lowercase();
        }
    });
    redacted.redact();
    assert!(text == render::json(&redacted, false), "redacting twice changes more\n{shown}");
}

/// The text with its percent-encoding undone once.
fn percent_decoded(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let code = piece.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(piece.as_bytes().get(2..).unwrap_or_default());
            }
            None => bytes.extend([b"%", piece.as_bytes()].concat()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Texts and numbers of personal claims, in lower case: those that are long enough to be looked for everywhere, and
/// that cannot arise from what stands in their place.
fn personal_values(report: &Report) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for artefact in &report.artefacts {
        if artefact.token.is_none() {
            continue;
        }
        for (part, raw) in [(ClaimPart::Header, &artefact.header), (ClaimPart::Payload, &artefact.payload)] {
            let Some(raw) = raw else { continue };
            let document = Document::read(raw.as_str());
            let Some(root) = document.root() else { continue };
            for (_, value) in
                root.members().filter(|(name, _)| catalog::claim(part, name).is_some_and(|claim| claim.personal))
            {
                let mut open = vec![value];
                while let Some(value) = open.pop() {
                    open.extend(value.items());
                    open.extend(value.members().map(|(_, member)| member));
                    values.extend(value.as_str().map(|text| text.trim().to_ascii_lowercase()));
                    values.extend(value.number().map(str::to_ascii_lowercase));
                }
            }
        }
    }
    values.retain(|value| {
        value.len() >= 4
            && value.chars().any(char::is_alphanumeric)
            && !value.contains(['[', ']'])
            && !REDACTED.contains(value.as_str())
            && !"[token]".contains(value.as_str())
            && value == &value.to_lowercase()
            && !["true", "false", "null"].contains(&value.as_str())
    });
    values
}

/// Members of a report whose texts are the program's own: kinds, ids, names of the catalogue, moments.
const OWN: [&str; 22] = [
    "schema",
    "tool",
    "judged_at",
    "status",
    "finding",
    "kind",
    "id",
    "severity",
    "confidence",
    "fixer",
    "outcome",
    "reason",
    "verdict",
    "flow",
    "acting",
    "cloud",
    "client_authentication",
    "signature",
    "utc",
    "meaning",
    "sources",
    "relative",
];

/// Visits every text of a JSON report that can come from the paste, names of members of raw JSON included.
fn each_text_of_the_paste(report: &Value, visit: &mut impl FnMut(&str)) {
    let mut open = vec![(report, false)];
    while let Some((value, raw)) = open.pop() {
        match value {
            Value::String(text) => visit(text),
            Value::Number(number) if raw => visit(&number.to_string()),
            Value::Array(items) => open.extend(items.iter().map(|item| (item, raw))),
            Value::Object(members) => {
                for (name, member) in members {
                    if raw {
                        visit(name);
                    }
                    let own = !raw && OWN.contains(&name.as_str()) && !member.is_object() || name == "tool" && !raw;
                    // The names of handles and of the guide are the program's own, those of persons and apps are not.
                    if !own {
                        open.push((member, raw || matches!(name.as_str(), "header" | "payload")));
                    }
                }
            }
            _ => {}
        }
    }
}

/// True of text in which something like `a@b.c` is left.
fn names_somebody(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let (before, after) = text.split_at(at);
        let host: &str = after.get(1..).unwrap_or_default();
        let label =
            host.find(|character: char| !character.is_ascii_alphanumeric() && character != '-').unwrap_or(host.len());
        before.ends_with(|character: char| character.is_ascii_alphanumeric())
            && label > 0
            && host.get(label..).is_some_and(|rest| {
                rest.strip_prefix('.')
                    .is_some_and(|rest| rest.starts_with(|character: char| character.is_ascii_alphanumeric()))
            })
    })
}

/// Asserts that none of the outputs holds the text, or a piece of it that is long enough to be told.
pub(crate) fn check_secret(what: &str, outputs: &[String], secret: &str) {
    for output in outputs {
        assert!(!output.contains(secret), "{what} {secret:?} is shown:\n{output}");
    }
}
