//! SAML assertions and responses, as XML or in base64 (SAML core 2.0 section 2, bindings section 3.5).

use super::context;
use super::{Candidate, Repairs, Shape, Span};
use super::{compact, scan};
use crate::jose::base64url;
use memchr::memmem;

const NAMESPACE: &[u8] = b"urn:oasis:names:tc:SAML:";

/// How far behind its tag an element may name its namespace, in bytes.
const TAG: usize = 4096;

pub(super) fn find(bytes: &[u8]) -> Vec<Candidate> {
    let mut found = xml(bytes);
    // `<saml`, `<Assertion`, `<?xml`, `<Response` in base64.
    for start in [&b"PHNhbW"[..], b"PEFzc2VydGlvb", b"PD94bWw", b"PFJlc3BvbnNl"] {
        let mut end = 0;
        for at in memmem::find_iter(bytes, start) {
            if at < end || !compact::begins_here(bytes, at) {
                continue;
            }
            let scanned = scan::scan(bytes, at);
            end = scanned.end;
            if memmem::find(&base64url::decode(&scanned.text).bytes, NAMESPACE).is_some() {
                let repairs = Repairs { base64: true, ..scanned.repairs };
                found.push(candidate(bytes, at, end, repairs));
            }
        }
    }
    found
}

fn xml(bytes: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut end = 0;
    for name in memmem::find_iter(bytes, NAMESPACE) {
        if name < end {
            continue;
        }
        let floor = name.saturating_sub(TAG).max(end);
        let window = bytes.get(floor..name).unwrap_or_default();
        let Some(tag) = memchr::memrchr(b'<', window) else { continue };
        let element = window.get(tag.saturating_add(1)..).unwrap_or_default();
        let word = element.split(|byte| byte.is_ascii_whitespace() || *byte == b'>').next().unwrap_or_default();
        let local = word.rsplit(|&byte| byte == b':').next().unwrap_or_default();
        if !matches!(local, b"Assertion" | b"Response") {
            continue;
        }
        let closing: Vec<u8> = [b"</", word, b">"].concat();
        let rest = bytes.get(name..).unwrap_or_default();
        end = memmem::find(rest, &closing)
            .map_or(bytes.len(), |at| name.saturating_add(at).saturating_add(closing.len()));
        found.push(candidate(bytes, floor.saturating_add(tag), end, Repairs::default()));
    }
    found
}

fn candidate(bytes: &[u8], start: usize, end: usize, repairs: Repairs) -> Candidate {
    Candidate { shape: Shape::Saml, span: Span { start, end }, context: context::before(bytes, start), repairs }
}
