//! Sorted texts that are written without what they share with the one before, and searched as they are.

use super::packed::{BLOCK, first_where, u32_at};
use memchr::memchr;
use std::cmp::Ordering;

/// Sorted texts of at most 255 bytes: of each only what it does not share with the one before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrontCoded<'t> {
    /// How many bytes each text shares with the one before; 0 for the first of a block.
    shared: &'t [u8],
    /// The rest of each text, one a line.
    rests: &'t [u8],
    starts: &'t [u8],
}

impl<'t> FrontCoded<'t> {
    pub(crate) const fn new(shared: &'t [u8], rests: &'t [u8], starts: &'t [u8]) -> Self {
        Self { shared, rests, starts }
    }

    pub(crate) const fn len(&self) -> usize {
        self.shared.len()
    }

    /// The text of that number, put into `text`; empty behind the end.
    pub(crate) fn read(&self, number: usize, text: &mut Vec<u8>) {
        text.clear();
        if number >= self.len() {
            return;
        }
        let first = number.saturating_sub(number % BLOCK);
        for (shared, rest) in self.from(first).take((number % BLOCK).saturating_add(1)) {
            text.truncate(shared);
            text.extend_from_slice(rest);
        }
    }

    /// The number of the first text that is not less than the wanted one, and whether it is that text. Needs O(log n)
    /// comparisons and the walk through one block.
    pub(crate) fn find(&self, wanted: &[u8]) -> (usize, bool) {
        let blocks = self.len().div_ceil(BLOCK);
        let first_of = |block: usize| self.from(block.saturating_mul(BLOCK)).next().map_or(&[][..], |(_, rest)| rest);
        let block = first_where(blocks, |block| first_of(block) >= wanted).saturating_sub(1);
        let mut number = block.saturating_mul(BLOCK);
        // How much of the wanted text the one before has: whoever shares more with that one is less for the same
        // reason, and who shares less is greater.
        let mut same = 0;
        for (shared, rest) in self.from(number) {
            if number % BLOCK == 0 {
                same = 0;
            }
            match shared.cmp(&same) {
                Ordering::Greater => {}
                Ordering::Less => return (number, false),
                Ordering::Equal => {
                    let wanted = wanted.get(same..).unwrap_or_default();
                    let more = rest.iter().zip(wanted).take_while(|(one, two)| one == two).count();
                    match (rest.get(more), wanted.get(more)) {
                        (None, None) => return (number, true),
                        (found, missing) if found > missing => return (number, false),
                        _ => same = same.saturating_add(more),
                    }
                }
            }
            number = number.saturating_add(1);
        }
        (number, false)
    }

    /// True where the text of that number is the same as the one before.
    pub(crate) fn repeats(&self, number: usize) -> bool {
        let Some(before) = number.checked_sub(1) else { return false };
        let (mut one, mut two) = (Vec::new(), Vec::new());
        self.read(before, &mut one);
        self.read(number, &mut two);
        number < self.len() && one == two
    }

    /// Its bytes, as they are embedded.
    pub(crate) const fn sections(&self) -> [&'t [u8]; 3] {
        [self.shared, self.rests, self.starts]
    }

    /// What each text shares with the one before, and its rest, from that number on, which is the first of a block.
    fn from(&self, number: usize) -> impl Iterator<Item = (usize, &'t [u8])> + use<'t> {
        let mut rest = self.rests.get(u32_at(self.starts, number / BLOCK)..).unwrap_or_default();
        let shared = self.shared.get(number..).unwrap_or_default();
        shared.iter().map(move |shared| {
            let (line, after) = rest.split_at_checked(memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
            rest = after.get(1..).unwrap_or_default();
            (usize::from(*shared), line)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts as `build.rs` writes them.
    fn front_coded(texts: &[String]) -> [Vec<u8>; 3] {
        let (mut shared, mut rests, mut starts, mut before) = (Vec::new(), Vec::new(), Vec::new(), "");
        for (at, text) in texts.iter().enumerate() {
            let same = text.bytes().zip(before.bytes()).take_while(|(one, two)| one == two).count();
            let same = if at % BLOCK == 0 { 0 } else { same };
            if at % BLOCK == 0 {
                starts.extend((rests.len() as u32).to_le_bytes());
            }
            shared.push(same as u8);
            rests.extend(&text.as_bytes()[same..]);
            rests.push(b'\n');
            before = text;
        }
        [shared, rests, starts]
    }

    #[test]
    fn front_coded_texts_are_found_and_read() {
        // Every other number, so that there is a gap before each and behind each; one text many times.
        let mut texts: Vec<String> = (0..400).map(|number| format!("a{:b}", number * 2)).collect();
        texts.extend(std::iter::repeat_n("a1010101".to_owned(), 3 * BLOCK));
        texts.sort();
        let [shared, rests, starts] = front_coded(&texts);
        let coded = FrontCoded::new(&shared, &rests, &starts);
        let wanted = (0..800)
            .map(|number| format!("a{number:b}"))
            .chain(["", "a", "b", "A", "a1 ", "a1\n", "\u{e9}"].map(str::to_owned));
        for wanted in wanted {
            let place = texts.partition_point(|text| *text < wanted);
            assert_eq!(coded.find(wanted.as_bytes()), (place, texts.get(place) == Some(&wanted)), "{wanted:?}");
        }
        let mut read = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            coded.read(number, &mut read);
            assert_eq!(read, text.as_bytes());
            assert_eq!(coded.repeats(number), number > 0 && texts[number - 1] == *text);
        }
        coded.read(texts.len(), &mut read);
        assert!(read.is_empty() && !coded.repeats(texts.len()));
        assert_eq!(FrontCoded::new(&[], &[], &[]).find(b"a"), (0, false));
    }

    #[test]
    fn broken_bytes_read_as_nothing() {
        for (shared, rests, starts) in
            [(&[9, 9][..], &b"a\nb\n"[..], &[0; 4][..]), (&[0, 1], b"", &[]), (&[0, 1], b"\xff\n", &[0xFF; 4])]
        {
            let coded = FrontCoded::new(shared, rests, starts);
            let mut read = Vec::new();
            for wanted in [&b""[..], b"a", b"zz"] {
                coded.read(coded.find(wanted).0, &mut read);
            }
        }
    }
}
