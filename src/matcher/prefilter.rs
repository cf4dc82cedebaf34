//! From a token that passed the sieve to the words that it may be: by the first eight codes of its bytes if the word is
//! of ASCII, by its first four characters, folded, if it is not.

use super::lead::{Eight, Lead, codes_of, wide_of};
use super::lookup::{Lookup, Width};
use super::sieve::Sieve;
use crate::text::index::is_ascii;
use crate::text::view::View;

/// A word that is looked for.
#[derive(Debug)]
pub struct Wanted {
    /// Its number.
    pub word: u32,
    /// What its keys begin with.
    pub lead: Lead,
    /// Whether a plain token whose first eight codes agree is the word for good.
    pub decisive: bool,
}

/// What a token may be, told from its first letters.
#[derive(Debug)]
pub struct Prefilter {
    sieve: Sieve,
    /// The words whose first eight bytes are ASCII, and which of them these bytes decide.
    ascii: Lookup,
    decisive: Vec<bool>,
    /// What tells words of the same first eight letters apart, 0 if nothing does: of the second eight, if all are known.
    tails: Vec<u16>,
    /// All others, numbered from where those end.
    beyond: Lookup,
    /// The numbers of the words, those of ASCII first.
    numbers: Vec<u32>,
    /// Whether all words are known to begin with an ASCII character.
    all_begin_ascii: bool,
}

impl Prefilter {
    /// Compiles the words that are looked for.
    pub fn new(words: &[Wanted]) -> Self {
        let is_of_ascii = |wanted: &&Wanted| is_ascii(wanted.lead.eight().value);
        let (ascii, beyond): (Vec<&Wanted>, Vec<&Wanted>) = words.iter().partition(is_of_ascii);
        Self {
            sieve: Sieve::new(words.iter().map(|wanted| &wanted.lead)),
            decisive: ascii.iter().map(|wanted| wanted.decisive).collect(),
            tails: ascii.iter().map(|wanted| tail_of(&wanted.lead)).collect(),
            numbers: ascii.iter().chain(&beyond).map(|wanted| wanted.word).collect(),
            ascii: Lookup::new(
                ascii.iter().map(|wanted| wanted.lead.eight()).collect(),
                Width::Byte,
            ),
            beyond: Lookup::new(
                beyond.iter().map(|wanted| wanted.lead.wide()).collect(),
                Width::Char,
            ),
            all_begin_ascii: words
                .iter()
                .all(|wanted| wanted.lead.text.starts_with(|c: char| c.is_ascii())),
        }
    }

    /// The first look.
    pub fn sieve(&self) -> &Sieve {
        &self.sieve
    }

    /// Calls `found` for each word that a token may be. `proven` says that it is the word for good.
    #[inline]
    pub fn words(&self, view: &mut View, token: usize, mut found: impl FnMut(&mut View, u32, bool)) {
        let codes = view.index().codes(token);
        if view.index().forced().contains(token) {
            return self.words_by_key(view, token, &mut found);
        }
        let ascii = is_ascii(codes);
        let is_full = ascii && codes >> 56 != 0;
        let second = if is_full {
            view.index().second_ascii_codes(token)
        } else {
            None
        };
        self.ascii.each(codes, |word| {
            if second.is_some_and(|second| self.is_other(word, second)) {
                return;
            }
            let decisive = ascii && self.decisive[word as usize];
            let proven = decisive && !view.index().is_joined(token, codes);
            found(view, self.numbers[word as usize], proven);
        });
        if !ascii && !self.beyond.is_empty() {
            self.words_beyond(view, view.wide(token), &mut found);
        }
    }

    /// Whether a token of the same first eight letters and these second ones is surely not the word.
    #[inline]
    fn is_other(&self, word: u32, second: u64) -> bool {
        let own = self.tails[word as usize];
        own != 0 && own != tail(second)
    }

    /// The same for a token whose key is not told by its codes.
    #[cold]
    fn words_by_key(&self, view: &mut View, token: usize, found: &mut dyn FnMut(&mut View, u32, bool)) {
        let acronym = view.acronym(token);
        if acronym.is_none() && self.all_begin_ascii && view.key_begins_beyond_ascii(token) {
            return;
        }
        let (codes, wide) = match acronym {
            Some(codes) => (codes, None),
            None => (codes_of(view.key(token)), Some(wide_of(view.key(token)))),
        };
        if self.sieve.allows(codes) {
            self.ascii
                .each(codes, |word| found(view, self.numbers[word as usize], false));
        }
        if let Some(wide) = wide {
            self.words_beyond(view, wide, found);
        }
    }

    /// The words beyond ASCII that a token with these first four characters of its key may be.
    #[inline(never)]
    fn words_beyond(&self, view: &mut View, wide: u64, found: &mut dyn FnMut(&mut View, u32, bool)) {
        let before = self.decisive.len();
        self.beyond.each(wide, |word| {
            found(view, self.numbers[before + word as usize], false)
        });
    }
}

/// Sixteen bits of second eight codes, none of them 0.
#[inline]
fn tail(second: u64) -> u16 {
    (second.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16 | 1
}

/// The tail of a word, 0 if its second eight codes are not all known.
fn tail_of(lead: &Lead) -> u16 {
    match lead.second_eight() {
        Eight {
            value,
            mask: u64::MAX,
        } if is_ascii(value) => tail(value),
        _ => 0,
    }
}
