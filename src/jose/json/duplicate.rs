//! Member names that an object has more than once.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::document::{Node, NodeKind};
use super::text::unescape;

/// A member name that one object has more than once, compared after unescaping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The object, as the byte offset of its opening brace. [`Document::pointer`](super::Document::pointer) turns it
    /// into a JSON pointer; it is not one already, because a pointer for each of many objects below one long name
    /// would take more than linear memory.
    pub object: usize,
    /// The name, unescaped. It may hold any character.
    pub name: String,
    /// The byte offset of the name where it stands first.
    pub first: usize,
    /// The byte offset of the name where it stands for the second time.
    pub again: usize,
    /// How many times the object has the name, at least 2.
    pub count: usize,
}

/// Finds the duplicates of all objects of a tree, in order of [`Duplicate::again`].
///
/// Names are compared by a fingerprint first, and only equal fingerprints by their text. Somebody who builds names
/// with equal fingerprints costs a sort, not a comparison of each with each.
pub(super) fn find(text: &[u8], nodes: &[Node]) -> Vec<Duplicate> {
    let mut duplicates = Vec::new();
    let mut names: Vec<(u64, &Node)> = Vec::new();
    for (index, object) in nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Object) {
        names.clear();
        let mut at = index.saturating_add(1);
        while at < object.after() {
            let Some(name) = nodes.get(at) else { break };
            names.push((fingerprint(&body(text, name)), name));
            at = nodes.get(at.saturating_add(1)).map_or(usize::MAX, Node::after);
        }
        // Equal fingerprints stay in document order.
        names.sort_by_key(|&(fingerprint, _)| fingerprint);
        for group in names.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
            let mut group: Vec<(Cow<'_, [u8]>, &Node)> =
                group.iter().map(|&(_, node)| (body(text, node), node)).collect();
            group.sort_by(|one, other| compare(&one.0, &other.0));
            duplicates.extend(group.chunk_by(|one, other| compare(&one.0, &other.0).is_eq()).filter_map(|same| {
                let [(name, first), (_, again), ..] = same else { return None };
                Some(Duplicate {
                    object: object.span().start,
                    name: String::from_utf8_lossy(name).into_owned(),
                    first: first.span().start,
                    again: again.span().start,
                    count: same.len(),
                })
            }));
        }
    }
    duplicates.sort_by_key(|duplicate| duplicate.again);
    duplicates
}

/// Compares names whose fingerprints are equal.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    #[cfg(test)]
    tests::COMPARED.set(tests::COMPARED.get() + one.len().min(other.len()) + 1);
    one.cmp(other)
}

/// The unescaped name.
fn body<'t>(text: &'t [u8], node: &Node) -> Cow<'t, [u8]> {
    let body = node.body(text);
    if node.plain {
        return Cow::Borrowed(body);
    }
    match unescape(body) {
        Cow::Borrowed(name) => Cow::Borrowed(name.as_bytes()),
        Cow::Owned(name) => Cow::Owned(name.into_bytes()),
    }
}

/// A number that equal names share and other names nearly never do.
fn fingerprint(name: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(FACTOR).rotate_left(29);
    let (words, tail) = name.as_chunks::<8>();
    let sum = words.iter().fold(name.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(tail.iter().fold(sum, |sum, &byte| sum.rotate_left(8) ^ u64::from(byte)), 0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::{Document, Limits};

    thread_local! {
        /// How many bytes of names were compared with each other.
        pub(super) static COMPARED: Cell<usize> = const { Cell::new(0) };
    }

    fn read(text: String) -> (Document, usize) {
        COMPARED.set(0);
        let document = Document::read_with(text, Limits { nodes: usize::MAX, ..Limits::default() });
        (document, COMPARED.get())
    }

    /// The work is counted, because time on a busy machine proves nothing.
    #[test]
    fn sixteen_megabytes_of_one_name_are_compared_in_linear_work() {
        let member = r#""name":1,"#;
        let count = (16 << 20) / member.len();
        let (document, compared) = read(format!("{{{}\"name\":2}}", member.repeat(count)));
        let [duplicate] = document.duplicates() else { panic!("{:?}", document.duplicates()) };
        assert_eq!((duplicate.count, duplicate.first, duplicate.again), (count + 1, 1, 10));
        assert!(compared <= 2 * document.text().len(), "{compared}");
    }

    #[test]
    fn different_names_are_not_compared_at_all() {
        let members: Vec<String> = (0..200_000).map(|number| format!("\"{number:x}\":0")).collect();
        let (document, compared) = read(format!("{{{}}}", members.join(",")));
        assert!(document.error().is_none() && document.duplicates().is_empty());
        assert_eq!(compared, 0);
    }

    #[test]
    fn pairs_in_many_objects_below_a_long_name_take_linear_memory() {
        let (document, compared) =
            read(format!("{{\"{}\":[{}0]}}", "n".repeat(1 << 20), "{\"a\":1,\"a\":2},".repeat(1 << 15)));
        assert_eq!(document.duplicates().len(), 1 << 15);
        assert!(compared <= document.text().len(), "{compared}");
        let last =
            document.duplicates().last().map(|duplicate| duplicate.object).and_then(|object| document.pointer(object));
        assert!(last.is_some_and(|pointer| pointer.ends_with("n/32767")));
    }
}
