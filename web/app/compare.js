// Two tokens side by side.

/** Claims that differ between any two tokens are shown on request. */
let showRoutine = false;

/**
 * @param {any} difference the answer of `core.compare`
 * @param {() => void} again shows the same anew
 * @returns {Child[]}
 */
function comparison(difference, again) {
  const side = (/** @type {string | null} */ summary) => summary === null
    ? element("span", { class: "context" }, "no token is in it") : sentence(summary);
  const parts = [element("section", { class: "meaning" }, element("p", { class: "kind" }, "two tokens"), element("h2", null, "What changed"),
    ledger(["First", side(difference.before)], ["Second", side(difference.after)]))];
  if (difference.before === null || difference.after === null) return parts;
  const grants = (/** @type {any[]} */ list, /** @type {string} */ tone) => list.length === 0 ? element("span", { class: "context" }, "nothing")
    : element("ul", { class: "names", "data-tone": tone }, list.map((grant) => element("li", null, code(grant.name),
      element("span", { class: "context" }, ` ${GRANT[/** @type {keyof typeof GRANT} */ (grant.kind)] ?? grant.kind}`))));
  parts.push(section("grants", "Permissions", ledger(
    ["Only the first", grants(difference.lost, "error")], ["Only the second", grants(difference.gained, "fine")])));
  if (difference.traits.length) {
    parts.push(section("traits", "What they are", table("Properties that differ", ["Property", "First", "Second"],
      difference.traits.map((/** @type {any} */ trait) => row([capital(trait.what), sides(trait.before), sides(trait.after)])), "sides")));
  }
  const routine = difference.claims.filter((/** @type {any} */ claim) => claim.routine).length;
  const visible = difference.claims.filter((/** @type {any} */ claim) => showRoutine || !claim.routine);
  parts.push(section("changes", "Claims",
    element("div", { class: "tools" }, element("label", { class: "switch" }, element("input", {
      type: "checkbox", id: "routine", checked: showRoutine, onchange: (/** @type {any} */ event) => {
        showRoutine = event.target.checked;
        again();
      },
    }), ` Also the ${routine} that differ between any two tokens`),
      element("p", { class: "help" }, `${difference.same} are the same in both`)),
    visible.length ? table("Claims that differ", ["Claim", "First", "Second"],
      visible.map((/** @type {any} */ claim) => row([code(claim.name), sides(claim.before), sides(claim.after)])), "sides")
      : element("p", null, "No other claim differs.")));
  return parts;
}

/** @param {string | null} value */
function sides(value) {
  return value === null ? element("span", { class: "context" }, "absent") : code(value);
}

/** What the page shows before there are two. */
function compareWelcome() {
  return [element("div", { class: "welcome" }, element("h2", null, "What changed?"),
    element("p", { class: "lead" }, "Paste a token that worked and one that does not. Permissions gained and lost stand first, then every claim that differs."))];
}
