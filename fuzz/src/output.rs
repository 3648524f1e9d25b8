//! What must hold for whatever is shown.

use serde::Serialize;
use serde_json::Value;
use tokentriage::jose::json::is_forbidden;
use tokentriage::render::{self, NARROWEST};
use unicode_width::UnicodeWidthStr;

/// Widths at which text is laid out: the narrowest, one that makes tables tight, the usual one.
pub(crate) const WIDTHS: [usize; 3] = [NARROWEST, 61, 80];

/// Whether tables are laid out at that width. They take longer than everything else together, so that it is done for one
/// input in sixteen: `chance` is any number that the input decides. The narrowest page has none.
pub(crate) fn is_turn_of(width: usize, chance: usize) -> bool {
    width == NARROWEST || chance % 16 == width % 16
}

/// Asserts that no character hides, moves or reverses text; `kept` are those that the format itself writes.
pub(crate) fn shows(what: &str, text: &str, kept: &[char]) {
    // Most text is visible ASCII, line by line.
    if text.split('\n').all(|line| line.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
        assert!(kept.contains(&'\n') || !text.contains('\n'), "{what} holds a line break: {text:?}");
        return;
    }
    // The table of the renderers and that of the JSON reader, which were written separately.
    let hidden = |character: &char| render::is_unsafe(*character) || is_forbidden(*character);
    if let Some(hidden) = text.chars().find(|character| hidden(character) && !kept.contains(character)) {
        panic!("{what} holds {hidden:?}: {text:?}");
    }
}

/// Writes a value as JSON, asserts that other readers take it, and gives text and value as they read it. The same of the
/// other layout, for some inputs as with [`is_turn_of`].
pub(crate) fn json(what: &str, value: &impl Serialize) -> (String, Value) {
    let read = |text: &str| -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{what} is no JSON: {error}\n{text}"))
    };
    let compact = render::json(value, false);
    shows(what, &compact, &[]);
    let read_back = read(&compact);
    if is_turn_of(usize::MAX, compact.len()) {
        let pretty = render::json(value, true);
        shows(what, &pretty, &['\n']);
        assert!(read_back == read(&pretty), "{what} differs between its layouts\n{compact}\n{pretty}");
    }
    (compact, read_back)
}

/// Asserts what holds for text of a page: nothing hides in it, no line is wider than asked, every line is ended.
pub(crate) fn page(what: &str, text: &str, width: usize, colour: bool) {
    let plain = if colour { without_colours(text) } else { text.to_owned() };
    shows(what, &plain, &['\n']);
    assert!(plain.is_empty() || plain.ends_with('\n'), "{what}: the last line is not ended\n{plain}");
    for line in plain.lines() {
        let columns = line.width();
        assert!(columns <= width, "{what}: {columns} columns, {width} asked\n{line}");
    }
}

/// Takes out the sequences that set bold and colours, whole: any other sequence stays, and is found.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|character: char| character.is_ascii_digit() || character == ';');
        match rest.strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => plain.extend(["\u{1b}[", piece]),
        }
    }
    plain
}

/// Asserts that a page of HTML has no other markup than what the program writes: known elements, closed in the order in
/// which they were opened, with known attributes in quotes, and links to nothing but addresses.
pub(crate) fn markup(page: &str) {
    const ELEMENTS: [&str; 36] = [
        "!doctype", "a", "article", "body", "code", "dd", "dl", "dt", "footer", "h1", "h2", "h3", "head", "header",
        "html", "li", "main", "meta", "ol", "p", "path", "pre", "rect", "section", "span", "style", "svg", "table",
        "tbody", "td", "th", "thead", "time", "title", "tr", "ul",
    ];
    const ATTRIBUTES: [&str; 22] = [
        "aria-hidden",
        "charset",
        "class",
        "content",
        "d",
        "fill-rule",
        "height",
        "href",
        "html",
        "http-equiv",
        "lang",
        "name",
        "preserveAspectRatio",
        "rel",
        "scope",
        "stroke",
        "stroke-width",
        "vector-effect",
        "viewBox",
        "width",
        "x",
        "y",
    ];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some((text, tag)) = rest.split_once('<') {
        let in_style = open.last() == Some(&"style");
        assert!(in_style || !text.contains('>'), "a text holds markup: {text:?}");
        let (tag, after) = tag.split_once('>').unwrap_or_else(|| panic!("a tag without end: {tag:?}"));
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in another order than opened");
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&name), "an element of no program: {tag:?}");
        while !attributes.trim().is_empty() {
            let (attribute, value) = attributes.trim_start().split_once("=\"").unwrap_or((attributes.trim(), "\""));
            assert!(ATTRIBUTES.contains(&attribute), "an attribute of no program: {tag:?}");
            let (value, others) = value.split_once('"').unwrap_or_else(|| panic!("an attribute without end: {tag:?}"));
            assert!(attribute != "href" || value.starts_with("https://"), "a link to {value:?}");
            attributes = others;
        }
        if !empty && !matches!(name, "!doctype" | "meta") {
            open.push(name);
        }
    }
    assert!(!rest.contains('>') && open.is_empty(), "not closed: {open:?}");
}

/// Asserts that comma-separated values are a table in which every field is quoted and none is a formula.
pub(crate) fn table(text: &str) {
    let mut columns = None;
    assert!(text.ends_with("\r\n"), "{text:?}");
    for line in text.split_terminator("\r\n") {
        let mut fields = 0;
        let mut rest = line;
        loop {
            rest = rest.strip_prefix('"').unwrap_or_else(|| panic!("a field without quotes: {line:?}"));
            let mut field = String::new();
            while let Some((piece, after)) = rest.split_once('"') {
                field.push_str(piece);
                rest = after;
                match rest.strip_prefix('"') {
                    Some(after) => {
                        field.push('"');
                        rest = after;
                    }
                    None => break,
                }
            }
            // What a spreadsheet takes for the field, whether it expects commas or semicolons.
            for part in field.split(';') {
                let start = part.trim_start_matches(|character: char| character.is_whitespace() || character == '"');
                assert!(!start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "a formula: {field:?}");
            }
            fields += 1;
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => break,
            }
        }
        assert_eq!(rest, "", "behind a field: {line:?}");
        assert_eq!(*columns.get_or_insert(fields), fields, "columns: {line:?}");
    }
}
