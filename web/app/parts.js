// Parts that several sections are made of.

/**
 * A section of the answer: its heading stands in the margin where there is room for one.
 * @param {string} id
 * @param {string} title
 * @param {...Child} children
 */
function section(id, title, ...children) {
  return element("section", { class: "section", id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, title), element("div", { class: "content" }, ...children));
}

/**
 * The artefact of that number; undefined where something comes from the scenario or the paste at large.
 * @param {TokenReport} report
 * @param {number | null | undefined} index
 */
function artefactAt(report, index) {
  return index === null || index === undefined ? undefined : report.artefacts[index];
}

/**
 * Rows of a label and what belongs to it; rows without content are left out.
 * @param {...([string, Child] | null | false)} rows
 */
function ledger(...rows) {
  const full = rows.filter((row) => row && row[1] !== null && row[1] !== "" && !(Array.isArray(row[1]) && row[1].length === 0));
  return element("dl", { class: "ledger" }, full.flatMap((row) => row
    ? [element("dt", null, row[0]), element("dd", null, row[1])] : []));
}

/**
 * Steps to follow; one step is no list.
 * @param {string[]} fix
 */
function steps(fix) {
  if (fix.length === 0) return null;
  if (fix.length === 1) return element("p", null, stepOf(fix[0] ?? ""));
  return element("ol", { class: "steps" }, fix.map((step) => element("li", null, element("div", null, stepOf(step)))));
}

/**
 * A step; the command in it can be copied.
 * @param {string} step
 */
function stepOf(step) {
  const command = COMMAND.exec(step)?.[0];
  return [sentence(step), command ? [" ", copyButton("Copy", () => command, { of: "command" })] : null];
}

/**
 * Addresses to read on, to be copied: nothing on this page leads away from it.
 * @param {{title?: string, url: string}[]} links
 */
function addresses(links) {
  if (links.length === 0) return null;
  return element("ul", { class: "addresses" }, links.map(({ title, url }) => element("li", null,
    title ? element("span", { class: "address-title" }, title) : null,
    element("span", { class: "copyable" }, code(url), copyButton("Copy", () => url, { of: `address ${title ?? url}` })))));
}

/**
 * Names side by side.
 * @param {string[]} names
 * @param {string} [tone]
 */
function names(names, tone) {
  if (names.length === 0) return null;
  return element("ul", { class: "names", "data-tone": tone }, names.map((name) => element("li", null, code(name))));
}

/**
 * A list of sentences.
 * @param {string[]} texts
 */
function sentences(texts) {
  if (texts.length === 0) return null;
  if (texts.length === 1) return element("p", null, sentence(texts[0] ?? ""));
  return element("ul", { class: "sentences" }, texts.map((text) => element("li", null, sentence(text))));
}

/**
 * A table that becomes a list of blocks where it is narrow. Roles are stated because that changes the display of rows.
 * @param {string} caption
 * @param {string[]} titles
 * @param {HTMLElement[]} rows made by {@link row}
 * @param {string} [kind] a class
 */
function table(caption, titles, rows, kind = "") {
  return element("table", { class: `table ${kind}`, role: "table" },
    element("caption", { class: "visually-hidden" }, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" },
      titles.map((title) => element("th", { scope: "col", role: "columnheader" }, title)))),
    element("tbody", { role: "rowgroup" }, rows));
}

/**
 * A row of a table; its first cell names it.
 * @param {Child[]} cells
 * @param {Record<string, any>} [attributes]
 */
function row(cells, attributes = {}) {
  return element("tr", { role: "row", ...attributes }, cells.map((cell, index) => index === 0
    ? element("th", { scope: "row", role: "rowheader" }, cell)
    : element("td", { role: "cell" }, cell)));
}

/**
 * Tabs, walked with the arrow keys. They can grow.
 * @param {string} name the ids of the tabs begin with it
 * @param {string} panel the id of what they show
 * @param {string} label
 * @param {boolean} many whether they stand under one another
 * @param {(index: number) => void} chosen called when somebody chooses one
 */
function tabList(name, panel, label, many, chosen) {
  /** @type {HTMLElement[]} */
  const tabs = [];
  let current = 0;
  const list = element("div", { class: many ? "tabs many" : "tabs", role: "tablist", "aria-label": label, "aria-orientation": many ? "vertical" : "horizontal" });
  const mark = (/** @type {number} */ index) => {
    for (const [at, on] of /** @type {[number, boolean][]} */ ([[current, false], [index, true]])) {
      tabs[at]?.setAttribute("aria-selected", String(on));
      tabs[at]?.setAttribute("tabindex", on ? "0" : "-1");
    }
    current = index;
  };
  const choose = (/** @type {number} */ index) => {
    mark(index);
    tabs[index]?.focus();
    chosen(index);
  };
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1
      : step === undefined ? -1 : (current + step + tabs.length) % tabs.length;
    if (next < 0) return;
    event.preventDefault();
    choose(next);
  });
  return {
    element: list,
    /**
     * @param {string} title
     * @param {string | null | undefined} note
     */
    add(title, note) {
      const index = tabs.length;
      const tab = element("button", {
        type: "button", role: "tab", id: `${name}-${index}`, "aria-controls": panel, "aria-selected": "false", tabindex: "-1",
        onclick: () => choose(index),
      }, element("span", { class: "tab-kind" }, title), note ? element("span", { class: "tab-note" }, note) : null);
      tabs.push(tab);
      list.append(tab);
      return tab;
    },
    choose: mark,
  };
}

/**
 * JSON as it stands, its names set apart.
 * @param {string} text
 * @param {string} label what it is, for the button that copies it
 */
function jsonText(text, label) {
  const pre = element("pre", { tabindex: "0", role: "region", "aria-label": label, translate: "no" });
  if (text.length > MOST_COLOURED) {
    pre.append(lines(text));
  } else {
    let end = 0;
    for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(?=\s*:)/gu)) {
      pre.append(lines(text.slice(end, match.index)), element("span", { class: "name" }, match[0]));
      end = match.index + match[0].length;
    }
    pre.append(lines(text.slice(end)));
  }
  return element("div", { class: "raw" }, copyButton("Copy", () => text, { of: label }), pre);
}

/** The longest JSON whose names are set apart, in characters: each takes an element. */
const MOST_COLOURED = 200_000;
