//! Words by which errors are recognised that carry no number of the sign-in service.

use super::Origin;

/// `error` values of OAuth 2.0 (RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC 8628 section 3.5), OpenID
/// Connect and Entra.
pub(in crate::extract) const OAUTH_ERRORS: [&str; 31] = [
    "access_denied",
    "account_selection_required",
    "authorization_declined",
    "authorization_pending",
    "bad_verification_code",
    "broker_error",
    "code_expired",
    "consent_required",
    "expired_token",
    "insufficient_claims",
    "insufficient_scope",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_instance",
    "invalid_request",
    "invalid_resource",
    "invalid_scope",
    "invalid_target",
    "invalid_tenant",
    "invalid_token",
    "login_required",
    "request_throttled",
    "server_error",
    "slow_down",
    "temporarily_unavailable",
    "unauthorized_client",
    "unmet_authentication_requirements",
    "unsupported_grant_type",
    "unsupported_response_type",
    "user_authentication_required",
];

pub(in crate::extract) fn is_oauth_error(word: &str) -> bool {
    OAUTH_ERRORS.binary_search(&word).is_ok()
}

/// The last OAuth error that stands as a word in a text.
pub(in crate::extract) fn last_oauth_error(text: &str) -> Option<&str> {
    text.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|word| is_oauth_error(word))
}

/// Names that client libraries and brokers give their errors; those of [`OAUTH_ERRORS`] left out. Each stands in the
/// catalogue, or has a neighbour there.
pub(in crate::extract) const LIBRARY_ERRORS: &[&str] = &[
    "authentication_canceled",
    "authority_uri_insecure",
    "block_iframe_reload",
    "block_nested_popups",
    "CredentialUnavailableError",
    "CredentialUnavailableException",
    "crypto_nonexistent",
    "DefaultAzureCredential",
    "device_authentication_failed",
    "empty_input_scopes_error",
    "empty_window_error",
    "endpoints_resolution_error",
    "failed_to_acquire_token_silently_from_broker",
    "hash_does_not_contain_known_properties",
    "hash_empty_error",
    "integrated_windows_auth_not_supported_managed_user",
    "interaction_in_progress",
    "invalid_cache_type",
    "linux_xdg_open_failed",
    "loopback_redirect_uri",
    "managed_identity_request_failed",
    "managed_identity_unreachable_network",
    "missing_tenant_id_error",
    "monitor_popup_timeout",
    "monitor_window_timeout",
    "multiple_matching_tokens_detected",
    "native_account_unavailable",
    "no_account_error",
    "no_account_for_login_hint",
    "no_account_in_silent_request",
    "no_cached_authority_error",
    "no_state_in_hash",
    "no_token_request_cache_error",
    "no_tokens_found",
    "nonce_mismatch",
    "nonce_mismatch_error",
    "openid_config_error",
    "parsing_wstrust_response_failed",
    "popup_window_error",
    "redirect_in_iframe",
    "refresh_token_expired",
    "silent_logout_unsupported",
    "silent_sso_error",
    "state_mismatch",
    "state_not_found",
    "timed_out",
    "token_renewal_error",
    "transfer_token_expired",
    "unable_to_acquire_token_from_native_platform",
    "unknown_broker_error",
    "uninitialized_public_client_application",
    "unknown_user_type",
    "untrusted_authority",
    "url_parse_error",
    "user_cancelled",
    "user_login_error",
    "user_mismatch",
    "user_null",
    "user_realm_discovery_failed",
    "wam_no_network",
    "window_handle_required",
];

/// Numbers of the Windows broker: as decimals, which the catalogue has, and as the hexadecimal that dialogs show.
pub(in crate::extract) const BROKER_NUMBERS: &[(&str, &str)] = &[
    ("2148073494", "2148073494"),
    ("80090016", "2148073494"),
    ("2156265484", "2156265484"),
    ("8086000C", "2156265484"),
    ("3399548929", "3399548929"),
    ("CAA10001", "3399548929"),
    ("3399614467", "3399614467"),
    ("CAA20003", "3399614467"),
    ("3399614476", "3399614476"),
    ("CAA2000C", "3399614476"),
    // Signed, as .NET prints them.
    ("-2146893802", "2148073494"),
    ("-2138701812", "2156265484"),
    ("-895418367", "3399548929"),
    ("-895352829", "3399614467"),
    ("-895352820", "3399614476"),
];

/// The decimal of a number of the Windows broker that the catalogue has.
pub(in crate::extract) fn broker_number(number: &str) -> Option<&'static str> {
    BROKER_NUMBERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(number)).map(|(_, decimal)| *decimal)
}

/// Of [`LIBRARY_ERRORS`] those that say no more than that a credential failed; the refusal itself may stand beside them.
pub(in crate::extract) const CREDENTIAL_ERRORS: [&str; 5] = [
    "CredentialUnavailableError",
    "CredentialUnavailableException",
    "DefaultAzureCredential",
    "managed_identity_request_failed",
    "managed_identity_unreachable_network",
];

/// A sentence that an error is recognised by.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract) struct Phrase {
    /// The words, letter case aside.
    pub(in crate::extract) words: &'static str,
    /// Whose sentence it is.
    pub(in crate::extract) origin: Origin,
    /// The code that the service sends with it, where it is always the same one.
    pub(in crate::extract) code: &'static str,
}

const fn api(words: &'static str, code: &'static str) -> Phrase {
    Phrase { words, origin: Origin::Api, code }
}

const fn sign_in(words: &'static str, code: &'static str) -> Phrase {
    Phrase { words, origin: Origin::SignIn, code }
}

/// Sentences of APIs, sign-in pages, libraries, validators and browsers. Fixed parts only: names and numbers differ.
pub(in crate::extract) const PHRASES: &[Phrase] = &[
    // Microsoft Graph and what stands behind it.
    api("access is denied. check credentials and try again", "ErrorAccessDenied"),
    api("access to odata is disabled", "ErrorAccessDenied"),
    api("blocked by tenant configured apponly accesspolicy", "ErrorAccessDenied"),
    api("insufficient privileges to complete the operation", "Authorization_RequestDenied"),
    api("this operation can only be performed by an administrator", "Authorization_RequestDenied"),
    api("the identity of the calling application could not be established", "Authorization_IdentityNotFound"),
    api("access token validation failure", "InvalidAuthenticationToken"),
    api("access token has expired or is not yet valid", "InvalidAuthenticationToken"),
    api("access token is empty", "InvalidAuthenticationToken"),
    api("compacttoken parsing failed", "InvalidAuthenticationToken"),
    api("compacttoken validation failed", "InvalidAuthenticationToken"),
    api("lifetime validation failed, the token is expired", "InvalidAuthenticationToken"),
    api("continuous access evaluation resulted in challenge", "InvalidAuthenticationToken"),
    api("claimschallengerequiredexception", "InvalidAuthenticationToken"),
    api("missing scope permissions on the request", "Forbidden"),
    api("missing role permissions on the request", "Forbidden"),
    api("no application access policy found for this app", "Forbidden"),
    api("either scp or roles claim need to be present in the token", "accessDenied"),
    api("/me request is only valid with delegated authentication flow", "BadRequest"),
    api("resource not found for the segment", "BadRequest"),
    api("authorization failed due to missing permission scope", "PermissionScopeNotGranted"),
    api("rest api is not yet supported for this mailbox", "MailboxNotEnabledForRESTAPI"),
    api("the tenant for tenant guid", "OrganizationFromTenantGuidNotFound"),
    api("calling principal does not have required msgraph permissions", "Authentication_MSGraphPermissionMissing"),
    api(
        "neither tenant is b2c or tenant doesn't have premium",
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    ),
    api("meeting on behalf of user", "Unauthorized"),
    api("current authenticated context is not valid for this request", "BadRequest"),
    api("not supported in application-only context", ""),
    api("not supported in delegated context", ""),
    api("application is not allowed to perform operations on the user", "Forbidden"),
    api("failed to execute skype backend request", "Forbidden"),
    api("you do not have the required permissions to access this item", ""),
    api("request not applicable to target tenant", ""),
    api("that a subscription within the tenant has lapsed", ""),
    api("the request doesn't contain a valid authentication token", "40001"),
    api("the token contains no permissions, or permissions can not be understood", "NoPermissionsInAccessToken"),
    api("missing application roles. api required roles", "Forbidden"),
    api("invalid audience. expected ", "Unauthorized"),
    // SharePoint.
    api("invalid issuer or signature", ""),
    api("audienceurivalidationfailedexception", ""),
    api("unsupported app only token", ""),
    api("attempted to perform an unauthorized operation", ""),
    // Sign-in pages, in English.
    // The broker of Windows, in the words of MSAL.
    sign_in("windows broker network issue", ""),
    sign_in("ms-appx-web://microsoft.aad.brokerplugin/", ""),
    sign_in("need admin approval", ""),
    sign_in("needs permission to access resources in your organi", ""),
    sign_in("this app requires your admin's approval", ""),
    sign_in("you can't get there from here", ""),
    sign_in("you cannot access this right now", ""),
    sign_in("you can't access this right now", ""),
    sign_in("you don't have access to this", ""),
    sign_in("your admin requires the device requesting access to be managed", ""),
    sign_in("does not meet the criteria to access this resource", ""),
    sign_in("more information required", ""),
    sign_in("access has been blocked by your organization", ""),
    sign_in("we're unable to complete your request", ""),
    sign_in("that microsoft account doesn't exist", ""),
    sign_in("account does not exist in tenant", ""),
    sign_in("tried to sign in too many times with an incorrect", "AADSTS50053"),
    sign_in("you can't sign in here with a personal account", ""),
    sign_in("this username may be incorrect", ""),
    sign_in("user did not consent to login", ""),
    sign_in("configured for use by azure active directory users only", ""),
    sign_in("for the application's 'useraudience' configuration", ""),
    sign_in("provided value for the input parameter 'redirect_uri' is not valid", ""),
    sign_in("the client does not exist or is not enabled for consumers", ""),
    // Middleware that keeps state in cookies.
    sign_in("correlation failed.", "Correlation failed"),
    sign_in("unable to unprotect the message.state", "Correlation failed"),
    sign_in("message.state is null or empty", "Correlation failed"),
    sign_in("openidconnectprotocolvalidationcontext.nonce was null", "IDX21323"),
    sign_in("state cookie was missing", ""),
    sign_in("code_verifier cookie was missing", ""),
    sign_in("login failed: state mismatch", ""),
    sign_in("csrf warning! state not equal in request and response", ""),
    sign_in("unable to verify authorization request state", ""),
    // Browsers.
    sign_in("has been blocked by cors policy", "CORS"),
    sign_in("token renewal operation failed due to timeout", "monitor_window_timeout"),
    sign_in("in a frame because it set 'x-frame-options' to 'deny'", "X-Frame-Options"),
    sign_in("without the `samesite` attribute", "SameSite"),
    sign_in("didn't specify a \"samesite\" attribute", "SameSite"),
    // Libraries.
    sign_in("your app has been throttled by aad due to too many requests", "request_throttled"),
    sign_in("failed to retrieve a token from the included credentials", "DefaultAzureCredential"),
    sign_in("authentication unavailable. environment variables are not fully configured", "CredentialUnavailableError"),
    sign_in("no response from the imds endpoint", "managed_identity_unreachable_network"),
    sign_in("please run 'az login' to set", "CredentialUnavailableError"),
    sign_in("a window handle must be configured", "window_handle_required"),
    sign_in("could not load file or assembly 'microsoft.identity.", ""),
    sign_in("could not load type 'microsoft.identity.", ""),
    sign_in("method not found: 'microsoft.identity.", ""),
    sign_in("keyerror: 'access_token'", ""),
    sign_in("v2error:", ""),
    // Validators of tokens, in APIs that people write.
    sign_in("check the audience and issuer", ""),
    sign_in("issuer is invalid", "invalid_token"),
    sign_in("the signature is invalid", "invalid_token"),
    sign_in("the audience '", "invalid_token"),
    sign_in("the token expired at '", "invalid_token"),
    sign_in("jwt audience invalid", "invalid_token"),
    sign_in("jwt issuer invalid", "invalid_token"),
    sign_in("jsonwebtokenerror:", "invalid_token"),
    sign_in("tokenexpirederror: jwt expired", "invalid_token"),
    sign_in("signature verification failed", "invalid_token"),
    sign_in("invalidaudienceerror", "invalid_token"),
    sign_in("invalidissuererror", "invalid_token"),
    sign_in("signed jwt rejected", "invalid_token"),
    sign_in("authorization has been denied for this request", "invalid_token"),
    sign_in("the iss claim is not valid", "invalid_token"),
    sign_in("the aud claim is not valid", "invalid_token"),
    sign_in("an error occurred while attempting to decode the jwt", "invalid_token"),
    sign_in("notbeforeerror: jwt not active", "invalid_token"),
    sign_in("expiredsignatureerror", "invalid_token"),
    sign_in("immaturesignatureerror", "invalid_token"),
    sign_in("unable to find a signing key that matches", "invalid_token"),
    sign_in("no applicable key found in the json web key set", "invalid_token"),
    sign_in("unexpected \"aud\" claim value", "invalid_token"),
    sign_in("unexpected \"iss\" claim value", "invalid_token"),
    sign_in("\"exp\" claim timestamp check failed", "invalid_token"),
    sign_in("\"nbf\" claim timestamp check failed", "invalid_token"),
];

/// What tools print for a refused request, in lower case: the answer itself stands beside it or is missing.
pub(in crate::extract) const STATUS_LINES: &[&str] = &[
    "the remote server returned an error: (401)",
    "the remote server returned an error: (403)",
    "the remote server returned an error: (429)",
    "response status code does not indicate success: 401",
    "response status code does not indicate success: 403",
    "response status code does not indicate success: 429",
    "request failed with status code 401",
    "request failed with status code 403",
    "request failed with status code 429",
    "401 client error",
    "403 client error",
    "429 client error",
    "resulted in a `401",
    "resulted in a `403",
    // In any language: the status stands in parentheses further on in the line.
    "invoke-restmethod : ",
    "invoke-webrequest : ",
];

/// Graph codes that are a word of their own wherever they stand: no other text uses them.
pub(in crate::extract) const API_CODES: &[&str] = &[
    "ApplicationThrottled",
    "Authentication_ExpiredToken",
    "Authentication_MissingOrMalformed",
    "Authentication_MSGraphPermissionMissing",
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "Authentication_RequestFromUnsupportedUserRole",
    "Authentication_Unauthorized",
    "Authentication_UnsupportedTokenType",
    "Authorization_IdentityDisabled",
    "Authorization_IdentityNotFound",
    "Authorization_RequestDenied",
    "Directory_BindingRedirection",
    "Directory_ConcurrencyViolation",
    "Directory_ObjectNotFound",
    "Directory_QuotaExceeded",
    "Directory_ReplicaUnavailable",
    "ErrorAccessDenied",
    "ExpiredAuthenticationToken",
    "InvalidAuthenticationToken",
    "InvalidAuthenticationTokenAudience",
    "InvalidAuthenticationTokenTenant",
    "invalidSessionAuthentication",
    "MailboxNotEnabledForRESTAPI",
    "MailboxNotSupportedForRESTAPI",
    "NoPermissionsInAccessToken",
    "OrganizationFromTenantGuidNotFound",
    "PermissionScopeNotGranted",
    "Request_BadRequest",
    "Request_MultipleObjectsWithSameKeyValue",
    "Request_ResourceNotFound",
    "Request_ThrottledPermanently",
    "Request_ThrottledTemporarily",
    "Request_UnsupportedQuery",
    "unauthorizedUncategorized",
];

/// What stands in front of any other API code in the output of an SDK or tool, in lower case.
pub(in crate::extract) const API_CODE_LABELS: &[&str] = &[
    "serviceexception: code: ",
    "error code: ",
    "with odata error: ",
    "odataerror: ",
    "exception: code: ",
    "\ncode: ",
];

/// Labels in front of a number of the sign-in service, in lower case: those that are said of nothing else come first.
pub(in crate::extract) const RECORD_LABELS: &[&str] =
    &["sign-in error code", "signin error code", "resulttype", "errornumber", "error code", "errorcode", "error(s)"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_in_lower_case() {
        assert!(OAUTH_ERRORS.is_sorted());
        for phrase in PHRASES {
            assert_eq!(phrase.words, phrase.words.to_lowercase());
        }
    }
}
