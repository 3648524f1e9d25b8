// What the person meant to do: plain questions, and the scenario that their answers make.

/** The flow that each answer to "who makes the call" begins with. */
const USUAL_FLOW = { user: "authorization-code", app: "client-credentials" };

/** Plain names of the APIs; every other choice brings its words along. @type {Record<string, string>} */
const RESOURCES = {
  graph: "Microsoft Graph",
  "own-api": "an API of our own",
  "azure-management": "Azure Resource Manager",
  sharepoint: "SharePoint REST",
  "azure-ad-graph": "Azure AD Graph (retired)",
  other: "something else",
};

/**
 * The questions. `changed` is called whenever an answer changes.
 * @param {() => void} changed
 */
function questions(changed) {
  const choices = JSON.parse(core.scenarios());
  const flow = byId("flow");
  const option = (/** @type {string} */ value, /** @type {string} */ words) => element("option", { value }, words);
  const fill = (/** @type {string} */ id, /** @type {HTMLElement[]} */ options) => byId(id).replaceChildren(option("", "I don’t know"), ...options);
  const named = (/** @type {{name: string, words: string}[]} */ list) => list.map(({ name, words }) => option(name, capital(words)));
  fill("client", named(choices.clients));
  fill("cloud", named(choices.clouds));
  fill("resource", choices.resources.map((/** @type {string} */ name) => option(name, capital(RESOURCES[name] ?? name.replaceAll("-", " ")))));

  const actor = () => /** @type {HTMLInputElement} */ (document.querySelector("input[name=actor]:checked")).value;
  const explainFlow = () => {
    const chosen = choices.flows.find((/** @type {any} */ own) => own.name === flow.value);
    byId("flow-help").textContent = chosen ? shown(chosen.summary) : "";
  };
  const askFlow = () => {
    const who = actor();
    byId("flow-field").hidden = who === "";
    const fitting = choices.flows.filter((/** @type {any} */ own) => own.app_only === (who === "app"));
    flow.replaceChildren(...named(fitting));
    flow.value = who === "" ? "" : USUAL_FLOW[/** @type {"user" | "app"} */ (who)];
    explainFlow();
  };
  askFlow();
  for (const radio of document.querySelectorAll("input[name=actor]")) {
    radio.addEventListener("change", () => {
      askFlow();
      changed();
    });
  }
  flow.addEventListener("change", explainFlow);
  for (const id of ["flow", "client", "cloud", "resource"]) byId(id).addEventListener("change", changed);
  for (const id of ["tenant", "client-id", "library", "judged-at", "leeway", "keys"]) byId(id).addEventListener("input", changed);
}

/** @param {string} words */
function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The scenario as the core takes it: what was left open is left out. */
function readScenario() {
  const value = (/** @type {string} */ id) => byId(id).value.trim() || undefined;
  return {
    flow: value("flow"), client: value("client"), cloud: value("cloud"), resource: value("resource"),
    tenant: value("tenant"), client_id: value("client-id"), library: value("library"), calling: calls(),
  };
}

/** Forgets every answer. */
function forgetScenario() {
  for (const id of ["client", "cloud", "resource", "tenant", "client-id", "library", "judged-at", "leeway", "keys"]) byId(id).value = "";
  givenKeys();
  const unknown = /** @type {HTMLInputElement} */ (document.querySelector("input[name=actor][value='']"));
  if (!unknown.checked) {
    unknown.checked = true;
    unknown.dispatchEvent(new Event("change"));
  }
}

/**
 * The moment of judging in seconds since 1970: what was written, or else the clock. Null where what was written is no
 * moment.
 * @returns {number | null}
 */
function judgedAt() {
  const field = byId("judged-at");
  const text = field.value.trim();
  const seconds = text === "" ? Math.floor(Date.now() / 1000)
    : /^-?\d{1,12}$/.test(text) ? Number(text)
    : /^\d{4}-\d\d-\d\d/.test(text) ? Math.floor(Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(" ", "T")}Z`) / 1000) : NaN;
  const valid = Number.isFinite(seconds);
  field.setAttribute("aria-invalid", String(!valid));
  return valid ? seconds : null;
}

/**
 * How far clocks may differ, in seconds; undefined is the usual. Null where what was written is no such number.
 * @returns {number | null | undefined}
 */
function leeway() {
  const field = byId("leeway");
  const text = field.value.trim();
  const valid = text === "" || (/^\d{1,5}$/.test(text) && Number(text) <= 86_400);
  field.setAttribute("aria-invalid", String(!valid));
  if (!valid) return null;
  return text === "" ? undefined : Number(text);
}

/** The keys that were read last, what the core said of them, and what stands below their field while nothing is wrong. */
const readKeys = { text: "", error: "", help: "" };

/**
 * The document of keys to check signatures with. Undefined where there is none, or none that can be used, which the page
 * says below the field: the rest of the answer does not wait for it.
 * @returns {string | undefined}
 */
function givenKeys() {
  const field = byId("keys");
  const help = byId("keys-help");
  const text = field.value.trim();
  readKeys.help ||= help.textContent;
  if (text !== readKeys.text) {
    readKeys.text = text;
    readKeys.error = (text === "" ? "" : JSON.parse(core.analyze("", { now: 0, keys: text })).error) ?? "";
  }
  field.setAttribute("aria-invalid", String(readKeys.error !== ""));
  help.textContent = readKeys.error === "" ? readKeys.help : capital(`${readKeys.error}.`);
  return text === "" || readKeys.error !== "" ? undefined : text;
}

/** The calls that are written in the fields. */
function calls() {
  return [...document.querySelectorAll("#call-fields input")].map((input) => /** @type {HTMLInputElement} */ (input).value.trim()).filter(Boolean);
}
