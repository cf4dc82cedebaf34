//! On a worker: rows become documents, those of Parquet after they are decoded here. What cannot be decoded is a loss,
//! and the rows around it are kept.

use super::cells::Column;
use super::parquet::{Slice, said};
use super::{Data, Loss, Rows};
use crate::document::Code;
use crate::panics::contained;
use crate::read::fields::{Mapping, Value, assemble};
use crate::read::parse::{Parser, Place, Visitor, too_long};
use crate::read::{Layout, Repairs};
use arrow_array::RecordBatch;

/// Shows every row to the visitor.
pub(in crate::read) fn parse(
    parser: &Parser,
    rows: &Rows,
    repairs: &mut Repairs,
    visitor: &mut impl Visitor,
) {
    let Layout::Columns(mapping) = &rows.source.layout else {
        return;
    };
    let mut run = Run {
        parser,
        mapping,
        rows,
        repairs,
        visitor,
        seen: 0,
    };
    match &rows.data {
        Data::Decoded(batch, _) => run.batch(batch),
        Data::Packed(slice) => parser.turns.take(slice.weight, || run.slice(slice)),
    }
}

struct Run<'a, V> {
    parser: &'a Parser,
    mapping: &'a Mapping,
    rows: &'a Rows,
    repairs: &'a mut Repairs,
    visitor: &'a mut V,
    /// How many rows were shown.
    seen: usize,
}

impl<V: Visitor> Run<'_, V> {
    fn slice(&mut self, slice: &Slice) {
        let mut reader = match contained(|| slice.reader()) {
            Ok(Ok(reader)) => reader,
            Ok(Err(error)) => return self.lose(slice, &said(&error)),
            Err(panic) => return self.lose(slice, &stumbled(&panic)),
        };
        while self.seen < self.rows.rows {
            match contained(|| reader.next()) {
                Ok(Some(Ok(batch))) if batch.num_rows() > 0 => self.batch(&batch),
                Ok(Some(Err(error))) => {
                    let error = error.to_string();
                    let error = error.strip_prefix("Parquet argument error: ").unwrap_or(&error);
                    let labels = ["Parquet error: ", "EOF: ", "External: ", "Arrow: "];
                    let bare = labels.iter().find_map(|label| error.strip_prefix(label));
                    return self.lose(slice, bare.unwrap_or(error));
                }
                Ok(_) => return self.lose(slice, "it holds fewer rows than it says"),
                Err(panic) => return self.lose(slice, &stumbled(&panic)),
            }
        }
    }

    /// Tells that the rest of the rows is lost.
    fn lose(&mut self, slice: &Slice, why: &str) {
        self.visitor.lost(Loss {
            origin: self.rows.source.origin.clone(),
            first: self.rows.record + self.seen as i64,
            last: self.rows.record + self.rows.rows as i64 - 1,
            reason: format!("row group {} is damaged: {}", slice.group(), on_one_line(why)),
        });
    }

    fn batch(&mut self, batch: &RecordBatch) {
        let columns = self.mapping.columns().iter();
        let columns: Vec<_> = columns.map(|path| Column::find(batch, path)).collect();
        for row in 0..batch.num_rows().min(self.rows.rows - self.seen) {
            let record = self.rows.record + self.seen as i64;
            self.seen += 1;
            let place = Place::of_row(&self.rows.source, record);
            self.row(&columns, row, &place);
        }
    }

    fn row(&mut self, columns: &[Option<Column<'_>>], row: usize, place: &Place<'_>) {
        let values: Vec<_> = columns
            .iter()
            .map(|column| {
                column
                    .as_ref()
                    .map_or(Value::Absent, |column| column.value(row, self.repairs))
            })
            .collect();
        let texts = values.iter().map(|value| match value {
            Value::Text(text) => text.as_ref(),
            _ => "",
        });
        let limit = self.parser.max_record;
        if texts.clone().map(str::len).sum::<usize>() > limit {
            let longest = texts.max_by_key(|text| text.len()).unwrap_or_default();
            let reject = place.reject(Code::RecordTooLong, too_long(limit), longest.as_bytes());
            return self.visitor.reject(reject);
        }
        match assemble(self.mapping, values, &self.parser.dates, self.repairs) {
            Ok(document) => place.document(document, self.visitor),
            Err(code) => {
                let reason = "the text of the row is not a string".to_owned();
                self.visitor.reject(place.reject(code, reason, b""));
            }
        }
    }
}

/// The decoder panics at some damage.
fn stumbled(panic: &str) -> String {
    let said = panic.split_once(": ").map_or(panic, |(_, said)| said);
    format!("the decoder stumbles: {said}")
}

/// Messages of the decoder may quote what they found.
fn on_one_line(why: &str) -> String {
    const SHOWN: usize = 160;
    let plain = |char: char| if char.is_control() { ' ' } else { char };
    why.chars().map(plain).take(SHOWN).collect()
}
