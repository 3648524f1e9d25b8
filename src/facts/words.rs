//! Words that are looked for again and again.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// Up to this length of a text, in bytes, looking for a word again is faster than remembering what was found.
const SHORT: usize = 1024;

/// A text in lower case, with what was looked for in it: rules ask the same of every error of a paste, and a log holds
/// thousands.
#[derive(Debug, Default)]
pub struct Words {
    text: String,
    known: RefCell<BTreeMap<&'static str, bool>>,
}

impl Words {
    /// Words of a text whose ASCII letters are in lower case.
    pub(super) fn of(text: String) -> Self {
        Self { text, known: RefCell::default() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True where this stands in the text (lower case). In a long text each word is looked for once.
    pub fn hold(&self, word: &'static str) -> bool {
        if self.text.len() < SHORT {
            return self.text.contains(word);
        }
        let known = self.known.borrow().get(word).copied();
        known.unwrap_or_else(|| {
            let holds = self.text.contains(word);
            self.known.borrow_mut().insert(word, holds);
            holds
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_texts_answer_alike_and_again() {
        for text in ["one two".to_owned(), format!("one two{}", " and more".repeat(200))] {
            let words = Words::of(text);
            for _ in 0..2 {
                assert!(words.hold("two") && words.hold("one two") && !words.hold("three"));
            }
        }
    }
}
