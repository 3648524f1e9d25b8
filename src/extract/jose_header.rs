//! What the first segment of a token says of it, read while it is found: nothing else of it is kept.

use crate::jose::base64url;
use crate::jose::json::{self, Event, EventKind, Found, Reader};
use memchr::memmem;
use std::borrow::Cow;

/// What a first segment says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct JoseHeader {
    /// True where it names what headers name, and nothing that a claims challenge does.
    pub(super) is_header: bool,
    /// True where it names an audience, as claims do.
    pub(super) has_audience: bool,
    /// True of a whole JSON value.
    pub(super) is_complete: bool,
    /// True where something stands in it that JSON does not have: nothing behind that says anything of it.
    pub(super) is_broken: bool,
    /// True where it names the encryption of the content, also in text that is no JSON.
    pub(super) is_encrypted: bool,
    /// Characters of the signature for the algorithm that it names (RFC 7518 section 3.1; RSA keys of 2048 bits, the size
    /// that Entra signs with).
    pub(super) signature_length: Option<usize>,
}

impl JoseHeader {
    /// Reads a segment, however broken. Linear.
    pub(super) fn read(segment: &[u8]) -> Self {
        Self::of_text(&base64url::decode(segment).bytes)
    }

    /// Reads the decoded text of a segment.
    pub(super) fn of_text(text: &[u8]) -> Self {
        let header = Self { is_encrypted: memmem::find(text, b"\"enc\"").is_some(), ..Self::default() };
        let mut names = Names::default();
        let mut pending = None;
        let mut reader = Reader::at(text, 0);
        let mut depth = 0;
        while let Some(step) = reader.next() {
            let event = match step {
                Ok(event) => event,
                Err(error) => {
                    // The beginning of a string that has no end is a value too.
                    let cut = reader.unfinished().filter(|event| event.kind == EventKind::String);
                    if let (Some(name), Some(value)) = (pending, cut) {
                        names.add(text, &name, value);
                    }
                    let is_broken = matches!(error.found, Found::Byte(_));
                    return Self { is_broken, ..header }.named(names);
                }
            };
            match event.kind {
                EventKind::Name if depth == 1 => pending = Some(event),
                // Digits may be missing behind the last one.
                EventKind::Number if event.span.end == text.len() => {}
                _ => {
                    if let Some(name) = pending.take() {
                        names.add(text, &name, &event);
                    }
                }
            }
            depth = reader.depth();
        }
        Self { is_complete: true, ..header }.named(names)
    }

    fn named(self, names: Names) -> Self {
        Self {
            is_header: names.of_header && !names.access_token,
            has_audience: names.audience,
            signature_length: names.signature_length,
            ..self
        }
    }
}

/// Which members an object has.
#[derive(Default)]
struct Names {
    of_header: bool,
    access_token: bool,
    audience: bool,
    signature_length: Option<usize>,
}

impl Names {
    fn add(&mut self, text: &[u8], name: &Event, value: &Event) {
        match string(text, name).as_ref() {
            b"alg" => {
                self.of_header = true;
                let algorithm = (value.kind == EventKind::String).then(|| string(text, value));
                self.signature_length = algorithm.and_then(|algorithm| signature_length(&algorithm));
            }
            b"enc" | b"typ" | b"kid" => self.of_header = true,
            b"aud" => self.audience = true,
            b"access_token" => self.access_token = true,
            _ => {}
        }
    }
}

/// The decoded text of a string or name, without its quotes.
fn string<'t>(text: &'t [u8], event: &Event) -> Cow<'t, [u8]> {
    let quoted = text.get(event.span.clone()).unwrap_or_default();
    let body = quoted.strip_prefix(b"\"").unwrap_or(quoted);
    let body = body.strip_suffix(b"\"").unwrap_or(body);
    if event.plain { Cow::Borrowed(body) } else { Cow::Owned(json::unescape(body).into_owned().into_bytes()) }
}

fn signature_length(algorithm: &[u8]) -> Option<usize> {
    Some(match algorithm {
        b"RS256" | b"RS384" | b"RS512" | b"PS256" | b"PS384" | b"PS512" => 342,
        b"ES256" | b"HS512" => 86,
        b"ES384" => 128,
        b"ES512" => 176,
        b"HS256" => 43,
        b"HS384" => 64,
        b"none" => 0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_from_other_objects() {
        for (text, is_header, is_complete, length) in [
            (r#"{"alg":"RS256"}"#, true, true, Some(342)),
            (r#"{"typ":"JWT","alg":"none"} "#, true, true, Some(0)),
            (r#"{"alg":"RS256","alg":"ES256"}"#, true, true, Some(86)),
            (r#"{"alg":"RS256","x":{"alg":"ES256"}}"#, true, true, Some(342)),
            (r#"{"alg":"RS2"#, true, false, None),
            (r#"{"kid":"a","alg":"#, true, false, None),
            (r#"{"alg":"#, false, false, None),
            (r#"{"kid":1"#, false, false, None),
            (r#"{"kid":1,"#, true, false, None),
            (r#"{"x":{"alg":"RS256"}}"#, false, true, None),
            (r#"{"access_token":{},"typ":1}"#, false, true, None),
            (r#"[{"alg":"RS256"}]"#, false, true, None),
            ("", false, false, None),
            ("x", false, false, None),
        ] {
            let header = JoseHeader::read(base64url::encode(text.as_bytes()).as_bytes());
            let found = (header.is_header, header.is_complete, header.signature_length);
            assert_eq!(found, (is_header, is_complete, length), "{text}");
        }
    }
}
