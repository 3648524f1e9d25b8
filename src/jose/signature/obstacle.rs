//! Why a signature cannot be checked.

use super::super::keys::{Unfit, algorithm_name};
use super::MOST_TRIED;
use jsonwebtoken::Algorithm;
use std::fmt;

/// Why a signature cannot be checked, so that nothing is known of it. Its `Display` is a clause that follows "because".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Not three segments.
    Segments(usize),
    /// Five segments: it is encrypted, and what is signed, if anything is, lies inside.
    Encrypted,
    /// The third segment is empty.
    NoSignature,
    /// A placeholder stands where the signature was.
    TakenOut,
    /// The signature is shorter than the key makes it: its end is missing. In bytes.
    Cut {
        /// How long it is.
        is: usize,
        /// How long it would have to be.
        of: usize,
    },
    /// A segment is not strict base64url (RFC 7515 section 5.2).
    Encoding {
        /// `header`, `payload` or `signature`.
        part: &'static str,
        /// In which way.
        what: String,
    },
    /// The header is no JSON object, or one that readers understand differently.
    Header(String),
    /// The header names no algorithm.
    NoAlgorithm,
    /// The header says `none`.
    Unsigned,
    /// HMAC: whoever can check it can make it, so it proves nothing to a third party.
    SharedSecret(Algorithm),
    /// An algorithm that is not built in.
    Algorithm(String),
    /// `crit` names extensions that have to be understood and are not (RFC 7515 section 4.1.11), or `b64` changes what is
    /// signed (RFC 7797).
    Critical(String),
    /// Different keys have the name that the token gives.
    SameName(String),
    /// The token names none of the keys, and more than [`MOST_TRIED`] could be the one.
    TooManyKeys(usize),
    /// The key of that name does not fit.
    Key {
        /// Index into [`KeySet::keys`](super::super::keys::KeySet::keys).
        key: usize,
        /// What a reader calls it.
        name: String,
        /// In which way.
        unfit: Unfit,
    },
    /// Enough signatures were checked.
    Enough(usize),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segments(count) => write!(out, "it has {count} parts where a signed token has three"),
            Self::Encrypted => out.write_str("the token is encrypted"),
            Self::NoSignature => out.write_str("there is none: the third part of the token is empty"),
            Self::TakenOut => out.write_str("it was taken out before pasting"),
            Self::Cut { is, of } => write!(out, "its end is missing: {is} of {of} bytes are there"),
            Self::Encoding { part, what } => write!(out, "the {part} is not base64url as it was issued: {what}"),
            Self::Header(what) => write!(out, "the header is damaged or ambiguous: {what}"),
            Self::NoAlgorithm => out.write_str("the header names no algorithm"),
            Self::Unsigned => out.write_str("the header says that there is none (alg none)"),
            Self::SharedSecret(algorithm) => {
                let name = algorithm_name(*algorithm);
                write!(out, "{name} rests on a shared secret, which proves nothing to anybody else")
            }
            Self::Algorithm(name) => write!(out, "the algorithm {name} is not built in"),
            Self::Critical(names) => write!(out, "the header demands an extension that is not known here: {names}"),
            Self::SameName(name) => write!(out, "different keys are called {name}"),
            Self::TooManyKeys(count) => {
                write!(out, "the token names none of the keys, and {count} are more than are tried ({MOST_TRIED})")
            }
            Self::Key { name, unfit, .. } => write!(out, "key {name} {unfit}"),
            Self::Enough(count) => write!(out, "it is one of many: after {count} attempts no more are made"),
        }
    }
}
