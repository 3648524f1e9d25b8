//! What is known around an error: the flow, the client, the request and the tokens beside it.

use super::{Case, Shown};
use crate::catalog::{AudienceClass, audience};
use crate::extract::ArtefactKind;
use crate::facts::{Content, Judged};
use crate::scenario::{Call, Client, Flow};
use crate::token::Acting;
use std::collections::BTreeSet;

/// Scopes that belong to no API.
const SIGN_IN_SCOPES: [&str; 5] = ["openid", "profile", "email", "offline_access", "address"];

/// Words around the scopes in the messages that quote them, in lower case.
const SCOPE_FRAMES: [(&str, &str); 6] = [
    ("one or more scopes in '", "' are not"),
    ("asked for scope '", "' that"),
    ("value for scope ", " is not valid"),
    ("the scope ", " is not valid"),
    ("the scope ", " does not exist"),
    ("the scope ", " is invalid"),
];

impl<'f> Case<'f> {
    /// The flow: stated, or the one that the grant type of a request in the paste belongs to, or a call in its words.
    pub(super) fn used_flow(&self) -> Option<Flow> {
        self.facts.scenario.flow.or_else(|| match self.field("grant_type") {
            Some("authorization_code") => Some(Flow::AuthorizationCode),
            Some("refresh_token") => Some(Flow::RefreshToken),
            Some("client_credentials") => Some(Flow::ClientCredentials),
            Some("password") => Some(Flow::Ropc),
            Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => Some(Flow::OnBehalfOf),
            Some("urn:ietf:params:oauth:grant-type:device_code" | "device_code") => Some(Flow::DeviceCode),
            Some(_) => None,
            None => self.facts.stated().password_flow.then_some(Flow::Ropc),
        })
    }

    /// True where the flow is known and one of these.
    pub(super) fn flows(&self, flows: &[Flow]) -> bool {
        self.used_flow().is_some_and(|flow| flows.contains(&flow))
    }

    /// The flow that is known, or else the one that the kind of client suggests.
    pub(super) fn flow(&self) -> Option<Flow> {
        self.used_flow().or_else(|| self.facts.scenario.likely_flow())
    }

    /// True where the flow is likely one of these.
    pub(super) fn flow_is(&self, flows: &[Flow]) -> bool {
        self.flow().is_some_and(|flow| flows.contains(&flow))
    }

    /// True where no user takes part: the token beside the error says so, or else the flow.
    pub(super) fn is_app_only(&self) -> bool {
        match self.facts.acting() {
            Some((acting, _)) => matches!(acting, Acting::AppOnly),
            None => self.flow().is_some_and(Flow::is_app_only),
        }
    }

    /// True where a user takes part: the token beside the error says so, or else the flow.
    pub(super) fn is_delegated(&self) -> bool {
        match self.facts.acting() {
            Some((acting, _)) => !matches!(acting, Acting::AppOnly),
            None => self.flow().is_some_and(|flow| !flow.is_app_only()),
        }
    }

    /// The tenant that was said, trimmed; empty where none was.
    pub(super) fn stated_tenant(&self) -> &'f str {
        self.facts.scenario.tenant.as_deref().map(str::trim).unwrap_or_default()
    }

    /// True where the tenant that was said is one of these.
    pub(super) fn tenant_is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.stated_tenant().eq_ignore_ascii_case(name))
    }

    /// The call that is meant, where one is known.
    pub(super) fn call(&self) -> Option<&'f Call> {
        self.facts.call().map(|call| &call.value)
    }

    /// True where the path of the call that is meant has one of these words as a part, letter case aside.
    pub(super) fn calls_into(&self, parts: &[&str]) -> bool {
        self.call().is_some_and(|call| {
            call.segments().any(|segment| parts.iter().any(|part| segment.eq_ignore_ascii_case(part)))
        })
    }

    /// True where the kind of client was stated and is one of these.
    pub(super) fn clients(&self, clients: &[Client]) -> bool {
        self.facts.scenario.client.is_some_and(|client| clients.contains(&client))
    }

    /// True where the library was stated and its name holds one of these (lower case).
    pub(super) fn library(&self, names: &[&str]) -> bool {
        let library = self.facts.scenario.library.as_deref().unwrap_or_default().to_ascii_lowercase();
        names.iter().any(|name| library.contains(name))
    }

    /// True where the message holds at least one of these (lower case).
    pub(super) fn says_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.message.contains(word))
    }

    /// True of code that runs in the browser.
    pub(super) fn in_browser(&self) -> bool {
        self.clients(&[Client::Spa])
            || self.library(&["msal-browser", "msal-react", "msal-angular", "msal.js", "adal.js", "adal-angular"])
            || self.says_one_of(&["browserautherror", "@azure/msal-browser", "iframe"])
    }

    /// True of apps with a server of their own, which has no user in front of it.
    pub(super) fn on_server(&self) -> bool {
        self.clients(&[Client::WebApp, Client::WebApi, Client::Daemon])
    }

    /// True where a person sits at a program of their own machine and can sign in there again.
    pub(super) fn at_own_machine(&self) -> bool {
        self.clients(&[Client::Desktop, Client::Mobile])
            || !self.clients(&[Client::Daemon]) && self.says_one_of(&["az login", "connect-azaccount", "azd auth"])
    }

    /// A field of the last token request that the paste shows.
    pub(super) fn field(&self, name: &str) -> Option<&'f str> {
        self.facts.token_requests.iter().rev().find_map(|request| request.field(name))
    }

    /// True where the paste shows a token request with that grant type.
    pub(super) fn grants(&self, grant_type: &str) -> bool {
        self.field("grant_type") == Some(grant_type)
    }

    /// The scopes that were asked for, in lower case where the message quotes them. The field of a request that the paste
    /// shows comes before a label of that name: it is decoded, and the label can be that very field as it was sent.
    pub(super) fn asked_scopes(&self) -> Option<&str> {
        let quoted = quoted_scopes(&self.message).map(|text| in_quotes(text).unwrap_or(text));
        quoted.or_else(|| self.field("scope")).or_else(|| self.value("scope"))
    }

    /// True where `.default` was asked for together with named permissions.
    pub(super) fn mixes_default(&self) -> bool {
        let (default, named): (Vec<&str>, Vec<&str>) = self.api_scopes().partition(|scope| is_default(scope));
        !default.is_empty() && !named.is_empty()
    }

    /// True where scopes of more than one API were asked for.
    pub(super) fn several_resources(&self) -> bool {
        self.api_scopes().map(resource_of).collect::<BTreeSet<_>>().len() > 1
    }

    /// True where the scopes were not written as words with single spaces between them.
    pub(super) fn misshapen_scopes(&self) -> bool {
        let asked = self.asked_scopes().unwrap_or_default();
        asked.contains([',', ';', '"', '\'', '[', ']', '{', '}', '%', '+', '|'])
            || asked.contains("\\n")
            || self.scopes_on_lines()
            || self.scope_has_blank()
    }

    /// True where a scope that the API does not have is quoted with a blank or a line break at its end.
    fn scope_has_blank(&self) -> bool {
        let quoted = self.message.split_once("asked for scope '").and_then(|(_, rest)| rest.split_once("' that"));
        quoted.is_some_and(|(scope, _)| scope != scope.trim())
    }

    /// True where each scope stands on a line of its own: a console that wraps leaves blanks between others.
    fn scopes_on_lines(&self) -> bool {
        let message = self.error.message.as_deref().unwrap_or_default().to_ascii_lowercase();
        quoted_scopes(&message).is_some_and(|asked| asked.trim().contains('\n') && !asked.trim().contains(' '))
    }

    /// True where the message quotes no scope between its words.
    pub(super) fn empty_scopes(&self) -> bool {
        self.asked_scopes().is_some_and(|asked| asked.trim().is_empty())
    }

    fn api_scopes(&self) -> impl Iterator<Item = &str> {
        let words = self.asked_scopes().unwrap_or_default().split([' ', ',', ';', '\n', '\r']);
        words
            .map(|word| word.trim_matches(['"', '\'']))
            .filter(|word| !word.is_empty() && !SIGN_IN_SCOPES.contains(word))
    }

    /// The token beside the error.
    pub(super) fn token(&self) -> Option<Judged<'f>> {
        self.facts.judged()
    }

    /// True where the token beside the error is for an API of Microsoft.
    pub(super) fn token_for_microsoft(&self) -> bool {
        let class = self.token().and_then(|judged| audience(judged.token.claims.aud.as_deref()?)).map(|it| it.class);
        class.is_some_and(AudienceClass::is_microsoft_api)
    }

    /// True where the token beside the error is an app's own.
    pub(super) fn token_is_app_only(&self) -> bool {
        self.token().is_some_and(|judged| matches!(judged.token.claims.acting(), Some((Acting::AppOnly, _))))
    }

    /// True where the token beside the error is over.
    pub(super) fn token_is_over(&self) -> bool {
        let end = self.token().and_then(|judged| judged.token.claims.exp.seconds());
        end.is_some_and(|end| end.saturating_add(self.facts.leeway) < self.facts.now)
    }

    /// A claim of the token beside the error, with what it shows.
    pub(super) fn claim(&self, name: &str, pointer: &'static str, means: &str) -> Option<Shown> {
        let judged = self.token()?;
        let value = judged.token.payload.as_ref().and_then(|payload| Some(payload.root()?.get(name)?.to_text()));
        let value = value.unwrap_or_else(|| "absent".to_owned());
        Some(Shown {
            text: format!("{name} of the token is {value}: {means}"),
            artefact: Some(judged.index),
            pointer: pointer.into(),
            value,
        })
    }

    /// The first artefact of that kind, by its index.
    pub(super) fn artefact(&self, kind: ArtefactKind) -> Option<usize> {
        self.facts.of_kind(kind).next().map(|(index, _)| index)
    }

    /// True where the paste holds a claims challenge that names this (`nbf`, `acrs`).
    pub(super) fn challenge_names(&self, name: &str) -> bool {
        self.facts.artefacts.iter().any(|artefact| match &artefact.content {
            Content::Challenge(document) => {
                document.root().and_then(|root| root.get("access_token")?.get(name)).is_some()
            }
            _ => false,
        })
    }

    /// True where an intended call has these words in its path (lower case).
    pub(super) fn calls(&self, words: &str) -> bool {
        self.facts.calls.iter().any(|call| call.text.to_ascii_lowercase().contains(words))
    }
}

/// The scopes that a message quotes, in lower case.
fn quoted_scopes(message: &str) -> Option<&str> {
    SCOPE_FRAMES.iter().find_map(|(before, after)| {
        let (_, rest) = message.split_once(before)?;
        Some(rest.split_once(after)?.0)
    })
}

impl Case<'_> {
    /// True where every scope that was asked for ends in `/.default` already.
    pub(super) fn asks_default_alone(&self) -> bool {
        let mut scopes = self.api_scopes().peekable();
        scopes.peek().is_some() && scopes.all(is_default)
    }
}

/// A list in quotes is a list; quotes around each scope are what is wrong with it.
fn in_quotes(scopes: &str) -> Option<&str> {
    scopes.strip_prefix('\'')?.strip_suffix('\'').filter(|inner| !inner.contains('\''))
}

fn is_default(scope: &str) -> bool {
    scope == ".default" || scope.ends_with("/.default")
}

/// The API of a scope: what stands before its last slash, and Microsoft Graph where nothing does.
fn resource_of(scope: &str) -> &str {
    let resource = scope.rsplit_once('/').map_or("", |(resource, _)| resource).trim_end_matches('/');
    if resource == "https://graph.microsoft.com" { "" } else { resource }
}
