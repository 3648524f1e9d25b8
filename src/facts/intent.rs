//! What was meant: the call, its target and its cloud, each with where that is known from.

use super::Facts;
use crate::catalog::{self, Audience, AudienceClass, Cloud};
use crate::extract::{Command, Request, Span};
use crate::permission::Catalogue;
use crate::scenario::{Call, Flow, Resource, Scenario, Service};

/// A value with where it is known from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// JSON pointer into the scenario (`/scenario/calling`), `bytes 12-40` of the paste, or empty: taken for granted.
    pub pointer: String,
    /// The text it was read from; empty where it is taken for granted.
    pub text: String,
}

/// What is being called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Microsoft Graph.
    Graph,
    /// An API of the person's own organisation.
    OwnApi,
    /// Azure Resource Manager.
    AzureManagement,
    /// SharePoint REST.
    Sharepoint,
    /// Azure AD Graph.
    AzureAdGraph,
    /// Something else.
    Other,
}

impl Target {
    /// Its name in sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Graph => "Microsoft Graph",
            Self::OwnApi => "your own API",
            Self::AzureManagement => "Azure Resource Manager",
            Self::Sharepoint => "SharePoint REST",
            Self::AzureAdGraph => "Azure AD Graph",
            Self::Other => "that API",
        }
    }
}

/// The calls of the scenario that can be read.
pub(super) fn calls(scenario: &Scenario, catalogue: &Catalogue) -> Vec<Given<Call>> {
    let parsed = scenario.calling.iter().filter_map(|text| {
        let value = catalogue.parse(text).ok()?;
        Some(Given { value, pointer: "/scenario/calling".into(), text: text.clone() })
    });
    parsed.collect()
}

/// The call that the paste shows: the request that belongs to what stands at `place`, else the cmdlet that was refused,
/// else the one that was run last before that place.
pub(super) fn seen(
    requests: &[Request],
    cmdlets: &[Command],
    place: Option<Span>,
    catalogue: &Catalogue,
) -> Option<Given<Call>> {
    call_with(requests, place).or_else(|| cmdlet_with(cmdlets, place, catalogue))
}

/// The request that belongs to the token or error at `place`: the last one that begins before it. Requests to the sign-in
/// service are how tokens are got, not what they are for.
fn call_with(requests: &[Request], place: Option<Span>) -> Option<Given<Call>> {
    let read = |request: &Request| {
        let text = format!("{} {}", request.method, request.url);
        let value = Call::parse(&text).ok()?;
        let sign_in = value.host.as_deref().is_some_and(|host| catalog::cloud_of_login_host(host).is_some());
        (!sign_in).then(|| Given { value, pointer: bytes(request.span), text })
    };
    let end =
        place.map_or(requests.len(), |place| requests.partition_point(|request| request.span.start <= place.start));
    let (before, after) = requests.split_at_checked(end)?;
    before.iter().rev().find_map(read).or_else(|| after.iter().find_map(read))
}

/// How many cmdlets of a paste are looked up at most: a name that fits nothing takes longest.
const MOST_CMDLETS: usize = 16;

fn cmdlet_with(cmdlets: &[Command], place: Option<Span>, catalogue: &Catalogue) -> Option<Given<Call>> {
    let read = |command: &Command| {
        let value = catalogue.parse(&command.text).ok().filter(|call| call.from_cmdlet)?;
        Some(Given { value, pointer: bytes(command.span), text: command.text.clone() })
    };
    let end = place.map_or(cmdlets.len(), |place| cmdlets.partition_point(|own| own.span.start <= place.start));
    let (before, after) = cmdlets.split_at_checked(end)?;
    let refused = cmdlets.iter().filter(|own| own.refused);
    refused.chain(before.iter().rev()).chain(after).take(MOST_CMDLETS).find_map(read)
}

fn bytes(span: Span) -> String {
    format!("bytes {}-{}", span.start, span.end)
}

/// What is being called: said, or seen at the call, or Microsoft Graph, which this program is about.
pub(super) fn target(facts: &Facts<'_>) -> Given<Target> {
    if let Some(resource) = facts.scenario.resource {
        let value = match resource {
            Resource::Graph => Target::Graph,
            Resource::OwnApi => Target::OwnApi,
            Resource::AzureManagement => Target::AzureManagement,
            Resource::Sharepoint => Target::Sharepoint,
            Resource::AzureAdGraph => Target::AzureAdGraph,
            Resource::Other => Target::Other,
        };
        return Given { value, pointer: "/scenario/resource".into(), text: resource.name().into() };
    }
    if let Some(exchanged) = exchange(facts) {
        return Given { value: Target::OwnApi, pointer: exchanged.pointer, text: exchanged.text };
    }
    let seen = facts.call().and_then(|call| Some((call, service(&call.value)?)));
    match seen {
        Some((call, value)) => Given { value, pointer: call.pointer.clone(), text: call.text.clone() },
        None => Given { value: Target::Graph, pointer: String::new(), text: String::new() },
    }
}

/// The client that exchanges the judged token on behalf of its user, where scenario or paste show that it is exchanged
/// rather than sent to Microsoft Graph: as the assertion of a token request, or as what a caller sent to the very app.
pub(super) fn exchange(facts: &Facts<'_>) -> Option<Given<String>> {
    let judged = facts.judged()?;
    let request = facts.token_requests.iter().rev().find(|request| {
        request.field("requested_token_use") == Some("on_behalf_of") && request.span.start <= judged.artefact.span.end
    });
    if let Some(request) = request.filter(|_| judged.artefact.context.is_named(&["assertion"])) {
        let client = request.field("client_id").unwrap_or_default().to_owned();
        return Some(Given { text: client.clone(), value: client, pointer: bytes(request.span) });
    }
    let client = facts.scenario.client_id.as_deref().map(str::trim)?;
    let received = facts.scenario.flow == Some(Flow::OnBehalfOf)
        && facts.calls.is_empty()
        && judged.token.claims.aud.as_deref().is_some_and(|aud| is_app(aud, client));
    received.then(|| Given { value: client.to_owned(), pointer: "/scenario/client_id".into(), text: client.to_owned() })
}

/// True where an audience is that app: its client ID, or the Application ID URI made of it.
pub(super) fn is_app(audience: &str, client: &str) -> bool {
    let bare = audience.strip_prefix("api://").unwrap_or(audience).trim_end_matches('/');
    !client.is_empty() && bare.eq_ignore_ascii_case(client)
}

fn service(call: &Call) -> Option<Target> {
    Some(match call.service {
        Service::Graph => Target::Graph,
        Service::Sharepoint => Target::Sharepoint,
        Service::AzureManagement => Target::AzureManagement,
        Service::AzureAdGraph => Target::AzureAdGraph,
        Service::Other => {
            let host = call.host.as_deref()?;
            let known = catalog::audience(&format!("https://{host}")).is_some();
            if known || is_of_microsoft(host) { Target::Other } else { Target::OwnApi }
        }
        Service::Unknown => return None,
    })
}

/// Domains of Microsoft's own services, of which not every host is an audience: Azure DevOps, Power BI, Databricks.
const OF_MICROSOFT: [&str; 12] = [
    "azure.com",
    "azure.net",
    "windows.net",
    "microsoft.com",
    "powerbi.com",
    "azuredatabricks.net",
    "office.com",
    "office365.com",
    "dynamics.com",
    "visualstudio.com",
    "azure.us",
    "azure.cn",
];

/// True of a host of a service of Microsoft; not of the machines of others that stand in its network.
fn is_of_microsoft(host: &str) -> bool {
    let below = |domain: &str| host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'));
    OF_MICROSOFT.iter().any(|domain| below(domain)) && !below("cloudapp.azure.com")
}

/// The cloud in which the call is made: seen at its host, or said.
pub(super) fn cloud(facts: &Facts<'_>) -> Option<Given<Cloud>> {
    if let Some((call, value)) = facts.call().and_then(|call| Some((call, call.value.cloud?))) {
        return Some(Given { value, pointer: call.pointer.clone(), text: call.text.clone() });
    }
    let value = facts.scenario.cloud?;
    Some(Given { value, pointer: "/scenario/cloud".into(), text: value.name().into() })
}

/// True where an audience is the one of the target.
pub(super) fn fits(audience: Option<Audience>, target: Target) -> bool {
    let class = audience.map(|audience| audience.class);
    match target {
        Target::Graph => class == Some(AudienceClass::Graph),
        Target::AzureManagement => class == Some(AudienceClass::AzureManagement),
        Target::Sharepoint => class == Some(AudienceClass::SharePoint),
        Target::AzureAdGraph => class == Some(AudienceClass::AadGraph),
        Target::OwnApi => class.is_none_or(|class| class == AudienceClass::Custom),
        Target::Other => class.is_some_and(|class| class.is_microsoft_api() && class != AudienceClass::Graph),
    }
}
