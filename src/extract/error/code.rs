//! Codes in a text: AADSTS and AADB2C numbers, whole.

use crate::catalog;
use memchr::memmem;

/// Prefixes of the codes of the sign-in service and of Azure AD B2C.
pub(super) const PREFIXES: [&str; 2] = ["AADSTS", "AADB2C"];

/// Digits that a code may have; the known ones have four to eight.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=9;

/// Every code of a text, with its prefix, in order and once. The whole run of digits counts; documentation also writes
/// a blank between prefix and digits.
pub(super) fn scan(text: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for at in places(text.as_bytes()) {
        if let Some((code, _)) = at_start(text.get(at..).unwrap_or_default().as_bytes())
            && !codes.contains(&code)
            && codes.len() < MOST
        {
            codes.push(code);
        }
    }
    codes
}

/// Where a prefix may begin, in order: in capitals, as the service writes it, or small, as people do.
pub(super) fn places(text: &[u8]) -> Vec<usize> {
    let mut all: Vec<usize> = memmem::find_iter(text, b"AAD").collect();
    let capitals = all.len();
    all.extend(memmem::find_iter(text, b"aad"));
    if capitals > 0 && capitals < all.len() {
        all.sort_unstable();
    }
    all
}

/// Codes of one error that are kept. Chains have two or three.
const MOST: usize = 16;

/// The code at the start of a text, and its length there.
pub(super) fn at_start(text: &[u8]) -> Option<(String, usize)> {
    let begins =
        |prefix: &&str| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()));
    let prefix = PREFIXES.into_iter().find(begins)?;
    let rest = text.get(prefix.len()..)?;
    let blank = usize::from(rest.first() == Some(&b' '));
    let rest = rest.get(blank..)?;
    let count = rest.iter().take((*DIGITS.end()).saturating_add(1)).take_while(|byte| byte.is_ascii_digit()).count();
    let digits = std::str::from_utf8(rest.get(..count)?).ok()?;
    let front = prefix.len().saturating_add(blank);
    if let Some((linked, length)) = linked(rest, count) {
        return Some((format!("{prefix}{digits}{linked}"), front.saturating_add(length)));
    }
    DIGITS.contains(&count).then(|| (format!("{prefix}{digits}"), front.saturating_add(count)))
}

/// Longest address of a link inside a code, in bytes.
const LONGEST_LINK: usize = 200;

/// What is left of a code behind its first `count` digits where the page of a build made a link of some of them, since
/// that many lines stood above: `700[21](https://…)1`. With it the length of the whole.
fn linked(rest: &[u8], count: usize) -> Option<(String, usize)> {
    let text = rest.get(count..)?.strip_prefix(b"[")?;
    let text = std::str::from_utf8(text.get(..text.len().min(LONGEST_LINK))?).ok()?;
    let (inside, link) = text.split_once("](http")?;
    let (address, behind) = link.split_once(')')?;
    let more: String = behind.chars().take_while(char::is_ascii_digit).collect();
    let digits = format!("{inside}{more}");
    let fits = DIGITS.contains(&count.saturating_add(digits.len())) && inside.bytes().all(|byte| byte.is_ascii_digit());
    let length = count.saturating_add("[](http)".len()).saturating_add(address.len()).saturating_add(digits.len());
    (fits && count > 0).then_some((digits, length))
}

/// A number that stands for a code of the sign-in service where its place says so: `error_codes`, a log record. Zero
/// is success.
pub(super) fn from_number(digits: &str) -> Option<String> {
    let plain = digits.len() >= 4 && DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && digits.bytes().any(|byte| byte != b'0')).then(|| format!("AADSTS{digits}"))
}

/// A number that is a code of the sign-in service by being in the catalogue: for places that do not say so.
pub(super) fn known_number(digits: &str) -> Option<String> {
    from_number(digits).filter(|code| catalog::sign_in_error(code).is_some())
}
