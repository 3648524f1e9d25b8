// The page says what the command says: the module answers every case byte for byte as the library does natively.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { module, start } from "./module.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

test("the module and the library give the same answers", async (context) => {
  const call = await start();
  const native = spawn("cargo", ["run", "--quiet", "--locked", "--example", "page-cases"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => native.on("exit", resolve));
  /** @type {Record<string, number>} */
  const counts = {};
  for await (const line of createInterface({ input: native.stdout })) {
    const { name, call: what, given, answer } = JSON.parse(line);
    const args = given.map((/** @type {string} */ text) => text.startsWith("base64:") ? Buffer.from(text.slice(7), "base64") : text);
    assert.equal(call[what](...args), answer, `${what}: ${name}`);
    // As the page does: the memory of one answer is that of the next.
    call.forget();
    counts[what] = (counts[what] ?? 0) + 1;
  }
  assert.equal(await ended, 0);
  context.diagnostic(`the same bytes: ${Object.entries(counts).map(([what, count]) => `${count} × ${what}`).join(", ")}`);
  assert.ok(counts.analyze > 800 && counts.explain > 200 && counts.permit > 100 && counts.complete > 100, JSON.stringify(counts));
});

test("wrong options are answered with a sentence", async () => {
  const call = await start();
  const answer = (/** @type {string} */ options) => JSON.parse(call.analyze(new Uint8Array(), options));
  for (const [options, error] of [
    ["", "the options are no JSON object"],
    ["[]", "the options are no JSON object"],
    ["{", "the options are no JSON object"],
    ["{}", "the options lack now, in whole seconds since 1970"],
    ['{"now": 1.5}', "the options lack now, in whole seconds since 1970"],
    ['{"now": 0, "leeway": 86401}', "leeway: expected 0 to 86400 seconds"],
    ['{"now": 0, "redact": 1}', "redact: expected true or false"],
    ['{"now": 0, "other": 1}', "unknown option other"],
    ['{"now": 0, "scenario": {"flow": "magic"}}', "unknown flow magic"],
    ['{"now": 0, "scenario": {"flows": "ropc"}}', "unknown key flows of the scenario"],
  ]) assert.deepEqual(answer(options), { error }, options);
  assert.equal(answer('{"now": 9007199254740993, "scenario": {"flow": null, "calling": "  ", "tenant": ""}}').verdict.status, "unreadable");
  assert.equal(JSON.parse(call.guide("magic")).error, "there is no flow of that name");
});

test("the module can reach nothing but its own memory", () => {
  // What wasm-bindgen throws errors with, and the table of references that it keeps. Whatever else were imported would be
  // a way out.
  const imports = WebAssembly.Module.imports(module).map((own) => ({ ...own, name: own.name.replace(/_[0-9a-f]{16}$/, "") }));
  assert.deepEqual(imports, [
    { module: "./tokentriage_wasm_bg.js", name: "__wbg___wbindgen_throw", kind: "function" },
    { module: "./tokentriage_wasm_bg.js", name: "__wbindgen_init_externref_table", kind: "function" },
  ]);
  assert.deepEqual(WebAssembly.Module.customSections(module, "producers"), []);
});
