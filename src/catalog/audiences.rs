//! For which service a token is: the values of `aud`.

use super::apps::{APP_IDS, app, read_app, some};
use super::clouds::Cloud;
use super::front_coded::FrontCoded;
use super::packed::{self, Guids, Words, column, words};
use super::{Column, Content};
use crate::guid::{Guid, is_guid};

/// Sorted, in the form that [`searched`] makes.
const KEYS: FrontCoded<'static> =
    FrontCoded::new(column!("audiences.keys.shared"), column!("audiences.keys"), column!("audiences.keys.starts"));
/// The number of the resource: its row in the table of applications, or behind all of those its place among the others.
const RESOURCES: &[u8] = column!("audiences.resources");
const OTHERS: Guids = Guids::new(column!("audiences.others"));
/// Name, cloud, class, scope, note.
const FACTS: Words = words!("audiences.facts");
pub(super) const AUDIENCES: Content = Content::Packed {
    rows: FACTS.len(),
    columns: &[Column::FrontCoded(KEYS), Column::Numbers(RESOURCES), Column::Guids(OTHERS), Column::Words(FACTS)],
};

/// What stands for the ID of the resource inside an audience.
const ID: &str = "{id}";
/// No audience of the table is longer, in bytes.
const LONGEST: usize = 255;

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
    listed: Listed,
    /// The application ID of the service, where known.
    pub resource_app_id: Option<Guid>,
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

/// Where an audience is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    /// A row of the table.
    Row(usize),
    /// An application that is a resource.
    Application(Guid),
    /// A pattern.
    Shape(&'static str),
}

impl Audience {
    /// The audience as the catalogue has it: lower case, without a slash at the end, `*` for the part that differs from
    /// tenant to tenant, braces around what a pattern leaves open.
    pub fn listed_as(&self) -> String {
        match self.listed {
            Listed::Row(row) => key_of(row, self.resource_app_id),
            Listed::Application(id) => id.to_string(),
            Listed::Shape(shape) => shape.to_owned(),
        }
    }
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
    find(aud)
}

/// Hosts whose first label is the name of a tenant, a vault, an account …
fn of_tenant(aud: &str) -> Option<Audience> {
    let (scheme, rest) = aud.split_once("://")?;
    let (label, rest) = rest.split_once('.')?;
    let is_label = !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_label {
        return None;
    }
    find(&[scheme, "://*.", rest].concat())
}

/// Services that take any last part of the path.
fn of_path(aud: &str) -> Option<Audience> {
    let (base, last) = aud.rsplit_once('/')?;
    let spelled_out = !last.is_empty() && !aud.contains('*');
    spelled_out.then(|| find(&[base, "/*"].concat()))?
}

/// The row of an audience: as it is, or with the ID of its resource in it.
fn find(aud: &str) -> Option<Audience> {
    // No audience has blanks, braces or an empty scheme, and the form that is searched gives them a meaning.
    if aud.len() > LONGEST || aud.contains([' ', '{']) || aud.starts_with("://") {
        return None;
    }
    let aud = aud.to_ascii_lowercase();
    let (row, found) = KEYS.find(searched(&aud).as_bytes());
    if found {
        return Some(read(row));
    }
    ids(&aud).find_map(|id| {
        let resource = resource_number(Guid::parse(id)?)?;
        let (first, found) = KEYS.find(searched(&aud.replace(id, ID)).as_bytes());
        let others = (first.saturating_add(1)..).take_while(|row| KEYS.repeats(*row));
        let mut rows = [first].into_iter().chain(others).filter(|_| found);
        rows.find(|row| packed::u16_at(RESOURCES, *row) == resource).map(read)
    })
}

/// The form in which audiences are searched, see `build.rs`: `https://vault.azure.net/x` is `net.azure.vault/x`.
fn searched(aud: &str) -> String {
    let Some((scheme, rest)) = aud.split_once("://") else { return [aud, " "].concat() };
    let mut key = String::with_capacity(aud.len().saturating_add(1));
    swap_labels(rest, &mut key);
    if scheme != "https" {
        key.push(' ');
        key.push_str(scheme);
    }
    key
}

/// The audience of a row, from the form that is searched.
fn key_of(row: usize, resource: Option<Guid>) -> String {
    let mut key = Vec::new();
    KEYS.read(row, &mut key);
    let key = String::from_utf8(key).unwrap_or_default();
    let (rest, scheme) = key.rsplit_once(' ').unwrap_or((&key, "https"));
    let audience = if scheme.is_empty() {
        rest.to_owned()
    } else {
        let mut audience = [scheme, "://"].concat();
        swap_labels(rest, &mut audience);
        audience
    };
    match resource {
        Some(id) => audience.replace(ID, &id.to_string()),
        None => audience,
    }
}

/// Appends host and path, with the labels of the host in the opposite order.
fn swap_labels(text: &str, to: &mut String) {
    let (host, path) = text.find('/').and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
    for (place, label) in host.rsplit('.').enumerate() {
        if place > 0 {
            to.push('.');
        }
        to.push_str(label);
    }
    to.push_str(path);
}

/// The GUIDs inside an audience.
fn ids(aud: &str) -> impl Iterator<Item = &str> {
    (0..aud.len()).filter_map(|at| aud.get(at..at.checked_add(36)?)).filter(|part| is_guid(part.as_bytes()))
}

/// The number of a resource, as the column has it.
fn resource_number(id: Guid) -> Option<usize> {
    APP_IDS.find(id).or_else(|| OTHERS.find(id).map(|number| number.saturating_add(APP_IDS.len())))
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
    if !is_guid(id.as_bytes()) {
        return None;
    }
    listed(id).or_else(|| {
        let resource = app(id).filter(|app| app.resource)?;
        Some(Audience {
            listed: Listed::Application(resource.id),
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
    let shape = |text, class, note| {
        Some(Audience {
            listed: Listed::Shape(text),
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

fn read(row: usize) -> Audience {
    let [resource_name, cloud, class, scope, note] = FACTS.columns(row);
    let class = AudienceClass::from_name(class);
    let number = packed::u16_at(RESOURCES, row);
    let other = || OTHERS.get(number.checked_sub(APP_IDS.len()).filter(|_| number != packed::NONE)?);
    Audience {
        listed: Listed::Row(row),
        resource_app_id: APP_IDS.get(number).or_else(other),
        resource_name: some(resource_name).or_else(|| read_app(number).map(|app| app.name)),
        cloud: Cloud::from_name(cloud),
        retired: cloud == "germany" || class == AudienceClass::AadGraph,
        class,
        scope: some(scope),
        note,
    }
}

fn without_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn ends_with(text: &str, end: &str) -> bool {
    text.len().checked_sub(end.len()).and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}
