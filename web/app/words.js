// The names in a report, in words and shapes. Sentences come from the report itself.

/** @typedef {"error" | "warning" | "note" | "fine" | "unknown"} Tone */

const SEVERITY = { error: "Error", warning: "Warning", note: "Note" };

/** How sure a finding is, and what that rests on. */
const CONFIDENCE = {
  certain: "Certain: it follows from what was pasted",
  likely: "Likely: the usual cause, or what the catalogue says",
  guess: "A guess: one possibility among others",
};

const FIXER = {
  "app-developer": "App developer",
  "tenant-admin": "Tenant administrator",
  user: "The person who signs in",
  service: "Microsoft",
  security: "Security team",
  none: "Nobody",
};

const PERMISSION = {
  granted: "granted",
  missing: "missing",
  "unknown-call": "call not in any table",
  "not-supported": "not possible with this kind of token",
};

/** @type {Record<string, Tone>} */
const PERMISSION_TONE = { granted: "fine", missing: "error", "unknown-call": "unknown", "not-supported": "error" };

const OUTCOME = { found: "found", pass: "passed", "not-applicable": "not applicable" };

/** Kinds of permission in a comparison. */
const GRANT = { delegated: "delegated", application: "application", "directory-role": "directory role" };

/**
 * How a finding is to be taken: what is not certain is no error yet, but something to look at.
 * @param {Finding} finding
 */
function weight(finding) {
  if (finding.severity === "note" || finding.confidence === "certain") return SEVERITY[finding.severity];
  return finding.confidence === "likely" ? "Likely" : "Possible";
}

/**
 * The tone of a finding beside the headline.
 * @param {Finding} finding
 * @returns {Tone}
 */
function toneOfFinding(finding) {
  if (finding.confidence === "certain" || finding.severity === "note") return finding.severity;
  return finding.confidence === "likely" ? "warning" : "note";
}

/**
 * The kind of an artefact in words, e.g. `access token`.
 * @param {string} kind
 */
function kindInWords(kind) {
  const words = kind.replaceAll("-", " ").replace(/^id /, "ID ").replace(/^sts error/, "sign-in error").replace(/^saml/, "SAML");
  return words.replace(/^graph error/, "API error");
}

/** The drawing of each tone: a shape of its own, so that it does not rest on colour. */
const SHAPES = {
  error: ["M5 .8h6l4.2 4.2v6L11 15.2H5L.8 11V5z", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"],
  warning: ["M8 .9 15.6 14.7H.4z", "M8 5.6v4.2M8 12.1v.3"],
  note: ["M8 .7a7.3 7.3 0 1 1 0 14.6A7.3 7.3 0 0 1 8 .7z", "M8 7.2v4.4M8 4.3v.3"],
  fine: ["M8 .7a7.3 7.3 0 1 1 0 14.6A7.3 7.3 0 0 1 8 .7zm0 2a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 2.7z", "M8 8h.01"],
  unknown: ["M8 .4 15.6 8 8 15.6.4 8zM8 3.2 3.2 8 8 12.8 12.8 8z", ""],
};

/**
 * The shape of a tone; the word for it stands beside it.
 * @param {Tone} tone
 */
function shape(tone) {
  const [outline = "", mark = ""] = SHAPES[tone];
  return drawn("svg", { class: "shape", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false", "data-tone": tone },
    drawn("path", { class: "outline", d: outline, "fill-rule": "evenodd" }), drawn("path", { class: "mark", d: mark }));
}

/**
 * A shape with its word.
 * @param {Tone} tone
 * @param {string} word
 */
function badge(tone, word) {
  return element("span", { class: "badge", "data-tone": tone }, shape(tone), element("span", null, word));
}
