//! The message of an error as its service wrote it: lines that a console wrapped are joined, and quotation marks are the
//! straight ones again.

use crate::facts::Facts;
use std::borrow::Cow;

/// Lines behind a message that can belong to it.
const MOST_LINES: usize = 4;

/// Longest part of the paste that is read behind a message, in bytes.
const LONGEST_REST: usize = 640;

/// From this length on, in bytes, a line that ends a sentence may still have been wrapped there.
const WRAPPED: usize = 60;

/// Longest name before a colon that makes a line one of a list, in bytes.
const LONGEST_LABEL: usize = 24;

/// Joins lines and straightens quotation marks.
pub(super) fn plain(text: &str) -> String {
    let text = if text.contains(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}']) {
        Cow::Owned(text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\""))
    } else {
        Cow::Borrowed(text)
    };
    if !text.contains('\n') {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(bare).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// A line without indentation and without what mail, lists and Terraform put in front of it.
fn bare(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '│' | '|' | '>')).trim_end()
}

/// The rest of a message that was read up to the end of its line only: the lines below, as far as they go on with it.
pub(super) fn rest(facts: &Facts<'_>, index: usize, message: &str) -> String {
    let Some(words) = facts.words.message.as_deref() else { return String::new() };
    let Some(end) = facts.artefacts.get(index).map(|artefact| artefact.span.end) else { return String::new() };
    let next = facts.artefacts.iter().map(|artefact| artefact.span.start).filter(|start| *start >= end).min();
    let stop = next.unwrap_or(words.len()).min(end.saturating_add(LONGEST_REST));
    let (Some(before), Some(behind)) = (words.get(..end), part(words, end, stop)) else { return String::new() };
    let (tail, below) = behind.split_once('\n').unwrap_or((behind, ""));
    let line = before.rsplit('\n').next().unwrap_or_default().len().saturating_add(tail.len());
    let last = if tail.trim().is_empty() { before } else { tail }.trim_end();
    // A span can end before its line does; then the message holds the rest of the line.
    let cut = tail.trim().is_empty() || message.contains(tail.trim());
    // What a colon announces stands on the next line.
    let complete = line < WRAPPED && last.ends_with(['.', '!', '?', ';']);
    if !cut || complete || last.ends_with(['}', ']', '"']) || line == 0 {
        return String::new();
    }
    let lines = below.lines().map(bare).take(MOST_LINES);
    let mut out = String::new();
    for line in lines.take_while(|line| !line.is_empty() && !is_label(line) && !line.starts_with(['{', '[', '<'])) {
        out.push(' ');
        out.push_str(line);
    }
    out
}

/// A part of a text, cut back to whole characters at its end.
fn part(text: &str, start: usize, stop: usize) -> Option<&str> {
    let end = (start..=stop.min(text.len())).rev().find(|end| text.is_char_boundary(*end))?;
    text.get(start..end)
}

/// A line `name: value`, or a frame of a stack.
fn is_label(line: &str) -> bool {
    let name = line.split_once(':').map(|(name, _)| name);
    name.is_some_and(|name| name.len() <= LONGEST_LABEL && name.split(' ').count() <= 2) || line.starts_with("at ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_are_one_line() {
        for (text, expected) in [
            ("plain", "plain"),
            ("│ asked for\n│   consent\n│\n│ twice", "asked for consent twice"),
            ("> you can\u{2019}t\r\n> sign in", "you can't sign in"),
            ("\u{201c}x\u{201d}", "\"x\""),
            ("a\n\nb", "a b"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn labels() {
        for line in ["Status: 403", "Trace ID: 1", "at Microsoft.Identity.Client"] {
            assert!(is_label(line), "{line}");
        }
        for line in ["and so on", "the scope https://graph.microsoft.example is one of: a"] {
            assert!(!is_label(line), "{line}");
        }
    }
}
