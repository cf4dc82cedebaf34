//! From the first eight letters of a token to the words that it may be: what passed the first look of `sift` is
//! compared with value and mask, eight letters at a time.
//!
//! A token is *plain* if its first eight bytes are ASCII letters and digits: then they are, folded, the first bytes of
//! its key. Any other is *odd* and is looked up by its real key, if its first character allows a match at all.

use crate::lexicon::{Atom, Word};
use crate::text::class::Class;
use crate::text::key::Keys;
use crate::text::view::View;
use std::sync::LazyLock;

use super::sift::{Bits, ODD, Passed};
use super::table::Table;
use super::words::WordTest;

/// One way for the first bytes of a key to agree with a word.
#[derive(Debug, Clone, Copy)]
struct Entry {
    value: u64,
    mask: u64,
    word: u32,
    proven: bool,
}

/// The first character of the key of each character up to U+FFFF, alone.
static FIRST_OF_KEY: LazyLock<Vec<char>> = LazyLock::new(|| {
    let keys = Keys::new();
    let mut key = String::new();
    let first = |code: u32| {
        let Some(c) = char::from_u32(code).filter(|c| Class::of(*c).is_word()) else {
            return '\0';
        };
        key.clear();
        keys.key(c.encode_utf8(&mut [0; 4]), &mut key);
        key.chars().next().unwrap_or('\0')
    };
    (0..0x1_0000).map(first).collect()
});

/// A set of characters; those beyond U+FFFF are in it or out of it together.
#[derive(Debug)]
struct Chars {
    bits: Vec<u64>,
    beyond: bool,
}

impl Default for Chars {
    fn default() -> Self {
        Self {
            bits: vec![0; 1024],
            beyond: false,
        }
    }
}

impl Chars {
    fn insert(&mut self, c: char) {
        match self.bits.get_mut(c as usize / 64) {
            Some(bits) => *bits |= 1 << (c as usize % 64),
            None => self.beyond = true,
        }
    }

    fn contains(&self, c: char) -> bool {
        self.bits
            .get(c as usize / 64)
            .map_or(self.beyond, |bits| bits >> (c as usize % 64) & 1 != 0)
    }
}

/// What a token may be, told from its first letters.
#[derive(Debug)]
pub struct Prefilter {
    first: Bits,
    /// Entries by so many first bytes: 4, and as far as there are any, 3, 2, 1 and 0.
    tables: Vec<(usize, Table)>,
    entries: Vec<Entry>,
    first_bytes: [bool; 256],
    first_chars: Chars,
    /// Some word begins with a wildcard: every token must be looked at.
    everything: bool,
}

impl Prefilter {
    /// Compiles the words that are looked for, each with its number.
    pub fn new(words: &[(u32, &Word)]) -> Self {
        let mut entries: Vec<(usize, Entry)> = Vec::new();
        let keys = Keys::new();
        let (mut first_bytes, mut first_chars, mut everything) = ([false; 256], Chars::default(), false);
        for (number, word) in words {
            let (lead, whole) = lead(&keys, word);
            match lead.chars().next() {
                Some(first) => {
                    first_bytes[usize::from(lead.as_bytes()[0])] = true;
                    first_chars.insert(first);
                }
                None => everything = true,
            }
            entries.push(entry(
                *number,
                &lead,
                whole,
                WordTest::new(word).is_proven_by_eight_bytes(),
            ));
        }
        entries.sort_by_key(|(level, entry)| (*level, code(entry.value, *level), entry.value, entry.word));
        let first = Bits::new(
            entries
                .iter()
                .map(|(level, entry)| (*level, entry.value, entry.mask)),
            everything,
        );
        Self {
            first,
            tables: Table::levels(
                entries
                    .iter()
                    .map(|(level, entry)| (*level, code(entry.value, *level))),
            ),
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
            first_bytes,
            first_chars,
            everything,
        }
    }

    /// The first look, for `sift`.
    pub fn first(&self) -> &Bits {
        &self.first
    }

    /// Calls `found` for each word that a token may be. `proven` says that it is the word for good.
    #[inline]
    pub fn words(&self, view: &mut View, passed: Passed, mut found: impl FnMut(&mut View, u32, bool)) {
        let Passed { token, letters } = passed;
        if letters != ODD {
            self.each(letters, |entry| found(view, entry.word, entry.proven));
        } else if self.may_be_odd(view, token) {
            let letters = key_letters(view.key(token));
            self.each(letters, |entry| found(view, entry.word, false));
        }
    }

    #[inline]
    fn each(&self, letters: u64, mut found: impl FnMut(&Entry)) {
        for (level, table) in &self.tables {
            let Some(range) = table.get(code(letters, *level)) else {
                continue;
            };
            for entry in &self.entries[range] {
                if letters & entry.mask == entry.value {
                    found(entry);
                }
            }
        }
    }

    /// Whether an odd token can match, as far as its first character tells.
    fn may_be_odd(&self, view: &View, token: usize) -> bool {
        let mut chars = view.text[token..].chars();
        let (Some(first), second) = (chars.next(), chars.next()) else {
            return false;
        };
        if self.everything || second.is_some_and(composes) {
            return true;
        }
        if first.is_ascii() {
            return self.first_bytes[usize::from(first.to_ascii_lowercase() as u8)];
        }
        FIRST_OF_KEY
            .get(first as usize)
            .is_none_or(|c| self.first_chars.contains(*c))
    }
}

/// Whether a character may change the key of the one before it: a mark, an ignorable one, or a Hangul vowel or final
/// consonant, in whatever form, as its own key tells.
fn composes(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let class = Class::of(c);
    let is_jamo = |key: &char| ('\u{1160}'..='\u{11ff}').contains(key);
    class.is_mark() || class.is_ignorable() || FIRST_OF_KEY.get(c as usize).is_some_and(is_jamo)
}

/// The first eight bytes of a key, zeros behind its end.
pub fn key_letters(key: &str) -> u64 {
    eight(key.as_bytes())
}

/// The first eight of some bytes, zeros behind their end.
pub fn eight(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    let size = bytes.len().min(8);
    eight[..size].copy_from_slice(&bytes[..size]);
    u64::from_le_bytes(eight)
}

/// What the key of every token that is this word begins with, and whether it is all of the key.
pub fn lead(keys: &Keys, word: &Word) -> (String, bool) {
    let mut literal: String = word
        .atoms
        .iter()
        .map_while(|a| if let Atom::Char(c) = a { Some(*c) } else { None })
        .collect();
    let whole = literal.chars().count() == word.atoms.len();
    if !word.cased {
        return (literal, whole);
    }
    if !whole && !literal.ends_with(composes_in_both_cases) {
        while literal.pop().is_some_and(|c| Class::of(c).is_mark()) {}
    }
    keys.fold_from(0, &mut literal);
    (literal, whole)
}

/// Whether this last letter of a cased beginning stays, folded, as it is whatever follows. Some capitals take no mark
/// that their small letter takes: `=J*` finds J with a caron, the key of which begins with one character for both.
fn composes_in_both_cases(c: char) -> bool {
    c.is_ascii() && !matches!(c, 'H' | 'J' | 'T' | 'W' | 'Y')
}

/// The entry of a word and its level: by how many first bytes, at most 4, it can be looked up.
fn entry(word: u32, lead: &str, whole: bool, proven: bool) -> (usize, Entry) {
    let size = lead.len().min(8);
    let mask = if whole || size == 8 {
        !0
    } else {
        (1u64 << (8 * size)) - 1
    };
    let level = if whole { 4 } else { size.min(4) };
    (
        level,
        Entry {
            value: key_letters(lead) & mask,
            mask,
            word,
            proven,
        },
    )
}

/// The first bytes of a key, as many as the level says.
#[inline]
fn code(letters: u64, level: usize) -> u32 {
    (letters as u32) & [0, 0xff, 0xffff, 0xff_ffff, !0][level]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cased key that begins with one of these letters gives a key that begins with the letter folded.
    #[test]
    fn letters_that_compose_in_both_cases() {
        let keys = Keys::new();
        for c in ('!'..='~').filter(|&c| composes_in_both_cases(c)) {
            for mark in '\u{300}'..='\u{36f}' {
                let (mut cased, mut key) = (String::new(), String::new());
                keys.cased(&format!("{c}{mark}"), &mut cased);
                keys.key(&format!("{c}{mark}"), &mut key);
                let kept = key.starts_with(c.to_ascii_lowercase());
                assert!(kept || !cased.starts_with(c), "{c} {mark:?}");
            }
        }
    }
}
