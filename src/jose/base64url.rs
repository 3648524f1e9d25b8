//! base64url as tokens use it: RFC 4648 section 5 without padding, white space or other characters (RFC 7515 section 2).

use crate::offset::Advance;
use std::fmt;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What a text decodes to, and where it is not what an encoder writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes that could be decoded.
    pub bytes: Vec<u8>,
    /// Every way in which the text is not strict base64url, one entry a kind, in order of [`Deviation::offset`].
    /// Empty for strict text.
    pub deviations: Vec<Deviation>,
}

/// One way in which a text is not strict base64url. Its `Display` is a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// What is wrong.
    pub kind: DeviationKind,
    /// Where it is wrong for the first time: a byte offset in the given text.
    pub offset: usize,
    /// How many bytes are wrong in this way; 1 for [`DeviationKind::TrailingBits`] and [`DeviationKind::Length`].
    pub count: usize,
}

/// The ways in which a text can differ from strict base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviationKind {
    /// `=`, which RFC 7515 section 2 leaves out.
    Padding,
    /// Space, tab, line feed, carriage return, vertical tab or form feed. A line-wrapped copy has them.
    WhiteSpace,
    /// `+` or `/` of the standard alphabet (RFC 4648 section 4). They are decoded as `-` and `_`.
    StandardAlphabet,
    /// A byte that belongs to neither alphabet. It is left out. A character outside ASCII counts once for each of
    /// its bytes.
    InvalidCharacter,
    /// The last character holds bits that belong to no byte and are not zero: an encoder writes zeros there, so the
    /// end was changed or cut (RFC 4648 section 3.5).
    TrailingBits,
    /// One character is left over after groups of four. No encoder does that: characters were lost or added. The
    /// left-over character is ignored.
    Length,
}

/// Decodes what can be decoded; never fails.
///
/// Text of the alphabet costs one allocation. Other text is cleaned first: the standard alphabet is mapped, everything
/// outside both alphabets is left out. Unused trailing bits are ignored. Time and memory are linear in `text`.
pub fn decode(text: &[u8]) -> Decoded {
    let mut deviations = Vec::new();
    let note = |kind| deviations.push(Deviation { kind, offset: text.len().saturating_sub(1), count: 1 });
    // Padding is the one thing outside the alphabet that the decoder passes over.
    let padded = memchr::memchr(b'=', text).is_some();
    match (!padded).then(|| decode_alphabet(text, note)).flatten() {
        Some(bytes) => Decoded { bytes, deviations },
        None => decode_leniently(text),
    }
}

/// Decodes text that is all of the alphabet, padding aside; none where it is not. `note` is told what is wrong with its
/// end.
fn decode_alphabet(text: &[u8], note: impl FnOnce(DeviationKind)) -> Option<Vec<u8>> {
    let (groups, tail) = text.as_chunks::<4>();
    let mut whole = text;
    if let [last] = tail {
        if !is_alphabet(*last) {
            return None;
        }
        note(DeviationKind::Length);
        whole = groups.as_flattened();
    } else if URL_SAFE_NO_PAD.decode_slice(tail, &mut [0; 3]).is_err() {
        note(DeviationKind::TrailingBits);
    }
    LENIENT.decode(whole).ok()
}

/// Whether `byte` is one of the 64 characters of base64url: `A-Z`, `a-z`, `0-9`, `-`, `_`.
pub fn is_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// How many of the first bytes belong to the alphabet.
pub fn run_length(text: &[u8]) -> usize {
    // Whole chunks are judged without a branch for each byte, which the compiler turns into vector instructions.
    let (chunks, _) = text.as_chunks::<16>();
    let whole = chunks.iter().take_while(|chunk| chunk.iter().fold(true, |all, &byte| all & is_alphabet(byte))).count();
    let length = whole.saturating_mul(16);
    let rest = text.get(length..).unwrap_or_default();
    length.saturating_add(rest.iter().take_while(|&&byte| is_alphabet(byte)).count())
}

/// Encodes without padding, as RFC 7515 section 2 asks.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl fmt::Display for Deviation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, offset, count } = *self;
        let (one, many) = match kind {
            DeviationKind::Padding => ("padding '='", "padding characters '='"),
            DeviationKind::WhiteSpace => ("white space", "white-space characters"),
            DeviationKind::StandardAlphabet => {
                ("'+' or '/' instead of '-' or '_'", "characters '+' or '/' instead of '-' or '_'")
            }
            DeviationKind::InvalidCharacter => ("a byte that is not base64url", "bytes that are not base64url"),
            DeviationKind::TrailingBits => {
                return write!(out, "unused bits that are not zero in the last character, at byte {offset}");
            }
            DeviationKind::Length => {
                return write!(out, "one character left over, at byte {offset}: characters were lost or added");
            }
        };
        if count == 1 {
            write!(out, "{one} at byte {offset}")
        } else {
            write!(out, "{count} {many}, the first at byte {offset}")
        }
    }
}

/// For text that has been cleaned: all that may still be wrong are the unused bits of the last character.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn decode_leniently(text: &[u8]) -> Decoded {
    let mut deviations: Vec<Deviation> = Vec::new();
    let mut note = |kind, offset| match deviations.iter_mut().find(|known| known.kind == kind) {
        Some(known) => known.count.advance(1),
        None => deviations.push(Deviation { kind, offset, count: 1 }),
    };
    let mut clean = Vec::with_capacity(text.len());
    let mut last = 0;
    for (offset, &byte) in text.iter().enumerate() {
        let (character, deviation) = match byte {
            b'+' => (Some(b'-'), Some(DeviationKind::StandardAlphabet)),
            b'/' => (Some(b'_'), Some(DeviationKind::StandardAlphabet)),
            b'=' => (None, Some(DeviationKind::Padding)),
            b' ' | b'\t'..=b'\r' => (None, Some(DeviationKind::WhiteSpace)),
            _ if is_alphabet(byte) => (Some(byte), None),
            _ => (None, Some(DeviationKind::InvalidCharacter)),
        };
        if let Some(kind) = deviation {
            note(kind, offset);
        }
        if let Some(character) = character {
            clean.push(character);
            last = offset;
        }
    }
    let bytes = decode_alphabet(&clean, |kind| note(kind, last)).unwrap_or_default();
    deviations.sort_by_key(|deviation| deviation.offset);
    Decoded { bytes, deviations }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deviation_is_named_and_the_rest_decoded() {
        let cases: [(&str, &[u8], &[&str]); 19] = [
            ("", b"", &[]),
            ("eyJh", b"{\"a", &[]),
            ("-_8", b"\xFB\xFF", &[]),
            ("YQ==", b"a", &["2 padding characters '=', the first at byte 2"]),
            ("YWI=", b"ab", &["padding '=' at byte 3"]),
            ("YQ=", b"a", &["padding '=' at byte 2"]),
            ("+/8", b"\xFB\xFF", &["2 characters '+' or '/' instead of '-' or '_', the first at byte 0"]),
            ("-/8", b"\xFB\xFF", &["'+' or '/' instead of '-' or '_' at byte 1"]),
            ("YW\nJj", b"abc", &["white space at byte 2"]),
            (" YW\r\nJj\t\x0b\x0c", b"abc", &["6 white-space characters, the first at byte 0"]),
            ("YWJj%", b"abc", &["a byte that is not base64url at byte 4"]),
            ("YW…Jj", b"abc", &["3 bytes that are not base64url, the first at byte 2"]),
            ("YR", b"a", &["unused bits that are not zero in the last character, at byte 1"]),
            ("YWJjYWJ", b"abcab", &["unused bits that are not zero in the last character, at byte 6"]),
            ("Y", b"", &["one character left over, at byte 0: characters were lost or added"]),
            ("YWJjY", b"abc", &["one character left over, at byte 4: characters were lost or added"]),
            (
                "YWJjY=\n",
                b"abc",
                &[
                    "one character left over, at byte 4: characters were lost or added",
                    "padding '=' at byte 5",
                    "white space at byte 6",
                ],
            ),
            (
                "Y Q = =",
                b"a",
                &["3 white-space characters, the first at byte 1", "2 padding characters '=', the first at byte 4"],
            ),
            (
                "/ =%YWJjYR",
                b"\xFD\x85\x89\x8D\x84",
                &[
                    "'+' or '/' instead of '-' or '_' at byte 0",
                    "white space at byte 1",
                    "padding '=' at byte 2",
                    "a byte that is not base64url at byte 3",
                    "unused bits that are not zero in the last character, at byte 9",
                ],
            ),
        ];
        for (text, bytes, sentences) in cases {
            let decoded = decode(text.as_bytes());
            let found: Vec<String> = decoded.deviations.iter().map(ToString::to_string).collect();
            assert_eq!(
                (decoded.bytes.as_slice(), found),
                (bytes, sentences.iter().map(ToString::to_string).collect()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn runs_end_where_the_alphabet_does() {
        for length in 0..70 {
            for end in ["", ".", "=", "+abc", "\u{e9}", " abcdefghijklmnopqrstuvwxyz"] {
                let text = format!("{}{end}", "aZ09-_".repeat(12).get(..length).unwrap());
                assert_eq!(run_length(text.as_bytes()), length, "{text}");
            }
        }
    }

    #[test]
    fn the_alphabet_has_64_characters() {
        let characters: String = (0..=u8::MAX).filter(|&byte| is_alphabet(byte)).map(char::from).collect();
        assert_eq!(characters, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    }
}
