//! Errors in response headers: `WWW-Authenticate` (RFC 9110 section 11.6.1, RFC 6750 section 3) and
//! `x-ms-diagnostics`.

use super::{ErrorText, Origin, candidate, window};
use crate::extract::Candidate;
use crate::jose::json;
use memchr::memmem;
use std::ops::Range;

/// Longest header that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// Finds the challenges and diagnoses of headers.
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Vec<Candidate>,
    /// One past the last header that was read.
    floor: usize,
}

impl Finder {
    /// The name of a `WWW-Authenticate` header ends at `start`.
    pub(super) fn authenticate(&mut self, bytes: &[u8], start: usize) {
        let colon = window(bytes, start, 3).iter().position(|byte| *byte == b':');
        let Some(begin) = colon.map(|colon| start.saturating_add(colon)).filter(|_| start >= self.floor) else {
            return;
        };
        let line = line_at(bytes, begin, LONGEST);
        self.floor = begin.saturating_add(line.len());
        if let Some((error, place)) = challenge(line) {
            let (start, end) = (begin.saturating_add(place.start), begin.saturating_add(place.end));
            self.found.push(candidate(bytes, start, end, origin(line), error));
        }
    }

    /// An `x-ms-diagnostics` header begins at `at`.
    pub(super) fn diagnostics(&mut self, bytes: &[u8], at: usize) {
        let line = line_at(bytes, at, 2048);
        if at >= self.floor
            && let Some((reason, place)) = parameter(line, b"reason=")
        {
            let mut error = ErrorText::of_message(reason);
            error.code = parameter(line, b"error_category=").map(|(category, _)| category);
            error.error.clone_from(&error.code);
            self.floor = at.saturating_add(place.end);
            self.found.push(candidate(bytes, at, self.floor, Origin::Api, error));
        }
    }
}

/// The rest of the line from `at` on, at most `length` bytes of it.
fn line_at(bytes: &[u8], at: usize, length: usize) -> &[u8] {
    let rest = window(bytes, at, length);
    rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default()
}

/// The value of a `WWW-Authenticate` header as a HAR file has it. A claims challenge in it is an artefact of its own.
pub(in crate::extract) fn in_member(bytes: &[u8], quoted: Range<usize>) -> Option<Candidate> {
    let value = json::unescape(bytes.get(quoted.start.saturating_add(1)..quoted.end.checked_sub(1)?)?);
    let value = value.get(..value.len().min(LONGEST)).unwrap_or(&value);
    if memmem::find(value.as_bytes(), b"claims=").is_some() {
        return None;
    }
    let (error, _) = challenge(value.as_bytes())?;
    Some(candidate(bytes, quoted.start, quoted.end, origin(value.as_bytes()), error))
}

/// Microsoft's APIs name themselves and where to sign in; other APIs give the error alone.
fn origin(line: &[u8]) -> Origin {
    let own = memmem::find(line, b"authorization_uri").is_some() && memmem::find(line, b"client_id").is_some();
    if own { Origin::Api } else { Origin::SignIn }
}

/// The error of a challenge, and the place of its parameter. Without `error` a challenge only says where to sign in.
fn challenge(line: &[u8]) -> Option<(ErrorText, Range<usize>)> {
    let (name, mut place) = parameter(line, b"error=")?;
    let mut error = ErrorText::default();
    if let Some((description, described)) = parameter(line, b"error_description=") {
        error = ErrorText::of_message(description);
        // The claims value may stand between them.
        if described.start >= place.end && described.start.saturating_sub(place.end) < 8 {
            place.end = described.end;
        }
    }
    error.code.get_or_insert_with(|| name.clone());
    error.set_error(name);
    for (parameter_name, handle) in [(&b"claims="[..], "claims"), (b"error_uri=", "error_uri"), (b"scope=", "scope")] {
        if let Some((value, _)) = parameter(line, parameter_name).filter(|(value, _)| !value.is_empty()) {
            error.add(handle, value);
        }
    }
    Some((error, place))
}

/// The value of a parameter, quoted or not, and the place of name and value.
fn parameter(line: &[u8], name: &[u8]) -> Option<(String, Range<usize>)> {
    let at = memmem::find_iter(line, name).find(|at| {
        let before = at.checked_sub(1).and_then(|at| line.get(at));
        matches!(before, None | Some(b' ' | b',' | b';' | b'\t'))
    })?;
    let start = at.saturating_add(name.len());
    let rest = line.get(start..)?;
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let (value, length) = match rest.get(slashes..)? {
        [b'"', text @ ..] => {
            let end = memchr::memchr(b'"', text).unwrap_or(text.len());
            (text.get(..end)?, slashes.saturating_add(end).saturating_add(2))
        }
        text => {
            let end = text.iter().position(|byte| matches!(byte, b',' | b' ' | b'\r' | b';')).unwrap_or(text.len());
            (text.get(..end)?, end)
        }
    };
    let value = String::from_utf8_lossy(value).trim_end_matches('\\').to_owned();
    Some((value, at..start.saturating_add(length).min(line.len())))
}
