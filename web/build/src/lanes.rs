//! Lays the instructions of a module apart, so that it packs better: each kind of operand becomes a lane of its own, in
//! which like stands beside like. `web/unpack.js` puts them together again.
//!
//! What is written: as u32, little endian, the length of the module, the length of what stands before the first function,
//! and the length of every [`Lane`]; then these parts in that order; then what stands behind the last function. The sizes
//! of the functions are left out, because a function ends where its first block does.

use std::error::Error;

/// Where a byte of a function goes.
#[derive(Clone, Copy)]
enum Lane {
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
const CODE_SECTION: u8 = 10;

/// The parts of a module, laid apart.
///
/// # Errors
/// Names what is no module as wasm-opt writes it, or an instruction that is not known here.
pub fn lay_apart(module: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut reader = Reader { module, at: 8, lanes: Default::default() };
    let (functions, end) = loop {
        let section = reader.byte()?;
        let length = reader.number()?;
        let end = reader.at + length;
        if section == CODE_SECTION {
            break (reader.number()?, end);
        }
        reader.at = end;
    };
    let before = reader.at;
    for _ in 0..functions {
        reader.function()?;
    }
    if reader.at != end {
        return Err("the functions are longer or shorter than their section".into());
    }
    let lengths = [module.len(), before].into_iter().chain(reader.lanes.iter().map(Vec::len));
    let mut out = Vec::new();
    for length in lengths {
        out.extend(u32::try_from(length)?.to_le_bytes());
    }
    out.extend(&module[..before]);
    out.extend(reader.lanes.concat());
    out.extend(&module[end..]);
    Ok(out)
}

struct Reader<'m> {
    module: &'m [u8],
    at: usize,
    lanes: [Vec<u8>; LANES],
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, Box<dyn Error>> {
        let byte = self.module.get(self.at).ok_or("the module ends early")?;
        self.at += 1;
        Ok(*byte)
    }

    /// An unsigned number in LEB128, written as short as it can be.
    fn number(&mut self) -> Result<usize, Box<dyn Error>> {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return if byte == 0 && shift > 7 {
                    Err("a number is longer than it has to be".into())
                } else {
                    Ok(value)
                };
            }
        }
    }

    /// Copies bytes as they are.
    fn copy(&mut self, lane: Lane, count: usize) -> Result<(), Box<dyn Error>> {
        for _ in 0..count {
            let byte = self.byte()?;
            self.lanes[lane as usize].push(byte);
        }
        Ok(())
    }

    /// Copies a number in LEB128.
    fn operand(&mut self, lane: Lane) -> Result<(), Box<dyn Error>> {
        loop {
            self.copy(lane, 1)?;
            if self.module[self.at - 1] < 0x80 {
                return Ok(());
            }
        }
    }

    /// Copies a number that says how many others follow.
    fn counted(&mut self, lane: Lane) -> Result<usize, Box<dyn Error>> {
        let start = self.at;
        let count = self.number()?;
        self.at = start;
        self.operand(lane)?;
        Ok(count)
    }

    fn function(&mut self) -> Result<(), Box<dyn Error>> {
        let end = self.number()? + self.at;
        for _ in 0..self.counted(Lane::Instruction)? {
            self.operand(Lane::Instruction)?;
            self.copy(Lane::Instruction, 1)?;
        }
        let mut depth = 1;
        while depth > 0 {
            let instruction = self.byte()?;
            self.lanes[Lane::Instruction as usize].push(instruction);
            match instruction {
                // block, loop, if
                0x02..=0x04 => {
                    depth += 1;
                    self.operand(Lane::Instruction)?;
                }
                // end
                0x0B => depth -= 1,
                // br, br_if
                0x0C | 0x0D => self.operand(Lane::Branch)?,
                // br_table
                0x0E => {
                    for _ in 0..=self.counted(Lane::Instruction)? {
                        self.operand(Lane::Instruction)?;
                    }
                }
                // call
                0x10 => self.operand(Lane::Call)?,
                // call_indirect
                0x11 => {
                    self.operand(Lane::Instruction)?;
                    self.operand(Lane::Instruction)?;
                }
                // local.get, local.set, local.tee
                0x20..=0x22 => self.operand(Lane::Local)?,
                // global.get, global.set, table.get, table.set, memory.size, memory.grow, ref.null
                0x23..=0x26 | 0x3F | 0x40 | 0xD0 => self.operand(Lane::Instruction)?,
                // loads and stores
                0x28..=0x3E => {
                    self.operand(Lane::Instruction)?;
                    self.operand(Lane::Offset)?;
                }
                // i32.const, i64.const
                0x41 | 0x42 => self.operand(Lane::Constant)?,
                // f32.const, f64.const
                0x43 => self.copy(Lane::Instruction, 4)?,
                0x44 => self.copy(Lane::Instruction, 8)?,
                0xFC => match self.counted(Lane::Instruction)? {
                    // conversions that saturate
                    0..=7 => {}
                    // memory.init, memory.copy
                    8 | 10 => {
                        self.operand(Lane::Instruction)?;
                        self.operand(Lane::Instruction)?;
                    }
                    // data.drop, memory.fill, table.grow, table.size, table.fill
                    9 | 11 | 15..=17 => self.operand(Lane::Instruction)?,
                    other => return Err(format!("the instruction FC {other} is not known here").into()),
                },
                // Those without operands.
                0x00 | 0x01 | 0x05 | 0x0F | 0x1A | 0x1B | 0x45..=0xC4 => {}
                other => return Err(format!("the instruction {other:02X} is not known here").into()),
            }
        }
        if self.at == end { Ok(()) } else { Err("a function does not end with its first block".into()) }
    }
}
