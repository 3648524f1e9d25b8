//! Writing a value as minified JSON text.

use super::document::{Document, Node, NodeKind};
use super::text::escape_into;
use super::value::decoded;
use std::cmp::Ordering;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As they stand, all of them.
    AsGiven,
    /// As they stand where every reader of JSON takes them, and as strings where not.
    ForAnyReader,
}

/// True of a number that RFC 8259 allows and common readers refuse or change to infinity: no double is as great (section
/// 6 warns of `1E400`). Readers round differently, so that numbers at the very edge count as beyond it, but for the
/// greatest double as programs print it.
///
/// The digits are compared, because a reader of numbers would bring its tables into the page.
pub(super) fn is_beyond_double(number: &str) -> bool {
    /// The greatest double is 1.7976931348623157e308.
    const ORDER: i64 = 308;
    const EDGE: &[u8] = b"179769313486231";
    const GREATEST: &[u8] = b"57";
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let beyond_i64 = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let exponent = exponent.parse().unwrap_or(beyond_i64);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches(['-', '0']);
    let mut digits = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0').peekable();
    if digits.peek().is_none() {
        return false;
    }
    // How many digits stand before the point; below 0 it is the noughts behind it.
    let noughts = fraction.len().saturating_sub(fraction.trim_start_matches('0').len());
    let length = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let places = if whole.is_empty() { length(noughts).saturating_neg() } else { length(whole.len()) };
    let order = places.saturating_sub(1).saturating_add(exponent);
    let first = digits.by_ref().take(EDGE.len()).cmp(EDGE.iter().copied());
    order.cmp(&ORDER).then(first).then_with(|| {
        let mut rest: Vec<u8> = digits.collect();
        rest.truncate(rest.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last.saturating_add(1)));
        if rest == GREATEST { Ordering::Less } else { Ordering::Greater }
    }) == Ordering::Greater
}

/// The value whose node is `node`, number `index`. See [`Value::to_compact`](super::Value::to_compact).
pub(super) fn compact(document: &Document, index: usize, node: &Node, numbers: Numbers) -> String {
    let mut out = String::with_capacity(node.span().len());
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut first = true;
    for (number, node) in document.nodes().iter().enumerate().take(node.after()).skip(index) {
        while let Some(&(after, closing)) = open.last()
            && after <= number
        {
            out.push(closing);
            open.pop();
            first = false;
        }
        if !first {
            out.push(',');
        }
        first = false;
        match node.kind {
            NodeKind::Null => out.push_str("null"),
            NodeKind::True => out.push_str("true"),
            NodeKind::False => out.push_str("false"),
            NodeKind::Number => {
                let number = String::from_utf8_lossy(node.source(document.text()));
                if numbers == Numbers::ForAnyReader && is_beyond_double(&number) {
                    push_string(&mut out, &number);
                } else {
                    out.push_str(&number);
                }
            }
            NodeKind::String => push_decoded(&mut out, document, node),
            NodeKind::Text => push_string(&mut out, &String::from_utf8_lossy(node.source(document.text()))),
            NodeKind::Name => {
                push_decoded(&mut out, document, node);
                out.push(':');
                first = true;
            }
            NodeKind::Array | NodeKind::Object => {
                let (opening, closing) = if node.kind == NodeKind::Array { ('[', ']') } else { ('{', '}') };
                out.push(opening);
                open.push((node.after(), closing));
                first = true;
            }
        }
    }
    out.extend(open.iter().rev().map(|&(_, closing)| closing));
    out
}

fn push_decoded(out: &mut String, document: &Document, node: &Node) {
    let text = decoded(document, node);
    // Nearly every string of a token is plain and visible ASCII: it needs no look at each character.
    if node.plain && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push('"');
        out.push_str(&text);
        out.push('"');
    } else {
        push_string(out, &text);
    }
}

fn push_string(out: &mut String, text: &str) {
    out.push('"');
    escape_into(out, text);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::is_beyond_double;

    #[test]
    fn finds_the_numbers_that_a_reader_of_doubles_refuses() {
        let nines = "9".repeat(308);
        let noughts = "0".repeat(400);
        for number in [
            "0",
            "-0.0",
            "0e999",
            "0.000e99999999999999999999",
            "1e308",
            "-1e308",
            "10e307",
            "0.1e309",
            "1e309",
            "-1E+309",
            "100e307",
            "0.01e310",
            "0.001e311",
            "0.1e310",
            "1.79e308",
            "1.7976931348622e308",
            "1.7976931348624e308",
            "1.8e308",
            "17e307",
            "18e307",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "1e-400",
            "1e-99999999999999999999",
            "1e99999999999999999999",
            "2e400",
        ] {
            assert_eq!(is_beyond_double(number), serde_json::from_str::<f64>(number).is_err(), "{number}");
        }
        for (number, beyond) in [
            (nines.clone(), false),
            (nines.clone() + "9", true),
            (format!("1{noughts}"), true),
            (format!("1{noughts}e-400"), false),
            (format!("0.{noughts}1e708"), false),
            (format!("0.{noughts}1e710"), true),
            (format!("0.{noughts}"), false),
        ] {
            assert_eq!(is_beyond_double(&number), beyond, "{number}");
        }
    }
}
