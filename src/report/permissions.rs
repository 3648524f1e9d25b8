//! What the report says of permissions: for each call, and for all calls together.

use super::{Permission, PermissionSet, PermissionVerdict};
use crate::facts::{CallAnswer, Facts};
use crate::permission::{Claim, Verdict};

/// How many names a sentence lists before it counts the rest.
const NAMED: usize = 6;

/// Whether the token suffices for each of the calls.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Permission> {
    facts.answers.iter().map(|answer| one(facts, answer)).collect()
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
        summary: String::new(),
        granted_by: Vec::new(),
        least: Vec::new(),
        alternatives: Vec::new(),
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
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
