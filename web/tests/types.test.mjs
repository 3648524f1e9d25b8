// The types that comments state hold, against the published schema of the report.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { declarations } from "./types.mjs";

const file = (/** @type {string} */ path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test("the script of the page has the types that it states", () => {
  mkdirSync(file("target/page"), { recursive: true });
  // What the build generates, beside what the schema says. Another type of the browser is called Report already.
  writeFileSync(file("target/page/generated.d.ts"), `declare function glue(): any;
${declarations(JSON.parse(readFileSync(file("src/report/schema.json"), "utf8")), "TokenReport")}\n`);
  const app = readdirSync(file("web/app")).map((name) => file(`web/app/${name}`));
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json").replace("package.json", "bin/tsc");
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, "--noEmit", "--allowJs", "--checkJs", "--strict", "--noImplicitReturns",
    "--noUnusedLocals", "--noUnusedParameters", "--noFallthroughCasesInSwitch", "--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--types", "",
    file("target/page/generated.d.ts"), file("web/unpack.js"), file("web/core.js"), file("web/shell.js"), ...app], { encoding: "utf8" });
  assert.equal(stdout + stderr, "");
});
