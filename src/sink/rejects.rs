//! The reject table as a sink. Rejects are few, and come one by one on the thread that writes.

use super::Ended;
use crate::document::Reject;
use crate::error::Result;
use crate::table::RejectRows;
use crate::write::Writer;
use arrow_schema::SchemaRef;

/// How many rejects wait for the writer, each with at most 4 KiB of excerpt.
const WAITING: usize = 256;

/// Rejects on their way to a writer.
pub struct RejectSink {
    rows: RejectRows,
    waiting: usize,
    pushed: u64,
    writer: Box<dyn Writer>,
}

impl RejectSink {
    /// A sink for the reject table, of which `writer` knows the schema.
    pub fn new(schema: SchemaRef, writer: Box<dyn Writer>) -> Self {
        Self {
            rows: RejectRows::new(schema),
            waiting: 0,
            pushed: 0,
            writer,
        }
    }

    /// Takes the next reject.
    pub fn push(&mut self, reject: &Reject) -> Result<()> {
        self.rows.push(reject);
        self.waiting += 1;
        self.pushed += 1;
        if self.waiting == WAITING {
            self.hand_over()
        } else {
            Ok(())
        }
    }

    /// Ends the table; its output is complete, but not committed.
    pub fn finish(mut self) -> Result<Ended> {
        self.hand_over()?;
        let (output, rows) = (self.writer.finish()?, self.pushed);
        Ok(Ended { output, rows })
    }

    fn hand_over(&mut self) -> Result<()> {
        self.waiting = 0;
        let batch = self.rows.finish()?;
        self.writer.write(&batch)
    }
}
