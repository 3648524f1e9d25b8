//! Many calls at once: a list of lines, a HAR file, a log of Graph activity.

use super::published::{Needs, read_call};
use super::{Catalogue, Method};
use crate::extract;
use crate::scenario::Service;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Calls that were read from a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallList {
    /// The calls, in order.
    pub calls: Vec<ListedCall>,
    /// True of a recording (HAR, log): many of its requests are one call with other values.
    pub recorded: bool,
    /// Requests of a recording to other services: the sign-in service, telemetry, preflights.
    pub elsewhere: usize,
}

/// One call of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCall {
    /// Method and address.
    pub text: String,
    /// How often it stands there.
    pub requests: usize,
}

/// The names under which recordings give method and address of a request, in lower case: HAR files; the table
/// `MicrosoftGraphActivityLogs` and its export.
/// Source: <https://learn.microsoft.com/azure/azure-monitor/reference/tables/microsoftgraphactivitylogs>.
const MEMBERS: [(&str, &str); 2] = [("method", "url"), ("requestmethod", "requesturi")];

impl CallList {
    /// Reads calls from a list of lines (one call each; blank lines and those that begin with `#` are skipped), a HAR
    /// file, or a Graph activity log as JSON, lines of JSON or CSV. Of recordings only requests to Microsoft Graph are
    /// taken, equal ones once. Any bytes are fine; time and memory are linear in their number.
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let start = text.trim_start();
        if start.starts_with(['{', '[']) && !start.starts_with("{{") {
            return Self::recorded(from_json(start).unwrap_or_else(|| from_extract(bytes)));
        }
        if let Some(requests) = from_csv(start) {
            return Self::recorded(requests);
        }
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let calls = lines.map(|line| ListedCall { text: line.to_owned(), requests: 1 }).collect();
        Self { calls, recorded: false, elsewhere: 0 }
    }

    /// What each call needs. Requests of a recording that are the same call of the table are answered once, with their
    /// number; lines of a list are answered one by one.
    pub fn needs(&self, catalogue: &Catalogue) -> Vec<Needs> {
        let mut all: Vec<Needs> = Vec::new();
        let mut places: HashMap<(Option<&'static str>, String), usize> = HashMap::new();
        for call in &self.calls {
            let mut needs = catalogue.needs_or_error(&call.text);
            if self.recorded {
                needs.requests = Some(call.requests);
                let template = needs.template.clone().unwrap_or_else(|| needs.call.clone());
                match places.entry((needs.method, template)) {
                    Entry::Occupied(entry) => {
                        if let Some(count) = all.get_mut(*entry.get()).and_then(|same| same.requests.as_mut()) {
                            *count = count.saturating_add(call.requests);
                        }
                        continue;
                    }
                    Entry::Vacant(entry) => {
                        entry.insert(all.len());
                    }
                }
            }
            all.push(needs);
        }
        all
    }

    fn recorded(requests: Vec<(String, String)>) -> Self {
        let mut list = Self { recorded: true, ..Self::default() };
        let mut places: HashMap<String, usize> = HashMap::new();
        for (method, address) in requests {
            let method = method.trim().to_ascii_uppercase();
            let known = Method::from_name(&method).is_some() || matches!(method.as_str(), "HEAD" | "MERGE");
            let text = format!("{method} {}", address.trim());
            match read_call(&text) {
                Ok(call) if known && matches!(call.service, Service::Graph | Service::Unknown) => {
                    // Values of the query are not what a permission depends on.
                    let text = text.split_once('?').map_or(text.as_str(), |(before, _)| before).to_owned();
                    match places.entry(text) {
                        Entry::Occupied(entry) => {
                            if let Some(call) = list.calls.get_mut(*entry.get()) {
                                call.requests = call.requests.saturating_add(1);
                            }
                        }
                        Entry::Vacant(entry) => {
                            list.calls.push(ListedCall { text: entry.key().clone(), requests: 1 });
                            entry.insert(list.calls.len().saturating_sub(1));
                        }
                    }
                }
                _ => list.elsewhere = list.elsewhere.saturating_add(1),
            }
        }
        list
    }
}

/// Requests of one JSON document, or of several one behind the other. None where it is no JSON.
fn from_json(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        // The newest on top: members are taken apart in their order.
        let mut open = vec![document.ok()?];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items.into_iter().rev()),
                Value::Object(members) => {
                    let member = |wanted: &str| {
                        let own = members.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                        own.and_then(|(_, value)| value.as_str())
                    };
                    let request = MEMBERS.iter().find_map(|(method, url)| Some((member(method)?, member(url)?)));
                    match request {
                        Some((method, url)) => found.push((method.to_owned(), url.to_owned())),
                        // Log records may hold their properties as text.
                        None => open.extend(members.into_iter().map(|(_, value)| opened(value)).rev()),
                    }
                }
                _ => {}
            }
        }
    }
    Some(found)
}

/// An object that stands there as text, opened.
fn opened(value: Value) -> Value {
    match &value {
        Value::String(text) if text.starts_with('{') => serde_json::from_str(text).unwrap_or(value),
        _ => value,
    }
}

/// What can be found in a document that is cut off or broken.
fn from_extract(bytes: &[u8]) -> Vec<(String, String)> {
    extract::extract(bytes).requests.into_iter().map(|request| (request.method, request.url)).collect()
}

/// Requests of a table with a line of titles. None where the first line has none of the known titles.
fn from_csv(text: &str) -> Option<Vec<(String, String)>> {
    let first = text.lines().next()?;
    let separator = [',', ';', '\t'].into_iter().find(|separator| first.contains(*separator))?;
    let mut rows = Rows { rest: text, separator };
    let titles: Vec<String> = rows.next()?.iter().map(|title| title.trim().to_ascii_lowercase()).collect();
    // The portal adds the time zone to some titles: `TimeGenerated [UTC]`.
    let place = |wanted: &str| titles.iter().position(|title| title.split(' ').next() == Some(wanted));
    let (method, url) = MEMBERS.iter().find_map(|(method, url)| Some((place(method)?, place(url)?)))?;
    Some(rows.filter_map(|row| Some((row.get(method)?.clone(), row.get(url)?.clone()))).collect())
}

/// The rows of a table as RFC 4180 writes them.
struct Rows<'t> {
    rest: &'t str,
    separator: char,
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut row, mut quoted) = (vec![String::new()], false);
        let mut end = self.rest.len();
        for (at, character) in self.rest.char_indices() {
            match character {
                '"' => quoted = !quoted,
                '\n' if !quoted => {
                    end = at.saturating_add(1);
                    break;
                }
                '\r' if !quoted => {}
                other if other == self.separator && !quoted => row.push(String::new()),
                other => {
                    if let Some(field) = row.last_mut() {
                        field.push(other);
                    }
                }
            }
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, usize)> {
        CallList::read(text.as_bytes()).calls.into_iter().map(|call| (call.text, call.requests)).collect()
    }

    #[test]
    fn reads_lists_recordings_and_logs() {
        let graph = "https://graph.microsoft.com/v1.0";
        let har = format!(
            r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"{graph}/me?$select=id"}}}},
               {{"request":{{"method":"GET","url":"{graph}/me"}}}},{{"request":{{"method":"OPTIONS","url":"{graph}/me"}}}},
               {{"request":{{"method":"POST","url":"https://login.microsoftonline.com/x/oauth2/v2.0/token"}}}}]}}}}"#
        );
        let export = format!(r#"{{"properties":"{{\"requestMethod\":\"GET\",\"requestUri\":\"{graph}/users\"}}"}}"#);
        let once = |call: &str| vec![(call.to_owned(), 1)];
        let mine = format!("GET {graph}/me");
        for (document, calls) in [
            ("\u{feff}# ours\n\n GET /me \r\nFETCH /x\n".to_owned(), [once("GET /me"), once("FETCH /x")].concat()),
            ("{{baseUrl}}/me\n".to_owned(), once("{{baseUrl}}/me")),
            (har.clone(), vec![(mine.clone(), 2)]),
            // Cut off: what is whole is still found.
            (har.chars().take(har.find("OPTIONS").unwrap()).collect(), vec![(mine.clone(), 2)]),
            (format!("{export}\n{export}\n"), vec![(format!("GET {graph}/users"), 2)]),
            (format!(r#"[{{"RequestMethod":"get","RequestUri":"{graph}/me"}}]"#), once(&mine)),
            (
                format!(
                    "TimeGenerated [UTC],RequestMethod,\"RequestUri\"\r\n\"a \"\"b\"\"\nc\",GET,\"{graph}/me?a,b\"\r\n"
                ),
                once(&mine),
            ),
            ("[".repeat(100_000), Vec::new()),
            (String::new(), Vec::new()),
        ] {
            assert_eq!(read(&document), calls, "{:.200}", document);
        }
        assert_eq!(CallList::read(har.as_bytes()).elsewhere, 2);
    }

    #[test]
    fn answers_a_call_of_a_recording_once() {
        let log = "RequestMethod;RequestUri\nGET;https://graph.microsoft.com/v1.0/users/a\n\
                   GET;https://graph.microsoft.com/v1.0/users/b\n";
        let needs = CallList::read(log.as_bytes()).needs(super::super::embedded());
        assert_eq!(needs.len(), 1);
        assert_eq!((needs[0].requests, needs[0].template.as_deref()), (Some(2), Some("/users/{id}")));
        let lines = CallList::read(b"GET /users/a\nGET /users/b\n").needs(super::super::embedded());
        assert_eq!(lines.len(), 2);
    }
}
