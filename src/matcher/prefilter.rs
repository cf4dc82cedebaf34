//! From a token to the words that it may be: what passed the sieve is compared by its first eight codes, those of the
//! token itself if it is plain, else those of its key.

use super::lead::{Eight, Lead, codes_of};
use super::sieve::Sieve;
use super::table::Table;
use crate::text::view::View;
use std::ops::Range;

/// Of so many words, those with the same first four codes are few enough to be compared one by one.
const FEW_WORDS: usize = 4_096;

/// One way for the first codes of a key to agree with a word.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The codes that it is looked up by.
    code: u64,
    eight: Eight,
    word: u32,
    /// Of the second eight codes, if all are known; else 0.
    tail: u16,
    proven: bool,
}

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
    /// Entries by so many first codes, as far as there are any: 8 or 4.
    table: Option<Table>,
    most: usize,
    /// And by fewer: 4, 3, 2, 1 and 0.
    others: Vec<(usize, Table)>,
    entries: Vec<Entry>,
}

impl Prefilter {
    /// Compiles the words that are looked for.
    pub fn new(words: &[Wanted]) -> Self {
        let sieve = Sieve::new(words.iter().map(|wanted| &wanted.lead));
        let most = if words.len() > FEW_WORDS { 8 } else { 4 };
        let mut entries: Vec<(usize, Entry)> = words.iter().map(|wanted| entry(wanted, most)).collect();
        spell_out(&mut entries);
        entries.sort_by_key(|(level, entry)| (*level, entry.code, entry.eight, entry.word));
        let mut others = Table::levels(entries.iter().map(|(level, entry)| (*level, entry.code)));
        let table = others
            .iter()
            .position(|(level, _)| *level == most)
            .map(|at| others.remove(at).1);
        Self {
            sieve,
            table,
            most,
            others,
            entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        }
    }

    /// The first look.
    pub fn sieve(&self) -> &Sieve {
        &self.sieve
    }

    /// Calls `found` for each word that a token may be. `proven` says that it is the word for good.
    #[inline]
    pub fn words(&self, view: &mut View, token: usize, mut found: impl FnMut(&mut View, u32, bool)) {
        let plain = view.index().ascii_codes(token);
        let codes = match plain {
            Some(codes) => codes,
            None => codes_of(view.key(token)),
        };
        if plain.is_none() && !self.sieve.allows(codes) {
            return;
        }
        let mut second = None;
        let mut each = |range: Range<usize>| {
            for entry in &self.entries[range] {
                if entry.eight.agrees(codes) {
                    // Many words may share their first eight letters.
                    if entry.tail != 0 {
                        let tail = *second.get_or_insert_with(|| tail_of(view, token, plain));
                        if tail != 0 && tail != entry.tail {
                            continue;
                        }
                    }
                    let proven = entry.proven && plain.is_some() && !view.index().is_joined(token, codes);
                    found(view, entry.word, proven);
                }
            }
        };
        if let Some(range) = self
            .table
            .as_ref()
            .and_then(|table| table.get(code(codes, self.most)))
        {
            each(range);
        }
        for (level, table) in &self.others {
            if let Some(range) = table.get(code(codes, *level)) {
                each(range);
            }
        }
    }
}

/// What entries of eight full codes are told apart by.
fn tail_hash(second: u64) -> u16 {
    (second.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16 | 1
}

/// The tail of a token; 0 if it is not known.
#[cold]
fn tail_of(view: &View, token: usize, plain: Option<u64>) -> u16 {
    let second = plain.and_then(|_| view.index().second_ascii_codes(token));
    second.map_or(0, tail_hash)
}

/// Of so many words with only three known codes, each is entered once for every fourth code: a lookup less a token.
const FEW_SHORT_WORDS: usize = 64;

/// Enters words of three known codes by four, if they are few.
fn spell_out(entries: &mut Vec<(usize, Entry)>) {
    let short: Vec<Entry> = entries
        .iter()
        .filter(|(level, _)| *level == 3)
        .map(|(_, entry)| *entry)
        .collect();
    if short.len() > FEW_SHORT_WORDS {
        return;
    }
    entries.retain(|(level, _)| *level != 3);
    for entry in short {
        entries.extend((0..64).map(|fourth| {
            (
                4,
                Entry {
                    code: entry.code | fourth << 24,
                    ..entry
                },
            )
        }));
    }
}

/// The entry of a word and its level: by how many first codes it is looked up, all of them or at most four.
fn entry(wanted: &Wanted, most: usize) -> (usize, Entry) {
    let eight = wanted.lead.eight();
    let level = match eight.mask.count_ones() as usize / 8 {
        8 => most,
        known => known.min(4),
    };
    (
        level,
        Entry {
            code: code(eight.value, level),
            eight,
            word: wanted.word,
            tail: match wanted.lead.second_eight() {
                Eight {
                    value,
                    mask: u64::MAX,
                } if wanted.lead.text.len() > 8 => tail_hash(value),
                _ => 0,
            },
            proven: wanted.decisive,
        },
    )
}

/// The first codes of a key, as many as the level says.
#[inline]
fn code(codes: u64, level: usize) -> u64 {
    codes & [0, 0xff, 0xffff, 0xff_ffff, 0xffff_ffff, 0, 0, 0, !0][level % 9]
}
