//! Keys in DER: certificates (RFC 5280 section 4.1), public keys (RFC 8017 appendix A.1.1) and the public half of
//! private ones (RFC 5958 section 2, RFC 5915 section 3).
//!
//! Only the way to the key is read. No certificate is judged here: the caller's word is what makes a key one to check
//! with.

use super::{Curve, Material};
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// The key of the certificate that `bytes` begin with, and the certificate alone.
pub(super) fn certificate(bytes: &[u8]) -> Option<(Material, &[u8])> {
    let mut all = SliceReader::new(bytes).ok()?;
    all.decode::<AnyRef<'_>>().ok()?;
    let whole = bytes.get(..usize::try_from(all.position()).ok()?)?;
    let signed: AnyRef<'_> = inside(whole)?.decode().ok()?;
    let mut fields = SliceReader::new(signed.value()).ok().filter(|_| signed.tag() == Tag::Sequence)?;
    let first: AnyRef<'_> = fields.decode().ok()?;
    // Version, where it is not 1, stands before the serial number.
    let before_the_key = if first.tag().is_context_specific() { 5 } else { 4 };
    for _ in 0..before_the_key {
        fields.decode::<AnyRef<'_>>().ok()?;
    }
    Some((subject(&fields.decode().ok()?)?, whole))
}

/// A public key with its algorithm, as in blocks `PUBLIC KEY`.
pub(super) fn public_key(bytes: &[u8]) -> Option<Material> {
    subject(&SubjectPublicKeyInfoRef::from_der(bytes).ok()?)
}

/// A bare RSA public key, as in blocks `RSA PUBLIC KEY`.
pub(super) fn rsa_public_key(bytes: &[u8]) -> Option<Material> {
    rsa(&mut inside(bytes)?)
}

/// The public half of a bare RSA private key, as in blocks `RSA PRIVATE KEY`.
pub(super) fn rsa_private_key(bytes: &[u8]) -> Option<Material> {
    let mut fields = inside(bytes)?;
    let _version: UintRef<'_> = fields.decode().ok()?;
    rsa(&mut fields)
}

/// The public half of a private key with its algorithm, as in blocks `PRIVATE KEY`.
pub(super) fn private_key(bytes: &[u8]) -> Option<Material> {
    let mut fields = inside(bytes)?;
    let _version: UintRef<'_> = fields.decode().ok()?;
    let algorithm: AlgorithmIdentifierRef<'_> = fields.decode().ok()?;
    let key: OctetStringRef<'_> = fields.decode().ok()?;
    match algorithm.oid {
        RSA | RSA_PSS => rsa_private_key(key.as_bytes()),
        EC => ec_private(key.as_bytes(), curve(&algorithm)),
        other => Some(Material::Other(other.to_string())),
    }
}

/// The public half of a bare EC private key, as in blocks `EC PRIVATE KEY`; nothing where it stands there without one.
pub(super) fn ec_private_key(bytes: &[u8]) -> Option<Material> {
    ec_private(bytes, None)
}

/// What stands inside the sequence that `bytes` begin with.
fn inside(bytes: &[u8]) -> Option<SliceReader<'_>> {
    let whole: AnyRef<'_> = SliceReader::new(bytes).ok()?.decode().ok()?;
    SliceReader::new(whole.value()).ok().filter(|_| whole.tag() == Tag::Sequence)
}

fn subject(key: &SubjectPublicKeyInfoRef<'_>) -> Option<Material> {
    let bytes = key.subject_public_key.as_bytes()?;
    match key.algorithm.oid {
        RSA | RSA_PSS => rsa_public_key(bytes),
        EC => point(curve(&key.algorithm), bytes),
        other => Some(Material::Other(other.to_string())),
    }
}

fn rsa(fields: &mut SliceReader<'_>) -> Option<Material> {
    let modulus: UintRef<'_> = fields.decode().ok()?;
    let exponent: UintRef<'_> = fields.decode().ok()?;
    Some(Material::Rsa { modulus: modulus.as_bytes().to_vec(), exponent: exponent.as_bytes().to_vec() })
}

fn ec_private(bytes: &[u8], mut curve: Option<ObjectIdentifier>) -> Option<Material> {
    let mut fields = inside(bytes)?;
    let _version: UintRef<'_> = fields.decode().ok()?;
    let _secret: OctetStringRef<'_> = fields.decode().ok()?;
    while !fields.is_finished() {
        let field: AnyRef<'_> = fields.decode().ok()?;
        match field.tag() {
            Tag::ContextSpecific { number, .. } if number.value() == 0 => {
                curve = ObjectIdentifier::from_der(field.value()).ok();
            }
            Tag::ContextSpecific { number, .. } if number.value() == 1 => {
                return point(curve, BitStringRef::from_der(field.value()).ok()?.as_bytes()?);
            }
            _ => {}
        }
    }
    None
}

fn curve(algorithm: &AlgorithmIdentifierRef<'_>) -> Option<ObjectIdentifier> {
    algorithm.parameters?.decode_as().ok()
}

/// A point in its uncompressed form; the compressed one is written by hardly any program.
fn point(curve: Option<ObjectIdentifier>, bytes: &[u8]) -> Option<Material> {
    let curve = match curve? {
        P256 => Curve::P256,
        P384 => Curve::P384,
        other => return Some(Material::Other(format!("EC, curve {other}"))),
    };
    let whole = bytes.first() == Some(&4) && bytes.len() == curve.point();
    whole.then(|| Material::Curve { curve, point: bytes.to_vec() })
}
