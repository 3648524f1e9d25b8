//! Taking out of a text what nobody may read: signatures, and values that are credentials themselves.
//!
//! A signature makes of a token that can be read one that can be used. Texts that go into a report can hold whole tokens:
//! the message of an error that quotes one, a claim that carries the token of another.

use super::needle;
use super::{Candidate, ErrorText, Shape, compact, opaque};

/// What stands in place of a signature, and of what follows the header of an encrypted token.
const SIGNATURE: &str = "[signature]";

/// What stands in place of a value that is a credential itself, and of a token that is written in another way.
const CREDENTIAL: &str = "[credential]";

/// The shortest text that can hold a token or a secret, in bytes.
const SHORTEST: usize = 24;

/// The text without the signatures of the tokens in it; none where it holds no token.
pub(crate) fn without_signatures(text: &str) -> Option<String> {
    if text.len() < SHORTEST || !text.contains('.') {
        return None;
    }
    let mut tokens = compact::Finder::new(0);
    needle::walk(text.as_bytes(), |hit| {
        tokens.take(text.as_bytes(), &hit);
        tokens.end
    });
    replaced(text, tokens.found)
}

/// The text without signatures, refresh tokens, codes, tickets and client secrets; none where it holds none.
fn without_credentials(text: &str) -> Option<String> {
    if text.len() < SHORTEST {
        return None;
    }
    let mut tokens = compact::Finder::new(0);
    let mut values = opaque::Finder::default();
    needle::walk(text.as_bytes(), |hit| {
        if !tokens.take(text.as_bytes(), &hit) && opaque::is_sign(hit.sign) {
            values.take(text.as_bytes(), hit.sign, hit.start);
        }
        tokens.end
    });
    replaced(text, tokens.found.into_iter().chain(values.found()).collect())
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

fn replaced(text: &str, mut found: Vec<Candidate>) -> Option<String> {
    found.sort_by_key(|candidate| candidate.span.start);
    let mut out = String::new();
    let mut at = 0;
    for Candidate { shape, span, .. } in &found {
        let Some(value) = text.get(span.start.max(at)..span.end) else { continue };
        let dot = |count: usize| value.match_indices('.').nth(count.saturating_sub(1)).map(|(place, _)| place);
        let (kept, instead) = match shape {
            Shape::Compact(compact) => match compact.segments().collect::<Vec<_>>().as_slice() {
                // Nothing is there that a signature could be.
                [] | [_] | [_, _] => continue,
                [_, _, []] => continue,
                segments => {
                    let readable = if segments.len() == 3 { 2 } else { 1 };
                    let front = segments.get(..readable).unwrap_or_default().join(&b'.');
                    let as_it_stands = value.as_bytes().starts_with(&front);
                    match dot(readable).filter(|_| as_it_stands) {
                        Some(dot) => (dot.saturating_add(1), SIGNATURE),
                        None => (0, CREDENTIAL),
                    }
                }
            },
            Shape::Opaque(_) => (0, CREDENTIAL),
            _ => continue,
        };
        out.push_str(text.get(at..span.start.max(at)).unwrap_or_default());
        out.push_str(value.get(..kept).unwrap_or_default());
        out.push_str(instead);
        at = span.end;
    }
    (at > 0).then(|| out + text.get(at..).unwrap_or_default())
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
            ("AADSTS50011: The redirect URI 'https://app.example/a.b.c' does not match".to_owned(), None),
        ];
        for (text, expected) in texts {
            assert_eq!(without_credentials(&text), expected, "{text}");
            assert_eq!(without_credentials(&expected.unwrap_or_default()), None, "twice");
        }
        assert_eq!(without_signatures(secret), None);
    }
}
