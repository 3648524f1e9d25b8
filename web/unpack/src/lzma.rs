//! The decoder as the LZMA specification (public domain, version 9.20) describes it, for one stream whose length its
//! header states. A crate's would be several times as large: it reads from any source, piece by piece.

/// The widest context of a literal that the packer may choose: bits of the byte before and of the position together.
const MOST_CONTEXT: usize = 4;

/// How many bytes a stream stands for. It has the header of 13 bytes: settings, size of the dictionary, length.
#[must_use]
pub fn length(packed: &[u8]) -> usize {
    let bytes = [5, 6, 7, 8].map(|at| packed[at]);
    u32::from_le_bytes(bytes) as usize
}

/// Writes the bytes that a stream stands for; they are as many as [`length`] says.
///
/// # Panics
/// Where the stream is damaged.
pub fn decode(packed: &[u8], out: &mut [u8]) {
    let mut decoder = Decoder::new(packed);
    let mut at = 0;
    while at < out.len() {
        at = decoder.step(out, at);
    }
}

/// A probability that the next bit is 0, of 2048.
type Probability = u16;
const EVEN: Probability = 1 << 10;

/// How far the states go that remember what came last; below [`AFTER_MATCH`] it was a literal.
const STATES: usize = 12;
const AFTER_MATCH: usize = 7;
/// Positions that are told apart at most.
const POSITIONS: usize = 1 << 4;

struct Decoder<'p> {
    coder: RangeCoder<'p>,
    literal_context: usize,
    literal_mask: usize,
    position_mask: usize,
    is_match: [[Probability; POSITIONS]; STATES],
    is_repeat: [Probability; STATES],
    /// Whether it is not the last distance, not the one before, not the one before that.
    is_further: [[Probability; STATES]; 3],
    is_long: [[Probability; POSITIONS]; STATES],
    slots: [[Probability; 1 << 6]; 4],
    middle_bits: [Probability; 128],
    low_bits: [Probability; 1 << 4],
    match_length: Length,
    repeat_length: Length,
    literals: [[Probability; 0x300]; 1 << MOST_CONTEXT],
    /// The last four distances, less one.
    distances: [usize; 4],
    state: usize,
}

impl<'p> Decoder<'p> {
    fn new(packed: &'p [u8]) -> Self {
        let settings = usize::from(packed[0]);
        let (literal_context, literal_position) = (settings % 9, settings / 9 % 5);
        Self {
            coder: RangeCoder::new(&packed[13..]),
            literal_context,
            literal_mask: (1 << literal_position) - 1,
            position_mask: (1 << (settings / 45)) - 1,
            is_match: [[EVEN; POSITIONS]; STATES],
            is_repeat: [EVEN; STATES],
            is_further: [[EVEN; STATES]; 3],
            is_long: [[EVEN; POSITIONS]; STATES],
            slots: [[EVEN; 1 << 6]; 4],
            middle_bits: [EVEN; 128],
            low_bits: [EVEN; 1 << 4],
            match_length: Length::new(),
            repeat_length: Length::new(),
            literals: [[EVEN; 0x300]; 1 << MOST_CONTEXT],
            distances: [0; 4],
            state: 0,
        }
    }

    /// Decodes a literal or a match, and says where the next one begins.
    fn step(&mut self, out: &mut [u8], at: usize) -> usize {
        let position = at & self.position_mask;
        if self.coder.bit(&mut self.is_match[self.state][position]) == 0 {
            out[at] = self.literal(out, at);
            return at + 1;
        }
        let after_match = self.state >= AFTER_MATCH;
        let length = if self.coder.bit(&mut self.is_repeat[self.state]) == 0 {
            self.state = if after_match { 10 } else { 7 };
            let length = self.match_length.decode(&mut self.coder, position);
            self.distances.rotate_right(1);
            self.distances[0] = self.distance(length);
            length
        } else {
            let further = (0..3).find(|step| self.coder.bit(&mut self.is_further[*step][self.state]) == 0).unwrap_or(3);
            if further == 0 && self.coder.bit(&mut self.is_long[self.state][position]) == 0 {
                self.state = if after_match { 11 } else { 9 };
                1
            } else {
                self.distances[..=further].rotate_right(1);
                self.state = if after_match { 11 } else { 8 };
                self.repeat_length.decode(&mut self.coder, position)
            }
        };
        let end = at + length;
        for at in at..end {
            out[at] = out[at - self.distances[0] - 1];
        }
        end
    }

    fn literal(&mut self, out: &[u8], at: usize) -> u8 {
        let before = if at > 0 { usize::from(out[at - 1]) } else { 0 };
        let context = ((at & self.literal_mask) << self.literal_context) + (before >> (8 - self.literal_context));
        let table = &mut self.literals[context];
        let mut symbol = 1;
        if self.state >= AFTER_MATCH {
            // What would stand here if the match went on is a hint, until it is wrong.
            let mut expected = usize::from(out[at - self.distances[0] - 1]);
            while symbol < 0x100 {
                let hint = expected >> 7 & 1;
                expected <<= 1;
                let bit = self.coder.bit(&mut table[((1 + hint) << 8) + symbol]);
                symbol = symbol << 1 | bit;
                if bit != hint {
                    break;
                }
            }
        }
        while symbol < 0x100 {
            symbol = symbol << 1 | self.coder.bit(&mut table[symbol]);
        }
        self.state = match self.state {
            0..=3 => 0,
            state @ 4..=9 => state - 3,
            state => state - 6,
        };
        symbol as u8
    }

    /// A distance, less one; its context is the length of the match.
    fn distance(&mut self, length: usize) -> usize {
        let slot = self.coder.tree(&mut self.slots[(length - 2).min(3)], 6);
        if slot < 4 {
            return slot;
        }
        let bits = (slot >> 1) - 1;
        let base = (2 | slot & 1) << bits;
        if slot < 14 {
            return base + self.coder.reverse_tree(&mut self.middle_bits[base - slot..], bits);
        }
        base + (self.coder.even_bits(bits - 4) << 4) + self.coder.reverse_tree(&mut self.low_bits, 4)
    }
}

/// How long a match is: short, middle or long.
struct Length {
    choice: [Probability; 2],
    low: [[Probability; 1 << 3]; POSITIONS],
    middle: [[Probability; 1 << 3]; POSITIONS],
    high: [Probability; 1 << 8],
}

impl Length {
    const fn new() -> Self {
        Self {
            choice: [EVEN; 2],
            low: [[EVEN; 1 << 3]; POSITIONS],
            middle: [[EVEN; 1 << 3]; POSITIONS],
            high: [EVEN; 1 << 8],
        }
    }

    fn decode(&mut self, coder: &mut RangeCoder<'_>, position: usize) -> usize {
        if coder.bit(&mut self.choice[0]) == 0 {
            2 + coder.tree(&mut self.low[position], 3)
        } else if coder.bit(&mut self.choice[1]) == 0 {
            10 + coder.tree(&mut self.middle[position], 3)
        } else {
            18 + coder.tree(&mut self.high, 8)
        }
    }
}

struct RangeCoder<'p> {
    packed: core::slice::Iter<'p, u8>,
    range: u32,
    code: u32,
}

impl<'p> RangeCoder<'p> {
    fn new(packed: &'p [u8]) -> Self {
        let code = u32::from_be_bytes([1, 2, 3, 4].map(|at| packed[at]));
        Self { packed: packed[5..].iter(), range: u32::MAX, code }
    }

    #[inline(always)]
    fn bit(&mut self, probability: &mut Probability) -> usize {
        let bound = (self.range >> 11) * u32::from(*probability);
        let bit = if self.code < bound {
            self.range = bound;
            *probability += (2048 - *probability) >> 5;
            0
        } else {
            self.range -= bound;
            self.code -= bound;
            *probability -= *probability >> 5;
            1
        };
        self.refill();
        bit
    }

    #[inline(always)]
    fn refill(&mut self) {
        if self.range < 1 << 24 {
            self.range <<= 8;
            // Behind the end stands nothing that is still read.
            self.code = self.code << 8 | u32::from(self.packed.next().copied().unwrap_or(0));
        }
    }

    fn tree(&mut self, probabilities: &mut [Probability], bits: usize) -> usize {
        let mut symbol = 1;
        for _ in 0..bits {
            symbol = symbol << 1 | self.bit(&mut probabilities[symbol]);
        }
        symbol - (1 << bits)
    }

    fn reverse_tree(&mut self, probabilities: &mut [Probability], bits: usize) -> usize {
        let (mut symbol, mut value) = (1, 0);
        for place in 0..bits {
            let bit = self.bit(&mut probabilities[symbol]);
            symbol = symbol << 1 | bit;
            value |= bit << place;
        }
        value
    }

    /// Bits of which nothing is known.
    fn even_bits(&mut self, count: usize) -> usize {
        let mut value = 0;
        for _ in 0..count {
            self.range >>= 1;
            let bit = usize::from(self.code >= self.range);
            if bit == 1 {
                self.code -= self.range;
            }
            value = value << 1 | bit;
            self.refill();
        }
        value
    }
}
