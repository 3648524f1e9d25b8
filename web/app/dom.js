// Elements. Whatever is shown goes through `element`, and so through `shown`: text is never read as markup, and no
// character of a paste can hide or reverse other text.

/**
 * What an element can hold; lists are taken apart.
 * @typedef {Node | string | number | null | undefined | false | readonly any[]} Child
 */

/**
 * Characters that do not show as themselves: controls, format characters (bidirectional controls, zero-width ones,
 * tags), separators, variation selectors, fillers and noncharacters. The same that the command writes out.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff0-\ufff8]/gu;

/** What {@link HIDDEN} finds, without line break and tab. */
const HIDDEN_IN_LINES = new RegExp(`(?![\\n\\t])${HIDDEN.source}`, "gu");

/** How control characters with a short name are written. */
const SHORT = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/**
 * Text with every character written out that does not show as itself, as `\u{202e}`.
 * @param {string} text
 * @param {boolean} [lines] whether line breaks and tabs stay
 */
function shown(text, lines = false) {
  return text.replace(lines ? HIDDEN_IN_LINES : HIDDEN, (character) =>
    SHORT.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * An element. Attributes are set as they are; `on…` members are listeners; `false`, `null` and `undefined` leave one
 * out, `true` sets it empty. Texts among the children are escaped by {@link shown}.
 * @param {string} name
 * @param {Record<string, any> | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  setAttributes(made, attributes ?? {});
  append(made, children);
  return made;
}

/**
 * An element of a drawing.
 * @param {string} name
 * @param {Record<string, any> | null} [attributes]
 * @param {...Child} children
 */
function drawn(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAttributes(made, attributes ?? {});
  append(made, children);
  return made;
}

/**
 * @param {Element} target
 * @param {Record<string, any>} attributes
 */
function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) target.addEventListener(name.slice(2), value);
    else target.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {Element} target
 * @param {readonly any[]} children
 */
function append(target, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    target.append(child instanceof Node ? child : shown(String(child)));
  }
}

/**
 * Text whose line breaks count, for `pre`.
 * @param {string} text
 */
function lines(text) {
  return document.createTextNode(shown(text, true));
}

/** A command of the Azure CLI with its options, as it stands in a sentence. */
const COMMAND = /\baz(?: [a-z][a-z-]*){1,5}(?: --[a-z-]+(?: (?!--)[^\s,;()]+)?)+/u;

/** Words of a sentence that are read letter by letter: code in backticks, commands, addresses, GUIDs. */
const LITERAL = new RegExp(`\`([^\`]+)\`|${COMMAND.source}|(?:https?|api)://[^\\s"“”<>]*[^\\s"“”<>.,;:)]|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`, "gu");

/**
 * A sentence, its literal words set as code.
 * @param {string} text
 * @returns {Node[]}
 */
function sentence(text) {
  /** @type {Node[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LITERAL)) {
    if (match.index > end) parts.push(document.createTextNode(shown(text.slice(end, match.index))));
    parts.push(code(match[1] ?? match[0]));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(document.createTextNode(shown(text.slice(end))));
  return parts;
}

/**
 * A value, letter by letter.
 * @param {string} text
 */
function code(text) {
  return element("code", { translate: "no", class: text.length <= 40 ? "short" : null }, text);
}

/**
 * The element of that id, which the page always has.
 * @param {string} id
 * @returns {any}
 */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/** What is open and closed, by key: it stays so when an answer is replaced by the next. @type {Map<string, boolean>} */
const opened = new Map();

/** True while an answer is made for paper, where nothing can be opened. */
let onPaper = false;

/**
 * A part that opens. Its body is made when it is opened for the first time.
 * @param {string} key names the part, so that it stays open in the next answer
 * @param {Child} summary
 * @param {() => Child} body
 * @param {{class?: string, paper?: boolean}} [options] `paper`: whether it is printed open
 */
function disclosure(key, summary, body, options = {}) {
  const made = /** @type {HTMLDetailsElement} */ (element("details", { class: options.class, "data-key": key },
    element("summary", null, summary)));
  const fill = () => {
    if (made.childElementCount === 1) append(made, [element("div", { class: "body" }, body())]);
  };
  made.open = (onPaper && options.paper) || opened.get(key) === true;
  if (made.open) fill();
  // The event of an element that was made open comes later; it tells nothing about what somebody wants.
  const forced = made.open;
  made.addEventListener("toggle", () => {
    if (made.open) fill();
    if (!(forced && made.open)) opened.set(key, made.open);
  });
  return made;
}

/**
 * A button that copies a text and says so on itself.
 * @param {string} label
 * @param {() => string} text
 * @param {{class?: string, of?: string}} [options] `of`: what is copied, for those who do not see where the button stands
 */
function copyButton(label, text, options = {}) {
  const word = element("span", null, label);
  const button = element("button", { type: "button", class: options.class ?? "copy" }, word,
    options.of ? element("span", { class: "visually-hidden" }, ` ${options.of}`) : null);
  button.addEventListener("click", async () => {
    const done = await copy(text());
    word.textContent = done ? "Copied" : "Select and copy by hand";
    setTimeout(() => { word.textContent = label; }, 1600);
  });
  return button;
}

/**
 * Puts a text on the clipboard. The asynchronous way needs a permission that a sandboxed frame may lack.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  const before = document.activeElement;
  const holder = /** @type {HTMLTextAreaElement} */ (element("textarea", { class: "visually-hidden", "aria-hidden": "true", tabindex: "-1" }));
  holder.value = text;
  document.body.append(holder);
  holder.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } finally {
    holder.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
  if (done) return true;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
