//! One element of a form: a gap, or a word, which is divided into tokens (SPEC 5.1). What is wrong with it has its place
//! in bytes of the form.

use super::guard::COME_LAST;
use super::pattern::PatternError;
use super::row::{Row, WIDEST_GAP};
use super::words::Words;
use crate::text::class::Class;
use crate::text::plain;
use std::ops::Range;

/// What to do about a character that is no part of a word.
const LEAVE_OUT: &str = "leave it out; `~0` between two words lets punctuation stand there";

/// A part of a form and where it begins there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    text: &'a str,
    at: usize,
}

/// The elements of a form: what stands between white space and hyphens.
pub(super) fn elements(form: &str) -> impl Iterator<Item = Element<'_>> {
    let pieces = form.split_inclusive(is_separator).scan(0, |end, piece| {
        let at = *end;
        *end += piece.len();
        let text = piece.trim_end_matches(is_separator);
        Some(Element { text, at })
    });
    pieces.filter(|element| !element.text.is_empty())
}

/// What stands for a hyphen or white space ends an element.
fn is_separator(c: char) -> bool {
    match c {
        '-' | ' ' | '\t'..='\r' => true,
        '\0'..='\x7f' => false,
        '\u{2010}' | '\u{2011}' => true,
        c => Class::of(c).is_space(),
    }
}

fn is_glob(c: char) -> bool {
    matches!(c, '*' | '?')
}

impl Element<'_> {
    /// Adds it to the row.
    pub(super) fn read(self, words: &mut Words, row: &mut Row) -> Result<(), PatternError> {
        match self.text.as_bytes() {
            [b'~', ..] => row.gap(self.gap_width()?, self.at),
            [b'=', ..] => self.word(words, row, true),
            _ => self.word(words, row, false),
        }
    }

    /// The N of `~N`.
    fn gap_width(self) -> Result<u8, PatternError> {
        let digits = &self.text[1..];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(gap_without_number(self.at));
        }
        let width = digits.parse().ok().filter(|&width| width <= WIDEST_GAP);
        width.ok_or_else(|| {
            let message = format!("the gap `{}` is more than {WIDEST_GAP} tokens wide", self.text);
            PatternError::new(self.at, message).hint(format!("write `~{WIDEST_GAP}` at most"))
        })
    }

    /// Reads a word and divides it into tokens (SPEC 2); a cased one begins with its `=`.
    fn word(self, words: &mut Words, row: &mut Row, cased: bool) -> Result<(), PatternError> {
        let (text, at) = (&self.text[usize::from(cased)..], self.at + usize::from(cased));
        if is_one_token(text) {
            return row.push(words.number(text, cased, at)?, at);
        }
        if let Some(tilde) = text.find('~') {
            return Err(gap_without_number(at + tilde));
        }
        let tokens = plain::tokens_with(text, is_glob);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            check_end(text, 0..text.len(), at)?;
            return Err(self.no_word());
        };
        check_end(text, 0..first.start, at)?;
        check_end(text, last.end..text.len(), at)?;
        let mut end = None;
        for token in &tokens {
            match end {
                Some(end) if end < token.start => row.gap(0, at + end)?,
                Some(end) => check_neighbours(text, end, at)?,
                None => {}
            }
            end = Some(token.end);
            let (surface, at) = (&text[token.start..token.end], at + token.start);
            row.push(words.number(surface, cased, at)?, at)?;
        }
        Ok(())
    }

    fn no_word(self) -> PatternError {
        let error = PatternError::new(self.at, format!("`{}` holds no word", self.text));
        error.hint(match self.text {
            "=" => "write `=` directly before a word: `=US`",
            _ => LEAVE_OUT,
        })
    }
}

/// Whether a word is seen to be one token without dividing it, as most words of most lexicons are.
fn is_one_token(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || is_glob(char::from(byte));
    !text.is_empty() && text.bytes().all(plain)
}

fn gap_without_number(at: usize) -> PatternError {
    PatternError::new(at, "`~` needs a number, and white space around both: `a ~3 b`")
        .hint("`~3` lets 0 to 3 words stand between its neighbours")
}

/// Full stops and apostrophes fall away at a word's ends; anything else there is a mistake. The word begins at `from`.
fn check_end(text: &str, outside: Range<usize>, from: usize) -> Result<(), PatternError> {
    let falls = |c: char| c == '.' || Class::of(c).is_apostrophe();
    let Some((at, c)) = text[outside.clone()].char_indices().find(|&(_, c)| !falls(c)) else {
        return Ok(());
    };
    let mut message = format!("`{c}` is no part of a word");
    if c == '@' {
        message.push_str(", and here not a guard");
    }
    let error = PatternError::new(from + outside.start + at, message);
    Err(error.hint(match c {
        '=' => "one `=` stands directly before a word",
        _ if text.contains('@') => COME_LAST,
        _ => LEAVE_OUT,
    }))
}

/// Refuses a glob, with its marks, beside a letter of SPEC 2.4: tokens that touch at `at` touch at such a letter. The
/// word begins at `from`.
fn check_neighbours(text: &str, at: usize, from: usize) -> Result<(), PatternError> {
    let (left, right) = text.split_at(at);
    let left = left.trim_end_matches(|c| Class::of(c).is_mark());
    let glob = match (left.chars().next_back(), right.chars().next()) {
        (Some(glob), _) if is_glob(glob) => glob,
        (_, Some(glob)) if is_glob(glob) => glob,
        _ => return Ok(()),
    };
    let message = format!("`{glob}` stands beside a letter that is a word of its own");
    Err(PatternError::new(from + at, message).hint("put a space between them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is seen to be one token is one to the tokeniser, and what is seen to end an element is white space.
    #[test]
    fn quick_looks_agree_with_the_tables() {
        for c in '\0'..='\u{7f}' {
            let text = format!("a{c}1*?{c}");
            let tokens = plain::tokens_with(&text, is_glob);
            if is_one_token(&text) {
                assert_eq!(tokens.len(), 1, "{text:?}");
                assert_eq!((tokens[0].start, tokens[0].end), (0, text.len()), "{text:?}");
            }
            assert_eq!(is_separator(c), c == '-' || Class::of(c).is_space(), "{c:?}");
        }
    }
}
