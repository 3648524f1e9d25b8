//! Bringing together the pieces of one error.

use super::status::status_in;
use super::{ErrorText, known, window_before};
use crate::extract::{Candidate, Shape, Span, credentials};
use crate::offset::Advance;
use std::collections::{HashMap, VecDeque};

/// How far apart the pieces of one error may stand, in bytes: an exception and the response body that it prints.
const REACH: usize = 4096;

/// How far apart two mentions of one error may stand, in bytes: more than the pages and answers that repeat it.
const MENTIONED: usize = 256 * 1024;

/// How many earlier errors of the same code a further one is compared with.
const COMPARED: usize = 4;

/// How far before an answer its status line is looked for, in bytes: headers stand between.
const STATUS: usize = 1024;

/// Names that must not differ between two mentions of one error. A mention may leave any of them out.
const TELLING: [&str; 10] = [
    "trace_id",
    "correlation_id",
    "request_id",
    "client_request_id",
    "timestamp",
    "app",
    "resource",
    "user",
    "uri",
    "subject",
];

/// Makes one artefact of the pieces of one error. The candidates are in the order of their position and do not overlap.
pub(in crate::extract) fn merge(bytes: &[u8], candidates: Vec<Candidate>) -> Vec<Candidate> {
    if !candidates.iter().any(|candidate| error_of(&candidate.shape).is_some()) {
        return candidates;
    }
    let mut merger = Merger::default();
    for mention in mentions(bytes, candidates) {
        merger.add(mention);
    }
    merger.settled(usize::MAX).collect()
}

/// A candidate, and what its surroundings say of it as an error.
pub(in crate::extract) struct Mention {
    pub(in crate::extract) candidate: Candidate,
    /// See [`is_piece`].
    is_piece: bool,
}

/// Takes down what has to be known of the text to bring the candidates together.
pub(in crate::extract) fn mentions(
    bytes: &[u8],
    mut candidates: Vec<Candidate>,
) -> impl Iterator<Item = Mention> + use<'_> {
    statuses(bytes, &mut candidates);
    candidates.into_iter().map(|candidate| Mention { is_piece: is_piece(bytes, &candidate), candidate })
}

/// Brings candidates together that are added in the order of their position, and gives away those that nothing further
/// on can belong to.
#[derive(Debug, Default)]
pub(in crate::extract) struct Merger {
    /// What stays, in order; taken out again where a later error turns out to be the whole.
    kept: VecDeque<Option<Candidate>>,
    /// How many were given away before these. Places count them too.
    given: usize,
    /// Where the errors of each code are.
    of_code: HashMap<String, Vec<usize>>,
    /// The last error that is no mere piece, and the last claims challenge.
    last: Option<usize>,
    challenge: Option<usize>,
    /// A piece that waits for the error behind it.
    waiting: Option<usize>,
}

impl Merger {
    /// Adds what stands behind everything that was added before.
    pub(in crate::extract) fn add(&mut self, mention: Mention) {
        let Mention { candidate, is_piece } = mention;
        let place = self.given.saturating_add(self.kept.len());
        let Some(error) = error_of(&candidate.shape) else {
            if matches!(candidate.shape, Shape::ClaimsChallenge(_)) {
                self.challenge = Some(place);
                // The header that carries the challenge says no more than that there is one.
                if let Some(piece) = self.waiting.filter(|&piece| self.is_near(piece, candidate.span))
                    && self.error(piece).is_some_and(only_wants_claims)
                {
                    self.waiting = None;
                    self.drop(piece);
                }
            }
            self.kept.push_back(Some(candidate));
            return;
        };
        if only_wants_claims(error) && self.challenge.is_some_and(|place| self.is_near(place, candidate.span)) {
            return;
        }
        if is_piece {
            self.add_piece(place, candidate);
        } else {
            self.add_whole(place, candidate);
        }
    }

    /// Gives away the first ones, as far as nothing at `at` or behind can belong to them.
    pub(in crate::extract) fn settled(&mut self, at: usize) -> impl Iterator<Item = Candidate> {
        let is_open = |candidate: &Candidate| at != usize::MAX && at <= candidate.span.end.saturating_add(MENTIONED);
        let count = self.kept.iter().take_while(|candidate| !candidate.as_ref().is_some_and(is_open)).count();
        self.given.advance(count);
        let given = self.given;
        if count > 0 {
            self.of_code.retain(|_, places| {
                places.retain(|&place| place >= given);
                !places.is_empty()
            });
        }
        self.kept.drain(..count).flatten().map(|mut candidate| {
            credentials::hide(&mut candidate);
            candidate
        })
    }

    /// A piece belongs to the piece or error just before it, or to the error behind it.
    fn add_piece(&mut self, place: usize, candidate: Candidate) {
        let Some(error) = error_of(&candidate.shape) else { return };
        let fits = |place: &usize| {
            self.is_near(*place, candidate.span) && self.error(*place).is_some_and(|other| accepts(other, error))
        };
        // An OAuth error stands in front of its description: the error before it is another one.
        let before = self.last.filter(|_| !is_in_front(error));
        match self.waiting.filter(fits).or_else(|| before.filter(fits)) {
            Some(place) => self.absorb(place, candidate.shape),
            None => {
                self.kept.push_back(Some(candidate));
                self.waiting = Some(place);
            }
        }
    }

    fn add_whole(&mut self, place: usize, candidate: Candidate) {
        let Some(error) = error_of(&candidate.shape) else { return };
        let key = error.code.clone().unwrap_or_default().to_ascii_lowercase();
        let earlier = self.of_code.get(&key).map(Vec::as_slice).unwrap_or_default();
        let same = earlier.iter().rev().take(COMPARED).copied().find(|&place| {
            !key.is_empty()
                && self.is_within(place, candidate.span, MENTIONED)
                && self.error(place).is_some_and(|other| no_contradiction(other, error))
        });
        let piece = self.waiting.filter(|&piece| {
            self.is_near(piece, candidate.span) && self.error(piece).is_some_and(|piece| accepts(error, piece))
        });
        let place = match same {
            Some(place) => {
                self.absorb(place, candidate.shape);
                place
            }
            None => {
                self.of_code.entry(key).or_default().push(place);
                self.kept.push_back(Some(candidate));
                place
            }
        };
        if let Some(piece) = piece.and_then(|piece| self.drop(piece)) {
            self.absorb(place, piece.shape);
        }
        self.waiting = None;
        self.last = Some(place);
    }

    fn at(&self, place: usize) -> Option<&Candidate> {
        self.kept.get(place.checked_sub(self.given)?)?.as_ref()
    }

    fn slot(&mut self, place: usize) -> Option<&mut Option<Candidate>> {
        self.kept.get_mut(place.checked_sub(self.given)?)
    }

    fn error(&self, place: usize) -> Option<&ErrorText> {
        self.at(place).and_then(|candidate| error_of(&candidate.shape))
    }

    fn is_near(&self, place: usize, span: Span) -> bool {
        self.is_within(place, span, REACH)
    }

    fn is_within(&self, place: usize, span: Span, reach: usize) -> bool {
        self.at(place).is_some_and(|other| span.start <= other.span.end.saturating_add(reach))
    }

    fn drop(&mut self, place: usize) -> Option<Candidate> {
        self.slot(place)?.take()
    }

    fn absorb(&mut self, place: usize, shape: Shape) {
        let other = self.slot(place).and_then(Option::as_mut);
        if let (Some(other), Shape::StsError(error) | Shape::GraphError(error)) = (other, shape) {
            absorb(&mut other.shape, *error);
        }
    }
}

fn error_of(shape: &Shape) -> Option<&ErrorText> {
    match shape {
        Shape::StsError(error) | Shape::GraphError(error) => Some(error),
        _ => None,
    }
}

/// True of a piece that says too little to be an error beside another one: a status, an OAuth error, a credential that
/// failed, a number of the broker. An answer of its own is never a piece, however thin.
fn is_piece(bytes: &[u8], candidate: &Candidate) -> bool {
    let Some(error) = error_of(&candidate.shape) else { return false };
    let answer = bytes.get(candidate.span.start) == Some(&b'{');
    !answer
        && error.codes.is_empty()
        && error.code.as_ref().is_none_or(|code| {
            Some(code) == error.error.as_ref() || known::CREDENTIAL_ERRORS.contains(&code.as_str()) || is_broker(code)
        })
}

fn is_broker(code: &str) -> bool {
    known::broker_number(code).is_some()
}

/// True of a piece that stands in front of what it belongs to.
fn is_in_front(error: &ErrorText) -> bool {
    error.code.as_deref().is_some_and(|code| !is_broker(code))
}

/// True of the error of a header whose claims value is an artefact of its own.
fn only_wants_claims(error: &ErrorText) -> bool {
    error.error.as_deref() == Some("insufficient_claims") && error.codes.is_empty() && error.message.is_none()
}

/// True where `error` may be the whole of which `piece` is a part.
fn accepts(error: &ErrorText, piece: &ErrorText) -> bool {
    let same = |left: &Option<String>, right: &Option<String>| left.is_none() || right.is_none() || left == right;
    // An API calls every refusal of a token `invalid_token`, whatever its own code.
    let generic = ["invalid_token", "insufficient_claims"].iter().any(|name| piece.error.as_deref() == Some(name));
    (same(&error.error, &piece.error) || generic) && no_contradiction(error, piece)
}

/// True where two errors of one code can be mentions of the same error.
fn no_contradiction(left: &ErrorText, right: &ErrorText) -> bool {
    TELLING.iter().all(|name| match (left.handle(name), right.handle(name)) {
        (Some(left), Some(right)) => same_value(name, left, right),
        _ => true,
    })
}

/// Moments are written with a blank or a `T`, with and without fraction and zone.
fn same_value(name: &str, left: &str, right: &str) -> bool {
    if name == "timestamp" {
        let plain =
            |text: &str| text.bytes().take(19).map(|byte| if byte == b'T' { b' ' } else { byte }).collect::<Vec<_>>();
        return plain(left) == plain(right);
    }
    left.eq_ignore_ascii_case(right)
}

/// Adds what a piece knows more.
fn absorb(shape: &mut Shape, piece: ErrorText) {
    let (Shape::StsError(error) | Shape::GraphError(error)) = shape else { return };
    if error.code.is_none() {
        error.code.clone_from(&piece.code);
    }
    // Of an error that has only its OAuth name or the library's, the more exact one leads.
    if error.codes.is_empty() && error.code == error.error && piece.code.is_some() && piece.code != piece.error {
        error.code = piece.code;
    }
    piece.codes.into_iter().for_each(|code| error.add_code(code));
    if let Some(name) = piece.error {
        error.set_error(name);
    }
    if let Some(suberror) = piece.suberror {
        error.set_suberror(suberror);
    }
    let longer = piece.message.as_ref().map_or(0, String::len) > error.message.as_ref().map_or(0, String::len);
    if error.message.is_none() || longer && error.codes.is_empty() && error.handles.is_empty() {
        error.message = piece.message.or(error.message.take());
    }
    for (name, value) in piece.handles {
        if error.handle(name).is_none() || name == "policy" && !error.handles.contains(&(name, value.clone())) {
            error.handles.push((name, value));
        }
    }
}

/// Gives every error the HTTP status that stands in front of it.
fn statuses(bytes: &[u8], candidates: &mut [Candidate]) {
    let mut floor = 0;
    for candidate in candidates {
        let at = candidate.span.start;
        let piece = is_piece(bytes, candidate);
        if let Shape::StsError(error) | Shape::GraphError(error) = &mut candidate.shape {
            if error.handle("status").is_none()
                && let Some(status) = status_in(window_before(bytes, at, floor, STATUS))
            {
                error.add("status", status);
            }
            // The headers between a status line and its answer may hold a piece of it.
            floor = if piece { floor } else { candidate.span.end };
        }
    }
}
