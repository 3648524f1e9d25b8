// The core inside the page's frame: unpacks the module, starts it, and gives the app one object, `core`.
//
// What the app can rely on:
//
//   await core.ready                  the core can be called; before that its functions throw
//
// Analyses take the paste as Uint8Array or string, and options { now, leeway?, scenario?, redact?, keys? }: `now` in
// seconds since 1970 (a whole number), `leeway` in seconds, `scenario` with any of flow, client, calling (text or list),
// cloud, resource, tenant, client_id, library; `redact: true` replaces personal values; `keys` is the text of a document
// of keys to check signatures with. All of them answer at once with text:
//
//   core.analyze(paste, options)      the report as JSON, byte for byte what the command prints with --format json
//   core.ticket(paste, options)       the report in Markdown for a ticket, always redacted
//   core.html(paste, options)         the report as one HTML page, for saving
//   core.decode(paste, options)       JSON [{artefact, header, payload}]: header and payload as pretty JSON *texts*
//                                     (numbers, order and duplicates as in the token), null where there is none
//   core.compare(before, after, options)   JSON tokentriage.diff/1
//   core.explain(term)                JSON list of explanations; {error, suggestions} where nothing is known
//   core.permit(call)                 JSON of what a call such as "GET /users" needs
//   core.complete(text)               JSON list of calls that go on like a text: "GET /me/mes" → ["GET /me/messages", …]
//   core.guide(flow)                  JSON of what a flow has to request
//   core.scenarios()                  JSON {flows, clients, clouds, resources} with names and words
//   core.about()                      JSON {version, catalog_date}
//
// Whatever cannot be answered is JSON {"error": "one sentence"}; nothing throws once `ready` has resolved.
//
//   core.wipe()                       overwrites the memory of the module with zeros and lets go of it
//   core.renew()                      the same, and starts a new instance at once; `Clear` calls this
//
// On `pagehide` the memory is wiped without being asked; the next call starts a new instance.
//
// The frame is sandboxed: it can neither open, navigate, submit nor download. Two things the document around it does
// for it, and nothing else:
//
//   core.save(name, type, text)       offers a file for saving
//   core.setCode(code)                puts an error code, e.g. "AADSTS50011", behind the # of the address; "" takes it
//                                     away; anything that is no error code is refused
//   core.onCode = (code) => …         called with the error code of the address: once after `ready`, and on change
//
// Printing works from the frame itself: print().

// Of WebRTC a policy in a file knows nothing (a header of the host does): without its constructors there is none.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) Reflect.deleteProperty(globalThis, name);

const core = (() => {
  const encoder = new TextEncoder();
  /** What the document around the frame has to say. */
  const CODE = /^(?:AADSTS|AADB2C)\d{4,7}$/;

  /** @type {WebAssembly.Module | undefined} */
  let module;
  /** The running instance: the functions that wasm-bindgen wrote for it, and its memory. */
  let running = /** @type {{call: any, memory: WebAssembly.Memory} | undefined} */ (undefined);

  function start() {
    if (!module) throw new Error("core.ready has not resolved yet");
    const call = glue();
    const { exports } = new WebAssembly.Instance(module, { "./tokentriage_wasm_bg.js": call });
    call.__wbg_set_wasm(exports);
    /** @type {any} */ (exports).__wbindgen_start();
    return { call, memory: /** @type {WebAssembly.Memory} */ (exports.memory) };
  }

  /**
   * Calls a function of the module. A trap is the end of an instance: the next one starts from nothing.
   * @param {string} name
   * @param {(string | Uint8Array)[]} given
   * @returns {string}
   */
  function ask(name, ...given) {
    running ??= start();
    try {
      const answer = running.call[name](...given);
      running.call.forget();
      return answer;
    } catch {
      core.renew();
      return JSON.stringify({ error: "This is more than the page can hold at once: use the command for it." });
    }
  }

  /** @param {string | Uint8Array} paste */
  const bytes = (paste) => typeof paste === "string" ? encoder.encode(paste) : paste;

  /** @param {object} message */
  const tell = (message) => parent.postMessage(message, "*");

  async function prepare() {
    const [unpacker, packed] = ["unpacker", "module"].map((id) => document.getElementById(id));
    module = await WebAssembly.compile(await unpack(unpacker?.textContent ?? "", packed?.textContent ?? ""));
    unpacker?.remove();
    packed?.remove();
    running = start();
    tell({ ready: true });
  }

  addEventListener("message", ({ source, data }) => {
    if (source === parent && typeof data?.code === "string") core.onCode(data.code);
  });
  addEventListener("pagehide", () => core.wipe());
  // The browser would print the document around the frame, and of the frame only what is in sight.
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "p" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      print();
    }
  });

  /** @typedef {string | Uint8Array} Paste */
  return {
    ready: prepare(),
    analyze: (/** @type {Paste} */ paste, /** @type {object} */ options) => ask("analyze", bytes(paste), JSON.stringify(options)),
    ticket: (/** @type {Paste} */ paste, /** @type {object} */ options) => ask("ticket", bytes(paste), JSON.stringify(options)),
    html: (/** @type {Paste} */ paste, /** @type {object} */ options) => ask("html", bytes(paste), JSON.stringify(options)),
    decode: (/** @type {Paste} */ paste, /** @type {object} */ options) => ask("decode", bytes(paste), JSON.stringify(options)),
    compare: (/** @type {Paste} */ before, /** @type {Paste} */ after, /** @type {object} */ options) =>
      ask("compare", bytes(before), bytes(after), JSON.stringify(options)),
    explain: (/** @type {string} */ term) => ask("explain", term),
    permit: (/** @type {string} */ call) => ask("permit", call),
    complete: (/** @type {string} */ text) => ask("complete", text),
    guide: (/** @type {string} */ flow) => ask("guide", flow),
    scenarios: () => ask("scenarios"),
    about: () => ask("about"),
    wipe() {
      if (running) new Uint8Array(running.memory.buffer).fill(0);
      running = undefined;
    },
    renew() {
      core.wipe();
      running = start();
    },
    save: (/** @type {string} */ name, /** @type {string} */ type, /** @type {string} */ text) => tell({ save: { name, type, text } }),
    setCode: (/** @type {string} */ code) => tell({ code: CODE.test(code) ? code : "" }),
    onCode: (/** @type {string} */ _code) => {},
  };
})();
