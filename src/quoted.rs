//! Texts of others inside our own messages.

use std::fmt;

/// A text between quotation marks, on one line: what cannot be seen is written out (`\u{202e}`). To be used in place of
/// `{:?}`, of which the page prints nothing: it is built without what `Debug` needs.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_debug())
    }
}
