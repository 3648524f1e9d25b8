//! What a token is for: resource and cloud, as far as the scenario tells.

use crate::catalog::{Cloud, CloudFacts};
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
        let facts = facts(cloud);
        let resource = match kind {
            Resource::Graph => format!("https://{}", facts.graph_host),
            Resource::AzureManagement => format!("https://{}", facts.management_host),
            Resource::AzureAdGraph => format!("https://{}", facts.aad_graph_host),
            Resource::Sharepoint => match call.and_then(Self::sharepoint_host) {
                Some(host) => format!("https://{host}"),
                None => format!("https://{{tenant-name}}.{}", facts.sharepoint_domain),
            },
            Resource::OwnApi => "api://{api-client-id}".to_owned(),
            Resource::Other => "{resource-identifier}".to_owned(),
        };
        Self { kind, cloud, resource }
    }

    /// The host of the cloud's sign-in service.
    pub(super) fn sign_in_host(&self) -> &'static str {
        facts(self.cloud).login_host
    }

    /// The audience that a foreign token must have to be exchanged in this cloud.
    pub(super) fn exchange_audience(&self) -> &'static str {
        facts(self.cloud).exchange_audience
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
                        facts(self.cloud).issuer_v1
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

/// The catalogue has every cloud.
fn facts(cloud: Cloud) -> CloudFacts {
    cloud.facts().unwrap_or_default()
}
