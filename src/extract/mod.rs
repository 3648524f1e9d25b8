//! What was pasted: finds tokens, their look-alikes and error responses in any bytes.
//!
//! Tokens are found by their own shape, not by parsing the container around them: base64url survives every wrapping
//! (JSON in JSON, curl, HAR, mail) but for line breaks and percent signs, and those are undone on the spot. That way
//! a cut-off HAR, a log or a mail yields the same artefacts as the well-formed file, in one pass and linear time.

mod artefact;
mod compact;
mod context;
mod cookie;
mod error;
mod jose_header;
mod list;
mod needle;
mod object;
mod opaque;
mod request;
mod saml;
mod scan;
mod text;
mod validation;

pub use artefact::{ArtefactKind, Span};
pub use compact::{Compact, SignatureText};
pub use context::{Context, Place};
pub use cookie::{CookieFault, CookieProblem};
pub use error::{ErrorText, HANDLES};
pub use opaque::{Opaque, OpaqueKind};
pub use request::{HeaderProblem, Request, SentHeader, TokenRequest};
pub use text::{Encoding, Text};
pub use validation::IssuerMismatch;

use needle::{Hit, Sign};

/// What was found in a paste.
#[derive(Debug, Default)]
pub struct Extraction {
    /// Everything recognised, in the order of its position.
    pub candidates: Vec<Candidate>,
    /// The HTTP requests that the paste shows, in order.
    pub requests: Vec<Request>,
    /// The Authorization headers that were sent, in order.
    pub headers: Vec<SentHeader>,
    /// Requests to a token endpoint, in order.
    pub token_requests: Vec<TokenRequest>,
    /// The name of the attack tool whose output the paste has the shape of.
    pub attack_tool: Option<&'static str>,
    /// What a token validator said about the issuer.
    pub issuer_mismatch: Option<IssuerMismatch>,
    /// Faults of cookies that answers set, in order: a browser does not send such cookies from another site.
    pub cookie_faults: Vec<CookieFault>,
}

/// One thing recognised by its shape. What its claims make of it is decided in `token`.
#[derive(Debug)]
pub struct Candidate {
    /// What it is, and what was read of it.
    pub shape: Shape,
    /// Where it stands in the paste.
    pub span: Span,
    /// Where it was found: the member, header or parameter that holds it.
    pub context: Context,
    /// What had to be undone to read it.
    pub repairs: Repairs,
}

/// The shapes.
#[derive(Debug)]
pub enum Shape {
    /// JWS or JWE compact serialisation, whole or damaged.
    Compact(Compact),
    /// A value that is recognised by its form and cannot be read.
    Opaque(Opaque),
    /// A SAML assertion or response.
    Saml,
    /// Claims in the clear: as JSON, or as a list of lines turned into JSON.
    Claims {
        /// The header in front of them, where there is one, as JSON text.
        header: Option<Vec<u8>>,
        /// The claims as JSON text.
        payload: Vec<u8>,
    },
    /// An error of the sign-in service, of a client library, or of what validates tokens.
    StsError(ErrorText),
    /// An error that an API answered: Microsoft Graph and the services beside it.
    GraphError(ErrorText),
    /// The `claims` value of a challenge, as JSON text.
    ClaimsChallenge(Vec<u8>),
}

/// What had to be undone to read a candidate, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Line breaks inside the token.
    pub line_breaks: usize,
    /// Of those, the ones with a quotation mark of mail (`> `) behind them.
    pub quoted_lines: usize,
    /// Spaces or tabs inside the token, other than indentation behind a line break.
    pub spaces: usize,
    /// Percent-encoded characters.
    pub percent: usize,
    /// Line breaks written as escapes (`\n`) inside the token.
    pub escaped_breaks: usize,
    /// Invisible characters: terminal escape sequences, zero-width characters, no-break spaces.
    pub invisible: usize,
    /// True where all broken lines have the same width, as a console or an editor makes them.
    pub even_width: bool,
    /// True where it was found in base64 text.
    pub base64: bool,
    /// True where the paste is UTF-16.
    pub utf16: bool,
}

/// Nesting of containers that are opened (base64 in base64, JSON in JSON strings): deeper ones are left closed.
const CONTAINER_DEPTH: usize = 4;

/// Finds everything in a paste. Any bytes are fine; time and memory are linear in their number.
pub fn extract(paste: &[u8]) -> Extraction {
    let text = Text::new(paste);
    let mut found = extract_from(text.bytes(), 0);
    let utf16 = text.encoding() != Encoding::Bytes;
    let origin = |span: &mut Span| *span = Span { start: text.origin(span.start), end: text.origin(span.end) };
    for candidate in &mut found.candidates {
        origin(&mut candidate.span);
        candidate.repairs.utf16 = utf16;
    }
    found.requests.iter_mut().for_each(|request| origin(&mut request.span));
    found.headers.iter_mut().for_each(|header| origin(&mut header.span));
    found.token_requests.iter_mut().for_each(|request| origin(&mut request.span));
    found.cookie_faults.iter_mut().for_each(|fault| origin(&mut fault.span));
    found
}

/// Finds everything in UTF-8 bytes that are nested in `depth` containers.
fn extract_from(bytes: &[u8], depth: usize) -> Extraction {
    let mut finders = Finders::new(depth);
    needle::walk(bytes, |hit| finders.take(bytes, &hit));
    finders.found(bytes)
}

/// Everything that is found by the words it begins with.
struct Finders {
    depth: usize,
    compact: compact::Finder,
    opaque: opaque::Finder,
    saml: saml::Finder,
    error: error::Finder,
    request: request::Finder,
    cookie: cookie::Finder,
    tool: context::ToolFinder,
    validation: validation::Finder,
    /// Whether a line begins with the claim that every list of claims has.
    has_list: bool,
}

impl Finders {
    fn new(depth: usize) -> Self {
        Self {
            depth,
            compact: compact::Finder::new(depth),
            opaque: opaque::Finder::default(),
            saml: saml::Finder::default(),
            error: error::Finder::default(),
            request: request::Finder::default(),
            cookie: cookie::Finder::default(),
            tool: context::ToolFinder::default(),
            validation: validation::Finder::default(),
            has_list: false,
        }
    }

    /// Hands a word to the finder that it is a sign for.
    fn take(&mut self, bytes: &[u8], hit: &Hit) {
        match hit.sign {
            Sign::Header => self.compact.start(bytes, hit.start),
            Sign::HeaderBroken => self.compact.broken_start(bytes, hit.start),
            Sign::HeaderRest => self.compact.start_rest(bytes, hit.end),
            Sign::Entra
            | Sign::PersonalTicket
            | Sign::ClientSecret
            | Sign::OldForm
            | Sign::Personal
            | Sign::SecretName => self.opaque.take(bytes, hit.sign, hit.start),
            Sign::SamlNamespace => self.saml.namespace(bytes, hit.start),
            Sign::SamlBase64 => self.saml.base64(bytes, hit.start),
            Sign::Audience => self.has_list = self.has_list || list::begins_audience(bytes, hit.start, hit.end),
            Sign::Method => self.request.method(bytes, hit.row, hit.start),
            Sign::Command => self.request.command(bytes, hit.row, hit.start, hit.end),
            Sign::Authorization => self.request.authorization(bytes, hit.start, hit.end),
            Sign::GrantType => self.request.grant_type(bytes, hit.start),
            Sign::SetCookie => self.cookie.header(bytes, hit.start, hit.end),
            Sign::AttackTool => self.tool.word(hit.row),
            Sign::IssuerMessage => self.validation.code(hit.row, hit.start),
            _ => self.error.take(bytes, hit),
        }
    }

    /// What was found, and what JSON objects hold beside it.
    fn found(self, bytes: &[u8]) -> Extraction {
        let objects = object::find(bytes, self.depth);
        let mut candidates = self.compact.found;
        candidates.extend(self.opaque.found());
        candidates.extend(self.saml.found());
        candidates.extend(if self.has_list { list::find(bytes) } else { Vec::new() });
        candidates.extend(self.error.found(bytes));
        candidates.extend(objects.candidates);
        let request::Found { mut requests, mut headers, token_requests } = self.request.found(bytes);
        requests.extend(objects.requests);
        requests.sort_by_key(|request| request.span.start);
        headers.extend(objects.headers);
        headers.sort_by_key(|header| header.span.start);
        let mut cookie_faults = self.cookie.found;
        cookie_faults.extend(objects.cookies);
        cookie_faults.sort_by_key(|fault| fault.span.start);
        let mut candidates = error::merge(bytes, without_overlaps(candidates));
        in_headers(&mut candidates, &headers);
        Extraction {
            candidates,
            requests,
            headers,
            token_requests,
            attack_tool: self.tool.found(),
            issuer_mismatch: self.validation.found(bytes),
            cookie_faults,
        }
    }
}

/// Says of the candidates inside Authorization headers that they are.
fn in_headers(candidates: &mut [Candidate], headers: &[SentHeader]) {
    for candidate in candidates {
        let at = candidate.span.start;
        let next = headers.partition_point(|header| header.span.start <= at);
        if next.checked_sub(1).and_then(|last| headers.get(last)).is_some_and(|last| at < last.span.end) {
            candidate.context.place = Place::AuthorizationHeader;
        }
    }
}

/// Sorts by position and drops what lies inside an earlier or longer candidate: the outer one says it all.
fn without_overlaps(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by_key(|candidate| (candidate.span.start, std::cmp::Reverse(candidate.span.end)));
    let mut end = 0;
    candidates.retain(|candidate| {
        let keep = candidate.span.start >= end;
        if keep {
            end = candidate.span.end;
        }
        keep
    });
    candidates
}
