//! The HTTP status of a refusal, in the notations of protocols and tools.

use super::{ErrorText, Origin, candidate};
use crate::extract::Candidate;
use std::ops::Range;

/// The longest paste that is taken for a bare status, in bytes: who has seen nothing else pastes little. In a log, or a
/// piece of one, a status belongs to something.
const LONGEST: usize = 64 * 1024;

/// Words that stand in front of a status, in lower case.
const BEFORE: &[&str] = &[
    "http",
    "http/1.1",
    "http/2",
    "http/2.0",
    "http/3",
    "response",
    "status:",
    "status",
    "code:",
    "code",
    "code=",
    "code\":",
    "code was",
    "error:",
    "status\":",
    "status=",
    "responded with",
    "unexpected status",
];

/// What stands behind one, in lower case, a closing parenthesis left out.
const BEHIND: &[&str] = &[
    " unauthorized",
    " forbidden",
    " bad request",
    " (forbidden",
    " (unauthorized",
    " (bad",
    " not found",
    " client error",
    " too many",
    " : unauthorized",
    " : forbidden",
];

/// A refusal of which nothing is left but its status, 401 or 403.
pub(in crate::extract) fn bare(paste: &[u8]) -> Option<Candidate> {
    let place = Some(paste.trim_ascii()).filter(|text| text.len() <= LONGEST).and_then(last)?;
    let blank = paste.len().saturating_sub(paste.trim_ascii_start().len());
    let (start, end) = (place.start.saturating_add(blank), place.end.saturating_add(blank));
    let status = std::str::from_utf8(paste.get(start..end)?).ok().filter(|status| ["401", "403"].contains(status))?;
    let mut error = ErrorText::default();
    error.add("status", status.to_owned());
    Some(candidate(paste, start, end, Origin::Api, error))
}

/// The last HTTP status of a refusal in a text: `HTTP/1.1 403 Forbidden`, `StatusCode=403`, `status code was 400`,
/// `(401) Unauthorized`.
pub(super) fn status_in(text: &[u8]) -> Option<&str> {
    let place = last(text)?;
    std::str::from_utf8(text.get(place)?).ok()
}

/// Where it stands.
fn last(text: &[u8]) -> Option<Range<usize>> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = text.len().checked_sub(3)?;
    loop {
        let starts =
            matches!(text.get(at), Some(b'4' | b'5')) && digit(at.saturating_add(1)) && digit(at.saturating_add(2));
        let alone =
            |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        if starts && !digit(at.saturating_add(3)) && alone(at.checked_sub(1).and_then(|at| text.get(at))) {
            let front = text.get(at.saturating_sub(24)..at)?.to_ascii_lowercase();
            let front = front.trim_ascii_end();
            let named = BEFORE.iter().any(|word| front.ends_with(word.as_bytes()));
            let after = text.get(at.saturating_add(3)..text.len().min(at.saturating_add(24)))?.to_ascii_lowercase();
            let after = after.strip_prefix(b")").unwrap_or(&after);
            let reason = BEHIND.iter().any(|word| after.starts_with(word.as_bytes()));
            if named || reason {
                return Some(at..at.saturating_add(3));
            }
        }
        at = at.checked_sub(1)?;
    }
}
