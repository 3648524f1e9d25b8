//! From facts and rules to the report: every sentence that an output shows is made here or in a rule.

use super::occurrences::Occurrences;
use super::{
    Artefact, Check, ErrorResponse, Finding, Guide, Handle, JoinKeys, Link, Moment, Outcome, RawJson, Report, SCHEMA,
    Severity, Status, Time, Token, Tool, Verdict, claims,
};
use super::{links, permissions, redact, signature};
use crate::catalog;
use crate::extract::{self, ArtefactKind, Opaque, OpaqueKind, Repairs, percent};
use crate::facts::SHORTEST_SIGNATURE;
use crate::facts::{self, Content, Facts};
use crate::jose::json::Document;
use crate::rules;
use crate::scenario::{self, Scenario};
use crate::token::{self, Acting, Age, utc};

impl Report {
    /// Judges the facts and writes the report.
    pub(crate) fn new(facts: &Facts<'_>) -> Self {
        let (findings, checks) = rules::judge(facts);
        let answers = permissions::all(facts);
        let artefacts: Vec<Artefact> =
            facts.artefacts.iter().enumerate().map(|(index, artefact)| describe(facts, index, artefact)).collect();
        let mut report = Self {
            schema: SCHEMA,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: crate::VERSION, catalog_date: catalog::date() },
            judged_at: utc(facts.now),
            verdict: verdict(facts, &findings, &checks),
            timeline: timeline(facts),
            join_keys: join_keys(facts),
            key_files: signature::key_files(facts),
            guide: guide(facts.scenario),
            links: reading(facts, &findings),
            permission: permissions::leading(&answers),
            permission_set: permissions::together(facts),
            permissions: answers,
            artefacts_left_out: facts.left_out,
            artefacts,
            findings,
            checks,
        };
        report.hide_credentials(&facts.signatures);
        report
    }

    /// Takes out of every text what nobody may read. A claim, and so whatever quotes it, may carry a whole token, and an
    /// error may quote nothing of a token but the signature.
    fn hide_credentials(&mut self, signatures: &[Vec<u8>]) {
        let signatures = Occurrences::of(signatures.iter().map(Vec::as_slice));
        let hide = |text: &str| -> Option<String> {
            let hidden = extract::without_credentials(text);
            let text = hidden.as_deref().unwrap_or(text);
            let mut ranges = Vec::new();
            if let Some(signatures) = signatures.as_ref().filter(|_| text.len() >= SHORTEST_SIGNATURE) {
                percent::readings(text, &mut |reading| {
                    signatures.each(reading.bytes, &mut |range| ranges.push((reading.back(range), extract::SIGNATURE)));
                });
            }
            percent::replaced(text, ranges).or(hidden)
        };
        redact::each_text(self, &mut |text| {
            if let Some(hidden) = hide(text) {
                *text = hidden;
            }
        });
        for raw in
            self.artefacts.iter_mut().flat_map(|artefact| [&mut artefact.header, &mut artefact.payload]).flatten()
        {
            if let Some(hidden) = hide(raw.as_str()) {
                // What is cut out of a string leaves a string, but for escapes inside the token.
                let whole = Document::read(hidden.as_str()).error().is_none();
                *raw = RawJson::new(if whole { hidden } else { NOT_SHOWN.to_owned() });
            }
        }
    }
}

/// What stands in place of JSON from which a credential cannot be cut out.
const NOT_SHOWN: &str = r#""[not shown: holds a credential that cannot be cut out]""#;

fn verdict(facts: &Facts<'_>, findings: &[Finding], checks: &[Check]) -> Verdict {
    let count = |outcome: Outcome| checks.iter().filter(|check| check.outcome == outcome).count();
    let (passed, found) = (count(Outcome::Pass), count(Outcome::Found));
    let judged = passed.saturating_add(found);
    let apply = if judged == 1 { "applies" } else { "apply" };
    let checked = format!("{judged} of {} checks {apply}: {passed} passed, {found} found", checks.len());
    let signature = signature::verdict(facts);
    let leading = findings.first().filter(|finding| finding.severity > Severity::Note);
    let recognised = !facts.artefacts.is_empty() || !facts.headers.is_empty();
    let (status, headline) = match leading {
        Some(finding) => (Status::Problem, finding.title.clone()),
        None if refused(facts).is_some() => (Status::Problem, refused(facts).unwrap_or_default()),
        None if !recognised => {
            (Status::Unreadable, "Nothing here looks like a token, an error response or a secret of Entra.".to_owned())
        }
        None => {
            let but = match found {
                0 => String::new(),
                1 => ", one remark".to_owned(),
                count => format!(", {count} remarks"),
            };
            (Status::NoProblemFound, format!("No problem found among {judged} checks{but}."))
        }
    };
    Verdict { status, finding: leading.map(|finding| finding.id), headline, checked, signature }
}

/// The headline where a service refused and no rule says why.
fn refused(facts: &Facts<'_>) -> Option<String> {
    let (kind, error) = facts.artefacts.iter().find_map(|artefact| match &artefact.content {
        Content::Error(error) => Some((artefact.kind, error)),
        _ => None,
    })?;
    let who = if kind == ArtefactKind::GraphError { "The API" } else { "The sign-in service" };
    let code = error.code.as_deref().map_or_else(String::new, |code| format!(" with {code}"));
    Some(format!("{who} refused{code}; nothing else in the paste shows why."))
}

/// One artefact, described.
fn describe(facts: &Facts<'_>, index: usize, artefact: &facts::Artefact) -> Artefact {
    let token = artefact.token();
    let json = |document: &Option<Document>| {
        document.as_ref().and_then(|document| Some(RawJson::new(document.root()?.to_portable())))
    };
    let challenge = match &artefact.content {
        Content::Challenge(document) => document.root().map(|root| RawJson::new(root.to_portable())),
        _ => None,
    };
    Artefact {
        kind: artefact.kind,
        span: artefact.span,
        summary: summary(facts, artefact),
        context: artefact.context.describe(),
        judged: facts.judged().is_some_and(|judged| judged.index == index),
        repairs: repairs(artefact.repairs),
        deviations: token.map(deviations).unwrap_or_default(),
        header: token.and_then(|token| json(&token.header)),
        payload: token.and_then(|token| json(&token.payload)).or(challenge),
        token: token.map(|token| understood(facts, artefact, token)),
        error: match &artefact.content {
            Content::Error(error) => Some(ErrorResponse {
                code: error.code.clone(),
                message: error.message.clone(),
                handles: error.handles.iter().map(|(name, value)| Handle { name, value: value.clone() }).collect(),
            }),
            _ => None,
        },
    }
}

fn summary(facts: &Facts<'_>, artefact: &facts::Artefact) -> String {
    match &artefact.content {
        Content::Token(token) => {
            let words = signature::in_few_words(facts, artefact).map(|words| format!(" · {words}"));
            token_summary(facts, artefact.kind, token) + words.as_deref().unwrap_or_default()
        }
        Content::Opaque(opaque) => opaque_summary(opaque),
        Content::Saml => "SAML assertion".to_owned(),
        Content::Error(error) => {
            let what = match error.code.as_deref().unwrap_or_default() {
                _ if artefact.kind == ArtefactKind::GraphError => "error of an API",
                code if code.starts_with("MSIS") => "error of the federation server",
                code if code.starts_with("IDX") => "error of a token's validation",
                code if is_broker_number(code) => "error of the sign-in broker",
                _ => "error of the sign-in service",
            };
            match &error.code {
                Some(code) => format!("{what}: {code}"),
                None => what.to_owned(),
            }
        }
        Content::Challenge(_) => "claims challenge: what the next token request has to carry".to_owned(),
    }
}

/// Numbers of the broker are far beyond those of the sign-in service.
fn is_broker_number(code: &str) -> bool {
    code.len() > 9 && code.bytes().all(|byte| byte.is_ascii_digit())
}

fn token_summary(facts: &Facts<'_>, kind: ArtefactKind, token: &token::Token) -> String {
    let claims = &token.claims;
    let mut parts = Vec::new();
    let mut first = match kind {
        ArtefactKind::AccessToken => "access token",
        ArtefactKind::IdToken => "ID token",
        ArtefactKind::RefreshToken => "primary refresh token in a cookie",
        ArtefactKind::EncryptedToken => "encrypted token (JWE)",
        ArtefactKind::ClientAssertion => "client assertion",
        ArtefactKind::FederatedToken => "token of another issuer, to be exchanged",
        _ => "claims in the clear",
    }
    .to_owned();
    if let Some(version) = &claims.ver {
        first = format!("{first} {version}");
    }
    parts.push(first);
    let access = matches!(kind, ArtefactKind::AccessToken | ArtefactKind::DecodedClaims);
    let acting = claims.acting().filter(|_| access && (claims.tid.is_some() || claims.client().is_some()));
    let tenant = claims
        .tid
        .as_deref()
        .map(|tid| catalog::tenant(tid).map_or_else(|| tid.to_owned(), |known| known.name.to_owned()));
    match (acting.map(|(acting, _)| acting), &tenant) {
        (Some(Acting::Delegated), Some(tenant)) => {
            parts.extend(["delegated".to_owned(), format!("user in tenant {tenant}")])
        }
        (Some(Acting::AppOnly), Some(tenant)) => parts.extend(["app-only".to_owned(), format!("tenant {tenant}")]),
        (Some(acting), None) => parts.push(acting.name().to_owned()),
        (None, Some(tenant)) => parts.push(format!("tenant {tenant}")),
        (None, None) => {}
    }
    if let Some(client) = claims.client() {
        parts.push(match catalog::app(client) {
            Some(app) => format!("app {}", app.name),
            None => format!("app {client}"),
        });
    } else if let Some(issuer) =
        claims.iss.as_deref().and_then(catalog::issuer).filter(|issuer| !issuer.name.is_empty())
    {
        parts.push(format!("issued by {}", issuer.name));
    }
    if let Some(end) = claims.exp.seconds() {
        let verb = if end < facts.now { "expired" } else { "expires" };
        parts.push(format!("{verb} {}", Age { moment: end, now: facts.now }));
    }
    parts.join(" · ")
}

fn opaque_summary(opaque: &Opaque) -> String {
    let what = match opaque.kind {
        OpaqueKind::RefreshToken => "refresh token",
        OpaqueKind::PrimaryRefreshToken => "primary refresh token",
        OpaqueKind::SessionCookie => "session cookie of the sign-in service",
        OpaqueKind::AuthorizationCode => "authorization code",
        OpaqueKind::PersonalTicket => "opaque access token of a personal Microsoft account",
        OpaqueKind::PersonalRefreshToken => "refresh token of a personal Microsoft account",
        OpaqueKind::PersonalCode => "authorization code of a personal Microsoft account",
        OpaqueKind::ClientSecret => "client secret",
    };
    let mut parts = vec![what.to_owned()];
    if let Some(client) = &opaque.client {
        parts.push(catalog::app(client).map_or_else(|| format!("app {client}"), |app| format!("app {}", app.name)));
    }
    parts.extend(opaque.tenant.as_ref().map(|tenant| format!("tenant {tenant}")));
    parts.push(format!("{} characters", opaque.length));
    parts.join(" · ")
}

fn repairs(repairs: Repairs) -> Vec<String> {
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let said = |holds: bool, what: &str| holds.then(|| what.to_owned());
    [
        counted(repairs.line_breaks, "line break removed", "line breaks removed"),
        counted(repairs.joints, "joint between two pieces removed", "joints between pieces removed"),
        counted(repairs.quoted_lines, "mail quotation mark removed", "mail quotation marks removed"),
        counted(repairs.spaces, "space removed", "spaces removed"),
        counted(repairs.invisible, "invisible character removed", "invisible characters removed"),
        counted(repairs.percent, "percent-encoded character decoded", "percent-encoded characters decoded"),
        said(repairs.base64, "taken out of base64 text"),
        said(repairs.utf16, "read as UTF-16"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn deviations(token: &token::Token) -> Vec<String> {
    const SEGMENTS: [&str; 3] = ["header", "payload", "signature"];
    let mut all: Vec<String> = token
        .deviations
        .iter()
        .map(|(index, deviation)| format!("{}: {deviation}", SEGMENTS.get(*index).copied().unwrap_or("token")))
        .collect();
    for (name, document) in [("header", &token.header), ("payload", &token.payload)] {
        let Some(document) = document else { continue };
        all.extend(document.error().map(|error| format!("{name}: {error}")));
        if document.text_issues() > 0 {
            all.push(format!("{name}: {} places that are no valid Unicode", document.text_issues()));
        }
        match document.numbers_beyond_double() {
            0 => {}
            1 => all.push(format!("{name}: a number greater than any double, shown as text")),
            count => all.push(format!("{name}: {count} numbers greater than any double, shown as text")),
        }
    }
    all
}

/// The claims of a token, understood.
fn understood(facts: &Facts<'_>, artefact: &facts::Artefact, token: &token::Token) -> Token {
    let claims = &token.claims;
    let acting = claims.acting().filter(|_| matches!(token.kind, ArtefactKind::AccessToken));
    let issuer = claims.iss.as_deref().and_then(catalog::issuer);
    let audience = claims.aud.as_deref().and_then(catalog::audience);
    let app = claims.client().and_then(catalog::app);
    let time = |seconds: Option<i64>| seconds.map(|seconds| moment(facts.now, seconds));
    Token {
        version: claims.ver.clone(),
        acting: acting.map(|(acting, _)| acting.name()),
        acting_because: acting.map(|(_, why)| why.to_owned()),
        audience: claims.aud.as_ref().map(|aud| claims::named(aud, audience.and_then(|known| known.resource_name))),
        issuer: claims
            .iss
            .as_ref()
            .map(|iss| claims::named(iss, issuer.map(|known| known.name).filter(|name| !name.is_empty()))),
        cloud: audience.and_then(|known| known.cloud).or_else(|| issuer?.cloud).map(catalog::Cloud::name),
        tenant: claims.tid.as_ref().map(|tid| claims::named(tid, catalog::tenant(tid).map(|known| known.name))),
        application: claims.client().map(|id| {
            let own = claims.app_displayname.as_deref();
            claims::named(id, app.map(|known| known.name).or(own))
        }),
        first_party: app.is_some_and(|known| known.first_party == Some(true)),
        family_client: app.is_some_and(|known| known.family),
        client_authentication: claims
            .client_authentication()
            .and_then(|value| catalog::claim_value("appidacr", value))
            .map(|known| known.name),
        principal: principal(claims),
        object_id: claims.oid.clone(),
        issued: time(claims.iat.seconds()),
        not_before: time(claims.nbf.seconds()),
        expires: time(claims.exp.seconds()),
        expires_in_s: claims.exp.seconds().and_then(|end| end.checked_sub(facts.now)),
        lifetime_s: claims.lifetime(),
        scopes: claims.scopes().map(str::to_owned).collect(),
        roles: claims.roles.clone(),
        directory_roles: claims
            .wids
            .iter()
            .filter_map(|id| {
                let known = catalog::directory_role(id);
                (!known.is_some_and(|role| role.marker)).then(|| claims::named(id, known.map(|role| role.name)))
            })
            .collect(),
        uti: claims.uti.clone(),
        uti_guid: claims.uti.as_deref().and_then(token::uti_guid),
        signature: signature::state(token, artefact.signature.as_ref()),
        signature_check: signature::check(facts, artefact),
        claims_left_out: claims::count(token).saturating_sub(claims::MOST),
        claims: claims::rows(facts.now, token),
    }
}

fn principal(claims: &token::Claims) -> Option<String> {
    let user = [&claims.upn, &claims.preferred_username, &claims.unique_name, &claims.name];
    user.into_iter().find_map(Clone::clone).or_else(|| claims.app_displayname.clone())
}

fn moment(now: i64, seconds: i64) -> Time {
    Time { seconds, utc: utc(seconds), relative: Age { moment: seconds, now }.to_string() }
}

fn timeline(facts: &Facts<'_>) -> Vec<Moment> {
    let mut all = vec![Moment { what: "judged".to_owned(), time: moment(facts.now, facts.now), artefact: None }];
    for (index, artefact) in facts.artefacts.iter().enumerate() {
        let Some(token) = artefact.token() else { continue };
        let claims = &token.claims;
        let moments = [
            ("issued (iat)", claims.iat.seconds()),
            ("valid from (nbf)", claims.nbf.seconds().filter(|start| Some(*start) != claims.iat.seconds())),
            ("expires (exp)", claims.exp.seconds()),
        ];
        all.extend(moments.into_iter().filter_map(|(what, seconds)| {
            Some(Moment { what: what.to_owned(), time: moment(facts.now, seconds?), artefact: Some(index) })
        }));
    }
    all.sort_by_key(|moment| moment.time.seconds);
    all
}

fn join_keys(facts: &Facts<'_>) -> JoinKeys {
    let mut keys = JoinKeys::default();
    if let Some(judged) = facts.judged() {
        let claims = &judged.token.claims;
        keys.uti = claims.uti.clone();
        keys.uti_guid = claims.uti.as_deref().and_then(token::uti_guid);
        keys.sid = claims.sid.clone();
        keys.oid = claims.oid.clone();
        keys.tid = claims.tid.clone();
        keys.appid = claims.client().map(str::to_owned);
        keys.deviceid = claims.deviceid.clone();
    }
    for artefact in &facts.artefacts {
        let Content::Error(error) = &artefact.content else { continue };
        for (name, value) in &error.handles {
            let list = match *name {
                "correlation_id" | "client_request_id" => &mut keys.correlation_ids,
                "trace_id" | "request_id" => &mut keys.request_ids,
                _ => continue,
            };
            if !list.contains(value) {
                list.push(value.clone());
            }
        }
    }
    keys
}

fn guide(scenario: &Scenario) -> Option<Guide> {
    let flow = scenario.flow.or_else(|| scenario.likely_flow())?;
    Some(scenario::guide(flow).report(scenario))
}

/// Where to read on: the pages of the first finding's family and of the flow, and a search with words of the case.
fn reading(facts: &Facts<'_>, findings: &[Finding]) -> Vec<Link> {
    let leading = findings.first();
    let mut all: Vec<Link> = Vec::new();
    let mut add = |link: Link| {
        if !all.iter().any(|other| other.url == link.url) {
            all.push(link);
        }
    };
    if let Some(rule) = leading.and_then(|finding| rules::rule(finding.id)) {
        links::of_group(rule.group.name()).into_iter().for_each(&mut add);
    }
    if let Some(flow) = facts.scenario.flow {
        links::of_flow(flow).into_iter().for_each(&mut add);
    }
    let codes = facts.artefacts.iter().filter_map(|artefact| match &artefact.content {
        Content::Error(error) => error.code.clone(),
        _ => None,
    });
    let mut words: Vec<String> = codes.take(2).collect();
    words.extend(leading.map(|finding| finding.id.replace('-', " ")));
    if !words.is_empty() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        add(links::stack_overflow(&words));
    }
    all
}
