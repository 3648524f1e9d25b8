//! Findings for programs that collect the results of analysers: SARIF 2.1.0 (OASIS standard, errata 01).

use super::{SafeLine, json};
use crate::report::{Evidence, Finding, Report};
use crate::rules::{self, Rule};
use serde_json::{Value, json as value};

/// The schema that a log says it follows.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A report as a SARIF log: one run, every rule of the registry, one result for each finding, most decisive first.
///
/// `file` names where the paste came from, as a path; results then carry the place of the artefact in bytes. A relative
/// path stays (`logs/response.txt`); of any other only the last part is told, because a log is passed on and folders name
/// people. Messages are plain text: no text of the paste is a link or a placeholder in them, and characters that do not
/// show as themselves are written out as by [`SafeLine`].
pub fn sarif(report: &Report, file: Option<&str>) -> String {
    let registry = rules::registry();
    let uri = file.map(relative_uri);
    let results: Vec<Value> = report.findings.iter().map(|finding| result(report, finding, uri.as_deref())).collect();
    let mut run = value!({
        "tool": { "driver": {
            "name": report.tool.name,
            "semanticVersion": report.tool.version,
            "rules": registry.iter().map(descriptor).collect::<Vec<_>>(),
        }},
        "results": results,
        "properties": {
            "judgedAt": report.judged_at,
            "catalogDate": report.tool.catalog_date,
            "status": report.verdict.status.name(),
            "headline": plain(&report.verdict.headline),
            "checked": plain(&report.verdict.checked),
            "signature": plain(&report.verdict.signature),
        },
    });
    if let (Some(uri), Some(run)) = (uri, run.as_object_mut()) {
        run.insert("artifacts".to_owned(), value!([{ "location": { "uri": uri } }]));
    }
    json(&value!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }), true) + "\n"
}

/// A rule as SARIF's `reportingDescriptor`.
fn descriptor(rule: &Rule) -> Value {
    let mut descriptor = value!({
        "id": rule.id,
        "shortDescription": { "text": rule.id.replace('-', " ") },
        "fullDescription": { "text": plain(rule.means) },
        "defaultConfiguration": { "level": rule.severity.name() },
        "properties": { "tags": [rule.group.name()], "fixer": rule.fixer.name() },
    });
    if let (Some(source), Some(descriptor)) = (rule.sources.first(), descriptor.as_object_mut()) {
        descriptor.insert("helpUri".to_owned(), value!(source));
    }
    descriptor
}

fn result(report: &Report, finding: &Finding, uri: Option<&str>) -> Value {
    let because = if finding.because.is_empty() { String::new() } else { format!(" {}", finding.because) };
    let mut result = value!({
        "ruleId": finding.id,
        "level": finding.severity.name(),
        "message": { "text": plain(&format!("{}{because}", finding.title)) },
        "properties": {
            "confidence": finding.confidence.name(),
            "fixer": finding.fixer.name(),
            "fix": finding.fix.iter().map(|step| plain(step)).collect::<Vec<_>>(),
            "evidence": finding.evidence.iter().map(seen).collect::<Vec<_>>(),
        },
    });
    let Some(members) = result.as_object_mut() else { return result };
    if let Some(index) = rules::registry().iter().position(|rule| rule.id == finding.id) {
        members.insert("ruleIndex".to_owned(), value!(index));
    }
    let locations: Vec<Value> =
        finding.evidence.iter().filter_map(|evidence| location(report, evidence, uri)).collect();
    members.insert("locations".to_owned(), locations.into());
    result
}

fn seen(evidence: &Evidence) -> Value {
    value!({ "pointer": plain(&evidence.pointer), "value": plain(&evidence.value) })
}

/// Where a value stands: the bytes of its artefact where the file is known, and the pointer within it.
fn location(report: &Report, evidence: &Evidence, uri: Option<&str>) -> Option<Value> {
    let artefact = report.artefacts.get(evidence.artefact?)?;
    let mut location = value!({ "logicalLocations": [{
        "fullyQualifiedName": plain(&format!("{}{}", artefact.kind.name(), evidence.pointer)),
    }]});
    if let (Some(uri), Some(location)) = (uri, location.as_object_mut()) {
        let span = artefact.span;
        location.insert(
            "physicalLocation".to_owned(),
            value!({
                "artifactLocation": { "uri": uri, "index": 0 },
                "region": { "byteOffset": span.start, "byteLength": span.end.saturating_sub(span.start) },
            }),
        );
    }
    Some(location)
}

/// A message in which nothing is a link (section 3.11.6) or a placeholder (3.11.5).
fn plain(text: &str) -> String {
    SafeLine(text).to_string().replace("](", "] (").replace('{', "{{").replace('}', "}}")
}

/// The path as a relative URI reference (RFC 3986): percent-encoded, without anything that names a folder of the
/// machine.
fn relative_uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let is_relative = !path.starts_with('/') && !path.contains(':') && !path.split('/').any(|part| part == "..");
    let told = if is_relative { path.as_str() } else { path.rsplit(['/', ':']).next().unwrap_or_default() };
    let mut uri = String::with_capacity(told.len());
    for byte in told.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn tells_each_finding_and_where_it_was_seen() {
        let log: Value = serde_json::from_str(&sarif(&sample::report(), Some("logs/res ponse.txt"))).unwrap();
        let run = &log["runs"][0];
        let first = &run["results"][0];
        assert_eq!(run["artifacts"], value!([{ "location": { "uri": "logs/res%20ponse.txt" } }]));
        assert_eq!(first["ruleId"], "permission-missing");
        assert_eq!(first["level"], "error");
        assert_eq!(
            first["message"]["text"],
            "The token lacks the permission delegated token, scp = \"User.Read\"; GET /users needs User.ReadBasic.All or more"
        );
        assert_eq!(
            first["locations"][0],
            value!({
                "logicalLocations": [{ "fullyQualifiedName": "access-token/payload/scp" }],
                "physicalLocation": {
                    "artifactLocation": { "uri": "logs/res%20ponse.txt", "index": 0 },
                    "region": { "byteOffset": 0, "byteLength": 900 },
                },
            })
        );
        assert_eq!(first["properties"]["fixer"], "app-developer");
        assert!(sarif(&sample::report(), None).find("physicalLocation").is_none());
    }

    #[test]
    fn nothing_in_a_message_is_a_link_or_a_placeholder() {
        assert_eq!(plain("[here](https://evil.example) {0}\n"), "[here] (https://evil.example) {{0}}\\n");
    }

    #[test]
    fn tells_no_folder_of_the_machine() {
        for (path, uri) in [
            ("response.txt", "response.txt"),
            ("logs/a b%.txt", "logs/a%20b%25.txt"),
            ("/home/dana/response.txt", "response.txt"),
            ("../dana/response.txt", "response.txt"),
            ("C:\\Users\\dana\\response.txt", "response.txt"),
            ("C:response.txt", "response.txt"),
            ("logs\\ü.txt", "logs/%C3%BC.txt"),
        ] {
            assert_eq!(relative_uri(path), uri, "{path}");
        }
    }
}
