//! Opaque identifiers that can be read all the same: `rh` and `uti`.

use crate::guid;
use crate::jose::base64url;

/// What an `rh` claim holds: the tenant, and the resource (today) or the client (some years ago).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The tenant, as a GUID.
    pub tenant: String,
    /// Resource or client, as a GUID.
    pub application: String,
}

impl Reference {
    /// Reads `0.A…` or `1.A…`: three bytes of preamble, sixteen of the tenant, sixteen of the application.
    pub fn read(rh: &str) -> Option<Self> {
        let (version, rest) = rh.split_once('.')?;
        let value = rest.strip_suffix('.').unwrap_or(rest);
        if !matches!(version, "0" | "1") || value.contains('.') {
            return None;
        }
        let decoded = base64url::decode(value.as_bytes());
        if !decoded.deviations.is_empty() {
            return None;
        }
        let tenant = guid::from_bytes(decoded.bytes.get(3..19)?)?;
        let application = guid::from_bytes(decoded.bytes.get(19..35)?)?;
        Some(Self { tenant, application })
    }
}

/// A `uti` claim as the GUID that sign-in logs show as request ID: 22 characters, 16 bytes, little-endian groups.
pub fn uti_guid(uti: &str) -> Option<String> {
    (uti.len() == 22).then(|| base64url::decode(uti.as_bytes())).and_then(|decoded| guid::from_bytes(&decoded.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read() {
        // The example of the research on `uti`.
        assert_eq!(uti_guid("VGR-vkDfPECc5uaChCQJAA").as_deref(), Some("be7e6454-df40-403c-9ce6-e68284240900"));
        assert_eq!(uti_guid("VGR-vkDfPECc5uaChCQJA"), None);
        let rh = Reference::read("1.AVgANjmfYjtLPUSEyjrLsKpmxAMAAAAAAAAAwAAAAAAAAADR5mQHrA.").unwrap();
        assert_eq!(rh.tenant, "629f3936-4b3b-443d-84ca-3acbb0aa66c4");
        assert_eq!(rh.application, "00000003-0000-0000-c000-000000000000");
        for none in ["", "1.", "2.AVgA.", "1.AVgA.", "1.AVgA!NjmfYjtLPUSEyjrLsKpmxAMAAAAAAAAAwAAAAAAAAADR5mQHrA."] {
            assert_eq!(Reference::read(none), None, "{none}");
        }
    }
}
