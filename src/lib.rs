//! Says why Microsoft Graph or the Entra sign-in service refuses a token: offline, with evidence, and with the fix.
//!
//! ```
//! use tokentriage::{Options, analyze};
//!
//! let report = analyze(b"Authorization: Bearer System.Security.SecureString", &Options::at(1_772_359_200));
//! assert_eq!(report.verdict.finding, Some("malformed-bearer-token"));
//! ```
//!
//! The library has no clock, environment, file or network: whatever it judges is an argument of [`analyze`].
#![forbid(unsafe_code)]
// No input makes the library panic: what could is written so that it cannot. Tests may.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

pub mod catalog;
pub mod diff;
pub mod explain;
pub mod extract;
pub mod facts;
pub mod guid;
pub mod jose;
mod offset;
pub mod permission;
pub mod render;
pub mod report;
pub mod rules;
pub mod scenario;
pub mod token;

use jose::keys::{KeySet, NoKeys};
use permission::Catalogue;
use report::Report;
use scenario::Scenario;
use std::sync::Arc;

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How far clocks may differ before a token counts as expired or not yet valid, in seconds: the default of Microsoft's
/// own validators.
pub const DEFAULT_LEEWAY: i64 = 300;

/// What an analysis is told besides the paste.
#[derive(Debug, Clone)]
pub struct Options {
    /// The moment of judging, seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// How far clocks may differ, in seconds.
    pub leeway: i64,
    /// What the person meant to do.
    pub scenario: Scenario,
    /// A newer table of permissions than the embedded one.
    pub permissions: Option<Arc<Catalogue>>,
    /// The keys to check signatures with. None come from anywhere else, least of all from a token.
    pub keys: Option<Arc<KeySet>>,
}

impl Options {
    /// Judges at that moment (seconds since 1970), with the usual leeway and nothing known of the scenario.
    pub fn at(now: i64) -> Self {
        Self { now, leeway: DEFAULT_LEEWAY, scenario: Scenario::default(), permissions: None, keys: None }
    }
}

/// Adds the keys of a saved document to a set: see [`KeySet::add`], for documents in UTF-16 too, as PowerShell writes
/// them.
///
/// # Errors
///
/// Where there is no key in it: one sentence says what it is instead.
pub fn add_keys(keys: &mut KeySet, name: &str, document: &[u8]) -> Result<(), NoKeys> {
    let text = extract::Text::new(document);
    let is_text = text.encoding() != extract::Encoding::Bytes;
    keys.add(name, if is_text { text.bytes() } else { document }).map(|_| ())
}

/// Says what the paste holds and why it would be refused. Any bytes are fine: it never fails and never panics, and takes
/// time and memory linear in their number.
pub fn analyze(paste: &[u8], options: &Options) -> Report {
    let mut found = extract::extract(paste);
    if found.candidates.is_empty() {
        found.candidates.extend(extract::bare_refusal(paste));
    }
    let facts = facts::Facts::new(found, options).with_words(paste);
    Report::new(&facts)
}
