//! Faults on purpose, for tests: a document that cannot be scored, a thread that dies. docs/RELIABILITY.md tells how to
//! ask for them.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Which documents and batches fail, counted from 1 in the order in which the threads come to them.
#[derive(Debug, Default)]
pub struct Faults {
    /// The document that makes scoring panic.
    pub document: Option<u64>,
    /// The batch whose thread dies.
    pub worker: Option<u64>,
    documents: AtomicU64,
    batches: AtomicU64,
}

impl Faults {
    /// Faults at this document and this batch.
    pub fn new(document: Option<u64>, worker: Option<u64>) -> Self {
        Self {
            document,
            worker,
            ..Self::default()
        }
    }

    /// Panics if it is the document's turn.
    pub(super) fn at_document(&self) {
        if self
            .document
            .is_some_and(|turn| turn == 1 + self.documents.fetch_add(1, Relaxed))
        {
            std::panic::resume_unwind(Box::new("on purpose"));
        }
    }

    /// Ends the thread, as a panic outside of any document would, if it is the batch's turn.
    pub(super) fn at_batch(&self) {
        if self
            .worker
            .is_some_and(|turn| turn == 1 + self.batches.fetch_add(1, Relaxed))
        {
            std::panic::resume_unwind(Box::new("on purpose"));
        }
    }
}
