//! Method and address out of a line of code that calls Microsoft Graph through one of its SDKs.
//!
//! The SDK for JavaScript writes the path out: `client.api('/me/messages').get()`. The others spell it as a chain whose
//! links are the segments: `graphClient.Users["x"].Messages.GetAsync()` in C#,
//! `graph_client.users.by_user_id('x').messages.get()` in Python and PHP alike. Whatever else stands in a chain makes it
//! uncertain, and then it is not read. Source: <https://learn.microsoft.com/graph/sdks/create-requests>.

use super::command_line::Request;

/// Methods of a request builder, in lower case, and what they send.
const METHODS: [(&str, &str); 8] = [
    ("get", "GET"),
    ("post", "POST"),
    ("patch", "PATCH"),
    ("put", "PUT"),
    ("delete", "DELETE"),
    // Only the SDK for JavaScript has these.
    ("create", "POST"),
    ("update", "PATCH"),
    ("del", "DELETE"),
];
/// How many of them every SDK has.
const EVERYWHERE: usize = 5;

/// Reads a line of code; `None` where the text is none, or where its call is not certain.
pub(super) fn read(text: &str) -> Option<Request> {
    javascript(text).or_else(|| chain(text))
}

fn javascript(text: &str) -> Option<Request> {
    let (_, after) = text.split_once(".api(")?;
    let mut characters = after.trim_start().chars();
    let quote = characters.next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let (path, rest) = characters.as_str().split_once(quote)?;
    let sent = METHODS.iter().filter_map(|(name, method)| Some((rest.find(&format!(".{name}("))?, *method)));
    let method = sent.min_by_key(|(place, _)| *place).map(|(_, method)| method.to_owned());
    Some(Request { method, address: Some(with_slash(path)) })
}

fn with_slash(path: &str) -> String {
    if path.starts_with('/') || path.contains("://") { path.to_owned() } else { format!("/{path}") }
}

/// A chain of links from a client to a method.
fn chain(text: &str) -> Option<Request> {
    // `var found = await graphClient…`, `return graphClient…`
    let code = text.rsplit_once("await ").map_or(text, |(_, code)| code);
    let is_name = |text: &str| !text.contains(['(', '.', '[']);
    let code = code.split_once("= ").filter(|(name, _)| is_name(name)).map_or(code, |(_, code)| code);
    let code = code.trim().trim_start_matches("return ").trim_start_matches('(');
    let (client, mut rest) = code.split_at_checked(code.find(['.', '-'])?)?;
    let client = client.trim_end();
    let is_client = client.trim_start_matches('$').bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && ["graph", "client"].iter().any(|word| client.to_ascii_lowercase().contains(word));
    if !is_client {
        return None;
    }
    let mut path = String::new();
    loop {
        rest = rest.trim_start();
        rest = rest
            .strip_prefix("->")
            .or_else(|| rest.strip_prefix("?."))
            .or_else(|| rest.strip_prefix('.'))?
            .trim_start();
        let end =
            rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        // Python parts words by underscores, and no segment that it spells has one.
        let name = name.replace('_', "").to_ascii_lowercase();
        let (arguments, after) = match after.strip_prefix('(') {
            Some(inside) => closed(inside, '(', ')').map(|(inside, after)| (Some(inside.trim()), after))?,
            None => (None, after),
        };
        let sent = METHODS.iter().take(EVERYWHERE).find(|(method, _)| *method == name.trim_end_matches("async"));
        match (sent, arguments) {
            (Some((_, method)), Some(_)) => {
                return (!path.is_empty()).then(|| Request { method: Some((*method).to_owned()), address: Some(path) });
            }
            // Version 4 of the SDK for C# ended its chains with this.
            (None, Some("")) if name == "request" => {}
            (None, Some(arguments)) if !arguments.is_empty() => {
                // `ByUserId("x")`
                let is_id = name.strip_prefix("by").is_some_and(|id| id.ends_with("id") || id.ends_with("name"));
                path.push_str(is_id.then_some("/{id}")?);
            }
            _ => {
                path.push('/');
                path.push_str(&name);
            }
        }
        rest = after;
        if let Some(inside) = rest.strip_prefix('[') {
            path.push_str("/{id}");
            rest = closed(inside, '[', ']')?.1;
        }
    }
}

/// What stands before the bracket that closes, and what stands behind it. Brackets in between have to be closed too.
fn closed(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        if character == open {
            depth = depth.saturating_add(1);
        } else if character == close {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some((text.get(..at)?, text.get(at.saturating_add(1)..)?)),
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_chains_and_leaves_out_what_is_uncertain() {
        for (text, expected) in [
            ("client.api('/me/messages').version('beta').top(5).get()", Some("GET /me/messages")),
            ("const me = await graphClient.api(`/users/${id}`).update({ a: 1 });", Some("PATCH /users/${id}")),
            ("client.api(\"me\")", Some(" /me")),
            (
                "var r = await graphClient.Users[\"a.b\"].Messages.GetAsync((c) => { c.Top = (5); });",
                Some("GET /users/{id}/messages"),
            ),
            ("await graphClient.Me.SendMail.PostAsync(body)", Some("POST /me/sendmail")),
            (
                "result = await graph_client.users.by_user_id('x').mail_folders.get()",
                Some("GET /users/{id}/mailfolders"),
            ),
            ("$graphServiceClient->users()->byUserId('x')->get()->wait()", Some("GET /users/{id}")),
            ("graphClient.users().byUserId(\"x\").messages().get(c -> {});", Some("GET /users/{id}/messages")),
            (
                "await graphClient\n    .Groups[g]\n    .Members\n    .Request()\n    .GetAsync()",
                Some("GET /groups/{id}/members"),
            ),
            ("graphClient.Users.Delta.GetAsDeltaGetResponseAsync()", None),
            ("graphClient.Users[\"x\"", None),
            ("graphClient.Me.WithUrl(\"https://x\").GetAsync()", None),
            ("document.forms.get()", None),
            ("graphClient.GetAsync()", None),
            ("graph.microsoft.com/v1.0/me", None),
            ("GET /me", None),
        ] {
            let read = read(text)
                .map(|read| format!("{} {}", read.method.unwrap_or_default(), read.address.unwrap_or_default()));
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
}
