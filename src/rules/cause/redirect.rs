//! The way back from the sign-in page: redirect URIs, PKCE, authorization codes.

use super::{Advice, BY_ERROR, Case, Cause, usual};
use crate::rules::{Group, Rule};
use crate::scenario::{Client, Flow};

const REDIRECT_URIS: &str = "https://learn.microsoft.com/entra/identity-platform/reply-url";
const CODE_FLOW: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const ADD_URI: &str = "https://learn.microsoft.com/entra/identity-platform/how-to-add-redirect-uri";

const REDIRECT: Rule = Rule { group: Group::Redirect, ..BY_ERROR };

pub(in crate::rules) const REDIRECT_URI_MISMATCH: Rule = Rule {
    id: "redirect-uri-mismatch",
    means: "Entra sends its answer only to addresses that the app registration lists. The address in the request has to \
            equal one of them: scheme, host, port, path, letter case and a slash at the end all count. The error page \
            is shown in the browser and never reaches the app, because there is no address it could safely be sent to.",
    sources: &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50011-redirect-uri-mismatch",
        REDIRECT_URIS,
    ],
    ..REDIRECT
};

pub(in crate::rules) const REDIRECT_URI_NOT_REGISTERED: Rule = Rule {
    id: "redirect-uri-not-registered",
    means: "The app registration lists no redirect URI at all, or none of the platform that this kind of app needs. A \
            sign-in through a browser has to end at a registered address, so it cannot even begin.",
    sources: &[ADD_URI, REDIRECT_URIS],
    ..REDIRECT
};

pub(in crate::rules) const REDIRECT_URI_WRONG_PLATFORM: Rule = Rule {
    id: "redirect-uri-wrong-platform",
    means: "Each redirect URI is registered under a platform, and the platform decides what Entra expects when the code \
            is redeemed. Web: a secret or certificate. Mobile and desktop: no secret. Single-page application: a \
            request from the browser, with PKCE. Under the wrong platform the sign-in works and the token request fails.",
    sources: &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/confidential-client-application-authentication-error-aadsts7000218",
        ADD_URI,
        CODE_FLOW,
    ],
    ..REDIRECT
};

pub(in crate::rules) const SPA_PLATFORM_WITH_NATIVE_CLIENT: Rule = Rule {
    id: "spa-platform-with-native-client",
    means: "A code or refresh token that was issued to a redirect URI of the platform Single-page application can be \
            redeemed by a browser only: the request has to carry an Origin header. Programs, servers and tools such as \
            Postman send none and are refused.",
    sources: &[CODE_FLOW, CODES],
    ..REDIRECT
};

pub(in crate::rules) const SPA_PLATFORM_WITH_NON_PKCE_CLIENT: Rule = Rule {
    id: "spa-platform-with-non-pkce-client",
    means: "Redirect URIs of the platform Single-page application demand PKCE: a code_challenge in the sign-in request \
            and the matching code_verifier in the token request. This client sent none, as older libraries and server \
            frameworks do that rely on a secret.",
    sources: &[CODE_FLOW, ADD_URI],
    ..REDIRECT
};

pub(in crate::rules) const IMPLICIT_ID_TOKEN_NOT_ENABLED: Rule = Rule {
    id: "implicit-id-token-not-enabled",
    means: "The request asks for a token straight from the sign-in page (implicit or hybrid flow: response_type \
            id_token or token). Registrations have that switched off unless somebody ticks it.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow", CODES],
    ..REDIRECT
};

pub(in crate::rules) const PKCE_VERIFIER_MISMATCH: Rule = Rule {
    id: "pkce-verifier-mismatch",
    means: "With PKCE the sign-in request carries a hash (code_challenge) of a random text, and the token request has to \
            show that text (code_verifier). Here they do not fit: the verifier is of another sign-in, was lost with the \
            session, or was hashed or encoded in another way.",
    sources: &[CODE_FLOW, "https://www.rfc-editor.org/rfc/rfc7636#section-4.6"],
    ..REDIRECT
};

pub(in crate::rules) const PKCE_VERIFIER_MISSING_SPLIT_FLOW: Rule = Rule {
    id: "pkce-verifier-missing-split-flow",
    means: "The code was fetched in the browser by a library that made its own PKCE pair and keeps the verifier to \
            itself. Whoever redeems that code elsewhere, such as the server behind the page, has no verifier or a \
            different one, and is refused.",
    sources: &[CODE_FLOW, "https://www.rfc-editor.org/rfc/rfc7636#section-4.5"],
    ..REDIRECT
};

pub(in crate::rules) const AUTH_CODE_REDEEMED_TWICE: Rule = Rule {
    id: "auth-code-redeemed-twice",
    means: "An authorization code is good for one token request. The second one with the same code is refused, even \
            within the code's life. Reloading the page of the redirect URI, two handlers for one redirect, or a retry \
            after a timeout are enough.",
    sources: &[CODE_FLOW, CODES],
    ..REDIRECT
};

pub(in crate::rules) const AUTH_CODE_EXPIRED: Rule = Rule {
    id: "auth-code-expired",
    means: "An authorization code has to be redeemed within minutes. This one was kept too long: pasted by hand, queued, \
            held up by a breakpoint, or taken from an old address in the history.",
    sources: &[CODE_FLOW, CODES],
    ..REDIRECT
};

pub(in crate::rules) const AUTH_CODE_ALTERED: Rule = Rule {
    id: "auth-code-altered",
    means: "The code that arrived at the token endpoint is not the one that was issued. It was cut at a special \
            character, percent-encoded twice or not at all, changed in letter case, or copied together with what \
            follows it in the address (&state=, &session_state=).",
    sources: &[CODE_FLOW, CODES],
    ..REDIRECT
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "redirect-uri-mismatch",
        title: "The redirect URI‹ {uri}› is not registered for {app}.",
        fix: &[
            "‹{plain-uri} begins with http, which Entra takes for localhost only: make the app send https. Behind a \
             proxy that ends TLS forward the scheme (X-Forwarded-Proto, UseForwardedHeaders)›",
            "Add the redirect URI‹ {uri}›, character by character as the error shows it, to the app registration \
             (Authentication > Platform configurations), under the platform that fits the app",
            "Or change the app so that it sends a registered one. Behind a proxy or load balancer look for http where \
             https is meant, and for an inner host name",
            "Compare letter case of the path and the slash at the end. For localhost the port is not compared; \
             elsewhere it is",
        ],
    },
    Advice {
        finding: "redirect-uri-not-registered",
        title: "The app registration of {app} lists no redirect URI that this sign-in could return to.",
        fix: &[
            "App registrations > your app > Authentication > Add a platform: Mobile and desktop applications for \
             programs (http://localhost), Single-page application for code in the browser, Web for servers",
            "Enter the very address that the app sends as redirect_uri, then sign in again",
        ],
    },
    Advice {
        finding: "redirect-uri-wrong-platform",
        title: "The redirect URI is registered under the wrong platform for this kind of app.",
        fix: &[
            "App registrations > your app > Authentication: see under which platform {uri} stands",
            "Code that runs in the browser: move it to Single-page application. A program on a device: Mobile and \
             desktop applications (http://localhost). A server that holds a secret: Web",
            "Delete the same address from the other platforms, wait a minute and sign in anew: a code that was issued \
             before keeps its old platform",
        ],
    },
    Advice {
        finding: "spa-platform-with-native-client",
        title: "The redirect URI is registered for a single-page application, but something other than a browser page \
                redeems the code.",
        fix: &[
            "App registrations > your app > Authentication: remove the redirect URI from Single-page application and \
             add it under Mobile and desktop applications (program) or Web (server)",
            "If both a page and a server use the app: give each a redirect URI of its own, and let each redeem the codes \
             it received",
        ],
    },
    Advice {
        finding: "spa-platform-with-non-pkce-client",
        title: "The redirect URI is registered for a single-page application, which demands PKCE, and the client sends \
                no code_challenge.",
        fix: &[
            "A server with a secret: register the redirect URI under Web instead of Single-page application",
            "A page in the browser: use MSAL.js 2 or later, or another library with authorization code flow and PKCE",
        ],
    },
    Advice {
        finding: "implicit-id-token-not-enabled",
        title: "The app asks for a token straight from the sign-in page, and its registration does not allow that.",
        fix: &[
            "Better: move to the authorization code flow with PKCE (MSAL.js 2 or later; response_type code) and register \
             the redirect URI under Single-page application",
            "Otherwise: App registrations > your app > Authentication > Implicit grant and hybrid flows: tick ID tokens \
             (and Access tokens if response_type holds token)",
        ],
    },
    Advice {
        finding: "pkce-verifier-mismatch",
        title: "The code_verifier does not fit the code_challenge of the sign-in that produced this code.",
        fix: &[
            "Make one verifier for each sign-in, keep it with the state of that sign-in, and send it with the code that \
             comes back with the same state. Two tabs, or a session that was lost in between, mix them up",
            "With code_challenge_method=S256 the challenge is the base64url text, without padding, of the SHA-256 of the \
             verifier; the verifier itself goes into the token request unhashed",
            "Behind several servers keep the session in a shared store",
        ],
    },
    Advice {
        finding: "pkce-verifier-missing-split-flow",
        title: "The code was obtained with one PKCE pair, in the browser, and is redeemed elsewhere without its verifier.",
        fix: &[
            "Let one side do both: either MSAL.js signs in and redeems (acquireTokenSilent), or the server starts the \
             sign-in and redeems",
            "If the server needs tokens of its own: send it the access token for its API and let it use on-behalf-of, or \
             use the code that MSAL.js hands over for that purpose (hybrid SPA, spa code)",
            "If you hand the code over yourself, hand over its code_verifier with it",
        ],
    },
    Advice {
        finding: "auth-code-redeemed-twice",
        title: "This authorization code was already redeemed: each one works once.",
        fix: &[
            "Find the second request: a reload of the redirect page, two middlewares or handlers for the same callback, \
             a retry, React's double rendering in development",
            "After the first success keep the tokens in a cache and use the refresh token; redirect to a clean address \
             without code=",
            "To go on now: start the sign-in again",
        ],
    },
    Advice {
        finding: "auth-code-expired",
        title: "The authorization code was redeemed too late: it lives a few minutes only.",
        fix: &[
            "Redeem the code in the request that receives it, and start a new sign-in for another try",
            "For later tokens use the refresh token (scope offline_access), never the code",
        ],
    },
    Advice {
        finding: "auth-code-altered",
        title: "The authorization code did not arrive as it was issued.",
        fix: &[
            "Take code from the query (or form) with the parser of your framework, not by hand: it ends at the next &",
            "Send it as a field of a form (application/x-www-form-urlencoded), encoded exactly once, and never change \
             its letter case",
            "Try with a fresh code: each one works once and for minutes",
        ],
    },
];

fn is_public_app(case: &Case<'_>) -> bool {
    case.clients(&[Client::Desktop, Client::Mobile]) && case.flows(&[Flow::AuthorizationCode, Flow::Silent])
}

fn through_broker(case: &Case<'_>) -> bool {
    case.library(&["wam", "broker"]) || case.says_one_of(&["wam ", "broker", "response_status."])
}

fn is_page(case: &Case<'_>) -> bool {
    case.in_browser() && !case.flows(&[Flow::Ropc, Flow::DeviceCode, Flow::ClientCredentials])
}

fn is_web_app(case: &Case<'_>) -> bool {
    case.clients(&[Client::WebApp]) && case.flows(&[Flow::AuthorizationCode])
}

fn page_with_server(case: &Case<'_>) -> bool {
    case.in_browser()
}

fn redeems_code(case: &Case<'_>) -> bool {
    case.flows(&[Flow::AuthorizationCode])
}

fn redeems_without_verifier(case: &Case<'_>) -> bool {
    case.grants("authorization_code") && case.field("code_verifier").is_none()
}

/// The paste names the token endpoint of the sign-in service.
fn names_token_endpoint(case: &Case<'_>) -> bool {
    case.paste_says_any(&["oauth2/v2.0/token", "oauth2/token", "/token'"])
}

/// What people say of a code that does not arrive as it was issued.
fn tells_of_altering(case: &Case<'_>) -> bool {
    redeems_code(case)
        && case.paste_says_any(&[
            "lowercase",
            "lower case",
            "lower-case",
            "tolower",
            "urldecode",
            "url-decode",
            "url decode",
            "urlencode",
            "url-encode",
            "url encode",
            "encodeuricomponent",
            "decodeuricomponent",
            "sanitiz",
            "sanitis",
            "truncat",
            "cut off",
            "cuts the code",
        ])
}

fn sends_code(case: &Case<'_>) -> bool {
    case.grants("authorization_code")
}

const PLATFORM: &str = "Under which platform does the registration list the redirect URI (App registrations > \
                        Authentication)?";

pub(super) const CAUSES: &[Cause] = &[
    usual("redirect-uri-mismatch", &["50011"], 72).certain(),
    usual("redirect-uri-mismatch", &["500112", "500117", "50029", "700009"], 66),
    usual("redirect-uri-mismatch", &[], 88)
        .words(&["does not match the re", "configured for the application"])
        .certain(),
    usual("redirect-uri-mismatch", &[], 78).words(&["'redirect_uri' is not valid"]),
    usual("redirect-uri-mismatch", &[], 74).words(&["redirect uri", "does not match"]),
    usual("redirect-uri-not-registered", &["500113", "900971"], 76).certain(),
    usual("redirect-uri-not-registered", &[], 90).words(&["no reply address"]).certain(),
    // The broker has an address of its own, which has to be registered for each app.
    usual("redirect-uri-not-registered", &["7000218"], 60).when(through_broker).ask(
        "Is ms-appx-web://microsoft.aad.brokerplugin/<client ID> registered under Mobile and desktop applications?",
    ),
    usual("redirect-uri-not-registered", &[], 74)
        .words(&["apicontractviolation", "ms-appx-web://microsoft.aad.brokerplugin"]),
    // MSAL names it as one of several possible causes, whatever failed.
    usual("redirect-uri-not-registered", &[], 40).words(&["ms-appx-web://microsoft.aad.brokerplugin"]).guess(),
    // Under Web, Entra wants the secret that no app on a device has; the same holds for a page.
    usual("redirect-uri-wrong-platform", &["7000218", "70002"], 78)
        .words(&["client_secret"])
        .when(is_public_app)
        .ask(PLATFORM),
    usual("redirect-uri-wrong-platform", &["7000218"], 78).when(is_public_app).ask(PLATFORM),
    usual("redirect-uri-wrong-platform", &["7000218"], 76).when(is_page).ask(PLATFORM),
    usual("redirect-uri-wrong-platform", &["7000218"], 36).ask(PLATFORM).guess(),
    // A server that does hold a secret is taken for public only because its address stands under another platform.
    usual("redirect-uri-wrong-platform", &["700025"], 70).when(is_web_app).ask(PLATFORM),
    usual("redirect-uri-wrong-platform", &["90023"], 58)
        .words(&["public clients can't send a client secret"])
        .when(is_web_app)
        .ask(PLATFORM),
    usual("redirect-uri-wrong-platform", &["9002326"], 82),
    usual("redirect-uri-wrong-platform", &[], 86).words(&["cross-origin token redemption is permitted only"]).certain(),
    // The browser hides the answer of the token endpoint, so that all the page sees is this.
    usual("redirect-uri-wrong-platform", &[], 74)
        .words(&["blocked by cors policy"])
        .when(names_token_endpoint)
        .ask(PLATFORM),
    usual("spa-platform-with-native-client", &["9002327"], 82),
    usual("spa-platform-with-native-client", &[], 86)
        .words(&["may only be redeemed via cross-origin requests"])
        .certain(),
    usual("spa-platform-with-non-pkce-client", &["9002325"], 80),
    usual("spa-platform-with-non-pkce-client", &[], 84).words(&["proof key for code exchange is required"]).certain(),
    usual("implicit-id-token-not-enabled", &["700054", "700051"], 80).certain(),
    usual("implicit-id-token-not-enabled", &[], 84)
        .words(&["response_type", "not enabled for the application"])
        .certain(),
    usual("implicit-id-token-not-enabled", &["unsupported_response_type", "70005"], 62),
    usual("pkce-verifier-mismatch", &["501481", "50148"], 64)
        .ask("Does the same program that began the sign-in redeem the code, with the verifier it made then?"),
    usual("pkce-verifier-mismatch", &["50147", "50149", "501491", "501471"], 50),
    usual("pkce-verifier-missing-split-flow", &["501481", "50148"], 76)
        .when(page_with_server)
        .ask("Does anything but the page's own library redeem the code?"),
    usual("pkce-verifier-missing-split-flow", &["501481", "50148", "900144", "501491"], 84)
        .when(redeems_without_verifier),
    usual("pkce-verifier-missing-split-flow", &["900144", "90014"], 78).words(&["'code_verifier'"]),
    usual("pkce-verifier-missing-split-flow", &["501481", "50148"], 42).guess(),
    usual("auth-code-redeemed-twice", &["54005"], 82).certain(),
    usual("auth-code-redeemed-twice", &[], 90).words(&["code was already redeemed"]).certain(),
    usual("auth-code-expired", &["70008"], 70)
        .when(redeems_code)
        .ask("Which grant_type did the failing request carry: authorization_code or refresh_token?"),
    usual("auth-code-expired", &["70008", "70000"], 86).when(sends_code).words(&["expired"]),
    usual("auth-code-expired", &["70000"], 82).words(&["'code'", "expired"]),
    usual("auth-code-expired", &["70000"], 62).words(&["code has expired"]),
    usual("auth-code-expired", &["70008"], 84).words(&["authorization code is expired"]),
    usual("auth-code-expired", &["70008"], 84).words(&["authorization code has expired"]),
    usual("redirect-uri-mismatch", &["70000"], 45)
        .words(&["grant is invalid or malformed"])
        .when(redeems_code)
        .ask("Is redirect_uri in the token request, to the last slash, the one with which the code was asked for?")
        .guess(),
    usual("auth-code-altered", &["70000", "9002313", "90023"], 78).when(tells_of_altering),
    usual("auth-code-altered", &["70000"], 84).words(&["authorization code", "malformed"]),
    usual("auth-code-altered", &["70000"], 70).words(&["'code'"]),
    usual("auth-code-altered", &["70000"], 66).words(&["grant is invalid or malformed"]).when(redeems_code),
    usual("auth-code-altered", &["70000", "9002313"], 60).when(sends_code),
    usual("auth-code-altered", &["70000"], 52).when(redeems_code),
    usual("auth-code-altered", &["9002313", "90023"], 60)
        .when(redeems_code)
        .ask("Is the code that is sent, letter by letter, the one that came back in the address?"),
];
