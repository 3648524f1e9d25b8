//! Mints made-up tokens, wraps them the way people paste them, and reads the cases of `tests/corpus`.
//!
//! Nothing here is real: tenants, people and keys are made up, the rest comes from a generator that always yields the
//! same bytes. Only Microsoft's public identifiers (audiences, its own clients, role templates) are genuine.

// Every test file takes the part that it needs.
#![allow(dead_code)]

mod base;
pub(crate) mod case;
pub(crate) mod keys;
pub(crate) mod wrapping;

pub(crate) use base::base;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Made-up identifiers, by the name that cases call them by: `{tenant}`.
pub(crate) const WORLD: &[(&str, &str)] = &[
    ("tenant", "8f1f7b0e-52c4-4b0e-9b46-0d6f3a1c7e21"),
    ("other-tenant", "c25d9a34-0f6b-4e11-8a57-6b9e1d40f3ac"),
    ("app", "5b7d20c9-e3a6-4f58-91c2-7a40d6be8f13"),
    ("other-app", "e94a1f66-2d08-4c73-b5de-13f8a7c05b29"),
    ("own-api", "a03c6e5d-7b19-4d82-86f4-c9e2517b0d68"),
    ("user", "2e6fb8d1-940c-47a5-a3e7-58d1c04f9b72"),
    ("principal", "d71c05ea-38b4-4962-8d0f-e65a92b7f134"),
    ("somebody", "71f40b9c-a6d5-4e83-9c12-0be8d375f6a1"),
    ("domain", "fernweh.example"),
    ("graph", "00000003-0000-0000-c000-000000000000"),
    ("azure-ad-graph", "00000002-0000-0000-c000-000000000000"),
];

/// The identifier of that name.
pub(crate) fn id(name: &str) -> &'static str {
    WORLD.iter().find(|(other, _)| *other == name).map_or_else(|| panic!("no identifier {name}"), |(_, value)| value)
}

/// A JSON object with the order of its members, their duplicates and the texts of their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Members(pub(crate) Vec<(String, String)>);

impl Members {
    /// Sets a member in its place; a new one goes where Entra writes it: by the alphabet, behind the times.
    pub(crate) fn set(&mut self, name: &str, json: String) {
        if let Some((_, value)) = self.0.iter_mut().find(|(other, _)| other == name) {
            *value = json;
            return;
        }
        let head =
            self.0.iter().take_while(|(other, _)| matches!(other.as_str(), "aud" | "iss" | "iat" | "nbf" | "exp"));
        let head = head.count();
        let at = self.0.iter().skip(head).position(|(other, _)| other.as_str() > name);
        self.0.insert(at.map_or(self.0.len(), |at| head + at), (name.to_owned(), json));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(other, _)| other != name);
    }

    /// The value of a member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let (_, json) = self.0.iter().find(|(other, _)| other == name)?;
        serde_json::from_str(json).ok()
    }

    pub(crate) fn to_json(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{}:{value}", serde_json::json!(name))).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// Header and claims of a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub(crate) header: Members,
    pub(crate) claims: Members,
    /// Bytes of the signature; none of them verifies.
    pub(crate) signature: usize,
}

impl Parts {
    /// The token in compact serialisation.
    pub(crate) fn compact(&self) -> String {
        let (header, claims) = (self.header.to_json(), self.claims.to_json());
        let signature = base64url(&random(&claims, self.signature));
        format!("{}.{}.{signature}", base64url(header.as_bytes()), base64url(claims.as_bytes()))
    }
}

/// Bytes that look random and are always the same for the same seed (SplitMix64).
pub(crate) fn random(seed: &str, count: usize) -> Vec<u8> {
    let mut state = seed
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = state;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bytes.extend_from_slice(&(value ^ (value >> 31)).to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// `rh` of an access token: version, preamble, tenant and application inside, and a tail.
pub(crate) fn reference(tenant: &str, application: &str) -> String {
    format!("1.{}.", reference_value(tenant, application))
}

fn reference_value(tenant: &str, application: &str) -> String {
    let mut bytes = vec![0x01, 0x58, 0x00];
    bytes.extend(guid_bytes(tenant));
    bytes.extend(guid_bytes(application));
    bytes.extend(random(tenant, 5));
    base64url(&bytes)
}

/// The bytes of a GUID with the first three groups little-endian, as Entra writes them.
fn guid_bytes(guid: &str) -> Vec<u8> {
    let digits: String = guid.chars().filter(|&digit| digit != '-').collect();
    let byte = |at: usize| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).expect("hexadecimal digits");
    [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(byte).to_vec()
}

/// Things that are no JWT, by the name that cases call them by: `{refresh-token}`.
pub(crate) fn opaque(name: &str) -> Option<String> {
    let value = |client: &str, marker: u8| {
        // The first byte tells the format; since some time it is five.
        let mut secret = vec![if name.starts_with("new-") { 0x05 } else { 0x02 }, 0x00, 0x01, marker];
        secret.extend(random(name, 400));
        format!("1.{}.{}", reference_value(id("tenant"), client), base64url(&secret))
    };
    Some(match name {
        "refresh-token" | "new-refresh-token" => value(id("app"), 3),
        "family-refresh-token" => value("1fec8e78-bce4-4aaf-ab1b-5451cc387264", 3),
        "primary-refresh-token" => value("29d9ed98-a469-4536-ade2-f981bc1d605e", 3),
        "authorization-code" | "new-authorization-code" => value(id("app"), 4),
        "old-refresh-token" => format!("AQABAAAA{}", base64url(&random(name, 400))),
        "old-authorization-code" => format!("OAAABAAAA{}", base64url(&random(name, 400))),
        "personal-ticket" => base64(&[&[0x13, 0x00, 0x28][..], &random(name, 700)].concat()),
        "personal-refresh-token" => format!("M.C507_BAY.0.U.-{}", base64url(&random(name, 90))),
        "personal-code" => format!("M.R3_SN1.-{}", base64url(&random(name, 40)).replace('_', "x")),
        "client-secret" => secret(name),
        "encrypted-token" => encrypted(name),
        "saml" => saml(),
        "saml-base64" => base64(saml().as_bytes()),
        "saml-base64url" => base64url(saml().as_bytes()),
        _ => return None,
    })
}

/// The form of a client secret; put together here so that no scanner takes the source for a leak.
fn secret(name: &str) -> String {
    let letters: String = base64url(&random(name, 60)).chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{}8{}~{}", &letters[..3], 'Q', &letters[3..37])
}

fn encrypted(name: &str) -> String {
    let header = r#"{"alg":"RSA-OAEP","enc":"A256GCM","typ":"JWT","cty":"JWT"}"#;
    let parts = [256, 12, 900, 16].map(|count| base64url(&random(&format!("{name}{count}"), count)));
    format!("{}.{}", base64url(header.as_bytes()), parts.join("."))
}

fn saml() -> String {
    let tenant = id("tenant");
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_4f0d\" Version=\"2.0\" \
         IssueInstant=\"2026-03-01T09:50:00Z\"><saml:Issuer>https://sts.windows.net/{tenant}/</saml:Issuer><saml:Subject>\
         <saml:NameID>mika.beispiel@fernweh.example</saml:NameID></saml:Subject></saml:Assertion>"
    )
}
