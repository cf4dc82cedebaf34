//! From a token that passed the sieve to the words that it may be: by the first eight codes of its bytes if the word is
//! of ASCII, by its first four characters, folded, if it is not.

use super::lead::{Lead, codes_of, wide_of};
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
    /// What tells apart those that share their first eight letters, from the second eight if all are known; else 0.
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
            tails: ascii.iter().map(|wanted| tail(&wanted.lead)).collect(),
            decisive: ascii.iter().map(|wanted| wanted.decisive).collect(),
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
        let mut second = None;
        self.ascii.each(codes, |word| {
            let tail = self.tails[word as usize];
            if tail != 0 {
                let own = *second.get_or_insert_with(|| view.index().second_ascii_codes(token).map(hash));
                if own.is_some_and(|own| own != tail) {
                    return;
                }
            }
            let decisive = ascii && self.decisive[word as usize];
            let proven = decisive && !view.index().is_joined(token, codes);
            found(view, self.numbers[word as usize], proven);
        });
        if !ascii && !self.beyond.is_empty() {
            self.words_beyond(view, view.wide(token), &mut found);
        }
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

/// What a word's second eight codes are told apart by; 0 if they are not all known.
fn tail(lead: &Lead) -> u16 {
    let second = lead.second_eight();
    if second.mask == !0 { hash(second.value) } else { 0 }
}

/// A hash of eight codes other than 0.
fn hash(codes: u64) -> u16 {
    (codes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16 | 1
}
