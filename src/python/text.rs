//! Python strings as UTF-8, borrowed where they can be.

use crate::error::{Error, Kind};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use std::borrow::Cow;

/// The size in bytes that no text may have: places are counted in 32 bits.
pub const TOO_LARGE: usize = u32::MAX as usize;

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
