//! Every claim of a token with its meaning.

use super::{Claim, Named};
use crate::catalog::{self, ClaimPart, GuidMeaning};
use crate::guid::is_guid;
use crate::jose::json::{Kind, Value};
use crate::token::{Age, Reference, Token, duration, utc, uti_guid};
use std::borrow::Cow;

/// A value with its name.
pub(super) fn named(value: &str, name: Option<&str>) -> Named {
    Named { value: value.to_owned(), name: name.filter(|name| *name != value).map(str::to_owned) }
}

/// The most claims that are explained: tokens of Entra have some fifty.
pub(super) const MOST: usize = 1000;

/// How many members header and payload have together.
pub(super) fn count(token: &Token) -> usize {
    [&token.header, &token.payload].into_iter().flatten().filter_map(|document| Some(document.root()?.len())).sum()
}

/// The claims of header and payload, in the order of the token, the first [`MOST`].
pub(super) fn rows(now: i64, token: &Token) -> Vec<Claim> {
    let header = token.header.as_ref().and_then(|header| header.root());
    let payload = token.payload.as_ref().and_then(|payload| payload.root());
    let parts = [(ClaimPart::Header, "header", header), (ClaimPart::Payload, "payload", payload)];
    let members = parts.into_iter().filter_map(|(part, name, root)| Some((part, name, root?)));
    members
        .flat_map(|(part, part_name, root)| {
            root.members().map(move |(name, value)| {
                let known = catalog::claim(part, &name);
                Claim {
                    pointer: format!("/{part_name}/{}", name.replace('~', "~0").replace('/', "~1")),
                    value: value.to_text(),
                    reading: reading(now, &name, value),
                    meaning: known.map(|known| Cow::Borrowed(known.meaning)),
                    documented: known.is_some_and(|known| known.documented),
                    personal: known.is_some_and(|known| known.personal),
                    name: name.into_owned(),
                }
            })
        })
        .take(MOST)
        .collect()
}

/// Claims that hold a moment.
const MOMENTS: [&str; 8] = ["iat", "nbf", "exp", "auth_time", "xms_tcdt", "xms_acd", "xms_pftexp", "pwd_exp"];

/// What a value stands for.
fn reading(now: i64, name: &str, value: Value<'_>) -> Option<String> {
    if MOMENTS.contains(&name) {
        let seconds = value.as_i64()?;
        // `pwd_exp` counts from the moment of issue.
        return Some(if name == "pwd_exp" {
            format!("in {}", duration(seconds.unsigned_abs()))
        } else {
            format!("{} ({})", utc(seconds), Age { moment: seconds, now })
        });
    }
    match (name, value.kind()) {
        ("aud", Kind::String) => {
            let audience = catalog::audience(&value.as_str()?)?;
            audience.resource_name.map(str::to_owned)
        }
        ("iss" | "idp", Kind::String) => {
            catalog::issuer(&value.as_str()?).map(|issuer| issuer.name.to_owned()).filter(|issuer| !issuer.is_empty())
        }
        ("uti", Kind::String) => uti_guid(&value.as_str()?).map(|guid| format!("request ID {guid}")),
        ("rh", Kind::String) => {
            let reference = Reference::read(&value.as_str()?)?;
            let application = guid_name(&reference.application).unwrap_or(reference.application);
            Some(format!("tenant {}, application {application}", reference.tenant))
        }
        ("xms_idrel" | "xms_act_fct" | "xms_sub_fct", Kind::String) => facets(name, &value.as_str()?),
        (_, Kind::Array) => {
            // Lists of thousands of groups exist; the first few show what the list is about.
            let names: Vec<String> = value.items().take(64).filter_map(|item| one(name, &item.as_str()?)).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        (_, Kind::String) => one(name, &value.as_str()?),
        (_, Kind::Number) => one(name, value.number()?),
        _ => None,
    }
}

/// Claims whose GUIDs name applications, roles or tenants. Those of users, sessions and devices are nobody's known.
const NAMED_GUIDS: [&str; 11] = [
    "aud",
    "appid",
    "azp",
    "tid",
    "wids",
    "controls_auds",
    "xms_aud_guid",
    "xms_par_app_azp",
    "home_tid",
    "client_id",
    "apptid",
];

/// The name of one value: from the value sets of the claim, or of the GUID that it is.
fn one(name: &str, value: &str) -> Option<String> {
    // No value set has entries this long, GUIDs included.
    if value.len() > 64 {
        return None;
    }
    let known = catalog::claim_value(name, value).map(|known| known.name.to_owned());
    known.or_else(|| NAMED_GUIDS.contains(&name).then(|| guid_name(value)).flatten())
}

fn guid_name(value: &str) -> Option<String> {
    if !is_guid(value.as_bytes()) {
        return None;
    }
    catalog::guid(value).find_map(|meaning| match meaning {
        GuidMeaning::App(app) => Some(app.name.to_owned()),
        GuidMeaning::DirectoryRole(role) => Some(role.name.to_owned()),
        GuidMeaning::Permission(permission) => Some(permission.permission.name.to_owned()),
        GuidMeaning::Tenant(tenant) => Some(tenant.name.to_owned()),
        GuidMeaning::Audience(audience) => audience.resource_name.map(str::to_owned),
    })
}

/// Numbers of which only the odd ones mean anything.
fn facets(name: &str, value: &str) -> Option<String> {
    let names: Vec<&str> = value
        .split_ascii_whitespace()
        .filter(|number| number.bytes().last().is_some_and(|digit| digit % 2 == 1))
        .filter_map(|number| catalog::claim_value(name, number))
        .map(|known| known.name)
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
