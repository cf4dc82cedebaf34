//! One scoring thread's work on a batch: parse, score, hand to the sink. A panic in a document stays in it.

use super::Probe;
use super::faults::Faults;
use super::order::{Extent, Finished, Spot};
use super::progress::Progress;
use super::sink::SinkWorker;
use super::summary::Counts;
use crate::document::{Code, Document, Reject};
use crate::engine::{Engine, Scratch, Want};
use crate::error::Result;
use crate::panics;
use crate::read::{Batch, Loss, Parser, Place, Repairs, Room, Visitor};

/// What one thread needs.
pub struct Worker<'a, W> {
    engine: &'a Engine,
    parser: &'a Parser,
    want: Want,
    sink: W,
    scratch: Scratch,
    room: Room,
    progress: &'a Progress,
    probe: Option<Probe>,
    faults: &'a Faults,
    counts: Counts,
    rejects: Vec<Reject>,
    losses: Vec<Loss>,
    extent: Option<Extent>,
}

impl<'a, W: SinkWorker> Worker<'a, W> {
    /// A worker that has seen nothing yet.
    pub fn new(
        engine: &'a Engine,
        parser: &'a Parser,
        want: Want,
        sink: W,
        progress: &'a Progress,
        probe: Option<Probe>,
        faults: &'a Faults,
    ) -> Self {
        let (scratch, counts) = (Scratch::default(), Counts::default());
        Self {
            engine,
            parser,
            want,
            sink,
            scratch,
            room: Room::default(),
            progress,
            probe,
            faults,
            counts,
            rejects: Vec::new(),
            losses: Vec::new(),
            extent: None,
        }
    }

    /// Comes to a batch; a test may have it that the thread dies of that.
    pub fn begin(&self) {
        self.faults.at_batch();
    }

    /// Scores a batch.
    pub fn run(&mut self, batch: &mut Batch) -> Result<Finished<W::Part>> {
        let mut repairs = Repairs::default();
        self.counts.hits = vec![0; self.engine.lexicon().dimensions.len()];
        let mut room = std::mem::take(&mut self.room);
        self.parser.parse(batch, &mut room, &mut repairs, self);
        self.room = room;
        let (counts, rejects) = (
            std::mem::take(&mut self.counts),
            std::mem::take(&mut self.rejects),
        );
        self.progress.add(&counts);
        Ok(Finished {
            part: self.sink.finish_batch()?,
            rejects,
            counts,
            repairs,
            losses: std::mem::take(&mut self.losses),
            told: std::mem::take(&mut batch.told),
            extent: self.extent.take(),
        })
    }

    /// Notes that the batch reaches to this record.
    fn reach(&mut self, path: &str, member: Option<&str>, record: i64) {
        let spot = || Spot {
            path: path.to_owned(),
            member: member.map(str::to_owned),
            record,
        };
        match &mut self.extent {
            Some(Extent { to, .. }) if to.path == path && to.member.as_deref() == member => {
                to.record = record
            }
            Some(extent) => extent.to = spot(),
            None => {
                let (from, to) = (spot(), spot());
                self.extent = Some(Extent { from, to });
            }
        }
    }

    fn score(&mut self, document: &Document<'_>, text: &str) -> std::result::Result<(), String> {
        panics::contained(|| {
            if let Some(probe) = self.probe {
                probe(document);
            }
            self.faults.at_document();
            self.engine.score(&mut self.scratch, text, self.want);
        })
    }
}

impl<W: SinkWorker> Visitor for Worker<'_, W> {
    fn document(&mut self, document: &Document<'_>, place: &Place<'_>) {
        self.reach(document.path, document.member, document.record);
        self.counts.met += 1;
        if !self.parser.keeps(document) {
            self.counts.filtered += 1;
            return;
        }
        let Some(text) = document.text.as_deref() else {
            self.counts.scored += 1;
            self.counts.null_texts += 1;
            return self.sink.document(document, None);
        };
        match self.score(document, text) {
            Ok(()) => {
                self.counts.count(text, self.scratch.scores());
                self.sink.document(document, Some(&self.scratch));
            }
            Err(message) => {
                self.scratch = Scratch::default();
                self.lose(place.reject(Code::Panic, message, text.as_bytes()));
            }
        }
    }

    fn lost(&mut self, loss: Loss) {
        self.losses.push(loss);
    }

    fn reject(&mut self, reject: Reject) {
        self.reach(&reject.path, reject.member.as_deref(), reject.record);
        self.counts.met += 1;
        self.lose(reject);
    }
}

impl<W> Worker<'_, W> {
    fn lose(&mut self, reject: Reject) {
        *self.counts.rejects.entry(reject.code).or_default() += 1;
        self.rejects.push(reject);
    }
}
