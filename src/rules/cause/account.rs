//! Which tenant, app and account: what an error says of them.

mod advice;
mod named;

pub(super) use advice::ADVICE;

use super::{Case, Cause, Group, Rule, rule_of_errors, said, usual};
use crate::report::Fixer;
use crate::scenario::{Client, Cloud, Flow};

const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const ACCOUNT_TYPES: &str = "https://learn.microsoft.com/entra/identity-platform/v2-supported-account-types";
const CONFIGURATION: &str = "https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration";
const REGISTER: &str = "https://learn.microsoft.com/entra/identity-platform/quickstart-register-app";
const MULTI_TENANT: &str = "https://learn.microsoft.com/entra/identity-platform/howto-convert-app-to-be-multi-tenant";
const GUESTS: &str = "https://learn.microsoft.com/entra/external-id/what-is-b2b";
const OTHER_TENANT: &str = "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50020-user-account-identity-provider-does-not-exist";

const fn rule(id: &'static str, fixer: Fixer, means: &'static str, sources: &'static [&'static str]) -> Rule {
    rule_of_errors(id, Group::Identity, fixer, means, sources)
}

const fn developer(id: &'static str, means: &'static str, sources: &'static [&'static str]) -> Rule {
    rule(id, Fixer::AppDeveloper, means, sources)
}

pub(in crate::rules) const APP_NOT_FOUND_IN_TENANT: Rule = developer(
    "app-not-found-in-tenant",
    "Entra looked for the client ID in the tenant that the address of the request names, and found no app. Mostly \
     it is another ID (object ID, secret ID, tenant ID), another tenant or cloud, or an app that nobody of this \
     tenant ever consented to.",
    &[CODES, REGISTER],
);

pub(in crate::rules) const APP_REGISTRATION_DELETED: Rule = developer(
    "app-registration-deleted",
    "The app registration was deleted, and with it every service principal that stood for it. It can be restored \
     for 30 days; after that a new registration with a new client ID is needed.",
    &["https://learn.microsoft.com/entra/identity-platform/howto-restore-app", CODES],
);

pub(in crate::rules) const WRONG_TENANT: Rule = developer(
    "wrong-tenant",
    "The request went to one tenant, and the app, the user or the data belongs to another. Directories with similar \
     names, a tenant ID left over from a test, and accounts with several tenants lead to it.",
    &[CONFIGURATION, CODES],
);

pub(in crate::rules) const TENANT_NOT_FOUND: Rule = developer(
    "tenant-not-found",
    "The part of the address that names the tenant is no tenant of this cloud: mistyped, a placeholder that nobody \
     filled in, a domain that was never verified, or a tenant that is gone.",
    &[CONFIGURATION, CODES],
);

pub(in crate::rules) const AUTHORITY_URL_HAS_ENDPOINT_SUFFIX: Rule = developer(
    "authority-url-has-endpoint-suffix",
    "Libraries take the authority, host and tenant, and add the path of the endpoint themselves. The authority that \
     was given has such a path already, so a word of the path is read as the name of the tenant.",
    &[CONFIGURATION, CODES],
);

pub(in crate::rules) const NO_TENANT_IN_AUTHORITY: Rule = developer(
    "no-tenant-in-authority",
    "Nothing in the request says which tenant is meant: the address names none or a shared one, and there is no \
     user name and no session from which Entra could tell.",
    &[CONFIGURATION, CODES],
);

pub(in crate::rules) const SINGLE_TENANT_APP_ON_COMMON: Rule = developer(
    "single-tenant-app-on-common",
    "The app is registered for the accounts of one tenant only. Such an app has to sign in at the address of that \
     tenant; common is for apps that take accounts of any tenant. Libraries take common where no tenant is \
     configured.",
    &[MULTI_TENANT, ACCOUNT_TYPES],
);

pub(in crate::rules) const SINGLE_TENANT_APP_ON_ORGANIZATIONS: Rule = developer(
    "single-tenant-app-on-organizations",
    "The app is registered for the accounts of one tenant only, and the request went to organizations, where \
     accounts of all work and school tenants sign in. Only the address of its own tenant works.",
    &[MULTI_TENANT, ACCOUNT_TYPES],
);

pub(in crate::rules) const TENANT_AUTHORITY_FOR_MULTITENANT_APP: Rule = developer(
    "tenant-authority-for-multitenant-app",
    "An app for users of many tenants sends all of them to the address of one tenant. There only its own accounts and \
     guests can sign in; everybody else is refused.",
    &[MULTI_TENANT, OTHER_TENANT],
);

pub(in crate::rules) const USER_FROM_OTHER_TENANT: Rule = rule(
    "user-from-other-tenant",
    Fixer::TenantAdmin,
    "The account that signed in belongs to another tenant or identity provider, and in this tenant it is no guest. \
     Browsers choose the account of an earlier session on their own, so it need not be the one that was meant.",
    &[OTHER_TENANT, GUESTS],
);

pub(in crate::rules) const PERSONAL_ACCOUNT_ON_V1_ENDPOINT: Rule = developer(
    "personal-account-on-v1-endpoint",
    "Personal Microsoft accounts sign in at the v2.0 endpoint only. The request went to the older one \
     (/oauth2/authorize, /oauth2/token), as old libraries such as ADAL do.",
    &[ACCOUNT_TYPES, CODES],
);

pub(in crate::rules) const AAD_ONLY_APP_ON_COMMON: Rule = developer(
    "aad-only-app-on-common",
    "The app is registered for work and school accounts, and the request went to common or consumers, where personal \
     accounts sign in as well. Either the address or the registration has to change.",
    &[ACCOUNT_TYPES, CONFIGURATION],
);

pub(in crate::rules) const SIGN_IN_AUDIENCE_MISMATCH: Rule = developer(
    "sign-in-audience-mismatch",
    "Supported account types (signInAudience) of the registration and the address of the request do not fit: an app \
     for personal accounts needs consumers or common, one for work accounts organizations or its tenant, one for a \
     single tenant that tenant.",
    &[ACCOUNT_TYPES, "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation"],
);

pub(in crate::rules) const ORGANIZATIONS_AUTHORITY_ON_V1_ENDPOINT: Rule = developer(
    "organizations-authority-on-v1-endpoint",
    "The word organizations stands for all work and school tenants at the v2.0 endpoint only. The older endpoint \
     looks for a tenant of that name.",
    &[CONFIGURATION, CODES],
);

pub(in crate::rules) const EXTERNAL_ID_TENANT_ON_WORKFORCE_ENDPOINT: Rule = developer(
    "external-id-tenant-on-workforce-endpoint",
    "The tenant is an external one, for customers. Its accounts sign in at <name>.ciamlogin.com, not at \
     login.microsoftonline.com.",
    &["https://learn.microsoft.com/entra/external-id/customers/overview-customers-ciam", CODES],
);

pub(in crate::rules) const APP_ID_URI_CASE_MISMATCH: Rule = developer(
    "app-id-uri-case-mismatch",
    "The audience of the token and the Application ID URI of the app are the same word in other capital and small \
     letters. Entra compares them letter by letter.",
    &["https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions", CODES],
);

pub(in crate::rules) const TOKEN_FOR_SELF_NEEDS_GUID_SCOPE: Rule = developer(
    "token-for-self-needs-guid-scope",
    "Client and API are the same registration: the app asks for a token for itself. Entra allows that only if the \
     scope names the app by its bare client ID instead of its api:// address.",
    &["https://learn.microsoft.com/entra/identity-platform/scopes-oidc", CODES],
);

pub(in crate::rules) const USER_NOT_FOUND: Rule = rule(
    "user-not-found",
    Fixer::User,
    "The tenant at which the sign-in takes place has no user of that name: mistyped, deleted, not synchronised yet, \
     or an account of another tenant or a personal one.",
    &[CODES, GUESTS],
);

pub(in crate::rules) const USER_ACCOUNT_DISABLED: Rule = rule(
    "user-account-disabled",
    Fixer::TenantAdmin,
    "The account exists and is switched off. An administrator did that, or it comes from the local directory that \
     synchronises with Entra.",
    &["https://learn.microsoft.com/entra/fundamentals/users-default-permissions", CODES],
);

pub(in crate::rules) const USER_ACCOUNT_LOCKED: Rule = rule(
    "user-account-locked",
    Fixer::User,
    "After several wrong passwords Entra blocks sign-ins of the account for a while, or the address from which they \
     come has a bad name. The same code stands for both; only the sign-in log tells which it is.",
    &["https://learn.microsoft.com/entra/identity/authentication/howto-password-smart-lockout", CODES],
);

pub(in crate::rules) const USER_PASSWORD_WRONG: Rule = rule(
    "user-password-wrong",
    Fixer::User,
    "User name and password do not belong together. Programs that hold a password fail with this as soon as the \
     person changes it. Where another system keeps the passwords, as with federation, the same answer can come for \
     a right one.",
    &[CODES, "https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc"],
);

pub(in crate::rules) const USER_PASSWORD_EXPIRED: Rule = rule(
    "user-password-expired",
    Fixer::User,
    "The password was right and has to be changed before it is of use again. A flow without a page cannot do that.",
    &[CODES, "https://learn.microsoft.com/entra/identity/authentication/howto-sspr-deployment"],
);

pub(in crate::rules) const FEDERATED_IDP_REJECTED_PASSWORD: Rule = rule(
    "federated-idp-rejected-password",
    Fixer::User,
    "The domain of the user is federated: its own server (AD FS or another) checks the password, and that server \
     said no or could not be asked. Entra only passes on what it heard.",
    &["https://learn.microsoft.com/entra/identity/hybrid/connect/whatis-fed", CODES],
);

pub(in crate::rules) const TENANT_RESTRICTIONS: Rule = rule(
    "tenant-restrictions",
    Fixer::TenantAdmin,
    "A policy allows sign-ins to certain tenants only: tenant restrictions that a proxy or device adds to the \
     request, or the cross-tenant access settings of the home tenant or of the other tenant. The sign-in itself was \
     right.",
    &[
        "https://learn.microsoft.com/entra/external-id/tenant-restrictions-v2",
        "https://learn.microsoft.com/entra/external-id/cross-tenant-access-overview",
    ],
);

fn other_cloud(case: &Case<'_>) -> bool {
    case.facts.cloud().is_some_and(|cloud| cloud.value != Cloud::Global)
}

fn personal_account(case: &Case<'_>) -> bool {
    case.says_one_of(&["'live.com'", "identity provider live.com", "login.live.com", "personal microsoft account"])
}

fn without_page(case: &Case<'_>) -> bool {
    case.flow_is(&[Flow::Ropc, Flow::IntegratedWindows])
}

fn old_library(case: &Case<'_>) -> bool {
    case.library(&["adal"])
        || case.paste_says_any(&[
            "adalexception",
            "adalserviceexception",
            "adal.",
            "/oauth2/authorize",
            "/oauth2/token",
        ])
}

fn shared_tenant(case: &Case<'_>) -> bool {
    case.stated_tenant().is_empty() || case.tenant_is(&["common", "organizations"])
}

/// Hosts of the sign-in in clouds other than the global one.
const OTHER_HOSTS: &[&str] = &[
    "login.microsoftonline.us",
    "login.microsoftonline.de",
    "login.chinacloudapi.cn",
    "login.partner.microsoftonline.cn",
];
/// True where the message itself speaks against a finding on app or account.
pub(super) fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    match finding {
        "user-from-other-tenant" | "tenant-authority-for-multitenant-app" => {
            case.says_one_of(&["unable to issue tokens from this api version"])
        }
        "client-credentials-on-common" => case.used_flow().is_some_and(|flow| !flow.is_app_only()),
        // Nobody deletes a stand-in or consents to one.
        "app-registration-deleted" | "application-disabled" | "app-not-consented-in-tenant" => {
            (case.has_code("700016") || case.has_code("70001")) && named::app_is_a_stand_in(case)
        }
        _ => false,
    }
}

const APP_NOT_FOUND: &[&str] = &["700016", "70001", "700011"];
const TENANT_UNKNOWN: &[&str] = &["90002", "900023", "900021", "invalid_tenant"];
const FOREIGN_USER: &[&str] = &["50020", "90072", "16000", "16003"];
const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const EMPTY_GUID: &str = "00000000-0000-0000-0000-000000000000";
const CLOUD_MIXED: &[&str] =
    &["900432", "900382", "900439", "900440", "90038", "1000104", "90042", "90043", "90044", "90051", "90073"];

pub(super) const CAUSES: &[Cause] = &[
    // The app is not found.
    Cause {
        when: |case| named::app_is_a_stand_in(case),
        reason: "the client ID in the message is no GUID that anybody would have been given",
        ..usual("placeholder-client-id", &["700016", "70001", "90112", "700038"], 92)
    },
    Cause {
        when: |case| named::app_is_an_address(case),
        reason: "an address stands where the client ID belongs",
        ..usual("app-id-uri-used-as-client-id", &["700016", "70001", "90112", "70000"], 91)
    },
    Cause {
        when: |case| named::configured_client_is_an_address(case),
        reason: "the configuration in the paste has an api:// address as client ID",
        ..usual("app-id-uri-used-as-client-id", &[], 90)
    },
    usual("placeholder-client-id", &["90112", "700038"], 84),
    usual("app-id-uri-used-as-client-id", &["90112"], 56),
    Cause {
        when: |case| case.says_one_of(&["directory 'microsoft accounts'", "directory 'consumers'", PERSONAL_TENANT]),
        reason: "the app was looked for among those for personal accounts",
        ..usual("sign-in-audience-mismatch", &["700016"], 76)
    },
    Cause {
        question: "does App registrations of that tenant list the client ID (az ad app show --id {client-id})?",
        ..usual("app-not-found-in-tenant", APP_NOT_FOUND, 66)
    },
    said("app-not-found-in-tenant", &["was not found in the directory"], 62),
    Cause {
        when: |case| named::tenant_is_not_the_stated_one(case),
        reason: "the message names {tenant}, and another one was meant",
        ..usual("wrong-tenant", &["700016", "70001", "700011", "90002", "50034", "7000229"], 78)
    },
    Cause {
        question: "in which tenant was the app registered (Overview, Directory (tenant) ID)?",
        ..usual("wrong-tenant", APP_NOT_FOUND, 58)
    },
    Cause {
        question: "is it under App registrations, Deleted applications?",
        ..usual("app-registration-deleted", APP_NOT_FOUND, 44)
    },
    Cause {
        words: &["d1ddf0e4-d672-4dae-b554-9d5bdfd93547"],
        reason: "that is the app of the old PowerShell samples for Intune, which Microsoft has taken back",
        ..usual("app-registration-deleted", &["700016", "7000112", "7000229"], 84)
    },
    Cause {
        words: &["deleted"],
        ..usual("app-registration-deleted", &["700016", "700011", "7000112", "7000229", "90099"], 80)
    },
    usual("application-disabled", &["70001"], 40),
    Cause {
        when: other_cloud,
        reason: "the cloud is not the global one, and each cloud knows its own tenants",
        ..usual("national-cloud-endpoint-mismatch", &["90002", "900023"], 72)
    },
    Cause {
        when: |case| case.paste_says_any(OTHER_HOSTS),
        reason: "the paste names the sign-in host of another cloud, and each cloud knows its own tenants",
        question: "in which cloud does the tenant live?",
        ..usual("national-cloud-endpoint-mismatch", &["90002", "900023"], 75)
    },
    Cause {
        when: other_cloud,
        reason: "the cloud is not the global one",
        ..usual("national-cloud-endpoint-mismatch", &["700016", "50034", "500011"], 60)
    },
    Cause {
        words: &["not enabled for consumers"],
        question: "do Supported account types of the registration contain personal accounts?",
        ..usual("sign-in-audience-mismatch", &[], 84)
    },
    Cause { words: &["not enabled for consumers"], ..usual("app-not-found-in-tenant", &[], 56) },
    Cause { words: &["not enabled for consumers"], ..usual("placeholder-client-id", &[], 46) },
    // The tenant is not found, or none is named.
    Cause {
        when: |case| named::tenant_is_an_endpoint(case),
        reason: "\"{tenant-name}\" is a part of the path of an endpoint, not a tenant",
        ..usual("authority-url-has-endpoint-suffix", TENANT_UNKNOWN, 93)
    },
    Cause {
        when: |case| named::tenant_in_message_is(case, &["organizations"]),
        reason: "only the v2.0 endpoint knows organizations",
        ..usual("organizations-authority-on-v1-endpoint", &["90002"], 92)
    },
    Cause {
        when: |case| {
            case.is_app_only()
                && (named::tenant_in_message_is(case, &["common", "organizations", "consumers"])
                    || case.tenant_is(&["common", "organizations", "consumers"]))
        },
        reason: "an app without a user has no tenant of its own at {tenant-name}",
        ..usual("client-credentials-on-common", &["900023", "90002", "50059", "9001023", "90010"], 88)
    },
    Cause {
        question: "which domain or ID does the Overview page of the tenant show?",
        ..usual("tenant-not-found", TENANT_UNKNOWN, 68)
    },
    Cause {
        words: &[PERSONAL_TENANT, "not found"],
        reason: "the tenant of personal accounts exists always, so that the service was disturbed for a moment",
        ..usual("service-incident", &["90002"], 76)
    },
    usual("wrong-tenant", &["90002"], 50),
    usual("authority-url-has-endpoint-suffix", TENANT_UNKNOWN, 44),
    Cause {
        when: |case| case.says_one_of(&["identifier ''", "tenant ''"]),
        reason: "the name of the tenant is empty",
        ..usual("no-tenant-in-authority", TENANT_UNKNOWN, 84)
    },
    usual("no-tenant-in-authority", &["900023"], 46),
    Cause {
        when: |case| named::tenant_in_message_is(case, &[EMPTY_GUID]),
        reason: "zeros stand in place of the tenant: what should name it found nothing",
        ..usual("no-tenant-in-authority", TENANT_UNKNOWN, 64)
    },
    Cause {
        when: |case| case.is_app_only() && shared_tenant(case),
        reason: "an app without a user has to name a tenant",
        ..usual("client-credentials-on-common", &["50059", "50128", "90019"], 76)
    },
    Cause {
        when: |case| case.is_app_only(),
        ..usual("client-credentials-on-common", &["900023", "Authorization_IdentityNotFound"], 54)
    },
    Cause {
        when: |case| case.tenant_is(&["common", "organizations"]),
        reason: "the token was asked for at {tenant-name}, where Entra guesses a tenant",
        ..usual("client-credentials-on-common", &["Authorization_IdentityNotFound"], 80)
    },
    usual("client-credentials-on-common", &["Authorization_IdentityNotFound", "50059"], 46),
    Cause {
        when: |case| {
            case.is_delegated() && (case.tenant_is(&["common"]) || case.paste_says_any(&["microsoftonline.com/common"]))
        },
        reason: "the request went to common",
        question: "do Supported account types of the registration say this organisation only?",
        ..usual("single-tenant-app-on-common", &["50059"], 80)
    },
    usual("wrong-tenant", &["Authorization_IdentityNotFound", "Request_ResourceNotFound"], 44),
    Cause {
        when: |case| {
            !case.is_app_only()
                && (case.tenant_is(&["organizations"])
                    || case.paste_says_any(&["microsoftonline.com/organizations"])
                    || named::tenant_is_configured_as(case, "organizations"))
        },
        reason: "the request went to organizations",
        question: "do Supported account types of the registration say this organisation only?",
        ..usual("single-tenant-app-on-organizations", &["50059", "50194"], 90)
    },
    usual("no-tenant-in-authority", &["50059", "50128", "90019", "9002328"], 66),
    usual("single-tenant-app-on-organizations", &["50059"], 46),
    said("no-tenant-in-authority", &["no tenant-identifying information"], 66),
    // Registration and address do not fit.
    usual("single-tenant-app-on-common", &["50194"], 88),
    said("single-tenant-app-on-common", &["is not configured as a multi-tenant application"], 88),
    Cause {
        words: &["/organizations endpoint is not supported"],
        ..usual("single-tenant-app-on-organizations", &["50194"], 91)
    },
    usual("aad-only-app-on-common", &["90130", "9002332", "9002337", "9002339"], 88),
    said("aad-only-app-on-common", &["is not supported over the", "common"], 88),
    usual("sign-in-audience-mismatch", &["9002331", "9002346", "90124", "90132", "650059"], 84),
    said("sign-in-audience-mismatch", &["useraudience"], 90),
    usual("sign-in-audience-mismatch", &["90130", "9002332"], 46),
    usual("wrong-tenant", &["650059"], 46),
    usual("external-id-tenant-on-workforce-endpoint", &["500208", "500207"], 86),
    usual("sign-in-audience-mismatch", &["500207"], 48),
    Cause {
        when: without_page,
        reason: "this flow is for work and school accounts",
        ..usual("personal-account-not-supported-by-flow", &["9001023", "90010"], 88)
    },
    usual("personal-account-not-supported-by-flow", &["9001023", "90010"], 72),
    said("personal-account-not-supported-by-flow", &["unsupported user type 'unknown'"], 64),
    usual("personal-account-on-v1-endpoint", &["500201", "90027", "9002315"], 86),
    Cause {
        words: &["unable to issue tokens from this api version"],
        ..usual("personal-account-on-v1-endpoint", FOREIGN_USER, 92)
    },
    usual("personal-account-not-supported-by-flow", &["500201"], 44),
    usual("token-for-self-needs-guid-scope", &["90009"], 92),
    said("token-for-self-needs-guid-scope", &["is requesting a token for itself"], 92),
    Cause {
        when: |case| named::two_values_differ_in_case(case),
        reason: "two values in the message differ in capital and small letters only",
        ..usual("app-id-uri-case-mismatch", &["500131", "50013", "500011", "50010", "700016", "IDX10214"], 94)
    },
    Cause { when: |case| case.says_one_of(&["audience"]), ..usual("app-id-uri-case-mismatch", &["500131"], 36) },
    // The account is of another place.
    Cause {
        when: |case| personal_account(case) && without_page(case),
        reason: "a personal account, in a flow for work and school accounts",
        ..usual("personal-account-not-supported-by-flow", FOREIGN_USER, 86)
    },
    Cause {
        when: |case| personal_account(case) && old_library(case),
        reason: "a personal account, and the older endpoint",
        ..usual("personal-account-on-v1-endpoint", FOREIGN_USER, 60)
    },
    Cause {
        when: personal_account,
        reason: "the identity provider is live.com, so the account is a personal one",
        ..usual("personal-account-in-org-tenant", FOREIGN_USER, 84)
    },
    Cause {
        when: |case| !personal_account(case),
        question: "which account did the browser choose, and is it a guest of {tenant}?",
        ..usual("user-from-other-tenant", &["50020", "16003", "50014", "500211", "50177", "50178"], 72)
    },
    Cause {
        when: |case| !personal_account(case),
        fixer: Some(Fixer::User),
        question: "which account did the browser choose, and is it a guest of {tenant}?",
        ..usual("user-from-other-tenant", &["90072"], 72)
    },
    Cause {
        when: |case| !personal_account(case),
        words: &["does not exist in tenant"],
        ..usual("user-from-other-tenant", &["16000"], 76)
    },
    said("user-from-other-tenant", &["does not exist in tenant", "external user"], 70),
    usual("user-from-other-tenant", FOREIGN_USER, 48),
    Cause {
        question: "is the tenant in the authority of the app the one of the users?",
        ..usual("wrong-tenant", &["16003", "50020", "90072"], 42).guess()
    },
    Cause {
        when: |case| case.clients(&[Client::WebApp, Client::Spa, Client::Mobile]) || case.clients(&[Client::Desktop]),
        words: &["does not exist in tenant"],
        question: "should the app serve users of other tenants? Then it must not use the address of one tenant",
        ..usual("tenant-authority-for-multitenant-app", FOREIGN_USER, 58)
    },
    usual("tenant-authority-for-multitenant-app", &["50020", "90072", "16003"], 46),
    usual("sign-in-audience-mismatch", &["50020", "500200"], 40),
    usual("personal-account-in-org-tenant", &["500200", "500204"], 84),
    said("personal-account-in-org-tenant", &["sign in here with a personal account"], 88),
    // The user.
    usual("user-not-found", &["50034", "51004", "500341", "700056", "81011", "81013"], 72),
    said("user-not-found", &["the user account does not exist in"], 70),
    usual("wrong-tenant", &["50034", "51004"], 44),
    usual("user-account-disabled", &["50057", "500571"], 90),
    usual("user-account-disabled", &["Authorization_IdentityDisabled"], 60),
    usual("user-account-locked", &["50053", "500532", "120014"], 88),
    said("user-account-locked", &["tried to sign in too many times"], 86),
    usual("user-password-wrong", &["50126", "50056", "50064", "120000"], 62),
    usual("user-password-expired", &["50055", "50144", "50135", "50137"], 88),
    usual("user-password-expired", &["MSIS3125"], 90),
    said("user-password-expired", &["failedauthentication.expiredpassword"], 90),
    said("federated-idp-rejected-password", &["id3242"], 88),
    said("federated-idp-rejected-password", &["federated service at", "returned error"], 88),
    said("federated-idp-rejected-password", &["security token could not be authenticated or authorized"], 88),
    said("federated-idp-rejected-password", &["authentication failure", "failedauthentication"], 70),
    said("federated-idp-rejected-password", &["parsing wstrust response failed"], 84),
    usual(
        "federated-idp-rejected-password",
        &["federated_service_returned_error", "parsing_wstrust_response_failed"],
        86,
    ),
    Cause {
        question: "is the domain of the user federated (az rest --url https://graph.microsoft.com/v1.0/domains)?",
        ..usual("federated-idp-rejected-password", &["50126"], 34)
    },
    usual("tenant-restrictions", &["500021", "5000211", "500022", "500212", "500213", "50002"], 90),
    // Tokens of user flows.
    Cause {
        words: &["roles"],
        when: |case| case.paste_says_any(&["b2clogin.com", "b2c_1_", "user flow"]),
        reason: "the paste tells of a user flow of Azure AD B2C",
        ..usual("app-roles-not-supported-in-b2c", &[], 60)
    },
    // Clouds.
    usual("national-cloud-endpoint-mismatch", CLOUD_MIXED, 90),
    said("national-cloud-endpoint-mismatch", &["not supported in cross cloud request"], 90),
];
