//! Large inputs, in pieces.

use super::measure::Bound;
use super::report;
use tokentriage::extract::{self, Limits, Sighting, Window};

/// What is held at most: the segment with its context, decoded, and what is found in it.
const READING: Bound = Bound { per_byte: 512, beside: 1024 * 1024 };

/// See [`TARGETS`](super::TARGETS). Three bytes choose the limits, the fourth the length of the pieces.
pub fn window(data: &[u8]) {
    let Some((&[segment, context, longest, piece], input)) = data.split_first_chunk::<4>() else { return };
    let limits = Limits {
        segment: 64 + 16 * usize::from(segment),
        context: 16 + 8 * usize::from(context),
        longest: 64 * usize::from(longest),
    };
    let whole = READING.check("a window", input.len(), || sightings(limits, [input]));
    report::check_spans(whole.iter().map(|sighting| sighting.candidate.span), input.len());
    let words = |sightings: &[Sighting]| -> Vec<String> {
        sightings.iter().map(|Sighting { candidate, is_longer }| format!("{candidate:?} {is_longer}")).collect()
    };
    let in_pieces = sightings(limits, input.chunks(usize::from(piece) + 1));
    assert_eq!(words(&whole), words(&in_pieces), "pieces change what is found");
    if input.len() < limits.segment.saturating_add(limits.context) {
        let at_once: Vec<_> =
            extract::extract(input).candidates.iter().map(|candidate| format!("{candidate:?} false")).collect();
        assert_eq!(words(&whole), at_once, "one segment is not read as a paste is");
    }
}

fn sightings<'p>(limits: Limits, pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<Sighting> {
    let mut found = Vec::new();
    let mut window = Window::new(limits);
    for piece in pieces {
        window.push(piece, &mut |sighting| found.push(sighting));
    }
    window.finish(&mut |sighting| found.push(sighting));
    found
}
