//! What is taken for an access token and is none: secrets, refresh tokens, codes, assertions, ID tokens.

mod advice;
mod marks;
#[cfg(test)]
mod tests;

use super::{Found, Group, Judgement, NO_TOKEN, Rule, found, not_applicable};
use crate::catalog;
use crate::extract::{ArtefactKind, Opaque, OpaqueKind, Place};
use crate::facts::{Artefact, Content, Facts};
use crate::report::{Fixer, Severity};
use crate::scenario::Client;
use crate::token::{Age, Token, utc};
use advice::{get_access_token, scope};
use marks::{description, marks};

const PROTOCOL: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow";
const CLIENT_CREDENTIALS: &str =
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow";

pub(super) const CLIENT_SECRET_PASTED: Rule = Rule {
    id: "client-secret-pasted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A client secret is the password of an application. The application sends it to the token endpoint and gets \
            an access token for it; an API that is sent the secret itself refuses it. Whoever knows the secret can act \
            as the application until it is deleted.",
    sources: &[CLIENT_CREDENTIALS, "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials"],
    judge: client_secret_pasted,
};

fn client_secret_pasted(facts: &Facts<'_>) -> Judgement {
    let errors = [ArtefactKind::StsError, ArtefactKind::GraphError];
    let (index, artefact) = match pasted(facts, ArtefactKind::ClientSecret, &errors) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let length = opaque(artefact).map_or(0, |opaque| opaque.length);
    let named = artefact.context.name.as_deref().filter(|name| name.to_ascii_lowercase().contains("secret"));
    let because = match named {
        Some(name) => format!("{length} characters behind the name {name}"),
        None => format!("{length} characters, with a digit and Q~ in fourth to sixth place as in secrets of Entra"),
    };
    let target = facts.target().value.name();
    let secret = found("This is a client secret, the password of an application, and not a token.", because)
        .evidence(Some(index), "/", format!("a value of {length} characters"))
        .fix(
            "If anybody else can see this text: create a new secret in the app registration (Certificates & secrets), \
             change the application over to it and delete this one",
        );
    match facts.scenario.client {
        Some(client @ (Client::Spa | Client::Mobile | Client::Desktop)) => secret.fix(format!(
            "Take the secret out of the {}: what runs on a user's device cannot keep one. Sign the user in with the \
             authorization code grant and PKCE instead",
            client.words()
        )),
        _ => secret.fix(format!(
            "Send the secret to the token endpoint only, as client_secret, and send the access token that comes back \
             to {target}"
        )),
    }
    .fix(get_access_token(facts))
    .into()
}

pub(super) const REFRESH_TOKEN_PASTED: Rule = Rule {
    id: "refresh-token-pasted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A refresh token is for the sign-in service alone: the client that it was issued to exchanges it there for \
            new access tokens. No API accepts it. It lives for weeks and is renewed with every use, so it is worth \
            more to a thief than an access token.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/refresh-tokens",
        "https://www.rfc-editor.org/rfc/rfc6749#section-1.5",
    ],
    judge: refresh_token_pasted,
};

fn refresh_token_pasted(facts: &Facts<'_>) -> Judgement {
    let (index, artefact) = match pasted(facts, ArtefactKind::RefreshToken, &[ArtefactKind::StsError]) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let finding = match &artefact.content {
        Content::Opaque(opaque) => refresh_token(opaque),
        _ => found(
            "This is the cookie that carries a primary refresh token: the sign-in of a whole device, not an access \
             token.",
            "a JWT with ctx in its header, or refresh_token and is_primary among its claims",
        )
        .fix("Tell whoever answers for security if it left the device: it signs in as the user without a password"),
    };
    let personal = opaque(artefact).is_some_and(|opaque| opaque.kind == OpaqueKind::PersonalRefreshToken);
    let finding = finding.evidence(Some(index), "/", description(artefact)).fix(if personal {
        "If anybody else can see this text: let the owner take the application's access away on the pages of the \
         Microsoft account, or change the password; deleting the text does not help"
    } else {
        "If anybody else can see this text: revoke the sessions of the user (POST /users/{id}/revokeSignInSessions, or \
         Revoke sessions in the Entra admin center); deleting the text does not help"
    });
    finding.fix(get_access_token(facts)).into()
}

fn refresh_token(opaque: &Opaque) -> Found {
    let client = opaque.client.as_deref().map(|client| format!(" of {}", app_name(client))).unwrap_or_default();
    let marks = marks(opaque);
    match opaque.kind {
        OpaqueKind::PrimaryRefreshToken => found(
            "This is a primary refresh token: it signs a user in to every application, and no API accepts it.",
            marks,
        )
        .fix(
            "Never hand it on: together with the session key of its device it replaces the password and the second \
             factor. If it left the device, disable the device in Entra as well",
        ),
        OpaqueKind::SessionCookie => found(
            "This is the session cookie of the sign-in service: a whole browser session, not an access token.",
            marks,
        )
        .fix("Never hand it on: whoever puts it into a browser is signed in as the user, second factor included"),
        OpaqueKind::PersonalRefreshToken => found(
            "This is a refresh token of a personal Microsoft account, not an access token: no API accepts it.",
            marks,
        )
        .fix("Let MSAL keep it in its cache and ask MSAL for the access token (AcquireTokenSilent)"),
        _ => found(format!("This is a refresh token{client}, not an access token: no API accepts it."), marks).fix(
            "Let MSAL keep it in its cache and ask for the access token silently (AcquireTokenSilent); without MSAL, \
             send it to the token endpoint with grant_type=refresh_token and the same client ID",
        ),
    }
}

pub(super) const AUTHORIZATION_CODE_PASTED: Rule = Rule {
    id: "authorization-code-pasted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "An authorization code is what comes back from the sign-in page. The application sends it to the token \
            endpoint and gets the tokens for it: once, within about ten minutes, and with the redirect URI and the \
            PKCE verifier of the same request. An API does not know what to do with a code.",
    sources: &[PROTOCOL, "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3"],
    judge: authorization_code_pasted,
};

fn authorization_code_pasted(facts: &Facts<'_>) -> Judgement {
    let errors = [ArtefactKind::StsError, ArtefactKind::GraphError];
    let (index, artefact) = match pasted(facts, ArtefactKind::AuthorizationCode, &errors) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let client = opaque(artefact).and_then(|opaque| opaque.client.as_deref());
    let title = match client {
        Some(client) => format!(
            "This is an authorization code of {}, which still has to be exchanged for a token.",
            app_name(client)
        ),
        None => "This is an authorization code, which still has to be exchanged for a token.".to_owned(),
    };
    let code = found(title, opaque(artefact).map(marks).unwrap_or_default())
        .evidence(Some(index), "/", description(artefact))
        .fix(
            "Let the sign-in library redeem it (MSAL: AcquireTokenByAuthorizationCode, handleRedirectPromise in a \
             browser); without one, POST it to the token endpoint with grant_type=authorization_code, the same \
             redirect_uri and the code_verifier",
        )
        .fix(
            "Redeem it once and within about ten minutes; after that, or after a failed attempt, sign in again for a \
             new one",
        );
    match facts.scenario.client {
        Some(Client::Spa) => code.fix(
            "In a single-page application redeem it in the browser, from the page whose address is registered as \
             redirect URI of the platform Single-page application",
        ),
        Some(Client::WebApp) => {
            code.fix("In a web application redeem it on the server, with the client secret or certificate")
        }
        _ => code,
    }
    .into()
}

pub(super) const CLIENT_ASSERTION_PASTED: Rule = Rule {
    id: "client-assertion-pasted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A client assertion is a JWT that an application signs with its own certificate to prove to the token \
            endpoint who it is, in place of a secret. Its audience is the token endpoint. Every API refuses it, \
            because Entra did not issue it.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
        "https://www.rfc-editor.org/rfc/rfc7523#section-2.2",
    ],
    judge: client_assertion_pasted,
};

fn client_assertion_pasted(facts: &Facts<'_>) -> Judgement {
    let (index, artefact) = match pasted(facts, ArtefactKind::ClientAssertion, &[ArtefactKind::StsError]) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let Some(token) = artefact.token() else { return Judgement::Pass };
    let claims = &token.claims;
    let client = claims.iss.as_deref().unwrap_or_default();
    let audience = claims.aud.as_deref().unwrap_or_default();
    let assertion = found(
        format!(
            "This is a client assertion: the application {client} signed it itself to prove who it is. It is no access \
             token."
        ),
        format!("iss and sub are both {client}, aud is the token endpoint {audience}"),
    )
    .evidence(Some(index), "/payload/iss", client)
    .evidence(Some(index), "/payload/aud", audience)
    .fix(format!(
        "Send it to {audience} with grant_type=client_credentials, \
         client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer and client_assertion=<this JWT>"
    ))
    .fix(
        "Send the access_token of that answer to the API. MSAL does both when it is given the certificate \
         (WithCertificate)",
    );
    over(facts, token, assertion, "Make a new assertion for every request and let it live for a few minutes").into()
}

pub(super) const FEDERATED_TOKEN_PASTED: Rule = Rule {
    id: "federated-token-pasted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "This token comes from another issuer, such as GitHub Actions or a Kubernetes cluster, and says which \
            workload is running. Entra exchanges it for an access token if a federated credential of the application \
            names its issuer, subject and audience. Microsoft Graph itself takes tokens of Entra only.",
    sources: &[
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        CLIENT_CREDENTIALS,
        "https://www.rfc-editor.org/rfc/rfc7523#section-2.2",
    ],
    judge: federated_token_pasted,
};

fn federated_token_pasted(facts: &Facts<'_>) -> Judgement {
    let (index, artefact) = match pasted(facts, ArtefactKind::FederatedToken, &[ArtefactKind::StsError]) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let Some(token) = artefact.token() else { return Judgement::Pass };
    let claims = &token.claims;
    let text = |claim: &Option<String>| claim.clone().unwrap_or_else(|| "absent".into());
    let (issuer, audience, subject) = (text(&claims.iss), text(&claims.aud), text(&claims.sub));
    let name = claims.iss.as_deref().and_then(catalog::issuer).map_or("", |issuer| issuer.name);
    let name = if name.is_empty() { issuer.as_str() } else { name };
    let token_finding = found(
        format!("This token was issued by {name}, to be exchanged with Entra. It is no access token."),
        format!("iss {issuer}, aud {audience}"),
    )
    .evidence(Some(index), "/payload/iss", issuer.as_str())
    .evidence(Some(index), "/payload/aud", audience.as_str())
    .evidence(Some(index), "/payload/sub", subject.as_str())
    .fix(format!(
        "Exchange it: POST to the token endpoint of your tenant with grant_type=client_credentials, client_id, \
         client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer, client_assertion=<this token> \
         and scope={}",
        scope(facts)
    ))
    .fix(format!(
        "The application needs a federated credential with exactly these values: issuer {issuer}, subject {subject}, \
         audience {audience}"
    ))
    .fix("Send the access_token of the answer to the API; azure/login and WorkloadIdentityCredential do all of this");
    over(facts, token, token_finding, "Fetch a new one from the issuer right before the exchange").into()
}

pub(super) const SAML_ASSERTION_PASTED: Rule = Rule {
    id: "saml-assertion-pasted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A SAML assertion tells one application that somebody signed in, as signed XML. Microsoft Graph and the \
            other APIs behind Entra take OAuth access tokens. The application that received the assertion can exchange \
            it at the token endpoint.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/v2-saml-bearer-assertion",
        "https://www.rfc-editor.org/rfc/rfc7522#section-2.1",
    ],
    judge: saml_assertion_pasted,
};

fn saml_assertion_pasted(facts: &Facts<'_>) -> Judgement {
    let (index, artefact) = match pasted(facts, ArtefactKind::SamlAssertion, &[ArtefactKind::StsError]) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let form = if artefact.repairs.base64 { "XML in base64" } else { "XML" };
    found(
        "This is a SAML assertion: it signs a user in to one application and opens no API.",
        format!("{form} with an element of urn:oasis:names:tc:SAML"),
    )
    .evidence(Some(index), "/", description(artefact))
    .fix(format!(
        "Exchange it: POST to the token endpoint with grant_type=urn:ietf:params:oauth:grant-type:saml2-bearer, \
         assertion=<the assertion in base64url>, client_id, the client's credential and scope={}",
        scope(facts)
    ))
    .fix("Better for a new application: sign the user in with OpenID Connect, which yields the access token at once")
    .into()
}

pub(super) const ID_TOKEN_USED_AS_ACCESS_TOKEN: Rule = Rule {
    id: "id-token-used-as-access-token",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "An ID token tells the application who signed in; its audience is the application itself and it holds no \
            permission. An access token is what opens an API. Both arrive in the same answer of the token endpoint and \
            both are JWTs, so they are easily mixed up; the API answers 401.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/id-tokens",
        "https://learn.microsoft.com/entra/identity-platform/access-tokens",
        "https://openid.net/specs/openid-connect-core-1_0.html#IDToken",
    ],
    judge: id_token_used_as_access_token,
};

fn id_token_used_as_access_token(facts: &Facts<'_>) -> Judgement {
    let (index, artefact) = match pasted(facts, ArtefactKind::IdToken, &[ArtefactKind::StsError]) {
        Ok(pasted) => pasted,
        Err(judgement) => return judgement,
    };
    let Some(token) = artefact.token() else { return Judgement::Pass };
    if artefact.kind == ArtefactKind::DecodedClaims && artefact.repairs.base64 {
        return not_applicable("App Service passes on who signed in; nobody sends these claims anywhere");
    }
    let claims = &token.claims;
    let audience = claims.aud.as_deref().unwrap_or("absent");
    let mark = ["nonce", "at_hash", "c_hash", "preferred_username"].into_iter().find(|name| claims.has(name));
    let mark = mark.map(|name| format!("; {name}, a claim of ID tokens, is there")).unwrap_or_default();
    let title = match &claims.aud {
        Some(client) => format!("This is an ID token: it tells the app {client} who signed in, and opens no API."),
        None => "This is an ID token: it tells the app who signed in, and opens no API.".to_owned(),
    };
    found(title, format!("aud is the client {audience}, and there is neither scp nor roles{mark}"))
        .evidence(Some(index), "/payload/aud", audience)
        .evidence(Some(index), "/payload/scp", claims.scp.as_deref().unwrap_or("absent"))
        .fix(get_access_token(facts))
        .fix("Send the member access_token of the answer (accessToken in MSAL), not id_token (idToken)")
        .into()
}

pub(super) const PERSONAL_ACCOUNT_TOKEN_OPAQUE: Rule = Rule {
    id: "personal-account-token-opaque",
    group: Group::Token,
    severity: Severity::Note,
    fixer: Fixer::None,
    means: "Access tokens of personal Microsoft accounts for Microsoft Graph are no JWTs but sealed tickets. Graph \
            accepts them; nobody else, the application and this program included, can read them. That is by design.",
    sources: &[
        "https://learn.microsoft.com/graph/auth/auth-concepts",
        "https://learn.microsoft.com/entra/identity-platform/access-tokens",
    ],
    judge: personal_account_token_opaque,
};

fn personal_account_token_opaque(facts: &Facts<'_>) -> Judgement {
    let Some((index, artefact)) = facts.of_kind(ArtefactKind::OpaqueToken).next() else {
        return if facts.artefacts.is_empty() { not_applicable(NO_TOKEN) } else { Judgement::Pass };
    };
    found(
        "This is the access token of a personal Microsoft account: good for Microsoft Graph, and readable by nobody \
         else.",
        opaque(artefact).map(marks).unwrap_or_default(),
    )
    .evidence(Some(index), "/", description(artefact))
    .fix("Do not take it apart: call GET /me with it to see whether it works and whose it is")
    .fix("When it ends is in expires_in of the answer that it came with; which permissions it holds is in scope there")
    .into()
}

/// The artefact of that kind that stands where an access token is looked for, or why there is none.
///
/// A look-alike that was sent as bearer token counts always. Otherwise it does not where an access token is beside it,
/// nor beside an error response that is the real question, nor in a request to the token endpoint.
fn pasted<'f>(
    facts: &'f Facts<'_>,
    kind: ArtefactKind,
    errors: &[ArtefactKind],
) -> Result<(usize, &'f Artefact), Judgement> {
    let of_kind = || facts.artefacts.iter().enumerate().filter(move |(_, artefact)| is(artefact, kind));
    let was_sent = |artefact: &Artefact| artefact.context.place == Place::AuthorizationHeader;
    let access_tokens = || facts.artefacts.iter().filter(|artefact| is_access_token(artefact));
    if of_kind().next().is_none() {
        return Err(if facts.artefacts.is_empty() { not_applicable(NO_TOKEN) } else { Judgement::Pass });
    }
    if let Some(sent) = of_kind().find(|(_, artefact)| was_sent(artefact))
        && !access_tokens().any(was_sent)
    {
        return Ok(sent);
    }
    if access_tokens().next().is_some() {
        return Err(not_applicable("the access token beside it is the one to look at"));
    }
    if facts.artefacts.iter().any(|artefact| errors.contains(&artefact.kind)) {
        return Err(not_applicable("the error response beside it is the one to look at"));
    }
    // The requests stand in order and apart from each other.
    let requests = &facts.token_requests;
    let in_request = |artefact: &Artefact| {
        let next = requests.partition_point(|request| request.span.start <= artefact.span.start);
        let last = next.checked_sub(1).and_then(|last| requests.get(last));
        last.is_some_and(|request| artefact.span.end <= request.span.end)
    };
    of_kind()
        .find(|(_, artefact)| !in_request(artefact))
        .ok_or(not_applicable("it stands in a request to the token endpoint, not where an access token goes"))
}

/// True of artefacts of that kind, as they are or as claims in the clear.
fn is(artefact: &Artefact, kind: ArtefactKind) -> bool {
    let decoded =
        || artefact.kind == ArtefactKind::DecodedClaims && artefact.token().is_some_and(|token| token.kind == kind);
    artefact.kind == kind || decoded()
}

fn is_access_token(artefact: &Artefact) -> bool {
    [ArtefactKind::AccessToken, ArtefactKind::OpaqueToken, ArtefactKind::EncryptedToken]
        .into_iter()
        .any(|kind| is(artefact, kind))
}

pub(super) fn opaque(artefact: &Artefact) -> Option<&Opaque> {
    match &artefact.content {
        Content::Opaque(opaque) => Some(opaque),
        _ => None,
    }
}

/// Name and ID of an application that the catalogue knows, otherwise the ID.
pub(super) fn app_name(id: &str) -> String {
    catalog::app(id).map_or_else(|| format!("app {id}"), |app| format!("{} ({id})", app.name))
}

/// Adds that the token is over already, where it is.
fn over(facts: &Facts<'_>, token: &Token, finding: Found, step: &str) -> Found {
    match token.claims.exp.seconds() {
        Some(end) if end.saturating_add(facts.leeway) < facts.now => {
            finding.fix(format!("{step}: this one ended at {} ({})", utc(end), Age { moment: end, now: facts.now }))
        }
        _ => finding,
    }
}
