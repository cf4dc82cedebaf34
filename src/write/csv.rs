//! CSV as RFC 4180 has it, but lines end with `\n`. Owns how a cell becomes text: null and the empty string both are
//! nothing, and what a document brings cannot become a formula in a spreadsheet.

use super::{Output, Writer, internal};
use crate::error::{Error, Kind, Result};
use crate::table::is_foreign;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Schema};
use std::fmt::{Display, Write as _};

/// A CSV file with a header, which is written with the first rows: a run that fails before leaves standard output empty.
pub(super) struct Csv {
    output: Output,
    header: Option<Vec<u8>>,
    foreign: Vec<bool>,
}

impl Csv {
    pub(super) fn new(output: Output, schema: &Schema) -> Result<Self> {
        let names: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let mut header = csv::Writer::from_writer(Vec::new());
        header.write_record(&names).map_err(fault)?;
        let header = Some(header.into_inner().map_err(fault)?);
        let foreign = schema.fields().iter().map(|field| is_foreign(field)).collect();
        Ok(Self {
            output,
            header,
            foreign,
        })
    }

    fn put_header(&mut self) -> Result<()> {
        self.header
            .take()
            .map_or(Ok(()), |header| self.output.put(&header))
    }
}

impl Writer for Csv {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.put_header()?;
        let columns = batch.columns().iter().zip(&self.foreign);
        let columns: Vec<Column<'_>> = columns
            .map(|(array, foreign)| Column::of(array, *foreign))
            .collect::<Result<_>>()?;
        let mut lines = csv::Writer::from_writer(Vec::new());
        let mut cell = String::new();
        for row in 0..batch.num_rows() {
            for column in &columns {
                cell.clear();
                column.show(row, &mut cell);
                lines.write_field(&cell).map_err(fault)?;
            }
            lines.write_record(None::<&[u8]>).map_err(fault)?;
        }
        self.output.put(&lines.into_inner().map_err(fault)?)
    }

    fn finish(mut self: Box<Self>) -> Result<Output> {
        self.put_header()?;
        Ok(self.output)
    }
}

/// Lines are made in memory, where nothing but this program can fail.
fn fault(error: impl Display) -> Error {
    Error::new(Kind::Internal, format!("a row cannot be written as CSV: {error}"))
}

/// A column whose cells can be shown.
enum Column<'a> {
    Text(&'a StringArray, bool),
    Int(&'a Int64Array),
    Float(&'a Float64Array),
    Words(&'a ListArray),
}

impl<'a> Column<'a> {
    fn of(array: &'a ArrayRef, foreign: bool) -> Result<Self> {
        match array.data_type() {
            DataType::Utf8 => Ok(Column::Text(array.as_string(), foreign)),
            DataType::Int64 => Ok(Column::Int(array.as_primitive::<Int64Type>())),
            DataType::Float64 => Ok(Column::Float(array.as_primitive::<Float64Type>())),
            DataType::List(_) => Ok(Column::Words(array.as_list())),
            other => Err(internal(ArrowError::CsvError(format!("no cells for {other}")))),
        }
    }

    fn show(&self, row: usize, cell: &mut String) {
        match self {
            Column::Text(array, foreign) if array.is_valid(row) => {
                if *foreign && is_formula(array.value(row)) {
                    cell.push('\'');
                }
                cell.push_str(array.value(row));
            }
            Column::Int(array) if array.is_valid(row) => push(cell, array.value(row)),
            // Debug is the shortest form that reads back as the same float, and keeps the `.0`.
            Column::Float(array) if array.is_valid(row) => push(cell, format_args!("{:?}", array.value(row))),
            Column::Words(array) if array.is_valid(row) => join(cell, array.value(row).as_string()),
            _ => {}
        }
    }
}

/// A String takes whatever is written to it.
fn push(cell: &mut String, shown: impl Display) {
    let _ = write!(cell, "{shown}");
}

/// Words of a list, apart by `|`, which no tag holds.
fn join(cell: &mut String, words: &StringArray) {
    for word in words.iter().flatten() {
        if !cell.is_empty() {
            cell.push('|');
        }
        cell.push_str(word);
    }
}

/// Whether a spreadsheet would run the cell, or look past its first character and run the rest. `-` and `-#7` are the
/// names that standard input and its records go by.
fn is_formula(cell: &str) -> bool {
    let of_stdin = || {
        cell.strip_prefix("-#")
            .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
    };
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell != "-" && !of_stdin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_words() {
        for cell in ["=1", "+1", "-1", "@a", "\ta", "\r", "\n=1", "-#REF!+1", "--"] {
            assert!(is_formula(cell), "{cell:?}");
        }
        for cell in ["", "-", "-#12", "a=1", " =1", "'=1"] {
            assert!(!is_formula(cell), "{cell:?}");
        }
    }
}
