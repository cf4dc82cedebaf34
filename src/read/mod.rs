//! From files to documents. One thread feeds batches of whole records (`feed`), any thread parses them (`parse`).
//! Owns the settings and the shapes that both share. A new format is a `Layout`, a way to cut it and a way to parse it;
//! a new coding is an arm in `codec`.

mod batch;
mod codec;
mod columns;
mod csv;
mod cut;
mod dates;
mod feed;
mod fields;
mod file;
mod filter;
mod json;
mod jsonl;
mod layout;
mod names;
mod parse;
mod sniff;
mod stream;
mod strict;
mod text;
mod told;
mod walk;

pub use batch::{Batch, Piece, Records};
pub use columns::{Loss, Rows};
pub use dates::{Dates, Written};
pub use feed::{Damage, Feed, Told, Use};
pub use fields::Mapping;
pub use filter::Filter;
pub use names::{Field, Overrides};
pub use parse::{Parser, Place, Visitor};
pub use stream::Watch;
pub use told::{Mark, Seen, Stamp, Tally};
pub use walk::{Input, Inputs};

use self::csv::Table;
use serde::{Deserialize, Serialize};

/// What the caller may choose about reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The format of all files; told from their content if absent.
    pub format: Option<Format>,
    /// Which keys or columns make which fields.
    pub fields: Overrides,
    /// How dates are written, as for strptime; all forms that cannot be mistaken if absent.
    pub date_format: Option<String>,
    /// Records longer than this many bytes are rejected.
    pub max_record: usize,
    /// How many bytes of records a worker gets at a time.
    pub batch_bytes: usize,
    /// Which documents are scored.
    pub filter: Filter,
    /// Stop after so many records.
    pub head: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: None,
            fields: Overrides::default(),
            date_format: None,
            max_record: 16 << 20,
            batch_bytes: 1 << 20,
            filter: Filter::default(),
            head: None,
        }
    }
}

/// The formats of files, whatever packs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A JSON object a line.
    Jsonl,
    /// Comma-separated values; other delimiters are told from the header.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// A text a file.
    Text,
    /// A table that lies column by column, with a table of contents at its end.
    Parquet,
    /// A table that lies column by column, batch after batch.
    Arrow,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 6] = [
        Format::Jsonl,
        Format::Csv,
        Format::Tsv,
        Format::Text,
        Format::Parquet,
        Format::Arrow,
    ];

    /// The word for options and messages.
    pub fn name(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Text => "text",
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
        }
    }

    /// The format with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A file with all that its records need to be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file, as the user named it.
    pub path: String,
    /// The member of an archive.
    pub member: Option<String>,
    layout: Layout,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Layout {
    Jsonl(Mapping),
    Csv(Table),
    Columns(Mapping),
    Text,
}

impl Layout {
    /// Which keys or columns make which fields.
    fn mapping(&self) -> Option<&Mapping> {
        match self {
            Layout::Jsonl(mapping) | Layout::Columns(mapping) => Some(mapping),
            Layout::Csv(table) => Some(&table.mapping),
            Layout::Text => None,
        }
    }
}

/// What was put right in silence, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repairs {
    /// Files that began with a byte order mark.
    pub bom: u64,
    /// Invalid sequences of UTF-8 that became U+FFFD.
    pub utf8: u64,
    /// Lone surrogates in JSON strings that became U+FFFD.
    pub surrogates: u64,
    /// Records that end with `\r\n`.
    pub crlf: u64,
    /// Files without a line break at their end.
    pub final_newline: u64,
    /// JSON keys that came twice; the last one counts.
    pub duplicate_keys: u64,
    /// CSV rows with empty fields too many.
    pub ragged: u64,
    /// Dates that were none and became null.
    pub dates: u64,
}

impl Repairs {
    /// The counts with their names.
    pub fn told(&self) -> [(&'static str, u64); 8] {
        [
            ("byte order mark", self.bom),
            ("invalid UTF-8", self.utf8),
            ("lone surrogate", self.surrogates),
            ("CRLF", self.crlf),
            ("no final newline", self.final_newline),
            ("duplicate key", self.duplicate_keys),
            ("ragged row", self.ragged),
            ("malformed date", self.dates),
        ]
    }

    /// Adds the counts of another part of the run.
    pub fn add(&mut self, other: &Self) {
        self.bom += other.bom;
        self.utf8 += other.utf8;
        self.surrogates += other.surrogates;
        self.crlf += other.crlf;
        self.final_newline += other.final_newline;
        self.duplicate_keys += other.duplicate_keys;
        self.ragged += other.ragged;
        self.dates += other.dates;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_name() {
        for format in Format::ALL {
            assert_eq!(Format::of_name(format.name()), Some(format));
        }
        assert_eq!(Format::of_name("docx"), None);
    }

    #[test]
    fn repairs_add_up() {
        let one = Repairs {
            bom: 1,
            utf8: 2,
            surrogates: 3,
            crlf: 4,
            final_newline: 5,
            duplicate_keys: 6,
            ragged: 7,
            dates: 8,
        };
        let mut sum = one;
        sum.add(&one);
        assert_eq!(sum.told().map(|(_, count)| count), [2, 4, 6, 8, 10, 12, 14, 16]);
    }
}
