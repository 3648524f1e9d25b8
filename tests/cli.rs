//! The command from outside: streams, exit codes, what reaches the terminal.
#![allow(clippy::disallowed_methods, reason = "runs the command")]

mod command;

use command::{Folder, code, command, err, fed, out, run};
use std::io::Write;
use std::process::Stdio;

#[test]
fn wrong_usage_is_exit_code_2_with_a_message_and_no_answer() {
    for (arguments, message) in [
        (&["--flow", "telepathy"][..], "authorization-code"),
        (&["--cloud", "nine"], "us-gov-dod"),
        (&["--fail-on", "fatal"], "warning"),
        (&["--now", "soon"], "expected RFC 3339"),
        (&["--leeway=-1"], "0..=86400"),
        (&["--width", "3"], "24.."),
        (&["--no-such-flag"], "--no-such-flag"),
        (&["explain"], "<TERM>"),
        (&["diff", "-", "-"], "only one of the two"),
        (&["permit"], "<CALL>"),
        (&["permit", "GET /me", "--with", "Mail.Read"], "cannot be used with"),
        (&["--calls", "-"], "only one of paste, --scenario, --calls and --jwks"),
        (&["permit", "--calls", "no-such-file"], "no-such-file cannot be read"),
        (&["man", "telepathy"], "there is no command telepathy"),
        (&["src"], "src cannot be read"),
        (&["--scenario", "no-such-file"], "no-such-file cannot be read"),
    ] {
        let output = run(arguments, b"");
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert_eq!(out(&output), "", "{arguments:?}");
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn nothing_recognised_is_exit_code_3() {
    for (arguments, input) in [
        (&[][..], &b"just words"[..]),
        (&["-"], b""),
        (&["--fail-on", "never"], b"\xff\xfe\x00\x01"),
        (&["decode"], b"just words"),
        (&["explain", "no-such-term-at-all"], b""),
        (&["diff", "-", "just words"], b"just words"),
    ] {
        let output = run(arguments, input);
        assert_eq!(code(&output), 3, "{arguments:?}: {}{}", out(&output), err(&output));
    }
}

#[test]
fn an_argument_that_is_no_file_is_the_paste() {
    let output = run(&["just-words.txt"], b"");
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("there is no file of that name"), "{}", err(&output));
}

#[test]
fn scenario_files_are_json_or_toml() {
    let folder = Folder::new("scenario");
    for (name, content, message) in [
        ("good.json", r#" {"flow": "device-code", "calling": "GET /me"}"#, ""),
        ("good.toml", "flow = \"device-code\"\ncalling = [\"GET /me\", \"GET /users\"]\n", ""),
        ("empty.toml", "", ""),
        ("bad.json", r#"{"flow": "device-code""#, "bad.json is no scenario"),
        ("unknown.toml", "flaw = \"device-code\"", "unknown field `flaw`"),
        ("choice.json", r#"{"flow": "telepathy"}"#, "telepathy"),
    ] {
        let output = run(&["--scenario", &folder.file(name, content)], b"just words");
        assert_eq!(code(&output), if message.is_empty() { 3 } else { 2 }, "{name}: {}", err(&output));
        assert!(err(&output).contains(message), "{name}: {}", err(&output));
    }
}

/// A token that was given where a name belongs.
#[test]
fn no_message_repeats_a_signature() {
    let signature = "S1gNaTuR".repeat(43);
    let token = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.{}", &signature[..342]);
    let token = token.as_str();
    let folder = Folder::new("repeated");
    let fields = folder.file("fields.json", &format!("{{\"{token}\":1}}"));
    for arguments in [
        &["--flow", token][..],
        &["--now", token],
        &["--jwks", token],
        &["--scenario", token],
        &["--scenario", &fields],
        &["--calls", token],
        &["explain", token],
        &["man", token],
        &["permit", token],
        &["--format", "json", "--calling", &format!("GET /users/{token}")],
        &[&format!("--{token}")],
    ] {
        let output = run(arguments, b"just words");
        let said = [out(&output), err(&output)].concat();
        assert!(!said.is_empty() && !said.contains("S1gNaTuR"), "{arguments:?}: {said}");
    }
}

/// The name of a file goes into a SARIF log.
#[test]
fn the_name_of_a_file_tells_of_nobody_once_redacted() {
    let folder = Folder::new("names");
    let claims = r#"{"aud":"x","iss":"y","exp":1,"name":"Ada Lovelace"}"#;
    folder.file("ada@tenant.example for Ada%20Lovelace.json", claims);
    let sarif = |flags: &[&str]| {
        let mut command = command(&["ada@tenant.example for Ada%20Lovelace.json", "--format", "sarif"]);
        out(&fed(command.args(flags).current_dir(folder.path()), b"")).to_owned()
    };
    let (redacted, whole) = (sarif(&[]), sarif(&["--no-redact"]));
    assert!(redacted.contains("\"%5Bredacted%5D%20for%20%5Bredacted%5D.json\""), "{redacted}");
    assert!(!redacted.contains("Lovelace") && !redacted.contains("tenant.example"), "{redacted}");
    assert!(whole.contains("ada%40tenant.example%20for%20Ada%2520Lovelace.json"), "{whole}");
}

#[test]
fn nothing_that_acts_reaches_the_terminal() {
    let nasty = "\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{200b}\u{e0041}";
    let folder = Folder::new("nasty");
    let broken = folder.file("broken.toml", &format!("flow = \"{nasty}"));
    let listed = [
        vec!["--flow", nasty],
        vec!["--now", nasty],
        vec!["--color", "never", nasty],
        vec![nasty, nasty],
        vec!["explain", nasty],
        vec!["man", nasty],
        vec!["--scenario", nasty],
        vec!["--scenario", &broken],
        vec!["--format", "markdown", "--calling", nasty],
        vec!["--format", "json", "--calling", nasty],
        vec!["--all", "--calling", nasty],
    ];
    for arguments in listed {
        let output = run(&arguments, nasty.as_bytes());
        let said = [out(&output), err(&output)].concat();
        assert!(!said.is_empty(), "{arguments:?}");
        let acting = said.chars().find(|&character| tokentriage::render::is_unsafe(character) && character != '\n');
        assert_eq!(acting, None, "{arguments:?}: {said:?}");
    }
}

#[test]
fn colours_only_where_asked_for_outside_a_terminal() {
    for (arguments, coloured) in [(&["--color", "always"][..], true), (&["--color", "never"], false), (&[], false)] {
        let output = run(arguments, b"just words");
        assert_eq!(out(&output).contains("\u{1b}["), coloured, "{arguments:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = command(&[]).stdin(Stdio::piped()).spawn().unwrap();
    // The command waits for its input, so that the reader is gone before it writes.
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(b"just words").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), err(&output)), (3, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&["schema"]).stdin(Stdio::null()).stdout(full).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("standard output cannot be written"), "{}", err(&output));
}

#[test]
fn schema_completions_and_manual_are_printed() {
    let schema = run(&["schema"], b"");
    assert_eq!(out(&schema), include_str!("../src/report/schema.json"));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell], b"");
        assert_eq!(code(&script), 0);
        assert!(out(&script).contains("fail-on"), "{shell}");
    }
    for (arguments, wanted) in [(&["man"][..], "fail\\-on"), (&["man", "diff"], "tokentriage diff")] {
        let page = run(arguments, b"");
        assert!(code(&page) == 0 && out(&page).contains(wanted), "{arguments:?}");
    }
}
