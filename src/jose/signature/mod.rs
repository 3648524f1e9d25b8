//! The signature of a token, checked with the caller's keys (RFC 7515 section 5.2).
//!
//! [`Jws::read`] is the strict reading, [`KeySet`] and [`Key::unfit`] choose the key, and only then is computed. Whatever
//! falls short of a proof is told apart: a signature that does not fit its key, a key that is not there, and a signature
//! that cannot be checked are three different things, and none of them is the other.

mod obstacle;
mod verify;

pub use jsonwebtoken::Algorithm;
pub use obstacle::Obstacle;

use super::keys::{Key, KeySet, Material, Unfit, algorithm_name};
use super::{base64url, compact, json};
use crate::offset::Advance;
use json::{Document, Kind, Value};
use jsonwebtoken::{AlgorithmFamily, DecodingKey};
use sha2::{Digest, Sha256};
use signature::Verifier;

/// The most keys that are tried on a token that names none of the set.
pub const MOST_TRIED: usize = 16;

/// The most keys among which those to be tried are looked for.
const MOST_LOOKED_AT: usize = 1024;

/// Signatures of RSA are as long as the key, whose size is a multiple of this, in bytes.
const RSA_STEP: usize = 128;

/// What a check found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The key made the signature.
    Verified {
        /// Index into [`KeySet::keys`].
        key: usize,
        /// Over which form of the header.
        variant: Variant,
    },
    /// The key that the token names did not make the signature, over neither form of the header.
    Failed {
        /// Index into [`KeySet::keys`].
        key: usize,
        /// Whether the header has a nonce, so that both forms of it were tried.
        nonce: bool,
    },
    /// The key is not in the set. Nothing is known of the signature.
    NoKey {
        /// What the token calls it; absent where it names none.
        name: Option<String>,
        /// How many keys without a name, or of a token that names none, were tried in vain.
        tried: usize,
    },
    /// Nothing is known of the signature either.
    CannotBeChecked(Obstacle),
}

/// One of the names of a key.
type NameOf = fn(&Key) -> Option<&str>;

/// Over which form of the header a signature was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// As it stands there; it has no nonce.
    AsReceived,
    /// With the nonce replaced by the base64url of its SHA-256 hash: what Entra signs for Microsoft Graph and some
    /// others of its services, so that a receiver who passes the token on as it came can be told apart.
    NonceHashed,
    /// As it stands there, nonce included: somebody hashed the nonce before the token got here.
    NonceAsReceived,
}

/// A signed token in compact serialisation, read strictly.
#[derive(Debug)]
pub struct Jws<'t> {
    /// `alg`.
    pub algorithm: Algorithm,
    /// `kid`.
    pub key_id: Option<String>,
    /// `x5t`.
    pub x5t: Option<String>,
    /// `x5t#S256`.
    pub x5t_s256: Option<String>,
    /// What is signed as it came: header and payload with the dot between.
    pub signing_input: &'t [u8],
    /// The bytes of the signature.
    pub signature: Vec<u8>,
    /// What is signed where the nonce is hashed first; absent where the header has none.
    pub nonce_hashed: Option<Vec<u8>>,
}

/// Checks a token in compact serialisation, as it was received. Never fails; time is linear in the token, with at most
/// [`MOST_TRIED`] keys in two forms of the header.
pub fn check(token: &[u8], keys: &KeySet) -> Outcome {
    let mut attempts = usize::MAX;
    check_within(token, keys, &mut attempts)
}

/// The same, counting down what it computes.
pub(crate) fn check_within(token: &[u8], keys: &KeySet, attempts: &mut usize) -> Outcome {
    let jws = match Jws::read(token) {
        Ok(jws) => jws,
        Err(obstacle) => return Outcome::CannotBeChecked(obstacle),
    };
    if jws.algorithm.family() == AlgorithmFamily::Hmac {
        return Outcome::CannotBeChecked(Obstacle::SharedSecret(jws.algorithm));
    }
    if !verify::is_built_in(jws.algorithm) {
        return Outcome::CannotBeChecked(Obstacle::Algorithm(algorithm_name(jws.algorithm).to_owned()));
    }
    match jws.key(keys) {
        Err(obstacle) => Outcome::CannotBeChecked(obstacle),
        Ok(Some(key)) => match jws.verify(key, attempts) {
            Err(unfit) => Outcome::CannotBeChecked(Obstacle::of_key(key, unfit)),
            Ok(Some(variant)) => Outcome::Verified { key: key.index, variant },
            Ok(None) => match jws.cut(key) {
                Some(cut) => Outcome::CannotBeChecked(cut),
                None => Outcome::Failed { key: key.index, nonce: jws.nonce_hashed.is_some() },
            },
        },
        Ok(None) => jws.try_keys(keys, attempts),
    }
}

impl<'t> Jws<'t> {
    /// Reads a token strictly: three segments of base64url without padding, a JSON header whose members are unique, and
    /// no extension that has to be understood.
    ///
    /// # Errors
    ///
    /// Says what makes readers disagree about the token.
    pub fn read(token: &'t [u8]) -> Result<Self, Obstacle> {
        let segments = compact::split(token);
        let ([header, payload, signature], compact::Form::Signed) =
            (["header", "payload", "signature"], segments.form())
        else {
            return Err(match segments.form() {
                compact::Form::Encrypted => Obstacle::Encrypted,
                _ => Obstacle::Segments(segments.count()),
            });
        };
        let segment = |index| segments.get(index).and_then(|range| token.get(range)).unwrap_or_default();
        let header_text = Document::read(strict(segment(0), header)?);
        let (algorithm, root) = algorithm(&header_text)?;
        // The payload is decoded for its faults alone.
        strict(segment(1), payload)?;
        let bytes = strict(segment(2), signature)?;
        if bytes.is_empty() {
            return Err(Obstacle::NoSignature);
        }
        let names = ["kid", "x5t", "x5t#S256"];
        if let Some(name) = names.into_iter().find(|name| root.get(name).is_some_and(|value| value.as_str().is_none()))
        {
            return Err(Obstacle::Header(format!("{name} is no text")));
        }
        let text = |name: &str| root.get(name).and_then(Value::as_str).map(std::borrow::Cow::into_owned);
        let end = segments.get(1).map_or(0, |range| range.end);
        Ok(Self {
            algorithm,
            key_id: text("kid"),
            x5t: text("x5t"),
            x5t_s256: text("x5t#S256"),
            signing_input: token.get(..end).unwrap_or_default(),
            signature: bytes,
            nonce_hashed: root.get("nonce").and_then(|nonce| with_hashed_nonce(&header_text, nonce, segment(1))),
        })
    }

    /// The key of the set that the token names and that fits its algorithm: by `kid`, or else by `x5t`. Entra's `kid` is
    /// the `x5t` of the key's certificate, so either is looked for under either name.
    ///
    /// # Errors
    ///
    /// Where different keys have that name, or none of them fits the algorithm.
    pub fn key<'k>(&self, keys: &'k KeySet) -> Result<Option<&'k Key>, Obstacle> {
        let look_ups: [(&Option<String>, NameOf); 5] = [
            (&self.key_id, |key| key.id.as_deref()),
            (&self.key_id, |key| key.x5t.as_deref()),
            (&self.x5t, |key| key.x5t.as_deref()),
            (&self.x5t, |key| key.id.as_deref()),
            (&self.x5t_s256, |key| key.x5t_s256.as_deref()),
        ];
        for (name, wanted) in look_ups {
            let Some(name) = name else { continue };
            let found = keys.named(name, wanted);
            let Some(first) = found.first() else { continue };
            let mut fitting = found.iter().filter(|key| key.unfit(self.algorithm).is_none());
            return match (fitting.next(), first.unfit(self.algorithm)) {
                (Some(key), _) if fitting.any(|other| other.material != key.material) => {
                    Err(Obstacle::SameName(name.clone()))
                }
                (Some(key), _) => Ok(Some(key)),
                (None, Some(unfit)) => Err(Obstacle::of_key(first, unfit)),
                (None, None) => Ok(None),
            };
        }
        Ok(None)
    }

    /// What the token calls its key.
    pub fn key_name(&self) -> Option<&str> {
        [&self.key_id, &self.x5t, &self.x5t_s256].into_iter().find_map(Option::as_deref)
    }

    /// Tries the keys without a name, or all keys on a token that names none. A key that the token does not name and that
    /// does not fit proves nothing.
    fn try_keys(&self, keys: &KeySet, attempts: &mut usize) -> Outcome {
        let name = self.key_name();
        let all = keys.keys().iter().filter(|key| name.is_none() || key.names().next().is_none());
        let mut fitting: Vec<&Key> = Vec::new();
        let mut left_out = 0_usize;
        for (key, place) in all.zip(0_usize..) {
            if place >= MOST_LOOKED_AT {
                left_out.advance(1);
            } else if key.unfit(self.algorithm).is_none() && !fitting.iter().any(|other| other.serves_like(key)) {
                if fitting.len() < MOST_TRIED { fitting.push(key) } else { left_out.advance(1) }
            }
        }
        for key in &fitting {
            if let Ok(Some(variant)) = self.verify(key, attempts) {
                return Outcome::Verified { key: key.index, variant };
            }
        }
        // A key that was not tried can be the one: that is no want of the key.
        if left_out > 0 {
            return Outcome::CannotBeChecked(Obstacle::TooManyKeys(fitting.len().saturating_add(left_out)));
        }
        Outcome::NoKey { name: name.map(str::to_owned), tried: fitting.len() }
    }

    /// Whether the key made the signature, and over which form of the header.
    fn verify(&self, key: &Key, attempts: &mut usize) -> Result<Option<Variant>, Unfit> {
        let material = match &key.material {
            Material::Rsa { modulus, exponent } => DecodingKey::from_rsa_raw_components(modulus, exponent),
            Material::Curve { point, .. } => DecodingKey::from_ec_der(point),
            Material::Symmetric(_) | Material::Other(_) => {
                return Err(Unfit::Kind { is: key.kind(), algorithm: self.algorithm });
            }
        };
        let verifier = verify::verifier(self.algorithm, &material).ok_or(match key.material {
            Material::Rsa { .. } => Unfit::NoRsaKey,
            _ => Unfit::NotOnCurve,
        })?;
        let mut made = |message: &[u8]| {
            *attempts = attempts.saturating_sub(1);
            verifier.verify(message, &self.signature).is_ok()
        };
        Ok(match &self.nonce_hashed {
            Some(hashed) if made(hashed) => Some(Variant::NonceHashed),
            Some(_) => made(self.signing_input).then_some(Variant::NonceAsReceived),
            None => made(self.signing_input).then_some(Variant::AsReceived),
        })
    }

    /// The signature as one whose end is missing, where it is shorter than the key makes it. One that is as long as
    /// another key makes it is whole: it was made with that other key.
    fn cut(&self, key: &Key) -> Option<Obstacle> {
        let is = self.signature.len();
        let of = match &key.material {
            Material::Rsa { modulus, .. } if is >= 2 * RSA_STEP && is.is_multiple_of(RSA_STEP) => is.min(modulus.len()),
            Material::Rsa { modulus, .. } => modulus.len(),
            Material::Curve { point, .. } => point.len().saturating_sub(1),
            Material::Symmetric(_) | Material::Other(_) => return None,
        };
        (is < of).then_some(Obstacle::Cut { is, of })
    }
}

impl Obstacle {
    fn of_key(key: &Key, unfit: Unfit) -> Self {
        Self::Key { key: key.index, name: key.name().to_owned(), unfit }
    }
}

/// Decodes strict base64url.
fn strict(segment: &[u8], part: &'static str) -> Result<Vec<u8>, Obstacle> {
    let decoded = base64url::decode(segment);
    match decoded.deviations.first() {
        None => Ok(decoded.bytes),
        Some(deviation) => Err(Obstacle::Encoding { part, what: deviation.to_string() }),
    }
}

/// The algorithm of a header that every reader understands alike, and the header's members.
fn algorithm(header: &Document) -> Result<(Algorithm, Value<'_>), Obstacle> {
    if let Some(error) = header.error() {
        return Err(Obstacle::Header(error.to_string()));
    }
    let Some(root) = header.root().filter(|root| root.kind() == Kind::Object) else {
        return Err(Obstacle::Header("it is no JSON object".to_owned()));
    };
    if let Some(duplicate) = header.duplicates().first() {
        return Err(Obstacle::Header(format!("it names {} {} times", duplicate.name, duplicate.count)));
    }
    if header.text_issues() > 0 {
        return Err(Obstacle::Header("its text is no valid Unicode".to_owned()));
    }
    let critical = root.get("crit").map(Value::to_text);
    let unencoded = root.get("b64").filter(|b64| b64.as_bool() != Some(true)).map(|_| "b64".to_owned());
    if let Some(names) = critical.or(unencoded) {
        return Err(Obstacle::Critical(names));
    }
    let name = root.get("alg").ok_or(Obstacle::NoAlgorithm)?;
    let Some(name) = name.as_str() else { return Err(Obstacle::Algorithm(name.to_text())) };
    if name.eq_ignore_ascii_case("none") {
        return Err(Obstacle::Unsigned);
    }
    let algorithm = name.parse().map_err(|_| Obstacle::Algorithm(name.into_owned()))?;
    Ok((algorithm, root))
}

/// What Entra signs where the header has a nonce: the same bytes, but for the nonce, in whose place the base64url of the
/// SHA-256 hash of its text stands.
fn with_hashed_nonce(header: &Document, nonce: Value<'_>, payload: &[u8]) -> Option<Vec<u8>> {
    let hash = base64url::encode(&Sha256::digest(nonce.as_str()?.as_bytes()));
    let quoted = nonce.span();
    let (before, after) = (header.text().get(..=quoted.start)?, header.text().get(quoted.end.checked_sub(1)?..)?);
    let header = base64url::encode(&[before, hash.as_bytes(), after].concat());
    Some([header.as_bytes(), b".", payload].concat())
}
