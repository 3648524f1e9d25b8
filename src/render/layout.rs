//! Lines of a given width: the words of a text, hanging under a label.

use super::safe::push_line;
use crate::offset::Advance;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The narrowest page: below it, text is laid out for this width.
pub const NARROWEST: usize = 24;

/// How a piece of text looks where colours are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As the terminal writes.
    Plain,
    /// A heading or a label.
    Bold,
    /// Something that fails.
    Error,
    /// Something that is wrong and does not fail by itself.
    Warning,
    /// Nothing wrong.
    Fine,
}

impl Style {
    /// Colours of the terminal's own palette that read on dark and on light ground: no yellow, no grey.
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\x1b[1m",
            Self::Error => "\x1b[1;31m",
            Self::Warning => "\x1b[1;35m",
            Self::Fine => "\x1b[1;32m",
        }
    }
}

/// A page of text under construction. Every text that is put on it is escaped as by
/// [`SafeLine`](super::SafeLine), wrapped between words, and never wider than the page; a word that is too long for a
/// line is broken.
#[derive(Debug)]
pub struct Page {
    text: String,
    width: usize,
    colour: bool,
}

/// Where texts begin that have a label.
const LABEL: usize = 11;

impl Page {
    /// An empty page of so many columns (at least [`NARROWEST`]), with or without terminal colours.
    pub fn new(width: usize, colour: bool) -> Self {
        Self { text: String::with_capacity(4 * 1024), width: width.max(NARROWEST), colour }
    }

    /// The columns of the page.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What was written so far, every line with its line break.
    pub fn finish(self) -> String {
        self.text
    }

    /// An empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// `label` two columns in, and `text` hanging beside it. An empty label continues the one before.
    pub fn field(&mut self, label: &str, text: &str) {
        self.hanging(label, LABEL, text, Style::Bold, Style::Plain);
    }

    /// Numbered texts hanging beside a label: the steps of something.
    pub fn steps<'a>(&mut self, label: &str, texts: impl ExactSizeIterator<Item = &'a str>) {
        let digits = texts.len().to_string().len();
        let mut label = label;
        for (index, text) in texts.enumerate() {
            let number = format!("{:>digits$}. ", index.saturating_add(1));
            let indent = LABEL.saturating_add(number.len());
            let head = format!("  {label:<9}{number}");
            self.put(&head, label.len().saturating_add(2), indent, text, Style::Bold, Style::Plain);
            label = "";
        }
    }

    /// `label` two columns in and `text` beside it, from column `indent` on; each in its style.
    pub fn hanging(&mut self, label: &str, indent: usize, text: &str, label_style: Style, style: Style) {
        let mut head = String::from("  ");
        push_line(&mut head, label);
        let styled = head.len();
        let padding = indent.saturating_sub(width_of(&head)).max(usize::from(!label.is_empty()));
        head.extend(std::iter::repeat_n(' ', padding));
        self.put(&head, styled, indent, text, label_style, style);
    }

    /// A text that begins two columns in, on lines of its own.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        self.put("  ", 2, 2, text, Style::Plain, style);
    }

    /// A field whose line ends with `end` at the right edge, or with a semicolon and `end` where there is no room.
    pub fn field_with_end(&mut self, label: &str, text: &str, end: &str) {
        let used = LABEL.saturating_add(width_of(text));
        let room = self.width.saturating_sub(used.saturating_add(width_of(end)));
        if room >= 2 {
            self.field(label, text);
            // The field is one line: it was measured.
            self.text.pop();
            self.text.extend(std::iter::repeat_n(' ', room));
            push_line(&mut self.text, end);
            self.text.push('\n');
        } else {
            self.field(label, &format!("{text}; {end}"));
        }
    }

    /// Lines that were laid out elsewhere (a table): two columns in, as they are.
    pub(super) fn block(&mut self, lines: &str) {
        for line in lines.lines() {
            self.text.push_str("  ");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn put(&mut self, head: &str, styled: usize, indent: usize, text: &str, head_style: Style, style: Style) {
        // On a narrow page half of the width is left to the text.
        let indent = indent.min(self.width / 2);
        let mut escaped = String::with_capacity(text.len());
        push_line(&mut escaped, text);
        if head.trim().is_empty() {
            self.text.extend(std::iter::repeat_n(' ', indent));
        } else if width_of(head) > indent {
            // The label is longer than its column: the text begins on the next line.
            for line in wrap(head, self.width.saturating_sub(2)) {
                self.text.push_str("  ");
                self.styled(line, head_style);
                self.text.push('\n');
            }
            self.text.extend(std::iter::repeat_n(' ', indent));
        } else {
            let (label, padding) = head.split_at_checked(styled).unwrap_or((head, ""));
            self.styled(label, head_style);
            self.text.push_str(padding);
        }
        let mut first = true;
        for line in wrap(&escaped, self.width.saturating_sub(indent)) {
            if !first {
                self.text.extend(std::iter::repeat_n(' ', indent));
            }
            first = false;
            self.styled(line, style);
            self.text.push('\n');
        }
        if first {
            self.text.truncate(self.text.trim_end().len());
            self.text.push('\n');
        }
    }

    fn styled(&mut self, text: &str, style: Style) {
        let code = if self.colour && !text.trim().is_empty() { style.code() } else { "" };
        // Colour begins after the indent.
        let (indent, words) = text.split_at(text.len().saturating_sub(text.trim_start().len()));
        self.text.push_str(indent);
        self.text.push_str(code);
        self.text.push_str(words);
        if !code.is_empty() {
            self.text.push_str("\x1b[0m");
        }
    }
}

/// The columns that a text without control characters takes on a terminal: what is drawn as one sign (a letter with its
/// marks, an emoji with its tone) counts as one. That is never more than its characters take one by one.
pub(super) fn width_of(text: &str) -> usize {
    text.width()
}

fn column_count(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// Breaks a text into lines of at most `width` columns, at spaces where it can.
pub(super) fn wrap(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim_matches(' ');
    while !rest.is_empty() {
        let mut columns = 0;
        let mut space = None;
        let mut end = rest.len();
        for (at, character) in rest.char_indices() {
            columns.advance(column_count(character));
            if character == ' ' && columns <= width.saturating_add(1) {
                space = Some(at);
            }
            if columns > width && at > 0 {
                // A word that would not fit a line of its own is broken here rather than moved.
                let start = space.map_or(0, |space| space.saturating_add(1));
                let fits = rest.get(start..).is_some_and(|word| fits(word, width));
                end = space.filter(|_| fits).unwrap_or(at);
                break;
            }
        }
        let (line, tail) = rest.split_at(end);
        lines.push(line.trim_end_matches(' '));
        rest = tail.trim_start_matches(' ');
    }
    lines
}

/// Whether the first word of a text fits a line.
fn fits(text: &str, width: usize) -> bool {
    let mut columns = 0;
    for character in text.chars().take_while(|&character| character != ' ') {
        columns.advance(column_count(character));
        if columns > width {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::is_unsafe;

    #[test]
    fn wraps_between_words_and_breaks_long_ones() {
        for (text, width, lines) in [
            ("", 5, vec![]),
            ("one two three", 7, vec!["one two", "three"]),
            ("one two three", 8, vec!["one two", "three"]),
            ("  one  two ", 20, vec!["one  two"]),
            ("abcdefghij", 4, vec!["abcd", "efgh", "ij"]),
            ("a bcdefghij", 4, vec!["a bc", "defg", "hij"]),
            ("ab cdef", 4, vec!["ab", "cdef"]),
            ("漢字漢字", 5, vec!["漢字", "漢字"]),
            ("漢", 1, vec!["漢"]),
            ("aaaa bbbb", 4, vec!["aaaa", "bbbb"]),
        ] {
            assert_eq!(wrap(text, width), lines, "{text:?} in {width}");
        }
    }

    #[test]
    fn no_sign_is_wider_than_its_characters() {
        // Lines are broken by characters and measured by signs; what would be wider as a sign is written out.
        let marks =
            ["", "\u{301}", "\u{20e3}", "\u{1f3fd}", "\u{627}", "\u{94d}\u{937}", "\u{1f1ea}", "\u{17d2}\u{1780}"];
        for character in ('\u{20}'..=char::MAX).filter(|character| !is_unsafe(*character)) {
            for mark in marks {
                let text = format!("{character}{mark}");
                let columns: usize = text.chars().map(column_count).sum();
                assert!(width_of(&text) <= columns, "{}", text.escape_unicode());
            }
        }
        for (text, columns) in [("", 0), ("漢字", 4), ("e\u{301}", 1), ("👍🏽", 2), ("لا", 1)] {
            assert_eq!(width_of(text), columns, "{text}");
        }
    }

    #[test]
    fn hangs_text_beside_its_label() {
        let mut page = Page::new(30, true);
        page.field("Why", "one two three four five\u{1b}[2J");
        page.steps("Do this", ["first of all", "second"].into_iter());
        page.field_with_end("Who", "you", "certain");
        page.hanging("a-label-that-is-long", 11, "text", Style::Plain, Style::Error);
        assert_eq!(
            page.finish(),
            "  \x1b[1mWhy\x1b[0m      one two three four\n           five\\u{1b}[2J\n  \
             \x1b[1mDo this\x1b[0m  1. first of all\n           2. second\n  \
             \x1b[1mWho\x1b[0m      you         certain\n  a-label-that-is-long\n           \x1b[1;31mtext\x1b[0m\n"
        );
    }

    #[test]
    fn is_never_wider_than_the_page() {
        let texts = [
            "漢字".repeat(40),
            "g".repeat(200),
            "a b ".repeat(50),
            "e\u{301}".repeat(50),
            "https://graph.example/v1.0/".repeat(9),
        ];
        for width in 24..90 {
            let mut page = Page::new(width, false);
            for text in &texts {
                page.field("Label", text);
                page.steps("Do this", [text.as_str(), text].into_iter());
                page.field_with_end("Who", text, "certain");
                page.paragraph(text, Style::Bold);
                page.hanging("some-long-label-of-a-thing", 30, text, Style::Bold, Style::Plain);
            }
            for line in page.finish().lines() {
                assert!(width_of(line) <= width, "{width}: {line}");
            }
        }
    }
}
