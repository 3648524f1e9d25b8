//! Objects as programs print them, read as JSON: Python (`{'error': None}`, `u'…'`), Node.js (`{ error: '…' }`), Ruby
//! (`{"error"=>"…"}`), and JSON with line breaks inside its strings.

use crate::offset::Advance;

/// Larger objects are none that a program printed, in bytes.
const LARGEST: usize = 256 * 1024;

/// Nesting that is followed.
const DEEPEST: usize = 32;

/// The object that begins at `text` (a brace) as JSON text, and the length that was read. Reading stops at the first
/// byte that fits no notation; what is open there is closed. Every byte is read once.
pub(in crate::extract) fn to_json(text: &[u8]) -> (Vec<u8>, usize) {
    let text = text.get(..text.len().min(LARGEST)).unwrap_or_default();
    let mut loose = Loose { text, at: 0, out: Vec::with_capacity(text.len().min(4096)), open: Vec::new() };
    match loose.run() {
        Next::Colon => loose.out.extend_from_slice(b":null"),
        Next::Value if loose.out.last() == Some(&b':') => loose.out.extend_from_slice(b"null"),
        _ => loose.comma_off(),
    }
    while let Some(close) = loose.open.pop() {
        loose.out.push(close);
    }
    (loose.out, loose.at)
}

/// True where the brace at `text` begins an object in one of the notations that JSON readers refuse.
pub(in crate::extract) fn begins(text: &[u8]) -> bool {
    let inside = text.get(1..text.len().min(96)).unwrap_or_default().trim_ascii_start();
    match inside {
        [b'\'', ..] | [b'u' | b'b', b'\'' | b'"', ..] => true,
        [first, ..] if first.is_ascii_alphabetic() => {
            let name = inside.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
            matches!(inside.get(name..), Some([b':', b' ', ..] | [b':', b'\'' | b'"' | b'{', ..]))
        }
        _ => false,
    }
}

struct Loose<'t> {
    text: &'t [u8],
    at: usize,
    out: Vec<u8>,
    /// What closes the objects and lists that are open.
    open: Vec<u8>,
}

/// What may come next in an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    NameOrEnd,
    Colon,
    Value,
    CommaOrEnd,
}

impl Loose<'_> {
    /// Reads the object; gives what was expected where reading stopped.
    fn run(&mut self) -> Next {
        let mut next = Next::Value;
        loop {
            self.blanks();
            let Some(&byte) = self.text.get(self.at) else { return next };
            let in_object = self.open.last() == Some(&b'}');
            match (next, byte) {
                (Next::Value, b'{' | b'[' | b'(') if self.open.len() < DEEPEST => {
                    let object = byte == b'{';
                    self.out.push(if object { b'{' } else { b'[' });
                    self.open.push(if object { b'}' } else { b']' });
                    self.at.advance(1);
                    next = if object { Next::NameOrEnd } else { Next::Value };
                    self.blanks();
                    // An empty list.
                    if !object && matches!(self.text.get(self.at), Some(b']' | b')')) {
                        next = Next::CommaOrEnd;
                    }
                }
                (Next::NameOrEnd | Next::CommaOrEnd | Next::Value, b'}' | b']' | b')') => {
                    let fits = if in_object { byte == b'}' } else { byte != b'}' };
                    if !fits || next == Next::Value && in_object {
                        return next;
                    }
                    self.comma_off();
                    self.out.extend(self.open.pop());
                    self.at.advance(1);
                    if self.open.is_empty() {
                        return Next::CommaOrEnd;
                    }
                    next = Next::CommaOrEnd;
                }
                (Next::CommaOrEnd, b',') => {
                    self.out.push(b',');
                    self.at.advance(1);
                    next = if in_object { Next::NameOrEnd } else { Next::Value };
                }
                (Next::CommaOrEnd, b'+' | b'\'' | b'"') if self.out.last() == Some(&b'"') => {
                    // A string that goes on in the next literal.
                    if byte == b'+' {
                        self.at.advance(1);
                        self.blanks();
                    }
                    if !matches!(self.text.get(self.at), Some(b'\'' | b'"')) {
                        return next;
                    }
                    self.out.pop();
                    if !self.string(false) {
                        return next;
                    }
                }
                (Next::NameOrEnd, _) => {
                    if !self.string(true) && !self.word() {
                        return next;
                    }
                    next = Next::Colon;
                }
                (Next::Colon, b':' | b'=') => {
                    self.at.advance(1);
                    if byte == b'=' {
                        if self.text.get(self.at) != Some(&b'>') {
                            return next;
                        }
                        self.at.advance(1);
                    }
                    self.out.push(b':');
                    next = Next::Value;
                }
                (Next::Value, _) => {
                    if !self.string(true) && !self.bare() {
                        return next;
                    }
                    next = Next::CommaOrEnd;
                }
                _ => return next,
            }
        }
    }

    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace())
            || self.text.get(self.at..).is_some_and(|rest| rest.starts_with("│".as_bytes()))
        {
            self.at.advance(if self.text.get(self.at) == Some(&0xE2) { 3 } else { 1 });
        }
    }

    /// JSON has no comma before a closing bracket.
    fn comma_off(&mut self) {
        if self.out.last() == Some(&b',') {
            self.out.pop();
        }
    }

    /// A string in either kind of quotes, with or without the letter that Python puts before; `open`: with the quotation
    /// mark that opens it, which is left out where an earlier literal is continued. A string that never ends is closed.
    fn string(&mut self, open: bool) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (quote, skip) = match rest {
            [quote @ (b'\'' | b'"'), ..] => (*quote, 1),
            [b'u' | b'b' | b'r', quote @ (b'\'' | b'"'), ..] => (*quote, 2),
            _ => return false,
        };
        if open {
            self.out.push(b'"');
        }
        self.at.advance(skip);
        loop {
            match self.text.get(self.at..).unwrap_or_default() {
                [] => break,
                [byte, ..] if *byte == quote => {
                    self.at.advance(1);
                    break;
                }
                [b'\\', b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    self.out.extend([b'\\', b'u', b'0', b'0', *high, *low]);
                    self.at.advance(4);
                }
                [b'\\', escape @ (b'"' | b'\\' | b'n' | b'r' | b't' | b'u' | b'/' | b'b' | b'f'), ..] => {
                    self.out.extend([b'\\', *escape]);
                    self.at.advance(2);
                }
                [b'\\', other, ..] if *other >= b' ' => {
                    self.out.push(*other);
                    self.at.advance(2);
                }
                [b'"', ..] => self.push(b"\\\""),
                [b'\n', ..] => {
                    self.push(b"\\n");
                    self.blanks();
                }
                [byte, ..] if *byte < b' ' => self.push(b" "),
                [b'\\'] => self.push(b""),
                [byte, ..] => self.push(&[*byte]),
            }
        }
        self.out.push(b'"');
        true
    }

    fn push(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
        self.at.advance(1);
    }

    /// A name without quotes.
    fn word(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        if length == 0 {
            return false;
        }
        self.out.push(b'"');
        self.out.extend_from_slice(rest.get(..length).unwrap_or_default());
        self.out.push(b'"');
        self.at.advance(length);
        true
    }

    /// A number, a constant, or an expression, which becomes a string: `None`, `[Object]`, `<Response [400]>`.
    fn bare(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b'\n' | b'"' | b'\'' | b'{'));
        let word = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default().trim_ascii_end();
        let json: &[u8] = match word {
            b"" => return false,
            b"None" | b"null" | b"nil" | b"undefined" => b"null",
            b"True" | b"true" => b"true",
            b"False" | b"false" => b"false",
            _ if word.iter().all(u8::is_ascii_digit) && word.len() < 19 => word,
            _ => {
                self.out.push(b'"');
                self.out.extend(word.iter().filter(|byte| **byte >= b' ' && !matches!(byte, b'\\')));
                b"\""
            }
        };
        self.out.extend_from_slice(json);
        self.at.advance(word.len());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_become_json() {
        for (text, expected) in [
            ("{'a': None, u'b': True, 'c': [1, 'x'],}", r#"{"a":null,"b":true,"c":[1,"x"]}"#),
            (r#"{'a': "it's", 'b': 'say "no"\r\n\x41\'s'}"#, r#"{"a":"it's","b":"say \"no\"\r\n\u0041's"}"#),
            ("{ error: 'x' +\n  'y', list: [Object], n: 12 }", r#"{"error":"xy","list":["Object"],"n":12}"#),
            ("{'a': 'x '\n      'y'}", r#"{"a":"x y"}"#),
            (r#"{"a"=>"b", "c"=>nil}"#, r#"{"a":"b","c":null}"#),
            ("{\"a\":\"one\ntwo\"} rest", r#"{"a":"one\ntwo"}"#),
            ("{'a': 'x\ty\u{1}z'}", r#"{"a":"x y z"}"#),
            ("{'a': {'b': 'cut of", r#"{"a":{"b":"cut of"}}"#),
            ("{'a': 007 , 'b' : <Response [400]>}", r#"{"a":007,"b":"<Response [400"}"#),
        ] {
            let (json, _) = to_json(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&json), expected, "{text}");
        }
        assert_eq!(to_json(b"{ a b").0, b"{\"a\":null}");
        assert!(
            begins(b"{'a'") && begins(b"{ error: 'x'") && begins(b"{u'a'") && !begins(b"{\"a\"") && !begins(b"{a}")
        );
    }
}
