//! Cookies that answers set in a way that browsers do not send back from another site.
//!
//! The sign-in service comes back to the app by a POST from its own site (`response_mode=form_post`), and hidden frames
//! are other sites too. A cookie without `SameSite=None; Secure` is not sent there (RFC 6265bis section 5.6.7, and what
//! Chrome takes as default), so that the app misses its own state: "Correlation failed".

use super::Span;
use crate::jose::json;
use std::ops::Range;

/// A cookie of an answer, and why a browser would not send it from another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieFault {
    /// The name of the cookie.
    pub name: String,
    /// What is wrong with it.
    pub problem: CookieProblem,
    /// Where the header's value stands.
    pub span: Span,
}

/// What keeps a cookie from being sent from another site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieProblem {
    /// No `SameSite` at all: browsers take `Lax`.
    NoSameSite,
    /// `SameSite=Lax` or `SameSite=Strict`.
    SameSite,
    /// `SameSite=None` without `Secure`: browsers refuse the cookie.
    NoneWithoutSecure,
}

/// Longest header that is read, in bytes.
const LONGEST: usize = 8 * 1024;

/// Finds the faulty cookies of HTTP dumps.
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Vec<CookieFault>,
    /// One past the last header.
    end: usize,
}

impl Finder {
    /// The value of a header begins at `start`; its name is `Set-Cookie` but for the first letter, which stands before
    /// `name`.
    pub(super) fn header(&mut self, bytes: &[u8], name: usize, start: usize) {
        let first = name.checked_sub(1).and_then(|at| bytes.get(at));
        if name < self.end || !first.is_some_and(|byte| byte.eq_ignore_ascii_case(&b's')) {
            return;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let line = rest.get(..rest.len().min(LONGEST)).unwrap_or_default();
        let line = line.get(..memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len())).unwrap_or_default();
        self.end = start.saturating_add(line.len());
        self.found.extend(judge(&String::from_utf8_lossy(line), Span { start, end: self.end }));
    }
}

/// The value of a `Set-Cookie` header as a HAR file has it; several cookies stand on lines of their own.
pub(super) fn in_member(bytes: &[u8], quoted: Range<usize>) -> Vec<CookieFault> {
    let body =
        quoted.end.checked_sub(1).and_then(|end| bytes.get(quoted.start.saturating_add(1)..end)).unwrap_or_default();
    let body = json::unescape(body.get(..body.len().min(LONGEST)).unwrap_or_default());
    let span = Span { start: quoted.start, end: quoted.end };
    body.lines().filter_map(|line| judge(line, span)).collect()
}

fn judge(line: &str, span: Span) -> Option<CookieFault> {
    let mut parts = line.split(';');
    let (name, _) = parts.next()?.split_once('=')?;
    let mut same_site = None;
    let mut secure = false;
    let mut ends = false;
    for part in parts {
        let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
        match attribute.trim().to_ascii_lowercase().as_str() {
            "samesite" => same_site = Some(value.trim().to_ascii_lowercase()),
            "secure" => secure = true,
            // A cookie that is taken back has no use for the attribute.
            "max-age" => ends = value.trim().starts_with(['0', '-']),
            "expires" => ends |= value.contains("1970"),
            _ => {}
        }
    }
    let problem = match same_site.as_deref() {
        None => CookieProblem::NoSameSite,
        Some("none") if !secure => CookieProblem::NoneWithoutSecure,
        Some("none") => return None,
        Some(_) => CookieProblem::SameSite,
    };
    let name = name.trim();
    (!ends && !name.is_empty()).then(|| CookieFault { name: name.to_owned(), problem, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_judged() {
        for (header, expected) in [
            ("Set-Cookie: .AspNetCore.Correlation.x=N; path=/signin-oidc; httponly", Some(CookieProblem::NoSameSite)),
            ("set-cookie: a=b; SameSite=Lax; Secure", Some(CookieProblem::SameSite)),
            ("Set-Cookie: a=b; samesite=none", Some(CookieProblem::NoneWithoutSecure)),
            ("Set-Cookie: a=b; SameSite=None; Secure", None),
            ("Set-Cookie: a=; expires=Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Cookie: a=b", None),
        ] {
            let found = crate::extract::extract(header.as_bytes()).cookie_faults;
            assert_eq!(found.first().map(|fault| fault.problem), expected, "{header}");
        }
    }
}
