//! Consent: may this app act in this tenant, for this user, with these permissions?

mod advice;

pub(super) use advice::ADVICE;

use super::{Case, Cause, Group, Rule, rule_of_errors, said, usual};
use crate::catalog;
use crate::facts::Target;
use crate::report::{Confidence, Fixer};
use crate::scenario::{Client, Flow};

const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const CONSENT_ISSUES: &str =
    "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/troubleshoot-consent-issues";
const PERMISSIONS_AND_CONSENT: &str =
    "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview";
const GRANT_ADMIN_CONSENT: &str = "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent";
const USER_CONSENT: &str = "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-user-consent";
const CONSENT_WORKFLOW: &str =
    "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-admin-consent-workflow";
const UNEXPECTED_CONSENT: &str =
    "https://learn.microsoft.com/entra/identity/enterprise-apps/application-sign-in-unexpected-user-consent-error";
const SERVICE_PRINCIPALS: &str =
    "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals";
const ASSIGNMENT: &str =
    "https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal";
const SCOPES: &str = "https://learn.microsoft.com/entra/identity-platform/scopes-oidc";
const MANIFEST: &str = "https://learn.microsoft.com/entra/identity-platform/reference-app-manifest";

pub(in crate::rules) const CONSENT_MISSING: Rule = rule_of_errors(
    "consent-missing",
    Group::Consent,
    Fixer::User,
    "Before an app may act for a user, the user or an administrator has to agree to its permissions, once in each \
     tenant. Entra found no such agreement for this app and these permissions. It can also have been withdrawn, or \
     given for other permissions than those asked for now. A request that can show no page, such as a silent one or \
     one with a password, cannot ask for it.",
    &[CONSENT_ISSUES, PERMISSIONS_AND_CONSENT],
);

pub(in crate::rules) const USER_CONSENT_DISABLED: Rule = rule_of_errors(
    "user-consent-disabled",
    Group::Consent,
    Fixer::TenantAdmin,
    "The tenant does not let its users agree to this app themselves: user consent is off, limited to verified \
     publishers or harmless permissions, the permission always needs an administrator, or Entra rated the request \
     as risky. Nothing that the user does in the browser changes that. An administrator has to agree for everybody.",
    &[USER_CONSENT, GRANT_ADMIN_CONSENT, CONSENT_ISSUES],
);

pub(in crate::rules) const ADMIN_CONSENT_REQUEST_PENDING: Rule = rule_of_errors(
    "admin-consent-request-pending",
    Group::Consent,
    Fixer::TenantAdmin,
    "Users of this tenant ask their administrators for approval of new apps on the sign-in page. Such a request is \
     open or has to be sent; until a reviewer agrees, the sign-in ends here. Requests expire if nobody looks at \
     them.",
    &[CONSENT_WORKFLOW, "https://learn.microsoft.com/entra/identity/enterprise-apps/review-admin-consent-requests"],
);

pub(in crate::rules) const USER_DECLINED_CONSENT: Rule = rule_of_errors(
    "user-declined-consent",
    Group::Consent,
    Fixer::User,
    "The page that asks for permissions was left with Cancel or No. Entra tells the app so, and no token is issued. \
     The app may ask again; it does well to say first why it needs the permissions.",
    &["https://learn.microsoft.com/entra/identity-platform/application-consent-experience", CODES],
);

pub(in crate::rules) const APP_NOT_CONSENTED_IN_TENANT: Rule = rule_of_errors(
    "app-not-consented-in-tenant",
    Group::Consent,
    Fixer::TenantAdmin,
    "Every tenant decides for itself about an app. In the tenant of this token nobody ever agreed to it, so it has no \
     service principal there, or one without permissions. Consent in the developer's own tenant does not count in \
     another.",
    &[SERVICE_PRINCIPALS, GRANT_ADMIN_CONSENT, "https://learn.microsoft.com/graph/resolve-auth-errors"],
);

pub(in crate::rules) const KNOWN_CLIENT_APPLICATIONS_MISSING: Rule = rule_of_errors(
    "known-client-applications-missing",
    Group::Consent,
    Fixer::AppDeveloper,
    "A client that calls an API, which calls Graph in turn, can have all permissions agreed to on one page. For \
     that the registration of the API has to name the client in knownClientApplications, and the client has to ask \
     for the API's .default scope. Without it the consent for the second hop is never asked for.",
    &["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow", MANIFEST],
);

pub(in crate::rules) const RESOURCE_NOT_PROVISIONED_IN_TENANT: Rule = rule_of_errors(
    "resource-not-provisioned-in-tenant",
    Group::Consent,
    Fixer::TenantAdmin,
    "The API that the token is meant for does not exist in this tenant: it has no service principal there, because the \
     service was never bought or used, because its own app was never consented to, or because its address is written \
     differently from the one that is registered.",
    &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts500011-resource-principal-not-found",
        SERVICE_PRINCIPALS,
    ],
);

pub(in crate::rules) const RESOURCE_NOT_IN_REQUIRED_PERMISSIONS: Rule = rule_of_errors(
    "resource-not-in-required-permissions",
    Group::Consent,
    Fixer::AppDeveloper,
    "The app asks for a token of an API of which its registration lists no permission at all. At the older \
     endpoint, and wherever all registered permissions are asked for, the list under API permissions decides.",
    &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts650056-misconfigured-app",
        CODES,
    ],
);

pub(in crate::rules) const FIRST_PARTY_CLIENT_NOT_PREAUTHORIZED: Rule = rule_of_errors(
    "first-party-client-not-preauthorized",
    Group::Consent,
    Fixer::AppDeveloper,
    "The client ID belongs to Microsoft. What such a client may ask for is fixed between the teams there, and \
     neither a user nor an administrator can consent to more. A program of one's own needs a registration of one's \
     own.",
    &["https://learn.microsoft.com/entra/identity-platform/quickstart-register-app", CODES],
);

pub(in crate::rules) const REFRESH_SCOPE_NOT_GRANTED: Rule = rule_of_errors(
    "refresh-scope-not-granted",
    Group::Consent,
    Fixer::AppDeveloper,
    "A refresh token renews what was agreed to when it was issued. A refresh that asks for other scopes is refused \
     until the user has signed in and agreed to them. The same answer comes after the consent was withdrawn.",
    &["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow", SCOPES],
);

pub(in crate::rules) const DEFAULT_SCOPE_WITH_PERSONAL_ACCOUNT: Rule = rule_of_errors(
    "default-scope-with-personal-account",
    Group::Consent,
    Fixer::AppDeveloper,
    "The scope .default stands for the permissions that a registration lists. For a personal Microsoft account nothing \
     is left of them, so there is nothing to agree to. Personal accounts need scopes by name.",
    &[SCOPES, "https://learn.microsoft.com/entra/identity-platform/v2-supported-account-types"],
);

pub(in crate::rules) const LIBRARY_DEFAULT_SCOPE_NOT_CONSENTED: Rule = rule_of_errors(
    "library-default-scope-not-consented",
    Group::Consent,
    Fixer::AppDeveloper,
    "Libraries add scopes of their own to those that the code names: openid, profile and offline_access, sometimes \
     User.Read, or they ask for .default. If nobody agreed to one of these, the whole request fails although all named \
     permissions are granted.",
    &[SCOPES, CONSENT_ISSUES],
);

pub(in crate::rules) const USER_ASSIGNMENT_REQUIRED: Rule = rule_of_errors(
    "user-assignment-required",
    Group::Consent,
    Fixer::TenantAdmin,
    "The enterprise application has \"Assignment required\" switched on, and neither the user nor a group of which the \
     user is a direct member is assigned to it. Members of groups within an assigned group do not count.",
    &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50105-user-not-assigned-role",
        ASSIGNMENT,
    ],
);

pub(in crate::rules) const USER_ASSIGNMENT_REQUIRED_NEEDS_ADMIN_CONSENT: Rule = rule_of_errors(
    "user-assignment-required-needs-admin-consent",
    Group::Consent,
    Fixer::TenantAdmin,
    "As soon as an app requires assignment, users can no longer consent to it, not even to harmless permissions. An \
     administrator has to agree to every permission, although the tenant lets users consent elsewhere.",
    &[UNEXPECTED_CONSENT, CONSENT_ISSUES],
);

pub(in crate::rules) const APP_ROLE_ASSIGNMENT_REQUIRED_FOR_CLIENT: Rule = rule_of_errors(
    "app-role-assignment-required-for-client",
    Group::Consent,
    Fixer::TenantAdmin,
    "The API admits only those that are assigned to it, and that holds for apps too. The calling app has none of \
     its app roles, so Entra issues no token for it.",
    &[ASSIGNMENT, "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"],
);

pub(in crate::rules) const TOO_MANY_RESOURCES_IN_CONSENT_SCOPES: Rule = rule_of_errors(
    "too-many-resources-in-consent-scopes",
    Group::Consent,
    Fixer::AppDeveloper,
    "One consent page can cover several APIs, but only so many. This request names scopes of more APIs than the \
     service takes at once.",
    &[SCOPES, PERMISSIONS_AND_CONSENT],
);

pub(in crate::rules) const APPLICATION_DISABLED: Rule = rule_of_errors(
    "application-disabled",
    Group::Consent,
    Fixer::TenantAdmin,
    "The service principal of the app, or of the API it asks for, is switched off in this tenant. Mostly an \
     administrator did that under Enterprise applications; a lapsed subscription of the service has the same effect.",
    &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000112-application-is-disabled",
        "https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal",
    ],
);

pub(in crate::rules) const APPLICATION_DISABLED_BY_MICROSOFT: Rule = rule_of_errors(
    "application-disabled-by-microsoft",
    Group::Consent,
    Fixer::AppDeveloper,
    "Microsoft switched the app off everywhere because it looked like an abuse of consent: a deceptive name, an \
     unverified publisher with far-reaching permissions, or a report. No administrator of a customer can undo that.",
    &[
        "https://learn.microsoft.com/entra/identity/enterprise-apps/protect-against-consent-phishing",
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts7000112-application-is-disabled",
    ],
);

/// Flows that show no page of their own, so nobody can agree to anything in them.
const NO_PAGE: &[Flow] = &[
    Flow::Ropc,
    Flow::IntegratedWindows,
    Flow::OnBehalfOf,
    Flow::ClientCredentials,
    Flow::ManagedIdentity,
    Flow::WorkloadIdentity,
];

fn no_page(case: &Case<'_>) -> bool {
    case.flow_is(NO_PAGE)
}

fn on_behalf_of(case: &Case<'_>) -> bool {
    case.flow_is(&[Flow::OnBehalfOf]) || case.clients(&[Client::WebApi])
}

/// Whoever names a library does not write the token request, and with it its scopes, by hand.
fn library_adds_scopes(case: &Case<'_>) -> bool {
    case.facts.scenario.library.is_some()
}

/// A library that is not Microsoft's, in a flow in which the user has just consented to what the address asked for: if
/// consent lacks all the same, the token request holds other scopes.
fn foreign_library_adds_scopes(case: &Case<'_>) -> bool {
    library_adds_scopes(case)
        && !case.library(&["msal", "adal", "microsoft", "azure", "identity"])
        && case.flows(&[Flow::AuthorizationCode, Flow::RefreshToken])
}

/// The Azure CLI is the client, which has no page of its own for consent.
pub(super) fn azure_cli(case: &Case<'_>) -> bool {
    case.value("app").is_some_and(|app| app.eq_ignore_ascii_case("04b07795-8ddb-461a-bbee-02f9e1bf7b46"))
}

/// True where the case itself speaks against a finding on consent: nobody here can add to a registration of Microsoft.
pub(super) fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    finding == RESOURCE_NOT_IN_REQUIRED_PERMISSIONS.id && microsoft_app(case)
}

/// The client ID of the message belongs to Microsoft.
pub(super) fn microsoft_app(case: &Case<'_>) -> bool {
    let app = case.value("app").and_then(catalog::app);
    app.is_some_and(|app| app.first_party == Some(true))
}

fn disabled_by_microsoft(case: &Case<'_>) -> bool {
    case.paste_says_any(&[
        "disabledduetoviolation",
        "disabledbymicrosoft",
        "services agreement",
        "disabled by microsoft",
    ])
}

const DISABLED: &[&str] = &["7000112", "7000116", "7000117", "500014"];

pub(super) const CAUSES: &[Cause] = &[
    // No consent.
    Cause {
        question: "does an administrator of the tenant see the app under Enterprise applications, with the permissions \
                   listed under Permissions?",
        ..usual("consent-missing", &["65001", "650011"], 62)
    },
    Cause {
        when: no_page,
        fixer: Some(Fixer::TenantAdmin),
        reason: "this flow has no page on which anybody could agree",
        ..usual("consent-missing", &["65001"], 64)
    },
    Cause {
        when: azure_cli,
        fixer: Some(Fixer::User),
        reason: "the Azure CLI asks for this API, and whoever signed in to it never agreed",
        ..usual("consent-missing", &["65001"], 66)
    },
    Cause {
        when: microsoft_app,
        reason: "{app} is a client of Microsoft",
        question: "is it an API of your own, whose registration can name the client?",
        ..usual("first-party-client-not-preauthorized", &["65001"], 60)
    },
    said("consent-missing", &["has not consented to use the application"], 60),
    Cause {
        when: |case| case.flow_is(&[Flow::ClientCredentials, Flow::WorkloadIdentity, Flow::ManagedIdentity]),
        reason: "an app without a user needs the consent of an administrator",
        ..usual("app-not-consented-in-tenant", &["65001"], 54)
    },
    Cause {
        when: library_adds_scopes,
        reason: "a library makes the request",
        question: "which scopes does the request hold that leaves the program (--debug, network trace)?",
        ..usual("library-default-scope-not-consented", &["65001"], 52)
    },
    Cause {
        when: |case| case.paste_says_any(&["wl.basic", "wl.signin", "default scope", "defaultscope", "default_scope"]),
        reason: "the paste speaks of scopes that the library adds",
        ..usual("library-default-scope-not-consented", &["65001"], 78)
    },
    Cause {
        when: foreign_library_adds_scopes,
        reason: "the sign-in page had its consent, so the token request of the library holds other scopes",
        question: "which scopes does the request hold that leaves the program (network trace)?",
        ..usual("library-default-scope-not-consented", &["65001"], 63)
    },
    Cause {
        question: "does the request hold scopes that your code does not name?",
        ..usual("library-default-scope-not-consented", &["65001"], 40)
    },
    Cause {
        question: "may users of the tenant consent (Entra admin center, Enterprise applications, Consent and \
                   permissions)?",
        ..usual("user-consent-disabled", &["65001"], 42)
    },
    Cause { when: |case| !no_page(case), ..usual("app-not-consented-in-tenant", &["65001"], 38) },
    Cause {
        when: on_behalf_of,
        reason: "an API passes its caller on",
        question: "does knownClientApplications in the manifest of the API name the client?",
        ..usual("known-client-applications-missing", &["65001", "65005", "650055"], 56)
    },
    // The tenant does not let the user consent.
    usual("user-consent-disabled", &["90094", "90093", "900941", "900942", "900981"], 68),
    said("user-consent-disabled", &["need admin approval"], 84),
    said("user-consent-disabled", &["only an admin can grant"], 84),
    said("user-consent-disabled", &["prevents you from granting"], 80),
    said("user-consent-disabled", &["unverified", "admin approval"], 84),
    Cause {
        question: "does the enterprise application say Assignment required: Yes under Properties?",
        ..usual("user-assignment-required-needs-admin-consent", &["90094", "90093"], 50)
    },
    Cause {
        when: |case| case.paste_says_any(&["assignment required", "user assignment", "approleassignmentrequired"]),
        reason: "the app requires assignment",
        ..usual("user-assignment-required-needs-admin-consent", &["90094", "90093", "65001"], 78)
    },
    Cause {
        when: |case| {
            case.says_one_of(&["need admin approval", "only an admin can grant"])
                && case.paste_says_any(&["assignment required", "user assignment", "approleassignmentrequired"])
        },
        reason: "the app requires assignment",
        ..usual("user-assignment-required-needs-admin-consent", &[], 88)
    },
    usual("admin-consent-request-pending", &["90095", "90096"], 84),
    usual("admin-consent-request-pending", &["90094", "90093", "900981"], 40),
    said("user-consent-disabled", &["approval required", "admin"], 80),
    said("user-consent-disabled", &["requires your admin's approval"], 82),
    said("admin-consent-request-pending", &["requires your admin's approval"], 60),
    said("admin-consent-request-pending", &["request sent"], 84),
    said("admin-consent-request-pending", &["request has been sent"], 84),
    Cause {
        words: &["admin consent request"],
        when: |case| !case.has_code("90094"),
        ..usual("admin-consent-request-pending", &[], 82)
    },
    said("admin-consent-request-pending", &["request for admin approval"], 82),
    Cause {
        when: |case| case.says_one_of(&["need admin approval"]),
        ..usual("admin-consent-request-pending", &[], 46)
    },
    Cause {
        when: |case| case.says_one_of(&["need admin approval"]),
        ..usual("user-assignment-required-needs-admin-consent", &[], 44)
    },
    // The user said no.
    usual("user-declined-consent", &["65004", "650041", "90135", "90137", "AADB2C90091"], 88),
    usual("user-declined-consent", &["authorization_declined"], 84),
    said("user-declined-consent", &["declined to consent"], 90),
    said("user-declined-consent", &["did not consent to login"], 90),
    Cause { when: |case| !case.is_numbered(), ..usual("user-declined-consent", &["access_denied"], 30) },
    // The app is unknown to the tenant.
    Cause {
        question: "is there a service principal of {app} in the tenant (az ad sp show --id {client-id})?",
        ..usual("app-not-consented-in-tenant", &["Authorization_IdentityNotFound"], 64)
    },
    said("app-not-consented-in-tenant", &["identity of the calling application could not be established"], 64),
    Cause {
        question: "which tenant does tid of the token name, and does that tenant know the app?",
        ..usual("service-principal-missing", &["Authorization_IdentityNotFound"], 48)
    },
    usual("app-not-consented-in-tenant", &["650056"], 62),
    usual("consent-missing", &["650056"], 50),
    Cause {
        question: "does API permissions list the API that the message names?",
        ..usual("resource-not-in-required-permissions", &["650056"], 52)
    },
    usual("service-principal-missing", &["7000229", "7000217"], 86),
    usual("app-not-consented-in-tenant", &["7000229", "7000217"], 52),
    Cause {
        when: |case| !microsoft_app(case),
        question: "was the app registered in another tenant, and did an administrator of this one ever agree to it?",
        ..usual("app-not-consented-in-tenant", &["700016"], 46)
    },
    Cause {
        when: microsoft_app,
        reason: "{app} is an app of Microsoft that this tenant does not have yet",
        ..usual("service-principal-missing", &["700016", "650052", "500011"], 74)
    },
    usual("service-principal-missing", &["700016"], 40),
    // The API is unknown to the tenant.
    usual("resource-not-provisioned-in-tenant", &["500011", "50001", "650054", "650058"], 62),
    usual("resource-not-provisioned-in-tenant", &["650052"], 86),
    Cause { words: &["has not subscribed to or enabled"], ..usual("resource-not-provisioned-in-tenant", &[], 92) },
    said("resource-not-provisioned-in-tenant", &["lacks a service principal for"], 90),
    said("resource-not-provisioned-in-tenant", &["request not applicable to target tenant"], 82),
    said("resource-not-provisioned-in-tenant", &["subscription within the tenant has lapsed"], 60),
    said("resource-not-provisioned-in-tenant", &["does not have a spo license"], 90),
    Cause {
        words: &["resource principal named"],
        question: "is the address of the API in the request, letter for letter, its Application ID URI?",
        ..usual("resource-not-provisioned-in-tenant", &[], 62)
    },
    // The registration does not list the API.
    usual("resource-not-in-required-permissions", &["650057"], 88),
    usual("resource-not-in-required-permissions", &["90008"], 80),
    Cause {
        when: |case| {
            case.says_one_of(&[
                "requiredresourceaccess",
                "required resource access",
                "not listed in the requested permissions",
                "has not specified this resource",
            ])
        },
        reason: "the message speaks of the permissions that the registration lists",
        ..usual("resource-not-in-required-permissions", &["65005", "650057", "650056"], 86)
    },
    usual("resource-not-in-required-permissions", &["65005"], 50),
    usual("known-client-applications-missing", &["650055"], 80),
    Cause {
        when: |case| {
            on_behalf_of(case)
                && case.says_one_of(&[
                    "requiredresourceaccess",
                    "has not specified this resource",
                    "required resource access",
                ])
        },
        reason: "an API passes its caller on, and its own permissions were not part of the consent",
        question: "does knownClientApplications in the manifest of the API name the client?",
        ..usual("known-client-applications-missing", &["65005"], 87)
    },
    Cause {
        when: |case| case.facts.target().value == Target::OwnApi,
        reason: "an API of one's own needs no subscription: it is missing because the consent did not cover it",
        question: "does knownClientApplications in the manifest of the API name the client?",
        ..usual("known-client-applications-missing", &["65005"], 93)
    },
    usual("known-client-applications-missing", &["65005"], 44),
    usual("resource-not-provisioned-in-tenant", &["65005"], 42),
    // Borrowed clients, scopes that yield nothing.
    usual("first-party-client-not-preauthorized", &["65002", "65003"], 92),
    Cause {
        when: microsoft_app,
        reason: "{app} is a client of Microsoft, to whose registration nobody else can add",
        ..usual("first-party-client-not-preauthorized", &["650057"], 93)
    },
    said("first-party-client-not-preauthorized", &["must be configured via preauthorization"], 92),
    Cause {
        words: &["scopes requested are unauthorized or expired"],
        ..usual("refresh-scope-not-granted", &["70000"], 86)
    },
    Cause {
        when: |case| case.flow_is(&[Flow::RefreshToken, Flow::Silent]) && !case.says_one_of(&["malformed"]),
        reason: "a refresh token is redeemed",
        ..usual("refresh-scope-not-granted", &["70000"], 46)
    },
    said("default-scope-with-personal-account", &["no applicable permissions were found"], 92),
    // The service for personal accounts gives no numbers.
    Cause {
        words: &["the scope '", "/.default", "does not exist"],
        when: |case| case.error.codes.is_empty(),
        reason: "an error without number comes from the service for personal accounts",
        ..usual("default-scope-with-personal-account", &[], 89)
    },
    usual("too-many-resources-in-consent-scopes", &["28004"], 90),
    // Assignment.
    usual("user-assignment-required", &["50105"], 90),
    said("user-assignment-required", &["block users unless they are specifically granted"], 92),
    said("user-assignment-required", &["signed in user", "is not assigned to a role for the application"], 92),
    Cause { when: |case| !case.is_numbered(), ..usual("user-assignment-required", &["access_denied"], 20) },
    usual("app-role-assignment-required-for-client", &["501051"], 94),
    Cause {
        words: &["application '", "is not assigned to a role for the application"],
        when: |case| !case.says_one_of(&["signed in user", "signed-in user"]),
        reason: "it is an app that is not assigned, not a user",
        ..usual("app-role-assignment-required-for-client", &[], 93)
    },
    // Switched off.
    Cause {
        question: "is Enabled for users to sign in on, under Enterprise applications, Properties?",
        ..usual("application-disabled", DISABLED, 64)
    },
    usual("application-disabled", &["Authorization_IdentityDisabled"], 50),
    Cause {
        confidence: Confidence::Guess,
        question: "does az ad sp show --id {client-id} show disabledByMicrosoftStatus, or do other tenants meet the \
                   same error?",
        ..usual("application-disabled-by-microsoft", &["7000112", "7000116"], 50)
    },
    Cause {
        when: disabled_by_microsoft,
        reason: "the paste speaks of Microsoft as the one who switched it off",
        ..usual("application-disabled-by-microsoft", DISABLED, 90)
    },
    Cause {
        when: |case| case.says_one_of(&["subscription within the tenant has lapsed"]),
        ..usual("resource-not-provisioned-in-tenant", &["500014", "7000117"], 56)
    },
];
