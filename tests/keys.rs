//! The keys that a caller gives: found in whatever document they stand in, and fit for what they are used for.

mod mint;

use mint::keys::{PAYLOAD, certificate, ec_jwk, entra, header, jwk, key_id, other, pem, result, rsa, set, token};
use mint::{base64, base64url};
use proptest::prelude::*;
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey};
use rsa::traits::PublicKeyParts;
use serde_json::json;
use sha1::Digest;
use std::sync::LazyLock;
use tokentriage::add_keys;
use tokentriage::jose::keys::{Key, KeySet, NoKeys};
use tokentriage::jose::signature::{Outcome, Variant, check};

/// Every form in which people have keys, and how many are found in it.
#[test]
fn keys_are_read_from_whatever_document_they_stand_in() {
    let own = jwk(entra(), json!({}));
    let public = entra().to_public_key();
    let spki = public.to_public_key_der().expect("DER");
    let certificate = certificate(spki.as_bytes());
    let ec = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let point = ec.verifying_key().to_encoded_point(false).as_bytes().to_vec();
    let set = json!({ "keys": [own, jwk(other(), json!({}))] });
    let pkcs1 = pem("RSA PUBLIC KEY", public.to_pkcs1_der().expect("DER").as_bytes());
    let one_line = pem("CERTIFICATE", &certificate).replace('\n', "\\n");
    let by_id = json!({ "a": pem("CERTIFICATE", &certificate), "b": pem("PUBLIC KEY", spki.as_bytes()) });
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(set.to_string().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let sec1 = |with_public_key: bool| {
        let public = [&[0xA1, 68, 3, 66, 0][..], &point].concat();
        let curve = [0xA0, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
        let inside = [&[2, 1, 1, 4, 32][..], &[7; 32], &curve, if with_public_key { &public } else { &[] }].concat();
        [&[0x30, u8::try_from(inside.len()).expect("short")][..], &inside].concat()
    };
    let first_name = Some(key_id(entra()));
    let thumbprint = base64url(&sha1::Sha1::digest(&certificate));
    let named = |name: &str| Some(name.to_owned());
    for (what, document, count, name, notes) in [
        ("set", set.to_string().into_bytes(), 2, first_name.clone(), vec![]),
        ("set in UTF-16", utf16, 2, first_name.clone(), vec![]),
        ("set behind a mark", [b"\xEF\xBB\xBF", set.to_string().as_bytes()].concat(), 2, first_name.clone(), vec![]),
        ("saved answer", format!("HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n{set}").into_bytes(), 2, first_name.clone(), vec![]),
        ("saved answer with JSON in a header", format!("HTTP/1.1 200 OK\nNEL: {{\"max_age\":1}}\n\n{set}").into_bytes(), 2, first_name.clone(), vec![]),
        ("single key", own.to_string().into_bytes(), 1, first_name.clone(), vec![]),
        ("list of keys", json!([own]).to_string().into_bytes(), 1, first_name.clone(), vec![]),
        ("set that is cut", set.to_string().into_bytes()[..700].to_vec(), 1, first_name.clone(), vec![
            "the JSON is damaged (expected '\"', found end of text at byte 700); what stands before that was used",
        ]),
        ("certificates by ID", by_id.to_string().into_bytes(), 2, named("a"), vec![]),
        ("certificate", pem("CERTIFICATE", &certificate).into_bytes(), 1, named(&thumbprint), vec![]),
        ("certificate in one line", one_line.into_bytes(), 1, named(&thumbprint), vec![]),
        ("certificate in DER", certificate.clone(), 1, named(&thumbprint), vec![]),
        ("certificate without armour", base64(&certificate).into_bytes(), 1, named(&thumbprint), vec![]),
        ("certificate with text around", format!("Bag Attributes\n{}\nmore", pem("CERTIFICATE", &certificate)).into_bytes(), 1, named(&thumbprint), vec![]),
        ("trusted certificate", pem("TRUSTED CERTIFICATE", &[&certificate[..], &[0x30, 0]].concat()).into_bytes(), 1, named(&thumbprint), vec![]),
        ("public key", pem("PUBLIC KEY", spki.as_bytes()).into_bytes(), 1, None, vec![]),
        ("bare public key in DER", public.to_pkcs1_der().expect("DER").as_bytes().to_vec(), 1, None, vec![]),
        ("public key in DER", spki.as_bytes().to_vec(), 1, None, vec![]),
        ("bare RSA key", pkcs1.into_bytes(), 1, None, vec![]),
        ("EC private key", pem("EC PRIVATE KEY", &sec1(true)).into_bytes(), 1, None, vec!["private half"]),
        ("two keys and a request", format!(
            "{}{}{}", pem("PUBLIC KEY", spki.as_bytes()), pem("CERTIFICATE REQUEST", &[1]), pem("CERTIFICATE", &certificate)
        ).into_bytes(), 2, None, vec!["a block CERTIFICATE REQUEST was left out: it is no key"]),
        ("private key", pem("PRIVATE KEY", entra().to_pkcs8_der().expect("DER").as_bytes()).into_bytes(), 1, None, vec!["private half"]),
        ("RSA private key", pem("RSA PRIVATE KEY", entra().to_pkcs1_der().expect("DER").as_bytes()).into_bytes(), 1, None, vec!["private half"]),
        ("private JWK", jwk(entra(), json!({ "d": "AQAB" })).to_string().into_bytes(), 1, first_name.clone(), vec!["private half"]),
        ("certificate beside the key", jwk(entra(), json!({ "x5c": [base64(&certificate)] })).to_string().into_bytes(), 1, first_name.clone(), vec![]),
        ("certificate alone in a JWK", jwk(entra(), json!({ "x5c": [base64(&certificate)], "n": null, "e": null })).to_string().into_bytes(), 1, first_name.clone(), vec![]),
        ("another certificate beside the key", jwk(other(), json!({ "kid": "k", "x5c": [base64(&certificate)] })).to_string().into_bytes(), 1, named("k"), vec![
            "the certificate beside key k (x5c) holds another key, and was left aside",
        ]),
        ("padded numbers", jwk(entra(), json!({ "n": base64(&entra().n().to_bytes_be()), "e": "AQAB\n" })).to_string().into_bytes(), 1, first_name.clone(), vec![]),
        ("mixed set", json!({ "keys": [own, { "kty": "oct", "kid": "s", "k": "AAAA" }, { "kty": "EC", "crv": "P-521", "kid": "l" }, { "kid": "n" }] }).to_string().into_bytes(), 1, first_name.clone(), vec![
            "key s is a shared secret, which nobody else may have; it is used for nothing",
            "key l cannot be used: nothing here checks with EC, curve P-521",
            "key n cannot be used: it names no kind (kty)",
        ]),
    ] {
        let mut keys = KeySet::new();
        add_keys(&mut keys, what, &document).unwrap_or_else(|error| panic!("{what}: {error}"));
        let file = &keys.files()[0];
        let found: Vec<String> = file.notes.iter().map(ToString::to_string).collect();
        assert_eq!((file.keys, found.len()), (count, notes.len()), "{what}: {found:?}");
        for (found, wanted) in found.iter().zip(notes) {
            assert!(found.contains(wanted), "{what}: {found}");
        }
        let first: &Key = &keys.keys()[0];
        assert_eq!(Some(first.name()), name.as_deref().or(first.thumbprint.as_deref()), "{what}");
        // Whatever it stood in, it is the same key.
        if !what.starts_with("EC") && !what.starts_with("another") {
            let kid = first.id.clone().or(first.x5t.clone()).unwrap_or_default();
            let signed = token(entra(), &header("RS256", &kid), PAYLOAD);
            assert_eq!(check(signed.as_bytes(), &keys), Outcome::Verified { key: 0, variant: Variant::AsReceived }, "{what}");
        }
    }
}

#[test]
fn what_holds_no_key_is_said_to_be_what_it_is() {
    let discovery = r#"{"issuer":"https://login.microsoftonline.com/common/v2.0","jwks_uri":"https://login.microsoftonline.com/common/discovery/v2.0/keys"}"#;
    let encrypted = pem("ENCRYPTED PRIVATE KEY", &[0x30, 0]);
    for (document, expected) in [
        ("", "it is empty"),
        (" \r\n", "it is empty"),
        (
            discovery,
            "it is a discovery document, which only says where the keys are: save what https://login.microsoftonline.com/common/discovery/v2.0/keys answers",
        ),
        (
            r#"{"issuer":"a","authorization_endpoint":"b"}"#,
            "it is a discovery document, which holds no keys: save what its jwks_uri answers",
        ),
        (r#"{"keys":[]}"#, "its list of keys is empty"),
        ("[]", "its list of keys is empty"),
        (r#"{"error":"invalid_tenant"}"#, "it is JSON without keys: expected a member keys or kty"),
        (r#"{"keys":{}}"#, "its list of keys is empty"),
        (
            r#"{"keys":[{"kty":"RSA","n":"AQAB"#,
            "its JSON is damaged before the first key: expected '\"', found end of text at byte 31",
        ),
        (
            r#"{"keys":[{"kty":"oct","kid":"s","k":"AAAA"}]}"#,
            "it holds no key to check with: key s is a shared secret, which nobody else may have; it is used for nothing",
        ),
        (
            r#"{"kty":"RSA","kid":"k","n":"A%AB","e":"AQAB"}"#,
            "it holds no key to check with: key k cannot be used: a number of the key is no base64url",
        ),
        (
            r#"{"kty":"RSA","kid":"k","n":7,"e":"AQAB"}"#,
            "it holds no key to check with: key k cannot be used: a number of the key is no string",
        ),
        (
            r#"{"kty":"EC","kid":"k","crv":"P-256","x":"AQ"}"#,
            "it holds no key to check with: key k cannot be used: a number of the key is missing",
        ),
        ("<!DOCTYPE html><html>", "it is a web page or XML, not the keys themselves"),
        ("eyJhbGciOiJub25lIn0.e30.", "it is a token, not the keys that tokens are signed with"),
        ("just words", "it is neither JSON nor PEM nor a certificate"),
        (
            &encrypted,
            "it holds no key to check with: key in the block ENCRYPTED PRIVATE KEY cannot be used: it is encrypted",
        ),
        (
            &pem("CERTIFICATE", &[0x30, 3, 1, 1, 0]),
            "it holds no key to check with: key in the block CERTIFICATE cannot be used: the block is damaged",
        ),
        (
            &pem("EC PARAMETERS", &[6, 1, 0]),
            "it holds no key to check with: a block EC PARAMETERS was left out: it is no key",
        ),
    ] {
        let mut keys = KeySet::new();
        let error = keys.add("keys", document.as_bytes()).expect_err(document);
        assert_eq!(error.to_string(), expected);
        assert!(keys.files().is_empty() && keys.keys().is_empty());
    }
    let mut keys = KeySet::new();
    assert_eq!(keys.add("keys", &vec![b' '; (4 << 20) + 1]).err(), Some(NoKeys::TooLarge));
}

#[test]
fn a_key_that_does_not_fit_proves_nothing() {
    let signed = |algorithm: &str| token(entra(), &header(algorithm, "k"), PAYLOAD);
    let ec = ec_jwk("P-256", &[&[4][..], &[1; 64]].concat(), json!({ "kid": "k" }));
    let short = rsa(3, 1024);
    let modulus = entra().n().to_bytes_be();
    let even = [&modulus[..255], &[modulus[255] & 0xFE]].concat();
    let large = [&[0xFF; 1025][..]].concat();
    for (key, algorithm, expected) in [
        (jwk(entra(), json!({ "kid": "k", "alg": "PS256" })), "RS256", "key k is for PS256 only"),
        (jwk(entra(), json!({ "kid": "k", "alg": "rs256" })), "RS256", "key k is for rs256 only"),
        (jwk(entra(), json!({ "kid": "k", "use": "enc" })), "RS256", "key k is not for signatures (use = enc)"),
        (
            jwk(entra(), json!({ "kid": "k", "key_ops": ["encrypt", "wrapKey"] })),
            "RS256",
            "key k is not for checking signatures (its key_ops lack verify)",
        ),
        (ec.clone(), "RS256", "key k is no key for RS256 (EC, curve P-256)"),
        (ec, "ES256", "key k is no point of its curve"),
        (jwk(entra(), json!({ "kid": "k" })), "ES256", "key k is no key for ES256 (RSA, 2048 bits)"),
        (jwk(&short, json!({ "kid": "k" })), "RS256", "key k is too small to prove anything: 1024 bits of 2048"),
        (
            jwk(entra(), json!({ "kid": "k", "n": base64url(&large) })),
            "RS256",
            "key k is larger than is checked here: 8200 bits, at most 8192",
        ),
        (
            jwk(entra(), json!({ "kid": "k", "n": base64url(&even) })),
            "RS256",
            "key k is no RSA key: modulus or exponent are impossible",
        ),
        (
            jwk(entra(), json!({ "kid": "k", "e": "AQ" })),
            "RS256",
            "key k is no RSA key: modulus or exponent are impossible",
        ),
        (
            jwk(entra(), json!({ "kid": "k", "e": "Ag" })),
            "RS256",
            "key k is no RSA key: modulus or exponent are impossible",
        ),
        (
            jwk(entra(), json!({ "kid": "k", "e": base64url(&[0xFF; 5]) })),
            "RS256",
            "key k is no RSA key: modulus or exponent are impossible",
        ),
    ] {
        let made = if algorithm == "RS256" { signed("RS256") } else { token_of_es256() };
        assert_eq!(result(&made, &set(&[key])), expected);
    }
    // What a key says about itself and what fits is taken.
    let talkative = json!({ "kid": "k", "alg": "RS256", "use": "sig", "key_ops": ["verify"], "ext": true });
    assert_eq!(result(&signed("RS256"), &set(&[jwk(entra(), talkative)])), "verified with 0 AsReceived");
}

/// A token that says ES256, with a signature of the right length.
fn token_of_es256() -> String {
    let input = format!("{}.{}", base64url(header("ES256", "k").as_bytes()), base64url(PAYLOAD.as_bytes()));
    format!("{input}.{}", base64url(&[1; 64]))
}

/// A modulus that the broken generator could have made, and one that differs from it in one number.
#[test]
fn keys_of_the_broken_generator_are_refused() {
    use rsa::BigUint;
    // The product of the primes up to 167 and 65537, and two numbers of the form k·M + 65537^a mod M.
    let primes = (2_u32..168).filter(|number| (2..*number).all(|divisor| number % divisor != 0));
    let product = primes.fold(BigUint::from(1_u32), |product, prime| product * prime);
    let factor = |power: u32, multiple: &str| {
        let multiple = BigUint::parse_bytes(multiple.as_bytes(), 16).expect("a number") << 800;
        multiple * &product + BigUint::from(65_537_u32).modpow(&BigUint::from(power), &product)
    };
    let modulus = factor(1000, "c0ffee") * factor(31, "decade");
    let key = |modulus: &BigUint| jwk(entra(), json!({ "kid": "k", "n": base64url(&modulus.to_bytes_be()) }));
    let signed = token(entra(), &header("RS256", "k"), PAYLOAD);
    let expected = "key k comes from the broken generator of CVE-2017-15361 and can be computed by anybody";
    assert!((2048..2100).contains(&modulus.bits()), "{} bits", modulus.bits());
    assert_eq!(result(&signed, &set(&[key(&modulus)])), expected);
    assert_eq!(result(&signed, &set(&[key(&(modulus + 6_u32))])), "failed with 0");
}

/// A token that the made-up key of Entra signed.
static SIGNED: LazyLock<String> = LazyLock::new(|| token(entra(), &header("RS256", &key_id(entra())), PAYLOAD));

/// A key document in which something was changed.
fn nearly_keys() -> impl Strategy<Value = Vec<u8>> {
    let spki = entra().to_public_key().to_public_key_der().expect("DER");
    let certificate = certificate(spki.as_bytes());
    let both =
        json!({ "keys": [jwk(entra(), json!({ "x5c": [base64(&certificate)] })), { "kty": "oct", "k": "AAAA" }] });
    let documents = vec![
        both.to_string().into_bytes(),
        pem("CERTIFICATE", &certificate).into_bytes(),
        pem("PRIVATE KEY", entra().to_pkcs8_der().expect("DER").as_bytes()).into_bytes(),
        pem("RSA PRIVATE KEY", entra().to_pkcs1_der().expect("DER").as_bytes()).into_bytes(),
        certificate,
    ];
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4_usize);
    (prop::sample::select(documents), prop::collection::vec(change, 0..6)).prop_map(|(mut document, changes)| {
        for (at, byte, kind) in changes {
            let at = at.index(document.len().max(1)).min(document.len());
            match kind {
                0 => document.truncate(at),
                1 => document.insert(at, byte),
                2 if at < document.len() => document[at] = byte,
                _ => document.extend_from_within(at..),
            }
        }
        document
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Any bytes are read, and what is found can be used or is said to be of no use.
    #[test]
    fn any_document_is_read(document in prop_oneof![nearly_keys(), prop::collection::vec(any::<u8>(), 0..300)]) {
        let mut keys = KeySet::new();
        match add_keys(&mut keys, "keys", &document) {
            Ok(()) => prop_assert!(keys.files()[0].keys > 0 && keys.keys().len() >= keys.files()[0].keys),
            Err(error) => {
                let sentence = error.to_string();
                prop_assert!(sentence.starts_with("it") && keys.keys().is_empty(), "{}", sentence);
            }
        }
        if let Outcome::Verified { key, .. } = check(SIGNED.as_bytes(), &keys) {
            // Whatever was changed, it was not the key.
            let own = set(&[jwk(entra(), json!({}))]);
            prop_assert_eq!(&keys.keys()[key].material, &own.keys()[0].material);
        }
    }
}
