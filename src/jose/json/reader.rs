//! The grammar of JSON, one event at a time.

use crate::offset::Advance;
use std::fmt;
use std::ops::Range;

use super::text::{hexadecimal, plain_end};

/// Reads JSON text and yields an [`Event`] for each piece of it, in order. After an error it yields nothing more.
///
/// The grammar is that of RFC 8259, strictly: no comments, no trailing commas, no byte order mark, no raw control
/// characters in strings. Two faults do not stop the reader because the structure around them is clear, and are
/// counted instead ([`Reader::text_issues`]): invalid UTF-8 inside a string, and an escaped half of a surrogate pair
/// without its other half.
///
/// It takes time linear in the text, and one bit of memory for each open array or object.
#[derive(Debug, Clone)]
pub struct Reader<'t> {
    text: &'t [u8],
    offset: usize,
    state: State,
    nesting: Nesting,
    /// Whether text after the value is none of this reader's business.
    only_one_value: bool,
    text_issues: usize,
    unfinished: Option<Event>,
}

/// One piece of JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it is.
    pub kind: EventKind,
    /// Where it is, as byte offsets in the text. Names and strings include their quotes.
    pub span: Range<usize>,
    /// For names and strings: the bytes between the quotes are the value as it stands, valid UTF-8 without escapes.
    /// True for everything else.
    pub plain: bool,
}

/// The kinds of pieces of JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// The name of an object member, in quotes.
    Name,
    /// A string value, in quotes.
    String,
    /// A number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// Why reading stopped. Its `Display` is "expected X, found Y at byte N".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where the unexpected thing is: a byte offset in the text.
    pub offset: usize,
    /// What the grammar allows there, in words.
    pub expected: &'static str,
    /// What is there.
    pub found: Found,
}

/// What stands where something else was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The text ends: it was cut, or never finished.
    EndOfText,
    /// This byte.
    Byte(u8),
    /// More values than [`Limits::nodes`](super::Limits::nodes), which is given.
    LimitNodes(usize),
}

impl<'t> Reader<'t> {
    /// Reads `text`, which has to be one JSON value with nothing but white space around it.
    pub fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            offset: 0,
            state: State::Value,
            nesting: Nesting::default(),
            only_one_value: false,
            text_issues: 0,
            unfinished: None,
        }
    }

    /// Reads one JSON value from byte `offset` of `text` on and stops behind it, whatever follows.
    /// [`Reader::offset`] is then the end of the value. An offset beyond the text is its end.
    pub fn at(text: &'t [u8], offset: usize) -> Self {
        Self { offset: offset.min(text.len()), only_one_value: true, ..Self::new(text) }
    }

    /// How far the text has been read, in bytes from its beginning; after an error the place of the error.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// How many arrays and objects are open.
    pub fn depth(&self) -> usize {
        self.nesting.depth
    }

    /// How many faults inside strings were passed over so far: sequences of invalid UTF-8, and escaped surrogates
    /// without their other half. Each stands for one U+FFFD in the decoded text.
    pub fn text_issues(&self) -> usize {
        self.text_issues
    }

    /// After an error inside a string or name: its readable beginning, from the opening quote to before the first
    /// character that is cut or wrong. There is no closing quote.
    pub fn unfinished(&self) -> Option<&Event> {
        self.unfinished.as_ref()
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Event, SyntaxError>;

    // Whoever reads keeps the place and the state in registers: events take half the time. In the page size counts.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        match &step {
            Ok(Some(_)) => {}
            Ok(None) => self.state = State::Done,
            Err(error) => {
                self.state = State::Done;
                self.offset = error.offset;
            }
        }
        step.transpose()
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected {}, found {} at byte {}", self.expected, self.found, self.offset)
    }
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndOfText => out.write_str("end of text"),
            Self::Byte(byte @ b' '..=b'~') => write!(out, "'{}'", char::from(*byte)),
            Self::Byte(byte) => write!(out, "0x{byte:02X}"),
            Self::LimitNodes(limit) => write!(out, "more than {limit} values"),
        }
    }
}

/// What comes next in the text.
#[derive(Debug, Clone, Copy)]
enum State {
    Value,
    ValueOrArrayEnd,
    NameOrObjectEnd,
    Name,
    Colon,
    AfterValue,
    Done,
}

const CLOSING_QUOTE: &str = "'\"'";
const ESCAPE: &str = "one of \" \\ / b f n r t u after '\\'";
const HEXADECIMAL_DIGIT: &str = "a hexadecimal digit";
const DIGIT: &str = "a digit";
const ESCAPED_CONTROL: &str = "control characters to be escaped";

impl Reader<'_> {
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn step(&mut self) -> Result<Option<Event>, SyntaxError> {
        loop {
            if matches!(self.state, State::Done) {
                return Ok(None);
            }
            self.skip_white_space();
            let byte = self.byte_at(self.offset);
            match (self.state, byte) {
                (State::ValueOrArrayEnd, Some(b']')) => return Ok(Some(self.close(EventKind::ArrayEnd))),
                (State::NameOrObjectEnd, Some(b'}')) => return Ok(Some(self.close(EventKind::ObjectEnd))),
                (State::Name | State::NameOrObjectEnd, Some(b'"')) => {
                    let event = self.string(EventKind::Name)?;
                    self.state = State::Colon;
                    return Ok(Some(event));
                }
                (State::Colon, Some(b':')) => {
                    self.offset.advance(1);
                    self.state = State::Value;
                }
                (State::AfterValue, _) => match (self.nesting.inside(), byte) {
                    (None, None) => return Ok(None),
                    (Some(Container::Array), Some(b']')) => return Ok(Some(self.close(EventKind::ArrayEnd))),
                    (Some(Container::Object), Some(b'}')) => return Ok(Some(self.close(EventKind::ObjectEnd))),
                    (Some(container), Some(b',')) => {
                        self.offset.advance(1);
                        self.state = match container {
                            Container::Array => State::Value,
                            Container::Object => State::Name,
                        };
                    }
                    (None, _) => return Err(self.unexpected(self.offset, "end of text")),
                    (Some(Container::Array), _) => return Err(self.unexpected(self.offset, "',' or ']'")),
                    (Some(Container::Object), _) => return Err(self.unexpected(self.offset, "',' or '}'")),
                },
                (State::Value, _) => return self.value(byte, "a value").map(Some),
                (State::ValueOrArrayEnd, _) => return self.value(byte, "a value or ']'").map(Some),
                (State::NameOrObjectEnd, _) => return Err(self.unexpected(self.offset, "a name in quotes or '}'")),
                (State::Name, _) => return Err(self.unexpected(self.offset, "a name in quotes")),
                (State::Colon, _) => return Err(self.unexpected(self.offset, "':'")),
                (State::Done, _) => return Ok(None),
            }
        }
    }

    fn value(&mut self, byte: Option<u8>, expected: &'static str) -> Result<Event, SyntaxError> {
        let event = match byte {
            Some(b'{') => return Ok(self.open(Container::Object)),
            Some(b'[') => return Ok(self.open(Container::Array)),
            Some(b'"') => self.string(EventKind::String)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.literal("true", "'true'", EventKind::True)?,
            Some(b'f') => self.literal("false", "'false'", EventKind::False)?,
            Some(b'n') => self.literal("null", "'null'", EventKind::Null)?,
            _ => return Err(self.unexpected(self.offset, expected)),
        };
        self.value_ended();
        Ok(event)
    }

    fn open(&mut self, container: Container) -> Event {
        self.nesting.push(container);
        let (kind, state) = match container {
            Container::Object => (EventKind::ObjectStart, State::NameOrObjectEnd),
            Container::Array => (EventKind::ArrayStart, State::ValueOrArrayEnd),
        };
        self.state = state;
        self.taken(kind, self.offset.saturating_add(1), true)
    }

    fn close(&mut self, kind: EventKind) -> Event {
        self.nesting.pop();
        let event = self.taken(kind, self.offset.saturating_add(1), true);
        self.value_ended();
        event
    }

    fn value_ended(&mut self) {
        self.state = if self.only_one_value && self.nesting.depth == 0 { State::Done } else { State::AfterValue };
    }

    /// Moves on to `end`: what lies between is one event.
    fn taken(&mut self, kind: EventKind, end: usize, plain: bool) -> Event {
        let span = self.offset..end;
        self.offset = end;
        Event { kind, span, plain }
    }

    fn literal(&mut self, word: &str, expected: &'static str, kind: EventKind) -> Result<Event, SyntaxError> {
        for (index, letter) in word.bytes().enumerate() {
            if self.byte_at(self.offset.saturating_add(index)) != Some(letter) {
                return Err(self.unexpected(self.offset.saturating_add(index), expected));
            }
        }
        Ok(self.taken(kind, self.offset.saturating_add(word.len()), true))
    }

    fn number(&mut self) -> Result<Event, SyntaxError> {
        let mut at = self.offset;
        if self.byte_at(at) == Some(b'-') {
            at.advance(1);
        }
        at = if self.byte_at(at) == Some(b'0') { at.saturating_add(1) } else { self.digits(at)? };
        if self.byte_at(at) == Some(b'.') {
            at = self.digits(at.saturating_add(1))?;
        }
        if let Some(b'e' | b'E') = self.byte_at(at) {
            at.advance(1);
            if let Some(b'+' | b'-') = self.byte_at(at) {
                at.advance(1);
            }
            at = self.digits(at)?;
        }
        Ok(self.taken(EventKind::Number, at, true))
    }

    /// The end of the digits from `at` on, of which there has to be one.
    fn digits(&self, at: usize) -> Result<usize, SyntaxError> {
        let rest = self.text.get(at..).unwrap_or_default();
        match rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()) {
            0 => Err(self.unexpected(at, DIGIT)),
            length => Ok(at.saturating_add(length)),
        }
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn string(&mut self, kind: EventKind) -> Result<Event, SyntaxError> {
        let at = plain_end(self.text, self.offset.saturating_add(1));
        match self.byte_at(at) {
            Some(b'"') => Ok(self.taken(kind, at.saturating_add(1), true)),
            _ => self.string_from(kind, at),
        }
    }

    /// A string that is plain up to `at`.
    fn string_from(&mut self, kind: EventKind, mut at: usize) -> Result<Event, SyntaxError> {
        let mut plain = true;
        loop {
            let next = match self.byte_at(at) {
                Some(b'"') => return Ok(self.taken(kind, at.saturating_add(1), plain)),
                Some(b'\\') => {
                    plain = false;
                    self.escapes(at)
                }
                Some(0x80..) => self.beyond_ascii(at, &mut plain),
                Some(_) => Err((at, self.unexpected(at, ESCAPED_CONTROL))),
                None => Err((at, self.unexpected(at, CLOSING_QUOTE))),
            };
            at = match next {
                Ok(end) => plain_end(self.text, end),
                Err((readable, error)) => {
                    self.unfinished = Some(Event { kind, span: self.offset..readable, plain });
                    return Err(error);
                }
            };
        }
    }

    /// The end of the run of bytes outside ASCII from `at` on; or where the character begins that the end of the text
    /// cuts, which is not invalid but unfinished.
    fn beyond_ascii(&mut self, at: usize, plain: &mut bool) -> Result<usize, (usize, SyntaxError)> {
        let rest = self.text.get(at..).unwrap_or_default();
        let run = rest.get(..rest.iter().position(u8::is_ascii).unwrap_or(rest.len())).unwrap_or(rest);
        let mut end = at;
        for chunk in run.utf8_chunks() {
            end.advance(chunk.valid().len());
            let invalid = chunk.invalid();
            if end.saturating_add(invalid.len()) == self.text.len()
                && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none())
            {
                return Err((end, self.unexpected(self.text.len(), CLOSING_QUOTE)));
            }
            if !invalid.is_empty() {
                *plain = false;
                self.text_issues.advance(1);
                end.advance(invalid.len());
            }
        }
        Ok(end)
    }

    /// The end of the run of escapes from `at` on, or where the escape begins that is wrong.
    fn escapes(&mut self, mut at: usize) -> Result<usize, (usize, SyntaxError)> {
        while let Some([b'\\', letter]) = self.text.get(at..).and_then(<[u8]>::first_chunk) {
            at = match letter {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at.saturating_add(2),
                _ => self.escape(at).map_err(|error| (at, error))?,
            };
        }
        if self.byte_at(at) == Some(b'\\') {
            at = self.escape(at).map_err(|error| (at, error))?;
        }
        Ok(at)
    }

    /// The end of the escape that begins at `at`, or of two that make a surrogate pair.
    fn escape(&mut self, at: usize) -> Result<usize, SyntaxError> {
        match self.byte_at(at.saturating_add(1)) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => return Ok(at.saturating_add(2)),
            Some(b'u') => {}
            _ => return Err(self.unexpected(at.saturating_add(1), ESCAPE)),
        }
        let unit = self.code_unit(at)?;
        let end = at.saturating_add(6);
        match unit {
            0xD800..=0xDBFF => match self.text.get(end..).unwrap_or_default() {
                [] => return Err(self.unexpected(end, CLOSING_QUOTE)),
                [b'\\'] => return Err(self.unexpected(end.saturating_add(1), ESCAPE)),
                [b'\\', b'u', digits @ ..] if digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit) => {
                    return Err(self.unexpected(self.text.len(), HEXADECIMAL_DIGIT));
                }
                [b'\\', b'u', ..] if matches!(self.code_unit(end), Ok(0xDC00..=0xDFFF)) => {
                    return Ok(end.saturating_add(6));
                }
                _ => self.text_issues.advance(1),
            },
            0xDC00..=0xDFFF => self.text_issues.advance(1),
            _ => {}
        }
        Ok(end)
    }

    /// The UTF-16 code unit of the `\uXXXX` that begins at `at`.
    fn code_unit(&self, at: usize) -> Result<u16, SyntaxError> {
        let mut unit = 0;
        for place in at.saturating_add(2)..at.saturating_add(6) {
            let digit = self.byte_at(place).and_then(hexadecimal);
            unit = (unit << 4) | digit.ok_or_else(|| self.unexpected(place, HEXADECIMAL_DIGIT))?;
        }
        Ok(unit)
    }

    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte_at(self.offset) {
            self.offset.advance(1);
        }
    }

    fn byte_at(&self, offset: usize) -> Option<u8> {
        self.text.get(offset).copied()
    }

    fn unexpected(&self, offset: usize, expected: &'static str) -> SyntaxError {
        SyntaxError { offset, expected, found: self.byte_at(offset).map_or(Found::EndOfText, Found::Byte) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

/// The open arrays and objects, one bit each, so that hostile nesting costs next to nothing.
#[derive(Debug, Clone, Default)]
struct Nesting {
    depth: usize,
    /// The levels since the last multiple of 64; usual text needs no more.
    innermost: u64,
    outer: Vec<u64>,
}

impl Nesting {
    fn push(&mut self, container: Container) {
        let level = self.depth % 64;
        if level == 0 && self.depth > 0 {
            self.outer.push(self.innermost);
        }
        let bit = 1 << level;
        match container {
            Container::Object => self.innermost |= bit,
            Container::Array => self.innermost &= !bit,
        }
        self.depth.advance(1);
    }

    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth.is_multiple_of(64) {
            self.innermost = self.outer.pop().unwrap_or_default();
        }
    }

    fn inside(&self) -> Option<Container> {
        let level = self.depth.checked_sub(1)? % 64;
        Some(if (self.innermost >> level) & 1 == 1 { Container::Object } else { Container::Array })
    }
}
