//! What a stolen token would be good for, and what lies open in the paste. Nothing here makes a call fail, but for
//! tokens between services, which Graph never takes.

mod exposed;
mod power;

pub(super) use exposed::SECRET_EXPOSED;
pub(super) use power::{RISK_CONTROL_PLANE_PERMISSION, RISK_MASS_DATA_ACCESS, RISK_PRIVILEGED_ROLE};

use super::lookalike::{app_name, opaque};
use super::{Found, Group, Judgement, NO_TOKEN, Rule, found, judged_or_return, not_applicable};
use crate::catalog::{self, AudienceClass};
use crate::extract::OpaqueKind;
use crate::facts::{Facts, Judged, Target};
use crate::report::{Fixer, Severity};
use crate::scenario::Flow;
use crate::token::{Acting, Claims, duration};

const REVOKE_ACCESS: &str = "https://learn.microsoft.com/entra/identity/users/users-revoke-access";
const CONTINUOUS_ACCESS: &str =
    "https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation";
const LIFETIMES: &str = "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes";

/// The longest ordinary life of an access token in seconds: two hours, and five minutes by which Entra back-dates it.
const ORDINARY_LIFETIME: i64 = 7_500;

pub(super) const RISK_ACTOR_TOKEN: Rule = Rule {
    id: "risk-actor-token",
    group: Group::Risk,
    severity: Severity::Error,
    fixer: Fixer::Security,
    means: "Tokens of the Access Control Service, and those with an actor token inside, are made for services that \
            trust each other: the holder can name a user and act as that user. Microsoft Graph takes none of them. \
            Outside old SharePoint add-ins and hybrid Exchange they have no place, and their use leaves few traces in \
            logs.",
    sources: &[
        "https://learn.microsoft.com/sharepoint/dev/sp-add-ins/retirement-announcement-for-azure-acs",
        "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2025-55241",
    ],
    judge: risk_actor_token,
};

fn risk_actor_token(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if !facts.is_actor_token() {
        return Judgement::Pass;
    }
    let claims = &judged.token.claims;
    let issuer = claims.iss.as_deref().unwrap_or("absent");
    let impersonates = claims.has("actortoken");
    let (title, mark) = if impersonates {
        (
            format!(
                "This token claims to be a user by means of an actor token inside it; {} takes no such token.",
                facts.target().value.name()
            ),
            "actortoken is there",
        )
    } else {
        (
            "This is a token between services (Access Control Service), not an access token for Microsoft Graph."
                .to_owned(),
            "an issuer of service tokens",
        )
    };
    let finding = found(title, format!("{mark}; iss {issuer}"))
        .claim(judged, "iss")
        .claim(judged, "nameid")
        .fix("Find out which program made it, and why. If nobody can say, treat it as an attack and keep the paste")
        .fix(
            "For Microsoft Graph get a token from Entra: client credentials for an app, on-behalf-of for a service \
             with a user",
        );
    // An add-in that signs in at the Access Control Service does get into SharePoint.
    let sharepoint = facts.target().value == Target::Sharepoint
        && facts.audience().is_some_and(|audience| audience.class == AudienceClass::SharePoint);
    if sharepoint && !impersonates && !judged.token.is_unsigned_by_header() {
        return finding
            .severity(Severity::Warning)
            .likely()
            .fix(
                "Move the SharePoint add-in to an app registration in Entra: the Access Control Service is being \
                 retired",
            )
            .into();
    }
    with_pivots(finding, claims).into()
}

pub(super) const RISK_ATTACK_TOOL_ARTEFACT: Rule = Rule {
    id: "risk-attack-tool-artefact",
    group: Group::Risk,
    severity: Severity::Warning,
    fixer: Fixer::Security,
    means: "The names in this text are written by a program that is made for attacking Entra tenants. Testers and \
            defenders use the same programs. If none of them is at work in your organisation, somebody else held these \
            tokens.",
    sources: &[REVOKE_ACCESS, "https://learn.microsoft.com/security/operations/token-theft-playbook"],
    judge: risk_attack_tool_artefact,
};

fn risk_attack_tool_artefact(facts: &Facts<'_>) -> Judgement {
    let Some(tool) = facts.attack_tool else { return Judgement::Pass };
    let finding = found(
        format!("The text has the shape of output of {tool}, a tool for attacking Entra tenants."),
        format!("member or command names of {tool}"),
    )
    .likely()
    .fix("Ask whether a test was announced; if not, start the procedure for stolen tokens")
    .fix("Revoke the sessions of the users whose tokens are here, and rotate the secrets of the applications");
    match facts.judged() {
        Some(judged) => with_pivots(finding, &judged.token.claims),
        None => finding,
    }
    .into()
}

pub(super) const RISK_FAMILY_CLIENT: Rule = Rule {
    id: "risk-family-client",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "Some applications of Microsoft form a family: the refresh token of one member also serves all others. So \
            whoever holds the refresh token behind this sign-in can get tokens as Outlook, Teams or OneDrive, with the \
            permissions of each, and blocking a single application does not help. Everyday use looks the same.",
    sources: &[REVOKE_ACCESS, "https://learn.microsoft.com/entra/identity-platform/refresh-tokens"],
    judge: risk_family_client,
};

fn risk_family_client(facts: &Facts<'_>) -> Judgement {
    let family = |id: &str| catalog::app(id).filter(|app| app.family);
    let refresh_token = facts.artefacts.iter().enumerate().find_map(|(index, artefact)| {
        let client = opaque(artefact).filter(|opaque| opaque.kind == OpaqueKind::RefreshToken)?.client.as_deref()?;
        Some((index, client, family(client)?))
    });
    if let Some((index, client, app)) = refresh_token {
        return found(
            format!(
                "The refresh token of {} in this text serves the whole family of Microsoft's applications.",
                app.name
            ),
            format!("the client inside is {client}"),
        )
        .evidence(Some(index), "/", client)
        .fix(
            "Revoke all sessions of the user (POST /users/{id}/revokeSignInSessions): one application alone is not \
             enough",
        )
        .into();
    }
    let judged = match issued_by_entra(facts) {
        Ok(judged) => judged,
        Err(judgement) => return judgement,
    };
    let claims = &judged.token.claims;
    let Some((client, app)) = claims.client().and_then(|client| Some((client, family(client)?))) else {
        return Judgement::Pass;
    };
    if matches!(facts.acting(), Some((Acting::AppOnly, _))) {
        return not_applicable("an app-only token has no refresh token behind it");
    }
    let name = if claims.appid.is_some() { "appid" } else { "azp" };
    let finding = found(
        format!("{} belongs to the family of clients that share refresh tokens.", app.name),
        format!("{name} is {client}, {}", app.name),
    )
    .claim(judged, name)
    .fix(
        "If this sign-in was not the user's own: revoke all sessions of the user (POST \
         /users/{id}/revokeSignInSessions)",
    )
    .fix("In the sign-in logs look for other applications in the same session within a short time");
    with_pivots(finding, claims).into()
}

pub(super) const RISK_LONG_LIVED: Rule = Rule {
    id: "risk-long-lived",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "An ordinary access token lives 60 to 90 minutes, two hours at most. Longer ones are in order where \
            continuous access evaluation can call them back within minutes. This one shows no sign of that, so \
            disabling the account or changing the password does not end it: it works until it expires.",
    sources: &[
        LIFETIMES,
        CONTINUOUS_ACCESS,
        "https://learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation",
    ],
    judge: risk_long_lived,
};

fn risk_long_lived(facts: &Facts<'_>) -> Judgement {
    let judged = match issued_by_entra(facts) {
        Ok(judged) => judged,
        Err(judgement) => return judgement,
    };
    let claims = &judged.token.claims;
    let Some(lifetime) = claims.lifetime() else { return not_applicable("the token does not say how long it lives") };
    if claims.has("xms_mirid") || facts.scenario.flow == Some(Flow::ManagedIdentity) {
        return not_applicable("tokens of managed identities live a day, which nobody can change");
    }
    if lifetime <= ORDINARY_LIFETIME || claims.continuous_access() {
        return Judgement::Pass;
    }
    let words = duration(lifetime.unsigned_abs());
    let start = if claims.iat.seconds().is_some() { "iat" } else { "nbf" };
    let finding = found(
        format!("The token lives {words}, and nobody can call it back before."),
        format!(
            "exp minus {start} is {lifetime} s, more than {ORDINARY_LIFETIME} s; neither xms_cc cp1 nor xms_ssm 1 is \
             there"
        ),
    )
    .claim(judged, start)
    .claim(judged, "exp")
    .claim(judged, "xms_cc")
    .fix(
        "Look for a token lifetime policy on the application or the tenant (tokenLifetimePolicies) and shorten or \
         remove it",
    )
    .fix(
        "Let the client say that it can handle challenges (client capability cp1 in MSAL): then long tokens can be \
         called back",
    );
    with_pivots(finding, claims).into()
}

pub(super) const RISK_PASSWORD_ONLY: Rule = Rule {
    id: "risk-password-only",
    group: Group::Risk,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "The claim amr lists how the user signed in, and it holds a password alone. No second factor was asked in \
            this session, so a guessed or stolen password was enough to get this token.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
        "https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-mfa-strength",
    ],
    judge: risk_password_only,
};

fn risk_password_only(facts: &Facts<'_>) -> Judgement {
    let judged = match issued_by_entra(facts) {
        Ok(judged) => judged,
        Err(judgement) => return judgement,
    };
    if !matches!(facts.acting(), Some((Acting::Delegated, _))) {
        return not_applicable("no user signed in for this token");
    }
    let claims = &judged.token.claims;
    if claims.amr.is_empty() {
        return not_applicable("the token does not say how the user signed in");
    }
    if claims.amr.iter().any(|method| method != "pwd") {
        return Judgement::Pass;
    }
    let finding = found("The user signed in with a password alone.", "amr holds pwd and nothing else")
        .claim(judged, "amr")
        .fix("Require multifactor authentication with a Conditional Access policy, or switch on security defaults");
    let finding = if facts.scenario.flow == Some(Flow::Ropc) {
        finding.fix("Replace the flow with user name and password: it cannot ask for a second factor at all")
    } else {
        finding
    };
    with_pivots(finding, claims).into()
}

/// The judged token, if Entra can have issued it: what a forged one claims to be allowed is no risk.
fn issued_by_entra<'f>(facts: &'f Facts<'_>) -> Result<Judged<'f>, Judgement> {
    let Some(judged) = facts.judged() else { return Err(not_applicable(NO_TOKEN)) };
    let foreign = judged.token.claims.iss.is_some() && !facts.issuer().is_some_and(|issuer| issuer.is_entra());
    if foreign || judged.token.is_unsigned_by_header() {
        return Err(not_applicable("the token was not issued by Entra"));
    }
    Ok(judged)
}

/// The client as the sentence's subject.
fn client_name(claims: &Claims) -> String {
    match (claims.app_displayname.as_deref(), claims.client()) {
        (Some(name), Some(id)) if catalog::app(id).is_none() => format!("{name} ({id})"),
        (_, Some(id)) => app_name(id),
        (Some(name), None) => name.to_owned(),
        (None, None) => "The application".to_owned(),
    }
}

/// The first few of a list, and how many more there are.
fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Adds where the logs tell what was done with the token.
fn with_pivots(finding: Found, claims: &Claims) -> Found {
    let mut places = Vec::new();
    if let Some(uti) = claims.uti.as_deref() {
        places.push(format!(
            "UniqueTokenIdentifier {uti} in the sign-in logs, SignInActivityId {uti} in MicrosoftGraphActivityLogs"
        ));
    }
    if let Some(sid) = claims.sid.as_deref() {
        places.push(format!("SessionId {sid} for the other tokens of the session"));
    }
    if places.is_empty() { finding } else { finding.fix(format!("In the logs look for {}", places.join(", and "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_and_say_so() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b, c");
        assert_eq!(listed(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }

    /// The ids of the risk rules that fire on claims in the clear.
    fn fired(claims: &str) -> Vec<&'static str> {
        let mut whole = r#""aud":"https://graph.microsoft.com","appid":"5e3ce6c0-2b1f-4285-8d4b-75ee78787346","tid":
            "7d9f1d7c-2a0e-4f4e-9f0a-3f2d0c1b8a55",
            "iss":"https://sts.windows.net/7d9f1d7c-2a0e-4f4e-9f0a-3f2d0c1b8a55/",
            "oid":"b2447f48-ef67-4672-bc78-d29116dc9c8b","ver":"1.0","iat":1000000000"#
            .to_owned();
        whole.push_str(claims);
        let scenario = crate::scenario::Scenario::default();
        let found = crate::extract::extract(format!("{{{whole}}}").as_bytes());
        let options = crate::Options { scenario, ..crate::Options::at(1_000_000_100) };
        let facts = Facts::new(found, &options);
        let rules = [
            RISK_ACTOR_TOKEN,
            RISK_CONTROL_PLANE_PERMISSION,
            RISK_PRIVILEGED_ROLE,
            RISK_MASS_DATA_ACCESS,
            RISK_FAMILY_CLIENT,
            RISK_LONG_LIVED,
            RISK_PASSWORD_ONLY,
            SECRET_EXPOSED,
        ];
        let fires = |rule: &Rule| matches!((rule.judge)(&facts), Judgement::Found(_));
        rules.iter().filter(|rule| fires(rule)).map(|rule| rule.id).collect()
    }

    #[test]
    fn risks_and_their_decoys() {
        let user = r#","idtyp":"user","exp":1000003600"#;
        let app = r#","idtyp":"app","exp":1000003600"#;
        for (kind, claims, wanted) in [
            (user, r#","scp":"User.Read Mail.Read","amr":["pwd","mfa"]"#, &[][..]),
            (user, r#","scp":"User.Read","amr":["pwd"]"#, &["risk-password-only"]),
            (user, r#","scp":"User.Read","wids":["b79fbf4d-3ef9-4689-8143-76b194e85509"]"#, &[]),
            (user, r#","scp":"User.Read","wids":["62e90394-69f5-4237-9190-012177145e10"]"#, &["risk-privileged-role"]),
            (user, r#","scp":"Group.ReadWrite.All Group.Read.All""#, &[]),
            (user, r#","scp":"RoleManagement.ReadWrite.Directory""#, &["risk-control-plane-permission"]),
            (
                user,
                r#","scp":"Group.ReadWrite.All","wids":["fe930be7-5e62-47db-91af-98c3a49a38b1"]"#,
                &["risk-control-plane-permission", "risk-privileged-role"],
            ),
            (app, r#","roles":["User.Read.All"],"wids":["0997a1d0-0d1d-4acb-b408-d5ca73121e90"]"#, &[]),
            (app, r#","roles":["Mail.Read"]"#, &["risk-mass-data-access"]),
            (app, r#","roles":["AppRoleAssignment.ReadWrite.All"]"#, &["risk-control-plane-permission"]),
            ("", r#","idtyp":"app","roles":[],"exp":1000007500"#, &[]),
            ("", r#","idtyp":"app","roles":[],"exp":1000007501"#, &["risk-long-lived"]),
            ("", r#","idtyp":"app","roles":[],"exp":1000086700,"xms_mirid":"/subscriptions/x""#, &[]),
            ("", r#","idtyp":"user","scp":"User.Read","exp":1000086400,"xms_cc":["CP1"]"#, &[]),
            ("", r#","idtyp":"user","scp":"User.Read","exp":1000086400,"xms_ssm":"1""#, &[]),
        ] {
            assert_eq!(fired(&format!("{kind}{claims}")), wanted, "{kind}{claims}");
        }
    }
}
