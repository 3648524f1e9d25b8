//! What to say and to do about each finding on the proof of the client.

use crate::rules::cause::Advice;

pub(in crate::rules::cause) const ADVICE: &[Advice] = &[
    Advice {
        finding: "client-secret-wrong",
        title: "The client secret is none of the secrets of {app}.",
        fix: &[
            "Make a new secret and copy the column Value at once: App registrations, the app, Certificates & \
             secrets, New client secret, or az ad app credential reset --id {client-id} --append",
            "Check that client ID, tenant and secret belong to the same app",
            "Percent-encode the secret exactly once in the body of the request; in a shell or .env file put it in \
             single quotes, because $, # and & change it",
            "A secret that is minutes old may need some time before every server knows it",
        ],
    },
    Advice {
        finding: "client-secret-id-instead-of-value",
        title: "Probably the Secret ID was sent where the Value of the client secret belongs.",
        fix: &[
            "Look at what you send: a GUID is the Secret ID and never works; the value has about 40 letters, digits \
             and signs",
            "The value cannot be shown again: make a new secret (App registrations, the app, Certificates & \
             secrets), copy the column Value, and delete the old one",
            "Put it in quotes where a configuration file could take a sign such as # or ~ for its own",
        ],
    },
    Advice {
        finding: "client-secret-placeholder",
        title: "A stand-in or nothing was sent as client secret.",
        fix: &[
            "Print the length of the secret, never the secret, where the program sends it",
            "Fill the setting where the program runs (environment variable, pipeline secret, Key Vault reference), \
             and check its name",
        ],
    },
    Advice {
        finding: "stale-cached-secret",
        title: "The process may still use the secret from before it was renewed.",
        fix: &[
            "Restart the app or pod, so that it reads its configuration again",
            "Key Vault reference of App Service: refresh it or restart; without a version in the reference a new \
             value takes up to a day",
            "Look for other places that hold the old secret: slots, pipelines, connectors",
        ],
    },
    Advice {
        finding: "client-secret-expired",
        title: "The client secret of {app} has expired.",
        fix: &[
            "Make a new one: App registrations, the app, Certificates & secrets, New client secret, or az ad app \
             credential reset --id {client-id} --append",
            "Bring the value to every place that uses it, restart them, and delete the old secret",
            "Prefer what does not expire unseen: a managed identity or a federated credential; else note the date",
        ],
    },
    Advice {
        finding: "client-secret-object-consumed",
        title: "The object that held the secret was empty at this request.",
        fix: &[
            "Make the secret object anew for each request, or keep one client application object and let it cache \
             tokens",
            "Move from ADAL to MSAL, which takes the secret as text",
        ],
    },
    Advice {
        finding: "confidential-client-without-secret",
        title: "{app} has to prove its identity, and the request held no secret and no assertion.",
        fix: &[
            "Give the library the secret or certificate (MSAL: ConfidentialClientApplication with client secret, \
             certificate or assertion), and check that the setting is filled where the program runs",
            "If the app cannot keep a secret (desktop, mobile, script): register its redirect URI under Mobile and \
             desktop applications, or allow public client flows",
        ],
    },
    Advice {
        finding: "secret-sent-by-public-client",
        title: "{app} counts as a public client here, and those may not send a secret.",
        fix: &[
            "A desktop, mobile or browser app: leave client_secret and client_assertion out",
            "A web app with a server: register the redirect URI under the platform Web and nowhere else (App \
             registrations, the app, Authentication)",
            "A flow without redirect URI: set Allow public client flows to No",
        ],
    },
    Advice {
        finding: "public-client-not-enabled",
        title: "The registration of {app} does not allow public clients, so Entra asks for a secret.",
        fix: &[
            "App registrations, the app, Authentication, Advanced settings: Allow public client flows: Yes",
            "On the command line: az ad app update --id {client-id} --is-fallback-public-client true",
            "For a sign-in in the browser: register its redirect URI (http://localhost) under Mobile and desktop \
             applications",
            "An app that keeps a secret should send it instead",
        ],
    },
    Advice {
        finding: "public-client-flag-with-certificate",
        title: "{app} is marked as a public client but proves its identity with a key of its own.",
        fix: &[
            "App registrations, the app, Authentication: Allow public client flows: No",
            "On the command line: az ad app update --id {client-id} --is-fallback-public-client false",
            "If users sign in with the same registration on desktops: make a second one for them",
        ],
    },
    Advice {
        finding: "client-certificate-not-registered",
        title: "The certificate that signed the assertion is not one of {app}.",
        fix: &[
            "Compare the thumbprint in the message with those under App registrations, the app, Certificates & \
             secrets, Certificates (40 digits: one of 64 digits is the SHA-256 hash, which is not shown there)",
            "Upload the public part there, or: az ad app credential reset --id {client-id} --cert @certificate.pem \
             --append",
            "Check that the private key belongs to that certificate, and that the client ID is of this app",
            "A certificate that was just uploaded needs some minutes",
        ],
    },
    Advice {
        finding: "client-certificate-expired",
        title: "The certificate of {app} has expired.",
        fix: &[
            "Make a new certificate and upload its public part: App registrations, the app, Certificates & secrets",
            "Bring the new key to where the app runs, restart it, and remove the old certificate",
        ],
    },
    Advice {
        finding: "client-assertion-time-range",
        title: "The client assertion was used outside of the time for which it was made.",
        fix: &[
            "Compare the three moments in the message: the current time has to lie between nbf and exp",
            "Count nbf and exp in whole seconds since 1970 in UTC; exp some minutes ahead, no more",
            "Make a new assertion for every request, and check the clock of the machine",
        ],
    },
    Advice {
        finding: "assertion-x5t-encoding",
        title: "The header x5t of the client assertion does not hold the thumbprint in the form that Entra reads.",
        fix: &[
            "x5t = base64url of the 20 bytes of the SHA-1 hash: turn the hexadecimal thumbprint into bytes first, then \
             encode them, without padding",
            "Newer: x5t#S256 with the SHA-256 hash and PS256",
            "Or let a library do it: MSAL makes the assertion from the certificate",
        ],
    },
    Advice {
        finding: "assertion-audience-wrong",
        title: "The client assertion is not addressed to the token endpoint that it was sent to.",
        fix: &[
            "Set aud to the very address of the request: \
             https://login.microsoftonline.com/{tenant-id}/oauth2/v2.0/token",
            "In another cloud take its host, login.microsoftonline.us or login.partner.microsoftonline.cn",
        ],
    },
    Advice {
        finding: "assertion-multiple-audiences",
        title: "The client assertion names more than one audience.",
        fix: &[
            "Let aud be one text: https://login.microsoftonline.com/{tenant-id}/oauth2/v2.0/token",
            "Look in the library for a setting of the audience of client assertions, or update it",
        ],
    },
    Advice {
        finding: "federated-credential-subject-mismatch",
        title: "No federated credential of {app} has the subject‹ {subject}› of the token.",
        fix: &[
            "‹Register exactly this subject: {subject}›",
            "Portal: App registrations, the app, Certificates & secrets, Federated credentials. Command line: az ad \
             app federated-credential create --id {client-id} --parameters \
             '{\"name\":\"pipeline\",\"issuer\":\"{issuer-or-slot}\",\"subject\":\"{subject-or-slot}\",\"audiences\":[\"api://AzureADTokenExchange\"]}'",
            "GitHub: a job with environment presents …:environment:NAME, one without it …:ref:refs/heads/BRANCH, \
             one of a pull request …:pull_request. Change the job or the credential so that they agree",
            "A credential that was just made needs some minutes",
        ],
    },
    Advice {
        finding: "federated-credential-case-mismatch",
        title: "The subject‹ {subject}› differs from the registered one in capital and small letters only.",
        fix: &[
            "‹Write the subject of the federated credential exactly like this: {subject}›",
            "az ad app federated-credential update --id {client-id} --federated-credential-id <name> --parameters \
             '{\"subject\":\"{subject-or-slot}\"}'",
        ],
    },
    Advice {
        finding: "federated-credential-issuer-mismatch",
        title: "No federated credential of {app} trusts the issuer‹ {issuer}› of the token.",
        fix: &[
            "‹Set the issuer of the federated credential to exactly {public-issuer}›",
            "Check client ID and tenant: the credential may be on another app or managed identity",
            "Kubernetes: az aks show --query oidcIssuerProfile.issuerUrl shows the issuer; it ends in a slash. A cluster \
             of your own needs a public one: kube-apiserver --service-account-issuer",
        ],
    },
    Advice {
        finding: "federated-credential-audience-mismatch",
        title: "No federated credential of {app} has the audience‹ {audience}› of the token.",
        fix: &[
            "Ask the other system for a token with the audience api://AzureADTokenExchange",
            "Or set the audience of the federated credential to {audience}",
        ],
    },
    Advice {
        finding: "federated-token-expired-long-job",
        title: "The token of the pipeline had expired before it was exchanged again.",
        fix: &[
            "Sign in again right before the step that fails (for GitHub: the step azure/login once more)",
            "Or get the access tokens that are needed right after the sign-in, or split the job",
            "In a program: give the library a function that fetches a fresh token of the other system each time, \
             not the token itself",
        ],
    },
];
