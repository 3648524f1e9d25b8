//! The HTTP status of a refusal, in the notations of protocols and tools.

use super::{ErrorText, Origin, candidate};
use crate::extract::Candidate;
use std::ops::Range;

/// How much of a paste may stand around a bare status, in bytes: who has seen nothing else pastes little.
const AROUND: usize = 64 * 1024;

/// A refusal of which nothing is left but its status, 401 or 403, in the beginning of a text.
pub(in crate::extract) fn bare(text: &[u8]) -> Option<Candidate> {
    let blank = text.len().saturating_sub(text.trim_ascii_start().len());
    let place = last(text.get(blank..text.len().min(blank.saturating_add(AROUND)))?)?;
    let (start, end) = (place.start.saturating_add(blank), place.end.saturating_add(blank));
    let status = std::str::from_utf8(text.get(start..end)?).ok().filter(|status| ["401", "403"].contains(status))?;
    let mut error = ErrorText::default();
    error.add("status", status.to_owned());
    Some(candidate(text, start, end, Origin::Api, error))
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
            let named = [
                &b"http"[..],
                b"http/1.1",
                b"http/2",
                b"http/2.0",
                b"http/3",
                b"response",
                b"status:",
                b"status",
                b"code:",
            ]
            .iter()
            .chain(&[
                &b"code"[..],
                b"code=",
                b"code\":",
                b"code was",
                b"error:",
                b"status\":",
                b"status=",
                b"responded with",
                b"unexpected status",
            ])
            .any(|word| front.ends_with(word));
            let after = text.get(at.saturating_add(3)..text.len().min(at.saturating_add(24)))?.to_ascii_lowercase();
            let after = after.strip_prefix(b")").unwrap_or(&after);
            let reason = [
                &b" unauthorized"[..],
                b" forbidden",
                b" bad request",
                b" (forbidden",
                b" (unauthorized",
                b" (bad",
                b" not found",
            ]
            .iter()
            .chain(&[&b" client error"[..], b" too many", b" : unauthorized", b" : forbidden"])
            .any(|word| after.starts_with(word));
            if named || reason {
                return Some(at..at.saturating_add(3));
            }
        }
        at = at.checked_sub(1)?;
    }
}
