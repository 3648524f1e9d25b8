//! What a call needs.

use super::matcher::{self, Found, MethodSet};
use super::{Catalogue, Known, Method, Scheme, is_me};
use crate::scenario::{Call, Service};
use std::fmt;

/// What is known about the permissions of one call.
#[derive(Debug, Clone)]
pub struct Answer<'c> {
    /// How the call was found.
    pub matched: Match,
    /// The method that was looked up.
    pub method: Option<Method>,
    /// The call named no method, so [`method`](Self::method) is assumed.
    pub method_assumed: bool,
    /// The call is about the signed-in user (`/me`).
    pub is_me: bool,
    catalogue: &'c Catalogue,
    /// Node and call of the table.
    at: Option<(usize, usize)>,
}

/// How a call was found in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// The table lists this very path with this method.
    Exact,
    /// The table lists something that the call most likely amounts to; every assumption is named.
    Inferred(Vec<Inference>),
    /// The table does not have it.
    None(Unmatched),
}

impl Match {
    /// The word for it in reports: `exact`, `inferred`, `none`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Inferred(_) => "inferred",
            Self::None(_) => "none",
        }
    }
}

/// An assumption that a match rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inference {
    /// `$ref`, `$value` or `$count` at the end was left out.
    SuffixDropped,
    /// `graph.user` was read as `microsoft.graph.user`.
    CastQualified,
    /// The name of a type in the path was left out.
    CastDropped,
    /// `microsoft.graph.` before a function was left out.
    NamespaceDropped,
    /// A key such as `(appId='…')` was read as an ID.
    KeyAsId,
    /// The arguments of a function were left out.
    ArgumentsDropped,
    /// `/me` was read as `/users/{id}`.
    MeAsUser,
    /// `/users/{id}` was read as `/me`.
    UserAsMe,
    /// Another way to the same drive.
    SameDrive,
    /// An item of a drive was named by ID in place of its path, or the other way round.
    PathAsItem,
    /// A site was named by ID in place of its path.
    SiteByPath,
    /// A folder was taken for the inbox, or the other way round.
    Inbox,
    /// A calendar was taken for the default one, or the other way round.
    DefaultCalendar,
    /// The path through what contains the thing was left out.
    Container,
    /// `HEAD` was read as `GET`.
    HeadAsGet,
    /// `MERGE` was read as `PATCH`.
    MergeAsPatch,
    /// Method and path were derived from the name of a cmdlet.
    Cmdlet,
}

impl Inference {
    /// What was assumed, in a sentence without full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SuffixDropped => "the table lists the path without $ref, $value or $count at its end",
            Self::CastQualified => "graph. was read as microsoft.graph.",
            Self::CastDropped => "the table lists the path without the type name (microsoft.graph…) in it",
            Self::NamespaceDropped => "the table lists the function without microsoft.graph. before its name",
            Self::KeyAsId => "the key in parentheses was read as an ID",
            Self::ArgumentsDropped => "the table lists the function without these arguments",
            Self::MeAsUser => "the table lists this for /users/{id}, and /me is one of the users",
            Self::UserAsMe => "the table lists this for /me only",
            Self::SameDrive => "the table lists this for another address of a drive",
            Self::PathAsItem => "the table lists the drive item under its other address (by ID or by path)",
            Self::SiteByPath => "a site named by its path was read as /sites/{id}",
            Self::Inbox => "the inbox stands for any mail folder here",
            Self::DefaultCalendar => "the default calendar stands for any calendar here",
            Self::Container => "the table lists the thing under a shorter address",
            Self::HeadAsGet => "HEAD was read as GET",
            Self::MergeAsPatch => "MERGE is the old name of PATCH",
            Self::Cmdlet => "method and path were derived from the name of the cmdlet",
        }
    }
}

/// Why a call is not in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmatched {
    /// The address belongs to another service.
    NotGraph,
    /// There is no path: the call is for the root.
    NoPath,
    /// The path holds control characters.
    ControlCharacters,
    /// The path has more segments than any path of Microsoft Graph.
    TooDeep,
    /// The method is none that the table knows.
    Method(String),
    /// The path is there, with other methods.
    OtherMethods(MethodSet),
    /// The path is not there.
    Path,
}

impl fmt::Display for Unmatched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotGraph => formatter.write_str("the address is not one of Microsoft Graph"),
            Self::NoPath => formatter.write_str("the call names no path: expected something like /me/messages"),
            Self::ControlCharacters => {
                formatter.write_str("the path holds control characters, which no path of Microsoft Graph has")
            }
            Self::TooDeep => formatter.write_str("the path has more segments than any path of Microsoft Graph"),
            Self::Method(method) => write!(formatter, "the table of permissions has no call with the method {method}"),
            Self::OtherMethods(methods) => {
                formatter.write_str("the table of permissions has this path with ")?;
                for (place, method) in methods.iter().enumerate() {
                    write!(formatter, "{}{method}", if place == 0 { "" } else { ", " })?;
                }
                formatter.write_str(" only")
            }
            Self::Path => formatter.write_str("the table of permissions does not have this path, which is no denial"),
        }
    }
}

/// A call whose permissions do not depend on its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remark {
    /// `/$batch`: each request inside is judged by itself.
    Batch,
    /// `/subscriptions`: what counts is the resource that is subscribed to.
    Subscription,
}

impl Remark {
    /// What it means, in a sentence without full stop.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Batch => "a batch needs no permission of its own: each request inside it needs its own",
            Self::Subscription => {
                "a subscription needs the permission that reading the subscribed resource needs, so it depends on the \
                 resource that the body names"
            }
        }
    }
}

/// One permission that a call accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<'c> {
    /// The permission.
    pub permission: &'c str,
    /// It is the least privileged one. More than one claim can be.
    pub least: bool,
    /// It counts only together with one of these.
    pub also_requires: Vec<&'c str>,
    /// Whether an administrator has to consent, where known.
    pub admin_consent: Option<bool>,
    /// The live service offered it when the facts were collected. What it does not offer cannot be granted.
    pub published: bool,
    /// It is granted for one team, chat or meeting (resource-specific consent) and not for the tenant.
    pub resource_specific: bool,
}

impl<'c> Claim<'c> {
    /// The permission, and where it counts only together with another, the first of those (Microsoft names the least one
    /// first).
    pub fn permissions(&self) -> impl Iterator<Item = &'c str> + use<'c> {
        [Some(self.permission), self.also_requires.first().copied()].into_iter().flatten()
    }
}

/// What the data cannot know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caveat {
    /// The call named no method.
    MethodAssumed(Method),
    /// The entry was added to Microsoft's table from its documentation.
    FromDocumentation,
    /// A delegated call on somebody else's data.
    SharedScopes,
    /// A delegated call is limited by what the user may do.
    UserRights,
    /// Exchange can limit an application to some mailboxes.
    MailboxPolicies,
    /// Teams asks for a policy for an application.
    MeetingPolicies,
    /// Teams and chats can grant permissions of their own.
    ResourceSpecific,
    /// The feature needs a licence.
    Licence,
    /// The table does not tell the versions apart.
    Versions,
    /// The data is of that day, and newer calls are missing.
    Date(Option<&'static str>),
}

impl fmt::Display for Caveat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MethodAssumed(method) => {
                return write!(formatter, "The call names no method, so {method} was looked up.");
            }
            Self::FromDocumentation => {
                "Microsoft's table lacks this call. The answer comes from the documentation and may be older."
            }
            Self::SharedScopes => {
                "For data of another user, who shared it, the delegated permission whose name ends in .Shared may be \
                 needed. The table hardly lists those."
            }
            Self::UserRights => {
                "A delegated permission gives no more than the signed-in user may do: a directory role, ownership or \
                 membership may be needed as well."
            }
            Self::MailboxPolicies => {
                "Exchange can limit an application to some mailboxes (application access policy, RBAC for applications)."
            }
            Self::MeetingPolicies => {
                "For online meetings an application also needs a Teams application access policy for the organiser."
            }
            Self::ResourceSpecific => {
                "A single team or chat can grant the app resource-specific permissions, which are listed apart."
            }
            Self::Licence => "This feature may need a licence in the tenant. No permission replaces it.",
            Self::Versions => "The table does not tell v1.0 and beta apart, and they sometimes differ.",
            Self::Date(Some(date)) => return write!(formatter, "The table is of {date}; newer calls are missing."),
            Self::Date(None) => "The table was supplied by you and carries no date.",
        })
    }
}

/// Beginnings of paths whose features are licensed: Entra ID P1 or P2, Intune, Purview, Defender.
const LICENSED: &[&str] = &[
    "/auditlogs",
    "/compliance",
    "/devicemanagement",
    "/deviceappmanagement",
    "/identitygovernance",
    "/identityprotection",
    "/identity/conditionalaccess",
    "/policies/conditionalaccess",
    "/privilegedaccess",
    "/security",
];

/// Segments of a user's data that lies in Exchange.
const MAILBOX: &[&str] = &[
    "messages",
    "mailfolders",
    "sendmail",
    "calendar",
    "calendars",
    "calendarview",
    "calendargroups",
    "events",
    "contacts",
    "contactfolders",
    "mailboxsettings",
    "outlook",
    "inferenceclassification",
    "findmeetingtimes",
    "getmailtips",
];

impl Catalogue {
    /// What a call needs. Time and memory are linear in the length of the call; a call that the table lists is found in
    /// about a microsecond.
    ///
    /// `HEAD` is read as `GET` and `MERGE` as `PATCH`. A call without method is looked up as `GET`, and if the path has
    /// one other method only, as that.
    pub fn answer(&self, call: &Call) -> Answer<'_> {
        let mut answer = Answer {
            matched: Match::None(Unmatched::Path),
            method: None,
            method_assumed: call.method.is_none(),
            is_me: false,
            catalogue: self,
            at: None,
        };
        if !matches!(call.service, Service::Graph | Service::Unknown) {
            answer.matched = Match::None(Unmatched::NotGraph);
            return answer;
        }
        if call.path.bytes().any(|byte| byte.is_ascii_control()) {
            answer.matched = Match::None(Unmatched::ControlCharacters);
            return answer;
        }
        let path = call.path.to_ascii_lowercase();
        answer.is_me = is_me(&path);
        if path.bytes().all(|byte| byte == b'/') {
            answer.matched = Match::None(Unmatched::NoPath);
            return answer;
        }
        let (method, read_as) = match call.method.as_deref() {
            None => (Method::Get, None),
            Some("HEAD") => (Method::Get, Some(Inference::HeadAsGet)),
            Some("MERGE") => (Method::Patch, Some(Inference::MergeAsPatch)),
            Some(name) => match Method::from_name(name) {
                Some(method) => (method, None),
                None => {
                    answer.matched = Match::None(Unmatched::Method(name.chars().take(20).collect()));
                    return answer;
                }
            },
        };
        let call_of_cmdlet = call.from_cmdlet.then_some(Inference::Cmdlet);
        let table = self.table();
        answer.method = Some(method);
        let mut found = matcher::find(&table, self.wildcards, &path, method);
        if let Found::OtherMethods(methods) = found
            && answer.method_assumed
            && let Some(only) = methods.single()
        {
            answer.method = Some(only);
            found = matcher::find(&table, self.wildcards, &path, only);
        }
        match found {
            Found::Entry { node, call, mut inferred } => {
                inferred.extend(read_as.into_iter().chain(call_of_cmdlet));
                answer.matched = if inferred.is_empty() { Match::Exact } else { Match::Inferred(inferred) };
                answer.at = Some((node, call));
            }
            Found::OtherMethods(methods) => answer.matched = Match::None(Unmatched::OtherMethods(methods)),
            Found::Nothing => answer.matched = Match::None(Unmatched::Path),
            Found::TooDeep => answer.matched = Match::None(Unmatched::TooDeep),
        }
        answer
    }
}

impl<'c> Answer<'c> {
    /// The path of the table, in lower case, with `{id}` for each value: `/users/{id}/messages`.
    pub fn template(&self) -> Option<String> {
        self.at.map(|(node, _)| self.catalogue.table().template(node))
    }

    /// The date of the data; `None` for data that was loaded.
    pub const fn catalog_date(&self) -> Option<&'static str> {
        self.catalogue.date
    }

    /// The permissions that the call accepts, any one of them suffices. In order: those granted for the tenant before
    /// resource-specific ones, published before not published, least first, then by privilege level, by the number of
    /// calls they open, and by name.
    ///
    /// `/me` has no application permissions: nobody is signed in there, whatever the table says.
    pub fn claims(&self, scheme: Scheme) -> impl Iterator<Item = Claim<'c>> + use<'c> {
        let (table, catalogue) = (self.catalogue.table(), self.catalogue);
        let call = self.at.map(|(_, call)| call).filter(|_| !(self.is_me && scheme == Scheme::Application));
        call.into_iter().flat_map(move |call| table.claims(call, scheme.index())).filter_map(move |raw| {
            let known = catalogue.permissions.known(raw.permission)?;
            let mut also_requires = Vec::new();
            if raw.also != 0 {
                also_requires.extend(table.also(raw.also).map(|also| catalogue.name(also)));
            }
            Some(Claim {
                permission: catalogue.name(raw.permission),
                least: raw.least,
                also_requires,
                admin_consent: admin_consent(&known, scheme),
                published: known.live(scheme),
                resource_specific: known.resource_specific,
            })
        })
    }

    /// The permissions that would do with the least power: one name, or two where a permission counts only together with
    /// another. Empty if nothing is listed. Something that the service does not publish is named only if there is
    /// nothing else.
    pub fn least(&self, scheme: Scheme) -> Vec<&'c str> {
        self.claims(scheme).next().map(|claim| claim.permissions().collect()).unwrap_or_default()
    }

    /// The remark on a call whose permissions do not depend on its path.
    pub fn remark(&self) -> Option<Remark> {
        match self.overlay()? {
            1 => Some(Remark::Batch),
            2 => Some(Remark::Subscription),
            _ => None,
        }
    }

    /// What the data cannot know, about this call and in general.
    pub fn caveats(&self) -> Vec<Caveat> {
        let mut caveats = Vec::new();
        if let Some(method) = self.method.filter(|_| self.method_assumed && self.at.is_some()) {
            caveats.push(Caveat::MethodAssumed(method));
        }
        if let Some(template) = self.template() {
            if self.overlay().is_some() {
                caveats.push(Caveat::FromDocumentation);
            }
            let delegated = self.claims(Scheme::DelegatedWork).next().is_some();
            let application = self.claims(Scheme::Application).next().is_some();
            let mut segments = template.split('/').skip(1);
            let owner = segments.next().unwrap_or_default();
            let mailbox = template.split('/').skip(2).any(|segment| MAILBOX.contains(&segment));
            let drive = segments.any(|segment| matches!(segment, "drive" | "drives"));
            if delegated && owner == "users" && !self.is_me && (mailbox || drive) {
                caveats.push(Caveat::SharedScopes);
            }
            if delegated {
                caveats.push(Caveat::UserRights);
            }
            if application && matches!(owner, "users" | "me") && mailbox {
                caveats.push(Caveat::MailboxPolicies);
            }
            if application && template.contains("/onlinemeetings") {
                caveats.push(Caveat::MeetingPolicies);
            }
            if Scheme::ALL.into_iter().any(|scheme| self.claims(scheme).any(|claim| claim.resource_specific)) {
                caveats.push(Caveat::ResourceSpecific);
            }
            if LICENSED.iter().any(|licensed| template.starts_with(licensed)) {
                caveats.push(Caveat::Licence);
            }
            caveats.push(Caveat::Versions);
        }
        caveats.push(Caveat::Date(self.catalogue.date));
        caveats
    }

    /// What the overlay remarks, where the call is from there.
    fn overlay(&self) -> Option<u8> {
        self.catalogue.table().overlay(self.at?.1)
    }
}

/// Whether an administrator has to consent to a permission. Resource-specific ones are consented to by the owners of the
/// team or chat; people consent for their personal accounts themselves.
const fn admin_consent(known: &Known, scheme: Scheme) -> Option<bool> {
    match scheme {
        _ if known.resource_specific => Some(false),
        Scheme::DelegatedWork => known.admin_consent,
        Scheme::DelegatedPersonal => Some(false),
        Scheme::Application => Some(true),
    }
}
