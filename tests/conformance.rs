//! Against vectors that others publish: what they accept has to be accepted, and nothing that they refuse.
//!
//! The RFCs' own examples are written out below and always run. Larger collections (Wycheproof, the cookbook of RFC 7520)
//! are read from the folder that `TOKENTRIAGE_VECTORS` names, or from beside the checkout; without one they are skipped, and
//! said to be. JSONTestSuite is judged in `tests/jose.rs`. Figures are printed: `cargo test --test conformance -- --nocapture`.
#![allow(clippy::disallowed_methods, reason = "a test may read the vectors that it is given")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use tokentriage::Options;
use tokentriage::extract::ArtefactKind;
use tokentriage::jose::keys::{Key, KeyNote, KeySet, Material};
use tokentriage::jose::signature::{Algorithm, Jws, Obstacle, Outcome, check};

/// The vectors of the Wycheproof JWS files whose label a strict verifier does not share, by file and number.
const EXCEPTIONS: [(&str, u64, &str); 8] = [
    ("signature", 346, "the token says PS384, its JWK is for PS256"),
    ("signature", 347, "the JWK is for ES521, which is no algorithm"),
    ("signature", 350, "the token says PS384, its JWK is for PS256"),
    ("signature", 351, "the JWK is for ES521, which is no algorithm"),
    ("signature", 367, "labelled invalid, the same bytes as 357, which is valid (C2SP/wycheproof issue 236)"),
    ("signature", 370, "labelled invalid, the same bytes as 357, which is valid (C2SP/wycheproof issue 236)"),
    ("signature", 372, "labelled valid, with a character that is not base64url (RFC 7515 section 5.2)"),
    ("signature", 373, "labelled valid, with a character that is not base64url (RFC 7515 section 5.2)"),
];

#[test]
fn wycheproof_signatures_are_judged_as_it_asks() {
    let mut disagreements = BTreeSet::new();
    let (mut agree, mut accepted, mut by_hmac, mut all) = (0, 0, 0, 0);
    for (name, file) in [
        ("signature", "json_web_signature_test.json"),
        ("key", "json_web_key_test.json"),
        ("crypto", "json_web_crypto_test.json"),
    ] {
        let Some(vectors) = vectors("wycheproof/testvectors_v1", file) else { return };
        for group in array(&vectors["testGroups"]) {
            let key = if group["public"].is_object() { &group["public"] } else { &group["private"] };
            for test in array(&group["tests"]).iter().filter(|test| !test["jws"].is_null()) {
                let number = test["tcId"].as_u64().expect("a number");
                let token = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
                let verified = verifies(&token, key);
                let valid = test["result"] == "valid";
                all += 1;
                accepted += usize::from(verified);
                by_hmac += usize::from(verified && is_shared_secret(&token, key));
                if verified == valid {
                    agree += 1;
                } else {
                    disagreements.insert((name, number));
                }
                never_verified_by_an_analysis_alone(&token, key, verified);
            }
        }
    }
    println!(
        "Wycheproof, JWS side: {agree} of {all} agree; {accepted} accepted, {by_hmac} of them HMAC, which only this test \
         computes; disagreements {disagreements:?}"
    );
    assert_eq!(disagreements, EXCEPTIONS.iter().map(|(name, number, _)| (*name, *number)).collect());
    assert_eq!((agree, all), (468, 476));
}

#[test]
fn wycheproof_encrypted_tokens_are_reported_as_encrypted() {
    let (mut reported, mut all) = (0, 0);
    for file in ["json_web_encryption_test.json", "json_web_crypto_test.json"] {
        let Some(vectors) = vectors("wycheproof/testvectors_v1", file) else { return };
        let tests = array(&vectors["testGroups"]).iter().flat_map(|group| array(&group["tests"]));
        for token in tests.filter(|test| test["result"] == "valid").filter_map(|test| test["jwe"].as_str()) {
            all += 1;
            reported += usize::from(is_reported_as_encrypted(token));
            assert_eq!(Jws::read(token.as_bytes()).err(), Some(Obstacle::Encrypted), "{token}");
        }
    }
    println!("Wycheproof, valid JWE: {reported} of {all} reported as encrypted");
    assert_eq!((reported, all), (67, 67));
}

/// What the examples of RFC 7520 section 4, of RFC 7797 and of RFC 8037 are here: file, which of the signatures, result.
const COOKBOOK: [(&str, usize, Expected); 12] = [
    ("rfc7520-cookbook/jws/4_1.rsa_v15_signature.json", 0, Expected::Verified),
    ("rfc7520-cookbook/jws/4_2.rsa-pss_signature.json", 0, Expected::Verified),
    ("rfc7520-cookbook/jws/4_3.ecdsa_signature.json", 0, Expected::Refused("the algorithm ES512 is not built in")),
    ("rfc7520-cookbook/jws/4_4.hmac-sha2_integrity_protection.json", 0, Expected::VerifiedByHmac),
    ("rfc7520-cookbook/jws/4_5.signature_with_detached_content.json", 0, Expected::VerifiedByHmac),
    ("rfc7520-cookbook/jws/4_6.protecting_specific_header_fields.json", 0, Expected::VerifiedByHmac),
    ("rfc7520-cookbook/jws/4_7.protecting_content_only.json", 0, Expected::NoHeader),
    ("rfc7520-cookbook/jws/4_8.multiple_signatures.json", 0, Expected::Verified),
    ("rfc7520-cookbook/jws/4_8.multiple_signatures.json", 1, Expected::NoHeader),
    ("rfc7520-cookbook/jws/4_8.multiple_signatures.json", 2, Expected::VerifiedByHmac),
    ("rfc7520-cookbook/rfc7797/4.2.hmac-sha2_b64_false.json", 0, Expected::Demands),
    ("rfc7520-cookbook/curve25519/jws.json", 0, Expected::Refused("the algorithm EdDSA is not built in")),
];

/// What becomes of an example.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Verified,
    /// With the shared secret that only this test has.
    VerifiedByHmac,
    /// The compact form has no place for a header that is not protected.
    NoHeader,
    /// The payload is not encoded.
    Demands,
    Refused(&'static str),
}

#[test]
fn the_cookbook_of_rfc_7520_is_judged_as_it_asks() {
    let mut verified = 0;
    for (file, index, expected) in &COOKBOOK {
        let (folder, name) = file.rsplit_once('/').expect("a folder");
        let Some(example) = vectors(folder, name) else { return };
        let signature = &example["output"]["json"]["signatures"][*index];
        let keys = &example["input"]["key"];
        let key = if keys.is_array() { &keys[*index] } else { keys };
        // Detached content is put where it belongs.
        let payload = URL_SAFE_NO_PAD.encode(example["input"]["payload"].as_str().expect("text"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let token = format!("{}.{payload}.{}", text(&signature["protected"]), text(&signature["signature"]));
        let found = match check(token.as_bytes(), &set(key).unwrap_or_default()) {
            Outcome::Verified { .. } => Expected::Verified,
            Outcome::CannotBeChecked(Obstacle::SharedSecret(_)) if verifies(&token, key) => Expected::VerifiedByHmac,
            Outcome::CannotBeChecked(Obstacle::Header(_)) if signature["protected"].is_null() => Expected::NoHeader,
            Outcome::CannotBeChecked(Obstacle::Critical(_)) => Expected::Demands,
            Outcome::CannotBeChecked(Obstacle::Algorithm(name)) => {
                let known = ["the algorithm ES512 is not built in", "the algorithm EdDSA is not built in"];
                let sentence = Obstacle::Algorithm(name).to_string();
                Expected::Refused(known.into_iter().find(|known| **known == sentence).expect("a known algorithm"))
            }
            other => panic!("{file}: {other:?}"),
        };
        assert_eq!(&found, expected, "{file}");
        verified += usize::from(matches!(found, Expected::Verified | Expected::VerifiedByHmac));
        // One changed bit is enough.
        let altered = token.replacen(&payload[..4], "SXTj", 1);
        assert!(altered != token && !verifies(&altered, key), "{file}");
    }
    println!(
        "RFC 7520 section 4 and beside it: {} signatures, {verified} verified, the rest refused as expected",
        COOKBOOK.len()
    );
}

#[test]
fn encrypted_examples_of_rfc_7520_are_reported_as_encrypted() {
    let Some(folder) = folder("rfc7520-cookbook") else { return };
    let mut compact = BTreeSet::new();
    let nested = "6.nesting_signatures_and_encryption.json";
    for file in
        entries(&folder.join("jwe")).into_iter().chain([folder.join(nested), folder.join("curve25519/ecdh-es.json")])
    {
        let example: Value = read(&file);
        let output = if example["output"].is_object() { &example["output"] } else { &example["encrypt"]["output"] };
        if let Some(token) = output["compact"].as_str() {
            assert!(is_reported_as_encrypted(token), "{}", file.display());
            compact.insert(file);
        }
    }
    println!("RFC 7520 section 5 and 6: {} encrypted tokens in compact form, all reported as encrypted", compact.len());
    assert_eq!(compact.len(), 11);
}

#[test]
fn keys_of_rfc_7520_are_read() {
    let Some(folder) = folder("rfc7520-cookbook/jwk") else { return };
    let mut found = Vec::new();
    for file in entries(&folder) {
        let mut keys = KeySet::new();
        let kind = match keys.add("key", &std::fs::read(&file).expect("a file")) {
            Ok(file) => (true, file.notes.iter().any(KeyNote::is_secret), keys.keys()[0].kind()),
            Err(error) => (false, true, error.to_string()),
        };
        found.push(kind);
    }
    let other = |name: &str| {
        format!("it holds no key to check with: key {name} cannot be used: nothing here checks with EC, curve P-521")
    };
    let secret = |name: &str| {
        let what = "is a shared secret, which nobody else may have; it is used for nothing";
        format!("it holds no key to check with: key {name} {what}")
    };
    assert_eq!(
        found,
        [
            (false, true, other("bilbo.baggins@hobbiton.example")),
            (false, true, "it holds no key to check with: key bilbo.baggins@hobbiton.example is there with its private half, which nobody else may have".to_owned()),
            (true, false, "RSA, 2048 bits".to_owned()),
            (true, true, "RSA, 2048 bits".to_owned()),
            (false, true, secret("018c0ae5-4d9b-471b-bfd6-eef314bc7037")),
            (false, true, secret("1e571774-2e08-40da-8308-e8d68773842d")),
        ]
    );
}

/// RFC 7515 appendices A.1 to A.5: the same payload, signed in five ways.
#[test]
fn examples_of_rfc_7515() {
    const PAYLOAD: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let hmac = json!({ "kty": "oct", "k": HMAC_SECRET });
    let rsa = json!({ "kty": "RSA", "n": RSA_MODULUS, "e": "AQAB" });
    let ec = json!({ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
    for (header, signature, key) in [
        ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", &hmac),
        ("eyJhbGciOiJSUzI1NiJ9", RSA_SIGNATURE, &rsa),
        (
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            &ec,
        ),
    ] {
        assert!(verifies(&format!("{header}.{PAYLOAD}.{signature}"), key), "{header}");
        assert!(!verifies(&format!("{header}.{}.{signature}", PAYLOAD.replace("joe", "eve").replace('Q', "R")), key));
        for other in [&hmac, &rsa, &ec].into_iter().filter(|other| *other != key) {
            assert!(!verifies(&format!("{header}.{PAYLOAD}.{signature}"), other), "{header}");
        }
    }
    let obstacle = |token: String| match check(token.as_bytes(), &set(&rsa).expect("keys")) {
        Outcome::CannotBeChecked(obstacle) => obstacle.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(obstacle(format!("eyJhbGciOiJub25lIn0.{PAYLOAD}.")), "the header says that there is none (alg none)");
    assert_eq!(obstacle("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwM".to_owned()), "the algorithm ES512 is not built in");
}

/// RFC 7517 appendix A.1 (a set whose first key is for encryption) and RFC 7638 section 3.1 (the thumbprint of its second).
#[test]
fn examples_of_rfc_7517_and_7638() {
    let mut keys = KeySet::new();
    let document = json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "use": "enc", "kid": "1" },
        { "kty": "RSA", "n": THUMBPRINT_MODULUS, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" },
    ] });
    let file = keys.add("RFC 7517", document.to_string().as_bytes()).expect("keys");
    assert_eq!((file.keys, file.notes.len()), (2, 0));
    let [ec, rsa] = keys.keys() else { panic!("two keys") };
    assert_eq!((ec.kind().as_str(), rsa.kind().as_str()), ("EC, curve P-256", "RSA, 2048 bits"));
    assert_eq!(rsa.thumbprint.as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    assert_eq!(
        ec.unfit(Algorithm::ES256).map(|unfit| unfit.to_string()).as_deref(),
        Some("is not for signatures (use = enc)")
    );
    assert_eq!(rsa.unfit(Algorithm::RS256), None);
    assert_eq!(rsa.unfit(Algorithm::PS256).map(|unfit| unfit.to_string()).as_deref(), Some("is for RS256 only"));
}

/// RFC 7797 section 4.2: a detached payload that is not encoded, and a header that demands to know of it. Without that
/// demand the header is still one that readers understand differently.
#[test]
fn example_of_rfc_7797() {
    let header = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
    let undemanding = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","b64":false}"#);
    for (header, names) in [(header, r#"["b64"]"#), (undemanding.as_str(), "b64")] {
        let token = format!("{header}..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY");
        assert_eq!(Jws::read(token.as_bytes()).err(), Some(Obstacle::Critical(names.to_owned())));
    }
}

const HMAC_SECRET: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const RSA_MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RSA_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const THUMBPRINT_MODULUS: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

/// Whether the token verifies with that JWK or JWK set. The library judges all but HMAC, which it refuses to compute: there
/// it reads the token and judges the key, and only the last step is taken here.
fn verifies(token: &str, keys: &Value) -> bool {
    match check(token.as_bytes(), &set(keys).unwrap_or_default()) {
        Outcome::Verified { .. } => true,
        Outcome::CannotBeChecked(Obstacle::SharedSecret(algorithm)) => {
            Jws::read(token.as_bytes()).is_ok_and(|jws| hmac_verifies(&jws, algorithm, keys))
        }
        Outcome::CannotBeChecked(_) | Outcome::Failed { .. } | Outcome::NoKey { .. } => false,
    }
}

/// Whether the library refuses to compute it because it is HMAC.
fn is_shared_secret(token: &str, keys: &Value) -> bool {
    let outcome = check(token.as_bytes(), &set(keys).unwrap_or_default());
    matches!(outcome, Outcome::CannotBeChecked(Obstacle::SharedSecret(_)))
}

/// The step that the library does not take. A set of shared secrets alone, without two of one name, as public keys have it
/// by nature.
fn hmac_verifies(jws: &Jws<'_>, algorithm: Algorithm, keys: &Value) -> bool {
    let all: Vec<&Value> = if keys["keys"].is_array() { array(&keys["keys"]).iter().collect() } else { vec![keys] };
    if all.iter().any(|key| key["kty"] != "oct") {
        return false;
    }
    let named = |key: &&&Value| jws.key_id.as_deref().is_none_or(|id| key["kid"].as_str().is_none_or(|own| own == id));
    let named: Vec<&&Value> = all.iter().filter(named).collect();
    let [key] = named.as_slice() else { return false };
    let secret = URL_SAFE_NO_PAD.decode(key["k"].as_str().expect("a secret")).expect("base64url");
    let text = |name: &str| key[name].as_str().map(str::to_owned);
    let own = Key {
        id: text("kid"),
        x5t: None,
        x5t_s256: None,
        thumbprint: None,
        material: Material::Symmetric(secret.len() * 8),
        algorithm: text("alg"),
        public_use: text("use"),
        operations: key["key_ops"]
            .is_array()
            .then(|| array(&key["key_ops"]).iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        issuer: None,
        file: 0,
        index: 0,
    };
    if own.unfit(algorithm).is_some() {
        return false;
    }
    macro_rules! hmac {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(&secret).expect("any length");
            mac.update(jws.signing_input);
            mac.verify_slice(&jws.signature).is_ok()
        }};
    }
    match algorithm {
        Algorithm::HS256 => hmac!(Sha256),
        Algorithm::HS384 => hmac!(Sha384),
        Algorithm::HS512 => hmac!(Sha512),
        _ => false,
    }
}

/// However a paste is read, no analysis calls a token verified that the check itself does not.
fn never_verified_by_an_analysis_alone(token: &str, key: &Value, verified: bool) {
    let Some(keys) = set(key) else { return };
    let options = Options { keys: Some(Arc::new(keys)), ..Options::at(0) };
    let report = tokentriage::analyze(token.as_bytes(), &options);
    let states = report.artefacts.iter().filter_map(|artefact| artefact.token.as_ref()).map(|token| token.signature);
    for state in states {
        assert!(verified || state != "verified", "{token}");
    }
}

fn is_reported_as_encrypted(token: &str) -> bool {
    let report = tokentriage::analyze(token.as_bytes(), &Options::at(0));
    matches!(report.artefacts.as_slice(), [only] if only.kind == ArtefactKind::EncryptedToken)
}

fn set(keys: &Value) -> Option<KeySet> {
    let mut set = KeySet::new();
    set.add("vectors", keys.to_string().as_bytes()).ok()?;
    Some(set)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).expect("an array")
}

/// A folder of the vectors; none where there are no vectors. Where they are named they have to be there.
fn folder(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("TOKENTRIAGE_VECTORS").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
    let is_named = named.is_some();
    let folder = named.unwrap_or_else(beside).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!is_named, "TOKENTRIAGE_VECTORS names a folder without {name}");
    println!("skipped: no {name} beside the checkout or in TOKENTRIAGE_VECTORS");
    None
}

fn vectors(within: &str, file: &str) -> Option<Value> {
    Some(read(&folder(within)?.join(file)))
}

fn read(file: &PathBuf) -> Value {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn entries(folder: &PathBuf) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}
