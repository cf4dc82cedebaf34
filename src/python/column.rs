//! A column of texts as Arrow lays it out in memory: which layouts are read, and the text of each row. The memory is a
//! stranger's. Every offset, length and key in it is checked before it is followed and every text before it is one, so
//! that the worst of columns gives an error or U+FFFD.

use arrow_buffer::Buffer;
use arrow_schema::DataType;
use simdutf8::basic::from_utf8;
use std::borrow::Cow;

/// How the texts of a column lie in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// No texts at all: every row is null.
    Nulls,
    /// Offsets of 32 bits into one buffer.
    Small,
    /// Offsets of 64 bits into one buffer.
    Large,
    /// Views: short texts in themselves, long ones in one of several buffers.
    Views,
    /// Keys into the texts of a dictionary.
    Dictionary(Key, Box<Layout>),
    /// The only column of a table.
    Only(Box<Layout>),
}

/// The size of a dictionary's keys in bytes, and whether they have a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub bytes: usize,
    is_signed: bool,
}

impl Layout {
    /// The layout of a type; else what to say about it.
    pub fn of(column: &DataType) -> Result<Self, String> {
        match column {
            DataType::Struct(fields) => match fields.iter().as_slice() {
                [field] => Ok(Layout::Only(Box::new(Self::of_column(field.data_type())?))),
                [] => Err("texts is a table without columns; give a column of strings".to_owned()),
                several => Err(format!(
                    "texts is a table of {} columns ({}); give the one that has the texts, as in table[\"text\"]",
                    several.len(),
                    some_names(several.iter().map(|field| field.name().as_str())),
                )),
            },
            _ => Self::of_column(column),
        }
    }

    fn of_column(column: &DataType) -> Result<Self, String> {
        let layout = match column {
            DataType::Dictionary(key, values) => {
                let key = Key::of(key);
                key.zip(Self::of_strings(values))
                    .map(|(key, values)| Layout::Dictionary(key, Box::new(values)))
            }
            _ => Self::of_strings(column),
        };
        layout.ok_or_else(|| {
            format!("texts is a column of type {column}; give strings: Utf8, LargeUtf8, Utf8View or a dictionary of these")
        })
    }

    fn of_strings(column: &DataType) -> Option<Self> {
        match column {
            DataType::Null => Some(Layout::Nulls),
            DataType::Utf8 => Some(Layout::Small),
            DataType::LargeUtf8 => Some(Layout::Large),
            DataType::Utf8View => Some(Layout::Views),
            _ => None,
        }
    }
}

fn some_names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<_> = names.collect();
    if names.len() > SHOWN {
        names.truncate(SHOWN);
        names.push("...");
    }
    names.join(", ")
}

impl Key {
    fn of(key: &DataType) -> Option<Self> {
        let is_signed = key.is_signed_integer();
        let bytes = key.primitive_width()?;
        (is_signed || key.is_unsigned_integer()).then_some(Self { bytes, is_signed })
    }

    /// The key of a row, unless it is negative.
    fn at(self, keys: &[u8], row: usize) -> Option<usize> {
        let mut wide = [0; 8];
        let narrow = keys.get(row * self.bytes..)?.get(..self.bytes)?;
        let at = if cfg!(target_endian = "little") {
            0
        } else {
            8 - self.bytes
        };
        wide[at..at + self.bytes].copy_from_slice(narrow);
        let key = u64::from_ne_bytes(wide);
        let sign = 1 << (8 * self.bytes - 1);
        if self.is_signed && key & sign != 0 {
            return None;
        }
        usize::try_from(key).ok()
    }
}

/// An array of texts: rows `offset..offset + len` of its buffers.
#[derive(Debug)]
pub struct Texts {
    pub len: usize,
    pub offset: usize,
    /// One bit a row, 0 for null; absent where no row is.
    pub valid: Option<Buffer>,
    pub cells: Cells,
}

/// What the rows of an array are made of.
#[derive(Debug)]
pub enum Cells {
    Nulls,
    Small {
        offsets: Buffer,
        bytes: Buffer,
    },
    Large {
        offsets: Buffer,
        bytes: Buffer,
    },
    Views {
        views: Buffer,
        bytes: Vec<Buffer>,
    },
    Dictionary {
        key: Key,
        keys: Buffer,
        values: Box<Texts>,
    },
    Only(Box<Texts>),
}

/// What is wrong with a row.
pub type Damage = &'static str;

impl Texts {
    /// The text of a row; nothing for null. Bytes that are not UTF-8 become U+FFFD, each maximal invalid subpart one
    /// (SPEC 1): only such a text is copied.
    pub fn get(&self, row: usize) -> Result<Option<Cow<'_, str>>, Damage> {
        let bytes = self.bytes(row)?;
        Ok(bytes.map(|bytes| match from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(bytes),
        }))
    }

    /// The bytes of a row, as they came.
    pub fn bytes(&self, row: usize) -> Result<Option<&[u8]>, Damage> {
        let row = self.offset + row;
        if !self.is_valid(row) {
            return Ok(None);
        }
        match &self.cells {
            Cells::Nulls => Ok(None),
            Cells::Small { offsets, bytes } => between(row, bytes, |i| {
                let offset = number(offsets, i).map(i32::from_ne_bytes)?;
                usize::try_from(offset).ok()
            }),
            Cells::Large { offsets, bytes } => between(row, bytes, |i| {
                let offset = number(offsets, i).map(i64::from_ne_bytes)?;
                usize::try_from(offset).ok()
            }),
            Cells::Views { views, bytes } => viewed(row, views, bytes).map(Some),
            Cells::Dictionary { key, keys, values } => match key.at(keys, row) {
                Some(key) if key < values.len => values.bytes(key),
                _ => Err("its key is not in the dictionary"),
            },
            Cells::Only(column) => column.bytes(row),
        }
    }

    fn is_valid(&self, row: usize) -> bool {
        self.valid
            .as_ref()
            .is_none_or(|bits| bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1))
    }
}

/// A number in a buffer that need not be aligned.
fn number<const N: usize>(buffer: &[u8], at: usize) -> Option<[u8; N]> {
    buffer.get(at * N..)?.first_chunk().copied()
}

/// What lies between a row's offset and the next.
fn between(
    row: usize,
    bytes: &[u8],
    offset: impl Fn(usize) -> Option<usize>,
) -> Result<Option<&[u8]>, Damage> {
    let span = offset(row).zip(offset(row + 1));
    let bytes = span.and_then(|(start, end)| bytes.get(start..end));
    bytes.map(Some).ok_or("its offsets lead out of the column")
}

/// What a view shows: its length, then up to twelve bytes of text, or four and the number of a buffer and an offset.
fn viewed<'a>(row: usize, views: &'a [u8], buffers: &'a [Buffer]) -> Result<&'a [u8], Damage> {
    const INSIDE: usize = 12;
    const OUTSIDE: Damage = "its view leads out of the column";
    let view = views.get(16 * row..).and_then(|rest| rest.first_chunk::<16>());
    let view = view.ok_or(OUTSIDE)?;
    let part = |i| {
        let part = number(view, i).map(i32::from_ne_bytes);
        part.and_then(|part| usize::try_from(part).ok()).ok_or(OUTSIDE)
    };
    let len = part(0)?;
    if len <= INSIDE {
        return Ok(&view[4..4 + len]);
    }
    let (buffer, start) = (part(2)?, part(3)?);
    let buffer = buffers.get(buffer).ok_or(OUTSIDE)?;
    buffer
        .get(start..)
        .and_then(|rest| rest.get(..len))
        .ok_or(OUTSIDE)
}
