//! What a run makes of its documents: the score table, the evidence table, the reject table, each a sink of its own,
//! and all of them in one pass, into files or into folders of parts.

mod evidence;
mod identity;
mod manifest;
mod parts;
mod rejects;
mod scores;

pub use evidence::{EvidenceSink, EvidenceWorker};
pub use identity::Identity;
pub use parts::{Entry, MakeTables, PartFile, PartSink, Place};
pub use rejects::RejectSink;
pub use scores::{ScoreSink, ScoreWorker};

use crate::document::{Document, Reject};
use crate::engine::{Scratch, Want};
use crate::error::{Error, Kind, Result};
use crate::pipeline::{Sink, SinkWorker};
use crate::write::Output;
use arrow_array::RecordBatch;

/// The tables that were asked for, filled in one pass.
#[derive(Default)]
pub struct Tables {
    /// One row a document.
    pub scores: Option<ScoreSink>,
    /// One row a match.
    pub evidence: Option<EvidenceSink>,
    /// One row a record that became no document.
    pub rejects: Option<RejectSink>,
    /// Whether the first such record ends the run.
    pub stop_at_reject: bool,
}

/// A table that is over: its output is complete, but not committed.
pub struct Ended {
    /// Where it was written.
    pub output: Output,
    /// How many rows it has.
    pub rows: u64,
}

impl Tables {
    /// Ends the tables; their files come into being here, all of them or none.
    pub fn finish(self) -> Result<()> {
        Output::commit(
            self.end()?
                .into_iter()
                .flatten()
                .map(|ended| ended.output)
                .collect(),
        )
    }

    /// Ends the tables without committing them: scores, evidence, rejects.
    fn end(self) -> Result<[Option<Ended>; 3]> {
        Ok([
            self.scores.map(ScoreSink::finish).transpose()?,
            self.evidence.map(EvidenceSink::finish).transpose()?,
            self.rejects.map(RejectSink::finish).transpose()?,
        ])
    }
}

/// One thread's end of `Tables`.
#[derive(Default)]
pub struct TablesWorker {
    scores: Option<ScoreWorker>,
    evidence: Option<EvidenceWorker>,
}

/// What one batch of documents adds to each table.
pub struct TablesPart {
    scores: Option<RecordBatch>,
    evidence: Option<RecordBatch>,
}

impl Sink for Tables {
    type Worker = TablesWorker;

    fn want(&self) -> Want {
        let scores = self.scores.as_ref().map(Sink::want).unwrap_or_default();
        let evidence = self.evidence.as_ref().map(Sink::want).unwrap_or_default();
        Want {
            hits: scores.hits | evidence.hits,
            rejected: scores.rejected | evidence.rejected,
            tags: scores.tags | evidence.tags,
            text_hash: scores.text_hash | evidence.text_hash,
        }
    }

    fn worker(&self) -> TablesWorker {
        TablesWorker {
            scores: self.scores.as_ref().map(Sink::worker),
            evidence: self.evidence.as_ref().map(Sink::worker),
        }
    }

    fn write(&mut self, part: TablesPart) -> Result<()> {
        if let (Some(sink), Some(batch)) = (&mut self.scores, part.scores) {
            sink.write(batch)?;
        }
        if let (Some(sink), Some(batch)) = (&mut self.evidence, part.evidence) {
            sink.write(batch)?;
        }
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<()> {
        if self.stop_at_reject {
            return Err(stopped_at(reject));
        }
        self.rejects.as_mut().map_or(Ok(()), |sink| sink.push(reject))
    }
}

impl SinkWorker for TablesWorker {
    type Part = TablesPart;

    fn document(&mut self, document: &Document<'_>, scored: Option<&Scratch>) {
        if let Some(worker) = &mut self.scores {
            worker.document(document, scored);
        }
        if let Some(worker) = &mut self.evidence {
            worker.document(document, scored);
        }
    }

    fn finish_batch(&mut self) -> Result<TablesPart> {
        Ok(TablesPart {
            scores: self.scores.as_mut().map(SinkWorker::finish_batch).transpose()?,
            evidence: self.evidence.as_mut().map(SinkWorker::finish_batch).transpose()?,
        })
    }
}

/// The error that ends a run at a reject.
fn stopped_at(reject: &Reject) -> Error {
    let path = match &reject.member {
        Some(member) => format!("{}!{member}", reject.path),
        None => reject.path.clone(),
    };
    let message = format!("{}: {}", reject.code.name(), reject.reason);
    let mut error = Error::new(Kind::Input, message).at_path(path);
    error.line = usize::try_from(reject.line).ok();
    error.hint("mend the record, or skip such records")
}
