//! Taking out of a text what nobody may read: signatures, and values that are credentials themselves.
//!
//! A signature makes of a token that can be read one that can be used. Texts that go into a report can hold whole tokens
//! and secrets: the message of an error that quotes one, a claim that carries the token of another, the address of a
//! request. They are looked for in the text as it stands and with its percent-encoding undone.

use super::percent::{self, Reading};
use super::{Candidate, ErrorText, Shape, compact, needle, opaque};
use std::ops::Range;

/// What stands in place of a signature, and of what follows the header of an encrypted token.
pub(crate) const SIGNATURE: &str = "[signature]";

/// What stands in place of a value that is a credential itself, and of a token that is written in another way.
const CREDENTIAL: &str = "[credential]";

/// The shortest text that can hold a token or a secret, in bytes.
const SHORTEST: usize = 16;

/// Parameters whose value is a secret whatever its form: of forms, of addresses that give access, of the strings by which
/// programs connect.
const SECRET_PARAMETERS: [&str; 6] = ["password", "passwd", "pwd", "sig", "accountkey", "sharedaccesskey"];

/// The longest of their names.
const LONGEST_PARAMETER: usize = 15;

/// The shortest signature in an address that is taken for one: HMAC-SHA256 in base64 has 44 characters.
const SHORTEST_SIG: usize = 40;

/// The text without signatures of tokens, refresh tokens, codes, tickets, client secrets and passwords; none where it
/// holds none. Header and payload of a token stay where the text has them as they are.
pub fn without_credentials(text: &str) -> Option<String> {
    if text.len() < SHORTEST {
        return None;
    }
    let mut ranges = Vec::new();
    percent::readings(text, &mut |reading| {
        for candidate in &found(reading.bytes) {
            if let Some((range, instead)) = credential(reading.bytes, candidate) {
                ranges.push((reading.back(range), instead));
            }
        }
        parameters(reading, &mut ranges);
    });
    percent::replaced(text, ranges)
}

/// Calls `take` for each token and each set of claims in base64 that the bytes hold.
pub(crate) fn each_token(bytes: &[u8], take: &mut dyn FnMut(Range<usize>)) {
    let found = found(bytes);
    let tokens = found.iter().filter(|candidate| matches!(candidate.shape, Shape::Compact(_) | Shape::Claims { .. }));
    tokens.for_each(|token| take(token.span.start..token.span.end));
}

/// The tokens in the bytes, and the values that cannot be read.
fn found(bytes: &[u8]) -> Vec<Candidate> {
    let mut tokens = compact::Finder::new(0);
    let mut values = opaque::Finder::default();
    needle::walk(bytes, |hit| {
        if !tokens.take(bytes, &hit) && opaque::is_sign(hit.sign) {
            values.take(bytes, hit.sign, hit.start);
        }
        tokens.end
    });
    let mut found = tokens.found;
    found.extend(values.found());
    found
}

/// Takes them out of everything that an error says.
pub(super) fn hide(candidate: &mut Candidate) {
    let (Shape::StsError(error) | Shape::GraphError(error)) = &mut candidate.shape else { return };
    let ErrorText { code, codes, error, suberror, message, handles } = error.as_mut();
    let texts = [code, error, suberror, message].into_iter().flatten().chain(codes);
    for text in texts.chain(handles.iter_mut().map(|(_, value)| value)) {
        if let Some(hidden) = without_credentials(text) {
            *text = hidden;
        }
    }
}

/// What of a candidate has to go, and what stands in its place.
fn credential(bytes: &[u8], candidate: &Candidate) -> Option<(Range<usize>, &'static str)> {
    let Candidate { shape, span, .. } = candidate;
    let whole = span.start..span.end;
    let compact = match shape {
        Shape::Opaque(_) => return Some((whole, CREDENTIAL)),
        Shape::Compact(compact) => compact,
        _ => return None,
    };
    let segments: Vec<&[u8]> = compact.segments().collect();
    let readable = match segments.as_slice() {
        // Nothing is there that a signature could be.
        [] | [_] | [_, _] | [_, _, []] => return None,
        [_, _, _] => 2,
        _ => 1,
    };
    let front = segments.get(..readable).unwrap_or_default().join(&b'.');
    let value = bytes.get(whole.clone())?;
    Some(match value.strip_prefix(front.as_slice()) {
        Some([b'.', ..]) => (whole.start.saturating_add(front.len()).saturating_add(1)..whole.end, SIGNATURE),
        _ => (whole, CREDENTIAL),
    })
}

/// The values of [`SECRET_PARAMETERS`]; what stands in for one is none.
fn parameters(reading: &Reading<'_>, ranges: &mut Vec<(Range<usize>, &'static str)>) {
    let bytes = reading.bytes;
    let mut end = 0;
    for equals in memchr::memchr_iter(b'=', bytes) {
        let before = bytes.get(end.max(equals.saturating_sub(LONGEST_PARAMETER + 1))..equals).unwrap_or_default();
        let length = before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let (front, name) = before.split_at(before.len().saturating_sub(length));
        let known = SECRET_PARAMETERS.iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        let Some(name) = known else { continue };
        let start = equals.saturating_add(1);
        let value = bytes.get(start..).unwrap_or_default();
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"&\"'`;,<>\\".contains(byte);
        let length = value.iter().position(ends).unwrap_or(value.len());
        let begins = !matches!(front.last(), Some(b'-' | b'.' | b'/'));
        let enough = if *name == "sig" { SHORTEST_SIG } else { 4 };
        let stands_in = value.first().is_some_and(|byte| b"{[<*$%(".contains(byte));
        if begins && length >= enough && !stands_in {
            end = start.saturating_add(length);
            ranges.push((reading.back(start..end), CREDENTIAL));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::base64url;

    #[test]
    fn what_can_be_used_is_taken_out() {
        let token =
            |header: &str| format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(br#"{"aud":"x"}"#));
        let (signed, secret) = (token(r#"{"typ":"JWT","alg":"RS256"}"#), "abc8Q~abcdefghijklmnopqrstuvwxyz0123456");
        let signature = "Sg-_".repeat(80);
        let texts = [
            (format!("bad token {signed}.{signature} here"), Some(format!("bad token {signed}.[signature] here"))),
            (
                format!("{signed}.{signature} {signed}.{signature}"),
                Some(format!("{signed}.[signature] {signed}.[signature]")),
            ),
            (format!("\"{signed}.{signature}\""), Some(format!("\"{signed}.[signature]\""))),
            (format!("secret {secret}, expired"), Some("secret [credential], expired".to_owned())),
            (format!("unsigned {signed}. here"), None),
            (format!("cut {signed}"), None),
            (
                format!("at https://app.example/?t%3D{}.{signature}", signed.replace('.', "%2E")),
                Some("at https://app.example/?t%3D[credential]".to_owned()),
            ),
            (
                format!("at https%3A%2F%2Fapp.example%2F%3Fs%3D{}%26x", secret.replace('~', "%7E")),
                Some("at https%3A%2F%2Fapp.example%2F%3Fs%3D[credential]%26x".to_owned()),
            ),
            (
                "grant_type=password&username=ada&password=open-sesame&scope=x".to_owned(),
                Some("grant_type=password&username=ada&password=[credential]&scope=x".to_owned()),
            ),
            (format!("/c?sv=1&sig={}%3D", "aB3%2F".repeat(9)), Some("/c?sv=1&sig=[credential]".to_owned())),
            ("username=ada&password={password}&pwd=**** Server=x".to_owned(), None),
            ("AADSTS50011: The redirect URI 'https://app.example/a.b.c' does not match".to_owned(), None),
        ];
        for (text, expected) in texts {
            assert_eq!(without_credentials(&text), expected, "{text}");
            assert_eq!(without_credentials(&expected.unwrap_or_default()), None, "twice");
        }
    }
}
