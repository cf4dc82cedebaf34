//! Python strings as UTF-8, borrowed where they can be: what is ASCII lies there as it is, of everything else CPython
//! makes a copy in UTF-8 when first asked and keeps it with the string.

use crate::error::{Error, Kind};
use crate::vector::expect_line;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyList, PyString, PyTuple};
use std::borrow::Cow;

/// The size in bytes that no text may have: places are counted in 32 bits.
pub const TOO_LARGE: usize = u32::MAX as usize;

/// Strings lie all over the memory: the head of one is asked for so many strings before it is read.
const AHEAD: usize = 16;

/// A text, or nothing.
pub type Item<'a> = Option<Cow<'a, str>>;

/// The text of a string, of less than 4 GiB. A lone surrogate becomes U+FFFD, one for one, so that offsets still index the string.
pub fn text_of<'a>(string: &'a Bound<'_, PyString>) -> PyResult<Cow<'a, str>> {
    let text = match string.to_str() {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(repaired(string)?),
    };
    if text.len() >= TOO_LARGE {
        let error = Error::new(Kind::Option, "a text of 4 GiB or more cannot be scored");
        return Err(error.hint("divide it").into());
    }
    Ok(text)
}

/// In the encoding that lets surrogates pass, each has 3 bytes, as U+FFFD has, and none of them begins a character.
fn repaired(string: &Bound<'_, PyString>) -> PyResult<String> {
    let encoded = string.call_method1("encode", ("utf-8", "surrogatepass"))?;
    let mut bytes = encoded.cast::<PyBytes>()?.as_bytes().to_vec();
    for i in 0..bytes.len().saturating_sub(2) {
        if bytes[i] == 0xed && bytes[i + 1] >= 0xa0 {
            bytes[i..i + 3].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    Ok(String::from_utf8(bytes)?)
}

/// The list's items, held: another thread may empty the list while the GIL is free.
pub fn held<'py>(texts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    let list = texts.cast::<PyList>().map_err(|_| {
        let found = kind(texts);
        PyTypeError::new_err(format!("texts must be a list or an Arrow column, not {found}"))
    })?;
    Ok(list.to_tuple())
}

/// The texts of the items.
pub fn items<'a>(held: &'a Bound<'_, PyTuple>) -> PyResult<Vec<Item<'a>>> {
    let missing = pandas_missing(held.py())?;
    let mut items = Vec::with_capacity(held.len());
    let mut ahead = held.iter_borrowed().skip(AHEAD);
    for (i, item) in held.iter_borrowed().enumerate() {
        if let Some(later) = ahead.next() {
            expect_line(later.as_ptr().cast());
        }
        if item.is_none() {
            items.push(None);
            continue;
        }
        // A string without surrogates: nearly always.
        let text = <&str as FromPyObject>::extract(item).ok();
        items.push(match text.filter(|text| text.len() < TOO_LARGE) {
            Some(text) => Some(Cow::Borrowed(text)),
            None => unusual(i, &item, missing.as_ref())?.map(Cow::Owned),
        });
    }
    Ok(items)
}

/// What pandas puts for a missing value (NaN, pandas.NA) is a null text, as None is.
fn unusual(
    i: usize,
    item: &Bound<'_, PyAny>,
    missing: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<String>> {
    if let Ok(string) = item.cast::<PyString>() {
        return text_of(string).map(|text| Some(text.into_owned()));
    }
    let is_nan = || item.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan());
    if is_nan() || missing.is_some_and(|missing| item.is(missing)) {
        return Ok(None);
    }
    let found = kind(item);
    Err(PyTypeError::new_err(format!(
        "texts[{i}] must be a str or None, not {found}"
    )))
}

/// What pandas has for a missing value, if it is loaded at all.
fn pandas_missing(py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>> {
    let modules = py.import("sys")?.getattr("modules")?;
    let pandas = modules.cast::<PyDict>()?.get_item("pandas")?;
    Ok(pandas.and_then(|pandas| pandas.getattr("NA").ok()))
}

fn kind(item: &Bound<'_, PyAny>) -> String {
    item.get_type()
        .name()
        .map(|name| name.to_string())
        .unwrap_or_default()
}
