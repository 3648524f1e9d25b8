//! Error responses, in every form in which they reach a person: JSON, addresses, headers, exceptions, pages, logs.
//!
//! Each reader recognises one form and gives a piece. Pieces of the same error (an exception and the body that it
//! prints, a status line and the answer below it) are brought together by [`merge`], so that one error is one artefact.

mod body;
mod code;
mod handle;
mod header;
pub(super) mod known;
mod loose;
mod merge;
mod named;
mod record;
mod redirect;
mod status;
mod text;
mod whole;

pub(super) use body::read as read_object;
pub(super) use header::in_member as header_member;
pub(super) use loose::{begins as begins_loose, to_json};
pub(super) use merge::{Merger, mentions, merge};
pub(super) use record::{OpenTable, Table};
pub(super) use status::bare as bare_status;

use super::context;
use super::needle::{Hit, Sign};
use super::{Candidate, Repairs, Shape, Span};

/// An error response, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorText {
    /// The code that leads: `AADSTS50011`, `Authorization_RequestDenied`, `IDX10223`; the OAuth `error` where there is
    /// no other. Of chained codes (`AADSTS70002: … AADSTS50012: …`) the last: the service puts the exact one there.
    pub code: Option<String>,
    /// Every AADSTS or AADB2C code in it, with its prefix and once: the one that leads, then the others in order.
    pub codes: Vec<String>,
    /// The OAuth `error` (RFC 6749 section 5.2). Of an API answer whose code wraps a more exact one: the outer code.
    pub error: Option<String>,
    /// The `suberror` that Entra adds.
    pub suberror: Option<String>,
    /// The text for people, line breaks kept.
    pub message: Option<String>,
    /// What it names: a name of [`HANDLES`] and the value.
    pub handles: Vec<(&'static str, String)>,
}

/// The names that [`ErrorText::handles`] uses, and what each holds.
pub const HANDLES: &[(&str, &str)] = &[
    ("app", "client ID or App ID URI of the app that is named"),
    ("app_name", "display name of that app"),
    ("audience", "audience that was presented"),
    ("broker_code", "number of the Windows broker, as it stands there"),
    ("broker_tag", "tag beside that number"),
    ("claims", "claims challenge, as it stands there: JSON or base64"),
    ("client_request_id", "request ID that the client chose"),
    ("correlation_id", "correlation ID"),
    ("device", "device ID"),
    ("device_platform", "operating system that Conditional Access saw"),
    ("device_state", "registration state that Conditional Access saw"),
    ("error", "OAuth error, as in the field"),
    ("error_uri", "address of the look-up page"),
    ("expected_audience", "audience that would have been accepted"),
    ("expected_issuer", "issuer that would have been accepted"),
    ("expected_uri", "redirect URI that would have been accepted"),
    ("inactive_for", "how long a refresh token was not used: days, hours, minutes, seconds"),
    ("ip", "IP address that the service saw"),
    ("issued", "moment at which the grant or token was issued"),
    ("issuer", "issuer that was presented"),
    ("kid", "ID of the signing key"),
    ("now", "clock of the service"),
    ("operation", "command, credential or exception that reports the error"),
    ("parameter", "request parameter that is missing or wrong"),
    ("policy", "ID of a Conditional Access policy; may occur several times"),
    ("present", "permissions on the request, as a list with commas; may be empty"),
    ("provider", "identity provider of the account"),
    ("request_id", "request ID: of the sign-in page the same as the trace ID"),
    ("required", "permissions of which the API asks for one, as a list with commas"),
    ("resource", "ID or identifier URI of the resource"),
    ("resource_name", "display name of the resource"),
    ("response_type", "response type that was asked for"),
    ("scope", "scopes that were asked for"),
    ("status", "HTTP status, three digits"),
    ("suberror", "suberror, as in the field"),
    ("subject", "subject that was presented"),
    ("tenant", "tenant: ID or domain name"),
    ("timestamp", "moment of the error, as it stands there"),
    ("trace_id", "trace ID"),
    ("uri", "redirect URI that was sent"),
    ("url", "address that was called"),
    ("user", "user name or ID"),
    ("valid_from", "begin of validity that was compared"),
    ("valid_until", "end of validity that was compared"),
];

/// Finds error responses in running text, addresses, headers and lists. Those in JSON come from `object`.
#[derive(Default)]
pub(super) struct Finder {
    text: text::Finder,
    named: named::Finder,
    redirect: redirect::Finder,
    header: header::Finder,
    record: record::Finder,
}

impl Finder {
    /// Reads the rows of a table whose names of columns stand before the text; the first begins at `at`.
    pub(super) fn resume(&mut self, bytes: &[u8], at: usize, table: Table) {
        self.record.resume(bytes, at, table);
    }

    /// The table that goes on to the end of the text, taken out.
    pub(super) fn open_table(&mut self) -> Option<OpenTable> {
        self.record.open.take()
    }

    /// A word that errors are recognised by stands there; no text in front of `floor` belongs to an error.
    pub(super) fn take(&mut self, bytes: &[u8], hit: &Hit, floor: usize) {
        match hit.sign {
            Sign::ServiceCode => self.text.code(bytes, hit.start, floor),
            Sign::ErrorParameter => self.redirect.parameter(bytes, hit.start),
            Sign::ErrorField => self.redirect.field(bytes, hit.start),
            Sign::Authenticate => self.header.authenticate(bytes, hit.end),
            Sign::Diagnostics => self.header.diagnostics(bytes, hit.start),
            Sign::RecordLabel => self.record.take(bytes, hit, floor),
            _ => self.named.take(bytes, hit, floor),
        }
    }

    /// What was found; of two that are the same the more exact reading first.
    pub(super) fn found(self, bytes: &[u8]) -> impl Iterator<Item = Candidate> {
        let found = self.text.found.into_iter().chain(self.named.found).chain(self.redirect.found());
        found.chain(self.header.found).chain(self.record.found).chain(whole::find(bytes))
    }
}

/// Who answered: the sign-in service, a library or a validator; or the API that was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    SignIn,
    Api,
}

impl Origin {
    pub(super) fn shape(self, error: ErrorText) -> Shape {
        match self {
            Self::SignIn => Shape::StsError(Box::new(error)),
            Self::Api => Shape::GraphError(Box::new(error)),
        }
    }
}

fn candidate(bytes: &[u8], start: usize, end: usize, origin: Origin, error: ErrorText) -> Candidate {
    let context = context::before(bytes, start);
    Candidate { shape: origin.shape(error), span: Span { start, end }, context, repairs: Repairs::default() }
}

impl ErrorText {
    /// What a message says: its codes, its identifiers, the values that it names.
    fn of_message(message: String) -> Self {
        let mut error = Self::default();
        error.read_message(message);
        error
    }

    /// Takes over what a message says.
    fn read_message(&mut self, message: String) {
        self.set_codes(code::scan(&message));
        handle::read(&message, self);
        if !message.trim().is_empty() {
            self.message = Some(message);
        }
    }

    /// Takes codes in the order of a text; the last of them leads.
    fn set_codes(&mut self, mut codes: Vec<String>) {
        if let Some(lead) = codes.pop() {
            self.code = Some(lead.clone());
            codes.insert(0, lead);
            self.codes = codes;
        }
    }

    /// Adds a code behind those that are there.
    fn add_code(&mut self, code: String) {
        if !self.codes.contains(&code) {
            self.codes.push(code);
        }
    }

    /// The first value of that name.
    pub(super) fn handle(&self, name: &str) -> Option<&str> {
        self.handles.iter().find(|(handle, _)| *handle == name).map(|(_, value)| value.as_str())
    }

    /// Adds a value, unless there is one of that name.
    fn add(&mut self, name: &'static str, value: impl Into<String>) {
        if self.handle(name).is_none() {
            self.handles.push((name, value.into()));
        }
    }

    fn set_error(&mut self, error: impl Into<String>) {
        if self.error.is_none() {
            let error = error.into();
            self.add("error", error.clone());
            self.error = Some(error);
        }
    }

    fn set_suberror(&mut self, suberror: impl Into<String>) {
        let suberror = suberror.into();
        if self.suberror.is_none() && !suberror.is_empty() {
            self.add("suberror", suberror.clone());
            self.suberror = Some(suberror);
        }
    }
}

/// Bytes of `bytes` from `start`, at most `length` of them.
fn window(bytes: &[u8], start: usize, length: usize) -> &[u8] {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.get(..rest.len().min(length)).unwrap_or_default()
}

/// The at most `length` bytes before `end`, none before `floor`.
fn window_before(bytes: &[u8], end: usize, floor: usize, length: usize) -> &[u8] {
    bytes.get(end.saturating_sub(length).max(floor)..end).unwrap_or_default()
}
