//! The cases of `tests/corpus`: what they say, and what they say that is expected.

use super::wrapping::wrap;
use super::{Members, Parts, WORLD, base, base64url, keys, opaque, reference};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokentriage::Options;
use tokentriage::jose::keys::KeySet;
use tokentriage::scenario::Scenario;

/// The moment of judging where a case names none.
const NOW: &str = "2026-03-01T10:00:00Z";

/// One case; see `tests/corpus/README.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) why: String,
    now: Option<String>,
    leeway: Option<i64>,
    base: Option<String>,
    #[serde(default)]
    header: toml::Table,
    #[serde(default)]
    claims: toml::Table,
    #[serde(default)]
    raw: BTreeMap<String, String>,
    #[serde(default)]
    twice: BTreeMap<String, String>,
    #[serde(default)]
    shape: ShapeChanges,
    #[serde(default)]
    also: BTreeMap<String, Minted>,
    #[serde(default)]
    wrap: Names,
    /// One case for each of these wrappings.
    #[serde(default)]
    each_wrap: Vec<String>,
    template: Option<String>,
    #[serde(default)]
    scenario: toml::Table,
    sign: Option<Sign>,
    /// The documents of keys that are given.
    #[serde(default)]
    keys: Vec<String>,
    pub(crate) expect: Expectation,
    /// The file that it stands in.
    #[serde(skip)]
    pub(crate) file: String,
}

/// How the token is signed; without it the signature is random bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    /// The key: `entra` or `other`.
    key: String,
    /// Over the header as it stands, where that has a nonce.
    #[serde(default)]
    nonce_as_received: bool,
    /// Over another payload than the one that the token has.
    #[serde(default)]
    another_payload: bool,
}

impl Sign {
    fn key(&self) -> &'static rsa::RsaPrivateKey {
        match self.key.as_str() {
            "entra" => keys::entra(),
            "other" => keys::other(),
            name => panic!("no key {name}"),
        }
    }

    /// The token with a signature.
    fn sign(&self, token: &str) -> String {
        let mut segments = token.split('.');
        let mut next = || segments.next().expect("a segment").to_owned();
        let (header, payload) = (next(), next());
        let bytes = |segment: &str| URL_SAFE_NO_PAD.decode(segment).expect("base64url");
        let json: serde_json::Value = serde_json::from_slice(&bytes(&header)).expect("JSON");
        let mut signed_header = String::from_utf8(bytes(&header)).expect("text");
        if let Some(nonce) = json["nonce"].as_str().filter(|_| !self.nonce_as_received) {
            signed_header = signed_header.replace(nonce, &base64url(&Sha256::digest(nonce)));
        }
        let signed_payload = if self.another_payload { base64url(b"{}") } else { payload.clone() };
        let message = format!("{}.{signed_payload}", base64url(signed_header.as_bytes()));
        let signature = keys::sign(self.key(), json["alg"].as_str().unwrap_or("RS256"), message.as_bytes());
        format!("{header}.{payload}.{}", base64url(&signature))
    }
}

impl Case {
    /// The document of keys that the case gives, where it is one and of RSA keys alone.
    pub(crate) fn rsa_keys(&self) -> Option<String> {
        (self.keys == ["entra"]).then(|| document("entra").to_string())
    }
}

/// A document of keys by its name.
pub(crate) fn document(name: &str) -> serde_json::Value {
    let personal = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
    let any_tenant = "https://login.microsoftonline.com/{tenantid}/v2.0";
    let keys = match name {
        // As the document of version 2.0: the key for organisations and that for personal accounts.
        "entra" => vec![
            keys::jwk(keys::entra(), json!({ "issuer": any_tenant })),
            keys::jwk(keys::other(), json!({ "issuer": personal })),
        ],
        "entra-v1" => vec![keys::jwk(keys::entra(), json!({}))],
        "other" => vec![keys::jwk(keys::other(), json!({}))],
        "private" => vec![keys::jwk(keys::entra(), json!({ "d": "AQAB" }))],
        "for-another-algorithm" => vec![keys::jwk(keys::entra(), json!({ "alg": "PS256" }))],
        _ => panic!("no document {name}"),
    };
    json!({ "keys": keys })
}

/// A second token of a case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Minted {
    base: Option<String>,
    header: toml::Table,
    claims: toml::Table,
    raw: BTreeMap<String, String>,
    twice: BTreeMap<String, String>,
    shape: ShapeChanges,
}

/// What is done to the compact serialisation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ShapeChanges {
    /// Bytes of the signature.
    signature: Option<usize>,
    /// Only so many segments.
    segments: Option<usize>,
    /// Only so many characters.
    keep: Option<usize>,
    /// So many characters fewer at the end.
    cut: Option<usize>,
    /// So many characters fewer at the start.
    behead: Option<usize>,
    /// Every letter in lower case.
    lower_case: bool,
    /// Standard base64 instead of base64url.
    standard_alphabet: bool,
    /// Padding behind every segment.
    padding: bool,
}

/// One name or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
enum Names {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

/// What the report has to say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// The id of the first finding; `nothing`: none of severity error or warning; absent: not this case's matter.
    pub(crate) first: Option<String>,
    /// What speaks for it, word for word.
    pub(crate) because: Option<String>,
    /// The question with which one makes sure of it, the last of its steps.
    pub(crate) question: Option<String>,
    /// Ids that are somewhere in the report.
    #[serde(default)]
    pub(crate) includes: Vec<String>,
    /// Ids that are nowhere in it.
    #[serde(default)]
    pub(crate) excludes: Vec<String>,
    /// Rules that applied and found nothing.
    #[serde(default)]
    pub(crate) passes: Vec<String>,
    /// Rules that could not be judged.
    #[serde(default)]
    pub(crate) not_applicable: Vec<String>,
    /// How many artefacts of each kind.
    #[serde(default)]
    pub(crate) artefacts: BTreeMap<String, usize>,
    /// `problem`, `no-problem-found` or `unreadable`.
    pub(crate) status: Option<String>,
    /// The answer to "does the token suffice for the call".
    pub(crate) permission: Option<String>,
    /// The permission that would do with the least power.
    pub(crate) least: Option<Vec<String>>,
    /// Values of the JSON report by JSON pointer.
    #[serde(default)]
    pub(crate) json: BTreeMap<String, toml::Value>,
}

impl Expectation {
    /// Ids of findings that have to be there.
    pub(crate) fn firing(&self) -> impl Iterator<Item = &str> {
        let first = self.first.as_deref().filter(|first| *first != "nothing");
        first.into_iter().chain(self.includes.iter().map(String::as_str))
    }
}

/// All cases, by file.
#[expect(clippy::disallowed_methods, reason = "a test may read its cases")]
pub(crate) fn all() -> Vec<Case> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        case: Vec<Case>,
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("tests/corpus").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().expect("a file name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        file.case.into_iter().map(move |case| Case { file: name.clone(), ..case })
    };
    files.into_iter().flat_map(read).flat_map(Case::in_each_wrapping).collect()
}

impl Case {
    fn in_each_wrapping(self) -> Vec<Self> {
        if self.each_wrap.is_empty() {
            return vec![self];
        }
        let wrapped = |name: &String| Self {
            name: format!("{} in {name}", self.name),
            wrap: Names::One(name.clone()),
            each_wrap: Vec::new(),
            ..self.clone()
        };
        self.each_wrap.iter().map(wrapped).collect()
    }

    /// The moment of judging and the scenario.
    pub(crate) fn options(&self) -> Options {
        let mut options = Options { scenario: self.scenario(), ..Options::at(self.now()) };
        if let Some(leeway) = self.leeway {
            options.leeway = leeway;
        }
        if !self.keys.is_empty() {
            let mut keys = KeySet::new();
            for name in &self.keys {
                keys.add(&format!("{name}.json"), document(name).to_string().as_bytes()).expect("keys");
            }
            options.keys = Some(Arc::new(keys));
        }
        options
    }

    /// The paste.
    pub(crate) fn paste(&self) -> Vec<u8> {
        let own = Minted {
            base: self.base.clone(),
            header: self.header.clone(),
            claims: self.claims.clone(),
            raw: self.raw.clone(),
            twice: self.twice.clone(),
            shape: self.shape.clone(),
        };
        let mut token = self.mint(&own);
        if let Some(sign) = &self.sign {
            token = sign.sign(&token);
        }
        let mut others: Vec<(String, String)> = vec![("token".to_owned(), token.clone())];
        others.extend(self.also.iter().map(|(name, minted)| (name.clone(), self.mint(minted))));
        let decoded = self.parts(&own);
        others.push(("broken-token".to_owned(), broken(&token)));
        others.push(("header".to_owned(), decoded.header.to_json()));
        others.push(("claims".to_owned(), decoded.claims.to_json()));
        let pretty =
            |json: String| format!("{:#}", serde_json::from_str::<serde_json::Value>(&json).unwrap_or_default());
        others.push(("pretty-header".to_owned(), pretty(decoded.header.to_json())));
        others.push(("pretty-claims".to_owned(), pretty(decoded.claims.to_json())));
        let text = self.template.as_ref().map_or(token, |template| fill(template, &others));
        match &self.wrap {
            Names::None => text.into_bytes(),
            Names::One(name) => wrap(&text, std::slice::from_ref(name)),
            Names::Several(names) => wrap(&text, names),
        }
    }

    fn now(&self) -> i64 {
        let text = self.now.as_deref().unwrap_or(NOW);
        let moment = chrono::DateTime::parse_from_rfc3339(text);
        moment.unwrap_or_else(|error| panic!("{}: {text}: {error}", self.name)).timestamp()
    }

    /// Moment and scenario as the fuzz targets read them in front of a paste.
    pub(crate) fn told(&self) -> String {
        format!("{{\"now\":{},\"scenario\":{}}}", self.now(), self.scenario_json())
    }

    fn scenario(&self) -> Scenario {
        Scenario::from_json(&self.scenario_json()).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn scenario_json(&self) -> String {
        fill(&serde_json::to_string(&self.scenario).expect("a table of texts"), &[])
    }

    fn parts(&self, minted: &Minted) -> Parts {
        let mut parts = base(minted.base.as_deref().unwrap_or("graph-delegated"), self.now());
        if let Some(sign) = &self.sign {
            let name = json!(keys::key_id(sign.key())).to_string();
            for member in ["x5t", "kid"] {
                if parts.header.text(member).is_some() {
                    parts.header.set(member, name.clone());
                }
            }
        }
        self.change(&mut parts.header, &minted.header);
        self.change(&mut parts.claims, &minted.claims);
        if !minted.claims.contains_key("rh") && parts.claims.text("rh").is_some() && minted.claims.contains_key("aud") {
            // The reference names the resource, so it follows the audience.
            let resource = resource(&parts.claims.text("aud").unwrap_or_default());
            let reference = reference(super::id("tenant"), &resource);
            parts.claims.set("rh", serde_json::json!(reference).to_string());
        }
        for (name, json) in &minted.raw {
            parts.claims.set(name, fill(json, &[]));
        }
        for (name, json) in &minted.twice {
            parts.claims.0.push((name.clone(), fill(json, &[])));
        }
        parts.signature = minted.shape.signature.unwrap_or(parts.signature);
        parts
    }

    fn mint(&self, minted: &Minted) -> String {
        if minted.base.as_deref() == Some("none") && minted.claims.is_empty() && minted.raw.is_empty() {
            return String::new();
        }
        let mut token = self.parts(minted).compact();
        let shape = &minted.shape;
        if let Some(segments) = shape.segments {
            token = token.split('.').take(segments).collect::<Vec<_>>().join(".");
        }
        if let Some(keep) = shape.keep {
            token.truncate(keep);
        }
        if let Some(cut) = shape.cut {
            token.truncate(token.len() - cut);
        }
        if let Some(behead) = shape.behead {
            token.drain(..behead);
        }
        if shape.lower_case {
            token.make_ascii_lowercase();
        }
        if shape.standard_alphabet {
            token = token.replace('-', "+").replace('_', "/");
        }
        if shape.padding {
            let padded = |segment: &str| format!("{segment}{}", "=".repeat((4 - segment.len() % 4) % 4));
            token = token.split('.').map(padded).collect::<Vec<_>>().join(".");
        }
        token
    }

    fn change(&self, members: &mut Members, changes: &toml::Table) {
        for (name, value) in changes {
            match value.as_str() {
                Some("-") => members.remove(name),
                Some(text) if moment(text, self.now()).is_some() => {
                    members.set(name, moment(text, self.now()).unwrap_or_default().to_string());
                }
                _ => {
                    let json = serde_json::to_string(value).unwrap_or_else(|error| panic!("{}: {error}", self.name));
                    members.set(name, fill(&json, &[]));
                }
            }
        }
    }
}

/// Breaks a token into lines of odd width, as no console does.
fn broken(token: &str) -> String {
    let mut lines = Vec::new();
    let mut rest = token;
    for width in [57, 41, 90, 33].into_iter().cycle() {
        let Some((line, after)) = rest.split_at_checked(width) else { break };
        lines.push(line);
        rest = after;
    }
    lines.push(rest);
    lines.join("\n")
}

/// `now`, `now+1h`, `now-30m`, `now-301s`, `now+2d`.
fn moment(text: &str, now: i64) -> Option<i64> {
    let rest = text.strip_prefix("now")?;
    if rest.is_empty() {
        return Some(now);
    }
    let unit = match rest.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return None,
    };
    let count: i64 = rest.get(..rest.len() - 1)?.parse().ok()?;
    Some(now + count * unit)
}

/// Puts values in the place of `{name}`.
fn fill(text: &str, values: &[(String, String)]) -> String {
    let mut filled = text.to_owned();
    for (name, value) in values {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    for (name, value) in WORLD {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    const OPAQUE: [&str; 16] = [
        "refresh-token",
        "family-refresh-token",
        "primary-refresh-token",
        "authorization-code",
        "new-refresh-token",
        "new-authorization-code",
        "old-refresh-token",
        "old-authorization-code",
        "personal-ticket",
        "personal-refresh-token",
        "personal-code",
        "client-secret",
        "encrypted-token",
        "saml-base64",
        "saml-base64url",
        "saml",
    ];
    for name in OPAQUE {
        let mark = format!("{{{name}}}");
        if filled.contains(&mark) {
            filled = filled.replace(&mark, &opaque(name).expect("a known name"));
        }
    }
    while let Some((before, rest)) = filled.split_once("{reference:")
        && let Some((names, after)) = rest.split_once('}')
        && let Some((tenant, application)) = names.split_once(':')
    {
        filled = format!("{before}{}{after}", reference(super::id(tenant), super::id(application)));
    }
    if filled.contains("{300000 x}") {
        filled = filled.replace("{300000 x}", &"x".repeat(300_000));
    }
    for depth in [60, 200] {
        let nest = format!("{}null{}", "{\"a\":[".repeat(depth / 2), "]}".repeat(depth / 2));
        filled = filled.replace(&format!("{{nest {depth}}}"), &nest);
    }
    while let Some((before, rest)) = filled.split_once("{base64:")
        && let Some((inner, after)) = rest.split_once(":base64}")
    {
        filled = format!("{before}{}{after}", base64url(inner.as_bytes()));
    }
    filled
}

/// The application ID of the resource that an audience names.
fn resource(audience: &str) -> String {
    let known = [
        ("graph.windows.net", "00000002-0000-0000-c000-000000000000"),
        ("management.", "797f4846-ba00-4fd7-ba43-dac1f8f63013"),
        ("vault.azure.net", "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"),
        ("outlook.office", "00000002-0000-0ff1-ce00-000000000000"),
        ("sharepoint.com", "00000003-0000-0ff1-ce00-000000000000"),
        ("storage.azure.com", "e406a681-f3d4-42a8-90b6-c2b029497af1"),
        ("graph", super::id("graph")),
    ];
    let is_guid = |text: &&str| text.len() == 36 && text.bytes().filter(|&byte| byte == b'-').count() == 4;
    let inside = audience.split('/').find(is_guid).map(str::to_owned);
    let by_name = || known.iter().find(|(part, _)| audience.contains(part)).map(|(_, id)| (*id).to_owned());
    inside.or_else(by_name).unwrap_or_else(|| super::id("own-api").to_owned())
}
