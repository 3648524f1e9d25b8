//! Signatures, checked with made-up keys: what verifies, what does not, and what is said where nothing is known.

mod mint;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use mint::keys::{
    PAYLOAD, certificate, ec_jwk, entra, graph_token, header, jwk, key_id, other, pem, result, rsa, set, sign, token,
};
use mint::{base64, base64url};
use rsa::pkcs8::EncodePublicKey;
use rsa::signature::Signer;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokentriage::jose::keys::KeySet;
use tokentriage::jose::signature::{Algorithm, MOST_TRIED, Obstacle};
use tokentriage::report::Report;
use tokentriage::{Options, analyze, render};

/// The token with one character changed: always to another one that is base64url and leaves no unused bits behind.
fn altered(token: &str, at: usize) -> String {
    let mut bytes = token.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'Q' } else { b'A' };
    String::from_utf8(bytes).expect("text")
}

#[test]
fn every_algorithm_verifies_and_nothing_that_was_changed_does() {
    let point_256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let point_384 = p384::ecdsa::SigningKey::from_slice(&[7; 48]).expect("a key");
    let sec1_256 = point_256.verifying_key().to_encoded_point(false).as_bytes().to_vec();
    let sec1_384 = point_384.verifying_key().to_encoded_point(false).as_bytes().to_vec();
    let keys = set(&[
        jwk(entra(), json!({ "kid": "rsa" })),
        ec_jwk("P-256", &sec1_256, json!({ "kid": "p-256" })),
        ec_jwk("P-384", &sec1_384, json!({ "kid": "p-384" })),
    ]);
    let n_and_e = (entra().n().to_bytes_be(), entra().e().to_bytes_be());
    for (name, algorithm, kid, index) in [
        ("RS256", Algorithm::RS256, "rsa", 0),
        ("RS384", Algorithm::RS384, "rsa", 0),
        ("RS512", Algorithm::RS512, "rsa", 0),
        ("PS256", Algorithm::PS256, "rsa", 0),
        ("PS384", Algorithm::PS384, "rsa", 0),
        ("PS512", Algorithm::PS512, "rsa", 0),
        ("ES256", Algorithm::ES256, "p-256", 1),
        ("ES384", Algorithm::ES384, "p-384", 2),
    ] {
        let input = format!("{}.{}", base64url(header(name, kid).as_bytes()), base64url(PAYLOAD.as_bytes()));
        let signature = match name {
            "ES256" => {
                let signature: p256::ecdsa::Signature = point_256.sign(input.as_bytes());
                signature.to_bytes().to_vec()
            }
            "ES384" => {
                let signature: p384::ecdsa::Signature = point_384.sign(input.as_bytes());
                signature.to_bytes().to_vec()
            }
            _ => sign(entra(), name, input.as_bytes()),
        };
        let token = format!("{input}.{}", base64url(&signature));
        assert_eq!(result(&token, &keys), format!("verified with {index} AsReceived"), "{name}");

        // The provider of jsonwebtoken is the second opinion, on the whole token and on each that was changed.
        let own = match name {
            "ES256" => DecodingKey::from_ec_der(&sec1_256),
            "ES384" => DecodingKey::from_ec_der(&sec1_384),
            _ => DecodingKey::from_rsa_raw_components(&n_and_e.0, &n_and_e.1),
        };
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&algorithm, &own).expect("a verifier");
        let second_opinion = |token: &str| {
            let (input, signature) = token.rsplit_once('.').expect("a dot");
            verifier.verify(input.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).expect("base64url")).is_ok()
        };
        assert!(second_opinion(&token), "{name}");
        let (first_dot, last_dot) = (token.find('.').expect("a dot"), token.rfind('.').expect("a dot"));
        // Behind the header, whose members name the key, and before the last characters, which hold unused bits.
        for at in (first_dot + 1..token.len() - 2).step_by(23).filter(|at| *at != last_dot) {
            let changed = altered(&token, at);
            let found = result(&changed, &keys);
            assert_eq!(found, format!("failed with {index}"), "{name}: {at}");
            assert!(!second_opinion(&changed), "{name}: {at}");
        }
    }
}

#[test]
fn the_nonce_of_a_graph_token_is_hashed_in_place() {
    let keys = set(&[jwk(entra(), json!({ "kid": "k" }))]);
    let nonce = "4MJ6cWZmVdw2xH1gbHzJp0QqHh_0rLu3nSsvFEm-Xyk";
    // Header with NONCE in its place, the nonce itself, and how it is written.
    for (header, nonce, written) in [
        (r#"{"typ":"JWT","nonce":"NONCE","alg":"RS256","x5t":"k","kid":"k"}"#, nonce, nonce),
        (r#"{"nonce":"NONCE","alg":"RS256","kid":"k"}"#, nonce, nonce),
        (r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#, nonce, nonce),
        ("{\r\n  \"typ\" : \"JWT\",\t\"nonce\" :  \"NONCE\" ,\n\"alg\":\"RS256\",\"kid\":\"k\" }", nonce, nonce),
        (r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#, "", ""),
        (r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#, "AQABAAAAAAB of 2017", "AQABAAAAAAB of 2017"),
        (r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#, "a\"b\\c/d", r#"a\"b\\c\/d"#),
        (r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#, "Zo\u{eb} \u{1F600}", r"Zo\u00eb \ud83d\ude00"),
        (r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#, "Zo\u{eb} \u{1F600}", "Zo\u{eb} \u{1F600}"),
        // The name may be written with escapes, and other members may hold the word or the same value.
        (r#"{"alg":"RS256","kid":"k","\u006eonce":"NONCE"}"#, nonce, nonce),
        (
            r#"{"alg":"RS256","kid":"k","typ":"nonce","nonce":"NONCE","x":["nonce",{"nonce":"inner"}]}"#,
            "inner",
            "inner",
        ),
        (r#"{"alg":"RS256","kid":"k","x":{"nonce":"kept"},"nonce":"NONCE"}"#, nonce, nonce),
        (r#"{"alg":"RS256","kid":"k","x":"\"nonce\":\"kept\"","nonce":"NONCE"}"#, nonce, nonce),
    ] {
        let token = graph_token(entra(), header, nonce, written, PAYLOAD);
        assert_eq!(result(&token, &keys), "verified with 0 NonceHashed", "{header} {written}");
        // The same header signed as it stands: the nonce was hashed before, or nobody hashes it.
        let plain = mint::keys::token(entra(), &header.replace("NONCE", written), PAYLOAD);
        assert_eq!(result(&plain, &keys), "verified with 0 NonceAsReceived", "{header} {written}");
        // A token whose nonce was exchanged verifies in neither form.
        let exchanged = graph_token(entra(), header, nonce, "another", PAYLOAD);
        assert_eq!(result(&exchanged, &keys), "failed with 0", "{header} {written}");
    }
}

#[test]
fn no_other_form_of_the_nonce_is_taken() {
    let keys = set(&[jwk(entra(), json!({ "kid": "k" }))]);
    let template = r#"{"alg":"RS256","kid":"k","nonce":"NONCE"}"#;
    let digest = Sha256::digest("nonce");
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let signed_as = |value: &str| {
        let signed = token(entra(), &template.replace("NONCE", value), PAYLOAD);
        let (_, rest) = signed.split_once('.').expect("a dot");
        format!("{}.{rest}", base64url(template.replace("NONCE", "nonce").as_bytes()))
    };
    assert_eq!(result(&signed_as(&base64url(&digest)), &keys), "verified with 0 NonceHashed");
    let twice = base64url(&Sha256::digest(base64url(&digest)));
    for value in [hex, base64(&digest), format!("{}=", base64url(&digest)), twice] {
        assert_eq!(result(&signed_as(&value), &keys), "failed with 0", "{value}");
    }
    // What is no text has no hash: only the header as it stands is tried.
    for nonce in ["1", "null", "[\"nonce\"]", "{}"] {
        let header = template.replace("\"NONCE\"", nonce);
        assert_eq!(result(&token(entra(), &header, PAYLOAD), &keys), "verified with 0 AsReceived", "{nonce}");
    }
    let twice = r#"{"alg":"RS256","kid":"k","nonce":"a","nonce":"b"}"#;
    assert_eq!(
        result(&token(entra(), twice, PAYLOAD), &keys),
        "the header is damaged or ambiguous: it names nonce 2 times"
    );
}

#[test]
fn a_key_is_found_by_the_names_that_a_token_gives() {
    let spki = entra().to_public_key().to_public_key_der().expect("DER");
    let certificate = certificate(spki.as_bytes());
    let sha1 = base64url(&sha1::Sha1::digest(&certificate));
    let sha256 = base64url(&Sha256::digest(&certificate));
    let signed = |members: Value| {
        let mut header = json!({ "alg": "RS256" });
        header.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
        token(entra(), &header.to_string(), PAYLOAD)
    };
    let by_certificate = |members: Value| {
        let mut keys = set(&[jwk(other(), json!({}))]);
        keys.add("key.pem", pem("CERTIFICATE", &certificate).as_bytes()).expect("a key");
        result(&signed(members), &keys)
    };
    for members in [
        json!({ "kid": sha1 }),
        json!({ "x5t": sha1 }),
        json!({ "kid": "?", "x5t": sha1 }),
        json!({ "x5t#S256": sha256 }),
        json!({}),
    ] {
        assert_eq!(by_certificate(members.clone()), "verified with 1 AsReceived", "{members}");
    }
    assert_eq!(by_certificate(json!({ "kid": "gone", "x5t": "gone too" })), "no key gone, 0 tried");
    assert_eq!(by_certificate(json!({ "kid": key_id(other()) })), "failed with 0");

    // kid comes first, also where x5t would name the right one.
    let keys = set(&[jwk(other(), json!({ "kid": "a", "x5t": "x" })), jwk(entra(), json!({ "kid": "b", "x5t": "y" }))]);
    assert_eq!(result(&signed(json!({ "kid": "a", "x5t": "y" })), &keys), "failed with 0");
    assert_eq!(result(&signed(json!({ "kid": "b", "x5t": "x" })), &keys), "verified with 1 AsReceived");
    // Entra's key ID is the thumbprint of its certificate: a token of version 1 may name it as either.
    assert_eq!(result(&signed(json!({ "x5t": "b" })), &keys), "verified with 1 AsReceived");

    // A key without a name is tried, and proves nothing where it does not fit.
    for (key, expected) in [(entra(), "verified with 0 AsReceived"), (other(), "no key named elsewhere, 1 tried")] {
        let mut keys = KeySet::new();
        let spki = key.to_public_key().to_public_key_der().expect("DER");
        keys.add("key.pem", pem("PUBLIC KEY", spki.as_bytes()).as_bytes()).expect("a key");
        assert_eq!(result(&signed(json!({ "kid": "named elsewhere" })), &keys), expected);
    }
}

#[test]
fn a_token_that_names_no_key_is_tried_with_a_few() {
    let unnamed = token(entra(), r#"{"alg":"RS256"}"#, PAYLOAD);
    let own = jwk(entra(), json!({ "kid": "own" }));
    // Moduli that nobody has the other half of.
    let foreign = |count: usize, named: bool| -> Vec<Value> {
        let modulus = |seed: u8| base64url(&[&[0xC0 | seed][..], &[seed; 254], &[1]].concat());
        let key = |seed: u8| json!({ "kty": "RSA", "n": modulus(seed), "e": "AQAB", "kid": format!("k{seed}") });
        let mut keys: Vec<Value> = (0..).take(count).map(key).collect();
        let members = keys.iter_mut().filter(|_| !named).filter_map(Value::as_object_mut);
        members.for_each(|members| drop(members.remove("kid")));
        keys
    };
    let mut keys = foreign(3, true);
    assert_eq!(result(&unnamed, &set(&keys)), "no key named, 3 tried");
    keys.push(own.clone());
    assert_eq!(result(&unnamed, &set(&keys)), "verified with 3 AsReceived");
    // Keys that cannot have made it are not tried, and one that stands there many times is tried once.
    keys.insert(0, jwk(entra(), json!({ "use": "enc" })));
    keys.splice(0..0, vec![jwk(other(), json!({})); MOST_TRIED]);
    assert_eq!(result(&unnamed, &set(&keys)), format!("verified with {} AsReceived", MOST_TRIED + 4));
    // The key that was not tried can be the one: that is another thing than that it is not there.
    let more = MOST_TRIED + 1;
    let expected = format!("the token names none of the keys, and {more} are more than are tried ({MOST_TRIED})");
    assert_eq!(result(&unnamed, &set(&foreign(more, true))), expected);
    let elsewhere = token(entra(), &header("RS256", "elsewhere"), PAYLOAD);
    assert_eq!(result(&elsewhere, &set(&foreign(more, false))), expected);
    let tried = format!("no key elsewhere, {MOST_TRIED} tried");
    assert_eq!(result(&elsewhere, &set(&foreign(MOST_TRIED, false))), tried);
}

/// A key of another length made it, or its end is missing: only the second says nothing of the token.
#[test]
fn a_signature_of_another_length_is_of_another_key() {
    let large = rsa(3, 4096);
    let keys = set(&[jwk(&large, json!({ "kid": "k" }))]);
    let forged = token(entra(), &header("RS256", "k"), PAYLOAD);
    assert_eq!(result(&forged, &keys), "failed with 0");
    let whole = token(&large, &header("RS256", "k"), PAYLOAD);
    assert_eq!(result(&whole, &keys), "verified with 0 AsReceived");
    let cut = &whole[..whole.len() - 239];
    assert_eq!(result(cut, &keys), "its end is missing: 333 of 512 bytes are there");
}

#[test]
fn keys_of_one_name_have_to_be_the_same() {
    let signed = token(entra(), &header("RS256", "k"), PAYLOAD);
    let own = jwk(entra(), json!({ "kid": "k" }));
    let foreign = jwk(other(), json!({ "kid": "k" }));
    assert_eq!(result(&signed, &set(&[own.clone(), own.clone()])), "verified with 0 AsReceived");
    assert_eq!(result(&signed, &set(&[own.clone(), foreign.clone()])), "different keys are called k");
    assert_eq!(result(&signed, &set(&[foreign.clone(), own.clone()])), "different keys are called k");
    // A key for encryption of the same name stands in nobody's way.
    let encryption = jwk(other(), json!({ "kid": "k", "use": "enc" }));
    assert_eq!(result(&signed, &set(&[encryption, own.clone()])), "verified with 1 AsReceived");
    // Documents of two versions hold the same key; nothing else may have its name.
    let mut keys = set(std::slice::from_ref(&own));
    keys.add("v2.json", json!({ "keys": [own] }).to_string().as_bytes()).expect("keys");
    assert_eq!(result(&signed, &keys), "verified with 0 AsReceived");
    // Nor does the name of a key of another kind confuse anybody.
    let ec = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let point = ec.verifying_key().to_encoded_point(false).as_bytes().to_vec();
    let file =
        keys.add("ec.json", ec_jwk("P-256", &point, json!({ "kid": "k" })).to_string().as_bytes()).expect("a key");
    assert!(file.notes.is_empty(), "{:?}", file.notes);
    let file = keys.add("other.json", foreign.to_string().as_bytes()).expect("a key");
    let notes: Vec<String> = file.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["two different keys are called k, so neither can be used"]);
    assert_eq!(result(&signed, &keys), "different keys are called k");
}

#[test]
fn what_readers_would_disagree_about_is_not_checked() {
    let keys = set(&[jwk(entra(), json!({ "kid": "k" }))]);
    let good = token(entra(), &header("RS256", "k"), PAYLOAD);
    let (input, signature) = good.rsplit_once('.').expect("a dot");
    let (first, second) = input.split_once('.').expect("a dot");
    let with_header = |header: &str| format!("{}.{second}.{signature}", base64url(header.as_bytes()));
    let padded = format!("{first}=.{second}.{signature}");
    for (token, expected) in [
        (String::new(), "it has 1 parts where a signed token has three"),
        (first.to_owned(), "it has 1 parts where a signed token has three"),
        (input.to_owned(), "it has 2 parts where a signed token has three"),
        (format!("{good}."), "it has 4 parts where a signed token has three"),
        (format!("{good}.a.b"), "the token is encrypted"),
        (format!("{input}."), "there is none: the third part of the token is empty"),
        (format!("{input}.{}", &signature[..300]), "its end is missing: 225 of 256 bytes are there"),
        (format!("{good}AAAA"), "failed with 0"),
        (padded, "the header is not base64url as it was issued: padding '=' at byte 34"),
        (
            format!("{first}.{second} .{signature}"),
            "the payload is not base64url as it was issued: white space at byte 100",
        ),
        (
            format!("{input}.+{}", &signature[1..]),
            "the signature is not base64url as it was issued: '+' or '/' instead of '-' or '_' at byte 0",
        ),
        (with_header("{}"), "the header names no algorithm"),
        (with_header("[]"), "the header is damaged or ambiguous: it is no JSON object"),
        (
            with_header(r#"{"alg":"RS256""#),
            "the header is damaged or ambiguous: expected ',' or '}', found end of text at byte 14",
        ),
        (with_header(r#"{"alg":"RS256","alg":"RS256"}"#), "the header is damaged or ambiguous: it names alg 2 times"),
        (with_header(r#"{"alg":"none"}"#), "the header says that there is none (alg none)"),
        (with_header(r#"{"alg":"nOnE"}"#), "the header says that there is none (alg none)"),
        (with_header(r#"{"alg":"rs256"}"#), "the algorithm rs256 is not built in"),
        (with_header(r#"{"alg":256}"#), "the algorithm 256 is not built in"),
        (with_header(r#"{"alg":"EdDSA"}"#), "the algorithm EdDSA is not built in"),
        (
            with_header(r#"{"alg":"HS256","kid":"k"}"#),
            "HS256 rests on a shared secret, which proves nothing to anybody else",
        ),
        (
            with_header(r#"{"alg":"RS256","kid":"k","crit":["exp"]}"#),
            r#"the header demands an extension that is not known here: ["exp"]"#,
        ),
        (
            with_header(r#"{"alg":"RS256","kid":"k","crit":[]}"#),
            "the header demands an extension that is not known here: []",
        ),
    ] {
        assert_eq!(result(&token, &keys), expected, "{token}");
    }
}

/// A Graph token of the made-up world, signed by Entra's made-up key.
fn graph(members: Value) -> String {
    let header = format!(r#"{{"typ":"JWT","nonce":"NONCE","alg":"RS256","x5t":"{0}","kid":"{0}"}}"#, key_id(entra()));
    let mut claims = json!({
        "aud": "https://graph.microsoft.com", "iss": format!("https://sts.windows.net/{}/", mint::id("tenant")),
        "iat": 1_772_358_600, "nbf": 1_772_358_600, "exp": 1_772_363_400, "appid": mint::id("app"), "idtyp": "user",
        "scp": "User.Read", "tid": mint::id("tenant"), "ver": "1.0", "oid": mint::id("user"), "sub": "s",
    });
    claims.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
    graph_token(entra(), &header, "a nonce", "a nonce", &claims.to_string())
}

fn judged(paste: &str, keys: Option<KeySet>) -> Report {
    analyze(paste.as_bytes(), &Options { keys: keys.map(Arc::new), ..Options::at(1_772_359_200) })
}

fn issued_by(issuer: &str) -> Option<KeySet> {
    Some(set(&[jwk(entra(), json!({ "issuer": issuer }))]))
}

#[test]
fn the_issuer_of_a_key_is_compared_with_that_of_the_token() {
    let tenant = mint::id("tenant");
    let other = mint::id("other-tenant");
    let login = "https://login.microsoftonline.com";
    let v2 = format!("{login}/{tenant}/v2.0");
    for (published, iss, tid, agrees) in [
        (format!("{login}/{{tenantid}}/v2.0"), v2.clone(), tenant, Some(true)),
        (format!("{login}/{{tenantid}}/v2.0"), format!("https://sts.windows.net/{tenant}/"), tenant, Some(true)),
        (v2.clone(), format!("https://sts.windows.net/{tenant}/"), tenant, Some(true)),
        (format!("{login}/{other}/v2.0"), v2.clone(), tenant, Some(false)),
        (format!("{login}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"), v2.clone(), tenant, Some(false)),
        // The tenant of the token is in tid; an issuer of another one does not become right by the template.
        (format!("{login}/{{tenantid}}/v2.0"), format!("{login}/{other}/v2.0"), tenant, Some(false)),
        ("https://login.partner.microsoftonline.cn/{tenantid}/v2.0".to_owned(), v2.clone(), tenant, Some(false)),
        // Nothing but a tenant takes its place.
        (format!("{login}/{{tenantid}}/v2.0"), format!("{login}/common/v2.0"), "common", None),
        (format!("{login}/{{tenantid}}/v2.0"), format!("{login}/{{tenantid}}/v2.0"), "{tenantid}", None),
        (
            "https://issuer.fernweh.example/".to_owned(),
            "https://issuer.fernweh.example/".to_owned(),
            tenant,
            Some(true),
        ),
        (
            "https://issuer.fernweh.example/".to_owned(),
            "https://issuer.fernweh.example".to_owned(),
            tenant,
            Some(false),
        ),
    ] {
        let report = judged(&graph(json!({ "iss": iss, "tid": tid })), issued_by(&published));
        let check =
            report.artefacts[0].token.as_ref().and_then(|token| token.signature_check.clone()).expect("a check");
        assert_eq!(check.issuer_agrees, agrees, "{published} {iss}");
        let found = report.findings.iter().any(|finding| finding.id == "signature-key-other-issuer");
        assert_eq!(found, agrees == Some(false), "{published} {iss}");
    }
    // One document that agrees is enough: that of version 1.0 names no issuer.
    let mut keys = set(&[jwk(entra(), json!({}))]);
    keys.add("v2", jwk(entra(), json!({ "issuer": format!("{login}/{{tenantid}}/v2.0") })).to_string().as_bytes())
        .expect("a key");
    let report = judged(&graph(json!({})), Some(keys));
    let check = report.artefacts[0].token.as_ref().and_then(|token| token.signature_check.clone()).expect("a check");
    assert_eq!(check.issuer_agrees, Some(true));
}

#[test]
fn a_report_says_what_was_checked_with_what_and_never_that_a_token_is_valid() {
    let keys = || issued_by("https://login.microsoftonline.com/{tenantid}/v2.0");
    let good = graph(json!({}));
    let key = key_id(entra());
    let second_dot = good.rfind('.').expect("a dot");
    let taken_out = format!("{}.[Signature]", &good[..second_dot]);
    for (paste, keys, state, sentence, summary) in [
        (
            good.clone(),
            keys(),
            "verified",
            format!(
                "The signature was verified with a key that you gave (key {key} of keys.json, published for the issuer \
                 that the token names), over the header with its nonce hashed, as Entra signs for its own services: \
                 nothing was changed since it was signed. Whether a service accepts it is another question."
            ),
            format!(" · signature verified with key {key} of keys.json"),
        ),
        (
            altered(&good, second_dot - 10),
            keys(),
            "failed",
            format!(
                "The signature does not fit the key that you gave (key {key} of keys.json): the token was altered or \
                 forged, or was signed with another key of that name."
            ),
            format!(" · signature does not fit key {key} of keys.json"),
        ),
        (
            good.clone(),
            Some(set(&[jwk(other(), json!({}))])),
            "key-not-found",
            format!("Nothing is known of the signature: its key, {key}, is not among the given ones."),
            " · the key of its signature was not given".to_owned(),
        ),
        (
            good.clone(),
            Some(set(&[jwk(entra(), json!({ "use": "enc" }))])),
            "cannot-be-checked",
            format!("The signature cannot be checked: key {key} is not for signatures (use = enc)."),
            " · signature cannot be checked".to_owned(),
        ),
        (
            taken_out,
            keys(),
            "cannot-be-checked",
            "The signature cannot be checked: it was taken out before pasting.".to_owned(),
            " · signature cannot be checked".to_owned(),
        ),
        (
            good.clone(),
            None,
            "not-checked",
            "The signature was not checked: that takes the issuer's published keys.".to_owned(),
            String::new(),
        ),
    ] {
        let report = judged(&paste, keys);
        let artefact = &report.artefacts[0];
        assert_eq!(artefact.token.as_ref().map(|token| token.signature), Some(state));
        assert_eq!(report.verdict.signature, sentence);
        assert!(artefact.summary.ends_with(&summary), "{}", artefact.summary);
        assert_eq!(artefact.summary.contains("signature"), !summary.is_empty());
        let options = render::TextOptions { all: true, width: 400, ..render::TextOptions::default() };
        let outputs = [render::json(&report, true), render::markdown(&report), render::text(&report, &options)];
        let signature = &paste[second_dot + 1..];
        for output in outputs.iter().filter(|_| signature.len() > 100) {
            assert!(!output.contains(&signature[..40]) && !output.contains(&signature[300..]), "{output}");
        }
        let check = artefact.token.as_ref().and_then(|token| token.signature_check.as_ref());
        let said = [&report.verdict.headline, &report.verdict.signature, &report.verdict.checked, &artefact.summary];
        let said = said.into_iter().chain(check.map(|check| &check.summary));
        let found = report
            .findings
            .iter()
            .flat_map(|finding| [&finding.title, &finding.because].into_iter().chain(&finding.fix));
        for sentence in said.chain(found) {
            assert!(!sentence.to_lowercase().contains("valid"), "{sentence}");
        }
    }
}

#[test]
fn what_a_token_says_about_keys_is_never_used() {
    let own = jwk(other(), json!({ "kid": "mine" }));
    let spki = other().to_public_key().to_public_key_der().expect("DER");
    let header = json!({
        "alg": "RS256", "kid": "mine", "jwk": own, "x5c": [base64(&certificate(spki.as_bytes()))],
        "jku": "https://keys.evil.example/jwks.json", "x5u": "https://keys.evil.example/key.pem",
    });
    let forged = token(other(), &header.to_string(), PAYLOAD);
    assert_eq!(result(&forged, &set(&[jwk(entra(), json!({}))])), "no key mine, 0 tried");
    assert_eq!(result(&forged, &KeySet::new()), "no key mine, 0 tried");
    let paste = format!("{forged}\n{}", json!({ "keys": [own] }));
    let report = judged(&paste, None);
    assert!(
        report
            .artefacts
            .iter()
            .filter_map(|artefact| artefact.token.as_ref())
            .all(|token| token.signature == "not-checked")
    );
}

/// A log of many tokens: those at its beginning and the judged one are checked, and the rest is said not to be.
#[test]
fn a_log_of_tokens_costs_a_bounded_number_of_signatures() {
    let keys = set(&[jwk(entra(), json!({ "kid": "k" }))]);
    let short = token(entra(), r#"{"alg":"RS256","kid":"k"}"#, r#"{"exp":1}"#);
    let latest = token(entra(), r#"{"alg":"RS256","kid":"k"}"#, r#"{"exp":1999999999}"#);
    let log = format!("{}{latest}\n", format!("{short}\n").repeat(1500));
    let report = judged(&log, Some(keys));
    let states: Vec<&str> =
        report.artefacts.iter().filter_map(|artefact| artefact.token.as_ref()).map(|token| token.signature).collect();
    assert_eq!(states.len(), 1501);
    assert_eq!(states.iter().filter(|state| **state == "verified").count(), 1024);
    assert_eq!(
        (states[0], states[1022], states[1023], states[1500]),
        ("verified", "verified", "cannot-be-checked", "verified")
    );
    let obstacle =
        report.artefacts[1499].token.as_ref().and_then(|token| token.signature_check.as_ref()?.obstacle.clone());
    assert_eq!(obstacle.as_deref(), Some("it is one of many: after 1024 attempts no more are made"));
}

/// Whichever of several tokens the question is about: a forged one is told.
#[test]
fn a_forged_token_beside_a_good_one_is_found() {
    let good = graph(json!({}));
    let forged = altered(&good, good.rfind('.').expect("a dot") - 10);
    let keys = || issued_by("https://login.microsoftonline.com/{tenantid}/v2.0");
    for (paste, first) in [
        (format!("{good}\n{forged}\n"), true),
        (format!("{forged}\n{good}\n"), false),
        (format!("Authorization: Bearer {good}\nX-Token: {forged}\n"), true),
    ] {
        let report = judged(&paste, keys());
        let mismatch = report.findings.iter().find(|finding| finding.id == "signature-mismatch").expect(&paste);
        assert_eq!(mismatch.evidence[0].artefact, Some(usize::from(first)), "{paste}");
    }
    let report = judged(&format!("{good}\n{good}\n"), keys());
    assert!(report.findings.iter().all(|finding| finding.id != "signature-mismatch"));
}

/// What keeps a signature from being checked is said once, and never passed over.
#[test]
fn a_signature_that_cannot_be_checked_is_never_no_problem() {
    let good = graph(json!({}));
    let keys = || issued_by("https://login.microsoftonline.com/{tenantid}/v2.0");
    // The last of 342 characters holds four bits that belong to no byte.
    let last = good.chars().last().expect("a character");
    let trailing = URL_SAFE_NO_PAD.encode([0]).chars().next().filter(|zero| *zero != last).map_or('B', |_| 'B');
    for (paste, id) in [
        (format!("{}{trailing}", &good[..good.len() - 1]), "signature-cannot-be-checked"),
        (good[..good.len() - 100].to_owned(), "token-truncated"),
        (format!("{good}=="), "malformed-bearer-token"),
    ] {
        let report = judged(&paste, keys());
        let loud = report.findings.iter().map(|finding| finding.id).filter(|found| *found == id).count();
        assert_eq!(loud, 1, "{id}: {:?}", report.findings);
        assert_eq!(report.artefacts[0].token.as_ref().map(|token| token.signature), Some("cannot-be-checked"));
    }
    // A header whose names of keys are no text is read by nobody alike.
    let odd = token(entra(), r#"{"alg":"RS256","kid":7}"#, PAYLOAD);
    let own = set(&[jwk(entra(), json!({}))]);
    assert_eq!(result(&odd, &own), "the header is damaged or ambiguous: kid is no text");
}

/// The check is made of the token that a reader sees; the report says what was undone for it.
#[test]
fn what_was_undone_before_the_check_is_said() {
    let good = graph(json!({}));
    let said =
        |paste: &str| judged(paste, issued_by("https://login.microsoftonline.com/{tenantid}/v2.0")).verdict.signature;
    let undone = "What the text has between its characters (line breaks, blanks, percent-encoding) was undone first.";
    assert!(!said(&good).contains(undone));
    let hidden = format!("{}\u{200b}{}", &good[..40], &good[40..]);
    assert!(said(&hidden).starts_with("The signature was verified") && said(&hidden).contains(undone));
}

#[test]
fn redaction_reaches_what_is_said_about_signatures() {
    let keys = set(&[jwk(entra(), json!({ "kid": "mika.beispiel@fernweh.example" }))]);
    let header = r#"{"alg":"RS256","kid":"mika.beispiel@fernweh.example"}"#;
    let claims =
        json!({ "aud": "x", "iss": "y", "upn": "mika.beispiel@fernweh.example", "exp": 1_772_363_400 }).to_string();
    let mut report = judged(&token(entra(), header, &claims), Some(keys));
    assert!(render::json(&report, false).contains("mika.beispiel"));
    report.redact();
    let shown = render::json(&report, false);
    assert!(!shown.contains("mika.beispiel"), "{shown}");
}

#[test]
fn obstacles_of_a_paste_are_told_apart() {
    let keys = || Some(set(&[jwk(entra(), json!({}))]));
    let encrypted = mint::opaque("encrypted-token").expect("a token");
    let report = judged(&encrypted, keys());
    let check = report.artefacts[0].token.as_ref().and_then(|token| token.signature_check.clone()).expect("a check");
    assert_eq!(check.obstacle, Some(Obstacle::Encrypted.to_string()));
    let unsigned = format!("{}.{}.", base64url(br#"{"alg":"none","typ":"JWT"}"#), base64url(PAYLOAD.as_bytes()));
    let report = judged(&unsigned, keys());
    assert_eq!(report.artefacts[0].token.as_ref().map(|token| token.signature), Some("no-signature"));
    assert_eq!(
        report.verdict.signature,
        "The signature cannot be checked: the header says that there is none (alg none)."
    );
}
