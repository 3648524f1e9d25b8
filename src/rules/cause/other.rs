//! Codes that are in no table.

use super::{Advice, BY_ERROR, Case, Cause, usual};
use crate::catalog;
use crate::extract::ArtefactKind;
use crate::report::Fixer;
use crate::rules::{Group, Rule};

pub(in crate::rules) const UNKNOWN_CODE: Rule = Rule {
    id: "unknown-code",
    group: Group::Other,
    fixer: Fixer::None,
    means: "This program knows no explanation of the code, and Microsoft adds new ones all the time. Longer numbers are \
            mostly a more exact form of the one that begins them, so neighbours give a hint, no certainty. The text \
            behind the code counts more than the number.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/reference-error-codes"],
    ..BY_ERROR
};

pub(in crate::rules) const ERROR_EXPLAINED: Rule = Rule {
    id: "error-explained",
    group: Group::Other,
    fixer: Fixer::AppDeveloper,
    means: "The code is known and points to none of the causes that have a finding of their own. What it means, who has \
            to act and what to do come from the catalogue of codes.",
    sources: &["https://learn.microsoft.com/entra/identity-platform/reference-error-codes"],
    ..BY_ERROR
};

pub(super) const ADVICE: &[Advice] = &[Advice {
    finding: "unknown-code",
    title: "{code} is in none of the tables of this program.",
    fix: &[
        "‹Nearest known codes: {relatives}›",
        "‹Look the number up at https://login.microsoftonline.com/error?code={number}, and read the text that came \
         with it›",
        "‹{federation-code} comes from AD FS, the federation server of the organisation, and not from Entra: its \
         administrator finds the details in the event log of that server (AD FS, Admin)›",
        "For support keep the trace ID, the correlation ID and the time of the error",
    ],
}];

/// True where no code of the error is in a table.
fn unknown(case: &Case<'_>) -> bool {
    let error = case.error;
    if !error.codes.is_empty() {
        return error.codes.iter().all(|code| catalog::sign_in_error(code).is_none());
    }
    let Some(code) = error.code.as_deref() else { return false };
    // Some messages come without a code, and go by the name of what they are about.
    if ["CORS", "X-Frame-Options", "SameSite", "Correlation failed"].contains(&code) {
        return false;
    }
    // A bare HTTP status says nothing that a table could hold.
    let status = code.len() <= 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let graph = || case.kind == ArtefactKind::GraphError && catalog::graph_error(code, &case.message).is_some();
    !status
        && !code.trim().is_empty()
        && !graph()
        && catalog::oauth_error(code).is_none()
        && catalog::sign_in_error(code).is_none()
}

/// What stands next to the code, for the reader.
pub(super) fn relatives(case: &Case<'_>) -> Option<String> {
    let code = case.error.codes.first().or(case.error.code.as_ref())?;
    let nearest = catalog::nearest(code)?;
    let parent =
        nearest.parent.map(|parent| format!("{} (begins it): {}", parent.code(), parent.explanation.meaning()));
    let others = nearest.relatives.iter().map(catalog::SignInError::code).collect::<Vec<_>>().join(", ");
    Some(match parent {
        Some(parent) => format!("{parent} Neighbours: {others} (family {})", nearest.family),
        None => format!("{others} (family {})", nearest.family),
    })
}

pub(super) const CAUSES: &[Cause] = &[usual("unknown-code", &[], 60).when(unknown).certain()];
