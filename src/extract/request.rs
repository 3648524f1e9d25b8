//! The requests that a paste shows: what was called, and what was sent as authorization.

use super::Span;
use super::header::{self, SentHeader};
use crate::offset::Advance;
use memchr::memmem;

/// An HTTP request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method, upper-case.
    pub method: String,
    /// The full address, or the path where the paste names no host.
    pub url: String,
    /// Where it stands.
    pub span: Span,
    /// True where the paste shows that it was refused: the answer has the status 401 or 403.
    pub refused: bool,
}

/// A cmdlet of Microsoft Graph PowerShell that the paste shows being run, or that an error message names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The command up to the end of its line, or of the line that it is continued on, at most 8 KiB.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// An error message names it, with its variant: `Get-MgUser_List`.
    pub refused: bool,
}

/// A request to a token endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequest {
    /// Where its form stands.
    pub span: Span,
    /// The fields of the form, percent-decoded, in order.
    pub fields: Vec<(String, String)>,
    /// True of `/oauth2/v2.0/token`, false of `/oauth2/token`; absent where the paste does not show the path.
    pub v2: Option<bool>,
}

impl TokenRequest {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// The methods of requests.
pub(super) const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Commands that send requests: curl, those of Azure and Microsoft 365, those of PowerShell.
pub(super) const COMMANDS: [&str; 8] = [
    "curl",
    "az rest",
    "m365 request",
    "Invoke-RestMethod",
    "Invoke-WebRequest",
    "Invoke-MgGraphRequest",
    "Invoke-MgRestMethod",
    "Invoke-GraphRequest",
];

/// What the names of the cmdlets of Microsoft Graph PowerShell have in them.
pub(super) const CMDLET: &str = "-Mg";

/// Longest verb of a cmdlet, in bytes.
const LONGEST_VERB: usize = 24;

/// How far in front of a command its line is looked at, in bytes: for a prompt, an assignment.
const BEFORE_COMMAND: usize = 200;

/// Longest address that is read, in bytes.
pub(super) const LONGEST_URL: usize = 8192;

/// Finds requests, Authorization headers and token requests in HTTP dumps, log lines, curl and PowerShell commands. Those
/// of HAR files come from `object`.
#[derive(Default)]
pub(super) struct Finder {
    by_method: Vec<Request>,
    by_command: Vec<Request>,
    cmdlets: Vec<Command>,
    headers: Vec<SentHeader>,
    token_requests: Vec<TokenRequest>,
    /// One past the last command of each name.
    command_end: [usize; COMMANDS.len()],
    /// One past the last cmdlet with its parameters.
    cmdlet_end: usize,
    /// One past the last header.
    header_end: usize,
}

/// What [`Finder`] found, in order.
pub(super) struct Found {
    pub(super) requests: Vec<Request>,
    pub(super) cmdlets: Vec<Command>,
    pub(super) headers: Vec<SentHeader>,
    pub(super) token_requests: Vec<TokenRequest>,
}

impl Finder {
    /// The method of that row stands at `at`.
    pub(super) fn method(&mut self, bytes: &[u8], row: usize, at: usize) {
        self.by_method.extend(METHODS.get(row).and_then(|method| request_line(bytes, at, method)));
    }

    /// The command of that row stands at `start`.
    pub(super) fn command(&mut self, bytes: &[u8], row: usize, start: usize, name_end: usize) {
        let Some(end) = self.command_end.get_mut(row).filter(|end| start >= **end) else { return };
        if begins_command(bytes, start, name_end) {
            let (words, command_end) = command_words(bytes, start);
            *end = command_end;
            let span = Span { start, end: command_end };
            if row == 0 {
                self.headers.extend(header::empty_in_words(&words, Span { start, end: name_end }));
            }
            self.by_command.extend(match row {
                0 => curl(words, span),
                1 | 2 => command_line_tool(words, span),
                _ => powershell(words, span),
            });
        }
    }

    /// The middle of a cmdlet's name stands at `at`.
    pub(super) fn cmdlet(&mut self, bytes: &[u8], at: usize) {
        if at < self.cmdlet_end {
            return;
        }
        if let Some(command) = cmdlet(bytes, at).filter(|command| command.span.start >= self.cmdlet_end) {
            self.cmdlet_end = command.span.end;
            self.cmdlets.push(command);
        }
    }

    /// The name of an Authorization header stands behind its first letter at `name`, and its value begins at `start`.
    pub(super) fn authorization(&mut self, bytes: &[u8], name: usize, start: usize) {
        let begin = name.checked_sub(1).filter(|&begin| begin >= self.header_end);
        let Some(begin) = begin.filter(|&begin| matches!(bytes.get(begin), Some(b'A' | b'a'))) else { return };
        // A value reaches to the end of its line: no second header begins inside it.
        let header = header::sent_line(bytes, begin, start);
        self.header_end = header.as_ref().map_or_else(|| line_end(bytes, start), |header| header.span.end);
        self.headers.extend(header);
    }

    /// The field `grant_type` of a form stands at `at`.
    pub(super) fn grant_type(&mut self, bytes: &[u8], at: usize) {
        let floor = self.token_requests.last().map_or(0, |last| last.span.end);
        if at >= floor {
            self.token_requests.push(token_request(bytes, at, floor));
        }
    }

    /// What was found; also a bare `Bearer …` that is the whole paste.
    pub(super) fn found(mut self, bytes: &[u8]) -> Found {
        if self.headers.is_empty() {
            self.headers.extend(header::whole_paste(bytes));
        }
        self.by_method.extend(self.by_command);
        Found {
            requests: self.by_method,
            cmdlets: self.cmdlets,
            headers: self.headers,
            token_requests: self.token_requests,
        }
    }
}

/// A request from the members `method` and `url` of an object.
pub(super) fn from_members(method: Option<String>, url: Option<String>, span: Span) -> Option<Request> {
    let method = method?.to_ascii_uppercase();
    let url = url?;
    let known = METHODS.contains(&method.as_str());
    (known && url.len() <= LONGEST_URL && !url.is_empty()).then_some(Request { method, url, span, refused: false })
}

/// `GET /v1.0/me HTTP/1.1`, or `GET https://…` at the start of a line or string.
fn request_line(bytes: &[u8], at: usize, method: &str) -> Option<Request> {
    let before = at.checked_sub(1).and_then(|index| bytes.get(index));
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/')) {
        return None;
    }
    let rest = bytes.get(at.saturating_add(method.len())..)?;
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    let target = word(rest.get(spaces..)?)?;
    if spaces == 0 || target.len() > LONGEST_URL {
        return None;
    }
    let text = std::str::from_utf8(target).ok()?;
    let end = at.saturating_add(method.len()).saturating_add(spaces).saturating_add(target.len());
    let absolute = is_address(text);
    let versioned = bytes.get(end..)?.starts_with(b" HTTP/");
    let relative = versioned && text.starts_with('/');
    if !absolute && !relative {
        return None;
    }
    let host = if absolute { None } else { host_header(bytes.get(end..)?) };
    let url = host.map_or_else(|| text.to_owned(), |host| format!("https://{host}{text}"));
    Some(Request { method: method.to_owned(), url, span: Span { start: at, end }, refused: false })
}

/// The Host header of the lines that follow a request line; `rest` begins behind its target. The first line that is
/// no header ends the search, so that no line is read for two requests.
fn host_header(rest: &[u8]) -> Option<String> {
    let line_end = memchr::memchr(b'\n', rest.get(..rest.len().min(16))?)?;
    let head = rest.get(line_end.saturating_add(1)..rest.len().min(64 * 1024))?;
    for line in head.split(|&byte| byte == b'\n').take(100) {
        let (name, value) = split_header(trim_quotation(line).trim_ascii())?;
        if name.eq_ignore_ascii_case(b"host") {
            return std::str::from_utf8(value).ok().filter(|host| !host.contains('/')).map(str::to_owned);
        }
    }
    None
}

fn split_header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    Some((line.get(..colon)?.trim_ascii(), line.get(colon.saturating_add(1)..)?.trim_ascii()))
}

fn trim_quotation(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| matches!(byte, b'>' | b' ' | b'|')).count();
    line.get(marks..).unwrap_or_default()
}

/// The word at the start: up to white space or a closing quote.
fn word(rest: &[u8]) -> Option<&[u8]> {
    let length =
        rest.iter().take(LONGEST_URL + 1).position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'<'));
    rest.get(..length.unwrap_or(rest.len().min(LONGEST_URL + 1))).filter(|word| !word.is_empty())
}

fn is_address(text: &str) -> bool {
    let lower = text.get(..8.min(text.len())).map(str::to_ascii_lowercase).unwrap_or_default();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// The words of one command line, quotes and continuation marks undone; at most a few thousand bytes of it.
fn command_words(bytes: &[u8], at: usize) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    let text = bytes.get(at..).unwrap_or_default();
    let text = text.get(..text.len().min(256 * 1024)).unwrap_or_default();
    let mut index = 0;
    while let Some(&byte) = text.get(index) {
        let next = text.get(index.saturating_add(1)).copied();
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                current.get_or_insert_default();
            }
            (None, b'\\' | b'^' | b'`') if matches!(next, Some(b'\r' | b'\n')) => {
                index.advance(1);
                if next == Some(b'\r') && text.get(index.saturating_add(1)) == Some(&b'\n') {
                    index.advance(1);
                }
                words.extend(current.take());
            }
            (None, b'\n' | b'\r' | b'|' | b';') => break,
            (None, b' ' | b'\t') => words.extend(current.take()),
            _ => current.get_or_insert_default().push(char::from(byte)),
        }
        index.advance(1);
    }
    words.extend(current);
    (words, at.saturating_add(index))
}

/// True where a word begins and ends here, so that it can be the name of a command (`curl`, `curl.exe`).
fn begins_command(bytes: &[u8], at: usize, end: usize) -> bool {
    let before = at.checked_sub(1).and_then(|index| bytes.get(index));
    !before.is_some_and(|byte| byte.is_ascii_alphanumeric()) && matches!(bytes.get(end), Some(b' ' | b'.'))
}

fn curl(words: Vec<String>, span: Span) -> Option<Request> {
    let url = words.iter().find(|word| is_address(word)).cloned()?;
    let value_of = |names: &[&str]| {
        words.iter().enumerate().find_map(|(index, word)| {
            let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
            if !names.contains(&name) {
                return word
                    .strip_prefix("-X")
                    .filter(|rest| !rest.is_empty() && names.contains(&"-X"))
                    .map(str::to_owned);
            }
            value.map(str::to_owned).or_else(|| words.get(index.saturating_add(1)).cloned())
        })
    };
    let sends_body =
        words.iter().any(|word| word == "-d" || word.starts_with("--data") || word == "--json" || word == "-F");
    let method = value_of(&["-X", "--request"]).unwrap_or_else(|| if sends_body { "POST" } else { "GET" }.to_owned());
    from_members(Some(method), Some(url), span)
}

/// `az rest --method get --url …`, `m365 request --url …`.
fn command_line_tool(words: Vec<String>, span: Span) -> Option<Request> {
    let whole_or_value = |word: &'_ String| {
        let value = word.split_once('=').map(|(_, value)| value);
        [Some(word.as_str()), value].into_iter().flatten().find(|text| is_address(text)).map(str::to_owned)
    };
    let url = words.iter().find_map(whole_or_value)?;
    let method = words.iter().enumerate().find_map(|(index, word)| match word.split_once('=') {
        Some(("--method", value)) => Some(value.to_owned()),
        _ if matches!(word.as_str(), "--method" | "-m") => words.get(index.saturating_add(1)).cloned(),
        _ => None,
    });
    from_members(Some(method.unwrap_or_else(|| "GET".to_owned())), Some(url), span)
}

/// The cmdlet whose name has its middle at `at`, where it is run (it begins a command), or is named with its variant.
fn cmdlet(bytes: &[u8], at: usize) -> Option<Command> {
    let before = bytes.get(at.saturating_sub(LONGEST_VERB)..at)?;
    let verb = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let start = at.checked_sub(verb).filter(|_| verb > 1 && verb < LONGEST_VERB)?;
    let line = bytes.get(start.saturating_sub(BEFORE_COMMAND)..start)?;
    let line = memchr::memrchr(b'\n', line).and_then(|end| line.get(end..)).unwrap_or(line).trim_ascii();
    // A prompt, an assignment, a parenthesis, the mark of the line that PowerShell repeats in an error.
    let begins = line.last().is_none_or(|byte| matches!(byte, b'>' | b'=' | b'(' | b'{' | b'+' | b';' | b'&'));
    let rest = bytes.get(at..)?;
    let name = rest.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric()).count().saturating_add(1);
    let refused = rest.get(name..)?.starts_with(b"_List") || rest.get(name..)?.starts_with(b"_Get");
    if refused {
        let variant = rest.get(name..)?.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let end = at.saturating_add(name).saturating_add(variant).saturating_add(1);
        let text = std::str::from_utf8(bytes.get(start..end)?).ok()?.to_owned();
        return Some(Command { text, span: Span { start, end }, refused });
    }
    if !begins {
        return None;
    }
    // What is longer has its parameters cut: the name comes first.
    let end = command_words(bytes.get(..bytes.len().min(start.saturating_add(LONGEST_URL)))?, start).1;
    let text = bytes.get(start..end)?;
    Some(Command { text: String::from_utf8_lossy(text).into_owned(), span: Span { start, end }, refused })
}

fn powershell(words: Vec<String>, span: Span) -> Option<Request> {
    let after = |name: &str| {
        let index = words.iter().position(|word| word.eq_ignore_ascii_case(name))?;
        words.get(index.saturating_add(1)).cloned()
    };
    let url = after("-Uri").or_else(|| words.iter().find(|word| is_address(word)).cloned())?;
    // Nothing but a variable.
    if url.starts_with('$') && !url.contains('/') {
        return None;
    }
    let method = after("-Method").unwrap_or_else(|| "GET".to_owned());
    from_members(Some(method), Some(url), span)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at.saturating_add(memchr::memchr(b'\n', rest).unwrap_or(rest.len()))
}

/// The form whose field `grant_type` stands at `at`; it begins at `floor` or behind.
fn token_request(bytes: &[u8], at: usize, floor: usize) -> TokenRequest {
    let of_form = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'?');
    let before = bytes.get(floor..at).unwrap_or_default();
    let start = at.saturating_sub(before.iter().rev().take_while(|byte| of_form(byte)).count());
    let length = bytes.get(start..).unwrap_or_default().iter().take_while(|byte| of_form(byte)).count();
    let end = start.saturating_add(length);
    let form = bytes.get(start..end).unwrap_or_default();
    let fields = form
        .split(|&byte| byte == b'&')
        .filter_map(|field| {
            let equals = memchr::memchr(b'=', field)?;
            let value = field.get(equals.saturating_add(1)..)?;
            Some((percent_decoded(field.get(..equals)?), percent_decoded(value)))
        })
        .collect();
    let head = bytes.get(start.saturating_sub(4096).max(floor)..start).unwrap_or_default();
    let v2 = match (memmem::rfind(head, b"/oauth2/v2.0/token"), memmem::rfind(head, b"/oauth2/token")) {
        (Some(_), None) => Some(true),
        (None, Some(_)) => Some(false),
        (Some(new), Some(old)) => Some(new > old),
        (None, None) => None,
    };
    TokenRequest { span: Span { start, end }, fields, v2 }
}

/// A field of a form (URL standard, application/x-www-form-urlencoded); longer ones than a token are cut.
pub(super) fn percent_decoded(field: &[u8]) -> String {
    let field = field.get(..field.len().min(LONGEST_URL)).unwrap_or_default();
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&byte, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (byte, code.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) => {
                out.push(b' ');
                rest = tail;
            }
            _ => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::extract;
    use std::collections::BTreeSet;

    #[test]
    fn cmdlets_that_were_run_or_refused_are_found() {
        for (paste, expected) in [
            ("Get-MgUser -UserId x", &["Get-MgUser -UserId x"][..]),
            ("PS C:\\> get-mguser -All | Select Id\r\nnext", &["get-mguser -All "]),
            ("$all = Get-MgUser `\n  -All\n", &["Get-MgUser `\n  -All"]),
            ("foreach ($g in $all) { Get-MgGroupMember -GroupId $g.Id }", &["Get-MgGroupMember -GroupId $g.Id }"]),
            ("+ Get-MgUser -All\n+ ~~~~~~", &["Get-MgUser -All"]),
            ("Get-MgUser_List: Insufficient privileges", &["Get-MgUser_List"]),
            ("    + CategoryInfo : InvalidOperation: (…) [Get-MgUser_Get1], RestException", &["Get-MgUser_Get1"]),
            // A sentence, a part of another word, no verb, no line of its own.
            ("I ran Get-MgUser and it failed", &[]),
            ("Get-MgUser | Get-MgUserManager", &["Get-MgUser "]),
            ("x-mgb", &[]),
            ("-MgUser", &[]),
            ("https://example.example/Get-MgUser", &[]),
        ] {
            let found: Vec<String> =
                extract(paste.as_bytes()).cmdlets.into_iter().map(|command| command.text).collect();
            assert_eq!(found, expected, "{paste}");
        }
        for hostile in ["Get-Mg", "(Get-Mg", "Get-MgUser_List", "Get-Mg\n"] {
            let paste = hostile.repeat(50_000);
            let cmdlets = extract(paste.as_bytes()).cmdlets;
            assert!(cmdlets.iter().map(|command| command.text.len()).sum::<usize>() <= paste.len(), "{hostile}");
        }
    }

    #[test]
    fn requests_of_every_notation_are_read() {
        const ME: &str = "https://graph.microsoft.com/v1.0/me";
        for (paste, expected) in [
            // curl: the method is said, or follows from a body.
            ("curl {me}", &["GET {me}"][..]),
            ("curl.exe {me}", &["GET {me}"]),
            ("curl -X PATCH {me}", &["PATCH {me}"]),
            ("curl -XDELETE {me}", &["DELETE {me}"]),
            ("curl --request put {me}", &["PUT {me}"]),
            ("curl --request=PUT {me}", &["PUT {me}"]),
            ("curl -d '{}' {me}", &["POST {me}"]),
            ("curl --data-raw '{}' {me}", &["POST {me}"]),
            ("curl --json '{}' {me}", &["POST {me}"]),
            ("curl -F file=@x {me}", &["POST {me}"]),
            ("curl -X GET -d '{}' {me}", &["GET {me}"]),
            ("curl -s \\\n  -H 'Accept: a b' \\\r\n  \"{me}\" | jq .", &["GET {me}"]),
            ("curl -s ^\r\n \"{me}\"", &["GET {me}"]),
            ("curl {me}; curl -X POST {me}/messages", &["GET {me}", "POST {me}/messages"]),
            ("mycurl {me}", &[]),
            ("curl https", &[]),
            ("curl -X FETCH {me}", &[]),
            // The tools of Azure and Microsoft 365.
            ("az rest --url {me}", &["GET {me}"]),
            ("az rest --method post --url {me}", &["POST {me}"]),
            ("az rest --method=delete --url={me}", &["DELETE {me}"]),
            ("az rest -m put -u {me}", &["PUT {me}"]),
            ("m365 request --method patch --url \"{me}\"", &["PATCH {me}"]),
            ("az rest --method post --url /v1.0/me", &[]),
            // PowerShell.
            ("Invoke-RestMethod -Uri {me}", &["GET {me}"]),
            ("$r = Invoke-WebRequest {me} -Method Delete", &["DELETE {me}"]),
            ("Invoke-MgGraphRequest -Method POST -Uri \"v1.0/me/messages\"", &["POST v1.0/me/messages"]),
            ("Invoke-RestMethod `\n -method Patch `\n -uri {me}", &["PATCH {me}"]),
            ("Invoke-RestMethod -Uri $uri", &[]),
            ("Invoke-RestMethod -Uri $base/me", &["GET $base/me"]),
            // Dumps and logs.
            ("GET /v1.0/me HTTP/1.1\r\nAccept: */*\r\nHost: graph.microsoft.com\r\n\r\n", &["GET {me}"]),
            ("> PATCH /v1.0/me HTTP/2\n> host: graph.microsoft.com\n", &["PATCH {me}"]),
            ("GET /v1.0/me HTTP/1.1\nAccept: */*\n\nHost: graph.microsoft.com\n", &["GET /v1.0/me"]),
            ("GET /v1.0/me HTTP/1.1\nHost: a/b\n", &["GET /v1.0/me"]),
            ("GET /v1.0/me and more", &[]),
            ("12:00 \"DELETE {me}\" 403", &["DELETE {me}"]),
            ("12:00 POST {me} 403", &["POST {me}"]),
            ("FORGET {me}", &[]),
            ("GET{me}", &[]),
        ] {
            let said: BTreeSet<String> = expected.iter().map(|request| request.replace("{me}", ME)).collect();
            let requests = extract(paste.replace("{me}", ME).as_bytes()).requests;
            // What two finders see is there twice.
            let found: BTreeSet<String> =
                requests.into_iter().map(|request| format!("{} {}", request.method, request.url)).collect();
            assert_eq!(found, said, "{paste}");
        }
    }

    #[test]
    fn token_requests_are_read_with_the_version_of_their_endpoint() {
        let form = "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&a=b+c%2";
        for (before, v2) in [
            ("", None),
            ("POST /x/oauth2/v2.0/token HTTP/1.1\n\n", Some(true)),
            ("POST /x/oauth2/token HTTP/1.1\n\n", Some(false)),
            ("/oauth2/token, then\n/oauth2/v2.0/token\n", Some(true)),
            ("/oauth2/v2.0/token, then\n/oauth2/token\n", Some(false)),
        ] {
            let found = extract(format!("{before}{form}").as_bytes()).token_requests;
            assert_eq!(found.len(), 1, "{before}");
            assert_eq!(found[0].v2, v2, "{before}");
            assert_eq!(found[0].span.start, before.len());
            assert_eq!(found[0].field("grant_type"), Some("client_credentials"));
            assert_eq!(found[0].field("scope"), Some("https://graph.microsoft.com/.default"));
            assert_eq!(found[0].field("a"), Some("b c%2"));
        }
    }
}
