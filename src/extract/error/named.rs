//! Errors without a number of the sign-in service: names of libraries, codes of APIs, numbered exceptions, sentences.

use super::known::{self, Phrase};
use super::{ErrorText, Origin, candidate, code, text, window, window_before};
use crate::extract::Candidate;
use crate::extract::needle::{Hit, Sign};
use memchr::memmem;

/// How far a line is read before and behind a word, in bytes.
const LINE: usize = 1024;

/// Finds errors by the words of [`known`].
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Vec<Candidate>,
    /// One past the last word: none begins inside another.
    next: usize,
    /// One past the last error.
    floor: usize,
    /// Up to where lines were read for a word that takes its line and leaves the rest of it to others.
    read: usize,
}

impl Finder {
    /// A word stands there.
    pub(super) fn take(&mut self, bytes: &[u8], hit: &Hit, floor: usize) {
        if hit.start < self.next {
            return;
        }
        self.next = hit.end;
        if hit.start < self.floor {
            return;
        }
        let floor = self.floor.max(floor);
        let place = Place { bytes, start: hit.start, end: hit.end, floor, read: self.read };
        let candidate = match hit.sign {
            Sign::OAuthError | Sign::LibraryError | Sign::Numbered | Sign::ApiCode if place.is_mention() => None,
            Sign::OAuthError => place.oauth(),
            Sign::LibraryError => place.library(),
            Sign::Numbered => place.numbered(),
            Sign::ApiCode => place.api_code(hit.start),
            Sign::ApiLabel => place.api_label(),
            Sign::Phrase => known::PHRASES.get(hit.row).map(|phrase| place.phrase(phrase)),
            Sign::Status => place.status(),
            Sign::Broker => known::BROKER_NUMBERS.get(hit.row).and_then(|(_, decimal)| place.broker(decimal)),
            Sign::LookUp => place.look_up(),
            Sign::Telemetry => place.telemetry(),
            _ => place.fault(),
        };
        if let Some(candidate) = candidate {
            if candidate.span.end == hit.end && hit.end > self.read {
                self.read = place.line_end(hit.end);
            }
            self.floor = candidate.span.end;
            self.found.push(candidate);
        }
    }
}

/// Where an word stands. Nothing before `floor` is looked at: it belongs to the piece before.
struct Place<'b> {
    bytes: &'b [u8],
    start: usize,
    end: usize,
    floor: usize,
    /// Lines up to here were read for an earlier word.
    read: usize,
}

impl Place<'_> {
    fn word(&self) -> String {
        String::from_utf8_lossy(self.bytes.get(self.start..self.end).unwrap_or_default()).into_owned()
    }

    fn before(&self, length: usize) -> &[u8] {
        window_before(self.bytes, self.start, self.floor, length)
    }

    /// True where the word is a whole word.
    fn is_word(&self) -> bool {
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        // The last letter of an escape (`\n`, `%20`) is no part of a word.
        let before = window_before(self.bytes, self.start, 0, 3);
        let escaped = matches!(before, [.., b'\\', b'n' | b'r' | b't'] | [b'%', _, _]);
        (escaped || !before.last().is_some_and(part)) && !self.bytes.get(self.end).is_some_and(part)
    }

    /// True where code compares with the name, or a sentence says when it would be seen: then nobody met that error.
    fn is_mention(&self) -> bool {
        const LEADS: [&[u8]; 8] =
            [b"==", b"!=", b" case", b"\tcase", b"if you see", b"if you get", b"no longer see", b"no longer get"];
        let before = self.before(48);
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let end = line
            .iter()
            .rposition(|byte| !matches!(byte, b' ' | b'"' | b'\'' | b'`'))
            .map_or(0, |at| at.saturating_add(1));
        let line = line.get(..end).unwrap_or_default();
        LEADS.iter().any(|lead| {
            let start = line.len().checked_sub(lead.len());
            start.and_then(|start| line.get(start..)).is_some_and(|tail| tail.eq_ignore_ascii_case(lead))
        })
    }

    /// From `at` to the end of the line, or to where something else begins.
    fn line_end(&self, at: usize) -> usize {
        let rest = window(self.bytes, at, LINE);
        let stops = [&b"\n"[..], b"{\"", b"{'", b"{\\\"", b"eyJ", b"</", b"AADSTS"];
        let end = stops.iter().filter_map(|stop| memmem::find(rest, stop)).min().unwrap_or(rest.len());
        at.saturating_add(rest.get(..end).unwrap_or_default().trim_ascii_end().len())
    }

    /// The line around the word, from the line's begin or the last quotation mark, brace or tag, to `end`.
    fn line(&self, end: usize) -> String {
        let before = self.before(LINE / 4);
        let begin = before
            .iter()
            .rposition(|byte| matches!(byte, b'\n' | b'"' | b'{' | b'>'))
            .map_or(0, |at| at.saturating_add(1));
        let start = self.start.saturating_sub(before.len()).saturating_add(begin);
        let line = text::clean(self.bytes.get(start..end).unwrap_or_default());
        line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ',' | '{' | '}')).to_owned()
    }

    /// The line around the word, unless an earlier word of the same line has it.
    fn line_once(&self) -> String {
        if self.start < self.read { String::new() } else { self.line(self.line_end(self.end)) }
    }

    fn oauth(&self) -> Option<Candidate> {
        let before = self.before(40);
        let next = self.bytes.get(self.end).copied().unwrap_or(b'\n');
        let said = memmem::find(before, b"rror").is_some() || before.ends_with(b"(");
        let closed = matches!(next, b':' | b')' | b'\'' | b'"' | b',' | b'\n' | b'\r' | b'}' | b';' | b'.' | b' ');
        let alone = self.bytes.trim_ascii().len() == self.end.saturating_sub(self.start);
        // A colon behind it tells the error from the same word in a sentence; an equals sign or path is other text.
        if !self.is_word() || !closed || !(said || next == b':' || alone) || matches!(before.last(), Some(b'=' | b'/'))
        {
            return None;
        }
        let name = self.word().to_ascii_lowercase();
        let message = self.line_once();
        let mut error = ErrorText { code: Some(name.clone()), ..ErrorText::default() };
        // The names alone are no message.
        if message.len() > name.len().saturating_add(24) {
            error = ErrorText { code: Some(name.clone()), ..ErrorText::of_message(message) };
        }
        error.set_error(name);
        Some(candidate(self.bytes, self.start, self.end, Origin::SignIn, error))
    }

    fn library(&self) -> Option<Candidate> {
        if !self.is_word() {
            return None;
        }
        let end = self.line_end(self.end);
        let code = known::LIBRARY_ERRORS.iter().find(|name| name.eq_ignore_ascii_case(&self.word()))?;
        let error = ErrorText { code: Some((*code).to_owned()), ..ErrorText::of_message(self.line(end)) };
        Some(candidate(self.bytes, self.start, end, Origin::SignIn, error))
    }

    /// `IDX10223: Lifetime validation failed. …`
    fn numbered(&self) -> Option<Candidate> {
        let digits = window(self.bytes, self.end, 8).iter().take_while(|byte| byte.is_ascii_digit()).count();
        let part = |byte: &u8| byte.is_ascii_alphanumeric();
        let begins = self.start.checked_sub(1).and_then(|at| self.bytes.get(at)).is_none_or(|byte| !part(byte));
        if !(3..=7).contains(&digits) || !(begins || self.is_word()) {
            return None;
        }
        let code =
            String::from_utf8_lossy(self.bytes.get(self.start..self.end.saturating_add(digits))?).to_ascii_uppercase();
        let raw = text::message_at(self.bytes, self.start);
        let end = self.start.saturating_add(raw.len()).max(self.end.saturating_add(digits));
        let error = ErrorText { code: Some(code), ..ErrorText::of_message(text::clean(raw)) };
        Some(candidate(self.bytes, self.start, end, Origin::SignIn, error))
    }

    /// A code of an API that begins at `start`, and the message beside or below it.
    fn api_code(&self, start: usize) -> Option<Candidate> {
        let rest = window(self.bytes, start, 80);
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
        let code = std::str::from_utf8(rest.get(..length)?).ok()?.trim_end_matches('.');
        let begins = self.is_word() || start > self.start;
        if code.len() < 3 || !begins || start == self.start && code.len() != self.end.saturating_sub(self.start) {
            return None;
        }
        let after = start.saturating_add(code.len());
        let line = self.line_end(after);
        let (message, end) = match self.labelled_message(after) {
            Some((message, end)) => (message, end),
            None => {
                let beside = text::clean(self.bytes.get(after..line).unwrap_or_default());
                let beside = beside.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '\'' && c != '/');
                (beside.trim_end_matches(['"', '}', ',']).to_owned(), line.max(after))
            }
        };
        let mut error = ErrorText::of_message(message);
        error.code = Some(code.to_owned());
        Some(candidate(self.bytes, start, end, Origin::Api, error))
    }

    /// `Code: Forbidden`: the code behind one of the labels, which has to begin with a letter.
    fn api_label(&self) -> Option<Candidate> {
        let known_elsewhere = known::is_oauth_error(
            std::str::from_utf8(window(self.bytes, self.end, 40)).unwrap_or_default().split([':', '\n', ' ']).next()?,
        );
        let letter = self.bytes.get(self.end).is_some_and(u8::is_ascii_alphabetic);
        let rest = window(self.bytes, self.end, 80);
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let ends = matches!(rest.get(length), None | Some(b'\r' | b'\n' | b':' | b','))
            || rest.get(length..).is_some_and(|rest| rest.starts_with(b" -") || rest.starts_with(b"\\n"));
        (letter && ends && !known_elsewhere && !rest.starts_with(b"AAD")).then(|| self.api_code(self.end))?
    }

    /// The text behind `Message:`, on the same line or on one of the next two; or the string of a member `message`.
    fn labelled_message(&self, after: usize) -> Option<(String, usize)> {
        let rest = window(self.bytes, after, LINE);
        let label = [&b"essage: "[..], b"essage\":\"", b"essage\": \"", b"message='", b"essage\\\":\\\""]
            .into_iter()
            .filter_map(|label| memmem::find(rest, label).map(|at| (at, label)))
            .min()?;
        let (at, label) = label;
        if memchr::memchr_iter(b'\n', rest.get(..at)?).count() > 2 {
            return None;
        }
        let begin = at.saturating_add(label.len());
        let text = rest.get(begin..)?;
        let length = match label.last() {
            Some(&quote @ (b'"' | b'\'')) => memchr::memchr(quote, text).unwrap_or(text.len()),
            _ => self.line_end(after.saturating_add(begin)).saturating_sub(after.saturating_add(begin)),
        };
        let message = text::clean(text.get(..length)?);
        Some((message.trim_end_matches('\\').to_owned(), after.saturating_add(begin).saturating_add(length)))
    }

    fn phrase(&self, phrase: &Phrase) -> Candidate {
        let end = self.line_end(self.end);
        let message = self.line(end);
        let name = message.find(" needs permission to access").and_then(|at| message.get(..at)).map(str::to_owned);
        let mut error = ErrorText::of_message(message);
        if let Some(name) = name.filter(|name| (1..120).contains(&name.len())) {
            error.add("app_name", name);
        }
        if error.codes.is_empty() {
            let code = if let Some(digits) = phrase.code.strip_prefix("AADSTS") {
                error.codes = vec![phrase.code.to_owned()];
                code::known_number(digits)
            } else {
                (!phrase.code.is_empty()).then(|| phrase.code.to_owned())
            };
            error.code = code;
        }
        if known::is_oauth_error(phrase.code) {
            error.set_error(phrase.code);
        }
        candidate(self.bytes, self.start, end.max(self.end), phrase.origin, error)
    }

    fn status(&self) -> Option<Candidate> {
        let words = self.word();
        let digits = match words.find(|c: char| c.is_ascii_digit()) {
            Some(at) => words.get(at..at.saturating_add(3))?.to_owned(),
            None => self.status_in_parentheses()?,
        };
        let message = self.line_once();
        let mut error = ErrorText { message: Some(message).filter(|text| !text.is_empty()), ..ErrorText::default() };
        error.add("status", digits);
        Some(candidate(self.bytes, self.start, self.end, Origin::Api, error))
    }

    /// The status that Windows PowerShell puts in parentheses behind a sentence of the language of the machine. The
    /// English sentence is known itself.
    fn status_in_parentheses(&self) -> Option<String> {
        let line = String::from_utf8_lossy(self.bytes.get(self.end..self.line_end(self.end))?).into_owned();
        let status = ["401", "403", "429"].into_iter().find(|status| line.contains(&format!("({status})")))?;
        (!line.contains("returned an error")).then(|| status.to_owned())
    }

    fn broker(&self, decimal: &str) -> Option<Candidate> {
        let front = self.before(10);
        let hexadecimal = front.to_ascii_lowercase().ends_with(b"0x") || front.eq_ignore_ascii_case(b"0xffffffff");
        if !(self.is_word() || hexadecimal) {
            return None;
        }
        let mut error = ErrorText::of_message(self.line_once());
        error.code = Some(decimal.to_owned());
        error.add("broker_code", self.word());
        Some(candidate(self.bytes, self.start, self.end, Origin::SignIn, error))
    }

    fn look_up(&self) -> Option<Candidate> {
        let before = self.before(64);
        let digits = window(self.bytes, self.end, 12).iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(window(self.bytes, self.end, digits)).ok()?;
        memmem::find(before, b"login.")?;
        let code = code::from_number(number)?;
        let mut error = ErrorText::default();
        error.set_codes(vec![code]);
        error.add("error_uri", format!("https://login.microsoftonline.com/error?code={number}"));
        Some(candidate(self.bytes, self.start, self.end.saturating_add(digits), Origin::SignIn, error))
    }

    fn telemetry(&self) -> Option<Candidate> {
        let rest = std::str::from_utf8(window(self.bytes, self.end, 40)).ok()?;
        let number = rest.split(',').nth(1)?;
        let code = code::known_number(number)?;
        let mut error = ErrorText::default();
        error.set_codes(vec![code]);
        Some(candidate(self.bytes, self.start, self.end, Origin::SignIn, error))
    }

    fn fault(&self) -> Option<Candidate> {
        let end = self.line_end(self.end);
        let message = text::clean(self.bytes.get(self.end..end)?);
        let before = String::from_utf8_lossy(self.before(400)).into_owned();
        let number = before.rfind("0x").and_then(|at| before.get(at..at.saturating_add(10))).map(str::to_owned);
        if message.is_empty() {
            return None;
        }
        let mut error = ErrorText::of_message(message);
        error.code = error.code.or(number);
        Some(candidate(self.bytes, self.start, end, Origin::SignIn, error))
    }
}
