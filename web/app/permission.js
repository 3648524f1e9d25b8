// Whether the token suffices for the calls, and what calls need without a token.

/** How many permissions that would also do are shown at once. */
const ALTERNATIVES_IN_SHORT = 6;

/**
 * @param {TokenReport} report
 * @param {() => void} ask leads to the field for the call
 */
function permissions(report, ask) {
  if (report.permissions?.length) {
    const set = report.permission_set;
    return section("permission", "Permission", report.permissions.map(permissionAnswer),
      set ? ledger(["Together", sentence(set.summary)], ["Excess", set.excess ? sentence(set.excess) : null]) : null);
  }
  if (calls().length > 0 || !report.artefacts.some((artefact) => artefact.token)) return null;
  return section("permission", "Permission", element("p", null, "Say what you are calling, and its permissions are compared with those of the token. ",
    element("button", { type: "button", class: "text-button", onclick: ask }, "Name the call")));
}

/** @param {Permission} answer */
function permissionAnswer(answer) {
  const tone = PERMISSION_TONE[answer.verdict] ?? "unknown";
  const words = answer.compared ? PERMISSION[answer.verdict] : "no token to compare";
  return element("div", { class: "permission", "data-tone": tone },
    element("h3", null, code(answer.call), badge(tone, words)),
    ledger(
      ["Held", names(answer.granted_by, "fine")],
      ["Least", answer.least.length ? names([answer.least.join(" + ")], "strong") : null],
      ["Others", alternatives(`alternatives ${answer.call}`, answer.alternatives)],
      ["Note", sentences(answer.caveats)],
    ));
}

/**
 * @param {string} key
 * @param {string[]} all
 */
function alternatives(key, all) {
  if (all.length <= ALTERNATIVES_IN_SHORT) return names(all);
  return disclosure(key, `${all.length} others with more power`, () => names(all), { class: "inline", paper: true });
}

/** Groups of permissions, in the words of Microsoft's documentation. */
const SCHEMES = [
  ["delegated_work", "A signed-in user (work or school account)"],
  ["delegated_personal", "A signed-in user (personal account)"],
  ["application", "The app itself"],
];

/**
 * What a call needs, whoever makes it.
 * @param {any} needs the answer of `core.permit`
 */
function callNeeds(needs) {
  const listed = SCHEMES.some(([scheme]) => needs[scheme ?? ""].length > 0);
  return [
    needs.template && needs.match !== "exact"
      ? element("p", { class: "context" }, `${needs.match} match: `, code(`${needs.method} ${needs.template}`)) : null,
    needs.remark ? element("p", null, sentence(needs.remark)) : null,
    needs.inferred?.length ? element("p", { class: "context" }, `Assumed: ${needs.inferred.join("; ")}.`) : null,
    needs.template && (listed || !needs.remark) ? SCHEMES.map(([scheme = "", title = ""]) => schemeNeeds(needs, scheme, title)) : null,
    ledger(["Note", sentences(needs.caveats)]),
  ];
}

/**
 * @param {any} needs
 * @param {string} scheme
 * @param {string} title
 */
function schemeNeeds(needs, scheme, title) {
  /** @type {any[]} */
  const accepted = needs[scheme];
  const together = (/** @type {any} */ own) => [own.permission, ...own.also_requires].join(" + ");
  const whole = accepted.filter((own) => !own.resource_specific);
  const apart = accepted.filter((own) => own.resource_specific);
  const least = whole.filter((own) => own.least);
  return [
    element("h3", null, title),
    accepted.length === 0 ? element("p", { class: "context" }, "None is listed: not possible.") : ledger(
      ["Least", least.map((own) => element("p", { class: "own" }, names([together(own)], "strong"),
        element("span", { class: "context" }, consent(own))))],
      ["Others", alternatives(`needs ${needs.call} ${scheme}`, whole.filter((own) => !own.least).map(together))],
      ["Per team or chat", names(apart.map(together))]),
  ];
}

/** @param {any} own */
function consent(own) {
  if (own.published === false) return "not published: it cannot be granted";
  if (own.admin_consent === true) return "an administrator consents";
  return own.admin_consent === false ? "the user can consent" : "";
}
