//! The writing end of a run: parts come as the workers finish them and go to the sink in the order of the input.

use super::budget::Budget;
use super::parts::Part;
use super::progress::Progress;
use super::sink::{Sink, SinkWorker};
use super::summary::{Counts, Summary};
use crate::document::Reject;
use crate::error::Result;
use crate::read::{Loss, Mark, Repairs, Told};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::mem;
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
    /// What the reader has to tell since the batch before.
    pub told: Told,
    /// The records in it.
    pub extent: Option<Extent>,
}

/// From one record to another, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The first record.
    pub from: Spot,
    /// The last record.
    pub to: Spot,
}

/// A record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The file, as the user named it.
    pub path: String,
    /// The member of an archive.
    pub member: Option<String>,
    /// The record's number.
    pub record: i64,
}

/// A finished batch, or why there is none, under its number.
pub struct Message<P> {
    /// The batch's number.
    pub index: u64,
    /// The memory that becomes free.
    pub charge: usize,
    /// Where to begin again after it, if a part ends with it.
    pub ends: Option<Mark>,
    /// What became of it.
    pub outcome: Result<Finished<P>>,
}

type PartOf<S> = <<S as Sink>::Worker as SinkWorker>::Part;

/// Brings the parts into order.
pub struct Writer<'a, S: Sink> {
    sink: &'a mut S,
    budget: &'a Budget,
    /// What the parts before come to, and what the part that goes on does.
    before: Summary,
    part: Part,
    waiting: BTreeMap<u64, Message<PartOf<S>>>,
    next: u64,
    outcome: Result<()>,
}

impl<'a, S: Sink> Writer<'a, S> {
    /// A writer at this batch, before which a run came to this.
    pub fn new(sink: &'a mut S, budget: &'a Budget, next: u64, before: Summary) -> Self {
        let (part, waiting) = (Part::default(), BTreeMap::new());
        Self {
            sink,
            budget,
            before,
            part,
            waiting,
            next,
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
                    let written = message.outcome.and_then(|finished| self.write(finished));
                    self.outcome =
                        written.and_then(|()| message.ends.map_or(Ok(()), |mark| self.end_part(mark)));
                }
                if self.outcome.is_err() {
                    progress.stop();
                }
                self.budget.give_back(message.charge);
            }
        }
    }

    /// The first error, if there was one.
    pub fn check(&mut self) -> Result<()> {
        mem::replace(&mut self.outcome, Ok(()))
    }

    /// Ends the last part, with what the reader has left to tell, and sums up.
    pub fn finish(mut self, told: Told) -> Result<Summary> {
        self.part.summary.tell(told);
        self.sink.end_part(&self.part)?;
        self.before.add(self.part.summary);
        self.before.end();
        self.before.counts.check()?;
        Ok(self.before)
    }

    fn write(&mut self, finished: Finished<PartOf<S>>) -> Result<()> {
        self.sink.write(finished.part)?;
        let sums = &mut self.part.summary;
        for reject in finished.rejects {
            self.sink.reject(&reject)?;
            sums.show(reject);
        }
        sums.counts.add(&finished.counts);
        sums.repairs.add(&finished.repairs);
        sums.lose(finished.losses);
        sums.tell(finished.told);
        if let Some(extent) = finished.extent {
            match &mut self.part.extent {
                Some(known) => known.to = extent.to,
                None => self.part.extent = Some(extent),
            }
        }
        Ok(())
    }

    fn end_part(&mut self, next: Mark) -> Result<()> {
        let mut part = mem::take(&mut self.part);
        part.next = Some(next);
        self.sink.end_part(&part)?;
        self.before.add(part.summary);
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
                told: Told::default(),
                extent: None,
                losses: Vec::new(),
            };
            sender
                .send(Message {
                    index,
                    charge: 0,
                    ends: None,
                    outcome: part.map(finished),
                })
                .unwrap();
        }
        drop(sender);
        let (mut sink, budget, progress) = (Numbers::default(), Budget::new(1), Progress::new(0));
        let mut writer = Writer::new(&mut sink, &budget, 0, Summary::default());
        writer.write_all(&receiver, &progress);
        let outcome = writer.check();
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
