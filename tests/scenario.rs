//! Scenarios: reading them, reading the intended call, and the guide of each flow.

use proptest::prelude::*;
use tokentriage::scenario::{ApiVersion, Call, CallError, Cloud, MAX_CALL_BYTES, Service};

/// text, canonical form, version, service, cloud
type CallRow = (&'static str, &'static str, Option<ApiVersion>, Service, Option<Cloud>);

const V1: Option<ApiVersion> = Some(ApiVersion::V1);
const BETA: Option<ApiVersion> = Some(ApiVersion::Beta);
const GLOBAL: Option<Cloud> = Some(Cloud::Global);

const CALLS: &[CallRow] = &[
    ("GET /me/messages", "GET /me/messages", None, Service::Unknown, None),
    ("/me/messages", "/me/messages", None, Service::Unknown, None),
    ("me/messages", "/me/messages", None, Service::Unknown, None),
    ("users", "/users", None, Service::Unknown, None),
    ("get  /me/messages/ ", "GET /me/messages", None, Service::Unknown, None),
    ("GET: /me", "GET /me", None, Service::Unknown, None),
    ("GET:/me", "GET /me", None, Service::Unknown, None),
    ("\"GET /me\"", "GET /me", None, Service::Unknown, None),
    ("GET `/me`", "GET /me", None, Service::Unknown, None),
    ("GET /", "GET /", None, Service::Unknown, None),
    ("POST /v1.0/me/sendMail", "POST /me/sendMail", V1, Service::Unknown, None),
    ("GET /Beta/me/outlook/tasks", "GET /me/outlook/tasks", BETA, Service::Unknown, None),
    ("GET //users///{id}//messages/", "GET /users/{id}/messages", None, Service::Unknown, None),
    ("GET /users/{{userId}}/messages", "GET /users/{{userId}}/messages", None, Service::Unknown, None),
    ("{{baseUrl}}/v1.0/me", "/me", V1, Service::Unknown, None),
    ("GET https://{{host}}/v1.0/me", "GET /me", V1, Service::Unknown, None),
    (
        "POST /chats/19:0c7d@thread.v2/markChatReadForUser",
        "POST /chats/19:0c7d@thread.v2/markChatReadForUser",
        None,
        Service::Unknown,
        None,
    ),
    (
        "GET /reports/getOffice365ActiveUserDetail(period='D7')",
        "GET /reports/getOffice365ActiveUserDetail(period='D7')",
        None,
        Service::Unknown,
        None,
    ),
    (
        "GET /me/drive/root:/My%20file%2520a%2Fb.docx:/content",
        "GET /me/drive/root:/My file%20a%2Fb.docx:/content",
        None,
        Service::Unknown,
        None,
    ),
    (
        "GET /users/a_b.example#EXT#@c.example/messages#top",
        "GET /users/a_b.example#EXT#@c.example/messages",
        None,
        Service::Unknown,
        None,
    ),
    ("GET /users?$filter=displayName eq 'A B'", "GET /users", None, Service::Unknown, None),
    (
        "https://graph.microsoft.com/v1.0/users/x@y.example/messages?$top=5",
        "/users/x@y.example/messages",
        V1,
        Service::Graph,
        GLOBAL,
    ),
    ("GET https://graph.microsoft.com/beta/users", "GET /users", BETA, Service::Graph, GLOBAL),
    ("GET HTTPS://Graph.Microsoft.COM:443/v1.0/me", "GET /me", V1, Service::Graph, GLOBAL),
    ("graph.microsoft.com/v1.0/me", "/me", V1, Service::Graph, GLOBAL),
    ("//graph.microsoft.com/v1.0/me", "/me", V1, Service::Graph, GLOBAL),
    ("GET https://canary.graph.microsoft.com/v1.0/me", "GET /me", V1, Service::Graph, GLOBAL),
    ("GET https://graph.microsoft.us/v1.0/me", "GET /me", V1, Service::Graph, Some(Cloud::UsGov)),
    ("GET https://dod-graph.microsoft.us/v1.0/me", "GET /me", V1, Service::Graph, Some(Cloud::UsGovDod)),
    ("GET https://microsoftgraph.chinacloudapi.cn/v1.0/me", "GET /me", V1, Service::Graph, Some(Cloud::China)),
    ("GET https://graph.microsoft.com.evil.example/v1.0/me", "GET /v1.0/me", None, Service::Other, None),
    ("GET https://evilgraph.microsoft.com/v1.0/me", "GET /v1.0/me", None, Service::Other, None),
    ("GET https://graph.microsoft.com@evil.example/me", "GET /me", None, Service::Other, None),
    ("GET api.contoso.example/v1.0/orders", "GET /v1.0/orders", None, Service::Other, None),
    ("GET localhost:5000/me", "GET /me", None, Service::Other, None),
    ("GET /_api/web/lists", "GET /_api/web/lists", None, Service::Sharepoint, None),
    ("GET /sites/hr/_api/web", "GET /sites/hr/_api/web", None, Service::Sharepoint, None),
    ("https://contoso-my.sharepoint.com/_api/web", "/_api/web", None, Service::Sharepoint, GLOBAL),
    ("https://contoso.sharepoint.us/x", "/x", None, Service::Sharepoint, Some(Cloud::UsGov)),
    ("https://contoso.sharepoint.cn/x", "/x", None, Service::Sharepoint, Some(Cloud::China)),
    (
        "GET /sites/contoso.sharepoint.com:/teams/hr",
        "GET /sites/contoso.sharepoint.com:/teams/hr",
        None,
        Service::Unknown,
        None,
    ),
    (
        "https://management.azure.com/subscriptions?api-version=2022-12-01",
        "/subscriptions",
        None,
        Service::AzureManagement,
        GLOBAL,
    ),
    (
        "PUT https://management.chinacloudapi.cn/subscriptions/1",
        "PUT /subscriptions/1",
        None,
        Service::AzureManagement,
        Some(Cloud::China),
    ),
    (
        "GET /subscriptions/1/resourceGroups/g",
        "GET /subscriptions/1/resourceGroups/g",
        None,
        Service::AzureManagement,
        None,
    ),
    ("GET /subscriptions/1", "GET /subscriptions/1", None, Service::Unknown, None),
    (
        "https://graph.windows.net/contoso.example/users?api-version=1.6",
        "/contoso.example/users",
        None,
        Service::AzureAdGraph,
        GLOBAL,
    ),
    (
        "GET /v1.0/me HTTP/1.1\r\nHost: graph.microsoft.us\r\nAuthorization: Bearer x\r\n\r\n",
        "GET /me",
        V1,
        Service::Graph,
        Some(Cloud::UsGov),
    ),
    ("curl https://graph.microsoft.com/v1.0/me -H 'Authorization: Bearer x'", "/me", V1, Service::Graph, GLOBAL),
    (
        "$ curl -sSL -X PATCH \\\n  -H \"Content-Type: application/json\" \\\n  'https://graph.microsoft.com/beta/me'",
        "PATCH /me",
        BETA,
        Service::Graph,
        GLOBAL,
    ),
    ("curl -kXDELETE https://graph.microsoft.com/v1.0/users/1", "DELETE /users/1", V1, Service::Graph, GLOBAL),
    ("curl --data '{\"a\":1}' --url=https://graph.microsoft.com/v1.0/users", "POST /users", V1, Service::Graph, GLOBAL),
    ("curl -G -d '$top=1' https://graph.microsoft.com/v1.0/users", "GET /users", V1, Service::Graph, GLOBAL),
    ("curl -m 30 --unheard-of https://graph.microsoft.com/v1.0/me", "/me", V1, Service::Graph, GLOBAL),
    ("curl ^\"https://graph.microsoft.com/v1.0/me^\" ^\r\n -H ^\"Accept: */*^\"", "/me", V1, Service::Graph, GLOBAL),
    ("az rest --method get --url \"https://graph.microsoft.com/v1.0/me\"", "GET /me", V1, Service::Graph, GLOBAL),
    ("az rest -m post -u https://graph.microsoft.com/v1.0/users", "POST /users", V1, Service::Graph, GLOBAL),
    (
        "Invoke-RestMethod -UseBasicParsing -Uri \"https://graph.microsoft.com/v1.0/users?`$top=1\" -Method Get",
        "GET /users",
        V1,
        Service::Graph,
        GLOBAL,
    ),
    (
        "Invoke-MgGraphRequest -Method POST /v1.0/me/sendMail -Body $body",
        "POST /me/sendMail",
        V1,
        Service::Unknown,
        None,
    ),
];

#[test]
fn calls_are_read_in_every_spelling() {
    for &(text, display, version, service, cloud) in CALLS {
        let call = Call::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(
            (call.display().as_str(), call.version, call.service, call.cloud),
            (display, version, service, cloud),
            "{text:?}"
        );
    }
}

#[test]
fn the_query_is_kept_as_written() {
    let query = |text: &str| Call::parse(text).expect(text).query;
    assert_eq!(query("GET /users?$select=id%2Cmail&$top=5").as_deref(), Some("$select=id%2Cmail&$top=5"));
    assert_eq!(query("Invoke-RestMethod -Uri \"/users?`$top=1\"").as_deref(), Some("$top=1"));
    assert_eq!(query("GET /users?"), None);
}

#[test]
fn me_is_the_first_segment_only() {
    for text in ["/me", "me", "/ME/messages", "https://graph.microsoft.com/v1.0/me", "GET /beta/me/drive?x=1"] {
        assert!(Call::parse(text).expect(text).is_me(), "{text}");
    }
    for text in ["/metrics", "/users/me", "/users", "https://api.contoso.example/me", "/messages/me", "/"] {
        assert!(!Call::parse(text).expect(text).is_me(), "{text}");
    }
}

#[test]
fn what_is_no_call_says_what_was_expected() {
    let sentence = |text: &str| Call::parse(text).expect_err(text).to_string();
    assert_eq!(sentence(" \"\" "), "the call is empty: expected something like GET /me/messages");
    assert_eq!(sentence("GET"), "the call names no address: expected something like GET /me/messages");
    assert_eq!(sentence("curl -s"), "the call names no address: expected something like GET /me/messages");
    assert_eq!(
        sentence("read my mail"),
        "\"read\" is no request method: expected one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, MERGE, TRACE, \
         CONNECT"
    );
    assert_eq!(sentence("ftp://graph.microsoft.com/me"), "the call begins with \"ftp\": expected https:// or a path");
    let long = "/".repeat(MAX_CALL_BYTES + 1);
    assert_eq!(Call::parse(&long), Err(CallError::TooLong { bytes: MAX_CALL_BYTES + 1 }));
}

proptest! {
    #[test]
    fn any_text_is_a_call_or_an_error(text in "\\PC*|[a-zA-Z0-9/?#%:@.'\"\\\\^` {}<>\\-\n]{0,200}") {
        for text in [text.clone(), format!("curl {text}"), format!("GET https://{text}"), format!("irm {text}")] {
            if let Ok(call) = Call::parse(&text) {
                prop_assert!(call.path.starts_with('/'));
                prop_assert!(!call.path.contains("//"));
                prop_assert!(call.path.len() <= text.len() + 1);
            }
        }
    }
}
