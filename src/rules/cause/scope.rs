//! The token request itself: scopes, parameters, address.

use super::{Advice, BY_ERROR, Case, Cause, Shown, usual};
use crate::report::Fixer;
use crate::rules::{Group, Rule};
use crate::scenario::{Client, Flow};

const SCOPES: &str = "https://learn.microsoft.com/entra/identity-platform/scopes-oidc";
const CLIENT_CREDENTIALS: &str =
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow";
const CODE_FLOW: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow";
const PASSWORD_GRANT: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const BREAKING: &str = "https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes";
const FLOWS: &str = "https://learn.microsoft.com/entra/identity-platform/authentication-flows-app-scenarios";

const SCOPE: Rule = Rule { group: Group::Scope, ..BY_ERROR };

pub(in crate::rules) const CLIENT_CREDENTIALS_NEEDS_DEFAULT_SCOPE: Rule = Rule {
    id: "client-credentials-needs-default-scope",
    means: "An app without a user cannot pick permissions at run time: it gets all application permissions that an \
            administrator granted. The request says so by the scope <resource>/.default, and no other scope is taken.",
    sources: &[CLIENT_CREDENTIALS, SCOPES],
    ..SCOPE
};

pub(in crate::rules) const MIXED_DEFAULT_AND_SPECIFIC_SCOPES: Rule = Rule {
    id: "mixed-default-and-specific-scopes",
    means: "The scope .default stands for everything already granted for an API, a named scope for one permission. One \
            request may hold either, not both.",
    sources: &[SCOPES],
    ..SCOPE
};

pub(in crate::rules) const MULTIPLE_RESOURCES_IN_SCOPE: Rule = Rule {
    id: "multiple-resources-in-scope",
    means: "An access token is for one API. The token request here names scopes of several, for example Microsoft Graph \
            and Outlook, and Entra refuses to choose. The user may consent to several APIs at once, but tokens are \
            fetched one API at a time.",
    sources: &[SCOPES, CODE_FLOW],
    ..SCOPE
};

pub(in crate::rules) const MALFORMED_SCOPE_STRING: Rule = Rule {
    id: "malformed-scope-string",
    means: "Scopes are one string with single spaces between them. Commas, brackets, quotes, line breaks, a missing \
            slash or a prefix that no API has make it unreadable. A list that is turned into text by the language \
            often ends like that.",
    sources: &[SCOPES, CODES],
    ..SCOPE
};

pub(in crate::rules) const SCOPE_NOT_ON_RESOURCE: Rule = Rule {
    id: "scope-not-on-resource",
    means: "The API exists, and it publishes no permission of that name. A scope without a prefix is looked up in \
            Microsoft Graph; a permission of another API (Exchange, Azure, one's own) needs the address of that API in \
            front.",
    sources: &[SCOPES, "https://learn.microsoft.com/graph/permissions-reference"],
    ..SCOPE
};

pub(in crate::rules) const SCOPE_MISSING: Rule = Rule {
    id: "scope-missing",
    means: "The v2.0 endpoint has to be told what the token is for, in the parameter scope. The request held none, or an \
            empty one.",
    sources: &[CODE_FLOW, SCOPES],
    ..SCOPE
};

pub(in crate::rules) const V1_RESOURCE_PARAM_ON_V2_ENDPOINT: Rule = Rule {
    id: "v1-resource-param-on-v2-endpoint",
    means: "The old endpoint (/oauth2/token) takes the API as resource=…, the v2.0 endpoint (/oauth2/v2.0/token) as part \
            of scope=…. This request sends the old parameter to the new address.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/v2-overview", SCOPES],
    ..SCOPE
};

pub(in crate::rules) const REQUEST_PARAMETER_MISSING: Rule = Rule {
    id: "request-parameter-missing",
    means: "A parameter that this grant needs did not arrive. Either it was left out or is empty, or the whole body \
            could not be read: sent as JSON, put into the address, or with a Content-Type other than \
            application/x-www-form-urlencoded.",
    sources: &[CODE_FLOW, BREAKING],
    ..SCOPE
};

pub(in crate::rules) const WRONG_ENDPOINT_URL_REDIRECT_LOSES_BODY: Rule = Rule {
    id: "wrong-endpoint-url-redirect-loses-body",
    means: "The request went to an address that is not the token endpoint, and was forwarded to it. Forwarding turns a \
            POST into a GET or drops its body, so the endpoint sees an empty request. A doubled slash, a missing v2.0, \
            http in place of https, or a proxy in between are enough.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/v2-protocols", CODES],
    ..SCOPE
};

pub(in crate::rules) const TOKEN_ENDPOINT_CALLED_WITH_GET: Rule = Rule {
    id: "token-endpoint-called-with-get",
    means: "The token endpoint takes POST with a form. A GET arrived: its address was opened in a browser, a link or the \
            back button led there, or an HTTP client repeated a redirected POST as GET.",
    sources: &[CODE_FLOW, CODES],
    ..SCOPE
};

pub(in crate::rules) const EMPTY_PASSWORD_ROPC: Rule = Rule {
    id: "empty-password-ropc",
    means: "The flow with user name and password was started with an empty one of the two: a setting or environment \
            variable that is not there, or a prompt that was skipped. Some libraries then send no form at all.",
    sources: &[PASSWORD_GRANT],
    ..SCOPE
};

pub(in crate::rules) const REQUEST_MALFORMED: Rule = Rule {
    id: "request-malformed",
    means: "Entra could not parse the request. Unencoded characters in a secret, code or refresh token, a body that is \
            JSON in place of a form, stray quotes or line breaks, or parameters sent twice have this effect.",
    sources: &[CODE_FLOW, CODES],
    ..SCOPE
};

pub(in crate::rules) const GRANT_TYPE_UNSUPPORTED: Rule = Rule {
    id: "grant-type-unsupported",
    means: "The parameter grant_type holds a value that this endpoint does not know or that this app must not use. \
            Spelling counts, and device code and on-behalf-of have long URNs as names.",
    sources: &[FLOWS, CODES],
    ..SCOPE
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "client-credentials-needs-default-scope",
        title: "An app that signs in as itself has to ask for /.default, not for single permissions.",
        fix: &[
            "Ask for exactly one scope: https://graph.microsoft.com/.default (or <App ID URI of the API>/.default)",
            "Put the permissions into the registration instead: API permissions > Add a permission > Application \
             permissions, then Grant admin consent",
        ],
    },
    Advice {
        finding: "mixed-default-and-specific-scopes",
        title: "The request mixes .default with named scopes, and only one of the two is allowed.",
        fix: &[
            "With a signed-in user: name the permissions and leave .default out",
            "For everything the registration lists: ask for .default alone (openid, profile and offline_access may stay)",
        ],
    },
    Advice {
        finding: "multiple-resources-in-scope",
        title: "One token request asks for permissions of several APIs; a token is for one.",
        fix: &[
            "Make one token request for each API: first the scopes of https://graph.microsoft.com, then, with the same \
             account or refresh token, those of the other (acquireTokenSilent per API)",
            "To have the consent in one go: list the second API's scopes as extra scopes to consent in the sign-in \
             request (extraScopesToConsent, WithExtraScopesToConsent), not in the token request",
        ],
    },
    Advice {
        finding: "malformed-scope-string",
        title: "The scope string is not written the way Entra reads it‹: {scope}›.",
        fix: &[
            "Write the scopes with one space between them, for example: openid offline_access \
             https://graph.microsoft.com/Mail.Read",
            "If the library takes a list, pass a list of separate scopes, not one string with commas",
            "Percent-encode the string exactly once, and give each scope the prefix of its API or none for Graph",
        ],
    },
    Advice {
        finding: "scope-not-on-resource",
        title: "{resource} does not have a permission called {scope}.",
        fix: &[
            "Look up the exact name (letter case included) in the permissions reference of the API, or under Expose an \
             API of your own",
            "Put the address of the right API in front: https://graph.microsoft.com/Mail.Read, \
             https://outlook.office.com/IMAP.AccessAsUser.All, api://<client ID>/<scope>",
            "Application permissions are no scopes: with a user name delegated ones, without a user ask for .default",
        ],
    },
    Advice {
        finding: "scope-missing",
        title: "The request names no scope, so Entra does not know what the token is for.",
        fix: &[
            "Add the parameter scope: for example openid offline_access https://graph.microsoft.com/User.Read, and \
             https://graph.microsoft.com/.default for an app without a user",
            "Print the final address or body and see whether the setting that fills it is empty",
        ],
    },
    Advice {
        finding: "v1-resource-param-on-v2-endpoint",
        title: "The request sends resource, a parameter of the old endpoint, to the v2.0 endpoint.",
        fix: &[
            "Replace resource=https://graph.microsoft.com by scope=https://graph.microsoft.com/.default (or named \
             scopes)",
            "Or, for a library that knows only resource, call the old endpoint: /oauth2/token without v2.0",
        ],
    },
    Advice {
        finding: "request-parameter-missing",
        title: "The request lacks a parameter that this grant needs‹: {parameter}›; or its body could not be read.",
        fix: &[
            "Read in the message which parameter is meant, and print the body that is really sent",
            "Send a POST whose body is a form (Content-Type: application/x-www-form-urlencoded), not JSON and not in \
             the address",
            "Check that no variable behind a parameter is empty",
        ],
    },
    Advice {
        finding: "wrong-endpoint-url-redirect-loses-body",
        title: "The request seems to reach the endpoint by a detour on which its body gets lost.",
        fix: &[
            "Use the exact address https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token: https, no doubled slash, \
             no slash at the end",
            "Log the HTTP exchange: a 301, 302 or 307 before the error gives the detour away; then see whether a proxy \
             rewrites it",
        ],
    },
    Advice {
        finding: "token-endpoint-called-with-get",
        title: "The token endpoint was called with GET; it takes POST only.",
        fix: &[
            "Send a POST with the parameters in the body as a form",
            "Users start at /authorize, never at /token: correct the address that the browser is sent to",
            "If the code does send a POST: look for a redirect or proxy that turns it into a GET",
        ],
    },
    Advice {
        finding: "empty-password-ropc",
        title: "User name or password seems to be empty in a sign-in that sends them directly.",
        fix: &[
            "Check the settings, variables or vault entries that fill them, at the moment of the call and under the \
             account the job runs as",
            "Better: leave this flow; sign in interactively or by device code, or let the app act as itself",
        ],
    },
    Advice {
        finding: "request-malformed",
        title: "Entra could not parse the request.",
        fix: &[
            "Print the request that is really sent (without secrets) and compare it with the sample of the flow's page: \
             POST, form body, every value percent-encoded once",
            "Look at code, refresh_token and client_secret first: quotes, spaces or line breaks from copying",
        ],
    },
    Advice {
        finding: "grant-type-unsupported",
        title: "Entra does not take this grant_type here.",
        fix: &[
            "Check its spelling: authorization_code, refresh_token, client_credentials, password, \
             urn:ietf:params:oauth:grant-type:device_code, urn:ietf:params:oauth:grant-type:jwt-bearer",
            "Check that the endpoint and the tenant allow it: personal accounts know neither password nor \
             client_credentials",
        ],
    },
];

fn is_app_only(case: &Case<'_>) -> bool {
    case.used_flow().map_or_else(|| case.clients(&[Client::Daemon]), Flow::is_app_only)
}

/// App-only and with a scope that is not `.default` alone.
fn app_only_with_names(case: &Case<'_>) -> bool {
    is_app_only(case) && !case.mixes_default() && !case.several_resources() && !case.asks_default_alone()
}

fn mixes(case: &Case<'_>) -> bool {
    case.mixes_default()
}

fn several(case: &Case<'_>) -> bool {
    case.several_resources() && !case.misshapen_scopes()
}

fn misshapen(case: &Case<'_>) -> bool {
    case.misshapen_scopes()
}

fn empty_scope(case: &Case<'_>) -> bool {
    case.empty_scopes()
}

fn sends_resource(case: &Case<'_>) -> bool {
    case.field("resource").is_some()
        && case.field("scope").is_none()
        && case.facts.token_requests.iter().any(|request| request.v2 == Some(true))
}

fn resource_field(case: &Case<'_>) -> Option<Shown> {
    let value = case.field("resource")?.to_owned();
    let text = format!("the request sends resource={value} to the v2.0 endpoint");
    Some(Shown { text, artefact: None, pointer: "/request/resource".into(), value })
}

fn with_password(case: &Case<'_>) -> bool {
    case.flows(&[Flow::Ropc])
}

/// A list in the message does not tell which of its scopes the API lacks.
pub(super) fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    finding == "scope-not-on-resource"
        && case.has_code("70011")
        && case.asked_scopes().is_some_and(|asked| asked.trim().contains(' '))
}

const SCOPE_CODES: &[&str] = &["70011", "invalid_scope", "28002", "1002012"];
const MISSING: &[&str] = &["900144", "90014", "900143"];

pub(super) const CAUSES: &[Cause] = &[
    usual("client-credentials-needs-default-scope", &["1002012"], 86).certain(),
    usual("client-credentials-needs-default-scope", &[], 90)
        .words(&["client credential flows must have a scope value with /.default"])
        .certain(),
    usual("client-credentials-needs-default-scope", &["70011"], 78).when(app_only_with_names),
    usual("mixed-default-and-specific-scopes", SCOPE_CODES, 84).when(mixes),
    usual("mixed-default-and-specific-scopes", &[], 92)
        .words(&[".default scope", "combined with resource-specific scopes"])
        .certain(),
    usual("multiple-resources-in-scope", &["28000", "700022"], 84),
    usual("multiple-resources-in-scope", &[], 90)
        .words(&["are not compatible with each other"])
        .when(several)
        .certain(),
    usual("multiple-resources-in-scope", &[], 80).words(&["are not compatible with each other"]),
    usual("multiple-resources-in-scope", SCOPE_CODES, 82).when(several),
    usual("multiple-resources-in-scope", &[], 84).words(&["scopes from multiple resources"]),
    usual("multiple-resources-in-scope", &[], 84).words(&["more than one resource"]),
    usual("malformed-scope-string", &["70011", "invalid_scope", "28002", "650053", "1002012"], 88).when(misshapen),
    usual("malformed-scope-string", &["70011"], 54),
    usual("scope-not-on-resource", &["650053"], 76),
    usual("scope-not-on-resource", &[], 80).words(&["asked for scope", "doesn't exist on the resource"]).certain(),
    usual("scope-not-on-resource", &["70011"], 46),
    usual("scope-missing", &["28003"], 74),
    usual("scope-missing", MISSING, 88).words(&["'scope'"]).certain(),
    usual("scope-missing", SCOPE_CODES, 88).when(empty_scope),
    usual("v1-resource-param-on-v2-endpoint", &["901002"], 84).certain(),
    // Only the older endpoint wants that parameter.
    usual("v1-token-request-without-resource", MISSING, 84).words(&["'resource'"]),
    usual("v1-resource-param-on-v2-endpoint", &["90100"], 72).words(&["'resource'"]),
    usual("v1-resource-param-on-v2-endpoint", &["90100"], 72).words(&["resource parameter"]),
    usual("v1-resource-param-on-v2-endpoint", &[], 86).words(&["'resource' request parameter"]).certain(),
    usual("v1-resource-param-on-v2-endpoint", &["900144", "70011", "90100", "901002", "28003"], 92)
        .when(sends_resource)
        .showing(resource_field)
        .certain(),
    usual("request-parameter-missing", &["900144", "90014", "900143"], 64),
    usual("request-parameter-missing", MISSING, 76).words(&["'grant_type'"]),
    usual("request-parameter-missing", MISSING, 74).words(&["'client_id'"]),
    usual("wrong-endpoint-url-redirect-loses-body", MISSING, 56)
        .words(&["'grant_type'"])
        .ask("Does the HTTP log show a redirect before the error?"),
    usual("wrong-endpoint-url-redirect-loses-body", &["900561", "90056"], 50)
        .ask("Does the HTTP log show a redirect before the error?"),
    usual("token-endpoint-called-with-get", &["900561", "90056", "90116"], 68),
    usual("token-endpoint-called-with-get", &[], 72).words(&["only accepts post", "received a get request"]),
    usual("empty-password-ropc", &["900561", "9002313"], 60).when(with_password).by(Fixer::User),
    usual("empty-password-ropc", MISSING, 86).words(&["'password'"]),
    usual("empty-password-ropc", MISSING, 84).words(&["'username'"]),
    usual("empty-password-ropc", &["50056", "50126"], 34).when(with_password).guess(),
    usual("request-malformed", &["9002313", "90023", "90013"], 56),
    usual("request-malformed", &["bad_verification_code"], 50),
    usual("grant-type-unsupported", &["70003", "unsupported_grant_type"], 70),
    usual("grant-type-unsupported", &[], 72).words(&["grant type", "not supported"]),
    usual("grant-type-unsupported", &["7000113"], 54),
];
