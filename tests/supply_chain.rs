//! What no crate of the graph may switch on.

#![allow(clippy::disallowed_methods, reason = "asks cargo for the graph")]

use std::process::Command;

/// `raw_value` and `arbitrary_precision` change what every `serde_json::Value` in the program is: numbers as text, or
/// members whose names carry meaning. Neither may come in by way of a dependency.
#[test]
fn serde_json_keeps_its_meaning() {
    let graph = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--all-features", "--edges", "features", "--invert", "serde_json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(graph.status.success(), "{}", String::from_utf8_lossy(&graph.stderr));
    let graph = String::from_utf8_lossy(&graph.stdout);
    assert!(graph.contains("serde_json feature \"std\""), "the graph names features: {graph}");
    for feature in ["raw_value", "arbitrary_precision"] {
        assert!(!graph.contains(&format!("serde_json feature \"{feature}\"")), "{feature} is on: {graph}");
    }
}
