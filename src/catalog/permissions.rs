//! Microsoft Graph permissions: names, GUIDs, how far they reach.

use super::apps::{Tier, read_tier, some, yes, yes_or_no};
use super::table::{Row, Table};

pub(super) const PERMISSIONS: Table = Table::new(include_str!("data/permissions.tsv"), 1);
pub(super) const PERMISSION_GUIDS: Table = Table::new(include_str!("data/permission_guids.tsv"), 1);
pub(super) const RISK_PERMISSIONS: Table = Table::new(include_str!("data/risk_permissions.tsv"), 2);

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
    pub delegated_guid: Option<&'static str>,
    /// The GUID of the application permission, if it exists as one.
    pub application_guid: Option<&'static str>,
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
    pub const fn guid(&self, kind: PermissionKind) -> Option<&'static str> {
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
    PERMISSIONS.find(&[name]).map(read_permission)
}

/// Every permission of the catalogue, in the order of their names.
pub fn permissions() -> impl Iterator<Item = Permission> {
    PERMISSIONS.rows().map(read_permission)
}

/// The permission that has this GUID, as Graph's service principal, consent requests and application manifests name it.
pub fn permission_by_guid(guid: &str) -> Option<PermissionGuid> {
    let [_, name] = PERMISSION_GUIDS.find(&[guid])?.columns();
    let permission = permission(name)?;
    let is = |of: Option<&str>| of.is_some_and(|of| of.eq_ignore_ascii_case(guid));
    Some(PermissionGuid {
        permission,
        delegated: is(permission.delegated_guid),
        application: is(permission.application_guid),
    })
}

/// What is known about the risk of a permission; `None` for the many that are not listed.
pub fn risk_permission(kind: PermissionKind, name: &str) -> Option<RiskPermission> {
    let row = RISK_PERMISSIONS.find(&[name, "\t", kind.name()])?;
    let [permission, _, category, tier, path, mass_data] = row.columns();
    Some(RiskPermission {
        permission,
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

/// A permission of the table that is not read yet: reading a thousand takes longer than an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PermissionRow(Row);

impl PermissionRow {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        let [name] = self.0.columns();
        name
    }

    /// All that is known of it.
    pub(crate) fn read(self) -> Permission {
        read_permission(self.0)
    }
}

/// The rows of all permissions, in the order of their names.
pub(crate) fn permission_rows() -> impl Iterator<Item = PermissionRow> {
    PERMISSIONS.rows().map(PermissionRow)
}

fn read_permission(row: Row) -> Permission {
    let [
        name,
        delegated_guid,
        application_guid,
        admin_consent,
        delegated_level,
        application_level,
        personal,
        specific,
        delegated_live,
        application_live,
    ] = row.columns();
    Permission {
        name,
        delegated_guid: some(delegated_guid),
        application_guid: some(application_guid),
        admin_consent: yes_or_no(admin_consent),
        delegated_level: delegated_level.parse().ok(),
        application_level: application_level.parse().ok(),
        personal_accounts: yes(personal),
        resource_specific: yes(specific),
        delegated_live: yes(delegated_live),
        application_live: yes(application_live),
    }
}
