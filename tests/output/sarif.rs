//! What the standard asks of a SARIF log (2.1.0, errata 01).

use crate::hostile::{self, MARK, everything, report};
use crate::{assert_quotes, assert_shown};
use serde_json::Value;
use std::collections::BTreeSet;
use tokentriage::render;

/// The members that an object may have: the schema allows no others.
fn only(object: &Value, required: &[&str], optional: &[&str]) {
    let members: BTreeSet<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    for name in required {
        assert!(members.contains(name), "{name} is missing in {object}");
    }
    let unknown: Vec<_> = members.iter().filter(|name| !required.contains(name) && !optional.contains(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?} in {object}");
}

fn text(value: &Value) -> &str {
    let text = value.as_str().expect("a string");
    assert!(!text.is_empty());
    text
}

fn level(value: &Value) {
    assert!(matches!(text(value), "error" | "warning" | "note" | "none"));
}

/// A message string in which no link and no placeholder is.
fn message(value: &Value) {
    only(value, &["text"], &["markdown"]);
    let message = text(&value["text"]);
    assert!(!message.contains("]("), "a link in {message}");
    let braces = message.replace("{{", "").replace("}}", "");
    assert!(!braces.contains(['{', '}']), "a placeholder in {message}");
}

/// A relative reference that names no folder of the machine.
fn relative(value: &Value) {
    let uri = text(value);
    assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
    assert!(!uri.starts_with('/') && !uri.split('/').any(|part| part == ".."), "{uri}");
}

fn check(log: &str) {
    let log: Value = serde_json::from_str(log).expect("JSON");
    only(&log, &["$schema", "version", "runs"], &[]);
    assert!(text(&log["$schema"]).ends_with("sarif-schema-2.1.0.json"));
    assert_eq!(log["version"], "2.1.0");
    for run in log["runs"].as_array().expect("runs") {
        only(run, &["tool", "results"], &["artifacts", "properties"]);
        only(&run["tool"], &["driver"], &[]);
        let driver = &run["tool"]["driver"];
        only(driver, &["name", "rules"], &["semanticVersion"]);
        assert_eq!(text(&driver["semanticVersion"]).split('.').count(), 3);
        let rules = driver["rules"].as_array().expect("rules");
        let ids: BTreeSet<&str> = rules.iter().map(|rule| text(&rule["id"])).collect();
        assert_eq!(ids.len(), rules.len(), "ids of rules are unique");
        for rule in rules {
            let names = ["id", "shortDescription", "fullDescription", "defaultConfiguration"];
            only(rule, &names, &["helpUri", "properties"]);
            message(&rule["shortDescription"]);
            message(&rule["fullDescription"]);
            only(&rule["defaultConfiguration"], &["level"], &[]);
            level(&rule["defaultConfiguration"]["level"]);
            assert!(text(&rule["helpUri"]).starts_with("https://"));
            assert!(rule["properties"]["tags"].as_array().expect("tags").iter().all(Value::is_string));
        }
        let none = Vec::new();
        let artifacts = run["artifacts"].as_array().unwrap_or(&none);
        for artifact in artifacts {
            only(artifact, &["location"], &[]);
            only(&artifact["location"], &["uri"], &[]);
            relative(&artifact["location"]["uri"]);
        }
        for result in run["results"].as_array().expect("results") {
            only(result, &["ruleId", "ruleIndex", "level", "message", "locations"], &["properties"]);
            level(&result["level"]);
            message(&result["message"]);
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("an index");
            assert_eq!(rules[index]["id"], result["ruleId"]);
            for location in result["locations"].as_array().expect("locations") {
                only(location, &["logicalLocations"], &["physicalLocation"]);
                for logical in location["logicalLocations"].as_array().expect("places") {
                    only(logical, &["fullyQualifiedName"], &[]);
                    text(&logical["fullyQualifiedName"]);
                }
                if let Some(physical) = location.get("physicalLocation") {
                    only(physical, &["artifactLocation", "region"], &[]);
                    only(&physical["artifactLocation"], &["uri", "index"], &[]);
                    relative(&physical["artifactLocation"]["uri"]);
                    assert!(physical["artifactLocation"]["index"].as_u64() < Some(artifacts.len() as u64));
                    only(&physical["region"], &["byteOffset", "byteLength"], &[]);
                    assert!(physical["region"]["byteOffset"].is_u64() && physical["region"]["byteLength"].is_u64());
                }
            }
        }
    }
}

#[test]
fn a_log_is_what_the_standard_asks_for() {
    let others = hostile::MARKUP.iter().chain(&["[x](https://evil.example) {0} {{1}} }{"]);
    for value in others.map(|value| format!("{MARK}{value}")) {
        for file in [None, Some(value.as_str())] {
            let log = render::sarif(&report(&value), file);
            check(&log);
            assert_quotes(&log, 4, "sarif");
        }
    }
    check(&render::sarif(&tokentriage::analyze(b"", &tokentriage::Options::at(0)), None));
}

#[test]
fn sarif_shows_every_character() {
    for (number, (value, report)) in everything().iter().enumerate() {
        let log = render::sarif(report, Some(value));
        assert_shown(&log, &['\n'], "sarif");
        // What is in the log does not show when somebody reads it either.
        let read: Value = serde_json::from_str(&log).expect("JSON");
        for result in read["runs"][0]["results"].as_array().expect("results") {
            assert_shown(text(&result["message"]["text"]), &[], "message");
        }
        if number < 2 {
            check(&log);
        }
    }
}
