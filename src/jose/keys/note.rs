//! What is said about a document of keys.

use super::super::json::SyntaxError;
use std::fmt;

/// Something odd in a document that has keys. Its `Display` is a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyNote {
    /// A private key stands there; its public half is used.
    PrivateKey {
        /// The key.
        name: String,
    },
    /// A shared secret stands there; it is used for nothing.
    SharedSecret {
        /// The key.
        name: String,
    },
    /// A key that cannot be used.
    Unusable {
        /// The key.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// A kind of key that no signature here is made with.
    OtherKind {
        /// The key.
        name: String,
        /// Its kind.
        kind: String,
    },
    /// The certificate beside a key (`x5c`) holds another one; the key itself is used.
    CertificateDiffers {
        /// The key.
        name: String,
    },
    /// Two different keys have this ID, so that a signature cannot be checked with either.
    SameName {
        /// The ID.
        name: String,
    },
    /// A PEM block that is no key.
    OtherBlock {
        /// What it says it is.
        label: String,
    },
    /// The JSON is damaged; what stands before the damage is used.
    Damaged(SyntaxError),
}

/// Why there is no key in a document. Its `Display` is a sentence without its full stop that begins with "it".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoKeys {
    /// Nothing stands there.
    Empty,
    /// More than [`MOST_BYTES`](super::MOST_BYTES).
    TooLarge,
    /// A discovery document (OpenID Connect Discovery 1.0 section 3).
    Discovery {
        /// Where it says that the keys are. Never followed.
        jwks_uri: Option<String>,
    },
    /// A key set without keys.
    EmptySet,
    /// JSON of another kind.
    OtherJson,
    /// Text that begins like JSON and is not.
    Damaged(SyntaxError),
    /// Keys, and none of them can be used: what is wrong with the first.
    Unusable(Box<KeyNote>),
    /// A page for a browser, or metadata in XML.
    Markup,
    /// A token.
    Token,
    /// Neither JSON nor PEM nor DER.
    Unknown,
}

impl KeyNote {
    /// Whether it tells of something that nobody else may have.
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::PrivateKey { .. } | Self::SharedSecret { .. })
    }
}

impl fmt::Display for KeyNote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrivateKey { name } => {
                write!(out, "key {name} is there with its private half, which nobody else may have")
            }
            Self::SharedSecret { name } => {
                write!(out, "key {name} is a shared secret, which nobody else may have; it is used for nothing")
            }
            Self::Unusable { name, why } => write!(out, "key {name} cannot be used: {why}"),
            Self::OtherKind { name, kind } => write!(out, "key {name} cannot be used: nothing here checks with {kind}"),
            Self::CertificateDiffers { name } => {
                write!(out, "the certificate beside key {name} (x5c) holds another key, and was left aside")
            }
            Self::SameName { name } => write!(out, "two different keys are called {name}, so neither can be used"),
            Self::OtherBlock { label } => write!(out, "a block {label} was left out: it is no key"),
            Self::Damaged(error) => write!(out, "the JSON is damaged ({error}); what stands before that was used"),
        }
    }
}

impl fmt::Display for NoKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("it is empty"),
            Self::TooLarge => write!(out, "it is larger than {} MiB, and no key document is", super::MOST_BYTES >> 20),
            Self::Discovery { jwks_uri: Some(uri) } => {
                write!(out, "it is a discovery document, which only says where the keys are: save what {uri} answers")
            }
            Self::Discovery { jwks_uri: None } => {
                out.write_str("it is a discovery document, which holds no keys: save what its jwks_uri answers")
            }
            Self::EmptySet => out.write_str("its list of keys is empty"),
            Self::OtherJson => out.write_str("it is JSON without keys: expected a member keys or kty"),
            Self::Damaged(error) => write!(out, "its JSON is damaged before the first key: {error}"),
            Self::Unusable(note) => write!(out, "it holds no key to check with: {note}"),
            Self::Markup => out.write_str("it is a web page or XML, not the keys themselves"),
            Self::Token => out.write_str("it is a token, not the keys that tokens are signed with"),
            Self::Unknown => out.write_str("it is neither JSON nor PEM nor a certificate"),
        }
    }
}

impl std::error::Error for NoKeys {}
