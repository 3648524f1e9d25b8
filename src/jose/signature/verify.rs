//! What computes: RustCrypto's verifiers behind the interface of jsonwebtoken.
//!
//! No process-wide provider is installed: a program that signs with jsonwebtoken beside this library keeps its own.

use super::super::keys::RSA_MOST_BITS;
use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::{Error, Verifier};

/// Whether this build can check signatures of that algorithm.
pub(super) const fn is_built_in(algorithm: Algorithm) -> bool {
    use Algorithm::{ES256, ES384, PS256, PS384, PS512, RS256, RS384, RS512};
    let always = matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512);
    always || cfg!(feature = "ecdsa") && matches!(algorithm, ES256 | ES384)
}

/// The verifier for that algorithm; nothing where it is not built in, or where the key is impossible, as a point that
/// does not lie on its curve.
pub(super) fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Option<impl JwtVerifier> {
    let key = match (algorithm, key.kind()) {
        (_, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
            Key::Rsa(RsaPublicKey::new_with_max_size(n, e, RSA_MOST_BITS).ok()?)
        }
        #[cfg(feature = "ecdsa")]
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
            Key::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?)
        }
        #[cfg(feature = "ecdsa")]
        (Algorithm::ES384, DecodingKeyKind::SecretOrDer(point)) => {
            Key::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?)
        }
        _ => return None,
    };
    Some(Ready { algorithm, key })
}

struct Ready {
    algorithm: Algorithm,
    key: Key,
}

enum Key {
    Rsa(RsaPublicKey),
    #[cfg(feature = "ecdsa")]
    P256(p256::ecdsa::VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P384(p384::ecdsa::VerifyingKey),
}

impl JwtVerifier for Ready {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Ready {
    /// RFC 7518 sections 3.3 (RS), 3.4 (ES: both numbers one after the other, as long as the curve asks) and 3.5 (PS: the
    /// salt as long as the hash, which is what `Pss::new` expects).
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let verified = match (&self.key, self.algorithm) {
            #[cfg(feature = "ecdsa")]
            (Key::P256(key), Algorithm::ES256) => {
                return key.verify(message, &p256::ecdsa::Signature::from_slice(signature)?);
            }
            #[cfg(feature = "ecdsa")]
            (Key::P384(key), Algorithm::ES384) => {
                return key.verify(message, &p384::ecdsa::Signature::from_slice(signature)?);
            }
            (Key::Rsa(key), Algorithm::RS256) => {
                key.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature)
            }
            (Key::Rsa(key), Algorithm::RS384) => {
                key.verify(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message), signature)
            }
            (Key::Rsa(key), Algorithm::RS512) => {
                key.verify(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message), signature)
            }
            (Key::Rsa(key), Algorithm::PS256) => key.verify(Pss::new::<Sha256>(), &Sha256::digest(message), signature),
            (Key::Rsa(key), Algorithm::PS384) => key.verify(Pss::new::<Sha384>(), &Sha384::digest(message), signature),
            (Key::Rsa(key), Algorithm::PS512) => key.verify(Pss::new::<Sha512>(), &Sha512::digest(message), signature),
            _ => return Err(Error::new()),
        };
        verified.map_err(|_| Error::new())
    }
}
