//! Bringing together the pieces of one error.

use super::{ErrorText, known, window_before};
use crate::extract::{Candidate, Shape};
use std::collections::HashMap;

/// How far apart the pieces of one error may stand, in bytes: an exception and the response body that it prints.
const REACH: usize = 4096;

/// How many earlier errors of the same code a further one is compared with.
const COMPARED: usize = 4;

/// How far before an answer its status line is looked for, in bytes: headers stand between.
const STATUS: usize = 2048;

/// Names that must not differ between two mentions of one error. A mention may leave any of them out.
const TELLING: [&str; 10] = [
    "trace_id", "correlation_id", "request_id", "client_request_id", "timestamp", "app", "resource", "user", "uri", "subject",
];

/// Makes one artefact of the pieces of one error. The candidates are in the order of their position and do not overlap.
pub(in crate::extract) fn merge(bytes: &[u8], mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    if !candidates.iter().any(|candidate| error_of(&candidate.shape).is_some()) {
        return candidates;
    }
    statuses(bytes, &mut candidates);
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    // Where in `kept` the last errors of each code are, and the last error and challenge of any.
    let mut of_code: HashMap<String, Vec<usize>> = HashMap::new();
    let mut last: Option<usize> = None;
    let mut challenge: Option<usize> = None;
    // Thin pieces that wait for the error that follows.
    let mut thin: Option<usize> = None;
    let mut dropped: Vec<usize> = Vec::new();
    for candidate in candidates {
        let Some(error) = error_of(&candidate.shape) else {
            if matches!(candidate.shape, Shape::ClaimsChallenge(_)) {
                challenge = Some(kept.len());
                if let Some(index) = thin.filter(|&index| wants_claims(&kept, index) && near(&kept, index, &candidate)) {
                    dropped.push(index);
                    thin = None;
                }
            }
            kept.push(candidate);
            continue;
        };
        let asks_for_claims = error.error.as_deref() == Some("insufficient_claims") && error.codes.is_empty();
        if asks_for_claims && error.message.is_none() && challenge.is_some_and(|index| near(&kept, index, &candidate)) {
            continue;
        }
        let same = if is_thin(error) {
            // The error behind comes first in the order of a log, but is not known yet: an error just before takes it.
            [thin, last].into_iter().flatten().find(|&index| {
                near(&kept, index, &candidate)
                    && kept.get(index).and_then(|other| error_of(&other.shape)).is_some_and(|other| {
                        accepts(other, error) && (is_thin(other) || !waits_for_next(error))
                    })
            })
        } else {
            let key = error.code.clone().unwrap_or_default().to_ascii_lowercase();
            let earlier = of_code.entry(key).or_default();
            let same = earlier.iter().rev().take(COMPARED).copied().find(|&index| {
                kept.get(index).and_then(|other| error_of(&other.shape)).is_some_and(|other| agree(other, error))
            });
            if same.is_none() {
                earlier.push(kept.len());
            }
            same
        };
        let strong = !is_thin(error);
        match same {
            Some(index) => {
                if let (Some(other), Some(error)) = (kept.get_mut(index), into_error(candidate.shape)) {
                    absorb(&mut other.shape, error);
                }
                last = Some(index).filter(|_| Some(index) != thin).or(last);
            }
            None => {
                let index = kept.len();
                kept.push(candidate);
                if strong {
                    if let Some(waiting) = thin.take().filter(|&waiting| takes(&kept, waiting, index)) {
                        let piece = kept.get(waiting).and_then(|piece| error_of(&piece.shape)).cloned();
                        if let (Some(piece), Some(other)) = (piece, kept.get_mut(index)) {
                            absorb(&mut other.shape, piece);
                            dropped.push(waiting);
                        }
                    }
                    last = Some(index);
                } else {
                    thin = Some(index);
                }
            }
        }
    }
    dropped.sort_unstable();
    let mut index = 0;
    kept.retain(|_| {
        let keep = dropped.binary_search(&index).is_err();
        index += 1;
        keep
    });
    kept
}

fn error_of(shape: &Shape) -> Option<&ErrorText> {
    match shape {
        Shape::StsError(error) | Shape::GraphError(error) => Some(error),
        _ => None,
    }
}

fn into_error(shape: Shape) -> Option<ErrorText> {
    match shape {
        Shape::StsError(error) | Shape::GraphError(error) => Some(error),
        _ => None,
    }
}

/// True of a piece that says too little to be an error beside another one: a status, an OAuth error, the name of the
/// library's exception.
fn is_thin(error: &ErrorText) -> bool {
    error.codes.is_empty()
        && match &error.code {
            None => true,
            Some(code) => Some(code) == error.error.as_ref() || known::LIBRARY_ERRORS.contains(&code.as_str()) || is_broker(code),
        }
}

fn is_broker(code: &str) -> bool {
    known::BROKER_NUMBERS.iter().any(|(_, decimal)| *decimal == code)
}

/// True of a piece that stands in front of what it belongs to.
fn waits_for_next(error: &ErrorText) -> bool {
    error.code.is_some() && !error.code.as_deref().is_some_and(is_broker)
}

fn wants_claims(kept: &[Candidate], index: usize) -> bool {
    let error = kept.get(index).and_then(|piece| error_of(&piece.shape));
    error.is_some_and(|error| error.error.as_deref() == Some("insufficient_claims") && error.message.is_none())
}

fn near(kept: &[Candidate], index: usize, candidate: &Candidate) -> bool {
    kept.get(index).is_some_and(|other| candidate.span.start <= other.span.end.saturating_add(REACH))
}

/// True where the piece at `waiting` belongs to the error at `index`.
fn takes(kept: &[Candidate], waiting: usize, index: usize) -> bool {
    let (Some(piece), Some(other)) = (kept.get(waiting), kept.get(index)) else { return false };
    near(kept, waiting, other)
        && error_of(&piece.shape).zip(error_of(&other.shape)).is_some_and(|(piece, other)| accepts(other, piece))
}

/// True where `error` may be the whole of which `piece` is a part.
fn accepts(error: &ErrorText, piece: &ErrorText) -> bool {
    let same = |left: &Option<String>, right: &Option<String>| left.is_none() || right.is_none() || left == right;
    // An API calls every refusal of a token `invalid_token`, whatever its own code.
    let generic = ["invalid_token", "insufficient_claims"].iter().any(|name| piece.error.as_deref() == Some(name));
    (same(&error.error, &piece.error) || generic) && no_contradiction(error, piece)
}

/// True where two errors of one code are mentions of the same error.
fn agree(left: &ErrorText, right: &ErrorText) -> bool {
    no_contradiction(left, right)
}

fn no_contradiction(left: &ErrorText, right: &ErrorText) -> bool {
    TELLING.iter().all(|name| match (left.handle(name), right.handle(name)) {
        (Some(left), Some(right)) => same_value(name, left, right),
        _ => true,
    })
}

/// Moments are written with a blank or a `T`, with and without fraction and zone.
fn same_value(name: &str, left: &str, right: &str) -> bool {
    if name == "timestamp" {
        let plain = |text: &str| text.bytes().take(19).map(|byte| if byte == b'T' { b' ' } else { byte }).collect::<Vec<_>>();
        return plain(left) == plain(right);
    }
    left.eq_ignore_ascii_case(right)
}

/// Adds what a piece knows more.
fn absorb(shape: &mut Shape, piece: ErrorText) {
    let (Shape::StsError(error) | Shape::GraphError(error)) = shape else { return };
    if error.code.is_none() {
        error.code.clone_from(&piece.code);
    }
    // Of an error that has only its OAuth name or the library's, the more exact one leads.
    if error.codes.is_empty() && error.code == error.error && piece.code.is_some() && piece.code != piece.error {
        error.code = piece.code;
    }
    piece.codes.into_iter().for_each(|code| error.add_code(code));
    if let Some(name) = piece.error {
        error.set_error(name);
    }
    if let Some(suberror) = piece.suberror {
        error.set_suberror(suberror);
    }
    let longer = piece.message.as_ref().map_or(0, String::len) > error.message.as_ref().map_or(0, String::len);
    if error.message.is_none() || longer && error.codes.is_empty() && error.handles.is_empty() {
        error.message = piece.message.or(error.message.take());
    }
    for (name, value) in piece.handles {
        if error.handle(name).is_none() || name == "policy" && !error.handles.contains(&(name, value.clone())) {
            error.handles.push((name, value));
        }
    }
}

/// Gives every error the HTTP status that stands in front of it.
fn statuses(bytes: &[u8], candidates: &mut [Candidate]) {
    let mut floor = 0;
    for candidate in candidates {
        let at = candidate.span.start;
        if let Shape::StsError(error) | Shape::GraphError(error) = &mut candidate.shape {
            if error.handle("status").is_none()
                && let Some(status) = status_in(window_before(bytes, at, floor, STATUS))
            {
                error.add("status", status);
            }
            floor = candidate.span.end;
        }
    }
}

/// The last HTTP status of a refusal in a text: `HTTP/1.1 403 Forbidden`, `StatusCode=403`, `status code was 400`,
/// `(401) Unauthorized`.
fn status_in(text: &[u8]) -> Option<&str> {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = text.len().checked_sub(3)?;
    loop {
        let starts = matches!(text.get(at), Some(b'4' | b'5')) && digit(at + 1) && digit(at + 2);
        let alone = |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        if starts && !digit(at + 3) && alone(at.checked_sub(1).and_then(|at| text.get(at))) {
            let front = text.get(at.saturating_sub(24)..at)?.to_ascii_lowercase();
            let front = front.trim_ascii_end();
            let named = [&b"http"[..], b"http/1.1", b"http/2", b"http/2.0", b"http/3", b"response", b"status:", b"status", b"code:"]
                .iter()
                .chain(&[&b"code"[..], b"code=", b"code\":", b"code was", b"error:", b"status\":", b"status=", b"responded with", b"unexpected status"])
                .any(|word| front.ends_with(word));
            let after = text.get(at + 3..text.len().min(at + 24))?.to_ascii_lowercase();
            let after = after.strip_prefix(b")").unwrap_or(&after);
            let reason = [&b" unauthorized"[..], b" forbidden", b" bad request", b" (forbidden", b" (unauthorized", b" (bad", b" not found"]
                .iter()
                .chain(&[&b" client error"[..], b" too many", b" : unauthorized", b" : forbidden"])
                .any(|word| after.starts_with(word));
            if named || reason {
                return std::str::from_utf8(text.get(at..at + 3)?).ok();
            }
        }
        at = at.checked_sub(1)?;
    }
}
