//! Policies of the tenant: multifactor authentication, Conditional Access, claims challenges.

use super::{Advice, BY_ERROR, Case, Cause, Shown, usual};
use crate::extract::ArtefactKind;
use crate::report::Fixer;
use crate::rules::{Group, Rule};
use crate::scenario::{Client, Flow};

const PASSWORD_GRANT: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc";
const FOR_DEVELOPERS: &str = "https://learn.microsoft.com/entra/identity-platform/v2-conditional-access-dev-guide";
const CHALLENGE: &str = "https://learn.microsoft.com/entra/identity-platform/claims-challenge";
const CAE: &str = "https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation";
const CONDITIONS: &str =
    "https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions";
const TROUBLESHOOT: &str =
    "https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const FLOWS_POLICY: &str = "https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows";

const POLICY: Rule = Rule { group: Group::Policy, ..BY_ERROR };
const FOR_USERS: Rule = Rule { fixer: Fixer::User, ..POLICY };
const FOR_ADMINISTRATORS: Rule = Rule { fixer: Fixer::TenantAdmin, ..POLICY };

pub(in crate::rules) const ROPC_CANNOT_DO_MFA: Rule = Rule {
    id: "ropc-cannot-do-mfa",
    means: "The flow with user name and password shows no page, so it cannot ask for a second factor. Where the tenant \
            demands one, by security defaults, Conditional Access or for one user, it is refused, however right the \
            password is.",
    sources: &[PASSWORD_GRANT, FOR_DEVELOPERS],
    ..POLICY
};

pub(in crate::rules) const ROPC_WITH_FEDERATED_USER: Rule = Rule {
    id: "ropc-with-federated-user",
    means: "The password of a federated user is checked by the organisation's own server (AD FS or another), which a \
            plain request with user name and password never reaches. Entra, which holds no usable password for that \
            user, reports it as wrong.",
    sources: &[
        PASSWORD_GRANT,
        "https://learn.microsoft.com/entra/identity/enterprise-apps/home-realm-discovery-policy",
    ],
    ..POLICY
};

pub(in crate::rules) const SILENT_NEEDS_INTERACTION_MFA: Rule = Rule {
    id: "silent-needs-interaction-mfa",
    means: "A token was asked for behind the scenes (from the cache, with a refresh token, in a hidden frame, on a \
            server), and a policy wants the user to prove more first. No request without a page can do that; sending it \
            again changes nothing.",
    sources: &[FOR_DEVELOPERS, "https://learn.microsoft.com/entra/identity-platform/msal-error-handling-dotnet"],
    ..POLICY
};

pub(in crate::rules) const MFA_REQUIRED: Rule = Rule {
    id: "mfa-required",
    means: "The sign-in has to be confirmed with a second factor: the policy, the place or the risk asks for it now, or \
            the last confirmation is too old or failed. This is an interruption, no defect.",
    sources: &[FOR_DEVELOPERS, CODES],
    ..FOR_USERS
};

pub(in crate::rules) const MFA_REGISTRATION_REQUIRED: Rule = Rule {
    id: "mfa-registration-required",
    means: "The tenant demands a second factor and this user has registered none yet. It has to be set up on a page \
            before any token is issued.",
    sources: &["https://learn.microsoft.com/entra/identity/authentication/howto-registration-mfa-sspr-combined", CODES],
    ..FOR_USERS
};

pub(in crate::rules) const CLAIMS_CHALLENGE_NOT_FORWARDED: Rule = Rule {
    id: "claims-challenge-not-forwarded",
    means: "Together with the error came a claims value that says what the next sign-in has to fulfil. Only a new \
            request that carries it can succeed. An API in the middle has no page: it has to hand the value on to its \
            caller, and the caller to the sign-in.",
    sources: &[CHALLENGE, FOR_DEVELOPERS],
    ..POLICY
};

pub(in crate::rules) const CAE_CHALLENGE_NOT_HANDLED: Rule = Rule {
    id: "cae-challenge-not-handled",
    means: "With continuous access evaluation an API refuses a token before its time is over: the user was disabled, the \
            password changed, the place or a policy is another. The answer carries a claims challenge; a token asked \
            for with it works again. The same token never does.",
    sources: &[CAE, CHALLENGE],
    ..POLICY
};

pub(in crate::rules) const LIBRARY_DROPS_CLAIMS_CHALLENGE: Rule = Rule {
    id: "library-drops-claims-challenge",
    means: "Entra said in a claims value what the next sign-in must fulfil, and the library or tool in between does not \
            pass it on. The next sign-in then looks complete and ends in the same refusal, again and again.",
    sources: &[CHALLENGE],
    ..POLICY
};

pub(in crate::rules) const CONDITIONAL_ACCESS_BLOCK: Rule = Rule {
    id: "conditional-access-block",
    means: "A Conditional Access policy of the tenant forbids this token. The answer does not say which policy: only an \
            administrator sees that, in the sign-in log. User and password are fine, and trying again under the same \
            conditions is of no use.",
    sources: &[TROUBLESHOOT, CONDITIONS],
    ..FOR_ADMINISTRATORS
};

pub(in crate::rules) const CONDITIONAL_ACCESS_DEVICE_COMPLIANCE: Rule = Rule {
    id: "conditional-access-device-compliance",
    means: "The tenant gives tokens only to devices it manages: joined to it, enrolled, and compliant. This device is \
            not, or it could not prove it: private windows, browsers without the Microsoft sign-in extension, WSL and \
            remote shells send no device identity.",
    sources: &[CONDITIONS, TROUBLESHOOT],
    ..FOR_USERS
};

pub(in crate::rules) const CONDITIONAL_ACCESS_TOKEN_PROTECTION: Rule = Rule {
    id: "conditional-access-token-protection",
    means: "A policy demands tokens that are bound to the device, so that a stolen one is useless elsewhere. This client \
            cannot ask for such tokens.",
    sources: &["https://learn.microsoft.com/entra/identity/conditional-access/concept-token-protection"],
    ..FOR_ADMINISTRATORS
};

pub(in crate::rules) const DEVICE_CODE_FAILS_DEVICE_COMPLIANCE: Rule = Rule {
    id: "device-code-fails-device-compliance",
    means: "With the device code flow the user signs in on one device and the token goes to another. Entra cannot tell \
            anything about the second one, so a policy that demands a managed or compliant device always refuses.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code", FLOWS_POLICY],
    ..POLICY
};

pub(in crate::rules) const SECURITY_DEFAULTS_BLOCK: Rule = Rule {
    id: "security-defaults-block",
    means: "Security defaults, or a security policy of the tenant, refuse this sign-in. They demand a second factor and \
            forbid old protocols, for everybody.",
    sources: &["https://learn.microsoft.com/entra/fundamentals/security-defaults", CODES],
    ..FOR_ADMINISTRATORS
};

pub(in crate::rules) const SIGN_IN_FREQUENCY_POLICY: Rule = Rule {
    id: "sign-in-frequency-policy",
    means: "A Conditional Access policy limits how old a sign-in may get. This one is older, so the refresh token is \
            refused although nothing else is wrong with it. The user has to sign in anew.",
    sources: &["https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime", CODES],
    ..FOR_USERS
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "ropc-cannot-do-mfa",
        title: "A sign-in with user name and password cannot do the multifactor authentication that is demanded here.",
        fix: &[
            "Sign in interactively or by device code instead: AcquireTokenInteractive, AcquireTokenWithDeviceCode, az \
             login without --username",
            "A job without a person: let the app act as itself (client credentials with a certificate, or a managed \
             identity), with application permissions",
            "Last resort: an administrator excludes one account from the policy, for known addresses only",
        ],
    },
    Advice {
        finding: "ropc-with-federated-user",
        title: "The user's password is checked by a federation server, which a request with user name and password does \
                not reach.",
        fix: &[
            "Use a flow with a page (authorization code, device code), where the federation server can take part",
            "Or use an account that exists in the cloud only, or let the app act as itself",
            "If it has to stay: an administrator can switch on password hash synchronisation and a home realm discovery \
             policy with AllowCloudPasswordValidation",
        ],
    },
    Advice {
        finding: "silent-needs-interaction-mfa",
        title: "A request without a page needs the user: multifactor authentication has to be done first.",
        fix: &[
            "Catch the error (MsalUiRequiredException, InteractionRequiredAuthError) and call the interactive method \
             for the same scopes, with the claims value of the error",
            "On a server: send the user through the sign-in page again, with the claims parameter",
            "A job without a user needs a flow without a user: client credentials, managed identity",
        ],
    },
    Advice {
        finding: "mfa-required",
        title: "The user has to confirm this sign-in with a second factor.",
        fix: &[
            "Sign in again interactively and finish the prompt; at a command line for the very tenant and resource: az \
             login --tenant <tenant> --scope <resource>/.default",
            "If no prompt appears, remove the old session first (az logout, another browser profile)",
            "If it comes at every sign-in, an administrator sees in the sign-in log which policy asks",
        ],
    },
    Advice {
        finding: "mfa-registration-required",
        title: "The user has to set up multifactor authentication before getting a token.",
        fix: &[
            "Open https://aka.ms/mfasetup with that account and register a method, then sign in again",
            "For an account that a program uses: let the app act as itself instead",
        ],
    },
    Advice {
        finding: "claims-challenge-not-forwarded",
        title: "The claims value that comes with such an error has to go into the next token request.",
        fix: &[
            "In an API that calls on behalf of its user: answer its caller with 401 and WWW-Authenticate: Bearer \
             error=\"insufficient_claims\", claims=\"<base64 of the value>\"",
            "In the client: pass the value on, WithClaims(…) or claims: … in the next interactive request for the same \
             scopes",
            "Microsoft.Identity.Web does this for you: ReplyForbiddenWithWwwAuthenticateHeader in the API, \
             [AuthorizeForScopes] in the web app",
        ],
    },
    Advice {
        finding: "cae-challenge-not-handled",
        title: "The API withdrew this token before its time and answered with a claims challenge that the client ignores.",
        fix: &[
            "Read claims from the WWW-Authenticate header of the 401, and ask for a new token with it: first silently \
             (WithClaims, claims), then interactively; never send the old token again",
            "Declare the client capability cp1 only in clients that do so (WithClientCapabilities, clientCapabilities); \
             an app without a user should leave it out or simply get a new token",
            "Until then: sign in again, or clear the token cache",
        ],
    },
    Advice {
        finding: "library-drops-claims-challenge",
        title: "The library in use may lose the claims value that the next sign-in needs.",
        fix: &[
            "Update the library or tool; recent versions pass claims on (az login --claims-challenge, WithClaims)",
            "If it cannot: read claims from the raw answer and add it to the sign-in request yourself",
        ],
    },
    Advice {
        finding: "conditional-access-block",
        title: "A Conditional Access policy of {tenant} blocks this sign-in.",
        fix: &[
            "Give an administrator correlation ID and time from the error: Entra admin centre > Sign-in logs > the entry \
             > Conditional Access shows the policy and the condition",
            "Usual conditions: place or network, device platform (from the User-Agent), kind of client, flow (device \
             code), risk, the app or API itself",
            "Then meet the condition, use another flow, or have the policy changed",
        ],
    },
    Advice {
        finding: "conditional-access-device-compliance",
        title: "The tenant wants a managed or compliant device, and this one did not prove to be one.",
        fix: &[
            "Enrol or join the device (Company Portal; Settings > Accounts > Access work or school), and check there \
             that it is compliant",
            "If it is: use a way that can prove it: Edge, Chrome with the Microsoft Single Sign On extension, the system \
             broker (WAM, Authenticator); no private window, no WSL, no remote shell",
            "Otherwise an administrator has to exclude the app or the account",
        ],
    },
    Advice {
        finding: "conditional-access-token-protection",
        title: "A policy demands device-bound tokens, which this client cannot ask for.",
        fix: &[
            "Use a client that supports token protection, signed in through the broker of the operating system",
            "Or let an administrator take this app or these users out of the policy (Conditional Access > the policy > \
             Session > Require token protection)",
        ],
    },
    Advice {
        finding: "device-code-fails-device-compliance",
        title: "The device code flow cannot prove the managed or compliant device that the tenant demands.",
        fix: &[
            "Sign in interactively on the managed device itself, best through the broker: Interactive with WAM in place \
             of -DeviceCode or --use-device-code",
            "On a machine without a browser: let the app act as itself (certificate, managed identity, federated \
             credential)",
            "Or let an administrator exclude the app from the device policy",
        ],
    },
    Advice {
        finding: "security-defaults-block",
        title: "Security defaults or a security policy of the tenant refuse this sign-in.",
        fix: &[
            "Sign in interactively with multifactor authentication, with a current client",
            "An administrator finds the reason in the sign-in log, and decides on Entra ID > Properties > Manage \
             security defaults",
        ],
    },
    Advice {
        finding: "sign-in-frequency-policy",
        title: "The sign-in is older than the tenant allows: the user has to sign in again.",
        fix: &[
            "Sign in interactively; the app should do so by itself on this error",
            "A job without a user must not rest on a user's refresh token: use client credentials or a managed identity",
        ],
    },
];

/// Codes that ask the user to prove more.
const STEP_UP: &[&str] = &["50076", "50079", "50074", "50072", "50078", "50158"];
/// Those with which a claims value comes.
const WITH_CLAIMS: &[&str] = &["50076", "50079", "50158", "50074"];
const DEVICE: &[&str] = &["53000", "53001", "530002", "530003", "50097"];

fn with_password(case: &Case<'_>) -> bool {
    case.flows(&[Flow::Ropc])
}

/// The user is at the sign-in page.
fn signs_in(case: &Case<'_>) -> bool {
    case.flows(&[Flow::AuthorizationCode, Flow::Implicit, Flow::DeviceCode])
}

fn with_password_at_own_machine(case: &Case<'_>) -> bool {
    with_password(case) && case.at_own_machine()
}

fn silent(case: &Case<'_>) -> bool {
    case.flows(&[Flow::Silent, Flow::RefreshToken, Flow::IntegratedWindows])
}

fn silent_at_own_machine(case: &Case<'_>) -> bool {
    silent(case) && case.clients(&[Client::Desktop]) && case.says_one_of(&["az login", "connect-azaccount"])
}

/// A server, or a page after its sign-in, gets tokens without showing anything.
fn behind_the_scenes(case: &Case<'_>) -> bool {
    (case.on_server() || case.clients(&[Client::Spa])) && !with_password(case) && !in_the_middle(case)
}

fn without_user(case: &Case<'_>) -> bool {
    case.clients(&[Client::Daemon]) && case.used_flow().is_none()
}

/// An API that calls on behalf of its user.
fn in_the_middle(case: &Case<'_>) -> bool {
    case.flows(&[Flow::OnBehalfOf]) || (case.clients(&[Client::WebApi]) && case.used_flow().is_none())
}

fn in_front_of_user(case: &Case<'_>) -> bool {
    case.at_own_machine() && !with_password(case) && !silent(case) || case.flows(&[Flow::DeviceCode])
}

/// True where no code says more exactly what the policy demands.
fn no_closer_code(case: &Case<'_>) -> bool {
    !case.is_numbered() || case.has_code("53003")
}

fn password_without_closer_code(case: &Case<'_>) -> bool {
    with_password(case) && no_closer_code(case)
}

fn with_claims(case: &Case<'_>) -> bool {
    case.says_one_of(&["claims\":", "claims\\\":", "claimschallenge", "'claims':"])
        || case.artefact(ArtefactKind::ClaimsChallenge).is_some()
}

fn server_with_claims(case: &Case<'_>) -> bool {
    with_claims(case) && case.on_server() && !with_password(case)
}

fn device_code(case: &Case<'_>) -> bool {
    case.flows(&[Flow::DeviceCode]) || case.says_one_of(&["device code flow"])
}

fn not_device_code(case: &Case<'_>) -> bool {
    !device_code(case)
}

fn names_library(case: &Case<'_>) -> bool {
    case.facts.scenario.library.as_deref().is_some_and(|library| !library.trim().is_empty())
}

fn federated_hint(case: &Case<'_>) -> bool {
    with_password(case) && (case.on_server() || case.says_one_of(&["federat", "adfs", "ws-trust", "wstrust", "idp"]))
}

fn without_capability(case: &Case<'_>) -> bool {
    case.token().is_some_and(|judged| !judged.token.claims.continuous_access())
}

fn with_capability(case: &Case<'_>) -> bool {
    case.token().is_some_and(|judged| judged.token.claims.continuous_access())
}

fn capability(case: &Case<'_>) -> Option<Shown> {
    let means = if with_capability(case) {
        "the client said that it can handle such challenges"
    } else {
        "the client never said that it can handle such challenges (cp1)"
    };
    case.claim("xms_cc", "/payload/xms_cc", means)
}

fn names_context(case: &Case<'_>) -> bool {
    case.challenge_names("acrs")
}

pub(super) const CAUSES: &[Cause] = &[
    usual("ropc-cannot-do-mfa", STEP_UP, 80).when(with_password),
    usual("ropc-cannot-do-mfa", STEP_UP, 81).when(with_password_at_own_machine).by(Fixer::User),
    usual("ropc-cannot-do-mfa", STEP_UP, 56)
        .when(without_user)
        .ask("Does the job sign in with a user name and password?"),
    usual("ropc-cannot-do-mfa", &["53003", "50126"], 36).when(with_password).guess(),
    usual("ropc-with-federated-user", &["50126"], 68)
        .when(federated_hint)
        .ask("Does signing in as that user in a browser lead to a page of the organisation?"),
    usual("ropc-with-federated-user", &["50126"], 64)
        .when(with_password)
        .ask("Does signing in as that user in a browser lead to a page of the organisation?"),
    usual("ropc-with-federated-user", &["50034", "50056"], 42)
        .when(with_password)
        .ask("Does signing in as that user in a browser lead to a page of the organisation?"),
    usual("ropc-with-federated-user", &["parsing_wstrust_response_failed", "federated_service_returned_error"], 62),
    usual("silent-needs-interaction-mfa", STEP_UP, 78).when(silent),
    usual("silent-needs-interaction-mfa", STEP_UP, 79).when(silent_at_own_machine).by(Fixer::User),
    usual("silent-needs-interaction-mfa", STEP_UP, 68)
        .when(behind_the_scenes)
        .ask("Was a page shown to the user when this failed?"),
    usual("silent-needs-interaction-mfa", &["50158"], 62),
    usual("silent-needs-interaction-mfa", STEP_UP, 46).ask("Was a page shown to the user when this failed?"),
    usual("silent-needs-interaction-mfa", &["IDW10502"], 56),
    usual("mfa-required", &["50074", "50078", "500121"], 66).when(not_password),
    usual("mfa-required", &["50074", "50078", "500121"], 70).when(signs_in),
    usual("mfa-required", &["50076"], 70).when(in_front_of_user),
    usual("mfa-required", &["50076", "50158"], 54).when(not_password),
    usual("mfa-required", STEP_UP, 76).words(&["az login"]),
    usual("mfa-registration-required", &["50072"], 68).when(not_password),
    usual("mfa-registration-required", &["50072", "50079"], 78).words(&["must enroll in multi-factor", "az login"]),
    usual("mfa-registration-required", &["50079"], 66).when(in_front_of_user),
    usual("mfa-registration-required", &["50079"], 58),
    usual("mfa-registration-required", &["50079", "50072"], 62).words(&["enroll in multi-factor"]),
    usual("mfa-registration-required", &["50079", "50072"], 70).words(&["enroll in multi-factor"]).when(signs_in),
    usual("claims-challenge-not-forwarded", WITH_CLAIMS, 80).when(in_the_middle),
    usual("claims-challenge-not-forwarded", WITH_CLAIMS, 66).when(server_with_claims),
    usual("claims-challenge-not-forwarded", WITH_CLAIMS, 50).when(behind_the_scenes),
    usual("claims-challenge-not-forwarded", &["insufficient_claims"], 82).when(in_the_middle),
    usual("claims-challenge-not-forwarded", &["insufficient_claims"], 80).when(names_context),
    usual("claims-challenge-not-forwarded", &["insufficient_claims"], 54),
    usual("claims-challenge-not-forwarded", &[], 82).words(&["insufficient_claims"]).when(in_the_middle),
    usual("claims-challenge-not-forwarded", &[], 80).words(&["insufficient_claims"]).when(names_context),
    usual("claims-challenge-not-forwarded", &[], 54).words(&["insufficient_claims"]),
    usual("cae-challenge-not-handled", &[], 86)
        .words(&["continuous access evaluation resulted in challenge"])
        .certain(),
    usual("cae-challenge-not-handled", &[], 84).words(&["claimschallengerequired"]),
    usual("cae-challenge-not-handled", &[], 84).words(&["tokencreatedwithoutdatedpolicies"]),
    usual("cae-challenge-not-handled", &[], 84).words(&["tokenissuedbeforerevocationtimestamp"]),
    usual("cae-challenge-not-handled", &[], 84).words(&["locationconditionevaluationsatisfied"]),
    usual("cae-challenge-not-handled", &["insufficient_claims"], 70),
    usual("cae-challenge-not-handled", &[], 90)
        .words(&["continuous access evaluation"])
        .when(without_capability)
        .showing(capability)
        .certain(),
    usual("cae-challenge-not-handled", &[], 88)
        .words(&["continuous access evaluation"])
        .when(with_capability)
        .showing(capability)
        .certain(),
    usual("cae-challenge-not-handled", &["insufficient_claims"], 78).when(without_capability).showing(capability),
    usual("cae-challenge-not-handled", &["insufficient_claims"], 76).when(with_capability).showing(capability),
    usual("cae-challenge-not-handled", &[], 70).words(&["insufficient_claims"]),
    usual("cae-challenge-not-handled", &[], 78)
        .words(&["insufficient_claims"])
        .when(without_capability)
        .showing(capability),
    usual("cae-challenge-not-handled", &[], 76)
        .words(&["insufficient_claims"])
        .when(with_capability)
        .showing(capability),
    usual("library-drops-claims-challenge", WITH_CLAIMS, 47)
        .when(names_library)
        .ask("Does the next sign-in request of the library carry a claims parameter?"),
    usual("library-drops-claims-challenge", &["insufficient_claims"], 40).when(names_library).guess(),
    usual("conditional-access-block", &["53003"], 66),
    // A request with user name and password tells nothing of platform or place that a policy could go by.
    usual("conditional-access-block", &["53003", "53000", "53001"], 67).when(with_password).by(Fixer::AppDeveloper),
    usual("conditional-access-block", &["530036", "530034", "530031"], 58),
    usual("conditional-access-block", &[], 84).words(&["blocked by conditional access"]).when(no_closer_code),
    usual("conditional-access-block", &[], 88)
        .words(&["blocked by conditional access"])
        .when(password_without_closer_code)
        .by(Fixer::AppDeveloper),
    usual("conditional-access-block", &[], 80).words(&["does not meet the criteria to access this resource"]),
    usual("conditional-access-device-compliance", DEVICE, 68).when(not_device_code),
    usual("conditional-access-device-compliance", DEVICE, 54),
    usual("conditional-access-device-compliance", &[], 82)
        .words(&["device requesting access to be managed"])
        .when(not_device_code),
    usual("conditional-access-device-compliance", &[], 70).words(&["device requesting access to be managed"]),
    usual("conditional-access-device-compliance", &[], 76).words(&["device is required to be compliant"]),
    usual("conditional-access-device-compliance", &[], 76).words(&["can't get there from here"]),
    usual("conditional-access-token-protection", &["530084"], 80),
    usual("conditional-access-token-protection", &[], 80).words(&["token protection"]),
    usual("device-code-fails-device-compliance", &["530033"], 84),
    usual("device-code-fails-device-compliance", DEVICE, 78).when(device_code),
    usual("device-code-fails-device-compliance", &[], 86)
        .words(&["device requesting access to be managed"])
        .when(device_code),
    usual("device-code-fails-device-compliance", &["53003", "530036"], 56)
        .when(device_code)
        .ask("Does the sign-in log name a policy that demands a managed or compliant device?"),
    usual("security-defaults-block", &["530035"], 80),
    usual("security-defaults-block", &["530032"], 64),
    usual("security-defaults-block", &[], 80).words(&["security defaults"]),
    usual("sign-in-frequency-policy", &["70043", "70044", "70046"], 78),
    usual("sign-in-frequency-policy", &[], 86).words(&["sign-in frequency"]),
];

fn not_password(case: &Case<'_>) -> bool {
    !with_password(case)
}
