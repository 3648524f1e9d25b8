//! The words by which everything is recognised, found in one walk.
//!
//! An automaton for a few hundred words takes longer to build than an answer to give, and one search for each word reads
//! the bytes hundreds of times. Here the compiler builds the table: a filter that says of three bytes whether a word
//! begins with them, and for those few that do, the words.

use super::error::known;
use super::{code, compact, context, opaque, request, saml, validation};

/// What a word is the beginning or the sign of. The finder that takes it decides whether it stands for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A header of a token in base64url.
    Header,
    /// The first two characters of one, in front of the end of a line.
    HeaderBroken,
    /// The rest of one, behind the end of a line.
    HeaderRest,
    /// A token, or a header that holds one, in base64 once more.
    Wrapped,
    /// An opaque value of today's form, by its version.
    Entra,
    /// The ticket of a personal account.
    PersonalTicket,
    /// The middle of a client secret.
    ClientSecret,
    /// An opaque value of the old form.
    OldForm,
    /// A refresh token or code of a personal account.
    Personal,
    /// The name in front of a client secret.
    SecretName,
    /// The namespace of SAML.
    SamlNamespace,
    /// The beginning of a SAML element in base64.
    SamlBase64,
    /// The parameter or field that holds a SAML response.
    SamlParameter,
    /// The claim that every list of claims has.
    Audience,
    /// A number of the sign-in service.
    ServiceCode,
    /// An error in an address.
    ErrorParameter,
    /// An error in a form.
    ErrorField,
    /// A challenge in a header.
    Authenticate,
    /// A header of SharePoint and Exchange.
    Diagnostics,
    /// A label in front of a number in a record.
    RecordLabel,
    /// An OAuth `error`.
    OAuthError,
    /// The name of a library's error.
    LibraryError,
    /// `IDX`, `IDW`, `MSIS`: digits follow.
    Numbered,
    /// A code of an API that is a word of its own.
    ApiCode,
    /// What stands in front of a code of an API.
    ApiLabel,
    /// A sentence.
    Phrase,
    /// The line of a tool that has only the HTTP status.
    Status,
    /// A number of the Windows broker.
    Broker,
    /// The address of the look-up page, up to the code.
    LookUp,
    /// The telemetry header that repeats the code: `1,50076,0,3514.5787,`.
    Telemetry,
    /// The text of a WS-Trust fault.
    Fault,
    /// The method of a request.
    Method,
    /// An address of Microsoft Graph.
    Address,
    /// The first of the headers that HTTP/2 has in place of a request line.
    PseudoHeader,
    /// A command that sends a request.
    Command,
    /// The middle of the name of a cmdlet.
    Cmdlet,
    /// The name of the Authorization header, without its first letter.
    Authorization,
    /// A form of a token request.
    GrantType,
    /// The header that sets a cookie.
    SetCookie,
    /// What only attack tools write.
    AttackTool,
    /// A message that names two issuers.
    IssuerMessage,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// What it is the sign of.
    pub(super) sign: Sign,
    /// Which of the words of that sign, by its place in their list.
    pub(super) row: usize,
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Offset behind its last byte.
    pub(super) end: usize,
}

/// Calls `take` for every word of the text, in the order of their positions; of words that begin at one place the longer
/// ones first. Words may lie inside each other. `take` gives the place before which no further word is wanted.
pub(super) fn walk(text: &[u8], mut take: impl FnMut(Hit) -> usize) {
    let (words, tail) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(tail).for_each(|(slot, byte)| *slot = *byte);
    let mut wanted = 0;
    let mut index = 0_usize;
    while let Some(word) = words.get(index) {
        let next = words.get(index.saturating_add(1)).unwrap_or(&last);
        let mut marks = marks(u64::from_le_bytes(*word), u64::from_le_bytes(*next));
        while marks != 0 {
            let place = index.saturating_mul(8).saturating_add(marks.trailing_zeros() as usize);
            if place >= wanted {
                wanted = begins(text, place, &mut take);
            }
            marks &= marks.wrapping_sub(1);
        }
        index = index.saturating_add(1).max(wanted / 8);
    }
    for place in words.len().saturating_mul(8)..text.len() {
        if place >= wanted {
            wanted = begins(text, place, &mut take);
        }
    }
}

/// Bytes of a word's beginning that the filter looks at. No word is shorter.
const BEGINNING: usize = 3;

/// Entries of the filter, one bit each: many times the number of words.
const FILTER: usize = 1 << 16;

/// Entries of the table of beginnings: some times the number of words.
const HEADS: usize = 1 << 10;

/// Of the eight bytes of `word` those at which a word may begin, one bit each; `next` are the eight bytes behind.
fn marks(word: u64, next: u64) -> u32 {
    let mark = |bytes: u64, place: u32| TABLE.may_begin(bytes as u32) << place;
    let border = word >> 48 | next << 16;
    mark(word, 0)
        | mark(word >> 8, 1)
        | mark(word >> 16, 2)
        | mark(word >> 24, 3)
        | mark(word >> 32, 4)
        | mark(word >> 40, 5)
        | mark(border, 6)
        | mark(border >> 8, 7)
}

/// Calls `take` for every word that begins at `at`; gives the place before which no further word is wanted.
fn begins(text: &[u8], at: usize, take: &mut impl FnMut(Hit) -> usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let Some((beginning, rest)) = rest.split_first_chunk::<BEGINNING>() else { return 0 };
    let beginning = whole(*beginning);
    let mut wanted = 0;
    let mut number = TABLE.heads.get(entry(beginning)).copied().unwrap_or(0);
    while let Some(word) = usize::from(number).checked_sub(1).and_then(|place| TABLE.words.get(place)) {
        number = word.next;
        if beginning | word.case == word.beginning && word.goes_on(rest) {
            let end = at.saturating_add(BEGINNING).saturating_add(word.rest.len());
            wanted = take(Hit { sign: word.sign, row: usize::from(word.row), start: at, end });
        }
    }
    wanted
}

#[derive(Clone, Copy)]
struct Word {
    /// The first three bytes; where the case of letters is no matter, in lower case.
    beginning: u32,
    /// The bits of them that make a letter lower-case, where its case is no matter.
    case: u32,
    rest: &'static [u8],
    /// Whether the case of letters is no matter.
    any_case: bool,
    sign: Sign,
    row: u16,
    /// The next word of the same beginning, counted from one; zero behind the last. Longer words come first.
    next: u16,
}

impl Word {
    /// True where the text behind the beginning begins with the rest of the word.
    fn goes_on(&self, text: &[u8]) -> bool {
        // One byte tells most texts from the word.
        let same = |byte: &u8, wanted: &u8| byte == wanted || self.any_case && byte.eq_ignore_ascii_case(wanted);
        match (self.rest.first(), text.first()) {
            (None, _) => true,
            (Some(wanted), Some(byte)) if same(byte, wanted) => text.get(..self.rest.len()).is_some_and(|head| {
                if self.any_case { head.eq_ignore_ascii_case(self.rest) } else { head == self.rest }
            }),
            _ => false,
        }
    }
}

struct Table {
    filter: [u64; FILTER / 64],
    /// For each beginning, whatever the case, the first of its words, counted from one; zero where there is none.
    heads: [u16; HEADS],
    words: [Word; WORDS],
    count: usize,
}

/// Room for words.
const WORDS: usize = 480;

static TABLE: Table = Table::build();

/// A beginning as a number.
const fn whole(beginning: [u8; BEGINNING]) -> u32 {
    let [first, second, third] = beginning;
    u32::from_le_bytes([first, second, third, 0])
}

/// The bits that make ASCII letters lower-case.
const LOWER: u32 = whole([0x20; BEGINNING]);

/// The entry of a beginning, the same for both cases of a letter.
const fn entry(beginning: u32) -> usize {
    (spread(beginning | LOWER) >> 6) as usize % HEADS
}

/// Sixteen bits that depend on all of the beginning. The fourth byte of the number has no part in it.
const fn spread(beginning: u32) -> u32 {
    (beginning << 8).wrapping_mul(0x9E37_79B1) >> 16
}

impl Table {
    /// One where a word may begin with the first three bytes of that number, or else zero.
    #[inline]
    fn may_begin(&self, bytes: u32) -> u32 {
        let place = spread(bytes);
        let bits = self.filter.get((place / 64) as usize).copied().unwrap_or(0);
        (bits >> (place % 64)) as u32 & 1
    }
}

#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "evaluated by the compiler, which refuses what is out of bounds"
)]
impl Table {
    const fn build() -> Self {
        let none = Word { beginning: 0, case: 0, rest: b"", any_case: false, sign: Sign::Header, row: 0, next: 0 };
        let mut table = Self { filter: [0; FILTER / 64], heads: [0; HEADS], words: [none; WORDS], count: 0 };
        table.add_all(compact::STARTS, false, Sign::Header);
        table.add_all(compact::BROKEN_STARTS, false, Sign::HeaderBroken);
        table.add_all(compact::START_RESTS, false, Sign::HeaderRest);
        table.add_all(compact::WRAPPED, false, Sign::Wrapped);
        table.add_all(opaque::ENTRA, false, Sign::Entra);
        table.add_all(opaque::PERSONAL_TICKETS, false, Sign::PersonalTicket);
        table.add_all(opaque::CLIENT_SECRETS, false, Sign::ClientSecret);
        table.add_all(opaque::OLD_FORMS, false, Sign::OldForm);
        table.add_all(opaque::PERSONAL, false, Sign::Personal);
        table.add_all(opaque::SECRET_NAMES, false, Sign::SecretName);
        table.add_all(&[saml::NAMESPACE], false, Sign::SamlNamespace);
        table.add_all(saml::BASE64, false, Sign::SamlBase64);
        table.add_all(&[saml::PARAMETER], false, Sign::SamlParameter);
        table.add_all(&["aud"], false, Sign::Audience);
        table.add_all(&["AAD", "aad"], false, Sign::ServiceCode);
        table.add_all(&["error="], false, Sign::ErrorParameter);
        table.add_all(&["name=\"error\""], false, Sign::ErrorField);
        table.add_all(&["uthenticate"], false, Sign::Authenticate);
        table.add_all(&["x-ms-diagnostics"], false, Sign::Diagnostics);
        table.add_all(known::RECORD_LABELS, true, Sign::RecordLabel);
        table.add_all(&known::OAUTH_ERRORS, true, Sign::OAuthError);
        table.add_all(known::LIBRARY_ERRORS, true, Sign::LibraryError);
        table.add_all(&["IDX", "IDW", "MSIS"], true, Sign::Numbered);
        table.add_all(known::API_CODES, true, Sign::ApiCode);
        table.add_all(known::API_CODE_LABELS, true, Sign::ApiLabel);
        let mut row = 0;
        while row < known::PHRASES.len() {
            table.add(known::PHRASES[row].words, true, Sign::Phrase, row);
            row += 1;
        }
        table.add_all(known::STATUS_LINES, true, Sign::Status);
        let mut row = 0;
        while row < known::BROKER_NUMBERS.len() {
            table.add(known::BROKER_NUMBERS[row].0, true, Sign::Broker, row);
            row += 1;
        }
        table.add_all(&["/error?code=", "/error/?code=", "/error%3fcode%3d"], true, Sign::LookUp);
        table.add_all(&["x_ms_clitelem", "x-ms-clitelem"], true, Sign::Telemetry);
        table.add_all(&["psf:text>"], true, Sign::Fault);
        table.add_all(&request::METHODS, false, Sign::Method);
        table.add_all(code::ADDRESSES, true, Sign::Address);
        table.add_all(&[code::PSEUDO_HEADER], false, Sign::PseudoHeader);
        table.add_all(&request::COMMANDS, true, Sign::Command);
        table.add_all(&[request::CMDLET], true, Sign::Cmdlet);
        table.add_all(&["uthorization:", "UTHORIZATION:"], false, Sign::Authorization);
        table.add_all(&["grant_type="], false, Sign::GrantType);
        table.add_all(&["et-cookie:"], true, Sign::SetCookie);
        table.add_all(&context::TOOL_WORDS, false, Sign::AttackTool);
        table.add_all(&validation::CODES, false, Sign::IssuerMessage);
        table
    }

    const fn add_all(&mut self, words: &[&'static str], any_case: bool, sign: Sign) {
        let mut row = 0;
        while row < words.len() {
            self.add(words[row], any_case, sign, row);
            row += 1;
        }
    }

    const fn add(&mut self, text: &'static str, any_case: bool, sign: Sign, row: usize) {
        let [first, second, third, rest @ ..] = text.as_bytes() else { panic!("a word has at least three bytes") };
        let beginning = [*first, *second, *third];
        let mut case = [0; BEGINNING];
        let mut place = 0;
        while any_case && place < BEGINNING {
            case[place] = if beginning[place].is_ascii_alphabetic() { 0x20 } else { 0 };
            place += 1;
        }
        let head = entry(whole(beginning));
        // Behind the longer words of the same beginning.
        let mut before = 0;
        let mut next = self.heads[head] as usize;
        while next > 0 && self.words[next - 1].rest.len() >= rest.len() {
            before = next;
            next = self.words[next - 1].next as usize;
        }
        let number = self.count + 1;
        if before > 0 {
            self.words[before - 1].next = number as u16;
        } else {
            self.heads[head] = number as u16;
        }
        let (row, next, case) = (row as u16, next as u16, whole(case));
        self.words[self.count] = Word { beginning: whole(beginning) | case, case, rest, any_case, sign, row, next };
        self.count = number;
        // Each way to write the beginning.
        let mut cases = 0;
        while cases < if any_case { 8 } else { 1 } {
            let mut written = beginning;
            let mut place = 0;
            while place < BEGINNING {
                if cases >> place & 1 == 1 && written[place].is_ascii_alphabetic() {
                    written[place] ^= 0x20;
                }
                place += 1;
            }
            let bit = spread(whole(written));
            self.filter[(bit / 64) as usize] |= 1 << (bit % 64);
            cases += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Sign, usize, usize)> {
        let mut hits = Vec::new();
        walk(text.as_bytes(), |hit| {
            hits.push((hit.sign, hit.start, hit.end));
            0
        });
        hits
    }

    #[test]
    fn words_are_found_in_the_order_of_their_places() {
        for (text, expected) in [
            ("", vec![]),
            ("ey", vec![]),
            ("eyJ", vec![(Sign::Header, 0, 3)]),
            ("idx10205", vec![(Sign::Numbered, 0, 3)]),
            ("IDX10205", vec![(Sign::IssuerMessage, 0, 8), (Sign::Numbered, 0, 3)]),
            ("Invalid_Grant invalid grant", vec![(Sign::OAuthError, 0, 13)]),
            ("interaction_required", vec![(Sign::OAuthError, 0, 20)]),
            ("the error code: 1", vec![(Sign::ApiLabel, 4, 16), (Sign::RecordLabel, 4, 14)]),
            ("AAD GET", vec![(Sign::ServiceCode, 0, 3), (Sign::Method, 4, 7)]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_wanted_is_passed_over() {
        for length in 0..40 {
            let text = format!("eyJ{}AAD IDX AAD", "~".repeat(length));
            let mut starts = Vec::new();
            walk(text.as_bytes(), |hit| {
                starts.push(hit.start);
                // Behind the first AAD.
                length + 4
            });
            assert_eq!(starts, [0, length + 7, length + 11], "{text}");
        }
    }

    /// Every word, at every distance from the bytes that are looked at together, in either case where that is no matter.
    #[test]
    fn every_word_is_found_everywhere() {
        for word in TABLE.words.iter().take(TABLE.count) {
            let [first, second, third, _] = word.beginning.to_le_bytes();
            let text = String::from_utf8([&[first, second, third], word.rest].concat()).expect("ASCII");
            for distance in 0..9 {
                let mut written = vec![text.clone()];
                if word.any_case {
                    written.extend([text.to_ascii_lowercase(), text.to_ascii_uppercase()]);
                }
                for text in written {
                    let paste = format!("{}{text}{}", "~".repeat(distance), "~".repeat(9 - distance));
                    assert!(found(&paste).contains(&(word.sign, distance, distance + text.len())), "{paste}");
                }
            }
        }
    }

    /// A filter that lets much through makes the walk slow.
    #[test]
    fn the_filter_is_nearly_empty() {
        let bits: u32 = TABLE.filter.iter().map(|bits| bits.count_ones()).sum();
        assert!(bits < 2000, "{bits} bits are set");
    }
}
