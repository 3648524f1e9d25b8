//! What an error code, a claim, a permission, a GUID or a finding means.

mod errors;
mod suggest;

pub use suggest::{suggestions, unknown};

use crate::catalog::{self, AudienceClass, ClaimPart, GuidMeaning, Permission};
use crate::rules;
use serde::Serialize;

/// What one term means; a term can mean several things.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The term as it was asked for.
    pub term: String,
    /// What kind of thing it is: `claim`, `member` (of an answer, a challenge or a configuration), `permission`, `finding`, `application`, `directory role`, `tenant`, `audience`,
    /// `error of the sign-in service`, `OAuth error`, `suberror`, `error of Microsoft Graph`, …
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What it means.
    pub text: String,
    /// False of a code that is in no table: only what stands next to it is told.
    pub known: bool,
    /// What to do, step by step; of errors only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<String>,
    /// Further facts, in order: label and value.
    pub details: Vec<(String, String)>,
    /// Documentation, as addresses.
    pub links: Vec<String>,
}

/// Everything that the catalogue knows under a term: an error code or the name of an error, the id of a finding, the name
/// of a claim or permission, a GUID, an audience, and with a star at the end the names that begin like it. Empty where
/// nothing is known; [`unknown`] then says what may have been meant.
pub fn explain(term: &str) -> Vec<Explanation> {
    let term = term.trim();
    let mut all = Vec::new();
    all.extend(suggest::beginning_with(term));
    all.extend(errors::errors(term));
    all.extend(finding(term));
    all.extend(ClaimPart::ALL.iter().filter_map(|part| claim(*part, term)));
    all.extend(catalog::permission(term).map(|known| permission(term, known)));
    all.extend(catalog::guid(term).map(|meaning| guid(term, meaning)));
    if !crate::guid::is_guid(term.as_bytes()) && term.contains("://") {
        all.extend(catalog::audience(term).map(|known| audience(term, known)));
        all.extend(issuer(term));
    }
    all
}

fn explanation(term: &str, kind: &'static str, name: impl Into<String>, text: impl Into<String>) -> Explanation {
    let (name, text) = (name.into(), text.into());
    Explanation {
        term: term.to_owned(),
        kind,
        name,
        text,
        known: true,
        fix: Vec::new(),
        details: Vec::new(),
        links: Vec::new(),
    }
}

impl Explanation {
    fn detail(mut self, label: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.details.push((label.to_owned(), value));
        }
        self
    }
}

fn finding(term: &str) -> Option<Explanation> {
    let rule = rules::rule(term)?;
    let mut result = explanation(term, "finding", rule.id, rule.means)
        .detail("Family", rule.group.name())
        .detail("Severity", rule.severity.name())
        .detail("Who acts", rule.fixer.words());
    result.links = rule.sources.iter().map(|source| (*source).to_owned()).collect();
    Some(result)
}

fn claim(part: ClaimPart, term: &str) -> Option<Explanation> {
    let known = catalog::claim(part, term)?;
    let kind = match part {
        ClaimPart::Header | ClaimPart::Payload => "claim",
        ClaimPart::Response | ClaimPart::Request | ClaimPart::Discovery => "member",
    };
    let mut result = explanation(term, kind, known.name, known.meaning)
        .detail("Stands in", part.words())
        .detail("Kinds of token", known.kinds)
        .detail("Type", known.value_type)
        .detail("Documented", if known.documented { "by Microsoft" } else { "no: the meaning is inferred" })
        .detail("Personal", if known.personal { "yes: masked by --redact" } else { "no" })
        .detail("Note", known.hint);
    for value in catalog::claim_values(term) {
        result = result.detail(value.value, format!("{}. {}", value.name, value.meaning));
    }
    Some(result)
}

fn permission(term: &str, known: Permission) -> Explanation {
    let consent = match known.admin_consent {
        Some(true) => "an administrator has to consent",
        Some(false) => "users can consent for themselves, where the tenant lets them",
        None => "",
    };
    let published = |id: Option<catalog::Guid>, live: bool| match id {
        Some(id) if live => id.to_string(),
        Some(id) => format!("{id} (no longer published)"),
        None => "does not exist".to_owned(),
    };
    let text = match (known.delegated_guid, known.application_guid) {
        (Some(_), Some(_)) => "A permission of Microsoft Graph, for users and for apps alone.",
        (Some(_), None) => "A permission of Microsoft Graph for signed-in users; apps alone cannot have it.",
        (None, Some(_)) => "A permission of Microsoft Graph for apps alone; it has no delegated form.",
        (None, None) => "A permission of Microsoft Graph.",
    };
    let mut result = explanation(term, "permission", known.name, text)
        .detail("Delegated", published(known.delegated_guid, known.delegated_live))
        .detail("Consent", consent)
        .detail("Application", published(known.application_guid, known.application_live))
        .detail("Personal", if known.personal_accounts { "works with personal Microsoft accounts" } else { "" })
        .detail(
            "Opens",
            crate::permission::embedded().opens(known.name).map_or_else(String::new, |opens| opens.in_words()),
        )
        .detail("Per team or chat", if known.resource_specific { "resource-specific consent" } else { "" });
    result.links = vec!["https://learn.microsoft.com/graph/permissions-reference".to_owned()];
    result
}

fn guid(term: &str, meaning: GuidMeaning) -> Explanation {
    match meaning {
        GuidMeaning::App(app) => explanation(term, "application", app.name, app.note)
            .detail("Owner", app.owner.and_then(catalog::tenant).map_or("", |tenant| tenant.name))
            .detail("First party", if app.first_party == Some(true) { "yes" } else { "not known" })
            .detail(
                "Family of client IDs",
                if app.family { "yes: its refresh token serves every member" } else { "no" },
            )
            .detail("Abused", if app.abused { "often used by attack tools" } else { "" }),
        GuidMeaning::DirectoryRole(role) if role.marker => explanation(
            term,
            "directory role marker",
            role.name,
            "Stands in wids of nearly every Graph token and is no role.",
        ),
        GuidMeaning::DirectoryRole(role) => {
            explanation(term, "directory role", role.name, "A role template of Entra; it stands in the claim wids.")
                .detail("Privileged", if role.privileged { "yes" } else { "no" })
        }
        GuidMeaning::Permission(id) => {
            let mut result = permission(term, id.permission);
            let kind = match (id.delegated, id.application) {
                (true, false) => "the delegated permission",
                (false, true) => "the application permission",
                _ => "both forms of the permission",
            };
            result.text = format!("{} This GUID is {kind}.", result.text);
            result
        }
        GuidMeaning::Tenant(tenant) => explanation(term, "tenant", tenant.name, tenant.meaning),
        GuidMeaning::Audience(known) => audience(term, known),
    }
}

fn audience(term: &str, known: catalog::Audience) -> Explanation {
    let name = known.resource_name.map_or_else(|| known.listed_as(), str::to_owned);
    let text = match known.class {
        AudienceClass::Graph => "An audience of Microsoft Graph.",
        AudienceClass::Custom => "An API that an organisation registered.",
        _ => "An audience (aud) of a service of Microsoft.",
    };
    explanation(term, "audience", name, text)
        .detail("Service ID", known.resource_app_id.map(|id| id.to_string()).unwrap_or_default())
        .detail("Scope", known.scope.unwrap_or_default())
        .detail("Retired", if known.retired { "yes" } else { "" })
        .detail("Note", known.note)
}

fn issuer(term: &str) -> Option<Explanation> {
    let known = catalog::issuer(term).filter(|issuer| !issuer.name.is_empty())?;
    let result = explanation(term, "issuer", known.name, "A token issuer (iss).")
        .detail("Tenant", known.tenant.unwrap_or_default())
        .detail("Cloud", known.cloud.map_or("", catalog::Cloud::name))
        .detail(
            "Federation",
            if known.workload { "its tokens can be exchanged (workload identity federation)" } else { "" },
        );
    Some(result)
}
