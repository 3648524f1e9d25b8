//! Redaction: a report that may leave the house.

use super::occurrences::Occurrences;
use super::{
    Artefact, Check, Claim, ErrorResponse, Evidence, Finding, Guide, Handle, JoinKeys, KeyFile, Link, Moment, Named,
    Permission, PermissionNeed, PermissionSet, RawJson, Report, SignatureCheck, SigningKey, Time, Token, Tool, Verdict,
};
use crate::catalog::{self, ClaimPart};
use crate::extract::{self, percent};
use crate::guid::Guid;
use crate::jose::json::{Document, Value, escape_into, unescape};
use crate::offset::Advance;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// What stands in place of a personal value.
pub const REDACTED: &str = "[redacted]";

/// What stands in place of a token that a text quotes: its payload tells of a person.
const TOKEN: &str = "[token]";

/// The shortest value that is looked for in other texts, in bytes: shorter ones would hit words of any sentence.
const SHORTEST: usize = 4;

/// The shortest text that is searched for tokens, in bytes.
const SHORTEST_TOKEN: usize = 16;

impl Report {
    /// Replaces what tells of a person by [`REDACTED`]: the value and the reading of every claim that is marked
    /// personal, the same value wherever else the report has it (sentences, evidence, timeline, log keys, raw header
    /// and payload; of four bytes and more, whatever the case of ASCII letters, percent-encoded or not, a GUID also
    /// without its dashes), whatever looks like an e-mail address, and every token that a text quotes. Raw JSON stays
    /// valid JSON. Tenant, application and times stay.
    ///
    /// A value of less than four bytes is replaced in the claim, in the raw payload, in the principal and in evidence
    /// that points to it, not in sentences. Doing this twice changes nothing more.
    pub fn redact(&mut self) {
        self.redact_with([]);
    }

    /// The same, and takes the same values out of texts that go beside the report, such as the name of a file.
    pub fn redact_with<'t>(&mut self, beside: impl IntoIterator<Item = &'t mut String>) {
        let personal = Personal::of(self);
        for text in beside {
            if let Some(redacted) = personal.redacted(text) {
                *text = redacted;
            }
        }
        for artefact in &mut self.artefacts {
            if let Some(token) = &mut artefact.token {
                personal.hide_in_principal(token);
                for claim in token.claims.iter_mut().filter(|claim| claim.personal) {
                    REDACTED.clone_into(&mut claim.value);
                    claim.reading = claim.reading.as_ref().map(|_| REDACTED.to_owned());
                }
            }
            for (part, raw) in [("/header", &mut artefact.header), ("/payload", &mut artefact.payload)] {
                if let Some(raw) = raw {
                    *raw = RawJson::new(personal.redacted_json(raw.as_str(), part));
                }
            }
        }
        for evidence in self.findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
            if personal.pointers.contains(&evidence.pointer) {
                REDACTED.clone_into(&mut evidence.value);
            }
        }
        each_text(self, &mut |text| {
            if let Some(redacted) = personal.redacted(text) {
                *text = redacted;
            }
        });
    }
}

/// What is personal in a report.
struct Personal {
    /// JSON pointers of personal claims.
    pointers: HashSet<String>,
    /// The most levels that one of the pointers has.
    levels: usize,
    /// Finds the personal values that are long enough.
    values: Option<Occurrences>,
    /// Those that are not, in lower case.
    short: HashSet<String>,
    /// Those that are GUIDs, as numbers.
    guids: HashSet<u128>,
}

impl Personal {
    fn of(report: &Report) -> Self {
        let mut pointers = HashSet::new();
        let mut values = Values::default();
        for artefact in &report.artefacts {
            let Some(token) = &artefact.token else { continue };
            let marked = token.claims.iter().filter(|claim| claim.personal);
            pointers.extend(marked.map(|claim| claim.pointer.clone()));
            // The values as they stand in the token: of many claims only the first are explained, and an explained value
            // shows escapes where characters do not show.
            for (part, name, raw) in
                [(ClaimPart::Header, "/header", &artefact.header), (ClaimPart::Payload, "/payload", &artefact.payload)]
            {
                let Some(raw) = raw else { continue };
                let document = Document::read(raw.as_str());
                for (member, value) in document.root().into_iter().flat_map(Value::members) {
                    let pointer = format!("{name}/{}", member.replace('~', "~0").replace('/', "~1"));
                    if pointers.contains(&pointer) || catalog::claim(part, &member).is_some_and(|claim| claim.personal)
                    {
                        pointers.insert(pointer);
                        values.collect(value);
                    }
                }
            }
            // The same identifier in its other spelling.
            if token.uti.as_ref().is_some_and(|uti| values.long.contains(uti)) {
                token.uti_guid.iter().for_each(|guid| values.add(guid));
            }
        }
        let levels = pointers.iter().map(|pointer| pointer.matches('/').count()).max().unwrap_or(0);
        let Values { long, short, guids } = values;
        Self { pointers, levels, values: Occurrences::of(long.iter().map(String::as_bytes)), short, guids }
    }

    /// The text without personal values; nothing where it has none.
    fn redacted(&self, text: &str) -> Option<String> {
        if text.len() < SHORTEST {
            return None;
        }
        let mut ranges: Vec<(Range<usize>, &'static str)> = Vec::new();
        percent::readings(text, &mut |reading| {
            if text.len() >= SHORTEST_TOKEN {
                extract::each_token(reading.bytes, &mut |range| ranges.push((reading.back(range), TOKEN)));
            }
            let mut add = |range| ranges.push((reading.back(range), REDACTED));
            if let Some(values) = &self.values {
                values.each(reading.bytes, &mut add);
            }
            self.each_guid(reading.bytes, &mut add);
            each_email_address(reading.bytes, &mut add);
        });
        percent::replaced(text, ranges)
    }

    /// Calls `add` for the places of [`guids`](Self::guids), with dashes or without.
    fn each_guid(&self, bytes: &[u8], add: &mut dyn FnMut(Range<usize>)) {
        if self.guids.is_empty() {
            return;
        }
        let (mut value, mut digits, mut dashed) = (0_u128, 0_usize, false);
        let mut end = 0_usize;
        for byte in bytes {
            end.advance(1);
            let Some(digit) = char::from(*byte).to_digit(16) else {
                // Behind a dash comes a digit, or else this was no GUID.
                if *byte != b'-' || dashed {
                    digits = 0;
                }
                dashed = true;
                continue;
            };
            (value, dashed) = (value << 4 | u128::from(digit), false);
            digits.advance(1);
            if digits >= 32 && self.guids.contains(&value) {
                let before = bytes.get(..end).unwrap_or_default().iter().enumerate().rev();
                let start = before.filter(|(_, byte)| **byte != b'-').nth(31).map_or(end, |(at, _)| at);
                add(start..end);
                digits = 0;
            }
        }
    }

    fn hide_in_principal(&self, token: &mut Token) {
        if let Some(principal) = &mut token.principal {
            let words = principal.split(|character: char| !character.is_alphanumeric());
            let is_short = |word: &str| word.len() < SHORTEST && self.short.contains(&word.to_ascii_lowercase());
            if words.into_iter().any(is_short) {
                REDACTED.clone_into(principal);
            }
        }
    }

    /// Minified JSON with the personal members replaced, and personal values in all other strings and numbers.
    /// `part` is the pointer of the text as a whole.
    fn redacted_json(&self, json: &str, part: &str) -> String {
        let mut out = String::with_capacity(json.len());
        let mut walk = Walk { pointer: part.to_owned(), open: Vec::new(), expects_name: false };
        let mut rest = json;
        while !rest.is_empty() {
            let (token, after) = rest.split_at(crate::render::json_token_length(rest));
            rest = after;
            match token {
                "}" | "]" => walk.close(),
                "," => walk.next(),
                ":" => walk.expects_name = false,
                name if walk.expects_name && name.starts_with('"') => walk.name(name),
                _ if token.trim().is_empty() => {}
                _ if walk.open.len() < self.levels && self.pointers.contains(&walk.pointer) => {
                    push_json_string(&mut out, REDACTED);
                    rest = rest.split_at(rest_of_value(token, rest)).1;
                    continue;
                }
                "{" | "[" => walk.open(token == "{"),
                _ => {}
            }
            self.push_redacted_token(&mut out, token);
        }
        out
    }

    fn push_redacted_token(&self, out: &mut String, token: &str) {
        let is_value =
            token.starts_with(|character: char| matches!(character, '"' | '-') || character.is_ascii_digit());
        match self.redacted(&text_of(token)).filter(|_| is_value) {
            Some(redacted) => push_json_string(out, &redacted),
            None => out.push_str(token),
        }
    }
}

/// The values of personal claims, as they are and as they are shown, each kind once.
#[derive(Default)]
struct Values {
    long: HashSet<String>,
    short: HashSet<String>,
    guids: HashSet<u128>,
}

impl Values {
    /// The strings and numbers of a claim's value.
    fn collect(&mut self, value: Value<'_>) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            open.extend(value.items());
            // Names of members are words of the format.
            open.extend(value.members().map(|(_, member)| member));
            if let Some(text) = value.as_str() {
                self.add(&text);
                let shown = value.to_text();
                if shown != text {
                    self.add(&shown);
                }
            } else if let Some(number) = value.number() {
                self.add(number);
            }
        }
    }

    fn add(&mut self, value: &str) {
        let value = value.trim();
        // A piece of what stands in place of values would be looked for there.
        let instead = [REDACTED, TOKEN].iter().any(|instead| instead.contains(&value.to_ascii_lowercase()));
        if instead || !value.chars().any(char::is_alphanumeric) || matches!(value, "true" | "false" | "null") {
            return;
        }
        if let Some(guid) = Guid::parse(value) {
            self.guids.insert(u128::from_be_bytes(*guid.digits()));
        } else if value.len() < SHORTEST {
            self.short.insert(value.to_ascii_lowercase());
        } else if !self.long.contains(value) {
            self.long.insert(value.to_owned());
        }
    }
}

/// Where one is in a JSON text.
struct Walk {
    /// The pointer of the value that comes next, or that is open.
    pointer: String,
    /// The open brackets: the length of the pointer outside, and the index of the element where it is an array.
    open: Vec<(usize, Option<usize>)>,
    /// True where the name of a member comes next.
    expects_name: bool,
}

impl Walk {
    fn open(&mut self, object: bool) {
        self.open.push((self.pointer.len(), (!object).then_some(0)));
        self.expects_name = object;
        if !object {
            self.pointer.push_str("/0");
        }
    }

    fn close(&mut self) {
        self.expects_name = false;
        if let Some((length, _)) = self.open.pop() {
            self.pointer.truncate(length);
        }
    }

    fn next(&mut self) {
        let Some((length, index)) = self.open.last_mut() else { return };
        self.pointer.truncate(*length);
        self.expects_name = index.is_none();
        if let Some(index) = index {
            index.advance(1);
            self.pointer.push('/');
            self.pointer.push_str(&index.to_string());
        }
    }

    fn name(&mut self, token: &str) {
        self.pointer.push('/');
        self.pointer.push_str(&text_of(token).replace('~', "~0").replace('/', "~1"));
    }
}

/// How much of `rest` belongs to the value that `token` begins: up to the bracket that closes it.
fn rest_of_value(token: &str, rest: &str) -> usize {
    let mut depth = usize::from(matches!(token, "{" | "["));
    let mut at = 0;
    while depth > 0 {
        let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) else { break };
        let length = crate::render::json_token_length(tail);
        match tail.as_bytes().first() {
            Some(b'{' | b'[') => depth.advance(1),
            Some(b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        at.advance(length);
    }
    at
}

/// What a token of JSON says: the text of a string, any other token as it stands.
fn text_of(token: &str) -> Cow<'_, str> {
    match token.strip_prefix('"') {
        Some(body) => unescape(body.strip_suffix('"').unwrap_or(body).as_bytes()),
        None => Cow::Borrowed(token),
    }
}

fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    escape_into(out, text);
    out.push('"');
}

/// Whatever looks like an e-mail address or user principal name: something, an at sign, and a domain with a dot.
fn each_email_address(bytes: &[u8], add: &mut dyn FnMut(Range<usize>)) {
    if memchr::memchr(b'@', bytes).is_none() {
        return;
    }
    let mut front = 0_usize;
    for chunk in bytes.utf8_chunks() {
        let text = chunk.valid();
        let mut done = 0;
        for (at, _) in text.match_indices('@') {
            let after = at.saturating_add(1);
            let (before, rest) = (text.get(done..at).unwrap_or_default(), text.get(after..).unwrap_or_default());
            let local = before.trim_end_matches(|c: char| c.is_alphanumeric() || "._%+-'#$~!^&*{}|".contains(c));
            let domain = rest.trim_start_matches(|c: char| c.is_alphanumeric() || ".-".contains(c));
            let name = rest.get(..rest.len().saturating_sub(domain.len())).unwrap_or_default().trim_end_matches('.');
            let start = done.saturating_add(local.len());
            if start < at && name.trim_matches('.').contains('.') {
                done = after.saturating_add(name.len());
                add(front.saturating_add(start)..front.saturating_add(done));
            }
        }
        front = front.saturating_add(text.len()).saturating_add(chunk.invalid().len());
    }
}

/// Visits every text of a report that may come from the paste. Taking the types apart by name makes the compiler ask
/// about a member that is added.
pub(super) fn each_text(report: &mut Report, visit: &mut impl FnMut(&mut String)) {
    let Report {
        schema: _,
        tool: Tool { name: _, version: _, catalog_date: _ },
        judged_at: _,
        artefacts_left_out: _,
        verdict: Verdict { status: _, finding: _, headline, checked, signature },
        artefacts,
        findings,
        checks,
        permission,
        permissions,
        permission_set,
        timeline,
        join_keys,
        key_files,
        guide,
        links,
    } = report;
    [headline, checked, signature].into_iter().for_each(&mut *visit);
    for artefact in artefacts {
        each_text_of_artefact(artefact, visit);
    }
    for Finding { id: _, severity: _, confidence: _, title, because, evidence, fix, fixer: _, sources } in findings {
        visit(title);
        visit(because);
        for Evidence { artefact: _, pointer, value } in evidence {
            visit(pointer);
            visit(value);
        }
        fix.iter_mut().for_each(&mut *visit);
        sources.iter_mut().for_each(|source| visit_cow(source, visit));
    }
    for Check { id: _, outcome: _, reason } in checks {
        visit_cow(reason, visit);
    }
    for answer in permission.iter_mut().chain(permissions) {
        let Permission { call, verdict: _, compared: _, summary, granted_by, least, alternatives, needs, caveats } =
            answer;
        visit(call);
        visit(summary);
        [granted_by, least, alternatives, caveats].into_iter().flatten().for_each(&mut *visit);
        for PermissionNeed { scheme: _, least, alternatives } in needs {
            [least, alternatives].into_iter().flatten().for_each(&mut *visit);
        }
    }
    if let Some(PermissionSet { calls: _, least, minimal: _, uncovered, unused, stronger, summary, excess }) =
        permission_set
    {
        [least, uncovered, unused, stronger].into_iter().flatten().for_each(&mut *visit);
        visit(summary);
        excess.iter_mut().for_each(&mut *visit);
    }
    for Moment { what, time, artefact: _ } in timeline {
        visit(what);
        each_text_of_time(time, visit);
    }
    let JoinKeys { uti, uti_guid, sid, oid, tid, appid, deviceid, correlation_ids, request_ids } = join_keys;
    [uti, uti_guid, sid, oid, tid, appid, deviceid].into_iter().flatten().for_each(&mut *visit);
    [correlation_ids, request_ids].into_iter().flatten().for_each(&mut *visit);
    for KeyFile { name, keys: _, notes } in key_files {
        visit(name);
        notes.iter_mut().for_each(&mut *visit);
    }
    if let Some(Guide { flow: _, name: _, request, expect, library, mistakes }) = guide {
        [request, expect, library, mistakes].into_iter().flatten().for_each(&mut *visit);
    }
    for Link { title, url } in links {
        visit(title);
        visit(url);
    }
}

fn each_text_of_artefact(artefact: &mut Artefact, visit: &mut impl FnMut(&mut String)) {
    let Artefact {
        kind: _,
        span: _,
        summary,
        context,
        judged: _,
        repairs,
        deviations,
        header: _,
        payload: _,
        token,
        error,
    } = artefact;
    visit(summary);
    context.iter_mut().for_each(&mut *visit);
    [repairs, deviations].into_iter().flatten().for_each(&mut *visit);
    if let Some(token) = token {
        each_text_of_token(token, visit);
    }
    if let Some(ErrorResponse { code, message, handles }) = error {
        [code, message].into_iter().flatten().for_each(&mut *visit);
        for Handle { name: _, value } in handles {
            visit(value);
        }
    }
}

fn each_text_of_token(token: &mut Token, visit: &mut impl FnMut(&mut String)) {
    let Token {
        version,
        acting: _,
        acting_because,
        audience,
        issuer,
        cloud: _,
        tenant,
        application,
        first_party: _,
        family_client: _,
        client_authentication: _,
        principal,
        object_id,
        issued,
        not_before,
        expires,
        expires_in_s: _,
        lifetime_s: _,
        scopes,
        roles,
        directory_roles,
        uti,
        uti_guid,
        signature: _,
        signature_check,
        claims,
        claims_left_out: _,
    } = token;
    [version, acting_because, principal, object_id, uti, uti_guid].into_iter().flatten().for_each(&mut *visit);
    for Named { value, name } in [audience, issuer, tenant, application].into_iter().flatten().chain(directory_roles) {
        visit(value);
        name.iter_mut().for_each(&mut *visit);
    }
    for time in [issued, not_before, expires].into_iter().flatten() {
        each_text_of_time(time, visit);
    }
    if let Some(SignatureCheck { summary, key, variant: _, issuer_agrees: _, obstacle }) = signature_check {
        visit(summary);
        obstacle.iter_mut().for_each(&mut *visit);
        if let Some(SigningKey { id, thumbprint, kind, algorithm, issuer, file }) = key {
            [id, thumbprint, algorithm, issuer].into_iter().flatten().for_each(&mut *visit);
            visit(kind);
            visit(file);
        }
    }
    [scopes, roles].into_iter().flatten().for_each(&mut *visit);
    for Claim { pointer, name, value, reading, meaning, documented: _, personal: _ } in claims {
        visit(pointer);
        visit(name);
        visit(value);
        reading.iter_mut().for_each(&mut *visit);
        meaning.iter_mut().for_each(|meaning| visit_cow(meaning, visit));
    }
}

fn each_text_of_time(time: &mut Time, visit: &mut impl FnMut(&mut String)) {
    let Time { seconds: _, utc: _, relative } = time;
    visit(relative);
}

/// Static texts are the catalogue's.
fn visit_cow(text: &mut Cow<'static, str>, visit: &mut impl FnMut(&mut String)) {
    if let Cow::Owned(text) = text {
        visit(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::base64url;
    use crate::render::{json, sample};

    #[test]
    fn hides_personal_values_everywhere() {
        let mut report = sample::report();
        report.verdict.headline.push_str(" For bob.x@mail.tenant.example.");
        report.redact();
        let shown = json(&report, false);
        serde_json::from_str::<serde_json::Value>(&shown).unwrap();
        let lower = shown.to_lowercase();
        for value in ["ada@", "ada-key", "\"ada\"", "bob.x", "pwd"] {
            assert!(!lower.contains(value), "{value} in {shown}");
        }
        assert!(report.verdict.headline.ends_with(" For [redacted]."));
        let artefact = &report.artefacts[0];
        assert_eq!(
            artefact.payload.as_ref().unwrap().as_str(),
            r#"{"upn":"[redacted]","name":"[redacted]","amr":"[redacted]","n":1.50,"scp":"User.Read"}"#
        );
        assert_eq!(artefact.summary, "access token 1.0, delegated, [redacted]");
        assert_eq!(report.findings[0].evidence[1].value, REDACTED);
        report.redact();
        assert_eq!(json(&report, false), shown);
    }

    /// Of many claims only the first are explained; an explained value shows escapes where characters do not show.
    #[test]
    fn hides_values_that_are_not_explained_or_do_not_show() {
        let others: String = (0..1001).map(|number| format!("\"x{number}\":0,")).collect();
        let payload = format!(r#"{{"aud":"x","iss":"y",{others}"name":"Ada\u200bLovelace","upn":["Ada\nKing"]}}"#);
        let token = format!(
            "{}.{}.{}",
            base64url::encode(br#"{"typ":"JWT","alg":"RS256"}"#),
            base64url::encode(payload.as_bytes()),
            "A".repeat(342)
        );
        let mut report = crate::analyze(token.as_bytes(), &crate::Options::at(0));
        report.verdict.headline = "Ada\u{200b}Lovelace, Ada\nKing, Ada\\nKing".to_owned();
        report.redact();
        assert_eq!(report.verdict.headline, "[redacted], [redacted], [redacted]");
        let shown = json(&report, false);
        assert!(!shown.contains("Lovelace") && !shown.contains("King"), "{shown}");
    }

    #[test]
    fn raw_json_stays_json() {
        let personal = |pointers: &[&str], values: &[&str]| Personal {
            pointers: pointers.iter().map(|&pointer| pointer.to_owned()).collect(),
            levels: 4,
            values: Occurrences::of(values.iter().map(|value| value.as_bytes())),
            short: HashSet::new(),
            guids: HashSet::new(),
        };
        for (pointers, values, given, expected) in [
            (
                &["/payload/a/1/b"][..],
                &["zzzz"][..],
                r#"{"a":[1,{"b":{"c":[2]},"d":3}]}"#,
                r#"{"a":[1,{"b":"[redacted]","d":3}]}"#,
            ),
            (
                &["/payload/a~1b"],
                &["zzzz"],
                r#"{"a/b":true,"a\/b":[],"c":"]}"}"#,
                r#"{"a/b":"[redacted]","a\/b":"[redacted]","c":"]}"}"#,
            ),
            (
                &[],
                &["J\u{fc}rgen"],
                r#"{"k":"a J\u00fcrgen \"b","J\u00fcrgen":1}"#,
                r#"{"k":"a [redacted] \"b","[redacted]":1}"#,
            ),
            (
                &[],
                &["12345"],
                r#"[123456,12345,"x12345",1.5e3,null]"#,
                r#"["[redacted]6","[redacted]","x[redacted]",1.5e3,null]"#,
            ),
            (&[], &["abcd", "cdef"], r#"["abcdefg"]"#, r#"["[redacted]g"]"#),
        ] {
            assert_eq!(personal(pointers, values).redacted_json(given, "/payload"), expected);
        }
    }

    fn nobody() -> Personal {
        Personal { pointers: HashSet::new(), levels: 0, values: None, short: HashSet::new(), guids: HashSet::new() }
    }

    /// A call shows an address percent-encoded, a log a GUID without dashes, an error a whole token.
    #[test]
    fn hides_values_in_other_spellings() {
        let guid = Guid::parse("51D00000-aaaa-4bbb-8ccc-dddddddddddd").unwrap();
        let personal = Personal {
            values: Occurrences::of([&b"Ada Lovelace"[..]].into_iter()),
            guids: HashSet::from([u128::from_be_bytes(*guid.digits())]),
            ..nobody()
        };
        let token = format!("{}.{}", base64url::encode(br#"{"alg":"RS256"}"#), base64url::encode(br#"{"upn":"ada"}"#));
        for (text, expected) in [
            ("GET /users/ada.k%40tenant.example/messages", "GET /users/[redacted]/messages"),
            ("to=%2Fusers%2Fada%2540tenant.example%2F", "to=%2Fusers%2F[redacted]%2F"),
            ("name=Ada+Lovelace&x=ADA%20lovelace", "name=[redacted]&x=[redacted]"),
            ("sid 51d00000aaaa4bbb8cccdddddddddddd.", "sid [redacted]."),
            ("a51d00000-AAAA-4bbb-8ccc-dddddddddddd-0", "a[redacted]-0"),
            ("51d00000-aaaa-4bbb-8ccc-ddddddddddd, 51d00000--aaaa4bbb8cccdddddddddddd", ""),
            ("%ff%40x.example j%C3%BCrgen%40x.example", "%ff%40x.example [redacted]"),
            (&format!("not '{token}.[signature]'!"), "not '[token]'!"),
            (&format!("not {}, see", token.replace('.', "%2E")), "not [token], see"),
        ] {
            assert_eq!(personal.redacted(text).unwrap_or_default(), expected, "{text}");
            assert_eq!(personal.redacted(expected), None, "twice");
        }
    }

    #[test]
    fn knows_addresses() {
        for (text, found) in [
            ("User a.b+c@x.example.", "User [redacted]."),
            ("live.com#ada@x.example, b@y.example", "[redacted], [redacted]"),
            ("at@home @x.example a@b@c.d", "at@home @x.example a@[redacted]"),
            ("j\u{fc}rgen@x.example@y.example", "[redacted]@y.example"),
        ] {
            let personal = nobody();
            assert_eq!(personal.redacted(text).unwrap_or_else(|| text.to_owned()), found);
        }
    }
}
