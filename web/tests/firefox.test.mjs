// The page in Firefox: it answers there as in Chromium, from disk and from a server, and nothing arrives elsewhere.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { serve } from "../serve.mjs";
import { noFirefox, startFirefox } from "./firefox.mjs";
import { list, reportOf, ROOT } from "./page.mjs";

const FILE = pathToFileURL(`${ROOT}dist/index.html`).href;
const READY = "return document.querySelector('.welcome button.example') && document.querySelector('#about')?.textContent";

describe("the page in Firefox", { skip: noFirefox, timeout: 240_000 }, () => {
  /** @type {Awaited<ReturnType<typeof startFirefox>>} */
  let firefox;
  before(async () => { firefox = await startFirefox(); });
  after(() => firefox?.stop());

  /** Every example shows the headline of the command. @param {string} url */
  async function answers(url) {
    for (const [index, example] of list.entries()) {
      await firefox.open(url);
      await firefox.until(READY);
      await firefox.run("document.querySelectorAll('button.example')[arguments[0]].click()", index);
      const headline = await firefox.until("return document.querySelector('#headline')?.innerText");
      assert.equal(headline, reportOf(example).verdict.headline);
    }
  }

  test("from disk it says what the command says", async () => {
    await answers(FILE);
    mkdirSync(`${ROOT}target/screenshots`, { recursive: true });
    writeFileSync(`${ROOT}target/screenshots/firefox.png`, await firefox.shoot(), "base64");
  });

  test("served it says what the command says", async () => {
    const server = await serve();
    await answers(server.url);
    server.stop();
  });

  test("an error code behind the # is explained", async () => {
    await firefox.open(`${FILE}#AADSTS50011`);
    assert.match(await firefox.until("return document.querySelector('#answer-look-up .meaning')?.innerText"), /redirect URI/);
  });

  test("Clear forgets everything", async () => {
    await firefox.open(FILE);
    await firefox.until(READY);
    await firefox.run("document.querySelector('button.example').click()");
    await firefox.until("return document.querySelector('#headline')");
    await firefox.run("document.querySelector('#clear').click()");
    await firefox.until("return document.querySelector('.welcome')");
    assert.equal(await firefox.run("return document.querySelector('#paste').value"), "");
  });

  test("nothing arrives elsewhere", async () => {
    /** @type {string[]} */
    const arrived = [];
    const canary = createServer((request, response) => {
      arrived.push(request.url ?? "");
      response.writeHead(204, { "Access-Control-Allow-Origin": "*" }).end();
    });
    canary.on("upgrade", (request, socket) => {
      arrived.push(request.url ?? "");
      socket.destroy();
    });
    await new Promise((resolve) => canary.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (canary.address());
    const send = `
      const to = (name) => arguments[0] + name;
      const ways = {
        fetch: () => window.fetch(to("fetch"), { mode: "no-cors" }).catch(() => {}),
        beacon: () => navigator.sendBeacon(to("beacon"), "x"),
        request: () => { const request = new XMLHttpRequest(); request.open("GET", to("request")); request.send(); },
        socket: () => new WebSocket(to("socket").replace("http", "ws")),
        events: () => new EventSource(to("events")),
        image: () => { new Image().src = to("image"); },
        style: () => { document.body.style.backgroundImage = "url(" + to("style") + ")"; },
        font: () => new FontFace("x", "url(" + to("font") + ")").load().catch(() => {}),
        frame: () => { const frame = document.createElement("iframe"); frame.src = to("frame"); document.body.append(frame); },
        sheet: () => { const link = document.createElement("link"); link.rel = "stylesheet"; link.href = to("sheet"); document.head.append(link); },
        media: () => { const media = document.createElement("video"); media.src = to("media"); document.body.append(media); media.load(); },
        form: () => { const form = document.createElement("form"); form.action = to("form"); document.body.append(form); form.submit(); },
        window: () => window.open(to("window")),
        parent: () => { window.parent.location = to("parent"); },
        own: () => { window.location = to("own"); },
      };
      for (const way of Object.values(ways)) try { way(); } catch {}
      return Object.keys(ways).length;`;
    const server = await serve();
    for (const url of [FILE, server.url]) {
      await firefox.open(url);
      await firefox.until(READY);
      assert.equal(await firefox.run(send, `http://127.0.0.1:${port}/`), 15);
      await sleep(1500);
      assert.deepEqual(arrived, [], url);
    }
    // A page without protection: the canary hears.
    const plain = await serve({ file: `${ROOT}web/shell.html`, extra: {} });
    await firefox.open(plain.url);
    await firefox.run(send, `http://127.0.0.1:${port}/`).catch(() => {});
    await sleep(1500);
    assert.ok(arrived.length > 0, "the canary is deaf");
    plain.stop();
    server.stop();
    canary.close();
    canary.closeAllConnections();
  });
});
