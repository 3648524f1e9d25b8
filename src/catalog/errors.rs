//! What the errors mean: codes of the sign-in service, OAuth errors, faults of libraries, answers of Graph.
//!
//! The explanations are written in `tools/errors/*.tsv`; `tools/errors.py` checks them and makes the tables. A code that
//! is in no table is unknown, and [`nearest`] says what stands next to it, which is never more than a hint.

use super::table::{Row, Table};
use memchr::memmem;
use std::cmp::Reverse;

pub(super) const ERROR_CODES: Table = Table::new(include_str!("data/error_codes.tsv"), 1);
pub(super) const ERROR_SYMBOLS: Table = Table::new(include_str!("data/error_symbols.tsv"), 2);
pub(super) const ERROR_NAMES: Table = Table::new(include_str!("data/error_names.tsv"), 2);
pub(super) const GRAPH_ERRORS: Table = Table::new(include_str!("data/graph_errors.tsv"), 2);

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

/// Articles about single codes or their subject, by code in the order of the text, below learn.microsoft.com.
const ARTICLES: &[(&str, &str)] = &[
    ("1000104", "entra/identity-platform/authentication-national-cloud"),
    ("1002012", "entra/identity-platform/v2-oauth2-client-creds-grant-flow"),
    ("1002016", "troubleshoot/entra/entra-id/app-integration/enable-support-tls-environment"),
    ("500011", "troubleshoot/entra/entra-id/app-integration/error-code-aadsts500011-resource-principal-not-found"),
    ("50011", "troubleshoot/entra/entra-id/app-integration/error-code-aadsts50011-redirect-uri-mismatch"),
    ("50013", "entra/identity-platform/v2-oauth2-on-behalf-of-flow"),
    ("500131", "entra/identity-platform/v2-oauth2-on-behalf-of-flow"),
    ("50058", "entra/identity-platform/reference-third-party-cookies-spas"),
    ("50097", "entra/identity/conditional-access/concept-conditional-access-conditions"),
    ("50105", "troubleshoot/entra/entra-id/app-integration/error-code-aadsts50105-user-not-assigned-role"),
    ("50126", "entra/identity-platform/v2-oauth-ropc"),
    ("50173", "troubleshoot/entra/entra-id/app-integration/error-code-aadsts50173-grant-expired-revoked"),
    ("50196", "entra/identity-platform/reference-breaking-changes"),
    ("53000", "entra/identity/conditional-access/concept-conditional-access-conditions"),
    ("53001", "entra/identity/conditional-access/concept-conditional-access-conditions"),
    ("530036", "entra/identity/conditional-access/concept-authentication-flows"),
    ("65001", "troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues"),
    ("650056", "troubleshoot/entra/entra-id/app-integration/error-code-aadsts650056-misconfigured-app"),
    ("7000112", "troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000112-application-is-disabled"),
    ("7000215", "entra/identity-platform/v2-oauth2-client-creds-grant-flow"),
    (
        "7000218",
        "troubleshoot/entra/entra-id/app-integration/confidential-client-application-authentication-error-aadsts7000218",
    ),
    ("7000229", "entra/identity-platform/deprecate-service-principal-less-authentication"),
    ("700081", "entra/identity-platform/configurable-token-lifetimes"),
    ("700082", "entra/identity-platform/configurable-token-lifetimes"),
    ("700084", "entra/identity-platform/refresh-tokens"),
    ("70016", "entra/identity-platform/v2-oauth2-device-code"),
    ("70018", "entra/identity-platform/v2-oauth2-device-code"),
    ("70019", "entra/identity-platform/v2-oauth2-device-code"),
    ("70020", "entra/identity-platform/v2-oauth2-device-code"),
    ("70021", "entra/workload-id/workload-identity-federation"),
    ("700211", "entra/workload-id/workload-identity-federation"),
    ("700212", "entra/workload-id/workload-identity-federation"),
    ("700213", "entra/workload-id/workload-identity-federation"),
    ("7002137", "entra/workload-id/workload-identity-federation"),
    ("7002138", "entra/workload-id/workload-identity-federation"),
    ("90038", "entra/identity-platform/authentication-national-cloud"),
    ("900382", "entra/identity-platform/authentication-national-cloud"),
    ("900432", "entra/identity-platform/authentication-national-cloud"),
    ("900439", "entra/identity-platform/authentication-national-cloud"),
    ("90094", "troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues"),
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
    /// What happened, in one to three plain sentences of together at most 60 words.
    pub meaning: &'static str,
    /// Who has to act first.
    pub who_acts: WhoActs,
    /// What the client should do.
    pub next: NextStep,
    /// The meaning is documented or confirmed in public. Otherwise only keywords of the service's text are known, and
    /// the explanation is what they most likely mean.
    pub documented: bool,
    /// The id of the finding that this error usually means, if it means one.
    pub finding: Option<&'static str>,
    fix: &'static str,
    alternatives: &'static str,
}

impl Explanation {
    /// What to do, step by step: one to three steps.
    pub fn fix(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.fix.split("; ").filter(|step| !step.is_empty())
    }

    /// Ids of further findings that this error can mean, the likeliest first.
    pub fn alternatives(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.alternatives.split_ascii_whitespace()
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
    /// The number alone: `50076`, and `90118` for `AADB2C90118`.
    pub digits: &'static str,
    /// Whose number it is.
    pub service: CodeService,
    /// The symbolic name that audit logs use (`InvalidUserNameOrPassword`), or empty.
    pub name: &'static str,
    /// A rough group of codes with neighbouring numbers or subjects.
    pub family: &'static str,
    /// What it means and what to do.
    pub explanation: Explanation,
    related: &'static str,
}

impl SignInError {
    /// The code as the service prints it: `AADSTS50076`, `AADB2C90118`.
    pub fn code(&self) -> String {
        let prefix = match self.service {
            CodeService::Entra => ENTRA_PREFIX,
            CodeService::B2c => B2C_PREFIX,
        };
        format!("{prefix}{}", self.digits)
    }

    /// The page of Microsoft's documentation that helps most with this code: an article about it or its subject, else
    /// the list of all codes.
    pub fn page(&self) -> String {
        let article =
            ARTICLES.binary_search_by_key(&self.digits, |(code, _)| code).ok().and_then(|at| ARTICLES.get(at));
        match (self.service, article) {
            (CodeService::B2c, _) => B2C_CODES_PAGE.to_owned(),
            (CodeService::Entra, Some((_, path))) => format!("https://learn.microsoft.com/{path}"),
            (CodeService::Entra, None) => SIGN_IN_CODES_PAGE.to_owned(),
        }
    }

    /// Codes that are easily confused with it, explain it or follow it; each can be given to [`sign_in_error`].
    pub fn related(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.related.split_ascii_whitespace()
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
    let prefix = if service == CodeService::B2c { B2C_PREFIX } else { "" };
    read_sign_in_error(ERROR_CODES.find(&[prefix, digits])?)
}

/// The codes that have this symbolic name, letter case ignored. Mostly one: audit logs give the name in place of the
/// text.
pub fn sign_in_errors_named(name: &str) -> impl Iterator<Item = SignInError> + use<'_> {
    let name = if name.contains('\t') { "" } else { name };
    ERROR_SYMBOLS.starting_with(name).filter_map(|row| {
        let [_, code] = row.columns();
        sign_in_error(code)
    })
}

/// Every known code of the sign-in service, in the order of their text; those of B2C come last.
pub fn sign_in_errors() -> impl Iterator<Item = SignInError> {
    ERROR_CODES.rows().filter_map(read_sign_in_error)
}

/// The error of that name, letter case ignored. The few names that occur in several places (`consent_required`) mean
/// the same in all; [`oauth_errors_named`] gives each.
pub fn oauth_error(value: &str) -> Option<OAuthError> {
    oauth_errors_named(value).next()
}

/// The errors of that name, one for each kind.
pub fn oauth_errors_named(value: &str) -> impl Iterator<Item = OAuthError> + use<'_> {
    let value = if value.contains('\t') { "" } else { value };
    ERROR_NAMES.starting_with(value).filter_map(read_oauth_error)
}

/// Every error known by name, in the order of the names.
pub fn oauth_errors() -> impl Iterator<Item = OAuthError> {
    ERROR_NAMES.rows().filter_map(read_oauth_error)
}

/// The explanation of a Graph error: of those whose fragment occurs in the message the one with the longest fragment,
/// which is the most specific. Letter case is ignored. Some messages decide whatever the code, so that a code in no
/// table can still be explained; the code may be empty. Time is linear in the length of the message.
pub fn graph_error(code: &str, message: &str) -> Option<GraphError> {
    let message = message.to_ascii_lowercase();
    let code = if code.contains('\t') || code == ANY_CODE { "" } else { code };
    GRAPH_ERRORS
        .starting_with(code)
        .chain(GRAPH_ERRORS.starting_with(ANY_CODE))
        .filter_map(read_graph_error)
        .filter(|error| memmem::find(message.as_bytes(), error.fragment.as_bytes()).is_some())
        .max_by_key(|error| (error.fragment.len(), error.code.is_some()))
}

/// Every explanation of Graph errors, in the order of their codes.
pub fn graph_errors() -> impl Iterator<Item = GraphError> {
    GRAPH_ERRORS.rows().filter_map(read_graph_error)
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
    let number = |digits: &str| digits.parse::<u32>().unwrap_or(u32::MAX);
    let mut relatives: Vec<_> = sign_in_errors()
        .filter(|known| known.service == service)
        .filter_map(|known| {
            let same = known.digits.bytes().zip(digits.bytes()).take_while(|(one, two)| one == two).count();
            let lengths = known.digits.len().abs_diff(digits.len());
            let distance = number(known.digits).abs_diff(number(digits));
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

fn read_sign_in_error(row: Row) -> Option<SignInError> {
    let [key, name, meaning, who_acts, next, fix, related, finding, alternatives, sure, family] = row.columns();
    let (service, digits) = match key.strip_prefix(B2C_PREFIX) {
        Some(digits) => (CodeService::B2c, digits),
        None => (CodeService::Entra, key),
    };
    let explanation = explain([meaning, who_acts, next, fix, finding, alternatives, sure])?;
    Some(SignInError { digits, service, name, family, explanation, related })
}

fn read_oauth_error(row: Row) -> Option<OAuthError> {
    let [value, kind, meaning, who_acts, next, fix, finding, alternatives, sure] = row.columns();
    Some(OAuthError {
        value,
        kind: OAuthErrorKind::ALL.iter().copied().find(|known| known.name() == kind)?,
        explanation: explain([meaning, who_acts, next, fix, finding, alternatives, sure])?,
    })
}

fn read_graph_error(row: Row) -> Option<GraphError> {
    let [code, fragment, meaning, who_acts, next, fix, finding, alternatives, sure] = row.columns();
    Some(GraphError {
        code: (code != ANY_CODE).then_some(code),
        fragment,
        explanation: explain([meaning, who_acts, next, fix, finding, alternatives, sure])?,
    })
}

fn explain(columns: [&'static str; 7]) -> Option<Explanation> {
    let [meaning, who_acts, next, fix, finding, alternatives, sure] = columns;
    Some(Explanation {
        meaning,
        who_acts: WhoActs::ALL.iter().copied().find(|known| known.name() == who_acts)?,
        next: NextStep::ALL.iter().copied().find(|known| known.name() == next)?,
        documented: sure == "documented",
        finding: (!finding.is_empty()).then_some(finding),
        fix,
        alternatives,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_in_the_order_of_the_search() {
        assert!(ARTICLES.is_sorted_by(|(one, _), (two, _)| one < two));
    }
}
