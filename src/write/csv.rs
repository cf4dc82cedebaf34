//! CSV as RFC 4180 has it, but lines end with `\n`. Owns how a cell becomes text: null and the empty string both are
//! nothing, and what a document brings cannot become a formula in a spreadsheet.

use super::{Output, Writer, internal};
use crate::error::{Error, Kind, Result};
use crate::table::is_foreign;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Schema};
use std::fmt::Write as _;

/// A CSV file with a header.
pub(super) struct Csv {
    output: Output,
    foreign: Vec<bool>,
}

impl Csv {
    pub(super) fn new(mut output: Output, schema: &Schema) -> Result<Self> {
        let names: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        output.put(&lines([names.iter()])?)?;
        let foreign = names.into_iter().map(is_foreign).collect();
        Ok(Self { output, foreign })
    }
}

impl Writer for Csv {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let columns: Vec<Column<'_>> = batch
            .columns()
            .iter()
            .zip(&self.foreign)
            .map(|(array, foreign)| Column::of(array, *foreign))
            .collect::<Result<_>>()?;
        let rows = (0..batch.num_rows()).map(|row| columns.iter().map(move |column| column.cell(row)));
        self.output.put(&lines(rows)?)
    }

    fn finish(self: Box<Self>) -> Result<Output> {
        Ok(self.output)
    }
}

/// Rows as lines, quoted where needed.
fn lines<R, C>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>>
where
    R: IntoIterator<Item = C>,
    C: AsRef<[u8]>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fault =
        |error: String| Error::new(Kind::Internal, format!("a row cannot be written as CSV: {error}"));
    for row in rows {
        writer
            .write_record(row)
            .map_err(|error| fault(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| fault(error.to_string()))
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

    fn cell(&self, row: usize) -> String {
        let mut cell = String::new();
        match self {
            Column::Text(array, foreign) if array.is_valid(row) => {
                if *foreign && is_formula(array.value(row)) {
                    cell.push('\'');
                }
                cell.push_str(array.value(row));
            }
            Column::Int(array) if array.is_valid(row) => push(&mut cell, array.value(row)),
            // Debug is the shortest form that reads back as the same float, and keeps the `.0`.
            Column::Float(array) if array.is_valid(row) => {
                push(&mut cell, format_args!("{:?}", array.value(row)))
            }
            Column::Words(array) if array.is_valid(row) => join(&mut cell, array.value(row).as_string()),
            _ => {}
        }
        cell
    }
}

/// A String takes whatever is written to it.
fn push(cell: &mut String, shown: impl std::fmt::Display) {
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

/// Whether a spreadsheet would run the cell, or look past its first character and run the rest.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}
