//! One open file on the reader thread: whole records go into batches, what is left of them waits for the next one.
//! Memory is bounded by the longest record allowed.

use super::batch::{Batch, Piece, Records};
use super::cut::{Cut, Cutter, Records as Kind, Scanner, is_blank};
use super::layout::Opening;
use super::parse::too_long;
use super::stream::{Reached, Stream, Watch};
use super::{Layout, Repairs, Source};
use crate::document::{Code, Reject, excerpt};
use memchr::memchr_iter;
use std::sync::Arc;

/// The bounds of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// How many bytes make a batch full.
    pub(super) bytes: usize,
    /// How many records it may take at most.
    pub(super) records: u64,
    /// The longest record allowed.
    pub(super) record: usize,
}

/// A file being read.
pub(super) struct OpenFile<'a> {
    source: Arc<Source>,
    stream: Stream<'a>,
    watch: Watch<'a>,
    cutter: Cutter,
    /// The next record's number, line and offset.
    record: i64,
    line: i64,
    offset: i64,
    /// What was put right in this file as a whole.
    pub(super) repairs: Repairs,
    damage: Option<String>,
}

impl<'a> OpenFile<'a> {
    /// A file whose stream stands at its first record.
    pub(super) fn new(path: String, stream: Stream<'a>, opening: Opening, watch: Watch<'a>) -> Self {
        let kind = match &opening.layout {
            Layout::Jsonl(_) => Kind::Lines,
            Layout::Csv(table) => Kind::Rows(Scanner::new(table.delimiter)),
            Layout::Text => Kind::Whole,
        };
        Self {
            source: Arc::new(Source {
                path,
                member: None,
                layout: opening.layout,
            }),
            stream,
            watch,
            cutter: Cutter::new(kind),
            record: 1,
            line: 1 + opening.lines as i64,
            offset: opening.skipped as i64,
            repairs: Repairs {
                bom: u64::from(opening.bom),
                ..Repairs::default()
            },
            damage: None,
        }
    }

    /// The file's name.
    pub(super) fn path(&self) -> &str {
        &self.source.path
    }

    /// How many records were met.
    pub(super) fn records(&self) -> i64 {
        self.record - 1
    }

    /// Why the file could not be read to its end.
    pub(super) fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    /// Adds whole records to the batch, until it is full or the file is over; says whether the file goes on.
    pub(super) fn add_to(&mut self, batch: &mut Batch, bounds: Bounds) -> bool {
        let start = batch.filled;
        let limit = bounds.records.saturating_sub(batch.records);
        self.cutter.begin();
        let mut target = bounds.bytes;
        loop {
            let reached = self.top_up(batch, target);
            let cut = self.cutter.scan(&batch.data[start..batch.filled], limit);
            let spare = cut.records < limit || start + cut.end == batch.filled;
            if reached == Reached::End && spare {
                self.end(batch, start, cut);
                return false;
            }
            if cut.end > 0 || self.watch.stopped() {
                self.stream.unread(&batch.data[start + cut.end..batch.filled]);
                self.keep(batch, start, cut);
                return !self.stream.is_over();
            }
            if batch.filled - start > bounds.record {
                return self.lose(batch, start, bounds);
            }
            target = batch.filled + bounds.bytes;
        }
    }

    fn top_up(&mut self, batch: &mut Batch, target: usize) -> Reached {
        if batch.data.len() < target {
            batch.data.resize(target, 0);
        }
        let (filled, reached) = self.stream.fill(&mut batch.data[..target], batch.filled);
        batch.filled = filled;
        reached
    }

    /// Notes that the batch holds these records from `start` on, and nothing behind them.
    fn keep(&mut self, batch: &mut Batch, start: usize, cut: Cut) {
        batch.filled = start + cut.end;
        if cut.end > 0 {
            batch.pieces.push(Piece::Records(Records {
                source: Arc::clone(&self.source),
                bytes: start..batch.filled,
                record: self.record,
                line: self.line,
                offset: self.offset,
            }));
        }
        self.pass(&batch.data[start..batch.filled], cut.records);
        batch.records += cut.records;
    }

    fn pass(&mut self, bytes: &[u8], records: u64) {
        self.record += records as i64;
        self.line += memchr_iter(b'\n', bytes).count() as i64;
        self.offset += bytes.len() as i64;
    }

    /// Takes the last records. A record that the end of a damaged file has cut is none; one that only lacks its line
    /// break is whole.
    fn end(&mut self, batch: &mut Batch, start: usize, mut cut: Cut) {
        let tail = &batch.data[start + cut.end..batch.filled];
        let whole_file = matches!(self.source.layout, Layout::Text);
        let holds = if matches!(self.source.layout, Layout::Jsonl(_)) {
            !is_blank(tail)
        } else {
            !tail.is_empty()
        };
        if let Some(reason) = self.stream.damage() {
            let lost = if holds {
                "; the record that it cuts is dropped"
            } else {
                ""
            };
            self.damage = Some(format!("{reason}{lost}"));
        } else {
            if self.cutter.in_quotes() {
                self.damage = Some(format!(
                    "a quote opens in record {} and never closes",
                    self.record + cut.records as i64
                ));
            }
            self.repairs.final_newline += u64::from(holds && !whole_file);
            cut.records += u64::from(holds);
            cut.end = batch.filled - start;
        }
        self.keep(batch, start, cut);
    }

    /// Rejects the record that begins at `start` and skips to its end, keeping none of it; says whether the file
    /// goes on.
    fn lose(&mut self, batch: &mut Batch, start: usize, bounds: Bounds) -> bool {
        batch.pieces.push(Piece::Lost(Reject {
            path: self.source.path.clone(),
            member: self.source.member.clone(),
            record: if matches!(self.source.layout, Layout::Jsonl(_)) {
                self.line
            } else {
                self.record
            },
            offset: self.offset,
            code: Code::RecordTooLong,
            reason: too_long(bounds.record),
            excerpt: excerpt(&batch.data[start..batch.filled]),
        }));
        batch.records += 1;
        let seen = start..batch.filled;
        batch.filled = start;
        self.pass(&batch.data[seen], 1);
        loop {
            let reached = self.top_up(batch, start + bounds.bytes);
            let bytes = &batch.data[start..batch.filled];
            let end = self.cutter.resync(bytes);
            self.stream.unread(&bytes[end.unwrap_or(bytes.len())..]);
            let passed = start..start + end.unwrap_or(bytes.len());
            batch.filled = start;
            self.pass(&batch.data[passed], 0);
            if end.is_some() || reached == Reached::End || self.watch.stopped() {
                return self.after_lost(end.is_some());
            }
        }
    }

    fn after_lost(&mut self, found_end: bool) -> bool {
        if self.stream.is_over() {
            self.damage = self.stream.damage().map(str::to_owned);
            if self.damage.is_none() && !found_end && self.cutter.in_quotes() {
                self.damage = Some(format!(
                    "a quote opens in record {} and never closes",
                    self.record - 1
                ));
            }
        }
        !self.stream.is_over()
    }
}
