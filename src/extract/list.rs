//! Claims as lines of name and value: what a decoder page or a PowerShell object list shows.

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

/// Lines between two claims that belong to neither (explanations, wrapped values).
const GAP: usize = 2;

/// True where a line begins with the claim `aud`, which stands at `start`: every list has one.
pub(super) fn begins_audience(bytes: &[u8], start: usize, end: usize) -> bool {
    let lead = bytes.get(..start).unwrap_or_default().trim_ascii_end().len();
    let blank = bytes.get(lead..start).unwrap_or_default();
    let next = bytes.get(end);
    (lead == 0 || blank.contains(&b'\n')) && matches!(next, Some(b' ' | b'\t' | b':' | b'='))
}

/// Finds lists of claims.
pub(super) fn find(bytes: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut list = List::default();
    let mut start = 0_usize;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let end = start.saturating_add(line.len());
        match claim(line) {
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

/// Name and value of a line `name : value`, `name = value` or `name TAB value`.
fn claim(line: &[u8]) -> Option<(&str, &str)> {
    let line = line.get(..line.len().min(16 * 1024))?;
    let head = line.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let rest = line.get(head..)?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let name = std::str::from_utf8(rest.get(..length)?).ok()?;
    // Names of the list are few; others are kept where they look like claims of Entra.
    if !NAMES.contains(&name) && !name.starts_with("xms_") && !matches!(name, "family_name" | "given_name" | "deviceid")
    {
        return None;
    }
    let rest = rest.get(length..)?;
    let spaces = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let value = match (rest.get(..spaces)?.contains(&b'\t'), rest.get(spaces)) {
        (_, Some(b':' | b'=')) => rest.get(spaces.saturating_add(1)..)?,
        (true, _) => rest.get(spaces..)?.split(|&byte| byte == b'\t').next()?,
        _ => return None,
    };
    let value = std::str::from_utf8(value).ok()?.trim();
    (!value.is_empty()).then_some((name, value.trim_matches('"')))
}

fn to_json(claims: &[(String, String)]) -> String {
    let mut out = String::from("{");
    for (index, (name, value)) in claims.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        quoted(&mut out, name);
        out.push(':');
        let list = value.strip_prefix(['{', '[']).and_then(|rest| rest.strip_suffix(['}', ']']));
        match list {
            Some(items) => {
                out.push('[');
                for (place, item) in items.split(',').map(|item| item.trim().trim_matches('"')).enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    quoted(&mut out, item);
                }
                out.push(']');
            }
            None if NUMBERS.contains(&name.as_str()) && is_whole_number(value) => out.push_str(value),
            None => quoted(&mut out, value),
        }
    }
    out.push('}');
    out
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
