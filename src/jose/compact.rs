//! The compact serialisation: segments between dots (RFC 7515 section 3.1, RFC 7516 section 3.1).

use crate::offset::Advance;
use std::ops::Range;

/// How many segments [`Segments::ranges`] records. A signed token has three, an encrypted one five.
pub const RECORDED: usize = 8;

/// Where the segments of a token are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments {
    recorded: [Range<usize>; RECORDED],
    count: usize,
}

/// What the number of segments says a token is. It says nothing about the content of the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Header, payload, signature: a JSON Web Signature. The signature may be empty.
    Signed,
    /// Header, encrypted key, initialisation vector, ciphertext, authentication tag: a JSON Web Encryption.
    Encrypted,
    /// Another number of segments: no compact serialisation, or a part of one.
    Other,
}

/// Finds the segments between the dots; decodes nothing. Text without a dot is one segment, and so is empty text.
pub fn split(token: &[u8]) -> Segments {
    let mut recorded = std::array::from_fn(|_| 0..0);
    let mut count = 0;
    let mut start = 0;
    for end in memchr::memchr_iter(b'.', token).chain([token.len()]) {
        if let Some(range) = recorded.get_mut(count) {
            *range = start..end;
        }
        start = end.saturating_add(1);
        count.advance(1);
    }
    Segments { recorded, count }
}

impl Segments {
    /// How many segments there are, also beyond [`RECORDED`]; at least 1.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The byte ranges of the first segments, at most [`RECORDED`] of them, without the dots. A range may be empty.
    pub fn ranges(&self) -> &[Range<usize>] {
        self.recorded.get(..self.count).unwrap_or(&self.recorded)
    }

    /// The byte range of one segment; none when there is no such segment or it was not recorded.
    pub fn get(&self, index: usize) -> Option<Range<usize>> {
        self.ranges().get(index).cloned()
    }

    /// What the number of segments says the token is.
    pub fn form(&self) -> Form {
        match self.count {
            3 => Form::Signed,
            5 => Form::Encrypted,
            _ => Form::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_lie_between_the_dots() {
        let cases: [(&str, &[&str], usize, Form); 8] = [
            ("", &[""], 1, Form::Other),
            ("a", &["a"], 1, Form::Other),
            ("a.b", &["a", "b"], 2, Form::Other),
            ("aa.b.cc", &["aa", "b", "cc"], 3, Form::Signed),
            ("a.b.", &["a", "b", ""], 3, Form::Signed),
            ("..", &["", "", ""], 3, Form::Signed),
            ("a..c.d.e", &["a", "", "c", "d", "e"], 5, Form::Encrypted),
            ("0.1.2.3.4.5.6.7.8.9", &["0", "1", "2", "3", "4", "5", "6", "7"], 10, Form::Other),
        ];
        for (token, expected, count, form) in cases {
            let segments = split(token.as_bytes());
            let found: Vec<&str> = segments.ranges().iter().map(|range| &token[range.clone()]).collect();
            assert_eq!((found.as_slice(), segments.count(), segments.form()), (expected, count, form), "{token}");
            assert_eq!(segments.get(1).is_some(), count > 1);
            assert_eq!(segments.get(RECORDED), None);
        }
    }
}
