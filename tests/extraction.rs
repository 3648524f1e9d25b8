//! What the extraction promises: whatever a token is wrapped in, it is found once, whole and in its place; and
//! whatever is pasted, a report comes out.

mod mint;

use mint::wrapping::{CARRIERS, HOLDERS, percent, wrap_lines};
use mint::{base, base64, opaque};
use proptest::prelude::*;
use serde::Deserialize;
use std::sync::LazyLock;
use tokentriage::report::{ArtefactKind, Report};
use tokentriage::{Options, analyze, render};

const NOW: i64 = 1_772_359_200;

const MEBIBYTE: usize = 1 << 20;

/// Tokens of different length and content: name, compact serialisation, payload.
static TOKENS: LazyLock<Vec<(&'static str, String, String)>> = LazyLock::new(|| {
    let mint = |name: &'static str| {
        let parts = base(name, NOW);
        (name, parts.compact(), parts.claims.to_json())
    };
    vec![mint("graph-delegated"), mint("graph-app-only"), mint("managed-identity"), mint("v2-own-api")]
});

fn options() -> Options {
    Options::at(NOW)
}

/// The report, after checking what holds for every report.
fn report(paste: &[u8]) -> Report {
    let report = analyze(paste, &options());
    let mut end = 0;
    for artefact in &report.artefacts {
        let span = artefact.span;
        assert!(span.start >= end, "{:?} at {span:?} overlaps its predecessor", artefact.kind);
        assert!(span.end > span.start, "{:?} at {span:?} is empty", artefact.kind);
        end = span.end;
    }
    assert!(end <= paste.len(), "a span ends at {end} of {}", paste.len());
    let judged = report.artefacts.iter().filter(|artefact| artefact.judged).count();
    assert!(judged <= 1, "{judged} artefacts were judged");
    for pretty in [false, true] {
        let text = render::json(&report, pretty);
        let allowed = |character: char| pretty && character == '\n';
        let hidden = text.chars().find(|&character| is_forbidden(character) && !allowed(character));
        assert_eq!(hidden, None, "the JSON holds a character that hides or moves text");
        // Number texts of a token are kept as they stand, so no number type is asked to hold them.
        let head: Head = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(head.schema, "tokentriage.report/1");
    }
    report
}

/// What every report begins with; the rest is read over.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Characters that control a terminal, hide or reorder text.
fn is_forbidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// Asserts that the paste holds that one token and nothing else of its kind.
fn holds_once(paste: &[u8], payload: &str, what: &str) {
    if let Some(fault) = fault(paste, payload) {
        panic!("{what}: {fault} in {}", String::from_utf8_lossy(&paste[..paste.len().min(300)]));
    }
}

/// What is wrong where the paste should hold that one token, whole.
fn fault(paste: &[u8], payload: &str) -> Option<String> {
    let report = report(paste);
    let found: Vec<_> = report.artefacts.iter().filter(|artefact| artefact.kind == ArtefactKind::AccessToken).collect();
    let [token] = found.as_slice() else {
        let kinds: Vec<_> = report.artefacts.iter().map(|artefact| (artefact.kind.name(), artefact.span)).collect();
        return Some(format!("{} access tokens among {kinds:?}", found.len()));
    };
    if token.payload.as_ref().map(|payload| payload.as_str()) != Some(payload) {
        return Some("the payload is another".to_owned());
    }
    let truncated = report.findings.iter().find(|finding| finding.id == "token-truncated");
    truncated.map(|finding| finding.because.clone())
}

/// True where one breaks what the other has broken already: no reader could join that with certainty. A console or a
/// mail program breaks lines that had been broken at another width, or breaks an escape in two; an address encodes what
/// was put between.
fn is_damage_upon_damage(inner: &str, outer: &str) -> bool {
    let breaks = |name: &str| name.starts_with("console") || name.starts_with("mail") || name == "az-powershell-list";
    let interrupts = |name: &str| breaks(name) || name.starts_with("zero-width-");
    let encodes = |name: &str| name.starts_with("query-parameter");
    interrupts(inner) && (breaks(outer) || encodes(outer)) || encodes(inner) && breaks(outer)
}

#[test]
fn every_holder_in_every_carrier() {
    let mut faults = Vec::new();
    for (name, token, payload) in TOKENS.iter().take(2) {
        for (holder, hold) in HOLDERS {
            for (carrier, carry) in CARRIERS {
                if is_damage_upon_damage(holder, carrier) {
                    continue;
                }
                let fault = fault(&carry(&hold(token)), payload);
                faults.extend(fault.map(|fault| format!("{name} in {holder} in {carrier}: {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// A holder, then two carriers that keep text text.
fn carried_twice() -> impl Strategy<Value = (usize, usize, usize, usize)> {
    (0..TOKENS.len(), 0..HOLDERS.len(), 0..CARRIERS.len(), 0..CARRIERS.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_two_carriers((token, holder, first, second) in carried_twice()) {
        let (name, token, payload) = &TOKENS[token];
        let (holder, hold) = HOLDERS[holder];
        let (inner, carry) = CARRIERS[first];
        let (outer, carry_on) = CARRIERS[second];
        // UTF-16 and marks are what a whole file is; nothing carries them on as text.
        prop_assume!(!inner.starts_with("utf16"));
        prop_assume!(!is_damage_upon_damage(holder, inner) && !is_damage_upon_damage(holder, outer));
        prop_assume!(!is_damage_upon_damage(inner, outer));
        let text = String::from_utf8(carry(&hold(token))).expect("text");
        holds_once(&carry_on(&text), payload, &format!("{name} in {holder} in {inner} in {outer}"));
    }

    #[test]
    fn any_line_width(token in 0..TOKENS.len(), width in 40_usize..=100, feed in prop::sample::select(vec!["\n", "\r\n", "\n> ", "\n    ", "\\\n", "\r\n\t"])) {
        let (name, token, payload) = &TOKENS[token];
        let text = wrap_lines(token, width).replace('\n', feed);
        holds_once(text.as_bytes(), payload, &format!("{name} in lines of {width} with {feed:?}"));
    }

    #[test]
    fn any_white_space_around(token in 0..TOKENS.len(), before in "[ \t\r\n]{0,40}", after in "[ \t\r\n]{0,40}") {
        let (_, token, payload) = &TOKENS[token];
        holds_once(format!("{before}{token}{after}").as_bytes(), payload, "white space");
    }

    #[test]
    fn white_space_around_changes_nothing(holder in 0..HOLDERS.len(), before in "[\n]{0,10}", after in "[ \t\r\n]{0,40}") {
        let (_, token, _) = &TOKENS[0];
        let plain = (HOLDERS[holder].1)(token);
        let artefacts = |report: &Report| -> Vec<_> {
            let payload = |artefact: &tokentriage::report::Artefact| artefact.payload.as_ref().map(|payload| payload.as_str().to_owned());
            report.artefacts.iter().map(|artefact| (artefact.kind, payload(artefact), artefact.context.clone())).collect()
        };
        let padded = report(format!("{before}{plain}{after}").as_bytes());
        prop_assert_eq!(artefacts(&report(plain.as_bytes())), artefacts(&padded), "{}", HOLDERS[holder].0);
    }

    #[test]
    fn any_text_around(before in "[a-z ,:;()\\[\\]{}'\"<>\n]{0,60}[ \n\"'(<]", after in "[ \n\"')>,;][a-z ,:;()\\[\\]{}'\"<>\n]{0,60}") {
        let (_, token, payload) = &TOKENS[0];
        holds_once(format!("{before}{token}{after}").as_bytes(), payload, "text around");
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        report(&bytes);
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(piece(), 0..40)) {
        report(&pieces.concat());
    }

    #[test]
    fn any_byte_changed(at in 0_usize..4_000, byte in any::<u8>(), holder in 0..HOLDERS.len()) {
        let mut paste = (HOLDERS[holder].1)(&TOKENS[0].1).into_bytes();
        let at = at % paste.len();
        paste[at] = byte;
        report(&paste);
    }
}

/// Bytes that the extraction reacts to, and some of a token.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let fixed = prop::sample::select(vec![
        "eyJ",
        "eyJhbGciOiJSUzI1NiJ9",
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.",
        ".",
        "..",
        "\"",
        "'",
        "\\",
        "\\\"",
        "\\n",
        "\\u0022",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "%",
        "%2E",
        "%252E",
        "%0A",
        "=",
        "&",
        "+",
        "/",
        "\n",
        "\r\n",
        " ",
        "\t",
        "> ",
        "Authorization: Bearer ",
        "authorization:",
        "Bearer ",
        "\"access_token\":\"",
        "access_token=",
        "code=",
        "client_secret=",
        "curl ",
        "-H ",
        "https://graph.microsoft.com/v1.0/me",
        "GET ",
        " HTTP/1.1\n",
        "Host: ",
        "{\"error\":{\"code\":\"x\"",
        "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS",
        "grant_type=",
        "1.A",
        "0.AX",
        "M.C507_BAY.",
        "Ew",
        "EwA",
        "8Q~",
        "AQABAAAA",
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
        "</saml:Assertion>",
        "PHNhbWw",
        "urn:oasis:names:tc:SAML:",
        "aud : x\n",
        "exp : 1\n",
        "iss\tx\n",
        "{\"aud\":\"x\",\"iss\":\"y\",\"exp\":1}",
        "\u{FEFF}",
        "\u{200B}",
        "\u{202E}",
        "\u{1B}[31m",
        "\0",
        "\u{FFFF}",
        "\u{1F600}",
        "...",
        "\u{2026}",
        "[Signature]",
        "***",
    ]);
    let cut =
        (0..TOKENS.len(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(token, from, to)| {
            let token = TOKENS[token].1.as_bytes();
            let (from, to) = (from.index(token.len()), to.index(token.len()));
            token[from.min(to)..from.max(to)].to_vec()
        });
    prop_oneof![
        6 => fixed.prop_map(|text| text.as_bytes().to_vec()),
        1 => cut,
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ]
}

/// An escape in front of a token ends in characters that a token has too. Whatever breaks the lines breaks it anywhere:
/// inside the escape, right behind it, or inside the first characters of the token.
#[test]
fn an_escape_in_front_is_broken_anywhere() {
    const WIDTH: usize = 72;
    let escapes = [
        "\u{1B}[33m",
        "\u{1B}[1;33m",
        r"\u001b[33m",
        r"\u001B[0m\u001B[1;33m",
        r"\x1b[33m",
        r"\033[33m",
        r"\e[33m",
        r"\n",
        r"\r\n",
        r"\t",
        r"\\n",
        r"\u0022",
        r"\\u0022",
        "%20",
        "%22",
        "%2522",
        "%252522",
        "%1B%5B33m",
    ];
    let (_, token, payload) = &TOKENS[1];
    let mut faults = Vec::new();
    for escape in escapes {
        for feed in ["\n", "\r\n", "\n> ", "\r\n>> ", "\n    "] {
            for column in WIDTH - escape.len() - 4..WIDTH {
                let words = &"These words fill the line up to the place where the escape stands, and on."[..column];
                let plain = wrap_lines(&format!("{words}:{escape}{token}"), WIDTH).replace('\n', feed);
                let once = serde_json::json!({ "body": plain }).to_string();
                let twice = serde_json::json!({ "log": once }).to_string();
                for (nested, text) in [plain, once, twice].iter().enumerate() {
                    let fault = fault(text.as_bytes(), payload);
                    let place = format!("{escape:?} at {column}, lines end in {feed:?}, in {nested} JSON strings");
                    faults.extend(fault.map(|fault| format!("{place}: {fault}")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// A token cut anywhere is said to be cut, or is nothing.
#[test]
fn cutting_at_every_offset() {
    let (_, token, _) = &TOKENS[1];
    for end in 0..token.len() {
        let report = report(&token.as_bytes()[..end]);
        let ids: Vec<_> = report.findings.iter().map(|finding| finding.id).collect();
        let cut = ids.contains(&"token-truncated");
        // Cut right behind the second dot the signature is not short but empty.
        let empty = token.as_bytes()[..end].ends_with(b".") && ids.contains(&"token-unsigned");
        assert!(report.artefacts.is_empty() || cut || empty, "cut at {end} of {}: {ids:?}", token.len());
        assert!(end < 100 || !report.artefacts.is_empty(), "cut at {end}: nothing recognised");
    }
    for start in 1..token.len() {
        report(&token.as_bytes()[start..]);
    }
}

/// UTF-16 in all four forms, around any carrier of text.
#[test]
fn every_encoding_of_a_file() {
    let (_, token, payload) = &TOKENS[1];
    for (holder, hold) in HOLDERS {
        for (form, carry) in CARRIERS.iter().filter(|(name, _)| name.starts_with("utf16")) {
            let text = format!("Grüße €\r\n{}", hold(token));
            holds_once(&carry(&text), payload, &format!("{holder} in {form}, with other letters in front"));
        }
    }
}

/// An odd last byte of UTF-16, and half a pair of surrogates.
#[test]
fn broken_utf16() {
    let (_, token, payload) = &TOKENS[1];
    let mut paste: Vec<u8> = format!("\u{FEFF}{token}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    paste.extend([0x00, 0xD8]);
    holds_once(&paste, payload, "half a pair at the end");
    paste.push(0x41);
    holds_once(&paste, payload, "an odd byte at the end");
}

/// Two tokens stay two, whatever stands between them.
#[test]
fn two_tokens_stay_two() {
    let (first, second) = (&TOKENS[0], &TOKENS[1]);
    for between in ["\n", "\r\n", " ", ", ", "\",\"", "\n\n", "&token=", "\",\"other\":\"", "|", "\t", ";", ""] {
        let paste = format!("{}{between}{}", first.1, second.1);
        let report = report(paste.as_bytes());
        let payloads: Vec<_> = report
            .artefacts
            .iter()
            .filter_map(|artefact| artefact.payload.as_ref())
            .map(|payload| payload.as_str())
            .collect();
        assert_eq!(payloads, [first.2.as_str(), second.2.as_str()], "with {between:?} between them");
    }
}

/// The span of a bare token is the token.
#[test]
fn spans_are_exact_where_nothing_is_undone() {
    for (name, token, _) in TOKENS.iter() {
        for (before, after) in
            [("", ""), ("Bearer ", ""), ("{\"a\":\"", "\"}"), ("x=", "&y=1"), ("\n\n", "\n"), ("grüße ", " €")]
        {
            let paste = format!("{before}{token}{after}");
            let report = report(paste.as_bytes());
            let span = report.artefacts[0].span;
            assert_eq!((span.start, span.end), (before.len(), before.len() + token.len()), "{name} behind {before:?}");
        }
    }
}

/// Runs of one MiB that would take a careless reader quadratic time or its whole stack. Nothing is measured here:
/// a reader that is not linear does not come back in time.
#[test]
fn hostile_runs_of_a_mebibyte() {
    let units = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "\\",
        "\\\"",
        "\\\\n",
        ".",
        "..",
        "-",
        "_",
        "A",
        "=",
        "%",
        "%25",
        "%2E",
        "%0A",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\t",
        "> ",
        "`\n",
        "^\r\n",
        "\\\n",
        "eyJ",
        "eyJ.",
        "eyJ.eyJ.",
        "eyJhbGciOiJSUzI1NiJ9.",
        "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.",
        "eyJhbGciOiJSUzI1NiJ9\n",
        "eyJhdWQiOiJ4In0 ",
        "xyz.eyJhdWQiOiJ4In0.",
        "eyj",
        "ewo",
        "1.A",
        "1.AAAA.Ag",
        "Ew",
        "EwA+/",
        "Q~",
        "abc8Q~",
        "M.C1_",
        "AQABAAAA",
        "client_secret=a1b2c3d4e5f6g7h8 ",
        "Authorization: Bearer ",
        "authorization:",
        "Bearer ",
        "Authorization: Bearer {\n",
        "curl ",
        "curl https://a.example \\\n",
        "curl '",
        "Invoke-RestMethod -Uri x ",
        "GET / HTTP/1.1\n",
        "GET https://graph.microsoft.com/v1.0/me\n",
        "GET ",
        "Host: x\n",
        "{\"error\":",
        "\"error\":{",
        "{\"error\":{\"code\":1},",
        "{\"error\":\"invalid_grant\"}",
        "{\"\":",
        "[{\"\":0},",
        "{\"a\":1,",
        "\"a\":1,",
        "{\"aud\":1,\"iss\":1,\"exp\":1}",
        "{\"a\":\"{\\\"b\\\":",
        "\"{\\\"",
        "{\"method\":\"GET\",\"url\":\"x\"},",
        "{\"name\":\"authorization\",\"value\":\"Bearer x\"},",
        "{\"access_token\":{",
        "{\"alg\":1,\"typ\":1}",
        "grant_type=&",
        "grant_type=client_credentials&",
        "grant_type",
        "/oauth2/token",
        "<",
        "<saml:Assertion ",
        "urn:oasis:names:tc:SAML:",
        "<a:Assertion urn:oasis:names:tc:SAML:",
        "PHNhbWw",
        "PHNhbWw.",
        "aud : x\n",
        "iss\t",
        "exp=1\n",
        "scp : {a, b}\n",
        "\u{1B}[",
        "\u{1B}[31m",
        "\u{200B}",
        "\u{FEFF}",
        "\u{2026}",
        "...",
        "***",
        "[Signature]",
        "\0",
        "a\0",
        "\0a",
        "AADSTS",
        "AADSTS50011 ",
        "IDX10205: ",
        "\u{1F600}",
    ];
    for unit in units {
        report(unit.repeat(MEBIBYTE / unit.len()).as_bytes());
    }
}

/// Shapes of about one MiB that have a beginning and an end.
#[test]
fn hostile_shapes_of_a_mebibyte() {
    let header = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9";
    let half = MEBIBYTE / 2;
    let shapes = [
        ("nested objects", format!("{}1{}", "{\"a\":".repeat(half / 5), "}".repeat(half / 5))),
        ("nested arrays in an object", format!("{{\"a\":{}{}}}", "[".repeat(half), "]".repeat(half))),
        ("duplicate keys", format!("{{{}\"a\":1}}", "\"a\":1,".repeat(MEBIBYTE / 6))),
        (
            "duplicate keys in a token",
            format!(
                "{header}.{}.AAAA",
                mint::base64url(format!("{{{}\"a\":1}}", "\"a\":1,".repeat(half / 6)).as_bytes())
            ),
        ),
        (
            "deep nesting in a token",
            format!("{header}.{}.AAAA", mint::base64url("{\"a\":".repeat(half / 5).as_bytes())),
        ),
        ("one long payload", format!("{header}.{}.AAAA", "A".repeat(MEBIBYTE))),
        ("one long header", format!("eyJ{}", "A".repeat(MEBIBYTE))),
        ("one long signature", format!("{header}.eyJhdWQiOiJ4In0.{}", "A".repeat(MEBIBYTE))),
        ("a token over many lines", format!("{header}.{}", wrap_lines(&"A".repeat(half), 64))),
        ("a token with a space after each character", format!("{header}.{}", "A ".repeat(half))),
        ("percent signs all the way", percent(&percent(&"{\"\n".repeat(MEBIBYTE / 30)))),
        ("base64 of base64", (0..8).fold("eyJhIjoi".repeat(2_000), |text, _| base64(text.as_bytes()))),
        ("JSON in JSON strings", (0..12).fold("{}".to_owned(), |text, _| serde_json::json!({ "a": text }).to_string())),
        ("a quote that never ends", format!("{{\"a\":\"{}", "x".repeat(MEBIBYTE))),
        ("backslashes in a string", format!("{{\"a\":\"{}\"}}", "\\\\".repeat(half))),
        ("escaped objects in a string", format!("{{\"a\":\"{}\"}}", "{\\\"b\\\":1}".repeat(MEBIBYTE / 10))),
        ("many numbers", format!("{{\"aud\":\"x\",\"iss\":\"y\",\"exp\":{}}}", "9".repeat(MEBIBYTE))),
        (
            "many digits in a claim",
            format!("{header}.{}.AAAA", mint::base64url(format!("{{\"exp\":{}}}", "9".repeat(half)).as_bytes())),
        ),
        ("near-tokens", format!("{header}x.").repeat(MEBIBYTE / 40)),
        ("whole tokens", format!("{} ", TOKENS[1].1).repeat(MEBIBYTE / 1_700)),
        ("refresh tokens", format!("{} ", opaque("refresh-token").expect("known")).repeat(MEBIBYTE / 700)),
        ("one header line", format!("Authorization: Bearer {}", "A ".repeat(half))),
        ("one command", format!("curl {}", "-H 'a: b' ".repeat(MEBIBYTE / 10))),
        ("one address", format!("GET https://graph.microsoft.com/{}", "a/".repeat(half))),
        ("one form", format!("grant_type={}", "a=b&".repeat(MEBIBYTE / 4))),
        ("headers that name no host", format!("GET / HTTP/1.1\n{}", "a: b\n".repeat(MEBIBYTE / 5))),
    ];
    for (name, shape) in shapes {
        println!("{name}");
        report(shape.as_bytes());
    }
}

/// A secret is never shown: neither the signature of a token nor a value that cannot be read.
#[test]
fn no_secret_is_in_the_report() {
    let (_, token, _) = &TOKENS[0];
    let signature = token.rsplit('.').next().expect("a signature");
    for (holder, hold) in HOLDERS {
        let json = render::json(&report(hold(token).as_bytes()), false);
        assert!(!json.contains(&signature[..40]), "the signature of a token in {holder} is in the report");
        assert!(!json.contains(&signature[300..]), "the end of a signature in {holder} is in the report");
    }
    // Quoted by an error, beside one, and carried by another token.
    let carrier =
        format!("{{\"aud\":\"x\",\"iss\":\"y\",\"actortoken\":\"{token}\",\"act\":{{\"token\":\"{token}\"}}}}");
    let carrier = format!("{}.{}.", mint::base64url(br#"{"alg":"none"}"#), mint::base64url(carrier.as_bytes()));
    for text in [
        format!("{{\"error\":{{\"code\":\"InvalidAuthenticationToken\",\"message\":\"bad token {token} here\"}}}}"),
        format!("{{\"error\":\"invalid_request\",\"error_description\":\"AADSTS50027: {token} is malformed\"}}"),
        format!("AADSTS50027: JWT token {token} is invalid or malformed."),
        format!("call with {token} Insufficient privileges to complete the operation."),
        format!("{token}: invalid_client: refused"),
        format!("{token},Sign-in error code: 50126, failure reason: {token}"),
        // The signature alone, and spellings in which it is no token at first sight.
        format!("Authorization: Bearer {token}\nAADSTS50013: Assertion failed signature validation. [{signature}]"),
        format!("Authorization: Bearer {token}\nAADSTS50013: at https://app.example/?s%3D{}", percent(signature)),
        format!("AADSTS50011: The redirect URI 'https://app.example/?t={}' is not", token.replace('.', "%2E")),
        carrier,
    ] {
        let json = render::json(&report(text.as_bytes()), false);
        for piece in [&signature[..20], &signature[100..120], &signature[signature.len() - 20..]] {
            assert!(!json.contains(piece), "{piece} is in the report of {text}");
        }
    }
    for name in [
        "refresh-token",
        "authorization-code",
        "new-refresh-token",
        "new-authorization-code",
        "old-refresh-token",
        "personal-ticket",
        "client-secret",
        "encrypted-token",
    ] {
        let secret = opaque(name).expect("known");
        for text in [
            secret.clone(),
            format!("Authorization: Bearer {secret}"),
            format!("{{\"error\":\"invalid_grant\",\"refresh_token\":\"{secret}\"}}"),
            format!("AADSTS70000: The provided value '{secret}' is not valid."),
            format!("{{\"error\":{{\"code\":\"x\",\"message\":\"no '{secret}' here\"}}}}"),
            format!("AADSTS50011: The redirect URI 'https://app.example/?code={}' is not", percent(&secret)),
            format!("GET https://graph.microsoft.com/v1.0/me?x={secret} HTTP/1.1\r\n\r\nHTTP/1.1 403 Forbidden"),
            format!("{{\"aud\":\"x\",\"iss\":\"y\",\"exp\":1,\"nonce\":\"{secret}\"}}"),
            format!(
                "{}.{}.",
                mint::base64url(format!("{{\"alg\":\"none\",\"kid\":\"{secret}\"}}").as_bytes()),
                mint::base64url(format!("{{\"aud\":\"x\",\"iss\":\"y\",\"x\":{{\"y\":[\"{secret}\"]}}}}").as_bytes())
            ),
        ] {
            let json = render::json(&report(text.as_bytes()), false);
            let tail = &secret[secret.len() - 20..];
            assert!(!json.contains(tail), "{name} is in the report of {text}");
        }
    }
}

#[test]
fn a_status_in_a_log_is_no_artefact() {
    let line = "10:00 GET /favicon.ico HTTP/1.1 403 Forbidden\n";
    let artefacts = |lines: usize| {
        let report = tokentriage::analyze(line.repeat(lines).as_bytes(), &tokentriage::Options::at(0));
        report.artefacts.len()
    };
    assert_eq!((artefacts(1), artefacts(100_000)), (1, 0));
}

/// The kinds of what a paste holds.
fn kinds(paste: &str) -> Vec<&'static str> {
    report(paste.as_bytes()).artefacts.iter().map(|artefact| artefact.kind.name()).collect()
}

#[test]
fn values_of_standard_base64_are_one_in_lines_of_any_width() {
    let ticket = opaque("personal-ticket").expect("known");
    for (width, feed) in [(64, "\n"), (76, "\r\n"), (80, "\n> "), (100, "\n            ")] {
        let lines = wrap_lines(&ticket, width).replace('\n', feed);
        let text = if feed.ends_with("    ") { format!("Token     : {lines}") } else { lines };
        assert_eq!(kinds(&text), ["opaque-token"], "{width}");
    }
    // A path below is none of it.
    let text = format!("{ticket}\n/srv/app/2026/Reports/September");
    assert_eq!(report(text.as_bytes()).artefacts[0].span.end, ticket.len());
}

#[test]
fn values_in_lines_of_their_own_are_as_many() {
    for name in ["refresh-token", "old-refresh-token", "personal-ticket"] {
        let value = opaque(name).expect("known");
        let once = kinds(&value);
        assert_eq!(kinds(&format!("{value}\n{value}\n")), [once.clone(), once].concat(), "{name}");
    }
    let encoded = opaque("refresh-token").expect("known").replace('.', "%2E");
    assert_eq!(kinds(&format!("refresh_token={encoded}")), ["refresh-token"]);
}

#[test]
fn claims_and_signature_are_a_token_without_its_beginning() {
    let (_, token, _) = &TOKENS[0];
    let (_, rest) = token.split_once('.').expect("three parts");
    for text in [rest.to_owned(), format!("GET /v1.0/me HTTP/1.1\nAuthorization: Bearer {rest}\n")] {
        let report = report(text.as_bytes());
        assert!(report.findings.iter().any(|finding| finding.id == "token-truncated"), "{text}");
        assert_eq!(kinds(&text), ["access-token"]);
    }
    // Claims alone are claims, and a value that only begins like them is none.
    let (claims, _) = rest.split_once('.').expect("two parts");
    assert_eq!(kinds(claims), ["decoded-claims"]);
    assert_eq!(
        kinds(&format!("{}.{}", base64(b"{\"aud\":\"x\",\"n\":1}").trim_end_matches('='), "x".repeat(50))),
        [""; 0]
    );
}

#[test]
fn a_compressed_response_in_an_address_is_named_by_its_parameter() {
    let value = base64("no XML, as it is compressed; ".repeat(20).as_bytes());
    let address = format!("https://app.fernweh.example/acs?SAMLResponse={}&RelayState=1", percent(&value));
    assert_eq!(kinds(&address), ["saml-assertion"]);
    assert_eq!(kinds("https://app.fernweh.example/acs?SAMLResponse=short"), [""; 0]);
}
