//! The report for a person at a terminal: first what is wrong, then the values that were compared, then what to do.

use super::layout::{Page, Style};
use super::parts::{self, Tone};
use super::table::table;
use crate::report::{Finding, Guide, Report};

/// What [`text`] shows, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns; no line is wider. Below [`NARROWEST`](super::NARROWEST) that is used instead.
    pub width: usize,
    /// Bold and colours, for a terminal.
    pub colour: bool,
    /// Marks and rules of tables beyond ASCII. Values of the paste are shown in their own characters either way.
    pub unicode: bool,
    /// Every claim with its meaning.
    pub claims: bool,
    /// Every rule and how it ended.
    pub checks: bool,
    /// Every moment, oldest first.
    pub timeline: bool,
    /// Everything: the three above, every finding in full, what to request, what to search logs for, where to read.
    pub all: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 80, colour: false, unicode: true, claims: false, checks: false, timeline: false, all: false }
    }
}

/// How many artefacts beside the judged one the short form lists; it says how many more there are.
const ARTEFACTS_IN_SHORT: usize = 4;

/// How many calls the short form lists; it says how many more there are.
const CALLS_IN_SHORT: usize = 8;

/// How many further findings the short form lists; it says how many more there are.
const FINDINGS_IN_SHORT: usize = 8;

/// A report as text. Every line ends with a line break; all text is escaped as by
/// [`SafeLine`](super::SafeLine).
pub fn text(report: &Report, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    let leading = report.leading_finding();
    page.blank();
    headline(&mut page, report, options.unicode);
    page.blank();
    if let Some(finding) = leading {
        conclusion(&mut page, finding);
        page.blank();
    }
    artefacts(&mut page, report, options.all);
    notes(&mut page, report);
    further_findings(&mut page, report, options.all);
    let checks = options.checks || options.all;
    let hint = if checks || report.checks.is_empty() { "" } else { " (--checks lists them)" };
    if !report.verdict.checked.is_empty() {
        page.field("Checked", &format!("{}{hint}", report.verdict.checked));
    }
    if options.all {
        every_finding(&mut page, report, leading);
    }
    if options.claims || options.all {
        claims(&mut page, report, options.unicode);
    }
    if options.timeline || options.all {
        timeline(&mut page, report);
    }
    if options.all {
        permission(&mut page, report);
        if let Some(guide) = &report.guide {
            guide_text(&mut page, guide);
        }
        join_keys(&mut page, report);
        key_files(&mut page, report);
    }
    if checks {
        all_checks(&mut page, report);
    }
    if options.all && !report.links.is_empty() {
        heading(&mut page, "Read on");
        for link in &report.links {
            page.paragraph(&link.title, Style::Plain);
            page.hanging("", 4, &link.url, Style::Plain, Style::Plain);
        }
    }
    page.blank();
    page.finish()
}

/// Puts on a page what a flow has to request, what its token must look like, and what people get wrong.
pub fn guide_text(page: &mut Page, guide: &Guide) {
    heading(page, &format!("What to request: {}", guide.name));
    list(page, "Request", &guide.request);
    list(page, "Expect", &guide.expect);
    list(page, "Library", &guide.library);
    list(page, "Mistakes", &guide.mistakes);
}

fn headline(page: &mut Page, report: &Report, unicode: bool) {
    let (mark, ascii, style) = match parts::tone(report) {
        Tone::Unknown => ("?", "?", Style::Bold),
        Tone::Error => ("✗", "x", Style::Error),
        Tone::Warning => ("!", "!", Style::Warning),
        Tone::Fine => ("✓", "-", Style::Fine),
    };
    page.hanging(if unicode { mark } else { ascii }, 4, &report.verdict.headline, style, Style::Bold);
}

/// Why, what to do, and who has to.
fn conclusion(page: &mut Page, finding: &Finding) {
    if !finding.because.is_empty() {
        page.field("Why", &finding.because);
    }
    match finding.fix.as_slice() {
        [] => {}
        [only] => page.field("Do this", only),
        steps => page.steps("Do this", steps.iter().map(String::as_str)),
    }
    page.field_with_end("Who", finding.fixer.words(), finding.confidence.name());
}

fn artefacts(page: &mut Page, report: &Report, all: bool) {
    let (judged, others): (Vec<_>, Vec<_>) = report.artefacts.iter().partition(|artefact| artefact.judged);
    let shown = if all { usize::MAX } else { ARTEFACTS_IN_SHORT };
    let mut last = "";
    for artefact in judged.into_iter().chain(others.iter().copied().take(shown)) {
        // A label stands for all the lines under it.
        let label = parts::label(artefact);
        page.field(if label == last { "" } else { label }, &parts::described(artefact));
        last = label;
    }
    let more = others.len().saturating_sub(shown);
    if more > 0 {
        page.field("", &format!("and {more} more (--all lists them)"));
    }
    if let Some(left_out) = parts::left_out(report) {
        page.field("Left out", &left_out);
    }
    calls(page, report, all);
}

/// Whether the token suffices: a line for each call, those that are refused first, and what they need together.
fn calls(page: &mut Page, report: &Report, all: bool) {
    let shown = if all { usize::MAX } else { CALLS_IN_SHORT };
    let mut label = "Call";
    for answer in parts::calls(report).take(shown) {
        page.field(label, &answer.summary);
        label = "";
    }
    let more = report.permissions.len().saturating_sub(shown);
    if more > 0 {
        page.field("", &format!("and {more} more (--all lists them)"));
    }
    if let Some(set) = &report.permission_set {
        page.field("Least", &set.summary);
        if let Some(excess) = &set.excess {
            page.field("Excess", excess);
        }
    }
}

fn notes(page: &mut Page, report: &Report) {
    let mut label = "Note";
    for note in parts::notes(report) {
        // How to have the signature checked is a matter of the command.
        if label == "Note" && is_unchecked(report) {
            page.field(label, &format!("{} (--jwks FILE).", note.trim_end_matches('.')));
        } else {
            page.field(label, note);
        }
        label = "";
    }
}

/// True where there is a signature to check, and no keys to check it with.
fn is_unchecked(report: &Report) -> bool {
    let token = report.judged().and_then(|artefact| artefact.token.as_ref());
    token.is_some_and(|token| token.signature == "not-checked")
}

fn further_findings(page: &mut Page, report: &Report, all: bool) {
    let others = parts::beside(report);
    let shown = if all { usize::MAX } else { FINDINGS_IN_SHORT };
    let mut label = "Also";
    for finding in others.clone().take(shown) {
        page.field(label, &format!("{}: {}", parts::weight_in_words(finding), finding.title));
        label = "";
    }
    let more = others.count().saturating_sub(shown);
    if more > 0 {
        page.field("", &format!("and {more} more (--all lists them)"));
    }
}

fn heading(page: &mut Page, text: &str) {
    page.blank();
    page.paragraph(text, Style::Bold);
    page.blank();
}

fn every_finding(page: &mut Page, report: &Report, leading: Option<&Finding>) {
    for finding in leading.into_iter().chain(parts::beside(report)) {
        heading(page, &format!("{}: {}", finding.severity.name(), finding.title));
        page.field("Finding", finding.id);
        if !leading.is_some_and(|first| std::ptr::eq(first, finding)) {
            conclusion(page, finding);
        }
        let mut label = "Seen";
        for evidence in &finding.evidence {
            page.field(label, &format!("{} = {}", evidence.pointer, evidence.value));
            label = "";
        }
        label = "Read";
        for source in &finding.sources {
            page.field(label, source);
            label = "";
        }
    }
}

fn claims(page: &mut Page, report: &Report, unicode: bool) {
    for artefact in &report.artefacts {
        let Some(token) = &artefact.token else { continue };
        heading(page, &format!("Claims of the {}", parts::kind_in_words(artefact)));
        let rows = token.claims.iter().map(|claim| {
            let value = match &claim.reading {
                Some(reading) => vec![claim.value.as_str(), reading],
                None => vec![claim.value.as_str()],
            };
            let (meaning, inferred) = parts::meaning(claim);
            let meaning = std::iter::once(meaning).chain(inferred).collect();
            // Claims of the payload by name, those of the header with their place.
            let place = if claim.pointer.starts_with("/header/") {
                vec![claim.name.as_str(), "(header)"]
            } else {
                vec![&*claim.name]
            };
            [place, value, meaning]
        });
        table(page, ["Claim", "Value", "Meaning"], rows, unicode);
        if let Some(more) = parts::claims_left_out(token) {
            page.paragraph(&more, Style::Plain);
        }
    }
}

fn timeline(page: &mut Page, report: &Report) {
    if report.timeline.is_empty() {
        return;
    }
    heading(page, "Timeline");
    for moment in &report.timeline {
        page.hanging(&moment.time.utc, 24, &parts::moment(report, moment), Style::Plain, Style::Plain);
    }
}

fn permission(page: &mut Page, report: &Report) {
    for answer in &report.permissions {
        heading(page, "Permission");
        page.field("Call", &answer.call);
        page.field("Answer", answer.words());
        for (label, names) in parts::permission_lists(answer) {
            page.field(label, &names);
        }
        list(page, "Note", &answer.caveats);
    }
}

fn list(page: &mut Page, label: &str, texts: &[String]) {
    for (index, text) in texts.iter().enumerate() {
        page.field(if index == 0 { label } else { "" }, text);
    }
}

fn join_keys(page: &mut Page, report: &Report) {
    let pairs = report.join_keys.pairs();
    if pairs.is_empty() {
        return;
    }
    heading(page, "To search logs for");
    for (name, value) in pairs {
        page.hanging(name, 18, value, Style::Plain, Style::Plain);
    }
}

/// The documents of keys that were given, and what is odd about them.
fn key_files(page: &mut Page, report: &Report) {
    if report.key_files.is_empty() {
        return;
    }
    heading(page, "Keys given");
    for file in &report.key_files {
        page.paragraph(&parts::key_file(file), Style::Plain);
        for note in &file.notes {
            page.hanging("", 4, note, Style::Plain, Style::Plain);
        }
    }
}

/// What was found and passed by name; what was not applicable under its reason.
fn all_checks(page: &mut Page, report: &Report) {
    if report.checks.is_empty() {
        return;
    }
    heading(page, "Checks");
    for (outcome, ids) in parts::checks(report) {
        page.paragraph(&outcome, Style::Bold);
        page.hanging("", 4, &ids.join(", "), Style::Plain, Style::Plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::layout::width_of;
    use crate::render::{is_unsafe, sample};

    #[test]
    fn tells_the_answer_first() {
        let expected = r#"
  ✗ This token cannot list users: it holds none of the permissions that GET
    /users needs.

  Why      delegated token, scp = "User.Read"; GET /users needs
           User.ReadBasic.All or more
  Do this  1. Add the delegated permission User.ReadBasic.All to app
              7c4f7fc5-0000-4000-8000-000000000001.
           2. The user can consent to it.
  Who      app developer                                                 certain

  Token    access token 1.0, delegated, ada@tenant.example (header
           Authorization)
  Note     Signature not checked (--jwks FILE).
           6 line breaks removed
  Also     note: The token lives for 24 h
  Checked  29 of 31 checks apply: 28 passed, 1 found (--checks lists them)

"#;
        assert_eq!(text(&sample::report(), &TextOptions::default()), expected);
    }

    #[test]
    fn is_never_wider_than_asked_and_shows_no_hidden_character() {
        let report = sample::report();
        for width in 24..140 {
            for unicode in [false, true] {
                let options = TextOptions { width, all: true, unicode, ..TextOptions::default() };
                let shown = text(&report, &options);
                assert!(!shown.contains(|character| is_unsafe(character) && character != '\n'));
                for line in shown.lines() {
                    assert!(width_of(line) <= width, "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn detail_follows_on_request() {
        let report = sample::report();
        let plain = TextOptions::default();
        for (options, wanted) in [
            (TextOptions { claims: true, ..plain }, ["Claims of the access token", "User principal name."]),
            (TextOptions { checks: true, ..plain }, ["not applicable: no nonce in the header", "    nonce-replayed\n"]),
            (TextOptions { timeline: true, ..plain }, ["Timeline", "1970-01-01T00:50:00Z  expires (exp), in 41 min"]),
            (TextOptions { all: true, ..plain }, ["To search logs for", "https://learn.example/permissions"]),
        ] {
            for piece in wanted {
                assert!(text(&report, &options).contains(piece), "{piece}");
                assert!(text(&report, &TextOptions { all: true, ..plain }).contains(piece), "{piece}");
            }
            assert!(!text(&report, &plain).contains(wanted[1]), "{}", wanted[1]);
        }
    }
}
