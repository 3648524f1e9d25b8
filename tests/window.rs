//! What large inputs promise: however an input is cut, the same artefacts are found in it, and they are those that
//! reading the whole at once finds.

mod mint;

use mint::wrapping::{CARRIERS, HOLDERS};
use mint::{base, case};
use proptest::prelude::*;
use std::sync::LazyLock;
use tokentriage::extract::{Limits, Sighting, Window, extract};

const NOW: i64 = 1_772_359_200;

/// Small enough that every paste below is cut many times; longer than any artefact in them.
const SMALL: Limits = Limits { segment: 3_000, context: 2_048, longest: 64 * 1024 };

/// Everything that is put into logs: pastes of the corpus, and tokens in all that may hold them.
static PASTES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let mut pastes: Vec<_> = case::all().into_iter().map(|case| (case.name.clone(), case.paste())).collect();
    let token = base("graph-app-only", NOW).compact();
    for (holder, hold) in HOLDERS {
        for (carrier, carry) in CARRIERS {
            pastes.push((format!("{holder} in {carrier}"), carry(&hold(&token))));
        }
    }
    pastes.retain(|(_, paste)| paste.len() < 12_000 && std::str::from_utf8(paste).is_ok());
    pastes
});

/// What the window gives of an input that arrives in pieces.
fn sightings<'p>(limits: Limits, pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<Sighting> {
    let mut found = Vec::new();
    let mut window = Window::new(limits);
    for piece in pieces {
        window.push(piece, &mut |sighting| found.push(sighting));
    }
    window.finish(&mut |sighting| found.push(sighting));
    found
}

fn words(sightings: &[Sighting]) -> Vec<String> {
    sightings.iter().map(|Sighting { candidate, is_longer }| format!("{candidate:?} {is_longer}")).collect()
}

fn of_whole(paste: &[u8]) -> Vec<String> {
    extract(paste).candidates.iter().map(|candidate| format!("{candidate:?} false")).collect()
}

/// Lines of a log, so many bytes at least.
fn log(length: usize, seed: usize) -> String {
    let mut text = String::new();
    let mut number = seed;
    while text.len() < length {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let size = number >> 40 & 0x7F;
        text.push_str(&format!(
            "2026-03-01 10:00:00,{:03} INFO GET /orders/{number:x} {}\n",
            number % 1000,
            "·".repeat(size)
        ));
    }
    text
}

/// Where reading the whole and reading by the window differ, in words.
fn fault(name: &str, text: &[u8]) -> Option<String> {
    let (whole, found) = (of_whole(text), words(&sightings(SMALL, [text])));
    if whole == found {
        return None;
    }
    let other = whole.iter().zip(&found).position(|(one, other)| one != other).unwrap_or(whole.len().min(found.len()));
    let short = |list: &[String]| list.get(other).map(|text| text.chars().take(900).collect::<String>());
    Some(format!(
        "{name}: {} and {} artefacts\n  whole:  {:?}\n  window: {:?}",
        whole.len(),
        found.len(),
        short(&whole),
        short(&found)
    ))
}

#[test]
fn the_window_finds_what_the_whole_has() {
    let mut faults = Vec::new();
    for (index, (name, paste)) in PASTES.iter().enumerate() {
        let text = [
            log(4_000 + index * 97 % 3_000, index).as_bytes(),
            b"\n\n",
            paste,
            b"\n\n",
            log(4_000, index + 1).as_bytes(),
        ]
        .concat();
        faults.extend(fault(name, &text));
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), PASTES.len(), faults.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_split_gives_the_same(
        chosen in prop::collection::vec((0..PASTES.len(), 0_usize..4_000), 1..6),
        mut cuts in prop::collection::vec(0_usize..60_000, 0..40),
    ) {
        let mut text = Vec::new();
        for (paste, gap) in chosen {
            text.extend_from_slice(&PASTES[paste].1);
            text.extend_from_slice(b"\n");
            text.extend_from_slice(log(gap, paste).as_bytes());
        }
        cuts.push(text.len());
        cuts.sort_unstable();
        let mut last = 0;
        let pieces = cuts.iter().map(|&cut| {
            let cut = cut.min(text.len());
            let piece = &text[last..cut];
            last = cut;
            piece
        });
        prop_assert_eq!(words(&sightings(SMALL, pieces)), words(&sightings(SMALL, [text.as_slice()])));
    }
}

/// UTF-16 is decoded as it arrives, and offsets are those of the input.
#[test]
fn offsets_are_those_of_the_input_in_every_encoding() {
    let token = base("graph-delegated", NOW).compact();
    let text = format!("{}\nAuthorization: Bearer {token}\n{}", log(20_000, 1), log(20_000, 2));
    for (mark, encode) in [(&[0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]), (&[0xFE, 0xFF], u16::to_be_bytes)] {
        let bytes: Vec<u8> = mark.iter().copied().chain(text.encode_utf16().flat_map(encode)).collect();
        assert_eq!(words(&sightings(SMALL, bytes.chunks(7))), of_whole(&bytes));
    }
}

/// Of what is longer than the limit its beginning is read, and that is said.
#[test]
fn an_artefact_longer_than_the_limit_is_said_to_be() {
    let text = format!(
        "{}\neyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{}\n{}",
        log(5_000, 1),
        "A".repeat(200_000),
        log(5_000, 2)
    );
    let found = sightings(SMALL, text.as_bytes().chunks(1000));
    assert_eq!(found.iter().filter(|sighting| sighting.is_longer).count(), 1, "{}", found.len());
    assert!(found[0].is_longer && found[0].candidate.span.end - found[0].candidate.span.start <= SMALL.longest);
}

/// A brace where a segment begins is no place to end it.
#[test]
fn a_brace_where_a_segment_begins() {
    let limits = Limits { segment: 64, context: 16, longest: 64 };
    let text = format!("{}{{{}", "x".repeat(64), "y".repeat(500));
    assert!(sightings(limits, text.as_bytes().chunks(10)).is_empty());
}
