//! Lays the instructions of a module apart, so that it packs better: each kind of operand becomes a lane of its own, in
//! which like stands beside like. And puts them together again.
//!
//! Laid apart, a module is: as u32, little endian, its length, the length of what stands before the first function, and
//! the length of every [`Lane`]; then these parts in that order; then what stands behind the last function. The sizes of
//! the functions are left out, because a function ends where its first block does.
//!
//! Both directions walk over the same instructions in [`function`]. What they meet is ours: whatever else it is, is a
//! mistake of the build, at which they panic.

/// Where a byte of a function goes.
#[derive(Clone, Copy)]
pub enum Lane {
    /// Instructions, and operands that hardly vary: declarations of locals, types of blocks, alignments, tables of
    /// branches, globals.
    Instruction,
    /// Which local.
    Local,
    /// Offsets of loads and stores.
    Offset,
    /// Numbers.
    Constant,
    /// Depths of branches.
    Branch,
    /// Which function is called.
    Call,
}

const LANES: usize = 6;
/// The numbers in front.
const HEADER: usize = 4 * (2 + LANES);
#[cfg(not(target_family = "wasm"))]
const CODE_SECTION: u8 = 10;

/// A module as wasm-opt writes it, laid apart.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub fn lay_apart(module: &[u8]) -> Vec<u8> {
    let mut at = 8;
    let (functions, end) = loop {
        let section = module[at];
        at += 1;
        let length = number(module, &mut at);
        let end = at + length;
        if section == CODE_SECTION {
            break (number(module, &mut at), end);
        }
        at = end;
    };
    let before = at;
    let mut apart = Apart { module, at, lanes: Default::default() };
    for _ in 0..functions {
        let size = number(module, &mut apart.at);
        let end = apart.at + size;
        function(&mut apart);
        assert_eq!(apart.at, end, "a function ends with its first block");
    }
    assert_eq!(apart.at, end, "the functions fill their section");
    let lengths = [module.len(), before].into_iter().chain(apart.lanes.iter().map(Vec::len));
    let mut out: Vec<u8> = lengths.flat_map(|length| u32::try_from(length).unwrap().to_le_bytes()).collect();
    out.extend(&module[..before]);
    out.extend(apart.lanes.concat());
    out.extend(&module[end..]);
    out
}

/// How long the module is of which these are the parts, in bytes.
#[must_use]
pub fn length(parts: &[u8]) -> usize {
    stated(parts, 0)
}

/// Writes the module of which these are the parts; it is as long as [`length`] says.
pub fn put_together(parts: &[u8], module: &mut [u8]) {
    let before = stated(parts, 1);
    let mut at = HEADER + before;
    module[..before].copy_from_slice(&parts[HEADER..at]);
    let mut lanes: [&[u8]; LANES] = [&[]; LANES];
    for (index, lane) in lanes.iter_mut().enumerate() {
        let end = at + stated(parts, 2 + index);
        *lane = &parts[at..end];
        at = end;
    }
    let mut together = Together { lanes, module, at: before };
    while !together.lanes[Lane::Instruction as usize].is_empty() {
        let start = together.at;
        function(&mut together);
        together.state_size(start);
    }
    let Together { module, at: end, .. } = together;
    module[end..].copy_from_slice(&parts[at..]);
}

/// One of the numbers in front.
fn stated(parts: &[u8], index: usize) -> usize {
    let bytes = [0, 1, 2, 3].map(|byte| parts[4 * index + byte]);
    u32::from_le_bytes(bytes) as usize
}

/// Moves bytes between a module and its lanes, in one direction or the other.
trait Walk {
    /// The next byte, which goes to, or comes from, this lane.
    fn byte(&mut self, lane: Lane) -> u8;

    /// A number in LEB128.
    fn operand(&mut self, lane: Lane) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte(lane);
            value |= usize::from(byte & 0x7F).wrapping_shl(shift);
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }

    fn bytes(&mut self, lane: Lane, count: usize) {
        for _ in 0..count {
            self.byte(lane);
        }
    }

    fn operands(&mut self, lane: Lane, count: usize) {
        for _ in 0..count {
            self.operand(lane);
        }
    }
}

#[cfg(not(target_family = "wasm"))]
struct Apart<'m> {
    module: &'m [u8],
    at: usize,
    lanes: [Vec<u8>; LANES],
}

#[cfg(not(target_family = "wasm"))]
impl Walk for Apart<'_> {
    fn byte(&mut self, lane: Lane) -> u8 {
        let byte = self.module[self.at];
        self.at += 1;
        self.lanes[lane as usize].push(byte);
        byte
    }
}

struct Together<'p> {
    lanes: [&'p [u8]; LANES],
    module: &'p mut [u8],
    at: usize,
}

impl Together<'_> {
    /// Puts the size of a function, which ends here, in front of it.
    fn state_size(&mut self, start: usize) {
        let mut size = self.at - start;
        let width = (1..5).find(|width| size >> (7 * width) == 0).unwrap_or(5);
        self.module.copy_within(start..self.at, start + width);
        self.at += width;
        for byte in &mut self.module[start..start + width] {
            *byte = (size & 0x7F) as u8 | 0x80;
            size >>= 7;
        }
        self.module[start + width - 1] &= 0x7F;
    }
}

impl Walk for Together<'_> {
    fn byte(&mut self, lane: Lane) -> u8 {
        let lane = &mut self.lanes[lane as usize];
        let byte = lane[0];
        *lane = &lane[1..];
        self.module[self.at] = byte;
        self.at += 1;
        byte
    }
}

/// A function without its size: its locals, and instructions until its first block ends.
fn function(walk: &mut impl Walk) {
    use Lane::{Branch, Call, Constant, Instruction, Local, Offset};

    for _ in 0..walk.operand(Instruction) {
        walk.operand(Instruction);
        walk.byte(Instruction);
    }
    let mut depth = 1;
    while depth > 0 {
        match walk.byte(Instruction) {
            // Those without operands.
            0x00 | 0x01 | 0x05 | 0x0F | 0x1A | 0x1B | 0x45..=0xC4 => {}
            // block, loop, if
            0x02..=0x04 => {
                depth += 1;
                walk.operand(Instruction);
            }
            // end
            0x0B => depth -= 1,
            // br, br_if
            0x0C | 0x0D => walk.operands(Branch, 1),
            // br_table
            0x0E => {
                let count = walk.operand(Instruction) + 1;
                walk.operands(Instruction, count);
            }
            // call
            0x10 => walk.operands(Call, 1),
            // call_indirect
            0x11 => walk.operands(Instruction, 2),
            // local.get, local.set, local.tee
            0x20..=0x22 => walk.operands(Local, 1),
            // global.get, global.set, table.get, table.set, memory.size, memory.grow, ref.null
            0x23..=0x26 | 0x3F | 0x40 | 0xD0 => walk.operands(Instruction, 1),
            // loads and stores
            0x28..=0x3E => {
                walk.operand(Instruction);
                walk.operand(Offset);
            }
            // i32.const, i64.const
            0x41 | 0x42 => walk.operands(Constant, 1),
            // f32.const, f64.const
            0x43 => walk.bytes(Instruction, 4),
            0x44 => walk.bytes(Instruction, 8),
            0xFC => match walk.operand(Instruction) {
                // conversions that saturate
                0..=7 => {}
                // memory.init, memory.copy
                8 | 10 => walk.operands(Instruction, 2),
                // data.drop, memory.fill, table.grow, table.size, table.fill
                9 | 11 | 15..=17 => walk.operands(Instruction, 1),
                other => panic!("the instruction FC {other} is not known here"),
            },
            other => panic!("the instruction {other:02X} is not known here"),
        }
    }
}

/// An unsigned number in LEB128, written as short as it can be: so it is written when it is put back.
#[cfg(not(target_family = "wasm"))]
fn number(module: &[u8], at: &mut usize) -> usize {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = module[*at];
        *at += 1;
        value |= usize::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 {
            assert!(byte > 0 || shift == 7, "a number is no longer than it has to be");
            return value;
        }
    }
}
