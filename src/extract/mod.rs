//! What was pasted: finds tokens, their look-alikes and error responses in any bytes.
//!
//! Tokens are found by their own shape, not by parsing the container around them: base64url survives every wrapping
//! (JSON in JSON, curl, HAR, mail) but for line breaks and percent signs, and those are undone on the spot. That way
//! a cut-off HAR, a log or a mail yields the same artefacts as the well-formed file, in one pass and linear time.

mod artefact;
mod code;
mod compact;
mod context;
mod cookie;
mod credentials;
mod error;
mod finders;
mod header;
mod jose_header;
mod list;
mod needle;
mod object;
mod opaque;
pub(crate) mod percent;
mod request;
mod saml;
mod scan;
mod seam;
mod text;
mod validation;
mod window;

pub use artefact::{ArtefactKind, Span};
pub use compact::{Compact, SignatureText};
pub use context::{Context, Place};
pub use cookie::{CookieFault, CookieProblem};
pub use error::{ErrorText, HANDLES};
pub use header::{HeaderProblem, SentHeader};
pub use opaque::{Opaque, OpaqueKind};
pub use request::{Command, Request, TokenRequest};
pub use text::{Encoding, Origins, Text};
pub use validation::IssuerMismatch;
pub use window::{Limits, Sighting, Window};

pub use credentials::without_credentials;
pub(crate) use credentials::{SIGNATURE, each_token};
use finders::Scope;

/// What was found in a paste.
#[derive(Debug, Default)]
pub struct Extraction {
    /// Everything recognised, in the order of its position.
    pub candidates: Vec<Candidate>,
    /// The HTTP requests that the paste shows, in order.
    pub requests: Vec<Request>,
    /// The cmdlets of Microsoft Graph PowerShell that were run or that errors name, in order.
    pub cmdlets: Vec<Command>,
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

/// The shapes. Errors lie elsewhere: hostile pastes have millions of candidates, and few of them are errors.
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
    StsError(Box<ErrorText>),
    /// An error that an API answered: Microsoft Graph and the services beside it.
    GraphError(Box<ErrorText>),
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
    /// Places where a program, a log, a page or a mail program put something between two pieces of the token.
    pub joints: usize,
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
    // White space at the end means nothing, not even where something before it is cut.
    let mut found = extract_from(text.bytes().trim_ascii_end(), 0);
    let utf16 = text.encoding() != Encoding::Bytes;
    let mut origins = text.origins();
    let mut back = |span: &mut Span| *span = Span { start: origins.of(span.start), end: origins.of(span.end) };
    for candidate in &mut found.candidates {
        back(&mut candidate.span);
        candidate.repairs.utf16 = utf16;
    }
    found.requests.iter_mut().for_each(|request| back(&mut request.span));
    found.cmdlets.iter_mut().for_each(|cmdlet| back(&mut cmdlet.span));
    found.headers.iter_mut().for_each(|header| back(&mut header.span));
    found.token_requests.iter_mut().for_each(|request| back(&mut request.span));
    found.cookie_faults.iter_mut().for_each(|fault| back(&mut fault.span));
    found
}

/// A refusal of which nothing is left but its HTTP status: for a short paste in which [`extract`] has found nothing.
pub fn bare_refusal(paste: &[u8]) -> Option<Candidate> {
    error::bare_status(paste)
}

/// Finds everything in UTF-8 bytes that are nested in `depth` containers.
fn extract_from(bytes: &[u8], depth: usize) -> Extraction {
    let mut found = finders::read(bytes, depth, Scope::default()).extraction;
    found.candidates = error::merge(bytes, found.candidates);
    found
}
