//! The report as one HTML page that loads nothing, runs nothing and can be kept, mailed or printed.

use super::parts::{self, Tone};
use super::{Safe, SafeLine, json};
use crate::report::{Artefact, Finding, Guide, Permission, RawJson, Report, Severity, Token};
use std::fmt::{Display, Formatter, Result, Write};

/// The style, as it stands in the page.
const STYLE: &str = include_str!("html.css");

/// What the page may do: show this style. `STYLE_HASH` is its SHA-256 hash, which browsers compare.
const STYLE_HASH: &str = "sha256-ih6JzGXk9ZSksTO7D6OZi0HVrcJEiinRZK0CNh5rdn0=";

/// A report as a page of HTML: everything that [`text`](super::text) shows with all its details, header and payload.
///
/// No text of the paste can act in it: there is no script, everything is escaped, characters that do not show as
/// themselves are written out as by [`SafeLine`], and a content security policy forbids the page whatever it does not
/// need. Links lead to documentation only. The page is as private as the report is: see
/// [`Report::redact`](crate::report::Report::redact).
pub fn html(report: &Report) -> String {
    let mut page = Page(String::with_capacity(48 * 1024));
    page.put(format_args!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{STYLE_HASH}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        Text(&report.verdict.headline)
    ));
    verdict(&mut page, report);
    page.put(format_args!("<main>\n"));
    pasted(&mut page, report);
    findings(&mut page, report);
    for artefact in &report.artefacts {
        if let Some(token) = &artefact.token {
            claims(&mut page, artefact, token);
        }
    }
    timeline(&mut page, report);
    for answer in &report.permissions {
        permission(&mut page, answer);
    }
    if let Some(flow) = &report.guide {
        guide(&mut page, flow);
    }
    join_keys(&mut page, report);
    checks(&mut page, report);
    for artefact in &report.artefacts {
        raw(&mut page, artefact);
    }
    links(&mut page, report);
    let tool = &report.tool;
    page.put(format_args!(
        "</main>\n<footer>Judged: {} by {} {}, facts of {}</footer>\n</body>\n</html>\n",
        Text(&report.judged_at),
        tool.name,
        tool.version,
        tool.catalog_date
    ));
    page.0
}

/// Text in which nothing is markup, in content and in quoted attributes.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(Entities(formatter), "{}", SafeLine(self.0))
    }
}

/// The same with its line breaks.
struct Lines<'a>(&'a str);

impl Display for Lines<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(Entities(formatter), "{}", Safe(self.0))
    }
}

/// Writes the characters of markup as character references.
struct Entities<'a, 'f>(&'a mut Formatter<'f>);

impl Write for Entities<'_, '_> {
    fn write_str(&mut self, text: &str) -> Result {
        for piece in text.split_inclusive(['&', '<', '>', '"', '\'']) {
            let (plain, reference) = match piece.as_bytes().last() {
                Some(b'&') => (piece.strip_suffix('&'), "&amp;"),
                Some(b'<') => (piece.strip_suffix('<'), "&lt;"),
                Some(b'>') => (piece.strip_suffix('>'), "&gt;"),
                Some(b'"') => (piece.strip_suffix('"'), "&quot;"),
                Some(b'\'') => (piece.strip_suffix('\''), "&#39;"),
                _ => (Some(piece), ""),
            };
            self.0.write_str(plain.unwrap_or(piece))?;
            self.0.write_str(reference)?;
        }
        Ok(())
    }
}

/// A page under construction.
struct Page(String);

impl Page {
    /// Writes markup. Whatever is not part of the program goes through [`Text`] or [`Lines`].
    fn put(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(markup);
    }

    /// A section under a heading.
    fn section(&mut self, heading: &str, content: impl FnOnce(&mut Self)) {
        self.put(format_args!("<section>\n<h2>{}</h2>\n", Text(heading)));
        content(self);
        self.put(format_args!("</section>\n"));
    }

    /// A list of labels with texts; see [`Page::field`].
    fn fields(&mut self, content: impl FnOnce(&mut Self)) {
        self.put(format_args!("<dl>\n"));
        content(self);
        self.put(format_args!("</dl>\n"));
    }

    /// A label and its texts; nothing where there is no text.
    fn field<T: AsRef<str>>(&mut self, label: &str, texts: impl IntoIterator<Item = T>) {
        let mut label = Some(label);
        for text in texts {
            if let Some(label) = label.take() {
                self.put(format_args!("<dt>{}</dt>", Text(label)));
            }
            self.put(format_args!("<dd>{}</dd>\n", Text(text.as_ref())));
        }
    }

    /// A label and an address, which is a link where it can be one.
    fn address(&mut self, url: &str) {
        if parts::is_address(url) {
            self.put(format_args!("<a href=\"{0}\" rel=\"noreferrer\">{0}</a>", Text(url)));
        } else {
            self.put(format_args!("<code>{}</code>", Text(url)));
        }
    }

    /// The shape of a severity: the word stands beside it.
    fn mark(&mut self, shape: &str) {
        self.put(format_args!(
            "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path fill-rule=\"evenodd\" d=\"{shape}\"/></svg>"
        ));
    }
}

/// A disc with a cross.
const CROSS: &str = "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM5.2 4 8 6.8 10.8 4 12 5.2 9.2 8l2.8 2.8-1.2 1.2L8 9.2 5.2 12 4 \
                     10.8 6.8 8 4 5.2Z";
/// A triangle with an exclamation mark.
const TRIANGLE: &str = "M8 .8 16 15H0ZM7.1 5.6h1.8v5H7.1ZM7.1 11.6h1.8v1.8H7.1Z";
/// A disc with a tick.
const TICK: &str = "M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0ZM11.7 4.6 13 5.8 7 12 3.2 8.2 4.5 7 7 9.5Z";
/// A square with an i.
const SQUARE: &str = "M1.5 1.5h13v13h-13ZM7.1 4h1.8v1.8H7.1ZM7.1 7h1.8v5H7.1Z";

/// The headline, the values that were compared, what to do, and who has to.
fn verdict(page: &mut Page, report: &Report) {
    let (class, shape, word) = match parts::tone(report) {
        Tone::Error => ("error", CROSS, "Error"),
        Tone::Warning => ("warning", TRIANGLE, "Warning"),
        Tone::Fine => ("fine", TICK, "No problem found"),
        Tone::Unknown => ("note", SQUARE, "Nothing recognised"),
    };
    page.put(format_args!("<header class=\"{class}\">\n<p class=\"kind\">"));
    page.mark(shape);
    page.put(format_args!("{word}</p>\n<h1>{}</h1>\n", Text(&report.verdict.headline)));
    if let Some(finding) = report.leading_finding() {
        page.fields(|page| conclusion(page, finding));
    }
    page.put(format_args!("</header>\n"));
}

fn conclusion(page: &mut Page, finding: &Finding) {
    page.field("Why", Some(&finding.because).filter(|because| !because.is_empty()));
    if let [only] = finding.fix.as_slice() {
        page.field("Do this", [only]);
    } else if !finding.fix.is_empty() {
        page.put(format_args!("<dt>Do this</dt><dd><ol>\n"));
        for step in &finding.fix {
            page.put(format_args!("<li>{}</li>\n", Text(step)));
        }
        page.put(format_args!("</ol></dd>\n"));
    }
    page.field("Who", [finding.fixer.words()]);
    page.field("How sure", [finding.confidence.name()]);
}

fn pasted(page: &mut Page, report: &Report) {
    page.section("What was pasted", |page| {
        page.fields(|page| {
            let mut last = "";
            let (judged, others): (Vec<_>, Vec<_>) = report.artefacts.iter().partition(|artefact| artefact.judged);
            for artefact in judged.into_iter().chain(others) {
                // A label stands for all the lines under it.
                let label = parts::label(artefact);
                if label != last {
                    page.put(format_args!("<dt>{label}</dt>"));
                    last = label;
                }
                page.put(format_args!("<dd>{}</dd>\n", Text(&parts::described(artefact))));
            }
            page.field("Left out", parts::left_out(report));
            page.field("Call", parts::calls(report).map(|answer| &answer.summary));
            if let Some(set) = &report.permission_set {
                page.field("Least", [&set.summary]);
                page.field("Excess", &set.excess);
            }
            page.field("Note", parts::notes(report));
            for file in &report.key_files {
                page.field("Keys given", std::iter::once(&parts::key_file(file)).chain(&file.notes));
            }
            page.field("Checked", Some(&report.verdict.checked).filter(|checked| !checked.is_empty()));
        });
    });
}

fn findings(page: &mut Page, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    page.section("Findings", |page| {
        let leading = report.leading_finding();
        for finding in leading.into_iter().chain(parts::beside(report)) {
            let (class, shape) = match finding.severity {
                Severity::Error => ("error", CROSS),
                Severity::Warning => ("warning", TRIANGLE),
                Severity::Note => ("note", SQUARE),
            };
            let is_leading = leading.is_some_and(|first| std::ptr::eq(first, finding));
            page.put(format_args!("<article class=\"{class}\">\n<h3>"));
            page.mark(shape);
            let weight = if is_leading { finding.severity.name() } else { parts::weight_in_words(finding) };
            page.put(format_args!("<span class=\"kind\">{weight}</span> {}</h3>\n", Text(&finding.title)));
            page.fields(|page| {
                page.put(format_args!("<dt>Finding</dt><dd><code>{}</code></dd>\n", finding.id));
                if !is_leading {
                    conclusion(page, finding);
                }
                evidence(page, finding);
            });
            page.put(format_args!("</article>\n"));
        }
    });
}

fn evidence(page: &mut Page, finding: &Finding) {
    for (index, evidence) in finding.evidence.iter().enumerate() {
        let label = if index == 0 { "<dt>Seen</dt>" } else { "" };
        let (pointer, value) = (Text(&evidence.pointer), Text(&evidence.value));
        page.put(format_args!("{label}<dd><code>{pointer}</code> = <code>{value}</code></dd>\n"));
    }
    for (index, source) in finding.sources.iter().enumerate() {
        page.put(format_args!("{}<dd>", if index == 0 { "<dt>Read</dt>" } else { "" }));
        page.address(source);
        page.put(format_args!("</dd>\n"));
    }
}

fn claims(page: &mut Page, artefact: &Artefact, token: &Token) {
    page.section(&format!("Claims of the {}", parts::kind_in_words(artefact)), |page| {
        page.put(format_args!(
            "<table>\n<thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Value</th>\
             <th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n"
        ));
        for claim in &token.claims {
            let place = if claim.pointer.starts_with("/header/") { "<span>(header)</span>" } else { "" };
            let (name, value) = (Text(&claim.name), Text(&claim.value));
            page.put(format_args!("<tr><th scope=\"row\">{name}{place}</th><td><code>{value}</code>"));
            if let Some(reading) = &claim.reading {
                page.put(format_args!("<span>{}</span>", Text(reading)));
            }
            let (meaning, inferred) = parts::meaning(claim);
            page.put(format_args!("</td><td>{}", Text(meaning)));
            if let Some(inferred) = inferred {
                page.put(format_args!("<span>{inferred}</span>"));
            }
            page.put(format_args!("</td></tr>\n"));
        }
        page.put(format_args!("</tbody>\n</table>\n"));
        if let Some(more) = parts::claims_left_out(token) {
            page.put(format_args!("<p>{more}</p>\n"));
        }
    });
}

fn timeline(page: &mut Page, report: &Report) {
    if report.timeline.is_empty() {
        return;
    }
    page.section("Timeline", |page| {
        axis(page, report);
        page.put(format_args!("<ul>\n"));
        for moment in &report.timeline {
            let what = parts::moment(report, moment);
            page.put(format_args!("<li><time>{}</time> {}</li>\n", Text(&moment.time.utc), Text(&what)));
        }
        page.put(format_args!("</ul>\n"));
    });
}

/// The most tokens that are drawn; the list beside the picture names all.
const BARS: usize = 12;

/// The timeline as a picture: a bar for the life of each token, and a line at the moment of judging.
fn axis(page: &mut Page, report: &Report) {
    let moments = || report.timeline.iter().map(|moment| (moment.artefact, i128::from(moment.time.seconds)));
    let (Some((_, first)), Some((_, last))) = (moments().min_by_key(|at| at.1), moments().max_by_key(|at| at.1)) else {
        return;
    };
    let mut all: Vec<Option<(i128, i128)>> = vec![None; report.artefacts.len()];
    for (artefact, moment) in moments() {
        if let Some(life) = artefact.and_then(|index| all.get_mut(index)) {
            let (from, to) = life.unwrap_or((moment, moment));
            *life = Some((from.min(moment), to.max(moment)));
        }
    }
    let lives: Vec<_> = all.into_iter().flatten().filter(|(from, to)| from < to).take(BARS).collect();
    if lives.is_empty() {
        return;
    }
    // In thousandths of the width: moments are 64-bit numbers, so the product fits.
    let length = last.saturating_sub(first).max(1);
    let place =
        |moment: i128| moment.saturating_sub(first).saturating_mul(1000).checked_div(length).unwrap_or_default();
    let row = |index: usize| index.saturating_mul(14).saturating_add(6);
    let height = row(lives.len());
    page.put(format_args!(
        "<svg class=\"axis\" viewBox=\"0 0 1000 {height}\" height=\"{height}\" preserveAspectRatio=\"none\" \
         aria-hidden=\"true\">\n"
    ));
    for (index, (from, to)) in lives.into_iter().enumerate() {
        let (x, width, y) = (place(from), place(to).saturating_sub(place(from)).max(1), row(index));
        page.put(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"8\" stroke=\"none\"/>\n"));
    }
    for (_, judged) in moments().filter(|(artefact, _)| artefact.is_none()) {
        page.put(format_args!(
            "<path d=\"M{} 0V{height}\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/>\n",
            place(judged)
        ));
    }
    page.put(format_args!("</svg>\n"));
}

fn permission(page: &mut Page, answer: &Permission) {
    page.section("Permission", |page| {
        page.fields(|page| {
            page.field("Call", [&answer.call]);
            page.field("Answer", [answer.words()]);
            for (label, names) in parts::permission_lists(answer) {
                page.field(label, [names]);
            }
            page.field("Note", &answer.caveats);
        });
    });
}

fn guide(page: &mut Page, guide: &Guide) {
    page.section(&format!("What to request: {}", guide.name), |page| {
        page.fields(|page| {
            page.field("Request", &guide.request);
            page.field("Expect", &guide.expect);
            page.field("Library", &guide.library);
            page.field("Mistakes", &guide.mistakes);
        });
    });
}

fn join_keys(page: &mut Page, report: &Report) {
    let pairs = report.join_keys.pairs();
    if pairs.is_empty() {
        return;
    }
    page.section("To search logs for", |page| {
        page.fields(|page| {
            for (name, value) in pairs {
                page.put(format_args!("<dt>{name}</dt><dd><code>{}</code></dd>\n", Text(value)));
            }
        });
    });
}

/// What was found and passed by name; what was not applicable under its reason.
fn checks(page: &mut Page, report: &Report) {
    if report.checks.is_empty() {
        return;
    }
    page.section("Checks", |page| {
        page.put(format_args!("<dl class=\"wide\">\n"));
        for (outcome, ids) in parts::checks(report) {
            page.put(format_args!("<dt>{}</dt><dd>{}</dd>\n", Text(&outcome), Text(&ids.join(", "))));
        }
        page.put(format_args!("</dl>\n"));
    });
}

fn raw(page: &mut Page, artefact: &Artefact) {
    let parts_of_it = [("Header", &artefact.header), ("Payload", &artefact.payload)];
    for (part, raw) in parts_of_it.into_iter().filter_map(|(part, raw)| Some((part, raw.as_ref()?))) {
        page.section(&format!("{part} of the {}", parts::kind_in_words(artefact)), |page| pre(page, raw));
    }
}

fn pre(page: &mut Page, raw: &RawJson) {
    page.put(format_args!("<pre>{}</pre>\n", Lines(&json(raw, true))));
}

fn links(page: &mut Page, report: &Report) {
    if report.links.is_empty() {
        return;
    }
    page.section("Read on", |page| {
        page.put(format_args!("<ul>\n"));
        for link in &report.links {
            page.put(format_args!("<li>{}: ", Text(&link.title)));
            page.address(&link.url);
            page.put(format_args!("</li>\n"));
        }
        page.put(format_args!("</ul>\n"));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{is_unsafe, sample};
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    #[test]
    fn browsers_accept_the_style() {
        let hash = format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(STYLE)));
        assert_eq!(STYLE_HASH, hash, "html.css has changed: set STYLE_HASH to this");
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
        assert!(!STYLE.contains("</"));
    }

    #[test]
    fn shows_the_whole_report() {
        let report = sample::report();
        let page = html(&report);
        for piece in [
            "<h1>This token cannot list users: it holds none of the permissions that GET /users needs.</h1>",
            "<dt>Why</dt><dd>delegated token, scp = &quot;User.Read&quot;; GET /users needs User.ReadBasic.All or more</dd>",
            "<li>The user can consent to it.</li>",
            "<dt>Who</dt><dd>app developer</dd>\n<dt>How sure</dt><dd>certain</dd>",
            "<dd>access token 1.0, delegated, ada@tenant.example (header Authorization)</dd>",
            "<dt>Note</dt><dd>Signature not checked.</dd>\n<dd>6 line breaks removed</dd>",
            "<code>/payload/scp</code> = <code>User.Read</code>",
            "<td><code>\\u{1b}[2J\\u{202e}|`x`&lt;b&gt;\\u{7}</code></td><td>not in the catalogue</td>",
            "<time>1970-01-01T00:50:00Z</time> expires (exp), in 41 min",
            "<dt>uti</dt><dd><code>abcDEF</code></dd>",
            "<dt>not applicable: no nonce in the header</dt><dd>nonce-replayed</dd>",
            "<a href=\"https://learn.example/permissions\" rel=\"noreferrer\">https://learn.example/permissions</a>",
            "&quot;n&quot;: 1.50,\n",
        ] {
            assert!(page.contains(piece), "{piece} is missing in {page}");
        }
    }

    #[test]
    fn draws_each_life_within_the_picture() {
        let mut report = sample::report();
        let mut early = report.timeline[0].clone();
        early.time.seconds = i64::MIN;
        let mut judged = early.clone();
        (judged.artefact, judged.time.seconds) = (None, i64::MAX);
        report.timeline.extend([early, judged]);
        let page = html(&report);
        assert!(page.contains("<rect x=\"0\" y=\"6\" width=\"500\" height=\"8\" stroke=\"none\"/>"), "{page}");
        assert!(page.contains("<path d=\"M1000 0V20\""), "{page}");
        report.timeline.clear();
        assert!(!html(&report).contains("axis\""));
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (given, expected) in [
            ("a<b>&amp;\"'", "a&lt;b&gt;&amp;amp;&quot;&#39;"),
            ("\u{202e}\n<", "\\u{202e}\\n&lt;"),
            ("", ""),
            ("<", "&lt;"),
            ("plain", "plain"),
        ] {
            assert_eq!(Text(given).to_string(), expected);
        }
        let mut report = sample::report();
        report.links[0].url = "javascript:alert(1)".into();
        report.verdict.headline = "</title><script>alert(1)</script>".into();
        let page = html(&report);
        assert!(page.contains("<code>javascript:alert(1)</code>") && !page.contains("<script"));
        assert!(!page.contains(|character| is_unsafe(character) && character != '\n'));
    }
}
