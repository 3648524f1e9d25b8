//! The explanations of errors: that they are complete, written for their code, and found.

use std::collections::{BTreeMap, BTreeSet};
use tokentriage::catalog::{
    CodeService, Explanation, OAuthErrorKind, SignInError, WhoActs, graph_error, graph_errors, look_up_address,
    nearest, oauth_error, oauth_errors, oauth_errors_named, sign_in_error, sign_in_errors, sign_in_errors_named,
};

const TABLES: &[(&str, &str, usize, usize)] = &[
    ("error_codes", include_str!("../src/catalog/data/error_codes.tsv"), 1, 11),
    ("error_names", include_str!("../src/catalog/data/error_names.tsv"), 2, 9),
    ("graph_errors", include_str!("../src/catalog/data/graph_errors.tsv"), 2, 9),
];

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect()).collect()
}

/// All explanations with the place they belong to.
fn explanations() -> Vec<(String, Explanation)> {
    let codes = sign_in_errors().map(|error| (error.code(), error.explanation));
    let names = oauth_errors().map(|error| (error.value.to_owned(), error.explanation));
    let graph =
        graph_errors().map(|error| (format!("{} {}", error.code.unwrap_or("*"), error.fragment), error.explanation));
    codes.chain(names).chain(graph).collect()
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(". ").map(str::trim).collect()
}

/// How many facts of a kind there are to explain, as `SOURCES.md` counts them.
fn facts(kind: &str) -> usize {
    let line = include_str!("../SOURCES.md").lines().find(|line| line.starts_with(&format!("| {kind} | explained | ")));
    let cells: Vec<_> = line.unwrap_or_else(|| panic!("SOURCES.md does not count {kind}")).split(" | ").collect();
    cells[2].parse().unwrap()
}

#[test]
fn tables_are_sorted_unique_and_read_in_full() {
    for (name, text, key_columns, columns) in TABLES {
        assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains("\n\n"), "{name}: line ends");
        assert_eq!(text.lines().next().unwrap().split('\t').count(), *columns, "{name}: header");
        let mut last = Vec::new();
        for line in text.lines().skip(1) {
            let cells: Vec<_> = line.split('\t').collect();
            assert!(cells.len() <= *columns && cells.len() >= *key_columns, "{name}: columns of {line:?}");
            assert!(cells.iter().all(|cell| cell.trim() == *cell), "{name}: blanks around a column in {line:?}");
            let key = cells[..*key_columns].join("\t").to_ascii_lowercase().into_bytes();
            assert!(last < key, "{name}: {line:?} is out of order or occurs twice");
            last = key;
        }
    }
}

#[test]
fn every_cell_is_embedded() {
    let cells = |explanation: Explanation| {
        let fix: Vec<_> = explanation.fix().collect();
        let alternatives: Vec<_> = explanation.alternatives().collect();
        [
            explanation.meaning(),
            explanation.who_acts.name().to_owned(),
            explanation.next.name().to_owned(),
            fix.join("; "),
            explanation.finding.unwrap_or_default().to_owned(),
            alternatives.join(" "),
            (if explanation.documented { "documented" } else { "likely" }).to_owned(),
        ]
    };
    let table = |place: usize| {
        let columns = TABLES[place].3;
        let mut table = rows(TABLES[place].1);
        table.iter_mut().for_each(|row| row.resize(columns, ""));
        table
    };
    let codes = table(0);
    assert_eq!(sign_in_errors().count(), codes.len());
    for row in codes {
        let [code, name, meaning, fixer, next, fix, related, finding, alternatives, sure, family] = row[..] else {
            panic!("{row:?}")
        };
        let error = sign_in_error(code).unwrap_or_else(|| panic!("{code} is not found"));
        assert_eq!(error.code().trim_start_matches("AADSTS"), code);
        assert_eq!((error.name, error.family), (name, family));
        assert_eq!(cells(error.explanation), [meaning, fixer, next, fix, finding, alternatives, sure], "{code}");
        let others: Vec<_> =
            error.related().map(|other| other.code().trim_start_matches("AADSTS").to_owned()).collect();
        assert_eq!(others.join(" "), related, "{code}");
    }
    let names = table(1);
    assert_eq!(oauth_errors().count(), names.len());
    for (row, error) in names.iter().zip(oauth_errors()) {
        let [value, kind, meaning, fixer, next, fix, finding, alternatives, sure] = row[..] else { panic!("{row:?}") };
        assert_eq!((error.value, error.kind.name()), (value, kind));
        assert_eq!(cells(error.explanation), [meaning, fixer, next, fix, finding, alternatives, sure], "{value}");
    }
    let graph = table(2);
    assert_eq!(graph_errors().count(), graph.len());
    for (row, error) in graph.iter().zip(graph_errors()) {
        let [code, fragment, meaning, fixer, next, fix, finding, alternatives, sure] = row[..] else {
            panic!("{row:?}")
        };
        assert_eq!((error.code.unwrap_or("*"), error.fragment), (code, fragment));
        assert_eq!(
            cells(error.explanation),
            [meaning, fixer, next, fix, finding, alternatives, sure],
            "{code} {fragment}"
        );
    }
}

#[test]
fn every_code_of_the_facts_is_explained() {
    let of = |service| sign_in_errors().filter(|error| error.service == service).count();
    assert_eq!(of(CodeService::Entra), facts("AADSTS codes"));
    assert_eq!(of(CodeService::B2c), facts("AADB2C codes"));
    assert_eq!(oauth_errors().count(), facts("names of errors"));
    assert_eq!(graph_errors().count(), facts("answers of Graph"));
}

#[test]
fn prose_is_there_short_and_not_from_a_template() {
    // Sentences that differ only in numbers are one sentence.
    let without_numbers = |text: &str| text.replace(|one: char| one.is_ascii_digit(), "");
    let mut meanings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut steps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (place, explanation) in explanations() {
        let (meaning, fix) = (explanation.meaning(), explanation.fix().collect::<Vec<_>>());
        assert!(meaning.ends_with('.'), "{place}: {meaning:?}");
        assert!(meaning.split_whitespace().count() <= 60, "{place}: more than 60 words");
        assert!(meaning.split_whitespace().count() >= 4, "{place}: says nothing");
        assert!((1..=4).contains(&fix.len()), "{place}: {} steps", fix.len());
        for step in fix {
            assert!(step.split_whitespace().count() <= 60, "{place}: more than 60 words in {step:?}");
            steps.entry(without_numbers(&step)).or_default().push(place.clone());
        }
        for sentence in sentences(&meaning) {
            meanings.entry(without_numbers(sentence)).or_default().push(place.clone());
        }
    }
    for (sentence, places) in meanings {
        assert!(places.len() <= 3, "{sentence:?} is said of {places:?}");
    }
    for (step, places) in steps {
        assert!(places.len() <= 15, "{step:?} is said of {places:?}");
    }
}

#[test]
fn references_exist() {
    for error in sign_in_errors() {
        let others: BTreeSet<_> = error.related().map(|other| other.code()).collect();
        assert_eq!(others.len(), error.related().count(), "{}: a related code stands twice", error.code());
        assert!(!others.contains(&error.code()), "{} refers to itself", error.code());
    }
    for (place, explanation) in explanations() {
        let alternatives: Vec<_> = explanation.alternatives().collect();
        let unique: BTreeSet<_> = alternatives.iter().copied().chain(explanation.finding).collect();
        let count = alternatives.len() + usize::from(explanation.finding.is_some());
        assert_eq!(unique.len(), count, "{place}: a finding occurs twice");
        let kebab =
            |id: &&str| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(unique.iter().all(kebab), "{place}: {unique:?}");
    }
}

#[test]
fn codes_are_found_as_whole_runs_of_digits() {
    let code = |text: &str| sign_in_error(text).map(|error| error.code());
    for (text, expected) in [
        ("50076", Some("AADSTS50076")),
        ("AADSTS50076", Some("AADSTS50076")),
        (" aadsts50076 ", Some("AADSTS50076")),
        ("AADSTS 50052", Some("AADSTS50052")),
        ("50011", Some("AADSTS50011")),
        ("500113", Some("AADSTS500113")),
        ("5001", None),
        ("50011x", None),
        ("050076", None),
        ("AADSTS", None),
        ("AADSTSAADSTS50076", None),
        ("", None),
        ("-50076", None),
        ("50076\t", Some("AADSTS50076")),
        ("50076\tx", None),
        ("\u{0665}0076", None),
        ("9999999999", None),
    ] {
        assert_eq!(code(text).as_deref(), expected, "{text:?}");
    }
    for error in sign_in_errors() {
        assert_eq!(sign_in_error(&error.code()), Some(error));
        assert_eq!(sign_in_error(&error.code().to_lowercase()), Some(error));
    }
    let missing = sign_in_error("AADSTS50076").unwrap();
    assert_eq!((missing.name, missing.service), ("UserStrongAuthClientAuthNRequired", CodeService::Entra));
    assert_eq!(missing.explanation.finding, Some("mfa-required"));
    assert_eq!(missing.explanation.who_acts, WhoActs::User);
}

#[test]
fn symbolic_names_of_audit_logs_lead_to_codes() {
    let digits = |name: &str| sign_in_errors_named(name).map(|error| error.number).collect::<Vec<_>>();
    assert_eq!(digits("InvalidUserNameOrPassword"), [50126]);
    assert_eq!(digits("invalidusernameorpassword"), [50126]);
    for name in ["", "InvalidUserName", "InvalidUserNameOrPassword\t50126", "50126"] {
        assert_eq!(digits(name), Vec::<u32>::new(), "{name:?}");
    }
    for error in sign_in_errors().filter(|error| !error.name.is_empty()) {
        assert!(sign_in_errors_named(error.name).any(|found| found == error), "{}", error.name);
    }
}

#[test]
fn names_of_errors_are_found() {
    for (value, kind, finding) in [
        ("invalid_client", OAuthErrorKind::Error, Some("client-secret-wrong")),
        ("INVALID_CLIENT", OAuthErrorKind::Error, Some("client-secret-wrong")),
        ("message_only", OAuthErrorKind::Suberror, Some("conditional-access-block")),
        ("interaction_in_progress", OAuthErrorKind::Library, Some("interaction-in-progress-redirect-not-handled")),
        ("idx10223", OAuthErrorKind::Idx, Some("token-expired")),
        ("authorization_pending", OAuthErrorKind::Error, None),
    ] {
        let error = oauth_error(value).unwrap_or_else(|| panic!("{value} is unknown"));
        assert_eq!((error.kind, error.explanation.finding), (kind, finding), "{value}");
    }
    for value in ["", "invalid", "invalid_client\terror", "consent", "IDX1022"] {
        assert_eq!(oauth_error(value), None, "{value:?}");
    }
    let kinds = oauth_errors_named("consent_required").map(|error| error.kind).collect::<Vec<_>>();
    assert_eq!(kinds, [OAuthErrorKind::Error, OAuthErrorKind::Suberror]);
}

#[test]
fn the_most_specific_words_of_graph_win() {
    let cases = [
        ("InvalidAuthenticationToken", "Access token validation failure. Invalid audience.", "audience-other-resource"),
        (
            "InvalidAuthenticationToken",
            "CompactToken parsing failed with error code: 80049217",
            "malformed-bearer-token",
        ),
        ("invalidauthenticationtoken", "Lifetime validation failed, the token is expired.", "token-expired"),
        (
            "InvalidAuthenticationToken",
            "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: \
             TokenCreatedWithOutdatedPolicies",
            "cae-challenge-not-handled",
        ),
        ("InvalidAuthenticationToken", "", "malformed-bearer-token"),
        ("ErrorAccessDenied", "Access to OData is disabled.", "exchange-ews-application-access-policy"),
        ("AccessDenied", "Either scp or roles claim need to be present in the token.", "missing-app-permission"),
        (
            "BadRequest",
            "/me request is only valid with delegated authentication flow.",
            "me-endpoint-with-app-only-token",
        ),
        ("Forbidden", "Missing scope permissions on the request. API requires one of", "missing-delegated-scope"),
        (
            "Unauthorized",
            "App G is not authorized to Create meeting on behalf of user G",
            "teams-application-access-policy-missing",
        ),
        // Words that decide whatever the code, also one in no table.
        ("SomethingNew", "IDX14100: JWT is not well formed", "malformed-bearer-token"),
        ("", "Request not applicable to target tenant.", "resource-not-provisioned-in-tenant"),
    ];
    for (code, message, finding) in cases {
        let error = graph_error(code, message).unwrap_or_else(|| panic!("{code}: {message}"));
        assert_eq!(error.explanation.finding, Some(finding), "{code}: {message}");
    }
    for (code, message) in [("SomethingNew", "else"), ("", ""), ("*", ""), ("*", "x"), ("BadRequest\t", "x")] {
        assert_eq!(graph_error(code, message), None, "{code:?} {message:?}");
    }
    let general = graph_error("Forbidden", "no").unwrap();
    assert_eq!((general.code, general.fragment), (Some("Forbidden"), ""));
}

#[test]
fn addresses_of_the_look_up_page() {
    assert_eq!(look_up_address("AADSTS50076").unwrap(), "https://login.microsoftonline.com/error?code=50076");
    assert_eq!(look_up_address("7000215").unwrap(), "https://login.microsoftonline.com/error?code=7000215");
    for code in ["AADB2C90118", "x", "50076&x=1", "123"] {
        assert_eq!(look_up_address(code), None, "{code}");
    }
    let page = |code: &str| sign_in_error(code).map(|error| error.page());
    for (code, end) in [
        ("1000104", "/authentication-national-cloud"),
        ("50011", "/error-code-aadsts50011-redirect-uri-mismatch"),
        ("1002016", "/enable-support-tls-environment"),
        ("500113", "/reference-error-codes"),
    ] {
        assert!(page(code).is_some_and(|page| page.ends_with(end)), "{code}: {:?}", page(code));
    }
    assert!(page("50126").is_some_and(|page| page.ends_with("/v2-oauth-ropc")));
}

#[test]
fn unknown_codes_have_relatives_and_are_not_taken_for_them() {
    let digits = |errors: &[SignInError]| errors.iter().map(|error| error.number).collect::<Vec<_>>();
    let found = nearest("AADSTS5001215").unwrap();
    assert_eq!(found.parent.map(|parent| parent.number), Some(50012));
    assert_eq!(found.family, sign_in_error("5001214").unwrap().family);
    assert_eq!(digits(&found.relatives)[..2], [5_001_214, 5_001_213]);
    let sibling = nearest("120017").unwrap();
    assert_eq!(sibling.parent, None, "12001 is no code");
    assert_eq!(digits(&sibling.relatives)[..2], [120_016, 120_018]);
    for code in ["50076", "AADSTS50076", "999999", "nothing", "", "500"] {
        assert_eq!(nearest(code), None, "{code:?}");
    }
}
