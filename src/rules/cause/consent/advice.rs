//! What to say and to do about each finding on consent.

use crate::rules::cause::Advice;

pub(in crate::rules::cause) const ADVICE: &[Advice] = &[
    Advice {
        finding: "consent-missing",
        title: "Nobody has agreed yet that {app} may have these permissions in this tenant.",
        fix: &[
            "Sign in interactively once with the same client ID and the same scopes, and accept the permissions (in \
             code: an interactive request, or prompt=consent in the address)",
            "If the page asks for an administrator, or the flow has no page: an administrator opens \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id} and accepts, or uses \
             Entra admin center, App registrations, the app, API permissions, Grant admin consent",
            "‹On the command line: az ad app permission admin-consent --id {own-client-id}›",
            "‹The Azure CLI asks for consent where it signs in: az login --scope {cli-scope}›",
            "Then request a new token; consent must name exactly the scopes that the request holds",
        ],
    },
    Advice {
        finding: "user-consent-disabled",
        title: "Users of this tenant may not agree to {app} themselves: an administrator has to.",
        fix: &[
            "Send an administrator of the tenant this address: \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
            "A Privileged Role Administrator, Cloud Application Administrator or Application Administrator may accept; \
             application permissions of Microsoft Graph need the first of them",
            "Or let users consent: Entra admin center, Enterprise applications, Consent and permissions, User consent \
             settings. Publisher verification of the app makes it eligible for the middle setting",
        ],
    },
    Advice {
        finding: "admin-consent-request-pending",
        title: "{app} waits for the approval of an administrator.",
        fix: &[
            "A reviewer opens Entra admin center, Enterprise applications, Admin consent requests, and approves or \
             denies",
            "Or an administrator consents directly: \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
            "The user signs in again afterwards",
        ],
    },
    Advice {
        finding: "user-declined-consent",
        title: "The person who signed in did not accept the permissions.",
        fix: &[
            "Start the sign-in again and accept, if the permissions are wanted",
            "Ask for fewer permissions at first, and for the others when they are needed",
            "If the page offered no way to accept, an administrator has to: \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
        ],
    },
    Advice {
        finding: "app-not-consented-in-tenant",
        title: "{app} has no consent in {tenant}, so it is nobody there.",
        fix: &[
            "Check that the tenant of the authority is the one that was meant, by ID and not common or organizations",
            "An administrator of that tenant opens \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id} and accepts",
            "In one's own tenant: App registrations, the app, API permissions, Grant admin consent, or az ad app \
             permission admin-consent --id {client-id}",
            "Get a new token afterwards; a service principal that was just made needs some minutes",
        ],
    },
    Advice {
        finding: "service-principal-missing",
        title: "{app} has no service principal in {tenant}, so nobody can grant it anything there.",
        fix: &[
            "Check that the authority names the tenant that was meant",
            "An administrator adds it: az ad sp create --id {client-id}, or New-MgServicePrincipal -AppId \
             {client-id}, or https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
            "Grant the permissions, wait some minutes, and request a new token",
        ],
    },
    Advice {
        finding: "known-client-applications-missing",
        title: "The consent covered the client but not the API that calls on: the API does not name its client.",
        fix: &[
            "Put the client ID of the client into knownClientApplications of the API (App registrations, the API, \
             Manifest)",
            "Let the client ask for api://<client ID of the API>/.default, and sign in with consent once more",
            "Or let an administrator consent to both: first to the API, then to the client",
        ],
    },
    Advice {
        finding: "resource-not-provisioned-in-tenant",
        title: "{tenant} does not have {resource}.",
        fix: &[
            "Compare the address of the API, letter for letter, with its Application ID URI (App registrations, the \
             API, Expose an API); a slash at the end and the scheme count",
            "A service of Microsoft: let an administrator assign a licence that contains it, or add its service \
             principal with az ad sp create --id <client ID of the API>",
            "An API of another organisation: an administrator of this tenant consents to it first, then to its client",
            "Check that the authority names the tenant in which the API lives",
        ],
    },
    Advice {
        finding: "resource-not-in-required-permissions",
        title: "{app} asks for a token of {resource}, but its registration lists no permission of that API.",
        fix: &[
            "App registrations, the app, API permissions, Add a permission: choose the API and one of its permissions \
             (for a plain sign-in Microsoft Graph, User.Read)",
            "On the command line: az ad app permission add --id {client-id} --api {resource-id} --api-permissions <permission \
             ID>=Scope",
            "Consent to it and request a new token",
        ],
    },
    Advice {
        finding: "first-party-client-not-preauthorized",
        title: "{app} is a client ID of Microsoft and may not ask for this API.",
        fix: &[
            "An API of your own: name the client under App registrations, the API, Expose an API, Authorized client \
             applications: {client-id}",
            "Register an app of your own (App registrations, New registration) and use its client ID",
            "Add the permissions that it needs, and consent to them",
            "Or use a tool of Microsoft that has the permission, such as Graph PowerShell (Connect-MgGraph -Scopes …)",
        ],
    },
    Advice {
        finding: "refresh-scope-not-granted",
        title: "The refresh asks for scopes that were not part of the sign-in, or are no longer.",
        fix: &[
            "Refresh with the scopes of the first sign-in, or leave the parameter scope out",
            "For more scopes: send the user through the sign-in again with all of them, and keep the new refresh token",
            "Check under Enterprise applications, Permissions, whether the consent is still there",
        ],
    },
    Advice {
        finding: "default-scope-with-personal-account",
        title: "With a personal account .default yields no permission.",
        fix: &[
            "Ask for the permissions by name, for example User.Read Mail.Read offline_access",
            "Check on the page of the call that it supports personal Microsoft accounts",
        ],
    },
    Advice {
        finding: "library-default-scope-not-consented",
        title: "The library asks for more scopes than the code names, and nobody agreed to them.",
        fix: &[
            "Look at the scopes in the request that is really sent, in the address of the sign-in page or a trace",
            "Consent to them as well (openid, profile, offline_access and User.Read are the usual ones): \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
            "Or set the scopes of the library to those that were granted, by full name",
        ],
    },
    Advice {
        finding: "user-assignment-required",
        title: "{app} admits assigned users only, and {user} is not assigned.",
        fix: &[
            "Entra admin center, Enterprise applications, the app, Users and groups, Add user/group: assign the \
             user, or a group that has the user as a direct member",
            "Or open the app for everybody in the tenant: Properties, Assignment required: No",
            "Then sign in again",
        ],
    },
    Advice {
        finding: "user-assignment-required-needs-admin-consent",
        title: "{app} requires assignment, and for such apps only an administrator can consent.",
        fix: &[
            "An administrator consents for the tenant: \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
            "Or switch Assignment required off: Enterprise applications, the app, Properties",
            "Users still have to be assigned afterwards (Users and groups)",
        ],
    },
    Advice {
        finding: "app-role-assignment-required-for-client",
        title: "{resource} admits assigned apps only, and {app} has none of its app roles.",
        fix: &[
            "Define an app role for applications in the registration of the API (App roles), if there is none",
            "‹Give it to the service principal of the managed identity {identity}, which has no registration: \
             New-MgServicePrincipalAppRoleAssignment›",
            "‹Give it to the client: App registrations, the client {own-client-id}, API permissions, the API, Application \
             permissions; then Grant admin consent›",
            "Or switch it off: Enterprise applications, the API, Properties, Assignment required: No",
        ],
    },
    Advice {
        finding: "too-many-resources-in-consent-scopes",
        title: "The consent request names scopes of too many APIs at once.",
        fix: &[
            "Ask in several steps: the scopes of one API at sign-in, those of the next when it is used",
            "Or have the registered permissions consented together by an administrator: \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
        ],
    },
    Advice {
        finding: "application-disabled",
        title: "{app-or-api} is switched off in this tenant.",
        fix: &[
            "Entra admin center, Enterprise applications, the app, Properties: Enabled for users to sign in: Yes",
            "On the command line: az ad sp update --id {client-id} --set accountEnabled=true",
            "If an API of Microsoft is meant, check the subscription of its service",
        ],
    },
    Advice {
        finding: "application-disabled-by-microsoft",
        title: "Microsoft switched {app} off.",
        fix: &[
            "Look at disabledByMicrosoftStatus: az rest --url \
             \"https://graph.microsoft.com/v1.0/applications(appId='{client-id}')?$select=disabledByMicrosoftStatus\"",
            "Correct name, logo, addresses and permissions, verify the publisher, and ask Microsoft support to \
             review it",
            "A customer who meets this has to turn to the publisher of the app",
        ],
    },
];
