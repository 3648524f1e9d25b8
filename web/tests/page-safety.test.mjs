// What must never be shown, kept or passed on.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { command, noBrowser, open, openAll, redirect, refused, reportOf, shoot, startBrowser, stopBrowser, text, told, useExample } from "./page.mjs";

describe("what the page keeps to itself", { skip: noBrowser }, () => {
  before(startBrowser);
  after(stopBrowser);

  test("personal values are hidden everywhere", async () => {
    const { app, close } = await open();
    await useExample(app, refused);
    await openAll(app);
    assert.match(await text(app, "main"), /dana@orchard\.example/);
    await app.check("#mask");
    await app.waitForFunction(() => document.querySelector("main")?.textContent?.includes("[redacted]"));
    const shown = await app.locator("main").textContent();
    for (const personal of ["dana@orchard.example", "Dana Example", "203.0.113.20", "afe59325-3cd6-44af-8dfa-d71427a0aeb3"]) {
      assert.ok(!shown?.includes(personal), personal);
    }
    assert.equal(await app.evaluate(() => document.activeElement?.id), "mask");
    await close();
  });

  test("what is in a paste cannot act, hide or reverse", async () => {
    const { app, complaints, close } = await open();
    const hostile = "\u202e<img src=x onerror=alert(1)>\u200b\u0007";
    const claims = Buffer.from(JSON.stringify({ aud: "https://graph.microsoft.com", name: hostile, [hostile]: hostile, exp: 1772446721 })).toString("base64url");
    await app.fill("#paste", `eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.${claims}.${"A".repeat(342)}`);
    await app.waitForSelector("#headline");
    await openAll(app);
    const shown = await app.locator("main").textContent() ?? "";
    assert.ok(shown.includes("\\u{202e}<img src=x onerror=alert(1)>\\u{200b}\\u{7}"));
    assert.doesNotMatch(shown, /[\u202e\u200b\u0007]/);
    assert.equal(await app.locator("main img").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an error code behind the # is explained, and nothing else ever stands in the address", async () => {
    const { page, app, close } = await open({ hash: "#AADSTS50011" });
    await app.waitForSelector("#answer-look-up .meaning");
    assert.match(await text(app, "#answer-look-up"), /redirect URI/);
    await app.getByRole("button", { name: "Why refused" }).click();
    const before = { history: await page.evaluate(() => history.length), title: await page.title() };
    await useExample(app, refused);
    await app.getByLabel("A user who is signed in").check();
    await app.getByText("More that you know").click();
    await app.fill("#tenant", "orchard.example");
    await app.getByRole("button", { name: "Look up" }).click();
    await app.fill("#term", "dana@orchard.example");
    await app.waitForTimeout(100);
    assert.equal(new URL(page.url()).hash, "");
    assert.equal(new URL(page.url()).search, "");
    assert.deepEqual({ history: await page.evaluate(() => history.length), title: await page.title() }, before);
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
    await close();
  });

  test("Clear, and leaving the page, forget everything", async () => {
    const { page, app, close } = await open();
    await useExample(app, refused);
    await app.getByRole("button", { name: "Clear" }).first().click();
    await app.waitForSelector(".welcome");
    const left = async () => app.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map((field) => /** @type {any} */ (field).value).join());
    const secret = /eyJ[\w.-]+/.exec(refused.paste)?.[0] ?? "";
    const withoutExamples = (html) => html.replace(/<script type="application\/json"[^]*?<\/script>/, "");
    assert.ok(!withoutExamples(await left()).includes(secret));
    await useExample(app, refused);
    await app.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
    assert.ok(!withoutExamples(await left()).includes(secret));
    await page.close();
    await close();
  });

  test("no answer leaves anything in the memory of the module, and Clear and leaving the page wipe all of it", async () => {
    const { page, app, close } = await open();
    const piece = /eyJ[\w.-]+/.exec(refused.paste)?.[0].slice(40, 120) ?? "";
    await app.evaluate((piece) => {
      const { Instance } = WebAssembly;
      /** Of each instance: whether all is nought, whether a piece of the paste is in it, and whether it ever was. */
      const made = /** @type {any} */ (globalThis).made = /** @type {(() => object)[]} */ ([]);
      WebAssembly.Instance = /** @type {any} */ (class {
        constructor(/** @type {[WebAssembly.Module, WebAssembly.Imports]} */ ...given) {
          const exports = /** @type {any} */ (new Instance(...given).exports);
          const bytes = () => new Uint8Array(exports.memory.buffer);
          const holds = () => new TextDecoder("latin1").decode(bytes()).includes(piece);
          let held = false;
          made.push(() => ({ empty: bytes().every((byte) => byte === 0), holds: holds(), held }));
          return { exports: { ...exports, forget: () => {
            held ||= holds();
            exports.forget();
          } } };
        }
      });
      // The next instance is the first that is known here.
      core.renew();
    }, piece);
    const memories = () => app.evaluate(() => /** @type {any} */ (globalThis).made.map((/** @type {() => object} */ memory) => memory()));
    const [unused, used, wiped] = [{ empty: false, holds: false, held: false }, { empty: false, holds: false, held: true }, { empty: true, holds: false, held: true }];
    await useExample(app, refused);
    assert.deepEqual(await memories(), [used]);
    await app.getByRole("button", { name: "Clear" }).first().click();
    await app.waitForSelector(".welcome");
    assert.deepEqual(await memories(), [wiped, unused]);
    await useExample(app, refused);
    assert.deepEqual((await memories())[1], used);
    await app.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
    assert.deepEqual(await memories(), [wiped, wiped]);
    await page.close();
    await close();
  });

  test("the box is no business of the browser or its extensions", async () => {
    const { app, close } = await open();
    for (const id of ["paste", "before", "after"]) {
      const attributes = await app.locator(`#${id}`).evaluate((box) => Object.fromEntries([...box.attributes].map(({ name, value }) => [name, value])));
      assert.equal(attributes.autocomplete, "off");
      assert.equal(attributes.spellcheck, "false");
      assert.equal(attributes.translate, "no");
      assert.equal(attributes.name, undefined);
    }
    await close();
  });

  test("a copy for a ticket is what the command writes, without personal values", async () => {
    const { app, close } = await open();
    await useExample(app, refused);
    await app.evaluate(() => {
      document.addEventListener("copy", () => { /** @type {any} */ (globalThis).copied = /** @type {any} */ (document.activeElement).value; }, true);
    });
    await app.getByRole("button", { name: "Copy for a ticket" }).click();
    await app.waitForSelector("text=Copied");
    const copied = await app.evaluate(() => /** @type {any} */ (globalThis).copied);
    assert.equal(copied.trim(), command([...told(refused), "--format", "markdown", "--redact"], refused.paste).trim());
    await close();
  });

  test("a saved report is the command's, without personal values unless asked", async () => {
    const { page, app, close } = await open();
    await useExample(app, refused);
    const save = async (format) => {
      const [download] = await Promise.all([page.waitForEvent("download"), app.getByRole("button", { name: `Save ${format.toUpperCase()}` }).click()]);
      assert.equal(download.suggestedFilename(), `tokentriage.${format}`);
      return readFileSync(await download.path(), "utf8");
    };
    const printed = (format, ...more) => command([...told(refused), "--format", format, ...more], refused.paste);
    assert.equal(await save("json"), printed("json", "--redact"));
    assert.equal((await save("html")).trim(), printed("html", "--redact").trim());
    await app.getByLabel("Save and print personal values too").check();
    assert.equal(await save("json"), printed("json"));
    await close();
  });

  test("paper shows the report without personal values and without the paste", async () => {
    const { page, app, close } = await open();
    await useExample(app, refused);
    await app.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const printed = await app.evaluate(() => document.body.innerText);
    assert.ok(printed.includes("User.ReadBasic.All"));
    // What can be opened on the screen is open on paper.
    assert.ok(printed.includes(reportOf(refused).findings[1].sources[0]));
    for (const personal of ["dana@orchard.example", "eyJ"]) assert.ok(!printed.includes(personal), personal);
    await shoot(page, "print");
    await app.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.match(await app.locator("main").textContent() ?? "", /dana@orchard\.example/);
    assert.equal(await app.locator(".finding[open]").count(), 0);
    await close();
  });
});
