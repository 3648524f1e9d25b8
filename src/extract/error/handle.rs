//! What a message names: identifiers behind labels, and the quoted values of the sentences that the service writes.

use super::ErrorText;
use crate::guid::is_guid;
use crate::offset::Advance;

/// What stands behind a label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Guid,
    Moment,
    Word,
    Digits,
    Line,
    Mail,
    Address,
}

/// Labels in front of a colon or an equals sign, in lower case, with blanks, `-` and `_` left out. Longer ones come
/// before those that they end with.
const LABELS: [(&str, &str, Kind); 42] = [
    ("traceid", "trace_id", Kind::Guid),
    ("uniquecorrelationid", "correlation_id", Kind::Guid),
    ("correlationid", "correlation_id", Kind::Guid),
    ("clientrequestid", "client_request_id", Kind::Guid),
    ("xmsrequestid", "request_id", Kind::Guid),
    ("requestid", "request_id", Kind::Guid),
    ("timestamp", "timestamp", Kind::Moment),
    ("date", "timestamp", Kind::Moment),
    ("applicationid", "app", Kind::Guid),
    ("clientid", "app", Kind::Guid),
    ("appid", "app", Kind::Guid),
    ("applicationname", "app_name", Kind::Line),
    ("appname", "app_name", Kind::Line),
    ("tenantid", "tenant", Kind::Guid),
    ("resourceid", "resource", Kind::Guid),
    ("resourcename", "resource_name", Kind::Line),
    ("ipaddress", "ip", Kind::Word),
    ("deviceidentifier", "device", Kind::Guid),
    ("deviceplatform", "device_platform", Kind::Line),
    ("devicestate", "device_state", Kind::Line),
    ("suberror", "suberror", Kind::Word),
    ("v2error", "error", Kind::Word),
    ("errorcode", "broker_code", Kind::Digits),
    ("tag", "broker_tag", Kind::Digits),
    ("erroruri", "error_uri", Kind::Address),
    ("signedinas", "user", Kind::Mail),
    ("username", "user", Kind::Mail),
    ("user", "user", Kind::Mail),
    ("validaudience", "expected_audience", Kind::Word),
    ("audiences", "audience", Kind::Word),
    ("validissuer", "expected_issuer", Kind::Word),
    ("currenttimeutc", "now", Kind::Moment),
    ("currenttime", "now", Kind::Moment),
    ("validtoutc", "valid_until", Kind::Moment),
    ("validfromutc", "valid_from", Kind::Moment),
    ("validto", "valid_until", Kind::Moment),
    ("validfrom", "valid_from", Kind::Moment),
    ("notbefore", "valid_from", Kind::Moment),
    ("issuer", "issuer", Kind::Word),
    ("redirecturi", "uri", Kind::Address),
    ("kid", "kid", Kind::Word),
    ("scope", "scope", Kind::Line),
];

/// Words in front of a quoted value, in lower case, and what the value then is. The first row that fits decides.
const SENTENCES: [(&str, &str); 63] = [
    ("application with identifier", "app"),
    ("application with id", "app"),
    ("app with id", "app"),
    ("application id", "app"),
    ("client id", "app"),
    ("client_id", "app"),
    ("appid", "app"),
    ("app id", "app"),
    ("application identifier", "app"),
    ("used by client", "thumbprint"),
    ("client application", "app"),
    ("first party application", "app"),
    ("service principal named", "app"),
    ("service principal", "app"),
    ("application named", "app"),
    ("application", "app"),
    ("client", "app"),
    ("app", "app"),
    ("resource principal named", "resource"),
    ("first party resource", "resource"),
    ("resource named", "resource"),
    ("resource identifier", "resource"),
    ("resource application", "resource"),
    ("resource", "resource"),
    ("needs access to a service", "resource"),
    ("authentication to access", "resource"),
    ("to access", "resource"),
    ("user account", "user"),
    ("external user", "user"),
    ("for user", "user"),
    ("the account", "user"),
    ("user", "user"),
    ("account", "user"),
    ("identity provider", "provider"),
    ("in tenant", "tenant"),
    ("tenant identifier", "tenant"),
    ("tenant guid", "tenant"),
    ("tenant named", "tenant"),
    ("your organization", "tenant"),
    ("the directory", "tenant"),
    ("tenant", "tenant"),
    ("redirect uris", "expected_uri"),
    ("reply addresses", "expected_uri"),
    ("redirect uri", "uri"),
    ("redirect_uri", "uri"),
    ("reply address", "uri"),
    ("reply url", "uri"),
    ("assertion subject", "subject"),
    ("subject", "subject"),
    ("assertion issuer", "issuer"),
    ("issuer", "issuer"),
    ("assertion audience", "audience"),
    ("audience in the assertion was", "audience"),
    ("expected audience is", "expected_audience"),
    ("the audience", "audience"),
    ("response_type", "response_type"),
    ("parameter", "parameter"),
    ("scopes in", "scope"),
    ("api requires one of", "required"),
    ("on the request", "present"),
    ("scope", "scope"),
    ("permission", "scope"),
    ("issued on", "issued"),
];

/// Sentences that do not quote: the words in front, what the value is, the words that end it.
const UNQUOTED: [(&str, &str, &[&str]); 12] = [
    ("found in the directory ", "tenant", &[" ", ","]),
    ("missing permission scope ", "required", &[". ", " \n"]),
    ("provided value for scope ", "scope", &[" is not valid"]),
    ("is not valid. the scope ", "scope", &[" is not valid", " does not exist", " is invalid"]),
    ("current time:", "now", &[", ", " "]),
    ("assertion valid from", "valid_from", &[", ", " "]),
    ("expiry time of assertion", "valid_until", &[", ", " "]),
    ("token was issued on ", "issued", &[" "]),
    ("was inactive for ", "inactive_for", &[" "]),
    ("validfrom date (before which tokens are not valid) for this user is ", "valid_from", &[" ", ". "]),
    ("user audience ", "audience", &[" "]),
    ("not authorized to create meeting on behalf of user ", "user", &[" ", "."]),
];

/// Longest value that is taken, in bytes.
const LONGEST: usize = 2048;

/// How far before a quotation mark the words that explain it begin, in bytes.
const BEFORE: usize = 96;

/// Reads everything that a message names. Linear: every look from a place is bounded.
pub(super) fn read(text: &str, error: &mut ErrorText) {
    let lower = text.to_ascii_lowercase().replace(['\n', '\r'], " ");
    labels(text, &lower, error);
    quoted(text, &lower, error);
    for (words, name, ends) in UNQUOTED {
        if let Some(at) = memchr::memmem::find(lower.as_bytes(), words.as_bytes()) {
            let rest = head(text.get(at.saturating_add(words.len())..).unwrap_or_default(), LONGEST).trim_start();
            let end = ends.iter().filter_map(|end| rest.find(end)).chain(rest.find('\n')).min().unwrap_or(rest.len());
            let value = rest.get(..end).unwrap_or_default().trim().trim_matches(['\'', '"']).trim_end_matches('.');
            if !value.is_empty() && !value.starts_with('\'') {
                error.add(name, value);
            }
        }
    }
    if error.handle("correlation_id").is_none() && error.handle("trace_id").is_none() {
        tail(text, error);
    }
}

/// Reads the values behind labels alone: for lines that stand around a message.
pub(super) fn read_labels(text: &str, error: &mut ErrorText) {
    labels(text, &text.to_ascii_lowercase(), error);
}

fn labels(text: &str, lower: &str, error: &mut ErrorText) {
    for at in memchr::memchr2_iter(b':', b'=', text.as_bytes()) {
        let front = lower.as_bytes().get(at.saturating_sub(40)..at).unwrap_or_default();
        // The name is what is left of the text before, from its end, without what people put between words.
        let mut name = [0_u8; 24];
        let mut length = 0_usize;
        for &byte in front.iter().rev().filter(|byte| !matches!(byte, b' ' | b'-' | b'_' | b'"' | b'\'' | b'(' | b')'))
        {
            let Some(place) = name.len().checked_sub(length.saturating_add(1)).filter(|_| byte.is_ascii_alphanumeric())
            else {
                break;
            };
            if let Some(slot) = name.get_mut(place) {
                *slot = byte;
            }
            length.advance(1);
        }
        let name = name.get(name.len().saturating_sub(length)..).unwrap_or_default();
        let Some((_, handle, kind)) = LABELS.iter().find(|(label, ..)| name.ends_with(label.as_bytes())) else {
            continue;
        };
        let Some(value) = value(text.get(at.saturating_add(1)..).unwrap_or_default(), *kind) else { continue };
        match *handle {
            "suberror" => error.set_suberror(value),
            "error" => error.set_error(value),
            // Numbers of the broker are far beyond those of the sign-in service.
            "broker_code" if value.len() < 9 => {}
            handle => error.add(handle, value),
        }
    }
}

fn head(text: &str, length: usize) -> &str {
    let mut end = text.len().min(length);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// The value of that kind at the start of a text.
fn value(rest: &str, kind: Kind) -> Option<&str> {
    let rest = head(rest, 400).trim_start_matches([' ', '\t', '\'', '"', '\\', '[', '{', '=', '<']);
    let value = match kind {
        Kind::Guid => return rest.get(..36).filter(|guid| is_guid(guid.as_bytes())),
        Kind::Moment => return moment(rest),
        Kind::Line => rest.split(['\n', '\r', '"', ';']).next()?.trim(),
        Kind::Digits => {
            let count = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest.get(..count)?
        }
        Kind::Word | Kind::Mail | Kind::Address => rest
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '\'' | '"' | ')' | ']' | '}' | '>' | '\\'))
            .next()?
            .trim_end_matches('.'),
    };
    let fits = match kind {
        Kind::Mail => value.contains('@'),
        Kind::Address => value.contains(':'),
        Kind::Word => value.len() > 1 && value != "null" && value != "PII",
        _ => true,
    };
    (fits && !value.is_empty()).then_some(value)
}

/// The moment at the start of a text: `2026-02-21 22:27:34Z`, `2026-02-21T22:27:34`, also with a fraction, and the
/// American form that .NET writes (`02/21/2026 22:27:34`).
pub(super) fn moment(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let date = bytes.iter().take(10).take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/')).count();
    let parted = matches!(bytes.get(4), Some(b'-')) || matches!(bytes.get(2), Some(b'/'));
    if date < 8 || !parted || !matches!(bytes.get(date), Some(b' ' | b'T')) {
        return None;
    }
    let time = bytes.get(date.saturating_add(1)..)?;
    let digits = time.iter().take(20).take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.')).count();
    let mut end = date.saturating_add(1).saturating_add(digits);
    if digits < 7 {
        return None;
    }
    if bytes.get(end) == Some(&b'Z') {
        end.advance(1);
    }
    text.get(..end).map(|moment| moment.trim_end_matches('.'))
}

/// Identifiers without labels that can be read, as translations have them: behind colons first the trace ID, then the
/// correlation ID, then the moment.
fn tail(text: &str, error: &mut ErrorText) {
    let mut guids = text.match_indices(':').filter_map(|(at, _)| value(text.get(at.saturating_add(1)..)?, Kind::Guid));
    let (Some(first), second) = (guids.next(), guids.next()) else { return };
    match second {
        Some(second) => {
            error.add("trace_id", first);
            error.add("correlation_id", second);
        }
        None => error.add("correlation_id", first),
    }
    if let Some(moment) =
        text.match_indices(':').find_map(|(at, _)| value(text.get(at.saturating_add(1)..)?, Kind::Moment))
    {
        error.add("timestamp", moment);
    }
}

const QUOTES: [(char, char); 7] = [
    ('\'', '\''),
    ('"', '"'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201C}', '\u{201D}'),
    ('\u{201E}', '\u{201C}'),
    ('«', '»'),
    ('`', '`'),
];

fn quoted(text: &str, lower: &str, error: &mut ErrorText) {
    let mut next = 0;
    for (at, open) in text.char_indices() {
        let Some((_, close)) = QUOTES.iter().find(|(quote, _)| *quote == open).filter(|_| at >= next) else { continue };
        // An apostrophe inside a word opens nothing.
        let before = text.get(..at).and_then(|front| front.chars().next_back());
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let start = at.saturating_add(open.len_utf8());
        let rest = head(text.get(start..).unwrap_or_default(), LONGEST);
        let end = rest.match_indices(*close).find(|(end, _)| {
            let after = rest.get(end.saturating_add(close.len_utf8())..).and_then(|rest| rest.chars().next());
            !after.is_some_and(char::is_alphanumeric)
        });
        let Some((length, _)) = end else {
            // No mark closes it here: none that opens later is looked for from here again.
            next = start.saturating_add(rest.len());
            continue;
        };
        next = start.saturating_add(length).saturating_add(close.len_utf8());
        let value = rest.get(..length).unwrap_or_default();
        explain(text, lower, at, next, value, error);
    }
}

/// Decides by the words around it what a quoted value is. It opens at `at` and is closed before `end`.
fn explain(text: &str, lower: &str, at: usize, end: usize, value: &str, error: &mut ErrorText) {
    let mut from = at.saturating_sub(BEFORE);
    while !text.is_char_boundary(from) {
        from.advance(1);
    }
    let front = lower.get(from..at).unwrap_or_default();
    let parenthesis = front.trim_end().ends_with('(');
    let words = front.trim_end_matches([' ', ':', '=', '(', '\n', '\r']);
    let after = lower.get(end..).unwrap_or_default();
    let is_id = is_guid(value.as_bytes()) || value.contains("://");
    if after.starts_with(" tenant is") {
        return error.add("tenant", value);
    }
    let name = SENTENCES.iter().find(|(suffix, _)| ends_with_words(words, suffix)).map(|(_, name)| *name);
    match name {
        None if parenthesis && is_id => {
            // `application Contoso Portal ('44444444-…')`: the name stands between the word and the parenthesis.
            let kinds = [
                ("application ", "app", "app_name"),
                ("app ", "app", "app_name"),
                ("resource ", "resource", "resource_name"),
            ];
            let nearest = kinds
                .iter()
                .filter_map(|kind| words.rfind(kind.0).map(|place| (place, kind)))
                .max_by_key(|(place, kind)| place.saturating_add(kind.0.len()));
            if let Some((place, (word, id_name, text_name))) = nearest {
                error.add(id_name, value);
                let called = text
                    .get(from.saturating_add(place).saturating_add(word.len())..from.saturating_add(words.len()))
                    .unwrap_or_default();
                error.add(text_name, called.trim().trim_matches('\''));
            }
        }
        Some(name @ ("app" | "resource")) => {
            let (id_name, text_name) = if name == "app" { ("app", "app_name") } else { ("resource", "resource_name") };
            let identifier = is_id || !value.contains(' ') && value.contains(['.', ':', '/']);
            error.add(if identifier { id_name } else { text_name }, value);
            // `'5c1578d7-…'(northwind-lab)`
            let name = text.get(end..).unwrap_or_default().trim_start().strip_prefix('(');
            if let Some(called) = name.and_then(|rest| head(rest, 200).split_once(')')).map(|(name, _)| name.trim())
                && identifier
                && !called.starts_with(['\'', '"'])
                && !called.is_empty()
            {
                error.add(text_name, called);
            }
        }
        // Delegated scopes or application roles; consent for one team is told apart by the third list.
        Some("present") if !words.contains("consent grants") => error.add("present", value),
        Some(name) if !value.is_empty() => error.add(name, value),
        _ => {}
    }
}

/// True where the text ends in these words and not in a longer word.
fn ends_with_words(text: &str, words: &str) -> bool {
    text.strip_suffix(words).is_some_and(|front| !front.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}
