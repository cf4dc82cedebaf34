//! The quick way through a JSON record: its strings are looked at 64 bytes at a time, borrowed where they hold no
//! escape, and otherwise decoded into one buffer. It takes what nearly all records are; of everything else it says
//! nothing and leaves it to `json`, its slow twin, which judges.

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
            first => {
                let rest = self.rest_of_record()?;
                if matches!(first, b'{' | b'[') && is_deeper(rest.as_bytes(), DEPTH_LIMIT - 1) {
                    return None;
                }
                let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
                values.next()?.ok()?;
                self.at += values.byte_offset();
                Some(())
            }
        }
    }

    fn rest_of_record(&self) -> Option<&str> {
        let rest = self.text.get(self.at..)?;
        let end = memchr(b'\n', rest.as_bytes()).filter(|_| self.lines);
        rest.get(..end.unwrap_or(rest.len()))
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

    /// The inside of a string, the quote included; says whether there were escapes.
    #[inline(always)]
    fn skip_string<M: Machine>(&mut self, machine: M) -> Option<bool> {
        let mut escapes = false;
        while self.reach_special(machine)? == b'\\' {
            escapes = true;
            let bytes = self.text.as_bytes();
            self.at += match bytes.get(self.at + 1)? {
                b'u' => {
                    unit(bytes, self.at)?;
                    6
                }
                other => simple(*other).map(|_| 2)?,
            };
        }
        self.at += 1;
        Some(escapes)
    }

    /// A string from its first quote on.
    #[inline(always)]
    fn string<M: Machine>(&mut self, machine: M) -> Option<Found> {
        self.at += 1;
        let start = self.at;
        if self.reach_special(machine)? == b'"' {
            self.at += 1;
            return Some(Found::Plain(start..self.at - 1));
        }
        let (first, bytes) = (self.filled, self.text.as_bytes());
        let plain = &bytes[start..self.at];
        self.decoded
            .get_mut(first..first + plain.len())?
            .copy_from_slice(plain);
        self.filled += plain.len();
        self.decode(machine)?;
        Some(Found::Decoded(first..self.filled))
    }

    /// The rest of a string, from its first escape on. Blocks follow one another whatever stands in them, so that the
    /// next can be on its way before this one is done.
    #[inline(always)]
    fn decode<M: Machine>(&mut self, machine: M) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (mut base, mut from) = (self.at, 0);
        loop {
            if from == 0
                && let Some((taken, made)) = self.unescape(machine, base)
            {
                (base, self.filled) = (base + taken, self.filled + made);
                continue;
            }
            let mut mask = special(machine, bytes, base) & (!0 << from);
            while mask != 0 {
                let place = mask.trailing_zeros() as usize;
                self.copy(base + from, place - from)?;
                if known(bytes, base + place)? == b'"' {
                    self.at = base + place + 1;
                    return Some(());
                }
                from = place + self.escape(base + place)?;
                mask &= if from < BLOCK { !0 << from } else { 0 };
            }
            self.copy(base + from.min(BLOCK), BLOCK.saturating_sub(from))?;
            (base, from) = (base + BLOCK, from.saturating_sub(BLOCK));
        }
    }

    /// A whole block at once, where that goes.
    #[inline(always)]
    fn unescape<M: Machine>(&mut self, machine: M, at: usize) -> Option<(usize, usize)> {
        let block = self.text.as_bytes().get(at..)?.first_chunk::<BLOCK>()?;
        let room = self.decoded.get_mut(self.filled..)?.first_chunk_mut::<BLOCK>()?;
        machine.unescape(block, room)
    }

    /// Copies bytes, at most a block: as a whole block where there is one, which takes less time than as many as needed.
    #[inline(always)]
    fn copy(&mut self, at: usize, count: usize) -> Option<()> {
        let bytes = self.text.as_bytes();
        let room = self.decoded.get_mut(self.filled..)?.first_chunk_mut::<BLOCK>()?;
        match bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
            Some(block) => *room = *block,
            None => room[..count].copy_from_slice(bytes.get(at..at + count)?),
        }
        self.filled += count;
        Some(())
    }

    /// Decodes the escape here; how long it is.
    #[inline(always)]
    fn escape(&mut self, at: usize) -> Option<usize> {
        let letter = *self.text.as_bytes().get(at + 1)?;
        if letter == b'u' {
            return self.escape_of_unit(at);
        }
        *self.decoded.get_mut(self.filled)? = simple(letter)?;
        self.filled += 1;
        Some(2)
    }

    /// Decodes an escape of one or two units; half a pair is left to `json`.
    fn escape_of_unit(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let first = unit(bytes, at)?;
        let (c, length) = match char::from_u32(first) {
            Some(c) => (c, 6),
            None => {
                let second = unit(bytes, at + 6)?;
                let mut pair = char::decode_utf16([first as u16, second as u16]);
                (pair.next()?.ok()?, 12)
            }
        };
        let room = self.decoded.get_mut(self.filled..self.filled + c.len_utf8())?;
        c.encode_utf8(room);
        self.filled += c.len_utf8();
        Some(length)
    }

    /// Goes to the next quote or backslash and says which; a control character is a fault.
    #[inline(always)]
    fn reach_special<M: Machine>(&mut self, machine: M) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            let mask = special(machine, bytes, self.at);
            if mask != 0 {
                self.at += mask.trailing_zeros() as usize;
                return known(bytes, self.at);
            }
            self.at += BLOCK;
        }
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

/// Where special bytes stand in the block that begins here; behind the end there seem to be quotes.
#[inline(always)]
fn special<M: Machine>(machine: M, bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk::<BLOCK>() {
        Some(block) => machine.special(block),
        None => {
            let mut block = [b'"'; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            machine.special(&block)
        }
    }
}

/// The special byte that really is here.
#[inline(always)]
fn known(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied().filter(|byte| *byte >= b' ')
}

/// What an escape of one letter stands for.
#[inline(always)]
fn simple(letter: u8) -> Option<u8> {
    Some(match letter {
        b'n' => b'\n',
        b'"' | b'\\' | b'/' => letter,
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        _ => return None,
    })
}

/// The unit of an escape `\uXXXX` that stands here.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit << 4 | char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests;
