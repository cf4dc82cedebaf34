//! One term of a lexicon: its elements become patterns, its guards are set aside (SPEC 5, 6).
//! The messages hold the phrases of SPEC 5.7.

use super::expand::{Brackets, Form};
use super::guard::{self, ParsedGuard};
use super::{Atom, Link, Pattern, Word};
use crate::span::Span;
use crate::text::class::Class;
use crate::text::key::Keys;
use crate::text::plain;
use std::collections::HashSet;
use std::ops::Range;

/// A term has at most so many code points.
const LONGEST_TERM: usize = 4096;
/// A pattern has at most so many words.
const MOST_WORDS: usize = 64;
/// Between two words stand at most so many tokens.
const WIDEST_GAP: u8 = 50;
/// Beside a leading `*` stand at least so many literal characters.
const FEWEST_LITERALS: usize = 3;
/// What to do about a character that is no part of a word.
const LEAVE_OUT: &str = "leave it out; `~0` between two words lets punctuation stand there";

/// What is wrong with a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// One sentence: what is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where it is wrong, in code points of the term.
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

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The patterns of a term, distinct and in the order of their first appearance, and its guards.
pub fn parse_term(text: &str) -> Result<(Vec<Pattern>, Vec<ParsedGuard>), PatternError> {
    TermParser::default().parse(text)
}

/// Reads terms one after the other and counts what they stand for.
#[derive(Debug, Default)]
pub(super) struct TermParser {
    keys: Keys,
    key: String,
    /// How many forms all terms so far stand for, equal ones included.
    pub(super) forms: usize,
    /// How many bytes these forms hold.
    pub(super) bytes: usize,
}

impl TermParser {
    /// Reads one term.
    pub(super) fn parse(&mut self, text: &str) -> Result<(Vec<Pattern>, Vec<ParsedGuard>), PatternError> {
        if text.chars().nth(LONGEST_TERM).is_some() {
            let error = PatternError::new(LONGEST_TERM, "the term is longer than 4,096 characters");
            return Err(error.hint("split it into several"));
        }
        let reads = text
            .chars()
            .enumerate()
            .filter(|&(_, c)| !Class::of(c).is_ignorable());
        let (places, term): (Vec<usize>, Vec<char>) = reads.unzip();
        let place = |at: usize| places.get(at).or(places.last()).copied().unwrap_or(0);
        match self.parse_read(&term) {
            Ok((patterns, mut guards)) => {
                guards.iter_mut().for_each(|guard| guard.at = place(guard.at));
                Ok((patterns, guards))
            }
            Err(error) => Err(PatternError {
                at: place(error.at),
                ..error
            }),
        }
    }

    /// Reads a term without its ignorables, as texts are read (SPEC 1.3).
    fn parse_read(&mut self, term: &[char]) -> Result<(Vec<Pattern>, Vec<ParsedGuard>), PatternError> {
        let guards_begin = guard::begin(term)?;
        let brackets = Brackets::new(&term[..guards_begin])?;
        let guards = guard::parse(term, guards_begin)?;
        let mut patterns = Vec::with_capacity(1);
        let mut seen = HashSet::new();
        brackets.each(|form| {
            let pattern = self.pattern(form)?;
            if brackets.forms == 1 || seen.insert(pattern.clone()) {
                patterns.push(pattern);
            }
            Ok(())
        })?;
        patterns.shrink_to_fit();
        Ok((patterns, guards))
    }

    /// Reads one form: elements between white space and hyphens.
    fn pattern(&mut self, form: &Form) -> Result<Pattern, PatternError> {
        self.forms += 1;
        self.bytes += form.text.len();
        let mut row = Row::default();
        for element in elements(&form.text) {
            let text = &form.text[element.start..element.end];
            let place = form.place(element.start);
            match text.as_bytes() {
                [b'~', ..] => row.gap(gap_width(text, place)?, place)?,
                [b'=', ..] => self.word(form, element, true, &mut row)?,
                _ => self.word(form, element, false, &mut row)?,
            }
        }
        row.finish(form)
    }

    /// Reads a word and divides it into tokens (SPEC 2); a cased one begins with its `=`.
    fn word(&mut self, form: &Form, element: Span, cased: bool, row: &mut Row) -> Result<(), PatternError> {
        let begin = element.start + usize::from(cased);
        let text = &form.text[begin..element.end];
        let place = |byte: usize| form.place(begin + byte);
        if let Some(at) = text.find('~') {
            return Err(gap_without_number(place(at)));
        }
        let tokens = plain::tokens_with(text, is_glob);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            check_end(text, 0..text.len(), &place)?;
            return Err(no_word(form, element));
        };
        check_end(text, 0..first.start, &place)?;
        check_end(text, last.end..text.len(), &place)?;
        let mut end = None;
        for &token in &tokens {
            match end {
                Some(end) if end < token.start => row.gap(0, place(end))?,
                Some(end) => check_neighbours(text, end, &place)?,
                None => {}
            }
            end = Some(token.end);
            let surface = &text[token.start..token.end];
            let word = self.make_word(surface, cased);
            check_globs(&word.atoms, surface, place(token.start))?;
            row.push(word, place(token.start))?;
        }
        Ok(())
    }

    /// The key of a token's surface, its globs read.
    fn make_word(&mut self, surface: &str, cased: bool) -> Word {
        self.key.clear();
        match cased {
            true => self.keys.cased(surface, &mut self.key),
            false => self.keys.key(surface, &mut self.key),
        }
        let mut atoms = Vec::with_capacity(self.key.len());
        for c in self.key.chars() {
            match c {
                '*' if atoms.last() == Some(&Atom::Many) => {}
                '*' => atoms.push(Atom::Many),
                '?' => atoms.push(Atom::One),
                c => atoms.push(Atom::Char(c)),
            }
        }
        atoms.shrink_to_fit();
        Word { atoms, cased }
    }
}

/// Words and links as they are read, from left to right.
#[derive(Default)]
struct Row {
    words: Vec<Word>,
    links: Vec<Link>,
    /// The gap that waits for its right neighbour: its width and where it began.
    gap: Option<(u8, usize)>,
}

impl Row {
    /// A gap follows; gaps side by side add up.
    fn gap(&mut self, width: u8, place: usize) -> Result<(), PatternError> {
        let (sum, place) = match self.gap {
            Some((before, place)) => (before.saturating_add(width), place),
            None => (width, place),
        };
        if self.words.is_empty() {
            return Err(gap_at_end(place));
        }
        if sum > WIDEST_GAP {
            let message = format!("these gaps add up to more than {WIDEST_GAP}");
            return Err(PatternError::new(place, message).hint(format!("write `~{WIDEST_GAP}` at most")));
        }
        self.gap = Some((sum, place));
        Ok(())
    }

    /// A word follows.
    fn push(&mut self, word: Word, place: usize) -> Result<(), PatternError> {
        if self.words.len() == MOST_WORDS {
            let message = format!("the pattern has more than {MOST_WORDS} words");
            return Err(PatternError::new(place, message).hint("shorten it"));
        }
        if !self.words.is_empty() {
            self.links.push(
                self.gap
                    .take()
                    .map_or(Link::Next, |(width, _)| Link::Within(width)),
            );
        }
        self.words.push(word);
        Ok(())
    }

    /// The form has ended.
    fn finish(mut self, form: &Form) -> Result<Pattern, PatternError> {
        if let Some((_, place)) = self.gap {
            return Err(gap_at_end(place));
        }
        if self.words.is_empty() {
            return Err(
                PatternError::new(form.place(0), "empty pattern: nothing is left to match")
                    .hint("give it at least one word"),
            );
        }
        if !self.words.iter().any(|word| literals(&word.atoms) > 0) {
            let error = PatternError::new(form.place(0), "the pattern has no literal character");
            return Err(error.hint("a pattern of globs alone would match anywhere"));
        }
        self.words.shrink_to_fit();
        self.links.shrink_to_fit();
        Ok(Pattern {
            words: self.words,
            links: self.links,
        })
    }
}

/// What stands for a hyphen or white space ends an element.
fn is_separator(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}') || Class::of(c).is_space()
}

fn is_glob(c: char) -> bool {
    matches!(c, '*' | '?')
}

/// Where the elements of a form stand.
fn elements(text: &str) -> impl Iterator<Item = Span> {
    let pieces = text.split_inclusive(is_separator).scan(0, |from, piece| {
        let start = *from;
        *from += piece.len();
        Some(Span::new(
            start,
            start + piece.trim_end_matches(is_separator).len(),
        ))
    });
    pieces.filter(|element| element.start < element.end)
}

/// The N of `~N`.
fn gap_width(element: &str, place: usize) -> Result<u8, PatternError> {
    let digits = &element[1..];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(gap_without_number(place));
    }
    let width = digits.parse().ok().filter(|&width| width <= WIDEST_GAP);
    width.ok_or_else(|| {
        let message = format!("the gap `{element}` is more than {WIDEST_GAP} tokens wide");
        PatternError::new(place, message).hint(format!("write `~{WIDEST_GAP}` at most"))
    })
}

fn gap_without_number(place: usize) -> PatternError {
    PatternError::new(place, "`~` needs a number, and white space around both: `a ~3 b`")
        .hint("`~3` lets 0 to 3 words stand between its neighbours")
}

/// Full stops and apostrophes fall away at a word's ends; anything else there is a mistake.
fn check_end(text: &str, outside: Range<usize>, place: &impl Fn(usize) -> usize) -> Result<(), PatternError> {
    let falls = |c: char| c == '.' || Class::of(c).is_apostrophe();
    let Some((at, c)) = text[outside.clone()].char_indices().find(|&(_, c)| !falls(c)) else {
        return Ok(());
    };
    let mut message = format!("`{c}` is no part of a word");
    if c == '@' {
        message.push_str(", and here not a guard");
    }
    let error = PatternError::new(place(outside.start + at), message);
    Err(error.hint(match c {
        '=' => "one `=` stands directly before a word",
        _ if text.contains('@') => guard::COME_LAST,
        _ => LEAVE_OUT,
    }))
}

/// Refuses a glob, with its marks, beside a letter of SPEC 2.4: tokens that touch at `at` touch at such a letter.
fn check_neighbours(text: &str, at: usize, place: &impl Fn(usize) -> usize) -> Result<(), PatternError> {
    let (left, right) = text.split_at(at);
    let left = left.trim_end_matches(|c| Class::of(c).is_mark());
    let glob = match (left.chars().next_back(), right.chars().next()) {
        (Some(glob), _) if is_glob(glob) => glob,
        (_, Some(glob)) if is_glob(glob) => glob,
        _ => return Ok(()),
    };
    let message = format!("`{glob}` stands beside a letter that is a word of its own");
    Err(PatternError::new(place(at), message).hint("put a space between them"))
}

fn check_globs(atoms: &[Atom], surface: &str, place: usize) -> Result<(), PatternError> {
    let leads = atoms.len() > 1 && atoms[0] == Atom::Many;
    if !leads || literals(atoms) >= FEWEST_LITERALS {
        return Ok(());
    }
    let message = format!("`{surface}` begins with `*` and has fewer than three literal characters");
    Err(PatternError::new(place, message).hint("write more of the word, or `?` for single letters"))
}

fn literals(atoms: &[Atom]) -> usize {
    atoms.iter().filter(|atom| matches!(atom, Atom::Char(_))).count()
}

fn gap_at_end(place: usize) -> PatternError {
    PatternError::new(place, "a gap stands at an end of the pattern")
        .hint("`~N` stands between two words: `freez* ~3 assets`")
}

fn no_word(form: &Form, element: Span) -> PatternError {
    let written = &form.text[element.start..element.end];
    let error = PatternError::new(form.place(element.start), format!("`{written}` holds no word"));
    error.hint(match written {
        "=" => "write `=` directly before a word: `=US`",
        _ => LEAVE_OUT,
    })
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
