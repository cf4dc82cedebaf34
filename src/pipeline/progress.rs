//! What can be seen of a run while it goes on, and how to stop it; shared with the thread that watches.

use super::summary::{Counts, Summary};
use crate::read::{Tally, Watch};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Figures that grow while a run goes on.
#[derive(Debug, Default)]
pub struct Progress {
    bytes: AtomicU64,
    documents: AtomicU64,
    rejected: AtomicU64,
    tokens: AtomicU64,
    text_bytes: AtomicU64,
    hits: Vec<AtomicU64>,
    stopped: AtomicBool,
    cancelled: AtomicBool,
}

impl Progress {
    /// The progress of a run with so many dimensions.
    pub fn new(dimensions: usize) -> Self {
        Self {
            hits: (0..dimensions).map(|_| AtomicU64::new(0)).collect(),
            ..Self::default()
        }
    }

    /// Bytes read from files, packed as they are; `Inputs::bytes` is their total.
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Records met: scored, rejected and filtered.
    pub fn documents(&self) -> u64 {
        self.documents.load(Relaxed)
    }

    /// Records that became no document.
    pub fn rejected(&self) -> u64 {
        self.rejected.load(Relaxed)
    }

    /// Tokens counted.
    pub fn tokens(&self) -> u64 {
        self.tokens.load(Relaxed)
    }

    /// Bytes of text scored.
    pub fn text_bytes(&self) -> u64 {
        self.text_bytes.load(Relaxed)
    }

    /// Hits of each dimension.
    pub fn hits(&self) -> Vec<u64> {
        self.hits.iter().map(|hits| hits.load(Relaxed)).collect()
    }

    /// Asks the run to end; it then returns an error of the kind `Interrupted`.
    pub fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
        self.stop();
    }

    /// Whether somebody asked the run to end.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }

    /// Ends the run for a reason of its own.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    pub(super) fn watch<'a>(&'a self, tally: Option<&'a Tally>) -> Watch<'a> {
        Watch {
            tally,
            ..Watch::new(&self.bytes, &self.stopped)
        }
    }

    /// Takes in what an earlier run has done.
    pub(super) fn begin(&self, done: &Summary) {
        self.add(&done.counts);
        self.bytes
            .fetch_add(done.inputs.iter().map(|input| input.bytes).sum(), Relaxed);
    }

    pub(super) fn add(&self, counts: &Counts) {
        self.documents.fetch_add(counts.documents(), Relaxed);
        self.rejected.fetch_add(counts.rejected(), Relaxed);
        self.tokens.fetch_add(counts.tokens, Relaxed);
        self.text_bytes.fetch_add(counts.text_bytes, Relaxed);
        for (sum, hits) in self.hits.iter().zip(&counts.hits) {
            sum.fetch_add(*hits, Relaxed);
        }
    }
}
