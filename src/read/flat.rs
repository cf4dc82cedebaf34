//! The quick way through a JSON record: its strings are looked at 64 bytes at a time, borrowed where they hold no
//! escape, and otherwise decoded into one buffer. It takes what nearly all records are; of everything else it says
//! nothing and leaves it to `json`, its slow twin, which judges.

mod strings;

use super::fields::{Mapping, Value};
use super::strict::{DEPTH_LIMIT, is_deeper};
use crate::vector::{self, BLOCK, Level, Machine, Visit};
use memchr::memchr;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::ops::Range;

/// Room for strings as they are once their escapes are decoded; a thread keeps it from record to record.
#[derive(Debug, Default)]
pub struct Room(Vec<u8>);

/// An ordinary record.
pub(super) struct Record<'a> {
    /// Its values at the mapping's columns.
    pub(super) values: Vec<Value<'a>>,
    /// How many were there twice.
    pub(super) repeated: u64,
    /// How many bytes it is long, without a line break.
    pub(super) length: usize,
}

/// The record that is this text, or of `lines` the one in the first. Strings with escapes come to stand in `room`.
/// Nothing if the record is no object, has a fault, or has what `json` is there for, as where something is looked for in
/// objects within it.
pub(super) fn record<'a>(
    level: Level,
    text: &'a str,
    lines: bool,
    mapping: &Mapping,
    Room(room): &'a mut Room,
) -> Option<Record<'a>> {
    // What stands decoded is never longer than it was; a block is copied with what follows it.
    if room.len() < text.len() + BLOCK {
        room.resize(text.len() + BLOCK, 0);
    }
    let flat = mapping.columns().iter().all(|path| path.len() == 1);
    let mut found = vec![Found::Absent; mapping.columns().len()];
    let mut outcome = None;
    let walk = Walk {
        text,
        lines,
        end: None,
        at: 0,
        columns: mapping.columns(),
        found: &mut found,
        decoded: room,
        filled: 0,
        repeated: 0,
        outcome: &mut outcome,
    };
    flat.then(|| vector::dispatch(level, walk))?;
    let outcome = outcome?;
    let decoded = simdutf8::basic::from_utf8(room.get(..outcome.filled)?).ok()?;
    let value = |found: Found| {
        Some(match found {
            Found::Absent => Value::Absent,
            Found::Null => Value::Null,
            Found::Number(range) => Value::Number(text.get(range)?.to_owned()),
            Found::Plain(range) => Value::Text(Cow::Borrowed(text.get(range)?)),
            Found::Decoded(range) => Value::Text(Cow::Borrowed(decoded.get(range)?)),
        })
    };
    Some(Record {
        values: found.into_iter().map(value).collect::<Option<_>>()?,
        repeated: outcome.repeated,
        length: outcome.length,
    })
}

/// A value, by where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Absent,
    Null,
    Number(Range<usize>),
    Plain(Range<usize>),
    Decoded(Range<usize>),
}

/// What is known at the end of a record.
struct Outcome {
    filled: usize,
    repeated: u64,
    length: usize,
}

struct Walk<'a> {
    text: &'a str,
    /// Whether a line break ends the record.
    lines: bool,
    end: Option<usize>,
    at: usize,
    columns: &'a [Vec<String>],
    found: &'a mut [Found],
    decoded: &'a mut [u8],
    /// So much of `decoded` is.
    filled: usize,
    repeated: u64,
    outcome: &'a mut Option<Outcome>,
}

impl Visit for Walk<'_> {
    #[inline(always)]
    fn visit<M: Machine>(mut self, machine: M) {
        *self.outcome = self.object(machine).map(|()| Outcome {
            filled: self.filled,
            repeated: self.repeated,
            length: self.at,
        });
    }
}

impl Walk<'_> {
    #[inline(always)]
    fn object<M: Machine>(&mut self, machine: M) -> Option<()> {
        self.blank();
        self.take(b'{')?;
        self.blank();
        if self.next()? == b'}' {
            self.at += 1;
        } else {
            while self.entry(machine)? {
                self.blank();
            }
        }
        self.blank();
        let ends = self.at == self.text.len() || self.lines && self.next()? == b'\n';
        ends.then_some(())
    }

    /// A key and its value; whether another follows.
    #[inline(always)]
    fn entry<M: Machine>(&mut self, machine: M) -> Option<bool> {
        let start = self.at;
        self.take(b'"')?;
        if self.skip_string(machine)? {
            return None;
        }
        let key = start + 1..self.at - 1;
        self.blank();
        self.take(b':')?;
        self.blank();
        self.value(machine, key)?;
        self.blank();
        let next = self.next()?;
        self.at += 1;
        match next {
            b',' => Some(true),
            b'}' => Some(false),
            _ => None,
        }
    }

    #[inline(always)]
    fn value<M: Machine>(&mut self, machine: M, key: Range<usize>) -> Option<()> {
        let key = &self.text.as_bytes()[key];
        let columns = self.columns;
        let here = |path: &Vec<String>| matches!(path.as_slice(), [name] if name.as_bytes() == key);
        let Some(first) = columns.iter().position(here) else {
            return self.step_over(machine);
        };
        let found = match self.next()? {
            b'"' => self.string(machine)?,
            b'n' => self.null()?,
            _ => self.number()?,
        };
        for (path, place) in columns.iter().zip(&mut *self.found).skip(first) {
            if here(path) {
                let before = std::mem::replace(place, found.clone());
                self.repeated += u64::from(before != Found::Absent);
            }
        }
        Some(())
    }

    #[inline(always)]
    fn step_over<M: Machine>(&mut self, machine: M) -> Option<()> {
        match self.next()? {
            b'"' => {
                self.at += 1;
                self.skip_string(machine).map(drop)
            }
            _ => {
                let rest = self.text.get(self.at..self.end_of_record())?;
                let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
                values.next()?.ok()?;
                let passed = &rest.as_bytes()[..values.byte_offset()];
                self.at += passed.len();
                (!is_deeper(passed, DEPTH_LIMIT - 1)).then_some(())
            }
        }
    }

    /// Looked for once: a record may hold very many values that are stepped over.
    fn end_of_record(&mut self) -> usize {
        let (text, at) = (self.text, self.at);
        let whole = || memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
        match self.lines {
            true => *self.end.get_or_insert_with(whole),
            false => text.len(),
        }
    }

    fn null(&mut self) -> Option<Found> {
        let rest = &self.text.as_bytes()[self.at..];
        rest.starts_with(b"null").then(|| self.at += 4)?;
        Some(Found::Null)
    }

    /// A whole number that is written the one way there is; others are changed on their way through `json`.
    fn number(&mut self) -> Option<Found> {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let one_way = matches!(count, 1..=18) && (count == 1 || rest[0] != b'0');
        let ends = matches!(rest.get(count), Some(b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n'));
        let range = self.at..self.at + count;
        self.at += count;
        (one_way && ends).then_some(Found::Number(range))
    }

    #[inline(always)]
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> Option<()> {
        let there = self.next()? == byte;
        self.at += 1;
        there.then_some(())
    }

    #[inline(always)]
    fn blank(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.next() {
            if byte == b'\n' && self.lines {
                return;
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests;
