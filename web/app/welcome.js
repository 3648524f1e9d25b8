// What the page shows before anything was pasted.

/** @typedef {{title: string, about: string, paste: string, now: string, calling?: string}} Example */

/** The examples that the page carries. @returns {Example[]} */
function examples() {
  return JSON.parse(byId("examples").textContent || "[]");
}

/**
 * @param {(example: Example) => void} use
 */
function welcome(use) {
  return element("div", { class: "welcome" },
    element("h2", null, "Why was it refused?"),
    element("p", { class: "lead" }, "Paste a token or the error you got. You see what is wrong, which values show it, what to change, and who can."),
    element("p", { class: "lead" }, "Nothing leaves this page: the browser itself blocks every connection. Close it, and nothing is left."),
    exampleList("h3", use));
}

/**
 * The examples, one click away.
 * @param {string} heading the element of the heading
 * @param {(example: Example) => void} use
 */
function exampleList(heading, use) {
  return element("section", { class: "choose-example", "aria-labelledby": "examples-title" },
    element(heading, { id: "examples-title" }, "Or look at an example"),
    element("ul", { class: "examples" }, examples().map((example) => element("li", null,
      element("button", { type: "button", class: "example", onclick: () => use(example) },
        element("span", { class: "example-title" }, example.title), element("span", { class: "example-about" }, example.about))))));
}
