// Nothing that is pasted can leave: every channel of channels.mjs is tried from inside the page, against a canary on
// loopback. The same channels are tried from a page without protection, because a canary that hears nothing there would
// prove nothing here.
//
// From disk no request may arrive (where a script leads the browser elsewhere, Chromium opens a connection before it asks
// the policy, and then sends nothing). Served with the headers of web/headers nothing at all may: no connection, no
// datagram, not even the question for the address of a name.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../serve.mjs";
import { CHANNELS, HELPERS } from "./channels.mjs";
import { browserPath, noBrowser, ROOT } from "./page.mjs";

/** How long a channel has time to arrive, in milliseconds. */
const PATIENCE = 1000;

/** How many pages are open at a time. */
const AT_ONCE = 6;

const folder = mkdtempSync(join(tmpdir(), "exfiltration-"));
const open = join(folder, "open.html");
const http = createServer();
const datagrams = createSocket("udp4");

/** What arrived since it was last emptied. */
const heard = { requests: /** @type {string[]} */ ([]), connections: 0, datagrams: 0 };

before(async () => {
  writeFileSync(open, "<!doctype html><title>no protection</title><body><p>x</p></body>");
  http.on("request", (request, response) => {
    heard.requests.push(request.headers.host?.split(".")[0] ?? "");
    response.writeHead(204, { "Access-Control-Allow-Origin": "*" }).end();
  });
  http.on("upgrade", (request, socket) => {
    heard.requests.push(request.headers.host?.split(".")[0] ?? "");
    socket.destroy();
  });
  http.on("connection", () => { heard.connections += 1; });
  datagrams.on("message", () => { heard.datagrams += 1; });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", () => resolve(undefined)));
  await new Promise((resolve) => datagrams.bind(0, "127.0.0.1", () => resolve(undefined)));
});

after(() => {
  http.close();
  http.closeAllConnections();
  datagrams.close();
  rmSync(folder, { recursive: true });
});

/**
 * Tries every channel in the page at that address.
 * @param {string} address
 */
async function tryAll(address) {
  Object.assign(heard, { requests: [], connections: 0, datagrams: 0 });
  const log = join(folder, "network.json");
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ["--no-sandbox", "--host-resolver-rules=MAP *.canary.example 127.0.0.1", `--log-net-log=${log}`,
      // From a file to loopback the browser would ask the user first; a page on the internet is not asked.
      "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebRTC,BlockInsecurePrivateNetworkRequests"],
  });
  const together = CHANNELS.filter((channel) => !channel.alone);
  const batches = [together, ...CHANNELS.filter((channel) => channel.alone).map((channel) => [channel])];
  let windows = 0;
  const one = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(address);
      const frame = page.frames()[1] ?? page.mainFrame();
      await frame.waitForFunction("typeof core === 'undefined' ? document.body : core.ready");
      for (const channel of batch) {
        await frame.evaluate(code(channel)).catch(() => {});
      }
      await page.waitForTimeout(PATIENCE);
      windows += context.pages().length - 1;
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  await browser.close();
  const network = readFileSync(log, "utf8");
  const names = new Set(network.match(/[\w-]+\.canary\.example/g));
  return { arrived: new Set(heard.requests), connections: heard.connections, datagrams: heard.datagrams, names, windows };
}

/** @param {import("./channels.mjs").Channel} channel */
function code(channel) {
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  const host = `${hostOf(channel)}.canary.example`;
  const canary = { url: `http://${host}:${address.port}/?secret`, host, port: address.port, udp: datagrams.address().port };
  return `(async () => {
    ${HELPERS}
    const sent = Promise.resolve((${channel.send})(${JSON.stringify(canary)})).catch(() => {});
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, 200))]);
  })()`;
}

/** @param {import("./channels.mjs").Channel} channel */
const hostOf = ({ name }) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

/** @param {Awaited<ReturnType<typeof tryAll>>} result */
function tell({ arrived, connections, datagrams, names, windows }) {
  return `${arrived.size} of ${CHANNELS.length} channels arrive; ${connections} connections, ${datagrams} datagrams, ${names.size} names asked for, ${windows} windows`;
}

const options = { skip: noBrowser, timeout: 300_000 };

test("the canary hears a page without protection", options, async (context) => {
  const server = await serve({ file: open, extra: {} });
  const results = { "from disk": await tryAll(pathToFileURL(open).href), served: await tryAll(server.url) };
  server.stop();
  for (const [mode, result] of Object.entries(results)) {
    context.diagnostic(`no protection, ${mode}: ${tell(result)}`);
    const silent = CHANNELS.filter((channel) => !result.arrived.has(hostOf(channel))).map(({ name }) => name);
    context.diagnostic(`not heard: ${silent.join(", ")}`);
    assert.ok(result.arrived.size >= 40, tell(result));
    assert.ok(result.datagrams > 0, "WebRTC");
  }
});

test("no request leaves the page from disk", options, async (context) => {
  const result = await tryAll(pathToFileURL(`${ROOT}dist/index.html`).href);
  context.diagnostic(`the page, from disk: ${tell(result)}`);
  const { arrived, datagrams, windows } = result;
  assert.deepEqual({ arrived: [...arrived], datagrams, windows }, { arrived: [], datagrams: 0, windows: 0 });
});

test("nothing at all leaves the served page", options, async (context) => {
  const server = await serve();
  const result = await tryAll(server.url);
  server.stop();
  context.diagnostic(`the page, served: ${tell(result)}`);
  assert.deepEqual({ ...result, arrived: [...result.arrived], names: [...result.names] },
    { arrived: [], connections: 0, datagrams: 0, names: [], windows: 0 });
});
