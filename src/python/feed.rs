//! Texts in memory, cut into chunks for threads that take them in turn. How texts are cut depends on the texts alone,
//! not on the threads nor on the arrays that they came in, so the same texts always give the same batches.

use super::capsule::Column;
use super::column::{Damage, Texts};
use super::text::{Item, TOO_LARGE};
use crate::error::{Error, Kind, Result};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A chunk is so many texts, or fewer when they hold so many bytes: small enough that threads finish together, large
/// enough that a batch costs nothing beside it.
const CHUNK_TEXTS: usize = 4_096;
const CHUNK_BYTES: usize = 1 << 20;

/// Texts that lie together.
enum Block<'a> {
    List(&'a [Item<'a>]),
    Array(Texts),
}

impl Block<'_> {
    fn len(&self) -> usize {
        match self {
            Block::List(items) => items.len(),
            Block::Array(texts) => texts.len,
        }
    }

    /// The size of a text in bytes; 0 where there is none.
    fn size(&self, row: usize) -> usize {
        self.bytes(row).map_or(0, <[u8]>::len)
    }

    fn bytes(&self, row: usize) -> Option<&[u8]> {
        match self {
            Block::List(items) => items[row].as_ref().map(|text| text.as_bytes()),
            Block::Array(texts) => texts.bytes(row).ok().flatten(),
        }
    }

    fn get(&self, row: usize) -> std::result::Result<Item<'_>, Damage> {
        match self {
            Block::List(items) => Ok(items[row].as_deref().map(Cow::Borrowed)),
            Block::Array(texts) => texts.get(row),
        }
    }
}

/// Rows of a block.
struct Part<'a> {
    block: Arc<Block<'a>>,
    rows: Range<usize>,
    /// The number of the block's first text among all.
    before: usize,
}

/// Texts for one thread to score.
pub struct Chunk<'a> {
    /// Its place in the order of all.
    pub number: usize,
    parts: Vec<Part<'a>>,
}

impl Chunk<'_> {
    /// Shows `see` the texts, in order, each with the bytes of the next one if there is one. One that cannot be read is an error.
    pub fn each(&self, mut see: impl FnMut(Option<&str>, Option<&[u8]>)) -> Result<()> {
        for part in &self.parts {
            for row in part.rows.clone() {
                let next = (row + 1 < part.rows.end)
                    .then(|| part.block.bytes(row + 1))
                    .flatten();
                match part.block.get(row) {
                    Ok(None) => see(None, next),
                    Ok(Some(text)) if text.len() < TOO_LARGE => see(Some(&text), next),
                    Ok(Some(_)) => return Err(too_large(part.before + row)),
                    Err(damage) => return Err(damaged(part.before + row, damage)),
                }
            }
        }
        Ok(())
    }
}

fn damaged(number: usize, damage: Damage) -> Error {
    let message = format!("text {number} of the Arrow column cannot be read: {damage}");
    Error::new(Kind::Input, message).hint("the column is damaged")
}

fn too_large(number: usize) -> Error {
    let message = format!("text {number} has 4 GiB or more, which cannot be scored");
    Error::new(Kind::Option, message).hint("divide it")
}

/// All texts of a call.
pub struct Feed<'a>(Mutex<State<'a>>);

struct State<'a> {
    column: Option<Column>,
    block: Arc<Block<'a>>,
    /// The next row of the block.
    row: usize,
    /// How many texts came in earlier blocks.
    before: usize,
    /// The number of the next chunk.
    number: usize,
}

impl<'a> Feed<'a> {
    /// The texts of a list.
    pub fn list(items: &'a [Item<'a>]) -> Self {
        Self::new(None, items)
    }

    /// The texts of a column; each array is held only while its texts are scored.
    pub fn column(column: Column) -> Self {
        Self::new(Some(column), &[])
    }

    fn new(column: Option<Column>, items: &'a [Item<'a>]) -> Self {
        Self(Mutex::new(State {
            column,
            block: Arc::new(Block::List(items)),
            row: 0,
            before: 0,
            number: 0,
        }))
    }

    /// The next chunk; nothing at the end. The GIL must not be held.
    pub fn next(&self) -> Result<Option<Chunk<'a>>> {
        self.state().chunk()
    }

    /// Whether it is known that no chunk is left.
    pub fn is_done(&self) -> bool {
        let state = self.state();
        state.column.is_none() && state.row == state.block.len()
    }

    /// Gives no more chunks.
    pub fn close(&self) {
        let mut state = self.state();
        state.column = None;
        state.row = state.block.len();
    }

    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> State<'a> {
    fn chunk(&mut self) -> Result<Option<Chunk<'a>>> {
        let (mut texts, mut bytes) = (0, 0);
        let mut parts = Vec::new();
        while texts < CHUNK_TEXTS && bytes < CHUNK_BYTES {
            if self.row == self.block.len() {
                match self.load()? {
                    true => continue,
                    false => break,
                }
            }
            let start = self.row;
            while self.row < self.block.len() && texts < CHUNK_TEXTS && bytes < CHUNK_BYTES {
                bytes += self.block.size(self.row);
                texts += 1;
                self.row += 1;
            }
            parts.push(Part {
                block: self.block.clone(),
                rows: start..self.row,
                before: self.before,
            });
        }
        self.number += 1;
        Ok((texts > 0).then(|| Chunk {
            number: self.number - 1,
            parts,
        }))
    }

    /// Goes on to the next array; whether there is one.
    fn load(&mut self) -> Result<bool> {
        let Some(column) = &mut self.column else {
            return Ok(false);
        };
        let next = column.next();
        if !matches!(next, Ok(Some(_))) {
            // Nobody may ask on after the end or an error.
            self.column = None;
        }
        let Some(texts) = next? else {
            return Ok(false);
        };
        self.before += self.block.len();
        self.row = 0;
        self.block = Arc::new(Block::Array(texts));
        Ok(true)
    }
}
