//! Cost under attack: what made-up input takes, doubled from 1 MiB to 256 MiB.
//!
//! `make bench-hostile` prints the table, with the largest ratio of a doubling and the lowest throughput at the end.
//! `--window` reads as large files are read, in pieces and with memory that does not grow; `--largest MIB` stops earlier;
//! the name of a shape measures that one alone. Every measurement is a process of its own, so that its peak of memory is
//! its own; of five the quickest counts.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is a program of its own: it reads the clock and starts processes"
)]

#[path = "../tests/hostile/mod.rs"]
mod hostile;

use hostile::{MEBIBYTE, SHAPES};
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;
use tokentriage::extract::{Window, extract};

/// How large the pieces are in which a window gets its input: what one call to the system reads.
const PIECE: usize = 64 << 10;

/// How many bytes are read at least in one measurement.
const LONG: usize = 64 * MEBIBYTE;

/// How often each measurement is taken.
const RUNS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["measure", way, shape, size] => measure(way == "window", shape, size.parse().expect("a number")),
        _ => table(&arguments),
    }
}

/// One measurement: seconds, the bytes of memory that the work took beyond its input, and the bytes of the input.
fn measure(by_window: bool, shape: &str, size: usize) {
    let input = SHAPES.iter().find(|(name, _)| *name == shape).expect("a shape").1(size);
    let before = memory("VmRSS:");
    // Linux forgets the peak so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    // Systems count the time of processors in ticks of some milliseconds: short work is repeated.
    let times = (LONG / size).max(1);
    let clock = Clock::start();
    for _ in 0..times {
        if by_window {
            let mut window = Window::default();
            for piece in input.chunks(PIECE) {
                window.push(piece, &mut |sighting| drop(black_box(sighting)));
            }
            window.finish(&mut |sighting| drop(black_box(sighting)));
        } else {
            black_box(extract(&input));
        }
    }
    let seconds = clock.seconds() / times as f64;
    println!("{seconds} {} {}", memory("VmHWM:").saturating_sub(before), input.len());
}

/// The processor time of this process, which other programs hardly change; where that is not told, the time of day.
enum Clock {
    Processor(f64),
    Day(Instant),
}

impl Clock {
    fn start() -> Self {
        processor_seconds().map_or_else(|| Self::Day(Instant::now()), Self::Processor)
    }

    fn seconds(&self) -> f64 {
        match self {
            Self::Processor(start) => processor_seconds().unwrap_or(f64::NAN) - start,
            Self::Day(start) => start.elapsed().as_secs_f64(),
        }
    }
}

fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// A figure of this process in bytes; zero where the system does not tell.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

fn table(arguments: &[String]) {
    let program = std::env::current_exe().expect("a path");
    let way = if arguments.iter().any(|argument| argument == "--window") { "window" } else { "whole" };
    let largest = arguments.iter().position(|argument| argument == "--largest").and_then(|at| arguments.get(at + 1));
    let largest: usize = largest.map_or(256, |text| text.parse().expect("--largest takes a number of MiB"));
    let chosen = |name: &str| arguments.iter().any(|argument| argument == name);
    let all = !SHAPES.iter().any(|(name, _)| chosen(name));
    let (mut steepest, mut slowest, mut hungriest) = ((0.0, ""), (f64::INFINITY, ""), (0.0, ""));
    println!("{:<20}{:>6}{:>9}{:>8}{:>13}", "shape", "MiB", "MB/s", "ratio", "memory MiB");
    for (name, _) in SHAPES.iter().filter(|(name, _)| all || chosen(name)) {
        let mut last: Option<f64> = None;
        let mut mebibytes = 1;
        while mebibytes <= largest {
            let run = || {
                let size = (mebibytes * MEBIBYTE).to_string();
                let output = Command::new(&program).args(["measure", way, name, &size]).output().expect("a process");
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                let values: Vec<f64> = text.split_whitespace().filter_map(|value| value.parse().ok()).collect();
                let [seconds, memory, length] = values[..] else { panic!("{name}: {output:?}") };
                (seconds, memory / MEBIBYTE as f64, length)
            };
            let runs: Vec<_> = (0..RUNS).map(|_| run()).collect();
            let (seconds, memory, length) =
                runs.into_iter().min_by(|one, other| one.0.total_cmp(&other.0)).expect("a run");
            let speed = length / seconds / 1e6;
            let ratio = last.map(|last| seconds / last);
            let shown = ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
            println!("{name:<20}{mebibytes:>6}{speed:>9.0}{shown:>8}{memory:>13.1}");
            if ratio.unwrap_or(0.0) > steepest.0 {
                steepest = (ratio.unwrap_or(0.0), name);
            }
            if speed < slowest.0 {
                slowest = (speed, name);
            }
            if memory > hungriest.0 {
                hungriest = (memory, name);
            }
            last = Some(seconds);
            mebibytes *= 2;
        }
    }
    println!("largest ratio of a doubling: {:.2} ({})", steepest.0, steepest.1);
    println!("lowest throughput: {:.0} MB/s ({})", slowest.0, slowest.1);
    println!("most memory beyond the input: {:.1} MiB ({})", hungriest.0, hungriest.1);
}
