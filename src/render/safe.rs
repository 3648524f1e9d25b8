//! Text that may come from anybody, made fit for a terminal, a ticket or a file.

use std::fmt::{Display, Formatter, Result, Write};

/// Writes text with every character escaped that could move the cursor, hide text or reverse its order. Line breaks
/// and tabs stay. This, or [`SafeLine`], is the only way in which text of a paste may reach a terminal.
///
/// Escaped are control characters (C0 but line break and tab, DEL, C1), the format characters of Unicode (general
/// category Cf: bidirectional controls, zero-width characters, tags), line and paragraph separator, variation
/// selectors, the fillers that show as nothing, the braille pattern without a dot, and noncharacters. The form is that of Rust: `\u{202e}`.
#[derive(Debug, Clone, Copy)]
pub struct Safe<'a>(pub &'a str);

/// Like [`Safe`], for one line: line breaks and tabs are escaped too, as `\n`, `\r` and `\t`.
#[derive(Debug, Clone, Copy)]
pub struct SafeLine<'a>(pub &'a str);

impl Display for Safe<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        escape(self.0, formatter, |character| is_unsafe(character) && !matches!(character, '\n' | '\t'))
    }
}

impl Display for SafeLine<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        escape(self.0, formatter, is_unsafe)
    }
}

/// True of a character that does not show as itself: see [`Safe`] for the list. Line break and tab count.
pub const fn is_unsafe(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
        | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    ) || character as u32 & 0xfffe == 0xfffe
}

fn escape(text: &str, formatter: &mut Formatter<'_>, must: impl Fn(char) -> bool) -> Result {
    let mut rest = text;
    while let Some((at, character)) = rest.char_indices().find(|&(_, character)| must(character)) {
        let (before, tail) = rest.split_at(at);
        formatter.write_str(before)?;
        match character {
            '\n' => formatter.write_str("\\n")?,
            '\r' => formatter.write_str("\\r")?,
            '\t' => formatter.write_str("\\t")?,
            _ => write!(formatter, "\\u{{{:x}}}", character as u32)?,
        }
        let mut characters = tail.chars();
        characters.next();
        rest = characters.as_str();
    }
    formatter.write_str(rest)
}

/// The text of [`SafeLine`], appended to `out`.
pub(super) fn push_line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{}", SafeLine(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_does_not_show_as_itself() {
        for (given, many, one) in [
            ("plain ünïcödé 漢字 🙂 \\u{41}", "plain ünïcödé 漢字 🙂 \\u{41}", "plain ünïcödé 漢字 🙂 \\u{41}"),
            ("a\nb\tc", "a\nb\tc", "a\\nb\\tc"),
            ("a\r\nb", "a\\r\nb", "a\\r\\nb"),
            ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}", "\\u{1b}[2J\\u{7}"),
            ("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}", "\\u{9b}31m\\u{7f}\\u{0}"),
            (
                "x\u{202e}y\u{2066}\u{200b}\u{feff}",
                "x\\u{202e}y\\u{2066}\\u{200b}\\u{feff}",
                "x\\u{202e}y\\u{2066}\\u{200b}\\u{feff}",
            ),
            (
                "\u{2028}\u{2029}\u{e0041}\u{fe0f}\u{3164}",
                "\\u{2028}\\u{2029}\\u{e0041}\\u{fe0f}\\u{3164}",
                "\\u{2028}\\u{2029}\\u{e0041}\\u{fe0f}\\u{3164}",
            ),
            ("\u{ffff}\u{1fffe}", "\\u{ffff}\\u{1fffe}", "\\u{ffff}\\u{1fffe}"),
            ("\u{2800}\u{2801}", "\\u{2800}\u{2801}", "\\u{2800}\u{2801}"),
        ] {
            assert_eq!(Safe(given).to_string(), many);
            assert_eq!(SafeLine(given).to_string(), one);
        }
    }

    #[test]
    fn leaves_nothing_unsafe_of_any_character() {
        let all: String = (char::MIN..=char::MAX).collect();
        assert!(!SafeLine(&all).to_string().contains(is_unsafe));
        assert!(!Safe(&all).to_string().contains(|c| is_unsafe(c) && c != '\n' && c != '\t'));
    }
}
