// The optimised module of the page, run without a browser.

import { readFileSync } from "node:fs";

const built = new URL("../../target/page/", import.meta.url);

/** The module as the page holds it, unpacked. */
export const module = new WebAssembly.Module(readFileSync(new URL("module.wasm", built)));

/** A new instance, with the functions that wasm-bindgen wrote for it. */
export async function start() {
  const script = readFileSync(new URL("glue.js", built), "utf8");
  // Each import of this address is the same script, but an instance of its own.
  const call = await import(`data:text/javascript,${encodeURIComponent(script)}//${Math.random()}`);
  const { exports } = new WebAssembly.Instance(module, { "./tokentriage_wasm_bg.js": call });
  call.__wbg_set_wasm(exports);
  /** @type {any} */ (exports).__wbindgen_start();
  return call;
}
