//! Errors in addresses (`…?error=invalid_request&error_description=AADSTS…`), in their fragments, and in the forms that
//! `response_mode=form_post` sends.

use super::{ErrorText, Origin, candidate, known, text, window, window_before};
use crate::extract::Candidate;
use crate::extract::request::percent_decoded;
use crate::offset::Advance;
use memchr::memmem;

/// Longest address that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// Finds errors in addresses and forms.
#[derive(Default)]
pub(super) struct Finder {
    addresses: Vec<Candidate>,
    forms: Vec<Candidate>,
    /// One past the last address.
    address_end: usize,
    /// One past the last form.
    form_end: usize,
}

impl Finder {
    /// `error=` stands at `at`.
    pub(super) fn parameter(&mut self, bytes: &[u8], at: usize) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        if at < self.address_end
            || !matches!(before, None | Some(b'?' | b'&' | b'#' | b'\n' | b' ' | b'"' | b'\'' | b';'))
        {
            return;
        }
        let length = address_length(window(bytes, at, LONGEST));
        if let Some(error) = parameters(window(bytes, at, length), window_before(bytes, at, self.address_end, 1024)) {
            self.address_end = at.saturating_add(length);
            self.addresses.push(candidate(bytes, at, self.address_end, Origin::SignIn, error));
        }
    }

    /// `name="error"` stands at `at`: `<input type="hidden" name="error" value="access_denied" />` and the fields behind.
    pub(super) fn field(&mut self, bytes: &[u8], at: usize) {
        if at < self.form_end || memchr::memchr(b'<', window(bytes, at, 512)).is_none() {
            return;
        }
        let (fields, length) = fields(window(bytes, at, LONGEST));
        if let Some(error) = of_fields(&fields, None) {
            self.form_end = at.saturating_add(length).min(bytes.len());
            self.forms.push(candidate(bytes, at, self.form_end, Origin::SignIn, error));
        }
    }

    /// What was found.
    pub(super) fn found(self) -> impl Iterator<Item = Candidate> {
        self.addresses.into_iter().chain(self.forms)
    }
}

/// How far an address goes. Single quotes may stand in it; one that closes a quotation is followed by something else.
fn address_length(text: &[u8]) -> usize {
    let next = |at: usize| {
        text.get(at.saturating_add(1)).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'%' | b'+'))
    };
    let ends = |(at, byte): (usize, &u8)| !in_address(byte) && (*byte != b'\'' || !next(at));
    text.iter().enumerate().position(ends).unwrap_or(text.len())
}

fn in_address(byte: &u8) -> bool {
    (byte.is_ascii_graphic() || !byte.is_ascii()) && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\')
}

/// Reads the parameters from `error=` on. `front` is what stands before them.
fn parameters(query: &[u8], front: &[u8]) -> Option<ErrorText> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for field in query.split(|byte| matches!(byte, b'&' | b'#')).take(64) {
        let Some(equals) = memchr::memchr(b'=', field).filter(|equals| *equals < 64) else { continue };
        let name = String::from_utf8_lossy(field.get(..equals)?).trim_start_matches("amp;").to_owned();
        fields.push((name, decoded(field.get(equals.saturating_add(1)..).unwrap_or_default())));
    }
    let start = front.iter().rposition(|byte| !in_address(byte)).map_or(0, |at| at.saturating_add(1));
    let address = String::from_utf8_lossy(front.get(start..)?).into_owned();
    let address = address.split(['?', '#']).next().filter(|address| address.contains(':'));
    of_fields(&fields, address)
}

/// Percent signs and plus signs undone, twice where a broker encoded twice.
fn decoded(value: &[u8]) -> String {
    let once = percent_decoded(value);
    let twice = ["%3A", "%3a", "%20", "%27"].iter().any(|code| once.contains(code));
    if twice { percent_decoded(once.as_bytes()) } else { once }
}

fn of_fields(fields: &[(String, String)], address: Option<&str>) -> Option<ErrorText> {
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let name = value("error")?;
    let description = value("error_description").unwrap_or_default();
    if !known::is_oauth_error(name) && description.is_empty() {
        return None;
    }
    let mut error = ErrorText::of_message(text::clean(description.as_bytes()));
    error.set_error(name);
    error.code.get_or_insert_with(|| name.to_owned());
    for suberror in ["suberror", "error_subcode"].into_iter().filter_map(value) {
        error.set_suberror(suberror);
    }
    for (field, handle) in [("error_uri", "error_uri"), ("claims", "claims"), ("correlation_id", "correlation_id")] {
        if let Some(value) = value(field).filter(|value| !value.is_empty()) {
            error.add(handle, value);
        }
    }
    if let Some(address) = address.filter(|address| !address.contains("login.microsoftonline")) {
        error.add("uri", address);
    }
    Some(error)
}

/// Names and values of the input fields from the start of a text on, and the length that they take.
fn fields(text: &[u8]) -> (Vec<(String, String)>, usize) {
    let mut fields = Vec::new();
    let mut length = 0_usize;
    for input in text.split(|&byte| byte == b'<').take(16) {
        let attribute = |name: &[u8]| {
            let begin = memmem::find(input, name)?.saturating_add(name.len());
            let rest = input.get(begin..)?;
            Some(text::clean(rest.get(..memchr::memchr(b'"', rest)?)?))
        };
        let (Some(name), Some(value)) = (attribute(b"name=\""), attribute(b"value=\"")) else { break };
        fields.push((name, value));
        length.advance(input.len().saturating_add(1));
    }
    (fields, length)
}
