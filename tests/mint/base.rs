//! The tokens that cases start from, with the claims in the order in which Entra writes them.

use super::{Members, Parts, base64url, id, random, reference};
use serde_json::json;

/// Builds [`Members`] from name and value pairs.
macro_rules! members {
    ($($name:literal: $value:expr),* $(,)?) => { Members(vec![$(($name.to_owned(), json!($value).to_string())),*]) };
}

/// The token of that name, issued ten minutes before `now`.
///
/// | name | token |
/// |---|---|
/// | `graph-delegated` | Graph, version 1, a user with `User.Read` |
/// | `graph-app-only` | Graph, version 1, an app with `User.Read.All` |
/// | `managed-identity` | Graph, app-only, a day long, of a virtual machine |
/// | `v2-own-api` | version 2, an own API, a user with `access_as_user` |
/// | `id-token` | version 2, for the app itself |
/// | `client-assertion` | signed by the app, for the token endpoint |
/// | `github`, `kubernetes` | of a workload, for the exchange with Entra |
/// | `b2c` | of a user flow, for an own API |
/// | `actor` | between services |
/// | `none` | no claims at all |
pub(crate) fn base(name: &str, now: i64) -> Parts {
    let (header, claims) = match name {
        "graph-delegated" => (entra_v1(name), graph_delegated(now)),
        "graph-app-only" => (entra_v1(name), graph_app_only(now)),
        "managed-identity" => (entra_v1(name), managed_identity(now)),
        "v2-own-api" => (entra_v2(name), v2_own_api(now)),
        "id-token" => (entra_v2(name), id_token(now)),
        "client-assertion" => {
            let header = members! { "alg": "RS256", "typ": "JWT", "x5t": text(name, 20) };
            (header, client_assertion(now))
        }
        "github" => {
            let header = members! { "typ": "JWT", "alg": "RS256", "x5t": text(name, 20), "kid": id("somebody") };
            (header, github(now))
        }
        "kubernetes" => (members! { "alg": "RS256", "kid": text(name, 32) }, kubernetes(now)),
        "b2c" => (members! { "alg": "RS256", "kid": text(name, 32), "typ": "JWT" }, b2c(now)),
        "actor" => (members! { "typ": "JWT", "alg": "RS256", "x5t": text(name, 20) }, actor(now)),
        "none" => (Members::default(), Members::default()),
        _ => panic!("no base token {name}"),
    };
    Parts { header, claims, signature: 256 }
}

/// Random text of that many bytes.
fn text(seed: &str, count: usize) -> String {
    base64url(&random(seed, count))
}

/// The header of tokens for Graph: the `nonce` in it makes plain signature checks fail.
fn entra_v1(seed: &str) -> Members {
    let key = text("signing key", 20);
    members! { "typ": "JWT", "nonce": text(&format!("{seed} nonce"), 32), "alg": "RS256", "x5t": key, "kid": key }
}

fn entra_v2(_seed: &str) -> Members {
    members! { "typ": "JWT", "alg": "RS256", "kid": text("signing key", 20) }
}

fn graph_delegated(now: i64) -> Members {
    members! {
        "aud": "https://graph.microsoft.com",
        "iss": format!("https://sts.windows.net/{}/", id("tenant")),
        "iat": now - 600,
        "nbf": now - 600,
        "exp": now + 4_200,
        "acct": 0,
        "acr": "1",
        "acrs": ["p1"],
        "aio": format!("AZQAa/8{}", text("aio", 66)),
        "amr": ["pwd", "mfa"],
        "app_displayname": "Fernweh Planner",
        "appid": id("app"),
        "appidacr": "0",
        "family_name": "Beispiel",
        "given_name": "Mika",
        "idtyp": "user",
        "ipaddr": "203.0.113.24",
        "name": "Mika Beispiel",
        "oid": id("user"),
        "platf": "3",
        "puid": "10032000A1B2C3D4",
        "rh": reference(id("tenant"), id("graph")),
        "scp": "User.Read profile openid email",
        "sid": "0c3f9a7e-61d2-4b58-8e04-9f7a2bd15c63",
        "signin_state": ["kmsi"],
        "sub": text("subject", 32),
        "tenant_region_scope": "EU",
        "tid": id("tenant"),
        "unique_name": "mika.beispiel@fernweh.example",
        "upn": "mika.beispiel@fernweh.example",
        "uti": text("uti of the user", 16),
        "ver": "1.0",
        "wids": ["b79fbf4d-3ef9-4689-8143-76b194e85509"],
        "xms_acd": 1_690_000_000,
        "xms_act_fct": "3 9",
        "xms_ftd": text("region", 32),
        "xms_idrel": "1 30",
        "xms_st": json!({ "sub": text("subject of the ID token", 32) }),
        "xms_sub_fct": "3 6",
        "xms_tcdt": 1_520_000_000,
        "xms_tnt_fct": "3 8",
    }
}

fn graph_app_only(now: i64) -> Members {
    members! {
        "aud": "https://graph.microsoft.com",
        "iss": format!("https://sts.windows.net/{}/", id("tenant")),
        "iat": now - 600,
        "nbf": now - 600,
        "exp": now + 3_300,
        "aio": format!("k2ZgYN{}", text("aio", 21)),
        "app_displayname": "Fernweh Nightly",
        "appid": id("app"),
        "appidacr": "1",
        "idp": format!("https://sts.windows.net/{}/", id("tenant")),
        "idtyp": "app",
        "oid": id("principal"),
        "rh": reference(id("tenant"), id("graph")),
        "roles": ["User.Read.All"],
        "sub": id("principal"),
        "tenant_region_scope": "EU",
        "tid": id("tenant"),
        "uti": text("uti of the app", 16),
        "ver": "1.0",
        "wids": ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
        "xms_acd": 1_690_000_000,
        "xms_act_fct": "3 9",
        "xms_ftd": text("region", 32),
        "xms_idrel": "7 24",
        "xms_rd": format!("0.42{}", text("xms_rd", 20)),
        "xms_sub_fct": "3 9",
        "xms_tcdt": 1_520_000_000,
        "xms_tnt_fct": "3 8",
    }
}

/// No display name, a certificate, 24 hours and the five minutes of back-dating.
fn managed_identity(now: i64) -> Members {
    let mut claims = graph_app_only(now);
    claims.remove("app_displayname");
    claims.set("appidacr", json!("2").to_string());
    claims.set("exp", json!(now - 600 + 86_700).to_string());
    let machine = "/subscriptions/4a9c7d02-16be-4f35-9d81-70c3e5ab2f48/resourcegroups/rg-fernweh/providers/\
                   Microsoft.Compute/virtualMachines/vm-fernweh-01";
    claims.set("xms_mirid", json!(machine).to_string());
    claims
}

fn v2_own_api(now: i64) -> Members {
    members! {
        "aud": id("own-api"),
        "iss": format!("https://login.microsoftonline.com/{}/v2.0", id("tenant")),
        "iat": now - 600,
        "nbf": now - 600,
        "exp": now + 4_200,
        "aio": format!("AYQAe/8{}", text("aio", 66)),
        "azp": id("app"),
        "azpacr": "0",
        "name": "Mika Beispiel",
        "oid": id("user"),
        "preferred_username": "mika.beispiel@fernweh.example",
        "rh": reference(id("tenant"), id("own-api")),
        "scp": "access_as_user",
        "sid": "0c3f9a7e-61d2-4b58-8e04-9f7a2bd15c63",
        "sub": text("subject at the own API", 32),
        "tid": id("tenant"),
        "uti": text("uti of the API", 16),
        "ver": "2.0",
        "xms_ftd": text("region", 32),
    }
}

fn id_token(now: i64) -> Members {
    members! {
        "aud": id("app"),
        "iss": format!("https://login.microsoftonline.com/{}/v2.0", id("tenant")),
        "iat": now - 600,
        "nbf": now - 600,
        "exp": now + 3_300,
        "aio": format!("ATQAy/8{}", text("aio", 62)),
        "name": "Mika Beispiel",
        "nonce": "6d1b0f52-83c9-4e7a-9a46-20f5bd71ce38",
        "oid": id("user"),
        "preferred_username": "mika.beispiel@fernweh.example",
        "rh": reference(id("tenant"), id("app")),
        "sid": "0c3f9a7e-61d2-4b58-8e04-9f7a2bd15c63",
        "sub": text("subject of the ID token", 32),
        "tid": id("tenant"),
        "uti": text("uti of the user", 16),
        "ver": "2.0",
    }
}

fn client_assertion(now: i64) -> Members {
    members! {
        "aud": format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", id("tenant")),
        "exp": now + 540,
        "iss": id("app"),
        "jti": "f0a86d31-2c94-4b7e-8d15-3e9b6a70c452",
        "nbf": now - 60,
        "sub": id("app"),
        "iat": now - 60,
    }
}

fn github(now: i64) -> Members {
    members! {
        "jti": "b8e24c07-95d1-4a3f-8c60-d7f1392ae045",
        "sub": "repo:fernweh-example/site:ref:refs/heads/main",
        "aud": "api://AzureADTokenExchange",
        "ref": "refs/heads/main",
        "repository": "fernweh-example/site",
        "repository_owner": "fernweh-example",
        "run_id": "8123456789",
        "actor": "deploy-bot",
        "workflow": "deploy",
        "event_name": "push",
        "iss": "https://token.actions.githubusercontent.com",
        "nbf": now - 360,
        "exp": now + 540,
        "iat": now - 60,
    }
}

fn kubernetes(now: i64) -> Members {
    members! {
        "aud": ["api://AzureADTokenExchange"],
        "exp": now + 3_000,
        "iat": now - 600,
        "iss": "https://kubernetes.default.svc.cluster.local",
        "kubernetes.io": json!({
            "namespace": "jobs",
            "pod": { "name": "nightly-7d9f", "uid": "1f6a83c5-0d42-4be9-97c8-5e2ab1d0f764" },
            "serviceaccount": { "name": "nightly", "uid": "c83d51f0-6b27-4ea4-8f19-a40d7b62e935" },
        }),
        "nbf": now - 600,
        "sub": "system:serviceaccount:jobs:nightly",
    }
}

fn b2c(now: i64) -> Members {
    members! {
        "aud": id("own-api"),
        "iss": format!("https://fernweh.b2clogin.com/{}/v2.0/", id("tenant")),
        "exp": now + 3_000,
        "nbf": now - 600,
        "azp": id("app"),
        "iat": now - 600,
        "name": "Mika Beispiel",
        "oid": id("user"),
        "scp": "read",
        "sub": id("user"),
        "tfp": "b2c_1_signin",
        "ver": "1.0",
    }
}

/// The pattern of CVE-2025-55241: a service speaks for a user, and nobody logs it.
fn actor(now: i64) -> Members {
    members! {
        "aud": format!("00000002-0000-0000-c000-000000000000/graph.windows.net@{}", id("tenant")),
        "iss": format!("00000001-0000-0000-c000-000000000000@{}", id("tenant")),
        "iat": now - 600,
        "nbf": now - 600,
        "exp": now + 86_100,
        "identityprovider": format!("00000001-0000-0000-c000-000000000000@{}", id("tenant")),
        "nameid": format!("00000002-0000-0ff1-ce00-000000000000@{}", id("tenant")),
        "oid": id("principal"),
        "rh": reference(id("tenant"), "00000002-0000-0000-c000-000000000000"),
        "sub": id("principal"),
        "trustedfordelegation": "true",
    }
}
