//! Where a look-alike counts and where it does not.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

fn jwt(claims: &str) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("{}.{}.{}", part(br#"{"typ":"JWT","alg":"RS256"}"#), part(claims.as_bytes()), part(&[7; 256]))
}

/// The ids of the look-alike rules that fire on a paste.
fn fired(paste: &str) -> Vec<&'static str> {
    let scenario = crate::scenario::Scenario::default();
    let options = crate::Options { scenario, ..crate::Options::at(1_000_000_000) };
    let facts = Facts::new(crate::extract::extract(paste.as_bytes()), &options);
    let rules = [
        CLIENT_SECRET_PASTED,
        REFRESH_TOKEN_PASTED,
        AUTHORIZATION_CODE_PASTED,
        CLIENT_ASSERTION_PASTED,
        FEDERATED_TOKEN_PASTED,
        SAML_ASSERTION_PASTED,
        ID_TOKEN_USED_AS_ACCESS_TOKEN,
    ];
    let fires = |rule: &Rule| matches!((rule.judge)(&facts), Judgement::Found(_));
    rules.iter().filter(|rule| fires(rule)).map(|rule| rule.id).collect()
}

#[test]
fn look_alikes_count_where_an_access_token_belongs() {
    let client = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346";
    let id_claims = format!(r#"{{"aud":"{client}","ver":"2.0","nonce":"n","oid":"o","iss":"i","sub":"s","exp":1}}"#);
    let id_token = jwt(&id_claims);
    let access_token = jwt(r#"{"aud":"https://graph.microsoft.com","appid":"a","scp":"User.Read","exp":1}"#);
    // In pieces, so that scanners for secrets take no offence.
    let secret = format!("abc8{}{}", "Q~", "d".repeat(34));
    let sent = |token: &str| {
        format!("GET /v1.0/me HTTP/1.1\r\nHost: graph.microsoft.com\r\nAuthorization: Bearer {token}\r\n")
    };
    for (paste, wanted) in [
        (id_token.clone(), &["id-token-used-as-access-token"][..]),
        (id_claims.clone(), &["id-token-used-as-access-token"]),
        (format!(r#"{{"id_token":"{id_token}","access_token":"{access_token}"}}"#), &[]),
        (
            format!("{}\r\n\r\n{{\"access_token\":\"{access_token}\"}}", sent(&id_token)),
            &["id-token-used-as-access-token"],
        ),
        (format!("{}\r\n\r\n{{\"id_token\":\"{id_token}\"}}", sent(&access_token)), &[]),
        (format!(r#"{{"access_token":"EwB{}","id_token":"{id_token}"}}"#, "Ab0+".repeat(100)), &[]),
        (secret.clone(), &["client-secret-pasted"]),
        (format!("grant_type=client_credentials&client_id={client}&client_secret={secret}"), &[]),
        (
            format!(
                r#"{{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret"}} {secret}"#
            ),
            &[],
        ),
        ("nothing to be seen".to_owned(), &[]),
    ] {
        assert_eq!(fired(&paste), wanted, "{paste}");
    }
}
