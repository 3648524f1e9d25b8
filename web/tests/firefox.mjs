// Drives Firefox through Marionette, the interface that it brings itself: JSON over a connection on loopback.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PROGRAMS = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"];
const program = PROGRAMS.find((path) => path && existsSync(path));

/** Why tests in Firefox are left out on this machine, or false. */
export const noFirefox = program ? false : "no Firefox on this machine (apt-get install firefox-esr, or name one in FIREFOX)";

/** What a new Firefox would ask the internet for, and what it would show beside the page. */
const PREFERENCES = {
  "marionette.port": 0,
  "app.update.auto": false,
  "app.normandy.enabled": false,
  "browser.region.network.url": "",
  "browser.safebrowsing.downloads.remote.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
  "toolkit.telemetry.server": "",
};

/** The name under which a reference to an element is passed (WebDriver, section 11). */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Starts Firefox without a window on a screen. */
export async function startFirefox() {
  const profile = mkdtempSync(join(tmpdir(), "tokentriage-firefox-"));
  writeFileSync(join(profile, "user.js"), Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
  const running = spawn(/** @type {string} */ (program), ["--headless", "--marionette", "--no-remote", "--profile", profile], {
    stdio: "ignore", env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
  });
  const ended = new Promise((resolve) => running.on("exit", resolve));
  const stop = async () => {
    running.kill("SIGKILL");
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await portOf(profile);
    const send = await speak(port);
    await send("WebDriver:NewSession", { pageLoadStrategy: "normal" });
    return { ...driver(send), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Firefox writes the port that it took into its profile. @param {string} profile */
async function portOf(profile) {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const file = join(profile, "MarionetteActivePort");
    const port = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
    if (port > 0) return port;
    await sleep(100);
  }
  throw new Error("Firefox did not start within a minute");
}

/**
 * A message is its length in bytes, a colon and JSON: [0, number, command, parameters], answered by [1, number, error,
 * result].
 * @param {number} port
 * @returns {Promise<(command: string, parameters?: object) => Promise<any>>}
 */
async function speak(port) {
  const socket = connect(port, "127.0.0.1");
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const open = new Map();
  let heard = Buffer.alloc(0);
  let greeted = () => {};
  const greeting = new Promise((resolve) => { greeted = () => resolve(undefined); });
  const fail = () => {
    for (const { reject } of open.values()) reject(new Error("Firefox has ended"));
  };
  socket.on("error", fail);
  socket.on("close", fail);
  socket.on("data", (data) => {
    heard = Buffer.concat([heard, data]);
    for (;;) {
      const colon = heard.indexOf(":");
      const length = Number(heard.subarray(0, colon));
      if (colon < 0 || heard.length < colon + 1 + length) return;
      const message = JSON.parse(heard.subarray(colon + 1, colon + 1 + length).toString());
      heard = heard.subarray(colon + 1 + length);
      if (!Array.isArray(message)) {
        greeted();
        continue;
      }
      const [, number, error, result] = message;
      const waiting = open.get(number);
      open.delete(number);
      if (error) waiting?.reject(new Error(`${error.error}: ${error.message}`));
      else waiting?.resolve(result);
    }
  });
  await greeting;
  let number = 0;
  return (command, parameters = {}) => new Promise((resolve, reject) => {
    number += 1;
    open.set(number, { resolve, reject });
    const message = JSON.stringify([0, number, command, parameters]);
    socket.write(`${Buffer.byteLength(message)}:${message}`);
  });
}

/** @param {Awaited<ReturnType<typeof speak>>} send */
function driver(send) {
  /**
   * Runs the body of a function in the frame of the page.
   * @param {string} script
   * @param {...unknown} args
   */
  const run = async (script, ...args) => (await send("WebDriver:ExecuteScript", { script, args })).value;
  return {
    run,
    /** Opens an address and steps into the frame of the page. @param {string} url */
    async open(url) {
      await send("WebDriver:SwitchToParentFrame");
      await send("WebDriver:Navigate", { url });
      const { value } = await send("WebDriver:FindElement", { using: "css selector", value: "iframe" });
      await send("WebDriver:SwitchToFrame", { element: value[ELEMENT] });
    },
    /**
     * What the body of a function gives as soon as that is true.
     * @param {string} script
     * @param {...unknown} args
     */
    async until(script, ...args) {
      for (let waited = 0; waited < 20_000; waited += 50) {
        const value = await run(script, ...args);
        if (value) return value;
        await sleep(50);
      }
      throw new Error(`never true: ${script}`);
    },
    /** A picture of what is seen, as PNG in base64. */
    shoot: async () => (await send("WebDriver:TakeScreenshot", { full: false })).value,
  };
}
