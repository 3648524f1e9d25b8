//! What must hold for the registry of rules as a whole.

mod mint;

use std::collections::{BTreeMap, BTreeSet};
use tokentriage::extract::ArtefactKind;
use tokentriage::report::Check;
use tokentriage::rules::{Rule, registry, rule};

/// Ids that were promised: findings on tokens, audiences, risk and signatures that need no error response.
/// Ids are never renamed, so this list only grows.
const PROMISED: &[&str] = &[
    "token-expired",
    "token-not-yet-valid",
    "malformed-bearer-token",
    "token-truncated",
    "token-encrypted",
    "personal-account-token-opaque",
    "id-token-used-as-access-token",
    "refresh-token-pasted",
    "authorization-code-pasted",
    "client-assertion-pasted",
    "federated-token-pasted",
    "saml-assertion-pasted",
    "client-secret-pasted",
    "token-unsigned",
    "token-algorithm-not-entra",
    "token-issuer-not-entra",
    "token-claims-contradict",
    "graph-token-not-meant-for-own-api",
    "audience-aad-graph",
    "audience-own-api",
    "audience-other-resource",
    "graph-token-used-on-sharepoint-rest",
    "graph-token-used-on-other-api",
    "national-cloud-endpoint-mismatch",
    "token-version-mismatch-v1-v2",
    "v1-token-request-without-resource",
    "token-tenant-unexpected",
    "token-client-unexpected",
    "risk-family-client",
    "risk-control-plane-permission",
    "risk-privileged-role",
    "risk-mass-data-access",
    "risk-password-only",
    "risk-long-lived",
    "risk-actor-token",
    "risk-attack-tool-artefact",
    "secret-exposed",
    "signature-mismatch",
    "signature-key-not-in-jwks",
    "signature-key-other-issuer",
    "signature-cannot-be-checked",
    "token-brings-own-key",
    "token-demands-extension",
    "key-file-holds-secret",
    "graph-token-nonce-already-hashed",
];

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = BTreeSet::new();
    for Rule { id, .. } in registry() {
        assert!(seen.insert(id), "{id} stands there twice");
        let words_are_plain = id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(words_are_plain, "{id} is not kebab-case");
        assert_eq!(rule(id).map(|rule| rule.id), Some(*id));
    }
    assert!(rule("no-such-rule").is_none());
}

#[test]
fn promised_ids_are_there() {
    let missing: Vec<_> = PROMISED.iter().filter(|id| rule(id).is_none()).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
}

#[test]
fn prose_says_something() {
    for Rule { id, means, sources, .. } in registry() {
        assert!(means.len() > 60, "{id}: means is too short to explain anything: {means:?}");
        assert!(means.ends_with('.') && !means.contains("  ") && means.trim() == *means, "{id}: {means:?}");
        assert!(!sources.is_empty(), "{id}: no source");
        let distinct: BTreeSet<_> = sources.iter().collect();
        assert_eq!(distinct.len(), sources.len(), "{id}: a source stands there twice");
        for source in *sources {
            let host = source.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            assert!(host.contains('.') && !source.contains(char::is_whitespace), "{id}: {source} is no https address");
        }
    }
}

#[test]
fn every_rule_has_a_case_in_which_it_fires_and_one_in_which_it_passes() {
    let cases = mint::case::all();
    let mut firing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut passing: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &cases {
        case.expect.firing().for_each(|id| *firing.entry(id).or_default() += 1);
        case.expect.passes.iter().for_each(|id| *passing.entry(id).or_default() += 1);
        siblings(case, &mut passing);
    }
    let unknown: Vec<_> = firing.keys().chain(passing.keys()).filter(|id| rule(id).is_none()).collect();
    assert!(unknown.is_empty(), "cases name ids that no rule yields: {unknown:?}");
    let without = |cases: &BTreeMap<&str, usize>| -> Vec<_> {
        registry().iter().map(|rule| rule.id).filter(|id| !cases.contains_key(id)).collect()
    };
    let (not_firing, not_passing) = (without(&firing), without(&passing));
    assert!(
        not_firing.is_empty() && not_passing.is_empty(),
        "no firing case: {not_firing:?}\nno passing case: {not_passing:?}"
    );
}

/// A rule that reads errors alone never passes: without an error it does not apply. What stands for its passing case is
/// an error that is explained by another finding and from which this one is left out.
fn siblings<'c>(case: &'c mint::case::Case, passing: &mut BTreeMap<&'c str, usize>) {
    if case.expect.excludes.is_empty() || case.expect.first.as_deref() == Some("nothing") {
        return;
    }
    let report = tokentriage::analyze(&case.paste(), &case.options());
    let is_error = |kind| matches!(kind, ArtefactKind::StsError | ArtefactKind::GraphError);
    if report.artefacts.iter().any(|artefact| is_error(artefact.kind)) {
        for id in &case.expect.excludes {
            let silent = |check: &Check| check.id == id && check.reason == "no error in the paste points to it";
            if report.checks.iter().any(silent) {
                *passing.entry(id).or_default() += 1;
            }
        }
    }
}

/// Every finding says what to do about it and where its values stand.
#[test]
fn findings_of_the_corpus_are_complete() {
    for case in mint::case::all() {
        let report = tokentriage::analyze(&case.paste(), &case.options());
        assert_eq!(report.checks.len(), registry().len(), "{}", case.name);
        for finding in &report.findings {
            let place = format!("{}: {}", case.name, finding.id);
            for sentence in [&finding.title, &finding.because].into_iter().chain(&finding.fix) {
                assert!(!sentence.trim().is_empty(), "{place}: an empty sentence");
                assert!(!sentence.contains("  "), "{place}: two spaces in {sentence:?}");
            }
            assert!(finding.title.ends_with(['.', '?']), "{place}: {:?}", finding.title);
            assert!(!finding.fix.is_empty(), "{place}: no step to take");
            for evidence in &finding.evidence {
                assert!(evidence.artefact.is_none_or(|index| index < report.artefacts.len()), "{place}: {evidence:?}");
                assert!(
                    evidence.pointer.starts_with('/') || evidence.pointer.starts_with("bytes "),
                    "{place}: {evidence:?}"
                );
            }
        }
    }
}
