//! What a path may stand for where the table does not list it as it is: other spellings and other ways to the same thing.
//!
//! Each change is an assumption and is named in the answer. Permissions mostly agree between the spellings (of 42 answers
//! that rest on one, 37 agreed with a practical client), but not always.

use super::Inference;
use super::tokens::Token;

/// Prefixes that lead to the same thing. `{}` is one value; `@` stands for `me` and for `users/{}`, on both sides alike.
/// In the order in which they are tried.
const PREFIXES: &[(&str, &str, Inference)] = &[
    ("@/calendarview", "@/calendar/calendarview", Inference::DefaultCalendar),
    ("@/calendar/events", "@/events", Inference::DefaultCalendar),
    ("@/calendargroups/{}/calendars/{}", "@/calendars/{}", Inference::Container),
    ("@/calendars/{}/events/{}", "@/events/{}", Inference::Container),
    ("@/calendars/{}", "@/calendar", Inference::DefaultCalendar),
    ("@/calendar", "@/calendars/{}", Inference::DefaultCalendar),
    ("@/mailfolders/{}/childfolders/{}", "@/mailfolders/{}", Inference::Container),
    ("@/mailfolders/{}/messages/{}", "@/messages/{}", Inference::Container),
    ("@/mailfolders/{}", "@/mailfolders/inbox", Inference::Inbox),
    ("@/inbox", "@/mailfolders/inbox", Inference::Inbox),
    ("@/contactfolders/{}/contacts/{}", "@/contacts/{}", Inference::Container),
    ("me", "users/{}", Inference::MeAsUser),
    ("users/{}", "me", Inference::UserAsMe),
    ("@/drives/{}", "drives/{}", Inference::SameDrive),
    ("groups/{}/drives/{}", "drives/{}", Inference::SameDrive),
    ("sites/{}/drives/{}", "drives/{}", Inference::SameDrive),
    ("@/drive", "drives/{}", Inference::SameDrive),
    ("groups/{}/drive", "drives/{}", Inference::SameDrive),
    ("sites/{}/drive", "drives/{}", Inference::SameDrive),
    ("drive", "drives/{}", Inference::SameDrive),
    ("drives/{}", "me/drive", Inference::SameDrive),
    ("shares/{}/driveitem", "drives/{}/items/{}", Inference::SameDrive),
    ("groups/{}/team", "teams/{}", Inference::Container),
    ("groups/{}/sites/{}", "sites/{}", Inference::Container),
    ("sites/{}/sites/{}", "sites/{}", Inference::Container),
    ("teams/{}/primarychannel", "teams/{}/channels/{}", Inference::Container),
    ("@/joinedteams/{}", "teams/{}", Inference::Container),
    ("@/chats/{}", "chats/{}", Inference::Container),
    ("@/planner/tasks/{}", "planner/tasks/{}", Inference::Container),
    ("@/planner/plans/{}", "planner/plans/{}", Inference::Container),
    ("@/manageddevices/{}", "devicemanagement/manageddevices/{}", Inference::Container),
    ("@/manageddevices", "devicemanagement/manageddevices", Inference::Container),
];

/// All paths that one change leads to, the most certain change first.
pub(super) fn rewrites<'p>(tokens: &[Token<'p>]) -> Vec<(Inference, Vec<Token<'p>>)> {
    let mut found = Vec::new();
    if let Some((last, before)) = tokens.split_last()
        && last.is_suffix()
    {
        found.push((Inference::SuffixDropped, before.to_vec()));
    }
    for (place, token) in tokens.iter().enumerate() {
        let replaced = |with: &[Token<'p>]| {
            let (before, after) = tokens.split_at_checked(place).unwrap_or((tokens, &[]));
            [before, with, after.get(1..).unwrap_or_default()].concat()
        };
        match token {
            Token::Function { name, canonical } => {
                if let Some((short, canonical)) = unqualified(name).zip(unqualified(canonical)) {
                    let function = Token::Function { name: short, canonical: canonical.to_owned() };
                    found.push((Inference::NamespaceDropped, replaced(&[function])));
                }
                found.push((Inference::KeyAsId, replaced(&[Token::Text(name), Token::Value])));
                found.push((Inference::ArgumentsDropped, replaced(&[Token::Text(name)])));
            }
            Token::Text(name) if token.is_cast() => {
                if name.starts_with("graph.") {
                    found.push((Inference::CastQualified, replaced(&[Token::Qualified(name)])));
                }
                if let Some(short) = unqualified(name) {
                    // A function, which no placeholder may match.
                    let function = Token::Function { name: short, canonical: short.to_owned() };
                    found.push((Inference::NamespaceDropped, replaced(&[function])));
                }
                found.push((Inference::CastDropped, replaced(&[])));
            }
            Token::Text("root" | "root:" | "special" | "items" | "sites") => {
                found.extend(drive_paths(tokens, place).map(|(inference, length, with)| {
                    let (before, rest) = tokens.split_at_checked(place).unwrap_or((tokens, &[]));
                    (inference, [before, with.as_slice(), rest.get(length..).unwrap_or_default()].concat())
                }));
            }
            _ => {}
        }
    }
    for (from, to, inference) in PREFIXES {
        if from.starts_with('@') {
            for owner in ["me", "users/{}"] {
                found.extend(replace_prefix(tokens, owner, from, to).map(|changed| (*inference, changed)));
            }
        } else {
            found.extend(replace_prefix(tokens, "", from, to).map(|changed| (*inference, changed)));
        }
    }
    found
}

/// The part of a qualified name behind its namespace.
fn unqualified(name: &str) -> Option<&str> {
    name.strip_prefix("microsoft.graph.").or_else(|| name.strip_prefix("graph."))
}

/// Other ways to the drive item or site at that place: the change, how many tokens it replaces, and by what.
fn drive_paths<'p>(
    tokens: &[Token<'p>],
    place: usize,
) -> impl Iterator<Item = (Inference, usize, Vec<Token<'p>>)> + use<'p> {
    let item = || vec![Token::Text("items"), Token::Value];
    let change = match tokens.get(place..).unwrap_or_default() {
        [Token::Text("root:"), Token::ClosedPath | Token::Value, ..] => Some((Inference::PathAsItem, 2, item())),
        [Token::Text("root"), ..] => Some((Inference::PathAsItem, 1, item())),
        [Token::Text("special" | "items"), Token::Text(id), Token::ClosedPath | Token::Value, ..]
            if id.ends_with(':') =>
        {
            Some((Inference::PathAsItem, 3, item()))
        }
        [Token::Text("special"), Token::Text(_) | Token::Value, ..] => Some((Inference::PathAsItem, 2, item())),
        [Token::Text("sites"), Token::Text(host), Token::ClosedPath, ..] if host.ends_with(':') => {
            Some((Inference::SiteByPath, 3, vec![Token::Text("sites"), Token::Value]))
        }
        [Token::Text("items"), Token::Text(_) | Token::Value, _, ..] => {
            Some((Inference::PathAsItem, 2, vec![Token::Text("root:"), Token::ClosedPath]))
        }
        _ => None,
    };
    change.into_iter()
}

/// The path with another prefix, where it has that one.
fn replace_prefix<'p>(
    tokens: &[Token<'p>],
    owner: &'static str,
    from: &'static str,
    to: &'static str,
) -> Option<Vec<Token<'p>>> {
    let mut rest = tokens;
    for segment in expand(owner, from) {
        let (first, after) = rest.split_first()?;
        let fits = match (segment, first) {
            ("{}", Token::Text(text)) => !text.starts_with('$') && !text.ends_with(':') && !first.is_cast(),
            ("{}", other) => *other == Token::Value,
            (literal, _) => first.is(literal),
        };
        if !fits {
            return None;
        }
        rest = after;
    }
    let prefix = expand(owner, to).map(|segment| if segment == "{}" { Token::Value } else { Token::Text(segment) });
    Some(prefix.chain(rest.iter().cloned()).collect())
}

/// The segments of a pattern, with the owner in place of `@`.
fn expand(owner: &'static str, pattern: &'static str) -> impl Iterator<Item = &'static str> {
    let owner = if pattern.starts_with('@') { owner } else { "" };
    owner.split('/').chain(pattern.split('/')).filter(|segment| !segment.is_empty() && *segment != "@")
}
