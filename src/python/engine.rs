//! The engine for Python: one text at a time.

use super::arrow::PyTable;
use super::error::contained;
use super::lexicon::PyLexicon;
use super::text::text_of;
use super::{many, run};
use crate::engine::{Engine, Evidence, Options, Overlap, Scratch, Tally, Want};
use crate::error::{Error, Kind, Result};
use crate::lexicon::Newline;
use crate::table::Choices;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tokens, then hits, distinct terms and weight of each dimension, the same of each category, the text's hash, and for
/// each dimension how many hits have each tag.
type Scored<'py> = (
    u64,
    Bound<'py, PyList>,
    Bound<'py, PyList>,
    Option<String>,
    Vec<u64>,
);

/// Dimension, category, term, status, then start and end of the match in code points, of the match in bytes, and of
/// its sentence in code points, and the names of its tags.
type Match = (
    usize,
    usize,
    usize,
    &'static str,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    Vec<String>,
);

/// A compiled lexicon, shared between threads.
#[pyclass(name = "Engine", module = "pressgauge._native", frozen)]
pub struct PyEngine {
    engine: Arc<Engine>,
    /// What calls score with; kept, so that a warm engine allocates nothing.
    pool: Mutex<Vec<Scratch>>,
}

impl PyEngine {
    fn pool(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Scores one text without the GIL and takes from the results what `read` wants. After a panic the scratch is
    /// not used again.
    fn scored<T: Send>(
        &self,
        text: &Bound<'_, PyString>,
        want: Want,
        read: impl FnOnce(&Scratch) -> T + Send,
    ) -> PyResult<T> {
        let py = text.py();
        let text = text_of(text)?;
        let result = py.detach(|| {
            contained(|| {
                let mut scratch = self.pool().pop().unwrap_or_default();
                self.engine.score(&mut scratch, &text, want);
                let result = read(&scratch);
                self.pool().push(scratch);
                Ok(result)
            })
        });
        Ok(result?)
    }
}

#[pymethods]
impl PyEngine {
    #[new]
    #[pyo3(signature = (lexicon, overlap = "dimension", newline = None, drop = Vec::new()))]
    fn new(
        py: Python<'_>,
        lexicon: &Bound<'_, PyLexicon>,
        overlap: &str,
        newline: Option<&str>,
        drop: Vec<String>,
    ) -> PyResult<Self> {
        let options = Options {
            overlap: parse_overlap(overlap)?,
            newline: newline.map(parse_newline).transpose()?,
            drop,
        };
        let lexicon = lexicon.get().shared();
        let engine = Arc::new(py.detach(|| contained(|| Engine::new(lexicon, options)))?);
        Ok(Self {
            engine,
            pool: Mutex::default(),
        })
    }

    /// Tokens, sums of the dimensions, sums of the categories, the text's hash, and the counts of tags.
    #[pyo3(signature = (text, text_hash = false))]
    fn score<'py>(&self, text: &Bound<'py, PyString>, text_hash: bool) -> PyResult<Scored<'py>> {
        let py = text.py();
        let want = Want {
            tags: true,
            text_hash,
            ..Want::default()
        };
        let scores = self.scored(text, want, |scratch| scratch.scores().clone())?;
        let (dimensions, categories) = (sums(py, &scores.dimensions)?, sums(py, &scores.categories)?);
        Ok((
            scores.tokens,
            dimensions,
            categories,
            scores.text_hash,
            scores.tags,
        ))
    }

    /// The matches of a text that count, or with `rejected` all of them.
    #[pyo3(signature = (text, rejected = false))]
    fn hits(&self, text: &Bound<'_, PyString>, rejected: bool) -> PyResult<Vec<Match>> {
        let want = Want {
            hits: true,
            rejected,
            ..Want::default()
        };
        self.scored(text, want, |scratch| {
            let names = self.engine.lexicon().tags();
            let found = |evidence| found(evidence, &names);
            scratch.evidence().iter().map(found).collect()
        })
    }

    /// A table with one row a text of a list or an Arrow column; a text that is null gives nulls.
    #[pyo3(signature = (texts, threads = 1, categories = false, tags = false, text_hash = false))]
    fn score_many(
        &self,
        texts: &Bound<'_, PyAny>,
        threads: usize,
        categories: bool,
        tags: bool,
        text_hash: bool,
    ) -> PyResult<PyTable> {
        let choices = Choices {
            categories,
            tags,
            text_hash,
            ..Choices::default()
        };
        many::score_many(&self.engine, texts, threads, &choices)
    }

    /// Scores files into files; tells `progress` ten times a second how far it is, and gives a summary.
    fn run<'py>(
        &self,
        options: &Bound<'py, PyDict>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        run::run(&self.engine, options, progress)
    }
}

/// Most categories have no hit in most texts: they share one tuple, which costs a tenth of making them anew.
fn sums<'py>(py: Python<'py>, tallies: &[Tally]) -> PyResult<Bound<'py, PyList>> {
    let shown = |tally: &Tally| (tally.hits, tally.distinct, tally.weight).into_pyobject(py);
    let nothing = Tally::default();
    let empty = shown(&nothing)?;
    let tallies = tallies.iter().map(|tally| match tally == &nothing {
        true => Ok(empty.clone()),
        false => shown(tally),
    });
    PyList::new(py, tallies.collect::<PyResult<Vec<_>>>()?)
}

fn found(evidence: &Evidence, names: &[&str]) -> Match {
    let Evidence {
        dimension,
        category,
        term,
        status,
        chars,
        bytes,
        sentence,
        ..
    } = *evidence;
    let status = status.name();
    let tags = evidence.tags_of(names).into_iter().map(str::to_owned).collect();
    let (chars, bytes, sentence) = (
        (chars.start, chars.end),
        (bytes.start, bytes.end),
        (sentence.start, sentence.end),
    );
    (
        dimension, category, term, status, chars.0, chars.1, bytes.0, bytes.1, sentence.0, sentence.1, tags,
    )
}

fn parse_overlap(name: &str) -> Result<Overlap> {
    match name {
        "dimension" => Ok(Overlap::Dimension),
        "category" => Ok(Overlap::Category),
        "none" => Ok(Overlap::None),
        _ => Err(unknown("overlap", name, "one of dimension, category and none")),
    }
}

pub fn parse_newline(name: &str) -> Result<Newline> {
    match name {
        "auto" => Ok(Newline::Auto),
        "space" => Ok(Newline::Space),
        "paragraph" => Ok(Newline::Paragraph),
        _ => Err(unknown("newline", name, "one of auto, space and paragraph")),
    }
}

fn unknown(option: &str, name: &str, known: &str) -> Error {
    Error::new(Kind::Option, format!("{option} cannot be \"{name}\"")).hint(known)
}
