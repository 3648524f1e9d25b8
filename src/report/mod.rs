//! The report: everything that an output shows, in the frozen shape of version 1.
//!
//! A [`Report`] already holds every sentence; the renderers in `render` only lay it out. Its JSON form is the
//! public interface `tokentriage.report/1`: members may be added, none renamed, removed or given another meaning.
//! The types of the inside (facts, rules) are free to change.

mod build;
mod claims;
pub mod links;
mod occurrences;
mod permissions;
mod raw;
mod redact;
mod signature;

pub use crate::extract::{ArtefactKind, Span};
pub use raw::RawJson;
pub use redact::REDACTED;

use serde::Serialize;
use std::borrow::Cow;

/// The name of this format, the value of the member `schema`.
pub const SCHEMA: &str = "tokentriage.report/1";

/// What came out of one analysis.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// Which program judged, and how old its facts are.
    pub tool: Tool,
    /// The moment of judging, RFC 3339, UTC.
    pub judged_at: String,
    /// The answer in one sentence.
    pub verdict: Verdict,
    /// Everything that was recognised in the paste, in the order of its position there.
    pub artefacts: Vec<Artefact>,
    /// How many artefacts were recognised beyond those: a report describes the first 4096.
    pub artefacts_left_out: usize,
    /// What was concluded, most decisive first; the first one is the headline.
    pub findings: Vec<Finding>,
    /// Every rule and how it ended.
    pub checks: Vec<Check>,
    /// Whether the token suffices for the intended call; absent where no call is known. Of several calls the first that
    /// is not granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
    /// The same for every intended call, in the order in which they were given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// What several calls need together; absent where there is one or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission_set: Option<PermissionSet>,
    /// The moments named in the paste and the moment of judging, oldest first.
    pub timeline: Vec<Moment>,
    /// What to search logs for.
    pub join_keys: JoinKeys,
    /// The documents of keys that the caller gave to check signatures with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key_files: Vec<KeyFile>,
    /// What the stated flow has to request and what its token must look like; absent where no flow is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guide: Option<Guide>,
    /// Where to read on. Printed as text, never opened.
    pub links: Vec<Link>,
}

impl Report {
    /// The finding that the headline tells.
    pub fn leading_finding(&self) -> Option<&Finding> {
        let id = self.verdict.finding?;
        self.findings.iter().find(|finding| finding.id == id)
    }

    /// The artefact that the rules on tokens judged.
    pub fn judged(&self) -> Option<&Artefact> {
        self.artefacts.iter().find(|artefact| artefact.judged)
    }
}

/// The program that judged.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    /// `tokentriage`.
    pub name: &'static str,
    /// Semantic version of the program.
    pub version: &'static str,
    /// The day on which the embedded facts were collected, `YYYY-MM-DD`.
    pub catalog_date: &'static str,
}

/// The answer in one sentence.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verdict {
    /// How it ended.
    pub status: Status,
    /// The id of the finding that the headline tells, where there is one.
    pub finding: Option<&'static str>,
    /// One sentence in the reader's words.
    pub headline: String,
    /// One line on how much was checked, e.g. "29 of 194 checks apply: 28 passed, 1 found".
    pub checked: String,
    /// What is known of the signature, in one sentence.
    pub signature: String,
}

/// How an analysis ended. Never "valid".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// There is a finding of severity error or warning.
    Problem,
    /// Something was recognised and nothing worse than a note was found.
    NoProblemFound,
    /// Nothing was recognised.
    Unreadable,
}

impl Status {
    /// The name in reports, e.g. `no-problem-found`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::NoProblemFound => "no-problem-found",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One thing that was recognised in the paste.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Artefact {
    /// What it is.
    pub kind: ArtefactKind,
    /// Where it stands in the paste.
    pub span: Span,
    /// One line that says what it is, e.g. "access token 1.0, delegated, user of tenant …".
    pub summary: String,
    /// Where it was found, e.g. "JSON member access_token" or "header Authorization".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// True of the one artefact that the rules on tokens judged.
    pub judged: bool,
    /// What had to be undone to read it ("6 line breaks removed", "percent-decoded").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<String>,
    /// Where its encoding departs from the standards, each with its byte offset in the segment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<String>,
    /// The header, whole, in the order and with the number texts of the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<RawJson>,
    /// The payload (or the decoded claims), likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<RawJson>,
    /// The claims understood; of tokens and decoded claims only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// The error understood; of error responses only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorResponse>,
}

/// A value with the name that the catalogue knows it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Named {
    /// The value as it stands in the token.
    pub value: String,
    /// The name, where the catalogue has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A moment that a claim names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// RFC 3339, UTC.
    pub utc: String,
    /// The distance to the moment of judging, e.g. "2 h 3 min ago", "in 41 min".
    pub relative: String,
}

/// What the claims of a token say.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Token {
    /// `ver` as it stands there: "1.0" or "2.0".
    pub version: Option<String>,
    /// Whether a user or the app itself acts: "delegated" or "app-only"; absent where the token does not say.
    pub acting: Option<&'static str>,
    /// Why `acting` is so, e.g. "idtyp is app".
    pub acting_because: Option<String>,
    /// Whom the token is for (`aud`).
    pub audience: Option<Named>,
    /// Who issued it (`iss`).
    pub issuer: Option<Named>,
    /// The national cloud, where audience or issuer decide it.
    pub cloud: Option<&'static str>,
    /// `tid`.
    pub tenant: Option<Named>,
    /// The client, `appid` or `azp`.
    pub application: Option<Named>,
    /// True where the client is Microsoft's own.
    pub first_party: bool,
    /// True where the client belongs to the family of client IDs.
    pub family_client: bool,
    /// How the client proved itself (`appidacr`, `azpacr`), in words.
    pub client_authentication: Option<&'static str>,
    /// The user or service principal, in the words of the token.
    pub principal: Option<String>,
    /// `oid`.
    pub object_id: Option<String>,
    /// `iat`.
    pub issued: Option<Time>,
    /// `nbf`.
    pub not_before: Option<Time>,
    /// `exp`.
    pub expires: Option<Time>,
    /// `exp` minus the moment of judging, in seconds; negative when over.
    pub expires_in_s: Option<i64>,
    /// `exp` minus `iat`, in seconds.
    pub lifetime_s: Option<i64>,
    /// The delegated permissions (`scp`).
    pub scopes: Vec<String>,
    /// The application permissions (`roles`).
    pub roles: Vec<String>,
    /// The directory roles (`wids`), without the implicit markers.
    pub directory_roles: Vec<Named>,
    /// `uti`.
    pub uti: Option<String>,
    /// `uti` as the GUID that sign-in logs show as request ID.
    pub uti_guid: Option<String>,
    /// State of the signature check: `not-checked` (no keys were given), `no-signature`, `verified`, `failed`,
    /// `key-not-found` or `cannot-be-checked`. Only `verified` proves anything of the content, only `failed` against it.
    pub signature: &'static str,
    /// What the check of the signature found out; absent where no keys were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_check: Option<SignatureCheck>,
    /// The claims with their meaning, in the order of the token: the first 1000.
    pub claims: Vec<Claim>,
    /// How many claims there are beyond those; header and payload show them all.
    pub claims_left_out: usize,
}

/// What the check of a signature found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SignatureCheck {
    /// The result and what it rests on, in one sentence.
    pub summary: String,
    /// The key that made the signature, or the one of that name that did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<SigningKey>,
    /// Of a verified signature, over which form of the header: `as-received`, `nonce-hashed` (what Entra signs for
    /// Microsoft Graph) or `nonce-as-received` (the nonce was hashed before the token got here).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<&'static str>,
    /// Of a verified signature, whether the key is published for the issuer that the token names; absent where its
    /// document names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_agrees: Option<bool>,
    /// Why the signature cannot be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<String>,
}

/// A key of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SigningKey {
    /// `kid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// SHA-256 thumbprint of the key in base64url (RFC 7638).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
    /// What it is, e.g. "RSA, 2048 bits".
    pub kind: String,
    /// The algorithm of the signature, e.g. `RS256`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The issuer that it is published for, as its document says; `{tenantid}` stands for any tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The document that it stands in.
    pub file: String,
}

/// A document of keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct KeyFile {
    /// What the caller calls it.
    pub name: String,
    /// How many public keys in it can be used.
    pub keys: usize,
    /// What is odd about it, each in one sentence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One claim, explained.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Claim {
    /// JSON pointer (RFC 6901) into header or payload, e.g. `/payload/aud`.
    pub pointer: String,
    /// The claim's name as it stands there.
    pub name: String,
    /// Its value as text: strings without quotes, everything else as JSON.
    pub value: String,
    /// What the value stands for: the name behind a GUID, the time behind a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// What the claim means; absent where no catalogue knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<Cow<'static, str>>,
    /// False where Microsoft does not document it: meanings are then inferred.
    pub documented: bool,
    /// True where the value tells something about a person, or lets one follow them.
    pub personal: bool,
}

/// An error response, as far as it was understood.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ErrorResponse {
    /// The code that leads: `AADSTS50011`, `InvalidAuthenticationToken`, `invalid_grant`.
    pub code: Option<String>,
    /// The message, as it stands there.
    pub message: Option<String>,
    /// The identifiers that support asks for and other values named in the response, in order: (name, value).
    pub handles: Vec<Handle>,
}

/// A named value of an error response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Handle {
    /// `trace_id`, `correlation_id`, `request_id`, `client_request_id`, `timestamp`, …
    pub name: &'static str,
    /// The value as it stands there.
    pub value: String,
}

/// One conclusion.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The id, stable for ever.
    pub id: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One sentence in the reader's words.
    pub title: String,
    /// The values that were compared.
    pub because: String,
    /// Where they stand.
    pub evidence: Vec<Evidence>,
    /// What to do, step by step.
    pub fix: Vec<String>,
    /// Who has to do it.
    pub fixer: Fixer,
    /// Documentation, as addresses.
    pub sources: Vec<Cow<'static, str>>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know; nothing fails because of it.
    Note,
    /// Something is wrong that does not by itself make the call fail.
    Warning,
    /// The call fails because of it.
    Error,
}

impl Severity {
    /// The name in reports, e.g. `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A possibility among others.
    Guess,
    /// From the catalogue, or the usual cause.
    Likely,
    /// Follows from the bytes.
    Certain,
}

impl Confidence {
    /// The name in reports, e.g. `certain`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Fixer {
    /// Whoever writes or configures the application.
    AppDeveloper,
    /// An administrator of the tenant.
    TenantAdmin,
    /// The person who signs in.
    User,
    /// Microsoft: waiting or reporting is all one can do.
    Service,
    /// Whoever answers for security.
    Security,
    /// Nobody.
    None,
}

impl Fixer {
    /// The name in reports, e.g. `app-developer`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppDeveloper => "app-developer",
            Self::TenantAdmin => "tenant-admin",
            Self::User => "user",
            Self::Service => "service",
            Self::Security => "security",
            Self::None => "none",
        }
    }

    /// For a reader: who has to act.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AppDeveloper => "app developer",
            Self::TenantAdmin => "tenant administrator",
            Self::User => "the person who signs in",
            Self::Service => "Microsoft",
            Self::Security => "security team",
            Self::None => "nobody",
        }
    }
}

/// A value that a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// Index into [`Report::artefacts`]; absent where the value comes from the scenario or the paste at large.
    pub artefact: Option<usize>,
    /// JSON pointer (RFC 6901) with the part first (`/header/alg`, `/payload/aud`, `/scenario/calling`), or a byte
    /// range of the paste (`bytes 12-40`).
    pub pointer: String,
    /// The value that was seen there, as text; "absent" where the point is that there is none.
    pub value: String,
}

/// One rule applied.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// The id of the finding that the rule can yield.
    pub id: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it does not apply; empty otherwise.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub reason: Cow<'static, str>,
}

/// How a rule ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It applied and found nothing.
    Pass,
    /// It yielded a finding.
    Found,
    /// It could not be judged.
    NotApplicable,
}

impl Outcome {
    /// The name in reports, e.g. `pass`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Found => "found",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// For a reader.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Pass => "passed",
            Self::Found => "found",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// Whether a token suffices for a call, or what the call needs where there is no token.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Permission {
    /// Method and path that were judged.
    pub call: String,
    /// The answer.
    pub verdict: PermissionVerdict,
    /// A token was compared. False: there was none, the verdict says nothing, and the lists are what the call needs.
    pub compared: bool,
    /// Call and answer on one line, e.g. "GET /users: missing User.ReadBasic.All or more".
    pub summary: String,
    /// Permissions of the token that suffice.
    pub granted_by: Vec<String>,
    /// The permission (or the pair) that would do with the least power.
    pub least: Vec<String>,
    /// Others that would do.
    pub alternatives: Vec<String>,
    /// What the call needs, for each kind of token that it takes; only where no token was compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<PermissionNeed>,
    /// What the data cannot know.
    pub caveats: Vec<String>,
}

/// What a call needs of one kind of token.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PermissionNeed {
    /// `delegated_work`, `delegated_personal` or `application`.
    pub scheme: &'static str,
    /// The permission (or the pair) that would do with the least power.
    pub least: Vec<String>,
    /// Others that would do.
    pub alternatives: Vec<String>,
}

impl Permission {
    /// The answer for a reader.
    pub const fn words(&self) -> &'static str {
        if self.compared { self.verdict.words() } else { "no token to compare" }
    }
}

/// What several calls need together, and what the token holds beyond that.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PermissionSet {
    /// How many calls there are.
    pub calls: usize,
    /// The permissions of the token's kind that cover the calls with the least power.
    pub least: Vec<String>,
    /// No other set has less power.
    pub minimal: bool,
    /// The calls that no permission of this kind opens, or that are in no table.
    pub uncovered: Vec<String>,
    /// Held, and of no use for those of the calls that are granted.
    pub unused: Vec<String>,
    /// Held and used, but stronger than needed.
    pub stronger: Vec<String>,
    /// Which permissions cover the calls, in one sentence.
    pub summary: String,
    /// What the token holds beyond that, in one sentence; absent where that is nothing, or cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excess: Option<String>,
}

/// The answers to "does this token suffice for this call".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PermissionVerdict {
    /// It holds a permission that suffices.
    Granted,
    /// It holds none.
    Missing,
    /// The call is in no table, or there is no token to compare: no denial.
    UnknownCall,
    /// The call takes no permission of this kind.
    NotSupported,
}

impl PermissionVerdict {
    /// The name in reports, e.g. `granted`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Missing => "missing",
            Self::UnknownCall => "unknown-call",
            Self::NotSupported => "not-supported",
        }
    }

    /// For a reader.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Missing => "missing",
            Self::UnknownCall => "call not in any table",
            Self::NotSupported => "not possible with this kind of token",
        }
    }
}

/// A moment of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Moment {
    /// What happens then, e.g. "issued (iat)", "expires (exp)", "judged".
    pub what: String,
    /// When.
    pub time: Time,
    /// Index into [`Report::artefacts`]; absent of the moment of judging.
    pub artefact: Option<usize>,
}

/// Values to search logs for; of the judged token and of errors.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct JoinKeys {
    /// Unique token identifier: `UniqueTokenIdentifier` in sign-in logs, `SignInActivityId` in Graph activity logs.
    pub uti: Option<String>,
    /// The same as the GUID that the portal shows as request ID.
    pub uti_guid: Option<String>,
    /// Session ID.
    pub sid: Option<String>,
    /// Object ID of the user or service principal.
    pub oid: Option<String>,
    /// Tenant ID.
    pub tid: Option<String>,
    /// Client ID.
    pub appid: Option<String>,
    /// Device ID.
    pub deviceid: Option<String>,
    /// Correlation IDs named in error responses.
    pub correlation_ids: Vec<String>,
    /// Request and trace IDs named in error responses.
    pub request_ids: Vec<String>,
}

impl JoinKeys {
    /// Every key that is there, with the name of its member.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let single = [
            ("uti", &self.uti),
            ("uti_guid", &self.uti_guid),
            ("sid", &self.sid),
            ("oid", &self.oid),
            ("tid", &self.tid),
            ("appid", &self.appid),
            ("deviceid", &self.deviceid),
        ];
        let mut pairs: Vec<_> =
            single.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect();
        pairs.extend(self.correlation_ids.iter().map(|value| ("correlation_id", value.as_str())));
        pairs.extend(self.request_ids.iter().map(|value| ("request_id", value.as_str())));
        pairs
    }
}

/// What a flow has to request, and what its token must look like.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Guide {
    /// The flow's id, e.g. `client-credentials`.
    pub flow: &'static str,
    /// Its name in Microsoft's documentation.
    pub name: &'static str,
    /// What to request, line by line.
    pub request: Vec<String>,
    /// What the token must look like.
    pub expect: Vec<String>,
    /// The library that acquires such tokens.
    pub library: Vec<String>,
    /// What people get wrong.
    pub mistakes: Vec<String>,
}

/// An address to read on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Link {
    /// What is to be found there.
    pub title: String,
    /// The address.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published schema is a file, so that a change of the types shows in a review.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test compares with the file, and writes it on request")]
    fn the_published_schema_is_that_of_the_types() {
        let schema = schemars::schema_for!(Report);
        let expected = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/schema.json"), &expected).unwrap();
        } else {
            let published = include_str!("schema.json");
            assert!(
                published == expected,
                "src/report/schema.json differs from the types of report version 1; where members were only added, \
                 renew it: UPDATE=1 cargo test --lib the_published_schema"
            );
        }
    }
}
