//! Power over the tenant and its data: permissions and directory roles.

use super::super::{Found, Group, Judgement, Rule, found, not_applicable};
use super::{client_name, issued_by_entra, listed, with_pivots};
use crate::catalog::{self, AudienceClass, PermissionKind, RiskPath};
use crate::facts::{Facts, Judged};
use crate::report::{Fixer, Severity};
use crate::token::{Acting, Claims};

const PRIVILEGED: &str =
    "https://learn.microsoft.com/entra/identity/role-based-access-control/privileged-roles-permissions";
const PERMISSIONS: &str = "https://learn.microsoft.com/graph/permissions-reference";

pub(in crate::rules) const RISK_CONTROL_PLANE_PERMISSION: Rule = Rule {
    id: "risk-control-plane-permission",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "Some permissions of Microsoft Graph let their holder become Global Administrator: by assigning a role, by \
            creating a credential of somebody who has it, or by giving another application such a permission first. \
            Whoever steals this token can do the same. A delegated permission reaches only as far as the user's own \
            roles.",
    sources: &[PERMISSIONS, PRIVILEGED],
    judge: risk_control_plane_permission,
};

/// Further permissions that lead to the same place, although the catalogue has no path for them: they make their
/// holder eligible, loosen the rules for it, set credentials of others, or let an app act for every user.
const FURTHER: [&str; 12] = [
    "Application.ReadUpdate.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Domain-InternalFederation.ReadWrite.All",
    "PrivilegedAccess.ReadWrite.AzureAD",
    "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagementPolicy.ReadWrite.AzureADGroup",
    "RoleManagementPolicy.ReadWrite.Directory",
    "UserAuthMethod-External.ReadWrite.All",
    "UserAuthMethod-Passkey.ReadWrite.All",
    "UserAuthMethod-Password.ReadWrite.All",
    "UserAuthMethod-SoftwareOATH.ReadWrite.All",
];

fn risk_control_plane_permission(facts: &Facts<'_>) -> Judgement {
    let judged = match issued_by_entra(facts) {
        Ok(judged) => judged,
        Err(judgement) => return judgement,
    };
    let classes = [AudienceClass::Graph, AudienceClass::AadGraph];
    if !facts.audience().is_some_and(|audience| classes.contains(&audience.class)) {
        return not_applicable("the token is not for Microsoft Graph");
    }
    let claims = &judged.token.claims;
    match facts.acting() {
        Some((Acting::AppOnly, _)) => app_control(judged, claims).into(),
        Some((Acting::Delegated, _)) => user_control(judged, claims).into(),
        None => Judgement::Pass,
    }
}

fn app_control(judged: Judged<'_>, claims: &Claims) -> Option<Found> {
    let held = paths(PermissionKind::Application, claims.roles.iter().map(String::as_str));
    let names: Vec<&str> = held.iter().map(|(name, _)| *name).collect();
    let direct = held.iter().any(|(_, path)| *path == Some(RiskPath::Direct));
    let steps = if direct { "in one step" } else { "in two steps" };
    if names.is_empty() {
        return None;
    }
    let finding = found(
        format!("{} can take over the tenant: it holds {}.", client_name(claims), listed(&names)),
        format!("roles holds {}, which leads to Global Administrator {steps}", listed(&names)),
    )
    .claim(judged, "roles")
    .fix(
        "Ask which call needs it, and replace it by a permission that does just that: roles, users and apps can be \
         read without",
    )
    .fix(
        "Where it is needed: a certificate or a managed identity in place of a secret, few owners of the registration, \
         and an alert on every new credential and sign-in of this application",
    );
    let finding = if direct { finding } else { finding.likely() };
    Some(with_pivots(finding, claims))
}

fn user_control(judged: Judged<'_>, claims: &Claims) -> Option<Found> {
    let everything = claims.scopes().filter(|scope| scope.eq_ignore_ascii_case("Directory.AccessAsUser.All"));
    let held = paths(PermissionKind::Delegated, claims.scopes());
    // Who may only read is not helped by a permission to write.
    let roles: Vec<&str> = privileged_roles(claims).into_iter().filter(|role| !role.ends_with("Reader")).collect();
    // An ordinary user cannot use them. Without a role in the token only those count that no application for ordinary
    // users has a reason to request; which roles the user holds by other ways is not known.
    let telling = |(name, path): &&(&str, Option<RiskPath>)| {
        let category = catalog::risk_permission(PermissionKind::Delegated, name).map_or("", |risk| risk.category);
        *path == Some(RiskPath::Direct) || category == "Application and Workload Identity"
    };
    let names: Vec<&str> = if roles.is_empty() {
        held.iter().filter(telling).map(|(name, _)| *name).collect()
    } else {
        held.iter().map(|(name, _)| *name).chain(everything).collect()
    };
    if names.is_empty() {
        return None;
    }
    let finding = found(
        match roles.first() {
            Some(role) => {
                format!(
                    "The user is {role} and the token holds {}: together they can take over the tenant.",
                    listed(&names)
                )
            }
            None => {
                format!("The token holds {}: in the hands of an administrator it controls the tenant.", listed(&names))
            }
        },
        format!(
            "scp holds {}; {}. A delegated permission reaches as far as the user's own roles",
            listed(&names),
            if roles.is_empty() {
                "wids names no privileged role that may write".into()
            } else {
                format!("wids names {}", listed(&roles))
            }
        ),
    )
    .claim(judged, "scp")
    .claim(judged, "wids")
    .fix(
        "Request the smallest scopes that the calls need, and let administrators consent to an application of their \
         own for this",
    )
    .fix("Let administrators use separate accounts with phishing-resistant sign-in for such work");
    let finding = if roles.is_empty() { finding.guess() } else { finding.likely() };
    Some(with_pivots(finding, claims))
}

/// Those of the permissions that lead to the highest role, with how they do, the direct ones first.
fn paths<'c>(kind: PermissionKind, names: impl Iterator<Item = &'c str>) -> Vec<(&'c str, Option<RiskPath>)> {
    let mut held: Vec<(&str, Option<RiskPath>)> = names
        .filter_map(|name| {
            let path = catalog::risk_permission(kind, name).and_then(|risk| risk.path);
            let further = FURTHER.iter().any(|further| further.eq_ignore_ascii_case(name));
            (path.is_some() || further).then_some((name, path))
        })
        .collect();
    held.sort_by_key(|(_, path)| *path != Some(RiskPath::Direct));
    held
}

pub(in crate::rules) const RISK_PRIVILEGED_ROLE: Rule = Rule {
    id: "risk-privileged-role",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "The claim wids names the directory roles of whoever acts with the token, and at least one of them is \
            marked as privileged by Microsoft. What the token can do is the common part of the roles and the scopes. A \
            stolen token of this kind endangers the tenant, so it should not be lying about in tickets and logs.",
    sources: &[
        "https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference",
        PRIVILEGED,
    ],
    judge: risk_privileged_role,
};

fn risk_privileged_role(facts: &Facts<'_>) -> Judgement {
    let judged = match issued_by_entra(facts) {
        Ok(judged) => judged,
        Err(judgement) => return judgement,
    };
    let claims = &judged.token.claims;
    let roles = privileged_roles(claims);
    if roles.is_empty() {
        return Judgement::Pass;
    }
    let app = matches!(facts.acting(), Some((Acting::AppOnly, _)));
    let noun = if roles.len() == 1 { "a privileged directory role" } else { "privileged directory roles" };
    let who = if app { format!("The service principal of {}", client_name(claims)) } else { "The user".to_owned() };
    let finding = found(format!("{who} holds {noun}: {}.", listed(&roles)), format!("wids names {}", listed(&roles)))
        .claim(judged, "wids");
    let finding = if app {
        finding.fix(
            "Give the application Graph permissions for what it does in place of a directory role, where that is \
             possible",
        )
    } else {
        finding
            .fix(
                "Do everyday work and tests with an account without this role; take the role only when needed \
                 (Privileged Identity Management)",
            )
            .fix("Require phishing-resistant sign-in for the role with Conditional Access")
    };
    with_pivots(finding, claims).into()
}

/// The names of the privileged directory roles in `wids`. The markers that every token holds are none.
fn privileged_roles(claims: &Claims) -> Vec<&'static str> {
    let roles = claims.wids.iter().filter_map(|id| catalog::directory_role(id));
    let mut names: Vec<&str> = roles.filter(|role| role.privileged && !role.marker).map(|role| role.name).collect();
    // The role above all others is the one to be named.
    names.sort_by_key(|name| *name != "Global Administrator");
    names
}

pub(in crate::rules) const RISK_MASS_DATA_ACCESS: Rule = Rule {
    id: "risk-mass-data-access",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "As an application permission, access to mail, files or chats is access to those of everybody in the \
            organisation, without a user who has to be present. The delegated permission of the same name opens only \
            what the signed-in user can open anyway.",
    sources: &[
        PERMISSIONS,
        "https://learn.microsoft.com/exchange/permissions-exo/application-rbac",
        "https://learn.microsoft.com/graph/permissions-selected-overview",
    ],
    judge: risk_mass_data_access,
};

fn risk_mass_data_access(facts: &Facts<'_>) -> Judgement {
    let judged = match issued_by_entra(facts) {
        Ok(judged) => judged,
        Err(judgement) => return judgement,
    };
    let classes = [AudienceClass::Graph, AudienceClass::Exchange, AudienceClass::SharePoint];
    if !facts.audience().is_some_and(|audience| classes.contains(&audience.class)) {
        return not_applicable("the token opens neither Graph nor Exchange nor SharePoint");
    }
    if !matches!(facts.acting(), Some((Acting::AppOnly, _))) {
        return not_applicable("a user acts, who sees what is open to that user");
    }
    let claims = &judged.token.claims;
    // The permission of Exchange itself, which is none of Graph's.
    let every_mailbox = |name: &str| name.eq_ignore_ascii_case("full_access_as_app");
    let category = |name: &str| {
        let risk = catalog::risk_permission(PermissionKind::Application, name).filter(|risk| risk.mass_data);
        risk.map(|risk| risk.category).or_else(|| every_mailbox(name).then_some("Mail"))
    };
    let held: Vec<(&str, &str)> =
        claims.roles.iter().filter_map(|name| Some((name.as_str(), category(name)?))).collect();
    let names: Vec<&str> = held.iter().map(|(name, _)| *name).collect();
    if names.is_empty() {
        return Judgement::Pass;
    }
    let of = |wanted: &str| held.iter().any(|(_, category)| *category == wanted);
    let data: Vec<&str> = [("Mail", "mail"), ("Files", "files"), ("Chats", "chats")]
        .into_iter()
        .filter_map(|(category, words)| of(category).then_some(words))
        .collect();
    let data = match data.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => data.concat(),
    };
    let mut finding = found(
        format!(
            "{} can reach {data} of everybody in the organisation: it holds {}.",
            client_name(claims),
            listed(&names)
        ),
        format!("an app-only token; roles holds {}", listed(&names)),
    )
    .claim(judged, "roles");
    if of("Mail") {
        finding = finding.fix(
            "Confine the application to the mailboxes that it works on: role based access control for applications in \
             Exchange Online",
        );
    }
    if of("Files") {
        finding = finding.fix(
            "Confine the application to the sites that it works on: Sites.Selected, or \
             Files.SelectedOperations.Selected, in place of a permission for all",
        );
    }
    if of("Chats") {
        finding = finding
            .fix("Confine the application to single teams or chats by resource-specific consent, where that is enough");
    }
    with_pivots(finding, claims).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_permissions_exist_and_need_no_path() {
        for name in FURTHER {
            let risk = catalog::risk_permission(PermissionKind::Application, name);
            assert!(risk.is_some_and(|risk| risk.path.is_none() && risk.tier.is_some()), "{name}");
        }
    }
}
