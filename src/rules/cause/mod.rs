//! From an error response to its cause.
//!
//! One code has several causes, and one cause shows under several codes. So every row of a table names a finding, the
//! evidence that speaks for it (codes, words of the message, the scenario, the token beside it), and its weight. All
//! rows are weighed against all errors of the paste; the heaviest row of a finding speaks for it, and findings come in
//! the order of their weights. Codes without a row of their own fall back to what the catalogue says of them.

use super::{Found, found};
use crate::catalog;
use crate::extract::{ArtefactKind, ErrorText};
use crate::facts::{Content, Facts};
use crate::report::{Confidence, Fixer};

/// A cause: what speaks for a finding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    /// The id of the finding.
    pub(super) finding: &'static str,
    /// Codes of which the error has to carry one: digits of an AADSTS code, a Graph code, an OAuth `error` or suberror,
    /// the number of an IDX message. Empty: any error.
    pub(super) codes: &'static [&'static str],
    /// Words that the message has to hold, all of them; in lower case.
    pub(super) words: &'static [&'static str],
    /// What else has to hold: of the scenario, of the token beside the error.
    pub(super) when: fn(&Case<'_>) -> bool,
    /// How strongly it speaks, 0 to 100: 90 the message says so, 70 code and scenario, 50 the usual cause, 30 a possibility.
    pub(super) weight: u8,
    /// How sure it makes one.
    pub(super) confidence: Confidence,
    /// Who acts, where it is somebody else than usual.
    pub(super) fixer: Option<Fixer>,
    /// The question or check that would decide it, where it is not certain; may be empty.
    pub(super) question: &'static str,
}

/// A cause that needs nothing but code and words. Rows change what differs: `Cause { words: &["…"], ..usual(…) }`.
pub(super) const fn usual(finding: &'static str, codes: &'static [&'static str], weight: u8) -> Cause {
    Cause {
        finding,
        codes,
        words: &[],
        when: always,
        weight,
        confidence: Confidence::Likely,
        fixer: None,
        question: "",
    }
}

fn always(_: &Case<'_>) -> bool {
    true
}

/// What is said of a finding that an error points to. Words in braces are filled in from the error: `{code}`, `{app}`,
/// `{tenant}`, `{resource}`, `{scope}`, `{user}`, `{uri}`, `{subject}`, `{issuer}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Advice {
    /// The id of the finding.
    pub(super) finding: &'static str,
    /// One sentence in the reader's words.
    pub(super) title: &'static str,
    /// What to do.
    pub(super) fix: &'static [&'static str],
}

/// One error of the paste, with what is known around it.
pub(super) struct Case<'f> {
    /// Everything known.
    pub(super) facts: &'f Facts<'f>,
    /// The error.
    pub(super) error: &'f ErrorText,
    /// What kind of error it is.
    pub(super) kind: ArtefactKind,
    /// Index into [`Facts::artefacts`].
    pub(super) index: usize,
    /// Its message in lower case.
    pub(super) message: String,
}

impl<'f> Case<'f> {
    fn all(facts: &'f Facts<'f>) -> impl Iterator<Item = Case<'f>> {
        facts.artefacts.iter().enumerate().filter_map(move |(index, artefact)| match &artefact.content {
            Content::Error(error) => {
                let message = error.message.as_deref().unwrap_or_default().to_lowercase();
                Some(Case { facts, error, kind: artefact.kind, index, message })
            }
            _ => None,
        })
    }

    /// True where the error carries that code, in full: digits of an AADSTS code or any other code, letter case aside.
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.error.codes.iter().chain(&self.error.code).chain(&self.error.error).chain(&self.error.suberror).any(
            |own| own.eq_ignore_ascii_case(code) || own.strip_prefix("AADSTS").is_some_and(|digits| digits == code),
        )
    }

    /// True where the message holds all these words (lower case).
    pub(super) fn says(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.message.contains(word))
    }

    /// A value that the error names: `app`, `tenant`, `resource`, …
    pub(super) fn value(&self, name: &str) -> Option<&'f str> {
        self.error.handles.iter().find(|(handle, _)| *handle == name).map(|(_, value)| value.as_str())
    }
}

/// A finding that an error points to, with the weight of the evidence.
pub(super) struct Weighed {
    pub(super) finding: &'static str,
    pub(super) weight: u8,
    pub(super) found: Found,
}

/// Tables of causes, one a family.
const TABLES: &[&[Cause]] = &[];

/// Tables of advice, one a family.
const ADVICE: &[&[Advice]] = &[];

/// Weighs all causes against all errors of the paste; of each finding the heaviest one is kept. `explained`: a fault of
/// the token was found already, so what an API answered needs no further cause.
pub(super) fn weigh(facts: &Facts<'_>, explained: bool) -> Vec<Weighed> {
    let mut all: Vec<Weighed> = Vec::new();
    for case in Case::all(facts).filter(|case| !explained || case.kind == ArtefactKind::StsError) {
        for row in TABLES.iter().copied().flatten() {
            let coded = row.codes.is_empty() || row.codes.iter().any(|code| case.has_code(code));
            if coded && case.says(row.words) && (row.when)(&case) {
                keep(&mut all, row.finding, row.weight, || evidence(&case, row));
            }
        }
        for (finding, weight) in usual_causes(&case) {
            let row = Cause {
                confidence: if weight > 35 { Confidence::Likely } else { Confidence::Guess },
                ..usual(finding, &[], weight)
            };
            keep(&mut all, finding, weight, || evidence(&case, &row));
        }
    }
    all
}

fn keep(all: &mut Vec<Weighed>, finding: &'static str, weight: u8, make: impl FnOnce() -> Found) {
    match all.iter_mut().find(|other| other.finding == finding) {
        Some(other) if other.weight >= weight => {}
        Some(other) => *other = Weighed { finding, weight, found: make() },
        None => all.push(Weighed { finding, weight, found: make() }),
    }
}

/// What the catalogue says of the codes of an error: the usual cause, and then the others.
fn usual_causes(case: &Case<'_>) -> Vec<(&'static str, u8)> {
    let codes = case.error.codes.iter().chain(&case.error.code);
    let mut known: Vec<catalog::Explanation> =
        codes.filter_map(|code| catalog::sign_in_error(code)).map(|error| error.explanation).collect();
    if case.kind == ArtefactKind::GraphError {
        let code = case.error.code.as_deref().unwrap_or_default();
        known.extend(catalog::graph_error(code, &case.message).map(|error| error.explanation));
    }
    let names = case.error.suberror.iter().chain(&case.error.error);
    known.extend(names.filter_map(|name| catalog::oauth_error(name)).map(|error| error.explanation));
    let mut all = Vec::new();
    for (place, explanation) in known.into_iter().enumerate() {
        // The code that leads speaks before the ones behind it.
        let lead = 44_u8.saturating_sub(4 * u8::try_from(place).unwrap_or(u8::MAX));
        all.extend(explanation.finding.map(|finding| (finding, lead)));
        let others = explanation.alternatives().enumerate();
        all.extend(
            others.map(|(order, finding)| (finding, lead.saturating_sub(10 + u8::try_from(order).unwrap_or(u8::MAX)))),
        );
    }
    all
}

/// The finding, with what decided it.
fn evidence(case: &Case<'_>, row: &Cause) -> Found {
    let advice = ADVICE.iter().copied().flatten().find(|advice| advice.finding == row.finding);
    let title = advice.map_or_else(|| row.finding.replace('-', " "), |advice| fill(case, advice.title));
    let code = case.error.codes.first().or(case.error.code.as_ref()).or(case.error.error.as_ref());
    let mut because = code.map_or_else(|| "the message".to_owned(), Clone::clone);
    if !row.words.is_empty() {
        because.push_str(&format!("; the message says \"{}\"", row.words.join("\", \"")));
    }
    let mut result = found(title, because);
    result.confidence = row.confidence;
    result.fixer = row.fixer;
    result = result.evidence(Some(case.index), "/error/code", code.map_or_else(|| "absent".to_owned(), Clone::clone));
    for step in advice.map_or(&[][..], |advice| advice.fix) {
        result = result.fix(fill(case, step));
    }
    if !row.question.is_empty() {
        result = result.fix(format!("To be sure: {}", fill(case, row.question)));
    }
    result
}

/// Fills the braces of a sentence with the values that the error names, or with words for them.
fn fill(case: &Case<'_>, sentence: &str) -> String {
    const WORDS: [(&str, &str); 9] = [
        ("app", "the app"),
        ("tenant", "the tenant"),
        ("resource", "the API"),
        ("scope", "the scope"),
        ("user", "the user"),
        ("uri", "the redirect URI"),
        ("subject", "the subject"),
        ("issuer", "the issuer"),
        ("code", "the code"),
    ];
    let mut text = sentence.to_owned();
    for (name, word) in WORDS {
        let slot = format!("{{{name}}}");
        if text.contains(&slot) {
            let code = case.error.codes.first().or(case.error.code.as_ref()).map(String::as_str);
            let value = if name == "code" { code } else { case.value(name) };
            text = text.replace(&slot, value.unwrap_or(word));
        }
    }
    text
}
