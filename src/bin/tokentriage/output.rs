//! Standard output, messages, and what the terminal can show.

use crate::exit;
use clap::ArgMatches;
use std::ffi::OsStr;
use std::io::{ErrorKind, IsTerminal, Write};
use tokentriage::extract::without_credentials;
use tokentriage::render::{Safe, SafeLine, TextOptions};

/// Why nothing could be judged: one message.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// Writes the answer, at once, and passes the exit code on. A reader that has gone is nobody's fault.
pub(crate) fn print_bytes(bytes: &[u8], code: u8) -> Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(code),
    }
}

/// The same for text.
pub(crate) fn print(text: &str, code: u8) -> Result<u8, Failure> {
    print_bytes(text.as_bytes(), code)
}

/// One message on standard error, on one line: names and values in it cannot make it look like several. A token that was
/// given in place of a name is not repeated with its signature: messages end up in logs. Where that fails there is nobody
/// to tell.
pub(crate) fn message(text: &str) {
    let hidden = without_credentials(text);
    let text = hidden.as_deref().unwrap_or(text);
    // Standard error is not buffered: one line is one write.
    let line = format!("{}: {}\n", crate::arguments::NAME, SafeLine(text));
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// What clap has to say: help and version are answers, the rest is wrong usage.
pub(crate) fn print_usage(error: &clap::Error) -> Result<u8, Failure> {
    let text = error.render();
    if error.use_stderr() {
        let _ = write!(std::io::stderr(), "{}", Safe(&text.to_string()));
        return Ok(exit::USAGE);
    }
    if colour_by_default() { print(&text.ansi().to_string(), exit::FINE) } else { print(&text.to_string(), exit::FINE) }
}

/// Layout by the arguments `color` and `width` and by the terminal.
pub(crate) fn layout(matches: &ArgMatches) -> TextOptions {
    let colour = match matches.get_one::<String>("color").map(String::as_str) {
        Some("always") => true,
        Some("never") => false,
        _ => colour_by_default(),
    };
    let width = matches.get_one::<u16>("width").copied().map_or_else(width_by_default, usize::from);
    TextOptions { colour, width, unicode: knows_unicode(), ..TextOptions::default() }
}

fn colour_by_default() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Long lines are hard to read: a wide terminal is not used to its end.
fn width_by_default() -> usize {
    match terminal_size::terminal_size_of(std::io::stdout()) {
        Some((terminal_size::Width(columns), _)) => usize::from(columns).min(100),
        None => 80,
    }
}

/// A terminal whose locale names another encoding gets ASCII marks; files are UTF-8.
fn knows_unicode() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
    let is_utf8 = |locale: &OsStr| {
        let locale = locale.to_string_lossy().to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    };
    cfg!(windows) || !std::io::stdout().is_terminal() || locale.is_none_or(|locale| is_utf8(&locale))
}
