//! Whether the judged token suffices for the calls that are meant.

use super::{Facts, Given, Target};
use crate::catalog::AudienceClass;
use crate::permission::{Answer, Held, Verdict};
use crate::scenario::Call;
use crate::token::Acting;

/// The tenant of personal Microsoft accounts.
pub const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A call, what it needs, and whether the token has it.
#[derive(Debug)]
pub struct CallAnswer<'s> {
    /// The call.
    pub call: Given<Call>,
    /// What it needs.
    pub answer: Answer<'s>,
    /// Whether the token has it.
    pub verdict: Verdict<'s>,
}

/// Judges every call. Empty where token or call is not for Microsoft Graph, or the token does not say who acts.
pub(super) fn judge<'s>(facts: &Facts<'s>) -> Vec<CallAnswer<'s>> {
    if facts.target().value != Target::Graph {
        return Vec::new();
    }
    let of_personal_account = facts.personal_ticket().is_some();
    let held = if of_personal_account {
        Held::DelegatedPersonal(Vec::new())
    } else {
        let for_graph = facts.audience().is_some_and(|audience| audience.class == AudienceClass::Graph);
        let Some(held) = held(facts).filter(|_| for_graph) else { return Vec::new() };
        held
    };
    let judged = facts.calls.iter().map(|call| {
        let answer = facts.catalogue().answer(&call.value);
        let verdict = answer.verdict(&held);
        CallAnswer { call: call.clone(), answer, verdict }
    });
    // Which scopes the token of a personal account has cannot be read; that a call takes no such account is known.
    judged.filter(|answer| !of_personal_account || matches!(answer.verdict, Verdict::NotSupported(_))).collect()
}

/// What the judged token holds. A payload that is cut may hold more than it shows, so it counts for nothing.
pub(super) fn held<'f>(facts: &'f Facts<'_>) -> Option<Held<'f>> {
    let judged = facts.judged().filter(|judged| judged.token.has_whole_claims())?;
    let claims = &judged.token.claims;
    Some(match facts.acting()?.0 {
        Acting::AppOnly => Held::Application(claims.roles.iter().map(String::as_str).collect()),
        Acting::Delegated if claims.tid.as_deref() == Some(PERSONAL_ACCOUNTS) => {
            Held::DelegatedPersonal(claims.scopes().collect())
        }
        Acting::Delegated => Held::Delegated(claims.scopes().collect()),
    })
}
