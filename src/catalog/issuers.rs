//! Who issued a token: the values of `iss`.

use super::apps::yes;
use super::clouds::{Cloud, HostKind, host};
use super::table::Table;
use crate::guid::is_guid;

pub(super) const ISSUERS: Table = Table::new(include_str!("data/issuers.tsv"), 1);

/// The kinds of issuer that findings tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IssuerKind {
    /// Entra, version 1.0 tokens: what Graph accepts.
    EntraV1,
    /// Entra, version 2.0 tokens: ID tokens, and access tokens of APIs that asked for them.
    EntraV2,
    /// A user flow of Azure AD B2C.
    B2c,
    /// An external tenant (Entra External ID, `ciamlogin.com`).
    ExternalId,
    /// An on-premises AD FS server.
    AdFs,
    /// The Access Control Service, or a service that signs for itself: tokens between services.
    Acs,
    /// Sign-in of personal Microsoft accounts.
    PersonalAccount,
    /// Another issuer that the catalogue knows by name.
    Known,
    /// Anything else: an unknown issuer, or one that only looks like a known one.
    Foreign,
}

/// What `iss` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issuer<'t> {
    /// What kind of issuer it is.
    pub kind: IssuerKind,
    /// The cloud, where the issuer tells it. Version 1.0 tokens of the worldwide and of the US Government clouds name the
    /// same issuer. [`Cloud::UsGov`] stands for both US Government clouds: they share their login host.
    pub cloud: Option<Cloud>,
    /// The cloud is shut down (Germany).
    pub retired: bool,
    /// The tenant in it: a GUID or a domain.
    pub tenant: Option<&'t str>,
    /// The name of the issuer; empty when it is not known.
    pub name: &'static str,
    /// Programs outside Entra get tokens from it that Entra exchanges (workload identity federation).
    pub workload: bool,
    /// It names a host of Entra in a way that is not Entra: `http`, a port, a user name, another path, or the host as a
    /// part of a longer one (`sts.windows.net.evil.example`).
    pub imitates_entra: bool,
}

impl Issuer<'_> {
    /// Whether Entra itself issued it, for work and school accounts or for applications, in whichever format.
    pub const fn is_entra(&self) -> bool {
        matches!(self.kind, IssuerKind::EntraV1 | IssuerKind::EntraV2)
    }
}

/// What the issuer is; `None` when the text is neither an address nor a known name.
///
/// Hosts have to match whole, letter case apart, and Entra's only over `https` with nothing but the tenant in the path.
pub fn issuer(iss: &str) -> Option<Issuer<'_>> {
    let Some((scheme, rest)) = iss.split_once("://") else {
        // Google and Kubernetes also write names without a scheme.
        return service(iss).or_else(|| known(iss));
    };
    if scheme.eq_ignore_ascii_case("spiffe") && !rest.is_empty() {
        return Some(Issuer { name: "SPIFFE workload", workload: true, ..of(IssuerKind::Known) });
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let found = if scheme.eq_ignore_ascii_case("https") { secure(host, path) } else { None };
    found
        .or_else(|| ad_fs(scheme, host, path))
        .or_else(|| Some(Issuer { imitates_entra: imitates(iss), ..of(IssuerKind::Foreign) }))
}

const fn of<'t>(kind: IssuerKind) -> Issuer<'t> {
    Issuer { kind, cloud: None, retired: false, tenant: None, name: "", workload: false, imitates_entra: false }
}

fn secure<'t>(host_name: &str, path: &'t str) -> Option<Issuer<'t>> {
    // A query or fragment ends the path, a backslash is read as a slash by some; no issuer has any of them.
    if path.contains(['?', '#', '\\']) {
        return None;
    }
    entra(host_name, path)
        .or_else(|| customer(host_name, path))
        .or_else(|| access_control(host_name))
        .or_else(|| known(host_name))
}

fn entra<'t>(host_name: &str, path: &'t str) -> Option<Issuer<'t>> {
    let entry = host(host_name)?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let place =
        Issuer { cloud: entry.cloud, retired: entry.retired, name: "Microsoft Entra", ..of(IssuerKind::EntraV1) };
    match entry.kind {
        HostKind::Issuer => Some(Issuer { tenant: Some(tenant(path)?), ..place }),
        HostKind::Login => {
            if let Some(name) = path.strip_suffix("/v2.0").and_then(tenant) {
                return Some(Issuer { kind: IssuerKind::EntraV2, tenant: Some(name), ..place });
            }
            b2c(path).map(|found| Issuer { cloud: entry.cloud, ..found })
        }
        HostKind::LoginPersonal => {
            Some(Issuer { kind: IssuerKind::PersonalAccount, name: "Microsoft account", ..place })
        }
        HostKind::Graph | HostKind::AadGraph | HostKind::AzureManagement | HostKind::Sharepoint => None,
    }
}

/// Tenants for customers: B2C on its own host or on the customer's, and External ID.
fn customer<'t>(host_name: &str, path: &'t str) -> Option<Issuer<'t>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if matches(host_name, "*.b2clogin.com") {
        let name = path.strip_suffix("/v2.0").and_then(tenant);
        return b2c(path).or(Some(Issuer { tenant: Some(name?), name: "Azure AD B2C", ..of(IssuerKind::B2c) }));
    }
    if matches(host_name, "*.ciamlogin.com") {
        let name = path.strip_suffix("/v2.0").and_then(tenant)?;
        return Some(Issuer { tenant: Some(name), name: "Microsoft Entra External ID", ..of(IssuerKind::ExternalId) });
    }
    if is_host(host_name) { b2c(path) } else { None }
}

/// `tfp/{tenant}/{user flow}/v2.0`, on any host: B2C allows customers their own.
fn b2c(path: &str) -> Option<Issuer<'_>> {
    let mut parts = path.strip_prefix("tfp/")?.split('/');
    let (name, _flow, version) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && version == "v2.0";
    let name = tenant(name).filter(|_| whole)?;
    Some(Issuer { tenant: Some(name), name: "Azure AD B2C", ..of(IssuerKind::B2c) })
}

fn access_control<'t>(host_name: &str) -> Option<Issuer<'t>> {
    let acs = matches(host_name, "*.accesscontrol.windows.net");
    acs.then_some(Issuer { name: "Azure Access Control Service", ..of(IssuerKind::Acs) })
}

/// `{application}@{tenant}`.
fn service(iss: &str) -> Option<Issuer<'_>> {
    let (application, name) = iss.split_once('@')?;
    let name = tenant(name).filter(|_| is_guid(application.as_bytes()))?;
    Some(Issuer { tenant: Some(name), name: "Access Control Service or service token", ..of(IssuerKind::Acs) })
}

fn ad_fs<'t>(scheme: &str, host_name: &str, path: &'t str) -> Option<Issuer<'t>> {
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let path = path.strip_suffix('/').unwrap_or(path);
    let known_path = path.eq_ignore_ascii_case("adfs") || path.eq_ignore_ascii_case("adfs/services/trust");
    // Entra's own hosts have no AD FS.
    (web && known_path && is_host(host_name) && host(host_name).is_none())
        .then_some(Issuer { name: "AD FS", ..of(IssuerKind::AdFs) })
}

/// Other issuers, by host or by their whole name. The table is small and its hosts have free labels, so it is read
/// through.
fn known<'t>(name: &str) -> Option<Issuer<'t>> {
    ISSUERS
        .rows()
        .map(|row| row.columns::<3>())
        .find(|[pattern, ..]| matches(name, pattern))
        .map(|[_, name, workload]| Issuer { name, workload: yes(workload), ..of(IssuerKind::Known) })
}

/// Whether a host fits a pattern in which `*` stands for exactly one label.
fn matches(name: &str, pattern: &str) -> bool {
    let mut labels = name.split('.');
    let all = pattern.split('.').all(|wanted| match labels.next() {
        Some(label) if wanted == "*" => is_label(label),
        Some(label) => label.eq_ignore_ascii_case(wanted),
        None => false,
    });
    all && labels.next().is_none()
}

/// The tenant as a path names it: one GUID, domain or alias.
fn tenant(text: &str) -> Option<&str> {
    (!text.is_empty() && text.split('.').all(is_label)).then_some(text)
}

fn is_host(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Whether the text holds the name of a host that issues Entra tokens. Only asked when it is not Entra.
fn imitates(iss: &str) -> bool {
    super::clouds::hosts()
        .filter(|host| matches!(host.kind, HostKind::Issuer | HostKind::Login))
        .any(|host| contains(iss, host.host))
}

/// Whether `text` holds `part`, ASCII letter case apart. Linear in the text for the short names of the table.
fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len().max(1)).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
