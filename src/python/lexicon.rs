//! A lexicon for Python: parsed and checked here, shown there as plain data.

use super::error::contained;
use super::text::text_of;
use crate::error::{Error, Kind};
use crate::lexicon::guard::ParsedGuard;
use crate::lexicon::pattern::{self, PatternError};
use crate::lexicon::{Atom, Lexicon, Link, Pattern, Scope, Side, Term, Word};
use pyo3::exceptions::PyIndexError;
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

    /// The lexicon as dicts and lists, in the order of the file; lists of terms are read when they are asked.
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
        model.set_item(
            "macros",
            list(py, self.0.macros.len(), |at| self.named_list(py, at))?,
        )?;
        model.set_item(
            "dimensions",
            list(py, self.0.dimensions.len(), |at| self.dimension(py, at))?,
        )?;
        model.set_item(
            "modifiers",
            list(py, self.0.modifiers.len(), |at| self.modifier(py, at))?,
        )?;
        Ok(model)
    }
}

type Shown<'py> = PyResult<Bound<'py, PyDict>>;

impl PyLexicon {
    fn terms(&self, place: Place) -> PyTerms {
        PyTerms {
            lexicon: self.0.clone(),
            place,
        }
    }

    fn named_list<'py>(&self, py: Python<'py>, at: usize) -> Shown<'py> {
        let shown = PyDict::new(py);
        shown.set_item("name", &self.0.macros[at].name)?;
        shown.set_item("terms", self.terms(Place::Macro(at)))?;
        Ok(shown)
    }

    fn dimension<'py>(&self, py: Python<'py>, at: usize) -> Shown<'py> {
        let dimension = &self.0.dimensions[at];
        let categories = list(py, dimension.categories.len(), |leaf| self.category(py, at, leaf))?;
        let shown = PyDict::new(py);
        shown.set_item("name", &dimension.name)?;
        shown.set_item("label", &dimension.label)?;
        shown.set_item("exclude", self.terms(Place::Exclude(at)))?;
        shown.set_item("veto", self.terms(Place::Veto(at)))?;
        shown.set_item("categories", categories)?;
        Ok(shown)
    }

    fn category<'py>(&self, py: Python<'py>, dimension: usize, at: usize) -> Shown<'py> {
        let category = &self.0.dimensions[dimension].categories[at];
        let shown = PyDict::new(py);
        shown.set_item("name", &category.name)?;
        shown.set_item("label", &category.label)?;
        shown.set_item("cite", &category.cite)?;
        shown.set_item("weight", category.weight)?;
        shown.set_item("terms", self.terms(Place::Category(dimension, at)))?;
        Ok(shown)
    }

    fn modifier<'py>(&self, py: Python<'py>, at: usize) -> Shown<'py> {
        let modifier = &self.0.modifiers[at];
        let shown = PyDict::new(py);
        shown.set_item("name", &modifier.name)?;
        shown.set_item("tag", &modifier.tag)?;
        shown.set_item("blocked_tag", &modifier.blocked_tag)?;
        shown.set_item("before", modifier.before)?;
        shown.set_item("after", modifier.after)?;
        shown.set_item("block_within", modifier.block_within)?;
        shown.set_item("cues", self.terms(Place::Cues(at)))?;
        shown.set_item("stop", self.terms(Place::Stop(at)))?;
        shown.set_item("cancel", self.terms(Place::Cancel(at)))?;
        shown.set_item("block", self.terms(Place::Block(at)))?;
        Ok(shown)
    }
}

fn list<'py>(
    py: Python<'py>,
    count: usize,
    show: impl Fn(usize) -> Shown<'py>,
) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, (0..count).map(show).collect::<PyResult<Vec<_>>>()?)
}

/// A list of terms of a lexicon, each made a Python object when it is asked for: there may be a million.
#[pyclass(name = "Terms", module = "pressgauge._native", frozen, sequence)]
pub struct PyTerms {
    lexicon: Arc<Lexicon>,
    place: Place,
}

/// Where in a lexicon a list of terms stands.
enum Place {
    Macro(usize),
    Exclude(usize),
    Veto(usize),
    Category(usize, usize),
    Cues(usize),
    Stop(usize),
    Cancel(usize),
    Block(usize),
}

impl PyTerms {
    fn list(&self) -> &[Term] {
        let Lexicon {
            macros,
            dimensions,
            modifiers,
            ..
        } = &*self.lexicon;
        match self.place {
            Place::Macro(at) => &macros[at].terms,
            Place::Exclude(at) => &dimensions[at].exclude,
            Place::Veto(at) => &dimensions[at].veto,
            Place::Category(dimension, at) => &dimensions[dimension].categories[at].terms,
            Place::Cues(at) => &modifiers[at].cues,
            Place::Stop(at) => &modifiers[at].stop,
            Place::Cancel(at) => &modifiers[at].cancel,
            Place::Block(at) => &modifiers[at].block,
        }
    }
}

#[pymethods]
impl PyTerms {
    fn __len__(&self) -> usize {
        self.list().len()
    }

    /// The text of a term, its own weight if it has one, and its line in the file.
    fn __getitem__(&self, at: usize) -> PyResult<(&str, Option<f64>, usize)> {
        let term = self
            .list()
            .get(at)
            .ok_or_else(|| PyIndexError::new_err("no such term"))?;
        Ok((&term.text, term.weight, term.line))
    }
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
    let word = |word: &Arc<Word>| (word.atoms.iter().map(glob).collect(), word.cased);
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
