//! Two tokens side by side: what the one has that the other lacks.

use crate::jose::json::{Document, Value};
use crate::offset::Advance;
use crate::report::{Artefact, Report, Time, Token};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// The name of this format, the value of the member `schema`.
pub const SCHEMA: &str = "tokentriage.diff/1";

/// Claims that differ between any two tokens, even of the same session: they tell nothing by themselves.
const ROUTINE: [&str; 13] =
    ["aio", "at_hash", "c_hash", "exp", "iat", "nbf", "nonce", "rh", "sid", "uti", "xms_ftd", "xms_rd", "xms_st"];

/// How two tokens differ. "Before" is the first, "after" the second.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// What the first report has to compare; absent where it has no token.
    pub before: Option<String>,
    /// What the second has.
    pub after: Option<String>,
    /// What the tokens are, where that differs: kind, who acts, audience, application, times and so on.
    pub traits: Vec<TraitChange>,
    /// Permissions and directory roles that only the second token has.
    pub gained: Vec<Grant>,
    /// Those that only the first has.
    pub lost: Vec<Grant>,
    /// Claims that were added, removed or changed, in the order of the first token, the added ones last.
    pub claims: Vec<ClaimChange>,
    /// How many claims are the same in both.
    pub same: usize,
}

/// A property of the token that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraitChange {
    /// What it is, in words.
    pub what: &'static str,
    /// In the first token; absent where it does not say.
    pub before: Option<String>,
    /// In the second token.
    pub after: Option<String>,
}

/// A permission or role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// `delegated`, `application` or `directory-role`.
    pub kind: &'static str,
    /// Its name, of a directory role also its ID.
    pub name: String,
}

/// A claim that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimChange {
    /// JSON pointer (RFC 6901), the part first: `/payload/aud`.
    pub pointer: String,
    /// The claim's name.
    pub name: String,
    /// Its value in the first token; absent where it is not there.
    pub before: Option<String>,
    /// Its value in the second token.
    pub after: Option<String>,
    /// True of claims that differ between any two tokens, such as `iat` and `uti`.
    pub routine: bool,
}

impl Difference {
    /// True where nothing but routine claims and times differs.
    pub fn is_routine(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.claims.iter().all(|claim| claim.routine)
    }
}

/// Compares the judged tokens of two reports (of a report that judged none: its first token or set of claims).
pub fn diff(before: &Report, after: &Report) -> Difference {
    let (a, b) = (subject(before), subject(after));
    let empty = Token::default();
    let old = a.map_or(&empty, |(_, token)| token);
    let new = b.map_or(&empty, |(_, token)| token);
    let kind = |side: Option<(&Artefact, &Token)>| side.map(|(artefact, _)| artefact.kind.name().to_owned());
    let mut traits = Vec::new();
    push_change(&mut traits, "kind", kind(a), kind(b));
    push_changes(&mut traits, old, new);
    let (claims, same) = claim_changes(&all_claims(a), &all_claims(b));
    Difference {
        schema: SCHEMA,
        before: a.map(|(artefact, _)| artefact.summary.clone()),
        after: b.map(|(artefact, _)| artefact.summary.clone()),
        traits,
        gained: missing(new, old),
        lost: missing(old, new),
        claims,
        same,
    }
}

fn subject(report: &Report) -> Option<(&Artefact, &Token)> {
    let with_token = |artefact| -> Option<(&Artefact, &Token)> {
        let artefact: &Artefact = artefact;
        Some((artefact, artefact.token.as_ref()?))
    };
    report.judged().and_then(with_token).or_else(|| report.artefacts.iter().find_map(with_token))
}

fn push_change(changes: &mut Vec<TraitChange>, what: &'static str, before: Option<String>, after: Option<String>) {
    if before != after {
        changes.push(TraitChange { what, before, after });
    }
}

fn push_changes(changes: &mut Vec<TraitChange>, old: &Token, new: &Token) {
    let mut text = |what, read: &dyn Fn(&Token) -> Option<String>| push_change(changes, what, read(old), read(new));
    text("version", &|token| token.version.clone());
    text("acting", &|token| token.acting.map(str::to_owned));
    text("audience", &|token| token.audience.as_ref().map(named));
    text("issuer", &|token| token.issuer.as_ref().map(named));
    text("cloud", &|token| token.cloud.map(str::to_owned));
    text("tenant", &|token| token.tenant.as_ref().map(named));
    text("application", &|token| token.application.as_ref().map(named));
    text("client authentication", &|token| token.client_authentication.map(str::to_owned));
    text("principal", &|token| token.principal.clone());
    text("object ID", &|token| token.object_id.clone());
    text("issued", &|token| token.issued.as_ref().map(moment));
    text("not before", &|token| token.not_before.as_ref().map(moment));
    text("expires", &|token| token.expires.as_ref().map(moment));
    text("lifetime", &|token| token.lifetime_s.map(|seconds| format!("{seconds} s")));
}

fn named(value: &crate::report::Named) -> String {
    match &value.name {
        Some(name) => format!("{} ({name})", value.value),
        None => value.value.clone(),
    }
}

fn moment(time: &Time) -> String {
    format!("{} ({})", time.utc, time.relative)
}

/// What `holder` holds and `other` lacks, by name; the case of ASCII letters does not matter.
fn missing(holder: &Token, other: &Token) -> Vec<Grant> {
    fn grants(token: &Token) -> impl Iterator<Item = (&'static str, &str, Option<&str>)> {
        let delegated = token.scopes.iter().map(|name| ("delegated", name.as_str(), None));
        let application = token.roles.iter().map(|name| ("application", name.as_str(), None));
        let directory =
            token.directory_roles.iter().map(|role| ("directory-role", role.value.as_str(), role.name.as_deref()));
        delegated.chain(application).chain(directory)
    }
    let key = |(kind, value, _): (&'static str, &str, Option<&str>)| (kind, value.to_ascii_lowercase());
    let held: BTreeSet<_> = grants(other).map(key).collect();
    grants(holder)
        .filter(|&grant| !held.contains(&key(grant)))
        .map(|(kind, value, name)| Grant {
            kind,
            name: name.map_or(value.to_owned(), |name| format!("{name} ({value})")),
        })
        .collect()
}

/// A claim as it is compared.
struct Member<'r> {
    pointer: Cow<'r, str>,
    name: Cow<'r, str>,
    value: Cow<'r, str>,
}

/// Every claim of a token. A report explains the first of many claims: of such a token they are read in header and
/// payload.
fn all_claims<'r>(subject: Option<(&'r Artefact, &'r Token)>) -> Vec<Member<'r>> {
    let Some((artefact, token)) = subject else { return Vec::new() };
    if token.claims_left_out == 0 {
        let explained = token.claims.iter().map(|claim| Member {
            pointer: Cow::Borrowed(&claim.pointer),
            name: Cow::Borrowed(&claim.name),
            value: Cow::Borrowed(&claim.value),
        });
        return explained.collect();
    }
    let mut all = Vec::new();
    for (part, raw) in [("header", &artefact.header), ("payload", &artefact.payload)] {
        let Some(document) = raw.as_ref().map(|raw| Document::read(raw.as_str())) else { continue };
        all.extend(document.root().into_iter().flat_map(Value::members).map(|(name, value)| Member {
            pointer: Cow::Owned(format!("/{part}/{}", name.replace('~', "~0").replace('/', "~1"))),
            name: Cow::Owned(name.into_owned()),
            value: Cow::Owned(value.to_text()),
        }));
    }
    all
}

/// The claims that differ, and how many do not. A claim that stands several times is compared one by one.
fn claim_changes(old: &[Member<'_>], new: &[Member<'_>]) -> (Vec<ClaimChange>, usize) {
    let mut seen: HashMap<&str, Vec<&Member<'_>>> = HashMap::new();
    // Turned round, so that the first of a name is the last of its list.
    for claim in new.iter().rev() {
        seen.entry(&claim.pointer).or_default().push(claim);
    }
    let change = |claim: &Member<'_>, before: Option<&Member<'_>>, after: Option<&Member<'_>>| ClaimChange {
        pointer: claim.pointer.clone().into_owned(),
        name: claim.name.clone().into_owned(),
        before: before.map(|claim| claim.value.clone().into_owned()),
        after: after.map(|claim| claim.value.clone().into_owned()),
        routine: ROUTINE.contains(&&*claim.name),
    };
    let mut changes = Vec::new();
    let mut same = 0;
    for claim in old {
        let other = seen.get_mut(&*claim.pointer).and_then(Vec::pop);
        if other.is_some_and(|other| other.value == claim.value) {
            same.advance(1);
        } else {
            changes.push(change(claim, Some(claim), other));
        }
    }
    for claim in new {
        if seen.get_mut(&*claim.pointer).and_then(Vec::pop).is_some() {
            changes.push(change(claim, None, Some(claim)));
        }
    }
    (changes, same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn tells_what_differs() {
        let before = sample::report();
        let mut after = before.clone();
        let token = after.artefacts[0].token.as_mut().unwrap();
        token.acting = Some("app-only");
        token.roles = vec!["User.Read.All".to_owned()];
        token.claims[0].value = "bob@tenant.example".to_owned();
        let mut extra = token.claims[3].clone();
        "iat".clone_into(&mut extra.name);
        "/payload/iat".clone_into(&mut extra.pointer);
        token.claims.push(extra);
        token.claims.remove(1);

        let difference = diff(&before, &after);
        let changed: Vec<_> = difference
            .claims
            .iter()
            .map(|claim| (claim.name.as_str(), claim.before.as_deref(), claim.after.as_deref(), claim.routine))
            .collect();
        assert_eq!(
            changed,
            [
                ("upn", Some("ada@tenant.example"), Some("bob@tenant.example"), false),
                ("name", Some("Ada"), None, false),
                ("iat", None, Some("User.Read"), true),
            ]
        );
        assert_eq!(difference.same, 3);
        assert_eq!(difference.gained, [Grant { kind: "application", name: "User.Read.All".to_owned() }]);
        assert_eq!(difference.lost, []);
        let acting = TraitChange { what: "acting", before: None, after: Some("app-only".to_owned()) };
        assert_eq!(difference.traits, [acting]);
        assert!(!difference.is_routine());
        assert!(diff(&before, &before).is_routine());
    }

    /// Of many claims a report explains the first.
    #[test]
    fn claims_that_are_not_explained_are_compared_too() {
        let report = |last: &str, count: usize| {
            let many: String = (0..count).map(|number| format!("\"x{number}\":{number},")).collect();
            let paste = format!(r#"{{"aud":"a","iss":"b","exp":1,{many}"last":"{last}"}}"#);
            crate::analyze(paste.as_bytes(), &crate::Options::at(0))
        };
        let changed = |before: &Report, after: &Report| -> Vec<String> {
            diff(before, after).claims.into_iter().map(|claim| claim.name).collect()
        };
        assert_eq!(changed(&report("one", 1500), &report("other", 1500)), ["last"]);
        assert_eq!(changed(&report("one", 990), &report("one", 998)).len(), 8);
        assert_eq!(diff(&report("one", 1500), &report("one", 1500)).same, 1504);
    }

    #[test]
    fn the_same_claim_twice_counts_twice() {
        let mut before = sample::report();
        let after = before.clone();
        let token = before.artefacts[0].token.as_mut().unwrap();
        let twice = token.claims[0].clone();
        token.claims.push(twice);
        let difference = diff(&before, &after);
        assert_eq!((difference.claims.len(), difference.same), (1, 5));
        assert_eq!(difference.claims[0].after, None);
    }
}
