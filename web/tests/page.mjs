// Opens the page in Debian's Chromium (or whatever CHROMIUM names), from disk or from a server on loopback.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { examples } from "../examples/read.mjs";

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The page as it is published. */
const PAGE = process.env.PAGE || `${ROOT}dist/index.html`;

/** Where screenshots go; the folder is not kept. */
const SHOTS = `${ROOT}target/screenshots/`;

const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser, or undefined where there is none. */
export const browserPath = BROWSERS.find((path) => path && existsSync(path));

/** The examples of the page, in their order, and by what they show. */
export const list = examples();
export const [refused, expired, audience, appOnly, redirect] = list;

/** Why browser tests are left out on this machine, or false. */
export const noBrowser = browserPath ? false : "no Chromium on this machine (apt-get install chromium, or name one in CHROMIUM)";

/** The source of axe-core, to be run in a page. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @type {import("playwright-core").Browser | undefined} */
let browser;

export async function startBrowser() {
  browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
}

export async function stopBrowser() {
  await browser?.close();
}

/**
 * Opens the page in a context of its own; `before` is done to it before the page is loaded.
 * @param {import("playwright-core").BrowserContextOptions & {url?: string, hash?: string, before?: (page: import("playwright-core").Page) => Promise<unknown>}} [options]
 */
export async function open({ url = pathToFileURL(PAGE).href, hash = "", before, ...context } = {}) {
  if (!browser) throw new Error("startBrowser first");
  const own = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...context });
  own.setDefaultTimeout(10_000);
  const page = await own.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await before?.(page);
  await page.goto(url + hash);
  const app = await appOf(page);
  await app.waitForSelector(":is(.welcome, .meaning, .verdict):visible");
  return { page, app, complaints, close: () => own.close() };
}

/**
 * The frame that the app runs in.
 * @param {import("playwright-core").Page} page
 */
async function appOf(page) {
  const holder = await page.$("iframe");
  return (await holder?.contentFrame()) ?? page.mainFrame();
}

/**
 * What axe finds, one line for each element; none is what is wanted.
 * @param {import("playwright-core").Frame} app
 */
export async function axe(app) {
  await app.evaluate(AXE);
  return app.evaluate(async () => {
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await /** @type {any} */ (globalThis).axe.run(document, { runOnly: rules });
    return found.violations.flatMap((/** @type {any} */ rule) => rule.nodes.map((/** @type {any} */ node) => `${rule.id}: ${node.target.join(" ")} (${node.failureSummary})`));
  });
}

/**
 * Keeps a picture of what is seen, for people to look at.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function shoot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}${name}.png` });
}

/**
 * What the command says, with those arguments and that input. The command may end with another code than 0: findings do that.
 * @param {string[]} args
 * @param {string} [input]
 */
export function command(args, input = "") {
  const file = `${process.env.CARGO_TARGET_DIR ?? `${ROOT}target`}/debug/tokentriage`;
  try {
    return execFileSync(file, args, { input, encoding: "utf8", maxBuffer: 1e8 });
  } catch (error) {
    const { status, stdout } = /** @type {any} */ (error);
    if (status === 1 || status === 3) return stdout;
    throw error;
  }
}

/**
 * The arguments of the command for an example.
 * @param {typeof list[number]} example
 */
export function told(example) {
  return ["inspect", "-", "--now", example.now, ...(example.calling ? ["--calling", example.calling] : [])];
}

/**
 * The report of an example, as the command gives it.
 * @param {typeof list[number]} example
 * @param {...string} more further arguments
 */
export function reportOf(example, ...more) {
  return JSON.parse(command([...told(example), "--format", "json", ...more], example.paste));
}

/**
 * Opens an example and waits for its verdict.
 * @param {import("playwright-core").Frame} app
 * @param {typeof list[number]} example
 */
export async function useExample(app, example) {
  await app.getByRole("button", { name: example.title }).click();
  await app.waitForSelector("#headline");
}

/**
 * Opens everything that can be opened and is seen.
 * @param {import("playwright-core").Frame} app
 */
export async function openAll(app) {
  for (;;) {
    const closed = app.locator("details:not([open]) > summary:visible");
    if (await closed.count() === 0) return;
    await closed.first().click();
  }
}

/**
 * The text of an element as it is seen, its white space folded.
 * @param {import("playwright-core").Frame} app
 * @param {string} selector
 */
export async function text(app, selector) {
  return (await app.innerText(selector)).replace(/\s+/g, " ").trim();
}
