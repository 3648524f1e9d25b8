// What hosts are asked to send is the same in every form.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { headers } from "../serve.mjs";

test("nginx sends what _headers lists", () => {
  const lines = readFileSync(new URL("../headers/nginx.conf", import.meta.url), "utf8").trim().split("\n").filter((line) => !line.startsWith("#"));
  const sent = lines.map((line) => /^add_header ([\w-]+) "([^"]+)" always;$/.exec(line)?.slice(1) ?? line);
  assert.deepEqual(sent, Object.entries(headers()));
});
