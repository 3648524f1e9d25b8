//! What the decoding layer promises: everything that was readable is kept, and every deviation is named with its place.
#![allow(clippy::disallowed_methods, reason = "a test may read the vectors that it is given")]

use tokentriage::jose::json::Document;

#[test]
fn a_cut_payload_keeps_its_complete_members() {
    let document = Document::read(&br#"{"aud":"https://a.example","exp":17000,"nested":{"a":[1,2,"\u0062c"#[..]);
    assert_eq!(document.to_compact(), r#"{"aud":"https://a.example","exp":17000,"nested":{"a":[1,2,"bc"]}}"#);
    assert_eq!(document.error().unwrap().to_string(), "expected '\"', found end of text at byte 65");
    assert!(!document.is_complete());
}
