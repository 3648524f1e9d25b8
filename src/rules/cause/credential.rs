//! The proof of the client: secrets, certificates, assertions, federated credentials, public clients.

mod advice;
mod proof;

pub(super) use advice::ADVICE;

use super::{Case, Cause, Group, Rule, rule_of_errors, said, usual};
use crate::report::{Confidence, Fixer};
use crate::scenario::{Client, Flow, Resource};

const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const CLIENT_CREDENTIALS: &str =
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow";
const ADD_CREDENTIALS: &str = "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials";
const CERTIFICATES: &str = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials";
const CLIENT_KINDS: &str = "https://learn.microsoft.com/entra/identity-platform/msal-client-applications";
const PUBLIC_OR_CONFIDENTIAL: &str = "https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/confidential-client-application-authentication-error-aadsts7000218";
const FEDERATION: &str = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const FEDERATION_TRUST: &str =
    "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust";
const FEDERATION_NOTES: &str =
    "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";

/// Nearly every credential is put right by whoever configures the app.
const fn rule(id: &'static str, means: &'static str, sources: &'static [&'static str]) -> Rule {
    rule_of_errors(id, Group::Credential, Fixer::AppDeveloper, means, sources)
}

pub(in crate::rules) const CLIENT_SECRET_WRONG: Rule = rule(
    "client-secret-wrong",
    "The secret that was sent is none of the secrets of this app registration. It may belong to another app or \
     tenant, be cut or changed on its way through a shell or a configuration file, be encoded twice or not at all, \
     or be so new that not every server knows it.",
    &[CLIENT_CREDENTIALS, CODES],
);

pub(in crate::rules) const CLIENT_SECRET_ID_INSTEAD_OF_VALUE: Rule = rule(
    "client-secret-id-instead-of-value",
    "The list of secrets shows two columns: Value and Secret ID. The ID is a GUID that only names the secret; the \
     value is the secret and can be read once, right after it was made. The ID was sent in its place.",
    &[ADD_CREDENTIALS, CODES],
);

pub(in crate::rules) const CLIENT_SECRET_PLACEHOLDER: Rule = rule(
    "client-secret-placeholder",
    "Something was sent in place of the secret that is none: the text of a sample, the name of a variable, or nothing, \
     because the setting was not found where the program runs.",
    &[ADD_CREDENTIALS, CLIENT_CREDENTIALS],
);

pub(in crate::rules) const STALE_CACHED_SECRET: Rule = rule(
    "stale-cached-secret",
    "The secret was renewed, but the process that asks still holds the old one: it read its configuration at its \
     start, or a cache (Key Vault reference, pod, connector) has not caught up.",
    &[ADD_CREDENTIALS, CODES],
);

pub(in crate::rules) const CLIENT_SECRET_EXPIRED: Rule = rule(
    "client-secret-expired",
    "The secret was right, and its time is over. Secrets live two years at most and cannot be prolonged: a new one \
     has to be made and brought to every place that uses it.",
    &[ADD_CREDENTIALS, CODES],
);

pub(in crate::rules) const CLIENT_SECRET_OBJECT_CONSUMED: Rule = rule(
    "client-secret-object-consumed",
    "Some libraries empty the object that holds the secret once it was used (a SecureString, ADAL's \
     SecureClientSecret). The first request works, and every later one that uses the same object sends no secret at \
     all.",
    &[CODES, CLIENT_CREDENTIALS],
);

pub(in crate::rules) const CONFIDENTIAL_CLIENT_WITHOUT_SECRET: Rule = rule(
    "confidential-client-without-secret",
    "For Entra this app is confidential: it has to prove its identity in every token request with a secret, a \
     certificate or a federated token. The request held none of them.",
    &[PUBLIC_OR_CONFIDENTIAL, CLIENT_KINDS],
);

pub(in crate::rules) const SECRET_SENT_BY_PUBLIC_CLIENT: Rule = rule(
    "secret-sent-by-public-client",
    "For Entra this app is public: it runs where no secret stays secret (desktop, mobile, browser), so it may not send \
     one. The redirect URI of the request decides: one under Mobile and desktop or Single-page application makes the \
     request a public one.",
    &[CLIENT_KINDS, PUBLIC_OR_CONFIDENTIAL],
);

pub(in crate::rules) const PUBLIC_CLIENT_NOT_ENABLED: Rule = rule(
    "public-client-not-enabled",
    "Device code, user name and password, and integrated Windows sign-in send no redirect URI, so Entra cannot see \
     that a public client asks. Unless the registration allows public client flows, Entra takes the app for a \
     confidential one and misses its secret.",
    &[PUBLIC_OR_CONFIDENTIAL, CLIENT_KINDS],
);

pub(in crate::rules) const PUBLIC_CLIENT_FLAG_WITH_CERTIFICATE: Rule = rule(
    "public-client-flag-with-certificate",
    "The registration is marked as a public client, and yet the app signs in with a certificate or secret of its \
     own. In a request without redirect URI that mark decides, and Entra refuses the proof.",
    &[PUBLIC_OR_CONFIDENTIAL, CERTIFICATES],
);

pub(in crate::rules) const CLIENT_CERTIFICATE_NOT_REGISTERED: Rule = rule(
    "client-certificate-not-registered",
    "The app signed its assertion with a certificate that this registration does not list, or with a key that does not \
     belong to the certificate it names. Entra looks it up by thumbprint, only in this one app.",
    &[CERTIFICATES, ADD_CREDENTIALS],
);

pub(in crate::rules) const CLIENT_CERTIFICATE_EXPIRED: Rule = rule(
    "client-certificate-expired",
    "The certificate with which the app proves its identity is past its last day (or before its first). It has to be \
     replaced in the registration and where the app runs.",
    &[CERTIFICATES, ADD_CREDENTIALS],
);

pub(in crate::rules) const CLIENT_ASSERTION_TIME_RANGE: Rule = rule(
    "client-assertion-time-range",
    "A client assertion is good for minutes. The one that was sent is too old, not yet valid, or computed wrongly, for \
     instance in local time instead of UTC. The message holds all three moments: now, nbf and exp.",
    &[CERTIFICATES, CODES],
);

pub(in crate::rules) const ASSERTION_X5T_ENCODING: Rule = rule(
    "assertion-x5t-encoding",
    "The header x5t of an assertion is the thumbprint of the certificate: its twenty bytes as base64url. \
     Hexadecimal text that was encoded once more, plain base64, or another hash names a certificate that nobody has.",
    &[CERTIFICATES, "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7"],
);

pub(in crate::rules) const ASSERTION_AUDIENCE_WRONG: Rule = rule(
    "assertion-audience-wrong",
    "The aud of a client assertion has to be the token endpoint that it is sent to: the same cloud, the same \
     tenant, the same version. The assertion names another one.",
    &[CERTIFICATES, CODES],
);

pub(in crate::rules) const ASSERTION_MULTIPLE_AUDIENCES: Rule = rule(
    "assertion-multiple-audiences",
    "The aud of a client assertion is a list here. Entra takes exactly one audience, as text; some OpenID libraries \
     put issuer and token endpoint there together.",
    &[CERTIFICATES, "https://www.rfc-editor.org/rfc/rfc7523#section-3"],
);

pub(in crate::rules) const FEDERATED_CREDENTIAL_SUBJECT_MISMATCH: Rule = rule(
    "federated-credential-subject-mismatch",
    "A federated credential trusts one issuer, one subject and one audience, and each has to be equal to the \
     letter. The token that was presented has a subject that no credential of this app names: another branch, \
     environment, pull request, service account or repository.",
    &[FEDERATION_TRUST, FEDERATION_NOTES],
);

pub(in crate::rules) const FEDERATED_CREDENTIAL_CASE_MISMATCH: Rule = rule(
    "federated-credential-case-mismatch",
    "The presented subject and the one in the federated credential differ only in capital and small letters. Entra \
     compares them letter by letter.",
    &[FEDERATION_NOTES, FEDERATION_TRUST],
);

pub(in crate::rules) const FEDERATED_CREDENTIAL_ISSUER_MISMATCH: Rule = rule(
    "federated-credential-issuer-mismatch",
    "No federated credential of this app trusts the issuer of the presented token. A slash at the end, another \
     address of the cluster or server, or the wrong app or tenant suffices.",
    &[FEDERATION_TRUST, FEDERATION_NOTES],
);

pub(in crate::rules) const FEDERATED_CREDENTIAL_AUDIENCE_MISMATCH: Rule = rule(
    "federated-credential-audience-mismatch",
    "The aud of the presented token is not the audience of any federated credential of this app. The usual value is \
     api://AzureADTokenExchange, and each credential has exactly one.",
    &[FEDERATION_TRUST, FEDERATION],
);

pub(in crate::rules) const FEDERATED_TOKEN_EXPIRED_LONG_JOB: Rule = rule(
    "federated-token-expired-long-job",
    "The token of the build system or cluster lives some minutes only. A long job signs in once at its start, and \
     when it needs another access token later, the tool presents the same old token again.",
    &[FEDERATION, CODES],
);

/// Flows without redirect URI, in which the switch of the registration decides.
const SWITCH_DECIDES: &[Flow] = &[Flow::Ropc, Flow::DeviceCode, Flow::IntegratedWindows];

/// Codes that say that a secret or assertion is missing.
const MISSING_PROOF: &[&str] = &["7000218", "7000219"];

fn lacks_proof(case: &Case<'_>) -> bool {
    MISSING_PROOF.iter().any(|code| case.has_code(code))
        || case.has_code("70002") && case.says_one_of(&["must contain", "client_secret or client_assertion"])
}

fn runs_on_a_server(case: &Case<'_>) -> bool {
    case.flow_is(&[Flow::ClientCredentials, Flow::OnBehalfOf, Flow::WorkloadIdentity])
        || case.clients(&[Client::WebApp, Client::WebApi, Client::Daemon])
}

fn is_installed(case: &Case<'_>) -> bool {
    case.clients(&[Client::Desktop, Client::Mobile])
}

fn is_federated(case: &Case<'_>) -> bool {
    case.flow_is(&[Flow::WorkloadIdentity])
        || case.paste_says_any(&["azure/login", "oidc", "federated", "actions.githubusercontent.com"])
}

/// The tool of a pipeline signs in to Azure: whoever wrote the pipeline acts, there is no program to change.
fn is_pipeline(case: &Case<'_>) -> bool {
    is_federated(case) && case.facts.scenario.resource == Some(Resource::AzureManagement)
}

fn certificate_is_used(case: &Case<'_>) -> bool {
    case.library(&["cert"]) || case.paste_says_any(&["certificate", "thumbprint", ".pfx"])
}

const SIGNATURE: &[&str] = &["700027", "50012"];
const FEDERATED: &[&str] = &["70021", "7000226", "7000227"];

/// The presented issuer, where Entra could read its keys.
pub(super) fn public_issuer<'c>(case: &'c Case<'_>) -> Option<&'c str> {
    case.value("issuer").filter(|_| !proof::issuer_is_private(case))
}

pub(super) const CAUSES: &[Cause] = &[
    // Secrets.
    Cause {
        when: proof::secret_is_a_guid,
        confidence: Confidence::Certain,
        reason: "the request in the paste sends a GUID as client_secret",
        ..usual("client-secret-id-instead-of-value", &["7000215", "70002"], 96)
    },
    Cause {
        when: proof::secret_is_a_stand_in,
        reason: "the request in the paste sends a stand-in as client_secret",
        ..usual("client-secret-placeholder", &["7000215", "7000216", "7000218", "70002"], 94)
    },
    Cause {
        when: proof::stated_secret_is_a_guid,
        reason: "the paste shows a GUID as the secret",
        ..usual("client-secret-id-instead-of-value", &["7000215", "70002"], 90)
    },
    Cause {
        when: proof::stated_secret_is_a_stand_in,
        reason: "the paste shows a stand-in, or nothing, as the secret",
        ..usual("client-secret-placeholder", &["7000215", "7000216", "7000218", "70002"], 78)
    },
    Cause {
        when: |case| case.paste_says_any(&["rotated", "rotation", "renewed", "until i restart", "after a restart"]),
        reason: "the paste tells of a new secret, or of a restart",
        question: "was the process started before the secret was renewed?",
        ..usual("stale-cached-secret", &["7000215", "7000222"], 76)
    },
    Cause {
        when: |case| case.says_one_of(&["not the client secret id"]),
        reason: "the message warns of the secret ID, as it does at every wrong secret",
        question: "is what you send a GUID (8-4-4-4-12)? Then it is the secret ID",
        ..usual("client-secret-id-instead-of-value", &["7000215"], 72)
    },
    Cause {
        question: "does a new secret, copied from the column Value, work with the same request?",
        ..usual("client-secret-wrong", &["7000215"], 66)
    },
    Cause { words: &["invalid client secret"], ..usual("client-secret-wrong", &["70002", "50012"], 66) },
    usual("client-secret-id-instead-of-value", &["7000215"], 56),
    Cause {
        question: "was the secret renewed since the process was started?",
        ..usual("stale-cached-secret", &["7000215"], 50)
    },
    Cause {
        question: "is the setting that holds the secret filled where the program runs?",
        ..usual("client-secret-placeholder", &["7000215"], 48)
    },
    Cause { when: |case| !case.is_numbered(), ..usual("client-secret-wrong", &["invalid_client"], 22) },
    usual("client-secret-expired", &["7000222"], 92),
    said("client-secret-expired", &["client secret keys", "are expired"], 92),
    Cause {
        question: "was a new secret made already, and has the process been restarted since?",
        ..usual("stale-cached-secret", &["7000222"], 50)
    },
    usual("confidential-client-without-secret", &["7000216"], 60),
    Cause {
        question: "does the program know a value for the secret, or an empty text?",
        ..usual("client-secret-placeholder", &["7000216", "7000219"], 54)
    },
    Cause {
        question: "does the first request of the process succeed and the second fail?",
        ..usual("client-secret-object-consumed", &["7000216"], 50)
    },
    Cause {
        when: |case| {
            case.library(&["adal", "securestring"])
                || case.paste_says_any(&["securestring", "secureclientsecret", "adalserviceexception"])
        },
        reason: "the library in use empties a secret after its first use",
        ..usual("client-secret-object-consumed", &["7000216"], 64)
    },
    // No proof where one is expected.
    Cause {
        when: |case| lacks_proof(case) && case.flow_is(SWITCH_DECIDES),
        reason: "a flow without redirect URI, in which the registration has to allow public clients",
        ..usual("public-client-not-enabled", &[], 82)
    },
    Cause {
        when: |case| lacks_proof(case) && runs_on_a_server(case) && !case.flow_is(SWITCH_DECIDES),
        reason: "the app runs on a server, where it can keep a secret",
        ..usual("confidential-client-without-secret", &[], 76)
    },
    Cause {
        when: |case| lacks_proof(case) && is_installed(case),
        question: "is Allow public client flows on, and under which platform is the redirect URI registered?",
        ..usual("public-client-not-enabled", &[], 60)
    },
    Cause {
        when: lacks_proof,
        question: "can the app keep a secret (does it run on a server)?",
        ..usual("confidential-client-without-secret", &[], 48)
    },
    Cause {
        when: lacks_proof,
        question: "does the flow use a redirect URI at all? If not, Allow public client flows decides",
        ..usual("public-client-not-enabled", &[], 50)
    },
    Cause { when: lacks_proof, ..usual("client-secret-placeholder", &[], 30) },
    usual("public-client-not-enabled", &["90136"], 66),
    // A proof where none is allowed.
    usual("secret-sent-by-public-client", &["700025", "9002319"], 66),
    Cause { words: &["public clients can't send"], ..usual("secret-sent-by-public-client", &["90023"], 94) },
    said("secret-sent-by-public-client", &["client is public so neither"], 66),
    Cause {
        when: |case| case.is_app_only() || certificate_is_used(case),
        reason: "a request of the app alone has no redirect URI, so the mark in the registration decides",
        ..usual("public-client-flag-with-certificate", &["700025"], 72)
    },
    Cause {
        question: "is Allow public client flows on although the app has a certificate?",
        ..usual("public-client-flag-with-certificate", &["700025"], 46)
    },
    // Certificates and assertions.
    Cause {
        when: |case| {
            case.says_one_of(&["key used is expired", "certificate used is expired", "certificate has expired"])
        },
        reason: "the message says that the key has expired",
        ..usual("client-certificate-expired", SIGNATURE, 92)
    },
    Cause {
        when: proof::thumbprint_has_an_odd_length,
        reason: "the thumbprint that Entra read out of x5t is no SHA-1 or SHA-256 hash: its length is wrong",
        ..usual("assertion-x5t-encoding", SIGNATURE, 93)
    },
    Cause {
        when: proof::thumbprint_is_written_text,
        reason: "the thumbprint that Entra read out of x5t is the text of a thumbprint, encoded once more",
        ..usual("assertion-x5t-encoding", SIGNATURE, 95)
    },
    Cause {
        when: |case| case.paste_says_any(&["x5t"]),
        reason: "the paste speaks of x5t, so the assertion is made by hand",
        question: "is x5t the base64url form of the bytes of the thumbprint shown in the portal?",
        ..usual("assertion-x5t-encoding", SIGNATURE, 87)
    },
    Cause {
        words: &["key was not found., please visit"],
        reason: "Entra found no thumbprint in the assertion, or it would name it",
        question: "does the header of the assertion hold x5t, the base64url form of the twenty bytes of the thumbprint?",
        ..usual("assertion-x5t-encoding", SIGNATURE, 87)
    },
    Cause {
        when: |case| case.says_one_of(&["key was not found", "not registered"]),
        reason: "the message says that the app has no such key",
        ..usual("client-certificate-not-registered", SIGNATURE, 86)
    },
    usual("client-certificate-not-registered", &["700027", "7000274", "700026", "700028", "700030"], 64),
    Cause { words: &["invalid signature"], ..usual("client-certificate-not-registered", &["50012"], 66) },
    Cause {
        question: "is x5t the base64url form of the twenty bytes of the thumbprint shown in the portal?",
        ..usual("assertion-x5t-encoding", &["700027", "7000274"], 52)
    },
    Cause { words: &["signature"], ..usual("assertion-x5t-encoding", &["50012"], 56) },
    usual("assertion-x5t-encoding", &["5002730"], 66),
    Cause {
        question: "does the list of certificates show one that is over?",
        ..usual("client-certificate-expired", &["700027"], 44)
    },
    usual("client-certificate-expired", &["1000502"], 90),
    Cause {
        when: |case| is_federated(case) && !is_pipeline(case),
        reason: "the assertion is the token of another system, which lives some minutes",
        ..usual("federated-token-expired-long-job", &["700024"], 82)
    },
    Cause {
        when: is_pipeline,
        fixer: Some(Fixer::User),
        reason: "the assertion is the token of the pipeline, which lives some minutes",
        ..usual("federated-token-expired-long-job", &["700024"], 82)
    },
    usual("client-assertion-time-range", &["700024", "700050"], 74),
    Cause { words: &["valid time range"], ..usual("client-assertion-time-range", &["50012", "70002"], 72) },
    Cause {
        question: "is the assertion made by a build system or cluster, and how long had the job been running?",
        ..usual("federated-token-expired-long-job", &["700024"], 46)
    },
    usual("assertion-audience-wrong", &["700023", "700048"], 84),
    Cause { words: &["audience"], ..usual("assertion-audience-wrong", &["50012", "50027"], 60) },
    usual("assertion-multiple-audiences", &["5002741"], 92),
    said("assertion-multiple-audiences", &["number of audience values"], 92),
    // Federated credentials.
    Cause {
        when: proof::subject_differs_in_case,
        confidence: Confidence::Certain,
        reason: "the paste holds the same subject in other capital and small letters",
        ..usual("federated-credential-case-mismatch", &["700213", "70021", "7002138"], 95)
    },
    usual("federated-credential-case-mismatch", &["7002138"], 93),
    usual("federated-credential-subject-mismatch", &["700213", "7002137"], 90),
    Cause {
        when: |case| !proof::subject_is_configured(case),
        ..said(
            "federated-credential-subject-mismatch",
            &["no matching federated identity record", "assertion subject"],
            64,
        )
    },
    Cause {
        question: "do the subjects differ in capital and small letters only?",
        ..usual("federated-credential-case-mismatch", &["700213"], 48)
    },
    usual("federated-credential-issuer-mismatch", &["700211"], 90),
    usual("federated-credential-audience-mismatch", &["700212"], 90),
    said(
        "federated-credential-issuer-mismatch",
        &["no matching federated identity record", "presented assertion issuer"],
        88,
    ),
    said(
        "federated-credential-audience-mismatch",
        &["no matching federated identity record", "presented assertion audience"],
        88,
    ),
    Cause {
        when: |case| !proof::subject_is_configured(case),
        ..usual("federated-credential-subject-mismatch", FEDERATED, 62)
    },
    usual("federated-credential-subject-mismatch", FEDERATED, 48),
    Cause {
        when: proof::issuer_differs_in_slash,
        reason: "the paste holds the same issuer with another slash at its end, or in other capital and small letters",
        ..usual("federated-credential-issuer-mismatch", &["70021", "700211"], 95)
    },
    Cause {
        when: proof::issuer_is_private,
        reason: "the issuer is no address that Entra can reach: it reads the keys there over https",
        ..usual("federated-credential-issuer-mismatch", FEDERATED, 80)
    },
    Cause {
        question: "is the issuer of the credential the one in the message, to the last slash?",
        ..usual("federated-credential-issuer-mismatch", FEDERATED, 54)
    },
    Cause {
        when: proof::audience_is_unusual,
        reason: "the presented audience is not api://AzureADTokenExchange",
        ..usual("federated-credential-audience-mismatch", FEDERATED, 70)
    },
    usual("federated-credential-audience-mismatch", FEDERATED, 46),
];
