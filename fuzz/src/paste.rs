//! Whole pastes: what is found in them, what is reported, what is shown.

use super::measure::Bound;
use super::{output, report};
use serde::Deserialize;
use tokentriage::diff::{self, Difference};
use tokentriage::extract::{self, Candidate, Encoding, Extraction, HANDLES, Repairs, Shape, Span, Text};
use tokentriage::jose::base64url;
use tokentriage::jose::json::{Document, Kind};
use tokentriage::render::{self, TextOptions};
use tokentriage::report::Report;
use tokentriage::scenario::Scenario;
use tokentriage::{DEFAULT_LEEWAY, Options, analyze};

/// The moment of judging where none is told.
const NOW: i64 = 1_772_359_200;

const EXTRACTION: Bound = Bound { per_byte: 512, beside: 64 * 1024 };
const ANALYSIS: Bound = Bound { per_byte: 2048, beside: 512 * 1024 };

/// What stands in front of a paste, as JSON, with a zero byte behind it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Told {
    now: i64,
    leeway: i64,
    scenario: Scenario,
}

impl Default for Told {
    fn default() -> Self {
        Self { now: NOW, leeway: DEFAULT_LEEWAY, scenario: Scenario::default() }
    }
}

impl Told {
    fn options(self) -> Options {
        Options { leeway: self.leeway, scenario: self.scenario, ..Options::at(self.now) }
    }
}

/// See [`TARGETS`](super::TARGETS).
pub fn extract(paste: &[u8]) {
    let found = EXTRACTION.check("an extraction", paste.len(), || extract::extract(paste));
    report::check_spans(found.candidates.iter().map(|candidate| candidate.span), paste.len());
    let lists: [Vec<Span>; 4] = [
        found.requests.iter().map(|request| request.span).collect(),
        found.headers.iter().map(|header| header.span).collect(),
        found.token_requests.iter().map(|request| request.span).collect(),
        found.cookie_faults.iter().map(|fault| fault.span).collect(),
    ];
    for spans in &lists {
        assert!(spans.is_sorted_by_key(|span| span.start), "{spans:?}");
        assert!(spans.iter().all(|span| span.start <= span.end && span.end <= paste.len()), "{spans:?}");
    }
    let as_it_stands = Text::new(paste).encoding() == Encoding::Bytes;
    for candidate in &found.candidates {
        check_candidate(candidate, paste.get(candidate.span.start..candidate.span.end).filter(|_| as_it_stands));
    }
    if let Some(padded) = in_white_space(paste) {
        let (alone, padded) = (listed(found), listed(extract::extract(&padded)));
        assert_eq!(alone.len(), padded.len(), "white space around changes how much is found\n{alone:#?}\n{padded:#?}");
        if let Some((alone, padded)) = alone.iter().zip(&padded).find(|(alone, padded)| alone != padded) {
            let same = alone.bytes().zip(padded.bytes()).take_while(|(one, other)| one == other).count();
            let [alone, padded] = [alone, padded].map(|text| text.get(same.saturating_sub(80)..).unwrap_or_default());
            panic!("white space around changes what is found\n…{alone}\n…{padded}");
        }
    }
}

/// Asserts that a candidate is what its shape says; `text` is what stands at its span.
fn check_candidate(candidate: &Candidate, text: Option<&[u8]>) {
    match &candidate.shape {
        Shape::Compact(compact) => {
            assert!(!compact.text.is_empty() && compact.segments().count() <= 5, "{compact:?}");
            // Where nothing was undone, header and payload stand there character by character.
            // An escaped slash is the way of JSON to write it: no repair.
            let as_it_stands = |text: &&[u8]| candidate.repairs == Repairs::default() && !text.contains(&b'\\');
            if let Some(text) = text.filter(as_it_stands) {
                let start = compact.segments().take(2).collect::<Vec<_>>().join(&b'.');
                // A header that is lost altogether has no dot behind it either.
                let start = start.strip_prefix(b".").filter(|_| compact.start_lost).unwrap_or(&start);
                assert!(text.starts_with(start), "{compact:?} is not {:?}", String::from_utf8_lossy(text));
            }
        }
        Shape::Opaque(opaque) => assert!(opaque.length > 0, "{opaque:?}"),
        Shape::Saml => {}
        Shape::Claims { header, payload } => {
            for json in header.iter().chain([payload]) {
                assert!(Document::read(json.as_slice()).root().is_some_and(|root| root.kind() == Kind::Object));
            }
        }
        Shape::StsError(error) | Shape::GraphError(error) => {
            assert!(
                error.codes.iter().all(|code| code.starts_with("AADSTS") || code.starts_with("AADB2C")),
                "{error:?}"
            );
            for (name, _) in &error.handles {
                assert!(HANDLES.iter().any(|(known, _)| known == name), "{name} is no handle");
            }
        }
        Shape::ClaimsChallenge(json) => {
            assert!(Document::read(json.as_slice()).root().is_some(), "{:?}", String::from_utf8_lossy(json));
        }
    }
}

/// The paste with a line break on either side, in its own encoding and behind its byte order mark; none where no line
/// break can be put there, or the encoding would be another then.
fn in_white_space(paste: &[u8]) -> Option<Vec<u8>> {
    let encoding = Text::new(paste).encoding();
    let (feed, mark): (&[u8], &[u8]) = match encoding {
        Encoding::Bytes => (b"\n", b"\xEF\xBB\xBF"),
        Encoding::Utf16Le => (b"\n\0", b"\xFF\xFE"),
        Encoding::Utf16Be => (b"\0\n", b"\xFE\xFF"),
    };
    let (mark, text) = paste.split_at_checked(if paste.starts_with(mark) { mark.len() } else { 0 })?;
    let padded = [mark, feed, text, feed].concat();
    (text.len().is_multiple_of(feed.len()) && Text::new(&padded).encoding() == encoding).then_some(padded)
}

/// Everything that was found, in words and in order. Without the places: inside of texts that had to be unescaped they
/// are in proportion only.
fn listed(found: Extraction) -> Vec<String> {
    let Extraction {
        candidates,
        requests,
        cmdlets,
        headers,
        token_requests,
        attack_tool,
        issuer_mismatch,
        cookie_faults,
    } = found;
    let mut all = vec![format!("{attack_tool:?} {issuer_mismatch:?}")];
    all.extend(candidates.into_iter().map(|Candidate { shape, span: _, context, repairs }| {
        let shape = match shape {
            Shape::Compact(compact) => {
                format!("{} {:?}", String::from_utf8_lossy(&compact.text), (compact.signature, compact.cut))
            }
            Shape::Claims { header, payload } => {
                let [header, payload] = [header.unwrap_or_default(), payload].map(String::from_utf8);
                format!("{header:?} {payload:?}")
            }
            other => format!("{other:?}"),
        };
        format!("{shape} {context:?} {repairs:?}")
    }));
    all.extend(requests.into_iter().map(|request| format!("{:?}", (request.method, request.url))));
    all.extend(cmdlets.into_iter().map(|cmdlet| format!("{:?}", (cmdlet.text, cmdlet.refused))));
    all.extend(headers.into_iter().map(|header| format!("{:?}", header.problems)));
    all.extend(token_requests.into_iter().map(|request| format!("{:?}", (request.fields, request.v2))));
    all.extend(cookie_faults.into_iter().map(|fault| format!("{:?}", (fault.name, fault.problem))));
    all
}

/// See [`TARGETS`](super::TARGETS). What is told may stand in front, see [`Told`].
pub fn paste(data: &[u8]) {
    let apart = data.iter().position(|&byte| byte == 0).and_then(|at| data.split_at_checked(at));
    let told = apart.and_then(|(told, rest)| Some((serde_json::from_slice::<Told>(told).ok()?, rest.get(1..)?)));
    let (told, paste) = told.unwrap_or((Told::default(), data));
    let options = told.options();
    let (report, outputs) = analysed(paste, &options);
    if let Some(padded) = in_white_space(paste) {
        let padded = analyze(&padded, &options);
        let conclusion = |report: &Report| {
            let findings: Vec<_> = report.findings.iter().map(|finding| (finding.id, finding.title.clone())).collect();
            (report.verdict.headline.clone(), findings)
        };
        assert_eq!(conclusion(&report), conclusion(&padded), "white space around changes the answer");
    }
    check_secrets(paste, &options, &outputs);
}

/// The report and its outputs, after asserting what holds for them.
fn analysed(paste: &[u8], options: &Options) -> (Report, Vec<String>) {
    let report = ANALYSIS.check("an analysis", paste.len(), || analyze(paste, options));
    let outputs = report::check(&report, paste.len());
    report::check_redaction(&report);
    (report, outputs)
}

/// A pattern of base64url that no word of the program has.
const PATTERN: &str = "S1gNaTuR-";

/// How many characters of a signature may be shown, which is fewer than help anybody.
const TELLING: usize = 12;

/// A signature of that many characters that can be told by any [`TELLING`] of them.
fn signature(length: usize) -> String {
    PATTERN.chars().cycle().take(length).collect()
}

fn check_signature(outputs: &[String]) {
    for at in 0..PATTERN.len() {
        let piece: String = PATTERN.chars().cycle().skip(at).take(TELLING).collect();
        report::check_secret("a signature", outputs, &piece);
    }
}

/// Asserts that no signature of a token and no value that cannot be read is in an output.
fn check_secrets(paste: &[u8], options: &Options, outputs: &[String]) {
    if Text::new(paste).encoding() != Encoding::Bytes {
        return;
    }
    let mut signed = paste.to_vec();
    for candidate in
        extract::extract(paste).candidates.iter().filter(|candidate| candidate.repairs == Repairs::default())
    {
        let Span { start, end } = candidate.span;
        let text = paste.get(start..end).unwrap_or_default();
        match &candidate.shape {
            // Another signature in its place: the payload may say what the true one says.
            Shape::Compact(compact) if compact.segments().count() == 3 && !compact.cut => {
                let length = compact.segments().last().map_or(0, <[u8]>::len);
                if let Some(place) = signed.get_mut(end.saturating_sub(length)..end) {
                    place.copy_from_slice(signature(length).as_bytes());
                }
            }
            Shape::Opaque(_) if text.len() >= 2 * TELLING => {
                let end = text.get(text.len() - TELLING..).unwrap_or_default();
                let elsewhere = paste.windows(TELLING).filter(|window| *window == end).count() > 1;
                if let Ok(end) = std::str::from_utf8(end)
                    && !elsewhere
                {
                    report::check_secret("a secret", outputs, end);
                }
            }
            _ => {}
        }
    }
    if signed != paste && !paste.windows(PATTERN.len()).any(|window| window == PATTERN.as_bytes()) {
        let report = analyze(&signed, options);
        check_signature(&report::check(&report, signed.len()));
    }
}

/// See [`TARGETS`](super::TARGETS). Payload, or header and payload, or what is told, header and payload, with zero bytes
/// between them.
pub fn claims(data: &[u8]) {
    const HEADER: &[u8] = br#"{"typ":"JWT","alg":"RS256","kid":"made-up"}"#;
    let pieces: Vec<&[u8]> = data.splitn(3, |&byte| byte == 0).collect();
    let (told, header, payload) = match pieces.as_slice() {
        [told, header, payload] => (serde_json::from_slice(told).unwrap_or_default(), *header, *payload),
        [header, payload] => (Told::default(), *header, *payload),
        _ => (Told::default(), HEADER, data),
    };
    let [header_text, payload_text] = [header, payload].map(base64url::encode);
    let signature = signature(342);
    let token = format!("{header_text}.{payload_text}.{signature}");
    let read = Document::read(header);
    let is_header = read.error().is_none()
        && read.root().is_some_and(|root| {
            ["alg", "typ", "kid"].iter().any(|name| root.get(name).is_some()) && root.get("access_token").is_none()
        });
    // A header that begins so (in base64url: `eyJ`) is how a token is told from other text.
    if is_header && matches!(header, [b'{', b'"', 0x40..=0x7F, ..]) && !payload.is_empty() {
        let found = extract::extract(token.as_bytes());
        let [Candidate { shape: Shape::Compact(compact), span, .. }] = found.candidates.as_slice() else {
            panic!("not one token: {:?}", found.candidates);
        };
        assert_eq!((span.start, span.end), (0, token.len()));
        assert_eq!(compact.text, token.as_bytes());
        // An error that quotes nothing of the token but its signature.
        let quoted = format!("{token}\nAADSTS50013: Assertion failed signature validation. [Reason - {signature}]");
        let report = analyze(quoted.as_bytes(), &Options::at(NOW));
        check_signature(&report::check(&report, quoted.len()));
    }
    let (_, outputs) = analysed(token.as_bytes(), &told.options());
    check_signature(&outputs);
}

/// See [`TARGETS`](super::TARGETS).
pub fn response(message: &[u8]) {
    analysed(message, &Told::default().options());
    extract(message);
    let Ok(message) = std::str::from_utf8(message) else { return };
    let bodies = [
        serde_json::json!({ "error": "invalid_grant", "error_description": message }),
        serde_json::json!({ "error": { "code": "InvalidAuthenticationToken", "message": message } }),
    ];
    for body in bodies.map(|body| body.to_string()) {
        let found = extract::extract(body.as_bytes());
        report::check_spans(found.candidates.iter().map(|candidate| candidate.span), body.len());
        let is_error = |candidate: &Candidate| matches!(candidate.shape, Shape::StsError(_) | Shape::GraphError(_));
        assert!(found.candidates.iter().any(is_error), "no error in {body}");
    }
}

/// See [`TARGETS`](super::TARGETS). Two pastes with a zero byte between them; of one only, it and its reverse.
pub fn diff(data: &[u8]) {
    let mut reversed = data.to_vec();
    reversed.reverse();
    let apart = data.iter().position(|&byte| byte == 0).and_then(|at| data.split_at_checked(at));
    let (one, other) = apart.unwrap_or((data, &reversed));
    let [one, other] = [one, other].map(|paste| analyze(paste, &Told::default().options()));
    for report in [&one, &other] {
        let same = diff::diff(report, report);
        let nothing =
            same.traits.is_empty() && same.gained.is_empty() && same.lost.is_empty() && same.claims.is_empty();
        assert!(nothing, "a report differs from itself: {same:?}");
    }
    let (there, back) = (shown(&one, &other), shown(&other, &one));
    assert_eq!((&there.before, &there.after), (&back.after, &back.before));
    let names = |grants: &[diff::Grant]| {
        let mut names: Vec<_> = grants.iter().map(|grant| (grant.kind, grant.name.to_ascii_lowercase())).collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!((names(&there.gained), names(&there.lost)), (names(&back.lost), names(&back.gained)));
    assert_eq!((there.same, there.claims.len()), (back.same, back.claims.len()));
}

/// The difference of two reports, after asserting what holds for its outputs.
fn shown(before: &Report, after: &Report) -> Difference {
    let difference = diff::diff(before, after);
    output::json("a difference", &difference);
    for all in [false, true] {
        for width in output::WIDTHS {
            let options = TextOptions { width, all, ..TextOptions::default() };
            output::page("a difference", &render::difference_text(&difference, &options), width, false);
        }
    }
    difference
}
