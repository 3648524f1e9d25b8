//! Tokens in compact serialisation (RFC 7515 section 3.1, RFC 7516 section 3.1), in any wrapping.

use super::context;
use super::jose_header::JoseHeader;
use super::needle::{Hit, Sign};
use super::scan::{self, Scanned};
use super::{CONTAINER_DEPTH, Candidate, Repairs, Shape, Span, object};
use crate::jose::{self, base64url, json};
use memchr::memmem;
use std::borrow::Cow;
use std::ops::Range;

/// A token in compact serialisation, as it was found: nothing is decoded.
#[derive(Debug, Clone)]
pub struct Compact {
    /// The segments with the dots between them, line breaks and wrappings undone, damage of the alphabet kept. Without
    /// the dot in front of a signature that is empty or taken out.
    pub text: Vec<u8>,
    /// What stands where the signature belongs.
    pub signature: SignatureText,
    /// True where the token ends at a mark of omission (`...`, `…`) inside header or payload.
    pub cut: bool,
    /// True where the first characters are missing: the header does not begin with a brace.
    pub start_lost: bool,
    /// True where every letter is lower-case: base64url does not survive that.
    pub lower_cased: bool,
}

impl Compact {
    /// The segments without the dots, in order: one to five.
    pub fn segments(&self) -> impl Iterator<Item = &[u8]> {
        self.text.split(|&byte| byte == b'.')
    }

    /// The token in one piece, with nothing undone but its wrapping.
    pub fn into_text(self) -> Vec<u8> {
        let mut text = self.text;
        if self.signature == SignatureText::Empty {
            text.push(b'.');
        }
        text
    }
}

/// What stands where the signature of a JWS belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureText {
    /// That many characters of base64url.
    Present(usize),
    /// A dot with nothing behind it.
    Empty,
    /// No second dot.
    Missing,
    /// A placeholder: somebody took the signature out before pasting.
    Redacted,
}

/// Starts of base64url text that decodes to `{"`, `{ "`, `{` and a line break, and the first of them in lower case.
pub(super) const STARTS: &[&str] = &["eyJ", "eyA", "ewo", "ew0", "ewk", "eyj"];

/// `eyJ`, `Bearer `, `Authorization` and the beginnings of refresh tokens in base64.
pub(super) const WRAPPED: &[&str] =
    &["ZXlK", "QmVhcmVyI", "YmVhcmVyI", "QXV0aG9yaXphdGlvb", "YXV0aG9yaXphdGlvb", "MC5B", "MS5B"];

/// What is left of `eyJ` in front of the end of a line.
pub(super) const BROKEN_STARTS: &[&str] = &["ey\n", "ey\r", "ey\\"];

/// What is left of `eyJ` behind the end of a line where only its first character stands in front, and what is between:
/// the line feed, the last letter of its escape, or a mark.
pub(super) const START_RESTS: &[&str] = &["\nyJ", "nyJ", " yJ", "\tyJ", ">yJ", "|yJ"];

/// A segment below this length says nothing.
pub(super) const SHORTEST_SEGMENT: usize = 8;

/// Length of the shortest signature, that of HS256, in characters.
const SHORTEST_SIGNATURE: usize = 43;

/// Finds every token in compact serialisation, and what base64 text at such a start holds otherwise.
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Vec<Candidate>,
    /// How many containers are open around the text.
    depth: usize,
    /// One past the last byte that was read as a token.
    pub(super) end: usize,
    /// Where the value begins that reaches to the end of the text.
    pub(super) open: Option<usize>,
}

impl Finder {
    pub(super) fn new(depth: usize) -> Self {
        Self { depth, ..Self::default() }
    }

    /// Takes a word; false where it is the sign of something else.
    pub(super) fn take(&mut self, bytes: &[u8], hit: &Hit) -> bool {
        match hit.sign {
            Sign::Header => self.start(bytes, hit.start),
            Sign::HeaderBroken => self.broken_start(bytes, hit.start),
            Sign::HeaderRest => self.start_rest(bytes, hit.end),
            Sign::Wrapped => self.wrapped(bytes, hit.start),
            _ => return false,
        }
        true
    }

    /// One of [`STARTS`] stands at `start`.
    fn start(&mut self, bytes: &[u8], start: usize) {
        let glued = self.end > 0 && start == self.end;
        if start < self.end || !(glued || begins_here(bytes, start)) {
            return;
        }
        let start = with_lost_start(bytes, start, self.end);
        let scan = scan::scan(bytes, start.at);
        self.end = scan.end;
        if self.end >= bytes.len() {
            self.open.get_or_insert(start.at);
        }
        accept(bytes, &scan, start, self.depth, &mut self.found);
    }

    /// One of [`WRAPPED`] stands at `start`.
    fn wrapped(&mut self, bytes: &[u8], start: usize) {
        if start < self.end || !begins_here(bytes, start) {
            return;
        }
        let scan = scan::scan(bytes, start);
        self.end = scan.end;
        if self.end >= bytes.len() {
            self.open.get_or_insert(start);
        }
        if memchr::memchr(b'.', &scan.text).is_none() {
            let inner = base64url::decode(&scan.text).bytes;
            container(bytes, &scan, &inner, Span { start, end: scan.end }, self.depth, &mut self.found);
        }
    }

    /// `ey` stands at `start`, at the end of a line.
    fn broken_start(&mut self, bytes: &[u8], start: usize) {
        let behind = bytes.get(start.saturating_add(2)..).unwrap_or_default();
        let line = line_break(behind).and_then(|length| behind.get(length..)).unwrap_or_default();
        if line.iter().find(|byte| !is_line_mark(**byte)) == Some(&b'J') {
            self.start(bytes, start);
        }
    }

    /// `yJ` stands in front of `end`, at the beginning of a line.
    fn start_rest(&mut self, bytes: &[u8], end: usize) {
        let front = bytes.get(..end.saturating_sub(2)).unwrap_or_default();
        let marks = front.iter().rev().take_while(|byte| is_line_mark(**byte)).count();
        let before = match front.get(..front.len().saturating_sub(marks)) {
            Some([before @ .., b'\n']) => trim_carriage_return(before),
            Some([before @ .., b'\\', b'n']) => trim_carriage_return(before),
            _ => return,
        };
        if let [front @ .., b'e'] = before {
            self.start(bytes, front.len());
        }
    }
}

/// Length of the line break at the start of a text, escaped however often or not at all.
fn line_break(text: &[u8]) -> Option<usize> {
    let slashes = |text: &[u8]| text.iter().take_while(|&&byte| byte == b'\\').count();
    let lead = slashes(text);
    let rest = text.get(lead..)?;
    match rest {
        [b'\r', b'\n', ..] => Some(lead.saturating_add(2)),
        [b'\n', ..] => Some(lead.saturating_add(1)),
        [b'n', ..] if lead > 0 => Some(lead.saturating_add(1)),
        [b'r', rest @ ..] if lead > 0 => {
            let more = slashes(rest);
            (more > 0 && rest.get(more) == Some(&b'n')).then(|| lead.saturating_add(more).saturating_add(2))
        }
        _ => None,
    }
}

/// The text without the carriage return at its end, escaped or not, and the backslashes that escape what follows.
fn trim_carriage_return(text: &[u8]) -> &[u8] {
    let text = trim_backslashes(text);
    match text {
        [rest @ .., b'\r'] => rest,
        [rest @ .., b'\\', b'r'] => trim_backslashes(rest),
        _ => text,
    }
}

fn trim_backslashes(text: &[u8]) -> &[u8] {
    let slashes = text.iter().rev().take(CONTAINER_SLASHES).take_while(|&&byte| byte == b'\\').count();
    text.get(..text.len().saturating_sub(slashes)).unwrap_or(text)
}

/// The most backslashes that escape one character: as many as [`CONTAINER_DEPTH`] JSON strings in each other make.
const CONTAINER_SLASHES: usize = 1 << CONTAINER_DEPTH;

/// What may stand in front of a line's text: indentation, and the marks of quoted mail.
pub(super) fn is_line_mark(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'>' | b'|')
}

/// Where a token begins, and whether its true beginning is lost.
#[derive(Clone, Copy)]
struct Start {
    at: usize,
    lost: bool,
}

/// True where the byte before belongs to no longer run of the alphabet: that run would have been taken as a whole.
/// An escape before (`%20`, `\n`, `\u0022`, a terminal sequence) ends in characters of the alphabet and is no run, also
/// where a line was broken inside it.
pub(super) fn begins_here(bytes: &[u8], start: usize) -> bool {
    let before = bytes.get(start.saturating_sub(ESCAPE_WINDOW)..start).unwrap_or_default();
    if ends_no_run(before) {
        return true;
    }
    // An address may have been encoded once, and again inside another.
    let mut window = Cow::Borrowed(before);
    for _ in 0..=CONTAINER_DEPTH {
        // A backslash in front of an escaped break may be the first character of the broken escape.
        if joined(&window, true).is_some_and(|line| ends_no_run(&line)) {
            return true;
        }
        if let Some(line) = joined(&window, false) {
            window = Cow::Owned(line);
            if ends_no_run(&window) {
                return true;
            }
        }
        if memchr::memchr(b'%', &window).is_none() {
            return false;
        }
        window = Cow::Owned(percent_decoded(&window));
        if ends_no_run(&window) {
            return true;
        }
    }
    false
}

/// The text with its line breaks undone, escaped ones too, and the marks behind them; none where it has no line break.
/// `keep`: of the backslashes in front of an escaped break all but one stay.
fn joined(text: &[u8], keep: bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut broken = false;
    while let Some((&byte, tail)) = rest.split_first() {
        let slashes = rest.iter().take_while(|&&byte| byte == b'\\').count();
        let after = match (byte, rest.get(slashes..)) {
            (b'\r' | b'\n', _) => Some(tail),
            (b'\\', Some([b'r' | b'n', after @ ..])) => Some(after),
            _ => None,
        };
        let Some(after) = after else {
            out.push(byte);
            rest = tail;
            continue;
        };
        if keep {
            out.extend(rest.get(1..slashes).unwrap_or_default());
        }
        broken = true;
        rest = after.get(after.iter().take_while(|byte| is_line_mark(**byte)).count()..).unwrap_or_default();
    }
    broken.then_some(out)
}

/// The longest escape that is looked for in front of a token, encoded however often, in bytes.
const ESCAPE_WINDOW: usize = 48;

/// True where the text ends in no run of the alphabet, or in one that belongs to an escape.
fn ends_no_run(before: &[u8]) -> bool {
    match before {
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., b'\\', b'u', a, b, c, d] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => true,
        [.., last] if base64url::is_alphabet(*last) => ends_terminal_sequence(before),
        _ => true,
    }
}

/// The text with its percent signs undone once; what is no whole escape stays.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| byte == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let value = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(value.unwrap_or(byte));
        rest = if value.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    out
}

/// True where the text ends in a terminal's control sequence such as `ESC [ 31 m`, or one that JSON or a program
/// escaped.
fn ends_terminal_sequence(before: &[u8]) -> bool {
    let window = before.get(before.len().saturating_sub(24)..).unwrap_or_default();
    let [rest @ .., 0x40..=0x7E] = window else { return false };
    let parameters = rest.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    let lead = rest.get(..rest.len().saturating_sub(parameters)).unwrap_or_default();
    let escaped = [&b"\x1B["[..], b"\\u001b[", b"\\u001B[", b"\\x1b[", b"\\x1B[", b"\\033[", b"\\e["];
    escaped.iter().any(|escape| lead.ends_with(escape))
}

/// A payload whose header lost its first characters: takes the run before the dot as the header.
fn with_lost_start(bytes: &[u8], start: usize, floor: usize) -> Start {
    let whole = Start { at: start, lost: false };
    let Some(dot) = start.checked_sub(1).filter(|&dot| dot > floor && bytes.get(dot) == Some(&b'.')) else {
        return whole;
    };
    let before = bytes.get(floor..dot).unwrap_or_default();
    let run = before.iter().rev().take_while(|&&byte| base64url::is_alphabet(byte)).count();
    if run >= SHORTEST_SEGMENT { Start { at: dot.saturating_sub(run), lost: true } } else { whole }
}

/// Decides what the scanned text is and adds it.
fn accept(bytes: &[u8], scan: &Scanned, start: Start, depth: usize, found: &mut Vec<Candidate>) {
    let span = Span { start: start.at, end: scan.end };
    let repairs = scan.repairs;
    let context = || context::before(bytes, start.at);
    let segments = jose::compact::split(&scan.text);
    let segment = |index: usize| segments.get(index).and_then(|range| scan.text.get(range));
    let (Some(head), payload) = (segment(0).filter(|head| head.len() >= SHORTEST_SEGMENT), segment(1)) else { return };
    let lower_cased = head.starts_with(b"eyj");
    let header_lost = !start.lost && segments.count() == 2 && header_is_lost(scan, head, payload);
    if lower_cased {
        let all = scan.text.iter().filter(|byte| byte.is_ascii_alphabetic()).all(u8::is_ascii_lowercase);
        if !all || payload.is_none() || scan.text.len() < 100 {
            return;
        }
    } else if start.lost {
        if !payload.is_some_and(names_claims) {
            return;
        }
    } else if !header_lost {
        let wanted = match payload {
            Some(_) => scan.header.is_some_and(|header| header.is_header || !header.is_complete),
            None => {
                let (text, header) = decoded(head);
                let is_token = header.is_header && !header.has_audience;
                if !is_token {
                    container(bytes, scan, &text, span, depth, found);
                }
                is_token
            }
        };
        if !wanted {
            return;
        }
    }
    let mut push = |text: &[u8], span: Span, signature: SignatureText| {
        let text = text.to_vec();
        let compact = Compact { text, signature, cut: scan.cut, start_lost: start.lost || header_lost, lower_cased };
        found.push(Candidate { shape: Shape::Compact(compact), span, context: context(), repairs });
    };
    if let Some(signature) = payload.filter(|_| header_lost) {
        push(&[b".", &*scan.text].concat(), span, SignatureText::Present(signature.len()));
        return;
    }
    let signature = scan.signature(segment(2));
    if let SignatureText::Redacted | SignatureText::Empty = signature {
        let signed = segments.get(1).and_then(|payload| scan.text.get(..payload.end)).unwrap_or(&scan.text);
        push(signed, span, signature);
    } else if let (Some(middle), Some(payload), Some(last)) = (segments.get(2), segment(3), segment(4))
        && let Some(at) = second_header(&scan.text, &middle, payload)
        && let Some((first, second)) = scan.text.split_at_checked(at)
    {
        let border = span.start.saturating_add(first.len());
        let first_signature = SignatureText::Present(at.saturating_sub(middle.start));
        push(first, Span { start: span.start, end: border }, first_signature);
        let end = border.saturating_add(second.len());
        push(second, Span { start: border, end }, SignatureText::Present(last.len()));
    } else {
        push(&scan.text, span, signature);
    }
}

/// True of claims and a signature: the header in front of them is lost.
fn header_is_lost(scan: &Scanned, head: &[u8], signature: Option<&[u8]>) -> bool {
    let claims = scan.header.is_some_and(|header| header.is_complete && header.has_audience && !header.is_header);
    let signed = signature.is_some_and(|text| text.len() >= SHORTEST_SIGNATURE && !text.starts_with(b"eyJ"));
    claims
        && signed
        && json::Document::read(base64url::decode(head).bytes).root().is_some_and(|root| root.get("iss").is_some())
}

/// Five segments of which the third runs on into a second token: two tokens glued together. Gives where that begins.
fn second_header(text: &[u8], middle: &Range<usize>, payload: &[u8]) -> Option<usize> {
    if !payload.starts_with(b"eyJ") {
        return None;
    }
    let at = memmem::find(text.get(middle.clone())?, b"eyJ").filter(|&at| at > 0)?;
    Some(middle.start.saturating_add(at))
}

/// How many characters of a first segment without a dot are decoded before the rest.
const BEGINNING: usize = 1024;

/// The decoded text of a first segment, and what it says. Where its beginning is no text and no JSON either, nothing can
/// be in it, and the rest is left alone.
fn decoded(head: &[u8]) -> (Vec<u8>, JoseHeader) {
    let read = |text: &[u8]| {
        let text = base64url::decode(text).bytes;
        let header = JoseHeader::of_text(&text);
        (text, header)
    };
    match head.get(..BEGINNING).map(read) {
        Some((text, header)) if header.is_broken && !begins_as_text(&text) => (text, header),
        _ => read(head),
    }
}

/// True of a payload that decodes to an object with claims.
fn names_claims(payload: &[u8]) -> bool {
    let document = json::Document::read(base64url::decode(payload).bytes);
    document.root().is_some_and(|root| ["aud", "iss", "exp", "sub"].iter().any(|name| root.get(name).is_some()))
}

/// False of bytes that are no text from the start: nothing that can be read is behind them.
fn begins_as_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(64)).unwrap_or_default();
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last character may be cut.
        Err(error) => error.error_len().is_none(),
    };
    valid && !head.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// Base64 text that is no token but may hold something: the body of a HAR response, a client principal header, a
/// claims challenge.
fn container(bytes: &[u8], scan: &Scanned, inner: &[u8], span: Span, depth: usize, found: &mut Vec<Candidate>) {
    if !begins_as_text(inner) {
        return;
    }
    if let Some(shape) = object::from_base64(inner) {
        let repairs = Repairs { base64: true, ..scan.repairs };
        found.push(Candidate { shape, span, context: context::before(bytes, span.start), repairs });
        return;
    }
    if depth >= CONTAINER_DEPTH {
        return;
    }
    let length = span.end.saturating_sub(span.start);
    for mut candidate in super::extract_from(inner, depth.saturating_add(1)).candidates {
        // Four characters hold three bytes; the exact character would need the whole of the repairs.
        let outer = |offset: usize| span.start.saturating_add((offset.saturating_mul(4) / 3).min(length));
        candidate.span = Span { start: outer(candidate.span.start), end: outer(candidate.span.end) };
        candidate.repairs.base64 = true;
        found.push(candidate);
    }
}
