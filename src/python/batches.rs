//! Tables on their way back: batches of Parquet, of Arrow files and of Arrow streams as lists of Python objects, only
//! the columns that are asked for.

use super::arrow::append;
use super::capsule;
use super::error::contained;
use crate::error::{Error, Kind, Result};
use crate::read::shown;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type};
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::sync::{Mutex, PoisonError};

const ROWS: usize = 8192;

/// A table, batch after batch.
#[pyclass(name = "Batches", module = "pressgauge._native", frozen)]
pub struct PyBatches {
    reader: Mutex<Box<dyn RecordBatchReader + Send>>,
    /// All columns of the table, also those that were not asked for.
    schema: SchemaRef,
    wanted: Option<Vec<String>>,
    /// Whether it comes from memory that others laid out: nobody has looked at its offsets and texts yet.
    foreign: bool,
}

#[pymethods]
impl PyBatches {
    /// The table in a file of Parquet or Arrow.
    #[staticmethod]
    #[pyo3(signature = (path, columns = None))]
    fn open(py: Python<'_>, path: &str, columns: Option<Vec<String>>) -> PyResult<Self> {
        let (reader, schema) = py.detach(|| contained(|| opened(path, columns.as_deref())))?;
        Ok(Self {
            reader: Mutex::new(reader),
            schema,
            wanted: columns,
            foreign: false,
        })
    }

    /// The table that an object gives as an Arrow stream.
    #[staticmethod]
    #[pyo3(signature = (table, columns = None))]
    fn of(table: &Bound<'_, PyAny>, columns: Option<Vec<String>>) -> PyResult<Self> {
        let reader = capsule::batches(table)?;
        let schema = reader.schema();
        Ok(Self {
            reader: Mutex::new(Box::new(reader)),
            schema,
            wanted: columns,
            foreign: true,
        })
    }

    /// The names of all columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.name().as_str()).collect()
    }

    /// What the table says of itself.
    #[getter]
    fn about(&self) -> BTreeMap<String, String> {
        let told = self.schema.metadata().iter();
        told.map(|(key, value)| (key.to_string(), value.to_string()))
            .collect()
    }

    /// The next rows, a list of cells for each column; nothing at the end.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(batch) = py.detach(|| contained(|| self.batch()))? else {
            return Ok(None);
        };
        let columns = PyDict::new(py);
        let schema = batch.schema();
        for (field, cells) in schema.fields().iter().zip(batch.columns()) {
            let wanted = self.wanted.as_ref();
            if wanted.is_none_or(|wanted| wanted.contains(field.name())) {
                if self.foreign {
                    py.detach(|| contained(|| valid(cells.as_ref())))?;
                }
                columns.set_item(field.name(), listed(py, cells.as_ref())?)?;
            }
        }
        Ok(Some(columns))
    }
}

impl PyBatches {
    fn batch(&self) -> Result<Option<RecordBatch>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader
            .next()
            .transpose()
            .map_err(|error| damaged(&error.to_string()))
    }
}

type Table = (Box<dyn RecordBatchReader + Send>, SchemaRef);

fn opened(path: &str, columns: Option<&[String]>) -> Result<Table> {
    let table = by_magic(path, columns);
    table.map_err(|error| error.at_path(path.to_owned()))
}

fn by_magic(path: &str, columns: Option<&[String]>) -> Result<Table> {
    let unreadable = |error: std::io::Error| Error::new(Kind::Input, format!("cannot be read: {error}"));
    let mut file = File::open(path).map_err(unreadable)?;
    let mut magic = Vec::new();
    file.by_ref()
        .take(6)
        .read_to_end(&mut magic)
        .map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    match magic.as_slice() {
        [b'P', b'A', b'R', b'1', ..] => parquet(file, columns),
        b"ARROW1" => arrow_file(file, columns),
        _ => arrow_stream(file, columns),
    }
}

fn parquet(file: File, columns: Option<&[String]>) -> Result<Table> {
    let told = |error: &dyn ToString| damaged(&error.to_string());
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| told(&error))?;
    let schema = builder.schema().clone();
    if let Some(columns) = columns {
        let mask = ProjectionMask::roots(builder.parquet_schema(), positions(&schema, columns));
        builder = builder.with_projection(mask);
    }
    let reader = builder
        .with_batch_size(ROWS)
        .build()
        .map_err(|error| told(&error))?;
    Ok((Box::new(reader), schema))
}

fn arrow_file(file: File, columns: Option<&[String]>) -> Result<Table> {
    let told = |error: &dyn ToString| damaged(&error.to_string());
    let again = file.try_clone().map_err(|error| told(&error))?;
    let whole = FileReader::try_new(BufReader::new(again), None).map_err(|error| told(&error))?;
    let schema = whole.schema();
    let Some(columns) = columns else {
        return Ok((Box::new(whole), schema));
    };
    // Both handles share one place in the file; the first is done with it.
    drop(whole);
    let reader = FileReader::try_new(BufReader::new(file), Some(positions(&schema, columns)));
    Ok((Box::new(reader.map_err(|error| told(&error))?), schema))
}

fn arrow_stream(file: File, _: Option<&[String]>) -> Result<Table> {
    let reader =
        StreamReader::try_new(BufReader::new(file), None).map_err(|error| damaged(&error.to_string()))?;
    let schema = reader.schema();
    Ok((Box::new(reader), schema))
}

fn positions(schema: &SchemaRef, columns: &[String]) -> Vec<usize> {
    let fields = schema.fields().iter().enumerate();
    fields
        .filter(|(_, field)| columns.contains(field.name()))
        .map(|(index, _)| index)
        .collect()
}

/// Holds a column to the rules of Arrow: offsets within buffers, texts in UTF-8, keys within dictionaries.
fn valid(cells: &dyn Array) -> Result<()> {
    let checked = cells.to_data().validate_full();
    checked.map_err(|error| damaged(&error.to_string()))
}

fn damaged(what: &str) -> Error {
    let shown: String = what.chars().take(200).flat_map(char::escape_debug).collect();
    Error::new(Kind::Input, format!("this table is damaged: {shown}")).hint("write it anew")
}

/// The cells of a column: whole numbers and floats as such, everything else as text, lists as lists.
fn listed<'py>(py: Python<'py>, cells: &dyn Array) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    match cells.data_type() {
        DataType::Utf8 | DataType::Int64 | DataType::Float64 => append(&list, cells)?,
        DataType::List(field) if *field.data_type() == DataType::Utf8 => append(&list, cells)?,
        DataType::Int32 => cells
            .as_primitive::<Int32Type>()
            .iter()
            .try_for_each(|cell| list.append(cell))?,
        DataType::Float32 => cells
            .as_primitive::<Float32Type>()
            .iter()
            .try_for_each(|cell| list.append(cell))?,
        _ => (0..cells.len()).try_for_each(|row| list.append(shown(cells, row)))?,
    }
    Ok(list)
}
