//! Whom the token is for, against what is being called.

use super::{Group, Judgement, Rule, found, judged_or_return, not_applicable};
use crate::catalog::{self, Audience, AudienceClass, Cloud, IssuerKind};
use crate::facts::{Facts, Given, Judged, Target};
use crate::guid::is_guid;
use crate::report::{Fixer, Severity};
use crate::scenario::Flow;

const SCOPES: &str = "https://learn.microsoft.com/entra/identity-platform/scopes-oidc";
const TOKENS: &str = "https://learn.microsoft.com/entra/identity-platform/access-tokens";
const CLOUDS: &str = "https://learn.microsoft.com/graph/deployments";

/// The audience of the judged token, or why it cannot be judged.
fn audience<'f>(facts: &'f Facts<'_>) -> Result<(Judged<'f>, &'f str, Option<Audience>), &'static str> {
    let judged = facts.judged().ok_or(super::NO_TOKEN)?;
    if facts.is_actor_token() {
        return Err("the token is one between services");
    }
    let aud = judged.token.claims.aud.as_deref().ok_or("the token names no audience, or is cut before it")?;
    Ok((judged, aud, facts.audience()))
}

macro_rules! audience_or_return {
    ($facts:expr) => {
        match audience($facts) {
            Ok(found) => found,
            Err(reason) => return not_applicable(reason),
        }
    };
}

fn class_of(audience: Option<Audience>) -> Option<AudienceClass> {
    audience.map(|audience| audience.class)
}

/// The service in words, e.g. "Azure Resource Manager (https://management.azure.com/)".
fn in_words(aud: &str, audience: Option<Audience>) -> String {
    match audience.and_then(|audience| audience.resource_name) {
        Some(name) if name != aud => format!("{name} ({aud})"),
        _ => aud.to_owned(),
    }
}

/// The scope that gets a token for Microsoft Graph in the cloud and flow of the scenario.
fn graph_scope(facts: &Facts<'_>) -> String {
    let host =
        facts.cloud().and_then(|cloud| cloud.value.facts()).map_or("graph.microsoft.com", |cloud| cloud.graph_host);
    let app_only = facts.scenario.flow.is_some_and(Flow::is_app_only);
    if app_only {
        format!("https://{host}/.default")
    } else {
        format!("https://{host}/.default, or the named permissions, e.g. https://{host}/User.Read")
    }
}

/// How the client at hand asks for another audience.
fn request_step(facts: &Facts<'_>, judged: Judged<'_>) -> String {
    let scope = graph_scope(facts);
    match judged.token.claims.client() {
        Some(id) if id.eq_ignore_ascii_case("04b07795-8ddb-461a-bbee-02f9e1bf7b46") => {
            "Name the resource: az account get-access-token --resource-type ms-graph".to_owned()
        }
        Some(id) if id.eq_ignore_ascii_case("1950a258-227b-4e31-a9cf-717495945fc2") => {
            "Name the resource: Get-AzAccessToken -ResourceTypeName MSGraph".to_owned()
        }
        _ if judged.token.claims.xms_mirid.is_some() || facts.scenario.flow == Some(Flow::ManagedIdentity) => {
            "Ask the identity endpoint with resource=https://graph.microsoft.com/".to_owned()
        }
        _ => format!("Request a token for Microsoft Graph: scope {scope}"),
    }
}

pub(super) const NATIONAL_CLOUD_ENDPOINT_MISMATCH: Rule = Rule {
    id: "national-cloud-endpoint-mismatch",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The worldwide cloud, US Government and China have sign-in hosts, Graph hosts and tokens of their own. A \
            token of one is worth nothing in another.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud", CLOUDS],
    judge: national_cloud_endpoint_mismatch,
};

fn national_cloud_endpoint_mismatch(facts: &Facts<'_>) -> Judgement {
    let seen = facts.call().and_then(|call| {
        Some(Given { value: call.value.cloud?, pointer: call.pointer.clone(), text: call.text.clone() })
    });
    let said = facts.scenario.cloud;
    if let (Some(seen), Some(said)) = (&seen, said)
        && !same_cloud(seen.value, said, false)
    {
        return found(
            format!(
                "The call goes to the {} cloud, the application belongs to the {} one.",
                words(seen.value),
                words(said)
            ),
            format!("call: {}; cloud = {}", seen.text, said.name()),
        )
        .given(seen)
        .evidence(None, "/scenario/cloud", said.name())
        .fix(endpoints(said))
        .into();
    }
    let (judged, aud, audience) = audience_or_return!(facts);
    let Some(called) = facts.cloud() else {
        return not_applicable("neither cloud nor host of the call was given");
    };
    let by_audience = audience
        .filter(|audience| audience.class == AudienceClass::Graph)
        .and_then(|audience| Some((audience.cloud?, "aud", aud.to_owned(), false)));
    let by_issuer = facts
        .issuer()
        .filter(|issuer| issuer.is_entra())
        .and_then(|issuer| Some((issuer.cloud?, "iss", judged.token.claims.iss.clone().unwrap_or_default(), true)));
    let Some((cloud, claim, value, shared_login)) = by_audience.or(by_issuer) else {
        return not_applicable("neither audience nor issuer shows the cloud of the token");
    };
    if same_cloud(cloud, called.value, shared_login) {
        return Judgement::Pass;
    }
    found(
        format!("The token belongs to the {} cloud, the call goes to the {} one.", words(cloud), words(called.value)),
        format!("{claim} = {value}; the call is made in {}", called.text),
    )
    .claim(judged, claim)
    .given(&called)
    .fix(format!("If the tenant is in the {} cloud, call its hosts. {}", words(cloud), endpoints(cloud)))
    .fix(format!("If the {} cloud is meant: {}", words(called.value), endpoints(called.value)))
    .into()
}

/// The two clouds of the US Government share their login host: an issuer cannot tell them apart.
fn same_cloud(left: Cloud, right: Cloud, shared_login: bool) -> bool {
    left == right || shared_login && left.sign_in_cloud() == right.sign_in_cloud()
}

const fn words(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Global => "worldwide",
        Cloud::UsGov => "US Government (GCC High)",
        Cloud::UsGovDod => "US Government (DoD)",
        Cloud::China => "China (21Vianet)",
    }
}

fn endpoints(cloud: Cloud) -> String {
    match cloud.facts() {
        Some(facts) => format!(
            "Sign in at https://{}, request scopes of https://{} and call that host",
            facts.login_host, facts.graph_host
        ),
        None => format!("Use the sign-in and Graph hosts of the {} cloud", words(cloud)),
    }
}

pub(super) const AUDIENCE_AAD_GRAPH: Rule = Rule {
    id: "audience-aad-graph",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Azure AD Graph (graph.windows.net, 00000002-0000-0000-c000-000000000000) is the retired predecessor of \
            Microsoft Graph (graph.microsoft.com, 00000003-…). Tokens for one are refused by the other.",
    sources: &["https://learn.microsoft.com/graph/migrate-azure-ad-graph-overview", SCOPES],
    judge: audience_aad_graph,
};

fn audience_aad_graph(facts: &Facts<'_>) -> Judgement {
    let (judged, aud, audience) = audience_or_return!(facts);
    if facts.target().value == Target::AzureAdGraph {
        return not_applicable("Azure AD Graph is what is being called");
    }
    if class_of(audience) != Some(AudienceClass::AadGraph) {
        return Judgement::Pass;
    }
    let target = facts.target();
    found(
        format!("This token is for Azure AD Graph, the retired one; {} does not take it.", target.value.name()),
        format!("aud = {aud}"),
    )
    .claim(judged, "aud")
    .given(&target)
    .fix(request_step(facts, judged))
    .fix("Replace graph.windows.net by graph.microsoft.com in settings and code, permissions of the registration included")
    .into()
}

pub(super) const V1_TOKEN_REQUEST_WITHOUT_RESOURCE: Rule = Rule {
    id: "v1-token-request-without-resource",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The first version of the token endpoint (/oauth2/token) takes the API in the parameter resource. Without \
            it the service chooses one, mostly Azure AD Graph, and the token fits nowhere else.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow", SCOPES],
    judge: v1_token_request_without_resource,
};

fn v1_token_request_without_resource(facts: &Facts<'_>) -> Judgement {
    let mut requests = facts.token_requests.iter().filter(|request| request.v2 == Some(false)).peekable();
    if requests.peek().is_none() {
        return not_applicable("the paste shows no request to the v1 token endpoint");
    }
    if facts.audience().is_some_and(|audience| audience.class == AudienceClass::Graph) {
        return Judgement::Pass;
    }
    // A code or refresh token remembers the resource of the request that it came from.
    let asks = |request: &&crate::extract::TokenRequest| {
        matches!(request.field("grant_type"), Some("client_credentials" | "password"))
            && request.field("resource").is_none()
    };
    let Some(request) = requests.find(asks) else { return Judgement::Pass };
    let scope =
        request.field("scope").map_or_else(String::new, |scope| format!("; scope = {scope} has no effect there"));
    found(
        "The token was requested from the v1 endpoint without saying for which API.",
        format!("/oauth2/token without the parameter resource{scope}"),
    )
    .likely()
    .evidence(None, format!("bytes {}-{}", request.span.start, request.span.end), "resource absent")
    .fix(format!("Use the v2 endpoint: /oauth2/v2.0/token with scope {}", graph_scope(facts)))
    .fix("Or add resource=https://graph.microsoft.com to the v1 request")
    .into()
}

pub(super) const AUDIENCE_OTHER_RESOURCE: Rule = Rule {
    id: "audience-other-resource",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "An access token is for one API. This one was issued for another service of Microsoft than the one that is \
            called; which one is decided by scope or resource in the token request.",
    sources: &[TOKENS, SCOPES],
    judge: audience_other_resource,
};

fn audience_other_resource(facts: &Facts<'_>) -> Judgement {
    let (judged, aud, audience) = audience_or_return!(facts);
    let target = facts.target();
    let class = class_of(audience);
    if target.value == Target::Other {
        return not_applicable("which API is being called was not said");
    }
    let microsoft = class.is_some_and(|class| {
        class.is_microsoft_api() && !matches!(class, AudienceClass::Graph | AudienceClass::AadGraph)
    });
    if !microsoft || class == class_of_target(target.value) {
        return Judgement::Pass;
    }
    found(
        format!("This token is for {}, not for {}.", in_words(aud, audience), target.value.name()),
        format!("aud = {aud}"),
    )
    .claim(judged, "aud")
    .given(&target)
    .fix(if target.value == Target::Graph {
        request_step(facts, judged)
    } else {
        format!("Request a token for {}: the scope decides the audience", target.value.name())
    })
    .fix("One token serves one API: keep a token for each and let MSAL cache them side by side")
    .into()
}

const fn class_of_target(target: Target) -> Option<AudienceClass> {
    match target {
        Target::Graph => Some(AudienceClass::Graph),
        Target::AzureManagement => Some(AudienceClass::AzureManagement),
        Target::Sharepoint => Some(AudienceClass::SharePoint),
        Target::AzureAdGraph => Some(AudienceClass::AadGraph),
        Target::OwnApi | Target::Other => None,
    }
}

pub(super) const AUDIENCE_OWN_API: Rule = Rule {
    id: "audience-own-api",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The token was issued for an API of an organisation, or for the app itself, and is sent to Microsoft. Only \
            the API that aud names may take it.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow", SCOPES],
    judge: audience_own_api,
};

fn audience_own_api(facts: &Facts<'_>) -> Judgement {
    let (judged, aud, audience) = audience_or_return!(facts);
    let target = facts.target();
    if matches!(target.value, Target::OwnApi | Target::Other) {
        return not_applicable("an API of one's own, or one not named, is being called");
    }
    if facts.issuer().is_some_and(|issuer| !issuer.is_entra() && issuer.kind != IssuerKind::ExternalId) {
        return not_applicable("the token is of another issuer");
    }
    let own = audience.is_none_or(|audience| audience.class == AudienceClass::Custom);
    if !own {
        return Judgement::Pass;
    }
    let id = aud.trim_end_matches('/').rsplit('/').next().unwrap_or(aud);
    let itself = judged.token.claims.client().is_some_and(|client| client.eq_ignore_ascii_case(id));
    let title = if itself {
        format!("The app requested this token for itself, and sends it to {}.", target.value.name())
    } else {
        format!("This token is for another API ({aud}), not for {}.", target.value.name())
    };
    let mut result =
        found(title, format!("aud = {aud}; scp = {}", judged.token.claims.scp.as_deref().unwrap_or("absent")))
            .claim(judged, "aud")
            .claim(judged, "scp")
            .given(&target);
    if audience.is_none() && !is_guid(aud.as_bytes()) {
        result = result.likely();
    }
    let scope = graph_scope(facts);
    result = if facts.scenario.flow == Some(Flow::OnBehalfOf)
        || facts.scenario.client == Some(crate::scenario::Client::WebApi)
    {
        result.fix(format!(
            "In the API, exchange it: on-behalf-of request with this token as assertion and scope {scope}"
        ))
    } else {
        result.fix(request_step(facts, judged)).fix(format!(
            "If an API of yours stands between client and Graph, let that API exchange the token (on-behalf-of, scope {scope})"
        ))
    };
    result.into()
}

/// A token for Microsoft Graph that goes somewhere else.
fn graph_token_elsewhere(facts: &Facts<'_>, wanted: &[Target], title: &str, steps: &[&str]) -> Judgement {
    let (judged, aud, audience) = audience_or_return!(facts);
    let target = facts.target();
    if !wanted.contains(&target.value) {
        return not_applicable("something else is being called");
    }
    if facts.exchanging_app().is_some() {
        return not_applicable("the token is exchanged, not sent");
    }
    if class_of(audience) != Some(AudienceClass::Graph) {
        return Judgement::Pass;
    }
    let mut result =
        found(title, format!("aud = {aud}; {} is called", target.value.name())).claim(judged, "aud").given(&target);
    for step in steps {
        result = result.fix(*step);
    }
    result.into()
}

pub(super) const GRAPH_TOKEN_USED_ON_SHAREPOINT_REST: Rule = Rule {
    id: "graph-token-used-on-sharepoint-rest",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "SharePoint REST (/_api) takes tokens for the tenant's own SharePoint host. A token for Microsoft Graph is \
            refused there, even with Sites permissions.",
    sources: &["https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread", SCOPES],
    judge: |facts| {
        graph_token_elsewhere(
            facts,
            &[Target::Sharepoint],
            "This token is for Microsoft Graph; SharePoint REST does not take it.",
            &[
                "Request a token for SharePoint: scope https://<tenant>.sharepoint.com/.default (app-only with a certificate, not a secret)",
                "Or make the same call through Microsoft Graph: /sites, /drives and /lists serve most needs",
            ],
        )
    },
};

pub(super) const GRAPH_TOKEN_NOT_MEANT_FOR_OWN_API: Rule = Rule {
    id: "graph-token-not-meant-for-own-api",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A token for Microsoft Graph is for Graph's eyes only: nobody else may accept it, and where its header has a \
            nonce, a plain signature check fails by design. An own API needs a token with its own audience.",
    sources: &[
        TOKENS,
        "https://learn.microsoft.com/entra/identity-platform/scenario-protected-web-api-overview",
        "https://learn.microsoft.com/entra/identity-platform/quickstart-configure-app-expose-web-apis",
    ],
    judge: |facts| {
        graph_token_elsewhere(
            facts,
            &[Target::OwnApi],
            "This token is for Microsoft Graph, not for your API: your API must not accept it and cannot verify it.",
            &[
                "Expose a scope on the API's registration (Expose an API) and let the client request api://<API client ID>/<scope>",
                "In the API accept only tokens whose aud is its own ID; call Graph with a token from the on-behalf-of flow",
            ],
        )
    },
};

pub(super) const GRAPH_TOKEN_USED_ON_OTHER_API: Rule = Rule {
    id: "graph-token-used-on-other-api",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A token for Microsoft Graph opens Microsoft Graph alone. Azure Resource Manager, Key Vault, Exchange and all \
            other services want tokens of their own.",
    sources: &[TOKENS, SCOPES],
    judge: |facts| {
        graph_token_elsewhere(
            facts,
            &[Target::AzureManagement, Target::AzureAdGraph, Target::Other],
            "This token is for Microsoft Graph; the API that is called does not take it.",
            &[
                "Request a token for that API: its scope decides the audience (Azure Resource Manager: https://management.azure.com/.default)",
                "One token serves one API: keep a token for each and let MSAL cache them side by side",
            ],
        )
    },
};

pub(super) const TOKEN_VERSION_MISMATCH: Rule = Rule {
    id: "token-version-mismatch-v1-v2",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "An API gets tokens of version 1.0 or 2.0 as its registration says (requestedAccessTokenVersion), whatever \
            endpoint the client used. Issuer, audience and claim names differ, so a validator set up for one refuses \
            the other.",
    sources: &[TOKENS, "https://learn.microsoft.com/entra/identity-platform/reference-microsoft-graph-app-manifest"],
    judge: token_version_mismatch,
};

fn token_version_mismatch(facts: &Facts<'_>) -> Judgement {
    let Some(message) = &facts.issuer_mismatch else {
        return not_applicable("no validator's message says which issuer the API expects");
    };
    let kind = |text: &str| catalog::issuer(text).map(|issuer| issuer.kind);
    let (seen, expected) = (kind(&message.seen), kind(&message.expected));
    let step = match (seen, expected) {
        (Some(IssuerKind::EntraV1), Some(IssuerKind::EntraV2)) => {
            "Set requestedAccessTokenVersion (accessTokenAcceptedVersion) to 2 in the manifest of the API's registration"
        }
        (Some(IssuerKind::EntraV2), Some(IssuerKind::EntraV1)) => {
            "Point the API's authority to https://login.microsoftonline.com/<tenant>/v2.0, or set requestedAccessTokenVersion to 1"
        }
        _ => return Judgement::Pass,
    };
    found(
        "The API expects tokens of the other version than the one it gets.",
        format!("issuer seen {}, issuer expected {}", message.seen, message.expected),
    )
    .evidence(None, "/issuer/seen", message.seen.clone())
    .evidence(None, "/issuer/expected", message.expected.clone())
    .fix(step)
    .fix("Then get a new token: the version is decided when it is issued")
    .into()
}

pub(super) const TOKEN_TENANT_UNEXPECTED: Rule = Rule {
    id: "token-tenant-unexpected",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "tid is the tenant whose data the token opens. If it is not the one that is meant, users, groups and \
            permissions are looked for in the wrong place.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"],
    judge: token_tenant_unexpected,
};

fn token_tenant_unexpected(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let Some(stated) = facts.scenario.tenant.as_deref() else { return not_applicable("no tenant was stated") };
    if !is_guid(stated.as_bytes()) {
        return not_applicable("only a tenant ID can be compared offline, not a domain or an alias");
    }
    let Some(tid) = judged.token.claims.tid.as_deref() else { return not_applicable("the token names no tenant") };
    if stated.eq_ignore_ascii_case(tid) {
        return Judgement::Pass;
    }
    if tid.eq_ignore_ascii_case(crate::facts::PERSONAL_ACCOUNTS) {
        return not_applicable("the token is of a personal account, which belongs to no organisation's tenant");
    }
    let name = catalog::tenant(tid).map_or_else(String::new, |tenant| format!(" ({})", tenant.name));
    found(
        "The token belongs to another tenant than the one you named.",
        format!("tid = {tid}{name}, stated {stated}"),
    )
    .claim(judged, "tid")
    .evidence(None, "/scenario/tenant", stated)
    .fix(format!("Sign in against the tenant itself: https://login.microsoftonline.com/{stated}"))
    .fix("A guest or an account of several tenants gets a token of its home tenant when the address says common or organizations")
    .into()
}

pub(super) const TOKEN_CLIENT_UNEXPECTED: Rule = Rule {
    id: "token-client-unexpected",
    group: Group::Audience,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "appid or azp is the client that requested the token. Permissions that were granted to another registration \
            are not in it.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"],
    judge: token_client_unexpected,
};

fn token_client_unexpected(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let Some(stated) = facts.scenario.client_id.as_deref() else { return not_applicable("no client ID was stated") };
    if !is_guid(stated.as_bytes()) || super::identity::is_made_up(stated) {
        return not_applicable("the stated client ID is none");
    }
    let Some(client) = judged.token.claims.client() else { return not_applicable("the token names no client") };
    // Whoever names the API that received the token named no client.
    if stated.eq_ignore_ascii_case(client) || facts.is_for_app(stated) {
        return Judgement::Pass;
    }
    let claim = if judged.token.claims.appid.is_some() { "appid" } else { "azp" };
    let name = catalog::app(client).map_or_else(String::new, |app| format!(" ({})", app.name));
    found(
        "Another client than the one you named requested this token.",
        format!("{claim} = {client}{name}, stated {stated}"),
    )
    .claim(judged, claim)
    .evidence(None, "/scenario/client_id", stated)
    .fix("Check which registration the running program uses: settings, environment and the credential chain can each name another")
    .fix("Grant the permission to the client that the token names, or request the token with the one that has it")
    .into()
}
