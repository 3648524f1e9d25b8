// The module is packed with LZMA, which browsers cannot undo themselves: their gzip would make the page half again as
// large. This is the decoder as the LZMA specification (public domain, version 9.20) describes it, for one stream whose
// length its header states. Before that the build laid the instructions of the module apart (web/build/src/lanes.rs):
// here they are put together again.

/** @param {string} text what the build packed, in base64 */
function unpack(text) {
  const binary = atob(text);
  const packed = new Uint8Array(binary.length);
  for (let at = 0; at < packed.length; at++) packed[at] = binary.charCodeAt(at);
  return putTogether(decodeLzma(packed));
}

/**
 * A module from its parts: what stands before the functions, the lanes of instructions and of their operands, what stands
 * behind.
 * @param {Uint8Array<ArrayBuffer>} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
function putTogether(parts) {
  const [length, before, ...lanes] = new Uint32Array(parts.buffer, 0, 8);
  const out = new Uint8Array(length);
  // Where the next byte of each lane stands.
  let start = 32 + before;
  const next = lanes.map((size) => (start += size) - size);
  const [instructions, local, offset, constant, branch, call] = [0, 1, 2, 3, 4, 5];
  const end = next[local];
  out.set(parts.subarray(32, 32 + before));
  let at = before;

  /** Copies a number of several bytes, of which the last is below 0x80. @param {number} lane */
  const operand = (lane) => {
    do out[at++] = parts[next[lane]]; while (parts[next[lane]++] >= 0x80);
  };
  /** Copies a number that says how many others follow, and gives it. @param {number} lane */
  const counted = (lane) => {
    let count = 0;
    for (let at = next[lane], shift = 0; shift === 0 || parts[at - 1] >= 0x80; shift += 7) count |= (parts[at++] & 0x7F) << shift;
    operand(lane);
    return count;
  };
  const several = (/** @type {number} */ count) => {
    for (let left = count; left > 0; left--) operand(instructions);
  };
  const bytes = (/** @type {number} */ count) => {
    for (let left = count; left > 0; left--) out[at++] = parts[next[instructions]++];
  };

  while (next[instructions] < end) {
    const body = at;
    for (let left = counted(instructions); left > 0; left--) {
      operand(instructions);
      bytes(1);
    }
    for (let depth = 1; depth > 0;) {
      const instruction = out[at++] = parts[next[instructions]++];
      if (instruction >= 0x45 && instruction !== 0xD0 && instruction !== 0xFC) continue;
      if (instruction >= 0x20 && instruction <= 0x22) operand(local);
      else if (instruction >= 0x28 && instruction <= 0x3E) {
        operand(instructions);
        operand(offset);
      } else if (instruction === 0x41 || instruction === 0x42) operand(constant);
      else if (instruction === 0x0B) depth--;
      else if (instruction === 0x0C || instruction === 0x0D) operand(branch);
      else if (instruction === 0x10) operand(call);
      else if (instruction >= 0x02 && instruction <= 0x04) {
        depth++;
        operand(instructions);
      } else if (instruction === 0x0E) several(counted(instructions) + 1);
      else if (instruction === 0x11) several(2);
      else if (instruction === 0x43 || instruction === 0x44) bytes(instruction === 0x43 ? 4 : 8);
      else if (instruction === 0xFC) {
        const second = counted(instructions);
        if (second >= 8) several(second === 8 || second === 10 ? 2 : 1);
      } else if (instruction >= 0x23) several(1);
    }
    // The size of a function stands before it.
    const size = at - body;
    const width = size < 0x80 ? 1 : size < 0x4000 ? 2 : size < 0x200000 ? 3 : 4;
    out.copyWithin(body + width, body, at);
    for (let place = 0; place < width; place++) out[body + place] = (size >>> 7 * place) & 0x7F | (place < width - 1 ? 0x80 : 0);
    at += width;
  }
  out.set(parts.subarray(next[call]), at);
  return out;
}

/**
 * @param {Uint8Array} packed a stream with the header of 13 bytes: settings, dictionary size, length
 * @returns {Uint8Array<ArrayBuffer>}
 */
function decodeLzma(packed) {
  const literalContext = packed[0] % 9;
  const literalMask = (1 << Math.floor(packed[0] / 9) % 5) - 1;
  const positionMask = (1 << Math.floor(packed[0] / 45)) - 1;
  const out = new Uint8Array(new DataView(packed.buffer, packed.byteOffset).getUint32(5, true));

  // One array of probabilities, divided among what is decided by them.
  let reserved = 0;
  const reserve = (/** @type {number} */ count) => (reserved += count) - count;
  const length = () => ({ choice: reserve(2), low: reserve(16 << 3), middle: reserve(16 << 3), high: reserve(1 << 8) });
  const isMatch = reserve(12 << 4);
  const isRepeat = reserve(12);
  const isRepeatFurther = [reserve(12), reserve(12), reserve(12)];
  const isRepeatLong = reserve(12 << 4);
  const distanceSlot = reserve(4 << 6);
  const distanceMiddle = reserve(128);
  const distanceLow = reserve(16);
  const matchLength = length();
  const repeatLength = length();
  const literal = reserve(0x300 << (literalContext + Math.floor(packed[0] / 9) % 5));
  const probabilities = new Uint16Array(reserved).fill(1 << 10);

  // The range coder: range and code as 32-bit numbers without sign. In variables they would be boxed with every change.
  let next = 18;
  const coder = new Uint32Array([0xFFFFFFFF, new DataView(packed.buffer, packed.byteOffset).getUint32(14)]);

  const bit = (/** @type {number} */ index) => {
    const probability = probabilities[index];
    const bound = (coder[0] >>> 11) * probability;
    let found = 0;
    if (coder[1] < bound) {
      coder[0] = bound;
      probabilities[index] = probability + ((2048 - probability) >> 5);
    } else {
      coder[0] -= bound;
      coder[1] -= bound;
      probabilities[index] = probability - (probability >> 5);
      found = 1;
    }
    if (coder[0] < 0x1000000) {
      coder[0] <<= 8;
      coder[1] = (coder[1] << 8) | packed[next++];
    }
    return found;
  };
  const tree = (/** @type {number} */ at, /** @type {number} */ bits) => {
    let symbol = 1;
    for (let left = bits; left > 0; left--) symbol = (symbol << 1) | bit(at + symbol);
    return symbol - (1 << bits);
  };
  const reverseTree = (/** @type {number} */ at, /** @type {number} */ bits) => {
    let symbol = 1;
    let value = 0;
    for (let place = 0; place < bits; place++) {
      const found = bit(at + symbol);
      symbol = (symbol << 1) | found;
      value |= found << place;
    }
    return value;
  };
  const evenBits = (/** @type {number} */ bits) => {
    let value = 0;
    for (let left = bits; left > 0; left--) {
      coder[0] >>>= 1;
      const found = coder[1] >= coder[0] ? 1 : 0;
      if (found) coder[1] -= coder[0];
      value = (value << 1) | found;
      if (coder[0] < 0x1000000) {
        coder[0] <<= 8;
        coder[1] = (coder[1] << 8) | packed[next++];
      }
    }
    return value;
  };
  const lengthOf = (/** @type {ReturnType<typeof length>} */ of, /** @type {number} */ position) => {
    if (!bit(of.choice)) return 2 + tree(of.low + (position << 3), 3);
    if (!bit(of.choice + 1)) return 10 + tree(of.middle + (position << 3), 3);
    return 18 + tree(of.high, 8);
  };
  const distanceOf = (/** @type {number} */ count) => {
    const slot = tree(distanceSlot + (Math.min(count - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) << bits;
    if (slot < 14) return base + reverseTree(distanceMiddle + base - slot, bits);
    return base + (evenBits(bits - 4) << 4) + reverseTree(distanceLow, 4);
  };

  // The last four distances, and what came last: below 7 a literal.
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let state = 0;
  let at = 0;
  while (at < out.length) {
    const position = at & positionMask;
    if (!bit(isMatch + (state << 4) + position)) {
      const before = at > 0 ? out[at - 1] : 0;
      const context = ((at & literalMask) << literalContext) + (before >> (8 - literalContext));
      const table = literal + 0x300 * context;
      let symbol = 1;
      if (state >= 7) {
        let expected = out[at - first - 1];
        while (symbol < 0x100) {
          const hint = (expected >> 7) & 1;
          expected <<= 1;
          const found = bit(table + ((1 + hint) << 8) + symbol);
          symbol = (symbol << 1) | found;
          if (found !== hint) break;
        }
      }
      while (symbol < 0x100) symbol = (symbol << 1) | bit(table + symbol);
      out[at++] = symbol;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let count = 0;
    if (!bit(isRepeat + state)) {
      [fourth, third, second] = [third, second, first];
      count = lengthOf(matchLength, position);
      first = distanceOf(count);
      state = state < 7 ? 7 : 10;
    } else {
      if (!bit(isRepeatFurther[0] + state)) {
        if (!bit(isRepeatLong + (state << 4) + position)) count = 1;
      } else if (!bit(isRepeatFurther[1] + state)) {
        [first, second] = [second, first];
      } else if (!bit(isRepeatFurther[2] + state)) {
        [first, second, third] = [third, first, second];
      } else {
        [first, second, third, fourth] = [fourth, first, second, third];
      }
      if (count === 1) {
        state = state < 7 ? 9 : 11;
      } else {
        count = lengthOf(repeatLength, position);
        state = state < 7 ? 8 : 11;
      }
    }
    const from = at - first - 1;
    if (from < 0) throw new Error("the packed module is damaged");
    for (let copied = 0; copied < count; copied++) out[at + copied] = out[from + copied];
    at += count;
  }
  return out;
}
