//! Who acts, and whether it may: delegated and application permissions taken for each other.

use super::{Found, Group, Judgement, NO_TOKEN, Rule, found, judged_or_return, not_applicable};
use crate::catalog::{self, AudienceClass, PermissionKind, Tier};
use crate::facts::{CallAnswer, Facts, Judged, Target};
use crate::permission::{Claim, Held, NotSupported, Verdict};
use crate::report::{Fixer, Severity};
use crate::scenario::{Client, Flow};
use crate::token::Acting;

const CONSENT: &str = "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview";
const PERMISSIONS: &str = "https://learn.microsoft.com/graph/permissions-overview";

/// True of a token for Microsoft Graph that is sent to Microsoft Graph: only then its permissions matter.
fn is_for_graph(facts: &Facts<'_>) -> bool {
    facts.target().value == Target::Graph
        && facts.audience().is_some_and(|audience| audience.class == AudienceClass::Graph)
}

pub(super) const ME_ENDPOINT_WITH_APP_ONLY_TOKEN: Rule = Rule {
    id: "me-endpoint-with-app-only-token",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "/me stands for the signed-in user. In a token of the app itself nobody is signed in, so Graph answers 400, \
            whatever permissions the app has.",
    sources: &[
        "https://learn.microsoft.com/graph/auth/auth-concepts",
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
    ],
    judge: me_endpoint_with_app_only_token,
};

fn me_endpoint_with_app_only_token(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if facts.calls.is_empty() {
        return not_applicable("no intended call was given: say what you are calling");
    }
    let Some(call) = facts.calls.iter().find(|call| call.value.is_me()) else { return Judgement::Pass };
    let Some((acting, why)) = facts.acting() else { return not_applicable("the token does not say who acts") };
    if acting == Acting::Delegated {
        return Judgement::Pass;
    }
    let path = call.value.path.clone();
    let other = match path.get(3..).unwrap_or_default() {
        "" => "/users/{id or user principal name}".to_owned(),
        rest => format!("/users/{{id or user principal name}}{rest}"),
    };
    found(
        "/me needs a signed-in user, and this token belongs to the app itself: nobody is signed in.",
        format!("{} with an app-only token ({why})", call.value.display()),
    )
    .claim(judged, "idtyp")
    .given(call)
    .fix(format!("Name the user instead: {other}"))
    .fix("Or sign a user in (authorization code flow), if the call is to be made in their name")
    .into()
}

pub(super) const DELEGATED_INSTEAD_OF_APPLICATION: Rule = Rule {
    id: "delegated-instead-of-application",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::TenantAdmin,
    means: "A daemon acts as itself, with application permissions that an administrator granted (claim roles). \
            Delegated permissions (claim scp) belong to a signed-in user and have no effect without one.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        PERMISSIONS,
        CONSENT,
    ],
    judge: delegated_instead_of_application,
};

fn delegated_instead_of_application(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let scenario = facts.scenario;
    let (pointer, said) = match (scenario.flow, scenario.client) {
        (Some(flow), _) if flow.is_app_only() => ("/scenario/flow", flow.name()),
        (None, Some(Client::Daemon)) => ("/scenario/client", Client::Daemon.name()),
        (None, None) => return not_applicable("neither flow nor client kind was given"),
        _ => return Judgement::Pass,
    };
    let Some((acting, why)) = facts.acting() else { return not_applicable("the token does not say who acts") };
    if acting == Acting::AppOnly {
        return Judgement::Pass;
    }
    let scopes = judged.token.claims.scp.as_deref().unwrap_or("absent");
    found(
        "The app is to act as itself, but this is a user's token: it carries delegated permissions only.",
        format!("{said}, and the token is delegated ({why}; scp = \"{scopes}\")"),
    )
    .claim(judged, "idtyp")
    .claim(judged, "scp")
    .claim(judged, "roles")
    .evidence(None, pointer, said)
    .fix("In the app registration add the permission as application permission (API permissions, Application permissions)")
    .fix("Have an administrator grant consent for it in the tenant")
    .fix("Request the token with client credentials: scope https://graph.microsoft.com/.default, the tenant's ID in the address")
    .into()
}

pub(super) const APPLICATION_INSTEAD_OF_DELEGATED: Rule = Rule {
    id: "application-instead-of-delegated",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "With a signed-in user the app acts in that user's name, with delegated permissions (claim scp). \
            Application permissions (claim roles) are for apps that act alone; the user's rights play no part then.",
    sources: &["https://learn.microsoft.com/graph/auth/auth-concepts", PERMISSIONS],
    judge: application_instead_of_delegated,
};

fn application_instead_of_delegated(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if facts.exchanging_app().is_some() {
        return not_applicable("the token is exchanged, not sent");
    }
    let scenario = facts.scenario;
    let (pointer, said) = match (scenario.flow, scenario.client) {
        // A cache gives back whatever was put into it, tokens of the app as well.
        (Some(Flow::Silent), _) => return not_applicable("a silent request renews tokens of either kind"),
        (Some(flow), _) if !flow.is_app_only() => ("/scenario/flow", flow.name()),
        (None, Some(client @ (Client::Spa | Client::Desktop | Client::Mobile))) => ("/scenario/client", client.name()),
        (None, None) => return not_applicable("neither flow nor client kind was given"),
        _ => return Judgement::Pass,
    };
    let Some((acting, why)) = facts.acting() else { return not_applicable("the token does not say who acts") };
    if acting == Acting::Delegated {
        return Judgement::Pass;
    }
    found(
        "A user is to be signed in, but this is the token of the app itself: no user is in it.",
        format!("{said}, and the token is app-only ({why})"),
    )
    .claim(judged, "idtyp")
    .claim(judged, "roles")
    .claim(judged, "scp")
    .evidence(None, pointer, said)
    .fix("Acquire the token for the user: AcquireTokenInteractive or AcquireTokenByAuthorizationCode, not AcquireTokenForClient")
    .fix("Add what the call needs as delegated permission, and have the user or an administrator consent")
    .into()
}

/// The first call that ended so.
fn first<'f, 's>(facts: &'f Facts<'s>, fits: impl Fn(&Verdict<'s>) -> bool) -> Option<&'f CallAnswer<'s>> {
    facts.answers.iter().find(|answer| fits(&answer.verdict))
}

/// The first call for which a permission is missing, with what would do.
fn missing<'f, 's>(facts: &'f Facts<'s>) -> Option<(&'f CallAnswer<'s>, &'f [&'s str], &'f Claim<'s>)> {
    facts.answers.iter().find_map(|answer| match &answer.verdict {
        Verdict::Missing { least, claim, .. } => Some((answer, least.as_slice(), claim)),
        _ => None,
    })
}

/// The reason where a permission may be in the part of the claims that is missing.
const CUT: &str = "the claims are cut: permissions may be among those that are missing";

/// Why the permissions of the token cannot be compared with what a call needs of this kind.
fn not_comparable(facts: &Facts<'_>, wanted: Acting) -> Option<&'static str> {
    if !is_for_graph(facts) {
        return Some("token or call is not for Microsoft Graph");
    }
    if facts.acting().map(|(acting, _)| acting) != Some(wanted) {
        return Some(match wanted {
            Acting::AppOnly => "not a token of the app itself",
            Acting::Delegated => "not a token of a signed-in user",
        });
    }
    facts.judged().is_some_and(|judged| !judged.token.has_whole_claims()).then_some(CUT)
}

/// Why nothing can be said of permissions: no answer was worked out.
fn no_answer(facts: &Facts<'_>) -> Judgement {
    if facts.calls.is_empty() {
        not_applicable("no intended call was given: say what you are calling")
    } else if facts.target().value != Target::Graph || facts.judged().is_some() && !is_for_graph(facts) {
        not_applicable("token or call is not for Microsoft Graph")
    } else if facts.judged().is_some_and(|judged| !judged.token.has_whole_claims()) {
        not_applicable(CUT)
    } else if facts.personal_ticket().is_some() {
        not_applicable("which scopes the token of a personal account has cannot be read")
    } else {
        not_applicable("the token does not say who acts")
    }
}

/// How to add permissions to the registration, as a command.
fn add_command(judged: Judged<'_>, names: &[&str], application: bool) -> Option<String> {
    let app = judged.token.claims.client()?;
    let kind = if application { "Role" } else { "Scope" };
    let ids: Option<Vec<String>> = names
        .iter()
        .map(|name| {
            let known = catalog::permission(name)?;
            let id = if application { known.application_guid } else { known.delegated_guid };
            Some(format!("{}={kind}", id?))
        })
        .collect();
    Some(format!("az ad app permission add --id {app} --api {GRAPH} --api-permissions {}", ids?.join(" ")))
}

/// The application ID of Microsoft Graph.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// The page on which an administrator consents for the whole tenant.
fn admin_consent(facts: &Facts<'_>, judged: Judged<'_>) -> Option<String> {
    let claims = &judged.token.claims;
    let host = facts
        .cloud()
        .and_then(|cloud| cloud.value.facts())
        .map_or("login.microsoftonline.com", |cloud| cloud.login_host);
    Some(format!("https://{host}/{}/adminconsent?client_id={}", claims.tid.as_deref()?, claims.client()?))
}

/// Names in a sentence: "A", "A together with B".
fn together(names: &[&str]) -> String {
    names.join(" together with ")
}

pub(super) const MISSING_APP_PERMISSION: Rule = Rule {
    id: "missing-app-permission",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::TenantAdmin,
    means: "A token of the app itself is issued even when nothing was granted to the app; it then has no roles, and \
            Graph answers 403. Usually the permission was added to the registration but no administrator consented, \
            or it was added as delegated permission.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        CONSENT,
        "https://learn.microsoft.com/graph/permissions-reference",
    ],
    judge: missing_app_permission,
};

fn missing_app_permission(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if let Some(reason) = not_comparable(facts, Acting::AppOnly) {
        return not_applicable(reason);
    }
    if facts.calls.iter().any(|call| call.value.is_me()) {
        return not_applicable("no permission makes /me work without a user");
    }
    let claims = &judged.token.claims;
    if let Some((answer, least, claim)) = missing(facts) {
        return lacks_role(facts, judged, answer, least, claim);
    }
    if !claims.roles.is_empty() {
        return if facts.answers.is_empty() { no_answer(facts) } else { Judgement::Pass };
    }
    if first(facts, |verdict| !matches!(verdict, Verdict::UnknownCall(_))).is_some() {
        return Judgement::Pass;
    }
    let result = found(
        "The app holds no application permission at all: Graph refuses whatever it calls.",
        if claims.has("roles") { "roles is empty" } else { "an app-only token without the claim roles" },
    )
    .claim(judged, "roles");
    grant_role(facts, judged, result, &[]).into()
}

fn lacks_role(
    facts: &Facts<'_>,
    judged: Judged<'_>,
    answer: &CallAnswer<'_>,
    least: &[&str],
    claim: &Claim<'_>,
) -> Judgement {
    let call = answer.call.value.display();
    let roles = judged.token.claims.roles.join(" ");
    let held = if roles.is_empty() { "no roles".to_owned() } else { format!("roles = \"{roles}\"") };
    let result = found(
        format!("The app lacks the permission for {call}: it needs {} or more.", together(least)),
        format!("app-only token, {held}; {call} needs {} or more", together(least)),
    )
    .claim(judged, "roles")
    .given(&answer.call);
    let result = if claim.published { result } else { result.likely() };
    grant_role(facts, judged, result, least).into()
}

/// The way to an application permission.
fn grant_role(facts: &Facts<'_>, judged: Judged<'_>, mut result: Found, least: &[&str]) -> Found {
    let what = if least.is_empty() { "what the call needs".to_owned() } else { together(least) };
    if judged.token.claims.xms_mirid.is_some() {
        return result
            .fix(format!("Assign {what} to the managed identity as app role of Microsoft Graph (New-MgServicePrincipalAppRoleAssignment)"))
            .fix("Wait: tokens of managed identities are cached for up to a day, the old one comes back until then");
    }
    result = result.fix(format!("Add {what} under API permissions, Microsoft Graph, Application permissions"));
    if let Some(command) = add_command(judged, least, true).filter(|_| !least.is_empty()) {
        result = result.fix(format!("The same as a command: {command}"));
    }
    result = match admin_consent(facts, judged) {
        Some(page) => result.fix(format!("Have an administrator consent for the tenant: {page}")),
        None => result.fix("Have an administrator press \"Grant admin consent\" in this tenant"),
    };
    result.fix("Get a new token: this one will not change")
}

pub(super) const MISSING_DELEGATED_SCOPE: Rule = Rule {
    id: "missing-delegated-scope",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "scp lists what the user, or an administrator for them, allowed this app to do in their name. A call that \
            needs something else is refused with 403, whatever rights the user has.",
    sources: &["https://learn.microsoft.com/graph/permissions-reference", CONSENT],
    judge: missing_delegated_scope,
};

/// Scopes that open nothing in Graph: they make an ID token or a refresh token.
const SIGN_IN_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

fn missing_delegated_scope(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if let Some(reason) = not_comparable(facts, Acting::Delegated) {
        return not_applicable(reason);
    }
    let claims = &judged.token.claims;
    if let Some((answer, least, claim)) = missing(facts) {
        return lacks_scope(facts, judged, answer, least, claim);
    }
    if claims.scopes().any(|scope| !SIGN_IN_SCOPES.iter().any(|other| scope.eq_ignore_ascii_case(other))) {
        return if facts.answers.is_empty() { no_answer(facts) } else { Judgement::Pass };
    }
    if first(facts, |verdict| !matches!(verdict, Verdict::UnknownCall(_))).is_some() {
        return Judgement::Pass;
    }
    let because = match claims.scp.as_deref() {
        Some(scopes) => format!("scp = \"{scopes}\": these serve the sign-in and open no data"),
        None => "a user's token without the claim scp".to_owned(),
    };
    found("The token allows the sign-in and nothing else: it holds no permission of Microsoft Graph.", because)
        .claim(judged, "scp")
        .fix("Request a scope of Microsoft Graph with the sign-in, e.g. User.Read for the user's own profile")
        .fix("Have the user consent when asked, then get a new token: this one will not change")
        .into()
}

fn lacks_scope(
    facts: &Facts<'_>,
    judged: Judged<'_>,
    answer: &CallAnswer<'_>,
    least: &[&str],
    claim: &Claim<'_>,
) -> Judgement {
    let call = answer.call.value.display();
    let claims = &judged.token.claims;
    let mut result = found(
        format!("This token does not allow {call}: it holds none of the permissions that the call needs."),
        format!(
            "delegated token, scp = \"{}\"; {call} needs {} or more",
            claims.scp.as_deref().unwrap_or("absent"),
            together(least)
        ),
    )
    .claim(judged, "scp")
    .given(&answer.call);
    if !claim.published {
        result = result.likely();
    }
    if fixed_client(judged).is_some() {
        return result.fix(format!("Get the token with a client that may request {}", together(least))).into();
    }
    let app = claims.client().unwrap_or("the app");
    if app.eq_ignore_ascii_case(GRAPH_POWERSHELL) {
        return result
            .fix(format!("Sign in again with the scope: Connect-MgGraph -Scopes {}", least.join(",")))
            .fix("If the page asks for an administrator, one has to consent to it for Microsoft Graph Command Line Tools")
            .into();
    }
    if app.eq_ignore_ascii_case(GRAPH_EXPLORER) {
        return result
            .fix(format!("In Graph Explorer open Modify permissions and consent to {}", together(least)))
            .fix("If the page asks for an administrator, one has to consent to it for Graph Explorer")
            .into();
    }
    result = result.fix(format!(
        "Add the delegated permission {} to app {app} (API permissions, Microsoft Graph, Delegated permissions)",
        together(least)
    ));
    if let Some(command) = add_command(judged, least, false) {
        result = result.fix(format!("The same as a command: {command}"));
    }
    result = match (claim.admin_consent, admin_consent(facts, judged)) {
        (Some(false), _) => result
            .fix("The user can consent to it, no administrator is needed (unless the tenant turned user consent off)"),
        (_, Some(page)) => result.fix(format!("An administrator has to consent for the tenant: {page}")),
        (_, None) => result.fix("An administrator has to consent for the tenant"),
    };
    result
        .fix(format!(
            "Request the scope by name with the next sign-in ({}); this token will not change",
            least.join(" ")
        ))
        .into()
}

/// Microsoft Graph's own tools, which ask for whatever scope is named. Nobody else can add to their registrations.
const GRAPH_POWERSHELL: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const GRAPH_EXPLORER: &str = "de8bc8b5-d9f9-48b1-a8ad-b748da725064";

/// The Microsoft client whose Graph scopes nobody can extend, where the token was requested with one.
fn fixed_client(judged: Judged<'_>) -> Option<&'static str> {
    let client = judged.token.claims.client()?;
    let app = catalog::app(client)?;
    let extensible = [GRAPH_POWERSHELL, GRAPH_EXPLORER].iter().any(|id| client.eq_ignore_ascii_case(id));
    (app.first_party == Some(true) && !extensible).then_some(app.name)
}

pub(super) const FIRST_PARTY_CLIENT_LACKS_GRAPH_SCOPE: Rule = Rule {
    id: "first-party-client-lacks-graph-scope",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Azure CLI, Azure PowerShell and other clients of Microsoft come with a fixed set of Graph scopes. Nobody can \
            add to it, no consent helps: another client is needed for other calls.",
    sources: &[
        "https://learn.microsoft.com/powershell/microsoftgraph/authentication-commands",
        "https://learn.microsoft.com/graph/auth-register-app-v2",
    ],
    judge: first_party_client_lacks_graph_scope,
};

fn first_party_client_lacks_graph_scope(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let Some(name) = fixed_client(judged) else {
        return not_applicable("the token was not requested with a client of Microsoft's own");
    };
    if facts.answers.is_empty() {
        return no_answer(facts);
    }
    if facts.acting().map(|(acting, _)| acting) != Some(Acting::Delegated) {
        return not_applicable("not a token of a signed-in user");
    }
    let Some((answer, least, _)) = missing(facts) else { return Judgement::Pass };
    let call = answer.call.value.display();
    found(
        format!("{name} cannot get a token for {call}: its Graph scopes are fixed, and what the call needs is not among them."),
        format!("client {name}; {call} needs {} or more", together(least)),
    )
    .likely()
    .claim(judged, "appid")
    .claim(judged, "scp")
    .given(&answer.call)
    .fix(format!("Use Microsoft Graph PowerShell: Connect-MgGraph -Scopes {}", least.join(",")))
    .fix("Or register an application of your own, add the permission there and sign in with its client ID")
    .into()
}

/// A call that takes no permission of the token's kind.
fn unsupported(facts: &Facts<'_>, kind: NotSupported, title: &str, steps: &[&str]) -> Judgement {
    if facts.judged().is_none() && facts.personal_ticket().is_none() {
        return not_applicable(NO_TOKEN);
    }
    let Some(answer) = first(facts, |verdict| *verdict == Verdict::NotSupported(kind)) else {
        return if facts.answers.is_empty() { no_answer(facts) } else { Judgement::Pass };
    };
    let title = title.replace("{call}", &answer.call.value.display());
    let mut result = if let Some(judged) = facts.judged() {
        let acting = facts.acting().map_or("", |(acting, _)| acting.name());
        found(title, format!("{acting} token; {}", kind.sentence())).claim(judged, "idtyp")
    } else {
        let because = format!("an opaque token, as personal accounts get them; {}", kind.sentence());
        found(title, because).evidence(facts.personal_ticket().map(|(index, _)| index), "/kind", "opaque-token")
    };
    result = result.likely().given(&answer.call);
    for step in steps {
        result = result.fix(*step);
    }
    result.into()
}

pub(super) const CALL_NEEDS_SIGNED_IN_USER: Rule = Rule {
    id: "call-needs-signed-in-user",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Some calls exist for signed-in users only: no application permission is listed for them, not even the most \
            powerful one helps.",
    sources: &[
        "https://learn.microsoft.com/graph/permissions-overview",
        "https://learn.microsoft.com/graph/auth/auth-concepts",
    ],
    judge: |facts| {
        unsupported(
            facts,
            NotSupported::NeedsSignedInUser,
            "{call} takes no application permission at all: a user has to be signed in.",
            &[
                "Sign a user in (authorization code or device code flow) and call with the delegated token",
                "Or look for a call that serves apps: the \"Permissions\" table of each API page says which do",
            ],
        )
    },
};

pub(super) const CALL_NEEDS_APP_ONLY: Rule = Rule {
    id: "call-needs-app-only",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Some calls exist for apps that act alone: no delegated permission is listed for them, so a user's token is \
            refused, whatever rights the user has.",
    sources: &[
        "https://learn.microsoft.com/graph/permissions-overview",
        "https://learn.microsoft.com/graph/auth-v2-service",
    ],
    judge: |facts| {
        unsupported(
            facts,
            NotSupported::NeedsApplication,
            "{call} takes no delegated permission at all: the app has to act as itself.",
            &[
                "Add the application permission, have an administrator consent, and get a token with client credentials",
                "Do that on a server: a secret or certificate must not be in an app that users hold",
            ],
        )
    },
};

pub(super) const PERMISSION_NOT_FOR_PERSONAL_ACCOUNT: Rule = Rule {
    id: "permission-not-for-personal-account",
    group: Group::Permission,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Personal Microsoft accounts have no directory, no Teams and no SharePoint: many calls are for work and school \
            accounts only.",
    sources: &["https://learn.microsoft.com/graph/permissions-overview"],
    judge: |facts| {
        unsupported(
            facts,
            NotSupported::NotForPersonalAccounts,
            "{call} does not work with a personal Microsoft account.",
            &[
                "Sign in with a work or school account",
                "Or restrict the app to calls that list \"Delegated (personal Microsoft account)\"",
            ],
        )
    },
};

pub(super) const EXCESS_PERMISSION: Rule = Rule {
    id: "excess-permission",
    group: Group::Permission,
    severity: Severity::Note,
    fixer: Fixer::AppDeveloper,
    means: "The token holds powerful permissions that the stated calls do not need. Whoever gets hold of it gets them too.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/secure-least-privileged-access"],
    judge: excess_permission,
};

fn excess_permission(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if facts.answers.is_empty() {
        return no_answer(facts);
    }
    if first(facts, |verdict| !matches!(verdict, Verdict::Granted { .. })).is_some() {
        return not_applicable("not every call is granted");
    }
    let Some(held) = facts.held() else { return not_applicable("the token does not say who acts") };
    if !held.names().iter().any(|name| is_powerful(&held, name)) {
        return Judgement::Pass;
    }
    let calls: Vec<_> = facts.answers.iter().map(|answer| answer.call.value.clone()).collect();
    let excess = facts.catalogue().excess(&held, &calls);
    let names: Vec<&str> =
        excess.unused.iter().chain(&excess.stronger).copied().filter(|name| is_powerful(&held, name)).collect();
    if names.is_empty() {
        return Judgement::Pass;
    }
    let claim = if matches!(held, Held::Application(_)) { "roles" } else { "scp" };
    let shown = names.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > 4 { format!(" and {} more", names.len().saturating_sub(4)) } else { String::new() };
    found(
        format!("The token holds more power than the calls need: {shown}{more}."),
        format!("{} would do", if excess.enough.is_empty() { "less".to_owned() } else { excess.enough.join(" ") }),
    )
    .likely()
    .claim(judged, claim)
    .fix("Remove permissions that no call of the app needs from its registration, and revoke their consent")
    .into()
}

/// True of a permission that leads to the control of the tenant, or to the data of everybody in it.
fn is_powerful(held: &Held<'_>, name: &str) -> bool {
    let kind = match held {
        Held::Application(_) => PermissionKind::Application,
        Held::Delegated(_) | Held::DelegatedPersonal(_) => PermissionKind::Delegated,
    };
    catalog::risk_permission(kind, name)
        .is_some_and(|risk| risk.tier == Some(Tier::Control) || risk.path.is_some() || risk.mass_data)
}
