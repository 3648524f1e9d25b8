//! Every form in which an error response reaches a person, one file each in `tests/responses`.
//!
//! A file begins with what is expected, then a line `---`, then the paste. Expected is one line for each error or claims
//! challenge in the order of the paste, `kind code`, with indented lines `name = value` for handles, `error`, `suberror`,
//! `codes` or words of the `message`. `#` begins a remark. Everything listed has to be there; errors that are not listed
//! must not be.

#![allow(clippy::disallowed_methods, reason = "reads its fixtures")]

use std::fs;
use std::path::Path;
use tokentriage::extract::{Candidate, CookieProblem, ErrorText, HANDLES, Shape, extract};

/// An error or challenge: kind, and what was read.
fn errors(paste: &[u8]) -> Vec<(&'static str, ErrorText)> {
    let read = |candidate: Candidate| match candidate.shape {
        Shape::StsError(error) => Some(("sts-error", *error)),
        Shape::GraphError(error) => Some(("graph-error", *error)),
        Shape::ClaimsChallenge(text) => {
            let message = Some(String::from_utf8_lossy(&text).into_owned());
            Some(("claims-challenge", ErrorText { message, ..ErrorText::default() }))
        }
        _ => None,
    };
    extract(paste).candidates.into_iter().filter_map(read).collect()
}

struct Expected<'t> {
    kind: &'t str,
    code: &'t str,
    values: Vec<(&'t str, &'t str)>,
}

fn expectations(text: &str) -> Vec<Expected<'_>> {
    let mut all: Vec<Expected> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        match line.strip_prefix("  ") {
            Some(value) => {
                let (name, value) = value.split_once(" = ").unwrap_or_else(|| panic!("no value in {line:?}"));
                all.last_mut().expect("a value before any error").values.push((name, value));
            }
            None => {
                let (kind, code) = line.split_once(' ').unwrap_or((line, "-"));
                all.push(Expected { kind, code, values: Vec::new() });
            }
        }
    }
    all
}

/// What is wrong with one error.
fn differences(expected: &Expected, kind: &str, error: &ErrorText) -> Vec<String> {
    let mut out = Vec::new();
    let mut compare = |what: &str, expected: &str, found: &str| {
        if expected != found {
            out.push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    };
    compare("kind", expected.kind, kind);
    compare("code", expected.code, error.code.as_deref().unwrap_or("-"));
    for (name, value) in &expected.values {
        let handle = |name: &str| {
            let values: Vec<_> =
                error.handles.iter().filter(|(handle, _)| *handle == name).map(|(_, value)| value.as_str()).collect();
            values.join(" ")
        };
        match *name {
            "codes" => compare(name, value, &error.codes.join(" ")),
            "error" => compare(name, value, error.error.as_deref().unwrap_or("-")),
            "suberror" => compare(name, value, error.suberror.as_deref().unwrap_or("-")),
            "message" => {
                let message = error.message.as_deref().unwrap_or("-");
                if *value == "-" || !message.contains(value) {
                    compare(name, value, message);
                }
            }
            name => {
                assert!(HANDLES.iter().any(|(known, _)| *known == name), "no handle {name}");
                compare(name, value, &handle(name));
            }
        }
    }
    out
}

#[test]
fn every_form_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/responses");
    let mut files: Vec<_> = fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    assert!(files.len() >= 40, "only {} forms", files.len());
    let mut failures = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).expect("text");
        let (expected, paste) = text.split_once("---\n").expect("a line of three dashes");
        let (expected, found) = (expectations(expected), errors(paste.as_bytes()));
        let name = file.file_name().expect("name").to_string_lossy().into_owned();
        let mut wrong = Vec::new();
        if expected.len() != found.len() {
            wrong.push(format!("expected {} errors, found {found:#?}", expected.len()));
        }
        for (expected, (kind, error)) in expected.iter().zip(&found) {
            wrong.extend(differences(expected, kind, error));
        }
        if !wrong.is_empty() {
            failures.push(format!("{name}\n    {}", wrong.join("\n    ")));
        }
    }
    assert!(failures.is_empty(), "{} of {} forms\n{}", failures.len(), files.len(), failures.join("\n"));
}

#[test]
fn every_handle_is_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/responses");
    for entry in fs::read_dir(folder).expect("fixtures") {
        let text = fs::read(entry.expect("entry").path()).expect("text");
        for (_, error) in errors(&text) {
            for (name, value) in &error.handles {
                assert!(HANDLES.iter().any(|(known, _)| known == name), "{name} = {value} is in no list");
            }
        }
    }
    assert!(HANDLES.is_sorted());
}

/// A code is its whole run of digits, in every form.
#[test]
fn a_code_is_never_a_part_of_a_longer_one() {
    for code in ["70002", "7000215", "7000222", "50011", "500113", "500011", "90002", "9002313", "39219960"] {
        for form in [
            format!("AADSTS{code}: text"),
            format!("{{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS{code}: text\"}}"),
            format!("https://app.example/cb?error=access_denied&error_description=AADSTS{code}%3a+text"),
            format!("{{'error': 'invalid_grant', 'error_codes': [{code}]}}"),
            format!("Sign-in error code: {code}"),
            format!("https://login.microsoftonline.com/error?code={code}"),
            code.to_owned(),
        ] {
            let found = errors(form.as_bytes());
            let codes: Vec<_> = found.iter().filter_map(|(_, error)| error.code.as_deref()).collect();
            assert_eq!(codes, [format!("AADSTS{code}")], "{form}");
        }
    }
}

/// Texts that speak of errors and are none.
#[test]
fn what_is_no_error() {
    for text in [
        "",
        "AADSTS",
        "HTTP/1.1 200 OK",
        "{\"error\":null}",
        "{\"status\":{\"errorCode\":0,\"failureReason\":\"Other.\"},\"appId\":\"x\"}",
        "ResultType,Identity,AppDisplayName\n0,Mika,Mail\n",
        "{\"code\":\"X1\",\"message\":\"hello\"}",
        "https://app.example/?error=1",
        "WWW-Authenticate: Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\"",
        "grant_type=refresh_token&client_id=abc",
        "a{color: red;} b{margin: 0}",
        "2026-03-01",
        "123",
    ] {
        assert_eq!(errors(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn cookies_of_a_har() {
    let har = r#"{"log":{"entries":[{"response":{"status":302,"headers":[
        {"name":"Set-Cookie","value":".AspNetCore.Correlation.abc=N; path=/signin-oidc; httponly"},
        {"name":"set-cookie","value":"session=1; SameSite=None; Secure"}]}}]}}"#;
    let faults = extract(har.as_bytes()).cookie_faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].name.as_str(), faults[0].problem),
        (".AspNetCore.Correlation.abc", CookieProblem::NoSameSite)
    );
}

/// Cutting a paste anywhere must neither fail nor invent an error of another code.
#[test]
fn cut_anywhere() {
    let whole = "HTTP 400\n{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70002: Error. AADSTS50012: Late.\\r\\n\
                 Trace ID: 11111111-aaaa-4bbb-8ccc-000000000100\\r\\nTimestamp: 2026-03-01 09:10:11Z\",\"error_codes\":[70002,50012]}";
    let known = ["AADSTS70002", "AADSTS50012", "invalid_grant"];
    for end in 0..whole.len() {
        for (_, error) in errors(&whole.as_bytes()[..end]) {
            let code = error.code.unwrap_or_default();
            assert!(known.iter().any(|known| known.starts_with(&code)), "{code} at {end}");
        }
    }
}

/// Half a mebibyte of what a careless reader would read again from every place. Nothing is measured: a reader that is
/// not linear does not come back in time.
#[test]
fn hostile_repetitions() {
    for unit in [
        "AADSTS50011: x 'a' (b) \n",
        "AADSTS50011: 'x",
        "error=invalid_grant&",
        "invalid_grant: ",
        "{'a': '",
        "{'a': {'b': ",
        "{ a: ",
        "{\\\"error\\\":",
        "\"{\\\"",
        "{\"a\":\"{\\\"b\\\":",
        "{\"error\":{\"code\":\"x\",\"message\":\"",
        "{\"status\":{\"errorCode\":",
        "resulttype,a,b\n",
        "ResultType,",
        "error code: 50011 ",
        "WWW-Authenticate: Bearer error=\"x\"\n",
        "Set-Cookie: a=b\n",
        "name=\"error\" value=\"x\"<",
        "InvalidAuthenticationToken ",
        "need admin approval\n",
        "IDX10205: 'a' ",
        "error code: X\nMessage: y\n",
        "psf:text>",
        "Trace ID: ",
    ] {
        errors(unit.repeat((1 << 19) / unit.len()).as_bytes());
    }
}
