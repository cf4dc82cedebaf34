//! Arrow columns from strangers, through the PyCapsule interface: the C structures that the capsules hold are moved
//! out, and their buffers are borrowed, never copied. All `unsafe` of the binding is here. What it must trust is what
//! nobody can check: that callbacks and pointers are what the Arrow C interface says, and that a buffer is as long as
//! the length, the offsets' last one, or the list of lengths beside it say. Everything else is checked, here and in
//! `column`.

use super::column::{Cells, Key, Layout, Texts};
use crate::error::{Error, Kind, Result};
use crate::panics::contained;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_buffer::Buffer;
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use std::ffi::{CStr, c_int};
use std::ptr::NonNull;
use std::sync::Arc;

/// A column of texts, array after array.
pub struct Column {
    layout: Layout,
    rest: Rest,
}

enum Rest {
    Stream(FFI_ArrowArrayStream),
    Array(Option<FFI_ArrowArray>),
}

impl Column {
    /// The column that an object offers; nothing where it offers none. A type that holds no texts is a `TypeError`.
    pub fn open(object: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let (schema, rest) = if object.hasattr("__arrow_c_stream__")? {
            stream(object)?
        } else if object.hasattr("__arrow_c_array__")? {
            array(object)?
        } else {
            return Ok(None);
        };
        // Arrow's own reader of types panics at some that are none.
        let kind = contained(|| DataType::try_from(&schema))
            .ok()
            .and_then(|kind| kind.ok());
        let layout = kind.map_or_else(
            || Err("texts is an Arrow column of an unknown type; give strings".to_owned()),
            |kind| Layout::of(&kind),
        );
        let layout = layout.map_err(PyTypeError::new_err)?;
        Ok(Some(Self { layout, rest }))
    }

    /// The next array. The GIL must not be held: a stream may be made by threads that wait for it.
    pub fn next(&mut self) -> Result<Option<Texts>> {
        let array = match &mut self.rest {
            Rest::Array(array) => array.take(),
            Rest::Stream(stream) => next_of(stream)?,
        };
        let Some(array) = array.filter(|array| !array.is_released()) else {
            return Ok(None);
        };
        let owner = Arc::new(array);
        Import { owner: &owner }.texts(&owner, &self.layout).map(Some)
    }
}

fn broken(what: &str) -> Error {
    Error::new(Kind::Input, format!("the Arrow column cannot be read: {what}"))
        .hint("it breaks the rules of Arrow's C interface")
}

fn stream(object: &Bound<'_, PyAny>) -> PyResult<(FFI_ArrowSchema, Rest)> {
    let capsule = object.call_method0("__arrow_c_stream__")?;
    let place = pointer::<FFI_ArrowArrayStream>(&capsule, c"arrow_array_stream")?;
    // SAFETY: a capsule of this name holds such a structure and lives as long as `capsule`. With the GIL held nobody
    // else moves it out.
    let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(place.as_ptr()) };
    let schema = object.py().detach(|| schema_of(&mut stream))?;
    Ok((schema, Rest::Stream(stream)))
}

fn array(object: &Bound<'_, PyAny>) -> PyResult<(FFI_ArrowSchema, Rest)> {
    let pair = object.call_method0("__arrow_c_array__")?.cast_into::<PyTuple>()?;
    let (schema, array) = (pair.get_item(0)?, pair.get_item(1)?);
    let schema = pointer::<FFI_ArrowSchema>(&schema, c"arrow_schema")?;
    let array = pointer::<FFI_ArrowArray>(&array, c"arrow_array")?;
    // SAFETY: capsules of these names hold such structures and live as long as `pair`. With the GIL held nobody else
    // moves them out.
    let (schema, array) = unsafe {
        (
            FFI_ArrowSchema::from_raw(schema.as_ptr()),
            FFI_ArrowArray::from_raw(array.as_ptr()),
        )
    };
    if array.is_released() {
        return Err(read_before().into());
    }
    Ok((schema, Rest::Array(Some(array))))
}

/// The batches of a table that an object offers as a stream.
pub fn batches(object: &Bound<'_, PyAny>) -> PyResult<RecordBatchStreamReader> {
    let capsule = object.call_method0("__arrow_c_stream__")?;
    let place = pointer::<FFI_ArrowArrayStream>(&capsule, c"arrow_array_stream")?;
    // SAFETY: as in `stream`.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(place.as_ptr()) };
    let opened = crate::python::error::contained(|| {
        RecordBatchStreamReader::try_new(stream).map_err(|error| broken(&error.to_string()))
    });
    Ok(opened?)
}

/// Where the structure in a capsule of this name is.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> PyResult<NonNull<T>> {
    let place = capsule
        .cast::<PyCapsule>()?
        .pointer_checked(Some(name))?
        .cast::<T>();
    if place.is_aligned() {
        return Ok(place);
    }
    Err(PyValueError::new_err("a capsule holds an unaligned structure"))
}

/// Whoever reads a capsule takes what is in it.
fn read_before() -> Error {
    Error::new(Kind::Input, "the Arrow column was read before").hint("ask for it anew")
}

/// The type of a stream.
fn schema_of(stream: &mut FFI_ArrowArrayStream) -> Result<FFI_ArrowSchema> {
    let Some(get_schema) = stream.get_schema() else {
        return Err(read_before());
    };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the callback is called with the stream that it came from and an empty structure to fill.
    let code = unsafe { get_schema(stream, &raw mut schema) };
    if code == 0 {
        Ok(schema)
    } else {
        Err(failure(stream, code))
    }
}

/// The next array of a stream; a released one at its end.
fn next_of(stream: &mut FFI_ArrowArrayStream) -> Result<Option<FFI_ArrowArray>> {
    let Some(get_next) = stream.get_next() else {
        return Ok(None);
    };
    let mut array = FFI_ArrowArray::empty();
    // SAFETY: as above.
    let code = unsafe { get_next(stream, &raw mut array) };
    if code == 0 {
        Ok(Some(array))
    } else {
        Err(failure(stream, code))
    }
}

/// What a stream says of its last error.
fn failure(stream: &mut FFI_ArrowArrayStream, code: c_int) -> Error {
    let message = stream.get_last_error().and_then(|get_last_error| {
        // SAFETY: the callback is called with the stream that it came from. What it gives is null or a string that
        // lives until the next call; it is copied at once.
        let message = NonNull::new(unsafe { get_last_error(stream) }.cast_mut())?;
        Some(
            unsafe { CStr::from_ptr(message.as_ptr()) }
                .to_string_lossy()
                .into_owned(),
        )
    });
    let message = message.unwrap_or_else(|| std::io::Error::from_raw_os_error(code).to_string());
    Error::new(Kind::Input, format!("the Arrow stream failed: {message}"))
}

/// An array on its way in. All its buffers belong to `owner`, those of its child and its dictionary too.
struct Import<'a> {
    owner: &'a Arc<FFI_ArrowArray>,
}

impl Import<'_> {
    fn texts(&self, array: &FFI_ArrowArray, layout: &Layout) -> Result<Texts> {
        let (len, offset) = (array.len(), array.offset());
        // Sizes beyond this make no column, and below it no place that is computed from them overflows.
        let end = len
            .checked_add(offset)
            .filter(|end| *end < isize::MAX as usize / 16);
        let end = end.ok_or_else(|| broken("an array has a length or an offset that cannot be"))?;
        let cells = if len == 0 {
            Cells::Nulls
        } else {
            self.cells(array, layout, end)?
        };
        let has_bits = len > 0 && *layout != Layout::Nulls && !array.buffer(0).is_null();
        let valid = has_bits
            .then(|| self.buffer(array, 0, end.div_ceil(8)))
            .transpose()?;
        Ok(Texts {
            len,
            offset,
            valid,
            cells,
        })
    }

    /// The cells of an array whose rows end at `end`.
    fn cells(&self, array: &FFI_ArrowArray, layout: &Layout, end: usize) -> Result<Cells> {
        let buffers = array.num_buffers();
        let expect = |right: bool| match right {
            true => Ok(()),
            false => Err(broken(&format!("an array has {buffers} buffers"))),
        };
        match layout {
            Layout::Nulls => Ok(Cells::Nulls),
            Layout::Small => {
                expect(buffers == 3)?;
                let offsets = self.buffer(array, 1, 4 * (end + 1))?;
                let last = offsets.last_chunk().copied().map(i32::from_ne_bytes);
                let bytes = self.buffer(array, 2, size(last.map(i64::from))?)?;
                Ok(Cells::Small { offsets, bytes })
            }
            Layout::Large => {
                expect(buffers == 3)?;
                let offsets = self.buffer(array, 1, 8 * (end + 1))?;
                let last = offsets.last_chunk().copied().map(i64::from_ne_bytes);
                let bytes = self.buffer(array, 2, size(last)?)?;
                Ok(Cells::Large { offsets, bytes })
            }
            Layout::Views => {
                expect((3..u32::MAX as usize).contains(&buffers))?;
                self.views(array, end, buffers - 3)
            }
            Layout::Dictionary(key, values) => {
                expect(buffers == 2)?;
                self.dictionary(array, *key, values, end)
            }
            Layout::Only(column) => {
                expect(buffers == 1)?;
                self.only(array, column, end)
            }
        }
    }

    /// The last buffer of views tells how long those before it are.
    fn views(&self, array: &FFI_ArrowArray, end: usize, count: usize) -> Result<Cells> {
        let views = self.buffer(array, 1, 16 * end)?;
        let sizes = self.buffer(array, count + 2, 8 * count)?;
        let sizes = sizes.as_chunks().0.iter().map(|bytes| i64::from_ne_bytes(*bytes));
        let bytes = (2..)
            .zip(sizes)
            .map(|(index, bytes)| self.buffer(array, index, size(Some(bytes))?))
            .collect::<Result<_>>()?;
        Ok(Cells::Views { views, bytes })
    }

    fn dictionary(&self, array: &FFI_ArrowArray, key: Key, layout: &Layout, end: usize) -> Result<Cells> {
        let values = array
            .dictionary()
            .ok_or_else(|| broken("a dictionary has no values"))?;
        Ok(Cells::Dictionary {
            key,
            keys: self.buffer(array, 1, key.bytes * end)?,
            values: Box::new(self.texts(values, layout)?),
        })
    }

    fn only(&self, array: &FFI_ArrowArray, layout: &Layout, end: usize) -> Result<Cells> {
        if array.num_children() != 1 {
            return Err(broken("a table of one column has not one child"));
        }
        let column = self.texts(array.child(0), layout)?;
        if column.len < end {
            return Err(broken("a column is shorter than its table"));
        }
        Ok(Cells::Only(Box::new(column)))
    }

    /// A buffer of so many bytes.
    fn buffer(&self, array: &FFI_ArrowArray, index: usize, bytes: usize) -> Result<Buffer> {
        if bytes == 0 {
            return Ok(Buffer::default());
        }
        let place = NonNull::new(array.buffer(index).cast_mut())
            .ok_or_else(|| broken(&format!("buffer {index} of an array is missing")))?;
        // SAFETY: the interface promises that the buffer is there, of this size, and unchanged until `owner` is
        // released, which the buffer holds. Sizes are below `isize::MAX`.
        Ok(unsafe { Buffer::from_custom_allocation(place, bytes, self.owner.clone()) })
    }
}

/// A size that came as a number with a sign.
fn size(bytes: Option<i64>) -> Result<usize> {
    bytes
        .and_then(|bytes| usize::try_from(bytes).ok())
        .filter(|bytes| *bytes <= isize::MAX as usize)
        .ok_or_else(|| broken("a buffer has a negative size"))
}
