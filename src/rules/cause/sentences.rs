//! Codes by the fixed words of their messages.
//!
//! Portals, pages and people leave the number out. Whatever of the sentence is always the same then stands for it, so
//! that a message without its number has the same causes as one with it. Names and values in the sentences differ, and
//! the service changes its wording over the years: so these are the fewest words that tell one message from all others.

use crate::catalog;

/// Words that a message has to hold, all of them, in lower case; and the digits of the code that they stand for. The
/// first match counts: what is more exact stands first.
const SENTENCES: &[(&[&str], &str)] = &[
    // Consent and assignment.
    (&["has not consented to use the application"], "65001"),
    (&["declined to consent"], "65004"),
    (&["must be configured via preauthorization"], "65002"),
    (&["misconfigured application"], "650056"),
    (&["lacks a service principal for"], "650052"),
    (&["has not subscribed to or enabled"], "650052"),
    (&["asked for scope", "exist on the resource"], "650053"),
    (&["not listed in the requested permissions"], "650057"),
    (&["the grant requires admin permission"], "90094"),
    (&["calling principal cannot consent"], "90093"),
    (&["is not assigned to a role for the application"], "50105"),
    (&["block users unless they are specifically granted"], "50105"),
    (&["missing service principal in the tenant"], "7000229"),
    (&["the resource principal named"], "500011"),
    (&["service principal for resource", "is disabled"], "500014"),
    (&["application '", "is disabled"], "7000112"),
    (&["application is disabled"], "7000112"),
    (&["no applicable permissions were found"], "90023"),
    // Proof of the client.
    (&["invalid client secret"], "7000215"),
    (&["client secret keys", "are expired"], "7000222"),
    (&["'client_assertion', 'client_secret' or 'request' is required"], "7000216"),
    (&["following parameter: 'client_assertion' or 'client_secret'"], "7000218"),
    (&["following parameter: 'client_secret or client_assertion'"], "7000218"),
    (&["client is public so neither"], "700025"),
    (&["public clients can't send a client secret"], "90023"),
    (&["client assertion", "signature"], "700027"),
    (&["sign the client assertion is not registered"], "700027"),
    (&["client assertion is not within its valid time range"], "700024"),
    (&["client assertion audience"], "700023"),
    (&["invalid audience uri in the client assertion"], "50012"),
    (&["number of audience values in the provided client credential"], "5002741"),
    (&["provided certificate is not within its specified validity"], "1000502"),
    (&["no matching federated identity record", "case-insensitive comparison"], "7002138"),
    (&["no matching federated identity record", "presented assertion issuer"], "700211"),
    (&["no matching federated identity record", "presented assertion audience"], "700212"),
    (&["no matching federated identity record"], "700213"),
    // App, tenant, account.
    (&["application with identifier", "was not found in the directory"], "700016"),
    (&["application identifier is expected to be a guid"], "90112"),
    (&["specified tenant identifier"], "900023"),
    (&["tenant identifiers may not be an empty guid"], "900021"),
    (&["no tenant-identifying information"], "50059"),
    (&["tenant '", "' not found"], "90002"),
    (&["is not configured as a multi-tenant application"], "50194"),
    (&["from identity provider", "does not exist in tenant"], "50020"),
    (&["user account is not found in tenant"], "16003"),
    (&["multiple user identities are available"], "16000"),
    (&["grant type is not supported over the"], "9001023"),
    (&["unable to issue tokens from this api version"], "500201"),
    (&["configured for use by microsoft account users only"], "9002331"),
    (&["configured for use by azure active directory users only"], "9002332"),
    (&["is not supported over the /common or /consumers"], "90130"),
    (&["personal microsoft accounts are not supported for this application"], "500200"),
    (&["not a valid login domain for the account type"], "500208"),
    (&["account type can't be used for the resource"], "500207"),
    (&["is requesting a token for itself"], "90009"),
    (&["user account", "does not exist in the", "directory"], "50034"),
    (&["the account must be added to the", "directory"], "50034"),
    (&["user account is disabled"], "50057"),
    (&["tried to sign in too many times"], "50053"),
    (&["invalid username or password"], "50126"),
    (&["active directory password has expired"], "50144"),
    (&["the password is expired"], "50055"),
    (&["tenant restrictions policy"], "5000211"),
    (&["access to '", "tenant is denied"], "500021"),
    (&["cross-tenant access policy"], "500212"),
    (&["not supported in cross cloud request"], "900432"),
    (&["requests are not supported on the public endpoint"], "900439"),
    (&["not supported on usgov endpoints"], "900440"),
    (&["is not allowed on identity tenant"], "1000104"),
    // Redirects and codes.
    (&["does not match the redirect uris configured"], "50011"),
    (&["does not match the reply urls configured"], "50011"),
    (&["does not match the reply addresses configured"], "50011"),
    (&["no reply address is registered"], "500113"),
    (&["no reply address provided"], "900971"),
    (&["cross-origin token redemption is permitted only"], "9002326"),
    (&["may only be redeemed via cross-origin requests"], "9002327"),
    (&["proof key for code exchange is required"], "9002325"),
    (&["response_type 'id_token' is not enabled"], "700054"),
    (&["response_type 'token' is not enabled"], "700051"),
    (&["does not match the code_challenge"], "501481"),
    (&["authorization code was already redeemed"], "54005"),
    (&["authorization code", "other tenant"], "700005"),
    (&["authorization code or refresh token has expired"], "70008"),
    (&["authorization code is expired"], "70008"),
    (&["authorization code has expired"], "70008"),
    (&["a silent sign-in request was sent but no user is signed in"], "50058"),
    (&["session information is not sufficient for single-sign-on"], "50058"),
    // Scopes and parameters.
    (&["client credential flows must have a scope value"], "1002012"),
    (&["contains more than one resource"], "28000"),
    (&["input parameter 'scope' is not valid"], "70011"),
    (&["'scope' input parameter"], "70011"),
    (&["'resource' request parameter is not supported"], "901002"),
    (&["request body must contain the following parameter"], "900144"),
    (&["required field '", "is missing from the credential"], "90014"),
    (&["endpoint only accepts post"], "900561"),
    (&["unsupported grant type"], "70003"),
    // Grants.
    (&["scopes requested are unauthorized or expired"], "70000"),
    (&["grant is invalid or malformed"], "70000"),
    (&["authorization code is malformed"], "70000"),
    (&["input parameter 'refresh_token' is not valid"], "70000"),
    (&["request is malformed or invalid"], "9002313"),
    (&["grant was issued for a different client"], "700007"),
    (&["grant was obtained for a different tenant"], "7000012"),
    (&["expired due to it being revoked"], "50173"),
    (&["expiration or recent password change"], "50133"),
    (&["sign-in frequency checks by conditional access"], "70043"),
    (&["refresh token", "single page app"], "700084"),
    (&["refresh token has expired due to inactivity"], "700082"),
    (&["client request loop"], "50196"),
    // Policies.
    (&["you must enroll in multi-factor authentication"], "50079"),
    (&["you must use multi-factor authentication"], "50076"),
    (&["is required to use multi-factor authentication"], "50079"),
    (&["strong authentication is required"], "50074"),
    (&["external security challenge not satisfied"], "50158"),
    (&["blocked by conditional access token protection"], "530084"),
    (&["blocked by conditional access policies"], "53003"),
    (&["device is not in required device state"], "53000"),
    (&["device authentication is required"], "50097"),
    (&["blocked by security defaults"], "530035"),
    (&["blocked by security policy"], "530032"),
    // On-behalf-of.
    (&["input id_token cannot be used"], "240002"),
    (&["assertion audience does not match"], "500131"),
    (&["assertion failed signature validation"], "50013"),
    (&["assertion is not within its valid time range"], "500133"),
    (&["not allowed to make application on-behalf-of calls"], "7000114"),
    (&["request is unsupported"], "90083"),
    // Machine and service.
    (&["cipher which are deprecated"], "1002016"),
    (&["transient error has occurred"], "90033"),
];

/// What validators of tokens say, in lower case, in APIs that people write: the middleware of .NET and Spring Security in
/// a challenge (RFC 6750 section 3), PyJWT, and jsonwebtoken and jose for JavaScript in an exception. Each stands under
/// the number that .NET's validator has for it.
const VALIDATORS: &[(&[&str], &str)] = &[
    (&["the audience ", " is invalid"], "IDX10214"),
    (&["aud claim is not valid"], "IDX10214"),
    (&["jwt audience invalid"], "IDX10214"),
    (&["audience doesn't match"], "IDX10214"),
    (&["invalid audience"], "IDX10214"),
    (&["unexpected \"aud\" claim"], "IDX10214"),
    (&["the issuer ", " is invalid"], "IDX10205"),
    (&["iss claim is not valid"], "IDX10205"),
    (&["jwt issuer invalid"], "IDX10205"),
    (&["invalid issuer"], "IDX10205"),
    (&["unexpected \"iss\" claim"], "IDX10205"),
    (&["the signature key was not found"], "IDX10501"),
    (&["no matching key(s) found"], "IDX10501"),
    (&["unable to find a signing key"], "IDX10501"),
    (&["no applicable key found"], "IDX10501"),
    (&["the signature is invalid"], "IDX10511"),
    (&["signature verification failed"], "IDX10511"),
    (&["invalid signature"], "IDX10511"),
    (&["the token is not valid before "], "IDX10222"),
    (&["jwt used before "], "IDX10222"),
    (&["the token is not yet valid"], "IDX10222"),
    (&["jwt not active"], "IDX10222"),
    (&["\"nbf\" claim timestamp check failed"], "IDX10222"),
    (&["the token expired at "], "IDX10223"),
    (&["the token is expired"], "IDX10223"),
    (&["jwt expired"], "IDX10223"),
    (&["signature has expired"], "IDX10223"),
    (&["\"exp\" claim timestamp check failed"], "IDX10223"),
    (&["token is malformed"], "IDX14100"),
    (&["malformed token"], "IDX14100"),
    (&["jwt malformed"], "IDX14100"),
    (&["not enough segments"], "IDX14100"),
    (&["invalid compact jws"], "IDX14100"),
];

/// Words behind which a bare number is a code, in lower case.
const BEFORE_NUMBERS: [&str; 7] = ["error ", "error: ", "code ", "code: ", "failed ", "failure ", "aadsts "];

/// Fewest digits of a number that is taken for a code: shorter ones count other things.
const FEWEST_DIGITS: usize = 5;

/// The digits of the code of a message, in lower case: a bare number that is said to be one, or the message's words.
pub(super) fn code_of(message: &str) -> Option<&str> {
    let says = |words: &&[&str]| words.iter().all(|word| message.contains(word));
    numbered(message).or_else(|| SENTENCES.iter().find(|(words, _)| says(words)).map(|(_, code)| *code))
}

/// The numbers that a validator's words, in lower case, stand for.
pub(super) fn validator_codes_of(message: &str) -> Vec<&'static str> {
    let says = |words: &&[&str]| words.iter().all(|word| message.contains(word));
    VALIDATORS.iter().filter(|(words, _)| says(words)).map(|(_, code)| *code).collect()
}

fn numbered(message: &str) -> Option<&str> {
    let behind = |word: &&str| message.split(*word).skip(1).find_map(leading_code);
    BEFORE_NUMBERS.iter().find_map(behind)
}

/// The known code that a text begins with.
fn leading_code(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = text.get(..length).filter(|digits| digits.len() >= FEWEST_DIGITS)?;
    let word = text.as_bytes().get(length).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'-');
    catalog::sign_in_error(digits).filter(|_| !word).map(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_numbers() {
        for (message, code) in [
            ("sign-in failed 90072: user account", Some("90072")),
            ("error code: 50011", Some("50011")),
            ("error 500110", None),
            ("error 404", None),
            ("code 50011-4711", None),
            ("order 50011", None),
        ] {
            assert_eq!(code_of(message), code, "{message}");
        }
    }

    #[test]
    fn every_sentence_can_be_reached_and_stands_for_a_known_code() {
        for (place, (words, code)) in SENTENCES.iter().enumerate() {
            assert!(catalog::sign_in_error(&format!("AADSTS{code}")).is_some(), "{code}");
            assert!(words.iter().all(|word| *word == word.to_lowercase()), "{words:?}");
            let message = words.join(" … ");
            let first = SENTENCES.iter().position(|(words, _)| words.iter().all(|word| message.contains(word)));
            assert_eq!(first, Some(place), "{words:?} is hidden by one before it");
        }
    }
}
