//! What in the paste can still be used by whoever reads it.

use super::super::lookalike::app_name;
use super::super::{Group, Judgement, NO_TOKEN, Rule, found, not_applicable};
use super::{CONTINUOUS_ACCESS, REVOKE_ACCESS, listed, with_pivots};
use crate::catalog;
use crate::extract::{ArtefactKind, Opaque, OpaqueKind};
use crate::facts::{Artefact, Content, Facts};
use crate::offset::Advance;
use crate::report::{Fixer, Severity};
use crate::token::{Acting, Age, Claims, Token, utc};
use std::collections::BTreeSet;

pub(in crate::rules) const SECRET_EXPOSED: Rule = Rule {
    id: "secret-exposed",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "Something in this text can still be used by whoever reads it. On your own screen that is no harm. If the \
            text went into a ticket, a chat, a mail or a log, treat what it holds as stolen and take it out of use.",
    sources: &[REVOKE_ACCESS, "https://learn.microsoft.com/graph/api/user-revokesigninsessions", CONTINUOUS_ACCESS],
    judge: secret_exposed,
};

/// What lies open, and how it is taken out of use.
struct Exposed {
    what: String,
    /// When it is over, where that is known; seconds since 1970.
    end: Option<i64>,
    remedy: String,
}

fn secret_exposed(facts: &Facts<'_>) -> Judgement {
    if facts.artefacts.is_empty() {
        return not_applicable(NO_TOKEN);
    }
    let exposed =
        facts.artefacts.iter().enumerate().filter_map(|(index, artefact)| Some((index, exposed(facts, artefact)?)));
    let exposed: Vec<(usize, Exposed)> = exposed.collect();
    if exposed.is_empty() {
        return Judgement::Pass;
    }
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for (_, Exposed { what, .. }) in &exposed {
        match kinds.iter_mut().find(|(kind, _)| kind == what) {
            Some((_, count)) => count.advance(1),
            None => kinds.push((what, 1)),
        }
    }
    let named = |(kind, count): &(&str, usize)| match count {
        1 => (*kind).to_owned(),
        count => format!("{kind} ({count} of them)"),
    };
    let names: Vec<String> = kinds.iter().map(named).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let until = exposed.iter().filter_map(|(_, exposed)| exposed.end).max();
    let until = until.map(|end| format!("; the last one with a known end at {} ({})", utc(end), age(facts, end)));
    let mut finding = found(
        format!("The text holds something that can still be used: {}.", listed(&names)),
        format!("{} in all, judged at {}{}", exposed.len(), utc(facts.now), until.unwrap_or_default()),
    );
    // The same step serves many artefacts; in a log with thousands of tokens each step is still said once.
    let mut steps = BTreeSet::new();
    for (index, exposed) in &exposed {
        let value = match exposed.end {
            Some(end) => format!("{}, until {} ({})", exposed.what, utc(end), age(facts, end)),
            None => exposed.what.clone(),
        };
        finding = finding.evidence(Some(*index), "/", value);
        if steps.insert(exposed.remedy.as_str()) {
            finding = finding.fix(exposed.remedy.as_str());
        }
    }
    let judged = facts.judged().filter(|judged| exposed.iter().any(|(index, _)| *index == judged.index));
    match judged {
        Some(judged) => with_pivots(finding, &judged.token.claims),
        None => finding,
    }
    .into()
}

fn exposed(facts: &Facts<'_>, artefact: &Artefact) -> Option<Exposed> {
    match &artefact.content {
        Content::Opaque(opaque) => exposed_opaque(opaque),
        Content::Token(token) if artefact.kind == ArtefactKind::RefreshToken => token.is_usable().then(|| Exposed {
            what: "the cookie of a primary refresh token".into(),
            end: None,
            remedy: "Primary refresh token: revoke the user's sessions and disable the device in Entra".into(),
        }),
        Content::Token(token) => exposed_token(facts, artefact.kind, token),
        _ => None,
    }
}

fn exposed_token(facts: &Facts<'_>, kind: ArtefactKind, token: &Token) -> Option<Exposed> {
    let end = token.claims.exp.seconds().filter(|end| end.saturating_add(facts.leeway) >= facts.now)?;
    // Only what an issuer can have signed is of use; a shared key (HS256) is none of a sign-in service.
    let signed = token.algorithm().is_some_and(|algorithm| matches!(algorithm.get(..2), Some("RS" | "PS" | "ES")));
    if !token.is_usable() || !signed {
        return None;
    }
    let claims = &token.claims;
    let (what, remedy) = match kind {
        ArtefactKind::AccessToken => {
            let name = claims.aud.as_deref().and_then(catalog::audience).and_then(|audience| audience.resource_name);
            let of = name.map(|name| format!(" for {name}")).unwrap_or_default();
            (format!("an access token{of}"), recall(claims, end))
        }
        ArtefactKind::ClientAssertion => (
            "a client assertion".to_owned(),
            "Client assertion: it ends by itself; replace the certificate only if its private key was shown".to_owned(),
        ),
        ArtefactKind::FederatedToken => (
            "a token for the exchange with Entra".to_owned(),
            "Token of the other issuer: if it lives long, remove the federated credential from the application until \
             it is over"
                .to_owned(),
        ),
        _ => return None,
    };
    Some(Exposed { what, end: Some(end), remedy })
}

fn age(facts: &Facts<'_>, moment: i64) -> Age {
    Age { moment, now: facts.now }
}

/// How an access token is taken out of use.
fn recall(claims: &Claims, end: i64) -> String {
    let app = matches!(claims.acting(), Some((Acting::AppOnly, _)));
    let who = claims.oid.as_deref().unwrap_or("{id}");
    match (app, claims.continuous_access()) {
        (true, true) => format!(
            "Access token: disable the service principal {who} for a moment; continuous access evaluation then ends \
             the token within minutes at Microsoft Graph"
        ),
        (true, false) => format!(
            "Access token: it cannot be called back and works until {}. Take the permissions from the application if \
             that is too late, and replace its credential if that was shown as well",
            utc(end)
        ),
        (false, true) => format!(
            "Access token: revoke the user's sessions (POST /users/{who}/revokeSignInSessions); continuous access \
             evaluation then ends the token within minutes at the services that take part"
        ),
        (false, false) => format!(
            "Access token: it cannot be called back and works until {}. Revoke the user's sessions (POST \
             /users/{who}/revokeSignInSessions), so that no new one follows",
            utc(end)
        ),
    }
}

fn exposed_opaque(opaque: &Opaque) -> Option<Exposed> {
    let client = opaque.client.as_deref().map(|client| format!(" of {}", app_name(client))).unwrap_or_default();
    let sessions = "revoke the user's sessions (POST /users/{id}/revokeSignInSessions)";
    let (what, remedy) = match opaque.kind {
        OpaqueKind::RefreshToken => {
            (format!("a refresh token{client}"), format!("Refresh token: it lives for weeks, so {sessions}"))
        }
        OpaqueKind::PrimaryRefreshToken => (
            "a primary refresh token".to_owned(),
            format!("Primary refresh token: {sessions} and disable the device in Entra"),
        ),
        OpaqueKind::SessionCookie => {
            ("a session cookie of the sign-in service".to_owned(), format!("Session cookie: {sessions}"))
        }
        OpaqueKind::PersonalRefreshToken => (
            "a refresh token of a personal account".to_owned(),
            "Personal account: take the application's access away at https://account.live.com/consent/Manage, or \
             change the password"
                .to_owned(),
        ),
        OpaqueKind::PersonalTicket => (
            "an access token of a personal account".to_owned(),
            "Personal account: the access token cannot be called back; it is over about an hour after its issue"
                .to_owned(),
        ),
        OpaqueKind::ClientSecret => (
            "a client secret".to_owned(),
            "Client secret: create a new one, change the application over, delete this one in Certificates & secrets"
                .to_owned(),
        ),
        // A code is of no use without the verifier or the client's credential, and over in minutes.
        OpaqueKind::AuthorizationCode | OpaqueKind::PersonalCode => return None,
    };
    Some(Exposed { what, end: None, remedy })
}
