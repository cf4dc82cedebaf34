//! Which of a file's keys or columns make which field, and from the values of a record to its document.

use super::Repairs;
use super::dates::{Dates, Written};
use super::names::{Field, Overrides, normal};
use crate::document::{Code, Document, Text};
use std::borrow::Cow;

/// Which of a file's keys or columns make which field; decided once a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Mapping {
    columns: Vec<Vec<String>>,
    picks: [Vec<usize>; Field::COUNT],
    /// From here on columns are kept as they are; each has a place of its own, whatever field it makes, too.
    first_kept: usize,
    /// For each field whether its key was looked for and is nowhere: then it is not told.
    unfound: [bool; Field::COUNT],
}

impl Mapping {
    /// Decides by the keys that were seen, in their order.
    pub fn decide(keys: &[String], overrides: &Overrides) -> Self {
        let mut mapping = Self::default();
        for (field, name) in overrides.chosen() {
            mapping.choose(field, name, keys);
        }
        let chosen = |field: Field| {
            let of_date =
                |(name, _): (Field, &str)| name == field || (name, field) == (Field::Date, Field::Crawl);
            overrides.chosen().any(of_date)
        };
        let normals: Vec<_> = keys.iter().map(|key| normal(key)).collect();
        for field in Field::ALL.into_iter().filter(|field| !chosen(*field)) {
            for name in field.names() {
                let same = keys.iter().zip(&normals).filter(|(_, normal)| normal == name);
                same.for_each(|(key, _)| mapping.pick(field, vec![key.clone()]));
            }
        }
        mapping.first_kept = mapping.columns.len();
        let kept = overrides.keep.iter().map(|name| path_of(name, keys));
        mapping.columns.extend(kept);
        mapping
    }

    /// What to go by when no key could be seen: all names as archives write them.
    pub fn blind(overrides: &Overrides) -> Self {
        let names = Field::ALL.iter().flat_map(|field| field.names());
        Self::decide(
            &names.map(|name| (*name).to_owned()).collect::<Vec<_>>(),
            overrides,
        )
    }

    /// Decides by these keys, and takes the texts from those others that the format itself makes.
    pub(super) fn with_texts(keys: &[String], texts: &[&str], overrides: &Overrides) -> Self {
        let mut mapping = Self::decide(keys, overrides);
        texts.iter().for_each(|text| mapping.add(Field::Text, text));
        mapping
    }

    /// Adds a key to those of a field, as the last of them.
    pub(super) fn add(&mut self, field: Field, key: &str) {
        self.columns.insert(self.first_kept, vec![key.to_owned()]);
        self.picks[field as usize].push(self.first_kept);
        self.first_kept += 1;
    }

    /// The paths to look for, each once, from the outer key to the inner.
    pub fn columns(&self) -> &[Vec<String>] {
        &self.columns
    }

    /// The columns that are kept as they are.
    pub(super) fn kept(&self) -> std::ops::Range<usize> {
        self.first_kept..self.columns.len()
    }

    /// Notes that the key chosen for a field is nowhere; that of a date may be one of those of a crawl.
    pub(super) fn note_unfound(&mut self, field: Field) {
        let crawl = field == Field::Date && !self.has(field);
        let field = if crawl { Field::Crawl } else { field };
        self.unfound[field as usize] = true;
    }

    /// Whether any key holds this field.
    pub fn has(&self, field: Field) -> bool {
        !self.picks[field as usize].is_empty()
    }

    /// The positions of a field's columns, the best first.
    pub fn picks(&self, field: Field) -> &[usize] {
        &self.picks[field as usize]
    }

    /// The fields found with the keys that hold them, the best first, dotted.
    pub fn told(&self) -> Vec<(&'static str, Vec<String>)> {
        let found = Field::ALL
            .into_iter()
            .filter(|field| self.has(*field) && !self.unfound[*field as usize]);
        let dotted = |field: Field| {
            self.picks(field)
                .iter()
                .map(|column| self.columns[*column].join("."))
                .collect()
        };
        found.map(|field| (field.name(), dotted(field))).collect()
    }

    fn choose(&mut self, field: Field, name: &str, keys: &[String]) {
        let crawl = field == Field::Date && Field::Crawl.names().contains(&normal(name).as_str());
        let field = if crawl { Field::Crawl } else { field };
        self.pick(field, path_of(name, keys));
    }

    fn pick(&mut self, field: Field, path: Vec<String>) {
        let known = self.columns.iter().position(|column| *column == path);
        let column = known.unwrap_or_else(|| {
            self.columns.push(path);
            self.columns.len() - 1
        });
        let picks = &mut self.picks[field as usize];
        if !picks.contains(&column) {
            picks.push(column);
        }
    }
}

/// The caller's choice: the very key, the same key but for its spelling, or a path into objects.
fn path_of(name: &str, keys: &[String]) -> Vec<String> {
    let alike = keys.iter().find(|key| normal(key) == normal(name));
    match keys.iter().find(|key| *key == name).or(alike) {
        Some(key) => vec![key.clone()],
        None => name.split('.').map(str::to_owned).collect(),
    }
}

/// What a record holds at one path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value<'a> {
    /// The record has no such key.
    #[default]
    Absent,
    /// Null.
    Null,
    /// A string.
    Text(Text<'a>),
    /// A number, as its digits.
    Number(String),
    /// A date or a moment that a typed column holds.
    Moment(Written),
    /// True, false, a list or an object; where it is kept, as it is written.
    Other(String),
}

impl<'a> Value<'a> {
    /// Scrapers write "None" and "null" for nothing.
    fn is_null(&self) -> bool {
        match self {
            Value::Absent | Value::Null => true,
            Value::Text(text) => matches!(text.trim(), "None" | "null"),
            Value::Number(_) | Value::Moment(_) | Value::Other(_) => false,
        }
    }

    fn is_missing(&self) -> bool {
        self.is_null() || matches!(self, Value::Text(text) if text.trim().is_empty())
    }

    /// As it is, for a column of its own.
    fn kept(self) -> Option<Text<'a>> {
        match self {
            Value::Absent | Value::Null => None,
            Value::Text(text) => Some(text),
            Value::Number(written) | Value::Other(written) => Some(Cow::Owned(written)),
            Value::Moment(written) => Some(Cow::Owned(written.iso)),
        }
    }

    /// As a date: typed ones are what they are, whatever form the caller expects of others.
    fn date(&self, dates: &Dates) -> Option<Written> {
        match self {
            Value::Moment(written) => Some(written.clone()),
            _ => dates.read(&self.metadata()?),
        }
    }

    /// As metadata: strings that say something and numbers.
    fn metadata(&self) -> Option<Text<'a>> {
        match self {
            _ if self.is_missing() => None,
            Value::Text(text) => Some(text.clone()),
            Value::Number(digits) => Some(Cow::Owned(digits.clone())),
            Value::Moment(written) => Some(Cow::Owned(written.iso.clone())),
            _ => None,
        }
    }
}

/// Makes the document of a record from the values at the mapping's columns; its place is set by the caller.
///
/// Text: the first candidate that holds a string, an empty one too. Null, "None" and "null" leave it to the next;
/// if all are so, the text is null. Metadata: the first candidate that is neither null nor empty.
pub fn assemble<'a>(
    mapping: &Mapping,
    mut values: Vec<Value<'a>>,
    dates: &Dates,
    repairs: &mut Repairs,
) -> std::result::Result<Document<'a>, Code> {
    let first = |field: Field| {
        mapping
            .picks(field)
            .iter()
            .find_map(|column| values[*column].metadata())
    };
    let mut document = Document {
        id: first(Field::Id),
        source: first(Field::Source),
        language: first(Field::Language),
        title: first(Field::Title),
        url: first(Field::Url),
        ..Document::default()
    };
    date(&mut document, mapping, &values, dates, repairs);
    document.text = text(mapping, &mut values)?;
    let kept = values.drain(mapping.kept());
    document.kept = kept.map(Value::kept).collect();
    Ok(document)
}

fn text<'a>(mapping: &Mapping, values: &mut [Value<'a>]) -> std::result::Result<Option<Text<'a>>, Code> {
    let (mut wrong, mut null) = (false, false);
    for column in mapping.picks(Field::Text) {
        match std::mem::take(&mut values[*column]) {
            Value::Absent => {}
            value if value.is_null() => null = true,
            Value::Text(text) => return Ok(Some(text)),
            _ => wrong = true,
        }
    }
    match (wrong, null) {
        (true, _) => Err(Code::TextNotAString),
        (false, true) => Ok(None),
        (false, false) => Err(Code::NoText),
    }
}

/// The first candidate that says anything decides; if that is no date, the document has none.
fn date(
    document: &mut Document<'_>,
    mapping: &Mapping,
    values: &[Value<'_>],
    dates: &Dates,
    repairs: &mut Repairs,
) {
    for (field, kind) in [(Field::Date, "published"), (Field::Crawl, "crawl")] {
        let said = mapping
            .picks(field)
            .iter()
            .map(|column| &values[*column])
            .find(|value| !value.is_missing());
        let Some(said) = said else { continue };
        match said.date(dates) {
            Some(date) => {
                document.date = Some(Cow::Owned(date.iso));
                document.date_precision = Some(date.precision);
                document.date_kind = Some(kind);
            }
            None => repairs.dates += 1,
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn told(names: &[&str], overrides: &Overrides) -> String {
        let mapping = Mapping::decide(&keys(names), overrides);
        let parts = mapping
            .told()
            .into_iter()
            .map(|(field, keys)| format!("{field}={}", keys.join("|")));
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_found_by_preference_not_by_order() {
        let none = Overrides::default();
        assert_eq!(
            told(&["text", "MainText", "Headline"], &none),
            "text=MainText|text title=Headline"
        );
        assert_eq!(told(&["description", "summary"], &none), "");
        assert_eq!(
            told(&["WARC-Record-ID", "Full Text", "LANG"], &none),
            "text=Full Text id=WARC-Record-ID language=LANG"
        );
        assert_eq!(
            told(&["date_download", "date", "source", "domain"], &none),
            "source=domain|source date=date crawl date=date_download"
        );
    }

    #[test]
    fn the_callers_choice_stands_alone() {
        let overrides = |text: &str| Overrides {
            text: Some(text.to_owned()),
            ..Overrides::default()
        };
        assert_eq!(
            told(&["text", "Lead Text"], &overrides("lead_text")),
            "text=Lead Text"
        );
        assert_eq!(told(&["text", "meta"], &overrides("meta.body")), "text=meta.body");
        assert_eq!(
            told(&["text", "meta.body"], &overrides("meta.body")),
            "text=meta.body"
        );
        let date = Overrides {
            date: Some("date_download".to_owned()),
            ..Overrides::default()
        };
        assert_eq!(
            told(&["date", "date_download"], &date),
            "crawl date=date_download"
        );
    }

    fn made<'a>(
        names: &[&str],
        values: Vec<Value<'a>>,
    ) -> (std::result::Result<Document<'a>, Code>, Repairs) {
        let mapping = Mapping::decide(&keys(names), &Overrides::default());
        let ordered = mapping.columns().iter().map(|column| {
            let at = names.iter().position(|name| *name == column[0]).unwrap();
            values[at].clone()
        });
        let mut repairs = Repairs::default();
        let dates = Dates::new(None).unwrap();
        (
            assemble(&mapping, ordered.collect(), &dates, &mut repairs),
            repairs,
        )
    }

    fn string(text: &str) -> Value<'_> {
        Value::Text(Cow::Borrowed(text))
    }

    #[test]
    fn null_texts_leave_it_to_the_next_candidate() {
        let text = |values| {
            made(&["maintext", "text"], values)
                .0
                .map(|document| document.text.map(Cow::into_owned))
        };
        assert_eq!(text(vec![string("a"), string("b")]), Ok(Some("a".to_owned())));
        assert_eq!(text(vec![Value::Null, string("b")]), Ok(Some("b".to_owned())));
        assert_eq!(text(vec![string("None"), string("b")]), Ok(Some("b".to_owned())));
        assert_eq!(text(vec![string(""), string("b")]), Ok(Some(String::new())));
        assert_eq!(text(vec![Value::Null, Value::Absent]), Ok(None));
        assert_eq!(text(vec![Value::Absent, Value::Absent]), Err(Code::NoText));
        let other = || Value::Other(String::new());
        assert_eq!(text(vec![Value::Null, other()]), Err(Code::TextNotAString));
    }

    #[test]
    fn metadata_skips_what_says_nothing() {
        let values = vec![
            string("t"),
            Value::Number("7".to_owned()),
            string("None"),
            string("Herald"),
            Value::Other(String::new()),
        ];
        let (document, _) = made(&["text", "id", "source_domain", "source", "title"], values);
        let document = document.unwrap();
        assert_eq!(document.id.as_deref(), Some("7"));
        assert_eq!(document.source.as_deref(), Some("Herald"));
        assert_eq!(document.title, None);
    }

    #[test]
    fn dates_are_read_and_bad_ones_counted() {
        let names = ["text", "date_publish", "date_download"];
        let (document, repairs) = made(&names, vec![string("t"), string("None"), string("2020-01-02")]);
        let document = document.unwrap();
        assert_eq!(
            (document.date.as_deref(), document.date_kind),
            (Some("2020-01-02"), Some("crawl"))
        );
        assert_eq!(repairs.dates, 0);
        let (document, repairs) = made(&names, vec![string("t"), string("soon"), string("2020-01-02")]);
        assert_eq!(document.unwrap().date, None);
        assert_eq!(repairs.dates, 1);
    }
}
