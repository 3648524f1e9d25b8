//! The table of calls: bytes that are searched where they lie.
//!
//! All numbers are little endian. The header is `TTP1`, the number of segments (u32) and the end of each section (u32,
//! from the start of the table). Sections, in this order:
//!
//! | section | content |
//! |---|---|
//! | blocks | where every eighth segment starts in the next section (u32) |
//! | segments | path segments in lower case, sorted as bytes, each behind its length (u8) |
//! | names | of each node, the number of its segment (u16); nodes are breadth first, node 0 is the root |
//! | counts | of each node, how many children it has (u16); children are sorted by segment |
//! | firsts | of every eighth node, its first child (u16); the counts give the others |
//! | entry of node | the number of its method map (u16), 0 for none |
//! | map starts | where each method map starts in the next four (u16), one more for the end |
//! | methods | method (bits 0 to 2), from the overlay (bit 3), remark (bits 4 to 5) |
//! | work, personal, application | the number of the list of claims for that scheme (u16 each) |
//! | list starts | where each list of claims starts in the next two (u16), one more for the end |
//! | permissions | the permission's number (u16); of the embedded table its row in `catalog/data/permissions.tsv` |
//! | terms | the number of the list of also required permissions (bits 0 to 14), least (bit 15) |
//! | also starts, also | also required permissions: where each list starts, and their numbers (u16) |

use std::ops::Range;

const SECTIONS: usize = 16;
pub(super) const MAGIC: &[u8] = b"TTP1";
/// How many segments share one entry in `blocks`.
pub(super) const BLOCK: usize = 8;
/// How many nodes share one entry in `firsts`.
pub(super) const SAMPLE: usize = 8;
/// The bit of a term that marks the least privileged permission.
pub(super) const LEAST: u16 = 0x8000;
/// The bit of a method that marks an entry of the overlay.
pub(super) const FROM_OVERLAY: u8 = 0x08;
/// How far a remark is shifted in a method.
pub(super) const REMARK_SHIFT: u8 = 4;

/// The sections of a table. Whatever the bytes are, nothing panics: what is out of reach reads as zero or as empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'t> {
    segment_count: usize,
    blocks: &'t [u8],
    segments: &'t [u8],
    names: &'t [u8],
    counts: &'t [u8],
    firsts: &'t [u8],
    entry_of_node: &'t [u8],
    map_starts: &'t [u8],
    methods: &'t [u8],
    lists: [&'t [u8]; 3],
    list_starts: &'t [u8],
    permissions: &'t [u8],
    terms: &'t [u8],
    also_starts: &'t [u8],
    also: &'t [u8],
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
        let header = bytes.get(MAGIC.len()..).unwrap_or_default();
        let section = |index: usize| {
            let start = match index {
                0 => 8_usize.saturating_add(SECTIONS.saturating_mul(4)),
                _ => u32_at(header, index),
            };
            bytes.get(start..u32_at(header, index.saturating_add(1))).unwrap_or_default()
        };
        Self {
            segment_count: u32_at(header, 0),
            blocks: section(0),
            segments: section(1),
            names: section(2),
            counts: section(3),
            firsts: section(4),
            entry_of_node: section(5),
            map_starts: section(6),
            methods: section(7),
            lists: [section(8), section(9), section(10)],
            list_starts: section(11),
            permissions: section(12),
            terms: section(13),
            also_starts: section(14),
            also: section(15),
        }
    }

    /// The number of a segment (in lower case). Needs O(log n) comparisons.
    pub(super) fn find_segment(&self, wanted: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.segment_count.div_ceil(BLOCK));
        // The last block whose first segment is not greater than the wanted one.
        while low < high {
            let middle = low.midpoint(high);
            let first = self.segment_at(u32_at(self.blocks, middle))?;
            if first <= wanted { low = middle.saturating_add(1) } else { high = middle }
        }
        let block = low.checked_sub(1)?;
        let mut number = block.saturating_mul(BLOCK);
        let mut at = u32_at(self.blocks, block);
        for _ in 0..BLOCK {
            let segment = self.segment_at(at)?;
            match segment.cmp(wanted) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Some(number),
                std::cmp::Ordering::Greater => return None,
            }
            at = at.saturating_add(1).saturating_add(segment.len());
            number = number.saturating_add(1);
        }
        None
    }

    /// The text of a segment.
    pub(super) fn segment(&self, number: usize) -> &'t str {
        let mut at = u32_at(self.blocks, number / BLOCK);
        let mut segment: &[u8] = &[];
        for _ in 0..=number % BLOCK {
            segment = self.segment_at(at).unwrap_or_default();
            at = at.saturating_add(1).saturating_add(segment.len());
        }
        std::str::from_utf8(segment).unwrap_or_default()
    }

    fn segment_at(&self, at: usize) -> Option<&'t [u8]> {
        let (length, rest) = self.segments.get(at..)?.split_first()?;
        rest.get(..usize::from(*length))
    }

    /// How many nodes there are.
    pub(super) const fn node_count(&self) -> usize {
        self.names.len() / 2
    }

    /// The number of a node's segment.
    pub(super) fn name(&self, node: usize) -> usize {
        u16_at(self.names, node)
    }

    /// The children of a node.
    pub(super) fn children(&self, node: usize) -> Range<usize> {
        let sample = node / SAMPLE;
        let mut first = u16_at(self.firsts, sample);
        for before in sample.saturating_mul(SAMPLE)..node {
            first = first.saturating_add(u16_at(self.counts, before));
        }
        first..first.saturating_add(u16_at(self.counts, node))
    }

    /// The child of a node that has that segment, among its children.
    pub(super) fn child(&self, children: &Range<usize>, segment: usize) -> Option<usize> {
        let (mut low, mut high) = (children.start, children.end);
        while low < high {
            let middle = low.midpoint(high);
            match self.name(middle).cmp(&segment) {
                std::cmp::Ordering::Less => low = middle.saturating_add(1),
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The node that a node is a child of; `None` for the root.
    pub(super) fn parent(&self, node: usize) -> Option<usize> {
        if node == 0 {
            return None;
        }
        let (mut low, mut high) = (0, node);
        // The last node whose first child is not behind this one: nodes without children come before it.
        while low < high {
            let middle = low.midpoint(high);
            if self.children(middle).start <= node { low = middle.saturating_add(1) } else { high = middle }
        }
        low.checked_sub(1)
    }

    /// The path template that ends at a node: `/users/{id}/messages`.
    pub(super) fn template(&self, node: usize) -> String {
        let mut segments = Vec::new();
        let mut at = node;
        while let Some(parent) = self.parent(at) {
            segments.push(self.segment(self.name(at)));
            at = parent;
        }
        let mut template = String::new();
        for segment in segments.iter().rev() {
            template.push('/');
            template.push_str(segment);
        }
        template
    }

    /// The entries of a node: one for each method.
    pub(super) fn entries(&self, node: usize) -> Range<usize> {
        range_at(self.map_starts, u16_at(self.entry_of_node, node))
    }

    /// Method, mark of the overlay and remark of an entry.
    pub(super) fn method(&self, entry: usize) -> u8 {
        self.methods.get(entry).copied().unwrap_or_default()
    }

    /// The claims of an entry for one scheme, in order.
    pub(super) fn claims(&self, entry: usize, scheme: usize) -> impl Iterator<Item = RawClaim> + use<'t> {
        let (permissions, terms) = (self.permissions, self.terms);
        let list = self.lists.get(scheme).map_or(0, |lists| u16_at(lists, entry));
        range_at(self.list_starts, list).map(move |at| {
            let term = u16_at(terms, at);
            RawClaim {
                permission: u16_at(permissions, at),
                least: term & usize::from(LEAST) != 0,
                also: term & !usize::from(LEAST),
            }
        })
    }

    /// The permissions of which one is required beside a claim; none for list 0.
    pub(super) fn also(&self, list: usize) -> impl Iterator<Item = usize> + use<'t> {
        let also = self.also;
        range_at(self.also_starts, list).map(move |at| u16_at(also, at))
    }
}

fn range_at(starts: &[u8], index: usize) -> Range<usize> {
    u16_at(starts, index)..u16_at(starts, index.saturating_add(1))
}

fn u16_at(section: &[u8], index: usize) -> usize {
    let at = index.saturating_mul(2);
    match section.get(at..).and_then(|rest| rest.first_chunk::<2>()) {
        Some(bytes) => usize::from(u16::from_le_bytes(*bytes)),
        None => 0,
    }
}

fn u32_at(section: &[u8], index: usize) -> usize {
    let at = index.saturating_mul(4);
    match section.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        Some(bytes) => usize::try_from(u32::from_le_bytes(*bytes)).unwrap_or(usize::MAX),
        None => 0,
    }
}
