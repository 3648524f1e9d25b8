//! Messages of the sign-in service in running text: `AADSTS50011: The redirect URI …`, in whatever program's output.

use super::{ErrorText, Origin, candidate, code, handle, window, window_before};
use crate::extract::Candidate;
use crate::offset::Advance;
use memchr::memmem;
use std::borrow::Cow;

/// Longest message that is read, in bytes.
const LONGEST: usize = 4096;

/// How far around a message the lines that belong to it are read, in bytes: a sign-in page lists identifiers above and
/// below, a library names its exception in front.
const AROUND: usize = 768;

/// Lines that a message may go on over where no timestamp ends it.
const MOST_LINES: usize = 8;

/// Finds every message. Codes that are chained in one message (`AADSTS70002: … AADSTS50012: …`) are one error.
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Vec<Candidate>,
    /// One past the last message.
    end: usize,
}

impl Finder {
    /// The first letters of a code stand at `at`.
    pub(super) fn code(&mut self, bytes: &[u8], at: usize, floor: usize) {
        if at < self.end || code::at_start(window(bytes, at, 24)).is_none() {
            return;
        }
        let floor = self.end.max(floor);
        let raw = message_at(bytes, at);
        self.end = at.saturating_add(raw.len());
        let mut error = ErrorText::of_message(clean(raw));
        in_front(window_before(bytes, at, floor, AROUND), &mut error);
        behind(window(bytes, self.end, AROUND), &mut error);
        self.found.push(candidate(bytes, at, self.end, Origin::SignIn, error));
    }
}

/// The text as a person would read it: escaped line breaks and quotes, HTML entities and the bars of Terraform undone.
pub(super) fn clean(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut text = if text.contains('\\') { Cow::Owned(unescaped(&text)) } else { text };
    if text.contains('&') {
        let entities =
            [("&#39;", "'"), ("&#x27;", "'"), ("&quot;", "\""), ("&#34;", "\""), ("&#x3a;", ":"), ("&amp;", "&")];
        for (entity, character) in entities {
            text = Cow::Owned(text.replace(entity, character));
        }
    }
    if text.contains('│') {
        text = Cow::Owned(text.replace("\n│ ", "\n").replace('│', ""));
    }
    text.trim_end().to_owned()
}

/// Escapes that some layer of logging left, however many backslashes they have got by now.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let slashes = from.len().saturating_sub(from.trim_start_matches('\\').len());
        let after = from.get(slashes..).unwrap_or_default();
        let escape = |length: usize, character: &str| (after.get(length..).unwrap_or_default(), character.to_owned());
        let (next, character) = match after.as_bytes() {
            [b'r', b'\\', ..] => escape(1, ""),
            [b'r' | b'n', ..] => escape(1, "\n"),
            [b't', ..] => escape(1, "\t"),
            [b'"' | b'\'' | b'/', ..] => (after, String::new()),
            [b'u', b'0', b'0', b'2', b'7', ..] => escape(5, "'"),
            [b'u', b'0', b'0', b'2', b'2', ..] => escape(5, "\""),
            [b'u', b'0', b'0', b'2', b'6', ..] => escape(5, "&"),
            _ => (after, from.get(..slashes).unwrap_or_default().to_owned()),
        };
        out.push_str(&character);
        rest = next;
    }
    out.push_str(rest);
    out
}

/// The bytes of the message whose code begins at `at`.
pub(super) fn message_at(bytes: &[u8], at: usize) -> &[u8] {
    let mut room = window(bytes, at, LONGEST);
    // Objects and tokens behind the message are artefacts of their own.
    for stop in [&b"{\""[..], b"{'", b"{\\\"", b"eyJ", b"\n\n", b"\r\n\r\n", b"\n \n", b"ResponseBody:"] {
        room = memmem::find(room, stop).and_then(|end| room.get(..end)).unwrap_or(room);
    }
    room = before_next_error(room);
    if let Some(stamp) = end_of_timestamp(room) {
        return room.get(..stamp).unwrap_or(room);
    }
    let opened = at.checked_sub(1).and_then(|before| bytes.get(before)).copied();
    room = room.get(..closing_quote(room, opened)).unwrap_or(room);
    let mut length = 0;
    for (number, line) in room.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if number > 0 && (number >= MOST_LINES || !is_prose(line)) {
            break;
        }
        length.advance(line.len());
    }
    room.get(..length).unwrap_or(room).trim_ascii_end()
}

/// Up to a further code that begins an error of its own: in a later line, with no sentence in front of it.
fn before_next_error(room: &[u8]) -> &[u8] {
    let own = code::at_start(room).map(|(code, _)| code);
    for at in memmem::find_iter(room, b"AAD").skip(1) {
        let front = room.get(..at).unwrap_or_default();
        let (Some((code, _)), Some(line)) =
            (code::at_start(room.get(at..).unwrap_or_default()), last_line_start(front))
        else {
            continue;
        };
        let lead = front.get(line..).unwrap_or_default().trim_ascii_end();
        let chained = Some(&code) != own.as_ref() && lead.ends_with(b".");
        if !chained {
            return room.get(..line).unwrap_or(room).trim_ascii_end();
        }
    }
    room
}

/// Where the last line begins, if there is an earlier one.
fn last_line_start(front: &[u8]) -> Option<usize> {
    memchr::memrchr(b'\n', front).map(|at| at.saturating_add(1))
}

/// Behind the moment that ends a message, in the words of the service or of a translation.
fn end_of_timestamp(room: &[u8]) -> Option<usize> {
    let label = memmem::find(room, b"Timestamp:").or_else(|| memmem::find(room, b"timestamp:"))?;
    let after = room.get(label..)?;
    let end = memchr::memchr(b'Z', after).filter(|end| *end < 40);
    Some(label.saturating_add(end.map_or_else(|| after.len().min(32), |end| end.saturating_add(1))))
}

/// Where the quotes end in which the message stands. `opened` is the byte in front of it.
fn closing_quote(room: &[u8], opened: Option<u8>) -> usize {
    let mut inside = false;
    for (at, &byte) in room.iter().enumerate() {
        if byte == b'<' || (byte != b'"' && (byte != b'\'' || opened != Some(b'\''))) {
            if byte == b'<' {
                return at;
            }
            continue;
        }
        // A quotation mark of the message is escaped where the message stands in quotes itself.
        let front = room.get(..at).unwrap_or_default();
        let before = front.iter().rev().find(|byte| **byte != b'\\').copied().unwrap_or(b' ');
        let after = room.get(at.saturating_add(1)).copied().unwrap_or(b'\n');
        if before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric() {
            continue;
        }
        let opens = matches!(before, b' ' | b'(' | b'[') && !matches!(after, b' ' | b',' | b'\n' | b'}');
        if inside {
            inside = false;
        } else if opens {
            inside = true;
        } else {
            return at;
        }
    }
    room.len()
}

/// True of a line that goes on with a sentence: no stack frame, no assignment, no command.
fn is_prose(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    let text = text.strip_prefix("│".as_bytes()).map_or(text, <[u8]>::trim_ascii);
    let words = text.iter().filter(|byte| **byte == b' ').count();
    let labelled = [&b"Trace ID"[..], b"Correlation ID", b"trace_id", b"correlation_id"];
    labelled.iter().any(|label| text.starts_with(label))
        || words >= 3
            && text.first().is_some_and(u8::is_ascii_alphabetic)
            && ![&b"at "[..], b"GET ", b"POST ", b"curl ", b"az ", b"File ", b"---"]
                .iter()
                .any(|start| text.starts_with(start))
            && memmem::find(text, b"Exception: ").is_none()
            && memmem::find(text, b"Error: ").is_none()
            && !text.iter().take(40).any(|byte| matches!(byte, b'=' | b'{'))
}

/// What stands in front of a message: the OAuth error and suberror, the exception, lines with identifiers.
fn in_front(front: &[u8], error: &mut ErrorText) {
    let text = clean(front);
    // The lines above belong to it only where they are a list of identifiers.
    let (above, line) = text.rsplit_once('\n').unwrap_or(("", &text));
    if let Some(name) = super::known::last_oauth_error(line) {
        error.set_error(name);
    }
    handle::read_labels(line, error);
    if let Some(exception) = exception(line) {
        error.add("operation", exception);
    }
    let list: Vec<&str> =
        above.lines().rev().take(12).take_while(|line| line.trim().is_empty() || is_listed(line)).collect();
    handle::read_labels(&list.join("\n"), error);
}

/// The lines behind a message, as far as they are a list of identifiers, and the rest of its own line.
fn behind(after: &[u8], error: &mut ErrorText) {
    let stop = memmem::find(after, b"AADSTS").or_else(|| memmem::find(after, b"{\"")).unwrap_or(after.len());
    let text = clean(after.get(..stop).unwrap_or_default());
    let mut lines = text.split('\n');
    let mut list = vec![lines.next().unwrap_or_default()];
    list.extend(lines.take(12).take_while(|line| line.trim().is_empty() || is_listed(line)));
    handle::read_labels(&list.join("\n"), error);
}

/// True of a short line `name: value`.
fn is_listed(line: &str) -> bool {
    let line = line.trim();
    line.len() < 160 && line.split_once(':').is_some_and(|(name, _)| name.len() < 32) && !line.contains("{")
}

/// The last word of a line that is the name of an exception.
fn exception(line: &str) -> Option<&str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, ':' | '\'' | '"' | '('))
        .rfind(|word| (word.ends_with("Exception") || word.ends_with("Error")) && (8..160).contains(&word.len()))
}
