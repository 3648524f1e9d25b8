//! The table of calls: bytes that are searched where they lie.
//!
//! All numbers are little endian. The header is `TTP2` and the end of each section (u32, from the start of the table).
//! Sections, in this order:
//!
//! | section | content |
//! |---|---|
//! | shared, rests, starts | the path segments in lower case, sorted as bytes, front-coded as in `catalog/packed.rs` |
//! | names | of each node, the number of its segment (u16). A node is followed by its subtree; node 0 is the root. Of siblings those that stand for values come first, then the one with the largest subtree |
//! | sizes | of each node, how many nodes its subtree has, itself included (u16) |
//! | methods | of each node, the methods that the path has (a bit each); each is a call, and calls are numbered in this order |
//! | calls before | of every 32nd node, how many calls come before it (u16) |
//! | grants | of each call, the number of its grant (u16) |
//! | work, personal, application | of each grant, the number of the list of claims for that scheme (u16 each) |
//! | list starts | of every 32nd list of claims, where it starts in the next two (u16) |
//! | list lengths | how many claims each list has (u8); list 0 is empty |
//! | permissions | the permission's number (bits 0 to 14; of the embedded table its row in `catalog/data/permissions.tsv`), least (bit 15) |
//! | also | of each claim, the number of the list of also required permissions, 0 for none (u16) |
//! | also starts, also numbers | those lists: where each starts (u16), one more for the end, and the permissions (u16) |
//! | overlay, remarks | the calls that were added from the documentation, ascending (u16), and what is remarked on each (u8) |

use crate::catalog::front_coded::FrontCoded;
use crate::catalog::packed::{find_number, u16_at, u32_at};
use std::ops::Range;

const SECTIONS: usize = 19;
pub(super) const MAGIC: &[u8] = b"TTP2";
/// How many nodes, or lists, share one entry in `calls before`, or `list starts`.
pub(super) const SAMPLE: usize = 32;
/// The bit of a claim that marks the least privileged permission.
pub(super) const LEAST: u16 = 0x8000;

/// The segments that stand for values: any number of segments, one, and one that ends with a colon.
pub(super) const PLACEHOLDERS: [&str; 3] = ["...", "{id}", "{id}:"];

/// The sections of a table. Whatever the bytes are, nothing panics: what is out of reach reads as zero or as empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'t> {
    segments: FrontCoded<'t>,
    names: &'t [u8],
    sizes: &'t [u8],
    methods: &'t [u8],
    calls_before: &'t [u8],
    grants: &'t [u8],
    lists: [&'t [u8]; 3],
    list_starts: &'t [u8],
    list_lengths: &'t [u8],
    permissions: &'t [u8],
    also: &'t [u8],
    also_starts: &'t [u8],
    also_numbers: &'t [u8],
    overlay: &'t [u8],
    remarks: &'t [u8],
}

/// One permission that a call accepts, as the table holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawClaim {
    pub(super) permission: usize,
    pub(super) least: bool,
    /// The number of its list of also required permissions.
    pub(super) also: usize,
}

impl<'t> Table<'t> {
    /// The table in those bytes. Reads the header only.
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let ends = bytes.get(MAGIC.len()..).unwrap_or_default();
        let section = |index: usize| {
            let start = match index.checked_sub(1) {
                None => MAGIC.len().saturating_add(SECTIONS.saturating_mul(4)),
                Some(before) => u32_at(ends, before),
            };
            bytes.get(start..u32_at(ends, index)).unwrap_or_default()
        };
        Self {
            segments: FrontCoded::new(section(0), section(1), section(2)),
            names: section(3),
            sizes: section(4),
            methods: section(5),
            calls_before: section(6),
            grants: section(7),
            lists: [section(8), section(9), section(10)],
            list_starts: section(11),
            list_lengths: section(12),
            permissions: section(13),
            also: section(14),
            also_starts: section(15),
            also_numbers: section(16),
            overlay: section(17),
            remarks: section(18),
        }
    }

    /// The number of a segment (in lower case). Needs O(log n) comparisons.
    pub(super) fn find_segment(&self, wanted: &[u8]) -> Option<usize> {
        let (number, found) = self.segments.find(wanted);
        found.then_some(number)
    }

    /// How many different segments there are.
    pub(super) const fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// The text of a segment.
    pub(super) fn segment(&self, number: usize) -> String {
        let mut text = Vec::new();
        self.segments.read(number, &mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    /// How many nodes there are.
    pub(super) const fn node_count(&self) -> usize {
        self.methods.len()
    }

    /// The number of a node's segment.
    pub(super) fn name(&self, node: usize) -> usize {
        u16_at(self.names, node)
    }

    /// A node and everything below it.
    pub(super) fn subtree(&self, node: usize) -> Range<usize> {
        node..node.saturating_add(u16_at(self.sizes, node).max(1)).min(self.node_count())
    }

    /// The children of a node.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> + use<'t> {
        let (own, table) = (self.subtree(node), *self);
        let mut next = own.start.saturating_add(1);
        std::iter::from_fn(move || {
            let child = Some(next).filter(|child| *child < own.end)?;
            next = table.subtree(child).end;
            Some(child)
        })
    }

    /// The path template that ends at a node: `/users/{id}/messages`.
    pub(super) fn template(&self, node: usize) -> String {
        let mut template = String::new();
        let mut at = 0;
        while let Some(child) = self.children(at).find(|child| self.subtree(*child).contains(&node)) {
            template.push('/');
            template.push_str(&self.segment(self.name(child)));
            at = child;
        }
        template
    }

    /// The methods of a node, a bit each.
    pub(super) fn methods(&self, node: usize) -> u8 {
        self.methods.get(node).copied().unwrap_or_default()
    }

    /// The first call of a node. A node has as many as it has methods, in their order.
    pub(super) fn first_call(&self, node: usize) -> usize {
        let sample = node / SAMPLE;
        let between = self.methods.get(sample.saturating_mul(SAMPLE)..node).unwrap_or_default();
        between.iter().fold(u16_at(self.calls_before, sample), |calls, methods| calls.saturating_add(count(*methods)))
    }

    /// The calls of a node: the number of the method, and the call.
    pub(super) fn calls(&self, node: usize) -> impl Iterator<Item = (u8, usize)> + use<> {
        let methods = self.methods(node);
        (0..8).filter(move |method| methods >> method & 1 == 1).zip(self.first_call(node)..)
    }

    /// How many calls there are.
    pub(super) const fn call_count(&self) -> usize {
        self.grants.len() / 2
    }

    /// What is remarked on a call, if it was added from the documentation.
    pub(super) fn overlay(&self, call: usize) -> Option<u8> {
        let place = find_number(self.remarks.len(), call, |place| u16_at(self.overlay, place))?;
        self.remarks.get(place).copied()
    }

    /// The number of a call's list of claims for one scheme.
    pub(super) fn list(&self, call: usize, scheme: usize) -> usize {
        self.lists.get(scheme).map_or(0, |lists| u16_at(lists, u16_at(self.grants, call)))
    }

    /// How many lists of claims there are.
    pub(super) const fn list_count(&self) -> usize {
        self.list_lengths.len()
    }

    /// The claims of a list, in order.
    pub(super) fn claims_of_list(&self, list: usize) -> impl Iterator<Item = RawClaim> + use<'t> {
        let (permissions, also) = (self.permissions, self.also);
        let sample = list / SAMPLE;
        let between = self.list_lengths.get(sample.saturating_mul(SAMPLE)..list).unwrap_or_default();
        let start =
            between.iter().fold(u16_at(self.list_starts, sample), |at, length| at.saturating_add((*length).into()));
        let length = self.list_lengths.get(list).copied().unwrap_or_default();
        (start..start.saturating_add(length.into())).map(move |at| {
            let permission = u16_at(permissions, at);
            RawClaim {
                permission: permission & !usize::from(LEAST),
                least: permission & usize::from(LEAST) != 0,
                also: u16_at(also, at),
            }
        })
    }

    /// The claims of a call for one scheme, in order.
    pub(super) fn claims(&self, call: usize, scheme: usize) -> impl Iterator<Item = RawClaim> + use<'t> {
        self.claims_of_list(self.list(call, scheme))
    }

    /// Which lists hold a claim that names a permission, as itself or as one that is also required.
    pub(super) fn lists_with(&self, permission: usize) -> Vec<bool> {
        let names =
            |claim: RawClaim| claim.permission == permission || self.also(claim.also).any(|also| also == permission);
        (0..self.list_count()).map(|list| self.claims_of_list(list).any(names)).collect()
    }

    /// The permissions of which one is required beside a claim; none for list 0.
    pub(super) fn also(&self, list: usize) -> impl Iterator<Item = usize> + use<'t> {
        let numbers = self.also_numbers;
        let range = u16_at(self.also_starts, list)..u16_at(self.also_starts, list.saturating_add(1));
        range.map(move |at| u16_at(numbers, at))
    }
}

fn count(methods: u8) -> usize {
    usize::try_from(methods.count_ones()).unwrap_or_default()
}
