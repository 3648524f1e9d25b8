//! Documents of keys, and tokens that are checked with them.

use super::measure::Bound;
use super::{output, report};
use std::sync::Arc;
use tokentriage::jose::keys::KeySet;
use tokentriage::render::SafeLine;
use tokentriage::{Options, add_keys, analyze};

/// The moment of judging.
const NOW: i64 = 1_772_359_200;

const KEYS: Bound = Bound { per_byte: 256, beside: 256 * 1024 };
const ANALYSIS: Bound = Bound { per_byte: 2048, beside: 1024 * 1024 };

/// See [`TARGETS`](super::TARGETS). A document, and behind a zero byte a paste.
pub fn keys(data: &[u8]) {
    let apart = data.iter().position(|&byte| byte == 0).and_then(|at| data.split_at_checked(at));
    let (document, paste) =
        apart.map_or((data, data), |(document, rest)| (document, rest.get(1..).unwrap_or_default()));
    let mut keys = KeySet::new();
    // The name of a file is as hostile as what is in it.
    let name = String::from_utf8_lossy(document.get(..document.len().min(16)).unwrap_or_default()).into_owned();
    if let Err(error) = KEYS.check("a set of keys", document.len(), || add_keys(&mut keys, &name, document)) {
        output::shows("an error", &SafeLine(&error.to_string()).to_string(), &[]);
    }
    let options = Options { keys: Some(Arc::new(keys)), ..Options::at(NOW) };
    let found = ANALYSIS.check("an analysis", data.len(), || analyze(paste, &options));
    report::check(&found, paste.len());
    report::check_redaction(&found);
    // What the keys say changes nothing of what is read.
    let without = analyze(paste, &Options::at(NOW));
    assert_eq!(found.artefacts.len(), without.artefacts.len());
}
