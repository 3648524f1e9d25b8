//! The service and the libraries: throttling, faults that pass, incidents, regressions.

use super::{Advice, BY_ERROR, Case, Cause, Shown, permitted, usual};
use crate::report::Fixer;
use crate::rules::{Group, Rule};
use crate::scenario::Flow;

const SERVICE: Rule = Rule { group: Group::Service, ..BY_ERROR };
const OF_THE_SERVICE: Rule = Rule { fixer: Fixer::Service, ..SERVICE };

const THROTTLING: &str = "https://learn.microsoft.com/graph/throttling";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const HEALTH: &str = "https://learn.microsoft.com/microsoft-365/enterprise/view-service-health";

pub(in crate::rules) const THROTTLED: Rule = Rule {
    id: "throttled",
    means: "More requests came in a short time than the service takes from one app, user or tenant. Nothing is wrong with \
            token or permission. The header Retry-After says how many seconds to wait.",
    sources: &[THROTTLING, "https://learn.microsoft.com/graph/throttling-limits"],
    ..SERVICE
};

pub(in crate::rules) const SERVICE_TRANSIENT_FAULT: Rule = Rule {
    id: "service-transient-fault",
    means: "The service could not do its part for a moment. The request may be quite right; the same one mostly works \
            after a short wait.",
    sources: &[CODES, THROTTLING],
    ..OF_THE_SERVICE
};

pub(in crate::rules) const SERVICE_INCIDENT: Rule = Rule {
    id: "service-incident",
    means: "The service itself misbehaves, for many at once and for longer than a moment. That cannot be seen in one \
            error, but in the way it began: everywhere at the same time, with nothing changed on one's own side.",
    sources: &[HEALTH],
    ..OF_THE_SERVICE
};

pub(in crate::rules) const LIBRARY_REGRESSION: Rule = Rule {
    id: "library-regression",
    means: "The error comes from a fault in the version of the library, not from the app or the tenant. It began with an \
            update, and the same code works with the version before or a later one.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/msal-overview"],
    ..SERVICE
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "throttled",
        title: "Too many requests: the service asks to wait.",
        fix: &[
            "Wait as many seconds as Retry-After says, then go on; without that header double the pause at each try",
            "Send fewer: cache tokens and answers, $select only what is needed, delta queries or change notifications \
             in place of polling, fewer parallel calls",
        ],
    },
    Advice {
        finding: "service-transient-fault",
        title: "The service had a passing fault; the same request will probably work soon.",
        fix: &[
            "Repeat the request with growing pauses (1, 2, 4, … seconds), a few times",
            "If it lasts: look at the service health page, and give support the trace ID, correlation ID and time of \
             the error",
        ],
    },
    Advice {
        finding: "service-incident",
        title: "The sign-in service or the API may be disturbed for everybody.",
        fix: &[
            "Look at https://azure.status.microsoft and at Service health in the Microsoft 365 admin centre",
            "Try from another network and with another app or account; if all fail alike, wait, or open a case with \
             trace ID, correlation ID and time",
        ],
    },
    Advice {
        finding: "library-regression",
        title: "This may be a fault of the library version in use.",
        fix: &[
            "Try the newest version, and the one that last worked; pin what works",
            "Two modules or packages can bring different versions of one library (Microsoft.Identity.Client), and the \
             first one loaded wins. PowerShell: update both modules, start a new session, load one of them. A project: \
             pin one version for all",
            "Search the issues of the library for the text of the error",
        ],
    },
];

fn not_loop(case: &Case<'_>) -> bool {
    !case.has_code("50196") && !case.says_one_of(&["client request loop", "throttled by aad"])
}

/// Something between the caller and the service says that the service did not answer.
fn behind_a_gateway(case: &Case<'_>) -> bool {
    !case.is_numbered() && case.paste_says_any(permitted::GATEWAY)
}

/// A tool printed the status and nothing else of the answer.
fn answered_with_429(case: &Case<'_>) -> bool {
    case.value("status") == Some("429")
}

/// How long the answer asks to wait, where it says so in seconds.
fn retry_after(case: &Case<'_>) -> Option<Shown> {
    const NAME: &str = "retry-after";
    let paste = case.facts.words_in_lower_case.text();
    let behind = paste.find(NAME)?.checked_add(NAME.len())?;
    let rest = paste.get(behind..)?;
    let value = rest.trim_start_matches(['"', '\'', ':', '=', ' ', '\\', '[']);
    let start = behind.checked_add(rest.len().checked_sub(value.len())?)?;
    let length = value.bytes().take_while(u8::is_ascii_digit).count();
    let seconds = value.get(..length).filter(|seconds| start > behind && (1..7).contains(&seconds.len()))?;
    Some(Shown {
        text: format!("Retry-After says {seconds} seconds"),
        artefact: None,
        pointer: format!("bytes {start}-{}", start.saturating_add(length)).into(),
        value: seconds.to_owned(),
    })
}

fn with_external_token(case: &Case<'_>) -> bool {
    case.flows(&[Flow::WorkloadIdentity])
}

fn device_code(case: &Case<'_>) -> bool {
    case.flows(&[Flow::DeviceCode])
}

/// A version with two dots, as people name it when they suspect it: `2.1.0` in the scenario, `@2.1.0` in the message.
fn names_exact_version(case: &Case<'_>) -> bool {
    let exact = |text: &str| {
        let version = text.split(|character: char| !character.is_ascii_digit() && character != '.').next();
        version.is_some_and(|version| version.split('.').filter(|part| !part.is_empty()).count() == 3)
    };
    let library = case.facts.scenario.library.as_deref().unwrap_or_default();
    library.split([' ', '@', 'v', '/']).any(exact)
        || case
            .message
            .split("msal")
            .skip(1)
            .filter_map(|rest| rest.split_once('@'))
            .any(|(name, rest)| name.len() <= LONGEST_PACKAGE && exact(rest.get(..LONGEST_VERSION).unwrap_or(rest)))
}

/// Somebody names the library with its version, and says that it went well with another one.
fn tells_of_an_update(case: &Case<'_>) -> bool {
    names_exact_version(case)
        && case.paste_says_any(&[
            "worked with ",
            "worked in ",
            "works with the previous version",
            "after upgrading",
            "after updating",
            "after the upgrade",
            "since upgrading",
            "since updating",
            "package was updated",
            "downgrading to",
            "rolling back to",
            "reverting to",
        ])
        && case.index.is_some()
}

/// Letters between `msal` and the `@` before a version: `-browser`, `-angular`.
const LONGEST_PACKAGE: usize = 12;
/// Letters of a version that are read.
const LONGEST_VERSION: usize = 16;

const CLIENT_SIDE: &[&str] = &[
    "interaction_in_progress",
    "monitor_window_timeout",
    "hash_empty_error",
    "hash_does_not_contain_known_properties",
    "block_iframe_reload",
    "state_mismatch",
    "no_account_error",
    "no_tokens_found",
    "endpoints_resolution_error",
    "broker_error",
];

/// Codes of requests that a library builds: if they are misshapen, the library may be to blame.
const BUILT_BY_LIBRARY: &[&str] = &["9002313", "900144", "900561", "90014", "90023", "50148", "501481", "700027"];

const TRANSIENT: &[&str] =
    &["90033", "90006", "50033", "50087", "90024", "90090", "1003030", "90012", "90025", "650051"];

pub(super) const CAUSES: &[Cause] = &[
    usual(
        "throttled",
        &[
            "429",
            "TooManyRequests",
            "activityLimitReached",
            "ApplicationThrottled",
            "throttledRequest",
            "Request_ThrottledTemporarily",
            "Request_ThrottledPermanently",
            "request_throttled",
        ],
        72,
    )
    .when(not_loop)
    .showing(retry_after),
    usual("throttled", &["90055", "90045", "701014"], 60),
    usual("throttled", &[], 72).when(answered_with_429).showing(retry_after),
    usual("throttled", &[], 66).words(&["statuscode: 429"]).when(not_loop),
    usual("throttled", &[], 66).words(&["status code: 429"]).when(not_loop),
    usual("throttled", &[], 66).words(&["msalthrottledserviceexception"]).when(not_loop),
    // Entra asked another service, a provider of identities or of claims, and that one did not answer.
    usual("service-transient-fault", &["50166", "90061"], 70),
    usual("service-incident", &["50166", "90061"], 50).when(with_external_token),
    usual("throttled", &[], 66).words(&["too many requests"]).when(not_loop).showing(retry_after),
    usual("throttled", &[], 66).words(&["has been throttled"]).when(not_loop),
    usual("throttled", &[], 66).words(&["toomanyrequests"]).when(not_loop),
    usual("throttled", &[], 66).words(&["over its mailboxconcurrency limit"]),
    usual("throttled", &[], 64).words(&["http 429"]).when(not_loop),
    usual("service-transient-fault", TRANSIENT, 68),
    usual("service-transient-fault", &["server_error", "temporarily_unavailable", "serviceNotAvailable"], 58),
    usual("service-transient-fault", &["50000"], 50),
    usual("service-transient-fault", &[], 78).when(behind_a_gateway),
    usual("service-transient-fault", &[], 80).words(&["transient error has occurred"]),
    usual("service-transient-fault", &[], 76).words(&["temporarily unavailable"]),
    usual("service-transient-fault", &[], 70).words(&["status code: 502"]),
    usual("service-transient-fault", &[], 70).words(&["status code: 503"]),
    usual("service-transient-fault", &[], 70).words(&["gateway time"]),
    usual("service-transient-fault", &[], 66).words(&["service unavailable"]),
    usual("service-incident", TRANSIENT, 40).guess(),
    usual("service-incident", &["90036", "90092", "90040", "230109"], 58),
    usual("service-incident", &["server_error", "serviceNotAvailable"], 36).guess(),
    // Device codes live for a quarter of an hour; one that ends at once was not kept by the service.
    usual("service-incident", &["70020", "70019", "expired_token", "code_expired"], 42)
        .when(device_code)
        .guess()
        .ask("Did the code run out within seconds, although it should live 15 minutes?"),
    Cause {
        when: tells_of_an_update,
        reason: "the paste tells of an update of the library, and of nothing else that changed",
        ..usual("library-regression", &[], 64)
    }
    .ask("Does the version before work with the same configuration?"),
    // Whatever the language of the sentence around it: the name of an assembly that could not be loaded, or in which
    // something was missing.
    usual("library-regression", &[], 70).words(&["'microsoft.identity", ", version=", "publickeytoken="]),
    usual("library-regression", &[], 70).words(&["method not found: '", "microsoft.identity"]),
    usual("library-regression", CLIENT_SIDE, 45)
        .when(names_exact_version)
        .ask("Did it begin with an update of the library?"),
    usual("library-regression", CLIENT_SIDE, 34).guess(),
    usual("library-regression", &[], 45)
        .words(&["interaction is currently in progress"])
        .when(names_exact_version)
        .ask("Did it begin with an update of the library?"),
    usual("library-regression", BUILT_BY_LIBRARY, 38)
        .when(names_exact_version)
        .guess()
        .ask("Did it begin with an update of the library?"),
];
