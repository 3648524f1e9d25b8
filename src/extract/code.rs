//! The call that source code shows, or the headers that a browser lists.

use super::Span;
use super::request::{self, LONGEST_URL, METHODS, Request};
use memchr::memmem;

/// Addresses of Microsoft Graph up to the version. Where only a scope or an audience is meant there is none.
pub(super) const ADDRESSES: &[&str] = &[
    "graph.microsoft.com/v1.0/",
    "graph.microsoft.com/beta/",
    "graph.microsoft.us/v1.0/",
    "graph.microsoft.us/beta/",
    "microsoftgraph.chinacloudapi.cn/v1.0/",
    "microsoftgraph.chinacloudapi.cn/beta/",
];

/// The header of HTTP/2 that browsers list first; `:method` and `:path` follow (RFC 9113 section 8.3.1).
pub(super) const PSEUDO_HEADER: &str = ":authority";

/// How far in front of an address the function is looked for that it is given to, in bytes.
const BEFORE: usize = 160;

/// How far behind an address its method is looked for, in bytes: a token may stand between.
const BEHIND: usize = 8192;

/// How far behind the first header of HTTP/2 the others are, in bytes.
const HEADERS: usize = 1024;

/// Finds one call: of several addresses nothing says which was called.
#[derive(Default)]
pub(super) struct Finder {
    address: Option<(String, Span)>,
    several: bool,
    listed: Option<Request>,
    lists: usize,
}

impl Finder {
    /// A host of [`ADDRESSES`] begins at `host`.
    pub(super) fn address(&mut self, bytes: &[u8], host: usize) {
        if self.several {
            return;
        }
        let Some((url, span)) = address(bytes, host) else { return };
        match &self.address {
            None => self.address = Some((url, span)),
            Some((known, _)) => self.several = *known != url,
        }
    }

    /// [`PSEUDO_HEADER`] ends at `end`.
    pub(super) fn pseudo_headers(&mut self, bytes: &[u8], end: usize) {
        // One is enough; a text that repeats the word is no list of headers.
        if self.listed.is_none() && self.lists < 8 {
            self.lists = self.lists.saturating_add(1);
            self.listed = listed(bytes, end);
        }
    }

    /// The only call that was seen.
    pub(super) fn found(self, bytes: &[u8]) -> Option<Request> {
        let called = self.address.filter(|_| !self.several).and_then(|(url, span)| {
            let method = method(bytes, span).unwrap_or_else(|| "GET".to_owned());
            request::from_members(Some(method), Some(url), span)
        });
        self.listed.or(called)
    }
}

/// The address around a host, up to the quote that closes it. What an answer says of itself was not called.
fn address(bytes: &[u8], host: usize) -> Option<(String, Span)> {
    let front = bytes.get(..host)?;
    let start = host.checked_sub(if front.ends_with(b"https://dod-") { 12 } else { 8 })?;
    if !front.get(start..)?.starts_with(b"https://") {
        return None;
    }
    let before = bytes.get(start.saturating_sub(32)..start)?;
    let quote = before.last().copied().filter(|byte| matches!(byte, b'\'' | b'"' | b'`'));
    let rest = bytes.get(start..)?;
    let ends = |byte: &u8| match quote {
        Some(quote) => *byte == quote || matches!(byte, b'\r' | b'\n'),
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'`' | b'<' | b'>' | b'\\' | b'|'),
    };
    let length = rest.iter().take(LONGEST_URL).position(ends).unwrap_or(rest.len().min(LONGEST_URL));
    let url = std::str::from_utf8(rest.get(..length)?).ok()?;
    let url = if quote.is_some() { url } else { url.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '*']) };
    let of_answer = memmem::find(before, b"@odata.").is_some() || url.contains("$metadata");
    // An audience or a scope with a version in it is a mistake, and no call.
    let of_resource = ["/v1.0", "/beta", "/.default"].iter().any(|end| url.trim_end_matches('/').ends_with(end));
    (!of_answer && !of_resource).then(|| (url.to_owned(), Span { start, end: start.saturating_add(url.len()) }))
}

/// The method that a function's name says, or a member `method`.
fn method(bytes: &[u8], span: Span) -> Option<String> {
    let before = bytes.get(span.start.saturating_sub(BEFORE)..span.start)?;
    let line = memchr::memrchr(b'\n', before).map_or(before, |end| before.get(end..).unwrap_or_default());
    if let Some(call) = memchr::memrchr(b'(', line).and_then(|at| line.get(..at)) {
        let letters = call.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let name = call.get(call.len().saturating_sub(letters)..)?;
        let named =
            |method: &&&str| name.get(..method.len()).is_some_and(|head| head.eq_ignore_ascii_case(method.as_bytes()));
        if let Some(method) = METHODS.iter().find(named) {
            return Some((*method).to_owned());
        }
    }
    let behind = bytes.get(span.end..bytes.len().min(span.end.saturating_add(BEHIND)))?;
    member(line).or_else(|| member(behind))
}

/// The value of `method: "…"`, `"method": "…"`, or the name behind `HttpMethod.`.
fn member(text: &[u8]) -> Option<String> {
    memmem::find_iter(text, b"ethod")
        .find_map(|at| {
            let rest = text.get(at.saturating_add(5)..)?;
            let gap = rest.iter().take(8).take_while(|byte| !byte.is_ascii_alphanumeric()).count();
            let between = rest.get(..gap)?;
            let assigned = between.iter().any(|byte| matches!(byte, b':' | b'=' | b'.'));
            let word = rest.get(gap..)?;
            let word = word.get(..word.iter().take(8).take_while(|byte| byte.is_ascii_alphabetic()).count())?;
            METHODS.iter().filter(|_| assigned).find(|method| word.eq_ignore_ascii_case(method.as_bytes()))
        })
        .map(|method| (*method).to_owned())
}

/// The request of a list of headers, each name and its value in one line or in two.
fn listed(bytes: &[u8], end: usize) -> Option<Request> {
    let text = bytes.get(end..bytes.len().min(end.saturating_add(HEADERS)))?;
    let value = |text: &[u8]| {
        let text = text.strip_prefix(b":").unwrap_or(text).trim_ascii_start();
        let length = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
        String::from_utf8(text.get(..length)?.to_vec()).ok()
    };
    let named = |name: &str| value(text.get(memmem::find(text, name.as_bytes())?.saturating_add(name.len())..)?);
    let (host, method, path) = (value(text)?, named(":method")?, named(":path")?);
    if !path.starts_with('/') || host.contains('/') {
        return None;
    }
    request::from_members(Some(method), Some(format!("https://{host}{path}")), Span { start: end, end })
}

#[cfg(test)]
mod tests {
    use super::super::extract;

    #[test]
    fn the_one_address_of_code_is_the_call() {
        const CLAIMS: &str = r#"{"aud":"https://graph.microsoft.com","iss":"x","exp":1}"#;
        for (code, expected) in [
            (
                "fetch(\"https://graph.microsoft.com/v1.0/me\", {\n \"headers\": {},\n \"method\": \"PATCH\"\n})",
                "PATCH /v1.0/me",
            ),
            ("await axios.post('https://graph.microsoft.com/v1.0/me/sendMail', body)", "POST /v1.0/me/sendMail"),
            (
                "requests.get(f'https://graph.microsoft.com/beta/users/{id}?$select=id,mail')",
                "GET /beta/users/{id}?$select=id,mail",
            ),
            ("await client.DeleteAsync(\"https://graph.microsoft.com/v1.0/users/1\");", "DELETE /v1.0/users/1"),
            ("new HttpRequestMessage(HttpMethod.Put, \"https://graph.microsoft.com/v1.0/x\")", "PUT /v1.0/x"),
            ("axios({ method: 'delete', url: 'https://graph.microsoft.com/v1.0/x' })", "DELETE /v1.0/x"),
            ("I call https://graph.microsoft.com/v1.0/users.", "GET /v1.0/users"),
            (":authority\ngraph.microsoft.com\n:method\nGET\n:path\n/v1.0/users\n:scheme\nhttps", "GET /v1.0/users"),
            (":authority: graph.microsoft.com\n:method: PUT\n:path: /v1.0/users\n", "PUT /v1.0/users"),
            // Two addresses, an answer, a scope, a documentation page.
            ("https://graph.microsoft.com/v1.0/me and https://graph.microsoft.com/v1.0/users", ""),
            ("\"@odata.nextLink\": \"https://graph.microsoft.com/v1.0/users?$skiptoken=1\"", ""),
            ("\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#users\"", ""),
            ("scope=https://graph.microsoft.com/User.Read", ""),
            ("scope=https://graph.microsoft.com/v1.0/.default", ""),
            ("resource: https://graph.microsoft.com/v1.0/", ""),
            ("https://learn.microsoft.com/graph/api/user-list?view=graph-rest-1.0", ""),
        ] {
            let requests = extract(format!("{code}\n{CLAIMS}").as_bytes()).requests;
            let found: Vec<String> =
                requests.iter().map(|request| format!("{} {}", request.method, request.url)).collect();
            assert_eq!(found.join(", ").replace("https://graph.microsoft.com", ""), expected, "{code}");
        }
        // Without a token it is an address like any other.
        assert!(extract(b"I call https://graph.microsoft.com/v1.0/users.").requests.is_empty());
    }
}
