//! What to say and to do about each finding on permissions and on the token.

use crate::rules::cause::Advice;

pub(in crate::rules::cause) const ADVICE: &[Advice] = &[
    Advice {
        finding: "missing-app-permission",
        title: "The app lacks an application permission for {call}.",
        fix: &[
            "‹A managed identity has no registration, so API permissions do not count: an administrator assigns the app \
             role {identity-permission} to its service principal with New-MgServicePrincipalAppRoleAssignment \
             -ServicePrincipalId <object ID of the identity> -PrincipalId <the same> -ResourceId <object ID of the \
             service principal of the API> -AppRoleId <ID of the app role>›",
            "‹App registrations, the app, API permissions, Add a permission, Microsoft Graph, Application \
             permissions: add {app-permissions}›",
            "‹An administrator presses Grant admin consent there, or opens {consent-page}; a managed identity gets it with \
             New-MgServicePrincipalAppRoleAssignment›",
            "Get a new token and look for the permission in roles: an old token will not change",
        ],
    },
    Advice {
        finding: "missing-delegated-scope",
        title: "The token lacks a delegated permission for {call}.",
        fix: &[
            "Ask for {permissions} at the sign-in: in the scopes of the request, or Connect-MgGraph -Scopes \"{permission}\"",
            "Add it under API permissions, Delegated permissions, where the app asks for .default",
            "If it needs an administrator: \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
            "Get a new token and look for the permission in scp",
        ],
    },
    Advice {
        finding: "delegated-instead-of-application",
        title: "The app signs in without a user, but it may have delegated permissions only.",
        fix: &[
            "‹A managed identity has no registration, so API permissions do not count: an administrator assigns the app \
             role {identity-permission} to its service principal (New-MgServicePrincipalAppRoleAssignment)›",
            "‹App registrations, the app, API permissions: look at the column Type. Add {app-permissions} with the type \
             Application, and let an administrator press Grant admin consent›",
            "Or sign a user in (authorization code or device code), if the call is meant for one person's data",
        ],
    },
    Advice {
        finding: "application-instead-of-delegated",
        title: "A user signs in, but the app may have application permissions only.",
        fix: &[
            "App registrations, the app, API permissions: add the same permission with the type Delegated",
            "Sign in again with that scope, and consent",
        ],
    },
    Advice {
        finding: "me-endpoint-with-app-only-token",
        title: "The call stands for the signed-in user, and an app that acts as itself has none.",
        fix: &[
            "Address the user: /users/<user name or ID>/… in place of /me/…",
            "In a library: name the mailbox or user explicitly, because there is no default one",
            "Or sign a user in, if it is about that person's own data",
        ],
    },
    Advice {
        finding: "call-needs-signed-in-user",
        title: "{call} works only for a signed-in user, not for an app alone.",
        fix: &[
            "Use a flow with a user (authorization code, device code), with a delegated permission of the call",
            "Look on the page of the call whether another call takes application permissions",
        ],
    },
    Advice {
        finding: "call-needs-app-only",
        title: "{call} works only for an app without a user.",
        fix: &[
            "Use client credentials or a managed identity, with an application permission of the call",
            "An administrator has to grant it",
        ],
    },
    Advice {
        finding: "permission-not-for-personal-account",
        title: "This call does not support personal Microsoft accounts.",
        fix: &[
            "Sign in with a work or school account",
            "Look on the page of the call for the row Delegated (personal Microsoft account)",
        ],
    },
    Advice {
        finding: "first-party-client-lacks-graph-scope",
        title: "The command line signs in with an app of Microsoft whose Graph permissions are fixed, and \
                {permissions} is not among them.",
        fix: &[
            "Use Graph PowerShell and ask for it: Connect-MgGraph -Scopes \"{permission}\"",
            "Or sign in with a registration of your own that has the permission: az login --service-principal, or a \
             token from MSAL",
        ],
    },
    Advice {
        finding: "caller-lacks-directory-role",
        title: "The user who signed in holds no directory role for this operation.",
        fix: &[
            "Let an administrator assign the least role that the page of the call names: Entra admin center, Roles \
             & admins",
            "If the role is eligible only (Privileged Identity Management): activate it",
            "Sign out and in again, so that the new token holds the role; or let somebody who has the role do it",
        ],
    },
    Advice {
        finding: "app-lacks-directory-role",
        title: "The app has the permission, but for this operation its service principal needs a directory role too.",
        fix: &[
            "Entra admin center, Roles & admins: assign a role to the service principal, for example User \
             Administrator, and for the passwords of administrators Privileged Authentication Administrator",
            "Wait some minutes and get a new token",
        ],
    },
    Advice {
        finding: "user-not-member-of-group",
        title: "The user who signed in is no member of the group to which this belongs.",
        fix: &[
            "Add the user as member (or owner) of the group or team: Add-MgGroupMember, or New-MgGroupOwner",
            "Then sign in again; Planner can need some minutes",
            "Or use an application permission, where the page of the call has one",
        ],
    },
    Advice {
        finding: "rsc-permission-not-granted-in-team",
        title: "The app has no resource-specific consent in this team or chat.",
        fix: &[
            "Name the permission in the manifest of the Teams app (authorization, permissions, resourceSpecific) \
             and raise its version",
            "Let an owner install or update the app in that team, and accept the permissions",
            "Check what is granted: GET /teams/{id}/permissionGrants",
            "Or grant one of these for the whole tenant: {permissions}",
        ],
    },
    Advice {
        finding: "exchange-ews-application-access-policy",
        title: "A policy of Exchange shuts the app out of this mailbox.",
        fix: &[
            "Exchange Online PowerShell: Test-ApplicationAccessPolicy -AppId {client-id} -Identity <mailbox>",
            "Add the mailbox to the group of the policy (Get-ApplicationAccessPolicy), or change the scope of the role \
             assignment",
            "If a client is shut out: Get-OrganizationConfig | Select Ews*, and allow its user agent",
            "Changes need an hour, sometimes a day",
        ],
    },
    Advice {
        finding: "teams-application-access-policy-missing",
        title: "The user has no Teams application access policy for this app.",
        fix: &[
            "Teams PowerShell: New-CsApplicationAccessPolicy -Identity <name> -AppIds \"{client-id}\"",
            "Grant-CsApplicationAccessPolicy -PolicyName <name> -Identity <user ID>, or -Global for everybody",
            "Address the user by object ID in the call, and wait up to 30 minutes",
        ],
    },
    Advice {
        finding: "stale-cached-token-after-permission-change",
        title: "The token may be older than the permission: it still holds what was granted before.",
        fix: &[
            "Get a new token: restart the app, or skip the cache once (MSAL: force refresh)",
            "Command line: az account clear and az login; Disconnect-MgGraph and Connect-MgGraph",
            "Look into the new token: roles or scp has to name the permission",
        ],
    },
    Advice {
        finding: "managed-identity-token-cached",
        title: "The token of the managed identity may be older than the role: Azure keeps it for about a day.",
        fix: &[
            "Compare iat of the token with the moment of the grant, and look into roles",
            "Wait until it has expired (up to 24 hours); a restart of the virtual machine does not always help",
            "For frequent changes: put the role on a group, or use a user-assigned identity that is prepared \
             beforehand",
        ],
    },
    Advice {
        finding: "token-expired",
        title: "The access token has expired.",
        fix: &[
            "Ask the library for a token before each call (silently): it renews in time",
            "Without a library: redeem the refresh token, or request a new one with client credentials",
            "If the new token is refused at once: check the clock of the machine",
        ],
    },
    Advice {
        finding: "token-not-yet-valid",
        title: "The token is not valid yet, as far as the clock of the API goes.",
        fix: &[
            "Set the clock and the time zone of the machine that checks the token (time synchronisation)",
            "Allow five minutes of difference in the validator",
        ],
    },
    Advice {
        finding: "malformed-bearer-token",
        title: "What was sent as bearer token is not the token that was issued.",
        fix: &[
            "Print the length and the first characters of the value that is really sent: it has to begin with eyJ \
             and hold two dots",
            "Send Authorization: Bearer, one blank, and the value of access_token; no quotes, no line break, not \
             the whole JSON, no second Bearer",
            "Check that the request for the token succeeded: its error is often sent as token",
        ],
    },
    Advice {
        finding: "personal-account-token-opaque",
        title: "If a personal account signed in, its token is sealed, and only services for personal accounts read it.",
        fix: &["Sign in with a work or school account, or use calls that support personal Microsoft accounts"],
    },
    Advice {
        finding: "token-truncated",
        title: "The token may have been cut on its way.",
        fix: &[
            "Compare its length where it is received and where it is sent (columns, headers and variables have limits)",
        ],
    },
    Advice {
        finding: "v1-token-request-without-resource",
        title: "The token request may name no resource, and then the token is not for Microsoft Graph.",
        fix: &[
            "Older endpoint: send resource=https://graph.microsoft.com in the body",
            "Better: https://login.microsoftonline.com/{tenant-id}/oauth2/v2.0/token with \
             scope=https://graph.microsoft.com/.default",
            "Look at aud of the new token: https://graph.microsoft.com",
        ],
    },
    Advice {
        finding: "audience-own-api",
        title: "The token seems to be for an API of your own, and it was sent to {called}.",
        fix: &[
            "Ask for scopes of {called} in a request of their own, for example {api-scope}",
            "An API that calls {called} for its caller exchanges the token (on-behalf-of)",
            "Look at aud of the token: it names the only API that accepts it",
        ],
    },
    Advice {
        finding: "audience-other-resource",
        title: "The token is for another API than the one that it was sent to.",
        fix: &[
            "Look at aud of the token: it names the only API that accepts it",
            "Ask for {api-scope}, or for permissions of {called} by full name",
        ],
    },
    Advice {
        finding: "audience-aad-graph",
        title: "The token is for Azure AD Graph, which is not Microsoft Graph.",
        fix: &[
            "Ask for resource=https://graph.microsoft.com (older endpoint) or \
             scope=https://graph.microsoft.com/.default",
            "Look for graph.windows.net in code and libraries and replace it",
        ],
    },
    Advice {
        finding: "graph-token-not-meant-for-own-api",
        title: "A Microsoft Graph token seems to be checked by an API of your own, and that cannot work.",
        fix: &[
            "Ask for a scope of your API (api://<client ID of the API>/<scope>) in a request of its own, without \
             Graph scopes",
            "Let the API accept tokens only with its own aud; tokens for Graph are Graph's to check (their header \
             holds a nonce)",
            "For calls to Graph let the API use on-behalf-of",
        ],
    },
    Advice {
        finding: "graph-token-used-on-sharepoint-rest",
        title: "SharePoint REST does not accept this token: it is probably one for Microsoft Graph.",
        fix: &[
            "Ask for https://<tenant>.sharepoint.com/.default and use that token for /_api",
            "Or make the same call through Microsoft Graph: /sites/…",
        ],
    },
    Advice {
        finding: "graph-token-used-on-other-api",
        title: "The token is for another API than the one that answered.",
        fix: &["Ask for the API that is called: {api-scope}", "One token for each API; each request names one"],
    },
    Advice {
        finding: "token-version-mismatch-v1-v2",
        title: "The API expects the other version of tokens: issuer and audience are written differently there.",
        fix: &[
            "App registrations, the API, Manifest: requestedAccessTokenVersion (accessTokenAcceptedVersion) 2 gives \
             v2.0 tokens, null or 1 gives v1.0",
            "Or let the API accept what it gets: v1.0 has iss https://sts.windows.net/<tenant>/ and aud api://…, \
             v2.0 has https://login.microsoftonline.com/<tenant>/v2.0 and the client ID",
            "Get new tokens afterwards",
        ],
    },
];
