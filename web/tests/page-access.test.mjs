// Whoever reads, however they read: colours, contrast, width, text size, keyboard.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { appOnly, axe, expired, list, noBrowser, open, openAll, redirect, refused, reportOf, shoot, startBrowser, stopBrowser, text, useExample } from "./page.mjs";

describe("the page for everybody", { skip: noBrowser }, () => {
  before(startBrowser);
  after(stopBrowser);

  test("the status line tells the headline, and only that", async () => {
    const { app, close } = await open();
    await useExample(app, expired);
    const { headline } = reportOf(expired).verdict;
    await app.waitForFunction((headline) => document.querySelector("[role=status]")?.textContent === headline, headline);
    await close();
  });

  test("the whole task is done by keyboard", async () => {
    const { page, app, close } = await open();
    const focused = () => app.evaluate(() => {
      const own = /** @type {any} */ (document.activeElement);
      return own?.id || own?.labels?.[0]?.textContent.trim() || own?.textContent?.trim() || "";
    });
    /** Presses Tab until the focus is where it should be. */
    const tabTo = async (wanted) => {
      for (let presses = 0; presses < 250; presses += 1) {
        await page.keyboard.press("Tab");
        const seen = await app.evaluate(() => {
          const own = document.activeElement;
          if (!own || own === document.body) return true;
          const style = getComputedStyle(own);
          return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        });
        assert.ok(seen, `the focus on ${await focused()} cannot be seen`);
        if ((await focused()).startsWith(wanted)) return;
      }
      assert.fail(`Tab never reaches ${wanted}`);
    };
    await tabTo("paste");
    await page.keyboard.insertText(refused.paste);
    await app.waitForSelector("#headline");
    await tabTo("call-1");
    await page.keyboard.type("GET /users");
    await page.keyboard.press("Escape");
    await tabTo("More that you know");
    await page.keyboard.press("Enter");
    await tabTo("judged-at");
    await page.keyboard.type(refused.now);
    await app.waitForFunction((headline) => document.querySelector("#headline")?.textContent === headline, reportOf(refused).verdict.headline);
    await tabTo("Copy for a ticket");
    await page.keyboard.press("Enter");
    await app.waitForSelector("text=Copied");
    await tabTo("Note");
    await page.keyboard.press("Enter");
    await app.waitForSelector(".finding .body");
    await tabTo("artefact-0");
    await page.keyboard.press("ArrowRight");
    await tabTo("System");
    await close();
  });

  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`axe finds nothing in any state, in ${colorScheme} colours`, async () => {
      const { page, app, close } = await open({ colorScheme });
      const found = [];
      const look = async (state) => {
        found.push(...(await axe(app)).map((line) => `${state}: ${line}`));
        await shoot(page, `${state}-${colorScheme}`);
      };
      await look("welcome");
      for (const example of list) {
        await useExample(app, example);
        await look(`example-${example.title.toLowerCase().replaceAll(" ", "-")}`);
        await app.getByRole("button", { name: "Clear" }).first().click();
        await app.waitForSelector(".welcome");
      }
      await useExample(app, refused);
      await openAll(app);
      await app.getByLabel("A user who is signed in").check();
      await app.getByRole("button", { name: "Add another call" }).click();
      await look("everything-open");
      await app.fill("#call-1", "GET /me/mess");
      await look("completion");
      await app.fill("#paste", "nothing to see here");
      await app.waitForFunction(() => document.querySelector("#verdict")?.getAttribute("data-tone") === "unknown");
      await look("unreadable");
      await app.getByRole("button", { name: "Compare" }).click();
      await look("compare-empty");
      await app.fill("#before", refused.paste);
      await app.fill("#after", appOnly.paste);
      await app.waitForSelector("#grants");
      await look("compare");
      await app.getByRole("button", { name: "Look up" }).click();
      await look("look-up-empty");
      for (const term of ["AADSTS50011", "GET /users", "Mail.Reed"]) {
        await app.fill("#term", term);
        await app.waitForSelector("#answer-look-up .meaning");
        await app.waitForTimeout(50);
        await look(`look-up-${term.replace(/\W+/g, "-")}`);
      }
      assert.deepEqual(found, []);
      await close();
    });

    test(`every text stands out from its ground, in ${colorScheme} colours`, async () => {
      for (const contrast of /** @type {const} */ (["no-preference", "more"])) {
        const { app, close } = await open({ colorScheme, contrast });
        const weak = [];
        for (const example of [null, refused, redirect]) {
          if (example) {
            await useExample(app, example);
            await openAll(app);
          }
          weak.push(...await app.evaluate(weakTexts));
          if (example) await app.getByRole("button", { name: "Clear" }).first().click();
          await app.waitForSelector(".welcome");
        }
        assert.deepEqual(weak, []);
        await close();
      }
    });
  }

  test("no word leaves its part of the page", async () => {
    for (const width of [320, 700, 1000, 1280, 1600]) {
      const { app, close } = await open({ viewport: { width, height: 900 } });
      for (const example of list) {
        await useExample(app, example);
        const cut = await app.evaluate(() => [...document.querySelectorAll("#answer section :is(h2, h3, p, li, dt, dd, code, summary)")]
          .filter((own) => !own.closest("pre, .table") && [...own.getClientRects()].some(({ right }) => right > (own.closest("section")?.getBoundingClientRect().right ?? 0) + 1))
          .map((own) => own.textContent));
        assert.deepEqual(cut, [], `${width}: ${example.title}`);
        // Titles break between words only.
        const broken = await app.evaluate(() => [...document.querySelectorAll(".section > h2")].filter((own) => {
          const range = document.createRange();
          const text = /** @type {Text} */ (own.firstChild);
          return [...(text.data ?? "").matchAll(/\S+/g)].some(({ index, 0: word }) => {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            return range.getClientRects().length > 1;
          });
        }).map((own) => own.textContent));
        assert.deepEqual(broken, [], `${width}: ${example.title}`);
        await app.getByRole("button", { name: "Clear" }).first().click();
        await app.waitForSelector(".welcome");
      }
      await close();
    }
  });

  test("nothing is wider than 320 pixels, nor than the page with text twice as large", async () => {
    for (const [name, viewport, size] of /** @type {const} */ ([["narrow", { width: 320, height: 640 }, "100%"], ["large-text", { width: 1280, height: 900 }, "200%"], ["narrow-large-text", { width: 640, height: 900 }, "200%"]])) {
      const { page, app, close } = await open({ viewport });
      await app.evaluate((size) => { document.documentElement.style.fontSize = size; }, size);
      const fits = async (state) => {
        const wide = await app.evaluate(() => {
          const limit = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= limit) return [];
          return [...document.querySelectorAll("body *")].filter((own) => own.getBoundingClientRect().right > limit + 1).map((own) => `${own.tagName}.${own.className}`).slice(0, 5);
        });
        assert.deepEqual(wide, [], `${name}: ${state}`);
        await shoot(page, `${name}-${state}`);
      };
      await fits("welcome");
      await useExample(app, refused);
      await fits("verdict");
      await openAll(app);
      await fits("everything-open");
      await app.getByRole("button", { name: "Compare" }).click();
      await app.fill("#before", refused.paste);
      await app.fill("#after", appOnly.paste);
      await app.waitForSelector("#grants");
      await fits("compare");
      await app.getByRole("button", { name: "Look up" }).click();
      await app.fill("#term", "00000003-0000-0000-c000-000000000000, GET /users");
      await app.waitForSelector("#answer-look-up .meaning");
      await fits("look-up");
      await close();
    }
  });

  test("forced colours and less motion are respected", async () => {
    const { page, app, close } = await open({ forcedColors: "active", reducedMotion: "reduce" });
    await useExample(app, refused);
    const [outline, text, animations] = await app.evaluate(() => [
      getComputedStyle(/** @type {Element} */ (document.querySelector(".verdict-mark .outline"))).fill,
      getComputedStyle(document.body).color,
      document.getAnimations().length,
    ]);
    assert.equal(outline, text);
    assert.equal(animations, 0);
    await shoot(page, "forced-colours");
    await close();
  });

  test("colours can be chosen, and the choice is not kept", async () => {
    const { page, app, close } = await open({ colorScheme: "light" });
    const ground = () => app.evaluate(() => getComputedStyle(document.body).color);
    const light = await ground();
    await app.getByLabel("Dark").check();
    assert.notEqual(await ground(), light);
    await page.reload();
    await close();
  });
});

/** Texts whose contrast with what is behind them is less than WCAG asks for. Runs in the page. */
function weakTexts() {
  const parse = (/** @type {string} */ colour) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const over = (/** @type {number[]} */ top, /** @type {number[]} */ bottom) =>
    [0, 1, 2].map((at) => (top[at] ?? 0) * (top[3] ?? 1) + (bottom[at] ?? 0) * (1 - (top[3] ?? 1))).concat(1);
  const luminance = (/** @type {number[]} */ colour) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const part = (colour[at] ?? 0) / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
  const ground = (/** @type {Element} */ own) => {
    const layers = [];
    for (let at = /** @type {Element | null} */ (own); at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((bottom, top) => over(top, bottom), [255, 255, 255, 1]);
  };
  const weak = [];
  for (const own of document.querySelectorAll("body *")) {
    const hasText = [...own.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const field = own instanceof HTMLInputElement || own instanceof HTMLTextAreaElement || own instanceof HTMLSelectElement;
    if (!(hasText || field) || !own.checkVisibility({ visibilityProperty: true }) || own.closest(".visually-hidden, script, .skip")) continue;
    const style = getComputedStyle(own);
    const behind = ground(own);
    const drawn = own instanceof SVGElement ? style.fill : style.color;
    const ratio = (/** @type {number[]} */ colour) => {
      const [one, other] = [luminance(over(colour, behind)), luminance(behind)];
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    };
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const least = large ? 3 : 4.5;
    if (ratio(parse(drawn)) < least) weak.push(`${own.tagName}.${own.className}: ${drawn} on ${behind} is ${ratio(parse(drawn)).toFixed(2)}`);
    // The edge of a field shows where it is.
    if (field && own.type !== "radio" && own.type !== "checkbox") {
      const edge = parse(style.borderTopColor);
      const outside = own.parentElement ? ground(own.parentElement) : behind;
      const [one, other] = [luminance(edge), luminance(outside)];
      const distance = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (distance < 3) weak.push(`edge of ${own.id}: ${distance.toFixed(2)}`);
    }
  }
  return weak;
}
