//! The only pyo3 in the tree: the module `pressgauge._native`, thin over the crate. Its contract with the Python
//! package is `python/pressgauge/_native.pyi`.

mod arrow;
mod batches;
mod capsule;
mod column;
mod engine;
mod error;
mod faults;
mod feed;
mod folders;
mod inspect;
mod law;
mod lexicon;
mod many;
mod report;
mod request;
mod run;
mod text;
mod watch;

/// The Rust core of pressgauge.
#[pyo3::pymodule(name = "_native")]
mod native {
    #[pymodule_export]
    use super::arrow::PyTable;
    #[pymodule_export]
    use super::batches::PyBatches;
    #[pymodule_export]
    use super::engine::PyEngine;
    #[pymodule_export]
    use super::inspect::inspect;
    #[pymodule_export]
    use super::law::{gaps, tokens};
    #[pymodule_export]
    use super::lexicon::{PyLexicon, PyTerms, parse_term};
    #[pymodule_export]
    use super::many::texts;
    use crate::table::VERSION;
    use crate::text::class::UNICODE_VERSION;
    use crate::vector::Level;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", VERSION)?;
        module.add("level", Level::detect().name())?;
        module.add("unicode_version", UNICODE_VERSION)
    }
}
