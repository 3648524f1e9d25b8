// The moments of the paste, drawn to scale and as a list with the same numbers.

/** How much longer than all shorter gaps together a gap is drawn at most; a longer one is drawn broken. */
const LONGEST_GAP = 3;

/** The drawing, in its own units. */
const WIDE = 600;
const MARGIN = 14;
const LEVEL = 40;

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
 * @param {Report} report
 */
function timeline(report) {
  const moments = report.timeline;
  if (moments.length < 2) return null;
  const { places, broken } = placed(moments.map((entry) => entry.time.seconds));
  const x = (/** @type {number} */ index) => MARGIN + (places[index] ?? 0) * (WIDE - 2 * MARGIN);
  const picture = drawn("svg", { class: "timeline", viewBox: `0 0 ${WIDE} 64`, "aria-hidden": "true", focusable: "false" });
  for (let index = 1; index < moments.length; index += 1) {
    picture.append(drawn("line", { class: broken[index] ? "axis broken" : "axis", x1: x(index - 1), x2: x(index), y1: LEVEL, y2: LEVEL }));
  }
  for (const [from, to] of lifetimes(report)) {
    picture.append(drawn("line", { class: "lifetime", x1: x(from), x2: x(to), y1: LEVEL, y2: LEVEL }));
  }
  // A number that would stand on the one before it goes a level higher.
  let last = -Infinity;
  let level = 0;
  moments.forEach((entry, index) => {
    level = x(index) - last < 20 ? (level + 1) % 3 : 0;
    last = x(index);
    const judged = entry.artefact === null;
    const height = LEVEL - 16 - level * 8;
    picture.append(drawn("g", { class: judged ? "moment judged" : "moment" },
      drawn("line", { x1: x(index), x2: x(index), y1: height + 4, y2: LEVEL + 7 }),
      drawn("text", { x: x(index), y: height, "text-anchor": "middle" }, index + 1)));
  });
  const several = report.artefacts.length > 1;
  return section("timeline", "Timeline", picture, element("ol", { class: "moments" }, moments.map((entry) => {
    const artefact = entry.artefact === null ? undefined : report.artefacts[entry.artefact];
    return element("li", { class: entry.artefact === null ? "judged" : null },
      element("time", { datetime: entry.time.utc }, moment(entry.time.utc)),
      element("span", { class: "what" }, entry.what, several && artefact ? ` of the ${kindInWords(artefact.kind)}` : null),
      element("span", { class: "relative" }, entry.time.relative));
  })), broken.some(Boolean) ? element("p", { class: "help" }, "Dotted: longer than it is drawn.") : null);
}

/**
 * From where to where tokens last: pairs of indices into the timeline.
 * @param {Report} report
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
