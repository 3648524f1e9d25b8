//! What was sent as authorization, and what is wrong with it.

use super::Span;
use crate::guid::is_guid;
use crate::jose::json;
use crate::offset::Advance;
use std::ops::Range;

/// An Authorization header that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentHeader {
    /// Where its value stands.
    pub span: Span,
    /// What is wrong with the value as a bearer token (RFC 6750 section 2.1), in order.
    pub problems: Vec<HeaderProblem>,
}

/// What is wrong with the value of an Authorization header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderProblem {
    /// Nothing behind `Bearer`.
    Empty,
    /// `Bearer` stands there that many times.
    RepeatedScheme(usize),
    /// The token without `Bearer`.
    MissingScheme,
    /// The token stands in quotes or brackets.
    Quoted(char),
    /// The name of a type, a null, or an object printed as text, where the token belongs.
    PrintedObject(String),
    /// A variable or placeholder that nobody filled in.
    Placeholder(String),
    /// A whole JSON text.
    Json,
    /// A GUID: a client ID, tenant ID or secret ID.
    Guid,
    /// Something behind the token.
    Trailing(String),
}

/// The header line whose name begins at `begin` and whose value at `start`.
pub(super) fn sent_line(bytes: &[u8], begin: usize, start: usize) -> Option<SentHeader> {
    let front = bytes.get(begin.saturating_sub(WINDOW)..begin)?;
    let quote = front.last().filter(|byte| matches!(byte, b'"' | b'\'' | b'`')).copied();
    let rest = bytes.get(start..)?;
    let end = match quote {
        // Where the paste is cut inside of the quotes, it ends as a line does.
        Some(quote) => memchr::memchr2(quote, b'\n', rest),
        None => memchr::memchr2(b'\r', b'\n', rest),
    }
    .unwrap_or(rest.len());
    // A log writes a header into a line of its own, and goes on behind the token.
    let line = front.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let inside = quote.is_none() && line.iter().any(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'<' | b'>'));
    let end = if inside { behind_token(rest.get(..end)?).unwrap_or(end) } else { end };
    // In quotes a variable belongs to the shell; as a line of its own it was sent as it stands. What an API answered well
    // to was no placeholder, whatever stands in its description.
    let literal = quote.is_none() && !answered_well(rest);
    header_of(bytes, start..start.saturating_add(end), literal)
}

/// How far around a header its surroundings are looked at, in bytes.
const WINDOW: usize = 512;

/// The shortest word that is taken for a token, in bytes.
const SHORTEST_TOKEN: usize = 60;

/// Where the first long word of a value ends.
fn behind_token(value: &[u8]) -> Option<usize> {
    let mut end = 0_usize;
    for word in value.split(u8::is_ascii_whitespace) {
        end = end.saturating_add(word.len());
        if word.len() > SHORTEST_TOKEN {
            return Some(end);
        }
        end.advance(1);
    }
    None
}

/// True where the answer behind a header is one to a request that was accepted.
fn answered_well(rest: &[u8]) -> bool {
    let near = rest.get(..rest.len().min(WINDOW)).unwrap_or_default();
    let accepted = [&b"HTTP/1.1 20"[..], b"HTTP/2 20", b"\n200 OK", b" 200 OK"];
    accepted.iter().any(|status| memchr::memmem::find(near, status).is_some())
}

/// The value of a header as a HAR file gives it; the span includes the quotes.
pub(super) fn header_value(bytes: &[u8], quoted: Range<usize>) -> Option<SentHeader> {
    header_of(bytes, quoted.start.saturating_add(1)..quoted.end.checked_sub(1)?, true)
}

/// A paste that is nothing but the value: `Bearer eyJ…`.
pub(super) fn whole_paste(bytes: &[u8]) -> Option<SentHeader> {
    let text = bytes.trim_ascii();
    let start = bytes.len().saturating_sub(bytes.trim_ascii_start().len());
    let first = text.get(..7)?;
    if !first.get(..6)?.eq_ignore_ascii_case(b"bearer") || !first.last()?.is_ascii_whitespace() {
        return None;
    }
    header_of(bytes, start..start.saturating_add(text.len()), false)
}

/// Judges the value of an Authorization header. `literal`: it was sent as it stands, no program fills in variables.
fn header_of(bytes: &[u8], range: Range<usize>, literal: bool) -> Option<SentHeader> {
    let value = bytes.get(range.clone())?;
    let value_text = json::unescape(value);
    let value = value_text.as_bytes().trim_ascii();
    let mut rest = value;
    let mut schemes = 0;
    let mut colon = false;
    while let Some(after) =
        rest.get(..6).filter(|word| word.eq_ignore_ascii_case(b"bearer")).and_then(|_| rest.get(6..))
    {
        if after.first().is_some_and(|byte| base64_or_dot(*byte)) {
            break;
        }
        schemes.advance(1);
        rest = after.trim_ascii_start();
        if let Some(behind) = rest.strip_prefix(b":") {
            colon = true;
            rest = behind.trim_ascii_start();
        }
    }
    let mut problems = Vec::new();
    let token_like = |text: &[u8]| text.starts_with(b"ey") && text.len() > 40;
    // A password in base64 has no dots.
    let as_password = value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case(b"basic ")).is_some_and(|_| {
        let password = value.get(6..).unwrap_or_default().trim_ascii_start();
        token_like(password) && memchr::memchr(b'.', password).is_some()
    });
    match schemes {
        0 if token_like(rest) || as_password => problems.push(HeaderProblem::MissingScheme),
        // Another scheme (Basic, Negotiate, PoP): not ours to judge.
        0 => return None,
        1 if colon && token_like(rest) => problems.push(HeaderProblem::MissingScheme),
        1 => {}
        count => problems.push(HeaderProblem::RepeatedScheme(count)),
    }
    if let Some(problem) = token_problem(rest, literal).filter(|_| !as_password) {
        problems.push(problem);
    }
    Some(SentHeader { span: Span { start: range.start, end: range.end }, problems })
}

fn base64_or_dot(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Words that programs print where they were asked for a token and had none.
const PRINTED: [&str; 11] = [
    "array",
    "null",
    "undefined",
    "none",
    "nil",
    "nan",
    "true",
    "false",
    "(null)",
    "system.security.securestring",
    "system.object[]",
];

fn token_problem(rest: &[u8], literal: bool) -> Option<HeaderProblem> {
    let text = String::from_utf8_lossy(rest.get(..rest.len().min(200)).unwrap_or_default());
    let trimmed = text.trim();
    let is_one_of = |words: &[&str]| words.iter().any(|word| trimmed.eq_ignore_ascii_case(word));
    Some(match text.chars().next() {
        None => {
            return literal.then_some(HeaderProblem::Empty);
        }
        Some(quote @ ('"' | '\'' | '“' | '”' | '`')) => HeaderProblem::Quoted(quote),
        Some('<') if text.contains("ey") && rest.len() > 60 => HeaderProblem::Quoted('<'),
        _ if is_one_of(&PRINTED) || text.starts_with("[object ") || is_type_name(&text) => {
            HeaderProblem::PrintedObject(text.into_owned())
        }
        Some('{') if text.contains('"') => HeaderProblem::Json,
        // In square brackets, and in words for it, somebody says that something was taken out before it was pasted.
        Some('[') => return None,
        Some('$' | '<' | '{' | '%') if is_taken_out(&text) => return None,
        Some(mark @ ('$' | '<' | '{' | '%')) => {
            let end = match mark {
                '<' => text.find('>'),
                '{' => text.rfind('}'),
                _ => None,
            };
            let shown = end.and_then(|end| text.get(..=end)).unwrap_or(&text).to_owned();
            return literal.then_some(HeaderProblem::Placeholder(shown));
        }
        _ if is_guid(rest.trim_ascii()) => HeaderProblem::Guid,
        _ => {
            let run = rest.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            let (token, after) = rest.split_at_checked(run)?;
            if token.len() > SHORTEST_TOKEN
                && let Some(last @ (b',' | b';' | b'"' | b'\'' | b'>')) = token.last()
            {
                return Some(HeaderProblem::Trailing(char::from(*last).to_string()));
            }
            if let Some(more) = behind_signature(token) {
                return Some(HeaderProblem::Trailing(more));
            }
            let placeholder = ["token", "access_token", "your_token", "accesstoken", "your-token", "your_access_token"];
            if literal && is_one_of(&placeholder) {
                return Some(HeaderProblem::Placeholder(text.into_owned()));
            }
            let after = after.trim_ascii();
            let continues = after.iter().copied().all(base64_or_dot) || is_of_log(after);
            return (!continues && token.len() > SHORTEST_TOKEN)
                .then(|| HeaderProblem::Trailing(String::from_utf8_lossy(after).into_owned()));
        }
    })
}

/// True of words for a value that was taken out before pasting.
fn is_taken_out(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["redact", "remov", "hidden", "filter", "mask", "trunc", "snip", "omit", "...", "\u{2026}"]
        .iter()
        .any(|word| lower.contains(word))
}

/// True of what a logger writes behind a header: an arrow, a column, a status, a field, a remark.
fn is_of_log(after: &[u8]) -> bool {
    let word = after.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let status = word.len() == 3 && word.iter().all(u8::is_ascii_digit);
    let field = word.iter().position(|byte| *byte == b'=').is_some_and(|at| {
        at > 0
            && word.get(..at).is_some_and(|name| name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'))
    });
    let marks = [&b"->"[..], b"=>", b"|", b"}", b"//", b"#", b"HTTP/"];
    status || field || marks.iter().any(|mark| word.starts_with(mark))
}

/// What a dot joins to a signature: a word, or a second token. An encrypted token has five parts.
fn behind_signature(token: &[u8]) -> Option<String> {
    let mut parts = token.split(|&byte| byte == b'.').skip(3);
    let (fourth, fifth, sixth) = (parts.next()?, parts.next(), parts.next());
    let second = fourth.starts_with(b"eyJ") || sixth.is_some();
    if !token.starts_with(b"eyJ") || token.len() <= SHORTEST_TOKEN || fourth.is_empty() || fifth.is_some() && !second {
        return None;
    }
    // Of what is longer nothing is shown: it may be a token.
    let word = (fourth.len() <= 16 && !second).then(|| String::from_utf8_lossy(fourth));
    Some(word.map_or_else(|| "a second token".to_owned(), |word| format!(".{word}")))
}

/// The full name of a type, as a program prints an object it cannot show: `System.Threading.Tasks.Task`.
fn is_type_name(text: &str) -> bool {
    let text = text.trim();
    let lead = [
        "System.",
        "Microsoft.",
        "Azure.",
        "com.microsoft.",
        "java.",
        "<class ",
        "<bound method",
        "<coroutine",
        "AccessToken(",
    ];
    lead.iter().any(|lead| text.starts_with(lead)) && text.len() < 160
}

/// The header of a command line that ends behind `Bearer`; its words have their quotes undone, so that no variable and
/// no other program fills it in. `span` is that of the command's name.
pub(super) fn empty_in_words(words: &[String], span: Span) -> Option<SentHeader> {
    let at = words.iter().position(|word| word.trim_end().eq_ignore_ascii_case("authorization: bearer"))?;
    let next = words.get(at.saturating_add(1)).map_or("", String::as_str);
    let built = ["+", ".", ",", "%", "&", "$"].iter().any(|operator| next.starts_with(operator));
    (!built).then(|| SentHeader { span, problems: vec![HeaderProblem::Empty] })
}

#[cfg(test)]
mod tests {
    use super::super::extract;
    use super::HeaderProblem;

    #[test]
    fn what_is_wrong_with_a_header_is_named() {
        use HeaderProblem::*;
        let token = format!("eyJ0eXAiOiJKV1QifQ.{}.c2ln", "e30".repeat(20));
        let text = |text: &str| text.to_owned();
        for (value, expected) in [
            ("Bearer {token}", &[][..]),
            ("bearer {token}", &[]),
            ("Basic dXNlcjpwYXNz", &[]),
            ("{token}", &[MissingScheme]),
            ("Bearer Bearer {token}", &[RepeatedScheme(2)]),
            ("Bearer: Bearer {token}", &[RepeatedScheme(2)]),
            ("Bearer", &[Empty]),
            ("Bearer \"{token}\"", &[Quoted('"')]),
            ("Bearer <{token}>", &[Quoted('<')]),
            ("Bearer <token>", &[Placeholder(text("<token>"))]),
            ("Bearer $TOKEN", &[Placeholder(text("$TOKEN"))]),
            ("Bearer {{access_token}}", &[Placeholder(text("{{access_token}}"))]),
            ("Bearer your_token", &[Placeholder(text("your_token"))]),
            ("Bearer <token> and more", &[Placeholder(text("<token>"))]),
            ("Bearer [REDACTED]", &[]),
            ("Bearer <hidden>", &[]),
            ("Bearer %REDACTED%", &[]),
            ("Bearer {token} -> 200", &[]),
            ("Bearer {token} status=200", &[]),
            ("Bearer {token} HTTP/1.1 200", &[]),
            ("Bearer undefined", &[PrintedObject(text("undefined"))]),
            ("Bearer System.Threading.Tasks.Task`1", &[PrintedObject(text("System.Threading.Tasks.Task`1"))]),
            ("Bearer {\"access_token\":1}", &[Json]),
            ("Bearer 5b7d20c9-e3a6-4f58-91c2-7a40d6be8f13", &[Guid]),
            ("Bearer {token},", &[Trailing(text(","))]),
            ("Bearer {token} (copied)", &[Trailing(text("(copied)"))]),
            ("Bearer: {token}", &[MissingScheme]),
            ("Basic {token}", &[MissingScheme]),
            ("Basic eyJhOmI0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", &[]),
            ("Bearer [object Promise]", &[PrintedObject(text("[object Promise]"))]),
            ("Bearer Array", &[PrintedObject(text("Array"))]),
            (
                "Bearer AccessToken(token='x', expires_on=1)",
                &[PrintedObject(text("AccessToken(token='x', expires_on=1)"))],
            ),
            ("Bearer {token}.abcdef", &[Trailing(text(".abcdef"))]),
            ("Bearer {token}.eyJhdWQiOiJ4In0.c2ln", &[Trailing(text("a second token"))]),
            ("Bearer eyJhbGciOiJkaXIifQ..aXYtaXYtaXYtaXYtaXYt.Y2lwaGVydGV4dC1jaXBoZXJ0ZXh0LWNpcGhlcg.dGFnLXRhZw", &[]),
        ] {
            let paste = format!("Authorization: {}\r\nAccept: */*\r\n", value.replace("{token}", &token));
            let found: Vec<_> =
                extract(paste.as_bytes()).headers.into_iter().flat_map(|header| header.problems).collect();
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn a_header_in_a_text_is_judged_as_far_as_it_goes() {
        let token = format!("eyJ0eXAiOiJKV1QifQ.{}.c2ln", "e30".repeat(20));
        for paste in [
            "10:00 sent Authorization: Bearer {token} (expires 18:05)",
            "Send it as `Authorization: Bearer <access_token>`. Its claim aud names the API.",
            "The header `Authorization: Bearer` is for tokens alone.",
            "GET /v1.0/me\nAuthorization: Bearer {access-token}\n\nHTTP/1.1 200 OK\n",
        ] {
            let headers = extract(paste.replace("{token}", &token).as_bytes()).headers;
            assert!(headers.iter().all(|header| header.problems.is_empty()), "{paste}: {headers:?}");
        }
    }

    #[test]
    fn an_empty_header_of_curl_is_one_that_nothing_fills_in() {
        for (command, expected) in [
            ("curl https://graph.microsoft.com/v1.0/me -H 'Authorization: Bearer '", 1),
            ("curl -H \"Authorization: Bearer\" https://graph.microsoft.com/v1.0/me", 1),
            ("curl -H 'Authorization: Bearer '$TOKEN https://graph.microsoft.com/v1.0/me", 0),
            ("exec(\"curl -H 'Authorization: Bearer ' + token + \" https://graph.microsoft.com/v1.0/me\")", 0),
            ("headers['x'] = 'Authorization: Bearer ' . $token", 0),
        ] {
            let headers = extract(command.as_bytes()).headers;
            let empty = headers.iter().filter(|header| header.problems == [HeaderProblem::Empty]).count();
            assert_eq!(empty, expected, "{command}");
        }
    }
}
