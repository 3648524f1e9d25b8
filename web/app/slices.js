// Long files: read slice by slice, so that the page stays awake; what is recognised is listed, one of it is open.

/** Files longer than this, in bytes, are read in slices. */
const LONGEST_WHOLE = 1_000_000;

/** How far each slice goes beyond the one before it, in bytes: a few frames' work. */
const STEP = 384 * 1024;

/** How far a slice looks beyond what it has to tell, at either end: the longest artefact that is read whole. */
const REACH = 48 * 1024;

/** The most different artefacts that are listed. */
const MOST_LISTED = 2000;

/**
 * An artefact of a long file: the first of its like. What belongs to it stands from `from` to `to`: a token with the
 * call before it and the answer after it, an error with the token before it.
 * @typedef {{kind: string, summary: string, context: string | null | undefined, isToken: boolean, start: number, end: number, from: number, to: number, count: number}} Found
 */

/** Counts the readings: another file, Stop and Clear end the one that runs. */
let reading = 0;

/** Ends the reading that runs. What it found goes with it. */
function stopReading() {
  reading += 1;
  byId("file-stop").hidden = true;
  byId("file-progress").hidden = true;
  byId("found").hidden = true;
  byId("found").replaceChildren();
  byId("diagnosis").removeAttribute("role");
  byId("diagnosis").removeAttribute("aria-labelledby");
}

/**
 * Reads a long file: the artefacts in it are listed as they are found, and the first one is opened.
 * @param {File} file
 * @param {() => void} changed
 */
async function takeLongFile(file, changed) {
  hold(file.name, new Uint8Array());
  const own = reading;
  const [panel, progress, stop, told] = [byId("diagnosis"), byId("file-progress"), byId("file-stop"), byId("file-state")];
  /** @type {Found[]} */
  const listed = [];
  /** @type {Map<Found, HTMLElement>} */
  const counts = new Map();
  const show = async (/** @type {number} */ index) => {
    const found = listed[index];
    if (!found) return;
    const bytes = await around(file, found);
    if (own !== reading || !held) return;
    panel.setAttribute("aria-labelledby", `found-${index}`);
    held.bytes = bytes;
    changed();
  };
  const tabs = tabList("found", "diagnosis", "Found in the file", true, (index) => void show(index));
  const more = element("p", { class: "help" });
  let different = 0;
  progress.hidden = stop.hidden = false;
  let stopped = false;
  stop.onclick = () => { stopped = true; };
  await readSlices(file, options, (reached, fresh, again, all) => {
    if (own !== reading) return false;
    for (const found of fresh) {
      different += 1;
      if (listed.length >= MOST_LISTED) continue;
      const count = element("span", { class: "count" });
      counts.set(found, count);
      tabs.add(kindInWords(found.kind), noteOf(found)).append(count);
      listed.push(found);
    }
    for (const found of again) {
      const count = counts.get(found);
      if (count) count.textContent = `\u00d7 ${found.count}`;
    }
    more.textContent = different > listed.length ? `and ${different - listed.length} more that are not listed` : "";
    progress.value = reached / file.size;
    told.textContent = `${stopped ? "Stopped: " : ""}${size(reached)} of ${size(file.size)} read, ${all} found, ${different} different`;
    if (listed.length === fresh.length && fresh.length > 0) {
      byId("found").hidden = false;
      append(byId("found"), [element("h2", null, "In this file"), tabs.element, more]);
      panel.setAttribute("role", "tabpanel");
      tabs.choose(0);
      void show(0);
    }
    return !stopped;
  });
  if (own !== reading) return;
  progress.hidden = stop.hidden = true;
  if (listed.length === 0) {
    // The core says itself that there is nothing.
    held = { name: file.name, bytes: (await bytesOf(file, await orderMark(file), 0, STEP)).bytes };
    changed();
  }
}

/**
 * What tells an artefact from others of its kind: what its summary says besides GUIDs, and where it was found.
 * @param {Found} found
 */
function noteOf(found) {
  const parts = found.summary.split(" \u00b7 ").slice(1).filter((part) => !/[0-9a-f]{8}-/i.test(part));
  const said = found.isToken ? parts : [found.summary.replace(/^[^:]*: /, "")];
  return [...said, found.context, `at ${size(found.start)}`].filter(Boolean).join(" \u00b7 ");
}

/**
 * The bytes around what was found.
 * @param {Blob} file
 * @param {Found} found
 */
async function around(file, found) {
  return (await bytesOf(file, await orderMark(file), found.from, found.to)).bytes;
}

/**
 * Reads a file and tells what is new after each slice.
 * @param {Blob} file
 * @param {() => object | null} told what the core is told beside the bytes
 * @param {(reached: number, fresh: Found[], again: Found[], all: number) => boolean} tell `again`: what was found before and is counted up;
 *   `all`: how many there are, also those of a like; an answer of false stops the reading
 */
async function readSlices(file, told, tell) {
  const mark = await orderMark(file);
  /** @type {Map<string, Found>} */
  const known = new Map();
  /** @type {Found | undefined} */
  let before;
  /** @type {Found | undefined} */
  let token;
  let all = 0;
  for (let begin = 0; begin < file.size; begin += STEP) {
    const from = Math.max(0, begin - REACH);
    const slice = await bytesOf(file, mark, from, begin + STEP + REACH);
    const options = told();
    /** @type {TokenReport} */
    const report = JSON.parse(core.analyze(slice.bytes, options ?? { now: 0 }));
    const fresh = [];
    const again = [];
    for (const artefact of report.artefacts ?? []) {
      const [start, end] = [artefact.span.start + slice.offset, artefact.span.end + slice.offset];
      // What begins elsewhere is told by another slice, which sees it whole.
      if (start < begin || start >= begin + STEP) continue;
      all += 1;
      const isToken = !artefact.error;
      if (before && before.to > start && (isToken || !before.isToken)) before.to = start;
      if (token && isToken && token.to > start) token.to = start;
      const own = {
        kind: artefact.kind, summary: artefact.summary, context: artefact.context, isToken, start, end, count: 1,
        from: Math.max(start - REACH, !isToken && token && start - token.end < REACH ? token.from : before?.end ?? 0), to: end + REACH,
      };
      before = own;
      if (isToken) token = own;
      const key = JSON.stringify([artefact.kind, artefact.payload ?? artefact.summary, artefact.error?.code, artefact.error?.message]);
      const same = known.get(key);
      if (same) {
        same.count += 1;
        again.push(same);
      } else {
        known.set(key, own);
        fresh.push(own);
      }
    }
    if (!tell(Math.min(file.size, begin + STEP), fresh, again, all)) return;
  }
}

/**
 * Bytes of a file as the core reads them, and where they begin: their place less the byte order mark that is put before
 * them where the file has one.
 * @param {Blob} file
 * @param {Uint8Array} mark
 * @param {number} from
 * @param {number} to
 */
async function bytesOf(file, mark, from, to) {
  const bytes = new Uint8Array(await file.slice(from, to).arrayBuffer());
  if (mark.length === 0 || from === 0) return { bytes, offset: from };
  const marked = new Uint8Array(mark.length + bytes.length);
  marked.set(mark);
  marked.set(bytes, mark.length);
  return { bytes: marked, offset: from - mark.length };
}

/**
 * The byte order mark of UTF-16, where a file begins with one.
 * @param {Blob} file
 */
async function orderMark(file) {
  const [one, two] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return new Uint8Array((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff) ? [one, two] : []);
}
