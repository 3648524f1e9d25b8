//! Writing a value as minified JSON text.

use super::document::{Document, Node, NodeKind};
use super::text::escape_into;
use super::value::decoded;

/// The value whose node is `node`, number `index`. See [`Value::to_compact`](super::Value::to_compact).
pub(super) fn compact(document: &Document, index: usize, node: &Node) -> String {
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
            NodeKind::Number => out.push_str(&String::from_utf8_lossy(node.source(document.text()))),
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
