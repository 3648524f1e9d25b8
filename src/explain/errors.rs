//! What an error code or the name of an error means.

use super::{Explanation, explanation};
use crate::catalog::{
    self, CodeService, GRAPH_AUTHORIZATION_PAGE, GRAPH_ERRORS_PAGE, GraphError, NextStep, OAuthError, OAuthErrorKind,
    SIGN_IN_CODES_PAGE, SignInError, WhoActs,
};
use crate::report::Fixer;

/// The shortest text that is looked for as words of a message of Graph, in bytes.
const SHORTEST_MESSAGE: usize = 12;

/// Everything that the catalogue knows of an error: a code with or without prefix, a name, words of a message.
pub(super) fn errors(term: &str) -> Vec<Explanation> {
    // Copied from a message, a code ends with a colon.
    let code = term.trim_end_matches([':', '.', ',']);
    let mut all: Vec<Explanation> =
        catalog::sign_in_error(code).map(|error| sign_in(term, error)).into_iter().collect();
    if is_number(code) {
        all.extend(catalog::sign_in_error(&format!("AADB2C{code}")).map(|error| sign_in(term, error)));
    }
    all.extend(catalog::sign_in_errors_named(code).map(|error| sign_in(term, error)));
    all.extend(catalog::oauth_errors_named(code).map(|error| named(term, error)));
    all.extend(graph(term, code));
    if all.is_empty() {
        all.extend(unknown_code(term, code));
    }
    all
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The parts that every error has.
fn with(mut result: Explanation, what: catalog::Explanation) -> Explanation {
    result.fix = what.fix().collect();
    let alternatives: Vec<&str> = what.alternatives().collect();
    result
        .detail("Who acts", who(what.who_acts))
        .detail("Next step", next(what.next))
        .detail("Usually means", what.finding.unwrap_or_default())
        .detail("Can mean", alternatives.join(", "))
        .detail("Documented", if what.documented { "yes" } else { "no: what it most likely means" })
}

const fn who(acts: WhoActs) -> &'static str {
    match acts {
        WhoActs::AppDeveloper => Fixer::AppDeveloper,
        WhoActs::TenantAdmin => Fixer::TenantAdmin,
        WhoActs::User => Fixer::User,
        WhoActs::Service => Fixer::Service,
        WhoActs::Nobody => Fixer::None,
    }
    .words()
}

const fn next(step: NextStep) -> &'static str {
    match step {
        NextStep::Retry => "try again, pausing longer each time",
        NextStep::Interactive => "let the user sign in, consent or confirm",
        NextStep::Configure => "trying again does not help: request, registration or tenant has to change",
        NextStep::Wait => "wait, then go on",
        NextStep::Nothing => "nothing",
    }
}

fn sign_in(term: &str, error: SignInError) -> Explanation {
    let kind = match error.service {
        CodeService::Entra => "error of the sign-in service",
        CodeService::B2c => "error of Azure AD B2C",
    };
    let code = error.code();
    let related: Vec<String> = error.related().map(|other| other.code()).collect();
    let mut result = with(explanation(term, kind, &*code, error.explanation.meaning()), error.explanation)
        .detail("Called", error.name)
        .detail("Family", error.family)
        .detail("Related", related.join(", "));
    result.links.push(error.page());
    result.links.extend(catalog::look_up_address(&code));
    result
}

fn named(term: &str, error: OAuthError) -> Explanation {
    let (kind, link) = match error.kind {
        OAuthErrorKind::Error => ("OAuth error", SIGN_IN_CODES_PAGE),
        OAuthErrorKind::Suberror => ("suberror", SIGN_IN_CODES_PAGE),
        OAuthErrorKind::Library => (
            "error of a client library",
            "https://learn.microsoft.com/entra/msal/dotnet/advanced/exceptions/msal-error-handling",
        ),
        OAuthErrorKind::Idx => (
            "exception of a token validation library",
            "https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens",
        ),
    };
    let mut result = with(explanation(term, kind, error.value, error.explanation.meaning()), error.explanation);
    result.links.push(link.to_owned());
    result
}

/// An error of Graph: what the code means by itself, and what it means with certain words.
fn graph(term: &str, code: &str) -> Vec<Explanation> {
    let of_code: Vec<GraphError> =
        catalog::graph_errors().filter(|error| error.code.is_some_and(|own| own.eq_ignore_ascii_case(code))).collect();
    let general = of_code.iter().find(|error| error.fragment.is_empty()).or_else(|| of_code.first());
    if let Some(general) = general {
        let name = general.code.unwrap_or(code);
        let mut result = with(
            explanation(term, "error of Microsoft Graph", name, general.explanation.meaning()),
            general.explanation,
        );
        for error in of_code.iter().filter(|error| !error.fragment.is_empty()) {
            result = result.detail(&format!("\"{}\"", error.fragment), error.explanation.meaning());
        }
        result.links = vec![GRAPH_ERRORS_PAGE.to_owned(), GRAPH_AUTHORIZATION_PAGE.to_owned()];
        return vec![result];
    }
    if term.len() < SHORTEST_MESSAGE {
        return Vec::new();
    }
    let message = term.to_ascii_lowercase();
    let by_words = catalog::graph_errors()
        .filter(|error| !error.fragment.is_empty() && message.contains(error.fragment))
        .max_by_key(|error| error.fragment.len());
    by_words
        .map(|error| {
            let name = error.code.unwrap_or("any code");
            let mut result = with(
                explanation(term, "message of Microsoft Graph", name, error.explanation.meaning()),
                error.explanation,
            )
            .detail("Known by", format!("\"{}\"", error.fragment));
            result.links = vec![GRAPH_AUTHORIZATION_PAGE.to_owned()];
            result
        })
        .into_iter()
        .collect()
}

/// A code that is in no table, with what stands next to it.
fn unknown_code(term: &str, code: &str) -> Option<Explanation> {
    let nearest = catalog::nearest(code)?;
    let text = match nearest.parent {
        Some(parent) => format!(
            "This code is in no table. It begins like {}, and may be a more exact form of it: {}",
            parent.code(),
            parent.explanation.meaning()
        ),
        None => "This code is in no table. What its neighbours mean is no more than a hint.".to_owned(),
    };
    let mut result = explanation(term, "unknown code", code, text).detail("Family", nearest.family);
    result.known = false;
    for relative in nearest.relatives {
        result = result.detail(&relative.code(), relative.explanation.meaning());
    }
    result.links = catalog::look_up_address(code).into_iter().collect();
    Some(result)
}
