// The core inside the page's frame: unpacks the module, starts it, and gives the app one object, `core`.
//
// What the app can rely on:
//
//   await core.ready                  the core can be called; before that its functions throw
//
// Analyses take the paste as Uint8Array or string, and options { now, leeway?, scenario?, redact? }: `now` in seconds
// since 1970 (a whole number), `leeway` in seconds, `scenario` with any of flow, client, calling (text or list), cloud,
// resource, tenant, client_id, library; `redact: true` replaces personal values. All of them answer at once with text:
//
//   core.analyze(paste, options)      the report as JSON, byte for byte what the command prints with --format json
//   core.ticket(paste, options)       the report in Markdown for a ticket, always redacted
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
// On `pagehide` the memory is wiped without being asked; a page that comes back (`pageshow`) has a new instance.
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
