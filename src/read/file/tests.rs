//! Tests of how a file is cut into batches.

use super::*;
use crate::read::fields::Mapping;
use crate::read::{Format, Layout};
use std::sync::atomic::{AtomicBool, AtomicU64};

/// The pieces that a file of lines gives, batch by batch: `line@offset:length`, lost records with `!`.
fn cut(bytes: &'static [u8], bounds: Bounds) -> Vec<String> {
    let layout = Layout::Jsonl(Mapping::default());
    cut_stream(Stream::new(Box::new(bytes)), Format::Jsonl, layout, bounds).0
}

/// The same of any stream, and what is wrong with it.
fn cut_stream(
    stream: Stream<'_>,
    format: Format,
    layout: Layout,
    bounds: Bounds,
) -> (Vec<String>, Option<String>) {
    let (count, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let opening = Opening {
        format,
        layout,
        skipped: 0,
        lines: 0,
        bom: false,
        recoded: false,
        blind: false,
        warnings: Vec::new(),
    };
    let watch = Watch::new(&count, &stop);
    let mut file = OpenFile::new(Origin::of("f"), stream, opening, watch);
    let mut cuts = Vec::new();
    let mut more = true;
    while more {
        let mut batch = Batch::default();
        more = file.add_to(&mut batch, bounds);
        cuts.extend(batch.pieces.iter().map(|piece| match piece {
            Piece::Records(records) => {
                format!("{}@{}:{}", records.line, records.offset, records.bytes.len())
            }
            Piece::Lost(reject) => format!("{}@{}!", reject.record, reject.offset),
            Piece::Rows(_) => String::new(),
        }));
    }
    (cuts, file.damage())
}

const BYTES: &[u8] = b"11\n222\n\n4444444444444\n5\n66";

#[test]
fn batches_hold_whole_records() {
    let bounds = Bounds {
        bytes: 8,
        records: 99,
        record: 99,
    };
    assert_eq!(cut(BYTES, bounds), ["1@0:8", "4@8:16", "6@24:2"]);
    assert_eq!(
        cut(BYTES, Bounds { records: 1, ..bounds }),
        ["1@0:3", "2@3:4", "3@7:1", "4@8:14", "5@22:2", "6@24:2"]
    );
    assert_eq!(
        cut(
            BYTES,
            Bounds {
                bytes: 1000,
                ..bounds
            }
        ),
        ["1@0:26"]
    );
}

/// Gives these pieces; between two of them bytes are lost.
struct Torn(Vec<&'static [u8]>);

impl std::io::Read for Torn {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0[0].read(buffer)?;
        if count == 0 && self.0.len() > 1 {
            self.0.remove(0);
            let lost = crate::read::stream::Lost("a member is damaged".into());
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, lost));
        }
        Ok(count)
    }
}

#[test]
fn an_array_goes_on_behind_lost_bytes() {
    let pieces: Vec<&[u8]> = vec![
        b"[{\"id\":1},{\"id\":2},{\"id\":",
        b"9,\"by\":[{\"a\":1},{\"a\":2}]},{\"id\":4},{\"i",
        b"d\":6}]},{\"id\":7}]",
    ];
    for bytes in [1, 64, 1000] {
        let stream = Stream::new(Box::new(Torn(pieces.clone())));
        let bounds = Bounds {
            bytes,
            records: 1,
            record: 999,
        };
        let layout = Layout::Json(Mapping::default());
        let (cuts, damage) = cut_stream(stream, Format::Json, layout, bounds);
        let ends = cuts.iter().filter_map(|cut| {
            let (from, length) = cut.strip_prefix("1@")?.split_once(':')?;
            let (from, length): (usize, usize) = (from.parse().ok()?, length.parse().ok()?);
            (length > 1).then_some(from + length)
        });
        assert_eq!(ends.collect::<Vec<_>>(), [9, 18, 53, 70], "{cuts:?}");
        assert_eq!(
            damage.unwrap(),
            "a member is damaged, and so in one more place; the records that this cuts are dropped"
        );
    }
}

#[test]
fn records_too_long_are_skipped_to_their_end() {
    let bounds = Bounds {
        bytes: 4,
        records: 99,
        record: 6,
    };
    assert_eq!(
        cut(BYTES, bounds),
        ["1@0:3", "2@3:4", "3@7:1", "4@8!", "5@22:2", "6@24:2"]
    );
}
