//! Rows on their way into a file of columns. Owns where they are cut: by their number and size alone, so that the same
//! rows give the same bytes however they come in batches.

use super::internal;
use crate::error::Result;
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use arrow_select::concat::concat_batches;

/// A chunk is what an encoder gets at once: so many rows, or fewer when they hold so many bytes.
const CHUNK_ROWS: usize = 8_192;
const CHUNK_BYTES: usize = 4 << 20;

/// Rows that wait for their chunk to be full.
pub(super) struct Chunks {
    schema: SchemaRef,
    waiting: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
}

impl Chunks {
    pub(super) fn new(schema: SchemaRef) -> Self {
        Self {
            schema,
            waiting: Vec::new(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Takes rows in; gives the chunks that they fill.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>> {
        let sizes = row_sizes(batch);
        let (mut full, mut start) = (Vec::new(), 0);
        for (row, size) in sizes.iter().enumerate() {
            self.rows += 1;
            self.bytes += size;
            if self.rows == CHUNK_ROWS || self.bytes >= CHUNK_BYTES {
                self.waiting.push(batch.slice(start, row + 1 - start));
                full.extend(self.rest()?);
                start = row + 1;
            }
        }
        if start < sizes.len() {
            self.waiting.push(batch.slice(start, sizes.len() - start));
        }
        Ok(full)
    }

    /// The rows that wait, full chunk or not.
    pub(super) fn rest(&mut self) -> Result<Option<RecordBatch>> {
        if self.rows == 0 {
            return Ok(None);
        }
        let chunk = concat_batches(&self.schema, &self.waiting).map_err(internal)?;
        self.waiting.clear();
        (self.rows, self.bytes) = (0, 0);
        Ok(Some(chunk))
    }
}

/// How many bytes each row holds: its words, and 8 for each column.
fn row_sizes(batch: &RecordBatch) -> Vec<usize> {
    let mut sizes = vec![8 * batch.num_columns(); batch.num_rows()];
    let texts = batch
        .columns()
        .iter()
        .filter(|column| column.data_type() == &DataType::Utf8);
    for text in texts {
        let ends = text.as_string::<i32>().value_offsets();
        for (size, pair) in sizes.iter_mut().zip(ends.windows(2)) {
            *size += (pair[1] - pair[0]) as usize;
        }
    }
    sizes
}
