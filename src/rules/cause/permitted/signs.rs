//! What speaks for a finding on permissions: who acts, what is called, what the message and the token name.

use crate::catalog;
use crate::extract::ArtefactKind;
use crate::facts::Target;
use crate::permission::{Answer, Held, NotSupported, Scheme, Verdict};
use crate::rules::cause::Case;
use crate::scenario::Client;

/// Findings on permissions of users, and of apps alone.
const OF_USERS: &[&str] = &[
    "missing-delegated-scope",
    "application-instead-of-delegated",
    "first-party-client-lacks-graph-scope",
    "caller-lacks-directory-role",
    "user-not-member-of-group",
    "call-needs-app-only",
];
const OF_APPS: &[&str] = &[
    "missing-app-permission",
    "delegated-instead-of-application",
    "app-lacks-directory-role",
    "managed-identity-token-cached",
    "teams-application-access-policy-missing",
    "me-endpoint-with-app-only-token",
    "call-needs-signed-in-user",
];
const OF_MISSING_PERMISSIONS: &[&str] = &[
    "missing-delegated-scope",
    "missing-app-permission",
    "delegated-instead-of-application",
    "application-instead-of-delegated",
    "first-party-client-lacks-graph-scope",
];

/// What personal accounts do not have: roles and groups of a directory, an administrator.
const NOT_OF_PERSONAL_ACCOUNTS: &[&str] = &[
    "caller-lacks-directory-role",
    "user-not-member-of-group",
    "missing-app-permission",
    "app-lacks-directory-role",
    "user-consent-disabled",
];

/// True where what is known of token and flow speaks against a finding on permissions: a user's permission in a flow
/// without users, a missing one where the table says that the token suffices, a directory role of a personal account.
pub(in crate::rules::cause) fn contradicts(case: &Case<'_>, finding: &str) -> bool {
    let known = case.used_flow().is_some() || case.facts.acting().is_some();
    known && (case.is_app_only() && OF_USERS.contains(&finding) || case.is_delegated() && OF_APPS.contains(&finding))
        || OF_MISSING_PERMISSIONS.contains(&finding) && token_suffices(case)
        || NOT_OF_PERSONAL_ACCOUNTS.contains(&finding) && personal(case)
        // Its scopes are fixed too, but the one it has opens all that the user may do.
        || finding == "first-party-client-lacks-graph-scope" && azure_ad_module(case)
}

/// The tenant of all personal accounts.
const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A personal account signed in: its tenant was named, or the address that Microsoft Graph has for it inside. Tokens of
/// such accounts cannot be read; where one can, it is another's.
pub(super) fn personal(case: &Case<'_>) -> bool {
    case.token().is_none()
        && !case.is_app_only()
        && (case.tenant_is(&["consumers", PERSONAL_TENANT]) || case.says_one_of(&["users('cid:"]))
}

/// The call takes no permission of personal accounts.
pub(super) fn takes_no_personal_accounts(case: &Case<'_>) -> bool {
    let none = Held::DelegatedPersonal(Vec::new());
    verdict(case, &none) == Some(Verdict::NotSupported(NotSupported::NotForPersonalAccounts))
}

/// The token beside the error, or what the paste says of it, holds what every call needs, as the table of permissions
/// has it.
pub(super) fn token_suffices(case: &Case<'_>) -> bool {
    let answers = &case.facts.answers;
    let granted = |verdict: &Verdict<'_>| matches!(verdict, Verdict::Granted { .. });
    !answers.is_empty() && answers.iter().all(|answer| granted(&answer.verdict))
        || stated(case).is_some_and(|held| verdict(case, &held).as_ref().is_some_and(granted))
}

/// What the paste says of the token's permissions, or of those that were asked for, does not open the call.
pub(super) fn stated_falls_short(case: &Case<'_>) -> bool {
    let requested = || {
        let names = &case.facts.stated().requested;
        let of_user = case.token().is_none() && !case.is_app_only() && !names.is_empty();
        of_user.then(|| Held::Delegated(names.iter().map(String::as_str).collect()))
    };
    let held = stated(case).or_else(requested);
    held.is_some_and(|held| matches!(verdict(case, &held), Some(Verdict::Missing { .. })))
}

/// The permissions that the words of the paste give a token which the paste itself does not hold.
fn stated<'f>(case: &Case<'f>) -> Option<Held<'f>> {
    let stated = case.facts.stated();
    let names = if case.is_app_only() { &stated.roles } else { &stated.scopes };
    if case.token().is_some() || names.is_empty() {
        return None;
    }
    let names = names.iter().map(String::as_str).collect();
    Some(if case.is_app_only() { Held::Application(names) } else { Held::Delegated(names) })
}

/// What the call needs, where it is one of Microsoft Graph.
fn needs<'f>(case: &Case<'f>) -> Option<Answer<'f>> {
    let call = case.call().filter(|_| case.facts.target().value == Target::Graph)?;
    Some(case.facts.catalogue().answer(call))
}

fn verdict<'f>(case: &Case<'f>, held: &Held<'_>) -> Option<Verdict<'f>> {
    Some(needs(case)?.verdict(held))
}

/// The permission that opens the call with the least power, for whoever acts.
pub(in crate::rules::cause) fn least(case: &Case<'_>) -> Option<String> {
    let scheme = if case.is_app_only() { Scheme::Application } else { Scheme::DelegatedWork };
    let names = needs(case)?.least(scheme);
    (!names.is_empty()).then(|| names.join(" and "))
}

/// The call takes no application permission at all, and no user takes part.
pub(super) fn takes_users_only(case: &Case<'_>) -> bool {
    let none = Held::Application(Vec::new());
    case.is_app_only() && verdict(case, &none) == Some(Verdict::NotSupported(NotSupported::NeedsSignedInUser))
}

/// The call takes no delegated permission at all, and a user takes part.
pub(super) fn takes_apps_only(case: &Case<'_>) -> bool {
    let none = Held::Delegated(Vec::new());
    case.is_delegated() && verdict(case, &none) == Some(Verdict::NotSupported(NotSupported::NeedsApplication))
}

/// Permissions of users are all that the paste speaks of.
pub(super) fn speaks_of_delegated(case: &Case<'_>) -> bool {
    let stated = case.facts.stated();
    !stated.scopes.is_empty() && stated.roles.is_empty()
        || listed_types(case) == (true, false)
        || case.paste_says_any(DELEGATED_TYPE) && !case.paste_says_any(APPLICATION_TYPE)
}

/// Permissions of apps are all that the paste speaks of.
pub(super) fn speaks_of_application(case: &Case<'_>) -> bool {
    let stated = case.facts.stated();
    !stated.roles.is_empty() && stated.scopes.is_empty()
        || lists_application_only(case)
        || case.paste_says_any(APPLICATION_TYPE) && !case.paste_says_any(DELEGATED_TYPE)
}

/// The paste holds the list of permissions of the portal, and all of them are for apps.
pub(super) fn lists_application_only(case: &Case<'_>) -> bool {
    listed_types(case) == (false, true)
}

/// Whether the list of permissions of the portal, as the paste holds it, has delegated ones and such for apps. Every new
/// registration has the delegated User.Read, which says nothing.
fn listed_types(case: &Case<'_>) -> (bool, bool) {
    const DELEGATED: [&str; 7] =
        ["delegated", "delegate", "delegata", "delegiert", "delegada", "delegado", "d\u{e9}l\u{e9}gu\u{e9}e"];
    const APPLICATION: [&str; 5] = ["application", "applicazione", "anwendung", "aplicaci\u{f3}n", "aplicativo"];
    let mut types = (false, false);
    for line in case.facts.words_in_lower_case.text().lines() {
        let mut cells = line.split(['|', '\t']).flat_map(|cell| cell.split("  ")).map(str::trim);
        let mut cells = cells.by_ref().filter(|cell| !cell.is_empty());
        let named = cells.next().filter(|name| *name != "user.read" && catalog::permission(name).is_some());
        if let Some(kind) = named.and_then(|_| cells.next()) {
            types.0 |= DELEGATED.contains(&kind);
            types.1 |= APPLICATION.contains(&kind);
        }
    }
    types
}

/// How people write the type of a permission as the portal shows it.
const DELEGATED_TYPE: &[&str] = &[
    "delegated permission",
    "delegated scope",
    "delegated type",
    "as delegated",
    "type delegated",
    "type: delegated",
    "(delegated)",
    "'delegated'",
    "\"delegated\"",
];
/// The same of permissions for apps.
const APPLICATION_TYPE: &[&str] = &[
    "application permission",
    "application-type",
    "application type",
    "type application",
    "type: application",
    "(application)",
    "'application'",
    "\"application\"",
];

/// In the directory the app may do whatever its user may.
pub(super) fn acts_like_the_user(case: &Case<'_>) -> bool {
    let all = |name: &String| name.eq_ignore_ascii_case("Directory.AccessAsUser.All");
    in_the_directory(case) && case.facts.stated().scopes.iter().any(all)
}

/// Somebody tells of a change that is younger than a token can be.
pub(super) fn changed_lately(case: &Case<'_>) -> bool {
    case.paste_says_any(&[
        "just granted",
        "just added",
        "just assigned",
        "just consented",
        "just gave",
        "min ago",
        "mins ago",
        "minutes ago",
        "hour ago",
        "hours ago",
        "still only has",
        "old token",
        "cached token",
        "the next day",
        "tomorrow",
        "token is still the same",
    ])
}

/// Somebody tells of a grant that is hours old: longer than most tokens live, and less than those of a managed identity.
pub(super) fn granted_today(case: &Case<'_>) -> bool {
    case.paste_says_any(&["granted", "assigned", "added the role", "given the role", "gave the"])
        && case.paste_says_any(&["still"])
        && case.paste_says_any(&[
            "several hours",
            "few hours",
            "some hours",
            "couple of hours",
            "hours later",
            "an hour",
            "this morning",
            "today",
        ])
}

/// The directory refuses for want of a permission, with or without its code.
pub(super) fn denied(case: &Case<'_>) -> bool {
    case.has_code("Authorization_RequestDenied") || case.says_one_of(&["insufficient privileges to complete"])
}

/// A service behind Graph refuses and names nothing.
pub(super) fn refused(case: &Case<'_>) -> bool {
    let named = case.says_one_of(&[
        "missing role permissions",
        "missing scope permissions",
        "missing application roles",
        "permissionscopenotgranted",
        "odata",
        "unsupported app only token",
        "[raop]",
        "access policy",
        "invalid audience",
    ]) || case.paste_says_any(GATEWAY);
    let codes = [
        "ErrorAccessDenied",
        "accessDenied",
        "Forbidden",
        "UnknownError",
        "Unauthorized",
        "extensionError",
        "unauthorizedUncategorized",
        "PERMISSION_DENIED",
    ];
    !named
        && case.kind == ArtefactKind::GraphError
        && (codes.iter().any(|code| case.has_code(code))
            || case.says_one_of(&["access is denied. check credentials", "0x80070005"]))
}

/// A service behind the API did not answer, which is said around an answer without words.
pub(in crate::rules::cause) const GATEWAY: &[&str] =
    &["502 bad gateway", "503 service", "504 gateway", "504 gatewaytimeout", "503 serviceunavailable"];

/// The service names the permissions that it misses.
pub(super) fn names_permissions(case: &Case<'_>) -> bool {
    case.says_one_of(&[
        "permissionscopenotgranted",
        "missing permission scope",
        "does not have required msgraph permissions",
    ]) || case.has_code("PermissionScopeNotGranted")
        || case.has_code("Authentication_MSGraphPermissionMissing")
}

/// A delegated permission has to be added by whoever asks for it: the person at a console, or the developer.
pub(super) fn at_a_console(case: &Case<'_>) -> bool {
    case.is_delegated() && case.clients(&[Client::Desktop])
}

/// The call was made with a cmdlet of Microsoft Graph PowerShell.
pub(super) fn by_cmdlet(case: &Case<'_>) -> bool {
    case.facts.calls.iter().any(|call| call.value.from_cmdlet)
}

/// One of the permissions in the message may be granted by administrators only.
pub(super) fn needs_administrator(case: &Case<'_>) -> bool {
    let named = case.value("permissions").unwrap_or_default();
    let all: Vec<_> = named.split([',', ' ', '\'', '"']).filter_map(catalog::permission).collect();
    !all.is_empty() && all.iter().all(|permission| permission.admin_consent == Some(true))
}

/// A command line of Microsoft with fixed scopes: named, or known by the way it prints errors.
pub(super) fn fixed_client(case: &Case<'_>) -> bool {
    let client = case.facts.scenario.client_id.as_deref().unwrap_or_default();
    let of_token = case.facts.judged().and_then(|judged| judged.token.claims.client());
    catalog::client_scopes(client).next().is_some()
        || of_token.is_some_and(|client| catalog::client_scopes(client).next().is_some())
        || case.library(&[
            "azure cli",
            "azure-cli",
            "az cli",
            "azure powershell",
            "az powershell",
            "az.accounts",
            "azurecli",
        ])
        || azure_ad_module(case)
        || case.paste_says_any(&[
            "az rest ",
            "az ad ",
            "forbidden({",
            "get-azaccesstoken",
            "connect-azaccount",
            "new-azad",
            "get-azad",
        ])
}

/// The AzureAD module of PowerShell, known by the way it prints errors. It may do whatever its user may.
fn azure_ad_module(case: &Case<'_>) -> bool {
    case.library(&["azuread powershell", "azureadpreview"])
        || case.paste_says_any(&["microsoft.open.azuread", "microsoft.open.msgraph", "connect-azuread"])
}

/// Objects of the directory, which the command lines of Azure may change as far as their user may.
pub(super) fn in_the_directory(case: &Case<'_>) -> bool {
    case.paste_says_any(&["az ad "])
        || case.calls_into(&[
            "users",
            "groups",
            "applications",
            "servicePrincipals",
            "directoryRoles",
            "oauth2PermissionGrants",
            "organization",
            "domains",
            "administrativeUnits",
            "directoryObjects",
        ])
}

pub(super) fn changes_something(case: &Case<'_>) -> bool {
    case.call().and_then(|call| call.method.as_deref()).is_some_and(|method| !method.eq_ignore_ascii_case("GET"))
}

/// Operations on users that a permission alone does not open.
pub(super) fn protected(case: &Case<'_>) -> bool {
    let user = case.calls_into(&["users"])
        && case
            .call()
            .and_then(|call| call.method.as_deref())
            .is_some_and(|method| matches!(method, "PATCH" | "DELETE"));
    user || case.calls_into(&[
        "authentication",
        "passwordMethods",
        "resetPassword",
        "changePassword",
        "deletedItems",
        "phoneMethods",
    ]) || case.paste_says_any(&["passwordprofile", "update-mguser", "remove-mguser"])
}

pub(super) fn groups_content(case: &Case<'_>) -> bool {
    case.calls_into(&[
        "planner",
        "teams",
        "plans",
        "tasks",
        "buckets",
        "conversations",
        "threads",
        "channels",
        "joinedTeams",
        "team",
    ]) || case.paste_says_any(&["planner", "get-mgteam", "get-mggroupplanner"])
}

pub(super) fn in_teams(case: &Case<'_>) -> bool {
    case.calls_into(&["teams", "chats", "channels"])
}

/// What the message says is held: an app with resource-specific consent holds markers such as `Group.Selected`.
pub(super) fn holds_a_marker(case: &Case<'_>) -> bool {
    let held = case.value("held").unwrap_or_default().to_ascii_lowercase();
    case.says_one_of(&["missing role permissions"])
        && (held.contains(".selected") || held.contains(".group") || held.contains(".chat"))
}

pub(super) fn holds_nothing(case: &Case<'_>) -> bool {
    case.says_one_of(&["on the request ''", "on the request ''."])
}
