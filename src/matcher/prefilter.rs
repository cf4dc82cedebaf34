//! From a token that passed the sieve to the words that it may be: by the first eight codes of its bytes if the word is
//! of ASCII, by its first four characters, folded, if it is not.

use super::lead::{Eight, Lead, codes_of, wide_of};
use super::lookup::{Entry, Lookup, Width};
use super::neighbours::Beside;
use super::sieve::Sieve;
use crate::text::index::is_ascii;
use crate::text::view::View;
use crate::vector::spread;

/// A word that is looked for.
#[derive(Debug)]
pub struct Wanted {
    /// Its number.
    pub word: u32,
    /// What its keys begin with.
    pub lead: Lead,
    /// What its rows ask of the tokens beside it.
    pub asks: Beside,
    /// Whether a plain token whose first eight codes agree is the word for good.
    pub decisive: bool,
}

/// What a token may be, told from its first letters.
#[derive(Debug)]
pub struct Prefilter {
    sieve: Sieve,
    /// The words whose first eight bytes are ASCII.
    ascii: Lookup,
    /// All others.
    beyond: Lookup,
    /// Whether all words are known to begin with an ASCII character.
    all_begin_ascii: bool,
}

impl Prefilter {
    /// Compiles the words that are looked for.
    pub fn new(words: &[Wanted]) -> Self {
        let is_of_ascii = |wanted: &&Wanted| is_ascii(wanted.lead.eight().value);
        let (ascii, beyond): (Vec<&Wanted>, Vec<&Wanted>) = words.iter().partition(is_of_ascii);
        let entries = |words: &[&Wanted], eight: fn(&Lead) -> Eight| {
            let entry = |wanted: &&Wanted| Entry {
                eight: eight(&wanted.lead),
                number: wanted.word,
                tail: tail(&wanted.lead),
                decisive: wanted.decisive,
            };
            words.iter().map(entry).collect()
        };
        Self {
            sieve: Sieve::new(words.iter().map(|wanted| (&wanted.lead, wanted.asks))),
            ascii: Lookup::new(entries(&ascii, Lead::eight), Width::Byte),
            beyond: Lookup::new(entries(&beyond, Lead::wide), Width::Char),
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
        self.ascii.each(codes, |entry| {
            if entry.tail != 0 {
                let own = *second.get_or_insert_with(|| view.index().second_ascii_codes(token).map(hash));
                if own.is_some_and(|own| own != entry.tail) {
                    return;
                }
            }
            let proven = ascii && entry.decisive && !view.index().is_joined(token, codes);
            found(view, entry.number, proven);
        });
        if !ascii && !self.beyond.is_empty() {
            self.words_beyond(view, view.wide(token), &mut found);
        }
    }

    /// The same for a token whose key is not told by its codes.
    #[cold]
    fn words_by_key(&self, view: &mut View, token: usize, found: &mut dyn FnMut(&mut View, u32, bool)) {
        if self.all_begin_ascii && view.key_begins_beyond_ascii(token) {
            return;
        }
        let key = view.key(token);
        let (codes, wide) = (codes_of(key), wide_of(key));
        if self.sieve.allows(codes) {
            self.ascii.each(codes, |entry| found(view, entry.number, false));
        }
        self.words_beyond(view, wide, found);
    }

    /// The words beyond ASCII that a token with these first four characters of its key may be.
    #[inline(never)]
    fn words_beyond(&self, view: &mut View, wide: u64, found: &mut dyn FnMut(&mut View, u32, bool)) {
        self.beyond.each(wide, |entry| found(view, entry.number, false));
    }
}

/// What a word's second eight codes are told apart by; 0 if they are not all known.
fn tail(lead: &Lead) -> u16 {
    let second = lead.second_eight();
    if second.mask == !0 { hash(second.value) } else { 0 }
}

/// A hash of eight codes other than 0.
fn hash(codes: u64) -> u16 {
    spread(codes, 48) as u16 | 1
}
