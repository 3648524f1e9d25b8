//! Messages of token validators that name the issuer they saw and the one they expected (IDX10205, IDX40001).

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

/// Codes of the messages, in the order in which they are asked.
pub(super) const CODES: [&str; 3] = ["IDX10205", "IDX40001", "IDX10211"];

/// Finds the message that names both issuers.
#[derive(Default)]
pub(super) struct Finder {
    /// Where each code stands first.
    first: [Option<usize>; CODES.len()],
}

impl Finder {
    /// The code of that row stands at `at`.
    pub(super) fn code(&mut self, row: usize, at: usize) {
        if let Some(first) = self.first.get_mut(row) {
            first.get_or_insert(at);
        }
    }

    /// What the first of the codes that names both says.
    pub(super) fn found(self, bytes: &[u8]) -> Option<IssuerMismatch> {
        self.first.into_iter().flatten().find_map(|at| mismatch(bytes.get(at..)?))
    }
}

fn mismatch(text: &[u8]) -> Option<IssuerMismatch> {
    let message = String::from_utf8_lossy(text.get(..text.len().min(LONGEST))?);
    let mut issuers = addresses(&message);
    let seen = issuers.next()?;
    let expected = issuers.find(|other| *other != seen)?;
    Some(IssuerMismatch { seen: seen.to_owned(), expected: expected.to_owned() })
}

/// The https addresses of a text, as far as their characters go.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("https://").filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ',' | ')' | '\\' | ']' | '<'));
        Some(rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.'))
    })
}
