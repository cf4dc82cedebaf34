//! A lexicon file with its places: values with their types, and errors that know line and column.

use super::outline::Outline;
use crate::error::{Error, Kind, Result};
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of the file with its place.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// A lexicon file.
#[derive(Debug)]
pub(super) struct File<'a> {
    text: &'a str,
    path: Option<&'a str>,
    /// The byte at which each line begins.
    lines: Vec<usize>,
    outline: Outline,
}

impl<'a> File<'a> {
    pub(super) fn new(text: &'a str, path: Option<&'a str>) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        Self {
            text,
            path,
            lines,
            outline: Outline::of(text),
        }
    }

    /// The text without its long lists, which `Source::each` reads.
    pub(super) fn outline(&self) -> Cow<'a, str> {
        self.outline.blank(self.text)
    }
}

/// The text that values were read from: the file's, or a piece of a long list in brackets of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    file: &'a File<'a>,
    text: &'a str,
    /// How much further a byte stands in the file than in the text.
    ahead: usize,
}

impl<'a> Source<'a> {
    /// The whole file, as its outline says it.
    pub(super) fn new(file: &'a File<'a>, outline: &'a str) -> Self {
        Self {
            file,
            text: outline,
            ahead: 0,
        }
    }

    /// The file as a table.
    pub(super) fn parse(&self) -> Result<DeTable<'a>> {
        let parsed = DeTable::parse(self.text).map(Spanned::into_inner);
        parsed.map_err(|error| self.syntax_error(&error))
    }

    fn syntax_error(&self, error: &toml::de::Error) -> Error {
        let end = self.text.len();
        let span = error.span().unwrap_or(end..end);
        match (error.message(), self.text.get(span.clone())) {
            ("duplicate key", Some(key)) => self
                .error(span.start, format!("`{key}` is defined twice"))
                .hint("keep one of the two"),
            (message, _) => self
                .error(span.start, format!("this is not valid TOML: {message}"))
                .hint("https://toml.io shows the format"),
        }
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        let at = at + self.ahead;
        self.file.lines.partition_point(|&start| start <= at)
    }

    /// An error at a byte of the text.
    pub(super) fn error(&self, at: usize, message: impl Into<String>) -> Error {
        let line = self.line(at);
        let start = self.file.lines[line - 1];
        let before = self.file.text[start..]
            .char_indices()
            .take_while(|(offset, _)| start + offset < at + self.ahead);
        let error = Error::new(Kind::Lexicon, one_line(&message.into())).at(line, before.count() + 1);
        match self.file.path {
            Some(path) => error.at_path(path),
            None => error,
        }
    }

    /// The byte of a code point inside a string value if the string is written plainly, else where it begins.
    pub(super) fn inside(&self, string: &Range<usize>, value: &str, offset: usize) -> usize {
        let written = self.text.get(string.start + 1..string.end.saturating_sub(1));
        if written != Some(value) {
            return string.start;
        }
        let byte = value
            .char_indices()
            .nth(offset)
            .map_or(value.len(), |(byte, _)| byte);
        string.start + 1 + byte
    }

    /// The value as a string.
    pub(super) fn string<'v>(&self, value: &'v Value<'_>, what: &str) -> Result<&'v str> {
        let string = value.get_ref().as_str();
        string.ok_or_else(|| self.wrong_type(value, what, "a string", "put it in quotes"))
    }

    /// Calls `read` for each element of a list, with the source in which it stands.
    pub(super) fn each(
        self,
        value: &Value<'_>,
        what: &str,
        mut read: impl FnMut(Source<'_>, &Value<'_>) -> Result<()>,
    ) -> Result<()> {
        let list = self.list(value, what)?;
        let Some(pieces) = self.file.outline.pieces(value.span().start + self.ahead) else {
            return list.iter().try_for_each(|value| read(self, value));
        };
        for piece in pieces {
            let text = format!("[{}]", &self.file.text[piece.clone()]);
            let source = Source {
                file: self.file,
                text: &text,
                ahead: piece.start - 1,
            };
            let parsed = DeValue::parse(&text).map_err(|error| source.syntax_error(&error))?;
            let elements = source.list(&parsed, what)?;
            elements.iter().try_for_each(|value| read(source, value))?;
        }
        Ok(())
    }

    /// The value as a list.
    fn list<'v, 'd>(&self, value: &'v Value<'d>, what: &str) -> Result<&'v [Value<'d>]> {
        let list = value.get_ref().as_array().map(|list| &**list);
        list.ok_or_else(|| self.wrong_type(value, what, "a list", "put it in brackets: `[\"...\"]`"))
    }

    /// The value as a table.
    pub(super) fn table<'v, 'd>(&self, value: &'v Value<'d>, what: &str) -> Result<&'v DeTable<'d>> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.wrong_type(value, what, "a table", "give it a section of its own"))
    }

    /// The value as a finite number.
    pub(super) fn number(&self, value: &Value<'_>, what: &str) -> Result<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(_) => whole(value).map(|number| number as f64),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => return Err(self.wrong_type(value, what, "a number", "write it without quotes")),
        };
        number.filter(|number: &f64| number.is_finite()).ok_or_else(|| {
            self.error(value.span().start, format!("{what} must be a finite number"))
                .hint("write a number such as 0.5")
        })
    }

    /// The value as a whole number from 0 to `most`.
    pub(super) fn count(&self, value: &Value<'_>, what: &str, most: u16) -> Result<u16> {
        let count = whole(value).and_then(|count| u16::try_from(count).ok());
        count.filter(|&count| count <= most).ok_or_else(|| {
            self.error(
                value.span().start,
                format!("{what} must be a whole number from 0 to {most}"),
            )
            .hint("write a number such as 5")
        })
    }

    /// An error about a value that is not of the wanted type.
    pub(super) fn wrong_type(&self, value: &Value<'_>, what: &str, wanted: &str, hint: &str) -> Error {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("{what} must be {wanted}, not {found}");
        self.error(value.span().start, message).hint(hint)
    }
}

/// A message as one line: what it quotes may hold line breaks and other characters that move a terminal.
fn one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len());
    for c in message.chars() {
        match c {
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => line.extend(c.escape_default()),
            c => line.push(c),
        }
    }
    line
}

/// The value as a whole number that fits into 64 bits.
fn whole(value: &Value<'_>) -> Option<i64> {
    let number = value.get_ref().as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}
