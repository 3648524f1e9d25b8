//! The shape of what was sent or pasted: damaged, cut, encrypted, oversized.

use super::{Found, Group, Judgement, NO_TOKEN, Rule, found, judged_or_return, not_applicable};
use crate::extract::{ArtefactKind, HeaderProblem, Place, Repairs, SignatureText};
use crate::facts::{Content, Facts, Judged};
use crate::jose::base64url::DeviationKind;
use crate::report::{Fixer, Severity};
use crate::token::{Missing, Token};

/// The largest token that is taken without remark, in characters (256 KiB). Servers take far less in a header.
const TOKEN_LIMIT: usize = 256 * 1024;

pub(super) const MALFORMED_BEARER_TOKEN: Rule = Rule {
    id: "malformed-bearer-token",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "The value that was sent as bearer token is not the token that was issued: something was added, lost or \
            exchanged between the token endpoint and the request. The service cannot read it and answers 401 before \
            it looks at any claim.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc6750#section-2.1",
        "https://learn.microsoft.com/graph/resolve-auth-errors",
    ],
    judge: malformed_bearer_token,
};

fn malformed_bearer_token(facts: &Facts<'_>) -> Judgement {
    for header in &facts.headers {
        if let Some(problem) = header.problems.first() {
            let pointer = format!("bytes {}-{}", header.span.start, header.span.end);
            let answer = facts
                .of_kind(ArtefactKind::StsError)
                .any(|(_, error)| header.span.start <= error.span.start && error.span.start < header.span.end);
            let (mut found, value) = match problem {
                HeaderProblem::Json if answer => refused_answer(),
                problem => sent_header(problem),
            };
            if follows_from_failed_request(facts) {
                found.because.push_str("; it follows from the failed token request before it");
            }
            return found.evidence(None, pointer, value).into();
        }
    }
    let Some((index, token, repairs, place)) = facts.artefacts.iter().enumerate().find_map(|(index, artefact)| {
        let token = artefact.token().filter(|_| artefact.kind == ArtefactKind::AccessToken)?;
        Some((index, token, artefact.repairs, artefact.context.place))
    }) else {
        return if facts.headers.is_empty() { not_applicable(NO_TOKEN) } else { Judgement::Pass };
    };
    damage(token, repairs, place).map(|found| found.evidence(Some(index), "/", first_characters(token))).into()
}

/// Says that the answer of the token endpoint holds no token: it is a refusal.
fn refused_answer() -> (Found, String) {
    let refused = found(
        "The error with which the sign-in service refused a token was sent as the token.",
        "Authorization: {\"error\": …}",
    )
    .fix("Look at that error first: without a token there is nothing to send")
    .fix("In the program, go on only where the answer of the token endpoint has the member access_token");
    (refused, "{\"error\": …}".to_owned())
}

/// Nothing was sent, because the token request before it had failed: then that is what to read first.
pub(super) fn follows_from_failed_request(facts: &Facts<'_>) -> bool {
    let empty = |problem: &HeaderProblem| match problem {
        HeaderProblem::Empty => true,
        HeaderProblem::PrintedObject(text) | HeaderProblem::Placeholder(text) => {
            ["undefined", "null", "none", "nil"].iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    };
    let header = facts.headers.iter().find(|header| !header.problems.is_empty());
    let Some(header) = header.filter(|header| header.problems.first().is_some_and(empty)) else { return false };
    facts.of_kind(ArtefactKind::StsError).any(|(_, artefact)| match &artefact.content {
        Content::Error(error) => artefact.span.start < header.span.start && !error.codes.is_empty(),
        _ => false,
    })
}

/// Says what a header holds that is no token.
fn sent_header(problem: &HeaderProblem) -> (Found, String) {
    let (title, value, step) = match problem {
        HeaderProblem::Empty => (
            "The Authorization header says Bearer and then nothing: no token was sent.".to_owned(),
            "Bearer".to_owned(),
            "Find out why the variable that should hold the token is empty: the token request failed, or its answer was \
             read from the wrong member (it is access_token)"
                .to_owned(),
        ),
        HeaderProblem::RepeatedScheme(count) => (
            format!("The word Bearer stands {count} times in the Authorization header, so it is taken for the token."),
            "Bearer Bearer …".to_owned(),
            "Send the word once: the library or the token type already adds it, so pass the bare token".to_owned(),
        ),
        HeaderProblem::MissingScheme => (
            "The Authorization header does not have the word Bearer and a blank in front of the token.".to_owned(),
            "a token without a scheme".to_owned(),
            "Send `Authorization: Bearer <token>`".to_owned(),
        ),
        HeaderProblem::Quoted(mark) => (
            format!("The token in the Authorization header stands in quotation marks ({mark})."),
            mark.to_string(),
            "Send the bare characters: read the token with a JSON parser, or print it raw (`jq -r`, `-o tsv`)".to_owned(),
        ),
        HeaderProblem::PrintedObject(text) => (
            format!("Not a token was sent but the text \"{text}\", which a program prints for an object it cannot show."),
            text.clone(),
            if text.contains("SecureString") {
                "Get-AzAccessToken returns a SecureString now: convert it with ConvertFrom-SecureString -AsPlainText, or \
                 pass it to a command that takes a SecureString"
                    .to_owned()
            } else {
                "Read the member access_token of the answer, and await the call that fetches it".to_owned()
            },
        ),
        HeaderProblem::Placeholder(text) => (
            format!("The placeholder {text} was sent in place of a token: nobody filled it in."),
            text.clone(),
            "Set the variable, or paste the token itself, before the request is sent".to_owned(),
        ),
        HeaderProblem::Json => (
            "The whole JSON answer of the token endpoint was sent as the token.".to_owned(),
            "{…}".to_owned(),
            "Send the value of its member access_token alone".to_owned(),
        ),
        HeaderProblem::Guid => (
            "A GUID was sent as the token: a client, tenant or secret ID is no token.".to_owned(),
            "a GUID".to_owned(),
            "Get an access token from the token endpoint with MSAL and send that".to_owned(),
        ),
        HeaderProblem::Trailing(text) => (
            "Something stands behind the token in the Authorization header and was sent with it.".to_owned(),
            text.clone(),
            "Cut everything behind the last character of the token".to_owned(),
        ),
    };
    (found(title, format!("Authorization: {value}")).fix(step), value)
}

/// Damage of a token that no wrapping of a paste explains.
fn damage(token: &Token, repairs: Repairs, place: Place) -> Option<Found> {
    let sent = place == Place::AuthorizationHeader;
    if token.lower_cased {
        return Some(
            found(
                "Every letter of the token was made lower-case; base64url does not survive that.",
                "the header begins with eyj where eyJ belongs",
            )
            .fix("Find the step that changes the letter case (a case-insensitive store, a normalising proxy) and get a new token"),
        );
    }
    if repairs.line_breaks > 0 && sent && repairs.quoted_lines == 0 && !repairs.even_width {
        let count = repairs.line_breaks;
        return Some(
            found(
                "There are line breaks inside the token of the Authorization header.",
                format!("{count} line break{} between the characters of the token", if count == 1 { "" } else { "s" }),
            )
            .likely()
            .fix("Join the token into one line without spaces before it is sent"),
        );
    }
    if repairs.spaces > 0 && sent {
        return Some(
            found(
                "There are spaces inside the token of the Authorization header.",
                format!("{} spaces", repairs.spaces),
            )
            .likely()
            .fix("Remove all white space from the token before it is sent"),
        );
    }
    if repairs.percent > 0 && sent {
        return Some(
            found(
                "The token in the Authorization header is percent-encoded, as for an address.",
                format!("{} percent-encoded characters", repairs.percent),
            )
            .fix("Send the token as it was issued; percent-encoding belongs into addresses and forms only"),
        );
    }
    let wrapped = repairs.percent > 0 || repairs.base64;
    let altered = token.deviations.iter().find(|(_, deviation)| {
        let damaged = matches!(
            deviation.kind,
            DeviationKind::StandardAlphabet | DeviationKind::Padding | DeviationKind::InvalidCharacter
        );
        damaged && !wrapped
    });
    if let Some((index, deviation)) = altered {
        let segment = ["header", "payload", "signature"].get(*index).copied().unwrap_or("token");
        return Some(
            found(
                format!("The {segment} of the token is not base64url as it was issued: it was re-encoded or altered."),
                format!("{segment}: {deviation}"),
            )
            .fix("Send the token exactly as the token endpoint returned it: no decoding, no re-encoding, no padding"),
        );
    }
    let payload = token.payload.as_ref().filter(|payload| token.missing.is_none() && payload.root().is_none())?;
    let error = payload.error()?;
    Some(
        found(
            "The second part of the token does not hold claims: what it decodes to is no JSON.",
            format!("{} bytes; {error}", payload.text().len()),
        )
        .fix(
            "Compare it with the token as it was issued: part of it was exchanged, compressed or encrypted on its way",
        ),
    )
}

/// A little of the token, enough to find it again and useless to anybody else.
fn first_characters(token: &Token) -> String {
    format!("a token of {} characters", token.length)
}

pub(super) const TOKEN_TRUNCATED: Rule = Rule {
    id: "token-truncated",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "A JWT has three parts with two dots between them, and the last is as long as the key is. This one ends \
            too early, or lacks its beginning. A cut token is refused as a whole.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc7515#section-3.1",
        "https://learn.microsoft.com/entra/identity-platform/access-tokens",
    ],
    judge: token_truncated,
};

fn token_truncated(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    if judged.token.signature.is_none() {
        return not_applicable("claims in the clear have no parts that could be missing");
    }
    truncation(judged).into()
}

fn truncation(judged: Judged<'_>) -> Option<Found> {
    let token = judged.token;
    let characters = token.length;
    let whole = "Copy the whole token again: from the variable or the file, not from a console, a log or a debugger that \
                 cuts long lines";
    if token.start_lost {
        return Some(
            found(
                "The first characters of the token are missing.",
                "the header does not begin with eyJ, the payload is whole",
            )
            .evidence(Some(judged.index), "/header", "does not decode")
            .fix(whole),
        );
    }
    let (title, because) = match token.missing? {
        Missing::Payload if matches!(token.signature, Some(SignatureText::Present(_))) => (
            "The second part of the token, the claims, is empty.",
            format!("{characters} characters, and nothing between the two dots"),
        ),
        Missing::Payload => (
            "The token ends inside its header: payload and signature are missing.",
            format!("{characters} characters and no whole payload"),
        ),
        Missing::PayloadEnd => (
            "The token is cut in the middle of its claims; the rest and the signature are missing.",
            format!("{characters} characters; the JSON of the payload ends early"),
        ),
        Missing::Signature => (
            "The third part of the token, the signature, is missing altogether.",
            format!("{characters} characters in two parts, three are needed"),
        ),
        Missing::SignatureEnd(count) => (
            "The signature of the token is cut at its end.",
            format!("{count} of 342 characters are missing, if it was signed with the 2048-bit key that Entra uses"),
        ),
    };
    let cut = found(title, because).evidence(Some(judged.index), "/", format!("{characters} characters")).fix(whole);
    Some(if matches!(token.missing, Some(Missing::SignatureEnd(_))) { cut.likely() } else { cut })
}

pub(super) const TOKEN_ENCRYPTED: Rule = Rule {
    id: "token-encrypted",
    group: Group::Token,
    severity: Severity::Error,
    fixer: Fixer::AppDeveloper,
    means: "Five parts with `enc` in the header are a JWE: the claims are encrypted for the one API that holds the \
            key. Nobody else, this program included, can say what is inside, and no other API takes it.",
    sources: &[
        "https://www.rfc-editor.org/rfc/rfc7516#section-3.1",
        "https://learn.microsoft.com/entra/identity-platform/access-tokens",
    ],
    judge: token_encrypted,
};

fn token_encrypted(facts: &Facts<'_>) -> Judgement {
    let Some((index, artefact)) = facts.of_kind(ArtefactKind::EncryptedToken).next() else {
        return if facts.artefacts.is_empty() { not_applicable(NO_TOKEN) } else { Judgement::Pass };
    };
    if facts.judged().is_some() {
        return not_applicable("the access token beside it is the one to look at");
    }
    let member =
        |name: &str| artefact.token().and_then(|token| token.header_text(name)).unwrap_or_else(|| "absent".into());
    found(
        "This token is encrypted: only the API that it was issued for can read it.",
        format!("five parts; alg {}, enc {}", member("alg"), member("enc")),
    )
    .evidence(Some(index), "/header/enc", member("enc"))
    .fix("Send it only to the API whose scope was requested; nothing needs to be read on the way")
    .fix("If Microsoft Graph is meant: request a token with a Graph scope, it comes signed and readable")
    .into()
}

pub(super) const TOKEN_OVERSIZED: Rule = Rule {
    id: "token-oversized",
    group: Group::Token,
    severity: Severity::Note,
    fixer: Fixer::AppDeveloper,
    means: "Web servers limit the size of request headers, mostly to 8 to 64 KiB. A token above 256 KiB reaches no \
            service, and Entra issues none of that size.",
    sources: &["https://www.rfc-editor.org/rfc/rfc6585#section-5"],
    judge: token_oversized,
};

fn token_oversized(facts: &Facts<'_>) -> Judgement {
    let judged = judged_or_return!(facts);
    let length = judged.token.length.max(judged.token.payload.as_ref().map_or(0, |payload| payload.text().len()));
    (length > TOKEN_LIMIT)
        .then(|| {
            found(
                "The token is larger than any server takes in a header.",
                format!("{length} characters; the limit of this check is {TOKEN_LIMIT}"),
            )
            .evidence(Some(judged.index), "/", format!("{length} characters"))
            .fix("Find out what put so much into the token: Entra itself replaces long group lists by a link")
        })
        .into()
}

pub(super) const CLAIM_NESTED_TOO_DEEP: Rule = Rule {
    id: "claim-nested-too-deep",
    group: Group::Token,
    severity: Severity::Note,
    fixer: Fixer::Security,
    means: "No claim of Entra nests deeper than a few levels. Deep nesting is made to exhaust parsers. What lies \
            below the limit is shown as text and not read.",
    sources: &["https://www.rfc-editor.org/rfc/rfc8259#section-9"],
    judge: claim_nested_too_deep,
};

fn claim_nested_too_deep(facts: &Facts<'_>) -> Judgement {
    let deep = facts.artefacts.iter().enumerate().find_map(|(index, artefact)| {
        let Content::Token(token) = &artefact.content else { return None };
        let payload = token.payload.as_ref()?;
        Some((index, payload.depth_exceeded()?))
    });
    if facts.artefacts.is_empty() {
        return not_applicable(NO_TOKEN);
    }
    deep.map(|(index, offset)| {
        found(
            "A claim is nested deeper than this program reads.",
            format!("more than 100 levels, first passed at byte {offset} of the payload"),
        )
        .evidence(Some(index), "/payload", format!("byte {offset}"))
        .fix("Treat the token as made by hand: no Entra token looks like this")
    })
    .into()
}
