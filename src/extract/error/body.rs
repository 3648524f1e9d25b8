//! Error responses as JSON objects: of the token endpoint, of Graph and its neighbours, of the sign-in page, of
//! libraries, and the records of sign-in and audit logs.

use super::{ErrorText, Origin, code, known, text};
use crate::catalog;
use crate::jose::json::{Document, Kind, Value};

/// JSON inside the message of an error, inside the message of an error: levels that are opened.
const LEVELS: usize = 4;

/// Inner errors that are followed to the most exact code.
const INNER: usize = 8;

/// Members that hold an identifier, and its name.
const IDENTIFIERS: [(&str, &str); 44] = [
    ("trace_id", "trace_id"),
    ("traceId", "trace_id"),
    ("correlation_id", "correlation_id"),
    ("correlationId", "correlation_id"),
    ("CorrelationId", "correlation_id"),
    ("correlationID", "correlation_id"),
    ("timestamp", "timestamp"),
    ("date", "timestamp"),
    ("createdDateTime", "timestamp"),
    ("TimeGenerated", "timestamp"),
    ("CreationTime", "timestamp"),
    ("time", "timestamp"),
    ("request-id", "request_id"),
    ("requestId", "request_id"),
    ("sRequestId", "request_id"),
    ("client-request-id", "client_request_id"),
    ("clientRequestId", "client_request_id"),
    ("error_uri", "error_uri"),
    ("claims", "claims"),
    ("appId", "app"),
    ("AppId", "app"),
    ("ApplicationId", "app"),
    ("appDisplayName", "app_name"),
    ("AppDisplayName", "app_name"),
    ("resourceId", "resource"),
    ("ResourceIdentity", "resource"),
    ("resourceDisplayName", "resource_name"),
    ("ResourceDisplayName", "resource_name"),
    ("userPrincipalName", "user"),
    ("UserPrincipalName", "user"),
    ("UserId", "user"),
    ("sPOST_Username", "user"),
    ("ipAddress", "ip"),
    ("IPAddress", "ip"),
    ("ClientIP", "ip"),
    ("tenantId", "tenant"),
    ("resourceTenantId", "tenant"),
    ("OrganizationId", "tenant"),
    ("AADTenantId", "tenant"),
    ("sDeviceId", "device"),
    ("sDeviceState", "device_state"),
    ("statusCode", "status"),
    ("StatusCode", "status"),
    ("_broker_error_code", "broker_code"),
];

/// Reads an object that may be an error response.
pub(in crate::extract) fn read(root: Value<'_>) -> Option<(Origin, ErrorText)> {
    if root.kind() != Kind::Object {
        return None;
    }
    let wrapped = root.get("error").or_else(|| root.get("odata.error")).or_else(|| root.get("Error"));
    match wrapped.map(Value::kind) {
        Some(Kind::Object) => return api(wrapped?, root),
        // `{"error":1}`: a number tells nothing, and no member beside it could.
        Some(kind) if kind != Kind::String && root.len() == 1 => return None,
        _ => {}
    }
    token_endpoint(root)
        .map(|error| (Origin::SignIn, error))
        .or_else(|| description_alone(root))
        .or_else(|| bare_api(root))
        .or_else(|| library(root))
        .or_else(|| page(root).or_else(|| record(root)).map(|error| (Origin::SignIn, error)))
}

/// The text of a string, or of a number.
fn text_of(root: Value<'_>, name: &str) -> Option<String> {
    let value = root.get(name)?;
    value.as_str().map(std::borrow::Cow::into_owned).or_else(|| value.number().map(str::to_owned))
}

fn texts(root: Value<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text_of(root, name).filter(|text| !text.is_empty()))
}

fn identifiers(root: Value<'_>, error: &mut ErrorText) {
    for (member, name) in IDENTIFIERS {
        if let Some(value) = text_of(root, member).filter(|value| !value.is_empty()) {
            error.add(name, value);
        }
    }
    policies(root, error);
}

/// The policies that a claims challenge or a sign-in record names.
fn policies(root: Value<'_>, error: &mut ErrorText) {
    if let Some(claims) = text_of(root, "claims").filter(|claims| claims.starts_with('{')) {
        let document = Document::read(claims);
        let requested = document.root().and_then(|root| root.get("access_token"));
        let ids = requested.and_then(|requested| requested.get("capolids").or_else(|| requested.get("polids")));
        let values = ids.and_then(|ids| ids.get("values").or_else(|| ids.get("Values")));
        for id in values.iter().flat_map(|values| values.items()).filter_map(Value::as_str).take(16) {
            error.handles.push(("policy", id.into_owned()));
        }
    }
    let applied = root.get("appliedConditionalAccessPolicies").or_else(|| root.get("ConditionalAccessPolicies"));
    for policy in applied.iter().flat_map(|policies| policies.items()).take(64) {
        if text_of(policy, "result").is_some_and(|result| result.eq_ignore_ascii_case("failure"))
            && let Some(id) = text_of(policy, "id")
        {
            error.handles.push(("policy", id));
        }
    }
}

/// `{"error":"invalid_grant","error_description":"AADSTS…","error_codes":[…],…}` (RFC 6749 section 5.2).
fn token_endpoint(root: Value<'_>) -> Option<ErrorText> {
    let name = text_of(root, "error");
    let description = texts(root, &["error_description", "errorDescription"]);
    let numbers = root.get("error_codes").or_else(|| root.get("errorCodes"));
    let known = name.as_deref().is_some_and(known::is_oauth_error);
    let described = description.is_some() || numbers.is_some() || root.get("trace_id").is_some();
    if !(name.is_some() && (known || described)) {
        return None;
    }
    let mut error = ErrorText::default();
    // The members say which identifier is which; the message repeats them at most.
    identifiers(root, &mut error);
    described_by(description.as_deref(), &mut error);
    let numbers = numbers.iter().flat_map(|numbers| numbers.items()).take(16);
    let mut codes: Vec<String> = numbers
        .filter_map(|number| {
            number.number().map(str::to_owned).or_else(|| number.as_str().map(|text| text.into_owned()))
        })
        .filter_map(|number| code::from_number(&number))
        .collect();
    if error.codes.is_empty() {
        codes.dedup();
        error.set_codes(codes);
    } else {
        codes.into_iter().for_each(|code| error.add_code(code));
    }
    if error.codes.is_empty()
        && let Some(code) = text_of(root, "error_uri").and_then(|uri| {
            let digits = uri.split_once("code=")?.1;
            code::from_number(digits.split(|c: char| !c.is_ascii_digit()).next()?)
        })
    {
        error.set_codes(vec![code]);
    }
    name.into_iter().for_each(|name| error.set_error(name));
    if let Some(suberror) = texts(root, &["suberror", "sub_error", "error_subcode", "classification"]) {
        error.set_suberror(suberror);
    }
    let broker = error.handle("broker_code").and_then(known::broker_number);
    error.code = error.code.take().or(broker.map(str::to_owned)).or_else(|| error.error.clone());
    Some(error)
}

fn described_by(message: Option<&str>, error: &mut ErrorText) {
    if let Some(message) = message {
        let message = if message.contains("\\r") || message.contains("\\n") || message.contains("&#") {
            text::clean(message.as_bytes())
        } else {
            message.trim_end().to_owned()
        };
        error.read_message(message);
    }
}

/// `{"error_description":"Invalid issuer or signature."}`: SharePoint leaves the error out.
fn description_alone(root: Value<'_>) -> Option<(Origin, ErrorText)> {
    let description = text_of(root, "error_description")?;
    if root.get("error").is_some() {
        return None;
    }
    let mut error = ErrorText::default();
    identifiers(root, &mut error);
    described_by(Some(&description), &mut error);
    let origin = if error.codes.is_empty() { Origin::Api } else { Origin::SignIn };
    let library_code = texts(root, &["error_code", "errorCode", "type"]);
    error.code = error.code.take().or(library_code);
    Some((origin, error))
}

/// `{"error":{"code":"…","message":"…","innerError":{…}}}`: Graph, OneNote, SharePoint, Azure AD Graph, Resource
/// Manager. `outer` may hold identifiers too.
fn api(inner: Value<'_>, outer: Value<'_>) -> Option<(Origin, ErrorText)> {
    let code = text_of(inner, "code").or_else(|| text_of(inner, "Code"));
    let message = message_of(inner);
    if code.is_none() && message.is_none() {
        return None;
    }
    let mut error = ErrorText::default();
    let mut deepest: Option<String> = None;
    let mut nested = inner.get("innerError").or_else(|| inner.get("innererror")).or_else(|| inner.get("inner_error"));
    for _ in 0..INNER {
        let Some(level) = nested else { break };
        identifiers(level, &mut error);
        deepest = text_of(level, "code").filter(|code| catalog::graph_error(code, "").is_some()).or(deepest);
        nested = level.get("innerError").or_else(|| level.get("innererror"));
    }
    identifiers(inner, &mut error);
    identifiers(outer, &mut error);
    for detail in inner.get("details").iter().flat_map(|details| details.items()).take(8) {
        deepest = deepest.or_else(|| text_of(detail, "code").filter(|code| !code.is_empty()));
    }
    Some(api_error(code, deepest, message, error))
}

/// `message`, or the `value` in it that Azure AD Graph and SharePoint have.
fn message_of(inner: Value<'_>) -> Option<String> {
    let message = inner.get("message").or_else(|| inner.get("Message")).or_else(|| inner.get("errorMessage"))?;
    message.get("value").unwrap_or(message).as_str().map(std::borrow::Cow::into_owned)
}

/// Opens JSON in the message as far as it goes, and decides which code leads.
fn api_error(
    outer: Option<String>,
    inner: Option<String>,
    message: Option<String>,
    mut error: ErrorText,
) -> (Origin, ErrorText) {
    let mut lead = inner;
    let mut message = message.unwrap_or_default();
    for _ in 0..LEVELS {
        let Some(start) = message.find('{').filter(|_| message.contains('"')) else { break };
        let document = Document::read(message.get(start..).unwrap_or_default());
        let Some(root) = document.root().filter(|root| root.kind() == Kind::Object) else { break };
        let root = root.get("error").filter(|inner| inner.kind() == Kind::Object).unwrap_or(root);
        let code = texts(root, &["errorCode", "ErrorCode", "code", "Code"]);
        let text = message_of(root);
        if code.is_none() && text.is_none() {
            break;
        }
        lead = code.or(lead);
        identifiers(root, &mut error);
        message = text.unwrap_or_default();
    }
    described_by(Some(&message), &mut error);
    let origin = if error.codes.is_empty() { Origin::Api } else { Origin::SignIn };
    let outer = outer.filter(|code| !code.is_empty());
    if let (Some(outer), true) = (&outer, lead.is_some() || origin == Origin::SignIn) {
        error.error.get_or_insert_with(|| outer.clone());
    }
    // The documented code `429` of the inner error only repeats the status.
    let exact = lead.filter(|code| code.len() > 3);
    error.code = error.code.take().or(exact).or(outer);
    (origin, error)
}

/// The inner object alone, as the JavaScript SDK prints it, and the objects of neighbouring services: recognised by a
/// code that the catalogue has, or by the identifiers of Graph beside it.
fn bare_api(root: Value<'_>) -> Option<(Origin, ErrorText)> {
    let code = texts(root, &["code", "Code", "errorCode", "ErrorCode"])?;
    let message = message_of(root)?;
    let inner = root.get("innerError").or_else(|| root.get("innererror"));
    let named = catalog::graph_error(&code, "").is_some_and(|known| known.code.is_some());
    if inner.is_none() && !(named && code.bytes().any(|byte| byte.is_ascii_alphabetic())) {
        return None;
    }
    let mut error = ErrorText::default();
    inner.into_iter().for_each(|inner| identifiers(inner, &mut error));
    identifiers(root, &mut error);
    Some(api_error(Some(code), None, Some(message), error))
}

/// The exception objects of MSAL: `{"errorCode":"invalid_grant","errorMessage":"AADSTS…","subError":…}`.
fn library(root: Value<'_>) -> Option<(Origin, ErrorText)> {
    let code = texts(root, &["errorCode", "error_code"])?;
    let message = texts(root, &["errorMessage", "error_description", "message"])?;
    let known = known::is_oauth_error(&code) || known::LIBRARY_ERRORS.contains(&code.as_str());
    if !known && code::scan(&message).is_empty() {
        return None;
    }
    let mut error = ErrorText::default();
    identifiers(root, &mut error);
    described_by(Some(&message), &mut error);
    if known::is_oauth_error(&code) {
        error.set_error(code.clone());
    }
    texts(root, &["subError", "suberror", "sub_error"]).into_iter().for_each(|suberror| error.set_suberror(suberror));
    error.code = error.code.take().or(Some(code));
    Some((Origin::SignIn, error))
}

/// `$Config` of the sign-in page, and of login.live.com, which has a text and no number of ours.
fn page(root: Value<'_>) -> Option<ErrorText> {
    let number = texts(root, &["sErrorCode", "iErrorCode"]).filter(|number| number != "0");
    if number.is_none() && root.get("sErrTxt").is_none() && root.get("strServiceExceptionMessage").is_none() {
        return None;
    }
    let texts_of_page =
        ["strServiceExceptionMessage", "strMainMessage", "strAdditionalMessage", "sErrTxt", "strErrorMessage"];
    let message = texts(root, &texts_of_page);
    if number.is_none() && message.is_none() {
        return None;
    }
    let mut error = ErrorText::default();
    identifiers(root, &mut error);
    described_by(message.as_deref(), &mut error);
    if error.codes.is_empty() {
        let code = number.as_deref().and_then(code::from_number);
        // Numbers of login.live.com are hexadecimal and none of the service's.
        error.code = number.filter(|_| code.is_none());
        error.set_codes(code.into_iter().collect());
    }
    Some(error)
}

/// A record of the sign-in log (Graph and Log Analytics) or of the unified audit log. Zero is success.
fn record(root: Value<'_>) -> Option<ErrorText> {
    let nested = |name: &str| {
        let value = root.get(name)?;
        let document = value.as_str().map(|text| Document::read(text.into_owned()))?;
        document.root().and_then(|status| status_number(status))
    };
    let object = ["status", "Status"].into_iter().find_map(|name| root.get(name).and_then(status_number));
    let properties = root.get("properties").and_then(|properties| properties.get("status")).and_then(status_number);
    let number = texts(root, &["ResultType", "resultType", "ErrorNumber", "errorNumber"]);
    let symbol = text_of(root, "LogonError");
    let (number, mut message) = object
        .or(properties)
        .or_else(|| nested("Status"))
        .or_else(|| status_number(root))
        .or_else(|| number.map(|number| (number, None)))
        .or_else(|| symbol.as_ref().map(|_| (String::new(), None)))?;
    let code = code::from_number(&number).or_else(|| {
        // Some records have the name of the error where others have its number.
        let symbol = symbol.as_deref()?;
        catalog::sign_in_errors_named(symbol).next().map(|error| error.code())
    });
    let code = code?;
    message = message.or_else(|| texts(root, &["ResultDescription", "resultDescription", "failureReason"])).or(symbol);
    let mut error = ErrorText::default();
    identifiers(root, &mut error);
    root.get("properties").into_iter().for_each(|properties| identifiers(properties, &mut error));
    described_by(message.as_deref(), &mut error);
    error.set_codes(vec![code]);
    Some(error)
}

/// `{"errorCode":50126,"failureReason":"…","additionalDetails":"…"}`
fn status_number(status: Value<'_>) -> Option<(String, Option<String>)> {
    status.get("failureReason").or_else(|| status.get("additionalDetails"))?;
    let reason = texts(status, &["failureReason"]);
    let details = texts(status, &["additionalDetails"]);
    let message = match (reason, details) {
        (Some(reason), Some(details)) => Some(format!("{reason}\n{details}")),
        (reason, details) => reason.or(details),
    };
    Some((text_of(status, "errorCode")?, message))
}
