//! The guide of each flow: what to request, what the token must look like, what people get wrong.
//!
//! The tables hold every sentence; this file only picks the lines that fit a scenario and fills in its values.
//! Sources: the pages that each [`FlowGuide`] names, the overview of flows at
//! <https://learn.microsoft.com/entra/identity-platform/authentication-flows-app-scenarios> and the claims at
//! <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>.

mod application;
mod delegated;
mod renewal;
mod target;

use super::{Client, Cloud, Flow, Scenario};
use crate::report;
use target::Target;

/// What there is to know about one flow. Texts may hold placeholders in braces; [`FlowGuide::report`] fills in those
/// that a scenario answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowGuide {
    /// The flow.
    pub flow: Flow,
    /// Its name in Microsoft's documentation.
    pub name: &'static str,
    /// When one uses it, in one sentence.
    pub summary: &'static str,
    /// The parameter that shows the flow in the request, e.g. `grant_type=client_credentials`.
    pub grant: &'static str,
    /// The kinds of application that it is made for.
    pub clients: &'static [Client],
    /// Which accounts can sign in.
    pub accounts: Accounts,
    /// Which values the tenant in the address may have.
    pub authority: Authority,
    /// The request, line by line.
    pub request: &'static [Line],
    /// Which proof of its own identity the application sends, if any.
    pub credential: &'static [Line],
    /// What the claims of the access token say.
    pub expect: &'static [Claim],
    /// How long the access token lives.
    pub access_token_lifetime: &'static str,
    /// Whether there is a refresh token, and how long it lives.
    pub refresh_token_lifetime: &'static str,
    /// Which library acquires such tokens, and where it runs.
    pub library: &'static [Line],
    /// What people get wrong.
    pub mistakes: &'static [Mistake],
    /// Where Microsoft describes the flow.
    pub documentation: &'static [Reference],
}

/// A line of a guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The kinds of application that it is about; empty where it is about all.
    pub clients: &'static [Client],
    /// The text.
    pub text: &'static str,
}

/// What one claim of the access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The kinds of application that it is about; empty where it is about all.
    pub clients: &'static [Client],
    /// The claim, or several.
    pub claim: &'static str,
    /// What stands there.
    pub text: &'static str,
}

/// Something that people get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    /// The kinds of application that make it; empty where all do.
    pub clients: &'static [Client],
    /// What was done.
    pub what: &'static str,
    /// What it is answered with: codes or words of the answer.
    pub answers: &'static [&'static str],
    /// What to do instead.
    pub instead: &'static str,
}

/// Which accounts a flow can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accounts {
    /// Work and school accounts.
    pub work_or_school: bool,
    /// Personal Microsoft accounts; they exist in the global cloud only.
    pub personal: bool,
    /// Customers of an external tenant or Azure AD B2C.
    pub customers: bool,
}

/// Which values the tenant in the sign-in address may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// A tenant, `common`, `organizations` or `consumers`.
    Any,
    /// A tenant or `organizations`.
    Organizations,
    /// A tenant only, by GUID or domain name.
    TenantOnly,
    /// There is no tenant in the address.
    None,
}

impl Authority {
    /// True where the text may stand in the address.
    fn allows(self, tenant: &str) -> bool {
        let is = |alias: &str| tenant.trim().eq_ignore_ascii_case(alias);
        match self {
            Self::Any | Self::None => true,
            Self::Organizations => !is("common") && !is("consumers"),
            Self::TenantOnly => !is("common") && !is("consumers") && !is("organizations"),
        }
    }

    /// The line of the guide.
    const fn text(self) -> &'static str {
        match self {
            Self::Any => {
                "Tenant: its GUID or domain name; common, organizations or consumers only if the registration allows \
                 accounts from outside your tenant. Guests get a token of the tenant that is named here"
            }
            Self::Organizations => "Tenant: its GUID or domain name, or organizations; never common or consumers",
            Self::TenantOnly => {
                "Tenant: its GUID or domain name; never common, organizations or consumers, for there is no user whose \
                 tenant could be looked up"
            }
            Self::None => "Tenant: none to give, the identity belongs to the tenant of its subscription",
        }
    }
}

/// A page of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// What is to be found there.
    pub title: &'static str,
    /// The address.
    pub url: &'static str,
}

/// All guides, in the order of [`Flow::ALL`].
pub fn guides() -> &'static [FlowGuide] {
    GUIDES
}

/// The guide of a flow.
pub fn guide(flow: Flow) -> &'static FlowGuide {
    match flow {
        Flow::AuthorizationCode => &delegated::AUTHORIZATION_CODE,
        Flow::Implicit => &delegated::IMPLICIT,
        Flow::ClientCredentials => &application::CLIENT_CREDENTIALS,
        Flow::OnBehalfOf => &delegated::ON_BEHALF_OF,
        Flow::DeviceCode => &delegated::DEVICE_CODE,
        Flow::Ropc => &delegated::ROPC,
        Flow::IntegratedWindows => &delegated::INTEGRATED_WINDOWS,
        Flow::ManagedIdentity => &application::MANAGED_IDENTITY,
        Flow::WorkloadIdentity => &application::WORKLOAD_IDENTITY,
        Flow::RefreshToken => &renewal::REFRESH_TOKEN,
        Flow::Silent => &renewal::SILENT,
    }
}

const GUIDES: &[FlowGuide] = &[
    delegated::AUTHORIZATION_CODE,
    delegated::IMPLICIT,
    application::CLIENT_CREDENTIALS,
    delegated::ON_BEHALF_OF,
    delegated::DEVICE_CODE,
    delegated::ROPC,
    delegated::INTEGRATED_WINDOWS,
    application::MANAGED_IDENTITY,
    application::WORKLOAD_IDENTITY,
    renewal::REFRESH_TOKEN,
    renewal::SILENT,
];

impl FlowGuide {
    /// The guide as a report shows it: with the hosts of the scenario's cloud, its tenant and its resource, and only
    /// the lines that fit its kind of application. What the scenario does not say stays a placeholder in braces; what
    /// it says is the person's own text, to be escaped where it is shown.
    pub fn report(&self, scenario: &Scenario) -> report::Guide {
        let target = Target::of(scenario);
        let filling = Filling::new(self, scenario, &target);
        let client = scenario.client;
        let mut request: Vec<String> = lines(self.request, client).map(|text| filling.fill(&text)).collect();
        if let Some(tenant) = scenario.tenant.as_deref().filter(|tenant| !self.authority.allows(tenant)) {
            request.push(format!("{}; you named {tenant}", self.authority.text()));
        } else if scenario.tenant.is_none() || self.authority == Authority::None {
            request.push(self.authority.text().to_owned());
        }
        request.extend(lines(self.credential, client).map(|text| filling.fill(&format!("Credential: {text}"))));
        request.push(format!("Accounts: {}", self.accounts_text(target.cloud)));

        let mut expect = target.expectations(self.accounts.personal);
        expect.extend(claims(self.expect, client).map(|text| filling.fill(&text)));
        expect.push(format!("Lifetime: {}", self.access_token_lifetime));
        expect.push(format!("Refresh token: {}", self.refresh_token_lifetime));

        let mut mistakes = Vec::new();
        if let Some(client) = client.filter(|client| !self.clients.contains(client)) {
            let usual = guide(client.usual_flow());
            mistakes.push(format!(
                "This flow is not made for a {}: use the {} ({})",
                client.words(),
                usual.name,
                usual.flow.name()
            ));
        }
        mistakes.extend(
            self.mistakes
                .iter()
                .filter(|mistake| fits(mistake.clients, client))
                .map(|mistake| filling.fill(&mistake.text(client))),
        );
        report::Guide {
            flow: self.flow.name(),
            name: self.name,
            request,
            expect,
            library: lines(self.library, client).map(|text| filling.fill(&text)).collect(),
            mistakes,
        }
    }

    /// Which accounts can sign in, in words.
    fn accounts_text(&self, cloud: Cloud) -> String {
        let Accounts { work_or_school, personal, customers } = self.accounts;
        let kinds: Vec<&str> = [
            (work_or_school, "work and school accounts"),
            (personal && cloud == Cloud::Global, "personal Microsoft accounts"),
            (customers, "customers of an external tenant or B2C"),
        ]
        .iter()
        .filter_map(|&(holds, words)| holds.then_some(words))
        .collect();
        match (kinds.is_empty(), personal, cloud) {
            (true, ..) => "none, the application acts as itself".to_owned(),
            (false, true, Cloud::Global) => kinds.join(", "),
            (false, false, _) => format!("{}; no personal Microsoft accounts", kinds.join(", ")),
            (false, true, _) => format!("{}; this cloud has no personal Microsoft accounts", kinds.join(", ")),
        }
    }
}

impl Mistake {
    /// The line of the report.
    fn text(&self, client: Option<Client>) -> String {
        format!(
            "{}{} → {}. Instead: {}",
            prefix(self.clients, client),
            self.what,
            self.answers.join(" or "),
            self.instead
        )
    }
}

/// The lines that fit the kind of application. Where nothing but lines for other kinds is left, all of them are shown:
/// better the wrong half than none.
fn lines(all: &'static [Line], client: Option<Client>) -> impl Iterator<Item = String> {
    let any = all.iter().any(|line| fits(line.clients, client));
    all.iter()
        .filter(move |line| !any || fits(line.clients, client))
        .map(move |line| format!("{}{}", prefix(line.clients, client), line.text))
}

/// The same of claims.
fn claims(all: &'static [Claim], client: Option<Client>) -> impl Iterator<Item = String> {
    all.iter()
        .filter(move |claim| fits(claim.clients, client))
        .map(move |claim| format!("{}: {}{}", claim.claim, prefix(claim.clients, client), claim.text))
}

/// True of what is about this kind of application, or about all; everything fits where the kind is not known.
fn fits(clients: &[Client], client: Option<Client>) -> bool {
    client.is_none_or(|client| clients.is_empty() || clients.contains(&client))
}

/// Says whom a line is about, where that is not clear from the scenario.
fn prefix(clients: &[Client], client: Option<Client>) -> String {
    if clients.is_empty() || client.is_some_and(|client| clients.contains(&client)) {
        return String::new();
    }
    let words: Vec<&str> = clients.iter().map(|client| client.words()).collect();
    format!("({}) ", words.join(", "))
}

/// The values of the placeholders.
struct Filling<'a> {
    values: [(&'static str, Option<&'a str>); 6],
}

impl<'a> Filling<'a> {
    fn new(guide: &FlowGuide, scenario: &'a Scenario, target: &'a Target) -> Self {
        let tenant = scenario.tenant.as_deref().filter(|tenant| guide.authority.allows(tenant));
        Self {
            values: [
                ("sign-in", Some(target.sign_in_host())),
                ("tenant", tenant),
                ("client-id", scenario.client_id.as_deref()),
                ("resource", Some(&target.resource)),
                ("permission", target.example_permission()),
                ("exchange-audience", Some(target.exchange_audience())),
            ],
        }
    }

    /// Replaces `{name}` by its value in one pass: what stands in a value is never taken for a placeholder.
    fn fill(&self, template: &str) -> String {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let value = after.split_once('}').and_then(|(name, tail)| {
                let value = self.values.iter().find(|(known, _)| *known == name)?.1?;
                Some((value, tail))
            });
            match value {
                Some((value, tail)) => {
                    filled.push_str(value);
                    rest = tail;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}
