//! What Python hears of a run: figures while it goes on, and the sums at its end.

use crate::document::Reject;
use crate::lexicon::Lexicon;
use crate::pipeline::{Progress, Summary};
use crate::read::{Damage, Use};
use arrow_schema::Metadata;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};
use std::time::Instant;

/// The figures of a run that goes on.
pub struct Figures<'a> {
    /// What the run counts.
    pub progress: &'a Progress,
    /// The length of all files, if known.
    pub total_bytes: Option<u64>,
    /// When the run began.
    pub begun: Instant,
}

impl Figures<'_> {
    /// The figures now, as a dict.
    pub fn now<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("bytes", self.progress.bytes_read())?;
        dict.set_item("total_bytes", self.total_bytes)?;
        dict.set_item("documents", self.progress.documents())?;
        dict.set_item("rejects", self.progress.rejected())?;
        dict.set_item("tokens", self.progress.tokens())?;
        dict.set_item("text_bytes", self.progress.text_bytes())?;
        dict.set_item("seconds", self.begun.elapsed().as_secs_f64())?;
        Ok(dict)
    }
}

/// The sums of a finished run.
pub fn summary<'py>(
    py: Python<'py>,
    summary: &Summary,
    lexicon: &Lexicon,
    about: &Metadata,
    seconds: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let counts = &summary.counts;
    let dict = PyDict::new(py);
    dict.set_item("documents", counts.documents())?;
    dict.set_item("scored", counts.scored)?;
    dict.set_item("null_texts", counts.null_texts)?;
    dict.set_item("rejected", counts.rejected())?;
    dict.set_item("filtered", counts.filtered)?;
    let rejects = counts.rejects.iter().map(|(code, count)| (code.name(), count));
    dict.set_item("rejects", rejects.into_py_dict(py)?)?;
    dict.set_item("first_rejects", shown(py, &summary.first_rejects, reject)?)?;
    dict.set_item("tokens", counts.tokens)?;
    dict.set_item("hits", hits(py, lexicon, &counts.hits)?)?;
    dict.set_item("text_bytes", counts.text_bytes)?;
    dict.set_item("bytes", summary.bytes)?;
    dict.set_item("files", summary.files)?;
    let repairs = summary.repairs.told().into_iter().filter(|(_, count)| *count > 0);
    dict.set_item("repairs", repairs.into_py_dict(py)?)?;
    dict.set_item("members", summary.members)?;
    dict.set_item("skipped", summary.repairs.skipped)?;
    dict.set_item("damaged", shown(py, &summary.damaged, damage)?)?;
    dict.set_item("unverified", shown(py, &summary.unverified, damage)?)?;
    dict.set_item("warnings", &summary.warnings)?;
    dict.set_item("mappings", shown(py, &summary.mappings, mapping)?)?;
    dict.set_item("about", about.iter().into_py_dict(py)?)?;
    dict.set_item("seconds", seconds)?;
    Ok(dict)
}

/// A dict, if all went well.
pub type Shown<'py> = PyResult<Bound<'py, PyDict>>;

/// A dict for each.
pub fn shown<'py, T>(
    py: Python<'py>,
    items: &[T],
    show: impl Fn(Python<'py>, &T) -> Shown<'py>,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    items.iter().map(|item| show(py, item)).collect()
}

/// A dimension without a hit has its zero, too.
fn hits<'py>(py: Python<'py>, lexicon: &Lexicon, hits: &[u64]) -> Shown<'py> {
    let counts = hits.iter().copied().chain(std::iter::repeat(0));
    lexicon
        .dimensions
        .iter()
        .map(|dimension| &dimension.name)
        .zip(counts)
        .into_py_dict(py)
}

/// A reject as a dict.
pub fn reject<'py>(py: Python<'py>, reject: &Reject) -> Shown<'py> {
    let dict = PyDict::new(py);
    dict.set_item("path", &reject.path)?;
    dict.set_item("member", &reject.member)?;
    dict.set_item("record", reject.record)?;
    dict.set_item("line", reject.line)?;
    dict.set_item("offset", reject.offset)?;
    dict.set_item("code", reject.code.name())?;
    dict.set_item("reason", &reject.reason)?;
    dict.set_item("excerpt", &reject.excerpt)?;
    Ok(dict)
}

fn damage<'py>(py: Python<'py>, damage: &Damage) -> Shown<'py> {
    let dict = PyDict::new(py);
    dict.set_item("path", &damage.origin.path)?;
    dict.set_item("member", &damage.origin.member)?;
    dict.set_item("reason", &damage.reason)?;
    Ok(dict)
}

/// A mapping as a dict.
pub fn mapping<'py>(py: Python<'py>, used: &Use) -> Shown<'py> {
    let dict = PyDict::new(py);
    dict.set_item("path", &used.path)?;
    dict.set_item("files", used.files)?;
    dict.set_item("format", used.format.name())?;
    dict.set_item("packing", &used.packing)?;
    let fields = used.fields.iter().map(|(field, keys)| (field, keys));
    dict.set_item("fields", fields.into_py_dict(py)?)?;
    Ok(dict)
}
