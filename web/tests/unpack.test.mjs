// What the page unpacks is the module that was built and tested.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

test("the packed module comes out byte for byte", (context) => {
  const file = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url));
  const unpack = runInNewContext(`${file("web/unpack.js")}\nunpack`, { atob });
  const packed = file("target/page/module.packed").toString("base64");
  const before = performance.now();
  const module = Buffer.from(unpack(packed));
  context.diagnostic(`${packed.length} characters, ${module.length} bytes, ${Math.round(performance.now() - before)} ms`);
  assert.ok(module.equals(file("target/page/module.wasm")));
});
