//! What can be written on the command line. A command's own arguments are declared only when it is the one that runs.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use std::ffi::OsString;
use tokentriage::extract::without_credentials;
use tokentriage::render::{NARROWEST, SafeLine};
use tokentriage::report::Severity;
use tokentriage::scenario::{Client, Cloud, Flow, Resource};

/// The name of the program, whatever its file is called: it stands in messages.
pub(crate) const NAME: &str = "tokentriage";

const ABOUT: &str = "Says why Microsoft Graph or the Entra sign-in service refuses a token: offline, with evidence, \
                     and with the fix";

const AFTER: &str = "\
Paste whatever you have: a token in any wrapping, a curl command, an error body, an exception, a header, a log.
Standard input is the safest way: arguments stay in the history of the shell.

  pbpaste | tokentriage --calling \"GET /users\"
  tokentriage response.txt --flow client-credentials --claims

Exit codes:
  0  nothing at or above --fail-on was found
  1  findings
  2  wrong usage, or a file that cannot be read
  3  nothing was recognised";

/// The command line.
pub(crate) fn command() -> Command {
    let top = Command::new(NAME)
        .bin_name(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .args_conflicts_with_subcommands(true)
        .disable_help_subcommand(true)
        .max_term_width(100);
    inspect_arguments(top).subcommands([
        Command::new("inspect").about("Says what is wrong (what happens without a command)").defer(inspect_arguments),
        Command::new("decode").about("Prints header and payload as JSON, without judging").defer(decode_arguments),
        Command::new("explain")
            .about("Explains an error code, claim, permission, finding or well-known GUID")
            .defer(explain_arguments),
        Command::new("permit").about("Says which permissions a call needs").defer(permit_arguments),
        Command::new("catalog")
            .about("Prints dates, counts and sources of the embedded facts")
            .defer(catalog_arguments),
        Command::new("diff").about("Compares two tokens").defer(diff_arguments),
        Command::new("rules").about("Lists everything that is checked").defer(rules_arguments),
        Command::new("scenarios").about("Says what a flow has to request").defer(scenarios_arguments),
        Command::new("schema").about("Prints the JSON Schema of a report"),
        Command::new("completions").about("Prints a completion script for a shell").defer(completions_arguments),
        Command::new("man").about("Prints a manual page").defer(man_arguments),
    ])
}

/// Reads the command line. Where that fails the message quotes arguments: it is that of the same arguments without
/// signatures and secrets, and with every character written out that does not show as itself.
pub(crate) fn read() -> Result<ArgMatches, clap::Error> {
    command().try_get_matches_from(std::env::args_os()).map_err(|error| {
        let shown = std::env::args_os().map(|argument| {
            let text = argument.to_string_lossy();
            SafeLine(without_credentials(&text).as_deref().unwrap_or(&text)).to_string()
        });
        command().try_get_matches_from(shown).err().unwrap_or(error)
    })
}

fn inspect_arguments(command: Command) -> Command {
    let command = command.next_help_heading("What you meant to do").args([
        choice("flow", "FLOW", "How the token was acquired", Flow::ALL.iter().map(|flow| flow.name())),
        choice("client", "CLIENT", "What kind of application acts", Client::ALL.iter().map(|client| client.name())),
        value("calling", "CALL", "The intended call, method and path or full address; may be given several times")
            .short('c')
            .action(ArgAction::Append),
        calls("More intended calls from a file"),
        choice("cloud", "CLOUD", "The national cloud", Cloud::ALL.iter().map(|cloud| cloud.name())),
        choice("resource", "RESOURCE", "What is being called", Resource::ALL.iter().map(|resource| resource.name())),
        value("tenant", "TENANT", "The tenant you believe you use: GUID, domain name or common"),
        value("client-id", "GUID", "The client ID you believe you use"),
        value("library", "NAME", "The library in use"),
        value("scenario", "FILE", "The same from a file, JSON or TOML; flags override it")
            .value_parser(value_parser!(OsString)),
    ]);
    let command = command.next_help_heading("How to judge").args([
        now(),
        leeway(),
        permissions(),
        value("jwks", "FILE", "The issuer's published keys, to check the signature with; may be given several times")
            .long_help(
                "The issuer's published keys, to check the signature with; may be given several times. A key set as \
                 https://login.microsoftonline.com/<tenant>/discovery/keys answers, a single JWK, or certificates and public \
                 keys in PEM or DER. Keys that a token names or brings are never used, and nothing is fetched",
            )
            .action(ArgAction::Append)
            .value_parser(value_parser!(OsString)),
        value("fail-on", "SEVERITY", "The least severity that makes the exit code 1")
            .value_parser(ValueParser::new(PossibleValuesParser::new(
                [Severity::Error, Severity::Warning, Severity::Note].map(Severity::name).into_iter().chain(["never"]),
            )))
            .default_value(Severity::Error.name()),
    ]);
    command
        .next_help_heading("What to show")
        .args([
            value("format", "FORMAT", "The form of the report")
                .short('f')
                .value_parser(["text", "json", "markdown", "html", "csv", "sarif"])
                .default_value("text"),
            flag(
                "redact",
                "Replaces what tells of a person, everywhere in the report [default: in all but text and JSON]",
            )
            .short('r'),
            flag("no-redact", "Keeps personal values in every format").conflicts_with("redact"),
            flag("claims", "Shows every claim with its meaning"),
            flag("checks", "Shows every rule and how it ended"),
            flag("timeline", "Shows every moment, oldest first"),
            flag("all", "Shows everything").short('a'),
            flag("compact", "Writes JSON on one line"),
            colour(),
            width(),
        ])
        .next_help_heading(None::<&str>)
        .arg(paste())
}

fn decode_arguments(command: Command) -> Command {
    command
        .after_help("Numbers, order and duplicates are kept as they stand, except that a number greater than any double (1e400), \
             which many programs refuse, is given as a string. Several tokens give one object each.")
        .args([
            paste(),
            flag("redact", "Replaces what tells of a person").short('r'),
            flag("compact", "Writes each object on one line"),
        ])
}

fn explain_arguments(command: Command) -> Command {
    command
        .after_help("Exit code 3 where one of the terms is not known.")
        .arg(
            Arg::new("TERM")
                .help("AADSTS50011, 50011, scp, User.Read, token-expired, 00000003-0000-0000-c000-000000000000 …")
                .num_args(1..)
                .required(true),
        )
        .args([list_format(), colour(), width()])
}

fn permit_arguments(command: Command) -> Command {
    command
        .after_help(
            "Exit code 0 where every call was found, 2 where CALL is no call, 3 where a call or permission is not known.\n\
             With --calls and --format json one line is written for each call.",
        )
        .arg(
            Arg::new("CALL")
                .help("Method and path or full address, e.g. \"GET /me/messages\"")
                .num_args(1..)
                .required_unless_present_any(["calls", "with"])
                .conflicts_with("with"),
        )
        .args([
            calls("Calls from a file").conflicts_with("with"),
            value("with", "PERMISSION", "Lists what a permission opens; may be given several times")
                .action(ArgAction::Append),
            flag("cover", "Prints only the smallest sets of permissions that cover all the calls").conflicts_with("with"),
            permissions(),
            list_format(),
            colour(),
            width(),
        ])
}

fn diff_arguments(command: Command) -> Command {
    command
        .after_help("Exit code 0, whether they differ or not; 3 where one holds no token.")
        .args([
            Arg::new("A").help("First token: a file, - for standard input, or the paste itself").required(true),
            Arg::new("B").help("Second token, likewise").required(true),
        ])
        .mut_args(|argument| argument.value_parser(value_parser!(OsString)).allow_hyphen_values(false))
        .args([
            list_format(),
            flag("all", "Shows claims that differ in any two tokens, too").short('a'),
            now(),
            leeway(),
            colour(),
            width(),
        ])
}

fn rules_arguments(command: Command) -> Command {
    command.args([list_format().value_parser(["text", "json", "csv"]), colour(), width()])
}

fn catalog_arguments(command: Command) -> Command {
    command.args([list_format(), colour(), width()])
}

fn scenarios_arguments(command: Command) -> Command {
    command
        .arg(
            Arg::new("FLOW")
                .help("The flow; without it all are listed")
                .value_parser(PossibleValuesParser::new(Flow::ALL.iter().map(|flow| flow.name()))),
        )
        .args([list_format(), colour(), width()])
}

fn completions_arguments(command: Command) -> Command {
    command.arg(Arg::new("SHELL").required(true).value_parser(value_parser!(clap_complete::Shell)))
}

fn man_arguments(command: Command) -> Command {
    command.arg(Arg::new("COMMAND").help("The command; without it the page of the whole program"))
}

fn paste() -> Arg {
    Arg::new("PASTE")
        .help("A file, - for standard input, or the paste itself; standard input where it is left out")
        .value_parser(value_parser!(OsString))
}

fn calls(help: &'static str) -> Arg {
    value("calls", "FILE", help)
        .long_help(format!(
            "{help}, - for standard input: one call a line (blank lines and lines that begin with # are skipped), a HAR \
             file, or a Graph activity log (JSON, lines of JSON or CSV)"
        ))
        .value_parser(value_parser!(OsString))
}

fn permissions() -> Arg {
    value("permissions", "FILE", "Microsoft's permissions.json, in place of the embedded table")
        .value_parser(value_parser!(OsString))
}

fn now() -> Arg {
    value("now", "TIME", "The moment of judging, RFC 3339 or seconds since 1970 [default: the clock]")
        .allow_hyphen_values(true)
        .value_parser(crate::input::moment)
}

fn leeway() -> Arg {
    value("leeway", "SECONDS", "How far clocks may be apart")
        .value_parser(value_parser!(i64).range(0..=86_400))
        .default_value("300")
}

fn colour() -> Arg {
    value("color", "WHEN", "Colours; auto means on a terminal, unless NO_COLOR is set")
        .value_parser(["auto", "always", "never"])
        .default_value("auto")
}

fn width() -> Arg {
    value("width", "COLUMNS", "The widest line [default: that of the terminal, at most 100; 80 elsewhere]")
        .value_parser(value_parser!(u16).range(NARROWEST as i64..))
}

fn list_format() -> Arg {
    value("format", "FORMAT", "The form of the output").short('f').value_parser(["text", "json"]).default_value("text")
}

fn value(name: &'static str, of: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(of).help(help)
}

fn choice(name: &'static str, of: &'static str, help: &'static str, names: impl Iterator<Item = &'static str>) -> Arg {
    value(name, of, help).value_parser(PossibleValuesParser::new(names))
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        let mut command = super::command();
        command.build();
        command.debug_assert();
    }
}
