//! Embedded tables of facts: applications, audiences, claims, permissions, directory roles, tenants, clouds, issuers.
//!
//! Every look-up is a binary search in the embedded text and allocates nothing. What is not in a table is not known,
//! which is never a proof of anything. `SOURCES.md` says where each table comes from.

mod apps;
mod audiences;
mod claims;
mod clouds;
mod errors;
pub(crate) mod front_coded;
mod issuers;
pub(crate) mod packed;
mod permissions;
pub(crate) mod table;

pub use apps::{App, DirectoryRole, Tenant, Tier, app, apps, client_scopes, directory_role, tenant};
pub use audiences::{Audience, AudienceClass, audience};
pub use claims::{Claim, ClaimPart, ClaimValue, claim, claim_value, claim_values, claims};
pub use clouds::{
    Cloud, CloudFacts, Host, HostKind, cloud_of_graph_host, cloud_of_login_host, clouds, host, host_or_parent, hosts,
};
pub use errors::{
    B2C_CODES_PAGE, CodeService, Explanation, GRAPH_AUTHORIZATION_PAGE, GRAPH_ERRORS_PAGE, GraphError, Nearest,
    NextStep, OAuthError, OAuthErrorKind, SIGN_IN_CODES_PAGE, SignInError, WhoActs, graph_error, graph_errors,
    look_up_address, nearest, oauth_error, oauth_errors, oauth_errors_named, sign_in_error, sign_in_errors,
    sign_in_errors_named,
};
pub use issuers::{Issuer, IssuerKind, issuer};
pub use permissions::{
    Permission, PermissionGuid, PermissionKind, RiskPath, RiskPermission, permission, permission_by_guid, permissions,
    risk_permission,
};
pub(crate) use permissions::{name_in, read_permission, row_of};

pub use crate::guid::Guid;
use packed::Column;
use table::Table;

/// One embedded table and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct TableInfo {
    /// The name of the file without its ending.
    pub name: &'static str,
    /// Whose facts they are.
    pub source: &'static str,
    /// The newest date of those facts (`2026-08-21` or `2026-10`).
    pub date: &'static str,
    content: Content,
}

/// What a table is made of.
#[derive(Debug, Clone, Copy)]
enum Content {
    /// Lines of text.
    Text(Table),
    /// Columns that were packed.
    Packed { rows: usize, columns: &'static [Column] },
    /// The calls of Microsoft Graph, in the form of `permission`.
    Calls,
}

impl TableInfo {
    /// How many rows it has; of `paths` how many calls (path and method). Counts them, so it costs one pass over the
    /// data.
    pub fn rows(&self) -> usize {
        match self.content {
            Content::Text(table) => table.len(),
            Content::Packed { rows, .. } => rows,
            Content::Calls => crate::permission::embedded().counts().0,
        }
    }

    /// The bytes that are embedded for it.
    pub fn sections(&self) -> Vec<&'static [u8]> {
        match self.content {
            Content::Text(table) => vec![table.bytes()],
            Content::Packed { columns, .. } => columns.iter().flat_map(Column::sections).collect(),
            Content::Calls => vec![crate::permission::EMBEDDED_TABLE],
        }
    }
}

/// What a GUID can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuidMeaning {
    /// An application of Microsoft.
    App(App),
    /// A directory role template.
    DirectoryRole(DirectoryRole),
    /// A permission of Microsoft Graph.
    Permission(PermissionGuid),
    /// A well-known tenant.
    Tenant(Tenant),
    /// A service that tokens are issued for.
    Audience(Audience),
}

/// The newest date in the facts, a month: nothing newer was read.
pub fn date() -> &'static str {
    TABLES.iter().map(|table| table.date).max().unwrap_or_default()
}

/// All tables.
pub fn tables() -> &'static [TableInfo] {
    TABLES
}

/// Everything that a GUID is known to stand for, in any letter case, with or without braces and blanks around it.
pub fn guid(text: &str) -> impl Iterator<Item = GuidMeaning> + use<> {
    let id = text.trim();
    let id = id.strip_prefix('{').and_then(|id| id.strip_suffix('}')).unwrap_or(id);
    let known = crate::guid::is_guid(id.as_bytes());
    [
        known.then(|| app(id).map(GuidMeaning::App)),
        known.then(|| directory_role(id).map(GuidMeaning::DirectoryRole)),
        known.then(|| permission_by_guid(id).map(GuidMeaning::Permission)),
        known.then(|| tenant(id).map(GuidMeaning::Tenant)),
        known.then(|| audience(id).map(GuidMeaning::Audience)),
    ]
    .into_iter()
    .flatten()
    .flatten()
}

const DOCUMENTATION: &str = "Microsoft Entra and Microsoft Graph documentation, public tokens";
const ERROR_SOURCES: &str = "Microsoft Entra documentation, EntraID-ErrorCodes, libraries, public issues";
const TABLES: &[TableInfo] = &[
    packed("apps", "merill/microsoft-info, ROADtools, family-of-client-ids-research", "2026-08-19", apps::APPS),
    packed("audiences", "ROADtools, Microsoft documentation", "2026-01-26", audiences::AUDIENCES),
    info("claims", DOCUMENTATION, "2026-10", claims::CLAIMS),
    info("client_scopes", "ROADtools", "2026-01-26", apps::CLIENT_SCOPES),
    info("clouds", DOCUMENTATION, "2026-10", clouds::CLOUDS),
    packed("directory_roles", "Microsoft Entra documentation, AzurePrivilegedIAM", "2026-08-21", apps::DIRECTORY_ROLES),
    packed("error_codes", ERROR_SOURCES, "2026-10", errors::ERROR_CODES),
    packed("error_names", ERROR_SOURCES, "2026-10", errors::ERROR_NAMES),
    packed("graph_errors", "Microsoft Graph documentation, public issues", "2026-10", errors::GRAPH_ERRORS),
    info("hosts", DOCUMENTATION, "2026-10", clouds::HOSTS),
    info("issuers", "public documentation of the issuers", "2026-10", issuers::ISSUERS),
    TableInfo {
        name: "paths",
        source: "microsoft-graph-devx-content, Microsoft Graph documentation",
        date: crate::permission::EMBEDDED_DATE,
        content: Content::Calls,
    },
    packed(
        "permissions",
        "microsoft-graph-devx-content, merill/microsoft-info",
        "2026-08-19",
        permissions::PERMISSIONS,
    ),
    packed("risk_permissions", "AzurePrivilegedIAM, own judgement", "2026-08-21", permissions::RISK_PERMISSIONS),
    info("tenants", "merill/microsoft-info, Microsoft Entra documentation", "2026-10", apps::TENANTS),
    info("values", DOCUMENTATION, "2026-10", claims::VALUES),
];

const fn info(name: &'static str, source: &'static str, date: &'static str, table: Table) -> TableInfo {
    TableInfo { name, source, date, content: Content::Text(table) }
}

const fn packed(name: &'static str, source: &'static str, date: &'static str, content: Content) -> TableInfo {
    TableInfo { name, source, date, content }
}
