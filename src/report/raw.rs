//! JSON that a token carried, as text.

use serde::{Serialize, Serializer};

/// JSON text, minified, with the order, the duplicates and the number texts of the original. Nesting below the
/// reader's limit is given as a string that holds the source text, and so is a number greater than any double (`1e400`),
/// which many readers of JSON refuse: the report can be read by all of them.
///
/// It serialises as bytes: the JSON renderer writes those verbatim
/// (`serde_json::ser::Formatter::write_byte_array`), which keeps number texts that no number type holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(transparent))]
pub struct RawJson(#[cfg_attr(test, schemars(with = "serde_json::Value"))] String);

impl RawJson {
    /// Takes text that is valid JSON; the caller has read it.
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_bytes())
    }
}
