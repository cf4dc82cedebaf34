//! What travels from the reader thread to a worker: a buffer of whole records with notes on whose they are.

use super::columns::Rows;
use super::cut::Records as Kind;
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
    /// About how many bytes its rows of columns hold, and how many of them in memory.
    pub(super) weight: usize,
    pub(super) held: usize,
    pub(super) closed: bool,
    /// What else there is to tell since the batch before.
    pub told: Told,
}

/// A run of records of one file, or one record that is lost already.
#[derive(Debug)]
pub enum Piece {
    /// Records to parse.
    Records(Records),
    /// Rows of a table that lies column by column.
    Rows(Rows),
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
    /// How records are cut, in the state in which the first one begins.
    pub(super) kind: Kind,
}

impl Batch {
    /// Empties the batch and keeps its buffer, unless a long record has made that large.
    pub fn clear(&mut self, usual: usize) {
        if self.data.len() > 2 * usual {
            self.data = Vec::new();
        }
        self.filled = 0;
        self.release();
        self.records = 0;
        self.weight = 0;
        self.closed = false;
    }

    /// The memory that it holds.
    pub fn size(&self) -> usize {
        self.data.len() + self.held
    }

    /// Lets go of what the workers are done with.
    pub fn release(&mut self) {
        self.pieces.clear();
        self.held = 0;
    }

    /// Takes nothing more in.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Whether there is room for more.
    pub(super) fn is_open(&self, bytes: usize, records: u64) -> bool {
        !self.closed && self.records < records && self.filled + self.weight < bytes
    }

    /// Adds rows of columns: about how many bytes they hold, and how many of those are in memory.
    pub(super) fn push_rows(&mut self, rows: Rows, weight: usize, held: usize) {
        self.records += rows.rows as u64;
        self.weight += weight;
        self.held += held;
        self.pieces.push(Piece::Rows(rows));
    }

    /// How many bytes of records it holds.
    pub fn content(&self) -> usize {
        self.filled + self.weight
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
