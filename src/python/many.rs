//! Many texts at once: taken in chunks by threads that score them without the GIL, put together in order again.

use super::arrow::PyTable;
use super::capsule::Column;
use super::error::{contained, joined};
use super::feed::{Chunk, Feed};
use super::text::{held, items};
use super::watch::watched;
use crate::engine::{Engine, Scratch};
use crate::error::{Error, Kind, Result};
use crate::table::{Choices, ScoreRows, ScoreTable, about};
use arrow_array::RecordBatch;
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// The score table of an Arrow column or a list of texts.
pub fn score_many(
    engine: &Engine,
    texts: &Bound<'_, PyAny>,
    threads: usize,
    choices: &Choices,
) -> PyResult<PyTable> {
    if threads == 0 {
        let error = Error::new(Kind::Option, "threads cannot be 0");
        return Err(error.hint("at least 1").into());
    }
    let table = ScoreTable::new(engine.lexicon(), choices, about(engine, serde_json::Map::new()))?;
    let job = |feed| Job {
        engine,
        feed,
        table: &table,
    };
    let batches = match Column::open(texts)? {
        Some(column) => job(Feed::column(column)).scored(texts.py(), threads)?,
        None => {
            let held = held(texts)?;
            job(Feed::list(&items(&held)?)).scored(texts.py(), threads)?
        }
    };
    Ok(PyTable::new(table.schema().clone(), batches))
}

/// The texts of an Arrow column or a list as Python strings, for an engine that is written in Python.
#[pyfunction]
pub fn texts<'py>(texts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let py = texts.py();
    let Some(column) = Column::open(texts)? else {
        return PyList::new(py, items(&held(texts)?)?);
    };
    let list = PyList::empty(py);
    let feed = Feed::column(column);
    while let Some(chunk) = py.detach(|| contained(|| feed.next()))? {
        let mut appended = Ok(());
        chunk.each(|text, _| {
            if appended.is_ok() {
                appended = list.append(text);
            }
        })?;
        appended?;
    }
    Ok(list)
}

/// A chunk's batch, or why there is none.
type Done = (usize, Result<RecordBatch>);

/// What all threads of a call see.
struct Job<'a> {
    engine: &'a Engine,
    feed: Feed<'a>,
    table: &'a ScoreTable,
}

impl Job<'_> {
    /// The batches of all chunks, in order. The job ends without the GIL, since whoever made a column may need it to
    /// take the column back.
    fn scored(self, py: Python<'_>, threads: usize) -> PyResult<Vec<RecordBatch>> {
        let stop = AtomicBool::new(false);
        watched(
            py,
            || {
                let job = self;
                job.run(threads, &stop)
            },
            || stop.store(true, Ordering::Relaxed),
            |_| Ok(()),
        )
    }

    /// More threads than processors or chunks would only be in the way. Chunks are begun in order and what was begun
    /// is ended, so the first fault in order is always the same.
    fn run(&self, threads: usize, stop: &AtomicBool) -> Result<Vec<RecordBatch>> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let first = self.feed.next()?;
        let others = match self.feed.is_done() {
            true => 0,
            false => threads.min(processors).saturating_sub(1),
        };
        let mut done = thread::scope(|scope| {
            let work = || contained(|| Ok(self.work(None, stop)));
            let workers: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
            let mut done = self.work(first, stop);
            for worker in workers {
                done.extend(joined(worker.join())?);
            }
            Ok(done)
        })?;
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().map(|(_, batch)| batch).collect()
    }

    /// One thread's share: a chunk that was taken for it, then chunk after chunk, as long as there are any.
    fn work(&self, mut first: Option<Chunk<'_>>, stop: &AtomicBool) -> Vec<Done> {
        let mut scratch = Scratch::default();
        let mut rows = self.table.rows();
        let mut done = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let next = first.take().map(Ok);
            let Some(chunk) = next.or_else(|| self.feed.next().transpose()) else {
                break;
            };
            let (number, batch) = match chunk {
                Ok(chunk) => (chunk.number, self.batch(&chunk, &mut scratch, &mut rows, stop)),
                // Faults of the texts that came before are told rather than this one.
                Err(error) => (usize::MAX, Err(error)),
            };
            let is_fault = batch.is_err();
            done.push((number, batch));
            if is_fault {
                self.feed.close();
                break;
            }
        }
        done
    }

    fn batch(
        &self,
        chunk: &Chunk<'_>,
        scratch: &mut Scratch,
        rows: &mut ScoreRows,
        stop: &AtomicBool,
    ) -> Result<RecordBatch> {
        let want = self.table.want();
        chunk.each(|text, next| {
            if let Some(next) = next {
                scratch.expect(next);
            }
            // What is left of a chunk after a stop is of no interest.
            let scores = text.filter(|_| !stop.load(Ordering::Relaxed)).map(|text| {
                self.engine.score(scratch, text, want);
                scratch.scores()
            });
            rows.push_bare(scores);
        })?;
        rows.finish()
    }
}
