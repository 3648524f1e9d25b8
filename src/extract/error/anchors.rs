//! A few hundred fixed words, found in one walk, letter case aside.
//!
//! An automaton would find them faster and takes longer to build than an answer to give: this table is built in
//! microseconds, and walks a gigabyte in seconds.

use crate::offset::Advance;

/// Entries of the table of beginnings; a power of two, many times the number of words.
const HEADS: usize = 4096;

/// Bytes of a word's beginning that choose the entry. No word is shorter.
const BEGINNING: usize = 3;

/// Words to look for.
#[derive(Debug)]
pub(super) struct Anchors {
    words: Vec<&'static str>,
    /// For each beginning the first word of its chain, counted from one; zero where no word begins so.
    heads: Vec<u16>,
    /// For each word the next one of its chain, likewise. Longer words come first.
    next: Vec<u16>,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which word, by its place in the list.
    pub(super) word: usize,
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset behind its last byte.
    pub(super) end: usize,
}

impl Anchors {
    /// Takes ASCII words of three bytes or more; shorter ones are never found.
    pub(super) fn new(words: Vec<&'static str>) -> Self {
        let mut heads = vec![0; HEADS];
        let mut next = vec![0; words.len()];
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|&word| words.get(word).map_or(0, |word| word.len()));
        for place in order {
            let entry = words.get(place).and_then(|word| entry(word.as_bytes())).and_then(|entry| heads.get_mut(entry));
            if let (Some(head), Some(slot), Ok(number)) =
                (entry, next.get_mut(place), u16::try_from(place.saturating_add(1)))
            {
                *slot = *head;
                *head = number;
            }
        }
        Self { words, heads, next }
    }

    /// Every word of the text, leftmost first and longest where several begin; none lies inside another.
    pub(super) fn find_iter<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Hit> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(rest) = text.get(at..).filter(|rest| rest.len() >= BEGINNING) {
                if let Some(word) = self.begins(rest) {
                    let start = at;
                    at.advance(self.words.get(word).map_or(1, |word| word.len()));
                    return Some(Hit { word, start, end: at });
                }
                at.advance(1);
            }
            None
        })
    }

    /// The longest word that a text begins with.
    fn begins(&self, text: &[u8]) -> Option<usize> {
        let mut number = *self.heads.get(entry(text)?)?;
        while let Some(place) = usize::from(number).checked_sub(1) {
            let word = self.words.get(place)?.as_bytes();
            if text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) {
                return Some(place);
            }
            number = *self.next.get(place)?;
        }
        None
    }
}

/// The entry of a beginning.
fn entry(text: &[u8]) -> Option<usize> {
    let &[first, second, third, ..] = text else { return None };
    let mixed = [first, second, third]
        .into_iter()
        .fold(0_usize, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(usize::from(byte.to_ascii_lowercase())));
    Some(mixed % HEADS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftmost_and_longest() {
        let anchors = Anchors::new(vec!["invalid", "invalid_grant", "IDX", "val", "error code"]);
        let found = |text: &str| -> Vec<(usize, usize, usize)> {
            anchors.find_iter(text.as_bytes()).map(|hit| (hit.word, hit.start, hit.end)).collect()
        };
        for (text, expected) in [
            ("", vec![]),
            ("in", vec![]),
            ("idx10205", vec![(2, 0, 3)]),
            ("Invalid_Grant invalid grant", vec![(1, 0, 13), (0, 14, 21)]),
            ("a value", vec![(3, 2, 5)]),
            ("invalid_gran", vec![(0, 0, 7)]),
            ("ERROR CODE: IDXIDX", vec![(4, 0, 10), (2, 12, 15), (2, 15, 18)]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
