//! From an error response to its cause.
//!
//! One code has several causes, and one cause shows under several codes. So every row of a table names a finding, the
//! evidence that speaks for it (codes, words of the message, the scenario, the token beside it), and its weight. All
//! rows are weighed against all errors of the paste; the heaviest row of a finding speaks for it, and findings come in
//! the order of their weights. Codes without a row of their own fall back to what the catalogue says of them.

pub(super) mod account;
pub(super) mod consent;
pub(super) mod credential;
pub(super) mod permitted;
mod values;

use super::{Found, Group, Judgement, Rule, found, not_applicable};
use crate::catalog;
use crate::extract::{ArtefactKind, ErrorText};
use crate::facts::{Content, Facts};
use crate::report::{Confidence, Fixer, Severity};
use crate::scenario::{Call, Client, Flow};
use crate::token::Acting;

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
    /// What else spoke for it, in words, where `when` looked at more than code and words; may be empty.
    pub(super) reason: &'static str,
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
        reason: "",
        question: "",
    }
}

/// A cause that these words of the message show, whatever the code.
pub(super) const fn said(finding: &'static str, words: &'static [&'static str], weight: u8) -> Cause {
    Cause { words, ..usual(finding, &[], weight) }
}

/// A rule that nothing but an error can make fire.
pub(super) const fn rule_of_errors(
    id: &'static str,
    group: Group,
    fixer: Fixer,
    means: &'static str,
    sources: &'static [&'static str],
) -> Rule {
    Rule { id, group, severity: Severity::Error, fixer, means, sources, judge: no_error }
}

fn no_error(_: &Facts<'_>) -> Judgement {
    not_applicable("no error in the paste points to it")
}

fn always(_: &Case<'_>) -> bool {
    true
}

/// What is said of a finding that an error points to. Words in braces are filled in from the error: `{code}`, `{app}`,
/// `{tenant}`, `{resource}`, `{scope}`, `{user}`, `{uri}`, `{subject}`, `{issuer}`, `{audience}`, `{permissions}`. In
/// addresses and commands `{client-id}` and `{tenant-id}`, which stay as `<client ID>` and `<tenant ID>` where unknown.
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
    /// Index into [`Facts::artefacts`]; absent where the paste holds words alone.
    pub(super) index: Option<usize>,
    /// Its message in lower case (ASCII letters, so that places are those of the message itself).
    pub(super) message: String,
}

impl<'f> Case<'f> {
    fn all(facts: &'f Facts<'f>) -> impl Iterator<Item = Case<'f>> {
        let errors = facts.artefacts.iter().enumerate().filter_map(move |(index, artefact)| match &artefact.content {
            Content::Error(error) => Some(Case::new(facts, error, artefact.kind, Some(index))),
            _ => None,
        });
        // Pages and consoles show sentences without any code; then the words of the paste are all there is.
        let errors_there = facts.artefacts.iter().any(|artefact| matches!(artefact.content, Content::Error(_)));
        let words = (!errors_there).then(|| Case::new(facts, &facts.words, ArtefactKind::GraphError, None));
        errors.chain(words)
    }

    fn new(facts: &'f Facts<'f>, error: &'f ErrorText, kind: ArtefactKind, index: Option<usize>) -> Self {
        let message = error.message.as_deref().unwrap_or_default().to_ascii_lowercase();
        Self { facts, error, kind, index, message }
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

    /// True where the message holds one of these words (lower case).
    pub(super) fn says_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.message.contains(word))
    }

    /// True where the paste, message and everything around it, holds one of these words (lower case).
    pub(super) fn paste_says_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.facts.words_in_lower_case.contains(word))
    }

    /// A value that the error names: `app`, `tenant`, `resource`, …; otherwise what was said of it.
    pub(super) fn value(&self, name: &str) -> Option<&'f str> {
        let handle = self.error.handles.iter().find(|(handle, _)| *handle == name).map(|(_, value)| value.as_str());
        handle.or_else(|| values::read(self.error.message.as_deref()?, &self.message, name)).or_else(|| {
            let said = match name {
                "app" => self.facts.scenario.client_id.as_deref(),
                "tenant" => self.facts.scenario.tenant.as_deref(),
                _ => None,
            };
            said.map(str::trim).filter(|said| !said.is_empty())
        })
    }

    /// How the token was acquired: said, or what the kind of client suggests.
    pub(super) fn flow(&self) -> Option<Flow> {
        self.facts.scenario.likely_flow()
    }

    /// True where one of these flows was said or is likely.
    pub(super) fn flow_is(&self, flows: &[Flow]) -> bool {
        self.flow().is_some_and(|flow| flows.contains(&flow))
    }

    /// True where that kind of client was said.
    pub(super) fn client_is(&self, clients: &[Client]) -> bool {
        self.facts.scenario.client.is_some_and(|client| clients.contains(&client))
    }

    /// True where no user takes part: the token beside the error says so, or else the flow.
    pub(super) fn is_app_only(&self) -> bool {
        match self.facts.acting() {
            Some((acting, _)) => matches!(acting, Acting::AppOnly),
            None => self.flow().is_some_and(Flow::is_app_only),
        }
    }

    /// True where a user takes part: the token beside the error says so, or else the flow.
    pub(super) fn is_delegated(&self) -> bool {
        match self.facts.acting() {
            Some((acting, _)) => !matches!(acting, Acting::AppOnly),
            None => self.flow().is_some_and(|flow| !flow.is_app_only()),
        }
    }

    /// True where one of these (lower case) is part of the name of the library in use.
    pub(super) fn library_is(&self, names: &[&str]) -> bool {
        let library = self.facts.scenario.library.as_deref().unwrap_or_default().to_ascii_lowercase();
        names.iter().any(|name| library.contains(name))
    }

    /// The tenant that was said, trimmed; empty where none was.
    pub(super) fn stated_tenant(&self) -> &'f str {
        self.facts.scenario.tenant.as_deref().map(str::trim).unwrap_or_default()
    }

    /// True where the tenant that was said is one of these.
    pub(super) fn tenant_is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.stated_tenant().eq_ignore_ascii_case(name))
    }

    /// The call that is meant, where one is known.
    pub(super) fn call(&self) -> Option<&'f Call> {
        self.facts.call().map(|call| &call.value)
    }

    /// True where the path of the call that is meant has one of these words as a part, letter case aside.
    pub(super) fn calls_into(&self, parts: &[&str]) -> bool {
        self.call().is_some_and(|call| {
            call.segments().any(|segment| parts.iter().any(|part| segment.eq_ignore_ascii_case(part)))
        })
    }
}

/// A finding that an error points to, with the weight of the evidence.
pub(super) struct Weighed {
    pub(super) finding: &'static str,
    pub(super) weight: u8,
    pub(super) found: Found,
}

/// Tables of causes, one a family.
const TABLES: &[&[Cause]] = &[consent::CAUSES, credential::CAUSES, account::CAUSES, permitted::CAUSES];

/// Tables of advice, one a family.
const ADVICE: &[&[Advice]] = &[consent::ADVICE, credential::ADVICE, account::ADVICE, permitted::ADVICE];

/// What an OAuth `error` says counts this little beside a code: `invalid_client` is true of twenty causes.
const NAME_BESIDE_A_CODE: u8 = 14;

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
    let mut codes: Vec<&String> = case.error.codes.iter().chain(&case.error.code).collect();
    // AADSTS70002 only wraps the code that follows it.
    if case.error.codes.len() > 1 {
        codes.retain(|code| code.as_str() != "AADSTS70002");
    }
    let mut known: Vec<catalog::Explanation> =
        codes.into_iter().filter_map(|code| catalog::sign_in_error(code)).map(|error| error.explanation).collect();
    if case.kind == ArtefactKind::GraphError && case.index.is_some() {
        let code = case.error.code.as_deref().unwrap_or_default();
        known.extend(catalog::graph_error(code, &case.message).map(|error| error.explanation));
    }
    let coded = known.len();
    let names = case.error.suberror.iter().chain(&case.error.error);
    known.extend(names.filter_map(|name| catalog::oauth_error(name)).map(|error| error.explanation));
    let mut all = Vec::new();
    for (place, explanation) in known.into_iter().enumerate() {
        // The code that leads speaks before the ones behind it.
        let mut lead = 44_u8.saturating_sub(u8::try_from(place).unwrap_or(u8::MAX).saturating_mul(4));
        if coded > 0 && place >= coded {
            lead = lead.min(NAME_BESIDE_A_CODE);
        }
        all.extend(explanation.finding.map(|finding| (finding, lead)));
        let others = explanation.alternatives().enumerate();
        all.extend(others.map(|(order, finding)| {
            (finding, lead.saturating_sub(u8::try_from(order).unwrap_or(u8::MAX).saturating_add(10)))
        }));
    }
    all
}

/// The finding, with what decided it.
fn evidence(case: &Case<'_>, row: &Cause) -> Found {
    let advice = ADVICE.iter().copied().flatten().find(|advice| advice.finding == row.finding);
    let title = advice.map_or_else(|| row.finding.replace('-', " ") + ".", |advice| fill(case, advice.title));
    let code = case.error.codes.first().or(case.error.code.as_ref()).or(case.error.error.as_ref());
    let mut because = code.map_or_else(|| "the message".to_owned(), Clone::clone);
    if !row.words.is_empty() {
        because.push_str(&format!("; the message says \"{}\"", row.words.join("\", \"")));
    }
    if !row.reason.is_empty() {
        because.push_str("; ");
        because.push_str(&fill(case, row.reason));
    }
    let mut result = found(capitalised(title), because);
    result.confidence = row.confidence;
    result.fixer = row.fixer;
    let value = code.map_or_else(|| "absent".to_owned(), Clone::clone);
    result = match case.index {
        Some(index) => result.evidence(Some(index), "/error/code", value),
        None => result.evidence(None, format!("bytes 0-{}", case.message.len()), value),
    };
    for step in advice.map_or(&[][..], |advice| advice.fix) {
        result = result.fix(capitalised(fill(case, step)));
    }
    if !row.question.is_empty() {
        result = result.fix(format!("To be sure: {}", fill(case, row.question)));
    }
    result
}

/// A sentence that begins with a filled-in word begins with a capital all the same.
fn capitalised(sentence: String) -> String {
    match sentence.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => sentence,
    }
}

/// Fills the braces of a sentence with the values that the error names, or with words for them.
fn fill(case: &Case<'_>, sentence: &str) -> String {
    const WORDS: [(&str, &str, &str); 13] = [
        ("client-id", "app", "<client ID>"),
        ("tenant-id", "tenant", "<tenant ID>"),
        ("app", "app", "the app"),
        ("tenant", "tenant", "the tenant"),
        ("resource", "resource", "the API"),
        ("scope", "scope", "the scope"),
        ("user", "user", "the user"),
        ("uri", "uri", "the redirect URI"),
        ("subject", "subject", "the subject"),
        ("issuer", "issuer", "the issuer"),
        ("audience", "audience", "the audience"),
        ("permissions", "permissions", "the permission that the call needs"),
        ("code", "code", "the code"),
    ];
    let mut text = sentence.to_owned();
    for (slot, name, word) in WORDS {
        let slot = format!("{{{slot}}}");
        if text.contains(&slot) {
            let code = case.error.codes.first().or(case.error.code.as_ref()).map(String::as_str);
            let value = if name == "code" { code } else { case.value(name) };
            text = text.replace(&slot, value.unwrap_or(word));
        }
    }
    text
}
