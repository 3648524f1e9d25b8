//! What must hold for any bytes. Each target takes bytes and panics where something does not hold.
//!
//! libFuzzer runs the targets with bytes that it makes up (`fuzz_targets`), `tests/replay.rs` of the main crate with the
//! seeds and with every input that once broke one of them.

mod decoding;
mod keys;
mod measure;
mod output;
mod paste;
mod report;
mod window;
mod words;

pub use decoding::{base64url, compact, json};
pub use keys::keys;
pub use paste::{claims, diff, extract, paste, response};
pub use window::window;
pub use words::{call, explain, permissions, scenario};

/// One thing that is fed with any bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: that of the function, of the program in `fuzz_targets`, and of the folders in `seeds` and `crashes`.
    pub name: &'static str,
    /// Feeds it; panics where an invariant does not hold.
    pub run: fn(&[u8]),
    /// What is fed, and what must hold beside what holds everywhere.
    pub about: &'static str,
}

/// All targets, by name.
pub const TARGETS: &[Target] = &[
    Target {
        name: "base64url",
        run: base64url,
        about: "text: decodes as the base64 crate does, every deviation named once, counted and in its place",
    },
    Target {
        name: "call",
        run: call,
        about: "an intended call, and a list of calls: read again it is the same call; what it needs can be shown",
    },
    Target {
        name: "claims",
        run: claims,
        about: "header and payload, minted into a token: found once and whole, whatever they hold",
    },
    Target { name: "compact", run: compact, about: "a token: segments between dots, each decoded as far as it goes" },
    Target {
        name: "diff",
        run: diff,
        about: "two pastes: nothing differs from itself, what one gains the other loses",
    },
    Target { name: "explain", run: explain, about: "a term: known or not, it is answered, in words that can be shown" },
    Target {
        name: "extract",
        run: extract,
        about: "a paste: spans inside it and in order, the same artefacts with white space around it",
    },
    Target {
        name: "json",
        run: json,
        about: "JSON text: accepted or refused as serde_json does, the same values, duplicates found",
    },
    Target {
        name: "keys",
        run: keys,
        about: "a document of keys and a paste: the signature is checked or not, nothing else changes",
    },
    Target { name: "paste", run: paste, about: "a paste with scenario and moment: the report and every output of it" },
    Target {
        name: "permissions",
        run: permissions,
        about: "members of a permissions.json: left out with a note, or answered from",
    },
    Target {
        name: "response",
        run: response,
        about: "the message of an error: as pasted, and inside the JSON of both services",
    },
    Target {
        name: "scenario",
        run: scenario,
        about: "a scenario file: refused where it is no JSON, and a report for whatever it asks",
    },
    Target {
        name: "window",
        run: window,
        about: "a large input: the same artefacts however it is cut, those of a paste where one segment holds it",
    },
];
