//! From a batch to documents and rejects, on any thread. Owns the step from bytes to valid UTF-8.

use super::batch::{Batch, Piece, Records};
use super::columns::{self, Loss, Turns};
use super::dates::Dates;
use super::filter::Filter;
use super::flat::Room;
use super::{Layout, Repairs, Settings, Source, csv, jsonl, sgml, text, values, warc};
use crate::document::{Code, Document, Reject, excerpt};
use crate::error::Result;
use crate::vector::Level;
use std::borrow::Cow;
use std::ops::Range;

/// Who takes what becomes of the records, in their order.
pub trait Visitor {
    /// A record that became a document.
    fn document(&mut self, document: &Document<'_>, place: &Place<'_>);
    /// A record that became none.
    fn reject(&mut self, reject: Reject);
    /// Rows of a damaged file that nothing can be said of but that they are lost.
    fn lost(&mut self, loss: Loss);
}

/// Parses batches; shared by all workers.
#[derive(Debug)]
pub struct Parser {
    pub(super) dates: Dates,
    pub(super) max_record: usize,
    pub(super) turns: Turns,
    pub(super) level: Level,
    filter: Filter,
}

impl Parser {
    /// A parser with these settings. Fails when the date format cannot work.
    pub fn new(settings: &Settings) -> Result<Self> {
        let dates = Dates::new(settings.date_format.as_deref())?;
        Ok(Self {
            dates,
            max_record: settings.max_record,
            turns: Turns::new(),
            level: Level::detect(),
            filter: settings.filter.clone(),
        })
    }

    /// Whether a document is to be scored.
    pub fn keeps(&self, document: &Document<'_>) -> bool {
        self.filter.keeps(document)
    }

    /// Shows every record of the batch to the visitor, as a document or as a reject.
    pub fn parse(&self, batch: &Batch, room: &mut Room, repairs: &mut Repairs, visitor: &mut impl Visitor) {
        for piece in batch.pieces() {
            match piece {
                Piece::Lost(reject) => visitor.reject(reject.clone()),
                Piece::Rows(rows) => columns::parse(self, rows, repairs, visitor),
                Piece::Records(records) => {
                    let view = View::new(batch.bytes(records));
                    let mut run = Run {
                        parser: self,
                        records,
                        view,
                        repairs,
                        visitor,
                        room,
                    };
                    match &records.source.layout {
                        Layout::Jsonl(mapping) => jsonl::parse(&mut run, mapping),
                        Layout::Json(mapping) => values::parse(&mut run, mapping),
                        Layout::Csv(table) => csv::parse(&mut run, table),
                        Layout::Text => text::parse(&mut run),
                        Layout::Lines => text::parse_lines(&mut run),
                        Layout::Warc(mapping) => warc::parse(&mut run, mapping),
                        Layout::Sgml(mapping) => sgml::parse(&mut run, mapping),
                        Layout::Columns(_) => {}
                    }
                }
            }
        }
    }
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    source: &'a Source,
    /// The record's number in its file, from 1.
    pub record: i64,
    /// The line in which it begins, from 1.
    pub line: i64,
    /// Where it begins, in bytes of the decoded file.
    pub offset: i64,
}

impl<'a> Place<'a> {
    /// The place of a row, which lies in many places of its file and so in none.
    pub(super) fn of_row(source: &'a Source, record: i64) -> Self {
        Self {
            source,
            record,
            line: record,
            offset: 0,
        }
    }

    /// Hands over a document, which learns its place here.
    pub(super) fn document(&self, document: Document<'_>, visitor: &mut impl Visitor) {
        let mut placed: Document<'_> = document;
        placed.path = &self.source.origin.path;
        placed.member = self.source.origin.member.as_deref();
        placed.record = self.record;
        visitor.document(&placed, self);
    }

    /// The record here as a reject.
    pub fn reject(&self, code: Code, reason: String, record: &[u8]) -> Reject {
        Reject {
            path: self.source.origin.path.clone(),
            member: self.source.origin.member.clone(),
            record: self.record,
            line: self.line,
            offset: self.offset,
            code,
            reason,
            excerpt: excerpt(record),
        }
    }
}

/// A run of records while it is parsed, with all that the formats share.
pub(super) struct Run<'a, V> {
    pub(super) parser: &'a Parser,
    pub(super) records: &'a Records,
    pub(super) view: View<'a>,
    pub(super) repairs: &'a mut Repairs,
    pub(super) visitor: &'a mut V,
    pub(super) room: &'a mut Room,
}

impl<'a, V: Visitor> Run<'a, V> {
    /// The place of a record that begins in this line, at this byte of the run.
    pub(super) fn place(&self, record: i64, line: i64, start: usize) -> Place<'a> {
        Place {
            source: &self.records.source,
            record,
            line,
            offset: self.records.offset + start as i64,
        }
    }

    /// Hands over a document, which learns its place here.
    pub(super) fn document(&mut self, place: &Place<'_>, document: Document<'_>) {
        place.document(document, self.visitor);
    }

    /// Hands over a record that became no document.
    pub(super) fn reject(&mut self, place: &Place<'_>, code: Code, reason: String, record: &[u8]) {
        self.visitor.reject(place.reject(code, reason, record));
    }

    /// Whether a record passes the limit; one that does not is rejected here.
    pub(super) fn keeps_limit(&mut self, place: &Place<'_>, record: &[u8]) -> bool {
        let limit = self.parser.max_record;
        if record.len() > limit {
            self.reject(place, Code::RecordTooLong, too_long(limit), record);
        }
        record.len() <= limit
    }
}

/// The sentence for a record over the limit.
pub(super) fn too_long(limit: usize) -> String {
    format!("the record is longer than the limit of {limit} bytes")
}

/// Bytes that are checked once as a whole; only when that fails record by record.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) text: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            text: simdutf8::basic::from_utf8(bytes).ok(),
        }
    }

    /// A record as text: borrowed if it is valid, repaired and counted if not.
    pub(super) fn record(&self, range: Range<usize>, repairs: &mut Repairs) -> Cow<'a, str> {
        if let Some(text) = self.text.and_then(|text| text.get(range.clone())) {
            return Cow::Borrowed(text);
        }
        let bytes = &self.bytes[range];
        match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => {
                repairs.utf8 += bad_sequences(bytes);
                String::from_utf8_lossy(bytes)
            }
        }
    }
}

/// How many sequences of the bytes are no UTF-8.
pub(super) fn bad_sequences(bytes: &[u8]) -> u64 {
    let chunks = bytes.utf8_chunks();
    chunks.filter(|chunk| !chunk.invalid().is_empty()).count() as u64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::read::{Origin, Source};
    use std::sync::Arc;

    /// Keeps all that it is shown, as readable lines.
    #[derive(Default)]
    pub(in crate::read) struct Shown {
        pub(in crate::read) lines: Vec<String>,
        pub(in crate::read) rejects: Vec<Reject>,
    }

    impl Visitor for Shown {
        fn document(&mut self, document: &Document<'_>, place: &Place<'_>) {
            let text = document.text.as_deref().unwrap_or("<null>");
            let id = document.id.as_deref().unwrap_or("-");
            self.lines
                .push(format!("{}@{} {id} {text}", place.record, place.offset));
        }

        fn reject(&mut self, reject: Reject) {
            self.lines.push(format!(
                "{}@{} !{}",
                reject.record,
                reject.offset,
                reject.code.name()
            ));
            self.rejects.push(reject);
        }

        fn lost(&mut self, loss: Loss) {
            self.lines.push(loss.sentence());
        }
    }

    /// Parses bytes as one run of a file with this layout.
    pub(in crate::read) fn shown(bytes: &[u8], layout: Layout, max_record: usize) -> (Shown, Repairs) {
        let kind = layout.records();
        let source = Source {
            origin: Origin::of("file"),
            layout,
        };
        let records = Records {
            source: Arc::new(source),
            bytes: 0..bytes.len(),
            record: 1,
            line: 1,
            offset: 0,
            kind,
        };
        let batch = Batch {
            data: bytes.to_vec(),
            filled: bytes.len(),
            pieces: vec![Piece::Records(records)],
            records: 1,
            ..Batch::default()
        };
        let parser = Parser::new(&Settings {
            max_record,
            ..Settings::default()
        })
        .unwrap();
        let (mut shown, mut repairs) = (Shown::default(), Repairs::default());
        parser.parse(&batch, &mut Room::default(), &mut repairs, &mut shown);
        (shown, repairs)
    }

    #[test]
    fn only_invalid_records_are_copied() {
        let bytes = b"good\nb\xff\xe2\x82d\ngood";
        let (view, mut repairs) = (View::new(bytes), Repairs::default());
        assert!(matches!(view.record(0..4, &mut repairs), Cow::Borrowed("good")));
        assert_eq!(view.record(5..10, &mut repairs), "b\u{fffd}\u{fffd}d");
        assert_eq!(repairs.utf8, 2);
    }
}
