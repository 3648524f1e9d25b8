//! Which tenant, client and account: values that cannot lead to a token that works.

use super::{Group, Judgement, NO_TOKEN, Rule, found, judged_or_return, not_applicable};
use crate::catalog::{self, AudienceClass, IssuerKind};
use crate::extract::ArtefactKind;
use crate::facts::{Facts, Target};
use crate::guid::is_guid;
use crate::report::{Fixer, Severity};
use crate::scenario::Flow;
use crate::token::Acting;

/// The tenant of personal Microsoft accounts, the same as the alias `consumers`.
use crate::facts::PERSONAL_ACCOUNTS as PERSONAL_TENANT;

const ACCOUNT_TYPES: &str = "https://learn.microsoft.com/entra/identity-platform/v2-supported-account-types";
const CLIENT_CREDENTIALS: &str =
    "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow";
const PASSWORD_GRANT: &str = "https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc";

pub(super) const PERSONAL_ACCOUNT_IN_ORG_TENANT: Rule = Rule {
    id: "personal-account-in-org-tenant",
    group: Group::Identity,
    severity: Severity::Error,
    fixer: Fixer::User,
    means: "Personal Microsoft accounts (outlook.com, hotmail.com, or any address that was registered privately) live \
            in a tenant of their own. A token of that tenant says nothing in the tenant of an organisation and opens \
            none of its data. The same address can exist twice: once as a personal, once as a work account.",
    sources: &[
        ACCOUNT_TYPES,
        "https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration",
    ],
    judge: personal_account_in_org_tenant,
};

fn personal_account_in_org_tenant(facts: &Facts<'_>) -> Judgement {
    let Some(tenant) = facts.scenario.tenant.as_deref().map(str::trim).filter(|tenant| !tenant.is_empty()) else {
        return not_applicable("no tenant was stated");
    };
    if matches!(alias(tenant), Some("common" | "consumers")) || is_personal(tenant) {
        return not_applicable("the stated tenant takes personal accounts");
    }
    let signed_in = facts.artefacts.iter().enumerate().find_map(|(index, artefact)| {
        if artefact.kind == ArtefactKind::OpaqueToken {
            return Some((index, "/", "the ticket of a personal account", true));
        }
        let token = artefact.token()?;
        let access = matches!(token.kind, ArtefactKind::AccessToken | ArtefactKind::IdToken);
        (access && token.claims.tid.as_deref().is_some_and(is_personal)).then_some((
            index,
            "/payload/tid",
            PERSONAL_TENANT,
            false,
        ))
    });
    let others =
        facts.judged().is_some_and(|judged| judged.token.claims.tid.as_deref().is_some_and(|tid| !is_personal(tid)));
    let Some((index, pointer, value, ticket)) = signed_in.filter(|_| !others) else {
        return if facts.artefacts.is_empty() { not_applicable(NO_TOKEN) } else { Judgement::Pass };
    };
    let finding = found(
        format!("A personal Microsoft account signed in, where a work or school account of {tenant} is needed."),
        if ticket {
            format!("the token is the sealed ticket of a personal account; the stated tenant is {tenant}")
        } else {
            format!("tid is {PERSONAL_TENANT}, the tenant of personal accounts; the stated tenant is {tenant}")
        },
    )
    .evidence(Some(index), pointer, value)
    .evidence(None, "/scenario/tenant", tenant)
    .fix(
        "Sign out, and sign in with the work or school account (in a private window, if the browser picks the other \
         one)",
    )
    .fix(format!(
        "Let the application sign in at https://login.microsoftonline.com/{tenant} instead of common: then the page \
         takes accounts of that tenant and its guests only"
    ))
    .fix("If the person has no account there, an administrator can invite the address as a guest");
    // A ticket works for the person's own data, so what fails depends on what is wanted.
    if ticket { finding.likely() } else { finding }.into()
}

pub(super) const CLIENT_CREDENTIALS_ON_COMMON: Rule = Rule {
    id: "client-credentials-on-common",
    group: Group::Identity,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "With client credentials there is no user whose tenant could be looked up, so the address has to name the \
            tenant. With common or organizations Entra either refuses (AADSTS50059, AADSTS900023) or issues a token \
            without a service principal behind it, which Graph refuses.",
    sources: &[CLIENT_CREDENTIALS, "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"],
    judge: client_credentials_on_common,
};

fn client_credentials_on_common(facts: &Facts<'_>) -> Judgement {
    let flow = facts.scenario.likely_flow();
    if !matches!(flow, Some(Flow::ClientCredentials | Flow::WorkloadIdentity)) {
        return not_applicable("no app-only flow was stated");
    }
    let Some(tenant) = facts.scenario.tenant.as_deref() else { return not_applicable("no tenant was stated") };
    let Some(alias) = alias(tenant) else { return Judgement::Pass };
    let finding = found(
        format!("An application without a user cannot get a token from \"{alias}\": its own tenant has to be named."),
        format!("flow {}, tenant {alias}", flow.map_or("", Flow::name)),
    )
    .evidence(None, "/scenario/tenant", tenant)
    .fix(format!(
        "Put the tenant ID, or a domain of the tenant, in place of {alias}: https://login.microsoftonline.com/<tenant \
         ID>/oauth2/v2.0/token"
    ))
    .fix("For an application that serves several organisations: request one token for each, from the tenant of each");
    // A token with a service principal proves that a real tenant was asked after all.
    let issued = facts.judged().is_some_and(|judged| judged.token.claims.oid.is_some());
    if issued { finding.severity(Severity::Note).guess() } else { finding }.into()
}

pub(super) const PERSONAL_ACCOUNT_NOT_SUPPORTED_BY_FLOW: Rule = Rule {
    id: "personal-account-not-supported-by-flow",
    group: Group::Identity,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Some flows exist for work and school accounts only: user name and password, integrated Windows \
            authentication, and every flow without a user. At the addresses common and consumers, where personal \
            accounts sign in, Entra refuses them.",
    sources: &[
        PASSWORD_GRANT,
        "https://learn.microsoft.com/entra/identity-platform/authentication-flows-app-scenarios",
        ACCOUNT_TYPES,
    ],
    judge: personal_account_not_supported_by_flow,
};

fn personal_account_not_supported_by_flow(facts: &Facts<'_>) -> Judgement {
    let Some(flow) = facts.scenario.flow else { return not_applicable("no flow was stated") };
    let Some(tenant) = facts.scenario.tenant.as_deref() else { return not_applicable("no tenant was stated") };
    let personal = is_personal(tenant) || alias(tenant) == Some("consumers");
    let refused = match flow {
        Flow::Ropc | Flow::IntegratedWindows => personal || alias(tenant) == Some("common"),
        // `common` has a finding of its own there.
        Flow::ClientCredentials | Flow::WorkloadIdentity => personal,
        _ => return not_applicable("the stated flow takes personal accounts, or names no tenant"),
    };
    if !refused {
        return Judgement::Pass;
    }
    let tenant = tenant.trim();
    let name = match flow {
        Flow::Ropc => "Signing in with user name and password",
        Flow::IntegratedWindows => "Integrated Windows authentication",
        _ => "A flow without a user",
    };
    let finding = found(
        format!("{name} does not work at \"{tenant}\", where personal Microsoft accounts sign in."),
        format!("flow {}, tenant {tenant}", flow.name()),
    )
    .evidence(None, "/scenario/flow", flow.name())
    .evidence(None, "/scenario/tenant", tenant);
    let finding = if flow.is_app_only() {
        finding
            .fix("Name the tenant of the organisation whose data the application reads, by its ID or domain")
            .fix("For the data of a personal account let its owner sign in: authorization code or device code flow")
    } else {
        finding
            .fix("Name the tenant of the user (its ID or domain), or organizations, in place of it")
            .fix("If personal accounts have to sign in: use the authorization code or the device code flow")
    };
    let issued =
        facts.judged().is_some_and(|judged| judged.token.claims.tid.as_deref().is_some_and(|tid| !is_personal(tid)));
    if issued { finding.severity(Severity::Note).guess() } else { finding }.into()
}

pub(super) const SERVICE_PRINCIPAL_MISSING: Rule = Rule {
    id: "service-principal-missing",
    group: Group::Identity,
    severity: Severity::Error,
    fixer: Fixer::TenantAdmin,
    means: "An application acts in a tenant through its service principal there (Enterprise applications). The \
            registration alone is not enough: without a service principal the token names no object and no permission, \
            and Graph answers Authorization_IdentityNotFound.",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
        "https://learn.microsoft.com/graph/resolve-auth-errors",
    ],
    judge: service_principal_missing,
};

fn service_principal_missing(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let claims = &judged.token.claims;
    if !facts.issuer().is_some_and(|issuer| issuer.is_entra()) || facts.is_actor_token() {
        return not_applicable("the token was not issued by Entra");
    }
    if !matches!(facts.acting(), Some((Acting::AppOnly, _))) {
        return not_applicable("the token is not app-only");
    }
    // Odd numbers carry the meaning; 13 is an application without a service principal.
    let stated =
        claims.xms_idrel.as_deref().is_some_and(|text| text.split_ascii_whitespace().any(|number| number == "13"));
    let graph = facts.audience().is_some_and(|audience| audience.class == AudienceClass::Graph);
    let lacking = !claims.has("oid") && graph && (judged.token.signature.is_some() || claims.roles.is_empty());
    if !stated && !lacking {
        return Judgement::Pass;
    }
    let client = claims.client().map(super::lookalike::app_name).unwrap_or_else(|| "the app".into());
    let tenant = claims.tid.as_deref().unwrap_or("that tenant");
    let missing = if claims.has("oid") { "" } else { "; there is no oid" };
    let because = if stated {
        format!("xms_idrel says 13, no service principal{missing}")
    } else {
        "an app-only token without oid".into()
    };
    let finding = found(
        format!("Tenant {tenant} has no service principal of {client}, so nobody can be granted anything."),
        because,
    )
    .claim(judged, "oid")
    .claim(judged, "xms_idrel")
    .claim(judged, "tid")
    .fix(format!("Check that {tenant} is the tenant that was meant; with common or organizations Entra chooses one"))
    .fix(format!(
        "Let an administrator of {tenant} add it: open \
         https://login.microsoftonline.com/{tenant}/adminconsent?client_id={}, or run New-MgServicePrincipal -AppId",
        claims.client().unwrap_or("<client ID>")
    ))
    .fix("Get a new token afterwards: this one will not change");
    if stated { finding } else { finding.likely() }.into()
}

pub(super) const PLACEHOLDER_CLIENT_ID: Rule = Rule {
    id: "placeholder-client-id",
    group: Group::Identity,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The client ID is the GUID that Entra gave the app registration (Application (client) ID). Samples and \
            documentation have a stand-in in its place. With a stand-in Entra finds no application (AADSTS700016, \
            AADSTS90112).",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/quickstart-register-app",
        "https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration",
    ],
    judge: placeholder_client_id,
};

fn placeholder_client_id(facts: &Facts<'_>) -> Judgement {
    let Some((client, pointer)) = client_id(facts) else { return not_applicable("no client ID was stated") };
    if is_uri(&client) {
        return not_applicable("the client ID is an address");
    }
    let because = if !is_guid(client.as_bytes()) {
        // In a request of the paste a value that is no GUID can be a variable or crossed out.
        let said = pointer == "/scenario/client_id";
        if !said && !names_a_stand_in(&client) {
            return Judgement::Pass;
        }
        format!("client ID {client}; a GUID is expected")
    } else if is_made_up(&client) {
        format!("client ID {client}; a GUID of this regularity is made up, in documentation or as a stand-in")
    } else {
        return Judgement::Pass;
    };
    let used = |used: &str| used.eq_ignore_ascii_case(&client);
    if facts.judged().is_some_and(|judged| judged.token.claims.client().is_some_and(used)) {
        return Judgement::Pass;
    }
    let finding =
        found(format!("The client ID \"{client}\" is a stand-in: nobody put the real one in its place."), because)
            .evidence(None, pointer, client)
            .fix(
                "Copy Application (client) ID from the overview page of the app registration in the Entra admin center",
            )
            .fix("Take care which ID it is: object ID, tenant ID and secret ID stand beside it and look the same");
    // Where there is a token, another client ID was used to get it.
    if facts.judged().is_some() { finding.severity(Severity::Warning).likely() } else { finding }.into()
}

pub(super) const APP_ID_URI_USED_AS_CLIENT_ID: Rule = Rule {
    id: "app-id-uri-used-as-client-id",
    group: Group::Identity,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The Application ID URI (api://…) is the name of an API as a target: it belongs into scopes and audiences. \
            The client ID says who is asking and is always the bare GUID. An address in its place breaks the \
            redemption of codes, assertions and refresh tokens (AADSTS70000, AADSTS700016).",
    sources: &[
        "https://learn.microsoft.com/entra/identity-platform/msal-client-application-configuration",
        "https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions",
    ],
    judge: app_id_uri_used_as_client_id,
};

fn app_id_uri_used_as_client_id(facts: &Facts<'_>) -> Judgement {
    let Some((client, pointer)) = client_id(facts) else { return not_applicable("no client ID was stated") };
    if !is_uri(&client) {
        return Judgement::Pass;
    }
    let inside = client.split(['/', ':', '?', '#']).find(|part| is_guid(part.as_bytes()));
    let step = match inside {
        Some(guid) => format!("Use the bare GUID as client ID: probably {guid}, the one inside the address"),
        None => "Use Application (client) ID from the overview page of the app registration, a bare GUID".to_owned(),
    };
    found(
        format!("The client ID is an address ({client}); it has to be the GUID of the app registration."),
        format!("client ID {client}; a GUID is expected"),
    )
    .evidence(None, pointer, client.as_str())
    .fix(step)
    .fix("Keep the address where an API is named as a target: in scope, and as audience that the API accepts")
    .into()
}

pub(super) const APP_ROLES_NOT_SUPPORTED_IN_B2C: Rule = Rule {
    id: "app-roles-not-supported-in-b2c",
    group: Group::Identity,
    severity: Severity::Note,
    fixer: Fixer::AppDeveloper,
    means: "User flows of Azure AD B2C put no app roles and no groups into their tokens, whatever was assigned in the \
            portal. An API that decides by the claim roles sees none.",
    sources: &[
        "https://learn.microsoft.com/azure/active-directory-b2c/tokens-overview",
        "https://learn.microsoft.com/azure/active-directory-b2c/add-api-connector-token-enrichment",
    ],
    judge: app_roles_not_supported_in_b2c,
};

fn app_roles_not_supported_in_b2c(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let claims = &judged.token.claims;
    let policy = claims.tfp.as_deref().or(claims.acr.as_deref().filter(|acr| starts_with(acr, "b2c_1")));
    if policy.is_none() && facts.issuer().is_none_or(|issuer| issuer.kind != IssuerKind::B2c) {
        return not_applicable("the token is not of Azure AD B2C");
    }
    if facts.target().value != Target::OwnApi {
        return not_applicable("no API of your own is being called");
    }
    if claims.has("roles") {
        return Judgement::Pass;
    }
    found(
        "If your API decides by app roles: tokens of B2C user flows carry none.",
        format!(
            "issued by B2C{}, and there is no claim roles",
            policy.map(|name| format!(" (user flow {name})")).unwrap_or_default()
        ),
    )
    .guess()
    .claim(judged, "iss")
    .claim(judged, "roles")
    .fix("Add the roles as a custom claim: an API connector of the user flow, or a custom policy, can look them up")
    .fix("Or let the API look up what the user may do, by oid or sub, in its own data")
    .into()
}

/// `common`, `organizations` or `consumers`, in any letter case.
fn alias(tenant: &str) -> Option<&'static str> {
    ["common", "organizations", "consumers"].into_iter().find(|alias| tenant.trim().eq_ignore_ascii_case(alias))
}

fn is_personal(tenant: &str) -> bool {
    tenant.trim().eq_ignore_ascii_case(PERSONAL_TENANT)
}

/// The client ID that was said, or the one of a token request in the paste, with its place.
fn client_id(facts: &Facts<'_>) -> Option<(String, String)> {
    let said = facts.scenario.client_id.as_deref().map(str::trim).filter(|client| !client.is_empty());
    if let Some(client) = said {
        return Some((client.to_owned(), "/scenario/client_id".to_owned()));
    }
    facts.token_requests.iter().find_map(|request| {
        let client = request.field("client_id")?.trim();
        let pointer = format!("bytes {}-{}", request.span.start, request.span.end);
        (!client.is_empty()).then(|| (client.to_owned(), pointer))
    })
}

pub(super) fn is_uri(client: &str) -> bool {
    ["api://", "https://", "http://", "urn:", "spn:"].iter().any(|scheme| starts_with(client, scheme))
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// True of words that samples put in place of an ID.
fn names_a_stand_in(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let variable = lower.contains(['$', '%']) || lower.contains("{{");
    let words =
        ["your", "enter", "insert", "replace", "placeholder", "client_id", "client-id", "clientid", "app_id", "here"];
    !variable && words.iter().any(|word| lower.contains(word))
}

/// True of GUIDs that no random generator yields: Microsoft's documentation writes `00001111-aaaa-2222-bbbb-…` and
/// `a0a0a0a0-bbbb-…`, people write zeros, ones or `12345678-1234-…`; two samples of the documentation are known.
pub(super) fn is_made_up(guid: &str) -> bool {
    const SAMPLES: [&str; 2] = ["6731de76-14a6-49ae-97bc-6eba6914391e", "535fb089-9ff3-47b6-9bfb-4f1264799865"];
    let digits: Vec<u8> = guid.bytes().filter(|byte| *byte != b'-').map(|byte| byte.to_ascii_lowercase()).collect();
    let regular = digits.chunks_exact(4).all(|block| block.first() == block.get(2) && block.get(1) == block.last());
    let counted =
        ["12345678-1234-", "01234567-89ab-", "00000000-0000-0000-0000-"].iter().any(|start| starts_with(guid, start));
    let known = catalog::app(guid).is_some();
    !known && (regular || counted || SAMPLES.iter().any(|sample| sample.eq_ignore_ascii_case(guid)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_client_ids() {
        for made_up in [
            "00000000-0000-0000-0000-000000000000",
            "00000000-0000-0000-0000-000000000001",
            "11111111-1111-1111-1111-111111111111",
            "00001111-aaaa-2222-bbbb-3333cccc4444",
            "A0A0A0A0-BBBB-CCCC-DDDD-E1E1E1E1E1E1",
            "12345678-1234-1234-1234-123456789012",
            "6731de76-14a6-49ae-97bc-6eba6914391e",
        ] {
            assert!(is_made_up(made_up), "{made_up}");
        }
        for real in [
            "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "00000003-0000-0000-c000-000000000000",
            "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
            "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
        ] {
            assert!(!is_made_up(real), "{real}");
        }
    }

    #[test]
    fn stand_ins_and_variables() {
        for stand_in in ["YOUR_CLIENT_ID", "<client-id>", "Enter_the_Application_Id_Here", "[clientId]"] {
            assert!(names_a_stand_in(stand_in), "{stand_in}");
        }
        for other in ["$CLIENT_ID", "%CLIENT_ID%", "{{client_id}}", "***", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"] {
            assert!(!names_a_stand_in(other), "{other}");
        }
        assert!(is_uri("API://ba40f92e") && !is_uri("ba40f92e") && !is_uri("ä"));
    }
}
