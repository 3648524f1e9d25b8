//! The paste as UTF-8 bytes, with a way back to the offsets of the original.

use crate::offset::Advance;
use std::borrow::Cow;

/// How the paste was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, ASCII, or bytes that are neither: taken as they are.
    Bytes,
    /// UTF-16, little-endian, as PowerShell's `>` writes it.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
}

impl Encoding {
    /// The code unit of UTF-16 that two bytes make.
    fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Utf16Be => u16::from_be_bytes(pair),
            Self::Bytes | Self::Utf16Le => u16::from_le_bytes(pair),
        }
    }
}

/// Code units between two checkpoints of [`Text`]: a trade of memory for look-up time.
const CHECKPOINT: usize = 1024;

/// At `offset` of the UTF-8 text, `units` UTF-16 code units of the paste have been read.
#[derive(Debug, Clone, Copy)]
struct Checkpoint {
    offset: usize,
    units: usize,
}

/// The paste as UTF-8 bytes.
#[derive(Debug)]
pub struct Text<'p> {
    bytes: Cow<'p, [u8]>,
    encoding: Encoding,
    /// One about every [`CHECKPOINT`] code units. Empty of pastes that are bytes already.
    checkpoints: Vec<Checkpoint>,
    /// Bytes of the byte order mark that were dropped in front.
    skipped: usize,
}

impl<'p> Text<'p> {
    /// Recognises the encoding (byte order mark, or the zero bytes of UTF-16) and takes the paste as UTF-8.
    pub fn new(paste: &'p [u8]) -> Self {
        let (encoding, skipped) = recognise(paste);
        let text = paste.get(skipped..).unwrap_or_default();
        match encoding {
            Encoding::Bytes => Self::plain(text, skipped),
            _ => Self::utf16(text, encoding, skipped),
        }
    }

    /// The text as bytes; UTF-8 except where the paste itself is not.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How the paste was encoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The way back to the offsets of the paste, for offsets in [`Text::bytes`].
    pub fn origins(&self) -> Origins<'_> {
        Origins { text: self, last: Checkpoint { offset: 0, units: 0 } }
    }

    /// The last checkpoint at or in front of an offset.
    fn checkpoint_before(&self, at: usize) -> Checkpoint {
        let next = self.checkpoints.partition_point(|checkpoint| checkpoint.offset <= at);
        let last = next.checked_sub(1).and_then(|index| self.checkpoints.get(index));
        last.copied().unwrap_or(Checkpoint { offset: 0, units: 0 })
    }

    fn plain(bytes: &'p [u8], skipped: usize) -> Self {
        Self { bytes: Cow::Borrowed(bytes), encoding: Encoding::Bytes, checkpoints: Vec::new(), skipped }
    }

    fn utf16(paste: &[u8], encoding: Encoding, skipped: usize) -> Self {
        let mut bytes = Vec::with_capacity(utf8_length(paste, encoding));
        let mut checkpoints = vec![Checkpoint { offset: 0, units: 0 }];
        let (mut read, mut due) = (0, CHECKPOINT);
        let mut decoder = Utf16::new(encoding);
        for block in paste.chunks(BLOCK) {
            decoder.push(block, &mut bytes);
            read.advance(block.len() / 2);
            if read >= due && decoder.is_between_characters() {
                checkpoints.push(Checkpoint { offset: bytes.len(), units: read });
                due = read.saturating_add(CHECKPOINT);
            }
        }
        decoder.finish(&mut bytes);
        Self { bytes: Cow::Owned(bytes), encoding, checkpoints, skipped }
    }
}

/// The way back from the offsets of a [`Text`] to those of the paste. Looking up ascending offsets takes time linear in
/// the text, any other look-up the time of a checkpoint.
#[derive(Debug)]
pub struct Origins<'t> {
    text: &'t Text<'t>,
    /// The last offset that was looked up.
    last: Checkpoint,
}

impl Origins<'_> {
    /// The offset in the paste of the offset `at` in [`Text::bytes`].
    pub fn of(&mut self, at: usize) -> usize {
        if self.text.encoding == Encoding::Bytes {
            return self.text.skipped.saturating_add(at);
        }
        // Most look-ups go on near the last one.
        let is_near = at.checked_sub(self.last.offset).is_some_and(|distance| distance <= CHECKPOINT);
        let Checkpoint { offset, units } = if is_near { self.last } else { self.text.checkpoint_before(at) };
        let walked = self.text.bytes.get(offset..at).unwrap_or_default();
        self.last = Checkpoint { offset: at, units: units.saturating_add(units_of(walked)) };
        self.text.skipped.saturating_add(self.last.units.saturating_mul(2))
    }
}

/// How many bytes of UTF-8 some UTF-16 takes, or a few more: a buffer that grows is copied, and held twice meanwhile.
fn utf8_length(paste: &[u8], encoding: Encoding) -> usize {
    let (pairs, _) = paste.as_chunks::<2>();
    let length = |unit: u16| 1_usize.saturating_add(usize::from(unit >= 0x80)).saturating_add((unit >= 0x800).into());
    pairs.iter().map(|pair| length(encoding.unit(*pair))).sum()
}

/// Bytes of UTF-16 that are decoded together.
const BLOCK: usize = 16;

/// Decodes UTF-16, however it is cut into pieces. Halves of surrogate pairs become U+FFFD; an odd last byte is dropped.
#[derive(Debug)]
struct Utf16 {
    encoding: Encoding,
    /// The first half of a surrogate pair.
    high: Option<u16>,
}

impl Utf16 {
    fn new(encoding: Encoding) -> Self {
        Self { encoding, high: None }
    }

    /// Decodes whole code units.
    fn push(&mut self, units: &[u8], out: &mut Vec<u8>) {
        let encoding = self.encoding;
        let unit = |pair: [u8; 2]| encoding.unit(pair);
        let (pairs, _) = units.as_chunks::<2>();
        // Nearly all text that anything is found in is ASCII.
        if let Ok(pairs) = <&[[u8; 2]; BLOCK / 2]>::try_from(pairs)
            && self.high.is_none()
        {
            let units = pairs.map(unit);
            if units.iter().fold(0, |all, unit| all | unit) < 0x80 {
                out.extend_from_slice(&units.map(|unit| unit as u8));
                return;
            }
        }
        for pair in pairs {
            self.unit(unit(*pair), out);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                push_character(out, character);
                return;
            }
            push_character(out, char::REPLACEMENT_CHARACTER);
        }
        match unit {
            0xD800..=0xDBFF => self.high = Some(unit),
            0xDC00..=0xDFFF => push_character(out, char::REPLACEMENT_CHARACTER),
            // Bytes of a known number are written in place, where those of any character are copied.
            0..0x80 => out.push(unit as u8),
            0x80..0x800 => out.extend_from_slice(&[0xC0 | (unit >> 6) as u8, continuation(unit)]),
            _ => out.extend_from_slice(&[0xE0 | (unit >> 12) as u8, continuation(unit >> 6), continuation(unit)]),
        }
    }

    /// True where no character is half read.
    fn is_between_characters(&self) -> bool {
        self.high.is_none()
    }

    /// The text ends.
    fn finish(&mut self, out: &mut Vec<u8>) {
        if self.high.take().is_some() {
            push_character(out, char::REPLACEMENT_CHARACTER);
        }
    }
}

/// The byte of UTF-8 that holds the last six bits and is not the first of its character.
fn continuation(bits: u16) -> u8 {
    0x80 | (bits & 0x3F) as u8
}

fn push_character(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// An input that arrives in pieces, taken as UTF-8. Its beginning decides how it is encoded.
#[derive(Debug)]
pub(super) struct Incoming {
    state: State,
    /// Bytes of the byte order mark that were dropped in front.
    skipped: usize,
}

#[derive(Debug)]
enum State {
    /// The bytes so far: too few to decide.
    Undecided(Vec<u8>),
    Bytes,
    /// The decoder, and the bytes that make no whole block yet.
    Utf16(Utf16, Vec<u8>),
}

impl Incoming {
    pub(super) fn new() -> Self {
        Self { state: State::Undecided(Vec::new()), skipped: 0 }
    }

    /// Takes a piece, and adds its text to `out`.
    pub(super) fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        match &mut self.state {
            State::Undecided(head) => {
                head.extend_from_slice(piece);
                if head.len() >= SAMPLE {
                    self.decide(out);
                }
            }
            State::Bytes => out.extend_from_slice(piece),
            State::Utf16(decoder, rest) => {
                rest.extend_from_slice(piece);
                let whole = rest.len().saturating_sub(rest.len() % BLOCK);
                rest.drain(..whole).as_slice().chunks(BLOCK).for_each(|block| decoder.push(block, out));
            }
        }
    }

    /// The input ends: adds what is left of its text to `out`.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.decide(out);
        if let State::Utf16(decoder, rest) = &mut self.state {
            decoder.push(rest, out);
            decoder.finish(out);
            rest.clear();
        }
    }

    /// How the input is encoded, as far as that is known.
    pub(super) fn encoding(&self) -> Encoding {
        match &self.state {
            State::Utf16(decoder, _) => decoder.encoding,
            State::Undecided(_) | State::Bytes => Encoding::Bytes,
        }
    }

    /// The offset in the input of a place in the text, where `units` UTF-16 code units stand in front of it, or bytes.
    pub(super) fn origin(&self, units: usize) -> usize {
        let width = if self.encoding() == Encoding::Bytes { 1 } else { 2 };
        self.skipped.saturating_add(units.saturating_mul(width))
    }

    /// How many code units of the input the text takes, or bytes.
    pub(super) fn units(&self, text: &[u8]) -> usize {
        if self.encoding() == Encoding::Bytes { text.len() } else { units_of(text) }
    }

    fn decide(&mut self, out: &mut Vec<u8>) {
        let State::Undecided(head) = &mut self.state else { return };
        let head = std::mem::take(head);
        let (encoding, skipped) = recognise(&head);
        self.skipped = skipped;
        self.state = match encoding {
            Encoding::Bytes => State::Bytes,
            _ => State::Utf16(Utf16::new(encoding), Vec::new()),
        };
        self.push(head.get(skipped..).unwrap_or_default(), out);
    }
}

/// How many UTF-16 code units a text takes.
fn units_of(text: &[u8]) -> usize {
    text.iter().map(|&byte| units_begun_by(byte)).sum()
}

/// How many UTF-16 code units the character that begins at this byte of UTF-8 takes.
fn units_begun_by(byte: u8) -> usize {
    match byte {
        0x80..=0xBF => 0,
        0xF0..=0xFF => 2,
        _ => 1,
    }
}

/// The encoding, and the length of the byte order mark. [`SAMPLE`] bytes tell.
fn recognise(paste: &[u8]) -> (Encoding, usize) {
    match paste {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Bytes, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ => (guess(paste), 0),
    }
}

/// How many bytes decide about the encoding.
const SAMPLE: usize = 512;

/// UTF-16 without a mark: among the first bytes nearly every second one is zero, and hardly any other.
fn guess(paste: &[u8]) -> Encoding {
    let sample = paste.get(..paste.len().min(SAMPLE)).unwrap_or_default();
    if sample.len() < 8 {
        return Encoding::Bytes;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in sample.chunks_exact(2) {
        even.advance(usize::from(pair.first() == Some(&0)));
        odd.advance(usize::from(pair.get(1) == Some(&0)));
    }
    let pairs = sample.len() / 2;
    let (most, hardly_any) = (pairs.saturating_mul(8).div_ceil(10), pairs / 10);
    match (even, odd) {
        (few, many) if many >= most && few <= hardly_any => Encoding::Utf16Le,
        (many, few) if many >= most && few <= hardly_any => Encoding::Utf16Be,
        _ => Encoding::Bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every offset of every character maps back to where that character stands in the paste.
    fn maps_back(text: &str, encoding: Encoding, mark: bool) {
        let mut paste = Vec::new();
        let mut push = |unit: u16| {
            paste.extend_from_slice(&if encoding == Encoding::Utf16Be {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            })
        };
        if mark {
            push(0xFEFF);
        }
        text.encode_utf16().for_each(push);
        let read = Text::new(&paste);
        assert_eq!(read.encoding(), encoding, "{mark}");
        assert_eq!(read.bytes(), text.as_bytes());
        let mut origins = read.origins();
        let mut expected = if mark { 2 } else { 0 };
        for (offset, character) in text.char_indices() {
            assert_eq!(origins.of(offset), expected, "{character:?} at {offset}");
            assert_eq!(read.origins().of(offset), expected, "{character:?} at {offset}, alone");
            expected += 2 * character.len_utf16();
        }
        assert_eq!(origins.of(text.len()), paste.len());
        assert_eq!(origins.of(0), if mark { 2 } else { 0 }, "backwards");
    }

    #[test]
    fn utf16_offsets_map_back() {
        let ascii = "Authorization: Bearer eyJ0eXAi".repeat(200);
        let mixed = "grüße €uro 😀 eyJ".repeat(400);
        let pairs = format!("{}{}", "x".repeat(CHECKPOINT - 1), "😀".repeat(CHECKPOINT * 2));
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            maps_back(&ascii, encoding, false);
            for text in [&ascii, &mixed, &pairs] {
                maps_back(text, encoding, true);
            }
        }
    }

    #[test]
    fn bytes_are_taken_as_they_are() {
        for paste in [&b""[..], b"a", b"\0\0\0\0\0\0\0\0\0\0", b"plain text", b"\xff\x00\xfe", b"a\0b\0c"] {
            let text = Text::new(paste);
            assert_eq!((text.bytes(), text.origins().of(0)), (paste, 0));
        }
        let text = Text::new(b"\xEF\xBB\xBFeyJ");
        assert_eq!((text.bytes(), text.origins().of(0)), (&b"eyJ"[..], 3));
    }
}
