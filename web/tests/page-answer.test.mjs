// What somebody sees who opens the page, pastes and reads. The answers are compared with those of the command.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { appOnly, audience, command, expired, list, noBrowser, open, redirect, refused, reportOf, startBrowser, stopBrowser, text, told, useExample } from "./page.mjs";
import { serve } from "../serve.mjs";

describe("the answers of the page", { skip: noBrowser }, () => {
  before(startBrowser);
  after(stopBrowser);

  for (const example of list) {
    test(`the example "${example.title}" shows what the command says`, async () => {
      const { app, complaints, close } = await open();
      await useExample(app, example);
      const report = reportOf(example);
      assert.equal(await text(app, "#headline"), report.verdict.headline);
      const leading = report.findings[0];
      for (const step of leading.fix) assert.ok((await text(app, ".verdict")).replaceAll(" Copy", "").includes(step), step);
      for (const { value } of leading.evidence) assert.ok((await text(app, ".verdict")).includes(value), value);
      assert.equal((await app.locator(".finding").count()) + 1, report.findings.length);
      assert.ok((await text(app, "#pasted")).includes(report.verdict.signature));
      for (const { summary } of report.artefacts) assert.ok((await text(app, "#pasted")).includes(summary), summary);
      for (const { time } of report.timeline.length > 1 ? report.timeline : []) {
        assert.ok((await text(app, "#timeline")).includes(time.relative), time.relative);
      }
      await app.getByText("As JSON").click();
      const raw = await app.locator("#report pre").textContent();
      assert.equal(raw, command([...told(example), "--format", "json"], example.paste));
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test("a newcomer with an unexplained 403 finds the missing permission", async () => {
    const { page, app, close } = await open();
    // What they have: the error and the token, and nothing that says which call it was.
    const token = /eyJ[\w.-]+/.exec(refused.paste)?.[0] ?? "";
    const error = refused.paste.slice(refused.paste.indexOf('{"error"'));
    await app.fill("#paste", `403 Forbidden\n${error}\n${token}`);
    await app.waitForSelector("#headline");
    // The page itself leads to the field for the call.
    await app.getByRole("button", { name: "Name the call" }).click();
    await page.keyboard.type("GET /users", { delay: 5 });
    await app.waitForSelector("#permission .names[data-tone=strong]");
    assert.equal(await text(app, "#permission .names[data-tone=strong]"), "User.ReadBasic.All");
    assert.match(await text(app, "#permission"), /missing/);
    await close();
  });

  test("a signature is checked with the keys that were given, and keys that are none are said to be", async () => {
    const { app, complaints, close } = await open();
    const read = (/** @type {string} */ name) => readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
    await app.fill("#paste", read("signed.http"));
    await app.waitForSelector("#headline");
    assert.match(await text(app, "#pasted"), /The signature was not checked/);
    await app.evaluate(() => document.querySelectorAll("details").forEach((own) => { own.open = true; }));
    await app.fill("#keys", read("keys.json"));
    await app.getByText("verified with").first().waitFor();
    await app.fill("#keys", "no keys at all");
    await app.locator("#keys[aria-invalid=true]").waitFor();
    assert.match(await text(app, "#pasted"), /The signature was not checked/);
    assert.match(await text(app, "#keys-help"), /neither JSON nor PEM/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("pasting anywhere fills the box, and the answer changes with every letter", async () => {
    const { page, app, close } = await open();
    await app.evaluate((paste) => {
      const data = new DataTransfer();
      data.setData("text/plain", paste);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, redirect.paste);
    await app.waitForSelector("#headline");
    assert.equal(await app.inputValue("#paste"), redirect.paste);
    await app.fill("#paste", "AADSTS700016");
    await app.waitForFunction(() => !document.querySelector("#headline")?.textContent?.includes("redirect"));
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await app.waitForSelector(".welcome");
    await close();
  });

  test("a dropped file is read; one that is no UTF-8 is given as bytes", async () => {
    const { app, close } = await open();
    const drop = (bytes, name) => app.evaluate(([bytes, name]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, [[...bytes], name]);
    await drop(Buffer.from(redirect.paste), "error.txt");
    await app.waitForSelector("#headline");
    assert.equal(await app.inputValue("#paste"), redirect.paste);
    await app.fill("#paste", "");
    await app.waitForSelector(".welcome");
    await drop(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(redirect.paste, "utf16le")]), "error-utf16.txt");
    await app.waitForSelector("#headline");
    assert.equal(await text(app, "#file-name"), "error-utf16.txt");
    assert.equal(await text(app, "#headline"), reportOf(redirect).verdict.headline);
    await close();
  });

  test("the questions sharpen the answer", async () => {
    const { app, close } = await open();
    await useExample(app, refused);
    await app.getByLabel("No user, the app itself").check();
    await app.waitForFunction(() => document.querySelector("#flow")?.value === "client-credentials");
    const report = reportOf(refused, "--flow", "client-credentials");
    await app.waitForFunction((headline) => document.querySelector("#headline")?.textContent === headline, report.verdict.headline);
    await app.getByLabel("I don’t know").check();
    await app.waitForFunction((headline) => document.querySelector("#headline")?.textContent === headline, reportOf(refused).verdict.headline);
    await app.getByText("More that you know").click();
    await app.fill("#judged-at", "2026-03-02T12:00:00Z");
    await app.waitForFunction(() => document.querySelector("#headline")?.textContent?.includes("expired"));
    await app.fill("#judged-at", "half past nine");
    await app.waitForSelector("#judged-at[aria-invalid=true]");
    await close();
  });

  test("the field for the call completes from the table", async () => {
    const { page, app, close } = await open();
    await app.focus("#call-1");
    await page.keyboard.type("GET /me/mailboxse");
    await app.waitForSelector("[role=option]");
    await page.keyboard.press("ArrowDown");
    const active = await app.getAttribute("#call-1", "aria-activedescendant");
    assert.equal(await text(app, `#${active}`), "GET /me/mailboxsettings");
    await page.keyboard.press("Enter");
    assert.equal(await app.inputValue("#call-1"), "GET /me/mailboxsettings");
    assert.equal(await app.locator("[role=listbox]:visible").count(), 0);
    // Without a paste the page says what the call needs.
    await app.locator(".meaning", { hasText: "MailboxSettings.Read" }).waitFor();
    await app.fill("#call-1", "no call");
    await page.keyboard.press("Escape");
    await app.focus("#paste");
    assert.equal(await app.getAttribute("#call-1", "aria-invalid"), "true");
    assert.notEqual(await text(app, "#call-problem-1"), "");
    await close();
  });

  test("several artefacts are tabs, walked with the arrow keys", async () => {
    const { page, app, close } = await open();
    await useExample(app, refused);
    const tabs = app.getByRole("tab");
    assert.equal(await tabs.count(), 2);
    await tabs.nth(0).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await tabs.nth(1).getAttribute("aria-selected"), "true");
    assert.equal(await app.evaluate(() => document.activeElement?.id), "artefact-1");
    assert.match(await text(app, "[role=tabpanel]"), /Authorization_RequestDenied/);
    await page.keyboard.press("Home");
    assert.match(await text(app, "[role=tabpanel]"), /User\.Read openid profile email/);
    await app.getByRole("button", { name: "Judge this alone" }).click();
    await app.getByRole("button", { name: "Judge all together" }).click();
    await app.waitForSelector("[role=tab]");
    await close();
  });

  test("claims are filtered, and rows that a finding rests on are marked", async () => {
    const { app, close } = await open();
    await useExample(app, audience);
    const marked = app.locator(".with-finding");
    assert.equal(await marked.count(), 1);
    assert.match(await marked.innerText(), /^aud/);
    await app.fill("#claim-filter", "tenant");
    assert.ok(await app.locator(".claim-table tbody tr:visible").count() < 8);
    await app.fill("#claim-filter", "");
    await app.getByText("Header and payload as they stand").click();
    const payload = await app.locator("#inside pre").nth(1).textContent();
    assert.equal(payload?.trim(), JSON.stringify(JSON.parse(Buffer.from(/eyJ[\w-]+\.([\w-]+)/.exec(audience.paste)?.[1] ?? "", "base64url").toString()), null, 2));
    await close();
  });

  test("two tokens are compared", async () => {
    const { app, close } = await open();
    await app.getByRole("button", { name: "Compare" }).click();
    await app.fill("#before", refused.paste);
    await app.fill("#after", appOnly.paste);
    await app.waitForSelector("#grants");
    assert.match(await text(app, "#grants"), /Only the first User\.Read delegated .* Only the second User\.Read\.All application/);
    const rows = await app.locator("#changes tbody tr").count();
    await app.check("#routine");
    await app.waitForFunction((before) => document.querySelectorAll("#changes tbody tr").length > before, rows);
    await app.getByRole("button", { name: "Swap" }).click();
    await app.waitForFunction(() => document.querySelector("#grants")?.textContent?.includes("Only the firstUser.Read.All"));
    await close();
  });

  test("codes, permissions, claims, GUIDs and calls are looked up", async () => {
    const { app, close } = await open();
    await app.getByRole("button", { name: "Look up" }).click();
    for (const [term, expected] of [
      ["AADSTS50011", /redirect URI/], ["Mail.Read", /570282fd-fa5c-430d-a7fd-fc8dc98a9dca/], ["scp", /permissions/],
      ["00000003-0000-0000-c000-000000000000", /Microsoft Graph/], ["GET /users", /User\.ReadBasic\.All/], ["token-expired", /finding/],
      ["Mail.Reed", /not known/],
    ]) {
      await app.fill("#term", term);
      await app.waitForFunction((term) => document.querySelector("#answer-look-up h2")?.textContent?.includes(term) || document.querySelector("#answer-look-up .asked")?.textContent?.includes(term), term);
      assert.match(await text(app, "#answer-look-up"), expected, term);
    }
    // What may have been meant is a button.
    await app.getByRole("button", { name: "Mail.Read", exact: true }).last().click();
    await app.waitForFunction(() => document.querySelector("#answer-look-up h2")?.textContent === "Mail.Read");
    await close();
  });

  test("from a server it answers as from disk", async () => {
    const { url, stop } = await serve();
    const { app, complaints, close } = await open({ url });
    await useExample(app, refused);
    assert.equal(await text(app, "#headline"), reportOf(refused).verdict.headline);
    assert.deepEqual(complaints, []);
    await close();
    stop();
  });
});
