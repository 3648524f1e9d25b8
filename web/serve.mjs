// Serves the page on loopback, with the headers that hosts should send: `node web/serve.mjs [PORT]`.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const PAGE = new URL("../dist/index.html", import.meta.url);

/**
 * The headers for hosts, as web/headers/_headers lists them.
 * @returns {Record<string, string>}
 */
export function headers() {
  const lines = readFileSync(new URL("headers/_headers", import.meta.url), "utf8").split("\n");
  return Object.fromEntries(lines.filter((line) => line.startsWith("  ")).map((line) => {
    const [, name, value] = /^ {2}([\w-]+): (.*)$/.exec(line) ?? [];
    if (!name) throw new Error(`_headers: this line is no header: ${line}`);
    return [name, value];
  }));
}

/**
 * @param {{port?: number, file?: URL | string, extra?: Record<string, string>}} [options] port 0 takes any that is free
 * @returns {Promise<{url: string, stop: () => void}>}
 */
export async function serve({ port = 0, file = PAGE, extra = headers() } = {}) {
  const server = createServer(({ method, url }, response) => {
    const found = (method === "GET" || method === "HEAD") && /^\/(?:index\.html)?(?:\?|$)/.test(url ?? "");
    response.writeHead(found ? 200 : 404, { "Content-Type": `text/${found ? "html" : "plain"}; charset=utf-8`, ...extra });
    response.end(found ? readFileSync(file) : "There is nothing here but the page.\n");
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}/`, stop: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { url } = await serve({ port: Number(process.argv[2] ?? 8000) });
  console.log(`${url} (end with Ctrl+C)`);
}
