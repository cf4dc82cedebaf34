//! Tables for Python: any consumer of Arrow streams takes them through the PyCapsule interface, without a copy.

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch, RecordBatchIterator};
use arrow_schema::{DataType, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};

/// Columns of scores or evidence, for any consumer of Arrow streams.
#[pyclass(name = "Table", module = "pressgauge._native", frozen)]
pub struct PyTable {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl PyTable {
    /// A table of these batches, all of this schema.
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }
}

#[pymethods]
impl PyTable {
    /// A stream of the batches. The capsule owns it: a consumer moves it out, else it is released with the capsule.
    /// The types are the same for every consumer, so a requested schema is not looked at, as the protocol allows.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        PyCapsule::new_with_value(
            py,
            FFI_ArrowArrayStream::new(Box::new(reader)),
            c"arrow_array_stream",
        )
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect()
    }

    /// The cells of a column as Python objects.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let index = self
            .schema
            .index_of(name)
            .map_err(|_| PyKeyError::new_err(name.to_owned()))?;
        let cells = PyList::empty(py);
        for batch in &self.batches {
            append(&cells, batch.column(index).as_ref())?;
        }
        Ok(cells)
    }
}

/// Appends the cells of an array to a list.
pub fn append(cells: &Bound<'_, PyList>, array: &dyn Array) -> PyResult<()> {
    match array.data_type() {
        DataType::Utf8 => array
            .as_string::<i32>()
            .iter()
            .try_for_each(|cell| cells.append(cell)),
        DataType::Int64 => array
            .as_primitive::<Int64Type>()
            .iter()
            .try_for_each(|cell| cells.append(cell)),
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .iter()
            .try_for_each(|cell| cells.append(cell)),
        DataType::List(_) => array
            .as_list::<i32>()
            .iter()
            .try_for_each(|cell| append_list(cells, cell.as_deref())),
        other => Err(PyTypeError::new_err(format!(
            "a column of {other} has no Python objects"
        ))),
    }
}

fn append_list(cells: &Bound<'_, PyList>, cell: Option<&dyn Array>) -> PyResult<()> {
    let Some(words) = cell else {
        return cells.append(cells.py().None());
    };
    let list = PyList::empty(cells.py());
    append(&list, words)?;
    cells.append(list)
}
