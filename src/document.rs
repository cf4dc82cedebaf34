//! One document on its way from a reader to the engine and into a row: its text and where it came from. And what is
//! left of a record that became no document: a reject.

use serde::{Deserialize, Serialize};
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
    /// What else the tables carry, in the order in which it was asked for.
    pub kept: Vec<Option<Text<'a>>>,
    /// The text; none gives a row of nulls.
    pub text: Option<Text<'a>>,
}

/// Why a record became no document; each has a row in docs/FORMATS.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The line is not JSON.
    InvalidJson,
    /// The line is JSON, but not an object.
    NotAnObject,
    /// The record has no text field.
    NoText,
    /// The text field holds something else than a string.
    TextNotAString,
    /// Arrays or objects stand in each other more than 128 deep.
    NestedTooDeep,
    /// The record is longer than the limit.
    RecordTooLong,
    /// A quoted CSV field never ends.
    UnclosedQuote,
    /// A CSV row has not as many fields as the header.
    WrongColumnCount,
    /// What should be the header of a WARC record is none.
    BadWarcHeader,
    /// A WARC record is not as long as its header says.
    BadWarcLength,
    /// A page in a web archive cannot be unpacked.
    BadHttpBody,
    /// Something stands between the documents of an SGML file.
    OutsideDocument,
    /// Scoring the document hit a fault of this program.
    Panic,
}

impl Code {
    /// All codes, in the order of the documentation.
    pub const ALL: [Code; 13] = [
        Code::InvalidJson,
        Code::NotAnObject,
        Code::NoText,
        Code::TextNotAString,
        Code::NestedTooDeep,
        Code::RecordTooLong,
        Code::UnclosedQuote,
        Code::WrongColumnCount,
        Code::BadWarcHeader,
        Code::BadWarcLength,
        Code::BadHttpBody,
        Code::OutsideDocument,
        Code::Panic,
    ];

    /// The word that outputs use.
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidJson => "invalid-json",
            Code::NotAnObject => "not-an-object",
            Code::NoText => "no-text",
            Code::TextNotAString => "text-not-a-string",
            Code::NestedTooDeep => "nested-too-deep",
            Code::RecordTooLong => "record-too-long",
            Code::UnclosedQuote => "unclosed-quote",
            Code::WrongColumnCount => "wrong-column-count",
            Code::BadWarcHeader => "bad-warc-header",
            Code::BadWarcLength => "bad-warc-length",
            Code::BadHttpBody => "bad-http-body",
            Code::OutsideDocument => "outside-document",
            Code::Panic => "panic",
        }
    }
}

/// A record that was read but became no document: a row of the reject table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The file, as the user named it; `-` for standard input.
    pub path: String,
    /// The member of an archive.
    pub member: Option<String>,
    /// The record's number in its file, from 1.
    pub record: i64,
    /// The line in which it begins, from 1.
    pub line: i64,
    /// Where the record begins, in bytes of the decoded file.
    pub offset: i64,
    /// Why.
    pub code: Code,
    /// Why, in one sentence.
    pub reason: String,
    /// The record's beginning, at most 4 KiB.
    pub excerpt: String,
}

/// How many bytes of a record a reject keeps.
pub const EXCERPT_LIMIT: usize = 4096;

/// The beginning of a record as a reject keeps it: cut at a character, bad bytes replaced, never over the limit.
pub fn excerpt(record: &[u8]) -> String {
    let head = &record[..record.len().min(EXCERPT_LIMIT)];
    let mut text = String::from_utf8_lossy(head).into_owned();
    while text.len() > EXCERPT_LIMIT {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_words() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()))
        );
    }

    #[test]
    fn excerpts_keep_the_limit() {
        assert_eq!(excerpt(b"short"), "short");
        assert!(excerpt(&[0xff; 10_000]).len() <= EXCERPT_LIMIT);
        assert!(excerpt("\u{20ac}".repeat(5_000).as_bytes()).len() <= EXCERPT_LIMIT);
    }
}
