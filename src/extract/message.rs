//! Messages of the sign-in service in running text: `AADSTS50011: The redirect URI …`.

use super::context::{self, Context};
use super::object::aadsts_codes;
use super::{Candidate, ErrorText, Repairs, Shape, Span};
use memchr::memmem;

const PREFIX: &[u8] = b"AADSTS";

/// Longest message that is read, in bytes.
const LONGEST: usize = 4096;

/// Labels in front of the identifiers that support asks for, as the service writes them.
const LABELS: [(&str, &str); 4] = [
    ("trace_id", "Trace ID:"),
    ("correlation_id", "Correlation ID:"),
    ("timestamp", "Timestamp:"),
    ("request_id", "Request Id:"),
];

/// Finds every message. Codes that are chained in one message (`AADSTS70002: … AADSTS50012: …`) are one error.
pub(super) fn find(bytes: &[u8]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut end = 0;
    for at in memmem::find_iter(bytes, PREFIX) {
        if at < end || !bytes.get(at + PREFIX.len()).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        let length = message_length(bytes.get(at..).unwrap_or_default());
        end = at + length;
        let text = String::from_utf8_lossy(bytes.get(at..end).unwrap_or_default()).into_owned();
        let handles = LABELS.iter().filter_map(|(name, label)| {
            let place = find_label(&text, label)?;
            let value = text.get(place..)?.split_whitespace().next()?.trim_end_matches([',', ')', ';', '"', '\'']);
            // A moment has a space inside: `2026-02-21 22:27:34Z`.
            let value = match (*name, text.get(place..)?.trim_start().get(..20)) {
                ("timestamp", Some(moment)) if moment.ends_with('Z') => moment,
                _ => value,
            };
            (!value.is_empty()).then(|| (*name, value.to_owned()))
        });
        let codes = aadsts_codes(&text);
        let handles = handles.collect();
        let code = codes.first().cloned();
        let error = ErrorText { code, codes, message: Some(text), handles, ..ErrorText::default() };
        let context: Context = context::before(bytes, at);
        let span = Span { start: at, end };
        found.push(Candidate { shape: Shape::StsError(error), span, context, repairs: Repairs::default() });
    }
    found
}

/// Where the value behind a label begins; letter case of the label does not count.
fn find_label(text: &str, label: &str) -> Option<usize> {
    let window =
        text.as_bytes().windows(label.len()).position(|window| window.eq_ignore_ascii_case(label.as_bytes()))?;
    Some(window + label.len())
}

/// A message goes on to its timestamp, or else to the end of the line.
fn message_length(rest: &[u8]) -> usize {
    let window = rest.get(..rest.len().min(LONGEST)).unwrap_or_default();
    let paragraph = memmem::find(window, b"\n\n").or_else(|| memmem::find(window, b"\r\n\r\n")).unwrap_or(window.len());
    let window = window.get(..paragraph).unwrap_or_default();
    if let Some(stamp) = memmem::find(window, b"Timestamp:") {
        let after = window.get(stamp..).unwrap_or_default();
        let end = memchr::memchr(b'Z', after).filter(|end| *end < 40).map_or(after.len().min(40), |end| end + 1);
        return stamp + end;
    }
    memchr::memchr3(b'\n', b'"', b'<', window).unwrap_or(window.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_in_running_text() {
        let text = "Error: AADSTS70002: Error validating credentials. AADSTS50012: x.\r\nTrace ID: \
                    7549a19e-781e-4619-bbce-31d02d30cb1b\r\nCorrelation ID: 53b006c1-b6c2-46f1-97fa-78447ebee2dc\r\n\
                    Timestamp: 2021-07-25 17:09:48Z and more\nAADSTS50011: second";
        let found = find(text.as_bytes());
        let read: Vec<&ErrorText> = found
            .iter()
            .filter_map(|candidate| match &candidate.shape {
                Shape::StsError(error) => Some(error),
                _ => None,
            })
            .collect();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].code.as_deref(), Some("AADSTS70002"));
        assert_eq!(
            read[0].handles,
            [
                ("trace_id", "7549a19e-781e-4619-bbce-31d02d30cb1b".to_owned()),
                ("correlation_id", "53b006c1-b6c2-46f1-97fa-78447ebee2dc".to_owned()),
                ("timestamp", "2021-07-25 17:09:48Z".to_owned()),
            ]
        );
        assert_eq!(read[1].code.as_deref(), Some("AADSTS50011"));
        assert!(find(b"AADSTS is no code, AADSTSx neither").is_empty());
    }
}
