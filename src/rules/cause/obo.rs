//! On-behalf-of: what an API presents as the token of its caller.

use super::{Advice, BY_ERROR, Case, Cause, Found, Judgement, Shown, found, not_applicable, usual};
use crate::extract::ArtefactKind;
use crate::facts::{Facts, Given};
use crate::guid::is_guid;
use crate::rules::{Group, Rule, judged_or_return};
use crate::scenario::Flow;
use crate::token::Acting;

const ON_BEHALF_OF: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow";
const CODES: &str = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const ACCESS_TOKENS: &str = "https://learn.microsoft.com/entra/identity-platform/access-tokens";
const ID_TOKENS: &str = "https://learn.microsoft.com/entra/identity-platform/id-tokens";

const OBO: Rule = Rule { group: Group::Obo, ..BY_ERROR };

pub(in crate::rules) const OBO_ASSERTION_WRONG_AUDIENCE: Rule = Rule {
    id: "obo-assertion-wrong-audience",
    means: "An API can exchange only a token that was issued for itself: aud has to be its own client ID or App ID URI. \
            The token that was presented is for something else, mostly Microsoft Graph or the front end. Its signature \
            may be reported as wrong too, because tokens for Graph cannot be checked by others.",
    sources: &[ON_BEHALF_OF, ACCESS_TOKENS],
    judge: exchanged_for_other_api,
    ..OBO
};

pub(in crate::rules) const OBO_ASSERTION_EXPIRED: Rule = Rule {
    id: "obo-assertion-expired",
    means: "The token that the caller sent is over, so it can no longer be exchanged. The caller has to send a fresh one; \
            an API that keeps the token of a request for later work runs into this.",
    sources: &[ON_BEHALF_OF, CODES],
    ..OBO
};

pub(in crate::rules) const OBO_ASSERTION_IS_APP_ONLY: Rule = Rule {
    id: "obo-assertion-is-app-only",
    means: "On-behalf-of passes a user on. The token that was presented belongs to an app and names no user, so there is \
            nobody to act for. An API that is called by an app should call on as itself.",
    sources: &[ON_BEHALF_OF],
    judge: exchanged_without_user,
    ..OBO
};

pub(in crate::rules) const OBO_ASSERTION_IS_ID_TOKEN: Rule = Rule {
    id: "obo-assertion-is-id-token",
    means: "An ID token tells an app who signed in; it is no permission to call anything. On-behalf-of needs the access \
            token that the app got for the API.",
    sources: &[ON_BEHALF_OF, ID_TOKENS],
    ..OBO
};

/// The app that exchanges the judged token, where the sign-in service has not answered yet: beside an answer the rows below
/// decide.
fn exchanging_app(facts: &Facts<'_>) -> Option<Given<String>> {
    facts.exchanging_app().filter(|_| facts.of_kind(ArtefactKind::StsError).next().is_none())
}

const NO_EXCHANGE: &str = "no token is exchanged on behalf of a user here, as far as scenario and paste show";

fn exchanged_for_other_api(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let Some(app) = exchanging_app(facts) else { return not_applicable(NO_EXCHANGE) };
    let aud = judged.token.claims.aud.as_deref().unwrap_or("absent");
    // Which app an address of one's own stands for is in its registration, not in the token.
    let other = facts.audience().is_some_and(|audience| audience.class.is_microsoft_api())
        || is_guid(aud.as_bytes()) && is_guid(app.value.as_bytes()) && !facts.is_for_app(&app.value);
    if !other {
        return Judgement::Pass;
    }
    let by = if app.value.is_empty() { String::new() } else { format!(", and {} exchanges it", app.value) };
    told("obo-assertion-wrong-audience", format!("aud = {aud}{by}")).claim(judged, "aud").given(&app).into()
}

fn exchanged_without_user(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let Some(app) = exchanging_app(facts) else { return not_applicable(NO_EXCHANGE) };
    match facts.acting() {
        Some((Acting::AppOnly, why)) => {
            let because = format!("an app-only token ({why}) is to be exchanged on behalf of a user");
            told("obo-assertion-is-app-only", because).claim(judged, "idtyp").claim(judged, "scp").given(&app).into()
        }
        Some((Acting::Delegated, _)) => Judgement::Pass,
        None => not_applicable("the token does not say who acts"),
    }
}

/// The advice of a finding, for what the token itself shows.
fn told(finding: &str, because: String) -> Found {
    let advice = ADVICE.iter().find(|advice| advice.finding == finding);
    let mut result = found(advice.map_or("", |advice| advice.title), because);
    for step in advice.map_or(&[][..], |advice| advice.fix) {
        result = result.fix(*step);
    }
    result
}

pub(super) const ADVICE: &[Advice] = &[
    Advice {
        finding: "obo-assertion-wrong-audience",
        title: "The token given to on-behalf-of was not issued for the API that presents it.",
        fix: &[
            "In the client, ask for a scope of the API: api://<client ID of the API>/access_as_user (Expose an API), not \
             for User.Read or another scope of Graph",
            "Send that token to the API; only the API exchanges it, with its own client ID and secret, for one of Graph",
            "In the API refuse tokens whose aud is not its own before exchanging them",
        ],
    },
    Advice {
        finding: "obo-assertion-expired",
        title: "The token given to on-behalf-of has expired.",
        fix: &[
            "Let the client get a fresh token before the call (AcquireTokenSilent), and exchange it at once",
            "For long work keep what the exchange returned (its refresh token, the library's cache), not the caller's \
             token; MSAL has long-running on-behalf-of for that",
        ],
    },
    Advice {
        finding: "obo-assertion-is-app-only",
        title: "On-behalf-of needs the token of a user, and got the token of an app.",
        fix: &[
            "If a user is meant: let the client sign the user in and send that token to the API",
            "If an app calls: let the API get its own token with client credentials and application permissions",
            "In the API tell the two apart: idtyp is app, or scp is missing",
        ],
    },
    Advice {
        finding: "obo-assertion-is-id-token",
        title: "An ID token was given to on-behalf-of, which takes access tokens only.",
        fix: &[
            "In the client send accessToken, not idToken, to the API; ask for a scope of the API to get it",
            "Check aud: in an ID token it is the client, in the right token it is the API",
        ],
    },
];

/// Codes that speak of the assertion.
const ASSERTION: &[&str] = &["50013", "500131", "500133", "500136", "500137", "50027", "240002"];

fn in_exchange(case: &Case<'_>) -> bool {
    case.flows(&[Flow::OnBehalfOf])
        || case.field("requested_token_use").is_some()
        || ASSERTION.iter().any(|code| case.has_code(code))
}

/// Anything that the sign-in service answered to an exchange of an app's own token.
fn app_only_token(case: &Case<'_>) -> bool {
    case.kind == ArtefactKind::StsError && in_exchange(case) && case.token_is_app_only()
}

fn is_app_only(case: &Case<'_>) -> Option<Shown> {
    if case.token()?.token.claims.idtyp.is_some() {
        case.claim("idtyp", "/payload/idtyp", "it belongs to an app, and on-behalf-of passes a user on")
    } else {
        case.claim("scp", "/payload/scp", "the token names no user, and on-behalf-of passes a user on")
    }
}

fn id_token(case: &Case<'_>) -> bool {
    case.kind == ArtefactKind::StsError && case.token().is_none() && case.artefact(ArtefactKind::IdToken).is_some()
}

fn id_token_in_exchange(case: &Case<'_>) -> bool {
    id_token(case) && in_exchange(case)
}

fn is_id_token(case: &Case<'_>) -> Option<Shown> {
    let artefact = case.artefact(ArtefactKind::IdToken);
    let text = "the token beside it is an ID token".to_owned();
    Some(Shown { text, artefact, pointer: "/kind".into(), value: ArtefactKind::IdToken.name().to_owned() })
}

fn user_token_for_microsoft(case: &Case<'_>) -> bool {
    case.token_for_microsoft() && !case.token_is_app_only()
}

fn audience(case: &Case<'_>) -> Option<Shown> {
    case.claim("aud", "/payload/aud", "only a token for the API that presents it can be exchanged")
}

/// A token for somebody else's API, by the client that was stated.
fn token_for_other_api(case: &Case<'_>) -> bool {
    let Some(judged) = case.token() else { return false };
    let (aud, own) = (judged.token.claims.aud.as_deref(), case.facts.scenario.client_id.as_deref());
    aud.zip(own).is_some_and(|(aud, own)| !aud.to_ascii_lowercase().contains(&own.to_ascii_lowercase()))
        && !case.token_is_app_only()
}

fn over(case: &Case<'_>) -> bool {
    case.token_is_over()
}

fn over_for_this_api(case: &Case<'_>) -> bool {
    over(case) && !case.token_for_microsoft()
}

fn expiry(case: &Case<'_>) -> Option<Shown> {
    case.claim("exp", "/payload/exp", "its time is over")
}

/// The assertion is a token to exchange, not the proof of a client.
fn not_of_client(case: &Case<'_>) -> bool {
    !case.says_one_of(&["client assertion audience"])
}

/// The exchange is made with a token that, as the paste has it, an app got for itself.
fn tells_of_an_app(case: &Case<'_>) -> bool {
    exchanges(case)
        && case.paste_says_any(&[
            "acquiretokenforclient",
            "acquire_token_for_client",
            "acquiretokenbyclientcredential",
            "client_credentials",
            "client credentials",
            "service principal",
            "managed identity",
        ])
}

/// The exchange as such, whatever was answered.
pub(super) fn exchanges(case: &Case<'_>) -> bool {
    case.flows(&[Flow::OnBehalfOf])
}

const AUDIENCE: &str =
    "What is aud in the token that the client sends (decode it locally): the API, or something else?";

pub(super) const CAUSES: &[Cause] = &[
    usual("obo-assertion-is-app-only", &[], 98).when(app_only_token).showing(is_app_only).certain(),
    usual("obo-assertion-is-id-token", &[], 97).when(id_token_in_exchange).showing(is_id_token).certain(),
    usual("obo-assertion-wrong-audience", ASSERTION, 96).when(user_token_for_microsoft).showing(audience).certain(),
    usual("obo-assertion-wrong-audience", &["50013", "500131"], 96)
        .when(token_for_other_api)
        .showing(audience)
        .certain(),
    usual("obo-assertion-expired", &["500133"], 97).when(over).showing(expiry).certain(),
    usual("obo-assertion-expired", &["50013"], 95).when(over_for_this_api).showing(expiry).certain(),
    usual("obo-assertion-wrong-audience", &["500131"], 76).ask(AUDIENCE),
    usual("obo-assertion-wrong-audience", &[], 90)
        .words(&["assertion audience does not match"])
        .when(not_of_client)
        .certain(),
    usual("obo-assertion-wrong-audience", &["50013"], 78).words(&["audience"]),
    usual("obo-assertion-wrong-audience", &["50013"], 74).words(&["signature"]).ask(AUDIENCE),
    usual("obo-assertion-wrong-audience", &["50013"], 60).ask(AUDIENCE),
    usual("obo-assertion-wrong-audience", &["500136", "500137", "50027"], 50).when(exchanges).ask(AUDIENCE),
    usual("obo-assertion-expired", &["500133"], 84),
    usual("obo-assertion-expired", &["50013", "500131"], 84).words(&["time range"]),
    usual("obo-assertion-expired", &["50013"], 82).words(&["expired"]),
    // The service has no on-behalf-of for apps: that is what it says where the token names no user.
    usual("obo-assertion-is-app-only", &["7000114"], 74)
        .ask("Does the token that the API received name a user (scp, upn), or an app only?"),
    usual("obo-assertion-is-app-only", &["90083"], 70)
        .when(exchanges)
        .ask("Does the token that the API received name a user (scp, upn), or an app only?"),
    // Nobody is signed in: the token of an app names no user.
    usual("obo-assertion-is-app-only", &["50058"], 80)
        .when(exchanges)
        .ask("Does the token that the API received name a user (scp, upn), or an app only?"),
    usual("obo-assertion-is-app-only", &["50013", "500131", "50027"], 82)
        .when(tells_of_an_app)
        .ask("Does the token that the API received name a user (scp, upn), or an app only?"),
    usual("obo-assertion-is-app-only", &["50013", "500131", "50027"], 38)
        .when(exchanges)
        .ask("Does the token that the API received name a user (scp, upn), or an app only?"),
    usual("obo-assertion-is-id-token", &["240002"], 84),
    usual("obo-assertion-is-id-token", &["50013", "500131", "50027"], 78).words(&["id_token"]),
    usual("obo-assertion-is-id-token", &["50013", "50027"], 40).when(exchanges).guess(),
];
