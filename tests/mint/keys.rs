//! Made-up keys, the documents that they are published in, and signatures.
//!
//! Each test run computes the same keys from their names; none is stored, none is used anywhere else.

use super::{base64, base64url};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::sync::OnceLock;
use tokentriage::jose::keys::KeySet;
use tokentriage::jose::signature::{Outcome, check};

/// Claims of nobody.
pub(crate) const PAYLOAD: &str = r#"{"iss":"https://issuer.fernweh.example/","sub":"somebody","exp":1772363400}"#;

/// A set of those keys, called `keys.json`.
pub(crate) fn set(keys: &[Value]) -> KeySet {
    let mut set = KeySet::new();
    set.add("keys.json", json!({ "keys": keys }).to_string().as_bytes()).expect("keys");
    set
}

/// The result in a few words, for tables.
pub(crate) fn result(token: &str, keys: &KeySet) -> String {
    match check(token.as_bytes(), keys) {
        Outcome::Verified { key, variant } => format!("verified with {key} {variant:?}"),
        Outcome::Failed { key, .. } => format!("failed with {key}"),
        Outcome::NoKey { name, tried } => format!("no key {}, {tried} tried", name.as_deref().unwrap_or("named")),
        Outcome::CannotBeChecked(obstacle) => obstacle.to_string(),
    }
}

/// A header that names a key.
pub(crate) fn header(algorithm: &str, kid: &str) -> String {
    json!({ "alg": algorithm, "kid": kid }).to_string()
}

/// The key pair of Entra in the made-up world, RSA with 2048 bits.
pub(crate) fn entra() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| rsa(1, 2048))
}

/// The key pair of somebody else, likewise.
pub(crate) fn other() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| rsa(2, 2048))
}

/// A key pair of that many bits.
pub(crate) fn rsa(seed: u64, bits: usize) -> RsaPrivateKey {
    RsaPrivateKey::new(&mut ChaCha20Rng::seed_from_u64(seed), bits).expect("a key")
}

/// The name of a key in the made-up world.
pub(crate) fn key_id(key: &RsaPrivateKey) -> String {
    base64url(&Sha256::digest(key.n().to_bytes_be())[..20])
}

/// The public half as a JWK named by its [`key_id`], with further members; null takes one away.
pub(crate) fn jwk(key: &RsaPrivateKey, members: Value) -> Value {
    let (n, e) = (base64url(&key.n().to_bytes_be()), base64url(&key.e().to_bytes_be()));
    merge(json!({ "kty": "RSA", "use": "sig", "kid": key_id(key), "x5t": key_id(key), "n": n, "e": e }), members)
}

/// A JWK of a point on P-256 or P-384.
pub(crate) fn ec_jwk(curve: &str, point: &[u8], members: Value) -> Value {
    let (x, y) = point[1..].split_at(point.len() / 2);
    merge(json!({ "kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y) }), members)
}

fn merge(mut jwk: Value, members: Value) -> Value {
    for (name, value) in members.as_object().expect("an object") {
        match value {
            Value::Null => jwk.as_object_mut().expect("an object").remove(name),
            _ => jwk.as_object_mut().expect("an object").insert(name.clone(), value.clone()),
        };
    }
    jwk
}

/// Signs with RSA.
pub(crate) fn sign(key: &RsaPrivateKey, algorithm: &str, message: &[u8]) -> Vec<u8> {
    let mut random = ChaCha20Rng::seed_from_u64(message.len() as u64);
    let signature = match algorithm {
        "RS256" => key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)),
        "RS384" => key.sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(message)),
        "RS512" => key.sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(message)),
        "PS256" => key.sign_with_rng(&mut random, Pss::new::<Sha256>(), &Sha256::digest(message)),
        "PS384" => key.sign_with_rng(&mut random, Pss::new::<Sha384>(), &Sha384::digest(message)),
        "PS512" => key.sign_with_rng(&mut random, Pss::new::<Sha512>(), &Sha512::digest(message)),
        _ => panic!("no algorithm {algorithm}"),
    };
    signature.expect("a signature")
}

/// A token with that header and payload, signed as they stand.
pub(crate) fn token(key: &RsaPrivateKey, header: &str, payload: &str) -> String {
    let input = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
    let algorithm = serde_json::from_str::<Value>(header).expect("JSON")["alg"].as_str().expect("alg").to_owned();
    format!("{input}.{}", base64url(&sign(key, &algorithm, input.as_bytes())))
}

/// A token as Entra makes one for Microsoft Graph: signed over the header with the nonce hashed, and handed out with the
/// nonce. In the header given, `NONCE` stands for it; it is written with escapes where `escaped` says how.
pub(crate) fn graph_token(key: &RsaPrivateKey, header: &str, nonce: &str, escaped: &str, payload: &str) -> String {
    let hashed = base64url(&Sha256::digest(nonce));
    let signed = token(key, &header.replace("NONCE", &hashed), payload);
    let (_, rest) = signed.split_once('.').expect("a dot");
    format!("{}.{rest}", base64url(header.replace("NONCE", escaped).as_bytes()))
}

/// A self-signed certificate whose signature is of no matter: subject, times and the key.
pub(crate) fn certificate(public_key_info: &[u8]) -> Vec<u8> {
    let name = der(0x30, &[der(0x31, &[der(0x30, &[vec![6, 3, 0x55, 4, 3], der(12, &[b"made up".to_vec()])])])]);
    let algorithm = vec![0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 1, 11, 5, 0];
    let times = der(0x30, &[der(0x17, &[b"260101000000Z".to_vec()]), der(0x17, &[b"310101000000Z".to_vec()])]);
    let version = vec![0xA0, 3, 2, 1, 2];
    let serial = vec![2, 1, 1];
    let parts = [version, serial, algorithm.clone(), name.clone(), times, name, public_key_info.to_vec()];
    der(0x30, &[der(0x30, &parts), algorithm, der(3, &[vec![0; 257]])])
}

fn der(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let length = match u16::try_from(content.len()).expect("a short value") {
        length @ 0..=127 => vec![u8::try_from(length).expect("below 128")],
        length => [&[0x82], &length.to_be_bytes()[..]].concat(),
    };
    [vec![tag], length, content].concat()
}

/// A PEM block.
pub(crate) fn pem(label: &str, bytes: &[u8]) -> String {
    let text = base64(bytes);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
