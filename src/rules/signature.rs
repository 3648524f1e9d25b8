//! The signature, checked with the caller's keys, and what a token says about keys itself.
//!
//! Nothing is concluded from the want of keys: without them these rules do not apply, and the report says so.

use super::{Found, Group, Judgement, Rule, found, not_applicable, shape, state};
use crate::catalog::{Cloud, IssuerKind};
use crate::extract::{ArtefactKind, Repairs};
use crate::facts::{Facts, Judged, KeyIssuer};
use crate::jose::json::Value;
use crate::jose::keys::{Key, KeySet};
use crate::jose::signature::{Obstacle, Outcome, Variant};
use crate::report::{Fixer, Severity};

const ACCESS_TOKENS: &str = "https://learn.microsoft.com/entra/identity-platform/access-tokens";
const KEY_ROLLOVER: &str = "https://learn.microsoft.com/entra/identity-platform/signing-key-rollover";
const NO_KEYS: &str = "no keys were given to check the signature with";
const NOT_VERIFIED: &str = "the signature was not verified";

/// The signed token with what is known of its signature and the keys, or the judgement that there is none.
macro_rules! signed_or_return {
    ($facts:expr) => {
        match ($facts.keys, $facts.signed()) {
            (None, _) => return not_applicable(NO_KEYS),
            (_, None) => return not_applicable("there is no token with a signature to judge"),
            (Some(keys), Some((token, signature))) => (keys, token, signature),
        }
    };
}

pub(super) const SIGNATURE_MISMATCH: Rule = Rule {
    id: "signature-mismatch",
    group: Group::Signature,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The given key of the name that the token names did not make its signature. One character of header or payload \
            that changed is enough for that. A service that checks signatures with the same key refuses such a token, and \
            nothing that it says may be believed.",
    sources: &["https://www.rfc-editor.org/rfc/rfc7515#section-5.2", ACCESS_TOKENS],
    judge: signature_mismatch,
};

fn signature_mismatch(facts: &Facts<'_>) -> Judgement {
    let (keys, token, signature) = signed_or_return!(facts);
    // A forged token is one, whichever of several in the text the question is about.
    let failed = facts.all_signed().find(|(_, signature)| matches!(signature.outcome, Outcome::Failed { .. }));
    let (token, signature) = failed.unwrap_or((token, signature));
    let (key, nonce) = match &signature.outcome {
        Outcome::Verified { .. } => return Judgement::Pass,
        Outcome::Failed { key, nonce } => (keys.keys().get(*key), *nonce),
        Outcome::NoKey { .. } => return not_applicable("the key that signed the token is not among the given ones"),
        Outcome::CannotBeChecked(obstacle) => return not_checked(obstacle),
    };
    let tried = if nonce { ", neither over the header as it came nor with its nonce hashed" } else { "" };
    let because = match key {
        Some(key) => format!("{} did not make this signature{tried}", described(keys, key)),
        None => format!("the key did not make this signature{tried}"),
    };
    let title = if facts.judged().is_some_and(|judged| judged.index != token.index) {
        "The signature of another token in the text does not fit the given key: that token was altered or forged, or \
         signed with another key of that name."
    } else {
        "The signature does not fit the given key: this token was altered or forged, or signed with another key of that \
         name."
    };
    let mismatch = found(title, because)
        .fix("Compare with the token as the token endpoint returned it: one lost or changed character is enough")
        .fix("Make sure that the keys are those of the issuer that the token names")
        .fix("If both are so: accept nothing that it says, and find out who made it");
    // What was undone may not be all that happened to it.
    let untouched = token.artefact.repairs == Repairs::default();
    let mismatch = if untouched { mismatch } else { mismatch.likely() };
    with_key(named(mismatch, token), keys, key).into()
}

pub(super) const SIGNATURE_KEY_OTHER_ISSUER: Rule = Rule {
    id: "signature-key-other-issuer",
    group: Group::Signature,
    severity: Severity::Error,
    fixer: Fixer::Security,
    means: "Entra publishes with each key for which issuer it signs. A signature of a key that is published for one \
            tenant, or for personal accounts, proves nothing in the name of another, so whoever validates has to refuse \
            the token.",
    sources: &[ACCESS_TOKENS, KEY_ROLLOVER],
    judge: signature_key_other_issuer,
};

fn signature_key_other_issuer(facts: &Facts<'_>) -> Judgement {
    let (keys, token, signature) = signed_or_return!(facts);
    let differs = facts.all_signed().find(|(_, signature)| signature.issuer == KeyIssuer::Differs);
    let (token, signature) = differs.unwrap_or((token, signature));
    let Outcome::Verified { key, .. } = &signature.outcome else { return not_applicable(NOT_VERIFIED) };
    let key = keys.keys().get(*key);
    match signature.issuer {
        KeyIssuer::Agrees => Judgement::Pass,
        KeyIssuer::NotNamed => not_applicable("the key document names no issuers, or the token names none"),
        KeyIssuer::Differs => {
            let published = key.and_then(|key| keys.same_as(key).find_map(|key| key.issuer.as_deref()));
            let other = found(
                "The signature was made with a key that is published for another issuer than the token names.",
                format!(
                    "the key is published for {}; iss = {}",
                    published.unwrap_or("another issuer"),
                    token.token.claims.iss.as_deref().unwrap_or("absent")
                ),
            )
            .claim(token, "iss")
            .claim(token, "tid")
            .fix("Refuse the token: compare the issuer of the signing key with iss wherever tokens are validated")
            .fix("Find out how a key of one issuer came to sign in the name of another");
            with_key(other, keys, key).into()
        }
    }
}

pub(super) const SIGNATURE_KEY_NOT_IN_JWKS: Rule = Rule {
    id: "signature-key-not-in-jwks",
    group: Group::Signature,
    severity: Severity::Warning,
    fixer: Fixer::AppDeveloper,
    means: "The given keys lack the one that the token names. Entra changes its keys without notice, and every cloud and \
            some applications have their own. So nothing is known of the signature, neither that it holds nor that it \
            does not.",
    sources: &[KEY_ROLLOVER, ACCESS_TOKENS],
    judge: signature_key_not_in_jwks,
};

fn signature_key_not_in_jwks(facts: &Facts<'_>) -> Judgement {
    let (keys, token, signature) = signed_or_return!(facts);
    let (name, tried) = match &signature.outcome {
        Outcome::NoKey { name, tried } => (name, *tried),
        Outcome::CannotBeChecked(obstacle) => return not_checked(obstacle),
        Outcome::Verified { .. } | Outcome::Failed { .. } => return Judgement::Pass,
    };
    let given = format!("{} given in {}", counted(keys.keys().len(), "key was", "keys were"), files(keys));
    let because = match (name, tried) {
        (Some(name), 0) => format!("the header names key {name}; {given}, none of that name"),
        (Some(name), _) => format!(
            "the header names key {name}; {given}, none of that name, and {} without a name did not make the signature",
            counted(tried, "key", "keys")
        ),
        (None, _) => {
            format!("the header names no key; {given}, and none of the {tried} that fit made the signature")
        }
    };
    let missing = found("The key that signed this token is not among the given ones: nothing is known of its signature.", because)
        .fix(where_the_keys_are(facts, token))
        .fix("Save the keys together with the token: Entra replaces them, and a key document of another day may lack the key");
    named(missing, token).into()
}

pub(super) const SIGNATURE_CANNOT_BE_CHECKED: Rule = Rule {
    id: "signature-cannot-be-checked",
    group: Group::Signature,
    severity: Severity::Warning,
    fixer: Fixer::AppDeveloper,
    means: "Between the token and the keys something keeps the signature from being checked: an algorithm that the key is \
            not for, a key that is too weak to prove anything, two keys of one name. A service that is as strict refuses \
            such a token, and nothing is known of the signature.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc8725#section-3.1",
        "https://www.rfc-editor.org/rfc/rfc7515#section-5.2",
    ],
    judge: signature_cannot_be_checked,
};

/// The rules on what keeps a signature from being read.
const TELL_OF_SHAPE: &[Rule] = &[
    shape::MALFORMED_BEARER_TOKEN,
    shape::TOKEN_TRUNCATED,
    shape::TOKEN_ENCRYPTED,
    state::TOKEN_UNSIGNED,
    TOKEN_DEMANDS_EXTENSION,
];

fn signature_cannot_be_checked(facts: &Facts<'_>) -> Judgement {
    let (keys, token, signature) = signed_or_return!(facts);
    let Outcome::CannotBeChecked(obstacle) = &signature.outcome else { return Judgement::Pass };
    let (severity, step) = match obstacle {
        // The first was asked for, the last is no fault of the token.
        Obstacle::TakenOut | Obstacle::Enough(_) => return not_checked(obstacle),
        Obstacle::Segments(_)
        | Obstacle::Encrypted
        | Obstacle::NoSignature
        | Obstacle::Cut { .. }
        | Obstacle::Unsigned
        | Obstacle::Critical(_)
        | Obstacle::Encoding { .. } => {
            // Mostly a finding of its own tells of it.
            if TELL_OF_SHAPE.iter().any(|rule| matches!((rule.judge)(facts), Judgement::Found(_))) {
                return not_checked(obstacle);
            }
            (
                Severity::Warning,
                "Get the token anew, or copy it again from where it was stored: as it stands here nobody can check it",
            )
        }
        Obstacle::Key { unfit, .. } if unfit.is_contradiction() => (
            Severity::Error,
            "Accept no token whose algorithm is not the one that its key is for: that is how signatures are circumvented",
        ),
        Obstacle::Key { .. } => {
            (Severity::Warning, "Have the issuer replace this key: whoever computes it can sign tokens")
        }
        Obstacle::SameName(_) => (Severity::Warning, "Give only the key document of the token's issuer, of one day"),
        Obstacle::TooManyKeys(_) => (Severity::Warning, "Give only the keys of the token's issuer"),
        Obstacle::Header(_) | Obstacle::NoAlgorithm => {
            (Severity::Error, "Get the token anew: no sign-in service writes such a header")
        }
        Obstacle::SharedSecret(_) | Obstacle::Algorithm(_) => {
            (Severity::Warning, "Ask whoever issued the token to check it; Entra itself signs with RS256")
        }
    };
    let key = match obstacle {
        Obstacle::Key { key, .. } => keys.keys().get(*key),
        _ => None,
    };
    let cannot = found("The signature of this token cannot be checked with the given keys.", obstacle.to_string())
        .severity(severity)
        .header(token, "alg")
        .fix(step);
    with_key(named(cannot, token), keys, key).into()
}

pub(super) const GRAPH_TOKEN_NONCE_ALREADY_HASHED: Rule = Rule {
    id: "graph-token-nonce-already-hashed",
    group: Group::Signature,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "Entra signs tokens for Microsoft Graph over a header whose nonce is hashed, and hands them out with the nonce \
            itself. A token whose nonce is hashed already did not come straight from the sign-in service: it was probably \
            taken from a service that had received it.",
    sources: &["https://github.com/AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet/issues/609"],
    judge: graph_token_nonce_already_hashed,
};

fn graph_token_nonce_already_hashed(facts: &Facts<'_>) -> Judgement {
    let (_, token, signature) = signed_or_return!(facts);
    let Outcome::Verified { variant, .. } = &signature.outcome else { return not_applicable(NOT_VERIFIED) };
    let issuer = token.token.claims.iss.as_deref().and_then(crate::catalog::issuer);
    match variant {
        Variant::AsReceived => not_applicable("the header has no nonce that is text"),
        _ if !issuer.is_some_and(|issuer| issuer.is_entra()) => {
            not_applicable("the token does not name Entra as its issuer")
        }
        Variant::NonceHashed => Judgement::Pass,
        Variant::NonceAsReceived => found(
            "The nonce in the header is hashed already: this token was probably taken from a service that received it.",
            "the signature fits the header as it came, not with its nonce hashed",
        )
        .guess()
        .header(token, "nonce")
        .fix("Find out where the token was picked up: in the log or the memory of a service, not at the sign-in")
        .into(),
    }
}

pub(super) const TOKEN_BRINGS_OWN_KEY: Rule = Rule {
    id: "token-brings-own-key",
    group: Group::Signature,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "A header can bring a key (jwk, x5c) or say where to fetch one (jku, x5u). Entra writes none of them into access \
            tokens. Whoever forges a token does, and hopes for a receiver that checks the signature with the forger's own \
            key.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc8725#section-3.10",
        "https://www.rfc-editor.org/rfc/rfc7515#section-10.2",
    ],
    judge: token_brings_own_key,
};

fn token_brings_own_key(facts: &Facts<'_>) -> Judgement {
    let Some(token) = facts.headed() else { return not_applicable("there is no access or ID token") };
    let Some(header) = token.token.header.as_ref().and_then(|header| header.root()) else {
        return not_applicable("there is no header");
    };
    let all = ["jwk", "x5c", "jku", "x5u"];
    let brought: Vec<&str> = all.into_iter().filter(|name| header.get(name).is_some()).collect();
    if brought.is_empty() {
        return Judgement::Pass;
    }
    let own = found(
        "The header of this token brings a key or says where to fetch one: a signature that is checked with it proves nothing.",
        format!("the header has {}, which Entra writes into no access token", brought.join(" and ")),
    )
    .fix("Check signatures with keys from the issuer's own key document only, never with what a token names")
    .fix("If the token names Entra as its issuer: treat it as forged until its signature is verified");
    brought.into_iter().fold(own, |own, name| own.header(token, name)).into()
}

pub(super) const TOKEN_DEMANDS_EXTENSION: Rule = Rule {
    id: "token-demands-extension",
    group: Group::Signature,
    severity: Severity::Error,
    fixer: Fixer::Security,
    means: "crit names members of the header that a receiver has to understand; who does not understand them has to refuse \
            the token. b64 changes what is signed. Entra writes neither into its tokens.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11",
        "https://www.rfc-editor.org/rfc/rfc7797#section-3",
    ],
    judge: token_demands_extension,
};

fn token_demands_extension(facts: &Facts<'_>) -> Judgement {
    let Some(token) = facts.headed() else { return not_applicable("there is no access or ID token") };
    let Some(header) = token.token.header.as_ref().and_then(|header| header.root()) else {
        return not_applicable("there is no header");
    };
    let Some(name) = ["crit", "b64"].into_iter().find(|name| header.get(name).is_some()) else {
        return Judgement::Pass;
    };
    let value = header.get(name).map(Value::to_text).unwrap_or_default();
    found(
        "The header demands an extension that Entra does not use: a receiver has to refuse this token.",
        format!("{name} = {value}"),
    )
    .severity(by_issuer(token))
    .header(token, name)
    .fix("Get the token from the sign-in service with MSAL and send it unchanged")
    .fix("If it came from somebody else: treat it as forged")
    .into()
}

pub(super) const KEY_FILE_HOLDS_SECRET: Rule = Rule {
    id: "key-file-holds-secret",
    group: Group::Signature,
    severity: Severity::Warning,
    fixer: Fixer::Security,
    means: "To check signatures takes public keys. A private key or a shared secret makes them: whoever reads that file can \
            sign tokens that everybody takes for genuine.",
    sources: &["https://www.rfc-editor.org/rfc/rfc7517#section-9.2"],
    judge: key_file_holds_secret,
};

fn key_file_holds_secret(facts: &Facts<'_>) -> Judgement {
    let Some(keys) = facts.keys else { return not_applicable(NO_KEYS) };
    let secrets = keys.files().iter().zip(0_usize..).flat_map(|(file, index)| {
        file.notes.iter().filter(|note| note.is_secret()).map(move |note| (index, format!("{}: {note}", file.name)))
    });
    let secrets: Vec<(usize, String)> = secrets.collect();
    let [(_, first), others @ ..] = secrets.as_slice() else { return Judgement::Pass };
    let more = match others.len() {
        0 => String::new(),
        count => format!("; {count} more"),
    };
    let secret = found("A file of keys holds one that is not public.", format!("{first}{more}"))
        .fix("Give the public half only, and keep the private one where it is used")
        .fix("If the file was passed on or stored in the open: replace the key, everything it signed can be forged");
    let shown = secrets.iter().take(8);
    shown
        .fold(secret, |secret, (index, note)| secret.evidence(None, format!("/key_files/{index}"), note.as_str()))
        .into()
}

/// Why nothing is known of the signature, as the reason of a rule that does not apply.
fn not_checked(obstacle: &Obstacle) -> Judgement {
    Judgement::NotApplicable(format!("the signature cannot be checked: {obstacle}").into())
}

/// What Entra never does is an error where a token names Entra as its issuer; elsewhere it may be meant.
fn by_issuer(token: Judged<'_>) -> Severity {
    let issuer = token.token.claims.iss.as_deref().and_then(crate::catalog::issuer);
    let entra = issuer.is_some_and(|issuer| issuer.is_entra() || issuer.imitates_entra);
    if entra { Severity::Error } else { Severity::Warning }
}

fn described(keys: &KeySet, key: &Key) -> String {
    format!("key {} of {} ({})", key.name(), keys.file_of(key), key.kind())
}

/// What the token calls its key, as evidence.
fn named(found: Found, token: Judged<'_>) -> Found {
    let name = ["kid", "x5t", "x5t#S256"].into_iter().find(|name| token.token.header_text(name).is_some());
    found.header(token, name.unwrap_or("kid"))
}

/// The key as evidence.
fn with_key(found: Found, keys: &KeySet, key: Option<&Key>) -> Found {
    let Some(key) = key else { return found };
    let thumbprint = key.thumbprint.as_deref().unwrap_or("none");
    let value = format!("{}, SHA-256 thumbprint {thumbprint}", described(keys, key));
    found.evidence(None, format!("/key_files/{}", key.file), value)
}

fn files(keys: &KeySet) -> String {
    let names: Vec<&str> = keys.files().iter().map(|file| file.name.as_str()).collect();
    match names.as_slice() {
        [.., _, _, _] => counted(names.len(), "file", "files"),
        names => names.join(" and "),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Where the issuer of a token publishes its keys.
fn where_the_keys_are(facts: &Facts<'_>, token: Judged<'_>) -> String {
    if token.token.kind == ArtefactKind::ClientAssertion {
        return "Give the certificate of the application (PEM or .cer): it signs its client assertions itself"
            .to_owned();
    }
    let claims = &token.token.claims;
    let issuer = claims.iss.as_deref().and_then(crate::catalog::issuer);
    let version = match issuer.map(|issuer| issuer.kind) {
        Some(IssuerKind::EntraV1) => "",
        Some(IssuerKind::EntraV2) => "v2.0/",
        _ => {
            return "Save what the jwks_uri in the discovery document of the token's issuer answers, and give that"
                .to_owned();
        }
    };
    let cloud = issuer
        .and_then(|issuer| issuer.cloud)
        .or_else(|| facts.audience()?.cloud)
        .and_then(Cloud::facts)
        .or_else(|| Cloud::Global.facts());
    let host = cloud.map_or("login.microsoftonline.com", |cloud| cloud.login_host);
    let tenant = claims.tid.as_deref().filter(|tid| crate::guid::is_guid(tid.as_bytes())).unwrap_or("common");
    format!(
        "Save the keys of the token's own cloud and tenant, https://{host}/{tenant}/discovery/{version}keys, and give that \
         file; an application with a signing key of its own needs ?appid=<client ID> behind it"
    )
}
