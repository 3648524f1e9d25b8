//! What an artefact is and where it stands.

use serde::Serialize;

/// Where in the paste something stands: byte offsets, `start` included, `end` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the byte after the last.
    pub end: usize,
}

/// The kinds of artefact: of what can be recognised in a paste.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ArtefactKind {
    /// A JWT that is meant for an API, of whatever issuer.
    AccessToken,
    /// An OpenID Connect ID token.
    IdToken,
    /// A refresh token, primary refresh token or session cookie of the sign-in service.
    RefreshToken,
    /// An authorization code that has not been redeemed.
    AuthorizationCode,
    /// The opaque ticket of a personal Microsoft account.
    OpaqueToken,
    /// A JWE: five segments.
    EncryptedToken,
    /// A JWT that a client signed to prove its own identity (RFC 7523 section 2.2).
    ClientAssertion,
    /// A JWT of a foreign issuer, made to be exchanged for an Entra token.
    FederatedToken,
    /// A SAML assertion or response.
    SamlAssertion,
    /// A client secret.
    ClientSecret,
    /// An error response of the sign-in service.
    StsError,
    /// An error response of Microsoft Graph.
    GraphError,
    /// A `claims` value that asks the client for more (`WWW-Authenticate`).
    ClaimsChallenge,
    /// Claims as JSON or as a list, as a decoder page shows them.
    DecodedClaims,
}

impl ArtefactKind {
    /// The name in reports, e.g. `access-token`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access-token",
            Self::IdToken => "id-token",
            Self::RefreshToken => "refresh-token",
            Self::AuthorizationCode => "authorization-code",
            Self::OpaqueToken => "opaque-token",
            Self::EncryptedToken => "encrypted-token",
            Self::ClientAssertion => "client-assertion",
            Self::FederatedToken => "federated-token",
            Self::SamlAssertion => "saml-assertion",
            Self::ClientSecret => "client-secret",
            Self::StsError => "sts-error",
            Self::GraphError => "graph-error",
            Self::ClaimsChallenge => "claims-challenge",
            Self::DecodedClaims => "decoded-claims",
        }
    }
}
