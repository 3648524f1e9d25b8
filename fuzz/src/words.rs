//! What a person types beside a paste: calls, terms, scenario and permission files.

use super::measure::Bound;
use super::{output, report};
use tokentriage::explain::{self, suggestions, unknown};
use tokentriage::permission::{self, CallList, Catalogue, LoadError, Scheme};
use tokentriage::render::{self, SafeLine, TextOptions};
use tokentriage::scenario::{Call, Scenario};
use tokentriage::{Options, analyze};

const NOW: i64 = 1_772_359_200;

/// See [`TARGETS`](super::TARGETS).
pub fn call(data: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 64, beside: 64 * 1024 };
    let text = String::from_utf8_lossy(data);
    let catalogue = permission::embedded();
    match MEMORY.check("a call", text.len(), || Call::parse(&text)) {
        Ok(call) => check_call(&call),
        Err(error) => output::shows("an error", &SafeLine(&error.to_string()).to_string(), &[]),
    }
    let needs = MEMORY.check("the needs of a call", text.len(), || catalogue.needs_or_error(&text));
    assert_eq!(needs.error.is_some(), permission::read_call(&text).is_err());
    output::json("the needs of a call", &needs);
    let list = CallList::read(data);
    let all = list.needs(catalogue);
    let covering = catalogue.covering(&all);
    assert_eq!(covering.calls, all.len());
    for (scheme, set) in
        Scheme::ALL.iter().zip([&covering.delegated_work, &covering.delegated_personal, &covering.application])
    {
        assert_eq!(set.covered + set.uncovered.len(), all.len(), "{}", scheme.name());
    }
    output::json("a cover", &covering);
    for width in output::WIDTHS.into_iter().filter(|width| output::is_turn_of(*width, data.len())) {
        let options = TextOptions { width, ..TextOptions::default() };
        output::page("the needs of a call", &render::needs_text(&needs, &options), width, false);
        output::page("the needs of calls", &render::calls_text(&all, &covering, &options), width, false);
        output::page("a cover", &render::covering_text(&covering, &options), width, false);
    }
}

/// Asserts that a call is in its canonical form, in which it is the same call again.
fn check_call(call: &Call) {
    assert!(call.path.starts_with('/'), "{call:?}");
    assert!(!call.path.contains("//") && (call.path == "/" || !call.path.ends_with('/')), "{call:?}");
    assert!(call.segments().all(|segment| !segment.is_empty()));
    assert!(
        call.host.as_ref().is_none_or(|host| !host.contains(|letter: char| letter.is_ascii_uppercase())),
        "{call:?}"
    );
}

/// See [`TARGETS`](super::TARGETS). The members of `permissions`, in front of enough others to be a table.
pub fn permissions(data: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 512, beside: 1 << 20 };
    let others: Vec<String> =
        (0..permission::MIN_PATHS).map(|number| format!("\"/padding{number}/{{id}}\":\"least=Application\"")).collect();
    let padding = format!(
        "\"Padding.Read.All\":{{\"schemes\":{{\"Application\":{{\"privilegeLevel\":1}}}},\"pathSets\":[{{\"schemeKeys\":\
         [\"Application\"],\"methods\":[\"GET\"],\"paths\":{{{}}}}}]}}",
        others.join(",")
    );
    let document = [b"{\"permissions\":{".as_slice(), data, padding.as_bytes(), b"}}"].concat();
    check_loaded(MEMORY.check("a table", document.len(), || Catalogue::from_permissions_json(&document)), true);
    check_loaded(Catalogue::from_permissions_json(data), false);
}

fn check_loaded(loaded: Result<(Catalogue, Vec<permission::Note>), LoadError>, padded: bool) {
    let (catalogue, notes) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            // The members in front can close the table, so that the others stand elsewhere.
            let broken = matches!(error, LoadError::NotReadable(_) | LoadError::TooSmall { .. });
            assert!(!padded || broken, "{error}");
            return output::shows("an error", &SafeLine(&error.to_string()).to_string(), &[]);
        }
    };
    for note in &notes {
        output::shows("a note", &SafeLine(&note.to_string()).to_string(), &[]);
    }
    let (calls, _) = catalogue.counts();
    assert!(calls >= permission::MIN_PATHS);
    let listed: Vec<_> = catalogue.calls().collect();
    assert_eq!(listed.len(), calls);
    let of_the_document = listed.iter().filter(|(_, template)| !template.starts_with("/padding")).take(8);
    for (method, template) in of_the_document.chain(listed.first()) {
        let needs = catalogue.needs_or_error(&format!("{method} {template}"));
        output::json("the needs of a call", &needs);
        for width in output::WIDTHS {
            let options = TextOptions { width, ..TextOptions::default() };
            output::page("the needs of a call", &render::needs_text(&needs, &options), width, false);
        }
    }
    // The members in front can leave a quotation mark open, which makes it another name.
    if let Some(opens) = catalogue.opens("Padding.Read.All") {
        assert!(opens.calls.iter().any(|call| call.path == "/padding0/{id}"), "{opens:?}");
        output::json("what a permission opens", &opens);
    }
}

/// See [`TARGETS`](super::TARGETS).
pub fn scenario(data: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 256, beside: 16 * 1024 };
    let text = String::from_utf8_lossy(data);
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
    let scenario = match MEMORY.check("a scenario", text.len(), || Scenario::from_json(&text)) {
        Ok(scenario) => scenario,
        Err(error) => {
            assert!(error.line <= text.lines().count().max(1) + 1, "{error}");
            return output::shows("an error", &SafeLine(&error.to_string()).to_string(), &[]);
        }
    };
    assert!(is_json, "no JSON was read: {scenario:?}");
    assert!(scenario.calling.iter().all(|call| !call.trim().is_empty()));
    let options = Options { scenario, ..Options::at(NOW) };
    let report = analyze(b"", &options);
    report::check(&report, 0);
    report::check_redaction(&report);
    // Without a token nothing is compared: each call has its own answer, and nothing can be in excess.
    assert!(report.permissions.iter().all(|answer| !answer.compared), "{:?}", report.permissions);
    assert!(report.permission_set.is_none());
}

/// See [`TARGETS`](super::TARGETS).
pub fn explain(data: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 64, beside: 1 << 20 };
    let text = String::from_utf8_lossy(data);
    let all = MEMORY.check("an explanation", text.len(), || explain::explain(&text));
    output::json("an explanation", &all);
    for explanation in &all {
        assert_eq!(explanation.term, text.trim());
        assert!(!explanation.name.is_empty() && !explanation.kind.is_empty(), "{explanation:?}");
    }
    for suggestion in suggestions(&text) {
        assert!(!explain::explain(suggestion).is_empty(), "{suggestion} is suggested and not known");
    }
    output::shows("a message", &SafeLine(&unknown(&text)).to_string(), &[]);
}
