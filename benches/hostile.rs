//! Cost under attack: what made-up input takes, doubled from 1 MiB to 256 MiB.
//!
//! `make bench-hostile` prints the table, with the largest ratio of a doubling and the lowest throughput at the end.
//! `--window` reads as large files are read, in pieces and with memory that does not grow; `--largest MIB` stops earlier;
//! the name of a shape measures that one alone. Every measurement is a process of its own, so that its peak of memory is
//! its own; of three the quickest counts.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is a program of its own: it reads the clock and starts processes"
)]

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;
use tokentriage::extract::{Window, extract};

const MEBIBYTE: usize = 1 << 20;

/// How large the pieces are in which a window gets its input: what one call to the system reads.
const PIECE: usize = 64 << 10;

/// How often each measurement is taken.
const RUNS: usize = 3;

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
    let clock = Clock::start();
    if by_window {
        let mut window = Window::default();
        for piece in input.chunks(PIECE) {
            window.push(piece, &mut |sighting| drop(black_box(sighting)));
        }
        window.finish(&mut |sighting| drop(black_box(sighting)));
    } else {
        black_box(extract(&input));
    }
    let seconds = clock.seconds();
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

/// A name, and the input of about so many bytes.
type Shape = (&'static str, fn(usize) -> Vec<u8>);

const SHAPES: &[Shape] = &[
    ("dots", |size| repeated(".", size)),
    ("braces", |size| repeated("{", size)),
    ("quotes", |size| repeated("\"", size)),
    ("backslashes", |size| repeated("\\", size)),
    ("eyJ", |size| repeated("eyJ", size)),
    ("percent", |size| repeated("%25", size)),
    ("nested JSON strings", |size| repeated(&nested(8), size)),
    ("duplicate keys", |size| enclosed("{", "\"a\":1,", "\"a\":1}", size)),
    ("empty names", |size| repeated("[{\"\":0},", size)),
    ("half UTF-16", |size| {
        let text = "Authorization: Bearer eyJ {\"error\":1}\r\n";
        let mut bytes: Vec<u8> = repeated(text, size / 4).iter().flat_map(|&byte| [byte, 0]).collect();
        bytes.extend(repeated(text, size - bytes.len()));
        bytes
    }),
    ("deep nesting", |size| {
        enclosed("", "{\"a\":", "1", size / 6 * 5).into_iter().chain(repeated("}", size / 6)).collect()
    }),
    ("near-tokens", |size| repeated("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9x.", size)),
    ("ordinary log", |size| {
        repeated(
            "2026-03-01 10:00:00,123 INFO  [http-nio-8080-exec-4] com.example.web.RequestLog : GET /api/orders/4711?page=2 200 34 ms user=mika\n",
            size,
        )
    }),
    ("ordinary HAR", |size| {
        enclosed(
            "{\"log\":{\"version\":\"1.2\",\"entries\":[",
            r#"{"startedDateTime":"2026-03-01T10:00:00.000Z","time":12.5,"request":{"method":"GET","url":"https://shop.fernweh.example/assets/app.js?v=81","httpVersion":"HTTP/2","headers":[{"name":"Accept","value":"*/*"},{"name":"User-Agent","value":"Mozilla/5.0 (X11; Linux x86_64)"}],"queryString":[{"name":"v","value":"81"}],"cookies":[],"headersSize":-1,"bodySize":0},"response":{"status":200,"statusText":"","headers":[{"name":"content-type","value":"application/javascript"}],"content":{"size":1200,"mimeType":"application/javascript","text":"(function(e,t){\"use strict\";var n=e.document;function r(o){return o&&o.__esModule?o.default:o}\nvar i={a:1,b:[2,3],c:function(){return this.a}};t.render=function(s){for(var u=0;u<s.length;u++){n.createElement(\"div\").textContent=s[u].title}}\n})(window,window.app||(window.app={}));"},"redirectURL":"","headersSize":-1,"bodySize":1200},"cache":{},"timings":{"send":0,"wait":10,"receive":2.5}},"#,
            "{}]}}",
            size,
        )
    }),
];

fn repeated(unit: &str, size: usize) -> Vec<u8> {
    unit.as_bytes().repeat(size.div_ceil(unit.len()))
}

fn enclosed(front: &str, unit: &str, back: &str, size: usize) -> Vec<u8> {
    [front.as_bytes(), &repeated(unit, size.saturating_sub(front.len() + back.len())), back.as_bytes()].concat()
}

/// JSON in JSON strings.
fn nested(depth: usize) -> String {
    (0..depth)
        .fold("{}".to_owned(), |text, _| format!("{{\"a\":\"{}\"}}", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
