//! Makes a table from claims: what `tools/permissions.py` does for the embedded one, for a document that a person supplies.

use super::table::{BLOCK, LEAST, MAGIC, SAMPLE};
use super::{Known, Method, Scheme};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// A table has at most this many segments, nodes, method maps, lists or claims: its numbers have 16 bits. The embedded
/// one has 8,110 nodes.
pub(super) const MAX_NUMBER: usize = 0xFFFF;

/// What a permission is known for, beyond [`Known`], while a table is made.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) known: Known,
    /// Microsoft's privilege level for each scheme, where given.
    pub(super) levels: [Option<u8>; 3],
}

/// One claim of the document: flagged as least, and the permissions of which one is also required.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) flagged: bool,
    pub(super) also: Vec<usize>,
}

/// The claims of each path (canonical): by method and scheme, by permission.
pub(super) type Claims = BTreeMap<String, BTreeMap<(Method, Scheme), BTreeMap<usize, Entry>>>;

/// The table of those claims. `None` if a number would not fit, see [`MAX_NUMBER`].
pub(super) fn compile(claims: &Claims, permissions: &[Facts]) -> Option<Vec<u8>> {
    let order = Ranking::new(claims, permissions);
    let mut calls: Calls<'_> = BTreeMap::new();
    for (path, by_method) in claims {
        let mut methods: HashMap<(Scheme, usize), usize> = HashMap::new();
        for ((_, scheme), found) in by_method {
            for permission in found.keys() {
                let count = methods.entry((*scheme, *permission)).or_default();
                *count = count.saturating_add(1);
            }
        }
        for ((method, scheme), found) in by_method {
            let flagged: Vec<usize> = found.iter().filter(|(_, entry)| entry.flagged).map(|(name, _)| *name).collect();
            let count = |permission: usize| methods.get(&(*scheme, permission)).copied().unwrap_or(0);
            let least = order.least(*scheme, found, order.single_out(flagged, count));
            let list = in_order(found, *scheme, &least.into_iter().collect(), &order);
            let slots = calls.entry(path).or_default().entry(*method).or_default();
            if let Some(slot) = slots.get_mut(scheme.index()) {
                *slot = list;
            }
        }
    }
    encode(&calls)
}

/// One claim as it is written: permission, least, also required.
type Written = (usize, bool, Vec<usize>);
/// The lists of a call, one for each scheme, by method, by path.
type Calls<'c> = BTreeMap<&'c str, BTreeMap<Method, [Vec<Written>; 3]>>;

/// The claims in order. A pair that is stored from both sides is kept once.
fn in_order(
    found: &BTreeMap<usize, Entry>,
    scheme: Scheme,
    least: &BTreeSet<usize>,
    order: &Ranking<'_>,
) -> Vec<Written> {
    let mut sorted: Vec<(&usize, &Entry)> = found.iter().collect();
    sorted.sort_by(|(one, _), (two, _)| order.compare(scheme, least, **one, **two));
    let mut pairs = BTreeSet::new();
    let mut result = Vec::with_capacity(sorted.len());
    for (permission, entry) in sorted {
        let pair = |other: usize| (other.min(*permission), other.max(*permission));
        let also: Vec<usize> = entry.also.iter().copied().filter(|other| !pairs.contains(&pair(*other))).collect();
        if also.is_empty() && !entry.also.is_empty() {
            continue;
        }
        pairs.extend(also.iter().map(|other| pair(*other)));
        result.push((*permission, least.contains(permission), also));
    }
    result
}

/// How permissions compare.
struct Ranking<'c> {
    permissions: &'c [Facts],
    alphabet: Vec<usize>,
    power: HashMap<(usize, Scheme), (u8, usize)>,
}

/// Names in which a permission contains those before it, in their place between the same words.
const FAMILY: [&str; 5] = ["ReadBasic", "Read", "ReadWrite", "Manage", "FullControl"];

impl<'c> Ranking<'c> {
    fn new(claims: &Claims, permissions: &'c [Facts]) -> Self {
        let mut breadth: HashMap<(usize, Scheme), usize> = HashMap::new();
        for ((_, scheme), found) in claims.values().flatten() {
            for permission in found.keys() {
                let count = breadth.entry((*permission, *scheme)).or_default();
                *count = count.saturating_add(1);
            }
        }
        let mut power: HashMap<(usize, Scheme), (u8, usize)> = HashMap::new();
        for (number, facts) in permissions.iter().enumerate() {
            for scheme in Scheme::ALL {
                let level = facts.levels.get(scheme.index()).copied().flatten().unwrap_or(3);
                power.insert((number, scheme), (level, breadth.get(&(number, scheme)).copied().unwrap_or(0)));
            }
        }
        let by_name: HashMap<String, usize> =
            permissions.iter().enumerate().map(|(at, facts)| (facts.known.name.to_ascii_lowercase(), at)).collect();
        // The weaker ones first, so that theirs is settled when the stronger one asks.
        for (rank, word) in FAMILY.iter().enumerate() {
            for (number, facts) in permissions.iter().enumerate() {
                for (place, part) in facts.known.name.split('.').enumerate() {
                    if !part.eq_ignore_ascii_case(word) {
                        continue;
                    }
                    for weaker in FAMILY.iter().take(rank) {
                        let parts = facts.known.name.split('.').enumerate();
                        let name: Vec<&str> =
                            parts.map(|(at, part)| if at == place { *weaker } else { part }).collect();
                        let Some(other) = by_name.get(&name.join(".").to_ascii_lowercase()) else { continue };
                        for scheme in Scheme::ALL {
                            let Some(theirs) = power.get(&(*other, scheme)).copied() else { continue };
                            if !breadth.contains_key(&(*other, scheme)) {
                                continue;
                            }
                            if let Some(own) = power.get_mut(&(number, scheme))
                                && theirs >= *own
                            {
                                *own = (theirs.0, theirs.1.saturating_add(1));
                            }
                        }
                    }
                }
            }
        }
        let mut sorted: Vec<(String, usize)> = by_name.into_iter().collect();
        sorted.sort_unstable();
        let mut alphabet = vec![0; permissions.len()];
        for (place, (_, number)) in sorted.into_iter().enumerate() {
            if let Some(own) = alphabet.get_mut(number) {
                *own = place;
            }
        }
        Self { permissions, alphabet, power }
    }

    /// Which of several flagged permissions is meant: the flag covers all methods of its entry, so it is the ones that
    /// open only this method on the path, else the one with the fewest.
    fn single_out(&self, flagged: Vec<usize>, count: impl Fn(usize) -> usize) -> Vec<usize> {
        if flagged.len() < 2 {
            return flagged;
        }
        let single: Vec<usize> = flagged.iter().copied().filter(|permission| count(*permission) == 1).collect();
        if !single.is_empty() {
            return single;
        }
        flagged
            .into_iter()
            .min_by_key(|permission| (count(*permission), self.alphabet(*permission)))
            .into_iter()
            .collect()
    }

    /// The place of a permission among all, by name without regard to letter case.
    fn alphabet(&self, permission: usize) -> usize {
        self.alphabet.get(permission).copied().unwrap_or(usize::MAX)
    }

    /// Where nothing that can be granted for the tenant is flagged as least, the least by order is, if possible of those
    /// that are named alike: `ChannelMessage.Read.All` for `ChannelMessage.Read.Group`.
    fn least(&self, scheme: Scheme, found: &BTreeMap<usize, Entry>, mut flagged: Vec<usize>) -> Vec<usize> {
        let usable = |permission: &usize| {
            let known = self.permissions.get(*permission).map(|facts| &facts.known);
            known.is_some_and(|known| known.live(scheme) && !known.resource_specific)
        };
        if !flagged.iter().any(usable) {
            let stem = |permission: usize| {
                let name = self.permissions.get(permission).map_or("", |facts| &facts.known.name);
                name.split('.').take(2).map(str::to_ascii_lowercase).collect::<Vec<_>>()
            };
            let stems: BTreeSet<_> = flagged.iter().map(|permission| stem(*permission)).collect();
            let candidates = found.keys().copied().filter(usable);
            flagged.extend(candidates.min_by(|one, two| {
                let unlike = |permission: usize| !stems.contains(&stem(permission));
                let by_order = || self.compare(scheme, &BTreeSet::new(), *one, *two);
                unlike(*one).cmp(&unlike(*two)).then_with(by_order)
            }));
        }
        flagged
    }

    /// Resource-specific ones apart at the end; what is not published after what is; least first; then power, then name.
    fn compare(&self, scheme: Scheme, least: &BTreeSet<usize>, one: usize, two: usize) -> Ordering {
        let key = |permission: usize| {
            let known = self.permissions.get(permission).map(|facts| &facts.known);
            (
                known.is_some_and(|known| known.resource_specific),
                !known.is_some_and(|known| known.live(scheme)),
                !least.contains(&permission),
                self.power.get(&(permission, scheme)).copied().unwrap_or((3, 0)),
                self.alphabet(permission),
            )
        };
        key(one).cmp(&key(two))
    }
}

/// Numbers for distinct values, in the order of their first use.
struct Interned<T> {
    numbers: HashMap<T, usize>,
    values: Vec<T>,
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    /// With the empty value as number 0.
    fn new(empty: T) -> Self {
        let mut interned = Self { numbers: HashMap::new(), values: Vec::new() };
        interned.number(empty);
        interned
    }

    fn number(&mut self, value: T) -> usize {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = self.values.len();
        self.numbers.insert(value.clone(), number);
        self.values.push(value);
        number
    }
}

/// Numbers of 16 bits, written one after the other; remembers if one did not fit.
#[derive(Default)]
struct Numbers {
    bytes: Vec<u8>,
    overflowed: bool,
}

impl Numbers {
    fn push(&mut self, value: usize) {
        match u16::try_from(value) {
            Ok(value) => self.bytes.extend_from_slice(&value.to_le_bytes()),
            Err(_) => self.overflowed = true,
        }
    }

    fn of(values: impl IntoIterator<Item = usize>) -> Self {
        let mut numbers = Self::default();
        values.into_iter().for_each(|value| numbers.push(value));
        numbers
    }

    /// Where each list starts in all of them joined, and where the last one ends.
    fn starts(lengths: impl Iterator<Item = usize>) -> Self {
        let mut total = 0_usize;
        let ends = lengths.map(|length| {
            total = total.saturating_add(length);
            total
        });
        Self::of(std::iter::once(0).chain(ends.collect::<Vec<_>>()))
    }
}

fn encode(calls: &Calls<'_>) -> Option<Vec<u8>> {
    let segments: BTreeSet<&str> = calls.keys().flat_map(|path| path.split('/').skip(1)).collect();
    let number: HashMap<&str, usize> = segments.iter().enumerate().map(|(at, segment)| (*segment, at)).collect();
    let mut also: Interned<Vec<usize>> = Interned::new(Vec::new());
    let mut lists: Interned<Vec<(usize, usize)>> = Interned::new(Vec::new());
    let mut maps: Interned<Vec<(u8, [usize; 3])>> = Interned::new(Vec::new());

    // The tree, then its nodes breadth first, so that the children of each lie side by side.
    let mut tree: Vec<(BTreeMap<usize, usize>, usize)> = vec![(BTreeMap::new(), 0)];
    for (path, methods) in calls {
        let mut node = 0;
        for segment in path.split('/').skip(1) {
            let next = tree.len();
            let children = &mut tree.get_mut(node)?.0;
            node = *children.entry(*number.get(segment)?).or_insert(next);
            if node == next {
                tree.push((BTreeMap::new(), 0));
            }
        }
        let map = methods.iter().map(|(method, schemes)| {
            let list = |claims: &Vec<Written>| {
                let written = claims.iter().map(|(permission, least, others)| {
                    let term = also.number(others.clone());
                    (*permission, if *least { term | usize::from(LEAST) } else { term })
                });
                written.collect::<Vec<_>>()
            };
            let written = schemes.each_ref().map(list);
            (*method as u8, written.map(|claims| lists.number(claims)))
        });
        let map = map.collect();
        tree.get_mut(node)?.1 = maps.number(map);
    }
    let (mut names, mut counts, mut of_node) = (Vec::new(), Vec::new(), Vec::new());
    let mut queue = VecDeque::from([(0, 0)]);
    while let Some((segment, node)) = queue.pop_front() {
        let (children, map) = tree.get(node)?;
        names.push(segment);
        counts.push(children.len());
        of_node.push(*map);
        queue.extend(children.iter().map(|(segment, child)| (*segment, *child)));
    }
    let mut first = 1_usize;
    let mut firsts = Vec::new();
    for (at, count) in counts.iter().enumerate() {
        if at % SAMPLE == 0 {
            firsts.push(first);
        }
        first = first.saturating_add(*count);
    }
    let (mut text, mut blocks) = (Vec::new(), Vec::new());
    for (at, segment) in segments.iter().enumerate() {
        if at % BLOCK == 0 {
            blocks.extend_from_slice(&u32::try_from(text.len()).ok()?.to_le_bytes());
        }
        text.push(u8::try_from(segment.len()).ok()?);
        text.extend_from_slice(segment.as_bytes());
    }

    if also.values.len() >= usize::from(LEAST) || names.len() > MAX_NUMBER {
        return None;
    }
    let entries = || maps.values.iter().flatten();
    let claims = || lists.values.iter().flatten();
    let numbers = [
        Numbers::of(names),
        Numbers::of(counts),
        Numbers::of(firsts),
        Numbers::of(of_node),
        Numbers::starts(maps.values.iter().map(Vec::len)),
        Numbers { bytes: entries().map(|(method, _)| *method).collect(), overflowed: false },
        Numbers::of(entries().map(|(_, [work, _, _])| *work)),
        Numbers::of(entries().map(|(_, [_, personal, _])| *personal)),
        Numbers::of(entries().map(|(_, [_, _, application])| *application)),
        Numbers::starts(lists.values.iter().map(Vec::len)),
        Numbers::of(claims().map(|(permission, _)| *permission)),
        Numbers::of(claims().map(|(_, term)| *term)),
        Numbers::starts(also.values.iter().map(Vec::len)),
        Numbers::of(also.values.iter().flatten().copied()),
    ];
    if numbers.iter().any(|section| section.overflowed) {
        return None;
    }
    let sections: Vec<Vec<u8>> = [blocks, text].into_iter().chain(numbers.into_iter().map(|own| own.bytes)).collect();
    let mut table = MAGIC.to_vec();
    table.extend_from_slice(&u32::try_from(segments.len()).ok()?.to_le_bytes());
    let mut end = table.len().saturating_add(sections.len().saturating_mul(4));
    for section in &sections {
        end = end.saturating_add(section.len());
        table.extend_from_slice(&u32::try_from(end).ok()?.to_le_bytes());
    }
    sections.iter().for_each(|section| table.extend_from_slice(section));
    Some(table)
}
