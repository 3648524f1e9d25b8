//! base64url, the compact form, JSON: against other readers of the same format.

use super::measure::Bound;
use super::output;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use tokentriage::extract::{Compact, Context, SignatureText};
use tokentriage::jose::base64url::{self, DeviationKind};
use tokentriage::jose::compact;
use tokentriage::jose::json::{self, Document, EventKind, Kind, Limits, Reader, Value};
use tokentriage::token::Token;

/// See [`TARGETS`](super::TARGETS).
pub fn base64url(text: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 4, beside: 1024 };
    let decoded = MEMORY.check("base64url", text.len(), || base64url::decode(text));
    let strict = URL_SAFE_NO_PAD.decode(text);
    assert_eq!(strict.is_ok(), decoded.deviations.is_empty(), "{:?}", decoded.deviations);
    if let Ok(bytes) = strict {
        assert_eq!(bytes, decoded.bytes);
    }

    // What is kept, mapped to the alphabet and without the character that is left over, is strict but for the last bits.
    let kept: Vec<u8> = text
        .iter()
        .map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        })
        .filter(|byte| base64url::is_alphabet(*byte))
        .collect();
    assert_eq!(decoded.bytes.len(), kept.len() * 6 / 8);
    let again = base64url::encode(&decoded.bytes);
    let whole = kept.len() - kept.len() % 4;
    assert_eq!(again.as_bytes().get(..whole), kept.get(..whole), "the full groups of four");

    let counted = |kind: DeviationKind| match kind {
        DeviationKind::Padding => places(text, |byte| byte == b'='),
        DeviationKind::WhiteSpace => places(text, |byte| matches!(byte, b' ' | 0x09..=0x0D)),
        DeviationKind::StandardAlphabet => places(text, |byte| matches!(byte, b'+' | b'/')),
        DeviationKind::InvalidCharacter => places(text, |byte| {
            !base64url::is_alphabet(byte) && !matches!(byte, b'=' | b' ' | 0x09..=0x0D | b'+' | b'/')
        }),
        DeviationKind::TrailingBits | DeviationKind::Length => {
            let last = text.iter().rposition(|&byte| base64url::is_alphabet(byte) || matches!(byte, b'+' | b'/'));
            (1, last)
        }
    };
    let mut end = 0;
    for deviation in &decoded.deviations {
        assert!(deviation.offset >= end, "not in order: {:?}", decoded.deviations);
        end = deviation.offset;
        assert_eq!(counted(deviation.kind), (deviation.count, Some(deviation.offset)), "{deviation:?}");
        output::shows("a deviation", &deviation.to_string(), &[]);
    }
    for kind in [
        DeviationKind::Padding,
        DeviationKind::WhiteSpace,
        DeviationKind::StandardAlphabet,
        DeviationKind::InvalidCharacter,
    ] {
        let named = decoded.deviations.iter().filter(|deviation| deviation.kind == kind).count();
        assert_eq!(named, usize::from(counted(kind).0 > 0), "{kind:?}");
    }
    let has = |kind| decoded.deviations.iter().any(|deviation| deviation.kind == kind);
    assert_eq!(has(DeviationKind::Length), kept.len() % 4 == 1);
    assert_eq!(has(DeviationKind::TrailingBits), kept.len() % 4 != 1 && again.as_bytes() != kept);
}

/// How many bytes are of a kind, and where the first of them is.
fn places(text: &[u8], is_of_kind: impl Fn(u8) -> bool) -> (usize, Option<usize>) {
    let count = text.iter().filter(|&&byte| is_of_kind(byte)).count();
    (count, text.iter().position(|&byte| is_of_kind(byte)))
}

/// See [`TARGETS`](super::TARGETS).
pub fn compact(text: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 64, beside: 16 * 1024 };
    let segments = compact::split(text);
    let expected: Vec<&[u8]> = text.split(|&byte| byte == b'.').collect();
    assert_eq!(segments.count(), expected.len());
    let recorded: Vec<&[u8]> = segments.ranges().iter().filter_map(|range| text.get(range.clone())).collect();
    assert_eq!(recorded, expected.get(..expected.len().min(compact::RECORDED)).unwrap_or_default());
    let form = match expected.len() {
        3 => compact::Form::Signed,
        5 => compact::Form::Encrypted,
        _ => compact::Form::Other,
    };
    assert_eq!(segments.form(), form);

    let signature = match expected.get(2).map(|segment| segment.len()) {
        None => SignatureText::Missing,
        Some(0) => SignatureText::Empty,
        Some(length) => SignatureText::Present(length),
    };
    let compact = Compact { text: text.to_vec(), signature, cut: false, start_lost: false, lower_cased: false };
    let token = MEMORY.check("a token", text.len(), || Token::from_compact(&compact, &Context::default()));
    assert_eq!(token.length, text.len());
    assert_eq!(token.payload.is_some(), !matches!(expected.len(), 1 | 5));
    for (segment, deviation) in &token.deviations {
        let length = expected.get(*segment).map(|segment| segment.len());
        assert!(length.is_some_and(|length| deviation.offset < length), "{deviation:?} in {segment} of {length:?}");
    }
    for (document, segment) in
        token.header.iter().zip(expected.first()).chain(token.payload.iter().zip(expected.get(1)))
    {
        assert_eq!(document.text(), base64url::decode(segment).bytes);
    }
}

/// See [`TARGETS`](super::TARGETS).
pub fn json(text: &[u8]) {
    const MEMORY: Bound = Bound { per_byte: 160, beside: 64 * 1024 };
    let document = MEMORY.check("JSON", text.len(), || Document::read(text));
    let grammar = serde_json::from_slice::<IgnoredAny>(text);
    assert_eq!(document.error().is_none(), grammar.is_ok(), "{:?} {grammar:?}", document.error());
    let value = serde_json::from_slice::<serde_json::Value>(text);
    match (&value, document.root()) {
        (Ok(expected), Some(root)) => {
            assert_eq!(document.text_issues(), 0);
            assert_same(root, expected);
        }
        (Ok(_), None) => panic!("a value was not read"),
        (Err(error), _) if document.error().is_none() => {
            // What serde_json refuses of valid JSON: numbers that no double holds, nesting, characters of strings.
            let error = error.to_string();
            let known = error.contains("number out of range") || error.contains("recursion limit");
            assert!(known || document.text_issues() > 0, "{error}");
        }
        _ => {}
    }
    check_tree(&document);
    check_events(text, &document);
    if let Some(offset) = text.len().checked_sub(1).map(|last| last / 2) {
        let covered = document.root().is_some_and(|root| root.span().contains(&offset));
        assert_eq!(document.pointer(offset).is_some(), covered);
    }
    let compact = check_compact(&document);
    // Smaller limits keep a part, and say so.
    let limits = Limits { depth: 2, nodes: 9 };
    let part = Document::read_with(text, limits);
    check_tree(&part);
    check_compact(&part);
    if document.error().is_none() && part.error().is_none() && part.depth_exceeded().is_none() {
        assert_eq!(part.to_compact(), compact);
    }
}

/// Asserts that spans lie inside each other in order, and that duplicates are the names that stand twice.
fn check_tree(document: &Document) {
    let mut duplicates = Vec::new();
    let mut open: Vec<Value<'_>> = document.root().into_iter().collect();
    while let Some(value) = open.pop() {
        let span = value.span();
        assert_eq!(document.text().get(span.clone()), Some(value.source()));
        let mut end = span.start;
        let mut names = BTreeMap::new();
        for (name, member) in value.members() {
            *names.entry(name.into_owned()).or_insert(0_usize) += 1;
            assert!(end <= member.span().start && member.span().end <= span.end, "{span:?} {:?}", member.span());
            end = member.span().end;
            open.push(member);
        }
        for item in value.items() {
            assert!(end <= item.span().start && item.span().end <= span.end, "{span:?} {:?}", item.span());
            end = item.span().end;
            open.push(item);
        }
        duplicates
            .extend(names.into_iter().filter(|(_, count)| *count > 1).map(|(name, count)| (span.start, name, count)));
        #[allow(clippy::len_zero, reason = "compares the two")]
        let without = value.len() == 0;
        assert_eq!(value.is_empty(), without);
    }
    let mut found: Vec<_> =
        document.duplicates().iter().map(|found| (found.object, found.name.clone(), found.count)).collect();
    found.sort();
    duplicates.sort();
    assert_eq!(found, duplicates);
    for duplicate in document.duplicates() {
        assert!(duplicate.object < duplicate.first && duplicate.first < duplicate.again);
        assert!(document.pointer(duplicate.object).is_some());
    }
}

/// Asserts that the pieces are in order and that as many are closed as were opened.
fn check_events(text: &[u8], document: &Document) {
    let mut reader = Reader::new(text);
    let (mut end, mut open, mut failed) = (0, 0_usize, false);
    while let Some(step) = reader.next() {
        assert!(!failed, "a piece behind an error");
        match step {
            Ok(event) => {
                assert!(end <= event.span.start && event.span.start < event.span.end && event.span.end <= text.len());
                end = event.span.end;
                match event.kind {
                    EventKind::ObjectStart | EventKind::ArrayStart => open += 1,
                    EventKind::ObjectEnd | EventKind::ArrayEnd => open -= 1,
                    _ => {}
                }
                assert_eq!(reader.depth(), open);
            }
            Err(error) => {
                failed = true;
                assert!(error.offset <= text.len());
                assert_eq!(Some(&error), document.error());
                output::shows("an error", &error.to_string(), &[]);
            }
        }
    }
    assert_eq!(failed, document.error().is_some());
    assert!(failed || open == 0);
}

/// Asserts that what is written is JSON in which nothing hides, and the same when it is read again.
fn check_compact(document: &Document) -> String {
    let compact = document.to_compact();
    assert!(!compact.contains(json::is_forbidden), "{compact:?}");
    let again = Document::read(compact.as_str());
    assert_eq!(again.to_compact(), compact);
    assert_eq!(again.duplicates().len(), document.duplicates().len());
    if let Some(root) = document.root() {
        assert!(again.error().is_none(), "{:?}", again.error());
        assert!(again.root().is_some_and(|again| again.kind() == root.kind() || root.kind() == Kind::Text));
        assert!(!root.to_text().contains(json::is_forbidden), "{:?}", root.to_text());
    } else {
        assert_eq!(compact, "");
    }
    let mut escaped = String::new();
    json::escape_into(&mut escaped, &compact);
    assert_eq!(json::unescape(escaped.as_bytes()), compact);
    compact
}

/// Both readers have the same value. Of duplicate names both take the last.
fn assert_same(value: Value<'_>, expected: &serde_json::Value) {
    let same = match expected {
        serde_json::Value::Null => value.kind() == Kind::Null,
        serde_json::Value::Bool(expected) => value.as_bool() == Some(*expected),
        serde_json::Value::Number(expected) => {
            let number = value.number().and_then(|number| serde_json::from_str::<serde_json::Number>(number).ok());
            // serde_json keeps the sign of -0, and so a double.
            let integer = expected.as_i64().or((value.number() == Some("-0")).then_some(0));
            number.as_ref() == Some(expected) && value.as_i64() == integer
        }
        serde_json::Value::String(expected) => value.as_str().is_some_and(|text| text == *expected),
        serde_json::Value::Array(expected) => {
            value.items().zip(expected).for_each(|(item, expected)| assert_same(item, expected));
            value.kind() == Kind::Array && value.len() == expected.len()
        }
        serde_json::Value::Object(expected) => {
            let last: BTreeMap<_, _> = value.members().collect();
            for (name, member) in &last {
                assert_same(*member, expected.get(&**name).unwrap_or_else(|| panic!("{name:?} too many")));
            }
            value.kind() == Kind::Object && last.len() == expected.len()
        }
    };
    assert!(same, "{value:?} is not {expected}");
}
