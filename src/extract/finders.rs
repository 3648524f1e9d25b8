//! One reading of a text: every word goes to the finder that it is a sign for, and what they find is put together.

use super::needle::{self, Hit, Sign};
use super::{
    Candidate, Extraction, Place, SentHeader, Shape, code, compact, context, cookie, error, list, object, opaque,
    request, saml, validation,
};

/// Where a text stands in a larger one.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Where what is wanted begins. What stands before is context.
    pub(super) from: usize,
    /// The table whose rows go on there.
    pub(super) table: Option<error::Table>,
    /// Whether a token ends there.
    pub(super) behind_token: bool,
}

/// What a text holds, before the pieces of errors are brought together.
pub(super) struct Reading {
    /// Everything but candidates is in place.
    pub(super) extraction: Extraction,
    /// Where that begins which the end of the text cuts, and which has to be seen whole to know what it holds.
    pub(super) open: Vec<usize>,
    /// The table that goes on to the end of the text.
    pub(super) table: Option<error::OpenTable>,
}

/// Reads UTF-8 bytes that are nested in `depth` containers.
pub(super) fn read(bytes: &[u8], depth: usize, scope: Scope) -> Reading {
    let mut finders = Finders::new(depth);
    if scope.behind_token {
        finders.compact.end = scope.from;
    }
    if let Some(table) = scope.table {
        finders.error.resume(bytes, scope.from, table);
    }
    needle::walk(bytes, |hit| finders.take(bytes, &hit));
    finders.found(bytes)
}

/// Everything that is found by the words it begins with.
#[derive(Default)]
struct Finders {
    depth: usize,
    compact: compact::Finder,
    opaque: opaque::Finder,
    saml: saml::Finder,
    error: error::Finder,
    request: request::Finder,
    cookie: cookie::Finder,
    code: code::Finder,
    tool: context::ToolFinder,
    validation: validation::Finder,
    /// Whether a line begins with the claim that every list of claims has.
    has_list: bool,
}

impl Finders {
    fn new(depth: usize) -> Self {
        Self { depth, compact: compact::Finder::new(depth), ..Self::default() }
    }

    /// Hands a word to the finder that it is a sign for; gives the place before which nothing else is wanted.
    fn take(&mut self, bytes: &[u8], hit: &Hit) -> usize {
        // What lies inside a token is part of it.
        let token = |compact: &compact::Finder| compact.found.last().map_or(0, |token| token.span.end);
        match hit.sign {
            Sign::Header | Sign::HeaderBroken | Sign::HeaderRest | Sign::Wrapped => {
                self.compact.take(bytes, hit);
            }
            sign if opaque::is_sign(sign) => self.opaque.take(bytes, sign, hit.start),
            Sign::SamlNamespace => self.saml.namespace(bytes, hit.start),
            Sign::SamlParameter => self.saml.parameter(bytes, hit.end),
            Sign::SamlBase64 => self.saml.base64(bytes, hit.start),
            Sign::Audience => self.has_list = self.has_list || list::begins_audience(bytes, hit.start, hit.end),
            Sign::Method => self.request.method(bytes, hit.row, hit.start),
            Sign::Address => self.code.address(bytes, hit.start),
            Sign::PseudoHeader => self.code.pseudo_headers(bytes, hit.end),
            Sign::Command => self.request.command(bytes, hit.row, hit.start, hit.end),
            Sign::Cmdlet => self.request.cmdlet(bytes, hit.start),
            Sign::Authorization => self.request.authorization(bytes, hit.start, hit.end),
            Sign::GrantType => self.request.grant_type(bytes, hit.start),
            Sign::SetCookie => self.cookie.header(bytes, hit.start, hit.end),
            Sign::AttackTool => self.tool.word(hit.row),
            Sign::IssuerMessage => self.validation.code(hit.row, hit.start),
            _ => self.error.take(bytes, hit, token(&self.compact)),
        }
        token(&self.compact)
    }

    /// What was found, and what JSON objects hold beside it.
    fn found(mut self, bytes: &[u8]) -> Reading {
        let objects = object::find(bytes, self.depth);
        let mut open = objects.open;
        open.extend(self.compact.open);
        open.extend(self.saml.open);
        let table = self.error.open_table();
        let mut candidates = self.compact.found;
        candidates.extend(self.opaque.found());
        candidates.extend(self.saml.found());
        candidates.extend(if self.has_list { list::find(bytes) } else { Vec::new() });
        candidates.extend(self.error.found(bytes));
        candidates.extend(objects.candidates);
        let request::Found { mut requests, cmdlets, mut headers, token_requests } = self.request.found(bytes);
        requests.extend(objects.requests);
        let holds_token = |candidate: &Candidate| matches!(candidate.shape, Shape::Compact(_) | Shape::Claims { .. });
        if requests.is_empty() && cmdlets.is_empty() && candidates.iter().any(holds_token) {
            requests.extend(self.code.found(bytes));
        }
        requests.sort_by_key(|request| request.span.start);
        headers.extend(objects.headers);
        headers.sort_by_key(|header| header.span.start);
        let mut cookie_faults = self.cookie.found;
        cookie_faults.extend(objects.cookies);
        cookie_faults.sort_by_key(|fault| fault.span.start);
        let mut candidates = without_overlaps(candidates);
        in_headers(&mut candidates, &headers);
        let extraction = Extraction {
            candidates,
            requests,
            cmdlets,
            headers,
            token_requests,
            attack_tool: self.tool.found(),
            issuer_mismatch: self.validation.found(bytes),
            cookie_faults,
        };
        Reading { extraction, open, table }
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
