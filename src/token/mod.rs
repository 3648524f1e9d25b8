//! Tokens understood: what kind of token it is, who acts, and what its claims say. Nothing is verified here.

mod claims;
mod classify;
mod reference;
mod times;

pub use claims::{Acting, Claims, TypeFault};
pub use reference::{Reference, uti_guid};
pub use times::{Age, TimeClaim, duration, utc};

use crate::extract::{ArtefactKind, Compact, Context, SignatureText};
use crate::jose::base64url::{self, Deviation, DeviationKind};
use crate::jose::json::Document;

/// A token (or claims in the clear), decoded as far as it goes.
#[derive(Debug)]
pub struct Token {
    /// What it is, judged by its claims; of claims in the clear too.
    pub kind: ArtefactKind,
    /// The header; absent of claims that were pasted without one.
    pub header: Option<Document>,
    /// The payload; absent of encrypted tokens and where the text ends before it.
    pub payload: Option<Document>,
    /// How each segment departs from base64url: (segment index, deviation).
    pub deviations: Vec<(usize, Deviation)>,
    /// What stands where the signature belongs; absent of claims in the clear.
    pub signature: Option<SignatureText>,
    /// What is missing, where the text is cut.
    pub missing: Option<Missing>,
    /// True where the first characters are lost.
    pub start_lost: bool,
    /// True where every letter was made lower-case.
    pub lower_cased: bool,
    /// The length of the whole token in characters, wrapping undone.
    pub length: usize,
    /// The claims, typed.
    pub claims: Claims,
}

/// What a cut token lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Everything behind the header, or part of the header.
    Payload,
    /// The end of the payload.
    PayloadEnd,
    /// The signature.
    Signature,
    /// That many characters at the end of the signature.
    SignatureEnd(usize),
}

/// Characters of the signatures that Entra makes: RSA, 2048 bits.
const RSA_2048: usize = 342;

/// Signature lengths of other common key sizes (3072 and 4096 bits), in characters.
const OTHER_RSA: [usize; 2] = [512, 683];

impl Token {
    /// Decodes a compact serialisation.
    pub fn from_compact(compact: &Compact, context: &Context) -> Self {
        let mut deviations = Vec::new();
        let mut decode = |index: usize| {
            let decoded = base64url::decode(compact.segments().nth(index)?);
            deviations.extend(decoded.deviations.into_iter().map(|deviation| (index, deviation)));
            Some(Document::read(decoded.bytes))
        };
        let header = decode(0);
        let encrypted = compact.segments().count() == 5;
        let payload = if encrypted { None } else { decode(1) };
        if let Some(signature) = compact.segments().nth(2).filter(|_| !encrypted) {
            deviations.extend(base64url::decode(signature).deviations.into_iter().map(|deviation| (2, deviation)));
        }
        let claims = payload.as_ref().map(Claims::read).unwrap_or_default();
        let mut token = Self {
            kind: ArtefactKind::AccessToken,
            header,
            payload,
            deviations,
            signature: Some(compact.signature),
            missing: None,
            start_lost: compact.start_lost,
            lower_cased: compact.lower_cased,
            length: compact.text.len(),
            claims,
        };
        token.missing = if encrypted { None } else { token.what_is_missing(compact.cut) };
        token.kind = if encrypted { ArtefactKind::EncryptedToken } else { classify::kind(&token, context) };
        token
    }

    /// Reads claims in the clear.
    pub fn from_claims(header: Option<&[u8]>, payload: &[u8]) -> Self {
        let payload = Document::read(payload);
        let claims = Claims::read(&payload);
        let mut token = Self {
            kind: ArtefactKind::AccessToken,
            header: header.map(Document::read),
            payload: Some(payload),
            deviations: Vec::new(),
            signature: None,
            missing: None,
            start_lost: false,
            lower_cased: false,
            length: 0,
            claims,
        };
        token.kind = classify::kind(&token, &Context::default());
        token
    }

    /// The `alg` of the header.
    pub fn algorithm(&self) -> Option<String> {
        self.header_text("alg")
    }

    /// A member of the header, as text.
    pub fn header_text(&self, name: &str) -> Option<String> {
        Some(self.header.as_ref()?.root()?.get(name)?.to_text())
    }

    /// True of a signed request around an access token, with which a client proves that the token is its own
    /// (`Authorization: PoP`; draft-ietf-oauth-signed-http-request-03).
    pub fn is_bound(&self) -> bool {
        self.header_text("typ").is_some_and(|kind| kind.eq_ignore_ascii_case("pop"))
    }

    /// True where the header says `none` (RFC 7518 section 3.6), in any letter case.
    pub fn is_unsigned_by_header(&self) -> bool {
        self.algorithm().is_some_and(|algorithm| algorithm.eq_ignore_ascii_case("none"))
    }

    /// True where the payload was read to its end: a claim that is not there is absent, not cut off.
    pub fn has_whole_claims(&self) -> bool {
        self.payload.as_ref().is_some_and(Document::is_complete)
    }

    /// True where the text is whole enough to be used by whoever reads it: three segments, none of them damaged.
    pub fn is_usable(&self) -> bool {
        matches!(self.signature, Some(SignatureText::Present(_)))
            && self.missing.is_none()
            && !self.start_lost
            && !self.lower_cased
            && !self.is_unsigned_by_header()
    }

    fn what_is_missing(&self, cut: bool) -> Option<Missing> {
        let lone = |segment: usize| {
            self.deviations
                .iter()
                .any(|(index, deviation)| *index == segment && deviation.kind == DeviationKind::Length)
        };
        let Some(payload) = self.payload.as_ref().filter(|payload| !payload.text().is_empty()) else {
            return Some(Missing::Payload);
        };
        let ends_early = payload.error().is_some_and(|error| error.offset >= payload.text().len());
        // A payload that is cut has no signature behind it; with one, it is damaged in the middle.
        if self.signature == Some(SignatureText::Missing) && (cut || ends_early || lone(1)) {
            return Some(Missing::PayloadEnd);
        }
        match self.signature? {
            _ if self.is_unsigned_by_header() => None,
            SignatureText::Missing => Some(Missing::Signature),
            SignatureText::Present(length) => {
                let algorithm = self.algorithm()?;
                let rsa = matches!(algorithm.get(..2), Some("RS" | "PS"));
                (rsa && length < RSA_2048 && length > 0).then(|| Missing::SignatureEnd(RSA_2048.saturating_sub(length)))
            }
            SignatureText::Empty | SignatureText::Redacted => None,
        }
    }

    /// Characters behind the end of the signature, where its length fits no RSA key: something was glued on.
    pub fn surplus(&self) -> Option<usize> {
        let Some(SignatureText::Present(length)) = self.signature else { return None };
        let algorithm = self.algorithm()?;
        let rsa = matches!(algorithm.get(..2), Some("RS" | "PS"));
        (rsa && length > RSA_2048 && !OTHER_RSA.contains(&length)).then(|| length.saturating_sub(RSA_2048))
    }
}
