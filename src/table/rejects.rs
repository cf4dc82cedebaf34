//! The reject table: one row a record that became no document. Owns its columns.

use super::{Cells, Rows, Value};
use crate::document::Reject;
use crate::error::Result;
use arrow_array::RecordBatch;
use arrow_schema::{Field, Metadata, Schema, SchemaRef};
use std::sync::Arc;

const COLUMNS: [(&str, Cells); 7] = [
    ("path", Cells::Text),
    ("member", Cells::Text),
    ("record", Cells::Int),
    ("offset", Cells::Int),
    ("code", Cells::Text),
    ("reason", Cells::Text),
    ("excerpt", Cells::Text),
];

/// Names and types of the columns, with what the table is about.
pub fn rejects_schema(about: Metadata) -> SchemaRef {
    let fields: Vec<Field> = COLUMNS.iter().map(|(name, cells)| cells.field(name)).collect();
    Arc::new(Schema::new_with_metadata(fields, about))
}

/// Rows of the reject table, growing.
#[derive(Debug)]
pub struct RejectRows(Rows);

impl RejectRows {
    /// An empty set of rows of a table with this schema.
    pub fn new(schema: SchemaRef) -> Self {
        Self(Rows::new(schema, COLUMNS.map(|(_, cells)| cells)))
    }

    /// Appends a reject.
    pub fn push(&mut self, reject: &Reject) {
        let row: [Value<'_>; COLUMNS.len()] = [
            Value::text(&reject.path),
            Value::Text(reject.member.as_deref().map(Into::into)),
            Value::Int(Some(reject.record)),
            Value::Int(Some(reject.offset)),
            Value::text(reject.code.name()),
            Value::text(&reject.reason),
            Value::text(&reject.excerpt),
        ];
        self.0.push(row);
    }

    /// The rows so far; the next ones begin a new batch.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        self.0.finish()
    }
}
