// What a code, a permission, a claim, a GUID or a call means.

/** Terms that show what can be looked up. */
const TERMS = ["AADSTS50011", "Mail.Read", "scp", "GET /users", "00000003-0000-0000-c000-000000000000", "Mail.*"];

/** What is a call rather than a name. */
const CALL = /^(?:[a-z]+\s+\S|\/|https?:\/\/graph\.)/i;

/** An error code of the sign-in service: the only thing that may stand in the address. */
const CODE = /^AADSTS\d{4,9}$/i;

/** Details that list terms of their own. */
const NAMES = new Set(["Usually means", "Can mean", "Related"]);

/**
 * Terms that can be looked up in turn.
 * @param {string} list
 * @param {(term: string) => void} look
 */
function references(list, look) {
  return list.split(", ").flatMap((term, index) => [index ? ", " : null,
    element("button", { type: "button", class: "text-button", onclick: () => look(term) }, term)]);
}

/**
 * @param {string} text one or more terms
 * @param {(term: string) => void} look looks up another term
 * @returns {Child[]}
 */
function meanings(text, look) {
  return text.split(/[,\n]/).map((term) => term.trim()).filter(Boolean).flatMap((term) => CALL.test(term) ? callMeaning(term) : termMeaning(term, look));
}

/** @param {string} call */
function callMeaning(call) {
  const needs = JSON.parse(core.permit(call));
  return [needs.error ? unknownTerm(call, needs.error, [], () => {})
    : element("section", { class: "meaning" }, element("p", { class: "kind" }, "call"), element("h2", null, code(needs.call)), callNeeds(needs))];
}

/**
 * @param {string} term
 * @param {(term: string) => void} look
 */
function termMeaning(term, look) {
  const found = JSON.parse(core.explain(term));
  if (!Array.isArray(found)) return [unknownTerm(term, found.error, found.suggestions ?? [], look)];
  return found.map((/** @type {any} */ explanation) => element("section", { class: "meaning" },
    element("p", { class: "kind" }, explanation.kind),
    element("h2", null, code(explanation.name), explanation.name !== explanation.term && !explanation.term.endsWith("*")
      ? element("span", { class: "asked" }, " ", code(explanation.term)) : null),
    explanation.text ? element("p", { class: "lead" }, sentence(explanation.text)) : null,
    ledger(["Do this", steps(explanation.fix ?? [])],
      ...explanation.details.map((/** @type {[string, string]} */ [label, value]) => /** @type {[string, Child]} */ ([label, NAMES.has(label) ? references(value, look) : sentence(value)])),
      ["Read on", addresses(explanation.links.map((/** @type {string} */ url) => ({ url })))])));
}

/**
 * @param {string} term
 * @param {string} error
 * @param {string[]} suggestions
 * @param {(term: string) => void} look
 */
function unknownTerm(term, error, suggestions, look) {
  return element("section", { class: "meaning" }, element("p", { class: "kind" }, badge("unknown", "not known")), element("h2", null, code(term)),
    element("p", { class: "lead" }, sentence(capital(error))),
    suggestions.length ? element("p", { class: "chips" }, suggestions.map((name) => chip(name, () => look(name)))) : null);
}

/**
 * A small button that fills in a value.
 * @param {string} text
 * @param {() => void} use
 */
function chip(text, use) {
  return element("button", { type: "button", class: "chip", translate: "no", onclick: use }, text);
}

/** What the page shows before anything was asked. */
function lookUpWelcome() {
  return [element("div", { class: "welcome" }, element("h2", null, "What does it mean?"),
    element("p", { class: "lead" }, "Error codes, permissions, claims, well-known GUIDs, findings of this program, and what a call needs."))];
}
