//! From the first codes of a key to the words that it may be, by as many codes as are known of each.

use super::lead::Eight;
use crate::vector::spread;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// A free place of a table.
const FREE: Entry = Entry {
    eight: Eight { value: !0, mask: 0 },
    number: u32::MAX,
    tail: 0,
    decisive: false,
};

/// An open-addressed table of words by some of their codes. The words stand in it themselves, so that one access to far
/// memory does for a word.
#[derive(Debug)]
struct Table {
    /// The ones of the codes that it goes by.
    ones: u64,
    places: Vec<Entry>,
    shift: u32,
}

impl Table {
    /// The table of some words, each under a code.
    fn new(ones: u64, words: &[(u64, Entry)]) -> Self {
        let size = (words.len() * 2).next_power_of_two();
        let mut made = Self {
            ones,
            places: vec![FREE; size],
            shift: 64 - size.trailing_zeros(),
        };
        for (code, entry) in words {
            let mut at = made.place(*code);
            while made.places[at] != FREE {
                at = (at + 1) & (size - 1);
            }
            made.places[at] = *entry;
        }
        made
    }

    /// Calls `found` for each word that agrees with these codes.
    #[inline(always)]
    fn each(&self, codes: u64, found: &mut impl FnMut(&Entry)) {
        let mut at = self.place(codes & self.ones);
        loop {
            let entry = &self.places[at];
            if entry.number == FREE.number {
                return;
            }
            if entry.eight.agrees(codes) {
                found(entry);
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }

    /// The first place of a code.
    #[inline(always)]
    fn place(&self, code: u64) -> usize {
        spread(code, self.shift)
    }
}

/// Words by their first codes.
#[derive(Debug)]
pub struct Lookup {
    /// Those that go by most codes first.
    tables: Vec<Table>,
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
        let mut levels: Vec<(u32, Vec<(u64, Entry)>)> = Vec::new();
        let mut put =
            |known: u32, code: u64, word: Entry| match levels.iter_mut().find(|(level, _)| *level == known) {
                Some((_, words)) => words.push((code, word)),
                None => levels.push((known, vec![(code, word)])),
            };
        let known = |entry: &Entry| by(entry.eight.mask.count_ones());
        let short = entries.iter().filter(|entry| known(entry) == 24).count();
        for entry in entries {
            let (known, eight) = (known(&entry), entry.eight);
            if known == 24 && bits == 8 && short <= FEW_SHORT_WORDS {
                for fourth in 0..64 {
                    let value = eight.value | fourth << 24;
                    let eight = Eight {
                        value,
                        mask: ones(32),
                    };
                    put(32, value, Entry { eight, ..entry });
                }
            } else {
                put(known, eight.value & ones(known), entry);
            }
        }
        levels.sort_by_key(|(known, _)| std::cmp::Reverse(*known));
        let tables = levels
            .iter()
            .map(|(known, words)| Table::new(ones(*known), words));
        Self {
            tables: tables.collect(),
        }
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Calls `found` for each word that agrees with the codes of a key.
    #[inline(always)]
    pub fn each(&self, codes: u64, mut found: impl FnMut(&Entry)) {
        for table in &self.tables {
            table.each(codes, &mut found);
        }
    }
}
