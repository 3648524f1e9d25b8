//! What the decoding layer promises: everything readable is kept, every deviation is named with its place, and no
//! input makes it fail.
#![allow(clippy::disallowed_methods, reason = "a test may read the vectors that it is given")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::de::IgnoredAny;
use tokentriage::jose::base64url::{self, DeviationKind};
use tokentriage::jose::json::{Document, EventKind, Found, Kind, Limits, Reader, Value, is_forbidden};

/// The JSONTestSuite of <https://github.com/nst/JSONTestSuite>: from `TOKENTRIAGE_VECTORS`, or beside the checkout.
fn json_test_suite(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
    let vectors = std::env::var_os("TOKENTRIAGE_VECTORS").map_or_else(beside, PathBuf::from);
    let Ok(entries) = std::fs::read_dir(vectors.join("JSONTestSuite").join(folder)) else {
        println!("skipped: no JSONTestSuite/{folder} beside the checkout or in TOKENTRIAGE_VECTORS");
        return BTreeMap::new();
    };
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, std::fs::read(entry.path()).expect("a readable vector"))
    };
    entries.map(|entry| read(entry.expect("a readable folder"))).collect()
}

/// What must hold for whatever bytes: the tree is inside the text, and what is written is JSON in which nothing hides.
fn check(text: &[u8]) -> Document {
    let document = Document::read(text);
    let compact = document.to_compact();
    match document.root() {
        Some(root) => {
            serde_json::from_str::<IgnoredAny>(&compact).unwrap_or_else(|error| panic!("{error}: {compact:?}"));
            // What is written for other programs is read by one that knows doubles only.
            let portable = root.to_portable();
            let read = serde_json::from_str::<serde_json::Value>(&portable);
            read.unwrap_or_else(|error| panic!("{error}: {portable:?}"));
            assert_eq!(portable == compact, document.numbers_beyond_double() == 0, "{compact}");
            check_spans(root);
        }
        None => assert_eq!(compact, ""),
    }
    assert!(!compact.contains(is_forbidden), "{compact:?}");
    let again = Document::read(compact.as_str());
    assert_eq!(again.to_compact(), compact);
    assert_eq!(again.duplicates().len(), document.duplicates().len());
    if document.error().is_none() {
        assert!(document.is_complete());
    }
    document
}

fn check_spans(value: Value<'_>) {
    let inside = value.members().map(|(_, value)| value).chain(value.items());
    let mut end = value.span().start;
    for child in inside {
        assert!(end <= child.span().start && child.span().end <= value.span().end);
        end = child.span().end;
        check_spans(child);
    }
}

#[test]
fn json_test_suite_is_judged_as_it_asks() {
    let vectors = json_test_suite("test_parsing");
    let (mut accepted, mut refused, mut free) = (0, 0, 0);
    for (name, text) in &vectors {
        let document = check(text);
        let failed = Reader::new(text).any(|event| event.is_err());
        assert_eq!(document.error().is_some(), failed, "{name}");
        match name.as_bytes()[0] {
            b'y' => {
                assert!(!failed && document.text_issues() == 0, "{name}: {:?}", document.error());
                accepted += 1;
            }
            b'n' => {
                assert!(failed, "{name}");
                refused += 1;
            }
            _ => {
                let choice = CHOICES.iter().find(|choice| choice.0 == name).unwrap_or_else(|| panic!("{name}"));
                let error = document.error().map(ToString::to_string);
                assert_eq!((name.as_str(), error.as_deref(), document.text_issues()), *choice);
                free += 1;
            }
        }
    }
    if !vectors.is_empty() {
        println!("JSONTestSuite: {} of 283 judged as it asks, {free} free ones as pinned", accepted + refused);
        assert_eq!((accepted, refused, free), (95, 188, CHOICES.len()));
    }
}

/// Where RFC 8259 leaves it open: no number is too large for its text, faulty characters inside strings are counted,
/// and UTF-16 and a byte order mark are refused.
const CHOICES: [(&str, Option<&str>, usize); 35] = [
    ("i_number_double_huge_neg_exp.json", None, 0),
    ("i_number_huge_exp.json", None, 0),
    ("i_number_neg_int_huge_exp.json", None, 0),
    ("i_number_pos_double_huge_exp.json", None, 0),
    ("i_number_real_neg_overflow.json", None, 0),
    ("i_number_real_pos_overflow.json", None, 0),
    ("i_number_real_underflow.json", None, 0),
    ("i_number_too_big_neg_int.json", None, 0),
    ("i_number_too_big_pos_int.json", None, 0),
    ("i_number_very_big_negative_int.json", None, 0),
    ("i_object_key_lone_2nd_surrogate.json", None, 1),
    ("i_string_1st_surrogate_but_2nd_missing.json", None, 1),
    ("i_string_1st_valid_surrogate_2nd_invalid.json", None, 1),
    ("i_string_UTF-16LE_with_BOM.json", Some("expected a value, found 0xFF at byte 0"), 0),
    ("i_string_UTF-8_invalid_sequence.json", None, 1),
    ("i_string_UTF8_surrogate_U+D800.json", None, 3),
    ("i_string_incomplete_surrogate_and_escape_valid.json", None, 1),
    ("i_string_incomplete_surrogate_pair.json", None, 1),
    ("i_string_incomplete_surrogates_escape_valid.json", None, 2),
    ("i_string_invalid_lonely_surrogate.json", None, 1),
    ("i_string_invalid_surrogate.json", None, 1),
    ("i_string_invalid_utf-8.json", None, 1),
    ("i_string_inverted_surrogates_U+1D11E.json", None, 2),
    ("i_string_iso_latin_1.json", None, 1),
    ("i_string_lone_second_surrogate.json", None, 1),
    ("i_string_lone_utf8_continuation_byte.json", None, 1),
    ("i_string_not_in_unicode_range.json", None, 4),
    ("i_string_overlong_sequence_2_bytes.json", None, 2),
    ("i_string_overlong_sequence_6_bytes.json", None, 6),
    ("i_string_overlong_sequence_6_bytes_null.json", None, 6),
    ("i_string_truncated-utf-8.json", None, 2),
    ("i_string_utf16BE_no_BOM.json", Some("expected a value, found 0x00 at byte 0"), 0),
    ("i_string_utf16LE_no_BOM.json", Some("expected a value or ']', found 0x00 at byte 1"), 0),
    ("i_structure_500_nested_arrays.json", None, 0),
    ("i_structure_UTF-8_BOM_empty_object.json", Some("expected a value, found 0xEF at byte 0"), 0),
];

#[test]
fn transformed_values_keep_what_others_lose() {
    let vectors = json_test_suite("test_transform");
    for (name, text) in &vectors {
        let expected = TRANSFORMED.iter().find(|row| row.0 == name).unwrap_or_else(|| panic!("{name}"));
        let document = check(text);
        let duplicates = document.duplicates().len();
        assert_eq!((name.as_str(), document.to_compact().as_str(), duplicates), *expected);
    }
    assert!(vectors.is_empty() || vectors.len() == TRANSFORMED.len());
}

const TRANSFORMED: [(&str, &str, usize); 22] = [
    ("number_-9223372036854775808.json", "[-9223372036854775808]", 0),
    ("number_-9223372036854775809.json", "[-9223372036854775809]", 0),
    ("number_1.0.json", "[1.0]", 0),
    ("number_1.000000000000000005.json", "[1.000000000000000005]", 0),
    ("number_1000000000000000.json", "[1000000000000000]", 0),
    ("number_10000000000000000999.json", "[10000000000000000999]", 0),
    ("number_1e-999.json", "[1E-999]", 0),
    ("number_1e6.json", "[1E6]", 0),
    ("number_9223372036854775807.json", "[9223372036854775807]", 0),
    ("number_9223372036854775808.json", "[9223372036854775808]", 0),
    ("object_key_nfc_nfd.json", "{\"\u{E9}\":\"NFC\",\"e\u{301}\":\"NFD\"}", 0),
    ("object_key_nfd_nfc.json", "{\"e\u{301}\":\"NFD\",\"\u{E9}\":\"NFC\"}", 0),
    ("object_same_key_different_values.json", r#"{"a":1,"a":2}"#, 1),
    ("object_same_key_same_value.json", r#"{"a":1,"a":1}"#, 1),
    ("object_same_key_unclear_values.json", r#"{"a":0,"a":-0}"#, 1),
    ("string_1_escaped_invalid_codepoint.json", "[\"\u{FFFD}\"]", 0),
    ("string_1_invalid_codepoint.json", "[\"\u{FFFD}\u{FFFD}\u{FFFD}\"]", 0),
    ("string_2_escaped_invalid_codepoints.json", "[\"\u{FFFD}\u{FFFD}\"]", 0),
    ("string_2_invalid_codepoints.json", "[\"\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\"]", 0),
    ("string_3_escaped_invalid_codepoints.json", "[\"\u{FFFD}\u{FFFD}\u{FFFD}\"]", 0),
    (
        "string_3_invalid_codepoints.json",
        "[\"\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\"]",
        0,
    ),
    ("string_with_escaped_NULL.json", r#"["A\u0000B"]"#, 0),
];

/// Each text with what is kept of it and the sentence about the error; no sentence where the text is JSON.
#[test]
fn every_error_says_what_was_expected_and_found() {
    let cases: &[(&[u8], &str, &str)] = &[
        (b"{}", "{}", ""),
        (b" [ ] ", "[]", ""),
        (b"\t\"\"\r\n", r#""""#, ""),
        (b"-0.5e+10", "-0.5e+10", ""),
        (b"0", "0", ""),
        (br#"{"a":[true,false,null,{"b":"\/\"\\\b\f\n\r\t\u00e9"}]}"#, "", ""),
        ("[\"\u{1F600}\\ud83d\\ude00\"]".as_bytes(), "[\"\u{1F600}\u{1F600}\"]", ""),
        (b"", "", "expected a value, found end of text at byte 0"),
        (b"  ", "", "expected a value, found end of text at byte 2"),
        (b"'a'", "", "expected a value, found ''' at byte 0"),
        (b"\x00", "", "expected a value, found 0x00 at byte 0"),
        (b"[", "[]", "expected a value or ']', found end of text at byte 1"),
        (b"[1,]", "[1]", "expected a value, found ']' at byte 3"),
        (b"[1 2]", "[1]", "expected ',' or ']', found '2' at byte 3"),
        (b"[1}", "[1]", "expected ',' or ']', found '}' at byte 2"),
        (b"[01]", "[0]", "expected ',' or ']', found '1' at byte 2"),
        (b"[1", "[]", "expected ',' or ']', found end of text at byte 2"),
        (b"[-]", "[]", "expected a digit, found ']' at byte 2"),
        (b"[1.]", "[]", "expected a digit, found ']' at byte 3"),
        (b"[.5]", "[]", "expected a value or ']', found '.' at byte 1"),
        (b"[1e+]", "[]", "expected a digit, found ']' at byte 4"),
        (b"[+1]", "[]", "expected a value or ']', found '+' at byte 1"),
        (b"[NaN]", "[]", "expected a value or ']', found 'N' at byte 1"),
        (b"[trUe]", "[]", "expected 'true', found 'U' at byte 3"),
        (b"[fals", "[]", "expected 'false', found end of text at byte 5"),
        (b"[nul]", "[]", "expected 'null', found ']' at byte 4"),
        (b"{", "{}", "expected a name in quotes or '}', found end of text at byte 1"),
        (b"{a:1}", "{}", "expected a name in quotes or '}', found 'a' at byte 1"),
        (br#"{"a":1,}"#, r#"{"a":1}"#, "expected a name in quotes, found '}' at byte 7"),
        (br#"{"a" 1}"#, "{}", "expected ':', found '1' at byte 5"),
        (br#"{"a":}"#, "{}", "expected a value, found '}' at byte 5"),
        (br#"{"a":1 "b":2}"#, r#"{"a":1}"#, "expected ',' or '}', found '\"' at byte 7"),
        (br#"{"a":1]"#, r#"{"a":1}"#, "expected ',' or '}', found ']' at byte 6"),
        (b"{} {}", "{}", "expected end of text, found '{' at byte 3"),
        (b"1\x7F", "1", "expected end of text, found 0x7F at byte 1"),
        (br#"["a"#, r#"["a"]"#, "expected '\"', found end of text at byte 3"),
        (b"[\"a\nb\"]", r#"["a"]"#, "expected control characters to be escaped, found 0x0A at byte 3"),
        (br#"["a\x"]"#, r#"["a"]"#, "expected one of \" \\ / b f n r t u after '\\', found 'x' at byte 4"),
        (br#"["a\"#, r#"["a"]"#, "expected one of \" \\ / b f n r t u after '\\', found end of text at byte 4"),
        (br#"["a\u00g0"]"#, r#"["a"]"#, "expected a hexadecimal digit, found 'g' at byte 7"),
        (br#"["a\u00"#, r#"["a"]"#, "expected a hexadecimal digit, found end of text at byte 7"),
        (br#"["a\ud83d"#, r#"["a"]"#, "expected '\"', found end of text at byte 9"),
        (br#"["a\ud83d\"#, r#"["a"]"#, "expected one of \" \\ / b f n r t u after '\\', found end of text at byte 10"),
        (br#"["a\ud83d\ude"#, r#"["a"]"#, "expected a hexadecimal digit, found end of text at byte 13"),
        (b"[\"a\xF0\x9F\x98", r#"["a"]"#, "expected '\"', found end of text at byte 6"),
        (br#"{"a":{"b":"c"#, r#"{"a":{"b":"c"}}"#, "expected '\"', found end of text at byte 12"),
        (br#"{"a":1,"b"#, r#"{"a":1}"#, "expected '\"', found end of text at byte 9"),
        (b"// a\n1", "", "expected a value, found '/' at byte 0"),
        (b"\xEF\xBB\xBF{}", "", "expected a value, found 0xEF at byte 0"),
    ];
    for &(text, kept, sentence) in cases {
        let shown = String::from_utf8_lossy(text);
        let document = check(text);
        let error = document.error().map(ToString::to_string).unwrap_or_default();
        assert_eq!(error, sentence, "{shown}");
        assert_eq!(document.text_issues(), 0, "{shown}");
        if !kept.is_empty() || !sentence.is_empty() {
            assert_eq!(document.to_compact(), kept, "{shown}");
        }
    }
}

#[test]
fn a_reader_in_the_middle_stops_behind_one_value() {
    let text = br#"Bearer error="x", claims={"access_token":{"nbf":[1,"}"]}}, more"#;
    let start = text.iter().position(|&byte| byte == b'{').unwrap();
    let mut reader = Reader::at(text, start);
    let mut depths = Vec::new();
    while let Some(event) = reader.next() {
        let event = event.unwrap();
        depths.push((event.kind, reader.depth(), &text[event.span]));
    }
    assert_eq!(
        depths,
        [
            (EventKind::ObjectStart, 1, &b"{"[..]),
            (EventKind::Name, 1, b"\"access_token\""),
            (EventKind::ObjectStart, 2, b"{"),
            (EventKind::Name, 2, b"\"nbf\""),
            (EventKind::ArrayStart, 3, b"["),
            (EventKind::Number, 3, b"1"),
            (EventKind::String, 3, b"\"}\""),
            (EventKind::ArrayEnd, 2, b"]"),
            (EventKind::ObjectEnd, 1, b"}"),
            (EventKind::ObjectEnd, 0, b"}"),
        ]
    );
    assert_eq!(&text[reader.offset()..], b", more");
    assert_eq!(Reader::at(text, 999).next().unwrap().unwrap_err().offset, text.len());
}

/// A payload as the sign-in service issues it, with what makes cutting interesting: escapes, characters of several
/// bytes, numbers, nesting.
const PAYLOAD: &str = r#"{"aud":"https://graph.example/","iss":"https://sts.example/fe6462ca-0000-4000-8000-000000000000/","iat":1700000000,"nbf":1700000000,"exp":1700003600,"acct":0,"amr":["pwd","mfa"],"name":"Zo\u00eb \ud83d\ude00 Müller 😀","ver":"1.0","xms_st":{"sub":"a\/b","list":[{"x":-1.5e3},[],{}]},"ok":true,"no":null}"#;

#[test]
fn a_payload_cut_anywhere_keeps_its_complete_members() {
    let whole = check(PAYLOAD.as_bytes());
    assert!(whole.error().is_none());
    for cut in 0..PAYLOAD.len() {
        let document = check(&PAYLOAD.as_bytes()[..cut]);
        assert_eq!(document.error().unwrap().found, Found::EndOfText);
        assert!(!document.is_complete());
        assert_eq!(document.text_issues(), 0, "a cut is no fault of the text: {cut}");
        let Some(root) = document.root() else { continue };
        for (name, value) in whole.root().unwrap().members() {
            let source = value.source();
            // A number is complete only when something follows it.
            let needed = value.span().end + usize::from(value.kind() == Kind::Number);
            match root.get(&name) {
                Some(kept) if needed <= cut => assert_eq!((kept.source(), kept.is_partial()), (source, false)),
                Some(kept) => {
                    assert!(kept.is_partial(), "{name} at {cut}");
                    assert!(source.starts_with(kept.source()));
                    if let Some(text) = kept.as_str() {
                        assert!(value.as_str().unwrap().starts_with(&*text), "{text:?} at {cut}");
                    }
                }
                None => assert!(needed > cut, "{name} at {cut}"),
            }
        }
    }
}

#[test]
fn nesting_beyond_the_limit_stays_as_text() {
    let text = r#"{"a":[[1],{"b":[2, "x"]}],"c":[3]}"#;
    let document = Document::read_with(text, Limits { depth: 2, ..Limits::default() });
    assert_eq!(document.to_compact(), r#"{"a":["[1]","{\"b\":[2, \"x\"]}"],"c":[3]}"#);
    assert_eq!(document.depth_exceeded(), Some(6));
    assert!(document.is_complete() && document.error().is_none());
    let deep = document.root().unwrap().get("a").unwrap().items().nth(1).unwrap();
    assert_eq!((deep.kind(), deep.source(), deep.as_str()), (Kind::Text, &br#"{"b":[2, "x"]}"#[..], None));
    assert_eq!(deep.to_text(), r#"{"b":[2, "x"]}"#);
    assert_eq!(document.pointer(text.find('x').unwrap()).as_deref(), Some("/a/1"));

    let cut = Document::read_with(&text[..18], Limits { depth: 2, ..Limits::default() });
    assert_eq!(cut.to_compact(), r#"{"a":["[1]","{\"b\":[2,"]}"#);
    assert!(cut.root().unwrap().get("a").unwrap().items().last().unwrap().is_partial());

    let faulty = Document::read_with("[[[1,]]]", Limits { depth: 1, ..Limits::default() });
    assert_eq!(faulty.error().unwrap().to_string(), "expected a value, found ']' at byte 5");
    let root = Document::read_with("[1]", Limits { depth: 0, ..Limits::default() });
    assert_eq!(root.to_compact(), r#""[1]""#);
}

#[test]
fn a_million_levels_take_no_stack() {
    const LEVELS: usize = 1_000_000;
    let text = "[".repeat(LEVELS) + &"]".repeat(LEVELS);
    let by_default = Document::read(text.as_str());
    assert_eq!((by_default.depth_exceeded(), by_default.is_complete()), (Some(100), true));

    let whole = Document::read_with(text.as_str(), Limits { depth: usize::MAX, ..Limits::default() });
    assert_eq!((whole.depth_exceeded(), whole.is_complete()), (None, true));
    assert_eq!(whole.to_compact(), text);
    assert_eq!(whole.pointer(LEVELS - 1).map(|pointer| pointer.len()), Some(2 * (LEVELS - 1)));

    let mut mixed = Reader::new(&text.as_bytes()[..LEVELS]);
    assert_eq!(mixed.by_ref().last().unwrap().unwrap_err().offset, LEVELS);
    assert_eq!(mixed.depth(), LEVELS);
    drop(whole);
}

#[test]
fn numbers_that_no_double_holds_are_text_for_other_programs() {
    let digits = "9".repeat(400);
    for (given, portable, count) in [
        ("[1e400,-1E+400,1.5]", r#"["1e400","-1E+400",1.5]"#.to_owned(), 2),
        ("[1e308,1e-400,0e999,1E-99999999999999999999]", "[1e308,1e-400,0e999,1E-99999999999999999999]".to_owned(), 0),
        (r#"{"1e400":"1e400"}"#, r#"{"1e400":"1e400"}"#.to_owned(), 0),
        (&digits, format!("\"{digits}\""), 1),
        ("1e99999999999999999999", "\"1e99999999999999999999\"".to_owned(), 1),
        // At the edge it depends on how a reader rounds; the one that is asked says what it refuses.
        ("1.7976931348623157e308", "1.7976931348623157e308".to_owned(), 0),
        ("1.7976931348623159e308", "\"1.7976931348623159e308\"".to_owned(), 1),
    ] {
        let document = check(given.as_bytes());
        assert_eq!(document.root().unwrap().to_portable(), portable);
        assert_eq!((document.numbers_beyond_double(), document.to_compact().as_str()), (count, given));
    }
}

#[test]
fn alternating_levels_close_with_their_own_bracket() {
    for levels in [63, 64, 65, 127, 128, 129, 1000] {
        let text = r#"{"a":["#.repeat(levels) + &"]}".repeat(levels);
        let document = Document::read_with(text.as_str(), Limits { depth: usize::MAX, ..Limits::default() });
        assert_eq!(document.to_compact(), text);
        let wrong = r#"{"a":["#.repeat(levels) + &"]}".repeat(levels - 1) + "}";
        let error = Document::read(wrong.as_str()).error().copied().unwrap();
        assert_eq!((error.offset, error.expected), (wrong.len() - 1, "',' or ']'"));
    }
}

#[test]
fn the_limit_of_nodes_is_said_and_keeps_what_was_read() {
    let read = |text: &str, nodes| Document::read_with(text, Limits { nodes, ..Limits::default() });
    let document = read(r#"{"a":1,"b":[2,3],"c":4}"#, 5);
    assert_eq!(document.to_compact(), r#"{"a":1,"b":[]}"#);
    let sentence = "expected a smaller document, found more than 5 values at byte 12";
    assert_eq!(document.error().unwrap().to_string(), sentence);
    assert!(!document.is_complete());
    assert_eq!(read(r#"{"a":1,"b":2}"#, 4).to_compact(), r#"{"a":1}"#);
    assert_eq!(read("1", 0).to_compact(), "");
    assert!(read(r#"{"a":1,"b":[2,3],"c":4}"#, 9).is_complete());
}

#[test]
fn duplicates_are_found_after_unescaping_and_the_last_one_counts() {
    let text = r#"{"aud":"a","a/b~c":[{"x":1},{"\u0078":1,"x":2,"y":3,"x":[]}],"\u0061ud":"b","AUD":"c"}"#;
    let document = check(text.as_bytes());
    let found: Vec<_> = document.duplicates().iter().collect();
    let [inner, outer] = found[..] else { panic!("{found:?}") };
    assert_eq!(document.pointer(inner.object).as_deref(), Some("/a~1b~0c/1"));
    assert_eq!((inner.name.as_str(), inner.count), ("x", 3));
    assert!(text[inner.first..].starts_with(r#""\u0078":1"#) && text[inner.again..].starts_with(r#""x":2"#));
    assert_eq!(document.pointer(outer.object).as_deref(), Some(""));
    assert_eq!((outer.name.as_str(), outer.first, outer.count), ("aud", 1, 2));
    let root = document.root().unwrap();
    assert_eq!(root.get("aud").unwrap().to_text(), "b");
    assert_eq!(root.get_all("aud").map(Value::to_text).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(root.len(), 4);
}

#[test]
fn integers_are_exact_or_none() {
    let cases = [
        ("1700000000", Some(1_700_000_000)),
        ("-0", Some(0)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("1.0", None),
        ("1e3", None),
        ("\"1\"", None),
    ];
    for (text, expected) in cases {
        let document = Document::read(text);
        let root = document.root().unwrap();
        assert_eq!(root.as_i64(), expected, "{text}");
        assert_eq!(root.number(), (root.kind() == Kind::Number).then_some(text));
    }
}

/// JSON texts, most of them valid: a random value as text, with random bytes of it changed.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]:,\"\\u0d8e+-.tfn \n\x80\xED\xA0\xF0\x9F"[..])];
    (json_text(), prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, bytes), 0..4)).prop_map(
        |(text, changes)| {
            let mut text = text.into_bytes();
            for (index, change, byte) in changes {
                let at = index.index(text.len().max(1));
                match change {
                    _ if text.is_empty() => text.push(byte),
                    0 => text[at] = byte,
                    1 => text.insert(at, byte),
                    _ => text.truncate(at),
                }
            }
            text
        },
    )
}

/// Valid JSON text with white space, escapes, duplicate names and unusual numbers.
fn json_text() -> impl Strategy<Value = String> {
    let string = prop::collection::vec(
        prop_oneof![
            any::<char>().prop_map(|character| {
                let quoted = serde_json::to_string(&character).unwrap();
                quoted[1..quoted.len() - 1].to_owned()
            }),
            "[a-c ]",
            r#"\\[bfnrt/"]"#,
            r"\\u[0-9a-cA-C][0-9a-fA-F]{3}",
            Just(r"\ud83d\uDE00".to_owned()),
        ],
        0..6,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let number = r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?";
    let leaf = prop_oneof![string.clone(), number, "null|true|false"];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let space = || "[ \t\r\n]{0,2}";
        let item = (space(), inner.clone(), space()).prop_map(|(before, item, after)| before + &item + &after);
        let name = prop_oneof![string.clone(), "\"[ab]\""];
        let member = (name, item.clone()).prop_map(|(name, item)| name + ":" + &item);
        prop_oneof![
            prop::collection::vec(item, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{ {}}}", members.join(","))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    /// serde_json skips a value by the same grammar, without limits of numbers, depth or characters; when it reads a
    /// value, it refuses the characters that are counted here.
    #[test]
    fn json_is_accepted_as_serde_json_accepts_it(text in nearly_json()) {
        let document = check(&text);
        let grammar = serde_json::from_slice::<IgnoredAny>(&text);
        prop_assert_eq!(document.error().is_none(), grammar.is_ok(), "{:?} {:?}", document.error(), grammar);
        let value = serde_json::from_slice::<serde_json::Value>(&text);
        if grammar.is_ok() && !value.as_ref().is_err_and(|error| error.to_string().contains("out of range")) {
            prop_assert_eq!(document.text_issues() == 0, value.is_ok(), "{:?}", value);
        }
    }

    #[test]
    fn json_values_are_those_of_serde_json(text in json_text()) {
        let document = check(text.as_bytes());
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(document.text_issues(), 0);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&document.to_compact()).unwrap() == expected);
        prop_assert!(same(document.root().unwrap(), &expected));
    }

    #[test]
    fn whatever_bytes_are_survived(text in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&text);
        let decoded = base64url::decode(&text);
        let expected = text.iter().filter(|&&byte| base64url::is_alphabet(byte) || matches!(byte, b'+' | b'/')).count();
        prop_assert_eq!(decoded.bytes.len(), expected * 6 / 8);
    }

    #[test]
    fn base64url_decodes_what_it_encodes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use base64::Engine;
        use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
        let text = base64url::encode(&bytes);
        prop_assert_eq!(&text, &URL_SAFE_NO_PAD.encode(&bytes));
        prop_assert!(text.bytes().all(base64url::is_alphabet));
        let strict = base64url::decode(text.as_bytes());
        prop_assert!(strict.deviations.is_empty());
        prop_assert_eq!(&strict.bytes, &bytes);

        let standard = STANDARD.encode(&bytes);
        let lenient = base64url::decode(standard.as_bytes());
        prop_assert_eq!(&lenient.bytes, &bytes);
        let count = |kind| lenient.deviations.iter().find(|known| known.kind == kind).map_or(0, |known| known.count);
        let paddings = standard.matches('=').count();
        let foreign = standard.matches(['+', '/']).count();
        let counted = (count(DeviationKind::Padding), count(DeviationKind::StandardAlphabet));
        prop_assert_eq!(counted, (paddings, foreign));
    }

    /// Strict decoding is that of the base64 crate, and every refusal of it has a name here.
    #[test]
    fn base64url_names_every_refusal(text in "[AQgw_+/= \n%\u{e9}-]{0,12}") {
        use base64::Engine;
        let strict = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&text);
        prop_assert_eq!(base64url::decode(text.as_bytes()).deviations.is_empty(), strict.is_ok());
    }
}

fn same(value: Value<'_>, expected: &serde_json::Value) -> bool {
    match expected {
        serde_json::Value::Null => value.kind() == Kind::Null,
        serde_json::Value::Bool(expected) => value.as_bool() == Some(*expected),
        serde_json::Value::Number(expected) => value.number().is_some_and(|number| {
            serde_json::from_str(number).is_ok_and(|number: serde_json::Number| number == *expected)
        }),
        serde_json::Value::String(expected) => value.as_str().is_some_and(|text| text == *expected),
        serde_json::Value::Array(expected) => {
            value.len() == expected.len() && value.items().zip(expected).all(|(item, expected)| same(item, expected))
        }
        serde_json::Value::Object(expected) => {
            value.members().all(|(name, _)| expected.contains_key(&*name))
                && expected.iter().all(|(name, expected)| value.get(name).is_some_and(|value| same(value, expected)))
        }
    }
}
