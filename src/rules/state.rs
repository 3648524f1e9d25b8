//! The state of the token: signed, by whom, and when it holds.

use super::{Group, Judgement, Rule, found, judged_or_return, not_applicable};
use crate::catalog::IssuerKind;
use crate::extract::SignatureText;
use crate::facts::{Facts, Target};
use crate::report::{Fixer, Severity};
use crate::scenario::Flow;
use crate::token::{Age, TimeClaim, duration, utc};

pub(super) const TOKEN_UNSIGNED: Rule = Rule {
    id: "token-unsigned",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Entra signs every token. One whose header says alg none, or whose signature part is empty, was made or \
            altered by somebody else, and no service may accept it.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc8725#section-3.2",
        "https://learn.microsoft.com/entra/identity-platform/access-tokens",
    ],
    judge: token_unsigned,
};

fn token_unsigned(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let algorithm = judged.token.algorithm().unwrap_or_else(|| "absent".into());
    let because = match judged.token.signature {
        None => return not_applicable("claims in the clear carry no signature"),
        Some(SignatureText::Redacted) => return not_applicable("the signature was taken out before pasting"),
        _ if judged.token.is_unsigned_by_header() => format!("alg = {algorithm}"),
        Some(SignatureText::Empty) => format!("alg = {algorithm}, and nothing behind the second dot"),
        Some(SignatureText::Present(_) | SignatureText::Missing) => return Judgement::Pass,
    };
    found("This token is not signed: Entra did not issue it in this form, and no service may accept it.", because)
        .header(judged, "alg")
        .fix("Get a token from the sign-in service with MSAL and send it unchanged")
        .fix("If somebody sent you this token: treat it as forged")
        .into()
}

pub(super) const TOKEN_ALGORITHM_NOT_ENTRA: Rule = Rule {
    id: "token-algorithm-not-entra",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Entra signs access tokens with RS256 and a key that it publishes. Another algorithm on a token that names \
            Entra as its issuer means that somebody else made it.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
        "https://www.rfc-editor.org/rfc/rfc8725#section-3.1",
    ],
    judge: token_algorithm_not_entra,
};

fn token_algorithm_not_entra(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if !facts.issuer().is_some_and(|issuer| issuer.is_entra()) {
        return not_applicable("the token does not name Entra as its issuer");
    }
    if judged.token.is_unsigned_by_header() {
        return not_applicable("the token is not signed at all");
    }
    let Some(header) = judged.token.header.as_ref().filter(|header| header.is_complete()) else {
        return not_applicable("the header is missing or damaged");
    };
    let algorithm = header.root().and_then(|root| Some(root.get("alg")?.to_text()));
    match algorithm.as_deref() {
        Some("RS256") => Judgement::Pass,
        other => {
            let named = other.unwrap_or("no algorithm");
            found(
                format!("The header names {named} where Entra signs access tokens with RS256."),
                format!("alg = {}", other.unwrap_or("absent")),
            )
            .header(judged, "alg")
            .claim(judged, "iss")
            .fix("Do not accept this token; get one from the sign-in service with MSAL")
            .into()
        }
    }
}

pub(super) const TOKEN_ISSUER_NOT_ENTRA: Rule = Rule {
    id: "token-issuer-not-entra",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Microsoft's services accept tokens of Entra's own issuers only. A token of Azure AD B2C, AD FS, another \
            identity provider or a made-up issuer is refused, whatever it says.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/access-tokens",
        "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud",
    ],
    judge: token_issuer_not_entra,
};

fn token_issuer_not_entra(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if facts.is_actor_token() {
        return not_applicable("the token is one between services, with an issuer of its own");
    }
    let Some(payload) = judged.token.payload.as_ref().filter(|payload| payload.root().is_some()) else {
        return not_applicable("the payload cannot be read");
    };
    let named = judged.token.claims.iss.clone();
    let issuer = facts.issuer();
    let imitates = issuer.is_some_and(|issuer| issuer.imitates_entra);
    if named.is_none() && !payload.is_complete() {
        return not_applicable("the claims are cut before the issuer");
    }
    if facts.target().value == Target::OwnApi && !imitates {
        return not_applicable("an own API may trust whom it likes");
    }
    let what = match issuer.map(|issuer| (issuer.kind, issuer.name)) {
        Some((IssuerKind::EntraV1 | IssuerKind::EntraV2 | IssuerKind::ExternalId, _)) => return Judgement::Pass,
        Some((IssuerKind::B2c, _)) => {
            "Azure AD B2C issued this token: it is for your own APIs, Microsoft's take none of it."
        }
        Some((IssuerKind::AdFs, _)) => {
            "An AD FS server issued this token, not Entra: Microsoft's services do not take it."
        }
        _ if imitates => "The issuer only looks like Entra: the address is not one that Entra uses.",
        Some((_, name)) if !name.is_empty() => {
            return foreign(
                facts,
                format!("{name} issued this token, not Entra: Microsoft's services do not take it."),
            );
        }
        None if named.is_none() => "The token names no issuer: Entra did not make it.",
        _ => "This token does not come from Entra: its issuer is unknown to Microsoft's services.",
    };
    foreign(facts, what.to_owned())
}

fn foreign(facts: &Facts<'_>, title: String) -> Judgement {
    let judged = judged_or_return!(facts);
    let issuer = judged.token.claims.iss.as_deref().unwrap_or("absent");
    let because =
        format!("iss = {issuer}; Entra writes https://sts.windows.net/<tenant>/ or a login host of its clouds");
    let finding = found(title, because).claim(judged, "iss").fix(
        "Sign in with MSAL against https://login.microsoftonline.com/<tenant> and request a scope of the API you call",
    );
    // A user flow signs in people, not workloads.
    if facts.issuer().is_some_and(|issuer| issuer.kind == IssuerKind::B2c) {
        return finding.into();
    }
    finding
        .fix("If the token of the other issuer is to be exchanged: configure a federated credential and send it as client_assertion")
        .into()
}

pub(super) const TOKEN_EXPIRED: Rule = Rule {
    id: "token-expired",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "exp names the moment after which the token is refused. Services allow five minutes for clocks that differ. \
            The same token never becomes valid again; a new one has to be requested.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4",
        "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes",
    ],
    judge: token_expired,
};

fn token_expired(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let end = match judged.token.claims.exp {
        TimeClaim::Absent => return not_applicable("the token names no end (exp)"),
        TimeClaim::Unreadable => return not_applicable("exp holds no moment"),
        TimeClaim::Seconds(end) | TimeClaim::Bent(end) => end,
    };
    if facts.now <= end.saturating_add(facts.leeway) {
        return Judgement::Pass;
    }
    let age = Age { moment: end, now: facts.now };
    let renew = match facts.scenario.flow {
        Some(flow) if flow.is_app_only() => {
            "Ask MSAL for the token before every call: it returns the cached one while it lasts and a new one after"
        }
        Some(Flow::OnBehalfOf) => "Redeem the caller's current token anew: AcquireTokenOnBehalfOf keeps its own cache",
        _ => {
            "Call AcquireTokenSilent before every request: it renews with the refresh token, and asks for interaction when it must"
        }
    };
    found(format!("This token expired {age}."), format!("exp = {}, judged at {}", utc(end), utc(facts.now)))
        .claim(judged, "exp")
        .fix(renew)
        .fix("Do not keep access tokens in settings or variables of your own: they live for about an hour")
        .into()
}

pub(super) const TOKEN_NOT_YET_VALID: Rule = Rule {
    id: "token-not-yet-valid",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "nbf names the moment before which the token is refused. Entra issues tokens that hold at once, so a moment \
            in the future means that a clock is wrong, here or where the token was made.",
    sources: &["https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5"],
    judge: token_not_yet_valid,
};

fn token_not_yet_valid(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let claims = &judged.token.claims;
    let start = [("nbf", claims.nbf.seconds()), ("iat", claims.iat.seconds())]
        .into_iter()
        .find_map(|(name, seconds)| Some((name, seconds?)));
    let Some((name, start)) = start else { return not_applicable("the token names no beginning (nbf, iat)") };
    if start <= facts.now.saturating_add(facts.leeway) {
        return Judgement::Pass;
    }
    let ahead = duration(start.abs_diff(facts.now));
    found(
        format!("This token becomes valid only {}.", Age { moment: start, now: facts.now }),
        format!("{name} = {}, judged at {}: {ahead} ahead", utc(start), utc(facts.now)),
    )
    .claim(judged, name)
    .fix("Compare the clock of this machine with a time server (NTP), time zone included: it is probably slow")
    .fix("If the clock is right, ask where the token was made: Entra does not issue tokens for later")
    .into()
}
