//! One open file on the reader thread: whole records go into batches, what is left of them waits for the next one.
//! Memory is bounded by the longest record allowed.

use super::batch::{Batch, Piece, Records};
use super::cut::{Cut, Cutter, Records as Kind};
use super::layout::Opening;
use super::parse::too_long;
use super::stream::{Reached, Stream, Watch};
use super::{Layout, Origin, Repairs, Source};
use crate::document::{Code, Reject, excerpt};
use memchr::{memchr, memchr_iter};
use serde::de::IgnoredAny;
use std::sync::Arc;

/// So many bytes at least are looked at together for a record behind lost ones: more than any mark or key takes.
const WINDOW: usize = 1024;

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
    repairs: Repairs,
    damage: Option<String>,
    losses: Losses,
    /// Bytes are lost: the next record is still to be found.
    torn: bool,
}

/// Places within a file where bytes are lost.
#[derive(Default)]
struct Losses {
    places: u64,
    first: Option<String>,
    /// Whether a record was cut at one of them.
    cut: bool,
}

impl<'a> OpenFile<'a> {
    /// A file whose stream stands at its first record.
    pub(super) fn new(origin: Origin, stream: Stream<'a>, opening: Opening, watch: Watch<'a>) -> Self {
        let kind = opening.layout.records();
        Self {
            source: Arc::new(Source {
                origin,
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
                recoded: u64::from(opening.recoded),
                ..Repairs::default()
            },
            damage: None,
            losses: Losses::default(),
            torn: false,
        }
    }

    /// The file's name.
    pub(super) fn origin(&self) -> &Origin {
        &self.source.origin
    }

    /// What was put right in this file as a whole.
    pub(super) fn repairs(&self) -> Repairs {
        Repairs {
            utf8: self.stream.invalid(),
            ..self.repairs
        }
    }

    /// How many records were met.
    pub(super) fn records(&self) -> i64 {
        self.record - 1
    }

    /// Why the file could not be read as a whole.
    pub(super) fn damage(&self) -> Option<String> {
        let losses = self.losses.told();
        let told: Vec<_> = losses.into_iter().chain(self.damage.clone()).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }

    /// Notes that bytes are lost before the first record.
    pub(super) fn begins_torn(&mut self, reason: String) {
        self.losses.add(reason, false);
        self.torn = true;
    }

    /// Adds whole records to the batch, until it is full or the file is over; says whether the file goes on.
    pub(super) fn add_to(&mut self, batch: &mut Batch, bounds: Bounds) -> bool {
        if self.torn && !self.rejoin(batch, bounds) {
            return false;
        }
        let start = batch.filled;
        let limit = bounds.records.saturating_sub(batch.records);
        let kind = self.cutter.begin();
        let mut target = bounds.bytes;
        loop {
            let reached = self.top_up(batch, target);
            let whole = reached == Reached::End;
            let cut = self.cutter.scan(&batch.data[start..batch.filled], limit, whole);
            let spare = cut.records < limit || start + cut.end == batch.filled;
            if whole && spare {
                self.end(batch, start, cut, kind);
                return false;
            }
            if reached == Reached::Gap && spare {
                self.tear(batch, start, cut, kind);
                return true;
            }
            if cut.end > 0 || self.watch.stopped() {
                self.stream.unread(&batch.data[start + cut.end..batch.filled]);
                self.keep(batch, start, cut, kind);
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
    fn keep(&mut self, batch: &mut Batch, start: usize, cut: Cut, kind: Kind) {
        batch.filled = start + cut.end;
        if cut.end > 0 {
            batch.pieces.push(Piece::Records(Records {
                source: Arc::clone(&self.source),
                bytes: start..batch.filled,
                record: self.record,
                line: self.line,
                offset: self.offset,
                kind,
            }));
        }
        let bytes = &batch.data[start..batch.filled];
        let lines = match kind {
            Kind::Lines => cut.lines as i64,
            _ => lines(bytes),
        };
        self.pass(bytes.len(), cut.records, lines);
        batch.records += cut.records;
    }

    fn pass(&mut self, bytes: usize, records: u64, lines: i64) {
        self.record += records as i64;
        self.line += lines;
        self.offset += bytes as i64;
    }

    /// Takes the records before lost bytes; the one that they cut is dropped.
    fn tear(&mut self, batch: &mut Batch, start: usize, cut: Cut, kind: Kind) {
        let cuts = self
            .cutter
            .holds_record(&batch.data[start + cut.end..batch.filled]);
        self.losses.add(self.stream.pass_gap().unwrap_or_default(), cuts);
        self.torn = true;
        self.keep(batch, start, cut, kind);
        self.cutter.tear();
    }

    /// Goes on behind lost bytes to where a record begins; says whether there is one.
    fn rejoin(&mut self, batch: &mut Batch, bounds: Bounds) -> bool {
        let start = batch.filled;
        let mut next = None;
        self.torn = false;
        while next.is_none() && !self.stream.is_over() && !self.watch.stopped() {
            let reached = self.top_up(batch, start + bounds.bytes.max(WINDOW));
            let bytes = &batch.data[start..batch.filled];
            let found = if self.begins_whole(bytes) {
                Ok(0)
            } else {
                self.cutter.rejoin(bytes, self.columns())
            };
            let overlap = if reached == Reached::More {
                self.cutter.overlap()
            } else {
                0
            };
            let passed = found.unwrap_or_else(|passed| passed.min(bytes.len() - overlap));
            let (passed, rest) = bytes.split_at(passed);
            next = found.ok();
            self.losses.cut |= !passed.is_empty();
            self.pass(passed.len(), 0, lines(passed));
            match reached {
                Reached::More => self.stream.unread(rest),
                _ if next.is_some() => self.stream.unread(rest),
                Reached::End => {}
                Reached::Gap => {
                    let reason = self.stream.pass_gap().unwrap_or_default();
                    self.losses.add(reason, !rest.is_empty());
                    self.cutter.tear();
                }
            }
            batch.filled = start;
        }
        if next.is_none() {
            self.damage = self.stream.damage().map(str::to_owned);
        }
        next.is_some()
    }

    /// Whether a whole record begins right behind lost bytes: the end of a JSON object is none itself.
    fn begins_whole(&self, bytes: &[u8]) -> bool {
        let line = &bytes[..memchr(b'\n', bytes).unwrap_or(0)];
        matches!(self.source.layout, Layout::Jsonl(_))
            && line.first() == Some(&b'{')
            && serde_json::from_slice::<IgnoredAny>(line).is_ok()
    }

    fn columns(&self) -> usize {
        match &self.source.layout {
            Layout::Csv(table) => table.header.len(),
            _ => 0,
        }
    }

    /// Takes the last records. A record that the end of a damaged file has cut is none; one that only lacks its line
    /// break is whole.
    fn end(&mut self, batch: &mut Batch, start: usize, mut cut: Cut, kind: Kind) {
        let tail = &batch.data[start + cut.end..batch.filled];
        let holds = self.cutter.holds_record(tail);
        if let Some(reason) = self.stream.damage() {
            let lost = if holds {
                "; the record that it cuts is dropped"
            } else {
                ""
            };
            self.damage = Some(format!("{reason}{lost}"));
        } else {
            self.damage = self.unclosed(tail, self.record + cut.records as i64);
            self.repairs.final_newline += u64::from(holds && self.source.layout.has_lines());
            cut.records += u64::from(holds);
            cut.end = batch.filled - start;
        }
        self.keep(batch, start, cut, kind);
    }

    fn unclosed(&self, tail: &[u8], record: i64) -> Option<String> {
        self.cutter.unclosed(tail).map(|what| match what {
            "a quote" => format!("a quote opens in record {record} and never closes"),
            _ => format!("{what} never closes"),
        })
    }

    /// Rejects the record that begins at `start` and skips to its end, keeping none of it; says whether the file
    /// goes on.
    fn lose(&mut self, batch: &mut Batch, start: usize, bounds: Bounds) -> bool {
        let bytes = &batch.data[start..batch.filled];
        if self.cutter.is_document(bytes) {
            batch.pieces.push(Piece::Lost(self.lost(bytes, bounds.record)));
            batch.records += 1;
            self.record += 1;
        } else {
            self.repairs.skipped += 1;
        }
        let seen = start + self.cutter.passed(&batch.data[start..batch.filled]);
        let passed = &batch.data[start..seen];
        self.pass(passed.len(), 0, lines(passed));
        self.stream.unread(&batch.data[seen..batch.filled]);
        let window = bounds.bytes.max(4 * self.cutter.overlap());
        loop {
            batch.filled = start;
            let reached = self.top_up(batch, start + window);
            let bytes = &batch.data[start..batch.filled];
            let end = self.cutter.resync(bytes);
            let overlap = if reached == Reached::More {
                self.cutter.overlap()
            } else {
                0
            };
            let (passed, rest) = bytes.split_at(end.unwrap_or(bytes.len() - overlap));
            self.pass(passed.len(), 0, lines(passed));
            self.stream.unread(rest);
            if end.is_none() && reached == Reached::Gap {
                self.losses.add(self.stream.pass_gap().unwrap_or_default(), true);
                self.torn = true;
                self.cutter.tear();
                break;
            }
            if end.is_some() || reached == Reached::End || self.watch.stopped() {
                break;
            }
        }
        batch.filled = start;
        if self.stream.is_over() {
            let open = self.unclosed(b"", self.record - 1);
            self.damage = self.stream.damage().map(str::to_owned).or(open);
        }
        !self.stream.is_over()
    }

    fn lost(&self, bytes: &[u8], limit: usize) -> Reject {
        let lines = self.source.layout.numbers_lines();
        Reject {
            path: self.source.origin.path.clone(),
            member: self.source.origin.member.clone(),
            record: if lines { self.line } else { self.record },
            line: self.line,
            offset: self.offset,
            code: Code::RecordTooLong,
            reason: too_long(limit),
            excerpt: excerpt(bytes),
        }
    }
}

fn lines(bytes: &[u8]) -> i64 {
    memchr_iter(b'\n', bytes).count() as i64
}

impl Losses {
    fn add(&mut self, reason: String, cut: bool) {
        self.places += 1;
        self.first.get_or_insert(reason);
        self.cut |= cut;
    }

    fn told(&self) -> Option<String> {
        let first = self.first.as_deref()?;
        let more = match self.places {
            1 => String::new(),
            2 => ", and so in one more place".to_owned(),
            places => format!(", and so in {} more places", places - 1),
        };
        let cut = if self.cut {
            "; the records that this cuts are dropped"
        } else {
            ""
        };
        Some(format!("{first}{more}{cut}"))
    }
}

#[cfg(test)]
mod tests;
