// Inside the artefacts: a tab for each, with its claims, its error, and the raw text.

/** From how many artefacts on the tabs stand under one another. */
const MANY_TABS = 6;

/**
 * @typedef {object} InsideState
 * @property {number} artefact the open tab
 * @property {string} filter the text that claims are filtered by
 * @property {boolean} masked whether personal values are hidden
 */

/**
 * @param {TokenReport} report
 * @param {InsideState} state
 * @param {{decode: () => any[], mask: (masked: boolean) => void, judgeAlone: (span: Span) => void}} actions
 */
function inside(report, state, actions) {
  const artefacts = report.artefacts;
  if (artefacts.length === 0) return null;
  const chosen = Math.min(state.artefact, artefacts.length - 1);
  const panel = (/** @type {number} */ index) => inspected(report, index, state, actions);
  const mask = element("label", { class: "switch" },
    element("input", { type: "checkbox", id: "mask", checked: state.masked, onchange: (/** @type {any} */ event) => actions.mask(event.target.checked) }),
    " Hide personal values");
  if (artefacts.length === 1) {
    return section("inside", titleOf(artefacts[0]), element("div", { class: "tools" }, mask), panel(0));
  }
  const holder = element("div", { role: "tabpanel", id: "artefact-panel", tabindex: "0", "aria-labelledby": `artefact-${chosen}` }, panel(chosen));
  const tabs = tabList("artefact", "artefact-panel", "What was recognised", artefacts.length > MANY_TABS, (index) => {
    state.artefact = index;
    holder.setAttribute("aria-labelledby", `artefact-${index}`);
    holder.replaceChildren();
    append(holder, [panel(index)]);
  });
  for (const artefact of artefacts) tabs.add(kindInWords(artefact.kind), artefact.judged ? "judged" : artefact.context);
  tabs.choose(chosen);
  const left = report.artefacts_left_out;
  return section("inside", "Inside", element("div", { class: "tools" }, mask), tabs.element,
    left > 0 ? element("p", { class: "help" }, `${left} more were recognised; a report describes the first ${artefacts.length}.`) : null, holder);
}

/** @param {Artefact | undefined} artefact */
function titleOf(artefact) {
  if (artefact?.token) return "Claims";
  return artefact?.error ? "Response" : "Inside";
}

/**
 * One artefact.
 * @param {TokenReport} report
 * @param {number} index
 * @param {InsideState} state
 * @param {{decode: () => any[], judgeAlone: (span: Span) => void}} actions
 * @returns {Child[]}
 */
function inspected(report, index, state, actions) {
  const artefact = report.artefacts[index];
  if (!artefact) return [];
  const several = report.artefacts.length > 1;
  return [
    several ? element("p", { class: "summary" }, sentence(artefact.summary),
      artefact.context ? element("span", { class: "context" }, ` (${artefact.context})`) : null,
      " ", element("button", { type: "button", class: "text-button", onclick: () => actions.judgeAlone(artefact.span) }, "Judge this alone")) : null,
    artefact.judged ? null : sentences([...(artefact.repairs ?? []), ...(artefact.deviations ?? [])]),
    artefact.error ? response(artefact.error) : null,
    artefact.token ? claims(report, index, artefact.token, state) : null,
    artefact.header || artefact.payload ? disclosure("raw", element("span", { class: "title" }, "Header and payload as they stand"), () => {
      const decoded = actions.decode().find((entry) => entry.artefact === index);
      return [["header", decoded?.header], ["payload", decoded?.payload]].map(([name, text]) => text
        ? [element("h3", null, name === "header" ? "Header" : "Payload"), jsonText(text, `${name}`)] : []).flat();
    }) : null,
  ];
}

/** @param {ErrorResponse} error */
function response(error) {
  return ledger(
    ["Code", error.code ? code(error.code) : null],
    ["Message", error.message ? element("p", { class: "message", translate: "no" }, lines(error.message)) : null],
    ...error.handles.map((handle) => /** @type {[string, Child]} */ ([handle.name.replaceAll("_", " "), code(handle.value)])));
}

/**
 * Every claim with its meaning.
 * @param {TokenReport} report
 * @param {number} index
 * @param {Token} token
 * @param {InsideState} state
 */
function claims(report, index, token, state) {
  // What tells most comes first: header members are the same in nearly every token.
  const inHeader = (/** @type {Claim} */ claim) => claim.pointer.startsWith("/header/");
  const ordered = [...token.claims.filter((claim) => !inHeader(claim)), ...token.claims.filter(inHeader)];
  const rows = ordered.map((claim) => claimRow(claim, findingsAt(report, index, claim.pointer)));
  const count = element("p", { class: "help", "aria-live": "polite" });
  const filter = /** @type {HTMLInputElement} */ (element("input", {
    type: "search", id: "claim-filter", autocomplete: "off", spellcheck: "false", translate: "no", value: state.filter,
  }));
  const apply = () => {
    state.filter = filter.value;
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let visible = 0;
    for (const own of rows) {
      own.hidden = !words.every((word) => own.textContent?.toLowerCase().includes(word));
      visible += own.hidden ? 0 : 1;
    }
    count.textContent = words.length ? `${visible} of ${rows.length} claims` : `${rows.length} claims`;
  };
  filter.addEventListener("input", apply);
  apply();
  return element("div", { class: "claims" },
    element("div", { class: "tools" }, element("label", { for: "claim-filter" }, "Filter claims"), filter, count),
    table("Claims of the token, with their meaning", ["Claim", "Value", "Meaning"], rows, "claim-table"),
    token.claims_left_out ? element("p", { class: "help" }, `${token.claims_left_out} more stand in header and payload.`) : null);
}

/**
 * The findings that rest on a claim.
 * @param {TokenReport} report
 * @param {number} index
 * @param {string} pointer
 */
function findingsAt(report, index, pointer) {
  return report.findings.filter((finding) => finding.evidence.some((seen) => seen.artefact === index && seen.pointer === pointer));
}

/**
 * @param {Claim} claim
 * @param {Finding[]} findings
 */
function claimRow(claim, findings) {
  const worst = findings[0];
  return row([
    [code(claim.name), claim.pointer.startsWith("/header/") ? element("span", { class: "context" }, " header") : null],
    [code(claim.value), claim.reading ? element("span", { class: "reading" }, sentence(claim.reading)) : null],
    [claim.meaning ? sentence(claim.meaning) : element("span", { class: "context" }, "not in the catalogue"),
      claim.meaning && !claim.documented ? element("span", { class: "context" }, " (inferred: not documented)") : null,
      findings.map((finding) => element("span", { class: "marked" }, badge(toneOfFinding(finding), weight(finding)), " ", sentence(finding.title)))],
  ], { "data-tone": worst ? toneOfFinding(worst) : null, class: worst ? "with-finding" : null });
}
