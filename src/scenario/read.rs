//! Reading scenarios, with sentences that say what would have been right.

use super::{Cloud, Scenario};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use std::fmt;

/// Why a scenario cannot be read: the sentence names the key, the value and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError {
    /// The sentence, e.g. `unknown flow "foo": one of authorization-code, implicit, …`.
    pub message: String,
    /// Line of the text, counted from 1.
    pub line: usize,
    /// Column in bytes, counted from 1; 0 at the start of a line.
    pub column: usize,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// Reads a scenario from a JSON object with any of the keys `flow`, `client`, `calling`, `cloud`, `resource`,
    /// `tenant`, `client_id`, `library`. A key that is absent, `null` or blank means that the person said nothing.
    ///
    /// # Errors
    /// [`ScenarioError`] at broken JSON, at unknown keys and at unknown values.
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let sentence = error.to_string();
            let message = match sentence.strip_suffix(&format!(" at line {line} column {column}")) {
                Some(message) => message.to_owned(),
                None => sentence,
            };
            ScenarioError { message, line, column }
        })
    }
}

/// Reads one of several names.
pub(super) fn choice<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    key: &'static str,
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Choice { key, all, name })
}

/// Reads the national cloud.
pub(super) fn cloud<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cloud>, D::Error> {
    deserializer.deserialize_option(Optional(Choice { key: "cloud", all: Cloud::ALL, name: Cloud::name }))
}

/// Reads free text; blank text means that nothing was said.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

/// Reads `calling`: one call or a list of calls; blank ones are left out.
pub(super) fn calls<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut calls = deserializer.deserialize_any(Calls)?;
    calls.retain(|call| !call.trim().is_empty());
    Ok(calls)
}

/// One of several names.
struct Choice<T: 'static> {
    key: &'static str,
    all: &'static [T],
    name: fn(T) -> &'static str,
}

impl<T: Copy> Choice<T> {
    fn names(&self) -> String {
        self.all.iter().map(|&choice| (self.name)(choice)).collect::<Vec<_>>().join(", ")
    }
}

impl<T: Copy> Visitor<'_> for Choice<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a {}: one of {}", self.key, self.names())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.all.iter().copied().find(|&choice| (self.name)(choice) == text).ok_or_else(|| {
            let shown: String = text.chars().take(60).collect();
            E::custom(format_args!("unknown {} \"{shown}\": one of {}", self.key, self.names()))
        })
    }
}

/// A choice that may be absent.
struct Optional<V>(V);

impl<'de, T: Copy> Visitor<'de> for Optional<Choice<T>> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_str(self.0).map(Some)
    }
}

/// One call or several.
struct Calls;

impl<'de> Visitor<'de> for Calls {
    type Value = Vec<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("calling: one call or a list of calls, e.g. \"GET /me/messages\"")
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, call: &str) -> Result<Vec<String>, E> {
        Ok(vec![call.to_owned()])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<String>, A::Error> {
        let mut calls = Vec::new();
        while let Some(call) = sequence.next_element::<String>()? {
            calls.push(call);
        }
        Ok(calls)
    }
}
