//! Which permissions a call to Microsoft Graph needs, and whether one of them is granted.
//!
//! ```
//! use tokentriage::permission::{self, Held, Scheme, Verdict};
//! use tokentriage::scenario::Call;
//!
//! let call = Call::parse("GET /me/messages").unwrap();
//! let answer = permission::embedded().answer(&call);
//! assert_eq!(answer.least(Scheme::DelegatedWork), ["Mail.ReadBasic"]);
//! let verdict = answer.verdict(&Held::Delegated(vec!["User.Read"]));
//! assert!(matches!(verdict, Verdict::Missing { least, .. } if least == ["Mail.ReadBasic"]));
//! ```
//!
//! The data is Microsoft's own table (`SOURCES.md`). It is a list of what suffices and no proof of the contrary: a call
//! that it does not have is unknown, never denied.

mod answer;
mod cmdlet;
mod compile;
mod complete;
mod cover;
mod list;
mod load;
mod matcher;
mod published;
mod rewrite;
mod table;
mod template;
mod tokens;
mod verdict;

pub use answer::{Answer, Caveat, Claim, Inference, Match, Remark, Unmatched};
pub use cmdlet::BadCmdlet;
pub use cover::{Cover, Excess};
pub use list::{CallList, ListedCall};
pub use load::{LoadError, MAX_DOCUMENT_BYTES, MIN_PATHS, Note};
pub use matcher::MethodSet;
pub use published::{Accepted, BadCall, Covering, CoveringSet, MAX_PATH_BYTES, Needs, OpenedCall, Opens, read_call};
pub use verdict::{Held, NotSupported, Unknown, Verdict};

use crate::catalog;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use table::Table;

/// The date of the embedded table of calls. Which permissions the service publishes was collected on 2026-08-19.
pub const EMBEDDED_DATE: &str = "2026-08-07";

/// The table that is built in.
pub(crate) const EMBEDDED_TABLE: &[u8] = include_bytes!("../catalog/data/paths.bin");

/// On whose behalf a call is made, as the table tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// A signed-in user with a work or school account.
    DelegatedWork,
    /// A signed-in user with a personal Microsoft account.
    DelegatedPersonal,
    /// The application itself.
    Application,
}

impl Scheme {
    /// All of them, in the order of Microsoft's documentation.
    pub const ALL: [Self; 3] = [Self::DelegatedWork, Self::DelegatedPersonal, Self::Application];

    /// The word for it in reports: `delegated_work`, `delegated_personal`, `application`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DelegatedWork => "delegated_work",
            Self::DelegatedPersonal => "delegated_personal",
            Self::Application => "application",
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::DelegatedWork => 0,
            Self::DelegatedPersonal => 1,
            Self::Application => 2,
        }
    }
}

/// The methods that the table knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PATCH`
    Patch,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// All of them, in the order of their numbers in the table.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Patch, Self::Put, Self::Delete];

    /// The word in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// The method of that name, in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name().eq_ignore_ascii_case(name))
    }

    fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The table of calls together with what is known about each permission.
///
/// [`embedded`] gives the one that is built in. Its table is searched where it lies, and of its permissions only those
/// are read that an answer names.
#[derive(Debug)]
pub struct Catalogue {
    table: Cow<'static, [u8]>,
    wildcards: matcher::Wildcards,
    permissions: Permissions,
    date: Option<&'static str>,
}

/// The permissions of a table, by their numbers.
#[derive(Debug)]
enum Permissions {
    /// Rows of the embedded table.
    Embedded,
    /// What was loaded.
    Loaded(Vec<Known>),
}

impl Permissions {
    fn name(&self, number: usize) -> Option<&str> {
        match self {
            Self::Embedded => Some(catalog::name_in(number)),
            Self::Loaded(known) => known.get(number).map(|known| known.name.as_ref()),
        }
    }

    fn known(&self, number: usize) -> Option<Known> {
        match self {
            Self::Embedded => catalog::read_permission(number).map(|known| Known::from_catalog(&known)),
            Self::Loaded(known) => known.get(number).cloned(),
        }
    }

    /// The number of the permission of that name, in any letter case.
    fn number(&self, name: &str) -> Option<usize> {
        match self {
            Self::Embedded => catalog::row_of(name),
            Self::Loaded(known) => known.iter().position(|known| known.name.eq_ignore_ascii_case(name)),
        }
    }
}

/// What is known of a permission.
#[derive(Debug, Clone)]
struct Known {
    name: Cow<'static, str>,
    /// Whether the delegated permission needs an administrator.
    admin_consent: Option<bool>,
    resource_specific: bool,
    delegated_live: bool,
    application_live: bool,
}

impl Known {
    const fn live(&self, scheme: Scheme) -> bool {
        match scheme {
            Scheme::DelegatedWork | Scheme::DelegatedPersonal => self.delegated_live,
            Scheme::Application => self.application_live,
        }
    }
}

/// The catalogue that is built in.
pub fn embedded() -> &'static Catalogue {
    static EMBEDDED: OnceLock<Catalogue> = OnceLock::new();
    EMBEDDED.get_or_init(|| Catalogue::new(Cow::Borrowed(EMBEDDED_TABLE), Permissions::Embedded, Some(EMBEDDED_DATE)))
}

impl Known {
    fn from_catalog(permission: &catalog::Permission) -> Self {
        Self {
            name: Cow::Borrowed(permission.name),
            admin_consent: permission.admin_consent,
            resource_specific: permission.resource_specific,
            delegated_live: permission.delegated_live,
            application_live: permission.application_live,
        }
    }
}

impl Catalogue {
    fn new(table: Cow<'static, [u8]>, permissions: Permissions, date: Option<&'static str>) -> Self {
        let wildcards = matcher::Wildcards::of(&Table::new(&table));
        Self { table, wildcards, permissions, date }
    }

    /// The date of the data; `None` for data that was loaded, which carries none.
    pub const fn date(&self) -> Option<&'static str> {
        self.date
    }

    /// How many calls (path and method) the table has, and how many pairs of call and permission.
    pub fn counts(&self) -> (usize, usize) {
        let table = self.table();
        let of_list: Vec<usize> = (0..table.list_count()).map(|list| table.claims_of_list(list).count()).collect();
        let claims = |call: usize| {
            let lists = Scheme::ALL.iter().map(|scheme| table.list(call, scheme.index()));
            lists.filter_map(|list| of_list.get(list)).sum::<usize>()
        };
        (table.call_count(), (0..table.call_count()).map(claims).sum())
    }

    /// Every call of the table: method and template.
    pub fn calls(&self) -> impl Iterator<Item = (Method, String)> {
        let table = self.table();
        (0..table.node_count()).flat_map(move |node| {
            let methods = table.calls(node).filter_map(|(method, _)| Method::from_number(method));
            methods.map(move |method| (method, table.template(node)))
        })
    }

    /// Every call that a permission opens, in the order of the templates. The name is matched in any letter case; an
    /// unknown one opens nothing. Application permissions on `/me` are left out, as everywhere. Reads the whole table.
    pub fn reverse(&self, permission: &str) -> impl Iterator<Item = Opened> + use<> {
        let table = self.table();
        let number = self.permissions.number(permission);
        let opening = number.map_or_else(Vec::new, |number| table.lists_with(number));
        let mut opened = Vec::new();
        for node in number.map_or(0..0, |_| 0..table.node_count()) {
            let mut template = None;
            for (method, call) in table.calls(node) {
                for scheme in Scheme::ALL {
                    if opening.get(table.list(call, scheme.index())) != Some(&true) {
                        continue;
                    }
                    let template = template.get_or_insert_with(|| table.template(node));
                    if let Some(method) = Method::from_number(method)
                        && !(scheme == Scheme::Application && is_me(template))
                    {
                        opened.push(Opened { method, template: template.clone(), scheme });
                    }
                }
            }
        }
        opened
            .sort_by(|one, two| (&one.template, one.method, one.scheme).cmp(&(&two.template, two.method, two.scheme)));
        opened.into_iter()
    }

    fn table(&self) -> Table<'_> {
        Table::new(&self.table)
    }

    fn name(&self, permission: usize) -> &str {
        self.permissions.name(permission).unwrap_or_default()
    }
}

/// A call that a permission opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Opened {
    /// The method.
    pub method: Method,
    /// The path, in lower case, with `{id}` for each value.
    pub template: String,
    /// On whose behalf.
    pub scheme: Scheme,
}

/// True of a path of the signed-in user.
fn is_me(path: &str) -> bool {
    path.split('/').find(|segment| !segment.is_empty()).is_some_and(|first| first.eq_ignore_ascii_case("me"))
}
