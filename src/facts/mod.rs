//! What the rules read: artefacts, scenario and moment of judging, brought together once.

mod intent;
mod permission;
mod signature;
mod stated;
mod words;

pub use intent::{Given, Target};
pub use permission::{CallAnswer, PERSONAL_ACCOUNTS};
pub use signature::{KeyIssuer, Signature};
pub use stated::Stated;
pub use words::Words;

use crate::Options;
use crate::catalog::{self, Audience, Cloud, Issuer, IssuerKind};
use crate::extract::{
    ArtefactKind, Candidate, Compact, Context, ErrorText, Extraction, Opaque, OpaqueKind, Place, Repairs, Request,
    Shape, Span,
};
use crate::jose::json::Document;
use crate::jose::keys::KeySet;
use crate::permission::{Catalogue, Held};
use crate::scenario::{Call, Scenario};
use crate::token::{Acting, Token};
use std::cell::OnceCell;

/// The most artefacts of one paste that are read, the first ones. A log can hold millions; whoever pastes one is told
/// how many were left out.
pub const MOST_ARTEFACTS: usize = 4096;

/// How much of a paste is read for its words, in bytes.
const MOST_WORDS: usize = 64 * 1024;

/// The shortest signature that is looked for where it stands alone, in characters: what is shorter is a word.
pub(crate) const SHORTEST_SIGNATURE: usize = 16;

/// What the rules read.
#[derive(Debug)]
pub struct Facts<'s> {
    /// The moment of judging, seconds since 1970.
    pub now: i64,
    /// How far clocks may differ, in seconds.
    pub leeway: i64,
    /// What the person meant to do.
    pub scenario: &'s Scenario,
    /// Everything recognised, in the order of its position.
    pub artefacts: Vec<Artefact>,
    /// How many artefacts were recognised beyond [`MOST_ARTEFACTS`] and left out.
    pub left_out: usize,
    /// The Authorization headers that were sent.
    pub headers: Vec<crate::extract::SentHeader>,
    /// Requests to a token endpoint.
    pub token_requests: Vec<crate::extract::TokenRequest>,
    /// The name of the attack tool whose output the paste has the shape of.
    pub attack_tool: Option<&'static str>,
    /// What a token validator said about the issuer.
    pub issuer_mismatch: Option<crate::extract::IssuerMismatch>,
    /// The words of the paste as one message, its first 64 KiB: they decide where no error was recognised, and beside
    /// one.
    pub words: ErrorText,
    /// The same words, ASCII letters in lower case.
    pub words_in_lower_case: Words,
    joined: OnceCell<Words>,
    stated: OnceCell<Stated>,
    /// The calls that are meant: of the scenario, or else the one that the paste shows.
    pub calls: Vec<Given<Call>>,
    /// What each call needs, and whether the judged token has it.
    pub answers: Vec<CallAnswer<'s>>,
    /// The caller's keys, where there are any.
    pub keys: Option<&'s KeySet>,
    /// The signatures of the tokens in the paste: no text of a report may hold one.
    pub(crate) signatures: Vec<Vec<u8>>,
    catalogue: &'s Catalogue,
    judged: Option<usize>,
    /// What the catalogue knows of the judged token's audience: nearly every rule asks.
    audience: Option<Audience>,
}

/// One thing recognised, understood as far as it can be.
#[derive(Debug)]
pub struct Artefact {
    /// What it is.
    pub kind: ArtefactKind,
    /// Where it stands in the paste.
    pub span: Span,
    /// Where it was found.
    pub context: Context,
    /// What had to be undone to read it.
    pub repairs: Repairs,
    /// What was read of it.
    pub content: Content,
    /// What is known of its signature; absent of what has none, and where there are no keys to check it with.
    pub signature: Option<Signature>,
    /// The token itself, until its signature is checked.
    compact: Vec<u8>,
}

/// What was read of an artefact.
#[derive(Debug)]
pub enum Content {
    /// A token, or claims in the clear.
    Token(Box<Token>),
    /// A value that cannot be read.
    Opaque(Opaque),
    /// A SAML assertion.
    Saml,
    /// An error response.
    Error(ErrorText),
    /// A claims challenge.
    Challenge(Document),
}

impl Artefact {
    /// `keep` keeps the text of a token for the check of its signature.
    fn new(candidate: Candidate, keep: bool) -> Self {
        let Candidate { shape, span, context, repairs } = candidate;
        let mut text = Vec::new();
        let (kind, content) = match shape {
            Shape::Compact(compact) => {
                let (compact, token) = match Token::from_compact(&compact, &context) {
                    token if token.is_bound() => bound(&token, &context).unwrap_or((compact, token)),
                    token => (compact, token),
                };
                if keep {
                    text = compact.into_text();
                }
                (token.kind, Content::Token(Box::new(token)))
            }
            Shape::Claims { header, payload } => {
                let token = Token::from_claims(header.as_deref(), &payload);
                (ArtefactKind::DecodedClaims, Content::Token(Box::new(token)))
            }
            Shape::Opaque(opaque) => (kind_of(opaque.kind), Content::Opaque(opaque)),
            Shape::Saml => (ArtefactKind::SamlAssertion, Content::Saml),
            Shape::StsError(error) => (ArtefactKind::StsError, Content::Error(*error)),
            Shape::GraphError(error) => (ArtefactKind::GraphError, Content::Error(*error)),
            Shape::ClaimsChallenge(text) => (ArtefactKind::ClaimsChallenge, Content::Challenge(Document::read(text))),
        };
        Self { kind, span, context, repairs, content, signature: None, compact: text }
    }

    /// The token, where it is one.
    pub fn token(&self) -> Option<&Token> {
        match &self.content {
            Content::Token(token) => Some(token),
            _ => None,
        }
    }
}

/// The access token inside a signed request that proves who may use it: the request is the client's own, and what an API
/// judges is the token in its claim `at`.
fn bound(request: &Token, context: &Context) -> Option<(Compact, Token)> {
    let text = request.payload.as_ref()?.root()?.get("at")?.as_str()?;
    let inner =
        crate::extract::extract(text.as_bytes()).candidates.into_iter().find_map(|found| match found.shape {
            Shape::Compact(inner) => Some(inner),
            _ => None,
        })?;
    let token = Token::from_compact(&inner, context);
    Some((inner, token))
}

/// The signature of a signed token, where it is long enough to be told from a word.
fn signature_of(candidate: &Candidate) -> Option<Vec<u8>> {
    let Shape::Compact(compact) = &candidate.shape else { return None };
    let mut rest = compact.segments().skip(2);
    let signature = rest.next().filter(|segment| segment.len() >= SHORTEST_SIGNATURE)?;
    rest.next().is_none().then(|| signature.to_vec())
}

const fn kind_of(kind: OpaqueKind) -> ArtefactKind {
    match kind {
        OpaqueKind::RefreshToken
        | OpaqueKind::PrimaryRefreshToken
        | OpaqueKind::SessionCookie
        | OpaqueKind::PersonalRefreshToken => ArtefactKind::RefreshToken,
        OpaqueKind::AuthorizationCode | OpaqueKind::PersonalCode => ArtefactKind::AuthorizationCode,
        OpaqueKind::PersonalTicket => ArtefactKind::OpaqueToken,
        OpaqueKind::ClientSecret => ArtefactKind::ClientSecret,
    }
}

/// The access token (or its claims) that the rules judge.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'f> {
    /// Index into [`Facts::artefacts`].
    pub index: usize,
    /// Its place in the paste.
    pub artefact: &'f Artefact,
    /// The token itself.
    pub token: &'f Token,
}

impl<'s> Facts<'s> {
    /// Brings together what was found and what was said.
    pub fn new(found: Extraction, options: &'s Options) -> Self {
        let Options { now, leeway, ref scenario, ref permissions, ref keys } = *options;
        let keys = keys.as_deref().filter(|keys| !keys.files().is_empty());
        let left_out = found.candidates.len().saturating_sub(MOST_ARTEFACTS);
        let mut signatures: Vec<Vec<u8>> =
            found.candidates.iter().take(MOST_ARTEFACTS).filter_map(signature_of).collect();
        // A log holds the same token many times.
        signatures.sort_unstable();
        signatures.dedup();
        let artefacts: Vec<Artefact> = found
            .candidates
            .into_iter()
            .take(MOST_ARTEFACTS)
            .map(|candidate| Artefact::new(candidate, keys.is_some()))
            .collect();
        let mut facts = Self {
            now,
            leeway,
            scenario,
            artefacts,
            left_out,
            headers: found.headers,
            token_requests: found.token_requests,
            attack_tool: found.attack_tool,
            issuer_mismatch: found.issuer_mismatch,
            words: ErrorText::default(),
            words_in_lower_case: Words::default(),
            joined: OnceCell::new(),
            stated: OnceCell::new(),
            calls: Vec::new(),
            answers: Vec::new(),
            keys,
            signatures,
            catalogue: match permissions {
                Some(newer) => newer,
                None => crate::permission::embedded(),
            },
            judged: None,
            audience: None,
        };
        facts.calls = intent::calls(scenario, facts.catalogue);
        if facts.scenario.calling.is_empty() {
            facts.calls.extend(intent::seen(&found.requests, &found.cmdlets, None, facts.catalogue));
        }
        facts.judged = facts.choose(&found.requests);
        if facts.scenario.calling.is_empty() {
            // The request that the token was sent with; without a token the one that was refused.
            let place = facts.judged().map(|judged| judged.artefact.span);
            let refused = || facts.of_kind(ArtefactKind::GraphError).map(|(_, artefact)| artefact.span).next();
            facts.calls = intent::seen(&found.requests, &found.cmdlets, place.or_else(refused), facts.catalogue)
                .into_iter()
                .collect();
        }
        facts.audience = facts.judged().and_then(|judged| catalog::audience(judged.token.claims.aud.as_deref()?));
        facts.answers = permission::judge(&facts);
        if let Some(keys) = keys {
            facts.check_signatures(keys);
        }
        facts
    }

    /// Keeps the words of the paste.
    pub fn with_words(mut self, paste: &[u8]) -> Self {
        let start = paste.get(..paste.len().min(MOST_WORDS)).unwrap_or_default();
        let words = String::from_utf8_lossy(start).into_owned();
        self.words_in_lower_case = Words::of(words.to_ascii_lowercase());
        self.words.message = Some(words);
        self
    }

    /// The words of the paste in lower case, made one line by `join`, which is called once.
    pub fn joined_words(&self, join: fn(&str) -> String) -> &Words {
        self.joined.get_or_init(|| Words::of(join(self.words_in_lower_case.text())))
    }

    /// What the words of the paste say of a token or a setting; read when it is first asked for.
    pub fn stated(&self) -> &Stated {
        self.stated.get_or_init(|| {
            Stated::read(self.words.message.as_deref().unwrap_or_default(), self.words_in_lower_case.text())
        })
    }

    /// The table of permissions that answers.
    pub fn catalogue(&self) -> &'s Catalogue {
        self.catalogue
    }

    /// What the judged token holds of permissions of Microsoft Graph.
    pub fn held(&self) -> Option<Held<'_>> {
        permission::held(self)
    }

    /// The access token that the rules judge, where there is one.
    pub fn judged(&self) -> Option<Judged<'_>> {
        let index = self.judged?;
        let artefact = self.artefacts.get(index)?;
        Some(Judged { index, artefact, token: artefact.token()? })
    }

    /// Artefacts of one kind, with their index.
    pub fn of_kind(&self, kind: ArtefactKind) -> impl Iterator<Item = (usize, &Artefact)> {
        self.artefacts.iter().enumerate().filter(move |(_, artefact)| artefact.kind == kind)
    }

    /// The token of a personal account, which cannot be read, where there is none that can.
    pub fn personal_ticket(&self) -> Option<(usize, &Artefact)> {
        if self.judged.is_some() { None } else { self.of_kind(ArtefactKind::OpaqueToken).next() }
    }

    /// What the catalogue knows of the judged token's audience.
    pub fn audience(&self) -> Option<Audience> {
        self.audience
    }

    /// What the judged token's issuer is.
    pub fn issuer(&self) -> Option<Issuer<'_>> {
        catalog::issuer(self.judged()?.token.claims.iss.as_deref()?)
    }

    /// True of tokens between services of Microsoft (Access Control Service, actor tokens).
    pub fn is_actor_token(&self) -> bool {
        let Some(judged) = self.judged() else { return false };
        let claims = &judged.token.claims;
        self.issuer().is_some_and(|issuer| issuer.kind == IssuerKind::Acs) || claims.has("actortoken")
    }

    /// Who acts with the judged token. Only tokens of Entra say so; in others the same claims mean something else.
    pub fn acting(&self) -> Option<(Acting, &'static str)> {
        let foreign = self.issuer().is_some_and(|issuer| !issuer.is_entra() && !issuer.imitates_entra);
        if foreign || self.is_actor_token() {
            return None;
        }
        self.judged()?.token.claims.acting()
    }

    /// The call that is meant, where one is known.
    pub fn call(&self) -> Option<&Given<Call>> {
        self.calls.first()
    }

    /// What is being called.
    pub fn target(&self) -> Given<Target> {
        intent::target(self)
    }

    /// The client ID of the app that exchanges the judged token on behalf of its user, where that is what happens to it;
    /// empty where a request does not say.
    pub fn exchanging_app(&self) -> Option<Given<String>> {
        intent::exchange(self)
    }

    /// True where the judged token is for that app: its client ID, or the Application ID URI made of it.
    pub fn is_for_app(&self, client: &str) -> bool {
        let aud = self.judged().and_then(|judged| judged.token.claims.aud.as_deref());
        aud.is_some_and(|aud| intent::is_app(aud, client))
    }

    /// The national cloud in which the call is made.
    pub fn cloud(&self) -> Option<Given<Cloud>> {
        intent::cloud(self)
    }

    /// Of several access tokens: the one that was sent, then the one that was refused, then one for what is being called,
    /// then the one that lives longest, then the first. Whoever pastes an old and a new token asks about the new one.
    fn choose(&self, requests: &[Request]) -> Option<usize> {
        let target = self.target().value;
        let refused = self.refused(requests);
        let key = |artefact: &Artefact| {
            let token = artefact.token()?;
            let sent = artefact.context.place == Place::AuthorizationHeader;
            let refused = sent && refused == Some(artefact.span.start);
            let fits = intent::fits(token.claims.aud.as_deref().and_then(catalog::audience), target);
            let end = token.claims.exp.seconds().unwrap_or(i64::MIN);
            (token.kind == ArtefactKind::AccessToken).then_some((sent, refused, fits, end))
        };
        let candidates =
            self.artefacts.iter().enumerate().filter_map(|(index, artefact)| Some((key(artefact)?, index)));
        candidates.max_by_key(|(key, index)| (*key, std::cmp::Reverse(*index))).map(|(_, index)| index)
    }

    /// Where the token begins that was sent last before the last refusal: a request of a recording that was answered with
    /// 401 or 403, or else an error that an API answered.
    fn refused(&self, requests: &[Request]) -> Option<usize> {
        let sent = |from: usize, to: usize| {
            let fits = |artefact: &&Artefact| {
                (from..to).contains(&artefact.span.start)
                    && artefact.kind == ArtefactKind::AccessToken
                    && artefact.context.place == Place::AuthorizationHeader
            };
            self.artefacts.iter().rev().find(fits).map(|artefact| artefact.span.start)
        };
        let recorded = requests.iter().rev().find(|request| request.refused).map(|request| request.span);
        let answer = || self.of_kind(ArtefactKind::GraphError).map(|(_, artefact)| artefact.span.start).last();
        recorded.and_then(|span| sent(span.start, span.end)).or_else(|| sent(0, answer()?))
    }
}
