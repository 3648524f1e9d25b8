//! What the words of a paste say of a token or a setting, outside of any token: `aud: https://…`, `Scopes: User.Read`.
//!
//! People copy single claims, the output of `Get-MgContext`, lines of a configuration file. None of that is an artefact,
//! and all of it speaks for a cause.

use crate::catalog;
use crate::guid::is_guid;
use memchr::memmem;

/// Most places at which each name is read.
const MOST_PLACES: usize = 64;

/// How far behind its name a value may begin, in bytes: `roles claim of the token: `, columns of a table.
const WIDEST_GAP: usize = 64;

/// Longest value, in bytes.
const LONGEST: usize = 400;

/// Length of a GUID in text.
const GUID_LENGTH: usize = 36;

/// Most permissions that are read at one place.
const MOST_PERMISSIONS: usize = 400;

/// Scopes that belong to no API.
const SIGN_IN_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Words of the paste that name a claim or a setting, with its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// The audience of the token, and the offset at which it stands.
    pub audience: Option<(String, usize)>,
    /// Permissions that a user's token is said to hold.
    pub scopes: Vec<String>,
    /// Permissions that were asked for, or that are held: the words do not tell which.
    pub requested: Vec<String>,
    /// The APIs of the scopes that were asked for: what stands before the permission, empty for Microsoft Graph.
    pub asked_of: Vec<String>,
    /// Permissions that an app's token is said to hold.
    pub roles: Vec<String>,
    /// Values of settings that are named like a client secret.
    pub secrets: Vec<String>,
    /// The words name a call that signs in with user name and password.
    pub password_flow: bool,
}

impl Stated {
    /// Reads words; `lower` are the same with ASCII letters in lower case.
    pub(super) fn read(words: &str, lower: &str) -> Self {
        let text = Text { words, lower };
        let in_context = ["get-mgcontext", "authtype", "connect-mggraph", "update-mg", "get-mg", "new-mg", "remove-mg"]
            .iter()
            .any(|mark| lower.contains(mark));
        let mut stated = Self { audience: text.audience(), roles: text.permissions("roles"), ..Self::default() };
        stated.scopes = text.permissions("scp");
        let listed = text.permissions("scopes");
        if stated.scopes.is_empty() && (in_context || text.says_before("scopes", "token")) {
            stated.scopes.clone_from(&listed);
        }
        if lower.contains("apponly") {
            stated.roles.append(&mut stated.scopes);
        } else {
            stated.requested = listed;
        }
        stated.asked_of = text.resources();
        stated.secrets = text.secrets();
        // A chain of credentials lists the names of all that it tries.
        stated.password_flow =
            ["byusernamepassword", "withusernamepassword", "usernamepasswordcredential", "by_username_password"]
                .iter()
                .any(|name| lower.contains(name))
                && !lower.contains("defaultazurecredential");
        stated
    }
}

struct Text<'w> {
    words: &'w str,
    lower: &'w str,
}

impl<'w> Text<'w> {
    /// Where a name ends that stands as a word.
    fn ends_of(&self, name: &str) -> Vec<usize> {
        let bytes = self.lower.as_bytes();
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let whole = |start: usize| {
            let before = start.checked_sub(1).and_then(|at| bytes.get(at));
            let escape = bytes.get(start.saturating_sub(2)..start);
            // The last letter of an escaped line break is no part of a word.
            if matches!(escape, Some(b"\\n" | b"\\r" | b"\\t")) {
                return true;
            }
            // Settings begin with the name of what they are for: AZURE_CLIENT_SECRET.
            !before.is_some_and(u8::is_ascii_alphanumeric)
                && !start.checked_add(name.len()).and_then(|end| bytes.get(end)).is_some_and(part)
        };
        let places = memmem::find_iter(bytes, name).filter(|start| whole(*start));
        places.filter_map(|start| start.checked_add(name.len())).take(MOST_PLACES).collect()
    }

    /// What stands behind a name and its colon or equals sign, on the same line; or on the next lines, behind the member
    /// of an object: `(Get-MgContext).Scopes`.
    fn behind(&self, name: &str, end: usize) -> Option<&'w str> {
        let rest = self.words.get(end..)?;
        let member = end.checked_sub(name.len())?.checked_sub(1).and_then(|at| self.lower.as_bytes().get(at));
        let gap = rest.char_indices().take_while(|(at, _)| *at < WIDEST_GAP);
        for (at, character) in gap {
            let next = at.checked_add(character.len_utf8())?;
            match character {
                ':' | '=' => return rest.get(next..).map(|value| value.trim_start_matches(['>', ' ', '\t'])),
                '\r' | '\n' if member == Some(&b'.') => return rest.get(next..),
                '\r' | '\n' | ',' | ';' | '.' => return None,
                _ => {}
            }
        }
        None
    }

    fn permissions(&self, name: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        // What an API requires is not what the token holds.
        let required =
            |end: usize| self.lower.get(..end.saturating_sub(name.len())).unwrap_or_default().ends_with("required ");
        let ends = self.ends_of(name).into_iter().filter(|end| !required(*end));
        for rest in ends.filter_map(|end| self.behind(name, end)) {
            for permission in listed_permissions(rest) {
                if all.len() < MOST_PERMISSIONS && !all.iter().any(|known| known == permission) {
                    all.push(permission.to_owned());
                }
            }
        }
        all
    }

    /// What stands before the permission in the scopes that are listed.
    fn resources(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for name in ["scopes", "scope"] {
            for rest in self.ends_of(name).into_iter().filter_map(|end| self.behind(name, end)) {
                let scopes =
                    words_of(rest).take_while(|word| word.contains("://") || catalog::permission(word).is_some());
                for scope in scopes.filter(|scope| !SIGN_IN_SCOPES.contains(scope)) {
                    let resource = scope.rsplit_once('/').map_or("", |(resource, _)| resource);
                    if all.len() < MOST_PERMISSIONS && !all.iter().any(|known| known == resource) {
                        all.push(resource.to_owned());
                    }
                }
            }
        }
        all
    }

    /// True where a word stands shortly before a name: `token scopes: …`.
    fn says_before(&self, name: &str, word: &str) -> bool {
        self.ends_of(name).into_iter().any(|end| {
            let start = end.saturating_sub(name.len());
            let line = self.lower.get(..start).unwrap_or_default();
            let line = line.rsplit('\n').next().unwrap_or_default();
            line.trim_end_matches([' ', '\'', '"', '\u{2019}']).ends_with(word)
        })
    }

    /// `"aud": "https://…"`, `aud is 00000003-…`: whatever stands between, what begins shortly behind the name as an
    /// audience is one.
    fn audience(&self) -> Option<(String, usize)> {
        self.ends_of("aud").into_iter().find_map(|end| {
            let rest = self.words.get(end..)?;
            let line = rest.split(['\n', '\r']).next()?;
            let places = line.char_indices().map(|(at, _)| at).take_while(|at| *at < WIDEST_GAP / 2);
            places
                .filter_map(|at| Some((line.get(at..)?, at)))
                .find_map(|(text, at)| Some((audience_at(text)?, end.checked_add(at)?)))
        })
    }

    fn secrets(&self) -> Vec<String> {
        const NAMES: [&str; 6] =
            ["client_secret", "client-secret", "clientsecret", "client secret", "app_secret", "secret"];
        let mut all: Vec<String> = Vec::new();
        for name in NAMES {
            for end in self.ends_of(name) {
                let value = self.words.get(end..).and_then(setting);
                if let Some(value) = value.filter(|value| !all.iter().any(|known| known == value)) {
                    all.push(value.to_owned());
                }
            }
        }
        all
    }
}

/// The words of a list, whatever stands between them.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let between =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '[' | ']' | '{' | '}' | '(' | ')' | '|');
    text.split(between).map(|word| word.trim_end_matches(['.', ':', '\\'])).filter(|word| !word.is_empty())
}

/// The permissions at the begin of a text, up to the first word that is none.
fn listed_permissions(text: &str) -> impl Iterator<Item = &str> {
    words_of(text).map(|word| word.rsplit('/').next().unwrap_or(word)).take_while(|word| {
        ["email", "profile"].contains(word) || word.len() < LONGEST && catalog::permission(word).is_some()
    })
}

/// The audience that a text begins with.
fn audience_at(text: &str) -> Option<String> {
    let guid = text.get(..GUID_LENGTH).filter(|text| is_guid(text.as_bytes()));
    let address = || {
        let known = ["https://", "http://", "api://", "spn:"].iter().any(|scheme| text.starts_with(scheme));
        let end =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ')' | ']' | '}' | '`' | '>' | '<' | ';');
        let address = text.split(end).next().filter(|_| known)?;
        Some(address.trim_end_matches(['.', '\\'])).filter(|address| address.len() < LONGEST)
    };
    guid.or_else(address).map(str::to_owned)
}

/// The value of a setting: what stands behind a colon or equals sign, in quotes or up to the next blank.
fn setting(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(['"', '\'', '\\', ']', ')', ' ', '\t']);
    let assigned = rest.starts_with('=');
    let rest = rest.strip_prefix([':', '='])?.trim_start_matches(['>', ' ', '\t', '\\']);
    let quoted = rest.starts_with(['"', '\'']);
    let (rest, ends): (&str, &[char]) = match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => (quoted, &['"', '\'', '\\', '\n', '\r']),
        None => (rest, &[' ', '\t', '\n', '\r', '&', ',', ';', ')', '}']),
    };
    let value = rest.split(ends).next().filter(|value| value.len() < LONGEST)?;
    // What a colon announces may stand on the next line.
    (!value.is_empty() || quoted || assigned).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::Stated;

    fn read(words: &str) -> Stated {
        Stated::read(words, &words.to_ascii_lowercase())
    }

    #[test]
    fn permissions_end_at_the_first_other_word() {
        for (words, expected) in [
            ("scp: Directory.AccessAsUser.All User.Read\nThe account is plain", "Directory.AccessAsUser.All User.Read"),
            ("Scopes : {openid, profile, User.Read}\nAuthType : Delegated", "openid profile User.Read"),
            ("(Get-MgContext).Scopes\nopenid\nUser.Read\n\nPS> next", "openid User.Read"),
            ("the scopes of the token: User.Read.", ""),
            ("token scopes: User.Read.", "User.Read"),
            ("\"scp\": \"Mail.Read https://graph.microsoft.com/Mail.Send\"", "Mail.Read Mail.Send"),
            ("scp is missing: nothing there", ""),
            ("scp", ""),
            ("scp:", ""),
        ] {
            assert_eq!(read(words).scopes.join(" "), expected, "{words}");
        }
        assert_eq!(
            read("decoded token has roles: [\"User.Read.All\", \"Mail.Send\"] only").roles.join(" "),
            "User.Read.All Mail.Send"
        );
        assert_eq!(read("API required roles: User.Read.All, application roles: Mail.Send").roles, ["Mail.Send"]);
        assert_eq!(read("const request = { scopes: ['User.Read'] }").requested, ["User.Read"]);
        assert_eq!(read("const request = { scopes: ['User.Read'] }").scopes, [""; 0]);
    }

    #[test]
    fn apis_of_scopes() {
        for (words, expected) in [
            ("scopes: https://a.example/Mail.Read openid https://a.example/Mail.Send", vec!["https://a.example"]),
            ("scope = api://orders/read, User.Read", vec!["api://orders", ""]),
            ("scopes: something else", vec![]),
        ] {
            assert_eq!(read(words).asked_of, expected, "{words}");
        }
    }

    #[test]
    fn audiences_in_passing() {
        for (words, expected) in [
            ("\"aud\": \"https://management.azure.com/\"", Some("https://management.azure.com/")),
            ("The token's aud is https://outlook.office.example, says", Some("https://outlook.office.example")),
            ("aud: 00000002-0000-0000-c000-000000000000 -", Some("00000002-0000-0000-c000-000000000000")),
            ("the aud claim is api://orders.", Some("api://orders")),
            ("fraud: https://a.example", None),
            ("aud\nhttps://a.example", None),
            ("aud ", None),
        ] {
            let audience = read(words).audience;
            assert_eq!(audience.as_ref().map(|(text, _)| text.as_str()), expected, "{words}");
            assert!(audience.is_none_or(|(text, at)| words[at..].starts_with(&text)), "{words}");
        }
    }

    #[test]
    fn settings_named_like_a_secret() {
        for (words, expected) in [
            ("AZURE_CLIENT_SECRET=abc def", "abc"),
            ("{\"client_id\": \"x\", \"secret\": \"abc\"}", "abc"),
            ("clientSecret: 'a b',", "a b"),
            ("'client_secret' => 'abc'", "abc"),
            ("client_secret=&grant_type=x", ""),
        ] {
            assert_eq!(read(words).secrets, [expected], "{words}");
        }
        for words in ["the client secret is wrong", "client_secret_id=abc", "secret", "secretary: a"] {
            assert_eq!(read(words).secrets, [""; 0], "{words}");
        }
    }
}
