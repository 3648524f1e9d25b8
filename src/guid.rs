//! GUIDs.

use std::fmt;

/// True of the textual form of a GUID: 8-4-4-4-12 hexadecimal digits, without braces.
pub fn is_guid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Sixteen bytes as a GUID in the byte order of .NET: the first three groups little-endian. Absent where there are
/// not sixteen.
pub fn from_bytes(bytes: &[u8]) -> Option<String> {
    let &[a0, a1, a2, a3, b0, b1, c0, c1, d0, d1, e0, e1, e2, e3, e4, e5] = bytes else { return None };
    Some(Guid::from_digits([a3, a2, a1, a0, b1, b0, c1, c0, d0, d1, e0, e1, e2, e3, e4, e5]).to_string())
}

/// A GUID as its sixteen bytes, in the order of its digits. Shown in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid([u8; 16]);

impl Guid {
    /// The GUID of that text, in any letter case and without braces.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_guid(text.as_bytes()) {
            return None;
        }
        let mut digits = text.bytes().filter_map(|byte| u8::try_from(char::from(byte).to_digit(16)?).ok());
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            *byte = digits.next()? << 4 | digits.next()?;
        }
        Some(Self(bytes))
    }

    /// The GUID that is written with these bytes.
    pub const fn from_digits(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes in the order of its digits.
    pub const fn digits(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut text = [b'-'; 36];
        for slot in text.iter_mut().enumerate().filter(|(place, _)| !matches!(place, 8 | 13 | 18 | 23)).map(|own| own.1)
        {
            *slot = match digits.next().unwrap_or_default() {
                digit @ 0..10 => b'0'.saturating_add(digit),
                digit => b'a'.saturating_add(digit.saturating_sub(10)),
            };
        }
        formatter.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let text = "00000003-0000-0FF1-ce00-0123456789aB";
        let guid = Guid::parse(text).unwrap();
        assert_eq!(guid.to_string(), text.to_lowercase());
        assert_eq!((guid.digits()[3], guid.digits()[15]), (3, 0xab));
        assert_eq!(Guid::from_digits(*guid.digits()), guid);
        for other in [
            "",
            "00000003-0000-0ff1-ce00-0123456789a",
            "{00000003-0000-0ff1-ce00-0123456789}",
            "g0000003-0000-0ff1-ce00-0123456789ab",
        ] {
            assert_eq!(Guid::parse(other), None, "{other}");
        }
    }
}
