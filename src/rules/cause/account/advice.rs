//! What to say and to do about each finding on tenant, app and account.

use crate::rules::cause::Advice;

pub(in crate::rules::cause) const ADVICE: &[Advice] = &[
    Advice {
        finding: "app-not-found-in-tenant",
        title: "{tenant} knows no app with the client ID‹ {client-id}›.",
        fix: &[
            "Compare it with Application (client) ID on the Overview page of the registration; object ID and secret \
             ID look the same",
            "Compare the tenant in the authority with Directory (tenant) ID on the same page",
            "‹With SAML {entity-id} has to stand under Enterprise applications, the app, Single sign-on, Identifier \
             (Entity ID), letter by letter›",
            "An app of another organisation: an administrator of this tenant opens \
             https://login.microsoftonline.com/{tenant-id}/adminconsent?client_id={client-id}",
        ],
    },
    Advice {
        finding: "placeholder-client-id",
        title: "The client ID‹ {client-id}› is a stand-in: nobody put the real one in its place.",
        fix: &[
            "Copy Application (client) ID from the Overview page of the app registration in the Entra admin center",
            "Check that the setting is filled where the program runs",
        ],
    },
    Advice {
        finding: "app-id-uri-used-as-client-id",
        title: "An address stands where the client ID belongs.",
        fix: &[
            "Use the bare GUID (Application (client) ID) as client ID in the configuration",
            "Keep the api:// address for scopes and for the audience only, and sign in anew afterwards",
        ],
    },
    Advice {
        finding: "app-registration-deleted",
        title: "The registration of {app} seems to have been deleted.",
        fix: &[
            "App registrations, Deleted applications: restore it, within 30 days",
            "Otherwise register the app anew, and put the new client ID everywhere",
        ],
    },
    Advice {
        finding: "wrong-tenant",
        title: "The request went to {tenant}, but the app or the data seems to live in another tenant.",
        fix: &[
            "Compare the tenant of the request with Directory (tenant) ID on the Overview page of the app registration",
            "Name the tenant by its ID: names and domains are easily confused",
            "With the command line: az login --tenant <ID of the tenant that is meant>, or Connect-MgGraph -TenantId",
        ],
    },
    Advice {
        finding: "tenant-not-found",
        title: "There is no such tenant‹, \"{tenant-name}\",› in this cloud.",
        fix: &[
            "Take the tenant ID from the Overview page of the Entra admin center and put it in place of \"{tenant-name}\"",
            "If it looks like a variable or a placeholder: fill it where the program runs",
            "A government or Chinese tenant has its own sign-in host: login.microsoftonline.us, \
             login.partner.microsoftonline.cn",
        ],
    },
    Advice {
        finding: "authority-url-has-endpoint-suffix",
        title: "The authority has too much path, so \"{tenant-name}\" is read as the name of a tenant.",
        fix: &[
            "Give the library host and tenant only: https://login.microsoftonline.com/<tenant ID>",
            "Without a library: the tenant comes right after the host, https://login.microsoftonline.com/<tenant \
             ID>/oauth2/v2.0/token",
        ],
    },
    Advice {
        finding: "no-tenant-in-authority",
        title: "The request does not say which tenant is meant.",
        fix: &[
            "Name the tenant in the authority: https://login.microsoftonline.com/<tenant ID>",
            "Check that every placeholder of the sample's configuration was replaced",
            "An app for many tenants: use organizations or common, and set Supported account types to match",
        ],
    },
    Advice {
        finding: "client-credentials-on-common",
        title: "An app without a user cannot get a token from a shared address: its tenant has to be named.",
        fix: &[
            "Put the tenant ID or a domain of the tenant in place of common or organizations: \
             https://login.microsoftonline.com/<tenant ID>/oauth2/v2.0/token",
            "An app that serves several organisations: one token for each, from the tenant of each",
        ],
    },
    Advice {
        finding: "single-tenant-app-on-common",
        title: "{app} is registered for one tenant, and the request went to common.",
        fix: &[
            "Use the address of that tenant: https://login.microsoftonline.com/<tenant ID> (set TenantId or \
             authority; most libraries take common where nothing is set)",
            "Or open it for others: App registrations, the app, Authentication, Supported account types, or az ad \
             app update --id {client-id} --sign-in-audience AzureADMultipleOrgs",
        ],
    },
    Advice {
        finding: "single-tenant-app-on-organizations",
        title: "{app} is registered for one tenant, and the request went to organizations.",
        fix: &[
            "Use the address of that tenant: https://login.microsoftonline.com/<tenant ID>",
            "Or open it for other organisations: az ad app update --id {client-id} --sign-in-audience \
             AzureADMultipleOrgs",
        ],
    },
    Advice {
        finding: "tenant-authority-for-multitenant-app",
        title: "The app may be meant for users of many tenants, but it sends all of them to {tenant}.",
        fix: &[
            "Use https://login.microsoftonline.com/organizations (or common, with personal accounts) as authority",
            "Set Supported account types to accounts in any organizational directory",
            "Check tid of each token in the app, so that only customers get in",
        ],
    },
    Advice {
        finding: "user-from-other-tenant",
        title: "The account‹ {user}› is unknown in {tenant}: it belongs to another tenant.",
        fix: &[
            "Sign in with an account of {tenant}; a private window keeps the browser from choosing another one",
            "Or let an administrator of {tenant} invite it: Entra admin center, Users, New user, Invite external user",
            "An app that should take users of other tenants: use organizations or common as authority",
        ],
    },
    Advice {
        finding: "personal-account-in-org-tenant",
        title: "{user} is a personal Microsoft account, and {tenant} takes work and school accounts.",
        fix: &[
            "Sign in with the work or school account of {tenant}, in a private window",
            "Or let an administrator of {tenant} invite the address as a guest",
            "If the app should take personal accounts: Supported account types with personal accounts, and common or \
             consumers as authority",
        ],
    },
    Advice {
        finding: "personal-account-not-supported-by-flow",
        title: "This flow takes no personal Microsoft accounts, and not the addresses common and consumers.",
        fix: &[
            "Name the tenant of the user by ID or domain, or organizations",
            "Personal accounts: use the authorization code flow or the device code flow",
        ],
    },
    Advice {
        finding: "personal-account-on-v1-endpoint",
        title: "A personal account was to sign in at the older endpoint, which takes none.",
        fix: &[
            "Use the v2.0 endpoint: /oauth2/v2.0/authorize and /oauth2/v2.0/token, with scope in place of resource",
            "Move from ADAL to MSAL",
            "Set Supported account types of the registration to include personal accounts",
        ],
    },
    Advice {
        finding: "aad-only-app-on-common",
        title: "{app} is for work and school accounts, and the request went to an address for personal ones too.",
        fix: &[
            "Use https://login.microsoftonline.com/organizations, or the ID of the tenant, as authority; many \
             libraries take common where nothing is set",
            "Or add personal accounts: App registrations, the app, Authentication, Supported account types",
        ],
    },
    Advice {
        finding: "sign-in-audience-mismatch",
        title: "Supported account types of the registration do not fit the address of the sign-in.",
        fix: &[
            "Look at signInAudience (App registrations, the app, Manifest): AzureADMyOrg needs the tenant, \
             AzureADMultipleOrgs organizations, AzureADandPersonalMicrosoftAccount common, PersonalMicrosoftAccount \
             consumers",
            "Change the authority, or the registration: az ad app update --id {client-id} --sign-in-audience <value>",
            "A registration with personal accounts needs requestedAccessTokenVersion 2 in the manifest",
        ],
    },
    Advice {
        finding: "organizations-authority-on-v1-endpoint",
        title: "The older endpoint knows no \"organizations\".",
        fix: &[
            "Use the v2.0 endpoint: https://login.microsoftonline.com/organizations/v2.0 (discovery, \
             /oauth2/v2.0/authorize, /oauth2/v2.0/token)",
            "Or use common, or the ID of the tenant, at the older one",
        ],
    },
    Advice {
        finding: "external-id-tenant-on-workforce-endpoint",
        title: "The tenant is one for customers and is addressed at the host for employees.",
        fix: &[
            "Use https://<name>.ciamlogin.com/<tenant ID> as authority",
            "Register the app in the external tenant, and use its client ID",
        ],
    },
    Advice {
        finding: "app-id-uri-case-mismatch",
        title: "Application ID URI and audience differ in capital and small letters only.",
        fix: &[
            "Write the address in code and configuration exactly as under Expose an API, or make both lower case",
            "Get new tokens afterwards",
        ],
    },
    Advice {
        finding: "token-for-self-needs-guid-scope",
        title: "{app} asks for a token for itself and has to name itself by its client ID.",
        fix: &[
            "Use the scope {client-id}/.default (or {client-id}/<scope>), without api://",
            "Or make two registrations: one for the client, one for the API",
        ],
    },
    Advice {
        finding: "user-not-found",
        title: "{tenant} has no user of that name.",
        fix: &[
            "Check the user name, letter for letter, and the tenant of the authority",
            "A guest signs in with the address of the home tenant, at the address of this tenant",
            "A new or restored user: let an administrator check the synchronisation",
        ],
    },
    Advice {
        finding: "user-account-disabled",
        title: "The user account is switched off.",
        fix: &[
            "Entra admin center, Users, the user, Properties: Account enabled",
            "A synchronised user: enable the account in the local directory and wait for the next synchronisation",
        ],
    },
    Advice {
        finding: "user-account-locked",
        title: "Sign-ins of this account are blocked for now.",
        fix: &[
            "Wait some minutes, and stop whatever keeps sending an old password",
            "Let an administrator look at the failure reason in the sign-in log: lockout, or a suspicious address",
            "Change the password if somebody else may have tried",
        ],
    },
    Advice {
        finding: "user-password-wrong",
        title: "User name and password do not belong together.",
        fix: &[
            "Sign in at https://myaccount.microsoft.com with the same name and password",
            "A program: update the stored password; better use a flow that holds none (device code, authorization \
             code, client credentials)",
            "If the password is right: the user may be federated, and then this flow cannot check it",
        ],
    },
    Advice {
        finding: "user-password-expired",
        title: "The password has expired and has to be changed first.",
        fix: &[
            "Sign in at https://myaccount.microsoft.com and change it",
            "Where the local directory keeps the passwords: change it there",
        ],
    },
    Advice {
        finding: "federated-idp-rejected-password",
        title: "The federation server of the user's domain did not accept the sign-in.",
        fix: &[
            "Check name and password at the sign-in page of that server",
            "Let its administrator look into its log (AD FS: events 342 and 364, extranet lockout, usernamemixed \
             endpoint)",
            "In a program: let the user sign in interactively in place of sending the password",
        ],
    },
    Advice {
        finding: "app-roles-not-supported-in-b2c",
        title: "Tokens of B2C user flows carry no app roles.",
        fix: &[
            "Add the roles as a claim of your own: an API connector of the user flow, or a custom policy, can look them \
             up",
            "Or let the API look up what the user may do, by oid or sub, in its own data",
        ],
    },
    Advice {
        finding: "tenant-restrictions",
        title: "A policy does not allow sign-ins to {tenant} from here.",
        fix: &[
            "500021, 500022, 5000211: the administrator of the network or device adds the tenant to tenant \
             restrictions",
            "500212: the administrator of the home tenant allows it under Cross-tenant access settings, Outbound \
             access",
            "500213: the administrator of the other tenant allows it under Inbound access",
        ],
    },
    Advice {
        finding: "national-cloud-endpoint-mismatch",
        title: "The tenant and the address of the sign-in belong to different clouds.",
        fix: &[
            "US Government: login.microsoftonline.us with graph.microsoft.us (DoD: dod-graph.microsoft.us)",
            "China: login.partner.microsoftonline.cn with microsoftgraph.chinacloudapi.cn",
            "Command line: az cloud set --name AzureUSGovernment, Connect-MgGraph -Environment USGov",
            "Register the app in the cloud in which the tenant lives",
        ],
    },
];
