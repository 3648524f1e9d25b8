//! What stands between two pieces of a token where a program, a log or a page took it apart.

use super::compact::is_line_mark;
use crate::offset::Advance;

/// The longest seam that is read, in bytes.
const LONGEST: usize = 256;

/// The longest mark in front of a line that is compared with the next one, in bytes.
const LONGEST_MARK: usize = 128;

/// A piece of a text in quotes ends, and the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Concatenation {
    /// What is between the pieces, in bytes, with both quotes.
    pub(super) length: usize,
    /// True where an operator says that the pieces belong together; in Python they need none.
    pub(super) explicit: bool,
}

/// Reads from the quote that ends a piece to the one that begins the next: `" +⏎ "`, `'⏎ . '`, `'⏎$token += '`.
pub(super) fn concatenation(rest: &[u8]) -> Option<Concatenation> {
    let rest = rest.get(..rest.len().min(LONGEST))?;
    let (quote, mut after) = rest.split_first()?;
    let mut explicit = false;
    let mut broken = false;
    loop {
        after = match after {
            [b' ' | b'\t', tail @ ..] => tail,
            [b'\r' | b'\n', tail @ ..] => {
                broken = true;
                tail
            }
            [b'+' | b'.' | b'&', tail @ ..] if !explicit => {
                explicit = true;
                tail
            }
            // Visual Basic and Python say so that a line goes on; `;` ends it in front of another assignment.
            [b'_' | b'\\' | b';', tail @ ..] if !broken => tail,
            [first, ..] if first == quote => break,
            [b'$' | b'a'..=b'z' | b'A'..=b'Z', ..] if broken && !explicit => {
                explicit = true;
                appended(after)?
            }
            _ => return None,
        };
    }
    let length = rest.len().saturating_sub(after.len()).saturating_add(1);
    (explicit || broken).then_some(Concatenation { length, explicit })
}

/// What follows `$name +=`.
fn appended(text: &[u8]) -> Option<&[u8]> {
    let name = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'_')).count();
    text.get(name..)?.trim_ascii_start().strip_prefix(b"+=")
}

/// Length of the tags of a page that only say where a long word may be broken, or how it looks.
pub(super) fn tags(rest: &[u8]) -> Option<usize> {
    let rest = rest.get(..rest.len().min(LONGEST))?;
    let mut after = rest;
    while let Some(tag) = after.strip_prefix(b"<") {
        let end = memchr::memchr(b'>', tag)?;
        let name = tag.strip_prefix(b"/").unwrap_or(tag);
        let name = name.get(..name.iter().take_while(|byte| byte.is_ascii_alphabetic()).count())?;
        if ![&b"wbr"[..], b"br", b"span"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        after = tag.get(end.saturating_add(1)..)?;
    }
    (after.len() < rest.len()).then(|| rest.len().saturating_sub(after.len()))
}

/// What stands in front of the token in its first line and, in the same shape, in front of the next piece: the time and
/// the name of a log, the number of a line, the border of a box. Gives the length of it; zero where there is none.
pub(super) fn mark(bytes: &[u8], start: usize, next: &[u8]) -> usize {
    let window = bytes.get(start.saturating_sub(LONGEST_MARK)..start).unwrap_or_default();
    let front = match memchr::memrchr2(b'\n', b'\r', window) {
        Some(end) => window.get(end.saturating_add(1)..).unwrap_or_default(),
        None if window.len() < LONGEST_MARK => window,
        None => return 0,
    };
    let mut length = front.len().min(same_shape(front, next));
    // A name may stand between the mark and the token: then the mark ends at a blank.
    if length < front.len() {
        let common = front.get(..length).unwrap_or_default();
        length = memchr::memrchr2(b' ', b'\t', common).map_or(0, |blank| blank.saturating_add(1));
    }
    let mark = front.get(..length).unwrap_or_default();
    let tells = mark.iter().any(|byte| !is_line_mark(*byte))
        && (length == front.len() || mark.iter().any(|byte| !is_of_word(*byte)));
    if tells { length } else { 0 }
}

/// How many bytes of two lines are the same but for digits. A number that grows takes the place of a blank.
pub(super) fn same_shape(left: &[u8], right: &[u8]) -> usize {
    let class = |byte: u8| if byte.is_ascii_digit() { b' ' } else { byte };
    left.iter().zip(right).take_while(|(left, right)| class(**left) == class(**right)).count()
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ' | b'\t' | b'$' | b'=')
}

/// True where a piece begins as the value itself began: the next value of a list.
pub(super) fn begins_alike(piece: &[u8], value: &[u8]) -> bool {
    match (value, piece) {
        ([b'0' | b'1', b'.', b'A', ..], [b'0' | b'1', b'.', b'A', ..]) => true,
        ([b'E', b'w', b'A'..=b'Z', ..], [b'E', b'w', b'A'..=b'Z', ..]) => true,
        _ => {
            let mut count = 0_usize;
            piece.iter().zip(value).take(4).take_while(|(left, right)| left == right).for_each(|_| count.advance(1));
            count == 4
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_in_quotes_are_joined_where_a_program_joins_them() {
        let piece = "AbCdEfGhIjKlMnOpQrStUvWx";
        for (seam, expected) in [
            ("\" +\n    \"", Some(true)),
            ("'\r\n  + '", Some(true)),
            ("' . '", Some(true)),
            ("'\n$token += '", Some(true)),
            ("\";\ntoken += \"", Some(true)),
            ("\" & _\r\n  \"", Some(true)),
            ("'\n    '", Some(false)),
            ("' \\\n    '", Some(false)),
            // Values of a list, two quotes, another variable.
            ("\",\n \"", None),
            ("\" \"", None),
            ("\" +\n '", None),
            ("'\n$other = '", None),
        ] {
            let text = format!("{seam}{piece}");
            let found = concatenation(text.as_bytes());
            let expected = expected.map(|explicit| Concatenation { length: seam.len(), explicit });
            assert_eq!(found, expected, "{seam:?}");
        }
    }

    #[test]
    fn a_mark_is_what_two_lines_have_in_front() {
        for (front, next, expected) in [
            ("app_1  | ", "app_1  | AbCd", 9),
            ("app_1  | token: ", "app_1  | AbCd", 9),
            ("[10:00:00] ", "[10:00:01] AbCd", 11),
            ("   9  ", "  10  AbCd", 6),
            ("\u{2502} ", "\u{2502} AbCd", 4),
            ("export A=", "export TOKEN_AbCd", 0),
            ("    ", "    AbCd", 0),
            ("> ", "> AbCd", 0),
            ("> Authorization: Bearer ", "> AbCd", 0),
            ("the token ", "the rest", 0),
        ] {
            let text = format!("before\n{front}");
            assert_eq!(mark(text.as_bytes(), text.len(), next.as_bytes()), expected, "{front}");
        }
    }
}
