//! GUIDs as text.

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
    let groups: [&[u8]; 5] = [&[a3, a2, a1, a0], &[b1, b0], &[c1, c0], &[d0, d1], &[e0, e1, e2, e3, e4, e5]];
    let mut text = String::with_capacity(36);
    for (place, group) in groups.into_iter().enumerate() {
        if place > 0 {
            text.push('-');
        }
        for byte in group {
            text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')));
        }
    }
    Some(text)
}
