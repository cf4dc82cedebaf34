//! A lexicon for Python: parsed and checked here, shown there as plain data.

use super::error::contained;
use super::text::text_of;
use crate::error::{Error, Kind};
use crate::lexicon::guard::ParsedGuard;
use crate::lexicon::pattern::{self, PatternError};
use crate::lexicon::{
    Atom, Category, Dimension, Lexicon, Link, Macro, Modifier, Pattern, Scope, Side, Term, Word,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use std::sync::Arc;

/// A parsed lexicon, frozen.
#[pyclass(name = "Lexicon", module = "pressgauge._native", frozen)]
pub struct PyLexicon(Arc<Lexicon>);

impl PyLexicon {
    /// The lexicon itself, shared.
    pub fn shared(&self) -> Arc<Lexicon> {
        self.0.clone()
    }
}

#[pymethods]
impl PyLexicon {
    /// Reads the text of a lexicon file; `path` is named in errors.
    #[staticmethod]
    #[pyo3(signature = (text, path = None))]
    fn parse(text: &Bound<'_, PyString>, path: Option<&str>) -> PyResult<Self> {
        let (py, text) = (text.py(), text_of(text)?);
        let lexicon = py.detach(|| contained(|| Lexicon::parse(&text, path)))?;
        Ok(Self(Arc::new(lexicon)))
    }

    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    #[getter]
    fn version(&self) -> &str {
        &self.0.version
    }

    #[getter]
    fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The lexicon in the one form that its hash is of.
    fn canonical(&self) -> String {
        self.0.canonical()
    }

    /// The lexicon as dicts and lists, in the order of the file.
    fn model<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let Lexicon {
            name,
            version,
            language,
            description,
            newline,
            bound_prefixes,
            sha256,
            ..
        } = &*self.0;
        let model = PyDict::new(py);
        model.set_item("name", name)?;
        model.set_item("version", version)?;
        model.set_item("language", language)?;
        model.set_item("description", description)?;
        model.set_item("newline", newline.name())?;
        model.set_item("bound_prefixes", bound_prefixes)?;
        model.set_item("sha256", sha256)?;
        model.set_item("macros", list(py, &self.0.macros, named_list)?)?;
        model.set_item("dimensions", list(py, &self.0.dimensions, dimension)?)?;
        model.set_item("modifiers", list(py, &self.0.modifiers, modifier)?)?;
        Ok(model)
    }
}

type Shown<'py> = PyResult<Bound<'py, PyDict>>;

fn list<'py, T>(
    py: Python<'py>,
    items: &[T],
    show: impl Fn(Python<'py>, &T) -> Shown<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let shown = items
        .iter()
        .map(|item| show(py, item))
        .collect::<PyResult<Vec<_>>>()?;
    PyList::new(py, shown)
}

fn term<'py>(py: Python<'py>, term: &Term) -> Shown<'py> {
    let shown = PyDict::new(py);
    shown.set_item("text", &term.text)?;
    shown.set_item("weight", term.weight)?;
    shown.set_item("line", term.line)?;
    Ok(shown)
}

fn named_list<'py>(py: Python<'py>, list_of: &Macro) -> Shown<'py> {
    let shown = PyDict::new(py);
    shown.set_item("name", &list_of.name)?;
    shown.set_item("terms", list(py, &list_of.terms, term)?)?;
    Ok(shown)
}

fn dimension<'py>(py: Python<'py>, dimension: &Dimension) -> Shown<'py> {
    let shown = PyDict::new(py);
    shown.set_item("name", &dimension.name)?;
    shown.set_item("label", &dimension.label)?;
    shown.set_item("exclude", list(py, &dimension.exclude, term)?)?;
    shown.set_item("veto", list(py, &dimension.veto, term)?)?;
    shown.set_item("categories", list(py, &dimension.categories, category)?)?;
    Ok(shown)
}

fn category<'py>(py: Python<'py>, category: &Category) -> Shown<'py> {
    let shown = PyDict::new(py);
    shown.set_item("name", &category.name)?;
    shown.set_item("label", &category.label)?;
    shown.set_item("cite", &category.cite)?;
    shown.set_item("weight", category.weight)?;
    shown.set_item("terms", list(py, &category.terms, term)?)?;
    Ok(shown)
}

fn modifier<'py>(py: Python<'py>, modifier: &Modifier) -> Shown<'py> {
    let shown = PyDict::new(py);
    shown.set_item("name", &modifier.name)?;
    shown.set_item("tag", &modifier.tag)?;
    shown.set_item("blocked_tag", &modifier.blocked_tag)?;
    shown.set_item("before", modifier.before)?;
    shown.set_item("after", modifier.after)?;
    shown.set_item("block_within", modifier.block_within)?;
    shown.set_item("cues", list(py, &modifier.cues, term)?)?;
    shown.set_item("stop", list(py, &modifier.stop, term)?)?;
    shown.set_item("cancel", list(py, &modifier.cancel, term)?)?;
    shown.set_item("block", list(py, &modifier.block, term)?)?;
    Ok(shown)
}

/// Words with whether they are cased, then the links between them: -1 for the next token, N for `~N`.
type ShownPattern = (Vec<(String, bool)>, Vec<i64>);

/// The macro, how far to look, on which side, and whether no match may be there.
type ShownGuard = (String, String, &'static str, bool);

/// The patterns and the guards of one term.
#[pyfunction]
pub fn parse_term(text: &Bound<'_, PyString>) -> PyResult<(Vec<ShownPattern>, Vec<ShownGuard>)> {
    let text = text_of(text)?;
    let (patterns, guards) = contained(|| pattern::parse_term(&text).map_err(at_fault))?;
    Ok((
        patterns.iter().map(shown_pattern).collect(),
        guards.into_iter().map(shown_guard).collect(),
    ))
}

fn at_fault(fault: PatternError) -> Error {
    let mut error = Error::new(Kind::Lexicon, fault.message);
    error.column = Some(fault.at + 1);
    error.hint = fault.hint;
    error
}

fn shown_pattern(pattern: &Pattern) -> ShownPattern {
    let word = |word: &Word| (word.atoms.iter().map(glob).collect(), word.cased);
    let link = |link: &Link| match link {
        Link::Next => -1,
        Link::Within(tokens) => i64::from(*tokens),
    };
    (
        pattern.words.iter().map(word).collect(),
        pattern.links.iter().map(link).collect(),
    )
}

fn glob(atom: &Atom) -> char {
    match atom {
        Atom::Char(c) => *c,
        Atom::One => '?',
        Atom::Many => '*',
    }
}

fn shown_guard(guard: ParsedGuard) -> ShownGuard {
    let scope = match guard.scope {
        Scope::Tokens(tokens) => tokens.to_string(),
        Scope::Sentence => "sentence".into(),
        Scope::Paragraph => "paragraph".into(),
        Scope::Document => "document".into(),
    };
    let side = match guard.side {
        Side::Either => "either",
        Side::Before => "before",
        Side::After => "after",
    };
    (guard.name, scope, side, guard.negative)
}
