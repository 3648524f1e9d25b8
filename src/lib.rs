//! Says why Microsoft Graph or the Entra sign-in service refuses a token: offline, with evidence, and with the fix.
#![forbid(unsafe_code)]

pub mod catalog;
pub mod diff;
pub mod extract;
pub mod guid;
pub mod jose;
pub mod render;
pub mod report;
pub mod scenario;
pub mod token;
