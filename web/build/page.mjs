// Puts the page together: script, style, examples and the packed module in one file, dist/index.html. Beside it goes
// what hosts should send with it.
//
// The module has to be there (target/page, written by `cargo run` in this folder); this step alone takes no time, so
// that a change of script or style is seen at once.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { examples } from "../examples/read.mjs";

const web = new URL("../", import.meta.url);
const built = new URL("../../target/page/", import.meta.url);
const dist = new URL("../../dist/", import.meta.url);
/** @param {string} name */
const source = (name) => readFileSync(new URL(name, web), "utf8");
/**
 * Without what is there for readers of the source. Names that the scripts share stay what they are.
 * @param {string} text
 * @param {"js" | "css"} loader
 */
const small = (text, loader) => transformSync(text, { loader, minify: true, target: loader === "js" ? "es2022" : "esnext", legalComments: "none", charset: "utf8" }).code;

/** What the policy allows to run, by hash. */
const allowed = { script: /** @type {string[]} */ ([]), style: /** @type {string[]} */ ([]) };

const glue = readFileSync(new URL("glue.js", built), "utf8");
const base64 = (/** @type {string} */ name) => readFileSync(new URL(name, built)).toString("base64");

let frame = source("index.html")
  .replace(/<link rel="stylesheet" href="([^"]+)">/g, (_, name) => inline("style", source(name)))
  .replace('<script type="application/json" id="examples"></script>',
    () => `<script type="application/json" id="examples">${dataBlock(JSON.stringify(examples()))}</script>`)
  .replace('<script src="core.js"></script>', () => [
    `<script type="text/plain" id="unpacker">${base64("unpack.wasm")}</script>`,
    `<script type="text/plain" id="module">${base64("module.packed")}</script>`,
    inline("script", callable(glue)),
    inline("script", source("unpack.js")),
    inline("script", source("core.js")),
  ].join("\n"))
  .replace(/<script src="([^"]+)"><\/script>/g, (_, name) => inline("script", source(name)));

let page = source("shell.html")
  .replace(/<style>([^]*?)<\/style>/, (_, style) => inline("style", style))
  .replace(/<script src="([^"]+)"><\/script>/, (_, name) => inline("script", source(name)));
// Both documents stand under the same policy: the frame inherits it, and names it again in case a browser forgets to.
const policy = `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}">`;
frame = frame.replace('<meta charset="utf-8">', (first) => `${first}\n${policy}`);
page = page
  .replace("<!-- policy -->", () => policy)
  .replace("<!-- frame -->", () => frame.replaceAll("&", "&amp;").replaceAll('"', "&quot;"));

for (const [what, pattern] of Object.entries({
  "a script or style that is not inlined": /\b(?:src|href)="?(?!#)[a-z/.]+\.(?:js|css)/,
  "a placeholder": /<!-- (?:policy|frame) -->/,
})) if (pattern.test(page)) throw new Error(`the page holds ${what}: ${pattern.exec(page)?.[0]}`);

mkdirSync(dist, { recursive: true });
writeFileSync(new URL("index.html", dist), page);
copyFileSync(new URL("headers/_headers", web), new URL("_headers", dist));

/**
 * An inlined script or style, allowed by its hash.
 * @param {"script" | "style"} element
 * @param {string} text
 */
function inline(element, text) {
  const body = small(text, element === "script" ? "js" : "css").trim();
  if (new RegExp(`</${element}|<!--`, "i").test(body)) throw new Error(`this ${element} would end early: ${text.slice(0, 80)}`);
  allowed[element].push(`'sha256-${createHash("sha256").update(body).digest("base64")}'`);
  return `<${element}>${body}</${element}>`;
}

/**
 * JSON in a script element that is not run: only its end tag must not occur.
 * @param {string} json
 */
function dataBlock(json) {
  return json.replaceAll("<", "\\u003c");
}

/**
 * The script of wasm-bindgen as a function, because every instance of the module needs its own.
 * @param {string} glue
 */
function callable(glue) {
  const names = [...glue.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  const body = glue.replace(/^export /gm, "").replace(/^\/\/.*\n|^\/\* @ts-.*\n/gm, "").trim();
  return `function glue() {\n${body}\nreturn { ${names.join(", ")} };\n}`;
}

function contentSecurityPolicy() {
  return [
    "default-src 'none'",
    `script-src 'wasm-unsafe-eval' ${allowed.script.join(" ")}`,
    `style-src ${allowed.style.join(" ")}`,
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
