//! The writing end of a run: parts come as the workers finish them and go to the sink in the order of the input.

use super::budget::Budget;
use super::progress::Progress;
use super::sink::{Sink, SinkWorker};
use super::summary::{Counts, Summary};
use crate::document::Reject;
use crate::error::Result;
use crate::read::{Loss, Repairs};
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
    /// Rows that could not be read.
    pub losses: Vec<Loss>,
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
        self.summary.lose(finished.losses);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::engine::Scratch;
    use crate::error::{Error, Kind};
    use std::sync::mpsc::channel;

    #[derive(Default)]
    struct Numbers(Vec<u64>);
    struct Nobody;

    impl Sink for Numbers {
        type Worker = Nobody;
        fn worker(&self) -> Nobody {
            Nobody
        }
        fn write(&mut self, part: u64) -> Result<()> {
            self.0.push(part);
            Ok(())
        }
    }

    impl SinkWorker for Nobody {
        type Part = u64;
        fn document(&mut self, _: &Document<'_>, _: Option<&Scratch>) {}
        fn finish_batch(&mut self) -> Result<u64> {
            Ok(0)
        }
    }

    fn written(messages: impl IntoIterator<Item = (u64, Result<u64>)>) -> (Vec<u64>, Result<()>, bool) {
        let (sender, receiver) = channel();
        for (index, part) in messages {
            let finished = |part| Finished {
                part,
                rejects: Vec::new(),
                counts: Counts::default(),
                repairs: Repairs::default(),
                losses: Vec::new(),
            };
            sender
                .send(Message {
                    index,
                    charge: 0,
                    outcome: part.map(finished),
                })
                .unwrap();
        }
        drop(sender);
        let (mut sink, budget, progress) = (Numbers::default(), Budget::new(1), Progress::new(0));
        let mut writer = Writer::new(&mut sink, &budget);
        writer.write_all(&receiver, &progress);
        let (_, outcome) = writer.finish();
        (sink.0, outcome, progress.is_stopped())
    }

    #[test]
    fn parts_are_written_in_order() {
        let (parts, outcome, stopped) = written([2, 0, 1, 4, 3].map(|index| (index, Ok(index))));
        assert_eq!((parts, outcome, stopped), (vec![0, 1, 2, 3, 4], Ok(()), false));
    }

    #[test]
    fn the_first_error_in_order_ends_the_run() {
        let error = |text: &str| Error::new(Kind::Input, text);
        let messages = [
            (3, Err(error("later"))),
            (0, Ok(0)),
            (2, Ok(2)),
            (1, Err(error("first"))),
        ];
        assert_eq!(written(messages), (vec![0], Err(error("first")), true));
    }
}
