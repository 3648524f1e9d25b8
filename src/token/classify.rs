//! What kind of token the claims make it. The order of the tests matters: the first that fits decides.

use super::Token;
use crate::catalog;
use crate::extract::{ArtefactKind, Context};

/// Audiences of federated credentials (workload identity federation), per cloud.
const EXCHANGE: [&str; 4] = [
    "api://AzureADTokenExchange",
    "api://AzureADTokenExchangeUSGov",
    "api://AzureADTokenExchangeChina",
    "api://AzureADTokenExchangeUSNat",
];

pub(super) fn kind(token: &Token, context: &Context) -> ArtefactKind {
    let claims = &token.claims;
    let header = |name: &str| token.header.as_ref().and_then(|header| header.root()?.get(name)).is_some();
    // The cookie that carries a primary refresh token [MS-OAPXBC] 3.2.5.2.1.1.1.
    if header("ctx") || claims.has("refresh_token") && claims.has("is_primary") {
        return ArtefactKind::RefreshToken;
    }
    let issuer = claims.iss.as_deref().unwrap_or_default();
    let audience = claims.aud.as_deref().unwrap_or_default();
    if is_token_endpoint(audience) && claims.sub.is_some() && claims.iss == claims.sub {
        return ArtefactKind::ClientAssertion;
    }
    if EXCHANGE.iter().any(|exchange| audience.eq_ignore_ascii_case(exchange)) {
        return ArtefactKind::FederatedToken;
    }
    if catalog::issuer(issuer).is_some_and(|issuer| issuer.workload) || claims.has("kubernetes.io") {
        return ArtefactKind::FederatedToken;
    }
    if is_id_token(token, context) { ArtefactKind::IdToken } else { ArtefactKind::AccessToken }
}

/// True of the address of a token endpoint, the audience of client assertions (RFC 7523 section 3).
fn is_token_endpoint(audience: &str) -> bool {
    let lower = audience.to_ascii_lowercase();
    let Some((host, path)) = lower.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else { return false };
    let tenant_path = path.split_once('/').map(|(_, rest)| rest.trim_end_matches('/'));
    let sign_in = catalog::cloud_of_login_host(host).is_some()
        || host.ends_with(".ciamlogin.com")
        || host.ends_with(".b2clogin.com");
    sign_in
        && matches!(
            tenant_path,
            None | Some("" | "oauth2/v2.0/token" | "oauth2/token" | "v2.0" | "oauth2/v2.0" | "oauth2")
        )
        || path.ends_with("/oauth2/v2.0/token")
        || path.ends_with("/oauth2/token")
}

/// An ID token proves to the client who signed in: it carries marks of that request and no permission.
fn is_id_token(token: &Token, context: &Context) -> bool {
    let claims = &token.claims;
    let permission = claims.scp.is_some() || claims.idtyp.is_some() || claims.has("appid") || claims.has("azpacr");
    if permission {
        return false;
    }
    let marks = ["nonce", "at_hash", "c_hash"].iter().any(|name| claims.has(name));
    let audience = claims.aud.as_deref().unwrap_or_default();
    let own = crate::guid::is_guid(audience.as_bytes()) && catalog::audience(audience).is_none();
    let person =
        ["preferred_username", "oid", "upn", "unique_name", "email", "name"].iter().any(|name| claims.has(name));
    let version_2 = claims.ver.as_deref() == Some("2.0") && person && claims.azp.is_none();
    let named = context.is_named(&["id_token", "idToken"]) && token.payload.is_some();
    marks && claims.azp.is_none()
        || version_2 && claims.roles.is_empty()
        || own && person && claims.azp.is_none()
        || named
}
