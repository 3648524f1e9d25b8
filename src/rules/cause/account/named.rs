//! What the values in a message give away: a client ID that is none, a tenant that is a piece of a path.

use crate::guid::is_guid;
use crate::rules::cause::Case;
use crate::rules::cause::values;
use crate::rules::identity;

/// Words of the paths of endpoints, which end up as tenant where an authority has too much path.
const ENDPOINT_WORDS: &[&str] = &[
    "authorize",
    "token",
    "oauth2",
    "oauth",
    "v1.0",
    "v2.0",
    "login",
    "signin",
    "logout",
    "devicecode",
    "adminconsent",
    "discovery",
    "saml2",
    "wsfed",
    "federationmetadata",
    "kmsi",
    "adfs",
    ".well-known",
];

/// A value that the message itself names, not the scenario.
fn in_message<'c>(case: &'c Case<'_>, name: &str) -> Option<&'c str> {
    values::read(&case.text, &case.message, name)
}

pub(super) fn app_is_a_stand_in(case: &Case<'_>) -> bool {
    in_message(case, "app").is_some_and(|app| {
        if is_guid(app.as_bytes()) {
            identity::is_made_up(app)
        } else {
            !identity::is_uri(app) && !app.contains('*') && !values::is_painted_over(app)
        }
    })
}

pub(super) fn app_is_an_address(case: &Case<'_>) -> bool {
    in_message(case, "app").is_some_and(|app| app.to_ascii_lowercase().starts_with("api://"))
}

/// A setting named like a client ID has an `api://` address as its value.
pub(super) fn configured_client_is_an_address(case: &Case<'_>) -> bool {
    if case.index.is_none() {
        return false;
    }
    let paste = case.facts.words_in_lower_case.text();
    ["clientid", "client_id", "client-id"].iter().any(|name| {
        paste.match_indices(name).take(64).any(|(at, name)| {
            let rest = paste.get(at.saturating_add(name.len())..).unwrap_or_default();
            rest.trim_start_matches(['"', '\'', '\\', ':', '=', ' ', '\t']).starts_with("api://")
        })
    })
}

pub(super) fn tenant_is_an_endpoint(case: &Case<'_>) -> bool {
    in_message(case, "tenant").is_some_and(|tenant| ENDPOINT_WORDS.iter().any(|word| tenant.eq_ignore_ascii_case(word)))
}

pub(super) fn tenant_in_message_is(case: &Case<'_>, names: &[&str]) -> bool {
    in_message(case, "tenant").is_some_and(|tenant| names.iter().any(|name| tenant.eq_ignore_ascii_case(name)))
}

/// A setting in the paste that is named like a tenant or an authority has this word in quotes as its value.
pub(super) fn tenant_is_configured_as(case: &Case<'_>, word: &str) -> bool {
    let paste = case.facts.words_in_lower_case.text();
    ['"', '\'', '`'].iter().any(|quote| {
        let quoted = format!("{quote}{word}{quote}");
        paste.match_indices(&quoted).take(MOST_PLACES).any(|(at, _)| {
            let near = (at.saturating_sub(NEAR)..=at).find_map(|start| paste.get(start..at)).unwrap_or_default();
            let line = near.rsplit('\n').next().unwrap_or_default();
            let behind = paste.get(at.saturating_add(quoted.len())..).and_then(|behind| behind.strip_prefix(' '));
            let named = |name: &&str| line.contains(*name) || behind.is_some_and(|behind| behind.starts_with(*name));
            ["tenant", "authority"].iter().any(named)
        })
    })
}

/// Places at which a word is looked at.
const MOST_PLACES: usize = 64;

/// How far before its value the name of a setting begins at most, in bytes.
const NEAR: usize = 40;

/// Message and scenario name two tenants, both as GUID or both as domain.
pub(super) fn tenant_is_not_the_stated_one(case: &Case<'_>) -> bool {
    let stated = case.stated_tenant();
    let of_one_kind = |seen: &str| {
        is_guid(seen.as_bytes()) && is_guid(stated.as_bytes()) || seen.contains('.') && stated.contains('.')
    };
    in_message(case, "tenant").is_some_and(|seen| of_one_kind(seen) && !seen.eq_ignore_ascii_case(stated))
}

/// Two values in quotes are the same word in other letters.
pub(super) fn two_values_differ_in_case(case: &Case<'_>) -> bool {
    let message = case.text.as_str();
    // Every second piece stands between quotes.
    let quoted: Vec<&str> = message.split('\'').skip(1).step_by(2).filter(|value| value.len() > 3).take(8).collect();
    quoted.iter().enumerate().any(|(place, one)| {
        quoted.iter().skip(place.saturating_add(1)).any(|other| one != other && one.eq_ignore_ascii_case(other))
    })
}
