//! Whether the permissions that somebody holds suffice for a call.

use super::Scheme;
use super::answer::{Answer, Claim, Match, Remark, Unmatched};
use std::fmt;

/// The permissions that a token carries. Names are compared without regard to letter case, and the address of Microsoft
/// Graph before a name is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held<'h> {
    /// The names in `scp` of a token for a work or school account.
    Delegated(Vec<&'h str>),
    /// The scopes granted for a personal account; its tokens for Microsoft Graph cannot be read.
    DelegatedPersonal(Vec<&'h str>),
    /// The names in `roles` of a token without user.
    Application(Vec<&'h str>),
}

impl Held<'_> {
    /// The scheme that these permissions count for.
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Delegated(_) => Scheme::DelegatedWork,
            Self::DelegatedPersonal(_) => Scheme::DelegatedPersonal,
            Self::Application(_) => Scheme::Application,
        }
    }

    /// The names.
    pub fn names(&self) -> &[&str] {
        match self {
            Self::Delegated(names) | Self::DelegatedPersonal(names) | Self::Application(names) => names,
        }
    }

    /// True if that permission is among them.
    pub fn has(&self, permission: &str) -> bool {
        self.names().iter().any(|name| bare(name).eq_ignore_ascii_case(permission))
    }

    /// True if the claim's permission is held, and one of those that it requires beside it.
    pub(super) fn grants(&self, claim: &Claim<'_>) -> bool {
        self.has(claim.permission)
            && (claim.also_requires.is_empty() || claim.also_requires.iter().any(|also| self.has(also)))
    }
}

/// The name without the address of the service: `https://graph.microsoft.com/Mail.Read` is `Mail.Read`.
pub(super) fn bare(name: &str) -> &str {
    if name.contains("://") { name.rsplit('/').next().unwrap_or(name) } else { name }
}

/// How permissions end that reach what others shared with the user, and what was granted one by one.
const SHARED: &str = ".Shared";
const SELECTED: &str = ".Selected";

/// Whether what is held suffices for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'c> {
    /// One of the listed permissions is held.
    Granted {
        /// All that are, least first. Empty for a call that needs none ([`Remark::Batch`]).
        by: Vec<Claim<'c>>,
    },
    /// The call accepts permissions of this kind, and none of them is held.
    Missing {
        /// What would do with the least power: one name, or two that count only together.
        least: Vec<&'c str>,
        /// The claim that `least` comes from: whether an administrator has to consent, and so on.
        claim: Claim<'c>,
        /// The other permissions that would do, in order.
        alternatives: Vec<Claim<'c>>,
    },
    /// The call accepts no permission of this kind.
    NotSupported(NotSupported),
    /// The table does not say what the call needs.
    UnknownCall(Unknown),
}

/// Why it is not known what a call needs. Its sentence (`Display`) has no full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// The call is not in the table.
    Unmatched(Unmatched),
    /// It depends on the body of the request.
    DependsOnBody(Remark),
    /// The table has the call, and lists no permission for it at all.
    NothingListed,
    /// What is held reaches single objects: those that others shared with the user (`….Shared`), or those that were
    /// granted one by one (`….Selected`). The table does not say which, and lists few of these permissions.
    DependsOnObject(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmatched(why) => why.fmt(formatter),
            Self::DependsOnBody(remark) => formatter.write_str(remark.sentence()),
            Self::NothingListed => formatter.write_str("the table of permissions lists none for this call"),
            Self::DependsOnObject(name) if name.ends_with(SHARED) => {
                write!(formatter, "{name} may be enough where the other user shared this with the one who is signed in")
            }
            Self::DependsOnObject(name) => {
                write!(formatter, "{name} is enough only where an administrator granted it on this very object")
            }
        }
    }
}

/// Why no permission of this kind helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotSupported {
    /// `/me` without a signed-in user.
    NobodySignedIn,
    /// The call takes delegated permissions only.
    NeedsSignedInUser,
    /// The call takes application permissions only.
    NeedsApplication,
    /// The call takes no personal accounts.
    NotForPersonalAccounts,
}

impl NotSupported {
    /// What it means, in a sentence without full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NobodySignedIn => "/me is the signed-in user, and in a token of the app itself nobody is signed in",
            Self::NeedsSignedInUser => "the call takes delegated permissions only, so a user has to be signed in",
            Self::NeedsApplication => "the call takes application permissions only, so the app has to act as itself",
            Self::NotForPersonalAccounts => "the call takes no personal Microsoft account",
        }
    }
}

impl<'c> Answer<'c> {
    /// Whether these permissions suffice. A stronger permission counts only if it is listed for the call.
    pub fn verdict(&self, held: &Held<'_>) -> Verdict<'c> {
        let scheme = held.scheme();
        if self.is_me && scheme == Scheme::Application {
            return Verdict::NotSupported(NotSupported::NobodySignedIn);
        }
        if let Match::None(why) = &self.matched {
            return Verdict::UnknownCall(Unknown::Unmatched(why.clone()));
        }
        match self.remark() {
            Some(Remark::Batch) => return Verdict::Granted { by: Vec::new() },
            Some(remark) => return Verdict::UnknownCall(Unknown::DependsOnBody(remark)),
            None => {}
        }
        let mut by: Vec<Claim<'c>> = Vec::new();
        let mut others: Vec<Claim<'c>> = Vec::new();
        for claim in self.claims(scheme) {
            if held.grants(&claim) { by.push(claim) } else { others.push(claim) }
        }
        if !by.is_empty() {
            return Verdict::Granted { by };
        }
        if others.is_empty() {
            return self.not_supported(scheme);
        }
        if let Some(name) = self.reaches_single_objects(held, &others) {
            return Verdict::UnknownCall(Unknown::DependsOnObject(name));
        }
        let claim = others.remove(0);
        // Where one half of a pair is held, or none is, both are named: the pair is what has to be there.
        Verdict::Missing { least: claim.permissions().collect(), claim, alternatives: others }
    }

    /// The name of what is held that is one of the needed permissions for single objects: `Mail.Read.Shared` beside
    /// `Mail.Read` for data of another user, `Sites.Selected` beside any permission for sites.
    fn reaches_single_objects(&self, held: &Held<'_>, needed: &[Claim<'c>]) -> Option<String> {
        let family = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_wanted = |name: &str| {
            if let Some(whole) = name.strip_suffix(SHARED) {
                return !self.is_me && needed.iter().any(|claim| claim.permission.eq_ignore_ascii_case(whole));
            }
            name.ends_with(SELECTED) && needed.iter().any(|claim| family(claim.permission) == family(name))
        };
        held.names().iter().map(|name| bare(name)).find(|name| is_wanted(name)).map(str::to_owned)
    }

    fn not_supported(&self, scheme: Scheme) -> Verdict<'c> {
        let lists = |scheme| self.claims(scheme).next().is_some();
        Verdict::NotSupported(match scheme {
            Scheme::Application if lists(Scheme::DelegatedWork) || lists(Scheme::DelegatedPersonal) => {
                NotSupported::NeedsSignedInUser
            }
            Scheme::DelegatedPersonal if lists(Scheme::DelegatedWork) => NotSupported::NotForPersonalAccounts,
            Scheme::DelegatedWork | Scheme::DelegatedPersonal if lists(Scheme::Application) => {
                NotSupported::NeedsApplication
            }
            Scheme::DelegatedWork if lists(Scheme::DelegatedPersonal) => NotSupported::NeedsApplication,
            _ => return Verdict::UnknownCall(Unknown::NothingListed),
        })
    }
}
