// The moments of the paste, drawn to scale and as a list with the same numbers.

/** How much longer than all shorter gaps together a gap is drawn at most; a longer one is drawn broken. */
const LONGEST_GAP = 12;

/** Where the line begins and ends, in percent of the width: the numbers at the ends need room. */
const FROM = 2;
const TO = 98;

/** The height of the line, and of one level of numbers, in pixels. */
const LEVEL = 46;
const RISE = 16;

/** Numbers nearer than this, in percent of the width, go to different levels. */
const NEAR = 5;

/**
 * Places of moments on a line from 0 to 1. Long gaps are shortened, so that an hour stays visible beside a year.
 * @param {number[]} seconds in ascending order
 * @returns {{places: number[], broken: boolean[]}} `broken[i]`: the gap before the i-th moment is not to scale
 */
function placed(seconds) {
  const gaps = seconds.map((second, index) => index === 0 ? 0 : second - (seconds[index - 1] ?? second));
  const sorted = gaps.filter((gap) => gap > 0).sort((one, other) => one - other);
  let limit = Infinity;
  let sum = 0;
  for (const gap of sorted) {
    if (sum > 0 && gap > LONGEST_GAP * sum) {
      limit = LONGEST_GAP * sum;
      break;
    }
    sum += gap;
  }
  const drawnGaps = gaps.map((gap) => Math.min(gap, limit));
  const all = drawnGaps.reduce((total, gap) => total + gap, 0) || 1;
  let reached = 0;
  return {
    places: drawnGaps.map((gap) => (reached += gap) / all),
    broken: gaps.map((gap) => gap > limit),
  };
}

/**
 * @param {TokenReport} report
 */
function timeline(report) {
  const moments = report.timeline;
  if (moments.length < 2) return null;
  const { places, broken } = placed(moments.map((entry) => entry.time.seconds));
  const x = (/** @type {number} */ index) => FROM + (places[index] ?? 0) * (TO - FROM);
  const line = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to) =>
    drawn("line", { class: kind, x1: `${x(from)}%`, x2: `${x(to)}%`, y1: LEVEL, y2: LEVEL });
  // Lengths in percent: the numbers keep their size however wide the page is.
  const picture = drawn("svg", { class: "timeline", height: LEVEL + 12, "aria-hidden": "true", focusable: "false" });
  for (let index = 1; index < moments.length; index += 1) {
    picture.append(line(broken[index] ? "axis broken" : "axis", index - 1, index));
  }
  for (const [from, to] of lifetimes(report)) picture.append(line("lifetime", from, to));
  let last = -Infinity;
  let level = 0;
  moments.forEach((entry, index) => {
    level = x(index) - last < NEAR ? (level + 1) % 3 : 0;
    last = x(index);
    const top = LEVEL - 14 - level * RISE;
    picture.append(drawn("g", { class: entry.artefact === null ? "moment present" : "moment" },
      drawn("line", { x1: `${x(index)}%`, x2: `${x(index)}%`, y1: top + 3, y2: LEVEL + 8 }),
      drawn("text", { x: `${x(index)}%`, y: top, "text-anchor": "middle" }, index + 1)));
  });
  const several = new Set(moments.map((entry) => entry.artefact).filter((artefact) => artefact !== null)).size > 1;
  return section("timeline", "Timeline", picture, element("ol", { class: "moments" }, moments.map((entry) => {
    const artefact = artefactAt(report, entry.artefact);
    return element("li", { class: entry.artefact === null ? "present" : null },
      element("time", { datetime: entry.time.utc }, moment(entry.time.utc)),
      element("span", { class: "what" }, entry.what, several && artefact ? ` of the ${kindInWords(artefact.kind)}` : null),
      element("span", { class: "relative" }, entry.time.relative));
  })), broken.some(Boolean) ? element("p", { class: "help" }, "Dotted: longer than it is drawn.") : null);
}

/**
 * From where to where tokens last: pairs of indices into the timeline.
 * @param {TokenReport} report
 * @returns {[number, number][]}
 */
function lifetimes(report) {
  return report.artefacts.flatMap((artefact, number) => {
    const start = artefact.token?.not_before ?? artefact.token?.issued;
    const end = artefact.token?.expires;
    if (!start || !end || end.seconds <= start.seconds) return [];
    const at = (/** @type {number} */ seconds) => report.timeline.findIndex((entry) => entry.artefact === number && entry.time.seconds === seconds);
    const [from, to] = [at(start.seconds), at(end.seconds)];
    return from >= 0 && to >= 0 ? [/** @type {[number, number]} */ ([from, to])] : [];
  });
}
