//! From a document to keys: what kind of document it is, and where the keys stand in it.

use super::super::base64url;
use super::super::json::{Document, Kind, Limits, SyntaxError, Value};
use super::{Key, KeyNote, MOST_BYTES, Material, NoKeys, der, jwk};
use memchr::memmem;

/// How many values and names the JSON of a document may have: that of a cloud has some hundreds.
const MOST_VALUES: usize = 1 << 18;

/// How much of the label of a PEM block is shown, in characters.
const LONGEST_LABEL: usize = 40;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The keys of a document, and what is odd about it.
pub(super) fn read(document: &[u8]) -> Result<(Vec<Key>, Vec<KeyNote>), NoKeys> {
    if document.len() > MOST_BYTES {
        return Err(NoKeys::TooLarge);
    }
    if let Some(key) = binary(document) {
        return some(vec![key], Vec::new(), NoKeys::Unknown);
    }
    let document = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document).trim_ascii();
    let Some(first) = document.first() else { return Err(NoKeys::Empty) };
    let text = String::from_utf8_lossy(document);
    match first {
        b'{' | b'[' => json(document),
        b'<' => Err(NoKeys::Markup),
        _ if memmem::find(document, BEGIN.as_bytes()).is_some() => pem(&text),
        _ => match headers_end(document) {
            Some(body) => json(body),
            None if is_token(document) => Err(NoKeys::Token),
            None => match binary(&base64url::decode(document).bytes) {
                Some(key) => some(vec![key], Vec::new(), NoKeys::Unknown),
                None => Err(NoKeys::Unknown),
            },
        },
    }
}

/// The keys, where there are any.
fn some(keys: Vec<Key>, mut notes: Vec<KeyNote>, otherwise: NoKeys) -> Result<(Vec<Key>, Vec<KeyNote>), NoKeys> {
    if keys.iter().any(|key| !matches!(key.material, Material::Other(_) | Material::Symmetric(_))) {
        return Ok((keys, notes));
    }
    Err(if notes.is_empty() { otherwise } else { NoKeys::Unusable(Box::new(notes.swap_remove(0))) })
}

/// A certificate or public key in DER, or the base64 of one without its armour.
fn binary(bytes: &[u8]) -> Option<Key> {
    if bytes.first() != Some(&0x30) {
        return None;
    }
    if let Some((material, certificate)) = der::certificate(bytes) {
        return Some(Key::of(material).with_certificate(certificate));
    }
    der::public_key(bytes).or_else(|| der::rsa_public_key(bytes)).map(Key::of)
}

/// Where the body of a saved HTTP answer begins.
fn headers_end(document: &[u8]) -> Option<&[u8]> {
    if !document.starts_with(b"HTTP/") {
        return None;
    }
    let behind = |blank: &[u8]| memmem::find(document, blank).map(|at| at.saturating_add(blank.len()));
    let start = [behind(b"\r\n\r\n"), behind(b"\n\n")].into_iter().flatten().min()?;
    document.get(start..).map(<[u8]>::trim_ascii_start)
}

fn is_token(document: &[u8]) -> bool {
    document.starts_with(b"eyJ") && memchr::memchr_iter(b'.', document).count() >= 2
}

fn json(text: &[u8]) -> Result<(Vec<Key>, Vec<KeyNote>), NoKeys> {
    let document = Document::read_with(text, Limits { nodes: MOST_VALUES, ..Limits::default() });
    let error = document.error().copied();
    let Some(root) = document.root() else { return Err(error.map_or(NoKeys::OtherJson, NoKeys::Damaged)) };
    let mut notes: Vec<KeyNote> = error.map(KeyNote::Damaged).into_iter().collect();
    let keys = match root.get("keys").filter(|keys| keys.kind() == Kind::Array) {
        Some(keys) => list(keys, &mut notes),
        None if root.kind() == Kind::Array => list(root, &mut notes),
        None if root.get("kty").is_some() => jwk::read(root, &mut notes).into_iter().collect(),
        None => by_id(root, &mut notes),
    };
    if keys.is_empty() && notes.iter().all(|note| matches!(note, KeyNote::Damaged(_))) {
        return Err(without_keys(root, error));
    }
    some(keys, notes, NoKeys::OtherJson)
}

fn list(keys: Value<'_>, notes: &mut Vec<KeyNote>) -> Vec<Key> {
    // Half a key is none.
    let whole = keys.items().filter(|key| key.kind() == Kind::Object && !key.is_partial());
    whole.filter_map(|key| jwk::read(key, notes)).collect()
}

/// An object that names certificates or public keys in PEM by their key ID.
fn by_id(root: Value<'_>, notes: &mut Vec<KeyNote>) -> Vec<Key> {
    let mut all = Vec::new();
    for (name, value) in root.members().filter(|(_, value)| !value.is_partial()) {
        let Some(text) = value.as_str().filter(|text| text.contains(BEGIN)) else { continue };
        let named = blocks(&text, notes).into_iter().map(|key| Key { id: Some(name.clone().into_owned()), ..key });
        all.extend(named);
    }
    all
}

/// What JSON is that holds no key.
fn without_keys(root: Value<'_>, error: Option<SyntaxError>) -> NoKeys {
    let is_discovery = root.get("issuer").is_some() && root.get("keys").is_none();
    if root.get("jwks_uri").is_some() || is_discovery && root.get("authorization_endpoint").is_some() {
        return NoKeys::Discovery { jwks_uri: root.get("jwks_uri").map(Value::to_text) };
    }
    match error {
        Some(error) => NoKeys::Damaged(error),
        None if root.get("keys").is_some_and(Value::is_empty) || root.kind() == Kind::Array && root.is_empty() => {
            NoKeys::EmptySet
        }
        None => NoKeys::OtherJson,
    }
}

fn pem(text: &str) -> Result<(Vec<Key>, Vec<KeyNote>), NoKeys> {
    let mut notes = Vec::new();
    let keys = blocks(text, &mut notes);
    some(keys, notes, NoKeys::Unknown)
}

/// The keys of all PEM blocks (RFC 7468), however their lines are broken.
fn blocks(text: &str, notes: &mut Vec<KeyNote>) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((label, after)) = rest.split_once(BEGIN).and_then(|(_, after)| after.split_once(DASHES)) {
        let (body, after) = after.split_once(END).unwrap_or((after, ""));
        rest = after;
        let name = || format!("in the block {}", label.chars().take(LONGEST_LABEL).collect::<String>());
        // A private key may say how it is encrypted, in lines of their own before its text (RFC 1421 section 4.6).
        let encrypted = label.contains("ENCRYPTED") || body.contains("Proc-Type");
        // Line breaks that were escaped (`\n`) hold a letter of the alphabet.
        let bytes = base64url::decode(body.replace("\\n", "").replace("\\r", "").as_bytes()).bytes;
        let mut certificate = None;
        let (material, private) = match label {
            // A trusted certificate has remarks of OpenSSL behind it.
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                let read = der::certificate(&bytes);
                certificate = read.as_ref().map(|(_, certificate)| *certificate);
                (read.map(|(material, _)| material), false)
            }
            "PUBLIC KEY" => (der::public_key(&bytes), false),
            "RSA PUBLIC KEY" => (der::rsa_public_key(&bytes), false),
            "PRIVATE KEY" => (der::private_key(&bytes), true),
            "RSA PRIVATE KEY" => (der::rsa_private_key(&bytes), true),
            "EC PRIVATE KEY" => (der::ec_private_key(&bytes), true),
            _ if label.contains("PRIVATE KEY") => (None, true),
            _ => {
                notes.push(KeyNote::OtherBlock { label: label.chars().take(LONGEST_LABEL).collect() });
                continue;
            }
        };
        let material = material.filter(|_| !encrypted);
        let Some(material) = material else {
            let why = match (private, encrypted) {
                (true, true) => "it is encrypted",
                (true, false) => "it is a private key without its public half, or damaged",
                (false, _) => "the block is damaged",
            };
            notes.push(KeyNote::Unusable { name: name(), why });
            continue;
        };
        let key = Key::of(material);
        let key = certificate.into_iter().fold(key, Key::with_certificate);
        if private {
            notes.push(KeyNote::PrivateKey { name: key.name().to_owned() });
        }
        if let Material::Other(kind) = &key.material {
            notes.push(KeyNote::OtherKind { name: name(), kind: kind.clone() });
        }
        keys.push(key);
    }
    keys
}
