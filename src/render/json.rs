//! The report as JSON: the public interface `tokentriage.report/1`.

use super::safe::is_unsafe;
use crate::offset::Advance;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{Result, Write};

/// Any value as JSON, without a line break at the end: a report, or what another command prints.
///
/// [`RawJson`](crate::report::RawJson) keeps the order, the duplicates and the number texts of its source; `pretty`
/// (two spaces, one member per line) sets its white space only. Characters that do not show as themselves
/// ([`Safe`](super::Safe) lists them) are written as `\u202e`, which is the same JSON.
pub fn json<T: Serialize + ?Sized>(value: &T, pretty: bool) -> String {
    let mut bytes = Vec::with_capacity(16 * 1024);
    let layout = Layout { pretty, depth: 0, empty: false };
    // The types of this crate serialise without error and a vector takes every byte.
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, layout));
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(bytes).unwrap_or_default()
}

/// White space and escapes.
struct Layout {
    pretty: bool,
    depth: usize,
    /// True between a bracket and the first thing in it.
    empty: bool,
}

impl Layout {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> Result<()> {
        self.depth.advance(1);
        self.empty = true;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if !std::mem::take(&mut self.empty) {
            self.line(writer)?;
        }
        writer.write_all(bracket)
    }

    fn line<W: ?Sized + Write>(&self, writer: &mut W) -> Result<()> {
        if self.pretty {
            writer.write_all(b"\n")?;
            for _ in 0..self.depth {
                writer.write_all(b"  ")?;
            }
        }
        Ok(())
    }

    fn item<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.empty = false;
        if !first {
            writer.write_all(b",")?;
        }
        self.line(writer)
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.item(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.item(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(if self.pretty { b": " } else { b":" })
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        write_shown(writer, fragment)
    }

    /// Raw JSON. In pretty form its structure is laid out anew; outside of strings no character but those of JSON's
    /// grammar can stand, so that escapes are set within strings only.
    fn write_byte_array<W: ?Sized + Write>(&mut self, writer: &mut W, value: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(value).unwrap_or("null");
        if !self.pretty {
            return write_shown(writer, text);
        }
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = token_length(rest);
            let (token, after) = rest.split_at(length);
            rest = after;
            if self.empty && !matches!(first, '}' | ']' | ' ' | '\t' | '\r' | '\n') {
                self.item(writer, true)?;
            }
            match first {
                '{' | '[' => self.open(writer, token.as_bytes())?,
                '}' | ']' => self.close(writer, token.as_bytes())?,
                ',' => self.item(writer, false)?,
                ':' => self.begin_object_value(writer)?,
                ' ' | '\t' | '\r' | '\n' => {}
                _ => write_shown(writer, token)?,
            }
        }
        Ok(())
    }
}

/// The length in bytes of the token that valid JSON begins with; at least 1 of text that is not empty.
pub(crate) fn token_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'"') => {
            let mut escaped = false;
            let end = bytes.iter().skip(1).position(|&byte| {
                let end = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                end
            });
            end.map_or(bytes.len(), |at| at.saturating_add(2))
        }
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n') => 1,
        _ => {
            let end = bytes.iter().position(|byte| b"\"{}[],: \t\r\n".contains(byte));
            end.unwrap_or(bytes.len())
        }
    }
}

/// Writes text of JSON with every character that does not show as itself as `\uXXXX`.
fn write_shown<W: ?Sized + Write>(writer: &mut W, text: &str) -> Result<()> {
    let mut rest = text;
    while let Some((at, character)) = rest.char_indices().find(|&(_, character)| is_unsafe(character)) {
        let (before, tail) = rest.split_at(at);
        writer.write_all(before.as_bytes())?;
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(writer, "\\u{unit:04x}")?;
        }
        let mut characters = tail.chars();
        characters.next();
        rest = characters.as_str();
    }
    writer.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::RawJson;

    #[derive(Serialize)]
    struct Outer {
        raw: RawJson,
        after: (u8, [u8; 0]),
    }

    #[test]
    fn keeps_the_texts_of_raw_json() {
        let source = r#"{"a":1.0,"a":12345678901234567890123,"b":{},"c":[],"d":[1e5,{"e":"x\\"},"{,:}\""],"f":null}"#;
        let pretty = r#"{
  "raw": {
    "a": 1.0,
    "a": 12345678901234567890123,
    "b": {},
    "c": [],
    "d": [
      1e5,
      {
        "e": "x\\"
      },
      "{,:}\""
    ],
    "f": null
  },
  "after": [
    1,
    []
  ]
}"#;
        let outer = Outer { raw: RawJson::new(source.to_owned()), after: (1, []) };
        assert_eq!(json(&outer, false), format!(r#"{{"raw":{source},"after":[1,[]]}}"#));
        assert_eq!(json(&outer, true), pretty);
        for scalar in ["1.00", "\"x\"", "true"] {
            assert_eq!(json(&RawJson::new(scalar.to_owned()), true), scalar);
        }
    }

    #[test]
    fn agrees_with_serde_json_on_everything_else() {
        let value = serde_json::json!({"a": [1, {"b": []}, "ü\n\"\\"], "c": {}, "d": {"e": 1.5}});
        assert_eq!(json(&value, false), serde_json::to_string(&value).unwrap());
        assert_eq!(json(&value, true), serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn escapes_what_does_not_show_as_itself() {
        let text = "a\u{202e}\u{7f}\u{e0041}\u{1b}🙂";
        let shown = "\"a\\u202e\\u007f\\udb40\\udc41\\u001b🙂\"";
        assert_eq!(json(text, true), shown);
        assert_eq!(serde_json::from_str::<String>(shown).unwrap(), text);
        assert_eq!(json(&RawJson::new("\"a\u{202e}\"".to_owned()), true), "\"a\\u202e\"");
    }
}
