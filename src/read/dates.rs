//! From the many ways in which archives write dates to one: ISO 8601, as precise as known. Never guesses between day
//! and month.

use crate::error::{Error, Kind, Result};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};
use jiff::tz::{Offset, TimeZone};

/// A date, written as precisely as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// ISO 8601: `2020`, `2020-03`, `2020-03-01` or `2020-03-01T10:00:00`, with the zone if one was given.
    pub iso: String,
    /// `year`, `month`, `day` or `second`.
    pub precision: &'static str,
}

/// Reads dates: in the caller's format if there is one, else in all forms that cannot be mistaken.
#[derive(Debug, Clone, Default)]
pub struct Dates {
    format: Option<String>,
}

static ISO: DateTimeParser = DateTimeParser::new();
static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// Integers from here on count seconds since 1970.
const FIRST_EPOCH: i64 = 100_000_000;
/// Integers from here on count milliseconds: as seconds they would lie past the year 5000.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;
const LAST_MILLISECONDS: i64 = 9_999_999_999_999;

impl Dates {
    /// A reader for this strptime format, or for all known forms. Fails when the format cannot work.
    pub fn new(format: Option<&str>) -> Result<Self> {
        if let Some(format) = format {
            check_format(format)?;
        }
        Ok(Self {
            format: format.map(str::to_owned),
        })
    }

    /// The date that `text` says, or nothing if it says none. A number is read as its decimal digits.
    pub fn read(&self, text: &str) -> Option<Written> {
        let text = text.trim();
        match &self.format {
            Some(format) => by_format(format, text),
            None if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => by_digits(text),
            None => by_day(text)
                .or_else(|| by_iso(text))
                .or_else(|| by_mail(text))
                .or_else(|| by_fraction(text)),
        }
    }
}

/// The day that lies so many days behind the first of 1970.
pub(super) fn of_day(days: i64) -> Option<Written> {
    const DAY: i64 = 24 * 60 * 60;
    let instant = Timestamp::from_second(days.checked_mul(DAY)?).ok()?;
    day(Offset::UTC.to_datetime(instant).date())
}

/// The second that lies so many seconds behind the beginning of 1970: in UTC, or by a clock of unknown zone.
pub(super) fn of_second(seconds: i64, utc: bool) -> Option<Written> {
    let instant = Timestamp::from_second(seconds).ok()?;
    second(Offset::UTC.to_datetime(instant), utc.then_some(Offset::UTC))
}

/// A format works if it reads what it writes, and if that says a year.
fn check_format(format: &str) -> Result<()> {
    let sample = Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC);
    let refuse = |why: String| {
        let message = format!("the date format `{format}` does not work: {why}");
        Err(Error::new(Kind::Option, message).hint("write it as for strptime: `%d/%m/%Y`"))
    };
    let written = match BrokenDownTime::from(&sample).to_string(format) {
        Ok(written) => written,
        Err(error) => return refuse(error.to_string()),
    };
    if let Err(error) = BrokenDownTime::parse(format, &written) {
        return refuse(error.to_string());
    }
    match by_format(format, &written) {
        Some(_) => Ok(()),
        None => refuse("it says no year".to_owned()),
    }
}

fn by_format(format: &str, text: &str) -> Option<Written> {
    let parts = BrokenDownTime::parse(format, text).ok()?;
    if let Some(instant) = parts.timestamp() {
        return second(Offset::UTC.to_datetime(instant), Some(Offset::UTC));
    }
    if parts.hour().is_some() {
        return second(parts.to_datetime().ok()?, parts.offset());
    }
    if let Ok(date) = parts.to_date() {
        return day(date);
    }
    match (parts.year()?, parts.month()) {
        (year, Some(month)) => written(format!("{year:04}-{month:02}"), "month", year),
        (year, None) => written(format!("{year:04}"), "year", year),
    }
}

/// Years, compact dates and counts since 1970 differ in length, so none is taken for another.
fn by_digits(text: &str) -> Option<Written> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    match text.len() {
        4 => year_month(number(0..4)?, None),
        8 => day(date_of(text)?),
        9..=13 => epoch(number(0..text.len())?),
        14 => {
            let field = |at: usize| number(at..at + 2).and_then(|n| i8::try_from(n).ok());
            let time = jiff::civil::Time::new(field(8)?, field(10)?, field(12)?, 0).ok()?;
            second(date_of(text)?.to_datetime(time), None)
        }
        _ => None,
    }
}

fn date_of(digits: &str) -> Option<Date> {
    let number = |at: usize, length: usize| digits.get(at..at + length)?.parse::<i16>().ok();
    let part = |at: usize| number(at, 2).and_then(|n| i8::try_from(n).ok());
    Date::new(number(0, 4)?, part(4)?, part(6)?).ok()
}

fn epoch(count: i64) -> Option<Written> {
    let instant = match count {
        FIRST_EPOCH..FIRST_MILLISECONDS => Timestamp::from_second(count),
        FIRST_MILLISECONDS..=LAST_MILLISECONDS => Timestamp::from_millisecond(count),
        _ => return None,
    };
    second(Offset::UTC.to_datetime(instant.ok()?), Some(Offset::UTC))
}

/// `2020-03-01`, as most archives have it, without the way through all that ISO 8601 allows.
fn by_day(text: &str) -> Option<Written> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| 10 * number + i16::from(digit - b'0'))
        })
    };
    let part = |digits: &[u8]| number(digits).and_then(|number| i8::try_from(number).ok());
    let dashes = bytes[4] == b'-' && bytes[7] == b'-';
    let date =
        dashes.then(|| Date::new(number(&bytes[..4])?, part(&bytes[5..7])?, part(&bytes[8..])?).ok())??;
    written(text.to_owned(), "day", date.year())
}

fn by_iso(text: &str) -> Option<Written> {
    if text.len() == 7 && text.as_bytes()[4] == b'-' {
        return year_month(text.get(..4)?.parse().ok()?, Some(text.get(5..)?.parse().ok()?));
    }
    let joined = join_zone(text);
    let pieces = ISO.parse_pieces(joined.as_deref().unwrap_or(text)).ok()?;
    let offset = pieces.offset().map(|offset| match offset {
        PiecesOffset::Numeric(offset) => offset.offset(),
        _ => Offset::UTC,
    });
    match pieces.time() {
        Some(time) => second(pieces.date().to_datetime(time), offset),
        None => day(pieces.date()),
    }
}

/// `... 10:00:00 +0000` and `... 10:00:00 UTC` are common; the standard wants the zone without a space.
fn join_zone(text: &str) -> Option<String> {
    let (head, zone) = text.rsplit_once(' ')?;
    match zone {
        "UTC" | "GMT" | "Z" => Some(format!("{head}Z")),
        _ if zone.starts_with(['+', '-']) => Some(format!("{head}{zone}")),
        _ => None,
    }
}

fn by_mail(text: &str) -> Option<Written> {
    let zoned = MAIL.parse_zoned_datetime(text).ok()?;
    second(zoned.datetime(), Some(zoned.offset()))
}

/// Counts of seconds are written with a fraction at times: `1577836800.0`.
fn by_fraction(text: &str) -> Option<Written> {
    let (whole, fraction) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| epoch(whole.parse().ok()?))?
}

fn year_month(year: i64, month: Option<u8>) -> Option<Written> {
    let year = i16::try_from(year)
        .ok()
        .filter(|year| (1000..3000).contains(year))?;
    match month {
        None => written(year.to_string(), "year", year),
        Some(month @ 1..=12) => written(format!("{year}-{month:02}"), "month", year),
        Some(_) => None,
    }
}

fn day(date: Date) -> Option<Written> {
    written(date.to_string(), "day", date.year())
}

fn second(at: DateTime, offset: Option<Offset>) -> Option<Written> {
    let zone = match offset {
        None => String::new(),
        Some(Offset::UTC) => "Z".to_owned(),
        Some(offset) => offset_text(offset),
    };
    let (date, time) = (at.date(), at.time());
    let iso = format!(
        "{date}T{:02}:{:02}:{:02}{zone}",
        time.hour(),
        time.minute(),
        time.second()
    );
    written(iso, "second", date.year())
}

fn offset_text(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// Years that four digits cannot write are mistakes.
fn written(iso: String, precision: &'static str, year: i16) -> Option<Written> {
    (year > 0).then_some(Written { iso, precision })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_archives() {
        let dates = Dates::new(None).unwrap();
        for (text, iso, precision) in [
            ("1987", "1987", "year"),
            ("2020-03", "2020-03", "month"),
            ("2020-03-01", "2020-03-01", "day"),
            (" 20200301 ", "2020-03-01", "day"),
            ("20200301101112", "2020-03-01T10:11:12", "second"),
            ("2020-03-01 10:11:12", "2020-03-01T10:11:12", "second"),
            ("2020-03-01T10:11", "2020-03-01T10:11:00", "second"),
            ("2020-03-01T10:11:12.987654", "2020-03-01T10:11:12", "second"),
            ("2020-03-01T10:11:12Z", "2020-03-01T10:11:12Z", "second"),
            ("2020-03-01T10:11:12+00:00", "2020-03-01T10:11:12Z", "second"),
            ("2020-03-01T10:11:12+0530", "2020-03-01T10:11:12+05:30", "second"),
            ("2020-03-01 10:11:12 -0330", "2020-03-01T10:11:12-03:30", "second"),
            ("2020-03-01 10:11:12 UTC", "2020-03-01T10:11:12Z", "second"),
            ("1577836800", "2020-01-01T00:00:00Z", "second"),
            ("1577836800.0", "2020-01-01T00:00:00Z", "second"),
            ("1577836800123", "2020-01-01T00:00:00Z", "second"),
            ("100000000", "1973-03-03T09:46:40Z", "second"),
            ("Wed, 01 Jan 2020 10:00:00 GMT", "2020-01-01T10:00:00Z", "second"),
            (
                "Mon, 1 Jan 2020 10:00:00 -0500",
                "2020-01-01T10:00:00-05:00",
                "second",
            ),
        ] {
            let expected = Some(Written {
                iso: iso.to_owned(),
                precision,
            });
            assert_eq!(dates.read(text), expected, "{text}");
        }
    }

    #[test]
    fn typed_dates_are_counted_from_1970() {
        let iso = |written: Option<Written>| written.map(|written| written.iso);
        assert_eq!(iso(of_day(18_262)).unwrap(), "2020-01-01");
        assert_eq!(iso(of_day(-1)).unwrap(), "1969-12-31");
        assert_eq!(
            iso(of_second(1_577_836_800, true)).unwrap(),
            "2020-01-01T00:00:00Z"
        );
        assert_eq!(iso(of_second(-1, false)).unwrap(), "1969-12-31T23:59:59");
        assert_eq!((of_day(i64::MAX), of_second(i64::MIN, true)), (None, None));
    }

    #[test]
    fn what_could_be_mistaken_is_no_date() {
        let dates = Dates::new(None).unwrap();
        for text in [
            "",
            "yesterday",
            "01/02/2020",
            "2020/13/01",
            "2020-02-30",
            "20201301",
            "99",
            "3000",
            "999",
            "202003",
            "2020-13",
            "2020-3-1",
            "99999999",
            "123456789012345",
            "March 5, 2020",
            "-1577836800",
            "2020-é1",
            "1e9",
            ".",
            "5.",
            "0000-01-01",
            "\u{0}",
            "+002020-03-01T99",
        ] {
            assert_eq!(dates.read(text), None, "{text}");
        }
    }

    #[test]
    fn a_format_of_the_callers_own() {
        let read =
            |format: &str, text: &str| Dates::new(Some(format)).unwrap().read(text).map(|date| date.iso);
        assert_eq!(read("%d/%m/%Y", "01/02/2020").unwrap(), "2020-02-01");
        assert_eq!(
            read("%m/%d/%Y %H:%M", "01/02/2020 10:05").unwrap(),
            "2020-01-02T10:05:00"
        );
        assert_eq!(read("%B %Y", "March 2020").unwrap(), "2020-03");
        assert_eq!(read("%Y", "2020").unwrap(), "2020");
        assert_eq!(read("%s", "1577836800").unwrap(), "2020-01-01T00:00:00Z");
        assert_eq!(read("%d/%m/%Y %z", "01/02/2020 +0100").unwrap(), "2020-02-01");
        assert_eq!(read("%d/%m/%Y", "2020-02-01"), None);
    }

    #[test]
    fn a_format_that_cannot_work_is_an_option_error() {
        for format in ["%Q", "%", "%d/%m", "year"] {
            let error = Dates::new(Some(format)).unwrap_err();
            assert_eq!(error.kind, Kind::Option);
            assert!(error.message.contains("does not work"), "{error}");
        }
    }
}
