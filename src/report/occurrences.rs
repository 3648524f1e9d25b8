//! All places where one of many texts stands in another, in one walk.

use crate::offset::Advance;
use std::ops::Range;

/// Texts to look for, whatever the case of ASCII letters. A plus sign is a space, as in forms.
///
/// This is the automaton of Aho and Corasick with one length in each state: that of the longest text which ends there.
/// Of texts that lie inside each other all are covered by the longest, so that time and memory are linear in the texts
/// and in what is searched. Automata that list every text in each state take the square of them and more.
pub(super) struct Occurrences {
    states: Vec<State>,
    /// The states behind the first byte, by that byte: most bytes of a text are looked up there.
    first: [u32; 256],
}

/// What has been read of one or more of the texts.
#[derive(Clone, Copy, Default)]
struct State {
    /// The byte that leads here.
    byte: u8,
    /// The first of the states that follow; zero, the state of nothing read, where there is none.
    child: u32,
    /// The next state that follows the same one.
    sibling: u32,
    /// The state of the longest end of what was read that begins one of the texts.
    shorter: u32,
    /// Length of the longest of the texts that ends here; zero where none does.
    longest: u32,
}

impl Occurrences {
    /// Nothing where there is nothing to look for.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a [u8]> + Clone) -> Option<Self> {
        let most = texts.clone().fold(1_usize, |sum, text| sum.saturating_add(text.len()));
        u32::try_from(most).ok().filter(|&most| most > 1)?;
        let mut all = Self { states: Vec::with_capacity(most), first: [0; 256] };
        all.states.push(State::default());
        texts.for_each(|text| all.insert(text));
        all.link();
        Some(all)
    }

    fn insert(&mut self, text: &[u8]) {
        let mut state = 0;
        for byte in text.iter().map(|byte| folded(*byte)) {
            state = match self.step(state, byte) {
                0 => self.push(state, byte),
                next => next,
            };
        }
        if let Some(end) = self.states.get_mut(place(state)) {
            // Texts that are the same but for letter case have the same length.
            end.longest = u32::try_from(text.len()).unwrap_or(0);
        }
    }

    fn push(&mut self, from: u32, byte: u8) -> u32 {
        let new = u32::try_from(self.states.len()).unwrap_or(0);
        let Some(parent) = self.states.get_mut(place(from)) else { return 0 };
        let sibling = std::mem::replace(&mut parent.child, new);
        self.states.push(State { byte, sibling, ..State::default() });
        if let (0, Some(first)) = (from, self.first.get_mut(usize::from(byte))) {
            *first = new;
        }
        new
    }

    /// The state behind one more byte; zero where none of the texts goes on like that.
    fn step(&self, from: u32, byte: u8) -> u32 {
        if from == 0 {
            return self.first.get(usize::from(byte)).copied().unwrap_or(0);
        }
        let mut next = self.state(from).child;
        while next != 0 && self.state(next).byte != byte {
            next = self.state(next).sibling;
        }
        next
    }

    /// The same, and where none goes on what is left when bytes at the beginning are dropped.
    fn step_or_drop(&self, mut from: u32, byte: u8) -> u32 {
        loop {
            match self.step(from, byte) {
                0 if from != 0 => from = self.state(from).shorter,
                next => return next,
            }
        }
    }

    fn state(&self, number: u32) -> State {
        self.states.get(place(number)).copied().unwrap_or_default()
    }

    /// Links every state to the shorter one, level by level: the shorter ones are known then.
    fn link(&mut self) {
        let mut level = vec![0];
        while !level.is_empty() {
            let mut below = Vec::new();
            for number in level {
                let State { child, shorter, .. } = self.state(number);
                let mut next = child;
                while next != 0 {
                    below.push(next);
                    let State { byte, sibling, .. } = self.state(next);
                    let link = if number == 0 { 0 } else { self.step_or_drop(shorter, byte) };
                    let inherited = self.state(link).longest;
                    if let Some(state) = self.states.get_mut(place(next)) {
                        state.shorter = link;
                        state.longest = state.longest.max(inherited);
                    }
                    next = sibling;
                }
            }
            level = below;
        }
    }

    /// Calls `found` for each stretch that the texts cover: of those that overlap one.
    pub(super) fn each(&self, bytes: &[u8], found: &mut dyn FnMut(Range<usize>)) {
        let mut covered: Vec<Range<usize>> = Vec::new();
        let mut state = 0;
        let mut end = 0_usize;
        for byte in bytes {
            end.advance(1);
            state = self.step_or_drop(state, folded(*byte));
            let longest = self.state(state).longest;
            if longest > 0 {
                let mut start = end.saturating_sub(place(longest));
                while let Some(last) = covered.pop_if(|last| last.end > start) {
                    start = start.min(last.start);
                }
                covered.push(start..end);
            }
        }
        covered.into_iter().for_each(found);
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn folded(byte: u8) -> u8 {
    if byte == b'+' { b' ' } else { byte.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(texts: &[&str], text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        if let Some(occurrences) = Occurrences::of(texts.iter().map(|text| text.as_bytes())) {
            occurrences.each(text.as_bytes(), &mut |range| ranges.push(range));
        }
        ranges
    }

    #[test]
    fn covers_what_a_plain_search_finds() {
        let alphabet = ["a", "b", "ab", "ba", "aab", "abba", "bbb", "B", " +"];
        for texts in (0..1_usize << alphabet.len()).map(|set| {
            let chosen = alphabet.iter().enumerate().filter(move |(place, _)| set >> place & 1 == 1);
            chosen.map(|(_, text)| *text).collect::<Vec<_>>()
        }) {
            for text in ["", "a", "abbaabab", "bbbbaab", "abxba+ aab", "  AbBa", "xyz"] {
                let lower = text.to_ascii_lowercase().replace('+', " ");
                let mut plain = vec![false; text.len()];
                for wanted in texts.iter().map(|wanted| wanted.to_ascii_lowercase().replace('+', " ")) {
                    for at in 0..text.len() {
                        if lower[at..].starts_with(&wanted) {
                            plain[at..at + wanted.len()].fill(true);
                        }
                    }
                }
                let mut found = vec![false; text.len()];
                for range in covered(&texts, text) {
                    found[range].fill(true);
                }
                assert_eq!(found, plain, "{texts:?} in {text:?}");
            }
        }
        assert_eq!(covered(&["abcd", "cdef"], "abcdefg abcdabcd"), [0..6, 8..12, 12..16]);
    }

    /// Texts that lie inside each other, in one that consists of them.
    #[test]
    fn texts_inside_each_other_cost_no_more_than_their_length() {
        let texts: Vec<String> = (4..500).map(|length| "a".repeat(length)).collect();
        let refs: Vec<&str> = texts.iter().map(String::as_str).collect();
        let text = "a".repeat(200_000);
        assert_eq!(covered(&refs, &text).as_slice(), std::slice::from_ref(&(0..text.len())));
    }
}
