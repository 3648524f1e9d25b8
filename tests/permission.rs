//! Which permissions a call needs: the table, the matcher, the verdict, against Microsoft's documentation.

use std::path::{Path, PathBuf};
use tokentriage::permission::{self, Answer, Match, Scheme};
use tokentriage::scenario::Call;

/// A folder next to the checkout, or the one that the variable names; says that the test was skipped if there is none.
fn beside(variable: &str, folder: &str, file: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os(variable) {
        Some(named) => PathBuf::from(named),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder),
    };
    let path = folder.join(file);
    if !path.exists() {
        println!("skipped: {file} is not there (set {variable} to its folder)");
        return None;
    }
    Some(path)
}

fn call(text: &str) -> Call {
    Call::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn answer(text: &str) -> Answer<'static> {
    permission::embedded().answer(&call(text))
}

/// The fields of one line of CSV, quotes taken off.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

#[test]
fn agrees_with_the_documentation() {
    let Some(path) = beside("TOKENTRIAGE_FACTS", "facts", "permissions/oracle_dev.csv") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let resource_specific =
        |name: &str| tokentriage::catalog::permission(name).is_some_and(|known| known.resource_specific);
    let (mut calls, mut missed) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    let (mut pairs, mut present, mut rows, mut equal) = (0, 0, 0, 0);
    let (mut ordered, mut in_order) = (0, 0);
    for line in text.lines().skip(1) {
        let fields = fields(line);
        let [method, path, scheme, least, higher, ..] = fields.as_slice() else { panic!("{line}") };
        let scheme = match scheme.as_str() {
            "W" => Scheme::DelegatedWork,
            "P" => Scheme::DelegatedPersonal,
            _ => Scheme::Application,
        };
        let text = format!("{method} {path}");
        let mut answer = answer(&text);
        if answer.is_me && scheme == Scheme::Application {
            // A page has one table for all its addresses: what it says of applications it means of /users/{id}.
            answer = self::answer(&format!("{method} {}", path.replacen("/me", "/users/{id}", 1)));
        }
        calls.insert(text.clone());
        if matches!(answer.matched, Match::None(_)) {
            missed.insert(text);
            continue;
        }
        let documented: Vec<&str> = least.split(' ').chain(higher.split(' ')).filter(|name| !name.is_empty()).collect();
        // A pair is documented as two names.
        let claims: Vec<_> = answer.claims(scheme).collect();
        let listed: Vec<&str> = claims.iter().map(|claim| claim.permission).collect();
        let named =
            |name: &&&str| claims.iter().any(|claim| claim.permission == **name || claim.also_requires.contains(*name));
        pairs += documented.len();
        present += documented.iter().filter(named).count();
        if let (Some(first), Some(documented)) = (listed.first(), documented.first()) {
            rows += 1;
            equal += usize::from(first == documented);
        }
        let places: Vec<_> = documented
            .iter()
            .filter_map(|name| Some((listed.iter().position(|own| own == name)?, resource_specific(name))))
            .collect();
        for (at, (one, one_specific)) in places.iter().enumerate() {
            for (two, two_specific) in &places[at + 1..] {
                // Resource-specific permissions stand apart, so they are compared among themselves.
                if one_specific == two_specific && one != two {
                    ordered += 1;
                    in_order += usize::from(one < two);
                }
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64 * 100.0;
    let figures = [
        ("calls found", share(calls.len() - missed.len(), calls.len()), 99.3),
        ("documented pairs present", share(present, pairs), 98.0),
        ("least equal", share(equal, rows), 92.0),
        ("in documented order", share(in_order, ordered), 92.0),
    ];
    for (what, figure, wanted) in figures {
        println!("{what}: {figure:.2} % (at least {wanted} %)");
    }
    println!("not found: {missed:#?}");
    for (what, figure, wanted) in figures {
        assert!(figure >= wanted, "{what}: {figure:.2} %");
    }
}

/// Call, kind of match, template, least of delegated work, personal, application (joined by +, - for none).
const CALLS: &[(&str, &str, &str, &str, &str, &str)] = &[(
    "GET /users/x/messages",
    "exact",
    "/users/{id}/messages",
    "Mail.ReadBasic",
    "Mail.ReadBasic",
    "Mail.ReadBasic.All",
)];

fn joined(answer: &Answer<'_>, scheme: Scheme) -> String {
    let least = answer.least(scheme).join("+");
    if least.is_empty() { "-".to_owned() } else { least }
}

#[test]
fn answers_of_the_table() {
    let mut wrong = Vec::new();
    for (text, kind, template, work, personal, application) in CALLS {
        let answer = answer(text);
        let found = [
            answer.matched.name().to_owned(),
            answer.template().unwrap_or_else(|| "-".to_owned()),
            joined(&answer, Scheme::DelegatedWork),
            joined(&answer, Scheme::DelegatedPersonal),
            joined(&answer, Scheme::Application),
        ];
        if found != [*kind, *template, *work, *personal, *application] {
            wrong.push(format!("    ({text:?}, {}),", found.map(|part| format!("{part:?}")).join(", ")));
        }
    }
    assert!(wrong.is_empty(), "found:\n{}", wrong.join("\n"));
}
