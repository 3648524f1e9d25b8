// What the page unpacks is the module that was built and tested.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const file = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url));
const unpacker = file("target/page/unpack.wasm");

test("the packed module comes out byte for byte", async (context) => {
  const unpack = new Function(`${file("web/unpack.js")}\nreturn unpack`)();
  const packed = file("target/page/module.packed");
  const before = performance.now();
  const module = Buffer.from(await unpack(unpacker.toString("base64"), packed.toString("base64")));
  context.diagnostic(`${packed.length} bytes, unpacked ${module.length}, ${Math.round(performance.now() - before)} ms`);
  assert.ok(module.equals(file("target/page/module.wasm")));
});

test("what unpacks reaches nothing", () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(unpacker)), []);
});
