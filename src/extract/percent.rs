//! The readings of a text in which percent-encoding may be undone: what an address carries says the same to whoever
//! decodes it.

use super::CONTAINER_DEPTH;
use std::ops::Range;

/// One reading of a text, with the way back to the text itself.
pub(crate) struct Reading<'a> {
    /// The bytes, escapes undone.
    pub(crate) bytes: &'a [u8],
    /// Where each byte begins in the text, and where the last one ends; empty where nothing was undone.
    places: &'a [u32],
}

impl Reading<'_> {
    /// Where a range of the reading stands in the text.
    pub(crate) fn back(&self, range: Range<usize>) -> Range<usize> {
        let back = |at: usize| self.places.get(at).map_or(at, |&place| usize::try_from(place).unwrap_or(at));
        back(range.start)..back(range.end)
    }
}

/// Calls `visit` with the text as it stands, and then as long as there are escapes with these undone once more: an
/// address may have been encoded once, and again inside another.
pub(crate) fn readings(text: &str, visit: &mut dyn FnMut(&Reading<'_>)) {
    visit(&Reading { bytes: text.as_bytes(), places: &[] });
    let Some(end) = u32::try_from(text.len()).ok().filter(|_| text.contains('%')) else { return };
    let mut bytes = text.as_bytes().to_vec();
    let mut places: Vec<u32> = (0..=end).collect();
    for _ in 0..CONTAINER_DEPTH {
        if !undo(&mut bytes, &mut places) {
            break;
        }
        visit(&Reading { bytes: &bytes, places: &places });
    }
}

/// Undoes the escapes once, in place; false where there is none. What is no whole escape stays.
fn undo(bytes: &mut Vec<u8>, places: &mut Vec<u32>) -> bool {
    let (mut from, mut to) = (0_usize, 0_usize);
    while let (Some(&byte), Some(&place)) = (bytes.get(from), places.get(from)) {
        let digit = |ahead: usize| char::from(*bytes.get(from.saturating_add(ahead))?).to_digit(16);
        let value = match (byte, digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high << 4 | low).ok(),
            _ => None,
        };
        from = from.saturating_add(if value.is_some() { 3 } else { 1 });
        if let (Some(slot), Some(own)) = (bytes.get_mut(to), places.get_mut(to)) {
            (*slot, *own) = (value.unwrap_or(byte), place);
        }
        to = to.saturating_add(1);
    }
    let undone = to < from;
    let end = places.last().copied();
    bytes.truncate(to);
    places.truncate(to);
    places.extend(end);
    undone
}

/// The text with something else in place of each range; none where there is no range. Ranges that overlap are replaced
/// together, by what stands in place of the first.
pub(crate) fn replaced(text: &str, mut ranges: Vec<(Range<usize>, &'static str)>) -> Option<String> {
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_unstable_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut ranges = ranges.into_iter().peekable();
    while let Some((mut range, instead)) = ranges.next() {
        while let Some((next, _)) = ranges.next_if(|(next, _)| next.start < range.end) {
            range.end = range.end.max(next.end);
        }
        out.push_str(text.get(done..range.start).unwrap_or_default());
        out.push_str(instead);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_knows_the_way_back() {
        let text = "a%2540b%4z%c3%BC%";
        let mut seen = Vec::new();
        readings(text, &mut |reading| {
            let whole: String = (0..reading.bytes.len()).filter_map(|at| text.get(reading.back(at..at + 1))).collect();
            assert_eq!(whole, text);
            seen.push(String::from_utf8_lossy(reading.bytes).into_owned());
        });
        assert_eq!(seen, [text, "a%40b%4z\u{fc}%", "a@b%4z\u{fc}%"]);
        let mut count = 0;
        readings("100 %", &mut |_| count += 1);
        assert_eq!(count, 1);
    }
}
