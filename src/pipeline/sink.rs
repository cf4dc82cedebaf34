//! What a run makes of its documents, as two small traits. Owns the contract between the pipeline and the tables;
//! the pipeline knows no table.

use super::parts::Part;
use crate::document::{Document, Reject};
use crate::engine::{Scratch, Want};
use crate::error::Result;

/// Where the results of a run go. It lives on the thread that calls `run`; its workers live one on each thread.
pub trait Sink {
    /// What turns documents into parts of the output.
    type Worker: SinkWorker;

    /// What the engine shall compute for each document.
    fn want(&self) -> Want {
        Want::default()
    }

    /// A new worker; asked for once a thread, before the first document is read.
    fn worker(&self) -> Self::Worker;

    /// Takes the part of one batch, in the order of the input. An error ends the run.
    fn write(&mut self, part: <Self::Worker as SinkWorker>::Part) -> Result<()>;

    /// Takes a record that became no document, in the order of the input, after the part of its batch.
    fn reject(&mut self, reject: &Reject) -> Result<()> {
        let _ = reject;
        Ok(())
    }

    /// Hears that a part is over: so often as the run asks for parts, and once at the end of every run.
    fn end_part(&mut self, part: &Part) -> Result<()> {
        let _ = part;
        Ok(())
    }
}

/// One thread's end of a sink: it sees every document of a batch, then hands over what it made of them.
pub trait SinkWorker: Send {
    /// What it makes of a batch.
    type Part: Send;

    /// Takes one document with its results; no results for a document whose text is null.
    fn document(&mut self, document: &Document<'_>, scored: Option<&Scratch>);

    /// Ends the batch, of which it may have seen no document at all, and begins the next.
    fn finish_batch(&mut self) -> Result<Self::Part>;
}
