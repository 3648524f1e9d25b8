//! Twice the input is at most twice the work, whatever the input: counted in what is allocated, which is the same in every
//! run. `make bench-hostile` measures the time, up to 256 MiB.

mod hostile;

use hostile::{MEBIBYTE, SHAPES};
use tokentriage::extract::{Window, extract};
use tokentriage::jose::base64url;
use tokentriage::{Options, analyze};

/// What a doubling may cost at most. Buffers that double now and then make it a little more than two.
const RATIO: f64 = 2.2;

/// Bytes of memory that an analysis may hold at most for each byte of input, and beside.
const HELD: (u64, u64) = (32, 1 << 20);

/// How many bytes a window may hold, however long the input is.
const WINDOW: u64 = 64 << 20;

#[test]
fn twice_the_input_is_at_most_twice_the_work() {
    for (name, make) in SHAPES {
        assert_linear(name, *make, &|input| drop(analyze(input, &Options::at(0))));
    }
}

/// A name, and claims of so many bytes.
type Claims = (&'static str, fn(usize) -> String);

/// Claims whose personal values are many or long, and stand in other claims too.
const PERSONAL: &[Claims] = &[
    ("values inside each other", |size| {
        let values: Vec<String> = (4..size.isqrt()).map(|length| format!("\"{}\"", "a".repeat(length))).collect();
        format!("\"verified_primary_email\":[{}],\"x\":\"{}\"", values.join(","), "a".repeat(size / 2))
    }),
    ("many values", |size| {
        let values: Vec<String> = (0..size / 16).map(|number| format!("\"value {number:06}\"")).collect();
        format!("\"verified_primary_email\":[{}]", values.join(","))
    }),
    ("many groups", |size| {
        let values: Vec<String> =
            (0..size / 39).map(|number| format!("\"{number:08x}-1111-4222-8333-444444444444\"")).collect();
        format!("\"groups\":[{}]", values.join(","))
    }),
    ("a long value", |size| format!("\"upn\":\"{}\",\"x\":\"{0}\"", "ada ".repeat(size / 8))),
    ("escapes", |size| format!("\"upn\":\"%2525\",\"x\":\"{}\"", "%2525252540".repeat(size / 11))),
];

#[test]
fn twice_the_personal_values_are_at_most_twice_the_work() {
    for (name, make) in PERSONAL {
        let token = |size: usize| {
            let claims = format!("{{\"aud\":\"x\",\"iss\":\"y\",{}}}", make(size / 4 * 3));
            let parts = [r#"{"typ":"JWT","alg":"RS256"}"#, &claims].map(|part| base64url::encode(part.as_bytes()));
            format!("{}.{}", parts.join("."), "A".repeat(342)).into_bytes()
        };
        assert_linear(name, token, &|input| {
            let mut report = analyze(input, &Options::at(0));
            report.redact();
        });
    }
}

fn assert_linear(name: &str, make: impl Fn(usize) -> Vec<u8>, work: &dyn Fn(&[u8])) {
    let cost = |size: usize| {
        let input = make(size);
        let cost = allocation_counter::measure(|| work(&input));
        let (each, beside) = HELD;
        let allowed = each * input.len() as u64 + beside;
        assert!(cost.bytes_max <= allowed, "{name}: {} bytes held for {size}, at most {allowed}", cost.bytes_max);
        (cost.count_total as f64, cost.bytes_total as f64)
    };
    let ((count, bytes), (twice_count, twice_bytes)) = (cost(MEBIBYTE / 2), cost(MEBIBYTE));
    // Of a thousand allocations that are made for any input a few more mean nothing.
    assert!(twice_count <= RATIO * count + 100.0, "{name}: {count} allocations, then {twice_count}");
    assert!(twice_bytes <= RATIO * bytes + 1e5, "{name}: {bytes} bytes allocated, then {twice_bytes}");
}

#[test]
fn a_window_holds_no_more_of_a_longer_input() {
    for (name, make) in SHAPES {
        let input = make(16 * MEBIBYTE);
        let held = allocation_counter::measure(|| {
            let mut window = Window::default();
            for piece in input.chunks(64 << 10) {
                window.push(piece, &mut drop);
            }
            window.finish(&mut drop);
        });
        assert!(held.bytes_max <= WINDOW, "{name}: {} bytes held", held.bytes_max);
    }
    // What is found in it is what the whole has.
    for (name, make) in SHAPES.iter().filter(|(name, _)| name.starts_with("ordinary")) {
        let input = make(3 * MEBIBYTE);
        let mut found = 0;
        let mut window = Window::default();
        window.push(&input, &mut |_| found += 1);
        window.finish(&mut |_| found += 1);
        assert_eq!(found, extract(&input).candidates.len(), "{name}");
    }
}

#[test]
fn a_window_forgets_the_errors_that_it_has_given_away() {
    let held = |lines: usize| {
        let input: Vec<String> =
            (0..lines).map(|line| format!("AADSTS{}: refused for the {line}th time\n", 50_000 + line % 900)).collect();
        let measured = allocation_counter::measure(|| {
            let mut window = Window::default();
            for line in &input {
                window.push(line.as_bytes(), &mut drop);
            }
            window.finish(&mut drop);
        });
        measured.bytes_max
    };
    let (long, longer) = (held(200_000), held(500_000));
    assert!(longer <= long + (16 << 10), "{long} bytes held, then {longer}");
}
