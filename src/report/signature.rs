//! What is known of signatures, in words.
//!
//! No sentence calls a token valid: a signature says who made the token and that nothing changed since, and nothing else.

use super::{KeyFile, SignatureCheck, SigningKey};
use crate::extract::{Repairs, SignatureText};
use crate::facts::{Artefact, Facts, KeyIssuer, Signature};
use crate::jose::keys::KeySet;
use crate::jose::signature::{Outcome, Variant};
use crate::token::Token;

/// The documents of keys.
pub(super) fn key_files(facts: &Facts<'_>) -> Vec<KeyFile> {
    let files = facts.keys.map(KeySet::files).unwrap_or_default();
    let describe = |file: &crate::jose::keys::KeyFile| KeyFile {
        name: file.name.clone(),
        keys: file.keys,
        notes: file.notes.iter().map(|note| format!("{note}.")).collect(),
    };
    files.iter().map(describe).collect()
}

/// The state of a token's signature, by its name in reports.
pub(super) fn state(token: &Token, signature: Option<&Signature>) -> &'static str {
    match (signature.map(|signature| &signature.outcome), token.signature) {
        (Some(Outcome::Verified { .. }), _) => "verified",
        (Some(Outcome::Failed { .. }), _) => "failed",
        (Some(Outcome::NoKey { .. }), _) => "key-not-found",
        (Some(Outcome::CannotBeChecked(_)), Some(SignatureText::Present(_) | SignatureText::Redacted)) => {
            "cannot-be-checked"
        }
        (_, Some(SignatureText::Redacted | SignatureText::Empty | SignatureText::Missing) | None) => "no-signature",
        (None, Some(SignatureText::Present(_))) => "not-checked",
    }
}

/// What the check found out.
pub(super) fn check(facts: &Facts<'_>, artefact: &Artefact) -> Option<SignatureCheck> {
    let (keys, signature) = (facts.keys?, artefact.signature.as_ref()?);
    let (key, variant, obstacle) = match &signature.outcome {
        Outcome::Verified { key, variant } => (Some(*key), Some(*variant), None),
        Outcome::Failed { key, .. } => (Some(*key), None, None),
        Outcome::NoKey { .. } => (None, None, None),
        Outcome::CannotBeChecked(obstacle) => (None, None, Some(obstacle.to_string())),
    };
    let key = key.and_then(|key| keys.keys().get(key)).map(|key| SigningKey {
        id: key.id.clone(),
        thumbprint: key.thumbprint.clone(),
        kind: key.kind(),
        algorithm: artefact.token().and_then(Token::algorithm),
        issuer: keys.same_as(key).find_map(|key| key.issuer.clone()),
        file: keys.file_of(key).to_owned(),
    });
    Some(SignatureCheck {
        summary: sentence(keys, signature, artefact),
        key,
        variant: variant.map(|variant| match variant {
            Variant::AsReceived => "as-received",
            Variant::NonceHashed => "nonce-hashed",
            Variant::NonceAsReceived => "nonce-as-received",
        }),
        issuer_agrees: match signature.issuer {
            KeyIssuer::NotNamed => None,
            KeyIssuer::Agrees => Some(true),
            KeyIssuer::Differs => Some(false),
        },
        obstacle,
    })
}

/// What is known of the signature, for the verdict.
pub(super) fn verdict(facts: &Facts<'_>) -> String {
    if let (Some(keys), Some((signed, signature))) = (facts.keys, facts.signed()) {
        return sentence(keys, signature, signed.artefact);
    }
    match facts.judged().map(|judged| judged.token.signature) {
        Some(Some(SignatureText::Present(_))) => {
            "The signature was not checked: that takes the issuer's published keys."
        }
        Some(Some(SignatureText::Redacted)) => "The signature was taken out before pasting: it cannot be checked.",
        Some(Some(SignatureText::Empty | SignatureText::Missing)) => "There is no signature to check.",
        Some(None) => "These are claims without a signature: nothing vouches for them.",
        None => "No signature was checked.",
    }
    .to_owned()
}

/// The state of the signature in a few words, for the line that describes a token; nothing where it was not checked.
pub(super) fn in_few_words(facts: &Facts<'_>, artefact: &Artefact) -> Option<String> {
    let (keys, signature) = (facts.keys?, artefact.signature.as_ref()?);
    let name = |key: &usize| key_name(keys, *key);
    Some(match &signature.outcome {
        Outcome::Verified { key, .. } => format!("signature verified with {}", name(key)),
        Outcome::Failed { key, .. } => format!("signature does not fit {}", name(key)),
        Outcome::NoKey { .. } => "the key of its signature was not given".to_owned(),
        Outcome::CannotBeChecked(_) => "signature cannot be checked".to_owned(),
    })
}

fn sentence(keys: &KeySet, signature: &Signature, artefact: &Artefact) -> String {
    match &signature.outcome {
        Outcome::Verified { key, variant } => {
            let how = match variant {
                Variant::AsReceived => "",
                Variant::NonceHashed => ", over the header with its nonce hashed, as Entra signs for its own services",
                Variant::NonceAsReceived => ", over the header as it came, in which the nonce is hashed already",
            };
            let issuer = match signature.issuer {
                KeyIssuer::Agrees => ", published for the issuer that the token names",
                KeyIssuer::NotNamed => ", whose issuer could not be compared",
                KeyIssuer::Differs => ", published for another issuer than the token names",
            };
            // A service is sent the text as it stands.
            let repaired = if (Repairs { utf16: false, base64: false, ..artefact.repairs }) == Repairs::default() {
                ""
            } else {
                " What the text has between its characters (line breaks, blanks, percent-encoding) was undone first."
            };
            format!(
                "The signature was verified with a key that you gave ({}{issuer}){how}: nothing was changed since it \
                 was signed.{repaired} Whether a service accepts it is another question.",
                key_name(keys, *key)
            )
        }
        Outcome::Failed { key, .. } => {
            format!(
                "The signature does not fit the key that you gave ({}): the token was altered or forged, or was signed \
                 with another key of that name.",
                key_name(keys, *key)
            )
        }
        Outcome::NoKey { name: Some(name), .. } => {
            format!("Nothing is known of the signature: its key, {name}, is not among the given ones.")
        }
        Outcome::NoKey { name: None, .. } => {
            "Nothing is known of the signature: the token names no key, and none of the given ones made it.".to_owned()
        }
        Outcome::CannotBeChecked(obstacle) => format!("The signature cannot be checked: {obstacle}."),
    }
}

fn key_name(keys: &KeySet, key: usize) -> String {
    let key = keys.keys().get(key);
    key.map_or_else(|| "a given key".to_owned(), |key| format!("key {} of {}", key.name(), keys.file_of(key)))
}
