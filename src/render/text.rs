//! The report for a person at a terminal: first what is wrong, then the values that were compared, then what to do.

use super::layout::{Page, Style, width_of};
use super::safe::SafeLine;
use crate::report::{
    Artefact, ArtefactKind, Confidence, Finding, Guide, Outcome, PermissionVerdict, Report, Severity, Status,
};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, TableComponent, Width, presets};

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

/// The narrowest page for a table; below it, its rows are laid out one under the other.
pub(super) const NARROWEST_TABLE: usize = 60;

/// A report as text. Every line ends with a line break; all text is escaped as by [`SafeLine`].
pub fn text(report: &Report, options: &TextOptions) -> String {
    let mut page = Page::new(options.width, options.colour);
    let leading = report.leading_finding();
    page.blank();
    headline(&mut page, report, leading, options.unicode);
    page.blank();
    if let Some(finding) = leading {
        conclusion(&mut page, finding);
        page.blank();
    }
    artefacts(&mut page, report, options.all);
    notes(&mut page, report);
    further_findings(&mut page, report, leading, options.all);
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
    }
    if checks {
        all_checks(&mut page, report, options.unicode);
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

fn headline(page: &mut Page, report: &Report, leading: Option<&Finding>, unicode: bool) {
    let (mark, ascii, style) = match (report.verdict.status, leading.map(|finding| finding.severity)) {
        (Status::Unreadable, _) => ("?", "?", Style::Bold),
        (_, Some(Severity::Error)) => ("✗", "x", Style::Error),
        (_, Some(Severity::Warning)) => ("!", "!", Style::Warning),
        (Status::Problem, _) => ("!", "!", Style::Warning),
        (Status::NoProblemFound, _) => ("✓", "-", Style::Fine),
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
    for artefact in report.artefacts.iter().filter(|artefact| artefact.judged) {
        summary(page, artefact);
    }
    let others = report.artefacts.iter().filter(|artefact| !artefact.judged);
    let shown = if all { usize::MAX } else { ARTEFACTS_IN_SHORT };
    let mut label = "";
    for artefact in others.clone().take(shown) {
        // Errors come under their own label, once; the rest under "Also in".
        let own = if is_error(artefact.kind) { "Error" } else { "Also in" };
        if own == label {
            page.field("", &described(artefact));
        } else {
            page.field(own, &described(artefact));
        }
        label = own;
    }
    let more = others.count().saturating_sub(shown);
    if more > 0 {
        page.field("", &format!("and {more} more (--all lists them)"));
    }
    calls(page, report, all);
}

/// Whether the token suffices: a line for each call, those that are refused first, and what they need together.
fn calls(page: &mut Page, report: &Report, all: bool) {
    let (granted, refused): (Vec<_>, Vec<_>) =
        report.permissions.iter().partition(|answer| answer.verdict == PermissionVerdict::Granted);
    let shown = if all { usize::MAX } else { CALLS_IN_SHORT };
    let mut label = "Call";
    for answer in refused.iter().chain(&granted).take(shown) {
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

fn summary(page: &mut Page, artefact: &Artefact) {
    page.field(if is_error(artefact.kind) { "Error" } else { "Token" }, &described(artefact));
}

fn described(artefact: &Artefact) -> String {
    match &artefact.context {
        Some(context) => format!("{} ({context})", artefact.summary),
        None => artefact.summary.clone(),
    }
}

fn is_error(kind: ArtefactKind) -> bool {
    matches!(kind, ArtefactKind::StsError | ArtefactKind::GraphError | ArtefactKind::ClaimsChallenge)
}

/// What limits the answer: the signature, and what had to be undone to read the paste.
fn notes(page: &mut Page, report: &Report) {
    let judged = report.judged();
    let repairs = judged.into_iter().flat_map(|artefact| artefact.repairs.iter().chain(&artefact.deviations));
    let mut label = "Note";
    for note in std::iter::once(&report.verdict.signature).chain(repairs).filter(|note| !note.is_empty()) {
        page.field(label, note);
        label = "";
    }
}

fn further_findings(page: &mut Page, report: &Report, leading: Option<&Finding>, all: bool) {
    let others = beside(report, leading);
    let shown = if all { usize::MAX } else { FINDINGS_IN_SHORT };
    let mut label = "Also";
    for finding in others.clone().take(shown) {
        page.field(label, &format!("{}: {}", weight_in_words(finding), finding.title));
        label = "";
    }
    let more = others.count().saturating_sub(shown);
    if more > 0 {
        page.field("", &format!("and {more} more (--all lists them)"));
    }
}

/// How a further finding is to be taken: what is not certain is no error yet, but something to look at.
fn weight_in_words(finding: &Finding) -> &'static str {
    match (finding.severity, finding.confidence) {
        (Severity::Note, _) | (_, Confidence::Certain) => finding.severity.name(),
        (_, Confidence::Likely) => "likely",
        (_, Confidence::Guess) => "possible",
    }
}

fn beside<'a>(report: &'a Report, leading: Option<&'a Finding>) -> impl Iterator<Item = &'a Finding> + Clone {
    report.findings.iter().filter(move |finding| !leading.is_some_and(|first| std::ptr::eq(first, *finding)))
}

fn heading(page: &mut Page, text: &str) {
    page.blank();
    page.paragraph(text, Style::Bold);
    page.blank();
}

fn every_finding(page: &mut Page, report: &Report, leading: Option<&Finding>) {
    for finding in leading.into_iter().chain(beside(report, leading)) {
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
        heading(page, &format!("Claims of the {}", artefact.kind.name().replace('-', " ")));
        let rows = token.claims.iter().map(|claim| {
            let value = match &claim.reading {
                Some(reading) => vec![claim.value.as_str(), reading],
                None => vec![claim.value.as_str()],
            };
            let meaning = match &claim.meaning {
                Some(meaning) if claim.documented => vec![&**meaning],
                Some(meaning) => vec![&**meaning, "(inferred: not documented)"],
                None => vec!["not in the catalogue"],
            };
            // Claims of the payload by name, those of the header with their place.
            let place = if claim.pointer.starts_with("/header/") {
                vec![claim.name.as_str(), "(header)"]
            } else {
                vec![&*claim.name]
            };
            [place, value, meaning]
        });
        table(page, ["Claim", "Value", "Meaning"], rows, unicode);
    }
}

fn timeline(page: &mut Page, report: &Report) {
    if report.timeline.is_empty() {
        return;
    }
    heading(page, "Timeline");
    let several = report.artefacts.len() > 1;
    for moment in &report.timeline {
        let artefact = moment.artefact.filter(|_| several).and_then(|index| report.artefacts.get(index));
        let of =
            artefact.map_or(String::new(), |artefact| format!(" of the {}", artefact.kind.name().replace('-', " ")));
        page.hanging(
            &moment.time.utc,
            24,
            &format!("{}{of}, {}", moment.what, moment.time.relative),
            Style::Plain,
            Style::Plain,
        );
    }
}

fn permission(page: &mut Page, report: &Report) {
    for answer in &report.permissions {
        heading(page, "Permission");
        page.field("Call", &answer.call);
        page.field("Answer", answer.verdict.words());
        let lists = [
            ("Held", answer.granted_by.join(", ")),
            ("Least", answer.least.join(" + ")),
            ("Others", answer.alternatives.join(", ")),
        ];
        for (label, names) in lists.iter().filter(|(_, names)| !names.is_empty()) {
            page.field(label, names);
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

fn all_checks(page: &mut Page, report: &Report, unicode: bool) {
    if report.checks.is_empty() {
        return;
    }
    heading(page, "Checks");
    let order = [Outcome::Found, Outcome::Pass, Outcome::NotApplicable];
    let sorted = order.iter().flat_map(|outcome| report.checks.iter().filter(move |check| check.outcome == *outcome));
    let rows = sorted.map(|check| [vec![check.id], vec![check.outcome.words()], vec![&*check.reason]]);
    table(page, ["Check", "Outcome", "Why not"], rows, unicode);
}

/// A table as wide as the page, or its rows one under the other where the page is too narrow for it. A cell is a list
/// of lines.
pub(super) fn table<'a>(
    page: &mut Page,
    titles: [&str; 3],
    rows: impl Iterator<Item = [Vec<&'a str>; 3]>,
    unicode: bool,
) {
    if page.width() < NARROWEST_TABLE {
        for [first, rest @ ..] in rows {
            page.paragraph(&first.join(" "), Style::Bold);
            for line in rest.iter().flatten().filter(|line| !line.is_empty()) {
                page.hanging("", 4, line, Style::Plain, Style::Plain);
            }
        }
        return;
    }
    let mut table = Table::new();
    table.load_preset(if unicode { presets::UTF8_HORIZONTAL_ONLY } else { presets::ASCII_HORIZONTAL_ONLY });
    for part in [
        TableComponent::TopBorder,
        TableComponent::TopBorderIntersections,
        TableComponent::BottomBorder,
        TableComponent::BottomBorderIntersections,
        TableComponent::HorizontalLines,
        TableComponent::MiddleIntersections,
    ] {
        table.remove_style(part);
    }
    table.set_content_arrangement(ContentArrangement::Dynamic);
    let width = page.width().saturating_sub(2);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(titles);
    table.add_rows(rows.map(|cells| {
        cells.map(|lines| lines.iter().map(|line| SafeLine(line).to_string()).collect::<Vec<_>>().join("\n"))
    }));
    let third = u16::try_from(width / 3).unwrap_or(u16::MAX);
    for index in [0, 1] {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(third)));
        }
    }
    let lines = table.to_string();
    debug_assert!(lines.lines().all(|line| width_of(line.trim_end()) <= width));
    page.block(&lines);
}

#[cfg(test)]
mod tests {
    use super::*;
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
  Note     Signature not checked.
           6 line breaks removed
  Also     note: The token lives for 24 h
  Checked  31 checks: 28 passed, 1 found, 2 not applicable (--checks lists them)

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
            (TextOptions { checks: true, ..plain }, ["not applicable", "no nonce in the header"]),
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
