//! The console blocks of the README are run, and their output is compared word for word.
//! `UPDATE=1 cargo test --test readme` writes what the command says now into the README.
#![allow(clippy::disallowed_methods, reason = "reads the README and runs the command")]

mod command;

use std::fmt::Write as _;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

#[test]
fn console_blocks_hold() {
    let readme = std::fs::read_to_string(README).unwrap();
    let mut renewed = String::new();
    let mut commands = 0;
    let mut lines = readme.lines().peekable();
    while let Some(line) = lines.next() {
        renewed.push_str(line);
        renewed.push('\n');
        if line != "```console" {
            continue;
        }
        let mut code = None;
        while let Some(line) = lines.next_if(|&line| line != "```") {
            let Some(typed) = line.strip_prefix("$ ") else { continue };
            let _ = writeln!(renewed, "{line}");
            if typed == "echo $?" {
                let _ = writeln!(renewed, "{}", code.expect("a command before it"));
            } else {
                let (said, exit_code) = run(typed);
                renewed.push_str(&said);
                code = Some(exit_code);
                commands += 1;
            }
        }
    }
    assert!(commands >= 1, "the README has lost its console blocks");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(README, &renewed).unwrap();
    } else {
        for (number, (is, should)) in readme.lines().zip(renewed.lines()).enumerate() {
            assert_eq!(is, should, "line {} of README.md (UPDATE=1 cargo test --test readme renews it)", number + 1);
        }
        assert_eq!(readme.len(), renewed.len(), "README.md is longer or shorter than what the commands say");
    }
}

/// Runs a line as a shell would: words, quotes, and `< file`.
fn run(line: &str) -> (String, i32) {
    let mut words = split(line).into_iter();
    match words.next().as_deref() {
        Some("tokentriage") => {}
        Some("cargo") => assert_eq!(words.by_ref().take(3).collect::<Vec<_>>(), ["run", "--release", "--"]),
        other => panic!("the README runs {other:?}"),
    }
    let mut arguments = Vec::new();
    let mut input = Vec::new();
    while let Some(word) = words.next() {
        if word == "<" {
            let file = words.next().expect("a file after <");
            input = std::fs::read(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        } else {
            arguments.push(word);
        }
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = command::run(&arguments, &input);
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (said, output.status.code().unwrap())
}

fn split(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if character == ' ' => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
