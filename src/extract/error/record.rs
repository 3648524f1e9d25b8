//! Records of the sign-in log as the portal exports them: tables with commas or tabs. Those in JSON come from `body`.

use super::{ErrorText, Origin, candidate, code, handle, text, window, window_before};
use crate::extract::Candidate;
use crate::extract::needle::Hit;
use crate::offset::Advance;

/// Columns of the exports, in lower case without blanks, and the handle each becomes; `code` and `message` are the
/// number and its text.
const COLUMNS: [(&str, &str); 28] = [
    ("resulttype", "code"),
    ("sign-inerrorcode", "code"),
    ("signinerrorcode", "code"),
    ("errorcode", "code"),
    ("status.errorcode", "code"),
    ("resultdescription", "message"),
    ("failurereason", "message"),
    ("status.failurereason", "message"),
    ("correlationid", "correlation_id"),
    ("requestid", "request_id"),
    ("originalrequestid", "request_id"),
    ("id", "request_id"),
    ("timegenerated", "timestamp"),
    ("timegenerated[utc]", "timestamp"),
    ("createddatetime", "timestamp"),
    ("date(utc)", "timestamp"),
    ("applicationid", "app"),
    ("appid", "app"),
    ("application", "app_name"),
    ("appdisplayname", "app_name"),
    ("resourceid", "resource"),
    ("resourceidentity", "resource"),
    ("resource", "resource_name"),
    ("resourcedisplayname", "resource_name"),
    ("userprincipalname", "user"),
    ("username", "user"),
    ("ipaddress", "ip"),
    ("resourcetenantid", "tenant"),
];

/// The widest table that is read, in columns; exports of the portal have about fifty.
const WIDEST: usize = 256;

/// Longest line of column names, in bytes.
const LONGEST_HEAD: usize = 8 * 1024;

/// Longest row that is read, in bytes.
const LONGEST_ROW: usize = 256 * 1024;

/// How many of [`RECORD_LABELS`], the first ones, are said of nothing but numbers of the sign-in service. Behind the
/// others a number counts where the catalogue has it.
const CERTAIN: usize = 4;

/// Finds records by the words of [`RECORD_LABELS`](known::RECORD_LABELS).
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Vec<Candidate>,
    /// One past the last label: none begins inside another.
    next: usize,
    /// One past the last record.
    floor: usize,
    /// Up to where lines were read as names of columns: none is read twice.
    tried: usize,
    /// The table that goes on to the end of the text.
    pub(super) open: Option<OpenTable>,
}

/// A table that may go on behind the end of the text.
#[derive(Debug)]
pub(in crate::extract) struct OpenTable {
    pub(in crate::extract) table: Table,
    /// Where its rows begin.
    pub(in crate::extract) rows: Vec<usize>,
}

impl Finder {
    /// Reads the rows of a table whose names of columns stand before the text; the first begins at `at`.
    pub(super) fn resume(&mut self, bytes: &[u8], at: usize, table: Table) {
        self.floor = self.rows(bytes, at, table);
        // What stands in front is part of the table.
        self.tried = self.floor;
    }

    /// A label stands there.
    pub(super) fn take(&mut self, bytes: &[u8], hit: &Hit, floor: usize) {
        if hit.start < self.next {
            return;
        }
        self.next = hit.end;
        if hit.start < self.floor {
            return;
        }
        let floor = self.floor.max(floor);
        if let Some((end, error)) = labelled(bytes, hit.start, hit.end, floor, hit.row < CERTAIN) {
            self.found.push(candidate(bytes, hit.start, end, Origin::SignIn, error));
            self.floor = end;
        } else if hit.start >= self.tried {
            let head = window(bytes, hit.start, LONGEST_HEAD);
            self.tried = hit.start.saturating_add(memchr::memchr(b'\n', head).unwrap_or(LONGEST_HEAD));
            if let Some((table, first)) = Table::at(bytes, hit.start, self.floor) {
                self.floor = self.rows(bytes, first, table);
            }
        }
    }

    /// Reads rows; gives the place behind the last.
    fn rows(&mut self, bytes: &[u8], at: usize, table: Table) -> usize {
        let mut rows = Vec::new();
        let end = table.rows(bytes, at, &mut self.found, |row| rows.push(row));
        self.open = (end >= bytes.len()).then_some(OpenTable { table, rows });
        end
    }
}

/// `Sign-in error code: 50126` and the list around it.
fn labelled(bytes: &[u8], start: usize, at: usize, floor: usize, certain: bool) -> Option<(usize, ErrorText)> {
    let rest = window(bytes, at, 32);
    let gap = rest
        .iter()
        .take(16)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b':' | b'=' | b'"' | b'\'' | b'\\' | b'\r' | b'\n' | b'|'))
        .count();
    if gap == 0 {
        return None;
    }
    let digits = rest.get(gap..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(rest.get(gap..gap.saturating_add(digits))?).ok()?;
    let code = if certain { code::from_number(number)? } else { code::known_number(number)? };
    let mut error = ErrorText::default();
    error.set_codes(vec![code]);
    let end = at.saturating_add(gap).saturating_add(digits);
    let front = text::clean(window_before(bytes, start, floor, 512));
    let behind = window(bytes, end, 1024);
    // A further number begins a further record.
    let next = [&b"rror code"[..], b"esultType"].iter().filter_map(|label| memchr::memmem::find(behind, label)).min();
    let behind = text::clean(behind.get(..next.unwrap_or(behind.len())).unwrap_or_default());
    let behind = behind.split("\n\n\n").next().unwrap_or_default();
    let lower = behind.to_ascii_lowercase();
    for label in ["failure reason:", "resultdescription:", "message:"] {
        if let Some(place) = lower.find(label) {
            let mut lines = behind.get(place.saturating_add(label.len())..).unwrap_or_default().trim_start().lines();
            let mut message = lines.next().unwrap_or_default().trim().to_owned();
            if let Some((_, details)) = lines.next().and_then(|line| line.trim().split_once("dditional details:")) {
                message = format!("{message}\n{}", details.trim());
            }
            let lead = error.codes.clone();
            error.read_message(message);
            error.set_codes(lead);
            break;
        }
    }
    handle::read_labels(behind, &mut error);
    handle::read_labels(&front, &mut error);
    Some((end, error))
}

/// A table of which the line of column names was read.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Table {
    separator: u8,
    columns: Vec<Option<&'static str>>,
}

impl Table {
    /// The table whose line of column names holds the place `at`, and the place of its first row.
    fn at(bytes: &[u8], at: usize, floor: usize) -> Option<(Self, usize)> {
        let before = window_before(bytes, at, floor, LONGEST_HEAD);
        let lead = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let start = at.saturating_sub(lead);
        let head = window(bytes, start, LONGEST_HEAD);
        let head = head.get(..memchr::memchr(b'\n', head)?)?;
        let has = |separator: u8| memchr::memchr(separator, head).is_some();
        let separator = match (has(b'\t'), has(b';'), has(b',')) {
            (true, ..) => b'\t',
            (false, true, false) => b';',
            _ => b',',
        };
        let (names, first) = row(bytes, start, separator)?;
        let columns: Vec<Option<&'static str>> = names.iter().map(|name| column(name)).collect();
        (names.len() >= 3 && columns.contains(&Some("code"))).then_some((Self { separator, columns }, first))
    }

    /// Reads rows from `at` on and adds those of errors. Gives the place behind the last row.
    fn rows(&self, bytes: &[u8], at: usize, found: &mut Vec<Candidate>, mut begins: impl FnMut(usize)) -> usize {
        let width = self.columns.len();
        let mut next = at;
        while let Some((fields, end)) = row(bytes, next, self.separator) {
            if fields.len().saturating_add(1) < width || fields.len() > width.saturating_add(1) {
                break;
            }
            begins(next);
            if let Some(error) = of_row(&self.columns, &fields) {
                let line = bytes.get(next..end).unwrap_or_default().trim_ascii_end().len();
                found.push(candidate(bytes, next, next.saturating_add(line), Origin::SignIn, error));
            }
            next = end;
        }
        next
    }
}

/// What a column of that name holds.
fn column(name: &str) -> Option<&'static str> {
    let plain: String = name.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let plain = plain.trim_start_matches('\u{FEFF}');
    COLUMNS.iter().find(|(column, _)| *column == plain).map(|(_, name)| *name)
}

fn of_row(columns: &[Option<&'static str>], fields: &[String]) -> Option<ErrorText> {
    let value = |wanted: &str| {
        let cells = columns.iter().zip(fields).filter(|(column, _)| **column == Some(wanted));
        cells.map(|(_, field)| field.trim()).find(|field| !field.is_empty())
    };
    let code = code::from_number(value("code")?)?;
    let mut error = ErrorText::default();
    for (column, field) in columns.iter().zip(fields) {
        match column {
            Some("code" | "message") | None => {}
            Some(name) if !field.trim().is_empty() => error.add(name, field.trim()),
            Some(_) => {}
        }
    }
    if let Some(message) = value("message") {
        error.read_message(message.to_owned());
    }
    error.set_codes(vec![code]);
    Some(error)
}

/// The fields of the row that begins at `at` (RFC 4180 section 2), and the place behind it.
fn row(bytes: &[u8], at: usize, separator: u8) -> Option<(Vec<String>, usize)> {
    let text = Some(window(bytes, at, LONGEST_ROW)).filter(|text| !text.is_empty())?;
    let mut fields = Vec::new();
    let mut field: Vec<u8> = Vec::new();
    let mut quoted = false;
    let mut index = 0;
    while let Some(&byte) = text.get(index) {
        index.advance(1);
        match byte {
            b'"' if quoted && text.get(index) == Some(&b'"') => {
                field.push(b'"');
                index.advance(1);
            }
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if byte == separator && !quoted => {
                fields.push(String::from_utf8_lossy(&std::mem::take(&mut field)).into_owned());
                if fields.len() > WIDEST {
                    return None;
                }
            }
            b'\r' if !quoted => {}
            _ => field.push(byte),
        }
    }
    fields.push(String::from_utf8_lossy(&field).into_owned());
    Some((fields, at.saturating_add(index)))
}
