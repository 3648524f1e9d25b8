// The module of the core is packed with LZMA, which browsers cannot undo themselves: their gzip would make the page half
// again as large. What unpacks it (web/unpack) is a small module of its own, which comes as it is and imports nothing.

/**
 * @param {string} unpacker the module that unpacks, in base64
 * @param {string} packed what it unpacks, in base64
 */
async function unpack(unpacker, packed) {
  const { instance } = await WebAssembly.instantiate(fromBase64(unpacker));
  const { memory, place, unpack, length } = /** @type {any} */ (instance.exports);
  const bytes = fromBase64(packed);
  const at = place(bytes.length);
  new Uint8Array(memory.buffer).set(bytes, at);
  const start = unpack();
  return new Uint8Array(memory.buffer, start, length());
}

/** @param {string} text */
function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
