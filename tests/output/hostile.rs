//! Text that wants to act, in every place where a paste can have text.

use crate::mint;
use serde_json::json;
use std::sync::{Arc, OnceLock};
use tokentriage::jose::keys::KeySet;
use tokentriage::render::is_unsafe;
use tokentriage::report::Report;
use tokentriage::scenario::Scenario;
use tokentriage::{Options, analyze};

/// A word before hostile text, so that a test notices when an output has lost it.
pub(crate) const MARK: &str = "zzhostile";

/// The moment of judging.
pub(crate) const NOW: i64 = 1_772_443_211;

/// All scalar values in ascending order, so many at a time.
pub(crate) fn scalars(count: usize) -> impl Iterator<Item = String> {
    let mut all = char::MIN..=char::MAX;
    std::iter::from_fn(move || {
        let text: String = all.by_ref().take(count).collect();
        (!text.is_empty()).then_some(text)
    })
}

/// All scalar values behind the mark, in the places of [`short_paste`], and those that hide, move or mean something
/// (hidden ones and everything of one or two bytes) in all places, each with its report.
pub(crate) fn everything() -> &'static [(String, Report)] {
    static ALL: OnceLock<Vec<(String, Report)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mark = |text: String| format!("{MARK}{text}");
        let short = scalars(8192).map(mark).map(|text| {
            let report = judged(&short_paste(&text), &text);
            (text, report)
        });
        let telling: Vec<char> = (char::MIN..=char::MAX).filter(|&c| c < '\u{800}' || is_unsafe(c)).collect();
        let long = telling.chunks(512).map(|characters| mark(characters.iter().collect())).map(|text| {
            let report = report(&text);
            (text, report)
        });
        short.chain(long).collect()
    })
}

/// What spreadsheets take for formulas.
pub(crate) const FORMULAS: &[&str] = &[
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\"=1",
    "\";=1",
    ";=1",
    "; \"=cmd|' /C calc'!A0",
    "x;\u{a0}+1",
    "\u{ff1d}1",
    "a;\u{ff0b}1",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
];

/// What browsers take for markup.
pub(crate) const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "<!--",
    "-->",
    "<![CDATA[x]]>",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&amp",
    "&",
    "</dd></dl></section></main>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<a href=https://evil.example>x</a>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "</pre><iframe src=https://evil.example>",
    "<plaintext>",
];

/// A token that has the text as value and as name of claims and header members; an error of an API and one of the
/// sign-in service that quote it.
pub(crate) fn paste(text: &str) -> String {
    let mut parts = mint::base("graph-delegated", NOW);
    let value = json!(text).to_string();
    for name in ["upn", "name", "app_displayname", "employee", "idp", "uti", "deviceid", "rh"] {
        parts.claims.set(name, value.clone());
    }
    parts.claims.set("scp", json!(format!("User.Read {text}")).to_string());
    parts.claims.set("amr", json!([text]).to_string());
    parts.claims.set("wids", json!([text]).to_string());
    parts.claims.set("nested", json!({ text: [text] }).to_string());
    parts.claims.0.push((text.to_owned(), value.clone()));
    parts.header.set("kid", value.clone());
    parts.header.set("x5t", value.clone());
    parts.header.0.push((text.to_owned(), value));
    let api = json!({ "error": { "code": "Authorization_RequestDenied", "message": text,
        "innerError": { "request-id": text, "client-request-id": text, "date": text } } });
    let sign_in = json!({ "error": "invalid_client", "error_codes": [7_000_215], "trace_id": text,
        "correlation_id": text, "timestamp": text, "error_uri": text,
        "error_description": format!("AADSTS7000215: Invalid client secret provided for '{text}'.") });
    format!("Authorization: Bearer {}\n\n{api}\n\n{sign_in}\n", parts.compact())
}

/// The same in fewer places: a claim by name and value, a member of the header, the message of an error.
fn short_paste(text: &str) -> String {
    let mut parts = mint::base("graph-delegated", NOW);
    parts.claims.set("nested", json!({ text: [text] }).to_string());
    parts.claims.set("employee", json!(text).to_string());
    parts.header.set("kid", json!(text).to_string());
    let api = json!({ "error": { "code": "Authorization_RequestDenied", "message": text } });
    format!("Authorization: Bearer {}\n\n{api}\n", parts.compact())
}

/// The report on a paste that has the text everywhere, with a scenario and keys that have it in every part.
pub(crate) fn report(text: &str) -> Report {
    judged(&paste(text), text)
}

fn judged(paste: &str, text: &str) -> Report {
    let scenario = Scenario {
        calling: vec![format!("GET /users/{text}"), format!("GET https://graph.microsoft.com/v1.0/me/{text}")],
        tenant: Some(text.to_owned()),
        client_id: Some(text.to_owned()),
        library: Some(text.to_owned()),
        ..Scenario::default()
    };
    analyze(paste.as_bytes(), &Options { scenario, keys: Some(keys(text)), ..Options::at(NOW) })
}

/// A document of keys that has the text as its name, and as every text of its keys. The tokens name one of them, which
/// did not sign them.
fn keys(text: &str) -> Arc<KeySet> {
    let modulus = mint::base64url(&[0xFF; 256]);
    let key = json!({ "kty": "RSA", "kid": text, "x5t": text, "issuer": text, "n": modulus, "e": "AQAB", "d": "AQAB" });
    let document = json!({ "keys": [key, { "kty": "OKP", "kid": text, "crv": text }, { "kty": text, "kid": text }] });
    let mut keys = KeySet::new();
    keys.add(text, document.to_string().as_bytes()).expect("a key");
    Arc::new(keys)
}
