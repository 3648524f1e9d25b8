//! Values that the message of an error names: which app, which tenant, which subject.
//!
//! The sign-in service puts them in quotes behind fixed words, and so do Graph's Teams and privileged identity services.

use crate::guid::is_guid;

/// Longest value that is taken over into a sentence, in bytes.
const LONGEST: usize = 400;

/// How far behind its mark a GUID may stand, in bytes: a display name can lie between.
const GUID_WINDOW: usize = 160;

/// Length of a GUID in text.
const GUID_LENGTH: usize = 36;

/// The words before each value, in lower case. A mark that ends in a quote is followed by the value up to the next such
/// quote; any other by one word.
const MARKS: &[(&str, &[&str])] = &[
    (
        "app",
        &[
            "application with identifier '",
            "application with identifier ",
            "application with id '",
            "application with appid '",
            "client application '",
            "application '",
            "first party application '",
            "for app '",
            "app with id '",
            "app '",
            "app id ",
        ],
    ),
    ("app_name", &["' named '"]),
    (
        "tenant",
        &[
            "not found in the directory '",
            "not found in the directory ",
            "in the tenant named ",
            "specified tenant identifier '",
            "does not exist in tenant '",
            "access to '",
            "your organization \"",
            "service principal in the tenant ",
            "directory '",
            "tenant '",
            "tenant: ",
            "tenant name ",
        ],
    ),
    (
        "resource",
        &[
            "resource principal named ",
            "access to a service (\"",
            "service principal named '",
            "service principal for resource '",
            "first party resource '",
            "resource value from request: '",
            "trying to access a service '",
            "resource value from request: ",
            "for the resource '",
            "access to resource '",
            "asked for access to '",
            "resource '",
        ],
    ),
    ("resource_app", &["resource app id: "]),
    ("scope", &["the scope '", "value for scope ", "the scope "]),
    ("user", &["user account '", "signed in user '", "the user account "]),
    ("uri", &["the redirect uri '", "the reply address '", "the reply url '", "redirect uri '"]),
    ("subject", &["assertion subject '", "assertion subject: '", "subject '", "subject: '"]),
    ("issuer", &["assertion issuer '", "assertion issuer: '", "issuer '", "issuer: '"]),
    ("audience", &["assertion audience '", "assertion audience: '", "audience '", "audience: '"]),
    ("token_audience", &["wrong audience or resource '", "audience claim is '", ", found: "]),
    ("expected_audience", &["allowed audiences '", "request url is '", "invalid audience. expected "]),
    (
        "permissions",
        &[
            "api requires one of '",
            "missing permission scope ",
            "does not have required msgraph permissions ",
            "have required msgraph permissions\n",
            "api required roles: ",
        ],
    ),
    ("held", &["roles on the request '", "scopes on the request '", ", application roles: "]),
    ("thumbprint", &["thumbprint of key used by client: '"]),
];

/// True of what people, and the service itself, write over a value: stars, crosses, `[REDACTED]`, `{EmailHidden}`.
pub(super) fn is_painted_over(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let crosses = lower.bytes().all(|byte| matches!(byte, b'x' | b'*' | b'-' | b'.' | b'#' | b'_'));
    !lower.is_empty() && crosses
        || ["redacted", "[removed", "<removed", "[masked", "{emailhidden}"].iter().any(|mark| lower.contains(mark))
}

/// The value of that name in a message; `lower` is the message with its ASCII letters in lower case.
pub(super) fn read<'m>(message: &'m str, lower: &str, name: &str) -> Option<&'m str> {
    let (_, marks) = MARKS.iter().find(|(known, _)| *known == name)?;
    let quoted = marks.iter().find_map(|mark| behind(message, lower, mark));
    match name {
        "app" => quoted.or_else(|| guid_behind(message, lower, "application")),
        _ => quoted,
    }
}

fn behind<'m>(message: &'m str, lower: &str, mark: &str) -> Option<&'m str> {
    let start = lower.find(mark)?.checked_add(mark.len())?;
    let rest = message.get(start..)?;
    let value = match mark.chars().last()? {
        quote @ ('\'' | '"') => rest.split(quote).next()?,
        _ => rest.split_whitespace().next()?.trim_matches(|c: char| matches!(c, '\'' | '"' | '.' | ',' | ';' | '\\')),
    };
    (!value.is_empty() && value.len() <= LONGEST && !value.contains(['\n', '\r'])).then_some(value)
}

/// The first GUID behind a word, as in `the application Name ('…')`.
fn guid_behind<'m>(message: &'m str, lower: &str, word: &str) -> Option<&'m str> {
    let start = lower.find(word)?.checked_add(word.len())?;
    // The IDs for support are none of an app.
    let end =
        ["trace id", "correlation id", "timestamp"].iter().filter_map(|mark| lower.get(start..)?.find(mark)).min();
    let rest = message.get(start..end.map_or(message.len(), |end| start.saturating_add(end)))?;
    let places = rest.char_indices().map(|(at, _)| at).take_while(|at| *at < GUID_WINDOW);
    let longer = |place: usize| rest.as_bytes().get(place).is_some_and(u8::is_ascii_alphanumeric);
    places
        .filter_map(|at| Some((rest.get(at..at.checked_add(GUID_LENGTH)?)?, at.checked_add(GUID_LENGTH)?)))
        .map(|(part, end)| (part, end.checked_sub(GUID_LENGTH.saturating_add(1)), end))
        .find(|(part, before, end)| is_guid(part.as_bytes()) && !before.is_some_and(longer) && !longer(*end))
        .map(|(part, ..)| part)
}

/// True where a GUID stands in single quotes, alone or in a list.
pub(super) fn names_guid(message: &str) -> bool {
    message.split(['\'', ',', ' ']).any(|part| is_guid(part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{is_painted_over, read};

    #[test]
    fn values_that_somebody_painted_over() {
        for value in
            ["REDACTED", "[redacted app]", "{EmailHidden}", "***", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "<removed>"]
        {
            assert!(is_painted_over(value), "{value}");
        }
        for value in ["", " ", "orders", "5c1578d7-290e-415a-b684-dda3b7b23d79", "x-orders"] {
            assert!(!is_painted_over(value), "{value}");
        }
    }

    #[test]
    fn values_behind_their_words() {
        let guid = "5c1578d7-290e-415a-b684-dda3b7b23d79";
        for (name, message, value) in [
            ("app", "Application with identifier 'x' was not found in the directory 'Contoso'.", "x"),
            ("tenant", "Application with identifier 'x' was not found in the directory 'Contoso'.", "Contoso"),
            ("tenant", "Application with identifier 'x' was not found in the directory a.example", "a.example"),
            ("app", "Application with identifier your_client_id was not found in the directory", "your_client_id"),
            ("app", "configured the application Tools ('5c1578d7-290e-415a-b684-dda3b7b23d79') to block", guid),
            (
                "subject",
                "for presented assertion subject 'repo:a/b:ref:refs/heads/main'. Please",
                "repo:a/b:ref:refs/heads/main",
            ),
            ("issuer", "Assertion Issuer: 'https://i.example/'. Assertion Subject: 's'.", "https://i.example/"),
            ("permissions", "API requires one of 'A.Read, B.Read'. Roles on the request ''.", "A.Read, B.Read"),
            ("permissions", "due to missing permission scope A.Read,B.Read.\",", "A.Read,B.Read"),
            ("permissions", "API required roles: A.Read,B.Read, application roles: C.Read", "A.Read,B.Read"),
            ("held", "API required roles: A.Read,B.Read, application roles: C.Read", "C.Read"),
            ("resource", "The resource principal named api://x was not found", "api://x"),
            ("resource_app", "Resource value from request: api://x. Resource app ID: 1.", "1"),
            (
                "token_audience",
                "Invalid audience. Expected https://a.example, found: https://b.example/.",
                "https://b.example/",
            ),
            ("expected_audience", "Invalid audience. Expected https://a.example, found: b", "https://a.example"),
            ("tenant", "is missing service principal in the tenant c.example. See", "c.example"),
        ] {
            assert_eq!(read(message, &message.to_ascii_lowercase(), name), Some(value), "{name} of {message}");
        }
        for (name, message) in [
            ("app", "Application"),
            ("app", "disabled the application. Trace ID: 5c1578d7-290e-415a-b684-dda3b7b23d79"),
            ("tenant", "Tenant ''"),
            ("held", "Roles on the request ''."),
            ("app", "application äääääääääääääääääääääääääääääääääääää"),
            ("app", "the application 5c1578d7-290e-415a-b684-dda3b7b23d795c1578d7-290e-415a-b684-dda3b7b23d79"),
            ("no-such-name", "x"),
        ] {
            assert_eq!(read(message, &message.to_ascii_lowercase(), name), None, "{name} of {message}");
        }
    }
}
