//! The session in the browser: interrupted sign-ins, hidden frames, cookies.

use super::{Advice, BY_ERROR, Case, Cause, obo, usual};
use crate::rules::{Group, Rule};
use crate::scenario::{Client, Flow};

const MSAL_JS: &str = "https://learn.microsoft.com/entra/msal/javascript/browser/errors";
const THIRD_PARTY: &str = "https://learn.microsoft.com/entra/identity-platform/reference-third-party-cookies-spas";
const SINGLE_SIGN_ON: &str = "https://learn.microsoft.com/entra/identity-platform/msal-js-sso";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

const REDIRECT: Rule = Rule { group: Group::Redirect, ..BY_ERROR };

pub(in crate::rules) const INTERACTION_IN_PROGRESS: Rule = Rule {
    id: "interaction-in-progress-redirect-not-handled",
    means: "MSAL.js allows one interactive call at a time and remembers in the browser's storage that one has begun. The \
            note is cleared when the answer is processed. If the page does not process it, or calls again before that, \
            every further call is refused.",
    sources: &[MSAL_JS],
    ..REDIRECT
};

pub(in crate::rules) const REDIRECT_NOT_HANDLED_IN_IFRAME: Rule = Rule {
    id: "redirect-not-handled-in-iframe",
    means: "For a silent request MSAL.js opens the redirect URI in a hidden frame and waits for the answer in the \
            frame's address. If the page there changes the address (a router, a redirect), starts a sign-in of its own \
            or does not load in a frame, the answer is never seen and the wait times out.",
    sources: &[MSAL_JS],
    ..REDIRECT
};

pub(in crate::rules) const THIRD_PARTY_COOKIES_BLOCKED: Rule = Rule {
    id: "third-party-cookies-blocked",
    means: "A silent sign-in in a hidden frame works only if the browser sends the cookies of the sign-in service with \
            it. To the page these are cookies of a third party, which Safari, Firefox, Brave, private windows and many \
            Chrome set-ups block. Entra then sees nobody signed in, although the user is.",
    sources: &[THIRD_PARTY, SINGLE_SIGN_ON],
    ..REDIRECT
};

pub(in crate::rules) const BROWSER_COOKIE_SAMESITE: Rule = Rule {
    id: "browser-cookie-samesite",
    means: "While the user is at the sign-in page the app keeps state and nonce in cookies. The way back is a request \
            from another site, mostly a POST, and browsers attach only cookies with SameSite=None and Secure to it. \
            Without them the app cannot match the answer to its request: correlation failed. It often shows in one \
            browser only.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/howto-handle-samesite-cookie-changes-chrome-browser",
        "https://learn.microsoft.com/aspnet/core/security/samesite",
    ],
    ..REDIRECT
};

pub(in crate::rules) const MULTIPLE_ACCOUNTS_SILENT: Rule = Rule {
    id: "multiple-accounts-silent",
    means: "A silent request must not ask anything. Several accounts are signed in here and the request does not say \
            which one is meant, so the user would have to choose, and that is not allowed without a page.",
    sources: &[SINGLE_SIGN_ON, CODES],
    ..REDIRECT
};

pub(in crate::rules) const NO_SESSION_SILENT: Rule = Rule {
    id: "no-session-silent",
    means: "A token was asked for without showing a page (prompt=none, acquireTokenSilent), and there is nothing to \
            take it from: no signed-in session at Entra, or no account and refresh token in the cache. That is an \
            expected answer; the app has to sign the user in.",
    sources: &[SINGLE_SIGN_ON, CODES],
    ..REDIRECT
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "interaction-in-progress-redirect-not-handled",
        title: "MSAL.js refuses a second sign-in because the answer of the first one was not processed yet.",
        fix: &[
            "On every page that can be a redirect URI, await handleRedirectPromise() (Angular: handleRedirectObservable, \
             MsalRedirectComponent; React: MsalProvider) before calling loginRedirect, acquireTokenRedirect or a popup",
            "Start an interaction only while inProgress is none, and not from several components at once",
            "If a tab was closed in the middle: clear the session storage of the page, or sign in in a new window",
        ],
    },
    Advice {
        finding: "redirect-not-handled-in-iframe",
        title: "The answer of the silent request came back to the hidden frame, and the page there did not hand it over.",
        fix: &[
            "Use a blank page, without router and without MSAL, as redirectUri of silent and popup requests; register it \
             under Single-page application",
            "Keep the router from changing the address, or from starting a sign-in, when the page runs in a frame",
            "If the page cannot load in a frame, check its headers X-Frame-Options and Content-Security-Policy",
            "On this error try once interactively: acquireTokenPopup or acquireTokenRedirect",
        ],
    },
    Advice {
        finding: "third-party-cookies-blocked",
        title: "The browser does not send the cookies of the sign-in service to the hidden frame, so nobody seems to be \
                signed in.",
        fix: &[
            "When the silent call fails with login_required or interaction_required, sign in with a redirect or a popup, \
             with loginHint: the session is found there",
            "Use the authorization code flow with refresh tokens (MSAL.js 2 or later): renewal then needs no frame for \
             24 hours",
            "To be sure: allow third-party cookies for the host of the sign-in page (login.microsoftonline.com, \
             or <tenant>.b2clogin.com), or try another browser outside private \
             mode; if it works there, this is the cause",
        ],
    },
    Advice {
        finding: "browser-cookie-samesite",
        title: "The browser did not send the app's own sign-in cookies back with the answer.",
        fix: &[
            "Set the cookies for correlation, nonce and session with SameSite=None and Secure, and serve the app over \
             https only (browsers drop SameSite=None without Secure)",
            "Behind a proxy that ends TLS: forward the scheme (X-Forwarded-Proto, UseForwardedHeaders), so that the app \
             knows it runs under https",
            "Check that sign-in begins and ends on the same host name, and that all servers share the keys that protect \
             the cookies",
        ],
    },
    Advice {
        finding: "multiple-accounts-silent",
        title: "Several accounts are signed in, and the silent request does not say which one it means.",
        fix: &[
            "Pass the account: account or loginHint (the login_hint claim of the ID token), or sid, in acquireTokenSilent \
             or ssoSilent",
            "If it still fails, go interactive with prompt=select_account",
            "If only one account is signed in: check that it exists in the tenant of the authority",
        ],
    },
    Advice {
        finding: "no-session-silent",
        title: "The silent request found nobody signed in: the user has to sign in once.",
        fix: &[
            "Catch InteractionRequiredAuthError (MsalUiRequiredException) and call the interactive method: \
             acquireTokenRedirect, acquireTokenPopup, AcquireTokenInteractive",
            "Pass the account that signed in before (getAllAccounts, GetAccountsAsync), and keep the token cache between \
             runs: an empty cache has nothing to be silent with",
        ],
    },
];

fn in_hidden_frame(case: &Case<'_>) -> bool {
    case.in_browser() && case.flows(&[Flow::Silent, Flow::Implicit])
}

fn in_page(case: &Case<'_>) -> bool {
    case.in_browser()
}

fn not_in_page(case: &Case<'_>) -> bool {
    !case.in_browser()
}

fn in_frame(case: &Case<'_>) -> bool {
    case.says_one_of(&["iframe", "frame", "renewal"])
}

fn in_web_app(case: &Case<'_>) -> bool {
    case.clients(&[Client::WebApp])
}

/// Words of browser consoles about a cookie that was not set or not sent.
fn tells_of_blocked_cookie(case: &Case<'_>) -> bool {
    case.says_one_of(&["was blocked", "were blocked", "has been blocked", "rejected", "without the `samesite`"])
}

/// True where a cookie that has to come back from the sign-in page is set without SameSite=None and Secure.
fn unsafe_cookie(case: &Case<'_>) -> bool {
    case.message.split("set-cookie").skip(1).any(|rest| {
        // In a HAR the value is the next member of the object: `"name": "Set-Cookie", "value": "…"`.
        let cookie = rest.split(['\n', '\r', '}']).next().unwrap_or_default();
        let of_sign_in = ["aspnetcore.correlation", "openidconnect.nonce", "oidc.nonce", "oauth_state", "oauth-state"];
        of_sign_in.iter().any(|part| cookie.contains(part))
            && !(cookie.contains("samesite=none") && cookie.contains("secure"))
    })
}

const SILENT_CODES: &[&str] = &["50058", "login_required"];
const OTHER_BROWSER: &str = "Does it work in another browser, or with third-party cookies allowed?";

pub(super) const CAUSES: &[Cause] = &[
    usual("interaction-in-progress-redirect-not-handled", &["interaction_in_progress"], 80)
        .ask("Is handleRedirectPromise awaited on every load, before any interactive call?"),
    usual("interaction-in-progress-redirect-not-handled", &[], 80).words(&["interaction is currently in progress"]),
    usual("redirect-not-handled-in-iframe", &["block_iframe_reload"], 82),
    usual("redirect-not-handled-in-iframe", &["hash_empty_error", "hash_does_not_contain_known_properties"], 72),
    usual("redirect-not-handled-in-iframe", &["monitor_window_timeout", "token_renewal_error", "timed_out"], 66)
        .ask("What does the hidden frame show: the page of the redirect URI, or an error of the sign-in service?"),
    usual("redirect-not-handled-in-iframe", &[], 64).words(&["failed due to timeout"]).when(in_frame),
    usual("redirect-not-handled-in-iframe", &["login_required"], 30).when(in_hidden_frame).guess(),
    usual("third-party-cookies-blocked", SILENT_CODES, 78).when(in_hidden_frame).ask(OTHER_BROWSER),
    usual("third-party-cookies-blocked", SILENT_CODES, 66).when(in_page).ask(OTHER_BROWSER),
    usual("third-party-cookies-blocked", SILENT_CODES, 48).words(&["cookies", "not sent"]).ask(OTHER_BROWSER),
    usual("third-party-cookies-blocked", &["500583"], 80),
    usual("third-party-cookies-blocked", &[], 86).words(&["third party cookies"]),
    usual("third-party-cookies-blocked", &[], 86).words(&["third-party cookies"]),
    usual("third-party-cookies-blocked", &[], 62).words(&["refused to display", "login.microsoftonline.com", "frame"]),
    usual(
        "third-party-cookies-blocked",
        &["monitor_window_timeout", "token_renewal_error", "timed_out", "hash_empty_error", "interaction_required"],
        48,
    )
    .when(in_page)
    .ask(OTHER_BROWSER),
    usual("browser-cookie-samesite", &[], 86).words(&["correlation failed"]),
    usual("browser-cookie-samesite", &[], 84).words(&["samesite", "cookie"]).when(tells_of_blocked_cookie),
    usual("browser-cookie-samesite", &[], 86).words(&["set-cookie"]).when(unsafe_cookie),
    usual("browser-cookie-samesite", &["state_mismatch"], 62),
    usual("browser-cookie-samesite", &[], 66).words(&["invalid state received"]),
    usual("browser-cookie-samesite", &[], 70).words(&["state cookie was missing"]),
    usual("browser-cookie-samesite", &[], 70).words(&["code_verifier cookie was missing"]),
    usual("browser-cookie-samesite", &[], 70).words(&["login failed: state mismatch"]),
    usual("browser-cookie-samesite", &[], 70).words(&["csrf warning", "state not equal"]),
    usual("browser-cookie-samesite", &[], 70).words(&["unable to verify authorization request state"]),
    usual("browser-cookie-samesite", &["IDX21323", "IDX21324", "IDX21329"], 76),
    usual("browser-cookie-samesite", &[], 72).words(&["nonce was null"]),
    usual("browser-cookie-samesite", &[], 74).words(&["unable to unprotect the message.state"]),
    usual("browser-cookie-samesite", &[], 70).words(&["correlation cookie"]),
    usual("browser-cookie-samesite", SILENT_CODES, 40).when(in_web_app).guess(),
    usual("multiple-accounts-silent", &["16000", "account_selection_required"], 66),
    usual("multiple-accounts-silent", &[], 84).words(&["multiple user identities"]),
    usual("multiple-accounts-silent", &["multiple_matching_tokens_detected"], 70),
    usual("no-session-silent", SILENT_CODES, 72).when(not_in_page),
    usual("no-session-silent", SILENT_CODES, 60),
    usual(
        "no-session-silent",
        &["no_account_error", "no_tokens_found", "user_null", "no_account_for_login_hint", "500581", "500582"],
        68,
    ),
    usual("no-session-silent", &[], 66).words(&["no account or login hint was passed"]),
];

/// True where the message says that nobody is signed in: then there are not several accounts. And a token endpoint, which
/// answers `invalid_grant`, is asked by no hidden frame: no cookie of the browser is missing there.
pub(super) fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    match finding {
        "multiple-accounts-silent" => case.says(&["no user is signed in"]),
        "third-party-cookies-blocked" | "redirect-not-handled-in-iframe" | "browser-cookie-samesite" => {
            case.has_code("50058") && (case.has_code("invalid_grant") || obo::exchanges(case))
        }
        _ => false,
    }
}
