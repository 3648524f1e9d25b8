//! Claims as lines of name and value: what a decoder page or a PowerShell object list shows.

use super::compact::is_line_mark;
use super::context::Context;
use super::{Candidate, Repairs, Shape, Span};
use crate::jose::json;
use crate::offset::Advance;

/// Names that make a line a claim. The list decides only what is recognised; every claim of the list is kept.
const NAMES: [&str; 34] = [
    "acct",
    "acr",
    "acrs",
    "aio",
    "amr",
    "app_displayname",
    "appid",
    "appidacr",
    "aud",
    "azp",
    "azpacr",
    "exp",
    "iat",
    "idp",
    "idtyp",
    "ipaddr",
    "iss",
    "name",
    "nbf",
    "oid",
    "preferred_username",
    "puid",
    "rh",
    "roles",
    "scp",
    "sid",
    "sub",
    "tid",
    "unique_name",
    "upn",
    "uti",
    "ver",
    "wids",
    "xms_idrel",
];

/// Claims that are numbers in a token; everything else is a string or a list of strings.
const NUMBERS: [&str; 6] = ["acct", "exp", "iat", "nbf", "xms_tcdt", "auth_time"];

/// Longer lines are read to here, in bytes.
const LONGEST_LINE: usize = 16 * 1024;

/// Lines between two claims that belong to neither (explanations, wrapped values).
const GAP: usize = 2;

/// Claims that are lists, whatever their number of values.
const LISTS: [&str; 7] = ["acrs", "amr", "groups", "roles", "signin_state", "wids", "xms_cc"];

/// The longest text in front of a claim in its line: marks of mail, the name that a log puts there; in bytes.
const LONGEST_LEAD: usize = 80;

/// True where a line begins with the claim `aud`, which stands at `start`: every list has one.
pub(super) fn begins_audience(bytes: &[u8], start: usize, end: usize) -> bool {
    let window = bytes.get(start.saturating_sub(LONGEST_LEAD)..start).unwrap_or_default();
    let line = match memchr::memrchr(b'\n', window) {
        Some(end) => window.get(end.saturating_add(1)..).unwrap_or_default(),
        None if window.len() < LONGEST_LEAD => window,
        None => return false,
    };
    let next = bytes.get(end);
    match line.get(lead(line)..).unwrap_or_default() {
        [] => matches!(next, Some(b' ' | b'\t' | b':' | b'=')),
        b"\"" => next == Some(&b'"'),
        b"[" => next == Some(&b','),
        _ => false,
    }
}

/// Length of what stands in front of the text of a line: blanks, marks of mail, the name of a container and a bar.
fn lead(line: &[u8]) -> usize {
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'\t');
    let name = line.iter().take(LONGEST_LEAD).take_while(|byte| of_name(byte)).count();
    let front = if line.get(name) == Some(&b'|') { name } else { 0 };
    let rest = line.get(front..).unwrap_or_default();
    front.saturating_add(rest.iter().take_while(|byte| byte.is_ascii_whitespace() || is_line_mark(**byte)).count())
}

/// Finds lists of claims.
pub(super) fn find(bytes: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut list = List::default();
    let mut start = 0_usize;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let end = start.saturating_add(line.len());
        match claim(line) {
            _ if list.item(line, end) => {}
            Some((name, value)) => list.push(name, value, start, end),
            None if list.gap < GAP && !list.claims.is_empty() => list.gap.advance(1),
            None => list.close(&mut found),
        }
        start = end;
    }
    list.close(&mut found);
    found
}

#[derive(Default)]
struct List {
    claims: Vec<(String, String)>,
    span: Option<Span>,
    gap: usize,
    known: usize,
}

impl List {
    fn push(&mut self, name: &str, value: &str, start: usize, end: usize) {
        self.known.advance(usize::from(NAMES.contains(&name)));
        self.gap = 0;
        self.claims.push((name.to_owned(), value.to_owned()));
        let first = self.span.map_or(start, |span| span.start);
        self.span = Some(Span { start: first, end });
    }

    /// Takes a line of an array or object that the last claim opened; false where none is open.
    fn item(&mut self, line: &[u8], end: usize) -> bool {
        let is_open = |value: &str| value == "{" || value.starts_with('[') && !value.ends_with(']');
        let Some((_, value)) = self.claims.last_mut().filter(|(_, value)| is_open(value)) else { return false };
        let text = line.get(lead(line)..).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default().trim();
        let text = text.trim_end_matches(',');
        if value == "{" {
            // Its members are none of the claims.
            if !text.starts_with('"') {
                value.push('}');
            }
            return true;
        }
        match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(item) if value.len() < LONGEST_LINE => {
                value.push_str(if value.len() > 1 { "," } else { "" });
                value.push_str(item);
            }
            _ => value.push(']'),
        }
        if let Some(span) = &mut self.span {
            span.end = end;
        }
        matches!(text, "]") || text.starts_with('"') && text.ends_with('"')
    }

    /// Ends the list: with an audience and three more claims it is one.
    fn close(&mut self, found: &mut Vec<Candidate>) {
        let list = std::mem::take(self);
        let Some(span) = list.span else { return };
        if list.known < 4 || !list.claims.iter().any(|(name, _)| name == "aud") {
            return;
        }
        let payload = to_json(&list.claims).into_bytes();
        let shape = Shape::Claims { header: None, payload };
        found.push(Candidate { shape, span, context: Context::default(), repairs: Repairs::default() });
    }
}

/// Name and value of a line `name : value`, `name = value`, `name TAB value`, `"name": value,` or `[name, value]`.
fn claim(line: &[u8]) -> Option<(&str, &str)> {
    let line = line.get(..line.len().min(LONGEST_LINE))?;
    let rest = line.get(lead(line)..)?.trim_ascii_end();
    let pair = rest.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    let quoted = rest.strip_prefix(b"\"");
    let rest = pair.or(quoted).unwrap_or(rest);
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let name = std::str::from_utf8(rest.get(..length)?).ok()?;
    // Names of the list are few; others are kept where they look like claims of Entra.
    if !NAMES.contains(&name)
        && !LISTS.contains(&name)
        && !name.starts_with("xms_")
        && !matches!(name, "family_name" | "given_name" | "deviceid")
    {
        return None;
    }
    let rest = rest.get(length..)?;
    if pair.is_some() {
        let value = std::str::from_utf8(rest.strip_prefix(b",")?).ok()?.trim();
        return (!value.is_empty()).then_some((name, value));
    }
    let rest = if quoted.is_some() { rest.strip_prefix(b"\"")? } else { rest };
    let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let value = match (rest.get(..spaces)?.contains(&b'\t'), rest.get(spaces)) {
        (_, Some(b':' | b'=')) => rest.get(spaces.saturating_add(1)..)?,
        (true, _) => rest.get(spaces..)?.split(|&byte| byte == b'\t').next()?,
        _ => return None,
    };
    let value = std::str::from_utf8(value).ok()?.trim();
    let value = if quoted.is_some() { value.trim_end_matches(',') } else { value };
    (!value.is_empty()).then_some((name, value.trim_matches('"')))
}

fn to_json(claims: &[(String, String)]) -> String {
    let mut out = String::from("{");
    let mut listed = [false; LISTS.len()];
    for (name, value) in claims {
        let row = LISTS.iter().position(|list| list == name);
        // A list of claims repeats the name for every value.
        if row.is_some_and(|row| listed.get_mut(row).is_some_and(|listed| std::mem::replace(listed, true))) {
            continue;
        }
        out.push_str(if out.len() > 1 { "," } else { "" });
        quoted(&mut out, name);
        out.push(':');
        if row.is_some() {
            let values = claims.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
            array(&mut out, values.flat_map(|value| items(value).unwrap_or(value).split(',')));
        } else if let Some(items) = items(value) {
            array(&mut out, items.split(','));
        } else if NUMBERS.contains(&name.as_str()) && is_whole_number(value) {
            out.push_str(value);
        } else {
            quoted(&mut out, value);
        }
    }
    out.push('}');
    out
}

/// What stands between the brackets of a list.
fn items(value: &str) -> Option<&str> {
    value.strip_prefix(['{', '['])?.strip_suffix(['}', ']'])
}

fn array<'v>(out: &mut String, items: impl Iterator<Item = &'v str>) {
    out.push('[');
    let mut first = true;
    for item in items.map(|item| item.trim().trim_matches('"')).filter(|item| !item.is_empty()) {
        out.push_str(if first { "" } else { "," });
        first = false;
        quoted(out, item);
    }
    out.push(']');
}

fn is_whole_number(text: &str) -> bool {
    (1..=18).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    json::escape_into(out, text);
    out.push('"');
}
