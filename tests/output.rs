//! Nothing of a paste acts in an output. All 1,112,064 scalar values go through every format and every message, in the
//! places where a paste can have text; what others make of the result is read with their parsers.
#![allow(clippy::disallowed_methods, reason = "runs the command, and makes files for it")]

mod command;
mod mint;

#[path = "output/hostile.rs"]
mod hostile;
#[path = "output/markdown.rs"]
mod markdown;
#[path = "output/messages.rs"]
mod messages;
#[path = "output/sarif.rs"]
mod sarif;

use hostile::{MARK, everything, report, scalars};
use html5gum::{Token, Tokenizer};
use tokentriage::explain::{explain, unknown};
use tokentriage::permission::{CallList, Catalogue, embedded};
use tokentriage::render::{self, SafeLine, TextOptions, is_unsafe};
use tokentriage::report::Report;

/// Fails where a character reached an output that does not show as itself.
fn assert_shown(output: &str, layout: &[char], place: &str) {
    let hidden = output.char_indices().find(|&(_, character)| is_unsafe(character) && !layout.contains(&character));
    if let Some((at, character)) = hidden {
        let before: String = output[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{place}: {character:?} behind {before:?}");
    }
}

/// Fails where an output has lost the values that it is tested with.
fn assert_quotes(output: &str, least: usize, place: &str) {
    let count = output.matches(MARK).count();
    assert!(count >= least, "{place} quotes the hostile text {count} times, not {least} times: {output}");
}

#[test]
fn all_characters_are_covered() {
    let all: Vec<char> = scalars(2048).flat_map(|text| text.chars().collect::<Vec<_>>()).collect();
    assert_eq!(all.len(), 1_112_064);
    assert!(all.is_sorted() && all.first() == Some(&char::MIN) && all.last() == Some(&char::MAX));
}

#[test]
fn text_shows_every_character() {
    for (_, report) in everything() {
        let plain = render::text(report, &TextOptions { all: true, ..TextOptions::default() });
        assert_quotes(&plain, 4, "text");
        assert_shown(&plain, &['\n'], "text");
    }
}

#[test]
fn colours_are_the_only_control_sequences() {
    // Printable text cannot become a control sequence: it is enough to look at those that control.
    let report = report(&(char::MIN..='\u{2ff}').collect::<String>());
    let [plain, coloured] =
        [false, true].map(|colour| render::text(&report, &TextOptions { all: true, colour, ..TextOptions::default() }));
    let mut without = coloured.clone();
    for code in ["0", "1", "1;31", "1;32", "1;35"] {
        without = without.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_ne!(coloured, plain);
    assert_eq!(without, plain);
}

#[test]
fn json_gives_every_character_back() {
    for (value, report) in everything() {
        for pretty in [false, true] {
            let json = render::json(report, pretty);
            assert_shown(&json, if pretty { &['\n'] } else { &[] }, "json");
            let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
            let payload = &read["artefacts"][0]["payload"];
            assert_eq!(payload["employee"], serde_json::json!(value));
            assert_eq!(payload["nested"][value], serde_json::json!([value]));
        }
    }
}

#[test]
fn csv_has_neither_hidden_characters_nor_formulas() {
    let formulas: Vec<Report> = hostile::FORMULAS.iter().map(|formula| report(formula)).collect();
    for report in everything().iter().map(|(_, report)| report).chain(&formulas) {
        let csv = render::csv(report);
        assert_shown(&csv.replace("\r\n", "\n"), &['\n'], "csv");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
        for record in reader.records() {
            let record = record.expect("as many fields as the line of names");
            assert_eq!(record.len(), 22);
            // Where a list is separated by semicolons, a spreadsheet splits at those.
            for cell in record.iter().flat_map(|field| field.split(';')) {
                let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                assert!(!start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']), "{cell:?}");
            }
        }
    }
}

#[test]
fn html_has_no_markup_but_its_own() {
    let markup = hostile::MARKUP.iter().map(|markup| format!("{MARK}{markup}"));
    let markup: Vec<_> = markup.map(|value| (value.clone(), report(&value))).collect();
    for (value, report) in everything().iter().chain(&markup) {
        let html = render::html(report);
        assert_quotes(&html, 4, "html");
        assert_shown(&html, &['\n'], "html");
        let mut text = String::new();
        for Ok(token) in Tokenizer::new(html.as_str()) {
            match token {
                Token::StartTag(tag) => {
                    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                    let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value)));
                    check_tag(&text(&tag.name), attributes);
                }
                Token::String(piece) => text.push_str(&String::from_utf8_lossy(&piece)),
                Token::EndTag(_) => {}
                Token::Doctype(_) => assert!(text.is_empty()),
                Token::Comment(comment) => panic!("a comment: {comment:?}"),
                Token::Error(error) => panic!("{error:?} in the page for {value:?}"),
            }
        }
        assert!(text.contains(&SafeLine(value).to_string()), "the page reads {value:?} as {text}");
    }
}

/// Only what the page is made of, and no attribute that runs or loads anything.
fn check_tag(name: &str, attributes: impl Iterator<Item = (String, String)>) {
    const NAMES: &str = " html head meta title style body header main section article footer h1 h2 h3 p span a code pre \
                         time ol ul li dl dt dd table thead tbody tr th td svg path rect ";
    const ATTRIBUTES: &str = " lang charset http-equiv content name class scope viewBox viewbox width height x y d \
                              aria-hidden fill-rule stroke stroke-width vector-effect preserveaspectratio href rel ";
    assert!(NAMES.contains(&format!(" {name} ")), "an element {name}");
    for (attribute, value) in attributes {
        assert!(ATTRIBUTES.contains(&format!(" {attribute} ")), "an attribute {attribute} of {name}");
        assert!(!value.contains(MARK), "{attribute} of {name} quotes the paste: {value}");
        if attribute == "href" {
            let known = ["https://learn.microsoft.com/", "https://www.rfc-editor.org/", "https://stackoverflow.com/"];
            assert!(known.iter().any(|start| value.starts_with(start)), "a link to {value}");
        }
    }
}

#[test]
fn differences_show_every_character() {
    let before = report("another value");
    for (_, report) in everything() {
        let difference = tokentriage::diff::diff(&before, report);
        let text = render::difference_text(&difference, &TextOptions { all: true, ..TextOptions::default() });
        assert_quotes(&text, 2, "difference");
        assert_shown(&text, &['\n'], "difference");
        let json = render::json(&difference, true);
        assert_quotes(&json, 2, "difference as JSON");
        assert_shown(&json, &['\n'], "difference as JSON");
    }
}

#[test]
fn answers_on_calls_and_terms_show_every_character() {
    let options = TextOptions::default();
    for value in scalars(8192).map(|text| format!("{MARK}{text}")) {
        let list = format!("GET /users/{value}\nGET https://graph.microsoft.com/v1.0/{value}/x\n{value}");
        let needs = CallList::read(list.as_bytes()).needs(embedded());
        let all = render::calls_text(&needs, &embedded().covering(&needs), &options);
        assert_quotes(&all, 2, "calls");
        assert_shown(&all, &['\n'], "calls");
        for needs in &needs {
            assert_shown(&render::needs_text(needs, &options), &['\n'], "call");
            assert_shown(&render::json(needs, false), &[], "call as JSON");
        }
        for term in [value.clone(), format!("{value}*"), format!("AADSTS{value}"), format!("https://{value}/")] {
            assert_shown(&render::json(&explain(&term), true), &['\n'], "explanation");
            assert_shown(&SafeLine(&unknown(&term)).to_string(), &[], "unknown term");
        }
    }
}

/// Names in a table of permissions that somebody else wrote.
#[test]
fn a_foreign_table_shows_every_hidden_character() {
    let hidden: Vec<char> = (char::MIN..=char::MAX).filter(|&character| is_unsafe(character)).collect();
    for names in hidden.chunks(64) {
        let name = format!("{MARK}{}", names.iter().collect::<String>());
        let paths: serde_json::Map<String, serde_json::Value> =
            (0..120).map(|number| (format!("/things/{number}"), "least=DelegatedWork".into())).collect();
        let document = serde_json::json!({ "permissions": { &name: {
            &name: 1,
            "schemes": { "DelegatedWork": { &name: 1 }, &name: {} },
            "pathSets": [{ "schemeKeys": ["DelegatedWork"], "methods": ["GET", &name], "paths": paths }],
        }}});
        let (table, notes) = Catalogue::from_permissions_json(document.to_string().as_bytes()).expect("a table");
        for note in notes {
            assert_shown(&SafeLine(&note.to_string()).to_string(), &[], "note");
        }
        let needs = table.needs("GET /things/7").expect("a call");
        let opens = table.opens(&name).expect("the permission");
        for (place, shown) in [
            ("needs", render::needs_text(&needs, &TextOptions::default())),
            ("needs as JSON", render::json(&needs, true)),
            ("opens", render::opens_text(&opens, &TextOptions::default())),
            ("opens as JSON", render::json(&opens, true)),
            ("covering", render::covering_text(&table.covering(&[needs]), &TextOptions::default())),
        ] {
            assert_quotes(&shown, 1, place);
            assert_shown(&shown, &['\n'], place);
        }
    }
}
