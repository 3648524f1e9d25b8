//! Microsoft's own applications, well-known tenants and directory roles: GUIDs that have a name.

use super::packed::{Guids, Lines, Words, column, lines, words};
use super::table::Table;
use super::{Column, Content};
use crate::guid::Guid;

pub(super) const CLIENT_SCOPES: Table = Table::new(include_str!("data/client_scopes.tsv"), 2);
pub(super) const TENANTS: Table = Table::new(include_str!("data/tenants.tsv"), 1);

pub(super) const APP_IDS: Guids = Guids::new(column!("apps.ids"));
/// Name and note.
const APP_NAMES: Lines = lines!("apps.names");
/// Owner, first-party, family, public client, resource, abused.
const APP_FACTS: Words = words!("apps.facts");
const GRAPH_SCOPES: Words = words!("apps.graph_scopes");
pub(super) const APPS: Content = Content::Packed {
    rows: APP_IDS.len(),
    columns: &[Column::Guids(APP_IDS), Column::Lines(APP_NAMES), Column::Words(APP_FACTS), Column::Words(GRAPH_SCOPES)],
};

const ROLE_IDS: Guids = Guids::new(column!("directory_roles.ids"));
/// Name and older name.
const ROLE_NAMES: Lines = lines!("directory_roles.names");
/// Marker, privileged, tier.
const ROLE_FACTS: Words = words!("directory_roles.facts");
pub(super) const DIRECTORY_ROLES: Content = Content::Packed {
    rows: ROLE_IDS.len(),
    columns: &[Column::Guids(ROLE_IDS), Column::Lines(ROLE_NAMES), Column::Words(ROLE_FACTS)],
};

/// An application that Microsoft publishes or is said to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct App {
    /// The application ID (client ID).
    pub id: Guid,
    /// The display name. Several applications can share one.
    pub name: &'static str,
    /// The tenant that owns it, where a list names one; [`tenant`] tells more.
    pub owner: Option<&'static str>,
    /// `Some(true)`: its owner is a tenant of Microsoft, or it comes from Microsoft's own export. `None`: contributors
    /// list it as Microsoft's and nobody confirmed the owner. Applications of other makers are not in the catalogue.
    pub first_party: Option<bool>,
    /// Its refresh tokens also work for the other members of the family of client IDs (FOCI): whoever holds one can get
    /// tokens as any member, so revoking one application does not help.
    pub family: bool,
    /// It was a member of that family and left; older lists still name it.
    pub left_family: bool,
    /// Whether it is a public client (one that cannot keep a secret), where known.
    pub public_client: Option<bool>,
    /// It is an API that tokens are issued for.
    pub resource: bool,
    /// Token theft and phishing use it often. Ordinary use is far more frequent: a reason to look, not a proof.
    pub abused: bool,
    /// How many delegated Graph permissions it holds without anybody's consent, where known.
    pub graph_scopes: Option<u16>,
    /// What to know about it, for applications that are [`abused`](Self::abused); otherwise empty.
    pub note: &'static str,
}

/// A tenant that everybody may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant ID, in lower case.
    pub id: &'static str,
    /// A readable name.
    pub name: &'static str,
    /// Microsoft keeps its own applications there. Not set for the tenant of personal accounts.
    pub microsoft: bool,
    /// What it is, in a sentence or two.
    pub meaning: &'static str,
}

/// How far the power of a directory role or permission reaches (enterprise access model).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Ordinary access of users.
    User,
    /// Manages services and their data.
    Management,
    /// Can take over the tenant, or parts of it that lead there.
    Control,
}

/// A template of a directory role, as the claim `wids` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectoryRole {
    /// The template ID.
    pub template_id: Guid,
    /// The name. For a [`marker`](Self::marker) a description, because it has no official name.
    pub name: &'static str,
    /// An older name, or empty.
    pub alias: &'static str,
    /// Not a role at all: almost every token holds one of the markers, and they grant nothing.
    pub marker: bool,
    /// Microsoft labels the role as privileged.
    pub privileged: bool,
    /// How far its power reaches, where it was classified.
    pub tier: Option<Tier>,
}

/// The application of that ID, in any letter case.
pub fn app(id: &str) -> Option<App> {
    read_app(APP_IDS.find(Guid::parse(id)?)?)
}

/// Every application of the catalogue, in the order of their IDs.
pub fn apps() -> impl Iterator<Item = App> {
    (0..APP_IDS.len()).filter_map(read_app)
}

/// The delegated Graph permissions that Microsoft fixed for a client and that nobody can extend: known for the Azure
/// command line and for Azure PowerShell. Nothing for other clients.
pub fn client_scopes(app_id: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    CLIENT_SCOPES.starting_with(app_id).map(|row| {
        let [_, scope] = row.columns();
        scope
    })
}

/// The well-known tenant of that ID, in any letter case.
pub fn tenant(id: &str) -> Option<Tenant> {
    TENANTS.find(&[id]).map(|row| {
        let [id, name, microsoft, meaning] = row.columns();
        Tenant { id, name, microsoft: yes(microsoft), meaning }
    })
}

/// The directory role template of that ID, in any letter case.
pub fn directory_role(template_id: &str) -> Option<DirectoryRole> {
    let template_id = Guid::parse(template_id)?;
    let row = ROLE_IDS.find(template_id)?;
    let [name, alias] = ROLE_NAMES.columns(row);
    let [marker, privileged, tier] = ROLE_FACTS.columns(row);
    Some(DirectoryRole {
        template_id,
        name,
        alias,
        marker: yes(marker),
        privileged: yes(privileged),
        tier: read_tier(tier),
    })
}

/// The application in that row.
pub(super) fn read_app(row: usize) -> Option<App> {
    let id = APP_IDS.get(row)?;
    let [name, note] = APP_NAMES.columns(row);
    let [owner, first_party, family, public_client, resource, abused] = APP_FACTS.columns(row);
    let [graph_scopes] = GRAPH_SCOPES.columns(row);
    Some(App {
        id,
        name,
        owner: some(owner),
        first_party: yes_or_no(first_party),
        family: yes(family),
        left_family: family == "former",
        public_client: yes_or_no(public_client),
        resource: yes(resource),
        abused: yes(abused),
        graph_scopes: graph_scopes.parse().ok(),
        note,
    })
}

pub(super) fn read_tier(word: &str) -> Option<Tier> {
    match word {
        "user" => Some(Tier::User),
        "management" => Some(Tier::Management),
        "control" => Some(Tier::Control),
        _ => None,
    }
}

pub(super) fn yes(word: &str) -> bool {
    word == "yes"
}

pub(super) fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

pub(super) fn some(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}
