// The document around the frame. It does for the frame what the sandbox forbids there, and no more: it offers a file for
// saving, and keeps an error code behind the # of the address.

(() => {
  const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("iframe"));
  const CODE = /^(?:AADSTS|AADB2C)\d{4,7}$/;
  const NAME = /^[\w-]{1,64}(?:\.[a-z]{1,8}){1,2}$/;
  const TYPES = ["application/json", "text/html", "text/markdown", "text/plain"];

  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    if (data?.ready) tellCode();
    if (typeof data?.code === "string") keepCode(data.code);
    if (data?.save) save(data.save);
  });
  addEventListener("hashchange", tellCode);

  function tellCode() {
    const code = location.hash.slice(1).toUpperCase();
    frame.contentWindow?.postMessage({ code: CODE.test(code) ? code : "" }, "*");
  }

  /** @param {string} code */
  function keepCode(code) {
    const hash = CODE.test(code) ? `#${code}` : "";
    if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
  }

  /** @param {{name?: unknown, type?: unknown, text?: unknown}} file */
  function save({ name, type, text }) {
    if (typeof name !== "string" || !NAME.test(name) || typeof type !== "string" || !TYPES.includes(type)) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([String(text)], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
})();
