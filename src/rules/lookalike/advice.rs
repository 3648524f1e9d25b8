//! What to request instead of the look-alike, in the flow and for the API that are meant.

use crate::catalog;
use crate::facts::{Facts, Target};
use crate::scenario::Flow;

/// The scope to request for what is being called.
pub(super) fn scope(facts: &Facts<'_>) -> String {
    match facts.target().value {
        Target::Graph => format!("https://{}/.default", graph_host(facts)),
        Target::AzureManagement => "https://management.azure.com/.default".into(),
        Target::Sharepoint => "https://<tenant>.sharepoint.com/.default".into(),
        Target::OwnApi => "api://<client ID of the API>/.default".into(),
        Target::AzureAdGraph | Target::Other => "<address of the API>/.default".into(),
    }
}

/// The host of Microsoft Graph in the cloud that is meant.
fn graph_host(facts: &Facts<'_>) -> &'static str {
    let wanted = facts.cloud().map_or("global", |cloud| cloud.value.name());
    catalog::clouds().find(|cloud| cloud.name == wanted).map_or("graph.microsoft.com", |cloud| cloud.graph_host)
}

/// How to get an access token in the flow that is meant.
pub(super) fn get_access_token(facts: &Facts<'_>) -> String {
    let scope = scope(facts);
    match facts.scenario.likely_flow() {
        Some(Flow::ClientCredentials) => {
            format!(
                "Get an access token with grant_type=client_credentials and scope={scope} (MSAL: AcquireTokenForClient)"
            )
        }
        Some(Flow::ManagedIdentity) => {
            let resource = scope.strip_suffix("/.default").unwrap_or(&scope);
            format!("Ask the managed identity endpoint of the Azure resource for an access token: resource={resource}")
        }
        Some(Flow::WorkloadIdentity) => format!(
            "Exchange the workload's own token for an access token: grant_type=client_credentials, client_assertion \
             and scope={scope}"
        ),
        Some(Flow::OnBehalfOf) => format!(
            "Exchange the access token that your API received for one with scope={scope} (MSAL: AcquireTokenOnBehalfOf)"
        ),
        Some(Flow::DeviceCode) => {
            format!(
                "Get an access token with the device code flow and scope={scope} (MSAL: AcquireTokenWithDeviceCode)"
            )
        }
        _ => format!(
            "Request an access token with scope={scope} (MSAL: acquireTokenSilent, and interactively where that fails)"
        ),
    }
}
