//! Moments and durations, in words.

use chrono::{DateTime, Datelike, Timelike};

/// A NumericDate claim (RFC 7519 section 2): seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimeClaim {
    /// Not there.
    #[default]
    Absent,
    /// A whole number of seconds, as Entra writes it.
    Seconds(i64),
    /// Something else from which a moment can still be read (digits in a string, a fraction).
    Bent(i64),
    /// Something from which no moment can be read.
    Unreadable,
}

impl TimeClaim {
    /// The moment, however it was written; seconds since 1970.
    pub fn seconds(self) -> Option<i64> {
        match self {
            Self::Seconds(seconds) | Self::Bent(seconds) => Some(seconds),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// RFC 3339 in UTC with whole seconds; moments that no calendar holds are given as seconds.
pub fn utc(seconds: i64) -> String {
    let Some(moment) = DateTime::from_timestamp(seconds, 0).filter(|moment| (0..=9999).contains(&moment.year())) else {
        return format!("{seconds} s since 1970");
    };
    let (year, month, day) = (moment.year(), moment.month(), moment.day());
    let (hour, minute, second) = (moment.hour(), moment.minute(), moment.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A duration in the two largest units that it has: "2 h 3 min", "41 min", "12 s", "3 d".
pub fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 5] = [(365 * 86_400, "y"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut parts = Vec::with_capacity(2);
    let mut rest = seconds;
    let larger = UNITS.iter().take_while(|(size, _)| *size > rest.max(1)).count();
    for &(size, unit) in UNITS.iter().skip(larger).take(2) {
        let (count, remainder) = (rest.checked_div(size).unwrap_or(0), rest.checked_rem(size).unwrap_or(0));
        rest = remainder;
        if count > 0 || parts.is_empty() && size == 1 {
            parts.push(format!("{count} {unit}"));
        }
    }
    parts.join(" ")
}

/// The distance of a moment from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// The moment, seconds since 1970.
    pub moment: i64,
    /// The moment of judging, seconds since 1970.
    pub now: i64,
}

impl std::fmt::Display for Age {
    /// "2 h 3 min ago", "in 41 min", "now".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let distance = duration(self.moment.abs_diff(self.now));
        match self.moment.cmp(&self.now) {
            std::cmp::Ordering::Less => write!(f, "{distance} ago"),
            std::cmp::Ordering::Equal => f.write_str("now"),
            std::cmp::Ordering::Greater => write!(f, "in {distance}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_words() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "1 min 1 s"),
            (3_599, "59 min 59 s"),
            (3_600, "1 h"),
            (7_380, "2 h 3 min"),
            (86_400, "1 d"),
            (90_061, "1 d 1 h"),
            (86_460, "1 d"),
            (400 * 86_400, "1 y 35 d"),
        ] {
            assert_eq!(duration(seconds), words);
        }
        assert_eq!(Age { moment: 0, now: 60 }.to_string(), "1 min ago");
        assert_eq!(Age { moment: i64::MAX, now: i64::MIN }.to_string(), format!("in {}", duration(u64::MAX)));
        assert_eq!(Age { moment: 5, now: 5 }.to_string(), "now");
    }

    #[test]
    fn moments_in_utc() {
        assert_eq!(utc(1_778_167_268), "2026-05-07T15:21:08Z");
        assert_eq!(utc(i64::MAX), format!("{} s since 1970", i64::MAX));
        assert_eq!(utc(-1), "1969-12-31T23:59:59Z");
    }
}
