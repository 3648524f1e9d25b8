//! From an error response to its cause.
//!
//! One code has several causes, and one cause shows under several codes. So every row of a table names a finding, the
//! evidence that speaks for it (codes, words of the message, the scenario, the token beside it), and its weight. All
//! rows are weighed against all errors of the paste; the heaviest row of a finding speaks for it, and findings come in
//! the order of their weights. Codes without a row of their own fall back to what the catalogue says of them.

pub(super) mod account;
mod around;
pub(super) mod browser;
pub(super) mod consent;
pub(super) mod credential;
pub(super) mod environment;
pub(super) mod obo;
pub(super) mod other;
pub(super) mod permitted;
pub(super) mod policy;
mod prose;
mod received;
pub(super) mod redirect;
pub(super) mod refresh;
pub(super) mod scope;
mod sentences;
pub(super) mod service;
mod values;
mod wording;

use super::{Found, Group, Judgement, Rule, found, not_applicable};
use crate::catalog::{self, WhoActs};
use crate::extract::{ArtefactKind, ErrorText};
use crate::facts::{Content, Facts};
use crate::report::{Confidence, Fixer, Severity};
use std::borrow::Cow;
use std::collections::BTreeSet;

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
    /// What stands beside the error and speaks for it too: a claim of a token, a field of a request.
    pub(super) shows: fn(&Case<'_>) -> Option<Shown>,
}

/// A value beside the error that was read together with it.
#[derive(Debug)]
pub(super) struct Shown {
    /// What it shows, as the part of a sentence.
    pub(super) text: String,
    /// Index into [`Facts::artefacts`]; none of the scenario.
    pub(super) artefact: Option<usize>,
    /// JSON pointer to the value, or `bytes 12-40` of the paste.
    pub(super) pointer: Cow<'static, str>,
    /// The value.
    pub(super) value: String,
}

/// From this weight on the error and what stands beside it decide together: such a cause comes before what the token
/// shows alone, and guesses about the same error are left out.
pub(super) const DECIDED: u8 = 95;

/// From this weight on a cause is more than one of several.
const TOLD: u8 = 70;

/// The weight of what the catalogue says that a code usually means, and the most that it says of anything.
pub(super) const IN_GENERAL: u8 = 44;

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
        shows: nothing,
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
    Rule { id, group, fixer, means, sources, ..BY_ERROR }
}

fn always(_: &Case<'_>) -> bool {
    true
}

fn nothing(_: &Case<'_>) -> Option<Shown> {
    None
}

impl Cause {
    /// The words that the message has to hold, all of them; in lower case.
    const fn words(mut self, words: &'static [&'static str]) -> Self {
        self.words = words;
        self
    }

    /// What else has to hold.
    const fn when(mut self, when: fn(&Case<'_>) -> bool) -> Self {
        self.when = when;
        self
    }

    /// The message says so itself.
    const fn certain(mut self) -> Self {
        self.confidence = Confidence::Certain;
        self
    }

    /// One of several that nothing in the paste decides between.
    const fn guess(mut self) -> Self {
        self.confidence = Confidence::Guess;
        self
    }

    /// Who acts here.
    const fn by(mut self, fixer: Fixer) -> Self {
        self.fixer = Some(fixer);
        self
    }

    /// What would decide it.
    const fn ask(mut self, question: &'static str) -> Self {
        self.question = question;
        self
    }

    /// What else to show.
    const fn showing(mut self, shows: fn(&Case<'_>) -> Option<Shown>) -> Self {
        self.shows = shows;
        self
    }
}

/// Why a rule that reads nothing but errors was not judged.
pub(super) const NO_ERROR: &str = "no error in the paste points to it";

/// What rules that read nothing but errors have in common.
const BY_ERROR: Rule = Rule {
    id: "",
    group: Group::Other,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "",
    sources: &[],
    judge: by_error_alone,
};

fn by_error_alone(_: &Facts<'_>) -> Judgement {
    not_applicable(NO_ERROR)
}

/// What is said of a finding that an error points to. Words in braces are filled in from the error: `{code}`, `{app}`,
/// `{tenant}`, `{resource}` (these three by name where one is known), `{tenant-name}` (as the error has it), `{scope}`,
/// `{user}`, `{uri}`, `{subject}`, `{issuer}`, `{audience}`, `{permissions}`, `{permission}` (one of them that suffices),
/// `{parameter}`, `{app-or-api}` (whichever the error names), `{call}` (the one that is meant), `{called}` (the API that
/// refused), `{api-scope}` (what asks for its tokens), `{relatives}` (known codes beside an unknown one), `{number}` (the
/// digits of the code), `{federation-code}` (one of AD FS), `{entity-id}` (of SAML), `{plain-uri}` (without TLS),
/// `{public-issuer}` (with keys that Entra can read). In addresses and commands `{subject-or-slot}`, `{issuer-or-slot}`,
/// `{client-id}` and `{tenant-id}`, which stay as `<client ID>` and `<tenant ID>` where unknown, and
/// `{resource-id}`. What stands between `‹` and `›` is left out where one of its values is not known; some values are
/// there for that alone: `{own-client-id}`, `{consent-page}` and `{app-permissions}` (of an app with a registration that
/// somebody here can change), `{identity}` and `{identity-permission}` (of a managed identity), `{cli-scope}` (what the
/// Azure CLI was asked for).
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
    /// Its message as the service wrote it: joined where it was wrapped, in straight quotation marks.
    pub(super) text: String,
    /// The same in lower case (ASCII letters, so that places are those of the text).
    pub(super) message: String,
    /// The digits of the sign-in service's code whose words the message has, where it came without any code.
    implied: Option<String>,
    /// Where a token was refused as such, the numbers that the words of its validator stand for.
    validator: Vec<&'static str>,
}

impl<'f> Case<'f> {
    fn all(facts: &'f Facts<'f>) -> impl Iterator<Item = Case<'f>> {
        let errors = facts.artefacts.iter().enumerate().filter_map(move |(index, artefact)| match &artefact.content {
            Content::Error(error) => Some(Case::new(facts, error, artefact.kind, Some(index))),
            _ => None,
        });
        // Pages and consoles show sentences without any code; then the words of the paste are all there is. Beside a
        // token that is judged they would be words about it.
        let errors_there = facts.artefacts.iter().any(|artefact| matches!(artefact.content, Content::Error(_)));
        // A claims challenge is an answer, to whatever token stands beside it.
        let challenged = facts.of_kind(ArtefactKind::ClaimsChallenge).next().is_some();
        let words = (!errors_there && (challenged || facts.judged().is_none()))
            .then(|| Case::new(facts, &facts.words, ArtefactKind::GraphError, None));
        errors.chain(words)
    }

    fn new(facts: &'f Facts<'f>, error: &'f ErrorText, kind: ArtefactKind, index: Option<usize>) -> Self {
        let mut text = error.message.as_deref().map(wording::plain).unwrap_or_default();
        if let Some(index) = index {
            text.push_str(&wording::plain(&wording::rest(facts, index, error.message.as_deref().unwrap_or_default())));
        }
        let message = text.to_ascii_lowercase();
        let named = error.code.as_deref().is_some_and(|code| error.error.as_deref() != Some(code));
        // A code that nobody has explained yet says less than words that are known.
        let nameless = !named && error.codes.is_empty()
            || !error.codes.is_empty() && error.codes.iter().all(|code| catalog::sign_in_error(code).is_none());
        let implied = if nameless { sentences::code_of(&message).map(str::to_owned) } else { None };
        let mut case = Self { facts, error, kind, index, text, message, implied, validator: Vec::new() };
        if case.has_code("invalid_token") {
            case.validator = sentences::validator_codes_of(&case.message);
        }
        case
    }

    /// True where the error carries that code, in full: digits of an AADSTS code or any other code, letter case aside.
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.error.codes.iter().chain(&self.error.code).chain(&self.error.error).chain(&self.error.suberror).any(
            |own| own.eq_ignore_ascii_case(code) || own.strip_prefix("AADSTS").is_some_and(|digits| digits == code),
        ) || self.implied.as_deref() == Some(code)
            || self.validator.contains(&code)
    }

    /// True where the message carries a code of the sign-in service, or its words.
    pub(super) fn is_numbered(&self) -> bool {
        !self.error.codes.is_empty() || self.implied.is_some()
    }

    /// True where the message holds all these words (lower case). An error without any code is known by a sentence,
    /// and what stands around that sentence belongs to it.
    pub(super) fn says(&self, words: &[&'static str]) -> bool {
        let alone = self.error.code.is_none() && self.error.error.is_none() || self.is_bare_code();
        let around = |word| self.facts.joined_words(wording::plain).hold(word);
        words.iter().all(|&word| self.message.contains(word) || alone && around(word))
    }

    /// True where the message is the code of the sign-in service and nothing else.
    fn is_bare_code(&self) -> bool {
        let text = self.message.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        text.strip_prefix("aadsts").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// True where the paste, message and everything around it, holds one of these words (lower case).
    pub(super) fn paste_says_any(&self, words: &[&'static str]) -> bool {
        words.iter().any(|word| self.facts.words_in_lower_case.hold(word))
    }

    /// A value that the error names: `app`, `tenant`, `resource`, …; otherwise what was said of it.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let handle = self.error.handles.iter().find(|(handle, _)| *handle == name).map(|(_, value)| value.as_str());
        let named = handle.or_else(|| values::read(&self.text, &self.message, name));
        named.filter(|value| !values::is_painted_over(value)).or_else(|| {
            let said = match name {
                "app" => self.facts.scenario.client_id.as_deref(),
                "tenant" => self.facts.scenario.tenant.as_deref(),
                _ => None,
            };
            said.map(str::trim).filter(|said| !said.is_empty())
        })
    }
}

/// A finding that an error points to, with the weight of the evidence.
pub(super) struct Weighed {
    pub(super) finding: &'static str,
    pub(super) weight: u8,
    pub(super) found: Found,
    /// Words of the paste alone speak for it, no recognised error: whatever a token shows weighs more.
    pub(super) words_alone: bool,
}

/// Tables of causes, one a family.
const TABLES: &[&[Cause]] = &[
    consent::CAUSES,
    credential::CAUSES,
    account::CAUSES,
    permitted::CAUSES,
    received::CAUSES,
    redirect::CAUSES,
    browser::CAUSES,
    scope::CAUSES,
    policy::CAUSES,
    refresh::CAUSES,
    obo::CAUSES,
    environment::CAUSES,
    service::CAUSES,
    other::CAUSES,
];

/// Tables of advice, one a family.
const ADVICE: &[&[Advice]] = &[
    consent::ADVICE,
    credential::ADVICE,
    account::ADVICE,
    permitted::ADVICE,
    redirect::ADVICE,
    browser::ADVICE,
    scope::ADVICE,
    policy::ADVICE,
    refresh::ADVICE,
    obo::ADVICE,
    environment::ADVICE,
    service::ADVICE,
    other::ADVICE,
];

/// What an OAuth `error` says counts this little beside a code: `invalid_client` is true of twenty causes.
const NAME_BESIDE_A_CODE: u8 = 14;

/// Weighs all causes against all errors of the paste; of each finding the heaviest one is kept. `explained`: a fault of
/// the token was found already, so what an API answered needs no further cause.
pub(super) fn weigh(facts: &Facts<'_>, explained: bool) -> Vec<Weighed> {
    let mut all: Vec<Weighed> = Vec::new();
    let mut looked_up = BTreeSet::new();
    for case in Case::all(facts).filter(|case| !explained || case.kind == ArtefactKind::StsError) {
        let applies = |row: &&Cause| {
            let coded = row.codes.is_empty() || row.codes.iter().any(|code| case.has_code(code));
            coded && case.says(row.words) && (row.when)(&case) && !contradicts(&case, row.finding)
        };
        let rows: Vec<&Cause> = TABLES.iter().copied().flatten().filter(applies).collect();
        let decided = rows.iter().any(|row| row.weight >= DECIDED);
        // A code that no table has does not matter where the message tells the cause.
        let told_by_words = |row: &Cause| row.weight >= TOLD && row.finding != other::UNKNOWN_CODE.id;
        let explained_by_words = rows.iter().any(|row| told_by_words(row));
        let mut pointed = false;
        for row in rows.into_iter().filter(|row| !decided || row.weight >= DECIDED) {
            if explained_by_words && row.finding == other::UNKNOWN_CODE.id {
                continue;
            }
            pointed = true;
            keep(&mut all, &case, row);
        }
        let parent = cause_of_parent(&case, &mut looked_up).map(|finding| (finding, 30));
        let usual_causes = usual_causes(&case, explained_by_words).into_iter().chain(parent).filter(|_| !decided);
        for (finding, weight) in usual_causes.filter(|(finding, _)| !contradicts(&case, finding)) {
            let row = Cause {
                confidence: if weight > 35 { Confidence::Likely } else { Confidence::Guess },
                ..usual(finding, &[], weight)
            };
            pointed = true;
            keep(&mut all, &case, &row);
        }
        let told = all.iter().any(|other| other.finding == other::ERROR_EXPLAINED.id);
        if !pointed && !told {
            all.extend(explained_by_catalogue(&case));
        }
    }
    all
}

/// What the age of a token explains.
const OF_AGE: [&str; 4] = ["token-expired", "token-not-yet-valid", "obo-assertion-expired", "client-clock-skew"];

/// True where an error tells of a fault, and of none that the age of a token explains.
pub(super) fn speak_of_another_fault(causes: &[Weighed]) -> bool {
    let of_age = |cause: &Weighed| OF_AGE.contains(&cause.finding);
    let tells = |cause: &Weighed| !cause.words_alone && cause.weight >= TOLD && cause.finding != other::UNKNOWN_CODE.id;
    causes.iter().any(tells) && !causes.iter().any(of_age)
}

/// An error that points to no finding, in the words of the catalogue.
fn explained_by_catalogue(case: &Case<'_>) -> Option<Weighed> {
    case.index?;
    let known = *explanations(case).0.first()?;
    let code = case.error.codes.first().or(case.error.code.as_ref()).or(case.error.error.as_ref())?;
    let mut result = found(format!("{code}: {}", known.meaning()), format!("{code}, a code of the catalogue")).likely();
    result.fixer = Some(match known.who_acts {
        WhoActs::AppDeveloper => Fixer::AppDeveloper,
        WhoActs::TenantAdmin => Fixer::TenantAdmin,
        WhoActs::User => Fixer::User,
        WhoActs::Service => Fixer::Service,
        WhoActs::Nobody => Fixer::None,
    });
    result = result.evidence(case.index, "/error/code", code.clone());
    for step in known.fix() {
        result = result.fix(step);
    }
    Some(Weighed { finding: other::ERROR_EXPLAINED.id, weight: IN_GENERAL, found: result, words_alone: false })
}

/// True where the case itself speaks against a finding.
fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    permitted::contradicts(case, finding)
        || consent::contradicts(case, finding)
        || browser::contradicts(case, finding)
        || account::contradicts(case, finding)
        || environment::contradicts(case, finding)
        || scope::contradicts(case, finding)
        // Without keys no signature was checked here.
        || finding == "signature-mismatch" && case.facts.keys.is_none()
}

fn keep(all: &mut Vec<Weighed>, case: &Case<'_>, row: &Cause) {
    let Cause { finding, weight, .. } = *row;
    let make = || Weighed { finding, weight, found: prose::tell(case, row), words_alone: case.index.is_none() };
    match all.iter_mut().find(|other| other.finding == finding) {
        Some(other) if other.weight >= weight => {}
        Some(other) => *other = make(),
        None => all.push(make()),
    }
}

/// What the catalogue says of the codes of an error, and of its names; and how many of these are codes.
fn explanations(case: &Case<'_>) -> (Vec<catalog::Explanation>, usize) {
    let mut codes: Vec<Cow<'_, str>> =
        case.error.codes.iter().chain(&case.error.code).map(|code| Cow::Borrowed(code.as_str())).collect();
    // AADSTS70002 only wraps the code that follows it.
    if case.error.codes.len() > 1 {
        codes.retain(|code| code != "AADSTS70002");
    }
    codes.extend(case.implied.as_deref().map(|digits| Cow::Owned(format!("AADSTS{digits}"))));
    let mut known: Vec<catalog::Explanation> =
        codes.iter().filter_map(|code| catalog::sign_in_error(code)).map(|error| error.explanation).collect();
    if case.kind == ArtefactKind::GraphError && case.index.is_some() {
        let code = case.error.code.as_deref().unwrap_or_default();
        known.extend(catalog::graph_error(code, &case.message).map(|error| error.explanation));
    }
    let coded = known.len();
    let names = case.error.suberror.iter().chain(&case.error.error);
    // Numbers of the broker and names of libraries lead where there is no code of the service. What a validator's number
    // points to depends on what its message names: that is for the rows.
    let named = |code: &&String| !code.starts_with("IDX") && case.error.error.as_ref() != Some(*code);
    let leading = case.error.code.iter().filter(|code| case.error.codes.is_empty() && named(code));
    // That a token is refused says nothing more where its validator says why.
    let names = names.chain(leading).filter(|name| case.validator.is_empty() || *name != "invalid_token");
    known.extend(names.filter_map(|name| catalog::oauth_error(name)).map(|error| error.explanation));
    (known, coded)
}

/// OAuth errors that say no more than that the request was refused.
const REFUSALS: [&str; 4] = ["access_denied", "invalid_client", "invalid_grant", "unauthorized_client"];

/// The causes that the catalogue names: the usual one of each code, and then the others. `told`: code or words tell the
/// cause already, so that the name of a refusal adds none.
fn usual_causes(case: &Case<'_>, told: bool) -> Vec<(&'static str, u8)> {
    let (mut known, coded) = explanations(case);
    if told && case.error.error.as_deref().is_some_and(|name| REFUSALS.contains(&name)) {
        let suberror = case.error.suberror.as_deref().and_then(catalog::oauth_error);
        let place = coded.saturating_add(usize::from(suberror.is_some()));
        if place < known.len() {
            known.remove(place);
        }
    }
    let mut all = Vec::new();
    for (place, explanation) in known.into_iter().enumerate() {
        // The code that leads speaks before the ones behind it.
        let mut lead = IN_GENERAL.saturating_sub(u8::try_from(place).unwrap_or(u8::MAX).saturating_mul(4));
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

/// What the code means that begins an unknown one: a longer number mostly says more exactly what the shorter one says.
/// Each unknown code is looked up once, since that walks all known ones.
fn cause_of_parent<'c>(case: &Case<'c>, looked_up: &mut BTreeSet<&'c str>) -> Option<&'static str> {
    let code = case.error.codes.iter().find(|code| catalog::sign_in_error(code).is_none())?;
    if !looked_up.insert(code) {
        return None;
    }
    catalog::nearest(code)?.parent?.explanation.finding
}
