//! From files to documents. One thread feeds batches of whole records (`feed`), any thread parses them (`parse`).
//! Owns the settings and the shapes that both share. A new format is a `Layout`, a way to cut it and a way to parse it;
//! a new coding is an arm in `codec`.

mod ahead;
mod archive;
mod batch;
mod charset;
mod codec;
mod columns;
mod csv;
mod cut;
mod dates;
mod feed;
mod fields;
mod file;
mod filter;
mod findings;
mod flat;
mod html;
mod http;
mod inspect;
mod json;
mod jsonl;
mod layout;
mod names;
mod parse;
mod pipe;
mod recode;
mod sgml;
mod sniff;
mod stream;
mod strict;
mod text;
mod told;
mod values;
mod walk;
mod warc;

pub use batch::{Batch, Piece, Records};
pub use columns::{Loss, Rows, shown};
pub use dates::{Dates, Written};
pub use feed::Feed;
pub use fields::Mapping;
pub use filter::Filter;
pub use findings::{Damage, Told, Use};
pub use flat::Room;
pub use inspect::{Inspection, Reach, Sample, inspect};
pub use names::{Field, Overrides};
pub use parse::{Parser, Place, Visitor};
pub use stream::Watch;
pub use told::{Mark, Seen, Stamp, Tally};
pub use walk::{Input, Inputs};

use self::csv::Table;
use self::cut::{Records as Kind, Scanner};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the caller may choose about reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The format of all files; told from their content if absent.
    pub format: Option<Format>,
    /// The encoding of texts, by its name; a byte order mark goes before it. UTF-8 if absent.
    pub encoding: Option<String>,
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
    /// The largest window of Zstandard and dictionary of xz, as a power of two.
    pub max_window: u32,
    /// The most members of an archive.
    pub max_members: u64,
    /// Drop every record of a packed member that turns out to be damaged.
    pub strict: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            fields: Overrides::default(),
            date_format: None,
            max_record: 16 << 20,
            batch_bytes: 1 << 19,
            filter: Filter::default(),
            head: None,
            max_window: 27,
            max_members: 1_000_000,
            strict: false,
        }
    }
}

/// A file, or a member of an archive, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file, as the user named it.
    pub path: String,
    /// The member of an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

impl Origin {
    /// This file itself.
    pub fn of(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            member: None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        self.member
            .as_ref()
            .map_or(Ok(()), |member| write!(f, "!{member}"))
    }
}

/// The formats of files, whatever packs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A JSON object a line.
    Jsonl,
    /// A JSON array of objects, or objects that each take as many lines as they like.
    Json,
    /// Comma-separated values; other delimiters are told from the header.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// A text a file.
    Text,
    /// A text a line.
    Lines,
    /// A web archive: pages of a crawl (WARC), or their texts (WET).
    Warc,
    /// `<DOC>` elements of newswire.
    Sgml,
    /// A table that lies column by column, with a table of contents at its end.
    Parquet,
    /// A table that lies column by column, batch after batch.
    Arrow,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 10] = [
        Format::Jsonl,
        Format::Json,
        Format::Csv,
        Format::Tsv,
        Format::Text,
        Format::Lines,
        Format::Warc,
        Format::Sgml,
        Format::Parquet,
        Format::Arrow,
    ];

    /// The word for options and messages.
    pub fn name(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Text => "text",
            Format::Lines => "lines",
            Format::Warc => "warc",
            Format::Sgml => "sgml",
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
    /// The file, or the member.
    pub origin: Origin,
    layout: Layout,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Layout {
    Jsonl(Mapping),
    Json(Mapping),
    Csv(Table),
    Columns(Mapping),
    Text,
    Lines,
    Warc(Mapping),
    Sgml(Mapping),
}

impl Layout {
    /// How its records are cut.
    fn records(&self) -> Kind {
        match self {
            Layout::Jsonl(_) | Layout::Lines => Kind::Lines,
            Layout::Json(_) => Kind::Values(values::Scanner::default()),
            Layout::Csv(table) => Kind::Rows(Scanner::new(table.delimiter)),
            Layout::Text | Layout::Columns(_) => Kind::Whole,
            Layout::Warc(_) => Kind::Warc,
            Layout::Sgml(_) => Kind::Sgml,
        }
    }

    /// The mapping, where fields have names.
    fn mapping(&self) -> Option<&Mapping> {
        match self {
            Layout::Jsonl(mapping)
            | Layout::Json(mapping)
            | Layout::Columns(mapping)
            | Layout::Warc(mapping)
            | Layout::Sgml(mapping) => Some(mapping),
            Layout::Csv(table) => Some(&table.mapping),
            Layout::Text | Layout::Lines => None,
        }
    }

    /// Whether the number of a record is that of its line.
    fn numbers_lines(&self) -> bool {
        matches!(self, Layout::Jsonl(_) | Layout::Lines)
    }

    /// Whether a line break ends each record.
    fn has_lines(&self) -> bool {
        self.numbers_lines() || matches!(self, Layout::Csv(_))
    }
}

/// What was put right in silence, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Repairs {
    /// Files that began with a byte order mark.
    pub bom: u64,
    /// Files that were in UTF-16 or UTF-32, as their mark told.
    pub recoded: u64,
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
    /// Zeros that filled up the room after a packed member.
    pub padding: u64,
    /// Not a repair: records of web archives that are no pages, such as requests and images, left out.
    pub skipped: u64,
}

impl Repairs {
    /// The repairs with their names.
    pub fn told(&self) -> [(&'static str, u64); 10] {
        [
            ("byte order mark", self.bom),
            ("UTF-16 or UTF-32", self.recoded),
            ("invalid UTF-8", self.utf8),
            ("lone surrogate", self.surrogates),
            ("CRLF", self.crlf),
            ("no final newline", self.final_newline),
            ("duplicate key", self.duplicate_keys),
            ("ragged row", self.ragged),
            ("malformed date", self.dates),
            ("zero padding", self.padding),
        ]
    }

    /// Adds the counts of another part of the run.
    pub fn add(&mut self, other: &Self) {
        self.bom += other.bom;
        self.recoded += other.recoded;
        self.utf8 += other.utf8;
        self.surrogates += other.surrogates;
        self.crlf += other.crlf;
        self.final_newline += other.final_newline;
        self.duplicate_keys += other.duplicate_keys;
        self.ragged += other.ragged;
        self.dates += other.dates;
        self.padding += other.padding;
        self.skipped += other.skipped;
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
            recoded: 2,
            utf8: 3,
            surrogates: 4,
            crlf: 5,
            final_newline: 6,
            duplicate_keys: 7,
            ragged: 8,
            dates: 9,
            padding: 10,
            skipped: 11,
        };
        let mut sum = one;
        sum.add(&one);
        assert_eq!(
            sum.told().map(|(_, count)| count),
            [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
        );
        assert_eq!(sum.skipped, 22);
    }
}
