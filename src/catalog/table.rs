//! Embedded tables that are read in place.
//!
//! A table is a text: a header line, then one line per row, columns parted by one tab, every line ended by one line
//! feed. Rows are sorted by their key (the first column, or the first few with their tabs), compared as bytes with
//! ASCII letters in lower case, and keys are unique in that order. So a row is found by a binary search in the text
//! itself: nothing is parsed at start-up, nothing is allocated, and a table that nobody asks costs nothing.

use memchr::{memchr, memchr_iter, memrchr};
use std::cmp::Ordering;

/// A sorted table of tab-separated text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    text: &'static str,
    has_header: bool,
    key_columns: usize,
}

impl Table {
    /// The table of that text, whose first `key_columns` columns are the key. Nothing is checked here:
    /// `tests/catalog.rs` proves the order and the shape of each.
    pub(crate) const fn new(text: &'static str, key_columns: usize) -> Self {
        Self { text, has_header: true, key_columns }
    }

    /// The same of a text that is rows only.
    pub(crate) const fn without_header(text: &'static str, key_columns: usize) -> Self {
        Self { text, has_header: false, key_columns }
    }

    /// The row whose key equals the parts joined, ASCII letters matched without regard to case. A key of several
    /// columns is given with its tabs: `find(&["amr", "\t", "pwd"])`. Needs O(log n) comparisons.
    pub(crate) fn find(&self, key: &[&str]) -> Option<Row> {
        Row::first_of(self.text.get(self.find_place(key)?..)?)
    }

    /// Where that row starts, in bytes.
    pub(crate) fn find_place(&self, key: &[&str]) -> Option<usize> {
        // A key that comes from input may hold tabs, and would then match columns that are not key.
        let tabs = key.iter().flat_map(|part| part.bytes()).filter(|byte| *byte == b'\t').count();
        if tabs.checked_add(1) != Some(self.key_columns) {
            return None;
        }
        let place = self.lower_bound(key);
        let row = Row::first_of(self.text.get(place..)?)?;
        (row.compare(key) == Ordering::Equal).then_some(place)
    }

    /// The rows whose first columns are exactly these, in order: all values of one claim, all methods of one path.
    /// Several columns are given with the tabs between them.
    pub(crate) fn starting_with<'k>(&self, columns: &'k str) -> impl Iterator<Item = Row> + use<'k> {
        let start = self.lower_bound(&[columns]);
        self.rows_from(start).take_while(move |row| row.compare(&[columns]) == Ordering::Equal)
    }

    /// Where the first of those rows starts, in bytes, and how many there are.
    pub(crate) fn place_of_all(&self, columns: &str) -> (usize, usize) {
        (self.lower_bound(&[columns]), self.starting_with(columns).count())
    }

    /// All rows in order, without the header.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> + use<> {
        self.rows_from(self.body())
    }

    /// How many rows there are. Counts the lines, so it costs one pass over the text.
    pub(crate) fn len(&self) -> usize {
        let lines = memchr_iter(b'\n', self.text.as_bytes()).count();
        lines.saturating_sub(usize::from(self.has_header))
    }

    fn rows_from(&self, at: usize) -> impl Iterator<Item = Row> + use<> {
        let mut rest = self.text.get(at..).unwrap_or("");
        std::iter::from_fn(move || {
            let row = Row::first_of(rest)?;
            rest = rest.get(row.line.len().saturating_add(1)..).unwrap_or("");
            Some(row)
        })
    }

    /// The bytes of all of it.
    pub(crate) const fn bytes(&self) -> &'static [u8] {
        self.text.as_bytes()
    }

    /// Where the first row starts.
    fn body(&self) -> usize {
        if !self.has_header {
            return 0;
        }
        memchr(b'\n', self.text.as_bytes()).map_or(self.text.len(), |end| end.saturating_add(1))
    }

    /// Where the first row starts whose key is not less than the given one; the length of the text if there is none.
    fn lower_bound(&self, key: &[&str]) -> usize {
        let (mut low, mut high) = (self.body(), self.text.len());
        // Both bounds are always the start of a line (or the end of the text).
        while low < high {
            let middle = low.midpoint(high);
            let before = self.text.as_bytes().get(low..middle).unwrap_or_default();
            let start = memrchr(b'\n', before).map_or(low, |at| low.saturating_add(at).saturating_add(1));
            let Some(row) = self.text.get(start..).and_then(Row::first_of) else { break };
            if row.compare(key) == Ordering::Less {
                low = start.saturating_add(row.line.len()).saturating_add(1);
            } else {
                high = start;
            }
        }
        low
    }
}

/// One row of a [`Table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    line: &'static str,
}

impl Row {
    /// The row of that line.
    pub(crate) const fn new(line: &'static str) -> Self {
        Self { line }
    }

    /// The first `N` columns; a column that the line does not have is empty.
    pub(crate) fn columns<const N: usize>(self) -> [&'static str; N] {
        let mut columns = [""; N];
        let mut rest = Some(self.line);
        for slot in &mut columns {
            let Some(text) = rest else { break };
            let tab = memchr(b'\t', text.as_bytes());
            *slot = text.get(..tab.unwrap_or(text.len())).unwrap_or_default();
            rest = tab.and_then(|tab| text.get(tab.saturating_add(1)..));
        }
        columns
    }

    fn first_of(text: &'static str) -> Option<Self> {
        let line = text.get(..memchr(b'\n', text.as_bytes()).unwrap_or(text.len()))?;
        (!line.is_empty()).then_some(Self { line })
    }

    /// How this row's key stands to the wanted one. Equal when the line begins with it and a column ends there.
    fn compare(self, key: &[&str]) -> Ordering {
        let mut line = self.line.bytes();
        for wanted in key.iter().flat_map(|part| part.bytes()) {
            match line.next() {
                None => return Ordering::Less,
                Some(found) => match found.to_ascii_lowercase().cmp(&wanted.to_ascii_lowercase()) {
                    Ordering::Equal => {}
                    unequal => return unequal,
                },
            }
        }
        match line.next() {
            None | Some(b'\t') => Ordering::Equal,
            Some(_) => Ordering::Greater,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SINGLE: Table = Table::new("key\tvalue\nAlpha\t1\nalphabet\t2\nBeta\t3\nzeta\n", 1);
    const DOUBLE: Table = Table::new("key\tsecond\tvalue\namr\tmfa\t1\namr\tPwd\t2\namrs\tx\t3\nZeta\ty\t4\n", 2);

    #[test]
    fn finds_in_any_case_and_by_joined_parts() {
        let value = |key: &[&str]| SINGLE.find(key).map(|row| row.columns::<2>()[1]);
        for (key, expected) in [("alpha", "1"), ("ALPHABET", "2"), ("Beta", "3"), ("zeta", "")] {
            assert_eq!(value(&[key]), Some(expected), "{key}");
        }
        assert_eq!(value(&["al", "", "pha"]), Some("1"));
        assert_eq!(DOUBLE.find(&["AMR", "\t", "pwd"]).map(Row::columns), Some(["amr", "Pwd", "2"]));
    }

    #[test]
    fn misses_are_none() {
        for key in ["", "alph", "key", "alphax", "zzz", "\n", "1", "alpha\t", "alpha\t1", "zeta\n", "\u{e9}"] {
            assert_eq!(SINGLE.find(&[key]), None, "{key:?}");
        }
        for key in ["amr", "amr\t", "amr\tpw", "amr\tpwd\t2"] {
            assert_eq!(DOUBLE.find(&[key]), None, "{key:?}");
        }
        let empty = Table::new("key\n", 1);
        assert_eq!((empty.find(&["key"]), empty.len(), empty.rows().count()), (None, 0, 0));
        assert_eq!(Table::new("", 1).find(&[""]), None);
    }

    #[test]
    fn iterates_all_rows_and_those_of_one_key() {
        assert_eq!(DOUBLE.len(), 4);
        assert_eq!(DOUBLE.rows().map(Row::columns).nth(2), Some(["amrs", "x", "3", ""]));
        let values = DOUBLE.starting_with("AMR").map(|row| row.columns::<2>()[1]);
        assert_eq!(values.collect::<Vec<_>>(), ["mfa", "Pwd"]);
        assert_eq!(DOUBLE.starting_with("b").count(), 0);
        assert_eq!(DOUBLE.starting_with("").count(), 0);
    }

    #[test]
    fn every_row_of_a_large_table_is_found() {
        let rows: String = (0..2000).map(|n| format!("{n:05}\t{}\n", "x".repeat(n % 70))).collect();
        let table = Table::new(Box::leak(format!("key\tvalue\n{rows}").into_boxed_str()), 1);
        for n in 0..2000 {
            let key = format!("{n:05}");
            assert!(table.find(&[&key]).is_some_and(|row| row.columns() == [key.as_str()]), "{key}");
        }
        assert_eq!(table.find(&["02000"]), None);
    }
}
