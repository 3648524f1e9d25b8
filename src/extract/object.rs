//! JSON objects anywhere in the paste: error responses, claims in the clear, challenges, requests of a HAR.
//!
//! The reader is started at every brace that no earlier start has passed, and objects are judged as they close. An
//! object that is broken further on still yields the whole objects inside it, and no byte is read twice at one depth.

use super::context;
use super::cookie::{self, CookieFault};
use super::error;
use super::header::{self, SentHeader};
use super::request::{self, Request};
use super::{CONTAINER_DEPTH, Candidate, Repairs, Shape, Span};
use crate::jose::json::{self, Document, EventKind, Found, Reader};
use crate::offset::Advance;
use std::ops::Range;

/// What the objects of a paste hold.
#[derive(Debug, Default)]
pub(super) struct Objects {
    /// Artefacts.
    pub candidates: Vec<Candidate>,
    /// Requests, as HAR and Postman write them.
    pub requests: Vec<Request>,
    /// Authorization headers, as HAR and Postman write them.
    pub headers: Vec<SentHeader>,
    /// Faults of cookies that answers set, as HAR writes them.
    pub cookies: Vec<CookieFault>,
    /// Where that begins which the end of the text cuts and which has to be seen whole: an object that may be an error, a
    /// string that may hold one, an object in another notation.
    pub open: Vec<usize>,
}

/// Objects nested deeper than this are read over: nothing that people paste nests its parts so deep.
const DEEPEST: usize = 48;

/// Errors larger than this are none, in bytes: they are read again as a whole, at every level they stand at.
const LARGEST_ERROR: usize = 256 * 1024;

/// Distance between the end of a header object and the claims that belong to it, in bytes: a dot, a heading.
const HEADER_GAP: usize = 64;

pub(super) fn find(bytes: &[u8], depth: usize) -> Objects {
    let mut objects = Objects::default();
    let mut walk = Walk { bytes, depth, frames: Vec::new(), members: Vec::new(), header: None };
    let mut at = 0_usize;
    while let Some(brace) = next_brace(bytes, at) {
        at = brace.saturating_add(1);
        let rest = bytes.get(brace..).unwrap_or_default();
        match rest.iter().skip(1).find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'"') => {
                let before = (objects.candidates.len(), objects.requests.len(), objects.cookies.len());
                let (end, broken) = walk.run(brace, &mut objects);
                at = end.max(at);
                if broken && depth < CONTAINER_DEPTH {
                    let (text, length) = error::to_json(rest);
                    let loose_end = brace.saturating_add(length);
                    // The tolerant reading stands in for the strict one, where it came as far.
                    if loose_end > end {
                        objects.candidates.truncate(before.0);
                        objects.requests.truncate(before.1);
                        objects.cookies.truncate(before.2);
                        objects.nest(find(&text, depth.saturating_add(1)), brace, length, text.len());
                        objects.note_open(bytes, depth, brace, loose_end);
                        at = at.max(loose_end);
                    }
                }
            }
            Some(b'\\') => {
                let end = brace.saturating_add(escaped(rest, brace, depth, &mut objects));
                objects.note_open(bytes, depth, brace, end);
                at = at.max(end);
            }
            Some(b'\'' | b'a'..=b'z' | b'A'..=b'Z') if error::begins_loose(rest) => {
                let end = brace.saturating_add(loose(rest, brace, depth, &mut objects));
                objects.note_open(bytes, depth, brace, end);
                at = at.max(end);
            }
            // An empty object, or one that opens no text.
            _ => {}
        }
    }
    objects
}

/// The first opening brace at or behind a place.
fn next_brace(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'{', ..] => Some(at),
        rest => memchr::memchr(b'{', rest).map(|offset| at.saturating_add(offset)),
    }
}

/// An object in the notation of another language; gives the length that was read.
fn loose(rest: &[u8], start: usize, depth: usize, objects: &mut Objects) -> usize {
    if depth >= CONTAINER_DEPTH {
        return 0;
    }
    let (text, length) = error::to_json(rest);
    objects.nest(find(&text, depth.saturating_add(1)), start, length, text.len());
    length
}

/// An object whose quotation marks some layer of logging has escaped: it ends with the line, or at a quotation mark that
/// is not. Gives the length that was read.
fn escaped(rest: &[u8], start: usize, depth: usize, objects: &mut Objects) -> usize {
    let room = rest.get(..rest.len().min(LARGEST_ERROR)).unwrap_or_default();
    let end = memchr::memchr2_iter(b'\n', b'"', room)
        .find(|&at| at > 0 && (room.get(at) == Some(&b'\n') || room.get(at.saturating_sub(1)) != Some(&b'\\')));
    let body = room.get(..end.unwrap_or(room.len())).unwrap_or_default();
    if depth < CONTAINER_DEPTH {
        let text = json::unescape(body);
        objects.nest(find(text.as_bytes(), depth.saturating_add(1)), start, body.len(), text.len());
    }
    body.len()
}

impl Objects {
    /// What begins at `start` was read up to `end`: notes it where the end of the outermost text cut it.
    fn note_open(&mut self, bytes: &[u8], depth: usize, start: usize, end: usize) {
        if depth == 0 && end >= bytes.len() {
            self.open.push(start);
        }
    }

    /// Takes over what was found in a text of `inner` bytes that `outer` bytes from `start` on hold. Escapes make the
    /// outer text longer than the inner one: positions are scaled, exact at both ends.
    fn nest(&mut self, nested: Objects, start: usize, outer: usize, inner: usize) {
        let scale = |offset: usize| start.saturating_add(scaled(offset, outer, inner));
        let outside = |span: Span| Span { start: scale(span.start), end: scale(span.end) };
        self.candidates.extend(nested.candidates.into_iter().map(|mut candidate| {
            candidate.span = outside(candidate.span);
            candidate
        }));
        self.requests.extend(nested.requests.into_iter().map(|mut request| {
            request.span = outside(request.span);
            request
        }));
        self.cookies.extend(nested.cookies.into_iter().map(|mut cookie| {
            cookie.span = outside(cookie.span);
            cookie
        }));
    }
}

/// The offset in `outer` bytes that corresponds to `offset` in `inner` bytes.
fn scaled(offset: usize, outer: usize, inner: usize) -> usize {
    let product = (offset as u128).saturating_mul(outer as u128);
    product.checked_div(inner as u128).and_then(|scaled| usize::try_from(scaled).ok()).unwrap_or(outer)
}

/// What base64 text holds that is an object of its own: a claims challenge, or the client principal of App Service.
pub(super) fn from_base64(inner: &[u8]) -> Option<Shape> {
    let document = Document::read(inner);
    let root = document.root().filter(|_| document.is_complete())?;
    if root.get("access_token").is_some_and(|requested| requested.kind() == json::Kind::Object) {
        return Some(Shape::ClaimsChallenge(inner.to_vec()));
    }
    root.get("auth_typ")?;
    let mut payload = String::from("{");
    for (index, claim) in root.get("claims")?.items().enumerate() {
        let (name, value) = (claim.get("typ")?, claim.get("val")?);
        payload.push_str(if index > 0 { "," } else { "" });
        payload.push_str(&name.to_compact());
        payload.push(':');
        payload.push_str(&value.to_compact());
    }
    payload.push('}');
    Some(Shape::Claims { header: None, payload: payload.into_bytes() })
}

/// An object that is open.
struct Frame {
    start: usize,
    /// Where its members begin among those of all open objects.
    members: usize,
    /// The member whose value comes next.
    pending: Option<Name>,
}

/// The members with a name of interest of one object: which, and the span of the value.
type Members = [(Name, Range<usize>)];

/// Declares the member names of interest.
macro_rules! names {
    ($($variant:ident = $($text:literal)|+),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Name { $($variant),+ }
        impl Name {
            fn of(quoted: &[u8]) -> Option<Self> {
                match quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")? {
                    $($($text)|+ => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

names! {
    ErrorSign = b"error" | b"Error" | b"odata.error" | b"error_description" | b"errorDescription" | b"error_code"
        | b"errorCode" | b"ErrorCode" | b"failureReason" | b"sErrorCode" | b"iErrorCode" | b"sErrTxt"
        | b"strServiceExceptionMessage" | b"ResultType" | b"resultType" | b"ErrorNumber" | b"errorNumber"
        | b"LogonError",
    Code = b"code" | b"Code", Message = b"message" | b"Message", Status = b"status" | b"Status",
    AccessToken = b"access_token",
    Algorithm = b"alg", Type = b"typ", KeyId = b"kid",
    Audience = b"aud", Issuer = b"iss", Expires = b"exp", Issued = b"iat", Tenant = b"tid", AppId = b"appid",
    AuthorizedParty = b"azp", Scopes = b"scp", Roles = b"roles", Subject = b"sub", ObjectId = b"oid", Version = b"ver",
    Method = b"method", Url = b"url", NamedHeader = b"name", Value = b"value",
    Content = b"content",
}

/// Claims that make claims of an object that has an audience and two of them.
const CLAIMS: [Name; 11] = [
    Name::Issuer,
    Name::Expires,
    Name::Issued,
    Name::Tenant,
    Name::AppId,
    Name::AuthorizedParty,
    Name::Scopes,
    Name::Roles,
    Name::Subject,
    Name::ObjectId,
    Name::Version,
];

struct Walk<'b> {
    bytes: &'b [u8],
    depth: usize,
    frames: Vec<Frame>,
    /// The members of interest of all open objects, the outermost first.
    members: Vec<(Name, Range<usize>)>,
    /// The last object that is the header of a token.
    header: Option<Range<usize>>,
}

impl Walk<'_> {
    /// Reads the object that begins at `start`; returns where reading ended, and whether something stood there that JSON
    /// does not have, before the end of the text.
    fn run(&mut self, start: usize, objects: &mut Objects) -> (usize, bool) {
        self.header = None;
        let mut reader = Reader::at(self.bytes, start);
        // Objects that are open, those below the deepest frame included: members count only while both agree.
        let mut open = 0_usize;
        let mut broken = false;
        for event in reader.by_ref() {
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    broken = matches!(error.found, Found::Byte(_));
                    break;
                }
            };
            match event.kind {
                EventKind::ObjectStart => {
                    open.advance(1);
                    if self.frames.len() < DEEPEST {
                        let members = self.members.len();
                        self.frames.push(Frame { start: event.span.start, members, pending: None });
                    }
                }
                _ if event.kind != EventKind::ObjectEnd && open != self.frames.len() => {}
                EventKind::Name => {
                    let name = self.bytes.get(event.span).and_then(Name::of);
                    if let Some(frame) = self.frames.last_mut() {
                        frame.pending = name;
                    }
                }
                EventKind::ObjectEnd => {
                    if open == self.frames.len() {
                        self.close(event.span.end, true, objects);
                    }
                    open = open.saturating_sub(1);
                }
                EventKind::String => {
                    self.nested_text(&event.span, objects);
                    self.value(event.span);
                }
                // An array counts as the value of its member; the items belong to none.
                EventKind::ArrayStart | EventKind::Number | EventKind::True | EventKind::False | EventKind::Null => {
                    self.value(event.span)
                }
                EventKind::ArrayEnd => {}
            }
        }
        let end = reader.offset();
        if self.depth == 0 && end >= self.bytes.len() {
            objects.open.extend(reader.unfinished().map(|string| string.span.start));
            let errors = self.bytes.len().saturating_sub(LARGEST_ERROR);
            objects.open.extend(self.frames.iter().map(|frame| frame.start).filter(|&start| start >= errors));
        }
        // What is open where the text breaks off is judged by the members it has.
        while !self.frames.is_empty() {
            self.close(end.min(self.bytes.len()), false, objects);
        }
        (end, broken)
    }

    /// A value that is whole: belongs to the pending member.
    fn value(&mut self, span: Range<usize>) {
        if let Some(name) = self.frames.last_mut().and_then(|frame| frame.pending.take()) {
            self.members.push((name, span));
        }
    }

    /// An object ends: decides what it is.
    fn close(&mut self, end: usize, whole: bool, objects: &mut Objects) {
        let Some(frame) = self.frames.pop() else { return };
        let span = frame.start..end;
        let name = self.frames.last_mut().and_then(|outer| outer.pending.take());
        let mut members = std::mem::take(&mut self.members);
        if let Some(own) = members.get(frame.members..).filter(|own| !own.is_empty()) {
            self.judge(own, span.clone(), whole, name == Some(Name::ErrorSign), objects);
        }
        members.truncate(frame.members);
        self.members = members;
        self.members.extend(name.map(|name| (name, span)));
    }

    /// Decides what an object with these members is. `wrapped`: it is the value of a member that is the sign of an error.
    fn judge(&mut self, members: &Members, span: Range<usize>, whole: bool, wrapped: bool, objects: &mut Objects) {
        let has = |name: Name| members.iter().any(|(member, _)| *member == name);
        let mut claims = members.iter().map(|(member, _)| *member).filter(|name| CLAIMS.contains(name));
        let mut several_claims = || claims.next().is_some_and(|first| claims.any(|other| other != first));
        if has(Name::Algorithm) && (has(Name::Type) || has(Name::KeyId)) && !has(Name::Audience) {
            self.header = Some(span);
        } else if has(Name::Audience) && several_claims() {
            self.claims(span, objects);
        } else if let Some((origin, error)) = self.error(members, &span).filter(|_| !wrapped || has(Name::ErrorSign)) {
            self.push(span, origin.shape(error), objects);
        } else if whole && has(Name::AccessToken) && self.starts_with(members, Name::AccessToken, b"{") {
            let inner = self.bytes.get(span.clone()).unwrap_or_default().to_vec();
            self.push(span, Shape::ClaimsChallenge(inner), objects);
        } else if has(Name::Method) && has(Name::Url) {
            let (method, url) = (self.text(members, Name::Method), self.text(members, Name::Url));
            let span = Span { start: span.start, end: span.end };
            objects.requests.extend(request::from_members(method, url, span));
        } else if has(Name::Content)
            && [&b"401"[..], b"403"].iter().any(|status| self.starts_with(members, Name::Status, status))
        {
            // The response of an entry of a HAR: its request stands in front.
            if let Some(request) = objects.requests.last_mut() {
                request.refused = true;
            }
        } else if let (Some(name), Some(value)) =
            (self.text(members, Name::NamedHeader), find_member(members, Name::Value))
        {
            self.header(&name, value, objects);
        }
    }

    /// A header as HAR and Postman write it.
    fn header(&self, name: &str, value: Range<usize>, objects: &mut Objects) {
        if name.eq_ignore_ascii_case("authorization") {
            objects.headers.extend(header::header_value(self.bytes, value));
        } else if name.eq_ignore_ascii_case("www-authenticate") {
            objects.candidates.extend(error::header_member(self.bytes, value));
        } else if name.eq_ignore_ascii_case("set-cookie") {
            objects.cookies.extend(cookie::in_member(self.bytes, value));
        }
    }

    /// An error response, where a member says that it may be one.
    fn error(&self, members: &Members, span: &Range<usize>) -> Option<(error::Origin, error::ErrorText)> {
        let has = |name: Name| members.iter().any(|(member, _)| *member == name);
        let record =
            || self.starts_with(members, Name::Status, b"{") || self.starts_with(members, Name::Status, b"\"{");
        if !(has(Name::ErrorSign) || has(Name::Code) && has(Name::Message) || record()) || span.len() > LARGEST_ERROR {
            return None;
        }
        let document = Document::read(self.bytes.get(span.clone())?);
        error::read_object(document.root()?)
    }

    fn push(&self, span: Range<usize>, shape: Shape, objects: &mut Objects) {
        let context = context::before(self.bytes, span.start);
        let span = Span { start: span.start, end: span.end };
        objects.candidates.push(Candidate { shape, span, context, repairs: Repairs::default() });
    }

    fn claims(&self, span: Range<usize>, objects: &mut Objects) {
        let header = self.header_before(span.start);
        let start = header.as_ref().map_or(span.start, |header| header.start);
        let of = |range: Range<usize>| self.bytes.get(range).unwrap_or_default().to_vec();
        let shape = Shape::Claims { header: header.map(of), payload: of(span.clone()) };
        self.push(start..span.end, shape, objects);
    }

    /// The header object that stands right before the claims: closed in the same object, or a text of its own.
    fn header_before(&self, at: usize) -> Option<Range<usize>> {
        if let Some(header) = self.header.clone().filter(|header| header.end.saturating_add(HEADER_GAP) >= at) {
            return Some(header);
        }
        let window = at.saturating_sub(HEADER_GAP + 1024)..at;
        let before = self.bytes.get(window.clone())?;
        let closing = memchr::memrchr(b'}', before)?;
        let opening = memchr::memrchr(b'{', before.get(..closing)?)?;
        let range = window.start.saturating_add(opening)..window.start.saturating_add(closing).saturating_add(1);
        if range.end.saturating_add(HEADER_GAP) < at {
            return None;
        }
        let document = Document::read(self.bytes.get(range.clone())?);
        let root = document.root().filter(|_| document.is_complete())?;
        root.get("alg").is_some().then_some(range)
    }

    fn starts_with(&self, members: &Members, name: Name, start: &[u8]) -> bool {
        find_member(members, name).and_then(|span| self.bytes.get(span)).is_some_and(|value| value.starts_with(start))
    }

    /// The text of a string member.
    fn text(&self, members: &Members, name: Name) -> Option<String> {
        let quoted = self.bytes.get(find_member(members, name)?)?;
        let body = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(json::unescape(body).into_owned())
    }

    /// A string that holds JSON itself.
    fn nested_text(&self, span: &Range<usize>, objects: &mut Objects) {
        let start = span.start.saturating_add(1);
        let body = self.bytes.get(start..span.end.saturating_sub(1)).unwrap_or_default();
        // An object may stand behind words: `Permission denied: {\"error\":…`.
        let opens = memchr::memchr(b'{', body).is_some();
        if self.depth >= CONTAINER_DEPTH || !opens || memchr::memchr2(b'\\', b'\'', body).is_none() {
            return;
        }
        let inner = json::unescape(body);
        let nested = find(inner.as_bytes(), self.depth.saturating_add(1));
        objects.nest(nested, start, body.len(), inner.len());
    }
}

/// The last member of that name.
fn find_member(members: &Members, name: Name) -> Option<Range<usize>> {
    members.iter().rev().find(|(member, _)| *member == name).map(|(_, span)| span.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        find(text.as_bytes(), 0)
            .candidates
            .iter()
            .map(|candidate| match candidate.shape {
                Shape::Claims { header: Some(_), .. } => "claims with header",
                Shape::Claims { .. } => "claims",
                Shape::GraphError(_) => "graph",
                Shape::StsError(_) => "sts",
                Shape::ClaimsChallenge(_) => "challenge",
                _ => "other",
            })
            .collect()
    }

    #[test]
    fn objects_are_told_apart() {
        let graph = r#"{"error":{"code":"Authorization_RequestDenied","message":"no"}}"#;
        let sts = r#"{"error":"invalid_grant","error_description":"AADSTS50013: x","error_codes":[50013]}"#;
        let claims = r#"{"aud":"https://graph.microsoft.com","iss":"x","exp":1}"#;
        for (text, expected) in [
            (graph.to_owned(), vec!["graph"]),
            (format!("noise {{ {graph} }} {sts}"), vec!["graph", "sts"]),
            (claims.to_owned(), vec!["claims"]),
            (format!(r#"{{"typ":"JWT","alg":"RS256"}}.{claims}.[Signature]"#), vec!["claims with header"]),
            (format!(r#"{{"header":{{"typ":"JWT","alg":"RS256"}},"payload":{claims}}}"#), vec!["claims with header"]),
            (serde_json::to_string(&serde_json::json!({"body": graph})).unwrap(), vec!["graph"]),
            (
                serde_json::to_string(&serde_json::json!([serde_json::json!({"x": sts}).to_string()])).unwrap(),
                vec!["sts"],
            ),
            (serde_json::json!({"x": serde_json::json!({"y": sts}).to_string()}).to_string(), vec!["sts"]),
            (r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#.to_owned(), vec!["challenge"]),
            (r#"{"access_token":"abc","token_type":"Bearer"}"#.to_owned(), vec![]),
            (r#"{"error":{"code":"InvalidAuthenticationToken","message":"cut o"#.to_owned(), vec!["graph"]),
            (format!("{{\"a\":{graph},broken"), vec!["graph"]),
            (r#"{"error":"something"}"#.to_owned(), vec![]),
            (r#"{"error":"invalid_client"}"#.to_owned(), vec!["sts"]),
        ] {
            assert_eq!(kinds(&text), expected, "{text}");
        }
    }
}
