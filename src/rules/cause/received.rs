//! What reached the API as token: what an error says of its shape, its time and its audience.
//!
//! The findings are those of the token's own rules; their advice stands with that on permissions.

use super::{Case, Cause, Shown, said, usual, values};
use crate::catalog::{AudienceClass, audience};
use crate::extract::ArtefactKind;
use crate::facts::Target;
use crate::guid::is_guid;
use crate::report::Confidence;
use crate::scenario::{Client, Cloud};

fn own_api(case: &Case<'_>) -> bool {
    case.facts.target().value == Target::OwnApi || case.clients(&[Client::WebApi])
}

/// What the sign-in service says of an assertion is not said of a token that reached an API.
fn of_api(case: &Case<'_>) -> bool {
    !case.is_numbered()
}

fn signature_fails(case: &Case<'_>) -> bool {
    of_api(case) && fails_by_signature(case)
}

fn fails_by_signature(case: &Case<'_>) -> bool {
    ["IDX10511", "IDX10503", "IDX10501", "IDX10500", "IDX10508"].iter().any(|code| case.has_code(code))
        || case.says_one_of(&[
            "signature is invalid",
            "signature validation failed",
            "invalid signature",
            "invalid_signature",
            "signature verification failed",
            "jwt signature",
        ])
}

fn issuer_or_version(case: &Case<'_>) -> bool {
    ["IDX10205", "IDX10211", "IDX40001"].iter().any(|code| case.has_code(code))
        || of_api(case)
            && case.says_one_of(&[
                "issuer is invalid",
                "issuer validation failed",
                "check the audience and issuer",
                "jwt issuer invalid",
                "invalid issuer",
            ])
}

/// Microsoft Graph, or whatever answers where nothing else is said to be called, takes the token for another's.
fn wrong_audience(case: &Case<'_>) -> bool {
    of_api(case)
        && case.says_one_of(&["invalid audience"])
        && !case.says_one_of(&["client assertion"])
        && calls_graph(case)
}

fn class_of(address: &str) -> Option<AudienceClass> {
    audience(address).map(|audience| audience.class)
}

/// Microsoft Graph is called: the message says which API answers, or else what was meant.
fn calls_graph(case: &Case<'_>) -> bool {
    match case.value("expected_audience") {
        Some(expected) => class_of(expected) == Some(AudienceClass::Graph),
        None => case.facts.target().value == Target::Graph,
    }
}

/// An API of Microsoft is called.
fn calls_microsoft(case: &Case<'_>) -> bool {
    match case.value("expected_audience") {
        Some(expected) => !registered(class_of(expected)),
        None => case.facts.target().value != Target::OwnApi,
    }
}

/// Not everything that a message quotes is an audience.
fn is_audience(text: &str) -> bool {
    text.contains("://") || is_guid(text.as_bytes())
}

/// The message names the audience of the token.
fn names_audience(case: &Case<'_>, is: fn(Option<AudienceClass>) -> bool) -> bool {
    of_api(case)
        && case.says_one_of(&["invalid audience", "wrong audience", "audience claim"])
        && case.value("token_audience").is_some_and(|aud| is_audience(aud) && is(class_of(aud)))
}

fn named_audience(case: &Case<'_>) -> Option<Shown> {
    let aud = case.value("token_audience")?;
    Some(Shown {
        text: format!("the audience in the message is {aud}, and {} is called", name_of_called(case)),
        artefact: case.index,
        pointer: "/error/message".into(),
        value: aud.to_owned(),
    })
}

/// An API of Microsoft that is not Microsoft Graph.
fn of_microsoft(class: Option<AudienceClass>) -> bool {
    class.is_some_and(|class| class.is_microsoft_api() && class != AudienceClass::Graph)
}

/// An API that somebody registered.
fn registered(class: Option<AudienceClass>) -> bool {
    class.is_none_or(|class| class == AudienceClass::Custom)
}

/// The address of the API that refused: the message names it, or it is what was meant.
fn called(case: &Case<'_>) -> Option<String> {
    let target = case.facts.target();
    // Nothing but Azure Resource Manager answers with this code.
    let by_code = case.has_code("InvalidAuthenticationTokenAudience").then_some(Target::AzureManagement);
    let target = if target.pointer.is_empty() { by_code.unwrap_or(target.value) } else { target.value };
    case.value("expected_audience").map(str::to_owned).or_else(|| match target {
        Target::Graph => Some("https://graph.microsoft.com".to_owned()),
        Target::AzureManagement => Some("https://management.azure.com".to_owned()),
        Target::AzureAdGraph => Some("https://graph.windows.net".to_owned()),
        Target::Sharepoint | Target::Other => Some(format!("https://{}", case.call()?.host.as_deref()?)),
        Target::OwnApi => None,
    })
}

/// The scope that asks for a token for the API that refused.
pub(super) fn scope_of_called(case: &Case<'_>) -> Option<String> {
    let address = called(case)?;
    let known = audience(&address).and_then(|audience| audience.scope);
    Some(known.map_or_else(|| format!("{}/.default", address.trim_end_matches('/')), str::to_owned))
}

/// The API that refused, by its name.
pub(super) fn name_of_called(case: &Case<'_>) -> String {
    let name = called(case).and_then(|address| audience(&address)?.resource_name);
    name.unwrap_or_else(|| case.facts.target().value.name()).to_owned()
}

/// Another API says that the token is for Microsoft Graph.
fn graph_elsewhere(case: &Case<'_>) -> bool {
    let target = case.facts.target().value;
    of_api(case)
        && !matches!(target, Target::Graph | Target::OwnApi | Target::Sharepoint)
        && case.says_one_of(&["audience"])
        && case.says_one_of(&["graph.microsoft.com", "00000003-0000-0000-c000-000000000000"])
}

/// The audience that the words of the paste give a token which the paste itself does not hold.
fn stated_audience<'f>(case: &Case<'f>) -> Option<&'f (String, usize)> {
    case.facts.stated().audience.as_ref().filter(|_| case.token().is_none())
}

/// The API does not accept the token, and the paste tells whom it is for.
fn refused_for(case: &Case<'_>, is: fn(Option<AudienceClass>) -> bool) -> bool {
    let refused = wrong_audience(case) || case.says_one_of(&["access token validation failure"]);
    refused && stated_audience(case).is_some_and(|(aud, _)| is(audience(aud).map(|audience| audience.class)))
}

fn shown_audience(case: &Case<'_>) -> Option<Shown> {
    let (aud, start) = stated_audience(case)?;
    Some(Shown {
        text: format!("the paste says that aud of the token is {aud}"),
        artefact: None,
        pointer: format!("bytes {start}-{}", start.saturating_add(aud.len())).into(),
        value: aud.clone(),
    })
}

/// The token was refused for its audience, and all scopes that the paste shows being asked for are of such an API.
fn asked_of(case: &Case<'_>, is: fn(&str) -> bool) -> bool {
    let refused = wrong_audience(case) || calls_graph(case) && case.says_one_of(&["access token validation failure"]);
    let asked = &case.facts.stated().asked_of;
    refused
        && case.token().is_none()
        && stated_audience(case).is_none()
        && !asked.is_empty()
        && asked.iter().all(|resource| is(resource))
}

fn shown_resource(case: &Case<'_>) -> Option<Shown> {
    let resource = case.facts.stated().asked_of.first()?;
    let start = case.facts.words.message.as_deref()?.find(resource.as_str())?;
    Some(Shown {
        text: format!("the scopes that the paste asks for are of {resource}"),
        artefact: None,
        pointer: format!("bytes {start}-{}", start.saturating_add(resource.len())).into(),
        value: resource.clone(),
    })
}

/// The message names Microsoft Graph as the audience of the token.
fn names_graph(case: &Case<'_>) -> bool {
    let named = case.value("audience").and_then(audience).map(|audience| audience.class);
    named == Some(AudienceClass::Graph)
}

fn expired(case: &Case<'_>) -> bool {
    case.has_code("IDX10223")
        || case.says_one_of(&[
            "80049228",
            "lifetime validation failed",
            "token is expired",
            "token has expired",
            "access token expired",
            "idx10223",
            "jwt expired",
        ]) && case.kind == ArtefactKind::GraphError
            && of_api(case)
}

fn unreadable(case: &Case<'_>) -> bool {
    case.has_code("IDX14100")
        || case.has_code("IDX12741")
        || case.has_code("IDX12709")
        || case.says_one_of(&[
            "80049217",
            "8004920a",
            "idx14100",
            "idx12741",
            "idx12709",
            "access token is empty",
            "jwt is not well formed",
            "not enough segments",
            "compacttoken parsing failed",
        ])
}

/// A challenge without `error`: the request brought nothing that could be refused (RFC 6750 section 3.1).
fn challenged(case: &Case<'_>) -> bool {
    case.value("status") == Some("401")
        && case.error.code.is_none()
        && case.paste_says_any(&["www-authenticate: bearer", "www-authenticate\": \"bearer", "wwwauthenticate: bearer"])
        && !case.paste_says_any(&["error="])
}

pub(super) const CAUSES: &[Cause] = &[
    // The token itself.
    Cause {
        when: challenged,
        reason: "the API asks for a bearer token and names no fault of one",
        question: "does the request that is really sent carry Authorization: Bearer and a token?",
        ..usual("malformed-bearer-token", &[], 60)
    },
    Cause {
        when: expired,
        question: "is exp of the token over, and does the program ask the library for a token before each call?",
        ..usual("token-expired", &[], 86)
    },
    usual("token-not-yet-valid", &["IDX10222"], 70),
    said("token-not-yet-valid", &["idx10222"], 70),
    Cause {
        when: unreadable,
        question: "what exactly stands behind Authorization: Bearer in the request?",
        ..usual("malformed-bearer-token", &[], 88)
    },
    Cause {
        when: unreadable,
        confidence: Confidence::Guess,
        fixer: None,
        question: "did a personal account sign in? Its tokens cannot be read by anybody",
        ..usual("personal-account-token-opaque", &[], 48)
    },
    Cause { when: unreadable, ..usual("token-truncated", &[], 44) },
    Cause {
        when: |case| case.paste_says_any(&["bearer bearer", "with the quotes", "including the quotes", "with quotes"]),
        reason: "the paste tells of something around the token that does not belong to it",
        ..usual("malformed-bearer-token", &["InvalidAuthenticationToken"], 84)
    },
    // Whom the token is for.
    Cause {
        when: |case| wrong_audience(case) && case.is_app_only(),
        reason: "an app-only request at the older endpoint without resource gets a token for Azure AD Graph",
        question: "does the request send resource (v1) or scope with /.default (v2)?",
        ..usual("v1-token-request-without-resource", &[], 66)
    },
    Cause {
        when: |case| wrong_audience(case) && !case.is_app_only(),
        question: "which API does aud of the token name?",
        ..usual("audience-own-api", &[], 60)
    },
    Cause {
        when: wrong_audience,
        question: "which API does aud of the token name?",
        ..usual("audience-other-resource", &[], 54)
    },
    Cause {
        when: wrong_audience,
        question: "is aud of the token https://graph.windows.net or 00000002-0000-0000-c000-000000000000?",
        ..usual("audience-aad-graph", &[], 52)
    },
    Cause { when: wrong_audience, ..usual("v1-token-request-without-resource", &[], 46) },
    Cause { when: wrong_audience, ..usual("audience-own-api", &[], 45) },
    Cause {
        when: |case| refused_for(case, |class| class == Some(AudienceClass::AadGraph)),
        shows: shown_audience,
        ..usual("audience-aad-graph", &[], 86)
    },
    Cause {
        when: |case| refused_for(case, |class| of_microsoft(class) && class != Some(AudienceClass::AadGraph)),
        shows: shown_audience,
        ..usual("audience-other-resource", &[], 86)
    },
    Cause { when: |case| refused_for(case, registered), shows: shown_audience, ..usual("audience-own-api", &[], 86) },
    Cause {
        when: |case| asked_of(case, |resource| of_microsoft(class_of(resource))),
        shows: shown_resource,
        ..usual("audience-other-resource", &[], 86)
    },
    Cause {
        when: |case| {
            asked_of(case, |resource| {
                (resource.starts_with("api://") || is_guid(resource.as_bytes())) && registered(class_of(resource))
            })
        },
        shows: shown_resource,
        ..usual("audience-own-api", &[], 86)
    },
    // The message names the audience of the token.
    Cause {
        when: |case| {
            names_audience(case, |class| class == Some(AudienceClass::Graph))
                && !calls_graph(case)
                && calls_microsoft(case)
        },
        shows: named_audience,
        ..usual("graph-token-used-on-other-api", &[], 87)
    },
    Cause {
        when: |case| names_audience(case, |class| class == Some(AudienceClass::AadGraph)) && calls_graph(case),
        shows: named_audience,
        ..usual("audience-aad-graph", &[], 95)
    },
    Cause {
        when: |case| {
            names_audience(case, of_microsoft)
                && !(calls_graph(case) && names_audience(case, |class| class == Some(AudienceClass::AadGraph)))
        },
        shows: named_audience,
        ..usual("audience-other-resource", &[], 95)
    },
    Cause {
        when: |case| names_audience(case, registered) && calls_microsoft(case),
        shows: named_audience,
        ..usual("audience-own-api", &[], 95)
    },
    Cause {
        when: |case| {
            case.paste_says_any(&["graph.windows.net"])
                && case.says_one_of(&["invalid audience", "access token validation failure"])
        },
        reason: "the paste names Azure AD Graph (graph.windows.net)",
        ..usual("audience-aad-graph", &[], 80)
    },
    Cause {
        when: |case| signature_fails(case) && own_api(case),
        reason: "an API of one's own checks the token",
        question: "is aud of the token Microsoft Graph, and is there a nonce in its header?",
        ..usual("graph-token-not-meant-for-own-api", &[], 84)
    },
    Cause {
        when: |case| signature_fails(case) && case.kind != ArtefactKind::GraphError,
        question: "is aud of the token Microsoft Graph, and is there a nonce in its header?",
        ..usual("graph-token-not-meant-for-own-api", &[], 66)
    },
    usual("graph-token-not-meant-for-own-api", &["IDX10511", "IDX10503", "IDX10501", "IDX10500"], 76),
    Cause {
        when: |case| {
            case.facts.target().value == Target::Sharepoint
                && (signature_fails(case) || issuer_or_version(case) || case.says_one_of(&["audience"]))
        },
        reason: "SharePoint is called, with a token that it does not accept",
        ..usual("graph-token-used-on-sharepoint-rest", &[], 88)
    },
    said("graph-token-used-on-sharepoint-rest", &["invalid issuer or signature"], 74),
    Cause {
        when: |case| {
            of_api(case)
                && case.says_one_of(&["invalid audience"])
                && matches!(case.facts.target().value, Target::Other | Target::AzureManagement)
        },
        reason: "the API that is called does not accept the audience in the message",
        ..usual("audience-other-resource", &[], 80)
    },
    Cause {
        when: graph_elsewhere,
        reason: "another API is called, and the audience in the message is Microsoft Graph",
        ..usual("graph-token-used-on-other-api", &[], 88)
    },
    Cause {
        when: |case| {
            case.kind == ArtefactKind::GraphError
                && stated_audience(case).is_some_and(|(aud, _)| class_of(aud) == Some(AudienceClass::Graph))
                && matches!(case.facts.target().value, Target::Other | Target::AzureManagement | Target::AzureAdGraph)
        },
        reason: "{called} is called",
        shows: shown_audience,
        ..usual("graph-token-used-on-other-api", &[], 86)
    },
    Cause {
        when: |case| !names_audience(case, |_| true),
        ..usual("graph-token-used-on-other-api", &["InvalidAuthenticationTokenAudience"], 90)
    },
    usual("token-expired", &["ExpiredAuthenticationToken"], 88),
    usual("wrong-tenant", &["InvalidAuthenticationTokenTenant"], 84),
    Cause {
        words: &["obtained for wrong audience or resource"],
        when: |case| !names_audience(case, |_| true),
        ..usual("graph-token-used-on-other-api", &[], 90)
    },
    Cause { words: &["graph.microsoft.com"], ..usual("graph-token-not-meant-for-own-api", &["IDX10214"], 88) },
    Cause {
        words: &["00000003-0000-0000-c000-000000000000"],
        ..usual("graph-token-not-meant-for-own-api", &["IDX10214"], 88)
    },
    Cause {
        when: |case| names_graph(case) && case.facts.target().value != Target::Graph,
        reason: "the audience in the message is Microsoft Graph",
        ..usual("graph-token-not-meant-for-own-api", &["IDX10214", "invalid_token"], 88)
    },
    Cause {
        when: |case| {
            let class = case.value("audience").and_then(audience).map(|audience| audience.class);
            class.is_some_and(|class| class.is_microsoft_api() && class != AudienceClass::Graph)
        },
        reason: "the audience in the message is another API of Microsoft",
        ..usual("audience-other-resource", &["IDX10214"], 84)
    },
    Cause {
        question: "does the API expect that audience, or is it meant for another one?",
        ..usual("audience-other-resource", &["IDX10214"], 50)
    },
    Cause {
        when: |case| case.message.contains("'api://") && values::names_guid(&case.message),
        question: "is one audience the api:// address and the other the client ID?",
        ..usual("token-version-mismatch-v1-v2", &["IDX10214"], 70)
    },
    Cause {
        // Where the message names both issuers, the rule has compared them itself.
        when: |case| {
            issuer_or_version(case)
                && case.facts.issuer_mismatch.is_none()
                && case.facts.target().value != Target::Sharepoint
        },
        question: "does the token say ver 1.0 and iss sts.windows.net, while the API expects v2.0?",
        ..usual("token-version-mismatch-v1-v2", &[], 76)
    },
    Cause {
        when: |case| case.says_one_of(&["audience"]) && own_api(case),
        ..usual("token-version-mismatch-v1-v2", &["IDX10214", "500131", "invalid_token"], 56)
    },
    usual("token-version-mismatch-v1-v2", &["500136", "500137"], 70),
    Cause {
        when: |case| {
            case.facts.cloud().is_some_and(|cloud| cloud.value != Cloud::Global)
                && case.has_code("InvalidAuthenticationToken")
        },
        reason: "the cloud is not the global one",
        ..usual("national-cloud-endpoint-mismatch", &[], 58)
    },
];
