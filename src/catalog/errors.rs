//! What the errors mean: codes of the sign-in service, OAuth errors, faults of libraries, answers of Graph.
//!
//! The explanations are written in `tools/errors/*.tsv`; `tools/errors.py` checks them and makes the tables. A code that
//! is in no table is unknown, and [`nearest`] says what stands next to it, which is never more than a hint.

use super::packed::{self, Lines, Planes, Prose, Words, column, lines, prose, words};
use super::{Column, Content};
use memchr::{memchr_iter, memmem};
use std::cmp::Reverse;

/// Ascending; those of B2C with the highest bit set.
const CODES: Planes<4> = Planes::new(CODE_BYTES);
const CODE_BYTES: &[u8] = column!("error_codes.codes");
const CODE_COUNT: usize = CODES.len();
const B2C: u32 = 1 << 31;
const NAMES: Lines = lines!("error_codes.names");
/// How many rows further the related codes stand, with blanks between them.
const RELATED: Lines = lines!("error_codes.related");
const FAMILIES: Words = words!("error_codes.families");
/// The rows that have a name, in the order of the names.
const BY_NAME: &[u8] = column!("error_codes.by_name");
/// Name and kind.
const NAME_KEYS: Lines = lines!("error_names.keys");
/// Code and fragment.
const GRAPH_KEYS: Lines = lines!("graph_errors.keys");

// The explanations of codes, then of names, then of answers of Graph.
/// Meaning and steps.
const TEXTS: Prose = prose!("explanations.texts");
/// Who acts, what the client does, how sure.
const FACTS: Words = words!("explanations.facts");
/// The number of the finding; 0 for none.
const FINDINGS: &[u8] = column!("explanations.findings");
/// The number of a set.
const ALTERNATIVES: &[u8] = column!("explanations.alternatives");
/// Numbers of findings, with a zero at the end of each set.
const SETS: &[u8] = column!("explanations.sets");
/// The id of finding 1, and so on.
const IDS: Lines = lines!("explanations.ids");

const NAME_COUNT: usize = NAME_KEYS.count();
const GRAPH_COUNT: usize = GRAPH_KEYS.count();

pub(super) const ERROR_CODES: Content = Content::Packed {
    rows: CODE_COUNT,
    columns: &[
        Column::Numbers(CODE_BYTES),
        Column::Lines(NAMES),
        Column::Lines(RELATED),
        Column::Words(FAMILIES),
        Column::Numbers(BY_NAME),
        // Those of the other tables are in them.
        Column::Prose(TEXTS),
        Column::Words(FACTS),
        Column::Numbers(FINDINGS),
        Column::Numbers(ALTERNATIVES),
        Column::Numbers(SETS),
        Column::Lines(IDS),
    ],
};
pub(super) const ERROR_NAMES: Content = Content::Packed { rows: NAME_COUNT, columns: &[Column::Lines(NAME_KEYS)] };
pub(super) const GRAPH_ERRORS: Content = Content::Packed { rows: GRAPH_COUNT, columns: &[Column::Lines(GRAPH_KEYS)] };

/// The page that lists the codes of the sign-in service. It does not have all that occur.
pub const SIGN_IN_CODES_PAGE: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

/// The page that lists the codes of Azure AD B2C.
pub const B2C_CODES_PAGE: &str = "https://learn.microsoft.com/azure/active-directory-b2c/error-codes";

/// The page that lists error codes of Microsoft Graph. Those of the directory and of Exchange are not on it.
pub const GRAPH_ERRORS_PAGE: &str = "https://learn.microsoft.com/graph/errors";

/// The page on Graph's answers to missing or wrong permissions.
pub const GRAPH_AUTHORIZATION_PAGE: &str = "https://learn.microsoft.com/graph/resolve-auth-errors";

/// The code in the table that stands for every code.
const ANY_CODE: &str = "*";
const B2C_PREFIX: &str = "AADB2C";
const ENTRA_PREFIX: &str = "AADSTS";

/// Articles about single codes or their subject, by code, below learn.microsoft.com.
const ARTICLES: &[(u32, &str)] = &[
    (50_011, "troubleshoot/entra/entra-id/app-integration/error-code-aadsts50011-redirect-uri-mismatch"),
    (50_013, "entra/identity-platform/v2-oauth2-on-behalf-of-flow"),
    (50_058, "entra/identity-platform/reference-third-party-cookies-spas"),
    (50_097, "entra/identity/conditional-access/concept-conditional-access-conditions"),
    (50_105, "troubleshoot/entra/entra-id/app-integration/error-code-aadsts50105-user-not-assigned-role"),
    (50_126, "entra/identity-platform/v2-oauth-ropc"),
    (50_173, "troubleshoot/entra/entra-id/app-integration/error-code-aadsts50173-grant-expired-revoked"),
    (50_196, "entra/identity-platform/reference-breaking-changes"),
    (53_000, "entra/identity/conditional-access/concept-conditional-access-conditions"),
    (53_001, "entra/identity/conditional-access/concept-conditional-access-conditions"),
    (65_001, "troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues"),
    (70_016, "entra/identity-platform/v2-oauth2-device-code"),
    (70_018, "entra/identity-platform/v2-oauth2-device-code"),
    (70_019, "entra/identity-platform/v2-oauth2-device-code"),
    (70_020, "entra/identity-platform/v2-oauth2-device-code"),
    (70_021, "entra/workload-id/workload-identity-federation"),
    (90_038, "entra/identity-platform/authentication-national-cloud"),
    (90_094, "troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues"),
    (500_011, "troubleshoot/entra/entra-id/app-integration/error-code-aadsts500011-resource-principal-not-found"),
    (500_131, "entra/identity-platform/v2-oauth2-on-behalf-of-flow"),
    (530_036, "entra/identity/conditional-access/concept-authentication-flows"),
    (650_056, "troubleshoot/entra/entra-id/app-integration/error-code-aadsts650056-misconfigured-app"),
    (700_081, "entra/identity-platform/configurable-token-lifetimes"),
    (700_082, "entra/identity-platform/configurable-token-lifetimes"),
    (700_084, "entra/identity-platform/refresh-tokens"),
    (700_211, "entra/workload-id/workload-identity-federation"),
    (700_212, "entra/workload-id/workload-identity-federation"),
    (700_213, "entra/workload-id/workload-identity-federation"),
    (900_382, "entra/identity-platform/authentication-national-cloud"),
    (900_432, "entra/identity-platform/authentication-national-cloud"),
    (900_439, "entra/identity-platform/authentication-national-cloud"),
    (1_000_104, "entra/identity-platform/authentication-national-cloud"),
    (1_002_012, "entra/identity-platform/v2-oauth2-client-creds-grant-flow"),
    (1_002_016, "troubleshoot/entra/entra-id/app-integration/enable-support-tls-environment"),
    (7_000_112, "troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000112-application-is-disabled"),
    (7_000_215, "entra/identity-platform/v2-oauth2-client-creds-grant-flow"),
    (
        7_000_218,
        "troubleshoot/entra/entra-id/app-integration/confidential-client-application-authentication-error-aadsts7000218",
    ),
    (7_000_229, "entra/identity-platform/deprecate-service-principal-less-authentication"),
    (7_002_137, "entra/workload-id/workload-identity-federation"),
    (7_002_138, "entra/workload-id/workload-identity-federation"),
];

/// Who has to act first. The names are those of the report's fixers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WhoActs {
    /// Whoever writes or configures the application.
    AppDeveloper,
    /// An administrator of the tenant.
    TenantAdmin,
    /// The person who signs in.
    User,
    /// Microsoft: waiting or reporting is all one can do.
    Service,
    /// Nobody.
    Nobody,
}

impl WhoActs {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::AppDeveloper, Self::TenantAdmin, Self::User, Self::Service, Self::Nobody];

    /// The word in the table, e.g. `app-developer`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppDeveloper => "app-developer",
            Self::TenantAdmin => "tenant-admin",
            Self::User => "user",
            Self::Service => "service",
            Self::Nobody => "none",
        }
    }
}

/// What the client should do when it meets the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NextStep {
    /// Send the same request again, or with a fresh token, pausing longer each time.
    Retry,
    /// Let the user sign in, consent or confirm.
    Interactive,
    /// Nothing at run time: the request, the registration or the tenant has to change.
    Configure,
    /// Wait, then go on.
    Wait,
    /// Nothing.
    Nothing,
}

impl NextStep {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Retry, Self::Interactive, Self::Configure, Self::Wait, Self::Nothing];

    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Interactive => "interactive",
            Self::Configure => "configure",
            Self::Wait => "wait",
            Self::Nothing => "none",
        }
    }
}

/// What is said about every error, whoever reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// Who has to act first.
    pub who_acts: WhoActs,
    /// What the client should do.
    pub next: NextStep,
    /// The meaning is documented or confirmed in public. Otherwise only keywords of the service's text are known, and
    /// the explanation is what they most likely mean.
    pub documented: bool,
    /// The id of the finding that this error usually means, if it means one.
    pub finding: Option<&'static str>,
    row: usize,
    /// Numbers of findings.
    alternatives: &'static [u8],
}

impl Explanation {
    /// What happened, in one to three plain sentences of together at most 60 words.
    pub fn meaning(&self) -> String {
        TEXTS.column(self.row, 0)
    }

    /// What to do, step by step: one to four steps.
    pub fn fix(&self) -> impl Iterator<Item = String> + use<> {
        let steps: Vec<String> =
            TEXTS.column(self.row, 1).split("; ").filter(|step| !step.is_empty()).map(str::to_owned).collect();
        steps.into_iter()
    }

    /// Ids of further findings that this error can mean, the likeliest first.
    pub fn alternatives(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.alternatives.iter().filter_map(|number| finding(*number))
    }
}

/// Which service numbers its errors like this. The two number ranges overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeService {
    /// The sign-in service, `AADSTS…`.
    Entra,
    /// Azure AD B2C, `AADB2C…`.
    B2c,
}

/// One code of the sign-in service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInError {
    /// The number alone: `50076`, and `90118` for `AADB2C90118`. It has four to eight digits.
    pub number: u32,
    /// Whose number it is.
    pub service: CodeService,
    /// The symbolic name that audit logs use (`InvalidUserNameOrPassword`), or empty.
    pub name: &'static str,
    /// A rough group of codes with neighbouring numbers or subjects.
    pub family: &'static str,
    /// What it means and what to do.
    pub explanation: Explanation,
    row: usize,
}

impl SignInError {
    /// The code as the service prints it: `AADSTS50076`, `AADB2C90118`.
    pub fn code(&self) -> String {
        let prefix = match self.service {
            CodeService::Entra => ENTRA_PREFIX,
            CodeService::B2c => B2C_PREFIX,
        };
        format!("{prefix}{}", self.number)
    }

    /// The page of Microsoft's documentation that helps most with this code: an article about it or its subject, else
    /// the list of all codes.
    pub fn page(&self) -> String {
        let article =
            ARTICLES.binary_search_by_key(&self.number, |(code, _)| *code).ok().and_then(|at| ARTICLES.get(at));
        match (self.service, article) {
            (CodeService::B2c, _) => B2C_CODES_PAGE.to_owned(),
            (CodeService::Entra, Some((_, path))) => format!("https://learn.microsoft.com/{path}"),
            (CodeService::Entra, None) => SIGN_IN_CODES_PAGE.to_owned(),
        }
    }

    /// Codes that are easily confused with it, explain it or follow it.
    pub fn related(&self) -> impl Iterator<Item = Self> + use<> {
        let row = self.row;
        let steps = RELATED.line(row).split_ascii_whitespace();
        steps.filter_map(move |step| read_sign_in_error(row.checked_add_signed(step.parse().ok()?)?))
    }
}

/// Where a name of [`OAuthError`] comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OAuthErrorKind {
    /// The member `error` of an answer, or `error=` in a header or address.
    Error,
    /// The member `suberror`, or `classification` in MSAL Python.
    Suberror,
    /// A client library or broker: MSAL, azure-identity, numbers of the Windows broker.
    Library,
    /// A numbered exception of the libraries that validate tokens: `IDX…`, `IDW…`.
    Idx,
}

impl OAuthErrorKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[Self::Error, Self::Suberror, Self::Library, Self::Idx];

    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Suberror => "suberror",
            Self::Library => "library",
            Self::Idx => "idx",
        }
    }
}

/// An error that is known by a name rather than by a code of the sign-in service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuthError {
    /// The name: `invalid_grant`, `IDX10223`, `interaction_in_progress`.
    pub value: &'static str,
    /// Where such a name stands.
    pub kind: OAuthErrorKind,
    /// What it means and what to do.
    pub explanation: Explanation,
}

/// An error that Microsoft Graph, or a service behind it, answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphError {
    /// The member `code`; none where the message decides whatever the code.
    pub code: Option<&'static str>,
    /// The part of the message, in lower case, that this explanation is for. Empty: any message.
    pub fragment: &'static str,
    /// What it means and what to do.
    pub explanation: Explanation,
}

/// What stands next to a code that is in no table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// The family of the nearest relative.
    pub family: &'static str,
    /// The known code of five digits that begins the unknown one of six or seven. Later, more exact codes are mostly
    /// made like that, but not always.
    pub parent: Option<SignInError>,
    /// At most five known codes that begin with the same digits, the nearest first. Never empty.
    pub relatives: Vec<SignInError>,
}

/// The code of the sign-in service: digits alone (`50076`) or with their prefix (`AADSTS50076`, `aadb2c90118`). The
/// whole run of digits has to be given: 70002 is another code than 7000215.
pub fn sign_in_error(code: &str) -> Option<SignInError> {
    let (service, digits) = split_code(code)?;
    let flag = if service == CodeService::B2c { B2C } else { 0 };
    // A code that is written with a zero in front is another text.
    let number = digits.parse::<u32>().ok().filter(|_| !digits.starts_with('0'))?;
    let wanted = usize::try_from(number | flag).ok()?;
    read_sign_in_error(packed::find_number(CODE_COUNT, wanted, |row| {
        usize::try_from(code_in(row)).unwrap_or(usize::MAX)
    })?)
}

/// The codes that have this symbolic name, letter case ignored. Mostly one: audit logs give the name in place of the
/// text.
pub fn sign_in_errors_named(name: &str) -> impl Iterator<Item = SignInError> + use<'_> {
    let lower = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
    let wanted = lower(name);
    let row = |place: usize| packed::u16_at(BY_NAME, place);
    let count = BY_NAME.len() / 2;
    let first = packed::first_where(count, |place| lower(NAMES.line(row(place))) >= wanted);
    (first..count)
        .map(row)
        .take_while(move |row| NAMES.line(*row).eq_ignore_ascii_case(name))
        .filter_map(read_sign_in_error)
}

/// Every known code of the sign-in service by number; those of B2C come last.
pub fn sign_in_errors() -> impl Iterator<Item = SignInError> {
    (0..CODE_COUNT).filter_map(read_sign_in_error)
}

/// The error of that name, letter case ignored. The few names that occur in several places (`consent_required`) mean
/// the same in all; [`oauth_errors_named`] gives each.
pub fn oauth_error(value: &str) -> Option<OAuthError> {
    oauth_errors_named(value).next()
}

/// The errors of that name, one for each kind.
pub fn oauth_errors_named(value: &str) -> impl Iterator<Item = OAuthError> + use<'_> {
    let value = if value.contains('\t') { "" } else { value };
    NAME_KEYS.starting_with(value).filter_map(read_oauth_error)
}

/// Every error known by name, in the order of the names.
pub fn oauth_errors() -> impl Iterator<Item = OAuthError> {
    (0..NAME_COUNT).filter_map(read_oauth_error)
}

/// The explanation of a Graph error: of those whose fragment occurs in the message the one with the longest fragment,
/// which is the most specific. Letter case is ignored. Some messages decide whatever the code, so that a code in no
/// table can still be explained; the code may be empty. Time is linear in the length of the message.
pub fn graph_error(code: &str, message: &str) -> Option<GraphError> {
    let message = message.to_ascii_lowercase();
    let code = if code.contains('\t') || code == ANY_CODE { "" } else { code };
    let rows = GRAPH_KEYS.starting_with(code).chain(GRAPH_KEYS.starting_with(ANY_CODE));
    let (row, _) = rows
        .map(|row| (row, GRAPH_KEYS.columns::<2>(row)))
        .filter(|(_, [_, fragment])| memmem::find(message.as_bytes(), fragment.as_bytes()).is_some())
        .max_by_key(|(_, [code, fragment])| (fragment.len(), *code != ANY_CODE))?;
    read_graph_error(row)
}

/// Every explanation of Graph errors, in the order of their codes.
pub fn graph_errors() -> impl Iterator<Item = GraphError> {
    (0..GRAPH_COUNT).filter_map(read_graph_error)
}

/// The address of Microsoft's own look-up page for a code, as text. That page knows neither codes of B2C, for which
/// there is no address, nor all others.
pub fn look_up_address(code: &str) -> Option<String> {
    match split_code(code)? {
        (CodeService::Entra, digits) => Some(format!("https://login.microsoftonline.com/error?code={digits}")),
        (CodeService::B2c, _) => None,
    }
}

/// What stands next to a code that is in no table: known codes that share at least its first three digits. None for a
/// code that is known, for one without such neighbours, and for what is no code at all.
pub fn nearest(code: &str) -> Option<Nearest> {
    const AT_MOST: usize = 5;
    const SAME_DIGITS_AT_LEAST: usize = 3;
    let (service, digits) = split_code(code)?;
    if sign_in_error(code).is_some() {
        return None;
    }
    let number = digits.parse::<u32>().unwrap_or(u32::MAX);
    let mut relatives: Vec<_> = sign_in_errors()
        .filter(|known| known.service == service)
        .filter_map(|known| {
            let own = known.number.to_string();
            let same = own.bytes().zip(digits.bytes()).take_while(|(one, two)| one == two).count();
            let lengths = own.len().abs_diff(digits.len());
            let distance = known.number.abs_diff(number);
            (same >= SAME_DIGITS_AT_LEAST).then_some(((Reverse(same), lengths, distance), known))
        })
        .collect();
    relatives.sort_by_key(|(rank, _)| *rank);
    let relatives: Vec<_> = relatives.into_iter().take(AT_MOST).map(|(_, known)| known).collect();
    let family = relatives.first()?.family;
    let parent = match service {
        CodeService::Entra if digits.len() > 5 => digits.get(..5).and_then(sign_in_error),
        _ => None,
    };
    Some(Nearest { family, parent, relatives })
}

/// Whose code it is, and its digits. Four to eight digits: no other length occurs.
fn split_code(code: &str) -> Option<(CodeService, &str)> {
    let code = code.trim();
    let with_prefix = |prefix: &str| {
        let (head, rest) = code.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| rest.trim_start())
    };
    let (service, digits) = match (with_prefix(ENTRA_PREFIX), with_prefix(B2C_PREFIX)) {
        (Some(digits), _) => (CodeService::Entra, digits),
        (None, Some(digits)) => (CodeService::B2c, digits),
        (None, None) => (CodeService::Entra, code),
    };
    ((4..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some((service, digits))
}

fn read_sign_in_error(row: usize) -> Option<SignInError> {
    if row >= CODE_COUNT {
        return None;
    }
    let code = code_in(row);
    let service = if code & B2C == 0 { CodeService::Entra } else { CodeService::B2c };
    let [family] = FAMILIES.columns(row);
    Some(SignInError { number: code & !B2C, service, name: NAMES.line(row), family, explanation: explain(row)?, row })
}

/// The code in a row, with the mark of B2C.
fn code_in(row: usize) -> u32 {
    CODES.get(row).map_or(0, u32::from_be_bytes)
}

fn read_oauth_error(row: usize) -> Option<OAuthError> {
    let [value, kind] = NAME_KEYS.columns(row);
    Some(OAuthError {
        value,
        kind: OAuthErrorKind::ALL.iter().copied().find(|known| known.name() == kind)?,
        explanation: explain(row.checked_add(CODE_COUNT)?)?,
    })
}

fn read_graph_error(row: usize) -> Option<GraphError> {
    let [code, fragment] = GRAPH_KEYS.columns(row);
    Some(GraphError {
        code: (code != ANY_CODE).then_some(code),
        fragment,
        explanation: explain(row.checked_add(CODE_COUNT + NAME_COUNT)?)?,
    })
}

/// The explanation in that row: codes come first, then names, then answers of Graph.
fn explain(row: usize) -> Option<Explanation> {
    let [who_acts, next, sure] = FACTS.columns(row);
    Some(Explanation {
        who_acts: WhoActs::ALL.iter().copied().find(|known| known.name() == who_acts)?,
        next: NextStep::ALL.iter().copied().find(|known| known.name() == next)?,
        documented: sure == "documented",
        finding: finding(*FINDINGS.get(row)?),
        row,
        alternatives: set(*ALTERNATIVES.get(row)?),
    })
}

/// The id of the finding of that number, none for 0.
fn finding(number: u8) -> Option<&'static str> {
    Some(IDS.line(usize::from(number.checked_sub(1)?)))
}

/// The findings of a set.
fn set(number: u8) -> &'static [u8] {
    let mut ends = memchr_iter(0, SETS);
    let start = match usize::from(number).checked_sub(1) {
        None => Some(0),
        Some(before) => ends.nth(before).map(|end| end.saturating_add(1)),
    };
    start.zip(ends.next()).and_then(|(start, end)| SETS.get(start..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_in_the_order_of_the_search() {
        assert!(ARTICLES.is_sorted_by(|(one, _), (two, _)| one < two));
    }
}
