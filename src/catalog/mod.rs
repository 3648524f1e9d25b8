//! Embedded tables of facts.

mod clouds;

pub use clouds::Cloud;
