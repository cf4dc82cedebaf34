//! Parquet: columns, compressed, with statistics and the metadata of the schema. Owns where pages and row groups are
//! cut: by rows and their sizes alone, so that the same rows give the same bytes however they come in batches.

use super::chunks::Chunks;
use super::{Output, Writer};
use crate::error::{Error, Kind, Result};
use crate::table::is_all_different;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::fmt::Display;
use std::mem;

/// A row group is so many chunks at most, which is 524,288 rows, and ends when its encoded form has so many bytes. What
/// the end of a file has to say of each group is kept till then, so that there must not be too many of them.
const GROUP_CHUNKS: usize = 64;
const GROUP_BYTES: usize = 16 << 20;

/// A Parquet file. The encoder writes to memory, a row group at a time: so it cannot fail for want of a disk, and
/// what the disk says comes from one place.
pub(super) struct Parquet {
    output: Output,
    encoder: ArrowWriter<Vec<u8>>,
    chunks: Chunks,
    /// So many chunks are in the group.
    encoded: usize,
}

impl Parquet {
    pub(super) fn new(output: Output, schema: SchemaRef) -> Result<Self> {
        let properties = properties(&schema).map_err(fault)?;
        let encoder = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).map_err(fault)?;
        Ok(Self {
            output,
            encoder,
            chunks: Chunks::new(schema),
            encoded: 0,
        })
    }

    /// Hands a chunk to the encoder, and ends the row group when it is full.
    fn encode(&mut self, chunk: &RecordBatch) -> Result<()> {
        self.encoded += 1;
        self.encoder.write(chunk).map_err(fault)?;
        if self.encoded == GROUP_CHUNKS || self.encoder.in_progress_size() >= GROUP_BYTES {
            self.end_group()
        } else {
            Ok(())
        }
    }

    fn end_group(&mut self) -> Result<()> {
        self.encoded = 0;
        self.encoder.flush().map_err(fault)?;
        self.encoder.sync().map_err(fault)?;
        self.output.put(&mem::take(self.encoder.inner_mut()))
    }
}

impl Writer for Parquet {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let chunks = self.chunks.push(batch)?;
        chunks.iter().try_for_each(|chunk| self.encode(chunk))
    }

    fn finish(mut self: Box<Self>) -> Result<Output> {
        if let Some(chunk) = self.chunks.rest()? {
            self.encode(&chunk)?;
        }
        let rest = self.encoder.into_inner().map_err(fault)?;
        self.output.put(&rest)?;
        Ok(self.output)
    }
}

/// Chunks alone decide on row groups, so that the encoder's own limit is off. Where all cells differ a dictionary costs
/// time and room for nothing; numbers of records follow one another, and the differences are what is written. Statistics
/// are those of row groups: those of pages would have to be kept to the end.
fn properties(schema: &SchemaRef) -> std::result::Result<WriterProperties, ParquetError> {
    let level = ZstdLevel::try_new(1)?;
    let about = schema.metadata().iter();
    let mut properties = WriterProperties::builder();
    for field in schema.fields().iter().filter(|field| is_all_different(field)) {
        let path = ColumnPath::from(field.name().as_str());
        properties = properties.set_column_dictionary_enabled(path.clone(), false);
        if field.data_type().is_integer() {
            properties = properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    Ok(properties
        .set_created_by(concat!("pressgauge ", env!("CARGO_PKG_VERSION")).into())
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_key_value_metadata(Some(
            about
                .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
                .collect(),
        ))
        .build())
}

/// Encoding goes on in memory, where nothing but this program can fail.
fn fault(error: impl Display) -> Error {
    Error::new(
        Kind::Internal,
        format!("a table cannot be written as Parquet: {error}"),
    )
}
