//! Where a value stands: the name of the member, parameter or header in front of it.

/// Where a value was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// What kind of place it is.
    pub place: Place,
    /// The name in front of the value, as it stands there: `access_token`, `X-MS-TOKEN-AAD-ACCESS-TOKEN`.
    pub name: Option<String>,
}

/// The kinds of place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// Nothing around it says.
    #[default]
    Bare,
    /// A member of a JSON object, or of something alike.
    Member,
    /// A parameter of a query, fragment or form.
    Parameter,
    /// A header, assignment or list line.
    Line,
    /// The value of an Authorization header.
    AuthorizationHeader,
}

impl Context {
    /// True where the name is one of these, letter case and `-`, `_` aside.
    pub fn is_named(&self, names: &[&str]) -> bool {
        self.name.as_deref().is_some_and(|name| names.iter().any(|wanted| same_name(name, wanted)))
    }

    /// In words, e.g. "member access_token".
    pub fn describe(&self) -> Option<String> {
        let name = self.name.as_deref();
        match (self.place, name) {
            (Place::AuthorizationHeader, _) => Some("header Authorization".into()),
            (_, None) | (Place::Bare, _) => None,
            (Place::Member, Some(name)) => Some(format!("member {name}")),
            (Place::Parameter, Some(name)) => Some(format!("parameter {name}")),
            (Place::Line, Some(name)) => Some(format!("after {name}")),
        }
    }
}

fn same_name(left: &str, right: &str) -> bool {
    let plain = |text: &str| -> Vec<u8> {
        text.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    plain(left) == plain(right)
}

/// How far back a name is looked for, in bytes.
const WINDOW: usize = 96;

/// The longest name in front of a value, in bytes.
const LONGEST_NAME: usize = 64;

/// The context of the value that begins at `at`.
pub(super) fn before(bytes: &[u8], at: usize) -> Context {
    let mut rest = bytes.get(at.saturating_sub(WINDOW)..at).unwrap_or_default();
    let mut bearer = false;
    loop {
        rest = trim_value_opening(rest);
        let word = rest.len().checked_sub(6).and_then(|start| rest.get(start..));
        if word.is_some_and(|word| word.eq_ignore_ascii_case(b"bearer")) {
            bearer = true;
            rest = rest.get(..rest.len().saturating_sub(6)).unwrap_or_default();
        } else {
            break;
        }
    }
    let Some((separator, named)) = split_separator(rest) else {
        return Context {
            place: if bearer { Place::Line } else { Place::Bare },
            name: bearer.then(|| "Bearer".into()),
        };
    };
    let (quoted, named) = trim_name_closing(named);
    let run = named
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        .count();
    let (front, mut name) = named.split_at(named.len().saturating_sub(run));
    // A percent-encoded quote in front of the name ends in digits that are none of the name.
    if let (Some(b'%'), [high, low, rest @ ..]) = (front.last(), name)
        && high.is_ascii_hexdigit()
        && low.is_ascii_hexdigit()
    {
        name = rest;
    }
    // What is longer is a value itself, perhaps a token.
    if name.is_empty() || run > LONGEST_NAME {
        return Context::default();
    }
    let place = match (front.last(), separator) {
        _ if name.eq_ignore_ascii_case(b"authorization") => Place::AuthorizationHeader,
        _ if quoted => Place::Member,
        (Some(b'?' | b'&' | b'#'), b'=') => Place::Parameter,
        _ => Place::Line,
    };
    Context { place, name: Some(String::from_utf8_lossy(name).into_owned()) }
}

/// Takes spaces, quotes and their escapes off the end.
fn trim_value_opening(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = match rest {
            [head @ .., b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\'] => head,
            [head @ .., b'%', b'2', b'0' | b'2' | b'7'] => head,
            [head @ .., b'\\', b'u', b'0', b'0', b'2', b'2' | b'7'] => head,
            _ => return rest,
        }
    }
}

/// Takes the separator between name and value off the end.
fn split_separator(rest: &[u8]) -> Option<(u8, &[u8])> {
    match rest {
        [head @ .., b'%', b'3', b'D' | b'd'] => Some((b'=', head)),
        [head @ .., b'%', b'3', b'A' | b'a'] => Some((b':', head)),
        [head @ .., separator @ (b'=' | b':')] => Some((*separator, head)),
        _ => None,
    }
}

/// Takes spaces and the closing quote of a name off the end; says whether there was one.
fn trim_name_closing(rest: &[u8]) -> (bool, &[u8]) {
    let trimmed = trim_value_opening(rest);
    let cut = rest.get(trimmed.len()..).unwrap_or_default();
    (cut.iter().any(|byte| matches!(byte, b'"' | b'\'')), trimmed)
}

/// Words of attack tools' output and commands.
pub(super) const TOOL_WORDS: [&str; 8] = [
    "\"_clientId\"",
    "\"accessToken\"",
    "\"_authority\"",
    "Get-AADInt",
    "Invoke-RefreshToMSGraphToken",
    "RefreshTo-MSGraphToken",
    "Get-AzureToken -Client",
    "$MSGraphToken",
];

/// Which of [`TOOL_WORDS`] a text has.
#[derive(Default)]
pub(super) struct ToolFinder {
    seen: [bool; TOOL_WORDS.len()],
}

impl ToolFinder {
    /// The word of that row was seen.
    pub(super) fn word(&mut self, row: usize) {
        if let Some(seen) = self.seen.get_mut(row) {
            *seen = true;
        }
    }

    /// The attack tool whose output this is, by the words that no other program writes together.
    pub(super) fn found(self) -> Option<&'static str> {
        match self.seen {
            // The token file of ROADtools; the cache of the old Azure CLI has `_authority` beside `_clientId`.
            [true, true, false, ..] => Some("ROADtools"),
            [_, _, _, true, ..] => Some("AADInternals"),
            [_, _, _, _, commands @ ..] if commands.contains(&true) => Some("TokenTactics"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_front_of_values() {
        for (front, place, name) in [
            ("", Place::Bare, None),
            ("some words ", Place::Bare, None),
            ("Authorization: Bearer ", Place::AuthorizationHeader, Some("Authorization")),
            ("-H 'authorization: bearer Bearer ", Place::AuthorizationHeader, Some("authorization")),
            ("Authorization%3A%20Bearer%20", Place::AuthorizationHeader, Some("Authorization")),
            ("Bearer ", Place::Line, Some("Bearer")),
            ("{\"access_token\": \"", Place::Member, Some("access_token")),
            (r#"{\"access_token\":\""#, Place::Member, Some("access_token")),
            (r#"{\\\"id_token\\\" : \\\""#, Place::Member, Some("id_token")),
            ("{'refresh_token': '", Place::Member, Some("refresh_token")),
            ("https://app.example/#access_token=", Place::Parameter, Some("access_token")),
            ("https://app.example/?x=1&code=", Place::Parameter, Some("code")),
            ("Token     : ", Place::Line, Some("Token")),
            ("AZURE_CLIENT_SECRET=", Place::Line, Some("AZURE_CLIENT_SECRET")),
            ("%7B%22secret%22%3A%22", Place::Line, Some("secret")),
        ] {
            let context = before(front.as_bytes(), front.len());
            assert_eq!((context.place, context.name.as_deref()), (place, name), "{front}");
        }
        assert!(before(b"{\"accessToken\":\"", 16).is_named(&["access_token"]));
    }
}
