//! Flows without a user: the application acts as itself.

use super::{Accounts, Authority, Claim, FlowGuide, Line, Mistake, Reference};
use crate::scenario::Client::{Daemon, WebApi, WebApp};
use crate::scenario::Flow;

const NOBODY: Accounts = Accounts { work_or_school: false, personal: false, customers: false };

const NO_SCP: Claim =
    Claim { clients: &[], claim: "scp", text: "absent: delegated permissions never stand in an app-only token" };
const ROLES: Claim = Claim {
    clients: &[],
    claim: "roles",
    text: "present: the application permissions that an administrator consented to. A token without it is issued all the \
           same and opens nothing",
};
const IDTYP_APP: Claim = Claim { clients: &[], claim: "idtyp", text: "app" };
const OID_IS_SUB: Claim =
    Claim { clients: &[], claim: "oid, sub", text: "equal: the service principal of the application in this tenant" };
const NO_USER: Claim =
    Claim { clients: &[], claim: "amr, upn, name, ipaddr, sid", text: "absent: there is no user and no session" };
const APPIDACR_2: Claim = Claim { clients: &[], claim: "appidacr", text: "\"2\": no secret took part" };

const ME_CALL: Mistake = Mistake {
    clients: &[],
    what: "The call goes to /me, but an app-only token has no user",
    answers: &["400 BadRequest (/me request is only valid with delegated authentication flow)"],
    instead: "name the user: /users/{user-id}",
};

pub(super) const CLIENT_CREDENTIALS: FlowGuide = FlowGuide {
    flow: Flow::ClientCredentials,
    name: "OAuth 2.0 client credentials flow",
    summary: "A service, job or script acts as itself, with permissions that an administrator gave to the application.",
    grant: "grant_type=client_credentials",
    clients: &[Daemon, WebApi, WebApp],
    accounts: NOBODY,
    authority: Authority::TenantOnly,
    request: &[
        Line {
            clients: &[],
            text: "POST https://{sign-in}/{tenant}/oauth2/v2.0/token with grant_type=client_credentials, \
                   client_id={client-id}, scope and the credential, form-encoded",
        },
        Line {
            clients: &[],
            text: "scope={resource}/.default: this form only, and one resource; it stands for every application \
                   permission that has been consented to",
        },
        Line {
            clients: &[],
            text: "Registration: API permissions, Application permissions (not delegated ones), then Grant admin consent",
        },
    ],
    credential: &[Line {
        clients: &[],
        text: "required: client_secret (its value, percent-encoded in the body), or better a certificate \
               (client_assertion) or a federated credential",
    }],
    expect: &[
        NO_SCP,
        ROLES,
        IDTYP_APP,
        Claim { clients: &[], claim: "appidacr", text: "\"1\" with a client secret, \"2\" with a certificate" },
        OID_IS_SUB,
        NO_USER,
    ],
    access_token_lifetime: "60 to 90 minutes; up to 24 hours where continuous access evaluation of workload \
        identities takes part. MSAL keeps the token until it expires, so new permissions show only in the next one",
    refresh_token_lifetime: "none: request a new token with the credential",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET, MSAL Java, MSAL Python, MSAL Node, MSAL Go on Windows, Linux and macOS (acquire token for client)",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "Named permissions are requested, such as User.Read",
            answers: &["AADSTS1002012", "AADSTS70011"],
            instead: "request {resource}/.default",
        },
        Mistake {
            clients: &[],
            what: "The tenant is common or organizations",
            answers: &["AADSTS50059", "AADSTS900023", "403 Authorization_IdentityNotFound"],
            instead: "name the tenant by GUID or domain; a token of a guessed tenant has no oid and opens nothing",
        },
        Mistake {
            clients: &[],
            what: "Delegated permissions were added, or administrator consent was left out, so roles is absent",
            answers: &["403 Authorization_RequestDenied", "403 ErrorAccessDenied"],
            instead: "add application permissions, grant admin consent, then get a new token",
        },
        ME_CALL,
        Mistake {
            clients: &[],
            what: "The secret's ID was copied for its value, or the value was not percent-encoded",
            answers: &["AADSTS7000215"],
            instead: "copy the Value right after making the secret; it is never shown again",
        },
        Mistake {
            clients: &[],
            what: "The secret has expired",
            answers: &["AADSTS7000222"],
            instead: "make a new one, or better move to a certificate, managed identity or federated credential",
        },
        Mistake {
            clients: &[],
            what: "The certificate is not uploaded to this application, or the assertion names another thumbprint",
            answers: &["AADSTS700027"],
            instead: "upload the public certificate and compare the thumbprints",
        },
        Mistake {
            clients: &[],
            what: "The application is not in this tenant",
            answers: &["AADSTS700016", "AADSTS7000229"],
            instead: "check client ID and tenant; a multitenant application needs an administrator's consent there first",
        },
        Mistake {
            clients: &[],
            what: "SharePoint REST is called with a token that was obtained with a secret",
            answers: &["401 Unsupported app only token"],
            instead: "use a certificate: SharePoint takes app-only tokens of Entra from no other credential",
        },
    ],
    documentation: &[
        Reference {
            title: "Client credentials flow",
            url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        },
        Reference {
            title: "Certificate credentials",
            url: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
        },
    ],
};

pub(super) const MANAGED_IDENTITY: FlowGuide = FlowGuide {
    flow: Flow::ManagedIdentity,
    name: "Managed identity for Azure resources",
    summary: "Code in Azure gets tokens from its machine's own token address; there is no secret to keep.",
    grant: "resource=",
    clients: &[Daemon, WebApi, WebApp],
    accounts: NOBODY,
    authority: Authority::None,
    request: &[
        Line {
            clients: &[],
            text: "Virtual machine: GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&\
                   resource={resource} with the header Metadata: true",
        },
        Line {
            clients: &[],
            text: "App Service and Functions: GET {IDENTITY_ENDPOINT}?api-version=2019-08-01&resource={resource} with the \
                   header X-IDENTITY-HEADER: {IDENTITY_HEADER}, both from the environment; Arc and Service Fabric have \
                   addresses of their own",
        },
        Line { clients: &[], text: "resource, not scope, and without /.default; aud repeats what stands there" },
        Line {
            clients: &[],
            text: "User-assigned identity: add client_id={client-id} (or object_id or msi_res_id), needed as soon as the \
                   machine has several",
        },
        Line {
            clients: &[],
            text: "Permissions: an app role assignment to the identity's service principal, made with Graph or PowerShell; \
                   the portal has no consent page for it",
        },
    ],
    credential: &[Line { clients: &[], text: "none of your own: the platform vouches for the machine" }],
    expect: &[
        NO_SCP,
        ROLES,
        IDTYP_APP,
        APPIDACR_2,
        OID_IS_SUB,
        Claim { clients: &[], claim: "appid", text: "the client ID of the identity" },
        Claim {
            clients: &[],
            claim: "xms_mirid",
            text: "the Azure resource of the identity: the machine itself, or the user-assigned identity",
        },
        NO_USER,
    ],
    access_token_lifetime: "about 24 hours. The platform keeps it for each resource and hands out the same one again; there \
        is no way to force a new one",
    refresh_token_lifetime: "none: ask the address again",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET, MSAL Java, MSAL Python, MSAL Node, MSAL Go, all with a managed identity client; Azure Identity \
               builds on them and works on the developer's machine as well",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "A role was given a short while ago, and the old token is still handed out",
            answers: &["403 Authorization_RequestDenied"],
            instead: "wait until it expires, up to 24 hours; look at iat and roles of the token",
        },
        Mistake {
            clients: &[],
            what: "The identity was never given an application permission, so roles is absent",
            answers: &["403 Authorization_RequestDenied"],
            instead: "assign the app role to its service principal (POST /servicePrincipals/{id}/appRoleAssignments)",
        },
        Mistake {
            clients: &[],
            what: "The token is for another resource, mostly Azure Resource Manager",
            answers: &["401 InvalidAuthenticationToken"],
            instead: "request resource={resource}",
        },
        Mistake {
            clients: &[],
            what: "resource holds no identifier of an API, for example one that ends in /.default",
            answers: &["AADSTS50001", "invalid_resource"],
            instead: "give the bare identifier, as in resource={resource}",
        },
        Mistake {
            clients: &[],
            what: "The header Metadata: true is missing, or several identities are assigned and none is named",
            answers: &["400 invalid_request"],
            instead: "send the header, and name the identity by its client ID",
        },
        Mistake {
            clients: &[],
            what: "The code runs outside Azure, or the machine has no identity",
            answers: &["CredentialUnavailable"],
            instead: "switch the identity on; on your own machine use Azure Identity with a developer's sign-in",
        },
        ME_CALL,
    ],
    documentation: &[
        Reference {
            title: "Get a token on a virtual machine with a managed identity",
            url: "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token",
        },
        Reference {
            title: "Managed identities in App Service and Functions",
            url: "https://learn.microsoft.com/azure/app-service/overview-managed-identity",
        },
    ],
};

pub(super) const WORKLOAD_IDENTITY: FlowGuide = FlowGuide {
    flow: Flow::WorkloadIdentity,
    name: "Workload identity federation",
    summary: "A pipeline, cluster or other cloud shows the token of its own issuer in place of a secret.",
    grant: "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    clients: &[Daemon, WebApi, WebApp],
    accounts: NOBODY,
    authority: Authority::TenantOnly,
    request: &[
        Line {
            clients: &[],
            text: "POST https://{sign-in}/{tenant}/oauth2/v2.0/token with grant_type=client_credentials, \
                   client_id={client-id}, scope, client_assertion and \
                   client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer, form-encoded",
        },
        Line {
            clients: &[],
            text: "client_assertion: the JWT of the other issuer (GitHub, Kubernetes, another cloud), fetched just before, \
                   with aud={exchange-audience}",
        },
        Line { clients: &[], text: "scope={resource}/.default" },
        Line {
            clients: &[],
            text: "Registration: Certificates & secrets, Federated credentials: issuer, subject and audience letter for \
                   letter as in that JWT; then application permissions with admin consent",
        },
    ],
    credential: &[Line { clients: &[], text: "the foreign token is the credential; no secret and no certificate" }],
    expect: &[
        NO_SCP,
        ROLES,
        IDTYP_APP,
        APPIDACR_2,
        OID_IS_SUB,
        Claim {
            clients: &[],
            claim: "iss",
            text: "Entra, not the other issuer: the foreign token itself opens nothing here",
        },
        NO_USER,
    ],
    access_token_lifetime: "60 to 90 minutes. The foreign token lives much shorter, often minutes: fetch a new one for \
        every exchange",
    refresh_token_lifetime: "none: exchange a new foreign token",
    library: &[Line {
        clients: &[],
        text: "MSAL.NET, MSAL Java, MSAL Python, MSAL Node, MSAL Go with an assertion callback; Azure Identity \
               (WorkloadIdentityCredential) builds on them; in pipelines the platform's own sign-in action",
    }],
    mistakes: &[
        Mistake {
            clients: &[],
            what: "The subject is another than that of the federated credential (branch, environment, pull request)",
            answers: &["AADSTS700213", "AADSTS70021"],
            instead: "copy the subject from the error text into the federated credential",
        },
        Mistake {
            clients: &[],
            what: "The subject differs in letter case only",
            answers: &["AADSTS7002138"],
            instead: "write it exactly as the token has it",
        },
        Mistake {
            clients: &[],
            what: "The issuer differs, often by a slash at its end",
            answers: &["AADSTS700211"],
            instead: "copy iss of the foreign token",
        },
        Mistake {
            clients: &[],
            what: "The foreign token has another audience",
            answers: &["AADSTS700212"],
            instead: "ask its issuer for aud={exchange-audience}",
        },
        Mistake {
            clients: &[],
            what: "A long job exchanges the foreign token that it fetched at its start",
            answers: &["AADSTS700024"],
            instead: "fetch a new foreign token just before each exchange",
        },
        Mistake {
            clients: &[],
            what: "The federated credential is only minutes old",
            answers: &["AADSTS70021"],
            instead: "try again after some minutes",
        },
        Mistake {
            clients: &[],
            what: "The foreign token is sent to the API directly",
            answers: &["401 InvalidAuthenticationToken"],
            instead: "exchange it first and send the access_token of the answer",
        },
        ME_CALL,
    ],
    documentation: &[
        Reference {
            title: "Workload identity federation",
            url: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        },
        Reference {
            title: "Client credentials with a federated credential",
            url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        },
    ],
};
