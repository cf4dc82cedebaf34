//! What travels from the reader thread to a worker: a buffer of whole records with notes on whose they are.

use super::{Source, Told};
use crate::document::Reject;
use std::ops::Range;
use std::sync::Arc;

/// Whole records of one file or of several small ones, in order.
#[derive(Debug, Default)]
pub struct Batch {
    /// The bytes; only those before `filled` are of this batch. The rest is kept written so that a buffer used
    /// again need not be cleared.
    pub(super) data: Vec<u8>,
    pub(super) filled: usize,
    pub(super) pieces: Vec<Piece>,
    pub(super) records: u64,
    /// What else there is to tell since the batch before.
    pub told: Told,
}

/// A run of records of one file, or one record that is lost already.
#[derive(Debug)]
pub enum Piece {
    /// Records to parse.
    Records(Records),
    /// A record too long to be kept.
    Lost(Reject),
}

/// Where a run of records lies in the batch and in its file.
#[derive(Debug)]
pub struct Records {
    /// Their file.
    pub(super) source: Arc<Source>,
    /// Their bytes in the batch.
    pub(super) bytes: Range<usize>,
    /// The first one's number, from 1.
    pub(super) record: i64,
    /// The first one's line, from 1.
    pub(super) line: i64,
    /// Where the first one begins, in the decoded file.
    pub(super) offset: i64,
}

impl Batch {
    /// Empties the batch and keeps its buffer, unless a long record has made that large.
    pub fn clear(&mut self, usual: usize) {
        if self.data.len() > 2 * usual {
            self.data = Vec::new();
        }
        self.filled = 0;
        self.pieces.clear();
        self.records = 0;
    }

    /// The memory that it holds.
    pub fn size(&self) -> usize {
        self.data.len()
    }

    /// How many bytes of records it holds.
    pub fn content(&self) -> usize {
        self.filled
    }

    /// Whether there is nothing to parse.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    pub(super) fn bytes(&self, records: &Records) -> &[u8] {
        &self.data[records.bytes.clone()]
    }
}
