//! `permit`, `catalog` and `explain` from outside: what a call needs, what a permission opens, what a code means.
#![allow(clippy::disallowed_methods, reason = "runs the command")]

mod command;

use command::{code, err, out, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

fn json(output: &Output) -> Value {
    serde_json::from_str(out(output)).unwrap_or_else(|error| panic!("{error}: {}", out(output)))
}

fn lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A file of this test that goes with it.
struct File(PathBuf);

impl File {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn text_has_three_groups_the_least_first() {
    let output = run(&["permit", "GET", "/chats/19:x/messages"], b"");
    let expected = "
  GET /chats/19:x/messages
  exact match: GET /chats/{id}/messages

  Signed-in user (work or school account)
  → Chat.Read       least, user consent
    Chat.ReadWrite  user consent

  Signed-in user (personal account)
    none is listed: not possible

  The app alone (application permission)
  → Chat.Read.All       least, admin consent
    Chat.ReadWrite.All  admin consent

  For a single team, chat or meeting (resource-specific consent)
    ChatMessage.Read.Chat (the app alone)

  Note     A delegated permission gives no more than the signed-in user may do:
           a directory role, ownership or membership may be needed as well.
           A single team or chat can grant the app resource-specific
           permissions, which are listed apart.
           The table does not tell v1.0 and beta apart, and they sometimes
           differ.
           The table is of 2026-08-07; newer calls are missing.

";
    assert_eq!((out(&output), err(&output), code(&output)), (expected, "", 0));
}

#[test]
fn text_fits_the_width_and_names_pairs() {
    let pair = "GET /deviceManagement/virtualEndpoint/cloudPCs";
    for call in ["GET /users", "GET /me/drive/root", pair, "POST /$batch", "GET /nonsense"] {
        for width in ["24", "50", "80", "120"] {
            let output = run(&["permit", call, "--width", width], b"");
            let widest = out(&output).lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width.parse().unwrap(), "{call} at {width}: {}", out(&output));
        }
    }
    let marked = run(&["permit", "GET /me/messages", "--width", "200"], b"");
    assert!(!out(&marked).contains("not published"));
    // One permission that the service does not publish, and one pair, found in the table itself.
    let unpublished = tokentriage::permission::embedded().calls().find_map(|(method, path)| {
        let needs = tokentriage::permission::embedded().needs(&format!("{method} {path}")).ok()?;
        let own = needs.application.iter().find(|own| own.published == Some(false))?;
        Some((needs.call.clone(), own.permission.clone()))
    });
    let (call, permission) = unpublished.unwrap();
    let marked = run(&["permit", &call, "--width", "200"], b"");
    let line = out(&marked).lines().find(|line| line.contains(&permission) && line.contains("not published"));
    assert!(line.is_some(), "{call}: {permission}\n{}", out(&marked));
    let (call, pair) = tokentriage::permission::embedded()
        .calls()
        .find_map(|(method, path)| {
            let needs = tokentriage::permission::embedded().needs(&format!("{method} {path}")).ok()?;
            let own = needs.delegated_work.iter().find(|own| own.also_requires.len() == 1)?;
            Some((needs.call.clone(), format!("{} + {}", own.permission, own.also_requires[0])))
        })
        .unwrap();
    let output = run(&["permit", &call, "--width", "200"], b"");
    assert!(out(&output).contains(&pair), "{call}: {pair}\n{}", out(&output));
}

#[test]
fn json_has_the_promised_members() {
    let answer = json(&run(&["permit", "GET /me/messages", "--format", "json"], b""));
    assert_eq!(answer["call"], "GET /me/messages");
    assert_eq!((&answer["match"], &answer["template"]), (&Value::from("exact"), &Value::from("/me/messages")));
    let least = &answer["delegated_work"][0];
    assert_eq!(
        *least,
        serde_json::json!({
            "permission": "Mail.ReadBasic", "least": true, "also_requires": [], "admin_consent": false,
            "published": true, "resource_specific": false,
        })
    );
    assert_eq!(answer["delegated_personal"][0]["permission"], "Mail.ReadBasic");
    assert_eq!(answer["application"], serde_json::json!([]), "/me has nobody without a user");
    assert!(answer["caveats"].as_array().is_some_and(|caveats| caveats.iter().all(Value::is_string)));
    assert_eq!(answer["catalog_date"], "2026-08-07");
    let inferred = json(&run(&["permit", "GET /users/x/messages/$count", "-f", "json"], b""));
    assert_eq!((&inferred["match"], inferred["inferred"].as_array().unwrap().len()), (&"inferred".into(), 1));
    let application = json(&run(&["permit", "GET /users", "-f", "json"], b""))["application"].clone();
    assert!(application.as_array().unwrap().iter().all(|own| own["admin_consent"] == true), "{application}");
    let unknown = run(&["permit", "GET /nonsense", "-f", "json"], b"");
    assert_eq!(code(&unknown), 3);
    assert_eq!((&json(&unknown)["match"], &json(&unknown)["template"]), (&"none".into(), &Value::Null));
}

#[test]
fn what_is_no_call_gets_one_sentence() {
    let long = format!("GET /{}", "a".repeat(64 * 1024));
    let path = format!("GET /me/{}", "a".repeat(10_000));
    for (call, sentence) in [
        ("FETCH /x", "\"FETCH\" is no request method: expected one of GET"),
        ("users", "\"users\" has no slash: expected a path, as in GET /me/messages"),
        ("GET users", "has no slash"),
        (" ", "the call is empty: expected something like GET /me/messages"),
        ("GET", "names no address"),
        ("GET /", "the call names no path"),
        ("GET /me\u{7}/messages", "the path holds control characters"),
        ("ftp://graph.microsoft.com/me", "expected https:// or a path"),
        (&long, "the call is 65541 bytes long"),
        (&path, "the path is 10004 bytes long"),
    ] {
        for format in ["text", "json"] {
            let output = run(&["permit", call, "--format", format], b"");
            assert_eq!((code(&output), out(&output)), (2, ""), "{call:.40}");
            assert!(err(&output).contains(sentence), "{call:.40}: {}", err(&output));
            assert_eq!(err(&output).lines().count(), 1, "{}", err(&output));
        }
    }
}

const CALLS: &[u8] = b"# nightly job\nGET /users\n\n  GET /users/x/messages\nFETCH /x\nGET /nonsense\n";

#[test]
fn a_list_gets_a_line_for_each_call() {
    let output = run(&["permit", "--calls", "-", "--format", "json"], CALLS);
    let answers = lines(&output);
    assert_eq!(code(&output), 3);
    let said: Vec<_> = answers.iter().map(|answer| (answer["call"].as_str(), answer["match"].as_str())).collect();
    let expected =
        [("GET /users", "exact"), ("GET /users/x/messages", "exact"), ("FETCH /x", "none"), ("GET /nonsense", "none")];
    assert_eq!(said, expected.map(|(call, matched)| (Some(call), Some(matched))));
    assert!(answers[2]["error"].as_str().unwrap().contains("is no request method"));
    assert_eq!(answers[3].get("error"), None);
    // One call alone is a line too.
    let one = run(&["permit", "--calls", "-", "-f", "json"], b"GET /me\n");
    assert_eq!((code(&one), lines(&one).len()), (0, 1));
}

#[test]
fn a_list_has_a_table_and_the_permissions_that_cover_it() {
    let output = run(&["permit", "--calls", "-"], CALLS);
    let expected = "
   Call                    Signed-in user       The app alone
  ═════════════════════════════════════════════════════════════════
   GET /users              User.ReadBasic.All   User.ReadBasic.All
   GET /users/x/messages   Mail.ReadBasic       Mail.ReadBasic.All
   FETCH /x                not known            not known
   GET /nonsense           not known            not known

  Not known
    FETCH /x: \"FETCH\" is no request method: expected one of GET, POST, PUT,
    PATCH, DELETE, HEAD, OPTIONS, MERGE, TRACE, CONNECT.
    GET /nonsense: The table of permissions does not have this path, which is no
    denial.

  Signed-in user (work or school account): covers 2 of 4 calls
    Mail.ReadBasic
    User.ReadBasic.All

  Signed-in user (personal account): covers 1 of 4 calls
    Mail.ReadBasic

  The app alone (application permission): covers 2 of 4 calls
    Mail.ReadBasic.All
    User.ReadBasic.All

";
    assert_eq!(out(&output), expected);
    let narrow = run(&["permit", "--calls", "-", "--width", "40"], CALLS);
    assert!(out(&narrow).contains("The app alone: Mail.ReadBasic.All"), "{}", out(&narrow));
    let set = json(&run(&["permit", "--calls", "-", "--cover", "-f", "json"], CALLS));
    assert_eq!(set["application"]["permissions"], serde_json::json!(["Mail.ReadBasic.All", "User.ReadBasic.All"]));
    assert_eq!(set["application"]["uncovered"], serde_json::json!(["GET /nonsense", "FETCH /x"]));
}

#[test]
fn recordings_are_read_as_lists() {
    let har = br#"{"log":{"entries":[
        {"request":{"method":"GET","url":"https://graph.microsoft.com/v1.0/users/a?$select=id"}},
        {"request":{"method":"GET","url":"https://graph.microsoft.com/v1.0/users/b"}},
        {"request":{"method":"POST","url":"https://login.microsoftonline.com/common/oauth2/v2.0/token"}}]}}"#;
    let output = run(&["permit", "--calls", "-", "-f", "json"], har);
    let answers = lines(&output);
    assert_eq!(
        (answers.len(), &answers[0]["requests"], &answers[0]["template"]),
        (1, &2.into(), &"/users/{id}".into())
    );
    assert!(err(&output).contains("1 requests to other services were left out"), "{}", err(&output));
    let empty = run(&["permit", "--calls", "-"], b"# nothing\n");
    assert!(code(&empty) == 2 && err(&empty).contains("holds no call"), "{}", err(&empty));
}

#[test]
fn a_permission_opens_calls() {
    let opened = json(&run(&["permit", "--with", "mail.readbasic", "-f", "json"], b""));
    assert_eq!((&opened["permission"], &opened["application"]), (&"Mail.ReadBasic".into(), &0.into()));
    let calls = opened["calls"].as_array().unwrap();
    assert_eq!(opened["delegated_work"], calls.len());
    assert!(calls.contains(&serde_json::json!({
        "method": "GET", "path": "/me/messages", "schemes": ["delegated_work", "delegated_personal"],
    })));
    let by_guid = json(&run(&["permit", "--with", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "-f", "json"], b""));
    assert_eq!(by_guid["permission"], "Mail.Read");
    let text = run(&["permit", "--with", "Printer.Read.All"], b"");
    assert!(out(&text).contains("Printer.Read.All opens ") && out(&text).contains("GET     /print/printers (user)"));
    let unknown = run(&["permit", "--with", "Mail.Raed"], b"");
    assert_eq!((code(&unknown), out(&unknown)), (3, ""));
    assert!(err(&unknown).contains("did you mean Mail.Read?"), "{}", err(&unknown));
}

#[test]
fn newer_data_replaces_the_table() {
    for (content, said) in [
        (&b"name = 1"[..], "expected permissions/new/permissions.json of microsoft-graph-devx-content"),
        (b"{}", "this JSON has no member \"permissions\""),
        (br#"{"permissions":{}}"#, "too few to be the table"),
        (br#"{"ApiPermissions":{}}"#, "this is the older format"),
        (&b" ".repeat(16 * 1024 * 1024 + 9), "at most 16777216 are read"),
    ] {
        let file = File::new("wrong.json", content);
        for arguments in [&["permit", "GET /me"][..], &["inspect", "-"]] {
            let output = run(&[arguments, &["--permissions", file.name()]].concat(), b"x");
            assert_eq!((code(&output), out(&output)), (2, ""));
            assert!(err(&output).contains(said), "{}", err(&output));
        }
    }
    let missing = run(&["permit", "GET /me", "--permissions", "no-such-file"], b"");
    assert!(code(&missing) == 2 && err(&missing).contains("no-such-file cannot be read"));
    let vectors = match std::env::var_os("TOKENTRIAGE_VECTORS") {
        Some(named) => PathBuf::from(named),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"),
    };
    let document = vectors.join("graph-permissions.json");
    if !document.exists() {
        println!("skipped: graph-permissions.json is not there (set TOKENTRIAGE_VECTORS to its folder)");
        return;
    }
    let document = document.to_str().unwrap();
    let loaded = json(&run(&["permit", "GET /me/messages", "-f", "json", "--permissions", document], b""));
    assert_eq!((&loaded["catalog_date"], &loaded["match"]), (&Value::Null, &"exact".into()));
    assert_eq!(loaded["delegated_work"][0]["permission"], "Mail.ReadBasic");
    let token =
        run(&["examples/list-users.curl.txt", "--calling", "GET /users", "--permissions", document, "-f", "json"], b"");
    assert!(json(&token)["permission"]["caveats"].to_string().contains("supplied by you"), "{}", out(&token));
}

#[test]
fn several_calls_are_judged_with_a_token() {
    let calls = File::new("calls.txt", b"GET /me\nGET /users\nFETCH /x\n");
    let at = ["examples/list-users.curl.txt", "--now", "2026-03-02T09:20:11Z", "--calls", calls.name()];
    let output = run(&[&at[..], &["-f", "json"]].concat(), b"");
    let report = json(&output);
    assert_eq!(report["permissions"].as_array().map(Vec::len), Some(2), "{}", report["permissions"]);
    assert_eq!(report["permission_set"]["calls"], 2);
    assert!(err(&output).contains("this call was left out: \"FETCH\" is no request method"), "{}", err(&output));
    let text = run(&at, b"");
    for summary in report["permissions"].as_array().unwrap() {
        let summary = summary["summary"].as_str().unwrap();
        assert!(out(&text).contains(summary.split(':').next().unwrap()), "{summary}: {}", out(&text));
    }
    assert!(out(&text).contains("\n  Least    "), "{}", out(&text));
    let personal = ["examples/list-users.curl.txt", "--calling", "GET /users/ada@tenant.example", "-r", "-f", "json"];
    let redacted = run(&[&personal[..], &["--calling", "GET /users/bob@tenant.example/messages"]].concat(), b"");
    assert!(!out(&redacted).contains("@tenant"), "{}", out(&redacted));
    assert!(out(&redacted).contains("GET /users/[redacted]/messages: missing"), "{}", out(&redacted));
    let markdown = run(&[&at[..], &["-f", "markdown"]].concat(), b"");
    assert!(out(&markdown).contains("### Permissions"), "{}", out(&markdown));
}

#[test]
fn the_catalogue_says_how_old_it_is() {
    let embedded = json(&run(&["catalog", "-f", "json"], b""));
    let tables = embedded["tables"].as_array().unwrap();
    for (name, at_least) in [("paths", 11_000), ("permissions", 1_000), ("error_codes", 1_000), ("graph_errors", 100)] {
        let table = tables.iter().find(|table| table["name"] == name).unwrap_or_else(|| panic!("{name}"));
        assert!(table["rows"].as_u64().unwrap() > at_least, "{table}");
        assert!(table["date"].as_str().unwrap().starts_with("20") && !table["source"].as_str().unwrap().is_empty());
    }
    let text = run(&["catalog"], b"");
    assert!(tables.iter().all(|table| out(&text).contains(table["name"].as_str().unwrap())));
}

#[test]
fn errors_are_explained() {
    for (term, kind, name, fixer) in [
        ("AADSTS50011", "error of the sign-in service", "AADSTS50011", "app developer"),
        ("50011", "error of the sign-in service", "AADSTS50011", "app developer"),
        ("aadsts50011:", "error of the sign-in service", "AADSTS50011", "app developer"),
        ("InvalidReplyTo", "error of the sign-in service", "AADSTS50011", "app developer"),
        ("AADB2C90118", "error of Azure AD B2C", "AADB2C90118", "app developer"),
        ("90118", "error of Azure AD B2C", "AADB2C90118", "app developer"),
        ("invalid_grant", "OAuth error", "invalid_grant", "the person who signs in"),
        ("bad_token", "suberror", "bad_token", "the person who signs in"),
        ("IDX10223", "exception of a token validation library", "IDX10223", "app developer"),
        (
            "Authorization_RequestDenied",
            "error of Microsoft Graph",
            "Authorization_RequestDenied",
            "tenant administrator",
        ),
        (
            "Insufficient privileges to complete the operation.",
            "message of Microsoft Graph",
            "",
            "tenant administrator",
        ),
    ] {
        let output = run(&["explain", term, "-f", "json"], b"");
        let all = json(&output);
        let found = all.as_array().unwrap().iter().find(|found| found["kind"] == kind);
        let found = found.unwrap_or_else(|| panic!("{term}: {all}"));
        assert!(name.is_empty() || found["name"] == name, "{term}: {found}");
        let details = found["details"].to_string();
        assert!(details.contains(&format!("[\"Who acts\",\"{fixer}\"]")), "{term}: {details}");
        assert!(found["fix"].as_array().is_some_and(|steps| !steps.is_empty()), "{term}: no step");
        assert!(found["links"][0].as_str().unwrap().starts_with("https://learn.microsoft.com/"), "{term}");
        assert_eq!((code(&output), err(&output)), (0, ""), "{term}");
    }
    let code_page = json(&run(&["explain", "50011", "-f", "json"], b""));
    assert_eq!(code_page[0]["links"][1], "https://login.microsoftonline.com/error?code=50011");
}

#[test]
fn what_is_unknown_is_said_with_what_stands_next_to_it() {
    let output = run(&["explain", "AADSTS5001199", "scp"], b"");
    assert_eq!(code(&output), 3);
    assert!(out(&output).contains("This code is in no table. It begins like AADSTS50011"), "{}", out(&output));
    assert!(out(&output).contains("error?code=5001199") && out(&output).contains("scp  claim"), "{}", out(&output));
    for (term, meant) in [("Mail.Raed", "Mail.Read"), ("SCP", "scp"), ("token-expire", "token-expired")] {
        let output = run(&["explain", term], b"");
        assert_eq!(code(&output), 3, "{term}");
        assert!(err(&output).contains(&format!("did you mean {meant}")), "{term}: {}", err(&output));
    }
    let beginning = run(&["explain", "Mail.Read*"], b"");
    assert!(code(&beginning) == 0 && out(&beginning).contains("Mail.ReadWrite.Shared"), "{}", out(&beginning));
    let permission = run(&["explain", "Mail.Read"], b"");
    assert!(out(&permission).contains("calls: "), "{}", out(&permission));
}

#[test]
fn nothing_that_acts_reaches_the_terminal() {
    let nasty = "\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{200b}\u{e0041}";
    let call = format!("GET /users/{nasty}");
    let list = format!("{call}\n{nasty}\nFETCH{nasty} /x\nGET /users/\u{202e}x\n");
    for arguments in [
        &["permit", nasty][..],
        &["permit", &call],
        &["permit", "--with", nasty],
        &["permit", "--calls", "-"],
        &["permit", "--calls", "-", "--format", "json"],
        &["permit", "--calls", "-", "--cover"],
        &["permit", "--calls", nasty],
        &["permit", "GET /me", "--permissions", nasty],
        &["explain", &call],
        &["--calls", "-", "examples/expired.http"],
    ] {
        let output = run(arguments, list.as_bytes());
        let said = [out(&output), err(&output)].concat();
        assert!(!said.is_empty(), "{arguments:?}");
        let acting = said.chars().find(|&character| tokentriage::render::is_unsafe(character) && character != '\n');
        assert_eq!(acting, None, "{arguments:?}: {said:?}");
    }
}
