//! Pastes that are nothing but a code: `50011`, `AADSTS 50011`, `accessDenied`, `bad_token`.

use super::{ErrorText, Origin, candidate, code};
use crate::catalog;
use crate::extract::Candidate;

/// Longer pastes are more than a code, in bytes.
const LONGEST: usize = 80;

pub(super) fn find(bytes: &[u8]) -> Option<Candidate> {
    let text = Some(bytes.trim_ascii()).filter(|text| (3..=LONGEST).contains(&text.len()))?;
    let text = std::str::from_utf8(text).ok()?;
    let start = bytes.len().saturating_sub(bytes.trim_ascii_start().len());
    let lower = text.to_ascii_lowercase();
    let quotes = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ':' | '#' | '.' | ',' | '(' | ')' | '=');
    let mut word = lower.as_str();
    for lead in ["error", "code", "no", "number"] {
        word = word.trim_matches(quotes);
        word = word.strip_prefix(lead).filter(|rest| rest.starts_with(quotes)).unwrap_or(word);
    }
    let word = word.trim_matches(quotes);
    let digits = word.strip_prefix("aadsts").map_or(word, |rest| rest.trim_matches(quotes));
    let mut error = ErrorText::default();
    let mut origin = Origin::SignIn;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that no table has may still be a code: those of the service have five to eight digits.
        let likely = digits.len() < word.len() || (5..=8).contains(&digits.len());
        error.set_codes(vec![if likely { code::from_number(digits)? } else { code::known_number(digits)? }]);
    } else if word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        match catalog::oauth_errors_named(word).next() {
            Some(known) => {
                error.code = Some(known.value.to_owned());
                match known.kind {
                    catalog::OAuthErrorKind::Error => error.set_error(known.value),
                    catalog::OAuthErrorKind::Suberror => error.set_suberror(known.value),
                    catalog::OAuthErrorKind::Library | catalog::OAuthErrorKind::Idx => {}
                }
            }
            None => {
                let known = catalog::graph_error(word, "").and_then(|known| known.code);
                let symbol = || catalog::sign_in_errors_named(word).next();
                match known {
                    Some(known) => {
                        origin = Origin::Api;
                        error.code = Some(known.to_owned());
                    }
                    None => error.set_codes(vec![symbol()?.code()]),
                }
            }
        }
    } else {
        return None;
    }
    Some(candidate(bytes, start, start.saturating_add(text.len()), origin, error))
}
