//! The report as Markdown, for a ticket or a pull request.

use super::parts::{self, Tone};
use super::safe::push_line;
use crate::report::{Finding, Report};
use std::fmt::Write;

/// A report in GitHub's Markdown: headline, steps, evidence, what was pasted, other findings, what to search logs for.
///
/// No text of the paste can act in it, in GitHub's renderer or another: values stand in code spans, and so do the words
/// of a sentence that could become a link, a mention or a reference; the rest of a sentence is escaped (no HTML, images,
/// tables or emphasis). Characters that do not show as themselves are written out.
pub fn markdown(report: &Report) -> String {
    let mut out = String::with_capacity(4 * 1024);
    let mark = match parts::tone(report) {
        Tone::Unknown => "❓",
        Tone::Error => "❌",
        Tone::Warning => "❗",
        Tone::Fine => "✅",
    };
    line(&mut out, &format!("## {mark} {}", prose(&report.verdict.headline)));
    if let Some(finding) = report.leading_finding() {
        body(&mut out, report, finding);
    }
    artefacts(&mut out, report);
    calls(&mut out, report);
    others(&mut out, report);
    join_keys(&mut out, report);
    line(&mut out, &format!("**Signature:** {}  ", prose(&report.verdict.signature)));
    out.pop();
    for file in &report.key_files {
        line(&mut out, &format!("**Keys given:** {}  ", prose(&parts::key_file(file))));
        out.pop();
        for note in &file.notes {
            let _ = writeln!(out, "{}  ", prose(note));
        }
    }
    line(&mut out, &format!("**Checked:** {}  ", prose(&report.verdict.checked)));
    out.pop();
    let tool = &report.tool;
    line(
        &mut out,
        &format!(
            "**Judged:** {} by {} {}, facts of {}",
            prose(&report.judged_at),
            tool.name,
            tool.version,
            tool.catalog_date
        ),
    );
    out.pop();
    out
}

fn body(out: &mut String, report: &Report, finding: &Finding) {
    if !finding.because.is_empty() {
        line(out, &format!("**Why:** {}", prose(&finding.because)));
    }
    line(
        out,
        &format!(
            "**Who:** {} · **confidence:** {} · **finding:** {}",
            finding.fixer.words(),
            finding.confidence.name(),
            code(finding.id)
        ),
    );
    if !finding.fix.is_empty() {
        line(out, "### What to do");
        for (index, step) in finding.fix.iter().enumerate() {
            let _ = writeln!(out, "{}. {}", index.saturating_add(1), prose(step));
        }
        out.push('\n');
    }
    if !finding.evidence.is_empty() {
        line(out, "### Evidence");
        out.push_str("| Where | Seen |\n|---|---|\n");
        for evidence in &finding.evidence {
            let artefact = evidence.artefact.and_then(|index| report.artefacts.get(index));
            let of = artefact.map_or(String::new(), |artefact| format!(" ({})", artefact.kind.name()));
            let _ = writeln!(out, "| {}{of} | {} |", cell(&evidence.pointer), cell(&evidence.value));
        }
        out.push('\n');
    }
    for source in &finding.sources {
        let _ = writeln!(out, "- {}", address(source));
    }
    if !finding.sources.is_empty() {
        out.push('\n');
    }
}

fn artefacts(out: &mut String, report: &Report) {
    if report.artefacts.is_empty() {
        return;
    }
    line(out, "### What was pasted");
    for artefact in &report.artefacts {
        let context = artefact.context.as_deref().map_or(String::new(), |context| format!(", in {}", prose(context)));
        let judged = if artefact.judged { " (judged)" } else { "" };
        let _ = writeln!(out, "- **{}**{judged}: {}{context}", artefact.kind.name(), prose(&artefact.summary));
        for note in artefact.repairs.iter().chain(&artefact.deviations) {
            let _ = writeln!(out, "  - {}", prose(note));
        }
    }
    out.push('\n');
}

fn calls(out: &mut String, report: &Report) {
    if report.permissions.is_empty() {
        return;
    }
    line(out, "### Permissions");
    for answer in &report.permissions {
        let _ = writeln!(out, "- {}", prose(&answer.summary));
    }
    out.push('\n');
    if let Some(set) = &report.permission_set {
        line(out, &format!("**Least:** {}", prose(&set.summary)));
        if let Some(excess) = &set.excess {
            line(out, &format!("**Excess:** {}", prose(excess)));
        }
    }
}

fn others(out: &mut String, report: &Report) {
    let mut others = parts::beside(report);
    let Some(first) = others.next() else { return };
    line(out, "### Also found");
    for finding in std::iter::once(first).chain(others) {
        let (severity, id) = (finding.severity.name(), code(finding.id));
        let _ = writeln!(out, "- **{severity}** {} ({id}): {}", prose(&finding.title), prose(&finding.because));
    }
    out.push('\n');
}

fn join_keys(out: &mut String, report: &Report) {
    let pairs = report.join_keys.pairs();
    if pairs.is_empty() {
        return;
    }
    line(out, "### To search logs for");
    out.push_str("| Key | Value |\n|---|---|\n");
    for (name, value) in pairs {
        let _ = writeln!(out, "| {name} | {} |", cell(value));
    }
    out.push('\n');
}

/// A paragraph of its own.
fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\n\n");
}

/// A sentence in which nothing is markup, fit for a cell of a table too.
///
/// A word that some renderer would act on becomes a code span, which all of them leave alone: many look for addresses,
/// mentions and references only after the Markdown was read, when a backslash before them is gone. Identifiers look
/// right that way, too. In all other words the characters of markup are escaped.
fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    push_line(&mut escaped, text);
    let mut out = String::with_capacity(escaped.len().saturating_add(16));
    // Blanks at the beginning would make code of a list item.
    for (index, word) in escaped.trim_start_matches(' ').split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        // A bar would end the cell within code.
        for (index, piece) in word.split('|').enumerate() {
            if index > 0 {
                out.push_str("\\|");
            }
            push_piece(&mut out, piece);
        }
    }
    // What would begin a list within a list.
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    match out.as_bytes().get(digits) {
        Some(b'+' | b'-') if digits == 0 => out.insert(0, '\\'),
        Some(b'.' | b')') if digits > 0 => out.insert(digits, '\\'),
        _ => {}
    }
    out
}

/// A word without its punctuation as code where it has to be, otherwise escaped.
fn push_piece(out: &mut String, word: &str) {
    let start = word.trim_start_matches(['(', '"', '\'', ',']);
    let core = start.trim_end_matches([')', '"', '\'', ',', '.', ';', ':', '?']);
    if core.is_empty() || !is_acted_on(core) {
        push_escaped(out, word);
        return;
    }
    push_escaped(out, word.strip_suffix(start).unwrap_or_default());
    out.push_str(&code(core));
    push_escaped(out, start.strip_prefix(core).unwrap_or_default());
}

fn push_escaped(out: &mut String, text: &str) {
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '$' | '!' | '{' | '}' | '^'
        ) {
            out.push('\\');
        }
        out.push(character);
    }
}

/// True of a word that some renderer of Markdown turns into something else, or into a link: addresses and domains
/// (GFM, linkify), `scheme:…`, `@name`, `#12`, `!12`, `$12`, `%12`, `&12`, `~label` (GitHub, GitLab), `GH-12`, `ABC-12`
/// (trackers), hashes of commits, `:emoji:`, `{+inserted+}` and `[-deleted-]` (GitLab), `[[page]]` (wikis).
fn is_acted_on(word: &str) -> bool {
    let mut before = '\0';
    let mut characters = word.chars().peekable();
    let mut hexadecimal = 0_usize;
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or('\0');
        let acts = match character {
            '@' => true,
            '#' | '!' | '$' | '%' | '&' | '~' | '^' => next.is_alphanumeric() || next == '"',
            '.' => before.is_alphanumeric() && next.is_alphabetic(),
            ':' => before.is_alphabetic() && !next.is_whitespace() || next.is_alphanumeric() || next == '+',
            '-' if before.is_ascii_uppercase() && next.is_ascii_digit() => true,
            '+' | '-' => matches!(before, '{' | '[') || matches!(next, '}' | ']'),
            '[' => before == '[',
            _ => false,
        };
        hexadecimal = if character.is_ascii_hexdigit() { hexadecimal.saturating_add(1) } else { 0 };
        if acts || hexadecimal >= 7 {
            return true;
        }
        before = character;
    }
    false
}

/// A value as a code span.
fn code(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    push_line(&mut escaped, text);
    if escaped.trim().is_empty() {
        return if escaped.is_empty() { "(empty)".to_owned() } else { format!("({} spaces)", escaped.chars().count()) };
    }
    let mut longest = 0_usize;
    let mut run = 0_usize;
    for character in escaped.chars() {
        run = if character == '`' { run.saturating_add(1) } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.saturating_add(1));
    let pad = if longest > 0 || escaped.starts_with(' ') || escaped.ends_with(' ') { " " } else { "" };
    format!("{fence}{pad}{escaped}{pad}{fence}")
}

/// A value in a cell of a table: there a bar ends the cell even in code.
fn cell(text: &str) -> String {
    // A backslash before a bar would be read as the escape of the bar.
    if text.contains("\\|") { prose(text) } else { code(text).replace('|', "\\|") }
}

/// An address of the documentation: a link where it can be nothing else.
fn address(url: &str) -> String {
    if parts::is_address(url) { format!("<{url}>") } else { code(url) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_is_markup() {
        for (given, in_prose, in_cell) in [
            ("a|b", "a\\|b", "`a\\|b`"),
            ("a`b``c", "a\\`b\\`\\`c", "``` a`b``c ```"),
            ("<img src=x>", "\\<img src=x\\>", "`<img src=x>`"),
            ("[x](https://evil.example)", "`[x](https://evil.example`)", "`[x](https://evil.example)`"),
            ("see (www.evil.example).", "see (`www.evil.example`).", "`see (www.evil.example).`"),
            ("@everyone a@b.example", "`@everyone` `a@b.example`", "`@everyone a@b.example`"),
            ("a\\|b", "a\\\\\\|b", "a\\\\\\|b"),
            ("@a\\|@b`", "`@a\\`\\|`` @b` ``", "`@a\\`\\|`` @b` ``"),
            ("line\n# two\u{202e}", "line\\\\n\\# two\\\\u\\{202e\\}", "`line\\n# two\\u{202e}`"),
            ("fixes owner/repo#12, GH-3 !4", "fixes `owner/repo#12`, `GH-3` `!4`", "`fixes owner/repo#12, GH-3 !4`"),
            ("User.Read is 1.0 at 09:20", "`User.Read` is 1.0 at `09:20`", "`User.Read is 1.0 at 09:20`"),
            ("- x", "\\- x", "`- x`"),
            ("    12) x", "12\\) x", "`     12) x `"),
            ("", "", "(empty)"),
            (" ", "", "(1 spaces)"),
            ("`", "\\`", "`` ` ``"),
        ] {
            assert_eq!(prose(given), in_prose, "{given}");
            assert_eq!(cell(given), in_cell, "{given}");
        }
        assert_eq!(address("https://learn.example/a"), "<https://learn.example/a>");
        assert_eq!(address("javascript:alert(1)"), "`javascript:alert(1)`");
    }
}
