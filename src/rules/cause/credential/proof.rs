//! What the paste shows of the proof itself: the secret in a request, the thumbprint, subject and audience in a message.

use crate::guid::is_guid;
use crate::rules::cause::Case;

/// Hexadecimal digits of a SHA-1 and of a SHA-256 hash.
const HASH_LENGTHS: [usize; 2] = [40, 64];

/// The audience that federated credentials have unless somebody chose another.
const USUAL_AUDIENCE: &str = "api://azureadtokenexchange";

fn secrets<'c>(case: &'c Case<'_>) -> impl Iterator<Item = &'c str> {
    case.facts.token_requests.iter().filter_map(|request| Some(request.field("client_secret")?.trim()))
}

pub(super) fn secret_is_a_guid(case: &Case<'_>) -> bool {
    secrets(case).any(|secret| is_guid(secret.as_bytes()))
}

/// Nothing, or a text that samples put there. What people write over a secret before they paste it (stars, "redacted")
/// says nothing.
pub(super) fn secret_is_a_stand_in(case: &Case<'_>) -> bool {
    const WORDS: [&str; 7] =
        ["your", "enter", "insert", "placeholder", "client_secret", "client-secret", "clientsecret"];
    const NOTHING: [&str; 4] = ["", "undefined", "null", "none"];
    secrets(case).any(|secret| {
        let lower = secret.to_ascii_lowercase();
        NOTHING.contains(&lower.as_str()) || WORDS.iter().any(|word| lower.contains(word)) || is_left_open(&lower)
    })
}

/// A variable that nothing filled in, or a sentence in brackets that says what belongs there. Secrets hold no blanks, and
/// none begins and ends with the marks of a template. Who writes over a secret before pasting says that it is gone.
fn is_left_open(secret: &str) -> bool {
    const MARKS: [(&str, &str); 6] = [("#{", "}#"), ("#{", "}"), ("${", "}"), ("{{", "}}"), ("$(", ")"), ("%", "%")];
    const BRACKETS: [(&str, &str); 2] = [("[", "]"), ("{", "}")];
    const GONE: [&str; 5] = ["redacted", "removed", "hidden", "masked", "omitted"];
    let between = |(begin, end): (&str, &str)| secret.strip_prefix(begin)?.strip_suffix(end).map(str::trim);
    let name = |text: &str| {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | ' ' | '[' | ']' | '\'');
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(part)
    };
    let says_gone = GONE.iter().any(|word| secret.contains(word));
    MARKS.into_iter().filter_map(between).any(name)
        || !says_gone && BRACKETS.into_iter().filter_map(between).any(|text| text.contains(' '))
        || secret == "todo"
        || secret.contains("copy the ")
}

/// A setting in the paste that is named like a secret holds a GUID.
pub(super) fn stated_secret_is_a_guid(case: &Case<'_>) -> bool {
    case.facts.stated().secrets.iter().any(|secret| is_guid(secret.as_bytes()))
}

/// A setting in the paste that is named like a secret holds a stand-in. Words in angle brackets are as often what
/// somebody wrote over the secret before pasting, so this says less than a request that was sent.
pub(super) fn stated_secret_is_a_stand_in(case: &Case<'_>) -> bool {
    const WORDS: [&str; 8] =
        ["your", "enter", "insert", "placeholder", "replace", "changeme", "change_me", "client_secret_here"];
    let stand_in = |secret: &String| {
        let lower = secret.to_ascii_lowercase();
        lower.is_empty()
            || ["undefined", "null", "none"].contains(&lower.as_str())
            || WORDS.iter().any(|word| lower.contains(word))
            || is_left_open(&lower)
    };
    case.facts.stated().secrets.iter().any(stand_in)
}

pub(super) fn thumbprint_has_an_odd_length(case: &Case<'_>) -> bool {
    case.value("thumbprint").is_some_and(|thumbprint| {
        thumbprint.bytes().all(|byte| byte.is_ascii_hexdigit()) && !HASH_LENGTHS.contains(&thumbprint.len())
    })
}

/// The bytes of the thumbprint are the letters of a thumbprint: hexadecimal text was encoded in place of its bytes.
pub(super) fn thumbprint_is_written_text(case: &Case<'_>) -> bool {
    let digit = |pair: &[u8]| {
        let byte = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        byte.is_some_and(|byte| byte.is_ascii_hexdigit())
    };
    case.value("thumbprint").is_some_and(|text| text.len() >= 40 && text.as_bytes().chunks(2).all(digit))
}

/// True where the paste holds the presented subject a second time, in other letters only: what is configured.
pub(super) fn subject_differs_in_case(case: &Case<'_>) -> bool {
    let Some(subject) = case.value("subject").filter(|subject| subject.len() > 4) else { return false };
    let mut words = case.facts.words.message.as_deref().unwrap_or_default().split(['\'', '"', ' ', '\n', '\r', ',']);
    words.any(|part| part != subject && part.eq_ignore_ascii_case(subject))
}

/// True where the paste holds the presented issuer a second time, with another slash at its end or in other letters:
/// what is configured.
pub(super) fn issuer_differs_in_slash(case: &Case<'_>) -> bool {
    let Some(issuer) = case.value("issuer").filter(|issuer| issuer.contains("://")) else { return false };
    let bare = issuer.trim_end_matches('/');
    let mut words = case.facts.words.message.as_deref().unwrap_or_default().split(['\'', '"', ' ', '\n', '\r', ',']);
    words.any(|part| part != issuer && part.trim_end_matches('/').eq_ignore_ascii_case(bare))
}

/// True where nobody outside can read the keys of the presented issuer: an inner name, this machine, a bare address, no
/// TLS.
pub(super) fn issuer_is_private(case: &Case<'_>) -> bool {
    case.value("issuer").is_some_and(|issuer| {
        let issuer = issuer.to_ascii_lowercase();
        let Some(rest) = issuer.strip_prefix("https://") else { return issuer.starts_with("http://") };
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        let inner = ["localhost", ".local", ".internal", ".svc"].iter().any(|end| host.ends_with(end));
        inner || !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// True where the paste holds the presented subject as that of a credential: behind the name of a setting, where what a
/// pipeline prints of its token stands behind other words.
pub(super) fn subject_is_configured(case: &Case<'_>) -> bool {
    let Some(subject) = case.value("subject").filter(|subject| subject.len() > 4) else { return false };
    let words = case.facts.words.message.as_deref().unwrap_or_default();
    words.match_indices(subject).take(MOST_PLACES).any(|(at, _)| {
        let before = words.get(..at).unwrap_or_default();
        let name = before.trim_end_matches(['"', '\'', ' ', ':', '=', '\\']);
        name.len() < before.len() && name.ends_with("subject")
    })
}

/// Places at which a subject is looked at.
const MOST_PLACES: usize = 64;

pub(super) fn audience_is_unusual(case: &Case<'_>) -> bool {
    case.value("audience").is_some_and(|audience| !audience.eq_ignore_ascii_case(USUAL_AUDIENCE))
}
