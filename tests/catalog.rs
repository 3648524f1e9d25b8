//! The catalogue's tables: their shape, their cross-references, and the look-ups over them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use tokentriage::catalog::{
    self, AudienceClass, ClaimPart, Cloud, GuidMeaning, HostKind, IssuerKind, PermissionKind, RiskPath, Tier,
};

const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const AZURE_POWERSHELL: &str = "1950a258-227b-4e31-a9cf-717495945fc2";
const TENANT: &str = "1f2e3d4c-0000-4aaa-8bbb-123456789abc";

/// Name, text, key columns, and columns that must not be empty.
const TABLES: &[(&str, &str, usize, &[&str])] = &[
    ("apps", include_str!("../src/catalog/data/apps.tsv"), 1, &["app_id", "name", "first_party"]),
    ("audiences", include_str!("../src/catalog/data/audiences.tsv"), 1, &["audience"]),
    ("claims", include_str!("../src/catalog/data/claims.tsv"), 2, &["name", "where", "kinds", "type", "meaning"]),
    ("client_scopes", include_str!("../src/catalog/data/client_scopes.tsv"), 2, &["app_id", "scope"]),
    (
        "clouds",
        include_str!("../src/catalog/data/clouds.tsv"),
        1,
        &["cloud", "title", "login_host", "graph_host", "aad_graph_host", "issuer_v1", "issuer_v2"],
    ),
    ("directory_roles", include_str!("../src/catalog/data/directory_roles.tsv"), 1, &["template_id", "name"]),
    (
        "error_codes",
        include_str!("../src/catalog/data/error_codes.tsv"),
        1,
        &["code", "meaning", "fixer", "next", "fix"],
    ),
    (
        "error_names",
        include_str!("../src/catalog/data/error_names.tsv"),
        2,
        &["value", "kind", "meaning", "fixer", "next"],
    ),
    ("graph_errors", include_str!("../src/catalog/data/graph_errors.tsv"), 2, &["code", "meaning", "fixer", "next"]),
    ("hosts", include_str!("../src/catalog/data/hosts.tsv"), 1, &["host", "kind"]),
    ("issuers", include_str!("../src/catalog/data/issuers.tsv"), 1, &["issuer", "name"]),
    ("permissions", include_str!("../src/catalog/data/permissions.tsv"), 1, &["name"]),
    (
        "risk_permissions",
        include_str!("../src/catalog/data/risk_permissions.tsv"),
        2,
        &["permission", "kind", "category"],
    ),
    ("tenants", include_str!("../src/catalog/data/tenants.tsv"), 1, &["tenant_id", "name", "meaning"]),
    ("values", include_str!("../src/catalog/data/values.tsv"), 2, &["claim", "value", "name", "meaning", "documented"]),
];

/// The columns that hold only these words, or nothing.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("apps", "first_party", &["yes", "unknown"]),
    ("apps", "family", &["yes", "no", "former"]),
    ("apps", "public_client", &["yes", "no"]),
    ("apps", "resource", &["yes"]),
    ("apps", "abused", &["yes"]),
    ("audiences", "cloud", &["global", "us-gov", "us-gov-dod", "china", "germany"]),
    ("claims", "documented", &["yes", "no"]),
    ("claims", "personal", &["yes"]),
    ("directory_roles", "marker", &["yes"]),
    ("directory_roles", "privileged", &["yes"]),
    ("directory_roles", "tier", &["control", "management", "user"]),
    ("hosts", "kind", &["login", "login-personal", "issuer", "graph", "aad-graph", "azure-management", "sharepoint"]),
    ("hosts", "cloud", &["global", "us-gov", "us-gov-dod", "china", "germany"]),
    ("hosts", "retired", &["yes"]),
    ("issuers", "workload", &["yes"]),
    ("permissions", "admin_consent", &["yes", "no"]),
    ("permissions", "delegated_level", &["1", "2", "3", "4", "5"]),
    ("permissions", "application_level", &["1", "2", "3", "4", "5"]),
    ("permissions", "delegated_live", &["yes"]),
    ("permissions", "application_live", &["yes"]),
    ("risk_permissions", "kind", &["application", "delegated"]),
    ("risk_permissions", "tier", &["control", "management", "user"]),
    ("risk_permissions", "path", &["direct", "indirect"]),
    ("risk_permissions", "mass_data", &["yes"]),
    ("tenants", "microsoft", &["yes"]),
    ("values", "documented", &["yes", "no"]),
];

type Row = HashMap<&'static str, &'static str>;

fn rows(name: &str) -> Vec<Row> {
    let (_, text, ..) = TABLES.iter().find(|table| table.0 == name).unwrap();
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap().split('\t').collect();
    let pad = std::iter::repeat("");
    lines.map(|line| header.iter().copied().zip(line.split('\t').chain(pad.clone())).collect()).collect()
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

#[test]
fn tables_are_sorted_unique_and_in_shape() {
    for (name, text, key_columns, required) in TABLES {
        assert!(text.ends_with('\n') && !text.contains('\r') && !text.ends_with("\n\n"), "{name}: line ends");
        let header: Vec<_> = text.lines().next().unwrap().split('\t').collect();
        let mut last = Vec::new();
        for line in text.lines().skip(1) {
            let cells: Vec<_> = line.split('\t').collect();
            assert!(cells.len() <= header.len(), "{name}: too many columns in {line:?}");
            assert!(cells.iter().all(|cell| cell.trim() == *cell), "{name}: blanks around a column in {line:?}");
            assert_eq!(line, line.trim_end(), "{name}: blanks at the end");
            let key = cells[..*key_columns].join("\t").to_ascii_lowercase().into_bytes();
            assert!(last < key, "{name}: {line:?} is out of order or occurs twice");
            last = key;
        }
        for row in rows(name) {
            assert!(required.iter().all(|column| !row[column].is_empty()), "{name}: something is missing in {row:?}");
        }
    }
    for (table, column, words) in WORDS {
        let wrong = rows(table).into_iter().find(|row| !row[column].is_empty() && !words.contains(&row[column]));
        assert_eq!(wrong, None, "{table}.{column}");
    }
}

#[test]
fn guids_are_guids() {
    for (table, column) in [
        ("apps", "app_id"),
        ("apps", "owner"),
        ("audiences", "resource_app_id"),
        ("client_scopes", "app_id"),
        ("directory_roles", "template_id"),
        ("permissions", "delegated_guid"),
        ("permissions", "application_guid"),
        ("tenants", "tenant_id"),
    ] {
        let wrong = rows(table).into_iter().find(|row| !row[column].is_empty() && !is_guid(row[column]));
        assert_eq!(wrong, None, "{table}.{column}");
    }
}

#[test]
fn every_row_is_found_whatever_the_letter_case() {
    for row in rows("tenants") {
        assert_eq!(catalog::tenant(&row["tenant_id"].to_uppercase()).map(|tenant| tenant.name), Some(row["name"]));
    }
    for row in rows("values") {
        assert_eq!(catalog::claim_value(row["claim"], row["value"]).map(|value| value.meaning), Some(row["meaning"]));
    }
    for row in rows("claims") {
        let part = ClaimPart::ALL.iter().copied().find(|part| part.name() == row["where"]).unwrap();
        assert_eq!(catalog::claim(part, row["name"]).map(|claim| claim.meaning), Some(row["meaning"]));
    }
    for row in rows("audiences") {
        // A token spells out what is free.
        let aud = row["audience"].replace('*', "zz9-contoso");
        for aud in [aud.clone(), format!("{aud}/"), aud.to_uppercase()] {
            assert_eq!(
                catalog::audience(&aud).map(|found| found.listed_as()).as_deref(),
                Some(row["audience"]),
                "{aud}"
            );
        }
    }
    for row in rows("hosts") {
        assert_eq!(catalog::host(&row["host"].to_uppercase()).map(|host| host.host), Some(row["host"]));
    }
}

fn yes(cell: &str) -> bool {
    cell == "yes"
}

fn yes_or_no(cell: &str) -> Option<bool> {
    (!cell.is_empty() && cell != "unknown").then(|| cell == "yes")
}

fn tier(cell: &str) -> Option<Tier> {
    [("user", Tier::User), ("management", Tier::Management), ("control", Tier::Control)]
        .into_iter()
        .find_map(|(word, tier)| (word == cell).then_some(tier))
}

fn some(cell: &str) -> Option<&str> {
    (!cell.is_empty()).then_some(cell)
}

#[test]
fn packed_tables_hold_every_cell() {
    let apps = rows("apps");
    assert_eq!(catalog::apps().map(|app| app.id.to_string()).collect::<Vec<_>>(), column(&apps, "app_id"));
    for row in &apps {
        let app = catalog::app(&row["app_id"].to_uppercase()).unwrap();
        let texts = (app.id.to_string(), app.name, app.owner, app.note);
        assert_eq!(texts, (row["app_id"].to_owned(), row["name"], some(row["owner"]), row["note"]));
        let flags = (app.first_party, app.family, app.left_family, app.public_client, app.resource, app.abused);
        let family = row["family"];
        let expected = (
            yes_or_no(row["first_party"]),
            yes(family),
            family == "former",
            yes_or_no(row["public_client"]),
            yes(row["resource"]),
            yes(row["abused"]),
        );
        assert_eq!((flags, app.graph_scopes), (expected, row["graph_scopes"].parse().ok()), "{row:?}");
    }
    for row in rows("directory_roles") {
        let role = catalog::directory_role(&row["template_id"].to_uppercase()).unwrap();
        let found = (role.template_id.to_string(), role.name, role.alias, role.marker, role.privileged, role.tier);
        let expected = (row["name"], row["alias"], yes(row["marker"]), yes(row["privileged"]), tier(row["tier"]));
        let (name, alias, marker, privileged, tier) = expected;
        assert_eq!(found, (row["template_id"].to_owned(), name, alias, marker, privileged, tier));
    }
    let permissions = rows("permissions");
    assert_eq!(catalog::permissions().map(|known| known.name).collect::<Vec<_>>(), column(&permissions, "name"));
    for row in &permissions {
        let known = catalog::permission(&row["name"].to_uppercase()).unwrap();
        let ids = [known.delegated_guid, known.application_guid].map(|id| id.map(|id| id.to_string()));
        assert_eq!(
            (known.name, ids),
            (row["name"], ["delegated_guid", "application_guid"].map(|id| some(row[id]).map(str::to_owned)))
        );
        let found = (known.admin_consent, known.delegated_level, known.application_level);
        let level = |column: &str| row[column].parse().ok();
        assert_eq!(found, (yes_or_no(row["admin_consent"]), level("delegated_level"), level("application_level")));
        let found = [known.personal_accounts, known.resource_specific, known.delegated_live, known.application_live];
        assert_eq!(
            found,
            ["personal", "resource_specific", "delegated_live", "application_live"].map(|one| yes(row[one]))
        );
        for id in ["delegated_guid", "application_guid"].map(|id| row[id]).into_iter().filter(|id| !id.is_empty()) {
            let found = catalog::permission_by_guid(&id.to_uppercase()).unwrap();
            let kinds = (id == row["delegated_guid"], id == row["application_guid"]);
            assert_eq!((found.permission.name, (found.delegated, found.application)), (row["name"], kinds));
        }
    }
    for row in rows("risk_permissions") {
        let kind = [PermissionKind::Delegated, PermissionKind::Application];
        let kind = kind.into_iter().find(|kind| kind.name() == row["kind"]).unwrap();
        let risk = catalog::risk_permission(kind, &row["permission"].to_lowercase()).unwrap();
        assert_eq!((risk.permission, risk.kind, risk.category), (row["permission"], kind, row["category"]));
        let path = match row["path"] {
            "direct" => Some(RiskPath::Direct),
            "indirect" => Some(RiskPath::Indirect),
            _ => None,
        };
        assert_eq!((risk.tier, risk.path, risk.mass_data), (tier(row["tier"]), path, yes(row["mass_data"])), "{row:?}");
    }
    let kinds = [PermissionKind::Delegated, PermissionKind::Application];
    let risks = permissions
        .iter()
        .flat_map(|row| kinds.map(|kind| catalog::risk_permission(kind, row["name"])))
        .flatten()
        .count();
    assert_eq!(risks, rows("risk_permissions").len());
    for row in rows("audiences") {
        let found = catalog::audience(&row["audience"].replace('*', "zz9-contoso")).unwrap();
        let id = found.resource_app_id.map(|id| id.to_string());
        // A name that apps has stands there only.
        let name = some(row["resource_name"]).or(catalog::app(row["resource_app_id"]).map(|app| app.name));
        assert_eq!((id.as_deref(), found.resource_name), (some(row["resource_app_id"]), name), "{row:?}");
        let class = some(row["class"]).unwrap_or("other");
        let texts = (found.cloud, found.class.name(), found.scope, found.note);
        assert_eq!(texts, (Cloud::from_name(row["cloud"]), class, some(row["scope"]), row["note"]), "{row:?}");
    }
}

fn column(rows: &[Row], name: &str) -> Vec<&'static str> {
    rows.iter().map(|row| row[name]).collect()
}

/// Measured with gzip at its best: `cargo test --test catalog sizes -- --nocapture` prints the figures.
#[test]
fn sizes_are_kept() {
    let gzip = |data: &[&[u8]]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&data.concat()).unwrap();
        encoder.finish().unwrap().len()
    };
    let mut all = Vec::new();
    for table in catalog::tables() {
        let sections = table.sections();
        println!("{:18} {:7} bytes, {:6} with gzip", table.name, sections.concat().len(), gzip(&sections));
        all.extend(sections);
    }
    println!("{:18} {:7} bytes, {:6} with gzip", "all", all.concat().len(), gzip(&all));
    let of = |name| catalog::tables().iter().find(|table| table.name == name).unwrap().sections();
    assert!(gzip(&of("paths")) <= 60_000, "paths");
    assert!(gzip(&of("permissions")) <= 40_000, "names and GUIDs of permissions");
    assert!(all.concat().len() <= 500_000, "everything");
}

#[test]
fn what_is_not_there_is_not_found() {
    let long = "0".repeat(100_000);
    for key in ["", "\t", "\n", "*", "app_id", "name", "zzzzzzzz", "00000003-0000-0000-c000-00000000000", "é", &long] {
        assert_eq!(catalog::app(key), None, "{key:?}");
        assert_eq!(catalog::directory_role(key), None);
        assert_eq!(catalog::permission(key).map(|found| found.name), None);
        assert_eq!(catalog::permission_by_guid(key), None);
        assert_eq!(catalog::risk_permission(PermissionKind::Application, key), None);
        assert_eq!(catalog::tenant(key), None);
        assert_eq!(catalog::claim_value("amr", key), None);
        assert_eq!(catalog::claim_value(key, "pwd"), None);
        assert_eq!(catalog::claim_values(key).count(), 0);
        assert_eq!(catalog::audience(key), None);
        assert_eq!(catalog::host(key), None);
        assert_eq!(catalog::issuer(key), None);
        assert_eq!(catalog::client_scopes(key).count(), 0);
        assert_eq!(catalog::guid(key).count(), 0);
    }
    // A key that carries the next column as well is not a key.
    assert_eq!(catalog::app(&format!("{GRAPH}\tMicrosoft Graph")), None);
    assert_eq!(catalog::claim(ClaimPart::Payload, "Sub"), None, "claim names are compared as they are");
}

#[test]
fn sources_name_every_table_with_its_rows() {
    let sources: BTreeMap<_, usize> = include_str!("../SOURCES.md")
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            Some((cells.next()?, cells.next()?.parse().ok()?))
        })
        .collect();
    let mut files: BTreeMap<_, _> = TABLES.iter().map(|table| (table.0, table.1.lines().count() - 1)).collect();
    files.insert("paths", tokentriage::permission::embedded().counts().0);
    let embedded: BTreeMap<_, _> = catalog::tables().iter().map(|table| (table.name, table.rows())).collect();
    assert_eq!(sources, files);
    assert_eq!(embedded, files);
    assert_eq!(catalog::date(), "2026-10");
    for table in catalog::tables() {
        let row = format!("| {} |", table.name);
        let line = include_str!("../SOURCES.md").lines().find(|line| line.starts_with(&row)).unwrap();
        assert!(line.ends_with(&format!("| {} |", table.date)), "{line}");
    }
}

#[test]
fn tables_refer_to_each_other() {
    let apps: BTreeSet<_> = rows("apps").iter().map(|row| row["app_id"]).collect();
    let tenants: BTreeSet<_> = rows("tenants").iter().map(|row| row["tenant_id"]).collect();
    let permissions: BTreeSet<_> = rows("permissions").iter().map(|row| row["name"]).collect();
    for row in rows("apps") {
        assert!(row["owner"].is_empty() || tenants.contains(row["owner"]), "{row:?}: unknown owner");
        assert_eq!(row["abused"] == "yes", !row["note"].is_empty(), "{row:?}: a note for each abused client");
    }
    for row in rows("audiences") {
        let resource = row["resource_app_id"];
        if let Some(app) = catalog::app(resource) {
            assert!(app.resource, "{row:?}: apps does not call it a resource");
        }
        let class = catalog::audience(&row["audience"].replace('*', "contoso")).map(|found| found.class.name());
        assert!(row["class"].is_empty() || class == Some(row["class"]), "{row:?}: unknown class");
    }
    for row in rows("client_scopes") {
        assert!(apps.contains(row["app_id"]) && permissions.contains(row["scope"]), "{row:?}");
    }
    for row in rows("risk_permissions") {
        let permission =
            catalog::permission(row["permission"]).unwrap_or_else(|| panic!("{row:?}: unknown permission"));
        let kind = if row["kind"] == "delegated" { PermissionKind::Delegated } else { PermissionKind::Application };
        assert!(permission.guid(kind).is_some(), "{row:?}: there is no such kind of this permission");
        assert!(row["mass_data"].is_empty() || row["kind"] == "application", "{row:?}");
        assert!(
            !(row["tier"].is_empty() && row["path"].is_empty() && row["mass_data"].is_empty()),
            "{row:?}: no reason"
        );
    }
    for row in rows("values") {
        let known = ClaimPart::ALL.iter().any(|part| catalog::claim(*part, row["claim"]).is_some());
        assert!(known, "{row:?}: unknown claim");
    }
    for facts in catalog::clouds() {
        let login = catalog::host(facts.login_host).unwrap();
        let graph = catalog::host(facts.graph_host).unwrap();
        assert_eq!((login.kind, graph.kind), (HostKind::Login, HostKind::Graph));
        assert_eq!((login.retired, graph.retired), (facts.retired, facts.retired));
        assert_eq!(graph.cloud, Cloud::from_name(facts.name));
        assert_eq!(login.cloud, Cloud::from_name(facts.name).map(Cloud::sign_in_cloud));
        let v1 = format!("{}{TENANT}/", facts.issuer_v1);
        let v2 = format!("{}{TENANT}/v2.0", facts.issuer_v2);
        assert_eq!(catalog::issuer(&v1).map(|found| found.kind), Some(IssuerKind::EntraV1));
        assert_eq!(
            catalog::issuer(&v2).map(|found| (found.kind, found.cloud)),
            Some((IssuerKind::EntraV2, login.cloud))
        );
    }
    for cloud in Cloud::ALL {
        let facts = cloud.facts().unwrap();
        assert_eq!(facts.name, cloud.name());
        for (host, kind, cloud) in [
            (facts.aad_graph_host, HostKind::AadGraph, cloud.sign_in_cloud()),
            (facts.management_host, HostKind::AzureManagement, cloud.sign_in_cloud()),
            (facts.sharepoint_domain, HostKind::Sharepoint, *cloud),
        ] {
            assert_eq!(catalog::host(host).map(|found| (found.kind, found.cloud)), Some((kind, Some(cloud))), "{host}");
        }
        let exchange = catalog::audience(facts.exchange_audience).unwrap();
        assert_eq!((exchange.class, exchange.cloud), (AudienceClass::TokenExchange, Some(cloud.sign_in_cloud())));
    }
}

#[test]
fn clients_of_the_family_and_others() {
    let office = catalog::app("d3590ed6-52b3-4102-aeff-aad2292ab01c").unwrap();
    assert_eq!(
        (office.name, office.family, office.abused, office.graph_scopes),
        ("Microsoft Office", true, true, Some(36))
    );
    assert_eq!((office.first_party, office.public_client), (Some(true), Some(true)));
    for left in [AZURE_CLI, AZURE_POWERSHELL] {
        let app = catalog::app(left).unwrap();
        assert!(!app.family && app.left_family && app.abused, "{app:?}");
    }
    assert_eq!(catalog::apps().filter(|app| app.family).count(), 49);
    assert_eq!(catalog::client_scopes(AZURE_CLI).count(), 8);
    let powershell: Vec<_> = catalog::client_scopes(AZURE_POWERSHELL).collect();
    assert!(powershell.len() == 7 && !powershell.contains(&"User.ReadWrite.All"), "{powershell:?}");
    assert_eq!(catalog::client_scopes(GRAPH).count(), 0);
    let explorer = catalog::app("de8bc8b5-d9f9-48b1-a8ad-b748da725064").unwrap();
    assert!(catalog::tenant(explorer.owner.unwrap()).unwrap().microsoft);
    assert!(!catalog::tenant("9188040d-6c67-4c5b-b112-36a304b66dad").unwrap().microsoft, "personal accounts");
    // Licences, Azure roles and permissions are not applications.
    assert_eq!(catalog::app("fff194f1-7dce-4428-8301-1badb5518201"), None);
}

#[test]
fn audiences_of_graph_and_of_others() {
    use AudienceClass as C;
    for (aud, class, cloud) in [
        ("https://graph.microsoft.com", C::Graph, Some(Cloud::Global)),
        ("https://graph.microsoft.com/", C::Graph, Some(Cloud::Global)),
        ("HTTPS://Graph.Microsoft.com", C::Graph, Some(Cloud::Global)),
        (GRAPH, C::Graph, None),
        ("spn:00000003-0000-0000-C000-000000000000", C::Graph, None),
        ("https://graph.microsoft.us", C::Graph, Some(Cloud::UsGov)),
        ("https://dod-graph.microsoft.us/", C::Graph, Some(Cloud::UsGovDod)),
        ("https://microsoftgraph.chinacloudapi.cn", C::Graph, Some(Cloud::China)),
        ("https://canary.graph.microsoft.com", C::Graph, Some(Cloud::Global)),
        ("https://ags.windows.net", C::Graph, Some(Cloud::Global)),
        ("https://graph.windows.net/", C::AadGraph, None),
        ("00000002-0000-0000-c000-000000000000", C::AadGraph, None),
        ("https://graph.microsoftazure.us", C::AadGraph, Some(Cloud::UsGov)),
        ("https://management.azure.com/", C::AzureManagement, Some(Cloud::Global)),
        ("https://management.core.usgovcloudapi.net/", C::AzureManagement, Some(Cloud::UsGov)),
        ("https://contoso.sharepoint.com", C::SharePoint, Some(Cloud::Global)),
        ("https://contoso-my.sharepoint.com/", C::SharePoint, Some(Cloud::Global)),
        (
            "00000003-0000-0ff1-ce00-000000000000/contoso.sharepoint.com@1f2e3d4c-0000-4aaa-8bbb-123456789abc",
            C::SharePoint,
            Some(Cloud::Global),
        ),
        ("https://outlook.office365.com", C::Exchange, Some(Cloud::Global)),
        ("https://vault.azure.net", C::KeyVault, Some(Cloud::Global)),
        ("https://my-vault.vault.azure.net", C::KeyVault, None),
        ("https://account.blob.core.windows.net/", C::Storage, None),
        ("https://server.database.windows.net/", C::Sql, None),
        ("https://contoso.crm4.dynamics.com/", C::Dataverse, None),
        ("urn:ms-drs:enterpriseregistration.windows.net", C::DeviceRegistration, Some(Cloud::Global)),
        ("499b84ac-1321-427f-aa17-267ca6975798", C::AzureDevOps, Some(Cloud::Global)),
        ("api://AzureADTokenExchange", C::TokenExchange, Some(Cloud::Global)),
        ("00000003-0000-0000-c000-000000000000/graph.microsoft.com@contoso.example", C::Other, None),
        ("api://00000003-0000-0000-c000-000000000000", C::Custom, None),
        ("https://admin.teams.microsoft.com/anything", C::Other, None),
        ("api://contoso-api", C::Custom, None),
        ("api://1f2e3d4c-0000-4aaa-8bbb-123456789abc", C::Custom, None),
        ("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token", C::ClientAssertion, None),
        ("https://login.microsoftonline.us/contoso.example/v2.0", C::ClientAssertion, None),
        ("urn:microsoft:userinfo", C::AdFs, None),
        ("microsoft:identityserver:1f2e3d4c-0000-4aaa-8bbb-123456789abc", C::AdFs, None),
    ] {
        let found = catalog::audience(aud).unwrap_or_else(|| panic!("{aud} is not found"));
        assert_eq!((found.class, found.cloud), (class, cloud), "{aud}: {found:?}");
    }
    for aud in [
        "https://graph.microsoft.com//",
        "https://graph.microsoft.com.evil.example",
        "https://a.b.sharepoint.com",
        "https://*.sharepoint.com",
        "https://.sharepoint.com",
        "https://sharepoint.com.evil.example",
        "https://contoso.example",
        "https://login.evil.example/tenant/oauth2/v2.0/token",
        "1f2e3d4c-0000-4aaa-8bbb-123456789abc",
        "api://",
        // Audiences are searched in another form, which is no audience itself.
        "com.microsoft.graph",
        "https://com.microsoft.graph",
        "https://graph.microsoft.com https",
        "https://aksarcbaremetalagent api",
        "://00000003-0000-0000-c000-000000000000",
        "{id}",
        "https://{id}",
    ] {
        assert_eq!(catalog::audience(aud), None, "{aud}");
    }
    let graph = catalog::audience("https://graph.microsoft.com/").unwrap();
    assert_eq!(
        (graph.resource_name, graph.scope),
        (Some("Microsoft Graph"), Some("https://graph.microsoft.com/.default"))
    );
    assert!(
        catalog::audience("https://graph.microsoft.de").is_some_and(|found| found.retired && found.cloud.is_none())
    );
    assert!(!AudienceClass::Custom.is_microsoft_api() && AudienceClass::Other.is_microsoft_api());
}

#[test]
fn issuers_of_entra() {
    use IssuerKind as K;
    let id = TENANT;
    for (iss, kind, cloud, tenant) in [
        (format!("https://sts.windows.net/{id}/"), K::EntraV1, None, Some(id)),
        (format!("https://STS.windows.net/{id}/"), K::EntraV1, None, Some(id)),
        (format!("https://sts.chinacloudapi.cn/{id}/"), K::EntraV1, Some(Cloud::China), Some(id)),
        (format!("https://login.microsoftonline.com/{id}/v2.0"), K::EntraV2, Some(Cloud::Global), Some(id)),
        (format!("https://login.microsoftonline.us/{id}/v2.0"), K::EntraV2, Some(Cloud::UsGov), Some(id)),
        (format!("https://login.partner.microsoftonline.cn/{id}/v2.0"), K::EntraV2, Some(Cloud::China), Some(id)),
        (
            "https://login.microsoftonline.com/contoso.example/v2.0".into(),
            K::EntraV2,
            Some(Cloud::Global),
            Some("contoso.example"),
        ),
        (format!("https://contoso.b2clogin.com/{id}/v2.0/"), K::B2c, None, Some(id)),
        (format!("https://login.contoso.example/tfp/{id}/b2c_1_signin/v2.0/"), K::B2c, None, Some(id)),
        (
            format!("https://login.microsoftonline.com/tfp/{id}/b2c_1_signin/v2.0/"),
            K::B2c,
            Some(Cloud::Global),
            Some(id),
        ),
        (format!("https://{id}.ciamlogin.com/{id}/v2.0"), K::ExternalId, None, Some(id)),
        ("https://fs.contoso.example/adfs".into(), K::AdFs, None, None),
        ("http://fs.contoso.example/adfs/services/trust".into(), K::AdFs, None, None),
        (format!("00000001-0000-0000-c000-000000000000@{id}"), K::Acs, None, Some(id)),
        ("https://accounts.accesscontrol.windows.net/".into(), K::Acs, None, None),
        ("https://login.live.com".into(), K::PersonalAccount, Some(Cloud::Global), None),
    ] {
        let found = catalog::issuer(&iss).unwrap_or_else(|| panic!("{iss} is not read"));
        assert_eq!((found.kind, found.cloud, found.tenant), (kind, cloud, tenant), "{iss}");
        assert!(!found.name.is_empty() && !found.imitates_entra && !found.workload, "{iss}: {found:?}");
    }
    let germany = catalog::issuer("https://sts.microsoftonline.de/contoso.example/").unwrap();
    assert!(germany.retired && germany.cloud.is_none() && germany.is_entra());
}

#[test]
fn issuers_that_only_look_like_entra() {
    let id = TENANT;
    for iss in [
        format!("http://sts.windows.net/{id}/"),
        format!("https://sts.windows.net.evil.example/{id}/"),
        format!("https://evilsts.windows.net/{id}/"),
        format!("https://sts.windows.net@evil.example/{id}/"),
        format!("https://evil.example/sts.windows.net/{id}/"),
        format!("https://evil.example?sts.windows.net/{id}/"),
        format!("https://evil.example#@sts.windows.net/{id}/"),
        format!("https://evil.example\\.sts.windows.net/{id}/"),
        format!("https://sts.windows.net:443/{id}/"),
        format!("https://sts.windows.net./{id}/"),
        format!("https://sts.windows.net/{id}/extra/"),
        format!("https://sts.windows.net/{id}?x=1"),
        format!("https://sts.windows.net/{id}//"),
        format!("https://sts.windows.net//{id}/"),
        format!("https:///sts.windows.net/{id}/"),
        format!("https://x.login.microsoftonline.com/{id}/v2.0"),
        format!("https://login.microsoftonline.com.evil.example/{id}/v2.0"),
        format!("https://login.microsoftonline.com/{id}/v1.0"),
        format!("https://login.microsoftonline.com/{id}"),
        "https://sts.windows.net/".into(),
        "https://sts.windows.net/a b/".into(),
        "https://login.microsoftonline.com/adfs".into(),
    ] {
        let found = catalog::issuer(&iss).unwrap_or_else(|| panic!("{iss} is not read"));
        assert_eq!((found.kind, found.imitates_entra), (IssuerKind::Foreign, true), "{iss}");
        assert_eq!((found.tenant, found.cloud, found.is_entra()), (None, None, false), "{iss}");
    }
    for iss in
        ["https://idp.contoso.example", "https://b2clogin.com/x/v2.0", "https://a.b.ciamlogin.com/x/v2.0", "x://y"]
    {
        let found = catalog::issuer(iss).unwrap();
        assert_eq!((found.kind, found.imitates_entra), (IssuerKind::Foreign, false), "{iss}");
    }
    for text in ["sts.windows.net", "https:", "a@b@c", "not an issuer", "00000001-0000-0000-c000-000000000000@"] {
        assert_eq!(catalog::issuer(text), None, "{text}");
    }
}

#[test]
fn issuers_of_others() {
    for (iss, name, workload) in [
        ("https://token.actions.githubusercontent.com", "GitHub Actions", true),
        ("https://token.actions.githubusercontent.com/contoso", "GitHub Actions", true),
        ("https://gitlab.com", "GitLab CI", true),
        ("https://app.terraform.io", "Terraform Cloud", true),
        ("https://accounts.google.com", "Google", true),
        ("accounts.google.com", "Google", true),
        ("https://oidc.eks.eu-west-1.amazonaws.com/id/0123", "Kubernetes on Amazon EKS", true),
        ("https://westeurope.oic.prod-aks.azure.com/a/b/", "Kubernetes on Azure (AKS)", true),
        ("https://kubernetes.default.svc.cluster.local", "Kubernetes", true),
        ("kubernetes/serviceaccount", "Kubernetes (old service account token)", true),
        ("https://abc.tokens.sts.global.api.aws", "AWS Security Token Service", true),
        ("spiffe://cluster.example/ns/default", "SPIFFE workload", true),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x", "Amazon Cognito user pool", false),
        ("https://contoso.okta.com/oauth2/default", "Okta", false),
        ("https://contoso.eu.auth0.com/", "Auth0", false),
        ("https://api.botframework.com", "Bot Framework", false),
    ] {
        let found = catalog::issuer(iss).unwrap_or_else(|| panic!("{iss} is not read"));
        assert_eq!((found.kind, found.name, found.workload), (IssuerKind::Known, name, workload), "{iss}");
    }
    for iss in [
        "http://token.actions.githubusercontent.com",
        "https://token.actions.githubusercontent.com.evil.example",
        "https://okta.com",
        "https://a.b.okta.com",
        "https://evilokta.com",
    ] {
        assert_eq!(
            catalog::issuer(iss).map(|found| (found.kind, found.workload)),
            Some((IssuerKind::Foreign, false)),
            "{iss}"
        );
    }
}

#[test]
fn clouds_by_host() {
    for (host, graph, login) in [
        ("graph.microsoft.com", Some(Cloud::Global), None),
        ("GRAPH.microsoft.us", Some(Cloud::UsGov), None),
        ("dod-graph.microsoft.us", Some(Cloud::UsGovDod), None),
        ("microsoftgraph.chinacloudapi.cn", Some(Cloud::China), None),
        ("login.microsoftonline.com", None, Some(Cloud::Global)),
        ("login.live.com", None, Some(Cloud::Global)),
        ("login.microsoftonline.us", None, Some(Cloud::UsGov)),
        ("login.chinacloudapi.cn", None, Some(Cloud::China)),
        ("login.microsoftonline.de", None, None),
        ("graph.microsoft.de", None, None),
        ("graph.windows.net", None, None),
        ("graph.microsoft.com.evil.example", None, None),
        ("graph.microsoft.com:443", None, None),
    ] {
        assert_eq!(catalog::cloud_of_graph_host(host), graph, "{host}");
        assert_eq!(catalog::cloud_of_login_host(host), login, "{host}");
    }
    assert!(catalog::host("graph.microsoft.de").is_some_and(|host| host.retired));
    let parent = |name| catalog::host_or_parent(name).map(|found| found.host);
    for (name, expected) in [
        ("Contoso-My.SharePoint.com", Some("sharepoint.com")),
        ("contoso.sharepoint-mil.us", Some("sharepoint-mil.us")),
        ("canary.graph.microsoft.com", Some("canary.graph.microsoft.com")),
        ("eu.graph.microsoft.com", Some("graph.microsoft.com")),
        ("evilgraph.microsoft.com", None),
        ("graph.microsoft.com.evil.example", None),
        ("com", None),
        ("", None),
        ("...", None),
    ] {
        assert_eq!(parent(name), expected, "{name}");
    }
}

#[test]
fn roles_markers_and_risks() {
    let administrator = catalog::directory_role("62e90394-69f5-4237-9190-012177145e10").unwrap();
    assert_eq!(
        (administrator.name, administrator.privileged, administrator.marker),
        ("Global Administrator", true, false)
    );
    assert_eq!(administrator.tier, Some(Tier::Control));
    for marker in [
        "b79fbf4d-3ef9-4689-8143-76b194e85509",
        "0997a1d0-0d1d-4acb-b408-d5ca73121e90",
        "13bd1c72-6f4a-4dcf-985f-18d3b80f208a",
    ] {
        assert!(catalog::directory_role(marker).is_some_and(|role| role.marker && !role.privileged), "{marker}");
    }
    let markers = rows("directory_roles").iter().filter(|row| row["marker"] == "yes").count();
    assert_eq!(markers, 3);

    use PermissionKind::{Application, Delegated};
    for (kind, name, path, mass_data) in [
        (Application, "RoleManagement.ReadWrite.Directory", Some(RiskPath::Direct), false),
        (Application, "AppRoleAssignment.ReadWrite.All", Some(RiskPath::Indirect), false),
        (Delegated, "application.readwrite.all", Some(RiskPath::Indirect), false),
        (Application, "Policy.ReadWrite.ConditionalAccess", Some(RiskPath::Indirect), false),
        (Application, "Mail.Read", None, true),
        (Application, "Sites.FullControl.All", None, true),
        (Application, "Chat.Read.All", None, true),
    ] {
        let risk = catalog::risk_permission(kind, name).unwrap_or_else(|| panic!("{name} is not listed"));
        assert_eq!((risk.path, risk.mass_data), (path, mass_data), "{name}");
    }
    for (kind, name) in
        [(Delegated, "Mail.Read"), (Delegated, "User.Read"), (Delegated, "Application.ReadWrite.OwnedBy")]
    {
        assert_eq!(catalog::risk_permission(kind, name), None, "{name}");
    }
}

#[test]
fn claims_and_their_values() {
    let header = catalog::claim(ClaimPart::Header, "nonce").unwrap();
    let payload = catalog::claim(ClaimPart::Payload, "nonce").unwrap();
    assert_ne!(header.meaning, payload.meaning);
    for personal in
        "name family_name given_name nickname upn unique_name preferred_username email verified_primary_email \
                     verified_secondary_email ipaddr oid puid altsecid onprem_sid sid sub aio rh uti xms_st login_hint \
                     deviceid groups xms_mirid xms_az_rid"
            .split_whitespace()
    {
        assert!(catalog::claim(ClaimPart::Payload, personal).is_some_and(|claim| claim.personal), "{personal}");
    }
    for open in ["tid", "appid", "azp", "aud", "scp", "roles", "wids", "exp", "ver", "xms_par_app_azp", "xms_aud_guid"]
    {
        assert!(catalog::claim(ClaimPart::Payload, open).is_some_and(|claim| !claim.personal), "{open}");
    }
    assert_eq!(catalog::claim_value("xms_cc", "CP1").map(|value| value.value), Some("cp1"));
    assert_eq!(catalog::claim_value("amr", "ngcmfa").map(|value| value.documented), Some(true));
    assert_eq!(catalog::claim_value("xms_idrel", "28"), None, "even numbers mean nothing");
    assert_eq!(catalog::claim_values("xms_idrel").count(), 17);
    assert_eq!(catalog::claim_values("amr").count(), 10);
    let sorted: Vec<_> = catalog::claims().map(|claim| claim.name).collect();
    assert_eq!(sorted.len(), rows("claims").len());
}

#[test]
fn a_guid_says_all_it_stands_for() {
    let names = |text: &str| -> Vec<String> {
        catalog::guid(text)
            .map(|meaning| match meaning {
                GuidMeaning::App(app) => format!("app {}", app.name),
                GuidMeaning::DirectoryRole(role) => format!("role {}", role.name),
                GuidMeaning::Permission(found) => {
                    format!("permission {} {} {}", found.permission.name, found.delegated, found.application)
                }
                GuidMeaning::Tenant(tenant) => format!("tenant {}", tenant.name),
                GuidMeaning::Audience(audience) => format!("audience {}", audience.resource_name.unwrap_or_default()),
            })
            .collect()
    };
    assert_eq!(names(" {00000003-0000-0000-C000-000000000000} "), ["app Microsoft Graph", "audience Microsoft Graph"]);
    assert_eq!(names("62e90394-69f5-4237-9190-012177145e10"), ["role Global Administrator"]);
    assert_eq!(names("9188040d-6c67-4c5b-b112-36a304b66dad"), ["tenant Personal Microsoft accounts"]);
    assert_eq!(names("405a51b5-8d8d-430b-9842-8be4b0e9f324"), ["permission User.Export.All true true"]);
    assert_eq!(names("e1fe6dd8-ba31-4d61-89e7-88639da4683d"), ["permission User.Read true false"]);
    assert_eq!(names(TENANT), Vec::<String>::new());
    assert_eq!(names("https://graph.microsoft.com"), Vec::<String>::new(), "only GUIDs");
}
