//! Where to read on: documentation and a ready search. Addresses are printed, never opened.

use super::Link;
use crate::scenario::{Flow, Reference, guide};

/// The most words that a search takes; further ones would only narrow it to nothing.
const MAX_SEARCH_WORDS: usize = 8;

/// The longest word that a search takes, in bytes: the longest permission names are shorter.
const MAX_SEARCH_WORD_BYTES: usize = 64;

/// The longest word with digits that a search takes, in bytes: error codes are shorter, identifiers (GUID, `uti`,
/// `puid`), tokens and secrets are longer.
const MAX_SEARCH_CODE_BYTES: usize = 15;

/// A search on Stack Overflow among the questions tagged `microsoft-graph`, for the words of this case: error codes,
/// permissions, claim names.
///
/// The address leaves the machine when somebody opens it. So words that may name a person, a tenant or a secret are
/// left out (addresses, domains, long words with digits), and so are words after the eighth. Names of people cannot be
/// told from other words: give catalogue values only.
pub fn stack_overflow(words: &[&str]) -> Link {
    let mut url = String::from("https://stackoverflow.com/search?q=%5Bmicrosoft-graph%5D");
    let words = words.iter().flat_map(|words| words.split_whitespace()).filter(|word| is_impersonal(word));
    for word in words.take(MAX_SEARCH_WORDS) {
        url.push('+');
        push_percent_encoded(&mut url, word);
    }
    Link { title: "Questions like this one on Stack Overflow".to_owned(), url }
}

/// Microsoft's pages on a flow.
pub fn of_flow(flow: Flow) -> Vec<Link> {
    guide(flow).documentation.iter().map(link).collect()
}

/// Microsoft's pages on a group of findings, by the group's name (`token`, `audience`, `permission`, …); none for a
/// name that is unknown.
pub fn of_group(group: &str) -> Vec<Link> {
    let pages = GROUPS.iter().find(|(name, _)| *name == group).map_or(&[][..], |(_, pages)| pages);
    pages.iter().map(link).collect()
}

/// The groups of findings that have pages, in the order of the vocabulary.
pub fn groups() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(name, _)| *name)
}

/// Pages of each group of findings, the most useful first.
const GROUPS: &[(&str, &[Reference])] = &[
    (
        "token",
        &[
            page("Access tokens", "https://learn.microsoft.com/entra/identity-platform/access-tokens"),
            page(
                "Claims of access tokens",
                "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
            ),
        ],
    ),
    ("signature", &[page("Signing keys", "https://learn.microsoft.com/entra/identity-platform/signing-key-rollover")]),
    (
        "audience",
        &[
            page("National clouds of Microsoft Graph", "https://learn.microsoft.com/graph/deployments"),
            page("Scopes and resources", "https://learn.microsoft.com/entra/identity-platform/scopes-oidc"),
        ],
    ),
    (
        "permission",
        &[
            page("Permissions of Microsoft Graph", "https://learn.microsoft.com/graph/permissions-reference"),
            page("Authorization errors of Microsoft Graph", "https://learn.microsoft.com/graph/resolve-auth-errors"),
        ],
    ),
    (
        "consent",
        &[
            page(
                "Permissions and consent",
                "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
            ),
            page(
                "Administrator consent for a tenant",
                "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent",
            ),
        ],
    ),
    (
        "credential",
        &[
            page(
                "Credentials of an application",
                "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
            ),
            page(
                "Certificate credentials",
                "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
            ),
        ],
    ),
    (
        "identity",
        &[
            page(
                "Client ID, tenant and authority",
                "https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration",
            ),
            page("Account types", "https://learn.microsoft.com/entra/identity-platform/v2-supported-account-types"),
        ],
    ),
    ("redirect", &[page("Redirect URIs", "https://learn.microsoft.com/entra/identity-platform/reply-url")]),
    ("scope", &[page("Scopes", "https://learn.microsoft.com/entra/identity-platform/scopes-oidc")]),
    (
        "policy",
        &[
            page(
                "Conditional Access for developers",
                "https://learn.microsoft.com/entra/identity-platform/v2-conditional-access-dev-guide",
            ),
            page("Claims challenges", "https://learn.microsoft.com/entra/identity-platform/claims-challenge"),
        ],
    ),
    (
        "refresh",
        &[
            page("Refresh tokens", "https://learn.microsoft.com/entra/identity-platform/refresh-tokens"),
            page("Token lifetimes", "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes"),
        ],
    ),
    (
        "obo",
        &[page("On-behalf-of flow", "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow")],
    ),
    ("environment", &[page("Errors of Microsoft Graph", "https://learn.microsoft.com/graph/errors")]),
    (
        "service",
        &[
            page("Throttling", "https://learn.microsoft.com/graph/throttling"),
            page("Errors of Microsoft Graph", "https://learn.microsoft.com/graph/errors"),
        ],
    ),
    (
        "risk",
        &[
            page("Revoke a user's access", "https://learn.microsoft.com/entra/identity/users/users-revoke-access"),
            page(
                "Security of application registrations",
                "https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration",
            ),
        ],
    ),
    (
        "other",
        &[page(
            "Error codes of the sign-in service",
            "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        )],
    ),
];

const fn page(title: &'static str, url: &'static str) -> Reference {
    Reference { title, url }
}

fn link(reference: &Reference) -> Link {
    Link { title: reference.title.to_owned(), url: reference.url.to_owned() }
}

/// False of what may name a person, a tenant or a secret.
fn is_impersonal(word: &str) -> bool {
    let has_address = word.contains(['@', '/', '\\', ':', '=', '~']);
    let is_domain = word.rsplit_once('.').is_some_and(|(_, last)| {
        // Permissions end like domains (Mail.Read), so only lower-case words count.
        last.len() >= 2 && !word.bytes().any(|byte| byte.is_ascii_uppercase())
    });
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let longest = if has_digit { MAX_SEARCH_CODE_BYTES } else { MAX_SEARCH_WORD_BYTES };
    !has_address && !is_domain && word.len() <= longest
}

/// Percent-encodes all but the unreserved characters (RFC 3986 section 2.3).
fn push_percent_encoded(url: &mut String, word: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            url.push('%');
            for digit in [byte >> 4, byte & 15] {
                url.extend(DIGITS.get(usize::from(digit)).copied().map(char::from));
            }
        }
    }
}
