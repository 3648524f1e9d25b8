//! Who acts, and whether it may: delegated and application permissions taken for each other.

use super::{Group, Judgement, NO_TOKEN, Rule, found, judged_or_return, not_applicable};
use crate::catalog::AudienceClass;
use crate::facts::{Facts, Target};
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
        "There is no /me here: nobody is signed in, this is the token of the app itself.",
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
    if !is_for_graph(facts) {
        return not_applicable("token or call is not for Microsoft Graph");
    }
    if facts.acting().map(|(acting, _)| acting) != Some(Acting::AppOnly) {
        return not_applicable("not a token of the app itself");
    }
    if facts.calls.iter().any(|call| call.value.is_me()) {
        return not_applicable("no permission makes /me work without a user");
    }
    let claims = &judged.token.claims;
    if !judged.token.payload.as_ref().is_some_and(|payload| payload.is_complete()) {
        return not_applicable("the claims are cut: permissions may be among those that are missing");
    }
    if !claims.roles.is_empty() {
        return Judgement::Pass;
    }
    let mut result = found(
        "The app holds no application permission at all: Graph refuses whatever it calls.",
        if claims.has("roles") { "roles is empty" } else { "an app-only token without the claim roles" },
    )
    .claim(judged, "roles");
    result = if claims.xms_mirid.is_some() {
        result
            .fix("Assign the app role of Microsoft Graph to the managed identity (New-MgServicePrincipalAppRoleAssignment)")
            .fix("Wait: tokens of managed identities are cached for up to a day, the old one comes back until then")
    } else {
        result
            .fix("Add what the call needs under API permissions, Microsoft Graph, Application permissions")
            .fix("Have an administrator press \"Grant admin consent\" in this tenant")
            .fix("Get a new token: this one will not change")
    };
    result.into()
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
    let Some(judged) = facts.judged() else { return not_applicable(NO_TOKEN) };
    if !is_for_graph(facts) {
        return not_applicable("token or call is not for Microsoft Graph");
    }
    if facts.acting().map(|(acting, _)| acting) != Some(Acting::Delegated) {
        return not_applicable("not a token of a signed-in user");
    }
    if !judged.token.payload.as_ref().is_some_and(|payload| payload.is_complete()) {
        return not_applicable("the claims are cut: permissions may be among those that are missing");
    }
    let claims = &judged.token.claims;
    if claims.scopes().any(|scope| !SIGN_IN_SCOPES.iter().any(|other| scope.eq_ignore_ascii_case(other))) {
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
