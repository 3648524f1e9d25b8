//! The national clouds and their hosts.

use super::apps::yes;
use super::table::{Row, Table};
use serde::Deserialize;

pub(super) const CLOUDS: Table = Table::new(include_str!("data/clouds.tsv"), 1);
pub(super) const HOSTS: Table = Table::new(include_str!("data/hosts.tsv"), 1);

/// A national cloud: tenants, sign-in hosts and Graph hosts of one do not work with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    /// Worldwide, GCC included.
    Global,
    /// US Government L4 (GCC High).
    UsGov,
    /// US Government L5 (DoD).
    UsGovDod,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// All clouds.
    pub const ALL: &'static [Self] = &[Self::Global, Self::UsGov, Self::UsGovDod, Self::China];

    /// The name in reports, flags and scenario files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGov => "us-gov",
            Self::UsGovDod => "us-gov-dod",
            Self::China => "china",
        }
    }

    /// The cloud of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cloud| cloud.name() == name)
    }

    /// The cloud whose login hosts this one uses: the two US Government clouds share theirs, so that neither a login host
    /// nor an issuer tells them apart.
    pub const fn sign_in_cloud(self) -> Self {
        match self {
            Self::UsGovDod => Self::UsGov,
            other => other,
        }
    }

    /// The names and addresses of this cloud.
    pub fn facts(self) -> Option<CloudFacts> {
        CLOUDS.find(&[self.name()]).map(read_cloud)
    }
}

/// What a host is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostKind {
    /// Sign-in of work and school accounts, and the endpoint for tokens.
    Login,
    /// Sign-in of personal Microsoft accounts.
    LoginPersonal,
    /// Only named as the issuer in version 1.0 tokens.
    Issuer,
    /// Microsoft Graph.
    Graph,
    /// Azure AD Graph, the retired predecessor.
    AadGraph,
    /// Azure Resource Manager, or the service management before it.
    AzureManagement,
    /// SharePoint Online; each tenant has a host below it.
    Sharepoint,
}

/// A host of one cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// The host name, in lower case.
    pub host: &'static str,
    /// What it is for.
    pub kind: HostKind,
    /// The cloud; `None` where several share the host, or where the cloud is shut down. [`Cloud::UsGov`] for the login
    /// host that both US Government clouds use.
    pub cloud: Option<Cloud>,
    /// The service or its cloud is shut down.
    pub retired: bool,
    /// What to know about it, or empty.
    pub note: &'static str,
}

/// The names and addresses of a cloud.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CloudFacts {
    /// The name, as [`Cloud::name`]; `germany` for the one that is shut down.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The host of sign-in and tokens.
    pub login_host: &'static str,
    /// The host of Microsoft Graph.
    pub graph_host: &'static str,
    /// The host of Azure AD Graph, which is retired.
    pub aad_graph_host: &'static str,
    /// The host of Azure Resource Manager; empty for a cloud that is shut down.
    pub management_host: &'static str,
    /// Below it lie the hosts of SharePoint Online; empty for a cloud that is shut down.
    pub sharepoint_domain: &'static str,
    /// What comes before the tenant in the issuer of version 1.0 tokens; a slash follows the tenant.
    pub issuer_v1: &'static str,
    /// What comes before the tenant in the issuer of version 2.0 tokens; `/v2.0` follows the tenant.
    pub issuer_v2: &'static str,
    /// The audience that the token of another issuer has to have to be exchanged; empty for a cloud that is shut down.
    pub exchange_audience: &'static str,
    /// The cloud is shut down.
    pub retired: bool,
}

/// The host of that exact name, in any letter case, without port.
pub fn host(name: &str) -> Option<Host> {
    HOSTS.find(&[name]).and_then(read_host)
}

/// The host of that name, or the one of the catalogue that it is a subdomain of, in any letter case, without port.
pub fn host_or_parent(name: &str) -> Option<Host> {
    let parents = std::iter::successors(Some(name), |name| name.split_once('.').map(|(_, parent)| parent));
    parents.into_iter().find_map(host)
}

/// Every host of the catalogue.
pub fn hosts() -> impl Iterator<Item = Host> {
    HOSTS.rows().filter_map(read_host)
}

/// The cloud whose Microsoft Graph has that host.
pub fn cloud_of_graph_host(name: &str) -> Option<Cloud> {
    host(name).filter(|host| host.kind == HostKind::Graph)?.cloud
}

/// The cloud in which one signs in at that host. For US Government it is [`Cloud::UsGov`] also when DoD is meant: compare
/// with [`Cloud::sign_in_cloud`].
pub fn cloud_of_login_host(name: &str) -> Option<Cloud> {
    host(name).filter(|host| matches!(host.kind, HostKind::Login | HostKind::LoginPersonal))?.cloud
}

/// The names and addresses of every cloud, the one that is shut down included.
pub fn clouds() -> impl Iterator<Item = CloudFacts> {
    CLOUDS.rows().map(read_cloud)
}

fn read_cloud(row: Row) -> CloudFacts {
    let [
        name,
        title,
        login_host,
        graph_host,
        aad_graph_host,
        management_host,
        sharepoint_domain,
        issuer_v1,
        issuer_v2,
        exchange_audience,
        retired,
    ] = row.columns();
    CloudFacts {
        name,
        title,
        login_host,
        graph_host,
        aad_graph_host,
        management_host,
        sharepoint_domain,
        issuer_v1,
        issuer_v2,
        exchange_audience,
        retired: yes(retired),
    }
}

fn read_host(row: Row) -> Option<Host> {
    let [host, kind, cloud, retired, note] = row.columns();
    let kind = match kind {
        "login" => HostKind::Login,
        "login-personal" => HostKind::LoginPersonal,
        "issuer" => HostKind::Issuer,
        "graph" => HostKind::Graph,
        "aad-graph" => HostKind::AadGraph,
        "azure-management" => HostKind::AzureManagement,
        "sharepoint" => HostKind::Sharepoint,
        _ => return None,
    };
    Some(Host { host, kind, cloud: Cloud::from_name(cloud), retired: yes(retired), note })
}
