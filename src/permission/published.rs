//! What a call needs, as it is published: the types behind `permit --format json`, which the page uses too.
//!
//! Members may be added to them, none renamed, removed or given another meaning.

use super::answer::{Claim, Match, Unmatched};
use super::cmdlet::BadCmdlet;
use super::{Catalogue, Cover, Scheme};
use crate::catalog;
use crate::scenario::{Call, CallError, Cmdlet};
use serde::Serialize;
use std::fmt;

/// The longest path that is looked up, in bytes. No path of Microsoft Graph comes near it.
pub const MAX_PATH_BYTES: usize = 8 * 1024;

/// The characters of a call that are shown where it cannot be read.
const SHOWN: usize = 200;

/// What a call needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// The call as it was given.
    pub call: String,
    /// `exact`, `inferred` or `none`.
    #[serde(rename = "match")]
    pub matched: &'static str,
    /// The method that was looked up, where one was.
    pub method: Option<&'static str>,
    /// The path of the table, in lower case, with `{id}` for each value.
    pub template: Option<String>,
    /// For signed-in users with a work or school account; any one suffices, the least first.
    pub delegated_work: Vec<Accepted>,
    /// For signed-in users with a personal Microsoft account.
    pub delegated_personal: Vec<Accepted>,
    /// For the application itself.
    pub application: Vec<Accepted>,
    /// What was assumed to find the call, each a clause without full stop.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inferred: Vec<String>,
    /// What has to be known of this call beside its permissions, or why it was not found: one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Why the call could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How many requests of a recording are this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<usize>,
    /// What the data cannot know.
    pub caveats: Vec<String>,
    /// The date of the table; none for one that was loaded.
    pub catalog_date: Option<&'static str>,
}

/// A permission that a call accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Its name.
    pub permission: String,
    /// True of the one that does with the least power.
    pub least: bool,
    /// It counts only together with one of these.
    pub also_requires: Vec<String>,
    /// Whether an administrator has to consent; none where that is not known.
    pub admin_consent: Option<bool>,
    /// Whether the live service offered it when the facts were collected: what it does not offer cannot be granted. None
    /// of resource-specific ones that it does not list, since its list leaves most of them out.
    pub published: Option<bool>,
    /// It is granted for one team, chat or meeting (resource-specific consent) and not for the tenant.
    pub resource_specific: bool,
}

impl Needs {
    /// What it needs in one of the schemes.
    pub fn of(&self, scheme: Scheme) -> &[Accepted] {
        match scheme {
            Scheme::DelegatedWork => &self.delegated_work,
            Scheme::DelegatedPersonal => &self.delegated_personal,
            Scheme::Application => &self.application,
        }
    }

    /// The permissions of a scheme that would do with the least power, joined by " + "; none where there are none.
    pub fn least(&self, scheme: Scheme) -> Option<String> {
        self.of(scheme).first().map(Accepted::least_pair)
    }

    /// True of a call that was found.
    pub fn is_found(&self) -> bool {
        self.template.is_some()
    }
}

impl Accepted {
    /// The permission and the least one that it requires beside it.
    pub fn least_pair(&self) -> String {
        match self.also_requires.first() {
            Some(also) => format!("{} + {also}", self.permission),
            None => self.permission.clone(),
        }
    }

    /// The permission and all that it can be paired with: `A + B (or + C)`.
    pub fn pairs(&self) -> String {
        let mut text = self.least_pair();
        if let Some(others) = self.also_requires.get(1..).filter(|others| !others.is_empty()) {
            text.push_str(&format!(" (or + {})", others.join(", + ")));
        }
        text
    }

    /// Who has to consent, for a reader; empty where that is not known.
    pub const fn consent(&self) -> &'static str {
        match self.admin_consent {
            _ if self.resource_specific => "owner consent",
            Some(true) => "admin consent",
            Some(false) => "user consent",
            None => "",
        }
    }
}

/// Why a text is no call that can be looked up. Its sentence (`Display`) has no full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadCall {
    /// It cannot be read as a call.
    Unreadable(CallError),
    /// It is a cmdlet, and its call is not certain.
    Cmdlet(BadCmdlet),
    /// There is no slash in it, so it is a word and no path.
    NoSlash(String),
    /// The path is longer than [`MAX_PATH_BYTES`].
    LongPath(usize),
    /// The path holds control characters.
    ControlCharacters,
    /// There is no path.
    NoPath,
}

impl fmt::Display for BadCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(formatter),
            Self::Cmdlet(error) => error.fmt(formatter),
            Self::NoSlash(text) => {
                write!(formatter, "\"{text}\" has no slash: expected a path, as in GET /me/messages")
            }
            Self::LongPath(bytes) => {
                write!(formatter, "the path is {bytes} bytes long: at most {MAX_PATH_BYTES} are looked up")
            }
            Self::ControlCharacters => Unmatched::ControlCharacters.fmt(formatter),
            Self::NoPath => Unmatched::NoPath.fmt(formatter),
        }
    }
}

impl std::error::Error for BadCall {}

/// Reads a call with the embedded table, see [`Catalogue::read_call`].
///
/// # Errors
/// [`BadCall`] says in one sentence what was expected.
pub fn read_call(text: &str) -> Result<Call, BadCall> {
    super::embedded().read_call(text)
}

impl Catalogue {
    /// Reads a call in any of the ways that [`Call::parse`] understands, or a cmdlet of Microsoft Graph PowerShell whose
    /// name fits one call of the table only (`Get-MgUserMessage -UserId x`).
    ///
    /// # Errors
    /// [`BadCall::Unreadable`] and [`BadCall::Cmdlet`].
    pub fn parse(&self, text: &str) -> Result<Call, BadCall> {
        match Cmdlet::read(text) {
            Some(cmdlet) => self.call_of(&cmdlet).map_err(BadCall::Cmdlet),
            None => Call::parse(text).map_err(BadCall::Unreadable),
        }
    }

    /// Reads a call and refuses what no table could have.
    ///
    /// # Errors
    /// [`BadCall`] says in one sentence what was expected.
    pub fn read_call(&self, text: &str) -> Result<Call, BadCall> {
        let call = self.parse(text)?;
        if call.path.len() > MAX_PATH_BYTES {
            return Err(BadCall::LongPath(call.path.len()));
        }
        if call.path.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(BadCall::ControlCharacters);
        }
        if !text.contains('/') && !call.from_cmdlet {
            return Err(BadCall::NoSlash(text.trim().chars().take(SHOWN).collect()));
        }
        if call.path == "/" {
            return Err(BadCall::NoPath);
        }
        Ok(call)
    }

    /// What a call needs, in the published form.
    ///
    /// # Errors
    /// [`BadCall`] where the text is no call that can be looked up.
    pub fn needs(&self, text: &str) -> Result<Needs, BadCall> {
        let call = self.read_call(text)?;
        let answer = self.answer(&call);
        let of = |scheme| -> Vec<Accepted> {
            answer.claims(scheme).enumerate().map(|(place, claim)| Accepted::new(&claim, place == 0)).collect()
        };
        let (inferred, unmatched) = match &answer.matched {
            Match::Exact => (Vec::new(), None),
            Match::Inferred(all) => (all.iter().map(|inference| inference.sentence().to_owned()).collect(), None),
            Match::None(why) => (Vec::new(), Some(why.to_string())),
        };
        let remark = unmatched.or_else(|| answer.remark().map(|remark| remark.sentence().to_owned()));
        Ok(Needs {
            call: text.trim().to_owned(),
            matched: answer.matched.name(),
            method: answer.method.map(super::Method::name),
            template: answer.template(),
            delegated_work: of(Scheme::DelegatedWork),
            delegated_personal: of(Scheme::DelegatedPersonal),
            application: of(Scheme::Application),
            inferred,
            remark: remark.map(|remark| format!("{}.", capitalised(&remark))),
            error: None,
            requests: None,
            caveats: answer.caveats().iter().map(ToString::to_string).collect(),
            catalog_date: self.date(),
        })
    }

    /// The same of one of many calls: what is no call becomes an answer that says so.
    pub fn needs_or_error(&self, text: &str) -> Needs {
        self.needs(text).unwrap_or_else(|error| Needs {
            call: text.trim().chars().take(SHOWN).collect(),
            matched: Match::None(Unmatched::Path).name(),
            method: None,
            template: None,
            delegated_work: Vec::new(),
            delegated_personal: Vec::new(),
            application: Vec::new(),
            inferred: Vec::new(),
            remark: None,
            error: Some(format!("{}.", capitalised(&error.to_string()))),
            requests: None,
            caveats: Vec::new(),
            catalog_date: self.date(),
        })
    }

    /// The permissions that cover all these calls together, in the published form. What is no call is uncovered.
    pub fn covering(&self, calls: &[Needs]) -> Covering {
        let readable: Vec<(&Needs, Call)> = calls
            .iter()
            .filter(|needs| needs.error.is_none())
            .filter_map(|needs| Some((needs, self.read_call(&needs.call).ok()?)))
            .collect();
        let parsed: Vec<Call> = readable.iter().map(|(_, call)| call.clone()).collect();
        let set = |scheme| {
            let Cover { permissions, minimal, uncovered } = self.cover(&parsed, scheme);
            let name = |place: &usize| readable.get(*place).map(|(needs, _)| needs.call.clone());
            let mut left: Vec<String> = uncovered.iter().filter_map(name).collect();
            left.extend(calls.iter().filter(|needs| needs.error.is_some()).map(|needs| needs.call.clone()));
            CoveringSet {
                permissions: permissions.into_iter().map(str::to_owned).collect(),
                minimal,
                covered: calls.len().saturating_sub(left.len()),
                uncovered: left,
            }
        };
        Covering {
            calls: calls.len(),
            delegated_work: set(Scheme::DelegatedWork),
            delegated_personal: set(Scheme::DelegatedPersonal),
            application: set(Scheme::Application),
            catalog_date: self.date(),
        }
    }

    /// Everything that a permission opens, in the published form; none where the table does not have the permission.
    pub fn opens(&self, permission: &str) -> Option<Opens> {
        let permission = permission.trim();
        let id = catalog::permission_by_guid(permission);
        let wanted = id.map_or(permission, |id| id.permission.name);
        let name = self.name(self.permissions.number(wanted)?);
        let mut opens: Vec<OpenedCall> = Vec::new();
        for opened in self.reverse(name) {
            let scheme = opened.scheme.name();
            match opens.last_mut().filter(|last| last.path == opened.template && last.method == opened.method.name()) {
                Some(last) => last.schemes.push(scheme),
                None => {
                    opens.push(OpenedCall {
                        method: opened.method.name(),
                        path: opened.template,
                        schemes: vec![scheme],
                    });
                }
            }
        }
        let count = |scheme: Scheme| opens.iter().filter(|call| call.schemes.contains(&scheme.name())).count();
        Some(Opens {
            permission: name.to_owned(),
            delegated_work: count(Scheme::DelegatedWork),
            delegated_personal: count(Scheme::DelegatedPersonal),
            application: count(Scheme::Application),
            calls: opens,
            catalog_date: self.date(),
        })
    }
}

impl Accepted {
    fn new(claim: &Claim<'_>, least: bool) -> Self {
        Self {
            permission: claim.permission.to_owned(),
            least,
            also_requires: claim.also_requires.iter().map(|also| (*also).to_owned()).collect(),
            admin_consent: claim.admin_consent,
            published: (claim.published || !claim.resource_specific).then_some(claim.published),
            resource_specific: claim.resource_specific,
        }
    }
}

/// The permissions that cover several calls together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covering {
    /// How many calls there are.
    pub calls: usize,
    /// For signed-in users with a work or school account.
    pub delegated_work: CoveringSet,
    /// For signed-in users with a personal Microsoft account.
    pub delegated_personal: CoveringSet,
    /// For the application itself.
    pub application: CoveringSet,
    /// The date of the table; none for one that was loaded.
    pub catalog_date: Option<&'static str>,
}

impl Covering {
    /// The set of a scheme.
    pub const fn of(&self, scheme: Scheme) -> &CoveringSet {
        match scheme {
            Scheme::DelegatedWork => &self.delegated_work,
            Scheme::DelegatedPersonal => &self.delegated_personal,
            Scheme::Application => &self.application,
        }
    }
}

/// The permissions that cover several calls in one scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoveringSet {
    /// Their names, in alphabetical order.
    pub permissions: Vec<String>,
    /// No other set has less power.
    pub minimal: bool,
    /// How many calls they cover.
    pub covered: usize,
    /// The calls that no permission of this kind opens, or that are unknown.
    pub uncovered: Vec<String>,
}

/// What a permission opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opens {
    /// The name of the permission.
    pub permission: String,
    /// How many calls it opens to signed-in users with a work or school account.
    pub delegated_work: usize,
    /// How many to those with a personal Microsoft account.
    pub delegated_personal: usize,
    /// How many to the application itself.
    pub application: usize,
    /// The calls, in the order of their paths.
    pub calls: Vec<OpenedCall>,
    /// The date of the table; none for one that was loaded.
    pub catalog_date: Option<&'static str>,
}

impl Opens {
    /// How many calls it opens, as a clause: "20 calls: 16 for a signed-in user, 4 for the app alone".
    pub fn in_words(&self) -> String {
        let parts = [
            (self.delegated_work, "for a signed-in user"),
            (self.delegated_personal, "with a personal account"),
            (self.application, "for the app alone"),
        ];
        let said: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
        match self.calls.len() {
            0 => "no call of the table".to_owned(),
            1 => format!("1 call: {}", said.join(", ")),
            count => format!("{count} calls: {}", said.join(", ")),
        }
    }
}

/// A call that a permission opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenedCall {
    /// The method.
    pub method: &'static str,
    /// The path, in lower case, with `{id}` for each value.
    pub path: String,
    /// On whose behalf: `delegated_work`, `delegated_personal`, `application`.
    pub schemes: Vec<&'static str>,
}

/// A clause as the beginning of a sentence.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| std::iter::once(first.to_ascii_uppercase()).chain(characters).collect())
}
