//! Findings as rows of a table, for a spreadsheet.

use super::SafeLine;
use crate::report::{Finding, Report};

/// The columns of [`csv`], in order.
const COLUMNS: [&str; 22] = [
    "judged_at",
    "status",
    "rank",
    "finding",
    "severity",
    "confidence",
    "title",
    "because",
    "fix",
    "fixer",
    "evidence",
    "sources",
    "token",
    "tenant",
    "application",
    "principal",
    "expires",
    "uti",
    "correlation_ids",
    "request_ids",
    "catalog_date",
    "signature",
];

/// A report as comma-separated values (RFC 4180): a line of column names, then one line for each finding, most decisive
/// first. Where nothing was found there is one line too, with the answer as its title and no finding. What stands behind
/// `finding` to `sources` is of the finding, the rest of the report as a whole; lists are on one line.
///
/// Every field is quoted. No text of the paste is a formula: a field, or what a semicolon separates where a spreadsheet
/// expects semicolons, that begins with `=`, `+`, `-` or `@` (the wide forms too) gets an apostrophe before it.
/// Characters that do not show as themselves are written out as by [`SafeLine`], line breaks among them. There is no byte
/// order mark: it would become part of the first column's name.
pub fn csv(report: &Report) -> String {
    let mut out = String::new();
    line(&mut out, COLUMNS.map(str::to_owned));
    if report.findings.is_empty() {
        line(&mut out, row(report, None));
    }
    for (rank, finding) in (1..).zip(&report.findings) {
        line(&mut out, row(report, Some((rank, finding))));
    }
    out
}

/// Lists as comma-separated values: a line of column names, then the rows, in the way of [`csv`].
pub fn csv_table<const N: usize>(columns: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut out = String::new();
    line(&mut out, columns.map(str::to_owned));
    rows.into_iter().for_each(|row| line(&mut out, row));
    out
}

fn row(report: &Report, finding: Option<(usize, &Finding)>) -> [String; COLUMNS.len()] {
    let keys = &report.join_keys;
    let token = report.judged().and_then(|artefact| artefact.token.as_ref());
    let text = |text: fn(&Finding) -> String| finding.map(|(_, finding)| text(finding)).unwrap_or_default();
    let (rank, title) = match finding {
        Some((rank, finding)) => (rank.to_string(), finding.title.clone()),
        None => (String::new(), report.verdict.headline.clone()),
    };
    [
        report.judged_at.clone(),
        report.verdict.status.name().to_owned(),
        rank,
        text(|finding| finding.id.to_owned()),
        text(|finding| finding.severity.name().to_owned()),
        text(|finding| finding.confidence.name().to_owned()),
        title,
        text(|finding| finding.because.clone()),
        text(steps),
        text(|finding| finding.fixer.name().to_owned()),
        text(evidence),
        text(|finding| finding.sources.join(" ")),
        report.judged().map(|artefact| artefact.summary.clone()).unwrap_or_default(),
        keys.tid.clone().unwrap_or_default(),
        keys.appid.clone().unwrap_or_default(),
        token.and_then(|token| token.principal.clone()).unwrap_or_default(),
        token.and_then(|token| token.expires.as_ref()).map(|time| time.utc.clone()).unwrap_or_default(),
        keys.uti.clone().unwrap_or_default(),
        keys.correlation_ids.join(" "),
        keys.request_ids.join(" "),
        report.tool.catalog_date.to_owned(),
        report.verdict.signature.clone(),
    ]
}

fn steps(finding: &Finding) -> String {
    match finding.fix.as_slice() {
        [only] => only.clone(),
        steps => steps.iter().zip(1..).map(|(step, number)| format!("{number}. {step}")).collect::<Vec<_>>().join(" "),
    }
}

fn evidence(finding: &Finding) -> String {
    let all = finding.evidence.iter().map(|evidence| format!("{} = {}", evidence.pointer, evidence.value));
    all.collect::<Vec<_>>().join("; ")
}

fn line<const N: usize>(out: &mut String, fields: [String; N]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_field(out, field);
    }
    out.push_str("\r\n");
}

/// A quoted field that is no formula.
fn push_field(out: &mut String, text: &str) {
    out.push('"');
    let mut beginning = true;
    for character in SafeLine(text).to_string().chars() {
        // Blanks and quotes before a sign do not keep a spreadsheet from taking it for a formula.
        if beginning && is_sign_of_formula(character) {
            out.push('\'');
        }
        beginning = character == ';' || beginning && (character.is_whitespace() || matches!(character, '"' | '\''));
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    out.push('"');
}

const fn is_sign_of_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn has_a_line_for_each_finding() {
        let mut report = sample::report();
        report.join_keys.tid = Some("+1".to_owned());
        let shown = csv(&report);
        let lines: Vec<_> = shown.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], COLUMNS.map(|name| format!("\"{name}\"")).join(","));
        assert_eq!(
            lines[1],
            "\"1970-01-01T00:09:00Z\",\"problem\",\"1\",\"permission-missing\",\"error\",\"certain\",\
             \"The token lacks the permission\",\
             \"delegated token, scp = \"\"User.Read\"\"; GET /users needs User.ReadBasic.All or more\",\
             \"1. Add the delegated permission User.ReadBasic.All to app 7c4f7fc5-0000-4000-8000-000000000001. \
             2. The user can consent to it.\",\"app-developer\",\
             \"/payload/scp = User.Read; /payload/name = Ada; /scenario/calling = \\u{1b}[2J\\u{202e}|`x`<b>\\u{7}\",\
             \"https://learn.example/permissions\",\"access token 1.0, delegated, ada@tenant.example\",\"'+1\",\"\",\
             \"ADA@tenant.example\",\"1970-01-01T00:50:00Z\",\"abcDEF\",\"\",\"\",\"2026-01-01\",\"Signature not checked.\""
        );
        report.findings.clear();
        assert_eq!(csv(&report).split_terminator("\r\n").count(), 2);
        assert!(csv(&report).contains("\"problem\",\"\",\"\",\"\",\"\",\"This token cannot list users"));
    }

    #[test]
    fn no_field_is_a_formula() {
        for (given, expected) in [
            ("=1+1", "'=1+1"),
            (" \"=1", " \"\"'=1"),
            ("a;=1", "a;'=1"),
            ("a; \"\"+1;b", "a; \"\"\"\"'+1;b"),
            ("'=1", "''=1"),
            ("＠x", "'＠x"),
            ("\t=1", "\\t=1"),
            ("\r-1", "\\r-1"),
            ("a-b=c", "a-b=c"),
            ("a, \"b\"", "a, \"\"b\"\""),
        ] {
            let mut out = String::new();
            push_field(&mut out, given);
            assert_eq!(out, format!("\"{expected}\""), "{given:?}");
        }
    }
}
