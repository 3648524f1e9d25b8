//! Scenarios: reading them, reading the intended call, and the guide of each flow.

use proptest::prelude::*;
use tokentriage::report::links;
use tokentriage::scenario::{
    ApiVersion, Call, CallError, Client, Cloud, Flow, MAX_CALL_BYTES, Resource, Scenario, Service, guide, guides,
};

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
    ("Invoke-MgGraphRequest GET /beta/me | ConvertTo-Json", "GET /me", BETA, Service::Unknown, None),
    ("Invoke-MgGraphRequest -Uri 'https://graph.microsoft.com/v1.0/me'", "/me", V1, Service::Graph, GLOBAL),
    ("Invoke-GraphRequest -Url v1.0/users -Method get", "GET /users", V1, Service::Unknown, None),
    ("m365 request --url 'https://graph.microsoft.com/v1.0/me'", "/me", V1, Service::Graph, GLOBAL),
    (
        "m365 request -m post -u https://graph.microsoft.us/beta/users -r https://graph.microsoft.us -b '{}'",
        "POST /users",
        BETA,
        Service::Graph,
        Some(Cloud::UsGov),
    ),
    (
        "client.api('https://graph.microsoft.com/v1.0/me/events').post(event)",
        "POST /me/events",
        V1,
        Service::Graph,
        GLOBAL,
    ),
    ("GET https%3A%2F%2Fgraph.microsoft.com%2Fv1.0%2Fusers%2F1", "GET /users/1", V1, Service::Graph, GLOBAL),
    ("https%3a%2f%2fgraph.microsoft.com%2fbeta%2fme", "/me", BETA, Service::Graph, GLOBAL),
    ("await graphClient.Users[\"x\"].Messages.GetAsync()", "GET /users/{id}/messages", None, Service::Unknown, None),
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

#[test]
fn scenarios_are_read_from_json() {
    assert_eq!(Scenario::from_json("{}"), Ok(Scenario::default()));
    let empty = r#"{"flow":null,"client":null,"calling":null,"cloud":null,"resource":null,"tenant":null,"client_id":"",
        "library":" "}"#;
    assert_eq!(Scenario::from_json(empty), Ok(Scenario::default()));
    let full = r#"{"flow":"device-code","client":"desktop","calling":["GET /me",""],"cloud":"us-gov-dod",
        "resource":"own-api","tenant":"contoso.example","client_id":"14d82eec-204b-4c2f-b7e8-296a70dab67e",
        "library":"MSAL Python 1.28"}"#;
    let expected = Scenario {
        flow: Some(Flow::DeviceCode),
        client: Some(Client::Desktop),
        calling: vec!["GET /me".to_owned()],
        cloud: Some(Cloud::UsGovDod),
        resource: Some(Resource::OwnApi),
        tenant: Some("contoso.example".to_owned()),
        client_id: Some("14d82eec-204b-4c2f-b7e8-296a70dab67e".to_owned()),
        library: Some("MSAL Python 1.28".to_owned()),
    };
    assert_eq!(Scenario::from_json(full), Ok(expected));
    let one = Scenario::from_json(r#"{"calling":"GET /users"}"#).expect("one call");
    assert_eq!(one.calling, ["GET /users"]);
}

#[cfg(feature = "cli")]
#[test]
fn scenarios_are_read_from_toml() {
    let scenario: Scenario = toml::from_str("flow = \"ropc\"\ncloud = \"china\"\ncalling = [\"/me\"]").expect("TOML");
    assert_eq!((scenario.flow, scenario.cloud), (Some(Flow::Ropc), Some(Cloud::China)));
    let error = toml::from_str::<Scenario>("cloud = \"mars\"").expect_err("no such cloud").to_string();
    assert!(error.contains("unknown cloud \"mars\": one of global, us-gov, us-gov-dod, china"), "{error}");
}

#[test]
fn unknown_keys_and_values_are_named_with_the_allowed_ones() {
    const FLOWS: &str = "one of authorization-code, implicit, client-credentials, on-behalf-of, device-code, ropc, \
                         integrated-windows, managed-identity, workload-identity, refresh-token, silent";
    let table = [
        (r#"{"flow":"foo"}"#, format!("unknown flow \"foo\": {FLOWS} (line 1, column 13)")),
        (r#"{"flow":5}"#, format!("invalid type: integer `5`, expected a flow: {FLOWS} (line 1, column 9)")),
        (
            r#"{"client":"SPA"}"#,
            "unknown client \"SPA\": one of spa, web-app, web-api, desktop, mobile, daemon (line 1, column 15)"
                .to_owned(),
        ),
        (
            r#"{"cloud":"gcc"}"#,
            "unknown cloud \"gcc\": one of global, us-gov, us-gov-dod, china (line 1, column 14)".to_owned(),
        ),
        (
            r#"{"resource":"mail"}"#,
            "unknown resource \"mail\": one of graph, own-api, azure-management, sharepoint, azure-ad-graph, other \
             (line 1, column 18)"
                .to_owned(),
        ),
        (
            r#"{"calling":5}"#,
            "invalid type: integer `5`, expected calling: one call or a list of calls, e.g. \"GET /me/messages\" \
             (line 1, column 12)"
                .to_owned(),
        ),
        (
            r#"{"tennant":"x"}"#,
            "unknown field `tennant`, expected one of `flow`, `client`, `calling`, `cloud`, `resource`, `tenant`, \
             `client_id`, `library` (line 1, column 10)"
                .to_owned(),
        ),
        ("[", "EOF while parsing a list (line 1, column 1)".to_owned()),
    ];
    for (text, sentence) in table {
        let error = Scenario::from_json(text).expect_err(text).to_string();
        assert_eq!(error, sentence, "{text}");
    }
}

#[test]
fn the_client_suggests_a_flow() {
    let likely = |text: &str| Scenario::from_json(text).expect(text).likely_flow();
    assert_eq!(likely("{}"), None);
    assert_eq!(likely(r#"{"client":"daemon"}"#), Some(Flow::ClientCredentials));
    assert_eq!(likely(r#"{"client":"web-api"}"#), Some(Flow::OnBehalfOf));
    assert_eq!(likely(r#"{"client":"spa"}"#), Some(Flow::AuthorizationCode));
    assert_eq!(likely(r#"{"client":"daemon","flow":"ropc"}"#), Some(Flow::Ropc));
}

#[test]
fn every_flow_has_a_whole_guide() {
    assert_eq!(guides().iter().map(|guide| guide.flow).collect::<Vec<_>>(), Flow::ALL);
    for flow in Flow::ALL.iter().copied() {
        let guide = guide(flow);
        assert_eq!(guide.flow, flow);
        for text in [guide.name, guide.summary, guide.access_token_lifetime, guide.refresh_token_lifetime] {
            assert!(!text.trim().is_empty(), "{flow:?}");
        }
        assert!(!guide.clients.is_empty() && !guide.credential.is_empty(), "{flow:?}");
        assert!(guide.mistakes.iter().all(|mistake| !mistake.answers.is_empty()), "{flow:?}");
        assert!(guide.documentation.iter().all(|page| page.url.starts_with("https://learn.microsoft.com/")));
        assert!(!links::of_flow(flow).is_empty(), "{flow:?}");
        // Scenarios of every kind of application, also of those that the flow is not made for.
        for client in Client::ALL.iter().copied().map(Some).chain([None]) {
            let report = guide.report(&Scenario { client, ..Scenario::default() });
            assert_eq!(report.flow, flow.name());
            for part in [&report.request, &report.expect, &report.library, &report.mistakes] {
                assert!(!part.is_empty(), "{flow:?} {client:?}");
                assert!(part.iter().all(|line| !line.trim().is_empty() && !line.contains("  ")), "{part:?}");
            }
            let request = report.request.join("\n");
            assert!(request.contains(guide.grant), "{flow:?} {client:?}: {request}");
            assert!(request.contains("Credential: "), "{flow:?} {client:?}");
            let unfit = report.mistakes.iter().any(|line| line.starts_with("This flow is not made for"));
            assert_eq!(unfit, client.is_some_and(|client| !guide.clients.contains(&client)), "{flow:?} {client:?}");
        }
    }
}

#[test]
fn app_only_guides_expect_roles_and_others_scp() {
    for guide in guides() {
        let expect = guide.report(&Scenario::default()).expect;
        let says = |start: &str| expect.iter().any(|line| line.starts_with(start));
        assert!(says("aud: https://graph.microsoft.com"), "{:?}", guide.flow);
        assert!(says("Lifetime: ") && says("Refresh token: "), "{:?}", guide.flow);
        if guide.flow.is_app_only() {
            assert!(says("roles: present") && says("scp: absent") && says("idtyp: app") && says("oid, sub: equal"));
            assert!(says("Refresh token: none"));
        } else {
            assert!(says("scp: present") && says("roles: absent") && says("oid, sub: differ"), "{expect:?}");
        }
    }
}

#[test]
fn the_guide_uses_the_scenarios_own_values() {
    let report = |flow: Flow, text: &str| guide(flow).report(&Scenario::from_json(text).expect(text));
    let daemon = report(
        Flow::ClientCredentials,
        r#"{"client":"daemon","tenant":"contoso.example","client_id":"{secret}","cloud":"global",
            "calling":"GET https://graph.microsoft.us/v1.0/users"}"#,
    );
    let request = daemon.request.join("\n");
    assert!(request.contains("POST https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token"), "{request}");
    assert!(request.contains("scope=https://graph.microsoft.us/.default"), "{request}");
    assert!(request.contains("client_id={secret}"), "values are not filled in again: {request}");

    let common = report(Flow::ClientCredentials, r#"{"tenant":"Common"}"#).request.join("\n");
    assert!(
        common.contains("https://login.microsoftonline.com/{tenant}/oauth2") && common.contains("you named Common")
    );

    let table = [
        (
            Flow::ManagedIdentity,
            r#"{"calling":"GET https://contoso.sharepoint.com/_api/web"}"#,
            "&resource=https://contoso.sharepoint.com with the header Metadata: true",
        ),
        (
            Flow::ManagedIdentity,
            r#"{"resource":"azure-management","cloud":"china"}"#,
            "&resource=https://management.chinacloudapi.cn with",
        ),
        (Flow::WorkloadIdentity, r#"{"cloud":"us-gov-dod"}"#, "aud=api://AzureADTokenExchangeUSGov"),
        (
            Flow::AuthorizationCode,
            r#"{"cloud":"china"}"#,
            "https://login.partner.microsoftonline.cn/{tenant}/oauth2/v2.0",
        ),
        (Flow::AuthorizationCode, r#"{"resource":"own-api"}"#, "scope=api://{api-client-id}/{permission} openid"),
        (
            Flow::AuthorizationCode,
            r#"{"resource":"azure-management"}"#,
            "scope=https://management.azure.com/user_impersonation openid",
        ),
        (Flow::AuthorizationCode, r#"{"cloud":"us-gov"}"#, "this cloud has no personal Microsoft accounts"),
    ];
    for (flow, scenario, words) in table {
        let request = report(flow, scenario).request.join("\n");
        assert!(request.contains(words), "{scenario}: {request}");
    }
}

#[test]
fn the_client_narrows_library_and_credential() {
    let report = |text: &str| guide(Flow::AuthorizationCode).report(&Scenario::from_json(text).expect(text));
    let spa = report(r#"{"client":"spa"}"#);
    assert_eq!(spa.library.len(), 1);
    assert!(spa.library.concat().contains("MSAL.js"));
    assert!(spa.request.iter().any(|line| line.starts_with("Credential: none")));
    assert!(!spa.mistakes.concat().contains("AADSTS7000222"));
    assert!(!spa.expect.concat().contains("certificate"));
    let web = report(r#"{"client":"web-app"}"#);
    assert!(web.request.iter().any(|line| line.starts_with("Credential: required")));
    assert!(web.mistakes.concat().contains("AADSTS7000222"));
    assert!(report("{}").library.len() > 3);
}

#[test]
fn searches_carry_no_personal_values() {
    let url = |words: &[&str]| links::stack_overflow(words).url;
    const START: &str = "https://stackoverflow.com/search?q=%5Bmicrosoft-graph%5D";
    assert_eq!(url(&[]), START);
    assert_eq!(url(&["AADSTS65001", "Mail.Read", "no consent"]), format!("{START}+AADSTS65001+Mail.Read+no+consent"));
    let long = "DeviceManagementManagedDevices.PrivilegedOperations.All";
    assert_eq!(url(&[long, "AADSTS7000218"]), format!("{START}+{long}+AADSTS7000218"));
    assert_eq!(url(&["a&b", "ü"]), format!("{START}+a%26b+%C3%BC"));
    let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20ifQ.x";
    for personal in [
        "jane@contoso.example",
        "contoso.example",
        "https://contoso.example/x",
        "5ccd7c7b-2f7b-4980-9006-7de31a2d4ef0",
        "{5ccd7c7b2f7b498090067de31a2d4ef0}",
        "Abc8Q~madeUpClientSecretValue.of40letters",
        "VGR-vkDfPECc5uaChCQJAA",
        token,
    ] {
        assert_eq!(url(&[personal]), START, "{personal}");
    }
}

#[test]
fn every_group_of_findings_has_pages() {
    let groups: Vec<_> = links::groups().collect();
    assert_eq!(groups.len(), 16);
    for group in groups {
        let pages = links::of_group(group);
        assert!(!pages.is_empty() && pages.iter().all(|page| page.url.starts_with("https://")), "{group}");
    }
    assert!(links::of_group("weather").is_empty());
}

proptest! {
    #[test]
    fn any_scenario_text_is_read_or_refused(text in "\\PC*|[\\[\\]{}\":,a-z_ 0-9]{0,120}") {
        let _ = Scenario::from_json(&text);
    }

    #[test]
    fn any_values_make_a_guide(tenant in "\\PC*", client_id in "[{}a-z-]*", call in "\\PC*") {
        let scenario = Scenario {
            tenant: Some(tenant.clone()),
            client_id: Some(client_id),
            calling: vec![call],
            ..Scenario::default()
        };
        for guide in guides() {
            prop_assert!(!guide.report(&scenario).request.is_empty());
        }
        let request = guide(Flow::AuthorizationCode).report(&scenario).request;
        prop_assert!(request.concat().contains(&tenant));
    }
}
