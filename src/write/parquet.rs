//! Parquet: columns, compressed, with statistics and the metadata of the schema. Owns where pages and row groups are
//! cut: by rows and their sizes alone, so that the same rows give the same bytes however they come in batches.

use super::{Output, Writer, internal};
use crate::error::{Error, Kind, Result};
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use arrow_select::concat::concat_batches;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::fmt::Display;
use std::mem;

/// A chunk is what the encoder gets at once: so many rows, or fewer when they hold so many bytes.
const CHUNK_ROWS: usize = 8_192;
const CHUNK_BYTES: usize = 4 << 20;

/// A row group is so many chunks: at most 65,536 rows and about 32 MiB.
const GROUP_CHUNKS: usize = 8;

/// A Parquet file. The encoder writes to memory, a row group at a time: so it cannot fail for want of a disk, and
/// what the disk says comes from one place.
pub(super) struct Parquet {
    output: Output,
    encoder: ArrowWriter<Vec<u8>>,
    schema: SchemaRef,
    waiting: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
    chunks: usize,
}

impl Parquet {
    pub(super) fn new(output: Output, schema: SchemaRef) -> Result<Self> {
        let properties = properties(&schema).map_err(fault)?;
        let encoder = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).map_err(fault)?;
        let waiting = Vec::new();
        Ok(Self {
            output,
            encoder,
            schema,
            waiting,
            rows: 0,
            bytes: 0,
            chunks: 0,
        })
    }

    /// Hands the waiting rows to the encoder, and ends the row group when it is full.
    fn end_chunk(&mut self) -> Result<()> {
        let chunk = concat_batches(&self.schema, &self.waiting).map_err(internal)?;
        self.waiting.clear();
        (self.rows, self.bytes) = (0, 0);
        self.chunks += 1;
        self.encoder.write(&chunk).map_err(fault)?;
        if self.chunks.is_multiple_of(GROUP_CHUNKS) {
            self.end_group()
        } else {
            Ok(())
        }
    }

    fn end_group(&mut self) -> Result<()> {
        self.encoder.flush().map_err(fault)?;
        self.encoder.sync().map_err(fault)?;
        self.output.put(&mem::take(self.encoder.inner_mut()))
    }
}

impl Writer for Parquet {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let sizes = row_sizes(batch);
        let mut start = 0;
        for (row, size) in sizes.iter().enumerate() {
            self.rows += 1;
            self.bytes += size;
            if self.rows == CHUNK_ROWS || self.bytes >= CHUNK_BYTES {
                self.waiting.push(batch.slice(start, row + 1 - start));
                self.end_chunk()?;
                start = row + 1;
            }
        }
        if start < sizes.len() {
            self.waiting.push(batch.slice(start, sizes.len() - start));
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Output> {
        if self.rows > 0 {
            self.end_chunk()?;
        }
        let rest = self.encoder.into_inner().map_err(fault)?;
        self.output.put(&rest)?;
        Ok(self.output)
    }
}

/// Chunks alone decide on row groups, so that the encoder's own limit is off.
fn properties(schema: &SchemaRef) -> std::result::Result<WriterProperties, ParquetError> {
    let level = ZstdLevel::try_new(3)?;
    let about = schema.metadata().iter();
    Ok(WriterProperties::builder()
        .set_created_by(concat!("pressgauge ", env!("CARGO_PKG_VERSION")).into())
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(None)
        .set_key_value_metadata(Some(
            about
                .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
                .collect(),
        ))
        .build())
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

/// Encoding goes on in memory, where nothing but this program can fail.
fn fault(error: impl Display) -> Error {
    Error::new(
        Kind::Internal,
        format!("a table cannot be written as Parquet: {error}"),
    )
}
