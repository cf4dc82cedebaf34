//! From the first codes of a key to the words that it may be, by as many codes as are known of each.

use super::lead::Eight;
use super::table::Table;

/// How wide a code is: eight of them in a number, or four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// The codes of bytes.
    Byte,
    /// Characters.
    Char,
}

impl Width {
    fn bits(self) -> u32 {
        match self {
            Width::Byte => 8,
            Width::Char => 16,
        }
    }
}

/// Of so many words, those with the same first four codes are few enough to be compared one by one.
const FEW_WORDS: usize = 4_096;

/// Of so many words with only three known codes, each is entered once for every fourth code: a look less a token.
const FEW_SHORT_WORDS: usize = 64;

/// A word that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What its keys begin with.
    pub eight: Eight,
    /// Its number.
    pub number: u32,
    /// What tells it apart from those that share its first eight letters; 0 if nothing does.
    pub tail: u16,
    /// Whether a plain token whose first eight codes agree is the word for good.
    pub decisive: bool,
}

/// Words by their first codes.
#[derive(Debug)]
pub struct Lookup {
    /// The ones of the codes that a table goes by, most first.
    tables: Vec<(u64, Table)>,
    entries: Vec<Entry>,
}

impl Lookup {
    /// The words with codes of this width.
    pub fn new(entries: Vec<Entry>, width: Width) -> Self {
        let bits = width.bits();
        let few = entries.len() <= FEW_WORDS && width == Width::Byte;
        let by = |known: u32| match known {
            64 if few => 32,
            64 => 64,
            known => known.min(32),
        };
        let ones = |known: u32| if known == 64 { !0 } else { (1u64 << known) - 1 };
        let mut levels: Vec<(u32, Vec<(u64, u32)>)> = Vec::new();
        let mut put =
            |known: u32, code: u64, word: u32| match levels.iter_mut().find(|(level, _)| *level == known) {
                Some((_, words)) => words.push((code, word)),
                None => levels.push((known, vec![(code, word)])),
            };
        let known = |entry: &Entry| by(entry.eight.mask.count_ones());
        let short = entries.iter().filter(|entry| known(entry) == 24).count();
        for (entry, word) in entries.iter().zip(0u32..) {
            let (known, eight) = (known(entry), entry.eight);
            if known == 24 && bits == 8 && short <= FEW_SHORT_WORDS {
                (0..64).for_each(|fourth| put(32, eight.value | fourth << 24, word));
            } else {
                put(known, eight.value & ones(known), word);
            }
        }
        levels.sort_by_key(|(known, _)| std::cmp::Reverse(*known));
        Self {
            tables: levels
                .iter()
                .map(|(known, words)| (ones(*known), Table::new(words)))
                .collect(),
            entries,
        }
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Calls `found` for each word that agrees with the codes of a key.
    #[inline(always)]
    pub fn each(&self, codes: u64, mut found: impl FnMut(&Entry)) {
        for (ones, table) in &self.tables {
            table.each(codes & ones, |word| {
                let entry = &self.entries[word as usize];
                if entry.eight.agrees(codes) {
                    found(entry);
                }
            });
        }
    }
}
