//! The intended call: method and path, however the person wrote it down.

use super::{command_line, sdk};
use crate::catalog::{self, Cloud, HostKind};
use std::fmt;

/// The longest text that is read as a call, in bytes. Longer ones are refused with [`CallError::TooLong`]: no service
/// accepts an address of this length, and a command line of this length is mostly its body.
pub const MAX_CALL_BYTES: usize = 64 * 1024;

/// The request methods that a call may begin with.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "MERGE", "TRACE", "CONNECT"];

/// One intended call, taken apart.
///
/// All parts are the person's own words: they may hold names of people and control characters, so escape them where
/// they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    /// The request method in capitals; absent where the person named none (mostly `GET` is meant).
    pub method: Option<String>,
    /// The host in lower case, without port; absent where only a path was given.
    pub host: Option<String>,
    /// The national cloud that the host belongs to. The Azure Resource Manager of the US government serves two clouds
    /// with one host and counts as [`Cloud::UsGov`].
    pub cloud: Option<Cloud>,
    /// The version of Microsoft Graph, where the path named one.
    pub version: Option<ApiVersion>,
    /// The path: without host, version and query, with one leading slash, without doubled or trailing slashes,
    /// percent-decoded once (all but an encoded slash, which would add a segment).
    pub path: String,
    /// Everything after the first question mark, as it was written.
    pub query: Option<String>,
    /// The service that is called.
    pub service: Service,
    /// Method and path follow from the name of a cmdlet of Microsoft Graph PowerShell: the person wrote no path.
    pub from_cmdlet: bool,
}

/// The versions of Microsoft Graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiVersion {
    /// `v1.0`
    V1,
    /// `beta`
    Beta,
}

impl ApiVersion {
    /// The path segment that selects this version.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }

    /// The version that a path segment selects, in any letter case.
    fn from_segment(segment: &str) -> Option<Self> {
        [Self::V1, Self::Beta].into_iter().find(|version| segment.eq_ignore_ascii_case(version.name()))
    }
}

/// The services that a call can be recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Microsoft Graph, by its host.
    Graph,
    /// SharePoint REST, by its host or by the path segment `_api` or `_vti_bin`.
    Sharepoint,
    /// Azure Resource Manager, by its host or by a path that only it has.
    AzureManagement,
    /// Azure AD Graph, retired, by its host.
    AzureAdGraph,
    /// A host that is none of these.
    Other,
    /// No host was given and the path decides nothing. People who leave the host out mostly mean Microsoft Graph.
    Unknown,
}

/// Why a text cannot be read as a call. The sentence (`Display`) tells what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// There is nothing but white space or quotes.
    Empty,
    /// The text is longer than [`MAX_CALL_BYTES`].
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// A command line or request line without an address.
    NoAddress,
    /// The first of several words is no request method.
    UnknownMethod {
        /// The word, cut after 40 characters.
        word: String,
    },
    /// An address that is neither `http` nor `https`.
    UnknownScheme {
        /// The scheme, cut after 40 characters.
        scheme: String,
    },
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the call is empty: expected something like GET /me/messages"),
            Self::TooLong { bytes } => {
                write!(formatter, "the call is {bytes} bytes long: at most {MAX_CALL_BYTES} are read")
            }
            Self::NoAddress => {
                formatter.write_str("the call names no address: expected something like GET /me/messages")
            }
            Self::UnknownMethod { word } => {
                let methods = METHODS.join(", ");
                write!(formatter, "\"{word}\" is no request method: expected one of {methods}")
            }
            Self::UnknownScheme { scheme } => {
                write!(formatter, "the call begins with \"{scheme}\": expected https:// or a path")
            }
        }
    }
}

impl std::error::Error for CallError {}

impl Call {
    /// Reads a call in any of the ways people write one: `GET /me/messages`, `me/messages`, a full address of any
    /// cloud, the first lines of an HTTP request, a command line of `curl`, `wget`, `az rest`, `m365 request` or
    /// `Invoke-RestMethod` and its like, a line of code that uses an SDK. The cmdlets of Microsoft Graph PowerShell need
    /// the table of calls: [`Catalogue::parse`](crate::permission::Catalogue::parse).
    ///
    /// A placeholder that stands for the base address (`{{baseUrl}}/me`) is dropped; any other is a path segment like
    /// any text. A guest's `#EXT#` in a user name is no fragment.
    ///
    /// # Errors
    /// [`CallError`] where there is no address, the method is unknown or the text is too long.
    pub fn parse(text: &str) -> Result<Self, CallError> {
        if text.len() > MAX_CALL_BYTES {
            return Err(CallError::TooLong { bytes: text.len() });
        }
        let text = unquote(text);
        if text.is_empty() {
            return Err(CallError::Empty);
        }
        if let Some(command) = command_line::read(text).or_else(|| sdk::read(text)) {
            let address = command.address.ok_or(CallError::NoAddress)?;
            let method = match command.method {
                Some(word) => Some(known_method(&word).ok_or_else(|| unknown_method(&word))?),
                None => None,
            };
            return Self::from_target(method, unquote(&address), None);
        }
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default().trim();
        let (method, target) = split_method(first)?;
        let target = unquote(without_protocol(target));
        let decoded = whole_address_decoded(target);
        let target = decoded.as_deref().unwrap_or(target);
        if target.is_empty() {
            return Err(CallError::NoAddress);
        }
        let host_header = lines.take_while(|line| !line.trim().is_empty()).find_map(host_header);
        Self::from_target(method, target, host_header)
    }

    /// True where the call is about the signed-in user: the first path segment is `me`. Only of services that know it.
    pub fn is_me(&self) -> bool {
        matches!(self.service, Service::Graph | Service::Unknown | Service::AzureAdGraph)
            && self.segments().next().is_some_and(|segment| segment.eq_ignore_ascii_case("me"))
    }

    /// The path's segments.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').skip(1).filter(|segment| !segment.is_empty())
    }

    /// Method and path in the canonical form, e.g. `GET /me/messages`; without method the path alone.
    pub fn display(&self) -> String {
        match &self.method {
            Some(method) => format!("{method} {}", self.path),
            None => self.path.clone(),
        }
    }

    /// Takes the address apart.
    fn from_target(method: Option<String>, target: &str, host_header: Option<&str>) -> Result<Self, CallError> {
        let (host, rest) = split_host(target)?;
        let host = host.or_else(|| host_header.map(clean_host)).filter(|host| !host.is_empty());
        let rest = without_fragment(rest);
        let (raw_path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, (!query.is_empty()).then(|| query.to_owned())),
            None => (rest, None),
        };
        let mut segments: Vec<&str> =
            raw_path.split('/').map(str::trim).filter(|segment| !segment.is_empty()).collect();
        if host.is_none() && segments.first().is_some_and(|segment| is_base_placeholder(segment)) {
            segments.remove(0);
        }
        let (mut service, cloud) = match &host {
            Some(host) => known_host(host),
            None => (Service::Unknown, None),
        };
        if service == Service::Unknown {
            service = service_of_path(&segments);
        }
        let mut version = None;
        if matches!(service, Service::Graph | Service::Unknown) {
            version = segments.first().and_then(|segment| ApiVersion::from_segment(segment));
            if version.is_some() {
                segments.remove(0);
            }
        }
        let mut path = String::with_capacity(raw_path.len().saturating_add(1));
        for segment in segments {
            path.push('/');
            path.push_str(&percent_decoded(segment));
        }
        if path.is_empty() {
            path.push('/');
        }
        Ok(Self { method, host, cloud, version, path, query, service, from_cmdlet: false })
    }
}

/// Service and cloud of a host in lower case; a subdomain belongs to the same.
fn known_host(host: &str) -> (Service, Option<Cloud>) {
    let is_placeholder = host.starts_with(['{', '<', '$', '%', ':']);
    let found = catalog::host_or_parent(host).and_then(|found| {
        let service = match found.kind {
            HostKind::Graph => Service::Graph,
            HostKind::AadGraph => Service::AzureAdGraph,
            HostKind::AzureManagement => Service::AzureManagement,
            HostKind::Sharepoint => Service::Sharepoint,
            HostKind::Login | HostKind::LoginPersonal | HostKind::Issuer => return None,
        };
        Some((service, found.cloud))
    });
    found.unwrap_or((if is_placeholder { Service::Unknown } else { Service::Other }, None))
}

/// The service that has such a path, where no host says it.
fn service_of_path(segments: &[&str]) -> Service {
    let is = |index: usize, names: &[&str]| {
        segments.get(index).is_some_and(|segment| names.iter().any(|name| segment.eq_ignore_ascii_case(name)))
    };
    if segments.iter().any(|segment| segment.eq_ignore_ascii_case("_api") || segment.eq_ignore_ascii_case("_vti_bin")) {
        Service::Sharepoint
    } else if is(0, &["subscriptions"]) && is(2, &["resourceGroups", "providers", "resources"]) {
        // Graph has /subscriptions/{id} too, but nothing below it.
        Service::AzureManagement
    } else {
        Service::Unknown
    }
}

/// Splits a leading method off: `get /me`, `POST: https://…`, `GET:/me`. One word alone is an address.
fn split_method(line: &str) -> Result<(Option<String>, &str), CallError> {
    let separator = |character: char| character.is_whitespace() || character == ':';
    let (word, rest) = line.split_once(separator).unwrap_or((line, ""));
    if let Some(method) = known_method(word) {
        return Ok((Some(method), rest.trim_start_matches(separator)));
    }
    match line.split_once(char::is_whitespace) {
        // Paths and queries may hold blanks: `/me/drive/root:/My file.docx`, `users?$filter=displayName eq 'A B'`.
        Some((word, after)) if !word.contains(['/', '?', '{']) && !after.trim_start().starts_with("HTTP/") => {
            Err(unknown_method(word))
        }
        _ => Ok((None, line)),
    }
}

/// True of a request method, in any letter case.
pub(super) fn is_method(word: &str) -> bool {
    METHODS.iter().any(|method| method.eq_ignore_ascii_case(word))
}

/// The method in capitals, where the word is one.
fn known_method(word: &str) -> Option<String> {
    METHODS.iter().find(|method| method.eq_ignore_ascii_case(word)).map(|method| (*method).to_owned())
}

fn unknown_method(word: &str) -> CallError {
    CallError::UnknownMethod { word: shortened(word.trim_end_matches(':')) }
}

/// Drops the protocol that ends a request line: `/me HTTP/1.1`.
fn without_protocol(target: &str) -> &str {
    match target.trim_end().rsplit_once(char::is_whitespace) {
        Some((before, last)) if last.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("HTTP/")) => before,
        _ => target,
    }
}

/// The value of a `Host` header line.
fn host_header(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    name.trim().eq_ignore_ascii_case("host").then(|| value.trim())
}

/// Splits the host off an address; a bare path has none.
fn split_host(target: &str) -> Result<(Option<String>, &str), CallError> {
    if let Some((scheme, rest)) = target.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) {
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return Err(CallError::UnknownScheme { scheme: shortened(scheme) });
        }
        let (authority, rest) = split_authority(rest);
        return Ok((Some(clean_host(authority)), rest));
    }
    let without_slashes = target.trim_start_matches('/');
    let (authority, rest) = split_authority(without_slashes);
    let host = clean_host(authority);
    let is_known = !matches!(known_host(&host).0, Service::Other | Service::Unknown);
    let is_host = is_known || !target.starts_with('/') && is_host_name(&host, authority);
    Ok(if is_host { (Some(host), rest) } else { (None, target) })
}

/// Splits before the first character that ends an authority (RFC 3986 section 3.2).
fn split_authority(text: &str) -> (&str, &str) {
    text.find(['/', '?', '#', '\\']).and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}

/// The host of an authority, in lower case, without user information, port and final dot.
fn clean_host(authority: &str) -> String {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    host.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// True of a name that can only be a host: `api.contoso.example`, `localhost:5000`; not of `v1.0` or `me`.
fn is_host_name(host: &str, authority: &str) -> bool {
    let plain = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if authority.contains('@') || !host.split('.').all(plain) {
        return false;
    }
    match host.rsplit_once('.') {
        Some((_, last)) => last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()),
        None => host == "localhost",
    }
}

/// True of the scheme of an address (RFC 3986 section 3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// True of a placeholder that stands for the base address, such as `{{baseUrl}}`, `${HOST}` or `<graph-endpoint>`.
fn is_base_placeholder(segment: &str) -> bool {
    let wrapped = [("{", '}'), ("${", '}'), ("<", '>')]
        .iter()
        .any(|&(open, close)| segment.starts_with(open) && segment.ends_with(close));
    let name = segment.to_ascii_lowercase();
    wrapped
        && ["url", "uri", "host", "base", "endpoint", "server", "root", "graph"].iter().any(|word| name.contains(word))
}

/// Drops the fragment, but not the `#EXT#` in the middle of a guest's user name.
fn without_fragment(text: &str) -> &str {
    let mut from = 0_usize;
    while let Some(offset) = text.get(from..).and_then(|rest| rest.find('#')) {
        let at = from.saturating_add(offset);
        let after = at.saturating_add(1);
        let is_guest = text.get(after..after.saturating_add(4)).is_some_and(|next| next.eq_ignore_ascii_case("EXT#"));
        if !is_guest {
            return text.get(..at).unwrap_or(text);
        }
        from = after.saturating_add(4);
    }
    text
}

/// An address that is percent-encoded as a whole, as it stands inside another one, decoded once.
fn whole_address_decoded(target: &str) -> Option<String> {
    let scheme = target.get(..8)?.to_ascii_lowercase();
    let encoded = scheme.starts_with("https%3a") || scheme.starts_with("http%3a");
    encoded.then(|| percent_decoded(&target.replace("%2F", "/").replace("%2f", "/")))
}

/// Decodes percent-encoding once. What is no encoding, an encoded slash and what would be no UTF-8 stay as they are.
fn percent_decoded(segment: &str) -> String {
    if !segment.contains('%') {
        return segment.to_owned();
    }
    let mut decoded = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let value = match (byte, after) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match value {
            Some(value) if value != b'/' => {
                decoded.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => decoded.push(byte),
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| segment.to_owned())
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Strips white space, byte order marks and one or two pairs of quotes, backticks or angle brackets.
fn unquote(text: &str) -> &str {
    let is_blank = |character: char| character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}');
    let mut text = text.trim_matches(is_blank);
    for _ in 0..2 {
        let inner = [('"', '"'), ('\'', '\''), ('`', '`'), ('<', '>'), ('\u{201c}', '\u{201d}')]
            .iter()
            .find_map(|&(open, close)| text.strip_prefix(open)?.strip_suffix(close))
            // `<host>/me/<id>` only looks wrapped.
            .filter(|inner| !inner.contains(['<', '>']));
        match inner {
            Some(inner) => text = inner.trim_matches(is_blank),
            None => break,
        }
    }
    text
}

/// The first 40 characters.
fn shortened(word: &str) -> String {
    word.chars().take(40).collect()
}
