//! Makes a table from claims: what `tools/permissions.py` does for the embedded one, for a document that a person supplies.

use super::table::{LEAST, MAGIC, PLACEHOLDERS, SAMPLE};
use super::{Known, Method, Scheme};
use crate::catalog::packed::BLOCK;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A table has at most this many segments, nodes, calls, lists or claims: its numbers have 16 bits. The embedded one has
/// 8,110 nodes and 11,236 calls.
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
            let least = order.least(*method, *scheme, found, order.single_out(flagged, count));
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
    /// that are named alike: `ChannelMessage.Read.All` for `ChannelMessage.Read.Group`. For reading that is one that
    /// reads: some that write have a lower level, because they write little.
    fn least(
        &self,
        method: Method,
        scheme: Scheme,
        found: &BTreeMap<usize, Entry>,
        mut flagged: Vec<usize>,
    ) -> Vec<usize> {
        let usable = |permission: &usize| {
            let known = self.permissions.get(*permission).map(|facts| &facts.known);
            known.is_some_and(|known| known.live(scheme) && !known.resource_specific)
        };
        if !flagged.iter().any(usable) {
            let name = |permission: usize| self.permissions.get(permission).map_or("", |facts| &facts.known.name);
            let does_more = |permission: usize| {
                let reads = |part: &str| part.starts_with("Read") && !part.starts_with("ReadWrite");
                method == Method::Get && !name(permission).split('.').any(reads)
            };
            let stem = |permission: usize| {
                let name = name(permission);
                name.split('.').take(2).map(str::to_ascii_lowercase).collect::<Vec<_>>()
            };
            let stems: BTreeSet<_> = flagged.iter().map(|permission| stem(*permission)).collect();
            let candidates = found.keys().copied().filter(usable);
            flagged.extend(candidates.min_by(|one, two| {
                let unlike = |permission: usize| !stems.contains(&stem(permission));
                let by_order = || self.compare(scheme, &BTreeSet::new(), *one, *two);
                let by_use = || does_more(*one).cmp(&does_more(*two));
                unlike(*one).cmp(&unlike(*two)).then_with(by_use).then_with(by_order)
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

    /// Of every [`SAMPLE`]th one, where it starts.
    fn samples(lengths: impl Iterator<Item = usize>) -> Self {
        let mut total = 0_usize;
        let starts = lengths.map(|length| {
            let start = total;
            total = total.saturating_add(length);
            start
        });
        Self::of(starts.step_by(SAMPLE).collect::<Vec<_>>())
    }
}

/// The place of each distinct value among all, sorted.
fn places<T: Ord>(values: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let sorted: BTreeSet<T> = values.into_iter().collect();
    sorted.into_iter().enumerate().map(|(place, value)| (value, place)).collect()
}

/// A node of the tree while it is made.
struct Node<'c> {
    segment: usize,
    parent: usize,
    children: BTreeMap<usize, usize>,
    /// How many nodes its subtree has.
    size: usize,
    calls: Option<&'c BTreeMap<Method, [Vec<Written>; 3]>>,
}

/// The nodes in the order of the table, see `table.rs`.
fn tree<'c>(calls: &'c Calls<'_>, number: &BTreeMap<&str, usize>) -> Option<Vec<Node<'c>>> {
    let new = |segment, parent| Node { segment, parent, children: BTreeMap::new(), size: 1, calls: None };
    let mut nodes = vec![new(0, 0)];
    for (path, methods) in calls {
        let mut at = 0;
        for segment in path.split('/').skip(1) {
            let (segment, next) = (*number.get(segment)?, nodes.len());
            let child = *nodes.get_mut(at)?.children.entry(segment).or_insert(next);
            if child == next {
                nodes.push(new(segment, at));
            }
            at = child;
        }
        nodes.get_mut(at)?.calls = Some(methods);
    }
    for at in (1..nodes.len()).rev() {
        let (size, parent) = nodes.get(at).map(|node| (node.size, node.parent))?;
        let parent = nodes.get_mut(parent)?;
        parent.size = parent.size.saturating_add(size);
    }
    let values: Vec<usize> = PLACEHOLDERS.iter().filter_map(|segment| number.get(segment).copied()).collect();
    let (mut order, mut open) = (Vec::with_capacity(nodes.len()), vec![0]);
    while let Some(at) = open.pop() {
        order.push(at);
        let mut children: Vec<usize> = nodes.get(at)?.children.values().copied().collect();
        // The last one comes first.
        children.sort_by_key(|child| {
            nodes.get(*child).map(|child| (values.contains(&child.segment), child.size, Reverse(child.segment)))
        });
        open.extend(children);
    }
    let mut nodes: Vec<Option<Node<'_>>> = nodes.into_iter().map(Some).collect();
    order.into_iter().map(|at| nodes.get_mut(at)?.take()).collect()
}

fn encode(calls: &Calls<'_>) -> Option<Vec<u8>> {
    let number = places(calls.keys().flat_map(|path| path.split('/').skip(1)));
    let nodes = tree(calls, &number)?;
    let claims = || calls.values().flat_map(BTreeMap::values).flatten();
    let also = places(claims().flatten().map(|(_, _, also)| also.as_slice()).chain([&[][..]]));
    let lists = places(claims().map(Vec::as_slice).chain([&[][..]]));
    let of_list = |list: &Vec<Written>| lists.get(list.as_slice()).copied();
    let grant = |schemes: &[Vec<Written>; 3]| {
        let [work, personal, application] = schemes.each_ref().map(of_list);
        Some([work?, personal?, application?])
    };
    let grants = places(calls.values().flat_map(BTreeMap::values).filter_map(grant));
    let methods = |node: &Node<'_>| node.calls.map_or(0, |calls| calls.keys().fold(0, |all, own| all | own.bit()));
    let granted = nodes.iter().filter_map(|node| node.calls).flat_map(BTreeMap::values);
    let granted: Option<Vec<usize>> = granted.map(|schemes| grants.get(&grant(schemes)?).copied()).collect();

    let (mut shared, mut rests, mut starts, mut before) = (Vec::new(), Vec::new(), Vec::new(), "");
    for (at, segment) in number.keys().enumerate() {
        let same = segment.bytes().zip(before.bytes()).take_while(|(one, two)| one == two).count();
        let same = if at % BLOCK == 0 { 0 } else { same };
        if at % BLOCK == 0 {
            starts.extend_from_slice(&u32::try_from(rests.len()).ok()?.to_le_bytes());
        }
        if segment.len() > usize::from(u8::MAX) || segment.contains('\n') {
            return None;
        }
        shared.push(u8::try_from(same).ok()?);
        rests.extend_from_slice(segment.as_bytes().get(same..)?);
        rests.push(b'\n');
        before = segment;
    }
    let lengths: Option<Vec<u8>> = lists.keys().map(|list| u8::try_from(list.len()).ok()).collect();
    let least = |(permission, least, _): &Written| if *least { permission | usize::from(LEAST) } else { *permission };
    let written = || lists.keys().copied().flatten();
    if written().any(|(permission, ..)| *permission >= usize::from(LEAST)) {
        return None;
    }
    let scheme =
        |own: usize| Numbers::of(grants.keys().filter_map(|grant| grant.get(own).copied()).collect::<Vec<_>>());
    let bytes = |bytes: Vec<u8>| Numbers { bytes, overflowed: false };
    let sections = [
        bytes(shared),
        bytes(rests),
        bytes(starts),
        Numbers::of(nodes.iter().map(|node| node.segment)),
        Numbers::of(nodes.iter().map(|node| node.size)),
        bytes(nodes.iter().map(methods).collect()),
        Numbers::samples(nodes.iter().map(|node| node.calls.map_or(0, BTreeMap::len))),
        Numbers::of(granted?),
        scheme(0),
        scheme(1),
        scheme(2),
        Numbers::samples(lists.keys().map(|list| list.len())),
        bytes(lengths?),
        Numbers::of(written().map(least)),
        Numbers::of(written().filter_map(|(_, _, others)| also.get(others.as_slice()).copied())),
        Numbers::starts(also.keys().map(|others| others.len())),
        Numbers::of(also.keys().copied().flatten().copied()),
        // A document that somebody supplies has nothing from elsewhere.
        bytes(Vec::new()),
        bytes(Vec::new()),
    ];
    if sections.iter().any(|section| section.overflowed) {
        return None;
    }
    let mut table = MAGIC.to_vec();
    let mut end = table.len().saturating_add(sections.len().saturating_mul(4));
    for section in &sections {
        end = end.saturating_add(section.bytes.len());
        table.extend_from_slice(&u32::try_from(end).ok()?.to_le_bytes());
    }
    sections.iter().for_each(|section| table.extend_from_slice(&section.bytes));
    Some(table)
}
