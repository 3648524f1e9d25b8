//! The ways in which people paste tokens.

use super::{base64, id, opaque};
use serde_json::json;

/// A name, and what puts a token into a text.
pub(crate) type Holder = (&'static str, fn(&str) -> String);

/// A name, and what makes of a text the bytes that arrive.
pub(crate) type Carrier = (&'static str, fn(&str) -> Vec<u8>);

/// What holds a token: name, and the text with the token in it.
pub(crate) const HOLDERS: &[Holder] = &[
    ("bare", |token| token.to_owned()),
    ("bearer", |token| format!("Bearer {token}")),
    ("authorization-header", |token| format!("Authorization: Bearer {token}")),
    ("sentence", |token| format!("This is what I get back:\n\n{token}\n\nand Graph says 401. What now?")),
    ("curl", |token| format!("curl -s -H 'Authorization: Bearer {token}' https://graph.microsoft.com/v1.0/me")),
    ("curl-lines", |token| {
        format!(
            "curl https://graph.microsoft.com/v1.0/me \\\n  --header \"Authorization: Bearer {token}\" \\\n  --compressed"
        )
    }),
    ("curl-cmd", |token| {
        format!(
            "curl.exe \"https://graph.microsoft.com/v1.0/me\" ^\r\n  -H \"authorization: Bearer {token}\" ^\r\n  -i\r\n"
        )
    }),
    ("curl-bearer-option", |token| format!("curl --oauth2-bearer {token} https://graph.microsoft.com/v1.0/me")),
    ("powershell", |token| {
        format!(
            "Invoke-RestMethod -Uri \"https://graph.microsoft.com/v1.0/me\" `\n  -Headers @{{ Authorization = \"Bearer {token}\" }}"
        )
    }),
    ("powershell-variable", |token| format!("$token = \"{token}\"\nConnect-MgGraph -AccessToken $token")),
    ("python", |token| format!("headers = {{'Authorization': 'Bearer {token}', 'Accept': 'application/json'}}")),
    ("javascript", |token| {
        format!(
            "const accessToken = `{token}`;\nfetch(url, {{ headers: {{ authorization: `Bearer ${{accessToken}}` }} }});"
        )
    }),
    ("http", |token| {
        format!(
            "GET /v1.0/me HTTP/1.1\r\nHost: graph.microsoft.com\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\
             User-Agent: fernweh/1.0\r\n\r\n"
        )
    }),
    ("http-2", |token| {
        format!("GET https://graph.microsoft.com/v1.0/me HTTP/2\nauthorization: Bearer {token}\naccept: */*\n")
    }),
    ("har", |token| har(&format!("Bearer {token}"), &json!({ "mimeType": "application/json", "text": "{}" }))),
    ("har-response", |token| {
        har("Bearer", &json!({ "mimeType": "application/json", "text": reply(token).to_string() }))
    }),
    ("har-response-base64", |token| {
        let body = base64(reply(token).to_string().as_bytes());
        har("Bearer", &json!({ "mimeType": "application/json", "encoding": "base64", "text": body }))
    }),
    ("token-reply", |token| reply(token).to_string()),
    ("token-reply-pretty", |token| format!("{:#}", reply(token))),
    ("token-reply-v1", |token| {
        json!({
            "token_type": "Bearer", "expires_in": "3599", "ext_expires_in": "3599", "expires_on": "1772362800",
            "not_before": "1772358900", "resource": "https://graph.microsoft.com", "access_token": token,
        })
        .to_string()
    }),
    ("imds", |token| {
        json!({
            "access_token": token, "refresh_token": "", "expires_in": "3599", "expires_on": "1772362800",
            "not_before": "1772358900", "resource": "https://graph.microsoft.com/", "token_type": "Bearer",
        })
        .to_string()
    }),
    ("app-service", |token| {
        json!({
            "access_token": token, "expires_on": "03/01/2026 11:00:00 +00:00",
            "resource": "https://graph.microsoft.com", "token_type": "Bearer",
        })
        .to_string()
    }),
    ("az-cli", |token| {
        format!(
            "$ az account get-access-token\n{:#}",
            json!({
                "accessToken": token, "expiresOn": "2026-03-01 12:00:00.000000", "expires_on": 1_772_362_800,
                "subscription": "4a9c7d02-16be-4f35-9d81-70c3e5ab2f48", "tenant": id("tenant"), "tokenType": "Bearer",
            })
        )
    }),
    ("az-powershell-list", |token| {
        format!(
            "\r\nToken     : {}\r\nExpiresOn : 3/1/2026 11:10:00 AM +00:00\r\nType      : Bearer\r\nTenantId  : {}\r\n\
             UserId    : mika.beispiel@fernweh.example\r\n",
            hanging(token, 12, 80),
            id("tenant")
        )
    }),
    ("az-powershell-json", |token| {
        let token = json!({ "Token": token, "ExpiresOn": "2026-03-01T11:10:00+00:00", "TenantId": id("tenant"), "Type": "Bearer" });
        format!("{token:#}")
    }),
    ("adal-cache", |token| {
        json!([{
            "tokenType": "Bearer", "expiresIn": 3599, "expiresOn": "2026-03-01 11:10:00.000000",
            "resource": "https://graph.microsoft.com/", "accessToken": token, "isMRRT": true,
            "_clientId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "_authority": format!("https://login.microsoftonline.com/{}", id("tenant")),
            "userId": "mika.beispiel@fernweh.example",
        }])
        .to_string()
    }),
    ("msal-cache", |token| {
        let account = format!("{}.{}", id("user"), id("tenant"));
        let key = format!("{account}-login.microsoftonline.com-accesstoken-{}-{}-user.read", id("app"), id("tenant"));
        let entry = json!({
            "credential_type": "AccessToken", "secret": token, "home_account_id": account,
            "environment": "login.microsoftonline.com", "client_id": id("app"), "target": "User.Read openid profile",
            "realm": id("tenant"), "token_type": "Bearer", "cached_at": "1772358900", "expires_on": "1772362800",
            "extended_expires_on": "1772362800",
        });
        format!("{:#}", json!({ "AccessToken": { key: entry }, "Account": {}, "AppMetadata": {} }))
    }),
    ("msal-browser", |token| {
        let account = format!("{}.{}", id("user"), id("tenant"));
        let key = format!("{account}-login.windows.net-accesstoken-{}-{}-user.read--", id("app"), id("tenant"));
        let entry = json!({
            "homeAccountId": account, "credentialType": "AccessToken", "secret": token, "cachedAt": "1772358900",
            "expiresOn": "1772362800", "environment": "login.windows.net", "clientId": id("app"),
            "realm": id("tenant"), "target": "User.Read", "tokenType": "Bearer",
        });
        json!({ key: entry.to_string(), "msal.account.keys": "[]" }).to_string()
    }),
    ("easy-auth", |token| {
        format!(
            "X-MS-CLIENT-PRINCIPAL-NAME: mika.beispiel@fernweh.example\nX-MS-TOKEN-AAD-ACCESS-TOKEN: {token}\nDISGUISED-HOST: fernweh.example\n"
        )
    }),
    ("redirect-fragment", |token| {
        format!(
            "https://app.fernweh.example/callback#access_token={token}&token_type=Bearer&expires_in=3599&scope=User.Read&state=x1"
        )
    }),
    ("query", |token| format!("https://api.fernweh.example/me?access_token={token}&v=1")),
    ("form", |token| format!("token_type_hint=access_token&token={token}")),
    ("env-file", |token| format!("# local settings\nGRAPH_TOKEN={token}\nLOG_LEVEL=debug\n")),
    ("env-export", |token| format!("export TOKEN=\"{token}\"")),
    ("yaml", |token| format!("graph:\n  token: {token}\n  timeout: 30\n")),
    ("yaml-quoted", |token| format!("graph: {{ token: '{token}', timeout: 30 }}")),
    ("xml", |token| format!("<configuration>\n  <add key=\"token\" value=\"{token}\" />\n</configuration>")),
    ("xml-element", |token| format!("<AccessToken>{token}</AccessToken>")),
    ("log-line", |token| {
        format!(
            "2026-03-01 10:00:00,123 DEBUG [http-client] > Authorization: Bearer {token}\n2026-03-01 10:00:01,004 WARN [http-client] < 401\n"
        )
    }),
    ("log-json", |token| {
        json!({ "level": "debug", "msg": "request", "headers": { "authorization": format!("Bearer {token}") } })
            .to_string()
    }),
    ("csv", |token| format!("time,user,token\n2026-03-01T10:00:00Z,mika,{token}\n2026-03-01T10:00:05Z,mika,\n")),
    ("markdown", |token| format!("My token:\n\n```\n{token}\n```\n\nThanks!")),
    ("markdown-code", |token| format!("the token is `{token}` and")),
    ("brackets", |token| format!("(token: {token})")),
    ("angle-brackets", |token| format!("token <{token}>")),
    ("typographic-quotes", |token| format!("the token \u{201C}{token}\u{201D} is refused")),
    ("no-break-spaces", |token| format!("\u{A0}{token}\u{A0}")),
    ("zero-width", |token| format!("\u{200B}{token}\u{200B}")),
    ("zero-width-inside", |token| inside(token, 200, "\u{200B}")),
    ("zero-width-at-dots", |token| token.replace('.', "\u{200B}.")),
    ("colours", |token| format!("\u{1B}[32mtoken:\u{1B}[0m \u{1B}[33m{token}\u{1B}[0m\n")),
    ("full-stop", |token| format!("I send {token}.")),
    ("comma", |token| format!("{token},\n")),
    ("semicolon", |token| format!("'{token}';")),
];

/// What carries text on: name, and the bytes that arrive.
pub(crate) const CARRIERS: &[Carrier] = &[
    ("as-is", |text| text.into()),
    ("blank-lines", |text| format!("\n\n  {text}\n\n\t").into()),
    ("carriage-returns", |text| text.replace("\r\n", "\n").replace('\n', "\r\n").into()),
    ("byte-order-mark", |text| format!("\u{FEFF}{text}").into()),
    ("utf16-le", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("utf16-be", |text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("utf16-le-mark", |text| format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("utf16-be-mark", |text| format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("json-string", |text| json!({ "body": text }).to_string().into()),
    ("json-string-twice", |text| json!({ "log": json!({ "body": text }).to_string() }).to_string().into()),
    ("indented", |text| lines(text, "    ").into()),
    ("mail-quote", |text| lines(&wrap_lines(text, 72), "> ").into()),
    ("mail-quote-twice", |text| lines(&wrap_lines(text, 68), ">> ").into()),
    ("code-fence", |text| format!("```text\n{text}\n```\n").into()),
    ("query-parameter", |text| format!("https://paste.fernweh.example/?text={}&lang=en", percent(text)).into()),
    ("query-parameter-twice", |text| format!("next=%2Fview%3Ftext%3D{}", percent(&percent(text))).into()),
    ("console-80", |text| wrap_lines(text, 80).into()),
    ("console-120", |text| wrap_lines(&text.replace("\r\n", "\n"), 120).replace('\n', "\r\n").into()),
    ("har-content", |text| har("Bearer", &json!({ "mimeType": "text/plain", "text": text })).into()),
];

/// What takes a token apart, so that something stands between its pieces: nothing is carried on in these.
pub(crate) const JOINTS: &[Holder] = &[
    ("log-name", |text| lines(&wrap_lines(text, 120), "app_1  | ")),
    ("log-name-and-label", |text| lines(&wrap_lines(&format!("token: {text}"), 120), "app_1  | ")),
    ("log-time", |text| numbered(text, 90, |line| format!("[10:00:{:02}] ", line % 60))),
    ("log-time-and-process", |text| {
        numbered(text, 110, |line| format!("Mar 01 10:{:02}:00 host app[4711]: ", line % 60))
    }),
    ("line-numbers", |text| numbered(text, 80, |line| format!("{line:4}  "))),
    ("box", |text| lines(&wrap_lines(text, 76), "\u{2502} ")),
    ("quoted-printable", |text| wrap_lines(text, 75).replace('\n', "=\n")),
    ("quoted-printable-returns", |text| format!("Token: {}", wrap_lines(text, 75).replace('\n', "=\r\n"))),
    ("csharp-pieces", |text| format!("var token = \"{}\";", wrap_lines(text, 400).replace('\n', "\" +\n    \""))),
    ("javascript-pieces", |text| format!("const token = '{}';", wrap_lines(text, 400).replace('\n', "'\n  + '"))),
    ("python-pieces", |text| format!("token = (\n    \"{}\"\n)", wrap_lines(text, 100).replace('\n', "\"\n    \""))),
    ("php-pieces", |text| format!("$token = '{}';", wrap_lines(text, 300).replace('\n', "' .\n  '"))),
    ("powershell-pieces", |text| format!("$t  = '{}'", wrap_lines(text, 500).replace('\n', "'\n$t += '"))),
    ("basic-pieces", |text| format!("token = \"{}\"", wrap_lines(text, 300).replace('\n', "\" & _\n  \""))),
    ("page-spans", |text| {
        format!("<td><span>{}</span></td>", wrap_lines(text, 300).replace('\n', "</span><wbr><span class=\"v\">"))
    }),
    ("markdown-escapes", |text| text.replace('_', "\\_")),
    ("base64", |text| format!("data:\n  token: {}\n", base64(text.as_bytes()))),
    ("base64-lines", |text| wrap_lines(&base64(text.as_bytes()), 76)),
    ("base64-header", |text| base64(format!("Authorization: Bearer {text}").as_bytes())),
    ("base64-bearer", |text| base64(format!("Bearer {text}").as_bytes())),
];

/// Puts a token into the wrappings of these names, innermost first.
pub(crate) fn wrap(token: &str, names: &[String]) -> Vec<u8> {
    let mut bytes = token.as_bytes().to_vec();
    for name in names {
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("only text goes into {name}"));
        let holder = HOLDERS.iter().find(|(other, _)| other == name).map(|(_, hold)| hold(&text).into_bytes());
        let holder =
            holder.or_else(|| JOINTS.iter().find(|(other, _)| other == name).map(|(_, hold)| hold(&text).into_bytes()));
        let carrier = || CARRIERS.iter().find(|(other, _)| other == name).map(|(_, carry)| carry(&text));
        bytes = holder.or_else(carrier).unwrap_or_else(|| panic!("no wrapping {name}"));
    }
    bytes
}

/// Breaks every line that is longer than `width` characters, as consoles do.
pub(crate) fn wrap_lines(text: &str, width: usize) -> String {
    let mut broken = String::new();
    for (index, line) in text.split('\n').enumerate() {
        broken.push_str(if index > 0 { "\n" } else { "" });
        for (column, character) in line.chars().enumerate() {
            if column > 0 && column % width == 0 && character != '\r' {
                broken.push('\n');
            }
            broken.push(character);
        }
    }
    broken
}

/// Percent-encodes all but unreserved characters, as `encodeURIComponent` does.
pub(crate) fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Puts a prefix in front of every line.
fn lines(text: &str, prefix: &str) -> String {
    text.split('\n').map(|line| format!("{prefix}{line}")).collect::<Vec<_>>().join("\n")
}

/// Breaks lines and puts a prefix in front of each that depends on its number.
fn numbered(text: &str, width: usize, prefix: fn(usize) -> String) -> String {
    let text = wrap_lines(text, width);
    let lines = text.split('\n').enumerate().map(|(index, line)| format!("{}{line}", prefix(index + 7)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Breaks a value at the width of a console and indents it, as PowerShell prints lists.
fn hanging(value: &str, indent: usize, width: usize) -> String {
    let pieces: Vec<String> =
        value.as_bytes().chunks(width - indent).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    pieces.join(&format!("\r\n{}", " ".repeat(indent)))
}

fn inside(token: &str, every: usize, mark: &str) -> String {
    let pieces: Vec<String> =
        token.as_bytes().chunks(every).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    pieces.join(mark)
}

/// A reply of the token endpoint.
pub(crate) fn reply(token: &str) -> serde_json::Value {
    json!({
        "token_type": "Bearer", "scope": "User.Read profile openid email", "expires_in": 4_199,
        "ext_expires_in": 4_199, "access_token": token,
    })
}

/// The same with a refresh token and an ID token.
pub(crate) fn full_reply(token: &str, id_token: &str) -> String {
    let mut reply = reply(token);
    reply["refresh_token"] = json!(opaque("refresh-token"));
    reply["id_token"] = json!(id_token);
    reply["client_info"] = json!("eyJ1aWQiOiIyZTZmYjhkMSIsInV0aWQiOiI4ZjFmN2IwZSJ9");
    reply.to_string()
}

fn har(authorization: &str, content: &serde_json::Value) -> String {
    let entry = json!({
        "startedDateTime": "2026-03-01T10:00:00.000Z",
        "request": {
            "method": "GET", "url": "https://graph.microsoft.com/v1.0/me", "httpVersion": "HTTP/2",
            "headers": [
                { "name": "Accept", "value": "application/json" },
                { "name": "Authorization", "value": authorization },
            ],
        },
        "response": { "status": 401, "content": content },
    });
    let headers = json!([{ "name": "Accept", "value": "application/json" }]);
    let mut har = json!({ "log": { "version": "1.2", "creator": { "name": "browser" }, "entries": [entry] } });
    if authorization == "Bearer" {
        har["log"]["entries"][0]["request"]["headers"] = headers;
    }
    har.to_string()
}
