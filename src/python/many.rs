//! Many texts of a Python list at once: cut into chunks in order, scored by threads without the GIL, put together in
//! order again.

use super::arrow::PyTable;
use super::error::{contained, joined};
use super::text::text_of;
use super::watch::watched;
use crate::document::Document;
use crate::engine::{Engine, Scratch, Want};
use crate::error::{Error, Kind, Result};
use crate::table::{Choices, ScoreTable, about};
use arrow_array::RecordBatch;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// A chunk is so many texts, or fewer when they hold so many bytes: small enough that threads finish together.
const CHUNK_TEXTS: usize = 4_096;
const CHUNK_BYTES: usize = 4 << 20;

/// A text of the list, or nothing.
type Item<'a> = Option<Cow<'a, str>>;

/// The score table of a list of texts.
pub fn score_many(
    engine: &Engine,
    texts: &Bound<'_, PyList>,
    threads: usize,
    choices: &Choices,
) -> PyResult<PyTable> {
    if threads == 0 {
        return Err(Error::new(Kind::Option, "threads cannot be 0")
            .hint("at least 1")
            .into());
    }
    // The strings are held here, since another thread may empty the list while the GIL is free.
    let held = texts
        .iter()
        .enumerate()
        .map(|(i, item)| string(i, item))
        .collect::<PyResult<Vec<_>>>()?;
    let items = held
        .iter()
        .map(|item| item.as_ref().map(text_of).transpose())
        .collect::<PyResult<Vec<_>>>()?;
    let table = ScoreTable::new(engine.lexicon(), choices, about(engine, serde_json::Map::new()))?;
    let job = Job {
        engine,
        items: &items,
        chunks: chunks(&items),
        table: &table,
        text_hash: choices.text_hash,
    };
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let batches = watched(
        texts.py(),
        || job.run(threads, &next, &stop),
        || stop.store(true, Ordering::Relaxed),
        |_| Ok(()),
    )?;
    Ok(PyTable::new(table.schema().clone(), batches))
}

fn string<'py>(i: usize, item: Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyString>>> {
    if item.is_none() {
        return Ok(None);
    }
    let string = item.cast_into::<PyString>().map_err(|error| {
        let found = error
            .into_inner()
            .get_type()
            .name()
            .map(|name| name.to_string())
            .unwrap_or_default();
        PyTypeError::new_err(format!("texts[{i}] is of type {found}; give str or None"))
    })?;
    Ok(Some(string))
}

fn chunks(items: &[Item<'_>]) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (i, item) in items.iter().enumerate() {
        bytes += item.as_ref().map_or(0, |text| text.len());
        if i + 1 - start == CHUNK_TEXTS || bytes >= CHUNK_BYTES || i + 1 == items.len() {
            chunks.push(start..i + 1);
            (start, bytes) = (i + 1, 0);
        }
    }
    chunks
}

/// What all threads of a call see.
struct Job<'a> {
    engine: &'a Engine,
    items: &'a [Item<'a>],
    chunks: Vec<Range<usize>>,
    table: &'a ScoreTable,
    text_hash: bool,
}

impl Job<'_> {
    /// The batches of all chunks, in order. More threads than processors or chunks would only be in the way.
    fn run(&self, threads: usize, next: &AtomicUsize, stop: &AtomicBool) -> Result<Vec<RecordBatch>> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let others = threads.min(processors).min(self.chunks.len()).saturating_sub(1);
        let mut numbered = thread::scope(|scope| {
            let workers: Vec<_> = (0..others)
                .map(|_| scope.spawn(|| contained(|| self.work(next, stop))))
                .collect();
            let mut numbered = self.work(next, stop)?;
            for worker in workers {
                numbered.extend(joined(worker.join())?);
            }
            Ok(numbered)
        })?;
        numbered.sort_unstable_by_key(|(number, _)| *number);
        Ok(numbered.into_iter().map(|(_, batch)| batch).collect())
    }

    /// One thread's share: chunk after chunk, as long as there are any.
    fn work(&self, next: &AtomicUsize, stop: &AtomicBool) -> Result<Vec<(usize, RecordBatch)>> {
        let mut scratch = Scratch::default();
        let mut rows = self.table.rows();
        let mut done = Vec::new();
        let want = Want {
            text_hash: self.text_hash,
            ..Want::default()
        };
        let no_document = Document::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = self.chunks.get(number) else {
                return Ok(done);
            };
            for item in &self.items[chunk.clone()] {
                if stop.load(Ordering::Relaxed) {
                    return Ok(done);
                }
                let scores = item.as_ref().map(|text| {
                    self.engine.score(&mut scratch, text, want);
                    scratch.scores()
                });
                rows.push(&no_document, scores);
            }
            done.push((number, rows.finish()?));
        }
    }
}
