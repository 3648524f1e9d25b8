// The fields for intended calls, completed from the table of permissions.

/** Numbers the fields, so that labels and lists find each other. */
let callNumber = 0;

/**
 * Adds a field.
 * @param {() => void} changed
 * @param {string} [value]
 * @returns {HTMLInputElement}
 */
function addCall(changed, value = "") {
  callNumber += 1;
  const number = callNumber;
  const first = number === 1;
  const list = element("ul", { role: "listbox", id: `call-list-${number}`, "aria-label": "Calls that the table knows", hidden: true });
  const problem = element("p", { class: "problem", id: `call-problem-${number}` });
  const input = /** @type {HTMLInputElement} */ (element("input", {
    type: "text", id: `call-${number}`, role: "combobox", placeholder: first ? "GET /me/messages" : null,
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-describedby": problem.id,
    "aria-label": first ? null : "Another call", autocomplete: "off", autocapitalize: "off", autocorrect: "off",
    spellcheck: "false", translate: "no",
  }));
  input.value = value;
  const remove = first ? null : element("button", { type: "button", class: "quiet", "aria-label": "Remove this call" }, "Remove");
  const holder = element("div", { class: "call" }, element("div", { class: "combo" }, input, list), remove, problem);
  remove?.addEventListener("click", () => {
    holder.remove();
    byId("add-call").focus();
    changed();
  });
  complete(input, list, changed);
  input.addEventListener("input", () => {
    problem.textContent = "";
    changed();
  });
  input.addEventListener("blur", () => {
    const text = input.value.trim();
    const error = text === "" ? undefined : JSON.parse(core.permit(text)).error;
    problem.textContent = error ? shown(error) : "";
    input.setAttribute("aria-invalid", String(Boolean(error)));
  });
  byId("call-fields").append(holder);
  return input;
}

/**
 * One field, with that text, in place of all.
 * @param {string} text
 */
function setCall(text) {
  const fields = byId("call-fields");
  while (fields.childElementCount > 1) fields.lastElementChild.remove();
  const input = fields.querySelector("input");
  input.value = text;
  input.removeAttribute("aria-invalid");
  fields.querySelector(".problem").textContent = "";
}

/**
 * Completes a field from a list: arrow keys choose, Enter or Tab takes, Escape closes.
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list
 * @param {() => void} changed
 */
function complete(input, list, changed) {
  let active = -1;
  const options = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (/** @type {number} */ index) => {
    active = index;
    options().forEach((own, other) => own.setAttribute("aria-selected", String(other === index)));
    const own = options()[index];
    if (!own) return;
    input.setAttribute("aria-activedescendant", own.id);
    own.scrollIntoView({ block: "nearest" });
  };
  const take = (/** @type {number} */ index) => {
    input.value = options()[index]?.dataset["call"] ?? input.value;
    close();
    input.focus();
    changed();
  };
  const open = () => {
    const text = input.value.trim();
    /** @type {string[]} */
    const found = text.length < 2 ? [] : JSON.parse(core.complete(text));
    if (found.length === 0 || (found.length === 1 && found[0] === text)) return close();
    list.replaceChildren(...found.map((call, index) => {
      const own = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false", translate: "no" }, call);
      own.dataset["call"] = call;
      // The field keeps the focus.
      own.addEventListener("pointerdown", (event) => event.preventDefault());
      own.addEventListener("click", () => take(index));
      return own;
    }));
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  };
  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      if (!list.hidden) activate(event.key === "ArrowDown" ? (active + 1) % options().length : (active <= 0 ? options().length : active) - 1);
    } else if ((event.key === "Enter" || event.key === "Tab") && !list.hidden && active >= 0 && active < count) {
      if (event.key === "Enter") event.preventDefault();
      take(active);
    } else if (event.key === "Enter") {
      close();
    }
  });
}
