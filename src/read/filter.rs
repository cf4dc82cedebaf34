//! Which documents are scored: conditions on their date, language and source, as `--where` takes them. Owns the small
//! language of conditions and what each of them means.

use super::dates::Dates;
use crate::document::Document;
use crate::error::{Error, Kind, Result};

/// Conditions that a document must meet, all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    asked: Asked,
    relation: Relation,
    value: String,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Date,
    Language,
    Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The signs, each before those that it begins with.
const RELATIONS: [(&str, Relation); 7] = [
    ("!=", Relation::Unequal),
    ("<=", Relation::LessOrEqual),
    (">=", Relation::GreaterOrEqual),
    ("==", Relation::Equal),
    ("=", Relation::Equal),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

/// A date is compared as it is written, down to the second; its zone comes after that.
const TO_THE_SECOND: usize = "2020-01-01T00:00:00".len();

impl Filter {
    /// Reads conditions; several in one text are joined by `and`.
    pub fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self> {
        let mut conditions = Vec::new();
        for text in texts {
            let mut rest = text.as_ref();
            loop {
                let (condition, after) = condition(rest).map_err(|error| refused(text.as_ref(), error))?;
                conditions.push(condition);
                match after {
                    Some(after) => rest = after,
                    None => break,
                }
            }
        }
        Ok(Self { conditions })
    }

    /// Whether a document meets all conditions. One that does not say what is asked for meets none.
    pub fn keeps(&self, document: &Document<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.holds(document))
    }
}

impl Condition {
    fn holds(&self, document: &Document<'_>) -> bool {
        let (said, value) = match self.asked {
            Asked::Date => (&document.date, &self.value),
            Asked::Language => (&document.language, &self.value),
            Asked::Source => (&document.source, &self.value),
        };
        said.as_deref().is_some_and(|said| match self.asked {
            Asked::Date => self.relation.of_dates(said, value),
            Asked::Language => self.relation.of_words(is_language(said, value)),
            Asked::Source => self
                .relation
                .of_words(said.trim().to_lowercase() == value.to_lowercase()),
        })
    }
}

impl Relation {
    fn of_words(self, same: bool) -> bool {
        (self == Relation::Unequal) != same
    }

    /// A document's date counts by its beginning, so that `2020` is the first second of that year; the value stands
    /// for all of the year, the month or the day that it names.
    fn of_dates(self, said: &str, value: &str) -> bool {
        let mut said = said.get(..TO_THE_SECOND).unwrap_or(said).to_owned();
        said.push_str("0000-01-01T00:00:00".get(said.len()..).unwrap_or_default());
        let (within, before) = (said.starts_with(value), said.as_str() < value);
        match self {
            Relation::Equal => within,
            Relation::Unequal => !within,
            Relation::Less => before,
            Relation::LessOrEqual => before || within,
            Relation::Greater => !before && !within,
            Relation::GreaterOrEqual => !before,
        }
    }
}

/// `en` is also the language of `en-US`; letter case says nothing.
fn is_language(said: &str, value: &str) -> bool {
    let (said, value) = (said.trim().to_lowercase(), value.to_lowercase());
    let rest = said.strip_prefix(&value);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

/// What is wrong with a condition, and what to do about it.
type Fault = (String, &'static str);

/// Reads the first condition of a text; gives it with what comes after the `and`.
fn condition(text: &str) -> std::result::Result<(Condition, Option<&str>), Fault> {
    const FORM: &str = "write it as date>=2020-01-01, language=en or source!=example.com, a value with `and` in it in quotes";
    let text = text.trim();
    let at = text
        .find(['=', '!', '<', '>'])
        .ok_or_else(|| (format!("`{text}` compares nothing"), FORM))?;
    let (name, rest) = text.split_at(at);
    let asked = asked(name.trim())?;
    let (sign, relation) = RELATIONS
        .iter()
        .find(|(sign, _)| rest.starts_with(sign))
        .ok_or_else(|| ("a `!` stands without its `=`".to_owned(), FORM))?;
    let (value, after) = value(&rest[sign.len()..])?;
    if value.is_empty() {
        return Err((format!("nothing stands behind `{sign}`"), FORM));
    }
    let value = match asked {
        Asked::Date => date(value)?,
        _ if !matches!(relation, Relation::Equal | Relation::Unequal) => {
            let what = format!("`{sign}` has no meaning for `{}`", name.trim());
            return Err((what, "only dates have an order: use = or !="));
        }
        Asked::Language if value.contains([',', ' ']) => {
            let what = format!("`{value}` is not one language");
            return Err((what, "ask for one, as in language=en"));
        }
        _ => value.to_owned(),
    };
    let relation = *relation;
    Ok((
        Condition {
            asked,
            relation,
            value,
        },
        after,
    ))
}

fn asked(name: &str) -> std::result::Result<Asked, Fault> {
    match name.to_ascii_lowercase().as_str() {
        "date" => Ok(Asked::Date),
        "language" => Ok(Asked::Language),
        "source" => Ok(Asked::Source),
        _ => Err((
            format!("`{name}` cannot be asked for"),
            "date, language and source can",
        )),
    }
}

/// Splits a value from what follows: in quotes, or up to the next `and`.
fn value(text: &str) -> std::result::Result<(&str, Option<&str>), Fault> {
    let text = text.trim_start();
    if let Some(quote) = text.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let (value, after) = text[1..]
            .split_once(quote)
            .ok_or_else(|| ("a quote is never closed".to_owned(), "close it, or leave it away"))?;
        return match after.trim_start() {
            "" => Ok((value, None)),
            after => match after.get(..4).filter(|and| and.eq_ignore_ascii_case("and ")) {
                Some(_) => Ok((value, Some(&after[4..]))),
                None => Err((
                    format!("`{after}` follows the quotes"),
                    "join conditions by `and`",
                )),
            },
        };
    }
    let lower = text.to_ascii_lowercase();
    if lower.contains(" or ") {
        const AND: &str = "conditions are joined by `and`; a value with `or` in it stands in quotes";
        return Err(("`or` joins no conditions".to_owned(), AND));
    }
    let joined = lower.find(" and ");
    Ok(joined.map_or((text.trim_end(), None), |at| {
        (text[..at].trim_end(), Some(&text[at + " and ".len()..]))
    }))
}

fn date(text: &str) -> std::result::Result<String, Fault> {
    let read = Dates::default().read(text);
    let iso = read.map(|written| written.iso).ok_or_else(|| {
        (
            format!("`{text}` is no date"),
            "write it as 2020, 2020-03, 2020-03-01 or 2020-03-01T10:00:00",
        )
    })?;
    Ok(iso.get(..TO_THE_SECOND).unwrap_or(&iso).to_owned())
}

fn refused(text: &str, (what, hint): Fault) -> Error {
    Error::new(
        Kind::Option,
        format!("the condition `{text}` cannot be understood: {what}"),
    )
    .hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn keeps(filter: &str, date: &str, language: &str, source: &str) -> bool {
        let said = |text: &str| (!text.is_empty()).then(|| Cow::Owned(text.to_owned()));
        let document = Document {
            date: said(date),
            language: said(language),
            source: said(source),
            ..Document::default()
        };
        Filter::parse(&[filter]).unwrap().keeps(&document)
    }

    #[test]
    fn dates_are_compared_by_what_is_known_of_them() {
        for (filter, kept, dropped) in [
            (
                "date>=2020-01-01",
                &["2020", "2020-01-01", "2021-03"][..],
                &["2019-12-31T23:59:59Z", "2019"][..],
            ),
            (
                "date < 2020",
                &["2019-12-31T23:59:59+05:00", "1987"],
                &["2020", "2020-01-01"],
            ),
            (
                "date=2020-03",
                &["2020-03", "2020-03-31T10:00:00Z"],
                &["2020", "2020-04-01"],
            ),
            ("date!=2020-03", &["2020", "2020-04-01"], &["2020-03-07"]),
            ("date<=2020-03", &["2020", "2020-03-31T23:59:59"], &["2020-04"]),
            (
                "date>2020-03-01",
                &["2020-03-02"],
                &["2020-03-01T12:00:00", "2020-03"],
            ),
            (
                "date>20200301 and date<2020-03-01T12:00:00",
                &[],
                &["2020-03-01T12:00:00", "2020-03-01"],
            ),
            (
                "Date>=2020-01 AND date<2021",
                &["2020-12-31"],
                &["2021-01-01", "2019", ""],
            ),
        ] {
            kept.iter()
                .for_each(|date| assert!(keeps(filter, date, "", ""), "{filter} {date}"));
            dropped
                .iter()
                .for_each(|date| assert!(!keeps(filter, date, "", ""), "{filter} {date}"));
        }
    }

    #[test]
    fn words_are_compared_whole() {
        for (filter, language, source, kept) in [
            ("language=en", "EN", "", true),
            ("language=en", "en-GB", "", true),
            ("language=en", "eng", "", false),
            ("language=en", "", "", false),
            ("language!=en", "", "", false),
            ("language!=en", "de", "", true),
            ("source==reuters.com", "", "Reuters.com", true),
            ("source=reuters.com", "", "reuters.com.uk", false),
            (
                "source=\"Ships and Ports\" and language=en",
                "en",
                "ships and ports",
                true,
            ),
            ("source='a=b'", "", "a=b", true),
            ("source=Ships & Co", "", "ships & co", true),
        ] {
            assert_eq!(keeps(filter, "", language, source), kept, "{filter}");
        }
        assert!(Filter::parse::<&str>(&[]).unwrap().keeps(&Document::default()));
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        for (filter, said) in [
            ("", "compares nothing"),
            ("language", "compares nothing"),
            ("titel=x", "`titel` cannot be asked for"),
            ("date>=soon", "`soon` is no date"),
            ("date>=01/02/2020", "is no date"),
            ("source>a", "`>` has no meaning for `source`"),
            ("language=", "nothing stands behind `=`"),
            ("language!en", "without its `=`"),
            ("source='a", "never closed"),
            ("source='a' or language=en", "follows the quotes"),
            ("date>=2020 and", "`2020 and` is no date"),
            ("date>=2020 and ", "`2020 and` is no date"),
            ("date=2020 and and", "compares nothing"),
            ("date=\u{e9}\u{e9}", "is no date"),
            ("language=en or language=de", "`or` joins no conditions"),
            ("language=en,de", "`en,de` is not one language"),
        ] {
            let error = Filter::parse(&[filter]).unwrap_err();
            assert_eq!(error.kind, Kind::Option);
            assert!(error.message.contains(said), "{filter}: {error}");
        }
    }
}
