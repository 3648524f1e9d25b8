// The module is packed with LZMA, which browsers cannot undo themselves: their gzip would make the page half again as
// large. This is the decoder as the LZMA specification (public domain, version 9.20) describes it, for one stream whose
// length its header states.

/** @param {string} text what the build packed, in base64 */
function unpack(text) {
  return decodeLzma(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
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

  // The range coder: 32-bit numbers, kept without sign where they are compared.
  let next = 18;
  let range = 0xFFFFFFFF;
  let code = new DataView(packed.buffer, packed.byteOffset).getUint32(14);

  const bit = (/** @type {number} */ index) => {
    const probability = probabilities[index];
    const bound = (range >>> 11) * probability;
    let found = 0;
    if (code < bound) {
      range = bound;
      probabilities[index] = probability + ((2048 - probability) >> 5);
    } else {
      range -= bound;
      code -= bound;
      probabilities[index] = probability - (probability >> 5);
      found = 1;
    }
    if (range < 0x1000000) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | packed[next++]) >>> 0;
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
      range >>>= 1;
      const found = code >= range ? 1 : 0;
      if (found) code -= range;
      value = (value << 1) | found;
      if (range < 0x1000000) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | packed[next++]) >>> 0;
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
