//! The writing end of a run: parts come as the workers finish them and go to the sink in the order of the input.

use super::budget::Budget;
use super::progress::Progress;
use super::sink::{Sink, SinkWorker};
use super::summary::{Counts, Summary};
use crate::document::Reject;
use crate::error::Result;
use crate::read::Repairs;
use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;

/// What a worker made of one batch.
pub struct Finished<P> {
    /// The sink's part.
    pub part: P,
    /// Records that became no document, in order.
    pub rejects: Vec<Reject>,
    /// Sums over the batch.
    pub counts: Counts,
    /// What was put right in it.
    pub repairs: Repairs,
}

/// A finished batch, or why there is none, under its number.
pub struct Message<P> {
    /// The batch's number.
    pub index: u64,
    /// The memory that becomes free.
    pub charge: usize,
    /// What became of it.
    pub outcome: Result<Finished<P>>,
}

type PartOf<S> = <<S as Sink>::Worker as SinkWorker>::Part;

/// How many rejects the summary shows.
const SHOWN_REJECTS: usize = 10;

/// Brings the parts into order.
pub struct Writer<'a, S: Sink> {
    sink: &'a mut S,
    budget: &'a Budget,
    summary: Summary,
    waiting: BTreeMap<u64, Message<PartOf<S>>>,
    next: u64,
    outcome: Result<()>,
}

impl<'a, S: Sink> Writer<'a, S> {
    /// A writer at the first batch.
    pub fn new(sink: &'a mut S, budget: &'a Budget) -> Self {
        let (summary, waiting) = (Summary::default(), BTreeMap::new());
        Self {
            sink,
            budget,
            summary,
            waiting,
            next: 0,
            outcome: Ok(()),
        }
    }

    /// Writes until all senders are gone. After an error the run is stopped and the rest is let go.
    pub fn write_all(&mut self, messages: &Receiver<Message<PartOf<S>>>, progress: &Progress) {
        for message in messages {
            self.waiting.insert(message.index, message);
            while let Some(message) = self.waiting.remove(&self.next) {
                self.next += 1;
                if self.outcome.is_ok() && !progress.is_cancelled() {
                    self.outcome = message.outcome.and_then(|finished| self.write(finished));
                }
                if self.outcome.is_err() {
                    progress.stop();
                }
                self.budget.give_back(message.charge);
            }
        }
    }

    /// What was written, and the first error.
    pub fn finish(self) -> (Summary, Result<()>) {
        (self.summary, self.outcome)
    }

    fn write(&mut self, finished: Finished<PartOf<S>>) -> Result<()> {
        self.sink.write(finished.part)?;
        for reject in finished.rejects {
            self.sink.reject(&reject)?;
            if self.summary.first_rejects.len() < SHOWN_REJECTS {
                self.summary.first_rejects.push(reject);
            }
        }
        self.summary.counts.add(&finished.counts);
        self.summary.repairs.add(&finished.repairs);
        Ok(())
    }
}
