//! Method and address out of a command line: `curl`, `az rest`, `m365 request`, `wget`, PowerShell.

/// What a command line requests.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The request method, where the options name or imply one; as it was written.
    pub(super) method: Option<String>,
    /// The address.
    pub(super) address: Option<String>,
}

/// Long options of curl and wget that take no value. All others are taken to have one, unless `=` gives it.
const WITHOUT_VALUE: &[&str] = &[
    "--anyauth",
    "--basic",
    "--compressed",
    "--fail",
    "--fail-with-body",
    "--get",
    "--globoff",
    "--head",
    "--http1.0",
    "--http1.1",
    "--http2",
    "--http3",
    "--include",
    "--insecure",
    "--ipv4",
    "--ipv6",
    "--location",
    "--location-trusted",
    "--negotiate",
    "--no-buffer",
    "--no-progress-meter",
    "--ntlm",
    "--path-as-is",
    "--progress-bar",
    "--quiet",
    "--remote-name",
    "--remote-name-all",
    "--show-error",
    "--silent",
    "--tlsv1.2",
    "--tlsv1.3",
    "--verbose",
    "--debug",
    "--only-show-errors",
    "--no-check-certificate",
    "--skip-authorization-header",
    "--ssl-reqd",
    "--parallel",
];

/// Short options of curl that take a value.
const SHORT_WITH_VALUE: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Switches of the PowerShell commands: they take no value.
const POWERSHELL_SWITCHES: &[&str] = &[
    "-usebasicparsing",
    "-usedefaultcredentials",
    "-verbose",
    "-debug",
    "-skipcertificatecheck",
    "-skiphttperrorcheck",
    "-followrellink",
    "-passthru",
    "-disablekeepalive",
    "-skipheadervalidation",
    "-whatif",
    "-confirm",
    "-resume",
];

/// The programs whose command lines are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Curl,
    Wget,
    AzRest,
    M365,
    PowerShell,
}

impl Program {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "curl" | "curl.exe" => Self::Curl,
            "wget" => Self::Wget,
            "az" => Self::AzRest,
            "m365" => Self::M365,
            "invoke-restmethod"
            | "invoke-webrequest"
            | "invoke-mggraphrequest"
            | "invoke-mgrestmethod"
            | "invoke-msgraphrequest"
            | "invoke-graphrequest"
            | "irm"
            | "iwr" => Self::PowerShell,
            _ => return None,
        })
    }
}

/// Reads a command line; `None` where the text is none.
pub(super) fn read(text: &str) -> Option<Request> {
    let first = text.split_whitespace().find(|word| !is_prompt(word))?;
    let program = Program::from_name(first)?;
    let mut words = split_words(text, program).into_iter().skip_while(|word| is_prompt(word)).skip(1);
    let second = match program {
        Program::AzRest => Some("rest"),
        Program::M365 => Some("request"),
        Program::Curl | Program::Wget | Program::PowerShell => None,
    };
    if second.is_some_and(|second| words.next().is_none_or(|word| word != second)) {
        return None;
    }
    let mut found = Found::default();
    while let Some(word) = words.next() {
        if program == Program::PowerShell && matches!(word.as_str(), "|" | ";") {
            break;
        } else if !word.starts_with('-') || word.len() == 1 {
            // Invoke-MgGraphRequest takes the method first: `Invoke-MgGraphRequest GET /me`.
            let is_method = program == Program::PowerShell && super::call::is_method(&word);
            if is_method && found.method.is_none() {
                found.method = Some(word);
            } else {
                found.address.get_or_insert(word);
            }
        } else if program == Program::PowerShell {
            let name = word.to_ascii_lowercase();
            if !POWERSHELL_SWITCHES.contains(&name.as_str()) {
                found.option(program, &format!("-{name}"), words.next().unwrap_or_default());
            }
        } else if word.starts_with("--") {
            match word.split_once('=') {
                Some((name, value)) => found.option(program, name, value.to_owned()),
                None if WITHOUT_VALUE.contains(&word.as_str()) => found.option(program, &word, String::new()),
                None => found.option(program, &word, words.next().unwrap_or_default()),
            }
        } else if let Some((at, letter)) = word.char_indices().skip(1).find(|&(_, letter)| program.has_value(letter)) {
            // `-sX POST` and `-sXPOST`: the first letter with a value ends the group.
            let attached = word.get(at.saturating_add(1)..).unwrap_or_default();
            let value = if attached.is_empty() { words.next().unwrap_or_default() } else { attached.to_owned() };
            found.flags(program, word.get(..at).unwrap_or_default());
            found.option(program, &format!("-{letter}"), value);
        } else {
            found.flags(program, &word);
        }
    }
    Some(Request {
        method: found.method.or(found.implied.map(str::to_owned)),
        address: found.address.or(found.stray_address),
    })
}

/// True of the prompt that is copied along with a command.
pub(super) fn is_prompt(word: &str) -> bool {
    matches!(word, "$" | ">" | "#" | "PS>")
}

impl Program {
    /// True of a short option that takes a value.
    fn has_value(self, letter: char) -> bool {
        match self {
            Self::Curl => SHORT_WITH_VALUE.contains(letter),
            Self::AzRest => "mubo".contains(letter),
            Self::M365 => "murbpo".contains(letter),
            Self::Wget => "OoUeaitTP".contains(letter),
            Self::PowerShell => false,
        }
    }
}

/// What the options said so far.
#[derive(Default)]
struct Found {
    method: Option<String>,
    implied: Option<&'static str>,
    address: Option<String>,
    /// An address that follows an option we do not know: perhaps that option takes no value.
    stray_address: Option<String>,
}

impl Found {
    /// Takes an option with its value; PowerShell's are given in lower case with a second hyphen.
    fn option(&mut self, program: Program, name: &str, value: String) {
        match (program, name) {
            (Program::Curl, "-X" | "--request")
            | (Program::AzRest | Program::M365, "-m" | "--method")
            | (Program::Wget, "--method")
            | (Program::PowerShell, "--method" | "--custommethod") => self.method = Some(value),
            (Program::Curl, "--url")
            | (Program::AzRest | Program::M365, "-u" | "--url" | "--uri")
            | (Program::PowerShell, "--uri" | "--url") => self.address = Some(value),
            (Program::Curl, "--get") => self.implied = Some("GET"),
            (Program::Curl, "--head") => self.implied = Some("HEAD"),
            (Program::Curl, "-T" | "--upload-file") => self.implied = Some("PUT"),
            // A body makes curl send POST, unless `-G` moves it to the query.
            (Program::Curl, "-d" | "-F" | "--json" | "--form") | (Program::Wget, "--post-data" | "--post-file") => {
                self.implied.get_or_insert("POST");
            }
            (Program::Curl, _) if name.starts_with("--data") => {
                self.implied.get_or_insert("POST");
            }
            (Program::M365, "-r") => {}
            (_, "-H" | "-e" | "-x" | "--header" | "--headers" | "--referer" | "--proxy" | "--resource") => {}
            _ if value.contains("://") => {
                self.stray_address.get_or_insert(value);
            }
            _ => {}
        }
    }

    /// Takes a group of short options without value.
    fn flags(&mut self, program: Program, group: &str) {
        if program == Program::Curl && group.contains('G') {
            self.implied = Some("GET");
        } else if program == Program::Curl && group.contains('I') {
            self.implied = Some("HEAD");
        }
    }
}

/// The words of a PowerShell command line.
pub(super) fn powershell_words(text: &str) -> Vec<String> {
    split_words(text, Program::PowerShell)
}

/// Splits at white space as a shell does: quotes group, a backslash (PowerShell: a backtick) takes the next character
/// literally, and before a line break it and `^` continue the line. An unclosed quote ends with the text.
fn split_words(text: &str, program: Program) -> Vec<String> {
    let is_powershell = program == Program::PowerShell;
    let escape = if is_powershell { '`' } else { '\\' };
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            // Browsers write `^"` where they copy a command for cmd.exe.
            (None | Some('"'), '^') if matches!(characters.peek(), Some('\r' | '\n' | '"')) => {}
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None | Some('"'), _) if character == escape => match characters.next() {
                None | Some('\n') => {}
                Some('\r') => {
                    characters.next_if_eq(&'\n');
                }
                // In double quotes a backslash is only special before these (POSIX shell, section 2.2.3).
                Some(next) => {
                    let word = word.get_or_insert_default();
                    if quote.is_some() && !is_powershell && !matches!(next, '"' | '\\' | '$' | '`') {
                        word.push(character);
                    }
                    word.push(next);
                }
            },
            (None, _) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}
