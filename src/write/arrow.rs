//! Arrow IPC: a file where a file comes into being, a stream where a pipe or a device takes it, for what comes through
//! a pipe cannot be read from its end. Not packed, so that a reader can use a file where it lies.

use super::chunks::Chunks;
use super::{Output, Writer, internal};
use crate::error::Result;
use arrow_array::RecordBatch;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::SchemaRef;
use std::mem;

/// An Arrow file or stream. The encoder writes to memory, a chunk at a time: so it cannot fail for want of a disk.
pub(super) struct Arrow {
    output: Output,
    encoder: Encoder,
    chunks: Chunks,
}

enum Encoder {
    File(FileWriter<Vec<u8>>),
    Stream(StreamWriter<Vec<u8>>),
}

impl Encoder {
    fn write(&mut self, chunk: &RecordBatch) -> Result<Vec<u8>> {
        match self {
            Encoder::File(encoder) => {
                encoder.write(chunk).map_err(internal)?;
                Ok(mem::take(encoder.get_mut()))
            }
            Encoder::Stream(encoder) => {
                encoder.write(chunk).map_err(internal)?;
                Ok(mem::take(encoder.get_mut()))
            }
        }
    }

    fn finish(self) -> Result<Vec<u8>> {
        match self {
            Encoder::File(encoder) => encoder.into_inner().map_err(internal),
            Encoder::Stream(encoder) => encoder.into_inner().map_err(internal),
        }
    }
}

impl Arrow {
    pub(super) fn new(output: Output, schema: SchemaRef) -> Result<Self> {
        let encoder = match output.file() {
            Some(_) => Encoder::File(FileWriter::try_new(Vec::new(), &schema).map_err(internal)?),
            None => Encoder::Stream(StreamWriter::try_new(Vec::new(), &schema).map_err(internal)?),
        };
        Ok(Self {
            output,
            encoder,
            chunks: Chunks::new(schema),
        })
    }
}

impl Writer for Arrow {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        for chunk in self.chunks.push(batch)? {
            let bytes = self.encoder.write(&chunk)?;
            self.output.put(&bytes)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Output> {
        if let Some(chunk) = self.chunks.rest()? {
            let bytes = self.encoder.write(&chunk)?;
            self.output.put(&bytes)?;
        }
        let rest = self.encoder.finish()?;
        self.output.put(&rest)?;
        Ok(self.output)
    }
}
