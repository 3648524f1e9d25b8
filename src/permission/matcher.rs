//! Finds the entry of a table that a call falls under.
//!
//! First the path as it is; then, one change at a time, what it may stand for (`rewrite.rs`). Every way through the table
//! is tried, literal segments before placeholders, and only a template that has the method counts: Microsoft's own
//! matcher does neither and misses `/users/{id}/mailFolders/inbox` (dev-proxy issue 1565).

use super::rewrite;
use super::table::{PLACEHOLDERS, Table};
use super::tokens::{self, Token};
use super::{Inference, Method};

/// How many spellings of one path are tried at most, so that a path of nothing but functions takes no longer than others.
/// The calls of Microsoft's documentation that are found at all are found among the first hundred.
const MAX_SPELLINGS: usize = 250;

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The table has it.
    Entry {
        node: usize,
        call: usize,
        /// What had to be assumed; empty for an exact match.
        inferred: Vec<Inference>,
    },
    /// The table has the path, but with other methods only.
    OtherMethods(MethodSet),
    /// The table does not have the path.
    Nothing,
    /// The path has more segments than any template.
    TooDeep,
}

/// A set of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MethodSet(u8);

impl MethodSet {
    /// The methods in the set.
    pub fn iter(self) -> impl Iterator<Item = Method> {
        Method::ALL.into_iter().filter(move |method| self.0 & method.bit() != 0)
    }

    /// The method, if the set holds one only.
    pub fn single(self) -> Option<Method> {
        let mut methods = self.iter();
        methods.next().filter(|_| methods.next().is_none())
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Finds the entry for a path (in lower case) and a method.
pub(super) fn find(table: &Table<'_>, wildcards: Wildcards, path: &str, method: Method) -> Found {
    let Some(tokens) = tokens::tokens(path) else { return Found::TooDeep };
    let search = Search { table, method, wildcards };
    let mut others = match search.run(&tokens) {
        Ok((node, call)) => return Found::Entry { node, call, inferred: Vec::new() },
        Err(methods) => methods,
    };
    let mut spellings: Vec<(Vec<Token<'_>>, Vec<Inference>)> = vec![(tokens, Vec::new())];
    let (mut next, mut tried) = (0_usize, 0_usize);
    while tried < MAX_SPELLINGS
        && let Some((tokens, inferred)) = spellings.get(next).cloned()
    {
        next = next.saturating_add(1);
        for (inference, changed) in rewrite::rewrites(&tokens) {
            tried = tried.saturating_add(1);
            if tried >= MAX_SPELLINGS {
                break;
            }
            if spellings.iter().any(|(known, _)| *known == changed) {
                continue;
            }
            let mut inferred = inferred.clone();
            inferred.push(inference);
            match search.run(&changed) {
                Ok((node, call)) => return Found::Entry { node, call, inferred },
                Err(methods) => others = if others.is_empty() { methods } else { others },
            }
            // Two changes may be combined; with a third the guess would be too bold.
            if inferred.len() < 2 {
                spellings.push((changed, inferred));
            }
        }
    }
    if others.is_empty() { Found::Nothing } else { Found::OtherMethods(others) }
}

/// The numbers of the segments that stand for values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wildcards {
    /// `{id}`
    value: Option<usize>,
    /// `{id}:`
    closed: Option<usize>,
    /// `...`, any number of segments.
    any_depth: Option<usize>,
}

impl Wildcards {
    /// Looks them up.
    pub(super) fn of(table: &Table<'_>) -> Self {
        let number = |segment: &str| table.find_segment(segment.as_bytes());
        Self { any_depth: number(PLACEHOLDERS[0]), value: number(PLACEHOLDERS[1]), closed: number(PLACEHOLDERS[2]) }
    }

    fn contain(self, segment: Option<usize>) -> bool {
        [self.any_depth, self.value, self.closed].contains(&segment)
    }
}

/// What stays the same for all spellings of one call.
struct Search<'s, 't> {
    table: &'s Table<'t>,
    method: Method,
    wildcards: Wildcards,
}

/// What one token can be in the table.
#[derive(Clone, Copy, Default)]
struct Step {
    literal: Option<usize>,
    placeholder: Option<usize>,
}

impl Search<'_, '_> {
    /// Node and call of the first template that fits and has the method; else the methods that fitting templates have.
    fn run(&self, tokens: &[Token<'_>]) -> Result<(usize, usize), MethodSet> {
        let mut steps = [Step::default(); tokens::MAX_SEGMENTS];
        for (step, token) in steps.iter_mut().zip(tokens) {
            *step = self.step(token);
        }
        let steps = steps.get(..tokens.len()).unwrap_or_default();
        let mut methods = MethodSet::default();
        // Nodes to visit, the most preferred one last. Each node is met at most once for each depth.
        let mut open = Vec::with_capacity(16);
        open.push((0_usize, steps));
        while let Some((node, rest)) = open.pop() {
            let Some((step, after)) = rest.split_first() else {
                let own = self.table.methods(node);
                if own & self.method.bit() == 0 {
                    methods.0 |= own;
                    continue;
                }
                let mut calls = self.table.calls(node);
                let call = calls.find(|(method, _)| Method::from_number(*method) == Some(self.method));
                return call.map(|(_, call)| (node, call)).ok_or(methods);
            };
            let (mut literal, mut placeholder, mut deep) = (None, None, None);
            for child in self.table.children(node) {
                let name = Some(self.table.name(child));
                if name == step.literal {
                    literal = Some((child, after));
                } else if name == step.placeholder {
                    placeholder = Some((child, after));
                } else if name == self.wildcards.any_depth {
                    deep = Some((child, rest));
                }
                // Those that stand for values come first.
                if literal.is_some() || step.literal.is_none() && !self.wildcards.contain(name) {
                    break;
                }
            }
            let deeper =
                (node != 0 && self.wildcards.any_depth == Some(self.table.name(node))).then_some((node, after));
            open.extend([deep, deeper, placeholder, literal].into_iter().flatten());
        }
        Err(methods)
    }

    fn step(&self, token: &Token<'_>) -> Step {
        match token {
            Token::Text(text) => {
                let literal = self.table.find_segment(text.as_bytes());
                // A function that is missing here and exists elsewhere is no value: /me/chats/getAllMessages.
                let function = literal.is_some() && text.starts_with("get");
                let placeholder = match text {
                    _ if text.starts_with('$') || token.is_cast() || function => None,
                    _ if text.ends_with(':') => self.wildcards.closed,
                    _ => self.wildcards.value,
                };
                Step { literal, placeholder }
            }
            Token::Function { canonical, .. } => {
                Step { literal: self.table.find_segment(canonical.as_bytes()), placeholder: None }
            }
            Token::Qualified(name) => {
                Step { literal: self.table.find_segment(["microsoft.", name].concat().as_bytes()), placeholder: None }
            }
            Token::Value => Step { literal: None, placeholder: self.wildcards.value },
            Token::ClosedPath => Step { literal: None, placeholder: self.wildcards.closed },
        }
    }
}
