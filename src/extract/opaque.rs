//! Values that are recognised by their form and cannot be read: refresh tokens, codes, tickets, secrets.

use super::context::{self, Context};
use super::needle::Sign;
use super::{Candidate, Repairs, Shape, Span};
use super::{compact, scan};
use crate::guid::{self, is_guid};
use crate::jose::base64url;

/// A value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opaque {
    /// What it is.
    pub kind: OpaqueKind,
    /// The tenant that it names inside, as a GUID.
    pub tenant: Option<String>,
    /// The client that it names inside, as a GUID.
    pub client: Option<String>,
    /// Its length in characters.
    pub length: usize,
}

/// The kinds of [`Opaque`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpaqueKind {
    /// A refresh token of the sign-in service.
    RefreshToken,
    /// A primary refresh token: the refresh token of a whole device.
    PrimaryRefreshToken,
    /// The session cookie of the sign-in service.
    SessionCookie,
    /// An authorization code.
    AuthorizationCode,
    /// The ticket of a personal Microsoft account: an access token that is no JWT.
    PersonalTicket,
    /// A refresh token of a personal Microsoft account.
    PersonalRefreshToken,
    /// An authorization code of a personal Microsoft account.
    PersonalCode,
    /// A client secret, by its form or by the name in front of it.
    ClientSecret,
}

/// Clients whose refresh tokens are primary refresh tokens: the Windows and the Authenticator broker.
const BROKERS: [&str; 2] = ["29d9ed98-a469-4536-ade2-f981bc1d605e", "38aa3b87-a06d-4817-b275-7a316988d93b"];

/// Longest client secret, in characters; Entra makes 34 to 40 of them.
const LONGEST_SECRET: usize = 256;

/// Beginnings of today's form: a version, and the first character of the reference.
pub(super) const ENTRA: &[&str] = &["0.A", "1.A", "0%2EA", "1%2EA"];

/// Beginnings of the tickets of personal accounts.
pub(super) const PERSONAL_TICKETS: &[&str] = &[
    "EwA", "EwB", "EwC", "EwD", "EwE", "EwF", "EwG", "EwH", "EwI", "EwJ", "EwK", "EwL", "EwM", "EwN", "EwO", "EwP",
    "EwQ", "EwR", "EwS", "EwT", "EwU", "EwV", "EwW", "EwX", "EwY", "EwZ",
];

/// What stands in every client secret behind its first three characters.
pub(super) const CLIENT_SECRETS: &[&str] = &["0Q~", "1Q~", "2Q~", "3Q~", "4Q~", "5Q~", "6Q~", "7Q~", "8Q~", "9Q~"];

/// Beginnings of the form of some years ago.
pub(super) const OLD_FORMS: &[&str] = &["AQABAAAA", "OAQABAAAA", "AwABAAAA", "OAAABAAAA"];

/// Beginnings of refresh tokens and codes of personal accounts.
pub(super) const PERSONAL: &[&str] = &["M.C", "M.R"];

/// Names in front of client secrets.
pub(super) const SECRET_NAMES: &[&str] = &["client_secret", "CLIENT_SECRET", "clientSecret", "ClientSecret"];

/// Finds values that cannot be read.
#[derive(Default)]
pub(super) struct Finder {
    entra: Row,
    personal_tickets: Row,
    client_secrets: Row,
    old_forms: Row,
    personal: Row,
    named_secrets: Row,
}

impl Finder {
    /// One of the words above stands at `at`.
    pub(super) fn take(&mut self, bytes: &[u8], sign: Sign, at: usize) {
        match sign {
            Sign::Entra => self.entra.try_at(bytes, at, entra),
            Sign::PersonalTicket => self.personal_tickets.try_at(bytes, at, personal_ticket),
            Sign::ClientSecret => {
                if let Some(start) = at.checked_sub(3) {
                    self.client_secrets.try_at(bytes, start, client_secret);
                }
            }
            Sign::OldForm => self.old_forms.try_at(bytes, at, old_form),
            Sign::Personal => self.personal.try_at(bytes, at, personal),
            _ => self.named_secrets.try_at(bytes, at, named_secret),
        }
    }

    /// What was found; of two that are the same the more exact reading first.
    pub(super) fn found(self) -> impl Iterator<Item = Candidate> {
        let rows =
            [self.entra, self.personal_tickets, self.client_secrets, self.old_forms, self.personal, self.named_secrets];
        rows.into_iter().flat_map(|row| row.found)
    }
}

/// True of the signs that [`Finder::take`] takes.
pub(super) fn is_sign(sign: Sign) -> bool {
    matches!(
        sign,
        Sign::Entra | Sign::PersonalTicket | Sign::ClientSecret | Sign::OldForm | Sign::Personal | Sign::SecretName
    )
}

/// What was found of one form.
#[derive(Default)]
struct Row {
    found: Vec<Candidate>,
    /// One past the last value.
    end: usize,
}

impl Row {
    fn try_at(&mut self, bytes: &[u8], start: usize, recognise: fn(&[u8], usize) -> Option<Candidate>) {
        if start < self.end {
            return;
        }
        if let Some(candidate) = recognise(bytes, start) {
            self.end = candidate.span.end;
            self.found.push(candidate);
        }
    }
}

/// Today's form: a version digit, a reference with tenant and client inside, and the value proper.
fn entra(bytes: &[u8], start: usize) -> Option<Candidate> {
    if !compact::begins_here(bytes, start) {
        return None;
    }
    let scanned = scan::scan(bytes, start);
    let mut segments = scanned.text.split(|&byte| byte == b'.');
    let (_, reference, value) = (segments.next()?, segments.next()?, segments.next()?);
    // Four bytes: a format, zero and one, and the kind.
    let head = base64url::decode(value.get(..8)?).bytes;
    if reference.len() < 48 || head.get(1..3) != Some(&[0, 1]) || value.len() < 100 {
        return None;
    }
    let reference = base64url::decode(reference).bytes;
    let client = reference.get(19..35).and_then(guid::from_bytes);
    let context = context::before(bytes, start);
    let kind = match head.get(3) {
        _ if context.name.as_deref().is_some_and(|name| name.to_ascii_uppercase().starts_with("ESTSAUTH")) => {
            OpaqueKind::SessionCookie
        }
        Some(4) => OpaqueKind::AuthorizationCode,
        Some(3) if client.as_deref().is_some_and(|client| BROKERS.contains(&client)) || context.is_named(&["prt"]) => {
            OpaqueKind::PrimaryRefreshToken
        }
        Some(3) => OpaqueKind::RefreshToken,
        _ if context.is_named(&["code"]) => OpaqueKind::AuthorizationCode,
        _ => OpaqueKind::RefreshToken,
    };
    let opaque =
        Opaque { kind, tenant: reference.get(3..19).and_then(guid::from_bytes), client, length: scanned.text.len() };
    Some(candidate(opaque, start, scanned.end, context, scanned.repairs))
}

/// The form of some years ago, without dots: only the place says whether it is a code.
fn old_form(bytes: &[u8], start: usize) -> Option<Candidate> {
    if !compact::begins_here(bytes, start) {
        return None;
    }
    let scanned = scan::scan(bytes, start);
    if scanned.text.len() < 200 || scanned.text.contains(&b'.') {
        return None;
    }
    let context = context::before(bytes, start);
    let is_code = context.is_named(&["code", "authorization_code"]) || scanned.text.starts_with(b"OAAABAAAA");
    let kind = if is_code { OpaqueKind::AuthorizationCode } else { OpaqueKind::RefreshToken };
    let opaque = Opaque { kind, tenant: None, client: None, length: scanned.text.len() };
    Some(candidate(opaque, start, scanned.end, context, scanned.repairs))
}

/// The ticket of a personal account: standard base64, no dot.
fn personal_ticket(bytes: &[u8], start: usize) -> Option<Candidate> {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before == Some(&b'+')
        || before == Some(&b'/') && !bytes.get(..start)?.ends_with(b"//")
        || !compact::begins_here(bytes, start)
    {
        return None;
    }
    let scanned = scan::scan(bytes, start);
    let standard = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if scanned.text.len() < 200 || !scanned.text.iter().all(standard) {
        return None;
    }
    let opaque = Opaque { kind: OpaqueKind::PersonalTicket, tenant: None, client: None, length: scanned.text.len() };
    Some(candidate(opaque, start, scanned.end, context::before(bytes, start), scanned.repairs))
}

/// Refresh token or code of a personal account: `M.C507_BAY.…`.
fn personal(bytes: &[u8], start: usize) -> Option<Candidate> {
    if !compact::begins_here(bytes, start) {
        return None;
    }
    let rest = bytes.get(start.saturating_add(3)..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let place = rest.get(digits..)?.strip_prefix(b"_")?;
    let letters = place.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
    if digits == 0 || !(2..=5).contains(&letters) || place.get(letters) != Some(&b'.') {
        return None;
    }
    let value =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'!' | b'*' | b'$' | b'%');
    let length = bytes.get(start..)?.iter().take_while(value).count();
    if length < 30 {
        return None;
    }
    let context = context::before(bytes, start);
    let kind = if context.is_named(&["code"]) { OpaqueKind::PersonalCode } else { OpaqueKind::PersonalRefreshToken };
    let opaque = Opaque { kind, tenant: None, client: None, length };
    Some(candidate(opaque, start, start.saturating_add(length), context, Repairs::default()))
}

/// The form of the client secrets that Entra makes today: 37 to 40 characters, `Q~` behind a digit.
fn client_secret(bytes: &[u8], start: usize) -> Option<Candidate> {
    let of_secret = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-');
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    if before.is_some_and(of_secret) {
        return None;
    }
    let head = bytes.get(start..start.saturating_add(3))?;
    if !head.iter().all(|&byte| of_secret(byte) && byte != b'-') {
        return None;
    }
    let mut length = bytes.get(start..)?.iter().take_while(|&&byte| of_secret(byte)).count();
    // A full stop that ends a sentence is none of the secret's.
    if length > 37 && bytes.get(start.saturating_add(length).saturating_sub(1)) == Some(&b'.') {
        length = length.saturating_sub(1);
    }
    if !(37..=40).contains(&length) {
        return None;
    }
    let opaque = Opaque { kind: OpaqueKind::ClientSecret, tenant: None, client: None, length };
    Some(candidate(opaque, start, start.saturating_add(length), context::before(bytes, start), Repairs::default()))
}

/// A value behind the name `client_secret`, in whatever form secrets had before; masks and variables are none.
fn named_secret(bytes: &[u8], name_at: usize) -> Option<Candidate> {
    let name = bytes.get(name_at..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let after = bytes.get(name_at.saturating_add(name)..)?;
    let gap = after
        .iter()
        .take(16)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'=' | b':' | b'\\'))
        .count();
    if !after.get(..gap)?.iter().any(|byte| matches!(byte, b'=' | b':')) {
        return None;
    }
    let start = name_at.saturating_add(name).saturating_add(gap);
    let value = bytes.get(start..)?;
    let length = value
        .iter()
        .take(LONGEST_SECRET + 1)
        .take_while(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'&' | b',' | b';' | b'<' | b'\\'))
        .count();
    let value = value.get(..length)?;
    let variable = value.iter().any(|byte| matches!(byte, b'$' | b'{' | b'*' | b'(' | b'[')) || value.starts_with(b"%");
    let text = String::from_utf8_lossy(value).to_ascii_lowercase();
    let stand_in =
        ["secret", "your", "redact", "xxxx", "placeholder", "env.", "config"].iter().any(|word| text.contains(word));
    if !(16..=LONGEST_SECRET).contains(&length)
        || variable
        || stand_in
        || is_guid(value)
        || !value.iter().any(u8::is_ascii_digit)
    {
        return None;
    }
    let opaque = Opaque { kind: OpaqueKind::ClientSecret, tenant: None, client: None, length };
    Some(candidate(opaque, start, start.saturating_add(length), context::before(bytes, start), Repairs::default()))
}

fn candidate(opaque: Opaque, start: usize, end: usize, context: Context, repairs: Repairs) -> Candidate {
    Candidate { shape: Shape::Opaque(opaque), span: Span { start, end }, context, repairs }
}
