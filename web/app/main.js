// The page: what is given on one side, the answer on the other.

/** @type {InsideState & {alone: Span | null, example: Example | null}} */
const state = { artefact: 0, filter: "", masked: false, alone: null, example: null };

/** Whether exports keep what tells of a person. */
let withPersonal = false;

/** True as soon as the core can be called. */
let started = false;

/** The request for the next frame, or 0. */
let frame = 0;

/** Shows the answer anew with the next frame: several changes in one frame are one analysis. */
function update() {
  if (frame === 0) {
    frame = requestAnimationFrame(() => {
      frame = 0;
      answer();
    });
  }
}

/** The task that is open. */
function currentTask() {
  return /** @type {HTMLElement} */ (document.querySelector(".tasks [aria-current]")).dataset["task"] ?? "diagnose";
}

/**
 * Opens a task.
 * @param {string} task
 */
function showTask(task) {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".tasks button"))) {
    const own = button.dataset["task"] ?? "";
    if (own === task) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    byId(`given-${own}`).hidden = own !== task;
    byId(`answer-${own}`).hidden = own !== task;
  }
  if (task !== "look-up") core.setCode("");
  update();
}

/** Shows the answer of the open task. */
function answer() {
  if (!started) return;
  const task = currentTask();
  if (task === "diagnose") diagnose();
  else if (task === "compare") compareTokens();
  else lookUp();
}

/** What the core is told beside the paste; null where a field holds something that it cannot be told. */
function options() {
  const now = judgedAt();
  const tolerance = leeway();
  return now === null || tolerance === null ? null : { now, leeway: tolerance, scenario: readScenario(), keys: givenKeys(), redact: state.masked || (onPaper && !withPersonal) };
}

/** What is judged: all that was given, or one artefact of it. */
function judgedPaste() {
  const all = given();
  if (!state.alone) return all;
  const bytes = typeof all === "string" ? new TextEncoder().encode(all) : all;
  return bytes.subarray(state.alone.start, state.alone.end);
}

function diagnose() {
  const target = byId("diagnosis");
  byId("clear").hidden = nothingGiven() && calls().length === 0;
  const told = options();
  if (!told) return;
  if (nothingGiven()) {
    const call = calls()[0];
    const needs = call ? JSON.parse(core.permit(call)) : null;
    announce("");
    if (needs && !needs.error) {
      show(target, [element("section", { class: "meaning" }, element("p", { class: "kind" }, "call"), element("h2", null, code(needs.call)),
        callNeeds(needs), element("p", { class: "help" }, "Paste the token, and the page says whether it holds one of them."))]);
    } else {
      show(target, [welcome(useExample)]);
    }
    return;
  }
  const paste = judgedPaste();
  const text = core.analyze(paste, told);
  /** @type {TokenReport} */
  const report = JSON.parse(text);
  const { error } = /** @type {any} */ (report);
  if (error) {
    announce(error);
    show(target, [failure(error)]);
    return;
  }
  show(target, [
    state.alone ? element("p", { class: "note-bar" }, "One of several is judged alone. ",
      element("button", { type: "button", class: "text-button", onclick: () => { state.alone = null; state.artefact = 0; update(); } }, "Judge all together")) : null,
    verdict(report, state.example !== null, report.verdict.status === "unreadable" ? null : exports(paste, told)),
    report.verdict.status === "unreadable" ? exampleList("h2", useExample) : null,
    pasted(report),
    furtherFindings(report),
    timeline(report),
    permissions(report, () => byId("call-fields").querySelector("input").focus()),
    joinKeys(report),
    flowGuide(report),
    inside(report, state, {
      decode: () => JSON.parse(core.decode(paste, told)),
      mask: (masked) => { state.masked = masked; update(); },
      judgeAlone: (span) => { state.alone = span; state.artefact = 0; update(); byId("answer").scrollIntoView(); },
    }),
    checked(report),
    section("report", "The whole report", disclosure("report", element("span", { class: "title" }, "As JSON"), () => jsonText(text, "report as JSON"))),
    readOn(report),
  ]);
  announce(report.verdict.headline);
}

/**
 * Why there is no answer.
 * @param {string} reason
 */
function failure(reason) {
  return element("section", { class: "verdict", "data-tone": "unknown" },
    element("p", { class: "verdict-mark" }, badge("unknown", "Not analysed")), element("h2", null, sentence(reason)));
}

function compareTokens() {
  const [before, after] = [byId("before").value, byId("after").value];
  const told = options();
  if (!told) return;
  announce("");
  show(byId("answer-compare"), before.trim() === "" || after.trim() === "" ? compareWelcome()
    : comparison(JSON.parse(core.compare(before, after, told)), update));
}

function lookUp() {
  const term = byId("term").value.trim();
  announce("");
  core.setCode(CODE.test(term) ? term.toUpperCase() : "");
  show(byId("answer-look-up"), term === "" ? lookUpWelcome() : meanings(term, lookUpTerm));
}

/** @param {string} term */
function lookUpTerm(term) {
  byId("term").value = term;
  showTask("look-up");
}

/**
 * Replaces what an answer shows. The focus stays on the control of the same id.
 * @param {HTMLElement} target
 * @param {Child[]} parts
 */
function show(target, parts) {
  const focused = target.contains(document.activeElement) ? document.activeElement?.id : "";
  target.replaceChildren();
  append(target, parts);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/**
 * What can be done with an answer.
 * @param {string | Uint8Array} paste
 * @param {object} told
 */
function exports(paste, told) {
  const save = (/** @type {string} */ name, /** @type {string} */ type, /** @type {typeof core.analyze} */ write) => () =>
    core.save(name, type, write(paste, { ...told, redact: !withPersonal }));
  return element("div", { class: "exports" },
    copyButton("Copy for a ticket", () => core.ticket(paste, told), { class: "primary" }),
    element("button", { type: "button", onclick: save("tokentriage.html", "text/html", core.html) }, "Save HTML"),
    element("button", { type: "button", onclick: save("tokentriage.json", "application/json", core.analyze) }, "Save JSON"),
    element("button", { type: "button", onclick: () => print() }, "Print"),
    element("label", { class: "switch" }, element("input", {
      type: "checkbox", id: "with-personal", checked: withPersonal, onchange: (/** @type {any} */ event) => { withPersonal = event.target.checked; },
    }), " Save and print personal values too"));
}

/** The announcement that waits for the typing to pause, or 0. */
let waiting = 0;

/**
 * Tells the headline to those who listen, once the typing pauses.
 * @param {string} headline
 */
function announce(headline) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const status = byId("status");
    if (status.textContent !== headline) status.textContent = shown(headline);
  }, 500);
}

/** @param {Example} example */
function useExample(example) {
  setCall(example.calling ?? "");
  byId("judged-at").value = example.now;
  state.example = example;
  takeText(example.paste, pasteChanged);
  byId("answer").scrollIntoView();
}

/** Another paste: nothing of the one before counts any more. */
function pasteChanged() {
  if (state.example && byId("paste").value !== state.example.paste) {
    state.example = null;
    byId("judged-at").value = "";
  }
  state.alone = null;
  state.artefact = 0;
  update();
}

/** Forgets everything. */
function forget() {
  letGo();
  byId("paste").value = "";
  byId("before").value = "";
  byId("after").value = "";
  byId("judged-at").value = "";
  setCall("");
  forgetScenario();
  opened.clear();
  Object.assign(state, { artefact: 0, filter: "", masked: false, alone: null, example: null });
  for (const id of ["diagnosis", "answer-compare"]) byId(id).replaceChildren();
  byId("status").textContent = "";
}

/** Forgets everything, and gives the core a new memory. */
function clear() {
  forget();
  core.renew();
  byId(currentTask() === "compare" ? "before" : "paste").focus();
  update();
}

/** Connects the controls; what needs the core follows when it can be called. */
function start() {
  addCall(update);
  receive(pasteChanged, () => byId("answer").scrollIntoView());
  byId("add-call").addEventListener("click", () => addCall(update).focus());
  byId("clear").addEventListener("click", clear);
  byId("clear-compare").addEventListener("click", clear);
  byId("skip").addEventListener("click", () => byId("answer").focus());
  byId("swap").addEventListener("click", () => {
    [byId("before").value, byId("after").value] = [byId("after").value, byId("before").value];
    update();
  });
  for (const id of ["before", "after", "term"]) byId(id).addEventListener("input", update);
  append(byId("term-examples"), [element("span", { class: "chips" }, TERMS.map((term) => chip(term, () => lookUpTerm(term))))]);
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".tasks button"))) {
    button.addEventListener("click", () => showTask(button.dataset["task"] ?? ""));
  }
  for (const theme of document.querySelectorAll("input[name=theme]")) {
    theme.addEventListener("change", () => { document.documentElement.dataset["theme"] = /** @type {HTMLInputElement} */ (theme).value; });
  }
  if (matchMedia("(min-width: 60rem)").matches) byId("questions").open = true;
  addEventListener("beforeprint", () => {
    onPaper = true;
    answer();
  });
  addEventListener("afterprint", () => {
    onPaper = false;
    answer();
  });
  // The core wipes its own memory then.
  addEventListener("pagehide", forget);
  addEventListener("pageshow", update);
  core.onCode = (/** @type {string} */ code) => {
    if (code) lookUpTerm(code);
  };
  show(byId("diagnosis"), [welcome(useExample)]);
  core.ready.then(() => {
    started = true;
    const about = JSON.parse(core.about());
    byId("about").textContent = shown(`tokentriage ${about.version}, facts of ${about.catalog_date}. It never follows an address and never checks what only Microsoft knows.`);
    questions(update);
    update();
  }, (error) => show(byId("diagnosis"), [failure(`This browser cannot run the page: ${error.message ?? error}`)]));
}

start();
