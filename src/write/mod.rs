//! Tables on their way out: a writer for each format over one kind of output. Owns the formats' names; `output` owns
//! where the bytes go and when a file comes into being, `folder` and `journal` what makes a run in parts last.

mod arrow;
mod chunks;
mod csv;
pub mod faults;
mod folder;
mod journal;
mod jsonl;
mod output;
mod parquet;

pub use folder::{Folder, Found};
pub use journal::Journal;
pub use output::{Output, Written};

use crate::error::{Error, Kind, Result};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};

/// Writes record batches of one schema.
pub trait Writer {
    /// Writes the rows of a batch after those before.
    fn write(&mut self, batch: &RecordBatch) -> Result<()>;

    /// Writes what is left and gives the output back, for `Output::commit` to make it last.
    fn finish(self: Box<Self>) -> Result<Output>;
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Columns, compressed, with metadata.
    Parquet,
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Columns in memory's own form.
    Arrow,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 4] = [Format::Parquet, Format::Csv, Format::Jsonl, Format::Arrow];

    /// How the name of a file of this format ends; it is the format's name, too.
    pub fn suffix(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
            Format::Arrow => "arrow",
        }
    }

    /// The format of this name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "parquet" => Ok(Format::Parquet),
            "csv" => Ok(Format::Csv),
            "jsonl" => Ok(Format::Jsonl),
            "arrow" => Ok(Format::Arrow),
            _ => Err(Error::new(Kind::Option, format!("unknown format \"{name}\""))
                .hint("one of parquet, csv, jsonl and arrow")),
        }
    }

    /// The format that a file's suffix tells; CSV for standard output.
    pub fn of_path(path: &str) -> Result<Self> {
        if path == "-" {
            return Ok(Format::Csv);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
        match suffix.to_ascii_lowercase().as_str() {
            "parquet" | "pq" => Ok(Format::Parquet),
            "csv" => Ok(Format::Csv),
            "jsonl" | "ndjson" => Ok(Format::Jsonl),
            "arrow" | "feather" | "ipc" => Ok(Format::Arrow),
            _ => Err(Error::new(Kind::Option, "the suffix tells no output format")
                .at_path(path)
                .hint("end the name with .parquet, .csv, .jsonl or .arrow, or with / for a folder of parts, or give the format")),
        }
    }

    /// A writer of this format to an output.
    pub fn writer(self, output: Output, schema: SchemaRef) -> Result<Box<dyn Writer>> {
        Ok(match self {
            Format::Parquet => Box::new(parquet::Parquet::new(output, schema)?),
            Format::Csv => Box::new(csv::Csv::new(output, &schema)?),
            Format::Jsonl => Box::new(jsonl::Jsonl::new(output, &schema)),
            Format::Arrow => Box::new(arrow::Arrow::new(output, schema)?),
        })
    }
}

/// A fault in how a table was built or is taken apart.
fn internal(error: ArrowError) -> Error {
    Error::new(Kind::Internal, format!("a table cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_suffix() {
        assert_eq!(Format::of_path("out/a.PARQUET").unwrap(), Format::Parquet);
        assert_eq!(Format::of_path("a.ndjson").unwrap(), Format::Jsonl);
        assert_eq!(Format::of_path("-").unwrap(), Format::Csv);
        assert_eq!(Format::of_path("a.b/scores").unwrap_err().kind, Kind::Option);
        assert_eq!(Format::parse("xlsx").unwrap_err().kind, Kind::Option);
    }
}
