//! A look at inputs, asked for by Python.

use super::error::contained;
use super::report::{mapping, reject, shown};
use super::request::reading;
use super::watch::{abandonable, watched};
use crate::read::{self, Input, Inputs, Inspection, Reach, Sample};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How much of an input is looked at.
const REACH: u64 = 4 << 20;
/// More files than these are only counted.
const MOST_FILES: usize = 100;

/// Looks at the inputs with these options: at each file apart if `apart`, else as at one run. Gives what each look
/// shows; `left` is how many files more there are.
#[pyfunction]
#[pyo3(signature = (options, samples, apart))]
pub fn inspect<'py>(
    options: &Bound<'py, PyDict>,
    samples: usize,
    apart: bool,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let py = options.py();
    let (paths, settings) = reading(options)?;
    let inputs = py.detach(|| contained(|| Inputs::find(&paths)))?;
    let left = if apart {
        inputs.files.len().saturating_sub(MOST_FILES)
    } else {
        0
    };
    let groups: Vec<Inputs> = if apart {
        inputs.files.into_iter().take(MOST_FILES).map(alone).collect()
    } else {
        vec![inputs]
    };
    let stop = Arc::new(AtomicBool::new(false));
    let mut looks = Vec::new();
    for inputs in groups {
        let (settings, stopped) = (settings.clone(), Arc::clone(&stop));
        let reach = Reach {
            bytes: if settings.head.is_some() { u64::MAX } else { REACH },
            samples,
        };
        let size = inputs.bytes();
        let names: Vec<_> = inputs.files.iter().map(|input| input.name.clone()).collect();
        let work = move || read::inspect(&inputs, &settings, reach, &stopped);
        let seen = watched(
            py,
            || abandonable(work, || stop.load(Ordering::Relaxed)),
            || stop.store(true, Ordering::Relaxed),
            |_| Ok(()),
        )?;
        let look = told(py, &seen, names.len() > 1)?;
        look.set_item("left", left)?;
        look.set_item("size", size)?;
        look.set_item("path", (names.len() == 1).then(|| names[0].clone()))?;
        looks.push(look);
    }
    Ok(looks)
}

fn alone(input: Input) -> Inputs {
    Inputs {
        files: vec![input],
        ..Inputs::default()
    }
}

/// What a look shows; faults name their file if there are many.
fn told<'py>(py: Python<'py>, seen: &Inspection, many: bool) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("mappings", shown(py, &seen.told.mappings, mapping)?)?;
    dict.set_item("archives", Vec::from_iter(&seen.told.archives))?;
    dict.set_item("members", seen.told.members)?;
    dict.set_item("first_members", &seen.told.first_members)?;
    dict.set_item("documents", seen.documents)?;
    dict.set_item("filtered", seen.filtered)?;
    dict.set_item("bytes", seen.bytes)?;
    dict.set_item("whole", seen.whole)?;
    let rejects = seen.rejects.iter().map(|(code, count)| (code.name(), count));
    dict.set_item("rejects", rejects.into_py_dict(py)?)?;
    let first = seen.first_reject.as_ref().map(|first| reject(py, first));
    dict.set_item("first_reject", first.transpose()?)?;
    dict.set_item("skipped", seen.repairs.skipped)?;
    let repairs = seen.repairs.told().into_iter().filter(|(_, count)| *count > 0);
    dict.set_item("repairs", repairs.into_py_dict(py)?)?;
    let damaged = seen.told.damaged.iter().map(|damage| {
        if many || damage.origin.member.is_some() {
            format!("{}: {}", damage.origin, damage.reason)
        } else {
            damage.reason.clone()
        }
    });
    dict.set_item("damaged", damaged.collect::<Vec<_>>())?;
    dict.set_item("warnings", &seen.told.warnings)?;
    dict.set_item("samples", shown(py, &seen.samples, sample)?)?;
    dict.set_item("error", seen.error.as_ref().map(ToString::to_string))?;
    Ok(dict)
}

fn sample<'py>(py: Python<'py>, sample: &Sample) -> PyResult<Bound<'py, PyDict>> {
    let dict = sample
        .fields
        .iter()
        .map(|(name, value)| (*name, value))
        .into_py_dict(py)?;
    dict.set_item("path", &sample.path)?;
    dict.set_item("member", &sample.member)?;
    dict.set_item("record", sample.record)?;
    Ok(dict)
}
