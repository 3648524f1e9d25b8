//! A report for the tests of the renderers, made by hand.

use crate::report::{
    Artefact, ArtefactKind, Check, Claim, Confidence, Evidence, Finding, Fixer, JoinKeys, Link, Moment, Outcome,
    RawJson, Report, SCHEMA, Severity, Span, Status, Time, Token, Tool, Verdict,
};

fn claim(name: &str, value: &str, meaning: Option<&'static str>, personal: bool) -> Claim {
    Claim {
        pointer: format!("/payload/{name}"),
        name: name.to_owned(),
        value: value.to_owned(),
        reading: None,
        meaning: meaning.map(Into::into),
        documented: true,
        personal,
    }
}

/// One token that lacks a permission; its values are as nasty as a paste can be.
pub(crate) fn report() -> Report {
    let nasty = "\u{1b}[2J\u{202e}|`x`<b>\u{7}";
    let expires = Time { seconds: 3000, utc: "1970-01-01T00:50:00Z".into(), relative: "in 41 min".into() };
    let payload = r#"{"upn":"ada@tenant.example","name":"Ada","amr":["pwd","ada-key"],"n":1.50,"scp":"User.Read"}"#;
    Report {
        schema: SCHEMA,
        tool: Tool { name: "tokentriage", version: "0.0.0", catalog_date: "2026-01-01" },
        artefacts_left_out: 0,
        judged_at: "1970-01-01T00:09:00Z".into(),
        verdict: Verdict {
            status: Status::Problem,
            finding: Some("permission-missing"),
            headline: "This token cannot list users: it holds none of the permissions that GET /users needs.".into(),
            checked: "29 of 31 checks apply: 28 passed, 1 found".into(),
            signature: "Signature not checked.".into(),
        },
        artefacts: vec![Artefact {
            kind: ArtefactKind::AccessToken,
            span: Span { start: 0, end: 900 },
            summary: "access token 1.0, delegated, ada@tenant.example".into(),
            context: Some("header Authorization".into()),
            judged: true,
            repairs: vec!["6 line breaks removed".into()],
            deviations: vec![],
            header: Some(RawJson::new(r#"{"typ":"JWT","alg":"RS256"}"#.into())),
            payload: Some(RawJson::new(payload.into())),
            token: Some(Token {
                principal: Some("ADA@tenant.example".into()),
                expires: Some(expires.clone()),
                signature: "not-checked",
                claims: vec![
                    claim("upn", "ada@tenant.example", Some("User principal name."), true),
                    claim("name", "Ada", Some("Display name."), true),
                    claim("amr", r#"["pwd","ada-key"]"#, Some("How the user signed in."), true),
                    claim("scp", "User.Read", Some("Delegated permissions."), false),
                    claim("a_claim_with_a_name_that_is_longer_than_its_column", nasty, None, false),
                ],
                ..Token::default()
            }),
            error: None,
        }],
        findings: vec![
            Finding {
                id: "permission-missing",
                severity: Severity::Error,
                confidence: Confidence::Certain,
                title: "The token lacks the permission".into(),
                because: "delegated token, scp = \"User.Read\"; GET /users needs User.ReadBasic.All or more".into(),
                evidence: vec![
                    Evidence { artefact: Some(0), pointer: "/payload/scp".into(), value: "User.Read".into() },
                    Evidence { artefact: Some(0), pointer: "/payload/name".into(), value: "Ada".into() },
                    Evidence { artefact: None, pointer: "/scenario/calling".into(), value: nasty.into() },
                ],
                fix: vec![
                    "Add the delegated permission User.ReadBasic.All to app 7c4f7fc5-0000-4000-8000-000000000001."
                        .into(),
                    "The user can consent to it.".into(),
                ],
                fixer: Fixer::AppDeveloper,
                sources: vec!["https://learn.example/permissions".into()],
            },
            Finding {
                id: "lifetime-long",
                severity: Severity::Note,
                confidence: Confidence::Likely,
                title: "The token lives for 24 h".into(),
                because: "exp - iat = 86400 s of ada-key".into(),
                evidence: vec![],
                fix: vec![],
                fixer: Fixer::None,
                sources: vec![],
            },
        ],
        checks: vec![
            Check { id: "permission-missing", outcome: Outcome::Found, reason: "".into() },
            Check { id: "token-expired", outcome: Outcome::Pass, reason: "".into() },
            Check { id: "nonce-replayed", outcome: Outcome::NotApplicable, reason: "no nonce in the header".into() },
        ],
        permission: None,
        permissions: vec![],
        permission_set: None,
        timeline: vec![Moment { what: "expires (exp)".into(), time: expires, artefact: Some(0) }],
        key_files: vec![],
        join_keys: JoinKeys { uti: Some("abcDEF".into()), ..JoinKeys::default() },
        guide: None,
        links: vec![Link { title: "Permissions".into(), url: "https://learn.example/permissions".into() }],
    }
}
