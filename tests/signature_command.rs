//! `--jwks` from outside: which files are taken, what is said of those that are not, and what the answer shows.
#![allow(clippy::disallowed_methods, reason = "runs the command")]

mod command;
mod mint;

use command::Folder;
use mint::case::document;
use mint::keys::{entra, graph_token, jwk, key_id, other};
use serde_json::json;
use std::path::Path;

/// Exit code, standard output and standard error.
fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let output = command::run(arguments, input.as_bytes());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

fn token() -> String {
    let header = format!(r#"{{"typ":"JWT","nonce":"NONCE","alg":"RS256","kid":"{}"}}"#, key_id(entra()));
    let claims = json!({
        "aud": "https://graph.microsoft.com", "iss": format!("https://sts.windows.net/{}/", mint::id("tenant")),
        "iat": 1_772_358_600, "nbf": 1_772_358_600, "exp": 1_772_363_400, "appid": mint::id("app"), "idtyp": "app",
        "roles": ["User.Read.All"], "tid": mint::id("tenant"), "ver": "1.0", "oid": "o", "sub": "o",
    });
    graph_token(entra(), &header, "a nonce", "a nonce", &claims.to_string())
}

#[test]
fn the_answer_says_which_key_of_which_file_made_the_signature() {
    let folder = Folder::new("jwks");
    let wrong = folder.file("of-another-day.json", &json!({ "keys": [jwk(other(), json!({}))] }).to_string());
    let right = folder.file("keys.json", &json!({ "keys": [jwk(entra(), json!({}))] }).to_string());
    let (now, width) = (["--now", "2026-03-01T10:00:00Z"], ["--width", "400"]);
    let with = |more: &[&str]| run(&[&now[..], &width[..], more].concat(), &token());
    let key = key_id(entra());
    let verified = format!("signature verified with key {key} of keys.json");

    let (code, out, err) = with(&["--jwks", &wrong, "--jwks", &right]);
    assert!(code == 0 && out.contains(&verified) && err.is_empty(), "{code} {out} {err}");
    assert!(!out.contains("--jwks"), "{out}");
    let (code, out, _) = with(&["--jwks", &wrong]);
    assert!(code == 0 && out.contains(&format!("its key, {key}, is not among the given ones")), "{code} {out}");
    assert_eq!(with(&["--jwks", &wrong, "--fail-on", "warning"]).0, 1);
    let (code, out, _) = with(&[]);
    assert!(code == 0 && out.contains("that takes the issuer's published keys (--jwks FILE)."), "{code} {out}");
    // Folders may tell of a person, and are not shown.
    for format in ["json", "markdown"] {
        let (_, out, _) = with(&["--jwks", &right, "--format", format]);
        assert!(out.contains("keys.json") && !out.contains("jwks-"), "{out}");
    }
    // The keys come by standard input where the paste is a file.
    let paste = folder.file("token.txt", &token());
    let (code, out, _) = run(
        &[&now[..], &width[..], &["--jwks", "-", &paste]].concat(),
        &json!({ "keys": [jwk(entra(), json!({}))] }).to_string(),
    );
    assert!(code == 0 && out.contains(&format!("signature verified with key {key} of key set 1")), "{code} {out}");
}

#[test]
fn files_without_keys_are_wrong_usage() {
    let folder = Folder::new("no-jwks");
    let discovery = folder.file("discovery.json", r#"{"issuer":"i","jwks_uri":"https://keys.example/\u001b[2J"}"#);
    let folder_name = folder.path().to_owned();
    for (arguments, message) in [
        (&["--jwks", "no-such-file"][..], "no-such-file cannot be read"),
        (&["--jwks", &folder_name], "cannot be read"),
        (&["--jwks"], "--jwks"),
        (&["--scenario", "-"], "only one of paste, --scenario, --calls and --jwks"),
        (&["--jwks", "-"], "only one of paste, --scenario, --calls and --jwks"),
        (&["--jwks", "-", "--jwks", "-", "README.md"], "only one of paste, --scenario, --calls and --jwks"),
        (
            &["--jwks", &discovery],
            "cannot be used to check signatures: it is a discovery document, which only says where the keys are: save what \
             https://keys.example/\\u001b[2J answers",
        ),
        (&["--jwks", "README.md"], "it is neither JSON nor PEM nor a certificate"),
    ] {
        let (code, out, err) = run(arguments, &token());
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
    let private = folder.file("private.json", &jwk(entra(), json!({ "d": "AQAB" })).to_string());
    let (code, out, err) = run(&["--now", "2026-03-01T10:00:00Z", "--jwks", &private], &token());
    assert!(code == 0 && err.contains("is there with its private half, which nobody else may have"), "{code} {err}");
    assert!(out.contains("A file of keys holds one that is not public."), "{out}");
}

/// The README's example is made here: a Graph token as Entra's made-up key signs one, and the document of its keys.
/// `UPDATE=1 cargo test --test signature_command` writes both.
#[test]
fn the_example_of_the_readme_is_signed_with_a_made_up_key() {
    let judged_at = 1_772_443_211;
    let mint::Parts { mut header, claims, .. } = mint::base("graph-delegated", judged_at);
    let nonce = header.text("nonce").expect("a nonce");
    for (name, value) in [("nonce", "NONCE"), ("x5t", &key_id(entra())), ("kid", &key_id(entra()))] {
        header.set(name, json!(value).to_string());
    }
    let token = graph_token(entra(), &header.to_json(), &nonce, &nonce, &claims.to_json());
    let request = format!("GET /v1.0/me HTTP/1.1\nHost: graph.microsoft.com\nAuthorization: Bearer {token}\n");
    for (name, expected) in [("keys.json", format!("{:#}\n", document("entra"))), ("signed.http", request)] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &expected).expect("a file");
        }
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), expected, "examples/{name}");
    }
}
