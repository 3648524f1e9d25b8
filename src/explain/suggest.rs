//! What somebody may have meant who wrote a name in another way.

use super::{Explanation, explanation};
use crate::catalog;
use crate::rules;

/// The longest term that is compared with names, in bytes.
const LONGEST: usize = 80;

/// How many names are suggested.
const AT_MOST: usize = 6;

/// Every name that can be explained, with its kind.
fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let findings = rules::registry().iter().map(|rule| (rule.id, "finding"));
    let claims = catalog::claims().map(|claim| (claim.name, "claim"));
    let permissions = catalog::permissions().map(|permission| (permission.name, "permission"));
    let errors = catalog::oauth_errors().map(|error| (error.value, "error"));
    let graph = catalog::graph_errors().filter_map(|error| Some((error.code?, "error of Microsoft Graph")));
    let symbols =
        catalog::sign_in_errors().filter(|error| !error.name.is_empty()).map(|error| (error.name, "name of a code"));
    findings.chain(claims).chain(permissions).chain(errors).chain(graph).chain(symbols)
}

/// Names that a term may have been meant for, the nearest first: those that begin with it, and those that differ in a
/// few letters. At most six; letter case is ignored.
pub fn suggestions(term: &str) -> Vec<&'static str> {
    let term = term.trim().to_ascii_lowercase();
    if term.len() < 2 || term.len() > LONGEST {
        return Vec::new();
    }
    let allowed = (term.chars().count() / 4).clamp(1, 3);
    let mut ranked: Vec<(usize, usize, &str)> = names()
        .filter_map(|(name, _)| {
            let lower = name.to_ascii_lowercase();
            let rank = if term.len() >= 3 && lower.starts_with(&term) {
                0
            } else {
                let distance = distance(&term, &lower).filter(|distance| *distance <= allowed)?;
                distance.saturating_add(usize::from(distance > 0))
            };
            Some((rank, name.len(), name))
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().take(AT_MOST).map(|(.., name)| name).collect()
}

/// One sentence for a term of which nothing is known, with what may have been meant.
pub fn unknown(term: &str) -> String {
    let shown: String = term.chars().take(LONGEST).collect();
    match suggestions(term).as_slice() {
        [] => format!("nothing is known of {shown}"),
        names => format!("nothing is known of {shown}; did you mean {}?", names.join(", ")),
    }
}

/// All names that begin with a term that ends with a star: `Mail.*`, `risk-*`.
pub(super) fn beginning_with(term: &str) -> Option<Explanation> {
    let prefix = term.strip_suffix('*').filter(|prefix| !prefix.is_empty())?;
    let mut found: Vec<(&str, &str)> = names()
        .filter(|(name, _)| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
        .collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return None;
    }
    let text = match found.len() {
        1 => "One name begins like this.".to_owned(),
        count => format!("{count} names begin like this."),
    };
    let mut result = explanation(term, "beginning of names", prefix, text);
    result.details = found.into_iter().map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect();
    Some(result)
}

/// How many letters have to be added, left out, replaced or swapped with their neighbour (optimal string alignment).
/// None where the lengths differ too much to matter.
fn distance(one: &str, other: &str) -> Option<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > 3 {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = vec![row.saturating_add(1)];
        for (column, against) in other.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX);
            let next = column.saturating_add(1);
            let mut best = at(&last, column).saturating_add(usize::from(letter != against));
            best = best.min(at(&last, next).saturating_add(1)).min(at(&current, column).saturating_add(1));
            let swapped = row > 0
                && column > 0
                && one.get(row.saturating_sub(1)) == Some(against)
                && other.get(column.saturating_sub(1)) == Some(letter);
            if swapped {
                best = best.min(at(&before, column.saturating_sub(1)).saturating_add(1));
            }
            current.push(best);
        }
        before = std::mem::replace(&mut last, current);
    }
    last.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_was_meant() {
        for (term, meant) in [
            ("Mail.Raed", "Mail.Read"),
            ("mail.readb", "Mail.ReadBasic"),
            ("SCP", "scp"),
            ("token-expire", "token-expired"),
            ("invalid_gant", "invalid_grant"),
            ("Authorization_RequestDenid", "Authorization_RequestDenied"),
        ] {
            assert_eq!(suggestions(term).first(), Some(&meant), "{term}: {:?}", suggestions(term));
        }
        for term in ["", "x", "no such thing at all", &"Mail".repeat(1000), "\u{202e}\u{202e}\u{202e}"] {
            assert!(suggestions(term).is_empty(), "{term}: {:?}", suggestions(term));
        }
    }

    #[test]
    fn every_name_that_is_suggested_is_explained() {
        for (name, kind) in names() {
            assert!(!super::super::explain(name).is_empty(), "{kind} {name}");
        }
    }

    #[test]
    fn counts_letters() {
        for (one, other, count) in [
            ("", "abc", Some(3)),
            ("abc", "abc", Some(0)),
            ("abc", "acb", Some(1)),
            ("ab", "cd", Some(2)),
            ("", "abcd", None),
        ] {
            assert_eq!(distance(one, other), count, "{one} {other}");
        }
    }
}
