//! What is judged, and against what: the paste, the scenario, the moment.

use crate::output::{Failure, message};
use clap::ArgMatches;
use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tokentriage::add_keys;
use tokentriage::jose::keys::{self, KeySet};
use tokentriage::permission::{self, CallList, Catalogue};
use tokentriage::scenario::{Client, Cloud, Flow, Resource, Scenario};

/// Where a paste came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Standard input.
    Stream,
    /// A file that was named.
    File,
    /// The argument itself.
    Argument,
}

/// Reads the paste that an argument names; nothing where there is no argument and standard input is a terminal.
pub(crate) fn paste(argument: Option<&OsStr>) -> Result<Option<(Vec<u8>, Origin)>, Failure> {
    let Some(argument) = argument else {
        return if std::io::stdin().is_terminal() { Ok(None) } else { Ok(Some((stream()?, Origin::Stream))) };
    };
    if argument == "-" {
        return Ok(Some((stream()?, Origin::Stream)));
    }
    let path = Path::new(argument);
    // A pipe of the shell, `<(…)`, is read as a file too. What is too long for a name is no file.
    if path.exists() {
        let bytes = std::fs::read(path).map_err(|error| unreadable(argument, &error))?;
        return Ok(Some((bytes, Origin::File)));
    }
    Ok(Some((argument.as_encoded_bytes().to_vec(), Origin::Argument)))
}

/// Says on standard error what becomes of a paste that was an argument.
pub(crate) fn note_on_argument(origin: Origin, recognised: bool) {
    match origin {
        Origin::Argument if recognised => {
            message(
                "note: the paste was an argument, so it is now in the history of the shell; standard input leaves none",
            );
        }
        Origin::Argument => {
            message("note: there is no file of that name, so the argument itself was read as the paste")
        }
        Origin::File | Origin::Stream => {}
    }
}

fn stream() -> Result<Vec<u8>, Failure> {
    // Room for a usual paste, so that it is read at once.
    let mut bytes = Vec::with_capacity(32 * 1024);
    match std::io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure(format!("standard input cannot be read: {error}"))),
    }
}

fn unreadable(name: &OsStr, error: &std::io::Error) -> Failure {
    Failure(format!("{} cannot be read: {error}", name.to_string_lossy()))
}

/// The scenario: the file that is named, and the flags over it.
pub(crate) fn scenario(matches: &ArgMatches) -> Result<Scenario, Failure> {
    let mut scenario = match matches.get_one::<OsString>("scenario") {
        Some(name) => scenario_file(name)?,
        None => Scenario::default(),
    };
    let text = |name| matches.get_one::<String>(name).map(String::as_str);
    scenario.flow = text("flow").and_then(Flow::from_name).or(scenario.flow);
    scenario.client = text("client").and_then(Client::from_name).or(scenario.client);
    scenario.cloud = text("cloud").and_then(Cloud::from_name).or(scenario.cloud);
    scenario.resource = text("resource").and_then(Resource::from_name).or(scenario.resource);
    scenario.tenant = text("tenant").map(str::to_owned).or(scenario.tenant);
    scenario.client_id = text("client-id").map(str::to_owned).or(scenario.client_id);
    scenario.library = text("library").map(str::to_owned).or(scenario.library);
    let given = matches.get_many::<String>("calling");
    let listed = matches.get_one::<OsString>("calls");
    if given.is_some() || listed.is_some() {
        scenario.calling = given.into_iter().flatten().cloned().collect();
    }
    if let Some(name) = listed {
        for needs in calls(name)?.needs(permission::embedded()) {
            scenario.calling.push(needs.call);
        }
    }
    for call in &scenario.calling {
        if let Err(error) = permission::embedded().parse(call) {
            message(&format!("note: this call was left out: {error}"));
        }
    }
    Ok(scenario)
}

/// The calls of the file that is named.
pub(crate) fn calls(name: &OsStr) -> Result<CallList, Failure> {
    let bytes = if name == "-" { stream()? } else { std::fs::read(name).map_err(|error| unreadable(name, &error))? };
    let list = CallList::read(&bytes);
    if list.elsewhere > 0 {
        message(&format!("note: {} requests to other services were left out", list.elsewhere));
    }
    if list.calls.is_empty() {
        return Err(Failure(format!("{} holds no call: expected one a line, as in GET /me", name.to_string_lossy())));
    }
    Ok(list)
}

/// The table of permissions that is named; none where the embedded one is meant. What was left out of it is told.
pub(crate) fn permissions(matches: &ArgMatches) -> Result<Option<Arc<Catalogue>>, Failure> {
    let Some(name) = matches.get_one::<OsString>("permissions") else { return Ok(None) };
    let bytes = at_most(name, permission::MAX_DOCUMENT_BYTES)?;
    let shown = name.to_string_lossy();
    let loaded = Catalogue::from_permissions_json(&bytes);
    let (catalogue, notes) = loaded.map_err(|error| Failure(format!("{shown} cannot be used: {error}")))?;
    for note in notes {
        message(&format!("note: {shown}: {note}"));
    }
    Ok(Some(Arc::new(catalogue)))
}

/// How many notes on a file of keys are told at once.
const NOTES_ON_KEYS: usize = 8;

/// The keys that are named; none where none are. What is odd about them is told.
pub(crate) fn keys(matches: &ArgMatches) -> Result<Option<Arc<KeySet>>, Failure> {
    let Some(names) = matches.get_many::<OsString>("jwks") else { return Ok(None) };
    let mut keys = KeySet::new();
    for (name, number) in names.zip(1..) {
        let document = if name == "-" { stream()? } else { at_most(name, keys::MOST_BYTES)? };
        let shown = name.to_string_lossy();
        add_keys(&mut keys, &key_file_name(name, number), &document)
            .map_err(|error| Failure(format!("{shown} cannot be used to check signatures: {error}")))?;
        let notes = keys.files().last().map(|file| file.notes.as_slice()).unwrap_or_default();
        for note in notes.iter().take(NOTES_ON_KEYS) {
            message(&format!("note: {shown}: {note}"));
        }
        if notes.len() > NOTES_ON_KEYS {
            message(&format!("note: {shown}: {} more such notes (--all lists them)", notes.len() - NOTES_ON_KEYS));
        }
    }
    Ok(Some(Arc::new(keys)))
}

/// What a file of keys is called in a report: its name without the folders, which may tell of a person.
fn key_file_name(name: &OsStr, number: usize) -> String {
    let path = Path::new(name);
    match path.file_name() {
        // Standard input, or a pipe of the shell, `<(…)`.
        _ if name == "-" || path.starts_with("/dev") || path.starts_with("/proc") => format!("key set {number}"),
        Some(file) => file.to_string_lossy().into_owned(),
        None => format!("key set {number}"),
    }
}

/// The beginning of a file: one byte more than `most`, so that a larger one is told apart.
fn at_most(name: &OsStr, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = std::fs::File::open(name).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(name, &error))?;
    Ok(bytes)
}

fn scenario_file(name: &OsStr) -> Result<Scenario, Failure> {
    let bytes = if name == "-" { stream()? } else { std::fs::read(name).map_err(|error| unreadable(name, &error))? };
    let shown = name.to_string_lossy();
    let wrong = |what: &str| Failure(format!("{shown} is no scenario: {what}"));
    let text = std::str::from_utf8(&bytes).map_err(|error| wrong(&error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))
    } else {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            wrong(&format!("{} at line {line}", error.message()))
        })
    }
}

/// The moment of judging: as given, or what the clock says, in seconds since 1970.
pub(crate) fn now(matches: &ArgMatches) -> i64 {
    matches.get_one::<i64>("now").copied().unwrap_or_else(|| match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    })
}

/// Reads a moment: RFC 3339, or seconds since 1970.
pub(crate) fn moment(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let moment = chrono::DateTime::parse_from_rfc3339(text)
        .map_err(|error| format!("{error}; expected RFC 3339 such as 2026-01-31T12:00:00Z, or seconds since 1970"))?;
    Ok(moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn reads_moments() {
        for (text, seconds) in [
            ("0", 0),
            ("-1", -1),
            ("1767225600", 1_767_225_600),
            ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("2026-01-01T01:00:00.9+01:00", 1_767_225_600),
        ] {
            assert_eq!(moment(text), Ok(seconds), "{text}");
        }
        for text in ["", "soon", "2026-01-01", "2026-01-01T00:00:00", "9999999999999999999"] {
            assert!(moment(text).unwrap_err().contains("expected RFC 3339"), "{text}");
        }
    }
}
