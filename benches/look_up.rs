//! How long a question to the table of permissions takes: `cargo bench --bench look_up`.
//!
//! A question is what the page and the command ask: a call as text, read, looked up, and its least permissions and those
//! that would also do for each kind of token. The promise is 2 µs for finding a call in the table.
#![allow(clippy::disallowed_methods, reason = "measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};
use tokentriage::permission::{self, Catalogue, Match, Scheme};
use tokentriage::scenario::Call;

/// Each measurement is repeated, and the fastest counts: what else the machine did only makes it slower.
const ROUNDS: usize = 15;

fn main() {
    let catalogue = permission::embedded();
    // Every call of the table, as somebody would write it.
    let written: Vec<String> = catalogue
        .calls()
        .map(|(method, template)| {
            format!("{method} https://graph.microsoft.com/v1.0{}", template.replace("{id}", "42"))
        })
        .collect();
    let parsed: Vec<Call> = written.iter().filter_map(|text| catalogue.parse(text).ok()).collect();
    let find = |call: &Call| matches!(catalogue.answer(call).matched, Match::None(_));
    report("read", &written, |text| catalogue.parse(text).is_ok());
    report("find", &parsed, find);
    report("read and find", &written, |text| catalogue.parse(text).is_ok_and(|call| find(&call)));
    report("all permissions of a call", &parsed, |call| everything(catalogue, call));
    let cmdlets =
        ["Get-MgUser -UserId x", "Get-MgUserMailFolderMessage -UserId x -MailFolderId y", "New-MgGroupMember"];
    report("cmdlet", &cmdlets, |text| catalogue.parse(text).is_ok());
}

fn everything(catalogue: &Catalogue, call: &Call) -> bool {
    let answer = catalogue.answer(call);
    Scheme::ALL.into_iter().map(|scheme| answer.claims(scheme).count()).sum::<usize>() > 0
}

fn report<T>(name: &str, questions: &[T], ask: impl Fn(&T) -> bool) {
    let round = || {
        let start = Instant::now();
        questions.iter().for_each(|question| {
            black_box(ask(black_box(question)));
        });
        start.elapsed()
    };
    let fastest = (0..ROUNDS).map(|_| round()).min().unwrap_or(Duration::ZERO);
    let each = fastest.as_secs_f64() * 1e6 / questions.len().max(1) as f64;
    println!("{name:26} {each:8.3} µs  ({} questions)", questions.len());
}
