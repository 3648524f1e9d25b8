//! What the formats have in common: which parts of a report they show, and in what order.

use super::is_unsafe;
use crate::report::{
    Artefact, ArtefactKind, Claim, Confidence, Finding, KeyFile, Moment, Outcome, Permission, PermissionNeed,
    PermissionVerdict, Report, Severity, Status, Token,
};
use std::borrow::Cow;

/// How an answer is to be taken at first sight; every format has a mark for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something fails.
    Error,
    /// Something is wrong and does not fail by itself.
    Warning,
    /// Nothing wrong was found.
    Fine,
    /// Nothing was recognised.
    Unknown,
}

/// The tone of the answer as a whole.
pub(super) fn tone(report: &Report) -> Tone {
    match (report.verdict.status, report.leading_finding().map(|finding| finding.severity)) {
        (Status::Unreadable, _) => Tone::Unknown,
        (_, Some(Severity::Error)) => Tone::Error,
        (_, Some(Severity::Warning)) | (Status::Problem, _) => Tone::Warning,
        (Status::NoProblemFound, _) => Tone::Fine,
    }
}

/// The findings beside the one that the headline tells.
pub(super) fn beside(report: &Report) -> impl Iterator<Item = &Finding> + Clone {
    let leading = report.leading_finding();
    report.findings.iter().filter(move |finding| !leading.is_some_and(|first| std::ptr::eq(first, *finding)))
}

/// How a further finding is to be taken: what is not certain is no error yet, but something to look at.
pub(super) fn weight_in_words(finding: &Finding) -> &'static str {
    match (finding.severity, finding.confidence) {
        (Severity::Note, _) | (_, Confidence::Certain) => finding.severity.name(),
        (_, Confidence::Likely) => "likely",
        (_, Confidence::Guess) => "possible",
    }
}

/// An artefact in one line, with the place where it was found.
pub(super) fn described(artefact: &Artefact) -> Cow<'_, str> {
    match &artefact.context {
        Some(context) => format!("{} ({context})", artefact.summary).into(),
        None => artefact.summary.as_str().into(),
    }
}

/// The label of an artefact's line: judged ones are what the answer is about, errors have a label of their own.
pub(super) fn label(artefact: &Artefact) -> &'static str {
    match artefact.kind {
        ArtefactKind::StsError | ArtefactKind::GraphError | ArtefactKind::ClaimsChallenge => "Error",
        _ if artefact.judged => "Token",
        _ => "Also in",
    }
}

/// The kind of an artefact in words, e.g. "access token".
pub(super) fn kind_in_words(artefact: &Artefact) -> String {
    artefact.kind.name().replace('-', " ")
}

/// The answers on the intended calls: those that are refused first.
pub(super) fn calls(report: &Report) -> impl Iterator<Item = &Permission> {
    let is_granted = |answer: &&Permission| answer.verdict == PermissionVerdict::Granted;
    let refused = report.permissions.iter().filter(move |answer| !is_granted(answer));
    refused.chain(report.permissions.iter().filter(is_granted))
}

/// What limits the answer: the signature, and what had to be undone to read the paste.
pub(super) fn notes(report: &Report) -> impl Iterator<Item = &String> {
    let judged = report.judged().into_iter();
    let repairs = judged.flat_map(|artefact| artefact.repairs.iter().chain(&artefact.deviations));
    std::iter::once(&report.verdict.signature).chain(repairs).filter(|note| !note.is_empty())
}

/// A document of keys in one line: what is odd about it is beside.
pub(super) fn key_file(file: &KeyFile) -> String {
    let keys = if file.keys == 1 { "key" } else { "keys" };
    format!("{}: {} {keys}", file.name, file.keys)
}

/// What a claim means, and how well that is known.
pub(super) fn meaning(claim: &Claim) -> (&str, Option<&'static str>) {
    match &claim.meaning {
        Some(meaning) => (meaning, (!claim.documented).then_some("(inferred: not documented)")),
        None => ("not in the catalogue", None),
    }
}

/// True of an address that can be nothing else, and can be a link.
pub(super) fn is_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\' | '`' | '"' | '\'') && !is_unsafe(c);
    text.starts_with("https://") && text.chars().all(plain)
}

/// That there were more artefacts than a report describes.
pub(super) fn left_out(report: &Report) -> Option<String> {
    let count = report.artefacts_left_out;
    (count > 0).then(|| format!("{count} more were recognised, and are not described"))
}

/// That there are more claims than are explained.
pub(super) fn claims_left_out(token: &Token) -> Option<String> {
    let count = token.claims_left_out;
    (count > 0).then(|| format!("and {count} more, which header and payload show"))
}

/// What happens at a moment, and how far away it is.
pub(super) fn moment(report: &Report, moment: &Moment) -> String {
    let artefact = moment.artefact.filter(|_| report.artefacts.len() > 1);
    match artefact.and_then(|index| report.artefacts.get(index)) {
        Some(artefact) => format!("{} of the {}, {}", moment.what, kind_in_words(artefact), moment.time.relative),
        None => format!("{}, {}", moment.what, moment.time.relative),
    }
}

/// The lists of permissions that an answer on a call has, with their labels.
pub(super) fn permission_lists(answer: &Permission) -> Vec<(&'static str, String)> {
    if !answer.compared {
        let label = |need: &PermissionNeed| match need.scheme {
            "delegated_work" => "User",
            "delegated_personal" => "Personal",
            _ => "App only",
        };
        let names = |need: &PermissionNeed| {
            let least = std::iter::once(need.least.join(" + "));
            least.chain(need.alternatives.iter().cloned()).collect::<Vec<_>>().join(", ")
        };
        return answer.needs.iter().map(|need| (label(need), names(need))).collect();
    }
    let lists = [
        ("Held", answer.granted_by.join(", ")),
        ("Least", answer.least.join(" + ")),
        ("Others", answer.alternatives.join(", ")),
    ];
    lists.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

/// How checks ended, with the reason where they could not be judged, and which ended so. What was found comes first.
pub(super) fn checks(report: &Report) -> Vec<(String, Vec<&'static str>)> {
    let mut groups: Vec<(String, Vec<&'static str>)> = Vec::new();
    for outcome in [Outcome::Found, Outcome::Pass, Outcome::NotApplicable] {
        for check in report.checks.iter().filter(|check| check.outcome == outcome) {
            let ended = match check.reason.as_ref() {
                "" => outcome.words().to_owned(),
                reason => format!("{}: {reason}", outcome.words()),
            };
            // There are some dozens of reasons, and they are short.
            match groups.iter_mut().find(|(other, _)| *other == ended) {
                Some((_, ids)) => ids.push(check.id),
                None => groups.push((ended, vec![check.id])),
            }
        }
    }
    groups
}
