//! One term of a lexicon: its elements become patterns, its guards are set aside (SPEC 5, 6).
//! The messages hold the phrases of SPEC 5.7.

use super::element::elements;
use super::expand::Brackets;
use super::guard::{self, ParsedGuard};
use super::row::Row;
use super::words::Words;
use super::{Atom, Link, Pattern};
use crate::text::class::Class;
use std::borrow::Cow;
use std::collections::HashSet;

/// A term has at most so many code points.
const LONGEST_TERM: usize = 4096;

/// What is wrong with a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// One sentence: what is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where it is wrong: in code points of the term, or while that is being read, in bytes of what is read.
    pub at: usize,
}

impl PatternError {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            at,
        }
    }

    /// The same error at the place that this one leads to.
    pub(super) fn at(self, place: impl FnOnce(usize) -> usize) -> Self {
        Self {
            at: place(self.at),
            ..self
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The patterns of a term, distinct and in the order of their first appearance, and its guards.
pub fn parse_term(text: &str) -> Result<(Vec<Pattern>, Vec<ParsedGuard>), PatternError> {
    let (patterns, guards) = TermParser::default().parse(text)?;
    Ok((patterns.into_vec(), guards))
}

/// The patterns of a term and its guards.
pub(super) type Parsed = (Box<[Pattern]>, Vec<ParsedGuard>);

/// Reads terms one after the other and counts what they stand for.
#[derive(Debug, Default)]
pub(super) struct TermParser {
    words: Words,
    row: Row,
    /// How many forms all terms so far stand for, equal ones included.
    pub(super) forms: usize,
    /// How many bytes these forms hold.
    pub(super) bytes: usize,
}

impl TermParser {
    /// Reads one term.
    pub(super) fn parse(&mut self, text: &str) -> Result<Parsed, PatternError> {
        if text.len() > LONGEST_TERM && text.chars().nth(LONGEST_TERM).is_some() {
            let error = PatternError::new(LONGEST_TERM, "the term is longer than 4,096 characters");
            return Err(error.hint("split it into several"));
        }
        self.words.forget_if_many();
        match self.parse_read(&read(text)) {
            Ok((patterns, mut guards)) => {
                guards
                    .iter_mut()
                    .for_each(|guard| guard.at = place(text, guard.at));
                Ok((patterns, guards))
            }
            Err(error) => Err(error.at(|byte| place(text, byte))),
        }
    }

    /// Reads a term without its ignorables.
    fn parse_read(&mut self, term: &str) -> Result<Parsed, PatternError> {
        let guards_begin = guard::begin(term)?;
        let brackets = Brackets::new(&term[..guards_begin])?;
        let guards = guard::parse(term, guards_begin)?;
        Ok((self.patterns(&brackets)?, guards))
    }

    /// Reads all forms of a term.
    fn patterns(&mut self, brackets: &Brackets) -> Result<Box<[Pattern]>, PatternError> {
        let mut patterns = Vec::with_capacity(1);
        let mut seen = HashSet::new();
        brackets.each(|form| {
            self.form(&form.text)
                .map_err(|error| error.at(|at| form.place(at)))?;
            if brackets.forms == 1 || seen.insert(self.row.code()) {
                patterns.push(self.row.pattern(&self.words));
            }
            Ok(())
        })?;
        Ok(patterns.into_boxed_slice())
    }

    /// Reads one form into the row.
    fn form(&mut self, form: &str) -> Result<(), PatternError> {
        self.forms += 1;
        self.bytes += form.len();
        self.row.clear();
        for element in elements(form) {
            element.read(&mut self.words, &mut self.row)?;
        }
        self.row.finish(&self.words)
    }
}

/// A term without its ignorables, as texts are read (SPEC 1.3).
fn read(text: &str) -> Cow<'_, str> {
    let is_read = |c: &char| !Class::of(*c).is_ignorable();
    match text.is_ascii() || text.chars().all(|c| is_read(&c)) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().filter(is_read).collect()),
    }
}

/// The code point of a term at which a byte of what is read of it stands; beyond the end, the last that is read.
fn place(text: &str, byte: usize) -> usize {
    let reads = text
        .chars()
        .enumerate()
        .filter(|&(_, c)| !Class::of(c).is_ignorable());
    let begins = reads.scan(0, |end, (place, c)| {
        let begin = *end;
        *end += c.len_utf8();
        Some((begin, place))
    });
    let until = begins.take_while(|&(begin, _)| begin <= byte);
    until.last().map_or(0, |(_, place)| place)
}

/// A pattern as messages and tests show it: keys with their globs, `=` before cased words, `~N` between.
pub fn render(pattern: &Pattern) -> String {
    let mut out = String::new();
    for (at, word) in pattern.words.iter().enumerate() {
        match at.checked_sub(1).and_then(|before| pattern.links.get(before)) {
            Some(Link::Next) => out.push(' '),
            Some(Link::Within(width)) => out.push_str(&format!(" ~{width} ")),
            None => {}
        }
        if word.cased {
            out.push('=');
        }
        out.extend(word.atoms.iter().map(|atom| match atom {
            Atom::Char(c) => *c,
            Atom::One => '?',
            Atom::Many => '*',
        }));
    }
    out
}

#[cfg(test)]
mod tests;
