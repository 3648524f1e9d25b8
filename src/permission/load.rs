//! Reads Microsoft's own `permissions.json`, so that newer data needs no newer program.
//!
//! The file is `permissions/new/permissions.json` of the repository microsoft-graph-devx-content (the Kibali format). Its
//! shape has only grown since 2023: unknown members are reported and left out, missing ones have defaults.

use super::compile::{self, Claims, Entry, Facts};
use super::template::canonical;
use super::{Catalogue, Known, Method, Scheme, tokens};
use crate::catalog;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// The largest document that is read, in bytes; Microsoft's had 3 MB in 2026.
pub const MAX_DOCUMENT_BYTES: usize = 16 * 1024 * 1024;

/// A document with fewer paths is not taken for the whole table; the first one, of 2023, had 5,021.
pub const MIN_PATHS: usize = 100;

/// A path whose permission counts only together with one of more than this many others is left out, with a note. In 2026
/// the longest such list had three.
const MAX_ALSO: usize = 64;

/// How many notes name what was left out; a last one counts the others.
const MAX_NOTES: usize = 50;

/// Something in the document that was left out. The sentence (`Display`) says what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A member that the format did not have when this program was written.
    UnknownMember {
        /// Where: `permission`, `scheme` or `path set`.
        place: &'static str,
        /// Its name.
        name: String,
    },
    /// A scheme other than the three.
    UnknownScheme(String),
    /// A method that the table does not have.
    UnknownMethod(String),
    /// A term of a path other than `least` and `AlsoRequires`.
    UnknownTerm(String),
    /// A path that is empty, or has a segment, a depth or a number of conditions that no call of Microsoft Graph has.
    SkippedPath(String),
    /// There were more of them.
    More(usize),
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownMember { place, name } => {
                write!(formatter, "unknown member \"{name}\" of a {place} left out")
            }
            Self::UnknownScheme(name) => write!(formatter, "unknown scheme \"{name}\" left out"),
            Self::UnknownMethod(name) => write!(formatter, "unknown method \"{name}\" left out"),
            Self::UnknownTerm(name) => write!(formatter, "unknown term \"{name}\" of a path left out"),
            Self::SkippedPath(path) => write!(formatter, "path \"{path}\" left out"),
            Self::More(count) => write!(formatter, "{count} more of this sort left out"),
        }
    }
}

/// Why a document cannot be used. The sentence (`Display`) says what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// Larger than [`MAX_DOCUMENT_BYTES`].
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
    },
    /// No JSON, or JSON of another shape; the message says where.
    NotReadable(String),
    /// The table that was in use until 2024 (`permissions-v1.0.json`), which is keyed by path.
    OldFormat,
    /// JSON without the member `permissions`.
    Foreign,
    /// Too few permissions or paths to be the table.
    TooSmall {
        /// How many permissions it has.
        permissions: usize,
        /// How many paths it has.
        paths: usize,
    },
    /// More paths or permissions than can be numbered.
    TooMany,
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const EXPECTED: &str = "expected permissions/new/permissions.json of microsoft-graph-devx-content";
        match self {
            Self::TooLarge { bytes } => {
                write!(formatter, "the file is {bytes} bytes long: at most {MAX_DOCUMENT_BYTES} are read")
            }
            Self::NotReadable(message) => write!(formatter, "{EXPECTED}: {message}"),
            Self::OldFormat => {
                write!(formatter, "{EXPECTED}; this is the older format, keyed by path (ApiPermissions)")
            }
            Self::Foreign => write!(formatter, "{EXPECTED}; this JSON has no member \"permissions\""),
            Self::TooSmall { permissions, paths } => write!(
                formatter,
                "{EXPECTED}; this file has {permissions} permissions and {paths} paths, too few to be the table"
            ),
            Self::TooMany => {
                write!(formatter, "{EXPECTED}; this file has more paths or permissions than can be numbered")
            }
        }
    }
}

impl std::error::Error for LoadError {}

type Others = BTreeMap<String, IgnoredAny>;

/// The outermost members, by which formats are told apart.
#[derive(Deserialize)]
struct Outermost {
    permissions: Option<IgnoredAny>,
    #[serde(rename = "ApiPermissions")]
    api_permissions: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    permissions: BTreeMap<String, Permission>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Permission {
    authorization_type: Option<String>,
    #[serde(default)]
    schemes: BTreeMap<String, SchemeFacts>,
    #[serde(default)]
    path_sets: Vec<PathSet>,
    #[serde(flatten)]
    others: Others,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SchemeFacts {
    requires_admin_consent: Option<bool>,
    privilege_level: Option<u8>,
    #[serde(flatten)]
    others: Others,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PathSet {
    #[serde(default)]
    scheme_keys: Vec<String>,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(default)]
    paths: BTreeMap<String, Option<String>>,
    #[serde(flatten)]
    others: Others,
}

/// Members without any effect on who may call what.
const PERMISSION_MEMBERS: &[&str] = &["ownerInfo", "provisioningInfo", "note", "implicit", "isHidden"];
const SCHEME_MEMBERS: &[&str] =
    &["adminDisplayName", "adminDescription", "userDisplayName", "userDescription", "isPreauthorizationOnly"];

impl Catalogue {
    /// Reads Microsoft's `permissions.json`. A byte order mark is skipped. Names, GUIDs and whether the service publishes
    /// a permission come from the embedded catalogue where it knows the permission; one that it does not know counts as
    /// published. The entries that were added to the embedded table are not in the result.
    ///
    /// # Errors
    /// [`LoadError`] for a document that is too large, not readable, of another format, or too small to be the table.
    pub fn from_permissions_json(bytes: &[u8]) -> Result<(Self, Vec<Note>), LoadError> {
        if bytes.len() > MAX_DOCUMENT_BYTES {
            return Err(LoadError::TooLarge { bytes: bytes.len() });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let outermost: Outermost = serde_json::from_slice(bytes).map_err(not_readable)?;
        match outermost {
            Outermost { permissions: None, api_permissions: Some(_) } => return Err(LoadError::OldFormat),
            Outermost { permissions: None, .. } => return Err(LoadError::Foreign),
            Outermost { permissions: Some(_), .. } => {}
        }
        let document: Document = serde_json::from_slice(bytes).map_err(not_readable)?;
        let mut reader = Reader::default();
        for (name, permission) in &document.permissions {
            reader.learn(name, permission);
        }
        for (name, permission) in &document.permissions {
            reader.read(name, permission);
        }
        let paths = reader.claims.len();
        if document.permissions.is_empty() || paths < MIN_PATHS {
            return Err(LoadError::TooSmall { permissions: document.permissions.len(), paths });
        }
        if reader.permissions.len() > compile::MAX_NUMBER {
            return Err(LoadError::TooMany);
        }
        let table = compile::compile(&reader.claims, &reader.permissions).ok_or(LoadError::TooMany)?;
        let permissions = super::Permissions::Loaded(reader.permissions.into_iter().map(|facts| facts.known).collect());
        Ok((Self::new(Cow::Owned(table), permissions, None), reader.notes.finish()))
    }
}

fn not_readable(error: serde_json::Error) -> LoadError {
    LoadError::NotReadable(error.to_string().chars().take(200).collect())
}

/// Notes without repetitions.
#[derive(Default)]
struct Notes {
    notes: Vec<Note>,
    more: usize,
}

impl Notes {
    fn add(&mut self, note: Note) {
        if self.notes.contains(&note) {
            return;
        }
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    fn finish(mut self) -> Vec<Note> {
        if self.more > 0 {
            self.notes.push(Note::More(self.more));
        }
        self.notes
    }
}

#[derive(Default)]
struct Reader {
    permissions: Vec<Facts>,
    numbers: HashMap<String, usize>,
    claims: Claims,
    notes: Notes,
}

impl Reader {
    /// The number of a permission; two spellings of one name are one permission.
    fn number(&mut self, name: &str) -> usize {
        let key = name.to_ascii_lowercase();
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let known = match catalog::permission(name) {
            Some(permission) => Known::from_catalog(&permission),
            None => Known {
                name: Cow::Owned(name.to_owned()),
                admin_consent: None,
                resource_specific: false,
                delegated_live: true,
                application_live: true,
            },
        };
        let number = self.permissions.len();
        self.permissions.push(Facts { known, levels: [None; 3] });
        self.numbers.insert(key, number);
        number
    }

    /// Takes what the document says about a permission itself.
    fn learn(&mut self, name: &str, permission: &Permission) {
        let number = self.number(name);
        for member in permission.others.keys().filter(|name| !PERMISSION_MEMBERS.contains(&name.as_str())) {
            self.notes.add(Note::UnknownMember { place: "permission", name: shortened(member) });
        }
        for (key, scheme) in &permission.schemes {
            for member in scheme.others.keys().filter(|name| !SCHEME_MEMBERS.contains(&name.as_str())) {
                self.notes.add(Note::UnknownMember { place: "scheme", name: shortened(member) });
            }
            let Some(which) = scheme_of(key) else {
                self.notes.add(Note::UnknownScheme(shortened(key)));
                continue;
            };
            let Some(facts) = self.permissions.get_mut(number) else { continue };
            if let Some(level) = facts.levels.get_mut(which.index()) {
                *level = level.or(scheme.privilege_level);
            }
            if which == Scheme::DelegatedWork && facts.known.admin_consent.is_none() {
                facts.known.admin_consent = scheme.requires_admin_consent;
            }
        }
        if let Some(facts) = self.permissions.get_mut(number)
            && permission.authorization_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("RSC"))
        {
            facts.known.resource_specific = true;
        }
    }

    /// Takes the calls that a permission opens.
    fn read(&mut self, name: &str, permission: &Permission) {
        let number = self.number(name);
        for set in &permission.path_sets {
            for member in set.others.keys() {
                self.notes.add(Note::UnknownMember { place: "path set", name: shortened(member) });
            }
            let mut schemes = Vec::new();
            for key in &set.scheme_keys {
                match scheme_of(key) {
                    Some(scheme) if schemes.contains(&scheme) => {}
                    Some(scheme) => schemes.push(scheme),
                    None => self.notes.add(Note::UnknownScheme(shortened(key))),
                }
            }
            let mut methods = Vec::new();
            for name in &set.methods {
                match Method::from_name(name) {
                    Some(method) if methods.contains(&method) => {}
                    Some(method) => methods.push(method),
                    None => self.notes.add(Note::UnknownMethod(shortened(name))),
                }
            }
            for (path, value) in &set.paths {
                let template = canonical(path);
                let segments = template.split('/').skip(1);
                let fits = segments.clone().all(|segment| segment.len() <= 255 && !segment.contains(char::is_control));
                if template.is_empty() || !fits || segments.count() > tokens::MAX_SEGMENTS {
                    self.notes.add(Note::SkippedPath(shortened(path)));
                    continue;
                }
                let terms = self.terms(value.as_deref().unwrap_or_default());
                if terms.also.len() > MAX_ALSO {
                    self.notes.add(Note::SkippedPath(shortened(path)));
                    continue;
                }
                if schemes.is_empty() || methods.is_empty() {
                    continue;
                }
                let calls = self.claims.entry(template).or_default();
                for scheme in &schemes {
                    for method in &methods {
                        let found = calls.entry((*method, *scheme)).or_default();
                        let flagged = terms.least.contains(scheme);
                        match found.get_mut(&number) {
                            Some(entry) => {
                                entry.flagged |= flagged;
                                merge(&mut entry.also, &terms.also);
                            }
                            None => {
                                found.insert(number, Entry { flagged, also: terms.also.clone() });
                            }
                        }
                    }
                }
            }
        }
    }

    /// Reads `least=DelegatedWork,Application;AlsoRequires=User.Read.All,Group.Read.All`.
    fn terms(&mut self, value: &str) -> Terms {
        let mut terms = Terms { least: Vec::new(), also: Vec::new() };
        for term in value.split(';').map(str::trim).filter(|term| !term.is_empty()) {
            let (key, list) = term.split_once('=').unwrap_or((term, ""));
            let items = || list.split(',').map(str::trim).filter(|item| !item.is_empty());
            if key.trim().eq_ignore_ascii_case("least") {
                terms.least.extend(items().filter_map(scheme_of));
            } else if key.trim().eq_ignore_ascii_case("alsoRequires") {
                for name in items() {
                    terms.also.push(self.number(name));
                }
            } else {
                self.notes.add(Note::UnknownTerm(shortened(key)));
            }
        }
        terms
    }
}

/// The terms of one path.
struct Terms {
    least: Vec<Scheme>,
    also: Vec<usize>,
}

/// What one of two entries gives without a condition is given without it; else either condition will do.
fn merge(known: &mut Vec<usize>, also: &[usize]) {
    if known.is_empty() || also.is_empty() {
        known.clear();
    } else {
        known.extend(also.iter().filter(|permission| !known.contains(permission)).copied().collect::<Vec<_>>());
    }
}

fn scheme_of(key: &str) -> Option<Scheme> {
    match key.trim() {
        key if key.eq_ignore_ascii_case("DelegatedWork") => Some(Scheme::DelegatedWork),
        key if key.eq_ignore_ascii_case("DelegatedPersonal") => Some(Scheme::DelegatedPersonal),
        key if key.eq_ignore_ascii_case("Application") => Some(Scheme::Application),
        _ => None,
    }
}

/// The first 60 characters.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
