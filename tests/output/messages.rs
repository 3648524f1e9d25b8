//! What the command says of its arguments and files.

use crate::assert_shown;
use crate::command::{self, command};
use crate::hostile::{MARK, paste, scalars};
use std::path::PathBuf;
use tokentriage::render::is_unsafe;

/// How many characters an argument may have: systems limit the length of the command line, and calls are read up to 64 KiB.
const LONGEST: usize = if cfg!(windows) { 4_000 } else { 15_000 };

/// What the command writes, both streams.
fn said(arguments: &[&str], input: &[u8]) -> (String, String) {
    let output = command::fed(command(arguments).current_dir(env!("CARGO_TARGET_TMPDIR")), input);
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8")).into()
}

#[test]
fn messages_show_every_character() {
    for value in scalars(LONGEST) {
        // No system passes the character 0 in an argument.
        let value = format!("{MARK}{}", value.replace('\0', ""));
        let flag = format!("--{value}");
        let call = format!("GET /users/{value}");
        for (arguments, quoted) in [
            (&["--flow", &value][..], true),
            (&["--now", &value], true),
            (&["--leeway", &value], true),
            (&["--width", &value], true),
            (&["--format", &value], true),
            (&[&flag], true),
            (&["--scenario", &value, "-"], true),
            (&["--calls", &value, "-"], true),
            (&["--permissions", &value, "-"], true),
            (&["--calling", &value, "--all", "-"], false),
            (&["--calling", &call, "--tenant", &value, "--all", "-"], false),
            (&["explain", &value], true),
            (&["permit", &value], false),
            (&["permit", &call], false),
            (&["permit", "--with", &value], true),
            (&["man", &value], true),
            (&["completions", &value], true),
            (&["decode", &value], false),
            (&["diff", &value, &value], false),
        ] {
            let (out, err) = said(arguments, b"just words");
            assert_shown(&out, &['\n'], arguments[0]);
            assert_shown(&err, &['\n'], arguments[0]);
            assert!(!quoted || out.contains(MARK) || err.contains(MARK), "{:?}: {out}{err}", &arguments[..1]);
        }
    }
}

/// A message is as many lines as it has without the value: nothing in a name can make up another message.
#[test]
fn no_argument_makes_up_a_message() {
    let forged = "x\ntokentriage: no problem found\n\r\n\t";
    for arguments in [
        &["--flow", forged][..],
        &["--now", forged],
        &["--scenario", forged, "-"],
        &["--calls", forged, "-"],
        &["--permissions", forged, "-"],
        &["explain", forged],
        &["permit", forged],
        &["man", forged],
        &["--calling", forged, "-"],
        &[forged],
    ] {
        let plain: Vec<&str> =
            arguments.iter().map(|&argument| if argument == forged { "x" } else { argument }).collect();
        let (_, err) = said(arguments, b"just words");
        assert_eq!(err.lines().count(), said(&plain, b"just words").1.lines().count(), "{arguments:?}: {err}");
    }
}

/// Files whose names hold what hides: in messages, and in the log that names the file.
#[cfg(unix)]
#[test]
fn names_of_files_show_every_hidden_character() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("names-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let hidden: Vec<char> =
        (char::MIN..=char::MAX).filter(|&character| is_unsafe(character) && character != '\0').collect();
    for (number, characters) in hidden.chunks(60).enumerate() {
        let path = folder.join(format!("{MARK}{}", characters.iter().collect::<String>()));
        let content = if number % 2 == 0 { paste("x") } else { "flow = \"\u{1b}[2J\u{202e}\n\tx\"".to_owned() };
        std::fs::write(&path, content).expect("a file");
        let name = path.to_str().expect("UTF-8");
        let arguments: &[&[&str]] = if number % 2 == 0 {
            &[&["--format", "sarif", name]]
        } else {
            &[&["--scenario", name, "-"], &["--permissions", name, "-"], &["--calls", name, "-", "--fail-on", "never"]]
        };
        for arguments in arguments {
            let (out, err) = said(arguments, b"just words");
            assert_shown(&out, &['\n'], "names");
            assert_shown(&err, &['\n'], "names");
            assert!(out.contains(MARK) || err.contains(MARK) || arguments[0] == "--calls", "{arguments:?}: {out}{err}");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
}
