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
        match paste {
            [0xEF, 0xBB, 0xBF, rest @ ..] => Self::plain(rest, 3),
            [0xFF, 0xFE, rest @ ..] => Self::utf16(rest, Encoding::Utf16Le, 2),
            [0xFE, 0xFF, rest @ ..] => Self::utf16(rest, Encoding::Utf16Be, 2),
            _ => match guess(paste) {
                Encoding::Bytes => Self::plain(paste, 0),
                encoding => Self::utf16(paste, encoding, 0),
            },
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

    /// The offset in the paste of the offset `at` in [`Text::bytes`].
    pub fn origin(&self, at: usize) -> usize {
        if self.encoding == Encoding::Bytes {
            return self.skipped.saturating_add(at);
        }
        let next = self.checkpoints.partition_point(|checkpoint| checkpoint.offset <= at);
        let Some(last) = next.checked_sub(1).and_then(|index| self.checkpoints.get(index)) else { return self.skipped };
        let walked = self.bytes.get(last.offset..at).unwrap_or_default();
        let units: usize = walked.iter().map(|&byte| units_begun_by(byte)).sum();
        self.skipped.saturating_add(last.units.saturating_add(units).saturating_mul(2))
    }

    fn plain(bytes: &'p [u8], skipped: usize) -> Self {
        Self { bytes: Cow::Borrowed(bytes), encoding: Encoding::Bytes, checkpoints: Vec::new(), skipped }
    }

    fn utf16(paste: &[u8], encoding: Encoding, skipped: usize) -> Self {
        let mut bytes = Vec::with_capacity(paste.len() / 2);
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
        let unit = |pair: [u8; 2]| match encoding {
            Encoding::Utf16Be => u16::from_be_bytes(pair),
            _ => u16::from_le_bytes(pair),
        };
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
            _ => push_character(out, char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
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

fn push_character(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// How many UTF-16 code units the character that begins at this byte of UTF-8 takes.
fn units_begun_by(byte: u8) -> usize {
    match byte {
        0x80..=0xBF => 0,
        0xF0..=0xFF => 2,
        _ => 1,
    }
}

/// UTF-16 without a mark: among the first bytes nearly every second one is zero, and hardly any other.
fn guess(paste: &[u8]) -> Encoding {
    let sample = paste.get(..paste.len().min(512)).unwrap_or_default();
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
        let mut expected = if mark { 2 } else { 0 };
        for (offset, character) in text.char_indices() {
            assert_eq!(read.origin(offset), expected, "{character:?} at {offset}");
            expected += 2 * character.len_utf16();
        }
        assert_eq!(read.origin(text.len()), paste.len());
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
            assert_eq!((text.bytes(), text.origin(0)), (paste, 0));
        }
        let text = Text::new(b"\xEF\xBB\xBFeyJ");
        assert_eq!((text.bytes(), text.origin(0)), (&b"eyJ"[..], 3));
    }
}
