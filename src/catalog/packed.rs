//! Columns of the larger tables, as `build.rs` packs them: read in place, nothing is decoded beforehand.
//!
//! Whatever the bytes are, nothing panics: what is out of reach reads as zero, as empty or as absent.

use super::front_coded::FrontCoded;
use super::table::{Row, Table};
use crate::guid::Guid;
use memchr::{memchr, memchr_iter};

/// How many lines share one start.
pub(crate) const BLOCK: usize = 32;
/// The number for "none" among references.
pub(crate) const NONE: usize = 0xFFFF;

/// Bytes that stand for a word in prose.
const WORDS_IN_ONE: std::ops::Range<u8> = 0x80..0xF0;
/// The bytes that can be the second of two that stand for a word: this one and all that are greater.
const SECOND_BYTE: u8 = 0x21;

/// The bytes of a packed column.
macro_rules! column {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
    };
}
/// A packed column of lines.
macro_rules! lines {
    ($name:literal) => {
        crate::catalog::packed::Lines::new(
            include_str!(concat!(env!("OUT_DIR"), "/", $name)),
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".starts")),
        )
    };
}
/// A packed column of words.
macro_rules! words {
    ($name:literal) => {
        crate::catalog::packed::Words::new(
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
            crate::catalog::packed::Lines::new(
                include_str!(concat!(env!("OUT_DIR"), "/", $name, ".list")),
                include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".list.starts")),
            ),
        )
    };
}
/// A packed column of prose.
macro_rules! prose {
    ($name:literal) => {
        crate::catalog::packed::Prose::new(
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
            include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".starts")),
            crate::catalog::packed::Lines::new(
                include_str!(concat!(env!("OUT_DIR"), "/", $name, ".words")),
                include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".words.starts")),
            ),
        )
    };
}
pub(super) use {column, lines, prose, words};

/// Number `index` of 16 bits, 0 behind the end.
pub(crate) fn u16_at(column: &[u8], index: usize) -> usize {
    let at = index.saturating_mul(2);
    match column.get(at..).and_then(|rest| rest.first_chunk::<2>()) {
        Some(bytes) => usize::from(u16::from_le_bytes(*bytes)),
        None => 0,
    }
}

/// Number `index` of 32 bits, 0 behind the end.
pub(crate) fn u32_at(column: &[u8], index: usize) -> usize {
    let at = index.saturating_mul(4);
    match column.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        Some(bytes) => usize::try_from(u32::from_le_bytes(*bytes)).unwrap_or(usize::MAX),
        None => 0,
    }
}

/// The place of a number in an ascending column, by binary search.
pub(crate) fn find_number(count: usize, wanted: usize, number: impl Fn(usize) -> usize) -> Option<usize> {
    let place = first_where(count, |index| number(index) >= wanted);
    (place < count && number(place) == wanted).then_some(place)
}

/// The first index below `count` of which it is true, or `count`. It has to be true of all that follow.
pub(crate) fn first_where(count: usize, is_behind: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if is_behind(middle) { high = middle } else { low = middle.saturating_add(1) }
    }
    low
}

/// Values of several bytes: the first byte of each, then the second of each, and so on. That way bytes that have something
/// in common (the version, the beginning of sorted ones) lie side by side, for who compresses them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planes<const N: usize>(&'static [u8]);

impl<const N: usize> Planes<N> {
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn len(&self) -> usize {
        match self.0.len().checked_div(N) {
            Some(count) => count,
            None => 0,
        }
    }

    /// The value of that number.
    pub(crate) fn get(&self, number: usize) -> Option<[u8; N]> {
        if number >= self.len() {
            return None;
        }
        let mut bytes = [0; N];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = self.byte(place, number);
        }
        Some(bytes)
    }

    /// The number of a value, in whatever order they are: of those that begin with its first byte, few enough where
    /// that is random, the one that has all others.
    pub(crate) fn find(&self, value: &[u8; N]) -> Option<usize> {
        let (first, others) = value.split_first()?;
        let beginnings = self.0.get(..self.len()).unwrap_or_default();
        memchr_iter(*first, beginnings)
            .find(|number| others.iter().zip(1..).all(|(byte, place)| self.byte(place, *number) == *byte))
    }

    fn byte(&self, place: usize, number: usize) -> u8 {
        self.0.get(place.saturating_mul(self.len()).saturating_add(number)).copied().unwrap_or_default()
    }
}

/// A column of GUIDs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guids(Planes<16>);

impl Guids {
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self(Planes::new(bytes))
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The GUID of that number.
    pub(crate) fn get(&self, number: usize) -> Option<Guid> {
        self.0.get(number).map(Guid::from_digits)
    }

    /// The number of a GUID.
    pub(crate) fn find(&self, guid: Guid) -> Option<usize> {
        self.0.find(guid.digits())
    }
}

/// Where the line of that number lies in a text of lines; nowhere behind the end.
fn line_at(text: &[u8], starts: &[u8], number: usize) -> Option<std::ops::Range<usize>> {
    let block = number / BLOCK;
    let mut start = Some(u32_at(starts, block)).filter(|_| block < starts.len() / 4)?;
    let end = |start: usize| memchr(b'\n', text.get(start..)?)?.checked_add(start);
    for _ in 0..number % BLOCK {
        start = end(start)?.checked_add(1)?;
    }
    Some(start..end(start)?)
}

/// Texts, one a line, found by number; sorted ones by their text as well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines {
    text: &'static str,
    starts: &'static [u8],
}

impl Lines {
    pub(crate) const fn new(text: &'static str, starts: &'static [u8]) -> Self {
        Self { text, starts }
    }

    /// How many there are. Reads every byte: meant for constants.
    pub(crate) const fn count(&self) -> usize {
        let (mut rest, mut count) = (self.text.as_bytes(), 0);
        while let Some((byte, after)) = rest.split_first() {
            if *byte == b'\n' {
                count = usize::saturating_add(count, 1);
            }
            rest = after;
        }
        count
    }

    /// The line of that number; empty behind the end.
    pub(crate) fn line(&self, number: usize) -> &'static str {
        let line = line_at(self.text.as_bytes(), self.starts, number);
        line.and_then(|line| self.text.get(line)).unwrap_or_default()
    }

    /// The columns of a line.
    pub(crate) fn columns<const N: usize>(&self, number: usize) -> [&'static str; N] {
        Row::new(self.line(number)).columns()
    }

    /// The number of the line whose first columns are these, see [`Table::find`]. For lines that are sorted and not
    /// empty.
    pub(crate) fn find(&self, key_columns: usize, key: &[&str]) -> Option<usize> {
        Table::without_header(self.text, key_columns).find_place(key).map(|at| self.number_at(at))
    }

    /// The numbers of the lines whose first columns are exactly these.
    pub(crate) fn starting_with(&self, columns: &str) -> std::ops::Range<usize> {
        let (place, count) = Table::without_header(self.text, 1).place_of_all(columns);
        let first = self.number_at(place);
        first..first.saturating_add(count)
    }

    fn number_at(&self, at: usize) -> usize {
        let blocks = self.starts.len() / 4;
        let block = first_where(blocks, |block| u32_at(self.starts, block) > at).saturating_sub(1);
        let before = self.text.as_bytes().get(u32_at(self.starts, block)..at).unwrap_or_default();
        block.saturating_mul(BLOCK).saturating_add(memchr_iter(b'\n', before).count())
    }
}

/// Texts in which frequent words are written as one byte or two. They are found by number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prose {
    text: &'static [u8],
    starts: &'static [u8],
    words: Lines,
}

impl Prose {
    pub(crate) const fn new(text: &'static [u8], starts: &'static [u8], words: Lines) -> Self {
        Self { text, starts, words }
    }

    /// One column of the line of that number; empty behind the end.
    pub(crate) fn column(&self, number: usize, column: usize) -> String {
        let line = line_at(self.text, self.starts, number).and_then(|line| self.text.get(line)).unwrap_or_default();
        self.read(line.split(|byte| *byte == b'\t').nth(column).unwrap_or_default())
    }

    /// What is written, with its words spelled out.
    fn read(&self, written: &[u8]) -> String {
        let mut text = String::with_capacity(written.len().saturating_mul(3));
        let mut bytes = written.iter().copied();
        while let Some(byte) = bytes.next() {
            if byte.is_ascii() {
                text.push(char::from(byte));
                continue;
            }
            let word = if WORDS_IN_ONE.contains(&byte) {
                usize::from(byte.saturating_sub(WORDS_IN_ONE.start))
            } else {
                let first = usize::from(byte.saturating_sub(WORDS_IN_ONE.end));
                let second = usize::from(bytes.next().unwrap_or_default().saturating_sub(SECOND_BYTE));
                let each = usize::from(u8::MAX - SECOND_BYTE) + 1;
                first.saturating_mul(each).saturating_add(second).saturating_add(WORDS_IN_ONE.len())
            };
            text.push_str(self.words.line(word));
        }
        text
    }
}

/// Columns of few distinct values: one byte a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    of_row: &'static [u8],
    list: Lines,
}

impl Words {
    pub(crate) const fn new(of_row: &'static [u8], list: Lines) -> Self {
        Self { of_row, list }
    }

    pub(crate) const fn len(&self) -> usize {
        self.of_row.len()
    }

    /// The columns of a row; empty behind the end.
    pub(crate) fn columns<const N: usize>(&self, row: usize) -> [&'static str; N] {
        match self.of_row.get(row) {
            Some(number) => self.list.columns(usize::from(*number)),
            None => [""; N],
        }
    }
}

/// A column of any kind, to tell how much there is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Numbers(&'static [u8]),
    Guids(Guids),
    Lines(Lines),
    Prose(Prose),
    Words(Words),
    FrontCoded(FrontCoded<'static>),
}

impl Column {
    /// Its bytes, as they are embedded.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &'static [u8]> + use<> {
        let lines = |lines: &Lines| [lines.text.as_bytes(), lines.starts];
        let all = match self {
            Self::Numbers(bytes) => vec![*bytes],
            Self::Guids(guids) => vec![guids.0.0],
            Self::Lines(own) => lines(own).to_vec(),
            Self::Prose(prose) => [[prose.text, prose.starts], lines(&prose.words)].concat(),
            Self::Words(words) => [&[words.of_row][..], &lines(&words.list)].concat(),
            Self::FrontCoded(texts) => texts.sections().to_vec(),
        };
        all.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_read_as_nothing() {
        let lines = Lines::new("a\nb", &[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        assert_eq!([0, 1, 2, 32, 64, 9999].map(|number| lines.line(number)), ["a", "", "", "", "", ""]);
        let prose = Prose::new(b"\x80\xF3\n\xFF", &[0; 4], lines);
        assert_eq!([prose.column(0, 0), prose.column(1, 0), prose.column(0, 1)], ["a", "", ""]);
        assert_eq!(Planes::<16>::new(&[1; 15]).find(&[1; 16]), None);
    }

    #[test]
    fn prose_spells_words_out() {
        let words: String = (0..400).map(|number| format!(" word{number}\n")).collect();
        let starts: Vec<u8> = (0..words.len())
            .filter(|at| {
                *at == 0
                    || words.as_bytes()[at - 1] == b'\n' && words[..*at].matches('\n').count().is_multiple_of(BLOCK)
            })
            .flat_map(|at| (at as u32).to_le_bytes())
            .collect();
        let words = Lines::new(words.leak(), starts.leak());
        let prose = Prose::new(b"a\x80, b\xEF.\tc\xF0\x21\xF1\x22\nd\n", &[0; 4], words);
        assert_eq!(prose.column(0, 0), "a word0, b word111.");
        assert_eq!(prose.column(0, 1), "c word112 word336");
        assert_eq!(prose.column(1, 0), "d");
    }

    #[test]
    fn lines_are_found_by_key() {
        const TEXT: &str = "alpha\t1\nBeta\t2\nbeta\t3\ngamma\n";
        let lines = Lines::new(TEXT, &[0; 4]);
        assert_eq!((lines.count(), lines.columns(2)), (4, ["beta", "3"]));
        assert_eq!(
            [lines.find(1, &["ALPHA"]), lines.find(1, &["gamma"]), lines.find(1, &["bet"])],
            [Some(0), Some(3), None]
        );
        assert_eq!((lines.starting_with("beta"), lines.starting_with("delta").len()), (1..3, 0));
    }
}
