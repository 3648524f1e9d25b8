//! What may be said of a value without giving it away.

use crate::catalog;
use crate::extract::{Opaque, OpaqueKind};
use crate::facts::Artefact;

/// What can be seen of a value that cannot be read.
pub(super) fn marks(opaque: &Opaque) -> String {
    let length = opaque.length;
    let inside = match (&opaque.client, &opaque.tenant) {
        (Some(client), Some(tenant)) => {
            let known = catalog::app(client).map(|app| format!(" ({})", app.name)).unwrap_or_default();
            format!("; inside are the client {client}{known} and the tenant {tenant}")
        }
        _ => String::new(),
    };
    let three_parts = opaque.tenant.is_some();
    match opaque.kind {
        OpaqueKind::AuthorizationCode if three_parts => {
            format!("three parts, the first a version digit, the third the value of an authorization code{inside}")
        }
        OpaqueKind::RefreshToken if three_parts => {
            format!("three parts, the first a version digit, the third the value of a refresh token{inside}")
        }
        OpaqueKind::PrimaryRefreshToken => {
            format!("the form of a refresh token, issued to the sign-in broker of a device{inside}")
        }
        OpaqueKind::SessionCookie => format!("the form of a refresh token behind the cookie name ESTSAUTH{inside}"),
        OpaqueKind::PersonalTicket => format!("{length} characters of base64 that begin with Ew, and no dot"),
        OpaqueKind::PersonalRefreshToken | OpaqueKind::PersonalCode => {
            format!("{length} characters in the form M.C…, which personal Microsoft accounts use")
        }
        OpaqueKind::AuthorizationCode | OpaqueKind::RefreshToken => {
            format!("{length} characters without dots that begin as values of the sign-in service do")
        }
        OpaqueKind::ClientSecret => format!("{length} characters"),
    }
}

/// The artefact without its value: enough to find it again and useless to anybody else.
pub(super) fn description(artefact: &Artefact) -> String {
    let length = artefact.span.end.saturating_sub(artefact.span.start);
    match artefact.context.describe() {
        Some(place) => format!("{length} bytes, {place}"),
        None => format!("{length} bytes"),
    }
}
