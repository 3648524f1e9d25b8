//! Words that are looked for again and again.

use std::cell::RefCell;

/// Up to this length of a text, in bytes, looking for a word again is faster than remembering what was found.
const SHORT: usize = 512;

/// How many answers are remembered; the rules ask for some fifteen hundred words.
const SLOTS: usize = 4096;

/// A text in lower case, with what was looked for in it: rules ask the same of every error of a paste, and a log holds
/// thousands.
#[derive(Debug, Default)]
pub struct Words {
    text: String,
    /// Answers, each in the slot of its word: a later one may take the place of an earlier one, which is then looked for
    /// again.
    known: RefCell<Vec<Option<(&'static str, bool)>>>,
}

impl Words {
    /// Words of a text whose ASCII letters are in lower case.
    pub(super) fn of(text: String) -> Self {
        let slots = if text.len() < SHORT { 0 } else { SLOTS };
        Self { text, known: RefCell::new(vec![None; slots]) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True where this stands in the text (lower case). In a long text each word is looked for once.
    pub fn hold(&self, word: &'static str) -> bool {
        let mut known = self.known.borrow_mut();
        // Rules name a word by one text of the program: its address tells it from all others.
        let slot = known.get_mut((word.as_ptr().addr() ^ word.len() << 6) % SLOTS);
        match slot {
            Some(Some((other, holds))) if std::ptr::eq(*other, word) => *holds,
            slot => {
                let holds = self.text.contains(word);
                if let Some(slot) = slot {
                    *slot = Some((word, holds));
                }
                holds
            }
        }
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
