//! Whether a key can have made a signature: what it is, what it is said to be for, and whether it is strong enough to
//! prove anything.

use super::{Curve, Key, Material};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use std::fmt;

/// The smallest RSA modulus, in bits (RFC 7518 section 3.3).
pub const RSA_LEAST_BITS: usize = 2048;

/// The largest RSA modulus, in bits: what is larger costs time and is used by nobody.
pub const RSA_MOST_BITS: usize = 8192;

/// The name of an algorithm in headers and keys (RFC 7518 section 3.1). Its `Debug` says the same, but the page is built
/// without that.
pub(in crate::jose) const fn algorithm_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HS256 => "HS256",
        Algorithm::HS384 => "HS384",
        Algorithm::HS512 => "HS512",
        Algorithm::ES256 => "ES256",
        Algorithm::ES384 => "ES384",
        Algorithm::RS256 => "RS256",
        Algorithm::RS384 => "RS384",
        Algorithm::RS512 => "RS512",
        Algorithm::PS256 => "PS256",
        Algorithm::PS384 => "PS384",
        Algorithm::PS512 => "PS512",
        Algorithm::EdDSA => "EdDSA",
        // Whatever jsonwebtoken adds is not built in here.
        _ => "unknown",
    }
}

/// Why a key does not fit a signature. Its `Display` continues "key K ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It is of another kind.
    Kind {
        /// What it is.
        is: String,
        /// The algorithm of the token.
        algorithm: Algorithm,
    },
    /// Its `alg` names another algorithm.
    Algorithm(String),
    /// Its `use` is not `sig`.
    Use(String),
    /// Its `key_ops` lack `verify`.
    Operations,
    /// Its modulus has too few bits.
    TooSmall(usize),
    /// Its modulus has too many bits.
    TooLarge(usize),
    /// Its modulus is even, or its exponent is even, 1, or longer than 33 bits.
    NoRsaKey,
    /// Its modulus bears the mark of the key generator of CVE-2017-15361 (ROCA): such keys can be factored.
    Roca,
    /// Its point does not lie on the curve.
    NotOnCurve,
    /// A shared secret that is shorter than the hash (RFC 7518 section 3.2).
    ShortSecret(usize),
}

impl Unfit {
    /// True where the token asks for something that the key is not meant for; false where the key itself is poor.
    pub const fn is_contradiction(&self) -> bool {
        matches!(self, Self::Kind { .. } | Self::Algorithm(_) | Self::Use(_) | Self::Operations)
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { is, algorithm } => write!(out, "is no key for {} ({is})", algorithm_name(*algorithm)),
            Self::Algorithm(other) => write!(out, "is for {other} only"),
            Self::Use(other) => write!(out, "is not for signatures (use = {other})"),
            Self::Operations => out.write_str("is not for checking signatures (its key_ops lack verify)"),
            Self::TooSmall(bits) => write!(out, "is too small to prove anything: {bits} bits of {RSA_LEAST_BITS}"),
            Self::TooLarge(bits) => write!(out, "is larger than is checked here: {bits} bits, at most {RSA_MOST_BITS}"),
            Self::NoRsaKey => out.write_str("is no RSA key: modulus or exponent are impossible"),
            Self::Roca => {
                out.write_str("comes from the broken generator of CVE-2017-15361 and can be computed by anybody")
            }
            Self::NotOnCurve => out.write_str("is no point of its curve"),
            Self::ShortSecret(bits) => write!(out, "is a shared secret of only {bits} bits"),
        }
    }
}

impl Key {
    /// Why this key cannot have made a signature with that algorithm, or why such a signature would prove nothing;
    /// nothing where it fits.
    pub fn unfit(&self, algorithm: Algorithm) -> Option<Unfit> {
        let stated = || {
            if let Some(other) = self.algorithm.as_ref().filter(|other| *other != algorithm_name(algorithm)) {
                return Some(Unfit::Algorithm(other.clone()));
            }
            if let Some(other) = self.public_use.as_ref().filter(|other| *other != "sig") {
                return Some(Unfit::Use(other.clone()));
            }
            let verifies = |operations: &Vec<String>| operations.iter().any(|operation| operation == "verify");
            (!self.operations.as_ref().is_none_or(verifies)).then_some(Unfit::Operations)
        };
        if !self.is_of_kind(algorithm) {
            return Some(Unfit::Kind { is: self.kind(), algorithm });
        }
        stated().or_else(|| self.weakness(algorithm))
    }

    fn is_of_kind(&self, algorithm: Algorithm) -> bool {
        match &self.material {
            Material::Rsa { .. } => algorithm.family() == AlgorithmFamily::Rsa,
            Material::Curve { curve: Curve::P256, .. } => algorithm == Algorithm::ES256,
            Material::Curve { curve: Curve::P384, .. } => algorithm == Algorithm::ES384,
            Material::Symmetric(_) => algorithm.family() == AlgorithmFamily::Hmac,
            Material::Other(_) => false,
        }
    }

    fn weakness(&self, algorithm: Algorithm) -> Option<Unfit> {
        match &self.material {
            Material::Rsa { modulus, exponent } => rsa_weakness(modulus, exponent),
            Material::Symmetric(bits) => {
                let least = match algorithm {
                    Algorithm::HS512 => 512,
                    Algorithm::HS384 => 384,
                    _ => 256,
                };
                (*bits < least).then_some(Unfit::ShortSecret(*bits))
            }
            // Whether a point lies on its curve is found out by whoever computes with it.
            Material::Curve { .. } | Material::Other(_) => None,
        }
    }
}

fn rsa_weakness(modulus: &[u8], exponent: &[u8]) -> Option<Unfit> {
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    match bits(modulus) {
        bits if bits > RSA_MOST_BITS => Some(Unfit::TooLarge(bits)),
        bits if bits < RSA_LEAST_BITS => Some(Unfit::TooSmall(bits)),
        _ if !odd(modulus) || !odd(exponent) || exponent == [1] || bits(exponent) > 33 => Some(Unfit::NoRsaKey),
        _ => bears_the_mark_of_roca(modulus).then_some(Unfit::Roca),
    }
}

/// The bits of a number without zeros in front.
pub(super) fn bits(number: &[u8]) -> usize {
    let first = number.first().map_or(0, |first| first.leading_zeros() as usize);
    number.len().saturating_mul(8).saturating_sub(first)
}

/// The generator of CVE-2017-15361 made primes of the form `k·M + 65537^a mod M`, where M is a product of the first
/// primes. So its moduli are powers of 65537 modulo each of them; of other moduli hardly any is that for all
/// (Nemec and others, "The Return of Coppersmith's Attack", CCS 2017, section 2.2).
fn bears_the_mark_of_roca(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 38] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
        109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    // No prime is zero, and 166 * 256 + 255 is far from the largest number.
    let reduced = |number: u32, prime: u32| number.checked_rem(prime).unwrap_or_default();
    PRIMES.iter().all(|&prime| {
        let residue = modulus
            .iter()
            .fold(0_u32, |residue, &byte| reduced(residue.saturating_mul(256).saturating_add(u32::from(byte)), prime));
        let mut power = 1_u32;
        (0..prime).any(|_| {
            power = reduced(power.saturating_mul(reduced(65_537, prime)), prime);
            power == residue
        })
    })
}
