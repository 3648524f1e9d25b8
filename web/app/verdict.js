// What is wrong, why, what to do, who has to act: the first thing to be read.

/**
 * @param {TokenReport} report
 * @returns {Tone}
 */
function toneOf(report) {
  if (report.verdict.status === "unreadable") return "unknown";
  const leading = leadingFinding(report);
  if (leading && leading.severity !== "note") return leading.severity;
  return report.verdict.status === "problem" ? "warning" : "fine";
}

/** @param {TokenReport} report */
function leadingFinding(report) {
  return report.findings.find((finding) => finding.id === report.verdict.finding);
}

const STATUS = { problem: "Problem", "no-problem-found": "No problem found", unreadable: "Nothing recognised" };

/**
 * The verdict.
 * @param {TokenReport} report
 * @param {boolean} example whether it is judged as of a moment of its own
 * @param {Child} actions
 */
function verdict(report, example, actions) {
  const leading = leadingFinding(report);
  const tone = toneOf(report);
  const word = leading && tone !== "fine" ? SEVERITY[leading.severity] : STATUS[report.verdict.status];
  return element("section", { class: "verdict", id: "verdict", "data-tone": tone, "aria-labelledby": "headline" },
    element("p", { class: "verdict-mark" }, badge(tone, word), element("span", { class: "as-of" },
      example ? "An example, judged as of " : "Judged as of ", element("time", { datetime: report.judged_at }, moment(report.judged_at)))),
    element("h2", { id: "headline" }, sentence(report.verdict.headline)),
    leading ? conclusion(report, leading) : null,
    actions);
}

/**
 * Why, what to do, who has to, how sure, and where it was seen.
 * @param {TokenReport} report
 * @param {Finding} finding
 */
function conclusion(report, finding) {
  return ledger(
    ["Why", finding.because ? sentence(finding.because) : null],
    ["Do this", steps(finding.fix)],
    ["Who", FIXER[finding.fixer]],
    ["How sure", CONFIDENCE[finding.confidence]],
    ["Seen", evidence(report, finding)],
    ["Sources", sources(finding)],
  );
}

/** @param {Finding} finding */
function sources(finding) {
  const pages = finding.sources.map((url) => ({ url }));
  if (pages.length === 0) return null;
  return disclosure(`sources ${finding.id}`, pages.length === 1 ? "1 page to read" : `${pages.length} pages to read`, () => addresses(pages), { class: "inline", paper: true });
}

/**
 * The values that a finding rests on, each with its place.
 * @param {TokenReport} report
 * @param {Finding} finding
 */
function evidence(report, finding) {
  if (finding.evidence.length === 0) return null;
  return element("ul", { class: "evidence" }, finding.evidence.map(({ artefact, pointer, value }) => {
    const found = artefactAt(report, artefact);
    return element("li", null, element("span", { class: "place" }, code(pointer),
      found && report.artefacts.length > 1 ? ` ${kindInWords(found.kind)}` : null), code(value));
  }));
}

/**
 * A moment as it is read: 2026-03-02 09:20:11 UTC.
 * @param {string} utc RFC 3339
 */
function moment(utc) {
  return utc.replace("T", " ").replace(/Z$/, " UTC");
}

/** How many artefacts are listed under the verdict; all of them have a tab further down. */
const ARTEFACTS_IN_SHORT = 4;

/**
 * What was pasted, a line for each, the judged one first; and what is not known of it.
 * @param {TokenReport} report
 */
function pasted(report) {
  if (report.artefacts.length === 0) return null;
  const judged = report.artefacts.filter((artefact) => artefact.judged);
  const all = [...judged, ...report.artefacts.filter((artefact) => !artefact.judged)];
  const notes = judged.flatMap((artefact) => [...(artefact.repairs ?? []), ...(artefact.deviations ?? [])]);
  const more = all.length - ARTEFACTS_IN_SHORT + report.artefacts_left_out;
  return section("pasted", "What it is",
    element("ul", { class: "summaries" }, all.slice(0, ARTEFACTS_IN_SHORT).map((artefact) =>
      element("li", { class: artefact.judged ? "judged-artefact" : null }, sentence(artefact.summary),
        artefact.context ? element("span", { class: "context" }, ` (${artefact.context})`) : null)),
      more > 0 ? element("li", { class: "context" }, `and ${more} more`) : null),
    element("p", { class: "unchecked" }, unseenSignature(), element("span", null, sentence(report.verdict.signature))),
    sentences(notes));
}

/** The third part of the emblem: the signature, which was not looked at. */
function unseenSignature() {
  return drawn("svg", { class: "unseen", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    drawn("rect", { x: 1.5, y: 2.5, width: 13, height: 11, rx: 2 }));
}

/**
 * The other findings, each to be opened.
 * @param {TokenReport} report
 */
function furtherFindings(report) {
  const leading = leadingFinding(report);
  const others = report.findings.filter((finding) => finding !== leading);
  if (others.length === 0) return null;
  return section("findings", "Also found", others.map((finding) => disclosure(`finding ${finding.id}`,
    [badge(toneOfFinding(finding), weight(finding)), element("span", { class: "title" }, sentence(finding.title))],
    () => conclusion(report, finding), { class: "finding", paper: true })));
}

/**
 * What was checked, and what could not be.
 * @param {TokenReport} report
 */
function checked(report) {
  if (report.checks.length === 0) return null;
  const of = (/** @type {Check["outcome"]} */ outcome) => report.checks.filter((check) => check.outcome === outcome);
  const group = (/** @type {Check["outcome"]} */ outcome, /** @type {Tone} */ tone) => {
    const checks = of(outcome);
    return checks.length === 0 ? null : disclosure(`checks ${outcome}`,
      [badge(tone, OUTCOME[outcome]), element("span", null, checks.length)],
      () => reasons(checks).map(([reason, ids]) => [reason ? element("h3", null, sentence(capital(reason))) : null, names(ids)]));
  };
  return section("checks", "What was checked", element("p", null, sentence(report.verdict.checked)),
    group("found", "warning"), group("pass", "fine"), group("not-applicable", "unknown"));
}

/**
 * Checks by the reason why they do not apply, in the order of the first of each.
 * @param {Check[]} checks
 * @returns {[string, string[]][]}
 */
function reasons(checks) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const { id, reason = "" } of checks) groups.set(reason, [...groups.get(reason) ?? [], id]);
  return [...groups];
}

/** Names of the keys to search for, as sign-in and activity logs call them. */
const JOIN_KEYS = [
  ["uti", "uti"], ["uti_guid", "uti, as the portal shows it"], ["sid", "sid"], ["oid", "oid"], ["tid", "tid"],
  ["appid", "appid"], ["deviceid", "deviceid"],
];

/**
 * What to search logs for.
 * @param {TokenReport} report
 */
function joinKeys(report) {
  const keys = report.join_keys;
  /** @type {[string, string][]} */
  const pairs = JOIN_KEYS.flatMap(([name, words]) => {
    const value = /** @type {any} */ (keys)[name ?? ""];
    return value ? [/** @type {[string, string]} */ ([words, value])] : [];
  });
  for (const value of keys.correlation_ids) pairs.push(["correlation ID", value]);
  for (const value of keys.request_ids) pairs.push(["request ID", value]);
  if (pairs.length === 0) return null;
  return section("join-keys", "To search logs for", ledger(...pairs.map(([name, value]) =>
    /** @type {[string, Child]} */ ([name, element("span", { class: "copyable" }, code(value), copyButton("Copy", () => value, { of: name }))]))));
}

/**
 * What the stated flow has to request.
 * @param {TokenReport} report
 */
function flowGuide(report) {
  const guide = report.guide;
  if (!guide) return null;
  return section("guide", "What to request", disclosure("guide", element("span", { class: "title" }, guide.name), () => ledger(
    ["Request", sentences(guide.request)], ["Expect", sentences(guide.expect)],
    ["Library", sentences(guide.library)], ["Mistakes", sentences(guide.mistakes)])));
}

/** @param {TokenReport} report */
function readOn(report) {
  return report.links.length === 0 ? null : section("links", "Read on", addresses(report.links));
}
