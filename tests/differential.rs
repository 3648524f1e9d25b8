//! Mutated tokens, read here and by the libraries that programs use: serde_json and jsonwebtoken. Both readings are the
//! same, or a named rule says why not. Twenty thousand in every run; `TOKENTRIAGE_DIFFERENTIAL=1000000` for more.
//!
//! `TOKENTRIAGE_TOKENS=FILE` writes the tokens and this reading of them, one JSON object a line, for the readers of other
//! languages: `tools/differential`.
#![allow(clippy::disallowed_methods, reason = "asks how many, and writes them on request")]

mod mint;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mint::{base64url, random};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use tokentriage::extract::{Compact, Context, SignatureText};
use tokentriage::jose::compact;
use tokentriage::jose::json::{Document, EventKind, Kind, Reader};
use tokentriage::token::Token;

#[test]
fn other_readers_agree_or_a_rule_says_why_not() {
    let count = std::env::var("TOKENTRIAGE_DIFFERENTIAL").map_or(20_000, |count| count.parse().expect("a number"));
    let mut written = std::env::var_os("TOKENTRIAGE_TOKENS")
        .map(|path| std::io::BufWriter::new(std::fs::File::create(path).expect("a file to write to")));
    let mut tally = BTreeMap::<&'static str, usize>::new();
    for number in 0..count {
        let token = Mutation::new(number).token();
        let reading = Reading::of(&token);
        let shown = || format!("token {number}: {}", String::from_utf8_lossy(&token));
        for outcome in [against_serde_json(&reading), against_jsonwebtoken(&token, &reading)] {
            let rule = outcome.unwrap_or_else(|difference| panic!("{difference}\n{}", shown()));
            *tally.entry(rule).or_default() += 1;
        }
        if let Some(file) = &mut written {
            writeln!(file, "{}", reading.line(&token)).expect("the file takes it");
        }
    }
    println!("{count} tokens");
    for (rule, count) in &tally {
        println!("{count:>9}  {rule}");
    }
    let never: Vec<_> = RULES.iter().filter(|rule| !tally.contains_key(*rule)).collect();
    assert!(never.is_empty(), "rules that explain nothing: {never:?}");
}

/// Both accept it with the same values; both refuse it.
const SAME: &str = "the same values";
const BOTH_REFUSE: &str = "refused by both";

/// Why a library refuses what is read here.
const NUMBER: &str = "serde_json: a number beyond the range of a double";
const DEPTH: &str = "serde_json: nested 128 deep or more";
const HEADER_KIND: &str = "jsonwebtoken: the header is no object";
const ALGORITHM: &str = "jsonwebtoken: no alg, or one that it does not implement";
const TYPE: &str = "jsonwebtoken: a registered member of the header has another type";
const TWICE: &str = "jsonwebtoken: a registered member of the header stands twice";

/// What is read here in another way.
const KEPT: &str = "here: nested deeper than 100, kept as its text";

const RULES: [&str; 9] = [SAME, BOTH_REFUSE, KEPT, NUMBER, DEPTH, HEADER_KIND, ALGORITHM, TYPE, TWICE];

/// What is read here of a token.
struct Reading {
    segments: Vec<Vec<u8>>,
    header: Option<Document>,
    payload: Option<Document>,
    /// True where header and payload are strict base64url.
    encoded: bool,
}

impl Reading {
    fn of(token: &[u8]) -> Self {
        let segments: Vec<Vec<u8>> = token.split(|&byte| byte == b'.').map(<[u8]>::to_vec).collect();
        assert_eq!(compact::split(token).count(), segments.len());
        let compact = Compact {
            text: token.to_vec(),
            signature: SignatureText::Missing,
            cut: false,
            start_lost: false,
            lower_cased: false,
        };
        let token = Token::from_compact(&compact, &Context::default());
        let encoded = token.deviations.iter().all(|(segment, _)| *segment > 1);
        Self { segments, header: token.header, payload: token.payload, encoded }
    }

    /// The reading for readers in other languages.
    fn line(&self, token: &[u8]) -> Value {
        let part = |document: &Option<Document>| {
            document.as_ref().map(|document| {
                json!({
                    "json": document.to_compact(),
                    "whole": document.error().is_none(),
                    "utf8": std::str::from_utf8(document.text()).is_ok(),
                    "replaced": document.text_issues(),
                    "deep": document.depth_exceeded().is_some(),
                })
            })
        };
        json!({
            "token": String::from_utf8_lossy(token),
            "strict": self.is_strict(),
            "header": part(&self.header),
            "payload": part(&self.payload),
        })
    }

    /// True where nothing deviates from the standards in header and payload.
    fn is_strict(&self) -> bool {
        let whole = |document: &Option<Document>| {
            document.as_ref().is_some_and(|document| document.error().is_none() && document.text_issues() == 0)
        };
        self.segments.len() == 3 && self.encoded && whole(&self.header) && whole(&self.payload)
    }
}

/// Header and payload, each by itself, decoded by the base64 crate and read by serde_json. Gives the rule that holds for
/// the token, of several the first.
fn against_serde_json(reading: &Reading) -> Result<&'static str, String> {
    let mut rules = Vec::new();
    for (document, segment) in [&reading.header, &reading.payload].into_iter().zip(&reading.segments) {
        let Some(document) = document else { continue };
        let strict = URL_SAFE_NO_PAD.decode(segment);
        let expected = strict.as_ref().ok().map(|bytes| serde_json::from_slice::<Value>(bytes));
        let whole = strict.is_ok() && document.error().is_none() && document.text_issues() == 0;
        rules.push(match (whole, expected) {
            (true, Some(Ok(expected))) => {
                let own: Value = serde_json::from_str(&document.to_compact()).map_err(|error| error.to_string())?;
                match (own == expected, document.depth_exceeded()) {
                    (true, _) => SAME,
                    (false, Some(_)) => KEPT,
                    (false, None) => return Err(format!("serde_json reads {expected}, here {own}")),
                }
            }
            (true, _) if numbers(document).any(is_infinite) => NUMBER,
            (true, _) if depth(document) >= 128 => DEPTH,
            (false, None | Some(Err(_))) => BOTH_REFUSE,
            (whole, expected) => return Err(format!("read here: {whole}; by serde_json: {expected:?}")),
        });
    }
    Ok(rules.iter().find(|rule| **rule != SAME).or(rules.first()).copied().unwrap_or(BOTH_REFUSE))
}

/// The whole token, read by jsonwebtoken without its checks. The rules say exactly what it refuses.
fn against_jsonwebtoken(token: &[u8], reading: &Reading) -> Result<&'static str, String> {
    let decoded = jsonwebtoken::dangerous::insecure_decode::<Value>(token);
    let (Some(header), Some(payload), true) = (&reading.header, &reading.payload, reading.is_strict()) else {
        return match decoded {
            Err(_) => Ok(BOTH_REFUSE),
            Ok(decoded) => Err(format!("refused here; jsonwebtoken reads {:?} {}", decoded.header, decoded.claims)),
        };
    };
    let rule = refusal(header, payload);
    match (decoded, rule) {
        (Ok(decoded), None) => {
            let own: Value = serde_json::from_str(&payload.to_compact()).map_err(|error| error.to_string())?;
            let text = |name: &str| header.root()?.get(name)?.as_str().map(|text| text.into_owned());
            let same = (own == decoded.claims || payload.depth_exceeded().is_some())
                && text("alg") == Some(format!("{:?}", decoded.header.alg))
                && text("kid") == decoded.header.kid
                && text("typ") == decoded.header.typ
                && text("nonce") == decoded.header.nonce;
            if same { Ok(SAME) } else { Err(format!("jsonwebtoken reads {:?} {}", decoded.header, decoded.claims)) }
        }
        (Err(_), Some(rule)) => Ok(rule),
        (Ok(_), Some(rule)) => Err(format!("accepted by jsonwebtoken against the rule: {rule}")),
        (Err(error), None) => Err(format!("refused by jsonwebtoken, and no rule says why: {error}")),
    }
}

/// Why jsonwebtoken refuses a token that is read here. Its header is a type of its own, with registered members.
fn refusal(header: &Document, payload: &Document) -> Option<&'static str> {
    const ALGORITHMS: [&str; 12] =
        ["HS256", "HS384", "HS512", "ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"];
    const TEXTS: [&str; 11] = ["typ", "cty", "jku", "kid", "x5u", "x5t", "x5t#S256", "enc", "zip", "url", "nonce"];
    const LISTS: [&str; 2] = ["x5c", "crit"];
    let root = header.root().filter(|root| root.kind() == Kind::Object);
    let Some(root) = root else { return Some(HEADER_KIND) };
    let registered = || TEXTS.iter().chain(&LISTS).chain(&["alg"]);
    if registered().any(|name| root.get_all(name).count() > 1) {
        return Some(TWICE);
    }
    let is_text = |value: tokentriage::jose::json::Value<'_>| matches!(value.kind(), Kind::String | Kind::Null);
    let is_list = |value: tokentriage::jose::json::Value<'_>| match value.kind() {
        Kind::Array => value.items().all(|item| item.kind() == Kind::String),
        kind => kind == Kind::Null,
    };
    if !TEXTS.iter().all(|name| root.get(name).is_none_or(is_text))
        || !LISTS.iter().all(|name| root.get(name).is_none_or(is_list))
    {
        return Some(TYPE);
    }
    let algorithm = root.get("alg").and_then(|value| value.as_str());
    if !algorithm.is_some_and(|algorithm| ALGORITHMS.contains(&&*algorithm)) {
        return Some(ALGORITHM);
    }
    let documents = [header, payload];
    if documents.iter().any(|document| numbers(document).any(is_infinite)) {
        return Some(NUMBER);
    }
    documents.iter().any(|document| depth(document) >= 128).then_some(DEPTH)
}

/// The texts of all numbers, at any depth.
fn numbers(document: &Document) -> impl Iterator<Item = &str> {
    let events = Reader::new(document.text()).map_while(Result::ok);
    let numbers = events.filter(|event| event.kind == EventKind::Number);
    numbers.filter_map(|event| std::str::from_utf8(document.text().get(event.span)?).ok())
}

fn is_infinite(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// How deep arrays and objects are nested.
fn depth(document: &Document) -> usize {
    let mut reader = Reader::new(document.text());
    let mut deepest = 0;
    while let Some(Ok(_)) = reader.next() {
        deepest = deepest.max(reader.depth());
    }
    deepest
}

/// A token that is changed in up to three ways; the number decides everything.
struct Mutation {
    choices: Vec<u8>,
    next: usize,
}

impl Mutation {
    fn new(number: usize) -> Self {
        Self { choices: random(&format!("differential {number}"), 160), next: 0 }
    }

    /// A number below `count`.
    fn below(&mut self, count: usize) -> usize {
        let at = self.next % (self.choices.len() - 1);
        self.next += 2;
        usize::from(u16::from_le_bytes([self.choices[at], self.choices[at + 1]])) % count.max(1)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn token(mut self) -> Vec<u8> {
        let mut header = members(&[("typ", "\"JWT\""), ("alg", "\"RS256\""), ("kid", "\"key\"")]);
        let mut payload = members(&[
            ("aud", "\"https://graph.microsoft.com\""),
            ("iat", "1772358600"),
            ("exp", "1772362800"),
            ("name", "\"Zo\\u00eb \\ud83d\\ude00\""),
            ("roles", "[\"User.Read.All\",{\"a\":[1.50,-0,null,true]}]"),
        ]);
        // Of what is changed: nothing, members, the bytes of the JSON, the characters of the token.
        let kind = self.below(8);
        if (1..=4).contains(&kind) {
            for _ in 0..=self.below(3) {
                let of_header = self.below(2) == 0;
                self.change_members(if of_header { &mut header } else { &mut payload });
            }
        }
        let mut texts = [&header, &payload].map(|members| {
            let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(",")).into_bytes()
        });
        if (4..=6).contains(&kind) {
            for _ in 0..=self.below(2) {
                let which = self.below(2);
                self.change_json(&mut texts[which]);
            }
        }
        let [header, payload] = texts.map(|text| base64url(&text));
        let mut token = format!("{header}.{payload}.{}", base64url(&self.choices[..24])).into_bytes();
        if kind >= 6 {
            for _ in 0..=self.below(2) {
                self.change_token(&mut token);
            }
        }
        token
    }

    fn change_members(&mut self, members: &mut Vec<Member>) {
        const NAMES: [&str; 16] = [
            "alg",
            "kid",
            "typ",
            "nonce",
            "x5t",
            "crit",
            "x5c",
            "enc",
            "exp",
            "aud",
            "n\\u0061me",
            "",
            "\u{E9}",
            "\\ud83d\\ude00",
            "a/b~c",
            "x5t#S256",
        ];
        const VALUES: [&str; 34] = [
            "\"RS256\"",
            "\"none\"",
            "\"ES256\"",
            "\"EdDSA\"",
            "\"HS256\"",
            "\"x\"",
            "\"\"",
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1.0",
            "1e400",
            "-1E+400",
            "1e-400",
            "0e999999",
            "12345678901234567890123",
            "0.1e1",
            "[]",
            "{}",
            "[\"a\"]",
            "[1]",
            "{\"a\":1,\"a\":2}",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\/\"",
            "\"\u{202E}\"",
            "[[[[]]]]",
            "{\"\":{\"\":[]}}",
            "NaN",
            "01",
            "'x'",
            "\"\t\"",
        ];
        let name = self.of(&NAMES).to_owned();
        let value = match self.below(20) {
            0 => {
                let depth = [126, 127, 128, 129, 300][self.below(5)];
                format!("{}{}", "[".repeat(depth), "]".repeat(depth))
            }
            1 => format!("{}1", "9".repeat(self.below(400))),
            _ => self.of(&VALUES).to_owned(),
        };
        match self.below(4) {
            0 => members.push((name, value)),
            1 if !members.is_empty() => {
                let at = self.below(members.len());
                members.remove(at);
            }
            _ => {
                let at = self.below(members.len() + 1);
                match members.get_mut(at) {
                    Some(member) => member.1 = value,
                    None => members.push((name, value)),
                }
            }
        }
    }

    fn change_json(&mut self, text: &mut Vec<u8>) {
        const PIECES: [&[u8]; 26] = [
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"\"",
            b"\\",
            b"\\u00",
            b" ",
            b"\n",
            b"\t",
            b"\x0C",
            b"\0",
            b"0",
            b"-",
            b"e",
            b".",
            b"\xFF",
            b"\xC3",
            b"\xED\xA0\x80",
            b"\xEF\xBB\xBF",
            b"\xF0\x9F",
            b"null",
            b"//",
            b"\\ud800",
        ];
        let at = self.below(text.len() + 1);
        match self.below(7) {
            0 => text.truncate(at),
            1 => drop(text.drain(..at.min(text.len()))),
            2 => text.splice(0..0, self.of(&PIECES).iter().copied()).for_each(drop),
            3 => text.extend_from_slice(self.of(&PIECES)),
            4 if at < text.len() => text[at] = self.of(b"{}[]:,\"\\u0e+-.tfn \n\x80\xED\xF0"),
            5 if at < text.len() => {
                text.remove(at);
            }
            6 if self.below(4) == 0 => *text = self.of(&[&b"[]"[..], b"1", b"\"x\"", b"null", b"", b"{}"]).to_vec(),
            _ => text.splice(at..at, self.of(&PIECES).iter().copied()).for_each(drop),
        }
    }

    fn change_token(&mut self, token: &mut Vec<u8>) {
        const PIECES: [&[u8]; 16] = [
            b".",
            b"..",
            b"=",
            b"==",
            b"+",
            b"/",
            b"-",
            b"_",
            b" ",
            b"\n",
            b"\r\n",
            b"%",
            b"\xC3\xA9",
            b"A",
            b"\0",
            b"~",
        ];
        let at = self.below(token.len() + 1);
        match self.below(7) {
            0 => token.truncate(at),
            1 if at < token.len() => {
                token.remove(at);
            }
            2 if at < token.len() => token[at] = self.of(&PIECES)[0],
            // The end of a segment is where bits are left over.
            3 => {
                let dot = token.iter().position(|&byte| byte == b'.').unwrap_or(token.len());
                let of = self.of(&PIECES);
                token.splice(dot..dot, of.iter().copied()).for_each(drop);
            }
            4 => {
                let dot = token.iter().position(|&byte| byte == b'.').unwrap_or(token.len());
                if let Some(last) = dot.checked_sub(1).and_then(|last| token.get_mut(last)) {
                    *last = self.of(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
                }
            }
            _ => {
                let of = self.of(&PIECES);
                token.splice(at..at, of.iter().copied()).for_each(drop);
            }
        }
    }
}

/// Name and value as JSON text, the name without its quotes.
type Member = (String, String);

fn members(pairs: &[(&str, &str)]) -> Vec<Member> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
