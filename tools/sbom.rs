//! Writes the bill of materials of the command and the page to standard output: CycloneDX 1.6, JSON.
//!
//! `cargo run --quiet --example sbom > tokentriage.cdx.json`, or `make sbom`
//!
//! It lists every crate that is compiled into a program of the workspace or runs in its build, for all platforms and with
//! all features; what only tests use is left out. The graph is cargo's (`cargo metadata`), the hashes are those of
//! `Cargo.lock`. The same lock file gives the same bytes: there is no time and no random number in it.
#![allow(clippy::disallowed_methods, reason = "asks cargo for the graph, and reads the lock file")]

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::{Command, ExitCode};

/// The package that the document is about.
const SUBJECT: &str = "tokentriage";

#[allow(dead_code, reason = "tests take the document as a value")]
fn main() -> ExitCode {
    match bill_of_materials() {
        Ok(document) => {
            println!("{document:#}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sbom: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The document, or why there is none.
pub(crate) fn bill_of_materials() -> Result<Value, String> {
    let graph = graph()?;
    let checksums = checksums()?;
    let packages: BTreeMap<&str, &Value> =
        list(&graph["packages"]).map(|package| (text(&package["id"]), package)).collect();
    let nodes: BTreeMap<&str, &Value> =
        list(&graph["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let members: Vec<&str> = list(&graph["workspace_members"]).map(text).collect();
    let subject = members.iter().copied().find(|id| packages.get(id).is_some_and(|package| package["name"] == SUBJECT));
    let subject = subject.ok_or_else(|| format!("the workspace has no package {SUBJECT}"))?;

    // What a program holds is reached by normal dependencies alone, what runs in its build by others too.
    let held = reached(&members, &nodes, |kind| kind.is_null());
    let all = reached(&members, &nodes, |kind| kind != "dev");
    let mut components = Vec::new();
    let mut dependencies = Vec::new();
    for id in &all {
        let Some(package) = packages.get(id) else { return Err(format!("{id} is in no list of packages")) };
        let uses: BTreeSet<String> = dependencies_of(id, &nodes, |kind| kind != "dev")
            .filter_map(|id| Some(reference(packages.get(id)?)))
            .collect();
        dependencies.push(json!({ "ref": reference(package), "dependsOn": uses }));
        if *id != subject {
            components.push(component(package, &checksums, if held.contains(id) { "required" } else { "excluded" }));
        }
    }
    components.sort_by_key(|component| component["bom-ref"].to_string());
    dependencies.sort_by_key(|dependency| dependency["ref"].to_string());
    let Some(subject) = packages.get(subject) else { return Err("the subject has no package".to_owned()) };
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component(subject, &checksums, "required") },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// The packages that the members reach over dependencies of the wanted kinds, the members among them.
fn reached<'g>(
    members: &[&'g str],
    nodes: &BTreeMap<&'g str, &'g Value>,
    wanted: impl Fn(&Value) -> bool + Copy + 'g,
) -> BTreeSet<&'g str> {
    let mut seen: BTreeSet<&str> = members.iter().copied().collect();
    let mut open: VecDeque<&str> = members.iter().copied().collect();
    while let Some(id) = open.pop_front() {
        for next in dependencies_of(id, nodes, wanted) {
            if seen.insert(next) {
                open.push_back(next);
            }
        }
    }
    seen
}

fn dependencies_of<'g>(
    id: &str,
    nodes: &BTreeMap<&'g str, &'g Value>,
    wanted: impl Fn(&Value) -> bool + 'g,
) -> impl Iterator<Item = &'g str> {
    let dependencies = nodes.get(id).map(|node| list(&node["deps"])).into_iter().flatten();
    dependencies
        .filter(move |dependency| list(&dependency["dep_kinds"]).any(|kind| wanted(&kind["kind"])))
        .map(|dependency| text(&dependency["pkg"]))
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>, scope: &str) -> Value {
    let (name, version) = (text(&package["name"]), text(&package["version"]));
    let is_program =
        list(&package["targets"]).any(|target| list(&target["kind"]).any(|kind| kind == "bin" || kind == "cdylib"));
    let is_ours = package["source"].is_null();
    let mut component = json!({
        "type": if is_ours && is_program { "application" } else { "library" },
        "bom-ref": reference(package),
        "name": name,
        "version": version,
        "scope": scope,
        // An older way to write "or" than that of SPDX.
        "licenses": [{ "expression": text(&package["license"]).replace(" / ", "/").replace('/', " OR ") }],
        "purl": reference(package),
    });
    if let Some(checksum) = checksums.get(&(name.to_owned(), version.to_owned())) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(address) = package["repository"].as_str().filter(|_| !is_ours) {
        component["externalReferences"] = json!([{ "type": "vcs", "url": address }]);
    }
    component
}

/// The package URL, which is unique in the graph of one workspace.
fn reference(package: &Value) -> String {
    format!("pkg:cargo/{}@{}", text(&package["name"]), text(&package["version"]).replace('+', "%2B"))
}

/// What cargo knows of the workspace and its dependencies.
pub(crate) fn graph() -> Result<Value, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))
}

/// The SHA-256 hashes of the packages, by name and version.
fn checksums() -> Result<BTreeMap<(String, String), String>, String> {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"));
    let lock: toml::Table = lock.map_err(|error| error.to_string())?.parse().map_err(|error| format!("{error}"))?;
    let packages = lock.get("package").and_then(toml::Value::as_array).into_iter().flatten();
    let checksum = |package: &toml::Value| {
        let member = |name: &str| Some(package.get(name)?.as_str()?.to_owned());
        Some(((member("name")?, member("version")?), member("checksum")?))
    };
    Ok(packages.filter_map(checksum).collect())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
