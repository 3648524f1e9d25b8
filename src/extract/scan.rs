//! One walk over the characters of a token, across whatever a wrapping put between them.

use super::Repairs;
use super::compact::{SHORTEST_SEGMENT, SignatureText, is_line_mark};
use super::jose_header::JoseHeader;
use super::seam;
use crate::guid::is_guid;
use crate::jose::{base64url, json};
use crate::offset::Advance;
use memchr::memmem;
use std::borrow::Cow;

/// The characters of a value that is wrapped like a token.
pub(super) struct Scanned<'b> {
    /// The characters, dots included, wrappings undone.
    pub(super) text: Cow<'b, [u8]>,
    /// One past the last byte that belongs to the value.
    pub(super) end: usize,
    /// What had to be undone.
    pub(super) repairs: Repairs,
    /// True where the text ends at a mark of omission inside header or payload.
    pub(super) cut: bool,
    /// What the first segment says, where a dot ends it.
    pub(super) header: Option<JoseHeader>,
    redacted: bool,
}

/// Walks over a value that begins at `start` and may be wrapped like a token.
pub(super) fn scan(bytes: &[u8], start: usize) -> Scanned<'_> {
    let mut scan = Scan::new(bytes, start);
    scan.run();
    let (end, repairs) = (scan.end, scan.repairs());
    Scanned { end, repairs, cut: scan.cut, header: scan.header, redacted: scan.redacted, text: scan.text }
}

impl Scanned<'_> {
    /// What stands where the signature belongs; `third` is the third segment.
    pub(super) fn signature(&self, third: Option<&[u8]>) -> SignatureText {
        match third {
            _ if self.redacted => SignatureText::Redacted,
            None => SignatureText::Missing,
            Some([]) => SignatureText::Empty,
            Some(signature) if is_placeholder(signature) => SignatureText::Redacted,
            Some(signature) => SignatureText::Present(signature.len()),
        }
    }
}

/// One walk over the characters of a token, across whatever a wrapping put between them.
struct Scan<'b> {
    bytes: &'b [u8],
    start: usize,
    at: usize,
    /// One past the last byte that belongs to the token.
    end: usize,
    /// The characters so far. A piece of `bytes` until something is undone: most tokens are never copied.
    text: Cow<'b, [u8]>,
    dots: usize,
    /// Where the current segment begins in `text`.
    segment: usize,
    cut: bool,
    redacted: bool,
    repairs: Repairs,
    lines: Lines,
    /// True where a character of standard base64 is among those so far.
    standard: bool,
    /// What stands in front of every line, once the first one has ended: a time, a name, a number.
    mark: Option<&'b [u8]>,
    /// What the first segment says, once it has ended.
    header: Option<JoseHeader>,
}

/// The widest line that a console, a mail program or an editor breaks, in characters.
const WIDEST_CONSOLE: usize = 300;

/// How much of the next piece is looked at, in bytes: more than any signature that can be checked.
const LONGEST_PIECE: usize = 1024;

/// Widths of the lines that a token runs over.
#[derive(Default)]
struct Lines {
    /// Width of the current line up to the break, with whatever stands before the token.
    current: usize,
    first: Option<usize>,
    even: bool,
}

impl<'b> Scan<'b> {
    fn new(bytes: &'b [u8], start: usize) -> Self {
        Self {
            bytes,
            start,
            at: start,
            end: start,
            text: Cow::Borrowed(&[]),
            dots: 0,
            segment: 0,
            cut: false,
            redacted: false,
            repairs: Repairs::default(),
            lines: Lines { even: true, ..Lines::default() },
            standard: false,
            mark: None,
            header: None,
        }
    }

    fn repairs(&self) -> Repairs {
        let breaks = self.repairs.line_breaks;
        // One break tells no width: it counts as a console's where a console can be that wide.
        let plausible = breaks > 1 || self.lines.first.is_some_and(|width| width <= WIDEST_CONSOLE);
        Repairs { even_width: breaks > 0 && self.lines.even && plausible, ..self.repairs }
    }

    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, count: usize) {
        self.at.advance(count);
        self.end = self.at;
    }

    /// Takes the next `count` bytes as characters of the token.
    fn keep(&mut self, count: usize) {
        let end = self.at.saturating_add(count);
        match &mut self.text {
            Cow::Borrowed(text) if self.start.saturating_add(text.len()) == self.at => {
                *text = self.bytes.get(self.start..end).unwrap_or_default();
            }
            text => text.to_mut().extend_from_slice(self.bytes.get(self.at..end).unwrap_or_default()),
        }
        self.take(count);
    }

    /// Gives characters back, so that `length` of them are left.
    fn shorten(&mut self, length: usize) {
        match &mut self.text {
            Cow::Borrowed(text) => *text = text.get(..length).unwrap_or(text),
            Cow::Owned(text) => text.truncate(length),
        }
    }

    fn run(&mut self) {
        loop {
            self.keep(base64url::run_length(self.rest()));
            let going = match self.rest() {
                [b'.', ..] => self.dot(),
                [b'%', ..] => self.percent(),
                [b'=', b'\r' | b'\n', ..] if self.soft_break() => true,
                [b'=' | b'+' | b'/', ..] => self.standard_alphabet(),
                [b'"' | b'\'', ..] => self.concatenation(),
                [b'<', ..] => self.tags(),
                [b'\r' | b'\n', ..] => self.line_break(line_feed(self.rest()), false),
                [b' ' | b'\t', ..] => self.spaces(),
                [b'\\', ..] => self.backslash(),
                [b'`' | b'^', b'\r' | b'\n', ..] => {
                    self.line_break(line_feed(self.rest().get(1..).unwrap_or_default()).saturating_add(1), false)
                }
                [0x1B, ..] => terminal_sequence(self.rest()).is_some_and(|count| self.invisible(count)),
                [0xE2, 0x80, 0x8B..=0x8F | 0xAA..=0xAE, ..]
                | [0xE2, 0x81, 0xA0..=0xA9, ..]
                | [0xEF, 0xBB, 0xBF, ..] => self.invisible(3),
                [0xC2, 0xA0 | 0xAD, ..] => self.invisible(2),
                _ => false,
            };
            if !going {
                break;
            }
        }
        self.omission();
    }

    /// A dot ends a segment, unless it ends a sentence or begins a mark of omission.
    fn dot(&mut self) -> bool {
        let next = self.rest().get(1).copied();
        let after = self.rest().get(2).copied();
        let alphabet = |byte: Option<u8>| byte.is_some_and(base64url::is_alphabet);
        let separates = match (self.dots, next) {
            // The encrypted key of a JWE may be empty: two dots, then the initialisation vector.
            (0, Some(b'.')) => alphabet(after),
            (_, Some(b'.')) => false,
            (0 | 1, _) => true,
            (2, _) if self.split_off_glued() => false,
            (2 | 3, next) => alphabet(next) && !self.signature_done() && self.may_be_encrypted(),
            _ => false,
        };
        if !separates {
            return false;
        }
        self.end_segment();
        self.keep(1);
        true
    }

    /// A signature that runs on into another header: gives back what is beyond its length.
    fn split_off_glued(&mut self) -> bool {
        let Some(whole) = self.signature_length().filter(|&whole| whole > 0) else { return false };
        let Some(second) =
            self.text.get(self.segment.saturating_add(whole)..).filter(|second| second.starts_with(b"eyJ"))
        else {
            return false;
        };
        let Some(start) = self.at.checked_sub(second.len()) else { return false };
        if self.bytes.get(start..self.at) != Some(second) {
            return false;
        }
        self.shorten(self.segment.saturating_add(whole));
        self.at = start;
        self.end = start;
        true
    }

    /// A segment ends, the dot comes next: with the first one the header is known, and so the length of the signature.
    fn end_segment(&mut self) {
        if self.dots == 0 {
            self.header = Some(JoseHeader::read(&self.text));
        }
        self.dots.advance(1);
        self.segment = self.text.len().saturating_add(1);
    }

    /// More than three segments: a JWE, or two tokens glued together.
    fn may_be_encrypted(&self) -> bool {
        self.header.is_some_and(|header| header.is_encrypted)
            || self.text.get(self.segment..).is_some_and(|last| memmem::find(last, b"eyJ").is_some())
            || self.dots == 3
    }

    /// Length of the signature that the header's algorithm asks for.
    fn signature_length(&self) -> Option<usize> {
        self.header.and_then(|header| header.signature_length)
    }

    fn signature_done(&self) -> bool {
        let length = self.text.len().saturating_sub(self.segment);
        self.dots >= 2 && self.signature_length().is_some_and(|whole| length >= whole)
    }

    fn percent(&mut self) -> bool {
        let mut skip = 1_usize;
        while let Some(b"25") = self.rest().get(skip..skip.saturating_add(2)) {
            skip.advance(2);
        }
        let code = self.rest().get(skip..skip.saturating_add(2)).and_then(|digits| std::str::from_utf8(digits).ok());
        let character = match code.map(str::to_ascii_uppercase).as_deref() {
            Some("2E") => b'.',
            Some("3D") => b'=',
            Some("2B") => b'+',
            Some("2F") => b'/',
            Some("2D") => b'-',
            Some("5F") => b'_',
            Some("0A" | "0D") => return self.line_break(skip.saturating_add(2), true),
            _ => return false,
        };
        self.repairs.percent.advance(1);
        self.standard |= matches!(character, b'+' | b'/');
        if character == b'.' {
            let going = self.rest().get(skip.saturating_add(2)).is_some_and(|&byte| base64url::is_alphabet(byte))
                || self.dots == 1;
            if self.dots >= 4 || !going {
                self.repairs.percent = self.repairs.percent.saturating_sub(1);
                return false;
            }
            self.end_segment();
        }
        self.text.to_mut().push(character);
        self.take(skip.saturating_add(2));
        true
    }

    /// Characters of standard base64: part of a damaged token, but not behind a whole one (`eyJ…/path`, `eyJ…=x`).
    fn standard_alphabet(&mut self) -> bool {
        let next = self.rest().iter().find(|byte| !matches!(byte, b'=' | b'+' | b'/')).copied();
        // A line of standard base64 may end in any of its characters.
        let line_ends = self.standard && self.dots == 0 && matches!(next, Some(b'\r' | b'\n'));
        let inside = line_ends || next.is_some_and(|byte| base64url::is_alphabet(byte) || byte == b'.');
        let padding = self.rest().first() == Some(&b'=') && !next.is_some_and(base64url::is_alphabet);
        // In a form or an address the plus sign is a space.
        let wrapped = self.repairs.percent > 0;
        if self.signature_done() && !padding || wrapped || !(inside || padding) {
            return false;
        }
        let run = self.rest().iter().take_while(|byte| matches!(byte, b'=' | b'+' | b'/')).count();
        self.standard |= self.rest().iter().take(run).any(|byte| *byte != b'=');
        self.keep(run);
        true
    }

    /// A line of quoted-printable text that goes on in the next (RFC 2045 section 6.7).
    fn soft_break(&mut self) -> bool {
        let count = line_feed(self.rest().get(1..).unwrap_or_default()).saturating_add(1);
        let going = self.line_break(count, false);
        if going {
            // The mail program's, not the token's.
            self.repairs.line_breaks = self.repairs.line_breaks.saturating_sub(1);
            self.repairs.joints.advance(1);
        }
        going
    }

    /// A piece in quotes ends and the program adds the next one.
    fn concatenation(&mut self) -> bool {
        let Some(seam) = seam::concatenation(self.rest()) else { return false };
        let is_token = self.signature_length().is_some() || self.dots == 0 && self.text.starts_with(b"ey");
        (seam.explicit || is_token) && self.goes_on(seam.length) && self.join(seam.length)
    }

    /// Tags of a page stand inside.
    fn tags(&mut self) -> bool {
        let Some(length) = seam::tags(self.rest()) else { return false };
        let dot = self.dots < 2 && self.rest().get(length) == Some(&b'.');
        (dot || self.goes_on(length)) && self.join(length)
    }

    /// True where a piece of this token follows behind so many bytes, and not a word or the next token.
    fn goes_on(&self, length: usize) -> bool {
        let rest = self.rest().get(length..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(LONGEST_PIECE)).unwrap_or(rest);
        let piece = rest.iter().take_while(|&&byte| base64url::is_alphabet(byte) || byte == b'.').count();
        let next =
            (rest.starts_with(b"eyJ") || seam::begins_alike(rest, &self.text)) && self.text.last() != Some(&b'.');
        !self.signature_done() && !next && (piece >= 20 || self.completes(base64url::run_length(rest)))
    }

    /// True where so many characters more make the signature exactly as long as it has to be.
    fn completes(&self, run: usize) -> bool {
        self.dots == 2
            && run > 0
            && self.signature_length() == Some(self.text.len().saturating_sub(self.segment).saturating_add(run))
    }

    /// Passes over what stands between two pieces.
    fn join(&mut self, length: usize) -> bool {
        self.repairs.joints.advance(1);
        self.at.advance(length);
        true
    }

    fn invisible(&mut self, count: usize) -> bool {
        let continues = self.rest().get(count).is_some_and(|&byte| base64url::is_alphabet(byte) || byte == b'.');
        if continues {
            self.repairs.invisible.advance(1);
            self.at.advance(count);
        }
        continues
    }

    fn backslash(&mut self) -> bool {
        let slashes = self.rest().iter().take_while(|&&byte| byte == b'\\').count();
        match self.rest().get(slashes..) {
            Some([b'n' | b'r', ..]) => {
                let mut count = slashes.saturating_add(1);
                // `\r\n`
                let next = self.rest().get(count..).unwrap_or_default();
                let more = next.iter().take_while(|&&byte| byte == b'\\').count();
                if more > 0 && matches!(next.get(more), Some(b'n')) {
                    count.advance(more.saturating_add(1));
                }
                self.line_break(count, true)
            }
            Some([b'\r' | b'\n', ..]) => {
                let count = slashes.saturating_add(line_feed(self.rest().get(slashes..).unwrap_or_default()));
                self.line_break(count, false)
            }
            // Markdown escapes what would be a mark of its own.
            Some([b'_' | b'-', ..]) if slashes == 1 && !self.signature_done() => {
                self.at.advance(slashes);
                true
            }
            Some([b'/', next, ..]) if base64url::is_alphabet(*next) && !self.signature_done() => {
                self.at.advance(slashes);
                self.standard_alphabet()
            }
            _ => false,
        }
    }

    /// Spaces inside a line: only where what follows can be nothing but the next piece of this token.
    fn spaces(&mut self) -> bool {
        let count = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let after = self.rest().get(count..).unwrap_or_default();
        match after {
            [b'\r' | b'\n', ..] => return self.line_break(count.saturating_add(line_feed(after)), false),
            // A shell's mark that the line goes on.
            [b'\\' | b'`' | b'^', mark @ (b'\r' | b'\n'), ..] => {
                let feed = line_feed(after.get(1..).unwrap_or(&[*mark]));
                return self.line_break(count.saturating_add(1).saturating_add(feed), false);
            }
            _ => {}
        }
        let run = after.iter().take_while(|&&byte| base64url::is_alphabet(byte)).count();
        let at_dot = self.text.last() == Some(&b'.') && run >= SHORTEST_SEGMENT
            || after.first() == Some(&b'.') && after.get(1).is_some_and(|&byte| base64url::is_alphabet(byte));
        let piece = after.get(..run).unwrap_or_default();
        let long = run >= 24 && !is_guid(piece) && looks_random(piece) && !(piece.starts_with(b"eyJ") && self.dots > 0);
        if self.signature_done() || !(at_dot || long) {
            return false;
        }
        self.repairs.spaces.advance(count);
        self.at.advance(count);
        true
    }

    /// A line break of `count` bytes: goes on where the next line can only be the next piece of this token.
    fn line_break(&mut self, count: usize, escaped: bool) -> bool {
        if self.signature_done() {
            return false;
        }
        let next = self.rest().get(count..).unwrap_or_default();
        let marked = self.marked(next);
        let indent = match marked {
            0 => next.iter().take_while(|byte| is_line_mark(**byte)).count(),
            marked => marked,
        };
        let quoted = marked == 0 && next.get(..indent).unwrap_or_default().contains(&b'>');
        let line = next.get(indent..).unwrap_or_default();
        let plain = line.iter().take_while(|byte| is_of_piece(**byte)).count();
        // Standard base64, where no dot says that this is a token.
        let standard = self.standard || self.dots == 0;
        let of_line = |byte: &&u8| is_of_piece(**byte) || standard && matches!(byte, b'+' | b'/');
        let body = line.iter().take_while(of_line).count();
        let piece = line.get(..body).unwrap_or_default();
        let ends = match line.get(body) {
            None
            | Some(
                b'\r' | b'\n' | b'"' | b'\'' | b'`' | b',' | b';' | b')' | b'}' | b']' | b'\\' | b'&' | b'<' | b'^'
                | b'%',
            ) => true,
            Some(b' ' | b'\t') => line
                .get(body..)
                .and_then(|rest| rest.iter().find(|byte| !matches!(byte, b' ' | b'\t')))
                .is_none_or(|byte| matches!(byte, b'\r' | b'\n' | b'\\' | b'^' | b'`')),
            Some(_) => false,
        };
        let current = self.width_before_break();
        let width = indent.saturating_add(body);
        let even_so_far = self.lines.even && self.lines.first.is_none_or(|first| first == current);
        let starts_another = (piece.starts_with(b"eyJ") && memchr::memchr(b'.', piece).is_some()
            || !self.text.starts_with(b"eyJ") && seam::begins_alike(piece, &self.text))
            && self.text.last() != Some(&b'.');
        let short_is_fine = width <= current && current >= 40 && even_so_far;
        // A piece that makes the signature exactly as long as it has to be is its end, whatever stands behind.
        let run = piece.iter().take_while(|&&byte| base64url::is_alphabet(byte)).count();
        let completes = self.completes(run);
        let long_is_fine = body >= 20 && !is_guid(piece);
        // What may be a path, or another word of a log, has to look like the token.
        let path = body > plain && current > WIDEST_CONSOLE;
        let unsure = body > plain && !self.standard || marked > 0 && !short_is_fine;
        let fits = ends
            && !starts_another
            && !path
            && if unsure {
                (long_is_fine || short_is_fine) && looks_random(piece)
            } else {
                long_is_fine || short_is_fine
            };
        if body == 0 || !(fits || completes) {
            return false;
        }
        self.lines.even = even_so_far && width <= current;
        self.lines.first.get_or_insert(current);
        self.lines.current = indent;
        if marked > 0 {
            // A log's or an editor's, not the token's.
            self.mark = next.get(..marked);
            self.repairs.joints.advance(1);
        } else {
            self.repairs.line_breaks.advance(1);
        }
        self.repairs.quoted_lines.advance(usize::from(quoted));
        self.repairs.escaped_breaks.advance(usize::from(escaped));
        self.at.advance(count.saturating_add(indent));
        true
    }

    /// How long the mark is that every line has in front, at the start of the next line; zero where there is none.
    fn marked(&self, next: &[u8]) -> usize {
        match self.mark {
            Some(mark) if seam::same_shape(mark, next) == mark.len() => mark.len(),
            Some(_) => 0,
            None if self.repairs.line_breaks == 0 => seam::mark(self.bytes, self.start, next),
            None => 0,
        }
    }

    /// Width of the current line up to here.
    fn width_before_break(&self) -> usize {
        let window = self.bytes.get(self.at.saturating_sub(4096)..self.at).unwrap_or_default();
        let line = memchr::memrchr2(b'\n', b'\r', window).map_or(0, |at| at.saturating_add(1));
        window.len().saturating_sub(line)
    }

    /// What follows the last character: a mark of omission, or a placeholder for the signature.
    fn omission(&mut self) {
        let rest = self.rest();
        let mark = [&b"..."[..], "\u{2026}".as_bytes(), b"***", b"[", b"<"].iter().any(|mark| rest.starts_with(mark));
        let brackets = match rest.first() {
            Some(b'[') => memchr::memchr(b']', rest.get(..40.min(rest.len())).unwrap_or_default()),
            Some(b'<') => memchr::memchr(b'>', rest.get(..40.min(rest.len())).unwrap_or_default()),
            _ => None,
        };
        let count = match (brackets, rest) {
            (Some(end), _) => end.saturating_add(1),
            (None, [b'[' | b'<', ..]) => return,
            (None, [0xE2, ..]) => 3,
            _ => rest.iter().take_while(|byte| matches!(byte, b'.' | b'*')).count(),
        };
        if !mark {
            return;
        }
        if self.dots >= 2 {
            self.redacted = true;
        } else if self.dots == 1 && (rest.starts_with(b"...") || brackets.is_some()) {
            // `header.payload...` and `header.payload[Signature]`: where the payload is whole, only the signature
            // was left out.
            let payload = self.text.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
            let whole = json::Document::read(base64url::decode(payload).bytes).is_complete();
            self.redacted = whole;
            self.cut = !whole;
        } else {
            self.cut = true;
        }
        self.take(count);
    }
}

/// True of the characters that a line of a wrapped token has.
fn is_of_piece(byte: u8) -> bool {
    base64url::is_alphabet(byte) || matches!(byte, b'.' | b'=')
}

/// Words that people put where the signature was.
fn is_placeholder(signature: &[u8]) -> bool {
    if signature.len() >= 40 {
        return false;
    }
    let text = String::from_utf8_lossy(signature).to_ascii_lowercase();
    let words = ["redacted", "signature", "removed", "snip", "omitted", "hidden", "masked", "stripped"];
    words.iter().any(|word| text.contains(word)) || text.bytes().all(|byte| matches!(byte, b'x' | b'_' | b'-'))
}

/// Length of the line break at the start of `rest`.
fn line_feed(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [_, ..] => 1,
        [] => 0,
    }
}

/// Length of the terminal control sequence (ECMA-48 section 5.4) at the start of `rest`.
fn terminal_sequence(rest: &[u8]) -> Option<usize> {
    let [0x1B, b'[', parameters @ ..] = rest else { return None };
    let count = parameters.iter().take(32).position(|byte| (0x40..=0x7E).contains(byte))?;
    Some(count.saturating_add(2).saturating_add(1))
}

/// True of text that mixes letters of both cases with digits, as base64url of any length does and words do not.
fn looks_random(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit)
        && text.iter().any(u8::is_ascii_uppercase)
        && text.iter().any(u8::is_ascii_lowercase)
}
