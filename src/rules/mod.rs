//! The rules: one file a family, each finding declared beside the rule that yields it.
//!
//! Their order in [`registry`] is their rank: what a service checks first comes first (the shape of the token, its
//! state, its audience, who acts, what it may do), and remarks on risk come last.

mod audience;
mod cause;
mod contradiction;
mod identity;
mod lookalike;
mod permission;
mod risk;
mod shape;
mod signature;
mod state;

use crate::facts::{Facts, Judged};
use crate::report::{Check, Confidence, Evidence, Finding, Fixer, Outcome, Severity};
use std::borrow::Cow;

/// A rule and the finding that it can yield.
#[derive(Debug)]
pub struct Rule {
    /// The id of the finding: kebab-case, the pattern, not the remedy; never reused.
    pub id: &'static str,
    /// The family.
    pub group: Group,
    /// How bad the finding is.
    pub severity: Severity,
    /// Who usually has to act.
    pub fixer: Fixer,
    /// What the finding means and why it makes a call fail, in a few sentences.
    pub means: &'static str,
    /// Documentation, as addresses; RFC sections where they decide.
    pub sources: &'static [&'static str],
    /// Applies the rule.
    pub judge: fn(&Facts<'_>) -> Judgement,
}

/// The families of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// The token itself: its shape, kind, times, issuer.
    Token,
    /// The signature, and what a token says about keys.
    Signature,
    /// Whom the token is for.
    Audience,
    /// Which tenant, client and account.
    Identity,
    /// Whether the app may act in the tenant at all.
    Consent,
    /// How the app proves its identity.
    Credential,
    /// What the token may do.
    Permission,
    /// What a stolen token would be good for.
    Risk,
    /// The way back from the sign-in page: redirect URI, authorization code, session of the browser.
    Redirect,
    /// The token request: scopes and parameters.
    Scope,
    /// Policies of the tenant: multifactor authentication, Conditional Access.
    Policy,
    /// Refresh tokens and caches.
    Refresh,
    /// On-behalf-of.
    Obo,
    /// The machine, the network, the mailbox: what lies around the request.
    Environment,
    /// The service and the libraries.
    Service,
    /// What is in no table.
    Other,
}

impl Group {
    /// The name in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Signature => "signature",
            Self::Audience => "audience",
            Self::Identity => "identity",
            Self::Consent => "consent",
            Self::Credential => "credential",
            Self::Permission => "permission",
            Self::Risk => "risk",
            Self::Redirect => "redirect",
            Self::Scope => "scope",
            Self::Policy => "policy",
            Self::Refresh => "refresh",
            Self::Obo => "obo",
            Self::Environment => "environment",
            Self::Service => "service",
            Self::Other => "other",
        }
    }
}

/// How a rule ended.
#[derive(Debug)]
pub enum Judgement {
    /// It applied and found nothing.
    Pass,
    /// It could not be judged, for this reason.
    NotApplicable(Cow<'static, str>),
    /// It found something.
    Found(Box<Found>),
}

/// What a rule found, before it becomes a [`Finding`].
#[derive(Debug)]
pub struct Found {
    confidence: Confidence,
    severity: Option<Severity>,
    fixer: Option<Fixer>,
    title: String,
    because: String,
    evidence: Vec<Evidence>,
    fix: Vec<String>,
}

/// Begins a finding with its sentence and the values that were compared. It is certain until said otherwise.
fn found(title: impl Into<String>, because: impl Into<String>) -> Found {
    Found {
        confidence: Confidence::Certain,
        severity: None,
        fixer: None,
        title: title.into(),
        because: because.into(),
        evidence: Vec::new(),
        fix: Vec::new(),
    }
}

impl Found {
    fn likely(mut self) -> Self {
        self.confidence = Confidence::Likely;
        self
    }

    fn guess(mut self) -> Self {
        self.confidence = Confidence::Guess;
        self
    }

    fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    fn fix(mut self, step: impl Into<String>) -> Self {
        self.fix.push(step.into());
        self
    }

    fn evidence(mut self, artefact: Option<usize>, pointer: impl Into<String>, value: impl Into<String>) -> Self {
        self.evidence.push(Evidence { artefact, pointer: pointer.into(), value: value.into() });
        self
    }

    /// A claim of the judged token as evidence; "absent" where it is not there.
    fn claim(self, judged: Judged<'_>, name: &str) -> Self {
        let payload = judged.token.payload.as_ref();
        let value = payload.and_then(|payload| Some(payload.root()?.get(name)?.to_text()));
        self.evidence(Some(judged.index), format!("/payload/{name}"), value.unwrap_or_else(|| "absent".into()))
    }

    /// A header member of the judged token as evidence.
    fn header(self, judged: Judged<'_>, name: &str) -> Self {
        let value = judged.token.header_text(name).unwrap_or_else(|| "absent".into());
        self.evidence(Some(judged.index), format!("/header/{name}"), value)
    }

    /// A value with its origin as evidence, unless it was taken for granted.
    fn given<T>(self, given: &crate::facts::Given<T>) -> Self {
        if given.pointer.is_empty() { self } else { self.evidence(None, given.pointer.clone(), given.text.clone()) }
    }
}

impl From<Found> for Judgement {
    fn from(found: Found) -> Self {
        Self::Found(Box::new(found))
    }
}

/// Found where there is something, otherwise passed.
impl From<Option<Found>> for Judgement {
    fn from(found: Option<Found>) -> Self {
        found.map_or(Self::Pass, Self::from)
    }
}

const fn not_applicable(reason: &'static str) -> Judgement {
    Judgement::NotApplicable(Cow::Borrowed(reason))
}

const NO_TOKEN: &str = "there is no access token in the paste";

/// The judged token, or the judgement that there is none.
macro_rules! judged_or_return {
    ($facts:expr) => {
        match $facts.judged() {
            Some(judged) => judged,
            None => return $crate::rules::not_applicable($crate::rules::NO_TOKEN),
        }
    };
}
use judged_or_return;

static REGISTRY: &[Rule] = &[
    shape::MALFORMED_BEARER_TOKEN,
    shape::TOKEN_TRUNCATED,
    shape::TOKEN_ENCRYPTED,
    lookalike::CLIENT_SECRET_PASTED,
    lookalike::REFRESH_TOKEN_PASTED,
    lookalike::AUTHORIZATION_CODE_PASTED,
    lookalike::CLIENT_ASSERTION_PASTED,
    lookalike::FEDERATED_TOKEN_PASTED,
    lookalike::SAML_ASSERTION_PASTED,
    lookalike::ID_TOKEN_USED_AS_ACCESS_TOKEN,
    risk::RISK_ACTOR_TOKEN,
    state::TOKEN_UNSIGNED,
    state::TOKEN_ALGORITHM_NOT_ENTRA,
    signature::TOKEN_DEMANDS_EXTENSION,
    state::TOKEN_ISSUER_NOT_ENTRA,
    signature::SIGNATURE_MISMATCH,
    signature::SIGNATURE_KEY_OTHER_ISSUER,
    contradiction::TOKEN_CLAIMS_CONTRADICT,
    state::TOKEN_EXPIRED,
    state::TOKEN_NOT_YET_VALID,
    audience::NATIONAL_CLOUD_ENDPOINT_MISMATCH,
    audience::AUDIENCE_AAD_GRAPH,
    audience::V1_TOKEN_REQUEST_WITHOUT_RESOURCE,
    audience::AUDIENCE_OTHER_RESOURCE,
    audience::AUDIENCE_OWN_API,
    audience::GRAPH_TOKEN_USED_ON_SHAREPOINT_REST,
    audience::GRAPH_TOKEN_NOT_MEANT_FOR_OWN_API,
    audience::GRAPH_TOKEN_USED_ON_OTHER_API,
    audience::TOKEN_VERSION_MISMATCH,
    audience::TOKEN_TENANT_UNEXPECTED,
    audience::TOKEN_CLIENT_UNEXPECTED,
    identity::PERSONAL_ACCOUNT_IN_ORG_TENANT,
    identity::CLIENT_CREDENTIALS_ON_COMMON,
    identity::PERSONAL_ACCOUNT_NOT_SUPPORTED_BY_FLOW,
    identity::SERVICE_PRINCIPAL_MISSING,
    identity::PLACEHOLDER_CLIENT_ID,
    identity::APP_ID_URI_USED_AS_CLIENT_ID,
    permission::ME_ENDPOINT_WITH_APP_ONLY_TOKEN,
    permission::DELEGATED_INSTEAD_OF_APPLICATION,
    permission::APPLICATION_INSTEAD_OF_DELEGATED,
    permission::CALL_NEEDS_SIGNED_IN_USER,
    permission::CALL_NEEDS_APP_ONLY,
    permission::PERMISSION_NOT_FOR_PERSONAL_ACCOUNT,
    permission::FIRST_PARTY_CLIENT_LACKS_GRAPH_SCOPE,
    permission::MISSING_APP_PERMISSION,
    permission::MISSING_DELEGATED_SCOPE,
    cause::credential::CLIENT_SECRET_WRONG,
    cause::credential::CLIENT_SECRET_ID_INSTEAD_OF_VALUE,
    cause::credential::CLIENT_SECRET_PLACEHOLDER,
    cause::credential::STALE_CACHED_SECRET,
    cause::credential::CLIENT_SECRET_EXPIRED,
    cause::credential::CLIENT_SECRET_OBJECT_CONSUMED,
    cause::credential::CONFIDENTIAL_CLIENT_WITHOUT_SECRET,
    cause::credential::SECRET_SENT_BY_PUBLIC_CLIENT,
    cause::credential::PUBLIC_CLIENT_NOT_ENABLED,
    cause::credential::PUBLIC_CLIENT_FLAG_WITH_CERTIFICATE,
    cause::credential::CLIENT_CERTIFICATE_NOT_REGISTERED,
    cause::credential::CLIENT_CERTIFICATE_EXPIRED,
    cause::credential::CLIENT_ASSERTION_TIME_RANGE,
    cause::credential::ASSERTION_X5T_ENCODING,
    cause::credential::ASSERTION_AUDIENCE_WRONG,
    cause::credential::ASSERTION_MULTIPLE_AUDIENCES,
    cause::credential::FEDERATED_CREDENTIAL_SUBJECT_MISMATCH,
    cause::credential::FEDERATED_CREDENTIAL_CASE_MISMATCH,
    cause::credential::FEDERATED_CREDENTIAL_ISSUER_MISMATCH,
    cause::credential::FEDERATED_CREDENTIAL_AUDIENCE_MISMATCH,
    cause::credential::FEDERATED_TOKEN_EXPIRED_LONG_JOB,
    cause::account::APP_NOT_FOUND_IN_TENANT,
    cause::account::APP_REGISTRATION_DELETED,
    cause::account::WRONG_TENANT,
    cause::account::TENANT_NOT_FOUND,
    cause::account::AUTHORITY_URL_HAS_ENDPOINT_SUFFIX,
    cause::account::NO_TENANT_IN_AUTHORITY,
    cause::account::SINGLE_TENANT_APP_ON_COMMON,
    cause::account::SINGLE_TENANT_APP_ON_ORGANIZATIONS,
    cause::account::TENANT_AUTHORITY_FOR_MULTITENANT_APP,
    cause::account::USER_FROM_OTHER_TENANT,
    cause::account::PERSONAL_ACCOUNT_ON_V1_ENDPOINT,
    cause::account::AAD_ONLY_APP_ON_COMMON,
    cause::account::SIGN_IN_AUDIENCE_MISMATCH,
    cause::account::ORGANIZATIONS_AUTHORITY_ON_V1_ENDPOINT,
    cause::account::EXTERNAL_ID_TENANT_ON_WORKFORCE_ENDPOINT,
    cause::account::APP_ID_URI_CASE_MISMATCH,
    cause::account::TOKEN_FOR_SELF_NEEDS_GUID_SCOPE,
    cause::account::USER_NOT_FOUND,
    cause::account::USER_ACCOUNT_DISABLED,
    cause::account::USER_ACCOUNT_LOCKED,
    cause::account::USER_PASSWORD_WRONG,
    cause::account::USER_PASSWORD_EXPIRED,
    cause::account::FEDERATED_IDP_REJECTED_PASSWORD,
    cause::account::TENANT_RESTRICTIONS,
    cause::consent::CONSENT_MISSING,
    cause::consent::USER_CONSENT_DISABLED,
    cause::consent::ADMIN_CONSENT_REQUEST_PENDING,
    cause::consent::USER_DECLINED_CONSENT,
    cause::consent::APP_NOT_CONSENTED_IN_TENANT,
    cause::consent::KNOWN_CLIENT_APPLICATIONS_MISSING,
    cause::consent::RESOURCE_NOT_PROVISIONED_IN_TENANT,
    cause::consent::RESOURCE_NOT_IN_REQUIRED_PERMISSIONS,
    cause::consent::FIRST_PARTY_CLIENT_NOT_PREAUTHORIZED,
    cause::consent::REFRESH_SCOPE_NOT_GRANTED,
    cause::consent::DEFAULT_SCOPE_WITH_PERSONAL_ACCOUNT,
    cause::consent::LIBRARY_DEFAULT_SCOPE_NOT_CONSENTED,
    cause::consent::USER_ASSIGNMENT_REQUIRED,
    cause::consent::USER_ASSIGNMENT_REQUIRED_NEEDS_ADMIN_CONSENT,
    cause::consent::APP_ROLE_ASSIGNMENT_REQUIRED_FOR_CLIENT,
    cause::consent::TOO_MANY_RESOURCES_IN_CONSENT_SCOPES,
    cause::consent::APPLICATION_DISABLED,
    cause::consent::APPLICATION_DISABLED_BY_MICROSOFT,
    cause::permitted::CALLER_LACKS_DIRECTORY_ROLE,
    cause::permitted::APP_LACKS_DIRECTORY_ROLE,
    cause::permitted::USER_NOT_MEMBER_OF_GROUP,
    cause::permitted::RSC_PERMISSION_NOT_GRANTED_IN_TEAM,
    cause::permitted::EXCHANGE_EWS_APPLICATION_ACCESS_POLICY,
    cause::permitted::TEAMS_APPLICATION_ACCESS_POLICY_MISSING,
    cause::permitted::STALE_CACHED_TOKEN_AFTER_PERMISSION_CHANGE,
    cause::permitted::MANAGED_IDENTITY_TOKEN_CACHED,
    identity::APP_ROLES_NOT_SUPPORTED_IN_B2C,
    cause::redirect::REDIRECT_URI_MISMATCH,
    cause::redirect::REDIRECT_URI_NOT_REGISTERED,
    cause::redirect::REDIRECT_URI_WRONG_PLATFORM,
    cause::redirect::SPA_PLATFORM_WITH_NATIVE_CLIENT,
    cause::redirect::SPA_PLATFORM_WITH_NON_PKCE_CLIENT,
    cause::redirect::IMPLICIT_ID_TOKEN_NOT_ENABLED,
    cause::redirect::PKCE_VERIFIER_MISMATCH,
    cause::redirect::PKCE_VERIFIER_MISSING_SPLIT_FLOW,
    cause::redirect::AUTH_CODE_REDEEMED_TWICE,
    cause::redirect::AUTH_CODE_EXPIRED,
    cause::redirect::AUTH_CODE_ALTERED,
    cause::browser::INTERACTION_IN_PROGRESS,
    cause::browser::REDIRECT_NOT_HANDLED_IN_IFRAME,
    cause::browser::THIRD_PARTY_COOKIES_BLOCKED,
    cause::browser::BROWSER_COOKIE_SAMESITE,
    cause::browser::MULTIPLE_ACCOUNTS_SILENT,
    cause::browser::NO_SESSION_SILENT,
    cause::scope::CLIENT_CREDENTIALS_NEEDS_DEFAULT_SCOPE,
    cause::scope::MIXED_DEFAULT_AND_SPECIFIC_SCOPES,
    cause::scope::MULTIPLE_RESOURCES_IN_SCOPE,
    cause::scope::MALFORMED_SCOPE_STRING,
    cause::scope::SCOPE_NOT_ON_RESOURCE,
    cause::scope::SCOPE_MISSING,
    cause::scope::V1_RESOURCE_PARAM_ON_V2_ENDPOINT,
    cause::scope::REQUEST_PARAMETER_MISSING,
    cause::scope::WRONG_ENDPOINT_URL_REDIRECT_LOSES_BODY,
    cause::scope::TOKEN_ENDPOINT_CALLED_WITH_GET,
    cause::scope::EMPTY_PASSWORD_ROPC,
    cause::scope::REQUEST_MALFORMED,
    cause::scope::GRANT_TYPE_UNSUPPORTED,
    cause::policy::ROPC_CANNOT_DO_MFA,
    cause::policy::ROPC_WITH_FEDERATED_USER,
    cause::policy::SILENT_NEEDS_INTERACTION_MFA,
    cause::policy::MFA_REQUIRED,
    cause::policy::MFA_REGISTRATION_REQUIRED,
    cause::policy::CLAIMS_CHALLENGE_NOT_FORWARDED,
    cause::policy::CAE_CHALLENGE_NOT_HANDLED,
    cause::policy::LIBRARY_DROPS_CLAIMS_CHALLENGE,
    cause::policy::CONDITIONAL_ACCESS_BLOCK,
    cause::policy::CONDITIONAL_ACCESS_DEVICE_COMPLIANCE,
    cause::policy::CONDITIONAL_ACCESS_TOKEN_PROTECTION,
    cause::policy::DEVICE_CODE_FAILS_DEVICE_COMPLIANCE,
    cause::policy::SECURITY_DEFAULTS_BLOCK,
    cause::policy::SIGN_IN_FREQUENCY_POLICY,
    cause::refresh::GRANT_REVOKED_PASSWORD_CHANGE,
    cause::refresh::REFRESH_TOKEN_INACTIVE,
    cause::refresh::REFRESH_TOKEN_SPA_LIFETIME,
    cause::refresh::MALFORMED_REFRESH_TOKEN,
    cause::refresh::REFRESH_TOKEN_OTHER_CLIENT,
    cause::refresh::TOKEN_CACHE_NOT_USED,
    cause::obo::OBO_ASSERTION_WRONG_AUDIENCE,
    cause::obo::OBO_ASSERTION_EXPIRED,
    cause::obo::OBO_ASSERTION_IS_APP_ONLY,
    cause::obo::OBO_ASSERTION_IS_ID_TOKEN,
    cause::environment::CLIENT_CLOCK_SKEW,
    cause::environment::NO_EXCHANGE_ONLINE_LICENSE,
    cause::environment::GUEST_USER_HAS_NO_MAILBOX,
    cause::environment::CREDENTIAL_CHAIN_FOUND_NOTHING,
    cause::environment::MANAGED_IDENTITY_UNAVAILABLE,
    cause::environment::BROKER_NEEDS_WINDOW,
    cause::environment::PROXY_OR_TLS_INTERFERENCE,
    cause::service::THROTTLED,
    cause::service::SERVICE_TRANSIENT_FAULT,
    cause::service::SERVICE_INCIDENT,
    cause::service::LIBRARY_REGRESSION,
    cause::other::UNKNOWN_CODE,
    cause::other::ERROR_EXPLAINED,
    lookalike::PERSONAL_ACCOUNT_TOKEN_OPAQUE,
    signature::SIGNATURE_CANNOT_BE_CHECKED,
    signature::SIGNATURE_KEY_NOT_IN_JWKS,
    signature::KEY_FILE_HOLDS_SECRET,
    signature::TOKEN_BRINGS_OWN_KEY,
    signature::GRAPH_TOKEN_NONCE_ALREADY_HASHED,
    risk::RISK_ATTACK_TOOL_ARTEFACT,
    risk::RISK_CONTROL_PLANE_PERMISSION,
    risk::RISK_PRIVILEGED_ROLE,
    risk::RISK_MASS_DATA_ACCESS,
    risk::RISK_FAMILY_CLIENT,
    risk::RISK_LONG_LIVED,
    permission::EXCESS_PERMISSION,
    risk::RISK_PASSWORD_ONLY,
    risk::SECRET_EXPOSED,
    shape::TOKEN_OVERSIZED,
    shape::CLAIM_NESTED_TOO_DEEP,
];

/// All rules, most decisive first.
pub fn registry() -> &'static [Rule] {
    REGISTRY
}

/// The rule that yields the finding of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    REGISTRY.iter().find(|rule| rule.id == id)
}

/// Applies every rule. Findings come in rank order: what an error and the token beside it decide together, what the token
/// and the scenario show, then what errors point to, by the weight of the evidence, then notes. Checks come in the order of the registry.
pub fn judge(facts: &Facts<'_>) -> (Vec<Finding>, Vec<Check>) {
    let judgements: Vec<Judgement> = REGISTRY.iter().map(|rule| (rule.judge)(facts)).collect();
    let is_error = |(rule, judgement): &(&Rule, &Judgement)| match judgement {
        Judgement::Found(found) => found.severity.unwrap_or(rule.severity) == Severity::Error,
        _ => false,
    };
    let errors: Vec<&str> = REGISTRY.iter().zip(&judgements).filter(is_error).map(|(rule, _)| rule.id).collect();
    // An answer that speaks of something else was given before the token was over: then its age is not why.
    let over = errors.contains(&state::TOKEN_EXPIRED.id);
    let told = over.then(|| cause::weigh(facts, false)).filter(|causes| cause::speak_of_another_fault(causes));
    let past = told.is_some();
    let mut causes = match told {
        Some(causes) if errors.len() == 1 => causes,
        _ => cause::weigh(facts, !errors.is_empty()),
    };
    let header_follows = shape::follows_from_failed_request(facts);
    // What stands behind the causes: it came later, or is a consequence.
    let is_behind =
        |id: &str| past && id == state::TOKEN_EXPIRED.id || header_follows && id == shape::MALFORMED_BEARER_TOKEN.id;
    let mut ranked: Vec<((bool, u8, u8), Finding)> = Vec::new();
    let mut checks = Vec::with_capacity(REGISTRY.len());
    for (rule, judgement) in REGISTRY.iter().zip(judgements) {
        let cause = causes.iter().position(|cause| cause.finding == rule.id);
        let cause = cause.filter(|place| {
            // A rule that looked and found nothing outweighs words alone and what a code means in general.
            let stronger = |cause: &cause::Weighed| !cause.words_alone && cause.weight > cause::IN_GENERAL;
            !matches!(judgement, Judgement::Pass) || causes.get(*place).is_some_and(stronger)
        });
        let (outcome, reason) = match (judgement, cause) {
            (Judgement::Found(found), _) => {
                let finding = finding(rule, *found);
                let place = if is_behind(rule.id) { 3 } else { 1 };
                ranked.push(((finding.severity == Severity::Note, place, 0), finding));
                (Outcome::Found, Cow::Borrowed(""))
            }
            (_, Some(place)) => {
                let cause = causes.swap_remove(place);
                let finding = finding(rule, cause.found);
                let place = if cause.weight >= cause::DECIDED { 0 } else { 2 };
                ranked
                    .push(((finding.severity == Severity::Note, place, u8::MAX.saturating_sub(cause.weight)), finding));
                (Outcome::Found, Cow::Borrowed(""))
            }
            (Judgement::Pass, None) => (Outcome::Pass, Cow::Borrowed("")),
            (Judgement::NotApplicable(reason), None) => (Outcome::NotApplicable, reason),
        };
        checks.push(Check { id: rule.id, outcome, reason });
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    (ranked.into_iter().map(|(_, finding)| finding).collect(), checks)
}

fn finding(rule: &Rule, found: Found) -> Finding {
    Finding {
        id: rule.id,
        severity: found.severity.unwrap_or(rule.severity),
        confidence: found.confidence,
        title: found.title,
        because: found.because,
        evidence: found.evidence,
        fix: found.fix,
        fixer: found.fixer.unwrap_or(rule.fixer),
        sources: rule.sources.iter().map(|source| Cow::Borrowed(*source)).collect(),
    }
}
