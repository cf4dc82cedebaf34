//! JSON lines: one object a row, every column a key, null where there is nothing.

use super::{Output, Writer, internal};
use crate::error::{Error, Kind, Result};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{ArrowError, DataType, Schema};
use serde::Serialize;

/// A file of JSON lines.
pub(super) struct Jsonl {
    output: Output,
    keys: Vec<String>,
}

impl Jsonl {
    pub(super) fn new(output: Output, schema: &Schema) -> Self {
        let quoted = |name: &String| serde_json::Value::from(name.as_str()).to_string();
        let keys = schema.fields().iter().map(|field| quoted(field.name())).collect();
        Self { output, keys }
    }
}

impl Writer for Jsonl {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let mut lines = Vec::new();
        for row in 0..batch.num_rows() {
            for (i, (key, column)) in self.keys.iter().zip(batch.columns()).enumerate() {
                lines.push(if i == 0 { b'{' } else { b',' });
                lines.extend_from_slice(key.as_bytes());
                lines.push(b':');
                push_cell(&mut lines, column.as_ref(), row)?;
            }
            lines.extend_from_slice(b"}\n");
        }
        self.output.put(&lines)
    }

    fn finish(self: Box<Self>) -> Result<Output> {
        Ok(self.output)
    }
}

fn push_cell(line: &mut Vec<u8>, column: &dyn Array, row: usize) -> Result<()> {
    if column.is_null(row) {
        return push(line, &());
    }
    match column.data_type() {
        DataType::Utf8 => push(line, column.as_string::<i32>().value(row)),
        DataType::Int64 => push(line, &column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => push(line, &column.as_primitive::<Float64Type>().value(row)),
        DataType::List(_) => {
            let words = column.as_list::<i32>().value(row);
            push(line, &words.as_string::<i32>().iter().collect::<Vec<_>>())
        }
        other => Err(internal(ArrowError::JsonError(format!("no cells for {other}")))),
    }
}

fn push(line: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<()> {
    serde_json::to_writer(line, value).map_err(|error| {
        Error::new(
            Kind::Internal,
            format!("a cell cannot be written as JSON: {error}"),
        )
    })
}
