// Long files: read in slices while the page stays awake.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { command, noBrowser, open, refused, redirect, startBrowser, stopBrowser, text } from "./page.mjs";

/** Where the files stand that are given to the page. */
let folder = "";

/** How far slices go; the tests put tokens on their borders. */
const STEP = 384 * 1024;

const LINE = "2026-03-02T09:20:11Z worker[17]: request finished in 213 ms, status 200, 18 kB\n";

/** @param {number} bytes */
const log = (bytes) => LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes);

const token = /eyJ[\w.-]+/.exec(refused.paste)?.[0] ?? "";

/** A different token of the same length, so that none is counted as another. @param {number} number */
const other = (number) => {
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
  return [header, Buffer.from(JSON.stringify({ ...claims, uti: `AAAAAAAAAAAAAAAAAAA${String(number).padStart(3, "0")}` })).toString("base64url"), signature].join(".");
};

/**
 * Gives the page a file from disk.
 * @param {import("playwright-core").Frame} app
 * @param {string} name
 * @param {string | Buffer} content
 */
async function give(app, name, content) {
  writeFileSync(join(folder, name), content);
  await app.setInputFiles("#file-input", join(folder, name));
}

/** @param {import("playwright-core").Frame} app */
const finished = (app) => app.waitForFunction(() => !(/** @type {HTMLElement} */ (document.querySelector("#found")).hidden)
  && /** @type {HTMLElement} */ (document.querySelector("#file-progress")).hidden, undefined, { timeout: 120_000 });

describe("long files", { skip: noBrowser }, () => {
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tokentriage-page-"));
    await startBrowser();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await stopBrowser();
  });

  test("what stands on the border of two slices is found once, and where it is", async () => {
    // Tokens before, across and behind each border.
    let file = "";
    const shifts = [-60_000, -47_500, -6000, -1000, 3000, 50_000];
    const count = shifts.length * 5;
    for (let border = 1; border <= 5; border += 1) {
      for (const shift of shifts) {
        const at = border * STEP + shift;
        file += log(at - file.length - 1) + "\n" + other(Math.round(at / 100)) + "\n";
      }
    }
    file += log(100_000);
    const expected = JSON.parse(command(["inspect", "-", "--format", "json"], file)).artefacts;
    assert.equal(expected.length, count);
    const { app, complaints, close } = await open();
    await give(app, "border.log", file);
    await finished(app);
    assert.equal(await app.locator("#found [role=tab]").count(), count);
    assert.match(await text(app, "#file-state"), new RegExp(`${count} found, ${count} different`));
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a token opens with the call before it, an error with the token before it", async () => {
    const file = `${log(600_000)}\n${redirect.paste}\n${log(300_000)}\n${refused.paste}\n${log(400_000)}`;
    const { page, app, close } = await open();
    await give(app, "trace.log", file);
    await finished(app);
    const tabs = app.locator("#found [role=tab]");
    assert.equal(await tabs.count(), 3);
    assert.match(await text(app, "#headline"), /redirect URI/);
    await app.locator("summary", { hasText: "More that you know" }).click();
    await app.fill("#judged-at", refused.now);
    await tabs.nth(0).focus();
    for (const expected of [1, 2]) {
      await page.keyboard.press("ArrowDown");
      await app.waitForFunction((index) => document.activeElement?.id === `found-${index}` && document.querySelector("#headline")?.textContent?.includes("GET /users"), expected);
    }
    await close();
  });

  test("a file of 50 MB leaves the page awake, and can be stopped", async () => {
    const { app, close } = await open();
    const part = log(900_000) + token + "\n";
    const file = Buffer.from(part.repeat(56)).subarray(0, 49_900_000);
    await app.evaluate(() => {
      /** @type {any} */ (globalThis).longest = 0;
      let last = performance.now();
      const look = () => {
        const now = performance.now();
        /** @type {any} */ (globalThis).longest = Math.max(/** @type {any} */ (globalThis).longest, now - last);
        last = now;
        requestAnimationFrame(look);
      };
      look();
    });
    await give(app, "large.log", file);
    await app.waitForFunction(() => document.querySelector("#found [role=tab]"), undefined, { timeout: 120_000 });
    await app.evaluate(() => { /** @type {any} */ (globalThis).longest = 0; });
    await finished(app);
    const longest = await app.evaluate(() => /** @type {any} */ (globalThis).longest);
    console.log(`longest pause between two frames: ${Math.round(longest)} ms`);
    assert.ok(longest < 1000, `${longest} ms`);
    const count = file.toString().split(token).length - 1;
    assert.equal(await text(app, "#file-state"), `49.9 MB of 49.9 MB read, ${count} found, 1 different`);
    assert.equal(await text(app, "#found .count"), `× ${count}`);

    await give(app, "large.log", file);
    await app.getByRole("button", { name: "Stop" }).click({ timeout: 60_000 });
    await app.waitForFunction(() => /** @type {HTMLElement} */ (document.querySelector("#file-stop")).hidden);
    assert.match(await text(app, "#file-state"), /^Stopped: /);
    await app.getByRole("button", { name: "Clear" }).first().click();
    await app.waitForSelector(".welcome");
    assert.equal(await app.locator("#found").isVisible(), false);
    await close();
  });

  test("UTF-16 is read in slices too", async () => {
    const written = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${log(700_000)}\n${refused.paste}`, "utf16le")]);
    const { app, close } = await open();
    await give(app, "trace-utf16.log", written);
    await finished(app);
    assert.match(await text(app, "#file-state"), /2 found, 2 different/);
    await app.fill("#call-1", "GET /users");
    await app.waitForSelector("#permission");
    await close();
  });

  test("a long file without anything says so", async () => {
    const { app, close } = await open();
    await give(app, "empty.log", log(2_000_000));
    await app.waitForSelector("#headline", { timeout: 60_000 });
    assert.equal(await app.getAttribute("#verdict", "data-tone"), "unknown");
    await close();
  });
});
