//! Calls that begin like what somebody has written so far.

use super::table::Table;
use super::{Catalogue, Method};
use std::collections::VecDeque;

/// The longest text that is completed, in bytes: longer than any call that somebody types.
const LONGEST: usize = 1024;

impl Catalogue {
    /// Calls of the table that go on like a text, short ones first, at most `limit`: `GET /me/mes` gives
    /// `GET /me/messages` and so on. Without a method all methods are given. Segments that stand for values are kept as
    /// they were written, and are `{id}` where they were not. A word without slash finds the paths that it is part of.
    ///
    /// Letter case is ignored, and so are host and version. Reads the whole table at worst, which takes a few
    /// milliseconds.
    pub fn complete(&self, text: &str, limit: usize) -> Vec<String> {
        if text.len() > LONGEST {
            return Vec::new();
        }
        let (methods, path) = parts(text.trim_start());
        let table = self.table();
        let mut nodes = if path.contains('/') { beginning(&table, path) } else { containing(&table, path) };
        let mut calls = Vec::new();
        while let Some((node, path)) = nodes.pop_front() {
            let own = table.calls(node).filter_map(|(method, _)| Method::from_number(method));
            calls.extend(own.filter(|method| methods.contains(method)).map(|method| format!("{method} {path}")));
            if calls.len() >= limit {
                break;
            }
            nodes.extend(children(&table, node, &path).map(|(child, _, path)| (child, path)));
        }
        calls.truncate(limit);
        calls
    }
}

/// The methods that the first word stands for (all of them where it is none), and the path without host and version.
fn parts(text: &str) -> (Vec<Method>, &str) {
    let (methods, path) = match text.split_once(char::is_whitespace) {
        Some((word, rest)) if !word.contains('/') => {
            let begins =
                |method: &Method| method.name().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            (Method::ALL.into_iter().filter(begins).collect(), rest.trim())
        }
        _ => (Method::ALL.to_vec(), text.trim()),
    };
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default(),
        None => path,
    };
    let version = ["/v1.0/", "/beta/"].into_iter().find(|version| path.starts_with(version));
    let skipped = version.map_or(0, |version| version.len().saturating_sub(1));
    let path = path.get(skipped..).unwrap_or_default();
    (methods, path.split(['?', '#']).next().unwrap_or_default())
}

/// The nodes at which a written path may end, each with its path.
fn beginning(table: &Table<'_>, path: &str) -> VecDeque<(usize, String)> {
    let mut segments = path.trim_start_matches('/').split('/');
    let last = segments.next_back().unwrap_or_default();
    let mut reached = VecDeque::from([(0, String::new())]);
    for written in segments {
        let next = reached.iter().flat_map(|(node, path)| {
            let mut same: Vec<_> =
                children(table, *node, path).filter(|(_, name, _)| stands_for(name, written)).collect();
            // Literal segments come before those that stand for any value.
            same.sort_by_key(|(_, name, _)| is_value(name));
            same.into_iter().map(move |(child, _, _)| (child, format!("{path}/{written}")))
        });
        reached = next.collect();
    }
    let ends = |(node, path): &(usize, String)| {
        let all: Vec<_> = children(table, *node, path).collect();
        let literal = |name: &str| name.get(..last.len()).is_some_and(|start| start.eq_ignore_ascii_case(last));
        if all.iter().any(|(_, name, _)| literal(name)) {
            return all
                .into_iter()
                .filter(|(_, name, _)| literal(name))
                .map(|(child, _, path)| (child, path))
                .collect();
        }
        let values = all.into_iter().filter(|(_, name, _)| is_value(name));
        values.map(|(child, _, _)| (child, format!("{path}/{last}"))).collect::<Vec<_>>()
    };
    reached.iter().flat_map(ends).collect()
}

/// The nodes whose own segment holds a word, each with its path.
fn containing(table: &Table<'_>, word: &str) -> VecDeque<(usize, String)> {
    let word = word.to_ascii_lowercase();
    if word.is_empty() {
        return VecDeque::from([(0, String::new())]);
    }
    // A segment is in many paths, so each is looked at once.
    let holds: Vec<bool> = (0..table.segment_count()).map(|segment| table.segment(segment).contains(&word)).collect();
    let nodes = (1..table.node_count()).filter(|node| holds.get(table.name(*node)).is_some_and(|holds| *holds));
    nodes.map(|node| (node, table.template(node))).collect()
}

/// The children of a node: number, segment, and path.
fn children<'t>(table: &Table<'t>, node: usize, path: &str) -> impl Iterator<Item = (usize, String, String)> + use<'t> {
    let (table, path) = (*table, path.to_owned());
    table.children(node).map(move |child| {
        let name = table.segment(table.name(child));
        let path = format!("{path}/{name}");
        (child, name, path)
    })
}

fn is_value(name: &str) -> bool {
    name.starts_with('{')
}

fn stands_for(name: &str, written: &str) -> bool {
    name.eq_ignore_ascii_case(written) || (is_value(name) && !written.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::embedded;

    #[test]
    fn goes_on_from_what_was_written() {
        let first = |text: &str| embedded().complete(text, 3);
        for (text, expected) in [
            ("GET /me/mess", &["GET /me/messages", "GET /me/messages/{id}"][..]),
            (
                "get /users/ada@tenant.example/mailFolders/inbox/messages",
                &["GET /users/ada@tenant.example/mailFolders/inbox/messages"],
            ),
            ("POST /me/send", &["POST /me/sendmail"]),
            (
                "https://graph.microsoft.com/v1.0/me/mailboxse",
                &["GET /me/mailboxsettings", "PATCH /me/mailboxsettings"],
            ),
            ("del /me/messages/2/att", &["DELETE /me/messages/2/attachments/{id}"]),
            ("GET /no-such-path/x", &[]),
            ("PURGE /me", &[]),
        ] {
            let calls = first(text);
            assert!(
                calls.starts_with(&expected.iter().map(ToString::to_string).collect::<Vec<_>>()),
                "{text}: {calls:?}"
            );
            assert_eq!(calls.is_empty(), expected.is_empty(), "{text}: {calls:?}");
        }
    }

    #[test]
    fn a_word_finds_paths_and_every_answer_is_known() {
        let calls = embedded().complete("mailboxsettings", 20);
        assert!(calls.iter().any(|call| call == "GET /me/mailboxsettings"), "{calls:?}");
        for text in ["", "GET /", "/users/{id}/", "calendar", "PATCH /"] {
            let calls = embedded().complete(text, 20);
            assert_eq!(calls.len(), 20, "{text}");
            for call in calls {
                assert!(embedded().needs(&call).is_ok_and(|needs| needs.template.is_some()), "{text}: {call}");
            }
        }
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in
            ["/".repeat(1000), "/{id}".repeat(200), "é /ü".to_owned(), "G\u{301}ET /me".to_owned(), "/a".repeat(600)]
        {
            assert!(embedded().complete(&text, 20).len() <= 20, "{text}");
        }
    }
}
