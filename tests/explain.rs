//! What the catalogue tells about a term: the kind of thing, its name, and what somebody who looks it up wants to know.

use tokentriage::explain::{Explanation, explain, suggestions, unknown};

/// The only explanation of that kind.
fn of_kind(term: &str, kind: &str) -> Explanation {
    let mut found = explain(term);
    found.retain(|explanation| explanation.kind == kind);
    assert_eq!(found.len(), 1, "{term} as {kind}: {found:#?}");
    found.remove(0)
}

#[test]
fn every_kind_of_term_is_explained() {
    const HAS_NONE: &str = "";
    for (term, kind, name, label, detail) in [
        ("token-expired", "finding", "token-expired", "Severity", "error"),
        ("scp", "claim", "scp", "Stands in", "payload"),
        ("kid", "claim", "kid", "Stands in", "header"),
        ("foci", "member", "foci", "Stands in", "answer of the sign-in service"),
        ("polids", "member", "polids", "Stands in", "claims challenge"),
        ("tenant_region_sub_scope", "member", "tenant_region_sub_scope", "Stands in", "sign-in configuration"),
        ("oid", "claim", "oid", "Personal", "yes: masked by --redact"),
        ("appidacr", "claim", "appidacr", "1", "Client secret. The application sent its client ID and a secret."),
        // Permissions, by name and by the GUID of either form.
        ("Mail.Read", "permission", "Mail.Read", "Personal", "works with personal Microsoft accounts"),
        ("mail.read", "permission", "Mail.Read", "Delegated", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca"),
        ("User.Read.All", "permission", "User.Read.All", "Consent", "an administrator has to consent"),
        ("User.Read", "permission", "User.Read", "Application", "does not exist"),
        ("df021288-bdef-4463-88db-98f22de89214", "permission", "User.Read.All", "Personal", HAS_NONE),
        // Other GUIDs.
        ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "application", "Microsoft Azure CLI", "First party", "yes"),
        (
            "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
            "application",
            "Microsoft Teams",
            "Family of client IDs",
            "yes: its refresh token serves every member",
        ),
        ("62e90394-69f5-4237-9190-012177145e10", "directory role", "Global Administrator", "Privileged", "yes"),
        ("4a5d8f65-41da-4de4-8968-e035b65339cf", "directory role", "Reports Reader", "Privileged", "no"),
        (
            "b79fbf4d-3ef9-4689-8143-76b194e85509",
            "directory role marker",
            "Every user (marker, not a role)",
            "Privileged",
            HAS_NONE,
        ),
        ("9188040d-6c67-4c5b-b112-36a304b66dad", "tenant", "Personal Microsoft accounts", "Note", HAS_NONE),
        // Addresses.
        ("https://vault.azure.net", "audience", "Azure Key Vault", "Scope", "https://vault.azure.net/.default"),
        ("https://graph.windows.net", "audience", "Azure AD Graph", "Retired", "yes"),
        (
            "https://token.actions.githubusercontent.com",
            "issuer",
            "GitHub Actions",
            "Federation",
            "its tokens can be exchanged (workload identity federation)",
        ),
        // Errors.
        ("AADSTS50076", "error of the sign-in service", "AADSTS50076", "Usually means", "mfa-required"),
        ("50076", "error of the sign-in service", "AADSTS50076", "Called", "UserStrongAuthClientAuthNRequired"),
        (
            "interaction_required",
            "OAuth error",
            "interaction_required",
            "Usually means",
            "silent-needs-interaction-mfa",
        ),
        (
            "window_handle_required",
            "error of a client library",
            "window_handle_required",
            "Usually means",
            "broker-needs-window",
        ),
        (
            "IDX10503",
            "exception of a token validation library",
            "IDX10503",
            "Usually means",
            "graph-token-not-meant-for-own-api",
        ),
        (
            "Authorization_RequestDenied",
            "error of Microsoft Graph",
            "Authorization_RequestDenied",
            "Who acts",
            "tenant administrator",
        ),
    ] {
        let found = of_kind(term, kind);
        assert!(found.known, "{term}");
        assert_eq!(found.name, name, "{term}");
        assert_eq!(found.term, term);
        let value = found.details.iter().find(|(other, _)| other == label).map_or("", |(_, value)| value.as_str());
        assert_eq!(value, detail, "{label} of {term}: {:#?}", found.details);
    }
}

#[test]
fn a_permission_says_for_whom_it_is() {
    for (term, text) in [
        ("Mail.Read", "A permission of Microsoft Graph, for users and for apps alone."),
        ("User.Read", "A permission of Microsoft Graph for signed-in users; apps alone cannot have it."),
        (
            "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
            "A permission of Microsoft Graph for signed-in users; apps alone cannot have it. This GUID is the delegated \
             permission.",
        ),
        (
            "df021288-bdef-4463-88db-98f22de89214",
            "A permission of Microsoft Graph, for users and for apps alone. This GUID is the application permission.",
        ),
    ] {
        assert_eq!(of_kind(term, "permission").text, text, "{term}");
    }
    let opens = of_kind("Mail.Read", "permission").details;
    let opens = &opens.iter().find(|(label, _)| label == "Opens").expect("what it opens").1;
    let (calls, kinds) = opens.split_once(" calls: ").expect("a number of calls");
    assert!(calls.parse::<usize>().is_ok_and(|calls| calls > 10), "{opens}");
    for kind in ["for a signed-in user", "with a personal account", "for the app alone"] {
        assert!(kinds.contains(kind), "{opens}");
    }
}

#[test]
fn an_error_says_who_acts_and_what_to_do() {
    for (term, kind, who) in [
        ("AADSTS50076", "error of the sign-in service", "the person who signs in"),
        ("AADSTS90094", "error of the sign-in service", "tenant administrator"),
        ("AADSTS700016", "error of the sign-in service", "app developer"),
        ("temporarily_unavailable", "OAuth error", "Microsoft"),
    ] {
        let found = of_kind(term, kind);
        let value = found.details.iter().find(|(label, _)| label == "Who acts").map(|(_, value)| value.as_str());
        assert_eq!(value, Some(who), "{term}");
        assert!(!found.fix.is_empty(), "{term}");
        assert!(found.links.iter().all(|link| link.starts_with("https://")), "{term}");
    }
}

#[test]
fn names_are_found_by_their_beginning_and_when_misspelt() {
    let mail = of_kind("mail.*", "beginning of names");
    assert_eq!(mail.text, format!("{} names begin like this.", mail.details.len()));
    assert!(mail.details.iter().all(|(name, kind)| name.starts_with("Mail.") && kind == "permission"));
    assert!(mail.details.iter().any(|(name, _)| name == "Mail.Read"));
    assert_eq!(of_kind("token-expire*", "beginning of names").text, "One name begins like this.");
    for term in ["*", "no-such-beginning*", "", "x"] {
        assert!(explain(term).is_empty(), "{term}");
    }
    for (term, meant) in [
        ("Mail.Raed", "Mail.Read"),
        ("mail.reed", "Mail.Read"),
        ("interaction_requird", "interaction_required"),
        ("tokn-expired", "token-expired"),
        ("token-exp", "token-expired"),
    ] {
        assert_eq!(suggestions(term).first(), Some(&meant), "{term}");
        assert!(unknown(term).starts_with(&format!("nothing is known of {term}; did you mean {meant}")), "{term}");
    }
    for term in ["q", "nothing like any name", &"Mail.Read".repeat(20)] {
        assert!(suggestions(term).is_empty(), "{term}");
    }
    assert_eq!(unknown("nothing like any name"), "nothing is known of nothing like any name");
}
