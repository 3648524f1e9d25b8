//! What the claims of a token mean, and the values that some of them take.

use super::apps::yes;
use super::table::{Row, Table};

pub(super) const CLAIMS: Table = Table::new(include_str!("data/claims.tsv"), 2);
pub(super) const VALUES: Table = Table::new(include_str!("data/values.tsv"), 2);

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimPart {
    /// In the header of the token.
    Header,
    /// In the payload of the token.
    Payload,
    /// In the answer of the sign-in service, beside the token.
    Response,
    /// In a claims challenge or the request that follows it.
    Request,
    /// In the published sign-in configuration.
    Discovery,
}

impl ClaimPart {
    /// All parts.
    pub const ALL: &'static [Self] = &[Self::Header, Self::Payload, Self::Response, Self::Request, Self::Discovery];

    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Response => "response",
            Self::Request => "request",
            Self::Discovery => "discovery",
        }
    }

    /// What holds it, for a reader.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Response => "answer of the sign-in service",
            Self::Request => "claims challenge",
            Self::Discovery => "sign-in configuration",
        }
    }
}

/// What one claim means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The name. Letter case counts: JSON member names are compared as they are.
    pub name: &'static str,
    /// Where it stands. The same name can mean different things in header and payload (`nonce`).
    pub part: ClaimPart,
    /// The kinds of token that carry it, parted by blanks: `access-v1 access-v2 id assertion prt pop b2c acs ad-fs` …
    pub kinds: &'static str,
    /// The form of its value in words: "string (GUID)", "time" (seconds since 1970 UTC) …
    pub value_type: &'static str,
    /// A public document describes it. Otherwise the meaning was read from samples or other people's code.
    pub documented: bool,
    /// Its value names a person, a device, an address or an Azure resource, or lets one follow them; or it is a secret.
    /// It has to be masked before a report is shared.
    pub personal: bool,
    /// What it means, in one or two sentences.
    pub meaning: &'static str,
    /// What to make of it, or empty.
    pub hint: &'static str,
}

/// What one value of a claim means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimValue {
    /// The name of the claim.
    pub claim: &'static str,
    /// The value, written as text.
    pub value: &'static str,
    /// A short name for it.
    pub name: &'static str,
    /// What it means, in a sentence or two.
    pub meaning: &'static str,
    /// A public document lists it.
    pub documented: bool,
}

/// The claim of that exact name in that part.
pub fn claim(part: ClaimPart, name: &str) -> Option<Claim> {
    let found = read_claim(CLAIMS.find(&[name, "\t", part.name()])?)?;
    (found.name == name).then_some(found)
}

/// Every claim of the catalogue, in the order of their names.
pub fn claims() -> impl Iterator<Item = Claim> {
    CLAIMS.rows().filter_map(read_claim)
}

/// The meaning of a claim's value, letter case ignored (`CP1` is `cp1`). Numbers are given as text. For claims that
/// hold several values ask one at a time; of `xms_idrel`, `xms_act_fct` and `xms_sub_fct` only odd numbers mean
/// anything.
pub fn claim_value(claim: &str, value: &str) -> Option<ClaimValue> {
    VALUES.find(&[claim, "\t", value]).map(read_value)
}

/// The known values of a claim.
pub fn claim_values(claim: &str) -> impl Iterator<Item = ClaimValue> + use<'_> {
    VALUES.starting_with(claim).map(read_value)
}

fn read_claim(row: Row) -> Option<Claim> {
    let [name, part, kinds, value_type, documented, personal, meaning, hint] = row.columns();
    Some(Claim {
        name,
        part: ClaimPart::ALL.iter().copied().find(|known| known.name() == part)?,
        kinds,
        value_type,
        documented: yes(documented),
        personal: yes(personal),
        meaning,
        hint,
    })
}

fn read_value(row: Row) -> ClaimValue {
    let [claim, value, name, meaning, documented] = row.columns();
    ClaimValue { claim, value, name, meaning, documented: yes(documented) }
}
