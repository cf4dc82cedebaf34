//! From this crate's errors to Python's: one mapping from kinds to the classes of `pressgauge.errors`, and the wall
//! that no panic passes.

use crate::error::{Error, Kind, Result};
use crate::panics;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use std::thread;

/// The class that stands for a kind; none for an interruption, which has a built-in one.
fn class_name(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Lexicon => Some("LexiconError"),
        Kind::Option => Some("OptionError"),
        Kind::Input => Some("InputError"),
        Kind::Output => Some("OutputError"),
        Kind::Limit => Some("LimitError"),
        Kind::Internal => Some("InternalError"),
        Kind::Interrupted => None,
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        match class_name(error.kind) {
            Some(name) => Python::attach(|py| exception(py, name, &error).unwrap_or_else(|fault| fault)),
            None => PyKeyboardInterrupt::new_err(error.message),
        }
    }
}

/// The exception; imported late, since the package imports this module while it is still being imported itself.
fn exception(py: Python<'_>, name: &str, error: &Error) -> PyResult<PyErr> {
    let class = py.import("pressgauge.errors")?.getattr(name)?;
    let made = class.call((&error.message,), Some(&place(py, error)?))?;
    Ok(PyErr::from_value(made))
}

fn place<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyDict>> {
    let place = [("path", &error.path), ("hint", &error.hint)].into_py_dict(py)?;
    place.set_item("line", error.line)?;
    place.set_item("column", error.column)?;
    place.set_item("errno", error.errno)?;
    Ok(place)
}

/// Does the work; a panic inside becomes an internal error, which Python can catch like any other.
pub fn contained<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    panics::contained(work)
        .unwrap_or_else(|fault| Err(Error::new(Kind::Internal, fault).hint("please report it")))
}

/// What a thread whose work was contained comes to.
pub fn joined<T>(ended: thread::Result<Result<T>>) -> Result<T> {
    ended.unwrap_or_else(|_| Err(Error::new(Kind::Internal, "a thread of pressgauge failed")))
}
