//! Claims that cannot stand together in one token of Entra.

use super::{Group, Judgement, Rule, found, judged_or_return, not_applicable};
use crate::catalog::{self, AudienceClass, IssuerKind};
use crate::facts::{Facts, Judged};
use crate::guid::is_guid;
use crate::report::{Confidence, Fixer, Severity};
use crate::token::{Reference, utc};

pub(super) const TOKEN_CLAIMS_CONTRADICT: Rule = Rule {
    id: "token-claims-contradict",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Entra fills several claims from the same fact: the tenant stands in tid, iss and rh, who acts stands in \
            idtyp, scp, oid and sub. Where they disagree, or a claim has another type or stands there twice, the token \
            was edited or forged, and its signature will not hold.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"],
    judge: token_claims_contradict,
};

/// Two things in a token that exclude each other.
struct Contradiction {
    sentence: String,
    because: String,
    claims: &'static [&'static str],
    confidence: Confidence,
}

fn token_claims_contradict(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if facts.is_actor_token() {
        return not_applicable("tokens between services follow rules of their own");
    }
    let mut all = form(judged);
    if facts.issuer().is_some_and(|issuer| issuer.is_entra()) {
        all.extend(tenant(facts, judged));
        all.extend(version(facts, judged));
        all.extend(actor(judged));
        all.extend(absent(judged));
    }
    all.extend(times(judged));
    let Some(first) = all.first() else { return Judgement::Pass };
    let more = match all.len().saturating_sub(1) {
        0 => String::new(),
        1 => " One more pair of claims disagrees.".to_owned(),
        count => format!(" {count} more pairs of claims disagree."),
    };
    let title = format!("{}{more}", first.sentence);
    let because: Vec<&str> = all.iter().map(|contradiction| contradiction.because.as_str()).collect();
    let mut result = found(title, because.join("; "))
        .fix("Compare with a fresh token from the sign-in service: if that one is consistent, this one was edited")
        .fix("Do not trust a word of it before its signature was checked with Entra's published keys");
    result.confidence = all.iter().map(|contradiction| contradiction.confidence).max().unwrap_or(Confidence::Likely);
    let mut shown: Vec<&str> = Vec::new();
    for name in all.iter().flat_map(|contradiction| contradiction.claims) {
        if !shown.contains(name) {
            shown.push(name);
            result = result.claim(judged, name);
        }
    }
    result.into()
}

/// Members that stand there twice, and values of a wrong type.
fn form(judged: Judged<'_>) -> Vec<Contradiction> {
    let claims = &judged.token.claims;
    let documents = [("payload", &judged.token.payload), ("header", &judged.token.header)];
    let duplicates = documents.into_iter().filter_map(|(part, document)| {
        let duplicate = document.as_ref()?.duplicates().first()?;
        Some(Contradiction {
            sentence: format!("The {part} names {} more than once.", duplicate.name),
            because: format!("{} at byte {} and again at byte {}", duplicate.name, duplicate.first, duplicate.again),
            claims: &[],
            confidence: Confidence::Certain,
        })
    });
    let faults = claims.faults.iter().map(|fault| Contradiction {
        sentence: format!("The claim {} holds {} where Entra writes {}.", fault.name, fault.found, fault.expected),
        because: format!("{} = {}", fault.name, shortened(&fault.value)),
        claims: &[],
        confidence: Confidence::Certain,
    });
    duplicates.chain(faults).collect()
}

/// The tenant in tid, iss and rh; the application in rh.
fn tenant(facts: &Facts<'_>, judged: Judged<'_>) -> Vec<Contradiction> {
    let claims = &judged.token.claims;
    let mut all = Vec::new();
    let Some(tid) = claims.tid.as_deref() else { return all };
    if !is_guid(tid.as_bytes()) {
        all.push(Contradiction {
            sentence: "The tenant in tid is no tenant ID.".into(),
            because: format!("tid = {tid}; Entra writes a GUID, never an alias"),
            claims: &["tid"],
            confidence: Confidence::Certain,
        });
        return all;
    }
    let issuing = facts.issuer().and_then(|issuer| issuer.tenant).filter(|tenant| is_guid(tenant.as_bytes()));
    if let Some(issuing) = issuing.filter(|issuing| !issuing.eq_ignore_ascii_case(tid)) {
        all.push(Contradiction {
            sentence: "The issuer names another tenant than tid.".into(),
            because: format!("iss is of tenant {issuing}, tid = {tid}"),
            claims: &["iss", "tid"],
            confidence: Confidence::Certain,
        });
    }
    let Some(reference) = claims.rh.as_deref().and_then(Reference::read) else { return all };
    if !reference.tenant.eq_ignore_ascii_case(tid) {
        all.push(Contradiction {
            sentence: "The internal reference (rh) names another tenant than tid.".into(),
            because: format!("rh is of tenant {}, tid = {tid}", reference.tenant),
            claims: &["rh", "tid"],
            confidence: Confidence::Certain,
        });
    }
    let resource = facts.audience().and_then(|audience| audience.resource_app_id);
    let named = |id: &str| id.eq_ignore_ascii_case(&reference.application);
    // One service has an ID of its own in some clouds.
    let same_service = || {
        let class = catalog::audience(&reference.application).map(|audience| audience.class);
        class.is_some_and(|class| class != AudienceClass::Other)
            && class == facts.audience().map(|audience| audience.class)
    };
    let client = claims.client().is_some_and(named);
    if resource.is_some_and(|id| !named(&id.to_string())) && !client && !same_service() {
        all.push(Contradiction {
            sentence: "The internal reference (rh) names neither the audience nor the client of this token.".into(),
            because: format!("rh is of application {}", reference.application),
            claims: &["rh", "aud"],
            confidence: Confidence::Likely,
        });
    }
    all
}

/// The version in ver, iss and the names of the client claims.
fn version(facts: &Facts<'_>, judged: Judged<'_>) -> Vec<Contradiction> {
    let claims = &judged.token.claims;
    let mut all = Vec::new();
    let version = claims.ver.as_deref();
    let issuer = facts.issuer().map(|issuer| issuer.kind);
    let crossed = matches!(
        (issuer, version),
        (Some(IssuerKind::EntraV1), Some("2.0")) | (Some(IssuerKind::EntraV2), Some("1.0"))
    );
    if crossed {
        all.push(Contradiction {
            sentence: "Issuer and version do not belong together.".into(),
            because: format!(
                "ver = {}, but the issuer is the one of version {}",
                version.unwrap_or_default(),
                if issuer == Some(IssuerKind::EntraV1) { "1.0" } else { "2.0" }
            ),
            claims: &["ver", "iss"],
            confidence: Confidence::Certain,
        });
    } else if version == Some("2.0") && facts.audience().is_some_and(|audience| audience.class == AudienceClass::Graph)
    {
        all.push(Contradiction {
            sentence: "A token for Microsoft Graph is of version 1.0; this one says 2.0.".into(),
            because: "ver = 2.0 with the audience of Microsoft Graph".into(),
            claims: &["ver", "aud"],
            confidence: Confidence::Likely,
        });
    }
    if let (Some(appid), Some(azp)) = (&claims.appid, &claims.azp)
        && !appid.eq_ignore_ascii_case(azp)
    {
        all.push(Contradiction {
            sentence: "The token names two clients.".into(),
            because: format!("appid = {appid}, azp = {azp}"),
            claims: &["appid", "azp"],
            confidence: Confidence::Certain,
        });
    }
    all
}

/// Who acts, in idtyp, scp, oid, sub, appidacr, amr.
fn actor(judged: Judged<'_>) -> Vec<Contradiction> {
    let claims = &judged.token.claims;
    let app = claims.idtyp.as_deref() == Some("app");
    let user = claims.idtyp.as_deref() == Some("user");
    let same = claims.oid.is_some() && claims.oid == claims.sub;
    let mut all = Vec::new();
    let mut add = |holds: bool,
                   sentence: &str,
                   because: &str,
                   names: &'static [&'static str],
                   confidence: Confidence| {
        if holds {
            all.push(Contradiction { sentence: sentence.into(), because: because.into(), claims: names, confidence });
        }
    };
    add(
        app && claims.has_scopes(),
        "The token says that the app itself acts, and carries delegated permissions.",
        "idtyp = app beside scp",
        &["idtyp", "scp"],
        Confidence::Certain,
    );
    add(
        same && claims.has_scopes(),
        "oid equals sub, as only in tokens of an app, and there are delegated permissions.",
        "oid = sub beside scp; the sub of a user is made for each client",
        &["oid", "sub", "scp"],
        Confidence::Certain,
    );
    add(
        app && claims.client_authentication() == Some("0"),
        "The app acts for itself, and yet did not prove its identity.",
        "idtyp = app with appidacr = 0, a public client",
        &["idtyp", "appidacr"],
        Confidence::Certain,
    );
    add(
        app && (claims.has("amr") || claims.has("upn") || claims.has("preferred_username")),
        "The token says that the app itself acts, and tells of a user.",
        "idtyp = app beside amr, upn or preferred_username",
        &["idtyp", "amr", "upn"],
        Confidence::Likely,
    );
    add(
        user && same && !claims.has_scopes(),
        "The token says that a user acts, and oid equals sub, as only in tokens of an app.",
        "idtyp = user with oid = sub",
        &["idtyp", "oid", "sub"],
        Confidence::Likely,
    );
    add(
        user && claims.has("xms_mirid"),
        "A managed identity never acts for a user.",
        "idtyp = user beside xms_mirid",
        &["idtyp", "xms_mirid"],
        Confidence::Likely,
    );
    all
}

/// Claims that every token of Entra has. Of claims in the clear people leave some out.
fn absent(judged: Judged<'_>) -> Option<Contradiction> {
    let claims = &judged.token.claims;
    let whole = judged.token.signature.is_some() && judged.token.has_whole_claims();
    let (name, shown): (&str, &'static [&'static str]) = match (claims.has("aud"), claims.has("exp")) {
        (false, _) => ("aud, whom it is for", &["aud"]),
        (true, false) => ("exp, when it ends", &["exp"]),
        (true, true) => return None,
    };
    whole.then(|| Contradiction {
        sentence: format!("The token lacks {name}: Entra writes it into every token."),
        because: format!("{} is absent", shown.first().copied().unwrap_or_default()),
        claims: shown,
        confidence: Confidence::Certain,
    })
}

/// The order of iat, nbf and exp.
fn times(judged: Judged<'_>) -> Vec<Contradiction> {
    let claims = &judged.token.claims;
    let Some(end) = claims.exp.seconds() else { return Vec::new() };
    let start = claims.nbf.seconds().max(claims.iat.seconds());
    let start = start.filter(|&start| start > end);
    start
        .map(|start| Contradiction {
            sentence: "The token ends before it begins.".into(),
            because: format!("exp = {}, nbf or iat = {}", utc(end), utc(start)),
            claims: &["exp", "nbf", "iat"],
            confidence: Confidence::Certain,
        })
        .into_iter()
        .collect()
}

/// Values made by hand can be long: enough of one to see what it is.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(80) {
        Some((end, _)) => format!("{}… ({} bytes)", value.get(..end).unwrap_or_default(), value.len()),
        None => value.to_owned(),
    }
}
