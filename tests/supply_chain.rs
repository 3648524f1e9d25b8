//! What is in the graph of dependencies, what it may be, and what the command may ask the system for.

#![allow(clippy::disallowed_methods, reason = "asks cargo for the graph, and runs the command")]

#[path = "../tools/sbom.rs"]
mod sbom;

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

/// `raw_value` and `arbitrary_precision` change what every `serde_json::Value` in the program is: numbers as text, or
/// members whose names carry meaning. Neither may come in by way of a dependency.
#[test]
fn serde_json_keeps_its_meaning() {
    let graph = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--all-features", "--edges", "features", "--invert", "serde_json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(graph.status.success(), "{}", String::from_utf8_lossy(&graph.stderr));
    let graph = String::from_utf8_lossy(&graph.stdout);
    assert!(graph.contains("serde_json feature \"std\""), "the graph names features: {graph}");
    for feature in ["raw_value", "arbitrary_precision"] {
        assert!(!graph.contains(&format!("serde_json feature \"{feature}\"")), "{feature} is on: {graph}");
    }
}

/// The parts of `deny.toml` that are checked here too.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Crate>,
    skip: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// Licences, sources and bans as cargo-deny would judge them (`make audit`), for machines that do not have it.
#[test]
fn the_graph_is_what_deny_toml_allows() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).expect("deny.toml");
    let rules: Rules = toml::from_str(&rules).expect("deny.toml");
    let graph = sbom::graph().expect("the graph");
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in graph["packages"].as_array().expect("packages") {
        let (name, version) =
            (package["name"].as_str().expect("a name"), package["version"].as_str().expect("a version"));
        versions.entry(name).or_default().insert(version);

        let license = package["license"].as_str().unwrap_or_else(|| panic!("{name} names no licence"));
        let expression = spdx::Expression::parse_mode(license, spdx::ParseMode::LAX);
        let expression = expression.unwrap_or_else(|error| panic!("the licence of {name}: {error}"));
        let allowed = |wanted: &spdx::LicenseReq| rules.licenses.allow.contains(&wanted.to_string());
        assert!(expression.evaluate(allowed), "{name} is under {license}, which deny.toml does not allow");

        match package["source"].as_str() {
            Some(source) => assert_eq!(source, "registry+https://github.com/rust-lang/crates.io-index", "{name}"),
            None => {
                let folder = Path::new(package["manifest_path"].as_str().expect("a path"));
                assert!(folder.starts_with(env!("CARGO_MANIFEST_DIR")), "{name} comes from {}", folder.display());
            }
        }
    }
    for denied in &rules.bans.deny {
        assert!(!versions.contains_key(&*denied.name), "{} is in the graph: {}", denied.name, denied.reason);
    }
    // Of a crate that is there twice all versions but the newest are exceptions, and no exception is left over.
    let twice = versions.iter().filter(|(_, versions)| versions.len() > 1);
    let named: BTreeSet<&str> =
        rules.bans.skip.iter().map(|skip| skip.name.split_once('@').expect("a version").0).collect();
    assert_eq!(
        twice.map(|(name, _)| *name).collect::<BTreeSet<_>>(),
        named,
        "duplicates, and those that deny.toml knows"
    );
}

#[test]
fn every_exception_has_its_reason() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).expect("deny.toml");
    let rules: toml::Table = rules.parse().expect("deny.toml");
    for (part, list) in [("bans", "deny"), ("bans", "skip"), ("advisories", "ignore")] {
        for exception in rules[part][list].as_array().expect("a list") {
            let reason = exception.get("reason").and_then(toml::Value::as_str);
            assert!(reason.is_some_and(|reason| reason.len() > 10), "{part}.{list}: {exception:?} has no reason");
        }
    }
}

/// What CycloneDX 1.6 asks for, and what makes a bill of materials worth reading.
#[test]
fn the_bill_of_materials_is_whole_and_always_the_same() {
    let document = sbom::bill_of_materials().expect("a document");
    assert_eq!(document, sbom::bill_of_materials().expect("a document"), "two runs differ");
    let members: BTreeSet<&str> = document.as_object().expect("an object").keys().map(String::as_str).collect();
    let known = ["bomFormat", "specVersion", "version", "metadata", "components", "dependencies"];
    assert_eq!(members, BTreeSet::from(known));
    assert_eq!((&document["bomFormat"], &document["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    let subject = &document["metadata"]["component"];
    assert_eq!((&subject["name"], &subject["type"]), (&"tokentriage".into(), &"application".into()));

    let components = document["components"].as_array().expect("components");
    let mut references = BTreeSet::new();
    for component in components.iter().chain([subject]) {
        let reference = component["bom-ref"].as_str().expect("a reference");
        assert!(references.insert(reference), "{reference} is there twice");
        assert_eq!(component["purl"], reference);
        assert!(reference.starts_with("pkg:cargo/") && !reference.contains('+'), "{reference}");
        let license = component["licenses"][0]["expression"].as_str().expect("a licence");
        assert!(spdx::Expression::parse(license).is_ok(), "{reference}: {license} is no SPDX expression");
        assert!(matches!(component["scope"].as_str(), Some("required" | "excluded")), "{reference}");
        match &component["hashes"] {
            Value::Null => assert!(reference.starts_with("pkg:cargo/tokentriage"), "{reference} has no hash"),
            hashes => {
                let hash = hashes[0]["content"].as_str().expect("a hash");
                assert!(hashes[0]["alg"] == "SHA-256" && hash.len() == 64, "{reference}: {hashes}");
                assert!(hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)), "{hash}");
            }
        }
    }
    let dependencies = document["dependencies"].as_array().expect("dependencies");
    let described: BTreeSet<&str> =
        dependencies.iter().map(|entry| entry["ref"].as_str().expect("a reference")).collect();
    assert_eq!(described, references);
    for entry in dependencies {
        for target in entry["dependsOn"].as_array().expect("a list") {
            assert!(references.contains(target.as_str().expect("a reference")), "{target} is no component");
        }
    }
    // What the command is built from is in it, and what only tests use is not.
    for (name, scope) in [("serde_json", Some("required")), ("serde_derive", Some("required")), ("proptest", None)] {
        let found = components.iter().find(|component| component["name"] == name);
        assert_eq!(found.and_then(|component| component["scope"].as_str()), scope, "{name}");
    }
}

/// Every command, so that each does what it does.
const RUNS: &[(&str, &[&str])] = &[
    ("inspect", &["inspect", "--all", "examples/list-users.curl.txt", "--calling", "GET /users"]),
    ("inspect", &["examples/signed.http", "--jwks", "examples/keys.json"]),
    ("inspect", &["--format", "sarif", "examples/redirect-uri.txt"]),
    ("decode", &["decode", "examples/own-api.json"]),
    ("explain", &["explain", "AADSTS50011", "User.Read", "https://graph.microsoft.com", "no-such-thing"]),
    ("permit", &["permit", "GET https://graph.microsoft.com/v1.0/me/messages"]),
    ("catalog", &["catalog"]),
    ("diff", &["diff", "examples/own-api.json", "examples/list-users.curl.txt"]),
    ("rules", &["rules"]),
    ("scenarios", &["scenarios", "device-code"]),
    ("schema", &["schema"]),
    ("completions", &["completions", "bash"]),
    ("man", &["man"]),
];

/// Nothing leaves: no command asks the system for a socket. Needs strace; says so where it is missing.
#[cfg(target_os = "linux")]
#[test]
fn no_command_opens_a_socket() {
    let help = Command::new(env!("CARGO_BIN_EXE_tokentriage")).arg("--help").output().expect("the command runs");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: BTreeSet<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(commands, RUNS.iter().map(|(name, _)| *name).collect(), "a command is not run here");

    for (_, arguments) in RUNS {
        let log = format!("{}/strace-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        let traced = Command::new("strace")
            .args(["-f", "-qq", "-e", "trace=%network,exit_group", "-o", &log, env!("CARGO_BIN_EXE_tokentriage")])
            .args(*arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .output();
        let calls = std::fs::read_to_string(&log).unwrap_or_default();
        let _ = std::fs::remove_file(&log);
        let traced = match traced {
            Ok(traced) if calls.is_empty() => {
                println!("skipped: strace cannot trace here: {}", String::from_utf8_lossy(&traced.stderr));
                return;
            }
            Ok(traced) => traced,
            Err(_) => {
                println!("skipped: no strace on this machine");
                return;
            }
        };
        assert!(!traced.stdout.is_empty(), "{arguments:?} says nothing: {}", String::from_utf8_lossy(&traced.stderr));
        // That the program ends is the one call that is seen.
        let (ends, network): (Vec<_>, Vec<_>) = calls.lines().partition(|line| line.contains("exit_group("));
        assert_eq!(ends.len(), 1, "{arguments:?}: {calls}");
        assert!(network.is_empty(), "{arguments:?} asks for the network: {network:?}");
    }
}
