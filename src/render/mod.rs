//! Layout of reports. A [`Report`](crate::report::Report) holds every sentence already; one file for each format.

#[cfg(feature = "cli")]
mod csv;
#[cfg(feature = "cli")]
mod difference;
mod html;
mod json;
#[cfg(feature = "cli")]
mod layout;
mod markdown;
mod parts;
#[cfg(feature = "cli")]
mod permission;
mod safe;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(feature = "cli")]
mod sarif;
#[cfg(feature = "cli")]
mod table;
#[cfg(feature = "cli")]
mod text;

#[cfg(feature = "cli")]
pub use csv::{csv, csv_table};
#[cfg(feature = "cli")]
pub use difference::difference_text;
pub use html::html;
pub use json::json;
pub(crate) use json::token_length as json_token_length;
#[cfg(feature = "cli")]
pub use layout::{NARROWEST, Page, Style};
pub use markdown::markdown;
#[cfg(feature = "cli")]
pub use permission::{calls_text, covering_text, needs_text, opens_text};
pub use safe::{Safe, SafeLine, is_unsafe};
#[cfg(feature = "cli")]
pub use sarif::sarif;
#[cfg(feature = "cli")]
pub use text::{TextOptions, guide_text, text};
