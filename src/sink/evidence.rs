//! The evidence table as a sink: one row a match, with the words around it, while the text is still there.

use super::Ended;
use crate::document::Document;
use crate::engine::{Scratch, Want};
use crate::error::Result;
use crate::lexicon::Lexicon;
use crate::pipeline::{Sink, SinkWorker};
use crate::table::EvidenceRows;
use crate::write::Writer;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use std::sync::Arc;

/// Matches on their way to a writer.
pub struct EvidenceSink {
    lexicon: Arc<Lexicon>,
    schema: SchemaRef,
    rejected: bool,
    writer: Box<dyn Writer>,
    rows: u64,
}

impl EvidenceSink {
    /// A sink for the matches of this lexicon: its hits, or with `rejected` those that fell, too.
    pub fn new(lexicon: Arc<Lexicon>, schema: SchemaRef, rejected: bool, writer: Box<dyn Writer>) -> Self {
        Self {
            lexicon,
            schema,
            rejected,
            writer,
            rows: 0,
        }
    }

    /// Ends the table; its output is complete, but not committed.
    pub fn finish(self) -> Result<Ended> {
        let (output, rows) = (self.writer.finish()?, self.rows);
        Ok(Ended { output, rows })
    }
}

impl Sink for EvidenceSink {
    type Worker = EvidenceWorker;

    fn want(&self) -> Want {
        Want {
            hits: true,
            rejected: self.rejected,
            ..Want::default()
        }
    }

    fn worker(&self) -> EvidenceWorker {
        EvidenceWorker(EvidenceRows::new(self.lexicon.clone(), self.schema.clone()))
    }

    fn write(&mut self, part: RecordBatch) -> Result<()> {
        self.rows += part.num_rows() as u64;
        self.writer.write(&part)
    }
}

/// One thread's rows of evidence.
pub struct EvidenceWorker(EvidenceRows);

impl SinkWorker for EvidenceWorker {
    type Part = RecordBatch;

    fn document(&mut self, document: &Document<'_>, scored: Option<&Scratch>) {
        self.0.push(document, scored.map_or(&[], Scratch::evidence));
    }

    fn finish_batch(&mut self) -> Result<RecordBatch> {
        self.0.finish()
    }
}
