//! What lies around the request: clocks, networks, credential chains, brokers, mailboxes.

use super::{Advice, BY_ERROR, Case, Cause, Shown, usual};
use crate::report::Fixer;
use crate::rules::{Group, Rule};
use crate::scenario::Flow;

const ENVIRONMENT: Rule = Rule { group: Group::Environment, ..BY_ERROR };

const DEFAULT_CREDENTIAL: &str = "https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains";
const MANAGED_IDENTITY: &str =
    "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token";
const WAM: &str = "https://learn.microsoft.com/entra/msal/dotnet/acquiring-tokens/desktop-mobile/wam";
const TLS: &str =
    "https://learn.microsoft.com/troubleshoot/entra/entra-id/ad-dmn-services/enable-support-tls-environment";
const GRAPH_ERRORS: &str = "https://learn.microsoft.com/graph/errors";
const OUTLOOK: &str = "https://learn.microsoft.com/graph/outlook-mail-concept-overview";

pub(in crate::rules) const CLIENT_CLOCK_SKEW: Rule = Rule {
    id: "client-clock-skew",
    means: "Tokens and assertions carry moments between which they count. A machine whose clock or time zone is wrong \
            makes them too early or too late, and takes good tokens for expired ones. Five minutes are mostly forgiven.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    ],
    ..ENVIRONMENT
};

pub(in crate::rules) const NO_EXCHANGE_ONLINE_LICENSE: Rule = Rule {
    id: "no-exchange-online-license",
    means: "Graph reaches mail, calendar and contacts in Exchange Online only. The user exists, but has no mailbox there: \
            no licence, a mailbox on the organisation's own server, or one that was deleted or never used.",
    sources: &[GRAPH_ERRORS, OUTLOOK],
    fixer: Fixer::TenantAdmin,
    ..ENVIRONMENT
};

pub(in crate::rules) const GUEST_USER_HAS_NO_MAILBOX: Rule = Rule {
    id: "guest-user-has-no-mailbox",
    means: "A guest has an account in this tenant and the mailbox in the home tenant (or at a private provider). Graph, \
            asked in this tenant, finds no mailbox for that user.",
    sources: &["https://learn.microsoft.com/entra/external-id/user-properties", GRAPH_ERRORS],
    ..ENVIRONMENT
};

pub(in crate::rules) const CREDENTIAL_CHAIN_FOUND_NOTHING: Rule = Rule {
    id: "credential-chain-found-nothing",
    means: "The library tries one source of credentials after the other: environment variables, workload and managed \
            identity, Visual Studio, Azure CLI, PowerShell. None of them is set up where this code runs. What works on \
            a developer's machine is often missing on the server, and the other way round.",
    sources: &[DEFAULT_CREDENTIAL, "https://learn.microsoft.com/python/api/overview/azure/identity-readme"],
    ..ENVIRONMENT
};

pub(in crate::rules) const MANAGED_IDENTITY_UNAVAILABLE: Rule = Rule {
    id: "managed-identity-unavailable",
    means: "A managed identity exists only inside Azure, on a resource that has one switched on. The code runs somewhere \
            else, the identity is not assigned to the resource, or the local address that hands out its tokens \
            (169.254.169.254 or IDENTITY_ENDPOINT) cannot be reached.",
    sources: &[MANAGED_IDENTITY, DEFAULT_CREDENTIAL],
    ..ENVIRONMENT
};

pub(in crate::rules) const BROKER_NEEDS_WINDOW: Rule = Rule {
    id: "broker-needs-window",
    means: "The sign-in runs through the broker of the operating system (WAM on Windows), which has to show a window. \
            There is none here: a console program that gives no parent window, a service, a remote or elevated shell.",
    sources: &[WAM],
    ..ENVIRONMENT
};

pub(in crate::rules) const PROXY_OR_TLS_INTERFERENCE: Rule = Rule {
    id: "proxy-or-tls-interference",
    means: "The way to the sign-in service is disturbed: a proxy that opens TLS with a certificate this machine does not \
            trust, a proxy that wants a password, a firewall, or a client that still speaks TLS 1.0 or 1.1.",
    sources: &[TLS],
    ..ENVIRONMENT
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "client-clock-skew",
        title: "The clock of the machine that made the request seems to be wrong.",
        fix: &[
            "Compare its time in UTC with a reliable one, and set it right: w32tm /resync, timedatectl set-ntp true; \
             restart a virtual machine or WSL that has slept",
            "Check the time zone and that the code uses UTC seconds for nbf, iat and exp",
        ],
    },
    Advice {
        finding: "no-exchange-online-license",
        title: "The user has no mailbox in Exchange Online.",
        fix: &[
            "Microsoft 365 admin centre > Users > Active users > the user > Licences: assign one with Exchange Online \
             and wait until the mailbox is made",
            "If the mailbox is on the organisation's own server: move it to Exchange Online; Graph does not reach it there",
            "Compare the tenant of the token (tid) with the one where the mailbox is",
        ],
    },
    Advice {
        finding: "guest-user-has-no-mailbox",
        title: "The user is a guest here; the mailbox is in another tenant.",
        fix: &[
            "Look at userType and at #EXT# in the user principal name: GET /users/{id}?$select=userType,mail,userPrincipalName",
            "Leave guests out, or ask the tenant that holds the mailbox: the app needs consent and a token there",
            "A personal account signs in at /common or /consumers, not at the address of this tenant",
        ],
    },
    Advice {
        finding: "credential-chain-found-nothing",
        title: "None of the credentials that the library tries is set up on this machine.",
        fix: &[
            "Read the line of each credential in the message and make one of them work: AZURE_TENANT_ID, AZURE_CLIENT_ID \
             and AZURE_CLIENT_SECRET; or az login; or a managed identity",
            "Check that the process sees the variables: service account, container, .env file, restart after a change",
            "Better than the chain in production: name the one credential that is meant (ManagedIdentityCredential, \
             ClientSecretCredential)",
        ],
    },
    Advice {
        finding: "managed-identity-unavailable",
        title: "There is no managed identity to be had where this code runs.",
        fix: &[
            "On an Azure resource: Identity > System assigned > On, or add the user-assigned identity; with several, pass \
             its client ID",
            "Outside Azure (developer machine, other clouds): use another credential, such as az login or a service \
             principal",
            "In containers and behind proxies: let 169.254.169.254 pass (NO_PROXY)",
        ],
    },
    Advice {
        finding: "broker-needs-window",
        title: "The sign-in broker has no window to show itself in.",
        fix: &[
            "Give it one: WithParentActivityOrWindow (parent_window_handle; GetConsoleWindow in console programs)",
            "In a session without a desktop use device code, or switch the broker off: az config set \
             core.enable_broker_on_windows=false, Set-MgGraphOption -DisableLoginByWAM $true",
            "Run the shell as the user who is logged on, not elevated as another",
        ],
    },
    Advice {
        finding: "proxy-or-tls-interference",
        title: "A proxy or the TLS settings of this machine disturb the way to the sign-in service.",
        fix: &[
            "Use TLS 1.2 or later: a current .NET, Java or Python, SchUseStrongCrypto on old Windows",
            "Trust the certificate of the proxy in the store that the program uses (REQUESTS_CA_BUNDLE, \
             NODE_EXTRA_CA_CERTS, the Java key store), or take login.microsoftonline.com out of the inspection",
            "Set HTTPS_PROXY as the network demands (after a 407 with the name and password that the proxy wants), and try \
             curl -v https://login.microsoftonline.com from there",
        ],
    },
];

/// The characters of a moment without fractions: `2026-03-01t10:00:00`.
const MOMENT: usize = 19;

/// The moment behind these words, as it stands there; two of them compare like the moments.
fn moment<'m>(message: &'m str, words: &str) -> Option<&'m str> {
    let (_, rest) = message.split_once(words)?;
    let text = rest.get(..MOMENT)?;
    (text.as_bytes().get(10) == Some(&b't') && text.starts_with('2')).then_some(text)
}

/// The service's own time lies before the time from which the assertion is to count.
fn from_the_future(case: &Case<'_>) -> bool {
    let times = moment(&case.message, "current time: ").zip(moment(&case.message, "valid from "));
    times.is_some_and(|(now, from)| now < from)
}

fn both_times(case: &Case<'_>) -> Option<Shown> {
    let now = moment(&case.message, "current time: ")?;
    let from = moment(&case.message, "valid from ")?;
    let (now, from) = (now.to_ascii_uppercase(), from.to_ascii_uppercase());
    let text = format!("Entra's clock showed {now}, and the assertion begins at {from}");
    Some(Shown { text, artefact: case.index, pointer: "/error/message".into(), value: from })
}

fn token_in_time(case: &Case<'_>) -> bool {
    case.token().is_some() && !case.token_is_over()
}

fn at_own_machine(case: &Case<'_>) -> bool {
    case.at_own_machine()
}

/// An app of its own, asking for the mailbox of whomever: guests are among all users.
fn of_any_user(case: &Case<'_>) -> bool {
    case.used_flow().is_some_and(Flow::is_app_only) && case.calls("/users/")
}

fn names_guest(case: &Case<'_>) -> bool {
    case.calls("#ext#") || case.calls("%23ext%23") || case.says_one_of(&["#ext#"])
}

fn token_of_guest(case: &Case<'_>) -> bool {
    let name = |judged: crate::facts::Judged<'_>| {
        let claims = &judged.token.claims;
        claims.upn.as_deref().or(claims.unique_name.as_deref()).unwrap_or_default().to_ascii_lowercase()
    };
    case.token().is_some_and(|judged| {
        let name = name(judged);
        name.contains("#ext#")
            || name.starts_with("live.com#")
            || judged.token.claims.idp.as_deref() == Some("live.com")
    })
}

fn guest_claims(case: &Case<'_>) -> Option<Shown> {
    let name = if case.token()?.token.claims.upn.is_some() { "upn" } else { "unique_name" };
    let pointer = if name == "upn" { "/payload/upn" } else { "/payload/unique_name" };
    case.claim(name, pointer, "the user is a guest in this tenant")
}

fn with_managed_identity(case: &Case<'_>) -> bool {
    case.flows(&[Flow::ManagedIdentity])
}

/// Code and requests name the same words; only together with these they tell of a failure.
fn fails(case: &Case<'_>) -> bool {
    case.says_one_of(&["timed out", "timeout", "no response", "unreachable", "refused", "unavailable", "failed"])
}

fn fails_outside_chain(case: &Case<'_>) -> bool {
    fails(case) && !case.says_one_of(&["defaultazurecredential", "chainedtokencredential", "included credentials"])
}

/// Hosts of the sign-in service, as far as they are the same in all clouds.
const SIGN_IN_HOSTS: &[&str] = &[
    "login.microsoftonline.",
    "login.windows.net",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
    "sts.windows.net",
];

/// The network did not lead to the sign-in service.
fn cannot_be_reached(case: &Case<'_>) -> bool {
    !case.is_numbered()
        && SIGN_IN_HOSTS.iter().any(|host| case.says(&[host]))
        && case.paste_says_any(&[
            "econnreset",
            "econnrefused",
            "etimedout",
            "enotfound",
            "getaddrinfo",
            "max retries exceeded",
            "name or service not known",
            "no such host",
            "connection timed out",
            "connection reset",
            "sslerror",
            "handshake",
        ])
}

fn without_code(case: &Case<'_>) -> bool {
    !case.is_numbered()
}

/// A credential that is not there has asked nothing of Entra: `invalid_request` is the word of a local service then.
pub(super) fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    ["request-malformed", "request-parameter-missing", "redirect-uri-mismatch", "no-tenant-in-authority"]
        .contains(&finding)
        && !case.is_numbered()
        && ["CredentialUnavailableError", "CredentialUnavailableException", "managed_identity_request_failed"]
            .iter()
            .any(|code| case.has_code(code))
}

const MAILBOX: &[&str] = &["MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"];
const GUEST: &str = "Is userType of that user Guest, or does the user principal name hold #EXT#?";

pub(super) const CAUSES: &[Cause] = &[
    usual("client-clock-skew", &["700024", "50012", "50013"], 86).when(from_the_future).showing(both_times),
    usual("client-clock-skew", &["50012", "700024"], 52)
        .words(&["time range"])
        .ask("Does the machine's clock, in UTC, agree with a reliable one?"),
    usual("client-clock-skew", &["50012", "700024"], 53)
        .words(&["time range"])
        .when(at_own_machine)
        .by(Fixer::User)
        .ask("Does the machine's clock, in UTC, agree with a reliable one?"),
    usual("client-clock-skew", &["500133", "50013"], 70).words(&["time range"]).when(token_in_time),
    usual("client-clock-skew", &["500133"], 46).guess(),
    usual("client-clock-skew", &["50012", "700027"], 45)
        .words(&["key used is expired", "start="])
        .guess()
        .ask("Was the certificate made today, so that its time begins later, in UTC, than the error?"),
    usual("client-clock-skew", &["IDX10222"], 66),
    usual("client-clock-skew", &["IDX10223"], 40).guess(),
    usual("client-clock-skew", &[], 80).words(&["clock skew"]),
    usual("client-clock-skew", &["76026", "80013"], 64),
    usual("no-exchange-online-license", MAILBOX, 66).ask("Does the user have a licence with Exchange Online?"),
    usual("no-exchange-online-license", &["OrganizationFromTenantGuidNotFound"], 56),
    usual("no-exchange-online-license", &[], 82).words(&["not yet supported for this mailbox"]),
    usual("no-exchange-online-license", &[], 84).words(&["mailbox is either inactive"]),
    usual("no-exchange-online-license", &[], 76).words(&["mailboxnotenabledforrestapi"]),
    usual("guest-user-has-no-mailbox", MAILBOX, 74).when(of_any_user).ask(GUEST),
    usual("guest-user-has-no-mailbox", &[], 78).words(&["mailboxnotenabledforrestapi"]).when(of_any_user).ask(GUEST),
    usual("guest-user-has-no-mailbox", MAILBOX, 92).when(names_guest),
    usual("guest-user-has-no-mailbox", MAILBOX, 92).when(token_of_guest).showing(guest_claims),
    usual("guest-user-has-no-mailbox", MAILBOX, 48).ask(GUEST),
    usual("guest-user-has-no-mailbox", &[], 50).words(&["not yet supported for this mailbox"]).ask(GUEST),
    usual("guest-user-has-no-mailbox", &["OrganizationFromTenantGuidNotFound"], 44).ask(GUEST),
    usual("credential-chain-found-nothing", &["DefaultAzureCredential", "CredentialUnavailableError"], 66),
    usual("credential-chain-found-nothing", &[], 84)
        .words(&["failed to retrieve a token from the included credentials"]),
    usual("credential-chain-found-nothing", &[], 74).words(&["environment variables are not fully configured"]),
    usual("credential-chain-found-nothing", &[], 70).words(&["please run 'az login'", "credential"]),
    usual(
        "managed-identity-unavailable",
        &["managed_identity_request_failed", "managed_identity_unreachable_network"],
        76,
    ),
    usual("managed-identity-unavailable", &[], 86).words(&["managedidentitycredential"]).when(with_managed_identity),
    usual("managed-identity-unavailable", &[], 78).words(&["managedidentitycredential"]).when(fails_outside_chain),
    usual("managed-identity-unavailable", &[], 56).words(&["managedidentitycredential"]).when(fails),
    usual("managed-identity-unavailable", &[], 76).words(&["imds"]).when(fails_outside_chain),
    usual("managed-identity-unavailable", &[], 76).words(&["169.254.169.254"]).when(fails),
    usual("managed-identity-unavailable", &[], 74).words(&["identity not found"]).when(with_managed_identity),
    usual("managed-identity-unavailable", &[], 78).words(&["no managed identity endpoint"]),
    usual("managed-identity-unavailable", &[], 86).words(&["has not been assigned to this resource"]),
    usual("managed-identity-unavailable", &["invalid_request"], 86).words(&["identity not found"]),
    usual("managed-identity-unavailable", &["CredentialUnavailableError"], 68).when(with_managed_identity),
    usual("broker-needs-window", &["window_handle_required"], 84),
    usual("broker-needs-window", &[], 90).words(&["window handle must be"]).certain(),
    usual("broker-needs-window", &["unknown_broker_error"], 60),
    usual("broker-needs-window", &[], 80).words(&["80070520"]),
    usual("broker-needs-window", &[], 80).words(&["a specified logon session does not exist"]),
    usual("broker-needs-window", &["3399614476", "3399548929", "broker_error"], 64).when(without_code),
    usual("broker-needs-window", &[], 62).words(&["3399614476"]).when(without_code),
    usual("proxy-or-tls-interference", &["1002016"], 80),
    usual("proxy-or-tls-interference", &["endpoints_resolution_error", "openid_config_error"], 54),
    usual("proxy-or-tls-interference", &[], 80).words(&["windows broker network issue"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["certificate verify failed"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["self signed certificate"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["self-signed certificate"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["unable to get local issuer certificate"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["pkix path building failed"]),
    usual("proxy-or-tls-interference", &[], 82).words(&["trust relationship for the ssl/tls"]),
    usual("proxy-or-tls-interference", &[], 80).words(&["ssl connection could not be established"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["unable to verify the first certificate"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["unable_to_verify_leaf_signature"]),
    usual("proxy-or-tls-interference", &[], 84).words(&["could not create ssl/tls secure channel"]),
    usual("proxy-or-tls-interference", &[], 80).words(&["wrong version number"]),
    usual("proxy-or-tls-interference", &[], 80).words(&["tunneling socket could not be established"]),
    usual("proxy-or-tls-interference", &[], 76).words(&["407 proxy"]),
    usual("proxy-or-tls-interference", &[], 74).when(cannot_be_reached),
    usual("proxy-or-tls-interference", &[], 62).words(&["unexpected response '<!doctype html"]),
    usual("proxy-or-tls-interference", &[], 80).words(&["proxy authentication required"]),
    usual("proxy-or-tls-interference", &[], 78).words(&["tls 1.0"]),
    usual("proxy-or-tls-interference", &[], 72).words(&["cannot connect to proxy"]),
];
