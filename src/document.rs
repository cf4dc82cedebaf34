//! One document on its way from a reader to the engine and into a row: its text and where it came from.

use std::borrow::Cow;

/// A text that may still live in the buffer that it was read into.
pub type Text<'a> = Cow<'a, str>;

/// A document with its metadata; everything but the place is optional (docs/FORMATS.md).
#[derive(Debug, Clone, Default)]
pub struct Document<'a> {
    /// The file, as the user named it; `-` for standard input.
    pub path: &'a str,
    /// The member of an archive.
    pub member: Option<&'a str>,
    /// The record's number in its file, from 1.
    pub record: i64,
    /// Its own identifier; rows without one get `path[!member]#record`.
    pub id: Option<Text<'a>>,
    /// ISO 8601, as precise as known.
    pub date: Option<Text<'a>>,
    /// `published` or `crawl`.
    pub date_kind: Option<&'static str>,
    /// `year`, `month`, `day` or `second`.
    pub date_precision: Option<&'static str>,
    /// The outlet.
    pub source: Option<Text<'a>>,
    /// The language, as given.
    pub language: Option<Text<'a>>,
    /// The headline.
    pub title: Option<Text<'a>>,
    /// The address.
    pub url: Option<Text<'a>>,
    /// The text; none gives a row of nulls.
    pub text: Option<Text<'a>>,
}
