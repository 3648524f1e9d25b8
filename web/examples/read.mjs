// The examples of the page: those of the README and what is only of use here, each with the moment it is judged at.

import { readFileSync } from "node:fs";

/**
 * Every example with its paste, in the order of the page.
 * @returns {{title: string, about: string, paste: string, now: string, calling?: string}[]}
 */
export function examples() {
  const list = JSON.parse(readFileSync(new URL("examples.json", import.meta.url), "utf8"));
  return list.map(({ file, ...example }) => ({ ...example, paste: readFileSync(new URL(file, import.meta.url), "utf8") }));
}
