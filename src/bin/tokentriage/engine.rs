//! Where the command meets the library.

pub(crate) use tokentriage::explain::{explain, unknown};
pub(crate) use tokentriage::rules::registry as rules;
pub(crate) use tokentriage::{Options, analyze};
