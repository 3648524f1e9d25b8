//! A cause in words: title, what decided it, steps, with the values that the error names.

use super::{ADVICE, Case, Cause, consent, credential, explanations, other, permitted, received, values};
use crate::catalog;
use crate::guid::is_guid;
use crate::rules::{Found, found, rule};
use crate::scenario::{Call, Flow};

/// The finding, with what decided it.
pub(super) fn tell(case: &Case<'_>, row: &Cause) -> Found {
    let advice = ADVICE.iter().copied().flatten().find(|advice| advice.finding == row.finding);
    let title = advice.map_or_else(|| in_general(row.finding), |advice| fill(case, advice.title));
    let shown = (row.shows)(case);
    let because = because(case, row, shown.as_ref().map(|shown| shown.text.as_str()));
    let mut result = found(capitalised(title), because);
    result.confidence = row.confidence;
    result.fixer = row.fixer;
    let value = code(case).map_or_else(|| "absent".to_owned(), Clone::clone);
    result = match case.index {
        Some(index) => result.evidence(Some(index), "/error/code", value),
        None => {
            let end = case.error.message.as_deref().map_or(0, str::len);
            result.evidence(None, format!("bytes 0-{end}"), value)
        }
    };
    if let Some(shown) = shown {
        result = result.evidence(shown.artefact, shown.pointer, shown.value);
    }
    let steps: Vec<String> = match advice {
        Some(advice) => advice.fix.iter().map(|step| capitalised(fill(case, step))).collect(),
        None => explanations(case).0.first().map(|known| known.fix().collect()).unwrap_or_default(),
    };
    for step in steps.into_iter().filter(|step| !step.is_empty()) {
        result = result.fix(step);
    }
    if !row.question.is_empty() {
        result = result.fix(format!("To be sure: {}", uncapitalised(&fill(case, row.question))));
    }
    result
}

/// The code, and what speaks for the cause beside it; where nothing does, what the code means.
fn because(case: &Case<'_>, row: &Cause, shown: Option<&str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let code = match case.implied.as_deref() {
        Some(digits) => Some(format!("the message has the words of AADSTS{digits}")),
        None => code(case).cloned(),
    };
    let bare = row.words.is_empty() && row.reason.is_empty() && shown.is_none();
    let meaning =
        explanations(case).0.first().map(|known| first_sentence(&known.meaning()).to_owned()).filter(|_| bare);
    parts.extend(code.map(|code| meaning.map_or_else(|| code.clone(), |meaning| format!("{code}: {meaning}"))));
    if !row.words.is_empty() {
        parts.push(format!("the message says \"{}\"", passage(case, row.words)));
    }
    if !row.reason.is_empty() {
        parts.push(fill(case, row.reason));
    }
    parts.extend(shown.map(str::to_owned));
    if parts.is_empty() { "the words of the paste".to_owned() } else { parts.join("; ") }
}

/// Longest passage of a message that is quoted, in bytes.
const LONGEST_PASSAGE: usize = 160;

/// What the message says where it holds these words: from the first to the last of them in whole words, or each by
/// itself where that is long.
fn passage(case: &Case<'_>, words: &[&str]) -> String {
    let place = |word: &&str| Some((case.message.find(*word)?, word.len()));
    let places: Option<Vec<(usize, usize)>> = words.iter().map(place).collect();
    let whole = places.and_then(|places| {
        let start = places.iter().map(|(start, _)| *start).min()?;
        let end = places.iter().filter_map(|(start, length)| start.checked_add(*length)).max()?;
        whole_words(&case.text, start, end).filter(|text| text.len() <= LONGEST_PASSAGE)
    });
    whole.map_or_else(|| words.join("\", \""), str::to_owned)
}

/// A part of a text, as far as the words at its ends reach.
fn whole_words(text: &str, start: usize, end: usize) -> Option<&str> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..start)?.trim_end_matches(part).len();
    let behind = text.get(end..)?;
    let rest = behind.len().checked_sub(behind.trim_start_matches(part).len())?;
    let inside = text.get(..end)?.ends_with(part) && text.get(start..)?.starts_with(part);
    if inside { text.get(before..end.checked_add(rest)?) } else { text.get(start..end) }
}

fn code<'c>(case: &'c Case<'_>) -> Option<&'c String> {
    case.error.codes.first().or(case.error.code.as_ref()).or(case.error.error.as_ref())
}

/// What is said of a finding that has no advice of its own: the first sentence of what it means.
fn in_general(finding: &str) -> String {
    format!("{}.", first_sentence(rule(finding).map_or("", |rule| rule.means)))
}

/// The first sentence of a text, without its full stop.
fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(sentence, _)| sentence).trim_end_matches('.')
}

/// A sentence that begins with a filled-in word begins with a capital all the same.
fn capitalised(sentence: String) -> String {
    let begins = [("the ", "The "), ("this ", "This ")];
    let begin = begins.iter().find_map(|(small, capital)| Some((capital, sentence.strip_prefix(small)?)));
    begin.map(|(capital, rest)| format!("{capital}{rest}")).unwrap_or(sentence)
}

/// A sentence that goes on behind a colon begins small, unless its first word is a name.
fn uncapitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) if letters.clone().next().is_none_or(char::is_lowercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// Fills the braces of a sentence with the values that the error names, or with words for them.
fn fill(case: &Case<'_>, sentence: &str) -> String {
    const WORDS: [(&str, &str, &str); 35] = [
        ("number", "number", "<digits>"),
        ("relatives", "relatives", "none"),
        ("federation-code", "federation code", "the number"),
        ("entity-id", "entity ID", "the entity ID"),
        ("plain-uri", "plain URI", "the redirect URI"),
        ("client-id", "app", "<client ID>"),
        ("own-client-id", "client ID of a registration", "<client ID>"),
        ("consent-page", "page for administrators", ""),
        ("app-permissions", "permissions of a registration", ""),
        ("identity-permission", "permission of a managed identity", ""),
        ("identity", "managed identity", ""),
        ("cli-scope", "scope for the Azure CLI", ""),
        ("resource-id", "resource_app", "<API>"),
        ("tenant-id", "tenant for addresses", "<tenant ID>"),
        ("tenant-name", "tenant", "the tenant"),
        ("app-or-api", "app or API in words", "the app"),
        ("app", "app in words", "the app"),
        ("tenant", "tenant in words", "the tenant"),
        ("resource", "resource in words", "the API"),
        ("parameter", "parameter", "a parameter"),
        ("scope", "scope", "the scope"),
        ("user", "user", "the user"),
        ("uri", "uri", "the redirect URI"),
        ("subject-or-slot", "subject", "<subject>"),
        ("subject", "subject", "the subject"),
        ("issuer-or-slot", "issuer", "<issuer>"),
        ("public-issuer", "public issuer", "the issuer"),
        ("issuer", "issuer", "the issuer"),
        ("audience", "audience", "the audience"),
        ("permissions", "permissions", "the permission that the call needs"),
        ("permission", "first permission", "…"),
        ("call", "call", "this call"),
        ("called", "called API", "the API"),
        ("api-scope", "scope of called API", "<address of the API>/.default"),
        ("code", "code", "the code"),
    ];
    let mut text = String::with_capacity(sentence.len());
    for (index, part) in sentence.split(['‹', '›']).enumerate() {
        // Every second part stood between the marks of a part that may be left out.
        let optional = index % 2 == 1;
        let mut part = part.to_owned();
        let mut known = true;
        for (slot, name, word) in WORDS {
            let slot = format!("{{{slot}}}");
            if part.contains(&slot) {
                let value = slot_value(case, name);
                known &= value.is_some();
                part = part.replace(&slot, value.as_deref().unwrap_or(word));
            }
        }
        if known || !optional {
            text.push_str(&part);
        }
    }
    text
}

/// The value that fills a slot, where the error names one.
fn slot_value(case: &Case<'_>, name: &str) -> Option<String> {
    let value = match name {
        "code" => case.error.codes.first().or(case.error.code.as_ref()).cloned(),
        "number" => case.error.codes.first().and_then(|code| code.strip_prefix("AADSTS")).map(str::to_owned),
        "relatives" => other::relatives(case),
        "federation code" => case.error.code.clone().filter(|code| code.starts_with("MSIS")),
        // An address in place of the client ID is how a SAML request names its app; `api://` names an API.
        "entity ID" => case.value("app").filter(|app| app.contains(':') && !app.starts_with("api:")).map(str::to_owned),
        // A display name opens no address.
        "tenant for addresses" => {
            let address = |tenant: &&str| is_guid(tenant.as_bytes()) || tenant.contains('.') && !tenant.contains(' ');
            case.value("tenant").filter(address).map(str::to_owned)
        }
        "public issuer" => credential::public_issuer(case).map(str::to_owned),
        "plain URI" => case.value("uri").filter(|uri| is_plain_http(uri)).map(str::to_owned),
        "scope" => case.value(name).or(case.asked_scopes()).map(str::to_owned),
        "call" => case.call().map(Call::display),
        "app in words" => app(case),
        "client ID of a registration" => has_registration(case).then(|| client_id(case)),
        "page for administrators" => has_registration(case).then(|| {
            let tenant = case.value("tenant").unwrap_or("<tenant ID>");
            format!("https://login.microsoftonline.com/{tenant}/adminconsent?client_id={}", client_id(case))
        }),
        "permissions of a registration" => has_registration(case).then(|| needed_permissions(case)),
        "permission of a managed identity" => is_managed_identity(case).then(|| needed_permissions(case)),
        "managed identity" => is_managed_identity(case).then(|| client_id(case)),
        "scope for the Azure CLI" => consent::azure_cli(case).then(|| {
            let resource = case.value("resource").map(|resource| format!("{resource}/.default"));
            resource.unwrap_or_else(|| "<scope of the API>".to_owned())
        }),
        "called API" => Some(received::name_of_called(case)),
        "scope of called API" => received::scope_of_called(case),
        "tenant in words" => tenant(case),
        "resource in words" => resource(case),
        "permissions" => permissions(case).or_else(|| permitted::least(case)),
        "first permission" => {
            let named = permissions(case).and_then(|names| Some(names.split(',').next()?.to_owned()));
            named.or_else(|| permitted::least(case))
        }
        "app or API in words" => app(case).filter(|_| case.value("app").is_some()).or_else(|| resource(case)),
        _ => case.value(name).map(str::to_owned),
    }?;
    let value = value.trim();
    (!value.is_empty() && !values::is_painted_over(value)).then(|| value.to_owned())
}

/// An address without TLS that is not on the user's own machine.
fn is_plain_http(uri: &str) -> bool {
    uri.strip_prefix("http://")
        .is_some_and(|rest| !["localhost", "127.0.0.1", "[::1]"].iter().any(|own| rest.starts_with(own)))
}

/// True where the app has a registration that somebody here can change.
fn has_registration(case: &Case<'_>) -> bool {
    !is_managed_identity(case) && !consent::microsoft_app(case)
}

fn is_managed_identity(case: &Case<'_>) -> bool {
    case.flow_is(&[Flow::ManagedIdentity])
}

fn client_id(case: &Case<'_>) -> String {
    case.value("app").filter(|id| !id.trim().is_empty()).unwrap_or("<client ID>").to_owned()
}

fn needed_permissions(case: &Case<'_>) -> String {
    let known = permissions(case).or_else(|| permitted::least(case));
    known.unwrap_or_else(|| "the permission that the call needs".to_owned())
}

/// The permissions that a message lists, with a blank behind each comma.
fn permissions(case: &Case<'_>) -> Option<String> {
    let names = case.value("permissions")?.split(',').map(str::trim).filter(|name| !name.is_empty());
    Some(names.collect::<Vec<_>>().join(", "))
}

/// The app by its name, where the error or the catalogue knows one; otherwise by its ID.
fn app(case: &Case<'_>) -> Option<String> {
    let named = case.value("app_name");
    let id = case.value("app");
    let listed = || id.and_then(catalog::app).map(|app| app.name);
    let name = named.filter(|name| !name.trim().is_empty()).or_else(listed);
    name.map(str::to_owned).or_else(|| id.map(|id| with_kind("the app", id)))
}

fn tenant(case: &Case<'_>) -> Option<String> {
    let tenant = case.value("tenant")?;
    Some(catalog::tenant(tenant).map_or_else(|| format!("the tenant {tenant}"), |known| known.name.to_owned()))
}

fn resource(case: &Case<'_>) -> Option<String> {
    let named = case.error.handles.iter().find(|(name, _)| *name == "resource_name").map(|(_, value)| value.clone());
    let id = case.value("resource");
    let listed = || {
        let id = id?;
        catalog::audience(id).and_then(|it| it.resource_name).or_else(|| catalog::app(id).map(|app| app.name))
    };
    named.or_else(|| listed().map(str::to_owned)).or_else(|| id.map(|id| format!("the API {id}")))
}

/// A GUID says more with a word in front of it.
fn with_kind(kind: &str, id: &str) -> String {
    if is_guid(id.as_bytes()) { format!("{kind} {id}") } else { id.to_owned() }
}
