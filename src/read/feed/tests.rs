//! Tests of the way from files to batches.

use super::*;
use crate::read::batch::Piece;
use crate::read::told::Tally;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64};

/// Reads all that is left; gives what is told on the way.
fn to_the_end(mut feed: Feed<'_>) -> Told {
    let (mut batch, mut told) = (Batch::default(), Told::default());
    loop {
        feed.fill(&mut batch).unwrap();
        told.add(std::mem::take(&mut batch.told));
        if batch.is_empty() {
            told.add(feed.finish());
            return told;
        }
    }
}

#[test]
fn small_files_share_a_batch_and_mappings_are_told_once() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..10 {
        let text = format!("{{\"text\":\"{}\"}}\n", "a".repeat(10 * n));
        fs::write(folder.path().join(format!("{n}.jsonl")), text).unwrap();
    }
    fs::write(folder.path().join("x.pdf"), "%PDF-1.7").unwrap();
    let inputs = Inputs::find(&[folder.path()]).unwrap();
    let settings = Settings {
        batch_bytes: 200,
        ..Settings::default()
    };
    let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let mut feed = Feed::new(&inputs, &settings, Watch::new(&bytes, &stop));
    let (mut batch, mut sizes, mut pieces) = (Batch::default(), Vec::new(), 0);
    let mut told = Told::default();
    loop {
        feed.fill(&mut batch).unwrap();
        told.add(std::mem::take(&mut batch.told));
        if batch.is_empty() {
            break;
        }
        sizes.push(batch.filled);
        pieces += batch
            .pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::Records(_)))
            .count();
    }
    assert!(sizes.len() < 6 && pieces == 10, "{sizes:?}");
    told.add(feed.finish());
    assert_eq!(
        (told.files, told.mappings.len(), told.mappings[0].files),
        (11, 1, 10)
    );
    assert_eq!(
        told.damaged[0].reason,
        "it is PDF: convert to CSV first, with a column of texts"
    );
    assert_eq!(Some(bytes.into_inner()), inputs.bytes());
}

#[test]
fn a_file_that_changes_while_it_is_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let lines = "{\"text\":\"a\"}\n".repeat(100);
    fs::write(&path, &lines).unwrap();
    let inputs = Inputs::find(&[&path]).unwrap();
    let settings = Settings {
        batch_bytes: 200,
        ..Settings::default()
    };
    let (bytes, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let watch = Watch::new(&bytes, &stop);
    let (mut feed, mut batch) = (Feed::new(&inputs, &settings, watch), Batch::default());
    feed.fill(&mut batch).unwrap();
    fs::write(&path, lines.repeat(2)).unwrap();
    let told = to_the_end(feed);
    assert_eq!(told.damaged.len(), 1);
    assert!(told.damaged[0].reason.contains("changed while it was read"));
}

#[test]
fn all_of_a_file_that_is_read_here_and_there_is_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    let texts = (0..40_000u64).map(|n| format!("{n} {:x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values(texts));
    let table = RecordBatch::try_from_iter([("text", texts)]).unwrap();
    let path = folder.path().join("a.parquet");
    let file = fs::File::create(&path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, table.schema(), None).unwrap();
    writer.write(&table).unwrap();
    writer.close().unwrap();
    let inputs = Inputs::find(&[&path]).unwrap();
    let (bytes, stop, tally) = (AtomicU64::new(0), AtomicBool::new(false), Tally::default());
    let watch = Watch {
        tally: Some(&tally),
        ..Watch::new(&bytes, &stop)
    };
    let settings = Settings::default();
    let told = to_the_end(Feed::new(&inputs, &settings, watch));
    let length = fs::metadata(&path).unwrap().len();
    let whole = Tally::default();
    whole.whole(&path, || false);
    assert!(length > 500_000, "more than is looked at");
    assert_eq!(
        (told.inputs[0].bytes, &told.inputs[0].xxh3),
        (length, &whole.sums().1)
    );
}
