//! How the core reads a text, for the tests that hold it to the law: its tokens and its gaps.

use super::engine::parse_newline;
use super::text::text_of;
use crate::text::chars::Chars;
use crate::text::gap::{Gap, Newline};
use crate::text::view::{Memo, View};
use pyo3::prelude::*;
use pyo3::types::PyString;

/// Start and end in code points, key and cased key of each token.
#[pyfunction]
pub fn tokens(text: &Bound<'_, PyString>) -> PyResult<Vec<(usize, usize, String, String)>> {
    let text = &*text_of(text)?;
    let mut memo = Memo::default();
    let mut view = View::new(text, Newline::Auto, &mut memo);
    let mut chars = Chars::default();
    chars.read(text);
    let read = starts(&view)
        .into_iter()
        .map(|token| {
            let span = chars.span(text, view.span(token));
            (
                span.start,
                span.end,
                view.key(token).to_owned(),
                view.cased(token).to_owned(),
            )
        })
        .collect();
    Ok(read)
}

/// The classes of the gaps between neighbouring tokens.
#[pyfunction]
#[pyo3(signature = (text, newline = "auto"))]
pub fn gaps(text: &Bound<'_, PyString>, newline: &str) -> PyResult<Vec<&'static str>> {
    let text = &*text_of(text)?;
    let newline = parse_newline(newline)?;
    let mut memo = Memo::default();
    let mut view = View::new(text, newline, &mut memo);
    let gaps = starts(&view)
        .into_iter()
        .filter_map(|token| view.gap_before(token));
    Ok(gaps.map(Gap::name).collect())
}

fn starts(view: &View) -> Vec<usize> {
    std::iter::successors(view.index().next(0), |token| view.next(*token)).collect()
}
