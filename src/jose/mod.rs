//! JSON Object Signing and Encryption, read for evidence: nothing here trusts what it decodes.
//!
//! Nothing here fails either. Whatever deviates from the standard is decoded as far as it goes, and the deviation is
//! named with its place, because the deviation is often the reason why a token is refused.

pub mod base64url;
pub mod compact;
pub mod json;
pub mod keys;
pub mod signature;
