//! For which service a token is: the values of `aud`.

use super::apps::{app, some};
use super::clouds::Cloud;
use super::table::{Row, Table};

pub(super) const AUDIENCES: Table = Table::new(include_str!("data/audiences.tsv"), 1);

/// The kinds of audience that findings tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AudienceClass {
    /// Microsoft Graph.
    Graph,
    /// Azure AD Graph, the retired predecessor that is confused with Graph most often.
    AadGraph,
    /// Azure Resource Manager: managing Azure itself.
    AzureManagement,
    /// SharePoint Online and OneDrive.
    SharePoint,
    /// Exchange Online: EWS, IMAP, POP, SMTP, Exchange PowerShell.
    Exchange,
    /// Azure Key Vault.
    KeyVault,
    /// Azure Storage.
    Storage,
    /// Azure SQL Database.
    Sql,
    /// Dataverse and Dynamics 365.
    Dataverse,
    /// Device registration: a token for it joins a device.
    DeviceRegistration,
    /// Azure DevOps.
    AzureDevOps,
    /// Power BI and Fabric.
    PowerBi,
    /// Internal services of Teams.
    Teams,
    /// Not an access token: a statement of another issuer, to be exchanged for an Entra token.
    TokenExchange,
    /// Not an access token: a statement with which an application proves itself to the sign-in service.
    ClientAssertion,
    /// An on-premises AD FS server.
    AdFs,
    /// An API that somebody registered (`api://…`), not one of Microsoft's.
    Custom,
    /// Any other API of Microsoft.
    Other,
}

impl AudienceClass {
    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::AadGraph => "aad-graph",
            Self::AzureManagement => "azure-management",
            Self::SharePoint => "sharepoint",
            Self::Exchange => "exchange",
            Self::KeyVault => "key-vault",
            Self::Storage => "storage",
            Self::Sql => "sql",
            Self::Dataverse => "dataverse",
            Self::DeviceRegistration => "device-registration",
            Self::AzureDevOps => "azure-devops",
            Self::PowerBi => "power-bi",
            Self::Teams => "teams",
            Self::TokenExchange => "token-exchange",
            Self::ClientAssertion => "client-assertion",
            Self::AdFs => "ad-fs",
            Self::Custom => "custom",
            Self::Other => "other",
        }
    }

    /// Whether tokens for it are access tokens for an API of Microsoft, Graph included.
    pub const fn is_microsoft_api(self) -> bool {
        !matches!(self, Self::TokenExchange | Self::ClientAssertion | Self::AdFs | Self::Custom)
    }

    fn from_name(name: &str) -> Self {
        const NAMED: &[AudienceClass] = &[
            AudienceClass::Graph,
            AudienceClass::AadGraph,
            AudienceClass::AzureManagement,
            AudienceClass::SharePoint,
            AudienceClass::Exchange,
            AudienceClass::KeyVault,
            AudienceClass::Storage,
            AudienceClass::Sql,
            AudienceClass::Dataverse,
            AudienceClass::DeviceRegistration,
            AudienceClass::AzureDevOps,
            AudienceClass::PowerBi,
            AudienceClass::Teams,
            AudienceClass::TokenExchange,
            AudienceClass::ClientAssertion,
            AudienceClass::AdFs,
            AudienceClass::Custom,
        ];
        NAMED.iter().copied().find(|class| class.name() == name).unwrap_or(Self::Other)
    }
}

/// A service that tokens are issued for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience {
    /// The audience as the catalogue has it: lower case, without a slash at the end, `*` for the part that differs from
    /// tenant to tenant.
    pub audience: &'static str,
    /// The application ID of the service, where known.
    pub resource_app_id: Option<&'static str>,
    /// The name of the service, where known.
    pub resource_name: Option<&'static str>,
    /// The only cloud in which this audience is used. `None`: several, or not known. What is used in both US Government
    /// clouds is given as [`Cloud::UsGov`].
    pub cloud: Option<Cloud>,
    /// The service is shut down.
    pub retired: bool,
    /// What kind of service it is.
    pub class: AudienceClass,
    /// The scope that asks for a token for it, where it is certain.
    pub scope: Option<&'static str>,
    /// What to know about it, or empty.
    pub note: &'static str,
}

/// The service that `aud` names, or `None` when the catalogue does not know it.
///
/// Letter case does not count, nor does one slash at the end. Known are identifier URIs, application IDs (also as
/// `spn:{id}` and `{id}/{host}@{tenant}`), and hosts that differ from tenant to tenant, in which the first label is free
/// (`https://contoso.sharepoint.com`). An `api://` that is not in the table is [`AudienceClass::Custom`].
pub fn audience(aud: &str) -> Option<Audience> {
    let aud = aud.strip_suffix('/').unwrap_or(aud);
    listed(aud)
        .or_else(|| of_tenant(aud))
        .or_else(|| of_path(aud))
        .or_else(|| by_application(aud))
        .or_else(|| by_shape(aud))
}

fn listed(aud: &str) -> Option<Audience> {
    // The table writes `*` for what is free; a token has it spelled out.
    if aud.contains('*') {
        return None;
    }
    AUDIENCES.find(&[aud]).map(read)
}

/// Hosts whose first label is the name of a tenant, a vault, an account …
fn of_tenant(aud: &str) -> Option<Audience> {
    let (scheme, rest) = aud.split_once("://")?;
    let (label, rest) = rest.split_once('.')?;
    let is_label = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_label {
        return None;
    }
    AUDIENCES.find(&[scheme, "://*.", rest]).map(read)
}

/// Services that take any last part of the path.
fn of_path(aud: &str) -> Option<Audience> {
    let (base, last) = aud.rsplit_once('/')?;
    let spelled_out = !last.is_empty() && !aud.contains('*');
    AUDIENCES.find(&[base, "/*"]).filter(|_| spelled_out).map(read)
}

fn by_application(aud: &str) -> Option<Audience> {
    if let Some(id) = without_prefix(aud, "spn:") {
        return resource(id);
    }
    let Some((application, _tenant)) = aud.split_once('@') else {
        return resource(aud);
    };
    let id = application.split('/').next()?;
    let found = resource(id)?;
    // SharePoint accepts this form for its access tokens. Graph does not, so it must not pass as Graph.
    let class = if found.class == AudienceClass::Graph { AudienceClass::Other } else { found.class };
    Some(Audience { class, note: "Application, host and tenant in one: the form of tokens between services.", ..found })
}

fn resource(id: &str) -> Option<Audience> {
    if !is_guid(id) {
        return None;
    }
    listed(id).or_else(|| {
        let resource = app(id).filter(|app| app.resource)?;
        Some(Audience {
            audience: resource.id,
            resource_app_id: Some(resource.id),
            resource_name: Some(resource.name),
            cloud: None,
            retired: false,
            class: AudienceClass::Other,
            scope: None,
            note: "",
        })
    })
}

/// Audiences that follow a pattern and name no service of the table.
fn by_shape(aud: &str) -> Option<Audience> {
    let shape = |audience, class, note| {
        Some(Audience {
            audience,
            resource_app_id: None,
            resource_name: None,
            cloud: None,
            retired: false,
            class,
            scope: None,
            note,
        })
    };
    if without_prefix(aud, "api://").is_some_and(|name| !name.is_empty()) {
        return shape(
            "api://{application}",
            AudienceClass::Custom,
            "An API that somebody registered. It can exchange the token for one for Graph (on-behalf-of flow).",
        );
    }
    if without_prefix(aud, "microsoft:identityserver:").is_some() {
        return shape(
            "microsoft:identityserver:{client}",
            AudienceClass::AdFs,
            "A token of an on-premises AD FS server.",
        );
    }
    let (host, path) = without_prefix(aud, "https://")?.split_once('/')?;
    let login = super::host(host).is_some_and(|host| host.kind == super::HostKind::Login);
    let endpoint = ["/oauth2/v2.0/token", "/oauth2/token", "/v2.0"];
    let is_endpoint = endpoint.iter().any(|end| path.len() > end.len() && ends_with(path, end));
    if login && is_endpoint {
        return shape(
            "https://{login host}/{tenant}/oauth2/v2.0/token",
            AudienceClass::ClientAssertion,
            "A statement with which an application proves itself to the sign-in service. It is sent as client_assertion.",
        );
    }
    None
}

fn read(row: Row) -> Audience {
    let [audience, resource_app_id, resource_name, cloud, class, scope, note] = row.columns();
    let class = AudienceClass::from_name(class);
    Audience {
        audience,
        resource_app_id: some(resource_app_id),
        resource_name: some(resource_name).or_else(|| app(resource_app_id).map(|app| app.name)),
        cloud: Cloud::from_name(cloud),
        retired: cloud == "germany" || class == AudienceClass::AadGraph,
        class,
        scope: some(scope),
        note,
    }
}

/// Whether the text is a GUID in its usual form, in any letter case.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn without_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len().checked_sub(end.len()).and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}
