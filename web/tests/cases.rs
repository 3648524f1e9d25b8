//! Prints what the library answers natively, for a comparison with the module of the page: one case a line, as JSON
//! `{"name", "call", "given", "answer"}`. `given` are the arguments: pastes as base64 behind `base64:`, the rest as it is.

#![allow(clippy::disallowed_methods, reason = "reads cases and prints")]

#[path = "../../tests/mint/mod.rs"]
mod mint;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use tokentriage::jose::keys::KeySet;
use tokentriage::scenario::Scenario;
use tokentriage::{Options, diff, explain, permission, render};

/// The moment of judging where a case has none.
const NOW: i64 = 1_772_359_200;

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut before = (Vec::new(), Options::at(NOW));
    for case in mint::case::all() {
        let mut now = (case.paste(), case.options());
        // The page checks RSA signatures alone, and has no name for the document.
        now.1.keys = case.rsa_keys().map(|document| {
            let mut keys = KeySet::new();
            tokentriage::add_keys(&mut keys, "the given keys", document.as_bytes()).expect("keys");
            Arc::new(keys)
        });
        let keys = case.rsa_keys();
        pastes(&mut out, &case.name, &now.0, &now.1, keys.as_deref())?;
        let difference = diff::diff(&tokentriage::analyze(&before.0, &now.1), &tokentriage::analyze(&now.0, &now.1));
        let given = [paste(&before.0), paste(&now.0), told(&now.1, false, keys.as_deref())];
        write(&mut out, &case.name, "compare", &given, &printed(&difference))?;
        before = now;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/responses");
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let text = std::fs::read_to_string(&path)?;
        let own = text.split_once("\n---\n").map_or(text.as_str(), |(_, own)| own);
        pastes(&mut out, &path.to_string_lossy(), own.as_bytes(), &Options::at(NOW), None)?;
    }
    for term in terms() {
        let answer = explain::explain(&term);
        let answer = match answer.is_empty() {
            true => printed(&json!({"error": explain::unknown(&term), "suggestions": explain::suggestions(&term)})),
            false => printed(&answer),
        };
        write(&mut out, &term, "explain", &[term.clone().into()], &answer)?;
    }
    let catalogue = permission::embedded();
    let calls = catalogue.calls().enumerate().filter(|(at, _)| at % 40 == 0).map(|(_, (method, path))| {
        format!("{method} {}", path.replace("{id}", "7d3c1a52-6e0b-4f8d-9a21-b5c4e8f60d17"))
    });
    let odd = [
        "GET /me",
        "get /Users/",
        "FETCH /me",
        "GET \u{202e}x",
        "GET nowhere",
        "ftp://example.com/me",
        "",
        "POST https://example.com/me",
        "GET /nowhere/at/all",
    ];
    for call in calls.chain(odd.map(str::to_owned)) {
        let answer = match catalogue.needs(&call) {
            Ok(needs) => printed(&needs),
            Err(error) => printed(&json!({"error": error.to_string()})),
        };
        write(&mut out, &call, "permit", &[call.clone().into()], &answer)?;
        let begun = call.get(..call.len().min(9)).unwrap_or_default();
        write(&mut out, begun, "complete", &[begun.into()], &printed(&catalogue.complete(begun, 24)))?;
    }
    out.flush()
}

/// Everything that is said of one paste.
fn pastes(out: &mut impl Write, name: &str, own: &[u8], options: &Options, keys: Option<&str>) -> std::io::Result<()> {
    let mut report = tokentriage::analyze(own, options);
    write(out, name, "analyze", &[paste(own), told(options, false, keys)], &printed(&report))?;
    report.redact();
    write(out, name, "analyze", &[paste(own), told(options, true, keys)], &printed(&report))?;
    write(out, name, "ticket", &[paste(own), told(options, false, keys)], &render::markdown(&report))?;
    write(out, name, "html", &[paste(own), told(options, true, keys)], &render::html(&report))
}

/// Terms of every kind, known and not.
fn terms() -> Vec<String> {
    let codes = tokentriage::catalog::sign_in_errors().step_by(20).map(|error| format!("AADSTS{}", error.code()));
    let claims = tokentriage::catalog::claims().map(|claim| claim.name.to_owned());
    let findings = tokentriage::rules::registry().iter().map(|rule| rule.id.to_owned());
    let others = [
        "Mail.Read",
        "mail.*",
        "User.Raed",
        "00000003-0000-0000-c000-000000000000",
        "https://graph.microsoft.com",
        "",
        "*",
        "nonsense that nobody knows",
        "50011",
        "\u{e4}\u{f6}\u{fc}",
        "62E90394-69F5-4237-9190-012177145E10",
    ];
    codes.chain(claims).chain(findings).chain(others.map(str::to_owned)).collect()
}

/// JSON as the command prints it.
fn printed<T: serde::Serialize>(value: &T) -> String {
    render::json(value, true) + "\n"
}

fn paste(bytes: &[u8]) -> Value {
    format!("base64:{}", STANDARD.encode(bytes)).into()
}

/// The options as the page writes them.
fn told(options: &Options, redact: bool, keys: Option<&str>) -> Value {
    let Scenario { flow, client, calling, cloud, resource, tenant, client_id, library } = &options.scenario;
    let scenario = json!({
        "flow": flow.map(|flow| flow.name()), "client": client.map(|client| client.name()), "calling": calling,
        "cloud": cloud.map(|cloud| cloud.name()), "resource": resource.map(|resource| resource.name()),
        "tenant": tenant, "client_id": client_id, "library": library,
    });
    json!({"now": options.now, "leeway": options.leeway, "redact": redact, "scenario": scenario, "keys": keys})
        .to_string()
        .into()
}

fn write(out: &mut impl Write, name: &str, call: &str, given: &[Value], answer: &str) -> std::io::Result<()> {
    writeln!(out, "{}", json!({"name": name, "call": call, "given": given, "answer": answer}))
}
