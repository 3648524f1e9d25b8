//! Microsoft Graph permissions: names, GUIDs, how far they reach.

use super::apps::{Tier, read_tier, yes, yes_or_no};
use super::packed::{self, Guids, Lines, Words, column, lines, words};
use super::{Column, Content};
use crate::guid::Guid;

const NAMES: Lines = lines!("permissions.names");
/// Of the delegated permissions in the order of the rows, then of the application permissions.
const IDS: Guids = Guids::new(column!("permissions.ids"));
/// One bit a row: which delegated permissions have a GUID; then the same of the application permissions.
const HAS: &[u8] = column!("permissions.has");
/// Administrator's consent, levels of both kinds, personal accounts, resource-specific, live of both kinds.
const FACTS: Words = words!("permissions.facts");
pub(super) const PERMISSIONS: Content = Content::Packed {
    rows: FACTS.len(),
    columns: &[Column::Lines(NAMES), Column::Guids(IDS), Column::Numbers(HAS), Column::Words(FACTS)],
};

/// The row of the permission, doubled, and one more for the application permission; ascending.
const RISKS: &[u8] = column!("risk_permissions.keys");
/// Category, tier, path, mass data.
const RISK_FACTS: Words = words!("risk_permissions.facts");
pub(super) const RISK_PERMISSIONS: Content =
    Content::Packed { rows: RISK_FACTS.len(), columns: &[Column::Numbers(RISKS), Column::Words(RISK_FACTS)] };

/// On whose behalf a permission is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PermissionKind {
    /// For a signed-in user; the claim `scp`. The user's own rights limit it.
    Delegated,
    /// For the application itself; the claim `roles`.
    Application,
}

impl PermissionKind {
    /// The word in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delegated => "delegated",
            Self::Application => "application",
        }
    }
}

/// A permission of Microsoft Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// The name as Graph writes it.
    pub name: &'static str,
    /// The GUID of the delegated permission, if it exists as one.
    pub delegated_guid: Option<Guid>,
    /// The GUID of the application permission, if it exists as one.
    pub application_guid: Option<Guid>,
    /// Whether the delegated permission needs an administrator's consent, where known. An application permission always
    /// does.
    pub admin_consent: Option<bool>,
    /// Microsoft's privilege level of the delegated permission (1 least to 5 most), where given.
    pub delegated_level: Option<u8>,
    /// Microsoft's privilege level of the application permission (1 least to 5 most), where given.
    pub application_level: Option<u8>,
    /// It can also be granted for personal Microsoft accounts.
    pub personal_accounts: bool,
    /// It is granted for one team, chat or meeting (resource-specific consent) and not for the tenant.
    pub resource_specific: bool,
    /// The live service offered the delegated permission when the facts were collected.
    pub delegated_live: bool,
    /// The live service offered the application permission when the facts were collected.
    pub application_live: bool,
}

impl Permission {
    /// The GUID of that kind.
    pub const fn guid(&self, kind: PermissionKind) -> Option<Guid> {
        match kind {
            PermissionKind::Delegated => self.delegated_guid,
            PermissionKind::Application => self.application_guid,
        }
    }

    /// Whether the live service offered that kind when the facts were collected.
    pub const fn live(&self, kind: PermissionKind) -> bool {
        match kind {
            PermissionKind::Delegated => self.delegated_live,
            PermissionKind::Application => self.application_live,
        }
    }
}

/// What a GUID of a permission stands for. One GUID is both kinds (`User.Export.All`), all others are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionGuid {
    /// The permission.
    pub permission: Permission,
    /// It is the delegated permission.
    pub delegated: bool,
    /// It is the application permission.
    pub application: bool,
}

/// How a permission leads to the highest directory role (Global Administrator).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskPath {
    /// Its holder can assign the role, or create a credential of somebody who has it.
    Direct,
    /// One more step is needed, such as granting oneself a direct one.
    Indirect,
}

/// A permission whose theft matters for the whole tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RiskPermission {
    /// The name as Graph writes it.
    pub permission: &'static str,
    /// Delegated or application.
    pub kind: PermissionKind,
    /// What it is about: "Privileged IAM", "Authentication", "Mail" …
    pub category: &'static str,
    /// How far its power reaches; `None` for permissions that are listed for [`mass_data`](Self::mass_data) only.
    pub tier: Option<Tier>,
    /// Whether it leads to the highest role. A delegated permission does so only as far as the user's own roles allow.
    pub path: Option<RiskPath>,
    /// It opens mail, files or chats of everybody in the organisation, or redirects mail (application permissions only).
    pub mass_data: bool,
}

/// The permission of that name, in any letter case.
pub fn permission(name: &str) -> Option<Permission> {
    read_permission(row_of(name)?)
}

/// Every permission of the catalogue, in the order of their names.
pub fn permissions() -> impl Iterator<Item = Permission> {
    (0..FACTS.len()).filter_map(read_permission)
}

/// The permission that has this GUID, as Graph's service principal, consent requests and application manifests name it.
pub fn permission_by_guid(guid: &str) -> Option<PermissionGuid> {
    let guid = Guid::parse(guid)?;
    let permission = read_permission(row_with(IDS.find(guid)?)?)?;
    let is = |kind| permission.guid(kind) == Some(guid);
    Some(PermissionGuid {
        permission,
        delegated: is(PermissionKind::Delegated),
        application: is(PermissionKind::Application),
    })
}

/// What is known about the risk of a permission; `None` for the many that are not listed.
pub fn risk_permission(kind: PermissionKind, name: &str) -> Option<RiskPermission> {
    let permission = row_of(name)?;
    let key = permission.saturating_mul(2).saturating_add(usize::from(kind == PermissionKind::Application));
    let row = packed::find_number(RISK_FACTS.len(), key, |row| packed::u16_at(RISKS, row))?;
    let [category, tier, path, mass_data] = RISK_FACTS.columns(row);
    Some(RiskPermission {
        permission: NAMES.line(permission),
        kind,
        category,
        tier: read_tier(tier),
        path: match path {
            "direct" => Some(RiskPath::Direct),
            "indirect" => Some(RiskPath::Indirect),
            _ => None,
        },
        mass_data: yes(mass_data),
    })
}

/// The row of the permission of that name, in any letter case. The table of calls names permissions by their rows.
pub(crate) fn row_of(name: &str) -> Option<usize> {
    NAMES.find(1, &[name])
}

/// The name in a row: reading all of a permission takes longer. Empty behind the end.
pub(crate) fn name_in(row: usize) -> &'static str {
    NAMES.line(row)
}

/// The permission in a row.
pub(crate) fn read_permission(row: usize) -> Option<Permission> {
    if row >= FACTS.len() {
        return None;
    }
    let [admin_consent, delegated_level, application_level, personal, specific, delegated_live, application_live] =
        FACTS.columns(row);
    Some(Permission {
        name: NAMES.line(row),
        delegated_guid: guid_of(PermissionKind::Delegated, row),
        application_guid: guid_of(PermissionKind::Application, row),
        admin_consent: yes_or_no(admin_consent),
        delegated_level: delegated_level.parse().ok(),
        application_level: application_level.parse().ok(),
        personal_accounts: yes(personal),
        resource_specific: yes(specific),
        delegated_live: yes(delegated_live),
        application_live: yes(application_live),
    })
}

/// Which rows have a GUID of that kind: one bit a row.
fn bits(kind: PermissionKind) -> &'static [u8] {
    let (delegated, application) = HAS.split_at_checked(HAS.len() / 2).unwrap_or_default();
    match kind {
        PermissionKind::Delegated => delegated,
        PermissionKind::Application => application,
    }
}

/// How many of the bits before that place are set.
fn set_before(bits: &[u8], place: usize) -> usize {
    let whole = bits.iter().take(place / 8).map(|byte| byte.count_ones());
    let part = bits.get(place / 8).map_or(0, |byte| (byte & !(0xFF << (place % 8))).count_ones());
    whole.chain([part]).fold(0, |all, own| all.saturating_add(usize::try_from(own).unwrap_or(0)))
}

/// How many GUIDs come before those of that kind.
fn first_of(kind: PermissionKind) -> usize {
    match kind {
        PermissionKind::Delegated => 0,
        PermissionKind::Application => set_before(bits(PermissionKind::Delegated), FACTS.len()),
    }
}

fn guid_of(kind: PermissionKind, row: usize) -> Option<Guid> {
    let bits = bits(kind);
    let has = bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1);
    has.then(|| IDS.get(first_of(kind).saturating_add(set_before(bits, row))))?
}

/// The row that has the GUID of that number.
fn row_with(number: usize) -> Option<usize> {
    let kind =
        [PermissionKind::Application, PermissionKind::Delegated].into_iter().find(|kind| first_of(*kind) <= number)?;
    let before = number.checked_sub(first_of(kind))?;
    let row = packed::first_where(FACTS.len(), |row| set_before(bits(kind), row.saturating_add(1)) > before);
    (row < FACTS.len()).then_some(row)
}
