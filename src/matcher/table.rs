//! A small open-addressed table from codes to words: eight bytes a word, so that much of it stays near the processor.

/// A word with a part of its code's hash; a free place has neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    tag: u32,
    word: u32,
}

const FREE: Slot = Slot {
    tag: 0,
    word: u32::MAX,
};

/// Words by their codes.
#[derive(Debug)]
pub struct Table {
    slots: Vec<Slot>,
    mask: usize,
}

impl Table {
    /// The table of some codes, each with its word.
    pub fn new(words: &[(u64, u32)]) -> Self {
        let size = (words.len() * 2).next_power_of_two();
        let mut made = Self {
            slots: vec![FREE; size],
            mask: size - 1,
        };
        for (code, word) in words {
            let (mut at, tag) = made.place(*code);
            while made.slots[at] != FREE {
                at = (at + 1) & made.mask;
            }
            made.slots[at] = Slot { tag, word: *word };
        }
        made
    }

    /// Calls `found` for each word of a code, and, seldom, for one of another.
    #[inline(always)]
    pub fn each(&self, code: u64, mut found: impl FnMut(u32)) {
        let (mut at, tag) = self.place(code);
        loop {
            let slot = self.slots[at];
            if slot == FREE {
                return;
            }
            if slot.tag == tag {
                found(slot.word);
            }
            at = (at + 1) & self.mask;
        }
    }

    /// The first place of a code, and its tag.
    #[inline(always)]
    fn place(&self, code: u64) -> (usize, u32) {
        let hash = code.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((hash >> 32) as usize & self.mask, (hash >> 20) as u32)
    }
}
