//! JSON Web Keys (RFC 7517, members of RFC 7518 section 6).

use super::super::base64url::{self, DeviationKind};
use super::super::json::{Kind, Value};
use super::{Curve, Key, KeyNote, Material, der};

/// Reads one key and notes what is odd about it; nothing where it cannot be used for anything.
pub(super) fn read(jwk: Value<'_>, notes: &mut Vec<KeyNote>) -> Option<Key> {
    let id = text(jwk, "kid");
    let name = || id.clone().unwrap_or_else(|| "without a name".to_owned());
    let certificate = jwk.get("x5c").and_then(|chain| chain.items().next()).and_then(|first| binary(first).ok());
    let certified = certificate.as_deref().and_then(der::certificate);
    let material = match material(jwk) {
        Ok(material) => material,
        Err(why) => match certified {
            // Some publish the certificate alone.
            Some((material, _)) => material,
            None => {
                notes.push(KeyNote::Unusable { name: name(), why });
                return None;
            }
        },
    };
    if matches!(material, Material::Symmetric(_)) {
        notes.push(KeyNote::SharedSecret { name: name() });
    } else if jwk.get("d").is_some() {
        notes.push(KeyNote::PrivateKey { name: name() });
    }
    if let Material::Other(kind) = &material {
        notes.push(KeyNote::OtherKind { name: name(), kind: kind.clone() });
    }
    let own = certificate.as_deref().and_then(der::certificate).filter(|(certified, _)| *certified == material);
    if certificate.is_some() && own.is_none() {
        notes.push(KeyNote::CertificateDiffers { name: name() });
    }
    let key = Key {
        id,
        x5t: text(jwk, "x5t"),
        x5t_s256: text(jwk, "x5t#S256"),
        algorithm: text(jwk, "alg"),
        public_use: text(jwk, "use"),
        operations: jwk.get("key_ops").map(|operations| {
            operations.items().filter_map(|operation| operation.as_str().map(std::borrow::Cow::into_owned)).collect()
        }),
        issuer: text(jwk, "issuer"),
        ..Key::of(material)
    };
    Some(own.into_iter().fold(key, |key, (_, certificate)| key.with_certificate(certificate)))
}

/// A member as text. A member of another type is as good as one with another value.
fn text(jwk: Value<'_>, name: &str) -> Option<String> {
    jwk.get(name).map(Value::to_text)
}

fn material(jwk: Value<'_>) -> Result<Material, &'static str> {
    let of = |name: &str| jwk.get(name).ok_or("a number of the key is missing").and_then(binary);
    let kty = jwk.get("kty").and_then(Value::as_str).ok_or("it names no kind (kty)")?;
    match kty.as_ref() {
        "RSA" => Ok(Material::Rsa { modulus: without_zeros(of("n")?), exponent: without_zeros(of("e")?) }),
        "oct" => Ok(Material::Symmetric(of("k")?.len().saturating_mul(8))),
        "EC" => {
            let curve = match text(jwk, "crv").as_deref() {
                Some("P-256") => Curve::P256,
                Some("P-384") => Curve::P384,
                other => return Ok(Material::Other(format!("EC, curve {}", other.unwrap_or("without a name")))),
            };
            let mut point = vec![4];
            for coordinate in [of("x")?, of("y")?] {
                let coordinate = without_zeros(coordinate);
                let zeros = curve.coordinate().checked_sub(coordinate.len()).ok_or("a coordinate is too long")?;
                point.extend(std::iter::repeat_n(0, zeros));
                point.extend(coordinate);
            }
            Ok(Material::Curve { curve, point })
        }
        "OKP" => Ok(Material::Other(format!("OKP, curve {}", text(jwk, "crv").as_deref().unwrap_or("without a name")))),
        _ => Err("its kind (kty) is unknown"),
    }
}

/// The bytes of a base64url text. Padding, white space and the standard alphabet (which `x5c` has) do no harm.
fn binary(value: Value<'_>) -> Result<Vec<u8>, &'static str> {
    let text = value.as_str().filter(|_| value.kind() == Kind::String).ok_or("a number of the key is no string")?;
    let decoded = base64url::decode(text.as_bytes());
    let harmless =
        |kind| matches!(kind, DeviationKind::Padding | DeviationKind::WhiteSpace | DeviationKind::StandardAlphabet);
    let clean = decoded.deviations.iter().all(|deviation| harmless(deviation.kind));
    if clean { Ok(decoded.bytes) } else { Err("a number of the key is no base64url") }
}

fn without_zeros(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}
