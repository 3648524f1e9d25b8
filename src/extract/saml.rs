//! SAML assertions and responses, as XML or in base64 (SAML core 2.0 section 2, bindings section 3.5).

use super::context;
use super::{Candidate, Repairs, Shape, Span};
use super::{compact, scan};
use crate::jose::base64url;
use memchr::memmem;

/// What every SAML element names.
pub(super) const NAMESPACE: &str = "urn:oasis:names:tc:SAML:";

/// `<saml`, `<Assertion`, `<?xml`, `<Response` in base64.
pub(super) const BASE64: &[&str] = &["PHNhbW", "PEFzc2VydGlvb", "PD94bWw", "PFJlc3BvbnNl"];

/// What a response in an address stands behind; there it may be compressed (bindings section 3.4).
pub(super) const PARAMETER: &str = "SAMLResponse=";

/// Responses are longer than this, in characters.
const SHORTEST_RESPONSE: usize = 200;

/// How far behind its tag an element may name its namespace, in bytes.
const TAG: usize = 4096;

/// Finds SAML assertions and responses.
#[derive(Default)]
pub(super) struct Finder {
    xml: Vec<Candidate>,
    base64: Vec<Candidate>,
    /// One past the last element.
    xml_end: usize,
    /// One past the last base64 text that was read.
    base64_end: usize,
    /// One past the last value of a parameter.
    parameter_end: usize,
    /// Where the base64 text begins that reaches to the end of the text.
    pub(super) open: Option<usize>,
}

impl Finder {
    /// [`NAMESPACE`] stands at `name`.
    pub(super) fn namespace(&mut self, bytes: &[u8], name: usize) {
        if name < self.xml_end {
            return;
        }
        let floor = name.saturating_sub(TAG).max(self.xml_end);
        let window = bytes.get(floor..name).unwrap_or_default();
        let Some(tag) = memchr::memrchr(b'<', window) else { return };
        let element = window.get(tag.saturating_add(1)..).unwrap_or_default();
        let word = element.split(|byte| byte.is_ascii_whitespace() || *byte == b'>').next().unwrap_or_default();
        let local = word.rsplit(|&byte| byte == b':').next().unwrap_or_default();
        if !matches!(local, b"Assertion" | b"Response") {
            return;
        }
        let closing: Vec<u8> = [b"</", word, b">"].concat();
        let rest = bytes.get(name..).unwrap_or_default();
        let end = memmem::find(rest, &closing).map(|at| name.saturating_add(at).saturating_add(closing.len()));
        self.xml_end = end.unwrap_or(bytes.len());
        self.xml.push(candidate(bytes, floor.saturating_add(tag), self.xml_end, Repairs::default()));
    }

    /// One of [`BASE64`] stands at `at`.
    pub(super) fn base64(&mut self, bytes: &[u8], at: usize) {
        if at < self.base64_end || !compact::begins_here(bytes, at) {
            return;
        }
        let scanned = scan::scan(bytes, at);
        self.base64_end = scanned.end;
        if self.base64_end >= bytes.len() {
            self.open.get_or_insert(at);
        }
        if memmem::find(&base64url::decode(&scanned.text).bytes, NAMESPACE.as_bytes()).is_some() {
            let repairs = Repairs { base64: true, ..scanned.repairs };
            self.base64.push(candidate(bytes, at, self.base64_end, repairs));
        }
    }

    /// The value of a parameter begins at `at`: its name says what it is, also where it is compressed.
    pub(super) fn parameter(&mut self, bytes: &[u8], at: usize) {
        if at < self.parameter_end {
            return;
        }
        let scanned = scan::scan(bytes, at);
        self.parameter_end = scanned.end;
        let standard = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        if scanned.text.len() < SHORTEST_RESPONSE || !scanned.text.iter().all(standard) {
            return;
        }
        if scanned.end >= bytes.len() {
            self.open.get_or_insert(at);
        }
        self.base64.push(candidate(bytes, at, scanned.end, Repairs { base64: true, ..scanned.repairs }));
    }

    /// What was found.
    pub(super) fn found(self) -> impl Iterator<Item = Candidate> {
        self.xml.into_iter().chain(self.base64)
    }
}

fn candidate(bytes: &[u8], start: usize, end: usize, repairs: Repairs) -> Candidate {
    Candidate { shape: Shape::Saml, span: Span { start, end }, context: context::before(bytes, start), repairs }
}
