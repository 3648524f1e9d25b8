//! The characters of JSON strings: finding their end, decoding them, and writing them so that nothing hides in them.

use crate::offset::Advance;
use std::borrow::Cow;
use std::cmp::Ordering::{Equal, Greater, Less};

/// Decodes the body of a JSON string, the bytes between the quotes; never fails.
///
/// Borrowed when there is nothing to decode. Invalid UTF-8 and escaped surrogates without their other half become
/// U+FFFD, one each. An escape that the end cuts is left out; a backslash before anything else that JSON does not know
/// becomes U+FFFD. Linear.
pub fn unescape(body: &[u8]) -> Cow<'_, str> {
    let Some(first) = memchr::memchr(b'\\', body) else {
        return String::from_utf8_lossy(body);
    };
    let mut out = Vec::with_capacity(body.len());
    let (before, mut rest) = body.split_at_checked(first).unwrap_or((body, &[]));
    out.extend_from_slice(before);
    while let Some(&byte) = rest.first() {
        let length = if byte == b'\\' {
            push_escaped_character(&mut out, rest)
        } else {
            let length = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            out.extend_from_slice(rest.get(..length).unwrap_or_default());
            length
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    // What stands between two escapes cannot make a character together with them: each is made up of whole ones.
    Cow::Owned(String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Writes `text` as the body of a JSON string, without the quotes: quotes, backslashes and every character of
/// [`is_forbidden`] are escaped, everything else stands as it is. Linear; at most six bytes for each byte of `text`.
pub fn escape_into(out: &mut String, text: &str) {
    push_escaped(out, text, |character| matches!(character, '"' | '\\') || is_forbidden(character));
}

/// Writes `text` for people: every character of [`is_forbidden`] as its JSON escape, everything else as it stands,
/// also quotes and backslashes. The result is for reading; it does not tell an escape from the same characters typed.
pub fn reveal_into(out: &mut String, text: &str) {
    push_escaped(out, text, is_forbidden);
}

/// Whether a character must never reach an output as it stands, because it controls a terminal, reorders what is
/// shown, or cannot be seen.
///
/// These are the control characters (with line feed and tab: who wants them lets them through), the format characters
/// (Unicode category Cf: bidirectional controls, zero-width characters, tags), the line and paragraph separators, and
/// the other code points that Unicode asks to show as nothing (Default_Ignorable_Code_Point, assigned or not: fillers,
/// variation selectors, tags), and the braille pattern without a dot, which is a space that nothing takes for one.
pub fn is_forbidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    HIDDEN
        .binary_search_by(|&(first, last)| {
            if last < c {
                Less
            } else if first > c {
                Greater
            } else {
                Equal
            }
        })
        .is_ok()
}

/// Control characters from U+0080 on, categories Cf, Zl and Zp, Default_Ignorable_Code_Point, and the braille pattern
/// without a dot; Unicode 16.
const HIDDEN: [(char, char); 27] = [
    ('\u{80}', '\u{9F}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{600}', '\u{605}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{6DD}', '\u{6DD}'),
    ('\u{70F}', '\u{70F}'),
    ('\u{890}', '\u{891}'),
    ('\u{8E2}', '\u{8E2}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFB}'),
    ('\u{110BD}', '\u{110BD}'),
    ('\u{110CD}', '\u{110CD}'),
    ('\u{13430}', '\u{1343F}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
];

/// Where the first byte at or after `from` is that is not plain: a quote, a backslash, a control character or a byte
/// outside ASCII. The length of `text` when there is none.
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(super) fn plain_end(text: &[u8], from: usize) -> usize {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    let rest = text.get(from..).unwrap_or_default();
    let mut at = from;
    let (words, tail) = rest.as_chunks::<8>();
    for word in words {
        // Eight bytes at once: the high bit of each byte that is not plain gets set. The borrow of a subtraction can
        // spoil only bytes above one that is already marked, and the lowest mark is the one that counts.
        let word = u64::from_le_bytes(*word);
        let quote = word ^ QUOTES;
        let backslash = word ^ BACKSLASHES;
        let controls = word.wrapping_sub(SPACES) & !word;
        let quotes = quote.wrapping_sub(LOW) & !quote;
        let backslashes = backslash.wrapping_sub(LOW) & !backslash;
        let marks = (controls | quotes | backslashes | word) & HIGH;
        if marks != 0 {
            return at.saturating_add((marks.trailing_zeros() / 8) as usize);
        }
        at.advance(8);
    }
    at.saturating_add(tail.iter().position(|&byte| !is_plain(byte)).unwrap_or(tail.len()))
}

/// The value of a hexadecimal digit.
pub(super) fn hexadecimal(byte: u8) -> Option<u16> {
    char::from(byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok())
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=0x7F) && byte != b'"' && byte != b'\\'
}

/// Decodes the escape at the beginning of `text`; gives its length.
fn push_escaped_character(out: &mut Vec<u8>, text: &[u8]) -> usize {
    let byte = match text {
        [_, same @ (b'"' | b'\\' | b'/'), ..] => *same,
        [_, b'n', ..] => b'\n',
        [_, b'r', ..] => b'\r',
        [_, b't', ..] => b'\t',
        [_, b'b', ..] => 0x08,
        [_, b'f', ..] => 0x0C,
        _ => {
            let (character, length) = match text {
                [_, b'u', digits @ ..] => escaped_unit(text, digits),
                [_, _, ..] => (Some(char::REPLACEMENT_CHARACTER), 1),
                _ => (None, text.len()),
            };
            if let Some(character) = character {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            return length;
        }
    };
    out.push(byte);
    2
}

fn escaped_unit(text: &[u8], digits: &[u8]) -> (Option<char>, usize) {
    let Some(unit) = code_unit(text) else {
        let cut = digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit);
        return if cut { (None, text.len()) } else { (Some(char::REPLACEMENT_CHARACTER), 1) };
    };
    let other = text.get(6..).and_then(code_unit);
    match (unit, other) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            let pair = char::decode_utf16([unit, low]).next().and_then(Result::ok);
            (Some(pair.unwrap_or(char::REPLACEMENT_CHARACTER)), 12)
        }
        _ => (Some(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)), 6),
    }
}

/// The UTF-16 code unit of the `\uXXXX` at the beginning of `text`, if there is one.
fn code_unit(text: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text else { return None };
    digits.first_chunk::<4>()?.iter().try_fold(0, |unit, &digit| Some((unit << 4) | hexadecimal(digit)?))
}

fn push_escaped(out: &mut String, text: &str, wanted: impl Fn(char) -> bool) {
    let mut rest = text;
    while let Some((at, character)) = rest.char_indices().find(|&(_, character)| wanted(character)) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        push_escape(out, character);
        rest = from.get(character.len_utf8()..).unwrap_or_default();
    }
    out.push_str(rest);
}

fn push_escape(out: &mut String, character: char) {
    let short = match character {
        '"' => '"',
        '\\' => '\\',
        '\u{8}' => 'b',
        '\u{C}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out.push_str("\\u");
                for shift in [12, 8, 4, 0] {
                    out.extend(char::from_digit(u32::from((*unit >> shift) & 0xF), 16));
                }
            }
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_decoded_however_broken() {
        let cases: [(&[u8], &str); 16] = [
            (b"", ""),
            (b"plain", "plain"),
            (br#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"),
            (br"\u0041\u00e9\uD83D\ude00", "A\u{E9}\u{1F600}"),
            (br"a\ud83d", "a\u{FFFD}"),
            (br"\ud83da", "\u{FFFD}a"),
            (br"\ude00\ud83d", "\u{FFFD}\u{FFFD}"),
            (br"\ud83d\u0041", "\u{FFFD}A"),
            (br"\ud83d\ud83d\ude00", "\u{FFFD}\u{1F600}"),
            (br"a\", "a"),
            (br"a\u00", "a"),
            (br"a\u00g0", "a\u{FFFD}u00g0"),
            (br"a\xb", "a\u{FFFD}xb"),
            (b"a\\\xFFb", "a\u{FFFD}\u{FFFD}b"),
            (b"a\xFFb", "a\u{FFFD}b"),
            (b"\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ];
        for (body, expected) in cases {
            assert_eq!(unescape(body), expected, "{}", String::from_utf8_lossy(body));
        }
        assert!(matches!(unescape("borrowed é".as_bytes()), Cow::Borrowed(_)));
    }

    #[test]
    fn what_hides_is_escaped() {
        let cases = [
            ("\"a\\b/", r#"\"a\\b/"#, r#""a\b/"#),
            (
                "\u{8}\u{C}\n\r\t\0\u{1B}\u{7F}\u{9B}",
                r"\b\f\n\r\t\u0000\u001b\u007f\u009b",
                r"\b\f\n\r\t\u0000\u001b\u007f\u009b",
            ),
            ("a\u{202E}b\u{E0041}c", r"a\u202eb\udb40\udc41c", r"a\u202eb\udb40\udc41c"),
            ("Zoë 漢 😀", "Zoë 漢 😀", "Zoë 漢 😀"),
        ];
        for (text, escaped, revealed) in cases {
            let (mut one, mut other) = (String::new(), String::new());
            escape_into(&mut one, text);
            reveal_into(&mut other, text);
            assert_eq!((one.as_str(), other.as_str()), (escaped, revealed));
        }
    }

    #[test]
    fn hidden_characters_are_the_ones_of_the_table() {
        assert!(HIDDEN.iter().all(|(first, last)| first <= last));
        assert!(HIDDEN.is_sorted_by(|one, other| one.1 < other.0));
        let asked = [
            '\0'..='\u{1F}',
            '\u{7F}'..='\u{9F}',
            '\u{61C}'..='\u{61C}',
            '\u{200B}'..='\u{200F}',
            '\u{2028}'..='\u{202E}',
            '\u{2060}'..='\u{2060}',
            '\u{2066}'..='\u{2069}',
            '\u{2800}'..='\u{2800}',
            '\u{FEFF}'..='\u{FEFF}',
            '\u{E0000}'..='\u{E007F}',
        ];
        assert!(asked.into_iter().flatten().all(is_forbidden));
        assert!(!" ~\u{A0}é\u{300}漢\u{FFFD}\u{1F600}\u{10FFFF}".contains(is_forbidden));
    }

    /// Each byte at each place of a word, against the plain definition.
    #[test]
    fn eight_bytes_at_once_are_judged_like_one() {
        for byte in 0..=u8::MAX {
            for other in [b'a', b' ', b'!', b'#', b'[', b']', 0x7F] {
                for place in 0..20 {
                    let mut text = [other; 20];
                    text[place] = byte;
                    let expected = if is_plain(byte) { 20 } else { place };
                    assert_eq!(plain_end(&text, 0), expected, "0x{byte:02X} at {place}");
                    assert_eq!(plain_end(&text, place), expected);
                }
            }
        }
        assert_eq!((plain_end(b"a", 1), plain_end(b"a", 7)), (1, 7));
    }
}
