//! A table of a lexicon file: its keys, checked and read with their types, in the order of the file.

use super::guard::did_you_mean;
use super::source::{Source, Value};
use crate::error::{Error, Result};
use toml::de::DeTable;

/// A table with its name for messages.
pub(super) struct Section<'a> {
    source: Source<'a>,
    table: &'a DeTable<'a>,
    /// `dimensions.sanction`; empty for the whole file.
    path: String,
    /// What messages call it.
    title: String,
    /// The byte where it begins.
    pub(super) at: usize,
}

/// A key of a table, the byte where it stands, and its value.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    pub(super) at: usize,
    pub(super) value: &'a Value<'a>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn root(source: Source<'a>, table: &'a DeTable<'a>) -> Self {
        Self {
            source,
            table,
            path: String::new(),
            title: "the file".to_owned(),
            at: 0,
        }
    }

    /// A value that is a table without a name of its own.
    pub(super) fn nameless(source: Source<'a>, value: &'a Value<'a>, title: &str) -> Result<Self> {
        Ok(Self {
            source,
            table: source.table(value, title)?,
            path: String::new(),
            title: title.to_owned(),
            at: value.span().start,
        })
    }

    /// The table at an entry of this one.
    pub(super) fn section(&self, entry: Entry<'a>) -> Result<Section<'a>> {
        let path = match self.path.as_str() {
            "" => entry.key.to_owned(),
            parent => format!("{parent}.{}", entry.key),
        };
        let title = format!("[{path}]");
        Ok(Section {
            source: self.source,
            table: self.source.table(entry.value, &title)?,
            path,
            title,
            at: entry.at,
        })
    }

    /// The tables in the table at `key`, none if it is absent.
    pub(super) fn sections(&self, key: &str) -> Result<Vec<(&'a str, Section<'a>)>> {
        let Some(entry) = self.find(key) else {
            return Ok(Vec::new());
        };
        let parent = self.section(entry)?;
        let entries = parent.entries().into_iter();
        entries
            .map(|entry| Ok((entry.key, parent.section(entry)?)))
            .collect()
    }

    /// All keys, in the order in which they first appear in the file.
    pub(super) fn entries(&self) -> Vec<Entry<'a>> {
        let entries = self.table.iter().map(|(key, value)| {
            let at = key.span().start;
            (
                first_mention(at, value, 3),
                Entry {
                    key: key.get_ref(),
                    at,
                    value,
                },
            )
        });
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(|&(first, _)| first);
        entries.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The entry of a key, if it is there.
    pub(super) fn find(&self, key: &str) -> Option<Entry<'a>> {
        let (key, value) = self.table.get_key_value(key)?;
        Some(Entry {
            key: key.get_ref(),
            at: key.span().start,
            value,
        })
    }

    /// Refuses keys that nobody knows.
    pub(super) fn check_keys(&self, known: &[&str]) -> Result<()> {
        let Some(entry) = self
            .entries()
            .into_iter()
            .find(|entry| !known.contains(&entry.key))
        else {
            return Ok(());
        };
        let all = || format!("known keys: {}", known.join(", "));
        let error = self
            .source
            .error(entry.at, format!("unknown key `{}` in {}", entry.key, self.title));
        Err(error.hint(did_you_mean(entry.key, known.iter().copied(), all)))
    }

    /// A string that may be absent.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>> {
        let value = self.find(key).map(|entry| entry.value);
        let text = value.map(|value| self.source.string(value, &self.what(key)));
        Ok(text.transpose()?.map(str::to_owned))
    }

    /// A string that must be there and say something.
    pub(super) fn required_text(&self, key: &str) -> Result<String> {
        let Some(text) = self.text(key)? else {
            let error = self.missing(key);
            return Err(error.hint(format!("add `{key} = \"...\"`")));
        };
        match text.trim() {
            "" => Err(self
                .error_at(key, format!("{} is empty", self.what(key)))
                .hint("write something there")),
            _ => Ok(text),
        }
    }

    /// A finite number that may be absent.
    pub(super) fn number(&self, key: &str) -> Result<Option<f64>> {
        let value = self.find(key).map(|entry| entry.value);
        value
            .map(|value| self.source.number(value, &self.what(key)))
            .transpose()
    }

    /// A whole number, 0 if it is absent.
    pub(super) fn count(&self, key: &str, most: u16) -> Result<u16> {
        let value = self.find(key).map(|entry| entry.value);
        value.map_or(Ok(0), |value| self.source.count(value, &self.what(key), most))
    }

    /// What a key is called in messages.
    pub(super) fn what(&self, key: &str) -> String {
        format!("`{key}` of {}", self.title)
    }

    /// An error about a key that should be there.
    pub(super) fn missing(&self, key: &str) -> Error {
        self.source
            .error(self.at, format!("{} needs `{key}`", self.title))
    }

    /// An error about the value of a key.
    pub(super) fn error_at(&self, key: &str, message: impl Into<String>) -> Error {
        let at = self.find(key).map_or(self.at, |entry| entry.value.span().start);
        self.source.error(at, message)
    }
}

/// The byte where a table is first spoken of: a section's own header may stand after those of its parts, but not
/// more than three levels down, since no part of a lexicon lies deeper.
fn first_mention(at: usize, value: &Value<'_>, levels: usize) -> usize {
    let Some(table) = value.get_ref().as_table().filter(|_| levels > 0) else {
        return at;
    };
    let parts = table
        .iter()
        .map(|(key, value)| first_mention(key.span().start, value, levels - 1));
    parts.fold(at, usize::min)
}
