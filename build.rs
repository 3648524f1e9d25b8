//! Packs the larger tables of the catalogue into the columns that the program reads in place.
//!
//! `src/catalog/data/*.tsv` are what people read and edit; they hold every GUID as text, every word spelled out and
//! every reference as the key of the other row. `src/catalog/packed.rs` reads what is written here:
//!
//! | column | files | content |
//! |---|---|---|
//! | planes | `NAME` | of values of several bytes (GUIDs, codes) the first byte of each, then the second of each, … |
//! | lines | `NAME`, `NAME.starts` | texts, one a line; where every 32nd line starts (u32) |
//! | prose | `NAME`, `NAME.starts`, `NAME.words`, `NAME.words.starts` | lines in which frequent words are a byte (80 to EF) or two (F0 to F3, then 21 to FF): the number of the word; the words as lines |
//! | words | `NAME`, `NAME.list`, `NAME.list.starts` | of each row, the number of its line (u8); the distinct lines |
//! | numbers | `NAME` | u16 or u32, one a row |
//! | front-coded | `NAME.shared`, `NAME`, `NAME.starts` | of each text, how many bytes it shares with the one before (u8; 0 for every 32nd text), and the rest as lines |
//!
//! All numbers are little endian. `tests/catalog.rs` reads every row back and compares it with the tables.
#![allow(clippy::disallowed_methods, reason = "a build script reads the tables and writes what it packed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// How many lines share one start.
const BLOCK: usize = 32;
/// The number for "none" among references.
const NONE: u16 = u16::MAX;
/// Bytes that stand for a word.
const WORDS_IN_ONE: std::ops::Range<u8> = 0x80..0xF0;
/// Bytes that stand for a word together with the one behind.
const WORDS_IN_TWO: std::ops::Range<u8> = 0xF0..0xF4;
/// Those behind: neither blanks nor what ends a column or a line.
const SECOND_BYTES: std::ops::RangeInclusive<u8> = 0x21..=0xFF;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/catalog/data");
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the folder of the package"));
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is generated"));
    let tables = manifest.join("src/catalog/data");
    let packer = Packer { folder };
    let apps = Rows::read(&tables, "apps");
    apps_columns(&packer, &apps);
    audiences_columns(&packer, &Rows::read(&tables, "audiences"), &apps);
    roles_columns(&packer, &Rows::read(&tables, "directory_roles"));
    let permissions = Rows::read(&tables, "permissions");
    permissions_columns(&packer, &permissions);
    risk_columns(&packer, &Rows::read(&tables, "risk_permissions"), &permissions);
    let read = |name| Rows::read(&tables, name);
    errors_columns(&packer, &read("error_codes"), &read("error_names"), &read("graph_errors"));
}

fn apps_columns(packer: &Packer, apps: &Rows) {
    packer.guids("apps.ids", apps.column("app_id"));
    packer.lines("apps.names", apps.joined(&["name", "note"]));
    packer.words("apps.facts", apps.joined(&["owner", "first_party", "family", "public_client", "resource", "abused"]));
    packer.words("apps.graph_scopes", apps.joined(&["graph_scopes"]));
}

/// The resource is the row of `apps`; those that are not there follow behind. Its ID inside the audience is written as
/// `{id}`. The rows are in the order of `searched`.
fn audiences_columns(packer: &Packer, audiences: &Rows, apps: &Rows) {
    let of_app: BTreeMap<&str, usize> = apps.column("app_id").enumerate().map(|(row, id)| (id, row)).collect();
    let others: BTreeSet<&str> =
        audiences.column("resource_app_id").filter(|id| !id.is_empty() && !of_app.contains_key(id)).collect();
    let of_other: BTreeMap<&str, usize> = others.iter().enumerate().map(|(at, id)| (*id, of_app.len() + at)).collect();
    let number = |id: &str| match of_app.get(id).or_else(|| of_other.get(id)) {
        Some(number) => small(*number),
        None => NONE,
    };
    let mut rows: Vec<(String, u16, String)> = audiences
        .column("audience")
        .zip(audiences.column("resource_app_id"))
        .zip(audiences.joined(&["resource_name", "cloud", "class", "scope", "note"]))
        .map(|((audience, id), facts)| {
            let generic = if id.is_empty() { audience.to_owned() } else { audience.replace(id, "{id}") };
            (searched(&generic), number(id), facts)
        })
        .collect();
    rows.sort();
    packer.front_coded("audiences.keys", rows.iter().map(|(key, ..)| key.as_str()));
    packer.numbers("audiences.resources", rows.iter().map(|(_, resource, _)| *resource));
    packer.words("audiences.facts", rows.iter().map(|(.., facts)| facts.clone()));
    packer.guids("audiences.others", others.into_iter());
}

/// The form in which audiences are searched: the labels of the host backwards, then the path, then a blank and the
/// scheme, which `https` goes without. `https://vault.azure.net/x` is `net.azure.vault/x`. Names of one service then
/// stand side by side and share their beginning. `src/catalog/audiences.rs` does the same.
fn searched(audience: &str) -> String {
    let Some((scheme, rest)) = audience.split_once("://") else { return format!("{audience} ") };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let labels: Vec<&str> = host.split('.').rev().collect();
    let scheme = if scheme == "https" { String::new() } else { format!(" {scheme}") };
    format!("{}{path}{scheme}", labels.join("."))
}

fn roles_columns(packer: &Packer, roles: &Rows) {
    packer.guids("directory_roles.ids", roles.column("template_id"));
    packer.lines("directory_roles.names", roles.joined(&["name", "alias"]));
    packer.words("directory_roles.facts", roles.joined(&["marker", "privileged", "tier"]));
}

/// GUIDs of the delegated permissions in the order of the rows, then those of the application permissions. One bit a row
/// says which rows have one: first for all delegated, then for all application permissions.
fn permissions_columns(packer: &Packer, permissions: &Rows) {
    let guids = || ["delegated_guid", "application_guid"].map(|column| permissions.column(column));
    packer.guids("permissions.ids", guids().into_iter().flatten().filter(|id| !id.is_empty()));
    let bits = guids().into_iter().flat_map(|column| {
        let has: Vec<bool> = column.map(|id| !id.is_empty()).collect();
        let byte = |eight: &[bool]| eight.iter().rev().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit));
        has.chunks(8).map(byte).collect::<Vec<u8>>()
    });
    packer.write("permissions.has", &bits.collect::<Vec<u8>>());
    packer.lines("permissions.names", permissions.joined(&["name"]));
    packer.words(
        "permissions.facts",
        permissions.joined(&[
            "admin_consent",
            "delegated_level",
            "application_level",
            "personal",
            "resource_specific",
            "delegated_live",
            "application_live",
        ]),
    );
}

/// The key is the row of the permission, doubled, and one more for the application permission.
fn risk_columns(packer: &Packer, risks: &Rows, permissions: &Rows) {
    let of_permission: BTreeMap<&str, usize> =
        permissions.column("name").enumerate().map(|(row, name)| (name, row)).collect();
    let key = |(name, kind): (&str, &str)| {
        let row = of_permission.get(name).unwrap_or_else(|| panic!("risk_permissions: {name} is no permission"));
        small(row * 2 + usize::from(kind == "application"))
    };
    let keys = risks.column("permission").zip(risks.column("kind")).map(key);
    let facts = risks.joined(&["category", "tier", "path", "mass_data"]);
    let rows: BTreeMap<u16, String> = keys.zip(facts).collect();
    packer.numbers("risk_permissions.keys", rows.keys().copied());
    packer.words("risk_permissions.facts", rows.into_values());
}

/// Codes are numbers, those of B2C with the highest bit set, in that order. Codes, names and answers of Graph share the
/// columns of their explanations, in that order.
fn errors_columns(packer: &Packer, codes: &Rows, names: &Rows, graph: &Rows) {
    const B2C: u32 = 1 << 31;
    let number = |code: &str| {
        let (digits, flag) = code.strip_prefix("AADB2C").map_or((code, 0), |digits| (digits, B2C));
        flag | digits.parse::<u32>().unwrap_or_else(|_| panic!("error_codes: {code} is no number"))
    };
    let by_number: BTreeMap<u32, usize> =
        codes.column("code").enumerate().map(|(row, code)| (number(code), row)).collect();
    let codes = codes.in_order(by_number.values().copied());
    let place: BTreeMap<&str, usize> = codes.column("code").enumerate().map(|(row, code)| (code, row)).collect();

    packer.planes("error_codes.codes", &by_number.keys().map(|code| code.to_be_bytes()).collect::<Vec<_>>());
    packer.lines("error_codes.names", codes.joined(&["name"]));
    packer.words("error_codes.families", codes.joined(&["family"]));
    // How many rows further the related code stands.
    let related = codes.column("related").enumerate().map(|(row, related)| {
        let steps = related.split_whitespace().map(|code| {
            let other = place.get(code).unwrap_or_else(|| panic!("error_codes: {code} is related and not there"));
            (i64::try_from(*other).unwrap() - i64::try_from(row).unwrap()).to_string()
        });
        steps.collect::<Vec<_>>().join(" ")
    });
    packer.lines("error_codes.related", related);
    let mut named: Vec<(String, u16)> = codes
        .column("name")
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
        .map(|(row, name)| (name.to_ascii_lowercase(), small(row)))
        .collect();
    named.sort();
    packer.numbers("error_codes.by_name", named.into_iter().map(|(_, row)| row));
    packer.lines("error_names.keys", names.joined(&["value", "kind"]));
    packer.lines("graph_errors.keys", graph.joined(&["code", "fragment"]));

    let all = [&codes, names, graph];
    let joined = |columns: &[&str]| all.iter().flat_map(|rows| rows.joined(columns)).collect::<Vec<_>>();
    packer.prose("explanations.texts", &joined(&["meaning", "fix"]));
    packer.words("explanations.facts", joined(&["fixer", "next", "sure"]));
    findings_columns(packer, &joined(&["finding"]), &joined(&["alternatives"]));
}

/// Findings by their numbers, 0 for none. Of alternatives the number of their set; each set is the numbers of its
/// findings and a zero.
fn findings_columns(packer: &Packer, findings: &[String], alternatives: &[String]) {
    let all: BTreeSet<&str> = findings.iter().chain(alternatives).flat_map(|ids| ids.split_whitespace()).collect();
    let byte = |number: usize| u8::try_from(number).expect("at most 255 findings and as many sets of them");
    let number: BTreeMap<&str, u8> = all.iter().enumerate().map(|(at, id)| (*id, byte(at + 1))).collect();
    let sets: BTreeSet<&str> = alternatives.iter().map(String::as_str).collect();
    let set: BTreeMap<&str, u8> = sets.iter().enumerate().map(|(at, ids)| (*ids, byte(at))).collect();
    let finding = |id: &String| number.get(id.as_str()).copied().unwrap_or(0);
    let with_end = |ids: &str| ids.split_whitespace().map(|id| number[id]).chain([0]).collect::<Vec<u8>>();
    packer.write("explanations.findings", &findings.iter().map(finding).collect::<Vec<u8>>());
    packer.write("explanations.alternatives", &alternatives.iter().map(|ids| set[ids.as_str()]).collect::<Vec<u8>>());
    packer.write("explanations.sets", &sets.iter().flat_map(|ids| with_end(ids)).collect::<Vec<u8>>());
    packer.lines("explanations.ids", all.into_iter().map(str::to_owned));
}

/// A table as it is edited.
struct Rows {
    name: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn read(folder: &Path, name: &str) -> Self {
        let path = folder.join(name).with_extension("tsv");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
        let header = lines.next().unwrap_or_else(|| panic!("{name}: no header"));
        let rows = lines.map(|mut row| {
            assert!(row.len() <= header.len(), "{name}: {row:?} has more columns than the header");
            row.resize(header.len(), String::new());
            row
        });
        let rows = rows.collect();
        Self { name: name.to_owned(), header, rows }
    }

    fn place(&self, column: &str) -> usize {
        let place = self.header.iter().position(|name| name == column);
        place.unwrap_or_else(|| panic!("{}: there is no column {column}", self.name))
    }

    fn column(&self, column: &str) -> impl Iterator<Item = &str> {
        let place = self.place(column);
        self.rows.iter().map(move |row| row[place].as_str())
    }

    /// Several columns with tabs between them; empty ones at the end are left out.
    fn joined(&self, columns: &[&str]) -> impl Iterator<Item = String> {
        let places: Vec<usize> = columns.iter().map(|column| self.place(column)).collect();
        self.rows.iter().map(move |row| {
            let cells: Vec<&str> = places.iter().map(|place| row[*place].as_str()).collect();
            cells.join("\t").trim_end_matches('\t').to_owned()
        })
    }

    fn in_order(&self, order: impl Iterator<Item = usize>) -> Self {
        let rows = order.map(|row| self.rows[row].clone()).collect();
        Self { name: self.name.clone(), header: self.header.clone(), rows }
    }
}

/// Writes columns.
struct Packer {
    folder: PathBuf,
}

impl Packer {
    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn guids<'a>(&self, name: &str, guids: impl Iterator<Item = &'a str>) {
        let all: Vec<u128> = guids
            .map(|guid| {
                assert_eq!(guid.len(), 36, "{name}: {guid} is no GUID");
                u128::from_str_radix(&guid.replace('-', ""), 16).unwrap_or_else(|_| panic!("{name}: {guid} is no GUID"))
            })
            .collect();
        self.planes(name, &all.iter().map(|guid| guid.to_be_bytes()).collect::<Vec<_>>());
    }

    fn planes<const N: usize>(&self, name: &str, values: &[[u8; N]]) {
        let planes = (0..N).flat_map(|place| values.iter().map(move |value| value[place]));
        self.write(name, &planes.collect::<Vec<u8>>());
    }

    fn lines(&self, name: &str, lines: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        let (mut text, mut starts) = (Vec::new(), Vec::new());
        for (row, line) in lines.into_iter().enumerate() {
            if row % BLOCK == 0 {
                starts.extend(u32::try_from(text.len()).expect("a table of less than 4 GiB").to_le_bytes());
            }
            text.extend(line.as_ref());
            text.push(b'\n');
        }
        self.write(name, &text);
        self.write(&format!("{name}.starts"), &starts);
    }

    /// A word is letters, digits and hyphens with the blank before them. What is not ASCII has to be written as a word.
    fn prose(&self, name: &str, lines: &[String]) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for piece in lines.iter().flat_map(|line| pieces(line)).filter(|piece| piece.len() > 1) {
            *counts.entry(piece).or_default() += 1;
        }
        let in_one = most_saving(&counts, 1, WORDS_IN_ONE.len(), |word| word.is_ascii());
        let is_left = |word: &str| !in_one.contains(&word) && (word.len() > 3 || !word.is_ascii());
        let in_two = most_saving(&counts, 2, WORDS_IN_TWO.len() * SECOND_BYTES.len(), is_left);
        let of_two = WORDS_IN_TWO.flat_map(|first| SECOND_BYTES.map(move |second| vec![first, second]));
        let codes = in_one.iter().zip(WORDS_IN_ONE.map(|byte| vec![byte])).chain(in_two.iter().zip(of_two));
        let codes: BTreeMap<&str, Vec<u8>> = codes.map(|(word, code)| (*word, code)).collect();
        let write = |line: &String| {
            let written = pieces(line).map(|piece| codes.get(piece).map_or(piece.as_bytes(), |code| code));
            written.flatten().copied().collect::<Vec<u8>>()
        };
        assert!(counts.keys().all(|word| word.is_ascii() || codes.contains_key(word)), "{name}: too little is ASCII");
        self.lines(name, lines.iter().map(write));
        self.lines(&format!("{name}.words"), in_one.iter().chain(&in_two));
    }

    fn words(&self, name: &str, lines: impl IntoIterator<Item = String>) {
        let lines: Vec<String> = lines.into_iter().collect();
        let list: BTreeSet<&str> = lines.iter().map(String::as_str).collect();
        let number: BTreeMap<&str, u8> = list
            .iter()
            .enumerate()
            .map(|(at, line)| {
                (*line, u8::try_from(at).unwrap_or_else(|_| panic!("{name}: more than 256 distinct values")))
            })
            .collect();
        self.write(name, &lines.iter().map(|line| number[line.as_str()]).collect::<Vec<u8>>());
        self.lines(&format!("{name}.list"), list.into_iter().map(str::to_owned));
    }

    fn numbers(&self, name: &str, numbers: impl Iterator<Item = u16>) {
        self.write(name, &numbers.flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    }

    fn front_coded<'a>(&self, name: &str, texts: impl Iterator<Item = &'a str>) {
        let (mut shared, mut rests, mut before) = (Vec::new(), Vec::new(), "");
        for (row, text) in texts.enumerate() {
            let same = text.bytes().zip(before.bytes()).take_while(|(one, two)| one == two).count();
            let same = if row % BLOCK == 0 { 0 } else { same };
            shared.push(u8::try_from(same).unwrap_or_else(|_| panic!("{name}: {text} is too long")));
            rests.push(text[same..].to_owned());
            before = text;
        }
        self.write(&format!("{name}.shared"), &shared);
        self.lines(name, rests);
    }
}

/// A text taken apart: words, each with the blank before it, and single characters.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let in_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let mut rest = line;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let blank = usize::from(first == ' ');
        let word = rest[blank..].find(|character| !in_word(character)).unwrap_or(rest.len() - blank);
        let length = if word > 0 { blank + word } else { first.len_utf8() };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(piece)
    })
}

/// The words that save most where they are written as so many bytes, sorted; first of all those that are not ASCII.
fn most_saving<'w>(
    counts: &BTreeMap<&'w str, usize>,
    bytes: usize,
    at_most: usize,
    fits: impl Fn(&str) -> bool,
) -> Vec<&'w str> {
    let mut words: Vec<&str> = counts
        .iter()
        .filter(|(word, count)| fits(word) && (**count > 2 || !word.is_ascii()))
        .map(|(word, _)| *word)
        .collect();
    let saved = |word: &str| (counts[word] - 1) * word.len().saturating_sub(bytes);
    words.sort_by_key(|word| (word.is_ascii(), std::cmp::Reverse(saved(word))));
    words.truncate(at_most);
    words.sort_unstable();
    words
}

/// A number of 16 bits that is not [`NONE`].
fn small(number: usize) -> u16 {
    u16::try_from(number).ok().filter(|number| *number != NONE).expect("a table of less than 65535 rows")
}
