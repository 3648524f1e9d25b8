//! The claims that rules read, typed. A claim of the wrong type is a fault, never "absent".

use super::times::TimeClaim;
use crate::jose::json::{Document, Kind, Value};

/// Who acts with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acting {
    /// The app in the name of a user.
    Delegated,
    /// The app itself.
    AppOnly,
}

impl Acting {
    /// `delegated` or `app-only`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delegated => "delegated",
            Self::AppOnly => "app-only",
        }
    }
}

/// A claim whose value is of another type than the one that Entra writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFault {
    /// The claim.
    pub name: &'static str,
    /// What belongs there, e.g. "a whole number of seconds".
    pub expected: &'static str,
    /// What stands there, e.g. "a string".
    pub found: &'static str,
    /// The value, as JSON.
    pub value: String,
}

/// Declares the text claims and reads them all in one pass.
macro_rules! claims {
    (texts { $($text:ident = $text_name:literal),+ $(,)? } lists { $($list:ident = $list_name:literal),+ $(,)? }) => {
        /// The claims of one payload.
        #[derive(Debug, Clone, Default)]
        pub struct Claims {
            $(#[doc = concat!("`", $text_name, "`.")] pub $text: Option<String>,)+
            $(#[doc = concat!("`", $list_name, "`; absent and empty are told apart by [`Claims::has`].")] pub $list: Vec<String>,)+
            /// `iat`.
            pub iat: TimeClaim,
            /// `nbf`.
            pub nbf: TimeClaim,
            /// `exp`.
            pub exp: TimeClaim,
            /// Claims of a wrong type.
            pub faults: Vec<TypeFault>,
            names: Vec<String>,
        }

        impl Claims {
            /// Reads the claims of a payload, as far as it is whole. Of duplicates the last one counts
            /// (RFC 7519 section 4); the duplicates themselves are a matter of their own.
            pub fn read(payload: &Document) -> Self {
                let mut claims = Self::default();
                let Some(root) = payload.root() else { return claims };
                for (name, value) in root.members() {
                    // Half a value is none: it would be taken for another.
                    if value.is_partial() {
                        continue;
                    }
                    match name.as_ref() {
                        $($text_name => claims.$text = claims.text($text_name, value),)+
                        $($list_name => claims.$list = claims.list($list_name, value),)+
                        "iat" => claims.iat = claims.time("iat", value),
                        "nbf" => claims.nbf = claims.time("nbf", value),
                        "exp" => claims.exp = claims.time("exp", value),
                        _ => {}
                    }
                    claims.names.push(name.into_owned());
                }
                claims
            }
        }
    };
}

claims! {
    texts {
        aud = "aud", iss = "iss", tid = "tid", appid = "appid", azp = "azp", oid = "oid", sub = "sub", scp = "scp",
        ver = "ver", idtyp = "idtyp", appidacr = "appidacr", azpacr = "azpacr", uti = "uti", rh = "rh", sid = "sid",
        deviceid = "deviceid", upn = "upn", unique_name = "unique_name", preferred_username = "preferred_username",
        name = "name", app_displayname = "app_displayname", idp = "idp", nonce = "nonce", tfp = "tfp", acr = "acr",
        nameid = "nameid", identityprovider = "identityprovider", xms_mirid = "xms_mirid", xms_idrel = "xms_idrel",
        xms_ssm = "xms_ssm", xms_cae = "xms_cae", ipaddr = "ipaddr",
    }
    lists {
        roles = "roles", wids = "wids", amr = "amr", xms_cc = "xms_cc",
    }
}

impl Claims {
    /// True where the payload has a member of that name, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|other| other == name)
    }

    /// The client: `appid` of version 1, `azp` of version 2.
    pub fn client(&self) -> Option<&str> {
        self.appid.as_deref().or(self.azp.as_deref())
    }

    /// The delegated permissions in `scp`. Agent identities carry a lone slash, which is none.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scp.as_deref().unwrap_or_default().split_ascii_whitespace().filter(|scope| *scope != "/")
    }

    /// True where there is at least one delegated permission.
    pub fn has_scopes(&self) -> bool {
        self.scopes().next().is_some()
    }

    /// `appidacr` or `azpacr`.
    pub fn client_authentication(&self) -> Option<&str> {
        self.appidacr.as_deref().or(self.azpacr.as_deref())
    }

    /// Whether a user or the app itself acts, and what decides it.
    pub fn acting(&self) -> Option<(Acting, &'static str)> {
        let user = ["upn", "unique_name", "preferred_username", "name", "amr", "ipaddr", "puid"];
        match self.idtyp.as_deref() {
            Some("app") => return Some((Acting::AppOnly, "idtyp is app")),
            Some("user") => return Some((Acting::Delegated, "idtyp is user")),
            _ => {}
        }
        if self.has_scopes() {
            return Some((Acting::Delegated, "it has scp"));
        }
        if self.oid.is_some() && self.oid == self.sub {
            return Some((Acting::AppOnly, "oid equals sub"));
        }
        if user.iter().any(|name| self.has(name)) {
            return Some((Acting::Delegated, "it names a user"));
        }
        // Other issuers name a client (azp) in tokens of users too.
        if self.appid.is_some() || self.azp.is_some() && self.tid.is_some() {
            return Some((Acting::AppOnly, "it names a client and no user"));
        }
        None
    }

    /// True where continuous access evaluation is in force or the client said that it can handle it.
    pub fn continuous_access(&self) -> bool {
        self.xms_cc.iter().any(|capability| capability.eq_ignore_ascii_case("cp1"))
            || self.xms_ssm.as_deref() == Some("1")
            || self.xms_cae.as_deref() == Some("1")
    }

    /// `exp` minus `iat` in seconds (`nbf` where there is no `iat`).
    pub fn lifetime(&self) -> Option<i64> {
        self.exp.seconds()?.checked_sub(self.iat.seconds().or(self.nbf.seconds())?)
    }

    fn fault(&mut self, name: &'static str, expected: &'static str, value: Value<'_>) {
        self.faults.push(TypeFault { name, expected, found: type_name(value), value: value.to_compact() });
    }

    fn text(&mut self, name: &'static str, value: Value<'_>) -> Option<String> {
        if let Some(text) = value.as_str() {
            return Some(text.into_owned());
        }
        self.fault(name, "a string", value);
        // What can still be read is read: rules on the value then speak of it.
        match value.kind() {
            Kind::Number | Kind::Bool => Some(value.to_text()),
            Kind::Array if name == "scp" => Some(texts(value).join(" ")),
            Kind::Array => texts(value).into_iter().next(),
            _ => None,
        }
    }

    fn list(&mut self, name: &'static str, value: Value<'_>) -> Vec<String> {
        if value.kind() != Kind::Array {
            self.fault(name, "a list of strings", value);
            return value
                .as_str()
                .map(|text| text.split_ascii_whitespace().map(str::to_owned).collect())
                .unwrap_or_default();
        }
        if value.items().any(|item| item.kind() != Kind::String) {
            self.fault(name, "a list of strings", value);
        }
        texts(value)
    }

    fn time(&mut self, name: &'static str, value: Value<'_>) -> TimeClaim {
        if let Some(seconds) = value.as_i64() {
            if seconds < 0 {
                self.fault(name, "a moment after 1970", value);
            }
            return TimeClaim::Seconds(seconds);
        }
        self.fault(name, "a whole number of seconds", value);
        let text = value.number().map(str::to_owned).or_else(|| value.as_str().map(|text| text.trim().to_owned()));
        match text.and_then(|text| text.parse::<i64>().ok().or_else(|| whole_seconds(&text))) {
            Some(seconds) => TimeClaim::Bent(seconds),
            None => TimeClaim::Unreadable,
        }
    }
}

/// The whole seconds of a decimal fraction or exponent, as far as a calendar reaches.
///
/// Read digit by digit: the tables that a binary fraction is read with are larger than all the claims.
fn whole_seconds(text: &str) -> Option<i64> {
    const BEYOND: i64 = 1_000_000_000_000_000;
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    if mantissa.len() == mantissa.matches('.').count() || !digits.clone().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // How many digits stand before the point; behind the last one there are noughts without end.
    let places = usize::try_from(i64::try_from(whole.len()).ok()?.saturating_add(exponent)).unwrap_or(0);
    let mut seconds = 0_i64;
    for digit in digits.map(Some).chain(std::iter::repeat(None)).take(places) {
        if digit.is_none() && seconds == 0 {
            break;
        }
        seconds = seconds.checked_mul(10)?.checked_add(i64::from(digit.map_or(0, |digit| digit & 0x0f)))?;
        if seconds >= BEYOND {
            return None;
        }
    }
    Some(if text.starts_with('-') { seconds.checked_neg()? } else { seconds })
}

fn texts(value: Value<'_>) -> Vec<String> {
    value.items().filter_map(|item| item.as_str().map(std::borrow::Cow::into_owned)).collect()
}

fn type_name(value: Value<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "null",
        Kind::Bool => "true or false",
        Kind::Number if value.as_i64().is_some_and(i64::is_negative) => "a negative number",
        Kind::Number if value.as_i64().is_some() => "a number",
        Kind::Number => "a number with a fraction, an exponent or too many digits",
        Kind::String => "a string",
        Kind::Array => "a list",
        Kind::Object => "an object",
        Kind::Text => "a value nested too deep",
    }
}

#[cfg(test)]
mod tests {
    use super::whole_seconds;

    #[test]
    fn reads_whole_seconds_as_a_binary_fraction_would() {
        for text in [
            "1772362800.5",
            "1.7723628e9",
            "1.7723628E+9",
            "-1.5",
            "0.999",
            "-0.9",
            "1e3",
            "+7.0",
            ".5",
            "5.",
            "12345e-3",
            "0e400",
            "999999999999999.9",
            "0.0000001e14",
            "-12e2",
        ] {
            let value: f64 = text.parse().unwrap();
            assert_eq!(whole_seconds(text), Some(value as i64), "{text}");
        }
        for text in [
            "",
            ".",
            "e5",
            "1e",
            "1.2.3",
            "1 2",
            "inf",
            "NaN",
            "-",
            "1e15",
            "1e400",
            "-1e300",
            "0x10",
            "1e99999999999999999999",
        ] {
            assert_eq!(whole_seconds(text), None, "{text}");
        }
    }
}
