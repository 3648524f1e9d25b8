//! Large inputs: pushed in pieces of any size, read a segment at a time, with memory that does not grow.
//!
//! Where segments are cut depends on the bytes alone, never on how they arrive: a segment is read when a fixed number of
//! bytes is there, and ends in front of whatever the end of those bytes cuts in two. What begins inside a segment is
//! found in it, with the bytes in front of it as context; the next segment begins where the last artefact ends. That way
//! every way to split an input gives the same artefacts. They are those that reading the whole at once gives, but for
//! what needs more than [`Limits::context`] bytes in front of it to be recognised, and for what is longer than
//! [`Limits::longest`], which is said.

use super::error::{self, Merger, Table};
use super::finders::{self, Reading, Scope};
use super::text::Incoming;
use super::{Candidate, Encoding, Shape, Span};
use std::collections::VecDeque;

/// How much of an input is looked at together, in bytes of UTF-8. The defaults suit inputs of any size; smaller numbers
/// are for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes are read as one segment. Default 1 MiB.
    pub segment: usize,
    /// How many bytes in front of a segment and behind it are read with it. Default 20 KiB: more than any reader of
    /// lines, headers and addresses looks around itself.
    pub context: usize,
    /// The longest artefact that is read as a whole; of a longer one its beginning is read. Default 4 MiB.
    pub longest: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { segment: 1 << 20, context: 20 << 10, longest: 4 << 20 }
    }
}

/// An artefact of a large input.
#[derive(Debug)]
pub struct Sighting {
    /// What was recognised, and where in the input, in bytes.
    pub candidate: Candidate,
    /// True where it is longer than [`Limits::longest`]: only its beginning was read, and the span ends with that.
    pub is_longer: bool,
}

/// Reads an input of any size. Memory is bounded by the limits and by how much is found in a few hundred kilobytes.
///
/// ```
/// use tokentriage::extract::Window;
///
/// let mut found = Vec::new();
/// let mut window = Window::default();
/// for piece in [&b"{\"error\":\"invalid_grant\",\"error_de"[..], b"scription\":\"AADSTS50173: expired\"}"] {
///     window.push(piece, &mut |sighting| found.push(sighting));
/// }
/// window.finish(&mut |sighting| found.push(sighting));
/// assert_eq!(found[0].candidate.span.end, 68);
/// ```
#[derive(Debug)]
pub struct Window {
    limits: Limits,
    incoming: Incoming,
    /// The text that is still needed.
    text: Vec<u8>,
    /// Offset of the first byte of `text` in the whole text.
    base: usize,
    /// UTF-16 code units of the input in front of it, or bytes.
    units: usize,
    /// Offset up to which everything was found.
    from: usize,
    /// How many bytes from there on the next reading takes.
    wanted: usize,
    /// The table whose rows go on there.
    table: Option<Table>,
    /// Whether a token ends there.
    behind_token: bool,
    merger: Merger,
    /// Of what is in the merger: where it begins in the text, and what it becomes there.
    places: VecDeque<(usize, Place)>,
}

/// Where something stands in the input.
#[derive(Debug, Clone, Copy)]
struct Place {
    span: Span,
    is_longer: bool,
}

/// How far in front of the place where a segment has to end a better one is looked for, in bytes.
const ALIGNED: usize = 4096;

/// How far behind a piece of a token, in bytes, enough of the next one stands to be taken for one: what may be between
/// two pieces (`seam.rs`), and the fewest characters of a piece.
const NEXT_PIECE: usize = 512;

impl Default for Window {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Window {
    /// Begins an input.
    pub fn new(limits: Limits) -> Self {
        let wanted = limits.segment.saturating_add(limits.context);
        Self {
            limits: Limits { longest: limits.longest.max(wanted), ..limits },
            incoming: Incoming::new(),
            text: Vec::new(),
            base: 0,
            units: 0,
            from: 0,
            wanted,
            table: None,
            behind_token: false,
            merger: Merger::default(),
            places: VecDeque::new(),
        }
    }

    /// Takes the next piece of the input, and gives what nothing further on can belong to, in order.
    pub fn push(&mut self, piece: &[u8], take: &mut impl FnMut(Sighting)) {
        for part in piece.chunks(self.limits.context.max(1)) {
            self.incoming.push(part, &mut self.text);
            while self.unread() >= self.wanted {
                self.read(false, take);
            }
        }
    }

    /// The input ends: gives the rest.
    pub fn finish(mut self, take: &mut impl FnMut(Sighting)) {
        self.incoming.finish(&mut self.text);
        while self.unread() >= self.wanted {
            self.read(false, take);
        }
        self.read(true, take);
        self.give(usize::MAX, take);
    }

    /// How many bytes of text are there that were not read.
    fn unread(&self) -> usize {
        self.base.saturating_add(self.text.len()).saturating_sub(self.from)
    }

    /// Reads the segment that begins at `from`; `last`: to the end of the input.
    fn read(&mut self, last: bool, take: &mut impl FnMut(Sighting)) {
        // Offsets in `text`, then in the part of it that is read.
        let begin = self.from.saturating_sub(self.base);
        let first = begin.saturating_sub(self.limits.context);
        // White space at the end means nothing, not even where something before it is cut.
        let whole = self.text.trim_ascii_end().len().max(begin);
        let end = if last { whole } else { begin.saturating_add(self.wanted) };
        let text = self.text.get(first..end).unwrap_or_default();
        let from = begin.saturating_sub(first);
        let scope = Scope { from, table: self.table.clone(), behind_token: self.behind_token };
        let reading = finders::read(text, 0, scope);
        let cut = if last { Some(text.len()) } else { self.cut(&reading, text, from) };
        let Some(cut) = cut else {
            self.wanted = self.wanted.saturating_mul(2).min(self.limits.longest);
            return;
        };
        let full = !last;
        let table = reading.table.filter(|open| open.rows.contains(&cut)).map(|open| open.table);
        let mut next = cut;
        let mut behind_token = false;
        let utf16 = self.incoming.encoding() != Encoding::Bytes;
        let offset = self.base.saturating_add(first);
        let (mut place, mut units) =
            (0, self.units.saturating_add(self.incoming.units(self.text.get(..first).unwrap_or_default())));
        let mut origin = |at: usize| {
            let walked = text.get(place..at).unwrap_or_default();
            units = units.saturating_add(self.incoming.units(walked));
            place = at.max(place);
            self.incoming.origin(units)
        };
        for mut mention in error::mentions(text, reading.extraction.candidates) {
            let Span { start, end } = mention.candidate.span;
            if start < from || start >= cut {
                continue;
            }
            let is_longer = full && end >= text.len();
            let span = Span { start: origin(start), end: origin(end) };
            next = next.max(end);
            behind_token = end == next && matches!(mention.candidate.shape, Shape::Compact(_));
            mention.candidate.span = Span { start: offset.saturating_add(start), end: offset.saturating_add(end) };
            mention.candidate.repairs.utf16 = utf16;
            self.places.push_back((mention.candidate.span.start, Place { span, is_longer }));
            self.merger.add(mention);
        }
        self.from = offset.saturating_add(next);
        self.table = table.filter(|_| next == cut);
        self.behind_token = behind_token;
        self.wanted = self.limits.segment.saturating_add(self.limits.context);
        self.forget();
        self.give(self.from, take);
    }

    /// Where the segment ends that begins at `from`, so that nothing that begins in it is cut by the end of `text`. None
    /// where more has to be read for that.
    fn cut(&self, reading: &Reading, text: &[u8], from: usize) -> Option<usize> {
        let whole = aligned(text, from, text.len().saturating_sub(self.limits.context));
        let candidates = reading.extraction.candidates.iter();
        // The next piece of a token that was taken apart may begin where nothing was read yet.
        let near = text.len().saturating_sub(NEXT_PIECE);
        let touching = candidates.filter(|candidate| candidate.span.end >= near).map(|candidate| candidate.span.start);
        let open = reading.open.iter().copied().chain(touching).filter(|&start| start >= from).min();
        let mut cut = open.map_or(whole, |open| open.min(whole));
        if let Some(table) = &reading.table {
            let row = table.rows.partition_point(|&row| row < cut);
            // The last row may go on.
            let row = table.rows.get(row).or(table.rows.last());
            if table.rows.first().is_some_and(|&first| first < cut) {
                cut = row.copied().unwrap_or(cut);
            }
        }
        if cut > from.saturating_add(self.limits.segment / 2) {
            return Some(cut);
        }
        // Too little would be gained: what is cut is read together with more.
        (self.wanted >= self.limits.longest).then_some(whole)
    }

    /// Drops the text that is context no more.
    fn forget(&mut self) {
        let kept = self.from.saturating_sub(self.limits.context).max(self.base);
        let count = kept.saturating_sub(self.base).min(self.text.len());
        let dropped = self.text.get(..count).unwrap_or_default();
        self.units = self.units.saturating_add(self.incoming.units(dropped));
        self.text.drain(..count);
        self.base = kept;
    }

    /// Gives what nothing at `at` or behind can belong to.
    fn give(&mut self, at: usize, take: &mut impl FnMut(Sighting)) {
        for mut candidate in self.merger.settled(at) {
            while let Some((start, place)) = self.places.pop_front() {
                if start == candidate.span.start {
                    candidate.span = place.span;
                    take(Sighting { candidate, is_longer: place.is_longer });
                    break;
                }
            }
        }
    }
}

/// The best place to cut at or before `end`: behind the last line, or else in front of the last brace, if there is one
/// near.
fn aligned(text: &[u8], from: usize, end: usize) -> usize {
    let start = end.saturating_sub(ALIGNED).max(from);
    let near = text.get(start..end).unwrap_or_default();
    let line = memchr::memrchr(b'\n', near).map(|feed| feed.saturating_add(1));
    let place = line.or_else(|| memchr::memrchr(b'{', near)).map_or(end, |place| start.saturating_add(place));
    // Every segment is longer than nothing: a brace may stand where it begins.
    if place > from { place } else { end.max(from) }
}
