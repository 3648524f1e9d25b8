//! JSON Object Signing and Encryption, read for evidence: nothing here trusts what it decodes.
