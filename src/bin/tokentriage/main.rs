//! The command.
#![allow(clippy::disallowed_methods, reason = "files, streams and the clock belong to the command")]

fn main() {}
