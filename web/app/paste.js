// What was given: text in the box, or the bytes of a file.

/** The longest text that the box shows; what is longer is held as bytes, which does not slow the page down. */
const LONGEST_IN_BOX = 256 * 1024;

/** What is held beside the box: bytes, of a long file those around what is open. @type {{name: string, bytes: Uint8Array} | null} */
let held = null;

/** What is to be analysed: bytes, or the text of the box. */
function given() {
  return held ? held.bytes : byId("paste").value;
}

/** True where nothing was given. */
function nothingGiven() {
  return !held && byId("paste").value.trim() === "";
}

/**
 * Takes a text in place of what was there.
 * @param {string} text
 * @param {() => void} changed
 */
function takeText(text, changed) {
  if (text.length > LONGEST_IN_BOX) {
    void takeFile(new File([text], "Pasted text"), changed);
    return;
  }
  letGo();
  byId("paste").value = text;
  changed();
}

/**
 * Holds bytes in place of the text in the box.
 * @param {string} name
 * @param {Uint8Array} bytes
 */
function hold(name, bytes) {
  held = { name, bytes };
  byId("paste").value = "";
  byId("paste").hidden = true;
  byId("file").hidden = false;
  byId("file-name").textContent = shown(name);
  byId("file-state").textContent = size(bytes.length);
}

/** Lets go of what is held and brings the box back. */
function letGo() {
  stopReading();
  held?.bytes.fill(0);
  held = null;
  byId("file").hidden = true;
  byId("paste").hidden = false;
  byId("file-name").textContent = "";
}

/**
 * A number of bytes in words.
 * @param {number} bytes
 */
function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [divisor, unit] = bytes < 1e6 ? [1e3, "kB"] : [1e6, "MB"];
  return `${(bytes / divisor).toPrecision(3)} ${unit}`;
}

/**
 * Takes a file: a short text goes into the box, where it can be edited; a long file is read in slices.
 * @param {File} file
 * @param {() => void} changed
 */
async function takeFile(file, changed) {
  letGo();
  if (file.size > LONGEST_WHOLE) {
    await takeLongFile(file, changed);
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const text = bytes.length <= LONGEST_IN_BOX ? new TextDecoder("utf-8", { fatal: true }).decode(bytes) : "";
    if (text) {
      takeText(text, changed);
      return;
    }
  } catch {
    // No UTF-8: the core looks at the bytes themselves.
  }
  hold(file.name, bytes);
  changed();
}

/**
 * Lets the box be filled: by pasting anywhere, by dropping, by choosing a file.
 * @param {() => void} typed called with every change of what is given
 * @param {() => void} look brings the answer into view; where the page is narrow it stands below
 */
function receive(typed, look) {
  const box = byId("paste");
  const changed = () => {
    typed();
    look();
  };
  box.addEventListener("input", (/** @type {InputEvent} */ event) => {
    if (event.inputType === "insertFromPaste") changed();
    else typed();
  });
  box.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length <= LONGEST_IN_BOX) return;
    event.preventDefault();
    takeText(text, changed);
  });
  document.addEventListener("paste", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || currentTask() !== "diagnose") return;
    const file = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData("text/plain");
    event.preventDefault();
    if (file) void takeFile(file, changed);
    else if (text) takeText(text, changed);
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/plain");
    showTask("diagnose");
    if (file) void takeFile(file, changed);
    else if (text) takeText(text, changed);
  });
  const chooser = byId("file-input");
  byId("choose-file").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    if (file) void takeFile(file, changed);
    chooser.value = "";
  });
}
