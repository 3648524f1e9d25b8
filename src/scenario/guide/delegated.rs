//! Flows in which a user takes part.

use super::{Accounts, Authority, Claim, FlowGuide, Line, Mistake, Reference};
use crate::scenario::Client::{self, Desktop, Mobile, Spa, WebApi, WebApp};
use crate::scenario::Flow;

/// Clients that cannot keep a secret.
const PUBLIC: &[Client] = &[Spa, Desktop, Mobile];
/// Clients on a server, which prove who they are.
const CONFIDENTIAL: &[Client] = &[WebApp, WebApi];

/// Of every token with a user.
pub(super) const SCP: Claim = Claim {
    clients: &[],
    claim: "scp",
    text: "present: the delegated permissions, separated by blanks; one that is missing here was not requested or not \
           consented to",
};
pub(super) const NO_ROLES: Claim = Claim {
    clients: &[],
    claim: "roles",
    text: "absent in a Graph token: application permissions never stand in a user's token",
};
pub(super) const IDTYP_USER: Claim = Claim { clients: &[], claim: "idtyp", text: "user, where it is present" };
pub(super) const OID_NOT_SUB: Claim = Claim {
    clients: &[],
    claim: "oid, sub",
    text: "differ: oid is the user in the directory, sub the user as this one application sees them",
};
const PUBLIC_APPIDACR: Claim =
    Claim { clients: PUBLIC, claim: "appidacr", text: "\"0\": a public client, which proved nothing about itself" };
const ONLY_PUBLIC_APPIDACR: Claim = Claim { clients: &[], ..PUBLIC_APPIDACR };
const CONFIDENTIAL_APPIDACR: Claim =
    Claim { clients: CONFIDENTIAL, claim: "appidacr", text: "\"1\" with a client secret, \"2\" with a certificate" };
const USER_CLAIMS: Claim =
    Claim { clients: &[], claim: "upn, name, ipaddr, sid", text: "mostly present: user name, address, session" };

/// The usual life of a user's access token.
pub(super) const ACCESS_LIFETIME: &str = "60 to 90 minutes, 75 on average; 20 to 28 hours where client and resource take \
    part in continuous access evaluation. exp minus iat may be 5 minutes more, because iat is dated back";

const INVALID_TOKEN: &str = "401 InvalidAuthenticationToken";

pub(super) const AUTHORIZATION_CODE: FlowGuide = FlowGuide {
    flow: Flow::AuthorizationCode,
    name: "OAuth 2.0 authorization code flow",
    summary: "A user signs in through a browser; the application exchanges the code that comes back for tokens.",
    grant: "grant_type=authorization_code",
    clients: &[Spa, WebApp, Desktop, Mobile],
    accounts: Accounts { work_or_school: true, personal: true, customers: true },
    authority: Authority::Any,
    request: &[
        Line {
            clients: &[],
            text: "GET https://{sign-in}/{tenant}/oauth2/v2.0/authorize with client_id={client-id}, response_type=code, \
                   redirect_uri, scope, state, code_challenge and code_challenge_method=S256",
        },
        Line {
            clients: &[],
            text: "then POST https://{sign-in}/{tenant}/oauth2/v2.0/token with grant_type=authorization_code, client_id, \
                   code, the same redirect_uri and code_verifier, form-encoded",
        },
        Line {
            clients: &[],
            text: "scope={resource}/{permission} openid profile offline_access: named permissions of one resource, or \
                   {resource}/.default for everything that has been consented to; never both",
        },
        Line {
            clients: &[Spa],
            text: "Redirect URI: registered under the platform Single-page application; the token request comes from the \
                   browser and carries its Origin header",
        },
        Line { clients: &[WebApp], text: "Redirect URI: registered under the platform Web" },
        Line {
            clients: &[Desktop],
            text: "Redirect URI: registered under Mobile and desktop applications: http://localhost, the nativeclient \
                   address of the sign-in host, or the broker's address",
        },
        Line {
            clients: &[Mobile],
            text: "Redirect URI: registered under iOS/macOS (msauth.{bundle-id}://auth) or Android \
                   (msauth://{package}/{signature-hash})",
        },
    ],
    credential: &[
        Line { clients: &[Spa], text: "none: a browser keeps no secrets, and one that is sent is refused" },
        Line {
            clients: &[WebApp],
            text: "required: client_secret, or better a certificate (client_assertion with \
                   client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer)",
        },
        Line { clients: &[Desktop, Mobile], text: "none: whoever has the program has the secret, so it is refused" },
    ],
    expect: &[
        SCP,
        NO_ROLES,
        IDTYP_USER,
        PUBLIC_APPIDACR,
        CONFIDENTIAL_APPIDACR,
        Claim { clients: &[], claim: "amr", text: "present: how the user signed in, e.g. pwd, rsa, mfa" },
        OID_NOT_SUB,
        USER_CLAIMS,
        Claim {
            clients: &[Desktop, Mobile],
            claim: "deviceid",
            text: "present only where a broker vouches for the device; device policies need it",
        },
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "only if offline_access was requested; 90 days without use, counted anew at every use. Of a \
        single-page application 24 hours in all, which refreshing does not extend",
    library: &[
        Line {
            clients: &[Spa],
            text: "MSAL.js in the browser (@azure/msal-browser, with wrappers for Angular and React): the only MSAL for \
                   single-page applications",
        },
        Line {
            clients: &[WebApp],
            text: "MSAL.NET through Microsoft.Identity.Web (ASP.NET Core), MSAL Java, MSAL Python, MSAL Node; on Windows, \
                   Linux and macOS",
        },
        Line {
            clients: &[Desktop],
            text: "MSAL.NET, MSAL Java, MSAL Python, MSAL Node on Windows, Linux and macOS; MSAL for iOS and macOS; with \
                   the broker of the system where there is one",
        },
        Line {
            clients: &[Mobile],
            text: "MSAL for Android, MSAL for iOS and macOS, MSAL.NET for .NET apps on mobiles",
        },
    ],
    mistakes: &[
        Mistake {
            clients: &[Spa],
            what: "The redirect URI of a single-page application is registered under the platform Web",
            answers: &["AADSTS9002326", "a CORS error of the browser (No Access-Control-Allow-Origin)"],
            instead: "register it under Single-page application, and only there",
        },
        Mistake {
            clients: &[Spa],
            what: "A code or refresh token of a single-page application is redeemed on a server or in an API client",
            answers: &["AADSTS9002327"],
            instead: "redeem it in the browser, or register the server's own redirect URI under Web",
        },
        Mistake {
            clients: &[WebApp],
            what: "The secret has expired, or its ID was used for its value",
            answers: &["AADSTS7000222", "AADSTS7000215"],
            instead: "make a new secret, copy its value at once and change it everywhere it is used",
        },
        Mistake {
            clients: &[WebApp],
            what: "Only openid and profile were requested, so there is an ID token and nothing for the API",
            answers: &[INVALID_TOKEN],
            instead: "request a permission of the API as well, and send it the access_token of the answer",
        },
        Mistake {
            clients: &[Desktop, Mobile],
            what: "A public client sends a secret or an assertion",
            answers: &["AADSTS700025", "AADSTS90023"],
            instead: "leave the credential out",
        },
        Mistake {
            clients: &[Desktop],
            what: "A desktop application uses a redirect URI that is registered under Web",
            answers: &["AADSTS7000218"],
            instead: "register the redirect URI under Mobile and desktop applications",
        },
        Mistake {
            clients: &[Mobile],
            what: "A policy asks for a known device, and the application signs in without a broker",
            answers: &["AADSTS53000", "AADSTS530003", "AADSTS50097", "AADSTS50127"],
            instead: "use MSAL with Microsoft Authenticator or Company Portal as broker",
        },
        Mistake {
            clients: &[],
            what: "The redirect URI of the request is not letter for letter a registered one",
            answers: &["AADSTS50011"],
            instead: "register exactly the address that the request carries, scheme, port and final slash included",
        },
        Mistake {
            clients: &[],
            what: "Permissions of two resources are requested in one token request",
            answers: &["AADSTS28000", "AADSTS70011"],
            instead: "request one token for each resource; the refresh token serves them all",
        },
        Mistake {
            clients: &[],
            what: "The code is redeemed twice, or later than about 10 minutes",
            answers: &["AADSTS54005", "AADSTS70008"],
            instead: "redeem each code once and at once; look for a handler that runs twice",
        },
        Mistake {
            clients: &[],
            what: "The code verifier is not the one of the request that brought the code",
            answers: &["AADSTS501481", "AADSTS50148"],
            instead: "keep the verifier with the state of its own sign-in attempt",
        },
        Mistake {
            clients: &[],
            what: "A permission was added to the registration but never requested and consented to again",
            answers: &["403 Authorization_RequestDenied", "403 ErrorAccessDenied", "AADSTS65001"],
            instead: "request it by name in an interactive sign-in, or let an administrator consent; then get a new token",
        },
        Mistake {
            clients: &[],
            what: "The ID token is sent to the API",
            answers: &[INVALID_TOKEN],
            instead: "send the access_token of the same answer; an ID token has the client ID as aud",
        },
    ],
    documentation: &[
        Reference {
            title: "Authorization code flow",
            url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
        },
        Reference {
            title: "Redirect URI: outline and restrictions",
            url: "https://learn.microsoft.com/entra/identity-platform/reply-url",
        },
    ],
};

pub(super) const IMPLICIT: FlowGuide = FlowGuide {
    flow: Flow::Implicit,
    name: "OAuth 2.0 implicit grant flow",
    summary: "Old single-page applications: the token comes back in the address of the page. Replace it by the \
              authorization code flow with PKCE.",
    grant: "response_type=token",
    clients: &[Spa, WebApp],
    accounts: Accounts { work_or_school: true, personal: true, customers: true },
    authority: Authority::Any,
    request: &[
        Line {
            clients: &[],
            text: "GET https://{sign-in}/{tenant}/oauth2/v2.0/authorize with client_id={client-id}, response_type=token \
                   (or id_token token), redirect_uri, scope, state and, with an ID token, nonce",
        },
        Line { clients: &[], text: "scope={resource}/{permission} openid profile; there is no token request after it" },
        Line { clients: &[], text: "Registration: Authentication, Implicit grant: Access tokens switched on" },
    ],
    credential: &[Line { clients: &[], text: "none: the token passes through the browser's address" }],
    expect: &[
        SCP,
        NO_ROLES,
        IDTYP_USER,
        ONLY_PUBLIC_APPIDACR,
        Claim { clients: &[], claim: "amr", text: "present: how the user signed in" },
        OID_NOT_SUB,
        Claim {
            clients: &[],
            claim: "wids, groups",
            text: "may be left out, because the address has to stay short: ask Graph for roles and groups instead",
        },
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "none; a new token comes from a hidden frame with prompt=none, which browsers without \
        third-party cookies do not allow",
    library: &[Line {
        clients: &[],
        text: "none any more: MSAL.js dropped it with version 2. Move to MSAL.js (@azure/msal-browser) and the \
               authorization code flow",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "The implicit grant is not switched on in the registration",
            answers: &["AADSTS700051", "AADSTS700054"],
            instead: "move to the authorization code flow with PKCE; only for old code switch it on",
        },
        Mistake {
            clients: &[],
            what: "The hidden frame finds no session, because the browser blocks third-party cookies",
            answers: &["AADSTS50058", "login_required"],
            instead: "move to the authorization code flow with PKCE, which has a refresh token",
        },
        Mistake {
            clients: &[],
            what: "The id_token of the address is sent to the API",
            answers: &[INVALID_TOKEN],
            instead: "send the access_token of the address",
        },
    ],
    documentation: &[
        Reference {
            title: "Implicit grant flow",
            url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow",
        },
        Reference {
            title: "Move from implicit grant to authorization code",
            url: "https://learn.microsoft.com/entra/identity-platform/migrate-spa-implicit-to-auth-code",
        },
    ],
};

pub(super) const ON_BEHALF_OF: FlowGuide = FlowGuide {
    flow: Flow::OnBehalfOf,
    name: "OAuth 2.0 on-behalf-of flow",
    summary: "A web API that was called with a user's token gets a token of its own for the next API, for the same user.",
    grant: "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
    clients: &[WebApi],
    accounts: Accounts { work_or_school: true, personal: true, customers: false },
    authority: Authority::Any,
    request: &[
        Line {
            clients: &[],
            text: "POST https://{sign-in}/{tenant}/oauth2/v2.0/token with \
                   grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer, client_id={client-id} (of the API in the \
                   middle), assertion, requested_token_use=on_behalf_of and scope, form-encoded; tenant: tid of the \
                   incoming token",
        },
        Line {
            clients: &[],
            text: "assertion: the access token that the API was called with; its aud is this API and it has a user",
        },
        Line {
            clients: &[],
            text: "scope={resource}/{permission} (add offline_access for long work) or {resource}/.default",
        },
        Line {
            clients: &[],
            text: "Consent: the user never sees the API in the middle. Name the front end in its knownClientApplications \
                   and request {api-id}/.default there, or preauthorize it, or let an administrator consent",
        },
    ],
    credential: &[Line {
        clients: &[],
        text: "required: client_secret or better a certificate or federated credential, of the API in the middle",
    }],
    expect: &[
        Claim {
            clients: &[],
            claim: "appid",
            text: "the API in the middle, not the front end that the user works with",
        },
        Claim { clients: &[], claim: "scp", text: "present: delegated permissions of the API in the middle" },
        NO_ROLES,
        IDTYP_USER,
        Claim { clients: &[], claim: "appidacr", text: "\"1\" with a client secret, \"2\" with a certificate" },
        Claim { clients: &[], claim: "amr", text: "taken over from the incoming token" },
        OID_NOT_SUB,
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "only if offline_access was requested; 90 days without use",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET through Microsoft.Identity.Web (ASP.NET Core), MSAL Java, MSAL Python, MSAL Node, MSAL Go; on \
               Windows, Linux and macOS",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "The incoming token is sent on to the next API as it is",
            answers: &[INVALID_TOKEN],
            instead: "exchange it first; its aud is this API, not {resource}",
        },
        Mistake {
            clients: &[],
            what: "The assertion is a token for another audience, mostly a Graph token of the front end",
            answers: &["AADSTS500131", "AADSTS50013"],
            instead: "let the front end request a scope of this API, such as {api-id}/access_as_user",
        },
        Mistake {
            clients: &[],
            what: "The assertion is an ID token",
            answers: &["AADSTS240002"],
            instead: "send the access token that the API was called with",
        },
        Mistake {
            clients: &[],
            what: "The assertion is an app-only token",
            answers: &["a refused token request"],
            instead: "use the client credentials flow: without a user there is nobody on whose behalf to act",
        },
        Mistake {
            clients: &[],
            what: "The assertion has expired on its way through a queue",
            answers: &["AADSTS500133"],
            instead: "exchange it at once, with offline_access where the work goes on later",
        },
        Mistake {
            clients: &[],
            what: "Nobody consented to the permissions of the API in the middle",
            answers: &["AADSTS65001"],
            instead: "set up the combined consent of the line above, or let an administrator consent",
        },
        Mistake {
            clients: &[],
            what: "A policy wants the user, who is not here",
            answers: &["AADSTS50076", "AADSTS50079", "interaction_required"],
            instead: "answer the front end with 401 and the claims value in WWW-Authenticate; it signs the user in with it",
        },
    ],
    documentation: &[Reference {
        title: "On-behalf-of flow",
        url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow",
    }],
};

pub(super) const DEVICE_CODE: FlowGuide = FlowGuide {
    flow: Flow::DeviceCode,
    name: "OAuth 2.0 device authorization grant flow",
    summary: "A program without browser shows a code; the user signs in on another device and enters it there.",
    grant: "grant_type=urn:ietf:params:oauth:grant-type:device_code",
    clients: &[Desktop, Mobile],
    accounts: Accounts { work_or_school: true, personal: true, customers: false },
    authority: Authority::Any,
    request: &[
        Line {
            clients: &[],
            text: "POST https://{sign-in}/{tenant}/oauth2/v2.0/devicecode with client_id={client-id} and \
                   scope={resource}/{permission} openid profile offline_access; show user_code and verification_uri",
        },
        Line {
            clients: &[],
            text: "then POST https://{sign-in}/{tenant}/oauth2/v2.0/token with \
                   grant_type=urn:ietf:params:oauth:grant-type:device_code, client_id and device_code, every interval \
                   seconds, until the user is done; the code lives 15 minutes",
        },
        Line { clients: &[], text: "Registration: Authentication, Allow public client flows: Yes" },
    ],
    credential: &[Line { clients: &[], text: "none: for public clients only" }],
    expect: &[
        SCP,
        NO_ROLES,
        IDTYP_USER,
        ONLY_PUBLIC_APPIDACR,
        Claim {
            clients: &[],
            claim: "amr",
            text: "how the user signed in on the other device. No claim names this flow: only the sign-in log does \
                   (authentication protocol deviceCode)",
        },
        OID_NOT_SUB,
        USER_CLAIMS,
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "only if offline_access was requested; 90 days without use; a policy against this flow stops \
        it later on as well",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET, MSAL Java, MSAL Python, MSAL Node, MSAL Go on Windows, Linux and macOS; MSAL for macOS",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "The registration does not allow public client flows",
            answers: &["AADSTS7000218"],
            instead: "set Allow public client flows to Yes; do not add a secret",
        },
        Mistake {
            clients: &[],
            what: "The program gives up while the user is still typing",
            answers: &["AADSTS70016 (authorization_pending)"],
            instead: "this is no fault: go on asking at the interval of the answer",
        },
        Mistake {
            clients: &[],
            what: "The code is older than 15 minutes",
            answers: &["AADSTS70020", "expired_token"],
            instead: "start again with a new code",
        },
        Mistake {
            clients: &[],
            what: "A policy asks for a managed or compliant device, which this flow cannot show",
            answers: &["AADSTS530033", "AADSTS53000", "AADSTS50097"],
            instead: "sign in with a browser or broker on that device",
        },
        Mistake {
            clients: &[],
            what: "A policy blocks the device code flow",
            answers: &["AADSTS53003", "AADSTS530036"],
            instead: "use the authorization code flow; an exception is for an administrator to make",
        },
    ],
    documentation: &[
        Reference {
            title: "Device authorization grant flow",
            url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code",
        },
        Reference {
            title: "Conditional Access: authentication flows",
            url: "https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows",
        },
    ],
};

pub(super) const ROPC: FlowGuide = FlowGuide {
    flow: Flow::Ropc,
    name: "OAuth 2.0 resource owner password credentials",
    summary: "The program sends the user's name and password itself. Deprecated: it cannot do multifactor authentication.",
    grant: "grant_type=password",
    clients: &[Desktop, Mobile],
    accounts: Accounts { work_or_school: true, personal: false, customers: true },
    authority: Authority::Organizations,
    request: &[
        Line {
            clients: &[],
            text: "POST https://{sign-in}/{tenant}/oauth2/v2.0/token with grant_type=password, client_id={client-id}, \
                   username, password and scope={resource}/{permission}, form-encoded",
        },
        Line {
            clients: &[],
            text: "Registration: Authentication, Allow public client flows: Yes (of a public client)",
        },
    ],
    credential: &[
        Line { clients: PUBLIC, text: "none: a public client that sends a secret is refused" },
        Line { clients: CONFIDENTIAL, text: "required in addition to the password: client_secret or a certificate" },
    ],
    expect: &[
        SCP,
        NO_ROLES,
        IDTYP_USER,
        PUBLIC_APPIDACR,
        CONFIDENTIAL_APPIDACR,
        Claim {
            clients: &[],
            claim: "amr",
            text: "pwd and nothing else: no API that demands multifactor authentication takes it",
        },
        OID_NOT_SUB,
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "only if offline_access was requested; 90 days without use",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET, MSAL Java and MSAL Python still have it, MSAL.NET and MSAL Python mark it as deprecated for \
               public clients. Move to a broker, a browser or the device code flow; a job without user to client \
               credentials",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "The account has to do multifactor authentication, or to register for it",
            answers: &["AADSTS50076", "AADSTS50079"],
            instead: "use a flow with a browser, or client credentials where no user is needed",
        },
        Mistake {
            clients: &[],
            what: "The account's password is checked by a federation server, or there is none (passwordless)",
            answers: &["AADSTS50126"],
            instead: "use a flow with a browser; only with synchronised password hashes can a policy allow this",
        },
        Mistake {
            clients: &[],
            what: "The tenant is common or consumers, or the account is a personal one, perhaps invited as a guest",
            answers: &["AADSTS9001023", "AADSTS50020"],
            instead: "name the tenant; personal accounts need the authorization code flow",
        },
        Mistake {
            clients: &[],
            what: "The registration does not allow public client flows",
            answers: &["AADSTS7000218"],
            instead: "set Allow public client flows to Yes, or send the credential of a confidential client",
        },
        Mistake {
            clients: &[],
            what: "Name or password is empty, or the body is not form-encoded",
            answers: &["AADSTS900144", "AADSTS900561"],
            instead: "POST a form-encoded body; a password that begins or ends with blanks cannot be used at all",
        },
    ],
    documentation: &[Reference {
        title: "Resource owner password credentials",
        url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc",
    }],
};

pub(super) const INTEGRATED_WINDOWS: FlowGuide = FlowGuide {
    flow: Flow::IntegratedWindows,
    name: "Integrated Windows authentication",
    summary: "A desktop application on a domain-joined Windows signs in the Windows user without asking. The system's \
              broker does the same and more.",
    grant: "grant_type=urn:ietf:params:oauth:grant-type:saml1_1-bearer",
    clients: &[Desktop],
    accounts: Accounts { work_or_school: true, personal: false, customers: false },
    authority: Authority::Organizations,
    request: &[
        Line {
            clients: &[],
            text: "MSAL shows the Windows ticket to the federation server and gets an assertion from it; by hand this is \
                   hardly worth the trouble",
        },
        Line {
            clients: &[],
            text: "then POST https://{sign-in}/{tenant}/oauth2/v2.0/token with \
                   grant_type=urn:ietf:params:oauth:grant-type:saml1_1-bearer (saml2-bearer for a SAML 2.0 assertion), \
                   client_id={client-id}, assertion and scope={resource}/{permission}",
        },
        Line { clients: &[], text: "Registration: Authentication, Allow public client flows: Yes" },
        Line {
            clients: &[],
            text: "Consent has to be there already: from an earlier interactive sign-in or from an administrator",
        },
    ],
    credential: &[Line { clients: &[], text: "none: for public clients only" }],
    expect: &[
        SCP,
        NO_ROLES,
        IDTYP_USER,
        ONLY_PUBLIC_APPIDACR,
        Claim { clients: &[], claim: "amr", text: "wia: Windows integrated authentication" },
        OID_NOT_SUB,
        USER_CLAIMS,
    ],
    access_token_lifetime: ACCESS_LIFETIME,
    refresh_token_lifetime: "only if offline_access was requested; 90 days without use",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET and MSAL Java on Windows, joined to a domain or to Entra; better MSAL with the Windows broker \
               (WAM)",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "The user was made in the cloud, or the domain is not federated",
            answers: &["integrated_windows_auth_not_supported_managed_user"],
            instead: "use the broker or an interactive sign-in: this flow is for users of a federated Active Directory",
        },
        Mistake {
            clients: &[],
            what: "A policy asks for multifactor authentication, which cannot be shown without a window",
            answers: &["AADSTS50076", "AADSTS50079"],
            instead: "fall back to an interactive sign-in",
        },
        Mistake {
            clients: &[],
            what: "The registration does not allow public client flows",
            answers: &["AADSTS7000218"],
            instead: "set Allow public client flows to Yes",
        },
        Mistake {
            clients: &[],
            what: "Nobody consented yet, and this flow has no page to ask on",
            answers: &["AADSTS65001"],
            instead: "sign in interactively once, or let an administrator consent",
        },
    ],
    documentation: &[Reference {
        title: "Integrated Windows authentication in desktop applications",
        url: "https://learn.microsoft.com/entra/identity-platform/scenario-desktop-acquire-token-integrated-windows-authentication",
    }],
};
