//! JSON (RFC 8259) read for evidence: order, duplicates and number texts stay, and what is cut off keeps its beginning.
//!
//! [`Reader`] tells the grammar, piece by piece; [`Document`] keeps what was read. Neither recurses, so no nesting
//! exhausts the stack, and both take time and memory linear in the text.

mod document;
mod duplicate;
mod reader;
mod text;
mod value;
mod write;

pub use document::{Document, Limits};
pub use duplicate::Duplicate;
pub use reader::{Event, EventKind, Found, Reader, SyntaxError};
pub use text::{escape_into, is_forbidden, reveal_into, unescape};
pub use value::{Items, Kind, Members, Value};
