//! The score table as a sink: workers build batches, the writer takes them in order.

use super::Ended;
use crate::document::Document;
use crate::engine::{Scratch, Want};
use crate::error::Result;
use crate::pipeline::{Sink, SinkWorker};
use crate::table::{ScoreRows, ScoreTable};
use crate::write::Writer;
use arrow_array::RecordBatch;

/// Scores on their way to a writer.
pub struct ScoreSink {
    table: ScoreTable,
    writer: Box<dyn Writer>,
    rows: u64,
}

impl ScoreSink {
    /// A sink for this table, of which `writer` knows the schema.
    pub fn new(table: ScoreTable, writer: Box<dyn Writer>) -> Self {
        Self {
            table,
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

impl Sink for ScoreSink {
    type Worker = ScoreWorker;

    fn want(&self) -> Want {
        self.table.want()
    }

    fn worker(&self) -> ScoreWorker {
        ScoreWorker(self.table.rows())
    }

    fn write(&mut self, part: RecordBatch) -> Result<()> {
        self.rows += part.num_rows() as u64;
        self.writer.write(&part)
    }
}

/// One thread's rows of scores.
pub struct ScoreWorker(ScoreRows);

impl SinkWorker for ScoreWorker {
    type Part = RecordBatch;

    fn document(&mut self, document: &Document<'_>, scored: Option<&Scratch>) {
        self.0.push(document, scored.map(Scratch::scores));
    }

    fn finish_batch(&mut self) -> Result<RecordBatch> {
        self.0.finish()
    }
}
