//! Reading a command of Microsoft Graph PowerShell: `Get-MgUserMessage -UserId ada@contoso.example`.

use super::command_line;

/// A cmdlet of Microsoft Graph PowerShell with its parameters, taken apart. Which call it is depends on the table of calls:
/// see `permission`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cmdlet {
    /// The name as it was written.
    pub(crate) name: String,
    /// The verb in lower case: `get`.
    pub(crate) verb: String,
    /// The noun as it was written, without `Mg` or `MgBeta`.
    pub(crate) noun: String,
    /// Which of its two calls an error message names: `Get-MgUser_List`.
    pub(crate) variant: Option<Variant>,
    /// It calls the beta version.
    pub(crate) beta: bool,
    /// Names of parameters without hyphen in lower case, and their values; empty for a switch.
    pub(crate) parameters: Vec<(String, String)>,
}

/// Which of its calls a cmdlet makes, where one name has those for a collection and for one of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// The collection.
    List,
    /// One item.
    Item,
}

impl Variant {
    /// The variant of that name: `List1`, `Get`, `GetViaIdentity`.
    fn from_name(name: &str) -> Option<Self> {
        match name.trim_end_matches(|character: char| character.is_ascii_digit()) {
            "List" => Some(Self::List),
            "Get" | "GetViaIdentity" => Some(Self::Item),
            _ => None,
        }
    }
}

/// No name of a cmdlet is longer, in bytes.
const LONGEST_NAME: usize = 160;

impl Cmdlet {
    /// The cmdlet that a command line begins with. A prompt, an assignment or a parenthesis before it does not matter, nor
    /// does what follows behind a pipe.
    pub(crate) fn read(text: &str) -> Option<Self> {
        // Most texts are no command line: this is asked of every call.
        if !text.contains("-Mg") && !text.to_ascii_lowercase().contains("-mg") {
            return None;
        }
        let words = command_line::powershell_words(text);
        let mut words = words.iter().map(|word| word.trim_matches(['(', ')', ';'])).peekable();
        while let Some(word) = words.next_if(|word| !is_name(word)) {
            let before = command_line::is_prompt(word) || word.starts_with('$') || matches!(word, "=" | "&" | "");
            if !before {
                return None;
            }
        }
        let name = words.next()?;
        let (plain, variant) = split_variant(name);
        let (verb, rest) = plain.split_once('-')?;
        let noun = without_prefix(rest, "Mg")?;
        let (noun, beta) = match without_prefix(noun, "Beta") {
            Some(noun) if !noun.is_empty() => (noun, true),
            _ => (noun, false),
        };
        let mut parameters = Vec::new();
        while let Some(word) = words.next_if(|word| !word.starts_with('|')) {
            let Some(parameter) = word.strip_prefix('-').filter(|name| name.starts_with(char::is_alphabetic)) else {
                continue;
            };
            let (name, value) = match parameter.split_once(':') {
                Some((name, value)) => (name, Some(value)),
                None => (parameter, words.next_if(|word| !word.starts_with(['-', '|']))),
            };
            parameters.push((name.to_ascii_lowercase(), value.unwrap_or_default().to_owned()));
        }
        let (name, verb) = (plain.to_owned(), verb.to_ascii_lowercase());
        let variant = variant.and_then(Variant::from_name);
        Some(Self { name, verb, noun: noun.to_owned(), variant, beta, parameters })
    }
}

/// True of a word that names a cmdlet of the module: `Get-MgUser`. What sends any request is none.
fn is_name(word: &str) -> bool {
    let parts = split_variant(word).0.split_once('-').filter(|_| word.len() <= LONGEST_NAME);
    let letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.is_some_and(|(verb, rest)| {
        let noun = without_prefix(rest, "Mg").filter(|noun| letters(noun));
        let sends_any = ["GraphRequest", "RestMethod"];
        letters(verb) && noun.is_some_and(|noun| !sends_any.iter().any(|own| own.eq_ignore_ascii_case(noun)))
    })
}

/// Name and variant: error messages have `Get-MgUser_List`.
fn split_variant(name: &str) -> (&str, Option<&str>) {
    name.split_once('_').map_or((name, None), |(name, variant)| (name, Some(variant.trim_end_matches(':'))))
}

fn without_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_command_lines_apart() {
        for (text, expected) in [
            ("Get-MgUser", Some(("get", "User", false, ""))),
            ("PS> get-mguser -All", Some(("get", "user", false, "all="))),
            (
                "$all = (Get-MgBetaUser -UserId 'a b' -Property Id,Mail).Mail",
                Some(("get", "User", true, "userid=a b property=Id,Mail).Mail")),
            ),
            (
                "Get-MgUserMessage -UserId:$id `\r\n  -Top 5 | Select-Object -First 1",
                Some(("get", "UserMessage", false, "userid=$id top=5")),
            ),
            (
                "Remove-MgGroup -GroupId $g.Id -Confirm:$false",
                Some(("remove", "Group", false, "groupid=$g.Id confirm=$false")),
            ),
            ("Get-MgBeta", Some(("get", "Beta", false, ""))),
            ("Invoke-MgGraphRequest -Method GET -Uri /me", None),
            ("GET /me", None),
            ("the cmdlet Get-MgUser fails", None),
            ("GET /users/a-mg", None),
            ("Get-Mg", None),
            ("-Mg", None),
            ("Get-Mgé", None),
        ] {
            let read = Cmdlet::read(text).map(|read| {
                let parameters: Vec<_> =
                    read.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
                (read.verb, read.noun, read.beta, parameters.join(" "))
            });
            let expected = expected
                .map(|(verb, noun, beta, parameters)| (verb.to_owned(), noun.to_owned(), beta, parameters.to_owned()));
            assert_eq!(read, expected, "{text}");
        }
        assert_eq!(Cmdlet::read(&format!("Get-Mg{}", "a".repeat(100_000))), None);
    }
}
