//! What is known of each token's signature, where the caller gave keys.

use super::{Content, Facts, Judged};
use crate::catalog;
use crate::extract::{ArtefactKind, SignatureText};
use crate::guid::is_guid;
use crate::jose::keys::{Key, KeySet};
use crate::jose::signature::{Obstacle, Outcome, check_within};
use crate::token::Claims;

/// How many signatures are computed for one paste: a log holds thousands of tokens, and each costs a fraction of a
/// millisecond. The judged token comes first.
const MOST_ATTEMPTS: usize = 1024;

/// What is known of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What the check found out.
    pub outcome: Outcome,
    /// Of a verified one: whether the key is published for the issuer that the token names.
    pub issuer: KeyIssuer,
}

/// Whether a key is published for the issuer that a token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyIssuer {
    /// The key's document names no issuer beside it, or the token names none.
    NotNamed,
    /// It is.
    Agrees,
    /// It is not.
    Differs,
}

impl<'s> Facts<'s> {
    /// The token that the rules on signatures judge, with what is known of its signature: the judged one, where it has
    /// one; where no token is judged, the first that has one.
    pub fn signed(&self) -> Option<(Judged<'_>, &Signature)> {
        match self.judged {
            Some(index) => self.signature_of(index),
            None => self.all_signed().next(),
        }
    }

    /// All tokens of whose signature something is known: the judged one first, then the others as they stand.
    pub fn all_signed(&self) -> impl Iterator<Item = (Judged<'_>, &Signature)> {
        let others = (0..self.artefacts.len()).filter(|index| self.judged != Some(*index));
        self.judged.into_iter().chain(others).filter_map(|index| self.signature_of(index))
    }

    fn signature_of(&self, index: usize) -> Option<(Judged<'_>, &Signature)> {
        let artefact = self.artefacts.get(index)?;
        Some((Judged { index, artefact, token: artefact.token()? }, artefact.signature.as_ref()?))
    }

    /// The token whose header tells of keys: the judged one; where none is judged, the first ID token.
    pub fn headed(&self) -> Option<Judged<'_>> {
        self.judged().or_else(|| {
            let (index, artefact) = self.of_kind(ArtefactKind::IdToken).next()?;
            Some(Judged { index, artefact, token: artefact.token()? })
        })
    }

    /// Checks the signatures, and forgets the texts of the tokens.
    pub(super) fn check_signatures(&mut self, keys: &'s KeySet) {
        let mut attempts = MOST_ATTEMPTS;
        let others = (0..self.artefacts.len()).filter(|index| self.judged != Some(*index));
        let order: Vec<usize> = self.judged.into_iter().chain(others).collect();
        for index in order {
            let Some(artefact) = self.artefacts.get_mut(index) else { continue };
            let compact = std::mem::take(&mut artefact.compact);
            let Content::Token(token) = &artefact.content else { continue };
            let outcome = match token.signature {
                None => continue,
                Some(SignatureText::Redacted) => Outcome::CannotBeChecked(Obstacle::TakenOut),
                Some(_) if attempts == 0 => Outcome::CannotBeChecked(Obstacle::Enough(MOST_ATTEMPTS)),
                Some(_) => check_within(&compact, keys, &mut attempts),
            };
            let issuer = match &outcome {
                Outcome::Verified { key, .. } => keys.keys().get(*key).map(|key| issuer(keys, key, &token.claims)),
                _ => None,
            };
            artefact.signature = Some(Signature { outcome, issuer: issuer.unwrap_or(KeyIssuer::NotNamed) });
        }
    }
}

/// The same key may stand in several documents, with and without an issuer: one that agrees is enough.
fn issuer(keys: &KeySet, key: &Key, claims: &Claims) -> KeyIssuer {
    let Some(named) = claims.iss.as_deref() else { return KeyIssuer::NotNamed };
    let all = keys.same_as(key).filter_map(|key| key.issuer.as_deref());
    // A template takes any tenant, and nothing else in its place.
    let tenant_of_issuer = || catalog::issuer(named).and_then(|issuer| issuer.tenant);
    let tenant = claims.tid.as_deref().or_else(tenant_of_issuer).filter(|tenant| is_guid(tenant.as_bytes()));
    let mut compared = false;
    for published in all {
        if tenant.is_none() && published.contains(TENANT) {
            continue;
        }
        if is_for(published, named, tenant) {
            return KeyIssuer::Agrees;
        }
        compared = true;
    }
    if compared { KeyIssuer::Differs } else { KeyIssuer::NotNamed }
}

/// What stands for the tenant in the issuer that a key document names.
const TENANT: &str = "{tenantid}";

/// Whether a key that is published for an issuer may sign in the name of another: the same one, or the same tenant in
/// the other version. [`TENANT`] stands for the tenant of the token.
fn is_for(published: &str, named: &str, tenant: Option<&str>) -> bool {
    let published = match tenant {
        Some(tenant) => published.replace(TENANT, tenant),
        None => published.to_owned(),
    };
    if published == named {
        return true;
    }
    let (Some(one), Some(other)) = (catalog::issuer(&published), catalog::issuer(named)) else { return false };
    let same_tenant = match (one.tenant, other.tenant) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    };
    let same_cloud = one.cloud.is_none() || other.cloud.is_none() || one.cloud == other.cloud;
    one.is_entra() && other.is_entra() && same_tenant && same_cloud
}
