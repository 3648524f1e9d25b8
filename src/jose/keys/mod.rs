//! Key sets: the public keys that the caller saved, from whatever document they stand in.
//!
//! Keys come from here and from nowhere else. What a token says about keys (`jwk`, `x5c`, `jku`, `x5u`) is never used.

mod der;
mod fit;
mod jwk;
mod note;
mod read;

pub(super) use fit::algorithm_name;
pub use fit::{RSA_LEAST_BITS, RSA_MOST_BITS, Unfit};
pub use note::{KeyNote, NoKeys};

use super::base64url;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The largest document that is read for keys, in bytes (4 MiB). The key document of a cloud takes some 20 kB.
pub const MOST_BYTES: usize = 4 << 20;

/// How many keys of one name are looked at: the first ones. A published set has one of each name.
const MOST_OF_A_NAME: usize = 64;

/// The public keys of one or several documents.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    files: Vec<KeyFile>,
    keys: Vec<Key>,
    /// For each name (`kid`, `x5t`, `x5t#S256`) the keys that have it, in order.
    names: HashMap<String, Vec<usize>>,
}

/// One document that keys were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// What the caller calls it.
    pub name: String,
    /// How many of its keys can be used for public-key signatures of some kind.
    pub keys: usize,
    /// What is odd about it, in order.
    pub notes: Vec<KeyNote>,
}

/// One key, its public half only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `kid` (RFC 7517 section 4.5).
    pub id: Option<String>,
    /// SHA-1 of its certificate in base64url: `x5t` as it stands there, or computed. Entra names its keys so.
    pub x5t: Option<String>,
    /// SHA-256 of its certificate in base64url, likewise.
    pub x5t_s256: Option<String>,
    /// SHA-256 thumbprint of the key itself in base64url (RFC 7638); absent of symmetric keys, whose value it would tell.
    pub thumbprint: Option<String>,
    /// The key itself.
    pub material: Material,
    /// `alg`: the only algorithm that it is for (RFC 7517 section 4.4).
    pub algorithm: Option<String>,
    /// `use`: `sig` or `enc` (RFC 7517 section 4.2).
    pub public_use: Option<String>,
    /// `key_ops` (RFC 7517 section 4.3).
    pub operations: Option<Vec<String>>,
    /// `issuer`, which Entra's key documents of version 2.0 name for each key; `{tenantid}` in it stands for any tenant.
    pub issuer: Option<String>,
    /// Index into [`KeySet::files`].
    pub file: usize,
    /// Index into [`KeySet::keys`].
    pub index: usize,
}

/// What a key consists of. Numbers are big-endian without zeros in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// An RSA public key.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The public exponent.
        exponent: Vec<u8>,
    },
    /// A point on an elliptic curve.
    Curve {
        /// The curve.
        curve: Curve,
        /// The point in the uncompressed form of SEC 1 section 2.3.3.
        point: Vec<u8>,
    },
    /// A shared secret, which is not kept: only its length in bits.
    Symmetric(usize),
    /// A kind of key that no algorithm here is for, e.g. "OKP Ed25519".
    Other(String),
}

/// The curves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// P-256, for ES256.
    P256,
    /// P-384, for ES384.
    P384,
}

impl KeySet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the keys of one document, which the caller calls `name`.
    ///
    /// It may be a JWK set as the key document of a cloud, a single JWK, PEM blocks (certificates, public keys, the
    /// public half of private keys), a certificate in DER or base64, or a JSON object of PEM certificates by key ID. What
    /// can be read is taken, what cannot is noted. Linear in the document.
    ///
    /// # Errors
    ///
    /// Where there is no key in it: one sentence says what it is instead.
    pub fn add(&mut self, name: &str, document: &[u8]) -> Result<&KeyFile, NoKeys> {
        let (mut keys, mut notes) = read::read(document)?;
        let file = self.files.len();
        for (key, index) in keys.iter_mut().zip(self.keys.len()..) {
            (key.file, key.index) = (file, index);
        }
        let usable = keys.iter().filter(|key| !matches!(key.material, Material::Symmetric(_) | Material::Other(_)));
        let usable = usable.count();
        for key in keys {
            notes.extend(self.namesake(&key).map(|name| KeyNote::SameName { name }));
            for name in key.names() {
                let same = self.names.entry(name.to_owned()).or_default();
                if same.last() != Some(&key.index) {
                    same.push(key.index);
                }
            }
            self.keys.push(key);
        }
        self.files.push(KeyFile { name: name.to_owned(), keys: usable, notes });
        // Just pushed.
        self.files.last().ok_or(NoKeys::Empty)
    }

    /// The documents, in the order in which they were added.
    pub fn files(&self) -> &[KeyFile] {
        &self.files
    }

    /// The keys, in the order in which they stand.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The name of the document that a key stands in.
    pub fn file_of(&self, key: &Key) -> &str {
        self.files.get(key.file).map_or("", |file| file.name.as_str())
    }

    /// The keys of that name that `wanted` takes it for, those that serve alike once.
    pub(super) fn named<'s>(&'s self, name: &str, wanted: impl Fn(&Key) -> Option<&str>) -> Vec<&'s Key> {
        distinct(self.of_name(name).filter(|key| wanted(key) == Some(name)))
    }

    /// All keys that are the same as this one: documents of version 1.0 and 2.0 hold the same keys, and only the latter
    /// name issuers.
    pub fn same_as<'s>(&'s self, key: &'s Key) -> impl Iterator<Item = &'s Key> {
        let others = key.names().next().into_iter().flat_map(|name| self.of_name(name));
        std::iter::once(key).chain(others.filter(move |other| other.material == key.material))
    }

    fn of_name(&self, name: &str) -> impl Iterator<Item = &Key> {
        let indices = self.names.get(name).into_iter().flatten().take(MOST_OF_A_NAME);
        indices.filter_map(|index| self.keys.get(*index))
    }

    /// The ID of the key where another key already has it.
    fn namesake(&self, key: &Key) -> Option<String> {
        let id = key.id.as_deref()?;
        let mut others = self.of_name(id).filter(|other| other.id.as_deref() == Some(id));
        others.any(|other| other.competes_with(key)).then(|| id.to_owned())
    }
}

/// The keys without those that serve like an earlier one.
fn distinct<'s>(keys: impl Iterator<Item = &'s Key>) -> Vec<&'s Key> {
    let mut found: Vec<&Key> = Vec::new();
    for key in keys {
        if !found.iter().any(|other| other.serves_like(key)) {
            found.push(key);
        }
    }
    found
}

impl Key {
    /// A key of that material and nothing else.
    fn of(material: Material) -> Self {
        Self {
            thumbprint: material.thumbprint(),
            material,
            id: None,
            x5t: None,
            x5t_s256: None,
            algorithm: None,
            public_use: None,
            operations: None,
            issuer: None,
            file: 0,
            index: 0,
        }
    }

    /// Its ID, or else the thumbprint of its certificate, or else its own: what a reader finds it by.
    pub fn name(&self) -> &str {
        let names = [&self.id, &self.x5t, &self.thumbprint];
        names.into_iter().find_map(Option::as_deref).unwrap_or("without a name")
    }

    /// What it is, e.g. "RSA, 2048 bits".
    pub fn kind(&self) -> String {
        match &self.material {
            Material::Rsa { modulus, .. } => format!("RSA, {} bits", fit::bits(modulus)),
            Material::Curve { curve, .. } => format!("EC, curve {}", curve.name()),
            Material::Symmetric(bits) => format!("shared secret, {bits} bits"),
            Material::Other(kind) => kind.clone(),
        }
    }

    /// Everything that a token can call it by.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        [&self.id, &self.x5t, &self.x5t_s256].into_iter().filter_map(Option::as_deref)
    }

    /// Whether a signature could be of either of the two, so that the name they share does not tell which.
    fn competes_with(&self, other: &Self) -> bool {
        let signs = |key: &Self| key.public_use.as_deref().is_none_or(|public_use| public_use == "sig");
        let same_algorithm = self.algorithm.is_none() || other.algorithm.is_none() || self.algorithm == other.algorithm;
        let one_kind = match (&self.material, &other.material) {
            (Material::Rsa { .. }, Material::Rsa { .. }) => true,
            (Material::Curve { curve: one, .. }, Material::Curve { curve: other, .. }) => one == other,
            _ => false,
        };
        self.material != other.material && one_kind && same_algorithm && signs(self) && signs(other)
    }

    /// Whether it makes no difference which of the two is used.
    pub(super) fn serves_like(&self, other: &Self) -> bool {
        self.material == other.material
            && self.algorithm == other.algorithm
            && self.public_use == other.public_use
            && self.operations == other.operations
    }

    /// Takes the names of its certificate.
    fn with_certificate(mut self, certificate: &[u8]) -> Self {
        self.x5t.get_or_insert_with(|| base64url::encode(&sha1::Sha1::digest(certificate)));
        self.x5t_s256.get_or_insert_with(|| base64url::encode(&Sha256::digest(certificate)));
        self
    }
}

impl Material {
    /// The SHA-256 thumbprint (RFC 7638): a hash of the members that make the key, in alphabetical order.
    fn thumbprint(&self) -> Option<String> {
        let members = match self {
            Self::Rsa { modulus, exponent } => {
                let (e, n) = (base64url::encode(exponent), base64url::encode(modulus));
                format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
            }
            Self::Curve { curve, point } => {
                let (x, y) = point.get(1..)?.split_at_checked(curve.coordinate())?;
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                format!(r#"{{"crv":"{}","kty":"EC","x":"{x}","y":"{y}"}}"#, curve.name())
            }
            Self::Symmetric(_) | Self::Other(_) => return None,
        };
        Some(base64url::encode(&Sha256::digest(members)))
    }
}

impl Curve {
    /// The name in JWKs (RFC 7518 section 6.2.1.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// The length of a coordinate, in bytes.
    const fn coordinate(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    /// The length of a point in its uncompressed form, in bytes: a mark and two coordinates.
    const fn point(self) -> usize {
        match self {
            Self::P256 => 65,
            Self::P384 => 97,
        }
    }
}
