//! One JSON record: the values at some paths of it, or its keys. Everything that is not asked for is stepped over
//! without being kept. Where a record is as nearly all are, `flat` is quicker; here is what is right.

use super::Repairs;
use super::fields::{Mapping, Value};
use super::strict::{is_deep, replace_surrogates};
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// The values of a record at the mapping's columns.
pub(super) fn values<'a>(
    text: &'a str,
    mapping: &Mapping,
    repairs: &mut Repairs,
) -> serde_json::Result<Vec<Value<'a>>> {
    let columns = mapping.columns();
    let mut found = vec![Value::Absent; columns.len()];
    let open = (0..columns.len()).collect();
    let kept = mapping.kept();
    let repeated = &mut repairs.duplicate_keys;
    each_entry(
        text,
        Paths {
            columns,
            open,
            kept,
            depth: 0,
            found: &mut found,
            repeated,
        },
    )?;
    Ok(found)
}

/// An object on the way along some columns' paths.
struct Paths<'a, 'de> {
    columns: &'a [Vec<String>],
    /// The columns whose path led here.
    open: Vec<usize>,
    /// The columns that want their value as it is written.
    kept: Range<usize>,
    depth: usize,
    found: &'a mut [Value<'de>],
    repeated: &'a mut u64,
}

impl<'de> Entries<'de> for Paths<'_, 'de> {
    fn entry<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, map: &mut A) -> Result<(), A::Error> {
        let depth = self.depth;
        let here = |column: &&usize| self.columns[**column].get(depth).is_some_and(|part| *part == key);
        let last = |column: &&usize| self.columns[**column].len() == depth + 1;
        let here = self.open.iter().filter(here);
        if here.clone().any(|column| self.kept.contains(column)) {
            let here: Vec<usize> = here.copied().collect();
            return self.keep(here, map.next_value()?);
        }
        if let Some(&column) = here.clone().find(last) {
            let value = map.next_value()?;
            *self.repeated += u64::from(self.found[column] != Value::Absent);
            self.found[column] = value;
            return Ok(());
        }
        let open: Vec<usize> = here.copied().collect();
        if open.is_empty() {
            return map.next_value::<IgnoredAny>().map(drop);
        }
        map.next_value_seed(Within(self.inside(open)))
    }
}

impl<'a, 'de> Paths<'a, 'de> {
    /// The same, one object further in.
    fn inside(&mut self, open: Vec<usize>) -> Paths<'_, 'de> {
        Paths {
            columns: self.columns,
            open,
            kept: self.kept.clone(),
            depth: self.depth + 1,
            found: &mut *self.found,
            repeated: &mut *self.repeated,
        }
    }

    /// Takes a value that some columns want as it is written, and others perhaps as a field or for what lies in it.
    fn keep<E: de::Error>(&mut self, here: Vec<usize>, raw: &'de RawValue) -> Result<(), E> {
        let again = |error: serde_json::Error| E::custom(error.to_string());
        let last = |column: &usize| self.columns[*column].len() == self.depth + 1;
        let (here, open): (Vec<usize>, Vec<usize>) = here.into_iter().partition(last);
        for column in here {
            let value = serde_json::from_str(raw.get()).map_err(again)?;
            *self.repeated += u64::from(self.found[column] != Value::Absent);
            self.found[column] = match value {
                Value::Number(_) if self.kept.contains(&column) => Value::Number(raw.get().to_owned()),
                Value::Other(_) if self.kept.contains(&column) => Value::Other(raw.get().to_owned()),
                value => value,
            };
        }
        if open.is_empty() {
            return Ok(());
        }
        each_entry(raw.get(), self.inside(open)).or_else(|error| match error.is_data() {
            true => Ok(()),
            false => Err(again(error)),
        })
    }
}

/// The keys of many records, each once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// The outermost ones: those that can name a field.
    pub(super) outer: Vec<String>,
    /// Those one object further in, dotted.
    pub(super) inner: Vec<String>,
    /// How many records had keys to see.
    pub(super) objects: usize,
    seen: HashSet<String>,
}

/// How many keys are kept; objects that use names as data would have no end of them.
const KEYS_LIMIT: usize = 1000;

impl Keys {
    /// Adds the keys of one record; one that is no object has none.
    pub(super) fn add(&mut self, text: &str) {
        if is_deep(text.as_bytes()) {
            return;
        }
        let repaired = replace_surrogates(text);
        let text = repaired.as_ref().map_or(text, |(text, _)| text);
        let mut found = Vec::new();
        if each_entry(
            text,
            Names {
                path: None,
                found: &mut found,
            },
        )
        .is_err()
        {
            return;
        }
        self.objects += 1;
        for (outer, inner) in found {
            let dotted = inner.map(|inner| format!("{outer}.{inner}"));
            if self.seen.len() < KEYS_LIMIT && self.seen.insert(dotted.clone().unwrap_or(outer.clone())) {
                match dotted {
                    Some(dotted) => self.inner.push(dotted),
                    None => self.outer.push(outer),
                }
            }
        }
    }
}

struct Names<'a> {
    path: Option<String>,
    found: &'a mut Vec<(String, Option<String>)>,
}

impl<'de> Entries<'de> for Names<'_> {
    fn entry<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, map: &mut A) -> Result<(), A::Error> {
        let key = key.into_owned();
        if let Some(path) = &self.path {
            self.found.push((path.clone(), Some(key)));
            return map.next_value::<IgnoredAny>().map(drop);
        }
        self.found.push((key.clone(), None));
        map.next_value_seed(Within(Names {
            path: Some(key),
            found: self.found,
        }))
    }
}

/// Shows each entry of the object that `text` must be.
fn each_entry<'de>(text: &'de str, entries: impl Entries<'de>) -> serde_json::Result<()> {
    let mut json = serde_json::Deserializer::from_str(text);
    json.deserialize_map(Within(entries))?;
    json.end()
}

/// Takes the entries of an object, one by one.
trait Entries<'de> {
    /// Takes the value of this key from the map.
    fn entry<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, map: &mut A) -> Result<(), A::Error>;
}

/// Shows the entries of whatever comes next, which has none unless it is an object.
struct Within<E>(E);

impl<'de, E: Entries<'de>> DeserializeSeed<'de> for Within<E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, E: Entries<'de>> Visitor<'de> for Within<E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            self.0.entry(key, &mut map)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        IgnoredAny.visit_seq(list).map(drop)
    }

    fn visit_unit<F>(self) -> Result<(), F> {
        Ok(())
    }

    fn visit_bool<F>(self, _: bool) -> Result<(), F> {
        Ok(())
    }

    fn visit_i64<F>(self, _: i64) -> Result<(), F> {
        Ok(())
    }

    fn visit_u64<F>(self, _: u64) -> Result<(), F> {
        Ok(())
    }

    fn visit_f64<F>(self, _: f64) -> Result<(), F> {
        Ok(())
    }

    fn visit_str<F>(self, _: &str) -> Result<(), F> {
        Ok(())
    }
}

/// A key, borrowed from the record unless it holds escapes.
struct Key<'de>(Cow<'de, str>);

struct KeyVisitor;

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(KeyVisitor)
    }
}

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}

struct ValueVisitor;

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(ValueVisitor)
    }
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Value::Other(String::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(list).map(|_| Value::Other(String::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_map(map).map(|_| Value::Other(String::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::names::Overrides;

    #[test]
    fn paths_lead_into_objects() {
        let overrides = Overrides {
            text: Some("a.b.c".to_owned()),
            ..Overrides::default()
        };
        let mapping = Mapping::decide(&["id".to_owned()], &overrides);
        let found = |text: &str| {
            let values = values(text, &mapping, &mut Repairs::default()).unwrap();
            format!("{:?}", values[0])
        };
        assert_eq!(
            found(r#"{"a":{"x":[1],"b":{"c":"deep"}},"id":1}"#),
            "Text(\"deep\")"
        );
        for other in [
            r#"{"a":{"b":7}}"#,
            r#"{"a":["b"]}"#,
            r#"{"a":"b"}"#,
            r#"{"a":null}"#,
            r#"{"b":{"c":"x"}}"#,
        ] {
            assert_eq!(found(other), "Absent", "{other}");
        }
    }

    #[test]
    fn numbers_become_their_digits() {
        let mapping = Mapping::decide(&["id".to_owned()], &Overrides::default());
        for (number, digits) in [
            ("7", "7"),
            ("-7", "-7"),
            ("18446744073709551615", "18446744073709551615"),
            ("1.5e9", "1500000000"),
            ("0.5", "0.5"),
        ] {
            let text = format!("{{\"id\":{number}}}");
            let values = values(&text, &mapping, &mut Repairs::default()).unwrap();
            assert_eq!(values[0], Value::Number(digits.to_owned()));
        }
    }

    #[test]
    fn kept_values_are_as_written() {
        let overrides = Overrides {
            date: Some("m.date".to_owned()),
            keep: ["n", "m", "m.ok", "id", "none"].map(str::to_owned).to_vec(),
            ..Overrides::default()
        };
        let mapping = Mapping::decide(&["id".to_owned(), "n".to_owned(), "m".to_owned()], &overrides);
        let record = r#"{"id":1.50,"n":"a\"b","m":{"date":"2020", "ok":true}}"#;
        let values = values(record, &mapping, &mut Repairs::default()).unwrap();
        let shown: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
        assert_eq!(
            shown,
            [
                r#"Text("2020")"#,
                r#"Number("1.5")"#,
                r#"Text("a\"b")"#,
                r#"Other("{\"date\":\"2020\", \"ok\":true}")"#,
                r#"Other("true")"#,
                r#"Number("1.50")"#,
                "Absent"
            ]
        );
    }

    #[test]
    fn keys_are_kept_once_and_in_order() {
        let mut keys = Keys::default();
        for text in [
            r#"{"b":{"x":1,"y":{"z":2}},"a":"\ud800"}"#,
            "[1]",
            "broken",
            r#"{"a":[{"q":1}],"c":1}"#,
        ] {
            keys.add(text);
        }
        assert_eq!(keys.outer, ["b", "a", "c"]);
        assert_eq!(keys.inner, ["b.x", "b.y"]);
        assert_eq!(keys.objects, 2);
    }
}
