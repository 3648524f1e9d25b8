//! The core of tokentriage for its page: text in, text out. What a function takes and gives is JSON; a paste comes as
//! the bytes that it is. Nothing is kept between two calls.
//!
//! What cannot be answered comes back as `{"error": "one sentence"}`, never as a trap.

#[cfg(target_family = "wasm")]
mod memory;

use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;
use tokentriage::explain::{self, suggestions, unknown};
use tokentriage::jose::json::{Document, Kind, Value};
use tokentriage::jose::keys::KeySet;
use tokentriage::report::{Guide, RawJson, Report};
use tokentriage::scenario::{Client, Cloud, Flow, FlowGuide, Resource, Scenario, guides};
use tokentriage::{Options, catalog, diff, permission, render};
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes what answers share, before the first of them.
#[cfg(target_family = "wasm")]
#[wasm_bindgen(start)]
fn begin() {
    permission::embedded();
    memory::keep();
}

/// Wipes what the last answer and its question took. To be called when the answer has been read.
#[cfg(target_family = "wasm")]
#[wasm_bindgen]
pub fn forget() {
    memory::give_back();
}

/// The report, as `tokentriage --format json` prints it.
#[wasm_bindgen]
pub fn analyze(paste: &[u8], options: &str) -> String {
    answer(options, |request| json(&request.report(paste)))
}

/// The report for a ticket, in Markdown. Personal values are replaced, whatever the options say.
#[wasm_bindgen]
pub fn ticket(paste: &[u8], options: &str) -> String {
    answer(options, |mut request| {
        request.redact = true;
        render::markdown(&request.report(paste))
    })
}

/// The report as one HTML page that loads and runs nothing, for keeping.
#[wasm_bindgen]
pub fn html(paste: &[u8], options: &str) -> String {
    answer(options, |request| render::html(&request.report(paste)))
}

/// Header and payload of every artefact that has them: numbers, order and duplicates as they stand. They come as texts
/// of JSON, because a script would lose all three.
#[wasm_bindgen]
pub fn decode(paste: &[u8], options: &str) -> String {
    /// An artefact taken apart; `artefact` is its number in the report.
    #[derive(Serialize)]
    struct Decoded {
        artefact: usize,
        header: Option<String>,
        payload: Option<String>,
    }
    answer(options, |request| {
        let report = request.report(paste);
        let text = |raw: &Option<RawJson>| raw.as_ref().map(|raw| render::json(raw, true));
        let decoded = report.artefacts.iter().enumerate().filter_map(|(artefact, found)| {
            let (header, payload) = (text(&found.header), text(&found.payload));
            (header.is_some() || payload.is_some()).then_some(Decoded { artefact, header, payload })
        });
        json(&decoded.collect::<Vec<_>>())
    })
}

/// Two pastes side by side, as `tokentriage diff --format json` prints it; a side without a token is `null`.
#[wasm_bindgen]
pub fn compare(before: &[u8], after: &[u8], options: &str) -> String {
    answer(options, |request| json(&diff::diff(&request.report(before), &request.report(after))))
}

/// What a code, claim, permission, finding or GUID means, as `tokentriage explain --format json` prints it. Of an unknown
/// one: `error`, and the names that may have been meant as `suggestions`.
#[wasm_bindgen]
pub fn explain(term: &str) -> String {
    /// A term of which nothing is known.
    #[derive(Serialize)]
    struct Unknown {
        error: String,
        suggestions: Vec<&'static str>,
    }
    let explanations = explain::explain(term);
    if explanations.is_empty() {
        return json(&Unknown { error: unknown(term), suggestions: suggestions(term) });
    }
    json(&explanations)
}

/// Which permissions a call needs, as `tokentriage permit --format json` prints it.
#[wasm_bindgen]
pub fn permit(call: &str) -> String {
    match permission::embedded().needs(call) {
        Ok(needs) => json(&needs),
        Err(error) => failure(&error.to_string()),
    }
}

/// Calls that go on like what was written so far, short ones first: a list of texts.
#[wasm_bindgen]
pub fn complete(text: &str) -> String {
    /// How many calls a list shows.
    const AT_MOST: usize = 24;
    json(&permission::embedded().complete(text, AT_MOST))
}

/// Everything that a scenario can say: names of the scenario file, with their words.
#[wasm_bindgen]
pub fn scenarios() -> String {
    /// A choice: its name in a scenario, and its name for people.
    #[derive(Serialize)]
    struct Choice {
        name: &'static str,
        words: &'static str,
    }
    /// A flow.
    #[derive(Serialize)]
    struct FlowChoice {
        name: &'static str,
        words: &'static str,
        summary: &'static str,
        app_only: bool,
        clients: Vec<&'static str>,
    }
    /// All choices.
    #[derive(Serialize)]
    struct Choices {
        flows: Vec<FlowChoice>,
        clients: Vec<Choice>,
        clouds: Vec<Choice>,
        resources: Vec<&'static str>,
    }
    let flow = |guide: &FlowGuide| FlowChoice {
        name: guide.flow.name(),
        words: guide.name,
        summary: guide.summary,
        app_only: guide.flow.is_app_only(),
        clients: guide.clients.iter().map(|client| client.name()).collect(),
    };
    let cloud =
        |cloud: &Cloud| Choice { name: cloud.name(), words: cloud.facts().map_or(cloud.name(), |facts| facts.title) };
    json(&Choices {
        flows: guides().iter().map(flow).collect(),
        clients: Client::ALL.iter().map(|client| Choice { name: client.name(), words: client.words() }).collect(),
        clouds: Cloud::ALL.iter().map(cloud).collect(),
        resources: Resource::ALL.iter().map(|resource| resource.name()).collect(),
    })
}

/// What a flow has to request and what its token looks like, as `tokentriage scenarios FLOW --format json` prints it.
#[wasm_bindgen]
pub fn guide(flow: &str) -> String {
    let Some(flow) = Flow::from_name(flow) else { return failure("there is no flow of that name") };
    let scenario = Scenario { flow: Some(flow), ..Scenario::default() };
    let guide: Option<Guide> = tokentriage::analyze(b"", &Options { scenario, ..Options::at(0) }).guide;
    json(&guide)
}

/// Which version of what this is: `version` and `catalog_date`.
#[wasm_bindgen]
pub fn about() -> String {
    /// Version of the program, and the newest date of its facts.
    #[derive(Serialize)]
    struct About {
        version: &'static str,
        catalog_date: &'static str,
    }
    json(&About { version: tokentriage::VERSION, catalog_date: catalog::date() })
}

/// What an analysis is told besides the paste.
struct Request {
    options: Options,
    redact: bool,
}

impl Request {
    /// Reads the options with the library's own reader: that of serde would bring the tables of binary fractions, which
    /// are larger than everything else that is said here.
    fn read(options: &str) -> Result<Self, String> {
        /// The widest leeway that makes sense, in seconds; the command takes no wider one.
        const MOST_LEEWAY: i64 = 86_400;

        let document = Document::read(options);
        let root = document.root().filter(|root| document.error().is_none() && root.kind() == Kind::Object);
        let root = root.ok_or("the options are no JSON object")?;
        let now = root.get("now").and_then(Value::as_i64).ok_or("the options lack now, in whole seconds since 1970")?;
        let mut request = Self { options: Options::at(now), redact: false };
        for (name, value) in root.members().filter(|(_, value)| value.kind() != Kind::Null) {
            match name.as_ref() {
                "now" => {}
                "leeway" => {
                    let leeway = value.as_i64().filter(|leeway| (0..=MOST_LEEWAY).contains(leeway));
                    request.options.leeway = leeway.ok_or(format!("leeway: expected 0 to {MOST_LEEWAY} seconds"))?;
                }
                "redact" => request.redact = value.as_bool().ok_or("redact: expected true or false")?,
                "scenario" => request.options.scenario = scenario(value)?,
                // A document of keys to check signatures with, as `--jwks` takes it; RSA alone is built in.
                "keys" => {
                    let document = value.as_str().ok_or("keys: expected the text of a document")?;
                    let mut keys = KeySet::new();
                    tokentriage::add_keys(&mut keys, "the given keys", document.as_bytes())
                        .map_err(|error| format!("the keys cannot be used to check signatures: {error}"))?;
                    request.options.keys = Some(Arc::new(keys));
                }
                _ => return Err(format!("unknown option {name}")),
            }
        }
        Ok(request)
    }

    fn report(&self, paste: &[u8]) -> Report {
        let mut report = tokentriage::analyze(paste, &self.options);
        if self.redact {
            report.redact();
        }
        report
    }
}

/// Reads a scenario: the keys of a scenario file. What is absent, `null` or blank was not said.
fn scenario(value: Value<'_>) -> Result<Scenario, String> {
    let mut scenario = Scenario::default();
    for (name, value) in value.members() {
        let text = value.as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match name.as_ref() {
            "calling" => {
                let calls = text.into_iter().chain(value.items().filter_map(|item| item.as_str().map(Cow::into_owned)));
                scenario.calling = calls.filter(|call| !call.trim().is_empty()).collect();
            }
            "flow" => scenario.flow = chosen(&name, text, Flow::from_name)?,
            "client" => scenario.client = chosen(&name, text, Client::from_name)?,
            "cloud" => scenario.cloud = chosen(&name, text, Cloud::from_name)?,
            "resource" => scenario.resource = chosen(&name, text, Resource::from_name)?,
            "tenant" => scenario.tenant = text,
            "client_id" => scenario.client_id = text,
            "library" => scenario.library = text,
            _ => return Err(format!("unknown key {name} of the scenario")),
        }
    }
    Ok(scenario)
}

fn chosen<T>(key: &str, name: Option<String>, read: fn(&str) -> Option<T>) -> Result<Option<T>, String> {
    name.map(|name| read(&name).ok_or_else(|| format!("unknown {key} {name}"))).transpose()
}

fn answer(options: &str, answer: impl FnOnce(Request) -> String) -> String {
    match Request::read(options) {
        Ok(request) => answer(request),
        Err(error) => failure(&error),
    }
}

/// JSON as the command prints it, with a line break at the end.
fn json<T: Serialize>(value: &T) -> String {
    render::json(value, true) + "\n"
}

fn failure(sentence: &str) -> String {
    /// Why there is no answer.
    #[derive(Serialize)]
    struct Failure<'a> {
        error: &'a str,
    }
    json(&Failure { error: sentence })
}
