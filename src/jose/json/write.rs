//! Writing a value as minified JSON text.

use super::document::{Document, Node, NodeKind};
use super::text::escape_into;
use super::value::decoded;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As they stand, all of them.
    AsGiven,
    /// As they stand where every reader of JSON takes them, and as strings where not.
    ForAnyReader,
}

/// True of a number that RFC 8259 allows and common readers refuse or change to infinity: no double is as great (section
/// 6 warns of `1E400`). The strictest of them is asked, which refuses numbers at the very edge too.
pub(super) fn is_beyond_double(number: &str) -> bool {
    // The greatest double has 309 digits.
    let may_be = number.len() >= 309 || number.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    may_be && serde_json::from_str::<serde_json::Number>(number).is_err()
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
