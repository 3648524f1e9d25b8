//! What a token is for: resource and cloud, as far as the scenario tells.

use crate::catalog::Cloud;
use crate::scenario::{Call, Resource, Scenario, Service};

/// The resource that a token is requested for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Its kind.
    kind: Resource,
    /// The national cloud; global where nothing was said.
    pub(super) cloud: Cloud,
    /// The resource identifier without trailing slash, which goes before a scope's name.
    pub(super) resource: String,
}

/// The addresses of a national cloud.
struct Addresses {
    sign_in: &'static str,
    graph: &'static str,
    management: &'static str,
    sharepoint: &'static str,
    azure_ad_graph: &'static str,
    /// The audience that a foreign token must have to be exchanged.
    exchange_audience: &'static str,
    /// The issuer of v1.0 tokens, without tenant.
    v1_issuer: &'static str,
}

/// Sources: <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>,
/// <https://learn.microsoft.com/graph/deployments>,
/// <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust>.
const ADDRESSES: [Addresses; 4] = [
    Addresses {
        sign_in: "login.microsoftonline.com",
        graph: "https://graph.microsoft.com",
        management: "https://management.azure.com",
        sharepoint: "https://{tenant-name}.sharepoint.com",
        azure_ad_graph: "https://graph.windows.net",
        exchange_audience: "api://AzureADTokenExchange",
        v1_issuer: "https://sts.windows.net/",
    },
    Addresses {
        sign_in: "login.microsoftonline.us",
        graph: "https://graph.microsoft.us",
        management: "https://management.usgovcloudapi.net",
        sharepoint: "https://{tenant-name}.sharepoint.us",
        azure_ad_graph: "https://graph.microsoftazure.us",
        exchange_audience: "api://AzureADTokenExchangeUSGov",
        v1_issuer: "https://sts.windows.net/",
    },
    Addresses {
        sign_in: "login.microsoftonline.us",
        graph: "https://dod-graph.microsoft.us",
        management: "https://management.usgovcloudapi.net",
        sharepoint: "https://{tenant-name}.sharepoint-mil.us",
        azure_ad_graph: "https://graph.microsoftazure.us",
        exchange_audience: "api://AzureADTokenExchangeUSGov",
        v1_issuer: "https://sts.windows.net/",
    },
    Addresses {
        sign_in: "login.partner.microsoftonline.cn",
        graph: "https://microsoftgraph.chinacloudapi.cn",
        management: "https://management.chinacloudapi.cn",
        sharepoint: "https://{tenant-name}.sharepoint.cn",
        azure_ad_graph: "https://graph.chinacloudapi.cn",
        exchange_audience: "api://AzureADTokenExchangeChina",
        v1_issuer: "https://sts.chinacloudapi.cn/",
    },
];

impl Target {
    /// Reads resource and cloud off the scenario. The first call that can be read decides, its host before what was
    /// said; Microsoft Graph in the global cloud where nothing was said.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let call = scenario.calls().find_map(Result::ok);
        let cloud = call.as_ref().and_then(|call| call.cloud).or(scenario.cloud).unwrap_or(Cloud::Global);
        let kind = match call.as_ref().map_or(Service::Unknown, |call| call.service) {
            Service::Graph => Resource::Graph,
            Service::Sharepoint => Resource::Sharepoint,
            Service::AzureManagement => Resource::AzureManagement,
            Service::AzureAdGraph => Resource::AzureAdGraph,
            // The host of one's own API seldom is its identifier: the scenario knows better whose API it is.
            Service::Other => scenario.resource.filter(|kind| *kind == Resource::OwnApi).unwrap_or(Resource::Other),
            Service::Unknown => scenario.resource.unwrap_or(Resource::Graph),
        };
        let addresses = addresses(cloud);
        let resource = match kind {
            Resource::Graph => addresses.graph.to_owned(),
            Resource::AzureManagement => addresses.management.to_owned(),
            Resource::AzureAdGraph => addresses.azure_ad_graph.to_owned(),
            Resource::Sharepoint => match call.and_then(Self::sharepoint_host) {
                Some(host) => format!("https://{host}"),
                None => addresses.sharepoint.to_owned(),
            },
            Resource::OwnApi => "api://{api-client-id}".to_owned(),
            Resource::Other => "{resource-identifier}".to_owned(),
        };
        Self { kind, cloud, resource }
    }

    /// The host of the cloud's sign-in service.
    pub(super) fn sign_in_host(&self) -> &'static str {
        addresses(self.cloud).sign_in
    }

    /// The audience that a foreign token must have to be exchanged in this cloud.
    pub(super) fn exchange_audience(&self) -> &'static str {
        addresses(self.cloud).exchange_audience
    }

    /// The one delegated permission that a resource has; absent where there are many to choose from.
    pub(super) fn example_permission(&self) -> Option<&'static str> {
        (self.kind == Resource::AzureManagement).then_some("user_impersonation")
    }

    /// What every token for this resource has in common.
    pub(super) fn expectations(&self, personal_accounts: bool) -> Vec<String> {
        let resource = &self.resource;
        match self.kind {
            Resource::Graph => {
                let mut lines = vec![
                    format!("aud: {resource} (a slash at the end is fine) or 00000003-0000-0000-c000-000000000000"),
                    format!(
                        "ver, iss: 1.0 and {}{{tenant-id}}/: Graph tokens keep the v1.0 format, whichever endpoint \
                         issued them",
                        addresses(self.cloud).v1_issuer
                    ),
                ];
                if personal_accounts && self.cloud == Cloud::Global {
                    lines.push("Of a personal account: an opaque token that only Graph itself can read".to_owned());
                }
                lines
            }
            Resource::AzureAdGraph => vec![
                format!("aud: {resource} or 00000002-0000-0000-c000-000000000000"),
                "This API is retired: request a token for Microsoft Graph and call that instead".to_owned(),
            ],
            Resource::Sharepoint => {
                vec![format!("aud: {resource} or 00000003-0000-0ff1-ce00-000000000000; a Graph token is refused here")]
            }
            Resource::OwnApi => vec![
                format!("aud: {resource} in a v1.0 token, the API's client ID in a v2.0 token"),
                "ver: what requestedAccessTokenVersion of the API's registration says (2 gives v2.0, else 1.0)"
                    .to_owned(),
                "appid, appidacr: named azp and azpacr in a v2.0 token, which has no amr".to_owned(),
            ],
            Resource::AzureManagement | Resource::Other => {
                vec![format!("aud: {resource}; a Graph token is refused here")]
            }
        }
    }

    /// The host of a SharePoint call; `-admin` and `-my` sites are resources of their own.
    fn sharepoint_host(call: Call) -> Option<String> {
        call.host.filter(|host| !host.contains(['{', '<', '$']))
    }
}

fn addresses(cloud: Cloud) -> &'static Addresses {
    let [global, us_gov, us_gov_dod, china] = &ADDRESSES;
    match cloud {
        Cloud::Global => global,
        Cloud::UsGov => us_gov,
        Cloud::UsGovDod => us_gov_dod,
        Cloud::China => china,
    }
}
