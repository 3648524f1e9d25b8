//! Messages of token validators that name the issuer they saw and the one they expected (IDX10205, IDX40001).

use memchr::memmem;

/// What a validator says about the issuer of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerMismatch {
    /// The issuer in the token.
    pub seen: String,
    /// The issuer that the API is set up for.
    pub expected: String,
}

/// How much of a message is read, in bytes.
const LONGEST: usize = 2048;

/// Finds the first message that names both issuers.
pub(super) fn issuer_mismatch(bytes: &[u8]) -> Option<IssuerMismatch> {
    [&b"IDX10205"[..], b"IDX40001", b"IDX10211"].iter().find_map(|code| {
        let at = memmem::find(bytes, code)?;
        let rest = bytes.get(at..)?;
        let message = String::from_utf8_lossy(rest.get(..rest.len().min(LONGEST))?);
        let mut issuers = addresses(&message);
        let seen = issuers.next()?;
        let expected = issuers.find(|other| *other != seen)?;
        Some(IssuerMismatch { seen: seen.to_owned(), expected: expected.to_owned() })
    })
}

/// The https addresses of a text, as far as their characters go.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("https://").filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ',' | ')' | '\\' | ']' | '<'));
        Some(rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.'))
    })
}
