//! From a cmdlet of Microsoft Graph PowerShell to its call.
//!
//! The cmdlets are generated, and so are their names: the noun is the segments of the path in the singular, the verb
//! follows from the method (`Get-MgUserMessage` is `GET /users/{id}/messages` and `GET /users/{id}/messages/{id}`). An
//! action gives the verb its first word (`Send-MgUserMail` is `POST /users/{id}/sendMail`), or where that is no verb of
//! PowerShell it begins the noun (`Invoke-MgRenewGroup` is `POST /groups/{id}/renew`). Here that is undone: every call
//! of the table whose name comes out as the given one is a candidate, parameters such as `-UserId` tell a collection
//! from its items, and the answer counts where one candidate is left, or where those that are left need the same
//! permissions.
//!
//! Sources: <https://learn.microsoft.com/powershell/microsoftgraph/navigating>, the configuration of the generator
//! (microsoftgraph/msgraph-sdk-powershell, `src/readme.graph.md`).

use super::table::{PLACEHOLDERS, Table};
use super::{Catalogue, Method};
use crate::scenario::{ApiVersion, Call, Cmdlet, Service, Variant};
use std::fmt;

/// How many candidates a sentence names.
const NAMED: usize = 4;

/// What the name of a plain method becomes.
const PLAIN: [(&str, Method); 5] = [
    ("get", Method::Get),
    ("new", Method::Post),
    ("update", Method::Patch),
    ("set", Method::Put),
    ("remove", Method::Delete),
];

/// Words that begin an action and become another verb; all other verbs stand for themselves.
const ACTIONS: [(&str, &[&str]); 9] = [
    ("new", &["create"]),
    ("update", &["update", "change"]),
    ("set", &["set", "assign"]),
    ("confirm", &["confirm", "check", "verify"]),
    ("clear", &["clear", "unset", "wipe"]),
    ("test", &["test", "validate"]),
    ("stop", &["stop", "cancel"]),
    ("convert", &["convert", "translate"]),
    ("invoke", &[]),
];

/// First segments that no noun repeats, and what may follow them.
const LEFT_OUT: [(&str, Option<&str>); 3] =
    [("identityprotection", None), ("solutions", None), ("identitygovernance", Some("entitlementmanagement"))];

/// Segments that are spelled with `Default` before them where their plural stands beside them.
const DEFAULTS: [&str; 2] = ["calendar", "drive"];

/// Plurals that no rule makes.
const PLURALS: [(&str, &str); 2] = [("people", "person"), ("children", "child")];

/// Why a cmdlet is not taken for a call. The sentence (`Display`) has no full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadCmdlet {
    /// No call of the table has that name.
    Unknown {
        /// The cmdlet.
        name: String,
    },
    /// Several calls have it.
    Several {
        /// The cmdlet.
        name: String,
        /// The first of them.
        calls: Vec<String>,
        /// How many more there are.
        more: usize,
    },
}

impl fmt::Display for BadCmdlet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name } => write!(
                formatter,
                "{name} is no cmdlet whose call is certain: expected the call itself, as in GET /me/messages \
                 (Find-MgGraphCommand tells it)"
            ),
            Self::Several { name, calls, more } => {
                write!(formatter, "several calls fit {name}: {}", calls.join(", "))?;
                if *more > 0 {
                    write!(formatter, " and {more} more")?;
                }
                formatter.write_str("; expected the parameters that name IDs, such as -UserId, or the call itself")
            }
        }
    }
}

impl std::error::Error for BadCmdlet {}

/// A call that has the name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    method: Method,
    node: usize,
    /// How many IDs its path has.
    ids: usize,
}

impl Catalogue {
    /// The call of a cmdlet, where it is certain.
    pub(super) fn call_of(&self, cmdlet: &Cmdlet) -> Result<Call, BadCmdlet> {
        let table = self.table();
        let (candidates, behind) = search(table, cmdlet);
        let has = |name: &str| cmdlet.parameters.iter().any(|(own, _)| own == name);
        let given = cmdlet.parameters.iter().filter(|(name, _)| name.len() > 2 && name.ends_with("id")).count();
        let is_item = |own: &Candidate| table.template(own.node).ends_with("}");
        let fits = |own: &Candidate| match cmdlet.variant {
            Some(Variant::List) => !is_item(own),
            Some(Variant::Item) => is_item(own),
            // -InputObject holds the IDs of the path, however many there are.
            None if has("inputobject") => own.ids > 0,
            None => own.ids == given,
        };
        let fitting: Vec<Candidate> = match candidates.as_slice() {
            [] => return Err(BadCmdlet::Unknown { name: cmdlet.name.clone() }),
            // The body may have IDs of its own.
            [only] => vec![only.clone()],
            several => several.iter().filter(|candidate| fits(candidate)).cloned().collect(),
        };
        let needs = |own: &Candidate| {
            let call = table.calls(own.node).find(|(method, _)| Method::from_number(*method) == Some(own.method));
            call.map(|(_, call)| [0, 1, 2].map(|scheme| table.list(call, scheme)))
        };
        // Where all that are left need the same permissions, the longest stands for them: of two addresses of one thing the
        // module has the one that names the service (`/identityProtection/riskyUsers`).
        let longest = fitting.iter().max_by_key(|own| table.template(own.node).len());
        let only = longest.filter(|own| fitting.iter().all(|other| needs(other) == needs(own)));
        let Some(only) = only else {
            let shown = if fitting.is_empty() { &candidates } else { &fitting };
            let name = |own: &Candidate| format!("{} {}", own.method, table.template(own.node));
            let calls = shown.iter().take(NAMED).map(name).collect();
            let more = shown.len().saturating_sub(NAMED);
            return Err(BadCmdlet::Several { name: cmdlet.name.clone(), calls, more });
        };
        let template = table.template(only.node);
        // The module has no cmdlets for /me: it takes `me` for the ID of a user.
        let is_me = cmdlet.parameters.iter().any(|(name, value)| name == "userid" && value.eq_ignore_ascii_case("me"));
        let path = match template.strip_prefix("/users/{id}") {
            Some(rest) if is_me => format!("/me{rest}"),
            _ => template,
        } + behind;
        Ok(Call {
            method: Some(only.method.name().to_owned()),
            host: None,
            cloud: None,
            version: Some(if cmdlet.beta { ApiVersion::Beta } else { ApiVersion::V1 }),
            path,
            query: None,
            service: Service::Graph,
            from_cmdlet: true,
        })
    }
}

/// Ends of names that the table mostly lists without the end of the path that they stand for.
/// `Remove-MgGroupMemberByRef`, later `Remove-MgGroupMemberDirectoryObjectByRef`, is
/// `DELETE /groups/{id}/members/{id}/$ref`.
const ENDS: [(&str, &str); 4] =
    [("DirectoryObjectByRef", "/$ref"), ("ByRef", "/$ref"), ("Count", "/$count"), ("Content", "/$value")];

/// The calls that the name of a cmdlet stands for, and what has to be put behind their paths.
fn search(table: Table<'_>, cmdlet: &Cmdlet) -> (Vec<Candidate>, &'static str) {
    let run = |noun: &str| Search { table, noun: Noun::new(noun) }.run(&cmdlet.verb);
    let found = run(&cmdlet.noun);
    if !found.is_empty() {
        return (found, "");
    }
    // What can only be referred to is made with the short name: `New-MgGroupMember`.
    if cmdlet.verb == "new" {
        return (run(&format!("{}ByRef", cmdlet.noun)), "");
    }
    let stem = |ending: &str| {
        let (stem, end) = cmdlet.noun.split_at_checked(cmdlet.noun.len().checked_sub(ending.len())?)?;
        (!stem.is_empty() && end.eq_ignore_ascii_case(ending)).then_some(stem)
    };
    let found = ENDS.iter().find_map(|(ending, behind)| Some((run(stem(ending)?), *behind)));
    found.unwrap_or_default()
}

/// A noun, to be matched against segments.
struct Noun {
    /// In lower case.
    letters: Vec<u8>,
    /// Where a word may end. Everywhere if the noun is written without capitals.
    ends: Vec<bool>,
}

impl Noun {
    fn new(noun: &str) -> Self {
        let letters: Vec<u8> = noun.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
        let capitals = noun.bytes().any(|byte| byte.is_ascii_uppercase());
        let starts = noun.bytes().map(|byte| !capitals || !byte.is_ascii_lowercase());
        let ends = starts.chain([true]).collect();
        Self { letters, ends }
    }

    fn ends_at(&self, at: usize) -> bool {
        self.ends.get(at).copied().unwrap_or_default()
    }

    /// Where in the noun a segment can end that begins at that place, its words in the plural or in the singular.
    fn after(&self, at: usize, segment: &[u8]) -> Vec<usize> {
        let (mut ends, mut open) = (Vec::new(), vec![(at, segment)]);
        while let Some((at, rest)) = open.pop() {
            let Some((first, after)) = rest.split_first() else {
                if self.ends_at(at) && !ends.contains(&at) {
                    ends.push(at);
                }
                continue;
            };
            // No name has an underscore.
            if *first == b'_' {
                open.push((at, after));
                continue;
            }
            let wanted = self.letters.get(at).copied();
            let next = at.saturating_add(1);
            if wanted == Some(*first) {
                open.push((next, after));
            }
            if self.ends_at(at) && at > 0 {
                let plural = [&b"s"[..], b"es"].into_iter().filter_map(|plural| rest.strip_prefix(plural));
                open.extend(plural.map(|rest| (at, rest)));
            }
            if wanted == Some(b'y') && self.ends_at(next) {
                open.extend(rest.strip_prefix(b"ies").map(|rest| (next, rest)));
            }
            for (plural, singular) in PLURALS {
                if let Some(rest) = rest.strip_prefix(plural.as_bytes())
                    && let Some(own) = self.letters.get(at..at.saturating_add(singular.len()))
                    && own == singular.as_bytes()
                {
                    open.push((at.saturating_add(singular.len()), rest));
                }
            }
        }
        ends
    }
}

/// Looks for the calls that a name can stand for.
struct Search<'t> {
    table: Table<'t>,
    noun: Noun,
}

impl Search<'_> {
    fn run(&self, verb: &str) -> Vec<Candidate> {
        let plain = PLAIN.iter().find_map(|(own, method)| (*own == verb).then_some(*method));
        let words: &[&str] = ACTIONS.iter().find_map(|(own, words)| (*own == verb).then_some(*words)).unwrap_or(&[]);
        let own = [verb];
        let words = if words.is_empty() && verb != "invoke" { &own[..] } else { words };
        let mut found = Vec::new();
        if verb == "invoke" {
            let starts = (1..self.noun.letters.len()).filter(|at| self.noun.ends_at(*at));
            starts.for_each(|start| {
                self.paths(start, |node, at, ids| self.named_action(node, at, ids, start, &mut found))
            });
        } else {
            self.paths(0, |node, at, ids| {
                if let Some(method) = plain.filter(|_| at == self.noun.letters.len()) {
                    self.add(node, method, ids, &mut found);
                }
                for word in words {
                    self.verb_action(node, at, ids, word, &mut found);
                }
            });
        }
        found
    }

    /// All nodes whose path is the noun from that place on, as far as it goes, and where it ends.
    fn paths(&self, start: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let values = PLACEHOLDERS.map(|segment| self.table.find_segment(segment.as_bytes()));
        let mut open = vec![(0, start, 0_usize)];
        while let Some((node, at, ids)) = open.pop() {
            visit(node, at, ids);
            for child in self.table.children(node) {
                let name = Some(self.table.name(child));
                if values.contains(&name) {
                    if name == values[1] {
                        open.push((child, at, ids.saturating_add(1)));
                    }
                    continue;
                }
                let segment = self.table.segment(self.table.name(child));
                if node == 0 && segment == "me" {
                    continue;
                }
                if let Some((_, follows)) = LEFT_OUT.iter().find(|(own, _)| node == 0 && *own == segment) {
                    let children = self.table.children(child);
                    let fits = |own: &usize| {
                        follows.is_none_or(|follows| self.table.segment(self.table.name(*own)) == follows)
                    };
                    for next in children.filter(fits) {
                        let segment = self.table.segment(self.table.name(next));
                        open.extend(
                            self.noun.after(at, spelled(&segment).as_bytes()).into_iter().map(|at| (next, at, ids)),
                        );
                    }
                }
                // Another way to name an item, which has cmdlets of its own: `applications(appid={id})`.
                if segment.split_once('(').is_some_and(|(name, _)| self.has_child(node, name)) {
                    continue;
                }
                let mut spelled = spelled(&segment);
                // Where a user has several of them, the one that needs no ID is called the default.
                if DEFAULTS.contains(&spelled.as_str()) && self.has_child(node, &format!("{spelled}s")) {
                    spelled.insert_str(0, "default");
                }
                let ends = self.noun.after(at, spelled.as_bytes());
                open.extend(ends.into_iter().map(|at| (child, at, ids)));
            }
        }
    }

    fn has_child(&self, node: usize, segment: &str) -> bool {
        let name = self.table.find_segment(segment.as_bytes());
        name.is_some() && self.table.children(node).any(|child| Some(self.table.name(child)) == name)
    }

    /// An action below that node whose first word became the verb, and whose others end the noun.
    fn verb_action(&self, node: usize, at: usize, ids: usize, word: &str, found: &mut Vec<Candidate>) {
        for child in self.table.children(node) {
            let segment = self.table.segment(self.table.name(child));
            let Some(rest) = spelled(&segment).strip_prefix(word).map(str::to_owned) else { continue };
            if self.noun.after(at, rest.as_bytes()).contains(&self.noun.letters.len()) {
                self.add_action(child, ids, found);
            }
        }
    }

    /// An action below that node that begins the noun.
    fn named_action(&self, node: usize, at: usize, ids: usize, start: usize, found: &mut Vec<Candidate>) {
        if at != self.noun.letters.len() {
            return;
        }
        for child in self.table.children(node) {
            let segment = self.table.segment(self.table.name(child));
            if self.noun.after(0, spelled(&segment).as_bytes()).contains(&start) {
                self.add_action(child, ids, found);
            }
        }
    }

    /// Actions are sent with POST, functions with GET.
    fn add_action(&self, node: usize, ids: usize, found: &mut Vec<Candidate>) {
        for method in [Method::Post, Method::Get] {
            self.add(node, method, ids, found);
        }
    }

    fn add(&self, node: usize, method: Method, ids: usize, found: &mut Vec<Candidate>) {
        let candidate = Candidate { method, node, ids };
        if self.table.methods(node) & method.bit() != 0 && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
}

/// A segment as names spell it: functions without arguments, types without namespace.
fn spelled(segment: &str) -> String {
    let name = segment.split('(').next().unwrap_or_default();
    match name {
        "$ref" => "byref".to_owned(),
        "$count" => "count".to_owned(),
        "$value" => "content".to_owned(),
        _ => match name.rsplit_once('.') {
            // A cast: Get-MgGroupMemberAsUser. A function has its parentheses.
            Some((_, name)) if !segment.contains('(') => format!("as{name}"),
            Some((_, name)) => name.to_owned(),
            None => name.to_owned(),
        },
    }
}
