//! What the report says of permissions: for each call, and for all calls together.

use super::{Permission, PermissionNeed, PermissionSet, PermissionVerdict};
use crate::facts::{CallAnswer, Facts, Given, Target};
use crate::permission::{Answer, Claim, Match, Scheme, Verdict};
use crate::scenario::{Call, Flow};

/// How many names a sentence lists before it counts the rest.
const NAMED: usize = 6;

/// Whether the token suffices for each of the calls; without a token what each of them needs.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Permission> {
    if facts.judged().is_some() {
        return facts.answers.iter().map(|answer| one(facts, answer)).collect();
    }
    if facts.target().value != Target::Graph {
        return Vec::new();
    }
    // Of a token that cannot be read some calls are known to take none of its kind.
    let known = |call: &Given<Call>| facts.answers.iter().find(|answer| answer.call == *call);
    facts
        .calls
        .iter()
        .map(|call| known(call).map_or_else(|| needed(facts, call), |answer| one(facts, answer)))
        .collect()
}

/// What a call needs, where no token was given that could be compared. The verdict says nothing then, and the lists are
/// of the kind of token that the scenario suggests, else of the first kind that the call takes.
fn needed(facts: &Facts<'_>, call: &Given<Call>) -> Permission {
    let answer = facts.catalogue().answer(&call.value);
    let needs: Vec<PermissionNeed> = Scheme::ALL.into_iter().filter_map(|scheme| need(&answer, scheme)).collect();
    let app_only = facts.scenario.likely_flow().is_some_and(Flow::is_app_only);
    let first = needs.iter().find(|need| !app_only || need.scheme == Scheme::Application.name()).cloned();
    let (least, alternatives) = first.map_or_else(Default::default, |need| (need.least, need.alternatives));
    let mut caveats: Vec<String> = answer.caveats().iter().map(ToString::to_string).collect();
    caveats.insert(0, "No token was given to compare: this is what the call needs, not what is missing.".to_owned());
    let said = match &answer.matched {
        Match::None(why) => format!("not known: {why}"),
        Match::Exact | Match::Inferred(_) => match answer.remark() {
            Some(remark) => remark.sentence().to_owned(),
            None => in_words(&needs),
        },
    };
    let call = call.value.display();
    Permission {
        summary: format!("{call}: {said}"),
        call,
        verdict: PermissionVerdict::UnknownCall,
        compared: false,
        granted_by: Vec::new(),
        least,
        alternatives,
        needs,
        caveats,
    }
}

fn need(answer: &Answer<'_>, scheme: Scheme) -> Option<PermissionNeed> {
    let mut claims = answer.claims(scheme).map(|claim| claim.permissions().collect::<Vec<_>>());
    let least = claims.next()?.into_iter().map(str::to_owned).collect();
    Some(PermissionNeed { scheme: scheme.name(), least, alternatives: claims.map(|pair| pair.join(" + ")).collect() })
}

/// The least permissions for a user and for the app alone, as the end of a sentence.
fn in_words(needs: &[PermissionNeed]) -> String {
    let of = |schemes: &[Scheme]| {
        let need = needs.iter().find(|need| schemes.iter().any(|scheme| scheme.name() == need.scheme))?;
        let more = if need.alternatives.is_empty() { "" } else { " or more" };
        Some(format!("{}{more}", need.least.join(" + ")))
    };
    let user = of(&[Scheme::DelegatedWork, Scheme::DelegatedPersonal]);
    match (user, of(&[Scheme::Application])) {
        (Some(user), Some(app)) => format!("needs {user} with a signed-in user, {app} for the app alone"),
        (Some(user), None) => format!("needs {user} with a signed-in user"),
        (None, Some(app)) => format!("needs {app} for the app alone"),
        (None, None) => "needs no permission of its own".to_owned(),
    }
}

/// Of several calls the first that is not granted speaks.
pub(super) fn leading(all: &[Permission]) -> Option<Permission> {
    all.iter().find(|answer| answer.verdict != PermissionVerdict::Granted).or_else(|| all.first()).cloned()
}

fn one(facts: &Facts<'_>, answer: &CallAnswer<'_>) -> Permission {
    let names = |claims: &[Claim<'_>]| -> Vec<String> {
        claims.iter().map(|claim| claim.permissions().collect::<Vec<_>>().join(" + ")).collect()
    };
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let call = answer.call.value.display();
    let mut result = Permission {
        verdict: PermissionVerdict::UnknownCall,
        compared: true,
        summary: String::new(),
        granted_by: Vec::new(),
        least: Vec::new(),
        alternatives: Vec::new(),
        needs: Vec::new(),
        caveats: answer.answer.caveats().iter().map(ToString::to_string).collect(),
        call,
    };
    let said = match &answer.verdict {
        Verdict::Granted { by } => {
            result.verdict = PermissionVerdict::Granted;
            result.granted_by = names(by);
            result.least = facts.held().map(|held| owned(&answer.answer.least(held.scheme()))).unwrap_or_default();
            match result.granted_by.as_slice() {
                [] => "granted, it needs no permission of its own".to_owned(),
                by => format!("granted by {}", by.join(", ")),
            }
        }
        Verdict::Missing { least, alternatives, .. } => {
            result.verdict = PermissionVerdict::Missing;
            result.least = owned(least);
            result.alternatives = names(alternatives);
            let more = if alternatives.is_empty() { "" } else { " or more" };
            format!("missing {}{more}", least.join(" + "))
        }
        Verdict::NotSupported(why) => {
            result.verdict = PermissionVerdict::NotSupported;
            result.caveats.insert(0, format!("{}.", sentence_case(why.sentence())));
            format!("not possible with this kind of token: {}", why.sentence())
        }
        Verdict::UnknownCall(why) => {
            result.caveats.insert(0, format!("{}.", sentence_case(&why.to_string())));
            format!("not known: {why}")
        }
    };
    result.summary = format!("{}: {said}", result.call);
    result
}

/// What several calls need together, and what is held beyond that.
pub(super) fn together(facts: &Facts<'_>) -> Option<PermissionSet> {
    if facts.answers.len() < 2 {
        return None;
    }
    let held = facts.held()?;
    let calls: Vec<_> = facts.answers.iter().map(|answer| answer.call.value.clone()).collect();
    let cover = facts.catalogue().cover(&calls, held.scheme());
    let excess = facts.catalogue().excess(&held, &calls);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let (all, left) = (calls.len(), cover.uncovered.len());
    let summary = match cover.permissions.as_slice() {
        [] => format!("No permission of this kind is known for any of the {all} calls."),
        names => {
            let which = match left {
                0 if all == 2 => "both calls".to_owned(),
                0 => format!("all {all} calls"),
                left => format!("{} of {all} calls", all.saturating_sub(left)),
            };
            let verb = if names.len() == 1 { "covers" } else { "cover" };
            let proof = if cover.minimal { "" } else { " (there may be a set with less power)" };
            format!("{} {verb} {which}{proof}.", names.join(" + "))
        }
    };
    let mut beyond = Vec::new();
    if !excess.unused.is_empty() {
        beyond.push(format!("not needed for the granted calls: {}", listed(&excess.unused)));
    }
    if !excess.stronger.is_empty() {
        let enough = excess.enough.join(" + ");
        beyond.push(format!("stronger than needed: {} ({enough} would do)", listed(&excess.stronger)));
    }
    Some(PermissionSet {
        calls: all,
        least: owned(&cover.permissions),
        minimal: cover.minimal,
        uncovered: cover.uncovered.iter().filter_map(|place| Some(calls.get(*place)?.display())).collect(),
        unused: owned(&excess.unused),
        stronger: owned(&excess.stronger),
        summary,
        excess: (!beyond.is_empty()).then(|| format!("{}.", sentence_case(&beyond.join("; ")))),
    })
}

fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| std::iter::once(first.to_ascii_uppercase()).chain(characters).collect())
}
