//! New tokens for a user who has signed in before.

use super::delegated::{ACCESS_LIFETIME, IDTYP_USER, NO_ROLES, OID_NOT_SUB, SCP};
use super::{Accounts, Authority, Claim, FlowGuide, Line, Mistake, Reference};
use crate::scenario::Client::{Desktop, Mobile, Spa, WebApi, WebApp};
use crate::scenario::Flow;

const EVERYBODY: Accounts = Accounts { work_or_school: true, personal: true, customers: true };

const SAME_APPIDACR: Claim = Claim {
    clients: &[],
    claim: "appidacr",
    text: "as at the first sign-in: \"0\" of a public client, \"1\" with a secret, \"2\" with a certificate",
};
const OLD_AMR: Claim =
    Claim { clients: &[], claim: "amr", text: "how the user signed in at first: renewing adds no method" };

pub(super) const REFRESH_TOKEN: FlowGuide = FlowGuide {
    flow: Flow::RefreshToken,
    name: "OAuth 2.0 refresh token",
    summary: "The application gets a new access token, for this or another resource, without the user.",
    grant: "grant_type=refresh_token",
    clients: &[Spa, WebApp, WebApi, Desktop, Mobile],
    accounts: EVERYBODY,
    authority: Authority::Any,
    request: &[
        Line {
            clients: &[],
            text: "POST https://{sign-in}/{tenant}/oauth2/v2.0/token with grant_type=refresh_token, \
                   client_id={client-id} (the one that the refresh token was issued to), refresh_token and scope, \
                   form-encoded",
        },
        Line {
            clients: &[],
            text: "scope={resource}/{permission} offline_access: only what has been consented to; the resource may be \
                   another than before",
        },
        Line { clients: &[], text: "Store the refresh token of the answer in place of the old one" },
        Line { clients: &[Spa], text: "The request comes from the browser and carries its Origin header" },
    ],
    credential: &[
        Line { clients: &[WebApp, WebApi], text: "required, as at the first sign-in: secret or certificate" },
        Line { clients: &[Spa, Desktop, Mobile], text: "none" },
    ],
    expect: &[SCP, NO_ROLES, IDTYP_USER, SAME_APPIDACR, OLD_AMR, OID_NOT_SUB],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "90 days without use, counted anew at every use, no maximum; of a single-page application 24 \
        hours in all. It ends early when the password changes, an administrator revokes it or a policy asks for a new \
        sign-in",
    library: &[Line {
        clients: &[],
        text: "every MSAL does this by itself when asked for a token silently, and never shows the refresh token; do not \
               handle it yourself",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "offline_access was not requested, so there is no refresh token",
            answers: &["no member refresh_token in the answer"],
            instead: "request offline_access at sign-in",
        },
        Mistake {
            clients: &[],
            what: "The refresh token was not used for 90 days, perhaps because the first one was stored for ever",
            answers: &["AADSTS700082", "AADSTS70008"],
            instead: "let the user sign in again, and store the newest one each time",
        },
        Mistake {
            clients: &[Spa],
            what: "The refresh token of a single-page application is older than 24 hours",
            answers: &["AADSTS700084"],
            instead: "sign in again through the browser, mostly without a question to the user",
        },
        Mistake {
            clients: &[Spa],
            what: "The refresh token of a single-page application is redeemed outside a browser",
            answers: &["AADSTS9002327"],
            instead: "redeem it in the browser; a server signs users in with its own redirect URI",
        },
        Mistake {
            clients: &[],
            what: "The password changed, or the sessions were revoked",
            answers: &["AADSTS50173", "AADSTS50133"],
            instead: "let the user sign in again",
        },
        Mistake {
            clients: &[],
            what: "A policy limits how long ago the sign-in may be",
            answers: &["AADSTS70043", "AADSTS70044"],
            instead: "let the user sign in again; trying once more changes nothing",
        },
        Mistake {
            clients: &[],
            what: "It is redeemed by another client, or in another tenant, than it was issued to",
            answers: &["AADSTS700007", "AADSTS7000012", "AADSTS70000"],
            instead: "use the client ID and tenant of the sign-in",
        },
        Mistake {
            clients: &[],
            what: "A permission is requested that nobody consented to",
            answers: &["AADSTS65001"],
            instead: "request it in an interactive sign-in",
        },
    ],
    documentation: &[
        Reference {
            title: "Refresh tokens",
            url: "https://learn.microsoft.com/entra/identity-platform/refresh-tokens",
        },
        Reference {
            title: "Refresh the access token",
            url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token",
        },
    ],
};

pub(super) const SILENT: FlowGuide = FlowGuide {
    flow: Flow::Silent,
    name: "Silent token acquisition",
    summary: "The library looks in its cache, renews what is old, and in a browser asks a hidden frame; it never asks the \
              user.",
    grant: "grant_type=refresh_token",
    clients: &[Spa, WebApp, Desktop, Mobile],
    accounts: EVERYBODY,
    authority: Authority::Any,
    request: &[
        Line {
            clients: &[],
            text: "Call the library's silent method with the account and scope={resource}/{permission}; it answers from \
                   the cache, or with grant_type=refresh_token at https://{sign-in}/{tenant}/oauth2/v2.0/token",
        },
        Line {
            clients: &[Spa],
            text: "Last, MSAL.js opens https://{sign-in}/{tenant}/oauth2/v2.0/authorize with client_id={client-id} and \
                   prompt=none in a hidden frame, which needs the session cookie of the sign-in host",
        },
        Line { clients: &[], text: "Name the account: give it, or login_hint or sid, where several are signed in" },
        Line {
            clients: &[],
            text: "When the answer asks for interaction, call the interactive method, with the claims of that answer",
        },
    ],
    credential: &[
        Line { clients: &[WebApp], text: "required for the renewal, as at the first sign-in: secret or certificate" },
        Line { clients: &[Spa, Desktop, Mobile], text: "none" },
    ],
    expect: &[
        SCP,
        NO_ROLES,
        IDTYP_USER,
        SAME_APPIDACR,
        OLD_AMR,
        OID_NOT_SUB,
        Claim {
            clients: &[],
            claim: "iat",
            text: "may be long ago: a cached token knows nothing of permissions that were added since",
        },
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "the library's own: 90 days without use, of a single-page application 24 hours in all",
    library: &[
        Line { clients: &[Spa], text: "MSAL.js: acquireTokenSilent; cache, then refresh token, then hidden frame" },
        Line {
            clients: &[WebApp],
            text: "MSAL.NET through Microsoft.Identity.Web, MSAL Java, MSAL Python, MSAL Node: with a cache that outlives \
                   the process, one for each user",
        },
        Line {
            clients: &[Desktop, Mobile],
            text: "MSAL.NET, MSAL Java, MSAL Python, MSAL Node, MSAL Go, MSAL for Android, MSAL for iOS and macOS: \
                   acquire token silent; a broker keeps the session",
        },
    ],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "There is no session any more, and the application stops there",
            answers: &["AADSTS50058", "login_required"],
            instead: "go on to an interactive sign-in: this answer is expected",
        },
        Mistake {
            clients: &[Spa],
            what: "The browser blocks third-party cookies, so the hidden frame finds no session",
            answers: &["AADSTS50058", "monitor_window_timeout"],
            instead: "sign in with a redirect or popup; give the redirect page no code of its own",
        },
        Mistake {
            clients: &[],
            what: "Several accounts are signed in and none is named, or the account is not of this tenant",
            answers: &["AADSTS16000"],
            instead: "name the account with login_hint or sid",
        },
        Mistake {
            clients: &[],
            what: "A policy or missing consent needs the user",
            answers: &["interaction_required", "AADSTS50076", "AADSTS50079", "AADSTS65001"],
            instead: "catch the library's interaction-required error and sign in interactively, with its claims",
        },
        Mistake {
            clients: &[],
            what: "The cache is not kept, or not used",
            answers: &["no_tokens_found", "AADSTS50196"],
            instead: "keep one client object and its cache; ask silently before every call",
        },
    ],
    documentation: &[
        Reference {
            title: "Acquire and cache tokens with MSAL",
            url: "https://learn.microsoft.com/entra/identity-platform/msal-acquire-cache-tokens",
        },
        Reference {
            title: "Third-party cookies and single-page applications",
            url: "https://learn.microsoft.com/entra/identity-platform/reference-third-party-cookies-spas",
        },
    ],
};
