//! JSON as values: the elements of an array, or objects that stand one after the other, over as many lines as they
//! like. Owns the state machine that finds their ends in bytes that come in pieces, and the way on after a broken one.

use super::cut::{Ending, Records};
use super::fields::Mapping;
use super::jsonl::{self, Unit};
use super::parse::{Run, Visitor};
use memchr::{memchr, memchr_iter, memchr3};

/// Parses a run of values.
pub(super) fn parse<V: Visitor>(run: &mut Run<'_, V>, mapping: &Mapping) {
    let Records::Values(mut scanner) = run.records.kind else {
        return;
    };
    let bytes = run.view.bytes;
    let (mut start, mut number, mut line) = (0, run.records.record, run.records.line);
    while start < bytes.len() {
        let mut at = start;
        let ending = scanner.next(bytes, &mut at);
        let end = if ending.is_some() { at } else { bytes.len() };
        if ending == Some(Ending::Record) || (ending.is_none() && scanner.is_within()) {
            let place = run.place(number, line, start);
            let end = start + bytes[start..end].trim_ascii_end().len();
            jsonl::unit(run, mapping, &place, start..end, Unit::Value);
            number += 1;
        }
        line += memchr_iter(b'\n', &bytes[start..end]).count() as i64;
        start = end;
    }
}

/// The values in these bytes; the last one may lack its end.
pub(super) fn each(bytes: &[u8], mut scanner: Scanner) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at;
            let ending = scanner.next(bytes, &mut at);
            if ending != Some(Ending::Blank) && (ending.is_some() || scanner.is_within()) {
                return Some(bytes[start..at].trim_ascii_end());
            }
        }
        None
    })
}

/// How an object begins, up to the end of its first key; nothing if it is none, or the key is very long.
pub(super) fn opening(value: &[u8]) -> &[u8] {
    const LONGEST: usize = 256;
    let head = &value[..value.len().min(LONGEST)];
    let end = memchr(b':', head).filter(|_| head.starts_with(b"{"));
    &head[..end.unwrap_or(0)]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Between values: white space, commas, the brackets of the array.
    #[default]
    Between,
    /// At the first byte of a value, or of what stands in its place.
    Begin,
    /// In a number, a word, or anything else without quotes and brackets.
    Bare,
    /// In an object or a list.
    Within,
    /// In a string.
    Quoted,
    /// After a backslash in a string.
    Escaped,
    /// In a value that is no JSON, on the way to the next one.
    Broken(Seam),
}

/// How far the end of a value and the beginning of the next are matched: `}`, a comma, `{`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seam {
    No,
    Closed,
    Comma,
}

/// What came last between values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Before {
    #[default]
    Nothing,
    Opened,
    Comma,
    Value,
}

/// What stands between two values, as far as it is short: it tells the next value of the file from one within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Gap {
    bytes: [u8; 30],
    length: u8,
}

impl Gap {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.length)) {
            *place = byte;
        }
        self.length = self.length.saturating_add(1);
    }
}

/// Walks over JSON from the end of one value to the end of the next. It knows as much of the grammar as it takes to
/// see that a value is broken before it has swallowed its neighbours; the parser judges the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scanner {
    state: State,
    array: bool,
    before: Before,
    /// The open brackets of the value, one bit each, the innermost one lowest: set for objects.
    stack: u128,
    depth: u32,
    /// Too deep for the bits of the stack: then brackets are counted only.
    deep: bool,
    /// The last byte in an object or a list that was no white space; a quote for a string.
    last: u8,
    gap: Gap,
    usual: Option<Gap>,
}

impl Scanner {
    /// Moves `at` behind the next end in `bytes`, which hold the value from its beginning as far as it was not
    /// skipped; at the end of the bytes it returns nothing and can go on with more.
    pub fn next(&mut self, bytes: &[u8], at: &mut usize) -> Option<Ending> {
        loop {
            let byte = *bytes.get(*at)?;
            let ended = match self.state {
                State::Between => self.between(byte, at),
                State::Begin => self.begin(byte, at),
                State::Bare => self.bare(byte, at),
                State::Within => self.within(bytes, at),
                State::Quoted => self.quoted(bytes, at),
                State::Escaped => {
                    *at += 1;
                    self.state = State::Quoted;
                    None
                }
                State::Broken(seam) => self.mend(seam, byte, at),
            };
            if ended.is_some() {
                return ended;
            }
        }
    }

    /// Behind lost bytes: on the way to the next value, as after a broken one.
    pub fn torn(mut self) -> Self {
        self.state = State::Broken(Seam::No);
        self.gap = Gap::default();
        self
    }

    /// Whether it stands in a value that has not ended.
    pub fn is_within(&self) -> bool {
        self.state != State::Between
    }

    /// Whether it stands in a string.
    pub fn is_in_string(&self) -> bool {
        matches!(self.state, State::Quoted | State::Escaped)
    }

    /// Whether it stands in the array that the file is; `tail` is what of the file it has not passed.
    pub fn in_array(&self, tail: &[u8]) -> bool {
        let broken = matches!(self.state, State::Broken(_));
        self.array && !(broken && tail.trim_ascii_end().ends_with(b"]"))
    }

    fn between(&mut self, byte: u8, at: &mut usize) -> Option<Ending> {
        match (byte, self.before) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => self.gap.push(byte),
            (b'[', Before::Nothing) => self.open_array(),
            (b',', Before::Value) if self.array => {
                self.before = Before::Comma;
                self.gap.push(byte);
            }
            (b']', Before::Value | Before::Opened) if self.array => {
                self.array = false;
                self.before = Before::Value;
            }
            _ => {
                self.state = State::Begin;
                return Some(Ending::Blank);
            }
        }
        *at += 1;
        None
    }

    fn open_array(&mut self) {
        self.array = true;
        self.before = Before::Opened;
        self.usual = None;
    }

    /// A value begins, or something that has no place here and is a record of its own.
    fn begin(&mut self, byte: u8, at: &mut usize) -> Option<Ending> {
        if self.before == Before::Value || self.before == Before::Comma {
            self.usual = self.usual.or(Some(self.gap));
        }
        *at += 1;
        match byte {
            b'[' if !self.array => {
                self.open_array();
                self.state = State::Between;
                return Some(Ending::Record);
            }
            b'{' | b'[' => {
                (self.stack, self.depth, self.deep) = (0, 0, false);
                self.push(byte);
            }
            b'"' => (self.state, self.depth) = (State::Quoted, 0),
            b',' | b'}' | b']' => {
                self.array &= byte != b']';
                self.end();
                self.before = if byte == b',' {
                    Before::Comma
                } else {
                    Before::Value
                };
                return Some(Ending::Record);
            }
            _ => self.state = State::Bare,
        }
        None
    }

    fn bare(&mut self, byte: u8, at: &mut usize) -> Option<Ending> {
        let ends = matches!(
            byte,
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}' | b'{' | b'[' | b'"'
        );
        *at += usize::from(!ends);
        ends.then(|| self.end())
    }

    fn end(&mut self) -> Ending {
        self.state = State::Between;
        self.before = Before::Value;
        self.gap = Gap::default();
        Ending::Record
    }

    fn push(&mut self, byte: u8) {
        self.stack = self.stack << 1 | u128::from(byte == b'{');
        self.depth += 1;
        self.deep |= self.depth > u128::BITS;
        self.last = byte;
        self.state = State::Within;
    }

    fn in_object(&self) -> bool {
        self.stack & 1 == 1
    }

    fn within(&mut self, bytes: &[u8], at: &mut usize) -> Option<Ending> {
        while let Some(&byte) = bytes.get(*at) {
            let follows = !matches!(self.last, b'"' | b'}' | b']');
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'"' if follows => {
                    *at += 1;
                    self.state = State::Quoted;
                    return None;
                }
                b'{' | b'[' if self.deep || self.may_open() => self.push(byte),
                b'}' | b']' if self.deep || self.in_object() == (byte == b'}') => {
                    self.stack >>= 1;
                    self.depth -= 1;
                    self.last = byte;
                    if self.depth == 0 {
                        *at += 1;
                        return Some(self.end());
                    }
                }
                b',' | b':' => self.last = byte,
                b'"' | b'{' | b'[' | b'}' | b']' => return self.fail(bytes, at, byte == b'{'),
                _ if follows => self.last = b'0',
                _ => return self.fail(bytes, at, false),
            }
            *at += 1;
        }
        None
    }

    fn may_open(&self) -> bool {
        match self.last {
            b':' => true,
            b',' | b'[' => !self.in_object(),
            _ => false,
        }
    }

    fn quoted(&mut self, bytes: &[u8], at: &mut usize) -> Option<Ending> {
        let Some(length) = memchr3(b'"', b'\\', b'\n', &bytes[*at..]) else {
            *at = bytes.len();
            return None;
        };
        *at += length;
        match bytes[*at] {
            b'\n' => return self.fail(bytes, at, false),
            b'\\' => self.state = State::Escaped,
            _ if self.depth == 0 => {
                *at += 1;
                return Some(self.end());
            }
            _ => (self.state, self.last) = (State::Within, b'"'),
        }
        *at += 1;
        None
    }

    /// The value is broken at `at`. Perhaps the next one began right before: at this bracket, or before the quote that
    /// seemed to end a string; else it is looked for from here on.
    fn fail(&mut self, bytes: &[u8], at: &mut usize, opens: bool) -> Option<Ending> {
        self.state = State::Broken(self.seam_at(&bytes[..*at]));
        let end = if opens { *at + 1 } else { before_quote(bytes, *at) };
        let start = self.seam_before(&bytes[..end], opens)?;
        *at = start;
        self.begin_anew();
        Some(Ending::Record)
    }

    /// How much of a seam stands at the end of the bytes.
    fn seam_at(&mut self, bytes: &[u8]) -> Seam {
        let head = bytes.trim_ascii_end();
        let closed = head
            .strip_suffix(b",")
            .map(<[u8]>::trim_ascii_end)
            .filter(|_| self.array);
        let (head, seam) = closed.map_or((head, Seam::Closed), |head| (head, Seam::Comma));
        self.gap = Gap::default();
        bytes[head.len()..].iter().for_each(|byte| self.gap.push(*byte));
        if head.ends_with(b"}") { seam } else { Seam::No }
    }

    fn begin_anew(&mut self) {
        self.state = State::Between;
        self.before = if self.array { Before::Comma } else { Before::Value };
    }

    /// If the bytes end like the end of a value and the beginning of the next: where that one begins. A value that lacks
    /// its end, as `unended` says it may, must at least be followed by what usually stands between two.
    fn seam_before(&self, bytes: &[u8], unended: bool) -> Option<usize> {
        let mut head = bytes.trim_ascii_end().strip_suffix(b"{")?;
        let start = head.len();
        head = head.trim_ascii_end();
        if self.array {
            head = head.strip_suffix(b",")?.trim_ascii_end();
        }
        let mut gap = Gap::default();
        bytes[head.len()..start].iter().for_each(|byte| gap.push(*byte));
        let ended = head.ends_with(b"}") && self.is_usual(gap);
        (ended || (unended && self.usual == Some(gap))).then_some(start)
    }

    fn is_usual(&self, gap: Gap) -> bool {
        self.usual.is_none_or(|usual| usual == gap)
    }

    /// Looks for the next value: a `}`, what stands between values of this file, a `{`.
    fn mend(&mut self, seam: Seam, byte: u8, at: &mut usize) -> Option<Ending> {
        let comma = if self.array { Seam::Comma } else { Seam::Closed };
        let next = match (byte, seam) {
            (b'}', _) => {
                self.gap = Gap::default();
                *at += 1;
                self.state = State::Broken(Seam::Closed);
                return None;
            }
            (b'{', seam) if seam == comma && self.is_usual(self.gap) => {
                self.begin_anew();
                return Some(Ending::Record);
            }
            (b' ' | b'\t' | b'\r' | b'\n', Seam::Closed | Seam::Comma) => seam,
            (b',', Seam::Closed) if self.array => Seam::Comma,
            _ => Seam::No,
        };
        self.gap.push(byte);
        *at += 1;
        self.state = State::Broken(next);
        None
    }
}

/// Where the last string before `at` ended, its quote left out, if nothing but white space stands between.
fn before_quote(bytes: &[u8], at: usize) -> usize {
    let head = bytes[..at].trim_ascii_end();
    head.strip_suffix(b"\"").map_or(0, <[u8]>::len)
}

#[cfg(test)]
mod tests;
