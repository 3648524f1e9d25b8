//! Refresh tokens and caches.

use super::{Advice, BY_ERROR, Case, Cause, usual};
use crate::report::Fixer;
use crate::rules::{Group, Rule};
use crate::scenario::{Client, Flow};

const LIFETIMES: &str = "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes";
const REFRESH_TOKENS: &str = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens";
const CODE_FLOW: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";

const REFRESH: Rule = Rule { group: Group::Refresh, ..BY_ERROR };
const FOR_USERS: Rule = Rule { fixer: Fixer::User, ..REFRESH };

pub(in crate::rules) const GRANT_REVOKED_PASSWORD_CHANGE: Rule = Rule {
    id: "grant-revoked-password-change",
    means: "All refresh tokens of a user that were issued before a certain moment are void: the password was changed or \
            reset, or the sessions were revoked. The message names both moments, when the token was issued and from \
            when tokens count.",
    sources: &[
        "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50173-grant-expired-revoked",
        REFRESH_TOKENS,
    ],
    ..FOR_USERS
};

pub(in crate::rules) const REFRESH_TOKEN_INACTIVE: Rule = Rule {
    id: "refresh-token-inactive",
    means: "A refresh token that nobody uses for 90 days ends. Each use yields a new one with a new 90 days, so an app \
            that keeps using the first one and throws the new ones away runs into this as well.",
    sources: &[LIFETIMES, REFRESH_TOKENS],
    ..FOR_USERS
};

pub(in crate::rules) const REFRESH_TOKEN_SPA_LIFETIME: Rule = Rule {
    id: "refresh-token-spa-lifetime",
    fixer: Fixer::User,
    means: "Refresh tokens of single-page applications live 24 hours from the sign-in, however often they are used. \
            After that the page has to go to the sign-in service again, which mostly works without a prompt.",
    sources: &[
        REFRESH_TOKENS,
        "https://learn.microsoft.com/entra/identity-platform/reference-third-party-cookies-spas",
    ],
    ..REFRESH
};

pub(in crate::rules) const MALFORMED_REFRESH_TOKEN: Rule = Rule {
    id: "malformed-refresh-token",
    means: "What was sent as refresh_token is none that Entra could read: cut by a column or a shell, with quotes or \
            line breaks in it, encoded twice, or another kind of token altogether.",
    sources: &[CODE_FLOW, REFRESH_TOKENS],
    ..REFRESH
};

pub(in crate::rules) const REFRESH_TOKEN_OTHER_CLIENT: Rule = Rule {
    id: "refresh-token-other-client",
    means: "A refresh token or authorization code belongs to the client (and, for codes, to the tenant) that it was \
            issued to. Another client ID cannot redeem it.",
    sources: &[REFRESH_TOKENS, CODES],
    ..REFRESH
};

pub(in crate::rules) const TOKEN_CACHE_NOT_USED: Rule = Rule {
    id: "token-cache-not-used",
    means: "The same client asked for the same token over and over within minutes, and Entra stops such loops. An access \
            token is good for about an hour: it should come from a cache, and a refusal must not be answered by the \
            same request again.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes",
        "https://learn.microsoft.com/entra/identity-platform/msal-acquire-cache-tokens",
    ],
    ..REFRESH
};

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "grant-revoked-password-change",
        title: "The saved sign-in was revoked, mostly by a password change: the user has to sign in again.",
        fix: &[
            "Sign in again with that account (az login, the app's sign-in button); delete the saved refresh token first",
            "An app should do so by itself: on invalid_grant drop the token and go interactive",
            "A job that runs on a user's refresh token breaks at every password change: use client credentials or a \
             managed identity",
        ],
    },
    Advice {
        finding: "refresh-token-inactive",
        title: "The refresh token was not used for too long and has ended: the user has to sign in again.",
        fix: &[
            "Sign in again (az login, the app's sign-in); the dead token cannot be revived",
            "Store the newest refresh token after every use, and use it at least once in 90 days",
        ],
    },
    Advice {
        finding: "refresh-token-spa-lifetime",
        title: "The refresh token of a single-page application lives 24 hours, and these are over.",
        fix: &[
            "On this error call acquireTokenRedirect or acquireTokenPopup (or ssoSilent where third-party cookies are \
             allowed) with loginHint",
            "A server or program that needs a longer life: give it a redirect URI under Web or Mobile and desktop \
             applications and a sign-in of its own",
        ],
    },
    Advice {
        finding: "malformed-refresh-token",
        title: "The refresh token that was sent is damaged or is no refresh token.",
        fix: &[
            "Compare the stored value with the one that was issued: length, first and last characters, quotes, line \
             breaks. A column or variable that is too short cuts it; allow for several thousand characters",
            "Send it as a form field, percent-encoded once",
            "If it is lost, sign in again to get a new one",
        ],
    },
    Advice {
        finding: "refresh-token-other-client",
        title: "The refresh token or code was issued to another client or tenant than the one that redeems it.",
        fix: &[
            "Redeem it with the same client_id (and authority) that the sign-in used; compare the IDs in the error",
            "After a change of the client ID delete the saved tokens and sign in again",
        ],
    },
    Advice {
        finding: "token-cache-not-used",
        title: "The same token is requested in a loop, until Entra refuses.",
        fix: &[
            "Keep one client object (PublicClientApplication, ConfidentialClientApplication) with its cache for the life \
             of the program, and call AcquireTokenSilent first; save the cache between runs",
            "Do not connect and disconnect for each call, and do not retry a refusal without changing the request",
            "Wait some minutes: the block ends by itself",
        ],
    },
];

fn refreshes(case: &Case<'_>) -> bool {
    case.flows(&[Flow::RefreshToken, Flow::Silent])
}

fn redeems_code(case: &Case<'_>) -> bool {
    case.flows(&[Flow::AuthorizationCode])
}

fn in_page(case: &Case<'_>) -> bool {
    case.clients(&[Client::Spa])
}

fn other_client_named(case: &Case<'_>) -> bool {
    case.says_one_of(&["issued to a different client", "issued to another client", "different client id"])
}

pub(super) const CAUSES: &[Cause] = &[
    usual("grant-revoked-password-change", &["50173", "50133", "50132"], 78),
    usual("grant-revoked-password-change", &[], 90).words(&["tokensvalidfrom"]).certain(),
    usual("grant-revoked-password-change", &[], 82).words(&["expired due to it being revoked"]),
    usual("refresh-token-inactive", &["700082"], 84).certain(),
    usual("refresh-token-inactive", &["700081"], 66),
    usual("refresh-token-inactive", &["70008"], 72).when(refreshes),
    usual("refresh-token-inactive", &["70008"], 50),
    usual("refresh-token-inactive", &[], 66).words(&["refresh token", "expired due to inactivity"]),
    usual("refresh-token-inactive", &[], 80).words(&["was inactive for"]),
    usual("refresh-token-spa-lifetime", &["700084"], 84).certain(),
    usual("refresh-token-spa-lifetime", &["refresh_token_expired"], 66),
    usual("refresh-token-spa-lifetime", &["700082", "70008"], 40).when(in_page).guess(),
    usual("refresh-token-spa-lifetime", &[], 80).words(&["refresh token", "single page"]),
    usual("malformed-refresh-token", &["9002313", "70000", "90023"], 66).when(refreshes),
    usual("malformed-refresh-token", &["70000"], 74).words(&["'refresh_token'"]),
    usual("malformed-refresh-token", &["70000"], 74).words(&["grant is invalid or malformed"]).when(refreshes),
    usual("malformed-refresh-token", &["900144"], 50).words(&["'refresh_token'"]),
    usual("refresh-token-other-client", &["700007", "7000012", "700005", "client_mismatch"], 76),
    usual("refresh-token-other-client", &[], 80).when(other_client_named),
    usual("refresh-token-other-client", &["70000"], 50).when(refreshes),
    usual("refresh-token-other-client", &["70000"], 38).when(redeems_code).guess(),
    usual("token-cache-not-used", &["50196"], 82),
    usual("token-cache-not-used", &[], 86).words(&["client request loop"]),
    // MSAL.NET replaces the text of AADSTS50196 by its own.
    usual("token-cache-not-used", &[], 76).words(&["throttled by aad due to too many requests"]),
    usual("token-cache-not-used", &["request_throttled"], 50),
];
