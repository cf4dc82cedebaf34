//! A run over files, asked for by Python: in it no text becomes a Python object.

use super::error::contained;
use super::report::{Figures, summary};
use super::request::{Opened, Request};
use super::watch::{abandonable, watched};
use crate::engine::Engine;
use crate::error::Result;
use crate::pipeline::{self, Progress, RunOptions, Summary};
use crate::read::Inputs;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::Arc;
use std::time::Instant;

/// Runs with these options, calls `progress` with figures ten times a second, and gives the sums.
pub fn run<'py>(
    engine: &Arc<Engine>,
    options: &Bound<'py, PyDict>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let py = options.py();
    let request = Request::read(options)?;
    let about = request.about(engine);
    let begun = Instant::now();
    let inputs = py.detach(|| contained(|| Inputs::find(&request.inputs)))?;
    let counted = Arc::new(Progress::new(engine.lexicon().dimensions.len()));
    let figures = Figures {
        progress: &counted,
        total_bytes: inputs.bytes(),
        begun,
    };
    let (scoring, counting) = (Arc::clone(engine), Arc::clone(&counted));
    let work = move || score(&scoring, &request, &inputs, &counting);
    let sums = watched(
        py,
        || abandonable(work, || counted.is_cancelled()),
        || counted.cancel(),
        |py| progress.map_or(Ok(()), |callback| callback.call1((figures.now(py)?,)).map(drop)),
    )?;
    summary(py, &sums, engine.lexicon(), &about, begun.elapsed().as_secs_f64())
}

/// A file comes into being only when all went well, a part of a folder when it is done; what else was begun is removed
/// on the way out.
fn score(engine: &Engine, request: &Request, inputs: &Inputs, progress: &Progress) -> Result<Summary> {
    request.asked.arm();
    match request.open(engine, inputs)? {
        Opened::Files(mut tables) => {
            let summary = pipeline::run(engine, inputs, &request.run, progress, &mut *tables)?;
            tables.finish()?;
            Ok(summary)
        }
        Opened::Folders(mut parts) => {
            if !parts.is_complete() {
                let options = RunOptions {
                    parts: Some(parts.parts()),
                    ..request.run.clone()
                };
                pipeline::run(engine, inputs, &options, progress, &mut *parts)?;
            }
            let dimensions = engine.lexicon().dimensions.iter();
            parts.finish(
                &dimensions
                    .map(|dimension| dimension.name.clone())
                    .collect::<Vec<_>>(),
            )
        }
    }
}
